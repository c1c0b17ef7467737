"""Windows with several channels: convolution with stride and dilation, and average pooling."""

import numpy as np

from proofs.network.arrays import Array


def reach(a: Array, q: int, width: int, r: Array, d: Array) -> Array:
    """What number q of a kernel meets: every r-th place from d q on, zeros outside."""
    stride, start = int(r.flat[0]), q * int(d.flat[0])
    outside = [(0, 0)] * (a.ndim - 1) + [(0, width * int(d.flat[0]))]
    return np.pad(a, outside)[..., start : start + a.shape[-1] : stride]


def channels(a: Array, w: Array, b: Array, r: Array, d: Array) -> Array:
    """z_jp = sum over k and q of w_jkq a_{k, rp + dq} + b_j, for every p with rp inside."""
    width = w.shape[-1]
    read = [
        np.einsum("...jk,...kp->...jp", w[..., q], reach(a, q, width, r, d)) for q in range(width)
    ]
    return np.sum(read, axis=0) + b[..., None]


def channels_backward(dz: Array, a: Array, w: Array, r: Array, d: Array) -> tuple[Array, ...]:
    """The errors of input, kernels and biases: (ch-a), (ch-w) and (ch-b)."""
    width, n = w.shape[-1], a.shape[-1]
    stride, dilation = int(r.flat[0]), int(d.flat[0])
    da, dw = np.zeros((*a.shape[:-1], n + width * dilation)), np.zeros(w.shape)
    for q in range(width):
        start = q * dilation
        da[..., start : start + n : stride] += np.einsum("...jk,...jp->...kp", w[..., q], dz)
        dw[..., q] = np.einsum("...jp,...kp->...jk", dz, reach(a, q, width, r, d))
    return da[..., :n], dw, dz.sum(axis=-1)


def covered(M: Array, z: Array) -> Array:
    """The mean of each window; M has a one where window p covers number i."""
    return (M @ z[..., None])[..., 0] / M.sum(axis=-1)


def average_pooling_backward(da: Array, M: Array) -> Array:
    """Each number gets its share of the errors of the windows that cover it: claim (avg)."""
    return (da[..., None] * M / M.sum(axis=-1, keepdims=True)).sum(axis=-2)
