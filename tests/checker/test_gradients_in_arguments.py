"""Backward passes that are handed more than errors and a cache, as where to leave gradients."""

import numpy as np
import pytest

from proofs import check_model


def double_forward(x, params):
    h = np.tanh(x @ params["W"])
    return h @ params["V"], (x, h)


def double_backward(dout, cache, params, grads, part=1.0):
    x, h = cache
    grads["V"] += h.T @ dout
    grads["W"] += part * x.T @ (dout @ params["V"].T * (1 - h**2))


def step(part):
    def pair(params, first, second):
        grads = {name: np.zeros_like(w) for name, w in params.items()}
        a, kept_a = double_forward(first, params)
        b, kept_b = double_forward(second, params)
        double_backward(a - b, kept_a, params, grads, part)
        double_backward(b - a, kept_b, params, grads, part)
        return ((a - b) ** 2).sum() / 2, grads

    return pair


@pytest.mark.parametrize("part", [1.0, 0.5])
def test_are_compared_as_a_whole(part):
    draw = np.random.default_rng(0).standard_normal
    params = {"W": draw((4, 3)), "V": draw((3, 2))}
    report = check_model(step(part), params, draw((5, 4)), draw((5, 4)))
    assert report.holds == (part == 1)
    assert {v.quantity for v in report.violations} == (set() if part == 1 else {"dW"})
