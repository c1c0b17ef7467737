"""The benchmark compares like with like."""

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.append(str(Path(__file__).parents[1] / "bench"))

from peers import EVERY, RANDOM, Problem, naive_loop
from run import operations

OURS = [name for name in (*EVERY, *RANDOM) if name.startswith("ours")]


class TestPeers:
    """The networks and gradients are the same for all."""

    problem = Problem([7, 5, 4, 3])

    @pytest.mark.parametrize("name", OURS)
    def test_ours_reach_the_gradient(self, name):
        assert (EVERY | RANDOM)[name](self.problem) < 1e-13

    def test_the_loop_reaches_the_same_gradient_by_a_cost_of_its_own(self):
        assert naive_loop(self.problem) < 1e-14

    def test_a_wrong_gradient_would_be_an_error(self):
        wrong = Problem([7, 5, 4, 3])
        wrong.gradient = wrong.gradient * (1 + 1e-6)
        assert naive_loop(wrong) == pytest.approx(1e-6, rel=1e-3)

    def test_a_wrong_gradient_is_refused_in_random_directions(self):
        wrong = Problem([7, 5, 4, 3])
        wrong.gradients.nabla_w[3][1, 2] += 1e-6
        with pytest.raises(AssertionError):
            RANDOM["ours, without backprop"](wrong)

    def test_the_vector_and_the_arrays_are_in_one_order(self):
        vector = np.arange(float(self.problem.parameters))
        parts = self.problem.parts(vector)
        assert [p.shape for p in parts] == [a.shape for a in self.problem.arrays]
        assert (np.concatenate([p.ravel() for p in parts]) == vector).all()


class TestOperations:
    """Products of matrices are counted as the passes make them."""

    def test_by_hand(self):
        # Layer 2 has 5 x 7 weights: their pushes meet w^3 as a column and w^4 as a matrix;
        # the 5 pushes by b and z meet both as matrices; layer 3 has 4 x 5 weights and 2 x 4 others.
        by_hand = 35 * 2 * 3 * 4 + 10 * (2 * 4 * 5 + 2 * 3 * 4) + 20 * 0 + 8 * 2 * 3 * 4
        assert operations([7, 5, 4, 3]) == by_hand
