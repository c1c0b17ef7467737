"""Softmax at the output: where (38) is false, and when the error is a - y."""

from sympy import KroneckerDelta, Sum

from proofs.claims.claim import Claim, Refutation
from proofs.claims.hypotheses import log_likelihood, softmax, targets_sum_to_1
from proofs.claims.notation import C, Eq, L, Partial, a, delta, j, k, over, y
from proofs.network.equations import bp1_full

_84 = Eq(delta(L)[j], a(L)[j] - y[j])

CLAIMS = (
    Claim(
        "S",
        "The error at a softmax output",
        Eq(
            delta(L)[j],
            Sum(
                Partial(C, a(L)[k]) * a(L)[k] * (KroneckerDelta(j, k) - a(L)[j]),
                over(k, L),
            ),
        ),
        "The Jacobian of softmax (J2), put into (37): no term of the sum is zero.",
        (softmax(L),),
        formula=lambda case, l: bp1_full(case.nabla_a, case.jacobian(l)),
        shown=bp1_full,
        after="37",
        by=("J2",),
    ),
    Claim(
        "LL",
        "The gradient of the categorical cross-entropy",
        Eq(Partial(C, a(L)[k]), -y[k] / a(L)[k]),
        "Only the logarithm of $a_k$ changes in (80), and its derivative is the reciprocal.",
        (log_likelihood,),
        formula=lambda case, l: case.nabla_a,
        by=("80", "differentiate"),
    ),
    Claim(
        "S-LL",
        "Softmax with the categorical cross-entropy, any targets",
        Eq(delta(L)[j], a(L)[j] * Sum(y[k], over(k, L)) - y[j]),
        "The gradient (LL), put into (S): each $a_k$ cancels.",
        (softmax(L), log_likelihood),
        formula=lambda case, l: case.value("a", l) * case.y.sum(axis=0) - case.y,
        after="S",
        by=("LL",),
    ),
    Claim(
        "84",
        "Softmax with the categorical cross-entropy",
        _84,
        "The targets in (S-LL) sum to 1.",
        (softmax(L), log_likelihood, targets_sum_to_1),
        formula=lambda case, l: case.value("a", l) - case.y,
        after="S-LL",
        refutations=(
            Refutation(
                "a - y for any targets",
                "Softmax with categorical cross-entropy gives a - y, even for several labels.",
                _84,
                (softmax(L), log_likelihood),
                "softmax-costs",
            ),
        ),
    ),
)
