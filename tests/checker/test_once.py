"""What is asked again of the same numbers."""

from dataclasses import dataclass

import numpy as np
import pytest
from textbook import NABLAS, Pass

from proofs import Network, check_backprop
from proofs.checker.judging.once import LARGEST, once
from proofs.network.activations import Activation
from proofs.network.costs import Cost


@dataclass
class Scaled:
    """An activation that cannot be hashed, as no dataclass can that may change."""

    by: float

    def __call__(self, z):
        return np.tanh(self.by * z)


@pytest.fixture
def doubled():
    """Twice some numbers times a factor, and how often they were computed."""
    calls = []

    def of(factor, v):
        calls.append(factor)
        return 2 * factor[0] * v

    return once(of), calls


class TestAskedAgain:
    """It is computed once for the same numbers, in whatever array, and anew for any others."""

    def test_the_same(self, doubled):
        of, calls = doubled
        factor = [3.0]
        first, again = of(factor, np.ones(2)), of(factor, np.ones(2))
        assert first is again
        assert (first == 6).all()
        assert len(calls) == 1

    @pytest.mark.parametrize("other", [np.ones((2, 1)), np.array([1.0, 1 + 2**-52]), -np.zeros(2)])
    def test_others(self, doubled, other):
        of, calls = doubled
        factor = [3.0]
        for v in (np.ones(2), np.zeros(2), other):
            np.testing.assert_array_equal(of(factor, v), 6 * v)
        of([3.0], np.ones(2))
        assert len(calls) == 4

    def test_large_ones_are_not_kept(self, doubled):
        of, calls = doubled
        factor = [3.0]
        assert of(factor, np.ones(LARGEST + 1)) is not of(factor, np.ones(LARGEST + 1))
        assert len(calls) == 2

    def test_nobody_changes_it_for_others(self, doubled):
        with pytest.raises(ValueError, match="read-only"):
            doubled[0]([3.0], np.ones(2))[0] = 0


class TestWhatCannotBeHashed:
    """An activation of one's own may be any object that is called."""

    def test_it_is_judged(self):
        sigma = Activation("half", Scaled(0.5), lambda z: (1 - np.tanh(z / 2) ** 2) / 2)
        random = np.random.default_rng(0)
        x, y = random.random((3, 3)), random.random((2, 3))
        network = Network([3, 4, 2], sigma)
        assert check_backprop(Pass(sigma, sigma, NABLAS), network, x, y).holds


class Opinionated:
    """A function with an array, which is equal or not number by number, and has no hash."""

    def __init__(self, by):
        self.by = np.array(by)

    def __eq__(self, other):
        return self.by == other.by

    __hash__ = None

    def __call__(self, z):
        return np.tanh(self.by[0] * z)


class TestFunctionsWithoutHash:
    """An activation or a cost may be any object that can be called: none is asked for its hash, nor
    whether it is equal to another.
    """

    @pytest.mark.parametrize("name", ["mine", "sigmoid"])
    @pytest.mark.parametrize("function", [Scaled(1.5), Opinionated([1.5, 2.0])])
    @pytest.mark.parametrize("times", [1.0, 1.3])
    def test_right_and_wrong(self, name, function, times):
        sigma = Activation(name, function, lambda z: 1.5 * (1 - np.tanh(1.5 * z) ** 2))
        network = Network([4, 5, 3], sigma, Cost(name, Half([1.0]), lambda a, y: a - y))
        random = np.random.default_rng(0)
        x, y = random.standard_normal((4, 6)), random.random((3, 6))
        wrong = Pass(sigma, sigma, NABLAS, bp4=lambda s, l: times * s.delta[l] @ s.a[l - 1].T / s.m)
        report = check_backprop(wrong, network, x, y)
        assert {v.equation for v in report.violations} == ({"BP4"} if times > 1 else set())

    def test_equal_is_what_is_made_of_the_same_functions(self):
        function = Opinionated([1.5, 2.0])
        one, same = (Activation("mine", function, np.tanh) for _ in range(2))
        assert one == same
        assert len({one, same, Activation("other", function, np.tanh)}) == 2
        assert one != Activation("mine", Opinionated([1.5, 2.0]), np.tanh)
        assert one != Cost("mine", function, np.tanh)


@dataclass
class Half:
    """A cost that cannot be hashed."""

    times: list

    def __call__(self, a, y):
        return self.times[0] * ((a - y) ** 2).sum(axis=0) / 2
