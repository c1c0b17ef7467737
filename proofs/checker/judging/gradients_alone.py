"""What nabla_b and nabla_w alone say of delta, so that BP1 to BP4 can still be told apart.

On one example nabla_b is delta, and nabla_w is delta times the activations: delta stands there
twice, and where the two differ, the one that fits BP1 and BP2 is it.
On a batch, the deltas of the examples one by one must give its averages;
where they do not, the deltas of the batch itself are solved for.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from proofs.checker.calling.observe import Call, Observation
from proofs.checker.judging.by_definition import GRADIENTS, Inputs
from proofs.checker.judging.numbers import Numbers, numbers
from proofs.checker.judging.one_error import FREE, one_error, simple
from proofs.checker.judging.other_cost import counted
from proofs.checker.judging.residuals import (
    CLOSE,
    DOUBTFUL,
    LARGE,
    NEARLY,
    Residual,
    averages,
    backward,
    bp1,
    bp2,
    bp3,
    bp4,
    close,
    error,
    forward,
    of_gradients,
    rates,
    spread,
)
from proofs.measuring.clock import TimeIsUpError
from proofs.network.arrays import Array

MOST_EXAMPLES = 32
"""So many examples are looked at one by one."""

WELL_CONDITIONED = 1e4
"""Deltas are solved for only where that loses at most four digits."""

TINY = float(np.finfo(float).tiny)

OF = ("came", "expected")

KEPT = 16
"""What came of examples alone is kept where it takes less than this part of the memory: what is
expected of it takes some times as much."""

EITHER = "it is "
"""So begins, behind the layer, what is said where two readings of delta explain as much."""

ALONE = "on each example alone every equation holds"

OTHERS = "the error of an example depends on the others in its batch"

BY_OTHERS = f"{OTHERS}: return delta to see which numbers of it are wrong"


Deltas = dict[int, Array]

Reading = tuple[Array, float]
"""What may be delta, and the unit that it is rounded by."""


@dataclass(frozen=True)
class Findings:
    """The numbers that explain what came with the fewest broken equations, and their residuals."""

    numbers: Numbers
    residuals: tuple[Residual, ...]
    unclear: tuple[str, ...] = ()
    later: bool = False
    """Whether they are of a second call with the same inputs."""

    @property
    def wrong(self) -> list[Residual]:
        """The residuals that do not hold."""
        return [r for r in self.residuals if not r.holds]

    @property
    def broken(self) -> set[str]:
        """The equations that do not hold at some layer."""
        return {r.equation for r in self.wrong}

    @property
    def clear(self) -> bool:
        """Whether something is off by a large part of the largest number, which no rounding is."""
        largest = ((r, abs(r.expected).max(initial=0)) for r in self.wrong)
        return any(bool((r.distance > DOUBTFUL * most).any()) for r, most in largest)


class CannotTellError(Exception):
    """Something is wrong, and nabla_b and nabla_w do not tell which equation it is."""


def findings(call: Call, given: Inputs, first: Observation, directions: int = 0) -> list[Findings]:
    """Which equations (nabla_b, nabla_w) break, where `first` is what a call with `given` gave.

    `directions` is as in `Numbers`.
    Raises CannotTellError where they are not enough.
    """
    ours = given.completed(first, directions)
    plain = _by_definition(ours)
    if not plain.wrong:
        return [plain]
    singles: list[Findings] = []
    try:
        return _of_examples(call, given, first, directions, ours, singles)
    except TimeIsUpError:
        if not any(one.clear for one in singles):
            raise
        return _as_others_show(_in_doubt(singles))


def _of_examples(
    call: Call,
    given: Inputs,
    first: Observation,
    directions: int,
    ours: Numbers,
    singles: list[Findings],
) -> list[Findings]:
    """The same of gradients that are not `ours`, by their examples: `singles` has those."""
    x, y, left = given.x, given.y, given.memory // KEPT
    for most in (MOST_EXAMPLES, x.shape[1]):
        for i in range(len(singles), min(x.shape[1], most)):
            seen = call(x[:, [i]], y[:, [i]])
            if seen.problem:
                why = f"on a single example {seen.problem}"
                return [told(batch(ours, ours.delta), why, both=False)]
            one = replace(given, x=x[:, [i]], y=y[:, [i]])
            left -= sum(v.nbytes for of in seen.numbers.values() for v in of.values())
            found = single(one, seen, directions)
            singles.append(found if left >= 0 else _light(found, singles))
        if x.shape[1] == 1:
            return singles
        singles[:] = _as_others_show(_in_doubt(singles))
        some = _some_together(call, singles, given)
        if any("forward a" in f.broken for f in singles):
            return singles  # what a batch went by is not known then
        if _unevenly(call, singles, given):
            return [_by_definition(ours)]
        if any(f.wrong for f in singles):
            return [_without_guesses(some, singles), *singles]
        if some.wrong and (theirs := _in_another_order(given, first) or _averaged_again(ours)):
            return [told(batch(ours, theirs), ALONE)]
        if some.wrong:
            return [told(some, ALONE)]
    if _counted(given, first, singles):
        return [_by_definition(ours)]
    whole = given.of(first, own(first, singles))
    found = _together(_rounded_as(whole, singles), _side_by_side(singles))
    return [told(found, "on few examples every equation holds")]


def _light(one: Findings, before: Sequence[Findings]) -> Findings:
    """An example with the worst row of what is large, and wrong in those `before` as well."""
    known = {r.at for other in before for r in other.wrong}

    def rows(r: Residual) -> Residual:
        if r.came.size <= LARGE or r.at not in known:
            return r
        some = slice(r.place[0], r.place[0] + 1)
        allowed = np.broadcast_to(r.allowed, r.came.shape)
        came, right, allowed = (v[some].copy() for v in (r.came, r.low, allowed))
        return Residual(r.equation, r.layer, came, right, right, allowed)

    n = replace(one.numbers, nabla_w={})
    return replace(one, numbers=n, residuals=tuple(map(rows, one.residuals)))


def other_orders(y: Array) -> Iterator[tuple[str, Array]]:
    """The targets of a batch as they come to stand beside other examples, and how."""
    if y.shape[1] > 1:
        says = "the targets are shifted by one along the examples: each is held against another's"
        yield from ((says, np.roll(y, by, axis=1)) for by in (1, -1))
        yield "the targets stand in reverse order along the examples", y[:, ::-1]


def _in_another_order(given: Inputs, first: Observation) -> dict[int, Array]:
    """delta for the targets in another order, if that gives what came."""
    for _, y in other_orders(given.y):
        other = replace(given, y=y)
        if other.explain(first):
            return other.exactly[2]
    return {}


def _averaged_again(n: Numbers) -> dict[int, Array]:
    """delta where one factor, such as 1/m, comes in on the way back and stays from there on.

    Gradients of a layer are off by it together then, and those of layer L are right. A factor of m
    is none: it is the average that is not taken.
    """
    if len(n.nabla_b.keys() & n.nabla_w.keys()) < n.network.L - 1:
        return {}
    factors = {l: factor(bp3(n, l), bp4(n, l)) or np.nan for l in n.network.layers}
    layers = list(n.network.layers)
    new = [factors[l] / factors[l + 1] for l in layers[:-1]]
    apart = [c for c in new if not np.isclose(c, 1, rtol=NEARLY)]
    once = bool(apart) and np.allclose(apart, apart[0], rtol=NEARLY)
    once = once and not np.isclose(apart[0], n.m, rtol=NEARLY)
    right = np.isclose(factors[n.network.L], 1, rtol=NEARLY)
    return {l: factors[l] * n.delta[l] for l in layers} if once and right else {}


def factor(b: Residual, w: Residual) -> float | None:
    """What both gradients of a layer are times what they should be, if all numbers are that."""
    came, right = (np.concatenate([getattr(r, of).ravel() for r in (b, w)]) for of in OF)
    c = float(np.vdot(came, right) / np.vdot(right, right)) if right.any() else np.nan
    allowed = np.concatenate([np.broadcast_to(r.allowed, r.came.shape).ravel() for r in (b, w)])
    return c if (abs(came - c * right) <= max(1, abs(c)) * allowed).all() else None


def _by_definition(n: Numbers) -> Findings:
    """The findings where delta is ours."""
    return Findings(n, tuple(_of_ours(n)))


def _of_ours(n: Numbers) -> Iterator[Residual]:
    """The residuals where delta is ours: away from kinks it is what BP1 and BP2 give."""
    yield from forward(n)
    none = np.zeros((1, 1))
    for l in range(n.network.L, 1, -1):
        d = n.delta[l]
        if n.network.sigma[l].smooth and np.isfinite(d).all():
            yield Residual("BP1" if l == n.network.L else "BP2", l, none, none, none, none)
        else:
            yield from error(n, l)
        yield from averages(n, l)


def told(found: Findings, why: str, both: bool = True) -> Findings:
    """What a batch alone has to say: one equation is wrong, or perhaps both averages."""
    if not found.wrong:
        return found
    if len(found.broken) == 1 or (both and found.broken == {"BP3", "BP4"}):
        return replace(found, unclear=(*found.unclear, why))
    raise CannotTellError(
        f"{why}, and the gradients of a batch are wrong in a way that fits no single equation: "
        "return z, a and delta to see which it is"
    )


def _in_doubt(singles: Sequence[Findings]) -> list[Findings]:
    """The examples; where one has nabla_b alone to tell delta by, BP3 is blamed if others blame it.

    So it is where nothing enters a layer, and its nabla_w is 0 whatever delta is.
    """
    blamed = {r.layer for one in singles for r in one.wrong if r.equation == "BP3"}

    def doubtful(one: Findings, r: Residual) -> bool:
        silent = r.layer in blamed and not one.numbers.a[r.layer - 1].any()
        return silent and r.equation in ("BP1", "BP2")

    def certain(one: Findings) -> Findings:
        meant = {r.layer: r.expected for r in one.wrong if doubtful(one, r)}
        n = replace(one.numbers, delta={**one.numbers.delta, **meant})
        kept = tuple(r for r in one.residuals if not doubtful(one, r))
        return replace(one, numbers=n, residuals=kept)

    return list(map(certain, singles))


def _as_others_show(singles: Sequence[Findings]) -> list[Findings]:
    """The examples; where one may be wrong in either of two equations, it is the others' one.

    So it is where delta is so small that its sign is lost in rounding.
    """

    def open_at(one: Findings, l: int) -> list[str]:
        return [text for text in one.unclear if text.startswith(f"at layer {l} {EITHER}")]

    sure = {r.at for f in singles for r in f.wrong if not open_at(f, r.layer)}

    def shown(text: str, r: Residual) -> bool:
        """Whether other examples break the other equation there, and none this one."""
        of_layer = {equation for equation, l in sure if l == r.layer}
        return r.equation not in of_layer and any(equation in text for equation in of_layer)

    def settled(one: Findings) -> Findings:
        pairs = [(text, r) for r in one.wrong for text in open_at(one, r.layer) if shown(text, r)]
        texts, others = {text for text, _ in pairs}, {id(r) for _, r in pairs}
        unclear = tuple(text for text in one.unclear if text not in texts)
        kept = tuple(r for r in one.residuals if id(r) not in others)
        return replace(one, residuals=kept, unclear=unclear)

    return list(map(settled, singles))


def _some_together(call: Call, singles: Sequence[Findings], given: Inputs) -> Findings:
    """As many examples in a batch as still determine its deltas."""
    some = _few(singles, given)
    seen, few = call(some.x, some.y), some.x.shape[1]
    together = some.of(seen, own(seen, singles[:few]))
    by = batch if _counted(some, seen, singles) else _together
    return by(_rounded_as(together, singles), _side_by_side(singles[:few]))


def _together(n: Numbers, alone: Deltas) -> Findings:
    """A batch by what its examples sent alone, or by an error that depends on the others in it."""
    found, L = batch(n, alone), n.network.L
    if len(found.wrong) < 2 and found.broken <= {"BP1"}:
        own = [found.numbers.delta[L]] if found.wrong else []
        by_others = any(np.isfinite(d).all() and not _multiples(n, d, alone[L]) for d in own)
        return replace(found, unclear=(*found.unclear, *([BY_OTHERS] if by_others else [])))
    one = one_error(n) if L in alone else None
    if one is None or {r.at for r in found.wrong} <= one.undecided:
        return found
    if _multiples(n, one.delta[L], alone[L]):
        return found
    unit = {l: n.units.get(("delta", l), n.eps) for l in one.delta}
    readings = {l: [(delta, unit[l])] for l, delta in one.delta.items()}
    off = {at: v + n.off.get(at, 0.0) for at, v in one.off.items()}
    other = explained(replace(n, off={**n.off, **off}), readings, loose=True)
    if other.broken != {"BP1"}:
        return found
    kept = tuple(r for r in other.residuals if r.at not in one.undecided)
    return replace(other, residuals=kept, unclear=(*other.unclear, BY_OTHERS))


def _multiples(n: Numbers, delta: Array, alone: Array) -> bool:
    """Whether each example sends a multiple of what it sends alone, as if it were counted so often.

    Where all errors have one direction, as with one output, any is one: there an example is counted
    a simple number of times.
    """
    square = (alone * alone).sum(axis=0)
    counts = (delta * alone).sum(axis=0) / np.maximum(square, TINY)
    same = np.allclose(delta, counts * alone, rtol=1e-3, atol=1e-6 * abs(delta).max())
    return same and (_differ(alone) or simple(counts, n.eps))


def _differ(delta: Array) -> bool:
    """Whether the errors of two examples differ by more than a factor."""
    return bool(
        np.linalg.matrix_rank(delta / np.maximum(abs(delta).max(axis=0), TINY), tol=FREE) > 1
    )


def _few(singles: Sequence[Findings], given: Inputs) -> Inputs:
    few = min(len(singles), min(given.network.sizes[:-1]) + 1)
    return replace(given, x=given.x[:, :few], y=given.y[:, :few])


def _unevenly(call: Call, singles: Sequence[Findings], given: Inputs) -> bool:
    """Whether gradients of a batch are sums of right ones that count otherwise than alone.

    Then what each example sends is right, and the average is not.
    """
    wrong = [r for f in singles for r in f.wrong]
    if {r.equation for r in wrong} != {"BP1"} or all(r.nearly for r in wrong):
        return False
    some = _few(singles, given)
    return _counted(some, call(some.x, some.y), singles)


def _counted(given: Inputs, seen: Observation, singles: Sequence[Findings]) -> bool:
    """Whether the first examples count more or less often than each other, and than alone."""
    counts = counted(given, seen)
    if counts is None:
        return False
    alone = np.array([_times(f) for f in singles[: len(counts)]])
    told = np.isfinite(counts) & np.isfinite(alone)
    # Coarse rounding makes none count for more than others.
    nearly = max(NEARLY, close(singles[0].numbers.eps))
    uneven = not np.allclose(counts[told], counts[told].mean(), rtol=nearly)
    times = len(counts) * counts
    if not uneven or np.allclose(times[told], alone[told], rtol=nearly):
        return False
    return simple(times[told], singles[0].numbers.eps) or _explain(times, given, seen)


def _explain(times: Array, given: Inputs, seen: Observation) -> bool:
    """Whether gradients hold with examples that count so often, NaN where one sends nothing.

    Where all examples send an error of one direction, as with one output, any errors do.
    """
    n, times = given.gradients(seen), np.nan_to_num(times)
    delta = {l: times * d for l, d in n.delta.items()}
    off = {at: abs(times) * v if at[0] == "delta" else v for at, v in n.off.items()}
    n = replace(n, delta=delta, off=off)
    return _differ(n.delta[n.network.L]) and all(r.holds for r in of_gradients(n))


def _times(one: Findings) -> float:
    """How many times delta^L of an example is what it should be."""
    at_the_end = (r for r in one.residuals if r.equation == "BP1")
    of = ((r.came * r.expected).sum() / (r.expected * r.expected).sum() for r in at_the_end)
    return float(next(of, np.nan))


def _without_guesses(some: Findings, singles: Sequence[Findings]) -> Findings:
    """A batch less BP3 and BP4 where its own deltas are not determined.

    There those of its examples alone stood in, and an example's error may depend on the others.
    """
    solved = {l for name, l in some.numbers.off if name == "solved"}
    guessed = {r.layer for r in some.wrong if r.equation in ("BP3", "BP4")} - solved
    if not guessed:
        return some
    kept = tuple(
        r for r in some.residuals if r.layer not in guessed or r.equation not in ("BP3", "BP4")
    )
    # What is wrong in the examples alone is so in their batch, and says nothing of them together.
    alone = {r.at for one in singles for r in one.wrong}
    if all(r.at in alone for r in some.wrong if r.layer in guessed):
        return replace(some, residuals=kept)
    why = (
        "the error of an example depends on the others in its batch, or the average is wrong too: "
        "return delta to see which"
    )
    return replace(some, residuals=kept, unclear=(*some.unclear, why))


def _side_by_side(singles: Sequence[Findings]) -> dict[int, Array]:
    """The deltas of the examples as columns of a batch, at every layer where all have them."""
    deltas = [s.numbers.delta for s in singles]
    network = singles[0].numbers.network
    counts = network.cost.counts(np.hstack([s.numbers.y for s in singles]))
    return {
        l: np.hstack([d[l] for d in deltas]) * counts
        for l in network.layers
        if all(l in d for d in deltas)
    }


def _rounded_as(n: Numbers, singles: Sequence[Findings]) -> Numbers:
    """A batch whose deltas are rounded as those of its examples alone are."""
    of_delta = {
        ("delta", l): max(s.numbers.units.get(("delta", l), 0.0) for s in singles)
        for l in n.network.layers
    }
    return replace(n, units={**n.units, **of_delta})


def own(seen: Observation, singles: Sequence[Findings]) -> dict[str, dict[int, Array]]:
    """What a batch returned, with the activations that its examples went by, if not ours."""
    if "a" not in singles[0].numbers.given:
        return seen.numbers
    L = singles[0].numbers.network.L
    a = {l: np.hstack([s.numbers.a[l] for s in singles]) for l in range(2, L)}
    return {**seen.numbers, "a": a}


def single(given: Inputs, seen: Observation, directions: int = 0) -> Findings:
    """One example, of which nabla_b and nabla_w each hold delta."""
    n = given.of(seen, seen.numbers, directions)
    plain = explained(n, _all_readings(n, given.exactly[2]))
    if plain.wrong and max(r.most for r in plain.wrong) < CLOSE:
        # Each of them may have a delta of its own, as pushes have, rounded on all of its way.
        by_pushes = replace(n, off=given.completed(seen).off)
        found = explained(by_pushes, _all_readings(by_pushes), fewer=1)
        if not found.wrong:
            return found
    if not plain.wrong or "a" in n.given:
        return plain
    letters = {"a": activations(n), "nabla_b": n.nabla_b, "nabla_w": n.nabla_w}
    beside = {at: off for at, off in n.off.items() if at[0] in GRADIENTS}
    how = n.eps, n.directions, beside, n.units
    other = numbers(n.network, n.a[1], n.y, letters, *how)
    found = explained(other, _all_readings(other), fewer=len(plain.wrong))
    return found if len(found.wrong) < len(plain.wrong) else plain


def _all_readings(n: Numbers, ours: Deltas | None = None) -> dict[int, list[Reading]]:
    return {l: list(_readings(n, l, ours)) for l in n.network.layers}


def _readings(n: Numbers, l: int, ours: Deltas | None = None) -> Iterator[Reading]:
    """delta^l of one example as nabla_b has it, and as nabla_w has it.

    Or as it should be, where a nabla_w alone is no error times the activations.
    """
    if l in n.nabla_b:
        yield n.nabla_b[l], n.units.get(("nabla_b", l), n.eps)
    a = n.a[l - 1]
    if l in n.nabla_w and (a != 0).any():
        part = a / (largest := abs(a).max())  # whose square does not overflow
        w, unit = n.nabla_w[l], n.units.get(("nabla_w", l), n.eps)
        delta = w @ part / (part * part).sum() / largest
        yield delta, unit
        left = abs(delta @ a.T - w).max()
        if ours and l not in n.nabla_b and left > NEARLY * abs(w).max():
            yield ours[l], unit


def activations(n: Numbers) -> dict[int, Array]:
    """a^{l-1} as nabla_w^l = delta (a^{l-1})^T has it, where nabla_b^l is delta."""
    found = {}
    for l in range(3, n.network.L + 1):
        b, w = n.nabla_b.get(l), n.nabla_w.get(l)
        if b is not None and w is not None:
            a = w.T @ b / (b * b).sum()
            if np.isfinite(a).all() and np.allclose(
                b @ a.T, w, rtol=1e-6, atol=1e-9 * abs(w).max()
            ):
                found[l - 1] = a
    return found


def batch(n: Numbers, alone: dict[int, Array]) -> Findings:
    """A batch, whose deltas are those of its examples alone, or else what solves BP3 and BP4."""
    solved = {}
    for l, delta in alone.items():
        found = _solved(n, l, delta)
        if found is not None:
            n = replace(n, off={**n.off, ("solved", l): found[1]})
            solved[l] = found[0]
    unit = {l: n.units.get(("delta", l), n.eps) for l in alone}
    plain = explained(n, {l: [(delta, unit[l])] for l, delta in alone.items()}, loose=True)
    if not plain.wrong or not solved:
        return plain
    readings = {l: [(solved.get(l, delta), unit[l])] for l, delta in alone.items()}
    ways = plain, explained(n, readings, loose=True, fewer=len(plain.wrong))
    return min(ways, key=lambda way: len(way.wrong))


def _solved(n: Numbers, l: int, alone: Array) -> tuple[Array, Array] | None:
    """The deltas that give nabla_b and nabla_w both, if they are determined, and how well."""
    if l not in n.nabla_b or l not in n.nabla_w:
        return None
    A = np.vstack([n.a[l - 1], np.ones((1, n.m))])
    gradients = np.hstack([n.nabla_w[l], n.nabla_b[l]])
    condition = np.linalg.cond(A) if np.isfinite(A).all() else np.inf
    if not np.isfinite(gradients).all() or condition > WELL_CONDITIONED:
        return None
    delta = n.m * gradients @ np.linalg.pinv(A.T)
    # Examples that count for more or less than 1/m are a wrong average, not a wrong delta.
    square = (alone * alone).sum(axis=0)
    counts = (delta * alone).sum(axis=0) / np.maximum(square, TINY)
    if n.width(n.network.L) == 1:  # then any delta^L is a multiple, and all below it
        known = counts[square > 0]
        counts = np.full_like(counts, known[np.argmax(abs(known))]) if known.size else counts
    if np.allclose(delta, counts * alone, rtol=1e-3, atol=1e-6 * abs(delta).max()):
        return None
    largest = abs(delta).max() + n.m * np.max(n.off.get(("nabla_b", l), 0.0))
    return delta, np.full_like(delta, condition * largest)


def explained(
    n: Numbers,
    readings: dict[int, list[Reading]],
    loose: bool = False,
    fewer: float = np.inf,
) -> Findings:
    """For each layer, from L down, the reading of delta that breaks the fewest equations.

    Where no fewer are broken than in an explanation that is known, the layers below are left out.
    """
    found, unclear = list(forward(n)), []
    wrong = sum(not r.holds for r in found)
    # Which slope a wrong activation has is not known, so BP2 is not judged there.
    unknown = {r.layer for r in found if not r.holds and "z" not in n.given}
    for l in range(n.network.L, 1, -1):
        trials = [
            replace(n, delta={**n.delta, l: delta}, units={**n.units, ("delta", l): unit})
            for delta, unit in readings.get(l, ())
        ]
        if not trials:
            break
        tried: list[list[Residual]] = []
        broken: list[tuple[str, ...]] = []
        for trial in trials:
            of_it = list(backward(_loose(trial, l) if loose else trial, l))
            tried.append([r for r in of_it if l not in unknown or r.equation != "BP2"])
            broken.append(tuple(r.equation for r in tried[-1] if not r.holds))
            if not broken[-1]:
                break  # no other reading breaks fewer
        fewest = min(map(len, broken))
        best = [len(equations) for equations in broken].index(fewest)
        n = trials[best]
        if loose:
            n = replace(n, off={**n.off, ("jump", l): _jump(n, l)})
        found += tried[best]
        wrong += fewest
        if wrong >= fewer:
            break
        rivals = dict.fromkeys(way for way in broken if len(way) == fewest)
        if len(rivals) > 1:
            ways = ", or ".join(" and ".join(way) for way in rivals)
            unclear.append(f"at layer {l} {EITHER}{ways}: return delta to see which")
    return Findings(n, tuple(found), tuple(unclear))


def _loose(n: Numbers, l: int) -> Numbers:
    """Delta computed in a batch differs by rounding from delta computed one by one.

    At a kink rounding chooses the slope, so that there it may differ by all of the jump.
    """
    made = _made(n, l)
    off = np.broadcast_to((made.allowed + _jump(n, l)) / spread(n, 1), made.came.shape)
    return replace(n, off={**n.off, ("delta", l): off})


def _jump(n: Numbers, l: int) -> Array:
    """How far delta^l moves where slopes at kinks, here and above, are those of the other side."""
    made = _made(n, l)
    here: Array = made.high - made.low
    if l == n.network.L or not (above := n.off["jump", l + 1]).any():
        return here
    back = abs(n.network.w[l + 1]).T @ above
    return here + rates(n.network.sigma[l], n.z[l], back) + np.where(here > 0, back, 0)


def _made(n: Numbers, l: int) -> Residual:
    with np.errstate(all="ignore"):
        return (bp1 if l == n.network.L else bp2)(n, l)
