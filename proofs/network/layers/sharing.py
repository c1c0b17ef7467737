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


def shifted(a: Array, i: int, j: int) -> Array:
    """The image as number i, j of a kernel meets it: from there on, zeros outside."""
    outside = [(0, 0)] * (a.ndim - 2) + [(0, i), (0, j)]
    return np.pad(a, outside)[..., i:, j:]


def image_convolution(a: Array, w: Array, b: Array) -> Array:
    """z_pq = sum over i and j of w_ij a_{p + i, q + j} + b, as many as there are inputs."""
    kernel = np.ndindex(*w.shape[-2:])
    read = [w[..., [i], :][..., [j]] * shifted(a, i, j) for i, j in kernel]
    return np.sum(read, axis=0) + b[..., None, None]


def image_convolution_backward(dz: Array, a: Array, w: Array) -> tuple[Array, Array, Array]:
    """The errors of image, kernel and bias: (img-a), (img-w) and (img-b)."""
    da, dw = np.zeros(a.shape), np.zeros(w.shape)
    rows, columns = a.shape[-2:]
    for i, j in np.ndindex(*w.shape[-2:]):
        da[..., i:, j:] += w[..., [i], :][..., [j]] * dz[..., : rows - i, : columns - j]
        dw[..., i, j] = (dz * shifted(a, i, j)).sum(axis=(-1, -2))
    return da, dw, dz.sum(axis=(-1, -2))


def winners(z: Array, width: Array) -> Array:
    """For each window of neighbours, one at its largest number and 0 elsewhere."""
    size = int(width.flat[0])
    n = z.shape[-1]
    M = np.zeros((*z.shape[:-1], n - size + 1, n))
    for p in range(n - size + 1):
        largest = p + z.real[..., p : p + size].argmax(axis=-1)
        np.put_along_axis(M[..., p, :], largest[..., None], 1.0, axis=-1)
    return M


def picked(M: Array, z: Array) -> Array:
    """Of each window the number that the mask has."""
    return (M * z[..., None, :]).sum(axis=-1)


def pooling_backward(da: Array, M: Array) -> Array:
    """Each number gets the errors of the windows that it has won: claim (pool)."""
    return (M * da[..., None]).sum(axis=-2)


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


def residual_backward(da: Array, F: Array, w: Array) -> Array:
    """The error of a stream whose branch is F = tanh(w z): claim (res)."""
    return da + affine(w.swapaxes(-1, -2), da * (1 - F * F))


def copied(w: Array, places: int) -> Array:
    """The same matrix at every place."""
    return np.repeat(w[..., None, :, :], places, axis=-3)


def copied_backward(du: Array) -> Array:
    """The gradient of what was copied: claim (tie)."""
    return du.sum(axis=-3)


def state_backward(do: Array, dz_next: Array, w: Array, a: Array) -> Array:
    """The error of a state with two readers, its own output and the next time: claim (BPTT)."""
    return (do + affine(w.swapaxes(-1, -2), dz_next)) * (1 - a * a)
