"""scikit-learn's MLPClassifier and MLPRegressor."""

from collections.abc import Sequence
from copy import deepcopy
from inspect import signature
from typing import Any

import numpy as np

from proofs.adapters.adapted import Adapted
from proofs.network import Network
from proofs.network.activations import linear, relu, sigmoid, softmax, tanh
from proofs.network.arrays import Array
from proofs.network.costs import Cost, cross_entropy, log_likelihood, quadratic

ACTIVATION_OF = {
    "identity": linear,
    "logistic": sigmoid,
    "tanh": tanh,
    "relu": relu,
    "softmax": softmax,
}
COST_OF = {
    ("squared_error", "identity"): quadratic,
    ("log_loss", "logistic"): cross_entropy,
    ("log_loss", "softmax"): log_likelihood,
}
"""By the loss and the output activation; it takes a - y for delta^L in all three."""


def from_sklearn(model: Any) -> Adapted:
    """A fitted MLPClassifier or MLPRegressor.

    What runs is the model's own `_backprop`, with the penalty alpha set to 0: the cost of the book
    has none. Targets are numbers, not labels: columns that sum to 1 for a softmax, because a - y
    is wrong for others.
    (The loss that an MLPRegressor reports averages over the outputs as well; its gradients do not.)
    Raises TypeError for another kind of object, ValueError for a model that is not fitted or has
    another loss.
    """
    cost = _cost_of(model)
    names = [model.activation] * (model.n_layers_ - 2) + [model.out_activation_]
    network = Network.from_arrays(
        [w.T for w in model.coefs_],
        [b.reshape(-1, 1) for b in model.intercepts_],
        [ACTIVATION_OF[name] for name in names],
        cost,
    )
    own, dtype = deepcopy(model), model.coefs_[0].dtype
    own.alpha = 0.0
    # From 1.7 on `_backprop` takes the weights of the examples.
    weightless = {"sample_weight": None} if _takes(own._backprop, "sample_weight") else {}  # noqa: SLF001 - this is what is checked

    def backprop(
        weights: Sequence[Array], biases: Sequence[Array], x: Array, y: Array
    ) -> dict[str, list[Array]]:
        own.coefs_ = [np.array(w.T, dtype, order="C") for w in weights]
        own.intercepts_ = [np.array(b.ravel(), dtype) for b in biases]
        own.n_layers_ = len(weights) + 1
        rows, targets = np.array(x.T, dtype, order="C"), np.array(y.T, dtype, order="C")
        activations: list[Any] = [rows, *weights]  # to be filled, as are those below
        deltas, nabla_w, nabla_b = list(weights), list(weights), list(biases)
        own._backprop(  # noqa: SLF001
            X=rows,
            y=targets,
            activations=activations,
            deltas=deltas,
            coef_grads=nabla_w,
            intercept_grads=nabla_b,
            **weightless,
        )
        return {
            "a": [a.T for a in activations[1:]],
            "delta": [delta.T for delta in deltas],
            "nabla_b": [nabla.reshape(-1, 1) for nabla in nabla_b],
            "nabla_w": [nabla.T for nabla in nabla_w],
        }

    return Adapted(network, backprop)


def _cost_of(model: Any) -> Cost:
    """The cost of a model that is what `from_sklearn` takes, and the errors where it is not."""
    from sklearn.neural_network import MLPClassifier, MLPRegressor

    if not isinstance(model, MLPClassifier | MLPRegressor):
        raise TypeError(
            f"model: expected an MLPClassifier or MLPRegressor, got {type(model).__name__}"
        )
    if not hasattr(model, "coefs_"):
        raise ValueError(
            f"model: expected a fitted {type(model).__name__}, got one without weights; "
            "call fit or partial_fit first"
        )
    kind = (model.loss, model.out_activation_)
    if kind not in COST_OF:
        known = ", ".join(f"{loss} with {output}" for loss, output in COST_OF)
        raise ValueError(f"model: expected a loss among {known}, got {kind[0]} with {kind[1]}")
    return COST_OF[kind]


def _takes(function: Any, name: str) -> bool:
    return name in signature(function).parameters
