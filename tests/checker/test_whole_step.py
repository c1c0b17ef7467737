"""`check_model` on a step whose layers cannot be told apart, and on a model that is one object."""

import numpy as np
import pytest
from sources import module_of

from proofs.checker.check_model import check_model

SOURCE = '''
import numpy as np

class Net:
    """Everything in one method, its cost with weight decay."""

    lam = 0.1

    def __init__(self):
        random = np.random.default_rng(1)
        self.params = {"W1": random.standard_normal((4, 5)), "b1": random.standard_normal(5),
                       "W2": random.standard_normal((5, 3)), "b2": random.standard_normal(3)}
        self.running = np.zeros(5)

    def loss(self, X, y):
        W1, b1, W2, b2 = self.params.values()
        h = np.tanh(X.dot(W1) + b1)
        scores = h.dot(W2) + b2
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        n = np.arange(len(y))
        loss = -np.log(p[n, y]).mean() + self.lam * ((W1**2).sum() + (W2**2).sum()) / 2
        p[n, y] -= 1
        p /= len(y)
        dh = p.dot(W2.T) * (1 - h**2)
        return loss, {"W1": X.T.dot(dh) + self.decay(W1), "b1": dh.sum(axis=0),
                      "W2": h.T.dot(p) + self.decay(W2), "b2": p.sum(axis=0)}

    def decay(self, w):
        return self.lam * w

    def keep(self, X, y):
        """The same, gradients as attributes."""
        loss, grads = self.loss(X, y)
        self.grads = grads
        return loss

class Summed(Net):
    def decay(self, w):
        return self.lam * w.sum()

class Recurrent:
    """Through time, all by hand, weights in lists."""

    def __init__(self):
        random = np.random.default_rng(2)
        self.weights = [random.standard_normal((5, 3)), random.standard_normal((5, 5)) / 3]

    def step(self, xs, h0):
        U, W = self.weights
        hs = [h0]
        for x in xs:
            hs.append(np.tanh(U @ x + W @ hs[-1]))
        dU, dW, dh = np.zeros_like(U), np.zeros_like(W), hs[-1]
        for x, before, h in zip(xs[::-1], hs[-2::-1], hs[:0:-1]):
            dz = dh * (1 - h**2)
            dU += np.outer(dz, x)
            dW += np.outer(dz, before)
            dh = W.T @ dz
        return (hs[-1]**2).sum() / 2, [dU, dW]

class Adding:
    """A model of layers of its own words, which add up gradients beside their weights."""

    def __init__(self):
        self.kernel, self.kernel_gradient = np.eye(4, 3), np.zeros((4, 3))

    def gradient(self, x, eta):
        self.kernel_gradient += x.T @ eta

    def step(self, x, y):
        left = np.tanh(x @ self.kernel) - y
        self.gradient(x, left * (1 - np.tanh(x @ self.kernel) ** 2))
        return (left**2).sum() / 2

class Keeping(Adding):
    """The same, which keeps its outputs, and its gradients are read from there."""

    def __init__(self):
        super().__init__()
        self.out = np.zeros((6, 3))

    def step(self, x, y):
        self.out[:] = np.tanh(x @ self.kernel)
        left = self.out - y
        self.gradient(x, left * (1 - self.out**2))
        return (left**2).sum() / 2

class Updating:
    """Words in their contexts, trained by each call: no gradient is returned, or kept."""

    def __init__(self, rate=0.2, added=(0.0, 0.0), guard=0.0):
        draw = np.random.default_rng(5).standard_normal
        self.W_in, self.W_out = draw((6, 3)).astype(np.float32), draw((3, 6))
        self.rate, self.added, self.calls = rate, added, np.zeros(2)
        self.guard = guard

    def scores(self, centres, contexts):
        h = self.W_in[centres]
        logits = h @ self.W_out
        p = np.exp(logits - logits.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        n = np.arange(len(centres))
        return float(-np.log(p[n, contexts] + self.guard).mean()), (h, p, centres, contexts)

    def train(self, cache, lr):
        h, p, centres, contexts = cache
        p[np.arange(len(centres)), contexts] -= 1
        p /= len(centres)
        dW_in = np.zeros_like(self.W_in)
        np.add.at(dW_in, centres, p @ self.W_out.T)
        self.calls += 1
        dW_in += self.added[0] * abs(dW_in)
        self.W_in = self.W_in - lr * self.rate * dW_in
        self.W_out -= lr * self.rate * (h.T @ p + self.added[1] * abs(h.T @ p))

    def step(self, centres, contexts):
        loss, cache = self.scores(centres, contexts)
        self.train(cache, 0.5)
        return loss

class Rows:
    """Words against one word and others, rows of both matrices being changed in their places."""

    def __init__(self):
        draw = np.random.default_rng(0).standard_normal
        self.W_in, self.W_out = draw((8, 4)) / 2, draw((8, 4)) / 2

    def step(self, word, others, rate=0.05):
        h = self.W_in[word].copy()
        p = 1 / (1 + np.exp(-self.W_out[others] @ h))
        dh, rows = p @ self.W_out[others], np.outer(p, h)
        self.W_in[word] -= rate * dh
        np.subtract.at(self.W_out, others, rate * rows)
        return -np.log(1 - p).sum()

class Small:
    """Weights of both sizes, biases of zero, and its update."""

    def __init__(self, draw, rate, dtype):
        self.W, self.b = draw((4, 3)).astype(dtype), np.zeros(3, dtype)
        self.rate = rate

    def fit(self, x, y):
        d = x @ self.W + self.b - y
        self.W -= self.rate * x.T @ d
        self.b -= self.rate * d.sum(axis=0)
        return (d**2).sum() / 2

class Differences:
    """Gradients as Caffe calls them."""

    def __init__(self, wrong=1.0):
        self.w, self.wrong = np.eye(4, 3), wrong
        self.w_diff = np.zeros((4, 3))

    def step(self, x, y):
        left = x @ self.w - y
        self.w_diff += self.wrong * x.T @ left
        return (left**2).sum() / 2

net = Net()

def beside_it(params, X, y):
    return net.loss(X, y)
'''


@pytest.fixture(scope="module")
def theirs():
    """A module of somebody's, as if read from a file."""
    return module_of(SOURCE)


RANDOM = np.random.default_rng(3)
X, Y = RANDOM.standard_normal((6, 4)), RANDOM.integers(3, size=6)


def wrong(report):
    return {v.quantity for v in report.violations}


class TestOneMethod:
    """Each gradient is compared with the derivative of the step's own loss, penalties included."""

    @pytest.mark.parametrize("way", ["loss", "keep"])
    def test_right(self, theirs, way):
        report = check_model(lambda net, x, y: getattr(net, way)(x, y), theirs.Net(), X, Y)
        assert report.holds
        assert "no layers were found" in str(report)
        assert "got no gradient: running" in str(report)

    def test_words_are_looked_for_in_a_method(self, theirs):
        """What calls it names one argument of three, and is no helper to be tried otherwise."""

        def step(net, xs, y):
            loss, (dU, dW) = net.step(xs, y)
            return loss, [dU + np.arange(15.0).reshape(5, 3), dW]

        xs = np.random.default_rng(4).standard_normal((3, 3))
        report = check_model(step, theirs.Recurrent(), xs, np.zeros(5))
        assert not report.holds
        assert "could not be tried out" not in str(report)

    @pytest.mark.parametrize("kind", ["Adding", "Keeping"])
    def test_gradients_that_are_added_up_in_place(self, theirs, kind):
        """Each run begins with what the object came with, and leaves that as it was."""
        net = getattr(theirs, kind)()
        report = check_model(net.step, X, RANDOM.standard_normal((6, 3)))
        assert report.holds
        assert not net.kernel_gradient.any()
        assert "no tangents" not in str(report)

    @pytest.mark.parametrize("wrong", [1.0, 2.0])
    def test_gradients_that_are_called_differences(self, theirs, wrong):
        net = theirs.Differences(wrong)
        report = check_model(net.step, X, RANDOM.standard_normal((6, 3)))
        assert {row.quantity: row.holds for row in report.rows} == {"dw": wrong == 1}

    @pytest.mark.parametrize("order", [(), ("C",)])
    def test_a_copy_is_filled(self, order):
        """A state that begins as a copy of what the step is given takes tangents."""

        def step(params, before, xs):
            hs = {-1: np.copy(before, *order)}
            for t, x in enumerate(xs):
                hs[t] = np.copy(before)
                hs[t][0] = np.tanh(params["W"] @ x + hs[t - 1][0])
            dW, dh = np.zeros_like(params["W"]), hs[len(xs) - 1][0]
            for t in reversed(range(len(xs))):
                dh = dh * (1 - hs[t][0] ** 2)
                dW += np.outer(dh, xs[t])
            return (hs[len(xs) - 1][0] ** 2).sum() / 2, {"W": dW}

        draw = np.random.default_rng(6).standard_normal
        report = check_model(step, {"W": draw((2, 4))}, [np.zeros(2)], draw((3, 4)))
        assert report.holds
        assert not any("no tangents" in said for said in report.remarks)

    def test_a_dictionary_of_parameters(self, theirs):
        def step(params, x, y):
            net = theirs.Net()
            net.params = params
            return net.loss(x, y)

        assert check_model(step, theirs.Net().params, X, Y).holds

    def test_a_wrong_penalty_is_found_by_the_loss(self, theirs):
        report = check_model(lambda net, x, y: net.loss(x, y), theirs.Summed(), X, Y)
        assert wrong(report) == {"dW1", "dW2"}

    def test_one_gradient_is_missing(self, theirs):
        def step(params, x, y):
            net = theirs.Net()
            net.params = params
            loss, grads = net.loss(x, y)
            del grads["b1"]
            return loss, grads

        report = check_model(step, theirs.Net().params, X, Y)
        assert wrong(report) == {"db1"}

    def test_through_time(self, theirs):
        xs = RANDOM.standard_normal((4, 3))
        assert check_model(
            lambda net, x, h: net.step(x, h), theirs.Recurrent(), xs, np.ones(5)
        ).holds

    def test_the_model_stays_as_it_is(self, theirs):
        net = theirs.Net()
        check_model(lambda net, x, y: net.keep(x, y), net, X, Y)
        assert not hasattr(net, "grads")


class TestParametersThatAreNotRead:
    """A step that uses others than those it is given is no broken backward pass."""

    def test_it_says_so(self, theirs):
        report = check_model(theirs.beside_it, theirs.net.params, X, Y)
        assert not report.violations
        assert "reads none of the parameters" in report.problems[0]

    def test_no_loss_and_no_layers(self):
        with pytest.raises(TypeError, match="found none"):
            check_model(lambda params, x: x, {"w": np.ones(3)}, np.ones(3))

    def test_layers_beside_it_that_it_does_not_call(self, theirs):
        """In a notebook there may be some for another model."""
        code = "def relu_forward(x): return x\ndef relu_backward(d): return d\n"
        module = module_of(f"{code}def step(net, x, y): return net.loss(x, y)")
        assert check_model(module.step, theirs.Net(), X, Y).holds


class TestUpdates:
    """Where a step changes the arrays of its object, and its loss reads them, its gradients are
    what they changed by, divided by the learning rate that shows in most of them."""

    WORDS = np.array([1, 2, 3, 2]), np.array([0, 3, 4, 5])

    @pytest.mark.parametrize("method", [None, "directional"])
    def test_right(self, theirs, method):
        net = theirs.Updating()
        before = net.W_in.copy(), net.W_out.copy()
        report = check_model(net.step, *self.WORDS, method=method)
        assert report.holds
        assert {row.quantity for row in report.rows} == {"dW_in", "dW_out"}
        assert any("a learning rate of 0.1" in said for said in report.remarks)
        assert np.array_equal(before[0], net.W_in)
        assert np.array_equal(before[1], net.W_out)

    def test_wrong(self, theirs):
        report = check_model(theirs.Updating(added=(0.0, 0.5)).step, *self.WORDS)
        assert wrong(report) == {"dW_out"}

    def test_wrong_beside_a_guard(self, theirs):
        """The rate is the written one, though the gradient leaves out a small constant."""
        report = check_model(theirs.Updating(added=(0.5, 0.0), guard=5e-7).step, *self.WORDS)
        assert wrong(report) == {"dW_in"}

    def test_what_is_changed_at_its_place_is_rounded(self, theirs):
        assert check_model(theirs.Rows().step, 2, np.array([3, 1, 5, 5, 0])).holds

    @pytest.mark.parametrize("dtype", [float, np.float32])
    @pytest.mark.parametrize("rate", [1.0, 0.01, 3e-4 / 7])
    def test_no_digit_of_the_rate_is_lost(self, theirs, rate, dtype):
        """An update of zeros is exact, however small."""
        for seed in range(3):
            draw = np.random.default_rng(seed).standard_normal
            net = theirs.Small(draw, rate, dtype)
            data = (draw((7, 4)).astype(dtype), draw((7, 3)).astype(dtype))
            assert check_model(net.fit, *data).holds

    def test_no_rate(self, theirs):
        """Where nothing moves along its gradient, nothing can be said but what to return."""

        def step(net, x, y):
            loss = net.step(x, y)
            net.W_in, net.W_out = net.W_in * 0, net.W_out * 0
            return loss

        with pytest.raises(TypeError, match="let it return its loss and its gradients"):
            check_model(step, theirs.Updating(), *self.WORDS)
