"""A list of layer objects, forward through all of them and back again, in one call."""

import re
from collections.abc import Sequence
from inspect import signature
from typing import Any

import numpy as np

from proofs.adapters.adapted import Adapted
from proofs.adapters.layers import OUTPUTS, RATE, RATES, SENT, kept, methods_of, rate_of
from proofs.adapters.model import find, from_model
from proofs.network.activations import Activation, sigmoid
from proofs.network.costs import Cost, quadratic


def from_layers(
    layers: Sequence[Any],
    activations: Activation | Sequence[Activation] = sigmoid,
    cost: Cost = quadratic,
    **how: Any,
) -> Adapted:
    """Layer objects in their order, each with a forward and a backward method of any usual name.

    The last may be the loss, whose forward takes the outputs and the targets; without one, the
    last layer is given dC/da of `cost`, averaged over the examples. A learning rate that backward
    asks for is set; gradients that it returns beside the error are read as those that it keeps.
    `how` are the options of `from_model`, which finds the weights.
    Raises TypeError for an object without such methods.
    """
    for layer in layers:
        if methods_of(type(layer)) is None:
            raise TypeError(
                "layers: expected objects with methods forward and backward, got "
                f"{type(layer).__name__}"
            )
    rows = how.get("rows")
    rows = find(list(layers), rows).turned if rows is None else rows
    rate = RATE if any(map(rate_of, layers)) else None

    def step(layers: Sequence[Any], x: Any, y: Any) -> list[Any]:
        outputs = [x]
        for layer in layers:
            outputs.append(_forward(layer, outputs[-1], y))
        a = outputs[-1]
        if _required(layers[-1], 0)[1:]:
            shown = kept(layers[-1], OUTPUTS)
            delta = _back(layers[-1], outputs[-2] if shown is None else shown, y, loss=True)
            layers = layers[:-1]
        else:
            delta = (cost.gradient(a.T, y.T) / len(a)).T if rows else cost.gradient(a, y) / len(a.T)
        returned: list[Any] = []
        for layer, a in zip(reversed(layers), outputs[len(layers) - 1 :: -1], strict=True):
            sent = _back(layer, delta, y)
            parts = list(sent) if isinstance(sent, tuple | list) else [sent]
            at = next((n for n, part in enumerate(parts) if np.shape(part) == np.shape(a)), 0)
            delta = parts.pop(at)
            returned = [parts, *returned]
        return returned

    return from_model(list(layers), step, activations, cost, **{"rate": rate, **how, "rows": rows})


def _forward(layer: Any, a: Any, y: Any) -> Any:
    """The outputs of a layer; a loss is given the targets too."""
    out = _method(layer, 0)(*(a, y)[: len(_required(layer, 0))])
    return kept(layer, OUTPUTS) if out is None else out


def _back(layer: Any, given: Any, y: Any, loss: bool = False) -> Any:
    """What a layer sends back; a loss is told its outputs and the targets by its own names."""
    names = _required(layer, 1)
    told = [
        RATE if name.lower() in RATES
        else y if loss and re.search("true|target|label|^[yt]$", name)
        else 1.0 if loss and re.match("d|grad", name)
        else given
        for name in names
    ]  # fmt: skip
    sent = _method(layer, 1)(*told)
    return kept(layer, SENT) if sent is None else sent


def _method(layer: Any, which: int) -> Any:
    return getattr(layer, (methods_of(type(layer)) or ("", ""))[which])


def _required(layer: Any, which: int) -> list[str]:
    """The arguments that forward (0) or backward (1) has to be given."""
    declared = signature(_method(layer, which)).parameters.values()
    return [p.name for p in declared if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD]
