"""Costs that the checker was not told: found in the gradients, named, and how to say them.

Right code is right for its own cost: a remark says which one that is.
"""

import re

import numpy as np
import pytest
from textbook import EVERYTHING, NABLAS, Pass, by_a

from proofs import (
    Network,
    check_backprop,
    cross_entropy,
    log_likelihood,
    quadratic,
    sigmoid,
    softmax,
    softplus,
    tanh,
)
from proofs.adapters import cost_of
from proofs.checker.battery import battery
from proofs.checker.judging.left_over import Penalty
from proofs.checker.which_equation import check_on
from proofs.cli import check
from proofs.network.costs import over_valid, smoothed, weighted

RANDOM = np.random.default_rng(0)
X = RANDOM.standard_normal((4, 9))
Y = np.eye(3)[:, [0, 0, 1, 1, 2, 2, 0, 1, 2]]
SOME = np.where(np.isin(np.arange(9), (2, 5)), 0, Y)
"""The same, with two examples that have no target."""
WEIGHTS = np.array([1.0, 2.0, 5.0])
START = Network([4, 6, 5, 3], [sigmoid, sigmoid, softmax], log_likelihood)


def costing(cost, network=START):
    sigma = list(network.sigma.values())
    return Network.from_arrays(network.weights, network.biases, sigma, cost)


def passes(error, over=lambda y: y.shape[1], full=False, last=softmax, decay=0.0, **lines):
    """A pass with this error at the output, whose sums are divided by `over`."""
    averages = {
        "bp3": lambda s, l: s.delta[l].sum(axis=1, keepdims=True) / over(s.y),
        "bp4": lambda s, l: s.delta[l] @ s.a[l - 1].T / over(s.y) + decay * s.w[l],
    }
    return Pass(
        output=last,
        names=EVERYTHING if full else NABLAS,
        bp1=lambda s, l: error(s.a[l], s.y),
        **(averages | lines),
    )


def of_class(a, y):
    return (WEIGHTS @ y) * (a - y)


def sum_of_weights(y):
    return (WEIGHTS @ y).sum()


def valid(y):
    return max(1, y.any(axis=0).sum())


full = pytest.mark.parametrize("full", [False, True])


class TestClassWeights:
    """Divided by the sum of the weights, as torch does, or by m."""

    @full
    @pytest.mark.parametrize(
        ("over", "said", "mean"),
        [
            (sum_of_weights, "divided by their sum", "weights"),
            (lambda y: y.shape[1], "divided by m", "examples"),
        ],
    )
    def test_found_and_told(self, over, said, mean, full):
        f = passes(of_class, over, full)
        report = check_backprop(f, START, X, Y)
        assert report.holds
        assert f"the classes count as 1, 2, 5, {said}" in str(report)
        told = check_backprop(f, costing(weighted(log_likelihood, WEIGHTS, mean)), X, Y)
        assert told.holds
        assert "classes" not in str(told)

    @full
    @pytest.mark.parametrize(
        ("over", "mean", "told"),
        [
            (lambda y: y.shape[1], "examples", "weights"),
            (sum_of_weights, "weights", "examples"),
        ],
    )
    def test_over_the_other_sum_it_is_said(self, over, mean, told, full):
        """One constant for the batch, and others for other calls, which are shown beside it."""
        network = costing(weighted(log_likelihood, WEIGHTS, told))
        report = check_backprop(passes(of_class, over, full), network, X, Y)
        assert (report.status, report.violations) == (2, ())
        assert f'every equation holds with that (mean="{mean}", --mean {mean})' in report.summary
        assert "times what it should be" not in str(report)

    def test_a_number_that_contradicts_what_came_is_not_told(self):
        """Twice the sum over m, where an example alone is 2, 4 or 10 times what was told."""
        f = passes(lambda a, y: 2 * of_class(a, y))
        report = check_backprop(f, costing(weighted(log_likelihood, WEIGHTS)), X, Y)
        assert (report.status, report.violations) == (2, ())
        assert "times what it should be" not in str(report)
        assert "another one, which depends on the examples" in report.summary

    @pytest.mark.parametrize(
        ("over", "said"),
        [(lambda y: y.shape[1], "2, 5, divided by m"), (sum_of_weights, "1, 2.5, divided by")],
    )
    def test_a_class_that_no_target_has_is_given_no_weight(self, over, said):
        report = check_backprop(passes(of_class, over), START, X, Y[:, [2, 2, 4, 4, 4, 2, 4, 2, 2]])
        assert report.holds
        assert f"the classes 2, 3 count as {said}" in str(report)

    @pytest.mark.parametrize("over", [lambda y: y.shape[1], sum_of_weights])
    def test_weights_for_three_classes_raise_where_there_are_others(self, over):
        """In doubles, whatever one network with huge weights looks like."""
        cases = battery(sigmoid, softmax, log_likelihood)
        report = check_on(cases, passes(of_class, over))
        assert not report.found
        (last,) = [text for text in report.remarks if text.startswith("it raised only where")]
        assert "where there are not 3 outputs" in last
        assert "--class-weights W,W,..." in last
        assert "rows=True" not in str(report)
        assert "precision" not in str(report)

    def test_with_weight_decay(self):
        f = passes(of_class, sum_of_weights, decay=0.1)
        network = costing(weighted(log_likelihood, WEIGHTS))
        assert check_backprop(f, network, X, Y, penalty=Penalty(l2=0.1)).holds

    def test_found_beside_weight_decay(self):
        report = check_backprop(passes(of_class, sum_of_weights, decay=0.1), START, X, Y)
        assert report.holds
        assert "the classes count as 1, 2, 5" in str(report)
        assert "0.1 w is added" in str(report)

    def test_of_one_output(self):
        y = np.array([[0.0, 1, 1, 0, 1, 0, 0, 1, 1]])
        network = Network([4, 5, 1], [sigmoid] * 2, cross_entropy)
        f = passes(lambda a, y: np.where(y == 1, 3, 1) * (a - y), last=sigmoid)
        assert "the classes count as 1, 3" in str(check_backprop(f, network, X, y))
        assert check_backprop(
            f, costing(weighted(cross_entropy, [1, 3], "examples"), network), X, y
        ).holds

    @full
    def test_weights_at_y_alone_are_wrong(self, full):
        report = check_backprop(
            passes(lambda a, y: a - WEIGHTS[:, None] * y, full=full), START, X, Y
        )
        (violation,) = report.violations
        assert violation.place == "BP1 at layer 4"
        assert "belongs to all of a - y" in violation.diagnosis

    @pytest.mark.parametrize("times", [2.0, 0.0])
    def test_one_example_that_counts_otherwise_is_wrong(self, times):
        counts = np.array([times] + [1.0] * 8)
        f = passes(lambda a, y: counts[: y.shape[1]] * (a - y))
        assert check_backprop(f, START, X, Y).status == 1

    def test_another_fault_is_still_one(self):
        def backprop(*given):
            nabla_b, nabla_w = passes(of_class, sum_of_weights)(*given)
            return nabla_b, [nabla_w[0], 2 * nabla_w[1], nabla_w[2]]

        assert check_backprop(backprop, START, X, Y).status == 1
        told = check_backprop(backprop, costing(weighted(log_likelihood, WEIGHTS)), X, Y)
        assert [v.place for v in told.violations] == ["BP4 at layer 3"]


class TestValidExamples:
    """An average over the examples that have a target, as with padding or an ignored label.

    A case that was handed in expects BP3 and BP4 here: PyTorch averages like this, so it is another
    cost, found out and told, and no equation is blamed.
    """

    @full
    def test_found_and_told(self, full):
        f = passes(lambda a, y: (a - y) * y.any(axis=0), valid, full)
        report = check_backprop(f, START, X, SOME)
        assert report.holds
        assert "over the examples that have a target" in str(report)
        assert check_backprop(f, costing(over_valid(log_likelihood)), X, SOME).holds

    def test_their_sum_is_right_up_to_one_constant(self):
        f = passes(lambda a, y: (a - y) * a * (1 - a) * y.any(axis=0), lambda y: 1, last=sigmoid)
        report = check_backprop(f, costing(quadratic, Network(START.sizes)), X, SOME)
        assert (report.status, report.violations) == (2, ())
        assert "over the examples that have a target" in str(report)

    def test_examples_without_a_target_that_still_send_an_error_are_wrong(self):
        f = passes(lambda a, y: a - y, valid)
        for cost in (log_likelihood, over_valid(log_likelihood)):
            assert check_backprop(f, costing(cost), X, SOME).status == 1


class TestTemperature:
    """softmax(z/T) is right for that T, which is told, and a fault beside it is told alone."""

    @staticmethod
    def report(T, times=1.0, names=NABLAS, **lines):
        tempered = {"a": lambda s, l: s.of(l)(s.z[l] / (T if l == s.L else 1))}
        error = lambda s, l: (s.a[l] - s.y) / T * times  # noqa: E731
        lines = {"bp1": error, "bp2": by_a, **tempered, **lines}
        return check_backprop(Pass(output=softmax, names=names, **lines), START, X, Y)

    @pytest.mark.parametrize("names", [NABLAS, EVERYTHING])
    @pytest.mark.parametrize("T", [0.5, 1, 4])
    def test_found_and_told(self, T, names):
        report = self.report(T, names=names)
        assert report.holds
        assert (f"softmax(z/{T})" in str(report)) == (T != 1)

    @pytest.mark.parametrize("times", [2, 4])
    def test_times_t_or_its_square(self, times):
        """T times softmax(z/T) - y is a - y again, and its square keeps the gradients alike."""
        report = self.report(2, times)
        assert (report.status, report.violations) == (2, ())

    def test_with_sums(self):
        sums = {
            "bp3": lambda s, l: s.delta[l].sum(1, keepdims=True),
            "bp4": lambda s, l: s.delta[l] @ s.a[l - 1].T,
        }
        report = self.report(2, **sums)
        assert (report.status, report.violations) == (2, ())
        report = self.report(2, bp2=lambda s, l: s.back(l), **sums)
        assert {v.equation for v in report.violations} == {"BP2"}
        assert "softmax(z/2)" in str(report)
        assert "summed over the examples" in str(report)

    @pytest.mark.parametrize("T", [1, 2])
    @pytest.mark.parametrize(
        ("equation", "line"),
        [
            ("BP1", lambda s, l: (s.a[l] - s.y) * s.a[l]),
            ("BP1", lambda s, l: s.a[l] + s.y),
            ("BP1", lambda s, l: 1 - s.y),
            ("BP2", lambda s, l: s.back(l)),
            ("BP4", lambda s, l: s.delta[l] @ s.a[l - 1].T / (s.m + l)),
        ],
    )
    @pytest.mark.usefixtures("no_words")
    def test_wrong_beside_it(self, T, equation, line):
        report = self.report(T, **{equation.lower(): line})
        assert {v.equation for v in report.violations} == {equation}


class TestSmoothing:
    """Label smoothing inside is named with its constant, and may be told."""

    @full
    @pytest.mark.parametrize(
        ("cost", "last", "even"),
        [(log_likelihood, softmax, 1 / 3), (cross_entropy, sigmoid, 1 / 2)],
    )
    def test_named_and_told(self, cost, last, even, full):
        f = passes(lambda a, y: a - 0.9 * y - 0.1 * even, full=full, last=last)
        network = Network.from_arrays(START.weights, START.biases, [sigmoid, sigmoid, last], cost)
        (violation,) = check_backprop(f, network, X, Y).violations
        assert "smoothed inside, by 0.1" in violation.diagnosis
        assert check_backprop(f, costing(smoothed(cost, 0.1), network), X, Y).holds

    @pytest.mark.parametrize(("shared", "said"), [(False, "by 0.1 ("), (True, "by 0.1 that the")])
    def test_alike_on_all_networks_it_is_a_remark(self, shared, said):
        def error(a, y):
            return a - 0.9 * y - (0.1 / (len(y) - 1) * (1 - y) if shared else 0.1 / len(y))

        cases = battery(sigmoid, softmax, log_likelihood, targets="one-hot")
        report = check_on([cases[1], cases[-1]], passes(error))
        assert report.holds
        assert any(f"smoothed inside, {said}" in remark for remark in report.remarks)

    def test_shared_among_the_other_labels(self):
        f = passes(lambda a, y: a - 0.9 * y - 0.1 / 2 * (1 - y))
        (violation,) = check_backprop(f, START, X, Y).violations
        assert "smoothed inside, by 0.15" in violation.diagnosis

    def test_of_squares(self):
        network = costing(quadratic, Network([4, 6, 3], [sigmoid] * 2))
        f = passes(lambda a, y: (a - 0.9 * y - 0.1 / 3) * a * (1 - a), last=sigmoid)
        assert "smoothed inside, by 0.1" in check_backprop(f, network, X, Y).violations[0].diagnosis
        assert check_backprop(f, costing(smoothed(quadratic, 0.1), network), X, Y).holds


class TestCosts:
    """The costs that can be told."""

    def test_their_gradient_is_measured(self):
        a, h = START.forward(X).a[4], 1e-20
        for cost in (
            weighted(log_likelihood, WEIGHTS),
            over_valid(quadratic),
            smoothed(cross_entropy, 0.2),
        ):
            for j in range(3):
                push = a.astype(complex)
                push[j] += 1j * h
                moved = cost.value(push, SOME).imag / h
                assert np.allclose(moved, cost.gradient(a, SOME)[j], rtol=1e-12, atol=0)

    def test_for_whom_the_arguments_are_wrong(self):
        with pytest.raises(ValueError, match='mean: expected "weights" or "examples"'):
            weighted(log_likelihood, WEIGHTS, "m")
        with pytest.raises(ValueError, match="one for each of the 3 classes, got 2"):
            weighted(log_likelihood, [1, 2]).value(START.forward(X).a[4], Y)


OURS = """
import numpy as np
from test_other_cost import of_class, passes, sigmoid, sum_of_weights, valid

def inside(a, y):
    y = 0.9 * y + 0.1 / len(y)
    return a * y.sum(axis=0) - y

by_class = passes(of_class, sum_of_weights)
smooth = passes(inside)
easy = passes(lambda a, y: a - 0.9 * y - 0.1 / len(y))
positives = passes(lambda a, y: (1 - y) * a - 3 * y * (1 - a), last=sigmoid)
w = np.array([[3.0], [2.0]])
each = passes(lambda a, y: (1 - y) * a - w * y * (1 - a), last=sigmoid)
guarded = passes(
    lambda a, y: ((1 - y) / (1 - a + 1e-8) - y / (a + 1e-8)) * a * (1 - a), last=sigmoid
)
some = passes(lambda a, y: (a - y) * y.any(axis=0), valid)
"""


def clipped(a, y):
    """The binary cross-entropy as people report it: no logarithm of 0 is taken."""
    a = np.clip(a, 1e-3, 1 - 1e-3)
    return -(y * np.log(a) + (1 - y) * np.log(1 - a)).sum(axis=0)


def with_epsilon(a, y):
    """The same with an epsilon."""
    return -(y * np.log(a + 1e-6) + (1 - y) * np.log(1 - a + 1e-6)).sum(axis=0)


class TestGuardInTheCostAlone:
    """A pass with a - y is right for the cost without the guard, and that is said."""

    @pytest.mark.parametrize("function", [clipped, with_epsilon])
    @pytest.mark.parametrize("full", [False, True])
    def test_it_is_a_remark(self, function, full):
        own = passes(lambda a, y: a - y, full=full, last=sigmoid)
        cases = battery(sigmoid, sigmoid, cost_of(function))[:5]
        report = check_on(cases, own)
        assert report.holds, report
        (said,) = (text for text in report.remarks if "guard" in text)
        assert "is in the cost and not in the backward pass" in said
        assert "binary cross-entropy" in said

    def test_beside_a_fault(self):
        wrong = passes(lambda a, y: 2 * (a - y), last=sigmoid)
        report = check_on(battery(sigmoid, sigmoid, cost_of(with_epsilon))[:3], wrong)
        assert not report.holds

    def test_another_fault_is_seen(self):
        network = costing(cost_of(with_epsilon), Network([4, 5, 3], [sigmoid, sigmoid]))
        network = costing(network.cost, network)
        right = passes(lambda a, y: a - y, full=True, last=sigmoid)

        def backprop(*given):
            found = right(*given)
            found["nabla_w"][0][0] *= 2
            return found

        assert "BP4" in {v.equation for v in check_backprop(backprop, network, X, Y).violations}


def clip(a, epsilon):
    return np.clip(a, epsilon, 1 - epsilon)


def plain(z):
    return sigmoid(z)


def quotient(a, y, e=1e-7):
    return (clip(a, e) - y) / (clip(a, e) * (1 - clip(a, e))) * a * (1 - a)


class TestNoGuardInACostOfItsOwn:
    """The mean over two outputs is half the sum of squares, and over three it is another cost."""

    def test_a_wrong_sign_is_one(self):
        cost = cost_of(lambda a, y: ((a - y) ** 2).mean(axis=0))
        network = Network([4, 5, 3], cost=cost)
        wrong = Pass(names=NABLAS, bp1=lambda s, l: -2 / 3 * s.error(l))
        report = check_backprop(wrong, network, X, Y)
        assert {v.equation for v in report.violations} == {"BP1"}
        assert "guard" not in str(report)


class TestGuards:
    """A guard against 0 or overflow in a right pass is a remark that names it, and no fault."""

    def report(
        self,
        squash,
        error,
        full=False,
        over=lambda y: y.shape[1],
        decay=0.0,
        on=("saturated",),
        bp2=by_a,
        **lines,
    ):
        lines |= {"a": lambda s, l: squash(s.z[l]), "bp2": bp2}
        guarded = passes(error, over, full, decay=decay, **lines)
        cases = [c for c in battery(sigmoid, sigmoid, cross_entropy) if c.name in on]
        return check_on(cases, guarded)

    @pytest.mark.parametrize(
        ("squash", "error", "says"),
        [
            (lambda z: clip(sigmoid(z), 1e-7), lambda a, y: a - y, "a is clipped at 1e-07"),
            (lambda z: sigmoid(np.clip(z, -20, 20)), lambda a, y: a - y, "z is clipped at 20"),
            (plain, quotient, "a is clipped at 1e-07 and 1 - 1e-07 in delta^L"),
            (plain, lambda a, y: clip(a, 1e-12) - y, "a is clipped at 1e-12"),
            (lambda z: clip(sigmoid(z), 3e-9), lambda a, y: a - y, "a is clipped at 3e-09"),
            (lambda z: sigmoid(np.clip(z, -9.75, 9.75)), lambda a, y: a - y, "z is clipped at 9.7"),
            (plain, lambda a, y: clip(a, 9e-4) - y, "a is clipped at 0.0009"),
            (plain, lambda a, y: (a - y) / (a * (1 - a) + 1e-5) * a * (1 - a), "1e-05 is added"),
        ],
    )
    @full
    def test_it_is_a_remark(self, squash, error, says, full):
        report = self.report(squash, error, full)
        assert report.holds
        assert any(remark.startswith(says) for remark in report.remarks)

    def test_beside_weight_decay(self):
        on = "rectangular", "square", "saturated"
        squash = lambda z: sigmoid(np.clip(z, -20, 20))  # noqa: E731
        report = self.report(squash, lambda a, y: a - y, decay=0.01, on=on)
        assert report.holds
        assert "0.01 w is added" in report.told[0]

    @pytest.mark.parametrize(
        ("bound", "a", "slope"),
        [
            (30, softplus, lambda z: sigmoid(np.clip(z, -30, 30))),
            (
                20,
                lambda z: np.where(z > 20, z, softplus(z)),
                lambda z: np.where(z > 20, 1, sigmoid(z)),
            ),
            (20, lambda z: np.where(z > 20, z, softplus(z)), sigmoid),
        ],
    )
    def test_of_softplus(self, bound, a, slope):
        cut_off = passes(
            lambda a, y: a - y,
            last=sigmoid,
            a=lambda s, l: sigmoid(s.z[l]) if l == s.L else a(s.z[l]),
            bp2=lambda s, l: s.back(l) * slope(s.z[l]),
        )
        report = check_on(battery(softplus, sigmoid, cross_entropy)[3:5], cut_off)
        assert report.holds, report
        assert any(f"above {bound} or below" in remark for remark in report.remarks)

    @full
    @pytest.mark.parametrize("error", [
        lambda a, y: (a - y) / (a * (1 - a) + 3e-8) * a * (1 - a),
        lambda a, y: ((1 - y) / (1 - a + 3e-8) - y / (a + 3e-8)) * a * (1 - a),
    ])  # fmt: skip
    def test_it_has_one_number_on_all_networks(self, error, full):
        """Of one output it may be another, and of few numbers any of few digits."""
        on = "rectangular", "saturated", "narrow", "one example"
        report = self.report(plain, error, full, on=on)
        assert report.holds, report
        (said,) = (remark for remark in report.remarks if "is added" in remark)
        assert said.startswith("3e-08 ")

    def test_in_the_logarithms_of_softmax(self):
        """What differs from network to network by the last digits of an epsilon is one epsilon."""

        def bp1(s, l):
            g = -s.y / (s.a[l] + 4e-7)
            return s.a[l] * (g - (g * s.a[l]).sum(axis=0))

        cases = battery(sigmoid, softmax, log_likelihood)[:6]
        report = check_on(cases, Pass(output=softmax, names=NABLAS, bp1=bp1))
        assert report.holds, report
        assert sum("4e-07 is added inside" in said for said in report.told) == 1
        assert not any("classes count" in said for said in report.told)

    @pytest.mark.parametrize("error", [
        lambda a, y: (a - y) / (a * (1 - a) + 1e-5) * a * (1 - a),
        lambda a, y: ((1 - y) / (1 - a + 1e-5) - y / (a + 1e-5)) * a * (1 - a),
    ])  # fmt: skip
    def test_networks_that_round_it_otherwise_share_it(self, error):
        """On one of them 1 - a loses digits, so that only a number just beside it fits there."""
        report = self.report(plain, error, on=("rectangular", "saturated"))
        assert report.holds, report
        assert sum("1e-05 is added" in remark for remark in report.remarks) == 1

    def test_a_later_call_is_judged_with_the_same(self):
        """There a z lies between the bound and a rounder number, which the first call allows."""

        def cut(z, of, beyond):
            return np.where(z > 17, beyond, of(z))

        right = Pass(
            softplus, names=NABLAS, bp1=lambda s, l: s.a[l] - s.y,
            a=lambda s, l: sigmoid(s.z[l]) if l == s.L else cut(s.z[l], softplus, s.z[l]),
            bp2=lambda s, l: s.back(l) * cut(s.z[l], sigmoid, 1),
        )  # fmt: skip
        report = check_on(battery(softplus, sigmoid, cross_entropy)[3:5], right)
        assert report.holds, report
        (said,) = (remark for remark in report.remarks if "softplus" in remark)
        assert re.search(r"any number from 1[5-6][.\d]* to 1[7-9][.\d]* fits", said)

    @full
    @pytest.mark.parametrize(
        ("on", "broken"), [(("rectangular",), set()), (("rectangular", "square", "wide"), {"BP1"})]
    )
    def test_what_has_no_number_in_common_is_none(self, on, broken, full):
        """Here it depends on the number of neurons."""

        def error(s, l):
            a, e = s.a[l], 1e-6 * len(s.w[2])
            return (a - s.y) / (a * (1 - a) + e) * a * (1 - a)

        cases = [c for c in battery(sigmoid, sigmoid, cross_entropy) if c.name in on]
        names = EVERYTHING if full else NABLAS
        report = check_on(cases, Pass(names=names, bp1=error))
        assert {v.equation for v in report.found} == broken
        assert any("is added" in remark for remark in report.remarks) == (not broken)

    @pytest.mark.parametrize("layer", [2, 3])
    @full
    def test_in_one_layer_alone(self, layer, full):
        def a(s, l):
            return sigmoid(np.clip(s.z[l], -15, 15) if l == layer else s.z[l])

        cases = [c for c in battery(sigmoid, sigmoid, cross_entropy) if c.name == "saturated"]
        right = passes(lambda a, y: a - y, full=full, last=sigmoid, a=a, bp2=by_a)
        report = check_on(cases, right)
        assert report.holds, report
        assert any(f"in layer {layer} of the hidden ones alone" in said for said in report.told)

    def test_digits_that_it_loses_are_no_formulas(self):
        def quotient(a, y):
            return (a - y) / (a * (1 - a) + 1e-10) * a * (1 - a)

        report = self.report(plain, quotient, on=("rectangular", "saturated"))
        assert report.holds, report
        assert not any("lost digits" in said for said in report.told)

    @pytest.mark.parametrize("epsilon", [1e-5, 1e-8])
    def test_it_is_no_lost_precision(self, epsilon):
        """On huge inputs both would explain it, and on the others only the guard."""

        def of_more(z):
            e = np.exp(z - z.max(axis=0))
            return e / (e.sum(axis=0) + epsilon)

        squash = lambda s, l: of_more(s.z[l]) if l == s.L else sigmoid(s.z[l])  # noqa: E731
        right = passes(lambda a, y: a - y, a=squash)
        cases = [c for c in battery(sigmoid, softmax, log_likelihood) if c.name in ("huge", "wide")]
        report = check_on(cases, right)
        assert report.holds, report
        assert not any("precision" in said for said in report.told)
        assert sum(said.startswith(f"{epsilon:g} is added") for said in report.told) == 1

    @pytest.mark.parametrize(
        ("fault", "broken"),
        [
            ({"bp2": lambda s, l: s.back(l)}, {("BP2", 2), ("BP2", 3)}),
            ({"error": lambda a, y: (a - y) * a * (1 - a)}, {("BP1", 4)}),
            ({"bp3": lambda s, l: s.delta[l][:, :1]}, {("BP3", 2), ("BP3", 3), ("BP3", 4)}),
        ],
    )
    @full
    def test_beside_a_fault_the_fault_alone_is_blamed(self, fault, broken, full):
        how = {"error": lambda a, y: a - y, "on": ("saturated", "huge"), "full": full} | fault
        report = self.report(lambda z: sigmoid(np.clip(z, -20, 20)), **how)
        assert {(v.equation, v.layer) for v in report.found} == broken
        assert any(remark.startswith("z is clipped at 20") for remark in report.remarks)

    @pytest.mark.parametrize(
        ("squash", "error", "over"),
        [
            (plain, lambda a, y: clip(a, 5e-3) - y, lambda y: y.shape[1]),
            (plain, lambda a, y: clip(a, 0.1) - y, lambda y: y.shape[1]),
            (plain, quotient, lambda y: 2 * y.shape[1]),
            (plain, lambda a, y: quotient(a, y) * (1 + 1e-6), lambda y: y.shape[1]),
        ],
    )
    def test_beside_a_fault_it_is_none(self, squash, error, over):
        assert self.report(squash, error, over=over).found


SINGLE = np.float32


class InSingle(Pass):
    """A pass of which all is in single precision, the targets too."""

    def __call__(self, w, b, x, y):
        return super().__call__(w, b, x, y.astype(SINGLE))


def in_single(output, **lines):
    """The report of it on one ordinary network."""
    costs = {sigmoid: cross_entropy, softmax: log_likelihood}
    case = battery(sigmoid, output, costs[output])[0]
    right = InSingle(output=output, names=NABLAS, dtype=SINGLE, **({"bp2": by_a} | lines))
    return check_backprop(right, case.network, case.x, case.y)


def more(e):
    """softmax with this added to its sum."""
    return lambda z: np.exp(z - z.max(axis=0)) / (np.exp(z - z.max(axis=0)).sum(axis=0) + e)


class TestGuardsInSinglePrecision:
    """There a guard of any number is told from a fault by how it moves each number, or not at all.

    An epsilon moves them by a part that depends on a (1 - a) or on the sum, a fault by one part.
    """

    ERRORS = (
        lambda a, y, e: (a - y) / (a * (1 - a) + e) * a * (1 - a),
        lambda a, y, e: ((1 - y) / (1 - a + e) - y / (a + e)) * a * (1 - a),
    )

    @pytest.mark.parametrize("error", ERRORS)
    @pytest.mark.parametrize("e", [1.5e-7, 3e-6, 2e-5, 7e-5])
    def test_right(self, error, e):
        assert in_single(sigmoid, bp1=lambda s, l: error(s.a[l], s.y, SINGLE(e))).status == 0

    @pytest.mark.parametrize("e", [1.5e-7, 3e-6, 2e-5, 7e-5, 3e-4])
    def test_of_softmax_nothing_is_blamed(self, e):
        def a(s, l):
            return more(SINGLE(e))(s.z[l]) if l == s.L else sigmoid(s.z[l]).astype(SINGLE)

        report = in_single(softmax, bp1=lambda s, l: s.a[l] - s.y, a=a)
        assert not report.violations
        assert report.holds or "these numbers are what both give" in report.problems[0]

    @pytest.mark.parametrize("c", [0.999, 0.9999, 1.0001, 1.001])
    @pytest.mark.parametrize(
        ("output", "bp1"),
        [
            (sigmoid, lambda a, y, c: c * (a - y)),
            (sigmoid, lambda a, y, c: c * a - y),
            (sigmoid, lambda a, y, c: a - c * y),
            (softmax, lambda a, y, c: c * a - y),
        ],
    )
    def test_a_factor_is_never_accepted(self, output, bp1, c):
        report = in_single(output, bp1=lambda s, l: bp1(s.a[l], s.y, SINGLE(c)))
        assert not report.holds
        assert report.violations or "these numbers are what both give" in report.problems[0]

    def test_what_one_network_takes_for_a_guard_is_a_fault_on_the_others(self):
        wrong = InSingle(
            output=softmax, names=NABLAS, dtype=SINGLE, bp2=by_a,
            bp1=lambda s, l: SINGLE(0.999) * s.a[l] - s.y,
        )  # fmt: skip
        report = check_on(battery(sigmoid, softmax, log_likelihood), wrong)
        assert {(v.equation, v.layer) for v in report.violations} == {("BP1", 4)}
        assert not any("is added" in said for said in report.told)


def softmax_with(e):
    """softmax where this is added to its sum, in single precision."""
    return lambda s, l: (more(SINGLE(e)) if l == s.L else sigmoid)(s.z[l]).astype(SINGLE)


def in_logarithms(e):
    """BP1 step by step, where this is added to p in ln p."""

    def bp1(s, l):
        g = -s.y / (s.a[l] + SINGLE(e))
        return s.a[l] * (g - (g * s.a[l]).sum(axis=0))

    return bp1


class TestGuardsOfAllNetworksTogether:
    """What rounding hides from each network a battery shows: a guard it finds there is no fault."""

    ORDINARY = "rectangular", "square", "one example", "soft targets", "narrow", "raw inputs"

    def report(self, output, *others, **lines):
        cost = {sigmoid: cross_entropy, softmax: log_likelihood}[output]
        cases = [c for c in battery(sigmoid, output, cost) if c.name in (*self.ORDINARY, *others)]
        return check_on(cases, InSingle(output=output, names=NABLAS, dtype=SINGLE, **lines))

    @pytest.mark.parametrize("e", [1e-6, 3e-6])
    def test_in_a_denominator(self, e):
        def bp1(s, l):
            slope = s.a[l] * (1 - s.a[l])
            return (s.a[l] - s.y) / (slope + SINGLE(e)) * slope

        report = self.report(sigmoid, bp1=bp1, bp2=by_a)
        assert report.holds
        assert sum(said.startswith(f"{e:g} is added to a (1 - a)") for said in report.told) == 1

    def test_where_single_precision_rounds_the_largest_upwards(self):
        bp1 = lambda s, l: np.clip(s.a[l], SINGLE(1e-3), SINGLE(1 - 1e-3)) - s.y  # noqa: E731
        assert self.report(sigmoid, "saturated", bp1=bp1, bp2=by_a).holds

    @pytest.mark.parametrize(("e", "status"), [(2e-5, 2), (1e-3, 0)])
    def test_in_the_sum_of_softmax(self, e, status):
        """An epsilon whose number rounding hides is not told from a factor, and that is said."""
        lines = {"bp1": lambda s, l: s.a[l] - s.y, "bp2": by_a, "a": softmax_with(e)}
        report = self.report(softmax, "multi-hot targets", **lines)
        assert report.status == status, report
        assert not report.found

    def test_in_the_logarithms_of_softmax(self):
        report = self.report(softmax, "huge", bp1=in_logarithms(1e-5), bp2=by_a)
        assert report.holds, report

    def test_a_clip_beside_targets_that_do_not_sum_to_1(self):
        bp1 = lambda s, l: np.clip(s.a[l], SINGLE(1e-5), SINGLE(1 - 1e-5)) - s.y  # noqa: E731
        report = self.report(softmax, "saturated", "multi-hot targets", bp1=bp1, bp2=by_a)
        assert report.holds, report

    def test_where_only_targets_are_doubles_one_network_cannot_tell(self):
        """Nothing is blamed then, and a factor is."""

        def report(c):
            lines = {"bp1": lambda s, l: SINGLE(c) * (s.a[l] - s.y), "bp2": by_a}
            right = Pass(output=softmax, names=NABLAS, dtype=SINGLE, a=softmax_with(1e-6), **lines)
            case = battery(sigmoid, softmax, log_likelihood)[2]
            return check_backprop(right, case.network, case.x, case.y)

        assert report(1).status == 2
        assert "run it in double precision to see which" in report(1).problems[0]
        assert "BP1" in {v.equation for v in report(0.999).violations}

    def test_what_saturated_examples_hide_alone_is_no_average(self):
        """There BP1 seems to hold, and BP3 and BP4 to be broken; other networks know better."""
        wrong = InSingle(
            names=NABLAS, dtype=SINGLE, bp2=by_a, bp1=lambda s, l: SINGLE(0.999) * (s.a[l] - s.y)
        )
        cases = battery(sigmoid, sigmoid, cross_entropy)[:4]
        report = check_on(cases, wrong)
        assert {(v.equation, v.layer) for v in report.violations} == {("BP1", 4)}

    def test_beside_it_a_factor_is_blamed(self):
        bp1 = lambda s, l: SINGLE(1.00003) * (s.a[l] - s.y)  # noqa: E731
        report = self.report(sigmoid, bp1=bp1, bp2=by_a)
        assert {(v.equation, v.layer) for v in report.violations} == {("BP1", 4)}


def few(output, outputs, cost, m=6, scale=0.3):
    """A small network whose outputs are much alike, and a batch for it."""
    random = np.random.default_rng(1)
    shapes = [(4, 3), (outputs, 4)]
    w, b = (
        [scale * random.standard_normal(s) for s in of] for of in (shapes, [(4, 1), (outputs, 1)])
    )
    y = np.eye(outputs + 1)[1:, random.integers(0, outputs + 1, m)]
    network = Network.from_arrays(w, b, [sigmoid, output], cost)
    return network, random.standard_normal((3, m)), y


class TestNoGuards:
    """What a guard would explain as well as a common fault is the fault."""

    @pytest.mark.parametrize("little", [1e-3, 1e-4])
    @pytest.mark.parametrize("scale", [0.1, 0.3])
    def test_a_factor_in_single_precision(self, little, scale):
        network, x, y = few(sigmoid, 1, cross_entropy, scale=scale)
        bp1 = lambda s, l: (s.a[l] - s.y.astype(SINGLE)) * SINGLE(1 - little)  # noqa: E731
        report = check_backprop(Pass(names=NABLAS, dtype=SINGLE, bp1=bp1), network, x, y)
        assert not report.holds

    @pytest.mark.parametrize("outputs", [2, 3])
    def test_a_factor_of_the_outputs(self, outputs):
        network, x, y = few(softmax, outputs, log_likelihood)
        y[0] += 1 - y.sum(axis=0)
        bp1 = lambda s, l: s.a[l] * SINGLE(1 - 1e-4) - s.y.astype(SINGLE)  # noqa: E731
        wrong = Pass(output=softmax, names=NABLAS, dtype=SINGLE, bp1=bp1)
        assert not check_backprop(wrong, network, x, y).holds

    @pytest.mark.parametrize("m", [1, 2])
    def test_a_number_alone_tells_none(self, m):
        network, x, y = few(sigmoid, 1, cross_entropy, m, scale=1.0)

        def a(s, l):
            return sigmoid(s.z[l]) * (1 - 1e-5 * (l < s.L))

        wrong = Pass(names=NABLAS, a=a, bp1=lambda s, l: s.a[l] - s.y, bp2=by_a)
        report = check_backprop(wrong, network, x, y)
        assert {(v.equation, v.layer) for v in report.found} == {("forward a", 2)}


LOSE = {
    sigmoid: lambda z: (1 + np.tanh(z / 2)) / 2,
    tanh: lambda z: 2 * sigmoid(2 * z) - 1,
    softplus: lambda z: np.where(z > 80, z, np.log(1 + np.exp(np.minimum(z, 80)))),
}
"""Formulas of activations in which digits are lost to a 1."""


class TestLostDigits:
    """A formula whose digits are lost to a 1 is right to within rounding beside 1."""

    def report(self, sigma, dtype=float, **fault):
        def own(s, l):
            a = LOSE[sigma](s.z[l]) if l < s.L else LOSE[sigmoid](s.z[l])
            return a.astype(dtype)

        lines = {"bp1": lambda s, l: s.a[l] - s.y.astype(dtype), "a": own} | fault
        cases = battery(sigma, sigmoid, cross_entropy)
        return check_on(cases[3:5], Pass(sigma, names=NABLAS, dtype=dtype, **lines))

    @pytest.mark.parametrize("sigma", LOSE, ids=repr)
    @pytest.mark.parametrize("dtype", [float, np.float32])
    def test_it_holds(self, sigma, dtype):
        assert self.report(sigma, dtype).holds

    @pytest.mark.parametrize("sigma", LOSE, ids=repr)
    def test_a_fault_beside_it_is_blamed_alone(self, sigma):
        report = self.report(sigma, bp2=lambda s, l: s.back(l))
        assert {v.equation for v in report.found} == {"BP2"}

    def test_next_to_nothing_is_no_weight_decay(self):
        def bp4(s, l):
            right = s.delta[l] @ s.a[l - 1].T / s.m
            return right + 1e-13 * np.eye(*right.shape)

        report = self.report(sigmoid, bp4=bp4)
        assert {v.equation for v in report.found} == {"BP4"}
        assert "weight decay" not in str(report)

    def test_beside_a_pos_weight(self):
        def weighted(s, l):
            return (1 - s.y) * s.a[l] - 3 * s.y * (1 - s.a[l])

        report = self.report(sigmoid, bp1=weighted)
        assert report.holds
        assert any("counts 3 times" in remark for remark in report.remarks)

    def test_less_than_rounding_beside_1_is_all_that_is_lost(self):
        report = self.report(sigmoid, a=lambda s, l: LOSE[sigmoid](s.z[l]) + 1e-13)
        assert not report.holds


class TestOnTheCommandLine:
    """--class-weights, --mean, --smoothing, --pos-weight and --guard."""

    @pytest.mark.parametrize(
        "told",
        [
            "by_class --class-weights 1,2,5",
            "smooth --smoothing 0.1 --targets one-hot",
            "easy --smoothing 0.1",
            "some --mean valid --targets one-hot",
            "positives --pos-weight 3 --output sigmoid --cost cross_entropy --batch 5",
            "each --pos-weight 3,2 --output sigmoid --cost cross_entropy",
            "each --pos-weight 3,2 --output sigmoid --cost cross_entropy --sizes 4,5,2",
            "guarded --guard 1e-8 --output sigmoid --cost cross_entropy --batch 5",
        ],
    )
    def test_it_holds(self, told, tmp_path, monkeypatch, capfd):
        monkeypatch.setenv("PYTHONPATH", __file__.rpartition("/")[0], prepend=":")
        path = tmp_path / "ours.py"
        path.write_text(OURS)
        name, *options = told.split()
        how = ["--output", "softmax", "--cost", "log_likelihood", *options]
        assert check.main([f"{path}:{name}", *how]) == 0, capfd.readouterr().out
        assert "is added inside" not in (said := capfd.readouterr().out)
        assert "counts 3 times" not in said

    @pytest.mark.parametrize(
        ("options", "says"),
        [
            ("--pos-weight 3", "--pos-weight: expected --cost cross_entropy, got quadratic"),
            ("--guard 1e-8", "--guard: expected --cost cross_entropy or log_likelihood, got quad"),
            (
                "--guard 1e-8 --pos-weight 3 --cost cross_entropy",
                "--guard and --pos-weight: expected one of the two, got both",
            ),
            (
                "--pos-weight 3,2 --cost cross_entropy --sizes 3,5,4",
                "--pos-weight: expected one number, or 4, one for each output, got 2",
            ),
            ("--pos-weight 3,-2", "expected numbers above 0, such as 1,2,0.5, got '3,-2'"),
        ],
    )
    def test_what_does_not_fit_is_named(self, options, says, capfd):
        with pytest.raises(SystemExit, match="2"):
            check.main(["math:sin", *options.split()])
        assert says in capfd.readouterr().err
