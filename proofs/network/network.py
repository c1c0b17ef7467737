"""The network: its weights, biases, activations and cost, and the forward pass (23)-(25)."""

from collections.abc import Sequence
from copy import copy
from typing import NamedTuple, Self

import numpy as np

from proofs.network.activations import ACTIVATIONS, Activation, sigmoid
from proofs.network.arrays import Array, as_list, columns, own_array
from proofs.network.costs import COSTS, Cost, quadratic


class Forward(NamedTuple):
    """The weighted inputs z[l], l = 2..L, and the activations a[l], l = 1..L, keyed by layer."""

    z: dict[int, Array]
    a: dict[int, Array]


class Network:
    """A layered network in the book's numbering: layer 1 is the input, layer L the output.

    `w[l]` has shape (n_l, n_{l-1}): w[l][j, k] leads from neuron k of layer l-1 to neuron j.
    `b[l]` has shape (n_l, 1), `sigma[l]` is the activation of layer l; all three for l = 2..L.

    Parameters: `sizes` n_1 to n_L, at least two; `activations`, one for all layers or one for each
    of the layers 2..L; `cost`; `seed` of the Gaussian weights and biases.
    Raises ValueError or TypeError naming what was expected and what came.

    >>> network = Network([3, 5, 2])
    >>> network.L, network.w[2].shape, network.b[3].shape
    (3, (5, 3), (2, 1))
    """

    def __init__(
        self,
        sizes: Sequence[int],
        activations: Activation | Sequence[Activation] = sigmoid,
        cost: Cost = quadratic,
        seed: int = 0,
    ) -> None:
        sizes = _checked_sizes(sizes)
        random = np.random.default_rng(seed)
        pairs = list(zip(sizes[1:], sizes, strict=False))
        # Divided by the root of the fan-in, so that z stays of the order of 1 at any width.
        weights = [random.standard_normal((n, before)) / np.sqrt(before) for n, before in pairs]
        biases = [random.standard_normal((n, 1)) for n, _ in pairs]
        self._set(weights, biases, activations, cost)

    @classmethod
    def from_arrays(
        cls,
        weights: Sequence[object],
        biases: Sequence[object],
        activations: Activation | Sequence[Activation] = sigmoid,
        cost: Cost = quadratic,
    ) -> Self:
        """A network of given weights (n_l, n_{l-1}) and biases (n_l, 1), lists from layer 2 to L.

        The arrays are copied. Raises ValueError or TypeError naming what was expected and came.
        """
        network = cls.__new__(cls)
        network._set(weights, biases, activations, cost)  # noqa: SLF001 - it is this very class
        return network

    def with_arrays(self, weights: Sequence[object], biases: Sequence[object]) -> Self:
        """The same network with other weights and biases, lists as in `from_arrays`."""
        return self.from_arrays(weights, biases, list(self.sigma.values()), self.cost)

    def with_functions(
        self, activations: Sequence[Activation] | None = None, cost: Cost | None = None
    ) -> Self:
        """The same weights and biases, not copied, with an activation a layer 2..L, a cost, or
        both."""
        network = copy(self)
        network.w, network.b = dict(self.w), dict(self.b)
        sigma = list(self.sigma.values()) if activations is None else activations
        network._set_functions(sigma, self.cost if cost is None else cost)  # noqa: SLF001
        return network

    def _set(
        self,
        weights: Sequence[object],
        biases: Sequence[object],
        activations: Activation | Sequence[Activation],
        cost: Cost,
    ) -> None:
        weights = as_list("weights", weights, "a list of one matrix for each layer 2..L")
        biases = as_list("biases", biases, "a list of one column for each layer 2..L")
        if not weights or len(weights) != len(biases):
            raise ValueError(
                "weights and biases: expected one of each for every layer 2..L, "
                f"got {len(weights)} weights and {len(biases)} biases"
            )
        self.L = len(weights) + 1
        self.w: dict[int, Array] = {}
        self.b: dict[int, Array] = {}
        before: int | None = None
        for l, (w, b) in enumerate(zip(weights, biases, strict=True), start=2):
            hint = "Rows are the neurons of the layer, columns those of the layer before."
            self.w[l] = own_array(f"weights of layer {l}", w, (None, before), hint)
            before = len(self.w[l])
            hint = "A bias is a column."
            self.b[l] = own_array(f"biases of layer {l}", b, (before, 1), hint)
        self._set_functions(activations, cost)

    def _set_functions(self, activations: Activation | Sequence[Activation], cost: Cost) -> None:
        self.sigma = dict(enumerate(_checked_activations(activations, self.L), start=2))
        if not isinstance(cost, Cost):
            raise TypeError(f"cost: expected one of {', '.join(COSTS)}, got {cost!r}")
        self.cost = cost

    @property
    def layers(self) -> range:
        """The layers that have weights: 2..L."""
        return range(2, self.L + 1)

    @property
    def sizes(self) -> list[int]:
        """The widths n_1 to n_L."""
        return [self.w[2].shape[1], *(len(self.w[l]) for l in self.layers)]

    @property
    def weights(self) -> list[Array]:
        """The weights as the book lists them, from layer 2 to L."""
        return list(self.w.values())

    @property
    def biases(self) -> list[Array]:
        """The biases as the book lists them, from layer 2 to L."""
        return list(self.b.values())

    def forward(self, x: object) -> Forward:
        """The forward pass (25) over a batch x of shape (n_1, m): z and a of every layer.

        Raises ValueError or TypeError when x is not such a batch.
        """
        return self.through(columns("x", x, self.sizes[0]))

    def through(self, x: Array) -> Forward:
        """The same of an array that is such a batch, which is not copied."""
        a, z = {1: x}, {}
        for l in self.layers:
            z[l] = self.w[l] @ a[l - 1] + self.b[l]
            a[l] = self.sigma[l](z[l])
        return Forward(z, a)

    def average_cost(self, x: object, y: object) -> float:
        """C = (1/m) sum over x of C_x, for inputs x (n_1, m) and targets y (n_L, m).

        Equation (26), for any cost. Raises ValueError or TypeError when x and y do not fit.
        """
        x, y = self.batch(x, y)
        return float(self.cost.value(self.forward(x).a[self.L], y).mean())

    def batch(self, x: object, y: object) -> tuple[Array, Array]:
        """x and y as read-only columns, one target for each example, or an error that says why."""
        x, y = columns("x", x, self.sizes[0]), columns("y", y, self.sizes[-1])
        if x.shape[1] != y.shape[1]:
            raise ValueError(
                f"x and y: expected as many targets as examples, got {x.shape[1]} columns in x "
                f"and {y.shape[1]} in y"
            )
        return x, y

    def __repr__(self) -> str:
        sizes = "-".join(map(str, self.sizes))
        return f"{sizes} {', '.join(s.name for s in self.sigma.values())}; {self.cost} cost"


def _checked_sizes(sizes: Sequence[int]) -> list[int]:
    wanted = "at least two whole numbers of at least 1"
    wrong = f"sizes: expected {wanted}, got {sizes!r}"
    if isinstance(sizes, np.ndarray):
        sizes = sizes.tolist()
    sizes = as_list("sizes", sizes, wanted)
    if not all(isinstance(n, int | np.integer) and not isinstance(n, bool) for n in sizes):
        raise TypeError(wrong)
    if len(sizes) < 2 or min(sizes) < 1:
        raise ValueError(wrong)
    return [int(n) for n in sizes]


def _checked_activations(
    activations: Activation | Sequence[Activation], L: int
) -> list[Activation]:
    if isinstance(activations, Activation):
        activations = [activations] * (L - 1)
    known = f"activation functions; choose from {', '.join(ACTIVATIONS)}"
    activations = as_list("activations", activations, known)
    if not all(isinstance(f, Activation) for f in activations):
        raise TypeError(f"activations: expected {known}, got {activations!r}")
    if len(activations) != L - 1:
        raise ValueError(
            f"activations: expected one, or one for each of the layers 2..{L}, "
            f"got {len(activations)}"
        )
    return activations
