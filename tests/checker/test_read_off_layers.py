"""A step that reads the output of a layer as an attribute of it."""

import numpy as np
import pytest
from sources import module_of

from proofs import check_model

SOURCE = """
import numpy as np

class Dense:
    def __init__(self, i, o):
        self.W, self.b = np.random.default_rng(i).standard_normal((i, o)), np.zeros(o)

    def forward(self, x):
        self.x = x
        self.y = x @ self.W + self.b
        return self.y

    def backward(self, d):
        self.dW, self.db = self.x.T @ d, d.sum(0)
        return d @ self.W.T

class Tanh:
    def forward(self, x):
        self.y = np.tanh(x)
        return self.y

    def backward(self, d):
        return d * (1 - self.y ** 2)

def step(net, x, t):
    net[0].forward(x)
    net[1].forward(net[0].y)
    net[2].forward(net[1].y)
    loss = 0.5 * np.sum((net[2].y - t) ** 2)
    d = net[2].backward(net[2].y - t)
    net[0].backward(net[1].backward(d))
    return loss
"""
RANDOM = np.random.default_rng(0)
X, T = RANDOM.standard_normal((5, 3)), RANDOM.standard_normal((5, 2))


def report_on(*changes):
    own = module_of(SOURCE, *changes)
    return check_model(own.step, [own.Dense(3, 4), own.Tanh(), own.Dense(4, 2)], X, T)


class TestOutputsThatAreAttributes:
    """It is the output itself that is read, so wires are judged as where it was returned."""

    RETURNS = "        return self.y\n\n    def backward(self, d):\n        self.dW"

    @pytest.mark.parametrize("change", [("", ""), (RETURNS, RETURNS.partition("y")[2])])
    def test_right(self, change):
        report = report_on(change)
        assert report.holds
        assert not any("no tangents" in said for said in report.remarks)
        assert {row.place for row in report.rows if row.quantity == "sum"} == {
            "after [0] (Dense)", "after [1] (Tanh)", "after [2] (Dense)"}  # fmt: skip

    @pytest.mark.parametrize(
        ("old", "new", "flagged"),
        [("backward(net[2].y - t)", "backward(2 * (net[2].y - t))", ("after [2] (Dense)", "sum")),
         ("net[1].backward(d)", "2 * net[1].backward(d)", ("after [0] (Dense)", "sum")),
         ("1 - self.y ** 2", "1 - self.y", ("[1] (Tanh)", "dx"))],
    )  # fmt: skip
    def test_wrong(self, old, new, flagged):
        assert {(v.place, v.quantity) for v in report_on((old, new)).violations} == {flagged}
