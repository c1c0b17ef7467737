"""A ReLU between two layers whose input is exactly 0, as no unit before it is awake."""

import numpy as np
import pytest

from proofs import check_model


def linear_forward(x, w, b):
    return x @ w + b, (x, w)


def linear_backward(dout, cache):
    x, w = cache
    return dout @ w.T, x.T @ dout, dout.sum(0)


def step(back=lambda d, z: d * (z > 0), part=1.0):
    def run(params, x, y):
        z1, c1 = linear_forward(x, params["W1"], params["b1"])
        z2, c2 = linear_forward(np.maximum(z1, 0), params["W2"], params["b2"])
        z3, c3 = linear_forward(np.maximum(z2, 0), params["W3"], params["b3"])
        grads = {}
        d, grads["W3"], grads["b3"] = linear_backward(part * (z3 - y), c3)
        d, grads["W2"], grads["b2"] = linear_backward(back(d, z2), c2)
        _, grads["W1"], grads["b1"] = linear_backward(d * (z1 > 0), c1)
        return ((z3 - y) ** 2).sum() / 2, grads

    return run


def report(run):
    draw = np.random.default_rng(1).standard_normal
    params = {name: draw((3, 3)) for name in ("W1", "W2", "W3")}
    params |= {name: np.zeros(3) for name in ("b1", "b2", "b3")}
    x = draw((5, 3))
    x[2] = -np.linalg.solve(params["W1"].T, np.ones(3))  # no unit is awake for it
    found = check_model(run, params, x, draw((5, 3)))
    return {v.place for v in found.violations}


@pytest.mark.parametrize(
    ("run", "wrong"),
    [(step(), set()),
     (step(part=2.0), {"after linear 3"}),
     (step(back=lambda d, z: d * (z >= 0), part=2.0), {"after linear 3"}),
     (step(back=lambda d, z: d * (d > 0)), {"after linear 2"}),
     (step(back=lambda d, z: 2 * d * (z > 0), part=2.0), {"after linear 2", "after linear 3"})],
)  # fmt: skip
def test_either_slope_is_right_there_beside_a_fault(run, wrong):
    assert report(run) == wrong
