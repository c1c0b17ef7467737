"""Networks on which a wrong backward pass gives the right gradient, and two on which none does."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from proofs.checker.calling.observe import observe
from proofs.checker.check_backprop import check_backprop
from proofs.measuring.cases import Case
from proofs.mistakes.catalogue import Wrong
from proofs.network.arrays import Array
from proofs.network.equations import backprop

SEEN, BLIND, CRASHES = "seen", "blind", "crashes"

EQUAL = {"sizes": (4, 4, 4, 4), "m": 4}

NETWORKS: dict[str, dict[str, Any]] = {
    "one example": {"m": 1},
    "no hidden layer": {"sizes": (4, 3), "inner": ()},
    "one output": {"sizes": (4, 6, 5, 1)},
    "one neuron a layer": {"sizes": (1, 1, 1, 1)},
    "all biases 0": EQUAL,
    "symmetric weights": EQUAL,
    "all sizes distinct": {},
    "all sizes equal": EQUAL,
}
"""Test networks that people use, by what sets them apart from layers of 4, 6, 5, 3 and m = 7."""


FAR = 1e-3
"""A difference larger than this share of a gradient is no rounding, in whatever precision."""


def seen(wrong: Wrong, names: Iterable[str] = NETWORKS) -> dict[str, str]:
    """Whether each of the networks sees what is wrong, is blind to it, or makes it crash."""
    found = {}
    for name in names:
        setting = replace(wrong.setting, **{"sizes": (4, 6, 5, 3), "m": 7, **NETWORKS[name]})
        case = setting.case()
        if name == "all biases 0":
            case = _changed(case, lambda w: w, np.zeros_like)
        elif name == "symmetric weights":
            case = _changed(case, lambda w: (w + w.T) / 2, lambda b: b)
        found[name] = _seen(replace(wrong, setting=setting), case)
    return found


def _changed(
    case: Case, weights: Callable[[Array], Array], biases: Callable[[Array], Array]
) -> Case:
    w, b = map(weights, case.network.weights), map(biases, case.network.biases)
    return Case(case.network.with_arrays(list(w), list(b)), case.x, case.y)


def _seen(wrong: Wrong, case: Case) -> str:
    network = case.network
    first = observe(wrong.backprop(), network.weights, network.biases, case.x, case.y)
    if first.problem:
        return CRASHES
    # Which equation breaks takes long to find, and where gradients are far off it does not matter.
    if _far_off(first.numbers, case):
        return SEEN
    return BLIND if check_backprop(wrong.backprop(), network, case.x, case.y).holds else SEEN


def _far_off(came: dict[str, dict[int, Array]], case: Case) -> bool:
    """Whether some gradient of a layer is another one than by the equations."""
    right = backprop(case.network, case.x, case.y)._asdict()
    return any(
        abs(array - right[name][l]).max() > FAR * abs(right[name][l]).max()
        for name in ("nabla_b", "nabla_w")
        for l, array in came.get(name, {}).items()
    )
