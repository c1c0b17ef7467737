"""The derivative of the user's code along one direction without the chain rule: a complex step.

NumPy's functions that are not analytic are mended: the size of a complex number is not the size of
the real number it stands for, and var, norm and sign go wrong in silence. What has no mended
version raises; then differences of high order tell, where nothing jumps.
"""

import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from proofs.measuring import detached
from proofs.measuring.callsites import is_printing

STEP = 1e-100
SECOND = 1e-150
"""What is smaller is a product of two steps, and no number: 0 times a weight that moves is 0."""


class NotAnalyticError(Exception):
    """A step of the user's code that loses the imaginary part, or may."""


class Complex(np.ndarray):
    """Numbers v + iu: compared, sorted and measured by v."""

    def __array_ufunc__(
        self, ufunc: Any, method: str, *inputs: Any, out: Any = None, **how: Any
    ) -> Any:
        others = [x for x in inputs if type(x) not in (Complex, float, int)]
        if others and any(map(np.iscomplexobj, others)):
            raise NotAnalyticError("complex numbers of the user's own, whose parts are no steps")
        plain = [_bare(x) for x in inputs]
        if out is not None and _bare(out[0]).dtype.kind != "c":
            raise NotAnalyticError(f"np.{ufunc.__name__} writes into an array of real numbers")
        where = _bare(how.pop("where", True)) if out is not None else True
        result = _result(ufunc, method, plain, how)
        result = _kept(result)
        if out is None:
            return _dressed(result)
        np.copyto(_bare(out[0]), result, where=where)
        return out[0]

    def __array_function__(self, function: Any, types: Any, args: Any, how: Any) -> Any:
        if function in MENDED:
            if how.get("out") is not None:
                raise NotAnalyticError(f"np.{function.__name__} writes into an array")
            return _dressed(_kept(MENDED[function](*args, **how)))
        if function not in ANALYTIC:
            raise NotAnalyticError(f"np.{function.__name__} is not known to be analytic")
        result = _kept(super().__array_function__(function, types, args, how))
        several = type(result) in (list, tuple)
        return type(result)(map(_dressed, result)) if several else _dressed(result)

    def __setitem__(self, place: Any, value: Any) -> None:
        super().__setitem__(_bare(place), value)

    def __getitem__(self, place: Any) -> Any:
        return _dressed(_kept(super().__getitem__(_bare(place))))

    @property  # type: ignore[misc]
    def strides(self) -> Any:
        """As of the real numbers that it stands for, in which people count their steps."""
        return tuple(step // 2 for step in _bare(self).strides)

    @property
    def itemsize(self) -> int:
        """Likewise."""
        return int(_bare(self).itemsize) // 2

    @property  # type: ignore[misc]
    def real(self) -> Any:
        """Itself, as it stands for real numbers."""
        return self

    def astype(self, dtype: Any, *args: Any, **how: Any) -> Any:
        """Itself for numbers of any precision; the real parts for whole numbers."""
        if np.dtype(dtype).kind in "fc":
            return self.copy()
        return _bare(self).real.astype(dtype)

    def item(self, *place: Any) -> Any:
        """A single number with its step: a plain complex one would be compared as such."""
        return (
            self[place] if len(place) > 1 else self.ravel()[place[0]] if place else self.reshape(())
        )

    def __float__(self) -> float:
        if is_printing(sys._getframe(1)):  # noqa: SLF001
            return float(_bare(self).real)
        raise NotAnalyticError("a number is turned into a plain Python float")

    def __round__(self, digits: int | None = None) -> Any:
        return self  # as with tangents

    def __format__(self, spec: str) -> str:
        return format(_bare(self).real, spec)


def _as_function(name: str) -> Callable[..., Any]:
    return lambda x, *args, **how: getattr(np, name)(x, *args, **how)


for _name in ("var std max min argmax argmin argsort clip dot round").split():
    setattr(Complex, _name, _as_function(_name))  # an array's own would not ask what is mended


def carrying(x: Any, direction: Any) -> Any:
    """The numbers, moved by the step along a direction."""
    return (x + 1j * STEP * direction).view(Complex)


def carrying_nothing(x: Any) -> Any:
    """A copy of an array into which what is moved can be written."""
    return carrying(x, 0.0)


def moved(x: Any) -> Any:
    """How far a result moved, for a direction of size 1."""
    x = _bare(np.asanyarray(x))
    return x.imag / STEP if x.dtype.kind == "c" else np.zeros(x.shape)


def adopt(real: Any, args: Any, how: dict[str, Any]) -> Any:
    """What a maker of arrays makes: floating-point numbers become complex."""
    if any(isinstance(x, Complex) for x in (*args[1:], *how.values())):
        raise NotAnalyticError(f"np.{real.__name__} of a number")
    if args and isinstance(args[0], Complex) and not real.__name__.endswith("_like"):
        if real.__name__ in ("linspace", "arange"):
            raise NotAnalyticError(f"np.{real.__name__} of a number")
        return args[0].copy() if real.__name__ in ("array", "copy") else args[0]
    if args and isinstance(args[0], list | tuple) and _holds(args[0]):
        return np.stack([np.asanyarray(x, complex) for x in args[0]]).view(Complex)
    args = tuple(_bare(x).real if isinstance(x, Complex) else x for x in args)
    made = real(*args, **how)
    if np.iscomplexobj(made):
        raise NotAnalyticError("an array of the user's own complex numbers")
    floating = isinstance(made, np.ndarray) and made.dtype.kind == "f"
    return made.astype(complex).view(Complex) if floating else made


def _holds(items: Any) -> bool:
    return any(isinstance(x, Complex) or (isinstance(x, list | tuple) and _holds(x)) for x in items)


def _bare(x: Any) -> Any:
    return x.view(np.ndarray) if isinstance(x, Complex) else x


def _kept(x: Any) -> Any:
    """What a step comes to, without what moves where the step is detached."""
    if not detached.NOW or not detached.is_detached(sys._getframe(2)):  # noqa: SLF001
        return x
    if isinstance(x, list | tuple):
        return type(x)(map(_still, x))
    return _still(x)


def _still(x: Any) -> Any:
    return _bare(x).real + 0j if np.iscomplexobj(_bare(x)) else x


def _dressed(x: Any) -> Any:
    if isinstance(x, np.ndarray) and x.dtype.kind == "c":
        return x if type(x) is Complex else x.view(Complex)
    return np.asarray(x).view(Complex) if isinstance(x, complex | np.complexfloating) else x


def _result(ufunc: Any, method: str, inputs: list[Any], how: dict[str, Any]) -> Any:
    name = ufunc.__name__
    if method == "__call__" and name in UFUNCS:
        return UFUNCS[name](*inputs)
    if method == "__call__" and name in COMPARED:
        return _compared(ufunc, *inputs)
    if method == "__call__" and name in BY_REAL_PART:
        return ufunc(*map(np.real, inputs), **how)
    if method == "reduce" and name in ("maximum", "minimum"):
        how.pop("dtype", None), how.pop("initial", None), how.pop("where", None)
        return _extreme(inputs[0], 1 if name == "maximum" else -1, **how)
    if method == "reduce" and name in ("logical_and", "logical_or"):
        return ufunc.reduce(np.real(inputs[0]), **how)
    if name not in HOLOMORPHIC:
        raise NotAnalyticError(f"np.{name} is not analytic")
    return getattr(ufunc, method)(*inputs, **how)


HOLOMORPHIC = frozenset(
    "add subtract multiply divide true_divide negative positive reciprocal power float_power "
    "square sqrt exp expm1 exp2 log log2 log10 log1p sin cos tan arcsin arccos arctan sinh cosh "
    "tanh matmul erf erfc expit logit log_expit ndtr xlogy pow".split()
)
"""Functions of a complex number that have a derivative in it."""

COMPARED = frozenset("greater greater_equal less less_equal".split())
BY_REAL_PART = frozenset(
    "equal not_equal isnan isfinite isinf signbit floor "
    "ceil rint trunc logical_not logical_and logical_or floor_divide heaviside".split()
)


def _same(a: Any, b: Any) -> Any:
    """Where real parts are equal."""
    return (a == b) | (abs(a - b) <= SECOND)


def _compared(ufunc: Any, a: Any, b: Any) -> Any:
    """By the real parts; where they are equal, by where the step leads."""
    tied = _same(np.real(a), np.real(b))
    v = ufunc(np.real(a), np.real(b))
    return np.where(tied, ufunc(np.imag(a), np.imag(b)), v) if np.any(tied) else v


def _larger(a: Any, b: Any, sign: int) -> Any:
    a, b = np.asarray(a, complex), np.asarray(b, complex)
    one, other = sign * a.real, sign * b.real
    tied = _same(one, other)
    first = ((one > other) & ~tied) | (tied & (sign * a.imag >= sign * b.imag))
    return np.where(first | np.isnan(one), a, b)


def _extreme(x: Any, sign: int, axis: Any = 0, keepdims: bool = False) -> Any:
    top = (sign * x.real).max(axis=axis, keepdims=True)
    tied = _same(sign * x.real, top)
    grows = np.where(tied, sign * x.imag, -np.inf).max(axis=axis, keepdims=True)
    r = sign * top + 1j * sign * grows
    return r if keepdims else r.squeeze(axis)


def _absolute(x: Any) -> Any:
    return _larger(x, -x, 1)


def _logaddexp(a: Any, b: Any) -> Any:
    top = np.maximum(np.real(a), np.real(b))
    return top + np.log(np.exp(a - top) + np.exp(b - top))


UFUNCS: dict[str, Callable[..., Any]] = {
    "absolute": _absolute,
    "fabs": _absolute,
    "sign": lambda x: np.where(_same(np.real(x), 0), np.sign(np.imag(x)), np.sign(np.real(x))),
    "conjugate": lambda x: x,
    "maximum": lambda a, b: _larger(a, b, 1),
    "minimum": lambda a, b: _larger(a, b, -1),
    "fmax": lambda a, b: _larger(a, b, 1),
    "fmin": lambda a, b: _larger(a, b, -1),
    "clip": lambda x, low, high: _larger(_larger(x, low, 1), high, -1),
    "logaddexp": _logaddexp,
    "hypot": lambda a, b: np.sqrt(a * a + b * b),
    "cbrt": lambda x: np.sign(np.real(x)) * (x * np.sign(np.real(x))) ** (1 / 3),
    "deg2rad": lambda x: x * (np.pi / 180),
}
"""As they are for real numbers, carried on into the complex plane."""


def _var(x: Any, axis: Any = None, ddof: float = 0, keepdims: bool = False, **how: Any) -> Any:
    if how:
        raise NotAnalyticError(f"np.var with {', '.join(how)}")
    d = x - np.mean(x, axis=axis, keepdims=True)
    n = x.size if axis is None else np.prod([x.shape[a] for a in np.atleast_1d(axis)])
    return np.sum(d * d, axis=axis, keepdims=keepdims) / (n - ddof)


def _norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    if ord not in (None, 2, "fro") or (ord == 2 and axis is None and x.ndim > 1):
        raise NotAnalyticError(f"np.linalg.norm with ord={ord!r}")
    return np.sqrt(np.sum(x * x, axis=axis, keepdims=keepdims))


def _clip(x: Any, a_min: Any = None, a_max: Any = None, **how: Any) -> Any:
    low, high = how.get("min", a_min), how.get("max", a_max)
    x = x if low is None else np.maximum(x, low)
    return x if high is None else np.minimum(x, high)


def _round(x: Any, decimals: int = 0, out: Any = None) -> Any:
    return x if not x.ndim else np.round(np.real(_bare(x)), decimals)


def _extreme_of(sign: int) -> Callable[..., Any]:
    """By the real part, the largest or the smallest; of equal ones the one that grows fastest."""

    def run(x: Any, axis: Any = None, out: Any = None, keepdims: bool = False, **how: Any) -> Any:
        return _dressed(_extreme(_bare(x), sign, axis, keepdims))

    return run


def _by_real(function: Any) -> Callable[..., Any]:
    return lambda x, *args, **how: function(np.real(_bare(x)), *args, **how)


def _sort(x: Any, axis: int = -1, **how: Any) -> Any:
    if (
        np.diff(np.sort(np.real(_bare(x)), axis), axis=axis if axis is not None else -1) == 0
    ).any():
        raise NotAnalyticError("np.sort of numbers that are equal")
    return np.take_along_axis(x, np.argsort(np.real(_bare(x)), axis=axis), axis)


MENDED: dict[Any, Callable[..., Any]] = {
    np.var: lambda x, axis=None, dtype=None, out=None, **how: _var(x, axis, **how),
    np.std: lambda x, axis=None, dtype=None, out=None, **how: np.sqrt(_var(x, axis, **how)),
    np.linalg.norm: _norm,
    np.clip: _clip,
    np.vdot: lambda a, b: np.sum(np.reshape(a, -1) * np.reshape(b, -1)),
    np.correlate: lambda a, v, mode="valid": _dressed(
        np.correlate(_bare(a), _bare(v).conj(), mode)
    ),
    np.real: lambda x: x,
    np.iscomplexobj: lambda x: False,
    np.isrealobj: lambda x: True,
    np.sort: _sort,
    np.round: _round,
    np.around: _round,
    np.max: _extreme_of(1),
    np.min: _extreme_of(-1),
}
MENDED |= {np.amax: MENDED[np.max], np.amin: MENDED[np.min]}
MENDED |= {
    f: _by_real(f)
    for f in (np.argmax, np.argmin, np.argsort, np.nonzero, np.flatnonzero, np.argwhere, np.any,
              np.all, np.count_nonzero, np.searchsorted, np.isclose, np.allclose, np.argpartition,
              np.digitize)
}  # fmt: skip

ANALYTIC = {
    np.sum, np.mean, np.prod, np.cumsum, np.cumprod, np.dot, np.einsum, np.tensordot, np.inner,
    np.outer, np.reshape, np.transpose, np.swapaxes, np.moveaxis, np.rollaxis, np.ravel,
    np.squeeze, np.expand_dims, np.copy, np.pad, np.concatenate, np.stack, np.hstack, np.vstack,
    np.dstack, np.column_stack, np.append, np.split, np.array_split, np.hsplit, np.vsplit,
    np.where, np.select, np.take, np.take_along_axis, np.put_along_axis, np.repeat, np.tile,
    np.roll, np.flip, np.fliplr, np.flipud, np.rot90, np.tril, np.triu, np.diag, np.diagonal,
    np.trace, np.broadcast_to, np.broadcast_arrays, np.atleast_1d, np.atleast_2d, np.atleast_3d,
    np.shape, np.ndim, np.size, np.zeros_like, np.ones_like, np.empty_like, np.full_like,
    np.convolve, np.correlate, np.kron, np.diff, np.average, np.copyto, np.result_type,
    np.lib.stride_tricks.sliding_window_view, np.lib.stride_tricks.as_strided, np.linalg.inv,
    np.linalg.det, np.linalg.solve, np.matrix_transpose, np.may_share_memory, np.delete, np.choose,
}  # fmt: skip
"""Functions of NumPy that are analytic as they are, or only move numbers."""
