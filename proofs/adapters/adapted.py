"""What every adapter returns."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from proofs.network import Network
from proofs.network.arrays import Array

LEARNING_RATE = "learning rate"
"""Under this key what was called says at which rate its gradients were read off an update."""


class UnreadError(ValueError):
    """A step that ran, and of which no gradients can be read."""


@dataclass(frozen=True)
class Adapted:
    """Somebody's backward pass, and the network that it was found with.

    `network` has the object's own weights, activations and cost.
    Called with weights and biases, lists from layer 2 to L, inputs x (n_1, m) and targets y
    (n_L, m), it runs the object with those and returns what the object computes: (nabla_b, nabla_w)
    or a mapping with z, a, delta as well, examples as columns, gradients of the average cost.
    """

    network: Network
    run: Callable[[Sequence[Array], Sequence[Array], Array, Array], Any]

    def __call__(
        self, weights: Sequence[Array], biases: Sequence[Array], x: Array, y: Array
    ) -> Any:
        """What the object computes on x and y with these weights and biases."""
        return self.run(weights, biases, x, y)

    def __repr__(self) -> str:
        return f"Adapted({self.network!r})"


def require_depth(weights: Sequence[Array], layers: Sequence[Any]) -> None:
    """Raise ValueError unless there are weights for each layer that the object has."""
    if len(weights) != len(layers):
        raise ValueError(
            f"weights: expected {len(layers)}, a matrix for each layer of the object, "
            f"got {len(weights)}"
        )
