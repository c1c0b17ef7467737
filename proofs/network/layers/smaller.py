"""Dropout, gates, and the cost of a text: small layers, each in a line or two."""

import numpy as np

from proofs.network.arrays import Array


def gate(z: Array) -> Array:
    """The sigmoid of each number."""
    return 1 / (1 + np.exp(-z))


def silu_backward(da: Array, z: Array) -> Array:
    """The error of z where a is z times its own gate: claim (SiLU)."""
    g = gate(z)
    a = z * g
    return da * (a + g * (1 - a))


def swiglu_backward(da: Array, z: Array, u: Array) -> tuple[Array, Array]:
    """The errors of the two branches where a is silu(z) times u: (GLU-z) and (GLU-u)."""
    return silu_backward(da * u, z), da * z * gate(z)


def softmax(z: Array) -> Array:
    """The softmax of each row."""
    e = np.exp(z - z.real.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def weighted_cross_entropy(a: Array, y: Array, g: Array) -> Array:
    """The cross-entropies of all places, averaged with the weights g."""
    each = -(y * np.log(a)).sum(axis=-1)
    return (g * each).sum(axis=-1) / g.sum(axis=-1)


def weighted_cross_entropy_backward(a: Array, y: Array, g: Array) -> Array:
    """The errors of the weighted inputs of all places: claim (text)."""
    return (g / g.sum(axis=-1, keepdims=True))[..., None] * (a - y)
