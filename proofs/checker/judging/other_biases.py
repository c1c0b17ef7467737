"""Whether a pass goes by other biases than it was given: none, or one for a whole layer."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from proofs.checker.calling.observe import Call, Observation
from proofs.checker.judging.by_definition import Inputs
from proofs.checker.judging.kept import same
from proofs.network import Network
from proofs.network.arrays import Array

TAKES_NONE = (
    "the same comes for biases that are 0, and no gradient for them: a network without biases; "
    "tell the check so (--no-biases, battery(..., biases=False), or biases of 0) and return "
    "(None, nabla_w)"
)

ONE_FOR_ALL = (
    "the same comes where each layer has one bias for all of its neurons, {}: that is another "
    "network than one with a bias for each, as here; nothing is judged"
)

OTHERWISE, NOTHING = 1e-3, 1e-6
"""Other biases tell only where they move an error of some layer by more than the first of these
parts of its largest. A largest below the second part of that of all layers is only rounding."""


def other_biases(call_with: Callable[[Network], Call], given: Inputs, seen: Observation) -> str:
    """That it has no biases, or one for each layer, if the same comes with such; "" if not."""
    network = given.network
    if not any(b.any() for b in network.biases):
        return ""

    def alike(of: Callable[[Array], float]) -> bool:
        biases = [np.full_like(b, of(b)) for b in network.biases]
        other = network.with_arrays(network.weights, biases)
        moved = _differ(given.exactly[2], replace(given, network=other).exactly[2])
        return moved and same(call_with(other)(given.x, given.y), seen)

    misshapen = any(name == "nabla_b" for name, _ in seen.misshapen)
    own = list(seen.numbers.get("nabla_b", {}).values())
    if any(np.unique(b[b != 0]).size > 1 for b in own):
        return ""  # it has a gradient for each of them
    if alike(lambda _: 0.0):
        return "" if misshapen or any(b.any() for b in own) else TAKES_NONE
    if not any(np.ptp(b) for b in network.biases):
        return ""
    numbers: dict[str, Callable[[Array], float]] = {
        "the first": lambda b: float(b[0, 0]),
        "the last": lambda b: float(b[-1, 0]),
        "their mean": lambda b: float(b.mean()),
    }
    which = next((which for which, of in numbers.items() if alike(of)), "")
    # Biases of several neurons that are never added are not shared, but forgotten.
    forgotten = bool(which) and alike(lambda b: float(b[0, 0]) if b.size == 1 else 0.0)
    return ONE_FOR_ALL.format(which) if which and not forgotten else ""


def _differ(one: Mapping[int, Array], other: Mapping[int, Array]) -> bool:
    """Whether some error is clearly another; where neurons are saturated, none may be."""
    largest = {l: float(abs(d).max()) for l, d in one.items()}
    least = NOTHING * max(largest.values())
    return any(abs(other[l] - d).max() > OTHERWISE * max(largest[l], least) for l, d in one.items())
