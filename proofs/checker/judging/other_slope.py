"""An activation with another constant than was told: a leaky rectifier's slope, those of SELU."""

from collections.abc import Iterator, Sequence

import numpy as np

from proofs.checker.calling.observe import Call, Observation
from proofs.checker.calling.precision import DOUBLE, in_single_precision
from proofs.checker.judging.beyond import inferred
from proofs.checker.judging.by_definition import Inputs
from proofs.checker.judging.other_cost import fraction
from proofs.checker.judging.residuals import NEARLY, SINGLE, forward
from proofs.checker.naming import SELU
from proofs.network import Network
from proofs.network.activations import ACTIVATIONS, Activation, leaky_relu
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


def selus(sigma: Sequence[Activation]) -> Iterator[tuple[list[Activation], bool]]:
    """The activations with the constants of SELU in either precision, if one is SELU.

    And whether they are those that were told.
    """
    z = np.linspace(-3, 3, 6)[None]
    for constants in (SELU, [in_single_precision(c) for c in SELU]):
        own = _selu(*constants)
        usual = ACTIVATIONS.values()
        off = [1.0 if s in usual else abs(s(z) / own(z) - 1).max() for s in sigma]
        if min(off) < 2 * SINGLE:
            its = [own if o < 2 * SINGLE else s for s, o in zip(sigma, off, strict=True)]
            yield its, min(off) < 4 * DOUBLE


def _selu(scale: float, deep: float) -> Activation:
    def below(z: Array) -> Array:
        return deep * np.exp(np.where(z.real > 0, 0, z))

    return Activation(
        "SELU",
        value=lambda z: scale * np.where(z.real > 0, z, below(z) - deep),
        slope=lambda z: scale * np.where(z.real > 0, 1.0, below(z)),
        cancels=np.ones_like,
        smooth=False,
    )
