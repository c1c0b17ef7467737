"""What somebody's code keeps between its calls, put back as it was after one that is only tried.

An optimizer may keep its averages in a dictionary of its module. What a run with tangents leaves
there would be in the next run, and in the user's own.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from operator import is_
from types import FunctionType, ModuleType
from typing import Any

from proofs.measuring.callsites import is_library
from proofs.measuring.own_numpy import Closure, Modules, is_theirs, reachable

MOST = 4096
"""At most so many lists, dictionaries and objects are looked at."""
LONG = 4096
"""A longer list holds examples, and no state."""


@contextmanager
def put_back_after(*functions: Any, modules: Modules | None = None) -> Iterator[None]:
    """Afterwards names, lists, dictionaries and objects that functions reach hold what they held.

    What is written into an array stays there: arrays of the user's take no tangents.
    """
    reached = modules.globals if modules else reachable(*functions)
    names = [(each, dict(each)) for each in reached if not _is_ours(each)]
    before = [(x, _content(x)) for x in _holders(names, functions)]
    try:
        yield
    finally:
        for each, old in names:
            _put_back(each, old)
        for x, content in before:
            _restore(x, content)


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


def _holders(names: Iterable[tuple[Any, dict[str, Any]]], functions: Iterable[Any]) -> list[Any]:
    """The dictionaries, lists and objects of the user's that names and functions lead to."""
    found: dict[int, Any] = {}
    waiting = [*functions, *(x for _, old in names for name, x in old.items() if name[:2] != "__")]
    while waiting and len(found) < MOST:
        x = waiting.pop()
        if id(x) in found or isinstance(x, ModuleType | str | bytes | int | float | None):
            continue
        if isinstance(x, tuple):
            waiting += x if len(x) <= LONG else ()
        elif isinstance(x, FunctionType):
            if not is_library(x.__code__.co_filename):
                waiting += [vars(x), x.__defaults__, x.__kwdefaults__]
            waiting.append(getattr(x, "__wrapped__", None))
        elif isinstance(x, dict | list) or is_theirs(x) or is_theirs(type(x)):
            content = _content(x)
            if len(content) <= LONG:
                found[id(x)] = x
                waiting += content.values() if isinstance(content, dict) else content
    return list(found.values())


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


def _flat(content: Any) -> Iterable[Any]:
    """The parts, names first."""
    return [*content, *content.values()] if isinstance(content, dict) else content
