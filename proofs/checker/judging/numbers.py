"""The numbers that a backward pass went by: its own where it returned them, else ours."""

from dataclasses import dataclass, field
from functools import reduce

import numpy as np

from proofs.measuring.one_number import h
from proofs.network import Network
from proofs.network.arrays import Array

NEAR = 64
"""By so many roundings a weighted input may be past a kink."""


@dataclass(frozen=True)
class Numbers:
    """One run of a backward pass, all by layer; `a` begins with the input a^1 = x.

    `given` names what is its own among z, a and delta.
    What is ours may differ from its own by rounding: `off` says by how much, in units of `eps`,
    its rounding unit.
    """

    network: Network
    y: Array
    z: dict[int, Array]
    a: dict[int, Array]
    delta: dict[int, Array]
    nabla_b: dict[int, Array]
    nabla_w: dict[int, Array]
    given: frozenset[str]
    eps: float
    off: dict[tuple[str, int], Array] = field(default_factory=dict)
    directions: int = 0
    """Along how many random directions BP4 is tested; 0 for every entry."""
    units: dict[tuple[str, int], float] = field(default_factory=dict)
    """The rounding unit that an array of its own shows, where that is not `eps`."""

    @property
    def m(self) -> int:
        """The number of examples."""
        return self.y.shape[1]

    def width(self, l: int) -> int:
        """n_l."""
        return self.network.sizes[l - 1]


def numbers(
    network: Network,
    x: Array,
    y: Array,
    own: dict[str, dict[int, Array]],
    eps: float,
    directions: int = 0,
    beside: dict[tuple[str, int], Array] | None = None,
    units: dict[tuple[str, int], float] | None = None,
) -> Numbers:
    """Its own numbers by letter and layer, completed by a forward pass that starts from them.

    `beside` is what was added to its gradients and taken away again, such as a penalty;
    `units` are those of its own arrays.
    """
    z, a = dict(own.get("z", {})), {1: x, **own.get("a", {})}
    off = {("a", 1): abs(x), **(beside or {})}
    for l in network.layers:
        w, b, sigma = network.w[l], network.b[l], network.sigma[l]
        if l in z:
            off["z", l] = abs(z[l])
        elif l - 1 in a:
            z[l] = w @ a[l - 1] + b
            # Independent errors add as squares.
            off["z", l] = np.sqrt(w**2 @ (a[l - 1] ** 2 + off["a", l - 1] ** 2) + b**2)
        if l in a:
            off["a", l] = np.zeros_like(a[l])
        else:
            a[l] = sigma(z[l])
            off["a", l] = abs(a[l]) + moved(network, l, z[l], off["z", l], eps)
    return Numbers(
        network,
        y,
        z,
        a,
        own.get("delta", {}),
        own.get("nabla_b", {}),
        own.get("nabla_w", {}),
        frozenset(own),
        eps,
        off,
        directions,
        units or {},
    )


def moved(network: Network, l: int, z: Array, by: Array, eps: float) -> Array:
    """How far each a^l_k moves when the z^l_j move by so much, in units of eps, independently."""
    sigma = network.sigma[l]
    with np.errstate(all="ignore"):
        if sigma.local and not sigma.smooth:
            # Past a kink the slope is another: that of the steeper side counts.
            sides = (z + side * NEAR * eps * by for side in (-1, 1))
            return np.max([abs(sigma(side + 1j * h).imag / h) for side in sides], axis=0) * by
        if sigma.local:
            return abs(sigma(z + 1j * h).imag / h) * by
        reached = [column * by[j] for j, column in enumerate(columns(network, l, z))]
        return reduce(np.hypot, reached, np.zeros_like(z))


def columns(network: Network, l: int, z: Array) -> list[Array]:
    """da^l_k/dz^l_j of all k, a column for each j: z_j is pushed by ih, alone."""
    pushed = []
    for j in range(len(z)):
        push = z.astype(complex)
        push[j] += 1j * h
        pushed.append(network.sigma[l](push).imag / h)
    return pushed
