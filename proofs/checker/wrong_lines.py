"""The line of a backward pass that computes the error of a number of the forward pass wrongly.

What it came to is taken for that error, and all behind it as it should be; the line is named only
where that gives, number for number, what came.
"""

import linecache
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from inspect import unwrap
from typing import Any

import numpy as np

from proofs.checker.gradients import name_of
from proofs.checker.wrong_case import Case, Guess, error_of, fits, matrix, steps_of
from proofs.checker.wrong_factors import held_by, name_in
from proofs.measuring.callsites import is_library

MOST = 64
"""So many steps of the forward pass, or numbers of the backward pass, are tried at most."""
LARGEST = 2**12
"""Numbers of an array that is looked at after every line, at most."""
LINES = 2**12
"""So many lines of a backward pass are followed, at most, as they run."""
NEXT_TO_NOTHING = 1e-4
"""Of two variables, one with so small a part of the effect is off by rounding, or by a guard."""


@dataclass(frozen=True)
class Local:
    """What a line of the user's assigned to a variable."""

    name: str
    file: str
    line: int
    value: Any
    order: int
    """How many were assigned before it."""
    again: bool
    """Whether the variable had another value before."""

    @property
    def text(self) -> str:
        """The line, as it is quoted."""
        after = "after " if self.again else ""
        return f"{after}line {self.line}: {linecache.getline(self.file, self.line).strip()}".rstrip(
            ": "
        )


@dataclass(frozen=True)
class Wrong:
    """A variable of the backward pass, the step whose error it may stand for, what comes of it."""

    local: Local
    what: str
    """What it is, if that is known."""
    name: str
    """Of the step."""
    error: Any
    effect: Any

    @property
    def says(self) -> str:
        """That it is not the error of the step."""
        if self.what:
            return f"{self.what} stands for the error of {self.name}"
        local, off = self.local, abs(self.local.value - self.error)
        at = np.unravel_index(int(np.argmax(off)), off.shape)
        numbers = f"it is {local.value[at]:.6g} and should be {self.error[at]:.6g}"
        wrong = f"{local.name} is not the error of {self.name}"
        return f"{local.text}: {wrong}, at {tuple(map(int, at))} {numbers}"


def lines(case: Case) -> Iterator[Guess]:
    """One variable of the backward pass is not the error that it should be, or two are not.

    Of all that explain what came the first lines are named: what follows from them is wrong too.
    """
    found, want = _wrong(case), case.want.ravel()
    left = case.came.ravel() - want
    probe = np.random.default_rng(0).standard_normal(left.size)
    near = case.unit * float(abs(probe) @ abs(case.came.ravel()))
    parts = np.array([probe @ one.effect for one in found])
    told = [(n, n) for n in np.flatnonzero(abs(parts - probe @ left) <= near)]
    seen = np.flatnonzero(abs(parts) > near)
    for k, n in enumerate(seen):
        others = seen[k + 1 :]
        together = others[abs(parts[n] + parts[others] - probe @ left) <= near]
        told += [(n, m) for m in together if found[n].local.name != found[m].local.name]
    for n, m in sorted(told, key=lambda pair: (found[max(pair)].local.order, pair)):
        one, other = found[n], found[m]
        if n == m:
            yield one.says, want + one.effect
        else:
            most = NEXT_TO_NOTHING * max(abs(each.effect).max() for each in (one, other))
            named = [each.says for each in (one, other) if abs(each.effect).max() > most]
            yield "; and ".join(named), want + one.effect + other.effect


def _wrong(case: Case) -> list[Wrong]:
    """Each variable of the backward pass, taken for the error of each step of its shape."""
    variables = _variables(case)
    shapes = {local.value.shape for local in variables}
    met, K = steps_of(case), case.came.size
    tried = [n for n, (_, v, _) in enumerate(met)
             if v.shape in shapes and v.size > 1 and fits(case, v.size)][-MOST:]  # fmt: skip
    errors = {n: error_of(case, n, met[n][1]) for n in tried}
    tried = [n for n in tried[::-1] if errors[n].any()]
    held = held_by(case)
    names = {n: name_in(case, held, *met[n][:2]) for n in tried}
    told = {n: name if name.isidentifier() else "" for n, name in names.items()}
    known = [*_given(case, shapes), *((told[n], met[n][1]) for n in tried)]
    known += [(told[n] and f"the error of {told[n]}", errors[n]) for n in tried]
    found = []
    for local in variables:
        alike = [n for n in tried if errors[n].shape == local.value.shape]
        same = [what for what, x in known
                if np.shape(x) == local.value.shape and case.equal(x, local.value)]  # fmt: skip
        what = next(filter(None, same), "")
        for n in alike:
            effect = met[n][2].reshape(K, -1) @ (local.value - errors[n]).ravel()
            if (told[n] or not same) and effect.any() and not case.equal(errors[n], local.value):
                found.append(Wrong(local, what, names[n], errors[n], effect))
    return found


def _given(case: Case, shapes: Collection[tuple[int, ...]]) -> Iterator[Guess]:
    """What a variable may be that is right: an error that was given, an input, an input's error."""
    for n, delta in enumerate(case.call.in_double):
        yield "delta" if len(case.outs) == 1 else f"the error of output {n + 1}", delta
    for path, x in case.call.forward.floats.items():
        name = name_of(path, case.call.names)
        yield name, x
        if x.shape in shapes:
            error = matrix(case.call, path) @ case.delta
            yield f"the error of {name}", error.reshape(x.shape)


def _variables(case: Case) -> list[Local]:
    """What the user's lines assign while the backward pass runs once more, in order."""
    found: list[Local] = []
    if case.call.rerun is None:
        return found
    backward = case.call.backward
    first = getattr(unwrap(backward), "__code__", None) if backward else None
    begun, left = [backward is None], iter(range(LINES))
    seen: dict[int, tuple[int, dict[str, Any]]] = {}

    def note(frame: Any) -> None:
        line, before = seen.get(id(frame), (frame.f_lineno, {}))
        now = {}
        for name, x in frame.f_locals.items():
            if isinstance(x, np.ndarray) and x.dtype.kind == "f" and 1 < x.size <= LARGEST:
                old = before.get(name)
                same = old is not None and np.array_equal(old, x, equal_nan=True)
                now[name] = old if same else np.array(x, float).view(np.ndarray)
                if not same and np.isfinite(now[name]).all() and now[name].any():
                    file, again = frame.f_code.co_filename, old is not None
                    found.append(Local(name, file, line, now[name], len(found), again))
        seen[id(frame)] = frame.f_lineno, now

    def inside(frame: Any, event: str, _: Any) -> Any:
        if begun[0] and len(found) < 4 * MOST and next(left, None) is not None:
            note(frame)
        return inside

    def entered(frame: Any, event: str, _: Any) -> Any:
        begun[0] |= frame.f_code is first
        if is_library(frame.f_code.co_filename):
            return None
        given = {name: x for name, x in frame.f_locals.items() if isinstance(x, np.ndarray)}
        seen[id(frame)] = frame.f_lineno, {n: np.array(x) for n, x in given.items()}
        return inside

    before = sys.gettrace()
    sys.settrace(entered)
    try:
        case.call.rerun(0.0, np.random.default_rng(0))
    finally:
        sys.settrace(before)
    return found
