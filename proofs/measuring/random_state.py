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
        self._numpy, self._python = np.random.get_state(), random.getstate()  # noqa: NPY002
        self.modules = Modules(*functions)
        self._own = [
            (x, x.bit_generator.state)
            for names in self.modules.globals
            for x in names.values()
            if isinstance(x, np.random.Generator)
        ]

    def restore(self) -> None:
        """Set them back to how they were."""
        np.random.set_state(self._numpy)  # noqa: NPY002
        random.setstate(self._python)
        for generator, state in self._own:
            generator.bit_generator.state = state
