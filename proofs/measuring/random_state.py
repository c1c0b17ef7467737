"""The random numbers that somebody's code draws, drawn again: for dropout, run several times."""

import random
from collections.abc import Callable
from typing import Any

import numpy as np

from proofs.measuring.own_numpy import Modules


class RandomState:
    """The state of NumPy's and Python's generators, and of those among the user's globals.

    `modules` are the user's modules that the functions can reach.
    """

    def __init__(self, *functions: Callable[..., Any]) -> None:
        self._numpy: Any = np.random.get_state()  # noqa: NPY002
        self._python = random.getstate()
        self.modules = Modules(*functions)
        self._own = [
            (x, x.bit_generator.state)
            for names in self.modules.globals
            for x in names.values()
            if isinstance(x, np.random.Generator)
        ]

        self._idle = False

    def note_draws(self) -> None:
        """Say that the code has run once: if nothing was drawn, there is nothing to set back."""
        now: Any = np.random.get_state()  # noqa: NPY002
        self._idle = (
            all(map(_equal, now, self._numpy))
            and random.getstate() == self._python
            and all(_equal(x.bit_generator.state, state) for x, state in self._own)
        )

    def restore(self) -> None:
        """Set them back to how they were."""
        if self._idle:
            return
        np.random.set_state(self._numpy)  # noqa: NPY002
        random.setstate(self._python)
        for generator, state in self._own:
            generator.bit_generator.state = state


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, dict):
        return all(_equal(one[key], other[key]) for key in one)
    return bool(np.array_equal(one, other))
