"""Why it is believed: the verdict on a claim, by all of its witnesses."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from proofs.claims import find
from proofs.claims.claim import Claim
from proofs.witnesses import checking
from proofs.witnesses.checking import MOST_CASES, Verdict


@cache
def verdict(tag: str) -> Verdict:
    """The verdict on the claim with this tag, kept for later calls.

    Raises KeyError, which names the known tags, if there is none.
    """
    return checking.check(find(tag), find)


def check(claim: Claim, cases: Iterable[Any] = (), most: int = MOST_CASES) -> Verdict:
    """The verdict on any claim, on a limited number of the standard networks or of the cases."""
    return checking.check(claim, find, cases, most)
