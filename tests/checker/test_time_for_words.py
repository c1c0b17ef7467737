"""What takes long is done once, or not at all: a recurrence in one method, a loss that is wide."""

import numpy as np
import pytest
from sources import module_of

from proofs.adapters import layers
from proofs.checker import wrong_edits
from proofs.checker.check_layer import check_layer

SOURCE = """
import numpy as np

def sig(z):
    return 1 / (1 + np.exp(-z))

class LSTM:
    def __init__(self, n, h):
        draw = np.random.default_rng(0).standard_normal
        self.Wx, self.Wh, self.b = draw((n, 4 * h)) / 3, draw((h, 4 * h)) / 3, np.zeros(4 * h)
        self.h = h

    def forward(self, x):
        N, T, n = x.shape
        H = self.h
        self.x, self.hs, self.cs, self.gates = x, [np.zeros((N, H))], [np.zeros((N, H))], []
        for t in range(T):
            a = x[:, t] @ self.Wx + self.hs[-1] @ self.Wh + self.b
            i, f, o = sig(a[:, :H]), sig(a[:, H : 2 * H]), sig(a[:, 2 * H : 3 * H])
            g = np.tanh(a[:, 3 * H :])
            c = f * self.cs[-1] + i * g
            self.gates.append((i, f, o, g))
            self.cs.append(c)
            self.hs.append(o * np.tanh(c))
        return np.stack(self.hs[1:], 1)

    def backward(self, d):
        x, dx, dh, dc = self.x, np.zeros_like(self.x), 0, 0
        self.dWx, self.dWh = np.zeros_like(self.Wx), np.zeros_like(self.Wh)
        self.db = np.zeros_like(self.b)
        for t in reversed(range(x.shape[1])):
            i, f, o, g = self.gates[t]
            c, cp, hp = self.cs[t + 1], self.cs[t], self.hs[t]
            tc = np.tanh(c)
            dh = dh + d[:, t]
            dc = dc + dh * o * (1 - tc**2)
            di, df = dc * g * i * (1 - i), dc * cp * f * (1 - f)
            do, dg = dh * tc * o * (1 - o), dc * i * (1 - g**2)
            da = np.concatenate([di, df, do, dg], 1)
            self.dWx += x[:, t].T @ da
            self.dWh += hp.T @ da
            self.db += da.sum(0)
            dx[:, t] = da @ self.Wx.T
            dh = da @ self.Wh.T
            dc = dc * f
        return dx
"""
draw = np.random.default_rng(7).standard_normal
X = draw((2, 3, 3))


class TestInOneMethod:
    """An array of the same shape that stands for another is named among the first that are tried,
    for each gradient, and the code of the methods is read once."""

    @pytest.mark.parametrize(("old", "new", "wrong", "words"), [
        ("dc * cp * f", "dc * c * f", {"dWx", "dWh", "db", "dx"}, "cp in place of c"),
        ("dc = dc * f", "dc = dc * i", {"dWx", "dWh", "db", "dx"}, "f in place of i"),
        ("hp.T @ da", "c.T @ da", {"dWh"}, "hp in place of c"),
    ])  # fmt: skip
    def test_is_named(self, old, new, wrong, words, monkeypatch):
        monkeypatch.setattr(wrong_edits, "SECONDS", 20.0)
        monkeypatch.setattr(wrong_edits, "RUNS", 600)
        report = check_layer(module_of(SOURCE, (old, new)).LSTM(3, 4), X)
        assert {row.quantity for row in report.violations} == wrong
        assert all(row.says[0].startswith(f"it would be right with {words}, in line")
                   for row in report.violations), str(report)  # fmt: skip

    def test_methods_are_read_once(self, monkeypatch):
        read, real = [], layers.get_instructions
        monkeypatch.setattr(layers, "get_instructions", lambda f: read.append(f) or real(f))
        assert check_layer(module_of(SOURCE, name="read").LSTM(3, 4), X).holds
        assert len(read) < 8


def kernel(a, b):
    return np.exp(-((a[:, None] - b[None]) ** 2).sum(-1) / 2)


def mmd(x, y):
    return kernel(x, x).mean() + kernel(y, y).mean() - 2 * kernel(x, y).mean(), (x, y)


def mmd_backward(delta, cache):
    def of_first(a, b):
        return -(kernel(a, b)[..., None] * (a[:, None] - b[None])).sum(1) / (len(a) * len(b))

    x, y = cache
    return (
        2 * delta * (of_first(x, x) - of_first(x, y)),
        2 * delta * (of_first(y, y) - of_first(y, x)),
    )


class TestWideOnTheWay:
    """What is made on the way from small inputs to a loss counts for the choice of a method."""

    @pytest.mark.parametrize(("n", "sampled"), [(8, False), (128, True)])
    def test_maximum_mean_discrepancy(self, n, sampled):
        report = check_layer(mmd, mmd_backward, draw((n, 8)), draw((n, 8)))
        assert report.holds
        assert ("along 3 random directions" in str(report)) == sampled
