"""The parameters that layers keep themselves: which gradient a step ends with for each.

It is among the arrays that the step returned; or a layer keeps it, or the model; or the weights
were updated along it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from proofs.adapters import slots
from proofs.adapters.layers import gradient_of, parameters_of
from proofs.checker.watch import Seen, Watch
from proofs.measuring.leaves import leaves

Key = tuple[str, str]
"""The names of a layer and of its parameter."""
Compare = Callable[[Key, Any], tuple[Any, Any, Any]]
"""What an array comes to along some directions, what it should, and what rounding explains."""


def shares(watch: Watch) -> dict[Key, list[tuple[Seen, Any]]]:
    """What each call of its layer sends a parameter."""
    found: dict[Key, list[tuple[Seen, Any]]] = {}
    for pair, _ in watch.layers:
        for seen in watch.calls:
            last = seen.returned[-1] if isinstance(seen.returned, tuple) else None
            if seen.pair == pair and seen.answered and isinstance(last, dict):
                for name, gradient in last.items():
                    if gradient is not None:
                        found.setdefault((pair.name, name), []).append((seen, gradient))
    return found


def ends_with(watch: Watch, keys: Sequence[Key], compare: Compare) -> dict[Key, tuple[Any, bool]]:
    """The gradient of each parameter, and whether the step returned it."""
    returned = _returned(watch, keys, compare)
    if returned:
        return {key: (x, True) for key, x in returned.items()}
    return {key: (_kept(watch, key, compare), False) for key in keys}


def _off(compared: tuple[Any, Any, Any]) -> float:
    got, want, tolerance = compared
    return float(np.max(abs(got - want) / tolerance))


def _returned(watch: Watch, keys: Sequence[Key], compare: Compare) -> dict[Key, Any]:
    """The gradients that a step returned, if they are all there.

    Of arrays of one shape each belongs to the parameter whose gradient it is nearest to.
    """
    parts = watch.result if isinstance(watch.result, tuple | list) else (watch.result,)
    bare = [x for x in parts if isinstance(x, np.ndarray)]
    now = [id(x) for x in _parameters(watch).values()]
    shapes = {key: np.shape(x) for key, x in watch.own.items()}
    shapes |= {key: np.shape(of[0][1]) for key, of in shares(watch).items()}
    for part in (*(x for x in parts if not isinstance(x, np.ndarray)), bare, parts):
        arrays = [x for x in leaves((part,)).values() if x.ndim]
        pairs = sorted((_off(compare(key, x)), n, key) for n, x in enumerate(arrays)
                       for key in keys if x.shape == shapes[key])  # fmt: skip
        found: dict[Key, int] = {}
        for _, n, key in pairs:
            if key not in found and n not in found.values():
                found[key] = n
        if len(found) == len(keys) > 0 and not any(id(x) in now for x in arrays):
            return {key: arrays[n] for key, n in found.items()}
    return {}


def _kept(watch: Watch, key: Key, compare: Compare) -> Any:
    """What its layer keeps, unless something else that is kept, or an update, is the right one."""
    layer = next(layer for pair, layer in watch.objects if pair.name == key[0])
    sent = shares(watch).get(key, [])
    own = gradient_of(layer, key[1])
    own = sent[-1][1] if own is None and sent else own
    arrays = [slots.at(x, path) for x in watch.given for path in slots.places(x) if ... not in path]
    arrays += leaves((watch.result,)).values()
    before = sent[0][0].args[-1][key[1]] if sent else watch.own[key]
    moved = before - _parameters(watch).get(key, before)
    if moved.any():
        got, want, _ = compare(key, moved)
        rate = float(got @ want) / float(got @ got)
        arrays += [rate * moved] if rate > 0 else []
    fitting = (x for x in (own, *arrays) if np.shape(x) == np.shape(before))
    return next((x for x in fitting if _off(compare(key, x)) <= 1), own)


def _parameters(watch: Watch) -> Mapping[Key, Any]:
    """The parameters as the run has left them."""
    return {(pair.name, name): x for pair, layer in watch.objects
            for name, x in parameters_of(layer).items()}  # fmt: skip
