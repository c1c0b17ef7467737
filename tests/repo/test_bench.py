"""The benchmark compares like with like."""

import sys
from pathlib import Path

import numpy as np
import pytest
from sites import ROOT

sys.path.append(str(Path(__file__).parents[1] / "bench"))

import against
from against import apart, calls, copies, main, measured, table
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


class TestAgainst:
    """Two revisions are measured in turn, and no median is kept of times that lie far apart."""

    NAMES = ("a", "b")

    def test_in_turn(self):
        order = []

        def task(name):
            return lambda folder: order.append((name, folder)) or len(order)

        times = measured({name: task(name) for name in self.NAMES}, ["then", "now"], rounds=2)
        once = [("a", "then"), ("a", "now"), ("b", "then"), ("b", "now")]
        assert order == once * 2
        assert times == [[1, 5], [2, 6], [3, 7], [4, 8]]

    def test_medians(self):
        text = table(self.NAMES, [[1, 2, 9], [1, 1, 3], [0.01] * 3, [0.02] * 3], "v1")
        assert text.splitlines()[2:] == [
            "| a | 2 s | 1 s | 0.50 |",
            "| b | 10 ms | 20 ms | 2.00 |",
        ]

    def test_far_apart(self):
        assert apart(self.NAMES, [[1, 2], [1, 1], [1, 1], [1, 2.1]]) == ["b: 1 s to 2.1 s"]

    def test_the_project_then_and_now(self, tmp_path):
        if not (ROOT / ".git").exists():
            pytest.skip("no checkout")
        then, now = copies("HEAD", tmp_path)
        for folder in (then, now):
            assert (folder / "proofs/__init__.py").exists()
        assert not (now / "build").exists()

    def test_no_such_revision(self, tmp_path):
        with pytest.raises(SystemExit):
            copies("no-such-revision", tmp_path)

    @pytest.mark.parametrize("busy", [False, True])
    def test_what_is_kept(self, tmp_path, monkeypatch, busy):
        kept = tmp_path / "speed.md"
        spoiled = iter([1.0, 1.0, 9.0 if busy else 1.0, 1.0])
        monkeypatch.setattr(against, "TASKS", {"a": lambda folder: next(spoiled)})
        monkeypatch.setattr(against, "TABLE", kept)
        monkeypatch.setattr(against, "copies", lambda revision, folder: ["then", "now"])
        monkeypatch.setattr(sys, "argv", "against.py --against v1 --write --rounds 2".split())
        if busy:
            with pytest.raises(SystemExit, match="a: 1 s to 9 s"):
                main()
        else:
            main()
        assert kept.exists() != busy

    def test_what_is_called_holds(self):
        """A check that only finds that the call failed would be quicker."""
        assert calls(1)(ROOT) > 0
