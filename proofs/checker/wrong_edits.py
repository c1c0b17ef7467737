"""The change of a backward pass that makes it right: a line of the user's, and what it lacks.

Signs, factors, transposes, axes, names and = for += are exchanged in the user's own code, one at a
time, then two. A change is named only where every number is right with it, on other inputs, too.
"""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from inspect import getsource
from itertools import chain, combinations, islice, product
from textwrap import dedent
from time import process_time
from types import CodeType, FunctionType
from typing import Any, TypeGuard

import numpy as np

from proofs.checker.call import Call
from proofs.checker.other_code import compiled, copied, parsed
from proofs.checker.wrong_case import Case, Guess, matrix
from proofs.measuring.callsites import is_library, profiled
from proofs.measuring.jacobian import EPS
from proofs.measuring.leaves import Path, replaced
from proofs.measuring.random_state import drawn_apart

RUNS = 2000
"""How many changes are tried, for one backward pass."""
LARGEST = 2**16
"""How many pairs of them are put in order."""
SECONDS = 1.0
"""How long, where a run of it takes long."""

Gradients = Mapping[Path, Any]
Slot = tuple[Any, str, int | None]
"""A place of a syntax tree: the node, its field, and the index where the field is a list."""


@dataclass(frozen=True)
class Edit:
    """Something else in one place of the code."""

    slot: Slot
    new: Any
    line: int
    says: str
    rank: int
    """What is tried first, and in pairs, has 0; what is tried last has 2."""
    loop: int
    """The line of the innermost loop that it stands in."""

    @property
    def scales(self) -> bool:
        """Whether something is multiplied or divided by something more: that may be anything."""
        return self.says.startswith("the factor ") or " divided by " in self.says


@dataclass(frozen=True)
class Repair:
    """Changes of the code, in words, and which gradients are right with them."""

    says: str
    right: frozenset[Path]


def edits(case: Case) -> Iterator[Guess]:
    """The change of the backward pass that makes this gradient right, and no right one wrong."""
    for repair in _noted(case.call):
        if case.path in repair.right:
            yield repair.says, case.came
            return


def whole_repair(call: Call) -> str:
    """The change that makes all gradients right, if one does; in words."""
    every = (repair.says for repair in _noted(call) if repair.right == set(call.gradients))
    return next(every, "")


def _noted(call: Call) -> list[Repair]:
    if "repairs" not in call.notes:
        call.notes["repairs"] = [*_repairs(call)]
    found: list[Repair] = call.notes["repairs"]
    return found


def _repairs(call: Call) -> Iterator[Repair]:
    """What makes some wrong gradients right and no right one wrong; the best of its kind."""
    rerun = call.plainly
    if rerun is None or rerun.own is None:
        return
    try:
        code = _Code(rerun.own)
        wanted = _wanted(call)
        now = _right(call, wanted, rerun.own)
    except Exception:  # its source is not at hand, or does not run by itself
        return
    left, until = set(wanted) - now, process_time() + SECONDS
    names, numbers, ran, outside = _arrays(call)
    if outside or any(_is_risky(each, rerun.own.__code__) for each in ran):
        return
    found = [*code.edits(names)]
    every = sorted(found, key=lambda each: (each.rank > 1, each.scales, each.rank))
    harmless: list[Edit] = []  # by themselves: what is tried in pairs, in the order of the code
    tries = chain(_strides(every), ((each,) for each in every), _pairs(harmless, found))
    for some in islice(tries, RUNS):
        if process_time() > until or not left:
            return
        try:
            right = _right(call, wanted, code.changed(some))
            harmless += some if len(some) == 1 and not some[0].rank and now <= right else ()
            if right & left and now <= right and right <= _again(call, code.changed(some)):
                left -= right
                fixed = {name: x for name, x in numbers.items() if name not in code.varying}
                said = _said(some, code) + _doubt(some, fixed)
                yield Repair(said, frozenset(right))
        except Exception:  # it does not run
            continue


def _pairs(some: Sequence[Edit], every: Sequence[Edit]) -> Iterator[tuple[Edit, ...]]:
    """Two changes at once: the same in two places first, then those in lines near each other."""
    places = {id(each): n for n, each in enumerate(every)}
    some = sorted(some, key=lambda each: places[id(each)])
    alike, near = defaultdict(list), [*islice(combinations(some, 2), LARGEST)]
    for each in some:
        alike[_exchanged(each)].append(each)
    near.sort(key=lambda pair: abs(pair[0].line - pair[1].line))
    for pair in (*(pair for group in alike.values() for pair in combinations(group, 2)), *near):
        if pair[0].slot != pair[1].slot:
            yield pair


def _strides(every: Sequence[Edit]) -> Iterator[tuple[Edit, ...]]:
    """The same change of all slices in a loop: a stride or dilation that is forgotten."""
    alike: dict[Any, list[Edit]] = defaultdict(list)
    for each in every:
        if each.loop and isinstance(each.new, ast.Slice):
            alike[each.loop, _exchanged(each)].append(each)
    yield from (tuple(group) for group in alike.values() if len(group) > 1)


def _exchanged(edit: Edit) -> tuple[frozenset[Any], ...]:
    """The words and signs that a change takes away, and those that it puts in their place."""
    old, new = (Counter(re.findall(r"\w+|[^\w\s]", ast.unparse(node)))
                for node in (_read(edit.slot), edit.new))  # fmt: skip
    return frozenset((old - new).items()), frozenset((new - old).items())


def _is_risky(code: CodeType, own: CodeType) -> bool:
    """Whether other numbers may make a function's loop endless, or make it read what is not there.

    Or it prints into a file. NumPy's `as_strided` asks for no bounds, and `np.add.at` ends Python
    where shapes do not fit.
    """
    with suppress(Exception):
        nodes = [*ast.walk(ast.parse(dedent(getsource(code))))]
        unguarded = sum(isinstance(node, ast.Attribute) and node.attr == "at" for node in nodes)
        unguarded -= sum(map(_adds_at, nodes)) if code is own else 0
        endless = any(isinstance(node, ast.While) for node in nodes)
        prints = any(isinstance(node, ast.keyword) and node.arg == "file" for node in nodes)
        return bool(endless or unguarded or prints or "as_strided" in map(_name, nodes))
    return True


def _name(node: ast.AST) -> str:
    return str(getattr(node, "attr", getattr(node, "id", "")))


def _wanted(call: Call) -> dict[Path, Any]:
    delta = np.concatenate([np.ravel(d) for d in call.in_double])
    return {path: (matrix(call, path) @ delta).reshape(call.forward.floats[path].shape)
            for path in call.gradients}  # fmt: skip


def _right(call: Call, wanted: Gradients, own: Callable[..., Any]) -> set[Path]:
    """The gradients that a backward pass gives rightly."""
    assert call.plainly is not None
    came = call.fold(call.plainly.gradients(own, call.forward.args, call.in_double))
    return {p for p, want in wanted.items() if p in came and _equal(came[p], want, call)}


def _equal(came: Any, want: Any, call: Call) -> bool:
    if np.size(came) != np.size(want):
        return False
    off = abs(np.reshape(np.asarray(came, float), want.shape) - want).max(initial=0)
    # A fault that a power makes small is not mended: all that rounding explains is allowed.
    return bool(off <= 2**12 * EPS * abs(want).max(initial=1e-300))


def _again(call: Call, own: Callable[..., Any]) -> set[Path]:
    """The same for other inputs and errors: what is right for these alone is right by chance."""
    random, forward = drawn_apart(1), call.forward
    moved = {p: x * random.uniform(0.8, 1.2, x.shape) for p, x in forward.floats.items()}
    # The error of a loss is 1, and often is not asked for.
    deltas = tuple(d * random.uniform(0.5, 1.5, d.shape) if d.ndim else d for d in call.in_double)
    args = replaced(forward.args, forward.directions(moved))
    other = replace(call, forward=replace(forward, args=args),
                    deltas=deltas)  # fmt: skip
    return _right(other, _wanted(other), own)


def _said(some: Sequence[Edit], code: "_Code") -> str:
    parts: dict[int, dict[str, None]] = defaultdict(dict)
    for each in some:
        parts[each.line][each.says] = None
    said = (f"{' and '.join(says)}, in line {line}: {code.line(line)}"
            for line, says in parts.items())  # fmt: skip
    return f"it would be right with {'; and with '.join(said)}"


def _doubt(some: Sequence[Edit], numbers: Mapping[str, float]) -> str:
    """What else is the same number as one that is put in; a root may be where arrays are scaled."""
    scales = isinstance(some[0].new, ast.BinOp)
    for name, x in numbers.items():
        if any(name == word for word, _ in _exchanged(some[0])[1]):
            others = [other for other, y in numbers.items() if y == x and other != name]
            others += [f"the root of {other}" for other, y in numbers.items()
                       if y == x * x and scales]  # fmt: skip
            also = f"{name} is {x:.6g} here, and so is {' and '.join(others)}"
            return f" ({also}: another size would tell which)" if others else ""
    return ""


def _short(node: ast.AST) -> str:
    text = ast.unparse(node)
    return text if len(text) <= 40 else f"{text[:37]}..."


OUTSIDE = {"io", "_io", "posix", "nt", "mmap", "_posixsubprocess", "_socket", "_ssl", "_sqlite3",
           "sqlite3", "_ctypes"}  # fmt: skip
"""Modules whose functions read and write files, start programs and open connections."""
WRITERS = {"tofile", "dump"}
"""Methods of arrays that write files."""


def _arrays(
    call: Call,
) -> tuple[dict[str, tuple[int, ...]], dict[str, float], set[CodeType], bool]:
    """The arrays and numbers that the backward pass has when it ends, with their shapes.

    And what the numbers are, the functions of the user's that it runs, and whether it reaches
    outside of Python.
    """
    assert call.plainly is not None
    code, found, ran = call.plainly.own.__code__, dict[str, tuple[int, ...]](), set[CodeType]()
    modules, numbers = set[str](), dict[str, float]()

    def noted(frame: Any, event: str, called: Any) -> None:
        if event == "call" and (ran or frame.f_code is code):
            made = frame.f_code.co_filename == "<string>"  # a named tuple, a dataclass
            ran.update(() if made or is_library(frame.f_code.co_filename) else (frame.f_code,))
        if event == "return" and (frame.f_code is code or frame.f_code in code.co_consts):
            held = {name: x for name, x in _held(frame.f_locals) if _counts(x)}
            found.update((name, np.shape(x)) for name, x in held.items())
            numbers.update((name, x) for name, x in held.items() if not np.ndim(x))
        if event == "c_call" and ran:
            owners = type(getattr(called, "__self__", None)).__mro__
            modules.update(str(of.__module__) for of in (called, *owners))
            modules.update({"io"} if called.__name__ in WRITERS else ())

    with profiled(noted):
        call.plainly.gradients(call.plainly.own, call.forward.args, call.in_double)
    return found, numbers, ran, not OUTSIDE.isdisjoint(modules)


def _held(names: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """What variables hold, by how it is written: x, self.x, cache['x']."""
    for name, x in names.items():
        yield name, x
        if isinstance(x, dict):
            yield from ((f"{name}[{key!r}]", v) for key, v in x.items() if isinstance(key, str))
        elif name == "self":
            yield from ((f"self.{key}", v) for key, v in vars(x).items() if key.isidentifier())


def _written(name: str) -> ast.expr:
    return ast.parse(name, mode="eval").body


def _counts(x: Any) -> bool:
    """Whether it is an array of floats, or a number by which something may have to be divided."""
    if isinstance(x, np.ndarray):
        return x.dtype.kind == "f"
    return isinstance(x, int | float) and 1e-3 < abs(x) != 1  # what guards against 0 is no factor


class _Code:
    """The source of a function, and the function with something else in it."""

    def __init__(self, f: FunctionType) -> None:
        self.f, self.tree = f, parsed(f)
        self.lines = dedent(getsource(f)).splitlines()
        self.first = f.__code__.co_firstlineno - 1
        self.added = [node for node in ast.walk(self.tree) if _adds_at(node)]
        within = (x for loop in ast.walk(self.tree) if isinstance(loop, ast.For)
                  for x in ast.walk(loop) if isinstance(x, ast.Name))  # fmt: skip
        self.varying = {x.id for x in within if isinstance(x.ctx, ast.Store)}
        """The names that a loop sets anew."""

    def line(self, n: int) -> str:
        """The text of a line, by its number in the file."""
        return self.lines[n - self.first - 1].strip()

    def changed(self, some: Sequence[Edit]) -> FunctionType:
        """The function with some things in it others."""
        old = [_read(each.slot) for each in some]
        for each in some:
            _write(each.slot, each.new)
        values: list[Any] = [call.args[2] for call in self.added]
        try:
            for call in self.added:
                call.args[2] = _of_its_shape(*call.args)
            return copied(self.f, compiled(self.f, self.tree))
        finally:
            for call, x in zip(self.added, values, strict=True):
                call.args[2] = x
            for each, node in zip(some[::-1], old[::-1], strict=True):
                _write(each.slot, node)

    def edits(self, arrays: Mapping[str, tuple[int, ...]]) -> Iterator[Edit]:
        """All that may be changed."""
        for slot, node, loop in _slots(self.tree.body[0]):
            line = getattr(node, "lineno", 0) + self.first
            for new, says, rank in _others(slot, node, arrays):
                placed = ast.fix_missing_locations(ast.copy_location(new, node))
                yield Edit(slot, placed, line, says, rank, loop)


def _adds_at(node: Any) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and _name(node.func) == "at" and len(node.args) == 3


def _of_its_shape(target: ast.expr, place: ast.expr, x: ast.expr) -> ast.expr:
    """What is added at some places, or an error where it has another shape."""
    shape = f"({ast.unparse(target)})[{ast.unparse(place)}].shape"
    call: Any = ast.parse(f"__import__('numpy').broadcast_to(x, {shape})", mode="eval").body
    call.args[0] = x
    return ast.fix_missing_locations(call)


def _read(slot: Slot) -> Any:
    node, field, n = slot
    return getattr(node, field) if n is None else getattr(node, field)[n]


def _write(slot: Slot, new: Any) -> None:
    node, field, n = slot
    if n is None:
        setattr(node, field, new)
    else:
        getattr(node, field)[n] = new


LEFT_ALONE = (ast.For, ast.If, ast.FunctionDef, ast.Lambda, ast.comprehension)
"""Of these only the statements inside are changed: how often a loop runs is not."""


def _slots(node: ast.AST, loop: int = 0) -> Iterator[tuple[Slot, Any, int]]:
    """Every place that may be changed, what stands there, and the line of the loop around it."""
    loop = node.lineno if isinstance(node, ast.For) else loop
    for field, value in ast.iter_fields(node):
        if isinstance(node, LEFT_ALONE) and field not in ("body", "orelse"):
            continue
        for n, each in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(each, ast.expr | ast.stmt):
                if not isinstance(each, ast.FunctionDef | ast.Lambda):
                    yield (node, field, n), each, loop
                yield from _slots(each, loop)


Other = tuple[Any, str, int]
"""What is tried in a place, in words, and the rank of that."""


def _others(slot: Slot, node: Any, arrays: Mapping[str, tuple[int, ...]]) -> Iterator[Other]:
    new: Any
    if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.Add | ast.Sub):
        yield ast.Assign([node.target], node.value), f"= in place of {SIGNS[type(node.op)]}=", 0
        op = OPPOSITE[type(node.op)]
        says = f"{SIGNS[op]}= in place of {SIGNS[type(node.op)]}="
        yield ast.AugAssign(node.target, op(), node.value), says, 0
        slices = any(isinstance(each, ast.Slice) for each in ast.walk(node.target))
        if isinstance(node.target, ast.Subscript) and not slices:
            yield _added_at(node), f"{ast.unparse(node.target)} += by np.add.at", 0
    if isinstance(node, ast.Assign) and not isinstance(node.targets[0], ast.Tuple):
        target: Any = node.targets[0]
        new = ast.AugAssign(target, ast.Add(), node.value)
        yield new, "+= in place of =", 0
    stored = isinstance(getattr(node, "ctx", None), ast.Store)
    if isinstance(node, ast.expr) and not stored and _computes(node, arrays):
        for new, rank in _expressions(slot, node, arrays):
            old, text = _texts(slot, node, new)
            if text != old:
                yield new, f"{text} in place of {old}", rank
        yield from _signs(node)
        yield from _joined(slot[0], slot[1], node, arrays)


def _added_at(node: Any) -> ast.stmt:
    """x[i] += y, where an index that stands there twice counts twice."""
    x, i = node.target.value, node.target.slice
    sign = -1 if isinstance(node.op, ast.Sub) else 1
    add: Any = ast.parse(f"__import__('numpy').add.at(x, i, {sign} * y)", mode="eval").body
    value = ast.BinOp(ast.Constant(sign), ast.Mult(), node.value)
    add.args = [x, i, _of_its_shape(x, i, value)]
    return ast.Expr(add)


def _texts(slot: Slot, node: ast.expr, new: ast.expr) -> tuple[str, str]:
    """How an expression and what may stand for it are written; a number, in what it is part of."""
    parent = slot[0]
    shown = parent if isinstance(node, ast.Constant) and isinstance(parent, ast.expr) else None
    old = ast.unparse(shown or node)
    if shown is None:
        return old, ast.unparse(ast.fix_missing_locations(new))
    _write(slot, new)
    text = ast.unparse(ast.fix_missing_locations(shown))
    _write(slot, node)
    return old, "0" if text == "-0" else text


SIGNS: dict[type, str] = {ast.Add: "+", ast.Sub: "-"}
OPPOSITE: dict[type, Any] = {ast.Add: ast.Sub, ast.Sub: ast.Add}


def _signs(node: ast.expr) -> Iterator[Other]:
    """The other sign of a term, or no term."""
    if isinstance(node, ast.BinOp) and type(node.op) in OPPOSITE:
        op, last = OPPOSITE[type(node.op)], _short(node.right)
        sum_ = isinstance(node.right, ast.BinOp) and type(node.right.op) in OPPOSITE
        term = f"({last})" if sum_ else last
        says = f"{SIGNS[op]} {term} in place of {SIGNS[type(node.op)]} {term}"
        yield ast.BinOp(node.left, op(), node.right), says, 0
        yield node.left, f"{last} left out", 0
        yield node.right, f"{_short(node.left)} left out", 0


def _computes(node: ast.expr, arrays: Mapping[str, Any]) -> bool:
    """Whether an expression is made of arrays, or is a number; a shape is left as it is."""
    if isinstance(node, ast.Attribute) and node.attr in ("shape", "size", "ndim", "dtype"):
        return False
    if isinstance(node, ast.Constant | ast.Name):
        return True
    return any(_computes(each, arrays) for each in ast.iter_child_nodes(node)
               if isinstance(each, ast.expr) and not isinstance(each, ast.Constant))  # fmt: skip


def _expressions(
    slot: Slot, node: ast.expr, arrays: Mapping[str, tuple[int, ...]]
) -> Iterator[tuple[ast.expr, int]]:
    """What may stand for an expression, and the rank of that."""
    parent, field, _ = slot
    if isinstance(node, ast.BinOp):
        if isinstance(node.op, ast.Mult | ast.Div):
            other = ast.Div() if isinstance(node.op, ast.Mult) else ast.Mult()
            yield ast.BinOp(node.left, other, node.right), 2
            yield node.left, 0
        if isinstance(node.op, ast.Mult):
            yield node.right, 0
        if isinstance(node.op, ast.MatMult):
            yield ast.BinOp(node.right, node.op, node.left), 0
        if isinstance(node.op, ast.Pow):
            yield node.left, 0
        if isinstance(node.op, ast.MatMult):
            yield ast.BinOp(_transposed(node.left), node.op, node.right), 0
            yield ast.BinOp(node.left, node.op, _transposed(node.right)), 0
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield node.operand, 0
    if isinstance(node, ast.Call):
        yield from ((each, 0) for each in _calls(node))
    if isinstance(node, ast.Slice):
        yield from ((each, 0) for each in _stretched(node, arrays))
    if isinstance(node, ast.Constant) and type(node.value) is int:
        yield from ((ast.Constant(node.value + n), 1) for n in (1, -1))
    index = isinstance(parent, ast.Subscript) and field == "slice"
    if index and isinstance(node, ast.Name | ast.BinOp):
        for op in (ast.Sub(), ast.Add()):
            yield ast.BinOp(node, op, ast.Constant(1)), 1
    if isinstance(node, ast.Name | ast.Attribute | ast.Subscript) and ast.unparse(node) in arrays:
        own = ast.unparse(node)
        others = ((n, shape) for n, shape in arrays.items() if n != own)
        yield from ((_written(n), 1 if shape == arrays[own] else 2) for n, shape in others)
        if arrays[own]:
            yield ast.BinOp(node, ast.Pow(), ast.Constant(2)), 2
            yield ast.BinOp(ast.Constant(1), ast.Sub(), node), 2
    elif isinstance(node, ast.Subscript):
        yield from ((_written(n), 2) for n in arrays)


def _stretched(node: ast.Slice, arrays: Mapping[str, Any]) -> Iterator[ast.expr]:
    """A variable of a slice times a number, at both of its ends: a stride, or a dilation.

    One that stands at its end alone is how many there are, and then each so many may be meant.
    """
    own = dict.fromkeys(each.id for each in ast.walk(node) if isinstance(each, ast.Name))
    numbers = (name for name, shape in arrays.items() if not shape and name not in own)
    for name, one in product(numbers, own):
        text = re.sub(rf"\b{one}\b", f"({one} * {name})", ast.unparse(node))
        yield _sliced(text)
        first = ast.unparse(node.lower) if node.lower else ""
        if node.step is None and not re.search(rf"\b{one}\b", first):
            yield _sliced(f"{text}:{name}")


def _sliced(text: str) -> ast.expr:
    part: Any = ast.parse(f"x[{text}]", mode="eval").body
    slice_: ast.expr = part.slice
    return slice_


def _joined(parent: Any, field: str, node: ast.expr, arrays: Mapping[str, Any]) -> Iterator[Other]:
    """A factor, a term or a mean that is missing, where a value is assigned or is one of a sum."""
    sums = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Add | ast.Sub | ast.MatMult)
    factor = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Mult)
    value = isinstance(parent, ast.Assign | ast.AugAssign | ast.Return) and field == "value"
    part = isinstance(parent, ast.Tuple | ast.List) or sums
    called = isinstance(parent, ast.Attribute | ast.Call)
    if isinstance(node, ast.Tuple | ast.List | ast.Constant):
        return
    text = _short(node)
    for name in arrays if value or part or called else ():
        other = _written(name)
        times, over = ast.BinOp(node, ast.Mult(), other), ast.BinOp(node, ast.Div(), other)
        yield times, f"the factor {name} on {text}", 0 if value or part else 2
        yield over, f"{text} divided by {name}", 0 if value else 2
    if value or part:
        yield ast.UnaryOp(ast.USub(), node), f"the opposite sign on {text}", 1 if value else 2
        for name in (name for name, shape in arrays.items() if shape):
            added = ast.BinOp(node, ast.Add(), _written(name))
            yield added, f"{name} added to {text}", 2
    for axis, name in product((0, -1), ("mean", "sum")) if value or factor else ():
        kept = f"({ast.unparse(node)}).{name}(axis={axis}, keepdims=True)"
        less = ast.BinOp(node, ast.Sub(), ast.parse(kept, mode="eval").body)
        says = f"the {name} of {text} along axis {axis} taken off it"
        yield less, says, 0 if name == "mean" and isinstance(node, ast.BinOp) else 2


def _transposed(node: ast.expr) -> ast.expr:
    if isinstance(node, ast.Attribute) and node.attr == "T":
        return node.value
    return ast.Attribute(node, "T", ast.Load())


SWAPPED = {"sum": "mean", "mean": "sum", "ones_like": "zeros_like", "ones": "zeros"}


def _calls(node: ast.Call) -> Iterator[ast.expr]:
    """A sum for a mean, zeros for ones, another axis, and a transpose in a product."""
    f = node.func
    if isinstance(f, ast.Attribute) and f.attr in ("dot", "matmul") and len(node.args) in (1, 2):
        for n, one in enumerate(node.args):
            args = [*node.args[:n], _transposed(one), *node.args[n + 1 :]]
            yield ast.Call(f, args, node.keywords)
        if len(node.args) == 2:
            yield ast.Call(f, node.args[::-1], node.keywords)
        else:
            own = ast.Attribute(_transposed(f.value), f.attr, ast.Load())
            yield ast.Call(own, node.args, node.keywords)
    if isinstance(f, ast.Attribute) and f.attr in SWAPPED:
        other = ast.Attribute(f.value, SWAPPED[f.attr], ast.Load())
        yield ast.Call(other, node.args, node.keywords)
    if isinstance(f, ast.Attribute) and f.attr == "reshape":
        for axes in ("(1, 2)", "(0, 1)"):  # heads or examples, which stand in another order
            turned = ast.parse(f"x.swapaxes{axes}", mode="eval").body
            turned.func.value = f.value  # type: ignore[attr-defined]
            yield ast.Call(ast.Attribute(turned, f.attr, ast.Load()), node.args, node.keywords)
    for n, word in enumerate(node.keywords):
        if word.arg == "axis":
            for axis in (0, -1):
                new = ast.keyword("axis", ast.Constant(axis))
                keywords = [*node.keywords[:n], new, *node.keywords[n + 1 :]]
                yield ast.Call(f, node.args, keywords)
