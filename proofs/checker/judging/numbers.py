"""The numbers that a backward pass went by: its own where it returned them, else ours."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

import numpy as np

from proofs.checker.calling.precision import Place
from proofs.checker.judging.once import once
from proofs.measuring.clock import tick
from proofs.measuring.complex_parts import Pushed, pushed
from proofs.measuring.one_number import h
from proofs.measuring.one_pass import MEMORY, products
from proofs.network import Network
from proofs.network.activations import ACTIVATIONS, Activation
from proofs.network.arrays import Array

NEAR = 64
"""By this many roundings a weighted input may be past a kink."""

ALIVE = 32 * 8
"""The bytes in work for each number of an example, in the widest layer."""


@dataclass(frozen=True)
class Numbers:
    """One run of a backward pass, all by layer; `a` begins with the input a^1 = x.

    `given` names what is its own among z, a and delta.
    What is ours may differ from its own by rounding: `off` says by how much, in units of `eps`,
    its rounding unit; that of the input is the input, with its sign.
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
    off: dict[Place, Array] = field(default_factory=dict)
    directions: int = 0
    """Along how many random directions BP4 is tested; 0 for every entry."""
    units: dict[Place, float] = field(default_factory=dict)
    """The rounding unit that an array of its own shows, where that is not `eps`."""
    judged: dict[Place, Any] = field(default_factory=dict, init=False, compare=False, repr=False)
    """What was found of BP3 and BP4 at each layer, and left over: several ask for it."""

    @property
    def m(self) -> int:
        """The number of examples."""
        return self.y.shape[1]

    def width(self, l: int) -> int:
        """n_l."""
        w = self.network.w
        return len(w[l]) if l > 1 else w[2].shape[1]


def numbers(
    network: Network,
    x: Array,
    y: Array,
    own: dict[str, dict[int, Array]],
    eps: float,
    directions: int = 0,
    beside: dict[Place, Array] | None = None,
    units: dict[Place, float] | None = None,
    memory: int = MEMORY,
) -> Numbers:
    """Its own numbers by letter and layer, completed by a forward pass that starts from them.

    `beside` is what was added to its gradients and taken away again, such as a penalty;
    `units` are those of its own arrays; `memory` bounds the bytes of the forward pass.
    """
    z, a, off = in_parts(
        lambda p: _way(network, x[:, p], _some(own, p), eps), x.shape[1], network.sizes, memory
    )
    return Numbers(
        network,
        y,
        z,
        {1: x, **a},
        own.get("delta", {}),
        own.get("nabla_b", {}),
        own.get("nabla_w", {}),
        frozenset(own),
        eps,
        {("a", 1): x, **(beside or {}), **off},
        directions,
        units or {},
    )


def _some(own: dict[str, dict[int, Array]], p: slice) -> dict[str, dict[int, Array]]:
    return {letter: {l: v[:, p] for l, v in own.get(letter, {}).items()} for letter in "za"}


def _way(
    network: Network, x: Array, own: dict[str, dict[int, Array]], eps: float
) -> tuple[dict[int, Array], dict[int, Array], dict[Place, Array]]:
    """z, a and how far they may be off, of the layers 2..L."""
    z, a, off = dict(own["z"]), {1: x, **own["a"]}, {("a", 1): x}
    for l in network.layers:
        w, b, sigma = network.w[l], network.b[l], network.sigma[l]
        if l in z:
            off["z", l] = abs(z[l])
        elif l - 1 in a:
            # Independent errors add as squares.
            unit = _unit(a[l - 1])
            terms = (a[l - 1] / unit) ** 2 + (off["a", l - 1] / unit) ** 2
            product, squares = products(w, a[l - 1], terms)
            z[l], off["z", l] = product + b, unit * np.sqrt(squares + (b / unit) ** 2)
        if l in a:
            off["a", l] = np.zeros_like(a[l])
        else:
            a[l] = sigma(z[l])
            size = abs(a[l]) + cancels_in(sigma, z[l])
            off["a", l] = size + moved(network, l, z[l], off["z", l], eps)
    del a[1], off["a", 1]
    return z, a, off


def _unit(a: Array) -> float:
    """1, or what numbers whose squares might overflow are measured in."""
    largest = abs(a).max(initial=0)
    return float(largest) if 2.0**400 < largest < np.inf else 1.0


def in_parts(
    of: Callable[[slice], Sequence[dict[Any, Array]]], m: int, sizes: Sequence[int], memory: int
) -> Sequence[dict[Any, Array]]:
    """What is computed of some examples, of all of them: as many at a time as the memory allows."""
    most = max(1, memory // (ALIVE * max(sizes)))
    parts = []
    for start in range(0, m, most):
        tick("delta by the definition", start, m)
        parts.append(of(slice(start, start + most)))
    if len(parts) == 1:
        return parts[0]
    together = zip(*parts, strict=True)
    return [{at: np.hstack([one[at] for one in its]) for at in its[0]} for its in together]


def cancels_in(sigma: Activation, z: Array) -> Array | float:
    """What may cancel in an activation of one's own, as in exp(z) - 1 and in z (1 + tanh(z)) / 2.

    Of those of this package it is known that nothing does.
    """
    if sigma.cancels is None or not sigma.local or ACTIVATIONS.get(sigma.name) is sigma:
        return 0.0
    return sigma.cancels(z)


@once
def slope(sigma: Activation, z: Array) -> Array:
    """da_k/dz_k of a local activation."""
    along: Callable[[Any], Any] = sigma
    return np.asarray(pushed(along(Pushed(z, np.full_like(z, h)))).imag / h)


def moved(network: Network, l: int, z: Array, by: Array, eps: float) -> Array:
    """How far each a^l_k moves when the z^l_j move by so much, in units of eps, independently.

    At most from one end of its range to the other.
    """
    sigma = network.sigma[l]
    low, high = sigma.range
    with np.errstate(all="ignore"):
        if sigma.local and not sigma.smooth:
            # Past a kink the slope is another: that of the steeper side counts.
            sides = (z + side * NEAR * eps * by for side in (-1, 1))
            reached = np.max([abs(slope(sigma, side)) for side in sides], axis=0) * by
        elif sigma.local:
            reached = abs(slope(sigma, z)) * by
            if (far := eps * by).max(initial=0) > 1:
                # So far away, as where huge numbers cancel, the slope at z says nothing.
                ends = (abs(sigma(there) - sigma(z)) / eps for there in within(z, far))
                reached = reduce(np.maximum, ends, reached)
        else:
            each = [column * by[j] for j, column in enumerate(columns(sigma, z))]
            reached = reduce(np.hypot, each, np.zeros_like(z))
            if (far := eps * by).max(initial=0) > 1:
                # As where one of two huge numbers is the larger by rounding alone.
                ends = (abs(sigma(there) - sigma(z)) / eps for there in drawn_near(z, far))
                reached = reduce(np.maximum, ends, reached)
        return np.minimum(reached, (high - low) / eps)


def within(z: Array, by: Array) -> Iterator[Array]:
    """Where each z may be if it moves by up to so much: its two ends and, of a long way, what is
    nearest to 0, where slopes are steepest.
    """
    yield z + by
    yield z - by
    if by.max(initial=0) > 1:
        yield z - np.clip(z, -by, by)


def drawn_near(z: Array, by: Array) -> Iterator[Array]:
    """z, each number moved by some part of so much, eight times."""
    random = np.random.default_rng(0)
    yield from (z + by * random.uniform(-1, 1, z.shape) for _ in range(8))


@once
def columns(sigma: Activation, z: Array) -> Array:
    """da_k/dz_j of all k, (n, n, m), first by j: z_j is pushed by ih, alone."""
    moved = np.empty((len(z), *z.shape))
    for j in range(len(z)):
        push = z.astype(complex)
        push[j] += 1j * h
        moved[j] = sigma(push).imag / h
    return moved
