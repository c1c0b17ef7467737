"""One gradient that is wrong, and the Jacobian that it should have come of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from proofs.checker.call import Call
from proofs.measuring.callsites import Site
from proofs.measuring.jacobian import ROOM, jacobians, widest
from proofs.measuring.leaves import Path

Guess = tuple[str, Any]
"""Words, and the gradient that would come of it."""


@dataclass(frozen=True)
class Case:
    """One wrong gradient: J as a matrix (numbers of the input, numbers of all outputs), delta."""

    call: Call
    path: Path
    J: Any
    delta: Any
    came: Any

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the input."""
        return tuple(self.came.shape)

    @property
    def outs(self) -> list[tuple[int, ...]]:
        """The shapes of the outputs."""
        return [np.shape(d) for d in self.call.deltas]

    @property
    def want(self) -> Any:
        """What is right."""
        return (self.J @ self.delta).reshape(self.shape)

    def equal(self, one: Any, other: Any) -> bool:
        """Number for number, up to rounding."""
        size = max(abs(one).max(initial=0), 1e-300)
        near = abs(one - other).max(initial=0) <= self.unit * size
        return bool(near and np.isfinite(size) and np.isfinite(other).all())

    @property
    def unit(self) -> float:
        """Up to what relative difference two gradients are the same."""
        return max(1e-9, 16 * self.call.format.eps)


def matrix(call: Call, path: Path, **how: Any) -> Any:
    """The Jacobian of all outputs with respect to one input, one row for each of its numbers."""
    deltas = [np.asarray(d, float) for d in call.deltas]
    whole: Any = {path: tuple({} for _ in deltas)}
    found, _ = jacobians(call.forward, deltas, whole, 1, **how)
    K = call.forward.floats[path].size
    return np.concatenate([t.reshape(K, -1) for t in found[path].tangents], axis=1)


@dataclass
class Steps:
    """The steps of a run that make tangents; one of them may start with tangents of its own."""

    start: int = -1
    met: list[tuple[Site, Any, Any]] = field(default_factory=list)
    """Each with its value and its tangents."""

    def through(self, here: Site, v: Any, t: Any) -> Any:
        """The tangents of what a step came to."""
        if len(self.met) == self.start:
            t = np.eye(v.size).reshape(-1, *v.shape)
        self.met.append((here, v.copy(), t))
        return t


def steps_of(case: Case) -> list[tuple[Site, Any, Any]]:
    """Every step that any input moves: its value, and how each number of this input moves it.

    Nothing where the input is too large for that.
    """
    K = case.came.size
    if not fits(case, K):
        return []
    return _stepped(case, K, -1, {case.path: np.eye(K).reshape(K, *case.shape)})[1].met


def fits(case: Case, K: int) -> bool:
    """Whether a run with this many tangents stays small."""
    return K * widest(case.call.forward, case.call.deltas) <= ROOM


def _stepped(
    case: Case, K: int, start: int, pushes: Mapping[Path, Any] | None = None
) -> tuple[list[Any], Steps]:
    """The outputs and the steps of a run with K tangents, which are 0 but for some inputs."""
    steps, floats = Steps(start), case.call.forward.floats
    still = {path: np.zeros((K, *x.shape)) for path, x in floats.items()}
    outs, _ = case.call.forward.pushed(still | dict(pushes or {}), composite=steps)
    return outs, steps


def error_of(case: Case, n: int, v: Any) -> Any:
    """The error of what a step came to: how much it moves all outputs, times theirs."""
    outs, _ = _stepped(case, v.size, n)
    sent = np.zeros(v.size)
    for out, delta in zip(outs, case.call.in_double, strict=True):
        if out.t is not None:
            sent += out.t.reshape(v.size, -1) @ delta.ravel()
    return sent.reshape(v.shape)
