"""What is kept from the first call, and what returning more must never hide."""

import numpy as np
import pytest
from styles import matrices
from textbook import EVERYTHING, NABLAS, Pass, a_minus_y

from proofs import Network, check_backprop, check_on
from proofs.checker.battery import battery
from proofs.checker.judging.kept import OWN
from proofs.network.activations import linear, relu, sigmoid, softmax
from proofs.network.costs import cross_entropy, log_likelihood, quadratic


def batch(n=3, n_L=2, m=7):
    """Inputs and targets."""
    random = np.random.default_rng(0)
    return random.standard_normal((n, m)), random.random((n_L, m))


def gradients(network):
    """A right pass that returns nothing but the gradients."""
    right = matrices(network)
    return lambda *given: [right(*given)[name] for name in NABLAS]


def places(report):
    """The equations and layers that are violated."""
    assert not report.problems
    return {(v.equation, v.layer) for v in report.violations}


class TestKeptFromTheFirstCall:
    """A later call with other weights, and one with fewer examples, must be right as well."""

    NETWORK = Network([3, 5, 2], sigmoid, quadratic, seed=1)

    def report(self, backprop):
        return check_backprop(backprop, self.NETWORK, *batch())

    def test_the_number_of_examples(self):
        right, kept = gradients(self.NETWORK), []

        def backprop(w, b, x, y):
            kept.append(x.shape[1])
            nabla_b, nabla_w = right(w, b, x, y)
            return nabla_b, [v * x.shape[1] / kept[0] for v in nabla_w]

        (violation,) = self.report(backprop).violations
        assert violation.equation == "purity"
        assert "4 of the examples" in violation.detail

    @pytest.mark.parametrize("name", ["huge", "saturated"])
    def test_what_is_clipped_in_a_later_call_alone_is_not_kept(self, name):
        cases = battery(relu, softmax, log_likelihood)
        case = next(case for case in cases if case.name == name)
        right = gradients(case.network)

        def backprop(*given):
            nabla_b, nabla_w = right(*given)
            return [b * min(1, 1 / np.linalg.norm(b)) for b in nabla_b], nabla_w

        report = check_backprop(backprop, case.network, case.x, case.y)
        assert (report.status, report.violations) == (2, ())
        assert "scaled to a length of 1: return them before that" in report.problems[0]

    @pytest.mark.parametrize("key", [lambda x: x.shape, lambda x: x.tobytes()])
    def test_activations_by_x_and_not_by_weights(self, key):
        right, kept = matrices(self.NETWORK), {}

        def backprop(w, b, x, y):
            found = right(w, b, x, y)
            a = kept.setdefault(key(x), found["a"])
            nabla_w = [
                d @ before.T / x.shape[1] for d, before in zip(found["delta"], a, strict=False)
            ]
            return found["nabla_b"], nabla_w

        (violation,) = self.report(backprop).violations
        assert violation.equation == "purity"
        assert "with other weights and biases and the same examples" in violation.detail

    def test_weights_of_its_own_are_no_fault(self):
        """An object that was built from the network goes by what it holds."""
        right = gradients(self.NETWORK)
        own = self.NETWORK.weights, self.NETWORK.biases
        report = self.report(lambda w, b, x, y: right(*own, x, y))
        assert report.holds
        assert OWN in report.remarks

    def test_a_right_pass_keeps_nothing(self):
        assert self.report(gradients(self.NETWORK)).holds
        assert self.report(matrices(self.NETWORK)).holds

    def test_a_wrong_one_is_not_called_more_often_for_it(self):
        """What is wrong already says nothing of later calls."""
        right, calls = matrices(self.NETWORK), []

        def backprop(*given):
            calls.append(given)
            return right(*given) | {"nabla_b": [v + 1 for v in right(*given)["nabla_b"]]}

        assert {e for e, _ in places(self.report(backprop))} == {"BP3"}
        # Whether single precision inside hides what is off, weights next to these tell.
        assert all(
            np.allclose(w, v, rtol=2.0**-39, atol=0)
            for given in calls
            for w, v in zip(given[0], calls[0][0], strict=True)
        )


class TestKeptByAClassifier:
    """What a - y keeps from its first call is said, though other targets are left out."""

    def test_the_weights(self):
        first = []

        def backprop(weights, biases, x, y):
            if [w.shape for w in weights] != [w.shape for w in first]:
                first[:] = [w.copy() for w in weights]
            return keeping(weights, biases, x, y)

        def back(s, l):
            return (first[l - 1].T @ s.delta[l + 1]) * s.a[l] * (1 - s.a[l])

        keeping = Pass(output=softmax, names=NABLAS, bp1=a_minus_y, bp2=back)

        report = check_on(battery(sigmoid, softmax, log_likelihood), backprop)
        assert {v.equation for v in report.violations} == {"purity"}


class TestWrongEverywhereElse:
    """What is wrong at once on other networks is not kept from a first call."""

    @pytest.mark.parametrize("alone", [True, False])
    def test_a_mean_over_the_neurons(self, alone):
        """Where m is the width of every layer it is right, until there are fewer examples."""
        cases = [c for c in battery(sigmoid, sigmoid, quadratic) if c.name in ("wide", "square")]

        def backprop(*given):
            found = matrices(cases[0].network)(*given)
            m = given[2].shape[1]
            for name in NABLAS:
                found[name] = [v * m / len(v) for v in found[name]]
            return [found[name] for name in NABLAS] if alone else found

        square = next(c for c in cases if c.name == "square")
        (alone_there,) = check_on([square], backprop).violations
        assert "4 is the width of a layer" in str(alone_there)
        assert "purity" not in {v.equation for v in check_on(cases, backprop).violations}


class TestMoreHidesNothing:
    """What the gradients alone show is shown beside z, a and delta too."""

    @pytest.mark.parametrize("everything", [True, False])
    def test_a_rectifier_in_place(self, everything):
        """sigma' is read off a z that has been overwritten: 1 everywhere."""
        network = Network([3, 5, 2], [relu, linear], quadratic)

        wrong = Pass(
            lambda z: np.maximum(z, 0, z),
            linear,
            EVERYTHING if everything else NABLAS,
            bp1=a_minus_y,
            bp2=lambda s, l: s.back(l) * (s.z[l] >= 0),
        )
        report = check_backprop(wrong, network, *batch())
        assert ("BP2", 2) in places(report)
        assert not report.cells["gradients", 2].holds

    def test_a_z_that_is_wrong_from_the_start_is_no_fault_of_bp2(self):
        network = Network([3, 5, 2], [relu, linear], quadratic)
        right = matrices(network)

        def without_biases(w, b, x, y):
            return right(w, [np.zeros_like(v) for v in b], x, y)

        report = check_backprop(without_biases, network, *batch())
        assert places(report) == {("forward z", 2), ("forward z", 3)}


class TestBlame:
    """It is the equation that is wrong which is blamed, and nothing else is called ok."""

    NETWORK = Network([4, 5, 2], [relu, sigmoid], cross_entropy)

    def wrong(self, spread):
        right = matrices(self.NETWORK)

        def backprop(w, b, x, y):
            found = right(w, b, x, y)
            summed = [d.sum() / x.shape[1] for d in found["delta"]]
            nabla_b = [s * np.ones_like(v) for s, v in zip(summed, b, strict=True)]
            return nabla_b if spread else summed, found["nabla_w"]

        return check_backprop(backprop, self.NETWORK, *batch(4))

    def test_a_scalar_for_a_column(self):
        report = self.wrong(spread=False)
        assert places(report) == {("BP3", 2), ("BP3", 3)}
        assert not [l for row, l in report.cells if row == "gradients"]

    def test_one_that_is_spread_over_the_neurons(self):
        """Even where nothing enters a layer, so that its nabla_w is 0 whatever delta is."""
        report = self.wrong(spread=True)
        assert places(report) == {("BP3", 2), ("BP3", 3)}
        assert all("summed over the neurons" in v.diagnosis for v in report.violations)

    def test_numbers_of_a_call_with_fewer_examples_are_said_to_be_that(self):
        network = Network([3, 5, 2], sigmoid, quadratic)
        right = gradients(network)

        def backprop(*given):
            nabla_b, nabla_w = right(*given)
            return [2 * v for v in nabla_b], nabla_w

        report = check_backprop(backprop, network, *batch())
        assert {e for e, _ in places(report)} == {"BP3"}
        assert all(v.detail.startswith("when called with the first 4") for v in report.violations)

    def test_zero_biases_are_remarked(self):
        network = Network([3, 5, 2], sigmoid, quadratic)
        zero = Network.from_arrays(
            network.weights, [np.zeros_like(b) for b in network.biases], sigmoid, quadratic
        )
        said = "all biases are 0, so a missing + b would not show"
        assert said in check_backprop(gradients(zero), zero, *batch()).remarks
        assert said not in check_backprop(gradients(network), network, *batch()).remarks


class TestTheFloorOfABlock:
    """Where 0 is expected exactly, what is below the rounding of the block is 0."""

    @pytest.mark.parametrize(("tiny", "holds"), [(1e-23, True), (1e-9, False)])
    def test_a_dead_rectifier(self, tiny, holds):
        network = Network([3, 5, 2], [relu, linear], quadratic, seed=2)
        off = np.array([[0.0], [50], [0], [0], [0]])
        biases = [network.biases[0] - off, network.biases[1]]
        network = Network.from_arrays(network.weights, biases, [relu, linear], quadratic)
        right = gradients(network)

        def backprop(*given):
            nabla_b, nabla_w = right(*given)
            assert (nabla_w[0] == 0).any()
            return nabla_b, [np.where(v == 0, tiny, v) for v in nabla_w]

        report = check_backprop(backprop, network, *batch())
        assert report.holds == holds
        assert "please report" not in str(report)
