"""A pass that rounds an input and goes on in doubles, with a fault beside that."""

import numpy as np
import pytest

from proofs.checker.battery import battery
from proofs.checker.check_backprop import check_backprop
from proofs.checker.which_equation import check_on
from proofs.network import Network
from proofs.network.activations import sigmoid
from proofs.network.costs import quadratic

NETWORK, RANDOM = Network([4, 5, 4, 3]), np.random.default_rng(0)
X, Y = RANDOM.standard_normal((4, 6)), RANDOM.random((3, 6))

ROUNDED = ["x", "y", "w", "b"]

FAULTS = {
    "output": {"BP1"},
    "hidden": {"BP2"},
    "nabla_b": {"BP3"},
    "nabla_w": {"BP4"},
    "": set(),
}


def rounding(what, fault, form=np.float32):
    """A backward pass that rounds `what` and has a fault somewhere."""

    def backprop(weights, biases, x, y):
        x = x.astype(form).astype(float) if what == "x" else x
        y = y.astype(form).astype(float) if what == "y" else y
        weights = [w.astype(form).astype(float) for w in weights] if what == "w" else weights
        biases = [b.astype(form).astype(float) for b in biases] if what == "b" else biases
        a = [x]
        for w, b in zip(weights, biases, strict=True):
            a.append(sigmoid(w @ a[-1] + b))
        delta = (a[-1] - y) * (1 - a[-1]) * (1 if fault == "output" else a[-1])
        nabla_b, nabla_w = [], []
        for w, s in zip(weights[::-1], a[-2::-1], strict=True):
            nabla_b.insert(0, delta.mean(axis=1, keepdims=True) * (1 + (fault == "nabla_b")))
            nabla_w.insert(0, delta @ s.T / x.shape[1] * (1 + (fault == "nabla_w")))
            delta = w.T @ delta * (1 - s) * (1 if fault == "hidden" else s)
        return nabla_b, nabla_w

    return backprop


class TestBesideAFault:
    """The fault alone is blamed: the same comes for the input as it is when rounded."""

    @pytest.mark.parametrize("what", ROUNDED)
    @pytest.mark.parametrize("fault", FAULTS)
    def test_on_one_network(self, what, fault):
        report = check_backprop(rounding(what, fault), NETWORK, X, Y)
        assert {v.equation for v in report.found} == FAULTS[fault], str(report)

    @pytest.mark.parametrize("fault", ["hidden", "nabla_w"])
    def test_on_the_battery(self, fault):
        report = check_on(battery(sigmoid, sigmoid, quadratic), rounding("x", fault))
        assert {v.equation for v in report.found} == FAULTS[fault], str(report)

    def test_in_half_precision(self):
        report = check_backprop(rounding("x", "hidden", np.float16), NETWORK, X, Y)
        assert {v.equation for v in report.found} == {"BP2"}, str(report)

    def test_it_is_said(self):
        report = check_backprop(rounding("x", "hidden"), NETWORK, X, Y)
        assert "as if in single precision: x" in str(report)
