"""Cases that were handed in, each with what is right: the verdict, its places and its words."""

import numpy as np
import pytest

from proofs import Network, check_backprop, sigmoid

RANDOM = np.random.default_rng(0)
SIZES = [4, 5, 3]
AVERAGES = {(equation, l) for equation in ("BP3", "BP4") for l in (2, 3)}


def batch(m):
    return RANDOM.standard_normal((4, m)), RANDOM.random((3, m))


def deltas(weights, biases, x, y):
    """a and delta of the textbook, layer by layer."""
    a = [x]
    for w, b in zip(weights, biases, strict=True):
        a.append(sigmoid(w @ a[-1] + b))
    found = [(a[-1] - y) * a[-1] * (1 - a[-1])]
    for w, out in zip(weights[:0:-1], a[-2:0:-1], strict=True):
        found.insert(0, (w.T @ found[0]) * out * (1 - out))
    return a, found


def counting(counts):
    """A pass in which examples count as `counts(m)` says."""

    def backprop(weights, biases, x, y):
        a, delta = deltas(weights, biases, x, y)
        c = counts(x.shape[1])
        nabla_w = [(d * c) @ p.T for d, p in zip(delta, a, strict=False)]
        return [(d * c).sum(axis=1, keepdims=True) for d in delta], nabla_w

    return backprop


def places(report):
    return {(v.equation, v.layer) for v in report.violations}


UNEVEN = {
    "the last example is not counted": lambda m: (np.arange(m) < m - 1) / m,
    "only the last example is counted, divided by m": lambda m: (np.arange(m) == m - 1) / m,
    "each example is averaged with what came before": lambda m: 0.5 ** np.arange(m, 0, -1),
}


class TestALoopThatCountsUnevenly:
    """BP3 and BP4 are wrong, and not BP1: what each example sends is right."""

    @pytest.mark.parametrize("m", [4, 40])
    @pytest.mark.parametrize("says", UNEVEN)
    def test_from_the_gradients_alone(self, says, m):
        report = check_backprop(counting(UNEVEN[says]), Network(SIZES), *batch(m))
        assert places(report) == AVERAGES
        assert all(says in v.diagnosis for v in report.violations)

    def test_an_error_that_is_weighted_stays_with_BP1(self):
        """The same alone and in the batch."""

        def backprop(weights, biases, x, y):
            scale = 1 + x[0] ** 2
            a, delta = deltas(weights, biases, x, y)
            m = x.shape[1]
            return (
                [(scale * d).mean(axis=1, keepdims=True) for d in delta],
                [(scale * d) @ p.T / m for d, p in zip(delta, a, strict=False)],
            )

        report = check_backprop(backprop, Network(SIZES), *batch(4))
        assert places(report) == {("BP1", 3)}


class TestAForwardPassWithoutBiases:
    """It is named where z is not returned, too."""

    def test_by_the_gradients(self):
        def backprop(weights, biases, x, y):
            return counting(lambda m: np.full(m, 1 / m))(weights, [0 * b for b in biases], x, y)

        x, y = batch(6)
        report = check_backprop(backprop, Network(SIZES), x, y)
        assert all("the biases are missing" in v.diagnosis for v in report.violations)
        assert places(report) == {("forward a", 2), ("BP1", 3)}
