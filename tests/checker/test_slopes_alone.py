"""A function and its derivative, which asks for what the function is given and for no error."""

import numpy as np
import pytest
from sources import module_of

from proofs import check_layer

SOURCE = """
import numpy as np

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

def sigmoid_prime(z):
    return sigmoid(z) * (1 - sigmoid(z))

def softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum()

def softmax_prime(z):
    return softmax(z) * (1 - softmax(z))

def cost(theta, X, y, rate):
    h, m = sigmoid(X @ theta), len(y)
    penalty = rate / (2 * m) * (theta[1:] @ theta[1:])
    return (-y @ np.log(h) - (1 - y) @ np.log(1 - h)) / m + penalty

def grad(theta, X, y, rate):
    m = len(y)
    g = X.T @ (sigmoid(X @ theta) - y) / m
    g[1:] += rate / m * theta[1:]
    return g

def flip_forward(x):
    return x[::-1]

def flip_backward(x):
    return x[::-1]
"""
RANDOM = np.random.default_rng(0)
X, Y = RANDOM.standard_normal((6, 4)), (RANDOM.random(6) > 0.5) * 1.0
ASKS = "asks for no error"


class TestOfACost:
    """The gradient of a cost, as scipy.optimize takes it, is compared with the cost."""

    @pytest.mark.parametrize(
        ("old", "new", "blamed"),
        [("", "", set()), ("g[1:] += rate / m * theta[1:]", "g += rate / m * theta", {"dtheta"}),
         ("- y) / m", "- y)", {"dtheta"})],
    )  # fmt: skip
    def test_right_and_wrong(self, old, new, blamed):
        own, theta = module_of(SOURCE, (old, new)), RANDOM.standard_normal(4)
        report = check_layer(own.cost, own.grad, theta, X, Y, 0.5)
        assert {v.quantity for v in report.violations} == blamed
        assert report.holds == (not blamed)
        assert any(ASKS in said for said in report.remarks)


class TestOfAFunction:
    """The slope of a function of each number alone is right; of a softmax there is none."""

    @pytest.mark.parametrize(
        ("name", "right"), [("sigmoid", True), ("softmax", False)]
    )  # fmt: skip
    def test_right_and_wrong(self, name, right):
        own = module_of(SOURCE)
        function, slope = getattr(own, name), getattr(own, f"{name}_prime")
        report = check_layer(function, slope, RANDOM.standard_normal(5))
        assert report.holds == right
        assert bool(report.violations) != right
        assert any(ASKS in said for said in report.remarks)

    def test_wrong(self):
        own = module_of(SOURCE, ("(1 - sigmoid(z))", "(1 + sigmoid(z))"))
        report = check_layer(own.sigmoid, own.sigmoid_prime, RANDOM.standard_normal(5))
        assert {v.quantity for v in report.violations} == {"dz"}

    def test_an_error_may_be_called_as_the_input_is(self):
        own = module_of(SOURCE)
        report = check_layer(own.flip_forward, own.flip_backward, RANDOM.standard_normal(5))
        assert report.holds
        assert not any(ASKS in said for said in report.remarks)
