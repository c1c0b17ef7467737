"""Parameters and gradients are read wherever people keep them: named tuples, empty dictionaries."""

from typing import NamedTuple

import numpy as np
import pytest

from proofs import check_layer, check_model

draw = np.random.default_rng(0).standard_normal


class Theta(NamedTuple):
    W: np.ndarray
    b: np.ndarray


class TestNamedTuples:
    """The arrays of a named tuple are parameters, called as its fields are."""

    @pytest.mark.parametrize("wrong", [1.0, 1.5])
    def test_a_layer(self, wrong):
        def forward(x, theta):
            return np.tanh(x @ theta.W + theta.b), (x, theta)

        def backward(d, cache):
            x, theta = cache
            dz = d * (1 - np.tanh(x @ theta.W + theta.b) ** 2)
            return dz @ theta.W.T, Theta(x.T @ dz, wrong * dz.sum(0))

        report = check_layer(forward, backward, draw((5, 3)), Theta(draw((3, 2)), draw(2)))
        assert [row.quantity for row in report.rows] == ["dx", "dW", "db"]
        assert [row.quantity for row in report.violations] == (["db"] if wrong != 1 else [])

    @pytest.mark.parametrize("wrong", [1.0, 1.5])
    def test_a_step(self, wrong):
        def step(theta, x, y):
            e = x @ theta.W + theta.b - y
            return (e**2).mean(), Theta(wrong * 2 * x.T @ e / e.size, 2 * e.sum(0) / e.size)

        report = check_model(step, Theta(draw((3, 2)), draw(2)), draw((5, 3)), draw((5, 2)))
        assert [row.quantity for row in report.rows] == ["dW", "db"]
        assert [row.quantity for row in report.violations] == (["dW"] if wrong != 1 else [])


class Dense:
    def __init__(self):
        self.W, self.b = draw((3, 2)), draw(2)
        self.grads = {}

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b


class Filled(Dense):
    def backward(self, d):
        self.grads["dW"], self.grads["db"] = 2 * self.x.T @ d, d.sum(0)
        return d @ self.W.T


class Anew(Dense):
    def backward(self, d):
        self.grads = {"W": 2 * self.x.T @ d, "b": d.sum(0)}
        return d @ self.W.T


class TestGradientsInADictionary:
    """Which a layer makes empty, and fills in its backward pass."""

    @pytest.mark.parametrize("kind", [Filled, Anew])
    def test_are_found(self, kind):
        report = check_layer(kind(), draw((5, 3)))
        assert {row.quantity for row in report.rows} == {"dW", "db", "dx"}
        assert [row.quantity for row in report.violations] == ["dW"]
        assert not any("no gradient was found" in said for said in report.remarks)


class TestANumberOfNoAxes:
    """A parameter that is a single number is judged, and not said to be set aside."""

    def test_in_a_dictionary(self):
        def step(P, x, y):
            e = P["t"] * x - y
            return (e**2).mean(), {"t": (2 * e * x).mean()}

        report = check_model(step, {"t": np.array(0.3)}, draw(6), draw(6))
        assert [row.quantity for row in report.rows] == ["dt"]
        assert not any("set aside" in said for said in report.remarks)


class Pictures:
    """A convolution in single precision: copies of what it keeps are added up in another order."""

    def __init__(self):
        self.W = draw((3, 1, 3, 3)).astype(np.float32)

    def forward(self, x):
        self.seen = np.lib.stride_tricks.sliding_window_view(x, (3, 3), axis=(2, 3))
        return np.einsum("nchwij,ocij->nohw", self.seen, self.W)

    def backward(self, d):
        self.dW = np.einsum("nohw,nchwij->ocij", d, self.seen)


class Weights:
    def __init__(self):
        self.W = draw((48, 4)).astype(np.float32) / 7

    def forward(self, x):
        self.x = x
        return x.reshape(len(x), -1) @ self.W

    def backward(self, d):
        self.dW = self.x.reshape(len(d), -1).T @ d
        return (d @ self.W.T).reshape(self.x.shape)


class TestSinglePrecision:
    """A last digit is no other gradient than the layer's own."""

    def test_no_optimiser_is_suspected(self):
        def step(net, x):
            s = net[1].forward(net[0].forward(x))
            net[0].backward(net[1].backward(s))
            return (s**2).sum() / 2

        x = draw((3, 1, 6, 6)).astype(np.float32)
        report = check_model(step, [Pictures(), Weights()], x)
        assert report.holds, report
        assert "optimiser" not in str(report)
