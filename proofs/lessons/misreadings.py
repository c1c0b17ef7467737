"""Wrong equations that readers guess when asked, beside the refutations of the claims."""

from functools import cache

from sympy import Sum

from proofs.claims.claim import Refutation
from proofs.claims.hypotheses import elementwise, log_likelihood, softmax, square, targets_sum_to_1
from proofs.claims.notation import Eq, L, a, b, delta, j, k, l, over, sigma, w, y, z
from proofs.measuring.cases import known_cases, standard_cases
from proofs.witnesses.checking import Rejection, reject

MISREADINGS = (
    Refutation(
        "the indices of a weight exchanged",
        "The first index of a weight is where it comes from.",
        Eq(z(l)[j], Sum(w(l)[k, j] * a(l - 1)[k], over(k, l - 1)) + b(l)[j]),
        (square(l - 1, l),),
        "symbols",
    ),
    Refutation(
        "the bias added afterwards",
        "The bias is added to the activation.",
        Eq(a(l)[j], sigma(Sum(w(l)[j, k] * a(l - 1)[k], over(k, l - 1)), l) + b(l)[j]),
        (elementwise(l),),
        "symbols",
    ),
    Refutation(
        "errors that go forward",
        "Errors run through the network in the direction of the signal.",
        Eq(delta(l + 1)[k], Sum(w(l + 1)[k, j] * delta(l)[j], over(j, l))),
        (elementwise(l),),
        "algorithm",
    ),
    Refutation(
        "an error at the wanted output alone",
        "Only the logarithm of the wanted output is in the cost, so only that output has an error.",
        Eq(delta(L)[j], y[j] * (a(L)[j] - 1)),
        (softmax(L), log_likelihood, targets_sum_to_1),
        "softmax-costs",
    ),
)


@cache
def rejections() -> dict[str, Rejection]:
    """For each of them by name whether it is rejected, with the counterexample."""
    tried = (*known_cases(), *standard_cases())
    return {wrong.name: reject(wrong, tried) for wrong in MISREADINGS}
