"""Parameters that are plain numbers of Python, kept by an object or in a dictionary."""

import numpy as np
import pytest
from sources import module_of

from proofs import check_model

pytestmark = pytest.mark.usefixtures("no_words")

SOURCE = """
import numpy as np

class FactorizationMachine:
    def __init__(self, n, k):
        draw = np.random.RandomState(1).randn
        self.w0, self.w, self.V, self.rate = 0.1, draw(n), draw(n, k), 0.5

    def loss(self, X, y):
        XV = X @ self.V
        z = self.w0 + X @ self.w + 0.5 * np.sum(XV**2 - X**2 @ self.V**2, axis=1)
        p = 1 / (1 + np.exp(-z))
        err = (p - y) / len(y)
        return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)), err, XV

    def gradients(self, X, y):
        loss, err, XV = self.loss(X, y)
        dw0 = err.sum()
        dw = X.T @ err
        dV = X.T @ (err[:, None] * XV) - (X**2).T @ err[:, None] * self.V
        return loss, dw0, dw, dV

    def by_name(self, X, y):
        loss, dw0, dw, dV = self.gradients(X, y)
        return loss, {"w0": dw0, "w": dw, "V": dV}

    def keeping(self, X, y):
        loss, self.dw0, self.dw, self.dV = self.gradients(X, y)
        return loss

    def updating(self, X, y):
        loss, dw0, dw, dV = self.gradients(X, y)
        self.w0 -= self.rate * dw0
        self.w -= self.rate * dw
        self.V -= self.rate * dV
        return loss

def pinball(beta, X, y, q=0.9):
    u = y - X @ beta["w"] - beta["b"]
    du = np.where(u > 0, q, q - 1)
    loss = np.maximum(q * u, (q - 1) * u).mean()
    return {"loss": loss, "dw": -X.T @ du / len(y), "db": -du.mean()}
"""
RANDOM = np.random.default_rng(0)
X, Y = RANDOM.standard_normal((6, 5)), (RANDOM.random(6) > 0.5) * 1.0


def wrong(report):
    return {v.quantity for v in report.violations}


class TestOfAnObject:
    """A number that the object keeps is judged where it is given a gradient, or changed."""

    @pytest.mark.parametrize("method", ["gradients", "by_name", "keeping", "updating"])
    @pytest.mark.parametrize(
        ("old", "new", "blamed"),
        [("", "", set()), ("err.sum()", "err.mean()", {"dw0"}),
         ("- (X**2).T @", "- X.T @", {"dV"})],
    )  # fmt: skip
    def test_right_and_wrong(self, method, old, new, blamed):
        own = module_of(SOURCE, *([(old, new)] if blamed else []))
        model = own.FactorizationMachine(5, 3)
        report = check_model(getattr(model, method), X, Y)
        assert wrong(report) == blamed
        assert report.holds == (not blamed)
        assert {row.quantity for row in report.rows} == {"dw0", "dw", "dV"}
        assert model.w0 == 0.1


class TestInADictionary:
    """Its gradient may be called db, beside an array dw."""

    @pytest.mark.parametrize(("new", "blamed"), [("-du.mean()", set()), ("du.mean()", {"db"})])
    def test_right_and_wrong(self, new, blamed):
        own = module_of(SOURCE, ('"db": -du.mean()', f'"db": {new}'))
        report = check_model(own.pinball, {"w": RANDOM.standard_normal(5), "b": 0.3}, X, Y)
        assert wrong(report) == blamed
        assert {row.quantity for row in report.rows} == {"dw", "db"}
        assert not any("set aside" in said for said in report.remarks)
