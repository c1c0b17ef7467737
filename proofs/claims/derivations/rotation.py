"""Rotary positions (RoPE): the error of a turned pair is turned back."""

from typing import Any

import numpy as np
from sympy import Symbol, cos, sin

from proofs.claims.algebra import any_cost
from proofs.claims.claim import Claim, Hypothesis, Refutation
from proofs.claims.notation import Eq, dC, j, part
from proofs.measuring.layer_case import LayerCase, Step, backward_of
from proofs.network.layers.rotation import turned, turned_backward

n = Symbol("n")
"""The axis: the pairs."""
z, u, a, o, theta = part("z", n), part("u", n), part("a", n), part("o", n), part("theta", n)


STEPS = (
    Step("a", ("z", "u", "theta"), lambda *given: turned(*given)[0]),
    Step("o", ("z", "u", "theta"), lambda *given: turned(*given)[1]),
    Step("both", ("a", "o"), np.multiply),
    Step("C", ("both", "a", "y"), lambda both, a, y: ((both + a - y) ** 2).sum(axis=-1) / 2),
)
rotation = Hypothesis(
    "rotary positions",
    r"The pair $z_j$ and $u_j$ is turned by the angle $\theta_j$ and becomes the pair $a_j$ and "
    "$o_j$; the cost is any function of all pairs.",
    lambda case, at: getattr(case, "steps", None) is STEPS,
    {
        a.label: lambda j: cos(theta[j]) * z[j] - sin(theta[j]) * u[j],
        o.label: lambda j: sin(theta[j]) * z[j] + cos(theta[j]) * u[j],
        **any_cost(a, o),
    },
)
_random = np.random.default_rng(0)
_TURNED: dict[str, Any] = {
    "hypotheses": (rotation,),
    "cases": (
        LayerCase(
            "4 pairs",
            STEPS,
            {letter: _random.standard_normal((3, 4)) for letter in ("z", "u", "y")},
            {"theta": np.array([[0.0, 0.5, 1.0, 2.0]])},
            {"n": 4},
        ),
    ),
}
_COS, _SIN = cos(theta[j]), sin(theta[j])

CLAIMS = (
    Claim(
        "RoPE",
        "The error of the first of a pair",
        Eq(dC(z[j]), _COS * dC(a[j]) + _SIN * dC(o[j])),
        "A rotation is a matrix, and the error goes back with its transpose: that is the rotation "
        "by the same angle backwards.",
        formula=backward_of(lambda *given: turned_backward(*given)[0], "da", "do", "theta"),
        shown=turned_backward,
        refutations=(
            Refutation(
                "the error turned on",
                "Going back, a rotation is applied as it was going forward.",
                Eq(dC(z[j]), _COS * dC(a[j]) - _SIN * dC(o[j])),
                (rotation,),
                "transformer",
            ),
            Refutation(
                "positions left out going back",
                "Positions are not learned, so they have no part in the backward pass.",
                Eq(dC(z[j]), dC(a[j])),
                (rotation,),
                "transformer",
            ),
        ),
        **_TURNED,
    ),
    Claim(
        "RoPE-u",
        "The error of the second of a pair",
        Eq(dC(u[j]), _COS * dC(o[j]) - _SIN * dC(a[j])),
        "The other column of the same matrix.",
        formula=backward_of(lambda *given: turned_backward(*given)[1], "da", "do", "theta"),
        shown=turned_backward,
        **_TURNED,
    ),
)
