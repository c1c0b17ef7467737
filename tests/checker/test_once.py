"""What is asked again of the same numbers."""

from dataclasses import dataclass

import numpy as np
import pytest
from textbook import NABLAS, Pass

from proofs import Network, check_backprop
from proofs.checker.judging.once import LARGEST, once
from proofs.network.activations import Activation


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
