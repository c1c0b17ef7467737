"""The numbers of the page on what the equations say: how much of an error can come back at all."""

from math import prod

import numpy as np

from proofs.lessons.answers.answer import Answer
from proofs.measuring.cases import Case, running_case
from proofs.network import Network
from proofs.network.activations import Activation, sigmoid, tanh
from proofs.network.arrays import Array
from proofs.network.equations import bp2


def how_much_error_comes_back() -> Answer:
    """Length of the error at layer 2, on the first example, and the most that (35) allows."""
    cases = {"running network": running_case()}
    for hidden, layers in ((sigmoid, 6), (sigmoid, 11), (tanh, 11)):
        cases[f"{layers} layers, {hidden}"] = deep_case(hidden, layers)
    found: dict[str, object] = {}
    for name, case in cases.items():
        length, most = lengths(case, 2)[0], most_that_comes_back(case, 2)[0]
        found[rf"{name}: length of $\delta^2$"] = length
        found[f"{name}: at most"] = most
    return found


def deep_case(hidden: Activation, layers: int) -> Case:
    """Layers of ten neurons, with weights as drawn at the start, and one example."""
    x, y = np.random.default_rng(0).uniform(0, 1, (2, 10, 1))
    return Case(Network([10] * layers, [hidden] * (layers - 2) + [sigmoid]), x, y)


def lengths(case: Case, l: int) -> Array:
    """The length of delta^l, pushed and measured, for each example: shape (m,)."""
    return np.linalg.norm(case.delta(l), axis=0)


def steepest(sigma: Activation) -> float:
    """The largest slope: sigmoid and tanh have it at 0, (sig-4) and (tanh), a rectifier at 1."""
    return float(sigma.prime(np.array([0.0, 1.0])).max())


def most_that_comes_back(case: Case, l: int, slope: float | None = None) -> Array:
    """For each layer from l on, the steepest slope times the norm of the weights that leave it.

    All of them multiplied, and the length of delta^L of each example: shape (m,), by (35).
    `slope` stands in for the steepest slope of every layer.
    """
    network = case.network
    factors = [
        (steepest(network.sigma[k]) if slope is None else slope)
        * float(np.linalg.norm(network.w[k + 1], 2))
        for k in range(l, case.depth)
    ]
    return prod(factors) * lengths(case, case.depth)


def one_neuron_or_a_layer() -> Answer:
    """Sixteen sigmoid neurons at their steepest, the weights that leave each of length 1.1."""
    w, delta = np.full((16, 16), 1.1 / 4), np.full((16, 1), 0.3 / 4)
    back = bp2(w, delta, np.full_like(delta, 0.25))
    return {
        "length of the weights that leave one neuron": np.linalg.norm(w[:, 0]),
        "norm of the weight matrix": np.linalg.norm(w, 2),
        "length of the next layer's error": np.linalg.norm(delta),
        "error of one neuron": back[0, 0],
        "length of the whole layer's error": np.linalg.norm(back),
    }


ANSWERS = (how_much_error_comes_back, one_neuron_or_a_layer)
