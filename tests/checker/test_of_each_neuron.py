"""Activations and costs of somebody's own, with a number for each neuron."""

import numpy as np
import pytest

from proofs import Network, check_backprop
from proofs.network.activations import Activation, linear
from proofs.network.costs import Cost

SLOPES, COUNTS = np.array([[0.5], [1.0], [2.0], [0.7]]), np.array([[0.5], [2.0]])
ACTIVATIONS = [
    Activation(
        "steep",
        lambda z: np.tanh(SLOPES * z),
        lambda z: SLOPES * (1 - np.tanh(SLOPES * z) ** 2),
    ),
    Activation(
        "prelu",
        lambda z: np.where(z.real > 0, z, SLOPES * z),
        lambda z: np.where(z.real > 0, 1.0, SLOPES),
        smooth=False,
    ),
]
COST = Cost(
    "counted", lambda a, y: (COUNTS * (a - y) ** 2).sum(axis=0) / 2, lambda a, y: COUNTS * (a - y)
)


class TestOfEachNeuron:
    """A slope or a weight of each neuron, for z and a of shape (n, m), is taken in both modes."""

    @pytest.mark.parametrize("method", ["exhaustive", "directional"])
    @pytest.mark.parametrize("sigma", ACTIVATIONS, ids=str)
    @pytest.mark.parametrize("factor", [1.0, SLOPES])
    def test_holds_and_fails(self, sigma, method, factor):
        def backprop(w, b, x, y):
            z = w[0] @ x + b[0]
            a = sigma(z)
            last = COUNTS * (w[1] @ a + b[1] - y) / x.shape[1]
            first = (w[1].T @ last) * sigma.prime(z) * factor
            nabla_b = [first.sum(1, keepdims=True), last.sum(1, keepdims=True)]
            return nabla_b, [first @ x.T, last @ a.T]

        draw = np.random.default_rng(0).standard_normal
        network = Network([3, 4, 2], [sigma, linear], COST)
        report = check_backprop(backprop, network, draw((3, 6)), draw((2, 6)), method=method)
        blamed = {(v.equation, v.layer) for v in report.violations}
        assert blamed == ({("BP2", 2)} if factor is SLOPES else set())
