"""The findings on a backward pass: in full precision first, coarser only where that explains more.

A coarse array loosens nothing but itself. What was not returned is taken to be as fine as the
finest array; if right numbers then look wrong, and all of them as rounding does, as the coarsest.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from proofs.checker.calling.observe import Observation
from proofs.checker.judging.by_definition import Inputs
from proofs.checker.judging.coarse import by_steps, only_rounding
from proofs.checker.judging.gradients_alone import (
    CannotTellError,
    Findings,
    findings,
)
from proofs.checker.judging.residuals import LETTER, Residual, residuals

Call = Callable[[Observation], Observation]


def judged(
    call: Callable[..., Observation],
    given: Inputs,
    first: Observation,
    repeats: bool,
    directions: int,
) -> tuple[list[Findings], Observation]:
    """The findings, and the observation with the precision that they took.

    By its own deltas if it returned them, else by what its gradients say of them.
    Raises CannotTellError where those are not enough.
    """
    ways = [_judged(call, given, first, repeats, directions, as_it_is)]
    coarse = {l for (l, _), unit in first.units.items() if unit > first.eps} & {"z", "a", "delta"}
    if coarse and _wrong(ways[0]):
        ways.append(_judged(call, given, first, repeats, directions, _less(coarse)))
    way = min(ways, key=_wrong)
    if not _wrong(way):
        return _told(way), first
    least = coarsest(call, given, first) if repeats else first.coarsest
    if least > first.eps:
        change = as_it_is if way is ways[0] else _less(coarse)
        loose = _judged(call, given, first, repeats, directions, _loosely(change, least))
        faults = _too_small(given, change(first), least)
        if not faults:
            return _told(loose), replace(first, eps=least)
        way = way if isinstance(way, CannotTellError) else [_only(one, faults) for one in way]
    return _told(way), first


def coarsest(call: Callable[..., Observation], given: Inputs, first: Observation) -> float:
    """The rounding unit of its coarsest numbers, also on one example: an average has more digits
    than its terms. It is the example of the largest error, for gradients of 0 show no digits."""
    errors = abs(given.gradients(first).delta[given.network.L]).sum(axis=0)
    one = slice(largest := int(np.argmax(errors)), largest + 1)
    alone = replace(given, x=given.x[:, one], y=given.y[:, one])
    seen = call(alone.x, alone.y)
    return max(first.coarsest, seen.coarsest, by_steps(call, alone, seen))


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
        return [*beside, _plain(given, seen, directions)]
    if not repeats:
        why = "its calls differ, so BP1 to BP4 need delta"
        return [*beside, replace(_plain(given, seen, directions), unclear=(why,))]
    try:
        alone = findings(lambda x, y: change(call(x, y)), given, seen, directions)
    except CannotTellError as problem:
        return problem
    return [*beside, *alone]


def _plain(given: Inputs, seen: Observation, directions: int) -> Findings:
    """What its own numbers tell, as they came."""
    own = given.of(seen, seen.numbers, directions)
    return Findings(own, tuple(residuals(own)))


def _wrong(way: list[Findings] | CannotTellError) -> float:
    """How many equations do not hold."""
    if isinstance(way, CannotTellError):
        return float("inf")
    return len({(r.equation, r.layer) for one in way for r in one.wrong})


def _told(way: list[Findings] | CannotTellError) -> list[Findings]:
    if isinstance(way, CannotTellError):
        raise way
    return way


def _too_small(given: Inputs, seen: Observation, eps: float) -> list[Residual]:
    """What is wrong and looks like no rounding, though the coarsest rounding would explain it."""
    strict, loose = (
        {(r.equation, r.layer): r for r in _by_ours(given, replace(seen, eps=unit))}
        for unit in (seen.eps, eps)
    )
    return [
        r for at, r in strict.items() if not r.holds and loose[at].holds and not only_rounding(r)
    ]


def _by_ours(given: Inputs, seen: Observation) -> tuple[Residual, ...]:
    """Every equation by its own delta if it returned that, else by ours."""
    told = "delta" in seen.numbers
    return tuple(residuals(given.of(seen, seen.numbers) if told else given.completed(seen)))


def _only(found: Findings, faults: list[Residual]) -> Findings:
    """The findings less what looks like rounding, at layers where nothing else does not."""
    layers = {r.layer for r in faults}
    kept = tuple(r for r in found.residuals if r.holds or r.layer in layers or not only_rounding(r))
    return replace(found, residuals=kept)
