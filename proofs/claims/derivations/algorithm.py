"""The algorithm: what backprop returns is every derivative, with all four equations in their order.

Each left side is measured from its definition; the formula is the whole of `backprop`, so that a
wrong line anywhere in it makes a claim false.
"""

from proofs.claims.claim import Claim
from proofs.claims.notation import CBAR, Average, C, Eq, Partial, b, delta, j, k, l, w, z
from proofs.network.equations import backprop

CLAIMS = (
    Claim(
        "B1",
        "The errors that backprop returns",
        Eq(Partial(C, z(l)[j]), delta(l)[j]),
        "The definition (29), read backwards. The code takes the equations in the chapter's order: "
        "first the errors of the output layer, then those of each layer before.",
        formula=lambda case, l: backprop(case.network, case.x, case.y).delta[l],
        shown=backprop,
        by=("-29",),
    ),
    Claim(
        "B2",
        "The bias gradients that backprop returns",
        Eq(Partial(CBAR, b(l)[j]), Average(Partial(C, b(l)[j]))),
        "The derivative of an average (A1) is the average of the derivatives, each an error.",
        formula=lambda case, l: backprop(case.network, case.x, case.y).nabla_b[l],
        shown=backprop,
        by=("A1", "differentiate"),
    ),
    Claim(
        "B3",
        "The weight gradients that backprop returns",
        Eq(Partial(CBAR, w(l)[j, k]), Average(Partial(C, w(l)[j, k]))),
        "As for the biases (A1), each derivative an error times an activation.",
        formula=lambda case, l: backprop(case.network, case.x, case.y).nabla_w[l][..., None],
        shown=backprop,
        by=("A1", "differentiate"),
    ),
)
