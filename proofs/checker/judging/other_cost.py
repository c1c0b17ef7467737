"""A cost that the checker was not told: examples that count for more or less than 1/m.

If examples count c_x times, then nabla = sum over x of c_x nabla_x, with one c_x in every weight
and bias. The c_x are solved for, and read: over the valid examples, or by the weight of a class.
"""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from proofs.checker.calling.observe import Observation
from proofs.checker.judging.by_definition import Inputs, in_a_column
from proofs.checker.judging.numbers import Numbers
from proofs.checker.judging.one_constant import LEAST, as_they_came
from proofs.checker.judging.residuals import NEARLY
from proofs.network import Network
from proofs.network.arrays import Array
from proofs.network.costs import (
    COSTS,
    Cost,
    cross_entropy,
    over_valid,
    positives_weighted,
    weighted,
)

LIKE = 1e-3
"""By this part at most a guard moves the slope of a cost at ordinary outputs."""

LARGEST = 10**6
"""So many numbers the gradients of all examples may be, one by one."""


SMOOTHED = "the targets are smoothed inside, by"


def other_costs(
    network: Network, x: Array, y: Array, seen: Observation
) -> Iterator[tuple[Cost, str]]:
    """Costs whose gradient came, as far as one can see, and what to say for each."""
    if bare := without_guard(network.cost, len(y)):
        says = "a guard, a clip or an epsilon, is in the cost and not in the backward pass: "
        yield bare, f"{says}right for the {bare} cost without it, and wrong for one with it"
    if network.cost.of is None:
        yield from _of_counts(network, x, y, seen)
        if sum(w.size for w in network.weights) * y.shape[1] <= LARGEST:
            yield from _of_weights(network, x, y, seen)


def without_guard(cost: Cost, outputs: int = 2) -> Cost | None:
    """The cost of this package that one's own is, but for what guards its logarithms."""
    a = np.resize([[0.2, 0.5, 0.7], [0.8, 0.5, 0.3]], (outputs, 3))
    y = np.resize([[1.0, 0.0, 1.0], [0.0, 1.0, 0.0]], (outputs, 3))
    if cost in COSTS.values() or cost.of is not None or cost.positives:
        return None
    g = cost.gradient(a, y)
    like = (c for c in COSTS.values() if np.allclose(g, c.gradient(a, y), rtol=LIKE))
    return next(like, None)


def _of_counts(
    network: Network, x: Array, y: Array, seen: Observation
) -> Iterator[tuple[Cost, str]]:
    """Costs in which an example counts for more or less than another."""
    if y.shape[1] < 2:
        return
    counts = counted(Inputs(network, x, y), seen)
    if counts is None:
        return
    valid = (y != 0).any(axis=0)
    told = np.isfinite(counts)
    if not valid.all() and _alike(counts[valid & told]) and not counts[~valid & told].any():
        says = (
            "the average runs over the examples that have a target: right for a cost that ignores "
            "the others (over_valid, --mean valid), and wrong for one that counts them"
        )
        yield over_valid(network.cost), says
    weights = _of_classes(counts, y)
    if weights is not None:
        summed = np.isclose(np.nansum(counts), 1, rtol=NEARLY)
        own = [fraction(w) for w in (weights / weights.min() if summed else weights * len(counts))]
        says = (
            f"{_classes_in_words(own, y, counts)}, divided by {'their sum' if summed else 'm'}: "
            "right for a cost with such weights (weighted, --class-weights), and wrong for one "
            "without"
        )
        yield weighted(network.cost, own, "weights" if summed else "examples"), says


def _classes_in_words(weights: list[float], y: Array, counts: Array) -> str:
    """How much the classes count that occur, by number where others do not occur."""
    known = np.unique(_classes(y).argmax(axis=0)[np.isfinite(counts)])
    which = "" if len(known) == len(weights) else f" {', '.join(str(k + 1) for k in known)}"
    return f"the classes{which} count as {', '.join(f'{weights[k]:.6g}' for k in known)}"


def _of_weights(
    network: Network, x: Array, y: Array, seen: Observation
) -> Iterator[tuple[Cost, str]]:
    """Costs whose logarithms are weighted where y is 1."""
    cost = network.cost
    weights = _of_positives(network, x, y, seen) if cost is cross_entropy else None
    if weights is not None and abs(weights - 1).max() > NEARLY:
        own = [fraction(w) for w in weights]
        said = ", ".join(f"{w:.6g}" for w in own)
        says = f"y ln a counts {said} times: right for a cost with such a pos_weight"
        yield (
            positives_weighted(own),
            f"{says} (positives_weighted, --pos-weight), and wrong for one without",
        )


def smoothing_in_words(epsilon: float, y: Array) -> tuple[str, str]:
    """Label smoothing as it may be told: by a part of all, or by what the other labels share."""
    shared = epsilon * (len(y) - 1) / len(y)
    how = "smoothed, --smoothing"
    others = f"that the other labels share ({how}, by that times n_L/(n_L - 1))"
    return (
        f"{SMOOTHED} {fraction(epsilon):.4g} ({how})",
        f"{SMOOTHED} {fraction(shared):.4g} {others}",
    )


def _of_positives(network: Network, x: Array, y: Array, seen: Observation) -> Array | None:
    """How often y ln a counts, at all outputs or at each: all gradients are linear in that."""

    def right(p: Array) -> Array:
        cost = positives_weighted(p.tolist())
        return in_a_column(Inputs(network.with_functions(cost=cost), x, y).exactly, seen)

    came, n = as_they_came(seen), len(y)
    plain = right(np.ones(n))
    for ways in (np.ones((1, n)), np.eye(n)):
        # Where every y is 1, all of the error is weighted, and that may be a mistake.
        if not all(0 < (way @ y).sum() < way.sum() * y.shape[1] for way in ways):
            return None
        A = np.stack([right(1 + way) - plain for way in ways], axis=1)
        if not np.isfinite([*A.ravel(), *came]).all() or len(came) <= 2 * len(ways):
            return None
        more, _, rank, _ = np.linalg.lstsq(A, came - plain, rcond=None)
        off = abs(A @ more - came + plain).max()
        if rank == len(ways) and off <= NEARLY**1.5 * abs(came).max() and (1 + more > NEARLY).all():
            return 1 + more
    return None


def fraction(weight: float, rounding: float = NEARLY**1.5) -> float:
    """The fraction that it is but for rounding, or itself."""
    near = float(Fraction(weight).limit_denominator(1000))
    return near if np.isclose(near, weight, rtol=rounding, atol=0) else weight


def _alike(counts: Array) -> bool:
    return bool(counts.size and counts[0] > 0 and np.allclose(counts, counts[0], rtol=NEARLY))


def counted(given: Inputs, seen: Observation) -> Array | None:
    """How often each example counts, NaN where it has no gradient; None if no counts fit."""
    network = given.network
    own = {name: seen.numbers.get(name, {}) for name in ("nabla_b", "nabla_w")}
    size = sum(v.size for v in (*network.weights, *network.biases))
    if size * given.x.shape[1] > LARGEST or any(len(of) < network.L - 1 for of in own.values()):
        return None
    n = given.gradients(seen)
    A = np.concatenate([np.concatenate(_of_each(n, l)) for l in network.layers])
    came = np.concatenate(
        [own[k][l].ravel() for l in network.layers for k in ("nabla_b", "nabla_w")]
    )
    sent = abs(A).max(axis=0) > NEARLY * abs(A).max()
    if not np.isfinite(A).all() or not np.isfinite(came).all() or sent.sum() < 2:
        return None
    found = np.full(len(sent), np.nan)
    columns = np.column_stack([A[:, sent], _decay(network)])
    solved, _, rank, _ = np.linalg.lstsq(columns, came, rcond=None)
    fits = abs(columns @ solved - came).max() <= NEARLY * abs(came).max()
    if rank < columns.shape[1] or len(came) < 2 * columns.shape[1] or not fits:
        return None
    solved = solved[:-1]
    found[sent] = np.where(abs(solved) < NEARLY * abs(solved).max(), 0, solved)
    return found


def _decay(network: Network) -> Array:
    """What weight decay adds to nabla_b and nabla_w, for a constant of 1."""
    parts = (v for l in network.layers for v in (0 * network.b[l], network.w[l]))
    return np.concatenate([v.ravel() for v in parts])


def _of_each(n: Numbers, l: int) -> tuple[Array, Array]:
    """nabla_b^l and nabla_w^l of each example, in columns."""
    delta, a = n.delta[l], n.a[l - 1]
    return delta, np.einsum("jx,kx->jkx", delta, a).reshape(-1, n.m)


def _classes(y: Array) -> Array:
    """A row for each class: with one output they are y = 0 and y = 1."""
    return np.concatenate([1 - y, y]) if len(y) == 1 else y


def _of_classes(counts: Array, y: Array) -> Array | None:
    """The weight of each class, if it is one for all examples that have that label, and not of all.

    Two classes must have two examples each: one that counts more may be a mistake.
    """
    classes = _classes(y)
    if not np.isin(classes, (0, 1)).all() or not (classes.sum(axis=0) == 1).all():
        return None
    label, told = classes.argmax(axis=0), np.isfinite(counts)
    weights = np.ones(len(classes))
    several = 0
    for k in np.unique(label[told]):
        own = counts[told & (label == k)]
        if not _alike(own):
            return None
        weights[k] = own[0]
        several += own.size > 1
    present = np.unique(label[told])
    weights[np.setdiff1d(np.arange(len(weights)), present)] = weights[present].min()
    # What differs by less is no weight, but a guard or a fault.
    apart = not np.allclose(weights, weights[0], rtol=LEAST)
    return weights if several > 1 and apart else None
