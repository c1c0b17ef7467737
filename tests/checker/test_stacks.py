"""Weights of several layers or heads in one array: it is compared as a whole."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from proofs import check_model

X, Y = np.random.default_rng(1).standard_normal((2, 5, 4))


class Stack:
    """Three layers, whose weights are one array of three square matrices."""

    def __init__(self, ends: Callable[..., Any], first: float = 1.0) -> None:
        self.first = first
        self.W = np.random.default_rng(0).standard_normal((3, 4, 4))
        self.b, self.ends = np.zeros((3, 4)), ends

    def step(self, x: Any, y: Any) -> Any:
        a = [x]
        for l in range(3):
            a.append(np.tanh(a[-1] @ self.W[l] + self.b[l]))
        d = a[-1] - y
        loss = (d**2).sum() / 2
        dW, db = np.zeros_like(self.W), np.zeros_like(self.b)
        for l in (2, 1, 0):
            d = d * (1 - a[l + 1] ** 2)
            dW[l], db[l] = a[l].T @ d * (1.0 if l else self.first), d.sum(0)
            d = d @ self.W[l].T
        return self.ends(self, loss, dW, db)


def kept(net: Any, loss: Any, dW: Any, db: Any) -> Any:
    net.dW, net.db = dW, db
    return loss


def updated(net: Any, loss: Any, dW: Any, db: Any) -> Any:
    net.W -= 0.1 * dW
    net.b -= 0.1 * db
    return loss


ENDS = {
    "returned": lambda net, loss, dW, db: (loss, dW, db),
    "named": lambda net, loss, dW, db: (loss, {"dW": dW, "db": db}),
    "in lists": lambda net, loss, dW, db: (loss, {"dW": [*dW], "db": [*db]}),
    "kept": kept,
    "updated": updated,
}


@pytest.mark.parametrize("ends", ENDS.values(), ids=ENDS)
def test_a_stack_of_weights_is_one_parameter(ends: Callable[..., Any]) -> None:
    assert check_model(Stack(ends).step, X, Y).holds
    report = check_model(Stack(ends, first=0.5).step, X, Y)
    assert {v.quantity for v in report.violations} == {"dW"}


class Conv:
    """A kernel as wide as its channels are many."""

    part = 1.0

    def __init__(self, seed: int) -> None:
        self.W = np.random.default_rng(seed).standard_normal((3, 3, 3))

    def forward(self, x: Any) -> Any:
        self.x = x
        return sum(self.W[:, :, k] @ x[:, k : k + 4] for k in range(3))

    def backward(self, dout: Any) -> Any:
        self.dW, dx = np.zeros_like(self.W), np.zeros_like(self.x)
        for k in range(3):
            self.dW[:, :, k] = dout @ self.x[:, k : k + 4].T * self.part
            dx[:, k : k + 4] += self.W[:, :, k].T @ dout
        return dx


class Net:
    """A model that keeps such a layer."""

    def __init__(self) -> None:
        self.conv = Conv(0)

    def step(self, x: Any, y: Any) -> Any:
        left = self.conv.forward(x) - y
        self.conv.backward(left)
        return (left**2).sum() / 2


def test_what_a_layer_keeps_is_no_array_beside_it(monkeypatch: Any) -> None:
    x, y = np.random.default_rng(2).standard_normal((2, 3, 6))
    assert check_model(Net().step, x, y[:, :4]).holds
    monkeypatch.setattr(Conv, "part", 0.5)
    report = check_model(Net().step, x, y[:, :4])
    assert {(v.place, v.quantity) for v in report.violations} == {("conv (Conv)", "dW")}
