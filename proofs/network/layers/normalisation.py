"""Normalisation: numbers that share a mean and a spread.

What is normalised together stands along the last axis: for layer norm and RMSNorm the numbers of
one position, for batch norm the examples of a batch, if the examples are columns.
"""

import numpy as np

from proofs.network.arrays import Array


def mean(z: Array) -> Array:
    """mu, the mean of all."""
    return z.mean(axis=-1)


def centred(z: Array, mu: Array) -> Array:
    """How far each lies from the mean."""
    return z - mu[..., None]


def spread(d: Array, eps: Array) -> Array:
    """s, the root of the mean square; eps keeps it from zero."""
    return np.sqrt((d * d).mean(axis=-1) + eps)


def divided(d: Array, s: Array) -> Array:
    """What is normalised, in units of the spread."""
    return d / s[..., None]


def scaled(zhat: Array, gamma: Array, beta: Array) -> Array:
    """a = gamma zhat + beta, with a gamma and a beta for each number."""
    return gamma * zhat + beta


def scaled_together(zhat: Array, gamma: Array, beta: Array) -> Array:
    """a = gamma zhat + beta, with one gamma and one beta for all examples of a batch."""
    return gamma[..., None] * zhat + beta[..., None]


def normalise_backward(dzhat: Array, zhat: Array, s: Array) -> Array:
    """The errors before the normalisation from those after it: claim (N)."""
    common = dzhat.mean(axis=-1, keepdims=True)
    along = (dzhat * zhat).mean(axis=-1, keepdims=True)
    return (dzhat - common - zhat * along) / s[..., None]


def rms_backward(dzhat: Array, zhat: Array, s: Array) -> Array:
    """The same where no mean is taken off: claim (RMS)."""
    along = (dzhat * zhat).mean(axis=-1, keepdims=True)
    return (dzhat - zhat * along) / s[..., None]


def batch_norm_backward(
    da: Array, zhat: Array, s: Array, gamma: Array
) -> tuple[Array, Array, Array]:
    """The errors of z, gamma and beta, examples along the last axis: (BN), (BN-g), (BN-b)."""
    dz = normalise_backward(gamma[..., None] * da, zhat, s)
    return dz, (da * zhat).sum(axis=-1), da.sum(axis=-1)


def together(z: Array) -> Array:
    """What is normalised together, examples and places, along one axis."""
    return z.reshape(*z.shape[:-2], -1)


def batch_norm_image_backward(
    da: Array, zhat: Array, s: Array, gamma: Array
) -> tuple[Array, Array, Array]:
    """The same for one channel of images, examples and places the last axes: (BN-i), (BN-ig)."""
    dz, dgamma, dbeta = batch_norm_backward(together(da), together(zhat), s, gamma)
    return dz.reshape(zhat.shape), dgamma, dbeta
