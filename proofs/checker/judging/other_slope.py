"""A rectifier that leaks otherwise than was told: its slope, read off the activations below 0."""

import numpy as np

from proofs.checker.calling.observe import Observation
from proofs.checker.judging.beyond import Call, inferred
from proofs.checker.judging.by_definition import Inputs
from proofs.checker.judging.other_cost import fraction
from proofs.checker.judging.residuals import NEARLY, forward
from proofs.network import Network
from proofs.network.activations import leaky_relu
from proofs.network.arrays import Array


def other_slope(
    call: Call, network: Network, x: Array, y: Array, first: Observation
) -> float | None:
    """The one slope of all leaky rectifiers where z < 0, if it is not that of `leaky_relu`."""
    if "a" in first.numbers:
        n = Inputs(network, x, y).of(first, first.numbers)
        found = [(r, n) for r in forward(n)]
    else:
        found = list(inferred(call, network, x, y))
    slopes = [
        (r.came / n.z[r.layer])[n.z[r.layer] < 0]
        for r, n in found
        if r.equation == "forward a" and network.sigma[r.layer] is leaky_relu
    ]
    told = np.concatenate([np.zeros(0), *slopes])
    if len(told) < 2 or not np.allclose(told, np.median(told), rtol=NEARLY):
        return None
    slope = float(np.median(told))
    return None if np.isclose(slope, 0.01, rtol=NEARLY) else fraction(slope)
