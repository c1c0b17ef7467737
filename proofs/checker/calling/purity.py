"""Purity: a backward pass leaves its inputs as they were, and gives the same again."""

from collections.abc import Iterator

import numpy as np

from proofs.checker.calling.observe import Observation
from proofs.checker.calling.precision import Place
from proofs.checker.judging.by_definition import GRADIENTS
from proofs.checker.judging.residuals import NEARLY
from proofs.checker.naming import Diagnosis
from proofs.checker.report import Violation

ANEW = 1e4
"""So many roundings of the largest number a second call may differ by: sums in another order."""

LEAST = 1e-3
"""A second call is some times the first where that differs from 1 by more."""


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
    c = _times([(k, l) for k in GRADIENTS for l in first.numbers.get(k, {})], first, again)
    if not abs(c - 1) >= LEAST:
        return ""
    added = ", as if they were added to those of the call before" if abs(c - 2) < NEARLY else ""
    return f": its gradients are {c:.4g} times those of the first{added}"


def _added_up(first: Observation, again: Observation) -> Iterator[Diagnosis]:
    """That what comes of the last layer is added to that of the call before."""
    letter = next((k for k in ("delta", "nabla_w") if first.numbers.get(k)), "")
    L = max(first.numbers.get(letter, {}), default=0)
    if letter and abs(_times([(letter, L)], first, again) - 2) < NEARLY:
        yield Diagnosis(
            f"in the second call {letter} of layer {L} is twice as large: it is added to that of "
            "the call before"
        )


def _times(places: list[Place], first: Observation, again: Observation) -> float:
    """How many times what came first came again, if all numbers are that; else NaN."""
    pairs = [(first.numbers[k][l], again.numbers.get(k, {}).get(l)) for k, l in places]
    if not pairs or any(two is None or two.shape != one.shape for one, two in pairs):
        return np.nan
    one, two = (np.concatenate([np.ravel(of) for of in some]) for some in zip(*pairs, strict=True))
    with np.errstate(all="ignore"):
        c = float((one * two).sum() / (one * one).sum())
        return c if abs(two - c * one).max() <= NEARLY * abs(two).max() else np.nan


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
