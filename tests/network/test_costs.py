"""The costs of one example and their gradients in the output."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import assert_close, slope

from proofs.measuring.one_number import h
from proofs.network.costs import (
    COSTS,
    cross_entropy,
    guarded,
    log_likelihood,
    over_valid,
    positives_weighted,
    quadratic,
    smoothed,
    weighted,
)

every = pytest.mark.parametrize("cost", COSTS.values(), ids=str)

# Inside (0, 1), where every cost is finite, and further from its ends than a difference steps.
outputs = st.lists(st.tuples(st.floats(0.05, 0.95), st.floats(0, 1)), min_size=1, max_size=4).map(
    lambda pairs: np.array(pairs).T[:, :, None]
)

PLAIN = {
    "quadratic": lambda a, y: (a - y) ** 2 / 2,
    "cross_entropy": lambda a, y: -y * math.log(a) - (1 - y) * math.log(1 - a),
    "log_likelihood": lambda a, y: -y * math.log(a),
}


class TestValue:
    """A cost is one number for each example: a sum over the outputs."""

    @every
    @given(pair=outputs)
    def test_by_hand(self, cost, pair):
        a, y = pair
        plain = [PLAIN[cost.name](*both) for both in zip(a[:, 0], y[:, 0], strict=True)]
        assert_close(cost.value(a, y), np.array([math.fsum(plain)]))

    @every
    def test_one_number_per_example(self, cost):
        a = np.full((3, 5), 0.25)
        assert cost.value(a, a).shape == (5,)

    @pytest.mark.parametrize("cost", [cross_entropy, log_likelihood], ids=str)
    @pytest.mark.parametrize("certain", [0.0, 1.0])
    def test_zero_times_log_zero_is_0(self, cost, certain):
        a = np.array([[certain], [1 - certain]])
        assert cost.value(a, a) == 0
        assert np.isfinite(cost.gradient(a, a)).all()

    @pytest.mark.parametrize("cost", [cross_entropy, log_likelihood], ids=str)
    def test_certain_and_wrong_costs_infinity(self, cost):
        assert cost.value(np.array([[0.0]]), np.array([[1.0]])) == np.inf


class TestGradient:
    """The gradient is the derivative of the cost in each output."""

    @every
    @given(pair=outputs)
    def test_complex_step(self, cost, pair):
        a, y = pair
        n = len(a)
        measured = cost.value(a + 1j * h * np.eye(n), np.repeat(y, n, axis=1)).imag / h
        assert_close(cost.gradient(a, y)[:, 0], measured)

    @every
    @given(pair=outputs)
    def test_real_difference(self, cost, pair):
        a, y = pair
        n = len(a)
        measured, error = slope(lambda s: cost.value(a + s * np.eye(n), np.repeat(y, n, axis=1)))
        assert (abs(cost.gradient(a, y)[:, 0] - measured) <= error).all()

    def test_quadratic(self):
        assert (quadratic.gradient(np.array([[0.75]]), np.array([[0.25]])) == 0.5).all()


A = np.array([[0.25, 0.5], [0.75, 0.5]])
"""Two outputs of two examples."""
Y = np.array([[1.0, 0.0], [0.0, 1.0]])


class TestNames:
    """A cost is called as people call it, and by its name where there is no other."""

    def test_usual_names(self):
        said = [str(cost) for cost in COSTS.values()]
        assert said == ["quadratic", "binary cross-entropy", "categorical cross-entropy"]


class TestPositives:
    """What multiplies y ln a is one number for all outputs, or one for each of them."""

    @pytest.mark.parametrize("given", [[3.0], [3.0, 3.0]])
    def test_one_for_all(self, given):
        cost = positives_weighted(given)
        first = -3 * math.log(0.25) - math.log(0.25)
        second = -math.log(0.5) - 3 * math.log(0.5)
        assert_close(cost.value(A, Y), np.array([first, second]))
        assert_close(cost.gradient(A, Y), np.array([[-12.0, 2.0], [4.0, -6.0]]))

    def test_one_for_each_output(self):
        cost = positives_weighted([3.0, 5.0])
        # Of three examples, so that a weight of an output is no weight of an example.
        a = np.array([[0.25, 0.5, 0.5], [0.75, 0.5, 0.25]])
        y = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 1.0]])
        wanted = np.array([[-12.0, 2.0, 2.0], [4.0, -10.0, -20.0]])
        assert_close(cost.gradient(a, y), wanted)
        # The middle axis is of pushes, which every output has.
        assert_close(cost.gradient(a[:, None, :], y[:, None, :])[:, 0], wanted)


class TestSingleNumbers:
    """A cost takes the output and the target of one neuron, as numbers."""

    @pytest.mark.parametrize("cost", [cross_entropy, positives_weighted([1.0])], ids=str)
    def test_by_hand(self, cost):
        assert cost.gradient(0.25, 1.0) == -4
        assert cost.gradient(0.25, 0.0) == 4 / 3
        assert np.ndim(cost.gradient(0.25, 1.0)) == 0


class TestDomain:
    """Between the ends of its domain a cost is finite for every target, and not beyond them."""

    @pytest.mark.parametrize("cost", [*COSTS.values(), positives_weighted([2.0])], ids=str)
    def test_its_ends(self, cost):
        targets = np.array([[0.0, 0.5, 1.0]])
        with np.errstate(all="ignore"):
            for end, inwards in zip(cost.domain, (1, -1), strict=True):
                if np.isfinite(end):
                    inside, beyond = (end + part * inwards for part in (1e-9, -1e-9))
                    assert np.isfinite(cost.value(np.full((1, 3), inside), targets)).all()
                    assert not np.isfinite(cost.value(np.full((1, 3), beyond), targets)).all()
                else:
                    far = np.full((1, 3), -inwards * 1e9)
                    assert np.isfinite(cost.value(far, targets)).all()


class TestCounts:
    """How often an example counts is one number for each of them."""

    @every
    def test_once(self, cost):
        assert (cost.counts(np.zeros((3, 5))) == np.ones(5)).all()
        assert (cost.counts(np.zeros((3, 2, 5))) == np.ones(5)).all()

    def test_over_valid(self):
        counts = over_valid(log_likelihood).counts(np.array([[1.0, 0, 0, 0], [0, 1, 0, 0]]))
        assert (counts == [2, 2, 0, 0]).all()
        assert (over_valid(log_likelihood).counts(np.zeros((2, 3))) == 0).all()

    def test_classes(self):
        mean = weighted(log_likelihood, [1, 3], "examples")
        assert (mean.counts(Y) == [1, 3]).all()
        assert (weighted(log_likelihood, [1, 3]).counts(Y) == [0.5, 1.5]).all()
        one = weighted(cross_entropy, [1, 3], "examples").counts(np.array([[0.0, 1.0, 1.0]]))
        assert (one == [1, 3, 3]).all()

    def test_pushes_are_divided_each_by_its_own_mean(self):
        pushed = np.stack([Y, Y[:, [0, 0]]], axis=1)
        counts = weighted(log_likelihood, [1, 3]).counts(pushed)
        assert (counts == [[0.5, 1.5], [1.0, 1.0]]).all()

    def test_so_often_stand_value_and_gradient(self):
        mean = weighted(log_likelihood, [1, 3], "examples")
        assert_close(mean.value(A, Y), np.array([-math.log(0.25), -3 * math.log(0.5)]))
        assert_close(mean.gradient(A, Y), np.array([[-4.0, 0.0], [0.0, -6.0]]))

    def test_what_cannot_be_meant(self):
        with pytest.raises(ValueError, match="'sum'"):
            weighted(log_likelihood, [1, 3], "sum")
        with pytest.raises(ValueError, match="each of the 2 classes, got 3"):
            weighted(log_likelihood, [1, 3, 5]).counts(Y)


class TestTargets:
    """Smoothing moves the targets, a guard what stands in the logarithms."""

    def test_smoothed(self):
        wanted = np.array([[0.95, 0.05], [0.05, 0.95]])
        for cost in (log_likelihood, cross_entropy):
            made = smoothed(cost, 0.1)
            assert_close(made.targets(Y), wanted)
            assert_close(made.value(A, Y), cost.value(A, wanted))
            assert_close(made.gradient(A, Y), cost.gradient(A, wanted))

    def test_each_output_is_a_label_of_its_own(self):
        y = np.array([[1.0], [0.0], [0.0]])
        assert_close(smoothed(cross_entropy, 0.3).targets(y), np.array([[0.85], [0.15], [0.15]]))
        assert_close(smoothed(log_likelihood, 0.3).targets(y), np.array([[0.8], [0.1], [0.1]]))

    def test_guarded(self):
        half = guarded(log_likelihood, 0.25)
        assert_close(half.value(A, Y), np.array([-math.log(0.5), -math.log(0.75)]))
        assert_close(half.gradient(A, Y), np.array([[-2.0, 0.0], [0.0, -4 / 3]]))
        both = guarded(cross_entropy, 0.25)
        assert_close(both.gradient(A, Y)[:, 0], np.array([-2.0, 2.0]))
        wanted = [-2 * math.log(0.5), -2 * math.log(0.75)]
        assert_close(both.value(A, Y), np.array(wanted))
        with pytest.raises(ValueError, match="expected cross_entropy or log_likelihood"):
            guarded(quadratic, 0.25)
