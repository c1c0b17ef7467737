"""A pass that keeps the m of its first call, with a fault or an epsilon beside that."""

import numpy as np
import pytest

from proofs import Network, check_backprop, cross_entropy, sigmoid

RANDOM = np.random.default_rng(0)
X, Y = RANDOM.standard_normal((4, 7)), RANDOM.integers(2, size=(3, 7)).astype(float)


def keeping(fault="", eps=0.0, keeps=True):
    """A backward pass that divides by the m of its first call."""
    kept = []

    def backprop(weights, biases, x, y):
        kept[0:] = kept if kept and keeps else [x.shape[1]]
        a = [x]
        for w, b in zip(weights, biases, strict=True):
            a.append(sigmoid(w @ a[-1] + b))
        delta = (1 - y) / (1 - a[-1] + eps) - y / (a[-1] + eps)
        delta = delta * (1 if fault == "BP1" else a[-1]) * (1 - a[-1])
        nabla_b, nabla_w = [], []
        for w, s in zip(weights[::-1], a[-2::-1], strict=True):
            nabla_b.insert(0, delta.sum(axis=1, keepdims=True) / kept[0] * (1 + (fault == "BP3")))
            nabla_w.insert(0, delta @ s.T / kept[0] * (1 + (fault == "BP4")))
            delta = w.T @ delta * (1 if fault == "BP2" else s) * (1 - s)
        return nabla_b, nabla_w

    return backprop


class TestBesideAFault:
    """The fault is blamed at its equation, and m for what it is."""

    @pytest.mark.parametrize("eps", [0.0, 1e-8])
    @pytest.mark.parametrize("fault", ["", "BP1", "BP2", "BP3", "BP4"])
    def test_both_are_told(self, fault, eps):
        network = Network([4, 5, 3], sigmoid, cross_entropy)
        report = check_backprop(keeping(fault, eps), network, X, Y)
        # Where all gradients are wrong, nothing tells that m is kept.
        expected = {"BP1"} if fault == "BP1" else {fault, "purity"} - {""}
        assert {v.equation for v in report.violations} == expected, str(report)
        assert ("is divided by 7 as the first was: m is kept" in str(report)) == (fault != "BP1")

    def test_without_it_nothing_is_said(self):
        network = Network([4, 5, 3], sigmoid, cross_entropy)
        report = check_backprop(keeping("BP2", keeps=False), network, X, Y)
        assert {v.equation for v in report.violations} == {"BP2"}
