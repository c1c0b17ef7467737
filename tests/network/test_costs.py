"""The costs of one example and their gradients in the output."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import assert_close, slope

from proofs.measuring.one_number import h
from proofs.network.costs import COSTS, cross_entropy, log_likelihood, quadratic

every = pytest.mark.parametrize("cost", COSTS.values(), ids=str)

# Inside (0, 1), where every cost is finite, and further from its ends than a difference steps.
outputs = st.lists(st.tuples(st.floats(0.05, 0.95), st.floats(0, 1)), min_size=1, max_size=4).map(
    lambda pairs: np.array(pairs).T[:, :, None]
)

PLAIN = {
    "quadratic": lambda a, y: (a - y) ** 2 / 2,
    "cross_entropy": lambda a, y: -y * math.log(a) - (1 - y) * math.log(1 - a),
    "log_likelihood": lambda a, y: -y * math.log(a),
}


class TestValue:
    """A cost is one number for each example: a sum over the outputs."""

    @every
    @given(pair=outputs)
    def test_by_hand(self, cost, pair):
        a, y = pair
        plain = [PLAIN[cost.name](*both) for both in zip(a[:, 0], y[:, 0], strict=True)]
        assert_close(cost.value(a, y), np.array([math.fsum(plain)]))

    @every
    def test_one_number_per_example(self, cost):
        a = np.full((3, 5), 0.25)
        assert cost.value(a, a).shape == (5,)

    @pytest.mark.parametrize("cost", [cross_entropy, log_likelihood], ids=str)
    @pytest.mark.parametrize("certain", [0.0, 1.0])
    def test_zero_times_log_zero_is_0(self, cost, certain):
        a = np.array([[certain], [1 - certain]])
        assert cost.value(a, a) == 0
        assert np.isfinite(cost.gradient(a, a)).all()

    @pytest.mark.parametrize("cost", [cross_entropy, log_likelihood], ids=str)
    def test_certain_and_wrong_costs_infinity(self, cost):
        assert cost.value(np.array([[0.0]]), np.array([[1.0]])) == np.inf


class TestGradient:
    """The gradient is the derivative of the cost in each output."""

    @every
    @given(pair=outputs)
    def test_complex_step(self, cost, pair):
        a, y = pair
        n = len(a)
        measured = cost.value(a + 1j * h * np.eye(n), np.repeat(y, n, axis=1)).imag / h
        assert_close(cost.gradient(a, y)[:, 0], measured)

    @every
    @given(pair=outputs)
    def test_real_difference(self, cost, pair):
        a, y = pair
        n = len(a)
        measured, error = slope(lambda s: cost.value(a + s * np.eye(n), np.repeat(y, n, axis=1)))
        assert (abs(cost.gradient(a, y)[:, 0] - measured) <= error).all()

    def test_quadratic(self):
        assert (quadratic.gradient(np.array([[0.75]]), np.array([[0.25]])) == 0.5).all()
