"""Questions on batches and biases: what is averaged, and what shape a bias has."""

import numpy as np

from proofs.lessons.answers.answer import Answer
from proofs.measuring.cases import Case, running_case
from proofs.measuring.one_number import h
from proofs.network import Network
from proofs.network.activations import sigmoid
from proofs.network.arrays import Array
from proofs.network.costs import Cost
from proofs.network.equations import backprop, bp3, bp4


def sum_or_average() -> Answer:
    """One weight of the running network: its gradient for each example, and for the batch."""
    case = running_case()
    single = [backprop(case.network, one.x, one.y).nabla_w[4][0, 0] for one in case.examples()]
    return {
        "sum over the six examples": sum(single),
        "their average": np.mean(single),
        "gradient of the batch's cost": backprop(case.network, case.x, case.y).nabla_w[4][0, 0],
    }


def mean_over_the_outputs() -> Answer:
    """The error at three sigmoid outputs, with the book's cost and with the mean of the squares."""
    network = Network([3, 4, 3])
    mean = Cost(
        "mean of squares",
        value=lambda a, y: ((a - y) ** 2).mean(axis=0),
        gradient=lambda a, y: 2 * (a - y) / len(a),
    )
    other = Network.from_arrays(network.weights, network.biases, sigmoid, mean)
    x, y = np.array([[0.5], [-1.0], [2.0]]), np.array([[1.0], [0.0], [0.0]])
    half, full = Case(network, x, y).delta(3)[:, 0], Case(other, x, y).delta(3)[:, 0]
    return {
        "error with half the sum of the squares": half,
        "error with the mean of the squares": full,
        "the second over the first": full / half,
        "2 over the number of outputs": 2 / len(y),
    }


def weight_decay() -> Answer:
    """A penalty on the weights of the running network, with λ = 0.3 and m = 6 examples."""
    case, rate = running_case(), 0.3
    m, found = case.x.shape[1], backprop(case.network, case.x, case.y)
    w, b, a = case.network.w[4], case.network.b[4], case.value("a", 3)
    first = np.zeros_like(w)
    first[0, 0] = 1

    def cost(w: Array, b: Array) -> Array:
        """The cost as a function of the last layer; the other squared weights are a constant."""
        data = case.network.cost.value(sigmoid(w @ a + b), case.y).mean()
        return np.asarray(data + rate / (2 * m) * (w**2).sum())

    return {
        "weight: (BP4) alone": found.nabla_w[4][0, 0],
        "weight: (BP4) plus λ/m times the weight": found.nabla_w[4][0, 0] + rate / m * w[0, 0],
        "weight: push and measure": cost(w + 1j * h * first, b).imag / h,
        "bias: (BP3) alone": found.nabla_b[4][0, 0],
        "bias: push and measure": cost(w, b + 1j * h * np.eye(2)[:, :1]).imag / h,
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
    """A network whose biases are all zero, and the gradient of one of them."""
    network = Network([3, 4, 2])
    network = Network.from_arrays(network.weights, [np.zeros((4, 1)), np.zeros((2, 1))])
    case = Case(network, [[0.5], [-1.0], [2.0]], [[1.0], [0.0]])
    return {
        "the bias": float(network.b[3][0, 0]),
        "its gradient, pushed and measured": case.partial(("C", 3), ("b", 3))[0, 0],
    }


ANSWERS = (
    sum_or_average,
    mean_over_the_outputs,
    weight_decay,
    average_what,
    where_is_the_bias_gradient,
    bias_of_a_batch,
    bias_of_zero,
)
