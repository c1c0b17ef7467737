"""What is left over of the gradients in words: another convention, one constant, a penalty."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from proofs.checker.factors import NUMBER, read, sizes, usual
from proofs.checker.judging.gradients_alone import Findings
from proofs.checker.judging.left_over import LeftOver, Penalty
from proofs.checker.judging.numbers import Numbers
from proofs.checker.judging.residuals import NEARLY, bp3, bp4
from proofs.checker.naming import DECAY, Diagnosis, times
from proofs.checker.report import GRADIENTS, Violation
from proofs.checker.violations import violation

SCALED = "all gradients together have a length of {:.6g}, as where their norm is clipped"

RATED = "its updates go by another rate in this step, as one that decays"

STEP = (
    "each is {:.6g} times the gradient, as what a step with a learning rate of {:.6g} adds to "
    "weights and biases; return the gradient itself"
)


OF_ITS_EXAMPLES = "in each call it is another one, which depends on the examples"

LEAST = 1e-2
"""By this part of itself the ratio of two numbers that are shown is another one than was said."""

DELTA_IS_ELSE = (
    "delta {}, and nabla_b and nabla_w are made of it as it is: that is another convention (here "
    "delta is dC/dz of one example), and breaks no equation"
)

OVER_M = "holds the 1/m of the average already"


def conventions(left: LeftOver, n: Numbers) -> Iterator[str]:
    """What is another convention than the contract's, and no mistake."""
    if left.delta_is_else:
        factor = left.delta / left.c
        of_m = n.m > 1 and abs(factor * n.m - 1) < NEARLY
        yield DELTA_IS_ELSE.format(OVER_M if of_m else f"is {factor:.6g} times delta")


def the_constant(left: LeftOver, n: Numbers, of_update: bool = False) -> Violation | None:
    """The one constant up to which all gradients are right, in words.

    One that is a usual factor but for its sign is a fault, y - a for a - y, twice or not averaged,
    and below 1 it is more likely a learning rate if it is far-fetched.
    The rate of an update may be off by next to nothing.
    """
    is_scaled = left.scaled or (of_update and abs(left.c - 1) > NEARLY)
    one = abs(abs(left.c) - 1) <= NEARLY
    near = one or any(terms <= 1 for _, terms in read(abs(left.c), n, None, n.eps))
    if not is_scaled or (left.c < 0 and (near or (left.c < -1 and any(usual(n, -left.c))))):
        return None
    said = tuple(times(left.c, n, None, GRADIENTS))
    if left.c < 0:
        said = (Diagnosis(STEP.format(left.c, -left.c), DECAY),)
    elif of_update:
        said += (Diagnosis(RATED, DECAY, vague=True, terms=NUMBER),)
    elif left.c < 1:
        came = np.concatenate([v.ravel() for of in (n.nabla_b, n.nabla_w) for v in of.values()])
        scaled = SCALED.format(float(np.linalg.norm(came)))
        said += (Diagnosis(scaled, DECAY, vague=True, terms=NUMBER),)
    return Violation(GRADIENTS, None, left.c, 0.0, said, sizes=tuple(sizes(n, None).items()))


def less_its_number(constant: Violation, found: Sequence[Findings]) -> Violation:
    """The constant without its number, where the numbers that are shown have another ratio.

    Their call has other examples, and the constant may depend on those.
    """
    shown = {r.at: r for one in reversed(found) for r in reversed(one.wrong)}
    ratios = [float(r.came[r.place] / r.expected[r.place])
              for r in shown.values() if r.expected[r.place]]  # fmt: skip
    c = constant.residual
    if all(abs(ratio - c) <= LEAST * abs(ratio) for ratio in ratios):
        return constant
    # What is clipped is never longer than it was.
    untrue = (f"it is {c:.6g} times", *[SCALED.partition("{")[0]] * (max(ratios) > 1 + LEAST))
    named = tuple(d for d in constant.diagnoses if not d.says.startswith(untrue))
    return replace(constant, diagnoses=named or (Diagnosis(OF_ITS_EXAMPLES, DECAY, vague=True),))


def in_its_words(constant: Violation, v: Violation) -> Violation:
    """What is right up to the constant, with those of its factors that the constant has too."""
    own = tuple(d.says for d in constant.diagnoses)
    shared = tuple(d for d in v.diagnoses if d.terms and d.says.startswith(own))
    scaled = shared and all(d.terms for d in v.said)
    return replace(v, diagnoses=shared, set_aside=()) if scaled else v


def the_penalty(left: LeftOver, n: Numbers) -> Violation | None:
    """What the cost adds to that of the network, as it was found, in words."""
    p = left.penalty
    if not p:
        return None
    said = (penalty_in_words(p, ""), penalty_in_words(p.times(n.m), "/m"))
    return Violation(
        "penalty", None, 0.0, 0.0, tuple(Diagnosis(s, DECAY, True, t) for t, s in enumerate(said))
    )


def another_penalty(left: Penalty, told: Penalty, n: Numbers) -> Iterator[Violation]:
    """BP3 and BP4 where the gradients hold another penalty than the one that was told, if any.

    `left` is what is left over beside that one, in `n`.
    """
    for l, w in n.network.w.items():
        b = n.network.b[l]
        terms = list(zip(("w", "sign(w)", "b", "sign(b)"), left.at(l), told.at(l), strict=True))
        for r, added, parts in (
            (bp3(n, l), told.of_b(b, l), terms[2:]),
            (bp4(n, l), told.of_w(w, l), terms[:2]),
        ):
            if not r.holds:
                whole = replace(r, came=r.came + added, low=r.low + added, high=r.high + added)
                nabla = "nabla_b" if r.equation == "BP3" else "nabla_w"
                said = [
                    Diagnosis(f"{nabla} " + ", ".join(_beside(*p, by, n.m) for p in parts if p[1]),
                              DECAY, True, by)
                    for by in (0, 1)
                ]  # fmt: skip
                yield violation(whole, n, lambda *_, said=said: tuple(said))


def _beside(of: str, left: float, told: float, over_m: int, m: int) -> str:
    """What is there instead of a term of the penalty that was told, in words."""
    has = (left + told) * (m if over_m else 1)
    if abs(left + told) < NEARLY:
        return f"lacks the {told:.6g} {of} of the penalty that was told"
    digits = 6 if f"{has:.6g}" != f"{told:.6g}" else 12
    said = f"has {has:.{digits}g}{'/m' * over_m} {of}"
    if told or has > 0:
        said += f", and the penalty that was told makes {told:.{digits}g} {of}"
    return said + ": the sign of the decay is wrong" * (has < 0)


ADDED = (
    "{} w is added to nabla_w{}, as weight decay does",
    "{} sign(w) is added to nabla_w{}, as L1 does",
    "{} b to nabla_b{}, the biases are penalised too",
    "{} sign(b) to nabla_b{}, the biases are penalised too",
)
"""What an l2, an l1, a b and a b1 add, of which layer."""


def penalty_in_words(p: Penalty, over: str) -> str:
    """What a penalty adds to the gradients; `over` is "/m" where it is divided by m, else empty."""
    parts = [
        words.format(f"{k:.6g}{over}", f" of layer {l}" if l else "")
        for constant, words in zip(p.constants, ADDED, strict=True)
        for l, k in (constant if isinstance(constant, dict) else {0: constant}).items()
        if abs(k) > NEARLY * bool(l)
    ]
    return f"{', '.join(parts)}: right for a cost with that penalty, and wrong for one without"
