"""The random numbers that somebody's code draws, drawn again: for dropout, run several times."""

import ctypes
import random
import sys
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numpy.random.bit_generator import ISeedSequence

from proofs.measuring.own_numpy import Modules


def drawn_apart(seed: int) -> np.random.Generator:
    """A generator whose numbers are in nobody's example, which often starts with default_rng(0).

    An error equal to the input, or a direction along it, shows nothing of a layer that normalises.
    """
    return np.random.Generator(np.random.PCG64(_seeded(seed)))  # type: ignore[arg-type]


def directions_of(random: np.random.Generator, *shape: int) -> Any:
    """Directions, of numbers of variance 1: uniform ones, which are drawn fast."""
    drawn = random.random(shape) - 0.5
    drawn *= 12**0.5
    return drawn


class _Seeded(ISeedSequence):
    """What seeds a generator, worked out once: that takes longer than all that is drawn."""

    def __init__(self, *seed: int) -> None:
        self._words = np.random.SeedSequence(seed).generate_state(4, np.uint64)

    def generate_state(self, n_words: int, dtype: Any = np.uint32) -> Any:
        """The words."""
        return self._words


@cache
def _seeded(seed: int) -> _Seeded:
    return _Seeded(seed, 1991)


class RandomState:
    """The state of NumPy's and Python's generators, and of those among the user's globals.

    `modules` are the user's modules that the functions can reach.
    """

    def __init__(self, *functions: Callable[..., Any]) -> None:
        self._bits, self._numpy = _now()
        self._memory, self._python = _python_now()
        self.modules = Modules(*functions)
        self._own = [(x, x.bit_generator.state) for x in self.modules.generators]
        self._idle = False

    def note_draws(self) -> None:
        """Say that the code has run once: if nothing was drawn, there is nothing to set back."""
        self._idle = (
            self._as_it_was()
            and (self._memory or random.getstate()) == (_python_bits() or self._python)
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
OF_PYTHON: list[Any] = [None, None]
"""The same two of the generator of Python's functions."""


def _python_now() -> Any:
    bits = _python_bits()
    if bits is None or bits != OF_PYTHON[0]:
        OF_PYTHON[:] = bits, random.getstate()
    return tuple(OF_PYTHON)


def _python_bits() -> Any:
    """The state of Python's functions in memory: behind the object's head, as NumPy's of old."""
    own: Any = random._inst  # noqa: SLF001
    return (_behind_head(own), own.gauss_next) if _STANDS_THERE else None


def _behind_head(own: random.Random) -> bytes:
    return ctypes.string_at(id(own) + object.__basicsize__, MT19937)


def _stands_there() -> bool:
    """Whether Python keeps the state there, which it promises nobody."""
    if sys.implementation.name != "cpython":
        return False
    *words, next_of_them = random.Random(0).getstate()[1]
    own = random.Random(0)
    return _behind_head(own) == np.array([next_of_them, *words], np.uint32).tobytes()


_STANDS_THERE = _stands_there()


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, dict):
        return all(_equal(one[key], other[key]) for key in one)
    return bool(np.array_equal(one, other))
