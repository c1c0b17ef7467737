"""Cells: a state that is carried through time by gates, as in an LSTM."""

import numpy as np

from proofs.network.arrays import Array


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
