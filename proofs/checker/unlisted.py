"""Layers and arrays that a step uses and is not given: of its module, its object, or around it."""

import ast
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from functools import partial
from inspect import unwrap
from types import CodeType, FunctionType, MethodType, ModuleType, SimpleNamespace
from typing import Any

import numpy as np

from proofs.adapters.layers import INPUTS, as_given
from proofs.adapters.slots import at, callable_alone, places, undecorated
from proofs.checker.gradients import as_target, declared
from proofs.checker.objects import holds
from proofs.checker.other_code import parsed
from proofs.checker.returned import duals
from proofs.checker.watch import copies
from proofs.measuring.callsites import is_library
from proofs.measuring.leaves import is_array, leaves
from proofs.measuring.own_numpy import Closure, is_theirs, reachable, renamed
from proofs.measuring.random_state import RandomState
from proofs.measuring.silence import silent

Step = Callable[..., Any]


def with_its_objects(step: Step, args: tuple[Any, ...]) -> tuple[Step, tuple[Any, ...]]:
    """A step and its arguments, with the layers that are objects among them, if none holds them.

    Those are the ones of the object that the step is a method of, or what the code of the step, and
    of the functions that it calls, has a name for. They are the first argument, unless the step
    returns gradients of another one.
    """
    if any(map(holds, args)):
        return step, args
    method = step if isinstance(step, MethodType) else getattr(step, "__call__", None)  # noqa: B004
    if isinstance(method, MethodType) and holds(method.__self__):
        return method.__func__, (method.__self__, *args)
    known = known_by_name(step)
    named = {name: x for name, x in known.items() if holds(x)}
    if not named:
        return step, args
    theirs = ids_of_arrays([*named.values()])  # an optimizer keeps them, too
    named |= {
        n: x for n, x in known.items() if hasattr(x, "__dict__") and theirs & ids_of_arrays(x)
    }

    def on_its_objects(*given: Any) -> Any:
        *own, objects = given
        with in_place_of(named, vars(objects), step):
            return step(*own)

    def on_them_first(objects: SimpleNamespace, *given: Any) -> Any:
        return on_its_objects(*given, objects)

    on_its_objects.__wrapped__ = on_them_first.__wrapped__ = step  # type: ignore[attr-defined]
    objects = SimpleNamespace(**named)
    if _returns_gradients(on_its_objects, (*args, objects), names_of(step)):
        return on_its_objects, (*args, objects)
    return on_them_first, (objects, *args)


def ids_of_arrays(x: Any) -> set[int]:
    """Which arrays something keeps, by their identity."""
    return {id(at(x, path)) for path in places(x) if ... not in path and is_array(at(x, path))}


def names_of(step: Step) -> list[str]:
    """The names of a step's arguments, none where it does not say."""
    return [p.name for p in declared(unwrap(step)) or ()]


def _returns_gradients(step: Step, args: tuple[Any, ...], names: list[str]) -> bool:
    """Whether a step returns arrays of the shapes of its first argument, and that is no data."""
    if is_array(args[0]) and (not names or is_data(names[0])):
        return False
    shapes = [x.shape for x in leaves((result_of(step, args),)).values()]
    return any(x.shape in shapes for x in leaves(args[:1]).values())


def result_of(step: Step, args: tuple[Any, ...]) -> Any:
    """What a step returns for copies of its arguments; None if it raises, which is told later."""
    state = RandomState(step)
    try:
        with silent():
            return step(*copies(args))
    except Exception:
        return None
    finally:
        state.restore()


def with_its_arrays(step: Step, args: tuple[Any, ...]) -> tuple[Step, tuple[Any, ...]]:
    """A step that returns dW beside its loss, for an array W that its code has a name for and that
    it is not given, and its arguments, with a dictionary of such arrays as the first.
    """
    known = {name: x for name, x in known_by_name(step).items() if is_array(x)}
    returned = returned_names(step) if known else []
    named = {n: known[n] for n in map(undecorated, returned) if n in known}
    if not named:
        return _with_its_dictionary(step, args)

    def on_its_arrays(own: dict[str, Any], *given: Any) -> Any:
        with in_place_of(named, own, step):
            result = step(*given)
        pairs = list(zip(map(undecorated, returned), result, strict=True))
        return (*(x for n, x in pairs if n not in named), {n: x for n, x in pairs if n in named})

    on_its_arrays.__wrapped__ = step  # type: ignore[attr-defined]
    return on_its_arrays, (named, *args)


def _with_its_dictionary(step: Step, args: tuple[Any, ...]) -> tuple[Step, tuple[Any, ...]]:
    """A step that returns a gradient for each array of a dictionary that its code has a name for
    and that it is not given, and its arguments, with that dictionary as the first.
    """
    known = {
        name: x
        for name, x in known_by_name(step).items()
        if isinstance(x, dict) and x and all(map(is_array, x.values()))
    }
    if not known or any(isinstance(x, dict) for x in args):
        return step, args
    result = result_of(step, args)
    parts = result if isinstance(result, tuple | list) else (result,)
    keys = [{undecorated(str(key)) for key in x} | {*x} for x in parts if isinstance(x, dict)]
    name = next((n for n, x in known.items() if any({*x} <= each for each in keys)), None)
    if name is None:
        return step, args

    def on_its_dictionary(own: dict[str, Any], *given: Any) -> Any:
        with in_place_of({name: known[name]}, {name: own}, step):
            return step(*given)

    on_its_dictionary.__wrapped__ = step  # type: ignore[attr-defined]
    return on_its_dictionary, (known[name], *args)


def with_all_that_it_names(step: Step, args: tuple[Any, ...]) -> tuple[Step, tuple[Any, ...]]:
    """A step and its arguments, with all that holds arrays and that its code has a name for as the
    first: it may learn them, and say so by changing them alone.
    """
    step = getattr(step, "bare", step)
    named = {n: x for n, x in known_by_name(step).items() if not callable_alone(x) and places(x)}

    def on_all(own: dict[str, Any], *given: Any) -> Any:
        with in_place_of(named, own, step):
            result = step(*given)
            own |= {name: x for name, x in known_by_name(step).items() if name in named}
        return result

    on_all.__wrapped__ = step  # type: ignore[attr-defined]
    return on_all, (named, *args)


def with_its_buffers(step: Step, args: tuple[Any, ...]) -> tuple[Step, tuple[Any, ...]]:
    """A step for which arrays of its script that it changes in place are copies in each run.

    They take what it is given: tangents, a complex step.
    """
    given = {id(x) for x in leaves(args).values()}
    own = unwrap(step)
    named = known_by_name(own).items() if isinstance(own, FunctionType) else ()
    known = {n: x for n, x in named if is_array(x) and x.dtype.kind == "f" and id(x) not in given}
    trial = {name: x.copy() for name, x in known.items()}
    if not known or result_of(_with(trial, known, step), args) is None:
        return step, args
    filled = {name: x for name, x in known.items() if not np.array_equal(x, trial[name])}

    def on_its_buffers(*given: Any) -> Any:
        every = [*leaves(given).values(), *(x for _, x in duals(given))]
        others = {name: as_given(x, every, filled.values()) for name, x in filled.items()}
        return _with(others, filled, step)(*given)

    on_its_buffers.__wrapped__ = on_its_buffers.bare = step  # type: ignore[attr-defined]
    return (on_its_buffers, args) if filled else (step, args)


def with_its_names(step: Step, args: tuple[Any, ...]) -> tuple[Step, tuple[Any, ...]]:
    """A step for which what its code calls one of its parameters, or all of them, is what it is
    given as such: a function that it calls may read them by a name of the script.
    """
    first, own = args[0], unwrap(step)
    if holds(first) or callable(first) or not isinstance(own, FunctionType):
        return step, args
    places = {id(x): path for path, x in leaves(args[:1]).items()}
    if isinstance(first, list | dict) or hasattr(first, "__dict__"):
        places[id(first)] = (0,)
    named = {name: x for name, x in known_by_name(own).items() if id(x) in places}

    def on_what_it_is_given(*given: Any) -> Any:
        others = {name: at(given, places[id(x)]) for name, x in named.items()}
        with in_place_of(named, others, own):
            return step(*given)

    on_what_it_is_given.__wrapped__ = step  # type: ignore[attr-defined]
    on_what_it_is_given.bare = getattr(step, "bare", step)  # type: ignore[attr-defined]
    return (on_what_it_is_given, args) if named else (step, args)


def _with(others: dict[str, Any], named: dict[str, Any], step: Step) -> Step:
    """A step for which what it has names for is the other thing of that name."""

    def on_others(*given: Any) -> Any:
        with in_place_of(named, others, step):
            return step(*given)

    return on_others


def is_data(name: str) -> bool:
    """Whether an argument is called as inputs or targets are."""
    return name.lower() in INPUTS or bool(as_target(name))


def in_place_of(
    named: dict[str, Any], others: dict[str, Any], step: Step
) -> AbstractContextManager[None]:
    """While it runs, what a step has names for is the other thing of that name."""
    return renamed({id(x): others[name] for name, x in named.items()}, reachable(_function(step)))


def _function(step: Any) -> Any:
    """The function that a method or a call with some arguments held is of."""
    return step.func if isinstance(step, partial) else getattr(step, "__func__", step)


def returned_names(step: Any) -> list[str]:
    """The names of what a function returns, "" for what has none; none if it returns one thing."""
    with suppress(Exception):  # its source is not there
        returns = [x for x in ast.walk(parsed(step)) if isinstance(x, ast.Return)]
        if len(returns) == 1 and isinstance(returns[0].value, ast.Tuple):
            return [x.id if isinstance(x, ast.Name) else "" for x in returns[0].value.elts]
    return []


def known_by_name(step: Any) -> dict[str, Any]:
    """Things by the names that they have in the code of a function, and of those that it calls."""
    found: dict[str, Any] = {}
    seen: list[Any] = []
    waiting = [_function(step)]
    while waiting:
        f = waiting.pop(0)
        if not isinstance(f, FunctionType) or f in seen or is_library(f.__code__.co_filename):
            continue
        seen.append(f)
        around = f.__globals__ | Closure(f)
        names = [*_names(f.__code__)]
        used = {name: around[name] for name in names if name in around}
        for module in [x for x in used.values() if isinstance(x, ModuleType) and is_theirs(x)]:
            used = {name: vars(module)[name] for name in names if name in vars(module)} | used
        waiting += used.values()
        found = used | found
    return found


def _names(code: CodeType) -> Iterator[str]:
    """The names that a function has from outside, and those of the functions within it."""
    yield from (*code.co_names, *code.co_freevars)
    for const in code.co_consts:
        if isinstance(const, CodeType):
            yield from _names(const)
