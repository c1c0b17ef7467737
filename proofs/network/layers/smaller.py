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


def below(z: Array) -> Array:
    """The share of a standard normal distribution that lies below z, by its series: exact for GELU.

    Forty terms are enough where z is at most 4 away from zero.
    """
    n = np.arange(40)
    terms = np.cumprod(z[..., None] ** 2 / (2 * n + 3), axis=-1)
    return 0.5 + bell(z) * z * (1 + terms.sum(axis=-1))


def bell(z: Array) -> Array:
    """The density of a standard normal distribution, the slope of `below`."""
    return np.exp(-z * z / 2) / np.sqrt(2 * np.pi)


def gelu_backward(da: Array, z: Array, g: Array) -> Array:
    """The error of z where a is z times the share g below it: claim (GELU)."""
    return da * (g + z * bell(z))


KAPPA, CUBE = np.sqrt(2 / np.pi), 0.044715
"""The constants of GELU's approximation by tanh."""


def below_by_tanh(z: Array) -> Array:
    """The share below z, nearly: off by less than 0.0005."""
    return (1 + np.tanh(KAPPA * (z + CUBE * z**3))) / 2


def gelu_tanh_backward(da: Array, z: Array, g: Array) -> Array:
    """The error of z where the share is `below_by_tanh`: claim (GELU-t)."""
    return da * (g + 2 * KAPPA * z * g * (1 - g) * (1 + 3 * CUBE * z * z))


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
