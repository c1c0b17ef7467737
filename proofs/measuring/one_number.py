"""The numeric witness: derivatives from the definition, by pushing one number and running forward.

The push is imaginary: f'(v) = Im f(v + ih) / h, exact to rounding, because nothing is subtracted.
(Squire and Trapp, SIAM Review 40, 1998.)
No chain rule and none of the four equations occurs in this file.
"""

import numpy as np

from proofs.network import Network
from proofs.network.arrays import Array

Place = tuple[str, int]
"""A letter and a layer: ("z", 3) stands for z^3; ("C", L) for the cost."""

h = 2.0**-70
"""So small that rounding loses h squared, yet so large that saturated layers do not underflow."""


def run(network: Network, here: Place, value: Array, there: Place, y: Array) -> Array:
    """The forward pass from `here`, set to `value` of shape (n, m), to `there`; y are the targets.

    Returns z or a of layer l, shape (n_l, m), or the costs C_x, shape (m,).
    """
    letter, l = here
    while (letter, l) != there:
        if letter == "z":
            letter, value = "a", network.sigma[l](value)
        elif l < network.L:
            letter, l = "z", l + 1
            value = network.w[l] @ value + network.b[l]
        else:
            return network.cost.value(value, y)
    return value


def partial(network: Network, x: Array, y: Array, of: Place, by: Place) -> Array:
    """The derivative of `of` with respect to `by`, for each example, which is the last axis.

    `by` is z, a, b or w of a layer; `of` is z or a of a layer, or C.
    The shape is that of `of`, then that of `by`, then m: dz^{l+1}_k/dz^l_j is (n_{l+1}, n_l, m),
    dC/dw^l_jk is (n_l, n_{l-1}, m).
    """
    return _pushed(network, x, y, of, by, 1j * h).imag / h


def change(network: Network, x: Array, y: Array, of: Place, by: Place, step: float) -> Array:
    """How much `of` changes when one number of `by` grows by a real step; shaped as `partial`."""
    return _pushed(network, x, y, of, by, step) - _pushed(network, x, y, of, by, 0.0)


def _pushed(network: Network, x: Array, y: Array, of: Place, by: Place, step: complex) -> Array:
    """`of` after a push of each number of `by`, in turn and alone, by the step."""
    z, a = network.forward(x)
    letter, l = by
    if letter == "w":
        # w_jk + step lets z_j grow by step a_k and leaves the other z alone: the forward pass (23).
        push = np.eye(len(z[l]))[:, :, None, None] * a[l - 1]
        here, value = ("z", l), z[l]
    else:
        here = ("z", l) if letter == "b" else by
        value = (a if letter == "a" else z)[l]
        push = np.eye(len(value))[:, :, None] * np.ones(x.shape[1])
    n, *pushes, m = push.shape
    once = (1,) * len(pushes)
    pushed = value.reshape(n, *once, m) + step * push
    targets = np.broadcast_to(y.reshape(len(y), *once, m), (len(y), *pushes, m))
    # Every push is a column of its own, so that one forward pass does them all.
    out = run(network, here, pushed.reshape(n, -1), of, targets.reshape(len(y), -1))
    return out.reshape(*out.shape[:-1], *pushes, m)
