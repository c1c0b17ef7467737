"""Layers that are objects, wherever a model keeps them, and their methods while a step runs."""

import copy
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from proofs.measuring.callsites import is_library

METHODS = ("forward", "backward")


def layer_objects(
    x: Any, place: str = "", seen: set[int] | None = None
) -> Iterator[tuple[str, Any]]:
    """Every object with methods `forward` and `backward` within x, with the place it is kept at."""
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
    elif _theirs(x):
        if all(callable(getattr(type(x), name, None)) for name in METHODS):
            yield f"{place.lstrip('.')} ({type(x).__name__})" if place else type(x).__name__, x
        for name, item in list(vars(x).items()):
            if name not in METHODS:
                yield from layer_objects(item, f"{place}.{name}", seen)


def _theirs(x: Any) -> bool:
    """Whether it is an object of a class of the user's."""
    codes = [getattr(f, "__code__", None) for f in vars(type(x)).values()]
    file = next((code.co_filename for code in codes if code), None)
    return hasattr(x, "__dict__") and file is not None and not is_library(file)


def as_it_is(layer: Any) -> Any:
    """A deep copy of a layer, its own methods put back."""
    copied = copy.deepcopy(layer)
    for _, each in layer_objects(copied):
        for name in METHODS:
            vars(each).pop(name, None)
    return copied


@contextmanager
def methods_replaced(
    layers: Sequence[tuple[Any, Callable[..., Any], Callable[..., Any]]],
) -> Iterator[None]:
    """While it runs, the methods forward and backward of each layer are those given with it."""
    for layer, forward, backward in layers:
        vars(layer).update(forward=forward, backward=backward)
    try:
        yield
    finally:
        for layer, _, _ in layers:
            for name in METHODS:
                vars(layer).pop(name, None)
