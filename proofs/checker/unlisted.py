"""Layers that a step uses and is not given: those of its module, of its object, or around it."""

from collections.abc import Callable, Iterator
from types import CodeType, FunctionType, MethodType, SimpleNamespace
from typing import Any

from proofs.checker.objects import layer_objects
from proofs.measuring.callsites import is_library
from proofs.measuring.own_numpy import Closure, reachable, renamed

Step = Callable[..., Any]


def with_its_objects(step: Step, args: tuple[Any, ...]) -> tuple[Step, tuple[Any, ...]]:
    """A step and its arguments, with the layers that are objects as the first, if none holds them.

    Those are the ones of the object that the step is a method of, or what the code of the step, and
    of the functions that it calls, has a name for.
    """
    if any(map(holds, args)):
        return step, args
    if isinstance(step, MethodType) and holds(step.__self__):
        return step.__func__, (step.__self__, *args)
    named = _named(step)
    if not named:
        return step, args

    def on_its_objects(own: SimpleNamespace, *given: Any) -> Any:
        others = {id(x): vars(own)[name] for name, x in named.items()}
        with renamed(others, reachable(step)):
            return step(*given)

    on_its_objects.__wrapped__ = step  # type: ignore[attr-defined]
    return on_its_objects, (SimpleNamespace(**named), *args)


def holds(x: Any) -> bool:
    """Whether x is a layer with a forward and a backward pass, or holds one."""
    return next(layer_objects(x), None) is not None


def _named(step: Any) -> dict[str, Any]:
    """What holds layers, by the name that it has in a function or in one that this calls."""
    found: dict[str, Any] = {}
    seen: list[Any] = []
    waiting = [getattr(step, "__func__", step)]
    while waiting:
        f = waiting.pop(0)
        if not isinstance(f, FunctionType) or f in seen or is_library(f.__code__.co_filename):
            continue
        seen.append(f)
        around = f.__globals__ | Closure(f)
        used = {name: around[name] for name in _names(f.__code__) if name in around}
        waiting += used.values()
        found = {name: x for name, x in used.items() if holds(x)} | found
    return found


def _names(code: CodeType) -> Iterator[str]:
    """The names that a function has from outside, and those of the functions within it."""
    yield from (*code.co_names, *code.co_freevars)
    for const in code.co_consts:
        if isinstance(const, CodeType):
            yield from _names(const)
