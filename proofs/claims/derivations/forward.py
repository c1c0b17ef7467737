"""What the letters mean: the forward pass (23), (25), and the error (29)."""

from sympy import Rational, Sum

from proofs.claims.claim import Claim
from proofs.claims.hypotheses import elementwise, quadratic
from proofs.claims.notation import (
    CBAR,
    Average,
    C,
    Eq,
    L,
    Partial,
    a,
    activated,
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
    w,
    y,
    z,
)

CLAIMS = (
    Claim(
        "z",
        "The weighted input",
        Eq(z(l)[j], Sum(w(l)[j, k] * a(l - 1)[k], over(k, l - 1)) + b(l)[j]),
        "A definition: neuron $j$ adds up what arrives from every neuron $k$ of the layer before, "
        "weighted, and its own bias.",
        definition=True,
    ),
    Claim(
        "a",
        "The activation",
        Eq(a(l)[j], sigma(z(l)[j], l)),
        "A definition: the neuron's output is its activation function at its weighted input.",
        (elementwise(l),),
        definition=True,
    ),
    Claim(
        "23",
        "The forward pass, neuron by neuron",
        Eq(a(l)[j], sigma(Sum(w(l)[j, k] * a(l - 1)[k], over(k, l - 1)) + b(l)[j], l)),
        "The weighted input (z), put into the activation (a).",
        (elementwise(l),),
        by=("a", "z"),
    ),
    Claim(
        "25",
        "The forward pass, layer by layer",
        Eq(column("a", l), activated(matrix(l) * column("a", l - 1) + column("b", l), l)),
        "Row $j$ of this equation is (23).",
        (elementwise(l),),
        formula=lambda case, l: case.network.sigma[l](
            case.network.w[l] @ case.value("a", l - 1) + case.network.b[l]
        ),
        after="23",
    ),
    Claim(
        "27",
        "The quadratic cost of one example",
        Eq(C, Rational(1, 2) * Sum((y[j] - a(L)[j]) ** 2, over(j, L))),
        "A definition: half the squared distance of output and target.",
        (quadratic,),
        definition=True,
    ),
    Claim(
        "A1",
        "First assumption: the cost is an average",
        Eq(CBAR, Average(C)),
        "A definition: the cost of a batch is the average of the costs of its examples.",
        definition=True,
    ),
    Claim(
        "26",
        "The quadratic cost of a batch",
        Eq(CBAR, Average(Rational(1, 2) * Sum((y[j] - a(L)[j]) ** 2, over(j, L)))),
        "The average (A1) of (27).",
        (quadratic,),
        by=("A1", "27"),
    ),
    Claim(
        "A2",
        "Second assumption: the cost is a function of the outputs",
        Eq(
            Partial(C, w(L)[j, k]),
            Sum(Partial(C, a(L)[i]) * Partial(a(L)[i], w(L)[j, k]), over(i, L)),
        ),
        "The chain rule (chain): weights reach the cost through the outputs $a_i$ alone. "
        "A penalty on large weights would add a term of its own.",
        by=("chain:a^L",),
    ),
    Claim(
        "29",
        "The error of a neuron",
        Eq(delta(l)[j], Partial(C, z(l)[j])),
        "A definition: $\\delta^l_j$ says how fast the cost grows when $z^l_j$ does.",
        definition=True,
    ),
)
