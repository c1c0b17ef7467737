"""Dropout, SiLU and SwiGLU, and the cross-entropy of a text with weights and smoothed labels."""

from typing import Any

import numpy as np
from sympy import Expr, Indexed, Integer, Sum, Symbol, erf, exp, log, pi, sqrt, tanh

from proofs.claims.algebra import added, any_cost, replaced
from proofs.claims.claim import Claim, Hypothesis, Refutation
from proofs.claims.hypotheses import over_one_denominator
from proofs.claims.notation import C, Eq, Part, Partial, along, dC, extent, j, k, p, part
from proofs.measuring.layer_case import LayerCase, Step, backward_of, half_squares, made_of
from proofs.network.arrays import Array
from proofs.network.layers import smaller
from proofs.network.layers.smaller import (
    gelu_backward,
    gelu_tanh_backward,
    silu_backward,
    swiglu_backward,
    weighted_cross_entropy_backward,
)

m, n = map(Symbol, "mn")
"""The axes: the places of a text, and the numbers at one place."""
z, a, M, g, u = (part(letter, n) for letter in "zaMgu")


_COST = half_squares("a")


def _drawn(*letters: str) -> dict[str, Array]:
    """Three examples of five numbers for each letter."""
    random = np.random.default_rng(0)
    return {letter: random.standard_normal((3, 5)) for letter in letters}


DROPOUT = (Step("a", ("z", "M"), np.multiply), _COST)
dropout = Hypothesis(
    "dropout",
    "Each number is multiplied by a mask: $M_j$ is zero where it is dropped, and elsewhere one "
    "over the share that is kept. The cost is any function of the results.",
    made_of(DROPOUT),
    {a.label: lambda j: M[j] * z[j], **any_cost(a)},
)
_MASK = {"M": np.array([[2.0, 0.0, 2.0, 2.0, 0.0]])}
_DROPOUT: dict[str, Any] = {
    "hypotheses": (dropout,),
    "cases": (LayerCase("dropout of 5", DROPOUT, _drawn("z", "y"), _MASK, {"n": 5}),),
}


def _gate(j: Any) -> Expr:
    return exp(z[j]) / (1 + exp(z[j]))


SILU = (Step("g", ("z",), smaller.gate), Step("a", ("z", "g"), np.multiply), _COST)
silu = Hypothesis(
    "SiLU",
    "Each number is multiplied by the sigmoid of itself, its gate $g_j$; the cost is any function "
    "of the results.",
    made_of(SILU),
    {
        g.label: lambda j: _gate(j),
        a.label: lambda j: z[j] * _gate(j),
        **any_cost(a),
    },
    over_one_denominator,
)
SWIGLU = (
    Step("g", ("z",), smaller.gate),
    Step("a", ("z", "g", "u"), lambda z, g, u: z * g * u),
    _COST,
)
swiglu = Hypothesis(
    "SwiGLU",
    "Two branches are multiplied: $u_j$, and the SiLU of $z_j$ with its gate $g_j$. The cost is "
    "any function of the products $a$.",
    made_of(SWIGLU),
    {
        g.label: lambda j: _gate(j),
        a.label: lambda j: u[j] * z[j] * _gate(j),
        **any_cost(a),
    },
    over_one_denominator,
)
_SILU: dict[str, Any] = {
    "hypotheses": (silu,),
    "cases": (LayerCase("SiLU of 5", SILU, _drawn("z", "y"), sizes={"n": 5}),),
}
_SWIGLU: dict[str, Any] = {
    "hypotheses": (swiglu,),
    "cases": (LayerCase("SwiGLU of 5", SWIGLU, _drawn("z", "u", "y"), sizes={"n": 5}),),
}

phi = part("varphi", n)
_TIMES = (Step("varphi", ("z",), smaller.bell), Step("a", ("z", "g"), np.multiply), _COST)
GELU = (Step("g", ("z",), smaller.below), *_TIMES)
gelu = Hypothesis(
    "GELU",
    "Each number is multiplied by $g_j$, the share of a standard normal distribution that lies "
    r"below it, and $\varphi_j$ is the density there; the cost is any function of the results.",
    made_of(GELU),
    {
        phi.label: lambda j: exp(-(z[j] ** 2) / 2) / sqrt(2 * pi),
        g.label: lambda j: (1 + erf(z[j] / sqrt(2))) / 2,
        a.label: lambda j: z[j] * g[j],
        **any_cost(a),
    },
)
kappa, c = Part("kappa"), Part("c")
GELU_TANH = (Step("g", ("z",), smaller.below_by_tanh), *_TIMES)
gelu_tanh = Hypothesis(
    "GELU by tanh",
    r"Each number is multiplied by $g_j$, half of one plus tanh of $\kappa (z_j + c z_j^3)$, "
    r"where $\kappa$ is the square root of 2/π and $c$ is 0.044715; the cost is any function of "
    "the results.",
    made_of(GELU_TANH),
    {
        phi.label: lambda j: exp(-(z[j] ** 2) / 2) / sqrt(2 * pi),
        g.label: lambda j: (1 + tanh(kappa * (z[j] + c * z[j] ** 3))) / 2,
        a.label: lambda j: z[j] * g[j],
        **any_cost(a),
    },
)
_GELU: dict[str, Any] = {
    "hypotheses": (gelu,),
    "cases": (LayerCase("GELU of 5", GELU, _drawn("z", "y"), sizes={"n": 5}),),
}
_CONSTANTS = {"kappa": np.array([smaller.KAPPA]), "c": np.array([smaller.CUBE])}
_GELU_TANH: dict[str, Any] = {
    "hypotheses": (gelu_tanh,),
    "cases": (LayerCase("GELU by tanh of 5", GELU_TANH, _drawn("z", "y"), _CONSTANTS, {"n": 5}),),
}

# The cost of a text: softmax at every place, targets that sum to one, a weight for each place.

inputs, outputs, targets = part("z", m, n), part("a", m, n), part("y", m, n)
weights = part("g", m)
TEXT = (
    Step("a", ("z",), smaller.softmax),
    Step("C", ("a", "y", "g"), smaller.weighted_cross_entropy),
)


def _targets_add_up(expr: Expr) -> Expr:
    """The sum of the targets of one place is 1."""

    def one(e: Expr) -> Expr | None:
        if not isinstance(e, Sum) or len(e.limits) != 1:
            return None
        body, summed = e.function, e.limits[0][0]
        whole = isinstance(body, Indexed) and body.base == targets and body.indices[1] == summed
        return Integer(1) if whole else None

    return replaced(expr, one)


def _share(p: Any, k: Any) -> Expr:
    return exp(inputs[p, k]) / added(lambda i: exp(inputs[p, i]), n)


text = Hypothesis(
    "the cost of a text",
    "Place $p$ has softmax outputs $a_{pk}$ and targets $y_{pk}$ that sum to 1. The cost is the "
    "average of the cross-entropies of all places with the weights $g_p$. The targets are one-hot "
    "for a label that is a whole number, or smoothed; the weight is zero where the label is to be "
    "ignored, and that of its class elsewhere.",
    made_of(TEXT),
    {
        outputs.label: _share,
        C: lambda: (
            -added(lambda p: weights[p] * added(lambda k: targets[p, k] * log(outputs[p, k]), n), m)
            / added(lambda p: weights[p], m)
        ),
    },
    _targets_add_up,
)


def _text() -> LayerCase:
    """Four places with three classes: smoothed labels, and the second place ignored."""
    random = np.random.default_rng(0)
    labels = np.eye(3)[[[0, 2, 1, 2]] * 3] * 0.9 + 0.1 / 3
    given = {"z": random.standard_normal((3, 4, 3)), "y": labels}
    fixed = {"g": np.array([[1.0, 0.0, 2.0, 2.0]])}
    return LayerCase("a text of 4 places", TEXT, given, fixed, {"m": 4, "n": 3})


_TEXT: dict[str, Any] = {"hypotheses": (text,), "cases": (_text(),)}
_WEIGHT = weights[p] / Sum(weights[k], along(k, m))

CLAIMS = (
    Claim(
        "drop",
        "The error before dropout",
        Eq(dC(z[j]), M[j] * dC(a[j])),
        "What was multiplied going forward is multiplied going back, by the same mask.",
        formula=backward_of(np.multiply, "da", "M"),
        refutations=(
            Refutation(
                "no mask going back",
                "Dropout is noise on the way forward, and is left out on the way back.",
                Eq(dC(z[j]), dC(a[j])),
                (dropout,),
                "smaller-layers",
            ),
        ),
        **_DROPOUT,
    ),
    Claim(
        "SiLU",
        "The slope of SiLU",
        Eq(Partial(a[j], z[j]), a[j] + g[j] * (1 - a[j])),
        "A product of two factors that both follow $z_j$: the gate, plus $z_j$ times its slope.",
        refutations=(
            Refutation(
                "the gate held constant",
                "The gate lets a share of the number through, so the slope is that share.",
                Eq(Partial(a[j], z[j]), g[j]),
                (silu,),
                "smaller-layers",
            ),
            Refutation(
                "the slope of the sigmoid for SiLU",
                "SiLU is made from a sigmoid, so it has the slope of one.",
                Eq(Partial(a[j], z[j]), g[j] * (1 - g[j])),
                (silu,),
                "smaller-layers",
            ),
        ),
        **_SILU,
    ),
    Claim(
        "SiLU-d",
        "The error before SiLU",
        Eq(dC(z[j]), dC(a[j]) * (a[j] + g[j] * (1 - a[j]))),
        "It is local, so one term of the chain rule is left, with the slope (SiLU).",
        formula=backward_of(silu_backward, "da", "z"),
        shown=silu_backward,
        **_SILU,
    ),
    Claim(
        "GLU-u",
        "The error of the branch that is let through",
        Eq(dC(u[j]), dC(a[j]) * z[j] * g[j]),
        "Each factor of a product gets the error times the other factor.",
        formula=backward_of(lambda *given: swiglu_backward(*given)[1], "da", "z", "u"),
        shown=swiglu_backward,
        **_SWIGLU,
    ),
    Claim(
        "GLU-z",
        "The error of the branch that gates",
        Eq(dC(z[j]), dC(a[j]) * (u[j] * g[j] + a[j] * (1 - g[j]))),
        "The other factor is $u_j$, and it is followed by the slope of SiLU.",
        formula=backward_of(lambda *given: swiglu_backward(*given)[0], "da", "z", "u"),
        shown=swiglu_backward,
        refutations=(
            Refutation(
                "the other branch left out",
                "The gate has the slope of SiLU, whatever it lets through.",
                Eq(dC(z[j]), dC(a[j]) * (g[j] + z[j] * g[j] * (1 - g[j]))),
                (swiglu,),
                "smaller-layers",
            ),
        ),
        **_SWIGLU,
    ),
    Claim(
        "GELU",
        "The error before GELU",
        Eq(dC(z[j]), dC(a[j]) * (g[j] + z[j] * phi[j])),
        "As for SiLU: the gate, plus $z_j$ times its slope, which is the bell curve.",
        formula=backward_of(gelu_backward, "da", "z", "g"),
        shown=gelu_backward,
        refutations=(
            Refutation(
                "the share held constant",
                "The share that is let through is a factor, and goes back as one.",
                Eq(dC(z[j]), dC(a[j]) * g[j]),
                (gelu,),
                "smaller-layers",
            ),
        ),
        **_GELU,
    ),
    Claim(
        "GELU-t",
        "The error before GELU by tanh",
        Eq(
            dC(z[j]),
            dC(a[j]) * (g[j] + 2 * kappa * z[j] * g[j] * (1 - g[j]) * (1 + 3 * c * z[j] ** 2)),
        ),
        "Half of one plus tanh is a sigmoid of twice the number, which gives $2 g_j (1 - g_j)$; "
        "the last factor is the slope of the cubic inside.",
        formula=backward_of(gelu_tanh_backward, "da", "z", "g"),
        shown=gelu_tanh_backward,
        refutations=(
            Refutation(
                "the exact slope with the approximation",
                "Both are GELU, so the one slope does for both.",
                Eq(dC(z[j]), dC(a[j]) * (g[j] + z[j] * phi[j])),
                (gelu_tanh,),
                "smaller-layers",
            ),
            Refutation(
                "the cubic inside forgotten",
                "The slope of tanh is one minus its square, and that is all.",
                Eq(dC(z[j]), dC(a[j]) * (g[j] + 2 * kappa * z[j] * g[j] * (1 - g[j]))),
                (gelu_tanh,),
                "smaller-layers",
            ),
        ),
        **_GELU_TANH,
    ),
    Claim(
        "text",
        "The error at the output for a text",
        Eq(dC(inputs[p, j]), _WEIGHT * (outputs[p, j] - targets[p, j])),
        "(84) at each place, times the weight of the place.",
        formula=backward_of(weighted_cross_entropy_backward, "a", "y", "g"),
        shown=weighted_cross_entropy_backward,
        refutations=(
            Refutation(
                "ignored places counted in the average",
                "The cost is an average, so divide by the number of places.",
                Eq(
                    dC(inputs[p, j]),
                    weights[p] / extent(m) * (outputs[p, j] - targets[p, j]),
                ),
                (text,),
                "smaller-layers",
            ),
            Refutation(
                "an error at ignored places",
                "A place without a label has an output too, and so an error.",
                Eq(
                    dC(inputs[p, j]),
                    (outputs[p, j] - targets[p, j]) / Sum(weights[k], along(k, m)),
                ),
                (text,),
                "smaller-layers",
            ),
        ),
        **_TEXT,
    ),
)
