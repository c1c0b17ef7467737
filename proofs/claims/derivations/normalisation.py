"""Layer norm, RMSNorm and batch norm: the sum over all that share a mean and a spread."""

from collections.abc import Callable
from functools import cache
from math import prod
from typing import Any

import numpy as np
from sympy import Expr, KroneckerDelta, Pow, Sum, Symbol, expand, sqrt

from proofs.claims.algebra import added, any_cost, normal, replaced
from proofs.claims.claim import Claim, Hypothesis, Refutation
from proofs.claims.notation import Eq, Part, Partial, along, dC, extent, j, k, p, part, q
from proofs.measuring.layer_case import LayerCase, Step, backward_of, half_squares, made_of
from proofs.network.layers import normalisation
from proofs.network.layers.normalisation import (
    batch_norm_backward,
    batch_norm_image_backward,
    normalise_backward,
    rms_backward,
)

n, m = map(Symbol, "nm")
"""The axes: the numbers that are normalised together, or the examples of a batch;
of images n is the places."""
mu, s, eps = Part("mu"), Part("s"), Part("eps")
z, zhat, a = part("z", n), part("zhat", n), part("a", n)
gamma, beta = part("gamma", n), part("beta", n)
# The same along the examples, where one gamma and one beta are for all of them.
zm, hatm, am = part("z", m), part("zhat", m), part("a", m)
gamma_all, beta_all = Part("gamma"), Part("beta")
# The same along the places of the images too.
zi, hati, ai = part("z", m, n), part("zhat", m, n), part("a", m, n)


_CENTRE = (Step("mu", ("z",), normalisation.mean), Step("d", ("z", "mu"), normalisation.centred))
_DIVIDE = (
    Step("s", ("d", "eps"), normalisation.spread),
    Step("zhat", ("d", "s"), normalisation.divided),
)
_COST = half_squares("a")
_SCALE = Step("a", ("zhat", "gamma", "beta"), normalisation.scaled)
LAYER_NORM = (*_CENTRE, *_DIVIDE, _SCALE, _COST)
RMS_NORM = (
    Step("s", ("z", "eps"), normalisation.spread),
    Step("zhat", ("z", "s"), normalisation.divided),
    _SCALE,
    _COST,
)
BATCH_NORM = (
    *_CENTRE,
    *_DIVIDE,
    Step("a", ("zhat", "gamma", "beta"), normalisation.scaled_together),
    _COST,
)


BATCH_NORM_IMAGES = (
    Step("mu", ("z",), lambda z: normalisation.mean(normalisation.together(z))),
    Step("d", ("z", "mu"), lambda z, mu: z - mu[..., None, None]),
    Step("s", ("d", "eps"), lambda d, eps: normalisation.spread(normalisation.together(d), eps)),
    Step("zhat", ("d", "s"), lambda d, s: d / s[..., None, None]),
    Step(
        "a",
        ("zhat", "gamma", "beta"),
        lambda zhat, *of_all: normalisation.scaled(zhat, *(x[..., None, None] for x in of_all)),
    ),
    half_squares("a", 2),
)


def _cases(name: str, steps: tuple[Step, ...], axis: str) -> tuple[LayerCase, ...]:
    """The layer on 5 numbers and on 3; gamma and beta are one number each along a batch."""

    def case(size: int) -> LayerCase:
        random = np.random.default_rng(size)
        one = (4,) if axis == "m" else (4, size)
        given = {
            **{letter: random.standard_normal((4, size)) for letter in ("z", "y")},
            **{letter: random.uniform(0.5, 1.5, one) for letter in ("gamma", "beta")},
        }
        return LayerCase(f"{name} of {size}", steps, given, {"eps": np.array([0.1])}, {axis: size})

    return case(5), case(3)


def _named(square: Callable[[], Expr]) -> Callable[[Expr], Expr]:
    """Powers of one square, and of its multiples, brought together by a name for it."""
    name = Symbol("square", positive=True)

    @cache
    def found() -> Expr:
        return normal(square())

    def power(e: Expr) -> Expr | None:
        # SymPy multiplies denominators out; eps, which nothing else has, shows by what.
        factor = e.base.expand().coeff(eps) if isinstance(e, Pow) and e.has(eps) else 0
        if factor and normal(e.base - factor * found()) == 0:
            return (replaced(factor, power) * name) ** e.exp
        return None

    return lambda expr: expand(replaced(expr, power))


def _normalised(z: Any, zhat: Any, *axes: Symbol) -> tuple[dict[Any, Any], Any]:
    """What mu, s and zhat stand for, and how powers of s are brought together."""
    of_all = prod(map(extent, axes))

    def mean() -> Expr:
        return added(lambda *i: z[i], *axes) / of_all

    def square() -> Expr:
        return added(lambda *i: (z[i] - mean()) ** 2, *axes) / of_all + eps

    return {
        mu: mean,
        s: lambda: sqrt(square()),
        zhat.label: lambda *k: (z[k] - mean()) / sqrt(square()),
    }, _named(square)


def _mean_square() -> Expr:
    return added(lambda i: z[i] ** 2, n) / extent(n) + eps


_one, _of_one = _normalised(z, zhat, n)
_batch, _of_batch = _normalised(zm, hatm, m)
_images, _of_images = _normalised(zi, hati, m, n)
normalised = Hypothesis(
    "layer norm",
    r"The numbers $z_1$ to $z_n$ are normalised together: $\mu$ is their mean, $s$ their spread, "
    r"and the cost is any function of the results $\hat{z}$.",
    made_of(LAYER_NORM),
    {**_one, **any_cost(zhat)},
    _of_one,
)
scaled = Hypothesis(
    "scale and shift",
    r"Each $a_j$ is $\hat{z}_j$, times a factor $\gamma_j$ of its own, plus $\beta_j$; the cost is "
    "any function of them.",
    made_of(LAYER_NORM),
    {a.label: lambda j: gamma[j] * zhat[j] + beta[j], **any_cost(a)},
)
rms = Hypothesis(
    "RMSNorm",
    r"The numbers $z_1$ to $z_n$ are divided by the root $s$ of their mean square; the cost is any "
    r"function of the results $\hat{z}$.",
    made_of(RMS_NORM),
    {
        s: lambda: sqrt(_mean_square()),
        zhat.label: lambda k: z[k] / sqrt(_mean_square()),
        **any_cost(zhat),
    },
    _named(_mean_square),
)
batch = Hypothesis(
    "batch norm, training",
    r"$z_1$ to $z_m$ are the values of *one* neuron on the $m$ examples of a batch, and $\mu$ and "
    r"$s$ their mean and spread, as in training; $\gamma$ and $\beta$ are the same for all "
    "examples. The cost is any function of all $a_k$.",
    made_of(BATCH_NORM),
    {
        **_batch,
        am.label: lambda k: gamma_all * hatm[k] + beta_all,
        **any_cost(am),
    },
    _of_batch,
)
images = Hypothesis(
    "batch norm of images, training",
    "$z_{kq}$ is *one* channel at place $q$ of example $k$, and mean and spread are taken over all "
    "places of all examples; the cost is any function of all results.",
    made_of(BATCH_NORM_IMAGES),
    {
        **_images,
        ai.label: lambda k, q: gamma_all * hati[k, q] + beta_all,
        **any_cost(ai),
    },
    _of_images,
)


def _images_case() -> LayerCase:
    random = np.random.default_rng(0)
    given = {
        **{letter: random.standard_normal((3, 2, 3)) for letter in ("z", "y")},
        **{letter: random.uniform(0.5, 1.5, 3) for letter in ("gamma", "beta")},
    }
    eps = {"eps": np.array([0.1])}
    return LayerCase("2 images of 3 places", BATCH_NORM_IMAGES, given, eps, {"m": 2, "n": 3})


_LN: dict[str, Any] = {
    "hypotheses": (normalised,),
    "cases": _cases("layer norm", LAYER_NORM, "n"),
}
_SCALED: dict[str, Any] = {**_LN, "hypotheses": (scaled,)}
_RMS: dict[str, Any] = {"hypotheses": (rms,), "cases": _cases("RMSNorm", RMS_NORM, "n")}
_BN: dict[str, Any] = {"hypotheses": (batch,), "cases": _cases("batch norm", BATCH_NORM, "m")}
_BNI: dict[str, Any] = {"hypotheses": (images,), "cases": (_images_case(),)}


def _mean(term: Callable[[Any], Expr], axis: Symbol = n) -> Expr:
    return Sum(term(k), along(k, axis)) / extent(axis)


def _mean_of_images(term: Callable[[Any, Any], Expr]) -> Expr:
    return Sum(term(k, q), along(k, m), along(q, n)) / (extent(m) * extent(n))


_BATCH = ("da", "zhat", "s", "gamma")

_TWO_TERMS = (dC(zhat[j]) - zhat[j] * _mean(lambda k: dC(zhat[k]) * zhat[k])) / s
_THREE_TERMS = (
    dC(zhat[j]) - _mean(lambda k: dC(zhat[k])) - zhat[j] * _mean(lambda k: dC(zhat[k]) * zhat[k])
) / s
"""The error before RMSNorm, and that before a normalisation with a mean."""

CLAIMS = (
    Claim(
        "N-mu",
        "The mean",
        Eq(mu, Sum(z[j], along(j, n)) / extent(n)),
        "A definition.",
        definition=True,
        **_LN,
    ),
    Claim(
        "N-s",
        "The spread",
        Eq(s, sqrt(Sum((z[j] - mu) ** 2, along(j, n)) / extent(n) + eps)),
        "A definition: the standard deviation, with a small number that keeps it from zero.",
        definition=True,
        **_LN,
    ),
    Claim(
        "N-z",
        "What is normalised",
        Eq(zhat[j], (z[j] - mu) / s),
        "A definition.",
        definition=True,
        **_LN,
    ),
    Claim(
        "N-a",
        "Scale and shift",
        Eq(a[j], gamma[j] * zhat[j] + beta[j]),
        "A definition.",
        definition=True,
        **_SCALED,
    ),
    Claim(
        "N-J",
        "The Jacobian of normalisation",
        Eq(
            Partial(zhat[k], z[j]),
            (KroneckerDelta(j, k) - 1 / extent(n) - zhat[j] * zhat[k] / extent(n)) / s,
        ),
        "Differentiate (N-z): the bracket is the number itself, the second term comes from the "
        "mean, the third from the spread.",
        **_LN,
    ),
    Claim(
        "N-1",
        "The chain rule through every number",
        Eq(dC(z[j]), Sum(dC(zhat[k]) * Partial(zhat[k], z[j]), along(k, n))),
        "The chain rule, as in (37): one number moves the mean and the spread, and with them all.",
        **_LN,
    ),
    Claim(
        "N",
        "The error before a normalisation",
        Eq(
            dC(z[j]),
            _THREE_TERMS,
        ),
        "The Jacobian (N-J), put into (N-1): its three terms make three.",
        formula=backward_of(normalise_backward, "dzhat", "zhat", "s"),
        shown=normalise_backward,
        after="N-1",
        by=("N-J",),
        refutations=(
            Refutation(
                "no mean term",
                "The mean is only a shift, and a shift has the slope one.",
                Eq(
                    dC(z[j]),
                    _TWO_TERMS,
                ),
                (normalised,),
                "sum-over-examples",
            ),
            Refutation(
                "the spread held constant",
                "The spread is a statistic of the data, so it is a constant factor.",
                Eq(dC(z[j]), (dC(zhat[j]) - _mean(lambda k: dC(zhat[k]))) / s),
                (normalised,),
                "sum-over-examples",
            ),
            Refutation(
                "the diagonal of the normalisation",
                "Each number is normalised, so each error is multiplied by the slope of its own.",
                Eq(
                    dC(z[j]),
                    dC(zhat[j]) * (1 - 1 / extent(n) - zhat[j] ** 2 / extent(n)) / s,
                ),
                (normalised,),
                "sum-over-examples",
            ),
        ),
        **_LN,
    ),
    Claim(
        "N-h",
        "Back through the scale",
        Eq(dC(zhat[j]), gamma[j] * dC(a[j])),
        "Differentiate (N-a).",
        **_SCALED,
    ),
    Claim(
        "RMS",
        "The error before RMSNorm",
        Eq(
            dC(z[j]),
            _TWO_TERMS,
        ),
        "No mean is taken off going forward, so none is taken off going back.",
        formula=backward_of(rms_backward, "dzhat", "zhat", "s"),
        shown=rms_backward,
        refutations=(
            Refutation(
                "RMSNorm with a mean term",
                "RMSNorm is a layer norm, so its backward pass is that of layer norm.",
                Eq(
                    dC(z[j]),
                    _THREE_TERMS,
                ),
                (rms,),
                "sum-over-examples",
            ),
        ),
        **_RMS,
    ),
    Claim(
        "BN",
        "BP2 for batch norm in training",
        Eq(
            dC(zm[j]),
            gamma_all
            * (
                dC(am[j])
                - _mean(lambda k: dC(am[k]), m)
                - hatm[j] * _mean(lambda k: dC(am[k]) * hatm[k], m)
            )
            / s,
        ),
        "It is (N) with examples in the place of neurons, and the one factor in front.",
        formula=backward_of(lambda *given: batch_norm_backward(*given)[0], *_BATCH),
        shown=batch_norm_backward,
        refutations=(
            Refutation(
                "the examples treated apart",
                "Examples have nothing to do with each other.",
                Eq(dC(zm[j]), gamma_all * dC(am[j]) / s),
                (batch,),
                "sum-over-examples",
            ),
            Refutation(
                "no mean over the batch",
                "The mean over the batch is only a shift.",
                Eq(
                    dC(zm[j]),
                    gamma_all * (dC(am[j]) - hatm[j] * _mean(lambda k: dC(am[k]) * hatm[k], m)) / s,
                ),
                (batch,),
                "sum-over-examples",
            ),
            Refutation(
                "the variance of the batch held constant",
                "In training mean and variance are those of the batch, which is given.",
                Eq(dC(zm[j]), gamma_all * (dC(am[j]) - _mean(lambda k: dC(am[k]), m)) / s),
                (batch,),
                "sum-over-examples",
            ),
        ),
        **_BN,
    ),
    Claim(
        "BN-g",
        "The gradient of the scale",
        Eq(dC(gamma_all), Sum(dC(am[k]) * hatm[k], along(k, m))),
        "All examples read the one factor, so it gets the sum over them.",
        formula=backward_of(lambda *given: batch_norm_backward(*given)[1], *_BATCH),
        shown=batch_norm_backward,
        refutations=(
            Refutation(
                "the scale of the input",
                "The factor multiplies the input, so its gradient has the input in it.",
                Eq(dC(gamma_all), Sum(dC(am[k]) * zm[k], along(k, m))),
                (batch,),
                "sum-over-examples",
            ),
        ),
        **_BN,
    ),
    Claim(
        "BN-b",
        "The gradient of the shift",
        Eq(dC(beta_all), Sum(dC(am[k]), along(k, m))),
        "As a bias, (BP3), read by every example.",
        formula=backward_of(lambda *given: batch_norm_backward(*given)[2], *_BATCH),
        shown=batch_norm_backward,
        **_BN,
    ),
    Claim(
        "BN-i",
        "BP2 for batch norm of images",
        Eq(
            dC(zi[j, p]),
            gamma_all
            * (
                dC(ai[j, p])
                - _mean_of_images(lambda k, q: dC(ai[k, q]))
                - hati[j, p] * _mean_of_images(lambda k, q: dC(ai[k, q]) * hati[k, q])
            )
            / s,
        ),
        "Once more, where what shares a mean and a spread is all places of all examples.",
        formula=backward_of(lambda *given: batch_norm_image_backward(*given)[0], *_BATCH),
        shown=batch_norm_image_backward,
        refutations=(
            Refutation(
                "the places treated apart",
                "Batch norm runs over the batch, so each place has averages of its own.",
                Eq(
                    dC(zi[j, p]),
                    gamma_all
                    * (
                        dC(ai[j, p])
                        - _mean(lambda k: dC(ai[k, p]), m)
                        - hati[j, p] * _mean(lambda k: dC(ai[k, p]) * hati[k, p], m)
                    )
                    / s,
                ),
                (images,),
                "sum-over-examples",
            ),
        ),
        **_BNI,
    ),
    Claim(
        "BN-ig",
        "The gradient of the scale of a channel",
        Eq(dC(gamma_all), Sum(dC(ai[k, q]) * hati[k, q], along(k, m), along(q, n))),
        "Every place of every example reads the one factor.",
        formula=backward_of(lambda *given: batch_norm_image_backward(*given)[1], *_BATCH),
        shown=batch_norm_image_backward,
        **_BNI,
    ),
)
