"""Activations that are bent away from z = 0, as ReLU6 and the hard ones are."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from textbook import EVERYTHING, NABLAS, Pass, a_minus_y

from proofs import Network, check_backprop, check_on, cross_entropy, linear, sigmoid, tanh
from proofs.adapters import activation_of
from proofs.checker.battery import KINK, battery

BENT = {
    "ReLU6": (lambda z: np.clip(z, 0, 6), {0: (0, 1), 6: (1, 0)}),
    "hard tanh": (lambda z: np.clip(z, -1, 1), {-1: (0, 1), 1: (1, 0)}),
    "hard sigmoid": (lambda z: np.clip(z / 6 + 0.5, 0, 1), {-3: (0, 1 / 6), 3: (1 / 6, 0)}),
    "hard swish": (lambda z: z * np.clip(z / 6 + 0.5, 0, 1), {-3: (0, -0.5), 3: (1.5, 1)}),
    "threshold": (lambda z: np.where(z > 1, z, 0), {1: (0, 1)}),
    "bounded": (lambda z: np.where(z < 0, z / 10, np.minimum(z, 2)), {0: (0.1, 1), 2: (1, 0)}),
}
"""The function, and at each kink its slopes on the left and on the right."""


@cache
def sigma_of(name):
    """The activation, whose kinks are searched for once."""
    return activation_of(BENT[name][0], name)


def whole_numbers(name, seed):
    """A network, x and y of whole numbers, on which weighted inputs are exactly at kinks."""
    random = np.random.default_rng(seed)
    sigma = sigma_of(name)

    def whole(*shape):
        return random.integers(-2, 3, shape).astype(float)

    w, b = [whole(6, 4), whole(5, 6), whole(3, 5)], [whole(6, 1), whole(5, 1), whole(3, 1)]
    return Network.from_arrays(w, b, [sigma, sigma, linear]), whole(4, 7), whole(3, 7)


def sloped(name, share, names, dtype):
    """A pass that takes at each kink the slope so far from the left to the right."""
    sigma = sigma_of(name)

    def bp2(s, l):
        z = s.z[l].astype(float)
        slope = sigma.prime(z)
        for kink, (left, right) in BENT[name][1].items():
            slope = np.where(abs(z - kink) < 1e-6, left + share * (right - left), slope)
        return (s.back(l) * slope).astype(dtype)

    bp1 = lambda s, l: s.a[l] - s.y.astype(dtype)  # noqa: E731
    return Pass(sigma, linear, names, dtype, bp1=bp1, bp2=bp2)


@pytest.mark.parametrize("name", BENT)
class TestKinksAnywhere:
    """At each kink every slope between its two sides is right, and no other."""

    @pytest.mark.parametrize("names", [NABLAS, EVERYTHING])
    @pytest.mark.parametrize("dtype", [float, np.float32])
    @pytest.mark.parametrize("share", [0, 0.5, 1])
    def test_right(self, name, share, names, dtype):
        for seed in range(2):
            report = check_backprop(sloped(name, share, names, dtype), *whole_numbers(name, seed))
            assert report.holds, report

    @pytest.mark.parametrize("share", [-1, 2])
    def test_wrong(self, name, share):
        report = check_backprop(sloped(name, share, EVERYTHING, float), *whole_numbers(name, 0))
        assert {v.equation for v in report.found} == {"BP2"}

    def test_the_battery_stays_away(self, name):
        sigma = sigma_of(name)
        for case in battery(sigma, sigmoid, cross_entropy):
            z = case.network.forward(case.x).z
            for l in list(z)[:-1]:
                assert abs(sigma.from_kink(z[l])).min() > KINK


@pytest.mark.parametrize("name", ["hard tanh", "ReLU6"])
class TestOnTheBattery:
    """So it is on all networks of the battery, which stays away from kinks."""

    def test_on_the_battery(self, name):
        sigma = sigma_of(name)
        cases = battery(sigma, sigmoid, cross_entropy)
        right = Pass(sigma, names=NABLAS, bp1=a_minus_y)
        assert check_on(cases, right).holds
        wrong = Pass(sigma, names=NABLAS, bp1=a_minus_y, bp2=lambda s, l: s.back(l))
        assert {v.equation for v in check_on(cases, wrong).found} == {"BP2"}


def test_a_case_is_drawn_where_kinks_are_everywhere(monkeypatch):
    """None comes away from them then, and the battery ends all the same."""
    monkeypatch.setattr("proofs.checker.battery.TRIES", 3)
    dense = replace(tanh, smooth=False, kinks=tuple(np.arange(-3, 3, 0.01)))
    assert len(battery(dense, sigmoid, cross_entropy)) > 0
