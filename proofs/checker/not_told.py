"""The report on a network that differs in what was not told, where less is broken on that."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache, partial
from typing import Any

import numpy as np

from proofs.checker.as_told import NONE, Check, report_on
from proofs.checker.calling.observe import Backprop, Observation
from proofs.checker.calling.precision import unit
from proofs.checker.factors import usual
from proofs.checker.judging.by_definition import GRADIENTS
from proofs.checker.judging.guards import (
    Guard,
    beside_a_fault,
    gradients_that_came,
    guarded_networks,
)
from proofs.checker.judging.kept import KEPT_M, later_calls, same
from proofs.checker.judging.left_over import Penalty, decays, free
from proofs.checker.judging.lost_digits import with_lost_digits
from proofs.checker.judging.numbers import Numbers
from proofs.checker.judging.one_constant import Came
from proofs.checker.judging.other_cost import other_costs
from proofs.checker.judging.other_slope import other_slope, selus, temperature, tempered
from proofs.checker.judging.residuals import NEARLY, SINGLE, Residual, bp3, bp4, of_gradients
from proofs.checker.judging.rounding_calls import as_it_rounds
from proofs.checker.judging.saturated import lost_where_saturated
from proofs.checker.left_in_words import DELTA_IS_ELSE, OVER_M, penalty_in_words
from proofs.checker.naming import DECAY, LOST, Diagnosis
from proofs.checker.report import Report, Violation
from proofs.network import Network
from proofs.network.activations import leaky, leaky_relu, softmax
from proofs.network.arrays import Array
from proofs.network.costs import with_the_other_mean

SUMS = (
    "the gradients are summed over the examples and not averaged, right for a cost that is such a "
    "sum: they were judged divided by m"
)

TIMES = (
    "the gradients are those of {0} times the cost, and right for that: they were judged divided "
    "by {0}"
)

TEMPERED = (
    "the outputs are softmax(z/{:.6g}): right for that temperature, and wrong for softmax of z; to "
    "tell it, hand such an activation of your own to the network"
)

IN_SINGLE = "as if in single precision, or in doubles unlike what was told: the constants of SELU"

BY_OTHERS = (
    "the sum over the weighted examples is divided by {0}, and not by {1} as was told: every "
    'equation holds with that (mean="{2}", --mean {2})'
)

UNDECIDED = (
    "either {} is off by a little, as where a or y is multiplied by nearly 1, or {}: these numbers "
    "are what both give, and other networks or double precision tell"
)

HIDDEN = (
    "{}: off by more than single precision rounds by chance, and by no more than it may, as where "
    "there is a fault, or a guard such as an epsilon; run it in double precision to see which"
)

SMALL = 1e-2
"""What is off by less may be rounded on the way, in half precision too."""

UNSEEN = 2.0**-40
"""By this part of itself an input may move, and in single precision it is the same."""


def by_what_was_not_told(report: Report, check: Check) -> Report:
    """The report on a network that differs in what was not told, if less is broken on that.

    Where nothing is broken but by coarser rounding that no array shows, a guard may explain it.
    """
    if any(d.says.startswith(LOST) for v in report.found for d in v.diagnoses):
        return _less_saturated(report, check)
    if report.found and (says := _with_the_other_mean(check)):
        return _in_other_words(report, Diagnosis(says, DECAY))
    given, seen = check.given, check.seen
    later = cache(lambda: _in_later_calls(check))

    def narrowed(guard: Guard) -> Guard:
        return guard.narrowed(later())

    for other, said, guards in _other_networks(check, report, narrowed):
        found = _where_finite(check.on(other))
        for less, more in with_lost_digits(other, found.found, seen):
            if (again := _where_finite(check.on(less))).holds:
                # An epsilon in a denominator is lost beside a 1 of its own, as 1 - a has one.
                found, said = again, said if guards else (*said, more)
        holds = found.holds and bool(guards or not (report.holds and found.eps))
        unsure = [guard for guard in guards if not guard.sure]
        if holds and unsure:
            return undecided(report, unsure[0])
        if holds or (report.violations and found.scaled and not found.violations):
            lost = _less_saturated(report, check) if guards and not holds else report
            return lost if lost.undecided else _on_another(found, report, said, guards)
    said = ()
    for other, says in with_lost_digits(check.network, report.found, seen):
        found = _where_finite(check.on(other))
        # Where activations are off by more, a guard may be the reason.
        if _less_is_wrong(found, report) and not any(_is_forward(v) for v in found.found):
            report, given, said = found, check.on(other).given, (says,)
    beside = beside_a_fault(given, seen, check.call) if report.violations else ()
    for guard in map(narrowed, beside):
        found = _where_finite(check.on(guard.of(given.network)))
        if _less_is_wrong(found, report):
            return _on_another(found, report, said, (guard,))
    report = replace(report, remarks=(*said, *report.remarks))
    report = _less_saturated(report, check)
    return _hidden(report, check) if report.violations else report


def _with_the_other_mean(check: Check) -> str:
    """What to say where classes are weighted as was told, and divided by something else."""
    other = with_the_other_mean(check.network.cost)
    if other is None or not _where_finite(check.on(check.network.with_functions(cost=other))).holds:
        return ""
    _, mean = other.of_classes or ((), "")
    ways = ("m", "the sum of their weights")
    return BY_OTHERS.format(*(ways if mean == "examples" else ways[::-1]), mean)


def _in_other_words(report: Report, says: Diagnosis) -> Report:
    """The report with nothing but this said of what is wrong."""
    of = (says,)
    violations, scaled = (
        tuple(replace(v, diagnoses=of, set_aside=(), alone=False) for v in found)
        for found in (report.violations, report.scaled)
    )
    scale = report.scale and replace(report.scale, diagnoses=of)
    return replace(report, violations=violations, scaled=scaled, scale=scale)


def _where_finite(check: Check) -> Report:
    """The report on another network; a problem where that one's cost is infinite here."""
    try:
        return report_on(check)
    except ValueError as infinite:
        return Report(check.network.L, {}, problems=(str(infinite),))


def _less_saturated(report: Report, check: Check) -> Report:
    """The report, where nothing is wrong but an error that saturated outputs have lost."""
    broken = {v.equation for v in report.violations}
    if not (broken == {"BP1"} or (broken and broken <= {"BP3", "BP4"})):
        return report
    # In coarse rounding anything goes for one such example, and for the average of all it does not.
    average = broken != {"BP1"}
    lost = lost_where_saturated(check.given, check.seen, check.call, average)
    return _open(report, lost) if lost else report


def with_its_selu(check: Check) -> Check:
    """The check with SELU by the constants that came."""
    network, first = check.network, check.first()
    for sigma, as_told in [] if first.problem else selus(list(network.sigma.values())):
        own = network.with_functions(sigma)
        if check.on(own).given.explain(first):
            return replace(check.on(own), said=() if as_told else (IN_SINGLE,))
    return check


def less_temperature(report: Report, check: Check) -> tuple[Report, Check]:
    """The report and the check on softmax(z/T), if its T shows and less is wrong then."""
    sigma = list(check.network.sigma.values())
    if sigma[-1] is softmax and any(v.equation in ("BP1", "forward a") for v in report.violations):
        one = check.of_one()
        if T := temperature(one.given, one.seen):
            own = check.on(check.network.with_functions([*sigma[:-1], tempered(T)]))
            own = replace(own, said=(TEMPERED.format(T),))
            found = _where_finite(own)
            if _less_is_wrong(found, report) or (found.scaled and not found.violations):
                return found, own
    return report, check


def less_decay(report: Report, check: Check) -> tuple[Report, Check]:
    """The report and the check without a decay that one example shows, if less is wrong then."""
    m, plain = check.x.shape[1], check
    if check.decay:
        return report, check

    def shown(few: int) -> list[Penalty]:
        one = check.of_one(few)
        seen = one.seen
        return [] if seen.problem else decays(one.given.of(seen, seen.numbers))

    def size(p: Penalty) -> float:
        return float(sum(abs(p.of_w(w, l)).sum() for l, w in check.network.w.items()))

    for one, two in zip(shown(1), shown(2), strict=False):
        if one.l2 == two.l2 == 1:
            continue  # these are weights that were updated
        over_m = m > 1 and size(two) < 0.75 * size(one)
        p = replace(one, over_m=over_m)
        # Of one example both are true.
        overs = (0, 1) if m == 1 else (int(over_m),)
        said = tuple(Diagnosis(penalty_in_words(p, "/m" * o), DECAY, True, o) for o in overs)
        decay = Violation("penalty", None, 0.0, 0.0, said), p.of(m)
        found = report_on(less := replace(plain, penalty=p, decay=decay))
        if found.cells and len(found.found) < len(report.found):
            report, check = found, less
    return report, check


def less_factor(report: Report, check: Check) -> tuple[Report, Check]:
    """The report and the check on the cost that was told, where a factor hides that less is wrong,
    as in sums for averages or in squares without their 1/2.

    Where something else is wrong as well, no one factor leads from all gradients to the right ones.
    """

    def wrong(report: Report) -> tuple[int, int]:
        return len(report.violations), sum("return" in text for text in report.asks)

    best = report, check
    for says, over in _over_factors(check) if report.violations else ():
        found = report_on(over := replace(over, said=(says, *check.said)))
        if (
            found.violations
            and found.cells
            and not found.problems
            and wrong(found) < wrong(best[0])
        ):
            best = found, over
    return best


def _over_factors(check: Check) -> Iterator[tuple[str, Check]]:
    """The check with what came over a usual factor that it shows, in words.

    A single example shows a factor too, but for m: else it is some other number that it is like.
    """
    n, m = check.given.gradients(check.seen), check.x.shape[1]
    if m > 1 and all(map(_is_of_sums, (check, check.of_one()))):
        yield DELTA_IS_ELSE.format(OVER_M), _times(check, lambda _: 1.0, lambda m: m)
    found = of_gradients(n)
    of_last = [r for r in found if r.layer == n.network.L]
    if all(r.holds for r in of_last):
        return  # what the cost is multiplied by comes in there

    def right(c: float) -> int:
        return max(sum(_is_times(sign * c, r) for r in found) for sign in (1, -1))

    shown = {says: of for says, of in _factors(n).items() if right(of[0] * m ** of[1]) > right(1)}
    one = check.of_one()
    alone = _factors(one.given.gradients(one.seen)) if shown and not one.seen.problem else {}
    for says, (value, power) in sorted(shown.items(), key=lambda s: s[1][1]):
        if m == 1 or any(abs(v / value - 1) < NEARLY for v, _ in alone.values()):
            said = SUMS if says == "m" else TIMES.format(says)
            # Delta may have it, or be right.
            for of_delta in dict.fromkeys((value, 1.0)):
                by = partial(_over, value, power), partial(_over, of_delta, 0)
                yield said, _times(check, *by)
    right_there = any((r.distance <= NEARLY * abs(r.expected).max()).all() for r in of_last)
    if m > 1 and "m" not in shown and not right_there and _adds_up(check, 2):
        yield SUMS, _times(check, partial(_over, 1.0, 1))


def _over(value: float, power: int, m: int) -> float:
    return 1 / (value * m**power)


def _is_of_sums(check: Check) -> bool:
    """Whether the gradients of a layer are the sums of its delta."""
    n = check.given.of(check.seen, check.seen.numbers)
    at = n.nabla_b.keys() & n.nabla_w.keys() if "delta" in n.given else ()
    return any(_is_times(n.m, r) for l in at if l in n.delta for r in (bp3(n, l), bp4(n, l)))


def _factors(n: Numbers) -> dict[str, tuple[float, int]]:
    """The usual factors that the gradients of a layer are off by, as written: without m, and to
    which power m."""
    shown: dict[str, tuple[float, int]] = {}
    for r in of_gradients(n):
        at = np.unravel_index(abs(r.expected).argmax(), r.expected.shape)
        c = float(r.came[at] / r.expected[at]) if r.expected[at] else 0.0
        if _is_times(c, r):
            shown |= {says: (value, power) for says, value, power in usual(n, abs(c))}
            shown |= {"": (1.0, 0)} if abs(abs(c) - 1) < NEARLY else {}
    return shown


def _is_times(c: float, r: Residual) -> bool:
    """Whether what came is c times what was expected."""
    return bool((abs(r.came - c * r.expected) <= abs(c) * r.allowed).all())


def less_rounding(report: Report, check: Check) -> tuple[Report, Check]:
    """The report and the check on inputs that it rounds by itself, where something is nearly right.

    The same comes for those, so whatever else is wrong is judged in full.
    """
    if not any(0 < v.residual < SMALL for v in report.violations):
        return report, check
    given = as_it_rounds(check.call_with, check.given, check.seen)
    if given is check.given:
        return report, check
    over = replace(check, network=given.network, x=given.x, y=given.y)
    found, rounded = report_on(over), dict.fromkeys(given.what, unit(given.digits))
    return replace(found, coarse={**rounded, **found.coarse}), over


def less_kept_m(report: Report, check: Check) -> tuple[Report, Check, tuple[Violation, ...]]:
    """The report, the check, and that m is kept, where later calls go by the m of the first.

    A call with m copies of one example gives m times what that example alone gives, and less is
    wrong where each call is multiplied by what is missing.
    """
    m = check.x.shape[1]
    if m == 1 or not any(v.equation == "BP1" for v in report.violations):
        return report, check, ()
    if not _adds_up(check, m):
        return report, check, ()
    over = _times(check, lambda few: m / few)
    found = report_on(over)
    before, now = ({v.at: v.residual for v in r.found} for r in (report, found))
    less = any(off < NEARLY**0.5 * before.get(at, 0) for at, off in now.items())
    fewer = len(now) < len(before) or (now.keys() == before.keys() and less)
    if not found.cells or found.problems or not fewer:
        return report, check, ()
    return found, over, (Violation("purity", None, np.inf, 0.0, (), KEPT_M.format(m)),)


def _adds_up(check: Check, copies: int) -> bool:
    """Whether copies of one example give so many times what that example alone gives."""
    several, alone = (check.of_one(few).seen.numbers for few in (copies, 1))
    pairs = [(v, copies * alone.get(letter, {}).get(l, np.nan))
             for letter in GRADIENTS for l, v in several.get(letter, {}).items()]  # fmt: skip
    return bool(pairs) and all(np.allclose(v, w, rtol=NEARLY, atol=0) for v, w in pairs)


def _times(
    check: Check, factor: Callable[[int], float], of_delta: Callable[[int], float] = lambda _: 1.0
) -> Check:
    """The check with the gradients of each call multiplied by a factor of its m, less its penalty,
    and delta by one."""

    def multiplied(seen: Observation, m: int) -> Observation:
        by = dict.fromkeys(GRADIENTS, factor(m)) | {"delta": of_delta(m)}
        own = {
            name: {l: by.get(name, 1.0) * v for l, v in of.items()}
            for name, of in seen.numbers.items()
        }
        beside = {at: by.get(at[0], 1.0) * v for at, v in seen.beside.items()}
        return replace(seen, numbers=own, beside=beside)

    def observe(backprop: Backprop, w: Any, b: Any, x: Array, y: Array, *how: Any) -> Observation:
        m, network = x.shape[1], check.network.with_arrays(w, b)
        seen = check.observe(backprop, w, b, x, y, *how)
        return multiplied(free(seen, network, check.penalty.of(m)), m)

    first = lambda: multiplied(check.seen, check.x.shape[1])  # noqa: E731
    return replace(check, observe=observe, first=first, penalty=NONE)


def of_single_precision(report: Report, check: Check) -> Report:
    """The report beside the penalty with its constants in single precision, if all holds then."""
    rounded = replace(check, penalty=check.penalty.in_single_precision)
    if not rounded.given.explain(rounded.seen):
        return report
    found = report_on(rounded)
    the_constant = {"the constant of the penalty": SINGLE}
    return replace(found, coarse={**the_constant, **found.coarse}) if found.holds else report


def _hidden(report: Report, check: Check) -> Report:
    """The report where single precision inside may hide what is wrong: nothing is blamed then.

    What rounds its inputs gives the same for inputs that are moved by less than their rounding.
    """
    if check.first().eps >= SINGLE:
        return report  # by that rounding it was judged
    network, x = check.network, check.x
    *w_and_b, beside = (v * (1 + UNSEEN) for v in (*network.weights, *network.biases, x))
    moved = network.with_arrays(w_and_b[: network.L - 1], w_and_b[network.L - 1 :])
    if not same(check.on(moved).call(beside, check.y), check.first()):
        return report

    def coarse(seen: Observation) -> Observation:
        return replace(seen, eps=max(seen.eps, SINGLE))

    found = report_on(
        replace(
            check,
            observe=lambda *call: coarse(check.observe(*call)),
            first=lambda: coarse(check.first()),
        )
    )
    if not found.holds:
        return report
    text = HIDDEN.format(", ".join(v.place for v in report.found))
    return replace(_open(report, text), without=found)


def undecided(report: Report, guard: Guard) -> Report:
    """Nothing is accepted, nor blamed, where a guard and a fault explain the same numbers."""
    if report.holds:
        return report
    where = ", ".join(v.place for v in report.found)
    return _open(report, UNDECIDED.format(where, guard.says.partition(":")[0]))


def _open(report: Report, why: str) -> Report:
    """Nothing is blamed: why that cannot be told."""
    return Report(
        report.L, {}, problems=(why,), remarks=report.remarks, without=report, undecided=True
    )


def _on_another(
    found: Report, report: Report, said: tuple[str, ...], guards: tuple[Guard, ...]
) -> Report:
    """What was found on a network with what was not told, with that in words."""
    said = (*(guard.says for guard in guards), *said)
    guards, without = guards or found.guards, report if guards else found.without
    return replace(found, remarks=(*said, *found.remarks), guards=guards, without=without)


def _in_later_calls(check: Check) -> list[Came]:
    """The gradients of calls with other weights, less a penalty that was told."""
    later = later_calls(check.call_with, check.given)
    came = (gradients_that_came(given, seen) for _, given, seen in later if not seen.problem)
    return [one for one in came if one]


def _less_is_wrong(one: Report, other: Report) -> bool:
    """Whether less is broken in one report, of activations first, then of equations and places."""

    def wrong(report: Report) -> tuple[int, int, int]:
        broken = [v.equation for v in report.found]
        return sum(map(_is_forward, report.found)), len(set(broken)), len(broken)

    return bool(one.cells) and not one.problems and wrong(one) < wrong(other)


def _is_forward(v: Violation) -> bool:
    return v.equation == "forward a"


def _other_networks(
    check: Check, report: Report, narrowed: Callable[[Guard], Guard]
) -> Iterator[tuple[Network, tuple[str, ...], tuple[Guard, ...]]]:
    """The same network with what it was not told, as far as the numbers show that, in words."""
    network, x, y, seen = check.network, check.x, check.y, check.seen
    sigma = list(network.sigma.values())
    for cost, says in other_costs(network, x, y, seen) if report.found else ():
        yield network.with_functions(cost=cost), (says,), ()
    if leaky_relu in sigma and report.found:
        slope = other_slope(check.call_with(network), network, x, y, seen)
        if slope is not None:
            own = [leaky(slope) if s is leaky_relu else s for s in sigma]
            says = (
                f"the slope below 0 is {slope:.6g}: right for that rectifier (leaky, "
                f"--hidden leaky_relu:{slope:.6g}), and wrong for one with 0.01"
            )
            yield network.with_functions(own), (says,), ()
    for guard in map(narrowed, guarded_networks(check.given, seen)):
        yield guard.of(network), (), (guard,)
