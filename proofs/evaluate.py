"""A statement's value on arrays: the printed equation, worked out number by number."""

from functools import singledispatch
from itertools import product
from math import prod
from typing import Any, Protocol

import numpy as np
from sympy import Add, Eq, Expr, Indexed, KroneckerDelta, Mul, Number, Pow, Sum, Symbol, exp

from proofs.arrays import Array
from proofs.measure import Place
from proofs.notation import C, L, Letter, Partial, i, j, k, l, p, q, sigma, sigma_prime

Indices = dict[Symbol, int]
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

    def rounded(self, random: np.random.Generator) -> "Numbers":
        """The same numbers, each moved by about one rounding error."""


def layers_of(statement: Eq, depth: int) -> list[int]:
    """The layers l that a statement speaks of in a network of L = depth layers."""
    letters = [s for s in statement.atoms(Letter) if l in s.layer.free_symbols]
    if not letters:
        return [depth]
    first = max((1 if s.letter in "an" else 2) - s.layer.subs(l, 0) for s in letters)
    last = min(depth - s.layer.subs(l, 0) for s in letters)
    return list(range(int(first), int(last) + 1))


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
    free = free_indices(statement)
    ranges = [range(_size(letter, position, case, at)) for _, letter, position in free]
    symbols = [index for index, _, _ in free]
    rows = [
        evaluate(expr, case, at | dict(zip(symbols, values, strict=True)))
        for values in product(*ranges)
    ]
    rows = np.broadcast_arrays(*rows)
    return np.stack(rows).reshape(*map(len, ranges), *rows[0].shape)


def _size(letter: Letter, position: int, case: Numbers, at: Indices) -> int:
    if letter.letter == "delta":
        letter = Letter("z", letter.layer)
    return case.value(letter.letter, _layer(letter, at)).shape[position]


def _layer(letter: Letter, at: Indices) -> int:
    return int(letter.layer.xreplace(at))


def _place(of: Expr, at: Indices) -> tuple[Place, tuple[int, ...]]:
    if of == C:
        return ("C", at[L]), ()
    if isinstance(of, Indexed):
        letter = of.base.label
        return (letter.letter, _layer(letter, at)), tuple(at[index] for index in of.indices)
    return (of.name, 0), ()


@singledispatch
def evaluate(expr: Any, case: Numbers, at: Indices) -> Array:
    """The value of an expression for every example of a case."""
    raise TypeError(f"{type(expr).__name__} has no value on arrays: {expr}")


@evaluate.register
def _(expr: Number, case: Numbers, at: Indices) -> Array:
    return np.array([float(expr)])


@evaluate.register
def _(expr: Symbol, case: Numbers, at: Indices) -> Array:
    return case.value(expr.name, 0)


@evaluate.register
def _(expr: Indexed, case: Numbers, at: Indices) -> Array:
    (letter, layer), indices = _place(expr, at)
    if letter == "delta":
        return case.partial(("C", at[L]), ("z", layer))[indices]
    return case.value(letter, layer)[indices]


@evaluate.register
def _(expr: Partial, case: Numbers, at: Indices) -> Array:
    (of, above), (by, below) = (_place(arg, at) for arg in expr.args)
    return case.partial(of, by)[above + below]


@evaluate.register
def _(expr: Sum, case: Numbers, at: Indices) -> Array:
    body, *inner, (index, _, last) = expr.args
    if inner:
        body = Sum(body, *inner)
    (width,) = last.atoms(Letter)
    size = len(case.value("a", _layer(width, at)))
    return sum(evaluate(body, case, at | {index: i}) for i in range(size))  # type: ignore[return-value]


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
def _(expr: exp, case: Numbers, at: Indices) -> Array:
    return np.exp(evaluate(expr.args[0], case, at))


@evaluate.register
def _(expr: KroneckerDelta, case: Numbers, at: Indices) -> Array:
    first, second = (at[index] for index in expr.args)
    return np.array([float(first == second)])


@evaluate.register
def _(expr: sigma, case: Any, at: Indices) -> Array:
    z, layer = expr.args
    return case.network.sigma[int(layer.xreplace(at))](evaluate(z, case, at))


@evaluate.register
def _(expr: sigma_prime, case: Any, at: Indices) -> Array:
    z, layer = expr.args
    return case.network.sigma[int(layer.xreplace(at))].prime(evaluate(z, case, at))


