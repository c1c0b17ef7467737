"""A fault that is small, or is a number of places, is told for what it is."""

import re

import numpy as np
import pytest

from proofs.checker.check_layer import check_layer
from proofs.checker.check_model import check_model

RANDOM = np.random.default_rng(0)
X, Y, W, B = (RANDOM.standard_normal(s) for s in ((5, 3), (5, 4), (3, 4), 4))


def dense_forward(x, W, b):
    """A layer."""
    return x @ W + b, (x, W)


def dense_backward(delta, cache):
    """Its backward pass."""
    return delta @ cache[1].T, cache[0].T @ delta, delta.sum(0)


def said(wrong):
    """The report on a step whose gradients are changed."""

    def step(p, x, y):
        z, cache = dense_forward(x, p["W"], p["b"])
        _, dW, db = dense_backward(z - y, cache)
        return ((z - y) ** 2).sum() / 2, wrong(dW, db)

    return str(check_model(step, {"W": W, "b": B}, X, Y))


def one_more(x, place, by):
    """The array with one number changed."""
    x = x.copy()
    x[place] += by
    return x


class TestNoFactorLooksLikeOne:
    """Nothing is said to be 1 times what it should be; how far it is off is said instead."""

    @pytest.mark.parametrize("by", [1e-6, -1e-7, 1e-9])
    def test_all_of_a_gradient(self, by):
        text = said(lambda dW, db: {"W": dW * (1 + by), "b": db})
        one = f"1 {'+' if by > 0 else '-'} {abs(by):.1e}"
        assert f"it is {one} times what its reader sends back: dense W" in text
        assert re.search(r"off by \S+ where rounding explains", text)

    @pytest.mark.parametrize("by", [1e-6, 1e-9])
    def test_one_number(self, by):
        text = said(lambda dW, db: {"W": dW, "b": one_more(db, 2, by)})
        assert "times" not in text
        assert "its reader is dense b" in text

    @pytest.mark.parametrize("by", [1e-6, 1e-8])
    def test_a_layer(self, by):
        report = check_layer(
            dense_forward, lambda d, c: (*dense_backward(d, c)[:2], d.sum(0) * (1 + by)), X, W, B
        )
        assert f"it is 1 + {by:.1e} times what it should be" in str(report)

    def test_weight_decay(self):
        def step(p, x, y):
            z, cache = dense_forward(x, p["W"], p["b"])
            _, dW, db = dense_backward(z - y, cache)
            loss = ((z - y) ** 2).sum() / 2 + 0.1 * (p["W"] ** 2).sum()
            return loss, {"W": dW + 0.2 * (1 + 1e-7) * p["W"], "b": db}

        text = str(check_model(step, {"W": W, "b": B}, X, Y))
        assert "whose gradient is 0.2 times the parameter itself: 1 + 1.0e-07 times that" in text


class TestOneNumber:
    """Where one number is wrong, it is named, and not the whole index of an axis."""

    @pytest.mark.parametrize("by", [1.0, 1e-6, 1e-8])
    def test_of_a_matrix(self, by):
        def backward(delta, cache):
            dx, dW, db = dense_backward(delta, cache)
            return dx, one_more(dW, (1, 2), by), db

        (row,) = check_layer(dense_forward, backward, X, W, B).violations
        assert row.says == ("only the number at (1, 2) is wrong",)


def mean_forward(x):
    """The mean over the examples."""
    return x.mean(axis=0), x.shape


def sum_forward(x):
    """The sum over the examples."""
    return np.sum(x, axis=0), x.shape


def squares_forward(x):
    """The mean of all squares."""
    return (x**2).mean(), x


class TestAFactorThatIsANumberOfPlaces:
    """A factor that a sum or a mean of the forward pass explains is told as that."""

    def says(self, forward, backward):
        (row,) = check_layer(forward, backward, X).violations
        return row.says

    def test_a_sum_for_a_mean(self):
        first, plain = self.says(mean_forward, lambda d, shape: np.broadcast_to(d, shape).copy())
        assert first.startswith("a sum stands for the mean in x.mean(axis=0) (line ")
        assert plain == "it is 5 times what it should be"

    def test_of_all_numbers(self):
        first, *_ = self.says(squares_forward, lambda d, x: d * 2 * x)
        assert first.startswith("a sum stands for the mean in (x**2).mean() (line ")

    def test_a_mean_twice(self):
        first, *_ = self.says(squares_forward, lambda d, x: d * 2 * x / x.size**2)
        assert first.startswith("the mean in (x**2).mean() is taken twice (line ")

    def test_a_mean_for_a_sum(self):
        first, *_ = self.says(sum_forward, lambda d, shape: np.broadcast_to(d / 5, shape).copy())
        assert first.startswith("the mean stands for the sum in np.sum(x, axis=0) (line ")

    def test_where_there_is_neither(self):
        (row,) = check_layer(
            dense_forward, lambda d, c: (*dense_backward(d, c)[:2], d.mean(0)), X, W, B
        ).violations
        assert row.says == ("it is 1/5 times what it should be",)


class TestACoarserFormat:
    """A gradient of fewer digits than the inputs is said to be one."""

    @pytest.mark.parametrize(
        ("dtype", "name"), [("f2", "half precision"), ("f4", "single precision")]
    )
    def test_it_is_a_remark(self, dtype, name):
        report = check_layer(
            dense_forward,
            lambda d, c: (
                dense_backward(d, c)[0],
                *(g.astype(dtype) for g in dense_backward(d, c)[1:]),
            ),
            X,
            W,
            B,
        )
        assert report.holds
        assert f"dense: as if in {name}: dW, db" in report.remarks

    def test_not_where_the_inputs_have_no_more(self):
        report = check_layer(dense_forward, dense_backward, *(x.astype("f4") for x in (X, W, B)))
        assert not any("as if" in remark for remark in report.remarks)


class TestConcreteWords:
    """What is left out, or stands in another order, is told before how large the difference is."""

    def says(self, forward, backward, *inputs):
        (row,) = check_layer(forward, backward, *inputs).violations
        return row.says[0]

    def test_a_factor_of_a_single_number(self):
        """Any two single numbers are a factor apart, which tells nothing."""
        slope = np.array(1.3)
        first = self.says(
            lambda beta: ((np.tanh(beta * X) * Y[:, :3]).sum(), beta),
            lambda d, beta: d * (Y[:, :3] / np.cosh(beta * X) ** 2).sum(),
            slope,
        )
        assert first.startswith("the factor X of beta in beta * X is left out")

    def test_a_gradient_that_is_transposed(self):
        square = W[:, :3]
        first = self.says(lambda w: (X @ w, w), lambda d, w: d.T @ X, square)
        assert first == "it is transposed"

    def test_an_error_that_is_left_out(self):
        first = self.says(lambda x: (np.sin(x), x), lambda d, x: np.cos(x), X)
        assert first == "delta is left out, as if it were 1"

    def test_a_function_of_a_part_of_numpy(self):
        """`np.linalg` is no operand of its functions."""
        first = self.says(
            lambda x: ((np.linalg.norm(x) * x).sum(), x),
            lambda d, x: d * (3 * x * x.sum() / np.linalg.norm(x) + np.linalg.norm(x)),
            X,
        )
        assert "np.linalg in" not in first
