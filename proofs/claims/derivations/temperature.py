"""Softmax with a temperature, (83): how a common factor of the weighted inputs sharpens it."""

from typing import Any

import numpy as np
from sympy import KroneckerDelta, Sum, Symbol, exp

from proofs.claims.algebra import total
from proofs.claims.claim import Claim, Hypothesis, Refutation
from proofs.claims.notation import Eq, L, Partial, a, i, j, k, over, z
from proofs.measuring.cases import Case
from proofs.network import Network
from proofs.network.activations import Activation, softmax
from proofs.network.arrays import Array
from proofs.network.costs import quadratic

c = Symbol("c")
"""The factor; a temperature is 1/c."""


def sharpened(factor: float) -> Activation:
    """The softmax of `factor` times z."""
    return Activation(
        f"softmax({factor:g} z)",
        lambda z: softmax(factor * z),
        full=lambda z: factor * softmax.jacobian(factor * z),
        cancels=lambda z: factor * softmax(factor * z),
        range=(0, 1),
    )


class Sharpened(Case):
    """A layer of softmax(c z) behind weighted inputs z, a column an example."""

    def __init__(self, factor: float, z: Array) -> None:
        self.factor, n = factor, len(z)
        layer = Network.from_arrays([np.eye(n)], [np.zeros((n, 1))], sharpened(factor), quadratic)
        super().__init__(layer, z, np.zeros_like(z))

    def value(self, letter: str, layer: int) -> Array:
        """c, or what every case has."""
        return np.array([self.factor]) if letter == "c" else super().value(letter, layer)

    def _moved(self, random: np.random.Generator) -> "Sharpened":
        z = super()._moved(random).x
        return Sharpened(self.factor, z)


_sharpened = Hypothesis(
    "softmax with a factor",
    "Layer $L$ is softmax of its weighted inputs, each multiplied by the same number $c$.",
    lambda case, at: isinstance(case, Sharpened),
    {a(L).label: lambda k: exp(c * z(L)[k]) / total(lambda i: exp(c * z(L)[i]), L)},
)


def _cases() -> tuple[Any, ...]:
    z = np.random.default_rng(83).standard_normal((4, 6))
    return tuple(Sharpened(factor, z) for factor in (0.25, 1.0, 3.0))


_CASES = _cases()

CLAIMS = (
    Claim(
        "83",
        "Softmax with a factor",
        Eq(a(L)[j], exp(c * z(L)[j]) / Sum(exp(c * z(L)[k]), over(k, L))),
        "A definition: softmax with every weighted input multiplied by $c$.",
        (_sharpened,),
        definition=True,
        cases=_CASES,
    ),
    Claim(
        "83-r",
        "The proportion of two outputs",
        Eq(a(L)[j], a(L)[i] * exp(c * (z(L)[j] - z(L)[i]))),
        "Divide two shares: the denominators are the same.",
        (_sharpened,),
        cases=_CASES,
        refutations=(
            Refutation(
                "the factor is only one of units",
                "A common factor of all weighted inputs leaves the proportions as they are.",
                Eq(a(L)[j], a(L)[i] * exp(z(L)[j] - z(L)[i])),
                (_sharpened,),
                "softmax",
            ),
        ),
    ),
    Claim(
        "83-J",
        "The Jacobian of softmax with a factor",
        Eq(Partial(a(L)[k], z(L)[j]), c * a(L)[k] * (KroneckerDelta(j, k) - a(L)[j])),
        "The Jacobian of softmax, times the rate at which each exponent moves.",
        (_sharpened,),
        formula=lambda case, l: case.jacobian(l),
        cases=_CASES,
    ),
)
