"""What a backward pass keeps from one call to the next: a later one is then wrong."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from proofs.checker.calling.observe import Call, Observation
from proofs.checker.calling.precision import DOUBLE
from proofs.checker.calling.update import read_off, shown_rate
from proofs.checker.judging.bounded import BoundedError, bounded
from proofs.checker.judging.by_definition import GRADIENTS, Inputs
from proofs.checker.judging.coarse import as_rounded
from proofs.checker.judging.gradients_alone import MOST_EXAMPLES, CannotTellError, Findings
from proofs.checker.judging.guards import Guard, common, guarded_networks
from proofs.checker.judging.judged import judged
from proofs.checker.judging.residuals import Residual, underflow
from proofs.checker.judging.saturated import lost_where_saturated
from proofs.checker.report import Violation
from proofs.measuring.directions import MANY
from proofs.network import Network
from proofs.network.arrays import Array

NUDGE = 0.1
"""By up to this part of itself a weight or bias is smaller in a later call."""

OWN = (
    "it gives the same for other weights and biases: it uses weights of its own, or what it kept "
    "from the first call"
)

STALE = 1e-3
"""What was kept is off by more than this part of the largest number, as weights have moved by
percents; less is a fault that was hidden in the tolerance of the first call."""

LATER = "a later call, with other weights and biases and "

KEPT = (
    LATER + "{}, is wrong where the first was right: something is kept from the first, or the "
    "first was right by chance, as where m is the width of a layer or weights are equal"
)

KEPT_M = (
    LATER + "other examples, is divided by {0} as the first was: m is kept from there, or {0} is "
    "the width of a layer"
)


def kept(
    call_with: Callable[[Network], Call], given: Inputs, first: Observation, directions: int
) -> Violation | str | Guard | list[Findings] | None:
    """What is wrong with later calls with other weights, after a `first` that was right.

    One has the same examples, as after a step of training; one has fewer, as a last batch. Where
    there are many, a part of them is called with the first weights and with others.
    A later call is judged as the first was.
    A function that gives the same again may go by weights of its own, and one that fails may be
    written for this many examples: those are remarks. What is wrong by little was so in the first
    call too: then the findings are returned. A guard may act in a later call alone.
    Raises BoundedError if right gradients were bounded in a later call, and not in the first.
    """
    guard: Guard | None = None
    few = _few_of_many(given)
    before = first if few is given else call_with(given.network)(few.x, few.y)
    for which, some, seen in later_calls(call_with, given):
        if same(seen, before):
            return OWN
        if seen.problem:
            return f"{LATER}{which}, {seen.problem}"
        if seen.misshapen:
            return Violation("purity", None, np.inf, 0.0, (), KEPT.format(which))
        # Rounded as the first was, most hold at once; in doubles that takes calls near the inputs.
        as_coarse = replace(seen, eps=max(seen.eps, first.eps))
        found = _wrong(call_with, some, as_coarse, directions)
        if found == [] or (
            as_coarse.eps > seen.eps and _wrong(call_with, some, seen, directions) == []
        ):
            continue
        if how := bounded(some, seen):
            raise BoundedError(how)
        acting = guarded_networks(some, seen)
        if acting and acting[0].sure:
            both = guard and common(guard.way, (*guard.shown, *acting[0].shown))
            guard = both or acting[0]
            continue
        m = given.x.shape[1]
        by_m = _divided_as_before(seen, some, m)
        text = KEPT_M.format(m) if by_m else KEPT.format(which)
        if found is None:
            return Violation("purity", None, np.inf, 0.0, (), text)
        if wrong := [r for one in found for r in one.wrong]:
            if {r.at for r in wrong} == {("BP1", some.network.L)}:
                lost = lost_where_saturated(some, seen, call_with(some.network), later=True)
                if lost:
                    return f"{LATER}{which}, {lost}"
            if all(_little(r) for r in wrong):
                return found
            worst = max(wrong, key=lambda r: r.most)
            return Violation("purity", None, worst.residual, worst.tolerance, (), text)
    return guard


def later_calls(
    call_with: Callable[[Network], Call], given: Inputs
) -> Iterator[tuple[str, Inputs, Observation]]:
    """Calls with other weights: on which examples, with what, and what came."""
    later = replace(given, network=_nudged(given.network))
    call = call_with(later.network)
    for which, some in _batches(later):
        if _defined(some):
            yield which, some, call(some.x, some.y)


def _divided_as_before(seen: Observation, some: Inputs, m: int) -> bool:
    """Whether the sums over some examples are divided by another m than theirs."""
    more, own = m / some.x.shape[1], dict(seen.numbers)
    for name in GRADIENTS:
        own[name] = {l: more * v for l, v in own.get(name, {}).items()}
    return more != 1 and some.explain(replace(seen, numbers=own))


def _little(r: Residual) -> bool:
    return bool((r.distance <= STALE * abs(r.expected).max(initial=0)).all())


def _batches(given: Inputs) -> Iterator[tuple[str, Inputs]]:
    m = given.x.shape[1]
    several = _few_of_many(given)
    of = several.x.shape[1]
    yield "the same examples" if of == m else f"{of} of the examples", several
    few = min((of + 1) // 2, MOST_EXAMPLES)
    if few < m:
        yield f"{few} of the examples", replace(given, x=given.x[:, :few], y=given.y[:, :few])


def _few_of_many(given: Inputs) -> Inputs:
    """The inputs, with a part of many examples: what is kept shows in two calls with those, too."""
    if given.x.shape[1] < MANY:
        return given
    few = 2 * MOST_EXAMPLES
    return replace(given, x=given.x[:, :few], y=given.y[:, :few])


def _defined(given: Inputs) -> bool:
    """Whether the cost is finite where log and quotient are taken of outputs as they are.

    And no output so small that its product with another such number underflows: there a right
    pass may lose digits that it has kept in the first call.
    """
    network, cost = given.network, given.network.cost
    a = given.forward[1][network.L]
    finite = np.isfinite([cost.value(a, given.y), *cost.gradient(a, given.y)]).all()
    return bool(finite and not ((a != 0) & (abs(a) < underflow(DOUBLE))).any())


def _wrong(
    call_with: Callable[[Network], Call], given: Inputs, seen: Observation, directions: int
) -> list[Findings] | None:
    """The findings where something is wrong, [] where nothing is; None if that cannot be told."""
    if given.surely(seen, directions):
        return []
    if not given.explain(seen, directions):
        if rate := shown_rate(given.network, seen):
            call_with, seen = _read_off(call_with, rate), read_off(seen, given.network, rate)
        given = as_rounded(given, seen)
    try:
        found, _ = judged(call_with, given, seen, repeats=True, directions=directions)
    except CannotTellError:
        return None
    return found if any(one.wrong for one in found) else []


def _read_off(call_with: Callable[[Network], Call], rate: float) -> Callable[[Network], Call]:
    return lambda network: lambda x, y: read_off(call_with(network)(x, y), network, rate)


def same(seen: Observation, first: Observation) -> bool:
    """Whether two calls gave the same gradients, to the last bit, finite and not all of them 0."""

    def gradients(of_it: Observation) -> dict[tuple[str, int], bytes]:
        kept = ((name, of_it.numbers.get(name, {})) for name in GRADIENTS)
        return {(name, l): v.tobytes() for name, layers in kept for l, v in layers.items()}

    every = [v for name in GRADIENTS for v in seen.numbers.get(name, {}).values()]
    told = any(v.any() for v in every) and all(np.isfinite(v).all() for v in every)
    return told and gradients(seen) == gradients(first)


def _nudged(network: Network) -> Network:
    """The network with all weights and biases nearer to 0, each by its own part."""
    random = np.random.default_rng(0)

    def nearer(n: int) -> Array:
        return 1 - NUDGE / 2 * random.random(n)

    w = [v * nearer(len(v))[:, None] * nearer(v.shape[1]) for v in network.weights]
    b = [v * nearer(len(v))[:, None] for v in network.biases]
    return network.with_arrays(w, b)
