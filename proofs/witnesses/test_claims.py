"""Every claim and every wrong equation as a test: `pytest --pyargs proofs`.

For those who installed the package only; the tests of the repository are in tests/.
"""

from typing import Any

from proofs.claims import CLAIMS
from proofs.witnesses import verdict

WRONG = {
    f"{tag}: {refutation.name}": (tag, place)
    for tag, claim in CLAIMS.items()
    for place, refutation in enumerate(claim.refutations)
}


def pytest_generate_tests(metafunc: Any) -> None:
    """A test for each of them. The hook needs no import of pytest, which the package lacks."""
    if "tag" in metafunc.fixturenames:
        metafunc.parametrize("tag", CLAIMS)
    if "wrong" in metafunc.fixturenames:
        metafunc.parametrize("wrong", WRONG)


def test_claim_holds(tag: str) -> None:
    """Each of its witnesses says so."""
    found = verdict(tag)
    assert all(witness.holds for witness in found.witnesses.values()), found.objection


def test_wrong_equation_is_rejected(wrong: str) -> None:
    """There is a network that contradicts it."""
    tag, place = WRONG[wrong]
    rejection = verdict(tag).rejections[place]
    assert rejection.rejected, rejection.detail
