"""One call of a layer: what went in, the errors that it was given, and what it sent back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from proofs.checker.gradients import Misfit, names_of
from proofs.measuring.callsites import is_ours
from proofs.measuring.jacobian import Forward
from proofs.measuring.leaves import Path
from proofs.measuring.precision import Format, coarsest

DIRECTIONS = 3
"""Along this many random directions a gradient is compared where its entries are too many."""


@dataclass
class Call:
    """A layer as it was called once: forward, the delta it was given, and what it sent back."""

    name: str
    forward: Forward
    deltas: tuple[Any, ...]
    gradients: dict[Path, Any]
    """What came back, by the input that it belongs to."""
    names: Sequence[str]
    """Of the arguments."""
    rerun: Callable[[float, np.random.Generator], Mapping[Path, Any]] | None = None
    """The gradients once more, every step rounded at random to a unit."""
    loose: list[Misfit] = field(default_factory=list)
    """Gradients that fit no input."""
    fused: bool = False
    """Whether steps of it are seen as a whole only, so that their rounding is not known."""
    form: Format | None = None
    """The precision that it works in, where its arrays do not say."""
    backward: Callable[..., Any] | None = None
    """The backward pass, where it is a function."""
    plainly: Any = None
    """How the gradients come about: what tries another backward pass, as `passes.Rerun`."""
    fold: Callable[[Mapping[Path, Any]], Mapping[Path, Any]] = dict
    """What is compared, made of the gradients that come back: of a symmetric matrix, its part."""
    notes: dict[str, Any] = field(default_factory=dict)
    """What words have found out that hold for all of its gradients."""
    reruns: list[Mapping[Path, Any]] = field(default_factory=list)
    """The gradients of every rerun so far."""
    unrounded: str = ""
    """What the user's code raised where it was run on rounded numbers."""

    def rounded(self, path: Path, n: int, random: np.random.Generator) -> list[Any]:
        """A gradient of n runs in which every step is rounded at random; fewer if one raises."""
        assert self.rerun is not None
        try:
            while len(self.reruns) < n and not self.unrounded:
                self.reruns.append(self.fold(self.rerun(self.format.eps, random)))
        except Exception as error:
            if is_ours(error):
                raise
            self.unrounded = repr(error)
        shape = self.forward.floats[path].shape
        return [np.asarray(run[path], float).reshape(shape) for run in self.reruns[:n]]

    @cached_property
    def format(self) -> Format:
        """The coarsest precision that it works in."""
        return self.form or coarsest([*self.forward.inputs, *self.deltas, *self.gradients.values()])

    def quantity(self, path: Path) -> str:
        """The gradient with respect to an input, as people name it."""
        return f"d{self._called[path]}"

    @cached_property
    def _called(self) -> dict[Path, str]:
        return names_of(self.forward.floats, self.names)

    def came(self, path: Path) -> Any:
        """A gradient in double precision, in the shape of its input."""
        shape = self.forward.floats[path].shape
        return np.asarray(self.gradients[path], float).reshape(shape)

    @property
    def in_double(self) -> list[Any]:
        """The errors that it was given, in double precision."""
        return [np.asarray(delta, float) for delta in self.deltas]
