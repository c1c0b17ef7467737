"""What a check costs: calls, work and memory are bounded, whatever the network."""

from dataclasses import replace

import numpy as np
import pytest
from strategies import EPS
from styles import matrices

from proofs import Network, backprop, check_backprop, sigmoid, softmax
from proofs.checker.calling.observe import Observation
from proofs.checker.judging import by_definition
from proofs.checker.judging.by_definition import SAMPLES, Inputs, with_ours
from proofs.checker.judging.numbers import ALIVE, numbers

NABLAS = ("nabla_b", "nabla_w")


def batch(network, m):
    """Inputs and targets."""
    random = np.random.default_rng(0)
    return random.standard_normal((network.sizes[0], m)), random.random((network.sizes[-1], m))


def gradients(network):
    """A right pass that returns nothing but the gradients."""
    right = matrices(network)
    return lambda *given: [right(*given)[name] for name in NABLAS]


class TestRoundedAnew:
    """Delta is taken to move as far as it does when every w, b, x and y is rounded anew."""

    @staticmethod
    def rounded(network, x, y, eps, random):
        def anew(v):
            return v * (1 + eps * random.uniform(-1, 1, v.shape))

        w, b = ([anew(v) for v in values] for values in (network.weights, network.biases))
        other = Network.from_arrays(w, b, list(network.sigma.values()), network.cost)
        return backprop(other, anew(x), anew(y)).delta

    @pytest.mark.parametrize("hidden", [sigmoid, softmax])
    def test_by_so_much(self, hidden, monkeypatch):
        monkeypatch.setattr(by_definition, "SAMPLES", 200)
        network = Network([3, 5, 4, 4, 2], [hidden, sigmoid, hidden, sigmoid], seed=1)
        x, y = batch(network, 2)
        n = numbers(network, x, y, {}, 1e-6)
        right = backprop(network, x, y).delta
        ours = by_definition._rounded_anew(n, right)
        random = np.random.default_rng(1)
        really = [self.rounded(network, x, y, 1e-6, random) for _ in range(200)]
        for l in network.layers:
            spread = np.std([one[l] - right[l] for one in really], axis=0)
            assert ours[l].std(axis=0) == pytest.approx(spread, rel=0.4)


class TestParts:
    """Examples are computed in parts: as many at a time as the memory allows, with one answer."""

    NETWORK = Network([6, 5, 4, 3], sigmoid, seed=1)

    def test_the_answer_is_the_same(self):
        x, y = batch(self.NETWORK, 9)
        whole = with_ours(numbers(self.NETWORK, x, y, {}, EPS))
        of_two = 2 * SAMPLES * ALIVE * 6
        parts = with_ours(numbers(self.NETWORK, x, y, {}, EPS, memory=of_two), of_two)
        for name in ("z", "a", "delta"):
            for l, v in getattr(whole, name).items():
                assert getattr(parts, name)[l] == pytest.approx(v, rel=1e-12)
        for at, v in whole.off.items():
            assert parts.off[at].shape == v.shape
            if at[0] != "delta":  # other random numbers
                assert parts.off[at] == pytest.approx(v, rel=1e-12)


class TestOnce:
    """What is expected of a call is computed once, and serves all that is asked of it."""

    def test_for_the_first_and_for_each_later_call(self, monkeypatch):
        seen = []
        of_all = by_definition.with_ours

        def counted(n, *memory):
            seen.append(n.m)
            return of_all(n, *memory)

        monkeypatch.setattr(by_definition, "with_ours", counted)
        network = Network([3, 5, 2], seed=1)
        assert check_backprop(gradients(network), network, *batch(network, 7)).holds
        assert seen == [7, 7, 4]

    def test_of_inputs_that_differ_it_is_not_that_of_others(self):
        network = Network([3, 5, 2], seed=1)
        x, y = batch(network, 7)
        given = Inputs(network, x, y)
        assert given.gradients(Observation()).m == 7
        assert replace(given, x=x[:, :3], y=y[:, :3]).gradients(Observation()).m == 3
