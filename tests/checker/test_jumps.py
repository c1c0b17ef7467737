"""Steps that jump: a floor, a comparison. What rounding does there excuses no wrong gradient."""

import numpy as np
import pytest

from proofs import check_layer

draw = np.random.default_rng(21).standard_normal


def sampled(x, theta):
    """A row of numbers read between its places, by straight lines: one place is a whole number."""
    place = theta[0] * np.array([0.4, 1.5, 2.0, 3.7]) + theta[1]
    low = np.floor(place).astype(int)
    part = place - low
    return x[low] * (1 - part) + x[low + 1] * part, (x, low, part)


def sent(delta, cache, wrong=1.0):
    x, low, part = cache
    dx = np.zeros_like(x)
    np.add.at(dx, low, delta * (1 - part))
    np.add.at(dx, low + 1, delta * part)
    dplace = delta * (x[low + 1] - x[low])
    return dx, wrong * np.array([dplace @ np.array([0.4, 1.5, 2.0, 3.7]), dplace.sum()])


class TestAtAWholeNumber:
    """There rounding alone takes a floor from one number to the next."""

    @pytest.mark.parametrize("method", ["exhaustive", "directional"])
    @pytest.mark.parametrize("wrong", [1.0, 1.5, -1.0])
    def test_right_and_wrong(self, wrong, method):
        theta, x = np.array([0.75, 1.5]), draw(8)
        report = check_layer(sampled, lambda d, c: sent(d, c, wrong), x, theta, method=method)
        assert not report.problems
        assert [row.quantity for row in report.violations] == ([] if wrong == 1 else ["dtheta"])

    def test_the_slope_of_the_other_side_is_left_open(self):
        """Which of the two is meant, nobody can tell."""

        def other(delta, cache):
            x, low, part = cache
            dx, _ = sent(delta, cache)
            dplace = delta * np.where(part == 0, x[low] - x[low - 1], x[low + 1] - x[low])
            return dx, np.array([dplace @ np.array([0.4, 1.5, 2.0, 3.7]), dplace.sum()])

        report = check_layer(sampled, other, draw(8), np.array([0.75, 1.5]))
        assert not report.violations
        assert "takes a step over a jump" in report.problems[0]


class TestACopyOfANumber:
    """A number that is compared with its own copy is at no kink, however it moves."""

    @staticmethod
    def forward(s):
        cut = np.sort(s, axis=1)[:, -2:-1]
        return np.where(s >= cut, s**2, 0.0), (s, cut)

    @pytest.mark.parametrize("kept", [np.greater_equal, np.greater])
    def test_the_largest_two(self, kept):
        report = check_layer(self.forward, lambda d, c: 2 * d * c[0] * kept(*c), draw((3, 5)))
        assert report.holds == (kept is np.greater_equal)
        assert "the slope jumps" not in str(report)
