"""Checking a claim: the witnesses, and the verdict they reach together."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from random import Random
from typing import Any

import numpy as np
from sympy import Add, Expr, Function, MatrixExpr, Sum, nan, sympify

from proofs.claims.algebra import component, difference, reduced, replaced
from proofs.claims.claim import Claim, Hypothesis, Refutation, not_negative
from proofs.claims.notation import STEP, AtMost, Change, Eq, L, Letter, a, l, z
from proofs.claims.rewriting import Rewriting, applied, differentiated, through
from proofs.measuring.cases import known_cases, standard_cases
from proofs.measuring.rounding import EPS
from proofs.network.arrays import Array
from proofs.witnesses.evaluate import Numbers, free_indices, layers_of, table

MOST_CASES = 20
"""On how many cases and layers a claim is measured, unless the caller brings the cases."""

COARSE = 2.0**-12
"""The step of approximate equations: its square is far above rounding, its cube far below."""

SHORT_OF_ORDER = 0.05
"""What the next term of the series may take off the order: at this step, a thousandth or so."""

Instances = Iterable[tuple[Any, dict[Any, int]]]
"""Cases, each with the layers that l and L stand for."""

Sides = Callable[[Numbers], tuple[Array, Array]]


@dataclass(frozen=True)
class Witness:
    """What one way of checking found: the worst entry over all cases, or the algebra left over."""

    holds: bool
    detail: str
    residual: float = 0.0
    tolerance: float = 0.0
    cases: int = 0


@dataclass(frozen=True)
class Rejection:
    """Whether a refutation was rejected, with the counterexample."""

    refutation: Refutation
    rejected: bool
    detail: str


@dataclass(frozen=True)
class Verdict:
    """All that is known of a claim. `agreement` is None for a claim without a formula."""

    claim: Claim
    symbolic: Witness
    measured: Witness
    agreement: Witness | None
    rejections: tuple[Rejection, ...]

    @property
    def witnesses(self) -> dict[str, Witness]:
        """The witnesses by name, those that the claim has."""
        found = {"symbolic": self.symbolic, "measured": self.measured, "agreement": self.agreement}
        return {name: witness for name, witness in found.items() if witness}

    @property
    def holds(self) -> bool:
        """True if every witness holds and every refutation is rejected."""
        return all(w.holds for w in self.witnesses.values()) and all(
            r.rejected for r in self.rejections
        )

    @property
    def objection(self) -> str:
        """Why the claim does not hold, a measured counterexample first; empty if it holds."""
        for name in ("measured", "agreement", "symbolic"):
            witness = self.witnesses.get(name)
            if witness and not witness.holds:
                return f"({self.claim.tag}) is false: {witness.detail}"
        for r in self.rejections:
            if not r.rejected:
                return f'({self.claim.tag}): the wrong equation "{r.refutation.name}" was accepted'
        return ""


def check(
    claim: Claim,
    find: Callable[[str], Claim],
    cases: Iterable[Any] = (),
    most: int = MOST_CASES,
) -> Verdict:
    """The verdict on a claim: every witness and every refutation.

    `find` returns the claim with a tag, for those that the derivation appeals to.
    `cases` replaces the standard networks that the claim is measured on, `most` limits how many.
    """
    cases = tuple(cases) or claim.cases
    tried = cases or (*known_cases(), *standard_cases())
    cases = cases or standard_cases()
    found = some(instances(claim.statement, claim.hypotheses, cases), most)
    return Verdict(
        claim,
        symbolic(claim, find),
        measured(claim, found),
        agreement(claim, found) if claim.formula else None,
        tuple(reject(refutation, tried) for refutation in claim.refutations),
    )


# Symbolic: the equation in its setting, and as a step from the line before.


def symbolic(claim: Claim, find: Callable[[str], Claim]) -> Witness:
    """Left minus right is 0 for every width, and the line before leads to this one."""
    for size in claim.sizes:
        if not not_negative(size):
            return Witness(False, f"{size} may be negative")
    equation = claim.equation
    remainder = difference(equation, claim.hypotheses)
    if remainder is nan:
        return Witness(False, "an index stands at one layer and runs over another, or over a part")
    if remainder != 0:
        return Witness(False, f"left side minus right side leaves {remainder}")
    if claim.after or claim.by:
        line = find(claim.after).statement if claim.after else equation
        rest = claim.rest or 0
        line = component(line).rhs if claim.after else component(line).lhs - rest
        for name in claim.by:
            line = _rewriting(name, find)(line)
        if reduced(line + rest - component(equation).rhs, claim.hypotheses) != 0:
            return Witness(False, f"it does not follow from ({claim.after}) by {claim.by}")
    if claim.axiom:
        return Witness(True, "it is SymPy's own rule, which agrees and is taken for granted")
    if claim.rest is not None:
        return Witness(True, "right side minus left side is not negative, for every width")
    if claim.order:
        return Witness(True, "both sides are equal to first order, for every width")
    return Witness(True, "left side minus right side is 0 for every width")


def _rewriting(name: str, find: Callable[[str], Claim]) -> Rewriting:
    if name == "differentiate":
        return differentiated
    if name.startswith("chain:"):
        letter, layer = name.removeprefix("chain:").split("^")
        return through({"a": a, "z": z}[letter], sympify(layer, locals={"l": l, "L": L}))
    return applied(component(find(name.lstrip("-")).statement), backwards=name.startswith("-"))


# Measured: both sides as numbers, on networks that satisfy the hypotheses.


def instances(
    statement: Eq, hypotheses: Iterable[Hypothesis], cases: Iterable[Any]
) -> Iterator[tuple[Any, dict[Any, int]]]:
    """The cases, and the layers of each, at which all hypotheses hold."""
    hypotheses = tuple(hypotheses)
    for case in cases:
        for layer in layers_of(statement, case.depth):
            at = {l: layer, L: case.depth}
            if all(hypothesis.holds(case, at) for hypothesis in hypotheses):
                yield case, at


def some(found: Instances, most: int) -> Instances:
    """A sample of what was found, of limited size, drawn with a fixed seed."""
    found = list(found)
    return found if len(found) <= most else Random(0).sample(found, most)


def compare(sides: Sides, size: Array, case: Numbers) -> tuple[Array, Array, Array]:
    """Both sides on a case, and for each entry how far apart rounding may put them.

    Two things count. First eps times `size`, what is added up before anything cancels; and where
    that is not enough, every weight, bias, input and target is rounded once more, and the spread
    of both sides is seen.
    Sides that do not repeat themselves have nothing to blame on rounding.
    """
    left, right = sides(case)
    if left.shape[:-1] != right.shape[:-1]:
        # Broadcasting would let one number stand for many.
        return left, np.full_like(left, np.nan), np.zeros_like(left)
    once = deviations(case) * EPS * np.maximum(size, np.maximum(abs(left), abs(right)))
    if (abs(left - right) <= once).all():
        return left, right, once
    if not all(map(np.array_equal, (left, right), sides(case))):
        return left, right, np.zeros_like(left)
    moves = [
        (abs(new_left - left), abs(new_right - right))
        for new_left, new_right in map(sides, case.rounded)
    ]
    spread = sum(np.sqrt(np.mean(np.square(side), axis=0)) for side in zip(*moves, strict=True))
    return left, right, once + deviations(case) * spread


def deviations(case: Numbers) -> float:
    """How many roundings of one number a result may be off.

    On the way to the result a number is rounded 4 times a layer (product, sum, exponential,
    quotient); independent errors add as squares; 8 standard deviations are allowed.
    """
    return float(8 * np.sqrt(4 * case.depth))


def worst(sides_at: Callable[[dict[Any, int]], Sides], found: Instances, statement: Eq) -> Witness:
    """The entry, over all cases and layers found, whose residual is largest for its tolerance."""
    ratio, count, numbers, entry = -1.0, 0, (0.0, 0.0), None
    for case, at in found:
        count += 1
        size = added_up(statement, case, at)
        left, right, tolerance = np.broadcast_arrays(*compare(sides_at(at), size, case))
        residual = left - right if isinstance(statement, AtMost) else abs(left - right)
        residual = np.maximum(residual, 0)
        excess = np.where(residual == 0, 0, residual / np.maximum(tolerance, np.finfo(float).tiny))
        # What is undefined never passes: NaN counts as larger than any number.
        excess = np.where(np.isfinite(residual + tolerance), excess, np.inf)
        place = np.unravel_index(np.argmax(excess), excess.shape)
        if excess[place] > ratio:
            ratio = float(excess[place])
            numbers = float(residual[place]), float(tolerance[place])
            told = place if excess.shape[-1] > 1 else place[:-1]  # one example has no number
            entry = case, at, told, left[place], right[place]
    if entry is None:
        return Witness(False, "no case satisfies the hypotheses")
    return Witness(ratio <= 1, _entry(statement, *entry), *numbers, count)


def added_up(statement: Eq, case: Any, at: dict[Any, Any]) -> Array:
    """The size of what is added up on either side before anything cancels."""
    left, right = statement.args
    size = table(left, statement, case.magnitudes, at)
    if isinstance(right, MatrixExpr) or (sums := without_minus(right)) == right:
        return size
    return np.maximum(size, table(sums, statement, case.magnitudes, at))


@cache
def without_minus(expr: Expr) -> Expr:
    """The expression with every difference made a sum, except in what functions are taken of."""

    def sums(e: Expr) -> Expr | None:
        if isinstance(e, Add):
            terms = (term.as_coeff_Mul() for term in e.args)
            return Add(*(abs(number) * without_minus(rest) for number, rest in terms))
        if isinstance(e, Sum):
            return Sum(without_minus(e.function), *e.limits)
        return e if isinstance(e, Function) else None

    return replaced(expr, sums)


def _entry(statement: Eq, case: Any, at: Any, place: Any, left: float, right: float) -> str:
    letters = component(statement).atoms(Letter)
    names = [str(index) for index, _, _ in free_indices(component(statement))]
    where = [f"{name} = {n + 1}" for name, n in zip(names, place, strict=False)]
    where += [f"l = {at[l]}"] if any(l in s.layer.free_symbols for s in letters) else []
    called = getattr(case, "example", lambda n: f"example {n + 1}")
    where += [called(place[-1])] if len(place) > len(names) else []
    left, right = left + 0.0, right + 0.0  # no minus before a zero
    return f"left side {left:.6g}, right side {right:.6g} at {', '.join(where)}; {case.name}"


def printed(statement: Eq, at: dict[Any, Any]) -> Sides:
    """Both sides of an equation as printed, every derivative in it measured."""

    def sides(case: Numbers) -> tuple[Array, Array]:
        left, right = (table(side, statement, case, at) for side in statement.args)
        return left, right

    return sides


def against_formula(side: Expr, claim: Claim, found: Instances) -> Witness:
    """One side of a claim's equation as printed against its formula as run."""
    formula = claim.formula
    assert formula is not None

    def sides_at(at: dict[Any, Any]) -> Sides:
        return lambda case: (table(side, claim.statement, case, at), formula(case, at[l]))

    try:
        return worst(sides_at, found, claim.statement)
    except Exception as error:
        return Witness(False, f"the formula does not run, {type(error).__name__}: {error}")


def measured(claim: Claim, found: Instances) -> Witness:
    """The left side from its definition against the formula (the right side, if it has none)."""
    if claim.order:
        return approximate(claim, found)
    if claim.formula is None:
        # An inequality, and then the equation that it follows from.
        witness = Witness(False, "")
        for said in dict.fromkeys((claim.statement, claim.equation)):
            witness = worst(partial(printed, said), found, said)
            if not witness.holds:
                break
        return witness
    return against_formula(claim.statement.lhs, claim, found)


def approximate(claim: Claim, found: Instances) -> Witness:
    """Halve the step: a remainder of order p is divided by 2^p, or is no more than rounding.

    The residual is by how much the observed order, on the worst case, falls short of p.
    """
    count, short, detail = 0, -np.inf, ""
    for case, at in found:
        count += 1
        whole, half = (remainder(claim, case, at, step) for step in (COARSE, COARSE / 2))
        order = np.inf if half <= rounded_off(claim, case, at) else np.log2(whole / half)
        # What is undefined never passes.
        missing = claim.order - order if np.isfinite(whole + half) else np.inf
        if missing > short:
            short = missing
            detail = f"halving the step divides the remainder by {2**order:.4g}"
    if not count:
        return Witness(False, "no case satisfies the hypotheses")
    residual = max(float(short), 0.0)
    return Witness(residual <= SHORT_OF_ORDER, detail, residual, SHORT_OF_ORDER, count)


def remainder(claim: Claim, case: Any, at: dict[Any, Any], step: float) -> float:
    """How far apart the sides of an approximate equation are, at most."""
    left, right = printed(claim.statement, {**at, STEP: step})(case)
    return float(abs(left - right).max())


def rounded_off(claim: Claim, case: Any, at: dict[Any, Any]) -> float:
    """What rounding may leave of a remainder: a change is a difference of two large numbers."""
    changed = next(iter(claim.statement.atoms(Change))).args[0]
    size = abs(table(changed, Eq(changed, changed, evaluate=False), case, at)).max()
    return float(deviations(case) * EPS * size / (COARSE if claim.order == 1 else 1))


def agreement(claim: Claim, found: Instances) -> Witness:
    """The right side as printed against the formula as run, on the same numbers."""
    return against_formula(claim.statement.rhs, claim, found)


def reject(refutation: Refutation, cases: Iterable[Any]) -> Rejection:
    """Look for a case that satisfies the hypotheses and contradicts the wrong equation."""
    statement = refutation.statement
    for found in instances(statement, refutation.hypotheses, cases):
        witness = worst(lambda at: printed(statement, at), [found], statement)
        # What is undefined contradicts nothing.
        if not witness.holds and np.isfinite(witness.residual):
            return Rejection(refutation, True, witness.detail)
    return Rejection(refutation, False, "no case contradicts it")
