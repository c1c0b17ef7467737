"""How claims are measured: on which networks, at which layers, and how far off they may be."""

import types
from collections import defaultdict
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from sympy import Eq, Function, Sum, symbols

from proofs.claims import find
from proofs.claims.hypotheses import square
from proofs.claims.notation import L, a, l
from proofs.measuring.cases import founding_case, running_case, softplus_share, standard_cases
from proofs.measuring.one_number import h
from proofs.measuring.rounding import EPS, eight_times, moved, of_activation, of_cost
from proofs.network import Network
from proofs.network.activations import ACTIVATIONS, linear, sigmoid, softmax, tanh
from proofs.network.costs import COSTS, quadratic
from proofs.witnesses import check, checking
from proofs.witnesses.checking import (
    Rejection,
    Verdict,
    Witness,
    approximate,
    compare,
    deviations,
    instances,
    reject,
    some,
    without_minus,
    worst,
)
from proofs.witnesses.evaluate import layers_of

AT = {l: 2, L: 2}


def pair(left, right, rounded=(), depth=1):
    """Numbers that are compared, and what becomes of them when they are rounded once more."""
    case = types.SimpleNamespace(left=np.array(left), right=np.array(right), depth=depth)
    case.rounded = [pair(*two) for two in rounded]
    case.magnitudes, case.name = None, "these numbers"
    return case


def sides(case):
    return case.left, case.right


class TestTolerance:
    """What one rounding was seen to move, and one of what was added up; eight deviations of them.

    A number is rounded four times in each layer.
    """

    def test_deviations(self):
        assert deviations(pair([1.0], [1.0], depth=1)) == 8 * 2
        assert deviations(pair([1.0], [1.0], depth=4)) == 8 * 4

    def test_what_was_seen_to_move(self):
        rounded = [([[1.0]], [[5.0]]), ([[4.0]], [[2.0]])]
        tolerance = compare(sides, np.array([[0.0]]), pair([[1.0]], [[2.0]], rounded))[2]
        spread = np.sqrt((0 + 9) / 2) + np.sqrt((9 + 0) / 2)
        assert tolerance[0, 0] == pytest.approx(16 * spread)

    @pytest.mark.parametrize(
        ("left", "right", "size", "largest"), [(1, -2, 3, 3), (1, -5, 3, 5), (-7, 5, 3, 7)]
    )
    def test_what_was_added_up(self, left, right, size, largest):
        case = pair([[float(left)]], [[float(right)]], [([[float(left)]], [[float(right)]])])
        tolerance = compare(sides, np.array([[float(size)]]), case)[2]
        assert tolerance[0, 0] == pytest.approx(16 * EPS * largest, rel=1e-12)

    def test_sides_of_different_shapes_are_not_compared(self):
        case = pair(np.ones((2, 3, 4)), np.ones((2, 1, 4)))
        left, right, tolerance = compare(sides, np.zeros((2, 3, 4)), case)
        assert left.shape == right.shape == tolerance.shape
        assert np.isnan(right).all()
        assert (tolerance == 0).all()

    def test_one_example_may_stand_for_all(self):
        case = pair(np.ones((2, 4)), np.ones((2, 1)))
        assert not np.isnan(compare(sides, np.zeros((2, 4)), case)[1]).any()


class TestRounding:
    """One rounding moves a number by at most eps times itself, eight times, the same each time."""

    def test_moved(self):
        ones = moved(np.ones(10_000), np.random.default_rng(0)) - 1
        assert abs(ones).max() <= EPS
        assert ones.min() < 0 < ones.max()
        assert (moved(np.zeros(3), np.random.default_rng(0)) == 0).all()

    def test_eight_times(self):
        first, again = (eight_times(lambda random: random.uniform()) for _ in range(2))
        assert first == again
        assert len(set(first)) == 8

    @pytest.mark.parametrize(
        ("letter", "layer"), [("w", 2), ("w", 4), ("b", 2), ("b", 4), ("a", 1), ("y", 4)]
    )
    def test_a_case_is_moved_in_all_that_it_is_made_of(self, letter, layer):
        was = running_case().value(letter, layer)
        for other in running_case().rounded:
            now = other.value(letter, layer)
            assert (now != was).any()
            assert (abs(now - was) <= 2 * EPS * abs(was)).all()


class TestMagnitudes:
    """By magnitude nothing cancels: every product of weights and slopes counts as positive."""

    @pytest.fixture
    def case(self):
        return running_case(activations=linear)

    def test_backwards(self, case):
        w, sizes = {n: abs(case.network.w[n]) for n in (3, 4)}, case.magnitudes
        gradient = of_cost(quadratic, case.value("a", 4), case.y)
        assert sizes.delta(4) == pytest.approx(gradient)
        assert sizes.delta(3) == pytest.approx(w[4].T @ gradient)
        assert sizes.delta(2) == pytest.approx(w[3].T @ (w[4].T @ gradient))

    def test_by_weights_and_biases(self, case):
        sizes = case.magnitudes
        at = {letter: sizes.partial(("C", 4), (letter, 3)) for letter in "zbw"}
        assert at["b"] == pytest.approx(at["z"])
        assert at["w"] == pytest.approx(at["z"][:, None] * abs(case.value("a", 2))[None])

    def test_of_a_batch_the_average(self, case):
        sizes = case.magnitudes
        whole, each = (sizes.partial((of, 4), ("b", 2)) for of in ("Cbar", "C"))
        assert whole == pytest.approx(each.mean(axis=-1, keepdims=True))

    def test_of_a_letter(self, case):
        assert (case.magnitudes.value("w", 2) == abs(case.value("w", 2))).all()

    def test_where_1_minus_a_cancels(self):
        """1 - a is off by a rounding of 1, not of itself."""
        z = np.array([[-2.0], [30.0]])
        f = ACTIVATIONS["softmax"]
        a, size = f(z)[:, 0], of_activation(f, z)[:, :, 0]
        assert np.diagonal(size) == pytest.approx(a * (1 - a) + a)
        assert size[0, 1] == size[1, 0] == pytest.approx(a[0] * a[1])

    def test_of_a_local_activation_nothing_cancels(self):
        z, f = np.array([[-2.0], [3.0]]), ACTIVATIONS["tanh"]
        assert (of_activation(f, z) == f.jacobian(z)).all()

    @pytest.mark.parametrize("sigma", [softmax, softplus_share, sigmoid, tanh], ids=repr)
    def test_of_an_activation_no_less_than_its_slopes(self, sigma):
        z = np.array([[1.0, -2.0], [0.5, 3.0], [-1.0, 0.0]])
        assert (of_activation(sigma, z) >= abs(sigma.jacobian(z))).all()

    def test_of_a_cost_what_a_rounding_of_a_makes_of_it(self):
        a, y = np.array([[0.25]]), np.array([[1.0]])
        assert of_cost(COSTS["log_likelihood"], a, y) == pytest.approx(np.array([[4 + 4]]))
        assert h < EPS


class TestWorst:
    """Of all entries the one is reported that is farthest off for its tolerance."""

    @pytest.fixture
    def found(self, monkeypatch):
        """A witness of cases whose entries are off by so much, the tolerance being 2."""

        def found(*off, tolerance=2.0):
            def compared(sides, size, case):
                return np.zeros((3, 6)), case.right, np.full((3, 6), tolerance)

            monkeypatch.setattr(checking, "compare", compared)
            monkeypatch.setattr(checking, "table", lambda *arguments: None)
            cases = [pair(0, np.broadcast_to(np.array(one, dtype=float), (3, 6))) for one in off]
            statement = find("37").statement
            return worst(lambda at: sides, [(case, AT) for case in cases], statement)

        return found

    def test_up_to_the_tolerance(self, found):
        assert found(2.0).holds
        assert not found(2.001).holds

    def test_exactly_equal(self, found):
        assert found(0.0, tolerance=0.0).holds
        assert found(0.0).detail.startswith("left side 0, right side 0 at j = 1, example 1")
        assert not found(1e-300, tolerance=0.0).holds

    def test_of_several_cases(self, found):
        witness = found(0.5, 1.5, -1.25)
        assert (witness.holds, witness.residual) == (True, 1.5)
        assert (witness.tolerance, witness.cases) == (2.0, 3)

    def test_where(self, found):
        off = np.zeros((3, 6))
        off[1, 4] = -12.3456789
        detail = "left side 0, right side -12.3457 at j = 2, example 5; these numbers"
        assert found(0.0, off, 1.0).detail == detail

    def test_no_case(self, found):
        assert found() == Witness(False, "no case satisfies the hypotheses", 0.0, 0.0, 0)
        assert Witness(True, "") == Witness(True, "", 0.0, 0.0, 0)

    def test_the_founding_one(self):
        (refutation,) = find("38").refutations
        assert reject(refutation, [founding_case()]).detail == (
            "left side -0.0430194, right side 0.0452347 at j = 2; "
            "softmax at z = (1, 2, 3), y = (1, 0, 0)"
        )

    def test_what_fails_by_hand_is_shown_by_hand(self):
        """A reader can redo the numbers of the small network with a pencil."""
        found = {r.refutation.name: r for r in check(find("BP2")).rejections}
        assert found["no transpose"].detail == (
            "left side -0.05, right side -0.075 at j = 2, l = 2; the small network"
        )

    def test_a_hidden_layer_is_named(self):
        detail = reject(find("BP2").refutations[-1], [running_case()]).detail
        assert ", l = " in detail
        assert ", l = " not in reject(find("BP1").refutations[-1], [running_case()]).detail


YES, NO = Witness(True, "yes"), Witness(False, "no")


def verdict(symbolic=YES, measured=YES, agreement=YES, rejected=(True, True)):
    """What is known of BP1, with its first wrong equations rejected or not."""
    refutations = find("BP1").refutations
    rejections = [Rejection(r, was, "") for r, was in zip(refutations, rejected, strict=False)]
    return Verdict(find("BP1"), symbolic, measured, agreement, tuple(rejections))


class TestVerdict:
    """It holds if every witness does and every wrong equation is rejected; else it says why."""

    def test_it_holds(self):
        assert verdict().holds
        assert verdict().objection == ""

    def test_a_claim_without_a_formula_has_two_witnesses(self):
        assert list(verdict().witnesses) == ["symbolic", "measured", "agreement"]
        assert list(verdict(agreement=None).witnesses) == ["symbolic", "measured"]
        assert verdict(agreement=None).holds

    @pytest.mark.parametrize("name", ["symbolic", "measured", "agreement"])
    def test_one_witness_against_it(self, name):
        against = verdict(**{name: NO})
        assert not against.holds
        assert against.objection == "(BP1) is false: no"

    def test_a_counterexample_is_told_before_algebra(self):
        against = verdict(symbolic=Witness(False, "algebra"), measured=NO, rejected=(False, False))
        assert against.objection == "(BP1) is false: no"
        against = verdict(symbolic=Witness(False, "algebra"), agreement=NO)
        assert against.objection == "(BP1) is false: no"

    def test_a_wrong_equation_that_was_accepted(self):
        against = verdict(rejected=(True, False))
        second = find("BP1").refutations[1].name
        assert not against.holds
        assert against.objection == f'(BP1): the wrong equation "{second}" was accepted'

    def test_a_formula_that_does_not_run_is_against_it(self):
        def broken(case, layer):
            raise ZeroDivisionError("by 0")

        claim = replace(find("BP1"), formula=broken)
        assert checking.check(claim, find).agreement == Witness(
            False, "the formula does not run, ZeroDivisionError: by 0"
        )


class TestOrder:
    """How much of an approximate equation's order is seen when the step is halved."""

    @pytest.fixture
    def seen(self, monkeypatch):
        """The witness of (46), of first order, where these remainders come of the two steps."""
        claim = find("46")

        def seen(*remainders, rounded=0.0):
            found = iter(remainders)
            monkeypatch.setattr(checking, "remainder", lambda *_: next(found))
            monkeypatch.setattr(checking, "rounded_off", lambda *_: rounded)
            return approximate(claim, [(None, AT)] * (len(remainders) // 2))

        return seen

    def test_what_it_is(self, seen):
        order = find("46").order
        witness = seen(2.0**order, 1.0)
        assert witness == Witness(
            True, f"halving the step divides the remainder by {2**order}", 0.0, 0.05, 1
        )

    def test_a_higher_one_is_as_good(self, seen):
        assert seen(16.0, 1.0).residual == 0.0

    @pytest.mark.parametrize(("short", "holds"), [(0.049, True), (0.051, False)])
    def test_a_little_less_may_be_the_next_term(self, seen, short, holds):
        witness = seen(2 ** (find("46").order - short), 1.0)
        assert witness.holds == holds
        assert witness.residual == pytest.approx(short)

    def test_the_worst_case_counts(self, seen):
        order = find("46").order
        witness = seen(2.0**order, 1.0, 2.0 ** (order - 1), 1.0, 2.0 ** (order + 1), 1.0)
        assert (witness.residual, witness.cases) == (1.0, 3)
        assert witness.detail.endswith(f" by {2.0 ** (order - 1):g}")

    def test_what_is_no_more_than_rounding_has_every_order(self, seen):
        assert seen(1.0, 1.0, rounded=1.0).holds
        assert not seen(1.0, 1.0, rounded=0.99).holds

    @pytest.mark.parametrize("pair", [(np.nan, 1.0), (4.0, np.nan), (np.inf, 1.0)])
    def test_what_is_undefined_has_none(self, seen, pair):
        assert not seen(*pair).holds


class TestWithoutMinus:
    """What is added up before it cancels: every difference made a sum."""

    def test_numbers_and_products(self):
        x, y = symbols("x y")
        assert without_minus(x - 3 * y) == x + 3 * y
        assert without_minus(-2 * (x - y)) == 2 * x + 2 * y
        assert without_minus(x - y * (x - 5)) == x + y * (x + 5)

    def test_what_a_function_is_taken_of_is_left(self):
        x, y = symbols("x y")
        f = Function("f")
        assert without_minus(f(x - y) - y) == f(x - y) + y

    def test_what_a_sum_is_taken_of_is_not(self):
        x, i = symbols("x i")
        assert without_minus(Sum(x - i, (i, 1, 5))) == Sum(x + i, (i, 1, 5))


class TestSample:
    """A claim is measured on at most twenty cases and layers, drawn from all of them."""

    def test_twenty(self):
        assert check(find("29")).measured.cases == 20
        assert check(find("29"), most=3).measured.cases == 3

    def test_all_if_there_are_no_more(self):
        assert some(iter("abc"), 3) == ["a", "b", "c"]
        assert len(set(some(iter("abcd"), 3))) == 3

    def test_cases_of_the_callers(self):
        assert check(find("BP1"), [running_case()]).measured.cases == 1


class TestLayers:
    """A statement is about the layers where all of its letters exist, of a network of four."""

    @pytest.mark.parametrize(
        ("tag", "layers"),
        [
            ("z", [2, 3, 4]),
            ("29", [2, 3, 4]),
            ("za", [2, 3, 4]),
            ("BP1", [4]),
            ("BP2", [2, 3]),
            ("41", [2, 3]),
            ("J2", [2, 3, 4]),
            ("53", [4]),
            ("27", [4]),
        ],
    )
    def test_of_a_claim(self, tag, layers):
        assert layers_of(find(tag).statement, 4) == layers

    def test_layer_1_has_activations_and_no_more(self):
        statement = Eq(a(l - 1)[0], a(l - 2)[0])
        assert layers_of(statement, 4) == [3, 4]

    @pytest.mark.parametrize(("sizes", "layers"), [([3, 3, 2, 2], [2, 4]), ([2, 3, 3, 2], [3])])
    def test_those_of_one_width(self, sizes, layers):
        hypothesis = square(l - 1, l)
        case = types.SimpleNamespace(network=Network(sizes))
        assert [n for n in (2, 3, 4) if hypothesis.holds(case, {l: n, L: 4})] == layers

    def test_where_all_hypotheses_hold(self):
        claim, case = find("BP2"), running_case(activations=[*[ACTIVATIONS["softmax"]] * 2, linear])
        assert list(instances(claim.statement, claim.hypotheses, [case])) == []


@cache
def met():
    """The shapes and targets on which each pair of output and cost is met."""
    found = defaultdict(set)
    for case in standard_cases()[1:]:
        one_hot = bool(np.isin(case.y, (0, 1)).all())
        summed = bool(np.allclose(case.y.sum(axis=0), 1))
        kind = {(True, True): "one-hot", (False, True): "distribution"}.get((one_hot, summed))
        net = case.network
        found[net.sigma[net.L], net.cost].add((tuple(net.sizes), kind or "free"))
    return found


class TestStandardCases:
    """Every output with every cost that is finite on it, on every shape, with every target."""

    ALL = (*ACTIVATIONS.values(), softplus_share)

    def test_pairs(self):
        inside = {
            (f, cost)
            for f in self.ALL
            for cost in COSTS.values()
            if cost.domain[0] <= f.range[0] <= f.range[1] <= cost.domain[1]
        }
        assert set(met()) == inside
        assert (ACTIVATIONS["softplus"], COSTS["log_likelihood"]) in inside

    def test_each_on_all_shapes_with_all_targets(self):
        shapes = {(3, 5, 4, 2), (2, 4, 3), (4, 2, 5, 3, 4), (3, 3, 3, 3)}
        everything = {(s, t) for s in shapes for t in ("one-hot", "distribution", "free")}
        assert all(found == everything for found in met().values())

    def test_hidden_layers_have_every_activation(self):
        hidden = {c.network.sigma[n] for c in standard_cases() for n in range(2, c.depth)}
        assert hidden == set(self.ALL)

    def test_each_is_a_batch_of_six(self):
        assert {case.x.shape[1] for case in standard_cases()[1:]} == {6}

    def test_each_is_drawn_anew(self):
        drawn = [case.x.tobytes() for case in standard_cases()]
        assert len(set(drawn)) == len(drawn)
        assert len(standard_cases(2)) == 2 * len(standard_cases()) - 1

    def test_targets_that_are_not_one_hot_keep_away_from_0_and_1(self):
        free = [c.y for c in standard_cases() if not np.allclose(c.y.sum(axis=0), 1)]
        assert 0.05 <= min(y.min() for y in free) < 0.06
        assert 0.94 < max(y.max() for y in free) <= 0.95

    def test_the_share_has_a_jacobian_that_is_not_symmetric(self):
        z = np.array([[0.5], [-1.0], [2.0]])
        J = softplus_share.jacobian(z)[:, :, 0]
        push = 1e-30
        for n in range(3):
            there = z + 1j * push * np.eye(3)[:, [n]]
            assert J[:, n] == pytest.approx(softplus_share(there).imag[:, 0] / push)
        assert abs(J - J.T).max() > 0.03
        assert softplus_share(z).sum() == pytest.approx(1)
        assert softplus_share.range == (0, 1)
