"""Weights under the names that people give them, beside data, and stacked into one array."""

from types import SimpleNamespace

import numpy as np
import pytest

from proofs.adapters import from_model
from proofs.adapters.model import find
from proofs.checker.check_backprop import check_backprop
from proofs.network.activations import relu, sigmoid, softmax
from proofs.network.costs import cross_entropy, log_likelihood

RANDOM = np.random.default_rng(4)
X, Y = RANDOM.standard_normal((4, 7)), RANDOM.random((4, 7))


def drawn(*shape):
    return RANDOM.standard_normal(shape) / 2


def by_rows(w1, b1, w2, b2, x, y):
    """Gradients of a sigmoid net with the quadratic cost, examples in rows."""
    h = sigmoid(x @ w1 + b1)
    a = sigmoid(h @ w2 + b2)
    d2 = (a - y) * a * (1 - a) / len(x)
    d1 = d2 @ w2.T * h * (1 - h)
    return x.T @ d1, d1.sum(axis=0), h.T @ d2, d2.sum(axis=0)


class Stacked:
    """All layers have the same width, and their weights are one array."""

    def __init__(self, form, lr=0.1):
        self.W, self.lr, self.back = drawn(3, 4, 4), lr, 1.0
        self.b = drawn(*{"row": (3, 4), "column": (3, 4, 1), "1 row": (3, 1, 4)}[form])
        self.rows = form != "column"

    def gradients(self, x, y):
        x, y = (x.T, y.T) if self.rows else (x, y)
        b = self.b.reshape(3, 4, 1)
        w = self.W.transpose(0, 2, 1) if self.rows else self.W
        a = [x]
        for n in range(3):
            a.append(sigmoid(w[n] @ a[-1] + b[n]))
        d = (a[-1] - y) * a[-1] * (1 - a[-1]) / x.shape[1]
        dW, db = np.zeros_like(w), np.zeros_like(b)
        for n in (2, 1, 0):
            dW[n], db[n] = d @ a[n].T, d.sum(axis=1, keepdims=True)
            d = w[n].T @ d * a[n] * (1 - a[n]) * self.back
        return dW.transpose(0, 2, 1) if self.rows else dW, db.reshape(self.b.shape)

    def keep(self, x, y):
        self.dW, self.db = self.gradients(x, y)

    def train(self, x, y):
        dW, db = self.gradients(x, y)
        self.W -= self.lr * dW
        self.b -= self.lr * db


class TestStackedWeights:
    """One array of three axes is a matrix for each layer, and so are the biases beside it."""

    @pytest.mark.parametrize("form", ["row", "column", "1 row"])
    @pytest.mark.parametrize("way", ["gradients", "keep", "train"])
    def test_found(self, form, way):
        subject = from_model(Stacked(form), lambda net, x, y: getattr(net, way)(x, y))
        assert subject.network.sizes == [4, 4, 4, 4]
        assert check_backprop(subject, subject.network, X, Y).holds

    def test_a_fault_is_at_its_equation(self):
        net = Stacked("row")
        net.back = 2.0
        subject = from_model(net, lambda net, x, y: net.train(x, y))
        found = check_backprop(subject, subject.network, X, Y)
        assert {v.equation for v in found.violations} == {"BP2"}


class Tensor:
    def __init__(self, v):
        self.v, self.g = v, 0


class Tensors:
    """Numbers and their gradients in objects with names of one letter."""

    def __init__(self):
        self.w1, self.b1 = Tensor(drawn(4, 5)), Tensor(np.zeros(5))
        self.w2, self.b2 = Tensor(drawn(5, 1)), Tensor(np.zeros(1))
        self.all = (self.w1, self.b1, self.w2, self.b2)

    def backward(self, x, y):
        for t, g in zip(self.all, by_rows(*(t.v for t in self.all), x, y), strict=True):
            t.g = g


class Data:
    """It keeps its data beside its weights, and they fit these as weights would."""

    def __init__(self, x, y):
        self.input, self.y = x, y
        self.weights1, self.weights2 = drawn(4, 4), drawn(4, 1)
        self.output = np.zeros(y.shape)

    def backprop(self, x, y):
        dw1, _, dw2, _ = by_rows(self.weights1, 0.0, self.weights2, 0.0, x, y)
        return dw1, dw2


class OneNeuron:
    """Logistic regression, its weights called in some way."""

    lr = 0.1

    def __init__(self, name, shape):
        self.name, self.b = name, 0.0
        setattr(self, name, drawn(*shape))

    def train(self, x, y):
        w = getattr(self, self.name)
        a = sigmoid(x @ w + self.b)
        d = (a - y.reshape(a.shape)) / len(x)
        setattr(self, self.name, w - self.lr * x.T @ d)
        self.b = self.b - self.lr * d.sum()


class TestNames:
    """Weights are told from biases and data by their names, and by those of what holds them."""

    def test_numbers_in_objects(self):
        subject = from_model(Tensors(), lambda net, x, y: net.backward(x, y))
        assert subject.network.sizes == [4, 5, 1]
        assert check_backprop(subject, subject.network, X, Y[:1]).holds

    def test_data_beside_them(self):
        subject = from_model(Data(X.T, Y[:1].T), lambda net, x, y: net.backprop(x, y))
        assert subject.network.sizes == [4, 4, 1]
        assert check_backprop(subject, subject.network, X, Y[:1]).holds

    @pytest.mark.parametrize("name", ["w", "W", "weights", "synaptic_weights", "theta", "coef_"])
    @pytest.mark.parametrize("shape", [(4,), (4, 1)])
    def test_one_neuron(self, name, shape):
        subject = from_model(
            OneNeuron(name, shape), lambda net, x, y: net.train(x, y), sigmoid, cross_entropy
        )
        assert subject.network.sizes == [4, 1]
        report = check_backprop(subject, subject.network, X, np.round(Y[:1]))
        assert report.holds
        assert "BP3" in str(report)
        assert not any("never trained" in text for text in report.remarks)

    def test_a_bias_that_is_a_whole_number_before_training(self):
        net = OneNeuron("w", (4,))
        net.b = 0
        subject = from_model(net, lambda net, x, y: net.train(x, y), sigmoid, cross_entropy)
        report = check_backprop(subject, subject.network, X, np.round(Y[:1]))
        assert report.holds
        assert ("BP3", 2) in report.cells


class TestTheFormThatIsTold:
    """Where no form of the data gives gradients, what is told is of one that the step runs with."""

    @staticmethod
    def step(net, x, labels):
        h = relu(net["W1"] @ x + net["b1"])
        d2 = softmax(net["W2"] @ h + net["b2"]) - np.eye(3)[labels].T
        d1 = net["W2"].T @ d2 * (h > 0)
        m = x.shape[1]
        return d1 @ x.T / m, d1.mean(axis=1, keepdims=True), d2 @ h.T / m, d2.mean()

    def net(self):
        return {"W1": drawn(5, 4), "b1": drawn(5, 1), "W2": drawn(3, 5), "b2": drawn(3, 1)}

    def report(self, step):
        subject = from_model(self.net(), step, [relu, softmax], log_likelihood)
        return check_backprop(subject, subject.network, X, np.eye(3)[:, [0, 1, 2, 0, 1, 2, 2]])

    def test_one_number_for_a_layer(self):
        assert "indices" not in str(self.report(self.step))

    def test_a_rate_that_is_not_told(self):
        def train(net, x, labels, learning_rate=0.1):
            for name, g in zip(net, self.step(net, x, labels), strict=True):
                net[name] = net[name] - learning_rate * g

        assert "say rate=" in str(self.report(lambda net, x, y: train(net, x, y)))


class TestGradientsOfTheSameShape:
    """Gradients without names are taken in their order, and are asked for by name where two fit: a
    bias and the weights of one output may have the same shape."""

    def report(self, shape, order):
        net = {"w1": drawn(4, 5), "b1": drawn(5), "w2": drawn(*shape), "b2": drawn(1)}

        def step(net, x, y):
            w1, b1, w2, b2 = net.values()
            *of_1, of_w2, of_b2 = by_rows(w1, b1, w2.reshape(5, 1), b2, x, y.reshape(-1, 1))
            came = (*of_1, of_w2.reshape(shape), of_b2)
            return [came[n] for n in order]

        subject = from_model(net, step)
        return check_backprop(subject, subject.network, X, Y[:1])

    @pytest.mark.parametrize("order", [(0, 1, 2, 3), (0, 2, 1, 3), (1, 0, 3, 2), (3, 2, 1, 0)])
    def test_returned(self, order):
        assert self.report((5, 1), order).holds

    @pytest.mark.parametrize("order", [(0, 1, 2, 3), (0, 2, 1, 3)])
    def test_two_orders_fit(self, order):
        report = self.report((5,), order)
        assert report.status == 2
        assert "return a dictionary with the names w1, w2, b1, b2" in str(report)


class TestNamesOfOthers:
    """Weights and gradients under names that others have for something else."""

    def test_output_weights_are_no_data(self):
        called = ("hidden_weights", "hidden_bias", "output_weights", "output_bias")
        shapes = ((2, 2), (1, 2), (2, 1), (1, 1))
        places = find({name: drawn(*shape) for name, shape in zip(called, shapes, strict=True)})
        assert [path[0] for path in (*places.weights, *places.biases)] == [
            *called[::2],
            *called[1::2],
        ]

    def test_gradients_with_g_behind(self):
        def keep(net, x, y):
            net.w1_g, net.b1_g, net.w2_g, net.b2_g = by_rows(net.w1, net.b1, net.w2, net.b2, x, y)

        net = SimpleNamespace(w1=drawn(4, 5), b1=drawn(5), w2=drawn(5, 4), b2=drawn(4))
        subject = from_model(net, keep)
        assert check_backprop(subject, subject.network, X, Y).holds


class TestAWrongShape:
    """Gradients in a known order are read where one of them has a wrong shape, which is told."""

    @pytest.mark.parametrize(
        ("wrong", "equation"), [(lambda v: v, ""), (np.sum, "BP3"), (np.diag, "BP3")]
    )
    def test_of_the_last_biases(self, wrong, equation):
        def step(net, x, y):
            *others, last = by_rows(*net.values(), x, y)
            return (*others, wrong(last))

        net = {"w1": drawn(4, 5), "b1": drawn(5), "w2": drawn(5, 4), "b2": drawn(4)}
        subject = from_model(net, step)
        report = check_backprop(subject, subject.network, X, Y)
        assert {v.equation for v in report.violations} == {equation} - {""}
        assert report.problems == ()

    def test_what_cannot_be_read_is_said_in_plain_words(self):
        subject = from_model({"W": drawn(4, 4)}, lambda *given: None)
        [problem] = check_backprop(subject, subject.network, X, Y).problems
        assert problem.startswith("it returned no gradients, and left none beside the weights")


class Unit:
    """A neuron that keeps what it last gave, and how wrong that was."""

    def __init__(self, k, name):
        self.output, self.weights, self.delta = 0.0, list(drawn(k)), 0.0
        setattr(self, name, float(drawn(1)[0]))


class Units:
    def __init__(self, n, k, name):
        self.units = [Unit(k, name) for _ in range(n)]


class TestBiasesOfNeurons:
    """Layers of one width have each its own biases, and not what its neurons keep besides."""

    def test_found_by_name(self):
        places = find([Units(4, 3, "bias"), Units(4, 4, "bias"), Units(2, 4, "bias")])
        assert [path[-1] for path in places.biases] == ["bias"] * 3

    def test_found_beside_its_weights(self):
        """A threshold is called as no bias is, and each layer has its own."""
        model = {n: {"weights": drawn(4, 4), "threshold": drawn(4), "out": drawn(4)} for n in "ab"}
        assert [path[0] for path in find(model).biases] == ["a", "b"]
        assert {path[-1] for path in find(model).biases} == {"threshold"}
