"""Adapters: a class like the book's, and what holds of all of them without their frameworks."""

import subprocess
import sys
import types
from itertools import pairwise

import numpy as np
import pytest
from strategies import assert_close

from proofs.adapters import Adapted, from_book, from_jax
from proofs.checker.battery import battery
from proofs.checker.check_backprop import check_backprop
from proofs.checker.which_equation import check_on
from proofs.network import Network
from proofs.network.activations import linear, sigmoid, tanh
from proofs.network.costs import cross_entropy, quadratic
from proofs.network.equations import backprop


def sigma(z):
    return 1 / (1 + np.exp(-z))


def sigma_prime(z):
    return sigma(z) * (1 - sigma(z))


class BookNetwork:
    """The interface of the book's network.py, in our own words: one column, lists from layer 2."""

    def __init__(self, sizes, seed=0):
        random = np.random.default_rng(seed)
        self.num_layers = len(sizes)
        self.biases = [random.standard_normal((n, 1)) for n in sizes[1:]]
        self.weights = [random.standard_normal((n, before)) for before, n in pairwise(sizes)]

    def output_error(self, z, a, y):
        return (a - y) * sigma_prime(z)

    def backprop(self, x, y):
        a, zs = [x], []
        for w, b in zip(self.weights, self.biases, strict=True):
            zs.append(w @ a[-1] + b)
            a.append(sigma(zs[-1]))
        delta = self.output_error(zs[-1], a[-1], y)
        nabla_b, nabla_w = [delta], [delta @ a[-2].T]
        for l in range(2, self.num_layers):
            delta = self.sent_back(self.weights[-l + 1], delta) * sigma_prime(zs[-l])
            nabla_b.insert(0, delta)
            nabla_w.insert(0, delta @ a[-l - 1].T)
        return nabla_b, nabla_w

    def sent_back(self, w, delta):
        return w.T @ delta


class CrossEntropyCost:
    """As in the book's network2.py, a class that is never instantiated."""

    @staticmethod
    def delta(z, a, y):
        return a - y


class SecondBookNetwork(BookNetwork):
    """The interface of network2.py: the cost is an attribute."""

    cost = CrossEntropyCost

    def output_error(self, z, a, y):
        return self.cost.delta(z, a, y)


def batch(network, m, seed=0):
    """Inputs, and one-hot targets."""
    random = np.random.default_rng(seed)
    x = random.standard_normal((network.sizes[0], m))
    return x, np.eye(network.sizes[-1])[:, random.integers(network.sizes[-1], size=m)]


class TestBook:
    """The book's class, one column at a time, becomes a backward pass of a batch."""

    @pytest.mark.parametrize("m", [1, 6])
    @pytest.mark.parametrize("net", [BookNetwork([3, 5, 4, 2]), SecondBookNetwork([3, 5, 4, 2])])
    def test_its_gradients_are_averages_over_the_batch(self, net, m):
        subject = from_book(net)
        x, y = batch(subject.network, m)
        nabla_b, nabla_w = subject(subject.network.weights, subject.network.biases, x, y)
        true = backprop(subject.network, x, y)
        for l in subject.network.layers:
            assert_close(nabla_b[l - 2], true.nabla_b[l])
            assert_close(nabla_w[l - 2], true.nabla_w[l])

    def test_its_network(self):
        net = BookNetwork([3, 5, 2])
        network = from_book(net).network
        assert network.sizes == [3, 5, 2]
        assert network.cost == quadratic
        assert list(network.sigma.values()) == [sigmoid, sigmoid]
        assert all(map(np.array_equal, network.weights, net.weights))

    def test_the_cost_is_read_off_or_said(self):
        net = SecondBookNetwork([3, 2])
        assert from_book(net).network.cost == cross_entropy
        assert from_book(net, cost=quadratic).network.cost == quadratic
        assert from_book(net, [tanh]).network.sigma == {2: tanh}

    def test_other_weights_are_used(self):
        subject, other = from_book(BookNetwork([3, 4, 2])), Network([3, 4, 2], seed=5)
        x, y = batch(other, 3)
        nabla_b, _ = subject(other.weights, other.biases, x, y)
        assert_close(nabla_b[0], backprop(other, x, y).nabla_b[2])

    def test_the_object_is_left_alone(self):
        net = BookNetwork([3, 4, 2])
        weights, biases = list(net.weights), list(net.biases)
        before = [array.copy() for array in (*weights, *biases)]
        subject, other = from_book(net), Network([3, 4, 2], seed=5)
        subject(other.weights, other.biases, *batch(other, 3))
        assert all(now is then for now, then in zip(net.weights, weights, strict=True))
        assert all(map(np.array_equal, (*net.weights, *net.biases), before))

    def test_what_it_keeps_between_calls_is_kept(self):
        class Accumulating(BookNetwork):
            total = 0.0

            def backprop(self, x, y):
                nabla_b, nabla_w = super().backprop(x, y)
                self.total = self.total + nabla_b[0]
                return [self.total, *nabla_b[1:]], nabla_w

        subject = from_book(Accumulating([3, 4, 2]))
        given = (subject.network.weights, subject.network.biases, *batch(subject.network, 2))
        assert (subject(*given)[0][0] != subject(*given)[0][0]).any()

    def test_another_object_is_refused(self):
        net = types.SimpleNamespace(weights=[], backprop=None)
        with pytest.raises(TypeError, match=r"got SimpleNamespace without \.biases"):
            from_book(net)

    def test_a_backprop_of_another_form_is_sent_to_another_adapter(self):
        class Stateful(BookNetwork):
            def backprop(self, y):
                return None

        with pytest.raises(TypeError, match=r"got backprop\(y\); a step of another form goes into"):
            from_book(Stateful([2, 3, 1]))

    def test_a_cost_that_the_book_does_not_have_is_asked_for(self):
        net = SecondBookNetwork([3, 2])
        net.cost = types.SimpleNamespace()
        with pytest.raises(TypeError, match="expected QuadraticCost or CrossEntropyCost, got Simp"):
            from_book(net)


class TestBatches:
    """A backprop that averages over several columns is given them together."""

    def made(self, fault="", kind="mean"):
        class Batches(BookNetwork):
            def backprop(self, x, y):
                m, a = x.shape[1], [x]
                for w, b in zip(self.weights, self.biases, strict=True):
                    a.append(sigmoid(w @ a[-1] + b))
                delta, nabla_b, nabla_w = (a[-1] - y) * a[-1] * (1 - a[-1]), [], []
                over = 1 if kind == "sum" else m
                for w, s in zip(self.weights[::-1], a[-2::-1], strict=True):
                    of_w = 1 if fault == "sum" else m if fault == "mean" else over
                    if fault == "product":
                        came = delta.mean(axis=1, keepdims=True) @ s.mean(axis=1)[None]
                    else:
                        came = delta @ s.T / of_w
                    nabla_w.insert(0, came)
                    nabla_b.insert(0, delta.sum(axis=1, keepdims=True) / over)
                    delta = w.T @ delta * s * (1 - s)
                return nabla_b, nabla_w

        subject = from_book(Batches([3, 5, 4, 2]))
        return check_backprop(subject, subject.network, *batch(subject.network, 6))

    @pytest.mark.parametrize("kind", ["mean", "sum"])
    def test_the_right_ones(self, kind):
        assert self.made(kind=kind).holds

    @pytest.mark.parametrize("fault", ["sum", "product"])
    def test_a_wrong_average(self, fault):
        assert {v.equation for v in self.made(fault).violations} == {"BP4"}

    def test_a_wrong_average_beside_sums(self):
        assert self.made("mean", "sum").violations


class TestAdapted:
    """What every adapter returns is called like any backward pass."""

    def test_it_passes_on_what_it_is_given(self):
        network = Network([2, 3])
        subject = Adapted(network, lambda *given: given)
        given = (network.weights, network.biases, np.ones((2, 1)), np.ones((3, 1)))
        assert all(out is one for out, one in zip(subject(*given), given, strict=True))

    def test_it_says_what_it_is(self):
        adapted = Adapted(Network([2, 3]), print)
        assert repr(adapted) == "Adapted(2-3 sigmoid; quadratic cost)"


class TestImports:
    """A framework is imported only when its adapter is called."""

    def test_no_framework_comes_with_the_adapters(self):
        program = (
            "import sys, proofs.adapters\n"
            "print({'torch', 'jax', 'sklearn', 'sympy'} & set(sys.modules))"
        )
        result = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True
        )
        assert result.stdout == "set()\n"


class TestJaxParameters:
    """The parameters of a JAX function are known by their shapes, or asked for."""

    W, B = np.arange(6.0).reshape(2, 3), np.zeros(2)

    def adapted(self, params, **choice):
        return from_jax(lambda params, x, y: 0.0, params, linear, quadratic, **choice).network

    @pytest.mark.parametrize(
        "params",
        [
            [(W, B)],
            [[W, B]],
            ((W.T, B),),
            [(W, B.reshape(2, 1))],
            [(W.T, B.reshape(1, 2))],
            [{"w": W, "b": B}],
            [{"bias": B, "kernel": W.T}],
            {"first": {"W": W, "b": B}},
        ],
    )
    def test_the_forms_that_are_known(self, params):
        network = self.adapted(params)
        assert (network.w[2] == self.W).all()
        assert network.b[2].shape == (2, 1)

    def test_square_layers_must_be_told(self):
        w = np.array([[1.0, 2.0], [3.0, 4.0]])
        with pytest.raises(ValueError, match="all layers are square; say transposed=False"):
            self.adapted([(w, self.B)])
        assert (self.adapted([(w, self.B)], transposed=False).w[2] == w).all()
        assert (self.adapted([(w, self.B)], transposed=True).w[2] == w.T).all()

    def test_one_layer_that_is_not_square_tells(self):
        params = [(np.ones((2, 3)), np.ones(2)), (np.ones((2, 2)), np.ones(2))]
        assert self.adapted(params).sizes == [3, 2, 2]

    def test_weights_of_another_depth_are_refused(self):
        """Before JAX is imported, which the tests of this file do without."""
        subject = from_jax(lambda params, x, y: 0.0, [(self.W, self.B)], linear, quadratic)
        for depth in (0, 2):
            with pytest.raises(ValueError, match=f"a matrix for each layer .* got {depth}"):
                subject([self.W] * depth, [self.B] * depth, np.ones((3, 1)), np.ones((2, 1)))

    def test_biases_that_fit_neither_way(self):
        with pytest.raises(ValueError, match=r"got w \(2, 3\) with b \(5,\)"):
            self.adapted([(self.W, np.zeros(5))])

    @pytest.mark.parametrize(
        ("params", "message"),
        [
            (None, "expected a list or a dictionary of layers, got NoneType"),
            ([None], "expected each layer to be a pair .*, got NoneType"),
            ([(W, B, B)], "expected each layer to be a pair .*, got tuple"),
            ([{"w": W}], "got a dictionary with keys w$"),
            ({"w": W, "b": B}, "expected each layer to be a pair .*, got ndarray"),
        ],
    )
    def test_other_forms_are_refused(self, params, message):
        with pytest.raises(TypeError, match=message):
            self.adapted(params)


class TestReport:
    """The report holds for the book's class, and names the equation of a wrong line."""

    def test_the_page_shows_this(self):
        net = BookNetwork([4, 6, 5, 3])
        x, y = np.random.default_rng(0).standard_normal((4, 6)), np.eye(3)[:, [0, 1, 2, 2, 1, 0]]
        # [on the page]
        subject = from_book(net)
        report = check_backprop(subject, subject.network, x, y)
        # [to here]
        assert report.holds

    @pytest.mark.parametrize("kind", [BookNetwork, SecondBookNetwork])
    def test_it_holds_on_the_whole_battery(self, kind):
        subject = from_book(kind([4, 6, 5, 3]))
        assert check_on(battery(sigmoid, sigmoid, subject.network.cost), subject).holds

    def test_a_wrong_line_at_the_output(self):
        class Wrong(BookNetwork):
            def output_error(self, z, a, y):
                return a - y

        assert self.broken(Wrong) == ["BP1 at layer 4"]

    def test_a_wrong_line_on_the_way_back(self):
        class Wrong(BookNetwork):
            def sent_back(self, w, delta):
                return abs(w.T) @ delta

        assert self.broken(Wrong) == ["BP2 at layer 3", "BP2 at layer 2"]

    def test_weights_that_are_changed_in_place(self):
        class Wrong(BookNetwork):
            def sent_back(self, w, delta):
                w -= 0.1
                return w.T @ delta

        assert "purity at layer 4" in self.broken(Wrong)

    def test_weights_that_are_replaced(self):
        class Wrong(BookNetwork):
            def sent_back(self, w, delta):
                self.weights = [w - 0.1 for w in self.weights]
                return w.T @ delta

        assert "purity at layer 4" in self.broken(Wrong)

    def test_weights_that_are_dropped(self):
        class Wrong(BookNetwork):
            def sent_back(self, w, delta):
                self.weights = self.weights[1:]
                return w.T @ delta

        subject = from_book(Wrong([4, 6, 5, 3]))
        assert not check_backprop(subject, subject.network, *batch(subject.network, 1)).holds

    def broken(self, kind):
        subject = from_book(kind([4, 6, 5, 3]))
        report = check_backprop(subject, subject.network, *batch(subject.network, 5))
        return [violation.place for violation in report.violations]
