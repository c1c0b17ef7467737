"""A factor that all networks have alike: in single precision too, rounding is off to either side.

What is off by a hundredth of its tolerance says nothing on one network. A dozen networks that are
all off to one side, by more than a rounding or two of a constant, have a fault.
"""

from collections.abc import Iterator, Sequence
from statistics import median

import numpy as np

from proofs.checker.calling.observe import Observation
from proofs.checker.judging.by_definition import Inputs
from proofs.checker.judging.residuals import LETTER, Residual, at_a_kink, of_gradients
from proofs.checker.naming import PAGES, Diagnosis
from proofs.checker.report import NOT_RETURNED, Report, Violation

ROUNDINGS = 16.0
"""The whole of a gradient is off by more roundings on no network but by chance."""

MOST = 0.75
"""On this part of the networks a fault is off to one side; rounding is so on half of them."""

FEWEST = 6
"""Of fewer networks this many may be off to one side by chance."""

STEADY = 0.1
"""A factor is told where it differs by up to this part of itself from network to network."""

Part = tuple[float, float]
"""By what part of itself a gradient is off, and its rounding unit."""


def parts_off(given: Inputs, seen: Observation) -> dict[tuple[str, int], Part]:
    """By what part of itself each nabla_b and nabla_w is off as a whole."""
    n = given.gradients(seen)
    if at_a_kink(n):
        return {}
    found = {(LETTER[r.equation], r.layer): r for r in of_gradients(n) if r.expected.any()}
    return {at: (_part(r), max(seen.eps, seen.units.get(at, 0.0))) for at, r in found.items()}


def _part(r: Residual) -> float:
    right = r.expected / abs(r.expected).max()
    return float((right * (r.came - r.expected)).sum() / (right * r.expected).sum())


def few_are_off(reports: Sequence[Report]) -> bool:
    """Whether each gradient is off by no more than rounding on most networks, to either side."""
    places = {place for report in reports for place in report.parts}
    own = ([r.parts[at] for r in reports if at in r.parts] for at in places)
    return all(
        sum(abs(p) > ROUNDINGS * unit for p, unit in parts) <= (1 - MOST) * len(parts)
        for parts in own
    )


def off_alike(reports: Sequence[Report]) -> Iterator[Violation]:
    """The equations by which gradients become off to one side, where that is no rounding.

    Most networks must show that they are coarse: the others are then, and do not show it.
    """
    if 2 * sum(_is_coarse(r) for r in reports) <= len(reports):
        return
    places = {place for report in reports for place in report.parts}
    before: dict[int, Part] = {}
    for l in sorted({l for _, l in places}, reverse=True):
        own = {
            letter: {i: r.parts[letter, l] for i, r in enumerate(reports) if (letter, l) in r.parts}
            for letter in ("nabla_b", "nabla_w")
        }
        off = {letter: _less(its, before) for letter, its in own.items() if its}
        wrong = {letter: parts for letter, parts in off.items() if _alike(parts)}
        if len(wrong) < len(off):
            for letter, parts in wrong.items():
                yield _violation("BP3" if letter == "nabla_b" else "BP4", l, parts)
        elif wrong:
            last = all(l == report.L for report in reports)
            yield _violation("BP1" if last else "BP2", l, wrong.get("nabla_w", wrong["nabla_b"]))
        right = next((letter for letter in off if letter not in wrong), "nabla_w")
        before = own[right] or own["nabla_b"]


def _is_coarse(report: Report) -> bool:
    """Whether it was judged by coarser rounding than that of doubles, and not its inputs alone."""
    return bool(report.coarse.keys() & {NOT_RETURNED, "nabla_b", "nabla_w"})


def _less(its: dict[int, Part], before: dict[int, Part]) -> list[Part]:
    """How much a layer is off beside what the layer above is off by, which it got from there."""
    nothing = 0.0, 0.0
    pairs = [(part, before.get(i, nothing)) for i, part in its.items()]
    return [(p - above, max(u, unit)) for (p, u), (above, unit) in pairs]


def _alike(parts: Sequence[Part]) -> bool:
    unit = median(u for _, u in parts) if parts else 0.0
    far = [np.sign(p) for p, u in parts if abs(p) > ROUNDINGS * max(u, unit)]
    return len(parts) >= FEWEST and abs(sum(far)) >= MOST * len(parts)


def _violation(equation: str, l: int, parts: Sequence[Part]) -> Violation:
    middle = median(p for p, _ in parts)
    spread = median(abs(p - middle) for p, _ in parts)
    allowed = ROUNDINGS * median(u for _, u in parts)
    said = f"it is {1 + middle:.7g} times what it should be"
    steady = spread < STEADY * abs(middle)
    return Violation(
        equation,
        l,
        abs(middle),
        allowed,
        (Diagnosis(said, PAGES[equation]),) if steady else (),
        f"off to one side on nearly every network, by {abs(middle):.1e} of itself as a whole: "
        "rounding would be off to either side",
    )
