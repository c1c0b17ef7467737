"""A layer of another library, seen from NumPy: its own tangents differentiate its forward pass."""

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from time import process_time
from typing import Any

import numpy as np

from proofs.measuring.leaves import Path
from proofs.measuring.precision import Format
from proofs.measuring.tangents import Dual, Looking, NotDifferentiableError

RATE = 2.0**28
"""What a framework computes on its way is not counted, but timed: so many numbers a second."""
MOST = 256
"""So many tangents are pushed with every step rounded, at most: some libraries take one by one."""
HAIR, JUMP = 1e-9, 1e-6
"""How far on either side of its inputs a derivative is asked again; by which part of the largest
it must differ there to have jumped."""


@dataclass
class Foreign:
    """A forward pass on another library's arrays, seen from NumPy."""

    floats: dict[Path, Any]
    """The inputs that are floating-point arrays, in double precision."""
    value: Callable[[Mapping[Path, Any]], list[Any]]
    """The outputs for other inputs."""
    jvp: Callable[..., list[Any]]
    """The derivatives of the outputs along tangents, which lie in the first axis of each.

    Each at the inputs moved along its own tangent by a distance, by default 0; every step of it
    rounded where a noise is given besides.
    """
    inputs: list[Any] = field(default_factory=list)
    function: Any = None

    def run(self, arrays: Mapping[Path, Any], own: Any = None) -> list[Any]:
        """The outputs for other inputs."""
        if own is not None:
            raise TypeError("not NumPy's own arrays")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what the framework will change one day
            return self.value(arrays)

    def directions(self, given: Mapping[Path, Any]) -> dict[Path, Any]:
        """Directions in which inputs move: no input is known to be symmetric."""
        return dict(given)

    def pushed(self, tangents: Mapping[Path, Any], side: int = 1, **how: Any) -> Any:
        """The outputs with their tangents, looked at from one side where the slope jumps.

        The framework does not say where it met a kink: one is where the derivative a hair to the
        left or to the right is quite another.
        """
        noise = how.pop("rounding", None)
        if noise is not None and len(next(iter(tangents.values()))) > MOST:
            raise NotDifferentiableError("too many tangents to be rounded one by one")
        if how:
            raise TypeError("steps of a framework's code are not told apart")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            outs, start = self.value(self.floats), process_time()
            here = self.jvp(tangents, 0.0, noise)
            work = int(RATE * (process_time() - start))
            kinked = self._kinked
            left, right = (self.jvp(tangents, s, noise) if kinked else here for s in (-HAIR, HAIR))
            near = [self.jvp(tangents, s) for s in (-HAIR / 8, HAIR / 8)] if kinked else [here] * 2
        met, duals = Looking(side, numbers=work), []
        for out, u, v, *ts in zip(outs, *near, here, left, right, strict=True):
            jumps = np.ptp(ts, axis=0) > JUMP * abs(np.array(ts)).max(initial=0)
            jumps &= abs(u - v) > abs(ts[1] - ts[2]) / 2  # what bends changes less, the nearer
            met.ties += int(jumps.sum())
            met.tied_away_from_zero |= bool(jumps.any())  # as far as can be seen
            duals.append(Dual(np.asarray(out), np.where(jumps, ts[2 if side == 1 else 1], ts[0])))
        return duals, met

    @cached_property
    def _kinked(self) -> bool:
        """Whether the derivative along a random direction is another one a hair to either side."""
        random = np.random.default_rng(0)
        drawn = {path: random.standard_normal((1, *x.shape)) for path, x in self.floats.items()}
        pairs = zip(*(self.jvp(drawn, shift) for shift in (-HAIR, HAIR)), strict=True)
        return any((abs(u - v) > JUMP * abs(u).max(initial=0)).any() for u, v in pairs)


@dataclass
class Observed:
    """What a framework's layer did once, ready for the judge."""

    forward: Foreign
    deltas: tuple[Any, ...]
    gradients: dict[Path, Any]
    names: list[str]
    form: Format
    rerun: Callable[[float, np.random.Generator], Mapping[Path, Any]] | None
    fused: bool


def filled(inputs: tuple[Any, ...], places: list[int], values: Any) -> list[Any]:
    """The inputs, with other values at some places."""
    others = dict(zip(places, values, strict=True))
    return [others.get(n, x) for n, x in enumerate(inputs)]


class OtherDrawsError(Exception):
    """A layer that draws other random numbers in double precision, in which it is judged."""
