"""Gradients and parameters that stand by name in dataclasses, namespaces and dictionaries."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from proofs import check_layer, check_model

draw = np.random.default_rng(7).standard_normal


@dataclass(frozen=True)
class Pair:
    W: Any
    b: Any


@dataclass(frozen=True, slots=True)
class InSlots:
    W: Any
    b: Any


def of_record(x, p):
    return x @ p.W + p.b, (x, p)


def back_of_record(make, factor=1.0):
    def backward(d, cache):
        x, p = cache
        return d @ p.W.T, make(W=factor * x.T @ d, b=d.sum(0))

    return backward


class TestRecords:
    """A dataclass without methods is read as a dictionary is, and so is a bare namespace that is
    returned."""

    @pytest.mark.parametrize("factor", [1.0, 2.0])
    @pytest.mark.parametrize("kind", [Pair, InSlots])
    @pytest.mark.parametrize("make", [Pair, InSlots, SimpleNamespace, dict])
    def test_layer(self, kind, make, factor):
        inputs = draw((4, 3)), kind(draw((3, 2)), draw(2))
        report = check_layer(of_record, back_of_record(make, factor), *inputs)
        assert {row.quantity for row in report.rows} == {"dx", "dW", "db"}
        assert [row.quantity for row in report.violations] == ["dW"] * (factor != 1)

    @pytest.mark.parametrize("factor", [1.0, 2.0])
    def test_model(self, factor):
        back = back_of_record(Pair, factor)

        def step(p, x):
            out, cache = of_record(x, p)
            return (out**2).sum() / 2, back(out, cache)[1]

        report = check_model(step, Pair(draw((3, 2)), draw(2)), draw((4, 3)))
        assert [row.quantity for row in report.violations] == ["dW"] * (factor != 1)

    def test_nothing_is_changed(self):
        p = Pair(draw((3, 2)), draw(2))
        before = p.W.copy()

        def backward(d, cache):
            x, p = cache
            np.multiply(p.W, 2, out=p.W)
            return d @ p.W.T / 2, Pair(x.T @ d, d.sum(0))

        assert check_layer(of_record, backward, draw((4, 3)), p).holds
        assert (before == p.W).all()


class Dense:
    """Its parameters and gradients stand in two dictionaries, each under some name."""

    def __init__(self, own, of, factor):
        self.own, self.of, self.factor = own, of, factor
        setattr(self, own, {"W": np.linspace(-1, 1, 6).reshape(3, 2), "b": np.ones(2)})
        setattr(self, of, {})

    def forward(self, x):
        self.x, p = x, vars(self)[self.own]
        return x @ p["W"] + p["b"]

    def backward(self, d):
        grads = vars(self).setdefault(self.of, {})
        grads["W"], grads["b"] = self.factor * self.x.T @ d, d.sum(0)
        return d @ vars(self)[self.own]["W"].T


class WithGrad(Dense):
    """As torch calls them."""

    def __init__(self, factor):
        self.weight, self.factor, self.grad = np.linspace(-1, 1, 6).reshape(3, 2), factor, {}

    def forward(self, x):
        self.x = x
        return x @ self.weight

    def backward(self, d):
        self.grad["weight"] = self.factor * self.x.T @ d
        return d @ self.weight.T


class Private:
    """Its parameter is kept under another name than that by which it is known."""

    def __init__(self):
        self._gamma, self._dgamma = np.linspace(1, 2, 3), None

    params = property(lambda self: {"gamma": self._gamma})
    grads = property(lambda self: {"gamma": self._dgamma})

    def forward(self, x):
        self.x = x
        return x * self._gamma

    def backward(self, d):
        self._dgamma = (d * self.x).sum(axis=0)
        return d * self._gamma


class TestDictionaries:
    """However people call the dictionary of gradients, what stands in it is judged."""

    @pytest.mark.parametrize("factor", [1.0, 2.0])
    @pytest.mark.parametrize(("own", "of"), [
        ("params", "grads"), ("params", "grad"), ("p", "g"), ("theta", "dtheta"),
        ("weights", "grad_weights"), ("params", "dparams"),
    ])  # fmt: skip
    def test_names(self, own, of, factor):
        report = check_layer(Dense(own, of, factor), draw((4, 3)))
        assert [row.quantity for row in report.rows] == ["dW", "db", "dx"]
        assert [row.quantity for row in report.violations] == ["dW"] * (factor != 1)

        def step(net, x):
            out = net[1].forward(net[0].forward(x))
            net[0].backward(net[1].backward(out))
            return (out**2).sum() / 2

        class Wide(Dense):
            def forward(self, x):
                return super().forward(np.c_[x, x[:, :1]])

            def backward(self, d):
                dx = super().backward(d)
                return dx[:, :2] + dx[:, 2:] * [1, 0]

        report = check_model(step, [Dense(own, of, 1.0), Wide(own, of, factor)], draw((4, 3)))
        wrong = [(row.place, row.quantity) for row in report.violations]
        assert wrong == [("[1] (Wide)", "dW")] * (factor != 1)

    @pytest.mark.parametrize("factor", [1.0, 2.0])
    def test_attributes_and_a_dictionary(self, factor):
        report = check_layer(WithGrad(factor), draw((4, 3)))
        assert [row.quantity for row in report.rows] == ["dweight", "dx"]
        assert [row.quantity for row in report.violations] == ["dweight"] * (factor != 1)

    def test_another_name_of_a_parameter_is_no_array_without_gradient(self):
        report = check_layer(Private(), draw((4, 3)))
        assert [row.quantity for row in report.rows] == ["dgamma", "dx"]
        assert "no gradient" not in str(report)
