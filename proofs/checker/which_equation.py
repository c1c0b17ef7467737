"""Which equation, over several networks: what one of them shows, another may not."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np

from proofs.checker.as_told import BOTH, DOUBT, LATE
from proofs.checker.calling import observe as calling
from proofs.checker.calling.observe import HUNG, Backprop, Observation
from proofs.checker.check_backprop import check_backprop
from proofs.checker.judging.alike import FEWEST, off_alike
from proofs.checker.judging.gradients_alone import ALONE
from proofs.checker.judging.guards import Guard
from proofs.checker.judging.kept import LATER, STALE
from proofs.checker.judging.left_over import Penalty, free
from proofs.checker.judging.other_cost import SMOOTHED, fraction
from proofs.checker.judging.residuals import NEARLY
from proofs.checker.naming import LABELS, NEEDS
from proofs.checker.not_told import undecided
from proofs.checker.one_guard import behind, less_contradicted, with_one_guard
from proofs.checker.remarks import NO_BIASES, READ_OFF, SHAPES, WITHOUT_DELTA
from proofs.checker.report import BOUNDED, GRADIENTS, NOT_RETURNED, Report, in_order, merged
from proofs.measuring.cases import Case
from proofs.measuring.clock import Progress, TimeIsUpError, limited, seconds_left
from proofs.network import Network
from proofs.network.activations import softmax
from proofs.network.arrays import Array
from proofs.network.costs import log_likelihood

SHORT_ERROR = (
    "with softmax and its cost, a - y is right for targets that sum to 1, "
    "as one-hot and soft ones do"
)
OTHER_TARGETS = (
    "{}; targets that are others were left out "
    '(targets="multi-hot" or --targets multi-hot counts them)'
)

OF_ONE_WIDTH = (
    "it raised only where there are not {0} outputs: if something in it is for {0} of them, as a "
    "weight for each class, say that (--class-weights W,W,...), or check it on one network with "
    "{0} outputs (--sizes N,N,...,{0})"
)

CLIPPED = BOTH.partition("{")[0]
LATE_ON = LATE.partition("{")[0]
DOUBTED = DOUBT.rpartition("}")[2]
RATED = READ_OFF.partition("{")[0]


def check_on(
    cases: Iterable[Case],
    backprop: Backprop,
    *,
    targets: str | None = None,
    timeout: float = 60.0,
    progress: Progress | None = None,
    watch: Callable[[Sequence[Case]], Iterable[Case]] = iter,
    **options: Any,
) -> Report:
    """The reports on several networks, such as those of `proofs.checker.battery`, as one.

    `targets` are those that the function is written for: "one-hot", "soft" (they sum to 1) or
    "multi-hot". Without it, what is right for fewer targets than a case has is a remark.
    All of it takes at most `timeout` seconds, and each network gets an even share of what is left;
    `progress` and the other options are as in `check_backprop`; `watch` sees the networks go by.
    """
    cases, found = list(cases), []
    with limited(timeout, progress):
        for n, c in enumerate(watch(cases)):
            part = 0.0
            with suppress(TimeIsUpError):
                part = seconds_left() / (len(cases) - n)
            report = check_backprop(backprop, c.network, c.x, c.y, timeout=part, **options)
            told = (_of_the_whole(text, timeout, len(cases)) for text in report.problems)
            found.append(_named(replace(report, problems=tuple(told)), c.name))
        doubted = {r.name for r in found if any(DOUBTED in text for text in r.problems)}
        found, penalty = _with_what_most_add(cases, found, backprop, options)
        found = [_as_hidden(r) for r in found] if len(found) >= FEWEST else found
        with suppress(TimeIsUpError):
            found = _with_one_guard(cases, found, backprop, options, penalty)
        found = _in_the_format_of_most(cases, found, backprop, options)
        left = 0.0
        with suppress(TimeIsUpError):
            left = seconds_left()
    # What one network shows the others were then not asked for.
    late = not left and any(r.found or r.guards for r in found)
    found = _in_agreement(cases, _less_rare_formats(found, doubted), targets)
    report = merged(found)
    if late and not any(text.startswith(LATE_ON) for text in report.problems):
        late_too = (*report.problems, LATE.format(timeout))
        report = replace(report, problems=late_too, undecided=True)
    # Of one network it is said how large its arrays are.
    shapes = [text for text in report.remarks if text.startswith(SHAPES)]
    width = _one_width(cases, found)
    kept = (*report.remarks, *([OF_ONE_WIDTH.format(width)] if width else []))
    less = shapes if width else shapes[1:]
    report = replace(report, remarks=tuple(s for s in kept if s not in less))
    in_time = (r for r in found if not any(text.startswith(LATE_ON) for text in r.problems))
    if report.holds or all(map(_little_off, in_time)):
        alike = in_order(off_alike(found))
        if alike:
            # Without further calls it is not known whether a guard or a fault puts it off.
            problems = dict.fromkeys((*report.problems, LATE.format(timeout)))
            shown = replace(report, violations=alike, asks=())
            report = replace(report, problems=tuple(problems), undecided=True)
            with limited(left, progress), suppress(TimeIsUpError):
                calls = _called(cases, backprop, options)
                report = _off_alike(shown, cases, found, calls)
    return report


def _in_agreement(cases: Sequence[Case], found: list[Report], targets: str | None) -> list[Report]:
    """The reports on several networks, without what another network shows to be by chance."""
    found = _by_their_constant(_less_bounded(found))
    if any(report.form for report in found):
        # On some networks another form looks like wrong numbers, or like right ones.
        found = [r if r.form else _untold(r) for r in found]
    if any(misfit(r) for r in found):
        # Where widths are equal, shapes fit by chance, and what comes then says nothing.
        found = [
            _untold(replace(r, problems=()))
            if r.problems and not misfit(r) and not r.violations
            else r
            for r in found
        ]
    if targets is None:
        found = _for_the_targets_it_takes(cases, found)
    found = _as_smoothed(found)
    found = _less_guesses(cases, found)
    found = _less_rates(found)
    if any(v.equation != "purity" for r in found for v in r.found):
        found = [_less_kept(report) for report in found]
    if not all(NO_BIASES in r.remarks for r in found):
        # Where all biases are 0, a penalty on them does not show.
        found = [replace(r, penalty=None) if NO_BIASES in r.remarks else r for r in found]
        found = [replace(r, remarks=tuple(s for s in r.remarks if s != NO_BIASES)) for r in found]
    return found


def _less_rare_formats(found: list[Report], doubted: set[str]) -> list[Report]:
    """The reports, less coarse rounding that few networks show and that explains nothing there."""
    if 2 * sum(r.eps > 0 for r in found) > len(found):
        return found
    return [
        replace(r, coarse={what: unit for what, unit in r.coarse.items() if what != NOT_RETURNED})
        if r.name in doubted
        else r
        for r in found
    ]


def _less_doubts(report: Report) -> Report:
    """A report without what its network does not decide: a fault shows on others."""
    rest = tuple(text for text in report.problems if DOUBTED not in text)
    return replace(report, problems=rest, undecided=report.undecided and bool(rest))


def _of_the_whole(problem: str, timeout: float, networks: int) -> str:
    """A problem, with the limit that was given, of which a network has a share."""
    if problem.startswith(LATE_ON):
        return LATE.format(timeout)
    share = networks > 1 and problem.startswith(HUNG.partition("{")[0])
    return f"{problem}, its share of timeout = {timeout:g}" if share else problem


def _as_hidden(report: Report) -> Report:
    """The report by coarse rounding where that may hide what is wrong: all networks show it."""
    return report.without if report.without and report.without.holds else report


def _called(
    cases: Sequence[Case], backprop: Backprop, options: dict[str, Any]
) -> list[Observation]:
    """What comes on each network, less a penalty that was told.

    Raises TimeIsUpError where no time is left for one of them.
    """
    observe, penalty = options.get("observe", calling.observe), options.get("penalty") or Penalty()

    def called(n: Network, x: Array, y: Array) -> Observation:
        seen = observe(backprop, n.weights, n.biases, x, y, seconds_left())
        return free(seen, n, penalty.of(x.shape[1]))

    return [called(c.network, c.x, c.y) for c in cases]


def _off_alike(
    report: Report, cases: Sequence[Case], found: list[Report], calls: Sequence[Observation]
) -> Report:
    """The report where gradients are off to one side: by a guard, or else by a fault."""
    plain = less_contradicted(found, {v.at for v in report.violations})
    steady = any(v.diagnoses for v in report.violations)  # as a factor is, and no guard
    of = {r.name: r for r in found}
    shown = zip(cases, calls, strict=True)
    some = [(c, seen, of[c.name]) for c, seen in shown if c.name in of and not steady]
    guard = behind(some) if some else None
    kept = {g.says for r in plain for g in r.guards} if guard is None else set()
    said = {g.says for r in found for g in r.guards} - kept
    report = replace(report, remarks=tuple(text for text in report.remarks if text not in said))
    if guard and guard.sure:
        return replace(report, violations=(), remarks=(guard.says, *report.remarks))
    return undecided(report, guard) if guard else report


def _less_bounded(found: list[Report]) -> list[Report]:
    """The reports, less that gradients were bounded where more networks show them broken."""
    bounded = [r.form and any(BOUNDED in text for text in r.problems) for r in found]
    clipped = [any(text.startswith(CLIPPED) for text in r.problems) for r in found]
    if 3 * sum(clipped) > len(found):
        # Single examples are clipped on the other networks too.
        return [
            r if c else _untold(replace(r, problems=(), form=False))
            for r, c in zip(found, clipped, strict=True)
        ]
    if sum(bool(r.violations) for r in found) + sum(clipped) <= sum(bounded):
        return found
    return [
        _untold(replace(r, problems=(), form=False)) if b else r
        for r, b in zip(found, bounded, strict=True)
    ]


def _by_their_constant(found: list[Report]) -> list[Report]:
    """The reports; one in which a single number is off, by the constant of the others, has it too.

    One output of one example is right up to a constant whatever it is.
    """
    constants = [r.scale for r in found if r.scaled and r.scale]
    said = tuple(d.says for scale in constants for d in scale.diagnoses)

    def has_it(report: Report) -> bool:
        off = [d.says for v in report.violations if v.alone for d in v.diagnoses if d.terms]
        return len(report.violations) == 1 and any(says.startswith(said) for says in off)

    return [
        replace(r, violations=(), scaled=r.violations, scale=constants[0], asks=())
        if has_it(r)
        else r
        for r in found
    ]


def _one_width(cases: Sequence[Case], found: Sequence[Report]) -> int | None:
    """How many outputs there are where all holds, if it raised wherever there are others."""
    width = {c.name: c.network.sizes[-1] for c in cases}
    holding = [width[r.name] for r in found if r.holds and r.cells]
    raised = {width[r.name] for r in found if misfit(r)}
    other = any(r.found or (r.problems and not misfit(r)) for r in found)
    if other or len(holding) < 2 or len(set(holding)) > 1 or raised & {*holding}:
        return None
    return holding[0] if raised else None


def misfit(report: Report) -> bool:
    """Whether shapes did not fit, so that it raised an error."""
    return any(text.startswith(SHAPES) for text in report.remarks)


def _untold(report: Report) -> Report:
    """A report less all that its numbers seem to say."""
    return replace(
        report, cells={}, violations=(), scale=None, scaled=(), penalty=None, asks=(), parts={}
    )


def _as_smoothed(found: list[Report]) -> list[Report]:
    """The reports, where all that is broken is that labels are smoothed inside, alike everywhere.

    That is another cost, which was not told.
    """
    said = [
        {d.says: None for d in v.diagnoses if d.says.startswith(SMOOTHED)}
        for r in found
        for v in r.found
    ]
    alike = [says for says in said[0] if all(says in other for other in said)] if said else []
    if not alike or any(r.problems for r in found):
        return found
    remark = f"{alike[0]}: right for a cost with that, and wrong for one without"

    def right(r: Report) -> Report:
        cells = {at: cell for at, cell in r.cells.items() if at[0] not in ("BP1", GRADIENTS)}
        return replace(_untold(r), cells=cells, remarks=(*r.remarks, remark))

    return [right(r) if r.found else r for r in found]


def _little_off(report: Report) -> bool:
    """Whether what is off in gradients alone is so little that rounding may hide where it is.

    Single precision on one network is not found there, or takes one equation for another; all
    networks together show which it is.
    """
    untold = not report.problems and not report.scaled and WITHOUT_DELTA in report.remarks
    little = all(abs(part) < STALE for part, _ in report.parts.values())
    return little and untold and all(v.equation != "purity" for v in report.violations)


def _with_what_most_add(
    cases: Sequence[Case], found: list[Report], backprop: Backprop, options: dict[str, Any]
) -> tuple[list[Report], Penalty | None]:
    """The reports, where a penalty that most networks show is taken off on those too small for it.

    And that penalty, if there is one. A few numbers may be explained by many constants.
    """
    every = [(c, r) for c, r in zip(cases, found, strict=True) if r.decay]
    # Where all biases are 0, a penalty on them does not show.
    with_biases = [(c, r) for c, r in every if NO_BIASES not in r.remarks]
    shown = [(c, r.decay) for c, r in with_biases or every if r.decay]
    layers = cases[0].network.layers
    if 2 * len(shown) <= len(found) or any(c.network.layers != layers for c in cases):
        return found, None
    penalty = _the_same(layers, [p for _, p in shown]) or _the_same(
        layers, [p.times(c.x.shape[1]) for c, p in shown], over_m=True
    )
    if penalty is None:
        return found, None
    again = [
        _named(check_backprop(backprop, c.network, c.x, c.y, **{**options, "penalty": p}), c.name)
        if r.violations
        else r
        for p in [penalty]
        for c, r in zip(cases, found, strict=True)
    ]
    pairs = zip(found, again, strict=True)
    # One that came too late has found nothing.
    return [min(pair, key=lambda r: (len(r.problems), len(r.found))) for pair in pairs], penalty


def _the_same(
    layers: Sequence[int], shown: Sequence[Penalty], over_m: bool = False
) -> Penalty | None:
    """The penalty that all of these are, layer by layer; None if they differ."""
    constants = np.array([list(zip(*map(p.at, layers), strict=True)) for p in shown])
    most = np.median(constants, axis=0)
    if not np.allclose(constants, most, rtol=NEARLY, atol=NEARLY * abs(most).max()):
        return None
    same = ([fraction(float(k)) for k in each] for each in most)
    l2, l1, b, b1 = (k[0] if len(set(k)) == 1 else dict(zip(layers, k, strict=True)) for k in same)
    return Penalty(l2, l1, b, over_m, b1)


def _with_one_guard(
    cases: Sequence[Case],
    found: list[Report],
    backprop: Backprop,
    options: dict[str, Any],
    penalty: Penalty | None,
) -> list[Report]:
    """The reports, each guard with one number on all networks, beside the penalty of most."""

    def again(guard: Guard, c: Case, report: Report) -> Report:
        told = {"penalty": penalty} if penalty and not report.decay else {}
        how = {**options, **told}
        return _named(check_backprop(backprop, guard.of(c.network), c.x, c.y, **how), c.name)

    return with_one_guard(cases, found, again, _needs)


def _in_the_format_of_most(
    cases: Sequence[Case], found: list[Report], backprop: Backprop, options: dict[str, Any]
) -> list[Report]:
    """The reports, where rounding that most networks show is taken for that of the others too.

    Of a saturated network few numbers are left that could show it. What is broken on others is
    broken there, and not hidden.
    """
    told = [r for r in found if r.cells]
    coarse = sorted(r.eps for r in told if r.eps)
    if all(r.holds for r in found) or 2 * len(coarse) <= len(told):
        return found
    eps, observe = coarse[len(coarse) // 2], options.get("observe", calling.observe)

    def rounded(*call: Any) -> Observation:
        seen: Observation = observe(*call)
        return replace(seen, eps=max(seen.eps, eps))

    how = {**options, "observe": rounded}
    again = (
        r
        if r.holds or r.eps
        else _named(check_backprop(backprop, c.network, c.x, c.y, **how), c.name)
        for c, r in zip(cases, found, strict=True)
    )
    elsewhere = {v.at for r in found if r.eps for v in r.found}
    return [
        one if one.holds or _less_of(elsewhere, one, r) else r
        for r, one in zip(found, again, strict=True)
    ]


def _less_of(places: set[tuple[str, int | None]], one: Report, other: Report) -> bool:
    """Whether one report finds less than the other, and nothing but what is at these places."""
    less = bool(one.found) and len(one.found) < len(other.found) and not one.problems
    return less and {v.at for v in one.found} <= places


def _named(report: Report, name: str) -> Report:
    """The report, with the network's name in all that it says of it, but for what it doubts."""
    report = _less_doubts(report)
    scale, penalty = (v and replace(v, cases=(name,)) for v in (report.scale, report.penalty))
    violations, scaled = (
        tuple(replace(v, cases=(name,)) for v in of) for of in (report.violations, report.scaled)
    )
    without = report.without and _named(report.without, name)
    return replace(
        report,
        name=name,
        violations=violations,
        scale=scale,
        scaled=scaled,
        penalty=penalty,
        without=without,
    )


def _less_guesses(cases: Sequence[Case], found: list[Report]) -> list[Report]:
    """The reports, less what is a guess on one network, where others know it.

    A mean over the examples within BP2 is right on one, and in a batch whose deltas are not known
    as if BP3 and BP4 were not. An average that counts examples otherwise is as if BP1 were wrong
    where there is one output, so that any delta^L is a multiple of the right one, or one example.
    """

    def averages(r: Report) -> bool:
        unclear = any(text.startswith(ALONE) for text in r.problems)
        broken = {v.equation for v in r.violations}
        # In single precision examples alone may hide what their batch shows.
        hidden = bool(r.coarse) and WITHOUT_DELTA in r.remarks
        return unclear or (broken == {"BP3", "BP4"} and (ALONE in r.asks or hidden))

    y_of = {case.name: case.y for case in cases}

    def lone(r: Report) -> bool:
        n, m = y_of[r.name].shape
        alone = m == 1 or (n == 1 and ALONE in r.asks)
        return alone and {v.equation for v in r.violations} == {"BP1"}

    kinds = ["BP1" if lone(r) else "BP3" if averages(r) else "" for r in found]
    known = {
        v.equation for r, kind in zip(found, kinds, strict=True) if not kind for v in r.violations
    }
    guess = ""
    if known & {"BP1", "BP2"} and not known & {"BP3", "BP4"}:
        guess = "BP3"
    elif not known & {"BP1", "BP2"} and (known >= {"BP3", "BP4"} or "BP3" in kinds):
        guess = "BP1"
    return [
        replace(r, cells={}, violations=(), problems=(), asks=r.asks if guess == "BP3" else ())
        if kind and kind == guess
        else r
        for r, kind in zip(found, kinds, strict=True)
    ]


def _less_rates(found: list[Report]) -> list[Report]:
    """The reports, less a learning rate that few of them show, as numbers of few digits may."""
    rated = [r for r in found if any(text.startswith(RATED) for text in r.remarks)]
    if 2 * len(rated) > len(found):
        return found
    return [
        replace(r, remarks=tuple(text for text in r.remarks if not text.startswith(RATED)))
        for r in found
    ]


def _less_kept(report: Report) -> Report:
    """A report less a later call that is wrong: on other networks the first is wrong already."""
    kept_less = tuple(v for v in report.violations if not v.detail.startswith(LATER))
    return replace(report, violations=kept_less)


def _for_the_targets_it_takes(cases: Sequence[Case], found: list[Report]) -> list[Report]:
    """The reports, where a formula that is right for fewer targets than a case has is no mistake.

    Beside another mistake those cases are left out: what they show of it the others show too.
    """
    needs = _labels_of_one(cases, found, [_needs(c, r) for c, r in zip(cases, found, strict=True)])
    rest = [r for r, needed in zip(found, needs, strict=True) if not needed]
    if not any(r.found for r in rest):
        both = zip(found, needs, strict=True)
        return [_for_its_targets(r, of) if of else r for r, of in both] if rest else found
    if len(rest) == len(found):
        return found
    said = OTHER_TARGETS.format(next(filter(None, needs)))
    return [replace(rest[0], remarks=(*rest[0].remarks, said)), *rest[1:]]


def _labels_of_one(cases: Sequence[Case], found: list[Report], needs: list[str]) -> list[str]:
    """What each is right for, where labels that others show have one output: it is label 0."""
    label = NEEDS[LABELS]
    if not any(of == label and len(c.y) > 1 for c, of in zip(cases, needs, strict=True)):
        return needs

    def of_one(case: Case, report: Report) -> bool:
        return len(case.y) == 1 and any(v.equation == "BP1" for v in report.found)

    each = zip(cases, found, needs, strict=True)
    return [label if of_one(case, report) else of for case, report, of in each]


def _needs(case: Case, report: Report) -> str:
    """What BP1 is right for, where it is broken for the targets of this case alone; "" if not so.

    Beside another mistake a - y may not show, where softmax and its cost make it right.
    """
    network = case.network
    broken = [v for v in report.found if v.equation == "BP1"]
    if said := [d.needs for v in broken for d in v.diagnoses if d.needs]:
        return said[0]
    cost = network.cost.of or network.cost
    usual = (network.sigma[network.L], cost) == (softmax, log_likelihood)
    other = not np.allclose(case.y.sum(axis=0), 1)
    return SHORT_ERROR if usual and other and (broken or report.problems) else ""


def _for_its_targets(report: Report, needed: str) -> Report:
    """A report as it is for the targets that a right formula needs.

    Where more is off, as rounding that is not told from a fault beside another, nothing is left.
    """
    wrong = {v.at for v in report.found if any(d.needs for d in v.diagnoses)}
    if len(wrong) < len(report.found):
        wrong = set(report.cells)
    cells = {at: c for at, c in report.cells.items() if at not in wrong and at[0] != GRADIENTS}
    remark = OTHER_TARGETS.format(needed)
    return replace(
        report,
        cells=cells,
        violations=(),
        scale=None,
        scaled=(),
        asks=(),
        parts={},
        remarks=(*(text for text in report.remarks if not text.startswith(needed)), remark),
    )
