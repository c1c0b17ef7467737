"""Each equation by itself, tested with a backward pass's own inputs to it.

BP2 at layer l is asked what it made of *its* delta^{l+1}, BP4 of *its* delta^l: so a wrong line
shows where it runs, and only there.
What is expected comes from the definition: a number is pushed by ih, and a scalar that runs forward
over one layer is seen to move (`proofs.measuring.one_number` says why by ih)::

    BP1   d/dz^L_j   C(sigma(z^L), y)
    BP2   d/dz^l_j   <delta^{l+1}, w^{l+1} sigma(z^l) + b^{l+1}>
    BP3   d/db^l_j   <delta^l, w^l a^{l-1} + b^l>, averaged over the examples
    BP4   d/dw^l_jk  the same
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial, reduce, wraps
from typing import Any

import numpy as np

from proofs.checker.calling.precision import digits, held
from proofs.checker.judging.numbers import (
    Numbers,
    cancels_in,
    columns,
    drawn_near,
    moved,
    slope,
    within,
)
from proofs.checker.judging.once import once
from proofs.checker.which_slope import which_slope
from proofs.measuring.clock import tick
from proofs.measuring.complex_parts import Pushed, pushed
from proofs.measuring.every_number import CACHED
from proofs.measuring.one_number import h
from proofs.network import Network
from proofs.network.activations import Activation
from proofs.network.arrays import Array
from proofs.network.costs import COSTS, Cost
from proofs.network.fused import cost_of_z, fusible

LETTER = {
    "forward z": "z",
    "forward a": "a",
    "BP1": "delta",
    "BP2": "delta",
    "BP3": "nabla_b",
    "BP4": "nabla_w",
}
"""What an equation gives."""

CLOSE = 1e4
"""In how many roundings of its largest number a formula must give what came, to be the one."""


def close(eps: float) -> float:
    """The same as a part of that number, less where few digits would make everything close."""
    return min(CLOSE * eps, eps**0.5 / 4)


NEARLY = 1e-6
"""What is off by less, for its size, is no factor: an epsilon, or digits lost."""

SINGLE = float(np.finfo(np.float32).eps)

DECIDES = 0.5
"""A tolerance above this part of the number itself decides nothing."""

LARGE = 2**16
"""What is computed of more numbers is not kept."""

DOUBTFUL = 2.0**-4
"""What is off by a larger part of the largest number of its array may be a fault, even if rounding
coarser than single precision could make up for it."""


@dataclass(frozen=True)
class Residual:
    """One equation at one layer: what came, what was expected, and how far rounding may part them.

    At a kink every slope between the left one and the right one is right: `low` to `high`.
    """

    equation: str
    layer: int
    came: Array
    low: Array
    high: Array
    allowed: Array
    kinks: int = 0
    left: Array | None = None
    """What the left side of each kink gives, if there is one."""
    unknown: int = 0
    """How many numbers cannot be measured, as a share of outputs so small that they underflow."""
    constant: str = ""
    """Which constant in single precision explains it, if it holds by that alone."""

    @property
    def at(self) -> tuple[str, int]:
        """The equation and the layer."""
        return self.equation, self.layer

    @property
    def slope(self) -> str:
        """Which slope came at the kinks, in words."""
        if self.left is None or not self.kinks:
            return ""
        right = self.low + self.high - self.left
        return which_slope(self.came, self.left, right, self.allowed)

    @property
    def excess(self) -> Array:
        """The distance from what was expected, in tolerances; infinite where undefined.

        A tolerance is infinite where what is added up overflows, and what comes of it does not.
        """
        return self._kept("excess", self._excess)

    @property
    def distance(self) -> Array:
        """How far each number is from what was expected."""
        return self._kept("distance", self._distance)

    def _kept(self, name: str, of: Callable[[], Array]) -> Array:
        """What is computed once, and of many numbers whenever it is asked for: it takes memory."""
        if name not in self.__dict__:
            found = of()
            if found.size > LARGE:
                return found
            self.__dict__[name] = found
        kept: Array = self.__dict__[name]
        return kept

    def _excess(self) -> Array:
        ratio = self.distance / np.maximum(self.allowed, np.finfo(float).tiny)
        known = np.isfinite(self.came) & np.isfinite(ratio)
        return np.where(known, ratio, np.inf)

    def _distance(self) -> Array:
        with np.errstate(invalid="ignore"):
            return np.maximum(0, np.maximum(self.low - self.came, self.came - self.high))

    @cached_property
    def holds(self) -> bool:
        """Whether every number is as expected."""
        return bool(self.most <= 1)

    @property
    def most(self) -> float:
        """The excess of the worst number."""
        return self._worst[0]

    @cached_property
    def _worst(self) -> tuple[float, tuple[int, ...]]:
        """The excess of the worst number, and where it stands."""
        excess = self.excess
        at = np.unravel_index(np.argmax(excess), excess.shape) if excess.size else ()
        return float(excess.max(initial=0)), tuple(int(i) for i in at)

    @cached_property
    def doubtful(self) -> float:
        """Off by which part of the largest number, if only coarse rounding makes up for that."""
        largest = abs(self.expected).max(initial=0)
        part = float(self.distance.max(initial=0) / largest) if largest else 0.0
        return part if self.holds and part > DOUBTFUL else 0.0

    @property
    def nearly(self) -> bool:
        """Whether it is off by so little that no factor, and no formula, is read from it."""
        return bool(self.distance.max() <= NEARLY * abs(self.expected).max())

    @property
    def place(self) -> tuple[int, ...]:
        """The index of the worst number."""
        return self._worst[1]

    @property
    def residual(self) -> float:
        """The distance at the worst number."""
        came, low, high = (float(v[self.place]) for v in (self.came, self.low, self.high))
        return max(0.0, low - came, came - high) if np.isfinite(came) else np.inf

    @property
    def tolerance(self) -> float:
        """The tolerance at the worst number."""
        return float(np.broadcast_to(self.allowed, self.came.shape)[self.place])

    @property
    def least(self) -> float:
        """What part of the largest number expected is allowed at most; 0 if nothing is expected."""
        largest = abs(self.expected).max(initial=0)
        return float(np.max(self.allowed, initial=0) / largest) if largest else 0.0

    @property
    def expected(self) -> Array:
        """What was expected; at a kink, the middle."""
        return self.low if self.low is self.high else (self.low + self.high) / 2


def residuals(n: Numbers) -> Iterator[Residual]:
    """Every equation at every layer where there is something to test.

    An equation whose inputs are not finite is left out: what is wrong was wrong before it.
    """
    yield from forward(n)
    for l in range(n.network.L, 1, -1):
        yield from backward(n, l)


def forward(n: Numbers) -> Iterator[Residual]:
    """z and a of every layer, as far as they are its own."""
    for l in n.network.layers:
        if "z" in n.given:
            yield from _where_finite(forward_z, n, l, n.z, n.a.get(l - 1))
        if "a" in n.given:
            yield from _where_finite(forward_a, n, l, n.a, n.z.get(l))


def backward(n: Numbers, l: int) -> Iterator[Residual]:
    """BP1 or BP2, BP3 and BP4 at layer l."""
    yield from error(n, l)
    yield from averages(n, l)


def error(n: Numbers, l: int) -> Iterator[Residual]:
    """BP1 or BP2 at layer l."""
    if l == n.network.L:
        yield from _where_finite(bp1, n, l, n.delta, n.z.get(l), n.a.get(l))
    else:
        yield from _where_finite(bp2, n, l, n.delta, n.z.get(l), n.delta.get(l + 1))


def averages(n: Numbers, l: int) -> Iterator[Residual]:
    """BP3 and BP4 at layer l."""
    yield from _where_finite(bp3, n, l, n.nabla_b, n.delta.get(l))
    yield from _where_finite(bp4, n, l, n.nabla_w, n.delta.get(l), n.a.get(l - 1))


def of_gradients(n: Numbers) -> list[Residual]:
    """BP3 of every nabla_b that came, then BP4 of every nabla_w."""
    return [*(bp3(n, l) for l in n.nabla_b), *(bp4(n, l) for l in n.nabla_w)]


def _where_finite(
    equation: Callable[[Numbers, int], Residual],
    n: Numbers,
    l: int,
    came: dict[int, Array],
    *inputs: Array | None,
) -> Iterator[Residual]:
    if l in came and all(i is not None and np.isfinite(i).all() for i in inputs):
        with np.errstate(all="ignore"):
            yield equation(n, l)


def forward_z(n: Numbers, l: int) -> Residual:
    """z^l against w^l a^{l-1} + b^l, equation (23) in the form of (25)."""
    w, b, a = n.network.w[l], n.network.b[l], n.a[l - 1]
    size = abs(w) @ (abs(a) + abs(n.off["a", l - 1])) + abs(b)
    return compared(n, "forward z", l, n.z[l], w @ a + b, size, n.width(l - 1))


def forward_a(n: Numbers, l: int) -> Residual:
    """a^l against sigma(z^l), equation (25)."""
    a = n.network.sigma[l](n.z[l])
    # The exponent z is rounded before the exponential is taken.
    size = abs(a) + cancels_in(n.network.sigma[l], n.z[l])
    size = size + moved(n.network, l, n.z[l], n.off["z", l], n.eps)
    return compared(n, "forward a", l, n.a[l], a, size, n.width(l - 1))


def bp1(n: Numbers, l: int) -> Residual:
    """delta^L against the push of each z^L_j, the cost watched: the definition (29)."""
    size = size_of_delta(n, l) + _off_as_read(n, l)
    sigma, cost = n.network.sigma[l], n.network.cost

    def moves(z: Array, by: Array, _: Array) -> Array:
        return _moves_of_cost(cost, sigma, z, n.y, by)

    expected = partial(delta_of_cost, n.network, y=n.y)
    return at_kinks(n, "BP1", l, expected, size, n.width(l), moves)


@once
def _moves_of_cost(cost: Cost, sigma: Activation, z: Array, y: Array, by: Array) -> Array:
    """How far delta^L moves when each z^L_j moves by up to so much, whatever delta^L came."""
    # A cost of somebody's own may mix the outputs.
    local = sigma.local and cost in COSTS.values()
    here = _delta_of_cost(cost, sigma, z, y)
    return moved_by(lambda z: _delta_of_cost(cost, sigma, z, y), z, by, here, local=local)


def _off_as_read(n: Numbers, l: int) -> Array | float:
    """How far delta may be off that was solved for, or read off a gradient that is off.

    It is read off nabla_w where there is no nabla_b: delta a^T a / |a|^2.
    """
    off: Array | float = n.off.get(("solved", l), 0.0)
    if "delta" in n.given:
        return off
    if l in n.nabla_b or ("nabla_w", l) not in n.off:
        return off + n.off.get(("nabla_b", l), 0.0)
    a = abs(n.a[l - 1])
    part = a / np.maximum(a.max(axis=0), np.finfo(float).tiny)  # whose square does not overflow
    square = np.maximum((part * a).sum(axis=0), np.finfo(float).tiny)
    read: Array = n.off["nabla_w", l] @ part / square
    return off + read


def size_of_delta(n: Numbers, l: int) -> Array:
    """What is added up for delta^L, before it cancels, by whatever formula."""
    network = n.network
    return _size_of_delta(network.cost, network.sigma[l], n.z[l], n.y, spread(n, 1))


@once
def _size_of_delta(cost: Cost, sigma: Activation, z: Array, y: Array, rounded: float) -> Array:
    a, right = sigma(z), abs(_delta_of_cost(cost, sigma, z, y))
    # One rounding of a, taken as eps, bends the slope of the cost by so much.
    bent = abs(a * cost.gradient(a + 1j * h, y).imag / h)
    by_steps = sent_size(sigma, z, abs(cost.gradient(a, y))) + rates(sigma, z, bent)
    # Where 1 - a has lost its digits, only formulas that do without can be told right or wrong.
    useless = ~(rounded * by_steps <= DECIDES * right) & fusible(cost, sigma)
    return (
        np.where(useless, cancels_in(sigma, z), by_steps)
        + abs(a) * abs(y).sum(axis=0)
        + abs(y)
        + right
    )


def bp2(n: Numbers, l: int) -> Residual:
    """delta^l against the push of each z^l_j, the sum of delta^{l+1}_k z^{l+1}_k watched."""
    w, delta = n.network.w[l + 1], n.delta[l + 1]
    sigma, z = n.network.sigma[l], n.z[l]
    size = sent_size(sigma, z, abs(w).T @ (abs(delta) + _off_as_read(n, l + 1)))
    size = size + _off_as_read(n, l)
    theirs, own = (n.units.get(("delta", k), n.eps) for k in (l + 1, l))
    if theirs > max(own, n.eps):  # delta^{l+1} may have been rounded when it was returned
        size = size + sent_size(sigma, z, abs(w).T @ abs(delta)) * theirs / n.eps
    expected = partial(sent, n.network, l, back=w.T @ delta)
    moves = partial(moved_by, expected, local=sigma.local)
    return at_kinks(n, "BP2", l, expected, size, n.width(l + 1), moves)


OfZ = Callable[[Array], Array]
"""What an equation makes of z^l."""

Moves = Callable[[Array, Array, Array], Array]
"""How far that moves when each number of z moves by up to so much; the third is what it is at z."""


def at_kinks(
    n: Numbers, equation: str, l: int, expected: OfZ, size: Array, terms: int, moves: Moves
) -> Residual:
    """delta^l against a function of z^l; what that gives no number for is not tested."""
    found = _at_kinks(n, equation, l, expected, size, terms, moves)
    unknown = np.isnan(found.expected) & np.isfinite(found.came)
    if not unknown.any():
        return found

    def as_came(z: Array) -> Array:
        return np.where(unknown, n.delta[l], expected(z))

    def known(z: Array, by: Array, at_z: Array) -> Array:
        return np.where(unknown, 0, moves(z, by, at_z))

    tested = _at_kinks(n, equation, l, as_came, np.where(unknown, 0, size), terms, known)
    return replace(tested, unknown=int(unknown.sum()))


def _at_kinks(
    n: Numbers, equation: str, l: int, expected: OfZ, size: Array, terms: int, moves: Moves
) -> Residual:
    """delta^l against a function of z^l; where z^l is at a kink, between its two sides."""
    z, off, sigma = _not_overwritten(n, l), n.off["z", l], n.network.sigma[l]
    if sigma.smooth:
        right = expected(z)
        size = size + moves(z, n.eps * off, right) / n.eps
        return compared(n, equation, l, n.delta[l], right, size, terms)
    reach = 0.0 if "z" in n.given else _reach(n, l)
    kink = sigma.nearest_kink(z)
    # What a formula makes of z may be rounded past the kink, as z/6 + 1/2 beside 1.
    little = 4 * n.eps * abs(kink)
    kinks = abs(z - kink) <= reach + little
    # Across a kink a slope jumps, which `low` and `high` are about; on each side it moves.
    sides = [np.where(kinks, kink + side * (4 * reach + 2 * little), z) for side in (-1, 1)]
    most = np.maximum(*(moves(z, n.eps * off, expected(z)) for z in sides))
    size = size + np.where(kinks, 2, 1) * most / n.eps
    # Close to the kink, where a is what it is there.
    beside = (np.nextafter(kink + side * 2 * little, side * np.inf) for side in (-1, 1))
    left, right = (expected(np.where(kinks, there, z)) for there in beside)
    low, high = np.minimum(left, right), np.maximum(left, right)
    # On the side where the slope is 0 nothing is added up, on the other it is.
    size = size + np.where(kinks, np.maximum(abs(low), abs(high)), 0)
    found = compared(n, equation, l, n.delta[l], left, size, terms)
    return replace(found, low=low, high=high, kinks=int(kinks.sum()), left=left)


def _not_overwritten(n: Numbers, l: int) -> Array:
    """z^l; where its own is exactly 0, as a rectifier in place leaves it, the one that it was."""
    z = n.z[l]
    if "z" not in n.given or l - 1 not in n.a or n.network.sigma[l].smooth:
        return z
    w, b, a = n.network.w[l], n.network.b[l], n.a[l - 1]
    meant, size = w @ a + b, abs(w) @ abs(a) + abs(b)
    return np.where((z == 0) & (abs(meant) > spread(n, n.width(l - 1)) * size), meant, z)


def at_a_kink(n: Numbers) -> bool:
    """Whether rounding may have put some z on the other side of a kink."""
    bent = [l for l in n.network.layers if not n.network.sigma[l].smooth]
    return any((abs(n.network.sigma[l].from_kink(n.z[l])) <= _reach(n, l)).any() for l in bent)


def _reach(n: Numbers, l: int) -> Array:
    """How far z^l may be off by rounding, and by what underflows of what it adds up."""
    added = 1 + abs(n.network.w[l]).sum(axis=1, keepdims=True)
    return spread(n, n.width(l - 1)) * n.off["z", l] + underflow(n.eps) * added


def _once(equation: Callable[[Numbers, int], Residual]) -> Callable[[Numbers, int], Residual]:
    """The same, computed once for the same numbers."""

    @wraps(equation)
    def kept(n: Numbers, l: int) -> Residual:
        at = equation.__name__, l
        if at not in n.judged:
            tick("every equation", 0, 1)
            n.judged[at] = equation(n, l)
        return n.judged[at]

    return kept


@_once
def bp3(n: Numbers, l: int) -> Residual:
    """nabla_b^l against the push of each b^l_j, which moves z^l_j of every example alike."""
    delta = n.delta[l]
    own = abs(delta).mean(axis=1, keepdims=True) + n.off.get(("nabla_b", l), 0)
    size = own
    if ("delta", l) in n.off:
        size = own + n.off["delta", l].mean(axis=1, keepdims=True)
    return compared(n, "BP3", l, n.nabla_b[l], delta.mean(axis=1, keepdims=True), size, n.m, own)


@_once
def bp4(n: Numbers, l: int) -> Residual:
    """nabla_w^l against the push of each w^l_jk, which moves z^l_j of example x by a^{l-1}_kx."""
    if n.directions and (found := bp4_along(n, l)).holds:
        return found
    delta, a = n.delta[l], n.a[l - 1]
    expected = delta @ a.T / n.m
    own = abs(delta) @ abs(a).T / n.m + n.off.get(("nabla_w", l), 0)
    size = own + abs(delta) @ abs(n.off["a", l - 1]).T / n.m
    of_delta = _off_in_bp4(n, l)
    if of_delta is not None:
        size = size + of_delta @ abs(a).T / n.m
    return compared(n, "BP4", l, n.nabla_w[l], expected, size, n.m, own)


def _off_in_bp4(n: Numbers, l: int) -> Array | None:
    """How far delta may be off, with what it has of the gradient that it was read off."""
    if ("delta", l) in n.off:
        return n.off["delta", l]
    read = _off_as_read(n, l)
    return read * np.ones((1, n.m)) if np.any(read) else None


def bp4_along(n: Numbers, l: int) -> Residual:
    """nabla_w^l against pushes of all of w^l at once, each along a random direction u v^T.

    z^l of example x then moves by u (v . a^{l-1}), so no array of the shape of w^l is made.
    """
    delta, a = n.delta[l], n.a[l - 1]
    k = len(a)
    u, v = _drawn(l, n.width(l), k, n.directions)
    came = (u * (n.nabla_w[l] @ v)).sum(axis=0)
    expected = ((u.T @ delta) * (v.T @ a)).sum(axis=1)
    # The roundings of the entries are independent, so that their squares add.
    of_delta, of_a = _off_in_bp4(n, l), n.off.get(("a", l - 1))
    squares = (_squares(u, delta, of_delta) * _squares(v, a, of_a)).sum(axis=1)
    size = np.sqrt(squares / n.m)
    if ("nabla_w", l) in n.off:
        beside = (abs(u).T @ n.off["nabla_w", l]) ** 2 * (v**2).T
        size = size + np.sqrt(beside.sum(axis=1))
    came, expected, size = (column[:, None] for column in (came, expected / n.m, size))
    return compared(n, "BP4", l, came, expected, size, n.m + k)


def _squares(v: Array, a: Array, off: Array | None) -> Array:
    """The squares of what is added up to v^T a, where a is off by so much: a few rows at a time.

    What a is off by may be one number for all of it.
    """
    squares = np.zeros((v.shape[1], a.shape[1]))
    if off is not None and not any(off.strides):  # it stands for rounding, and is next to nothing
        squares += (v * v).sum(axis=0)[:, None] * float(off[0, 0]) ** 2
        off = None
    most = max(1, CACHED // a.shape[1])
    for rows in (slice(start, start + most) for start in range(0, len(a), most)):
        size = a[rows] if off is None else abs(a[rows]) + abs(off[rows])
        squares += (v[rows] ** 2).T @ (size * size)
    return squares


@lru_cache(64)
def _drawn(l: int, n: int, k: int, q: int) -> tuple[Array, Array]:
    """q random directions u v^T of a layer, the same whenever they are asked for."""
    random = np.random.default_rng(l)
    return random.standard_normal((n, q)), random.standard_normal((k, q))


# How far rounding may go.


def spread(n: Numbers, terms: int) -> float:
    """How many roundings of a number a result may be off: 8 standard deviations.

    A number is rounded 4 times on its way, and once for each term of a sum.
    """
    return float(8 * np.sqrt(4 + terms) * n.eps)


def compared(
    n: Numbers,
    equation: str,
    l: int,
    came: Array,
    expected: Array,
    size: Array,
    terms: int,
    own: Array | None = None,
) -> Residual:
    """The residual, where `size` is what is added up before anything cancels, and `own` the part
    of it that the array itself adds up: where it is coarser than the others, only that is.
    """
    finer: Array | float = 0.0
    if (unit := unit_of(n, equation, l, expected)) != n.eps:
        if own is not None:
            finer, size = spread(n, terms) * size, own
        n = replace(n, eps=unit)
    largest = abs(expected).max(initial=0)
    # What underflows is lost whole, in doubles so is a product of two numbers below 2^-511.
    # What is eps^2 below the largest no later sum can see.
    if equation in ("BP3", "BP4") or "delta" not in n.given:
        # Where nothing is added up, what is below rounding beside the rest of a gradient is 0.
        size = np.where(size == 0, largest, size)
    # An array of zeros does not show its format, and may have lost what single precision loses.
    lost = underflow(n.eps if came.any() else max(n.eps, SINGLE))
    allowed = finer + spread(n, terms) * size + lost * (1 + largest) + n.eps**2 * largest
    # Where inputs that are rounded otherwise make the network overflow, it may be anything.
    allowed = np.where(np.isnan(allowed), np.inf, allowed)
    return Residual(equation, l, came, expected, expected, allowed)


def unit_of(n: Numbers, equation: str, l: int, expected: Array) -> float:
    """The rounding unit of what came: the one that its array shows, at least that of all.

    Where what was expected has no more digits, as small whole numbers do not, nothing shows.
    """
    shown = n.units.get((LETTER[equation], l), n.eps)
    return n.eps if shown <= n.eps or held(expected, digits(shown)).all() else shown


@lru_cache
def underflow(eps: float) -> float:
    """What is smaller may be lost whole, in the format with this unit."""
    if eps == np.finfo(np.float16).eps:
        return float(np.finfo(np.float16).smallest_subnormal)
    return float(np.finfo(np.float32).tiny) if eps > 1e-10 else 2.0**-511


def moved_by(of: OfZ, z: Array, by: Array, at_z: Array, local: bool) -> Array:
    """How much a function of z moves when each number of z moves by up to so much.

    Where it is local each of its numbers follows one z; else several, which may cancel, and a part
    of one rounding may be rounded away: so often are they drawn.
    """
    moves = (abs(of(there) - at_z) for there in (within(z, by) if local else drawn_near(z, by)))
    return reduce(np.maximum, moves)  # a square might underflow


def sent_size(sigma: Activation, z: Array, size: Array) -> Array:
    """`sent` by magnitude, with what cancels: a (1 - a) is rounded as a is."""
    if sigma.cancels is not None:
        return rates(sigma, z, size) + size * sigma.cancels(z)
    return rates(sigma, z, size) + (size * np.minimum(1, abs(sigma(z))) if sigma.local else 0.0)


def rates(sigma: Activation, z: Array, size: Array) -> Array:
    """The sum over k of size_k |da_k/dz_j|."""
    if sigma.local:
        return size * abs(slope(sigma, z))
    return np.stack([(size * abs(c)).sum(axis=0) for c in columns(sigma, z)])


# Pushes.


PUSHED = 2**18
"""So many pushes side by side stay in the cache, where all but their sums is shared."""


def of_each(scalar: Callable[[Any, Array], Any], z: Array, y: Array) -> Array:
    """d scalar / dz_j for every neuron and example: each z_j is pushed by ih, alone.

    Pushes lie side by side, (n, pushes, m), and share the values that they push.
    """
    n, m = z.shape
    moved = np.empty(z.shape)
    most = max(1, PUSHED // (n * m))
    for start in range(0, n, most):
        J = range(start, min(start + most, n))
        push = np.zeros((n, len(J), m))
        push[J, range(len(J))] = h
        moved[J] = pushed(scalar(Pushed(z[:, None], push), y[:, None])).imag / h
    return moved


def delta_of_cost(network: Network, z: Array, y: Array) -> Array:
    """delta^L where z^L is z and the targets are y: the definition (29)."""
    return _delta_of_cost(network.cost, network.sigma[network.L], z, y)


@once
def _delta_of_cost(cost: Cost, sigma: Activation, z: Array, y: Array) -> Array:
    return of_each(cost_of_z(cost, sigma), z, y)


def sent(network: Network, l: int, z: Array, back: Array) -> Array:
    """The sum over k of back_k da_k/dz_j; where a layer is local, a push of z_j moves a_j alone."""
    sigma = network.sigma[l]
    if sigma.local:
        return back * slope(sigma, z)
    return np.stack([(back * column).sum(axis=0) for column in columns(sigma, z)])
