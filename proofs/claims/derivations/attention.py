"""Softmax attention with a mask: the sum over all k of (37) is inside every head."""

from typing import Any

import numpy as np
from sympy import KroneckerDelta, Sum, Symbol, exp, sqrt

from proofs.claims.algebra import added, any_cost
from proofs.claims.claim import Claim, Formula, Hypothesis, Refutation
from proofs.claims.notation import Eq, Partial, along, dC, extent, i, j, k, part, q
from proofs.measuring.layer_case import LayerCase, Step, backward_of, half_squares, made_of
from proofs.network.arrays import Array
from proofs.network.layers import attention
from proofs.network.layers.attention import attention_backward, softmax_backward

T, n, m = map(Symbol, "Tnm")
"""The axes: positions, the numbers of a query and a key, those of a value."""
Q, K, V = part("Q", T, n), part("K", T, n), part("V", T, m)
S, P, M, O = part("S", T, T), part("P", T, T), part("M", T, T), part("O", T, m)


STEPS = (
    Step("S", ("Q", "K"), attention.scores),
    Step("E", ("S", "M"), attention.weighed),
    Step("N", ("E",), attention.all_of),
    Step("P", ("E", "N"), attention.shares),
    Step("O", ("P", "V"), attention.mixed),
    half_squares("O", 2),
)


def _case(positions: int, width: int, value: int, mask: Array, name: str) -> LayerCase:
    random = np.random.default_rng(positions)
    shapes = {"Q": width, "K": width, "V": value, "y": value}
    given = {x: random.standard_normal((3, positions, shapes[x])) for x in shapes}
    sizes = {"T": positions, "n": width, "m": value}
    return LayerCase(f"attention, {name}", STEPS, given, {"M": mask[None]}, sizes)


CASES = (
    _case(4, 3, 2, np.tri(4), "nobody looks ahead"),
    _case(3, 2, 4, np.ones((3, 3)), "everybody sees all"),
)


scored = Hypothesis(
    "scores",
    "$S_{jk}$ is the query of position $j$ times the key of position $k$, divided by the root of "
    "their width $n$; the cost is any function of the scores.",
    made_of(STEPS),
    {
        S.label: lambda j, k: added(lambda i: Q[j, i] * K[k, i], n) / sqrt(extent(n)),
        **any_cost(S),
    },
)
shared = Hypothesis(
    "shares",
    "Row $j$ of $P$ is the softmax of row $j$ of $S$ over the positions that the mask allows: "
    "$M_{jk}$ is one where $j$ may look at $k$, and zero elsewhere. The cost is any function of "
    "the shares.",
    made_of(STEPS),
    {
        P.label: lambda j, k: M[j, k] * exp(S[j, k]) / added(lambda i: M[j, i] * exp(S[j, i]), T),
        **any_cost(P),
    },
)
mixed = Hypothesis(
    "outputs",
    "Position $j$ takes the share $P_{jk}$ of the values of position $k$; the cost is any "
    "function of the outputs $O$.",
    made_of(STEPS),
    {O.label: lambda j, q: added(lambda k: P[j, k] * V[k, q], T), **any_cost(O)},
)


def _backward(place: int) -> Formula:
    return backward_of(lambda *given: attention_backward(*given)[place], "dO", "Q", "K", "V", "P")


_ROOT = sqrt(extent(n))
_SCORED: dict[str, Any] = {"hypotheses": (scored,), "cases": CASES}
_SHARED: dict[str, Any] = {"hypotheses": (shared,), "cases": CASES}
_MIXED: dict[str, Any] = {"hypotheses": (mixed,), "cases": CASES}

CLAIMS = (
    Claim(
        "A-S",
        "The scores",
        Eq(S[j, k], Sum(Q[j, i] * K[k, i], along(i, n)) / _ROOT),
        "A definition: the query of $j$ times the key of $k$, divided by the root of their width.",
        definition=True,
        **_SCORED,
    ),
    Claim(
        "A-P",
        "The shares",
        Eq(P[j, k], M[j, k] * exp(S[j, k]) / Sum(M[j, i] * exp(S[j, i]), along(i, T))),
        "A definition: the softmax (78) of each row, over the positions that the mask allows.",
        definition=True,
        **_SHARED,
    ),
    Claim(
        "A-O",
        "The outputs",
        Eq(O[j, q], Sum(P[j, k] * V[k, q], along(k, T))),
        "A definition: each position mixes the values by its shares.",
        definition=True,
        **_MIXED,
    ),
    Claim(
        "dV",
        "The error of a value",
        Eq(dC(V[k, q]), Sum(P[j, k] * dC(O[j, q]), along(j, T))),
        "In (A-O) the value of $k$ is read by every position $j$, with the share $P_{jk}$: a "
        "number that is read in several places gets the sum over its readers.",
        formula=_backward(2),
        shown=attention_backward,
        refutations=(
            Refutation(
                "the mask off by one",
                "Causal means that a position sees those before it, and not itself.",
                Eq(
                    dC(V[k, q]),
                    Sum((1 - KroneckerDelta(j, k)) * P[j, k] * dC(O[j, q]), along(j, T)),
                ),
                (mixed,),
                "transformer",
            ),
            Refutation(
                "the shares without their transpose",
                "Shares go back the way they came.",
                Eq(dC(V[k, q]), Sum(P[k, j] * dC(O[j, q]), along(j, T))),
                (mixed,),
                "transformer",
            ),
        ),
        **_MIXED,
    ),
    Claim(
        "dP",
        "The error of a share",
        Eq(dC(P[j, k]), Sum(dC(O[j, q]) * V[k, q], along(q, m))),
        "In (A-O) the share $P_{jk}$ multiplies every number of the value of $k$.",
        formula=backward_of(lambda dO, V: dO @ V.swapaxes(-1, -2), "dO", "V"),
        **_MIXED,
    ),
    Claim(
        "A-J",
        "The Jacobian inside a head",
        Eq(Partial(P[j, k], S[j, i]), P[j, k] * (KroneckerDelta(i, k) - P[j, i])),
        "Differentiate the quotient (A-P), as for (J2); the mask is in both factors.",
        **_SHARED,
    ),
    Claim(
        "dS-1",
        "The chain rule through every share",
        Eq(dC(S[j, i]), Sum(dC(P[j, k]) * Partial(P[j, k], S[j, i]), along(k, T))),
        "The chain rule, as in (37): a score moves every share of its row, through their common "
        "denominator.",
        **_SHARED,
    ),
    Claim(
        "dS-2",
        "No term vanishes",
        Eq(
            dC(S[j, i]),
            Sum(dC(P[j, k]) * P[j, k] * (KroneckerDelta(i, k) - P[j, i]), along(k, T)),
        ),
        "The Jacobian (A-J), put into (dS-1).",
        after="dS-1",
        by=("A-J",),
        **_SHARED,
    ),
    Claim(
        "dS",
        "The error of a score",
        Eq(
            dC(S[j, i]),
            P[j, i] * (dC(P[j, i]) - Sum(dC(P[j, k]) * P[j, k], along(k, T))),
        ),
        "The bracket in (dS-2) picks one term of the sum, and leaves the rest of it whole.",
        formula=backward_of(softmax_backward, "dP", "P"),
        shown=softmax_backward,
        after="dS-2",
        refutations=(
            Refutation(
                "the diagonal only",
                "Each score has its own share, so its error is multiplied by the slope of that.",
                Eq(dC(S[j, i]), P[j, i] * (1 - P[j, i]) * dC(P[j, i])),
                (shared,),
                "transformer",
            ),
            Refutation(
                "the sum down the column",
                "It does not matter along which axis the sum runs: the matrix is square.",
                Eq(
                    dC(S[j, i]),
                    P[j, i] * (dC(P[j, i]) - Sum(dC(P[k, i]) * P[k, i], along(k, T))),
                ),
                (shared,),
                "transformer",
            ),
        ),
        **_SHARED,
    ),
    Claim(
        "dQ",
        "The error of a query",
        Eq(dC(Q[j, i]), Sum(dC(S[j, k]) * K[k, i], along(k, T)) / _ROOT),
        "In (A-S) the query of $j$ is read by every score of its row.",
        formula=_backward(0),
        shown=attention_backward,
        refutations=(
            Refutation(
                "the root of the width lost",
                "The scale is for the forward pass, to keep softmax from saturating.",
                Eq(dC(Q[j, i]), Sum(dC(S[j, k]) * K[k, i], along(k, T))),
                (scored,),
                "transformer",
            ),
        ),
        **_SCORED,
    ),
    Claim(
        "dK",
        "The error of a key",
        Eq(dC(K[k, i]), Sum(dC(S[j, k]) * Q[j, i], along(j, T)) / _ROOT),
        "In (A-S) the key of $k$ is read by every position $j$ that looks at it: the sum runs down "
        "a column.",
        formula=_backward(1),
        shown=attention_backward,
        refutations=(
            Refutation(
                "the scores without their transpose",
                "Queries and keys enter the scores alike, so their errors look alike.",
                Eq(dC(K[k, i]), Sum(dC(S[k, j]) * Q[j, i], along(j, T)) / _ROOT),
                (scored,),
                "transformer",
            ),
        ),
        **_SCORED,
    ),
)
