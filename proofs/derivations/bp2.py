"""BP2, the error one layer earlier, and the proof (40)-(45)."""

from sympy import DiagMatrix, Eq, HadamardProduct, Sum

from proofs.claim import Claim
from proofs.equations import bp2
from proofs.hypotheses import elementwise
from proofs.notation import (
    C,
    Partial,
    b,
    column,
    delta,
    i,
    j,
    k,
    l,
    matrix,
    over,
    sigma,
    sigma_prime,
    slopes,
    w,
    z,
)

CLAIMS = (
    Claim(
        "40",
        "The definition, at a hidden layer",
        Eq(delta(l)[j], Partial(C, z(l)[j])),
        "The definition (29) of the error.",
        by=("29",),
    ),
    Claim(
        "41",
        "The chain rule through the next layer",
        Eq(
            delta(l)[j],
            Sum(Partial(C, z(l + 1)[k]) * Partial(z(l + 1)[k], z(l)[j]), over(k, l + 1)),
        ),
        "The chain rule (chain), with one route through each $z^{l+1}_k$.",
        after="40",
        by=("chain:z^l+1",),
    ),
    Claim(
        "42",
        "The errors of the next layer",
        Eq(delta(l)[j], Sum(Partial(z(l + 1)[k], z(l)[j]) * delta(l + 1)[k], over(k, l + 1))),
        "The definition (29) again, read backwards.",
        after="41",
        by=("-29",),
    ),
    Claim(
        "43",
        "The next layer's weighted input",
        Eq(
            z(l + 1)[k],
            Sum(w(l + 1)[k, i] * sigma(z(l)[i], l), over(i, l)) + b(l + 1)[k],
        ),
        "The weighted input (z) of layer $l+1$, with (a) for the activations.",
        (elementwise(l),),
        by=("z", "a"),
    ),
    Claim(
        "44",
        "One layer's effect on the next",
        Eq(Partial(z(l + 1)[k], z(l)[j]), w(l + 1)[k, j] * sigma_prime(z(l)[j], l)),
        "Differentiate (43): of the sum over $i$ only the term $j$ depends on $z^l_j$.",
        (elementwise(l),),
        by=("43", "differentiate"),
    ),
    Claim(
        "45",
        "BP2, neuron by neuron",
        Eq(
            delta(l)[j],
            Sum(w(l + 1)[k, j] * delta(l + 1)[k] * sigma_prime(z(l)[j], l), over(k, l + 1)),
        ),
        "(44), put into (42).",
        (elementwise(l),),
        after="42",
        by=("44",),
    ),
    Claim(
        "BP2",
        "The error one layer earlier",
        Eq(
            column("delta", l),
            HadamardProduct(matrix(l + 1).T * column("delta", l + 1), slopes(l)),
            evaluate=False,
        ),
        "Row $j$ of this equation is (45): the sum over $k$ runs down column $j$ of the weights, "
        "which is row $j$ of their transpose.",
        (elementwise(l),),
        formula=lambda case, l: bp2(case.network.w[l + 1], case.delta(l + 1), case.sigma_prime(l)),
        shown=bp2,
        after="45",
    ),
    Claim(
        "34",
        "BP2 with a diagonal matrix",
        Eq(
            column("delta", l),
            DiagMatrix(slopes(l)) * matrix(l + 1).T * column("delta", l + 1),
            evaluate=False,
        ),
        "A diagonal matrix times a column is their Hadamard product, so this is (BP2).",
        (elementwise(l),),
        after="BP2",
    ),
)
