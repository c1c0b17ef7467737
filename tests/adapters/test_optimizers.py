"""Models that keep what an optimizer adds up, and updates that are no multiples of a gradient."""

import numpy as np
import pytest

from proofs.adapters import from_model, from_update
from proofs.checker.check_backprop import check_backprop
from proofs.network import Network
from proofs.network.activations import softmax, tanh
from proofs.network.costs import log_likelihood

RANDOM = np.random.default_rng(3)
X, Y = RANDOM.standard_normal((4, 7)), np.eye(3)[:, RANDOM.integers(3, size=7)]


class Net:
    """Its moments have the names of the weights, in dictionaries of their own."""

    fault = 0

    def __init__(self, way="sgd", first=False):
        self.way, self.t, self.learning_rate = way, 0, 1e-3
        of = {"W1": (6, 4), "b1": (6, 1), "W2": (3, 6), "b2": (3, 1)}
        if first:
            self.m, self.v = ({k: np.zeros(s) for k, s in of.items()} for _ in "mv")
        drawn = {k: RANDOM.standard_normal(s) / 2 * (k[0] == "W") for k, s in of.items()}
        self.params = drawn
        if not first:
            self.m, self.v = ({k: np.zeros(s) for k, s in of.items()} for _ in "mv")

    def gradients(self, x, y):
        p, m = self.params, x.shape[1]
        h = np.tanh(p["W1"] @ x + p["b1"])
        d2 = softmax(p["W2"] @ h + p["b2"]) - y
        d1 = p["W2"].T @ d2 * (1 - h**2) + self.fault
        return {"W1": d1 @ x.T / m, "b1": d1.mean(axis=1, keepdims=True),
                "W2": d2 @ h.T / m, "b2": d2.mean(axis=1, keepdims=True)}  # fmt: skip

    def train(self, x, y):
        self.t += 1
        for k, g in self.gradients(x, y).items():
            self.params[k] = self.params[k] - self.learning_rate * getattr(self, self.way)(k, g)

    def sgd(self, k, g):
        return g

    def momentum(self, k, g):
        self.m[k] = 0.9 * self.m[k] + g
        return self.m[k]

    def adam(self, k, g):
        self.m[k] = 0.9 * self.m[k] + 0.1 * g
        self.v[k] = 0.999 * self.v[k] + 0.001 * g**2
        own = self.m[k] / (1 - 0.9**self.t), self.v[k] / (1 - 0.999**self.t)
        return own[0] / (np.sqrt(own[1]) + 1e-8)

    def rmsprop(self, k, g):
        self.v[k] = 0.9 * self.v[k] + 0.1 * g**2
        return g / np.sqrt(self.v[k] + 1e-8)

    def adagrad(self, k, g):
        self.v[k] = self.v[k] + g**2
        return g / (np.sqrt(self.v[k]) + 1e-7)

    def decayed(self, k, g):
        return g / (1 + 0.01 * self.t)

    def averaged(self, k, g):
        self.m[k] = 0.9 * self.m[k] + 0.1 * g
        return self.m[k]

    def signs(self, k, g):
        return np.sign(g)


def report(net, **how):
    step = lambda net, x, y: net.train(x, y)  # noqa: E731 - as people write it
    subject = from_model(net, step, [tanh, softmax], log_likelihood, **how)
    return check_backprop(subject, subject.network, X, Y)


class TestMoments:
    """What is called as the weights are, has their shapes, and is still 0, is not the weights."""

    @pytest.mark.parametrize("way", ["sgd", "momentum"])
    @pytest.mark.parametrize("first", [False, True])
    def test_the_weights_are_found(self, way, first):
        assert report(Net(way, first)).holds

    def test_after_some_training(self):
        net = Net("momentum")
        for _ in range(3):
            net.train(X, Y)
        assert report(net).holds

    def test_a_fault_is_at_its_equation(self):
        net = Net("momentum")
        net.fault = 0.1
        assert [v.place for v in report(net).violations] == ["BP2 at layer 2"]


class TestUpdatesThatAreNoGradient:
    """Of an update by which each weight moves alike it is said that it holds no gradient."""

    @pytest.mark.parametrize("way", ["adam", "rmsprop", "adagrad", "signs"])
    @pytest.mark.parametrize("how", [{}, {"rate": 1e-3}])
    def test_what_to_return_is_said(self, way, how):
        found = report(Net(way), **how)
        assert found.status == 2
        assert "Adam, RMSprop and Adagrad" in str(found)
        assert "return the gradients" in str(found)

    def test_gradients_that_it_keeps_are_read(self):
        class Keeps(Net):
            def gradients(self, x, y):
                self.grads = super().gradients(x, y)
                return self.grads

        assert report(Keeps("adam")).holds


class TestAnotherRate:
    """All that an update shows is right up to one constant, be it next to 1: nothing is broken."""

    @pytest.mark.parametrize(("way", "c"), [("decayed", "0.990099"), ("averaged", "0.1")])
    def test_it_is_told(self, way, c):
        found = report(Net(way))
        assert found.status == 2
        assert not found.violations
        assert f"it is {c} times what it should be" in str(found.scale.diagnosis)
        assert "another rate in this step" in str(found.scale.diagnosis)
        assert {v.diagnosis for v in found.scaled} == {f"it is {c} times what it should be"}


class TestRoundingOfAnUpdate:
    """Where delta is read off an update of weights alone, it carries the rounding of w / rate."""

    @pytest.mark.parametrize("seed", range(12))
    def test_bp2_holds_beside_another_cost(self, seed):
        random = np.random.default_rng(seed)
        net = {"w1": random.random((4, 5)), "w2": random.random((5, 1))}

        def step(net, x, y):
            h = 1 / (1 + np.exp(-x @ net["w1"]))
            a = 1 / (1 + np.exp(-h @ net["w2"]))
            d2 = 2 * (a - y) * a * (1 - a)
            d1 = d2 @ net["w2"].T * h * (1 - h)
            net["w1"] -= x.T @ d1
            net["w2"] -= h.T @ d2

        subject = from_model(net, step, rate=1, total=True)
        x, y = random.standard_normal((4, 7)), random.random((1, 7))
        found = check_backprop(subject, subject.network, x, y)
        assert {v.equation for v in found.found} == {"BP1"}

    @pytest.mark.parametrize("seed", range(12))
    def test_bp4_holds_beside_another_fault(self, seed):
        """delta is read off nabla_b, which carries the rounding of b / rate into BP4."""
        random = np.random.default_rng(seed)

        def train(weights, biases, x, y):
            a, m = [x], x.shape[1]
            for w, b in zip(weights, biases, strict=True):
                a.append(1 / (1 + np.exp(-(w @ a[-1] + b))))
            delta = (a[-1] - y) * a[-1] * (1 - a[-1])
            for l in range(len(weights))[::-1]:
                nabla_w, nabla_b = delta @ a[l].T / m, delta.mean(axis=1, keepdims=True)
                delta = weights[l].T @ delta * a[l]
                weights[l] -= 0.5 * nabla_w
                biases[l] -= 0.5 * nabla_b

        network = Network([6, 9, 2], seed=seed)
        x, y = 20 * random.standard_normal((6, 4)), random.random((2, 4))
        found = check_backprop(from_update(train, rate=0.5), network, x, y)
        assert {v.equation for v in found.found} == {"BP2"}, str(found)
