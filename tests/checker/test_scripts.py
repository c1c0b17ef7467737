"""Steps of scripts: gradients in arrays of the script, policies step by step, updates in layers."""

import types

import numpy as np
import pytest
from sources import module_of

from proofs.checker.check_model import check_model

SOURCE = '''
import numpy as np

draw = np.random.default_rng(0).standard_normal
W, V = draw((3, 4)), draw((4, 2))
dW, dV = np.zeros((3, 4)), np.zeros((4, 2))
calls = 0

def forward_backward(x, y):
    """Gradients are added up in arrays of the script."""
    global calls, dW, dV
    calls += 1
    dW *= 0
    dV.fill(0)
    h = np.tanh(x @ W)
    d = h @ V - y
    dV += h.T @ d
    dW += FACTOR * x.T @ (d @ V.T * (1 - h**2))
    return (d**2).sum() / 2

def step(x, y):
    loss = forward_backward(x, y)
    return loss, dW, dV

model = {"W": W, "V": V}

def policy_forward(x):
    """One step of an episode."""
    h = np.maximum(x @ model["W"], 0)
    logits = h @ model["V"]
    p = np.exp(logits) / np.exp(logits).sum()
    return p, h

def policy_backward(xs, hs, ds):
    """The whole episode."""
    dh = ds @ model["V"].T
    dh[hs <= 0] = 0
    return {"W": FACTOR * xs.T @ dh, "V": hs.T @ ds}

def episode(params, xs, gains):
    global model
    model = params
    hs, ds, loss = [], [], 0.0
    for x, gain in zip(xs, gains):
        p, h = policy_forward(x)
        hs.append(h)
        ds.append(gain * (p - np.array([1.0, 0.0])))
        loss = loss - gain * np.log(p[0])
    return loss, policy_backward(xs, np.stack(hs), np.stack(ds))

class Graph:
    """A layer whose grad is the error of its input, and which is updated in its backward pass."""

    def __init__(self, n, k, factor):
        self.W, self.factor = draw((n, k)), factor

    def forward(self, A, x):
        self.A, self.x = A, A @ x
        self.h = np.tanh(self.x @ self.W)
        return self.h

    def backward(self, optimiser):
        d = optimiser.error * (1 - self.h**2)
        self.grad = optimiser.error = self.A.T @ d @ self.W.T
        self.W -= 0.1 * self.factor * self.x.T @ d

class Optimiser:
    pass

class Net:
    def __init__(self):
        self.layers = [Graph(3, 4, FACTOR), Graph(4, 4, 1.0), Graph(4, 2, 1.0)]

def train(net, A, x, y):
    for layer in net.layers:
        x = layer.forward(A, x)
    optimiser = Optimiser()
    optimiser.error = x - y
    for layer in net.layers[::-1]:
        layer.backward(optimiser)
    return ((x - y) ** 2).sum() / 2
'''
r = np.random.default_rng(1).standard_normal
X, Y = r((5, 3)), r((5, 2))


def theirs(factor):
    return module_of(SOURCE.replace("FACTOR", str(factor)))


def judged(report):
    return {row.quantity: row.holds for row in report.rows}


@pytest.mark.parametrize("factor", [1.0, 2.0])
class TestScripts:
    """They are judged as they stand, entry by entry, and keep their numbers."""

    def test_gradients_in_arrays_of_the_script(self, factor):
        own = theirs(factor)
        report = check_model(own.step, X, Y)
        assert judged(report) == {"dW": factor == 1, "dV": True}
        assert not any("no tangents" in said for said in report.remarks)
        assert not own.dW.any()
        assert own.calls == 0

    def test_in_another_module(self, factor):
        own = theirs(factor)
        own.__file__ = own.step.__code__.co_filename
        around = types.ModuleType("around")
        around.own = own

        def step(params, x, y):
            vars(own).update(params)
            return own.forward_backward(x, y), {"W": own.dW, "V": own.dV}

        report = check_model(step, {"W": own.W, "V": own.V}, X, Y)
        assert judged(report) == {"dW": factor == 1, "dV": True}
        assert not any("no tangents" in said for said in report.remarks)
        assert type(own.W) is np.ndarray

    def test_a_policy_that_runs_step_by_step(self, factor):
        """One backward pass for all calls of its forward pass is that of a whole model."""
        own = theirs(factor)
        model = own.model
        report = check_model(own.episode, dict(model), X, r(5))
        assert judged(report) == {"dW": factor == 1, "dV": True}
        assert own.model is model

    def test_what_is_called_grad_may_be_that_of_the_input(self, factor):
        A = np.random.default_rng(2).random((5, 5))
        report = check_model(theirs(factor).train, theirs(factor).Net(), A, X, Y)
        assert judged(report) == {"dW[0]": factor == 1, "dW[1]": True, "dW[2]": True}


UPDATED = """
import numpy as np

draw = np.random.default_rng(0).standard_normal
E, V = draw((6, 4)), draw((4, 6))

def train(words, following, rate=0.1):
    global E, V
    loss, gE, gV = 0.0, np.zeros_like(E), np.zeros_like(V)
    for word, wanted in zip(words, following):
        h = np.tanh(E[word])
        p = np.exp(h @ V)
        p = p / p.sum()
        loss -= np.log(p[wanted])
        d = p - (np.arange(6) == wanted)
        gV += np.outer(h, d)
        gE[word] += FACTOR * V @ d * (1 - h**2)
    E = E - rate * gE
    V = V - rate * gV
    return loss
"""


@pytest.mark.parametrize(("factor", "wrong"), [("1", set()), ("0.5", {"dE"})])
def test_weights_of_the_script_that_are_new_ones_after_a_step(factor, wrong):
    """Its data are lists of whole numbers."""
    own = module_of(UPDATED, ("FACTOR", factor))
    before = own.E
    report = check_model(own.train, [1, 3, 3, 5], [3, 3, 5, 0])
    assert {v.quantity for v in report.violations} == wrong
    assert own.E is before
