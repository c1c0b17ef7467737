"""Between the layers: the error of a number is the sum over its readers.

A reader is a layer that the number goes into, or the loss. What the layers send back is taken as
they returned it; the code between them is differentiated by tangents. So a forgotten residual
stream, a weight that is counted once, an = in the place of += shows at the number that it breaks.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np

from proofs.checker.call import DIRECTIONS
from proofs.checker.gradients import names_of, without_ones
from proofs.checker.kept_parameters import ends_with, shares
from proofs.checker.layer_report import LayerReport, Row, off_by, times
from proofs.checker.layers import unguarded
from proofs.checker.listening import Listening, Wire
from proofs.checker.reference import Numbers, Reference
from proofs.checker.returned import loss_of
from proofs.checker.watch import Watch, copies, holds_layers
from proofs.measuring.callsites import Site
from proofs.measuring.jacobian import WITH_TANGENTS
from proofs.measuring.leaves import Path, leaves, replaced
from proofs.measuring.own_numpy import seen_as
from proofs.measuring.precision import coarsest
from proofs.measuring.random_state import directions_of, drawn_apart
from proofs.measuring.rounded_steps import Noise
from proofs.measuring.silence import silent
from proofs.measuring.tangents import Dual, NotDifferentiableError, is_floating, looking

FROZEN = "; what is frozen belongs among the data, behind the first argument"
NOBODY = "nothing reads it, so its error is 0"
ANOTHER = (
    "{}: the step ends with another gradient than the layer's backward pass gave, and with none of "
    "the loss; that was not judged, for an optimiser may have changed it, as by clipping"
)
WIDE = 2**23
"""Numbers in one array of tangents of wires that share a run, at most: each run of the step copies
what its layers gave and sent back, so that few runs are worth more than small ones."""


def wires(watch: Watch, args: tuple[Any, ...], gradients: Mapping[Path, Any]) -> Iterator[Wire]:
    """Every output whose layer was given a delta, and every parameter."""
    for n, seen in enumerate(watch.calls):
        for o, (out, delta) in enumerate(zip(seen.outs, seen.deltas, strict=False)):
            if seen.answered and is_floating(np.asarray(out).dtype):
                came = np.broadcast_to(delta, np.shape(out)) if np.size(delta) == 1 else delta
                yield Wire(("out", n, o), f"after {seen.place}", np.asarray(out), np.asarray(came))
    parameters = leaves(args[:1])
    for path, name in names_of(parameters, ["params"]).items():
        yield Wire(("param", path), f"parameter {name}", parameters[path], gradients.get(path))
    given = [id(x) for x in leaves(args).values()]
    for key, sent in shares(watch).items():
        if id(watch.own.get(key)) not in given:
            value = np.asarray(sent[0][0].args[-1][key[1]], float)
            yield Wire(("own", *key), f"parameter {'.'.join(key)}", value, None)
    models = {pair.name for pair, model in watch.objects if holds_layers(model)}
    for key, x in watch.own.items():
        if key[0] in models and key not in shares(watch):
            yield Wire(("own", *key), f"parameter {'.'.join(key)}", np.asarray(x, float), None)


def judge_wires(
    watch: Watch, args: tuple[Any, ...], gradients: Mapping[Path, Any], seed: int
) -> tuple[list[Row], list[str], set[tuple[int, Path]]]:
    """Rows, remarks, and the inputs that are read but were sent nothing at all."""
    rows, remarks, silent = _judged(watch, args, gradients, seed, [])
    if all(row.holds for row in rows):
        return rows, remarks, silent
    rows = _but_for_kinks(rows, lambda **how: _judged(watch, args, gradients, seed, [], **how)[0])
    guards: list[Site] = []
    bare, _, _ = _judged(watch, args, gradients, seed, guards, without=True)
    report = unguarded(LayerReport(tuple(rows), (), tuple(remarks)), bare, guards)
    return list(report.rows), list(report.remarks), silent


def _but_for_kinks(rows: list[Row], judged: Callable[..., list[Row]]) -> list[Row]:
    """The rows, those of numbers that are exactly 0 without them where what reads these has a kink.

    There the slope from the left is right as well, as that of a ReLU between the layers whose
    inputs are 0, having no bias and nothing to read.
    """
    left, still = judged(side=-1), judged(still=True)
    return [
        other if other.holds and not row.holds and row.detail != turned.detail else row
        for row, turned, other in zip(rows, left, still, strict=True)
    ]


def _judged(
    watch: Watch,
    args: tuple[Any, ...],
    gradients: Mapping[Path, Any],
    seed: int,
    guards: list[Site],
    without: bool = False,
    side: int = 1,
    still: bool = False,
) -> tuple[list[Row], list[str], set[tuple[int, Path]]]:
    random = drawn_apart(seed)
    every, remarks, silent, ties = list(wires(watch, args, gradients)), [], set(), 0
    for wire in every:
        wire.directions = directions_of(random, DIRECTIONS, *wire.value.shape)
        if still and wire.key[0] == "out" and wire.value.any():
            wire.directions = wire.directions * (wire.value != 0)
    for some in _together(every):
        with looking(side, unguarded=without) as met:
            heard = Listening(watch, some)
            remarks += heard.run(args)
        guards += met.guards or []
        silent |= heard.unsent
        ties += met.ties
    # What cancels within the loss is rounded as its largest parts are.
    loud = max((float(abs(w.parts["the loss"]).max()) for w in every if "the loss" in w.parts),
               default=0.0)  # fmt: skip
    for wire in every:
        wire.size = wire.size + loud * ("the loss" in wire.parts)
    remarks += _with_kept(watch, every)
    form = coarsest([*(w.value for w in every), *(w.came for w in every)])
    reference = _of_wires(watch, args, every, ties, without)
    for wire in (wire for wire in every if not wire.deaf and _compares(wire)):
        got, want, tolerance = _along(wire, wire.came, form.eps)
        with np.errstate(all="ignore"):  # an infinite loss is said where it is compared
            wire.moved = reference.allows(wire.key, abs(got - want), tolerance) - tolerance
    rows = [_row(wire, form.eps, every) for wire in every if not wire.deaf]
    return rows, list(dict.fromkeys(remarks)), silent


def _of_wires(
    watch: Watch, args: tuple[Any, ...], every: Sequence[Wire], ties: int, without: bool
) -> Reference:
    """What should come along the directions of every wire."""

    def numbers(every: Sequence[Wire]) -> Numbers:
        return {wire.key: (_wanted(wire),) for wire in every}

    def again(noise: Noise) -> tuple[Numbers, int]:
        same = [replace(wire, parts={}, size=0.0) for wire in every]
        with looking(unguarded=without, rounding=noise) as met:
            for some in _together(same):
                Listening(watch, some).run(args)
        return numbers(same), met.ties

    return Reference(numbers(every), ties, again)


def _wanted(wire: Wire) -> Any:
    return sum(wire.parts.values(), np.zeros(DIRECTIONS))


def _compares(wire: Wire) -> bool:
    """Whether what came can be compared with what should."""
    return wire.came is not None and without_ones(np.shape(wire.came)) == without_ones(
        wire.value.shape
    )


def _with_kept(watch: Watch, every: list[Wire]) -> list[str]:
    """The wires of parameters that layers keep get the gradient that the step ends with; remarks.

    Such a one is left out where its layer is all that reads it. What it keeps then is no longer
    what it sent, where an optimiser was at it, as one that clips; or a line that is wrong.
    """
    remarks = []
    own = {wire.key[1:]: wire for wire in every if wire.key[0] == "own"}
    found = ends_with(watch, [*own], lambda key, came: _in_its_format(own[key], came))
    for key, wire in own.items():
        wire.came, returned = found[key]
        alone = len(wire.parts) < 2 and key in shares(watch)
        wire.deaf |= not wire.parts or wire.came is None or (alone and not returned)
        if alone and not returned and wire.came is not None and _is_another(watch, wire):
            remarks.append(ANOTHER.format(".".join(key)))
    watch.ends = {key: wire.came for key, wire in own.items()}
    return remarks


def _is_another(watch: Watch, wire: Wire) -> bool:
    """Whether a step ends with another gradient than the layer sent, and with a wrong one."""
    sent = shares(watch)[wire.key[1:]][-1][1]
    if np.array_equal(wire.came, sent):
        return False
    got, want, tolerance = _in_its_format(wire, wire.came)
    return bool((abs(got - want) > tolerance).any())


def _in_its_format(wire: Wire, came: Any) -> tuple[Any, Any, Any]:
    """As `_along`, where rounding is that of the precision in which an error came."""
    return _along(wire, came, coarsest([came]).eps)


def _together(every: Sequence[Wire]) -> Iterator[list[Wire]]:
    """Wires that are listened to in one run of the step, small ones with small ones."""
    between = max([1, *(wire.value.size for wire in every if wire.key[0] == "out")])
    some: list[Wire] = []
    for wire in sorted(every, key=lambda wire: wire.value.size):
        if some and DIRECTIONS * (len(some) + 1) * max(between, wire.value.size) > WIDE:
            yield some
            some = []
        some.append(wire)
    if some:
        yield some


def whole_holds(
    watch: Watch, args: tuple[Any, ...], gradients: Mapping[Path, Any], seed: int
) -> bool:
    """Whether every parameter's gradient is that of the loss, the step taken as a whole."""
    floats = {path: np.asarray(x, float) for path, x in leaves((args[0],)).items()}
    if set(gradients) != set(floats):
        return False
    own = {key: np.asarray(x, float) for key, x in watch.own.items() if key in watch.ends}
    floats, gradients = floats | own, {**gradients, **watch.ends}
    if not floats:
        return False
    random = drawn_apart(seed)
    drawn = {path: directions_of(random, DIRECTIONS, *x.shape) for path, x in floats.items()}
    try:
        slopes, ties = _slopes(watch, args, floats, drawn)
    except Exception:  # the whole cannot be told; its parts were
        return False
    moved, sizes, eps = {}, {}, coarsest(gradients.values()).eps
    for path, directions in drawn.items():
        flat, came = directions.reshape(DIRECTIONS, -1), np.asarray(gradients[path], float).ravel()
        if flat.shape[1] != came.size:
            return False
        moved[path], sizes[path] = flat @ came, abs(flat) @ abs(came)
    most = max(size.max() for size in sizes.values())
    reference = Reference(
        slopes, ties, lambda noise: _slopes(watch, args, floats, drawn, rounding=noise)
    )

    def right(path: Any) -> bool:
        off = abs(moved[path] - slopes[path][0])
        allowed = eps * (1e4 * sizes[path] + 64 * most)
        return bool((off <= reference.allows(path, off, allowed)).all())

    return all(map(right, sizes))


def _slopes(
    watch: Watch,
    args: tuple[Any, ...],
    floats: Mapping[Any, Any],
    drawn: Mapping[Any, Any],
    **how: Any,
) -> tuple[Numbers, int]:
    """How the loss moves along each parameter's directions, and how many ties were met.

    Raises NotDifferentiableError where it carries no tangents.
    """
    K, duals, slots = DIRECTIONS * len(floats), {}, {}
    for n, (path, x) in enumerate(floats.items()):
        t, slots[path] = np.zeros((K, *x.shape)), slice(n * DIRECTIONS, (n + 1) * DIRECTIONS)
        t[slots[path]] = drawn[path]
        duals[path] = Dual(x.copy(), t)
    if watch.state is not None:
        watch.state.restore()
    own = seen_as(WITH_TANGENTS, watch.modules)
    with silent(), np.errstate(all="ignore"), looking(**how) as met, own:
        given = copies(args, {id(x): duals[key] for key, x in watch.own.items() if key in duals})
        loss = loss_of(watch.step(*replaced(given, duals)))
    if not isinstance(loss, Dual) or loss.t is None:
        raise NotDifferentiableError("the loss carries no tangents")
    return {path: (loss.t[at],) for path, at in slots.items()}, met.ties


# What came, against the sum over the readers.


UNKNOWN = "it cannot be compared, as what comes back from {} is infinite or nan"


def _row(wire: Wire, eps: float, every: Sequence[Wire]) -> Row:
    if wire.came is None:
        if not wire.parts:
            return Row(wire.place, "sum", 0.0, 0.0)
        return Row(
            wire.place,
            "sum",
            np.inf,
            0.0,
            f"no gradient was returned; read by {', '.join(wire.parts)}{FROZEN}",
        )
    if not _compares(wire):
        text = f"expected the shape {wire.value.shape}, got {np.shape(wire.came)}"
        return Row(wire.place, "sum", np.inf, 0.0, text)
    got, want, tolerance = _along(wire, wire.came, eps)
    if not np.isfinite(want).all():
        lost = (name for name, part in wire.parts.items() if not np.isfinite(part).all())
        return Row(wire.place, "sum", np.nan, np.nan, UNKNOWN.format(", ".join(lost)))
    off = np.where(np.isfinite(got), abs(got - want), np.inf)
    worst = int(np.argmax(off / tolerance))
    numbers = f"{got[worst]:.6g} and should come to {want[worst]:.6g}"
    detail = f"along a random direction it comes to {numbers}"
    detail += off_by(got[worst], want[worst], off[worst], tolerance[worst])
    says: tuple[str, ...] = ()
    if (off > tolerance).any():
        detail = _one_entry(wire, got - want, tolerance) or detail
        says = _decay(wire, got - want, 160 * tolerance) or _says(got, wire.parts, 160 * tolerance)
        says = says or _added(wire, got - want, 160 * tolerance) or _another(wire, every, eps)
        says = says or (_read_by(wire.parts),)
    return Row(wire.place, "sum", float(off[worst]), float(tolerance[worst]), detail, says)


def _along(wire: Wire, came: Any, eps: float) -> tuple[Any, Any, Any]:
    """What an error comes to along a wire's directions, what it should, and what rounding does."""
    flat, came = wire.directions.reshape(DIRECTIONS, -1), np.asarray(came, float).ravel()
    size = abs(flat) @ abs(came) + wire.size
    tolerance = 64 * eps * np.maximum(size, 1e-300) + wire.moved
    return flat @ came, _wanted(wire), tolerance


def _one_entry(wire: Wire, left: Any, tolerance: Any) -> str:
    """The only entry that explains what is left along every direction, if there is one."""
    flat = wire.directions.reshape(DIRECTIONS, -1)
    with np.errstate(all="ignore"):  # where no direction leads
        by = left @ flat / np.square(flat).sum(0)
    fits = (abs(left[:, None] - by * flat) <= tolerance[:, None]).all(0)
    if not wire.value.ndim or fits.sum() != 1:
        return ""
    n = int(np.argmax(fits))
    came, off = float(np.ravel(wire.came)[n]), float(by[n])
    place = tuple(map(int, np.unravel_index(n, wire.value.shape)))
    near = off_by(came, came - off, abs(off), float(np.max(tolerance / abs(flat[:, n]))))
    return f"only at {place}: it is {came:.6g} and should be {came - off:.6g}{near}"


def _multiple(wire: Wire, of: Any, tolerance: Any) -> tuple[float, str] | None:
    """How many times the parameter itself, or its sign, something is, as what decays a weight."""
    value = np.asarray(wire.value, float).ravel()
    for kind, named in ((value, "the parameter itself"), (np.sign(value), "its sign")):
        own = wire.directions.reshape(DIRECTIONS, -1) @ kind
        factor = float(of @ own) / max(float(own @ own), 1e-300)
        if wire.key[0] != "out" and own.any() and (abs(of - factor * own) <= tolerance).all():
            return factor, named
    return None


def _decay(wire: Wire, left: Any, tolerance: Any) -> tuple[str, ...]:
    """Whether all that the loss itself reads is weight decay, which counts some other times."""
    term = _multiple(wire, wire.parts.get("the loss", np.zeros(DIRECTIONS)), tolerance)
    off = _multiple(wire, left, tolerance)
    if len(wire.parts) < 2 or not term or not term[0] or not off or off[1] != term[1]:
        return ()
    decay = f"the loss has a weight decay, whose gradient is {term[0]:.4g} times {term[1]}"
    counted = term[0] + off[0]
    if abs(counted) <= 1e-9 * abs(term[0]):
        return (f"{decay}: it is not counted",)
    if f"{counted:.4g}" == f"{term[0]:.4g}":
        return (f"{decay}: {times(counted / term[0])} times that is counted",)
    return (f"{decay}: {counted:.4g} times is counted",)


def _added(wire: Wire, left: Any, tolerance: Any) -> tuple[str, ...]:
    """Whether what is too much is a multiple of the parameter itself."""
    found = _multiple(wire, left, tolerance)
    lacking = "" if "the loss" in wire.parts else ", and the loss has no such term"
    return (f"{found[0]:.4g} times {found[1]} is added{lacking}",) if found else ()


def _read_by(parts: Mapping[str, Any]) -> str:
    return f"{'its reader is' if len(parts) == 1 else 'its readers are'} {', '.join(parts)}"


def _another(wire: Wire, every: Sequence[Wire], eps: float) -> tuple[str, ...]:
    """Whether what came is what another's readers send back."""
    for other in every:
        if other is wire or other.deaf or other.value.shape != wire.value.shape:
            continue
        got, want, tolerance = _along(other, wire.came, eps)
        if want.any() and (abs(got - want) <= tolerance).all():
            return (f"this is the gradient of {other.place}",)
    return ()


def _says(got: Any, parts: Mapping[str, Any], tolerance: Any) -> tuple[str, ...]:
    """Which readers are not counted, or are counted wrong, where that explains what came."""
    names, total = ", ".join(parts), sum(parts.values(), np.zeros(len(got)))

    def equal(other: Any) -> bool:
        return bool((abs(got - other) <= tolerance).all())

    if not parts:
        return (NOBODY,)
    if equal(0.0):
        loud = [name for name, part in parts.items() if (abs(part) > tolerance).any()]
        back = "send something back" if len(loud) > 1 else "sends something back"
        quiet = [name for name in parts if name not in loud]
        why = f", as with = for += where {', '.join(quiet)} sends 0" if quiet else ""
        return (f"it is 0, but {', '.join(loud)} {back}{why}",)
    for name, part in parts.items():
        if equal(part) and len(parts) > 2:
            return (f"{len(parts)} readers, only {name} is counted: = for +=",)
    for n in range(1, min(len(parts), 4)):
        for left in combinations(parts, n):
            if equal(total - sum(parts[name] for name in left)):
                return (f"{len(parts)} readers, not counted: {', '.join(left)}",)
    for name, part in parts.items():
        if equal(total + part) and len(parts) > 1:
            return (f"{name} is counted twice",)
        if equal(total - 2 * part):
            return (f"{name} is counted with the wrong sign",)
    with np.errstate(all="ignore"):
        ratio, rounded = got / total, np.max(tolerance / abs(total))
    near = np.clip(rounded, 1e-8, 1e-4) * abs(ratio[0])
    alike = np.isfinite(ratio).all() and np.ptp(ratio) < near
    if alike and np.ptp(ratio) < abs(ratio[0] - 1) / 8:
        what = "the sum over its readers" if len(parts) > 1 else "what its reader sends back"
        whole = np.round(ratio[0])
        factor = whole if abs(ratio[0] - whole) <= np.ptp(ratio) else ratio[0]
        return (f"it is {times(factor)} times {what}: {names}",)
    return ()
