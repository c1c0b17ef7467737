"""Derivatives that SymPy took, tried out on numbers before they are believed.

SymPy differentiates by rules, and some of its rules are wrong: it drops the sum in the derivative
of v/sum(v) by a vector of any length. So nothing is differentiated by a matrix here, and every
derivative is compared with a push: at random values, for layers of two and of three neurons, with
equal and with different indices, the expression itself is followed a tiny complex step along its
variable.
"""

from collections.abc import Callable
from functools import cache
from math import factorial, pi, prod, sqrt
from random import Random
from typing import Any

import numpy as np
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
    sympify,
    tanh,
)

from proofs.claims.notation import Average, Letter, indices_in, sigma, sigma_prime

WIDTHS = (2, 3)
STEP = 1e-30
APART = 1e-9
"""How far a derivative may be from the push, relative to its size or to 1; a wrong rule is off by
about as much as the derivative itself."""
Value = Any
"""Complex numbers: the last axis has one for free indices that are all the same and one for free
indices that are all different; the axes before it are those of bound indices."""


def _erf(x: Value) -> Value:
    """The error function by its power series, which serves for numbers of size 1."""
    terms = ((-1) ** n * x ** (2 * n + 1) / (factorial(n) * (2 * n + 1)) for n in range(30))
    return 2 / sqrt(pi) * sum(terms)


ELEMENTARY: dict[Any, Callable[..., Value]] = {
    exp: np.exp,
    log: np.log,
    tanh: np.tanh,
    cos: np.cos,
    sin: np.sin,
    erf: _erf,
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
        raise TypeError(
            f"the derivative of {expr} with respect to {v}: expected numbers, got a matrix, "
            "of whose derivatives SymPy drops terms"
        )
    found = by_rules(expr, v)
    for width in WIDTHS:
        try:
            compare(expr, v, found, Numbers(width))
        except CannotTryError:
            break
    return found


def by_rules(expr: Expr, v: Expr) -> Expr:
    """The derivative as SymPy takes it, without asking of each part of it whether it is 0."""
    if not expr.free_symbols & v.free_symbols:
        return sympify(0)
    if isinstance(expr, Add):
        return Add(*(by_rules(term, v) for term in expr.args))
    if isinstance(expr, Mul):
        parts = list(enumerate(expr.args))
        rates = ((n, by_rules(factor, v)) for n, factor in parts)
        return Add(*(Mul(rate, *expr.args[:n], *expr.args[n + 1 :]) for n, rate in rates if rate))
    return expr._eval_derivative(v)  # noqa: SLF001 - the hook of SymPy


def compare(expr: Expr, v: Expr, found: Expr, numbers: "Numbers") -> None:
    """Push the variable and see whether the derivative says how the expression changes."""
    numbers.push(v)
    said, change = np.broadcast_arrays(numbers.of(found).real, numbers.of(expr).imag / STEP)
    wrong = ~(abs(said - change) <= APART * np.maximum(1, abs(change)))
    if wrong.any():
        raise WrongDerivativeError(
            f"the derivative of {expr} with respect to {v} comes from SymPy as {found}: "
            f"{said[wrong][0]:.6g} where a push gives {change[wrong][0]:.6g}, "
            f"for layers of {numbers.width}"
        )


class Numbers:
    """Values for all letters, in layers of one width."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.at: dict[Any, Any] = {}
        """What each index stands for."""
        self.depth = 0
        """How many indices are bound."""
        self.pushed: tuple[Any, ...] = ()
        self.values: dict[Any, Value] = {}
        """Of every part, by where the indices in it are bound."""

    def push(self, v: Any) -> None:
        """Let a variable take a small imaginary step from here on."""
        self.pushed = self.name(v)

    def of(self, expr: Any) -> Value:
        """The value of an expression."""
        key = (expr, *(np.ndim(self.at[s]) for s in indices_in(expr) if s in self.at))
        if key not in self.values:
            kind: Any = type(expr)  # whose hash mypy does not see
            self.values[key] = _node(kind)(self, expr)
        return self.values[key]

    def index(self, expr: Any) -> Any:
        """The value of an index; a free one gets its places when it is met."""
        if isinstance(expr, Symbol) and not isinstance(expr, Letter):
            free = len(self.at) - self.depth
            return self.at.setdefault(expr, np.array([0, free % self.width]))
        return np.rint(np.real(self.of(expr))).astype(int)

    def name(self, v: Any) -> tuple[Any, ...]:
        """What a variable is called, its indices being numbers."""
        return (v.base, *map(self.index, v.indices)) if isinstance(v, Indexed) else (v,)

    def drawn(self, v: Any) -> Value:
        """The value of a letter, between 0.2 and 0.8; with a step if it is the one pushed."""
        base, *places = self.name(v)
        rates = (_uniform(f"{base} {n}", 0.3, 0.7) for n in range(len(places)))
        turns = _uniform(f"{base} {self.width}", 0, 1) + sum(map(np.multiply, rates, places))
        value = 0.2 + 0.6 * (turns % 1)
        if base != self.pushed[0]:
            return value
        same = [np.equal(*pair) for pair in zip(places, self.pushed[1:], strict=True)]
        return value + STEP * 1j * prod(same)


@cache
def _uniform(seed: str, low: float, high: float) -> float:
    return Random(seed).uniform(low, high)


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
    places = np.arange(numbers.index(low), numbers.index(high) + 1)
    before = numbers.at
    numbers.depth += 1
    numbers.at = {**before, index: places.reshape(-1, *(1,) * numbers.depth)}
    value = np.asarray(numbers.of(body))
    met = {s: at for s, at in numbers.at.items() if s not in before and s != index}
    numbers.at = {**before, **met}
    numbers.depth -= 1
    if value.ndim < numbers.depth + 2:
        return value * len(places)
    return np.broadcast_to(value, (len(places), *value.shape[1:])).sum(axis=0)


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
    wave = 0.3 * inner * np.sin(weighted + len(by) * pi / 2)
    return wave if by else 0.5 + wave


def _delta(numbers: Numbers, expr: Any) -> Value:
    return np.equal(*map(numbers.index, expr.args)).astype(float)


NODES: dict[Any, Node] = {
    Symbol: _symbol,
    Indexed: Numbers.drawn,
    Sum: _sum,
    KroneckerDelta: _delta,
    Average: lambda numbers, e: numbers.of(e.args[0]),  # of a batch of one example
    sigma: lambda numbers, e: np.tanh(numbers.of(e.args[0])),
    sigma_prime: lambda numbers, e: 1 - np.tanh(numbers.of(e.args[0])) ** 2,
    Add: lambda numbers, e: sum(map(numbers.of, e.args)),
    Mul: lambda numbers, e: prod(map(numbers.of, e.args)),
    Pow: lambda numbers, e: numbers.of(e.args[0]) ** numbers.of(e.args[1]),
    Function: _unspecified,
    Expr: lambda numbers, e: _number(e),
}
"""What has a value: each kind of expression, before those it is a case of."""


def _number(expr: Any) -> Value:
    if expr.is_number:
        return np.complex128(complex(expr))
    raise CannotTryError(type(expr).__name__)
