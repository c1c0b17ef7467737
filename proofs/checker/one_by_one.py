"""Parameters that are arguments one by one, as in propagate(w, b, X, Y), and their gradients."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any

import numpy as np

from proofs.adapters.slots import undecorated
from proofs.checker.gradients import without_ones
from proofs.checker.returned import parts_of
from proofs.checker.unlisted import is_data, names_of, result_of, returned_names
from proofs.measuring.leaves import is_array

Step = Callable[..., Any]

Place = tuple[Any, ...]
"""Where something stands in what a step returns: its index, and the key or index within that."""

_OF_ONE_NUMBER = re.compile(r"(?i)(w|b|m|c|k|a|theta|weight|bias|slope|intercept)s?_?\d*")
"""How people call a parameter that is a single number; others are rates, factors and the like."""


def with_its_parameters(step: Step, args: tuple[Any, ...]) -> tuple[Step, tuple[Any, ...]]:
    """A step with some parameters as arguments one by one, and its arguments, with a dictionary of
    those as the first: those that it returns a gradient of, by name or by place.
    """
    names = names_of(step)[: len(args)]
    if not names or not (isinstance(args[0], np.ndarray) or _is_number(args[0])):
        return step, args
    given = dict(zip([*names, *range(len(names), len(args))], args, strict=True))
    learnt = {n: x for n, x in given.items() if n in names and _is_number(x) and not is_data(n)}
    result = result_of(step, args) if learnt else None
    places = max(_by_name(step, result, learnt), _by_place(result, learnt), key=len)
    if not places or (places.keys() == {next(iter(given))} and np.size(args[0]) > 1):
        return step, args

    def on_its_parameters(params: dict[str, Any], *data: Any) -> Any:
        rest = iter(data)
        parts = _parts(step(*(params[n] if n in params else next(rest) for n in given)))
        gradients = {name: _at(parts, place) for name, place in places.items()}
        return (*_others(parts, [*places.values()]), gradients)

    on_its_parameters.__wrapped__ = step  # type: ignore[attr-defined]
    own = {name: x if isinstance(x, list) else np.asarray(x) for name, x in learnt.items()
           if name in places}  # fmt: skip
    return on_its_parameters, (own, *(x for name, x in given.items() if name not in places))


def _is_number(x: Any) -> bool:
    return is_array(x) or isinstance(x, float | np.floating) or is_listed(x)


def is_listed(x: Any) -> bool:
    """Whether it is a list of numbers, or of such lists, as long as each other."""
    if not isinstance(x, list) or not x:
        return False
    if all(isinstance(each, float) or (is_array(each) and not each.ndim) for each in x):
        return True
    return all(map(is_listed, x)) and len(set(map(len, x))) == 1


def _by_name(step: Step, result: Any, learnt: Mapping[str, Any]) -> dict[str, Place]:
    """Where the gradient of each parameter stands that is returned as dW, grad_W and the like."""
    found: dict[str, Place] = {}
    said = returned_names(step)
    for n, part in enumerate(_parts(result)):
        if isinstance(part, Mapping):
            found |= {undecorated(str(key)): (n, key) for key in part}
        elif n < len(said):
            found[undecorated(said[n])] = (n,)
    return {name: found[name] for name in learnt if name in found}


def _by_place(result: Any, learnt: Mapping[str, Any]) -> dict[str, Place]:
    """Where the gradients of the first parameters stand, one after another and of their shapes.

    What is returned first is the loss, unless more parameters have a gradient otherwise.
    """
    parts = _parts(result)
    rows: list[list[Place]] = [[(n,) for n in range(len(parts))]]
    rows += [[(n, k) for k in range(len(part))] for n, part in enumerate(parts)
             if isinstance(part, list | tuple)]  # fmt: skip
    runs = [
        row[start:][: len(row) - (row is rows[0])]
        for row in rows
        for start in (*range(1, len(row)), 0)
    ]
    return max((_fitting(run, parts, learnt) for run in runs), key=len, default={})


def _fitting(
    run: Sequence[Place], parts: Sequence[Any], learnt: Mapping[str, Any]
) -> dict[str, Place]:
    """The parameters whose gradients a run begins with, each with its place."""

    def fits(pair: tuple[str, Place]) -> bool:
        name, place = pair
        x, g = learnt[name], _at(parts, place)
        named = bool(np.ndim(x)) or bool(_OF_ONE_NUMBER.fullmatch(name))
        return named and _is_number(g) and without_ones(np.shape(g)) == without_ones(np.shape(x))

    return dict(takewhile(fits, zip(learnt, run, strict=False)))


def _parts(result: Any) -> tuple[Any, ...]:
    return tuple(result) if isinstance(result, list | tuple) else (result,)


def _at(parts: Sequence[Any], place: Place) -> Any:
    n, *key = place
    return parts[n][key[0]] if key else parts[n]


def _others(parts: Sequence[Any], places: Sequence[Place]) -> Iterator[Any]:
    """What is returned beside the gradients."""
    for n, part in enumerate(parts):
        if (n,) in places:
            continue
        within = {place[1] for place in places if place[0] == n}
        if not within:
            yield part
            continue
        items = part.items() if isinstance(part, Mapping) else enumerate(part)
        others = {key: x for key, x in items if key not in within}
        yield from others.values() if len(others) == 1 else parts_of(others)
