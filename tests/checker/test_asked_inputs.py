"""Layers that keep nothing of their forward pass: backward is given its inputs once more."""

import numpy as np
import pytest

from proofs.checker.check_layer import check_layer
from proofs.checker.check_model import check_model

X, Y = np.random.default_rng(1).standard_normal((5, 3)), np.ones((5, 2))


class Dense:
    def __init__(self, n, k, factor=1.0):
        self.W, self.factor = np.random.default_rng(n).standard_normal((n, k)), factor
        self.b = np.zeros(k)

    def forward(self, x):
        return x @ self.W + self.b

    def backward(self, x, grad_output):
        self.dW, self.db = self.factor * x.T @ grad_output, grad_output.sum(axis=0)
        return grad_output @ self.W.T


class ErrorFirst(Dense):
    def backward(self, grad_output, x):
        self.dW, self.db = self.factor * x.T @ grad_output, grad_output.sum(axis=0)
        return grad_output @ self.W.T


class ByAnotherName(Dense):
    def forward(self, img):
        return img @ self.W + self.b

    def backward(self, inputs, grad_output):
        self.dW, self.db = self.factor * inputs.T @ grad_output, grad_output.sum(axis=0)
        return grad_output @ self.W.T


class Updated(Dense):
    def backward(self, x, grad_output, learning_rate):
        sent = grad_output @ self.W.T
        self.W = self.W - learning_rate * self.factor * x.T @ grad_output
        self.b = self.b - learning_rate * grad_output.sum(axis=0)
        return sent


class ReLU:
    def forward(self, x):
        return np.maximum(0, x)

    def backward(self, x, grad_output):
        return grad_output * (x > 0)


CALLS = {
    Dense: lambda layer, x, d: layer.backward(x, d),
    ErrorFirst: lambda layer, x, d: layer.backward(grad_output=d, x=x),
    ByAnotherName: lambda layer, x, d: layer.backward(x, d),
    Updated: lambda layer, x, d: layer.backward(x, d, 0.1),
}


def step_of(kind, factor):
    layers = [kind(3, 4, factor), ReLU(), kind(4, 2)]

    def step(x, y):
        reached = [x]
        for layer in layers:
            reached.append(layer.forward(reached[-1]))
        d = reached[-1] - y
        for layer, x in zip(layers[::-1], reached[-2::-1], strict=True):
            d = CALLS.get(type(layer), CALLS[Dense])(layer, x, d)
        return ((reached[-1] - y) ** 2).sum() / 2

    return step


@pytest.mark.parametrize("kind", CALLS)
@pytest.mark.parametrize("factor", [1.0, 2.0])
class TestBackwardAsksForTheInputs:
    """What it calls as forward calls its inputs is those, and the rest is the error."""

    def test_of_a_model(self, kind, factor):
        report = check_model(step_of(kind, factor), X, Y)
        wrong = [(v.place.split()[0], v.quantity) for v in report.violations]
        assert wrong == [("layers[0]", "dW")] * (factor != 1)
        assert len(report.rows) == 10
        assert not report.problems

    def test_of_a_layer(self, kind, factor):
        report = check_layer(kind(3, 4, factor), X)
        assert [v.quantity for v in report.violations] == ["dW"] * (factor != 1)
        assert [row.quantity for row in report.rows][:2] == ["dW", "db"]
        assert report.rows[2].quantity in ("dx", "dimg")


class TestGradientsByName:
    """The one input whose gradient is left may have it by another name."""

    class Named(Dense):
        def forward(self, img):
            return img @ self.W + self.b

        def backward(self, inputs, delta):
            dx, dw = self.factor * delta @ self.W.T, inputs.T @ delta
            return {"W": dw, "b": delta.sum(axis=0), "x": dx, "seen": 7 * delta}

    @pytest.mark.parametrize("factor", [1.0, 2.0])
    def test_of_a_layer(self, factor):
        report = check_layer(self.Named(3, 4, factor), X)
        assert [v.quantity for v in report.violations] == ["dimg"] * (factor != 1)
        assert not any("no gradient" in said for said in report.remarks)


class TestALossIsNone:
    """A loss that is given its outputs once more, by another name, is asked for two functions."""

    class Loss:
        def forward(self, predicted, labels):
            return -np.sum(labels * np.log(predicted), axis=1)

        def backward(self, dvalues, labels):
            return -labels / dvalues

    def test_it_is_refused(self):
        with pytest.raises(TypeError, match="got one that takes some of both"):
            check_layer(self.Loss(), np.full((2, 2), 0.5), np.eye(2))
