"""Layers that a step uses and is not given: of its script, of its object, of what is around it."""

from typing import ClassVar

import numpy as np
import pytest
from sources import module_of

from proofs.checker.check_model import check_model
from proofs.checker.judged_whole import WEIGHTS

SOURCE = """
import functools

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

class Trained(Net):
    def __call__(self, x, y):
        return self.train(x, y)

called = Trained(FACTOR)
with_some_held = functools.partial(of_the_module, y=np.ones((5, 2)))

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
    "called": "layers[0] (Dense)",
    "with_some_held": "first (Dense)",
}


def data_of(name):
    return (X,) if name == "with_some_held" else (X, Y)


def module(factor=1.0):
    return module_of(SOURCE.replace("FACTOR", str(factor)))


@pytest.mark.parametrize("name", STEPS)
class TestLayersThatAStepHasANameFor:
    """They are judged as those that it is given, wherever its code finds them."""

    def test_right_ones_hold(self, name):
        report = check_model(getattr(module(), name), *data_of(name))
        assert report.holds
        assert STEPS[name] in {row.place for row in report.rows}

    def test_a_wrong_one_is_named(self, name):
        report = check_model(getattr(module(2.0), name), *data_of(name))
        assert [(v.place, v.quantity) for v in report.violations] == [(STEPS[name], "dW")]

    def test_they_keep_their_numbers(self, name):
        own = module()
        held = [own.first, *own.net.layers, *own.called.layers]
        before = [layer.W.copy() for layer in held]
        check_model(getattr(own, name), *data_of(name))
        assert all(map(np.array_equal, before, (layer.W for layer in held)))
        assert not any(hasattr(layer, "x") for layer in held)


class TestWhatIsSaid:
    """Layers may be listed, those that are not used are not, and what asks for more is told."""

    def test_listed(self):
        own = module()
        report = check_model(own.of_the_module, X, Y, layers=[own.first, own.second])
        assert report.holds

    def test_what_an_earlier_call_has_left_is_no_parameter(self):
        own = module()
        own.of_the_module(X, Y)
        report = check_model(own.of_the_module, X, Y)
        assert report.holds
        assert not any("no gradient" in said for said in report.remarks)

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


SCRIPT = """
import numpy as np

random = np.random.default_rng(0)
n = 3
Wxh, Whh, Why = (random.standard_normal((n, n)) for _ in range(3))
bh, by = np.zeros((n, 1)), np.zeros((n, 1))

def affine(W, x, b):
    return np.dot(W, x) + b

def loss_of(xs, target, first):
    hs = [first]
    for x in xs:
        hs.append(np.tanh(np.dot(Wxh, x) + affine(Whh, hs[-1], bh)))
    dy = affine(Why, hs[-1], by) - target
    dWhy, dby = np.dot(dy, hs[-1].T), dy
    dWxh, dWhh, dbh = np.zeros_like(Wxh), np.zeros_like(Whh), np.zeros_like(bh)
    dh = np.dot(Why.T, dy)
    for x, before, h in zip(xs[::-1], hs[-2::-1], hs[:0:-1]):
        dz = (1 - h * h) * dh
        dbh += dz
        dWxh += np.dot(dz, x.T)
        dWhh += np.dot(dz, before.T)
        dh = np.dot(Whh.T, dz)
    return (dy**2).sum() / 2, dWxh, dWhh, dWhy, dby, dbh, hs[-1]
"""


class TestLayersBesideParameters:
    """Where a step is given parameters and returns their gradients, those are compared too."""

    class Tanh:
        def forward(self, x):
            self.y = np.tanh(x)
            return self.y

        def backward(self, delta):
            return delta * (1 - self.y**2)

    @pytest.mark.parametrize("factor", [1.0, 2.0])
    @pytest.mark.parametrize("one_by_one", [False, True])
    def test_of_the_function_around(self, factor, one_by_one):
        layer = self.Tanh()

        def step(params, x):
            hidden = layer.forward(x @ params["V"])
            out = hidden @ params["W"]
            dV = factor * x.T @ layer.backward(out @ params["W"].T)
            return (out**2).sum() / 2, {"V": dV, "W": hidden.T @ out}

        def of_two(V, W, x):
            loss, grads = step({"V": V, "W": W}, x)
            return loss, grads["V"], grads["W"]

        params = {"V": np.eye(3), "W": np.ones((3, 2))}
        report = (
            check_model(of_two, *params.values(), X) if one_by_one else check_model(step, params, X)
        )
        wrong = [v.place for v in report.violations]
        assert wrong == ["parameter V"] * (factor != 1)
        assert {"layer (Tanh)", "parameter V", "parameter W"} <= {r.place for r in report.rows}


class TestArraysThatAStepHasANameFor:
    """Where it returns dW, and W is an array of its script, W is a parameter."""

    DATA = [np.ones((3, 1)), np.eye(3)[:, :1]], np.ones((3, 1)), np.zeros((3, 1))

    @pytest.mark.parametrize(
        ("change", "wrong"),
        [
            (("", ""), []),
            (("dbh += dz", "dbh = dz"), ["dbh"]),
            (("np.dot(Whh.T, dz)", "np.dot(Whh, dz)"), ["dWxh", "dbh"]),
        ],
    )
    def test_a_recurrence(self, change, wrong):
        own = module_of(SCRIPT, change)
        before = own.Whh.copy()
        report = check_model(own.loss_of, *self.DATA)
        assert {v.quantity for v in report.violations} == set(wrong)
        assert {row.quantity for row in report.rows} == {"dWxh", "dWhh", "dWhy", "dbh", "dby"}
        assert np.array_equal(own.Whh, before)

    def test_not_one_that_it_is_given(self):
        def step(W, x):
            dW = x.T @ (x @ W)
            return ((x @ W) ** 2).sum() / 2, dW

        report = check_model(step, X.T @ X, X)
        assert report.holds
        assert [row.quantity for row in report.rows] == ["dparams"]


PASSES = """
import numpy as np

def forward_prop(W1, b1, W2, b2, X):
    Z1 = W1.dot(X) + b1
    A1 = np.tanh(Z1)
    Z2 = W2.dot(A1) + b2
    return Z1, A1, Z2, np.exp(Z2) / np.exp(Z2).sum(axis=0)

def backward_prop(Z1, A1, Z2, A2, W1, W2, X, Y):
    dZ2 = (A2 - Y) / Y.shape[1]
    dZ1 = W2.T.dot(dZ2) * (1 - A1**2)
    db1, db2 = (dZ.sum(axis=1, keepdims=True) for dZ in (dZ1, dZ2))
    return dZ1.dot(X.T), db1, dZ2.dot(A1.T), db2

def one_by_one(W1, b1, W2, b2, X, Y):
    Z1, A1, Z2, A2 = forward_prop(W1, b1, W2, b2, X)
    loss = -(Y * np.log(A2)).sum(axis=0).mean()
    return loss, *backward_prop(Z1, A1, Z2, A2, W1, W2, X, Y)

def forward_propagation(X, parameters):
    A1 = np.tanh(np.dot(parameters["W1"], X) + parameters["b1"])
    Z2 = np.dot(parameters["W2"], A1) + parameters["b2"]
    A2 = np.exp(Z2) / np.exp(Z2).sum(axis=0)
    return A2, {"A1": A1, "A2": A2}

def backward_propagation(parameters, cache, X, Y):
    dZ2 = (cache["A2"] - Y) / Y.shape[1]
    dZ1 = np.dot(parameters["W2"].T, dZ2) * (1 - cache["A1"] ** 2)
    return {"dW1": np.dot(dZ1, X.T), "db1": np.sum(dZ1, axis=1, keepdims=True),
            "dW2": np.dot(dZ2, cache["A1"].T), "db2": np.sum(dZ2, axis=1, keepdims=True)}

def by_name(parameters, X, Y):
    A2, cache = forward_propagation(X, parameters)
    loss = -(Y * np.log(A2)).sum(axis=0).mean()
    return loss, backward_propagation(parameters, cache, X, Y)
"""


class TestThePassesOfAWholeModel:
    """Functions with the names of a layer's that are given no error are no layer, and parameters
    may be arguments one by one."""

    PARAMETERS: ClassVar = {
        name: np.random.default_rng(n).standard_normal(shape)
        for n, (name, shape) in enumerate(
            {"W1": (4, 3), "b1": (4, 1), "W2": (2, 4), "b2": (2, 1)}.items()
        )
    }
    DATA = X.T, np.eye(2)[:, [0, 1, 1, 0, 1]]

    @pytest.mark.parametrize(
        ("change", "wrong"),
        [
            (("", ""), []),
            (("W2.T.dot(dZ2) * (1 - A1**2)", "W2.T.dot(dZ2) * (1 - A1)"), ["dW1", "db1"]),
            (("dZ2.dot(A1.T), db2", "2 * dZ2.dot(A1.T), db2"), ["dW2"]),
        ],
    )
    def test_one_by_one(self, change, wrong):
        step = module_of(PASSES, change).one_by_one
        report = check_model(step, *self.PARAMETERS.values(), *self.DATA)
        assert [v.quantity for v in report.violations] == wrong
        assert [row.quantity for row in report.rows] == ["dW1", "db1", "dW2", "db2"]

    @pytest.mark.parametrize(
        ("change", "wrong"),
        [
            (("", ""), []),
            (('parameters["W2"].T, dZ2', '0.5 * parameters["W2"].T, dZ2'), ["dW1", "db1"]),
        ],
    )
    def test_by_name(self, change, wrong):
        report = check_model(module_of(PASSES, change).by_name, self.PARAMETERS, *self.DATA)
        assert [v.quantity for v in report.violations] == wrong
        assert [row.quantity for row in report.rows] == ["dW1", "db1", "dW2", "db2"]

    def test_what_is_no_gradient_is_none(self):
        """An output has the shape of an input by chance."""

        def step(w, x):
            out = x @ w
            return ((out - x) ** 2).sum() / 2, x.T @ (out - x), out

        report = check_model(step, np.eye(3), X)
        assert report.holds
        assert [row.quantity for row in report.rows] == ["dparams"]


class TestUpdatedParameters:
    """What comes back are parameters after an update: that is said, with its learning rate."""

    @staticmethod
    def step_of(factor, rate, kind=float):
        def step(params, x):
            W, b = params["W"], params["b"]
            out = x @ W + b
            grads = {"W": factor * x.T @ out, "b": out.sum(axis=0)}
            new = {name: (params[name] - kind(rate) * grads[name]) for name in params}
            return (out**2).sum() / 2, new

        return step

    @pytest.mark.parametrize("kind", [float, np.float32])
    def test_it_is_said(self, kind):
        params = {"W": np.eye(3, dtype=kind), "b": np.ones(3, kind)}
        report = check_model(self.step_of(1, 0.125, kind), params, X.astype(kind))
        assert not report.violations
        (said,) = report.problems
        assert said == WEIGHTS.format(0.125)

    def test_a_wrong_gradient_in_it_is_none(self):
        report = check_model(self.step_of(2, 0.125), {"W": np.eye(3), "b": np.ones(3)}, X)
        assert {v.quantity for v in report.violations} == {"dW", "db"}
