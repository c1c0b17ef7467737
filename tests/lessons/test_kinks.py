"""Which slopes may be answered at a kink is measured from the function itself."""

import numpy as np
import pytest

from proofs.lessons.kinks import KINKS, Kink

ONE = np.ones(1)


def accepted(question, *answer):
    return KINKS[question].outside(np.array(answer)) is None


class TestSides:
    """The two one-sided slopes along a direction, from values of the function alone."""

    def test_a_corner_has_two(self):
        assert KINKS["relu at 0"].sides(ONE) == pytest.approx((0, 1))
        assert KINKS["leaky relu, slope 0.1, at 0"].sides(ONE) == pytest.approx((0.1, 1))

    def test_a_smooth_point_has_one(self):
        assert KINKS["celu, alpha 2, at 0"].sides(ONE) == pytest.approx((1, 1), rel=1e-9)
        assert KINKS["huber at its edge"].sides(ONE) == pytest.approx((1, 1), rel=1e-9)

    def test_a_root_has_an_infinite_one_and_none(self):
        left, right = KINKS["sqrt at 0"].sides(ONE)
        assert np.isnan(left)
        assert right == np.inf


class TestBetween:
    """An answer is right if it is between the two slopes along every direction."""

    @pytest.mark.parametrize("slope", [0, 0.5, 1])
    def test_any_slope_of_a_corner(self, slope):
        assert accepted("relu at 0", slope)

    @pytest.mark.parametrize("slope", [-0.01, 1.01, np.nan])
    def test_no_slope_beside_it(self, slope):
        assert not accepted("relu at 0", slope)

    @pytest.mark.parametrize("shares", [(1, 0), (0, 1), (0.5, 0.5), (0.3, 0.7)])
    @pytest.mark.parametrize("which", ["maximum", "minimum"])
    def test_any_split_of_a_tie(self, which, shares):
        assert accepted(f"{which} of two equal numbers", *shares)

    @pytest.mark.parametrize("shares", [(0, 0), (1, 1), (0.5, 0.4), (1.5, -0.5)])
    @pytest.mark.parametrize("which", ["maximum", "minimum"])
    def test_no_split_that_does_not_add_up(self, which, shares):
        assert not accepted(f"{which} of two equal numbers", *shares)

    def test_nothing_goes_to_what_is_not_tied(self):
        assert not accepted("max of (1, 1, 0)", 0.5, 0.25, 0.25)

    def test_a_smooth_function_leaves_no_choice(self):
        assert accepted("celu, alpha 2, at 0", 1)
        assert not accepted("celu, alpha 2, at 0", 0)
        assert not accepted("logaddexp of two equal numbers", 1, 0)

    def test_an_infinite_slope_is_one(self):
        assert accepted("sqrt at 0", np.inf)
        assert not accepted("sqrt at 0", np.nan)

    def test_the_direction_tells_why(self):
        outside = KINKS["maximum of two equal numbers"].outside(np.zeros(2))
        assert outside is not None
        assert KINKS["maximum of two equal numbers"].sides(outside) == pytest.approx((1, 1))

    def test_constants_of_six_digits_are_no_mistake(self):
        assert accepted("selu at 0", 1.7580941915512085)
        assert not accepted("selu at 0", 1.76)

    def test_a_convex_function_may_have_any_number_of_pieces(self):
        hill = Kink(lambda x: max(x[0], 2 * x[1], x[0] + x[1]), (0.0, 0.0))
        assert hill.outside(np.array([0.5, 1.0])) is None
        assert hill.outside(np.array([1.0, 2.0])) is not None
