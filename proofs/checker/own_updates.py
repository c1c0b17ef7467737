"""What a step changes its arrays by: a learning rate, times the gradients of its loss."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from proofs.checker.returned import loss_of
from proofs.measuring.jacobian import Forward
from proofs.measuring.leaves import replaced
from proofs.measuring.random_state import RandomState

Step = Callable[..., Any]

WAYS = 4
"""A learning rate must be the same along this many random directions."""

DIGITS, SHORT = 3, 1e-5
"""A learning rate of so few digits is meant, where the loss shows it but for a small constant."""

NEARLY = 1e-4
"""By up to this part of itself; weights in single precision have lost more digits of an update."""


def to_the_loss(step: Step, args: tuple[Any, ...]) -> Forward:
    """A step as what leads from its arrays to its loss."""
    return Forward(step, args, {}, lambda result: (loss_of(result),), RandomState(step))


@dataclass(frozen=True)
class Slopes:
    """How fast the loss of a step changes along random directions of each of its arrays alone."""

    run: Forward
    ways: Mapping[str, Any]
    along: Mapping[str, Any]

    @property
    def read(self) -> list[str]:
        """The arrays that the loss reads."""
        return [key for key, t in self.along.items() if np.any(t)]

    def factors(self, arrays: Mapping[str, Any]) -> dict[str, float]:
        """How many times the gradient of the loss arrays are, of those that are a multiple."""
        found = {}
        for key in self.read:
            x: Any = arrays.get(key)
            if np.shape(x) == self.ways[key].shape[1:] and x is not None:
                with np.errstate(all="ignore"):
                    each = np.tensordot(self.ways[key], x, np.ndim(x)) / self.along[key]
                if np.isfinite(each).all() and np.allclose(each, each[0], rtol=NEARLY):
                    found[key] = float(each[0])
        return found

    def right(self, arrays: Mapping[str, Any]) -> dict[str, float]:
        """Those of some arrays that are the gradients of the loss, and how far they are off."""
        off = {key: abs(c - 1) for key, c in self.factors(arrays).items()}
        return {key: much for key, much in off.items() if much <= NEARLY}


def slopes(
    step: Step, arrays: Mapping[str, Any], data: tuple[Any, ...], keys: Sequence[str], n: int = WAYS
) -> Slopes | None:
    """The slopes of some of a step's arrays; None where it does not run with tangents."""
    run, random = to_the_loss(step, (arrays, *data)), np.random.default_rng(0)
    pushed = {path: np.zeros((n * len(keys), *x.shape)) for path, x in run.floats.items()}
    keys = [key for key in keys if (0, key) in pushed]
    rows = {key: slice(n * k, n * (k + 1)) for k, key in enumerate(keys)}
    for key, own in rows.items():
        pushed[0, key][own] = random.standard_normal((n, *run.floats[0, key].shape))
    try:
        ((loss,), _) = run.pushed(pushed)
    except Exception:  # its own words are said where it is run
        return None
    if loss.t is None:
        return None
    t = np.asarray(loss.t, float).ravel()
    ways = {key: pushed[0, key][own] for key, own in rows.items()}
    return Slopes(run, ways, {key: t[own] for key, own in rows.items()})


@dataclass(frozen=True)
class OwnRate:
    """What a step changes its arrays by: a learning rate, times gradients."""

    rate: float = 0.0
    """The one at which most arrays move along the gradient of the loss; 0 if none moves so."""
    read: tuple[str, ...] = ()
    """The arrays that move and that the loss reads."""
    carried: tuple[str, ...] = ()
    """Those, too, but states: what they are after the step was on the way to its loss."""
    unclear: tuple[str, ...] = ()
    """Those that move otherwise, as by momentum or AdaGrad, which a state beside them shows; or at
    a rate of their own, and as many as at the other.
    """
    right: int = 0
    """How many arrays move along the gradient at that rate."""


def own_rate(updating: Step, arrays: Mapping[str, Any], data: tuple[Any, ...]) -> OwnRate:
    """The learning rate that a step shows. A step `updating` returns x - (x after it), for each
    array x.
    """
    moved = updating(*replaced((arrays, *data), {}))[-1]
    own = {key: x for key, x in arrays.items() if np.any(moved[key]) and x.dtype.kind == "f"}
    found = slopes(updating, own, data, [*own])
    if found is None:
        return OwnRate()
    rates = {key: rate for key, rate in found.factors(moved).items() if rate > 0}
    alike = [[key for key, other in rates.items() if abs(rate - other) <= NEARLY * rate]
             for rate in rates.values()]  # fmt: skip
    best = {key: (is_written(rate), own[key].size > 1) for key, rate in rates.items()}
    most = max(alike, key=lambda keys: (len(keys), best[keys[0]]), default=[])
    rate = _sharpened(found.run, {key: moved[key] for key in most}) if most else 0.0
    others = {key: own[key] - moved[key] for key in found.read if key not in most}
    carried = _carried(found.run, others) if others else ()
    states = [x - moved[key] for key, x in own.items() if key not in found.read]
    rivals = {key for keys in alike if len(keys) == len(most) for key in keys if all(best[key])}
    unclear = {key for key in others if key in rivals
               or any(_of_an_optimizer(x, moved[key]) for x in states)}  # fmt: skip
    unclear = unclear.difference(carried)
    learnt = (key for key in found.read if key not in carried and key not in unclear)
    right = len(most) if rate else 0
    return OwnRate(rate, tuple(learnt), carried, tuple(sorted(unclear)), right)


def _of_an_optimizer(state: Any, moved: Any) -> bool:
    """Whether what an array moves by may come of a state: of a momentum, or a sum of squares."""
    if not state.ndim or state.shape != moved.shape:
        return False
    product = abs(np.vdot(state, moved)) / (np.linalg.norm(state) * np.linalg.norm(moved))
    return bool(1 - product <= NEARLY or state.min() >= 0)


def is_written(rate: float, near: float = SHORT) -> bool:
    """Whether it has so few digits that somebody wrote it."""
    return abs(float(f"{rate:.{DIGITS}g}") - rate) <= near * rate


def _carried(run: Forward, after: Mapping[str, Any]) -> tuple[str, ...]:
    """Which arrays were on the way to the loss as they are after a step: states, carried on.

    No loss reads what its own gradient has changed.
    """

    def on_the_way(x: Any) -> bool:
        ways = {path: np.zeros((1, *other.shape)) for path, other in run.floats.items()}
        ((loss,), _) = run.pushed(ways, composite=Starts([x]))
        return loss.t is not None and bool(np.any(loss.t))

    return tuple(key for key, x in after.items() if np.any(x) and on_the_way(x))


def _sharpened(run: Forward, moved: Mapping[str, Any]) -> float:
    """The learning rate to the last digit, of arrays that move along the gradient.

    Along that no digits cancel; and the fewer an update has cost an array, the more it counts.
    Single numbers alone, which always do, show none but a written one: 0 otherwise.
    """
    ways = {path: np.zeros((len(moved), *x.shape)) for path, x in run.floats.items()}
    for n, (key, x) in enumerate(moved.items()):
        ways[0, key][n] = x
    ((loss,), _) = run.pushed(ways)
    lost = [float(np.square(run.floats[0, key]).max() + np.square(x).max())
            for key, x in moved.items()]  # fmt: skip
    squares = [float(np.square(x).sum()) for x in moved.values()]
    rate = float(np.sum(np.divide(squares, lost)) / np.sum(np.divide(loss.t.ravel(), lost)))
    several = any(np.size(x) > 1 for x in moved.values())
    if is_written(rate, SHORT if several else SHORT**2):
        return float(f"{rate:.{DIGITS}g}")
    return rate if several else 0.0


@dataclass(frozen=True)
class Starts:
    """Where the tangents of a run start: at the steps that come to some arrays, one for each."""

    arrays: list[Any]

    def through(self, here: Any, v: Any, t: Any) -> Any:
        """The tangents of what a step came to."""
        for n, x in enumerate(self.arrays):
            if x.shape == v.shape and np.allclose(v, x, rtol=1e-9, atol=0):
                t = np.zeros_like(t)
                t[n] = 1
        return t
