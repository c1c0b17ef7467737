"""A JAX function of parameters, inputs and targets."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from proofs.adapters.adapted import Adapted, require_depth
from proofs.network import Network
from proofs.network.activations import Activation
from proofs.network.arrays import Array
from proofs.network.costs import Cost

KEYS = [("w", "b"), ("W", "b"), ("weights", "biases"), ("kernel", "bias")]
"""What the weights and the biases of a layer are called where a layer is a dictionary."""


def from_jax(
    loss: Callable[[Any, Any, Any], Any],
    params: Any,
    activations: Activation | Sequence[Activation],
    cost: Cost,
    transposed: bool | None = None,
) -> Adapted:
    """A function loss(params, x, y) that returns the average cost; what runs is jax.grad of it.

    `params` is a list of layers, or a dictionary of them in order; a layer is a pair (w, b) or a
    dictionary. w may be (n_l, n_{l-1}), as in the book, or transposed, as in x @ w + b; that is
    read off the shapes, and must be said where all layers are square.
    b may be a column (n_l, 1), and then examples are columns of x and y, or have shape (n_l,), and
    then they are rows.
    Raises TypeError or ValueError for parameters of another form.
    """
    layers = [_pair(layer) for layer in _layers(params)]
    if transposed is None:
        transposed = _transposed(layers)
    columns = all(b.ndim == 2 and b.shape[1] == 1 for _, b in layers)
    network = Network.from_arrays(
        [np.asarray(w.T if transposed else w) for w, _ in layers],
        [np.asarray(b).reshape(-1, 1) for _, b in layers],
        activations,
        cost,
    )

    def backprop(
        weights: Sequence[Array], biases: Sequence[Array], x: Array, y: Array
    ) -> tuple[list[Array], list[Array]]:
        require_depth(weights, layers)
        import jax
        import jax.numpy as jnp

        given = [
            (jnp.array(w.T if transposed else w, old_w.dtype), _like(b, old_b, columns))
            for w, b, (old_w, old_b) in zip(weights, biases, layers, strict=True)
        ]
        inputs, targets = (
            jnp.array(array if columns else array.T, layers[0][0].dtype) for array in (x, y)
        )
        gradient = jax.grad(loss)(_rebuilt(params, given), inputs, targets)
        found = [_pair(layer) for layer in _layers(gradient)]
        nabla_w = [np.asarray(w.T if transposed else w) for w, _ in found]
        return [np.asarray(b).reshape(-1, 1) for _, b in found], nabla_w

    return Adapted(network, backprop)


def _layers(params: Any) -> list[Any]:
    if isinstance(params, dict):
        return list(params.values())
    if isinstance(params, list | tuple):
        return list(params)
    raise TypeError(
        f"params: expected a list or a dictionary of layers, got {type(params).__name__}"
    )


def _pair(layer: Any) -> tuple[Any, Any]:
    """The weights and the biases of a layer."""
    if isinstance(layer, dict):
        for w, b in KEYS:
            if set(layer) == {w, b}:
                return layer[w], layer[b]
    elif isinstance(layer, list | tuple) and len(layer) == 2 and np.ndim(layer[0]) == 2:
        return layer[0], layer[1]
    raise TypeError(
        "params: expected each layer to be a pair (w, b) or a dictionary with keys "
        f"{' or '.join(f'{w}, {b}' for w, b in KEYS)}, got {_described(layer)}"
    )


def _described(layer: Any) -> str:
    if isinstance(layer, dict):
        return f"a dictionary with keys {', '.join(map(str, layer))}"
    return type(layer).__name__


def _rebuilt(params: Any, pairs: Sequence[tuple[Any, Any]]) -> Any:
    """Parameters in the form of `params`, with other weights and biases."""
    layers = [_filled(old, *pair) for old, pair in zip(_layers(params), pairs, strict=True)]
    if isinstance(params, dict):
        return dict(zip(params, layers, strict=True))
    return type(params)(layers)


def _filled(layer: Any, w: Any, b: Any) -> Any:
    if isinstance(layer, dict):
        return {key: w if value is _pair(layer)[0] else b for key, value in layer.items()}
    return type(layer)((w, b))


def _like(b: Array, old: Any, columns: bool) -> Any:
    """The biases in the form that the function is used to."""
    import jax.numpy as jnp

    shape = (-1, 1) if columns else (1, -1) if old.ndim == 2 else (-1,)
    return jnp.array(b.reshape(shape), old.dtype)


def _transposed(layers: list[tuple[Any, Any]]) -> bool:
    """Whether the weights are (n_{l-1}, n_l), as far as their shapes tell."""
    fits = {axis: all(w.shape[axis] == b.size for w, b in layers) for axis in (0, 1)}
    if fits[0] and fits[1]:
        raise ValueError(
            "params: expected to read off the shapes whether w is (n_l, n_{l-1}), but all layers "
            "are square; say transposed=False, or transposed=True for x @ w + b"
        )
    if not fits[0] and not fits[1]:
        shapes = ", ".join(f"w {w.shape} with b {b.shape}" for w, b in layers)
        raise ValueError(
            "params: expected one bias for each row of w, or for each column in every layer, "
            f"got {shapes}"
        )
    return fits[1]
