"""The curl: 0 for a gradient, whichever cost it is of, and not 0 for what is no gradient."""

import numpy as np
import pytest

from proofs.mistakes.catalogue import RECTANGULAR, SOFTMAX, SQUARE, WILD, run, textbook
from proofs.mistakes.curl import curl, jacobian

NONE = 1e-8
"""What central differences leave of nothing."""

OF_ANOTHER_COST = {"02", "03", "06", "07", "47", "65"}
"""BP1 of another cost, and everything else right."""

SMOOTH = [wrong for wrong in WILD if wrong.name not in {"14", "30"}]
"""Those whose gradients are finite and of the right shape."""


class TestGradients:
    """A gradient has a symmetric Jacobian: that of the cost, or of another cost."""

    @pytest.mark.parametrize("setting", [RECTANGULAR, SQUARE, SOFTMAX], ids=repr)
    def test_the_right_one(self, setting):
        assert curl(run(textbook(setting.lines()), setting), setting.case()) < NONE

    @pytest.mark.parametrize("wrong", SMOOTH, ids=lambda wrong: wrong.name)
    def test_wrong_ones(self, wrong):
        found = curl(wrong.backprop(), wrong.setting.case())
        reaches = wrong.broken() and wrong.hides != wrong.breaks
        if wrong.name in OF_ANOTHER_COST or not reaches:
            assert found < NONE
        else:
            assert found > 1e-3

    def test_a_pair_will_do(self):
        whole = run(textbook(RECTANGULAR.lines()), RECTANGULAR)

        def pair(*given):
            return whole(*given)["nabla_b"], whole(*given)["nabla_w"]

        case = RECTANGULAR.case()
        assert curl(pair, case) == curl(whole, case)


class TestTheNumber:
    """The antisymmetric part as a part of the whole: from 0 to 1."""

    def test_nothing_symmetric(self):
        case = RECTANGULAR.case()
        sizes = [v.size for v in (*case.network.biases, *case.network.weights)]
        turn = np.random.default_rng(0).standard_normal((sum(sizes), sum(sizes)))
        turn -= turn.T

        def turning(weights, biases, x, y):
            flat = turn @ np.concatenate([v.ravel() for v in (*biases, *weights)])
            parts = np.split(flat, np.cumsum(sizes)[:-1])
            half = len(parts) // 2
            return parts[:half], parts[half:]

        assert curl(turning, case) == pytest.approx(1)
        assert abs(jacobian(turning, case) - turn).max() < 1e-6
