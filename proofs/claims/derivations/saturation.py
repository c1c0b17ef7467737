"""Why some neurons learn slowly: how steep an activation is, and how much of an error passes."""

from sympy import Abs, Expr, Rational, Sum, Symbol, sqrt

from proofs.claims.claim import Claim, Refutation
from proofs.claims.hypotheses import cross_entropy, elementwise, sigmoid, tanh
from proofs.claims.notation import (
    AtMost,
    Eq,
    L,
    Partial,
    a,
    delta,
    i,
    j,
    k,
    l,
    over,
    sigma_prime,
    w,
    y,
    z,
)


def _apart(m: Symbol, n: Symbol) -> Expr:
    return w(l + 1)[m, j] * delta(l + 1)[n] - w(l + 1)[n, j] * delta(l + 1)[m]


_AT_MOST = (
    Abs(sigma_prime(z(l)[j], l))
    * sqrt(Sum(w(l + 1)[k, j] ** 2, over(k, l + 1)))
    * sqrt(Sum(delta(l + 1)[k] ** 2, over(k, l + 1)))
)
"""The slope, times the length of the weights that leave the neuron, times that of the error."""

CLAIMS = (
    Claim(
        "sig-4",
        "The slope of the sigmoid is a quarter at most",
        AtMost(Partial(a(l)[j], z(l)[j]), Rational(1, 4)),
        "Complete the square in (sig): what the slope lacks to a quarter is a square.",
        (sigmoid(l),),
        rest=(a(l)[j] - Rational(1, 2)) ** 2,
        by=("sig",),
        refutations=(
            Refutation(
                "a slope of one",
                "At the steepest point of the sigmoid its slope is one.",
                Eq(Partial(a(l)[j], z(l)[j]), 1 - (a(l)[j] - Rational(1, 2)) ** 2),
                (sigmoid(l),),
                "slopes",
            ),
        ),
    ),
    Claim(
        "tanh",
        "The slope of tanh is one at most",
        AtMost(Partial(a(l)[j], z(l)[j]), 1),
        "By the quotient rule, the slope is one minus a square.",
        (tanh(l),),
        rest=a(l)[j] ** 2,
    ),
    Claim(
        "bound",
        "What one step backward leaves of an error",
        AtMost(Abs(delta(l)[j]), _AT_MOST),
        "Square (BP2). The square of a sum of products is the product of the sums of squares, "
        "minus further squares (Lagrange's identity, which proves the Cauchy-Schwarz inequality).",
        (elementwise(l),),
        rest=Rational(1, 2)
        * sigma_prime(z(l)[j], l) ** 2
        * Sum(_apart(i, k) ** 2, over(i, l + 1), over(k, l + 1)),
        by=("BP2",),
        refutations=(
            Refutation(
                "nothing neglected",
                "The length of an error is multiplied by the length of the weights.",
                Eq(Abs(delta(l)[j]), _AT_MOST),
                (elementwise(l),),
                "slopes",
            ),
        ),
    ),
    Claim(
        "CE-h",
        "One layer before the output, with the binary cross-entropy",
        Eq(
            delta(L - 1)[j],
            Sum(
                w(L)[k, j] * (a(L)[k] - y[k]) * sigma_prime(z(L - 1)[j], L - 1),
                over(k, L),
            ),
        ),
        "The error (66), put into (BP2).",
        (elementwise(L - 1), sigmoid(L), cross_entropy),
        by=("BP2", "66"),
        refutations=(
            Refutation(
                "the cross-entropy rids every layer of sigma'",
                "With the cross-entropy no neuron learns slowly any more.",
                Eq(delta(L - 1)[j], Sum(w(L)[k, j] * (a(L)[k] - y[k]), over(k, L))),
                (elementwise(L - 1), sigmoid(L), cross_entropy),
                "slopes",
            ),
        ),
    ),
)
