"""Cells: a state that is carried through time by gates, as in an LSTM."""

import numpy as np

from proofs.network.arrays import Array
from proofs.network.layers.sharing import affine


def next_cell(f: Array, c: Array, v: Array) -> Array:
    """u = f c + v: of the cell the share that the forget gate keeps, and what comes in."""
    return f * c + v


def cell_backward(da: Array, du: Array, c: Array, o: Array, f: Array) -> Array:
    """The error of a cell with two readers, its own output and the next time: claim (LSTM-c)."""
    return da * o * (1 - np.tanh(c) ** 2) + du * f


def gate_backward(du: Array, c: Array, f: Array) -> Array:
    """The error of the weighted input of a gate that lets through a share of c: claim (LSTM-f)."""
    return du * c * f * (1 - f)


def over_time(w: Array, a: Array) -> Array:
    """At every time, a row each, the weighted input that the state of the time before gives."""
    return np.einsum("...kj,...pj->...pk", w, a)


def over_time_backward(du: Array, a: Array) -> Array:
    """The gradient of weights that all times share: claim (BPTT-w)."""
    return np.einsum("...pk,...pj->...kj", du, a)


def turn(w: Array, a: Array, x: Array) -> Array:
    """The weighted input of the next state: w a + x."""
    return affine(w, a) + x


def states(u: Array, v: Array, x: Array) -> Array:
    """All states from the weighted input of the first on, a row for each time.

    a_{p+1} = tanh(v a_p + x_p), as many further times as there are rows of x.
    """
    found = [np.tanh(u)]
    for p in range(x.shape[-2]):
        found.append(np.tanh(turn(v, found[-1], x[..., p, :])))
    return np.stack(np.broadcast_arrays(*found), axis=-2)


def through_time_backward(da: Array, w: Array, a: Array, later: Array) -> Array:
    """The gradient of the weights of a recurrent network, from its last time to its first.

    a is the state before the first time, `later` has all states after it, a row for each time, and
    da what the output of each time sends back to its own state: claims (BPTT) and (BPTT-T).
    """
    dw, du = np.zeros(w.shape), np.zeros(a.shape)
    for p in reversed(range(later.shape[-2])):
        before = later[..., p - 1, :] if p else a
        du = (da[..., p, :] + affine(w.swapaxes(-1, -2), du)) * (1 - later[..., p, :] ** 2)
        dw += du[..., :, None] * before[..., None, :]
    return dw
