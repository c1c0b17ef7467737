"""What is sent back to the inputs of a loss, which is cut at its sums."""

from collections import deque

import numpy as np
import pytest

from proofs.measuring.jacobian import Forward
from proofs.measuring.sent_back import AtSums, sent_back

draw = np.random.default_rng(7).standard_normal
X, W = draw((32, 12)), draw((12, 5))
LABELS = np.arange(32) % 12


def softmax_loss(x):
    """The mean over examples."""
    logp = x - np.log(np.exp(x).sum(axis=1, keepdims=True))
    return -logp[np.arange(32), LABELS].mean()


def squares(x):
    """Each number by itself."""
    return 0.5 * ((x - 0.3) ** 2).sum() / len(x)


def penalty(x, w):
    """A loss and the squares of the weights, a sum over axes that are apart and one that is not."""
    return np.tanh(x @ w).sum(axis=1).mean() + 0.1 * np.sum(w * w)


def over_their_sum(x):
    """A sum that all numbers are divided by."""
    p = np.exp(x) / np.exp(x).sum()
    return np.sum(p * np.sin(x))


def both_ways(x):
    """Sums along one axis and then the other, in either order."""
    y = np.tanh(x)
    return (y.sum(axis=0) ** 2).sum() + (y.sum(axis=1) ** 3).mean(keepdims=True)[0]


def changed_afterwards(x):
    """What was summed is overwritten."""
    e = np.exp(x)
    total = e.sum()
    e /= total
    return np.log(total) + np.sum(e * e)


def row_by_row(x):
    """A sum for each example."""
    loss = 0.0
    for row in x:
        loss += np.sqrt(np.sum(row * row))
    return loss


def hinge(x):
    """Kinks, at numbers that are exactly at the margin."""
    return np.maximum(0, 1 - x).sum() + np.maximum(x, 0).mean()


def at_its_centre(x):
    """A kink after the sum."""
    return abs((x - x.mean()).sum() * 0 + np.sum(x) - np.sum(x))


def apart_for_one(x):
    """Other sums from below than from above."""
    y = np.where(x > 0, x, 0)
    return y.sum() + ((x[0] > 0) * x[0]).mean() if (x[0, :1] > 0).any() else y.sum()


LOSSES = {
    f.__name__: (f, (X, W) if f is penalty else (X,))
    for f in (
        softmax_loss, squares, penalty, over_their_sum, both_ways, changed_afterwards, row_by_row,
        hinge, at_its_centre, apart_for_one,
    )
}  # fmt: skip


class TestALossCutAtItsSums:
    """It is sent back what it is sent back if every number has a tangent of its own."""

    @pytest.mark.parametrize("name", LOSSES)
    def test_the_same(self, name, monkeypatch):
        loss, inputs = LOSSES[name]
        if name in ("hinge", "apart_for_one"):
            inputs = (np.where(X < 0.3, 0.0, np.where(X > 1.2, 1.0, X)),)
        forward = Forward(loss, inputs)
        paths = [*forward.floats]
        found, met = sent_back(forward, [np.array(1.5)], paths)
        monkeypatch.setattr("proofs.measuring.sent_back._cut", lambda *given: None)
        wanted, plainly = sent_back(forward, [np.array(1.5)], paths)
        assert bool(met.ties) == bool(plainly.ties)
        for path in paths:
            close = {"rtol": 1e-12, "atol": 1e-13}
            np.testing.assert_allclose(found[path].low, wanted[path].low, **close)
            np.testing.assert_allclose(found[path].high, wanted[path].high, **close)
            assert (found[path].size >= wanted[path].size * (1 - 1e-12)).all()

    @pytest.mark.parametrize(("loss", "most"), [(softmax_loss, 13), (squares, 2), (hinge, 3)])
    def test_a_tangent_serves_all_examples(self, loss, most):
        rows = deque()  # a list would be put back after each run

        def watched(x):
            rows.append(len(x.t))
            return loss(x)

        forward = Forward(watched, (X,))
        assert sent_back(forward, [np.array(1.0)], [*forward.floats])
        asked, *rest = rows
        assert asked <= 2 * (5 + 4)  # two halves for each binary digit of 32 and of 12
        assert max(rest) == most

    def test_it_is_given_back_whole_where_runs_differ(self, monkeypatch):
        seen = []
        run = AtSums.pushed

        def fewer(self, *given, **how):
            seen.append(self.sums)
            return run(self, *given, **how)

        monkeypatch.setattr(AtSums, "pushed", fewer)
        calls = iter(range(100))

        def other_each_time(x):
            return (x * x).sum() if next(calls) else (x * x).sum() + 0 * x[0].sum()

        forward = Forward(other_each_time, (X,))
        found, _ = sent_back(forward, [np.array(1.0)], [*forward.floats])
        assert seen == [(), ((32, 12), (12,))]
        np.testing.assert_allclose(found[(0,)].low, 2 * X)
