"""One forward pass that carries many pushes at once, and the same pass with other roundings.

A push by ih of a block, in a direction, is a column beside the values; it moves imaginary parts
alone, so that all pushes share the real ones. Beside each value and each push stand samples, in
which every operation is off by a rounding error: how far they spread is how far rounding goes.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from math import ceil, hypot, sqrt
from types import FunctionType
from typing import Any, NamedTuple

import numpy as np

from proofs.measuring.clock import tick
from proofs.measuring.complex_parts import Pushed, pushed
from proofs.measuring.frameworks import Elsewhere, Home, brought
from proofs.network.activations import Activation
from proofs.network.arrays import Array
from proofs.network.costs import Cost
from proofs.network.fused import cost_of_z, fusible

SAMPLES = 16
"""From this many roundings of an example in a direction a standard deviation is estimated."""

LEAST = 3
"""The samples of each, because a single example may outweigh the others."""

DECIDES = 0.1
"""A deviation above this part of the number itself decides nothing."""

ALIVE = 8 * 8
"""The bytes in work for each number of a pass at one layer."""

MEMORY = 2**25
"""So many bytes a pass may take if nothing else is said: more examples than fit go one part after
another, which is faster, too, for their numbers stay near."""

CACHED = 2**18
"""The numbers of a weight matrix that are read, squared and used while they are in the cache."""


LARGEST = 2.0**20
"""Inputs up to this are pushed by h times themselves."""


class Block(NamedTuple):
    """A block in q directions: u (n_l, q), for w times v (q, n_{l-1}); for z, u is (n_l, q, m)."""

    letter: str
    layer: int
    u: Any
    v: Any


class Carried(NamedTuple):
    """How the average cost moves in each direction, and how far rounding may move that."""

    measured: Array
    at_once: Array
    """The variance of the samples, with the cost as a function of z^L."""
    by_steps: Array
    """The same with a^L rounded in between, as most programs do."""
    off: Array
    """How far the sum over the examples may be off."""

    def rows(self, some: slice) -> "Carried":
        """The same for some of the directions."""
        return Carried(*(table[some] for table in self))

    @property
    def deviation(self) -> float:
        """How far rounding goes, as a standard deviation, over these directions."""
        steps, once = sqrt(self.by_steps.mean()), sqrt(self.at_once.mean())
        # Where 1 - a has lost its digits, only programs that do without can be told right or wrong.
        useful = steps == once or steps <= DECIDES * sqrt((self.measured**2).mean())
        return hypot(max(steps, once) if useful else once, sqrt((self.off**2).mean()))


class Pass:
    """A forward pass: values are (n_l, S, m), pushes (n_l, P, S, m).

    The first of S is the pass itself, the others are samples; P counts the directions so far.
    """

    def __init__(
        self,
        home: Home,
        random: np.random.Generator,
        eps: float,
        together: bool,
        memory: int,
        layers: Sequence[tuple[Any, Any, Callable[[Any], Any]]],
        cost: Cost | Callable[[Any, Any], Any],
    ) -> None:
        self.home, self.random, self.together, self.memory = home, random, together, memory
        self.layers, self.cost = layers, cost
        self.off = eps / 2  # the rounding error of one operation
        # So small that h squared is lost in rounding, so large that saturated layers do not vanish.
        self.h = 2.0**-70 if home.dtype == "float64" else 2.0**-40
        # What is smaller is lost on its way; of what is smaller than the other, the variance.
        self.least = float(np.finfo(home.dtype).smallest_subnormal) / self.h
        self.lost = float(np.finfo(home.dtype).tiny) ** 0.5
        self.carried = 1.0  # what pushes are multiplied by between the layers
        self.kinks = 0

    def run(
        self, x: Any, y: Any, blocks: Sequence[Sequence[Block]], sampled: bool = True
    ) -> Carried:
        """The change of the average cost with each block in each direction.

        Without samples all rounding that is known is that of the sum over the examples.
        """
        q, m = blocks[0][0].u.shape[1], x.shape[1]
        # A weight moves z by so much times its input.
        large = max(1.0, max(brought(x.max()), -brought(x.min())) / LARGEST)
        self.h, self.least = self.h / large, self.least * large
        samples = 1 + sampled * max(LEAST, ceil(SAMPLES / (q * m)))
        if not sampled:  # of pushes nothing else is asked than what they do: h comes in once
            self.carried = self.h
            blocks = [[block._replace(u=block.u * self.h) for block in here] for here in blocks]
        most = max(1, self.memory // self._bytes(blocks, samples))
        sums = []
        for p in (slice(start, start + most) for start in range(0, m, most)):
            tick("random directions", p.start, m)
            parts = [[_some(block, p) for block in here] for here in blocks]
            sums.append(self._sums(x[:, p], y[:, p], parts, samples))
        mean, squares, at_once, by_steps = (sum(of[1:], of[0]) for of in zip(*sums, strict=True))
        alike = self._alike(x, y) if sampled else 1.0
        tables = mean / m, at_once * alike / m**2, by_steps * alike / m**2
        off = self._of_sum(m, mean / m, squares / m**2) + self.lost
        return Carried(*(np.array(brought(table)) for table in (*tables, off)))

    def _alike(self, x: Any, y: Any) -> float:
        """How many examples round alike, on average: those that are equal, so 1 where none are.

        The variance of a sum of r equal roundings is r times that of r independent ones.
        """
        seen = [self.home.put(np.sin(np.arange(1.0, len(v) + 1))[None]) @ v for v in (x, y)]
        sums = zip(*(brought(v[0]) for v in seen), strict=True)
        groups = Counter(f"{of_x:.6g} {of_y:.6g}" for of_x, of_y in sums)
        return sum(r * r for r in groups.values()) / x.shape[1]

    def _bytes(self, blocks: Sequence[Sequence[Block]], S: int) -> int:
        """About how many bytes one example takes, at the layer where that is most."""
        q, P, most = blocks[0][0].u.shape[1], 0, 0
        for (w, *_), here in zip(self.layers, blocks, strict=True):
            n, k = w.shape
            before, P = P, q if self.together else P + q * len(here)
            most = max(most, k * (1 + before) + n * (1 + P))
        return most * S * ALIVE

    def _sums(
        self, x: Any, y: Any, blocks: Sequence[Sequence[Block]], samples: int
    ) -> tuple[Any, ...]:
        """Over some examples: the changes of C_x, their squares, and the variances of both ways."""
        q, (k, m), cost = blocks[0][0].u.shape[1], x.shape, self.cost
        a = x[:, None] + self.home.put(np.zeros((1, samples, 1))) if samples > 1 else x[:, None]
        da = self.home.put(np.zeros((k, q if self.together else 0, samples, m)))
        for (w, b, sigma), here in zip(self.layers[:-1], blocks, strict=False):
            z, dz = self._weighted(w, b, a, da, here, sigma)
            a, da = self._activated(sigma, z, dz)
        w, b, sigma = self.layers[-1]
        z, dz = self._weighted(w, b, a, da, blocks[-1], sigma)
        of_z = None
        if isinstance(cost, Cost) and isinstance(sigma, Activation) and fusible(cost, sigma):
            of_z = cost_of_z(cost, sigma)
        if of_z and samples == 1:  # a^L would only tell how rounding spreads
            by_steps = at_once = self._cost_at_once(of_z, z, dz, y)
        else:
            a, da = self._activated(sigma, z, dz)
            by_steps = self._cost_by_steps(cost, a, da, y)
            at_once = self._cost_at_once(of_z, z, dz, y, a) if of_z else by_steps
        changes = at_once[:, 0]
        squares = (changes**2).sum(axis=1)
        return changes.sum(axis=1), squares, _variance(at_once), _variance(by_steps)

    def _weighted(
        self, w: Any, b: Any, a: Any, da: Any, here: Sequence[Block], sigma: Any
    ) -> tuple[Any, Any]:
        """z = w a + b, with the pushes carried so far and those of this layer."""
        (n, k), (_, P, S, m) = w.shape, da.shape
        columns = a.reshape(k, S * m)
        columns = np.concatenate([columns, da.reshape(k, P * S * m)], axis=1) if P else columns
        counted = S > 1 or not (isinstance(sigma, Activation) and sigma.smooth)
        plain = [(v[:, ..., 0, :] ** 2).reshape(k, -1) for v in (a, da) if counted]
        product, terms = products(w, columns, np.concatenate([columns[:, :0], *plain], axis=1))
        z = product[:, : S * m].reshape(n, S, m) + b[:, None]
        dz = self._beside(
            product[:, S * m :].reshape(n, P, S, m), [self._push(block, a) for block in here]
        )
        if not counted:
            return z, dz
        spread = self._of_sum(k + 1, z[:, 0], terms[:, :m] + b**2)
        if isinstance(sigma, Activation) and not sigma.smooth:
            self.kinks += int((abs(sigma.from_kink(z[:, 0])) <= 8 * spread).sum())
        z = self._rounded(z, lambda: spread[:, None])

        def of_pushes() -> Any:
            squares = [self._squares(block, a[:, 0]) for block in here]
            squares = self._beside(terms[:, m:].reshape(n, P, m), squares)
            return self._of_sum(k, dz[:, :, 0], squares)[:, :, None]

        return z, self._rounded(dz, of_pushes)

    def _beside(self, carried: Any, here: list[Any]) -> Any:
        """The pushes so far and those of a layer: in columns of their own, or in the same ones."""
        return sum(here, carried) if self.together else np.concatenate([carried, *here], axis=1)

    def _push(self, block: Block, a: Any) -> Any:
        """How z moves with a block, (n, q, S, m)."""
        k, S, m = a.shape
        if block.letter == "w":
            moves = (block.v @ a.reshape(k, S * m)).reshape(-1, S, m)
            return block.u[:, :, None, None] * moves[None]
        u = block.u if block.letter == "z" else block.u[:, :, None]
        return np.broadcast_to(u[:, :, None], (*u.shape[:2], S, m))

    def _squares(self, block: Block, a: Any) -> Any:
        """The squares of what is added up to that, (n, q, m)."""
        if block.letter == "w":
            return block.u[:, :, None] ** 2 * (block.v**2 @ a**2)[None]
        u = block.u if block.letter == "z" else block.u[:, :, None]
        return 0 * u + self.home.put(np.zeros((1, 1, a.shape[-1])))

    def _activated(self, sigma: Callable[[Any], Any], z: Any, dz: Any) -> tuple[Any, Any]:
        """a = sigma(z), with its pushes."""
        ours = isinstance(sigma, Activation) and self._takes_pushes(sigma.value)
        found = pushed(self._apply(sigma, ours, self._joined(z, dz)))
        a = found.real.reshape(len(z), -1, *z.shape[1:])[:, 0]
        da = _times(self.carried / self.h, found.imag.reshape(*dz.shape))

        def of_pushes() -> Any:
            # sigma' may be computed as a (1 - a), which is rounded as 1 is.
            size = abs(a)
            cancels = np.where(size < 1, size, 1.0)[:, None] * self._summed(sigma, z, abs(dz))
            return (2 * abs(da) + cancels) * self.off + self.least

        da = self._rounded(da, of_pushes)
        return self._rounded(a, lambda: abs(a) * (2 * self.off)), da

    def _summed(self, sigma: Any, z: Any, size: Any) -> Any:
        """What is added up to da_k by magnitude, for a_k near 1: dz_k, and sums over all dz_j."""
        if not isinstance(sigma, Activation) or sigma.cancels is None:
            return size
        cancels = sigma.cancels(z.reshape(len(z), -1)).reshape(*z.shape)[:, None]
        return size + (len(z) * ((cancels * size) ** 2).sum(axis=0)) ** 0.5

    def _cost_by_steps(self, cost: Any, a: Any, da: Any, y: Any) -> Any:
        """How C_x moves, (P, S, m), where a and y are rounded before they are compared."""
        off = self.off * (abs(a) + abs(y)[:, None])
        a = self._rounded(a, lambda: off)
        function = cost.value if isinstance(cost, Cost) else cost
        ours = isinstance(cost, Cost) and self._takes_pushes(function)
        moved = self._apply(function, ours, self._joined(a, da), _spread(y, da, once=ours))
        return pushed(moved).imag.reshape(*da.shape[1:]) * (1 / self.h)

    def _cost_at_once(
        self, cost_of_z: Callable[[Any, Any], Any], z: Any, dz: Any, y: Any, a: Any = None
    ) -> Any:
        """The same as a function of z, where only a - y is rounded, if there are samples."""
        rounded = self._rounded(dz, lambda: abs(dz) * (2 * self.off))
        moved = pushed(cost_of_z(self._joined(z, rounded), _spread(y, dz, once=True)))
        changes = moved.imag.reshape(*dz.shape[1:]) * (1 / self.h)

        def of_difference() -> Any:
            size = abs(a[:, 0]) * abs(y).sum(axis=0) + abs(y)
            off = ((size[:, None] * dz[:, :, 0]) ** 2).sum(axis=0) ** 0.5
            return off[:, None] * self.off

        return self._rounded(changes, of_difference)

    def _joined(self, value: Any, push: Any) -> Pushed:
        """Every push, (n, P, S m), with its value, (n, 1, S m), which all of them share."""
        n, P = push.shape[:2]
        by_h = _times(self.h / self.carried, push)
        return Pushed(value.reshape(n, 1, -1), by_h.reshape(n, P, -1))

    def _takes_pushes(self, function: Any) -> bool:
        """Whether a function takes all pushes with one value; one of somebody's takes (n, m)."""
        own = isinstance(function, FunctionType) and not function.__module__.startswith("proofs.")
        return not own or self.home.xp is not np

    def _apply(self, function: Any, ours: bool, *arrays: Any) -> Any:
        """An activation or a cost; a function of the framework gets arrays of the framework."""
        if ours:
            return function(*arrays)
        bare = [a.whole().reshape(len(a), -1) if isinstance(a, Pushed) else a for a in arrays]
        if self.home.xp is np:
            return function(*bare)
        return Elsewhere(function(*(a.array for a in bare)), self.home.xp)

    def _of_sum(self, terms: int, total: Any, squares: Any) -> Any:
        """How far a sum may be off, added up in any order, given the sum of the squared terms.

        A running sum is rounded at each term: it grows evenly to the total, and wanders meanwhile.
        """
        return self.off * np.sqrt(terms * (total**2 / 3 + squares / 2)) + self.least

    def _rounded(self, value: Any, off: Callable[[], Any]) -> Any:
        """A value, of whose samples each is off by about so much."""
        if value.shape[-2] == 1:
            return value
        return value + self._noise(value.shape) * off()

    def _noise(self, shape: tuple[int, ...]) -> Any:
        """Random numbers of variance 1, and 0 for what is no sample."""
        noise = self.random.random(shape, dtype=np.float32) * sqrt(12) - sqrt(3)
        noise[..., 0, :] = 0
        return self.home.put(noise)


def _times(c: float, pushes: Any) -> Any:
    """The pushes times a number, which is mostly 1 where they are many."""
    return pushes if c == 1 else pushes * c


def products(w: Any, columns: Any, squares: Any) -> tuple[Any, Any]:
    """w @ columns and (w * w) @ squares, by one read of w."""
    if isinstance(w, Elsewhere):
        return w @ columns, (w * w) @ squares
    n, k = w.shape
    product, terms = (np.empty((n, c.shape[1]), w.dtype) for c in (columns, squares))
    rows = max(1, CACHED // k)
    for start in range(0, n, rows):
        some = w[start : start + rows]
        np.matmul(some, columns, out=product[start : start + rows])
        np.matmul(some * some, squares, out=terms[start : start + rows])
    return product, terms


def _some(block: Block, examples: slice) -> Block:
    """A block as some of the examples meet it: each z has its own direction."""
    return block._replace(u=block.u[:, :, examples]) if block.letter == "z" else block


def _variance(changes: Any) -> Any:
    """The variance of the sum over the examples, whose roundings are independent."""
    samples = max(2, changes.shape[1])
    return ((changes - changes[:, :1]) ** 2).sum(axis=2).sum(axis=1) * (1 / (samples - 1))


def _spread(y: Any, push: Any, once: bool) -> Any:
    """The targets of every column, or once for all pushes."""
    n, pushes, S, m = push.shape
    y = np.broadcast_to(y[:, None, None], (n, 1 if once else pushes, S, m))
    return y.reshape(n, 1, S * m) if once else y.reshape(n, -1)
