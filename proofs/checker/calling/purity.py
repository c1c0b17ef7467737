"""Purity: a backward pass leaves its inputs as they were, and gives the same again."""

from collections.abc import Iterator

import numpy as np

from proofs.checker.calling.observe import Observation
from proofs.checker.naming import Diagnosis
from proofs.checker.report import Violation

ANEW = 1e4
"""So many roundings of the largest number a second call may differ by: sums in another order."""


def impurities(first: Observation, again: Observation) -> Iterator[Violation]:
    """What the first of two calls changed, and how the second differs from it."""
    for name in first.changed:
        layer = int(name.split()[-1]) if name[-1].isdigit() else None
        yield _impure(f"it changed {name}; work on a copy", layer)
    if again.problem:
        yield _impure(f"called a second time, {again.problem}")
        return
    which, off, allowed = _apart(first, again)
    if not off <= allowed:
        text = f"a second call with the same inputs differs by {off:.1e} of its size in {which}"
        text += _multiple(first, again)
        yield Violation("purity", None, off, allowed, tuple(_added_up(first, again)), text)


def _multiple(first: Observation, again: Observation) -> str:
    """That the gradients of the second call are some times those of the first, if they are."""
    pairs = [
        (array, again.numbers.get(letter, {}).get(l))
        for letter in ("nabla_b", "nabla_w")
        for l, array in first.numbers.get(letter, {}).items()
    ]
    if not pairs or any(other is None or other.shape != array.shape for array, other in pairs):
        return ""
    one, two = (np.concatenate([np.ravel(np.asarray(p[k])) for p in pairs]) for k in (0, 1))
    with np.errstate(all="ignore"):
        c = float((one * two).sum() / (one * one).sum())
    if not np.isfinite(c) or abs(two - c * one).max() > 1e-6 * abs(two).max() or abs(c - 1) < 1e-3:
        return ""
    added = ", as if they were added to those of the call before" if abs(c - 2) < 1e-6 else ""
    return f": its gradients are {c:.4g} times those of the first{added}"


def _added_up(first: Observation, again: Observation) -> Iterator[Diagnosis]:
    """That what comes of the last layer is added to that of the call before."""
    for letter in ("delta", "nabla_w"):
        one, two = (dict(seen.numbers.get(letter, {})) for seen in (first, again))
        L = max(one, default=0)
        if one and L in two and one[L].shape == two[L].shape and one[L].any():
            if abs(two[L] - 2 * one[L]).max() <= 1e-6 * abs(two[L]).max():
                yield Diagnosis(
                    f"in the second call {letter} of layer {L} is twice as large: it is added to "
                    "that of the call before"
                )
            return


def differs(first: Observation, again: Observation) -> bool:
    """Whether two calls with the same inputs differ by more than rounding."""
    if again.problem:
        return True
    _, off, allowed = _apart(first, again)
    return not off <= allowed


def _apart(first: Observation, again: Observation) -> tuple[str, float, float]:
    """Where two calls are farthest apart for their rounding, by how much of the largest number."""
    where, most, least = "", 0.0, ANEW * first.eps
    for letter, layers in first.numbers.items():
        for l, array in layers.items():
            other = again.numbers.get(letter, {}).get(l)
            if other is not None and np.array_equal(array, other, equal_nan=True):
                continue
            largest = max(abs(array).max(), np.finfo(float).tiny)
            off = np.inf if other is None else float(abs(other - array).max() / largest)
            allowed = ANEW * max(first.eps, first.units.get((letter, l), 0.0))
            if not off * least <= most * allowed:
                where, most, least = f"{letter} of layer {l}", off, allowed
    return where, most, least


def _impure(text: str, layer: int | None = None) -> Violation:
    return Violation("purity", layer, np.inf, 0.0, (), text)
