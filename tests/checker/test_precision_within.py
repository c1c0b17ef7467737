"""A step that casts its weights to a coarser precision is judged by that precision."""

import numpy as np
import pytest

from proofs import check_model


def step(master, x, y, wrong=1.0):
    """Mixed precision: weights are kept in doubles, and the pass is in single precision."""
    p = {name: w.astype(np.float32) for name, w in master.items()}
    x = np.asarray(x, np.float32)
    h = np.maximum(x @ p["w1"] + p["b1"], 0)
    e = h @ p["w2"] - y.astype(np.float32)
    delta = np.float32(256) * 2 * e / e.size
    dh = (delta @ p["w2"].T) * (h > 0)
    grads = {"w2": h.T @ delta, "w1": x.T @ dh, "b1": dh.sum(0)}
    grads = {name: g.astype(float) / 256 for name, g in grads.items()}
    return (e**2).mean(), grads | {"w1": wrong * grads["w1"]}


class TestAMasterCopy:
    """The rounding of single precision is no fault there, and a fault is one."""

    @pytest.mark.parametrize("wrong", [1.0, 1.001])
    def test_right_and_wrong(self, wrong):
        draw = np.random.default_rng(0).standard_normal
        master = {"w1": draw((3, 6)), "b1": draw(6), "w2": draw((6, 2))}
        report = check_model(lambda *given: step(*given, wrong), master, draw((8, 3)), draw((8, 2)))
        assert [row.quantity for row in report.violations] == (["dw1"] if wrong != 1 else [])
        assert not report.problems
        assert "as if in single precision, which its forward pass casts to" in str(report)
