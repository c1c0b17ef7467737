"""The random numbers that somebody's code draws, drawn again: for dropout, run several times."""

import ctypes
import random
from collections.abc import Callable
from typing import Any

import numpy as np

from proofs.measuring.own_numpy import Modules


def drawn_apart(seed: int) -> np.random.Generator:
    """A generator whose numbers are in nobody's example, which often starts with default_rng(0).

    An error equal to the input, or a direction along it, shows nothing of a layer that normalises.
    """
    return np.random.default_rng([seed, 1991])


class RandomState:
    """The state of NumPy's and Python's generators, and of those among the user's globals.

    `modules` are the user's modules that the functions can reach.
    """

    def __init__(self, *functions: Callable[..., Any]) -> None:
        self._bits, self._numpy = _now()
        self._python = random.getstate()
        self.modules = Modules(*functions)
        self._own = [(x, x.bit_generator.state) for x in self.modules.generators]
        self._idle = False

    def note_draws(self) -> None:
        """Say that the code has run once: if nothing was drawn, there is nothing to set back."""
        self._idle = (
            self._as_it_was()
            and random.getstate() == self._python
            and all(_equal(x.bit_generator.state, state) for x, state in self._own)
        )

    def _as_it_was(self) -> bool:
        """Whether nothing was drawn by NumPy's functions."""
        if self._bits is not None and not self._numpy[3]:  # no second normal number is waiting
            return self._bits == _bits()
        return all(map(_equal, np.random.get_state(), self._numpy))  # noqa: NPY002

    def restore(self) -> None:
        """Set them back to how they were."""
        if self._idle:
            return
        np.random.set_state(self._numpy)  # noqa: NPY002
        random.setstate(self._python)
        for generator, state in self._own:
            generator.bit_generator.state = state


LAST: list[Any] = [None, None]
"""How the state lay in memory when it was last asked for, and what it was."""


def _now() -> Any:
    """The state of NumPy's functions, which takes long to ask for, and how it lies in memory.

    It is what it was if nothing has changed in memory, and no second normal number was waiting.
    """
    bits = _bits()
    if bits is None or bits != LAST[0] or LAST[1][3]:
        LAST[:] = bits, np.random.get_state()  # noqa: NPY002
    return LAST


def _bits() -> bytes | None:
    """The state of NumPy's functions as it lies in memory, which is read in no time."""
    source = vars(np.random)["get_bit_generator"]()  # public, and not in NumPy's types
    known = isinstance(source, np.random.MT19937)
    return ctypes.string_at(source.ctypes.state_address, MT19937) if known else None


MT19937 = 625 * 4
"""The bytes of that state: 624 words, and which of them is next."""


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, dict):
        return all(_equal(one[key], other[key]) for key in one)
    return bool(np.array_equal(one, other))
