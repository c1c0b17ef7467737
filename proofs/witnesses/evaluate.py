"""A statement's value on arrays: the printed equation, worked out number by number."""

from functools import cache, singledispatch
from math import prod
from typing import Any, Protocol

import numpy as np
from sympy import (
    Abs,
    Add,
    DiagMatrix,
    Expr,
    HadamardProduct,
    Indexed,
    Inverse,
    KroneckerDelta,
    MatAdd,
    MatMul,
    MatrixExpr,
    MatrixSymbol,
    Mul,
    Number,
    Pow,
    Sum,
    Symbol,
    Transpose,
    cos,
    exp,
    log,
    sin,
    tanh,
)
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction

from proofs.claims.notation import (
    CBAR,
    STEP,
    Average,
    C,
    Change,
    Eq,
    Extent,
    L,
    Letter,
    Part,
    Partial,
    Step,
    i,
    j,
    k,
    l,
    p,
    q,
    sigma,
    sigma_prime,
)
from proofs.measuring.one_number import Place
from proofs.network.arrays import Array

Indices = dict[Any, Any]
"""What the layers l, L and the indices j, k, ... stand for."""


class Numbers(Protocol):
    """What an expression is evaluated on: a `Case`, or anything that holds numbers by letter."""

    @property
    def depth(self) -> int:
        """The number of layers L."""

    def value(self, letter: str, layer: int) -> Array:
        """The numbers of a letter; the examples are the last axis."""

    def partial(self, of: Place, by: Place) -> Array:
        """The measured derivative d(of)/d(by)."""

    @property
    def rounded(self) -> "list[Any]":
        """The same numbers several times, each moved by about one rounding error."""

    @property
    def magnitudes(self) -> Any:
        """The same numbers by magnitude."""


MOST_AT_ONCE = 2**22
"""How many terms of a sum are worked out in one array (times the examples); more one by one."""


@cache
def layers_of(statement: Eq, depth: int) -> list[int]:
    """The layers l that a statement speaks of in a network of L = depth layers."""
    letters = statement.atoms(Letter)
    everywhere = any(l in s.layer.free_symbols for s in letters)
    candidates = range(2, depth + 1) if everywhere else [depth]
    return [n for n in candidates if all(_exists(s, {l: n, L: depth}) for s in letters)]


def _exists(letter: Letter, at: Indices) -> bool:
    """Whether a layer has the letter: a and the widths start at layer 1, the others at 2."""
    if isinstance(letter, Part | Extent):
        return True
    return (1 if letter.letter in ("a", "n") else 2) <= _layer(letter, at) <= at[L]


@cache
def free_indices(statement: Eq) -> list[tuple[Symbol, Letter, int]]:
    """The indices a statement is about, in the order of its left side, each with the letter and
    position it stands at."""
    found: dict[Symbol, tuple[Letter, int]] = {}
    for side in statement.args:
        _note_indices(side, side.free_symbols & {j, k, i, q, p}, found)
    return [(index, *place) for index, place in found.items()]


def _note_indices(expr: Expr, free: set[Symbol], found: dict[Symbol, tuple[Letter, int]]) -> None:
    if isinstance(expr, Indexed):
        for position, index in enumerate(expr.indices):
            if index in free:
                found.setdefault(index, (expr.base.label, position))
    else:
        for arg in expr.args:
            _note_indices(arg, free, found)


def table(expr: Expr, statement: Eq, case: Numbers, at: Indices) -> Array:
    """One side of a statement for every value of its free indices; the examples are last."""
    if isinstance(expr, MatrixExpr):
        value = evaluate(expr, case, at)
        return value[:, 0] if value.shape[1] == 1 else value
    free = free_indices(statement)
    sizes = [_size(letter, position, case, at) for _, letter, position in free]
    # Each index stands for all its numbers at once, along an axis of its own.
    axes = _axes(*sizes)
    value = evaluate(expr, case, {**at, **{f[0]: axis for f, axis in zip(free, axes, strict=True)}})
    shape = (*sizes, value.shape[-1])
    return value if value.shape == shape else np.broadcast_to(value, shape)


@cache
def _axes(*sizes: int) -> tuple[Array, ...]:
    """For each index its numbers from 0, along its own axis."""
    return tuple(np.ogrid[tuple(map(slice, sizes))])


def _size(letter: Letter, position: int, case: Numbers, at: Indices) -> int:
    name = "z" if letter.letter == "delta" else letter.letter
    return case.value(name, _layer(letter, at)).shape[position]


def _layer(letter: Letter, at: Indices) -> int:
    return _layer_number(letter, at.get(l), at[L])


@cache
def _layer_number(letter: Letter, here: int | None, depth: int) -> int:
    return int(letter.layer.xreplace({l: here, L: depth}))


def _place(of: Expr, case: Any, at: Indices) -> tuple[Place, tuple[int, ...]]:
    if isinstance(of, Indexed):
        letter = of.base.label
        return (letter.letter, _layer(letter, at)), tuple(_number(n, case, at) for n in of.indices)
    if of in (C, CBAR):
        return (of.name, at[L]), ()
    return (of.letter if isinstance(of, Part) else of.name, 0), ()


def _number(index: Expr, case: Any, at: Indices) -> Any:
    """The number that an index stands for, or each of those."""
    if index in at:
        return at[index]
    if isinstance(index, Add | Mul):
        parts = (_number(arg, case, at) for arg in index.args)
        return sum(parts) if isinstance(index, Add) else prod(parts)
    if index.is_Integer:
        return int(index)
    # A stride, or the number of a word: the same for all examples.
    return evaluate(index, case, at)[..., 0].astype(int)


def _taken(numbers: Array, indices: tuple[Any, ...], computed: bool) -> Array:
    """The numbers at some places; what is computed may lie outside, where there are zeros."""
    if not computed:
        return numbers[indices]
    sizes = numbers.shape[: len(indices)]
    inside = [(n >= 0) & (n < size) for n, size in zip(indices, sizes, strict=True)]
    found = numbers[tuple(np.clip(n, 0, size - 1) for n, size in zip(indices, sizes, strict=True))]
    return np.where(np.logical_and.reduce(np.broadcast_arrays(*inside))[..., None], found, 0)


def _computed(expr: Indexed) -> bool:
    return not all(index.is_Symbol or index.is_Integer for index in expr.indices)


def _places(width: Letter, case: Any, at: Indices) -> int:
    """How many neurons a layer, or places an axis has."""
    if isinstance(width, Extent):
        return int(case.sizes[str(width.layer)])
    return len(case.value("a", _layer(width, at)))


@singledispatch
def evaluate(expr: Any, case: Numbers, at: Indices) -> Array:
    """The value of an expression for every example of a case."""
    raise TypeError(
        f"{type(expr).__name__} cannot be evaluated, in {expr}: use the symbols and functions of "
        "proofs.claims.notation"
    )


@evaluate.register
def _(expr: Number, case: Numbers, at: Indices) -> Array:
    return np.array([float(expr)])


@evaluate.register
def _(expr: Symbol, case: Numbers, at: Indices) -> Array:
    return case.value(expr.name, 0)


@evaluate.register
def _(expr: Part, case: Numbers, at: Indices) -> Array:
    return case.value(expr.letter, 0)


@evaluate.register
def _(expr: Extent, case: Numbers, at: Indices) -> Array:
    return np.array([float(_places(expr, case, at))])


@evaluate.register
def _(expr: Indexed, case: Numbers, at: Indices) -> Array:
    (letter, layer), indices = _place(expr, case, at)
    if letter == "delta":
        return case.partial(("C", at[L]), ("z", layer))[indices]
    return _taken(case.value(letter, layer), indices, _computed(expr))


@evaluate.register
def _(expr: Partial, case: Numbers, at: Indices) -> Array:
    (of, above), (by, below) = (_place(arg, case, at) for arg in expr.args)
    return case.partial(of, by)[above + below]


@evaluate.register
def _(expr: Change, case: Any, at: Indices) -> Array:
    (of, above), (by, below) = (_place(arg, case, at) for arg in expr.args)
    return case.change(of, by, at[STEP])[above + below]


@evaluate.register
def _(expr: Step, case: Any, at: Indices) -> Array:
    return np.array([at[STEP]])


@evaluate.register
def _(expr: Average, case: Numbers, at: Indices) -> Array:
    return evaluate(expr.args[0], case, at).mean(axis=-1, keepdims=True)


@cache
def _outermost(expr: Sum) -> tuple[Expr, Symbol, int, Expr, Letter]:
    """What a sum adds up over one index, the index, its first and its last place, and the width."""
    body, *inner, (index, first, last) = expr.args
    (width,) = last.atoms(Letter)
    return Sum(body, *inner) if inner else body, index, int(first), last, width


@cache
def _at_width(last: Expr, width: Letter, size: int) -> int:
    return int(last.xreplace({width: size}))


@evaluate.register
def _(expr: Sum, case: Numbers, at: Indices) -> Array:
    body, index, first, last, width = _outermost(expr)
    size = _places(width, case, at)
    numbers = np.arange(first, _at_width(last, width, size) + 1)
    axes = max((np.ndim(n) for n in at.values()), default=0)
    if len(numbers) * prod(np.size(n) for n in at.values()) > MOST_AT_ONCE:
        return sum(evaluate(body, case, at | {index: n}) for n in numbers)  # type: ignore[return-value]
    value = evaluate(body, case, at | {index: numbers.reshape(-1, *(1,) * axes)})
    if value.ndim < axes + 2:
        return value * len(numbers)
    return np.broadcast_to(value, (len(numbers), *value.shape[1:])).sum(axis=0)


@evaluate.register
def _(expr: Add, case: Numbers, at: Indices) -> Array:
    return sum(evaluate(arg, case, at) for arg in expr.args)  # type: ignore[return-value]


@evaluate.register
def _(expr: Mul, case: Numbers, at: Indices) -> Array:
    return prod(evaluate(arg, case, at) for arg in expr.args)  # type: ignore[return-value]


@evaluate.register
def _(expr: Pow, case: Numbers, at: Indices) -> Array:
    base, exponent = (evaluate(arg, case, at) for arg in expr.args)
    return base**exponent


@evaluate.register
def _(expr: Abs, case: Numbers, at: Indices) -> Array:
    return np.abs(evaluate(expr.args[0], case, at))


@evaluate.register
def _(expr: exp, case: Numbers, at: Indices) -> Array:
    return np.exp(evaluate(expr.args[0], case, at))


@evaluate.register
def _(expr: log, case: Numbers, at: Indices) -> Array:
    return np.log(evaluate(expr.args[0], case, at))


@evaluate.register(cos)
@evaluate.register(sin)
@evaluate.register(tanh)
def _(expr: Any, case: Numbers, at: Indices) -> Array:
    of: Array = getattr(np, expr.func.__name__)(evaluate(expr.args[0], case, at))
    return of


@evaluate.register
def _(expr: KroneckerDelta, case: Numbers, at: Indices) -> Array:
    first, second = (_number(index, case, at) for index in expr.args)
    return np.equal(first, second).astype(float)[..., None]


@evaluate.register
def _(expr: sigma, case: Any, at: Indices) -> Array:
    z, layer = expr.args
    number = evaluate(z, case, at)
    # Of each number by itself, as it is printed: softmax of one number is 1.
    sigma_of = case.network.sigma[int(layer.xreplace(at))]
    return sigma_of(number.reshape(1, -1)).reshape(number.shape)


@evaluate.register
def _(expr: sigma_prime, case: Any, at: Indices) -> Array:
    z, layer = expr.args
    return case.network.sigma[int(layer.xreplace(at))].prime(evaluate(z, case, at))


# Equations between columns and matrices: arrays of shape (rows, columns, m).


@evaluate.register
def _(expr: MatrixSymbol, case: Any, at: Indices) -> Array:
    letter = expr.args[0]
    layer = _layer(letter, at)
    match letter.letter:
        case "nabla":
            return case.partial(("C", at[L]), ("a", layer))[:, None]
        case "nabla_b":
            return case.partial(("C", at[L]), ("b", layer))[:, None]
        case "nabla_w":
            return case.partial(("C", at[L]), ("w", layer))
        case "delta":
            return case.delta(layer)[:, None]
        case "J":
            return case.partial(("a", layer), ("z", layer))
        case "w":
            return case.value("w", layer)
    return case.value(letter.letter, layer)[:, None]


@evaluate.register
def _(expr: MatMul, case: Numbers, at: Indices) -> Array:
    first, *others = (evaluate(arg, case, at) for arg in expr.args)
    for other in others:
        number = first.ndim == 1
        first = first * other if number else np.einsum("ijx,jkx->ikx", first, other)
    return first


@evaluate.register
def _(expr: HadamardProduct, case: Numbers, at: Indices) -> Array:
    return prod(evaluate(arg, case, at) for arg in expr.args)  # type: ignore[return-value]


@evaluate.register
def _(expr: MatAdd, case: Numbers, at: Indices) -> Array:
    return sum(evaluate(arg, case, at) for arg in expr.args)  # type: ignore[return-value]


@evaluate.register
def _(expr: Transpose, case: Numbers, at: Indices) -> Array:
    return evaluate(expr.arg, case, at).swapaxes(0, 1)


@evaluate.register
def _(expr: Inverse, case: Numbers, at: Indices) -> Array:
    matrix = np.moveaxis(evaluate(expr.arg, case, at), -1, 0)
    return np.moveaxis(np.linalg.inv(matrix), 0, -1)


@evaluate.register
def _(expr: DiagMatrix, case: Numbers, at: Indices) -> Array:
    diagonal = evaluate(expr.args[0], case, at)
    return np.eye(len(diagonal))[:, :, None] * diagonal


@evaluate.register
def _(expr: ElementwiseApplyFunction, case: Any, at: Indices) -> Array:
    # sigma or sigma', of the layer that the function itself carries.
    function = expr.function.expr
    activation = case.network.sigma[int(function.args[1].xreplace(at))]
    apply = activation.prime if isinstance(function, sigma_prime) else activation
    return apply(evaluate(expr.expr, case, at)[:, 0])[:, None]
