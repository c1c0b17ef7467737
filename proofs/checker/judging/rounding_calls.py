"""Which inputs a pass rounds, told by its own calls: the same comes where they are rounded."""

from collections.abc import Callable

from proofs.checker.calling.observe import Call, Observation
from proofs.checker.calling.precision import DIGITS, DOUBLE
from proofs.checker.judging.by_definition import Inputs
from proofs.checker.judging.coarse import with_rounded
from proofs.checker.judging.kept import same
from proofs.network import Network

COARSER = 4
"""What gives the same for as few binary digits is no input that is rounded, but one not used."""


def as_it_rounds(call_with: Callable[[Network], Call], given: Inputs, seen: Observation) -> Inputs:
    """The inputs, with those rounded that a pass in doubles rounds by itself.

    For rounded inputs it is a call like any other, so whatever is wrong beside that is judged.
    """
    if seen.eps > DOUBLE:
        return given

    def rounds(what: tuple[str, ...], digits: int) -> bool:
        other = with_rounded(given, what, digits)
        return other is not given and same(call_with(other.network)(other.x, other.y), seen)

    layers = given.network.layers
    parts = [("x",), ("y",), *(tuple(f"{v} of layer {l}" for l in layers) for v in "wb")]
    parts = [what for what in parts if rounds(what, max(DIGITS)) and not rounds(what, COARSER)]
    if len(parts) > 2:  # a pass in that precision as a whole shows it by its numbers
        return given
    for digits in DIGITS if parts else ():
        if what := tuple(name for part in parts if rounds(part, digits) for name in part):
            return with_rounded(given, what, digits)
    return given
