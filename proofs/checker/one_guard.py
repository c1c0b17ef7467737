"""One guard has one number: the one that all networks allow on which a function was called.

A network may allow many, as where no z lies between two bounds. What all networks that show a guard
have in common with those that show none is its number; what has none is no guard.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from proofs.checker.calling.observe import Observation
from proofs.checker.calling.precision import DOUBLE
from proofs.checker.judging.alike import few_are_off, parts_off
from proofs.checker.judging.by_definition import Inputs
from proofs.checker.judging.guarded import ways
from proofs.checker.judging.guards import FINER, Guard, common, gradients_that_came
from proofs.checker.judging.lost_digits import SAYS as LOST_DIGITS
from proofs.checker.judging.one_constant import Came
from proofs.checker.report import Report
from proofs.measuring.cases import Case

Place = tuple[str, int | None]
"""An equation and a layer."""

Again = Callable[[Guard, Case, Report], Report]
"""The report on a case, judged with a guard, where this was the report without it."""


def with_one_guard(
    cases: Sequence[Case],
    found: Sequence[Report],
    again: Again,
    needs: Callable[[Case, Report], str],
) -> list[Report]:
    """The reports, each guard with one number on all networks.

    `needs` says which targets what is broken is right for, if a network has others.

    Networks that are wrong, or seem rounded, are judged anew with a guard that the others show.
    """
    found = list(found)
    right = [came for c, r in zip(cases, found, strict=True) if (came := _as_right(c, r))]
    for kind in _kinds(found):
        where = [i for i, r in enumerate(found) if r.guards and r.guards[0].way.kind[0] == kind]
        shown = [came for i in where for came in found[i].guards[0].shown]
        ways = dict.fromkeys(found[i].guards[0].way for i in where)
        solved = (common(way, [*shown, *right]) for way in ways)
        guard = next((one for one in solved if one and one.sure), None)
        for i, (case, report) in enumerate(zip(cases, found, strict=True)):
            if i in where and not guard:
                found[i] = report.without or _unguarded(report)
            elif guard and (i in where or not report.holds or report.guards or report.coarse):
                found[i] = _better(again(guard, case, report), report, guard)
    # What is right for fewer targets than one network has is no fault of the others.
    every = (v for c, r in zip(cases, found, strict=True) if not needs(c, r) for v in r.violations)
    found = less_contradicted(found, {v.at for v in every})
    if any(r.violations for r in found):
        # Where nothing could be decided, other networks have shown a fault.
        found = [r.without if r.without and r.problems else r for r in found]
    return found


def behind(shown: Sequence[tuple[Case, Observation, Report]]) -> Guard | None:
    """The guard with which no gradients are off alike any more, with one number on all networks.

    What one network's rounding hides all of them together show: so all are looked at more finely.
    One whose number rounding hides is not sure.
    """
    given = [Inputs(case.network, case.x, case.y) for case, *_ in shown]

    def explains(guard: Guard) -> bool:
        return few_are_off(
            [
                replace(r, parts=parts_off(replace(one, network=guard.of(one.network)), seen))
                for one, (_, seen, r) in zip(given, shown, strict=True)
            ]
        )

    unsure: list[Guard] = []
    for eps in FINER:
        finer = (replace(seen, eps=eps, units={}) for _, seen, _ in shown)
        came = [c for c in map(gradients_that_came, given, finer) if c]
        for way in ways(given[0].network, "a" in shown[0][1].numbers):
            guard = common(way, came)
            if guard and guard.sure and explains(guard):
                return guard
            solved = [t for c in came if (t := c.solved(partial(way.of, c.given.network)))]
            if not guard and solved:
                t, said = float(np.median(solved)), way.said[0]
                guard = Guard(said.text.format(said.number(t)), way, (), t, 0, sure=False)
            unsure += [guard] if guard and explains(guard) else []
    return unsure[0] if unsure else None


def less_contradicted(found: Sequence[Report], broken: set[Place]) -> list[Report]:
    """The reports, where what a guard explains on one network is not broken on another.

    There it is a fault on all of them.
    """

    def contradicted(r: Report) -> bool:
        before = {v.at for v in r.without.found} if r.without else set()
        return bool((before - {v.at for v in r.found}) & broken)

    kinds = {guard.way.kind[0] for r in found if contradicted(r) for guard in r.guards}
    return [
        (r.without or _unguarded(r)) if any(g.way.kind[0] in kinds for g in r.guards) else r
        for r in found
    ]


def _kinds(found: Sequence[Report]) -> list[object]:
    """The kinds of guards that networks show; what most of them show comes first."""
    return [
        kind
        for kind, _ in Counter(r.guards[0].way.kind[0] for r in found if r.guards).most_common()
    ]


def _better(one: Report, other: Report, guard: Guard) -> Report:
    """The report with the guard, if no more is wrong then."""
    no_more = len(one.found) <= len(other.found) and len(one.problems) <= len(other.problems)
    less = len(one.found) < len(other.found) or bool(other.guards) or one.eps < other.eps
    less |= len(one.problems) < len(other.problems)
    if one.holds and other.holds and not other.guards and not less:
        return replace(other, parts=one.parts)  # what is off alike is so beside the guard
    if not (no_more and less and one.cells):
        return other
    without = other.without or _unguarded(other)
    # The digits that an epsilon loses, in 1 - a, are no formula's.
    remarks = (guard.says, *(text for text in one.remarks if text != LOST_DIGITS))
    return replace(one, remarks=remarks, guards=(guard,), without=without)


def _unguarded(report: Report) -> Report:
    """A report less the guard of a later call."""
    said = [guard.says for guard in report.guards]
    return replace(report, guards=(), remarks=tuple(t for t in report.remarks if t not in said))


def _as_right(case: Case, report: Report) -> Came | None:
    """The gradients of a network on which all holds without a guard: one must not move them."""
    if not report.holds or report.guards or report.eps:
        return None
    given = Inputs(case.network, case.x, case.y)
    _, a, delta = given.exactly
    m, layers = case.x.shape[1], case.network.layers
    numbers = {
        "nabla_b": {l: delta[l].mean(axis=1, keepdims=True) for l in layers},
        "nabla_w": {l: delta[l] @ a[l - 1].T / m for l in layers},
    }
    return gradients_that_came(
        given, Observation(numbers, eps=max([DOUBLE, *report.coarse.values()]))
    )
