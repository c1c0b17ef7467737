"""A list of layer objects, forward through all of them and back again, in one call."""

import re
from collections.abc import Sequence
from copy import deepcopy
from functools import partial
from inspect import signature
from typing import Any

import numpy as np

from proofs.adapters import slots
from proofs.adapters.adapted import Adapted
from proofs.adapters.layers import (
    OUTPUTS,
    RATE,
    RATES,
    SENT,
    kept,
    methods_of,
    rate_of,
    without_gradients,
)
from proofs.adapters.model import FITS, find, fit, from_model
from proofs.network.activations import Activation, sigmoid
from proofs.network.arrays import Array
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
    Raises TypeError for an object without such methods, ValueError for layers without weights.
    """
    for layer in layers:
        if methods_of(type(layer)) is None:
            raise TypeError(
                "layers: expected objects with methods forward and backward, got "
                f"{type(layer).__name__}"
            )
    if methods_of(type(activations)) is not None:
        raise TypeError(
            "activations: expected those of proofs.activations, got an object with forward and "
            f"backward, {type(activations).__name__}; a loss is the last of the layers: "
            "from_layers([*layers, loss])"
        )
    start = deepcopy(list(layers))
    for layer in start:
        _clear(layer)
    rate = RATE if any(map(rate_of, layers)) else None

    def made(rows: bool) -> Adapted:
        own = {"rate": rate, **how, "rows": rows}
        step = partial(_there_and_back, cost=cost, rows=rows)

        def anew() -> Adapted:
            return from_model(start, step, activations, cost, **own)

        # Whoever calls the layers clears what they add up: here that is each call.
        return Adapted(anew().network, lambda w, b, x, y: anew()(w, b, x, y))

    if how.get("rows") is not None:
        return made(how["rows"])
    turned = _lie_turned(start)
    usual, each = made(turned), how.get("each", False)
    if fit(usual, each) == FITS:
        return usual
    # Weights go with columns and with rows, whichever way they lie: only the layers tell.
    other = made(not turned)
    return other if fit(other, each) == FITS else usual


def _there_and_back(layers: list[Any], x: Any, y: Any, cost: Cost, rows: bool) -> list[Any]:
    """Forward through all layers and back again; what each returns beside the error."""
    outputs = [x]
    for layer in layers:
        outputs.append(_forward(layer, outputs[-1], y))
    a = outputs[-1]
    if _takes_targets(layers[-1]):
        shown = kept(layers[-1], OUTPUTS)
        delta = _back(layers[-1], outputs[-2] if shown is None else shown, y, loss=True)
        layers = layers[:-1]
    else:
        delta = _slope(cost, a, y, rows)
    returned: list[Any] = []
    for layer, a in zip(reversed(layers), outputs[len(layers) - 1 :: -1], strict=True):
        sent = _back(layer, delta, y)
        parts = list(sent) if isinstance(sent, tuple | list) else [sent]
        at = next((n for n, part in enumerate(parts) if np.shape(part) == np.shape(a)), 0)
        delta = parts.pop(at)
        returned = [parts, *returned]
    return returned


TRAINING = ("training", "train", "is_training", "is_train", "train_flg")
"""How people call the argument that tells training from prediction."""

TARGETS = "true|target|label|^[yt]$"
"""What stands in the name of the argument that takes the targets."""

CLEARS = ("zero_grad", "zero_grads", "zero_gradients", "flush_gradients", "clear_gradients",
          "clear_grads", "reset_gradients", "reset_grads")  # fmt: skip
"""How people call the method that clears what a layer has added up."""


def _clear(layer: Any) -> None:
    """Set what a layer has added up to 0, and let it do so itself where it has a method for it."""
    without_gradients(layer)
    for name in CLEARS:
        if callable(method := getattr(layer, name, None)):
            method()


def _lie_turned(layers: list[Any]) -> bool:
    """Whether their weights are (n_in, n_out)."""
    if not any(slots.places(layers).values()):
        raise ValueError("layers: they have no weights yet: call forward once, so that they make "
                         "them")  # fmt: skip
    return find(layers).turned


def _slope(cost: Cost, a: Array, y: Array, rows: bool) -> Array:
    """dC/da of the average cost for the outputs of a batch, or of one example, shape (n_L,)."""
    if a.ndim == 1:
        return cost.gradient(a[:, None], y[:, None])[:, 0]
    return (cost.gradient(a.T, y.T) / len(a)).T if rows else cost.gradient(a, y) / len(a.T)


def _forward(layer: Any, a: Any, y: Any) -> Any:
    """The outputs of a layer; a loss is given the targets too."""
    data = iter((a, y))
    given = [True if name.lower() in TRAINING else next(data) for name in _required(layer, 0)]
    out = _method(layer, 0)(*given)
    return kept(layer, OUTPUTS) if out is None else out


def _takes_targets(layer: Any) -> bool:
    """Whether a layer is a loss: its forward asks for the outputs and something else."""
    return sum(name.lower() not in TRAINING for name in _required(layer, 0)) > 1


def _back(layer: Any, given: Any, y: Any, loss: bool = False) -> Any:
    """What a layer sends back; a loss is told its outputs and the targets by its own names.

    A loss that asks for an error and no targets, as in backward(dout=1), has kept them.
    """
    names = _required(layer, 1)
    kept_them = loss and not any(re.search(TARGETS, name) for name in names)
    told = [
        RATE if n and name.lower() in RATES
        else True if name.lower() in TRAINING
        else y if loss and re.search(TARGETS, name)
        else 1.0 if kept_them and re.match("d|grad", name)
        else given
        for n, name in enumerate(names)
    ]  # fmt: skip
    sent = _method(layer, 1)(*told)
    return kept(layer, SENT) if sent is None else sent


def _method(layer: Any, which: int) -> Any:
    return getattr(layer, (methods_of(type(layer)) or ("", ""))[which])


def _required(layer: Any, which: int) -> list[str]:
    """The arguments that forward (0) or backward (1) has to be given; the first, if none has to."""
    declared = signature(_method(layer, which)).parameters.values()
    by_place = [p for p in declared if p.kind is p.POSITIONAL_OR_KEYWORD]
    required = [p.name for p in by_place if p.default is p.empty]
    return required or [p.name for p in by_place[: 1 - which]]
