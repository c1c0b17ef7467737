"""Numbers that are read in many places: a kernel, a row of an embedding, a stream, a state."""

import numpy as np

from proofs.network.arrays import Array


def places(a: Array, q: int, width: int, stride: int) -> Array:
    """What number q of a kernel meets: every `stride`-th place from q on, zeros outside."""
    outside = np.zeros((*a.shape[:-1], width - 1))
    return np.concatenate([a, outside], axis=-1)[..., q : q + a.shape[-1] : stride]


def convolution(a: Array, w: Array, b: Array, r: Array) -> Array:
    """z_p = sum over q of w_q a_{rp + q} + b, for every p with rp inside."""
    width = w.shape[-1]
    read = [w[..., [q]] * places(a, q, width, int(r.flat[0])) for q in range(width)]
    return sum(read) + b[..., None]


def convolution_backward(dz: Array, a: Array, w: Array, r: Array) -> tuple[Array, Array, Array]:
    """The errors of input, kernel and bias: (conv-a), (conv-w) and (conv-b)."""
    stride, width, n = int(r.flat[0]), w.shape[-1], a.shape[-1]
    da, dw = np.zeros((*a.shape[:-1], n + width - 1)), np.zeros(w.shape)
    for q in range(width):
        da[..., q : q + n : stride] += w[..., [q]] * dz
        dw[..., q] = (dz * places(a, q, width, stride)).sum(axis=-1)
    return da[..., :n], dw, dz.sum(axis=-1)


def embedding(E: Array, v: Array) -> Array:
    """a_p is row v_p of E."""
    return E[..., v.astype(int).ravel(), :]


def embedding_backward(da: Array, v: Array, E: Array) -> Array:
    """Each place adds its error to the row that it has read: claim (emb)."""
    dE = np.zeros(E.shape)
    for p, row in enumerate(v.astype(int).ravel()):
        dE[..., row, :] += da[..., p, :]
    return dE


def affine(w: Array, a: Array) -> Array:
    """Row by row, w a."""
    return np.einsum("...kj,...j->...k", w, a)


def copied(w: Array, places: int) -> Array:
    """The same matrix at every place."""
    return np.repeat(w[..., None, :, :], places, axis=-3)


def state_backward(do: Array, dz_next: Array, w: Array, a: Array) -> Array:
    """The error of a state with two readers, its own output and the next time: claim (BPTT)."""
    return (do + affine(w.swapaxes(-1, -2), dz_next)) * (1 - a * a)
