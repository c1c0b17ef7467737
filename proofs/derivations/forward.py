"""What the letters mean: the forward pass (23), (25), and the error (29)."""

from sympy import Eq, Sum

from proofs.claim import Claim
from proofs.hypotheses import elementwise
from proofs.notation import (
    C,
    Partial,
    a,
    activated,
    b,
    column,
    delta,
    j,
    k,
    l,
    matrix,
    over,
    sigma,
    w,
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
        Eq(
            column("a", l),
            activated(matrix(l) * column("a", l - 1) + column("b", l), l),
            evaluate=False,
        ),
        "Row $j$ of this equation is (23).",
        (elementwise(l),),
        formula=lambda case, l: case.network.sigma[l](
            case.network.w[l] @ case.value("a", l - 1) + case.network.b[l]
        ),
        after="23",
    ),
    Claim(
        "29",
        "The error of a neuron",
        Eq(delta(l)[j], Partial(C, z(l)[j])),
        "A definition: $\\delta^l_j$ says how fast the cost grows when $z^l_j$ does.",
        definition=True,
    ),
)
