"""The one list of claims that pages, tests and the command line read."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from proofs import checking
from proofs.checking import MOST_CASES, Verdict
from proofs.claim import Claim
from proofs.derivations import (
    bp1,
    bp2,
    bp3_bp4,
    chain,
    forward,
    outputs,
    paths,
    saturation,
    shares,
    softmax,
    temperature,
)

CLAIMS: dict[str, Claim] = {
    claim.tag: claim
    for module in (
        *(forward, chain, bp1, softmax, bp2, bp3_bp4, paths),
        *(shares, temperature, outputs, saturation),
    )
    for claim in module.CLAIMS
}
"""Every claim by its tag, in the order of the chapter."""


def find(tag: str) -> Claim:
    """The claim of a tag; KeyError with the known tags if there is none."""
    if tag not in CLAIMS:
        raise KeyError(f"there is no claim ({tag}); the claims are {', '.join(CLAIMS)}")
    return CLAIMS[tag]


@cache
def verdict(tag: str) -> Verdict:
    """The verdict on the claim of a tag, reached once."""
    return checking.check(find(tag), find)


def check(claim: Claim, cases: Iterable[Any] = (), most: int = MOST_CASES) -> Verdict:
    """The verdict on any claim, on at most so many of the standard networks or of the cases."""
    return checking.check(claim, find, cases, most)
