"""A constant in single precision beside numbers in doubles is a remark, and no broken equation.

Nor are other faults of that size, nor gradients that were bounded, taken for rounding.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pytest
from textbook import NABLAS, by_a
from textbook import Pass as TextbookPass

from proofs import Network, check_backprop, check_on, relu
from proofs.adapters import activation_of
from proofs.checker.battery import battery
from proofs.checker.judging.left_over import Penalty
from proofs.network.activations import (
    Activation,
    leaky,
    leaky_relu,
    linear,
    sigmoid,
    softmax,
    tanh,
)
from proofs.network.costs import Cost, cross_entropy, log_likelihood, quadratic, smoothed


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
        cases = battery(self.hidden, self.output, self.cost)[:3]  # a sixth of the time
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
    "as large a factor as 1/m may give": (
        On(),
        Pass(times=lambda m: 1 + 2.0**-25),
        "a constant (off by 3.0e-08 of itself)",
    ),
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
    "labels smoothed by a millionth more": (
        SMOOTHED,
        Pass(smoothing=(1 - 0.1000001, 0.1000001)),
        {"BP1"},
    ),
    "smoothed labels that are larger": (
        SMOOTHED,
        Pass(smoothing=(0.9 * (1 + 9e-8), 0.1 * (1 + 9e-8))),
        {"BP1"},
    ),
    "a slope of both that is off by less than rounding shows": (
        LEAKY,
        Pass(lambda z: leaks(z, 0.01 * (1 + 1e-12)), lambda z: slope_of(z, 0.01 * (1 + 1e-12))),
        {"forward a"},
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_another_fault_of_that_size_is_seen(name):
    on, backprop, equations = WRONG[name]
    assert {v.equation for v in on.report(backprop).violations} == equations


DECAYED = On(penalty=Penalty(0.1))


class TestPenaltyThatWasTold:
    """What is said of gradients with a penalty that was told has the numbers that came."""

    def test_one_that_is_a_little_larger_shows_how_much(self):
        assert "nabla_w has 0.1000001 w" in str(DECAYED.report(Pass(decay=0.1000001)))

    def test_one_that_two_layers_lack(self):
        def lacking(w, b, x, y):
            nabla_b, nabla_w = Pass(decay=0.1)(w, b, x, y)
            return nabla_b, [g - (i > 0) * 0.1 * w[i] for i, g in enumerate(nabla_w)]

        report = DECAYED.report(lacking)
        assert {v.equation for v in report.violations} == {"BP4"}
        assert "lacks the 0.1 w of the penalty that was told" in str(report)
        assert "is added" not in str(report)

    @pytest.mark.parametrize(
        ("bound", "said"),
        [
            (lambda all_of_them: [np.clip(g, -0.05, 0.05) for g in all_of_them], "clipped at 0.05"),
            (lambda all_of_them: shortened(all_of_them, 0.05), "together to a length of 0.05"),
        ],
    )
    def test_clipped_gradients_are_no_broken_equation(self, bound, said):
        def clipped(w, b, x, y):
            nabla_b, nabla_w = Pass(decay=0.1)(w, b, x, y)
            bounded = bound([*nabla_b, *nabla_w])
            return bounded[: len(w)], bounded[len(w) :]

        report = DECAYED.report(clipped)
        assert not report.violations, str(report)
        assert any(said in problem for problem in report.problems)


def shortened(all_of_them, length):
    """The arrays, together scaled to a length of at most this."""
    return [
        g * min(1, length / np.sqrt(sum((h**2).sum() for h in all_of_them))) for g in all_of_them
    ]


def test_one_array_that_is_clipped_is_a_broken_equation():
    def clipped(w, b, x, y):
        nabla_b, nabla_w = Pass()(w, b, x, y)
        return [*nabla_b[:-1], np.clip(nabla_b[-1], -0.01, 0.01)], nabla_w

    report = On().report(clipped)
    assert {v.equation for v in report.violations} == {"BP3"}
    assert not report.problems


@pytest.mark.parametrize(
    ("sizes", "m", "seed", "length"), [((5, 4, 3), 2, 764, 5.0), ((4, 3, 3), 3, 1, 0.5)]
)
def test_gradients_shortened_together_are_not_rounded_ones(sizes, m, seed, length):
    random = np.random.default_rng(seed)
    hidden = [relu] * (len(sizes) - 2)
    network = Network(sizes, [*hidden, linear], quadratic, seed)
    x, y = random.standard_normal((sizes[0], m)), random.standard_normal((sizes[-1], m))

    def clipped(w, *given):
        nabla_b, nabla_w = TextbookPass(relu, linear, NABLAS)(w, *given)
        bounded = shortened([*nabla_b, *nabla_w], length)
        return bounded[: len(w)], bounded[len(w) :]

    report = check_backprop(clipped, network, x, y)
    assert not report.holds
    assert f"to a length of {length:g}" in str(report)


@pytest.mark.parametrize("epsilon", [0.0, 1e-7])
def test_half_of_the_gradients_is_not_taken_for_a_length_that_is_round_by_chance(epsilon):
    """On one of these networks half of nabla_w has a length of 0.47; a guard is found beside it."""

    def halved(s, l):
        return s.delta[l] @ s.a[l - 1].T / (2 * s.m)

    def guarded(s, l):
        a = s.a[l]
        return ((1 - s.y) / (1 - a + epsilon) - s.y / (a + epsilon)) * a * (1 - a)

    wrong = TextbookPass(names=NABLAS, bp1=guarded, bp2=by_a, bp4=halved)
    report = check_on(battery(sigmoid, sigmoid, cross_entropy)[:6], wrong)
    assert {v.equation for v in report.violations} == {"BP4"}
    assert not report.problems
    case = battery(sigmoid, sigmoid, cross_entropy)[5]
    alone = check_backprop(wrong, case.network, case.x, case.y)
    assert {v.equation for v in alone.violations} == {"BP4"}
