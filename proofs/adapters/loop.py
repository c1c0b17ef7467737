"""A training function or a script in which everything stands in one loop: its first pass.

What comes before the loop is run, the weights are put in, and the loop is gone through once.
"""

import ast
import inspect
import sys
import textwrap
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stdout, suppress
from dataclasses import dataclass
from inspect import signature
from io import StringIO
from itertools import islice
from pathlib import Path
from types import CodeType
from typing import Any

import numpy as np

from proofs.adapters import slots
from proofs.adapters.adapted import Adapted
from proofs.adapters.layers import RATE
from proofs.adapters.model import find, from_model, is_weights, set_rate
from proofs.measuring.leaves import copied, is_array
from proofs.network.activations import Activation, sigmoid
from proofs.network.costs import Cost, quadratic


def from_loop(
    train: Callable[..., Any] | str,
    *args: Any,
    activations: Activation | Sequence[Activation] = sigmoid,
    cost: Cost = quadratic,
    rate: float | None = None,
    names: tuple[str, str] = ("x", "y"),
    **how: Any,
) -> Adapted:
    """A function that draws its weights and trains them in a loop, or a script that does so.

    `args` are those of the function, in the form in which it takes them; those by name stand among
    `how`. Inputs and targets are those called x and y, in either case, or the first two arrays.
    A script is given by its path; `names` are those that it, or a function that is given no
    arguments or has other arrays before its data, has for inputs and targets.
    The weights are the arrays that are there before the loop and that its first pass changes; the
    gradient is the change over the learning rate, which is `rate`, or is set to 2**20 where it goes
    by a usual name. A number that is how many examples a script has is how many there are here,
    unless it is a width as well. `how` are the options of `from_model`.
    Raises ValueError where no loop changes weights that fit each other, or there are no such names;
    TypeError for arguments that the function does not take.
    """
    by_name = {name: how.pop(name) for name in [*how] if name not in _OPTIONS}
    if isinstance(train, str):
        code = _script(train, by_name, names)
    else:
        code = _function(train, args, by_name, names)
    with redirect_stdout(StringIO()):
        cut, moved, paths = _first_that_trains(code, how)
        theirs: list[Any] = [cut.started().get(name) for name in code.names]
    widths = {n for value in moved.values() for n in value.shape}

    def step(model: dict[str, Any], x: Any, y: Any) -> None:
        data = (np.asarray(v)[None] if how.get("each") else v for v in (x, y))
        own = [*map(_like, data, theirs)]
        now = cut.started(*own)
        if code.assigned:
            _count_ours(now, np.shape(theirs[0]), np.shape(own[0]), widths)
        if rate is None:
            held = cut.own(now)
            set_rate(held, to=model["learning_rate"])
            now.update(held)
        for key in paths:
            slots.write(now, paths[key], model[key])
        cut.once(now)
        for key in paths:
            model[key] = slots.read(now, paths[key])

    kept = moved if rate else {**moved, "learning_rate": RATE}
    return from_model(kept, step, activations, cost, rate=rate, **how)


_OPTIONS = signature(from_model).parameters.keys()
"""What else is said by name is an argument of the function."""


@dataclass(frozen=True)
class Code:
    """Statements of somebody's, and the names that they find."""

    statements: list[ast.stmt]
    file: str
    around: dict[str, Any]
    given: dict[str, Any]
    names: tuple[str, str]
    """Of inputs and targets."""
    assigned: bool = False
    """Whether the statements themselves set these two."""


@dataclass(frozen=True)
class Cut:
    """Code up to a loop, and one pass of the loop."""

    code: Code
    before: CodeType
    counts: CodeType
    """What of it counts the data, as m = len(X)."""
    loop: CodeType

    def started(self, x: Any = None, y: Any = None) -> dict[str, Any]:
        """All names as they are when the loop begins."""
        data = {n: v for n, v in zip(self.code.names, (x, y), strict=True) if v is not None}
        given = {name: copied(value) for name, value in self.code.given.items()}
        now = {**self.code.around, **given, **data, "__islice__": islice, "__Returned__": _Returned}
        exec(self.before, now)
        if self.code.assigned:
            now.update(data)
            exec(self.counts, now)
        return now

    def own(self, now: dict[str, Any]) -> dict[str, Any]:
        """The names that are its own."""
        return {name: x for name, x in now.items() if name not in self.code.around}

    def once(self, now: dict[str, Any]) -> None:
        """One pass of the loop."""
        with suppress(_Returned):
            exec(self.loop, now)


class _Returned(Exception):  # noqa: N818 - it is no error
    """The loop returned from its function."""


def _first_that_trains(
    code: Code, how: dict[str, Any]
) -> tuple[Cut, dict[str, Any], dict[str, slots.Path]]:
    """The first loop that changes weights which fit each other; these, and where they are."""
    told = {name: how[name] for name in ("rows", "folded", "weights", "biases") if name in how}
    for n, loop in enumerate(code.statements):
        if not isinstance(loop, ast.For | ast.While):
            continue
        before = code.statements[:n]
        counts = [line for line in before if _counts(line, code.names)]
        cut = Cut(code, *(_compiled(lines, code.file) for lines in (before, counts, [_once(loop)])))
        now = cut.started()
        own = cut.own(now)
        shapes = slots.places(own, by_layer=True) | {
            (name,): () for name, x in own.items() if type(x) is int
        }
        old = {p: slots.read(own, p) for p in shapes}
        cut.once(now)
        # What is a whole number before and after the pass counts something; c = 0 is a bias.
        new = {p: slots.read(now, p) for p in shapes if type(slots.at(now, p)) is not int}
        changed = {p: old[p] if old[p].shape else np.full(v.shape or (1,), old[p])
                   for p, v in new.items() if not np.array_equal(old[p], v)}  # fmt: skip
        moved = {slots.dotted(path): value for path, value in changed.items()}
        with suppress(ValueError):
            found = find(moved, **told)
            started = any(moved[key].any() for (key,) in found.weights)
            if not (started or (len(found.weights) == 1 and is_weights(found.weights[0]))):
                continue  # it adds something up; weights of several layers begin somewhere
            keys = [key for (key,) in (*found.weights, *found.biases)]
            paths = {slots.dotted(path): path for path in changed}
            return cut, {key: moved[key] for key in keys}, {key: paths[key] for key in keys}
    raise ValueError(
        "train: expected a for or while loop whose first pass changes weights that fit each other, "
        "got none; if one step is a function of its own, give that to from_model"
    )


def _count_ours(
    now: dict[str, Any], theirs: Sequence[int], ours: Sequence[int], widths: set[int]
) -> None:
    """Set the numbers that are how many examples there are of theirs to how many there are here."""
    for m, n in zip(theirs, ours, strict=False):
        if m != n and m not in widths:
            now.update({name: n for name, x in now.items() if type(x) is int and x == m})


def _like(value: Any, own: Any) -> Any:
    """Data in the form of theirs: lists, foreign arrays, a vector of the targets of one output."""
    value = np.asarray(value)
    if value.ndim == 2 and value.shape[1] == 1 and np.ndim(own) == 1:
        value = value[:, 0]
    if isinstance(own, list) and any(map(is_array, own)):
        return list(value)
    return slots.alike(value, own)


def _counts(line: ast.stmt, names: Sequence[str]) -> bool:
    """Whether a statement sets other names to how many there are of the data, by len or shape."""
    if not isinstance(line, ast.Assign):
        return False
    targets = {x.id for target in line.targets for x in ast.walk(target) if isinstance(x, ast.Name)}
    within = list(ast.walk(line.value))
    calls = [x for x in within if isinstance(x, ast.Call)]
    named = any(isinstance(x, ast.Name) and x.id in names for x in within)
    shape = any(isinstance(x, ast.Attribute) and x.attr in ("shape", "size") for x in within)
    only_len = all(ast.unparse(x.func) == "len" for x in calls)
    return named and (shape or bool(calls)) and only_len and targets.isdisjoint(names)


def _function(
    train: Callable[..., Any],
    args: Sequence[Any],
    by_name: dict[str, Any],
    names: tuple[str, str],
) -> Code:
    """The statements of a function or a bound method, and its arguments."""
    plain = getattr(train, "__func__", train)
    lines, first = inspect.getsourcelines(plain)
    tree = ast.parse(textwrap.dedent("".join(lines)))
    ast.increment_lineno(tree, first - 1)
    asked = signature(train)
    try:
        bound = asked.bind(*args, **by_name)
    except TypeError as error:
        raise TypeError(f"train: {plain.__name__}{asked} cannot be called so: {error}") from None
    bound.apply_defaults()
    given, own = dict(bound.arguments), getattr(train, "__self__", None)
    assigned = not (args or by_name)
    if not (assigned or given.keys() >= set(names)):
        names = _data_of(given)
    if own is not None:
        given[next(iter(signature(plain).parameters))] = own
    definition = tree.body[0]
    assert isinstance(definition, ast.FunctionDef)
    if assigned:
        _require_named(definition, names, plain.__name__)
    file = inspect.getsourcefile(plain) or "?"
    return Code(definition.body, file, plain.__globals__, given, names, assigned)


def _data_of(given: dict[str, Any]) -> tuple[str, str]:
    """The names of x and y in either case, or of the first two arguments that are arrays or lists
    of such, or else of any."""
    called = {name.lower(): name for name in given}
    if called.keys() >= {"x", "y"}:
        return called["x"], called["y"]
    arrays = [name for name, value in given.items() if _is_data(value)]
    x, y, *_ = arrays if len(arrays) > 1 else [*given, "y"]
    return x, y


def _is_data(value: Any) -> bool:
    if isinstance(value, list | tuple) and len(value) > 0:
        return isinstance(value[0], list | tuple | float) or is_array(value[0])
    return is_array(value) or slots.is_foreign(value)


def _script(file: str, by_name: dict[str, Any], names: tuple[str, str]) -> Code:
    """The statements of a script, those of its `if __name__ == "__main__"` among them."""
    if by_name:
        raise TypeError(f"a script takes no arguments, got {', '.join(by_name)}")
    sys.path.insert(0, str(Path(file).resolve().parent))
    tree = ast.parse(Path(file).read_text(encoding="utf-8"), file)
    _require_named(tree, names, file)
    given = {"__name__": "__main__", "__file__": file}
    return Code(list(_flat(tree.body)), file, {}, given, names, assigned=True)


def _require_named(tree: ast.AST, names: tuple[str, str], where: str) -> None:
    """Raise ValueError unless both names stand in the code."""
    named = {x.id for x in ast.walk(tree) if isinstance(x, ast.Name)}
    if absent := [name for name in names if name not in named]:
        raise ValueError(
            f"names: expected those that {where} has for its inputs and targets, as in "
            f"names=('X', 'y'), got {names}; it names no {' and no '.join(absent)}"
        )


def _flat(statements: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in statements:
        main = isinstance(statement, ast.If) and "__name__" in ast.unparse(statement.test)
        yield from statement.body if main else [statement]  # type: ignore[attr-defined]


def _once(loop: ast.For | ast.While) -> ast.For:
    """The loop, gone through once."""
    once = ast.parse("for __pass__ in range(1): pass" if isinstance(loop, ast.While) else
                     "for _ in __islice__(_, 1): pass").body[0]  # fmt: skip
    assert isinstance(once, ast.For)
    if isinstance(loop, ast.For):
        once.target = loop.target
        once.iter.args[0] = loop.iter  # type: ignore[attr-defined]
    once.body = [_Leaving().visit(statement) for statement in loop.body]
    return ast.copy_location(once, loop)


class _Leaving(ast.NodeTransformer):
    """A return within the loop leaves it."""

    def visit_Return(self, node: ast.Return) -> ast.stmt:
        return ast.copy_location(ast.parse("raise __Returned__").body[0], node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.stmt:
        return node


def _compiled(statements: Sequence[ast.stmt], file: str) -> CodeType:
    tree = ast.Module(list(statements), [])
    return compile(ast.fix_missing_locations(tree), file, "exec")
