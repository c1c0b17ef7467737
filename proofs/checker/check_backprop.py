"""Which of the four equations a backward pass breaks, at which layer, by how much."""

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from proofs.checker.as_told import LATE, NONE, UNEXPLAINED, Check, Observe, report_on
from proofs.checker.calling.observe import Backprop, Observation, in_this_context, observe
from proofs.checker.judging.left_over import Penalty
from proofs.checker.not_told import (
    by_what_was_not_told,
    less_decay,
    less_factor,
    less_kept_m,
    less_rounding,
    less_temperature,
    of_single_precision,
    with_its_selu,
)
from proofs.checker.report import Report, Violation
from proofs.measuring.clock import Progress, TimeIsUpError, limited, seconds_left
from proofs.measuring.every_number import MEMORY
from proofs.measuring.silence import one_at_a_time
from proofs.network import Network
from proofs.network.arrays import Array

LESS = (less_temperature, less_rounding, less_decay, less_factor, less_decay)
"""What is taken off in turn where it hides that less is wrong; a decay may show beside a factor
alone."""


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
    observe = _few_once(observe, min(2, x.shape[1] - 1), memory // 4)
    w, b = network.weights, network.biases
    first = cache(lambda: observe(theirs, w, b, x, y, seconds_left()))
    check = Check(theirs, network, x, y, method, memory, late, penalty, observe, first)
    with np.errstate(all="ignore"), limited(timeout, progress):
        report = Report(network.L, {}, problems=(late,))
        kept: tuple[Violation, ...] = ()
        try:
            check = with_its_selu(check)
            report = report_on(check)
            if report.violations and penalty:
                report = of_single_precision(report, check)
            elif report.violations:
                asked: dict[object, tuple[int, int]] = {}
                for less in LESS:
                    if asked.get(less) != (given := (id(report), id(check))):
                        asked[less] = given
                        report, check = less(report, check)
                report, check, kept = less_kept_m(report, check)
            if report.found or report.eps or UNEXPLAINED in report.problems:
                report = by_what_was_not_told(report, check)
        except TimeIsUpError:
            report = replace(report, problems=tuple(dict.fromkeys((*report.problems, late))))
    broken = (*report.violations, *kept)
    undecided = report.undecided or report.problems == (late,)
    return replace(report, violations=broken, undecided=undecided)


def _few_once(observe: Observe, few: int, memory: int) -> Observe:
    """The same, where up to so few examples are asked for once: several look at them.

    What comes is kept as long as it takes no more than this memory.
    """
    kept: dict[tuple[object, ...], tuple[Observation, Any]] = {}
    left = [memory]

    def observed(backprop: Backprop, w: Any, b: Any, x: Array, y: Array, *how: Any) -> Observation:
        if x.shape[1] > few:
            return observe(backprop, w, b, x, y, *how)
        key = (*map(id, (*w, *b)), x.tobytes(), y.tobytes())
        if key in kept:
            return kept[key][0]
        seen = observe(backprop, w, b, x, y, *how)
        left[0] -= sum(v.nbytes for of in seen.numbers.values() for v in of.values())
        if left[0] >= 0:
            # The weights are held, so that no others have their identity.
            kept[key] = seen, (w, b)
        return seen

    return observed


def assert_backprop(
    backprop: Backprop, network: Network, x: object, y: object, **options: Any
) -> None:
    """Raises AssertionError with the report if `check_backprop` finds anything wrong.

    `options` are those of `check_backprop`.
    """
    report = check_backprop(backprop, network, x, y, **options)
    if not report.holds:
        raise AssertionError(f"\n{report}")
