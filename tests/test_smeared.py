"""The gradients as a whole against the definition: what a gradient checker sees."""

from dataclasses import replace

import numpy as np
import pytest
from strategies import EPS

from proofs import Network, backprop, check_backprop, quadratic, relu, sigmoid
from proofs.cases import Case, running_case, standard_cases
from proofs.checker import which_equation
from proofs.checker.report import Cell
from proofs.checker.smeared import smeared
from proofs.checker.theirs import Numbers, numbers


def right(case: Case) -> Numbers:
    found = backprop(case.network, case.x, case.y)
    own = {"nabla_b": found.nabla_b, "nabla_w": found.nabla_w}
    return numbers(case.network, case.x, case.y, own, EPS)


def off(n: Numbers) -> list[int]:
    return [l for l, cell in smeared(n) if not cell.holds]


class TestRightGradientsAreThoseOfTheCost:
    """Rounding explains how far they are from the push of every b and w."""

    @pytest.mark.parametrize("case", standard_cases()[::7], ids=lambda case: case.name)
    def test_on_standard_networks(self, case):
        assert off(right(case)) == []

    def test_at_every_layer(self):
        assert [l for l, _ in smeared(right(running_case()))] == [2, 3, 4]


class TestOneWrongEntryIsSeenInItsLayer:
    """Among all entries of all layers, one that is off by a millionth is found."""

    @pytest.mark.parametrize("l", [2, 3, 4])
    @pytest.mark.parametrize("letter", ["nabla_b", "nabla_w"])
    def test_in_either_gradient(self, letter, l):
        n = right(running_case())
        wrong = getattr(n, letter)[l].copy()
        wrong[-1, -1] *= 1 + 1e-6
        assert off(replace(n, **{letter: {**getattr(n, letter), l: wrong}})) == [l]

    def test_what_is_not_a_number_is_off(self):
        n = right(running_case())
        assert off(replace(n, nabla_b={**n.nabla_b, 3: n.nabla_b[3] * np.nan})) == [3]


class TestAWrongDeltaShowsInEveryLayerBelow:
    """A gradient checker cannot say which line it is."""

    def test_a_factor_in_bp1(self):
        case = running_case()
        n = right(case)
        twice = {
            name: {l: 2 * v for l, v in getattr(n, name).items()} for name in ("nabla_b", "nabla_w")
        }
        assert off(replace(n, **twice)) == [2, 3, 4]


class TestTheReportHasThemBesideTheEquations:
    """Where every equation holds and the gradients are wrong, what came is not what was used."""

    def backprop(self, case, gradient):
        z, a = case.network.forward(case.x)
        found = backprop(case.network, case.x, case.y)
        returned = {"z": z, "a": {l: a[l] for l in case.network.layers}, "delta": found.delta}
        return {**returned, "nabla_b": found.nabla_b, "nabla_w": found.nabla_w, **gradient}

    def test_in_a_row_of_its_own(self):
        case = running_case()
        report = check_backprop(lambda *_: self.backprop(case, {}), case.network, case.x, case.y)
        assert [row for row, _ in report.cells].count("gradients") == 3
        assert report.holds

    def test_a_second_opinion_that_differs_is_a_problem(self, monkeypatch):
        case = running_case()
        monkeypatch.setattr(which_equation, "smeared", lambda *_: [(2, Cell(1.0, 1e-15))])
        report = check_backprop(lambda *_: self.backprop(case, {}), case.network, case.x, case.y)
        assert report.problems == (which_equation.UNEXPLAINED,)

    def test_at_a_kink_they_are_left_out(self):
        network = Network.from_arrays(
            [[[1.0], [1.0]], [[1.0, 1.0]]], [[[0.0], [1.0]], [[0.0]]], [relu, sigmoid], quadratic
        )
        case = Case(network, [[0.0]], [[1.0]])
        found = self.backprop(case, {})
        report = check_backprop(lambda *_: found, network, case.x, case.y)
        assert "gradients" not in [row for row, _ in report.cells]
        assert report.remarks == ("kinks where every slope between the two sides was accepted: 1",)
