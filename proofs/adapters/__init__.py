"""Objects that people really have, in the shape that `check_backprop` takes.

Each function adapts one kind of object and imports its framework only when called.
The result is called as backprop(weights, biases, x, y) and knows its network:

    subject = from_torch(model, torch.nn.CrossEntropyLoss())
    check_backprop(subject, subject.network, x, y)

The object itself is copied, never changed.
"""

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
