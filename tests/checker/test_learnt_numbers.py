"""Layers that learn a number that they keep as a number of Python."""

import numpy as np
import pytest
from sources import module_of

from proofs import check_layer, check_model

SOURCE = """
import numpy as np

class PReLU:
    def __init__(self):
        self.alpha, self.dalpha = 0.25, 0.0

    def forward(self, x):
        self.x = x
        return np.where(x > 0, x, self.alpha * x)

    def backward(self, d):
        self.dalpha = np.sum(d * np.where(self.x > 0, 0, self.x))
        return d * np.where(self.x > 0, 1, self.alpha)

class Dense:
    def __init__(self, n, m):
        self.W, self.b = np.random.RandomState(0).randn(n, m), np.zeros(m)

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, d):
        self.dW, self.db = self.x.T @ d, d.sum(axis=0)
        return d @ self.W.T

def step(net, x, y):
    out = net[1].forward(net[0].forward(x))
    net[0].backward(net[1].backward(out - y))
    return 0.5 * np.sum((out - y) ** 2)
"""
RANDOM = np.random.default_rng(0)
X, Y = RANDOM.standard_normal((5, 3)), RANDOM.standard_normal((5, 4))


class TestLearntNumbers:
    """Such a number is judged where its gradient is one number, too."""

    @pytest.mark.parametrize(
        ("old", "new", "blamed"),
        [("", "", set()), ("np.sum(d * np.where(", "np.mean(d * np.where(", {"dalpha"})],
    )
    def test_right_and_wrong(self, old, new, blamed):
        own = module_of(SOURCE, (old, new))
        layer = own.PReLU()
        reports = check_layer(layer, X), check_model(own.step, [own.Dense(3, 4), layer], X, Y)
        for report in reports:
            assert {v.quantity for v in report.violations} == blamed
            assert "dalpha" in {row.quantity for row in report.rows}
            assert not any("plain numbers" in said for said in report.remarks)
        assert layer.alpha == 0.25
