"""Words for a factor that is lost or another, a constant that differs, an inner derivative."""

import ast
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from inspect import getsource, unwrap
from textwrap import dedent
from types import CodeType, FunctionType
from typing import Any

import numpy as np

from proofs.checker.call import Call
from proofs.checker.layer_report import times as in_words
from proofs.checker.other_code import compiled, copied, parsed
from proofs.checker.wrong_case import Case, Guess, matrix, steps_of
from proofs.measuring.callsites import Site, is_library, profiled
from proofs.measuring.leaves import Path
from proofs.measuring.own_numpy import reachable, renamed
from proofs.measuring.tangents import Composite, Factors, Operand, Operands

STEPS = 64
"""So many steps of a forward pass are tried, at most."""


def as_a_constant(text: str, site: Site) -> str:
    """Words for a step, or a part of it, that is taken for a constant."""
    if not text:
        return f"as if a step of line {site.line} were a constant"
    line = f"line {site.line}: {site.whole_line}".rstrip(": ")
    return f"as if {text} were a constant ({line})"


def operands_of(case: Case) -> list[tuple[Operand, int]]:
    """The operands that the forward pass meets, once."""
    asked = Operands()
    case.call.forward.pushed(_moved(case), operands=asked, root=case.path)
    return asked.met


def _moved(case: Case) -> dict[Path, Any]:
    """The input moved at random: a mean that is taken off hides a common shift."""
    shape = case.call.forward.floats[case.path].shape
    return {case.path: np.random.default_rng(0).standard_normal((1, *shape))}


def operand_text(text: str, n: int) -> str:
    """How an operand is written in the text of a step, or its number."""
    with suppress(SyntaxError, IndexError, ValueError):
        one = ast.parse(text).body[0]
        if isinstance(one, ast.AugAssign):
            return ast.unparse((one.target, one.value)[n])
        step = one.value if isinstance(one, ast.Expr | ast.Assign) else None
        if isinstance(step, ast.BinOp):
            return ast.unparse((step.left, step.right)[n])
        if isinstance(step, ast.Call):
            called = step.func.value if isinstance(step.func, ast.Attribute) else None
            module = called and ast.unparse(called).split(".")[0] in ("np", "numpy")
            first = [called] if called and not module else []
            return ast.unparse([*first, *step.args][n])
    return f"operand {n + 1}"


def operands(case: Case) -> Iterator[Guess]:
    """One operand of one step taken for a constant."""
    for operand in _some_operands(case):
        text = _within(operand) if operand[0].text else ""
        yield as_a_constant(text, operand[0]), _without(case, operand)


def inner(case: Case) -> Iterator[Guess]:
    """What stands within a step taken for the input itself: the chain rule's inner derivative."""
    for operand in _some_operands(case):
        asked = Operands(lambda each, _, operand=operand: each == operand)  # type: ignore[misc]
        value = matrix(case.call, case.path, operands=asked, bare=case.path) @ case.delta
        yield f"the derivative of {_within(operand)} is left out ({_line(operand)})", value


def shares(case: Case) -> Iterator[Guess]:
    """What goes through one operand counted some other whole number of times, or a part of once."""
    for times, says, value in _shares(case):
        if abs(times) in WHOLE:
            yield says, value


def uneven_shares(case: Case) -> Iterator[Guess]:
    """The same for any number of times."""
    yield from ((says, value) for _, says, value in _shares(case))


WHOLE = (1.0, 2.0, 3.0, 4.0, 1 / 2, 1 / 3, 1 / 4)


def _shares(case: Case) -> Iterator[tuple[float, str, Any]]:
    if case.came.size < 3:
        return
    want, came = case.want.ravel(), case.came.ravel()
    for operand in _some_operands(case):
        part = want - _without(case, operand)
        if part.any() and not case.equal(part, want):
            times = float(part @ (came - want) / (part @ part)) + 1
            times = next((s * n for n in WHOLE for s in (1, -1)
                          if abs(times - s * n) < case.unit), times)  # fmt: skip
            how = "with the wrong sign" if times == -1 else f"{in_words(times)} times"
            says = f"what goes through {_within(operand)} is counted {how} ({_line(operand)})"
            yield times, says, want + (times - 1) * part


def _some_operands(case: Case) -> list[Operand]:
    return list(dict.fromkeys(each for each, _ in operands_of(case)))[:STEPS]


def _within(operand: Operand) -> str:
    site, n = operand
    return f"{operand_text(site.text, n)} in {site.text or 'a step'}"


def _without(case: Case, operand: Operand) -> Any:
    """J^T delta where an operand is a constant."""
    asked = Operands(lambda each, _: each == operand)
    return matrix(case.call, case.path, operands=asked) @ case.delta


# A factor that is lost, or another one taken for it.


def factors(case: Case) -> Iterator[Guess]:
    """The slope of an operand of a product, taken as 1 or as another number of the forward pass."""
    met = Factors()
    case.call.forward.pushed(_moved(case), factors=met)
    ran = held_by(case)
    for operand, slope in [*met.met.items()][:STEPS]:
        for name, other in _numbers_like(slope, ran.get(operand[0].code, {})):
            asked = Factors((operand, other))
            with suppress(Exception):  # of another shape where the step runs again
                value = matrix(case.call, case.path, factors=asked) @ case.delta
                yield f"{_taken_as(operand, name)} ({_line(operand)})", value


def averaged(case: Case, ratio: float) -> Iterator[Guess]:
    """A mean of the forward pass that is a sum, or is taken twice; a sum that is a mean."""
    met = Factors()
    case.call.forward.pushed(_moved(case), factors=met)
    for operand, slope in met.met.items():
        text = operand[0].text
        for power, says in (
            (0, "a sum stands for the mean in {}"),
            (2, "the mean in {} is taken twice"),
        ):
            if _is_a_mean(text) and abs(ratio / slope ** (power - 1) - 1) < case.unit:
                one = Factors((operand, slope**power))
                value = matrix(case.call, case.path, factors=one) @ case.delta
                yield f"{says.format(text)} ({_line(operand)})", value
    for here, places in met.sums.items():
        if _calls(here.text, "sum") and places > 1 and abs(ratio * places - 1) < case.unit:
            many = Composite(here, here, lambda _, y, n=places: np.full_like(y, 1 / n))  # type: ignore[misc]
            value = matrix(case.call, case.path, composite=many) @ case.delta
            yield f"the mean stands for the sum in {here.text} ({_line((here, 0))})", value


def _taken_as(operand: Operand, name: str) -> str:
    site, n = operand
    one, other = (operand_text(site.text, k) for k in (n, 1 - n))
    if name == "1" and _is_a_mean(site.text):
        return f"a sum stands for the mean in {site.text}"
    if name == "1" and not other.startswith("operand"):
        if _is(ast.Mult, site.text):
            return f"the factor {other} of {one} in {site.text} is left out"
        if _is(ast.Div, site.text) and n == 0:
            return f"the division by {other} in {site.text} is left out"
    return f"the slope of {_within(operand)} is taken as {name}"


def _step(text: str) -> Any:
    with suppress(SyntaxError, IndexError):
        body = ast.parse(text).body[0]
        return body if isinstance(body, ast.AugAssign) else getattr(body, "value", None)
    return None


def _is(operator: type[ast.operator], text: str) -> bool:
    step = _step(text)
    return isinstance(step, ast.BinOp | ast.AugAssign) and isinstance(step.op, operator)


def _is_a_mean(text: str) -> bool:
    return _calls(text, "mean", "average")


def _calls(text: str, *names: str) -> bool:
    step = _step(text)
    called = step.func if isinstance(step, ast.Call) else None
    return isinstance(called, ast.Attribute) and called.attr in names


def _line(operand: Operand) -> str:
    return f"line {operand[0].line}: {operand[0].whole_line}".rstrip(": ")


def _numbers_like(slope: Any, held: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """1, and the arrays among a function's variables that could stand for a slope, by name."""
    yield "1", np.float64(1)
    shape = np.shape(slope)
    for name, x in held.items():
        if np.shape(x) == shape != ():
            yield from ((name, x), (f"1 - {name}", 1 - x))


def held_by(case: Case) -> dict[CodeType, dict[str, Any]]:
    """The user's functions that the forward pass calls, each with its arrays when it returned."""
    found: dict[CodeType, dict[str, Any]] = {}

    def returned(frame: Any, event: str, _: Any) -> None:
        if event == "return" and not is_library(frame.f_code.co_filename):
            held = dict(frame.f_locals)
            own = vars(held["self"]) if hasattr(held.get("self"), "__dict__") else {}
            held |= {f"self.{name}": x for name, x in own.items()}
            arrays = {name: x for name, x in held.items() if isinstance(x, np.ndarray)}
            found[frame.f_code] = {n: x for n, x in arrays.items() if x.dtype.kind == "f"}

    with profiled(returned):
        case.call.forward.wide().run({})
    return found


def name_in(case: Case, held: dict[CodeType, dict[str, Any]], here: Site, v: Any) -> str:
    """The variable that holds what a step came to, or else the text of the step.

    Of the forward pass itself first; a variable of another function is said to be that one's.
    """
    outer: Any = getattr(unwrap(case.call.forward.function), "__code__", None)
    for code in (outer, here.code):
        for name, x in held.get(code, {}).items():
            if x.shape == v.shape and np.array_equal(x, v):
                return name if code is outer else f"{name} in {code.co_name}"
    return here.text or f"a step of line {here.line}"


# A power of a number that is one too many, or one too few.


def powers(case: Case) -> Iterator[Guess]:
    """All of it, or what goes through one step, times a power of an array of the forward pass."""
    held = held_by(case)
    arrays = {name: x for each in held.values() for name, x in each.items()}
    for name, x in arrays.items():
        if _spreads_to(x.shape, case.shape) and x.all() and np.ptp(x):
            for k, how in POWERS.items():
                yield how.format("it", name), case.want * x**k
    met = [each for each in steps_of(case) if each[2].any()]
    shapes: dict[Site, set[Any]] = {}
    for site, x, _ in met:
        shapes.setdefault(site, set()).add(x.shape)
    last = {site: x for site, x, _ in met}
    named = [(name_in(case, held, site, x), site, x) for site, x in [*last.items()][:STEPS]]
    for name, site, x in sorted(named, key=lambda each: not each[0].isidentifier()):
        for k, how in (POWERS | SIGN).items() if x.size and x.all() else ():
            # A function of several steps, such as a norm, is at one place: its result is meant.
            asked = Composite(site, site, _power(k, x if len(shapes[site]) > 1 else None))
            value = matrix(case.call, case.path, composite=asked) @ case.delta
            yield how.format(f"what goes through {name}", name), value


def _power(k: float, of: Any) -> Callable[[Any, Any], Any]:
    """A power of what a step comes to; where `of` is given, of that alone."""

    def slope(_: Any, y: Any) -> Any:
        by = -np.ones_like(y) if k == math.inf else y**k
        return by if of is None or np.array_equal(of, y) else np.ones_like(y)

    return slope


SIGN = {math.inf: "{} is counted with the wrong sign"}


def _spreads_to(shape: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Whether an array may be multiplied with one of another shape, which it leaves as it is."""
    pairs = zip(shape[::-1], other[::-1], strict=False)
    return len(shape) <= len(other) and all(n in (1, m) for n, m in pairs)


POWERS = {
    1.0: "{} is multiplied by {} once too often",
    -1.0: "{} is divided by {} once too often",
    2.0: "{} is multiplied by {} twice too often",
    -2.0: "{} is divided by {} twice too often",
}


# A constant of the backward pass that is another one in the forward pass.


def constants(case: Case) -> Iterator[Guess]:
    """One number in the code of the forward pass replaced by one of the backward pass."""
    if case.call.backward is None:
        return
    ran, back = held_by(case), unwrap(case.call.backward)
    modules = reachable(case.call.forward.function)
    forward = [unwrap(case.call.forward.function), *(f for m in modules for f in m.values())]
    theirs = {f.__code__: f for f in forward if isinstance(f, FunctionType)}
    for f in (f for code, f in theirs.items() if code in ran and isinstance(back, FunctionType)):
        own, others = _numbers_of(f), _numbers_of(back)
        news = {text: y for text, y in others.items() if y not in own.values()}
        for old in (text for text, x in own.items() if x not in (0, 1)):
            for new, y in news.items():
                value: Any = None
                with suppress(Exception), _with_another(case.call, f, old, y) as call:
                    value = matrix(call, case.path) @ case.delta  # unless it is a length
                if value is not None:
                    yield f"as if {old} in {f.__name__} were {new}, as in {back.__name__}", value


def _numbers_of(f: Any) -> dict[str, float]:
    """The numbers in a function's code, or as its defaults, as they are written."""
    found = _computed(f)
    for x in (*f.__code__.co_consts, *(f.__defaults__ or ())):
        if isinstance(x, int | float) and not isinstance(x, bool):
            found.setdefault(repr(x), x)
    return found


def _computed(f: Any) -> dict[str, float]:
    """What in a function's source is computed of numbers alone, as np.sqrt(2 / np.pi) is."""
    found: dict[str, float] = {}
    with suppress(OSError, SyntaxError, TypeError):
        for node in ast.walk(ast.parse(dedent(getsource(f)))):
            if isinstance(node, ast.BinOp | ast.Call) and _of_numbers(node, f.__globals__):
                with suppress(Exception):
                    found[ast.unparse(node)] = float(eval(ast.unparse(node), f.__globals__))
    return found


def _of_numbers(node: ast.AST, names: dict[str, Any]) -> bool:
    """Whether an expression has nothing in it but numbers, and functions of NumPy or math."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, int | float)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return any(names.get(node.value.id) is module for module in (np, math))
    inner = [each for each in ast.iter_child_nodes(node) if isinstance(each, ast.expr)]
    return isinstance(node, ast.BinOp | ast.UnaryOp | ast.Call) and all(
        _of_numbers(each, names) for each in inner
    )


@contextmanager
def _with_another(call: Call, f: FunctionType, old: str, new: float) -> Iterator[Call]:
    """The call with a copy of a function that has another number in its code, or as a default.

    Where the forward pass calls the function by a name, that means the copy while it runs.
    """
    other = copied(f, *_changed(f, old, new))
    forward = call.forward
    if forward.function is f:
        yield replace(call, forward=replace(forward, function=other))
        return
    with renamed({id(f): other}, forward.modules.globals):
        yield call


def _changed(f: Any, old: str, new: float) -> tuple[CodeType, Any]:
    """The code and the defaults of a function with another number in them."""

    def other(x: Any) -> Any:
        return new if isinstance(x, int | float) and repr(x) == old else x

    if old not in _computed(f):
        code, defaults = f.__code__, f.__defaults__ and tuple(map(other, f.__defaults__))
        return code.replace(co_consts=tuple(map(other, code.co_consts))), defaults
    return compiled(f, _Another(old, new).visit(parsed(f))), f.__defaults__


class _Another(ast.NodeTransformer):
    """Puts a number in the place of what is written so."""

    def __init__(self, old: str, new: float) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> Any:
        """The number, or what there was with it within."""
        if isinstance(node, ast.expr) and ast.unparse(node) == self.old:
            return ast.copy_location(ast.Constant(self.new), node)
        return self.generic_visit(node)


# Blocks along an axis, such as the gates of a cell, that stand in each other's place.


def exchanged(case: Case) -> Iterator[Guess]:
    """Blocks of equal size along an axis in another order."""
    for axis, length in enumerate(case.shape):
        for k in (k for k in range(2, 7) if length % k == 0 and case.came.size > k):
            want = np.moveaxis(case.want, axis, 0).reshape(k, -1)
            came = np.moveaxis(case.came, axis, 0).reshape(k, -1)
            same = [[case.equal(c, w) for w in want] for c in came]
            order = [row.index(True) if any(row) else -1 for row in same]
            moved = [n + 1 for n, m in enumerate(order) if n != m]
            if sorted(order) == list(range(k)) and len(moved) > 1:
                listed = ", ".join(map(str, moved[:-1])) + f" and {moved[-1]}"
                says = f"blocks {listed} of {k} along axis {axis} stand in each other's place"
                yield says, case.came
                return
