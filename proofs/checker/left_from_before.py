"""Gradients that a step adds to what the step before has left: do they count in the next one?"""

from contextlib import suppress
from types import MethodType
from typing import Any

import numpy as np

from proofs.adapters.slots import Path, at, dotted, is_gradient_of, names_of_tensor, places
from proofs.measuring.leaves import is_array
from proofs.measuring.random_state import RandomState
from proofs.measuring.shared_memory import deep
from proofs.measuring.silence import silent

ADDED = (
    "{}: the next step adds to what this one leaves there, and changes the parameters by the sum: "
    "set it to 0 in each step, unless you do so between them"
)


def left_from_before(step: Any, args: tuple[Any, ...]) -> tuple[str, ...]:
    """A remark on the gradients that objects keep from a step, where they move the next."""
    found: list[str] = []
    with suppress(Exception):  # it may not take copies of what it is given
        own = (getattr(step, "__self__", None), *args)
        if of := _gradients(own):  # else neither is copied nor does the step run
            found = _left(step, deep(own, {}), of)
    return (ADDED.format(", ".join(found)),) if found else ()


def _left(step: Any, given: tuple[Any, ...], of: dict[Path, Path]) -> list[str]:
    before = [at(given, path).copy() for path in of.values()]
    state = RandomState(step)
    _run(step, given, state)
    moved = any(
        not np.array_equal(x, at(given, p)) for x, p in zip(before, of.values(), strict=True)
    )
    left = [path for path in of if np.any(at(given, path))] if moved else []
    if not left:
        return []
    others = deep(given, {})
    for path in left:
        at(others, path)[...] += 1
    for each in (given, others):
        _run(step, each, state)
    return [dotted(path[1:]) for path in left
            if not np.array_equal(at(given, of[path]), at(others, of[path]))]  # fmt: skip


def _run(step: Any, given: tuple[Any, ...], state: RandomState) -> None:
    """Run a step on an object of its own, if it is a method, and on what it is given."""
    state.restore()
    own, *args = given
    with silent():
        (MethodType(step.__func__, own) if own is not None else step)(*args)


def _gradients(given: tuple[Any, ...]) -> dict[Path, Path]:
    """Where arrays are that are gradients of others by their names, and where those are."""
    found = [path for path in places(given) if ... not in path]
    arrays = [path for path in found if is_array(at(given, path))]
    pairs = ((p, next((q for q in arrays if is_gradient_of(p, q)), None)) for p in arrays)
    of = {p: q for p, q in pairs if q is not None}
    kept = ((path, names_of_tensor(at(given, path))) for path in found)
    of |= {(*path, names[1]): (*path, names[0]) for path, names in kept if names}
    return {p: q for p, q in of.items() if is_array(at(given, p)) and is_array(at(given, q))}
