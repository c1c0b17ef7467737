"""Guards against 0 and against overflow in a right pass: a or z is clipped, or an epsilon is added.

Where they act, they change what comes by about that epsilon, and what goes back is the slope at the
clipped number. That follows no cost, and is no mistake of an equation: so it is told apart.
The epsilon is solved for: with the right one all numbers hold.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

import numpy as np

from proofs.checker.calling.observe import Call, Observation
from proofs.checker.judging.beyond import FEW
from proofs.checker.judging.by_definition import GRADIENTS, Inputs
from proofs.checker.judging.gradients_alone import activations
from proofs.checker.judging.guarded import Way, faults, ways
from proofs.checker.judging.one_constant import (
    BESIDE,
    HIGHEST,
    LOWEST,
    Came,
    all_that_came,
    by_chance,
    is_round,
    shortest,
)
from proofs.checker.judging.other_cost import LARGEST
from proofs.checker.judging.residuals import SINGLE, spread, underflow
from proofs.network import Network
from proofs.network.arrays import Array

BY_CHANCE = 1e-3
"""A number of few digits that so many of as few would fit is no chance."""

NOT_KNOWN = 1 + 1e-4
"""Where the ends are further apart than by this factor, rounding hides how many digits it has."""

FINER = SINGLE / 16, SINGLE / 4, SINGLE
"""Rounding is mostly below what is allowed for it: a guard may show by less than that."""

WIDE = 1.01
"""Where the ends are further apart than by this factor, it is said that others fit as well."""


@dataclass(frozen=True)
class Guard:
    """A guard, by the calls that show it, and its number: the one that all of them hold with."""

    says: str
    way: Way = field(repr=False, compare=False)
    shown: tuple[Came, ...] = field(repr=False, compare=False)
    epsilon: float = field(repr=False, compare=False)
    digits: int = field(repr=False, compare=False)
    """In how many characters its number can be written."""
    sure: bool = field(default=True, repr=False, compare=False)
    """Whether no usual fault explains the same numbers."""

    def __str__(self) -> str:
        return self.says

    def of(self, network: Network) -> Network:
        """A network with this guard."""
        return self.way.of(network, self.epsilon)

    def narrowed(self, later: Sequence[Came]) -> "Guard":
        """The guard whose number holds in other calls of the function too, if there is one."""
        if all(came.explained(self.of(came.given.network)) for came in later):
            return self
        return common(self.way, (*self.shown, *later)) or self


def common(way: Way, shown: Sequence[Came]) -> Guard | None:
    """The guard with the number of the fewest digits that all of these hold with, if one does.

    Those that hold without a guard say no more than that it must not act there.
    """
    acting: list[Acting] = []
    without = [came for came in shown if came.without]
    # Where one alone shows it, that has to be much nearer with the guard, as is quickly seen.
    alone = len(shown) - len(without) == 1
    low, high = LOWEST, HIGHEST
    for came in shown:
        if not came.without:
            network, z = came.given.network, came.given.exactly[0]
            acts = way.acts(network, z)
            ends = came.between(way.on(network), way.near, alone) if acts else None
            if ends is None:
                return None
            acting.append((came, ends))
            low, high = max(low, ends[0]), min(high, ends[1])
    guard = _of_number(way, acting, low, high)
    for came in without:
        of = way.on(came.given.network)
        if guard and not came.explained(of(guard.epsilon)):
            high = min(high, came.last(of, LOWEST, HIGHEST))
            guard = _of_number(way, acting, low, high)
    return guard


Acting = tuple[Came, tuple[float, float]]
"""Numbers that show a guard, and from which epsilon to which they hold."""


def _hold(way: Way, acting: Sequence[Acting], epsilon: float) -> bool:
    """Whether all hold with an epsilon, or with one beside it, as where 1 - a loses digits."""
    return all(
        any(abs(end - epsilon) <= BESIDE * epsilon for end in ends)
        or came.explained(way.of(came.given.network, epsilon))
        for came, ends in acting
    )


def _of_number(way: Way, acting: Sequence[Acting], low: float, high: float) -> Guard | None:
    """The guard with a number between two, if that is no fault of about that size.

    So it is a number that people write, or one of so few digits that none would lie there by
    chance; or, where rounding hides its digits, what no usual fault explains.
    """
    if low > high * (1 + BESIDE) or not acting:
        return None
    low, high = min(low, high), max(low, high)  # each of two calls may round it to its own side
    every = [came for came, _ in acting]
    own = []
    for text, number, back in way.said:
        start, end = sorted((number(low), number(high)))
        t = shortest(start, end)
        others = f"; any number from {start:.3g} to {end:.3g} fits" * (end > start * WIDE)
        known = by_chance(t, start, end) < BY_CHANCE or end > start * NOT_KNOWN
        told = is_round(t), known
        epsilon = min(max(back(t), low), high)
        own.append((len(repr(t)), told, epsilon, text.format(t) + others))
    digits, (round_one, known), epsilon, says = min(own, key=lambda one: one[0])
    guard = Guard(says, way, tuple(every), epsilon, digits)
    if not _hold(way, acting, epsilon):
        return None
    some = epsilon, (low + high) / 2, float(np.sqrt(low * high))
    pairs = [(came, [way.of(came.given.network, t) for t in some]) for came in every]
    if not any(came.apart(others, []) for came, others in pairs):
        return None
    if round_one:
        return guard
    sure = any(came.apart(others, faults(came.given.network)) for came, others in pairs)
    return replace(guard, sure=sure) if known else None


def guarded_networks(given: Inputs, seen: Observation) -> list[Guard]:
    """Guards with which all gradients hold; what no fault explains first, then the roundest."""
    found: list[Guard | None] = []
    # In doubles single precision may hide: y is a double, and what it is taken off becomes one.
    plain = gradients_that_came(given, seen)
    for eps in sorted({seen.eps, *FINER}):
        if plain and not any(found) and (eps <= seen.eps or plain.near):
            came = gradients_that_came(given, replace(seen, eps=eps, units={}))
            shown = [came] if came else []
            found = [common(way, shown) for way in ways(given.network, "a" in seen.numbers)]
    return sorted(
        (guard for guard in found if guard), key=lambda guard: (not guard.sure, guard.digits)
    )


def beside_a_fault(given: Inputs, seen: Observation, call: Call) -> Iterator[Guard]:
    """The same, where some numbers alone show it: those of the last layer, or activations."""
    if not gradients_that_came(given, seen):
        return
    every = list(ways(given.network, "a" in seen.numbers))
    # What the most numbers show comes first.
    for came in chain(_of_the_last_layer(given, seen), _activations(given, seen, call)):
        found = (common(way, [came]) for way in every)
        yield from sorted((g for g in found if g and g.sure), key=lambda guard: guard.digits)


def gradients_that_came(given: Inputs, seen: Observation) -> Came | None:
    """The gradients of a call; None if there are none, or too many, or some are not finite."""
    size = sum(w.size for w in given.network.weights) * given.x.shape[1]
    if size > LARGEST:
        return None
    came = all_that_came(given, seen)
    known = came.came.size and all(np.isfinite(v).all() for v in (came.came, came.right))
    return came if known else None


def _of_the_last_layer(given: Inputs, seen: Observation) -> Iterator[Came]:
    """The gradients of layer L, which no fault behind it has touched, together and alone."""
    L = given.network.L
    for names in (GRADIENTS, *((name,) for name in GRADIENTS)):
        last = {name: {L: of[L]} for name in names if L in (of := seen.numbers.get(name, {}))}
        came = all_that_came(given, replace(seen, numbers=last))
        if len(came.came) > 1 < given.y.size:  # one number is what some epsilon gives
            yield replace(came, seen=None)


def _activations(given: Inputs, seen: Observation, call: Call) -> Iterator[Came]:
    """The activations that came, or those that the nabla_w of single examples hold."""
    own = seen.numbers.get("a", {})
    if not own:
        singles = {i: _of_one(given, call, i) for i in range(min(FEW, given.x.shape[1]))}
        # Where no error comes back, nabla_w holds nothing.
        some = [i for i, a in singles.items() if a]
        given = replace(given, x=given.x[:, some], y=given.y[:, some])
        shown = set.intersection(*(set(singles[i]) for i in some)) if some else ()
        own = {l: np.hstack([singles[i][l] for i in some]) for l in sorted(shown)}
    if own:
        n = given.of(seen, {})
        size = {
            l: spread(n, n.width(l - 1)) * (abs(own[l]) + n.off["a", l]) + underflow(n.eps)
            for l in own
        }

        def of(exactly: Sequence[dict[int, Array]]) -> Array:
            return _flat({l: exactly[1][l] for l in own})

        yield Came(given, _flat(own), _flat(size), of)


def _of_one(given: Inputs, call: Call, i: int) -> dict[int, Array]:
    x, y = given.x[:, [i]], given.y[:, [i]]
    seen = call(x, y)
    return {} if seen.problem else activations(replace(given, x=x, y=y).of(seen, seen.numbers))


def _flat(arrays: dict[int, Array]) -> Array:
    return np.concatenate([a.ravel() for a in arrays.values()])
