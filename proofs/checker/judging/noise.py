"""Rounding that was not returned: with other inputs it is off anew, where a fault is off alike.

A forward pass in single precision may go on in doubles, as y is: then no array shows its format.
Its gradients are off all the same, by numbers that other inputs draw anew. So the pass is called
near its inputs, several times: what is off by the same number, or by the same factor, is a fault.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from proofs.checker.calling.observe import Observation
from proofs.checker.calling.precision import DIGITS, Place, unit
from proofs.checker.judging.by_definition import Inputs, averages
from proofs.checker.judging.coarse import with_rounded
from proofs.checker.judging.residuals import (
    DECIDES,
    Residual,
    residuals,
    underflow,
)
from proofs.network import Network
from proofs.network.activations import linear, relu, sigmoid, softmax, tanh
from proofs.network.arrays import Array

CALLS = 16
"""So many calls near the inputs tell chance from a fault."""

NEAR = 2.0**-4
"""By up to this part of itself each input is nearer to 0: some steps of the coarsest format."""

ALIKE = 2.0
"""What is off by more on the average than by this many standard deviations is off alike."""

FEWEST = 4
"""After so many calls those that are off alike show."""

SURELY = 1e4
"""By chance the mean of so few calls is hardly ever so many standard deviations."""

SHOWS = 16.0
"""A number shows a format that moves it by this many tolerances."""

MOST = 0.75
"""Rounding puts at least this part of those numbers off, or all but one, if there are more than
two."""

CONSTANTS = 2.0**-4
"""By this part of a tolerance all calls may be off alike: a constant is rounded too, such as the
slope of a leaky rectifier."""

BENT = 12.0
"""By this many times the chance of all they may be: 1 - a^2 is 0 wherever a has rounded to 1."""

LEAST = 2.0**-6
"""Noise below this part of one rounding of a number is not that of the format: that of doubles is
less where a number tells, and a mean of many roundings more."""

WITHOUT_CONSTANTS = (linear, relu, sigmoid, softmax, tanh)
"""Activations in whose formulas no constant stands that has to be rounded."""

EQUATION = {"nabla_b": "BP3", "nabla_w": "BP4"}

CallWith = Callable[[Network], Callable[[Array, Array], Observation]]
Change = Callable[[Observation], Observation]


@dataclass
class Spread:
    """The mean and the standard deviation of numbers that come one after the other."""

    calls: int = 0
    mean: Array = field(default_factory=lambda: np.zeros(1))
    squares: Array = field(default_factory=lambda: np.zeros(1))

    def add(self, v: Array) -> None:
        """One more; what is not finite counts as 0."""
        v = np.where(np.isfinite(v), v, 0.0)
        self.calls += 1
        off = v - self.mean
        self.mean = self.mean + off / self.calls
        self.squares = self.squares + off * (v - self.mean)

    @property
    def deviation(self) -> Array:
        """The standard deviation."""
        return np.sqrt(self.squares / max(self.calls - 1, 1))

    @property
    def alike(self) -> Array:
        """Where the mean is no chance."""
        return abs(self.mean) > ALIKE * self.deviation

    @property
    def surely_alike(self) -> Array:
        """Where the mean is so far from chance that no further calls are needed."""
        return abs(self.mean) > SURELY * self.deviation


@dataclass
class Off:
    """By what numbers, and by what parts of the right ones, calls near the inputs are off."""

    near: Residual
    """What holds by this rounding at the inputs themselves."""
    plain: Spread = field(default_factory=Spread)
    factor: Spread = field(default_factory=Spread)
    far: int = 0
    """How often it was off by more than rounding: a fault too is another at other inputs."""

    def add(self, r: Residual) -> None:
        """One more call."""
        away = r.came - np.clip(r.came, r.low, r.high)
        larger = max(1.0, abs(r.expected).max() / abs(self.near.expected).max())
        self.far += bool(abs(away).max() > larger * self.near.allowed.max())
        self.plain.add(away)
        self.factor.add(away / r.expected)

    def most(self, r: Residual) -> float:
        """How far a number is off alike at most, in tolerances; infinite if too few calls came."""
        if self.plain.calls < CALLS / 2:
            return np.inf
        by_factor = abs(self.factor.mean * r.expected) * self.factor.alike
        off = np.maximum(abs(self.plain.mean) * self.plain.alike, by_factor)
        return float((off / r.allowed).max())

    def steady(self, told: Array) -> bool:
        """Whether more than half of the numbers that tell, if any do, are so much alike that it is
        no chance after some calls.
        """
        if self.plain.calls < FEWEST:
            return False
        alike = self.plain.surely_alike | self.factor.surely_alike
        return bool(2 * (alike & told).sum() > told.sum() or not told.any())

    def by_chance(self, told: Array, r: Residual, u: float) -> bool:
        """Whether half of the numbers that tell are off by chance, and not alike."""
        if self.plain.calls < CALLS / 2 or self.far > CALLS / 4:
            return False
        alike = self.plain.alike | self.factor.alike
        anew = ~alike & (self.plain.deviation > LEAST * u * abs(r.expected))
        return _half_of(anew & _rounded(r), told)

    def chance(self, r: Residual) -> float:
        """How far numbers are off by chance, in tolerances: the root of the mean square."""
        by = np.minimum(self.plain.deviation, self.factor.deviation * abs(r.expected))
        return float(np.sqrt(np.mean((by / r.allowed) ** 2)))


def noise(
    call_with: CallWith, given: Inputs, first: Observation, change: Change
) -> dict[Place, float]:
    """Every equation that does not hold as coarser rounding would have it, and the unit of that.

    `change` leaves out of an observation what is not to be judged by.
    """
    seen = change(first)
    strict = {r.at: r for r in by_ours(given, seen) if not r.holds}
    constants = any(s not in WITHOUT_CONSTANTS for s in given.network.sigma.values())
    known = first.coarsest if constants else 0.0
    formats = [u for u in map(unit, DIGITS) if u > seen.eps]
    if not any(u <= known or _half_of(_rounded(r), _told(r, u))
               for r in strict.values() for u in formats):  # fmt: skip
        return {}  # in no format, and none has to be tried
    loose = _explained(given, seen, strict)
    told = {at: _told(strict[at], u) for at, (u, _) in loose.items()}
    if not any(u <= known or _half_of(_rounded(r), told[at]) for at, (u, r) in loose.items()):
        return {}  # whatever comes near the inputs
    off = _near(call_with, given, seen, change, loose, {} if known else told)
    chancy = {at for at, (u, r) in loose.items() if off[at].by_chance(told[at], r, u)}
    found = {
        at: loose[at][0]
        for at in chancy
        if off[at].most(loose[at][1]) <= BENT * off[at].chance(loose[at][1])
    }
    # What shows no chance of its own may be off by a format that others show.
    shown = max([known, *found.values()])
    chance = max([off[at].chance(loose[at][1]) for at in found], default=0.0)
    most = CONSTANTS if constants else min(CONSTANTS, BENT * chance)
    return found | {
        at: u
        for at, (u, r) in loose.items()
        if u <= shown and at not in chancy and off[at].most(r) <= most
    }


def _told(strict: Residual, u: float) -> Array:
    """Which numbers are so large that rounding by this unit shows; none if too few do show it."""
    least = np.maximum(SHOWS * strict.allowed, underflow(u))
    told = np.asarray(abs(strict.expected) * u > least)
    still = (strict.excess[told] <= 1).sum()
    return told & bool(still <= max((1 - MOST) * told.sum(), told.sum() > 2))


def _rounded(r: Residual) -> Array:
    """What may be rounded: half of a number is no rounding of it, however large its tolerance."""
    return np.asarray(abs(r.came - r.expected) <= DECIDES * abs(r.expected))


def _half_of(some: Array, told: Array) -> bool:
    """Whether half of the numbers that tell, and one at least, are some of these."""
    return bool(some[told].sum() >= max(1, told.sum() / 2))


def _near(
    call_with: CallWith,
    given: Inputs,
    seen: Observation,
    change: Change,
    loose: Mapping[Place, tuple[float, Residual]],
    told: Mapping[Place, Array],
) -> dict[Place, Off]:
    """How far these equations are off near the inputs.

    There are few calls where all numbers that are `told`, if any are, are off alike by far.
    """
    near = min(NEAR, max(CALLS * max(u for u, _ in loose.values()), NEAR**2))
    off = {at: Off(r) for at, (_, r) in loose.items()}
    random = np.random.default_rng(0)
    for _ in range(CALLS):
        moved = _moved(given, near, random)
        got = change(call_with(moved.network)(moved.x, moved.y))
        moved = with_rounded(moved, given.what, given.digits)
        for r in _bare(moved, replace(got, eps=seen.eps)):
            if r.at in off and r.came.shape == loose[r.at][1].came.shape:
                off[r.at].add(r)
        if told and all(off[at].steady(numbers) for at, numbers in told.items()):
            break
    return off


def _explained(
    given: Inputs, seen: Observation, strict: Mapping[Place, Residual]
) -> dict[Place, tuple[float, Residual]]:
    """What does not hold, and the finest format by whose rounding it does."""
    found: dict[Place, tuple[float, Residual]] = {}
    for u in map(unit, reversed(DIGITS)):
        if u > seen.eps and strict.keys() - found.keys():
            for r in by_ours(given, replace(seen, eps=u)):
                if r.holds and r.at in strict.keys() - found.keys():
                    found[r.at] = u, r
    return found


def by_ours(given: Inputs, seen: Observation) -> tuple[Residual, ...]:
    """Every equation by its own delta if it returned that, else by ours."""
    told = "delta" in seen.numbers
    return tuple(residuals(given.of(seen, seen.numbers) if told else given.completed(seen)))


def _bare(given: Inputs, seen: Observation) -> tuple[Residual, ...]:
    """The same, where only what is expected is asked for, and not its rounding."""
    if seen.numbers.keys() & {"z", "a", "delta"}:
        return by_ours(given, seen)
    return tuple(
        Residual(EQUATION[letter], l, seen.numbers[letter][l], right, right, np.zeros(1))
        for (letter, l), right in averages(given.exactly, seen).items()
    )


def _moved(given: Inputs, near: float, random: np.random.Generator) -> Inputs:
    """Inputs nearer to 0, each by its own part; targets of 0 and 1 stay."""

    def nearer(v: Array) -> Array:
        return v * (1 - near * random.random(v.shape))

    network = given.network
    w, b = (list(map(nearer, of)) for of in (network.weights, network.biases))
    moved = network.with_arrays(w, b)
    y = given.y if np.isin(given.y, (0, 1)).all() else _with_sums_of(given.y, nearer(given.y))
    return replace(given, network=moved, x=nearer(given.x), y=y)


def _with_sums_of(y: Array, moved: Array) -> Array:
    """Targets that sum to what they did in each example: some formulas need that."""
    total, now = y.sum(axis=0), moved.sum(axis=0)
    return moved * np.divide(total, now, out=np.ones_like(now), where=now != 0)
