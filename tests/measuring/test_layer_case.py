"""A layer looked at by itself: its derivatives, measured, and what rounding may do to them."""

from dataclasses import replace

import numpy as np
import pytest

from proofs.claims import CLAIMS, find
from proofs.claims.derivations.attention import STEPS
from proofs.claims.notation import Part
from proofs.measuring.layer_case import LayerCase, Step
from proofs.network.arrays import Array
from proofs.witnesses.checking import instances, measured

ROW = LayerCase(
    "one row",
    (*STEPS[:-1], Step("C", ("O", "y"), lambda O, y: (O * y).sum(axis=(-1, -2)))),
    {
        "Q": np.array([[[1.0]]]),
        "K": np.log([[[1.0], [1.0], [2.0]]]),
        "V": np.array([[[4.0], [0.0], [2.0]]]),
        "y": np.ones((1, 1, 1)),
    },
    {"M": np.ones((1, 1, 3))},
    {"T": 3, "n": 1, "m": 1},
)
"""The row with a pencil of the page: shares 1/4, 1/4, 1/2 of the values 4, 0, 2."""

CASES = {
    case.name: case
    for claim in CLAIMS.values()
    for case in claim.cases
    if isinstance(case, LayerCase)
}


def worst(case: LayerCase, of: str, by: str) -> float:
    """How far a real push is from the measured derivative."""
    value, step = case.numbers[by], 1e-6
    rates = case.partial((of, 0), (by, 0))
    flat = rates.reshape(*case.numbers[of].shape[1:], -1, len(value))
    apart = 0.0
    for place in range(value[0].size):
        moves = []
        for sign in (1, -1):
            pushed = value.copy().reshape(len(value), -1)
            pushed[:, place] += sign * step
            moves.append(case._run({by: pushed.reshape(value.shape)}, of))
        rate = np.moveaxis((moves[0] - moves[1]) / (2 * step), 0, -1)
        apart = max(apart, abs(rate - flat[..., place, :]).max())
    return apart


class TestByHand:
    """The derivative of a layer is what a pencil finds."""

    def test_the_row_of_the_page(self):
        assert ROW["dS"].ravel() == pytest.approx([0.5, -0.5, 0], abs=1e-15)
        assert ROW["dP"].ravel() == pytest.approx([4, 0, 2])

    def test_what_does_not_depend_has_no_derivative(self):
        assert (ROW.partial(("P", 0), ("V", 0)) == 0).all()

    @pytest.mark.parametrize("name", CASES)
    def test_a_real_push_agrees(self, name):
        case = CASES[name]
        for letter in case.given:
            assert worst(case, "C", letter) < 1e-7


class TestMagnitudes:
    """What is added up is never less than what comes out."""

    @pytest.mark.parametrize("name", CASES)
    def test_at_least_the_derivative(self, name):
        case = CASES[name]
        for letter in case.given:
            by = (letter, 0)
            size = case.magnitudes.partial(("C", 0), by)
            assert (size >= abs(case.partial(("C", 0), by)) * (1 - 1e-12)).all()

    def test_what_cancels_counts(self):
        """A softmax of one number is 1, whatever the number is: its derivative cancels."""
        case = CASES["attention, nobody looks ahead"]
        first = case.partial(("P", 0), ("S", 0))[0, 0, 0, 0]
        assert abs(first).max() < 1e-15
        assert (case.magnitudes.partial(("P", 0), ("S", 0))[0, 0, 0, 0] > 1).all()


class TestAWrongForwardPass:
    """A layer that computes something else is not the one that is claimed."""

    @pytest.mark.parametrize("tag", ["dS", "N", "BN", "RMS", "conv-a", "emb", "BPTT"])
    def test_is_noticed(self, tag):
        claim = find(tag)
        place = max(n for n, step in enumerate(claim.cases[0].steps) if _is_in(step, claim))

        def spoiled(case: LayerCase) -> LayerCase:
            step = case.steps[place]

            def compute(*given: Array) -> Array:
                value = step.compute(*given)
                return value + 0.01 * value**2

            steps = list(case.steps)
            steps[place] = Step(step.letter, step.reads, compute)
            return LayerCase(case.name, tuple(steps), case.given, case.fixed, case.sizes)

        wrong = replace(claim, hypotheses=(), cases=tuple(map(spoiled, claim.cases)))
        found = list(instances(wrong.statement, (), wrong.cases))
        assert found
        assert not measured(wrong, found).holds


def _is_in(step: Step, claim: object) -> bool:
    """Whether a step makes a letter that a claim is about."""
    letters = {part.letter for part in claim.statement.atoms(Part)}  # type: ignore[attr-defined]
    return step.letter in letters
