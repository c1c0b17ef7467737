"""How tangents go through NumPy's functions that rearrange, join, pick, add up and multiply."""

import math
from collections.abc import Callable
from operator import itemgetter
from string import ascii_letters
from typing import Any

import numpy as np
from numpy.lib import stride_tricks

from proofs.measuring import tangent_rules as rules
from proofs.measuring import tangents
from proofs.measuring.complex_arrays import Complex
from proofs.measuring.tangent_matrices import MATRICES, norm
from proofs.measuring.tangent_polynomials import POLYNOMIALS
from proofs.measuring.tangents import (
    RULES,
    Dual,
    NotDifferentiableError,
    added,
    lifted,
    made,
    parts,
    plain,
    rounds,
    value,
)


def call(function: Any, args: Any, how: dict[str, Any]) -> Any:
    """What a function of NumPy comes to for an array that carries tangents."""
    if function not in OF_COMPLEX and any(map(rules.is_complex, args)):
        raise NotDifferentiableError(f"{_named(function)} of complex numbers has no rule")
    how = {k: v for k, v in how.items() if v is not rules.ABSENT}
    out = how.pop("out", None)
    if function in FUNCTIONS:
        return _into(FUNCTIONS[function](*args, **how), out)
    if function in LINEAR:
        return _into(_linear(function, *args, **how), out)
    if function in ON_VALUES:
        found = function(*map(plain, args), **{name: plain(v) for name, v in how.items()})
        return _into(found, out)
    raise NotDifferentiableError(f"{_named(function)} has no rule")


def _named(function: Any) -> str:
    within = {"numpy.linalg": "np.linalg", "numpy.fft": "np.fft"}
    return f"{within.get(function.__module__, 'np')}.{function.__name__}"


def _each(function: Callable[[Any], Any], t: Any) -> Any:
    return np.stack([function(one) for one in t]) if len(t) else t


def _linear(function: Any, x: Any, *rest: Any, **how: Any) -> Any:
    """A function linear in its first argument: to each tangent as to the value."""
    v = value(x)
    if any(parts(other)[1] is not None for other in (*rest, *how.values())):
        raise NotDifferentiableError(f"{_named(function)} has a rule for its first argument alone")
    rest, how = plain(rest), {name: plain(value) for name, value in how.items()}
    same = function(v, *rest, **how)
    if same is v:
        return x

    def seen_or_made(part: Any, nth: Callable[[Any], Any] = lambda made: made) -> Dual:
        """One of the results: a view if NumPy's is one."""

        def of_each(t: Any) -> Any:
            return _each(lambda one: nth(function(one, *rest, **how)), t)

        if isinstance(part, np.ndarray) and np.may_share_memory(part, v):
            return seen_alike(x, part, of_each)
        return made(part, None if x.t is None else of_each(x.t))

    if isinstance(same, list | tuple):
        return type(same)(seen_or_made(part, itemgetter(n)) for n, part in enumerate(same))
    return seen_or_made(same)


def seen_alike(x: Dual, v: Any, otherwise: Callable[[Any], Any]) -> Dual:
    """A view of an array with tangents, in which these are seen just as the numbers v are.

    `otherwise` makes a copy of the tangents that is only read, where they lie in another way.
    """

    def view(t: Any) -> Any:
        if t.strides[1:] != x.v.strides or t.itemsize != v.itemsize:
            return otherwise(t)
        return np.asarray(_Seen(t, v, v.ctypes.data - x.v.ctypes.data))

    return x.seen(v, view)


class _Seen:
    """Tangents seen from a place on in the shape and the steps of a view."""

    def __init__(self, t: Any, v: Any, first: int) -> None:
        self.t = t  # kept alive as long as it is seen
        self.__array_interface__ = t.__array_interface__ | {
            "data": (t.ctypes.data + first, not v.flags.writeable),
            "shape": (len(t), *v.shape),
            "strides": (t.strides[0], *v.strides),
        }


LINEAR = {
    np.repeat, np.roll, np.flip, np.fliplr, np.flipud, np.rot90, np.tile, np.tril, np.triu,
    np.broadcast_to, np.cumsum, np.diag, np.diagonal, np.diagflat, np.trace, np.take,
    np.delete, np.resize, np.split, np.array_split, np.hsplit, np.vsplit, np.dsplit,
    np.gradient, np.unstack if hasattr(np, "unstack") else np.split,
    np.linalg.trace, np.linalg.diagonal, np.matrix_transpose, np.linalg.matrix_transpose,
    np.expand_dims, np.rollaxis, stride_tricks.sliding_window_view,
    *(f for f in vars(np.fft).values() if getattr(f, "__module__", "") == "numpy.fft"),
}  # fmt: skip
"""Linear in the first argument, the others being numbers of places."""

ON_VALUES = {
    np.argmax, np.argmin, np.argsort, np.nonzero, np.flatnonzero, np.argwhere, np.count_nonzero,
    np.any, np.all, np.array_equal, np.allclose, np.isclose, np.shape, np.ndim, np.size,
    np.searchsorted, np.digitize, np.may_share_memory, np.shares_memory, np.iscomplexobj,
    np.isrealobj, np.result_type, np.can_cast, np.array_repr, np.array_str, np.array2string,
    np.lexsort, np.argpartition, np.unravel_index, np.ravel_multi_index, np.fix,
    np.min_scalar_type, np.nanargmax, np.nanargmin, np.isin, np.isneginf, np.isposinf,
    np.iscomplex, np.isreal, np.common_type,
}  # fmt: skip
"""What they answer is the same in a neighbourhood: which, how many, what shape."""


# Shapes.


def _joined(items: Any, axis: int, join: Callable[..., Any]) -> Dual:
    items = [x if isinstance(x, Dual) else np.asarray(x) for x in items]
    values = [value(x) for x in items]
    v = join(values, axis=axis)
    carried = next((x.t for x in items if isinstance(x, Dual) and x.t is not None), None)
    if carried is None:
        return Dual(v)
    ts = [_tangents(x, len(carried)) for x in items]
    return made(v, join(ts, axis=axis % v.ndim + 1))


def _tangents(x: Any, K: int) -> Any:
    t = x.t if isinstance(x, Dual) else None
    return np.zeros((K, *np.shape(value(x)))) if t is None else t


def _concatenate(items: Any, axis: Any = 0, **how: Any) -> Dual:
    if axis is None:
        return _joined([np.ravel(x) for x in items], 0, np.concatenate)
    return _joined(items, axis, np.concatenate)


def stack(items: Any, axis: int = 0, **how: Any) -> Dual:
    """Arrays beside one another along a new axis."""
    return _joined(items, axis, np.stack)


def _beside(items: Any, atleast: Callable[..., Any], axis: int) -> Dual:
    items = [atleast(x) for x in items]
    flat = axis == 1 and np.ndim(value(items[0])) == 1
    return _concatenate(items, 0 if flat else axis)


def _block(items: Any) -> Any:
    """Lists in lists: what stands innermost is joined along the last axis."""
    if not isinstance(items, list):
        return items
    axes = len(np.block(plain(items)).shape)

    def joined(each: Any, axis: int) -> Any:
        if isinstance(each, list):
            return _concatenate([joined(x, axis + 1) for x in each], axis)
        shape = np.shape(value(each))
        return np.reshape(each, (1,) * (axes - len(shape)) + shape)

    depth, inner = 0, items
    while isinstance(inner, list):
        depth, inner = depth + 1, inner[0]
    return joined(items, axes - depth)


def _inserted(x: Any, places: Any, values: Any, axis: Any = None) -> Any:
    if isinstance(values, list | tuple) and any(isinstance(one, Dual) for one in values):
        values = stack(values)
    (v, t), (new, moved) = parts(x), parts(values)
    made_of, carried = np.insert(v, plain(places), new, axis), t if moved is None else moved
    if carried is None or made_of.dtype.kind not in "fc":
        return made_of
    pairs = zip(*(_tangents(each, len(carried)) for each in (x, values)), strict=True)
    return made(made_of, np.stack([np.insert(a, plain(places), b, axis) for a, b in pairs]))


def _as_columns(items: Any) -> Dual:
    return _concatenate([x.reshape(-1, 1) if x.ndim == 1 else x for x in items], 1)


def _shaped(items: Any, shape: Callable[[Any], Any]) -> Any:
    done = [x.reshape(shape(x.v).shape) if isinstance(x, Dual) else shape(x) for x in items]
    return done[0] if len(done) == 1 else tuple(done)


def _moveaxis(x: Dual, source: Any, target: Any) -> Dual:
    """Which axis stands where after a move is told by lengths that are all different."""
    probe = np.broadcast_to(0, tuple(range(2, x.ndim + 2)))
    return x.transpose(*(n - 2 for n in np.moveaxis(probe, source, target).shape))


def _pad(x: Dual, pad_width: Any, mode: str = "constant", **how: Any) -> Dual:
    if mode in ("maximum", "minimum", "median"):
        raise NotDifferentiableError(f"np.pad with mode={mode!r} has no rule")
    v, t = parts(x)
    pad: Any = np.pad
    padded = pad(v, pad_width, mode, **how)
    how = {name: value for name, value in how.items() if not name.endswith("_values")}
    return made(
        padded, None if t is None else _each(lambda one: pad(one, pad_width, mode, **how), t)
    )


def as_strided(x: Any, shape: Any = None, strides: Any = None, **how: Any) -> Any:
    """NumPy's, which asks no array whether it has a rule: what stands for it in the user's code."""
    if any(
        step % np.asanyarray(value(x)).itemsize for step in (() if strides is None else strides)
    ):
        raise NotDifferentiableError(
            "as_strided with steps of a part of a number; make them of x.strides or x.itemsize, "
            "which are those of a double here, or write sliding_window_view"
        )
    if isinstance(x, Complex) and strides is not None:
        strides = tuple(2 * step for step in strides)
    if not isinstance(x, Dual):
        return stride_tricks.as_strided(x, shape, strides, subok=True)
    if not x.v.flags.c_contiguous:
        raise NotDifferentiableError("as_strided of an array that is a view")

    def copied(_: Any) -> Any:
        raise NotDifferentiableError("as_strided of an array whose tangents lie in another way")

    return seen_alike(x, stride_tricks.as_strided(x.v, shape, strides), copied)


def _broadcast_arrays(*items: Any, **how: Any) -> list[Any]:
    shape = np.broadcast_shapes(*(np.shape(value(x)) for x in items))
    return [np.broadcast_to(x, shape) for x in items]


def _zeros_like(x: Any, dtype: Any = None, **how: Any) -> Any:
    how.pop("subok", None), how.pop("device", None)
    return _blank(np.zeros_like(plain(x), dtype, **how))


def _ones_like(x: Any, dtype: Any = None, **how: Any) -> Any:
    return _blank(np.ones_like(plain(x), dtype))


def _full_like(x: Any, fill: Any, dtype: Any = None, **how: Any) -> Any:
    return filled(_zeros_like(x, dtype), fill)


def filled(blank: Any, fill: Any) -> Any:
    """An array of one number, or of those that are broadcast to it."""
    blank = blank if isinstance(blank, Dual) or not isinstance(fill, Dual) else Dual(blank)
    blank[...] = fill
    return blank


def _blank(array: Any) -> Any:
    return Dual(array) if array.dtype.kind in "fc" else array


def _copyto(target: Any, source: Any, where: Any = True, **how: Any) -> None:
    if not isinstance(target, Dual):
        raise NotDifferentiableError("np.copyto writes into an array of plain numbers")
    target[...] = source if where is True else _where(where, source, target)


# Picking.


def _where(choice: Any, *either: Any) -> Any:
    choice = value(choice)
    if not either:
        return np.nonzero(choice)
    (a, at), (b, bt) = map(parts, either)
    v = np.where(choice, a, b)
    if at is None and bt is None:
        return Dual(v)
    at, bt = lifted(a, at, v), lifted(b, bt, v)
    return made(v, rules.chosen((a, at), (b, bt), v, np.where(choice, at, bt)))


def _select(conditions: Any, choices: Any, default: Any = 0) -> Any:
    result = default
    for condition, choice in zip(conditions[::-1], choices[::-1], strict=True):
        result = _where(condition, choice, result)
    return result


def _piecewise(x: Dual, conditions: Any, functions: Any, *args: Any, **how: Any) -> Any:
    """Where several conditions hold, the last one counts."""
    conditions = list(plain(conditions)) if np.ndim(conditions[0]) else [plain(conditions)]
    if any(np.shape(each) != x.shape for each in conditions):
        raise NotDifferentiableError("np.piecewise has a rule for conditions on each number alone")
    chosen = [f(x, *args, **how) if callable(f) else f for f in functions]
    default = chosen.pop() if len(chosen) > len(conditions) else 0.0
    return _select(conditions[::-1], chosen[::-1], default)


def _take_along_axis(x: Dual, indices: Any, axis: Any = -1) -> Dual:
    at = np.take_along_axis(np.arange(x.size).reshape(x.shape), plain(indices), axis)
    return x.reshape(-1)[at]


def _put_along_axis(x: Any, indices: Any, values: Any, axis: Any) -> None:
    if not isinstance(x, Dual):
        raise NotDifferentiableError("np.put_along_axis writes into an array of plain numbers")
    at = np.take_along_axis(np.arange(x.size).reshape(x.shape), plain(indices), axis)
    x[np.unravel_index(at, x.shape)] = values


def _take(x: Dual, indices: Any, axis: Any = None, **how: Any) -> Dual:
    at = np.take(np.arange(x.size).reshape(x.shape), plain(indices), axis=axis, **how)
    return x.reshape(-1)[at]


def _sort(x: Dual, axis: Any = -1, **how: Any) -> Dual:
    if axis is None:
        return _sort(x.reshape(-1))
    found = _take_along_axis(x, np.argsort(x.v, axis=axis), axis)
    return found if x.t is None else _with_ties(found, axis)


def _with_ties(found: Dual, axis: int) -> Dual:
    """Sorted numbers some of which are equal: which of them stands at which place is open."""
    v = np.moveaxis(found.v, axis, -1)
    first = np.ones(v.shape, bool)
    first[..., 1:] = v[..., 1:] != v[..., :-1]
    if first.all():
        return found
    now, starts = tangents.NOW, np.flatnonzero(first)
    now.ties += 1
    now.tied_away_from_zero |= bool(v[~first].any())
    pick = np.maximum if now.side >= 0 else np.minimum
    moved = np.moveaxis(found.t, axis % v.ndim + 1, -1)
    alike = pick.reduceat(moved.reshape(len(moved), -1), starts, axis=1)
    t = np.repeat(alike, np.diff([*starts, v.size]), axis=1).reshape(moved.shape)
    return made(found.v, np.moveaxis(t, -1, axis % v.ndim + 1))


def _quantile(x: Dual, q: Any, axis: Any = None, **how: Any) -> Dual:
    if how.pop("method", "linear") != "linear":
        raise NotDifferentiableError("np.quantile has a rule for method='linear' alone")
    x = x if isinstance(x, Dual) else Dual(np.asarray(x, float))
    front = _sort(rules.in_front(x, axis), 0)
    at = (q if isinstance(q, Dual) else np.asarray(q)) * (len(front) - 1)
    low = np.floor(value(at)).astype(int)
    part = np.reshape(at - low, (*at.shape, *(1,) * (front.ndim - 1)))
    found = front[low] * (1 - part) + front[np.minimum(low + 1, len(front) - 1)] * part
    if not how.get("keepdims"):
        return found
    axes = rules.axes_of(axis, x.ndim)
    return found.reshape((*at.shape, *(1 if a in axes else n for a, n in enumerate(x.shape))))


def _unique(x: Dual, return_index: bool = False, **how: Any) -> Any:
    _, at, *rest = np.unique(x.v, return_index=True, **how)
    asked = [at] if return_index else []
    found = _take(x, at, how.get("axis"))
    return (found, *asked, *rest) if asked or rest else found


def _sinc(x: Dual) -> Dual:
    v = np.sinc(x.v)
    with np.errstate(invalid="ignore", divide="ignore"):
        slope = np.where(x.v == 0, 0.0, (np.cos(math.pi * x.v) - v) / x.v)
    return made(v, None if x.t is None else x.t * slope)


def _counted(x: Any, weights: Any = None, minlength: int = 0) -> Any:
    if weights is None:
        return np.bincount(plain(x), minlength=minlength)
    counts = Dual(np.zeros(max(minlength, int(np.max(plain(x), initial=-1)) + 1)))
    np.add.at(counts, plain(x), weights)
    return counts


def _filled_diagonal(x: Any, fill: Any, wrap: bool = False) -> None:
    if not isinstance(x, Dual) or wrap:
        raise NotDifferentiableError("np.fill_diagonal of an array of plain numbers")
    x[np.diag_indices(min(x.shape), x.ndim)] = fill


def _round(x: Dual, decimals: int = 0, out: Any = None) -> Any:
    """A single number as it is, like `Dual.__round__`; of an array the digits that are left."""
    return x if not x.ndim else _into(Dual(np.round(x.v, decimals)), out)


def _nan_to_num(x: Dual, copy: bool = True, nan: float = 0.0, **how: Any) -> Dual:
    return _where(np.isfinite(x.v), x, np.nan_to_num(x.v, nan=nan, **how))


def _interp(x: Any, at: Any, values: Any, **how: Any) -> Dual:
    if isinstance(at, Dual) and at.t is not None:
        raise NotDifferentiableError("np.interp has no rule for the places of its values")
    at, (v, t), (y, yt) = plain(at), parts(x), parts(values)
    if how.pop("period", None) is not None:
        raise NotDifferentiableError("np.interp with a period has no rule")
    result, moved = np.interp(v, at, y, **how), None
    ends = {side: 0.0 for side, given in how.items() if given is not None}
    if t is not None:
        n = np.clip(np.searchsorted(at, v) - 1, 0, len(at) - 2)
        inside = (v > at[0]) & (v < at[-1])
        moved = t * np.where(inside, (np.diff(y) / np.diff(at))[n], 0.0)
    if yt is not None:
        moved = added(moved, _each(lambda one: np.interp(v, at, one, **ends), yt))
    return made(result, moved)


# Sums and means.


def _mean(
    x: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: bool = False,
    where: Any = True,
) -> Any:  # fmt: skip
    axes = rules.axes_of(axis, np.ndim(value(x)))
    if where is not True:
        counted = np.broadcast_to(plain(where), np.shape(value(x)))
        n: Any = counted.sum(axes, keepdims=keepdims)
        return _into(_sum(x, axis, keepdims=keepdims, where=where) / n, out)
    n = math.prod(np.shape(value(x))[a] for a in axes)
    return _into(rules.total(x, axis, keepdims) / float(n), out)


def _spread(power: int) -> Callable[..., Any]:
    """The mean square of deviations, or its root, which from 0 on grows as a norm does."""

    def run(
        x: Any, axis: Any = None, dtype: Any = None, out: Any = None, ddof: float = 0,
        keepdims: bool = False, mean: Any = None, correction: Any = None, where: Any = True,
    ) -> Any:  # fmt: skip
        d = x - (_mean(x, axis, keepdims=True, where=where) if mean is None else mean)
        d = d if where is True else _where(where, d, 0.0)
        counted = np.broadcast_to(plain(where), x.shape)
        n = counted.sum(rules.axes_of(axis, x.ndim), keepdims=keepdims) * 1.0
        n -= ddof if correction is None else correction
        result = rules.total(d * d, axis, keepdims) / n if power == 2 else (
            norm(d, None, axis, keepdims) / np.sqrt(n))  # fmt: skip
        return _into(result, out)

    return run


def _sum(
    x: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: bool = False,
    initial: Any = None, where: Any = True,
) -> Any:  # fmt: skip
    x = x if where is True else _where(where, x, 0.0)
    result = rules.total(x, axis, keepdims)
    return _into(result if initial is None else result + initial, out)


def _into(result: Any, out: Any) -> Any:
    if out is None:
        return result
    if not isinstance(out, Dual):
        raise NotDifferentiableError("a sum is written into an array of plain numbers")
    if rules.is_complex(result) and not rules.is_complex(out):
        raise NotDifferentiableError("complex numbers are written into an array of real ones")
    out[...] = result
    return out


def _largest(sign: int) -> Callable[..., Any]:
    def run(
        x: Any, axis: Any = None, out: Any = None, keepdims: bool = False, initial: Any = None,
        where: Any = True,
    ) -> Any:  # fmt: skip
        x = x if where is True else _where(where, x, initial)
        result = rules.largest(x, axis, keepdims, sign)
        if initial is not None:
            result = np.maximum(result, initial) if sign > 0 else np.minimum(result, initial)
        return _into(result, out)

    return run


def _prod(
    x: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: bool = False,
    initial: Any = 1.0, where: Any = True,
) -> Any:  # fmt: skip
    x = x if where is True else _where(where, x, 1.0)
    return _into(rules.folded(np.multiply)(x, axis, keepdims) * initial, out)


def _without_nan(function: Any) -> Callable[..., Any]:
    """A function along axes that leaves out what is nan."""
    start = {np.max: -np.inf, np.min: np.inf, np.prod: 1.0}

    def run(x: Dual, *args: Any, **how: Any) -> Any:
        there = ~np.isnan(x.v)
        if function is np.prod:
            return _prod(_where(there, x, 1.0), *args, **how)
        more = {"initial": start[function]} if function in start else {}
        return function(x, *args, where=there, **more, **how)

    return run


NAN = ("sum", "mean", "var", "std", "max", "min", "prod")


def _average(
    x: Any, axis: Any = None, weights: Any = None, returned: bool = False, keepdims: bool = False
) -> Any:
    if returned:
        raise NotDifferentiableError("np.average with returned=True has no rule")
    if weights is None:
        return _mean(x, axis, keepdims=keepdims)
    if np.ndim(weights) != np.ndim(value(x)):
        weights = np.expand_dims(
            weights, tuple(a for a in range(x.ndim) if a not in rules.axes_of(axis, x.ndim))
        )
    counted = rules.total(weights + 0 * value(x), axis, keepdims)
    return rules.total(x * weights, axis, keepdims) / counted


def _trapezoid(y: Any, x: Any = None, dx: Any = 1.0, axis: int = -1) -> Any:
    last = np.moveaxis(y, axis, -1)
    if x is not None:
        dx = np.diff(x) if np.ndim(value(x)) == 1 else np.moveaxis(np.diff(x, axis=axis), axis, -1)
    return np.sum(dx * (last[..., 1:] + last[..., :-1]) / 2, axis=-1)


def _cov(
    x: Any, y: Any = None, rowvar: bool = True, bias: bool = False, ddof: Any = None,
    fweights: Any = None, aweights: Any = None, dtype: Any = None,
) -> Any:  # fmt: skip
    given = [x] if y is None else [x, y]
    rows = [np.atleast_2d(each if rowvar or each.ndim < 2 else each.T) for each in given]
    x = _concatenate(rows, 0)
    counts = 1.0 if fweights is None else np.asarray(fweights)
    own = 1.0 if aweights is None else aweights
    w = counts * own * np.ones(x.shape[1])
    ddof = (not bias) if ddof is None else ddof
    n = total = np.sum(w)
    if ddof:
        n = total - ddof * (1.0 if aweights is None else np.sum(w * own) / total)
    d = x - np.sum(x * w, axis=1, keepdims=True) / total
    return np.squeeze((d * w) @ d.T / n)


def _corrcoef(x: Any, y: Any = None, rowvar: bool = True, **how: Any) -> Any:
    c = _cov(x, y, rowvar)
    if not c.ndim:
        return c / c
    sizes = np.sqrt(np.diagonal(c))
    return c / np.reshape(sizes, (-1, 1)) / sizes


def _ediff1d(x: Any, to_end: Any = None, to_begin: Any = None) -> Any:
    parts_of = (to_begin, np.diff(np.ravel(x)), to_end)
    return _concatenate([np.ravel(part) for part in parts_of if part is not None])


def _diff(x: Any, n: int = 1, axis: int = -1, prepend: Any = None, append: Any = None) -> Any:
    shape = np.shape(value(x))
    one = [1 if a == axis % len(shape) else length for a, length in enumerate(shape)]
    ends = (end if end is None or np.ndim(value(end)) else np.broadcast_to(end, one)
            for end in (prepend, append))  # fmt: skip
    before, after = ([] if end is None else [end] for end in ends)
    return _linear(np.diff, _concatenate([*before, x, *after], axis), n, axis)


def _meshgrid(
    *items: Any, indexing: str = "xy", sparse: bool = False, copy: bool = True
) -> list[Any]:
    order = list(range(len(items)))
    order[:2] = order[:2][::-1] if indexing == "xy" else order[:2]
    shape = [np.size(value(items[a])) for a in order]
    thin = [np.reshape(x, [-1 if a == k else 1 for a in order]) for k, x in enumerate(items)]
    return thin if sparse else [np.broadcast_to(x, shape) for x in thin]


# Products.


def _einsum(spec: Any, *operands: Any, **how: Any) -> Dual:
    if not isinstance(spec, str):
        spec, operands = _as_text(spec, *operands)
    sides = spec.replace(" ", "").split("->")
    values = [rounds(value(x)) for x in operands]
    v = np.einsum(spec, *values)
    if len(values) == 1 and np.may_share_memory(v, values[0]):
        return seen_alike(operands[0], v, lambda t: _each(lambda one: np.einsum(spec, one), t))
    K = next(letter for letter in ascii_letters if letter not in spec)
    ins, out = sides[0].split(","), sides[1] if len(sides) > 1 else _implied(sides[0])
    t = None
    for n, x in enumerate(operands):
        if isinstance(x, Dual) and x.t is not None:
            behind = [f"{K}{part}" if m == n else part for m, part in enumerate(ins)]
            with_t = [rounds(x.t) if m == n else other for m, other in enumerate(values)]
            t = added(t, np.einsum(f"{','.join(behind)}->{K}{out}", *with_t, optimize=True))
    return made(v, t)


def _as_text(*given: Any) -> tuple[str, tuple[Any, ...]]:
    """The indices as a string, where they are lists of numbers behind each array."""
    operands, sides = given[: len(given) // 2 * 2 : 2], given[1::2]

    def text(side: Any) -> str:
        return "".join("..." if n is Ellipsis else chr(97 + n) for n in side)

    spec = ",".join(map(text, sides))
    return (f"{spec}->{text(given[-1])}" if len(given) % 2 else spec), operands


def _implied(ins: str) -> str:
    free = [c for c in sorted(set(ins)) if c.isalpha() and ins.count(c) == 1]
    return ("..." if "..." in ins else "") + "".join(free)


def _dot(a: Any, b: Any, out: Any = None) -> Any:
    x, y = np.ndim(value(a)), np.ndim(value(b))
    if x == 0 or y == 0:
        return _into(a * b, out)
    if y > 2:
        return _into(_tensordot(a, b, ((x - 1,), (y - 2,))), out)
    return _into(rules.matmul(a, b), out)


def _tensordot(a: Any, b: Any, axes: Any = 2) -> Any:
    x, y = np.ndim(value(a)), np.ndim(value(b))
    if isinstance(axes, int | np.integer):
        axes = (tuple(range(x - axes, x)), tuple(range(axes)))
    left, right = (rules.axes_of(each, n) for each, n in zip(axes, (x, y), strict=True))
    names = iter("abcdefghijklmnopqrstuvwxyz")
    first = [next(names) for _ in range(x)]
    second = [first[left[right.index(m)]] if m in right else next(names) for m in range(y)]
    out = [c for c in first + second if not (c in first and c in second)]
    return _einsum(f"{''.join(first)},{''.join(second)}->{''.join(out)}", a, b)


def _outer(a: Any, b: Any, out: Any = None) -> Any:
    return np.reshape(a, (-1, 1)) * np.reshape(b, (1, -1))


def _inner(a: Any, b: Any) -> Any:
    if np.ndim(value(a)) == 0 or np.ndim(value(b)) == 0:
        return a * b
    return _tensordot(a, b, ((-1,), (-1,)))


def bilinear(function: Any) -> Callable[..., Any]:
    """A function linear in each of its first two arguments."""

    def run(a: Any, b: Any, *rest: Any, **how: Any) -> Any:
        (av, at), (bv, bt) = parts(a), parts(b)
        if "c" in (np.asarray(av).dtype.kind, np.asarray(bv).dtype.kind):
            return _with_a_step(function, av, bv, *rest, **how)
        v = function(av, bv, *rest, **how)
        t = None if at is None else _each(lambda one: function(one, bv, *rest, **how), at)
        if bt is not None:
            t = added(t, _each(lambda one: function(av, one, *rest, **how), bt))
        return v if t is None else made(v, t)

    return run


def _with_a_step(function: Any, a: Any, b: Any, *rest: Any, **how: Any) -> Any:
    """Of numbers with a complex step; a correlation would conjugate its second array."""
    kind = next(type(x) for x in (a, b) if np.asarray(x).dtype.kind == "c")
    b = np.asarray(b).conj() if "correlate" in function.__name__ else np.asarray(b)
    return function(np.asarray(a), b, *rest, **how).view(kind)


def _apply_along_axis(function: Any, axis: int, x: Dual, *args: Any, **how: Any) -> Any:
    moved = _moveaxis(x, axis, -1)
    rows = moved.reshape(-1, moved.shape[-1])
    done = stack([function(rows[n], *args, **how) for n in range(len(rows))])
    if done.ndim > 2:
        raise NotDifferentiableError("np.apply_along_axis has no rule for results with two axes")
    shaped = done.reshape(*moved.shape[:-1], *done.shape[1:])
    return _moveaxis(shaped, -1, axis) if done.ndim > 1 else shaped


def _alike(name: str) -> Callable[..., Any]:
    """What NumPy has a second time, among its linear algebra."""
    return lambda *args, **how: getattr(np, name)(*args, **how)


def _method(name: str) -> Callable[..., Any]:
    return lambda x, *args, **how: getattr(x, name)(*args, **how)


FUNCTIONS: dict[Any, Callable[..., Any]] = {
    # shapes
    np.reshape: lambda x, shape=None, order="C", copy=None, newshape=None: x.reshape(
        newshape if shape is None else shape, order=order
    ),
    np.transpose: lambda x, axes=None: x.transpose(axes),
    np.swapaxes: _method("swapaxes"),
    np.ravel: _method("ravel"),
    np.squeeze: _method("squeeze"),
    np.copy: lambda x, **how: x.copy(),
    np.moveaxis: _moveaxis,
    np.atleast_1d: lambda *items: _shaped(items, np.atleast_1d),
    np.atleast_2d: lambda *items: _shaped(items, np.atleast_2d),
    np.atleast_3d: lambda *items: _shaped(items, np.atleast_3d),
    np.pad: _pad,
    np.broadcast_arrays: _broadcast_arrays,
    np.zeros_like: _zeros_like,
    np.empty_like: _zeros_like,
    np.ones_like: _ones_like,
    np.full_like: _full_like,
    np.copyto: _copyto,
    # joining
    np.concatenate: _concatenate,
    np.stack: stack,
    np.hstack: lambda items, **how: _beside(items, np.atleast_1d, 1),
    np.vstack: lambda items, **how: _beside(items, np.atleast_2d, 0),
    np.dstack: lambda items: _concatenate([np.atleast_3d(x) for x in items], 2),
    np.column_stack: _as_columns,
    np.block: _block,
    np.insert: _inserted,
    np.append: lambda x, more, axis=None: _concatenate((x, more), axis),
    # picking
    np.where: _where,
    np.select: _select,
    np.choose: lambda a, choices, **how: _select(
        [np.equal(plain(a), n) for n in range(len(choices))], choices
    ),
    np.piecewise: _piecewise,
    np.take: _take,
    np.compress: lambda condition, x, axis=None: _linear(
        lambda v: np.compress(plain(condition), v, axis), x
    ),
    np.extract: lambda condition, x: _linear(lambda v: np.extract(plain(condition), v), x),
    np.take_along_axis: _take_along_axis,
    np.put_along_axis: _put_along_axis,
    np.sort: _sort,
    np.partition: lambda x, kth, axis=-1, **how: _sort(x, axis),
    np.median: lambda x, axis=None, **how: _quantile(x, 0.5, axis, **how),
    np.quantile: _quantile,
    np.percentile: lambda x, q, axis=None, **how: _quantile(
        x, (q if isinstance(q, Dual) else np.asarray(q)) / 100, axis, **how
    ),
    np.unique: _unique,
    np.bincount: _counted,
    np.fill_diagonal: _filled_diagonal,
    np.nan_to_num: _nan_to_num,
    np.round: _round,
    np.around: _round,
    np.interp: _interp,
    np.sinc: _sinc,
    np.clip: lambda x, a_min=None, a_max=None, min=None, max=None: rules.clip(
        x, a_min if min is None else min, a_max if max is None else max
    ),
    np.real_if_close: lambda x, tol=0: x,
    # sums
    np.sum: _sum,
    **{getattr(np, f"nan{name}"): _without_nan(getattr(np, name)) for name in NAN},
    np.mean: _mean,
    np.average: _average,
    np.var: _spread(2),
    np.std: _spread(1),
    np.max: _largest(1),
    np.min: _largest(-1),
    np.ptp: lambda x, axis=None, keepdims=False: (
        _largest(1)(x, axis, keepdims=keepdims) - _largest(-1)(x, axis, keepdims=keepdims)
    ),
    np.prod: _prod,
    np.cumprod: lambda x, axis=None, **how: np.multiply.accumulate(
        x if axis is not None and x.ndim else x.reshape(-1), axis=axis or 0
    ),
    np.put: lambda x, places, values, **how: x.put(places, values),
    # products
    np.dot: _dot,
    np.vdot: lambda a, b: rules.total(np.reshape(a, -1) * np.reshape(b, -1)),
    np.inner: _inner,
    np.outer: _outer,
    np.tensordot: _tensordot,
    np.einsum: _einsum,
    np.kron: bilinear(np.kron),
    np.cross: bilinear(np.cross),
    np.convolve: bilinear(np.convolve),
    np.correlate: bilinear(np.correlate),
    np.real: lambda z: z.real,
    np.imag: lambda z: z.imag,
    np.angle: lambda z, deg=False: (
        np.arctan2(np.imag(z), np.real(z)) * (180 / math.pi if deg else 1)
    ),
    np.trapezoid: _trapezoid,
    np.diff: _diff,
    np.ediff1d: _ediff1d,
    np.cov: _cov,
    np.corrcoef: _corrcoef,
    np.meshgrid: _meshgrid,
    np.linalg.multi_dot: lambda arrays: _chain(arrays),
    np.linalg.matmul: rules.matmul,
    np.linalg.vecdot: lambda a, b, axis=-1: rules.total(
        np.moveaxis(a, axis, -1) * np.moveaxis(b, axis, -1), -1
    ),
    **{getattr(np.linalg, name): _alike(name) for name in ("outer", "tensordot", "cross")},
    np.linalg.vector_norm: lambda x, axis=None, ord=2, keepdims=False: (
        norm(x, ord, axis, keepdims)
        if axis is not None or not x.ndim
        else norm(x.reshape(-1), ord).reshape((1,) * x.ndim if keepdims else ())
    ),
    np.linalg.matrix_norm: lambda x, ord="fro", keepdims=False: norm(x, ord, (-2, -1), keepdims),
    np.linalg.svdvals: lambda x: MATRICES[np.linalg.svd](x, compute_uv=False),
    np.apply_along_axis: _apply_along_axis,
}
"""By the function of NumPy that was called."""
FUNCTIONS |= MATRICES | POLYNOMIALS | {np.amax: FUNCTIONS[np.max], np.amin: FUNCTIONS[np.min]}


def _chain(arrays: Any) -> Any:
    result, *rest = arrays
    for other in rest:
        result = _dot(result, other)
    return result


OF_COMPLEX = LINEAR | {
    np.real, np.imag, np.reshape, np.transpose, np.swapaxes, np.ravel, np.squeeze, np.copy,
    np.moveaxis, np.pad, np.zeros_like, np.empty_like, np.ones_like,
    np.concatenate, np.stack, np.hstack, np.vstack, np.where, np.take, np.sum, np.mean, np.prod,
    np.dot, np.einsum, np.tensordot, np.outer, np.inner, np.angle, np.iscomplexobj,
    np.isrealobj, np.shape, np.ndim,
    np.size,
}  # fmt: skip
"""What has the same rule for complex numbers."""

RULES["function"] = call
