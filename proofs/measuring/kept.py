"""What somebody's code keeps between its calls, put back as it was after one that is only tried.

An optimizer may keep its averages in a dictionary of its module. What a run with tangents leaves
there would be in the next run, and in the user's own; and it could not write into arrays there.
"""

from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from operator import is_
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from proofs.measuring.callsites import is_library
from proofs.measuring.own_numpy import Closure, Modules, is_theirs

MOST = 4096
"""No more lists, dictionaries and objects than this are looked at."""
LONG = 4096
"""A longer list holds examples, and no state."""
LARGE = 2**22
"""So does a larger array."""


class Kept:
    """The names, lists, dictionaries and objects of the user's that functions reach."""

    def __init__(self, *functions: Any, modules: Modules | None = None) -> None:
        reached = modules or Modules(*functions)
        self.names = [names for names in reached.globals if not _is_ours(names)]
        named = (x for names in self.names for name, x in names.items() if name[:2] != "__")
        self.holders = _holders([*functions, *named])
        self.functions = functions

    @contextmanager
    def put_back(
        self,
        shapes: Container[tuple[int, ...]] | None = None,
        lifted: Callable[[Any], Any] | None = None,
        beside: Iterable[Any] = (),
    ) -> Iterator[None]:
        """Afterwards they hold what they held, and so do their arrays, of any shapes or of those.

        Meanwhile others that are `lifted` from the arrays, and from those that are held `beside`,
        stand in their places, and take tangents: but for arrays that have names, or that a function
        of ours replaces itself.
        """
        names = [(each, dict(each)) for each in self.names]
        before = [(x, _content(x)) for x in self.holders]
        if lifted:
            before += [(x, _content(x)) for x in _holders(beside)]
        arrays = {id(x): x for _, content in (*names, *before) for x in _parts(content)
                  if _is_state(x) and (shapes is None or x.shape in shapes)}  # fmt: skip
        numbers = [(x, x.copy()) for x in arrays.values()]
        try:
            if lifted:
                named = {id(x) for _, content in names for x in content.values()}
                named |= _arrays_of_ours(self.functions)
                _lift(before, {k: lifted(x) for k, x in arrays.items() if k not in named})
            yield
        finally:
            for each, old in names:
                _put_back(each, old)
            for x, content in before:
                _restore(x, content)
            for x, old in numbers:
                if not np.array_equal(x, old, equal_nan=True):
                    x[...] = old


def _arrays_of_ours(functions: Iterable[Any]) -> set[int]:
    """Which arrays functions of this package have in their closures, to be replaced by others."""
    found: dict[int, Any] = {}
    waiting = list(functions)
    while waiting and len(found) < MOST:
        x = waiting.pop()
        if id(x) in found:
            continue
        found[id(x)] = x
        if isinstance(x, FunctionType) and is_library(x.__code__.co_filename):
            waiting += [cell.cell_contents for cell in x.__closure__ or ()]
        elif isinstance(x, dict | list | tuple) or type(x).__module__.startswith("proofs."):
            waiting += _parts(x if isinstance(x, tuple) else _content(x))
    return {key for key, x in found.items() if type(x) is np.ndarray}


def put_back_after(*functions: Any) -> AbstractContextManager[None]:
    """Afterwards all that functions reach holds what it held."""
    return Kept(*functions).put_back()


def _is_state(x: Any) -> bool:
    """Whether something is an array of numbers that a step may write into, and no view."""
    plain = type(x) is np.ndarray and x.dtype.kind == "f" and x.size <= LARGE
    return plain and x.base is None and bool(x.flags.writeable)


def _lift(holders: Iterable[tuple[Any, Any]], others: dict[int, Any]) -> None:
    """Put others in the place of some arrays, wherever they are held."""
    for x, content in holders:
        for at, part in enumerate(content) if isinstance(x, list) else content.items():
            if id(part) in others:
                if isinstance(x, list | dict):
                    x[at] = others[id(part)]
                else:
                    setattr(x, str(at), others[id(part)])


def _put_back(names: dict[str, Any], old: dict[str, Any]) -> None:
    cells = names.cells if isinstance(names, Closure) else {}
    now = {name: cell.cell_contents for name, cell in cells.items() if name in old} or names
    for name, x in list(now.items()):
        if name in old and old[name] is not x:
            names[name] = old[name]
        elif name not in old and not isinstance(x, ModuleType):
            del names[name]


def _is_ours(names: dict[str, Any]) -> bool:
    """Whether names are those of a module, or of a function, of this package or a library."""
    file = names.code.co_filename if isinstance(names, Closure) else names.get("__file__")
    return file is not None and is_library(file)


PLAIN = frozenset(
    [ModuleType, np.ndarray, np.float64, str, bytes, int, float, bool, complex, type(None)]
)
"""Types of what leads to nothing else."""
PYTHONS = ("builtins", "collections")
"""Where the dictionaries and lists are defined that are looked into."""


def _holders(waiting: Iterable[Any]) -> list[Any]:
    """The dictionaries, lists and objects of the user's that some things lead to."""
    found: dict[int, Any] = {}
    waiting = [x for x in waiting if type(x) not in PLAIN]
    while waiting and len(found) < MOST:
        x = waiting.pop()
        if id(x) in found:
            continue
        content: Any = ()
        if type(x) is FunctionType:
            content = _of_a_function(x)
        elif isinstance(x, tuple):
            content = x
        elif (isinstance(x, dict | list) and type(x).__module__ in PYTHONS) or _is_theirs_alone(
            x if type(x) is type else type(x)
        ):
            content = _content(x)
            if len(content) <= LONG:
                found[id(x)] = x
        if content and len(content) <= LONG:
            waiting += [part for part in _parts(content) if type(part) not in PLAIN]
    return list(found.values())


def _is_theirs_alone(kind: type) -> bool:
    """Whether a class is the user's, and none of a library, which may keep more in what is its."""
    return all(is_theirs(each) for each in kind.__mro__[:-1])


def _of_a_function(f: FunctionType) -> tuple[Any, ...]:
    """Its attributes and its defaults, if it is the user's, and what it wraps."""
    own = tuple(filter(None, (f.__dict__, f.__defaults__, f.__kwdefaults__)))
    if own and is_library(f.__code__.co_filename):
        return (f.__dict__.get("__wrapped__"),)
    return own


def _content(x: Any) -> Any:
    """What a list, a dictionary, a class or an object holds."""
    return list(x) if isinstance(x, list) else dict(x if isinstance(x, dict) else _attributes(x))


def _attributes(x: Any) -> Any:
    return getattr(x, "__dict__", {})


def _restore(x: Any, content: Any) -> None:
    now = _content(x)
    if len(now) == len(content) and all(map(is_, _flat(now), _flat(content))):
        return
    if isinstance(x, list):
        x[:] = content
    elif isinstance(x, type):
        for name in now.keys() - content.keys():
            delattr(x, name)
        for name in content:
            if now.get(name) is not content[name]:
                setattr(x, name, content[name])
    else:
        held = x if isinstance(x, dict) else vars(x)
        held.clear()
        held.update(content)


def _parts(content: Any) -> Iterable[Any]:
    """What is held, without its names."""
    return content.values() if isinstance(content, dict) else content


def _flat(content: Any) -> Iterable[Any]:
    """The parts, names first."""
    return [*content, *content.values()] if isinstance(content, dict) else content
