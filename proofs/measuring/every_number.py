"""Every derivative from its definition, for each z, b and w of a network, at the speed of BLAS.

Each number is pushed by ih, alone, and the network is run forward from there:
f'(v) = Im f(v + ih) / h, as in `proofs.measuring.one_number`, with the same h.
No chain rule and none of the four equations occurs in this file.
It is fast because pushes lie side by side as columns, in blocks that suit the cache and BLAS,
because what a push leaves alone is not computed again, and thanks to the arithmetic of
`proofs.measuring.complex_parts`.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from proofs.measuring.clock import tick
from proofs.measuring.complex_parts import Pushed, pushed
from proofs.measuring.one_number import Place, h
from proofs.network import Network
from proofs.network.arrays import Array, whole_number
from proofs.network.fused import cost_of_z

MEMORY = 2**28
"""The bytes that the forward passes in work may take, beside the network and the answer."""

CACHED = 2**16
"""The numbers of a block that fit the cache with all that is computed from them."""

BROAD = 256
"""The columns from which on a product of matrices runs at full speed."""

ALIVE = 12 * 16
"""The bytes in work for each number of a block, counted in complex numbers."""


LARGEST = 2.0**40
"""By up to this many h a number may be pushed."""

PRODUCT = 256
"""So many products of a matrix product take as long as one number of an activation."""


class Measured(NamedTuple):
    """The errors of all examples and the gradients of the average cost, keyed by layer 2..L.

    delta[l] has shape (n_l, m), nabla_b[l] (n_l, 1), nabla_w[l] (n_l, n_{l-1}).
    """

    delta: dict[int, Array]
    nabla_b: dict[int, Array]
    nabla_w: dict[int, Array]


def exhaustive(network: Network, x: object, y: object, memory: int = MEMORY) -> Measured:
    """dC_x/dz^l_j of every example, dC/db^l_j and dC/dw^l_jk of the average cost, measured.

    x has shape (n_1, m), y has shape (n_L, m); delta[l] is (n_l, m), nabla_b[l] is (n_l, 1),
    nabla_w[l] is (n_l, n_{l-1}).
    `memory` bounds the bytes that forward passes take at one time.
    Raises ValueError or TypeError when x, y or memory cannot be used.
    """
    passes = _Passes(network, x, y, memory)
    return Measured(*({l: passes.block(letter, l) for l in network.layers} for letter in "zbw"))


def work(sizes: Sequence[int], m: int) -> int:
    """About how many numbers are computed when every b and w is pushed, each for m examples.

    A push runs through all layers above it, so this grows with the square of the weights.
    """
    # The cost counts as one more layer of outputs; a push moves one a^l_j, and one column above it.
    behind = numbers = 0
    widths = zip(sizes, sizes[1:], [*sizes[2:], sizes[-1]], strict=False)
    for before, n, after in reversed(list(widths)):
        numbers += n * (before + 1) * (after + behind)
        behind += after + n * after // PRODUCT
    return numbers * m


def block(network: Network, x: object, y: object, by: Place, memory: int = MEMORY) -> Array:
    """One part of what `exhaustive` measures: by ("z", l), ("b", l) or ("w", l).

    Raises ValueError or TypeError when x, y, by or memory cannot be used.
    """
    letter, l = by
    if letter not in ("z", "b", "w") or l not in network.layers:
        raise ValueError(
            f"by: expected z, b or w and a layer from 2 to {network.L}, as in ('w', 2), got {by!r}"
        )
    return blocks(network, x, y, memory)(letter, l)


def blocks(
    network: Network, x: object, y: object, memory: int = MEMORY
) -> Callable[[str, int], Array]:
    """What measures one part after the other, by letter and layer.

    Raises ValueError or TypeError when x, y or memory cannot be used.
    """
    return _Passes(network, x, y, memory).block


class _Passes:
    """Forward passes that start from a pushed number, side by side.

    What a push changes has the shape (n_l, pushes, examples). It moves imaginary parts alone, so
    that these are kept, and all pushes share the real ones.
    """

    def __init__(self, network: Network, x: object, y: object, memory: int) -> None:
        self.network = network
        x, self.y = network.batch(x, y)
        self.z, self.a = network.forward(x)
        self.room = whole_number("memory", memory, max(network.sizes) * ALIVE) // ALIVE
        # malloc keeps what is freed for the next block once it has seen a piece of that size.
        np.empty(min(CACHED * ALIVE, memory), np.uint8)

    def block(self, letter: str, l: int) -> Array:
        """The derivatives with respect to z^l of each example, or to b^l or w^l on average."""
        n, m = self.z[l].shape
        # By (23), w_jk + ih lets z_j grow by ih a_k; b_j + ih lets it grow by ih, as z_j + ih does.
        steps = self.a[l - 1] if letter == "w" else np.ones((1, m))
        # The square of a push must be lost in rounding, however large its a_k is; and no push may
        # underflow behind small outputs, however small its a_k is.
        most = abs(steps).max(axis=1, keepdims=True)
        small = np.ldexp(1.0, np.minimum(np.frexp(most)[1], 0))
        scale = np.where(most > LARGEST, most / LARGEST, small)
        alone = letter == "w" and l < self.network.L and self._moves_alone(l)
        push = self._push_alone if alone else self._push
        found = np.zeros((n, len(steps), m if letter == "z" else 1))
        for x in _parts(m, self._columns(l)):
            for K in _parts(len(steps), self._columns(l) // _size(x)):
                tick(f"every {letter} of layer {l}", K.start, len(steps))
                for J, dC in push(l, h * (steps[K, x] / scale[K]), x):
                    rates = dC.reshape(_size(J), _size(K), _size(x)) / h * scale[K]
                    if letter == "z":
                        found[J, K, x] = rates
                    else:
                        found[J, K] += rates.sum(axis=-1, keepdims=True) / m
        return found[:, 0] if letter == "z" else found[:, :, 0]

    def _push(self, l: int, steps: Array, x: slice) -> Iterator[tuple[slice, Array]]:
        """How C_x changes when z^l_j grows by i times the steps, for some rows j after others."""
        n = len(self.z[l])
        for J in _parts(n, self._columns(l) // steps.size):
            yield J, self._from_z(l, _each_alone(np.broadcast_to(steps, (n, *steps.shape)), J), x)

    def _push_alone(self, l: int, steps: Array, x: slice) -> Iterator[tuple[slice, Array]]:
        """The same where a push of z^l_j moves a^l_j alone, so that all rows can move at once."""
        n = len(self.z[l])
        da = self._activated(l, np.broadcast_to(steps, (n, *steps.shape)), x)
        for J in _parts(n, self._columns(l + 1) // steps.size):
            dz = self.network.w[l + 1][:, J, None, None] * da[J]
            yield J, self._from_z(l + 1, dz.reshape(len(dz), -1, _size(x)), x)

    def _from_z(self, l: int, dz: Array, x: slice) -> Array:
        """How C_x changes with z^l, by the forward pass from there."""
        network, L = self.network, self.network.L
        for layer in range(l, L):
            da = self._activated(layer, dz, x)
            dz = network.w[layer + 1] @ da.reshape(len(da), -1)
            dz = dz.reshape(len(dz), *da.shape[1:])
        z = _carried(self.z[L][:, x], dz, *(ends := (network.sigma[L], network.cost)))
        y = _carried(self.y[:, x], dz, *ends).real
        return _moved(cost_of_z(network.cost, network.sigma[L])(z, y), dz[0])

    def _activated(self, l: int, dz: Array, x: slice) -> Array:
        """How a^l changes with z^l."""
        sigma: Any = self.network.sigma[l]
        return _moved(sigma(_carried(self.z[l][:, x], dz, sigma)), dz)

    def _moves_alone(self, l: int) -> bool:
        """Whether each z^l_j moves a^l_j alone at these inputs: seen, not believed."""
        n, m = self.z[l].shape
        for x in _parts(m, self._columns(l)):
            for J in _parts(n, self._columns(l) // _size(x)):
                pushes = _each_alone(np.broadcast_to(h, (n, 1, _size(x))), J)
                moved = self._activated(l, pushes, x) != 0
                moved[range(J.start, J.stop), range(_size(J))] = False
                if moved.any():
                    return False
        return True

    def _columns(self, l: int) -> int:
        """How many columns to work on at once from layer l on."""
        tallest = max(self.network.sizes[l - 1 :])
        return min(self.room, max(CACHED, BROAD * tallest)) // tallest


def _each_alone(changes: Array, J: slice) -> Array:
    """The rows J of changes, each in columns where no other row changes."""
    n, *shape = changes.shape
    moved = np.zeros((n, _size(J), *shape))
    moved[range(J.start, J.stop), range(_size(J))] = changes[J]
    return moved.reshape(n, -1, shape[-1])


def _carried(values: Array, pushes: Array, *functions: Any) -> Any:
    """Values (n, m) with pushes (n, k, m), as some functions take them.

    Those of this package compute what all pushes share once; others are given a column for each.
    """
    if all(map(_takes_three_axes, functions)):
        return Pushed(values[:, None], pushes)
    each = np.broadcast_to(values[:, None], pushes.shape)
    return Pushed(each, pushes).reshape(len(pushes), -1)


def _takes_three_axes(function: Any) -> bool:
    if (inner := getattr(function, "of", None)) is not None:  # a cost made of another one
        return _takes_three_axes(inner)
    return str(getattr(function.value, "__module__", "")).startswith("proofs.network.")


def _moved(numbers: Any, pushes: Array) -> Array:
    """By how much numbers moved with pushes, an array of their shape."""
    imag = pushed(numbers).imag
    alike = imag.size == pushes.size
    return imag.reshape(pushes.shape) if alike else np.broadcast_to(imag, pushes.shape)


def _parts(whole: int, most: int) -> Iterator[slice]:
    """The numbers below `whole` in runs of at most that length, and of at least one."""
    for start in range(0, whole, max(most, 1)):
        yield slice(start, min(start + max(most, 1), whole))


def _size(part: slice) -> int:
    return int(part.stop - part.start)
