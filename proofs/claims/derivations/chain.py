"""The chain rule in two variables, and what a layer's Jacobian looks like."""

from typing import Any

import numpy as np
from sympy import KroneckerDelta, symbols

from proofs.claims.algebra import unspecified
from proofs.claims.claim import Claim, Hypothesis, Refutation
from proofs.claims.hypotheses import elementwise, local, softmax
from proofs.claims.notation import Eq, Ordinary, Partial, a, j, k, l, sigma_prime, z
from proofs.measuring.one_number import Place, h
from proofs.measuring.rounding import eight_times, moved
from proofs.network.arrays import Array

f, x, y, t = symbols("f x y t")


class Curve:
    """f = x^2 + x y along the curve x = 2 t, y = t^2, at a few values of t."""

    name = "f = x^2 + x y, x = 2 t, y = t^2"
    depth = 1

    def __init__(self, times: Array) -> None:
        self.t = times

    def value(self, letter: str, layer: Any = None, **pushed: Array) -> Array:
        """t, x, y or f, at no layer; a pushed letter takes the value it is pushed to."""
        if letter in pushed:
            return pushed[letter]
        if letter == "t":
            return self.t
        if letter == "f":
            x, y = self.value("x", **pushed), self.value("y", **pushed)
            return x**2 + x * y
        t = self.value("t", **pushed)
        return 2 * t if letter == "x" else t**2

    def partial(self, of: Place, by: Place) -> Array:
        """The derivative, measured: one number moved by ih, and everything behind it run again."""
        pushed = {by[0]: self.value(by[0]) + 1j * h}
        return self.value(of[0], **pushed).imag / h

    def example(self, n: int) -> str:
        """What number n of the curve is called."""
        return f"t = {self.t[n]:g}"

    @property
    def rounded(self) -> "list[Curve]":
        """The same curve 8 times, with t moved by about one rounding error."""
        return eight_times(lambda random: Curve(moved(self.t, random)))

    @property
    def magnitudes(self) -> "Curve":
        """For positive t everything on the curve is positive, and nothing cancels."""
        return self


_smooth = Hypothesis(
    "differentiable",
    "$x$, $y$ and $f$ are differentiable, $f$ in both of its variables together.",
    lambda case, at: isinstance(case, Curve),
    {
        f: lambda: unspecified("f")(x, y),
        x: lambda: unspecified("x")(t),
        y: lambda: unspecified("y")(t),
    },
)

CLAIMS = (
    Claim(
        "chain",
        "The chain rule in two variables",
        Eq(Ordinary(f, t), Partial(f, x) * Ordinary(x, t) + Partial(f, y) * Ordinary(y, t)),
        "There are two routes from $t$ to $f$, one through $x$ and one through $y$; a small step "
        "moves $f$ along both, and to first order the two changes add.",
        (_smooth,),
        refutations=(
            Refutation(
                "one route only",
                "The chain rule is a single product, whatever the number of variables.",
                Eq(Ordinary(f, t), Partial(f, x) * Ordinary(x, t)),
                (_smooth,),
                "why-sum-over-k",
            ),
        ),
        axiom=True,
        cases=(Curve(np.array([0.5, 1.0, 3.0])),),
    ),
    Claim(
        "local",
        "Locality",
        Eq(Partial(a(l)[k], z(l)[j]), KroneckerDelta(j, k) * Partial(a(l)[j], z(l)[j])),
        "If $a_k$ does not depend on $z_j$, its derivative with respect to $z_j$ is zero.",
        (local(l),),
        refutations=(
            Refutation(
                "every activation is local",
                "An activation answers to its own weighted input alone.",
                Eq(Partial(a(l)[k], z(l)[j]), KroneckerDelta(j, k) * Partial(a(l)[j], z(l)[j])),
                (),
                "why-sum-over-k",
            ),
        ),
    ),
    Claim(
        "J1",
        "The Jacobian of an elementwise activation",
        Eq(Partial(a(l)[k], z(l)[j]), KroneckerDelta(j, k) * sigma_prime(z(l)[j], l)),
        r"Differentiate (a): off the diagonal nothing depends on $z_j$, on it stands $\sigma'$.",
        (elementwise(l),),
        formula=lambda case, l: case.jacobian(l),
        by=("a", "differentiate"),
    ),
    Claim(
        "J2",
        "The Jacobian of softmax",
        Eq(Partial(a(l)[k], z(l)[j]), a(l)[k] * (KroneckerDelta(j, k) - a(l)[j])),
        "The quotient rule: raising $z_j$ raises its own exponential, and the common denominator "
        "of all.",
        (softmax(l),),
        formula=lambda case, l: case.jacobian(l),
        refutations=(
            Refutation(
                "softmax cut to its diagonal",
                "The derivative of softmax is a(1 - a), like that of the sigmoid.",
                Eq(
                    Partial(a(l)[k], z(l)[j]),
                    KroneckerDelta(j, k) * a(l)[k] * (1 - a(l)[j]),
                ),
                (softmax(l),),
                "why-sum-over-k",
            ),
        ),
    ),
)
