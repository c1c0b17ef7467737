"""What softmax is and does: (78) to (82), and the same equations inside a network."""

from sympy import Sum, exp, log

from proofs.claims.claim import Claim, Refutation
from proofs.claims.hypotheses import log_likelihood, sigmoid, softmax, targets_sum_to_1
from proofs.claims.notation import OTHER, C, Eq, L, Partial, a, b, delta, i, j, k, l, over, w, y, z
from proofs.network.fused import softmax_log_likelihood

_SHARE = exp(z(L)[j]) / Sum(exp(z(L)[k]), over(k, L))

CLAIMS = (
    Claim(
        "78",
        "Softmax",
        Eq(a(L)[j], _SHARE),
        "A definition: each output is its exponential's share in the sum of all.",
        (softmax(L),),
        definition=True,
    ),
    Claim(
        "79",
        "The outputs of softmax add up to one",
        Eq(Sum(a(L)[j], over(j, L)), 1),
        "Add the shares (78): the numerators make up the common denominator.",
        (softmax(L),),
        by=("78",),
        refutations=(
            Refutation(
                "sigmoid outputs add up to one",
                "Outputs between 0 and 1 are the probabilities of the classes.",
                Eq(Sum(a(L)[j], over(j, L)), 1),
                (sigmoid(L),),
                "softmax",
            ),
        ),
    ),
    Claim(
        "S-own",
        "Monotonicity: an output rises with its own weighted input",
        Eq(Partial(a(L)[j], z(L)[j]), a(L)[j] * Sum(OTHER * a(L)[k], over(k, L))),
        "The slope is $a_j$ times what the other outputs have together; exponentials are positive, "
        "and so is every term.",
        (softmax(L),),
    ),
    Claim(
        "S-off",
        "Non-locality: an output falls when any other weighted input rises",
        Eq(OTHER * Partial(a(L)[k], z(L)[j]), -a(L)[j] * a(L)[k] * OTHER),
        "Off the diagonal of (J2) one product is left, and it is never zero.",
        (softmax(L),),
        by=("J2",),
        refutations=(
            Refutation(
                "all outputs rise together",
                "A larger weighted input is more evidence, and raises every output a little.",
                Eq(Partial(a(L)[k], z(L)[j]), a(L)[j] * a(L)[k]),
                (softmax(L),),
                "softmax",
            ),
        ),
    ),
    Claim(
        "shift",
        "A shift of all weighted inputs changes nothing",
        Eq(a(L)[j], exp(z(L)[j] - z(L)[i]) / Sum(exp(z(L)[k] - z(L)[i]), over(k, L))),
        "Subtracting any number, here $z_i$, divides numerator and denominator of (78) alike.",
        (softmax(L),),
        by=("78",),
        refutations=(
            Refutation(
                "a change of scale changes nothing",
                "Only the proportions of the weighted inputs count.",
                Eq(a(L)[j], exp(2 * z(L)[j]) / Sum(exp(2 * z(L)[k]), over(k, L))),
                (softmax(L),),
                "softmax",
            ),
        ),
    ),
    Claim(
        "S-sum",
        "The errors at a softmax output add up to zero",
        Eq(Sum(delta(L)[j], over(j, L)), 0),
        "A push of all weighted inputs together moves no output, and so no cost, whatever cost "
        "that is.",
        (softmax(L),),
    ),
    Claim(
        "S-inv",
        "Softmax undone, up to a constant",
        Eq(z(L)[j] - log(a(L)[j]), log(Sum(exp(z(L)[k]), over(k, L)))),
        "The logarithm of a share (78) is a difference of logarithms; what is subtracted is the "
        "same for every $j$.",
        (softmax(L),),
        by=("78",),
        refutations=(
            Refutation(
                "the logarithm undoes softmax",
                "The weighted inputs are the logarithms of the outputs.",
                Eq(z(L)[j], log(a(L)[j])),
                (softmax(L),),
                "softmax",
            ),
        ),
    ),
    Claim(
        "80",
        "The categorical cross-entropy, the book's log-likelihood",
        Eq(C, -Sum(y[k] * log(a(L)[k]), over(k, L))),
        "A definition: with a one-hot target only the logarithm of the wanted output is left.",
        (log_likelihood,),
        definition=True,
    ),
    Claim(
        "81",
        "The gradient with respect to an output bias",
        Eq(Partial(C, b(L)[j]), a(L)[j] - y[j]),
        "By (BP3) the error (84) is the gradient of the bias, too.",
        (softmax(L), log_likelihood, targets_sum_to_1),
        by=("BP3", "84"),
    ),
    Claim(
        "82",
        "The gradient with respect to an output weight",
        Eq(Partial(C, w(L)[j, k]), a(L - 1)[k] * (a(L)[j] - y[j])),
        "The error (84), put into (BP4).",
        (softmax(L), log_likelihood, targets_sum_to_1),
        by=("BP4", "84"),
    ),
    Claim(
        "F-LL",
        "Softmax and categorical cross-entropy in one",
        Eq(C, Sum(y[k] * (log(Sum(exp(z(L)[i]), over(i, L))) - z(L)[k]), over(k, L))),
        "The shares (78), put into the cost (80): the logarithm of a share is a difference, and "
        "no quotient is left.",
        (softmax(L), log_likelihood),
        formula=lambda case, l: softmax_log_likelihood(case.value("z", l), case.y),
        shown=softmax_log_likelihood,
        after="80",
        by=("78",),
    ),
    Claim(
        "BP2S",
        "BP2 when a hidden layer is softmax",
        Eq(
            delta(l)[j],
            a(l)[j]
            * (
                Sum(w(l + 1)[k, j] * delta(l + 1)[k], over(k, l + 1))
                - Sum(
                    a(l)[i] * Sum(w(l + 1)[k, i] * delta(l + 1)[k], over(k, l + 1)),
                    over(i, l),
                )
            ),
        ),
        "The Jacobian (J2) of softmax, put into (BP2J).",
        (softmax(l),),
        after="BP2J",
        by=("J2",),
        refutations=(
            Refutation(
                "a(1 - a) in a hidden softmax",
                "Inside the network softmax is treated like a sigmoid, entry by entry.",
                Eq(
                    delta(l)[j],
                    a(l)[j] * (1 - a(l)[j]) * Sum(w(l + 1)[k, j] * delta(l + 1)[k], over(k, l + 1)),
                ),
                (softmax(l),),
                "softmax-inside",
            ),
        ),
    ),
)
