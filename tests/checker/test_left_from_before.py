"""A gradient that is added to what the step before has left, and never set to 0, is remarked on."""

import numpy as np
import pytest

from proofs import check_model

X, Y = np.random.default_rng(1).standard_normal((2, 5, 3))


class Dense:
    """Its gradient is added up."""

    def __init__(self):
        self.W = np.random.default_rng(0).standard_normal((3, 3))
        self.dW = np.zeros((3, 3))

    def forward(self, x):
        self.x = x
        return x @ self.W

    def backward(self, dout):
        self.dW += self.x.T @ dout
        return dout @ self.W.T


class Weight:
    def __init__(self):
        self.data, self.grad = np.random.default_rng(0).standard_normal((3, 3)), np.zeros((3, 3))


class OfWeight:
    """Its weight keeps its own gradient."""

    def __init__(self):
        self.w = Weight()

    def forward(self, x):
        self.x = x
        return x @ self.w.data

    def backward(self, dout):
        self.w.grad += self.x.T @ dout
        return dout @ self.w.data.T


def step(before, after, update=True):
    def run(layer, x, y):
        kept = (layer.w, "data", "grad") if isinstance(layer, OfWeight) else (layer, "W", "dW")
        weight, gradient = getattr(kept[0], kept[1]), getattr(kept[0], kept[2])
        gradient *= before
        left = layer.forward(x) - y
        layer.backward(left)
        weight -= 0.1 * update * gradient
        gradient *= after
        return (left**2).sum() / 2

    return run


@pytest.mark.parametrize("kind", [Dense, OfWeight])
@pytest.mark.parametrize(
    ("run", "said"),
    [(step(0, 1), False), (step(1, 0), False), (step(1, 1, update=False), False),
     (step(1, 1), True)],
)  # fmt: skip
def test_said_where_it_counts_in_the_next_step(kind, run, said):
    report = check_model(run, kind(), X, Y)
    assert report.holds
    assert (
        any("the next step adds to what this one leaves" in remark for remark in report.remarks)
        == said
    )
