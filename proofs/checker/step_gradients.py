"""What a step returned beside its loss: whose gradient each array is, and what is nobody's."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from proofs.adapters.slots import undecorated
from proofs.checker.gradients import Misfit, matched, name_of, without_ones
from proofs.checker.returned import parts_of, single_numbers
from proofs.measuring.leaves import Path, is_array, leaves, numbers
from proofs.measuring.tangents import value

UNPLACED = "returned, but compared with nothing, as no array of parameters is left for it:"
SET_ASIDE = "besides its loss the step returned single numbers, which were set aside: {}"
TWO_LOSSES = (
    "the step returned {} single numbers and {} dictionaries with {}, and which is the gradient of "
    "which loss is not guessed: let it return one loss and its gradients, one network at a time"
)


def gradients_returned(result: Any, params: Any) -> tuple[dict[Path, Any], list[Misfit]]:
    """The gradients that a step returned, by the path of the parameter."""
    arrays = leaves((params,))
    rest = beside_the_loss(result)
    for part in rest:
        same = leaves((part,)) | numbers((part,))
        if arrays and set(same) >= set(arrays):
            return {path: same[path] for path in arrays}, []
    found, loose = matched(tuple(rest) if len(rest) != 1 else rest[0], arrays, ["params"], None)
    # Beside a gradient for each parameter it may return what it hands on, such as its last state.
    return found, loose if set(found) != set(arrays) else []


def beside_the_loss(result: Any) -> list[Any]:
    """What a step returned but for its loss, and other single numbers, such as an accuracy."""
    single = single_numbers(result)
    return [x for x in parts_of(result) if not any(x is each for each in single)]


def of_their_shapes(result: Any, params: Any) -> tuple[dict[Path, Any], list[Misfit]]:
    """Those that have the shape of their parameter, and what is to be said of the others."""
    gradients, loose = gradients_returned(result, params)
    arrays = leaves((params,))
    odd = {
        path: f"expected the shape {arrays[path].shape}, got {np.shape(g)}"
        for path, g in gradients.items()
        if without_ones(np.shape(g)) != without_ones(arrays[path].shape)
    }
    right = {path: g for path, g in gradients.items() if path not in odd}
    return right, [*loose, *(Misfit(*each, gradients[each[0]]) for each in odd.items())]


def compared_with_nothing(result: Any, gradients: Mapping[Path, Any]) -> tuple[str, ...]:
    """What stands among the gradients that a step returned and is none of a parameter's."""
    used = {id(g) for g in gradients.values()}
    bare = [x for x in beside_the_loss(result) if is_array(x)]
    rest = [f"one of shape {x.shape}" for x in bare if id(x) not in used]
    rest += [
        name_of((0, *path), ["what it returned"])
        for part in beside_the_loss(result)
        if any(id(x) in used for x in leaves((part,)).values())
        for (_, *path), x in leaves((part,)).items()
        if id(x) not in used
    ]
    said = (f"{UNPLACED} {', '.join(rest)}",) if rest and gradients else ()
    beside = [*_numbers_beside(result, used, {path[-1] for path in gradients})]
    return (*said, SET_ASIDE.format(", ".join(beside))) if beside else said


def _numbers_beside(result: Any, used: set[int], known: set[Any]) -> Iterator[str]:
    """The single numbers that a step returned besides its loss and gradients, by name if any."""
    yield from (f"{float(value(x)):.6g}" for x in single_numbers(result)[1:] if id(x) not in used)
    for part in beside_the_loss(result):
        if isinstance(part, dict):
            yield from (f"{key} {float(x):.6g}" for key, x in part.items()
                        if isinstance(x, float | np.floating)
                        and not {key, undecorated(str(key))} & known)  # fmt: skip


def of_two_losses(result: Any, params: Any) -> str:
    """What is to be said where which gradients are those of which loss cannot be told."""
    losses = len(single_numbers(result))
    parts = [part for part in beside_the_loss(result) if isinstance(part, dict)]
    keys = [tuple(part) for part in parts]
    alike, every = max(map(keys.count, keys), default=0), leaves((params,)).keys()
    if losses < 2 or alike < 2 or any(every <= leaves((part,)).keys() for part in parts):
        return ""
    most = next(each for each in keys if keys.count(each) == alike)
    return TWO_LOSSES.format(losses, alike, ", ".join(map(str, most)))
