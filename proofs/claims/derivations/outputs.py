"""Nine pairs of an output and a cost: when the error at the output is a - y, and when not."""

from sympy import KroneckerDelta, Sum, exp, log

from proofs.claims.claim import Claim, Hypothesis, Refutation
from proofs.claims.hypotheses import (
    cross_entropy,
    elementwise,
    linear,
    log_likelihood,
    quadratic,
    sigmoid,
    softmax,
)
from proofs.claims.notation import (
    CBAR,
    Average,
    C,
    Eq,
    L,
    Partial,
    a,
    b,
    delta,
    j,
    k,
    l,
    over,
    sigma_prime,
    w,
    y,
    z,
)
from proofs.network.fused import sigmoid_cross_entropy

_soft_targets = Hypothesis(
    "soft targets",
    "All targets lie strictly between 0 and 1; at 0 or 1 the wrong cost is infinite.",
    lambda case, at: bool(((case.y > 0) & (case.y < 1)).all()),
)
_A_MINUS_Y = Eq(delta(L)[j], a(L)[j] - y[j])

CLAIMS = (
    Claim(
        "3",
        "The sigmoid",
        Eq(a(l)[j], 1 / (1 + exp(-z(l)[j]))),
        "A definition.",
        (sigmoid(l),),
        definition=True,
    ),
    Claim(
        "sig",
        "The slope of the sigmoid",
        Eq(Partial(a(l)[j], z(l)[j]), a(l)[j] * (1 - a(l)[j])),
        "Differentiate the quotient: its denominator, squared, is shared by both factors.",
        (sigmoid(l),),
        formula=lambda case, l: case.sigma_prime(l),
        refutations=(
            Refutation(
                "the slope from the weighted input",
                "The derivative of the sigmoid is its argument times one minus its argument.",
                Eq(Partial(a(l)[j], z(l)[j]), z(l)[j] * (1 - z(l)[j])),
                (sigmoid(l),),
                "cross-entropy",
            ),
        ),
    ),
    Claim(
        "63",
        "The binary cross-entropy cost",
        Eq(C, -Sum(y[j] * log(a(L)[j]) + (1 - y[j]) * log(1 - a(L)[j]), over(j, L))),
        "A definition: each output pays for its target, and its complement for the complement.",
        (cross_entropy,),
        definition=True,
        refutations=(
            Refutation(
                "output and target exchanged",
                "Output and target play the same part in the cross-entropy.",
                Eq(C, -Sum(a(L)[j] * log(y[j]) + (1 - a(L)[j]) * log(1 - y[j]), over(j, L))),
                (cross_entropy, _soft_targets),
                "cross-entropy",
            ),
        ),
    ),
    Claim(
        "CE",
        "The gradient of the binary cross-entropy",
        Eq(Partial(C, a(L)[k]), (a(L)[k] - y[k]) / (a(L)[k] * (1 - a(L)[k]))),
        "Two logarithms in (63) change with $a_k$; their reciprocals, over a common denominator, "
        "are this.",
        (cross_entropy,),
        formula=lambda case, l: case.nabla_a,
        by=("63", "differentiate"),
    ),
    Claim(
        "66",
        "Sigmoid outputs with the binary cross-entropy",
        _A_MINUS_Y,
        "The gradient (CE) and the slope (sig), put into (38): the denominator of one "
        "is the other.",
        (sigmoid(L), cross_entropy),
        formula=lambda case, l: case.value("a", l) - case.y,
        after="38",
        by=("CE", "sig"),
    ),
    Claim(
        "67",
        "The gradient with respect to an output weight, binary cross-entropy",
        Eq(Partial(CBAR, w(L)[j, k]), Average(a(L - 1)[k] * (a(L)[j] - y[j]))),
        "The error (66), put into (BP4m).",
        (sigmoid(L), cross_entropy),
        by=("BP4m", "66"),
    ),
    Claim(
        "65",
        "The gradient with respect to an output weight, quadratic cost",
        Eq(
            Partial(CBAR, w(L)[j, k]),
            Average(a(L - 1)[k] * (a(L)[j] - y[j]) * sigma_prime(z(L)[j], L)),
        ),
        "The error (30), put into (BP4m).",
        (elementwise(L), quadratic),
        by=("BP4m", "30"),
    ),
    Claim(
        "lin",
        "The slope of a linear neuron",
        Eq(Partial(a(l)[j], z(l)[j]), 1),
        "The activation is the weighted input.",
        (linear(l),),
    ),
    Claim(
        "68",
        "Linear outputs with the quadratic cost",
        _A_MINUS_Y,
        "The gradient (Q) and the slope (lin), put into (38).",
        (linear(L), quadratic),
        formula=lambda case, l: case.value("a", l) - case.y,
        after="38",
        by=("Q", "lin"),
    ),
    Claim(
        "69",
        "The gradient with respect to an output weight, linear outputs",
        Eq(Partial(CBAR, w(L)[j, k]), Average(a(L - 1)[k] * (a(L)[j] - y[j]))),
        "The error (68), put into (BP4m).",
        (linear(L), quadratic),
        by=("BP4m", "68"),
    ),
    Claim(
        "70",
        "The gradient with respect to an output bias, linear outputs",
        Eq(Partial(CBAR, b(L)[j]), Average(a(L)[j] - y[j])),
        "The error (68), put into (BP3m).",
        (linear(L), quadratic),
        by=("BP3m", "68"),
    ),
    Claim(
        "sig-Q",
        "Sigmoid outputs with the quadratic cost",
        Eq(delta(L)[j], a(L)[j] * (1 - a(L)[j]) * (a(L)[j] - y[j])),
        "The gradient (Q) and the slope (sig), put into (38).",
        (sigmoid(L), quadratic),
        after="38",
        by=("Q", "sig"),
    ),
    Claim(
        "sig-LL",
        "Sigmoid outputs with the categorical cross-entropy",
        Eq(delta(L)[j], y[j] * (a(L)[j] - 1)),
        "The gradient (LL) and the slope (sig), put into (38).",
        (sigmoid(L), log_likelihood),
        after="38",
        by=("LL", "sig"),
        refutations=(
            Refutation(
                "a - y with sigmoid and categorical cross-entropy",
                "With the categorical cross-entropy the error is a - y, whatever the outputs are.",
                _A_MINUS_Y,
                (sigmoid(L), log_likelihood),
                "softmax-costs",
            ),
        ),
    ),
    Claim(
        "S-Q",
        "Softmax with the quadratic cost",
        Eq(
            delta(L)[j],
            a(L)[j] * (a(L)[j] - y[j] - Sum(a(L)[k] * (a(L)[k] - y[k]), over(k, L))),
        ),
        "The gradient (Q), put into (S): from each difference their average, weighted with the "
        "outputs, is taken off.",
        (softmax(L), quadratic),
        after="S",
        by=("Q",),
    ),
    Claim(
        "S-CE",
        "Softmax outputs with the binary cross-entropy, one per output",
        Eq(
            delta(L)[j],
            Sum(
                (a(L)[k] - y[k]) / (1 - a(L)[k]) * (KroneckerDelta(j, k) - a(L)[j]),
                over(k, L),
            ),
        ),
        "The gradient (CE), put into (S): one of the two factors in its denominator cancels.",
        (softmax(L), cross_entropy),
        after="S",
        by=("CE",),
        refutations=(
            Refutation(
                "a - y with softmax and binary cross-entropy",
                "Softmax with the *binary* cross-entropy, one per output, gives a - y.",
                _A_MINUS_Y,
                (softmax(L), cross_entropy),
                "softmax-costs",
            ),
        ),
    ),
    Claim(
        "F-CE",
        "Sigmoid and binary cross-entropy in one",
        Eq(C, Sum(log(1 + exp(z(L)[j])) - y[j] * z(L)[j], over(j, L))),
        "Both logarithms have the same denominator, and no quotient is left.",
        (sigmoid(L), cross_entropy),
        formula=lambda case, l: sigmoid_cross_entropy(case.value("z", l), case.y),
        shown=sigmoid_cross_entropy,
    ),
)
