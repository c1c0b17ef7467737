"""Costs C_x of one example as functions of the output activations a^L, and their gradients.

`value` takes a and y of shape (n, m) and returns C_x for each example x, shape (m,).
`gradient` returns dC_x/da_j, shape (n, m).
The cost of a batch is the average over x, equation (26): that average is taken once, by `Network`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from proofs.network.arrays import Array, OfParts


@dataclass(frozen=True, eq=False)
class Cost(OfParts):
    """A cost of one example as a function of the outputs, and its gradient with respect to them.

    `quadratic` is half the sum of the squares, (27); `cross_entropy` the binary cross-entropy, one
    per output, (63); `log_likelihood` the categorical cross-entropy, (80), which is PyTorch's
    CrossEntropyLoss of the weighted inputs.
    """

    name: str
    value: Callable[[Array, Array], Array]
    gradient: Callable[[Array, Array], Array]
    domain: tuple[float, float] = (-np.inf, np.inf)
    """The open interval of activations on which the cost is finite for every target."""
    of: "Cost | None" = None
    """The cost that this one is made from, if any: `counts(y)` times that one, at `targets(y)`."""
    counts: Callable[[Array], Array] = lambda y: np.ones(y.shape[-1])
    targets: Callable[[Array], Array] = lambda y: y
    positives: tuple[float, ...] = ()
    """What multiplies y ln a in the binary cross-entropy: one number, or one for each output."""
    of_classes: tuple[tuple[float, ...], str] | None = None
    """The weights of the classes and what `weighted` divides by, "weights" or "examples"."""
    said: str = ""
    """Its usual name, where that is not `name`."""
    of_z: Callable[[Array, Array], Array] | None = None
    """The cost as a function of z^L and y, where that is not `value` of the outputs."""

    def __str__(self) -> str:
        return self.said or self.name

    def __repr__(self) -> str:
        return self.name


def _times_log(y: Array, a: Array) -> Array:
    """y ln a, where 0 ln 0 counts as 0."""
    with np.errstate(divide="ignore"):
        return y * np.log(np.where(y == 0, 1, a))


def _over(y: Array, a: Array) -> Array:
    """y / a, where 0 / 0 counts as 0."""
    with np.errstate(divide="ignore"):
        return y / np.where(y == 0, 1, a)


def along(p: Sequence[float], y: Array) -> Array | float:
    """A number for each output along the outputs of y, or the one for all, of one output too."""
    return p[0] if len(p) == 1 else np.reshape(np.asarray(p, float), (-1, *[1] * (np.ndim(y) - 1)))


def _binary(
    a: Array, y: Array, e: float = 0.0, other: float | None = None, p: Sequence[float] = (1.0,)
) -> Array:
    """With e added to a, and to 1 - a as well if there is no other number."""
    other = e if other is None else other
    logs = along(p, y) * _times_log(y, a + e) + _times_log(1 - y, 1 - a + other)
    return -logs.sum(axis=0)


def _slope_of_binary(
    a: Array, y: Array, e: float = 0.0, other: float | None = None, p: Sequence[float] = (1.0,)
) -> Array:
    other = e if other is None else other
    return _over(1 - y, 1 - a + other) - along(p, y) * _over(y, a + e)


def _chosen(a: Array, y: Array, e: float = 0.0) -> Array:
    return -_times_log(y, a + e).sum(axis=0)


def _slope_of_chosen(a: Array, y: Array, e: float = 0.0) -> Array:
    return -_over(y, a + e)


quadratic = Cost(
    "quadratic",
    value=lambda a, y: ((a - y) ** 2).sum(axis=0) / 2,
    gradient=lambda a, y: a - y,
)
cross_entropy = Cost(
    "cross_entropy", _binary, _slope_of_binary, domain=(0, 1), said="binary cross-entropy"
)
log_likelihood = Cost(
    "log_likelihood",
    _chosen,
    _slope_of_chosen,
    domain=(0, np.inf),
    said="categorical cross-entropy",
)


def weighted(cost: Cost, weights: Sequence[float], mean: str = "weights") -> Cost:
    """A cost in which an example counts as often as the weight of its class.

    A batch is divided by the sum of the weights of its examples, as PyTorch does, or by m if `mean`
    is "examples". With one output the two weights are of y = 0 and y = 1.
    Raises ValueError for another `mean`, or if the targets have another number of classes.
    """
    if mean not in ("weights", "examples"):
        raise ValueError(f'mean: expected "weights" or "examples", got {mean!r}')
    of_class = np.asarray(weights, float)

    def counts(y: Array) -> Array:
        classes = np.concatenate([1 - y, y]) if len(y) == 1 else y
        if len(of_class) != len(classes):
            raise ValueError(
                f"class weights: expected one for each of the {len(classes)} classes, "
                f"got {len(of_class)}"
            )
        found = np.tensordot(of_class, classes, axes=(0, 0))
        return found if mean == "examples" else _over_their_mean(found)

    said = ", ".join(f"{w:g}" for w in of_class)
    of_classes = tuple(of_class.tolist()), mean
    name = f"{cost}, classes weighted by {said}"
    return _made_of(cost, name, counts=counts, of_classes=of_classes)


def with_the_other_mean(cost: Cost) -> Cost | None:
    """The cost with its weighted classes divided by m for their sum, or the other way round."""
    if cost.of is None or cost.of_classes is None:
        return None
    weights, mean = cost.of_classes
    return weighted(cost.of, weights, "weights" if mean == "examples" else "examples")


def over_valid(cost: Cost) -> Cost:
    """A cost averaged over the examples that have a target: where all of y is 0, none counts."""
    return _made_of(
        cost,
        f"{cost}, over the examples that have a target",
        counts=lambda y: _over_their_mean((y != 0).any(axis=0).astype(float)),
    )


def smoothed(cost: Cost, epsilon: float) -> Cost:
    """A cost with label smoothing inside: its targets are (1 - epsilon) y + epsilon/n_L.

    For the binary cross-entropy each output is a label of its own, and epsilon/2 is added.
    """

    def targets(y: Array) -> Array:
        return (1 - epsilon) * y + epsilon / (2 if cost.domain == cross_entropy.domain else len(y))

    return _made_of(cost, f"{cost}, smoothed by {epsilon:g}", targets=targets)


def guarded(cost: Cost, epsilon: float) -> Cost:
    """A cost whose logarithms are of a + epsilon and 1 - a + epsilon, finite for every output.

    Raises ValueError for a cost without logarithms.
    """
    of = {cross_entropy: (_binary, _slope_of_binary), log_likelihood: (_chosen, _slope_of_chosen)}
    if cost not in of:
        raise ValueError(f"cost: expected cross_entropy or log_likelihood, got {cost!r}")
    value, slope = (partial(f, e=epsilon) for f in of[cost])
    return Cost(f"{cost}, its logarithms guarded by {epsilon:g}", value, slope, cost.domain)


def guarded_in_one(epsilon: float, of_a: bool) -> Cost:
    """The binary cross-entropy with epsilon in one logarithm alone: that of a, or of 1 - a."""
    e, other = (epsilon, 0.0) if of_a else (0.0, epsilon)
    value, slope = (partial(f, e=e, other=other) for f in (_binary, _slope_of_binary))
    which = "a" if of_a else "1 - a"
    return Cost(f"{cross_entropy}, ln {which} guarded by {epsilon:g}", value, slope, (0, 1))


def positives_weighted(weights: Sequence[float]) -> Cost:
    """The binary cross-entropy with y ln a multiplied by a weight for each output: `pos_weight`.

    A single weight is that of all outputs.
    """
    p = tuple(weights)
    value, slope = (partial(f, p=p) for f in (_binary, _slope_of_binary))
    name = f"binary cross-entropy, positives weighted by {', '.join(f'{w:g}' for w in p)}"
    return Cost(name, value, slope, (0, 1), positives=p)


def _over_their_mean(counts: Array) -> Array:
    mean = counts.mean(axis=-1, keepdims=True)
    return counts / np.where(mean == 0, 1, mean)


def _made_of(cost: Cost, name: str, **how: Any) -> Cost:
    made = Cost(name, cost.value, cost.gradient, cost.domain, of=cost, **how)
    return replace(
        made,
        value=lambda a, y: made.counts(y) * cost.value(a, made.targets(y)),
        gradient=lambda a, y: made.counts(y) * cost.gradient(a, made.targets(y)),
    )


COSTS = {cost.name: cost for cost in (quadratic, cross_entropy, log_likelihood)}
