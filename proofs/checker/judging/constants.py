"""A constant in single precision beside numbers in doubles, as np.float32(0.01) is in one pass.

It puts all numbers off alike, as a fault does. But people type constants of few digits, or take
1/m, and single precision changes each of them by a part of its own: what is off by just that part
holds such a constant.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

import numpy as np

from proofs.checker.calling.precision import in_single_precision
from proofs.checker.judging.gradients_alone import Findings
from proofs.checker.judging.numbers import Numbers
from proofs.checker.judging.residuals import SINGLE, Residual, of_gradients
from proofs.network.arrays import Array

MOST_DIGITS = 3
"""Constants of more digits are too many for one of them to be told by what it puts off."""

BY_CHANCE = 0.02
"""So often at most one of as many constants may fit by chance."""

ROUNDED = 8 * float(np.finfo(float).eps)
"""By this part of itself a factor that was solved for may be off."""

A_CONSTANT = "a constant"

Changed = tuple[str, float]
"""A constant in words, and by what part of itself single precision changes it."""


def with_constants(found: Sequence[Findings]) -> list[Findings]:
    """The findings, where what a constant in single precision explains holds.

    The sharpest number shows which it is; the others need only fit.
    """
    wrong = [(r, one.numbers) for one in found for r in one.wrong]
    wrong.sort(key=lambda pair: -pair[0].most)
    known: list[Changed] = []
    explained = _smoothed([(r, n) for r, n in wrong if r.equation == "BP1"])
    for r, n in (pair for pair in wrong if id(pair[0]) not in explained):
        for what, off in (*known, *_of(r, n)):
            if (like := _with(r, what, off)).holds:
                explained[id(r)] = like
                known.append((what, off))
                break
    return [
        replace(one, residuals=tuple(explained.get(id(r), r) for r in one.residuals))
        for one in found
    ]


def _smoothed(wrong: Sequence[tuple[Residual, Numbers]]) -> dict[int, Residual]:
    """BP1, where the constants by which the cost smooths the labels are in single precision.

    delta^L is then off by another part of y and by another number.
    """
    if not any(n.network.cost.targets(0 * n.y).any() for _, n in wrong):
        return {}
    off = np.concatenate([(r.came - r.expected).ravel() for r, _ in wrong])
    y = np.concatenate([n.y.ravel() for _, n in wrong])
    part, added = np.linalg.lstsq(np.stack([y, np.ones_like(y)], axis=1), off, rcond=None)[0]
    n = wrong[0][1]
    if not _are_rounded(-part, -added, n, max(float(np.max(r.allowed)) for r, _ in wrong)):
        return {}
    likes: dict[int, Residual] = {}
    for r, n in wrong:
        right = r.expected + part * n.y + added
        like = replace(r, low=right, high=right, constant="the smoothing of the labels")
        likes |= {id(r): like} if like.holds else {}
    return likes


def _are_rounded(part: float, added: float, n: Numbers, allowed: float) -> bool:
    """Whether (1 - epsilon) y + epsilon/n_L is off by these where single precision rounds epsilon,
    what it is made into, or both.
    """
    told = float(n.network.cost.targets(0 * n.y).flat[0])
    epsilon, near = told * len(n.y), allowed + ROUNDED
    either = (epsilon, in_single_precision(epsilon))
    of_y = [f(1 - e) for e in either for f in (float, in_single_precision)]
    beside = [f(e / len(n.y)) for e in either for f in (float, in_single_precision)]
    beside += [e * in_single_precision(1 / len(n.y)) for e in either]
    return any(abs(c - (1 - epsilon) - part) <= near for c in of_y) and any(
        abs(c - told - added) <= near for c in beside
    )


def _with(r: Residual, what: str, off: float) -> Residual:
    """The residual with the constant in all numbers that are wrong."""
    right = np.where(r.excess > 1, r.expected * (1 + off), r.expected)
    return replace(r, low=right, high=right, constant=f"{what} in {r.equation}{_size(what, off)}")


def _of(r: Residual, n: Numbers) -> Iterator[Changed]:
    with np.errstate(all="ignore"):
        part = float(r.came[r.place] / r.expected[r.place] - 1)
    named = {"1/m": 1 / n.m} if r.equation in ("BP3", "BP4") else {}
    if not named and not n.network.sigma[r.layer].smooth:
        slope = -n.network.sigma[r.layer](np.full((n.width(r.layer), 1), -1.0))[0, 0]
        named[f"the slope {slope:.6g}"] = slope
    return _that_change_by(part, abs(part) / r.most, named)


def _that_change_by(part: float, accuracy: float, named: dict[str, float]) -> Iterator[Changed]:
    """The constants that single precision changes by this part, which is known so accurately."""
    groups = [(name, _changed(np.array([c]))) for name, c in named.items() if c]
    groups += [(A_CONSTANT, _typed(digits)) for digits in range(1, MOST_DIGITS + 1)]
    for name, off in groups:
        # Single precision changes by up to half a unit, to either side.
        if abs(part) <= SINGLE and off.size * accuracy < BY_CHANCE * SINGLE:
            yield from ((name, float(o)) for o in off[abs(off - part) <= accuracy] if o)


@cache
def _typed(digits: int) -> Array:
    """What single precision makes of numbers with a few digits and of inverses of such numbers."""
    whole = np.arange(1, 10.0**digits)
    return np.unique(
        _changed(np.append(np.outer(whole, 10.0 ** np.arange(-digits - 3, 1)), 1 / whole))
    )


def _changed(c: Array) -> Array:
    """By what part of itself each number is changed by single precision."""
    return c.astype(np.float32).astype(float) / c - 1


def constant_in(c: float, n: Numbers) -> str:
    """The constant in single precision that makes all gradients this many times as large, or ""."""
    part = c - 1
    if abs(part) <= ROUNDED:
        return ""
    found = next(_that_change_by(part, ROUNDED, {"1/m": 1 / n.m}), None)
    holds = (replace(r, low=c * r.low, high=c * r.high).holds for r in of_gradients(n))
    return found[0] + _size(*found) if found and all(holds) else ""


def _size(what: str, off: float) -> str:
    """By what part of itself single precision changes a constant of which nothing else is known."""
    return f" (off by {off:.1e} of itself)" if what == A_CONSTANT else ""
