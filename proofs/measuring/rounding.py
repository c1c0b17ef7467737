"""How far rounding may put two ways of computing one derivative apart."""

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from proofs.measuring.one_number import Place, h
from proofs.network.activations import Activation
from proofs.network.arrays import Array
from proofs.network.costs import Cost

T = TypeVar("T")
EPS = np.finfo(float).eps


def moved(array: Array, random: np.random.Generator) -> Array:
    """The array with every number moved by about one rounding error."""
    return array * (1 + EPS * random.uniform(-1, 1, array.shape))


def eight_times(move: Callable[[np.random.Generator], T]) -> list[T]:
    """What is moved by about one rounding error, 8 times, with the same seed whenever asked."""
    random = np.random.default_rng(0)
    return [move(random) for _ in range(8)]


class Magnitudes:
    """The numbers of a case by magnitude: for a derivative, what is added up before it cancels.

    Rounding is off by eps times these.
    """

    def __init__(self, case: Any) -> None:
        self.case, self.network = case, case.network

    def value(self, letter: str, layer: int) -> Array:
        """The magnitude of a letter of the case."""
        return abs(self.case.value(letter, layer))

    def delta(self, l: int) -> Array:
        """The magnitude of delta^l, shape (n_l, m)."""
        return self.partial(("C", self.case.depth), ("z", l))

    def partial(self, of: Place, by: Place) -> Array:
        """d(of)/d(by), shaped as `one_number.partial`, each rate of change by magnitude."""
        if of[0] == "Cbar":
            return self.partial(("C", of[1]), by).mean(axis=-1, keepdims=True)
        network, (letter, l) = self.network, by
        size = np.eye(network.sizes[l - 1])[:, :, None] * np.ones(self.case.x.shape[1])
        if letter == "w":
            size = size[:, :, None] * self.value("a", l - 1)
        letter = "z" if letter in "bw" else letter
        while (letter, l) != of:
            if letter == "z":
                letter, rate = "a", of_activation(network.sigma[l], self.case.value("z", l))
            elif l < network.L:
                letter, l = "z", l + 1
                rate = self.value("w", l)
            else:
                rate = of_cost(network.cost, self.case.value("a", l), self.case.y)
                return np.einsum("kx,k...x->...x", rate, size)
            size = np.einsum("jkx,k...x->j...x", rate, size)
        return size


def of_activation(sigma: Activation, z: Array) -> Array:
    """|da_k/dz_j|, and on the diagonal what cancels there: 1 - a is rounded as 1 is."""
    size = abs(sigma.jacobian(z))
    if sigma.cancels is not None:
        size += np.eye(len(z))[:, :, None] * sigma.cancels(z)
    return size


def of_cost(cost: Cost, a: Array, y: Array) -> Array:
    """|dC/da_j|, and what one rounding of a_j, taken as eps, makes of it."""
    return abs(cost.gradient(a, y)) + abs(a * cost.gradient(a + 1j * h, y).imag / h)
