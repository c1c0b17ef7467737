"""Derivatives that SymPy took, tried out on numbers before they are believed.

SymPy differentiates by rules, and some of its rules are wrong: it drops the sum in the derivative
of v/sum(v) by a vector of any length. So nothing is differentiated by a matrix here, and every
derivative is compared with a push: at random values, for layers of two and of three neurons, the
expression itself is followed a tiny complex step along its variable.
"""

import cmath
from collections.abc import Callable
from functools import cache
from itertools import product
from math import factorial, pi, prod, sqrt
from random import Random
from typing import Any

from sympy import (
    Add,
    Expr,
    Function,
    Indexed,
    KroneckerDelta,
    MatrixExpr,
    Mul,
    Pow,
    Sum,
    Symbol,
    cos,
    erf,
    exp,
    log,
    sin,
    tanh,
)

from proofs.claims.notation import Average, Letter, sigma, sigma_prime

WIDTHS = (2, 3)
STEP = 1e-30
APART = 1e-9
"""How far a derivative may be from the push, relative to its size or to 1; a wrong rule is off by
about as much as the derivative itself."""
Value = complex


def _erf(x: Value) -> Value:
    """The error function by its power series, which serves for numbers of size 1."""
    terms = ((-1) ** n * x ** (2 * n + 1) / (factorial(n) * (2 * n + 1)) for n in range(30))
    return 2 / sqrt(pi) * sum(terms)


ELEMENTARY = {exp: cmath.exp, log: cmath.log, tanh: cmath.tanh, cos: cmath.cos, sin: cmath.sin} | {
    erf: _erf
}
Node = Callable[["Numbers", Any], Value]


class WrongDerivativeError(Exception):
    """A derivative that SymPy took and a push contradicts, with both numbers."""


class CannotTryError(Exception):
    """An expression with a part that has no numbers here."""


def derivative(expr: Expr, v: Expr) -> Expr:
    """The derivative of a number with respect to a number, by SymPy's rules, and tried out.

    Raises TypeError for matrices, WrongDerivativeError if a push contradicts SymPy.
    """
    if isinstance(expr, MatrixExpr) or isinstance(v, MatrixExpr):
        raise TypeError(f"{expr} by {v}: expected numbers; SymPy drops terms with matrices")
    found = expr.diff(v)
    for width, same in product(WIDTHS, (True, False)):
        try:
            compare(expr, v, found, Numbers(width, same))
        except CannotTryError:
            break
    return found


def compare(expr: Expr, v: Expr, found: Expr, numbers: "Numbers") -> None:
    """Push the variable and see whether the derivative says how the expression changes."""
    name = numbers.name(v)
    said = numbers.of(found)
    numbers.pushed = name
    numbers.values.clear()
    change = numbers.of(expr).imag / STEP
    if abs(said - change) > APART * max(1, abs(change)):
        raise WrongDerivativeError(
            f"the derivative of {expr} with respect to {v} comes from SymPy as {found}: "
            f"{said.real:.6g} where a push gives {change:.6g}, for layers of {numbers.width}"
        )


class Numbers:
    """Values for all letters: layers of one width, free indices all the same or all different."""

    def __init__(self, width: int, same: bool) -> None:
        self.width, self.same = width, same
        self.bound: dict[Any, int] = {}
        self.free: dict[Any, int] = {}
        self.pushed: Any = None
        self.values: dict[Any, Value] = {}
        """Of every part, by the indices that are bound where it stands."""

    def of(self, expr: Any) -> Value:
        """The value of an expression."""
        seen = [self.bound[s] for s in _symbols(expr) if s in self.bound]
        key = (expr, *seen)
        if key not in self.values:
            kind: Any = type(expr)  # whose hash mypy does not see
            self.values[key] = _node(kind)(self, expr)
        return self.values[key]

    def index(self, expr: Any) -> int:
        """The value of an index; a free one gets its place when it is met."""
        if isinstance(expr, Symbol) and not isinstance(expr, Letter):
            if expr in self.bound:
                return self.bound[expr]
            return self.free.setdefault(expr, 0 if self.same else len(self.free) % self.width)
        return round(self.of(expr).real)

    def name(self, v: Any) -> Any:
        """What a variable is called, its indices being numbers."""
        return (v.base, *map(self.index, v.indices)) if isinstance(v, Indexed) else v

    def drawn(self, name: Any) -> Value:
        """The value of a letter, between 0.2 and 0.8; with a step if it is the one pushed."""
        value = _uniform(f"{name} {self.width}", 0.2, 0.8)
        return value + (STEP * 1j if name == self.pushed else 0)


@cache
def _uniform(seed: str, low: float, high: float) -> float:
    return Random(seed).uniform(low, high)


@cache
def _symbols(expr: Any) -> frozenset[Any]:
    """The indices that may be bound around an expression."""
    return frozenset(expr.atoms(Symbol))


@cache
def _node(kind: Any) -> Node:
    """How a kind of expression gets its value."""
    return next(value for case, value in NODES.items() if issubclass(kind, case))


def _symbol(numbers: Numbers, expr: Any) -> Value:
    if isinstance(expr, Letter) and expr.letter == "n":
        return numbers.width
    if expr.is_integer:
        return numbers.index(expr)
    return numbers.drawn(expr)


def _sum(numbers: Numbers, expr: Any) -> Value:
    body, *inner, (index, low, high) = expr.args
    body = Sum(body, *inner) if inner else body
    total = 0j
    before = numbers.bound
    for place in range(numbers.index(low), numbers.index(high) + 1):
        numbers.bound = {**before, index: place}
        total += numbers.of(body)
    numbers.bound = before
    return total


def _unspecified(numbers: Numbers, expr: Any) -> Value:
    """A wave between 0.2 and 0.8, so that f and 1 - f have logarithms; f_1_2 is its derivative."""
    if type(expr) in ELEMENTARY:
        return ELEMENTARY[type(expr)](*map(numbers.of, expr.args))
    name, *by = type(expr).__name__.split("_")
    if not all(place.isdigit() for place in by):
        raise CannotTryError(type(expr).__name__)
    weights = [_uniform(f"{name} {place}", 0.3, 0.9) for place in range(len(expr.args))]
    weighted = sum(w * numbers.of(a) for w, a in zip(weights, expr.args, strict=True))
    inner = prod(weights[int(place) - 1] for place in by)
    wave = 0.3 * inner * cmath.sin(weighted + len(by) * pi / 2)
    return wave if by else 0.5 + wave


def _delta(numbers: Numbers, expr: Any) -> Value:
    return float(numbers.index(expr.args[0]) == numbers.index(expr.args[1]))


NODES: dict[Any, Node] = {
    Symbol: _symbol,
    Indexed: lambda numbers, e: numbers.drawn(numbers.name(e)),
    Sum: _sum,
    KroneckerDelta: _delta,
    Average: lambda numbers, e: numbers.of(e.args[0]),  # of a batch of one example
    sigma: lambda numbers, e: cmath.tanh(numbers.of(e.args[0])),
    sigma_prime: lambda numbers, e: 1 - cmath.tanh(numbers.of(e.args[0])) ** 2,
    Add: lambda numbers, e: sum(map(numbers.of, e.args)),
    Mul: lambda numbers, e: prod(map(numbers.of, e.args)),
    Pow: lambda numbers, e: numbers.of(e.args[0]) ** numbers.of(e.args[1]),
    Function: _unspecified,
    Expr: lambda numbers, e: _number(e),
}
"""What has a value: each kind of expression, before those it is a case of."""


def _number(expr: Any) -> Value:
    if expr.is_number:
        return complex(expr)
    raise CannotTryError(type(expr).__name__)
