"""Models whose weights are parts of one vector, and a layer that keeps its weights twice."""

import numpy as np
import pytest

from proofs import check_model
from proofs.measuring.shared_memory import deep

X, Y = np.random.default_rng(1).standard_normal((2, 6, 3))


class Flat:
    """All weights are parts of one vector, and all gradients of another."""

    def __init__(self, part=1.0):
        self.theta, self.grad = np.random.default_rng(0).standard_normal(18), np.zeros(18)
        self.w, self.v = (self.theta[n : n + 9].reshape(3, 3) for n in (0, 9))
        self.dw, self.dv = (self.grad[n : n + 9].reshape(3, 3) for n in (0, 9))
        self.part = part

    def step(self, x, y):
        h = np.tanh(x @ self.w)
        d = h @ self.v - y
        self.dv[...] = self.part * h.T @ d
        self.dw[...] = x.T @ (d @ self.v.T * (1 - h**2))
        return (d**2).sum() / 2


class Returning(Flat):
    def step(self, x, y):
        return super().step(x, y), self.grad


class Updated(Flat):
    def step(self, x, y):
        loss = super().step(x, y)
        self.theta -= 0.1 * self.grad
        return loss


@pytest.mark.parametrize("kind", [Flat, Returning, Updated])
def test_parts_of_one_vector(kind):
    assert check_model(kind().step, X, Y).holds
    report = check_model(kind(0.5).step, X, Y)
    assert {v.quantity for v in report.violations} <= {"dv", "dtheta"}
    assert report.violations


class TestDeep:
    """Copies of what shares memory share it, and nothing else does."""

    def test_views(self):
        a = np.arange(12.0)
        b, c = a[2:8].reshape(2, 3).T, a[::-3]
        x = deep([a, b, c, b], {})
        x[0] += 100
        assert np.array_equal(x[1], b + 100)
        assert np.array_equal(x[2], c + 100)
        assert x[1] is x[3]
        assert a[0] == 0

    def test_arrays_put_in_place_of_others(self):
        a, other = np.arange(6.0), np.zeros(6)
        x = deep([a, a[1:3]], {id(a): other}, of=[a])
        other[2] = 7
        assert x[0] is other
        assert np.array_equal(x[1], [0, 7])

    def test_what_shares_none(self):
        base = np.arange(6.0)
        x = deep([base[:2], base[4:]], {})
        x[0][:] = -1
        assert np.array_equal(x[1], [4, 5])
        assert base[0] == 0


class Line:
    """It learns by a momentum, and its gradient may be wrong."""

    def __init__(self):
        self.w, self.v = np.ones(3), np.zeros(3)

    def step(self, x, y):
        left = x @ self.w - y[:, 0]
        self.v = 0.9 * self.v - 0.1 * (x.T @ left + self.v + self.w**2)
        self.w = self.w + self.v
        return (left**2).sum()


def test_a_method_that_cannot_be_judged_leaves_its_object_as_it_is():
    net = Line()
    with pytest.raises(TypeError, match="let it return its loss and its gradients"):
        check_model(net.step, X, Y)
    assert type(net.w) is np.ndarray
    assert np.array_equal(net.w, np.ones(3))
