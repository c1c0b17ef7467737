"""A learning rate that gradients show: read off an update, they carry the rounding of w / rate.

A gradient (w - w_new) / rate of floating-point numbers gives itself again when it is taken off w
and read off once more; any other number loses the digits that w has no place for.
"""

from dataclasses import replace

import numpy as np

from proofs.checker.calling.observe import Observation, beside
from proofs.checker.calling.precision import DOUBLE
from proofs.network import Network
from proofs.network.arrays import Array

RATES = tuple(float(f"{k}e-{e}") for e in range(6, -1, -1) for k in (1, 2, 3, 5))
"""The learning rates that are tried, the smallest first: 10 times the right one may fit too."""

DIVISORS = tuple(float(f"{k}e-{e}") for e in range(12, 0, -1) for k in (1, 2, 4, 6))
"""What differences are divided by, the smallest first for the same reason."""

SLACK = 2
"""By this many roundings a gradient may differ when it is read off once more."""

ZEROS = 4
"""So many zeros at the end of a number are chance; on the average there is one."""

SOME = 2**8
"""So many numbers are looked at first: most rates and differences are none for those already."""

FEW = 4
"""Of fewer different sizes numbers are signs, or clipped."""

BITS = 64
"""So many digits must be lost that differences do not have: as many may be so by chance."""

LOST = 40
"""So many digits must be lost that gradients read off an update do not have.

At a rate of 1 each loses one or two. By chance it is one network in 2**40 for each rate.
"""


def shown_rate(network: Network, seen: Observation) -> float | None:
    """The rate at which all gradients were read off updates of these weights; None if at none."""
    of = {"nabla_w": network.w, "nabla_b": network.b}
    came = ((vs[l], g) for name, vs in of.items() for l, g in seen.numbers.get(name, {}).items())
    pairs = list(came)
    if not pairs or seen.beside:
        return None
    w, g = (np.concatenate([v.ravel() for v in part]) for part in zip(*pairs, strict=True))
    told = (g != 0) & (w != 0) & np.isfinite(g)
    w, g = w[told], g[told]
    for rate in RATES:
        if not _again(w[:SOME], g[:SOME], rate).all():
            continue
        off = w - (w - g * rate)
        digits = np.log2(np.maximum(abs(w / (g * rate)) / (2 * SLACK), 1)).sum()
        again = _again(w, g, rate).all()
        if digits > LOST and again and _zeros(off, w).mean() < ZEROS:
            return rate
    return None


def _again(w: Array, g: Array, rate: float) -> Array:
    """Which gradients come again when they are taken off w and read off once more."""
    off = w - (w - g * rate)
    return abs(off / rate - g) <= SLACK * DOUBLE * abs(g)


def _zeros(off: Array, w: Array) -> Array:
    """How many digits of w - (w - off) are 0 at its end, of those that w and w - off both have.

    Of a number read off that is a matter of chance. Numbers in single precision, or sums of them,
    have many more, and then w takes a step whole at any rate.
    """
    last = (np.frexp(off)[0] * 2.0**53).astype(np.int64)
    own = np.ldexp((last & -last).astype(float), np.frexp(off)[1] - 53)
    return np.log2(own / np.minimum(np.spacing(abs(w)), np.spacing(abs(w - off))))


def differences(network: Network, x: Array, y: Array, seen: Observation) -> bool:
    """Whether all gradients are differences of the cost over some h or 2 h.

    Two numbers of the size of the cost differ by a whole number of units in its last place.
    """
    pairs = [
        (of[l].ravel(), g.ravel())
        for name, of in (("nabla_w", network.w), ("nabla_b", network.b))
        for l, g in seen.numbers.get(name, {}).items()
    ]
    if not pairs:
        return False
    w, g = (np.concatenate(part) for part in zip(*pairs, strict=True))
    w, g = w[g != 0], g[g != 0]
    if np.unique(abs(g[:SOME])).size < FEW and np.unique(abs(g)).size < FEW:
        return False
    cost = network.average_cost(x, y)
    if not (np.isfinite(cost) and np.isfinite(g).all()):
        return False
    unit = np.spacing(cost) / 2
    for divisor in DIVISORS:
        if not _whole(g[:SOME] * divisor / unit)[0].all():
            continue
        near, rounded = _whole(g * divisor / unit)
        if near.all() and rounded.max(initial=0) < 2**-6:
            # Read off an update, those of large weights are whole in the last place of these.
            of_w = np.spacing(abs(w)) / 2
            large = of_w > unit
            of_update = abs(g * divisor / of_w - np.round(g * divisor / of_w)) <= rounded
            if large.any() and of_update[large].all():
                return False
            return bool(np.log2(1 / (2 * rounded)).sum() > BITS)
    return False


def _whole(numbers: Array) -> tuple[Array, Array]:
    """Which are whole and not 0, but for what rounding does to them; and that."""
    rounded = 4 * DOUBLE * np.maximum(abs(numbers), 1)
    near = abs(numbers - np.round(numbers)) <= rounded
    return near & (np.round(numbers) != 0), rounded


def read_off(seen: Observation, network: Network, rate: float) -> Observation:
    """What was observed, where gradients were rounded beside w / rate and b / rate."""
    if not rate:
        return seen
    return replace(seen, beside=beside(network.weights, network.biases, rate), rate=rate)
