"""Where the slope jumps, all between the two sides is right, and a remark says which came."""

import numpy as np
import pytest

from proofs import Network, check_backprop
from proofs.checker.check_layer import check_layer
from proofs.checker.which_slope import which_slope
from proofs.network.activations import relu, sigmoid
from proofs.network.costs import quadratic


class TestWords:
    """The remark says from which side the slope was taken, and nothing if another number came."""

    @pytest.mark.parametrize(
        ("came", "said"),
        [
            ([0.0, 0.0], "the slope jumps twice"),
            ([0.0, 0.0], "takes the slope from the left"),
            ([2.0, 3.0], "takes the slope from the right"),
            ([1.0, 1.5], "takes the slope 0.5 of the way from the left to the right"),
            ([0.0, 3.0], "sometimes the slope from the left, sometimes that from the right"),
            ([1.0, 2.9], "takes slopes between the two sides"),
        ],
    )
    def test_said(self, came, said):
        assert said.replace("twice", "2 times") in which_slope(
            np.array(came), 0.0, [2.0, 3.0], 1e-9
        )

    def test_no_jump(self):
        assert which_slope(np.ones(3), np.ones(3), np.ones(3), 1e-9) == ""

    def test_something_else(self):
        assert which_slope(np.array([5.0]), 0.0, 1.0, 1e-9) == ""


class TestLayer:
    """`check_layer` remarks the convention of a ReLU at 0."""

    @pytest.mark.parametrize(
        ("at_zero", "said"),
        [(0.0, "from the left"), (1.0, "from the right"), (0.5, "0.5 of the way")],
    )
    def test_relu(self, at_zero, said):
        x = np.array([-1.0, 0.0, 2.0])
        report = check_layer(
            lambda x: np.maximum(x, 0), lambda d, x: d * np.where(x == 0, at_zero, x > 0), x
        )
        assert report.holds
        assert any("the slope jumps once" in r and said in r for r in report.remarks), report

    def test_outside_the_two_sides_is_wrong(self):
        x = np.array([-1.0, 0.0, 2.0])
        report = check_layer(
            lambda x: np.maximum(x, 0), lambda d, x: d * np.where(x == 0, 1.5, x > 0), x
        )
        assert not report.holds


class TestNetwork:
    """`check_backprop` remarks it of a network with a weighted input at 0."""

    @pytest.mark.parametrize(("at_zero", "said"), [(0.0, "left"), (1.0, "right")])
    def test_relu(self, at_zero, said):
        network = Network.from_arrays(
            [np.array([[1.0, -1.0], [0.5, 1.0]]), np.array([[1.0, 2.0], [0.3, -1.0]])],
            [np.zeros((2, 1)), np.zeros((2, 1))],
            [relu, sigmoid],
            quadratic,
        )
        x, y = np.array([[1.0], [1.0]]), np.array([[1.0], [0.0]])

        def backprop(weights, biases, x, y):
            (w, v), (b, c) = weights, biases
            z = w @ x + b
            a = np.maximum(z, 0)
            out = 1 / (1 + np.exp(-(v @ a + c)))
            d2 = (out - y) * out * (1 - out)
            d1 = v.T @ d2 * np.where(z == 0, at_zero, z > 0)
            return {
                "z": [z, v @ a + c], "a": [a, out], "delta": [d1, d2],
                "nabla_b": [d1, d2], "nabla_w": [d1 @ x.T, d2 @ a.T],
            }  # fmt: skip

        report = check_backprop(backprop, network, x, y)
        assert report.holds, report
        assert any(f"takes the slope from the {said}" in remark for remark in report.remarks), (
            report
        )
