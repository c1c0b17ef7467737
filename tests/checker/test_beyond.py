"""Layers that a network of check_backprop has not: a pass that holds one is refused, never judged.

Right and wrong ones alike: neither "every equation holds" nor a broken equation.
"""

import numpy as np
import pytest
from textbook import EVERYTHING, NABLAS, Pass

from proofs import Network, check_backprop, check_on, quadratic, relu, sigmoid, tanh
from proofs.checker.battery import battery
from proofs.network.activations import Activation

RANDOM = np.random.default_rng(1)
X, Y = RANDOM.standard_normal((4, 7)), RANDOM.random((3, 7))
NETWORK = Network([4, 6, 5, 3], [sigmoid] * 3, quadratic)


def passes(hidden, back, sigma=sigmoid, alone=False):
    """A pass whose hidden layers are a = hidden(z, l) and send back(error, z, a, l)."""
    return Pass(
        output=sigma,
        names=NABLAS if alone else EVERYTHING,
        a=lambda s, l: sigma(s.z[l]) if l == s.L else hidden(s.z[l], l),
        bp2=lambda s, l: back(s.back(l), s.z[l], s.a[l], l),
    )


def refused(report, *words):
    """Whether it says what the pass has, and where it is judged, and judges nothing."""
    assert report.status == 2
    assert not report.holds
    assert not report.violations
    assert not report.cells
    assert all("check_layer" in problem for problem in report.problems)
    return all(word in " ".join(report.problems) for word in words)


alone = pytest.mark.parametrize("alone", [False, True])


def dropout(keep=0.8, drawn=False, masked=True, scaled=True, alone=False):
    """Dropout in the hidden layers; its mask is drawn anew, or the same in each call."""
    kept = {}

    def hidden(z, l):
        random = np.random.default_rng(None if drawn else l)
        kept[l] = (random.random(z.shape) < keep) / (keep if scaled else 1)
        return sigmoid(z) * kept[l]

    def back(error, z, _, l):
        return error * sigmoid.prime(z) * (kept[l] if masked else 1 / keep)

    return passes(hidden, back, alone=alone)


class TestDropout:
    """Its mask shows in the activations, whether they were returned or stand in nabla_w."""

    @alone
    @pytest.mark.parametrize("drawn", [False, True])
    @pytest.mark.parametrize("masked", [False, True])
    def test_refused(self, drawn, masked, alone):
        f = dropout(drawn=drawn, masked=masked, alone=alone)
        assert refused(check_backprop(f, NETWORK, X, Y), "dropout", "1.25")

    def test_without_a_factor(self):
        assert refused(check_backprop(dropout(scaled=False), NETWORK, X, Y), "dropout")

    def test_on_the_battery(self):
        cases = battery(sigmoid, sigmoid, quadratic)
        assert refused(check_on(cases, dropout(0.5)), "dropout")

    def test_neurons_that_are_off_on_the_way_forward_alone_are_a_mistake(self):
        f = passes(
            lambda z, _: sigmoid(z) * (np.arange(len(z)) % 2)[:, None],
            lambda error, z, *_: error * sigmoid.prime(z),
        )
        assert {v.equation for v in check_backprop(f, NETWORK, X, Y).violations} == {"forward a"}


def normalised(axis, centred=True, sigma=tanh, guard=1e-5):
    """sigma of a normalisation of z, and the error before it."""

    def parts(z):
        off = z - z.mean(axis=axis, keepdims=True) if centred else z
        root = np.sqrt((off * off).mean(axis=axis, keepdims=True) + guard)
        return off / root, root

    def hidden(z, _):
        return sigma(parts(z)[0])

    def back(error, z, *_):
        n, root = parts(z)
        g = error * sigma.prime(n)
        mean = g.mean(axis=axis, keepdims=True) if centred else 0
        return (g - mean - n * (g * n).mean(axis=axis, keepdims=True)) / root

    return hidden, back


class TestNormalisation:
    """Batch normalisation makes examples depend on each other; the others change each by itself."""

    @alone
    @pytest.mark.parametrize("sigma", [tanh, relu], ids=str)
    @pytest.mark.parametrize(
        ("name", "how"),
        [("batch", {"axis": 1}), ("layer", {"axis": 0}), ("RMS", {"axis": 0, "centred": False})],
    )
    def test_refused(self, name, how, sigma, alone):
        f = passes(*normalised(**how, sigma=sigma), alone=alone)
        network = Network(NETWORK.sizes, [sigma, sigma, sigmoid], quadratic)
        assert refused(check_backprop(f, network, X, Y), name, "normalisation")

    def test_a_variance_of_one_example_less(self):
        def hidden(z, _):
            off = z - z.mean(axis=1, keepdims=True)
            return tanh(off / z.std(axis=1, keepdims=True, ddof=1))

        f = passes(hidden, lambda error, z, *_: error * tanh.prime(z))
        network = Network(NETWORK.sizes, [tanh, tanh, sigmoid], quadratic)
        assert refused(check_backprop(f, network, X, Y), "batch normalisation")

    def test_an_activation_that_mixes_examples(self):
        hidden, _ = normalised(axis=1)
        mixes = Activation("batchnorm", lambda z: hidden(z, 2), slope=np.ones_like)
        network = Network(NETWORK.sizes, [mixes, mixes, sigmoid], quadratic)
        f = passes(*normalised(axis=1))
        assert refused(check_backprop(f, network, X, Y), "mixes the examples")

    def test_one_that_does_not(self):
        hidden, back = normalised(axis=0)

        def jacobian(z):
            unit = np.eye(len(z))
            rows = [back(np.broadcast_to(e[:, None], z.shape), z) for e in unit]
            return np.stack(rows)

        inside = Activation("layernorm", lambda z: hidden(z, 2), full=jacobian)
        network = Network(NETWORK.sizes, [inside, inside, sigmoid], quadratic)
        assert check_backprop(passes(hidden, back), network, X, Y).holds

    def test_a_mean_that_is_taken_off_alone_is_a_mistake(self):
        f = passes(lambda z, _: sigmoid(z), lambda error, z, *_: error * sigmoid.prime(z))

        def centred(weights, biases, x, y):
            found = f(weights, biases, x, y)
            found["z"] = [z - z.mean(axis=1, keepdims=True) for z in found["z"]]
            return found

        report = check_backprop(centred, NETWORK, X, Y)
        assert {v.equation for v in report.violations} >= {"forward z"}


def textbook(sigma=sigmoid, change=lambda nabla_b, nabla_w: (nabla_b, nabla_w)):
    """The textbook's gradients, changed."""
    f = passes(
        lambda z, _: sigma(z), lambda error, z, *_: error * sigma.prime(z), sigma, alone=True
    )
    return lambda *given: change(*f(*given))


class TestOneMatrixInTwoPlaces:
    """Its gradient is the sum over both: whether it is one, only the author knows."""

    W = RANDOM.standard_normal((3, 4))
    TIED = Network.from_arrays([W, W.T], [np.ones((3, 1)), np.ones((4, 1))], [sigmoid] * 2)
    V = RANDOM.standard_normal((4, 4)) / 2
    UNROLLED = Network.from_arrays([V] * 3, [np.ones((4, 1)) / 3] * 3, [tanh] * 3)
    Y4 = RANDOM.random((4, 7))

    @pytest.mark.parametrize(
        "change",
        [
            lambda b, w: (b, [w[0] + w[1].T, w[0].T + w[1]]),
            lambda b, w: (b, [w[0] + w[1].T, 0 * w[1]]),
            lambda b, w: (b, w),
        ],
    )
    def test_a_tied_autoencoder(self, change):
        report = check_backprop(textbook(change=change), self.TIED, X, self.Y4)
        assert refused(report, "one matrix")

    @pytest.mark.parametrize(
        "change", [lambda b, w: ([sum(b)] * 3, [sum(w)] * 3), lambda b, w: (b, w)]
    )
    def test_a_recurrent_net_unrolled(self, change):
        report = check_backprop(textbook(tanh, change), self.UNROLLED, X, self.Y4)
        assert refused(report, "one matrix")

    def test_another_fault_is_still_one(self):
        report = check_backprop(
            textbook(change=lambda b, w: (b, [w[0], 2 * w[1]])), self.TIED, X, self.Y4
        )
        assert [v.place for v in report.violations] == ["BP4 at layer 3"]

    def test_the_weights_of_another_layer(self):
        """On a network whose matrices differ, z shows that one stands in two places."""
        f = passes(lambda z, _: sigmoid(z), lambda error, z, *_: error * sigmoid.prime(z))

        def tied(weights, biases, x, y):
            return f([weights[0], weights[0].T], biases, x, y)

        network = Network([4, 3, 4], [sigmoid] * 2, quadratic)
        assert refused(check_backprop(tied, network, X, self.Y4), "tied weights")

    def test_zeros_are_no_matrix_that_is_shared(self):
        zero = np.zeros((4, 4))
        network = Network.from_arrays([zero, zero], [np.ones((4, 1))] * 2, [sigmoid] * 2)
        assert check_backprop(textbook(), network, X, self.Y4).holds
