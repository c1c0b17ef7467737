"""Cases: concrete networks, inputs and targets on which claims are measured."""

from collections.abc import Iterator
from functools import cache, cached_property
from itertools import product
from math import log
from typing import Any

import numpy as np

from proofs.measuring.one_number import Place, change, partial
from proofs.measuring.rounding import Magnitudes, eight_times, moved
from proofs.network import Network
from proofs.network.activations import ACTIVATIONS, Activation, sigmoid, softmax, softplus
from proofs.network.arrays import Array
from proofs.network.costs import COSTS, quadratic

RUNNING_SIZES = [3, 5, 4, 2]
"""The network of all pages; its batch has 6 examples, so that no two sizes are equal."""


def _share(z: Array) -> Array:
    return softplus(z) / softplus(z).sum(axis=0)


def _share_jacobian(z: Array) -> Array:
    return (np.eye(len(z))[:, :, None] - _share(z)[:, None]) * _share_cancels(z)


def _share_cancels(z: Array) -> Array:
    return softplus.prime(z) / softplus(z).sum(axis=0)


# The Jacobian of softmax is symmetric, and so would hide a missing transpose; this one is not.
softplus_share = Activation(
    "softplus over its sum", _share, full=_share_jacobian, cancels=_share_cancels, range=(0, 1)
)


class Case:
    """A network with inputs x (n_1, m) and targets y (n_L, m), and every number it holds."""

    def __init__(self, network: Network, x: object, y: object, name: str = "") -> None:
        self.network = network
        self.x, self.y = network.batch(x, y)
        self.name = name or repr(network)
        self._forward = network.forward(self.x)
        self._partials: dict[tuple[Place, Place], Array] = {}

    @property
    def depth(self) -> int:
        """L, the number of layers."""
        return self.network.L

    @property
    def nabla_a(self) -> Array:
        """dC/da^L_j, shape (n_L, m)."""
        return self.network.cost.gradient(self.value("a", self.depth), self.y)

    def sigma_prime(self, l: int) -> Array:
        """sigma'(z^l), shape (n_l, m); the activation of layer l must be local."""
        return self.network.sigma[l].prime(self.value("z", l))

    def jacobian(self, l: int) -> Array:
        """da^l_k/dz^l_j, shape (n_l, n_l, m)."""
        return self.network.sigma[l].jacobian(self.value("z", l))

    def delta(self, l: int) -> Array:
        """delta^l, measured: shape (n_l, m)."""
        return self.partial(("C", self.depth), ("z", l))

    def examples(self) -> "Iterator[Case]":
        """The examples one by one, each a case of its own."""
        return iter(self._examples)

    @cached_property
    def _examples(self) -> "list[Case]":
        columns = ([x] for x in range(self.x.shape[1]))
        return [Case(self.network, self.x[:, x], self.y[:, x], self.name) for x in columns]

    def value(self, letter: str, layer: int) -> Array:
        """z, a, w, b of a layer, y, C or its average: rows and columns first, examples last."""
        network = self.network
        match letter:
            case "z":
                return self._forward.z[layer]
            case "a":
                return self._forward.a[layer]
            case "w":
                return network.w[layer][:, :, None]
            case "b":
                return network.b[layer]
            case "y":
                return self.y
            case "C":
                return network.cost.value(self._forward.a[self.depth], self.y)
            case "Cbar":
                return self.value("C", self.depth).mean(keepdims=True)
        raise KeyError(letter)

    def partial(self, of: Place, by: Place) -> Array:
        """d(of)/d(by), measured from the definition: see `proofs.measuring.one_number.partial`."""
        if of[0] == "Cbar":
            return self.partial(("C", of[1]), by).mean(axis=-1, keepdims=True)
        if (of, by) not in self._partials:
            self._partials[of, by] = partial(self.network, self.x, self.y, of, by)
        return self._partials[of, by]

    def change(self, of: Place, by: Place, step: float) -> Array:
        """How much `of` changes when one number of `by` grows by the step."""
        return change(self.network, self.x, self.y, of, by, step)

    @cached_property
    def magnitudes(self) -> Magnitudes:
        """The same numbers by magnitude."""
        return Magnitudes(self)

    @cached_property
    def rounded(self) -> "list[Case]":
        """The same case 8 times, every number moved by about one rounding error."""
        return eight_times(self._moved)

    def _moved(self, random: np.random.Generator) -> "Case":
        w = [moved(v, random) for v in self.network.weights]
        b = [moved(v, random) for v in self.network.biases]
        x, y = moved(self.x, random), moved(self.y, random)
        return Case(self.network.with_arrays(w, b), x, y, self.name)


def small_case() -> Case:
    """The network of the page *A small network by hand*: 2-2-2, sigmoid, quadratic cost.

    One bias is ln 3, so that the activation there is exactly 3/4.
    """
    network = Network.from_arrays(
        [[[2, -1], [-1, 1]], [[3, -1], [-2, 2]]],
        [[[log(3)], [-1]], [[-1.75], [0.5]]],
        sigmoid,
        quadratic,
    )
    return Case(network, [[1], [2]], [[0.1], [0.7]], "the small network")


def founding_case() -> Case:
    """z = (1, 2, 3) into softmax, target e_1, quadratic cost: where (38) errs even in the sign."""
    network = Network.from_arrays([np.eye(3)], [np.zeros((3, 1))], softmax, quadratic)
    return Case(
        network, [[1], [2], [3]], [[1], [0], [0]], "softmax at z = (1, 2, 3), y = (1, 0, 0)"
    )


def running_case(**choices: Any) -> Case:
    """The running network of all pages, 3-5-4-2 with a batch of 6; `choices` go to `Network`."""
    network = Network(RUNNING_SIZES, **choices)
    random = np.random.default_rng(6)
    return Case(network, random.standard_normal((3, 6)), _targets("one-hot", 2, 6, random))


@cache
def known_cases() -> tuple[Case, ...]:
    """Cases whose numbers readers have met, where a wrong equation is first shown to be wrong."""
    return (small_case(), founding_case())


@cache
def standard_cases(seeds: int = 1) -> tuple[Case, ...]:
    """The founding case, then every output activation with every cost that is finite on it.

    Each pair meets each of four shapes and one-hot targets, a distribution, or free targets;
    hidden activations are drawn.
    """
    return (founding_case(), *_matrix(seeds))


def _matrix(seeds: int) -> Iterator[Case]:
    activations = (*ACTIVATIONS.values(), softplus_share)
    sizes = (RUNNING_SIZES, [2, 4, 3], [4, 2, 5, 3, 4], [3, 3, 3, 3])
    targets = ("one-hot", "distribution", "free")
    everything = product(range(seeds), activations, COSTS.values(), targets, sizes)
    for seed, (_, output, cost, kind, widths) in enumerate(everything):
        if not (cost.domain[0] <= output.range[0] and output.range[1] <= cost.domain[1]):
            continue
        random = np.random.default_rng(seed)
        inner = [activations[n] for n in random.permutation(len(activations))[2 : len(widths)]]
        network = Network(widths, [*inner, output], cost, seed)
        x = random.standard_normal((widths[0], 6))
        yield Case(network, x, _targets(kind, widths[-1], 6, random))


def _targets(kind: str, n: int, m: int, random: np.random.Generator) -> Array:
    if kind == "one-hot":
        return np.eye(n)[:, random.integers(n, size=m)]
    y = random.uniform(0.05, 0.95, (n, m))
    return y / y.sum(axis=0) if kind == "distribution" else y
