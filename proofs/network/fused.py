"""The cost as a function of the weighted inputs z^L, written so that saturation does not hide it.

Softmax followed by the log-likelihood, or sigmoid by the cross-entropy, is log(0) once an output
rounds to 0 or 1; the same function of z, with the logarithm taken first, is finite for every z.
"""

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from proofs.network.activations import Activation, sigmoid, softmax, softplus
from proofs.network.arrays import Array
from proofs.network.costs import Cost, along, cross_entropy, log_likelihood


def cost_of_z(cost: Cost, sigma: Activation) -> Callable[[Array, Array], Array]:
    """C_x as a function of z^L and y, both (n_L, m); the result has shape (m,).

    It is C(sigma(z^L), y) for every activation and cost, and stays finite where that overflows.
    """
    if cost.of_z is not None:
        return cost.of_z
    if cost.of is not None:
        inner = cost_of_z(cost.of, sigma)
        return lambda z, y: cost.counts(y) * inner(z, cost.targets(y))
    if cost.positives and sigma is sigmoid:
        return partial(sigmoid_cross_entropy, p=cost.positives)
    fused = _FUSED.get((cost.name, sigma.name))
    return fused or (lambda z, y: cost.value(sigma(z), y))


def fusible(cost: Cost, sigma: Activation) -> bool:
    """Whether cost and activation have such a form together."""
    while cost.of is not None:
        cost = cost.of
    written = cost.of_z is not None or (cost.name, sigma.name) in _FUSED
    return written or bool(cost.positives and sigma is sigmoid)


def softmax_log_likelihood(z: Array, y: Array) -> Array:
    """The categorical cross-entropy of softmax(z), shape (m,): equation (F-LL)."""
    # -sum of y_k ln a_k, where ln a_k = z_k - ln(sum of exp z).
    z = z - z.real.max(axis=0)
    return y.sum(axis=0) * np.log(np.exp(z).sum(axis=0)) - (y * z).sum(axis=0)


def sigmoid_cross_entropy(z: Array, y: Array, p: Sequence[float] = (1.0,)) -> Array:
    """The binary cross-entropy of sigmoid(z), shape (m,): equation (F-CE).

    y ln a counts p times, at each output or at all.
    """
    # -ln sigma(z) is softplus(-z), and -ln(1 - sigma(z)) is softplus(z): both are softplus(-|z|)
    # beside -z or z, where that is above 0.
    yes, no, above = along(p, y) * y, 1 - y, z.real > 0
    costs = (yes + no) * softplus(np.where(above, -z, z)) + np.where(above, no, -yes) * z
    return costs.sum(axis=0)


def _sigmoid_log_likelihood(z: Array, y: Array) -> Array:
    return (y * softplus(-z)).sum(axis=0)


def _softplus_log_likelihood(z: Array, y: Array) -> Array:
    # Far below 0 softplus is e^z, whose logarithm is z.
    far = z.real < -40
    return -(y * np.where(far, z, np.log(softplus(np.where(far, 0, z))))).sum(axis=0)


_FUSED = {
    (log_likelihood.name, softmax.name): softmax_log_likelihood,
    (cross_entropy.name, sigmoid.name): sigmoid_cross_entropy,
    (log_likelihood.name, sigmoid.name): _sigmoid_log_likelihood,
    (log_likelihood.name, softplus.name): _softplus_log_likelihood,
}
