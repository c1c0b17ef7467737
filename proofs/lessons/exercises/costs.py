"""The exercises and problems on the cross-entropy, chapter 3."""

from collections.abc import Callable
from typing import Any

import numpy as np

from proofs.lessons.exercises.exercise import agree, exercise
from proofs.measuring.cases import Case, running_case
from proofs.network.activations import Activation, linear, sigmoid
from proofs.network.arrays import Array
from proofs.network.costs import COSTS, Cost, cross_entropy, quadratic

Answer = Callable[..., Any]


def _weights(case: Case) -> Array:
    """The gradient with respect to the weights of the last layer, measured."""
    return case.partial(("C", 4), ("w", 4)).mean(axis=-1)


def _with(output: Activation, cost: Cost) -> Case:
    return running_case(activations=[sigmoid, sigmoid, output], cost=cost)


def _check_slope(answer: Answer) -> None:
    case = running_case()
    slopes = case.partial(("a", 3), ("z", 3)).diagonal()
    agree(answer(case.value("a", 3)), slopes.T)


@exercise(
    "Chapter 3, exercise: the derivative of the sigmoid",
    "Differentiate the quotient, then look for the sigmoid in what you get.",
    ("sig",),
    _check_slope,
    level=1,
)
def slope_of_sigmoid(a: Array) -> Array:
    """The slope of the sigmoid, from its value alone."""
    return a * (1 - a)


def _check_cross_entropy(answer: Answer) -> None:
    a = np.array([[0.2, 0.9, 0.7], [0.5, 0.4, 0.1]])
    for y in ([[0.0, 1, 1], [1, 0, 0]], [[0.3, 0.8, 0.5], [0.25, 0.5, 0.75]]):
        target = np.array(y)
        with np.errstate(all="ignore"):
            agree(answer(a, target), cross_entropy.value(a, target), f"targets {y}")


@exercise(
    "Chapter 3, exercise: which of output and target stands inside the logarithm",
    "Targets are often exactly 0 or 1; outputs of a sigmoid never are.",
    ("63",),
    _check_cross_entropy,
    level=1,
)
def cross_entropy_cost(a: Array, y: Array) -> Array:
    """The binary cross-entropy of each example, a number for each column of `a` and `y`.

    It must be finite when a target is exactly 0 or 1.
    """
    return -(y * np.log(a) + (1 - y) * np.log(1 - a)).sum(axis=0)


def _check_least(answer: Answer) -> None:
    y = np.linspace(0.05, 0.95, 19)
    agree(answer(y), cross_entropy.value(y[None], y[None]), "where the output is the target")


@exercise(
    "Chapter 3, exercise: the least value of the binary cross-entropy",
    "At the minimum the derivative with respect to the output is zero. For which output is that?",
    ("63", "CE"),
    _check_least,
    level=2,
)
def least_cross_entropy(y: Array) -> Array:
    """The least value of the binary cross-entropy of one output, for a target between 0 and 1.

    It is not zero there, but what information theory calls the entropy of the target.
    """
    return -(y * np.log(y) + (1 - y) * np.log(1 - y))


def _check_with_quadratic(answer: Answer) -> None:
    case = _with(sigmoid, quadratic)
    agree(answer(case.value("a", 3), case.value("a", 4), case.y), _weights(case))


@exercise(
    "Chapter 3, problem: many-layer, many-neuron networks, first part",
    "Error times activation, averaged. The slope is in the error.",
    ("65",),
    _check_with_quadratic,
    level=1,
)
def with_quadratic_cost(a_before: Array, a: Array, y: Array) -> Array:
    """The gradient with respect to the weights of a sigmoid output layer, quadratic cost.

    `a_before` are the activations of the layer before; average over the examples, the columns.
    """
    return ((a - y) * a * (1 - a)) @ a_before.T / a.shape[1]


def _check_with_cross_entropy(answer: Answer) -> None:
    case = _with(sigmoid, cross_entropy)
    agree(answer(case.value("a", 3), case.value("a", 4), case.y), _weights(case))


@exercise(
    "Chapter 3, problem: many-layer, many-neuron networks, second part",
    "One factor of the last answer goes.",
    ("66", "67"),
    _check_with_cross_entropy,
    level=1,
)
def with_cross_entropy(a_before: Array, a: Array, y: Array) -> Array:
    """The same gradient, with the binary cross-entropy."""
    return (a - y) @ a_before.T / a.shape[1]


def _check_linear_outputs(answer: Answer) -> None:
    case = _with(linear, quadratic)
    delta, nabla_w, nabla_b = answer(case.value("a", 3), case.value("a", 4), case.y)
    agree(delta, case.delta(4), "the error")
    agree(nabla_w, _weights(case), "the gradient with respect to the weights")
    by_bias = case.partial(("C", 4), ("b", 4)).mean(axis=-1)[:, None]
    agree(nabla_b, by_bias, "the gradient with respect to the biases")


@exercise(
    "Chapter 3, problem: the quadratic cost with linear neurons in the output layer",
    "What is the slope of a linear neuron?",
    ("68", "69", "70"),
    _check_linear_outputs,
    level=2,
)
def linear_outputs(a_before: Array, a: Array, y: Array) -> tuple[Array, Array, Array]:
    """The error of a *linear* output layer, and its gradients, first weights, then biases.

    The cost is quadratic; the two gradients are averages over the examples.
    """
    delta = a - y
    return delta, delta @ a_before.T / a.shape[1], delta.mean(axis=1, keepdims=True)


def _check_forced(answer: Answer) -> None:
    z, y = np.array([[-2.0, 0.5, 3.0]]), np.array([[0.0, 0.25, 1.0]])
    agree(np.asarray(answer(sigmoid(z), y)) * sigmoid.prime(z), sigmoid(z) - y, "gradient × slope")


@exercise(
    "Chapter 3: how one could have found the binary cross-entropy",
    "Gradient times slope is to be the plain difference; the slope is known.",
    ("CE", "66"),
    _check_forced,
    level=2,
)
def forced_gradient(a: Array, y: Array) -> Array:
    """The derivative of a cost with respect to a sigmoid output that makes the error a - y.

    There is only one such derivative, and so, up to a constant, only one such cost.
    """
    return (a - y) / (a * (1 - a))


def _check_other_gradients(answer: Answer) -> None:
    for cost in COSTS.values():
        case = next(_with(sigmoid, cost).examples())
        measured = case.partial(("C", 4), ("w", 4))[0, :, 0]
        agree(answer(measured[0], case.value("a", 3)[:, 0]), measured, f"{cost} cost")


@exercise(
    "Chapter 3, problem: why no cost can remove the input from the gradient",
    "What do the gradients of two weights that enter the same neuron have in common?",
    ("BP4",),
    _check_other_gradients,
    level=2,
)
def other_gradients(first: float, x: Array) -> Array:
    """The gradients of all weights that enter one neuron, from that of the first of them.

    `x` are the activations that enter, none of them 0. You are not told the cost, and need not be:
    whatever it is, it cannot see which weight was changed.
    """
    return first * x / x[0]
