"""SymPy: what it answers about derivatives by matrices, by indices and in code it writes."""

import re

import numpy as np
import sympy as sp
from asking import attempt, slopes, tell

n, m = sp.symbols("n m", integer=True, positive=True)
i, j, k = sp.symbols("i j k", integer=True)
v = sp.MatrixSymbol("v", n, 1)
A = sp.MatrixSymbol("A", n, n)
one = sp.OneMatrix(n, 1)
x, y = sp.IndexedBase("x"), sp.IndexedBase("y")
t, s = sp.Symbol("t", real=True), sp.Symbol("s")
NAMES = {name: value for name, value in globals().items() if not name.startswith("_")}
V = np.array([0.7, 1.1, 0.4])
M = np.array([[2.0, 0.3, 0.1], [0.2, 1.5, 0.4], [0.6, 0.5, 1.8]])
GIVEN = {"v": sp.Matrix(V), "A": sp.Matrix(M)}

MATRICES = {
    "v / (1'v)": "(v / (one.T * v)[0, 0]).diff(v)",
    "v / Trace(vv')": "(v / sp.Trace(v * v.T)).diff(v)",
    "v Trace(vv')": "(sp.Trace(v * v.T) * v).diff(v)",
    "(v'Av)[0, 0]": "(v.T * A * v)[0, 0].diff(v)",
    "v'Av": "(v.T * A * v).diff(v)",
    "(v'v)[0, 0] squared": "((v.T * v)[0, 0] ** 2).diff(v)",
    "exp(Trace(v'v))": "sp.exp(sp.Trace(v.T * v)).diff(v)",
    "sin((v'v)[0, 0])": "sp.sin((v.T * v)[0, 0]).diff(v)",
    "log(det A)": "sp.log(sp.Determinant(A)).diff(A)",
    "log(Trace(A))": "sp.log(sp.Trace(A)).diff(A)",
    "Trace(A)": "sp.Trace(A).diff(A)",
    "det A": "sp.Determinant(A).diff(A)",
    "Trace(A A')": "sp.Trace(A * A.T).diff(A)",
    "the inverse's trace": "sp.Trace(A.inverse()).diff(A)",
    "the Hadamard product of v and v": "sp.hadamard_product(v, v).diff(v)",
    "sin of each entry of v": "v.applyfunc(sp.sin).diff(v)",
}
"""What is differentiated by a matrix symbol, and how."""

MEASURED = {
    "v / (1'v)": "v / v.sum()",
    "v / Trace(vv')": "v / (v @ v)",
    "v Trace(vv')": "v * (v @ v)",
    "(v'Av)[0, 0]": "v @ A @ v",
    "v'Av": "v @ A @ v",
    "(v'v)[0, 0] squared": "(v @ v) ** 2",
    "exp(Trace(v'v))": "np.exp(v @ v)",
    "sin((v'v)[0, 0])": "np.sin(v @ v)",
    "log(det A)": "np.log(np.linalg.det(A))",
    "log(Trace(A))": "np.log(np.trace(A))",
    "Trace(A)": "np.trace(A)",
    "det A": "np.linalg.det(A)",
    "Trace(A A')": "np.trace(A @ A.T)",
    "the inverse's trace": "np.trace(np.linalg.inv(A))",
    "the Hadamard product of v and v": "v * v",
    "sin of each entry of v": "np.sin(v)",
}
"""The same in NumPy, which a complex step differentiates without any rule."""

INDICES = {
    "Sum over k of x[k], by x[j]": "sp.Sum(x[k], (k, 1, n)).diff(x[j])",
    "Sum over k of x[k] y[k], by x[k], the bound index": "sp.Sum(x[k] * y[k], (k, 1, n)).diff(x[k])",
    "exp(x[j]) over the sum of exp(x[k]), by x[i], simplified": (
        "sp.simplify((sp.exp(x[j]) / sp.Sum(sp.exp(x[k]), (k, 1, n))).diff(x[i]))"
    ),
    "Eq of an n by n and an m by m matrix": "sp.Eq(sp.MatrixSymbol('B', n, n), sp.MatrixSymbol('B', m, m))",
    "Abs(s) of a complex symbol, by s": "sp.Abs(s).diff(s)",
    "Heaviside(0)": "sp.Heaviside(0)",
}
"""What is asked about sums over an index."""


SLOPES = {
    "relu written as maximum(x, 0), at 0": "sp.Max(x[0], 0)",
    "relu written as where(x > 0, x, 0), at 0": "sp.Piecewise((x[0], x[0] > 0), (0, True))",
    "relu written as (x + |x|)/2, at 0": "(x[0] + sp.Abs(x[0])) / 2",
    "maximum of two equal numbers": "sp.Max(x[0], x[1])",
    "minimum of two equal numbers": "sp.Min(x[0], x[1])",
    "max of (1, 1, 0)": "sp.Max(*x)",
    "min of (1, 1, 2)": "sp.Min(*x)",
    "abs at 0": "sp.Abs(x[0])",
    "abs written as sqrt(x * x), at 0": "sp.sqrt(x[0] * x[0])",
    "clamp to [0, 1] at 0": "sp.Min(sp.Max(x[0], 0), 1)",
    "clamp to [0, 1] at 1": "sp.Min(sp.Max(x[0], 0), 1)",
    "sqrt at 0": "sp.sqrt(x[0])",
    "norm of (0, 0)": "sp.Matrix(x).norm()",
    "product of (0, 2, 3)": "sp.Mul(*x)",
    "where(x > 0, sqrt(x), 0) at -1": "sp.Piecewise((sp.sqrt(x[0]), x[0] > 0), (0, True))",
    "ln(sigmoid(x)) at -1000, as written": "sp.log(1 / (1 + sp.exp(-x[0])))",
    "sinc at 0": "sp.sinc(sp.pi * x[0])",
    "determinant of the singular (1, 2; 2, 4)": "sp.Matrix(2, 2, x).det()",
}


def gradient(function, at):
    """The derivative by each real symbol, the numbers put in afterwards."""
    symbols = sp.symbols(f"x:{len(at)}", real=True)
    found = function(symbols)
    numbers = dict(zip(symbols, map(sp.nsimplify, at), strict=True))
    return [word(found.diff(symbol).subs(numbers)) for symbol in symbols]


def word(number):
    """A number; SymPy's complex infinity is infinity."""
    return float("inf") if number is sp.zoo else float(number)


def numbers(how):
    """An answer for matrices of size 3, as one row of numbers; the derivative of each entry."""
    found = eval(how, NAMES)
    if found == 0:
        return [0.0]
    explicit = found.subs(n, 3)
    for name in ("v", "A"):
        shape = (3, 1) if name == "v" else (3, 3)
        explicit = explicit.subs(sp.MatrixSymbol(name, *shape), GIVEN[name])
    explicit = explicit.doit()
    return [float(entry) for entry in sp.flatten(explicit.as_explicit())]


def measured(how):
    """The derivative of each entry at the same numbers, pushed one after the other, in a row."""
    by = "v" if re.search(r"\bv\b", how) else "A"
    rows = []
    for place in np.ndindex(GIVEN[by].shape if by == "A" else 3):
        given = {"v": V.astype(complex), "A": M.astype(complex)}
        given[by][place] += 1e-30j
        rows.append(np.imag(eval(how, {"np": np, **given})) / 1e-30)
    return np.array(rows).T.ravel()


def generated(length):
    """The sum over k = 1..3 of x[k], in code that SymPy writes for NumPy."""
    code = sp.lambdify(x, sp.Sum(x[k], (k, 1, 3)), "numpy")
    return float(code(np.arange(1.0, length + 1)))


if __name__ == "__main__":
    slopes(gradient, SLOPES, {"sp": sp})
    for what, how in MATRICES.items():
        tell(f"derivative of {what}", attempt(lambda: str(eval(how, NAMES))), how)
        tell(f"derivative of {what}, at n = 3", attempt(lambda: numbers(how)), how)
        pushed = MEASURED[what]
        tell(f"derivative of {what}, measured", measured(pushed), pushed)
    for what, how in INDICES.items():
        tell(what, attempt(lambda: str(eval(how, NAMES))), how)
    how = "lambdify(x, Sum(x[k], (k, 1, 3)))"
    tell("lambdify of x[1] + x[2] + x[3], for 1, 2, 3", attempt(lambda: generated(3)), how)
    tell("lambdify of x[1] + x[2] + x[3], for 1, 2, 3, 4", attempt(lambda: generated(4)), how)
