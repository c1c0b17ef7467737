"""Gradients that a step keeps to itself: variables of its functions hold them as these end.

What an optimizer such as Adam makes of them does not show them.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import is_dataclass
from itertools import takewhile
from typing import Any

import numpy as np

from proofs.adapters import slots
from proofs.checker.gradients import without_ones
from proofs.checker.one_by_one import is_listed
from proofs.checker.own_updates import Slopes
from proofs.measuring.callsites import is_library, profiled
from proofs.measuring.leaves import is_array, replaced

MOST = 2**10
"""So many calls of functions are looked at, at most, as they end."""

Place = tuple[str, str]
"""A function, and the variable that holds gradients; d* where each has a variable such as dW."""
Named = Mapping[str, slots.Path]


@contextmanager
def variables(model: Any, named: Named) -> Iterator[dict[Place, Any]]:
    """What may be gradients of arrays of a model in variables of the user's functions, as these
    end; of the last call of each.
    """
    held: dict[Place, Any] = {}
    shapes = {*_shapes(model, named).values()}
    keys, calls = _keys(named), 0

    def note(frame: Any, event: str, _: Any) -> None:
        nonlocal calls
        code = frame.f_code
        if event != "return" or code.co_name[0] == "<" or is_library(code.co_filename):
            return
        calls += 1
        own = frame.f_locals if calls <= MOST else {}
        for place in [place for place in held if place[0] == code.co_name]:
            del held[place]
        for name, x in own.items():
            text = slots.undecorated(name)
            for index, key in keys.get(text, {}).items() if slots.public(name) not in keys else ():
                if (g := _array_at(x, index)) is not None:
                    held.setdefault((code.co_name, name.replace(text, "*")), {})[key] = name, g
            kept = isinstance(x, dict | list | tuple) or (is_dataclass(x) and name != "self")
            if kept and shapes & {*slots.places([x]).values()}:
                held[code.co_name, name] = replaced((x,), {})[0]

    with profiled(note):
        yield held


def _keys(named: Named) -> dict[str, dict[tuple[int, ...], str]]:
    """The arrays by the names that they alone have, w of weights among them, and their indices in
    a list of that name.
    """
    keys: dict[str, list[tuple[tuple[int, ...], str]]] = {}
    for key, path in named.items():
        name = slots.name(path)
        index = tuple(takewhile(lambda each: isinstance(each, int), reversed(path)))[::-1]
        for text in (slots.public(name), *slots.shortened(name)):
            keys.setdefault(text, []).append((index, key))
    return {text: dict(found) for text, found in keys.items() if len(dict(found)) == len(found)}


def _shapes(model: Any, named: Named) -> dict[str, tuple[int, ...]]:
    shapes = slots.places(model)
    return {key: shapes.get(path, ()) for key, path in named.items()}


def _array_at(x: Any, index: tuple[int, ...]) -> Any:
    """A copy of the numbers at an index in lists; None if there are none."""
    with suppress(Exception):  # it is no list, or a shorter one
        for n in index:
            x = x[n]
    return np.array(x) if is_array(x) or isinstance(x, float) or is_listed(x) else None


def gradients_in(held: Mapping[Place, Any], place: Place, model: Any, named: Named) -> Any:
    """What stands at a place for arrays of a model, in their shapes, by their names."""
    found = held.get(place, {})
    try:
        if "*" not in place[1]:
            came = slots.matching(found, model, [*named.values()])
            if len(set(came.values())) < len(came):  # for a state too: the loss is after an update
                return {}
            grads = {key: slots.read(found, came[p]) for key, p in named.items() if p in came}
        else:
            grads = {key: g for key, (_, g) in found.items() if key in named}
    except ValueError:  # without names, and in more than one order
        return {}
    shapes = _shapes(model, named)
    return {key: g.reshape(shapes[key]) for key, g in grads.items()
            if without_ones(g.shape) == without_ones(shapes[key])}  # fmt: skip


def places(
    held: Mapping[Place, Any], model: Any, named: Named, slopes: Slopes
) -> tuple[dict[str, Place], int]:
    """Where the gradient of each array is, and how many of those are right; none where one may be
    in several places, or none of them is right.

    A right one counts wherever it is: what is done with it afterwards is no backward pass. A wrong
    one does where right ones of others are, or if it is the only one.
    """
    found = {place: gradients_in(held, place, model, named) for place in held}
    right = {place: slopes.right(grads) for place, grads in found.items()}
    order = sorted(found, key=lambda place: -len(right[place]))
    chosen, n = {}, 0
    for key in named:
        having = [place for place in order if key in found[place]]
        best = [place for place in having if key in right[place]]
        first = min(best, key=lambda place: right[place][key]) if best else None
        n += first is not None
        alike = all(np.array_equal(found[having[0]][key], found[place][key]) for place in having)
        if first is None and having and (right[having[0]] or (alike and "*" in having[0][1])):
            first = having[0]
        if first is None:
            return {}, 0
        chosen[key] = first
    return (chosen, n) if n else ({}, 0)


def told(chosen: Mapping[str, Place], held: Mapping[Place, Any]) -> str:
    """Where the gradients are, in words."""
    said: dict[str, list[str]] = {}
    for key, (function, variable) in chosen.items():
        name = held[function, variable][key][0] if "*" in variable else variable
        said.setdefault(function, []).append(name)
    return " and ".join(f"{', '.join(dict.fromkeys(names))} in {f}" for f, names in said.items())
