"""An activation or a cost of one's own: a plain NumPy function, differentiated as it stands.

Its slopes come from tangents that the function carries along, so nobody has to write them down.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from proofs.measuring.complex_parts import Pushed
from proofs.measuring.jacobian import WITH_TANGENTS
from proofs.measuring.own_numpy import Modules, seen_as
from proofs.measuring.tangents import Dual, NotDifferentiableError, looking
from proofs.network.activations import Activation
from proofs.network.arrays import Array
from proofs.network.costs import Cost

SCALES = np.repeat([0.01, 0.1, 1.0, 10.0, 300.0], 40)
"""Weighted inputs of these sizes are tried, to see what an activation does."""

RANGES = ((0.0, 1.0), (-1.0, 1.0), (0.0, np.inf), (-np.inf, np.inf))
"""The range of an activation is the first of these that holds all that it gave."""

PART = 2.0**-20
"""By this part of itself an output is made smaller, to see how the slope of a cost bends."""

TOGETHER = 128
"""So many outputs are pushed side by side, at most."""

FAR = 10 * np.pi
"""Kinks are looked for up to this z; none that people choose lies on so odd a grid."""

GRID = 4096
"""So many z of it are compared."""

BESIDE = GRID // 8
"""Every 512th z of it stands beside those that are halved."""

STANDS_OUT = 4.0
"""A jump is so many times as large as the changes of the slope beside it."""

JUMP = 1e-9
"""By less a slope does not jump."""

HALVED = 60
"""So often what lies between two z of the grid is halved, until no number is left between them."""

Plain = Callable[..., Any]


def activation_of(function: Plain, name: str = "") -> Activation:
    """The activation a = function(z), for a NumPy function of weighted inputs z of shape (n, m).

    Whether a_k depends on z_k alone, where there are kinks, and in which range the
    activations lie is found out by trying it.
    Raises ValueError if it does not give finite numbers of the shape of z for moderate z, or where
    its derivative cannot be computed, as with math.tanh.

    >>> swish = activation_of(lambda z: z / (1 + np.exp(-z)), "swish")
    >>> swish.local, swish.smooth, float(swish.prime(np.zeros((1, 1)))[0, 0])
    (True, True, 0.5)
    """
    name = name or getattr(function, "__name__", "activation")
    own = _Own(function)
    z = np.random.default_rng(0).standard_normal((3, SCALES.size)) * SCALES
    try:
        a = own.real(z)
    except Exception as error:
        raise ValueError(
            f"{name}: expected a NumPy function of arrays, got one that raised {error!r} for z of "
            f"shape {z.shape}; for an if on one number, NumPy has np.where"
        ) from error
    if a.shape != z.shape:
        raise ValueError(
            f"{name}: expected activations of the shape of z, {z.shape}, got shape {a.shape}"
        )
    wrong = ~np.isfinite(a) & (SCALES <= 1)
    if wrong.any():
        raise ValueError(
            f"{name}: expected finite activations, got {a[wrong][0]} for z = {z[wrong][0]:.2g}"
        )
    try:
        own.local  # noqa: B018 - it is found out here
    except NotDifferentiableError as error:
        raise ValueError(
            f"{name}: its derivative cannot be computed: {error}; use functions of NumPy or "
            "scipy.special, which take arrays, instead of math and np.vectorize"
        ) from error
    low, high = np.nanmin(a), np.nanmax(a)
    ends = next(r for r in RANGES if r[0] <= low and high <= r[1])
    if not own.local:
        return Activation(name, own.value, full=own.jacobian, cancels=own.largest, range=ends)
    kinks = tuple(_kinks(own))
    return Activation(
        name,
        own.value,
        own.slope,
        cancels=what_cancels,
        range=ends,
        smooth=not kinks,
        kinks=kinks or (0.0,),
    )


def _kinks(own: "_Own") -> Iterator[float]:
    """The z of at most `FAR` at which the slope jumps.

    Between two that are close its changes are alike where it is smooth; where one is larger than
    both beside it, it is looked for where: it is halved, and the half that changes more is kept.
    """

    def slope(v: Array) -> Array:
        # Of one neuron or one example a normalisation would be 0/0; it is refused elsewhere.
        several = np.append(v, z[::BESIDE])
        return own.slope(np.stack([several, several + FAR]))[0, : v.size]

    z = np.linspace(-FAR, FAR, GRID)
    with np.errstate(all="ignore"):
        changes = abs(np.diff(slope(z)))
        beside = np.maximum(changes[:-2], changes[2:])
        at = 1 + np.flatnonzero(changes[1:-1] > STANDS_OUT * beside + JUMP)
        # Each z between which it may be, and the slope there.
        low, high = (np.stack([v, slope(v)]) for v in (z[at], z[at + 1]))
        for _ in range(HALVED if at.size else 0):
            halved = (low[0] + high[0]) / 2
            middle = np.stack([halved, slope(halved)])
            first = abs(middle[1] - low[1]) > abs(high[1] - middle[1])
            low, high = np.where(first, low, middle), np.where(first, middle, high)
        jump = abs(high[1] - low[1]) > JUMP
    yield from (round(float(k), 12) + 0.0 for k in low[0, jump])


def _in_words(costs: Array) -> str:
    return ", ".join(f"{c:.6g}" for c in np.ravel(costs))


def what_cancels(z: Array) -> Array:
    """What may cancel in a slope: 1, as in 1 - t^2, and z times that where a is z times a gate."""
    return 1 + abs(z)


def cost_of(function: Plain, name: str = "") -> Cost:
    """The cost C_x = function(a, y), for a NumPy function of outputs and targets, (n_L, m) each.

    It may give the cost of each example, or one number for a batch: the average, or the sum, of
    which the average is taken here as in (26).
    Raises ValueError if it gives neither, as where the examples of a batch share their weights.

    >>> huber = cost_of(lambda a, y: np.where(abs(a - y) < 1, (a - y) ** 2 / 2, abs(a - y) - 0.5))
    Traceback (most recent call last):
    ...
    ValueError: <lambda>: expected the cost of each example or of a batch, got shape (3, 4)
    """
    name = name or getattr(function, "__name__", "cost")
    own = _Own(function)
    random = np.random.default_rng(0)
    a, y = random.dirichlet(np.ones(3), 4).T, np.eye(3)[:, [0, 1, 2, 0]]
    whole = np.squeeze(own.real(a, y))
    if whole.shape not in ((), (4,)):
        raise ValueError(
            f"{name}: expected the cost of each example or of a batch, got shape {whole.shape}"
        )
    each = own.each(a, y)
    made = {"each": each, "average": each.mean(), "sum": each.sum()}
    fits = [how for how, v in made.items() if v.shape == whole.shape and np.allclose(whole, v)]
    if not fits:
        raise ValueError(
            f"{name}: expected the cost of each example, or their average or sum: four examples "
            f"cost {_in_words(each)} one by one, and {_in_words(whole)} as a batch"
        )
    finite = [np.isfinite(own.each(np.full((3, 1), end), y[:, :1])).all() for end in (-0.5, 1.5)]
    domain = (-np.inf if finite[0] else 0.0, np.inf if finite[1] else 1.0)
    own = replace(own, gives=fits[0])
    return Cost(name, own.cost, own.cost_slope, domain)


@dataclass(frozen=True)
class _Own:
    """A function of theirs, and what tangents say of it; examples may lie along several axes."""

    function: Plain
    gives: str = "sum"
    """What a cost gives for a batch: the number of "each" example, their "average" or "sum"."""

    @cached_property
    def modules(self) -> Modules:
        """The modules of theirs that it reaches."""
        return Modules(self.function)

    def real(self, *given: Array) -> Array:
        """What it gives for plain numbers, which it may overwrite."""
        with np.errstate(all="ignore"):
            return np.asarray(self.function(*(np.array(v, float) for v in given)), float)

    def along(self, v: Array, tangents: Array, *rest: Array, side: int = 1) -> Dual:
        """What it gives for v (n, m), with tangents (K, n, m)."""
        given = Dual(np.array(v, float), tangents.copy()), *map(np.copy, rest)
        with looking(side), seen_as(WITH_TANGENTS, self.modules), np.errstate(all="ignore"):
            found = self.function(*given)
        return found if isinstance(found, Dual) else Dual(np.asarray(found, float))

    # As an activation.

    def value(self, z: Any) -> Any:
        """a = sigma(z); an imaginary part, which is a push, is multiplied by the derivative."""
        real = np.real(z)
        a = self.real(_flat(real)).reshape(real.shape)
        if not np.iscomplexobj(z):
            return a
        if self.local:
            return _pushed(z, a, self.slope(real) * z.imag)
        moves = self.jacobian(_flat(real)).reshape(len(z), *real.shape)
        return _pushed(z, a, (moves * z.imag).sum(axis=1))

    @cached_property
    def local(self) -> bool:
        """Whether a_k depends on z_k alone."""
        few = np.random.default_rng(1).standard_normal((3, 40))
        return not self.jacobian(few)[~np.eye(3, dtype=bool)].any()

    def slope(self, z: Array, side: int = 1) -> Array:
        """da_k/dz_k, where a_k depends on z_k alone."""
        flat = _flat(z)
        found = self.along(flat, np.ones((1, *flat.shape)), side=side)
        return (
            np.zeros(z.shape) if found.t is None else self._known(flat, found.t[0]).reshape(z.shape)
        )

    def _known(self, z: Array, slope: Array) -> Array:
        """The slope; where an exponential overflows on the way to it, from two values near z."""
        if np.isfinite(slope).all():
            return slope
        step = PART * np.maximum(1, abs(z))
        return np.where(np.isfinite(slope), slope, (self.real(z + step) - self.real(z)) / step)

    def jacobian(self, z: Array) -> Array:
        """da_k/dz_j of each example, (n, n, m)."""
        n, m = z.shape
        found = self.along(z, np.broadcast_to(np.eye(n)[:, :, None], (n, n, m)))
        return np.zeros((n, n, m)) if found.t is None else found.t.swapaxes(0, 1)

    def largest(self, z: Array) -> Array:
        """The largest |da_k/dz_j| of an example: what may cancel on the diagonal."""
        return np.broadcast_to(abs(self.jacobian(z)).max(axis=(0, 1)), z.shape)

    # As a cost.

    def each(self, a: Array, y: Array) -> Array:
        """C_x of every example, (m,)."""
        if self.gives == "each":
            return self.real(a, y).reshape(-1)
        return np.array([self.real(a[:, [x]], y[:, [x]]).item() for x in range(a.shape[1])])

    def cost(self, a: Any, y: Array) -> Any:
        """C_x of every example, with what a push does to it."""
        real, targets = np.broadcast_arrays(np.real(a), y)
        value = self.each(_flat(real), _flat(targets)).reshape(real.shape[1:])
        if not np.iscomplexobj(a):
            return value
        return _pushed(a, value, (self.slopes(real, targets) * a.imag).sum(axis=0))

    def cost_slope(self, a: Any, y: Array) -> Any:
        """dC_x/da_j; of a push, by how it bends, to as many digits as an estimate needs."""
        real = np.real(a)
        slope = self.slopes(real, y)
        if not np.iscomplexobj(a):
            return slope
        step = PART * np.where(real == 0, 1, real)
        return slope + 1j * np.imag(a) * (slope - self.slopes(real - step, y)) / step

    def slopes(self, a: Array, y: Array) -> Array:
        """dC_x/da_j, of the shape of a."""
        shape, a, y = a.shape, _flat(a), _flat(y)
        n, m = a.shape
        if self.gives == "each":
            eye = np.broadcast_to(np.eye(n)[:, :, None], (n, n, m))
            return self.moved(a, eye, y).reshape(shape)
        # Where the examples end in one number, each output of each is pushed by itself.
        most = max(1, TOGETHER // n)
        parts = [(a[:, p : p + most], y[:, p : p + most]) for p in range(0, m, most)]
        found = [self.moved(a, np.eye(a.size).reshape(-1, *a.shape), y) for a, y in parts]
        times = [len(y.T) if self.gives == "average" else 1 for _, y in parts]
        return np.hstack([k * v.reshape(n, -1) for k, v in zip(times, found, strict=True)]).reshape(
            shape
        )

    def moved(self, a: Array, tangents: Array, y: Array) -> Array:
        """How the cost moves along each of the tangents."""
        t = self.along(a, tangents, y).t
        return np.zeros(1) if t is None else t


def _flat(v: Array) -> Array:
    """The examples along one axis."""
    return v.reshape(len(v), -1)


def _pushed(given: Any, value: Array, moved: Array) -> Any:
    """A value and how it moves, as the complex numbers that were given."""
    found = Pushed(*np.broadcast_arrays(value, moved))
    return found if isinstance(given, Pushed) else found.whole()
