"""Functions and updates in the forms in which people write them, around one network's arrays."""

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np

from proofs.adapters.adapted import LEARNING_RATE
from proofs.network.arrays import Array

Backprop = Callable[[Sequence[Array], Sequence[Array], Array, Array], dict[str, Any]]


def from_params(
    f: Callable[..., Any],
    *,
    rows: bool = False,
    labels: bool = False,
    flat: bool = False,
    total: bool = False,
    first: int = 1,
) -> Backprop:
    """A function f(params, x, y) on a dictionary with W1, b1, W2, b2, ... as a backward pass.

    Or with w1, b1, ..., if it asks for w1. It returns a dictionary of gradients named like the
    parameters, or with a d in front (dW1), perhaps beside a cost.
    Say `rows=True` if examples are rows and weights (n_in, n_out), `labels=True` for whole-number
    labels instead of target columns, `flat=True` for biases of shape (n,), `total=True` if
    gradients are summed over the examples, `first=0` for W0.
    The result is called as backprop(weights, biases, x, y).
    Raises TypeError if f returns no dictionary, ValueError for one without such names.
    """

    def backprop(
        weights: Sequence[Array], biases: Sequence[Array], x: Array, y: Array
    ) -> dict[str, Any]:
        params: dict[str, Array] = {}
        for i, (w, b) in enumerate(zip(weights, biases, strict=True), start=first):
            params[f"W{i}"] = w.T.copy() if rows else w
            params[f"b{i}"] = b.ravel() if flat else b.T if rows else b
        targets = y.argmax(axis=0) if labels else y.T if rows else y
        data = x.T if rows else x, targets
        try:
            returned = f(params, *data)
        except KeyError as error:
            if error.args != (f"w{first}",):
                raise
            returned = f({name.lower(): value for name, value in params.items()}, *data)
        gradients = _gradients(returned, range(first, first + len(weights)))
        m = x.shape[1] if total else 1
        return {
            "nabla_b": [np.reshape(b, (-1, 1)) / m for b in gradients["b"]],
            "nabla_w": [(np.transpose(w) if rows else np.asarray(w)) / m for w in gradients["W"]],
        }

    return backprop


def _gradients(returned: Any, layers: range) -> dict[str, list[Any]]:
    """The gradients of W and b in what was returned, by layer."""
    parts = returned if isinstance(returned, tuple) else (returned,)
    found = next((part for part in parts if isinstance(part, Mapping)), None)
    if found is None:
        raise TypeError(f"f: expected a dictionary of gradients, got {type(returned).__name__}")
    for before, w in product(("d", "", "grad_", "d_"), "Ww"):
        names = {kind: [f"{before}{of}{i}" for i in layers] for kind, of in (("W", w), ("b", "b"))}
        if all(name in found for of in names.values() for name in of):
            return {kind: [found[name] for name in of] for kind, of in names.items()}
    came = ", ".join(map(str, found)) or "an empty dictionary"
    wanted = f"dW{layers[0]}, db{layers[0]}, ... for each layer"
    raise ValueError(f"f: expected gradients {wanted}, got {came}")


def from_update(train: Callable[..., Any], rate: float = 2.0**20) -> Backprop:
    """A step train(weights, biases, x, y) that updates its arrays, as a backward pass.

    It changes the two lists or their arrays in place, or returns (weights, biases) anew, by minus
    `rate` times the gradients, which are read off the change.
    Let the step take the largest rate that it can, a power of two: adding the change to a weight
    rounds it, and the check allows for a rounding of ``abs(w) / rate``.
    Raises ValueError for a rate that is not above 0.
    """
    if not rate > 0:
        raise ValueError(f"rate: expected a number above 0, got {rate!r}")

    def backprop(
        weights: Sequence[Array], biases: Sequence[Array], x: Array, y: Array
    ) -> dict[str, Any]:
        new = [w.copy() for w in weights], [b.copy() for b in biases]
        returned = train(*new, x, y)
        after = new if returned is None else returned
        read = [
            [(old - now) / rate for old, now in zip(was, of, strict=True)]
            for was, of in zip((weights, biases), after, strict=True)
        ]
        return {"nabla_w": read[0], "nabla_b": read[1], LEARNING_RATE: rate}

    return backprop
