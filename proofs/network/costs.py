"""Costs C_x of one example as functions of the output activations a^L, and their gradients.

`value` takes a and y of shape (n, m) and returns C_x for each example x, shape (m,).
`gradient` returns dC_x/da_j, shape (n, m).
The cost of a batch is the average over x, equation (26): that average is taken once, by `Network`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from proofs.network.arrays import Array


@dataclass(frozen=True)
class Cost:
    """A cost of one example as a function of the outputs, and its gradient with respect to them.

    `quadratic` is half the sum of the squares, (27); `cross_entropy` the binary cross-entropy, one
    per output, (63); `log_likelihood` the categorical cross-entropy, (80), which is PyTorch's
    CrossEntropyLoss of the weighted inputs.
    """

    name: str
    value: Callable[[Array, Array], Array]
    gradient: Callable[[Array, Array], Array]
    domain: tuple[float, float] = (-np.inf, np.inf)
    """The open interval of activations on which the cost is finite for every target."""

    def __repr__(self) -> str:
        return self.name


def _times_log(y: Array, a: Array) -> Array:
    """y ln a, where 0 ln 0 counts as 0."""
    with np.errstate(divide="ignore"):
        return y * np.log(np.where(y == 0, 1, a))


def _over(y: Array, a: Array) -> Array:
    """y / a, where 0 / 0 counts as 0."""
    with np.errstate(divide="ignore"):
        return y / np.where(y == 0, 1, a)


quadratic = Cost(
    "quadratic",
    value=lambda a, y: ((a - y) ** 2).sum(axis=0) / 2,
    gradient=lambda a, y: a - y,
)
cross_entropy = Cost(
    "cross_entropy",
    value=lambda a, y: -(_times_log(y, a) + _times_log(1 - y, 1 - a)).sum(axis=0),
    gradient=lambda a, y: _over(1 - y, 1 - a) - _over(y, a),
    domain=(0, 1),
)
log_likelihood = Cost(
    "log_likelihood",
    value=lambda a, y: -_times_log(y, a).sum(axis=0),
    gradient=lambda a, y: -_over(y, a),
    domain=(0, np.inf),
)

COSTS = {cost.name: cost for cost in (quadratic, cross_entropy, log_likelihood)}
