"""Which operation of an automatic differentiation of somebody's own sends back something wrong?

Each tensor moves the loss through those that are made of it. So its error is the sum, over these,
of J^T times the errors that they were given (BP2, and the sum over the readers). One tangent for
each tensor tells: it starts there, and ends at the next ones.
"""

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from functools import wraps
from inspect import unwrap
from types import CodeType, FrameType
from typing import Any

import numpy as np

from proofs.adapters.layers import methods_of
from proofs.checker.call import Call
from proofs.checker.check_layer import explained
from proofs.checker.layer_report import LayerReport, Row
from proofs.checker.own_tensors import OwnTensors, gradient_of, is_tensor, number_of, set_number
from proofs.measuring.callsites import Site, is_library, theirs
from proofs.measuring.jacobian import Forward
from proofs.measuring.leaves import Path
from proofs.measuring.random_state import RandomState, drawn_apart
from proofs.measuring.silence import silent

ROOM = 2.0**22
"""Numbers in the tangents of all tensors in one run, at most."""
RUNS = 16
"""So many runs may look at all tensors."""
APART = 1e-6
"""A tensor is wrong by itself where it is off by more than this part of its terms."""
_MAKER = re.compile(r"_*(apply|call|make|made|wrap|create|build|from_op|new)\w*|<\w+>")
"""How people call functions that make the tensors of every operation."""

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


@dataclass(frozen=True)
class Operation:
    """Where a tensor was made, and what the function that made it calls the tensors it has."""

    name: str
    site: Site
    called: Mapping[int, list[str]]


@dataclass(frozen=True)
class Trace:
    """The tensors of a run by their places, those that the step makes by their number (1, n)."""

    values: dict[Path, Any]
    errors: dict[Path, Any]
    """The gradients that they ended with."""
    made_by: dict[int, Operation]
    names: dict[Path, int]
    """Their identities."""


def at_operations(
    own: OwnTensors, report: LayerReport, seed: int, until: float
) -> LayerReport | None:
    """A report on the gradients of a step, with the operations that are wrong in their place.

    None where none can be told: tensors keep no gradients on the way, or are too many.
    """
    with theirs():
        trace = _traced(own)
        run = _between(own, trace)
        seen = [*_sent(run, trace, seed)]
        wrong = _wrong(seen)
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


def _traced(own: OwnTensors) -> Trace:
    """The step run once: its tensors, and the gradients that the engine gave them."""
    made: list[Any] = []
    values: dict[Path, Any] = {(0, name): x for name, x in own.args[0].items()}
    made_by: dict[int, Operation] = {}

    def each(tensor: Any, frame: FrameType | None) -> None:
        n = len(made)
        made.append(tensor)
        values[1, n] = np.array(number_of(tensor, own.names), float)
        made_by[n] = _operation(frame, own)

    with silent(), _watched(own, each):
        _, kept = own.run(*own.args)
    every: dict[Path, Any] = {(0, name): kept[name] for name in own.learnt}
    every |= {(1, n): t for n, t in enumerate(made)}
    errors: dict[Path, Any] = {
        (0, name): error for name, error in own.gradients(own.args[0], kept).items()
    }
    errors |= {(1, n): gradient_of(t, own.names) for n, t in enumerate(made)}
    errors = {path: error for path, error in errors.items() if error is not None}
    return Trace({path: values[path] for path in errors}, errors, made_by,
                 {path: id(every[path]) for path in errors})  # fmt: skip


@contextmanager
def _watched(own: OwnTensors, each: Callable[[Any, FrameType | None], None]) -> Iterator[None]:
    """While it runs, `each` is told of every tensor that is made, and by which frame."""
    begun: list[Any] = []

    def telling(init: Any) -> Any:
        @wraps(init)
        def told(self: Any, *args: Any, **how: Any) -> None:
            inner = any(self is x for x in begun)  # of a class that this one is made of
            begun.append(self)
            try:
                init(self, *args, **how)
            finally:
                begun.pop()
            if not inner:
                each(self, sys._getframe(1))  # noqa: SLF001

        return told

    with ExitStack() as stack:
        for owner in (kind for kind in own.names if "__init__" in vars(kind)):
            own_init: Any = vars(owner)["__init__"]
            stack.callback(setattr, owner, "__init__", own_init)
            setattr(owner, "__init__", telling(own_init))  # noqa: B010
        yield


def _operation(frame: FrameType | None, own: OwnTensors) -> Operation:
    """The innermost function of the user's that is no maker of tensors for all operations, or the
    class with a forward and a backward pass that a maker has in hand."""
    kind = None
    while frame and frame.f_back and kind is None and _is_maker(frame, own):
        kind = next(filter(None, (_with_passes(x, own) for x in frame.f_locals.values())), None)
        frame = frame if kind else frame.f_back
    assert frame is not None
    called: dict[int, list[str]] = {}
    for name, x in frame.f_locals.items():
        for place, t in _tensors_in(x, own):
            called.setdefault(id(t), []).append(f"{name}{place}")
    if kind:
        passes = getattr(kind, (methods_of(kind) or ("", ""))[1])
        return Operation(kind.__name__, _first_line(unwrap(passes).__code__), called)
    name = frame.f_code.co_qualname.split("<locals>.")[-1]
    return Operation(name, Site(frame.f_code, frame.f_lasti), called)


def _is_maker(frame: FrameType, own: OwnTensors) -> bool:
    """Whether a frame makes tensors for others: by its name, or as it has none at hand."""
    at_hand = any(True for x in frame.f_locals.values() for _ in _tensors_in(x, own))
    code = frame.f_code
    return not at_hand or bool(_MAKER.fullmatch(code.co_name)) or is_library(code.co_filename)


def _first_line(code: CodeType) -> Site:
    """Where the lines of a function begin, below its name."""
    lines = [position[0] for position in code.co_positions()]
    below = (n for n, line in enumerate(lines) if line and line > code.co_firstlineno)
    return Site(code, 2 * next(below, 0))


def _with_passes(x: Any, own: OwnTensors) -> type | None:
    """A class with a forward and a backward pass, or an object's; None for anything else."""
    kind = x if isinstance(x, type) else type(x)
    with suppress(TypeError):  # it keeps its attributes in slots
        return kind if kind not in own.names and methods_of(kind) else None
    return None


def _tensors_in(x: Any, own: OwnTensors) -> Iterator[tuple[str, Any]]:
    if is_tensor(x, own.names):
        yield "", x
    elif isinstance(x, list | tuple):
        yield from ((f"[{n}]", item) for n, item in enumerate(x) if is_tensor(item, own.names))


def _between(own: OwnTensors, trace: Trace) -> Forward:
    """The step as what leads from each of its tensors to the next: the numbers of all of them as
    they are made, each made of others that are held, and the loss."""

    def ends(params: Any, starts: Mapping[int, Any], *data: Any) -> tuple[Any, ...]:
        made: list[Any] = []

        def each(tensor: Any, _: FrameType | None) -> None:
            n = len(made)
            made.append(number_of(tensor, own.names))
            if n in starts:
                set_number(tensor, starts[n], own.names)

        with _watched(own, each):
            returned, _ = own.run(params, *data)
        loss = next(x for x in returned if np.size(getattr(x, "v", x)) == 1)
        return *(made[n] for n in starts), loss

    arrays, *data = own.args
    starts = {n: trace.values[1, n] for kind, n in trace.values if kind == 1}
    params = {name: np.array(trace.values.get((0, name), x)) for name, x in arrays.items()}
    return Forward(ends, (params, starts, *data), {}, tuple, RandomState(own.step))


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


def _wrong(seen: Sequence[Sent]) -> list[Sent]:
    """The tensors whose gradient is not what their readers send them; the loss is one itself."""
    learnt = _learnt(seen)
    return [one for one in seen if not one.off <= APART and one.path in learnt and (
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
