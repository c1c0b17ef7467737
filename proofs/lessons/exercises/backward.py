"""The exercises and problems of chapter 2."""

from collections.abc import Callable
from typing import Any

import numpy as np

from proofs.lessons.exercises.exercise import agree, exercise
from proofs.measuring.cases import Case, running_case
from proofs.network import Network
from proofs.network.activations import ACTIVATIONS, Activation, linear, sigmoid, tanh
from proofs.network.arrays import Array
from proofs.network.costs import quadratic

Answer = Callable[..., Any]


def _one(case: Case) -> Case:
    """The first example of a case."""
    return next(case.examples())


def _check_diagonal_error(answer: Answer) -> None:
    case = _one(running_case())
    agree(answer(case.sigma_prime(4), case.nabla_a), case.delta(4))


@exercise(
    "Chapter 2, problem: the matrix form, part 1",
    "`np.diag` makes a diagonal matrix of a list; a column has one number a row.",
    ("33",),
    _check_diagonal_error,
    level=1,
)
def diagonal_error(sigma_prime: Array, nabla_a: Array) -> Array:
    """The error at the output as a product of a *diagonal matrix* and the gradient.

    Both arguments are columns of shape (n, 1); so is the result.
    """
    return np.diag(sigma_prime[:, 0]) @ nabla_a


def _check_diagonal_error_before(answer: Answer) -> None:
    case = _one(running_case())
    for l in (2, 3):
        args = case.sigma_prime(l), case.network.w[l + 1], case.delta(l + 1)
        agree(answer(*args), case.delta(l), f"layer {l}")


@exercise(
    "Chapter 2, problem: the matrix form, part 2",
    "First bring the error back through the weights, then through the slopes.",
    ("34",),
    _check_diagonal_error_before,
    level=1,
)
def diagonal_error_before(sigma_prime: Array, w: Array, delta: Array) -> Array:
    """The error one layer earlier, again with a diagonal matrix.

    `w` and `delta` belong to the next layer, the column `sigma_prime` to this one.
    """
    return np.diag(sigma_prime[:, 0]) @ w.T @ delta


def _check_whole_pass(answer: Answer) -> None:
    for sizes in ([3, 5, 4, 2], [2, 3], [4, 3, 5, 2, 3, 2]):
        case = _one(Case(Network(sizes), np.ones((sizes[0], 2)), np.ones((sizes[-1], 2))))
        layers = case.network.layers
        slopes = [case.sigma_prime(l) for l in layers]
        weights = [case.network.w[l] for l in layers[1:]]
        agree(answer(slopes, weights, case.nabla_a), case.delta(2), f"layers of {sizes}")


@exercise(
    "Chapter 2, problem: the matrix form, part 3",
    "Multiply from the right: each factor then meets a column, and never a matrix.",
    ("35",),
    _check_whole_pass,
    level=3,
)
def whole_pass(slopes: list[Array], weights: list[Array], nabla_a: Array) -> Array:
    """The error of layer 2 in one product, for any number of layers.

    `slopes` has the column of slopes of each layer from 2 to the last, `weights` the matrices of
    the layers from 3 on; with two layers in all, `weights` is empty.
    """
    delta = slopes[-1] * nabla_a
    for sigma_prime, w in zip(reversed(slopes[:-1]), reversed(weights), strict=True):
        delta = sigma_prime * (w.T @ delta)
    return delta


def _check_bias_gradient(answer: Answer) -> None:
    case = _one(running_case())
    for l in case.network.layers:
        agree(answer(case.delta(l)), case.partial(("C", 4), ("b", l)), f"layer {l}")


@exercise(
    "Chapter 2, exercise: prove the third equation",
    "You know the matrix of the derivatives of all weighted inputs with respect to all biases.",
    ("BP3-1", "BP3"),
    _check_bias_gradient,
    level=2,
)
def bias_gradient(delta: Array) -> Array:
    """The gradient of the biases, as the chain rule has it: a sum over *all* weighted inputs.

    Write the matrix of the derivatives of weighted input i with respect to bias j, and sum over i.
    """
    dz_db = np.eye(len(delta))
    return dz_db.T @ delta


def _check_weight_gradient(answer: Answer) -> None:
    case = _one(running_case())
    for l in case.network.layers:
        measured = case.partial(("C", 4), ("w", l))[:, :, 0]
        for j, k in np.ndindex(*measured.shape):
            got = answer(case.delta(l), case.value("a", l - 1), j, k)
            agree(got, measured[j, k], f"layer {l}, weight {j}, {k}")


@exercise(
    "Chapter 2, exercise: prove the fourth equation",
    "Which weighted inputs contain this weight at all? What is it multiplied by?",
    ("BP4-1", "BP4"),
    _check_weight_gradient,
    level=2,
)
def weight_gradient(delta: Array, a: Array, j: int, k: int) -> float:
    """The derivative of the cost with respect to one weight, as a sum over its whole layer.

    The weight leads to neuron j from neuron k of the layer before, whose activations are `a`.
    """
    dz_dw = [a[k, 0] if i == j else 0.0 for i in range(len(delta))]
    return float(sum(delta[i, 0] * dz_dw[i] for i in range(len(delta))))


def _mixed(f: Activation, neuron: int) -> Activation:
    """Sigmoids, but for one neuron."""

    def chosen(one: Array, others: Array) -> Array:
        here = np.arange(len(one))[:, None] == neuron
        return np.where(here, one, others)

    return Activation(
        f"sigmoid, neuron {neuron} {f}",
        value=lambda z: chosen(f(z), sigmoid(z)),
        slope=lambda z: chosen(f.prime(z), sigmoid.prime(z)),
    )


def _check_modified_neuron(answer: Answer) -> None:
    for f in (tanh, ACTIVATIONS["softplus"]):
        mixed = _mixed(f, 2)
        case = _one(running_case(activations=[mixed, sigmoid, sigmoid]))
        back = case.network.w[3].T @ case.delta(3)
        agree(answer(back, case.value("z", 2), sigmoid.prime, f.prime, 2), case.delta(2), str(f))


@exercise(
    "Chapter 2, exercise: a single modified neuron",
    "Only one entry of one column of slopes changes; the four equations stay.",
    ("38", "BP2"),
    _check_modified_neuron,
    level=2,
)
def modified_neuron(back: Array, z: Array, sigma_prime: Answer, f_prime: Answer, j: int) -> Array:
    """The errors of a layer of which neuron j has another activation function f.

    `back` is the error of the next layer, multiplied by its transposed weights.
    `sigma_prime` and `f_prime` are functions; `z` are the weighted inputs.
    """
    slopes = sigma_prime(z)
    slopes[j] = f_prime(z)[j]
    return back * slopes


def _check_linear_network(answer: Answer) -> None:
    case = running_case(activations=linear)
    found = answer(list(case.network.weights), list(case.network.biases), case.x, case.y)
    assert len(found) == 3, f"expected a list of 3 errors, those of layers 2, 3, 4; got {found!r}"
    for l, delta in enumerate(found, start=2):
        agree(delta, case.delta(l), f"error of layer {l}")


@exercise(
    "Chapter 2, exercise: backpropagation with linear neurons",
    "The slope is one everywhere, so it need not be written at all.",
    ("68", "BP2"),
    _check_linear_network,
    level=2,
)
def linear_network(weights: list[Array], biases: list[Array], x: Array, y: Array) -> list[Array]:
    """The whole backward pass where the activation of each neuron is its weighted input.

    The cost is quadratic. Return the errors of layers 2, 3, ... in a list.
    """
    a = x
    for w, b in zip(weights, biases, strict=True):
        a = w @ a + b
    deltas = [a - y]
    for w in reversed(weights[1:]):
        deltas.insert(0, w.T @ deltas[0])
    return deltas


def _check_mini_batch(answer: Answer) -> None:
    case = running_case(activations=sigmoid, cost=quadratic)
    network = case.network
    nabla_b, nabla_w = answer(list(network.weights), list(network.biases), case.x, case.y)
    for l, (b, w) in enumerate(zip(nabla_b, nabla_w, strict=True), start=2):
        by_bias = case.partial(("C", 4), ("b", l)).mean(axis=-1)[:, None]
        agree(b, by_bias, f"gradient with respect to the biases of layer {l}")
        by_weight = case.partial(("C", 4), ("w", l)).mean(axis=-1)
        agree(w, by_weight, f"gradient with respect to the weights of layer {l}")


@exercise(
    "Chapter 2, problem: backpropagation over a mini-batch, fully matrix-based",
    "With examples as columns every line of the single-example code stays, but for two means.",
    ("BP3m", "BP4m"),
    _check_mini_batch,
    level=3,
)
def mini_batch(
    weights: list[Array], biases: list[Array], x: Array, y: Array
) -> tuple[list[Array], list[Array]]:
    """The gradients over a whole mini-batch, without a loop over its examples.

    Sigmoid neurons, quadratic cost, examples as columns. Return the list of gradients of the
    biases, as columns, and that of the gradients of the weights, both averaged over the batch.
    """
    activations = [x]
    for w, b in zip(weights, biases, strict=True):
        activations.append(1 / (1 + np.exp(-(w @ activations[-1] + b))))
    a = activations[-1]
    delta = (a - y) * a * (1 - a)
    nabla_b: list[Array] = []
    nabla_w: list[Array] = []
    for n in range(len(weights) - 1, -1, -1):
        a = activations[n]
        nabla_b.insert(0, delta.mean(axis=1, keepdims=True))
        nabla_w.insert(0, delta @ a.T / x.shape[1])
        delta = (weights[n].T @ delta) * a * (1 - a)
    return nabla_b, nabla_w
