"""Layers of Python's own numbers and lists are judged as those of arrays are."""

import math

import numpy as np
import pytest

from proofs import check_layer


def sigmoid(x):
    return 1 / (1 + math.exp(-x))


def linear(x, w, b):
    return w * x + b


def dot(x, w):
    return sum(a * b for a, b in zip(x, w, strict=True))


class TestNumbersAlone:
    """Where no input is an array, each number has a gradient: alone, and in a list."""

    @pytest.mark.parametrize(("factor", "wrong"), [(1, []), (2, ["dx"])])
    def test_a_slope(self, factor, wrong):
        def backward(delta, x):
            return factor * delta * sigmoid(x) * (1 - sigmoid(x))

        report = check_layer(sigmoid, backward, 0.3)
        assert [v.quantity for v in report.violations] == wrong
        assert len(report.rows) == 1

    @pytest.mark.parametrize(("factor", "wrong"), [(1, []), (2, ["dw"])])
    def test_several(self, factor, wrong):
        def backward(delta, x, w, b):
            return delta * w, factor * delta * x, delta

        report = check_layer(linear, backward, 0.3, 0.5, 0.1)
        assert [v.quantity for v in report.violations] == wrong
        assert [row.quantity for row in report.rows] == ["dx", "dw", "db"]

    @pytest.mark.parametrize(("factor", "wrong"), [(1, []), (2, ["dw[0]", "dw[1]"])])
    def test_lists(self, factor, wrong):
        def backward(delta, x, w):
            return [delta * v for v in w], [factor * delta * v for v in x]

        report = check_layer(dot, backward, [0.1, 0.2], [0.4, 0.5])
        assert [v.quantity for v in report.violations] == wrong
        assert [row.quantity for row in report.rows] == ["dx[0]", "dx[1]", "dw[0]", "dw[1]"]

    def test_whole_numbers_are_named(self):
        with pytest.raises(TypeError, match=r"got an array of int64, int; .* x\.astype\(float\)"):
            check_layer(linear, lambda delta, x, w, b: delta, np.arange(3), 2, 1)
