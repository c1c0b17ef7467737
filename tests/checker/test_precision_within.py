"""A step that casts its weights to a coarser precision is judged by that precision."""

import numpy as np
import pytest

from proofs import check_layer, check_model


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
        assert "as if in single precision, which it casts to" in str(report)


def logged(x, w):
    """A forward pass in doubles that keeps a short record of what it saw."""
    return x @ w, (x, w, np.abs(x.astype(np.float16)).max())


def cached(x, w):
    """What the backward pass needs is kept in half precision."""
    return x @ w, (np.asarray(x, np.float16), w)


class TestACastExcusesItsOwnRoundingAlone:
    """A gradient that is wrong without the cast, too, is wrong, however small the fault is."""

    @pytest.mark.parametrize("forward", [logged, cached])
    @pytest.mark.parametrize("wrong", [1.0, 1.0005])
    def test_right_and_wrong(self, forward, wrong):
        def backward(delta, cache):
            x, w, *_ = cache
            return delta @ w.T, wrong * (x.T @ delta)

        draw = np.random.default_rng(0).standard_normal
        report = check_layer(forward, backward, draw((5, 4)), draw((4, 3)))
        assert [row.quantity for row in report.violations] == (["dw"] if wrong != 1 else [])

    @pytest.mark.parametrize(
        "cast",
        [
            lambda x: np.array(x, "float32"),
            lambda x: np.float32(x),
            lambda x: np.add(x, 0, dtype=np.float32),
            lambda x: np.sum(x[None], axis=0, dtype=np.float32),
            lambda x: np.multiply(x, 1, out=np.empty(x.shape, np.float32)),
        ],
    )
    def test_any_way_to_cast_is_undone(self, cast):
        """So that what is right but for a cast is not called wrong."""
        draw = np.random.default_rng(0).standard_normal
        x, w = draw((5, 4)), draw((4, 3))
        back = lambda d, c: (d @ c[1].T, c[0].T @ d)  # noqa: E731
        report = check_layer(lambda x, w: (x @ w, (cast(x), w)), back, x, w)
        assert report.holds, report

    def test_a_constant_is_what_it_was_cast_to(self):
        draw = np.random.default_rng(0).standard_normal
        forward = lambda x, w: (np.float32(0.1) * x @ w, (np.float16(x), w))  # noqa: E731
        back = lambda d, c: (np.float32(0.1) * d @ c[1].T, 0.1 * (c[0].T @ d))  # noqa: E731
        report = check_layer(forward, back, draw((5, 4)), draw((4, 3)))
        assert [row.quantity for row in report.violations] == ["dw"]
