"""A class like the book's `network.Network`."""

from collections.abc import Sequence
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
    """The cost that an object has as `.cost`: one of ours, its name, or one of the book's classes.

    None if it has none, or another.
    """
    cost = getattr(net, "cost", None)
    if isinstance(cost, Cost):
        return cost
    if isinstance(cost, str):
        return COSTS.get(cost)
    return COSTS_OF_THE_BOOK.get(_kind(cost))


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
