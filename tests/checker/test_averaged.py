"""Errors of single examples, averaged in the layers' gradients, are a convention and no mistake."""

import numpy as np
import pytest
from sources import module_of

from proofs import check_layer, check_model

FUNCTIONS = """
import numpy as np

def linear_forward(A, W, b):
    return W @ A + b, (A, W)

def linear_backward(dZ, cache):
    A, W = cache
    m = A.shape[1]
    return W.T @ dZ, dZ @ A.T / m, dZ.sum(axis=1, keepdims=True) / m

def relu_forward(Z):
    return np.maximum(Z, 0), Z

def relu_backward(dA, Z):
    return dA * (Z > 0)

def step(P, X, Y):
    m = X.shape[1]
    Z1, c1 = linear_forward(X, P["W1"], P["b1"])
    A1, c2 = relu_forward(Z1)
    Z2, c3 = linear_forward(A1, P["W2"], P["b2"])
    A2 = 1 / (1 + np.exp(-Z2))
    cost = -(Y * np.log(A2) + (1 - Y) * np.log(1 - A2)).sum() / m
    G = {}
    dA1, G["W2"], G["b2"] = linear_backward(A2 - Y, c3)
    _, G["W1"], G["b1"] = linear_backward(relu_backward(dA1, c2), c1)
    return cost, G
"""

OBJECTS = """
import numpy as np

class Dense:
    def __init__(self, n, m, seed):
        self.W = np.random.default_rng(seed).standard_normal((n, m))
        self.b = np.ones(m)
    def forward(self, x):
        self.x = x
        return x @ self.W + self.b
    def backward(self, d):
        self.dW = self.x.T @ d / len(d)
        self.db = d.mean(axis=0)
        return d @ self.W.T

class Tanh:
    def forward(self, x):
        self.a = np.tanh(x)
        return self.a
    def backward(self, d):
        return d * (1 - self.a**2)

class SquaredError:
    def forward(self, a, y):
        self.left = a - y
        return (self.left**2).sum() / 2 / len(a)
    def backward(self):
        return self.left

def step(net, x, y):
    a = x
    for layer in net[:-1]:
        a = layer.forward(a)
    loss = net[-1].forward(a, y)
    d = net[-1].backward()
    for layer in net[:-1][::-1]:
        d = layer.backward(d)
    return loss
"""


def of_functions(change, kind):
    shapes = {"W1": (5, 4), "b1": (5, 1), "W2": (2, 5), "b2": (2, 1)}
    random = np.random.default_rng(0)
    P = {name: random.standard_normal(shape).astype(kind) / 3 for name, shape in shapes.items()}
    X = random.standard_normal((4, 6)).astype(kind)
    Y = (random.random((2, 6)) > 0.5).astype(kind)
    return check_model(module_of(FUNCTIONS, change).step, P, X, Y)


def of_objects(change, kind):
    random, own = np.random.default_rng(0), module_of(OBJECTS, change)
    net = [own.Dense(4, 5, 1), own.Tanh(), own.Dense(5, 2, 2), own.SquaredError()]
    for layer in net[::2]:
        layer.W, layer.b = layer.W.astype(kind), layer.b.astype(kind)
    X, Y = random.standard_normal((6, 4)).astype(kind), random.standard_normal((6, 2)).astype(kind)
    return check_model(own.step, net, X, Y)


def wrong(report):
    return {(v.place, v.quantity) for v in report.violations}


class TestAveraged:
    """The right passes hold, with a remark; a wrong line is flagged where it stands, alone."""

    @pytest.mark.parametrize("kind", [float, np.float32])
    @pytest.mark.parametrize("check", [of_functions, of_objects])
    def test_right(self, check, kind):
        report = check(("", ""), kind)
        assert report.holds, str(report)
        assert any("errors are those of single examples, 6 times" in r for r in report.remarks)

    @pytest.mark.parametrize("kind", [float, np.float32])
    @pytest.mark.parametrize(
        ("check", "change", "flagged"),
        [
            (of_functions, ("dZ @ A.T / m", "dZ @ A.T"), {"dW"}),
            (of_functions, ("keepdims=True) / m", "keepdims=True)"), {"db"}),
            (of_functions, ("W.T @ dZ, dZ", "2 * W.T @ dZ, dZ"), {"dA"}),
            (of_functions, ("dA * (Z > 0)", "dA * (Z < 0)"), {"dZ"}),
            (of_functions, ("A2 - Y, c3", "A2 * (1 - A2) * (A2 - Y), c3"), {"sum"}),
            (of_objects, ("d.mean(axis=0)", "d.sum(axis=0)"), {"db"}),
            (of_objects, ("x.T @ d / len(d)", "x.T @ d"), {"dW"}),
            (of_objects, ("(1 - self.a**2)", "(1 - self.a)"), {"dx"}),
        ],
    )
    def test_wrong(self, check, change, flagged, kind):
        assert {quantity for _, quantity in wrong(check(change, kind))} == flagged

    @pytest.mark.parametrize(
        ("check", "changes", "flagged"),
        [
            (of_functions, ("A2 - Y, c3", "2 * (A2 - Y), c3"), {("after linear 2", "sum")}),
            (
                of_objects,
                ("return self.left", "return 2 * self.left"),
                {("[3] (SquaredError)", "da")},
            ),
        ],
    )
    def test_an_error_that_is_twice_as_large(self, check, changes, flagged):
        assert flagged <= wrong(check(changes, float))

    def test_averaged_twice(self):
        """Where the loss's error is averaged as well, one of the two is wrong."""
        report = of_functions(("A2 - Y, c3", "(A2 - Y) / m, c3"), float)
        assert {quantity for _, quantity in wrong(report)} == {"dW", "db"}

    def test_sums_of_errors_of_single_examples(self):
        """Without 1/m anywhere it is the loss that is not averaged in the gradients."""
        both = module_of(
            FUNCTIONS, ("dZ @ A.T / m", "dZ @ A.T"), ("keepdims=True) / m", "keepdims=True)")
        )
        P = {"W1": np.ones((5, 4)) / 2, "b1": np.ones((5, 1)), "W2": np.ones((2, 5)) / 9,
             "b2": np.ones((2, 1))}  # fmt: skip
        X, Y = np.random.default_rng(0).standard_normal((4, 6)), np.eye(2, 6)
        report = check_model(both.step, P, X, Y)
        assert wrong(report) == {("after linear 2", "sum")}


class TestALayerAlone:
    """What errors a layer is given is not known: one that averages the gradients of all of its
    parameters is neither right nor wrong, and what to do is said."""

    def check(self, *changes):
        own, random = module_of(FUNCTIONS, *changes), np.random.default_rng(0)
        inputs = (random.standard_normal(shape) for shape in ((4, 6), (5, 4), (5, 1)))
        return check_layer(own.linear_forward, own.linear_backward, *inputs)

    def test_a_convention(self):
        report = self.check()
        assert not report.holds
        assert not report.violations
        (said,) = report.problems
        assert said.startswith("linear: dW and db are averages over 6 examples")
        assert said.endswith("check_model tells, for a step")

    @pytest.mark.parametrize(
        ("old", "new", "blamed"),
        [("dZ @ A.T / m", "dZ @ A.T", {"db"}), ("keepdims=True) / m", "keepdims=True)", {"dW"}),
         ("dZ @ A.T / m", "dZ @ A.T / 7", {"dW", "db"}),
         ("return W.T @ dZ", "return 2 * W.T @ dZ", {"dA", "dW", "db"})],
    )  # fmt: skip
    def test_not_all_of_it(self, old, new, blamed):
        assert {v.quantity for v in self.check((old, new)).violations} == blamed

    def test_an_object(self):
        layer = module_of(OBJECTS).Dense(4, 5, 0)
        report = check_layer(layer, np.random.default_rng(0).standard_normal((6, 4)))
        assert not report.violations
        assert report.problems
