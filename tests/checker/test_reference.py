"""What should come is computed, too, and rounding is allowed for there as it is in what came."""

import numpy as np
import pytest

from proofs.checker.check_layer import check_layer
from proofs.checker.check_model import check_model


def sigmoid(z):
    """The sigmoid."""
    return 1 / (1 + np.exp(-z))


def cross_entropy(r, y):
    """Binary cross-entropy, as its formula says."""
    return -(y * np.log(r) + (1 - y) * np.log(1 - r)).sum() / len(r)


def regression(params, x, y):
    """A step of logistic regression, whose error at the output is r - y."""
    r = sigmoid(x @ params["W"])
    return cross_entropy(r, y), {"W": x.T @ (r - y) / len(x)}


def dense_forward(x, W):
    """A layer."""
    return x @ W, (x, W)


def dense_backward(delta, cache):
    """Its backward pass."""
    x, W = cache
    return delta @ W.T, x.T @ delta


def of_layers(params, x, y):
    """The same step with a layer, so that the cost stands between the layers."""
    z, cache = dense_forward(x, params["W"])
    r = sigmoid(z)
    _, dW = dense_backward((r - y) / len(x), cache)
    return cross_entropy(r, y), {"W": dW}


def autoencoder(eps):
    """A step of a variational autoencoder with these random numbers."""

    def step(p, x):
        h = np.tanh(x @ p["W1"])
        mean, log = h @ p["Wm"], h @ p["Wv"]
        z = mean + np.exp(log / 2) * eps
        r = sigmoid(z @ p["D"])
        apart = -0.5 * (1 + log - mean**2 - np.exp(log)).sum() / len(x)
        do = (r - x) / len(x)
        dz = do @ p["D"].T
        dmean = dz + mean / len(x)
        dlog = dz * eps * np.exp(log / 2) / 2 - 0.5 * (1 - np.exp(log)) / len(x)
        dh = (dmean @ p["Wm"].T + dlog @ p["Wv"].T) * (1 - h * h)
        grads = {"W1": x.T @ dh, "Wm": h.T @ dmean, "Wv": h.T @ dlog, "D": z.T @ do}
        return cross_entropy(r, x) + apart, grads

    return step


def drawn(seed):
    """What logistic regression is given."""
    random = np.random.default_rng(seed)
    W = {"W": 2 * random.standard_normal((4, 3))}
    return W, random.standard_normal((5, 4)), (random.random((5, 3)) < 0.5) * 1.0


def autoencoder_drawn(seed):
    """An autoencoder, and what it is given."""
    random = np.random.default_rng(seed)
    shapes = {"W1": (4, 3), "Wm": (3, 2), "Wv": (3, 2), "D": (2, 4)}
    step = autoencoder(random.standard_normal((5, 2)))
    params = {name: random.standard_normal(shape) for name, shape in shapes.items()}
    return step, params, random.random((5, 4)) * 0.8 + 0.1


def one_entry(gradient):
    """One entry is off by a thousandth of the largest."""
    changed = gradient.copy()
    changed[-1, -1] += 1e-3 * abs(gradient).max()
    return changed


FAULTS = {"the sign": np.negative, "a factor": lambda g: 1.001 * g, "one entry": one_entry}


def with_fault(step, fault, name):
    """The step, one gradient of it changed."""

    def wrong(*args):
        loss, grads = step(*args)
        return loss, grads | {name: fault(grads[name])}

    wrong.__wrapped__ = step
    return wrong


class TestRightIsRight:
    """r - y is right, though the chain rule, applied to the cost, loses digits in 1 - r."""

    @pytest.mark.parametrize("step", [regression, of_layers])
    def test_logistic_regression(self, step):
        broken = [seed for seed in range(20) if not check_model(step, *drawn(seed)).holds]
        assert not broken

    def test_autoencoders(self):
        broken = []
        for seed in range(15):
            step, params, x = autoencoder_drawn(seed)
            broken += [] if check_model(step, params, x).holds else [seed]
        assert not broken

    @pytest.mark.parametrize("method", ["exhaustive", "directional"])
    @pytest.mark.parametrize("scale", [1, 4, 8])
    def test_the_cost_as_a_layer(self, method, scale):
        for seed in range(6):
            _, x, y = drawn(seed)
            report = check_layer(
                lambda z, y=y: (cross_entropy(sigmoid(z), y), sigmoid(z) - y),
                lambda delta, error: delta * error / len(error),
                scale * x[:, :3],
                method=method,
            )
            assert report.holds, report

    @pytest.mark.parametrize("z", [5.0, 8.0, 12.0, 20.0])
    def test_beside_a_tie(self, z):
        """Where a rectifier stands at 0, the sum over all numbers is allowed the same."""

        def forward(z):
            a = np.maximum(z, 0)
            return -np.log(1 - sigmoid(a)).sum(), (z, sigmoid(a))

        report = check_layer(forward, lambda d, c: d * c[1] * (c[0] > 0), np.array([z, 0.0, 0.3]))
        assert report.holds, report


@pytest.mark.usefixtures("no_words")
class TestWrongIsWrong:
    """A fault is seen in them all the same."""

    @pytest.mark.parametrize("fault", FAULTS)
    @pytest.mark.parametrize("step", [regression, of_layers])
    def test_in_logistic_regression(self, step, fault):
        wrong = with_fault(step, FAULTS[fault], "W")
        assert not any(check_model(wrong, *drawn(seed)).holds for seed in range(3))

    @pytest.mark.parametrize("fault", FAULTS)
    @pytest.mark.parametrize("name", ["W1", "Wv", "D"])
    def test_in_autoencoders(self, fault, name):
        step, params, x = autoencoder_drawn(0)
        assert not check_model(with_fault(step, FAULTS[fault], name), params, x).holds

    def test_where_what_should_come_is_precise(self):
        """What is allowed where digits are lost is not allowed beside it."""

        def forward(z):
            return -np.log(1 - sigmoid(z)).sum(), sigmoid(z)

        z = np.array([20.0, -1.0, 0.3])
        for off, holds in (([0, 0, 0], True), ([0, 1e-13, 0], False), ([0, 0, -1e-13], False)):
            report = check_layer(forward, lambda d, r, off=off: d * r * (1 + np.array(off)), z)
            assert report.holds == holds, report


class TestTheStepAsAWhole:
    """Decay that is added within a layer is right where the loss has it, beside such a cost too."""

    @staticmethod
    def report(seed, factor):
        def dense_backward(delta, cache):
            x, W = cache
            return delta @ W.T, x.T @ delta + factor * W

        def step(params, x, y):
            z, cache = dense_forward(x, params["W"])
            r = sigmoid(z)
            loss = cross_entropy(r, y) + 0.05 * (params["W"] ** 2).sum()
            return loss, {"W": dense_backward((r - y) / len(x), cache)[1]}

        W, x, y = drawn(seed)
        layers = [("dense", dense_forward, dense_backward)]
        return check_model(step, {"W": 2.5 * W["W"]}, x, y, layers=layers)

    def test_right(self):
        assert [seed for seed in range(20) if not self.report(seed, 0.1).holds] == []

    def test_wrong(self):
        assert [seed for seed in range(5) if self.report(seed, 0.1001).holds] == []


class TestNothingLeft:
    """Where all that an input moves cancels, its gradient is 0 up to the rounding of what cancels.

    The probabilities of a softmax add up to 1, whatever its input.
    """

    def test_probabilities_added_up(self):
        def forward(x):
            e = np.exp(x - x.max())
            return (e / e.sum()).sum(), x

        for seed in range(8):
            x = np.random.default_rng(seed).standard_normal(5)
            report = check_layer(forward, lambda delta, x: np.zeros_like(x), x)
            assert report.holds, report
            assert not report.problems
            assert not check_layer(forward, lambda delta, x: delta * np.exp(x), x).holds
