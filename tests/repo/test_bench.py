"""The benchmark compares like with like."""

import sys
from pathlib import Path

import numpy as np
import pytest
from sites import ROOT

sys.path.append(str(Path(__file__).parents[1] / "bench"))

import against
import run
from against import apart, calls, copies, main, measured, table
from peers import Problem, learners, naive_loop, ours


class TestPeers:
    """The networks and gradients are the same for all."""

    problem = Problem([7, 5, 4, 3])

    @pytest.mark.parametrize("method", ["exhaustive", "directional"])
    def test_ours_takes_the_right_pass_and_no_wrong_one(self, method):
        ours(self.problem, method)

        def wrong(*given):
            nabla_b, nabla_w = learners(*given)
            nabla_w[1][1, 2] += 1e-6
            return nabla_b, nabla_w

        with pytest.raises(AssertionError, match="BP4"):
            ours(self.problem, method, wrong)

    def test_the_loop_reaches_the_same_gradient_by_a_cost_of_its_own(self):
        assert naive_loop(self.problem) < 1e-14

    def test_a_wrong_gradient_would_be_an_error(self):
        wrong = Problem([7, 5, 4, 3])
        wrong.gradient = wrong.gradient * (1 + 1e-6)
        assert naive_loop(wrong) == pytest.approx(1e-6, rel=1e-3)

    def test_the_vector_and_the_arrays_are_in_one_order(self):
        vector = np.arange(float(self.problem.parameters))
        parts = self.problem.parts(vector)
        assert [p.shape for p in parts] == [a.shape for a in self.problem.arrays]
        assert (np.concatenate([p.ravel() for p in parts]) == vector).all()


class TestTable:
    """A table holds medians with their spread, and is kept unless times lie far apart."""

    @pytest.mark.parametrize("busy", [False, True])
    def test_what_is_kept(self, tmp_path, monkeypatch, capsys, busy):
        kept = tmp_path / "bench.md"
        monkeypatch.setattr(run, "TABLE", kept)
        times = [0.002, 0.001, 0.0021 if busy else 0.002]
        rows = {"a": {"2-3-2": times, "first call": [1.0, 1.5, 1.25]}}
        monkeypatch.setattr(run, "measured", lambda *_: rows)
        monkeypatch.setattr(sys, "argv", "run.py --write".split())
        if busy:
            with pytest.raises(SystemExit, match=r"a, 2-3-2: 2 ms \(1 ms to 2.1 ms\)"):
                run.main()
        else:
            run.main()
            line = "| a | 2 ms (1 ms to 2 ms) | 1.2 s (1 s to 1.5 s) |"
            assert kept.read_text().splitlines()[2] == line
        assert kept.exists() != busy


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
