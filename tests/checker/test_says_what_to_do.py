"""Words that say what to do: gradients of single examples, what is frozen, numbers of Python."""

from types import MappingProxyType

import numpy as np
import pytest

from proofs.checker.check_layer import check_layer
from proofs.checker.check_model import check_model

draw = np.random.default_rng(0).standard_normal


def linear_forward(x, w):
    return x @ w, (x, w)


def linear_backward(dout, cache):
    x, w = cache
    return dout @ w.T, x.T @ dout


class TestGradientsOfExamples:
    """A gradient for each example is no gradient; but their sum may be right, and that is said."""

    @pytest.mark.parametrize("wrong", [1.0, 2.0])
    def test_of_a_layer(self, wrong):
        def each_backward(dout, cache):
            x, w = cache
            return dout @ w.T, wrong * x[:, :, None] * dout[:, None]

        (row,) = check_layer(linear_forward, each_backward, draw((5, 4)), draw((4, 3))).violations
        assert (row.quantity, row.detail) == ("dw", "expected the shape (4, 3), got (5, 4, 3)")
        assert any("their sum over axis 0 is right" in said for said in row.says) == (wrong == 1)

    def test_of_a_step(self):
        def step(params, x, y):
            d = x @ params["w"] + params["b"] - y
            return (d**2).sum() / 2, {"w": x[:, :, None] * d[:, None], "b": d}

        params = {"w": draw((4, 3)), "b": draw(3)}
        report = check_model(step, params, draw((5, 4)), draw((5, 3)))
        assert [row.quantity for row in report.violations] == ["dw", "db"]
        assert all("add them up" in row.says[0] for row in report.violations)


def head_alone(params, x, y):
    h, _ = linear_forward(x, params["below"])
    out, cache = linear_forward(np.tanh(h), params["head"])
    _, dw = linear_backward(out - y, cache)
    return ((out - y) ** 2).sum() / 2, {"head": dw}


def below_alone(params, x, y):
    h, below = linear_forward(x, params["below"])
    out, cache = linear_forward(np.tanh(h), params["head"])
    dh, _ = linear_backward(out - y, cache)
    _, dw = linear_backward(dh * (1 - np.tanh(h) ** 2), below)
    return ((out - y) ** 2).sum() / 2, {"below": dw}


class Dense:
    def __init__(self, n, m):
        self.W = draw((n, m)) / 2

    def forward(self, x):
        self.x = x
        return x @ self.W

    def backward(self, dout):
        self.dW = self.x.T @ dout
        return dout @ self.W.T


class TestFrozen:
    """A layer that is not learnt is told from one that was forgotten by where its arrays stand."""

    DATA = draw((5, 4)), draw((5, 2))

    @pytest.mark.parametrize("step", [head_alone, below_alone])
    def test_among_the_parameters(self, step):
        params = {"below": draw((4, 3)), "head": draw((3, 2))}
        (row,) = check_model(step, params, *self.DATA).violations
        assert "what is frozen belongs among the data" in row.detail

    @pytest.mark.parametrize(("step", "learnt"), [(head_alone, "head"), (below_alone, "below")])
    def test_among_the_data(self, step, learnt):
        arrays = {"below": draw((4, 3)), "head": draw((3, 2))}
        own = {learnt: arrays.pop(learnt)}
        report = check_model(lambda own, rest, *d: step(own | rest, *d), own, arrays, *self.DATA)
        assert report.holds

    def test_an_object(self):
        def step(net, x, y):
            out = net[1].forward(np.tanh(net[0].forward(x)))
            net[1].backward(out - y)
            return ((out - y) ** 2).sum() / 2

        report = check_model(step, [Dense(4, 3), Dense(3, 2)], *self.DATA)
        assert report.holds
        assert any("[0] (Dense): its backward pass was never" in said for said in report.remarks)


class Normalised:
    """Scale and shift are begun as plain numbers."""

    def __init__(self):
        self.gamma, self.beta, self.eps = 1.0, 0.0, 1e-5

    def forward(self, x):
        self.h = (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + self.eps)
        self.inv = 1 / np.sqrt(x.var(axis=0) + self.eps)
        return self.gamma * self.h + self.beta

    def backward(self, dout):
        self.dgamma, self.dbeta = (dout * self.h).sum(axis=0), dout.sum(axis=0)
        d = dout * self.gamma
        return (d - d.mean(axis=0) - self.h * (d * self.h).mean(axis=0)) * self.inv


class TestPlainNumbers:
    """What a layer keeps as a number of Python, though it learns it, is said not to be compared."""

    SAID = "gamma and beta not compared, being plain numbers"

    def test_of_a_layer(self):
        report = check_layer(Normalised(), draw((5, 3)))
        assert report.holds
        assert any(self.SAID in said for said in report.remarks)

    def test_in_a_model(self):
        def step(net, x, y):
            out = net[1].forward(net[0].forward(x))
            net[0].backward(net[1].backward(out - y))
            return ((out - y) ** 2).sum() / 2

        report = check_model(step, [Dense(4, 2), Normalised()], draw((5, 4)), draw((5, 2)))
        assert report.holds
        assert any(self.SAID in said for said in report.remarks)


class TestDigits:
    """What is right to many digits and no more is said to be so."""

    def test_a_constant_of_few_digits(self):
        root = np.sqrt(2 / np.pi)

        def gelu_forward(x):
            return 0.5 * x * (1 + np.tanh(root * (x + 0.044715 * x**3))), x

        def gelu_backward(dout, x):
            t = np.tanh(0.0356774 * x**3 + 0.797885 * x)
            return dout * (0.5 * t + (0.0535161 * x**3 + 0.398942 * x) * (1 - t**2) + 0.5)

        (row,) = check_layer(gelu_forward, gelu_backward, draw((3, 4))).violations
        assert any("digits, as where" in said for said in row.says)


def normalised_step(params, x, t):
    """A layer norm, whose small constant its backward pass has, and a cost whose it leaves out."""
    z = x @ params["w"]
    mean, var = z.mean(axis=1, keepdims=True), z.var(axis=1, keepdims=True)
    inv = 1 / np.sqrt(var + 1e-5)
    h = (z - mean) * inv
    p = np.exp(h * params["g"])
    p /= p.sum(axis=1, keepdims=True)
    at = np.arange(len(t)), t
    loss = -np.log(p[at] + 1e-7).mean()
    p[at] -= 1
    p /= len(t)
    d = p * params["g"]
    dz = inv * (d - d.mean(axis=1, keepdims=True) - h * (d * h).mean(axis=1, keepdims=True))
    return loss, {"w": x.T @ dz, "g": (p * h).sum(axis=0)}


class TestOneGuardOfSeveral:
    """One small constant may be left out where another belongs in."""

    X, T = draw((6, 4)) / 100, np.array([0, 1, 2, 3, 0, 1])
    PARAMS = MappingProxyType({"w": draw((4, 4)), "g": np.linspace(1, 2, 4)})

    def test_right(self):
        report = check_model(normalised_step, dict(self.PARAMS), self.X, self.T)
        assert report.holds
        (said,) = [said for said in report.remarks if "small constant" in said]
        assert "step, dw, dg: right but for" in said
        assert "np.log(p[at] + 1e-7)" in said
        assert "1e-5" not in said

    def test_wrong(self):
        def step(params, x, t):
            loss, grads = normalised_step(params, x, t)
            return loss, grads | {"w": 1.0001 * grads["w"]}

        assert not check_model(step, dict(self.PARAMS), self.X, self.T).holds


def sigmoid_cost_forward(x, t):
    p = 1 / (1 + np.exp(-x))
    return -np.mean(t * np.log(p + 1e-7) + (1 - t) * np.log(1 - p + 1e-7)), (p, t)


class TestAFactorBesideAGuard:
    """A wrong factor is named where the backward pass leaves out a small constant besides."""

    def test_of_examples(self):
        def sigmoid_cost_backward(dout, cache):
            p, t = cache
            return dout * (p - t) / len(p), None

        t = np.array([[0.0, 1.0, 1.0], [1.0, 0.0, 1.0]])
        (row,) = check_layer(
            sigmoid_cost_forward, sigmoid_cost_backward, draw((2, 3)), t
        ).violations
        assert any("3 times" in said for said in row.says)


class TestClipped:
    """A gradient that an optimiser has clipped is told to be."""

    @pytest.mark.parametrize("bound", [0.5, 1.0])
    def test_each_number(self, bound):
        def clipping_backward(dout, cache):
            dx, dw = linear_backward(dout, cache)
            return dx, np.clip(dw, -bound, bound)

        (row,) = check_layer(
            linear_forward, clipping_backward, draw((5, 4)), draw((4, 3))
        ).violations
        assert row.says == (f"it is clipped at {bound:g}",)
