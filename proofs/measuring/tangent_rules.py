"""How tangents go through one operation on each number: slopes, sums, products, maxima, ties."""

import sys
from collections.abc import Callable
from contextlib import nullcontext
from itertools import pairwise
from math import pi, sqrt
from typing import Any, cast

import numpy as np

from proofs.measuring import tangents
from proofs.measuring.callsites import site
from proofs.measuring.tangents import (
    Dual,
    NotDifferentiableError,
    added,
    lift,
    lifted,
    made,
    other_slope,
    parts,
    rounds,
    value,
)

ABSENT: Any = np._NoValue  # type: ignore[attr-defined,unused-ignore]  # noqa: SLF001
"""What NumPy passes for an argument that was not given."""


def apply(ufunc: Any, method: str, inputs: Any, how: dict[str, Any]) -> Any:
    """What a function of NumPy or SciPy that works number by number comes to."""
    out = how.pop("out", None)
    if method == "at":
        return _at(ufunc, *inputs)
    if ufunc.__name__ not in OF_COMPLEX and any(map(is_complex, inputs)):
        raise NotDifferentiableError(f"np.{ufunc.__name__} of complex numbers has no rule")
    if ufunc.__name__.startswith("logical") and method != "__call__":
        return getattr(ufunc, method)(*tangents.plain(inputs), **how)
    where = how.pop("where", True) if out is not None and method == "__call__" else True
    rule = _METHODS[method]
    if out is None:
        return rule(ufunc, *inputs, **how)
    with np.errstate(all="ignore") if where is not True else nullcontext():
        result = rule(ufunc, *inputs, **how)
    (target,) = out
    if not isinstance(target, Dual):
        raise NotDifferentiableError(f"np.{ufunc.__name__} writes into an array of plain numbers")
    target[...] = result if where is True else np.where(value(where), result, target)
    return target


def is_complex(x: Any) -> bool:
    """Whether it is an array of complex numbers that carries tangents, or a list with one."""
    if isinstance(x, list | tuple):
        return any(map(is_complex, x))
    return isinstance(x, Dual) and x.v.dtype.kind == "c"


OF_COMPLEX = frozenset(
    "add subtract multiply divide true_divide negative positive conjugate reciprocal square exp "
    "log absolute matmul power".split()
)
"""What has the same rule for complex numbers, or one of its own."""


def _refused(ufunc: Any, method: str = "") -> Any:
    raise NotDifferentiableError(f"np.{ufunc.__name__}{method} has no rule for how it is used")


def _call(ufunc: Any, *inputs: Any, **how: Any) -> Any:
    name = ufunc.__name__
    if how and (how.pop("where", True) is not True or not how.keys() <= IGNORED):
        return _refused(ufunc)
    if tangents.NOW.guards is not None and (bare := _without_guard(name, *inputs)) is not None:
        return bare
    if name in SLOPES:
        return _sloped(ufunc, *inputs)
    if name in COMPARED:
        return _compared(ufunc, *inputs)
    if name in CONSTANT:
        return _step(ufunc, *inputs)
    if name in WHOLE:
        return WHOLE[name](*inputs)
    raise NotDifferentiableError(f"np.{name} has no rule")


IGNORED = {"dtype", "casting", "order"}
GUARD = 1e-4
"""A constant up to this size that is added, or is a lower bound, guards against 0."""


def _without_guard(name: str, *inputs: Any) -> Dual | None:
    """The number itself, where all that a step does is to keep it from 0, or from 0 and 1."""
    if name in ("subtract", "maximum", "add", "clip") and not isinstance(inputs[0], Dual):
        inputs = inputs[::-1] if name in ("maximum", "add") else ()
    if len(inputs) < 2 or not isinstance(inputs[0], Dual) or inputs[0].t is None:
        return None
    x, *bounds = inputs
    if any(isinstance(b, Dual) or np.ndim(b) for b in bounds):
        return None
    low = bounds[0]
    small = low is not None and 0 < low <= GUARD
    top = len(bounds) < 2 or bounds[1] is None or 0 <= 1 - bounds[1] <= GUARD
    if name not in ("add", "subtract", "maximum", "clip") or not (small and top):
        return None
    here = site(sys._getframe(1))  # noqa: SLF001
    assert tangents.NOW.guards is not None
    if tangents.NOW.bare is not None and here not in tangents.NOW.bare:
        return None
    tangents.NOW.guards.append(here)
    return x.copy()


# Slopes.


def _sloped(ufunc: Any, *inputs: Any) -> Dual:
    now, operands = tangents.NOW, [_operand(x) for x in inputs]
    if len(inputs) == 1 and (now.sites is not None or now.bent is not None):
        return _bent(ufunc, inputs[0])
    v = rounds(ufunc(*[x for x, _ in operands]))
    t, ours = cast("Any", None), True
    values = [x.astype(float) if x.dtype.kind == "b" else x for x, _ in operands]
    for n, slope in enumerate(SLOPES[ufunc.__name__]):
        if (own := operands[n][1]) is not None:
            part, new = lift(own, values[n].ndim, v.ndim), True
            if now.factors is not None and ufunc in (np.multiply, np.divide):
                part = part * _factor(now.factors, n, slope(*values, v))
            elif slope is not _one:
                part = part * slope(*values, v)
            else:
                new = False
            t, ours = added(t, part, new), new or t is not None
    return made(v, rounds(t if ours else t.copy()))


def _operand(x: Any) -> tuple[Any, Any]:
    """Value and tangents, of what NumPy takes for an array, too."""
    return (x.v, x.t) if isinstance(x, Dual) else (np.asarray(x), None)


def _factor(asked: Any, n: int, slope: Any) -> Any:
    """The slope of an operand of a product or quotient, or what is asked for in its place."""
    operand = (site(sys._getframe(2)), n)  # noqa: SLF001
    if asked.other is not None and asked.other[0] == operand:
        return asked.other[1]
    asked.met[operand] = slope
    return slope


def _bent(ufunc: Any, x: Dual) -> Dual:
    """The same with another slope, if this is the step that is to have one."""
    with np.errstate(all="ignore"):
        v = ufunc(x.v)
        slope = (other_slope() or SLOPES[ufunc.__name__][0])(x.v, v)
    return made(v, None if x.t is None else x.t * slope)


def _one(*values: Any) -> float:
    return 1.0


SLOPES: dict[str, tuple[Callable[..., Any], ...]] = {
    "add": (_one, _one),
    "subtract": (_one, lambda a, b, v: -1.0),
    "multiply": (lambda a, b, v: b, lambda a, b, v: a),
    "divide": (lambda a, b, v: 1 / b, lambda a, b, v: -v / b),
    "negative": (lambda x, v: -1.0,),
    "positive": (_one,),
    "reciprocal": (lambda x, v: -v * v,),
    "power": (lambda a, b, v: b * a ** (b - 1.0), lambda a, b, v: v * np.log(np.where(v, a, 1.0))),
    "square": (lambda x, v: 2 * x,),
    "sqrt": (lambda x, v: 0.5 / v,),
    "cbrt": (lambda x, v: 1 / (3 * v * v),),
    "exp": (lambda x, v: v,),
    "exp2": (lambda x, v: v * np.log(2),),
    "expm1": (lambda x, v: np.exp(x),),
    "log": (lambda x, v: 1 / x,),
    "log2": (lambda x, v: 1 / (x * np.log(2)),),
    "log10": (lambda x, v: 1 / (x * np.log(10)),),
    "log1p": (lambda x, v: 1 / (1 + x),),
    "logaddexp": (lambda a, b, v: np.exp(a - v), lambda a, b, v: np.exp(b - v)),
    "logaddexp2": (lambda a, b, v: 2 ** (a - v), lambda a, b, v: 2 ** (b - v)),
    "hypot": (lambda a, b, v: a / v, lambda a, b, v: b / v),
    "sin": (lambda x, v: np.cos(x),),
    "cos": (lambda x, v: -np.sin(x),),
    "tan": (lambda x, v: 1 + v * v,),
    "arcsin": (lambda x, v: 1 / np.sqrt((1 - x) * (1 + x)),),
    "arccos": (lambda x, v: -1 / np.sqrt((1 - x) * (1 + x)),),
    "arctan": (lambda x, v: 1 / (1 + x * x),),
    "arctan2": (lambda a, b, v: b / (a * a + b * b), lambda a, b, v: -a / (a * a + b * b)),
    "sinh": (lambda x, v: np.cosh(x),),
    "cosh": (lambda x, v: np.sinh(x),),
    "arcsinh": (lambda x, v: 1 / np.sqrt(x * x + 1),),
    "arccosh": (lambda x, v: 1 / np.sqrt((x - 1) * (x + 1)),),
    "arctanh": (lambda x, v: 1 / ((1 - x) * (1 + x)),),
    "tanh": (lambda x, v: 1 / np.cosh(np.minimum(abs(x), 355.0)) ** 2,),
    "deg2rad": (lambda x, v: pi / 180,),
    "rad2deg": (lambda x, v: 180 / pi,),
    "remainder": (_one, lambda a, b, v: -np.floor(a / b)),
    "fmod": (_one, lambda a, b, v: -np.trunc(a / b)),
    # SciPy's, told by their names, as SciPy need not be there.
    "erf": (lambda x, v: 2 / sqrt(pi) * np.exp(-x * x),),
    "erfc": (lambda x, v: -2 / sqrt(pi) * np.exp(-x * x),),
    "ndtr": (lambda x, v: np.exp(-x * x / 2) / sqrt(2 * pi),),
    "expit": (lambda x, v: v * (1 - v),),
    "logit": (lambda x, v: 1 / (x * (1 - x)),),
    "log_expit": (lambda x, v: -np.expm1(v),),
    "xlogy": (lambda a, b, v: np.log(b), lambda a, b, v: a / b),
    "xlog1py": (lambda a, b, v: np.log1p(b), lambda a, b, v: a / (1 + b)),
}
"""The derivative of each with respect to each operand, from the operands and the result v."""
SLOPES |= {"true_divide": SLOPES["divide"]}
SLOPES |= dict.fromkeys(("pow", "float_power"), SLOPES["power"])
SLOPES |= {"radians": SLOPES["deg2rad"], "degrees": SLOPES["rad2deg"]}


# Choices: what compares, and the steps that are constant but for their jumps.


COMPARED = frozenset("greater greater_equal less less_equal".split())
CONSTANT = frozenset(
    "equal not_equal isnan isfinite isinf signbit logical_not logical_and logical_or logical_xor "
    "floor ceil rint trunc sign floor_divide heaviside".split()
)
_JUMPS_AT_ZERO = frozenset("sign signbit heaviside".split())


def _compared(ufunc: Any, a: Any, b: Any) -> Any:
    """A comparison, in which a number that equals the other counts as on the side looked from."""
    (a, at), (b, bt) = parts(a), parts(b)
    v = ufunc(a, b)
    tied = (at is not None or bt is not None) & np.equal(a, b)
    if not np.any(tied):
        return v
    apart = lifted(a, at, v) - lifted(b, bt, v)
    tied &= apart.any(0)  # a number is no larger than its own copy, however it moves
    if not np.any(tied):
        return v
    tangents.NOW.ties += 1
    if not tangents.NOW.side:
        return v
    return np.where(tied, _beside(ufunc, apart), v)


def _beside(ufunc: Any, t: Any) -> Any:
    """How it compares a little to one side: along a single direction, or for larger numbers."""
    t = t[0] if len(t) == 1 else 1.0
    return ufunc(tangents.NOW.side * t, 0.0)


def _step(ufunc: Any, *inputs: Any) -> Any:
    values = [value(x) for x in inputs]
    v = ufunc(*values)
    t = parts(inputs[0])[1]
    if ufunc is np.heaviside and parts(inputs[1])[1] is not None:
        return np.where(np.equal(values[0], 0), inputs[1], v)
    if ufunc.__name__ in _JUMPS_AT_ZERO and t is not None and np.any(values[0] == 0):
        tangents.NOW.ties += 1
        beside = tangents.NOW.side * (t[0] if len(t) == 1 else 1.0)
        v = np.where(values[0] == 0, ufunc(beside, *values[1:]), v)
    return v


# The larger, the smaller, the size of a number.


def _larger(a: Any, b: Any, sign: int, ufunc: Any) -> Dual:
    """The larger of two (the smaller for sign -1); of two equal ones, whichever a push makes so."""
    (a, at), (b, bt) = parts(a), parts(b)
    v = ufunc(a, b)
    first = np.greater(a, b) if sign > 0 else np.less(a, b)
    tied = np.equal(a, b)
    if at is None and bt is None:
        return Dual(v)
    at, bt = lifted(a, at, v), lifted(b, bt, v)
    t = np.where(first, at, bt)
    if np.any(tied):
        t = np.where(tied, _at_tie(sign, at, bt, np.where(tied, v, 0)), t)
    return made(v, chosen((a, at), (b, bt), v, t))


def chosen(one: Any, other: Any, v: Any, t: Any) -> Any:
    """The tangents of a choice, where it has another slope in this run: as if none were made."""
    moving = [(x, tx) for x, tx in (one, other) if np.ndim(tx)]
    if len(moving) != 1 or v.shape != moving[0][0].shape or not (slope := other_slope()):
        return t
    return moving[0][1] * slope(moving[0][0], v)


def _at_tie(sign: int, at: Any, bt: Any, v: Any) -> Any:
    now = tangents.NOW
    now.ties += 1
    now.tied_away_from_zero |= bool(np.any(v != 0))
    if now.side == 0:
        return at + bt
    return np.maximum(at, bt) if sign * now.side > 0 else np.minimum(at, bt)


def _absolute(x: Any) -> Dual:
    v, t = parts(x)
    if not is_complex(x):
        return _larger(x, -x, 1, np.maximum)
    return made(abs(v), None if t is None else np.real(np.conj(v) * t) / abs(v))


def _conjugate(x: Dual) -> Dual:
    return made(np.conj(x.v), None if x.t is None else np.conj(x.t))


def clip(x: Any, low: Any = None, high: Any = None) -> Any:
    """The numbers, none below the least and none above the most."""
    if (
        tangents.NOW.guards is not None
        and (bare := _without_guard("clip", x, low, high)) is not None
    ):
        return bare
    x = x if low is None else _larger(x, low, 1, np.maximum)
    return x if high is None else _larger(x, high, -1, np.minimum)


def _divmod(a: Any, b: Any) -> Any:
    return _step(np.floor_divide, a, b), _sloped(np.remainder, a, b)


# Products of matrices.


def matmul(a: Any, b: Any) -> Dual:
    """The product of two matrices, or of stacks of them; either may be a vector."""
    (av, at), (bv, bt) = parts(a), parts(b)
    av, at, bv, bt = rounds(np.asarray(av)), rounds(at), rounds(np.asarray(bv)), rounds(bt)
    v, t = rounds(av @ bv), None
    if at is not None:
        t = _lifted_matmul(at, av.ndim, bv) if bv.ndim > 1 else at @ bv
    if bt is not None:
        more = _matmul_lifted(av, bt, bv.ndim)
        t = more if t is None else np.add(t, more, out=t if t.shape == more.shape else None)
    return made(v, rounds(t))


def _lifted_matmul(at: Any, ndim: int, b: Any) -> Any:
    if ndim > 1:
        return lift(at, ndim, max(ndim, b.ndim)) @ b
    row = at.reshape(len(at), *(1,) * (b.ndim - 1), -1)  # a vector is a matrix of one row
    return (row @ b)[..., 0, :]


def _matmul_lifted(a: Any, bt: Any, ndim: int) -> Any:
    if ndim == 1:
        return np.moveaxis(a @ np.moveaxis(bt, 0, -1), -1, 0)
    if a.ndim == 1:
        return (a[None, :] @ bt)[..., 0, :]
    return a @ lift(bt, ndim, max(ndim, a.ndim))


# Along axes.


def axes_of(axis: Any, ndim: int) -> tuple[int, ...]:
    """The axes that are meant, counted from the front; a single number has none."""
    if axis is None or not ndim:
        return tuple(range(ndim))
    if isinstance(axis, int):
        return (axis % ndim,)
    return tuple(int(a) % ndim for a in np.atleast_1d(axis))


def total(x: Any, axis: Any = None, keepdims: bool = False) -> Dual:
    """The sum along axes."""
    v, t = map(rounds, parts(x))
    axes, s = axes_of(axis, np.ndim(v)), None
    if t is not None:
        s = t.sum(axis=tuple(a + 1 for a in axes), keepdims=keepdims)
        s = s if tangents.NOW.sums is None else tangents.NOW.sums.through(v, t, s)
    reduce: Any = np.add.reduce
    v, places = reduce(v, axis=axes, keepdims=keepdims), np.size(v)
    if tangents.NOW.factors is not None and s is not None:
        here = site(sys._getframe())  # noqa: SLF001
        tangents.NOW.factors.sums[here] = places // max(1, np.size(v))
    return made(v, s)


def folded(ufunc: Any) -> Callable[..., Dual]:
    """What a function of two makes of all numbers along axes, one after the other."""

    def run(x: Dual, axis: Any = None, keepdims: bool = False, initial: Any = None) -> Any:
        if not x.size:
            more = {} if initial is None else {"initial": value(initial)}
            return ufunc.reduce(x.v, axis=axis, keepdims=keepdims, **more)
        result, *rest = in_front(x, axis)
        result = result.copy() if initial is None else ufunc(initial, result)
        for each in rest:
            result = ufunc(result, each)
        return kept(result, x, axis) if keepdims else result

    return run


def largest(x: Dual, axis: Any = None, keepdims: bool = False, sign: int = 1) -> Dual:
    """The largest along axes, the smallest for sign -1; of equal ones what a push makes largest."""
    pick, axes = np.maximum if sign > 0 else np.minimum, axes_of(axis, x.ndim)
    v = pick.reduce(x.v, axis=axes, keepdims=True)
    r = Dual(v) if x.t is None else made(v, _of_the_largest(x, axes, sign, v))
    return r if keepdims else r.reshape([n for a, n in enumerate(x.shape) if a not in axes])


def _of_the_largest(x: Dual, within: tuple[int, ...], sign: int, v: Any) -> Any:
    now, t, tied = tangents.NOW, x.t, x.v == v
    axes, alike = tuple(a + 1 for a in within), tied.sum(axis=within, keepdims=True)
    if (alike == 1).all():
        order = (*(a for a in range(x.ndim) if a not in within), *within)
        places = np.arange(x.size).reshape(x.shape).transpose(order)
        at = places[tied.transpose(order)]
        return t.reshape(len(t), -1)[:, at].reshape(len(t), *v.shape)
    shared = alike > 1
    if not shared.any() or now.side == 0:
        now.ties += bool(shared.any())
        return np.where(tied, t, 0).sum(axis=axes, keepdims=True)
    now.ties += 1
    now.tied_away_from_zero |= bool((v[shared] != 0).any())
    if sign * now.side > 0:
        return np.where(tied, t, -np.inf).max(axis=axes, keepdims=True)
    return np.where(tied, t, np.inf).min(axis=axes, keepdims=True)


def in_front(x: Dual, axis: Any) -> Dual:
    """The axes in question made one, in front."""
    axes = axes_of(axis, x.ndim)
    rest = [a for a in range(x.ndim) if a not in axes]
    return x.transpose(*axes, *rest).reshape(-1, *(x.shape[a] for a in rest))


def kept(result: Dual, x: Dual, axis: Any) -> Dual:
    """A result along axes of x, with those axes kept at length 1."""
    axes = axes_of(axis, x.ndim)
    return result.reshape([1 if a in axes else n for a, n in enumerate(x.shape)])


def _reduce(ufunc: Any, x: Any, *, axis: Any = 0, keepdims: bool = False, **how: Any) -> Any:
    how.pop("dtype", None)
    initial = how.pop("initial", None)
    if how.pop("where", True) is not True or how:
        return _refused(ufunc)
    name = ufunc.__name__
    initial = None if initial is ABSENT else initial
    if name not in REDUCED:
        return folded(ufunc)(x, axis, keepdims, initial)
    result = REDUCED[name](x, axis, keepdims)
    return result if initial is None else ufunc(result, initial)


REDUCED: dict[str, Callable[..., Dual]] = {
    "add": total,
    "maximum": largest,
    "minimum": lambda x, axis, keepdims: largest(x, axis, keepdims, -1),
}


def _accumulate(ufunc: Any, x: Any, axis: int = 0, **how: Any) -> Any:
    """Along an axis, what each number makes with all before it."""
    if ufunc is np.add or not x.size:
        return np.cumsum(x, axis=axis)
    y = np.moveaxis(x, axis, 0)
    items = [y[0]]
    for n in range(1, len(y)):
        items.append(ufunc(items[-1], y[n]))
    return np.moveaxis(np.stack(items), 0, axis)


def _reduceat(ufunc: Any, x: Any, places: Any, axis: int = 0, **how: Any) -> Any:
    y, places = np.moveaxis(x, axis, 0), [*map(int, places), x.shape[axis]]
    parts_of = [ufunc.reduce(y[i : max(j, i + 1)]) for i, j in pairwise(places)]
    return np.moveaxis(np.stack(parts_of), 0, axis)


def _outer(ufunc: Any, a: Any, b: Any) -> Any:
    a = a if isinstance(a, Dual) else np.asarray(a)
    return ufunc(a.reshape(*a.shape, *(1,) * np.ndim(b)), b)


def _at(ufunc: Any, target: Any, place: Any, amount: Any = None) -> None:
    """np.add.at: what falls on one place several times is added each time."""
    if not isinstance(target, Dual):
        raise NotDifferentiableError("np.add.at adds to an array of plain numbers")
    v, t = parts(amount)
    if ufunc is np.subtract:
        v, t = -v, None if t is None else -t
    elif ufunc is not np.add:
        _refused(ufunc, ".at")
    place = tangents.plain(place)
    np.add.at(target.v, place, v)
    if t is not None:
        target.carry(len(t))
        shape = np.shape(target.v[place])
        for own, sent in zip(target.t, t, strict=True):
            np.add.at(own, place, np.broadcast_to(sent, shape))


_METHODS: dict[str, Callable[..., Any]] = {
    "__call__": _call,
    "reduce": _reduce,
    "accumulate": _accumulate,
    "reduceat": _reduceat,
    "outer": _outer,
}

WHOLE: dict[str, Callable[..., Any]] = {
    "matmul": matmul,
    "maximum": lambda a, b: _larger(a, b, 1, np.maximum),
    "fmax": lambda a, b: _larger(a, b, 1, np.maximum),
    "minimum": lambda a, b: _larger(a, b, -1, np.minimum),
    "fmin": lambda a, b: _larger(a, b, -1, np.minimum),
    "absolute": _absolute,
    "fabs": _absolute,
    "conjugate": _conjugate,
    "copysign": lambda a, b: _absolute(a) * np.copysign(1.0, value(b)),
    "clip": clip,
    "divmod": _divmod,
    "vecdot": lambda a, b: total(a * b, -1),
    "matvec": lambda a, b: matmul(a, b.reshape(*b.shape, 1)).reshape(
        *(a @ b[..., None]).shape[:-1]
    ),
}
"""The functions that are more than a slope times a tangent."""

tangents.RULES["ufunc"] = apply
