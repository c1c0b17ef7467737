"""A constant that was not told, as a guard's epsilon, solved for by how far it moves what came.

The larger it is, the further it moves numbers; at one size it moves them as far as they are off.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from proofs.checker.calling.observe import Observation
from proofs.checker.judging.by_definition import GRADIENTS, Inputs, in_a_column
from proofs.checker.judging.coarse import CLEARLY
from proofs.checker.judging.residuals import SINGLE, of_gradients
from proofs.network import Network
from proofs.network.arrays import Array

HIGHEST = 1e-3 * (1 + SINGLE)
"""What moves an output by more is no guard against rounding, but a fault; single precision may
round the largest upwards."""

LOWEST = 1e-17
"""What moves it by less is lost beside 1."""

STEPS = 24
"""So many constants are tried at most: where nothing is cut off, three or four are enough."""

SETTLED = 1e-9
"""A step that changes a constant by less than this part of it is the last."""

AS_FAR = 0.1
"""Within this part of the size that numbers are off by, a constant moves them nearly as far."""

UNEXPLAINED = 0.8
"""What then leaves more than this part of that is not the constant, and none of its size is."""

DIGITS = (1, 2, 3)
"""A constant is taken for the one of the fewest digits with which all numbers hold."""

LEAST = 0.01
"""By how much a factor differs from 1, to be a convention: less is rounding, or a fault."""

BESIDE = 1e-6
"""By this part of itself a constant may be beside those that hold, as where 1 - a loses digits."""

GROWS = 4.0
"""So many times as long as the one before is a step on the way to an end."""

FINE = 16
"""An end is known to this part of the way that was gone to it."""

ROUND = [
    *(float(f"1e{n}") for n in range(-17, 0)),
    *(float(f"{np.finfo(form).eps:.2e}") for form in (np.float64, np.float32, np.float16)),
]
"""What people write for a small number: a power of ten, or the unit of a format."""

Of = Callable[[float], Network]
"""The network with a constant of this size; what is the same of a network is equal."""


def as_they_came(seen: Observation) -> Array:
    """The gradients that came, in one column."""
    own = [v.ravel() for name in GRADIENTS for v in seen.numbers.get(name, {}).values()]
    return np.concatenate([np.zeros(0), *own])


@dataclass(frozen=True)
class Came:
    """Numbers that came in one column, and those of any other network with the same inputs."""

    given: Inputs
    came: Array
    allowed: Array
    of: Callable[[Sequence[dict[int, Array]]], Array]
    """These numbers, of z, a and delta of a network."""
    seen: Observation | None = None
    """The call whose gradients they are, if they are all of them."""

    @cached_property
    def right(self) -> Array:
        """What should have come, without the constant."""
        return self.of(self.given.exactly)

    @cached_property
    def without(self) -> bool:
        """Whether all hold without the constant."""
        return self.explained(self.given.network)

    @cached_property
    def near(self) -> bool:
        """Whether they are off by little, as by a guard or by coarser rounding."""
        off, right = np.linalg.norm(self.came - self.right), np.linalg.norm(self.right)
        return bool(off < LEAST * right)

    @cached_property
    def scaled(self) -> bool:
        """Whether all came times one factor, as a sum for an average does."""
        return abs(self._factor(self.right) - 1) > LEAST

    def _factor(self, right: Array) -> float:
        square = max((right * right).sum(), np.finfo(float).tiny)
        return float((self.came * right).sum() / square)

    def off(self, right: Array) -> Array:
        """How far what came is off from these, in tolerances."""
        c = self._factor(right) if self.scaled else 1.0
        return (self.came / c - right) / self.allowed

    def apart(self, networks: Sequence[Network], faults: Sequence[Network]) -> bool:
        """Whether they are clearly nearer to one of these than to the one without the constant.

        And than to that one with any part of these faults, or times a factor.
        """
        others = (self._numbers(network) for network in networks)
        near = min(abs(self.off(other)).max() for other in others)
        far = self.off(self.right)
        if faults:
            wrong = (self._numbers(fault) for fault in faults)
            moves = [self.right, *(numbers - self.right for numbers in wrong)]
            off, *columns = (v / self.allowed for v in (self.came - self.right, *moves))
            A = np.stack(columns, axis=1)
            if not np.isfinite(A).all():
                return False
            far = off - A @ np.linalg.lstsq(A, off, rcond=None)[0]
        return bool(near * CLEARLY < abs(far).max())

    def explained(self, network: Network, clearly: bool = False) -> bool:
        """Whether they are those of this network, which may round otherwise.

        If so, `clearly` asks for numbers much nearer to it than to the one without the constant.
        """
        if self._near(network):
            return True
        if self.seen is None or self.scaled or (clearly and not self.apart([network], [])):
            return False
        return replace(self.given, network=network).explain(self.seen)

    @np.errstate(all="ignore")
    def _near(self, network: Network) -> bool:
        """Whether they are, rounded as without the constant."""
        return bool((abs(self.off(self._numbers(network))) <= 1).all())

    @np.errstate(all="ignore")
    def solved(self, of: Of, clearly: bool = False) -> float | None:
        """The constant by which they move as far as they are off, if there is one.

        Found by secants of logarithms; whether all of them then hold is another question: with
        `clearly`, as in `explained`, there is none where that moves them elsewhere.
        """
        away = self.off(self.right)
        # Its square must not overflow.
        largest = float(abs(away).max(initial=0))
        if not 1 < largest < np.inf:
            return None
        low, high, before = np.log(LOWEST), np.log(HIGHEST), None
        length = np.linalg.norm(away / largest)
        log_t = high
        for _ in range(STEPS):
            t = float(np.exp(log_t))
            left = self.off(self._at_most(of) if before is None else self._numbers(of(t)))
            if abs(left).max() <= 1:
                return t
            log_s = np.log(np.linalg.norm((away - left) / largest) / length)
            if before is None and not log_s >= 0:
                return None  # the largest of all does not move them as far
            unexplained = np.linalg.norm(left / largest) > UNEXPLAINED * length
            if clearly and abs(log_s) < AS_FAR and unexplained:
                return None
            low, high = (low, log_t) if log_s >= 0 else (log_t, high)
            slope = 1.0 if before is None else (log_s - before[1]) / (log_t - before[0])
            before = log_t, log_s
            log_t = log_t - log_s / slope
            if abs(log_t - before[0]) < SETTLED:
                return t
            if not low < log_t < high:
                log_t = (low + high) / 2
        return None

    def _numbers(self, network: Network) -> Array:
        return self.of(replace(self.given, network=network).exactly)

    def _at_most(self, of: Of) -> Array:
        """What the largest constant makes of them: of any that are looked at it is the first."""
        if of not in self.given.far:
            self.given.far[of] = replace(self.given, network=of(HIGHEST)).exactly
        return self.of(self.given.far[of])

    def between(
        self, of: Of, near: Callable[[float], Iterable[float]], clearly: bool
    ) -> tuple[float, float] | None:
        """From which constant to which they hold; None if with none.

        `near` gives those that people may have written for one that was solved for; `clearly` is
        as in `explained`.
        """
        solved = self.solved(of, clearly)
        every = dict.fromkeys((solved, *near(solved))) if solved else ()
        t = next((t for t in every if self.explained(of(t), clearly)), None)
        return (self.last(of, t, LOWEST), self.last(of, t, HIGHEST)) if t else None

    @np.errstate(all="ignore")
    def last(self, of: Of, t: float, end: float) -> float:
        """The last constant with which they hold, on the way from t to `end`.

        The first step is what moves them by a tolerance; it grows until one is too far.
        """
        away = abs(self.off(self.right)).max()
        near, far, step = np.log(t), np.log(end), 1 / max(away, 1)
        if self._near(of(end)):
            return end
        grows = True
        while step > SETTLED and abs(far - near) > SETTLED:
            there = near + np.copysign(min(step, abs(far - near) / 2), far - near)
            if self._near(of(float(np.exp(there)))):
                near = there
            else:
                far, grows = there, False
            step = GROWS * step if grows else abs(far - near) / 2
            if not grows and step < abs(near - np.log(t)) / FINE:
                break
        return float(np.exp(near))


def all_that_came(given: Inputs, seen: Observation) -> Came:
    """The gradients that came."""
    found = of_gradients(given.gradients(seen))
    allowed = np.concatenate([np.zeros(0), *(r.allowed.ravel() for r in found)])
    return Came(
        given, as_they_came(seen), allowed, lambda exactly: in_a_column(exactly, seen), seen
    )


def rounded(t: float) -> Iterator[float]:
    """A number rounded to few digits."""
    yield from (float(f"{t:.{digits}g}") for digits in DIGITS)


def shortest(low: float, high: float) -> float:
    """The number of the fewest digits between two, or beside them: a power of ten, if one is.

    Of as few digits it is the one nearest to their middle, or that itself if it has more.
    """
    middle = float(np.sqrt(low * high))
    near = (float(f"1e{round(np.log10(middle))}"), *rounded(middle))
    between = (t for t in near if low * (1 - BESIDE) <= t <= high * (1 + BESIDE))
    return next(between, middle)


def is_round(t: float) -> bool:
    """Whether t is one that people write: a power of ten, an eps, a whole number."""
    short = float(f"{t:.2e}")
    return t == short and (short == round(short) or short in ROUND)


def by_chance(t: float, low: float, high: float) -> float:
    """How many numbers of as few digits as t lie from `low` to `high` on the average."""
    digits = next((n for n in DIGITS if float(f"{t:.{n}g}") == t), None)
    return float(9 * 10 ** (digits - 1) * np.log10(high / low)) if digits else np.inf
