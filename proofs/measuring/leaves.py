"""The arrays of floating-point numbers among somebody's arguments, wherever they are kept."""

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from proofs.measuring.tangents import is_floating

Path = tuple[Any, ...]
"""Where an array stands: the number of the argument, then keys and indices."""


def is_array(x: Any) -> bool:
    """Whether it is an array of floating-point numbers, of any precision."""
    return isinstance(x, np.ndarray) and is_floating(x.dtype)


def leaves(args: tuple[Any, ...]) -> dict[Path, Any]:
    """Every array of floating-point numbers, by its path."""
    return {(n, *path): x for n, arg in enumerate(args) for path, x in _within(arg)}


def numbers(args: tuple[Any, ...]) -> dict[Path, Any]:
    """Every single floating-point number that is no array, by its path, as an array."""
    found = ((n, path, x) for n, arg in enumerate(args) for path, x in _within(arg, _is_number))
    return {(n, *path): np.asarray(x) for n, path, x in found}


def _is_number(x: Any) -> bool:
    return isinstance(x, float | np.floating)


def _within(x: Any, wanted: Callable[[Any], bool] = is_array) -> Iterator[tuple[Path, Any]]:
    if wanted(x):
        yield (), x
    elif isinstance(x, dict | list | tuple) or is_record(x):
        for key, item in _items(x):
            yield from (((key, *path), leaf) for path, leaf in _within(item, wanted))


def is_record(x: Any) -> bool:
    """Whether it is a dataclass that only keeps things: one with methods of its own does more."""
    if not is_dataclass(x) or isinstance(x, type) or type(x).__module__.startswith("proofs."):
        return False
    return not any(callable(f) and name[:2] != "__" for name, f in vars(type(x)).items())


def fields_of(x: Any) -> dict[str, Any]:
    """What a record keeps, by name."""
    return {field.name: getattr(x, field.name) for field in fields(x) if hasattr(x, field.name)}


def _items(x: Any) -> Iterator[tuple[Any, Any]]:
    """What is kept in a dictionary, list, tuple or record, by key, index or name of the field."""
    x = fields_of(x) if is_record(x) else x
    yield from (
        x.items()
        if isinstance(x, dict)
        else zip(getattr(x, "_fields", range(len(x))), x, strict=True)
    )


def replaced(args: tuple[Any, ...], by: Mapping[Path, Any]) -> tuple[Any, ...]:
    """A copy of the arguments, all of it the caller may change, with other arrays at some paths."""
    return tuple(_put(arg, (n,), by) for n, arg in enumerate(args))


def _put(x: Any, path: Path, by: Mapping[Path, Any]) -> Any:
    if path in by:
        return by[path]
    if isinstance(x, dict):
        return {key: _put(item, (*path, key), by) for key, item in x.items()}
    if isinstance(x, list | tuple):
        make = getattr(x, "_make", type(x))  # of a named tuple
        return make(_put(item, (*path, key), by) for key, item in _items(x))
    if is_record(x):
        other = copy.copy(x)
        for key, item in _items(x):
            object.__setattr__(other, key, _put(item, (*path, key), by))  # it may be frozen
        return other
    return copied(x)


def copied(x: Any) -> Any:
    """A deep copy, or the thing itself where there can be none."""
    if type(x) is np.ndarray and x.dtype != object:
        return x.copy("K")
    if isinstance(x, int | float | str | bool | type(None)) or callable(x):
        return x
    try:
        return copy.deepcopy(x)
    except Exception:  # a file, a lock, a generator: shared, as the user's own code shares it
        return x
