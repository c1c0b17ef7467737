"""One gradient that is wrong, and the Jacobian that it should have come of."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from proofs.checker.call import Call
from proofs.measuring.jacobian import jacobians
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
        return bool(
            np.isfinite(other).all() and abs(one - other).max(initial=0) <= self.unit * size
        )

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
