"""What does not hold, each equation and layer once: its worst number, and what it looks like."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from proofs.checker.calling.observe import Observation
from proofs.checker.factors import sizes
from proofs.checker.judging.beyond import FEW
from proofs.checker.judging.gradients_alone import Findings
from proofs.checker.judging.numbers import Numbers
from proofs.checker.judging.residuals import NEARLY, Residual
from proofs.checker.naming import PAGES, Diagnosis, diagnoses, in_a_later_call, several
from proofs.checker.report import Violation, read_alike
from proofs.network import Network

# What computes a letter, beside delta, which is BP1 in the last layer and BP2 elsewhere.
EQUATION_OF = {"z": "forward z", "a": "forward a", "nabla_b": "BP3", "nabla_w": "BP4"}

LEAST = 1e-4
"""A number is easy to read between this one and its inverse."""

Explain = Callable[[Residual, Numbers], tuple[Diagnosis, ...]]


def violations_of(
    found: Sequence[Findings], first: Observation, network: Network, m: int, words: bool = True
) -> list[Violation]:
    """What does not hold of what was `found` on m examples, and what came in a wrong shape.

    Without `words` nothing is said of what it looks like.
    """
    wrong: dict[tuple[str, int | None], Violation] = {}
    held = {r.at for f in found if not f.later for r in f.residuals if r.holds}
    alone = {r.at for f in found if f.numbers.m == 1 for r in f.wrong}
    for one in found:
        for r in one.wrong:
            if r.at not in wrong:
                again = one.later and r.at in held
                explain = in_a_later_call if again else diagnoses
                found_in = violation(r, one.numbers, explain if words else _nothing)
                if one.numbers.m < m:
                    # Of its own m nothing is said: the batch that was given has another.
                    own = tuple(size for size in found_in.sizes if size[0] != "m")
                    detail = _of_some(found_in.detail, one.numbers.m)
                    found_in = replace(found_in, detail=detail, sizes=own)
                said = _without_m(found_in.diagnoses, r, found)
                said = said or (_of_each(found, r) if words else ())
                if one.numbers.m > 1 and r.at in alone:
                    # What is wrong in one example too is no sum over the examples.
                    said = tuple(d for d in said if "sum over the examples" not in d.says)
                wrong[r.at] = replace(found_in, diagnoses=said)
    for (letter, l), why in first.misshapen.items():
        equation = EQUATION_OF.get(letter) or ("BP1" if l == network.L else "BP2")
        says = tuple(Diagnosis(text, PAGES[equation]) for text in why.looks_like)
        text = f"{letter} of layer {l}: {why.text}"
        wrong.setdefault((equation, l), Violation(equation, l, np.inf, 0.0, says, text))
    return read_alike(wrong.values())


def _nothing(r: Residual, n: Numbers) -> tuple[Diagnosis, ...]:
    return ()


def _without_m(
    said: tuple[Diagnosis, ...], r: Residual, found: Sequence[Findings]
) -> tuple[Diagnosis, ...]:
    """The words without those of m, where one example alone is off by the same factor."""
    alone = [s for one in found if one.numbers.m == 1 for s in one.wrong if s.at == r.at]
    c = _times(r)
    same = any(abs(_times(s) - c) < NEARLY * abs(c) for s in alone if s is not r)
    return tuple(d for d in said if not (same and "⟨m⟩" in d.says))


def _times(r: Residual) -> float:
    """How many times what it should be is what came."""
    with np.errstate(all="ignore"):
        return float(np.vdot(r.came, r.expected) / np.vdot(r.expected, r.expected))


def _of_each(found: Sequence[Findings], r: Residual) -> tuple[Diagnosis, ...]:
    """Formulas that explain it in every example alone, where none does so in their batch."""
    place = r.at
    singles = [one for one in found if one.numbers.m == 1][:FEW]
    wrong = [
        (s, one.numbers) for one in singles for s in one.wrong if (s.equation, s.layer) == place
    ]
    said = [{d for d in diagnoses(s, n) if not d.vague} for s, n in wrong]
    return tuple(sorted(set.intersection(*said), key=str)) if said else ()


def violation(r: Residual, n: Numbers, explain: Explain) -> Violation:
    """The equation at the layer of a residual, which is broken, with what explains it in words."""
    return Violation(
        r.equation,
        r.layer,
        r.residual,
        r.tolerance,
        explain(r, n),
        _detail(r),
        sizes=tuple(sizes(n, r.layer).items()),
        alone=not several(r.expected),
        ordinary=LEAST < abs(r.expected[r.place]) < 1 / LEAST,
    )


def _of_some(detail: str, m: int) -> str:
    """Numbers of a call with fewer examples: they are not among those that were returned."""
    which = "one example" if m == 1 else f"the first {m} examples"
    return f"when called with {which} alone: {detail}"


def _detail(r: Residual) -> str:
    """The worst number, and what was expected there."""
    names = {"BP3": ["j"], "BP4": ["j", "k"]}.get(r.equation, ["neuron", "example"])
    where = ", ".join(f"{name} {i + 1}" for name, i in zip(names, r.place, strict=False))
    return (
        f"came {r.came[r.place] + 0.0:.6g}, expected {r.expected[r.place] + 0.0:.6g} at {where}; "
        f"off by {r.residual:.1e}, rounding explains {r.tolerance:.0e}"
    )
