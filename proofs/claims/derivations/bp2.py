"""BP2, the error one layer earlier, and the proof (40)-(45)."""

from typing import Any

from sympy import HadamardProduct, Sum

from proofs.claims.claim import Claim, Refutation
from proofs.claims.hypotheses import elementwise, square
from proofs.claims.notation import (
    C,
    Diagonal,
    Eq,
    L,
    Partial,
    a,
    b,
    column,
    delta,
    i,
    j,
    jacobian,
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
from proofs.network.equations import bp2, bp2_full


def _backward(layer: Any) -> Any:
    """One factor of (35): through the weights of the next layer, then through the activation."""
    return Diagonal(slopes(layer)) * matrix(layer + 1).T


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
        ),
        "Row $j$ of this equation is (45): the sum over $k$ runs down column $j$ of the weights, "
        "which is row $j$ of their transpose.",
        (elementwise(l),),
        formula=lambda case, l: bp2(case.network.w[l + 1], case.delta(l + 1), case.sigma_prime(l)),
        shown=bp2,
        after="45",
        refutations=(
            Refutation(
                "no transpose",
                "Going backward, the weights are the same matrix.",
                Eq(
                    delta(l)[j],
                    Sum(w(l + 1)[j, k] * delta(l + 1)[k] * sigma_prime(z(l)[j], l), over(k, l + 1)),
                ),
                (elementwise(l), square(l, l + 1)),
                "bp2",
            ),
            Refutation(
                "the inverse",
                "Going backward is undoing, so the weights are inverted.",
                Eq(
                    column("delta", l),
                    HadamardProduct(matrix(l + 1).I * column("delta", l + 1), slopes(l)),
                    evaluate=False,  # SymPy sees that it is false and would keep no more than that
                ),
                (elementwise(l), square(l, l + 1)),
                "bp2",
            ),
            Refutation(
                "the weights of the wrong layer",
                "The weights belong to the layer whose error is sought.",
                Eq(
                    delta(l)[j],
                    Sum(w(l)[k, j] * delta(l + 1)[k] * sigma_prime(z(l)[j], l), over(k, l + 1)),
                ),
                (elementwise(l), square(l - 1, l, l + 1)),
                "bp2",
            ),
            Refutation(
                "sigma' of the wrong layer",
                "The derivative of the activation is taken where the error comes from.",
                Eq(
                    delta(l)[j],
                    Sum(w(l + 1)[k, j] * delta(l + 1)[k], over(k, l + 1))
                    * sigma_prime(z(l + 1)[j], l + 1),
                ),
                (elementwise(l), elementwise(l + 1), square(l, l + 1)),
                "bp2",
            ),
            Refutation(
                "sigma' at a",
                "The derivative of the activation function is taken at the activation.",
                Eq(
                    delta(l)[j],
                    Sum(w(l + 1)[k, j] * delta(l + 1)[k] * sigma_prime(a(l)[j], l), over(k, l + 1)),
                ),
                (elementwise(l),),
                "bp2",
            ),
            Refutation(
                "a matrix product for the Hadamard product",
                "All products in the chain rule are products of matrices, row times column.",
                Eq(
                    delta(l)[j],
                    Sum(
                        Sum(w(l + 1)[k, i] * delta(l + 1)[k], over(k, l + 1))
                        * sigma_prime(z(l)[i], l),
                        over(i, l),
                    ),
                ),
                (elementwise(l),),
                "bp2",
            ),
            Refutation(
                "no sigma'",
                "The error is sent back through the weights, and that is all.",
                Eq(delta(l)[j], Sum(w(l + 1)[k, j] * delta(l + 1)[k], over(k, l + 1))),
                (elementwise(l),),
                "bp2",
            ),
        ),
    ),
    Claim(
        "34",
        "BP2 with a diagonal matrix",
        Eq(column("delta", l), Diagonal(slopes(l)) * matrix(l + 1).T * column("delta", l + 1)),
        "A diagonal matrix times a column is their Hadamard product, so this is (BP2).",
        (elementwise(l),),
        after="BP2",
    ),
    Claim(
        "35",
        "The whole backward pass as one product",
        Eq(
            column("delta", L - 2),
            _backward(L - 2) * _backward(L - 1) * Diagonal(slopes(L)) * column("nabla", L),
        ),
        "(34) twice, then (33). Each further layer puts two more factors in front, by (34) again.",
        (elementwise(L - 2), elementwise(L - 1), elementwise(L)),
        by=("34", "34", "33"),
    ),
    Claim(
        "za",
        "What an activation moves",
        Eq(Partial(z(l)[k], a(l - 1)[i]), w(l)[k, i]),
        "Differentiate (z): of the sum only the term with $a_i$ changes.",
        by=("z", "differentiate"),
    ),
    Claim(
        "BP2J",
        "The error one layer earlier, for any activation",
        Eq(column("delta", l), jacobian(l).T * matrix(l + 1).T * column("delta", l + 1)),
        "The chain rule (chain) once more in (42), from $z^l_j$ to the next layer through each "
        "$a^l_i$, and (za). Without locality no term of either sum is left out.",
        formula=lambda case, l: bp2_full(
            case.network.w[l + 1], case.delta(l + 1), case.jacobian(l)
        ),
        shown=bp2_full,
        after="42",
        by=("chain:a^l", "za"),
        refutations=(
            Refutation(
                "(45) without locality",
                "Hidden layers need no hypothesis: only the output layer can be softmax.",
                Eq(
                    delta(l)[j],
                    Sum(
                        w(l + 1)[k, j] * delta(l + 1)[k] * Partial(a(l)[j], z(l)[j]),
                        over(k, l + 1),
                    ),
                ),
                (),
                "bp2",
            ),
            Refutation(
                "the Jacobian without its transpose",
                "A Jacobian is symmetric.",
                Eq(column("delta", l), jacobian(l) * matrix(l + 1).T * column("delta", l + 1)),
                (),
                "bp2",
            ),
        ),
    ),
)
