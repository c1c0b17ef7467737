"""A torch.nn.Sequential of Linear layers and activations."""

from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import Any, NamedTuple

from proofs.adapters.adapted import Adapted, require_depth
from proofs.network import Network
from proofs.network.activations import (
    Activation,
    leaky_relu,
    linear,
    relu,
    sigmoid,
    softmax,
    softplus,
    tanh,
)
from proofs.network.arrays import Array
from proofs.network.costs import Cost, cross_entropy, log_likelihood, quadratic

SUPPORTED = "Linear, Sigmoid, Tanh, ReLU, LeakyReLU, Softplus, Softmax, Identity and Flatten"
SUPPORTED_LOSSES = "MSELoss, BCELoss, BCEWithLogitsLoss and CrossEntropyLoss"


class Layer(NamedTuple):
    """A Linear, and the modules up to the next one: what makes z of a, and a of z."""

    linear: Any
    after: list[Any]


class Loss(NamedTuple):
    """What torch's loss is to the book."""

    cost: Cost
    total: Callable[[Any, Any], Any]
    """The average cost, from the model's output and the targets, examples as rows."""
    fused: Activation | None = None
    """The activation of the output layer, where the loss contains it."""


def from_torch(
    model: Any,
    loss: Any,
    cost: Cost | None = None,
    activations: Sequence[Activation] | None = None,
) -> Adapted:
    """A torch.nn.Sequential of Linear layers and activations, with its loss.

    `loss` is MSELoss, BCELoss, BCEWithLogitsLoss or CrossEntropyLoss; those that average over the
    outputs too, or have no factor 1/2, are brought to the book's cost.
    It may also be any function of output and target, examples as rows, that returns the average
    cost; then `cost` says which one.
    `activations` says what each layer from 2 to L is meant to compute, where modules of your own
    stand between the Linear ones.
    (torch's Softplus returns z above its threshold of 20, which a report in float64 remarks.)
    Raises TypeError or ValueError for a layer or a loss that is not supported, naming those that
    are.
    """
    from torch import nn

    if not isinstance(model, nn.Sequential):
        raise TypeError(f"model: expected a torch.nn.Sequential, got {type(model).__name__}")
    own = deepcopy(model)
    layers = _layers(own)
    known = _loss(loss, cost)
    network = Network.from_arrays(
        [layer.linear.weight.detach().cpu().numpy() for layer in layers],
        [layer.linear.bias.detach().cpu().numpy().reshape(-1, 1) for layer in layers],
        _activations(layers, known.fused) if activations is None else activations,
        known.cost,
    )
    return Adapted(network, _backprop(layers, known))


def _backprop(layers: list[Layer], loss: Loss) -> Callable[..., dict[str, list[Array]]]:
    import torch

    dtype, device = layers[0].linear.weight.dtype, layers[0].linear.weight.device

    def tensor(array: Array) -> Any:
        return torch.tensor(array, dtype=dtype, device=device)

    def gradient(of: Any) -> Any:
        # What autograd never reached has no gradient: the derivative is 0.
        return torch.zeros_like(of) if of.grad is None else of.grad

    def backprop(
        weights: Sequence[Array], biases: Sequence[Array], x: Array, y: Array
    ) -> dict[str, list[Array]]:
        require_depth(weights, layers)
        for layer, w, b in zip(layers, weights, biases, strict=True):
            layer.linear.weight = torch.nn.Parameter(tensor(w))
            layer.linear.bias = torch.nn.Parameter(tensor(b).flatten())
        z, a = [], [tensor(x).T]
        for layer in layers:
            z.append(layer.linear(a[-1]))
            z[-1].retain_grad()
            a.append(z[-1].clone())  # so that an activation that works in place leaves z alone
            for module in layer.after:
                a[-1] = module(a[-1])
        loss.total(a[-1], tensor(y).T).backward()
        if loss.fused is not None:
            a[-1] = _fused(loss.fused, a[-1])
        m = x.shape[1]
        found = {
            "z": [value.T for value in z],
            "a": [value.T for value in a[1:]],
            "delta": [m * gradient(value).T for value in z],
            "nabla_b": [gradient(layer.linear.bias).reshape(-1, 1) for layer in layers],
            "nabla_w": [gradient(layer.linear.weight) for layer in layers],
        }
        return {
            name: [value.detach().cpu().numpy() for value in values]
            for name, values in found.items()
        }

    return backprop


def _fused(activation: Activation, z: Any) -> Any:
    """The output activation that the loss computes unseen, by torch's own function."""
    return z.softmax(dim=1) if activation is softmax else z.sigmoid()


def _flat(model: Any) -> list[Any]:
    """The modules of a Sequential in order, those of Sequentials inside it included."""
    from torch import nn

    if isinstance(model, nn.Sequential):
        return [module for part in model for module in _flat(part)]
    return [model]


def _layers(model: Any) -> list[Layer]:
    import torch
    from torch import nn

    layers: list[Layer] = []
    for module in _flat(model):
        if isinstance(module, nn.Linear):
            if module.bias is None:
                raise ValueError(
                    f"model: expected a bias in every Linear, got {module}; biases of 0 do the same"
                )
            if module.weight.dtype not in (torch.float32, torch.float64):
                raise ValueError(
                    f"model: expected weights in float32 or float64, got {module.weight.dtype}; "
                    "model.float() converts them"
                )
            layers.append(Layer(module, []))
        elif isinstance(module, nn.Flatten):
            if module.start_dim != 1:
                raise ValueError(f"model: expected Flatten() from axis 1 on, got {module}")
        elif layers:
            layers[-1].after.append(module)
        else:
            raise ValueError(f"model: expected a Linear layer first, got {module}")
    if not layers:
        raise ValueError("model: expected at least one Linear layer, got none")
    if len({id(layer.linear) for layer in layers}) < len(layers):
        raise ValueError("model: expected weights of its own in every Linear, got one used twice")
    return layers


def _activations(layers: list[Layer], fused: Activation | None) -> list[Activation]:
    """What the modules after each Linear compute, the loss included."""
    found = [_activation(layer.after) for layer in layers]
    if fused is None:
        return found
    # A softmax before a loss that has one is the mistake to be found, not another network.
    if found[-1] not in (linear, fused):
        raise ValueError(
            f"model: expected no activation after the last Linear, since the loss computes "
            f"{fused}, got {found[-1]}"
        )
    return [*found[:-1], fused]


def _activation(modules: list[Any]) -> Activation:
    from torch import nn

    if not modules:
        return linear
    if len(modules) == 1:
        (module,) = modules
        match module:
            case nn.Sigmoid():
                return sigmoid
            case nn.Tanh():
                return tanh
            case nn.ReLU():
                return relu
            case nn.LeakyReLU(negative_slope=0.01):
                return leaky_relu
            case nn.Softplus(beta=1):
                return softplus
            case nn.Softmax(dim=1 | -1):
                return softmax
            case nn.Identity():
                return linear
    raise ValueError(
        f"model: expected one activation after a Linear, among {SUPPORTED}, got "
        f"{', '.join(map(str, modules))}; for modules of your own, say what each layer is meant to "
        "compute, as in from_torch(model, loss, activations=[sigmoid, softmax])"
    )


def _loss(loss: Any, cost: Cost | None) -> Loss:
    from torch import nn

    match loss:
        case nn.MSELoss():
            return Loss(quadratic, _averaged(loss, 0.5))
        case nn.BCELoss(weight=None):
            return Loss(cross_entropy, _averaged(loss))
        case nn.BCEWithLogitsLoss(weight=None, pos_weight=None):
            return Loss(cross_entropy, _averaged(loss), sigmoid)
        case nn.CrossEntropyLoss(weight=None, label_smoothing=0.0):
            return Loss(log_likelihood, _averaged(loss, over_outputs=False), softmax)
        case nn.Module() if cost is None:
            raise ValueError(
                f"loss: expected {SUPPORTED_LOSSES}, without weights or smoothing, got {loss}; "
                "for another, say which cost it is, as in from_torch(model, loss, quadratic)"
            )
    if not callable(loss):
        raise TypeError(f"loss: expected a function of output and target, got {loss!r}")
    if cost is None:
        raise ValueError(
            "cost: expected the cost that your loss computes, as in "
            "from_torch(model, loss, quadratic), got none"
        )
    return Loss(cost, loss)


def _averaged(
    loss: Any, factor: float = 1.0, over_outputs: bool = True
) -> Callable[[Any, Any], Any]:
    """The loss as an average over the examples alone, whatever it is reduced by."""
    if loss.reduction not in ("mean", "sum"):
        raise ValueError(f'loss: expected reduction "mean" or "sum", got {loss.reduction!r}')

    def total(output: Any, target: Any) -> Any:
        m, n = output.shape
        if loss.reduction == "sum":
            return loss(output, target) * factor / m
        return loss(output, target) * factor * (n if over_outputs else 1)

    return total
