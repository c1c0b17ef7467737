"""An activation with another constant than was told: a leaky rectifier's slope, those of SELU, the
temperature of softmax."""

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
from proofs.network.activations import ACTIVATIONS, Activation, leaky_relu, softmax
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


def temperature(given: Inputs, alone: Observation) -> float | None:
    """The T of softmax(z/T) whose errors one example shows, if it is not 1.

    Where y is 0, delta is softmax(z/T) times 1/T, or times 1 or T, as people keep it alike for all
    temperatures: its logarithm rises with z/T.
    """
    delta = alone.numbers.get("delta", alone.numbers.get("nabla_b", {})).get(given.network.L)
    off = given.y[:, 0] == 0
    if alone.problem or delta is None or off.sum() < 2 or not (delta[off] > 0).all():
        return None
    z = given.forward[0][given.network.L]
    z_off, logs = z[off, 0], np.log(delta[off, 0])
    T = float(np.ptp(z_off) / (logs[z_off.argmax()] - logs[z_off.argmin()]))
    if not 0 < T < np.inf:
        return None
    T = fraction(T)
    times = delta[off] / softmax(z / T)[off]
    known = any(np.allclose(times, c, rtol=NEARLY) for c in (1 / T, 1.0, T))
    return T if known and abs(T - 1) > NEARLY else None


def tempered(T: float) -> Activation:
    """softmax(z/T)."""
    return Activation(
        f"softmax of z/{T:g}",
        value=lambda z: softmax(z / T),
        full=lambda z: softmax.jacobian(z / T) / T,
        cancels=lambda z: softmax(z / T) / T,
        range=(0, 1),
    )
