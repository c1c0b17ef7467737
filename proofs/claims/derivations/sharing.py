"""One number, many places: convolution, embeddings, streams, tied weights and time."""

from typing import Any

import numpy as np
from sympy import KroneckerDelta, Sum, Symbol, tanh

from proofs.claims.algebra import added, any_cost, unspecified
from proofs.claims.claim import Claim, Hypothesis, Refutation
from proofs.claims.notation import Eq, Part, Partial, along, dC, i, j, k, p, part, q
from proofs.measuring.layer_case import LayerCase, Step, backward_of, drawn, half_squares, made_of
from proofs.network.arrays import Array
from proofs.network.layers import sharing
from proofs.network.layers.sharing import (
    convolution_backward,
    copied_backward,
    embedding_backward,
    image_convolution_backward,
    pooling_backward,
    residual_backward,
    state_backward,
)

N, W, P, n = map(Symbol, "NWPn")
"""The axes: places of an input, of a kernel, of an output; the numbers at a place."""
r = Symbol("r", integer=True, positive=True)
"""The stride of a convolution."""


# Convolution

a, w, z, b = part("a", N), part("w", W), part("z", P), Part("b")
CONVOLUTION = (Step("z", ("a", "w", "b", "r"), sharing.convolution), half_squares("z"))


def _convolution(inputs: int, kernel: int, stride: int) -> LayerCase:
    outputs = (inputs - 1) // stride + 1
    given = drawn(a=(inputs,), w=(kernel,), b=(), y=(outputs,))
    sizes = {"N": inputs, "W": kernel, "P": outputs}
    name = f"{inputs} places, a kernel of {kernel}, stride {stride}"
    return LayerCase(name, CONVOLUTION, given, {"r": np.array([float(stride)])}, sizes)


convolution = Hypothesis(
    "convolution",
    "A kernel $w$ slides over the input in steps of $r$, the stride; the cost is any function of "
    "the outputs $z$. Places are counted from 0 here, and an $a$ or $w$ whose index lies outside "
    "is zero: that is what padding means.",
    made_of(CONVOLUTION),
    {z.label: lambda p: added(lambda q: w[q] * a[r * p + q], W) + b, **any_cost(z)},
)
_CONV: dict[str, Any] = {
    "hypotheses": (convolution,),
    "cases": (_convolution(6, 3, 1), _convolution(7, 3, 2), _convolution(5, 2, 1)),
}

# Convolution of images

A, B, D, F = map(Symbol, "ABDF")
"""Rows and columns of an image, and of a kernel."""
image, kernel, seen = part("a", A, B), part("w", D, F), part("z", A, B)
IMAGE = (Step("z", ("a", "w", "b"), sharing.image_convolution), half_squares("z", 2))
image_convolution = Hypothesis(
    "convolution of an image",
    "A kernel $w$ slides over rows and columns of an image, and a bias $b$ is added. Places are "
    "counted from 0, an $a$ or $w$ with an index outside is zero, and the cost is any function of "
    "all $z$.",
    made_of(IMAGE),
    {
        seen.label: lambda p, q: added(lambda i, j: kernel[i, j] * image[p + i, q + j], D, F) + b,
        **any_cost(seen),
    },
)
_IMAGE: dict[str, Any] = {
    "hypotheses": (image_convolution,),
    "cases": (
        LayerCase(
            "an image of 4 by 3, a kernel of 2 by 2",
            IMAGE,
            drawn(a=(4, 3), w=(2, 2), b=(), y=(4, 3)),
            sizes={"A": 4, "B": 3, "D": 2, "F": 2},
        ),
    ),
}

# Max pooling

before, won, pooled = part("z", N), part("M", P, N), part("a", P)
POOLING = (
    Step("M", ("z", "width"), sharing.winners),
    Step("a", ("M", "z"), sharing.picked),
    half_squares("a"),
)
pooling = Hypothesis(
    "max pooling",
    "$a_p$ is the largest number in window $p$; $M_{pi}$ is one for the number that wins it, and "
    "zero elsewhere. There are no ties, so that a small push changes no winner. The cost is any "
    "function of the results.",
    made_of(POOLING),
    {pooled.label: lambda p: added(lambda i: won[p, i] * before[i], N), **any_cost(pooled)},
)
_POOL: dict[str, Any] = {
    "hypotheses": (pooling,),
    "cases": (
        LayerCase(
            "windows of 3 over 6 places",
            POOLING,
            drawn(z=(6,), y=(4,)),
            {"width": np.array([3.0])},
            {"N": 6, "P": 4},
        ),
    ),
}

# Embedding

E, v, rows = part("E", N, n), part("v", P), part("a", P, n)
EMBEDDING = (Step("a", ("E", "v"), sharing.embedding), half_squares("a", 2))
embedded = Hypothesis(
    "embedding",
    "Place $p$ of a text has the word number $v_p$, and $a_p$ is that row of the table $E$; the "
    "cost is any function of all $a$.",
    made_of(EMBEDDING),
    {rows.label: lambda p, k: E[v[p], k], **any_cost(rows)},
)
_EMB: dict[str, Any] = {
    "hypotheses": (embedded,),
    "cases": (
        LayerCase(
            "a text of 5 words out of 4",
            EMBEDDING,
            drawn(E=(4, 2), y=(5, 2)),
            {"v": np.array([[2.0, 0.0, 2.0, 1.0, 2.0]])},
            {"N": 4, "P": 5, "n": 2},
        ),
    ),
}

# The residual stream

stream, branch, both = part("z", n), part("F", n), part("a", n)
RESIDUAL = (
    Step("u", ("w", "z"), sharing.affine),
    Step("F", ("u",), np.tanh),
    Step("a", ("z", "F"), np.add),
    half_squares("a"),
)
_f, _g = unspecified("f"), unspecified("g")
residual = Hypothesis(
    "residual stream",
    "The stream $z$ goes on, and what a branch $F$ makes of it is added; each $F_k$ is any "
    "function of the whole stream, and the cost any function of the sum $a$.",
    made_of(RESIDUAL),
    {
        branch.label: lambda k: _f(k, added(lambda i: _g(k, stream[i]), n)),
        both.label: lambda j: stream[j] + branch[j],
        **any_cost(both),
    },
)
_RES: dict[str, Any] = {
    "hypotheses": (residual,),
    "cases": (
        LayerCase("a stream of 4", RESIDUAL, drawn(z=(4,), w=(4, 4), y=(4,)), sizes={"n": 4}),
    ),
}

# Tied weights

tied, copy = part("w", n, N), part("u", P, n, N)


def _read(copies: Array, x: Array) -> Array:
    return np.tanh(np.einsum("...pjk,...pk->...pj", copies, x))


TIED = (
    Step("u", ("w",), lambda w: sharing.copied(w, 3)),
    Step("a", ("u", "x"), _read),
    half_squares("a", 2),
)
shared = Hypothesis(
    "shared weights",
    "The same weights are read in several places; $u_{pjk}$ is the copy that place $p$ reads, and "
    "the cost is any function of all copies.",
    made_of(TIED),
    {copy.label: lambda p, j, k: tied[j, k], **any_cost(copy)},
)
_TIED: dict[str, Any] = {
    "hypotheses": (shared,),
    "cases": (
        LayerCase(
            "a matrix read in 3 places",
            TIED,
            drawn(w=(2, 4), x=(3, 4), y=(3, 2)),
            sizes={"P": 3, "n": 2, "N": 4},
        ),
    ),
}

# A state in time

now, state, out = part("z", n), part("a", n), part("o", n)
later, matrix = part("u", n), part("w", n, n)
RECURRENT = (
    Step("a", ("z",), np.tanh),
    Step("o", ("a",), np.copy),
    Step("u", ("w", "a"), sharing.affine),
    Step("then", ("u",), np.tanh),
    Step("both", ("o", "then"), lambda o, then: np.stack(np.broadcast_arrays(o, then), axis=-2)),
    half_squares("both", 2),
)
recurrent = Hypothesis(
    "recurrence",
    "The state $a$ at one time is tanh of $z$. It is read twice: by the output $o$ of that time, "
    "and through the weights by $u$, the weighted inputs of the next. The cost is any function of "
    "both, and so of all later times.",
    made_of(RECURRENT),
    {
        state.label: lambda j: tanh(now[j]),
        out.label: lambda j: state[j],
        later.label: lambda k: added(lambda j: matrix[k, j] * state[j], n),
        **any_cost(out, later),
    },
)
_RNN: dict[str, Any] = {
    "hypotheses": (recurrent,),
    "cases": (
        LayerCase(
            "a state of 4 and its next",
            RECURRENT,
            drawn(z=(4,), w=(4, 4), y=(2, 4)),
            sizes={"n": 4},
        ),
    ),
}

_SLIDES = ("dz", "a", "w", "r")

CLAIMS = (
    Claim(
        "conv",
        "Convolution in one dimension",
        Eq(z[p], Sum(w[q] * a[r * p + q], along(q, W)) + b),
        "A definition: the same few weights are read at every place.",
        definition=True,
        **_CONV,
    ),
    Claim(
        "conv-b",
        "BP3 for a convolution",
        Eq(dC(b), Sum(dC(z[p]), along(p, P))),
        "Every place reads the one bias.",
        formula=backward_of(lambda *given: convolution_backward(*given)[2], *_SLIDES),
        shown=convolution_backward,
        **_CONV,
    ),
    Claim(
        "conv-w",
        "BP4 for a convolution",
        Eq(dC(w[q]), Sum(dC(z[p]) * a[r * p + q], along(p, P))),
        "(BP4) at each place, activation in times error out, and the sum over all places.",
        formula=backward_of(lambda *given: convolution_backward(*given)[1], *_SLIDES),
        shown=convolution_backward,
        refutations=(
            Refutation(
                "the stride forgotten",
                "Going back, the errors stand side by side, whatever the stride was.",
                Eq(dC(w[q]), Sum(dC(z[p]) * a[p + q], along(p, P))),
                (convolution,),
                "one-weight",
            ),
        ),
        **_CONV,
    ),
    Claim(
        "conv-a",
        "BP2 for a convolution",
        Eq(dC(a[i]), Sum(w[i - r * p] * dC(z[p]), along(p, P))),
        "Place $p$ has read $a_i$ with the weight number $i - rp$. As $p$ grows, that number "
        "falls: the kernel runs backwards.",
        formula=backward_of(lambda *given: convolution_backward(*given)[0], *_SLIDES),
        shown=convolution_backward,
        refutations=(
            Refutation(
                "the kernel not flipped",
                "The kernel slides over the errors as it slid over the input.",
                Eq(dC(a[i]), Sum(w[r * p - i] * dC(z[p]), along(p, P))),
                (convolution,),
                "one-weight",
            ),
        ),
        **_CONV,
    ),
    Claim(
        "img-b",
        "BP3 for a convolution of an image",
        Eq(dC(b), Sum(dC(seen[p, q]), along(p, A), along(q, B))),
        "Every place of the image reads the one bias.",
        formula=backward_of(lambda *given: image_convolution_backward(*given)[2], "dz", "a", "w"),
        shown=image_convolution_backward,
        refutations=(
            Refutation(
                "the bias of one row",
                "The bias is added to a row, so its error is the sum along that row.",
                Eq(dC(b), Sum(dC(seen[0, q]), along(q, B))),
                (image_convolution,),
                "one-weight",
            ),
        ),
        **_IMAGE,
    ),
    Claim(
        "img-w",
        "BP4 for a convolution of an image",
        Eq(
            dC(kernel[i, j]),
            Sum(dC(seen[p, q]) * image[p + i, q + j], along(p, A), along(q, B)),
        ),
        "A sum over all places of the image.",
        formula=backward_of(lambda *given: image_convolution_backward(*given)[1], "dz", "a", "w"),
        shown=image_convolution_backward,
        **_IMAGE,
    ),
    Claim(
        "img-a",
        "BP2 for a convolution of an image",
        Eq(
            dC(image[i, j]),
            Sum(kernel[i - p, j - q] * dC(seen[p, q]), along(p, A), along(q, B)),
        ),
        "Flipped in rows and in columns, which turns the kernel by half a circle.",
        formula=backward_of(lambda *given: image_convolution_backward(*given)[0], "dz", "a", "w"),
        shown=image_convolution_backward,
        refutations=(
            Refutation(
                "the kernel transposed",
                "Going backward, a matrix is transposed, so the kernel is too.",
                Eq(
                    dC(image[i, j]),
                    Sum(kernel[j - q, i - p] * dC(seen[p, q]), along(p, A), along(q, B)),
                ),
                (image_convolution,),
                "one-weight",
            ),
        ),
        **_IMAGE,
    ),
    Claim(
        "pool",
        "The error before max pooling",
        Eq(dC(before[i]), Sum(won[p, i] * dC(pooled[p]), along(p, P))),
        "A number is read by every window that it wins, and by no other.",
        formula=backward_of(pooling_backward, "da", "M"),
        shown=pooling_backward,
        **_POOL,
    ),
    Claim(
        "emb",
        "The gradient of an embedding",
        Eq(dC(E[i, k]), Sum(KroneckerDelta(i, v[p]) * dC(rows[p, k]), along(p, P))),
        "A row is read wherever its word stands; the bracket picks those places.",
        formula=backward_of(embedding_backward, "da", "v", "E"),
        shown=embedding_backward,
        refutations=(
            Refutation(
                "an embedding averaged over its places",
                "A word that occurs often should not learn faster, so take the mean.",
                Eq(
                    dC(E[i, k]) * Sum(KroneckerDelta(i, v[p]), along(p, P)),
                    Sum(KroneckerDelta(i, v[p]) * dC(rows[p, k]), along(p, P)),
                ),
                (embedded,),
                "one-weight",
            ),
        ),
        **_EMB,
    ),
    Claim(
        "res",
        "The error of a residual stream",
        Eq(
            dC(stream[j]),
            dC(both[j]) + Sum(dC(branch[k]) * Partial(branch[k], stream[j]), along(k, n)),
        ),
        "The stream has two readers: the sum, which passes the error on, and the branch.",
        formula=backward_of(residual_backward, "da", "F", "w"),
        shown=residual_backward,
        refutations=(
            Refutation(
                "the stream forgotten",
                "The error goes back through what was computed.",
                Eq(
                    dC(stream[j]),
                    Sum(dC(branch[k]) * Partial(branch[k], stream[j]), along(k, n)),
                ),
                (residual,),
                "one-weight",
            ),
            Refutation(
                "the branch forgotten",
                "The error goes straight through, that is what the connection is for.",
                Eq(dC(stream[j]), dC(both[j])),
                (residual,),
                "one-weight",
            ),
        ),
        **_RES,
    ),
    Claim(
        "tie",
        "The gradient of shared weights",
        Eq(dC(tied[j, k]), Sum(dC(copy[p, j, k]), along(p, P))),
        "A push of the shared weight pushes every copy, and to first order the effects add.",
        formula=backward_of(copied_backward, "du"),
        shown=copied_backward,
        refutations=(
            Refutation(
                "tied weights counted once",
                "One weight has one gradient, that of the place where it stands.",
                Eq(dC(tied[j, k]), dC(copy[0, j, k])),
                (shared,),
                "one-weight",
            ),
        ),
        **_TIED,
    ),
    Claim(
        "BPTT",
        "The error of a state in time",
        Eq(
            dC(now[j]),
            (1 - state[j] ** 2) * (dC(out[j]) + Sum(matrix[k, j] * dC(later[k]), along(k, n))),
        ),
        "(45) with one more reader: the output of the same time.",
        formula=backward_of(state_backward, "do", "du", "w", "a"),
        shown=state_backward,
        refutations=(
            Refutation(
                "the own output forgotten",
                "The error of a state comes from the next time.",
                Eq(
                    dC(now[j]),
                    (1 - state[j] ** 2) * Sum(matrix[k, j] * dC(later[k]), along(k, n)),
                ),
                (recurrent,),
                "through-time",
            ),
        ),
        **_RNN,
    ),
)
