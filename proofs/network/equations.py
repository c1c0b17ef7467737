"""The four equations, as a learner writes them in NumPy, and backprop, which chains them.

Columns are examples: nabla_a, delta, sigma_prime have shape (n_l, m).
"""

from typing import NamedTuple

import numpy as np

from proofs.network import Network
from proofs.network.arrays import Array


def bp1(nabla_a: Array, sigma_prime: Array) -> Array:
    """The error at the output, delta^L = nabla_a C * sigma'(z^L): equation (BP1a).

    For a local activation, whose a_k depends on z_k alone; all shapes are (n_L, m).
    """
    return nabla_a * sigma_prime


def bp1_full(nabla_a: Array, J: Array) -> Array:
    """The error at the output for any activation, the sum over k of (37): shape (n_L, m).

    J[k, j] is the derivative of a_k with respect to z_j, for each example: shape (n_L, n_L, m).
    """
    return np.einsum("kx,kjx->jx", nabla_a, J)


def bp2(w: Array, delta: Array, sigma_prime: Array) -> Array:
    """The error of layer l, delta^l = (w^T delta) * sigma'(z^l): equation (BP2), shape (n_l, m).

    w and delta are those of layer l + 1.
    """
    return (w.T @ delta) * sigma_prime


def bp2_full(w: Array, delta: Array, J: Array) -> Array:
    """The error of layer l for any activation, delta^l = J^T w^T delta: shape (n_l, m)."""
    return bp1_full(w.T @ delta, J)


def bp3(delta: Array) -> Array:
    """The gradient of the biases, delta^l averaged over the examples: (BP3), shape (n_l, 1)."""
    return delta.mean(axis=1, keepdims=True)


def bp4(a: Array, delta: Array) -> Array:
    """The gradient of the weights, a^{l-1}_k delta^l_j averaged over the examples: (BP4).

    Its shape is that of the weights, (n_l, n_{l-1}); a is the activation of layer l - 1.
    """
    return delta @ a.T / delta.shape[1]


class Gradients(NamedTuple):
    """The errors of all examples and the gradients of the average cost, keyed by layer 2..L.

    delta[l] has shape (n_l, m), nabla_b[l] (n_l, 1), nabla_w[l] (n_l, n_{l-1}).
    """

    delta: dict[int, Array]
    nabla_b: dict[int, Array]
    nabla_w: dict[int, Array]


def backprop(network: Network, x: object, y: object) -> Gradients:
    """The backward pass: BP1, then BP2 from layer L-1 down to 2, then BP3 and BP4.

    x has shape (n_1, m), y has shape (n_L, m); raises ValueError or TypeError otherwise.
    """
    x, y = network.batch(x, y)
    z, a = network.forward(x)
    w, sigma, L = network.w, network.sigma, network.L

    nabla_a = network.cost.gradient(a[L], y)
    if sigma[L].local:
        delta = {L: bp1(nabla_a, sigma[L].prime(z[L]))}
    else:
        delta = {L: bp1_full(nabla_a, sigma[L].jacobian(z[L]))}
    for l in range(L - 1, 1, -1):
        if sigma[l].local:
            delta[l] = bp2(w[l + 1], delta[l + 1], sigma[l].prime(z[l]))
        else:
            delta[l] = bp2_full(w[l + 1], delta[l + 1], sigma[l].jacobian(z[l]))

    nabla_b = {l: bp3(delta[l]) for l in network.layers}
    nabla_w = {l: bp4(a[l - 1], delta[l]) for l in network.layers}
    return Gradients(delta, nabla_b, nabla_w)
