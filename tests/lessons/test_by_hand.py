"""What a reader can redo with a pencil."""

import numpy as np
import pytest

from proofs.claims import CLAIMS
from proofs.lessons.by_hand import CASES, short, three_sigmoids, three_softmax, worked
from proofs.measuring.cases import small_case
from proofs.network.equations import backprop

SMALL = small_case()


class TestTheSmallNetwork:
    """Every number of the forward and the backward pass is short."""

    @pytest.mark.parametrize("letter", ["z", "a"])
    def test_forward(self, letter: str) -> None:
        for l in SMALL.network.layers:
            assert all(len(short(v)) <= 6 for v in SMALL.value(letter, l)[:, 0])

    def test_backward(self) -> None:
        found = backprop(SMALL.network, SMALL.x, SMALL.y)
        for numbers in (found.delta, found.nabla_b, found.nabla_w):
            for l in SMALL.network.layers:
                assert all(len(short(v)) <= 7 for v in numbers[l].ravel())

    def test_the_weights_are_not_symmetric(self) -> None:
        """A forgotten transpose shows."""
        w, delta = SMALL.network.w[3], SMALL.delta(3)[:, 0]
        assert not np.allclose(w @ delta, w.T @ delta)


class TestWorked:
    """An equation with numbers put in comes to what a push measures, if it is right."""

    @pytest.mark.parametrize(
        "tag", ["BP1", "BP1a", "45", "BP2", "BP3", "BP4", "32", "z", "27", "Q"]
    )
    def test_right(self, tag: str) -> None:
        assert worked(CLAIMS[tag].statement, SMALL, l=2, j=1, k=1).off < 1e-12

    def test_wrong(self) -> None:
        assert worked(CLAIMS["38"].statement, three_softmax(), j=2).off > 0.01

    def test_the_numbers_are_those_of_the_place(self) -> None:
        found = worked(CLAIMS["45"].statement, SMALL, l=2, j=1)
        assert found.numbers == r"3 \cdot 0.1 \cdot 0.1875 + (-2) \cdot (-0.05) \cdot 0.1875"
        assert found.result == "0.075"
        assert r"w^{3}_{21} \delta^{3}_{2}" in found.symbols

    def test_a_sum_that_is_a_factor_keeps_its_brackets(self) -> None:
        assert worked(CLAIMS["27"].statement, SMALL).numbers.startswith(r"\frac{1}{2} (")

    @pytest.mark.parametrize(("tag", "place"), [("25", {"l": 2}), ("BP2", {"l": 2})])
    def test_brackets_are_as_high_as_the_matrices_in_them(self, tag: str, place: dict) -> None:
        numbers = worked(CLAIMS[tag].statement, SMALL, **place).numbers
        assert r"\left(\begin{pmatrix}" in numbers
        assert r"(\begin{pmatrix}" not in numbers.replace(r"\left(", "")


class TestTerms:
    """What vanishes is struck out, and nothing else."""

    def test_sigmoid_keeps_one_term(self) -> None:
        found = worked(CLAIMS["37"].statement, three_sigmoids(), terms=True, j=2)
        assert found.symbols.count(r"\underbrace{\cancel") == 2
        assert r"+ \underbrace{\frac{\partial C}{\partial a^{L}_{2}}" in found.symbols
        assert (found.numbers, found.result) == ("0 + 0.125 + 0", "0.125")

    def test_the_numbers_below_are_as_large_as_others(self) -> None:
        found = worked(CLAIMS["37"].statement, three_sigmoids(), terms=True, j=2)
        assert r"_{\textstyle 0.5 \cdot 0.25}" in found.symbols

    def test_softmax_keeps_all(self) -> None:
        found = worked(CLAIMS["37"].statement, three_softmax(), terms=True, j=2)
        assert r"\cancel" not in found.symbols
        assert found.result == "-0.048"


class TestShort:
    """A number is written as with a pencil."""

    @pytest.mark.parametrize(
        ("value", "text"),
        [(0.1 + 0.2, "0.3"), (-0.0, "0"), (np.log(3), r"\ln 3"), (-np.log(7), r"-\ln 7")],
    )
    def test_written(self, value: float, text: str) -> None:
        assert short(value) == text

    def test_a_long_number_is_cut(self) -> None:
        assert short(0.123456789) == "0.1235"


def test_every_case_has_a_network() -> None:
    """The cases by the name that pages use."""
    assert {name: make().network.L for name, make in CASES.items()} == {
        "small": 3,
        "sigmoid": 2,
        "softmax": 2,
    }
