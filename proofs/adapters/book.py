"""A class like the book's `network.Network`."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from copy import deepcopy
from functools import cache
from inspect import signature
from itertools import chain, count
from typing import Any

import numpy as np

from proofs.adapters.adapted import Adapted
from proofs.measuring.random_state import RandomState
from proofs.measuring.silence import silent
from proofs.network import Network
from proofs.network.activations import Activation, sigmoid
from proofs.network.arrays import Array
from proofs.network.costs import COSTS, Cost, cross_entropy, quadratic

VALUES = ("fn", "forward", "loss", "value", "cost", "calculate", "__call__")
"""What people call the method of a cost that gives its value."""

COSTS_OF_THE_BOOK = {"QuadraticCost": quadratic, "CrossEntropyCost": cross_entropy}
"""The cost classes of network2.py, by name."""


def from_book(
    net: Any,
    activations: Activation | Sequence[Activation] = sigmoid,
    cost: Cost | None = None,
) -> Adapted:
    """An object with `.weights`, `.biases` and `.backprop(x, y)`, a method on one column.

    `backprop` returns (nabla_b, nabla_w), lists from layer 2 to L. Several columns are given
    together where it averages over them; else a batch is the average over single columns.
    The activations are sigmoids unless told; the cost is read off `.cost`, as in the book's
    network2.py, and is quadratic for an object without one.
    Raises TypeError for another kind of object, for a backprop that takes something else, or for a
    cost that is not known.
    """
    missing = [name for name in ("weights", "biases", "backprop") if not hasattr(net, name)]
    if missing:
        raise TypeError(
            "net: expected an object with .weights, .biases and .backprop(x, y), "
            f"got {type(net).__name__} without .{', .'.join(missing)}"
        )
    _require_two(net)
    network = Network.from_arrays(net.weights, net.biases, activations, cost or _cost(net))
    # One copy for all calls, so that what one call leaves behind is there at the next.
    own = deepcopy(net)
    averages = cache(lambda: _averages(net, network))

    def backprop(
        weights: Sequence[Array], biases: Sequence[Array], x: Array, y: Array
    ) -> tuple[list[Array], list[Array]]:
        own.weights, own.biases = weights, biases
        together = x.shape[1] > 1 and averages()
        columns = list(range(x.shape[1]))
        batches = [columns] if together else [[n] for n in columns]
        found = [own.backprop(x[:, some], y[:, some]) for some in batches]
        _hand_back(weights, own.weights)
        _hand_back(biases, own.biases)
        nabla_b, nabla_w = zip(*found, strict=True)
        return _average(nabla_b), _average(nabla_w)

    return Adapted(network, backprop)


def _require_two(net: Any) -> None:
    try:
        asked = signature(net.backprop)
    except (TypeError, ValueError):  # it does not say what it takes
        return
    try:
        asked.bind(None, None)
    except TypeError:
        raise TypeError(
            f"net.backprop: expected backprop(x, y), got backprop{asked}; a step of another form "
            "goes into proofs.adapters.from_model(net, step)"
        ) from None


def _averages(net: Any, network: Network) -> bool:
    """Whether backprop takes several columns, and gives their average in some array.

    Sums are over a batch that its caller divides by m, as the book's update_mini_batch does.
    """
    own, m = deepcopy(net), next(n for n in count(2) if n not in network.sizes)
    own.weights, own.biases = network.weights, network.biases
    x, y = (
        np.random.default_rng(0).standard_normal((network.sizes[0], m)),
        np.eye(network.sizes[-1], m),
    )
    state = RandomState(own.backprop)
    try:
        with silent(), np.errstate(all="ignore"):
            came, *alone = (
                [*chain(*own.backprop(x[:, some], y[:, some]))]
                for some in (list(range(m)), *([n] for n in range(m)))
            )
    except Exception:
        return False
    finally:
        state.restore()
    means = [np.mean(of, axis=0) for of in zip(*alone, strict=True)]
    fit = all(np.shape(v) == mean.shape for v, mean in zip(came, means, strict=True))
    return fit and any(
        mean.any() and np.allclose(v, mean, rtol=1e-6, atol=0)
        for v, mean in zip(came, means, strict=True)
    )


def own_cost(net: Any) -> Cost | None:
    """The cost that an object has as `.cost`: one of ours, its name, one of the book's classes, or
    what its function of a and y gives, up to a constant.

    None if it has none, or another.
    """
    cost = getattr(net, "cost", None)
    if isinstance(cost, Cost):
        return cost
    if cost is None or isinstance(cost, str):
        return COSTS.get(cost or "")
    return COSTS_OF_THE_BOOK.get(_kind(cost)) or _by_value(cost)


def _by_value(cost: Any) -> Cost | None:
    """The known cost whose values the function of another one gives, for single examples."""
    random = np.random.default_rng(0)
    a, y = random.dirichlet(np.ones(3), 4).T, np.eye(3)[:, [0, 1, 2, 0]]
    with suppress(Exception):
        cost = deepcopy(cost)  # a method may change what it belongs to
    for function in _functions(cost):
        for turned in (False, True):  # (y, a) is as usual as (a, y)
            with suppress(Exception), silent(), np.errstate(all="ignore"):
                pairs = ((a[:, [i]], y[:, [i]])[:: -1 if turned else 1] for i in range(4))
                came = np.array([float(np.sum(function(*pair))) for pair in pairs])
                for known in COSTS.values():
                    times = came / known.value(a, y)
                    if times[0] > 0 and np.allclose(times, times[0], rtol=1e-6):
                        return known
    return None


def _functions(cost: Any) -> Iterator[Callable[..., Any]]:
    """What may give the value of a cost: itself, or a method of it or of one that it makes."""
    if isinstance(cost, type):
        yield from (getattr(cost, name) for name in VALUES[:-1] if hasattr(cost, name))
        with suppress(Exception), silent():
            cost = cost()
    if not isinstance(cost, type):
        yield from (getattr(cost, name) for name in VALUES if hasattr(cost, name))


def _kind(cost: object) -> str:
    return cost.__name__ if isinstance(cost, type) else type(cost).__name__


def _cost(net: Any) -> Cost:
    if not hasattr(net, "cost"):
        return quadratic
    cost = own_cost(net)
    if cost is None:
        raise TypeError(
            f"net.cost: expected {' or '.join(COSTS_OF_THE_BOOK)}, got {_kind(net.cost)}; "
            "say which one it is meant to be, as in from_book(net, cost=cross_entropy)"
        )
    return cost


def _hand_back(given: Sequence[Array], now: Sequence[Array]) -> None:
    """Arrays that the object put in place of its own are a change of its input: let it be seen."""
    for old, new in zip(given, now, strict=True):
        if new is not old:
            old[...] = new


def _average(lists: Sequence[Sequence[Array]]) -> list[Array]:
    """The average over the examples of lists that have one array for each layer."""
    return [np.mean(layer, axis=0) for layer in zip(*lists, strict=True)]
