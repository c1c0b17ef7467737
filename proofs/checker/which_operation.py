"""Which operation of an automatic differentiation of somebody's own sends back something wrong?

Each tensor moves the loss through those that are made of it. So its error is the sum, over these,
of J^T times the errors that they were given (BP2, and the sum over the readers). One tangent for
each tensor tells: it starts there, and ends at the next ones.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from proofs.checker.call import Call
from proofs.checker.check_layer import explained
from proofs.checker.layer_report import LayerReport, Row
from proofs.checker.own_tensors import OwnTensors
from proofs.checker.tensors_made import Trace, between, traced
from proofs.measuring.callsites import theirs
from proofs.measuring.jacobian import Forward
from proofs.measuring.leaves import Path
from proofs.measuring.precision import coarsest
from proofs.measuring.random_state import RandomState, drawn_apart

ROOM = 2.0**22
"""Numbers in the tangents of all tensors in one run, at most."""
RUNS = 16
"""So many runs may look at all tensors."""
APART = 1e-6
"""A tensor is wrong by itself where it is off by more than this part of its terms, in doubles."""
BECAUSE = "because of that these are wrong too, and would be right without it: {}"
ONE_READER = (
    "{} operations read it, and its gradient is what one of them sends it ({}): is it set there "
    "(=) in the place of added (+=)?"
)
TWICE = (
    "the operation reads it twice, and only one of the two counts: is it set (=) in the place of "
    "added (+=)?"
)
NOBODY = "nothing that the loss is made of reads it"
CALLS = "{} calls of it read the number, and it should be the sum of what they send"
READERS = "it should be the sum over what reads it: {}"
OF_LOSS = "the backward pass starts with another error than 1: it is {:.6g} and should be {:.6g}"
FACTOR = "times what it should be"
LOSS = -1
"""The number of the loss among what reads a tensor."""


def at_operations(
    own: OwnTensors, report: LayerReport, seed: int, until: float
) -> LayerReport | None:
    """A report on the gradients of a step, with the operations that are wrong in their place.

    None where none can be told: tensors keep no gradients on the way, or are too many.
    """
    with theirs():
        state = RandomState(own.step)
        trace = traced(own)
        run = between(own, trace, state)
        seen = [*_sent(run, trace, seed)]
        wrong = _wrong(seen, max(APART, coarsest([*own.args[0].values()]).eps ** 0.5))
        rows = [row for f in _faults(trace, wrong) for row in _rows(run, trace, f, seed, until)]
        behind = {f"d{name}" for kind, name in _behind(seen, wrong) if kind == 0}
        because = [row for row in report.violations if row.quantity in behind]
        if rows:
            rows += [row for row in report.rows if row not in because]
            said = BECAUSE.format(_listed([row.quantity for row in because]))
            return replace(report, rows=tuple(rows), remarks=(*report.remarks, said))
    return None


def _listed(names: Sequence[str]) -> str:
    more = len(names) - FIRST
    return ", ".join(names[:FIRST]) + (f" and {more} more" if more > 0 else "")


FIRST = 8
"""So many names are said."""


@dataclass(frozen=True)
class Sent:
    """What a tensor is sent along a random direction, and what of that its gradient has."""

    path: Path
    direction: Any
    moves: tuple[int, ...]
    """The tensors that are made of it."""
    terms: dict[int, float]
    """What each of these sends it, and the loss."""
    got: float

    @property
    def size(self) -> float:
        """The sum without signs."""
        return sum(map(abs, self.terms.values())) + abs(self.got)

    @property
    def off(self) -> float:
        """How far off the gradient is, as a part of that."""
        off = abs(sum(self.terms.values()) - self.got)
        return off / self.size if off else 0.0

    @property
    def factor(self) -> float:
        """What the gradient is of what it should be."""
        with np.errstate(all="ignore"):
            return float(np.divide(self.got, sum(self.terms.values())))

    @property
    def detail(self) -> str:
        """The two, of a single number; of more, along the direction."""
        want = sum(self.terms.values())
        if self.direction.size == 1:
            by = float(self.direction.ravel()[0])
            return f"it is {self.got / by:.6g} and should be {want / by:.6g}"
        text = "along a random direction it comes to {:.6g} and should come to {:.6g}"
        return text.format(self.got, want)

    @property
    def alone(self) -> list[int]:
        """The readers each of which by itself sends what came."""
        return [n for n, term in self.terms.items() if abs(term - self.got) <= APART * self.size]


def _sent(run: Forward, trace: Trace, seed: int) -> Iterator[Sent]:
    """What each tensor is sent; nothing if there are too many."""
    paths = [*trace.values]
    rows = max(1, int(ROOM / max(1, sum(x.size for x in trace.values.values()))))
    random = drawn_apart(seed)
    directions = {path: random.standard_normal(x.shape) for path, x in trace.values.items()}
    readers = [n for kind, n in paths if kind == 1]
    for first in range(0, len(paths) if len(paths) <= RUNS * rows else 0, rows):
        some = paths[first : first + rows]
        ways = {path: np.zeros((len(some), *trace.values[path].shape)) for path in paths}
        for k, path in enumerate(some):
            ways[path][k] = directions[path]
        outs, _ = run.pushed(ways)
        moved = {n: out.t.reshape(len(some), -1) for n, out in zip([*readers, LOSS], outs,
                 strict=True) if out.t is not None}  # fmt: skip
        errors = {n: _as(trace.errors[1, n], t.shape[1]) for n, t in moved.items() if n != LOSS}
        sent = {n: t @ errors.get(n, np.ones(1)) for n, t in moved.items()}
        for k, path in enumerate(some):
            moves = tuple(n for n, t in moved.items() if t[k].any() and (1, n) != path)
            terms = {n: float(sent[n][k]) for n in moves}
            direction = directions[path].ravel()
            got = float(direction @ _as(trace.errors[path], direction.size))
            yield Sent(path, directions[path], moves, terms, got)


def _as(error: Any, size: int) -> Any:
    """A gradient as a vector, nan where it is of another size than its tensor."""
    return error.ravel() if error.size == size else np.full(size, np.nan)


def _behind(seen: Sequence[Sent], some: Sequence[Sent]) -> set[Path]:
    """The tensors that some are made of, these among them."""
    found = {one.path for one in some}
    for one in reversed(seen):  # each is made of earlier ones
        if any((1, n) in found for n in one.moves):
            found.add(one.path)
    return found


def _learnt(seen: Sequence[Sent]) -> set[Path]:
    """The tensors of the model, and those that are made of them: what others get changes none."""
    found = set()
    for one in seen:
        if one.path[0] == 0 or one.path in found:
            found |= {one.path, *((1, n) for n in one.moves)}
    return found


@dataclass(frozen=True)
class Fault:
    """What is wrong at an operation: the worst of its tensors, and the call that reads it."""

    place: str
    quantity: str
    sent: Sent
    reader: int | None = None
    says: tuple[str, ...] = ()
    steady: bool = True
    """Whether the gradients of all of its tensors, of several numbers, are off by one factor."""

    @property
    def key(self) -> tuple[str, str]:
        """What the report calls it."""
        return self.place, self.quantity


def _wrong(seen: Sequence[Sent], apart: float) -> list[Sent]:
    """The tensors whose gradient is not what their readers send them; the loss is one itself."""
    learnt = _learnt(seen)
    return [one for one in seen if not one.off <= apart and one.path in learnt and (
        [*one.terms] != [LOSS] or (one.path[0] == 1 and np.size(one.direction) == 1)
    )]  # fmt: skip


def _faults(trace: Trace, wrong: Sequence[Sent]) -> list[Fault]:
    """The operations that send something wrong, each with the worst of its tensors."""
    told = [fault for one in wrong if (fault := _told(trace, one))]
    known = {fault.key for fault in told}
    for one in wrong:
        if not _told(trace, one) and not known & {_at(trace, one, n).key for n in one.terms}:
            says = READERS.format(_names(trace, one.terms))
            told.append(Fault(_tensor(trace, one.path), "sum", one, None, (says,)))
    groups: dict[tuple[str, str], list[Fault]] = {}
    for fault in told:
        groups.setdefault(fault.key, []).append(fault)
    return [_worst(group) for group in groups.values()]


def _worst(group: Sequence[Fault]) -> Fault:
    """The fault of an operation that is furthest off, and whether one factor is seen to hold."""
    factors = [fault.sent.factor for fault in group]
    several = len(group) > 1 or group[0].sent.direction.size > 1
    steady = several and np.allclose(factors, factors[0], rtol=APART, equal_nan=True)
    return replace(max(group, key=lambda fault: fault.sent.off), steady=bool(steady))


def _told(trace: Trace, one: Sent) -> Fault | None:
    """The fault at the reader of a tensor; None where it may be at one of several."""
    readers = [*one.terms]
    if readers in ([], [LOSS]):
        by = one.direction.ravel()[0]
        says = OF_LOSS.format(one.got / by, one.terms[LOSS] / by) if readers else NOBODY
        return Fault(_tensor(trace, one.path), "gradient", one, None, (says,))
    if len(readers) == 1:
        return _at(trace, one, readers[0])
    if len(one.alone) == 1:
        says = ONE_READER.format(len(readers), _names(trace, one.alone))
        return replace(_at(trace, one, one.alone[0]), says=(says,))
    every = {_at(trace, one, n).key for n in readers}
    return replace(_at(trace, one, readers[0]), says=(CALLS.format(len(readers)),)) if (
        len(every) == 1 and LOSS not in readers) else None  # fmt: skip


def _at(trace: Trace, one: Sent, reader: int) -> Fault:
    """A fault at one of the readers of a tensor."""
    if reader == LOSS:
        return Fault(_tensor(trace, one.path), "gradient", one)
    operation = trace.made_by[reader]
    called = operation.called.get(trace.names[one.path], ["its input"])
    twice = len(called) == 2 and np.isclose(one.factor, 1 / 2, rtol=APART)
    says = (TWICE,) if twice else ()
    return Fault(operation.name, f"d{called[0]}", one, reader, says)


def _names(trace: Trace, readers: Iterable[int]) -> str:
    return ", ".join(
        dict.fromkeys("the loss" if n == LOSS else trace.made_by[n].name for n in readers)
    )


def _tensor(trace: Trace, path: Path) -> str:
    """A tensor in words: of the model by its place, of the step by what made it."""
    return str(path[1]) if path[0] == 0 else f"what {trace.made_by[path[1]].name} made"


def _rows(run: Forward, trace: Trace, fault: Fault, seed: int, until: float) -> Iterator[Row]:
    """The report's rows on what is wrong, with words."""
    at: tuple[str, ...] = ()
    if fault.reader is not None:
        at = (f"the operation is at {trace.made_by[fault.reader].site}",)
    shapes = [np.shape(x[fault.sent.path]) for x in (trace.values, trace.errors)]
    if np.prod(shapes[0]) != np.prod(shapes[1]):
        detail = "expected the shape {}, got {}".format(*shapes)
        yield Row(fault.place, fault.quantity, np.inf, 0.0, detail, at)
        return
    if fault.reader is None or len(fault.sent.terms) > 1:
        yield Row(fault.place, fault.quantity, np.inf, 0.0, fault.sent.detail, (*fault.says, *at))
        return
    for row in explained(_call(run, trace, fault), seed, np.inf, until).violations:
        # A factor that is read off a single number may be anything.
        says = fault.says or [x for x in row.says if fault.steady or FACTOR not in x]
        yield replace(row, says=(*says, *at))


def _call(run: Forward, trace: Trace, fault: Fault) -> Call:
    """One operation as a layer, of one of its tensors."""
    kind, name = fault.sent.path
    n = [*run.args[1]].index(fault.reader)

    def forward(x: Any, params: Any, starts: Any, *data: Any) -> Any:
        own = {**params, name: x} if kind == 0 else params
        begun = {**starts, name: x} if kind == 1 else starts
        return run.function(own, begun, *data)[n]

    args = (trace.values[fault.sent.path], *run.args)
    return Call(
        fault.place,
        Forward(forward, args, {}, lambda out: (out,), run.random),
        (trace.errors[1, fault.reader],),
        {(0,): trace.errors[fault.sent.path]},
        [fault.quantity[1:], "the model", "the others", *map(str, range(3, len(args)))],
    )
