"""Arrays that a model keeps beside its layers are compared, with the step taken as a whole."""

import numpy as np
import pytest

from proofs import check_model

random = np.random.default_rng(0)
X, Y = random.standard_normal((6, 4)), random.standard_normal((6, 2))


class Tanh:
    def forward(self, x):
        self.a = np.tanh(x)
        return self.a

    def backward(self, d):
        return d * (1 - self.a**2)


class Net:
    """Two matrices of its own, and a layer between them."""

    def __init__(self, factor=1.0):
        self.V, self.W, self.b = np.ones((4, 3)) / 4, np.eye(3, 2), np.zeros(2)
        self.between, self.factor = Tanh(), factor

    def gradients(self, x, y):
        h = self.between.forward(x @ self.V)
        left = h @ self.W + self.b - y
        dV = self.factor * x.T @ self.between.backward(left @ self.W.T)
        return (left**2).sum() / 2, {"V": dV, "W": h.T @ left}

    def keeping(self, x, y):
        loss, grads = self.gradients(x, y)
        self.dV, self.dW = grads["V"], grads["W"]
        return loss

    def optimised(self, x, y):
        """What an optimiser does with a gradient is not that gradient."""
        loss, grads = self.gradients(x, y)
        for name, g in grads.items():
            getattr(self, name)[...] -= 0.1 * np.sign(g)
        return loss


class TestBesideLayers:
    """A wrong gradient of one is blamed; those without a gradient are named in a remark."""

    @pytest.mark.parametrize("step", [Net.gradients, Net.keeping])
    @pytest.mark.parametrize(("factor", "wrong"), [(1.0, []), (2.0, ["dV"])])
    def test_they_are_compared(self, step, factor, wrong):
        net = Net(factor)
        report = check_model(step, net, X, Y)
        assert [v.quantity for v in report.violations] == wrong
        assert {"dx", "dV", "dW"} <= {row.quantity for row in report.rows}
        assert "arrays of the model that got no gradient: b" in report.remarks
        assert not any("not compared" in text for text in report.remarks)
        assert np.array_equal(net.V, np.ones((4, 3)) / 4)

    @pytest.mark.parametrize(("factor", "wrong"), [(1.0, []), (2.0, ["dV"])])
    def test_an_optimiser_gets_them(self, factor, wrong):
        report = check_model(Net.optimised, Net(factor), X, Y)
        assert [v.quantity for v in report.violations] == wrong
        assert "arrays of the model that got no gradient: b" in report.remarks

    def test_what_moves_without_a_gradient_is_asked_for(self):
        def step(net, x, y):
            loss, grads = net.gradients(x, y)
            net.dW, net.V = grads["W"], net.V - 0.1 * np.sign(grads["V"])
            return loss

        report = check_model(step, Net(2.0), X, Y)
        assert not report.violations
        assert [said[:16] for said in report.problems] == ["V: not compared,"]
