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
    if id(x) in seen or isinstance(x, type | np.ndarray):
        return
    seen.add(id(x))
    if isinstance(x, list | tuple):
        for n, item in enumerate(x):
            yield from layer_objects(item, f"{place}[{n}]", seen)
    elif isinstance(x, dict):
        for key, item in x.items():
            yield from layer_objects(item, f"{place}[{key!r}]", seen)
    elif of_their_class(x):
        methods = methods_of(type(x)) or ()
        if methods:
            yield f"{place.lstrip('.')} ({type(x).__name__})" if place else type(x).__name__, x
        for name, item in list(getattr(x, "__dict__", {}).items()):
            if name not in methods:
                yield from layer_objects(item, f"{place}.{name}", seen)


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
