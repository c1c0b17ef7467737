"""The network and its forward pass, equations (23) to (25), and what it refuses."""

import math

import numpy as np
import pytest
from hypothesis import given
from strategies import assert_close, cases, networks

from proofs.network import Network
from proofs.network.activations import linear, relu, sigmoid, softmax, tanh
from proofs.network.costs import cross_entropy, quadratic
from proofs.network.equations import backprop

PLAIN = {
    "sigmoid": lambda z: [1 / (1 + math.exp(-v)) for v in z],
    "tanh": lambda z: [math.tanh(v) for v in z],
    "relu": lambda z: [max(v, 0.0) for v in z],
    "leaky_relu": lambda z: [max(v, 0.01 * v) for v in z],
    "linear": lambda z: z,
    "softplus": lambda z: [math.log(1 + math.exp(v)) for v in z],
    "softmax": lambda z: [math.exp(v) / sum(math.exp(u) for u in z) for v in z],
    "softplus over its sum": lambda z: [
        math.log(1 + math.exp(v)) / sum(math.log(1 + math.exp(u)) for u in z) for v in z
    ],
}


class TestForwardPass:
    """Neuron j of layer l outputs sigma(sum over k of w_jk a_k + b_j), equations (23) to (25)."""

    @given(cases())
    def test_every_neuron_by_hand(self, case):
        network = case.network
        z, a = network.forward(case.x)
        for x in range(case.x.shape[1]):
            before = [float(v) for v in case.x[:, x]]
            for l in network.layers:
                weighted = []
                for j in range(network.sizes[l - 1]):
                    total = float(network.b[l][j, 0])
                    for k in range(network.sizes[l - 2]):
                        total += float(network.w[l][j, k]) * before[k]
                    weighted.append(total)
                before = PLAIN[network.sigma[l].name](weighted)
                assert_close(z[l][:, x], np.array(weighted))
                assert_close(a[l][:, x], np.array(before))

    @given(cases())
    def test_a_batch_is_its_examples_one_by_one(self, case):
        whole = case.network.forward(case.x)
        for x in range(case.x.shape[1]):
            alone = case.network.forward(case.x[:, [x]])
            for l in case.network.layers:
                assert_close(whole.z[l][:, [x]], alone.z[l])
                assert_close(whole.a[l][:, [x]], alone.a[l])

    @given(cases())
    def test_the_average_cost_is_the_mean_over_the_examples(self, case):
        network, m = case.network, case.x.shape[1]
        alone = [network.average_cost(case.x[:, [x]], case.y[:, [x]]) for x in range(m)]
        assert_close(network.average_cost(case.x, case.y), math.fsum(alone) / m)

    def test_the_input_is_the_activation_of_layer_1(self):
        x = np.array([[0.25], [-1.5]])
        assert (Network([2, 3]).forward(x).a[1] == x).all()


class TestBookOrder:
    """Layers are numbered 1..L and lists run from layer 2 to L, as in the book."""

    @given(networks())
    def test_shapes(self, network):
        n = dict(enumerate(network.sizes, start=1))
        assert list(network.layers) == list(range(2, network.L + 1)) == list(network.w)
        for l in network.layers:
            assert network.w[l].shape == (n[l], n[l - 1])
            assert network.b[l].shape == (n[l], 1)

    def test_sizes_weights_and_biases(self):
        network = Network([3, 5, 4, 2], [sigmoid, tanh, linear])
        assert network.L == 4
        assert network.sizes == [3, 5, 4, 2]
        assert [w.shape for w in network.weights] == [(5, 3), (4, 5), (2, 4)]
        assert [b.shape for b in network.biases] == [(5, 1), (4, 1), (2, 1)]
        assert network.sigma == {2: sigmoid, 3: tanh, 4: linear}

    def test_one_activation_serves_all_layers(self):
        assert Network([2, 2, 2], relu).sigma == {2: relu, 3: relu}

    def test_a_seed_gives_one_network(self):
        first, again, other = Network([3, 2], seed=1), Network([3, 2], seed=1), Network([3, 2])
        assert (first.w[2] == again.w[2]).all()
        assert (first.w[2] != other.w[2]).all()

    def test_numpy_sizes_are_sizes(self):
        assert Network(np.array([3, 2])).sizes == [3, 2]


class TestCallersArrays:
    """What the caller passes in is copied: neither side sees the other change it."""

    def test_from_arrays_copies(self):
        w, b = np.arange(6.0).reshape(2, 3), np.zeros((2, 1))
        network = Network.from_arrays([w], [b])
        w[0, 0] = b[0, 0] = 99
        assert network.w[2][0, 0] == 0
        assert network.b[2][0, 0] == 0

    def test_other_functions_of_the_same_arrays(self):
        """Which nobody can change, so that they need no copy; a layer put in its place stays."""
        network = Network([3, 2])
        other = network.with_functions([tanh], cross_entropy)
        assert other.w[2] is network.w[2]
        assert not other.w[2].flags.writeable
        other.w[2] = np.zeros((2, 3))
        assert network.w[2].any()
        assert (network.sigma[2], network.cost) == (sigmoid, quadratic)
        assert (other.sigma[2], other.cost) == (tanh, cross_entropy)
        assert network.with_functions([tanh]).cost is quadratic
        assert network.with_functions(cost=cross_entropy).sigma == network.sigma
        with pytest.raises(ValueError, match=r"one for each of the layers 2..2, got 2"):
            network.with_functions([tanh, tanh], cross_entropy)

    def test_arrays_stay_writable_and_unchanged(self):
        random = np.random.default_rng(0)
        w, b = random.standard_normal((2, 3)), random.standard_normal((2, 1))
        x, y = random.standard_normal((3, 4)), random.standard_normal((2, 4))
        arrays = (w, b, x, y)
        before = [array.tobytes() for array in arrays]
        network = Network.from_arrays([w], [b])
        network.average_cost(x, y)
        backprop(network, x, y)
        assert [array.tobytes() for array in arrays] == before
        assert all(array.flags.writeable for array in arrays)

    def test_read_only_and_transposed_arrays_are_welcome(self):
        x = np.arange(6.0).reshape(2, 3).T
        x.flags.writeable = False
        assert Network([3, 2]).forward(x).a[2].shape == (2, 2)

    def test_lists_and_integers_are_welcome(self):
        network = Network.from_arrays([[[1, 2]]], [[[3]]], linear)
        assert network.forward([[1], [1]]).a[2] == 6


EYE, COLUMN = np.eye(3), np.zeros((3, 1))

BAD_BATCHES = {
    "a row where a column belongs": (np.ones(3), ValueError, ["(3, m)", "(3,)", "columns"]),
    "examples as rows": (np.ones((5, 3)), ValueError, ["(3, m)", "(5, 3)", "columns"]),
    "three dimensions": (np.ones((3, 1, 1)), ValueError, ["(3, m)", "(3, 1, 1)"]),
    "no example": (np.ones((3, 0)), ValueError, ["(3, m)", "(3, 0)"]),
    "an empty list": ([], ValueError, ["(3, m)", "(0,)"]),
    "a number": (1.0, ValueError, ["(3, m)", "()"]),
    "NaN": ([[0], [np.nan], [0]], ValueError, ["finite", "nan", "(1, 0)"]),
    "infinity": ([[0], [0], [-np.inf]], ValueError, ["finite", "-inf", "(2, 0)"]),
    "strings": ([["1"], ["2"], ["3"]], TypeError, ["real numbers", "<U1"]),
    "a string": ("123", TypeError, ["real numbers", "str"]),
    "complex numbers": (np.ones((3, 1)) * 1j, TypeError, ["real numbers", "complex128"]),
    "objects": (np.full((3, 1), None), TypeError, ["real numbers", "object"]),
    "nothing": (None, TypeError, ["real numbers", "NoneType"]),
    "ragged rows": ([[1, 2], [3], [4]], ValueError, ["(3, m)", "unequal length"]),
}

BAD_NETWORKS = {
    "sizes as a string": (lambda: Network("345"), TypeError, ["sizes", "whole numbers", "'345'"]),
    "a size of 0": (lambda: Network([3, 0, 2]), ValueError, ["sizes", "at least 1", "[3, 0, 2]"]),
    "a negative size": (lambda: Network([3, -1]), ValueError, ["sizes", "at least 1", "[3, -1]"]),
    "one size": (lambda: Network([3]), ValueError, ["sizes", "at least two", "[3]"]),
    "no size": (lambda: Network([]), ValueError, ["sizes", "at least two", "[]"]),
    "float sizes": (lambda: Network([3.0, 2]), TypeError, ["sizes", "whole numbers", "3.0"]),
    "a number as sizes": (lambda: Network(5), TypeError, ["sizes", "whole numbers", "5"]),
    "no sizes": (lambda: Network(None), TypeError, ["sizes", "whole numbers", "None"]),
    "an activation's name": (
        lambda: Network([3, 2], "sigmoid"),
        TypeError,
        ["activations", "'sigmoid'", "choose from", "softmax"],
    ),
    "activations' names": (
        lambda: Network([3, 2], ["sigmoid"]),
        TypeError,
        ["activations", "'sigmoid'"],
    ),
    "one activation's name": (
        lambda: Network([3, 4, 2], [sigmoid, "softmax"]),
        TypeError,
        ["activations", "'softmax'"],
    ),
    "no activation": (lambda: Network([3, 2], None), TypeError, ["activations", "None"]),
    "too few activations": (
        lambda: Network([3, 4, 2], [sigmoid]),
        ValueError,
        ["activations", "2..3", "got 1"],
    ),
    "too many activations": (
        lambda: Network([3, 2], [sigmoid, softmax]),
        ValueError,
        ["activations", "2..2", "got 2"],
    ),
    "a cost's name": (
        lambda: Network([3, 2], cost="quadratic"),
        TypeError,
        ["cost", "quadratic, cross_entropy", "'quadratic'"],
    ),
    "no layers": (
        lambda: Network.from_arrays([], []),
        ValueError,
        ["weights and biases", "0 weights", "0 biases"],
    ),
    "fewer biases than weights": (
        lambda: Network.from_arrays([EYE, EYE], [COLUMN]),
        ValueError,
        ["2 weights", "1 biases"],
    ),
    "one array for a list of one": (
        lambda: Network.from_arrays(EYE, COLUMN),
        (TypeError, ValueError),
        ["weights", "expected"],
    ),
    "nothing for the lists": (
        lambda: Network.from_arrays(None, None),
        (TypeError, ValueError),
        ["weights", "expected", "None"],
    ),
    "weights that do not chain": (
        lambda: Network.from_arrays([EYE, np.eye(2)], [COLUMN, np.zeros((2, 1))]),
        ValueError,
        ["weights of layer 3", "3)", "(2, 2)", "layer before"],
    ),
    "flat biases": (
        lambda: Network.from_arrays([EYE], [np.zeros(3)]),
        ValueError,
        ["biases of layer 2", "(3, 1)", "(3,)", "column"],
    ),
    "biases of another size": (
        lambda: Network.from_arrays([EYE], [np.zeros((2, 1))]),
        ValueError,
        ["biases of layer 2", "(3, 1)", "(2, 1)"],
    ),
    "complex weights": (
        lambda: Network.from_arrays([EYE * 1j], [COLUMN]),
        TypeError,
        ["weights of layer 2", "real numbers", "complex128"],
    ),
    "NaN in a bias": (
        lambda: Network.from_arrays([EYE], [COLUMN * np.nan]),
        ValueError,
        ["biases of layer 2", "finite", "nan"],
    ),
    "ragged weights": (
        lambda: Network.from_arrays([[[1, 2], [3]]], [COLUMN]),
        ValueError,
        ["weights of layer 2", "unequal length"],
    ),
    "as many targets as examples": (
        lambda: Network([3, 2], cost=cross_entropy).average_cost(np.ones((3, 2)), np.ones((2, 4))),
        ValueError,
        ["x and y", "2 columns in x", "4 in y"],
    ),
}


class TestBadInput:
    """Bad input is an error that names what was expected and what came."""

    def refuses(self, call, error, words):
        with pytest.raises(error) as caught:
            call()
        for word in words:
            assert word in str(caught.value)

    @pytest.mark.parametrize(("bad", "error", "words"), BAD_BATCHES.values(), ids=BAD_BATCHES)
    def test_inputs(self, bad, error, words):
        self.refuses(lambda: Network([3, 2]).forward(bad), error, ["x: ", *words])

    @pytest.mark.parametrize(("bad", "error", "words"), BAD_BATCHES.values(), ids=BAD_BATCHES)
    def test_targets(self, bad, error, words):
        network = Network([2, 3], cost=quadratic)
        self.refuses(lambda: backprop(network, np.ones((2, 1)), bad), error, ["y: ", *words])

    @pytest.mark.parametrize(("call", "error", "words"), BAD_NETWORKS.values(), ids=BAD_NETWORKS)
    def test_networks(self, call, error, words):
        self.refuses(call, error, words)
