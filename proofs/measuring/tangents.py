"""Arrays that carry tangents: the derivative of somebody's own NumPy code, which runs unchanged.

A `Dual` holds a value v and tangents t_1, ..., t_K, the derivatives of v along K directions.
NumPy's functions take it as they take an array. Whatever has no rule here raises
`NotDifferentiableError`: a derivative is never dropped in silence.
"""

import math
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from proofs.measuring import detached
from proofs.measuring.callsites import Site, is_printing, site


class NotDifferentiableError(Exception):
    """A step of the user's code that no tangent gets through."""


@dataclass
class Looking:
    """How a run of the user's code looks at kinks, and what it met on the way."""

    side: int = 1
    """1 or -1: the side from which a kink or a tie is looked at; 0 sends to each tied number."""
    ties: int = 0
    """How many operations met a kink or a tie."""
    numbers: int = 0
    """How many numbers of tangents were computed."""
    tied_away_from_zero: bool = False
    """Whether numbers other than 0 were tied for a maximum or minimum."""
    constant: frozenset[Site] = frozenset()
    """The steps whose results count as constants in this run."""
    bent: tuple[Site, Callable[[Any, Any], Any]] | None = None
    """A step whose slope is another one in this run, made of its operand and its result."""
    curves: list[Site] = field(default_factory=list)
    """The steps that have a slope, if they are collected."""
    sites: list[Site] | None = None
    """Every step of the user's code that made a tangent, if they are collected."""
    values: dict[Site, Any] = field(default_factory=dict)
    """What each of them came to."""
    composite: "Composite | None" = None
    """Several steps whose slope together is another one in this run."""
    symmetric: bool = False
    """Whether what is factored or inverted counts as symmetric: its other part does not move it."""
    equal: list[Site] = field(default_factory=list)
    """Where eigenvalues or singular values were equal."""
    guards: list[Site] | None = None
    """The steps whose small constant was left out, if such constants are."""
    bare: frozenset[Site] | None = None
    """The only steps at which they are; None for everywhere."""
    operands: "Operands | None" = None
    """What is asked of the operands of each step, if anything is."""
    factors: "Factors | None" = None
    """What is asked of products and quotients, if anything is."""
    rounding: Callable[[Any], Any] | None = None
    """What rounds a number at random, in a run that is to tell how far rounding moves tangents."""
    sums: "Sums | None" = None
    """Where the run is cut at its sums to one number, if it is."""


Operand = tuple[Site, int]
"""A step, and which of the numbers that it takes."""


@dataclass
class Operands:
    """The operands of the user's steps, some of which count as constants in a run.

    Those that are one input, or a view of it, are its readings, one after the other.
    """

    held: Callable[[Operand, int], bool] = lambda operand, reading: False
    """Whether an operand counts as a constant, and which reading of the input it is, or -1."""
    root: Any = None
    """The numbers of the input."""
    bare: Any = None
    """The tangents of the input, where what is held has these instead of its own."""
    met: list[tuple[Operand, int]] = field(default_factory=list)
    """Every operand that had tangents."""
    readings: int = 0

    def heard(self, given: Any, here: Site, first: int = 0) -> tuple[Any, int]:
        """What a step is given, without the tangents of what is held, and how many it was."""
        taken: list[Any] = []
        n = first
        for x in given:
            if isinstance(x, list | tuple) and any(isinstance(each, Dual) for each in x):
                inner, n = self.heard(x, here, n)
                taken.append(getattr(x, "_make", type(x))(inner))
                continue
            taken.append(self._held(x, (here, n)) if isinstance(x, Dual) else x)
            n += 1
        return tuple(taken), n

    def _held(self, x: "Dual", operand: Operand) -> "Dual":
        if x.t is None or not x.t.any():
            return x
        reading = -1
        if self.root is not None and np.may_share_memory(x.v, self.root):
            reading, self.readings = self.readings, self.readings + 1
        self.met.append((operand, reading))
        if not self.held(operand, reading):
            return x
        same = self.bare is not None and self.bare.shape == x.t.shape
        return Dual(x.v, self.bare if same else None)


@dataclass
class Factors:
    """The operands of the user's products and quotients, one of which may have another slope."""

    other: tuple[Operand, Any] | None = None
    """An operand, and what its tangents are multiplied with."""
    met: dict[Operand, Any] = field(default_factory=dict)
    """What the tangents of each operand are multiplied with."""
    sums: dict[Site, int] = field(default_factory=dict)
    """How many numbers each sum adds up to one."""


@dataclass
class Sums:
    """The sums of many numbers to one, at which a run is cut."""

    given: Sequence[Any] = ()
    """The tangents that each is given instead of its own; it has none where this ends."""
    terms: "list[Dual]" = field(default_factory=list)
    """What each adds up."""

    def through(self, v: Any, t: Any, summed: Any) -> Any:
        """The tangents of the sum of some numbers."""
        if np.size(v) == 1 or summed.size != len(t):
            return summed
        n = len(self.terms)
        self.terms.append(Dual(v, t.copy()))  # which somebody's next step may change in place
        if n >= len(self.given):
            return np.zeros_like(summed)
        return self.given[n].reshape(summed.shape)


@dataclass
class Composite:
    """From one step to another, the slope of all that is between them; None is the input."""

    start: Site | None
    end: Site | None
    slope: Callable[[Any, Any], Any]
    held: tuple[Any, Any] | None = None
    """The number that it starts from, with its tangents."""

    def through(self, here: Site, v: Any, t: Any) -> Any:
        """The tangents of what a step came to."""
        if here == self.start:
            self.held = v, t
        if here != self.end or self.held is None or self.held[0].shape != v.shape:
            return t
        return self.slope(self.held[0], v) * self.held[1]


NOW = Looking()
"""Of the run that is going on."""


@contextmanager
def looking(
    side: int = 1,
    constant: Iterable[Site] = (),
    bent: Any = None,
    sites: bool = False,
    unguarded: bool | frozenset[Site] = False,
    operands: Operands | None = None,
    factors: Factors | None = None,
    composite: Composite | None = None,
    rounding: Callable[[Any], Any] | None = None,
    sums: Sums | None = None,
    symmetric: bool = False,
) -> Iterator[Looking]:
    """A run of the user's code; what it met is read off the result."""
    global NOW
    before, NOW = NOW, Looking(side, bent=bent, sites=[] if sites else None)
    NOW.constant, NOW.operands, NOW.factors = frozenset(constant), operands, factors
    NOW.composite, NOW.rounding, NOW.sums = composite, rounding, sums
    NOW.symmetric = symmetric
    NOW.guards = [] if unguarded else None
    NOW.bare = unguarded if isinstance(unguarded, frozenset) else None
    try:
        yield NOW
    finally:
        NOW = before


RULES: dict[str, Callable[..., Any]] = {}
"""What NumPy's functions come to, those of each number and the others: who knows them adds them."""


class Dual(NDArrayOperatorsMixin):
    """A value and its tangents, which lie along the first axis of `t`; `t` is None for a constant.

    A view of a Dual shares value and tangents with it, as NumPy's views do.
    """

    __array_priority__ = 1000.0
    __slots__ = ("_of", "_t", "_view", "v")

    def __init__(self, v: Any, t: Any = None, of: "Dual | None" = None, view: Any = None) -> None:
        self.v, self._t, self._of, self._view = v, t, of, view

    # What it is.

    @property
    def t(self) -> Any:
        """The tangents, K in the first axis, or None."""
        if self._t is None and self._of is not None and self._of.t is not None:
            self._t = self._view(self._of.t)
        return self._t

    ndim = property(lambda self: self.v.ndim)
    size = property(lambda self: self.v.size)
    dtype = property(lambda self: self.v.dtype)
    strides = property(lambda self: self.v.strides)
    itemsize = property(lambda self: self.v.itemsize)
    nbytes = property(lambda self: self.v.nbytes)
    flags = property(lambda self: self.v.flags)
    T = property(lambda self: self.transpose())
    mT = property(lambda self: self.swapaxes(-1, -2))  # noqa: N815 - as NumPy calls it

    @property
    def shape(self) -> tuple[int, ...]:
        """The lengths of the axes, which can be set as NumPy's can."""
        return tuple(self.v.shape)

    @shape.setter
    def shape(self, shape: Any) -> None:
        v, view = self.v.reshape(shape), self._view
        if self._t is not None:
            self._t = self._t.reshape(len(self._t), *v.shape)
        elif view is not None:
            self._view = lambda t: view(t).reshape(len(t), *v.shape)
        self.v = v

    @property
    def flat(self) -> "Dual":
        """All numbers in a row; where these are a copy, they are only read."""
        row = self.reshape(-1)
        if not np.may_share_memory(row.v, self.v):
            row.v.flags.writeable = False
        return row

    @flat.setter
    def flat(self, value: Any) -> None:
        self[...] = np.reshape(value, self.shape) if np.size(value) == self.size else value

    @property
    def real(self) -> "Dual":
        """Itself, or the real parts: a view, as NumPy's is."""
        return self.seen(self.v.real, lambda t: t.real) if self.v.dtype.kind == "c" else self

    @real.setter
    def real(self, value: Any) -> None:
        self.real[...] = value

    @property
    def imag(self) -> "Dual":
        """The imaginary parts, likewise; of real numbers zeros."""
        return self.seen(self.v.imag, lambda t: t.imag)

    @imag.setter
    def imag(self, value: Any) -> None:
        self.imag[...] = value

    def __len__(self) -> int:
        return len(self.v)

    def __iter__(self) -> Iterator["Dual"]:
        return (self[i] for i in range(len(self.v)))

    def __bool__(self) -> bool:
        return bool(self.v)

    def __int__(self) -> int:
        return int(self.v)

    def __index__(self) -> int:
        raise TypeError("an array of floating-point numbers is no index")

    def __repr__(self) -> str:
        return repr(self.v)

    def __format__(self, spec: str) -> str:
        return format(self.v, spec)

    def __float__(self) -> float:
        if self.t is None or is_printing(sys._getframe(1)):  # noqa: SLF001
            return float(self.v)
        raise NotDifferentiableError("a number is turned into a plain Python float")

    def __round__(self, digits: int | None = None) -> Any:
        """As it is: a loss is rounded to be read, and its gradients are those of the loss."""
        return self

    def item(self, *place: Any) -> Any:
        """A single number, which carries its tangents."""
        if self.t is None:
            return self.v.item(*place)
        place = _one(place)
        return (
            self[place] if len(place) > 1 else self.ravel()[place[0]] if place else self.reshape(())
        )

    def tolist(self) -> Any:
        """A list of plain numbers, which carry no tangents."""
        return self.v.tolist() if self.t is None else list(self) if self.ndim else self

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        if self.t is None:
            return np.array(self.v, dtype)
        raise NotDifferentiableError("a function or an array takes the values alone")

    # Parts of it.

    def __getitem__(self, place: Any) -> "Dual":
        place = plain(place)
        if _basic(place):
            every = (slice(None), *place) if isinstance(place, tuple) else (slice(None), place)
            return self.seen(np.asanyarray(self.v[place]), lambda t: t[every])
        if self.t is None:
            return Dual(np.asanyarray(self.v[place]))
        return made(np.asanyarray(self.v[place]), _picked(self.t, self.v.shape, place))

    def __setitem__(self, place: Any, value: Any) -> None:
        place, (v, t) = plain(place), parts(value)
        if t is not None:
            self.carry(len(t))
        if self.t is not None:
            lifted = 0.0 if t is None else lift(t, np.ndim(v), np.ndim(self.v[place]))
            if t is not None or not other_slope():
                _put(self.t, self.v.shape, place, lifted)
        self.v[place] = v

    def carry(self, K: int) -> None:
        """Make room for K tangents, in what it is a view of too."""
        if self.t is not None:
            return
        if self._of is None:
            kind = complex if self.v.dtype.kind == "c" else float
            self._t = np.zeros((K, *self.v.shape), kind)
            return
        self._of.carry(K)
        if self._t is None:
            self._t = self._view(self._of.t)

    def seen(self, v: Any, view: Callable[[Any], Any]) -> "Dual":
        """A view of it: the value, and how tangents are seen in the same way."""
        t = self.t
        if t is None:
            return Dual(v, None, self, view)
        seen = view(t)
        if np.may_share_memory(v, self.v) and not np.may_share_memory(seen, t):
            seen.flags.writeable = False  # written into, it would not reach what it is seen of
        return Dual(v, _stopped(v, seen))

    def copy(self, order: str = "C") -> "Dual":
        """A copy that shares nothing."""
        return Dual(self.v.copy(), None if self.t is None else self.t.copy())

    __copy__ = copy

    def __deepcopy__(self, memo: Any) -> "Dual":
        return self.copy()

    def astype(self, dtype: Any, **how: Any) -> Any:
        """Itself, as tangents have one precision; whole numbers and truth values are constants."""
        kind = np.dtype(dtype)
        if is_floating(kind):
            same = not how.get("copy", True) and kind == self.v.dtype
            return self if same else self.real.copy()
        return self + np.zeros((), kind) if kind.kind == "c" else self.v.astype(dtype)

    def sort(self, axis: int = -1, **how: Any) -> None:
        """Sort in place."""
        self[...] = np.sort(self, axis)

    def partition(self, kth: Any, axis: int = -1, **how: Any) -> None:
        """Sort in place, which puts each number on its side of those in question."""
        self.sort(axis)

    def put(self, places: Any, values: Any, **how: Any) -> None:
        """Set the entries that are counted along the rows."""
        self[np.unravel_index(np.asarray(plain(places), int) % self.size, self.shape)] = values

    def fill(self, value: Any) -> None:
        """Set all entries."""
        self[...] = value

    def view(self, *kind: Any) -> "Dual":
        """The same numbers."""
        if kind and not is_floating(np.dtype(kind[0])):
            raise NotDifferentiableError("the bits of a number are read")
        return self

    # In another shape.

    def reshape(self, *shape: Any, order: str = "C", copy: Any = None) -> "Dual":
        """The same numbers in another shape."""
        if order not in ("C", None):
            flags = self.v.flags
            if order == "F" or (flags.f_contiguous and not flags.c_contiguous):
                backwards = self.transpose().reshape(*_one(shape)[::-1])
                return backwards.transpose()
            if not flags.c_contiguous:
                raise NotDifferentiableError(
                    f"an array that is a view is read with order={order!r}"
                )
        v = self.v.reshape(_one(shape))
        return self.seen(v, lambda t: t.reshape(len(t), *v.shape))

    def transpose(self, *axes: Any) -> "Dual":
        """The axes in another order."""
        order = _one(axes) if axes and axes[0] is not None else range(self.ndim)[::-1]
        order = tuple(int(a) % self.ndim for a in order)
        return self.seen(self.v.transpose(order), lambda t: t.transpose(0, *(a + 1 for a in order)))

    def swapaxes(self, a: int, b: int) -> "Dual":
        """Two axes exchanged."""
        order = list(range(self.ndim))
        order[a], order[b] = order[b], order[a]
        return self.transpose(*order)

    def ravel(self, order: str = "C") -> "Dual":
        """The same numbers in a row."""
        return self.reshape(-1, order=order)

    def flatten(self, order: str = "C") -> "Dual":
        """A copy of the numbers in a row."""
        return self.reshape(-1, order=order).copy()

    def squeeze(self, axis: Any = None) -> "Dual":
        """Without axes of length 1."""
        return self.reshape(np.squeeze(self.v, axis).shape)

    # What NumPy asks it for.

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **how: Any) -> Any:
        apply, own = RULES["ufunc"], dict(how)
        try:
            if NOW.operands is None:
                return apply(ufunc, method, inputs, how)
            return _asked(NOW.operands, lambda given: apply(ufunc, method, given, how), inputs)
        except Exception as error:
            _blame(error, getattr(ufunc, method), inputs, own, f"np.{ufunc.__name__}")
            raise

    def __array_function__(self, function: Any, types: Any, args: Any, how: Any) -> Any:
        call, own = RULES["function"], dict(how)
        try:
            if NOW.operands is None:
                return call(function, args, how)
            return _asked(NOW.operands, lambda given: call(function, given, how), args)
        except Exception as error:
            _blame(error, function, args, own, f"np.{function.__name__}")
            raise

    def __getattr__(self, name: str) -> Any:
        function = getattr(np, name, None) if name in _METHODS else None
        if function is None:
            raise _NoMethodError(f"an array that carries tangents has no {name!r}")
        if name == "compress":
            return lambda condition, *args, **how: function(condition, self, *args, **how)
        return lambda *args, **how: function(self, *args, **how)


class _NoMethodError(NotDifferentiableError, AttributeError):
    """What an array has, and what stands for one here has not."""


def _blame(error: Exception, step: Any, args: Any, how: Any, name: str) -> None:
    """An error of a rule is a step that has no rule, unless NumPy's own step raises one, too."""
    if isinstance(error, NotDifferentiableError):
        return
    with np.errstate(all="ignore"):
        step(*plain(args), **{key: plain(value) for key, value in how.items()})
    raise NotDifferentiableError(f"{name} has no rule for how it is used") from error


def _asked(operands: Operands, step: Callable[[Any], Any], given: Any) -> Any:
    """What a step of the user's comes to, some of its operands being constants."""
    given, _ = operands.heard(given, site(sys._getframe(2)))  # noqa: SLF001
    NOW.operands = None  # the rules' own steps are none of the user's
    try:
        return step(given)
    finally:
        NOW.operands = operands


_METHODS = frozenset(
    "sum mean var std max min argmax argmin argsort argpartition prod cumsum cumprod dot clip "
    "repeat take diagonal trace round any all nonzero conj conjugate ptp searchsorted compress "
    "choose".split()
)
"""Methods of an array that are NumPy's functions of the same name."""


def is_floating(dtype: Any) -> bool:
    """Whether a type is one of floating-point numbers, bfloat16 and its kin included."""
    if dtype.kind == "V":  # what other packages add
        return bool(dtype.name.startswith(("bfloat", "float")))
    return bool(dtype.kind == "f")


def made(v: Any, t: Any) -> Dual:
    """The result of a step: its value, and its tangents unless the step counts as a constant."""
    v = np.asanyarray(v)
    if t is None:
        return Dual(v)
    NOW.numbers += t.size
    if t.shape[1:] != v.shape:
        t = np.broadcast_to(t, (len(t), *v.shape)).copy()
    return Dual(v, _stopped(v, t))


def rounds(x: Any) -> Any:
    """A number that was computed, rounded at random where the run asks for it.

    Whole numbers stay: they count, or say which, and are exact.
    """
    if NOW.rounding is None or not isinstance(x, np.ndarray | np.floating):
        return x
    return np.where(np.rint(x) == x, x, NOW.rounding(x))


def other_slope() -> Callable[[Any, Any], Any] | None:
    """The slope that a step of the user's is to have in this run instead of its own, if any.

    The step is noted as one that has a slope, where such are collected.
    """
    if NOW.sites is None and NOW.bent is None:
        return None
    here = site(sys._getframe(1))  # noqa: SLF001
    if NOW.sites is not None and here not in NOW.curves:
        NOW.curves.append(here)
    return NOW.bent[1] if NOW.bent is not None and NOW.bent[0] == here else None


def _stopped(v: Any, t: Any) -> Any:
    if NOW.sites is None and not NOW.constant and NOW.composite is None and not detached.NOW:
        return t
    if detached.NOW and detached.is_detached(sys._getframe(2)):  # noqa: SLF001
        return np.zeros_like(t)
    here = site(sys._getframe(2))  # noqa: SLF001
    if NOW.composite is not None:
        return NOW.composite.through(here, v, t)
    if NOW.sites is not None:
        NOW.sites += [here] if here not in NOW.values else []
        NOW.values[here] = v
    return np.zeros_like(t) if here in NOW.constant else t


def parts(x: Any) -> tuple[Any, Any]:
    """Value and tangents, which a plain number has none of."""
    return (x.v, x.t) if isinstance(x, Dual) else (x, None)


def value(x: Any) -> Any:
    """The value alone."""
    return x.v if isinstance(x, Dual) else x


def plain(x: Any) -> Any:
    """The values alone, in tuples, lists and dictionaries too."""
    if isinstance(x, Dual):
        return x.v
    if isinstance(x, tuple | list):
        return getattr(x, "_make", type(x))(map(plain, x))
    return x


def lift(t: Any, ndim: int, to: int) -> Any:
    """The tangents of an array of `ndim` axes, for broadcasting with one of `to` axes."""
    return t.reshape(len(t), *(1,) * (to - ndim), *t.shape[1:]) if to > ndim else t


def lifted(x: Any, t: Any, v: Any) -> Any:
    """The tangents of an operand, 0 if it has none, for broadcasting with a result v."""
    return 0.0 if t is None else lift(t, np.ndim(x), np.ndim(v))


def added(t: Any, other: Any, ours: bool = False) -> Any:
    """The sum of tangents, either of which may be none; written into `other` if that is `ours`."""
    if t is None or other is None:
        return other if t is None else t
    alike = ours and t.shape == other.shape and t.dtype == other.dtype
    return np.add(t, other, out=other) if alike else t + other


def _one(shape: Any) -> Any:
    return tuple(shape[0]) if len(shape) == 1 and np.ndim(shape[0]) else shape


def _basic(place: Any) -> bool:
    each = place if isinstance(place, tuple) else (place,)
    return all(
        isinstance(i, int | np.integer | slice | type(None) | type(...))
        and not isinstance(i, bool | np.bool)
        for i in each
    )


def _behind_first(place: Any) -> Any:
    """The same place in an array with one more axis in front, or None if NumPy would move axes."""
    each = place if isinstance(place, tuple) else (place,)
    fancy = [n for n, i in enumerate(each) if not _basic(i)]
    whole = [n for n, i in enumerate(each) if isinstance(i, int | np.integer)]
    if whole or fancy != list(range(fancy[0], fancy[-1] + 1)) if fancy else False:
        return None
    return (slice(None), *each)


def _positions(shape: tuple[int, ...], place: Any) -> Any:
    return np.arange(math.prod(shape)).reshape(shape)[place]


def _picked(t: Any, shape: tuple[int, ...], place: Any) -> Any:
    every = _behind_first(place)
    if every is not None:
        return t[every]
    return t.reshape(len(t), -1)[:, _positions(shape, place)]


def _put(t: Any, shape: tuple[int, ...], place: Any, lifted: Any) -> None:
    if not t.flags.writeable:
        raise NotDifferentiableError("a view in another shape is written into")
    every = (
        (slice(None), *(place if isinstance(place, tuple) else (place,)))
        if _basic(place)
        else _behind_first(place)
    )
    if every is not None:
        t[every] = lifted
        return
    at = np.unravel_index(_positions(shape, place), shape)
    t[(slice(None), *at)] = lifted
