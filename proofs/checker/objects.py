"""Layers that are objects, wherever a model keeps them, and their methods while a step runs."""

import copy
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from types import MethodType, SimpleNamespace
from typing import Any

import numpy as np

from proofs.adapters.layers import methods_of
from proofs.measuring.callsites import is_library


def layer_objects(
    x: Any, place: str = "", seen: set[int] | None = None
) -> Iterator[tuple[str, Any]]:
    """Every object with a forward and a backward pass within x, with the place it is kept at."""
    seen = set() if seen is None else seen
    if id(x) in seen:
        return
    seen.add(id(x))
    own = is_object(x)
    methods = methods_of(type(x)) or () if own else ()
    if methods:
        yield f"{place.lstrip('.')} ({type(x).__name__})" if place else type(x).__name__, x
    for key, item in parts(x, own):
        if key not in methods:
            yield from layer_objects(item, f"{place}.{key}" if own else f"{place}[{key!r}]", seen)


def parts(x: Any, own: bool) -> list[tuple[Any, Any]]:
    """What a list, a dictionary or an object that is the user's `own` keeps, each with its index,
    key or name before it."""
    if own:
        return list(getattr(x, "__dict__", {}).items())
    if isinstance(x, dict):
        return list(x.items())
    return list(enumerate(x)) if isinstance(x, list | tuple) else []


def is_object(x: Any) -> bool:
    """Whether it is an object of a class of the user's, and no list, dictionary, class or array."""
    return not isinstance(x, list | tuple | dict | type | np.ndarray) and of_their_class(x)


def holds(x: Any) -> bool:
    """Whether x is a layer with a forward and a backward pass, or holds one."""
    return next(layer_objects(x), None) is not None


def of_their_class(x: Any) -> bool:
    """Whether it is an object of a class of the user's, or a bare namespace."""
    kind = type(x)
    codes = (getattr(getattr(f, "__wrapped__", f), "__code__", None) for f in vars(kind).values())
    home = getattr(sys.modules.get(kind.__module__), "__file__", None)  # of a class without methods
    files = [code.co_filename for code in codes if code] or [home]
    known = any(file is not None and not is_library(file) for file in files)
    return known or kind is SimpleNamespace or kind.__module__ == "__main__"


def as_it_is(layer: Any) -> Any:
    """A deep copy of a layer, its own methods put back."""
    copied = copy.deepcopy(layer)
    for _, each in layer_objects(copied):
        for name in methods_of(type(each)) or ():
            vars(each).pop(name, None)
    return copied


@contextmanager
def methods_replaced(
    layers: Sequence[tuple[Any, Callable[..., Any], Callable[..., Any]]],
) -> Iterator[None]:
    """While it runs, forward and backward pass of each layer are those given with it."""
    names = [methods_of(type(layer)) or ("", "") for layer, _, _ in layers]
    kinds = [type(layer) for layer, _, _ in layers]
    for (layer, *methods), kind, named in zip(layers, kinds, names, strict=True):
        vars(layer).update(zip(named, methods, strict=True))
        if kind.__call__ is getattr(kind, named[0]):  # which Python does not look up in the object
            layer.__class__ = _called_as(kind, named)
    try:
        yield
    finally:
        for (layer, _, _), kind, named in zip(layers, kinds, names, strict=True):
            layer.__class__ = kind
            for name in named:
                vars(layer).pop(name, None)


def _called_as(kind: type, named: tuple[str, str]) -> type:
    """A class whose objects, when called, do what their own attribute of the first name does."""
    own: Any = kind.__call__

    def call(self: Any, *args: Any, **how: Any) -> Any:
        return vars(self).get(named[0], MethodType(own, self))(*args, **how)

    # The first method tells whose class it is.
    methods = {named[1]: getattr(kind, named[1]), "__call__": wraps(own)(call)}
    return type(kind.__name__, (kind,), {"__module__": kind.__module__} | methods)
