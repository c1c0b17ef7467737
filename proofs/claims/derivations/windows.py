"""Convolution with channels, stride and dilation, and average pooling."""

from typing import Any

import numpy as np
from sympy import KroneckerDelta, Sum, Symbol

from proofs.claims.algebra import added, any_cost
from proofs.claims.claim import Claim, Hypothesis, Refutation
from proofs.claims.notation import Eq, along, dC, extent, i, j, k, p, part, q
from proofs.measuring.layer_case import LayerCase, Step, backward_of, half_squares, made_of
from proofs.network.layers import windows
from proofs.network.layers.windows import average_pooling_backward, channels_backward

D, F, N, W, P, n = map(Symbol, "DFNWPn")
"""The axes: channels of the output and of the input, places of input, kernel and output, and
how many places there are, or numbers in a window."""
r, d = (Symbol(letter, integer=True, positive=True) for letter in "rd")
"""The stride and the dilation of a convolution."""
a, w, z, b = part("a", F, N), part("w", D, F, W), part("z", D, n), part("b", D)


CHANNELS = (
    Step("z", ("a", "w", "b", "r", "d"), windows.channels),
    half_squares("z", 2),
)
channels = Hypothesis(
    "convolution with channels",
    "Output channel $j$ has a kernel for each input channel $k$, which moves on by $r$ places and "
    "reads every $d$-th number. Places are counted from 0, an $a$ whose place lies outside is "
    "zero, and the cost is any function of all $z$.",
    made_of(CHANNELS),
    {
        z.label: lambda j, p: added(lambda k, q: w[j, k, q] * a[k, r * p + d * q], F, W) + b[j],
        **any_cost(z),
    },
)


def _convolution(inputs: int, kernel: int, stride: int, dilation: int) -> LayerCase:
    """Two channels to two, on which a wrong order of channels is computable."""
    random = np.random.default_rng(0)
    places = (inputs - 1) // stride + 1
    shapes = {"a": (2, inputs), "w": (2, 2, kernel), "b": (2,), "y": (2, places)}
    given = {letter: random.standard_normal((3, *shape)) for letter, shape in shapes.items()}
    fixed = {"r": np.array([float(stride)]), "d": np.array([float(dilation)])}
    sizes = {"D": 2, "F": 2, "N": inputs, "W": kernel, "n": places}
    name = f"2 channels of {inputs}, kernels of {kernel}, stride {stride}, dilation {dilation}"
    return LayerCase(name, CHANNELS, given, fixed, sizes)


_CHANNELS: dict[str, Any] = {
    "hypotheses": (channels,),
    "cases": (_convolution(5, 2, 1, 2), _convolution(5, 2, 2, 1)),
}
_GIVEN = ("dz", "a", "w", "r", "d")

before, covers, mean = part("z", N), part("M", P, N), part("a", P)
POOLING = (
    Step("a", ("M", "z"), windows.covered),
    half_squares("a"),
)
pooling = Hypothesis(
    "average pooling",
    "$a_p$ is the mean of the $n$ numbers in window $p$; $M_{pi}$ is one for the numbers that the "
    "window covers, and zero elsewhere. The cost is any function of the results.",
    made_of(POOLING),
    {
        mean.label: lambda p: added(lambda i: covers[p, i] * before[i], N) / extent(n),
        **any_cost(mean),
    },
)
_windows = np.tri(4, 6, 2) - np.tri(4, 6, -1)
_POOL: dict[str, Any] = {
    "hypotheses": (pooling,),
    "cases": (
        LayerCase(
            "windows of 3 over 6 places",
            POOLING,
            {
                "z": np.random.default_rng(0).standard_normal((3, 6)),
                "y": np.random.default_rng(1).standard_normal((3, 4)),
            },
            {"M": _windows[None]},
            {"N": 6, "P": 4, "n": 3},
        ),
    ),
}

CLAIMS = (
    Claim(
        "ch-b",
        "BP3 for channels",
        Eq(dC(b[j]), Sum(dC(z[j, p]), along(p, n))),
        "Every place of its channel reads the bias, and no other channel does.",
        formula=backward_of(lambda *given: channels_backward(*given)[2], *_GIVEN),
        shown=channels_backward,
        refutations=(
            Refutation(
                "the bias averaged over the places",
                "The bias is one number, so it gets one error, that of an average place.",
                Eq(dC(b[j]), Sum(dC(z[j, p]), along(p, n)) / extent(n)),
                (channels,),
                "one-weight",
            ),
        ),
        **_CHANNELS,
    ),
    Claim(
        "ch-w",
        "BP4 for channels",
        Eq(dC(w[j, k, q]), Sum(dC(z[j, p]) * a[k, r * p + d * q], along(p, n))),
        "For each pair of channels what the weight has met times the error there, over all places.",
        formula=backward_of(lambda *given: channels_backward(*given)[1], *_GIVEN),
        shown=channels_backward,
        refutations=(
            Refutation(
                "the dilation forgotten",
                "Going back, the weights of a kernel stand side by side.",
                Eq(dC(w[j, k, q]), Sum(dC(z[j, p]) * a[k, r * p + q], along(p, n))),
                (channels,),
                "one-weight",
            ),
        ),
        **_CHANNELS,
    ),
    Claim(
        "ch-a",
        "BP2 for channels",
        Eq(
            dC(a[k, i]),
            Sum(
                KroneckerDelta(i, r * p + d * q) * w[j, k, q] * dC(z[j, p]),
                along(j, D),
                along(p, n),
                along(q, W),
            ),
        ),
        "An input is read by every output channel; the bracket picks the places and weights that "
        "have met it.",
        formula=backward_of(lambda *given: channels_backward(*given)[0], *_GIVEN),
        shown=channels_backward,
        refutations=(
            Refutation(
                "the channels not exchanged",
                "The kernels are flipped, and the channels stay as they are.",
                Eq(
                    dC(a[k, i]),
                    Sum(
                        KroneckerDelta(i, r * p + d * q) * w[k, j, q] * dC(z[j, p]),
                        along(j, D),
                        along(p, n),
                        along(q, W),
                    ),
                ),
                (channels,),
                "one-weight",
            ),
            Refutation(
                "each channel for itself",
                "An input channel gets its error from the output channel of its number.",
                Eq(
                    dC(a[k, i]),
                    Sum(
                        KroneckerDelta(i, r * p + d * q) * w[k, k, q] * dC(z[k, p]),
                        along(p, n),
                        along(q, W),
                    ),
                ),
                (channels,),
                "one-weight",
            ),
        ),
        **_CHANNELS,
    ),
    Claim(
        "avg",
        "The error before average pooling",
        Eq(dC(before[i]), Sum(covers[p, i] * dC(mean[p]), along(p, P)) / extent(n)),
        "A number is read by every window that covers it, with the same small weight each time.",
        formula=backward_of(average_pooling_backward, "da", "M"),
        shown=average_pooling_backward,
        refutations=(
            Refutation(
                "the error of a mean undivided",
                "Each number of a window has made the mean, so each gets its error.",
                Eq(dC(before[i]), Sum(covers[p, i] * dC(mean[p]), along(p, P))),
                (pooling,),
                "one-weight",
            ),
        ),
        **_POOL,
    ),
)
