"""Attention: every position takes a share of the values of those that it may look at.

Q and K have shape (..., T, n), V has (..., T, m), and M (T, T) is 1 where row j may look at
column k and 0 elsewhere; a row has at least one 1.
"""

import numpy as np

from proofs.network.arrays import Array


def scores(Q: Array, K: Array) -> Array:
    """How well the query of row j and the key of column k agree, S = Q K^T / sqrt(n)."""
    return Q @ K.swapaxes(-1, -2) / np.sqrt(Q.shape[-1])


def weighed(S: Array, M: Array) -> Array:
    """The exponentials of the scores, where the mask allows them."""
    return M * np.exp(S)


def all_of(E: Array) -> Array:
    """What each row has together."""
    return E.sum(axis=-1, keepdims=True)


def shares(E: Array, N: Array) -> Array:
    """The softmax of each row."""
    return E / N


def mixed(P: Array, V: Array) -> Array:
    """The values, mixed by the shares of each row."""
    return P @ V


def softmax_backward(dP: Array, P: Array) -> Array:
    """The errors of the scores from those of the shares, a row at a time: claim (dS)."""
    return P * (dP - (dP * P).sum(axis=-1, keepdims=True))


def attention_backward(
    dO: Array, Q: Array, K: Array, V: Array, P: Array
) -> tuple[Array, Array, Array]:
    """The errors of queries, keys and values from those of the outputs: (dQ), (dK), (dV)."""
    dP = dO @ V.swapaxes(-1, -2)
    dS = softmax_backward(dP, P) / np.sqrt(Q.shape[-1])
    return dS @ K, dS.swapaxes(-1, -2) @ Q, P.swapaxes(-1, -2) @ dO
