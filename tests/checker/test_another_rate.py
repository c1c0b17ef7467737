"""Gradients that are too large look like a larger learning rate: the one that is named is told."""

import numpy as np
import pytest

from proofs import check_model

X, Y = np.random.default_rng(1).standard_normal((2, 5, 3))


class Net:
    def __init__(self, times=1.0, **named):
        self.W, self.V = np.random.default_rng(0).standard_normal((2, 3, 3))
        self.times = times
        vars(self).update(named)

    def update(self, x, y, rate):
        h = np.tanh(x @ self.W)
        d = h @ self.V - y
        loss = (d**2).sum() / 2
        d = self.times * d
        dW = x.T @ (d @ self.V.T * (1 - h**2))
        self.V -= rate * h.T @ d
        self.W -= rate * dW
        return loss

    def of_its_own(self, x, y):
        return self.update(x, y, self.eta)

    def of_an_argument(self, x, y, lr=0.125):
        return self.update(x, y, lr)


@pytest.mark.parametrize("times", [1.0, 2.0])
@pytest.mark.parametrize("step", ["of_its_own", "of_an_argument"])
def test_is_said(times, step):
    net = Net(times, **({"eta": 0.125} if step == "of_its_own" else {}))
    report = check_model(getattr(net, step), X, Y)
    assert report.holds
    said = [
        remark for remark in report.remarks if "is 0.125: if that is the learning rate" in remark
    ]
    assert len(said) == (times == 2)
    assert all("each gradient is 2 times that of the loss" in remark for remark in said)
