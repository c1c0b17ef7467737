"""The tolerance follows from rounding: no false alarm, and no slip that hides behind it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import EPS, cases

from proofs.claims import find
from proofs.claims.claim import Refutation
from proofs.claims.notation import Approx, L, l
from proofs.measuring.cases import Case, founding_case
from proofs.network import Network
from proofs.network.activations import linear, sigmoid, softmax, tanh
from proofs.network.costs import cross_entropy, log_likelihood, quadratic
from proofs.witnesses.checking import instances, measured, reject, worst

GENERAL = ("37", "41", "BP3", "BP4")  # hold on every network


def witness(claim, case):
    """What is measured of a claim on one case."""
    return measured(claim, list(instances(claim.statement, claim.hypotheses, [case])))


def trained(output, cost, seed, gain):
    """A network whose weights are larger than the drawn ones, as training makes them."""
    drawn, random = Network([3, 4, 3], [sigmoid, output], cost, seed), np.random.default_rng(seed)
    weights = [gain * w for w in drawn.weights]
    network = Network.from_arrays(weights, drawn.biases, [sigmoid, output], cost)
    return Case(network, random.standard_normal((3, 4)), np.eye(3)[:, random.integers(3, size=4)])


class TestNoFalseAlarm:
    """A correct equation on a correct network is never rejected."""

    @settings(max_examples=300)
    @given(cases(layers=3), st.sampled_from(GENERAL))
    def test_300_networks(self, case, tag):
        assert witness(find(tag), case).holds, witness(find(tag), case)

    @pytest.mark.parametrize("gain", [1, 3, 10])
    @pytest.mark.parametrize(
        ("output", "cost"),
        [(sigmoid, quadratic), (tanh, quadratic), (softmax, quadratic), (softmax, log_likelihood)],
        ids=str,
    )
    def test_confident_networks(self, output, cost, gain):
        """Ten of each: what is off comes as near to the tolerance there as on more of them."""
        for seed in range(10):
            case = trained(output, cost, seed, gain)
            for tag in GENERAL:
                assert witness(find(tag), case).holds, (tag, seed, witness(find(tag), case))


class TestScale:
    """Numbers a million times as large may be a million times as far apart."""

    @pytest.mark.parametrize("scale", [2.0**20, 2.0**-20])
    @pytest.mark.parametrize("tag", ["BP1", "BP2", "BP3"])
    def test_scales_with_the_inputs(self, tag, scale):
        # With linear layers and the quadratic cost, delta grows as x, b and y do.
        claim, random = find(tag), np.random.default_rng(0)
        drawn = Network([3, 5, 4, 2], linear, quadratic)
        x, y = random.standard_normal((3, 6)), random.standard_normal((2, 6))

        def tolerance(s):
            biases = [s * b for b in drawn.biases]
            network = Network.from_arrays(drawn.weights, biases, linear, quadratic)
            return witness(claim, Case(network, s * x, s * y)).tolerance

        assert tolerance(scale) == pytest.approx(scale * tolerance(1.0), rel=1e-6, abs=0)

    def test_is_some_roundings_of_what_is_compared(self):
        # The errors of the founding case are 0.04 to 0.16.
        assert EPS * 0.04 < witness(find("37"), founding_case()).tolerance < 1000 * EPS * 0.16


class TestUndefined:
    """NaN and infinity never pass, on either side or in the tolerance."""

    @pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
    @pytest.mark.filterwarnings("ignore:invalid value")
    def test_a_formula_that_returns_it(self, value):
        claim = find("37")
        for spoiled in (0, slice(None)):

            def formula(case, l, spoiled=spoiled):
                result = np.array(claim.formula(case, l))
                result[spoiled] = value
                return result

            assert not witness(replace(claim, formula=formula), founding_case()).holds

    @pytest.mark.filterwarnings("ignore:invalid value")
    def test_infinity_on_both_sides(self):
        assert not worst(
            lambda at: lambda case: (np.array([[np.inf]]), np.array([[np.inf]])),
            [(founding_case(), {l: 2, L: 2})],
            find("37").statement,
        ).holds

    @pytest.mark.filterwarnings("ignore:invalid value")
    @pytest.mark.parametrize("moved", [np.nan, np.inf])
    def test_a_tolerance_that_is_not_a_number(self, moved):
        """Twice a wrong number, and undefined as soon as a last digit changes."""
        claim, here, other = find("37"), founding_case(), trained(tanh, quadratic, 0, 1)

        def formula(case, l):
            factor = 1 if case.name == other.name else 2.001 if case is here else moved
            return factor * claim.formula(case, l)

        wrong = replace(claim, formula=formula)
        found = list(instances(claim.statement, (), [other, here]))
        assert measured(wrong, found[:1]).holds
        assert not measured(wrong, found[1:]).holds
        assert not measured(wrong, found).holds

    @pytest.mark.filterwarnings("ignore:invalid value")
    @pytest.mark.parametrize("z", [30.0, 37.0, 40.0])
    def test_saturation_hides_no_factor(self, z):
        # a is 1 to the last digit and y is 1: rounding y makes (1 - y)/(1 - a) infinite.
        network = Network.from_arrays([[[1.0]]], [[[0.0]]], sigmoid, cross_entropy)
        claim = find("BP1")
        wrong = replace(claim, formula=lambda case, l: 2.001 * claim.formula(case, l))
        assert not witness(wrong, Case(network, [[z]], [[1.0]])).holds

    @pytest.mark.filterwarnings("ignore:invalid value")
    def test_is_no_counterexample_either(self):
        """A true equation is not rejected because both of its sides are undefined."""
        network = Network.from_arrays([np.eye(2)], [np.zeros((2, 1))], softmax, log_likelihood)
        true = Refutation("true", "", find("37").statement, (), "")
        undefined = Case(network, [[1000.0], [-1000.0]], [[0.0], [1.0]])
        assert not reject(true, [undefined]).rejected

    @pytest.mark.parametrize("tag", ["84", "47"])
    def test_no_case_is_no_proof(self, tag):
        assert not measured(find(tag), []).holds

    @pytest.mark.filterwarnings("ignore:invalid value", "ignore:divide by zero")
    def test_an_approximate_equation_that_is_undefined(self):
        network = Network.from_arrays([np.eye(2)], [np.zeros((2, 1))], softmax, log_likelihood)
        undefined = Case(network, [[1000.0], [-1000.0]], [[0.0], [1.0]])
        assert not witness(find("47"), undefined).holds

    def test_an_approximate_equation_between_small_numbers(self):
        """A wrong rate is wrong however small the step of a small weight's cost."""
        claim, random = find("47"), np.random.default_rng(0)
        statement = Approx(claim.statement.lhs, 2 * claim.statement.rhs, evaluate=False)
        network = Network.from_arrays([[[1.0]]], [[[0.0]]], linear, quadratic)
        tiny = Case(network, random.uniform(1e-6, 2e-6, (1, 1)), [[0.0]])
        assert not witness(replace(claim, statement=statement), tiny).holds
