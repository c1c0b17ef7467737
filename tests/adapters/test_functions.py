"""Activations and costs that are plain NumPy functions, as their authors write them."""

import math

import numpy as np
import pytest
from textbook import NABLAS, Pass

from proofs.adapters import activation_of, cost_of
from proofs.checker.battery import battery
from proofs.checker.check_backprop import check_backprop
from proofs.checker.which_equation import check_on
from proofs.measuring.complex_parts import Pushed
from proofs.measuring.own_numpy import Modules
from proofs.network import Network
from proofs.network.activations import linear, relu, sigmoid, softmax
from proofs.network.costs import log_likelihood, quadratic

ROOT = np.sqrt(2 / np.pi)


def gelu(z):
    return 0.5 * z * (1 + np.tanh(ROOT * (z + 0.044715 * z**3)))


def gelu_prime(z):
    t = np.tanh(ROOT * (z + 0.044715 * z**3))
    return 0.5 * (1 + t) + 0.5 * z * (1 - t * t) * ROOT * (1 + 3 * 0.044715 * z * z)


def swish(z):
    return z / (1 + np.exp(-z))


def swish_prime(z):
    s = 1 / (1 + np.exp(-z))
    return s + z * s * (1 - s)


def elu(z, alpha=1.5):
    return np.where(z > 0, z, alpha * (np.exp(np.minimum(z, 0)) - 1))


def elu_prime(z):
    return np.where(z > 0, 1.0, 1.5 * np.exp(np.minimum(z, 0)))


def relu_in_place(z):
    z[z < 0] = 0
    return z


def plain_softmax(z):
    e = np.exp(z - np.max(z, axis=0, keepdims=True))
    return e / np.sum(e, axis=0, keepdims=True)


def shifted_by_the_batch(z):
    e = np.exp(z - z.max())
    return e / e.sum(axis=0)


def layer_norm(z):
    centred = z - z.mean(axis=0)
    return centred / np.sqrt((centred**2).mean(axis=0) + 1e-5)


def mean_square(a, y):
    return np.mean((a - y) ** 2)


def total_square(a, y):
    return 0.5 * np.sum((a - y) ** 2)


def huber(a, y):
    off = abs(a - y)
    return np.where(off < 0.3, off**2 / 2, 0.3 * off - 0.045).sum(axis=0)


def binary(a, y):
    return -np.mean(np.sum(y * np.log(a) + (1 - y) * np.log(1 - a), axis=0))


def backward(sigma, slope, error=lambda a, y: a - y):
    """A pass with linear outputs, where `error` is the gradient of C_x with respect to them."""
    return Pass(
        names=NABLAS,
        a=lambda s, l: s.z[l] if l == s.L else sigma(s.z[l].copy()),
        bp1=lambda s, l: error(s.a[l], s.y),
        bp2=lambda s, l: s.back(l) * slope(s.z[l]),
    )


Z = 3 * np.random.default_rng(0).standard_normal((3, 50))


class TestActivationOfOnesOwn:
    """A NumPy function is an activation as it stands: nobody writes its slope down."""

    @pytest.mark.parametrize(
        ("sigma", "slope"), [(gelu, gelu_prime), (swish, swish_prime), (elu, elu_prime)]
    )
    def test_its_slope(self, sigma, slope):
        assert activation_of(sigma).prime(Z) == pytest.approx(slope(Z), rel=1e-14, abs=1e-14)

    def test_a_function_of_numpy(self):
        assert activation_of(np.sin).prime(Z) == pytest.approx(np.cos(Z), rel=1e-14)
        assert Modules(np.sin).of_numpy == []  # NumPy's own names mean what they meant

    @pytest.mark.parametrize(
        ("sigma", "local", "smooth", "ends"),
        [
            (gelu, True, True, (-np.inf, np.inf)),
            (elu, True, False, (-np.inf, np.inf)),
            (relu_in_place, True, False, (0, np.inf)),
            (lambda z: 1 / (1 + np.exp(-z)), True, True, (0, 1)),
            (np.tanh, True, True, (-1, 1)),
            (plain_softmax, False, True, (0, 1)),
            (layer_norm, False, True, (-np.inf, np.inf)),
        ],
    )
    def test_what_is_found_out(self, sigma, local, smooth, ends):
        found = activation_of(sigma)
        assert (found.local, found.smooth, found.range) == (local, smooth, ends)

    @pytest.mark.parametrize(
        ("sigma", "kinks"),
        [
            (relu_in_place, (0.0,)),
            (lambda z: np.clip(z, 0, 6), (0.0, 6.0)),
            (lambda z: np.clip(z, -1, 1), (-1.0, 1.0)),
            (lambda z: np.clip(z / 6 + 0.5, 0, 1), (-3.0, 3.0)),
            (lambda z: np.clip(0.2 * z + 0.5, 0, 1), (-2.5, 2.5)),
            (lambda z: z * np.clip(z / 6 + 0.5, 0, 1), (-3.0, 3.0)),
            (lambda z: np.where(z > 1, z, 0), (1.0,)),
            (lambda z: np.where(z < 0, 0.1 * z, np.minimum(z, 20)), (0.0, 20.0)),
        ],
    )
    def test_where_the_kinks_are(self, sigma, kinks):
        found = activation_of(sigma)
        assert (found.smooth, found.kinks) == (False, kinks)

    def test_the_whole_jacobian(self):
        assert activation_of(plain_softmax).jacobian(Z) == pytest.approx(
            softmax.jacobian(Z), abs=1e-15
        )

    @pytest.mark.parametrize("shape", [(3, 5), (3, 2, 5), (3, 2, 4, 5)])
    @pytest.mark.parametrize(("sigma", "ours"), [(plain_softmax, softmax), (np.tanh, None)])
    def test_pushes_side_by_side(self, sigma, ours, shape):
        random = np.random.default_rng(1)
        z, push = random.standard_normal(shape), 2.0**-70 * random.standard_normal(shape)
        found, right = activation_of(sigma)(Pushed(z, push)), (ours or sigma)(z + 1j * push)
        assert found.real == pytest.approx(right.real, rel=1e-14)
        assert found.imag == pytest.approx(right.imag, rel=1e-12, abs=2.0**-120)

    def test_an_exponential_that_overflows_on_the_way_to_a_slope(self):
        naive = activation_of(lambda z: 1 / (1 + np.exp(-z)))
        assert naive.prime(np.array([[-800.0]])) == 0

    def test_no_input_is_changed(self):
        z = Z.copy()
        activation_of(relu_in_place)(z)
        assert (z == Z).all()

    @pytest.mark.parametrize(
        ("sigma", "says"),
        [
            (lambda z: z if z > 0 else 0, "for an if on one number, NumPy has np.where"),
            (lambda z: z.mean(), r"of the shape of z, \(3, 200\).* got shape \(\)"),
            (np.log, r"expected finite activations, got nan for z = -\d"),
            (lambda z: np.vectorize(math.tanh)(z), "instead of math and np.vectorize"),
        ],
    )
    def test_what_is_none(self, sigma, says):
        with np.errstate(all="ignore"), pytest.raises(ValueError, match=says):
            activation_of(sigma)


class TestCostOfOnesOwn:
    """A NumPy function of a and y is a cost, of each example or of a batch."""

    @pytest.mark.parametrize(
        ("cost", "slope"),
        [
            (mean_square, lambda a, y: 2 * (a - y) / len(a)),
            (total_square, lambda a, y: a - y),
            (huber, lambda a, y: np.clip(a - y, -0.3, 0.3)),
            (binary, lambda a, y: (a - y) / (a * (1 - a))),
        ],
    )
    def test_its_gradient(self, cost, slope):
        random = np.random.default_rng(0)
        a, y = random.uniform(0.05, 0.95, (10, 60)), random.uniform(0, 1, (10, 60))
        assert cost_of(cost).gradient(a, y) == pytest.approx(slope(a, y), rel=1e-12)

    @pytest.mark.parametrize(
        ("cost", "each"), [(mean_square, lambda a, y: ((a - y) ** 2).mean(axis=0)), (huber, huber)]
    )
    def test_its_average(self, cost, each):
        network = Network([2, 3], linear, cost_of(cost))
        x, y = Z[:2], np.cos(Z)
        assert network.average_cost(x, y) == pytest.approx(each(network.forward(x).a[2], y).mean())

    def test_how_its_slope_bends(self):
        a, y = np.array([[0.2], [0.7]]), np.array([[1.0], [0.0]])
        bent = cost_of(binary).gradient(a + 1e-3j, y).imag / 1e-3
        assert bent == pytest.approx(y / a**2 + (1 - y) / (1 - a) ** 2, rel=1e-4)

    def test_where_it_is_finite(self):
        assert cost_of(binary).domain == (0, 1)
        assert cost_of(huber).domain == (-np.inf, np.inf)

    @pytest.mark.parametrize(
        ("cost", "says"),
        [
            (lambda a, y: (a - y) ** 2, r"got shape \(3, 4\)"),
            (lambda a, y: np.sum((a - y) ** 2) ** 2, "or their average or sum: four examples"),
            (lambda a, y: np.sum((a - y) ** 2, axis=0) / a.max(), "one by one, and .* as a batch"),
        ],
    )
    def test_what_is_none(self, cost, says):
        with pytest.raises(ValueError, match=says):
            cost_of(cost)


class TestPassesWithThem:
    """A right pass holds on the battery, a wrong slope is BP2, another cost BP1."""

    @pytest.mark.parametrize("cost", [mean_square, huber])
    def test_right(self, cost):
        error = {mean_square: lambda a, y: 2 * (a - y) / len(a)}.get(
            cost, lambda a, y: np.clip(a - y, -0.3, 0.3)
        )
        cases = battery(activation_of(swish), linear, cost_of(cost))
        assert check_on(cases, backward(swish, swish_prime, error)).holds

    @pytest.mark.parametrize(
        ("sigma", "slope"), [(gelu, gelu_prime), (elu, elu_prime)], ids=["gelu", "elu"]
    )
    def test_kinks_and_none(self, sigma, slope):
        cases = battery(activation_of(sigma), linear, quadratic)
        assert check_on(cases, backward(sigma, slope)).holds

    def test_a_wrong_slope(self):
        report = check_on(
            battery(activation_of(swish), linear, quadratic),
            backward(swish, lambda z: 1 / (1 + np.exp(-z))),
        )
        assert {(v.equation, v.layer) for v in report.violations} == {("BP2", 2), ("BP2", 3)}

    def test_another_cost(self):
        network = Network([4, 5, 3], [activation_of(swish), linear], cost_of(huber))
        x, y = np.random.default_rng(0).standard_normal((2, 4, 7))[:, :, :7]
        report = check_backprop(backward(swish, swish_prime), network, x, y[:3])
        assert [(v.equation, v.layer) for v in report.violations] == [("BP1", 3)]

    @pytest.mark.parametrize("sigma", [plain_softmax, shifted_by_the_batch])
    def test_softmax_as_they_write_it(self, sigma):
        """A shift by the largest z of all examples mixes nothing."""
        network = Network([4, 3], activation_of(sigma), log_likelihood)

        def backprop(weights, biases, x, y):
            delta = sigma(weights[0] @ x + biases[0]) - y
            return [delta.mean(axis=1, keepdims=True)], [delta @ x.T / x.shape[1]]

        x, y = Z[[0, 1, 2, 0], :7], np.eye(3)[:, [0, 1, 2, 0, 1, 2, 0]]
        assert check_backprop(backprop, network, x, y).holds

    def test_a_slope_whose_ones_cancel_far_out(self):
        def mish(z):
            return z * np.tanh(np.logaddexp(0, z))

        def mish_prime(z):
            t = np.tanh(np.logaddexp(0, z))
            return t + z * (1 - t * t) / (1 + np.exp(-z))

        cases = battery(activation_of(mish), linear, quadratic)
        assert check_on(cases, backward(mish, mish_prime)).holds

    def test_one_that_mixes_the_examples_is_refused(self):
        def batch_norm(z):
            return (z - z.mean(axis=1, keepdims=True)) / z.std(axis=1, keepdims=True)

        network = Network([4, 5, 3], [activation_of(batch_norm), sigmoid])
        report = check_backprop(backward(np.tanh, np.cos), network, Z[[0, 1, 2, 0], :7], Z[:, :7])
        assert "mixes the examples" in str(report)
        assert not report.violations


class TestOneThatWasNotTold:
    """Gradients alone show that an activation is SiLU, and not the one that was told."""

    @pytest.mark.parametrize(
        ("sigma", "name"),
        [
            (swish, "SiLU, or swish"),
            (elu, ""),
        ],
    )
    def test_it_is_named(self, sigma, name):
        network = Network([4, 5, 3], [relu, linear])
        x, y = np.random.default_rng(0).standard_normal((2, 4, 7))
        report = check_backprop(backward(sigma, np.cos), network, x, y[:3])
        (found,) = [v for v in report.violations if v.equation == "forward a"]
        says = f"it is {name}, and not relu: tell the checker so"
        assert (says in str(found)) == bool(name)
