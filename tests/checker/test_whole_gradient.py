"""The gradients as a whole against the definition: what a gradient checker sees."""

from dataclasses import replace

import numpy as np
import pytest
from strategies import EPS

from proofs import Network, backprop, check_backprop, quadratic, relu, sigmoid
from proofs.checker.as_told import UNEXPLAINED
from proofs.checker.judging import whole_gradient as module
from proofs.checker.judging.numbers import Numbers, numbers
from proofs.checker.judging.whole_gradient import smeared, smeared_along
from proofs.checker.report import Cell
from proofs.measuring import directions as directional
from proofs.measuring.cases import Case, running_case, standard_cases

GRADIENTS = ("nabla_b", "nabla_w")


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


class TestTheWorstEntryStandsForItsLayer:
    """That with the most tolerances, though another is further off."""

    def test_its_residual_and_tolerance(self, monkeypatch):
        n = right(running_case())
        allowed = np.array([[1e-3], [1e-9], *[[1.0]] * 10])[: n.width(3)]
        bp3 = module.bp3

        def given(ours, l):
            found = bp3(ours, l)
            return replace(found, allowed=allowed) if l == 3 else found

        monkeypatch.setattr(module, "bp3", given)
        wrong = n.nabla_b[3].copy()
        wrong[:2] += [[1e-4], [1e-6]]
        cell = dict(smeared(replace(n, nabla_b={**n.nabla_b, 3: wrong})))[3]
        assert cell.residual == pytest.approx(1e-6, rel=1e-6)
        assert cell.tolerance == 1e-9

    def test_a_tolerance_of_0_allows_what_is_exact(self, monkeypatch):
        n = right(running_case())
        monkeypatch.setattr(module, "blocks", lambda *_: lambda _, l: n.nabla_b[l])
        bp3 = module.bp3
        monkeypatch.setattr(
            module, "bp3", lambda n, l: replace(bp3(n, l), allowed=0 * n.nabla_b[l])
        )
        assert set(dict(smeared(replace(n, nabla_w={}))).values()) == {Cell(0.0, 0.0)}


class TestALayerIsLeftOut:
    """Where one number is not known: a derivative, or how far rounding may go."""

    @pytest.mark.parametrize("number", [np.nan, np.inf])
    def test_a_derivative(self, monkeypatch, number):
        blocks = module.blocks

        def spoiled(*given):
            measure = blocks(*given)
            return lambda *at: measure(*at) * (number if at == ("b", 3) else 1)

        monkeypatch.setattr(module, "blocks", spoiled)
        n = right(running_case())
        left = {l: v for l, v in n.nabla_w.items() if l != 3}
        assert [l for l, _ in smeared(replace(n, nabla_w=left))] == [2, 4]

    @pytest.mark.parametrize("number", [np.nan, np.inf])
    def test_a_tolerance(self, monkeypatch, number):
        bp4 = module.bp4

        def spoiled(n, l):
            found = bp4(n, l)
            allowed = found.allowed.copy()
            allowed[0, 0] = number if l == 3 else allowed[0, 0]
            return replace(found, allowed=allowed)

        monkeypatch.setattr(module, "bp4", spoiled)
        n = right(running_case())
        left = {l: v for l, v in n.nabla_b.items() if l != 3}
        assert [l for l, _ in smeared(replace(n, nabla_b=left))] == [2, 4]


class TestAlongDirections:
    """Of each layer the worse of its two blocks, and how probably a wrong entry goes unseen."""

    @pytest.fixture
    def n(self):
        case = running_case()
        x = case.x.copy()
        x[0] = 0
        return replace(right(Case(case.network, x, case.y)), directions=2)

    def probes(self, n):
        layers = n.network.layers
        given = [n.nabla_b[l] for l in layers], [n.nabla_w[l] for l in layers]
        return directional.check(n.network, n.a[1], n.y, *given, directions=2).probes

    @pytest.mark.parametrize("l", [None, 2])
    def test_the_probability_is_the_largest_of_the_blocks(self, n, l):
        """A block of zeros has none, while one zero in a block, as in nabla_w^2, is no matter."""
        if l:
            nabla_w = {other: v * (other == l) for other, v in n.nabla_w.items()}
            n = replace(n, nabla_b={l: 0 * v for l, v in n.nabla_b.items()}, nabla_w=nabla_w)
        blocks = {"b": n.nabla_b, "w": n.nabla_w}
        size = {
            p: np.linalg.norm(blocks[p.letter][p.layer]) / blocks[p.letter][p.layer].size ** 0.5
            for p in self.probes(n)
        }
        missed = max(p.missed(rms) for p, rms in size.items() if rms > 0)
        assert smeared_along(n)[1] == pytest.approx(missed, rel=1e-9)
        assert missed > 0

    def test_the_cells(self, n):
        cells, _ = smeared_along(n)
        for l, cell in cells.items():
            both = [Cell(p.residual, p.tolerance) for p in self.probes(n) if p.layer == l]
            assert cell in both
            assert all(cell.residual / cell.tolerance >= c.residual / c.tolerance for c in both)

    def test_a_gradient_of_zeros_says_nothing_of_that(self, n):
        zero = {name: {l: 0 * v for l, v in getattr(n, name).items()} for name in GRADIENTS}
        assert smeared_along(replace(n, **zero))[1] == 0


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
        monkeypatch.setattr(module, "smeared", lambda *_: [(2, Cell(1.0, 1e-15))])
        report = check_backprop(lambda *_: self.backprop(case, {}), case.network, case.x, case.y)
        assert report.problems == (UNEXPLAINED,)

    def test_at_a_kink_they_are_left_out(self):
        network = Network.from_arrays(
            [[[1.0], [1.0]], [[1.0, 1.0]]], [[[0.0], [1.0]], [[0.0]]], [relu, sigmoid], quadratic
        )
        case = Case(network, [[0.0]], [[1.0]])
        found = self.backprop(case, {})
        report = check_backprop(lambda *_: found, network, case.x, case.y)
        assert "gradients" not in [row for row, _ in report.cells]
        assert "kinks where every slope between the two sides was accepted: 1" in report.remarks
