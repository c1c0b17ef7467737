"""Parameters that a step takes one by one are found by what it returns, in each usual form."""

import numpy as np
import pytest
from sources import module_of

from proofs import check_model

random = np.random.default_rng(0)
X, Y = random.standard_normal((5, 3)), random.standard_normal((5, 1))
W = random.standard_normal((3, 1))

STEPS = """
import numpy as np

def gradients(w, b, x, y):
    error = x @ w + b - y
    return (error**2).mean() / 2, x.T @ error / len(x), like(error.mean(), b)

def like(number, b):
    return np.reshape(number, np.shape(b)) if np.ndim(b) else number

def loss_first(w, b, x, y):
    return gradients(w, b, x, y)

def loss_last(w, b, x, y):
    loss, dw, db = gradients(w, b, x, y)
    return dw, db, loss

def in_a_tuple(w, b, x, y):
    loss, *found = gradients(w, b, x, y)
    return loss, tuple(found)

def by_name(w, b, x, y):
    cost, dw, db = gradients(w, b, x, y)
    return {"dw": dw, "db": db}, cost

def all_in_one(w, b, x, y):
    cost, dw, db = gradients(w, b, x, y)
    return {"db": db, "cost": cost, "dw": dw}

def in_another_order(w, b, x, y):
    loss, dw, db = gradients(w, b, x, y)
    return db, dw, loss

def with_an_accuracy(w, b, x, y):
    loss, dw, db = gradients(w, b, x, y)
    return loss, 0.75, dw, db

def with_a_rate(w, b, x, y, rate=0.5):
    return gradients(w, b, x, y)

def data_first(x, y, w, b):
    return gradients(w, b, x, y)

def of_one_number(w, x, y):
    error = w * x - y
    return error**2 / 2, error * x

def of_numbers(w, b, x, y):
    error = w * x + b - y
    return error**2 / 2, error * x, error

def in_a_matrix(theta, x, y):
    error = x @ theta - y
    return error.T @ error / 2, x.T @ error
"""
WAYS = ["loss_first", "loss_last", "in_a_tuple", "by_name", "all_in_one", "in_another_order",
        "with_an_accuracy", "with_a_rate", "data_first"]  # fmt: skip


def wrong_and_judged(step, *args):
    """The quantities that are wrong, and those that were judged."""
    report = check_model(step, *args)
    assert not report.problems
    return [v.quantity for v in report.violations], [row.quantity for row in report.rows]


class TestOneByOne:
    """Each gradient is compared, that of a bias which is a single number too."""

    @pytest.mark.parametrize("b", [0.2, np.float64(0.2), np.array([0.2]), np.array([[0.2]])])
    @pytest.mark.parametrize(("there", "wrong"), [("error", []), ("2 * error", ["db"])])
    def test_each_form(self, b, there, wrong):
        steps = module_of(STEPS, ("like(error.", f"like({there}."))
        for way in WAYS:
            args = (X, Y, W, b) if way == "data_first" else (W, b, X, Y)
            found = wrong_and_judged(getattr(steps, way), *args)
            assert found == (wrong, ["dw", "db"]), way

    @pytest.mark.parametrize("w", [0.6, np.array(0.6), np.array([0.6])])
    def test_single_numbers(self, w):
        steps = module_of(STEPS, ("", ""))
        assert wrong_and_judged(steps.of_one_number, w, 2.0 * w / w, 1.0) == ([], ["dw"])
        assert wrong_and_judged(steps.of_numbers, w, 0.1, 2.0, 1.0) == ([], ["dw", "db"])
        steps = module_of(STEPS, ("error * x, error", "error, error"))
        assert wrong_and_judged(steps.of_numbers, w, 0.1, 2.0, 1.0) == (["dw"], ["dw", "db"])


class TestALossInAnArray:
    """An array of one number is the loss where no number is returned, as e.T @ e is."""

    @pytest.mark.parametrize(("back", "wrong"), [("x.T", []), ("2 * x.T", ["dparams"])])
    def test_it_is_taken(self, back, wrong):
        step = module_of(STEPS, ("T @ error / 2, x.T", f"T @ error / 2, {back}")).in_a_matrix
        assert wrong_and_judged(step, W, X, Y) == (wrong, ["dparams"])


class TestNoLoss:
    """Gradients without a loss are compared with nothing, and it is said what is to be returned."""

    class Neuron:
        def __init__(self):
            self.w = np.ones((3, 1))

        def train(self, x, y):
            self.dw = x.T @ (x @ self.w - y)
            self.w = self.w - 0.1 * self.dw

        def gradients(self, x, y):
            return {"w": x.T @ (x @ self.w - y)}

    @pytest.mark.parametrize("name", ["train", "gradients"])
    def test_it_is_said(self, name):
        with pytest.raises(TypeError, match="gives gradients, and returns no loss"):
            check_model(getattr(self.Neuron(), name), X, Y)
