"""One error at the output of a batch, delta^L, that explains all of its gradients by BP2 to BP4.

All gradients are linear in it. Where one gives what came, and is no multiple of what each example
sends alone, the error of an example depends on the others in its batch.
"""

from fractions import Fraction
from typing import NamedTuple

import numpy as np

from proofs.checker.calling.precision import Place
from proofs.checker.judging.numbers import Numbers
from proofs.checker.judging.residuals import LETTER, NEARLY, close, delta_of_cost, sent, spread
from proofs.network.arrays import Array

MOST = 10**6
"""So many numbers the gradients may be, for all numbers of delta^L."""

EPS, TINY = (float(part) for part in (np.finfo(float).eps, np.finfo(float).tiny))

FREE = 1e-6
"""A part of a number by which none can be told from another."""

SIMPLE = 1000
"""The largest denominator of how often an example counts, in doubles."""

NONE_BY_CHANCE = 1e-3
"""So rarely is a number by chance a fraction of those."""


class OneError(NamedTuple):
    """delta of a batch by layer, such that the gradients are explained best."""

    delta: dict[int, Array]
    off: dict[Place, Array]
    """How far delta^L and the gradients may be off, in rounding units."""
    undecided: frozenset[tuple[str, int]]
    """The equations that hold for some delta^L whatever came."""


@np.errstate(all="ignore")
def one_error(n: Numbers) -> OneError | None:
    """The delta^L next to the right one that explains the gradients of a batch best.

    None where there are too many numbers, or where any gradients would be explained.
    """
    right = delta_of_cost(n.network, n.z[n.network.L], n.y)
    places = _places(n)
    rows = sum(v.size for v in places.values())
    if not 0 < rows * right.size <= MOST or not np.isfinite(right).all():
        return None
    each = np.eye(right.size).reshape(-1, *right.shape)
    A = np.column_stack([_gradients(n, _sent_back(n, error)) for error in each])
    came = np.concatenate([v.ravel() for v in places.values()])
    missing, delta, units = came - A @ right.ravel(), right, _units(n, places)
    for _ in range(2):  # the first finds how large its errors are
        size = _size(delta)
        added = abs(A) @ size.ravel()
        scaled = A * size.ravel(), missing, units * added + TINY
        if not all(np.isfinite(part).all() for part in scaled):
            return None
        more, off, free = _solved(*scaled)
        delta = right + size * more.reshape(right.shape)
    ends = np.cumsum([v.size for v in places.values()])[:-1]
    if not np.isfinite(delta).all() or not _decide(places, np.split(scaled[2], ends)):
        return None
    told = zip(places, np.split(A.any(axis=1) & ~free, ends), strict=True)
    undecided = frozenset(at for at, part in told if not part.any())
    if undecided >= places.keys():
        return None
    of_each = zip(places.items(), np.split(added, ends), strict=True)
    beside = {(LETTER[at[0]], at[1]): v.reshape(came.shape) for (at, came), v in of_each}
    beside["solved", n.network.L] = size * off.reshape(size.shape) / n.eps
    return OneError(_sent_back(n, delta), beside, undecided)


def _solved(A: Array, b: Array, allowed: Array) -> tuple[Array, Array, Array]:
    """What solves A x = b best and is smallest, how far it may be off, and which of the equations
    hold whatever their b.
    """
    U, s, V = np.linalg.svd(A / allowed[:, None], full_matrices=False)
    U, s, V = U[:, s > 1], s[s > 1], V[s > 1]  # what moves b by less does not show
    off = np.sqrt(((V / s[:, None]) ** 2).sum(axis=0))
    return V.T @ (U.T @ (b / allowed) / s), off, 1 - (U * U).sum(axis=1) < FREE


def _decide(places: dict[tuple[str, int], Array], allowed: list[Array]) -> bool:
    """Whether the gradients of each layer are larger than what rounding explains by far.

    Errors that nearly cancel out in all gradients would explain anything.
    """
    largest: dict[int, float] = {}
    for (_, l), came in places.items():
        largest[l] = max(largest.get(l, 2 * TINY / NEARLY), abs(came).max())
    pairs = zip(places, allowed, strict=True)
    return all(off.max() <= NEARLY * largest[l] for (_, l), off in pairs)


def _places(n: Numbers) -> dict[tuple[str, int], Array]:
    """Every gradient that came, by the equation and the layer."""
    letters = (("BP3", n.nabla_b), ("BP4", n.nabla_w))
    return {(equation, l): v for equation, of in letters for l, v in of.items()}


def _size(delta: Array) -> Array:
    """The largest error of each neuron, for all of its examples."""
    largest = np.maximum(abs(delta).max(axis=1, keepdims=True), EPS * abs(delta).max())
    return np.broadcast_to(largest, delta.shape)


def _sent_back(n: Numbers, delta: Array) -> dict[int, Array]:
    """delta of every layer, by BP2 from that of the last."""
    deltas = {n.network.L: delta}
    for l in range(n.network.L - 1, 1, -1):
        deltas[l] = sent(n.network, l, n.z[l], n.network.w[l + 1].T @ deltas[l + 1])
    return deltas


def _gradients(n: Numbers, delta: dict[int, Array]) -> Array:
    """By BP3 and BP4, those that came one after the other in a column."""
    b = [delta[l].mean(axis=1) for l in n.nabla_b]
    w = [(delta[l] @ n.a[l - 1].T / n.m).ravel() for l in n.nabla_w]
    return np.concatenate([*b, *w])


def _units(n: Numbers, places: dict[tuple[str, int], Array]) -> Array:
    """By what part of what it adds up each number may be off."""
    units = [n.units.get((LETTER[at[0]], at[1]), n.eps) for at in places]
    sizes = [v.size for v in places.values()]
    return spread(n, n.m) * np.repeat(np.maximum(units, n.eps) / n.eps, sizes)


def simple(counts: Array, eps: float) -> bool:
    """Whether examples count so often, times m, that they were counted: 0, 1, 1/2 and so on."""
    nearly = close(eps)
    most = min(SIMPLE, max(1, int(np.sqrt(NONE_BY_CHANCE / nearly))))
    near = [float(Fraction(float(c)).limit_denominator(most)) for c in counts]
    return bool(np.allclose(counts, near, rtol=nearly, atol=nearly))
