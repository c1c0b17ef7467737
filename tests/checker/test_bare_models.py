"""Models that are no more than names for their layers."""

from types import SimpleNamespace

import numpy as np
import pytest

from proofs.checker.check_model import check_model

X = np.random.default_rng(1).standard_normal((4, 3))


class Bare:
    """A class without methods."""


class Added:
    """A layer that adds up its gradient, `factor` times what it should be."""

    def __init__(self, n, k, factor=1.0):
        self.W, self.factor = np.random.default_rng(n).standard_normal((n, k)), factor
        self.dW = np.zeros((n, k))

    def forward(self, x):
        self.x = x
        return x @ self.W

    def backward(self, delta):
        self.dW += self.factor * self.x.T @ delta
        return delta @ self.W.T


class Asks(Added):
    """One whose backward pass asks for its input and for a number as well."""

    def backward(self, x, scale, delta):
        self.dW = self.factor * x.T @ delta
        return delta @ self.W.T


def named(kind, model, factor):
    model.a, model.b = kind(3, 4, factor), kind(4, 2)
    return model


@pytest.mark.parametrize("factor", [1.0, 2.0])
class TestBareModels:
    """The layers of a bare namespace are found; where their backward passes ask for more than an
    error, the gradients that they keep are compared with the loss."""

    @pytest.mark.parametrize("model", [Bare, SimpleNamespace])
    def test_its_layers_are_judged(self, model, factor):
        def step(net, x):
            out = net.b.forward(net.a.forward(x))
            net.a.backward(net.b.backward(out - 1))
            return ((out - 1) ** 2).sum() / 2

        report = check_model(step, named(Added, model(), factor), X)
        wrong = [(row.place, row.quantity) for row in report.violations]
        assert wrong == [("a (Added)", "dW")] * (factor != 1)
        assert len(report.rows) == 6
        assert not report.problems

    def test_as_a_whole(self, factor):
        def step(net, x):
            hidden = net.a.forward(x)
            out = net.b.forward(hidden)
            net.a.backward(x, 1.0, net.b.backward(hidden, 1.0, out - 1))
            return ((out - 1) ** 2).sum() / 2

        report = check_model(step, named(Asks, Bare(), factor), X)
        assert [row.quantity for row in report.violations] == ["da.W"] * (factor != 1)
        assert len(report.rows) == 2
        assert not report.problems
