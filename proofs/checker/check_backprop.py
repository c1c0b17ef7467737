"""Which of the four equations a backward pass breaks, at which layer, by how much."""

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any

import numpy as np

from proofs.checker.calling.conventions import FROM_THE_LAST
from proofs.checker.calling.observe import (
    LETTERS,
    MOST_SAID,
    Backprop,
    Call,
    Observation,
    first_of,
    in_this_context,
    observe,
)
from proofs.checker.calling.precision import DOUBLE, name, unit
from proofs.checker.calling.purity import differs, impurities
from proofs.checker.calling.update import differences, read_off, shown_rate
from proofs.checker.factors import NUMBER, read
from proofs.checker.judging.alike import parts_off
from proofs.checker.judging.beyond import beyond, mixing, shared
from proofs.checker.judging.bounded import (
    BoundedError,
    bounded,
    bounded_with,
    clipped_at,
    shortened,
)
from proofs.checker.judging.by_definition import Inputs
from proofs.checker.judging.coarse import as_rounded
from proofs.checker.judging.constants import constant_in
from proofs.checker.judging.gradients_alone import CannotTellError, Findings
from proofs.checker.judging.guards import (
    Guard,
    beside_a_fault,
    gradients_that_came,
    guarded_networks,
)
from proofs.checker.judging.judged import coarsest, judged
from proofs.checker.judging.kept import kept, later_calls, same
from proofs.checker.judging.left_over import LeftOver, Penalty, decays, free, of_observed
from proofs.checker.judging.lost_digits import with_lost_digits
from proofs.checker.judging.one_constant import Came
from proofs.checker.judging.other_cost import other_costs
from proofs.checker.judging.other_slope import other_slope, selus
from proofs.checker.judging.residuals import SINGLE, at_a_kink
from proofs.checker.judging.whole_gradient import smeared, smeared_along
from proofs.checker.left_in_words import (
    another_penalty,
    conventions,
    penalty_in_words,
    the_constant,
    the_penalty,
)
from proofs.checker.naming import DECAY, LOST, Diagnosis
from proofs.checker.report import (
    GRADIENTS,
    NOT_RETURNED,
    Cell,
    Report,
    Violation,
    in_order,
    worse,
)
from proofs.checker.violations import EQUATION_OF, violations_of
from proofs.measuring.clock import Progress, TimeIsUpError, limited, seconds_left
from proofs.measuring.every_number import MEMORY, work
from proofs.measuring.silence import one_at_a_time
from proofs.network import Network
from proofs.network.activations import leaky, leaky_relu
from proofs.network.arrays import Array
from proofs.network.fused import cost_of_z

Observe = Callable[..., Observation]
Plain = Callable[[Observation, Inputs], Observation]

UNEXPLAINED = (
    "every equation holds, and yet the gradients are not those of the cost: "
    "one of the two ways of checking is wrong, please report this function"
)

UPDATED = (
    "it returned updated weights and biases, with a learning rate of {rate:.6g}: "
    "return the gradients (nabla_b, nabla_w) themselves"
)

IN_SINGLE = "as if in single precision, or in doubles unlike what was told: the constants of SELU"

BOTH = (
    "the gradients are clipped at {:.6g}, and are not the right ones clipped: return them before "
    "that to see which equation is broken"
)

READ_OFF = (
    "the gradients were read off an update at a learning rate of {rate:g}, and carry the rounding "
    "of w / rate"
)

DIFFERENCES = (
    "each number is a difference of two costs over a small step, as numerical gradients are: they "
    "are right to some digits only and follow no equation; return what the backward pass computes"
)

WITH_OTHERS = "with other weights and biases, "

WITHOUT_DELTA = "delta was not returned: BP1 and BP2 are judged by nabla_b and nabla_w"

TAKES_NONE = (
    "the same comes for biases that are 0, and no gradient for them: a network without biases; "
    "tell the check so (--no-biases, battery(..., biases=False), or biases of 0) and return "
    "(None, nabla_w)"
)

ONE_FOR_ALL = (
    "the same comes where each layer has one bias for all of its neurons, {}: that is another "
    "network than one with a bias for each, as here; nothing is judged"
)

UNDECIDED = (
    "either {} is off by a little, as where a or y is multiplied by nearly 1, or {}: these numbers "
    "are what both give, and other networks or double precision tell"
)

LATE = "it was not tested whole within timeout = {:g} seconds"

HIDDEN = (
    "{}: off by more than single precision rounds by chance, and by no more than it may, as where "
    "there is a fault, or a guard such as an epsilon; run it in double precision to see which"
)

UNSEEN = 2.0**-40
"""By this part of itself an input may move, and in single precision it is the same."""

OTHERWISE = 1e-3
"""Other biases tell only where some error moves by more than this part of the largest."""

UNKNOWN = (
    "{equation}, layer {layer}: {n} of its numbers could not be measured, as where something "
    "underflows on the way, and were not tested"
)

NO_BIASES = "all biases are 0, so a missing + b would not show"

NEVER_TRAINED = (
    "nabla_b is 0 at each layer: if the biases are never trained, leave it out, as from_model does "
    "with fixed_biases=True"
)
NEVER_MOVED = (
    "the weights move by their gradients, and no bias moves: if biases are never trained, leave "
    "nabla_b out, as from_model does with fixed_biases=True; else update them"
)
SHAPES = "w of layer 2 has shape"

NONE = Penalty()

LARGEST = 10**5
"""Up to this many weights and biases, each one is pushed unless something else is said: that many
pushes are hundreds of backward passes."""

WORK = 10**8
"""And only where the pushes take up to this many numbers, which is one or two seconds."""

RARE = 1e-12
"""A smaller probability is not told apart from this one."""

DIRECTIONS = 4
"""Along this many random directions a block of a larger network is tested."""


@one_at_a_time()
def check_backprop(
    backprop: Backprop,
    network: Network,
    x: object,
    y: object,
    *,
    method: str | None = None,
    memory: int = MEMORY,
    timeout: float = 60.0,
    penalty: Penalty = NONE,
    progress: Progress | None = None,
    observe: Observe = observe,
) -> Report:
    """Which equations `backprop` breaks on a network, a batch x (n_1, m) and targets y (n_L, m).

    `backprop(weights, biases, x, y)` gets lists from layer 2 to L and returns
    `(nabla_b, nabla_w)`, the gradients of the average cost, or a mapping with any of z, a, delta
    (every example a column, without 1/m), nabla_b and nabla_w: the more, the sharper the report.
    Each equation is tested with the function's own inputs to it, and against the definition.
    Besides, the gradients are measured as a whole.

    `method` is "exhaustive", every entry compared and every b and w pushed, or "directional":
    BP4 and the gradients along random directions, for networks too large for that, and every entry
    of a block where that finds something.
    Without it the estimated work decides; the report says which it was.
    In both, forward passes take at most `memory` bytes at a time, as far as one example does.
    The whole check takes at most `timeout` seconds, and the report says what was not tested then;
    `progress` is called with the name of what is being tested, how many parts of it are done, and
    how many there are.

    `penalty` is what the cost of `backprop` adds to that of the network, such as
    `Penalty(l2=0.1)`; without it, a penalty that fits all numbers is found and reported.

    The function runs in a thread, with the context variables and NumPy's error state of the caller;
    what belongs to the caller's thread, such as an event loop, is not there.
    Never raises for what `backprop` does: it may raise, hang, print, or change its inputs, and
    the report says so.
    Raises TypeError or ValueError if the network and the batch cannot be used.

    >>> from proofs import Network, backprop, check_backprop
    >>> network = Network([2, 3, 1])
    >>> def of_the_book(weights, biases, x, y):
    ...     gradients = backprop(Network.from_arrays(weights, biases), x, y)
    ...     return list(gradients.nabla_b.values()), list(gradients.nabla_w.values())
    >>> check_backprop(of_the_book, network, [[0.5], [1.0]], [[1.0]]).holds
    True
    """
    if not callable(backprop):
        raise TypeError(f"backprop: expected a function, got {backprop!r}")
    theirs = in_this_context(backprop)
    late = LATE.format(timeout)
    x, y = network.batch(x, y)
    observe = _each_alone_once(observe) if x.shape[1] > 1 else observe
    call = partial(observe, theirs, network.weights, network.biases)
    first = cache(lambda: call(x, y, seconds_left()))
    how = (x, y, method, memory, late, penalty, observe, first)
    with np.errstate(all="ignore"), limited(timeout, progress):
        report = Report(network.L, {}, problems=(late,))
        with suppress(TimeIsUpError):
            network, said = _with_its_selu(network, x, y, first())
            report = _report(theirs, network, *how)
            report = replace(report, remarks=(*said, *report.remarks))
            if report.violations and penalty:
                report = _of_single_precision(report, theirs, network, how)
            elif report.violations:
                report = _less_decay(report, theirs, network, how)
            if report.found or report.eps or UNEXPLAINED in report.problems:
                report = _what_was_not_told(report, theirs, network, call, how)
    return report


def _each_alone_once(observe: Observe) -> Observe:
    """The same, where each example alone is asked for once: several look at it."""
    kept: dict[tuple[object, ...], tuple[Observation, Any]] = {}

    def observed(backprop: Backprop, w: Any, b: Any, x: Array, y: Array, *how: Any) -> Observation:
        if x.shape[1] > 1:
            return observe(backprop, w, b, x, y, *how)
        key = (*map(id, (*w, *b)), x.tobytes(), y.tobytes())
        if key not in kept:
            # The weights are held, so that no others have their identity.
            kept[key] = observe(backprop, w, b, x, y, *how), (w, b)
        return kept[key][0]

    return observed


def _with_its_selu(
    network: Network, x: Array, y: Array, first: Observation
) -> tuple[Network, tuple[str, ...]]:
    """The network, with SELU by the constants that came, and what to say if others were told."""
    for sigma, as_told in [] if first.problem else selus(list(network.sigma.values())):
        own = Network.from_arrays(network.weights, network.biases, sigma, network.cost)
        if Inputs(own, x, y).explain(first):
            return own, () if as_told else (IN_SINGLE,)
    return network, ()


def _less_decay(report: Report, backprop: Backprop, network: Network, how: Any) -> Report:
    """The report on what is left without a decay that one example shows, if less is wrong then."""
    x, y, method, memory, late, _, observe, first = how

    def shown(few: int) -> list[Penalty]:
        some = x[:, :few], y[:, :few]
        seen = observe(backprop, network.weights, network.biases, *some, seconds_left())
        return [] if seen.problem else decays(Inputs(network, *some).of(seen, seen.numbers))

    for one, two in zip(shown(1), shown(2), strict=False):
        over_m = x.shape[1] > 1 and (two.l2, two.l1) != (one.l2, one.l1)
        p = replace(one, over_m=over_m)
        found = _report(backprop, network, x, y, method, memory, late, p, observe, first)
        if found.cells and len(found.found) < len(report.found):
            # Of one example both are true.
            overs = (0, 1) if x.shape[1] == 1 else (int(over_m),)
            said = tuple(Diagnosis(penalty_in_words(p, "/m" * o), DECAY, True, o) for o in overs)
            shown_as = Violation("penalty", None, 0.0, 0.0, said)
            report = replace(found, penalty=shown_as, decay=p.of(x.shape[1]))
    return report


def _of_single_precision(report: Report, backprop: Backprop, network: Network, how: Any) -> Report:
    """The report beside the penalty with its constants in single precision, if all holds then."""
    x, y, method, memory, late, penalty, observe, first = how
    rounded = penalty.in_single_precision
    if not Inputs(network, x, y).explain(free(first(), network, rounded.of(x.shape[1]))):
        return report
    found = _report(backprop, network, x, y, method, memory, late, rounded, observe, first)
    the_constant = {"the constant of the penalty": SINGLE}
    return replace(found, coarse={**the_constant, **found.coarse}) if found.holds else report


def _what_was_not_told(
    report: Report, backprop: Backprop, network: Network, call: Observe, how: Any
) -> Report:
    """The report on a network that differs in what was not told, if less is broken on that.

    Where nothing is broken but by coarser rounding that no array shows, a guard may explain it.
    """
    if any(d.says.startswith(LOST) for v in report.found for d in v.diagnoses):
        return report
    x, y, *_, penalty, _, first = how
    seen, given = free(first(), network, penalty.of(x.shape[1])), Inputs(network, x, y)

    def call_now(x: Array, y: Array) -> Observation:
        return call(x, y, seconds_left())

    later = cache(lambda: _in_later_calls(backprop, network, how))

    def narrowed(guard: Guard) -> Guard:
        return guard.narrowed(later())

    for other, said, guards in _other_networks(call_now, given, seen, report, narrowed):
        try:
            found = _report(backprop, other, *how)
        except ValueError:  # its cost is infinite here
            continue
        for less, more in with_lost_digits(other, found.found, seen):
            if (again := _report(backprop, less, *how)).holds:
                # An epsilon in a denominator is lost beside a 1 of its own, as 1 - a has one.
                found, said = again, said if guards else (*said, more)
        holds = found.holds and bool(guards or not (report.holds and found.eps))
        unsure = [guard for guard in guards if not guard.sure]
        if holds and unsure:
            return undecided(report, unsure[0])
        if holds or (report.violations and found.scaled and not found.violations):
            return _on_another(found, report, said, guards)
    said = ()
    for other, says in with_lost_digits(network, report.found, seen):
        found = _report(backprop, other, *how)
        # Where activations are off by more, a guard may be the reason.
        if _less_is_wrong(found, report) and not any(_is_forward(v) for v in found.found):
            report, given, said = found, Inputs(other, x, y), (says,)
    beside = beside_a_fault(given, seen, call_now) if report.violations else ()
    for guard in map(narrowed, beside):
        found = _report(backprop, guard.of(given.network), *how)
        if _less_is_wrong(found, report):
            return _on_another(found, report, said, (guard,))
    report = replace(report, remarks=(*said, *report.remarks))
    return _hidden(report, backprop, network, how) if report.violations else report


def _hidden(report: Report, backprop: Backprop, network: Network, how: Any) -> Report:
    """The report where single precision inside may hide what is wrong: nothing is blamed then.

    What rounds its inputs gives the same for inputs that are moved by less than their rounding.
    """
    x, y, method, memory, late, penalty, observe, first = how
    *w_and_b, beside = (v * (1 + UNSEEN) for v in (*network.weights, *network.biases, x))
    w, b = w_and_b[: network.L - 1], w_and_b[network.L - 1 :]
    if not same(observe(backprop, w, b, beside, y, seconds_left()), first()):
        return report

    def coarse(seen: Observation) -> Observation:
        return replace(seen, eps=max(seen.eps, SINGLE))

    options = (method, memory, late, penalty, lambda *given: coarse(observe(*given)))
    found = _report(backprop, network, x, y, *options, lambda: coarse(first()))
    if not found.holds:
        return report
    text = HIDDEN.format(", ".join(v.place for v in report.found))
    return Report(report.L, {}, problems=(text,), remarks=report.remarks, without=found)


def undecided(report: Report, guard: Guard) -> Report:
    """Nothing is accepted, nor blamed, where a guard and a fault explain the same numbers."""
    if report.holds:
        return report
    where = ", ".join(v.place for v in report.found)
    text = UNDECIDED.format(where, guard.says.partition(":")[0])
    return Report(report.L, {}, problems=(text,), remarks=report.remarks, without=report)


def _on_another(
    found: Report, report: Report, said: tuple[str, ...], guards: tuple[Guard, ...]
) -> Report:
    """What was found on a network with what was not told, with that in words."""
    said = (*(guard.says for guard in guards), *said)
    guards, without = guards or found.guards, report if guards else found.without
    return replace(found, remarks=(*said, *found.remarks), guards=guards, without=without)


def _in_later_calls(backprop: Backprop, network: Network, how: Any) -> list[Came]:
    """The gradients of calls with other weights, less a penalty that was told."""
    x, y, *_, penalty, observe, _ = how
    call_with = partial(_calling, backprop, observe, penalty)
    later = later_calls(call_with, Inputs(network, x, y))
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
    call: Call,
    given: Inputs,
    first: Observation,
    report: Report,
    narrowed: Callable[[Guard], Guard],
) -> Iterator[tuple[Network, tuple[str, ...], tuple[Guard, ...]]]:
    """The same network with what it was not told, as far as the numbers show that, in words."""
    network, x, y = given.network, given.x, given.y
    w, b, sigma = network.weights, network.biases, list(network.sigma.values())
    for cost, says in other_costs(network, x, y, first) if report.found else ():
        yield Network.from_arrays(w, b, sigma, cost), (says,), ()
    if leaky_relu in sigma and report.found:
        slope = other_slope(call, network, x, y, first)
        if slope is not None:
            own = [leaky(slope) if s is leaky_relu else s for s in sigma]
            says = (
                f"the slope below 0 is {slope:.6g}: right for that rectifier (leaky, "
                f"--hidden leaky_relu:{slope:.6g}), and wrong for one with 0.01"
            )
            yield Network.from_arrays(w, b, own, network.cost), (says,), ()
    for guard in map(narrowed, guarded_networks(given, first)):
        yield guard.of(network), (), (guard,)


@dataclass(frozen=True)
class _Calls:
    """Two calls with the same inputs, and how to make others."""

    call_with: Callable[..., Call]
    given: Inputs
    first: Observation
    again: Observation

    @property
    def call(self) -> Call:
        """A call with the same network."""
        return self.call_with(self.given.network)

    def less(self, plain: Callable[[Observation, Inputs], Observation]) -> "_Calls":
        """The calls without a penalty or a factor that they hold."""
        first, again = (plain(seen, self.given) for seen in (self.first, self.again))
        return _Calls(_all_plain(self.call_with, plain), self.given, first, again)


@dataclass(frozen=True)
class _Whole:
    """What the calls show as a whole: the gradients, how they were tested, what is unclear."""

    calls: _Calls
    cells: dict[int, Cell]
    how: str
    problems: tuple[str, ...]
    later: str | Guard = ""
    violations: tuple[Violation, ...] = ()
    found: tuple[Findings, ...] = ()


def _report(
    backprop: Backprop,
    network: Network,
    x: Array,
    y: Array,
    method: str | None,
    memory: int,
    late: str,
    penalty: Penalty,
    observe: Observe,
    seen: Callable[[], Observation],
) -> Report:
    """As `check_backprop`, which documents the arguments; `late` is said where time is up.

    `seen` gives what the first call came to.
    """
    directions = _directions(method, network, x)
    if network.cost.of is not None:
        memory = sys.maxsize  # how often an example counts depends on all of its batch
    if mixes := mixing(network):
        return _refused(network, mixes)
    call_with: Callable[[Network], Call] = partial(_calling, backprop, observe, penalty)
    first = free(seen(), network, penalty.of(x.shape[1]))
    if first.problem:
        said = (*_said(first), *_of_shapes(first.problem, network))
        return Report(network.L, {}, problems=(first.problem,), remarks=said, form=first.form)
    given = Inputs(network, x, y, memory=memory)
    _finite_cost(given)
    calls = _Calls(call_with, given, first, call_with(network)(x, y))
    read = _as_gradients(calls, directions, seen if penalty else None)
    if isinstance(read, str):
        return _refused(network, read, *_said(first))
    return _of_gradients(*read, directions, penalty, late)


def _calling(
    backprop: Backprop, observe: Observe, penalty: Penalty, network: Network, rate: float = 0.0
) -> Call:
    """Calls with a network's weights, less the penalty that was told; of an update its gradient."""

    def call(x: Array, y: Array) -> Observation:
        seen = observe(backprop, network.weights, network.biases, x, y, seconds_left())
        return free(read_off(seen, network, rate), network, penalty.of(x.shape[1]))

    return call


def _as_gradients(
    calls: _Calls, directions: int, with_penalty: Callable[[], Observation] | None
) -> tuple[_Calls, bool] | str:
    """The calls, their gradients read off an update if that came, and whether those are right.

    Else why they are not judged. The inputs are those that it seems to have worked with.
    """
    given, first = calls.given, calls.first
    right = given.explain(first, directions)
    told = right or bool((left := of_observed(given, first)) and left.tells)
    other = "" if right else _no_gradients(given, first, told, with_penalty)
    if other := other or ("" if right else _other_biases(calls.call_with, given, first)):
        return other
    if not told and (rate := shown_rate(given.network, first)):
        first, again = (read_off(seen, given.network, rate) for seen in (first, calls.again))
        calls = _Calls(partial(calls.call_with, rate=rate), given, first, again)
        right = given.explain(first, directions)
    return (calls if right else replace(calls, given=as_rounded(given, calls.first))), right


def _of_gradients(
    calls: _Calls, right: bool, directions: int, penalty: Penalty, late: str
) -> Report:
    """The report on calls that gave gradients, or numbers on the way to them."""
    given, as_it_came = calls.given, calls.first
    network, m = given.network, given.x.shape[1]
    left = of_observed(given, as_it_came, right, bool(penalty)) or LeftOver(1.0)
    if left.updated:
        return _refused(network, UPDATED.format(rate=-left.c))
    pure = tuple(impurities(as_it_came, calls.again))
    constant = constant_in(left.c, given.gradients(free(as_it_came, network, left.penalty)))
    if left.penalty or left.delta_is_else or constant:
        calls = calls.less(partial(_plain, told=bool(penalty)))
    found, first, problems = _findings(calls.call_with, given, calls.first, calls.again, directions)
    calls = replace(calls, first=first)
    constants = {r.constant for one in found for r in one.residuals if r.constant}
    wrong = violations_of(found, first, network, m)
    left, wrong_penalty = _wrong_penalty(left, penalty.of(m), given, as_it_came)
    wrong += [*wrong_penalty, *pure]
    try:
        whole = _as_a_whole(calls, found, wrong, problems, left, bool(constants), directions, late)
    except BoundedError as how_it_is:
        return _refused(network, str(how_it_is), *_said(first))
    if isinstance(whole, Report):
        return whole
    found, wrong = [*found, *whole.found], [*wrong, *whole.violations]
    coarse = _coarse(whole.calls.given, whole.calls.first, constants | {constant} - {""})
    return _put_together(whole, found, wrong, left, coarse, bool(pure))


def _as_a_whole(
    calls: _Calls,
    found: list[Findings],
    wrong: list[Violation],
    unclear: list[str],
    left: LeftOver,
    in_single: bool,
    directions: int,
    late: str,
) -> _Whole | Report:
    """What the gradients show as a whole, and later calls; a report where they are of another kind.

    `in_single` is whether a constant in single precision was found. Raises BoundedError where
    gradients were bounded in a later call.
    """
    given, first, network = calls.given, calls.first, calls.given.network
    coarsely = replace(first, eps=max(first.eps, SINGLE)) if in_single else first
    none = _Whole(calls, {}, "", tuple(unclear))
    whole = none
    try:
        if other := _of_other_layers(calls, found, bool(wrong or unclear), left):
            return _refused(network, other, *_said(first))
        cells, how = ({}, "") if _kinks(found) else _gradients(given, coarsely, directions)
        whole = replace(none, cells=cells, how=how)
        if cells and wrong and (most := clipped_at(first)):
            off = {(GRADIENTS, l): cell for l, cell in cells.items()}
            return Report(network.L, off, (), (BOTH.format(most),), tuple(_said(first)))
        clear = bool(found) and not wrong
        if clear and _off(cells):
            given, first, cells, how = _looser(
                calls.call_with, given, first, coarsely, found, directions, how
            )
            calls = replace(calls, given=given, first=first)
            untold = (UNEXPLAINED,) * _off(cells)
            whole = _Whole(calls, cells, how, (*unclear, *untold))
        if clear and not (left.tells or given.what or whole.problems):
            later, broken, more = _later(calls.call_with, given, first, directions)
            whole = replace(whole, later=later, violations=tuple(broken), found=tuple(more))
    except TimeIsUpError:
        whole = replace(whole, problems=(*whole.problems, late))
    return whole


def _of_other_layers(calls: _Calls, found: list[Findings], is_wrong: bool, left: LeftOver) -> str:
    """Which layer of another kind a pass seems to have, or how its gradients were bounded."""
    given, first = calls.given, calls.first
    if not is_wrong:
        return shared(given.network)
    if other := beyond(found, calls.call, given.network, given.x, given.y, first):
        return other
    return "" if _is_of_sizes(left, given, first) else bounded(given, first)


def _put_together(
    whole: _Whole,
    found: list[Findings],
    violations: list[Violation],
    left: LeftOver,
    coarse: dict[str, float],
    impure: bool,
) -> Report:
    """The report of all that was found."""
    given, first, later = whole.calls.given, whole.calls.first, whole.later
    n, wrong = given.gradients(first), in_order(violations)
    read_off = first.rate or (first.beside and not left.penalty)
    if read_off and NEVER_TRAINED in _said(first) and {v.equation for v in wrong} == {"BP3"}:
        return _refused(given.network, NEVER_MOVED)
    scale = the_constant(left, n) if wrong and not impure else None
    return Report(
        given.network.L,
        _cells(found) | {(GRADIENTS, l): cell for l, cell in whole.cells.items()},
        () if scale else wrong,
        whole.problems,
        (
            *_said(first),
            *([whole.how] if whole.how else []),
            *([READ_OFF.format(rate=first.rate)] if first.rate else []),
            *conventions(left, n),
            *_remarks(found, first, given.network),
            *([str(later)] if later else []),
        ),
        scale=scale,
        scaled=wrong if scale else (),
        guards=(later,) if isinstance(later, Guard) else (),
        penalty=the_penalty(left, n),
        decay=left.penalty if left.penalty else None,
        asks=() if scale else tuple(dict.fromkeys(_asks(found, violations, first))),
        coarse=coarse,
        parts=parts_off(given, first) if found and (coarse or wrong) else {},
    )


def _is_of_sizes(left: LeftOver, given: Inputs, seen: Observation) -> bool:
    """Whether all gradients are off by one factor that is made of the sizes, as n_L."""
    n = given.gradients(seen)
    return left.scaled and any(terms < NUMBER for _, terms in read(left.c, n, None, n.eps))


def _other_biases(call_with: Callable[[Network], Call], given: Inputs, seen: Observation) -> str:
    """That it has no biases, or one for each layer, if the same comes with such; "" if not."""
    network = given.network
    if not any(b.any() for b in network.biases):
        return ""

    def alike(of: Callable[[Array], float]) -> bool:
        biases = [np.full_like(b, of(b)) for b in network.biases]
        other = network.with_arrays(network.weights, biases)
        moved = _differ(given.exactly[2], replace(given, network=other).exactly[2])
        return moved and same(call_with(other)(given.x, given.y), seen)

    misshapen = any(name == "nabla_b" for name, _ in seen.misshapen)
    own = list(seen.numbers.get("nabla_b", {}).values())
    if alike(lambda _: 0.0):
        return "" if misshapen or any(b.any() for b in own) else TAKES_NONE
    each = any(np.unique(b[b != 0]).size > 1 for b in own)
    if each or not any(np.ptp(b) for b in network.biases):
        return ""
    numbers: dict[str, Callable[[Array], float]] = {
        "the first": lambda b: float(b[0, 0]),
        "the last": lambda b: float(b[-1, 0]),
        "their mean": lambda b: float(b.mean()),
    }
    which = next((which for which, of in numbers.items() if alike(of)), "")
    # Biases of several neurons that are never added are not shared, but forgotten.
    forgotten = bool(which) and alike(lambda b: float(b[0, 0]) if b.size == 1 else 0.0)
    return ONE_FOR_ALL.format(which) if which and not forgotten else ""


def _differ(one: Mapping[int, Array], other: Mapping[int, Array]) -> bool:
    """Whether some error is clearly another; where neurons are saturated, none may be."""
    return any(abs(other[l] - d).max() > OTHERWISE * abs(d).max() for l, d in one.items())


def _no_gradients(
    given: Inputs, seen: Observation, told: bool, with_penalty: Callable[[], Observation] | None
) -> str:
    """What came instead of gradients, if that shows: differences, or gradients that are bounded.

    `told` is whether it is known what they are right up to; `with_penalty` gives what came before
    the penalty that was told was taken off.
    """
    if not told and differences(given.network, given.x, given.y, seen):
        return DIFFERENCES
    if with_penalty and (how := bounded_with(given, with_penalty(), seen)):
        return how
    return "" if told else _from_the_last(given, seen) or shortened(given, seen)


def _findings(
    call_with: Callable[[Network], Call],
    given: Inputs,
    first: Observation,
    again: Observation,
    directions: int,
) -> tuple[list[Findings], Observation, list[str]]:
    """What is found of two calls, the first with the precision that it took, and what is unclear.

    Where the second gave something else it is judged too.
    """
    found: list[Findings] = []
    problems = list(_untested(first))
    try:
        repeats = not differs(first, again)
        found, first = judged(call_with, given, first, repeats, directions)
        if not repeats and not again.problem:
            later = judged(call_with, given, again, repeats, directions)[0]
            found += [replace(one, later=True) for one in later]
    except CannotTellError as problem:
        problems.append(str(problem))
    return found, first, problems


def _off(whole: Mapping[int, Cell]) -> bool:
    """Whether the gradient as a whole is off at some layer."""
    return not all(cell.holds for cell in whole.values())


def _looser(
    call_with: Callable[[Network], Call],
    given: Inputs,
    first: Observation,
    coarsely: Observation,
    found: list[Findings],
    directions: int,
    how: str,
) -> tuple[Inputs, Observation, dict[int, Cell], str]:
    """The whole gradient where every equation holds and it is off: by coarser rounding, if any."""
    given = given if given.what else as_rounded(given, first)
    # What random directions find is looked at number by number, where that is cheap.
    every = work(given.network.sizes, given.x.shape[1]) <= WORK
    whole, _ = _gradients(given, coarsely, 0 if every else directions)
    if _off(whole):
        first = replace(first, eps=coarsest(call_with, given, first, found))
        whole, how = _gradients(given, first, directions)
    return given, first, whole, how


def _later(
    call_with: Callable[[Network], Call], given: Inputs, first: Observation, directions: int
) -> tuple[str | Guard, list[Violation], list[Findings]]:
    """What later calls show: a remark or a guard, what is wrong, and how that was found."""
    shown = kept(call_with, given, first, directions)
    if isinstance(shown, list):
        wrong = violations_of(shown, first, given.network, given.x.shape[1])
        return "", [replace(v, detail=f"{WITH_OTHERS}{v.detail}") for v in wrong], shown
    return ("", [shown], []) if isinstance(shown, Violation) else (shown or "", [], [])


def _of_shapes(problem: str, network: Network) -> Iterator[str]:
    """What the shapes are, where an error says that two of them do not fit."""
    if re.search(r"matmul|broadcast|shapes|dimension|inhomogeneous", problem):
        yield (
            f"{SHAPES} (n_out, n_in) = {network.w[2].shape}, and x has one example in each column; "
            "a function whose examples are rows is wrapped in proofs.adapters.from_params(f, "
            "rows=True)"
        )


def _refused(network: Network, why: str, *remarks: str) -> Report:
    """Neither accepted nor blamed: what came has another form, or is of other layers."""
    return Report(network.L, {}, problems=(why,), remarks=remarks, form=True)


def _from_the_last(given: Inputs, seen: Observation) -> str:
    """That the lists run from layer L down, if so they are right; where widths differ, it shows."""
    gradients = {name: seen.numbers.get(name, {}) for name in ("nabla_b", "nabla_w")}
    L, shapes = given.network.L, [w.shape for w in given.network.weights]
    if shapes != shapes[::-1] or any(len(of) != L - 1 for of in gradients.values()):
        return ""
    turned = {name: {L + 2 - l: v for l, v in of.items()} for name, of in gradients.items()}
    return FROM_THE_LAST if given.explain(replace(seen, numbers=turned, units={})) else ""


def _wrong_penalty(
    left: LeftOver, told: Penalty, given: Inputs, seen: Observation
) -> tuple[LeftOver, list[Violation]]:
    """What is left over of the gradients less a wrong penalty, and the equations that this breaks.

    Wrong is what differs from the one that was told, and a part that rewards large weights.
    """
    if told and left.penalty and not left.scaled:
        right, wrong = NONE, left.penalty
    elif left.rewards:
        right, wrong = left.penalty.by_sign
        told = right
    else:
        return left, []
    n = given.gradients(free(seen, given.network, right))
    return replace(left, penalty=right), list(another_penalty(wrong, told, n))


def _all_plain(call_with: Callable[[Network], Call], plain: Plain) -> Callable[[Network], Call]:
    """Calls whose observations are without the penalty that they hold."""
    return lambda network: lambda x, y: plain(call_with(network)(x, y), Inputs(network, x, y))


def _plain(seen: Observation, given: Inputs, told: bool) -> Observation:
    """What was observed without the penalty that it holds, and with delta as it is defined."""
    left = of_observed(given, seen, told=told)
    if left is None:
        return seen
    seen = free(seen, given.network, left.penalty)
    own = dict(seen.numbers)
    if constant_in(left.c, given.gradients(seen)):
        own |= {
            name: {l: v / left.c for l, v in own[name].items()}
            for name in ("nabla_b", "nabla_w")
            if name in own
        }
    if left.delta_is_else:
        own["delta"] = {l: d * left.c / left.delta for l, d in own["delta"].items()}
    return replace(seen, numbers=own)


def assert_backprop(
    backprop: Backprop, network: Network, x: object, y: object, **options: Any
) -> None:
    """Raises AssertionError with the report if `check_backprop` finds anything wrong.

    `options` are those of `check_backprop`.
    """
    report = check_backprop(backprop, network, x, y, **options)
    if not report.holds:
        raise AssertionError(f"\n{report}")


def _finite_cost(given: Inputs) -> None:
    network, L = given.network, given.network.L
    with np.errstate(all="ignore"):
        costs = cost_of_z(network.cost, network.sigma[L])(given.forward[0][L], given.y)
    if not np.isfinite(costs).all():
        example = int(np.flatnonzero(~np.isfinite(costs))[0])
        raise ValueError(
            f"x and y: expected a finite cost, got {costs[example]} for example {example + 1}: "
            f"the {network.cost} cost is not defined for these outputs of {network.sigma[L]}"
        )


def _coarse(inputs: Inputs, first: Observation, constants: Iterable[str]) -> dict[str, float]:
    """What was judged by the rounding of fewer digits than doubles have, and by which unit."""
    found = dict.fromkeys(sorted(constants), SINGLE)
    found |= dict.fromkeys(inputs.what, unit(inputs.digits))
    for letter in LETTERS:
        coarsest = max([u for (its, _), u in first.units.items() if its == letter], default=DOUBLE)
        found |= {letter: coarsest} if name(coarsest) else {}
    # What was not returned, if it is coarser than what was.
    if first.eps > max([DOUBLE, *first.units.values()]):
        found[NOT_RETURNED] = first.eps
    return found


def _untested(first: Observation) -> Iterator[str]:
    if not first.misshapen and not first.numbers.keys() & {"delta", "nabla_b", "nabla_w"}:
        names = ", ".join(first.numbers)
        yield f"it returned {names} alone: without delta or gradients there is nothing to test"


def _gradients(given: Inputs, first: Observation, directions: int) -> tuple[dict[int, Cell], str]:
    """Its gradients as a whole, without its z and a, since they are to be those of the cost."""
    cells, how = _as_fine(given, first, directions)
    if all(cell.holds for cell in cells.values()) or first.eps == first.coarsest:
        return cells, how
    # What they are made of may have been as coarse as the coarsest array.
    coarsely = replace(first, eps=first.coarsest)
    loose, how = _as_fine(given, coarsely, directions)
    return {l: cell if cell.holds else loose.get(l, cell) for l, cell in cells.items()}, how


def _as_fine(given: Inputs, first: Observation, directions: int) -> tuple[dict[int, Cell], str]:
    """The same, each array by its own rounding."""
    # Half of a layer's gradient says nothing of all of it.
    half = {l for name, l in first.misshapen if name not in ("z", "a", "delta")}
    n = given.gradients(first, directions)
    if half:
        b, w = ({l: v for l, v in of.items() if l not in half} for of in (n.nabla_b, n.nabla_w))
        n = replace(n, nabla_b=b, nabla_w=w)
    if at_a_kink(n):
        return {}, ""
    if not directions:
        return dict(smeared(n, given.memory)), ""
    if any(len(of) < n.network.L - 1 for of in (n.nabla_b, n.nabla_w)):
        return {}, ""
    cells, missed = smeared_along(n, given.memory)
    rare = f"{missed:.1g}" if missed > RARE else f"below {RARE:g}"
    return cells, (
        f"directional: {directions} random directions for each b and w; one entry that is wrong by "
        f"the root mean square of its block is missed with probability {rare}"
    )


def _directions(method: str | None, network: Network, x: Array) -> int:
    """Along how many directions to test, 0 for every entry."""
    if method not in (None, "exhaustive", "directional"):
        raise ValueError(f'method: expected "exhaustive" or "directional", got {method!r}')
    pushes = sum(v.size for v in (*network.weights, *network.biases))
    large = pushes > LARGEST or work(network.sizes, x.shape[1]) > WORK
    return DIRECTIONS if method == "directional" or (method is None and large) else 0


def _kinks(found: Iterable[Findings]) -> int:
    """How often a derivative is a matter of convention."""
    return sum(r.kinks for one in found for r in one.residuals)


def _cells(found: Iterable[Findings]) -> dict[tuple[str, int], Cell]:
    """The worst residual of every equation at every layer."""
    cells: dict[tuple[str, int], Cell] = {}
    for r in (r for one in found for r in one.residuals):
        cell = Cell(r.residual, r.tolerance, r.least)
        cells[r.equation, r.layer] = worse(cells.get((r.equation, r.layer), cell), cell)
    return cells


def _remarks(found: Sequence[Findings], first: Observation, network: Network) -> Iterator[str]:
    """What could not be told, and why."""
    kinks = _kinks(found)
    if kinks:
        yield f"kinks where every slope between the two sides was accepted: {kinks}"
        slopes = {f"{r.equation}, layer {r.layer}": r.slope for one in found for r in one.residuals}
        yield from (f"{where}: {said}" for where, said in slopes.items() if said)
    for r in (r for one in found for r in one.residuals if r.unknown):
        yield UNKNOWN.format(equation=r.equation, layer=r.layer, n=r.unknown)
    if not any(b.any() for b in network.biases):
        yield NO_BIASES
    returned = set(first.numbers)
    if "delta" not in returned:
        yield WITHOUT_DELTA
    for letter in sorted({"nabla_b", "nabla_w"} - returned):
        yield f"{letter} was not returned: {EQUATION_OF[letter]} was not tested"


def _asks(
    found: Sequence[Findings], violations: Iterable[Violation], first: Observation
) -> Iterator[str]:
    """What to return so that it shows which equation is broken."""
    yield from (text for one in found for text in one.unclear)
    broken, returned = {v.equation for v in violations}, set(first.numbers)
    if "BP1" in broken and not {"z", "a"} <= returned:
        yield "BP1, or forward z or forward a of the last layer: return z and a to see which"
    if "forward a" in broken and "z" not in returned:
        yield "forward a, or forward z of the same layer: return z to see which"


def _said(seen: Observation) -> Iterator[str]:
    if seen.flat:
        yield (
            "nabla_b is flat, not a column of shape (n, 1): right where b is flat too; a column b "
            "less a flat nabla_b spreads into (n, n)"
        )
    still, moved = (seen.numbers.get(letter, {}).values() for letter in ("nabla_b", "nabla_w"))
    if still and not any(map(np.any, still)) and any(map(np.any, moved)):
        yield NEVER_TRAINED
    lines = seen.said.strip().splitlines()
    if lines:
        more = "more than " * (len(seen.said) >= MOST_SAID)
        yield f"it printed {more}{first_of(lines)}"
