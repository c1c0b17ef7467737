"""The findings on a backward pass: in full precision first, coarser only where that explains more.

A coarse array loosens nothing but itself. What was not returned is taken to be as fine as the
finest array; if right numbers then look wrong, and all of them as rounding does, as the coarsest.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from proofs.checker.calling.observe import Observation
from proofs.checker.judging.by_definition import Inputs
from proofs.checker.judging.constants import with_constants
from proofs.checker.judging.gradients_alone import (
    CannotTellError,
    Findings,
    factor,
    findings,
)
from proofs.checker.judging.left_over import of_observed
from proofs.checker.judging.noise import CallWith, by_ours, noise
from proofs.checker.judging.residuals import (
    LETTER,
    NEARLY,
    Residual,
    bp3,
    bp4,
    residuals,
)
from proofs.measuring.clock import TimeIsUpError

Call = Callable[[Observation], Observation]

FEW = 4
"""So many examples are looked at alone."""

CLEARLY = 4.0
"""What is off by this many times as much stands out of rounding."""


def judged(
    call_with: CallWith,
    given: Inputs,
    first: Observation,
    repeats: bool,
    directions: int,
) -> tuple[list[Findings], Observation]:
    """The findings, and the observation with the precision that they took.

    By its own deltas if it returned them, else by what its gradients say of them.
    `call_with(network)` calls it with other weights and biases.
    Raises CannotTellError where those are not enough.
    """
    call = call_with(given.network)
    ways = [_judged(call, given, first, repeats, directions, as_it_is)]
    coarse = {l for (l, _), unit in first.units.items() if unit > first.eps} & {"z", "a", "delta"}
    if coarse and _wrong(ways[0]):
        ways.append(_judged(call, given, first, repeats, directions, _less(coarse)))
    way = min(ways, key=_wrong)
    if not _wrong(way):
        return _told(way), first
    change = as_it_is if way is ways[0] else _less(coarse)
    try:
        return _as_it_rounds(call_with, given, first, repeats, directions, change, way)
    except TimeIsUpError:
        if isinstance(way, CannotTellError) or not any(found.clear for found in way):
            raise
        return way, first  # no rounding makes that up


def _as_it_rounds(
    call_with: CallWith,
    given: Inputs,
    first: Observation,
    repeats: bool,
    directions: int,
    change: Call,
    way: list[Findings] | CannotTellError,
) -> tuple[list[Findings], Observation]:
    """The findings of a way that does not hold, by the coarsest rounding where that explains it."""
    call = call_with(given.network)
    rounding = noise(call_with, given, first, change) if repeats else {}
    least = max([first.coarsest, *rounding.values()])
    if least > first.eps and not (repeats and _scaled(call, given, change(first))):
        loose = _judged(call, given, first, repeats, directions, _loosely(change, least))
        if not _wrong(loose) < _wrong(way):
            return _told(way), first
        faults = _too_small(given, change(first), least, rounding)
        # A fault that single examples show in coarse rounding too is not hidden by it.
        hidden = {r.at for r in faults} - _places(loose)
        if not hidden or not repeats:
            return _told(loose), replace(first, eps=least)
        between = rounding and _between(given, change(first), least, rounding, faults)
        if between:
            way = _judged(call, given, first, repeats, directions, _loosely(change, between))
            return _told(way), replace(first, eps=least)
        if not isinstance(way, CannotTellError):
            way = [_only(one, faults, least) for one in way]
    return _told(way), first


def _scaled(call: Callable[..., Observation], given: Inputs, first: Observation) -> bool:
    """Whether gradients are right but for one factor, to the last digit: rounding makes none.

    Each example alone may have a factor of its own, as where errors are clipped by their length.
    """
    x, y = given.x, given.y
    alone = [(x[:, [i]], y[:, [i]]) for i in range(min(x.shape[1], FEW))] if x.shape[1] > 1 else []
    some = [(given, first), *((replace(given, x=u, y=v), call(u, v)) for u, v in alone)]
    left = (of_observed(one, seen) for one, seen in some if not seen.problem)
    return any(found is not None and found.scaled and not found.penalty for found in left)


def _between(
    given: Inputs,
    seen: Observation,
    least: float,
    rounding: dict[tuple[str, int], float],
    faults: list[Residual],
) -> float:
    """A unit by which what is off by chance holds, and no fault does; 0 if there is none.

    It is nearer to the faults, for single examples are off by more than their average.
    """
    wrong = {r.at for r in faults}
    off = {r.at: r.most for r in by_ours(given, replace(seen, eps=least))}
    chance = max([off[at] for at in rounding if at in off], default=0.0)
    fault = min(off[at] for at in wrong)
    return least * fault / 2 if CLEARLY * chance < fault else 0.0


def as_it_is(seen: Observation) -> Observation:
    """What was observed."""
    return seen


def _less(letters: set[str]) -> Call:
    """The same without some of its letters, which may have been rounded when they were returned."""

    def less(seen: Observation) -> Observation:
        own = {letter: of for letter, of in seen.numbers.items() if letter not in letters}
        return replace(seen, numbers=own)

    return less


def _loosely(change: Call, eps: float) -> Call:
    return lambda seen: replace(change(seen), eps=max(seen.eps, eps))


def _judged(
    call: Callable[..., Observation],
    given: Inputs,
    first: Observation,
    repeats: bool,
    directions: int,
    change: Call,
) -> list[Findings] | CannotTellError:
    seen = change(first)
    left_out = first.numbers.keys() - seen.numbers.keys()
    if left_out:
        as_fine = replace(first, eps=seen.eps)
        whole = given.of(as_fine, first.numbers, directions)
        tested = tuple(r for r in residuals(whole) if LETTER[r.equation] in left_out)
        beside = [Findings(whole, tested)]
    else:
        beside = []
    if "delta" in seen.numbers or ("delta", given.network.L) in seen.misshapen:
        found = [_plain(given, seen, directions)]
    elif not repeats:
        why = (
            "its calls differ: without delta, BP1 to BP4 cannot be told apart; return it, "
            "and if it draws examples or a mask, let it take them all"
        )
        factored = _by_layers(given, seen, directions)
        found = [factored or replace(_plain(given, seen, directions), unclear=(why,))]
    else:
        try:
            found = findings(lambda x, y: change(call(x, y)), given, seen, directions)
        except CannotTellError as problem:
            return problem
    return with_constants([*beside, *found])


def _plain(given: Inputs, seen: Observation, directions: int) -> Findings:
    """What its own numbers tell, as they came."""
    own = given.of(seen, seen.numbers, directions)
    return Findings(own, tuple(residuals(own)))


def _by_layers(given: Inputs, seen: Observation, directions: int) -> Findings | None:
    """What gradients tell that are right, or are so but for a factor that is another at each layer.

    So they become where delta is added to that of the call before: delta has that factor.
    """
    n = given.gradients(seen, directions)
    factors = {l: factor(bp3(n, l), bp4(n, l)) for l in n.nabla_b.keys() & n.nabla_w.keys()}
    if len(factors) < n.network.L - 1 or None in factors.values():
        return None
    own = {l: float(c) for l, c in factors.items() if c is not None}
    same = np.allclose(list(own.values()), c := own[n.network.L], rtol=NEARLY)
    if same and not np.isclose(c, 1, rtol=NEARLY):
        return None  # the gradients themselves may have been added up
    n = replace(n, delta={l: c * n.delta[l] for l, c in own.items()})
    return Findings(n, tuple(residuals(replace(n, given=n.given | {"delta"}))))


def _wrong(way: list[Findings] | CannotTellError) -> float:
    """How many equations do not hold."""
    if isinstance(way, CannotTellError):
        return float("inf")
    return len(_places(way))


def _places(way: list[Findings] | CannotTellError) -> set[tuple[str, int]]:
    """Which equations do not hold, and where."""
    if isinstance(way, CannotTellError):
        return set()
    return {r.at for one in way for r in one.wrong}


def _told(way: list[Findings] | CannotTellError) -> list[Findings]:
    if isinstance(way, CannotTellError):
        raise way
    return way


def _too_small(
    given: Inputs, seen: Observation, eps: float, rounding: dict[tuple[str, int], float]
) -> list[Residual]:
    """What is wrong and is no rounding, though the coarsest rounding would explain it."""
    strict, loose = (
        {r.at: r for r in by_ours(given, replace(seen, eps=unit))} for unit in (seen.eps, eps)
    )
    return [r for at, r in strict.items() if not r.holds and loose[at].holds and at not in rounding]


def _only(found: Findings, faults: list[Residual], least: float) -> Findings:
    """The findings less what the coarsest rounding explains, at layers where nothing else is."""
    layers, eps = {r.layer for r in faults}, found.numbers.eps
    kept = tuple(
        r
        for r in found.residuals
        if r.holds or r.layer in layers or not (r.excess * eps <= least).all()
    )
    return replace(found, residuals=kept)


def coarsest(
    call_with: CallWith, given: Inputs, first: Observation, found: Sequence[Findings]
) -> float:
    """The rounding unit of the coarsest numbers on the way to the gradients.

    Single examples may show it where their sum, in doubles, does not.
    """
    alone = _less({"z", "a", "delta"})
    shown = [u for one in found for u in one.numbers.units.values()]
    return max([first.coarsest, *shown, *noise(call_with, given, first, alone).values()])
