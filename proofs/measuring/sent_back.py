"""J^T delta in every entry of every input, from tangents, and what the runs for it met.

A loss adds up what its examples cost, so that every number of every example seems to need a tangent
of its own. Therefore it is cut at its sums to one number: one tangent tells what a sum is sent
back, which is what each of its terms is sent; and up to the terms a tangent serves all examples.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any

import numpy as np

from proofs.measuring.jacobian import (
    Apart,
    Forward,
    Jacobian,
    along,
    axes_apart,
    block_of,
    jacobians,
    widest,
)
from proofs.measuring.leaves import Path
from proofs.measuring.tangents import Looking, Sums


@dataclass(frozen=True)
class Sent:
    """What is sent back to one input: between `low` and `high`, summed over numbers of `size`."""

    low: Any
    high: Any
    size: Any
    left: Any = None
    right: Any = None
    """What the two sides of kinks and ties send, if one was met."""


FEW = 8
ON_THE_WAY, HIDDEN = 8, 512
"""So many arrays as large as the largest that goes in or out are made on the way as a rule; where
many more may be, as the weights of attention are, they are counted by a run with few tangents."""


def sent_back(
    forward: Forward,
    deltas: Sequence[Any],
    paths: Sequence[Path],
    budget: float = np.inf,
    tied: bool = True,
    **how: Any,
) -> tuple[dict[Path, Sent], Looking] | None:
    """J^T delta in every entry, from both sides where there are kinks, and what the runs met.

    None where more numbers than `budget` would have to be computed for it, or where numbers are
    tied and such are not asked for.
    """
    if not budget:
        return None
    if cut := _cut(forward, deltas, paths, budget):
        try:
            return _sent(*cut, deltas, paths, budget, tied, **how)
        except UncutError:
            pass
    shared = axes_apart(forward, deltas, paths, budget)
    return _sent(forward, shared, deltas, paths, budget, tied, **how)


def _sent(
    forward: Forward,
    shared: Apart,
    deltas: Sequence[Any],
    paths: Sequence[Path],
    budget: float,
    tied: bool,
    **how: Any,
) -> tuple[dict[Path, Sent], Looking] | None:
    blocks = sum(block_of(forward.floats[path].shape, shared[path]) for path in shared)
    wide = widest(forward, deltas)
    if blocks * wide > budget:
        return None
    if blocks * wide > budget / HIDDEN and blocks * work_of(forward, paths) > ON_THE_WAY * budget:
        return None
    sums = forward.sums if isinstance(forward, AtSums) else ()
    given = [*deltas, *(np.zeros(shape) for shape in sums)]
    found, met = jacobians(forward, given, shared, **how)
    if met.ties and not tied:
        return None
    other = jacobians(forward, given, shared, -1, **how)[0] if met.ties else None
    sizes = [abs(np.asarray(d)) for d in given]
    sent = {}
    for path in reversed(shared):  # what is sent back to a sum is asked before what its terms get
        one = found[path]
        sent[path] = now = (
            _between(one, other[path], given, sizes) if other else _summed(one, given, sizes)
        )
        if path[0] == SUM:
            if now.low != now.high:
                raise UncutError
            n = len(deltas) + path[1]
            given[n] = np.full(given[n].shape, now.low)
            sizes[n] = np.full(given[n].shape, now.size)
    return {path: sent[path] for path in paths}, met


def work_of(forward: Forward, paths: Sequence[Path]) -> int:
    """How many numbers a tangent makes on its way, on average of a few that are pushed together."""
    some = {path: np.ones((FEW, *forward.floats[path].shape)) for path in paths}
    return along(forward, some)[1].numbers // FEW


def _summed(one: Jacobian, deltas: Sequence[Any], sizes: Sequence[Any]) -> Sent:
    """What is sent back where there is no kink."""
    sent = one.summed(lambda n, t: t * deltas[n])
    return Sent(sent, sent, one.summed(lambda n, t: abs(t) * sizes[n]))


def _between(one: Jacobian, other: Jacobian, deltas: Sequence[Any], sizes: Sequence[Any]) -> Sent:
    """What is sent back where the derivatives of the two sides differ."""

    def low(n: int, t: Any) -> Any:
        return np.minimum(t * deltas[n], other.tangents[n] * deltas[n])

    def high(n: int, t: Any) -> Any:
        return np.maximum(t * deltas[n], other.tangents[n] * deltas[n])

    def size(n: int, t: Any) -> Any:
        return np.maximum(abs(t), abs(other.tangents[n])) * sizes[n]

    right = one.summed(lambda n, t: t * deltas[n])
    left = other.summed(lambda n, t: t * deltas[n])
    return Sent(one.summed(low), one.summed(high), one.summed(size), left, right)


# Cut at the sums.


WORTH = 2**16
"""Where an array of tangents has fewer numbers, it is made sooner than it is asked what can be cut.
"""
SUM = "sum"
"""The first part of the path of what goes on after a sum."""


class UncutError(Exception):
    """A pass that cannot be cut at its sums, as its runs do not have the same ones."""


@dataclass(frozen=True)
class AtSums(Forward):
    """A forward pass cut at its sums to one number: their terms come out, one number goes in."""

    sums: tuple[tuple[int, ...], ...] = ()
    """The shapes of the terms of each."""
    met: list[tuple[int, ...]] = field(default_factory=list)
    """The same as the last run met them."""

    @cached_property
    def floats(self) -> dict[Path, Any]:
        """The inputs, and the numbers that go in after a sum."""
        return {**super().floats, **{(SUM, n): np.zeros(()) for n in range(len(self.sums))}}

    def pushed(
        self, tangents: Mapping[Path, Any], side: int = 1, *args: Any, **how: Any
    ) -> tuple[list[Any], Looking]:
        """The outputs, then the terms of each sum, and what the run met."""
        K = len(next(iter(tangents.values())))
        cut = Sums([tangents.get((SUM, n), np.zeros(K)) for n in range(len(self.sums))])
        outs, met = super().pushed(tangents, side, *args, sums=cut, **how)
        self.met[:] = [x.shape for x in cut.terms]
        if self.sums and self.met != [*self.sums]:
            raise UncutError
        return [*outs, *cut.terms], met


def _cut(
    forward: Forward, deltas: Sequence[Any], paths: Sequence[Path], budget: float
) -> tuple[AtSums, Apart] | None:
    """A loss cut at its sums, and the axes apart then, if it takes less than half the tangents."""
    plainly = sum(forward.floats[path].size for path in paths)
    loss = type(forward) is Forward and all(np.size(d) == 1 for d in deltas)
    if not loss or plainly**2 < WORTH:
        return None
    whole = AtSums(**{each.name: getattr(forward, each.name) for each in fields(forward)})
    shared = axes_apart(whole, deltas, paths, budget, anywhere=True)
    n = len(whole.met)
    blocks = sum(block_of(forward.floats[path].shape, shared[path]) for path in paths)
    if not n or 2 * (blocks + n) > plainly:
        return None
    after: Apart = {(SUM, k): tuple({} for _ in range(len(deltas) + n)) for k in range(n)}
    return replace(whole, sums=tuple(whole.met)), {**shared, **after}
