"""Layers that a step uses and is not given: of its script, of its object, of what is around it."""

import numpy as np
import pytest
from sources import module_of

from proofs.checker.check_model import check_model

SOURCE = """
import numpy as np

class Dense:
    def __init__(self, n, k, factor=1.0):
        self.W, self.factor = np.random.default_rng(n).standard_normal((n, k)), factor
        self.b = np.zeros(k)

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        self.dW, self.db = self.factor * self.x.T @ dout, dout.sum(axis=0)
        return dout @ self.W.T

class Net:
    def __init__(self, factor):
        self.layers = [Dense(3, 4, factor), Dense(4, 2)]

    def train(self, x, y):
        a = x
        for layer in self.layers:
            a = layer.forward(a)
        d = a - y
        for layer in self.layers[::-1]:
            d = layer.backward(d)
            layer.W -= 0.1 * layer.dW
        return ((a - y) ** 2).sum() / 2

first, second = Dense(3, 4, FACTOR), Dense(4, 2)
net, idle = Net(FACTOR), Dense(7, 5)

def forward_of_all(x):
    return second.forward(first.forward(x))

def of_the_module(x, y):
    out = forward_of_all(x)
    first.backward(second.backward(out - y))
    return ((out - y) ** 2).sum() / 2

def made():
    one, two = Dense(3, 4, FACTOR), Dense(4, 2)

    def of_the_function_around(x, y):
        out = two.forward(one.forward(x))
        one.backward(two.backward(out - y))
        return ((out - y) ** 2).sum() / 2

    return of_the_function_around

of_the_function_around = made()
by_its_object = net.train

def of_a_named_object(x, y):
    return net.train(x, y)

class Asks(Dense):
    def backward(self, x, more, dout):
        self.dW, self.db = x.T @ dout, dout.sum(axis=0)
        return dout @ self.W.T

asks = Asks(3, 4)

def asking(x):
    out = asks.forward(x)
    asks.backward(x, 1.0, out)
    return (out**2).sum() / 2
"""
X, Y = np.random.default_rng(1).standard_normal((5, 3)), np.ones((5, 2))
STEPS = {
    "of_the_module": "first (Dense)",
    "of_the_function_around": "one (Dense)",
    "by_its_object": "layers[0] (Dense)",
    "of_a_named_object": "net.layers[0] (Dense)",
}


def module(factor=1.0):
    return module_of(SOURCE.replace("FACTOR", str(factor)))


@pytest.mark.parametrize("name", STEPS)
class TestLayersThatAStepHasANameFor:
    """They are judged as those that it is given, wherever its code finds them."""

    def test_right_ones_hold(self, name):
        report = check_model(getattr(module(), name), X, Y)
        assert report.holds
        assert STEPS[name] in {row.place for row in report.rows}

    def test_a_wrong_one_is_named(self, name):
        report = check_model(getattr(module(2.0), name), X, Y)
        assert [(v.place, v.quantity) for v in report.violations] == [(STEPS[name], "dW")]

    def test_they_keep_their_numbers(self, name):
        own = module()
        held = [own.first, *own.net.layers]
        before = [layer.W.copy() for layer in held]
        check_model(getattr(own, name), X, Y)
        assert all(map(np.array_equal, before, (layer.W for layer in held)))
        assert not any(hasattr(layer, "x") for layer in held)


class TestWhatIsSaid:
    """Layers may be listed, those that are not used are not, and what asks for more is told."""

    def test_listed(self):
        own = module()
        report = check_model(own.of_the_module, X, Y, layers=[own.first, own.second])
        assert report.holds

    def test_only_what_is_used(self):
        report = check_model(module().of_the_module, X, Y)
        assert not any("idle" in row.place or "net" in row.place for row in report.rows)

    def test_what_asks_for_more(self):
        with pytest.raises(
            TypeError, match=r"backward passes of asks \(Asks\) take something else"
        ):
            check_model(module().asking, X, layers=[module().asks])


class OneMethod:
    """A network without layers, whose step is a method."""

    def __init__(self, factor):
        self.W, self.factor = np.random.default_rng(3).standard_normal((3, 2)), factor

    def step(self, x, y):
        a = np.tanh(x @ self.W)
        dW = self.factor * x.T @ ((a - y) * (1 - a**2))
        return ((a - y) ** 2).sum() / 2, {"W": dW}


class Cost:
    """An object whose method is given its parameters."""

    def __init__(self, scale):
        self.scale = np.array([scale, 1.0])

    def step(self, w, x, y):
        off = x @ w - y
        return self.scale[0] * (off**2).sum() / 2, self.scale[0] * x.T @ off


class TestAMethodWithoutLayers:
    """The arrays of its object are its parameters, if it gives them gradients."""

    @pytest.mark.parametrize("factor", [1.0, 2.0])
    def test_of_its_object(self, factor):
        report = check_model(OneMethod(factor).step, X, Y)
        assert [v.quantity for v in report.violations] == ["dW"] * (factor != 1)
        assert [row.quantity for row in report.rows] == ["dW"]

    def test_those_that_it_is_given(self):
        report = check_model(Cost(2.0).step, np.eye(3)[:, :2], X, Y)
        assert report.holds
        assert [row.quantity for row in report.rows] == ["dparams"]
