"""A constant in single precision beside numbers in doubles is a remark, and no broken equation."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pytest

from proofs import check_on
from proofs.adapters import activation_of
from proofs.checker.battery import battery
from proofs.checker.judging.left_over import Penalty
from proofs.network.activations import Activation, leaky, leaky_relu, sigmoid, softmax, tanh
from proofs.network.costs import Cost, log_likelihood, quadratic, smoothed


def single(c):
    """A constant as it is in single precision."""
    return float(np.float32(c))


ELU = activation_of(lambda z: np.where(z > 0, z, 0.7 * (np.exp(np.minimum(z, 0)) - 1)), "ELU")


@dataclass
class Pass:
    """A backward pass with the usual constants, each of which may be replaced."""

    sigma: Callable = np.tanh
    prime: Callable = lambda z: 1 - np.tanh(z) ** 2
    times: Callable = lambda m: 1.0
    over_m: Callable = lambda m: 1 / m
    decay: float = 0.0
    smoothing: tuple[float, float] | None = None

    def __call__(self, w, b, x, y):
        a, zs, m = [x], [], x.shape[1]
        for wl, bl in zip(w, b, strict=True):
            zs.append(wl @ a[-1] + bl)
            a.append(self.sigma(zs[-1]))
        if self.smoothing is None:
            out = 1 / (1 + np.exp(-zs[-1]))
            delta = (out - y) * out * (1 - out)
        else:
            most, rest = self.smoothing
            e = np.exp(zs[-1] - zs[-1].max(axis=0))
            delta = e / e.sum(axis=0) - (y * most + rest / len(y))
        delta, nabla_b, nabla_w = delta * self.times(m), [], []
        for l in reversed(range(len(w))):
            nabla_b.insert(0, delta.mean(axis=1, keepdims=True))
            nabla_w.insert(0, delta @ a[l].T * self.over_m(m) + self.decay * w[l])
            if l:
                delta = (w[l].T @ delta) * self.prime(zs[l - 1])
        return nabla_b, nabla_w


def leaks(z, slope):
    return np.where(z > 0, z, slope * z)


def slope_of(z, slope):
    return np.where(z > 0, 1.0, slope)


@dataclass
class On:
    """What the checker is told."""

    hidden: Activation = tanh
    output: Activation = sigmoid
    cost: Cost = quadratic
    penalty: Penalty = field(default_factory=Penalty)

    def report(self, backprop):
        cases = battery(self.hidden, self.output, self.cost)
        return check_on(cases, backprop, penalty=self.penalty, timeout=600)


LEAKY = On(leaky_relu)
SMOOTHED = On(output=softmax, cost=smoothed(log_likelihood, 0.1))

RIGHT = {
    "the slope of one pass": (
        LEAKY,
        Pass(lambda z: leaks(z, 0.01), lambda z: slope_of(z, single(0.01))),
        "the slope 0.01 in BP2",
    ),
    "a slope that is 1/m too": (
        On(leaky(0.2)),
        Pass(lambda z: leaks(z, 0.2), lambda z: slope_of(z, single(0.2))),
        "the slope 0.2 in BP2",
    ),
    "the slope of the other": (
        LEAKY,
        Pass(lambda z: leaks(z, single(0.01)), lambda z: slope_of(z, 0.01)),
        "the slope 0.01 in forward a",
    ),
    "the slope of both": (
        LEAKY,
        Pass(lambda z: leaks(z, single(0.01)), lambda z: slope_of(z, single(0.01))),
        "the slope 0.01 in forward a",
    ),
    "ELU's alpha": (
        On(ELU),
        Pass(ELU, lambda z: np.where(z > 0, 1.0, single(0.7) * np.exp(z))),
        "a constant in BP2",
    ),
    "1/m in BP4": (On(), Pass(over_m=lambda m: single(1 / m)), "1/m in BP4"),
    "1/m in all gradients": (On(), Pass(times=lambda m: m * single(1 / m)), "1/m"),
    "a factor of the cost": (On(), Pass(times=lambda m: 13 * single(1 / 13)), "a constant"),
    "weight decay": (On(penalty=Penalty(0.1)), Pass(decay=single(0.1)), "the penalty"),
    "smoothing": (SMOOTHED, Pass(smoothing=(1 - single(0.1), single(0.1))), "the smoothing"),
    "smoothing, apart": (SMOOTHED, Pass(smoothing=(single(0.9), single(0.1))), "the smoothing"),
}


@pytest.mark.parametrize("name", RIGHT)
def test_it_is_a_remark(name):
    on, backprop, said = RIGHT[name]
    report = on.report(backprop)
    assert report.holds, str(report)
    assert "as if in single precision: " in str(report)
    assert said in str(report)
    assert ("1/m" in str(report)) == ("1/m" in said)


WRONG = {
    "a slope that is off by a billionth": (
        LEAKY,
        Pass(lambda z: leaks(z, 0.01), lambda z: slope_of(z, 0.01 * (1 + 1e-9))),
        {"BP2"},
    ),
    "a slope that is off by as much, and another": (
        LEAKY,
        Pass(lambda z: leaks(z, 0.01), lambda z: slope_of(z, 0.01 * (1 + 2.3e-8))),
        {"BP2"},
    ),
    "an average off by a billionth": (On(), Pass(over_m=lambda m: (1 + 1e-9) / m), {"BP4"}),
    "a decay off by as much": (On(penalty=Penalty(0.1)), Pass(decay=0.1 * (1 + 2e-8)), {"BP4"}),
    "errors off by a billionth": (On(), Pass(times=lambda m: 1 + 1e-9), {"BP1"}),
}


@pytest.mark.parametrize("name", WRONG)
def test_another_fault_of_that_size_is_seen(name):
    on, backprop, equations = WRONG[name]
    assert {v.equation for v in on.report(backprop).violations} == equations
