"""Complex numbers v + iu with u so small that a product of two such u is lost in rounding.

Real and imaginary parts are arrays of their own, so that NumPy's fast real loops do the work.
NumPy's functions take a `Pushed` as they take a complex array.
What is not written here is left to NumPy's own complex numbers: slower, and right for any u.
"""

import operator
from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from proofs.network.arrays import Array


class Pushed(NDArrayOperatorsMixin):
    """An array of complex numbers, given by real and imaginary parts.

    Both have one shape, or one that NumPy broadcasts: pushes side by side share their real parts.
    What acts on each number alone changes the `rate`, of the shape of the real parts, at which the
    numbers move; the imaginary parts, that times the pushes `along`, wait until they are asked for.
    """

    dtype = np.dtype(complex)

    def __init__(self, real: Array, along: Array, rate: Any = 1.0) -> None:
        self.real, self.along, self.rate = real, along, rate

    @cached_property
    def imag(self) -> Any:
        """The imaginary parts, of the shape of both parts together."""
        as_it_is = isinstance(self.rate, float) and self.rate == 1
        imag = self.along if as_it_is else self.rate * self.along
        shape = np.broadcast_shapes(self.real.shape, imag.shape)
        return imag if imag.shape == shape else np.broadcast_to(imag, shape)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of both parts together."""
        return np.broadcast_shapes(self.real.shape, self.along.shape)

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    def __len__(self) -> int:
        return len(self.real)

    def __getitem__(self, place: Any) -> "Pushed":
        return Pushed(self.real[place], self.imag[place])

    def __setitem__(self, place: Any, value: Any) -> None:
        # Parts may be shared with another number, which is not to change.
        self.real, imag = (np.broadcast_to(p, self.shape).copy() for p in (self.real, self.imag))
        self.real[place], imag[place] = np.real(value), np.imag(value)
        self.imag = self.along = imag
        self.rate = 1.0

    def reshape(self, *shape: int) -> "Pushed":
        """The same numbers in another shape."""
        return Pushed(self.real.reshape(*shape), self.imag.reshape(*shape))

    def sum(self, axis: int | None = None, **how: Any) -> "Pushed":
        """The sum along an axis; `how` as for NumPy."""
        return Pushed(self.real.sum(axis, **how), self.imag.sum(axis, **how))

    def whole(self) -> Any:
        """The same numbers as one complex array."""
        return self.real + 1j * self.imag

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        return np.asarray(self.whole(), dtype)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.whole(), name)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **how: Any) -> Any:
        out = how.pop("out", None)
        if method == "__call__" and ufunc in RULES and not how and all(map(_simple, inputs)):
            result = RULES[ufunc](*inputs)
        else:
            result = getattr(ufunc, method)(*map(_whole, inputs), **how)
        if out is None:
            return result
        (target,) = out
        target[...] = result
        return target

    def __array_function__(self, function: Any, types: Any, args: Any, how: Any) -> Any:
        if function is np.iscomplexobj:
            return True
        if function is np.where and len(args) == 3 and all(map(_simple, args)):
            return _where(*args)
        return function(*map(_whole, args), **{name: _whole(value) for name, value in how.items()})


SIMPLE = (Pushed, float, int)
"""What needs no complex numbers of NumPy's own beside a push."""


def pushed(numbers: Any) -> Pushed:
    """The numbers as parts, if they are not already."""
    if isinstance(numbers, Pushed):
        return numbers
    return Pushed(np.real(numbers), np.imag(numbers))


def _real(operand: Any) -> Any:
    return operand.real if isinstance(operand, Pushed) else operand


def _simple(operand: Any) -> bool:
    if type(operand) is np.ndarray:
        return bool(operand.dtype.kind != "c")
    return isinstance(operand, SIMPLE) or not np.iscomplexobj(operand)


def _whole(operand: Any) -> Any:
    if isinstance(operand, list | tuple):
        return type(operand)(map(_whole, operand))
    return operand.whole() if isinstance(operand, Pushed) else operand


def _times(p: Pushed, c: Any, real: Any) -> Pushed:
    """Real parts that were computed of those of p, which moves them c times as far."""
    return Pushed(real, p.along, c * p.rate)


def _combined(real: Any, how: Callable[[Any, Any], Any], p: Pushed, q: Pushed) -> Pushed:
    """Real parts, with pushes that are combined of those of p and q."""
    if p.along is q.along:
        return Pushed(real, p.along, how(p.rate, q.rate))
    return Pushed(real, how(p.imag, q.imag))


def _where(choice: Any, yes: Any, no: Any) -> Pushed:
    real = np.where(choice, _real(yes), _real(no))
    along, *others = [p.along for p in (yes, no) if isinstance(p, Pushed)]
    if all(other is along for other in others):
        return Pushed(real, along, np.where(choice, _rate(yes, real), _rate(no, real)))
    return Pushed(real, np.where(choice, yes.imag, no.imag))


def _rate(operand: Any, real: Any) -> Any:
    """A rate of the type of the real parts, which a number of Python's does not tell."""
    rate = operand.rate if isinstance(operand, Pushed) else 0.0
    if not isinstance(rate, float | int):
        return rate
    return real.dtype.type(rate) if isinstance(real, np.ndarray) else np.full_like(real, rate)


def _add(p: Any, q: Any) -> Pushed:
    real = _real(p) + _real(q)
    if not isinstance(p, Pushed):
        return Pushed(real, q.along, q.rate)
    if not isinstance(q, Pushed):
        return Pushed(real, p.along, p.rate)
    return _combined(real, operator.add, p, q)


def _subtract(p: Any, q: Any) -> Pushed:
    real = _real(p) - _real(q)
    if not isinstance(p, Pushed):
        return Pushed(real, q.along, -q.rate)
    if not isinstance(q, Pushed):
        return Pushed(real, p.along, p.rate)
    return _combined(real, operator.sub, p, q)


def _multiply(p: Any, q: Any) -> Pushed:
    if not isinstance(p, Pushed):
        return _times(q, p, p * q.real)
    if not isinstance(q, Pushed):
        return _times(p, q, p.real * q)
    v, w = p.real, q.real
    return _combined(v * w, lambda of_p, of_q: v * of_q + of_p * w, p, q)


def _divide(p: Any, q: Any) -> Pushed:
    ratio = _real(p) / _real(q)
    if not isinstance(q, Pushed):
        return Pushed(ratio, p.along, p.rate / q)
    if isinstance(p, Pushed):
        p = _combined(ratio, lambda of_p, of_q: of_p - ratio * of_q, p, q)
        return Pushed(ratio, p.along, p.rate / q.real)
    return Pushed(ratio, q.along, -ratio * q.rate / q.real)


def _power(p: Any, n: Any) -> Any:
    if np.ndim(n) == 0 and n == 2:
        return _times(p, 2 * p.real, p.real * p.real)
    return np.power(_whole(p), _whole(n))


def _exp(p: Pushed) -> Pushed:
    # e^v (cos u + i sin u), where cos u rounds to 1 and sin u to u.
    e = np.exp(p.real)
    return _times(p, e, e)


def _log(p: Pushed) -> Pushed:
    # The angle of v + iu is u / v for v > 0; elsewhere NumPy knows.
    if (p.real > 0).all():
        return Pushed(np.log(p.real), p.along, p.rate / p.real)
    return np.log(p.whole())


def _log1p(p: Pushed) -> Pushed:
    if (p.real > -1).all():
        return Pushed(np.log1p(p.real), p.along, p.rate / (1 + p.real))
    return np.log1p(p.whole())


def _tanh(p: Pushed) -> Pushed:
    # tanh(v + iu) = (sinh 2v + i sin 2u) / (cosh 2v + cos 2u), and cosh would overflow.
    e = np.exp(-2 * abs(p.real))
    return _times(p, 4 * e / (1 + e) ** 2, np.tanh(p.real))


RULES: dict[Any, Callable[..., Any]] = {
    np.add: _add,
    np.subtract: _subtract,
    np.multiply: _multiply,
    np.divide: _divide,
    np.power: _power,
    np.square: lambda p: _power(p, 2),
    np.negative: lambda p: Pushed(-p.real, p.along, -p.rate),
    np.positive: lambda p: p,
    np.exp: _exp,
    np.log: _log,
    np.log1p: _log1p,
    np.tanh: _tanh,
}
