"""The four equations of backpropagation, each a claim that can be checked.

Names are loaded when they are first asked for, so that `import proofs` costs next to nothing.

>>> from proofs import verdict
>>> verdict("BP1").holds
True
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from proofs.checker.check_backprop import assert_backprop, check_backprop
    from proofs.checker.check_layer import assert_layer, check_layer
    from proofs.checker.check_model import assert_model, check_model
    from proofs.checker.which_equation import check_on
    from proofs.claims import CLAIMS, find
    from proofs.network import Network
    from proofs.network.activations import (
        leaky_relu,
        linear,
        relu,
        sigmoid,
        softmax,
        softplus,
        tanh,
    )
    from proofs.network.costs import cross_entropy, log_likelihood, quadratic
    from proofs.network.descent import descend
    from proofs.network.equations import backprop, bp1, bp1_full, bp2, bp2_full, bp3, bp4
    from proofs.witnesses import check, verdict

_HOME = {
    "network.activations": "leaky_relu linear relu sigmoid softmax softplus tanh",
    "claims": "CLAIMS find",
    "witnesses": "check verdict",
    "network.costs": "cross_entropy log_likelihood quadratic",
    "network.descent": "descend",
    "network.equations": "backprop bp1 bp1_full bp2 bp2_full bp3 bp4",
    "network": "Network",
    "checker.check_layer": "assert_layer check_layer",
    "checker.check_model": "assert_model check_model",
    "checker.which_equation": "check_on",
    "checker.check_backprop": "assert_backprop check_backprop",
}
_MODULE_OF = {name: module for module, names in _HOME.items() for name in names.split()}

__all__ = [
    "CLAIMS",
    "Network",
    "assert_backprop",
    "assert_layer",
    "assert_model",
    "backprop",
    "bp1",
    "bp1_full",
    "bp2",
    "bp2_full",
    "bp3",
    "bp4",
    "check",
    "check_backprop",
    "check_layer",
    "check_model",
    "check_on",
    "cross_entropy",
    "descend",
    "find",
    "leaky_relu",
    "linear",
    "log_likelihood",
    "quadratic",
    "relu",
    "sigmoid",
    "softmax",
    "softplus",
    "tanh",
    "verdict",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'proofs' has no attribute {name!r}")
    return getattr(import_module(f"proofs.{_MODULE_OF[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
