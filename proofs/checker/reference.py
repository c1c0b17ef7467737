"""How far rounding moves what should come, which is computed in steps that round, too.

The derivative of `log(1 - r)` for an r near 1 goes through 1 - r, most of whose digits are lost:
a gradient that does without is nearer to the truth. So where something is off, the forward pass is
differentiated again, each of its steps and each step of its tangents rounded at random.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from proofs.measuring.callsites import theirs
from proofs.measuring.rounded_steps import EPS, Noise

FEW, MANY = 3, 8
"""How often it is run again, every step rounded at random: enough for most, and at most."""
CLEAR = 1e3
"""So many times what few runs allow, or one direction, is not allowed by many."""

COARSER = 2.0**10
"""So many times as coarse as doubles: enough for rounding to be even, little enough to be small."""

Numbers = Mapping[Any, tuple[Any, ...]]


@dataclass
class Reference:
    """Some arrays for each of some keys, and the runs in which their steps are rounded."""

    numbers: Numbers
    ties: int
    """How many kinks and ties were met."""
    again: Callable[[Noise], tuple[Numbers, int]]
    """Both once more, every step rounded."""
    far: Callable[[Any], float] | None = None
    """About how far rounding moves the numbers of a key all together, found with little work."""
    runs: list[tuple[Numbers, int]] = field(default_factory=list)

    def allows(self, key: Any, off: Any, allowed: Any) -> Any:
        """What is allowed of a difference, with the rounding of the numbers of a key."""
        now = allowed
        if self.far and np.any(off > CLEAR * now) and np.any(off > CLEAR * (now + self.far(key))):
            return now  # and no run, each of which costs as much as the whole comparison
        for n in (FEW, MANY):
            clear = n == MANY and np.any(off > CLEAR * now)
            if clear or not np.isfinite(off).all() or np.all(off <= now):
                break
            now = allowed + 8 * self.spread(key, n)
        return now

    def spread(self, key: Any, n: int, unknown: float = 0.0) -> Any:
        """How far the numbers of a key move; runs that meet other ties are not of their kind.

        `unknown` where none of that kind comes to an end, or to finite numbers.
        """
        while len(self.runs) < n:
            self.runs.append(self._run(np.random.default_rng(len(self.runs))))
        alike = [run[key] for run, ties in self.runs[:n] if ties == self.ties]
        moves = [
            np.max([np.square(x - y) for x, y in zip(run, self.numbers[key], strict=True)], axis=0)
            for run in alike
        ]
        if not moves:
            return unknown
        return np.nan_to_num(np.sqrt(np.mean(moves, axis=0)), nan=unknown, posinf=unknown)

    def reach(self, key: Any) -> tuple[Any, Any]:
        """The least and the most that the numbers of a key come to in runs, jumps and all."""
        self.spread(key, MANY)
        met = [self.numbers[key], *(run[key] for run, ties in self.runs if ties == self.ties)]
        return np.min([run[0] for run in met], axis=0), np.max([run[-1] for run in met], axis=0)

    def steady(self, key: Any) -> Any:
        """How far rounding moves the numbers of a key, but for jumps: see `steadily`."""

        def run(eps: float, random: np.random.Generator) -> Any:
            numbers, ties = self.again(Noise(eps, random))
            return np.array(numbers[key]) if ties == self.ties else np.inf

        return np.max(steadily(run), axis=0)

    def _run(self, random: np.random.Generator) -> tuple[Numbers, int]:
        with theirs():  # such as a check of the user's own that rounding fails
            return self.again(Noise(EPS, random))
        return {}, -1


def steadily(run: Callable[[float, np.random.Generator], Any]) -> Any:
    """How far rounding moves what a run comes to, but for jumps, such as that of a floor.

    Twice the rounding, by the same chances, moves a number twice as far, and makes the same jumps.
    """
    far: Any = 0.0
    for seed in range(2):
        one, two = (run(by * COARSER * EPS, np.random.default_rng(seed)) for by in (1, 2))
        far = np.maximum(far, abs(two - one) * 2 / COARSER)
    return far
