"""Objects that people really have, in the shape that `check_backprop` takes.

Each function adapts one kind of object and imports its framework only when called.
The result is called as backprop(weights, biases, x, y) and knows its network:

    subject = from_torch(model, torch.nn.CrossEntropyLoss())
    check_backprop(subject, subject.network, x, y)

The object itself is copied, never changed.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from proofs.adapters.adapted import Adapted
    from proofs.adapters.book import from_book
    from proofs.adapters.functions import activation_of, cost_of
    from proofs.adapters.in_a_row import from_layers
    from proofs.adapters.jax import from_jax
    from proofs.adapters.loop import from_loop
    from proofs.adapters.model import from_model
    from proofs.adapters.params import from_params, from_update
    from proofs.adapters.sklearn import from_sklearn
    from proofs.adapters.torch import from_torch

_MODULE_OF = {
    "Adapted": "adapted",
    "activation_of": "functions",
    "cost_of": "functions",
    "from_book": "book",
    "from_jax": "jax",
    "from_layers": "in_a_row",
    "from_loop": "loop",
    "from_model": "model",
    "from_params": "params",
    "from_sklearn": "sklearn",
    "from_torch": "torch",
    "from_update": "params",
}
"""Loaded when they are first asked for: a process in which a target runs needs two of them."""

__all__ = [
    "Adapted",
    "activation_of",
    "cost_of",
    "from_book",
    "from_jax",
    "from_layers",
    "from_loop",
    "from_model",
    "from_params",
    "from_sklearn",
    "from_torch",
    "from_update",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'proofs.adapters' has no attribute {name!r}")
    return getattr(import_module(f"proofs.adapters.{_MODULE_OF[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
