"""Backpropagation written by hand on the arrays of torch and of JAX, without their autograd."""

import jax.numpy as jnp
import numpy as np
import pytest
import torch

from proofs.adapters import from_loop, from_model
from proofs.checker.check_backprop import check_backprop
from proofs.network.activations import sigmoid, softmax, tanh
from proofs.network.costs import cross_entropy, log_likelihood

RANDOM = np.random.default_rng(0)
X, LABELS = RANDOM.standard_normal((4, 7)), RANDOM.integers(3, size=7)
ONE_HOT = np.eye(3)[:, LABELS]


def report(subject):
    return check_backprop(subject, subject.network, X, ONE_HOT)


class ByHand:
    """Weights that are tensors, changed in place."""

    def __init__(self, dtype, slope=lambda h: h * (1 - h)):
        self.slope = slope
        self.w1, self.b1 = torch.randn(4, 5, dtype=dtype), torch.zeros(5, dtype=dtype)
        self.w2, self.b2 = torch.randn(5, 3, dtype=dtype), torch.zeros(3, dtype=dtype)

    def step(self, x, y, rate=0.1):
        h = torch.sigmoid(x @ self.w1 + self.b1)
        p = torch.softmax(h @ self.w2 + self.b2, dim=1)
        if y.ndim == 1:
            y = torch.nn.functional.one_hot(y, 3)
        d2 = (p - y) / len(x)
        d1 = d2 @ self.w2.t() * self.slope(h)
        self.w2 -= rate * h.t() @ d2
        self.b2 -= rate * d2.sum(0)
        self.w1 -= rate * x.t() @ d1
        self.b1 -= rate * d1.sum(0)


class TestTorch:
    """The step is given tensors, of the precision of the weights, and its update is read off."""

    @pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
    @pytest.mark.parametrize("labels", [True, False])
    def test_it_holds(self, dtype, labels):
        net = ByHand(dtype)
        subject = from_model(net, lambda net, x, y: net.step(x, y), [sigmoid, softmax],
                             log_likelihood, rate=0.1, labels=labels)  # fmt: skip
        assert report(subject).holds

    def test_a_fault_is_at_its_equation(self):
        net = ByHand(torch.float64, slope=lambda h: h)
        subject = from_model(net, lambda net, x, y: net.step(x, y), [sigmoid, softmax],
                             log_likelihood, rate=0.1)  # fmt: skip
        assert [v.place for v in report(subject).violations] == ["BP2 at layer 2"]

    def test_a_loop(self):
        def train(x, y):
            net, learning_rate = ByHand(torch.float64), 0.1
            for _ in range(9):
                net.step(x, y, learning_rate)

        data = torch.tensor(X.T), torch.tensor(ONE_HOT.T)
        subject = from_loop(train, *data, activations=[sigmoid, softmax], cost=log_likelihood)
        assert report(subject).holds


class TestJAX:
    """Arrays that cannot be changed are put in anew."""

    @staticmethod
    def gradients(params, x, y):
        w1, b1, w2, b2 = params
        h = jnp.tanh(x @ w1 + b1)
        d2 = (1 / (1 + jnp.exp(-(h @ w2 + b2))) - y) / len(x)
        d1 = d2 @ w2.T * (1 - h**2)
        return [x.T @ d1, d1.sum(0), h.T @ d2, d2.sum(0)]

    @pytest.mark.parametrize("updated", [True, False])
    def test_it_holds(self, updated):
        def step(params, x, y):
            came = self.gradients(params, x, y)
            return [p - 0.5 * g for p, g in zip(params, came, strict=True)] if updated else came

        params = [jnp.array(RANDOM.standard_normal(s)) for s in ((4, 5), (5,), (5, 3), (3,))]
        subject = from_model(params, step, [tanh, sigmoid], cross_entropy,
                             rate=0.5 if updated else None)  # fmt: skip
        assert report(subject).holds
