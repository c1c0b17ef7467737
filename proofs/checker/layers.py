"""One call of a layer: is what its backward pass returned J^T delta of its own forward pass?

The equation is BP2 for an input of the layer, BP3 and BP4 for its parameters, BP1 for a cost: the
error of every number is the sum, over all numbers that it moves, of how much it moves each times
the error of that one.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from proofs.checker.call import DIRECTIONS, Call
from proofs.checker.gradients import Misfit
from proofs.checker.layer_report import LayerReport, Row, off_by
from proofs.checker.not_finite import no_derivative
from proofs.checker.reference import FEW, MANY, Numbers, Reference, steadily
from proofs.checker.which_slope import which_slope
from proofs.checker.without_tangents import judged_by_values
from proofs.measuring.callsites import Site, theirs, why
from proofs.measuring.jacobian import EPS, TOGETHER, Forward, along, certified
from proofs.measuring.leaves import Path
from proofs.measuring.random_state import directions_of, drawn_apart
from proofs.measuring.rounded_steps import Noise
from proofs.measuring.sent_back import Sent, sent_back
from proofs.measuring.tangents import Looking

BUDGET = 2.0**27
"""Numbers that may be computed to compare every entry; beyond it, random directions are taken."""
CONFIRMED = "the derivatives were confirmed along a random direction by {}, with no chain rule"
OPEN = (
    "some numbers are off by more than the rounding of the steps that can be seen explains, but by "
    "less than eight times that: {}, so whether these are wrong cannot be decided"
)
FUSED = "the kernel is fused and hides its own steps"
UNROUNDED = "run again on rounded numbers, {} raises {}"
SAMPLED = (
    f"large layers were compared along {DIRECTIONS} random directions: an error shows if it is "
    "larger than the rounding of a sum over all entries of its gradient"
)
PARTING = (
    "no derivative exists here, as two eigenvalues or singular values are equal: they part in "
    "another way for each way in which the input moves, so that only numbers that are apart can "
    "tell; at {}"
)
JUMPS = (
    "{}, {}: rounding alone takes a step over a jump, such as that of a floor or a comparison, so "
    "what came can be called neither right nor wrong; move the inputs a little: {}"
)
BLURRED = 1e-6
"""Rounding that moves a sum of doubles by more than this part is looked at for such jumps."""
UNDECIDED = 8.0
"""This many times the tolerance is left open where the rounding of a code's own steps is hidden."""
STEPS = 8
"""So many steps of double precision are allowed to round before the code itself is asked."""


def judge(call: Call, seed: int = 0, budget: float = BUDGET) -> LayerReport:
    """Every gradient of a call against J^T delta, certified along one direction.

    A backward pass that leaves out a small constant which only guards against 0 is right.
    """
    report = _certain(_judged(call, seed, budget))
    if report.holds or not isinstance(call.forward, Forward) or not call.gradients:
        return report
    for bare, guards in _without_guards(call, report):
        report = unguarded(report, _judged(bare, seed, budget).rows, guards)
        if report.holds:
            break
    # What tied numbers add up to blames all of them, so it is said where none is wrong by itself.
    own = report.rows[: len(call.gradients) + len(call.loose)]
    return report if all(row.holds for row in own) else replace(report, rows=own)


def _certain(report: LayerReport) -> LayerReport:
    """A report that blames nothing where two ways of taking the derivative disagree."""
    if any(DISAGREE in said for said in report.problems):
        return replace(report, rows=tuple(row for row in report.rows if np.isinf(row.residual)))
    return report


def without_guards(call: Call) -> tuple[Call, list[Site]] | None:
    """The call with its small constants left out, and where, if it has some."""
    if not isinstance(call.forward, Forward) or not call.gradients:
        return None
    bare = replace(call, forward=replace(call.forward, unguarded=True, guards=[]), notes={})
    guards = _guards(bare.forward, [*call.gradients])
    return (bare, guards) if guards else None


def _without_guards(call: Call, report: LayerReport) -> Iterator[tuple[Call, list[Site]]]:
    """The call with its small constants left out, and where: all of them, then each alone.

    Alone only where no more is wrong than a small constant makes.
    """
    found = without_guards(call)
    if found is None:
        return
    yield found
    every = list(dict.fromkeys(found[1]))
    by_little = all(row.residual <= LITTLE * row.tolerance for row in report.violations)
    if 1 < len(every) <= 8 and (by_little or call.format.eps > EPS):
        for one in every:
            alone = replace(call.forward, unguarded=frozenset({one}), guards=[])
            yield replace(call, forward=alone), [one]


LITTLE = 1e11
"""How many times its tolerance, in double precision, a number is off for the sake of a constant."""


def _guards(forward: Forward, paths: Sequence[Path]) -> list[Site]:
    """The steps of a forward pass at which a small constant is left out."""
    with theirs():  # what stops it here stopped it before, and was said then
        along(forward, {path: np.ones((1, *forward.floats[path].shape)) for path in paths})
    return list(forward.guards)


BUT_FOR = "right but for the small constant at"
DISAGREE = "two ways of taking the derivative of the forward pass disagree"
SEARCHED = "they are not what its values change by, as where a root is searched"


def unguarded(report: LayerReport, rows: Sequence[Row], guards: Sequence[Site]) -> LayerReport:
    """A report, with the rows that hold where guards are left out, and a remark for each."""
    better = {(row.place, row.quantity): row for row in rows if row.holds and guards}
    lines = "; ".join(dict.fromkeys(map(str, guards)))
    right: dict[str, list[str]] = {}
    for row in report.violations:
        if (row.place, row.quantity) in better:
            right.setdefault(row.place, []).append(row.quantity)
    said = tuple(
        f"{place}, {', '.join(of)}: {BUT_FOR} {lines}, which "
        f"{'it leaves' if len(of) == 1 else 'they leave'} out"
        for place, of in right.items()
    )
    new = tuple(
        row if row.holds else better.get((row.place, row.quantity), row) for row in report.rows
    )
    return replace(report, rows=new, remarks=(*report.remarks, *said))


def _judged(call: Call, seed: int, budget: float) -> LayerReport:
    random = drawn_apart(seed)
    loose = tuple(
        Row(call.name, call.quantity(misfit.path) if misfit.path else "shape", np.inf, 0.0,
            misfit.says, _of_examples(call, misfit, seed, budget))
        for misfit in call.loose
    )  # fmt: skip
    if not call.gradients:
        return LayerReport(loose)
    try:
        entries = sent_back(call.forward, call.in_double, list(call.gradients), budget)
    except Exception as error:
        return judged_by_values(call, why(error), loose, random)
    if entries is None:
        return _directional(call, loose, random)
    sent, met = entries
    if not all(np.isfinite([one.low, one.high]).all() for one in sent.values()):
        return LayerReport(loose, (no_derivative(call),))
    reference = _of_entries(call, sent, met, budget, random)
    rows = [_compared(call, path, sent[path], reference, random) for path in call.gradients]
    certificate = _certificate(call, sent, met, random)
    jointly = [*_tied(call, sent, met)] if met.ties else []
    problems, remarks = certificate
    remarks += tuple(_conventions(call, sent)) if met.ties else ()
    if _hidden(call) and any(row.residual == row.tolerance > 0 for row in rows):
        remarks += (OPEN.format(_hidden(call)),)
    if problems and not isinstance(call.forward, Forward):
        return judged_by_values(call, SEARCHED, loose, random)
    report = LayerReport((*rows, *loose, *jointly), problems, remarks)
    return _if_it_exists(_decided(report), loose)


OF_EXAMPLES = "it has one for each example: their sum over axis {} is right, so add them up"


def _of_examples(call: Call, misfit: Misfit, seed: int, budget: float) -> tuple[str, ...]:
    """Whether a gradient of another shape is right but for a sum over its first axes."""
    if misfit.path is None or misfit.came is None:
        return ()
    came, shape = np.asarray(misfit.came), call.forward.floats[misfit.path].shape
    first = came.ndim - len(shape)
    if first < 1 or came.shape[first:] != shape:
        return ()
    summed = {misfit.path: came.sum(axis=tuple(range(first)))}
    added = _judged(replace(call, gradients=summed, loose=[], rerun=None), seed, budget)
    axes = " and ".join(map(str, range(first)))
    return (OF_EXAMPLES.format(axes),) if added.rows and added.holds else ()


def _decided(report: LayerReport) -> LayerReport:
    """A report in which what jumps leave open is a problem."""
    rows = tuple(row for row in report.rows if not np.isnan(row.residual))
    said = [JUMPS.format(row.place, row.quantity, row.detail)
            for row in report.rows if np.isnan(row.residual)]  # fmt: skip
    return replace(report, rows=rows, problems=(*report.problems, *said))


# Every entry.


def _of_entries(
    call: Call,
    sent: Mapping[Path, Sent],
    met: Looking,
    budget: float,
    random: np.random.Generator,
) -> Reference:
    """What should come in every entry, from below and from above."""

    def numbers(sent: Mapping[Path, Sent]) -> Numbers:
        return {path: (one.low, one.high) for path, one in sent.items()}

    def again(noise: Noise) -> tuple[Numbers, int]:
        found = sent_back(call.forward, call.in_double, [*sent], budget, rounding=noise)
        return (numbers(found[0]), found[1].ties) if found else ({}, -1)

    return Reference(numbers(sent), met.ties, again, partial(_far, call, random))


def _far(call: Call, random: np.random.Generator, path: Path) -> float:
    """How far rounding moves the gradient of an input along random directions, at most.

    The entries move by so much together, so that none moves much more: few tangents tell.
    """
    directions = directions_of(random, DIRECTIONS, *call.forward.floats[path].shape)
    _, _, reference = _of_directions(call, {path: directions}, {path: slice(0, DIRECTIONS)})
    return float(np.max(reference.spread(path, FEW, unknown=np.inf)))


def _compared(
    call: Call, path: Path, sent: Sent, reference: Reference, random: np.random.Generator
) -> Row:
    came = call.came(path)
    off = np.maximum(0, np.maximum(sent.low - came, came - sent.high))
    off = np.where(np.isfinite(came) & np.isfinite(off), off, np.inf)
    least = allowed = allowance(call, path, sent.size)
    if (off > allowed).any():
        for n in _asked(call, off):
            if (off > allowed).any():
                allowed = least + 8 * spread(call, path, n, random)
        allowed = reference.allows(path, off, allowed)
        off, allowed = _but_for_jumps(call, path, came, off, least, allowed, sent.size, reference)
    if _hidden(call):
        allowed = np.where((off > allowed) & (off <= UNDECIDED * allowed), off, allowed)
    return _row(call, path, came, (sent.low + sent.high) / 2, off, allowed)


def _but_for_jumps(
    call: Call,
    path: Path,
    got: Any,
    off: Any,
    least: Any,
    allowed: Any,
    size: Any,
    reference: Reference,
    along: Any = None,
) -> tuple[Any, Any]:
    """How far off it is, and what is allowed of that if no jump that rounding makes is; nan for a
    number that only such a jump of what should come explains."""
    opened = (off > least) & (off <= allowed) & (allowed > BLURRED * size)
    if call.rerun is None or call.format.eps > EPS or not opened.any():
        return off, allowed

    def run(eps: float, random: np.random.Generator) -> Any:
        assert call.rerun is not None
        came = np.asarray(call.fold(call.rerun(eps, random))[path], float)
        return came.reshape(off.shape) if along is None else along @ came.ravel()

    steady = least + UNDECIDED**2 * (steadily(run) + reference.steady(path))
    low, high = reference.reach(path)
    jumps = opened & (off > steady)
    unknown = jumps & (got >= low - steady) & (got <= high + steady)
    return np.where(unknown, np.nan, off), np.where(jumps, steady, allowed)


def allowance(call: Call, path: Path, size: Any) -> Any:
    """What rounding may do to each entry, without asking the code itself.

    Of its last step alone where the format is coarse; no line is wrong by a few eps of a double.
    """
    form = call.format
    steps = STEPS if form.eps <= EPS else 1
    return form.eps * (2 * steps * size + 1e-3 * size.max(initial=0)) + form.tiny


def spread(call: Call, path: Path, n: int, random: np.random.Generator) -> Any:
    """How far an entry moves when every step of the user's own code is rounded at random."""
    return _spread(call, call.came(path), call.rounded(path, n, random))


def _spread(call: Call, came: Any, runs: Sequence[Any]) -> Any:
    if not runs:
        return 0.0
    centre = came if call.format.eps <= EPS else np.mean(runs, axis=0)
    return np.sqrt(np.mean([np.square(run - centre) for run in runs], axis=0))


def _hidden(call: Call) -> str:
    """Why nobody can see how the steps of its backward pass round, if so."""
    if call.unrounded:
        return UNROUNDED.format(call.name, call.unrounded)
    return FUSED if call.fused else ""


def _asked(call: Call, off: Any) -> tuple[int, ...]:
    """How many runs are asked, in turn, until they decide.

    One may do for a double, whose gradient itself is the centre of them.
    """
    if call.rerun is None or not np.isfinite(off).all():
        return ()
    return (1, FEW, MANY) if call.format.eps <= EPS else (FEW, MANY)


def _row(call: Call, path: Path, came: Any, want: Any, off: Any, allowed: Any) -> Row:
    with np.errstate(all="ignore"):
        ratio = np.where(off > 0, off / np.maximum(allowed, 1e-300), 0.0 + np.isnan(off))
    at = np.unravel_index(int(np.argmax(ratio)), ratio.shape) if ratio.size else ()
    if not ratio.size:
        return Row(call.name, call.quantity(path), 0.0, 0.0)
    place = f"at {tuple(map(int, at))} " if at else ""
    detail = f"{place}it is {came[at]:.6g} and should be {want[at]:.6g}"
    detail += off_by(came[at], want[at], off[at], allowed[at])
    return Row(call.name, call.quantity(path), float(off[at]), float(allowed[at]), detail)


def _conventions(call: Call, sent: Mapping[Path, Sent]) -> Iterator[str]:
    """Which slope came where there are two."""
    for path, one in sent.items():
        said = which_slope(call.came(path), one.left, one.right, 1e-6 * one.size)
        if said:
            yield f"{call.name}, {call.quantity(path)}: {said}"


# Ties: between the two sides in every entry, and right where all tied numbers move together.


def _tied(call: Call, sent: Mapping[Path, Sent], met: Looking) -> Iterator[Row]:
    floats, deltas = call.forward.floats, call.in_double
    ones = {path: np.ones((1, *floats[path].shape)) for path in call.gradients}
    _, (lows, highs, _), reference = _of_directions(call, ones, {"sum": slice(0, 1)})
    low, high = float(lows[0]), float(highs[0])
    came = sum(float(call.came(path).sum()) for path in call.gradients)
    size = sum(float(sent[path].size.sum()) for path in call.gradients)
    tolerance = 64 * call.format.eps * size
    off = max(0.0, low - came, came - high)
    tolerance = float(np.max(reference.allows("sum", off, tolerance)))
    if off <= tolerance or (not met.tied_away_from_zero and _each_tied(call, deltas)):
        return
    expected = f"{low:.6g}" if high - low <= tolerance else f"between {low:.6g} and {high:.6g}"
    detail = (
        f"numbers are tied here: what they are sent adds up to {came:.6g} and should be {expected}"
    )
    yield Row(call.name, ", ".join(map(call.quantity, call.gradients)), off, tolerance, detail)


def _each_tied(call: Call, deltas: Sequence[Any]) -> bool:
    """Whether each of several tied zeros is sent the whole: the ReLU before passes none on."""
    whole = sent_back_to_each(call.forward, deltas, list(call.gradients))
    return all(
        np.allclose(call.came(path), whole[path], rtol=1e3 * call.format.eps)
        for path in call.gradients
    )


def sent_back_to_each(
    forward: Forward, deltas: Sequence[Any], paths: Sequence[Path]
) -> dict[Path, Any]:
    """J^T delta if every one of several tied numbers is sent the whole."""
    from proofs.measuring.jacobian import axes_apart, jacobians

    found, _ = jacobians(forward, deltas, axes_apart(forward, deltas, paths), 0)
    return {path: J.summed(lambda n, t: t * deltas[n]) for path, J in found.items()}


# Along random directions.


def _directional(call: Call, loose: tuple[Row, ...], random: np.random.Generator) -> LayerReport:
    floats, paths = call.forward.floats, list(call.gradients)
    own = {path: slice(n * DIRECTIONS, (n + 1) * DIRECTIONS) for n, path in enumerate(paths)}
    drawn = {path: directions_of(random, DIRECTIONS, *floats[path].shape) for path in paths}
    up, sums, reference = _of_directions(call, drawn, own, _each_alone)
    if not np.isfinite(sums[:2]).all():
        return LayerReport(loose, (no_derivative(call),))
    rows = [
        _along(call, path, drawn[path], [each[at] for each in sums], reference, random)
        for path, at in own.items()
    ]
    first = {path: directions[0] for path, directions in drawn.items()}
    firsts = _sums(up, up, call.in_double) if reference.ties else sums
    value, _, size = (float(each[::DIRECTIONS].sum()) for each in firsts)
    problems, remarks = _agreed(call, first, value, size, bool(reference.ties))
    report = LayerReport((*rows, *loose), problems, (*remarks, SAMPLED))
    return _if_it_exists(_decided(report), loose)


def _each_alone(
    forward: Forward, drawn: Mapping[Path, Any], side: int = 1, **how: Any
) -> tuple[list[Any], Looking]:
    """`along`, where each input moves by itself: small ones in one run, large ones one by one."""
    if sum(directions.size for directions in drawn.values()) > TOGETHER:
        runs = [along(forward, {path: d}, side, **how) for path, d in drawn.items()]
        met = runs[0][1]
        met.ties = sum(each.ties for _, each in runs)
        return [np.concatenate(each) for each in zip(*(up for up, _ in runs), strict=True)], met
    pushes, at = {}, 0
    for path, d in drawn.items():
        pushes[path] = np.zeros((sum(map(len, drawn.values())), *d.shape[1:]))
        pushes[path][at : at + len(d)] = d
        at += len(d)
    return along(forward, pushes, side, **how)


def _of_directions(
    call: Call,
    pushes: Mapping[Path, Any],
    places: Mapping[Any, slice],
    along: Callable[..., tuple[list[Any], Looking]] = along,
) -> tuple[Sequence[Any], tuple[Any, Any, Any], Reference]:
    """How the outputs move along directions, the sums of that, and those of each place's own."""

    def pushed(**how: Any) -> tuple[Sequence[Any], tuple[Any, Any, Any], int]:
        up, met = along(call.forward, pushes, **how)
        down = along(call.forward, pushes, -1, **how)[0] if met.ties else up
        return up, _sums(up, down, call.in_double), met.ties

    def numbers(sums: tuple[Any, Any, Any]) -> Numbers:
        return {key: (sums[0][at], sums[1][at]) for key, at in places.items()}

    def again(noise: Noise) -> tuple[Numbers, int]:
        _, sums, ties = pushed(rounding=noise)
        return numbers(sums), ties

    up, sums, ties = pushed()
    return up, sums, Reference(numbers(sums), ties, again)


def _sums(up: Sequence[Any], down: Sequence[Any], deltas: Sequence[Any]) -> tuple[Any, Any, Any]:
    """Over all outputs, along each direction: the least, the most, and the sum of sizes.

    The two sides of a kink are `up` and `down`; they are the same list where none was met.
    """
    low, high, size = 0.0, 0.0, 0.0
    for u, v, d in zip(up, down, deltas, strict=True):
        flat, d = u.reshape(len(u), -1), d.ravel()
        if up is down:
            terms = flat * d
            low = low + terms.sum(1)
            size = size + abs(terms).sum(1)
            continue
        other = v.reshape(len(v), -1)
        low = low + np.minimum(flat * d, other * d).sum(1)
        high = high + np.maximum(flat * d, other * d).sum(1)
        size = size + np.maximum(abs(flat), abs(other)) @ abs(d)
    return low, low if up is down else high, size


def _along(
    call: Call,
    path: Path,
    directions: Any,
    sums: Sequence[Any],
    reference: Reference,
    random: np.random.Generator,
) -> Row:
    """The sums over an input's numbers, along each of some directions, as one row: the worst."""
    low, high, size = sums
    flat, came = directions.reshape(DIRECTIONS, -1), call.came(path).ravel()
    got, form = flat @ came, call.format
    off = np.maximum(0, np.maximum(low - got, got - high))
    if not off.any():
        return Row(call.name, call.quantity(path), 0.0, form.tiny)
    allowed = least = 2 * form.eps * (size + abs(flat) @ abs(came)) + form.tiny
    if (off > allowed).any():
        for n in _asked(call, off):
            if (off > allowed).any():
                runs = [flat @ run.ravel() for run in call.rounded(path, n, random)]
                allowed = least + 8 * _spread(call, got, runs)
        allowed = reference.allows(path, off, allowed)
    off = np.where(np.isfinite(off), off, np.inf)
    off, allowed = _but_for_jumps(call, path, got, off, least, allowed, size, reference, flat)
    worst = int(np.argmax(np.where(np.isnan(off), 1.0, off / allowed)))
    want = (low[worst] + high[worst]) / 2
    detail = f"along a random direction it comes to {got[worst]:.6g} and should come to {want:.6g}"
    detail += off_by(got[worst], want, off[worst], allowed[worst])
    return Row(call.name, call.quantity(path), float(off[worst]), float(allowed[worst]), detail)


# The certificate.


def _certificate(
    call: Call, sent: Mapping[Path, Sent], met: Looking, random: np.random.Generator
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    floats = call.forward.floats
    direction = {path: directions_of(random, *floats[path].shape) for path in sent}
    if met.ties:
        deltas = call.in_double
        moved, _ = along(call.forward, {p: d[None] for p, d in direction.items()})
        value = sum(float((m[0] * d).sum()) for m, d in zip(moved, deltas, strict=True))
    else:
        value = sum(float((direction[path] * s.low).sum()) for path, s in sent.items())
    size = sum(float((abs(direction[path]) * s.size).sum()) for path, s in sent.items())
    return _agreed(call, direction, value, size, bool(met.ties))


def _agreed(
    call: Call, direction: Mapping[Path, Any], value: float, size: float, ties: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Whether an engine without chain rule finds the same along a direction: problems, remarks."""
    try:
        other, engine = certified(call.forward, direction, call.in_double)
    except Exception as error:
        said = f"the derivative could not be confirmed: {why(error)}"
        return (), (f"{call.name}: {_parting(call, direction) or said}",)
    apart, exact = abs(other - value), engine == "the complex step"
    allowed = (1e4 * EPS if exact else 1e-6) * size
    if apart > allowed and not ties:
        moved = {path: d[None] for path, d in direction.items()}
        _, _, reference = _of_directions(call, moved, {"sum": slice(0, 1)})
        allowed += 8 * float(np.max(reference.spread("sum", MANY)))  # few may be alike by chance
    if apart <= allowed:
        return (), (CONFIRMED.format(engine),)
    if said := _parting(call, direction):
        return (), (f"{call.name}: {said}",)
    if ties and not exact:
        return (), (f"{call.name}: at a kink or tie {engine} cannot confirm the derivative",)
    text = (
        f"{call.name}: {DISAGREE}: {value:.9g} "
        f"by the chain rule, {other:.9g} by {engine}; so nothing is said of its backward pass"
    )
    return (text,), ()


def _parting(call: Call, direction: Mapping[Path, Any]) -> str:
    """Where eigenvalues or singular values are equal, and what that means; nothing if nowhere."""
    _, met = along(call.forward, {path: d[None] for path, d in direction.items()})
    return PARTING.format(met.equal[0]) if getattr(met, "equal", None) else ""


def _if_it_exists(report: LayerReport, loose: tuple[Row, ...]) -> LayerReport:
    """A report that neither accepts nor blames what is sent where no derivative exists."""
    none = tuple(remark for remark in report.remarks if PARTING.format("") in remark)
    return LayerReport(loose, none) if none else report
