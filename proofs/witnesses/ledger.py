"""The ledger: what the check of each claim came to, in a row to read and in JSON for programs."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite
from typing import Any

from proofs.claims import find
from proofs.claims.claim import Claim
from proofs.measuring.cases import Case, standard_cases
from proofs.witnesses import check
from proofs.witnesses.checking import (
    Verdict,
    Witness,
    agreement,
    instances,
    measured,
    reject,
    symbolic,
)

DEEP_SEEDS = 3
"""How often the deep check draws each standard network; it leaves out none of them."""

COLUMNS = ("Tag", "Holds", "Symbolic", "Measured", "Printed = run", "Rejected", "Claim")
"""The heads of the ledger's columns."""


@dataclass(frozen=True)
class Entry:
    """A claim and its verdict, None if the network asked for is outside the claim's hypotheses."""

    claim: Claim
    verdict: Verdict | None

    @property
    def holds(self) -> bool | None:
        """Whether the claim holds; None if it was not checked."""
        return self.verdict.holds if self.verdict else None


def entry(claim: Claim, deep: bool = False) -> Entry:
    """The claim, checked on a sample of the standard networks, or on all of three draws of them."""
    if not deep:
        return Entry(claim, check(claim))
    cases = claim.cases or standard_cases(DEEP_SEEDS)
    return Entry(claim, check(claim, cases, most=len(cases) * max(c.depth for c in cases)))


def applies(claim: Claim, case: Case) -> bool:
    """Whether the network of a case has a layer that meets the hypotheses of a claim."""
    return any(True for _ in instances(claim.statement, claim.hypotheses, [case]))


def entry_on(case: Case, claim: Claim) -> Entry:
    """The claim, checked on one network, at all layers that meet its hypotheses.

    A wrong equation is wrong in general, not on every network: where this one does not contradict
    it, the standard networks must.
    """
    if not applies(claim, case):
        return Entry(claim, None)
    found = list(instances(claim.statement, claim.hypotheses, [case]))
    cases = (case, *(claim.cases or standard_cases()))
    verdict = Verdict(
        claim,
        symbolic(claim, find),
        measured(claim, found),
        agreement(claim, found) if claim.formula else None,
        tuple(reject(refutation, cases) for refutation in claim.refutations),
    )
    return Entry(claim, verdict)


def cells(entry: Entry) -> tuple[str, ...]:
    """The row of a claim under COLUMNS."""
    claim, verdict = entry.claim, entry.verdict
    if verdict is None:
        return (claim.tag, "-", "", "", "", "", f"{claim.title} (not applicable to this network)")
    proved = "SymPy's own" if claim.axiom else "every width"
    rejected = sum(r.rejected for r in verdict.rejections)
    return (
        claim.tag,
        "yes" if verdict.holds else "NO",
        proved if verdict.symbolic.holds else "fails",
        _measured(claim, verdict.measured),
        _short(verdict.agreement) if verdict.agreement else "",
        f"{rejected} of {len(verdict.rejections)}" if verdict.rejections else "",
        claim.title,
    )


def _measured(claim: Claim, witness: Witness) -> str:
    if claim.definition and witness.holds:
        return "definition"
    return f"order {claim.order}, {_short(witness)}" if claim.order else _short(witness)


def _short(witness: Witness) -> str:
    relation = "<=" if witness.holds else ">"
    return f"{witness.residual:.0e} {relation} {witness.tolerance:.0e}"


def objections(entries: Iterable[Entry]) -> list[str]:
    """Why claims do not hold, a line for each of those."""
    return [e.verdict.objection for e in entries if e.verdict and not e.verdict.holds]


def summary(entries: Iterable[Entry]) -> str:
    """How many claims hold, fail or do not apply, in a line."""
    holds = [entry.holds for entry in entries]
    text = f"{holds.count(True)} of {len(holds)} claims hold, {holds.count(False)} fail"
    outside = holds.count(None)
    return f"{text}, {outside} are not applicable to this network" if outside else text


def record(entry: Entry) -> dict[str, Any]:
    """A claim for programs.

    A claim without a formula has no witness "agreement".
    A claim that does not apply to the network has "holds": null, and neither witnesses nor
    refutations.
    """
    claim, verdict = entry.claim, entry.verdict
    return {
        "tag": claim.tag,
        "title": claim.title,
        "holds": entry.holds,
        "witnesses": {
            name: _testimony(name, witness)
            for name, witness in (verdict.witnesses if verdict else {}).items()
        },
        "refutations": [
            {"name": r.refutation.name, "rejected": r.rejected, "detail": r.detail}
            for r in (verdict.rejections if verdict else ())
        ],
    }


def _testimony(name: str, witness: Witness) -> dict[str, Any]:
    if name == "symbolic":
        return {"holds": witness.holds, "detail": witness.detail}
    return {
        "holds": witness.holds,
        "residual": _number(witness.residual),
        "tolerance": _number(witness.tolerance),
        "cases": witness.cases,
    }


def _number(value: float) -> float | None:
    """JSON has no name for what is infinite or undefined."""
    return value if isfinite(value) else None
