"""Questions on batches and biases: what is averaged, and what shape a bias has."""

import numpy as np

from proofs.lessons.answers.answer import Answer
from proofs.measuring.cases import Case, running_case
from proofs.network import Network
from proofs.network.equations import backprop, bp3, bp4


def sum_or_average() -> Answer:
    """Gradients of one weight, example by example, and of the batch."""
    case = running_case()
    single = [backprop(case.network, one.x, one.y).nabla_w[4][0, 0] for one in case.examples()]
    return {
        "sum over the six examples": sum(single),
        "their average": np.mean(single),
        "gradient of the batch's cost": backprop(case.network, case.x, case.y).nabla_w[4][0, 0],
    }


def average_what() -> Answer:
    """Inputs 1 and -1 into one sigmoid neuron, targets 1 and 0: two ways to average."""
    x, y = np.array([[1.0, -1.0]]), np.array([[1.0, 0.0]])
    case = Case(Network.from_arrays([[[0.5]]], [[[0.0]]]), x, y)
    delta = case.delta(2)
    return {
        "average of errors times average of inputs": delta.mean() * x.mean(),
        "average of the products, (BP4m)": bp4(x, delta)[0, 0],
        "push the weight and measure": case.partial(("Cbar", 2), ("w", 2))[0, 0, 0],
    }


def where_is_the_bias_gradient() -> Answer:
    """The bias as a weight on an input that is always 1: append a row of ones to a."""
    case = running_case()
    a, delta = case.value("a", 2), case.delta(3)
    with_ones = np.vstack([a, np.ones((1, a.shape[1]))])
    return {
        "last column of (BP4), with a row of ones": bp4(with_ones, delta)[:, -1],
        "(BP3)": bp3(delta)[:, 0],
    }


def bias_of_a_batch() -> Answer:
    """What becomes of a bias of 4 neurons when the errors of 6 examples are subtracted from it."""
    case = running_case()
    b, delta = case.network.b[3], case.delta(3)
    return {
        "shape of the bias": b.shape,
        "shape of `b - delta`, no average": (b - delta).shape,
        "shape of `b - bp3(delta)`": (b - bp3(delta)).shape,
    }


def bias_of_zero() -> Answer:
    """A network whose biases are all zero, and its gradient in a bias."""
    network = Network([3, 4, 2])
    network = Network.from_arrays(network.weights, [np.zeros((4, 1)), np.zeros((2, 1))])
    case = Case(network, [[0.5], [-1.0], [2.0]], [[1.0], [0.0]])
    return {
        "the bias": float(network.b[3][0, 0]),
        "its gradient, pushed and measured": case.partial(("C", 3), ("b", 3))[0, 0],
    }


ANSWERS = (
    sum_or_average,
    average_what,
    where_is_the_bias_gradient,
    bias_of_a_batch,
    bias_of_zero,
)
