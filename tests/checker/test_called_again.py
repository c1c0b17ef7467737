"""Training steps that call a layer more often than its backward pass."""

import numpy as np
import pytest

from proofs.checker.check_model import check_model

X = np.random.default_rng(1).standard_normal((4, 3))
OTHER = np.random.default_rng(2).standard_normal((5, 3))


class Linear:
    def __init__(self, n, k, seed, factor):
        self.W, self.factor = np.random.default_rng(seed).standard_normal((n, k)), factor

    def forward(self, x):
        self.x = x
        return x @ self.W

    def backward(self, delta):
        self.dW = self.factor * self.x.T @ delta
        return delta @ self.W.T


class Tanh:
    def forward(self, x):
        self.y = np.tanh(x)
        return self.y

    def backward(self, delta):
        return delta * (1 - self.y**2)


class Net:
    """Two layers; dW of the first is `factor` times what it should be."""

    def __init__(self, factor=1.0):
        self.a, self.t, self.b = Linear(3, 4, 0, factor), Tanh(), Linear(4, 3, 1, 1.0)

    def predict(self, x):
        return self.b.forward(self.t.forward(self.a.forward(x)))

    def loss(self, x):
        self.error = self.predict(x) - 1
        return (self.error**2).sum() / 2

    def gradient(self, x):
        self.loss(x)
        self.a.backward(self.t.backward(self.b.backward(self.error)))


class Block(Net):
    """It computes its layers once more on the way back, and keeps only its input."""

    def forward(self, x):
        self.x = x
        return self.predict(x)

    def backward(self, delta):
        self.predict(self.x)
        return self.a.backward(self.t.backward(self.b.backward(delta)))


def right_after(net, x):
    loss = net.loss(x)
    net.gradient(x)
    return loss


def right_before(net, x):
    net.gradient(x)
    return net.loss(x)


def other_before(net, x):
    net.predict(OTHER)
    loss = net.loss(x)
    net.a.backward(net.t.backward(net.b.backward(net.error)))
    return loss


def other_after(net, x):
    net.gradient(x)
    loss = (net.error**2).sum() / 2
    return loss, {"accuracy": (net.predict(OTHER) > 0).mean()}


def again_on_the_way_back(net, x):
    loss = net.loss(x)
    delta = net.b.backward(net.error)
    net.t.forward(net.a.forward(x))
    net.a.backward(net.t.backward(delta))
    return loss


STEPS = [right_after, right_before, other_before, other_after, again_on_the_way_back]


class TestCalledOnceMore:
    """A loss that is computed again, a look at other data, layers computed again on the way back:
    each layer is judged as it would be without."""

    @pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
    @pytest.mark.parametrize("factor", [1.0, 2.0])
    def test_a_step(self, step, factor):
        report = check_model(step, Net(factor), X)
        wrong = [(row.place, row.quantity) for row in report.violations]
        assert wrong == [("a (Linear)", "dW")] * (factor != 1)
        assert len(report.rows) == 8
        assert not report.problems

    @pytest.mark.parametrize("factor", [1.0, 2.0])
    def test_within_blocks(self, factor):
        def step(blocks, x):
            out = blocks[1].forward(blocks[0].forward(x))
            blocks[0].backward(blocks[1].backward(out - 1))
            return ((out - 1) ** 2).sum() / 2

        report = check_model(step, [Block(), Block(factor)], X)
        wrong = [(row.place, row.quantity) for row in report.violations]
        assert wrong == [("[1].a (Linear)", "dW")] * (factor != 1)
        assert len(report.rows) == 16


class TestAfterTheUpdate:
    """A loss of other parameters than those of the gradients is no reason to blame them."""

    @pytest.mark.parametrize("factor", [1.0, 2.0])
    def test_only_layers_are_judged(self, factor):
        def step(net, x):
            net.gradient(x)
            for layer in (net.a, net.b):
                layer.W -= 0.1 * layer.dW
            return net.loss(x)

        report = check_model(step, Net(factor), X)
        wrong = [(row.place, row.quantity) for row in report.violations]
        assert wrong == [("a (Linear)", "dW")] * (factor != 1)
        assert any("after it has changed its parameters" in text for text in report.problems)


class TestCalledTwiceAndAnsweredOnce:
    """Where both calls are in the loss, the gradient that lacks one of them is wrong."""

    def test_other_data_in_the_loss(self):
        def step(net, x):
            more = (net.predict(OTHER) ** 2).sum()
            net.gradient(x)
            return (net.error**2).sum() / 2 + more

        report = check_model(step, Net(), X)
        assert {(row.place, row.quantity) for row in report.violations} == {
            ("parameter a (Linear).W", "sum"), ("parameter b (Linear).W", "sum")
        }  # fmt: skip


def linear_forward(x, w):
    return x @ w, (x, w)


def linear_backward(delta, cache):
    x, w = cache
    return delta @ w.T, x.T @ delta


class TestFunctions:
    """So it is where the layers are functions."""

    @pytest.mark.parametrize("factor", [1.0, 2.0])
    def test_other_data(self, factor):
        def step(w, x):
            out, cache = linear_forward(x, w)
            linear_forward(OTHER, w)
            return (out**2).sum() / 2, factor * linear_backward(out, cache)[1]

        pairs = [(linear_forward, linear_backward)]
        report = check_model(step, np.eye(3, 2), X, layers=pairs)
        wrong = [(row.place, row.quantity) for row in report.violations]
        assert wrong == [("parameter params", "sum")] * (factor != 1)

    def test_other_data_in_the_loss(self):
        def step(w, x):
            out, cache = linear_forward(x, w)
            more = linear_forward(OTHER, w)[0].sum()
            return (out**2).sum() / 2 + more, linear_backward(out, cache)[1]

        pairs = [(linear_forward, linear_backward)]
        report = check_model(step, np.eye(3, 2), X, layers=pairs)
        assert {(row.place, row.quantity) for row in report.violations} == {
            ("linear 2", "backward")
        }

    @pytest.mark.parametrize("factor", [1.0, 2.0])
    def test_the_loss_again(self, factor):
        def loss(w, x):
            out, cache = linear_forward(x, w)
            return (out**2).sum() / 2, out, cache

        def step(w, x):
            _, out, cache = loss(w, x)
            return loss(w, x)[0], factor * linear_backward(out, cache)[1]

        pairs = [(linear_forward, linear_backward)]
        report = check_model(step, np.eye(3, 2), X, layers=pairs)
        assert [(row.place, row.quantity) for row in report.violations] == [
            ("parameter params", "sum")
        ] * (factor != 1)


def relu_forward(x):
    return np.maximum(x, 0), x


def relu_backward(delta, x):
    return delta * (x > 0)


def through(w, x):
    a, first = linear_forward(x, w["W1"])
    a, second = relu_forward(a)
    out, third = linear_forward(a, w["W2"])
    return out, (first, second, third)


def plainly(w, x):
    return np.maximum(x @ w["W1"], 0) @ w["W2"]


WEIGHTS = {"W1": np.random.default_rng(3).standard_normal((3, 4)), "W2": np.eye(4, 2)}


class TestNoUpdate:
    """A gradient with the numbers of something on the way to the loss is no update of anything."""

    def test_an_error_for_a_gradient(self):
        def step(w, x, y):
            a = w * x
            return 0.5 * (a - y) ** 2, a - y

        report = check_model(step, 0.6, 2.0, 1.0)
        assert [row.quantity for row in report.violations]
        assert not report.problems

    def test_inputs_that_leave_the_error_as_it_is(self):
        def step(w, x, y):
            error = np.tanh(x @ w["w"]) - y
            return (error * error).sum() / 2, {"w": x.T @ error}

        report = check_model(step, {"w": np.eye(3) / 2}, np.eye(3), np.eye(3) + 1)
        assert [row.quantity for row in report.violations]
        assert not report.problems


class TestFunctionsAfterTheUpdate:
    """Functions that compute a loss of updated weights are not blamed for having no way back, and
    a look at such a loss hides nothing."""

    @staticmethod
    def gradients(w, x, factor):
        out, (first, second, third) = through(w, x)
        delta, dW2 = linear_backward(out, third)
        dW1 = linear_backward(relu_backward(delta, second) * factor, first)[1]
        return (out**2).sum() / 2, {"W1": dW1, "W2": dW2}

    @pytest.mark.parametrize("in_place", [True, False])
    @pytest.mark.parametrize("predict", [lambda w, x: through(w, x)[0], plainly])
    def test_its_loss(self, in_place, predict):
        def step(w, x):
            _, gradients = self.gradients(w, x, 1.0)
            new = w if in_place else dict(w)
            for name, g in gradients.items():
                new[name] = np.subtract(w[name], 0.1 * g, out=w[name] if in_place else None)
            return (predict(new, x) ** 2).sum() / 2, gradients

        report = check_model(step, WEIGHTS, X)
        assert not report.violations
        assert [row.quantity for row in report.rows][:5] == ["dx", "dw", "dx", "dx", "dw"]
        assert any("after it has changed its parameters" in text for text in report.problems)

    @pytest.mark.parametrize("factor", [1.0, 2.0])
    def test_an_update_is_not_judged(self, factor):
        """It is no gradient: one that takes another parameter's is for a falling cost to show."""

        def step(w, x):
            loss, gradients = self.gradients(w, x, factor)
            for name in w:
                w[name] += 0.1 * gradients["W2"].sum()
            return loss, gradients

        report = check_model(step, WEIGHTS, X)
        assert [row.place for row in report.violations] == ["after linear 1"] * (factor != 1)
        assert "is not judged" in check_model.__doc__

    @pytest.mark.parametrize("factor", [1.0, 2.0])
    def test_a_look_at_it(self, factor):
        def step(w, x):
            loss, gradients = self.gradients(w, x, factor)
            for name, g in gradients.items():
                w[name] -= 0.1 * g
            return loss, gradients, (through(w, x)[0] > 0).mean()

        report = check_model(step, WEIGHTS, X)
        assert [row.place for row in report.violations] == ["after linear 1"] * (factor != 1)
        assert not report.problems


class TestWithoutLayers:
    """So it is where no layers are told apart: nothing is blamed for a loss of other weights, and
    what is wrong is, although its numbers stand in the loss."""

    @pytest.mark.parametrize("in_place", [True, False])
    def test_after_the_update(self, in_place):
        def step(w, x):
            a = np.maximum(x @ w["W1"], 0)
            out = a @ w["W2"]
            gradients = {"W1": x.T @ ((out @ w["W2"].T) * (a > 0)), "W2": a.T @ out}
            new = w if in_place else dict(w)
            for name, g in gradients.items():
                new[name] = np.subtract(w[name], 0.1 * g, out=w[name] if in_place else None)
            return (plainly(new, x) ** 2).sum() / 2, gradients

        report = check_model(step, WEIGHTS, X)
        assert not report.rows
        assert [text for text in report.problems if "after it has changed" in text]

    def test_an_error_that_is_a_gradient(self):
        def step(params, x):
            error = x @ params["w"] + params["b"]
            return (error**2).sum() / 2, {"w": 2 * np.outer(x, error), "b": error}

        report = check_model(step, {"w": np.eye(3, 2), "b": np.ones(2)}, X[0])
        assert [row.quantity for row in report.violations] == ["dw"]
