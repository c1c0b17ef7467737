"""The report on a backward pass, by the network, the cost and the penalty that were told."""

import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np

from proofs.checker.calling.conventions import FROM_THE_LAST
from proofs.checker.calling.observe import LETTERS, Backprop, Call, Observation
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
from proofs.checker.judging.guards import Guard
from proofs.checker.judging.judged import coarsest, judged
from proofs.checker.judging.kept import kept
from proofs.checker.judging.left_over import LeftOver, Penalty, free, of_observed
from proofs.checker.judging.noise import by_ours
from proofs.checker.judging.other_biases import other_biases
from proofs.checker.judging.residuals import DOUBTFUL, SINGLE
from proofs.checker.judging.whole_gradient import as_a_whole
from proofs.checker.left_in_words import (
    another_penalty,
    conventions,
    in_its_words,
    less_its_number,
    the_constant,
    the_penalty,
)
from proofs.checker.remarks import (
    NEVER_TRAINED,
    READ_OFF,
    asks,
    kinks,
    of_shapes,
    of_targets,
    remarks,
    said,
    untested,
)
from proofs.checker.report import GRADIENTS, NOT_RETURNED, Cell, Report, Violation, in_order, worse
from proofs.checker.violations import violations_of
from proofs.measuring.clock import TimeIsUpError, seconds_left
from proofs.measuring.every_number import work
from proofs.network import Network
from proofs.network.arrays import Array
from proofs.network.fused import cost_of_z

Observe = Callable[..., Observation]

Plain = Callable[[Observation, Inputs], Observation]

DOUBT = (
    "{} at layer {} is off by {:.0%} of its largest number, which rounding as coarse as that of "
    "its numbers may or may not explain: compute in single or double precision to see"
)
UNEXPLAINED = (
    "every equation holds, and yet the gradients are not those of the cost: "
    "one of the two ways of checking is wrong, please report this function"
)

UPDATED = (
    "it returned updated weights and biases, with a learning rate of {rate:.6g}: "
    "return the gradients (nabla_b, nabla_w) themselves"
)

BOTH = (
    "the gradients are clipped at {:.6g}, and are not the right ones clipped: return them before "
    "that to see which equation is broken"
)

DIFFERENCES = (
    "each number is a difference of two costs over a small step, as numerical gradients are: they "
    "are right to some digits only and follow no equation; return what the backward pass computes"
)

WITH_OTHERS = "with other weights and biases, "

LATE = "it was not tested whole within timeout = {:g} seconds"

NEVER_MOVED = (
    "the weights move by their gradients, and no bias moves: if biases are never trained, leave "
    "nabla_b out, as from_model does with fixed_biases=True; else update them"
)

NONE = Penalty()

LARGEST = 10**5
"""Up to this many weights and biases, each one is pushed unless something else is said: that many
pushes are hundreds of backward passes."""

WORK = 10**8
"""And only where the pushes take up to this many numbers, which is one or two seconds."""

DIRECTIONS = 4
"""Along this many random directions a block of a larger network is tested."""


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


@dataclass(frozen=True)
class Check:
    """A backward pass, what it is checked on, and how."""

    backprop: Backprop
    network: Network
    x: Array
    y: Array
    method: str | None
    memory: int
    late: str
    """What is said where time is up."""
    penalty: Penalty
    observe: Observe
    first: Callable[[], Observation]
    """What the first call came to."""
    said: tuple[str, ...] = ()
    """What was not told, and is judged with."""
    decay: tuple[Violation, Penalty] | None = None
    """A penalty that was not told and was taken off, in words and as it is."""

    @cached_property
    def given(self) -> Inputs:
        """The network and the batch."""
        return Inputs(self.network, self.x, self.y, memory=self.memory)

    @cached_property
    def seen(self) -> Observation:
        """What the first call came to, less the penalty that was told."""
        return free(self.first(), self.network, self.penalty.of(self.x.shape[1]))

    def on(self, network: Network) -> "Check":
        """The same check on another network."""
        return replace(self, network=network)

    def of_one(self, copies: int = 1) -> "Check":
        """The same check on the first example alone, or on several copies of it."""
        x, y = (np.repeat(v[:, :1], copies, axis=1) for v in (self.x, self.y))
        return replace(self, x=x, y=y, first=lambda: self.call(x, y))

    def call(self, x: Array, y: Array) -> Observation:
        """What comes of a batch, as it is."""
        w, b = self.network.weights, self.network.biases
        return self.observe(self.backprop, w, b, x, y, seconds_left())

    def call_with(self, network: Network, rate: float = 0.0) -> Call:
        """Calls with a network's weights, less the penalty told; of an update its gradient."""

        def call(x: Array, y: Array) -> Observation:
            seen = read_off(self.on(network).call(x, y), network, rate)
            return free(seen, network, self.penalty.of(x.shape[1]))

        return call


def report_on(check: Check) -> Report:
    """The report on a check, as `check_backprop` gives it, with what was not told."""
    report = _judged(check)
    if check.decay and not report.decay:
        report = replace(report, penalty=check.decay[0], decay=check.decay[1])
    return replace(report, remarks=(*check.said, *report.remarks))


def _judged(check: Check) -> Report:
    network = check.network
    directions = _directions(check.method, network, check.x)
    if network.cost.of is not None:
        check = replace(check, memory=sys.maxsize)  # how an example counts depends on its batch
    if mixes := mixing(network):
        return _refused(network, mixes)
    first = check.seen
    if first.problem:
        beside = (*said(first), *of_shapes(first.problem, network))
        return Report(network.L, {}, problems=(first.problem,), remarks=beside, form=first.form)
    _finite_cost(check.given)
    calls = _Calls(check.call_with, check.given, first, check.call_with(network)(check.x, check.y))
    read = _as_gradients(calls, directions, check.first if check.penalty else None)
    if isinstance(read, str):
        return _refused(network, read, *said(first))
    return _of_gradients(*read, directions, check.penalty, check.late)


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
    if other := other or ("" if right else other_biases(calls.call_with, given, first)):
        return other
    if not right and (rate := shown_rate(given.network, first)):
        first, again = (read_off(seen, given.network, rate) for seen in (first, calls.again))
        right = given.explain(first, directions)
        if right or not told:  # rounding beside w may look like a penalty
            calls = _Calls(partial(calls.call_with, rate=rate), given, first, again)
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
    try:
        wrong = violations_of(found, first, network, m)
        left, wrong_penalty = _wrong_penalty(left, penalty.of(m), given, as_it_came)
        wrong += [*wrong_penalty, *pure]
        doubts = [] if wrong else _doubts(given, found, first)
        problems += doubts
        whole = _as_a_whole(calls, found, wrong, problems, left, bool(constants), directions, late)
        if isinstance(whole, Report):
            return whole
        found, wrong = [*found, *whole.found], [*wrong, *whole.violations]
        coarse = _coarse(whole.calls.given, whole.calls.first, constants | {constant} - {""})
        report = _put_together(whole, found, wrong, left, coarse, bool(pure))
        return replace(report, undecided=True) if doubts else report
    except BoundedError as how_it_is:
        return _refused(network, str(how_it_is), *said(first))
    except TimeIsUpError:  # what is wrong is known, and what it looks like is not
        known = [*violations_of(found, first, network, m, words=False), *pure]
        return Report(network.L, _cells(found, 0.0), in_order(known), (*problems, late))


def _doubts(given: Inputs, found: Iterable[Findings], first: Observation) -> list[str]:
    """What holds by rounding coarser than in single precision alone, and is off by so much that it
    may be a fault.
    """
    if max([first.eps, *first.units.values()]) <= SINGLE or kinks(found):
        return []
    off = {r.at: r.doubtful for one in found for r in one.residuals if r.doubtful}
    if not off:
        return []
    # A difference of numbers near 1 has few digits in doubles too.
    fine = {r.at for r in by_ours(given, replace(first, eps=SINGLE, units={})) if r.holds}
    return [DOUBT.format(*at, part) for at, part in off.items() if at not in fine]


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
            return _refused(network, other, *said(first))
        reached = _reached(found, network)
        cells, how = ({}, "") if kinks(found) else as_a_whole(given, coarsely, directions, reached)
        whole = replace(none, cells=cells, how=how)
        if cells and wrong and (most := clipped_at(first)):
            off = {(GRADIENTS, l): cell for l, cell in cells.items()}
            return Report(network.L, off, (), (BOTH.format(most),), tuple(said(first)))
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


def _reached(found: Iterable[Findings], network: Network) -> set[int]:
    """The layers whose gradients are off by what is wrong."""
    reached: set[int] = set()
    for r in (r for one in found for r in one.wrong):
        if r.equation in ("BP3", "BP4"):
            reached.add(r.layer)
        else:
            last = r.layer if r.equation in ("BP1", "BP2") else network.L
            reached.update(range(2, last + 1))
    return reached


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
    read_off = bool(first.rate or (first.beside and not left.penalty))
    if read_off and NEVER_TRAINED in said(first) and {v.equation for v in wrong} == {"BP3"}:
        return _refused(given.network, NEVER_MOVED)
    shaped = not any(name in ("nabla_b", "nabla_w") for name, _ in first.misshapen)
    scale = the_constant(left, n, read_off) if wrong and shaped and not impure else None
    scale = scale and less_its_number(scale, found)
    return Report(
        given.network.L,
        _cells(found, max(coarse.values(), default=0.0))
        | {(GRADIENTS, l): cell for l, cell in whole.cells.items()},
        () if scale else wrong,
        whole.problems,
        (
            *said(first),
            *([whole.how] if whole.how else []),
            *([READ_OFF.format(rate=first.rate)] if first.rate else []),
            *conventions(left, n),
            *remarks(found, first, given.network),
            *of_targets(given.network, given.y, wrong),
            *([str(later)] if later else []),
        ),
        scale=scale,
        scaled=tuple(in_its_words(scale, v) for v in wrong) if scale else (),
        guards=(later,) if isinstance(later, Guard) else (),
        penalty=the_penalty(left, n),
        decay=left.penalty if left.penalty else None,
        asks=() if scale else tuple(dict.fromkeys(asks(found, violations, first))),
        coarse=coarse,
        parts=parts_off(given, first) if found and (coarse or wrong) else {},
    )


def _is_of_sizes(left: LeftOver, given: Inputs, seen: Observation) -> bool:
    """Whether all gradients are off by one factor that is made of the sizes, as n_L."""
    n = given.gradients(seen)
    return left.scaled and any(terms < NUMBER for _, terms in read(left.c, n, None, n.eps))


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
    problems = list(untested(first))
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
    whole, _ = as_a_whole(given, coarsely, 0 if every else directions)
    if _off(whole):
        if directions and every:  # single examples were not asked for their rounding
            with suppress(CannotTellError):
                found = judged(call_with, given, first, True, 0)[0]
        first = replace(first, eps=coarsest(call_with, given, first, found))
        whole, how = as_a_whole(given, first, directions)
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


def _directions(method: str | None, network: Network, x: Array) -> int:
    """Along how many directions to test, 0 for every entry."""
    if method not in (None, "exhaustive", "directional"):
        raise ValueError(f'method: expected "exhaustive" or "directional", got {method!r}')
    pushes = sum(v.size for v in (*network.weights, *network.biases))
    large = pushes > LARGEST or work(network.sizes, x.shape[1]) > WORK
    return DIRECTIONS if method == "directional" or (method is None and large) else 0


def _cells(found: Iterable[Findings], unit: float) -> dict[tuple[str, int], Cell]:
    """The worst residual of every equation at every layer, as judged by the rounding of a unit."""
    cells: dict[tuple[str, int], Cell] = {}
    for r in (r for one in found for r in one.residuals):
        least = min(r.least, DOUBTFUL) if unit > SINGLE else r.least  # beyond that it is told
        cell = Cell(r.residual, r.tolerance, least)
        cells[r.at] = worse(cells.get(r.at, cell), cell)
    return cells
