"""The claims about outputs and their costs: softmax, cross-entropy, log-likelihood, their
nine pairs, and what one step backward leaves of an error."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import EPS, LOCAL, assert_close, cases, fits
from test_claims import holds

from proofs.claims import find
from proofs.claims.derivations.temperature import Sharpened, sharpened
from proofs.lessons.grid import GRID, OUTPUTS, is_difference, outside
from proofs.lessons.pictures.depth import EXAMPLES, LAYERS, LINES, NEURONS, errors_by_layer, lengths
from proofs.measuring.cases import Case
from proofs.measuring.one_number import h
from proofs.network import Network
from proofs.network.activations import linear, relu, sigmoid, softmax, softplus, tanh
from proofs.network.costs import COSTS, cross_entropy, log_likelihood, quadratic
from proofs.network.equations import backprop
from proofs.network.fused import sigmoid_cross_entropy, softmax_log_likelihood
from proofs.witnesses.checking import instances, measured

HARD = ("one-hot", "distribution")


class TestShares:
    """(78), (79): softmax divides one whole among its outputs."""

    @pytest.mark.parametrize("tag", ["78", "79", "shift", "S-inv"])
    @given(case=cases(output=[softmax]))
    def test_softmax_outputs(self, tag, case):
        holds(tag, case)


class TestSigns:
    """(S-own), (S-off): da_j/dz_k is positive if and only if j = k; then none is zero."""

    @pytest.mark.parametrize("tag", ["S-own", "S-off"])
    @given(case=cases(output=[softmax]))
    def test_softmax_outputs(self, tag, case):
        holds(tag, case)

    @given(st.lists(st.floats(-20, 20), min_size=2, max_size=6))
    def test_the_signs_of_the_jacobian(self, z):
        signs = np.sign(softmax.jacobian(np.array(z)[:, None])[:, :, 0])
        assert (signs == 2 * np.eye(len(z)) - 1).all()


class TestErrorsCancel:
    """(S-sum): the errors at a softmax output add up to zero, whatever the cost."""

    @given(cases(output=[softmax]))
    def test_any_cost(self, case):
        holds("S-sum", case)


class TestTemperature:
    """(83), (83-r), (83-J): softmax of c z; the larger c, the more the largest takes."""

    @pytest.mark.parametrize("tag", ["83", "83-r", "83-J"])
    @pytest.mark.parametrize("c", [0.1, 1.0, 7.0])
    def test_any_factor(self, tag, c):
        holds(tag, Sharpened(c, np.random.default_rng(0).standard_normal((3, 5))))

    def test_in_the_limit_the_largest_takes_all(self):
        z = np.array([[1.0], [2.0], [3.0]])
        assert_close(sharpened(1e3)(z), np.array([[0.0], [0.0], [1.0]]))
        assert_close(sharpened(0.0)(z), np.full((3, 1), 1 / 3))

    def test_its_numbers_move_as_those_of_a_case_do(self):
        case = Sharpened(3.0, np.ones((2, 1)))
        assert len(case.rounded) == 8
        assert all(type(moved) is Sharpened and moved.factor == 3.0 for moved in case.rounded)


class TestLastLayer:
    """(80), (81), (82): the log-likelihood, and the gradients of a softmax layer with it."""

    @given(cases(costs=[log_likelihood]))
    def test_cost(self, case):
        holds("80", case)

    @pytest.mark.parametrize("tag", ["81", "82"])
    @given(case=cases(output=[softmax], costs=[log_likelihood], targets=HARD))
    def test_gradients(self, tag, case):
        holds(tag, case)


class TestSigmoid:
    """(3), (sig), (sig-4): the sigmoid, and its slope, which is a quarter at most."""

    @pytest.mark.parametrize("tag", ["3", "sig", "sig-4"])
    @given(case=cases(output=[sigmoid]))
    def test_sigmoid_outputs(self, tag, case):
        holds(tag, case)

    @given(st.floats(-700, 700))
    def test_the_bound(self, z):
        assert sigmoid.prime(np.array([[z]])) <= 0.25

    def test_it_is_reached_at_0(self):
        assert sigmoid.prime(np.zeros((1, 1))) == 0.25


class TestTanh:
    """(tanh): the slope of tanh is 1 - a^2."""

    @given(cases(output=[tanh], costs=[quadratic]))
    def test_tanh_outputs(self, case):
        holds("tanh", case)


class TestCrossEntropy:
    """(63), (CE), (66), (67): the cross-entropy takes the slope of the sigmoid out of BP1."""

    @pytest.mark.parametrize("tag", ["63", "CE"])
    @given(case=cases(costs=[cross_entropy]))
    def test_any_output(self, tag, case):
        holds(tag, case)

    @pytest.mark.parametrize("tag", ["66", "67"])
    @given(case=cases(output=[sigmoid], costs=[cross_entropy]))
    def test_sigmoid_outputs(self, tag, case):
        holds(tag, case)


class TestSoftTargets:
    """The exchanged cross-entropy is compared where it is finite: 0 < y < 1 for every target."""

    @pytest.mark.parametrize(
        ("y", "soft"),
        [(0.5, True), (0.0, False), (1.0, False), (-0.5, False), (1.5, False), (1e-9, True)],
    )
    def test_where_it_holds(self, y, soft):
        [wrong] = find("63").refutations
        hypothesis = wrong.hypotheses[-1]
        case = Case(Network([1, 2], sigmoid, cross_entropy), [[1.0]], [[0.5], [y]])
        assert hypothesis.holds(case, {}) is soft


class TestQuadraticWeights:
    """(65): with the quadratic cost the slope stays in the gradient of an output weight."""

    @given(cases(output=LOCAL, costs=[quadratic]))
    def test_local_outputs(self, case):
        holds("65", case)


class TestLinear:
    """(lin), (68), (69), (70): linear outputs with the quadratic cost."""

    @pytest.mark.parametrize("tag", ["lin", "68", "69", "70"])
    @given(case=cases(output=[linear], costs=[quadratic]))
    def test_linear_outputs(self, tag, case):
        holds(tag, case)


class TestGrid:
    """Each pair of an output and a cost has its error, or an output without a finite cost."""

    @pytest.mark.parametrize(
        ("tag", "output", "cost"),
        [
            ("sig-Q", sigmoid, quadratic),
            ("sig-LL", sigmoid, log_likelihood),
            ("S-Q", softmax, quadratic),
            ("S-CE", softmax, cross_entropy),
        ],
    )
    def test_pairs_without_a_number(self, tag, output, cost):
        @given(cases(output=[output], costs=[cost]))
        def any_network(case):
            holds(tag, case)

        any_network()

    def test_every_pair_has_a_claim_or_is_not_finite(self):
        for output in OUTPUTS:
            for cost in COSTS.values():
                assert ((output, cost) in GRID) == fits(output, cost)

    @pytest.mark.parametrize(("pair", "tag"), GRID.items())
    def test_a_claim_is_about_its_pair_alone(self, pair, tag):
        claim = find(tag)
        for output in OUTPUTS:
            for cost in COSTS.values():
                case = Case(Network([2, 3], output, cost), np.ones((2, 1)), np.eye(3)[:, :1])
                met = bool(list(instances(claim.statement, claim.hypotheses, [case])))
                assert met == ((output, cost) == pair)

    def test_three_are_the_plain_difference(self):
        assert [tag for tag in GRID.values() if is_difference(tag)] == ["68", "66", "84"]

    @pytest.mark.parametrize("tag", [tag for tag in GRID.values() if not is_difference(tag)])
    def test_elsewhere_the_plain_difference_is_wrong(self, tag):
        claim = find(tag)
        [output, cost] = next(pair for pair, t in GRID.items() if t == tag)
        case = Case(Network([2, 3], output, cost), np.ones((2, 1)), np.full((3, 1), 1 / 3))
        wrong = find("84").statement
        assert not measured(
            type(claim)("wrong", "", wrong, ""), list(instances(wrong, (), [case]))
        ).holds

    @pytest.mark.parametrize("cost", [cross_entropy, log_likelihood])
    def test_where_it_is_not_finite(self, cost):
        a = outside(linear, cost)
        assert a == -1
        with np.errstate(invalid="ignore"):
            assert np.isnan(cost.value(np.array([[a]]), np.array([[0.5]])))

    def test_where_it_is(self):
        assert all(outside(output, cost) is None for output, cost in GRID)
        assert outside(softplus, log_likelihood) is None


class TestFused:
    """(F-LL), (F-CE): an output and its cost in one function, which does not overflow."""

    @given(cases(output=[softmax], costs=[log_likelihood]))
    def test_softmax(self, case):
        holds("F-LL", case)

    @given(cases(output=[sigmoid], costs=[cross_entropy]))
    def test_sigmoid(self, case):
        holds("F-CE", case)

    @pytest.mark.parametrize("size", [1.0, 40.0, 800.0, 1e300])
    def test_no_weighted_input_is_too_large(self, size):
        z, y = np.array([[size], [-size]]), np.array([[0.25], [0.75]])
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            costs = softmax_log_likelihood(z, y), sigmoid_cross_entropy(z, y)
        exact = [np.log1p(np.exp(-2 * size)) + 1.5 * size, 2 * np.log1p(np.exp(-size)) + 1.5 * size]
        assert np.ravel(costs) == pytest.approx(exact, rel=4 * EPS)

    def test_the_naive_forms_overflow(self):
        z, y = np.array([[800.0], [-800.0]]), np.array([[0.25], [0.75]])
        with np.errstate(all="ignore"):
            naive = np.exp(z) / np.exp(z).sum(axis=0)
            assert np.isnan(log_likelihood.value(naive, y))
            assert np.isinf(log_likelihood.value(softmax(z), y))
            assert np.isinf(cross_entropy.value(sigmoid(z), y))

    @pytest.mark.parametrize("fused", [softmax_log_likelihood, sigmoid_cross_entropy])
    def test_can_be_pushed(self, fused):
        z, y = np.array([[1.0], [-2.0]]), np.array([[0.25], [0.75]])
        slope = [fused(z + 1j * h * push, y).imag / h for push in np.eye(2)[:, :, None]]
        output = softmax if fused is softmax_log_likelihood else sigmoid
        assert_close(np.array(slope), output(z) - y)


class TestHiddenSoftmax:
    """(BP2S): BP2 through a hidden softmax takes an average off, and needs no matrix."""

    @given(cases(hidden=[softmax], layers=3))
    def test_hidden_softmax(self, case):
        holds("BP2S", case)


class TestOneStepBack:
    """(bound), (CE-h): an error shrinks by the slope, and by what the weights cancel."""

    @given(cases(hidden=LOCAL, layers=3))
    def test_any_local_layer(self, case):
        holds("bound", case)

    @given(cases(hidden=LOCAL, layers=3))
    def test_so_it_is_bounded(self, case):
        delta = backprop(case.network, case.x, case.y).delta
        for l in range(2, case.depth):
            w = case.network.w[l + 1]
            most = np.linalg.norm(w, axis=0)[:, None] * np.linalg.norm(delta[l + 1], axis=0)
            assert (abs(delta[l]) <= abs(case.sigma_prime(l)) * most * (1 + 100 * EPS)).all()

    @given(cases(hidden=LOCAL, output=[sigmoid], costs=[cross_entropy], layers=3))
    def test_the_cross_entropy_leaves_the_hidden_slope(self, case):
        holds("CE-h", case)


class TestDepth:
    """Going back through sigmoid layers the error shrinks by a factor that is below a quarter."""

    def test_lengths(self):
        left = {f: lengths(f)[0] / lengths(f)[-1] for f in LINES}
        assert left[sigmoid] < 0.25 ** (LAYERS - 3) < 0.01 < min(left[tanh], left[relu])

    def test_what_they_are(self):
        """The length at layer 2 is that of the derivative, measured."""
        random = np.random.default_rng(0)
        network = Network([NEURONS] * LAYERS, [sigmoid] * (LAYERS - 2) + [tanh])
        x, y = random.standard_normal((2, NEURONS, EXAMPLES))
        measured = np.linalg.norm(Case(network, x, np.tanh(y)).delta(2), axis=0).mean()
        assert lengths(sigmoid)[0] == pytest.approx(measured, rel=1e-10)

    def test_the_picture_says_it_in_words(self):
        alt = errors_by_layer().alt
        for f in LINES:
            assert f"{f}: {lengths(f)[0] / lengths(f)[-1]:.1e} of it is left at layer 2" in alt
