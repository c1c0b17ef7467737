"""Equations with numbers put in: what a reader can redo with a pencil.

The numbers are those of three cases that were chosen so that all of them are short.
"""

from dataclasses import dataclass
from math import exp, log
from typing import Any

import numpy as np
from sympy import Eq, Expr, Mul, Sum, Symbol

from proofs.claims.notation import BookPrinter, L, Letter, Partial, l, sigma_prime
from proofs.measuring.cases import Case, small_case
from proofs.network import Network
from proofs.network.activations import Activation, sigmoid, softmax
from proofs.network.arrays import Array
from proofs.network.costs import quadratic
from proofs.witnesses.evaluate import evaluate, layers_of


def _three_outputs(activation: Activation, z: list[float]) -> Case:
    network = Network.from_arrays([np.eye(3)], [np.zeros((3, 1))], activation, quadratic)
    return Case(network, np.reshape(z, (3, 1)), [[1], [0], [0]], f"three {activation} outputs")


def three_sigmoids() -> Case:
    """Three sigmoid outputs with activations 1/4, 1/2, 3/4, and the target (1, 0, 0)."""
    return _three_outputs(sigmoid, [-log(3), 0, log(3)])


def three_softmax() -> Case:
    """Three softmax outputs with activations 0.1, 0.2, 0.7, and the target (1, 0, 0)."""
    return _three_outputs(softmax, [0, log(2), log(7)])


CASES = {"small": small_case, "sigmoid": three_sigmoids, "softmax": three_softmax}
"""The cases by the name that a page calls them."""


@dataclass(frozen=True)
class Worked:
    """An equation at one place, in LaTeX: in symbols, with the numbers put in, and its result."""

    symbols: str
    numbers: str
    result: str
    off: float
    """How far the result is from the left side, which is measured by a push."""


def worked(statement: Eq, case: Case, terms: bool = False, **place: int) -> Worked:
    """A statement worked out at a place such as l=2, j=1, counted as in the book.

    With `terms`, each term of a sum has its numbers below it, and what is exactly zero because
    one of its derivatives is gets struck through.
    """
    at = layered(statement, case, place)
    left, right = (evaluate(side, case, at) for side in statement.args)
    symbols = InTerms(case, at) if terms else AtPlace(case, at)
    lhs, rhs = map(symbols.doprint, statement.args)
    return Worked(
        f"{lhs} = {rhs}",
        str((Added if terms else WithNumbers)(case, at).doprint(statement.rhs)),
        column_of(right) if right.ndim > 1 else short(float(right[0])),
        float(abs(left - right).max()),
    )


def layered(statement: Eq, case: Case, place: dict[str, int]) -> dict[Any, int]:
    """What l, L and the indices stand for inside: layers as in the book, neurons from 0."""
    at: dict[Any, int] = {l: place.get("l", layers_of(statement, case.depth)[-1]), L: case.depth}
    letters = {s.name: s for s in statement.free_symbols if isinstance(s, Symbol)}
    neurons = {name: n for name, n in place.items() if name != "l"}
    return at | {letters[name]: n - 1 for name, n in neurons.items() if name in letters}


def short(value: float) -> str:
    """A number as one writes it with a pencil: a decimal, or the logarithm of a whole number."""
    text = f"{round(value, 12) + 0.0:.12g}"
    if len(text.lstrip("-").replace(".", "")) > 7:
        whole = exp(abs(value))
        sign = "-" if value < 0 else ""
        text = rf"{sign}\ln {whole:.0f}" if abs(whole - round(whole)) < 1e-9 else f"{value:.4g}"
    return text


def column_of(value: Array) -> str:
    """A matrix of numbers, that of the first example."""
    rows = r" \\ ".join(" & ".join(short(float(v)) for v in row) for row in value[:, :, 0])
    return rf"\begin{{pmatrix}} {rows} \end{{pmatrix}}"


class AtPlace(BookPrinter):
    """An equation at one place of one network: its sums written out, its layers numbered."""

    def __init__(self, case: Case, at: dict[Any, int]) -> None:
        super().__init__()
        self.case, self.at = case, at

    def _print_Symbol(self, expr: Any, style: str = "plain") -> str:
        if expr in self.at:
            return str(self.at[expr] + (0 if expr in (l, L) else 1))
        return super()._print_Symbol(expr)

    def _letter(self, symbol: Any) -> str:
        layer = symbol.layer.xreplace({l: self.at[l], L: self.at[L]})
        return super()._letter(Letter(symbol.letter, layer))

    def _factor(self, expr: Any) -> str:
        text = super()._factor(expr)
        return f"({text})" if isinstance(expr, Sum) else text

    def _print_Sum(self, expr: Any) -> str:
        return " + ".join(self.printed_terms(expr))

    def printed_terms(self, expr: Sum) -> list[str]:
        """The terms of a sum, one for each neuron."""
        index, _, last = expr.limits[0]
        (width,) = last.atoms(Letter)
        size = self.case.network.sizes[int(width.layer.xreplace(self.at)) - 1]
        return [
            type(self)(self.case, self.at | {index: n}).term(expr.function) for n in range(size)
        ]

    def term(self, expr: Expr) -> str:
        """One term of a sum."""
        return str(self._print(expr))


class WithNumbers(AtPlace):
    """The same with a number for each symbol; a negative one in brackets."""

    def number(self, expr: Any, exp: str | None = None) -> str:
        """The value of a part, which is measured where it is a derivative."""
        value = evaluate(expr, self.case, self.at)
        if value.ndim > 1:
            return column_of(value)
        text = short(float(np.ravel(value)[0]))
        return f"({text})" if text.startswith("-") else text

    # SymPy asks for a method by the name of the class.
    _print_Indexed = _print_Partial = _print_MatrixSymbol = number  # noqa: N815
    _print_KroneckerDelta = _print_DiagMatrix = _print_sigma_prime = number  # noqa: N815
    _times = r" \cdot "

    def _print_ElementwiseApplyFunction(self, expr: Any) -> str:
        if expr.function.expr.func is sigma_prime:
            return self.number(expr)
        return as_high(super()._print_ElementwiseApplyFunction(expr))

    def _print_Transpose(self, expr: Any) -> str:
        return self.number(expr.arg) + "^{T}"

    def _factor(self, expr: Any) -> str:
        text = super()._factor(expr)
        return as_high(text) if text.startswith("(") else text


def as_high(text: str) -> str:
    """A bracket, and what stands before it, as high as a matrix in it."""
    name, _, inside = text.partition("(")
    return rf"{name}\left({inside[:-1]}\right)" if "pmatrix" in inside else text


class InTerms(AtPlace):
    """An equation whose sum shows each term above its numbers, and strikes out what is zero."""

    def _letter(self, symbol: Any) -> str:
        return BookPrinter._letter(self, symbol)  # noqa: SLF001 - the output is called L here

    def _print_Symbol(self, expr: Any, style: str = "plain") -> str:
        return "L" if expr == L else super()._print_Symbol(expr)

    def term(self, expr: Expr) -> str:
        """A term of the sum, struck out if one of its derivatives is exactly zero."""
        text = str(self._print(expr))
        factors = [f for f in Mul.make_args(expr) if isinstance(f, Partial)]
        zero = any(evaluate(f, self.case, self.at)[0] == 0 for f in factors)
        numbers = WithNumbers(self.case, self.at).doprint(expr)
        shown = rf"\cancel{{{text}}}" if zero else text
        return rf"\underbrace{{{shown}}}_{{\textstyle {numbers}}}"


class Added(WithNumbers):
    """The sum with one number for each term."""

    def term(self, expr: Expr) -> str:
        """The value of a term."""
        return self.number(expr)
