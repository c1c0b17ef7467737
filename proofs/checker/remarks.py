"""What a report says beside its verdict: what was not tested, and what to return."""

import re
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from proofs.checker.calling.observe import MOST_SAID, Observation, first_of
from proofs.checker.judging.gradients_alone import Findings
from proofs.checker.report import Violation
from proofs.checker.violations import EQUATION_OF
from proofs.network import Network
from proofs.network.activations import softmax
from proofs.network.arrays import Array
from proofs.network.costs import log_likelihood

READ_OFF = (
    "the gradients were read off an update at a learning rate of {rate:g}, and carry the rounding "
    "of w / rate"
)

WITHOUT_DELTA = "delta was not returned: BP1 and BP2 are judged by nabla_b and nabla_w"

UNKNOWN = (
    "{equation}, layer {layer}: {n} of its numbers could not be measured, as where something "
    "underflows on the way, and were not tested"
)

NO_BIASES = "all biases are 0, so a missing + b would not show"

NEVER_TRAINED = (
    "nabla_b is 0 at each layer: if the biases are never trained, leave it out, as from_model does "
    "with fixed_biases=True"
)

SHAPES = "w of layer 2 has shape"

LABELS = (
    "y has one target in each column, not a whole number for each example: make labels of it by "
    "y.argmax(axis=0), or wrap a function of them in proofs.adapters.from_params(f, labels=True)"
)


def remarks(found: Sequence[Findings], first: Observation, network: Network) -> Iterator[str]:
    """What could not be told, and why."""
    if n := kinks(found):
        yield f"kinks where every slope between the two sides was accepted: {n}"
        slopes = {f"{r.equation}, layer {r.layer}": r.slope for one in found for r in one.residuals}
        yield from (f"{where}: {which}" for where, which in slopes.items() if which)
    for r in (r for one in found for r in one.residuals if r.unknown):
        yield UNKNOWN.format(equation=r.equation, layer=r.layer, n=r.unknown)
    if not any(b.any() for b in network.biases):
        yield NO_BIASES
    returned = set(first.numbers)
    if "delta" not in returned:
        yield WITHOUT_DELTA
    for letter in sorted({"nabla_b", "nabla_w"} - returned):
        yield f"{letter} was not returned: {EQUATION_OF[letter]} was not tested"


def kinks(found: Iterable[Findings]) -> int:
    """How often a derivative is a matter of convention."""
    return sum(r.kinks for one in found for r in one.residuals)


def asks(
    found: Sequence[Findings], violations: Iterable[Violation], first: Observation
) -> Iterator[str]:
    """What to return so that it shows which equation is broken."""
    yield from (text for one in found for text in one.unclear)
    broken, returned = {v.equation for v in violations}, set(first.numbers)
    if "BP1" in broken and not {"z", "a"} <= returned:
        yield "BP1, or forward z or forward a of the last layer: return z and a to see which"
    if "forward a" in broken and "z" not in returned:
        yield "forward a, or forward z of the same layer: return z to see which"


def said(seen: Observation) -> Iterator[str]:
    """What is to be said of a call by itself: flat or still biases, and what it printed."""
    if seen.flat:
        yield (
            "nabla_b is flat, not a column of shape (n, 1): right where b is flat too; a column b "
            "less a flat nabla_b spreads into (n, n)"
        )
    still, moved = (seen.numbers.get(letter, {}).values() for letter in ("nabla_b", "nabla_w"))
    if still and not any(map(np.any, still)) and any(map(np.any, moved)):
        yield NEVER_TRAINED
    lines = seen.said.strip().splitlines()
    if lines:
        more = "more than " * (len(seen.said) >= MOST_SAID)
        yield f"it printed {more}{first_of(lines)}"


def of_shapes(problem: str, network: Network) -> Iterator[str]:
    """What the shapes are, where an error says that two of them do not fit."""
    if re.search(r"matmul|broadcast|shapes|dimension|inhomogeneous|axes, being", problem):
        yield (
            f"{SHAPES} (n_out, n_in) = {network.w[2].shape}, and x has one example in each column, "
            "before an adapter turns them; a function whose examples are rows is wrapped in "
            "proofs.adapters.from_params(f, rows=True), with flat=True where its b has one axis"
        )
    if "arrays used as indices must be of integer" in problem:
        yield LABELS


def of_targets(network: Network, y: Array, violations: Iterable[Violation]) -> Iterator[str]:
    """That what BP1 has is right for other targets than these, as a - y with softmax is."""
    needs = [d.needs for v in violations if v.equation == "BP1" for d in v.diagnoses if d.needs]
    usual = (network.sigma[network.L], network.cost) == (softmax, log_likelihood)
    if needs and usual and not np.allclose(y.sum(axis=0), 1):
        yield f'{needs[0]}; these are others (battery(..., targets="soft") has none of them)'


def untested(first: Observation) -> Iterator[str]:
    """That nothing came by which an equation can be tested."""
    if not first.misshapen and not first.numbers.keys() & {"delta", "nabla_b", "nabla_w"}:
        names = ", ".join(first.numbers)
        yield f"it returned {names} alone: without delta or gradients there is nothing to test"
