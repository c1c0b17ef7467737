"""The tensors that a step makes with an engine of somebody's own, and which operation made each."""

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import wraps
from inspect import unwrap
from types import CodeType, FrameType
from typing import Any

import numpy as np

from proofs.adapters.layers import methods_of
from proofs.checker.own_tensors import OwnTensors, gradient_of, is_tensor, number_of, set_number
from proofs.measuring.callsites import Site, is_library
from proofs.measuring.jacobian import Forward
from proofs.measuring.leaves import Path, replaced
from proofs.measuring.random_state import RandomState
from proofs.measuring.silence import silent

_MAKER = re.compile(r"_*(apply|call|make|made|wrap|create|build|from_op|new)\w*|<\w+>")
"""How people call functions that make the tensors of every operation."""


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


def traced(own: OwnTensors) -> Trace:
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
        _, kept = own.run(*replaced(own.args, {}))
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


def between(own: OwnTensors, trace: Trace, state: RandomState) -> Forward:
    """The step as what leads from each of its tensors to the next: the numbers of all of them as
    they are made, each made of others that are held, and the loss.

    `state` is that of the random numbers before the run that was traced.
    """

    def ends(params: Any, starts: Mapping[int, Any], *data: Any) -> tuple[Any, ...]:
        made: list[Any] = []

        def each(tensor: Any, _: FrameType | None) -> None:
            n = len(made)
            made.append(number_of(tensor, own.names))
            if n in starts:
                set_number(tensor, starts[n], own.names)

        with _watched(own, each):
            returned, _ = own.run(params, *data)
        single = [x for x in returned if np.size(getattr(x, "v", x)) == 1]
        single.sort(key=lambda x: getattr(x, "t", None) is None)  # an accuracy has no tangents
        return *(made[n] for n in starts), single[0]

    arrays, *data = own.args
    starts = {n: trace.values[1, n] for kind, n in trace.values if kind == 1}
    params = {name: np.array(trace.values.get((0, name), x)) for name, x in arrays.items()}
    return Forward(ends, (params, starts, *data), {}, tuple, state)
