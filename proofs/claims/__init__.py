"""What is said: the one list of claims that pages, tests and the command line read."""

from proofs.claims.claim import Claim
from proofs.claims.derivations import (
    algorithm,
    attention,
    bp1,
    bp2,
    bp3_bp4,
    cells,
    chain,
    forward,
    normalisation,
    outputs,
    paths,
    rotation,
    saturation,
    shares,
    sharing,
    smaller,
    softmax,
    temperature,
    windows,
)

CLAIMS: dict[str, Claim] = {
    claim.tag: claim
    for module in (
        *(forward, chain, bp1, softmax, bp2, bp3_bp4, algorithm, paths),
        *(shares, temperature, outputs, saturation),
        *(attention, rotation, normalisation, sharing, windows, cells, smaller),
    )
    for claim in module.CLAIMS
}
"""Every claim by its tag, in the order of the chapter."""


def find(tag: str) -> Claim:
    """The claim with this tag. Raises KeyError, which names the known tags, if there is none."""
    if tag not in CLAIMS:
        raise KeyError(f"there is no claim ({tag}); the claims are {', '.join(CLAIMS)}")
    return CLAIMS[tag]
