"""Layers of many kinds that nobody described to the checker: right ones hold, a fault is placed."""

from pathlib import Path

import layers_of_others as theirs
import numpy as np
import pytest
from sources import module_of

from proofs.checker import wrong
from proofs.checker.check_layer import check_layer

draw = np.random.default_rng(3).standard_normal
SOURCE = Path(theirs.__file__).read_text(encoding="utf-8")
IMAGES = draw((2, 4, 4, 4))
INPUTS = {
    "gn": (IMAGES, draw(4), draw(4)),
    "dw": (IMAGES, draw((4, 3, 3)), draw(4)),
    "gru": (draw((4, 3, 2)), draw((3, 3)), draw((2, 9)), draw((3, 9)), draw(9)),
    "ls": (draw((5, 4)), draw((4, 4)), draw(4)),
    "glu": (draw((5, 4)), draw((4, 6)), draw((4, 6)), draw((6, 3))),
    "xa": (draw((2, 3, 4)), draw((2, 5, 4)), *draw((3, 4, 3))),
    "al": (*draw((3, 2, 4, 3)), draw(2)),
    "nll": (draw((5, 4)),),
    "hinge": (draw((5, 4)),),
    "bag": (draw((5, 3)),),
    "up": (draw((2, 2, 3, 3)), np.array(1.3)),
    "pr": (draw((5, 4)), draw(4)),
    "wn": (draw((5, 4)), draw((4, 3)), draw(3)),
    "ps": (draw((2, 4, 2, 2)), np.array(0.7)),
    "in": (draw((2, 3, 4, 4)), draw(3), draw(3)),
}
ALL_OF_IT = {"dxs", "dh0", "dW", "dU", "db"}
ADDED = "np.add.at(dE, IDX, d[:, None, :] / IDX.shape[1])"
FAULTS = [
    ("gn", "dxh.sum(-1", "dxh.sum(1", {"dx"}),
    ("gn", "inv / m", "inv**2 / m", {"dx"}),
    ("dw", "] += dout * w", "] = dout * w", {"dx"}),
    ("dw", "dxp[:, :, p:-p, p:-p]", "dxp[:, :, : -2 * p, : -2 * p]", {"dx"}),
    ("gru", "dhp + du @ U.T", "du @ U.T", ALL_OF_IT),
    ("gru", "dar = dr * r * (1 - r)", "dar = dr * z * (1 - z)", ALL_OF_IT),
    ("gru", "dU += ", "dU = ", {"dU"}),
    ("ls", "d * g * (y > 0)", "d * g", {"dx", "dw"}),
    ("ls", "d + dy @ w.T", "dy @ w.T", {"dx"}),
    ("glu", "dh * a * s", "dh * a", {"dx", "dWu"}),
    ("xa", "dk @ Wk.T + dv @ Wv.T", "dk @ Wk.T", {"dm"}),
    ("xa", "dp * p, -1", "dp * p, 1", {"dx", "dm", "dWq", "dWk"}),
    ("al", "(ds * dist)", "(p * dist)", {"dslope"}),
    ("al", "ds = ds / np.sqrt(q.shape[-1])", "pass", {"dq", "dk"}),
    ("nll", "np.exp(lp)", "lp.copy()", {"dx"}),
    ("hinge", "-g.sum(1)", "-1", {"ds"}),
    ("bag", ADDED, "dE[IDX] += d[:, None, :] / 3", {"dE"}),
    ("up", "2, W, 2).sum((3, 5))", "2, W, 2).mean((3, 5))", {"dx"}),
    ("pr", "np.where(x > 0, 0, x)", "x", {"da"}),
    ("wn", "/ n**2", "/ n", {"dv"}),
    ("ps", "(0, 1, 3, 5, 2, 4)", "(0, 1, 5, 3, 2, 4)", {"dx", "dw"}),
    ("in", "/ s**2", "/ s", {"dx"}),
    ("in", "dxc - dxc.mean((2, 3), keepdims=True)", "dxc", {"dx"}),
]  # fmt: skip
WORDS = [
    ("bag", ADDED, "dE[IDX] += d[:, None, :] / 3",
     "of several places in E[IDX] that read one number only the last counts, as with x[i] +="),
    ("wn", "/ n**2", "/ n", "what goes through n is multiplied by n once too often"),
    ("al", "(ds * dist)", "(p * dist)", "it would be right with ds in place of p, in line"),
    ("in", "2 * xc * dv / m", "2 * xc * dv",
     "a sum stands for the mean in (xc**2).mean((2, 3), keepdims=True)"),
    ("pr", "np.where(x > 0, 0, x)", "x", "the slope of np.where(x > 0, x, a * x) is taken as 1"),
    ("xa", "dp * p, -1", "dp * p, 1",
     "it would be right with np.sum(dp * p, 2, keepdims=True) in place of np.sum(dp * p, 1,"),
]  # fmt: skip


def report_on(name, old, new):
    """The report on a layer, one line of its backward pass changed."""
    head, tail = SOURCE.split(f"def {name}_backward")
    assert old in tail
    text = f"{head}def {name}_backward{tail.replace(old, new, 1)}"
    module = module_of(text)
    forward, backward = getattr(module, f"{name}_forward"), getattr(module, f"{name}_backward")
    return check_layer(forward, backward, *INPUTS[name])


class TestRight:
    """Each holds, in every entry and along random directions, confirmed without a chain rule."""

    @pytest.mark.parametrize("method", ["exhaustive", "directional"])
    @pytest.mark.parametrize("name", INPUTS)
    def test_holds(self, name, method):
        forward, backward = (getattr(theirs, f"{name}_{way}") for way in ("forward", "backward"))
        report = check_layer(forward, backward, *INPUTS[name], method=method)
        assert report.holds, report
        assert "were confirmed along a random direction" in str(report)


class TestWrong:
    """One wrong line is flagged where it shows, and nowhere else."""

    @pytest.mark.parametrize(("name", "old", "new", "expected"), FAULTS)
    def test_placed(self, name, old, new, expected, monkeypatch):
        monkeypatch.setattr(wrong, "SECONDS", 0.0)  # its words are told below
        assert {row.quantity for row in report_on(name, old, new).violations} == expected

    def test_a_line_that_is_right_is_not_quoted(self):
        """The error of another number stands there; the line that computes that is right."""
        report = report_on(
            "in", "(d * xh).sum((0, 2, 3)), d.sum", "(dx * xh).sum((0, 2, 3)), d.sum"
        )
        [row] = report.violations
        assert row.quantity == "dg"
        assert row.says[0].startswith("it would be right with d in place of dx, in line ")

    def test_guesses_that_divide_by_0_warn_nobody(self, recwarn):
        report = report_on("al", "p * (dp - (dp", "p + (dp - (dp")
        assert not recwarn.list
        assert {row.quantity for row in report.violations} == {"dq", "dk", "dslope"}

    @pytest.mark.parametrize(("name", "old", "new", "words"), WORDS)
    def test_named(self, name, old, new, words):
        assert words in str(report_on(name, old, new))
