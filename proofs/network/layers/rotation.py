"""Rotary positions: pairs of numbers turned by an angle that grows with the position."""

import numpy as np

from proofs.network.arrays import Array


def turned(z: Array, u: Array, t: Array) -> tuple[Array, Array]:
    """Each pair z_j, u_j, turned by the angle t_j."""
    return np.cos(t) * z - np.sin(t) * u, np.sin(t) * z + np.cos(t) * u


def turned_backward(da: Array, do: Array, t: Array) -> tuple[Array, Array]:
    """The errors of a pair: those after the rotation, turned back: claims (RoPE), (RoPE-u)."""
    return turned(da, do, -t)
