"""A backward pass leaves its inputs as they were, and gives the same again."""

import numpy as np
import pytest
from strategies import EPS
from textbook import NABLAS, Pass, by_a

from proofs import Network, backprop, check_backprop
from proofs.checker.calling.observe import Observation
from proofs.checker.calling.purity import differs, impurities

NUMBERS = {"z": {2: np.array([[1.0, -4.0]])}, "nabla_w": {2: np.eye(2), 3: np.array([[2.0]])}}


def observation(letter="z", l=2, off=0.0, **more):
    """A call whose last number of an array is off by so much."""
    array = NUMBERS[letter][l].copy()
    array[-1, -1] += off
    return Observation({**NUMBERS, letter: {**NUMBERS[letter], l: array}}, **more)


def told(first, again):
    """What is said, and of which layer, by how much and of how much."""
    return [(v.detail, v.layer, v.residual, v.tolerance) for v in impurities(first, again)]


class TestInputs:
    """Each that was changed is named, with its layer where it has one."""

    def test_each_is_named(self):
        changed = ("weights of layer 12", "x", "the list of biases")
        assert told(observation(changed=changed), observation()) == [
            ("it changed weights of layer 12; work on a copy", 12, np.inf, 0),
            ("it changed x; work on a copy", None, np.inf, 0),
            ("it changed the list of biases; work on a copy", None, np.inf, 0),
        ]


class TestTheSameAgain:
    """A second call may differ by 10,000 roundings of the largest number of an array."""

    @pytest.mark.parametrize("eps", [EPS, 2.0**-23])
    def test_by_so_much(self, eps):
        first = observation(eps=eps)
        assert told(first, observation(off=-4 * 0.999e4 * eps)) == []
        assert not differs(first, observation(off=4 * 0.999e4 * eps))

    def test_and_by_no_more(self):
        again = observation(off=-4 * 1.001e4 * EPS)
        assert differs(observation(), again)
        ((text, layer, residual, tolerance),) = told(observation(), again)
        assert text.endswith("with the same inputs differs by 2.2e-12 of its size in z of layer 2")
        assert layer is None
        assert residual == pytest.approx(1.001e4 * EPS, rel=1e-3)
        assert tolerance == 1e4 * EPS

    def test_the_worst_place_is_named(self):
        again = observation("nabla_w", 3, 0.5)
        again.numbers["z"] = {2: NUMBERS["z"][2] * 1.01}
        again.numbers["nabla_w"][2] = NUMBERS["nabla_w"][2] * 1.02
        ((text, *_),) = told(observation(), again)
        assert text.endswith("differs by 2.5e-01 of its size in nabla_w of layer 3")

    def test_of_zeros(self):
        """Where nothing was, anything is infinitely more."""
        zero, more = ({"z": {2: np.full((1, 2), number)}} for number in (0.0, 1e-300))
        assert differs(Observation(zero), Observation(more))

    @pytest.mark.parametrize(
        "again",
        [
            {"z": NUMBERS["z"]},
            {**NUMBERS, "z": {}},
            {**NUMBERS, "z": {2: np.array([[1.0, np.nan]])}},
        ],
        ids=["a letter less", "a layer less", "not a number"],
    )
    def test_what_is_not_there_again(self, again):
        assert differs(observation(), Observation(again))
        assert len(told(observation(), Observation(again))) == 1

    def test_what_is_no_number_may_be_none_again(self):
        first, again = observation(off=np.nan), observation(off=np.nan)
        assert not differs(first, again)
        assert told(first, again) == []

    def test_a_problem(self):
        again = observation(problem="it hangs")
        assert differs(observation(), again)
        assert told(observation(), again) == [("called a second time, it hangs", None, np.inf, 0)]


class TestTheSecondCall:
    """What the second call gives is said, where it is a multiple of the first."""

    @pytest.mark.parametrize(
        ("rest", "said"), [(1.0, "2 times those of the first, as if"), (0.9, "1.9 times those of")]
    )
    def test_a_multiple(self, rest, said):
        kept = {}

        def accumulating(weights, biases, x, y):
            found = backprop(Network.from_arrays(weights, biases), x, y)
            for name in ("nabla_b", "nabla_w"):
                old = kept.get(name, {})
                kept[name] = {l: g + rest * old.get(l, 0) for l, g in getattr(found, name).items()}
            return list(kept["nabla_b"].values()), list(kept["nabla_w"].values())

        report = check_backprop(accumulating, Network([2, 3, 2]), np.eye(2), np.eye(2))
        assert said in str(report)


class TestDeltaThatIsAddedToThatOfTheCallBefore:
    """Gradients alone show it: each layer's are another number of times too large."""

    @staticmethod
    def adding(into):
        kept = {}

        def add(name, v):
            kept[name] = kept[name] + v if kept.get(name, v[:, :0]).shape == v.shape else v
            return kept[name]

        def error(s, l):
            return add(("delta", l, s.x.shape), by_a(s, l)) if into == "delta" else by_a(s, l)

        def called(weights, biases, x, y):
            found = Pass(names=NABLAS, bp1=error, bp2=error)(weights, biases, x, y)
            if into == "gradients":
                found = [
                    [add((k, l, x.shape), v) for l, v in enumerate(of)]
                    for k, of in enumerate(found)
                ]
            return found

        random = np.random.default_rng(0)
        x, y = random.standard_normal((4, 7)), random.random((3, 7))
        report = check_backprop(called, Network([4, 6, 5, 3]), x, y)
        return {(v.equation, v.layer): v.diagnosis for v in report.violations}

    def test_it_is_where_delta_is_made(self):
        found = self.adding("delta")
        assert set(found) == {("BP1", 4), ("BP2", 3), ("BP2", 2), ("purity", None)}
        assert found["BP1", 4] == "in the second call it is twice as large"
        says = "in the second call nabla_w of layer 4 is twice as large: it is added to that of the"
        assert says in found["purity", None]

    def test_gradients_that_are_added_up_are_not_blamed_on_delta(self):
        assert set(self.adding("gradients")) == {("purity", None)}


class TestRandomBatches:
    """Of a pass that draws its examples at random it is said that it has to take them all."""

    def test_it_is_said(self):
        random = np.random.default_rng(0)

        def backprop(weights, biases, x, y):
            some = random.choice(x.shape[1], 3)
            (w,), (b,), x, y = weights, biases, x[:, some], y[:, some]
            a = 1 / (1 + np.exp(-(w @ x + b)))
            delta = (a - y) * a * (1 - a)
            return [delta.mean(axis=1, keepdims=True)], [delta @ x.T / 3]

        report = check_backprop(backprop, Network([3, 2]), random.random((3, 7)), np.eye(2, 7))
        assert "if it draws examples or a mask, let it take them all" in str(report)
