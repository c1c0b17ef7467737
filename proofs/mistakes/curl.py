"""Is what a backward pass returns the gradient of anything at all?

A field is the gradient of some function only if its Jacobian is symmetric: the order of two
derivatives does not matter. What is left when the Jacobian is compared with its transpose is its
curl. A wrong backward pass without curl follows the gradient of another cost.
"""

import numpy as np

from proofs.measuring.cases import Case
from proofs.mistakes.catalogue import Backprop
from proofs.network.arrays import Array

STEP = 2.0**-17
"""Near the cube root of a rounding: there a central difference errs least."""


def curl(backprop: Backprop, case: Case) -> float:
    """The antisymmetric part of the Jacobian of what `backprop` returns, as a fraction of its size.

    0 for a gradient, up to the error of central differences; 1 if nothing is symmetric.
    `backprop` returns (nabla_b, nabla_w) or a mapping with both.
    """
    J = jacobian(backprop, case)
    return float(np.linalg.norm(J - J.T) / (np.linalg.norm(J + J.T) + np.linalg.norm(J - J.T)))


def jacobian(backprop: Backprop, case: Case) -> Array:
    """How every number that `backprop` returns moves with every bias and weight, in one order."""
    network = case.network
    arrays = [*network.biases, *network.weights]
    start = np.concatenate([array.ravel() for array in arrays])

    def field(parameters: Array) -> Array:
        ends = np.cumsum([array.size for array in arrays])[:-1]
        parts = [
            part.reshape(array.shape)
            for part, array in zip(np.split(parameters, ends), arrays, strict=True)
        ]
        half = len(parts) // 2
        found = backprop(parts[half:], parts[:half], case.x.copy(), case.y.copy())
        nablas = [found[n] for n in ("nabla_b", "nabla_w")] if isinstance(found, dict) else found
        return np.concatenate([np.ravel(nabla) for layers in nablas for nabla in layers])

    columns = [
        (field(start + push) - field(start - push)) / (2 * STEP)
        for push in STEP * np.eye(len(start))
    ]
    return np.stack(columns, axis=1)
