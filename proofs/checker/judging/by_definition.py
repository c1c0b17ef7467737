"""What a backward pass is given, and delta of that by the definition, off by what rounding does."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from proofs.checker.calling.observe import Observation
from proofs.checker.calling.precision import Place
from proofs.checker.judging.numbers import Numbers, in_parts, numbers
from proofs.checker.judging.residuals import (
    delta_of_cost,
    of_gradients,
    sent,
    sent_size,
    size_of_delta,
)
from proofs.measuring.directions import MANY
from proofs.measuring.one_pass import MEMORY, products
from proofs.network import Network
from proofs.network.arrays import Array

SAMPLES = 4
"""So often all numbers are rounded anew, to see how far delta moves."""

GRADIENTS = ("nabla_b", "nabla_w")

NOT_ESTIMATED = 1e-150
"""Stands for rounding: so little that nothing is allowed for it, but not 0, which says that nothing
is added up."""


@dataclass(frozen=True)
class Inputs:
    """What a backward pass is taken to have worked with, and what of it is rounded, to what.

    `memory` bounds the bytes that a forward pass takes at one time, as far as one example does.
    """

    network: Network
    x: Array
    y: Array
    what: tuple[str, ...] = ()
    digits: int = 0
    memory: int = MEMORY
    _ours: dict[float, Numbers] = field(default_factory=dict, init=False, compare=False, repr=False)
    far: dict[Any, Sequence[dict[int, Array]]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
    """z, a and delta of networks with more in them than the one, by what that is."""
    _asked: list[tuple[Observation, int, Numbers]] = field(
        default_factory=list, init=False, compare=False, repr=False
    )

    def of(
        self, seen: Observation, own: dict[str, dict[int, Array]], directions: int = 0
    ) -> Numbers:
        """The numbers of a call, where `own` are those of its own."""
        how = seen.eps, directions, seen.beside, seen.units
        return numbers(self.network, self.x, self.y, own, *how, self.memory)

    def gradients(self, seen: Observation, directions: int = 0) -> Numbers:
        """Its nabla_b and nabla_w beside z, a and delta by the definition.

        Those are computed once for each precision, whatever is asked of them.
        """
        for asked, along, n in self._asked:
            if asked is seen and along == directions:
                return n
            if asked is seen and ("z", 2) not in n.off:  # they hold without an estimate
                return replace(n, directions=directions)
        n = self._quickly(seen, directions) or self._estimated(seen, directions)
        self._asked.append((seen, directions, n))
        return n

    def _quickly(self, seen: Observation, directions: int) -> Numbers | None:
        """The numbers without an estimate of rounding, where many examples hold without one.

        Where z is next to a kink the estimate says how near it is.
        """
        smooth = all(sigma.smooth for sigma in self.network.sigma.values())
        quick = bool(directions) and smooth and self.x.shape[1] >= MANY
        n = self.bare(seen, directions) if quick else None
        return n if n and _hold(n) else None

    def _estimated(self, seen: Observation, directions: int) -> Numbers:
        if seen.eps not in self._ours:
            nothing = numbers(self.network, self.x, self.y, {}, seen.eps, memory=self.memory)
            self._ours[seen.eps] = with_ours(nothing, self.memory)
        b, w = (seen.numbers.get(name, {}) for name in GRADIENTS)
        ours = self._ours[seen.eps]
        off, units = {**seen.beside, **ours.off}, seen.units
        n = replace(ours, nabla_b=b, nabla_w=w, given=frozenset(GRADIENTS), off=off)
        return replace(n, directions=directions, units=units)

    @np.errstate(all="ignore")
    def bare(self, seen: Observation, directions: int = 0) -> Numbers:
        """The same without an estimate of the rounding of z, a and delta, which takes most time."""
        z, a, delta = self.exactly
        b, w = (seen.numbers.get(name, {}) for name in GRADIENTS)
        off = {
            (letter, l): np.broadcast_to(NOT_ESTIMATED, v.shape)
            for letter, of in (("a", a), ("delta", delta))
            for l, v in of.items()
        }
        own = frozenset(GRADIENTS), seen.eps, {**seen.beside, **off}, directions, seen.units
        return Numbers(self.network, self.y, z, a, delta, b, w, *own)

    @cached_property
    @np.errstate(all="ignore")
    def forward(self) -> Sequence[dict[int, Array]]:
        """z and a by layer; a begins with x."""

        def of_some(p: slice) -> tuple[dict[int, Array], dict[int, Array]]:
            z, a = self.network.through(self.x[:, p])
            return z, {l: a[l] for l in z}

        z, a = in_parts(of_some, self.x.shape[1], self.network.sizes, self.memory)
        return z, {1: self.x, **a}

    @cached_property
    @np.errstate(all="ignore")
    def exactly(self) -> Sequence[dict[int, Array]]:
        """z, a and delta by layer, as the definition has them."""
        z, a = self.forward

        def of_some(p: slice) -> tuple[dict[int, Array]]:
            of_z, of_a = ({l: v[:, p] for l, v in of.items()} for of in (z, a))
            some = Numbers(self.network, self.y[:, p], of_z, of_a, {}, {}, {}, frozenset(), 0.0)
            return (_delta(some),)

        (delta,) = in_parts(of_some, self.x.shape[1], self.network.sizes, self.memory)
        return z, a, delta

    def completed(self, seen: Observation, directions: int = 0) -> Numbers:
        """The same, on its own way where it returned z or a."""
        if seen.numbers.keys() & {"z", "a"}:
            return with_ours(self.of(seen, seen.numbers, directions), self.memory)
        return self.gradients(seen, directions)

    def explain(self, seen: Observation, directions: int = 0) -> bool:
        """Whether the gradients that came are those of the definition."""
        return _hold(self.gradients(seen, directions))

    def surely(self, seen: Observation, directions: int = 0) -> bool:
        """Whether gradients are all that came, so near that they hold whatever delta rounds by."""
        return seen.numbers.keys() <= set(GRADIENTS) and _hold(self.bare(seen, directions))


def in_a_column(exactly: Sequence[dict[int, Array]], seen: Observation) -> Array:
    """Each nabla_b and each nabla_w that came as z, a and delta by the definition give them."""
    return np.concatenate([np.zeros(0), *(v.ravel() for v in averages(exactly, seen).values())])


@np.errstate(all="ignore")
def at_places(exactly: Sequence[dict[int, Array]], seen: Observation, places: Array) -> Array:
    """Those that stand at some places of that column, without the others."""
    _, a, delta = exactly
    found = [np.zeros(0)]
    start = 0
    for letter in GRADIENTS:
        for l, v in seen.numbers.get(letter, {}).items():
            own = places[(start <= places) & (places < start + v.size)] - start
            j, k = np.unravel_index(own, v.shape)
            sent = delta[l][j] * (a[l - 1][k] if letter == "nabla_w" else 1)
            found.append(sent.mean(axis=1))
            start += v.size
    return np.concatenate(found)


@np.errstate(all="ignore")
def averages(exactly: Sequence[dict[int, Array]], seen: Observation) -> dict[Place, Array]:
    """The same by letter and layer."""
    _, a, delta = exactly
    b, w = (seen.numbers.get(name, {}) for name in GRADIENTS)
    return {("nabla_b", l): delta[l].mean(axis=1, keepdims=True) for l in b} | {
        ("nabla_w", l): delta[l] @ a[l - 1].T / delta[l].shape[1] for l in w
    }


@np.errstate(all="ignore")
def _hold(n: Numbers) -> bool:
    return all(r.holds for r in of_gradients(n))


@np.errstate(all="ignore")
def with_ours(n: Numbers, memory: int = MEMORY) -> Numbers:
    """The same with delta as the definition has it, off by what rounding does on all of its way."""
    sizes = n.network.sizes
    delta, off = in_parts(lambda p: _ours(_some(n, p)), n.m, [SAMPLES * k for k in sizes], memory)
    return replace(n, delta=delta, off={**n.off, **off})


def _some(n: Numbers, p: slice) -> Numbers:
    """Some of the examples."""
    z, a = ({l: v[:, p] for l, v in of.items()} for of in (n.z, n.a))
    off = {at: v[:, p] for at, v in n.off.items() if at[0] in "za"}
    return replace(n, y=n.y[:, p], z=z, a=a, off=off)


def _ours(n: Numbers) -> tuple[dict[int, Array], dict[tuple[str, int], Array]]:
    """delta of every layer, and how far it may be off."""
    network, L = n.network, n.network.L
    delta = _delta(n)
    size = {L: size_of_delta(n, L)}
    for l in range(L - 1, 1, -1):
        size[l] = sent_size(network.sigma[l], n.z[l], abs(network.w[l + 1]).T @ size[l + 1])
    moves = _rounded_anew(n, delta)
    off = {("delta", l): size[l] + abs(moves[l]).max(axis=0) / n.eps for l in delta}
    return delta, off


def _delta(n: Numbers) -> dict[int, Array]:
    """delta of every layer: z^L is pushed and the cost watched, then z^l and what BP2 watches."""
    network, L = n.network, n.network.L
    delta = {L: delta_of_cost(network, n.z[L], n.y)}
    for l in range(L - 1, 1, -1):
        delta[l] = sent(network, l, n.z[l], network.w[l + 1].T @ delta[l + 1])
    return delta


def _rounded_anew(n: Numbers, delta: dict[int, Array]) -> dict[int, Array]:
    """How delta moves, (SAMPLES, n_l, m), when every w, b, x and y is rounded anew.

    That moves a sum such as w a as independent errors of its terms do.
    """
    network, L, random = n.network, n.network.L, np.random.default_rng(0)

    def again(v: Array) -> Array:
        return np.concatenate([v] * SAMPLES, axis=1)

    def moved(v: Array, by: Array) -> Array:
        by = again(by)
        return v + n.eps * by * random.uniform(-1, 1, by.shape)

    z: dict[int, Array] = {}
    a = n.a[1]
    for l in network.layers:
        w, b = network.w[l], network.b[l]
        if "z" in n.given:
            z[l] = again(n.z[l])
        elif l == 2 or "a" in n.given:
            z[l] = moved(again(n.z[l]), n.off["z", l])
        else:
            product, squares = products(w, a, n.a[l - 1] ** 2)
            z[l] = moved(product + b, np.sqrt(squares + b**2))
        a = network.sigma[l](z[l])
    y = moved(again(n.y), n.y)
    anew = {L: delta_of_cost(network, z[L], y)}
    for l in range(L - 1, 1, -1):
        back, squares = products(network.w[l + 1].T, anew[l + 1], delta[l + 1] ** 2)
        anew[l] = sent(network, l, z[l], moved(back, np.sqrt(squares)))
    return {
        l: (d - again(delta[l])).reshape(len(d), SAMPLES, -1).swapaxes(0, 1)
        for l, d in anew.items()
    }
