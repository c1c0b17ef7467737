"""Words for what is wrong, without knowing the layer: wrong formulas made of its own forward pass.

Each is J^T delta with one thing done to J, to delta or to an input. It is named only where it
gives, number for number, what came, and the right one does not.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations, islice, permutations
from time import process_time
from typing import Any

import numpy as np

from proofs.checker.call import Call
from proofs.checker.gradients import name_of
from proofs.checker.layer_report import Row, times, with_words
from proofs.checker.wrong_case import Case, Guess, error_of, fits, matrix, steps_of
from proofs.checker.wrong_edits import edits
from proofs.checker.wrong_factors import (
    as_a_constant,
    averaged,
    constants,
    exchanged,
    factors,
    inner,
    operands,
    operands_of,
    powers,
    shares,
    uneven_shares,
)
from proofs.checker.wrong_helpers import BENT, composites, helpers
from proofs.checker.wrong_lines import lines
from proofs.measuring.callsites import Site
from proofs.measuring.jacobian import Forward, jacobians
from proofs.measuring.leaves import Path, replaced
from proofs.measuring.sent_back import FEW, work_of
from proofs.measuring.tangents import NotDifferentiableError, Operands

UNTRIED = (
    "the verdict stands, but what mistake it looks like could not be tried out: {}; more can be "
    "said of a forward pass that makes new arrays and rounds nothing"
)

LARGEST = 2**22
"""Numbers of a Jacobian, beyond which nothing is tried."""

HIDDEN = 2**29
"""Numbers that are made on the way to a Jacobian, likewise."""

SECONDS = 5.0
"""How long words are looked for, for one gradient."""

STILL = (
    "nothing that comes out changes with it: it is not used, or the result is rounded, or made of "
    "a text or a whole number"
)


def in_words(call: Call, row: Row, until: float = np.inf) -> Row:
    """The row, with what it looks like; `until` as `time.process_time` tells it."""
    until = min(until, process_time() + SECONDS)
    path = next((p for p in call.gradients if call.quantity(p) == row.quantity), None)
    if path is None or not np.isfinite(row.residual):
        return row
    numbers = sum(np.size(d) for d in call.deltas) * call.forward.floats[path].size
    if numbers > LARGEST:
        return row
    says: list[str] = []
    try:
        K, run = call.forward.floats[path].size, call.forward
        if isinstance(run, Forward) and K > FEW and K * work_of(run, [path]) > HIDDEN:
            return row
        with np.errstate(all="ignore"):  # a guess may divide by 0, or meet a mask of infinities
            says += _named(_case(call, path), until)
    except Exception as error:  # the words fail, not the verdict
        said = str(error) if isinstance(error, NotDifferentiableError) else repr(error)
        says += [UNTRIED.format(said)] if not says else []
    return with_words(row, says[:3])


def _case(call: Call, path: Path) -> Case:
    delta = np.concatenate([np.ravel(np.asarray(d, float)) for d in call.deltas])
    return Case(call, path, matrix(call, path), delta, call.came(path))


def _named(case: Case, until: float) -> Iterator[str]:
    if not case.came.any():
        yield "it is 0, as if never set"
        set_anew = (
            says
            for says, value in _parts_of_delta(case)
            if ONE_NUMBER in says and not np.any(value)
        )
        yield from [*set_anew][:1]
        return
    if not case.J.any():
        yield STILL
    if "repairs" in case.call.notes and (known := [says for says, _ in edits(case)]):
        yield from known  # what makes another gradient right makes this one right, too
        return
    found = False
    for guesses in GUESSES if isinstance(case.call.forward, Forward) else PLAIN:
        for says, value in guesses(case):
            if process_time() > until:
                return
            if np.size(value) != case.came.size:
                continue
            value = np.reshape(value, case.shape)
            if case.equal(case.came, value) and not case.equal(case.want, value):
                found = True
                yield says
                if guesses in ONE_MISTAKE:
                    break  # what else gives the same is the same mistake in other words
        if found:
            break
    if not found and (nearly := _digits(case)):
        yield nearly
        return
    yield from _shifts_that_should_not_matter(case)
    if not found:
        yield from [*_what_nothing_depends_on(case)] or _where(case)


NEARLY = 1e-5
"""How far off, for its size, what a small constant or one of few digits makes is at most."""


def _digits(case: Case) -> str:
    """To how many digits it is right, where these are many and most numbers are off by that."""
    each, size = abs(case.came - case.want), abs(case.want).max()
    off, most = each.max(), np.mean(each > case.unit * size) > 1 / 2
    if not (0 < off <= NEARLY * size and most):
        return ""
    return (
        f"it is right to {int(-math.log10(off / size))} digits, as where a small constant is left "
        "out, or one is written with so few digits"
    )


# One thing done to the whole.


def _factors(case: Case) -> Iterator[Guess]:
    want, came = case.want, case.came
    if not want.any():
        return
    ratio = float((came * want).sum() / (want * want).sum())
    if not _explains(case, came, want, ratio):
        return
    lengths = {n for shape in (*case.outs, *(x.shape for x in case.call.forward.floats.values()))
               for n in (*shape, int(np.prod(shape)))} | {2}  # fmt: skip
    said = [f"it is {how.format(n)} times what it should be"
            for power, how in POWERS
            for n in sorted(lengths - {0, 1})
            if abs(ratio / n**power - 1) < case.unit]  # fmt: skip
    said = ["the sign is wrong"] if abs(ratio + 1) < case.unit else said[:1]
    yield from averaged(case, ratio)
    yield from ((each, came) for each in said)


def _any_factor(case: Case) -> Iterator[Guess]:
    """A factor that is no known number."""
    if case.want.any():
        ratio = float((case.came * case.want).sum() / (case.want * case.want).sum())
        if _explains(case, case.came, case.want, ratio):
            yield f"it is {times(ratio)} times what it should be", case.came


def _explains(case: Case, came: Any, want: Any, ratio: float) -> bool:
    """Whether some numbers are a factor off, and not one of them alone by little."""
    left, least = abs(came - ratio * want).max(), abs(ratio - 1)
    return (
        case.equal(came, ratio * want)
        and least >= case.unit
        and bool(left <= least * abs(want).max() / 8)
    )


POWERS = ((1.0, "{}"), (-1.0, "1/{}"), (0.5, "the root of {}"), (-0.5, "1 over the root of {}"))


def _clipped(case: Case) -> Iterator[Guess]:
    """Cut off at a bound, which is a number as people write it or which several have met."""
    bound = abs(case.came).max()
    met = int((abs(case.came) == bound).sum())
    if met < case.came.size and (met > 1 or float(f"{bound:.2g}") == bound):
        yield f"it is clipped at {bound:.6g}", np.clip(case.want, -bound, bound)


def _part_of_it(case: Case) -> Iterator[Guess]:
    """A factor on some indices of an axis, the others being right."""
    for axis in range(case.want.ndim):
        want, came = (
            np.moveaxis(x, axis, 0).reshape(case.shape[axis], -1) for x in (case.want, case.came)
        )
        off = abs(came - want).max(1) > case.unit * abs(want).max()
        if off.all() or not off.any():
            continue
        size = float((want[off] ** 2).sum())
        ratio = float((came[off] * want[off]).sum()) / size if size else 1.0
        if (
            case.came[0:].size > 1
            and want[off].size > 1
            and _explains(case, came[off], want[off], ratio)
        ):
            one, some = off.sum() == 1, _indices(np.flatnonzero(off), axis)
            says = f"{some} {times(ratio)} times what {'it' if one else 'they'} should be"
            if not came[off].any():
                says = f"{some} 0, as if never set"
            elif abs(ratio + 1) < case.unit:
                says = f"{some} of the wrong sign"
            yield from edits(case)
            yield says, case.came


def _cut(case: Case) -> Iterator[Guess]:
    """J kept only where two indices are equal: the sum over the others was dropped."""
    if len(case.outs) != 1 or len(case.outs[0]) != len(case.shape) or not case.shape:
        return
    out = case.outs[0]
    rows = np.unravel_index(np.arange(case.J.shape[0]), case.shape)
    columns = np.unravel_index(np.arange(case.J.shape[1]), out)
    equal = [a for a in range(len(out)) if case.shape[a] == out[a]]
    for n in sorted(range(1, len(equal) + 1), key=lambda n: (n < len(out), n)):
        for axes in combinations(equal, n):
            keep = np.logical_and.reduce([rows[a][:, None] == columns[a][None] for a in axes])
            if n == len(out):
                says = "the Jacobian was cut to its diagonal: the sum over k was dropped"
            else:
                them = "it" if n == 1 else "them"
                says = (
                    f"only equal indices along {along(axes)} count: the sum over {them} was dropped"
                )
            yield says, (case.J * keep) @ case.delta


def _turned(case: Case) -> Iterator[Guess]:
    if case.J.shape[0] == case.J.shape[1]:
        yield "the Jacobian is not transposed", case.J.T @ case.delta
    yield "delta is passed on as it is: the layer's derivative is missing", case.delta
    yield "delta is left out, as if it were 1", case.J.sum(1)
    for a, b in combinations(range(case.want.ndim), 2):
        if case.shape[a] == case.shape[b] > 1:
            how = "transposed" if case.want.ndim == 2 else f"transposed in axes {a} and {b}"
            yield f"it is {how}", np.swapaxes(case.want, a, b)
    yield from _reshaped(case)


def _reshaped(case: Case) -> Iterator[Guess]:
    """Delta, or what is sent back, reshaped where its axes belong in another order."""
    says = "only reshaped, where transpose{} belongs"
    for order in _orders(case.shape):
        yield f"it is {says.format(order)}", case.want.transpose(np.argsort(order)).ravel()
    for order in _orders(case.outs[0]) if len(case.outs) == 1 else ():
        delta = case.delta.reshape([case.outs[0][a] for a in order]).transpose(np.argsort(order))
        yield f"delta is {says.format(order)}", case.J @ delta.ravel()


def _orders(shape: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """In which orders axes may be put."""
    yield from islice(permutations(range(len(shape))), 1, 24 if len(shape) <= 4 else 0)


def _parts_of_delta(case: Case) -> Iterator[Guess]:
    """One of several outputs left out, or only the first or last of several numbers counted."""
    start = 0
    for n, d in enumerate(case.outs):
        size = int(np.prod(d))
        block, J = case.delta[start : start + size].reshape(d), case.J[:, start : start + size]
        others = case.want.ravel() - J @ block.ravel()
        if len(case.outs) > 1:
            yield f"the error of output {n + 1} is left out", others
        for axes in (axes for n in range(1, len(d) + 1) for axes in combinations(range(len(d)), n)):
            if any(d[a] == 1 for a in axes):
                continue
            for k, name in ((0, "first"), (-1, "last")):
                at = tuple(k if a in axes else slice(None) for a in range(len(d)))
                kept = np.zeros(d)
                kept[at] = block[at]
                of = f"delta {n + 1}" if len(case.outs) > 1 else "delta"
                yield (
                    f"only the {name} index along {along(axes)} of {of} counts, as with = for +=",
                    J @ kept.ravel() + others,
                )
        start += size
    for name, value in _one_place(case.J, case.delta):
        yield f"of several places {ONE_NUMBER} only the {name} counts, as with = for +=", value
    if len(case.outs) == 1:
        yield from _last_along(case)


ONE_NUMBER = "that read one number"


def _one_place(J: Any, delta: Any) -> Iterator[tuple[str, Any]]:
    """J^T delta where of all that reads a number only the last counts, or the first."""
    reads = J != 0
    if (reads.sum(1) > 1).any():
        first = np.argmax(reads, 1)
        last = J.shape[1] - 1 - np.argmax(reads[:, ::-1], 1)
        for at, name in ((last, "last"), (first, "first")):
            yield name, np.where(reads.any(1), J[np.arange(len(at)), at] * delta[at], 0)


def _picked(case: Case) -> Iterator[Guess]:
    """Of several places of an index that are one only one counts: x[i] += for np.add.at."""
    for n, (site, v, t) in enumerate(steps_of(case)):
        J = t.reshape(len(t), -1)
        if not (fits(case, v.size) and ((J != 0).sum(1) > 1).any() and site.text.endswith("]")):
            continue
        for name, value in _one_place(J, error_of(case, n, v).ravel()):
            says = f"of several places in {site.text} {ONE_NUMBER} only the {name} counts"
            yield f"{says}, as with x[i] += for np.add.at", value


def _last_along(case: Case) -> Iterator[Guess]:
    """For each number the last place along some axes that reads it, summed over the others."""
    (shape,) = case.outs
    for n in range(1, len(shape)):
        for axes in combinations(range(len(shape)), n):
            J = np.moveaxis(
                case.J.reshape(len(case.J), *shape), [a + 1 for a in axes], range(1, n + 1)
            )
            delta = np.moveaxis(case.delta.reshape(shape), axes, range(n))
            places = math.prod(delta.shape[:n])
            J, delta = J.reshape(len(J), places, -1), delta.reshape(places, -1)
            reads = (J != 0).any(2)
            if (reads.sum(1) < 2).all():
                continue
            sent = (J * delta).sum(2)
            for at, name in (
                (places - 1 - np.argmax(reads[:, ::-1], 1), "last"),
                (np.argmax(reads, 1), "first"),
            ):
                says = f"of several places along {along(axes)} {ONE_NUMBER} only the {name} counts"
                yield f"{says}, as with = for +=", sent[np.arange(len(at)), at]


# One thing done to a helper, to an input, to a step of the forward pass.


def _inputs(case: Case) -> Iterator[Guess]:
    """Another input turned over, or left out."""
    for path, x in case.call.forward.floats.items():
        if path == case.path or not x.ndim or not _enters(case, path, x):
            continue
        name = name_of(path, case.call.names)
        for says, other in _turns(name, x):
            value = _with_other(case, path, other)
            if value is not None and value.shape == case.J.shape:
                yield says, value @ case.delta


def _enters(case: Case, path: Path, x: Any) -> bool:
    """Whether J follows an input, or it is a mask: one that only says which side of a kink may fit.

    All ReLUs open is what comes of ones, and what comes of a slope that is forgotten.
    """
    near = x * (1 + 1e-6 * np.random.default_rng(0).uniform(1, 2, x.shape))
    J = _with_other(case, path, near)
    return len(np.unique(x)) <= 2 or J is None or not case.equal(case.J, J)


def _with_other(case: Case, path: Path, other: Any) -> Any:
    """J with another array for an input; None where its shape does not fit there."""
    forward = case.call.forward
    changed = replace(forward, args=replaced(forward.args, {path: other}))
    try:
        return matrix(replace(case.call, forward=changed), case.path)
    except Exception:  # whatever it is, nothing is said
        return None


def _turns(name: str, x: Any) -> Iterator[Guess]:
    for a, b in combinations(range(x.ndim), 2):
        if x.shape[a] == x.shape[b] > 1:
            how = "not transposed" if x.ndim == 2 else f"transposed in axes {a} and {b}"
            yield f"{name} is {how}", np.swapaxes(x, a, b)
    yield f"{name} is left out, as if it were 1", np.ones_like(x)
    for n in (2, 1, *range(3, x.ndim + 1)):
        for axes in list(combinations(range(x.ndim), n))[::-1]:
            yield f"{name} is flipped along {along(axes)}", np.flip(x, axes)


def _others(case: Case) -> Iterator[Guess]:
    for path, x in case.call.forward.floats.items():
        name = name_of(path, case.call.names)
        if path != case.path and x.shape == case.shape and path in case.call.gradients:
            yield (
                f"this is the gradient with respect to {name}",
                matrix(case.call, path) @ case.delta,
            )
        if x.shape == case.shape and x.any() and x.size > 1:
            left = case.came - case.want
            factor = float((left * x).sum() / (x * x).sum())
            yield f"{factor:.4g} times {name} is added", case.want + factor * x


def _moved(case: Case) -> Iterator[Guess]:
    """Shifted by one along an axis or two; the numbers that fall off the edge are not asked."""
    axes = [a for a, n in enumerate(case.shape) if n > 2]
    for some in (some for n in (1, 2) for some in combinations(axes, n)):
        for s in (1, -1):
            ahead, behind = (slice(1, None), slice(None, -1))[::s]
            here = tuple(ahead if a in some else slice(None) for a in range(len(case.shape)))
            there = tuple(behind if a in some else slice(None) for a in range(len(case.shape)))
            if case.equal(case.came[here], case.want[there]):
                yield f"it is shifted by {s} along {along(some)}", case.came


def _steps(case: Case) -> Iterator[Guess]:
    """One step of the forward pass taken for a constant, or given another slope."""
    deltas = [np.asarray(d, float) for d in case.call.deltas]
    whole: Any = {case.path: tuple({} for _ in deltas)}
    _, met = jacobians(case.call.forward, deltas, whole, 1, sites=True)
    for site in met.curves[:16]:
        for says, slope in BENT:
            value = matrix(case.call, case.path, bent=(site, slope)) @ case.delta
            taken = f"the slope of {site.text} is taken as {says}"
            if site.text.endswith("]"):
                taken = f"the error passes through {site.text}, as if it had not been set"
            yield f"{taken} (line {site.line})", value
    idle: list[Site] = []
    others: list[Site] = []
    for site in (met.sites or ())[:64]:
        value = matrix(case.call, case.path, constant=[site]) @ case.delta
        (idle if np.allclose(value, case.want.ravel(), rtol=1e-12) else others).append(site)
        yield as_a_constant(site.text, site), value
    # What is taken off before it is exponentiated makes no difference: it may be constant, too.
    for site in others if idle else ():
        value = matrix(case.call, case.path, constant=[site, *idle]) @ case.delta
        yield as_a_constant(site.text, site), value


# One thing done to where a number is read: the operands of the steps of the forward pass.


def _readings(case: Case) -> Iterator[Guess]:
    """Of several readings of the input only some count: = for +=, or one of them forgotten."""
    every = [operand for operand, reading in operands_of(case) if reading >= 0]
    places = {each: {n for n, one in enumerate(every) if one == each}
              for each in list(dict.fromkeys(every))[:16]}  # fmt: skip

    def without(left: Any) -> Any:
        return _as_read(case, lambda n: n in left)

    # What is read for the cache alone moves no output.
    places = {each: at for each, at in places.items()
              if not case.equal(case.want, without(at).reshape(case.shape))}  # fmt: skip
    met = set().union(*places.values())
    name = name_of(case.path, case.call.names)
    for operand, here in places.items():
        text = operand[0].text or f"a step of line {operand[0].line}"
        if len(here) < len(met):
            says = f"{name} is read {len(met)} times, and"
            yield f"{says} only {text} counts, as with = for +=", without(met - here)
            yield f"{says} {text} does not count", without(here)
        for which, at in (("first", min(here)), ("last", max(here))) if len(here) > 1 else ():
            yield (
                f"{text} runs {len(here)} times, and only the {which} counts, as with = for +=",
                without(here - {at}),
            )
            if len(here) < len(met):
                says = f"{name} is read {len(met)} times, and only the {which} {text} counts"
                yield f"{says}, as with = for +=", without(met - {at})


def _as_read(case: Case, held: Callable[[int], bool]) -> Any:
    """J^T delta where some readings of the input count as constants."""
    asked = Operands(lambda operand, reading: reading >= 0 and held(reading))
    return matrix(case.call, case.path, operands=asked, root=case.path) @ case.delta


GUESSES = (_factors, _clipped, _part_of_it, _cut, _turned, _moved, _parts_of_delta, exchanged,
           _inputs, helpers, _others, _steps, composites, _picked, _readings, operands, constants,
           factors, inner, powers, shares, edits, lines, uneven_shares, _any_factor)  # fmt: skip
"""The cheap ones first."""
PLAIN = (*GUESSES[:8], _any_factor)
"""Those that ask for nothing but J."""

ONE_MISTAKE = (_cut, _parts_of_delta, *GUESSES[GUESSES.index(helpers) :])
"""What these say first is enough."""


# What is seen without a guess.


def _shifts_that_should_not_matter(case: Case) -> Iterator[str]:
    want, left = case.want, case.came - case.want
    for n in range(1, want.ndim + 1):
        for axes in combinations(range(want.ndim), n):
            if np.prod([want.shape[a] for a in axes]) == 1 or not abs(want).max() > 0:
                continue
            flat = left - left.mean(axis=axes, keepdims=True)
            adds_up = abs(want.sum(axis=axes)).max() <= case.unit * abs(want).max()
            if adds_up and abs(flat).max() <= case.unit * abs(left).max():
                yield (
                    f"a common shift along {along(axes)} changes nothing, so the errors add up to "
                    "0 there, and these do not: the mean is not taken off, or what is taken off is "
                    "not the mean"
                )
                return


def _what_nothing_depends_on(case: Case) -> Iterator[str]:
    still = ~(case.J != 0).any(1).reshape(case.shape) & (case.came != 0)
    if still.any() and case.J.any() and not case.J.any(1).all():
        place = tuple(map(int, np.argwhere(still)[0]))
        why, many = (
            "that no output depends on (masked, ignored, padded, not the largest)",
            still.sum(),
        )
        one = f"1 number {why} is sent an error, at {place}"
        yield one if many == 1 else f"{many} numbers {why} are sent an error, such as {place}"


def _where(case: Case) -> Iterator[str]:
    wrong = abs(case.came - case.want) > case.unit * abs(case.came).max()
    if wrong.sum() == 1 < wrong.size:
        yield f"only the number at {tuple(map(int, np.argwhere(wrong)[0]))} is wrong"
        return
    for a in range(wrong.ndim):
        at = wrong.any(axis=tuple(b for b in range(wrong.ndim) if b != a))
        if not at.all() and at.any():
            yield f"only {_indices(np.flatnonzero(at), a)} wrong"
            return


def along(axes: Sequence[int]) -> str:
    """Axes by their numbers."""
    *first, last = map(str, axes)
    return f"axes {', '.join(first)} and {last}" if first else f"axis {last}"


def _indices(at: Any, axis: int) -> str:
    """All of them, neighbours as a range: each that is left out would be said to be right."""
    runs = np.split(at, np.flatnonzero(np.diff(at) > 1) + 1)
    parts = [f"{run[0]} to {run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs]
    noun, verb = ("index", "is") if len(at) == 1 else ("indices", "are")
    return f"{noun} {', '.join(parts)} of axis {axis} {verb}"
