"""The symbols of the book as SymPy objects, and how they print in LaTeX.

An index runs from 0 inside and over its whole layer on the page, where a sum shows no bounds.
"""

from functools import cache
from typing import Any

from sympy import (
    Add,
    DiagMatrix,
    Equality,
    Expr,
    Function,
    Indexed,
    IndexedBase,
    KroneckerDelta,
    MatAdd,
    MatMul,
    MatrixSymbol,
    Mul,
    Pow,
    Rational,
    Sum,
    Symbol,
    exp,
    fraction,
    log,
    symbols,
    sympify,
)
from sympy.core.function import ArgumentIndexError
from sympy.printing.latex import LatexPrinter

L = Symbol("L", integer=True, positive=True)
l = Symbol("l", integer=True, positive=True)
j, k, i, q, p = symbols("j k i q p", integer=True, nonnegative=True)
C = Symbol("C")
"""The cost of one example."""
CBAR = Symbol("Cbar")
"""The cost of a batch: the average over its examples."""
STEP = Symbol("step")
"""The small step that a number is changed by."""


class Letter(Symbol):
    """A letter that belongs to a layer: z^l, or the width n_l. The targets y belong to layer L."""

    letter: str
    layer: Expr

    def __new__(cls, letter: str, layer: Any) -> "Letter":
        assumed = {"integer": True, "positive": True} if letter == "n" else {"real": True}
        symbol = super().__new__(cls, f"{letter}^{layer}", **assumed)
        symbol.letter, symbol.layer = letter, sympify(layer)
        return symbol

    def runs_over(self, position: int) -> Expr:
        """The layer that an index runs over; the second one of w^l is of the layer before."""
        return self.layer - position

    def moved(self, layers: Any) -> "Letter":
        """The same letter at the layer that another symbol for it stands for."""
        return Letter(self.letter, self.layer.xreplace(layers))


class Part(Letter):
    """A letter of a layer that is looked at by itself: each index runs along an axis of its own."""

    axes: tuple[Symbol, ...]

    def __new__(cls, letter: str, *axes: Symbol) -> "Part":
        # SymPy takes symbols of one name for one symbol.
        symbol = Symbol.__new__(
            cls, f"{letter}({','.join(map(str, axes))})" if axes else letter, real=True
        )
        symbol.letter, symbol.layer, symbol.axes = letter, sympify(0), axes
        return symbol

    def runs_over(self, position: int) -> Expr:
        """The axis of an index."""
        return self.axes[position]

    def moved(self, layers: Any) -> "Part":
        """Itself, for it belongs to no layer that has a number."""
        return self


class Extent(Letter):
    """How many places an axis has; on the page it has the name of the axis."""

    def __new__(cls, axis: Symbol) -> "Extent":
        return super().__new__(cls, "n", axis)

    def moved(self, layers: Any) -> "Extent":
        """Itself."""
        return self


class Entry(Indexed):
    """One number of a letter, such as z^l_j. All numbers of the book are real."""

    is_real = True

    def __new__(cls, base: Any, *indices: Any) -> "Entry":
        return Expr.__new__(cls, base, *map(sympify, indices))

    def _hashable_content(self) -> Any:
        # SymPy's own adds what it assumes of each, which is the same for all.
        return self.args


class Entries(IndexedBase):
    """A letter with all its entries."""

    def __getitem__(self, indices: Any) -> Entry:
        return Entry(self, *(indices if isinstance(indices, tuple) else (indices,)))


@cache
def part(letter: str, *axes: Symbol) -> Entries:
    """An array of a layer that is looked at by itself, with its axes: part("S", T, T)[j, k]."""
    return Entries(Part(letter, *axes))


@cache
def extent(axis: Symbol) -> Extent:
    """The number of places on an axis, any whole number from 1 on."""
    return Extent(axis)


def along(index: Symbol, axis: Symbol) -> tuple[Symbol, int, Expr]:
    """The limits of a sum whose index runs along a whole axis."""
    return index, 0, extent(axis) - 1


@cache
def _indexed(letter: str, layer: Any) -> Entries:
    return Entries(Letter(letter, layer))


def z(layer: Any) -> Entries:
    """Weighted inputs: z(l)[j]."""
    return _indexed("z", layer)


def a(layer: Any) -> Entries:
    """Activations: a(l)[j]."""
    return _indexed("a", layer)


def w(layer: Any) -> Entries:
    """Weights: w(l)[j, k], to neuron j of layer l from neuron k of layer l-1."""
    return _indexed("w", layer)


def b(layer: Any) -> Entries:
    """Biases: b(l)[j]."""
    return _indexed("b", layer)


def delta(layer: Any) -> Entries:
    """Errors, equation (29): delta(l)[j]."""
    return _indexed("delta", layer)


y = _indexed("y", L)
"""Targets: y[j]."""


@cache
def indices_in(expr: Any) -> frozenset[Symbol]:
    """The indices of an expression, also the bound ones."""
    if expr.is_Symbol:
        return frozenset() if isinstance(expr, Letter) else frozenset([expr])
    return frozenset().union(*map(indices_in, expr.args))


@cache
def width(layer: Any) -> Letter:
    """The number of neurons n_l of a layer, any whole number from 1 on."""
    return Letter("n", layer)


def over(index: Symbol, layer: Any) -> tuple[Symbol, int, Expr]:
    """The limits of a sum whose index runs over all neurons of a layer."""
    return index, 0, width(layer) - 1


class Partial(Expr):
    """The partial derivative du/dv as the book writes it, not yet computed."""

    is_commutative = True

    def __new__(cls, u: Any, v: Any) -> "Partial":
        return Expr.__new__(cls, u, v)


def dC(v: Any) -> Partial:
    """The derivative of the cost with respect to v, not yet computed."""
    return Partial(C, v)


class Ordinary(Partial):
    """The derivative of a function of one variable."""


class Average(Expr):
    """The average of an expression over the m examples of a batch."""

    is_commutative = True

    def __new__(cls, u: Any) -> "Average":
        return Expr.__new__(cls, sympify(u))

    def _eval_derivative(self, v: Any) -> "Average":
        return Average(self.args[0].diff(v))


class Change(Partial):
    """The change of u when v grows by a small step."""


class Step(Expr):
    """The small step that v grows by."""

    is_commutative = True


class Eq(Equality):
    """An equation as it is written. SymPy's own would be tried for truth, at length, when made."""

    def __new__(cls, left: Any, right: Any, evaluate: bool = False) -> "Eq":
        return super().__new__(cls, left, right, evaluate=evaluate)


class Approx(Eq):
    """Both sides agree to first order in the step."""


class AtMost(Eq):
    """The left side is no larger than the right one."""


OTHER = 1 - KroneckerDelta(j, k)
"""1 if k is another index than j, and 0 if it is the same."""


class sigma(Function):
    """sigma(z, layer): the activation of a layer whose activation is local."""

    def fdiff(self, argindex: int = 1) -> Expr:
        if argindex != 1:
            raise ArgumentIndexError(self, argindex)
        return sigma_prime(*self.args)


class sigma_prime(Function):
    """sigma'(z, layer)."""


class Diagonal(DiagMatrix):
    """A column as a diagonal matrix. SymPy's own would ask at each product what else it is."""

    def doit(self, **hints: Any) -> "Diagonal":
        return self


# The same letters as columns and matrices, for the equations without indices.


def column(letter: str, layer: Any) -> MatrixSymbol:
    """The column of all z^l_j, a^l_j, b^l_j, delta^l_j of a layer, or of the dC/da^l_j ("nabla")
    or dC/db^l_j ("nabla_b")."""
    return MatrixSymbol(Letter(letter, layer), width(layer), 1)


def matrix(layer: Any, letter: str = "w") -> MatrixSymbol:
    """The weight matrix w^l, one row for each neuron of layer l, or dC/dw^l ("nabla_w")."""
    return MatrixSymbol(Letter(letter, layer), width(layer), width(layer - 1))


def jacobian(layer: Any) -> MatrixSymbol:
    """The Jacobian J^l of a layer's activation: J_kj = da_k/dz_j."""
    return MatrixSymbol(Letter("J", layer), width(layer), width(layer))


def slopes(layer: Any) -> Any:
    """The column sigma'(z^l)."""
    return column("z", layer).applyfunc(lambda v: sigma_prime(v, layer))


def activated(argument: Any, layer: Any) -> Any:
    """The column sigma(argument), element by element."""
    return argument.applyfunc(lambda v: sigma(v, layer))


_GRADIENTS = {
    "nabla": r"\nabla_{{a}} C",
    "nabla_b": r"\frac{{\partial C}}{{\partial b^{{{}}}}}",
    "nabla_w": r"\frac{{\partial C}}{{\partial w^{{{}}}}}",
}


_NAMES = {
    name: rf"\{name}" for name in ("delta", "mu", "gamma", "beta", "theta", "kappa", "varphi")
} | {
    "zhat": r"\hat{z}",
    "eps": r"\varepsilon",
}
"""Letters whose name in LaTeX is not their own."""


class BookPrinter(LatexPrinter):
    """LaTeX in the book's hand: w before delta before sigma', no bounds on sums."""

    _times = " "
    """What stands between factors."""
    _examples = False
    """True inside an average, where letters that differ from example to example carry an x."""

    def _letter(self, symbol: Symbol) -> str:
        layer = self._print(symbol.layer)
        if isinstance(symbol, Extent):
            return layer
        if symbol.letter in _GRADIENTS:
            return _GRADIENTS[symbol.letter].format(layer)
        # The targets exist at the output alone, so that no layer is written.
        marks = [] if symbol.letter == "y" or isinstance(symbol, Part) else [layer]
        if self._examples and symbol.letter in ("z", "a", "delta", "y"):
            marks = ["x", *marks]
        name = _NAMES.get(symbol.letter, symbol.letter)
        return f"{name}^{{{','.join(marks)}}}" if marks else name

    def _print_Symbol(self, expr: Any, style: str = "plain") -> str:
        if expr == CBAR:
            return r"\overline{C}"
        if expr == C and self._examples:
            return "C_{x}"
        return str(super()._print_Symbol(expr))

    def _print_Average(self, expr: Any) -> str:
        self._examples = True
        body = self._factor(expr.args[0])
        self._examples = False
        return rf"\frac{{1}}{{m}} \sum_{{x}} {body}"

    def _print_Change(self, expr: Any) -> str:
        return rf"\Delta {self._print(expr.args[0])}"

    def _print_Step(self, expr: Any) -> str:
        return rf"\Delta {self._print(expr.args[0])}"

    def _print_Approx(self, expr: Any) -> str:
        return rf"{self._print(expr.lhs)} \approx {self._print(expr.rhs)}"

    def _print_AtMost(self, expr: Any) -> str:
        return rf"{self._print(expr.lhs)} \le {self._print(expr.rhs)}"

    def _print_Eq(self, expr: Any) -> str:
        if not all(OTHER in Mul.make_args(side) for side in expr.args):
            return rf"{self._print(expr.lhs)} = {self._print(expr.rhs)}"
        # Where both sides are zero for k = j, nothing is said of that.
        left, right = (self._print(side / OTHER) for side in expr.args)
        return rf"{left} = {right} \quad (k \neq j)"

    def _print_Letter(self, expr: Any) -> str:
        return self._letter(expr)

    def _print_MatrixSymbol(self, expr: Any) -> str:
        return self._letter(expr.args[0])

    def _print_Indexed(self, expr: Any) -> str:
        # Neurons are counted from 1 on the page.
        counted = (n + 1 if n.is_Integer else n for n in expr.indices)
        # Two indices side by side need a comma once one of them is computed.
        between = "" if all(n.is_Symbol or n.is_Integer for n in expr.indices) else ", "
        indices = between.join(map(self._print, counted))
        return f"{self._letter(expr.base.label)}_{{{indices}}}"

    def _print_Partial(self, expr: Any) -> str:
        above, below = map(self._print, expr.args)
        return rf"\frac{{\partial {above}}}{{\partial {below}}}"

    def _print_Ordinary(self, expr: Any) -> str:
        return self._print_Partial(expr).replace(r"\partial", "d")

    def _print_sigma(self, expr: Any, exp: str | None = None) -> str:
        return rf"\sigma({self._print(expr.args[0])})"

    def _print_sigma_prime(self, expr: Any, exp: str | None = None) -> str:
        return rf"\sigma'({self._print(expr.args[0])})"

    def _print_ElementwiseApplyFunction(self, expr: Any) -> str:
        name = r"\sigma'" if expr.function.expr.func is sigma_prime else r"\sigma"
        return rf"{name}({self._print(expr.expr)})"

    def _print_DiagMatrix(self, expr: Any) -> str:
        return rf"\Sigma'({self._print(expr.args[0].expr)})"

    def _print_log(self, expr: Any, exp: str | None = None) -> str:
        inside = expr.args[0]
        text = self._print(inside)
        return rf"\ln {text}" if isinstance(inside, Indexed | Sum) else rf"\ln{_bracketed(text)}"

    def _print_cos(self, expr: Any, exp: str | None = None) -> str:
        return rf"\{expr.func.__name__}({self._print(expr.args[0])})"

    _print_sin = _print_tanh = _print_cos

    def _print_Pow(self, expr: Any) -> str:
        # The superscript of a symbol is its layer, so that a power needs brackets.
        if isinstance(expr.base, Indexed | Add | Function) and expr.exp.is_Integer and expr.exp > 1:
            return f"{_bracketed(self._print(expr.base))}^{{{expr.exp}}}"
        return str(super()._print_Pow(expr))

    def _print_KroneckerDelta(self, expr: Any, exp: str | None = None) -> str:
        # Not a delta: that letter is the error's.
        first, second = sorted(map(self._print, expr.args))
        return f"[{first} = {second}]"

    def _print_Transpose(self, expr: Any) -> str:
        return _bracketed(self._print(expr.arg)) + "^{T}"

    def _print_Inverse(self, expr: Any) -> str:
        return _bracketed(self._print(expr.arg)) + "^{-1}"

    def _print_HadamardProduct(self, expr: Any) -> str:
        return r" \odot ".join(self._factor(arg) for arg in expr.args)

    def _print_MatMul(self, expr: Any) -> str:
        return " ".join(self._factor(arg) for arg in expr.args)

    def _print_MatAdd(self, expr: Any) -> str:
        return self._print_Add(expr)

    def _factor(self, expr: Any) -> str:
        text = self._print(expr)
        return _bracketed(text) if isinstance(expr, (Add, Average, MatAdd, MatMul)) else text

    def _print_Sum(self, expr: Any) -> str:
        indices = " ".join(self._print(limit[0]) for limit in expr.limits)
        body = expr.function
        if indices == "k" and OTHER in Mul.make_args(body):
            indices, body = r"k \neq j", body / OTHER
        text = self._print(body)
        return rf"\sum_{{{indices}}} " + (_bracketed(text) if body.is_Add else text)

    def _print_Add(self, expr: Any, order: str | None = None) -> str:
        text = ""
        for term in sorted(expr.args, key=_place_in_sum):
            sign = " - " if _negative(term) else " + " if text else ""
            text += sign + self._print(-term if _negative(term) else term)
        return text

    def _print_Mul(self, expr: Any) -> str:
        if _negative(expr):
            return f"- {self._print(-expr)}"
        number, rest = expr.as_coeff_Mul()
        if number.is_Rational and not number.is_Integer:
            return rf"\frac{{{number.p}}}{{{number.q}}} {self._factor(rest)}"
        above, below = fraction(expr)
        if below != 1 and any(isinstance(f, Sum) for f in Mul.make_args(above)):
            return rf"\frac{{1}}{{{self._print(below)}}} {self._factor(above)}"
        if below != 1:
            return rf"\frac{{{self._print(above)}}}{{{self._print(below)}}}"
        return self._times.join(map(self._factor, sorted(expr.args, key=_rank)))


def _place_in_sum(term: Any) -> tuple[Any, ...]:
    """Sums and products first, then numbers, exponentials, and what is subtracted: w a + b,
    l + 1, 1 + e^z, a - y."""
    whole = not term.has(Sum, MatMul)
    return (_negative(term), isinstance(term, exp), term.is_number, whole, _rank(term))


def _bracketed(text: str) -> str:
    """Brackets as high as what is between them; around symbols in a line, plain ones."""
    high = r"\frac" in text or r"\sum" in text
    return rf"\left({text}\right)" if high else f"({text})"


def _negative(expr: Any) -> bool:
    number = expr.as_coeff_mmul()[0] if isinstance(expr, MatMul) else expr.as_coeff_Mul()[0]
    return bool(number.is_negative)


_ORDER = {"w": 0, "a": 2, "Q": 2, "delta": 4}


def _rank(factor: Any) -> tuple[Any, ...]:
    """Where a factor stands in a product: weight, rates of change, activation, delta, sigma'."""
    if isinstance(factor, Change | Step):
        return (8, str(factor))
    if isinstance(factor, Partial):
        above = factor.args[0]
        if not isinstance(above, Indexed):
            return (1, isinstance(factor, Ordinary))
        # Along a path from the cost back to the weight, later layers stand first.
        letter = above.base.label
        return (1, 1000 - int(letter.layer.subs({L: 900, l: 400})), letter.letter != "a")
    if isinstance(factor, Pow) and factor.exp == Rational(1, 2):
        return (9, *_rank(min(factor.atoms(Indexed), key=_rank)))  # the length of what is indexed
    if isinstance(factor, Indexed):
        return (_ORDER.get(factor.base.label.letter, 3), str(factor))
    for place, kind in enumerate((sigma_prime, sigma, KroneckerDelta, Add, Sum, log, exp), start=5):
        if isinstance(factor, kind):
            return (place, str(factor))
    return (-1, str(factor))


def latex(expr: Any) -> str:
    """An expression or equation in the book's notation, as LaTeX."""
    return str(BookPrinter().doprint(expr))
