"""Right code in another convention than the contract's: recognised, named, and never called broken.

Each pass below is the textbook's, written as people write it.
"""

from functools import cache

import numpy as np
import pytest
from styles import matrices
from textbook import EVERYTHING, NABLAS, Pass, a_minus_y, by_a

from proofs import Network, check_backprop, check_on, log_likelihood, quadratic, sigmoid, softmax
from proofs.adapters import activation_of, from_params, from_update
from proofs.checker.battery import battery
from proofs.checker.judging.left_over import Penalty
from proofs.checker.report import merged
from proofs.cli.options import activations
from proofs.measuring.cases import Case
from proofs.network.activations import leaky, leaky_relu, linear, relu


def everything(*given, last=None):
    """The textbook's pass with sigmoids; the output and its error are those of `last`."""
    if last is None:
        return Pass()(*given)
    return Pass(output=softmax, bp1=lambda s, l: last(s.a[l], s.y))(*given)


def changed(letters=("nabla_b", "nabla_w"), alone=True, **change):
    """The textbook's pass with each array of some letters changed, given the batch."""

    def backprop(weights, biases, x, y):
        found = everything(weights, biases, x, y)
        for letter in letters:
            found[letter] = [change["by"](v, x, y) for v in found[letter]]
        return (found["nabla_b"], found["nabla_w"]) if alone else found

    return backprop


def in_form(form):
    """The textbook's gradients in another form, made of (nabla_b, nabla_w)."""

    return lambda *given: form(*Pass(names=NABLAS)(*given))


BATTERY = battery(sigmoid, sigmoid, quadratic)[:5]
"""Enough networks to agree or not, among them one with one example."""
CLASSIFIERS = battery(sigmoid, softmax, log_likelihood)


def batch_size(x, _):
    """m, which a sum over the examples is too large by."""
    return x.shape[1]


def one(sizes=(4, 5, 3), m=7):
    random = np.random.default_rng(0)
    return Network(sizes), random.standard_normal((sizes[0], m)), random.random((sizes[-1], m))


class TestClassifier:
    """Softmax with its log-likelihood, a - y: right for targets that sum to 1.

    One of the cases that were handed in expects a flag; that was the false alarm of nearly every
    classifier, whose targets are one-hot. So it holds, and a remark says what it needs; with
    `targets="multi-hot"` it is broken.
    """

    def classifier(self, error):
        return Pass(output=softmax, names=NABLAS, bp1=lambda s, l: error(s.a[l], s.y))

    def test_it_holds_with_a_remark(self):
        report = check_on(CLASSIFIERS[:7], self.classifier(lambda a, y: a - y))
        assert report.status == 0
        assert "right for targets that sum to 1" in str(report)

    def test_targets_can_be_asked_for(self):
        f = self.classifier(lambda a, y: a - y)
        assert check_on(CLASSIFIERS[:7], f, targets="multi-hot").status == 1
        for targets in ("one-hot", "soft"):
            cases = battery(sigmoid, softmax, log_likelihood, targets=targets)
            report = check_on(cases, f, targets=targets)
            assert report.holds
            assert "targets" not in str(report)

    def test_labels(self):
        f = self.classifier(lambda a, y: a - np.eye(len(y))[:, y.argmax(axis=0)])
        report = check_on(CLASSIFIERS[:7], f)
        assert report.holds
        assert "right for one-hot targets" in str(report)

    def test_labels_without_softmax(self):
        """Of one output the label is always 0: that network is left out, as soft targets are."""

        def of_labels(weights, biases, x, y):
            return Pass(names=NABLAS)(weights, biases, x, np.eye(len(y))[:, y.argmax(axis=0)])

        cases = battery(sigmoid, sigmoid, quadratic)
        names = "rectangular", "narrow", "soft targets"
        report = check_on([c for c in cases if c.name in names], of_labels)
        assert report.holds
        assert "right for one-hot targets" in str(report)
        assert check_on([c for c in cases if c.name == "narrow"], of_labels).status == 1

    def test_another_fault_is_still_one(self):
        report = check_on(CLASSIFIERS[:7], self.classifier(lambda a, y: (a - y) * a * (1 - a)))
        assert report.status == 1
        assert "delta^L is a - y" not in str(report)

    @pytest.mark.parametrize("alone", [True, False])
    @pytest.mark.parametrize(
        ("equation", "letter", "by"),
        [
            ("BP3", "nabla_b", lambda v, m: m * v),
            ("BP3", "nabla_b", lambda v, m: v + 1e-4),
            ("BP4", "nabla_w", lambda v, m: 1.01 * v),
        ],
        ids=["sum", "constant", "factor"],
    )
    def test_beside_another_fault_it_is_none(self, equation, letter, by, alone):
        """The networks whose targets do not sum to 1 are left out, and that is said."""
        names = ("rectangular", "one example", "multi-hot targets")
        cases = [c for c in CLASSIFIERS if c.name in names]

        def backprop(w, b, x, y):
            found = everything(w, b, x, y, last=lambda a, y: a - y)
            found[letter] = [by(v, x.shape[1]) for v in found[letter]]
            return [found[k] for k in ("nabla_b", "nabla_w")] if alone else found

        report = check_on(cases, backprop)
        assert {v.equation for v in report.violations} == {equation}
        assert "right for targets that sum to 1" in str(report)
        assert "BP1" in str(check_on(cases, backprop, targets="multi-hot").summary)

    def test_the_words_of_a_fault_in_bp1_are_not_lost(self):
        cases = [c for c in CLASSIFIERS if c.name in ("rectangular", "multi-hot targets")]
        report = check_on(cases, self.classifier(lambda a, y: y - a))
        assert [v.diagnosis for v in report.violations] == ["the sign is wrong"]

    def test_rounding_beside_it_is_no_fault(self):
        """Slopes in single precision are not told from a fault where delta^L is not right."""
        cases = [
            c for c in CLASSIFIERS if c.name in ("rectangular", "soft targets", "multi-hot targets")
        ]

        def back(s, l):
            return s.back(l) * (s.a[l] * (1 - s.a[l])).astype(np.float32)

        right = Pass(output=softmax, names=NABLAS, bp1=a_minus_y, bp2=back)
        report = check_on(cases, right)
        assert report.holds
        assert "as if in single precision" in str(report)
        assert "right for targets that sum to 1" in str(report)

    def test_on_targets_that_were_chosen_it_is_wrong(self):
        case = next(c for c in CLASSIFIERS if c.name == "multi-hot targets")
        f = self.classifier(lambda a, y: a - y)
        assert not check_backprop(f, case.network, case.x, case.y).holds


class TestTargetsOfOtherExamples:
    """Targets in another order along the examples are BP1, with gradients alone too.

    Each example alone is right then, and what the batch returned seldom determines its deltas.
    """

    @pytest.mark.parametrize("alone", [True, False])
    @pytest.mark.parametrize("name", ["saturated", "narrow", "raw inputs", "huge", "wide"])
    @pytest.mark.parametrize(
        ("order", "says"),
        [
            (lambda y: np.roll(y, 1, axis=1), "shifted by one"),
            (lambda y: np.roll(y, -1, axis=1), "shifted by one"),
            (lambda y: y[:, ::-1], "in reverse order"),
        ],
    )
    def test_the_equation_and_the_words(self, order, says, name, alone):
        case = next(c for c in CLASSIFIERS if c.name == name)

        names = NABLAS if alone else EVERYTHING
        wrong = Pass(output=softmax, names=names, bp1=lambda s, l: s.a[l] - order(s.y))
        (violation,) = check_backprop(wrong, case.network, case.x, case.y).violations
        assert violation.place == "BP1 at layer 4"
        if name != "narrow":  # two examples are shifted by one, in reverse order too
            assert says in violation.diagnosis


class TestAnotherSlope:
    """A rectifier that leaks by another slope than 0.01: found out, named, and can be told."""

    def passes(self, slope, back, alone):
        return Pass(
            leaky(slope),
            names=NABLAS if alone else EVERYTHING,
            bp1=by_a,
            bp2=lambda s, l: s.back(l) * np.where(s.z[l] > 0, 1, back),
        )

    X, Y = np.random.default_rng(0).standard_normal((4, 7)), np.eye(3)[:, [0, 1, 2, 0, 1, 2, 0]]

    def report(self, rectifier, *how):
        network = Network([4, 6, 5, 3], [rectifier, rectifier, sigmoid], quadratic)
        return check_backprop(self.passes(*how), network, self.X, self.Y)

    @pytest.mark.parametrize("alone", [False, True])
    @pytest.mark.parametrize("slope", [0.2, 0.3, 1 / 3])
    def test_found_and_told(self, slope, alone):
        report = self.report(leaky_relu, slope, slope, alone)
        assert report.holds
        assert f"--hidden leaky_relu:{slope:.6g}" in str(report)
        (told,) = activations(f"leaky_relu:{slope}")
        assert self.report(told, slope, slope, alone).told == report.told[1:]

    @pytest.mark.parametrize("alone", [False, True])
    def test_another_one_on_the_way_back_is_wrong(self, alone):
        assert self.report(leaky_relu, 0.2, 0.3, alone).status == 1
        assert {v.equation for v in self.report(leaky(0.2), 0.2, 0.3, alone).violations} == {"BP2"}


class TestSlopeOfSiLU:
    """What is left out of the slope of an activation of one's own, z sigmoid(z), has words."""

    @pytest.mark.parametrize(
        ("slope", "says"),
        [
            (lambda s, z: s, "the second term is missing"),
            (lambda s, z: z * s * (1 - s), "the first term is missing"),
            (lambda s, z: s + z * (1 - s), "a factor sigmoid(z) is missing"),
            (lambda s, z: s + s * (1 - s), "z is missing"),
            (lambda s, z: z * s + s * (1 - s), "sigmoid(z) stands for that a"),
            (
                lambda s, z: 0.5 + (z + np.sinh(z) / (4 * np.cosh(z / 2) ** 2)),
                "the z stands before the fraction",
            ),
        ],
    )
    def test_named(self, slope, says):
        def silu(z):
            return z / (1 + np.exp(-z))

        network = Network([4, 5, 3], [activation_of(silu), linear], quadratic, seed=0)
        wrong = Pass(
            output=linear,
            a=lambda s, l: s.z[l] if l == s.L else silu(s.z[l]),
            bp2=lambda s, l: s.back(l) * slope(sigmoid(s.z[l]), s.z[l]),
        )
        x = np.random.default_rng(0).standard_normal((4, 3))
        (violation,) = check_backprop(wrong, network, x, np.eye(3)).violations
        assert violation.place == "BP2 at layer 2"
        assert says in violation.diagnosis
        assert "softplus" not in violation.diagnosis


class TestUpToOneConstant:
    """Gradients that are right but for one factor: a verdict of its own, named by what it is."""

    @staticmethod
    @cache
    def report(by, alone):
        """The report on gradients that are all multiplied by the same number of the batch.

        The sum over the examples on all networks, what is rarer on every second one.
        """
        networks = BATTERY if by is batch_size else BATTERY[::2]
        return check_on(networks, changed(alone=alone, by=lambda v, x, y: by(x, y) * v))

    @pytest.mark.parametrize("alone", [True, False])
    @pytest.mark.parametrize(
        ("factor", "said"),
        [
            (batch_size, "a sum over the examples"),
            (lambda x, y: 2.0, "twice as large"),
            (lambda x, y: 2 / len(y), "the mean of the squares over the outputs"),
            (lambda x, y: 2 * x.shape[1], "2 m times"),
            (lambda x, y: 1 / y.size, "averaged over the outputs as well"),
            (lambda x, y: 1 / len(x), "number of inputs"),
        ],
    )
    def test_named(self, factor, said, alone):
        report = self.report(factor, alone)
        assert (report.status, report.violations, report.holds) == (2, (), False)
        assert report.scaled
        assert said in report.scale.diagnosis
        assert "Broken" not in str(report)
        assert "WRONG" not in str(report)

    @pytest.mark.parametrize("alone", [True, False])
    def test_no_formula_that_fits_one_network_hides_it(self, alone):
        """On one neuron a sum over the neurons is what it was; the factor fits everywhere."""
        report = self.report(batch_size, alone)
        assert all("a sum over the examples" in v.diagnosis for v in report.scaled)

    def test_not_beside_another_fault(self):
        """Where one network shows a fault, what is scaled on another stands among the faults."""
        scaled = check_backprop(changed(by=lambda v, x, y: 2 * v), *one())
        broken = check_backprop(in_form(lambda b, w: (b, [2 * w[0], w[1]])), *one())
        both = merged([scaled, broken])
        assert (both.status, both.scaled, both.scale) == (1, (), None)
        places = {v.place for v in (*scaled.scaled, *broken.violations)}
        assert {v.place for v in both.violations} == places

    def test_programs_are_told(self):
        found = check_backprop(changed(by=lambda v, x, y: 2 * v), *one()).as_json()
        assert (found["holds"], found["violations"]) == (False, [])
        assert {v["equation"] for v in found["scaled"]} == {"BP1"}

    def test_without_biases(self):
        report = check_on(BATTERY, in_form(lambda b, w: {"nabla_w": [14 * v for v in w]}))
        assert report.status == 2
        assert not report.violations

    @pytest.mark.parametrize("c", [-1, -2])
    def test_not_the_sign(self, c):
        assert check_on(BATTERY[::2], changed(by=lambda v, x, y: c * v)).status == 1

    def test_not_the_sign_of_an_update(self):
        """A step that goes up is no gradient that is multiplied by a rate."""

        def up(weights, biases, x, y):
            found = everything(weights, biases, x, y)
            for of, letter in ((weights, "nabla_w"), (biases, "nabla_b")):
                for v, g in zip(of, found[letter], strict=True):
                    v += 0.5 * g

        report = check_backprop(from_update(up, rate=0.5), *one())
        assert [v.equation for v in report.violations] == ["BP1"]

    def test_the_change_of_a_step(self):
        report = check_on(BATTERY[::2], changed(by=lambda v, x, y: -0.1 * v))
        assert (report.status, report.violations) == (2, ())
        assert "a learning rate of 0.1 adds to weights and biases" in report.scale.diagnosis

    def test_one_factor_is_read_alike_in_all_layers_and_all_calls(self):
        """0.1 is 1/(2 m) of five examples and 1/(2 n_l) of five neurons, and is neither."""
        tenth = Pass(names=NABLAS, bp4=lambda s, l: 0.1 * s.delta[l] @ s.a[l - 1].T / s.m)
        report = check_backprop(tenth, *one((4, 5, 5, 3)))
        assert {v.diagnosis for v in report.violations} == {"it is 0.1 times what it should be"}

    def test_the_neurons_of_a_layer_are_no_outputs_where_widths_differ(self):
        """On square layers both fit, and which of them it is shows on the other networks."""
        over = Pass(names=NABLAS, bp4=lambda s, l: s.delta[l] @ s.a[l - 1].T / s.m / len(s.a[l]))
        first, *_, last = reversed(check_on(BATTERY, over).violations)
        assert "divided by the number of neurons of this layer" in first.diagnosis
        assert "an average over the outputs" in last.diagnosis

    def test_not_of_one_layer(self):
        report = check_backprop(in_form(lambda b, w: (b, [2 * w[0], w[1]])), *one())
        assert report.status == 1

    def test_not_where_any_error_would_be_one(self):
        """With one output and one example a wrong BP1 is right but for a factor."""
        f = in_form(lambda b, w: ([3 * v for v in b], [3 * v for v in w]))
        assert check_backprop(f, *one((3, 2, 1), 1)).status == 1

    @pytest.mark.parametrize(("alone", "status"), [(3, 2), (5, 1)])
    def test_there_the_constant_of_more_examples_tells(self, alone, status):
        def f(weights, biases, x, y):
            times = 3 if x.shape[1] > 1 else alone
            nabla_b, nabla_w = Pass(names=NABLAS)(weights, biases, x, y)
            return [times * v for v in nabla_b], [times * v for v in nabla_w]

        cases = [Case(*one((3, 2, 1), m), f"{m} examples") for m in (7, 1)]
        assert check_on(cases, f).status == status

    @pytest.mark.parametrize("by", [lambda v, x, y: v / x.shape[1], lambda v, x, y: -v])
    def test_delta_in_another_convention(self, by):
        report = check_on(BATTERY, changed(["delta"], alone=False, by=by))
        assert report.holds
        assert "another convention" in str(report)


class TestPenalty:
    """Weight decay and L1 are found by what is left over, and can be said beforehand."""

    def decaying(self, l2=0.0, l1=0.0, b=0.0, times=1.0, b1=0.0):
        def backprop(weights, biases, x, y):
            found = everything(weights, biases, x, y)
            of_b = [b * v + b1 * np.sign(v) for v in biases]
            nabla_b = [times * g + k for g, k in zip(found["nabla_b"], of_b, strict=True)]
            added = [l2 * w + l1 * np.sign(w) for w in weights]
            nabla_w = [times * g + k for g, k in zip(found["nabla_w"], added, strict=True)]
            return nabla_b, nabla_w

        return backprop

    @pytest.mark.parametrize(
        ("constants", "said"),
        [
            ({"l2": 0.1}, "0.1 w is added to nabla_w, as weight decay does"),
            ({"l1": 0.05}, "0.05 sign(w) is added to nabla_w, as L1 does"),
            ({"l2": 0.1, "l1": 0.05}, "0.05 sign(w)"),
            ({"l2": 0.1, "b": 0.1}, "the biases are penalised too"),
            ({"l1": 0.05, "b1": 0.05}, "0.05 sign(b) to nabla_b, the biases are penalised too"),
            ({"l1": 0.05, "b": 0.02}, "0.02 b to nabla_b, the biases are penalised too"),
            ({"l2": 0.1, "b1": 0.02}, "0.02 sign(b) to nabla_b"),
            ({"l2": 0.1, "l1": 0.05, "b": 0.1, "b1": 0.05}, "0.05 sign(b) to nabla_b"),
        ],
    )
    def test_found(self, constants, said):
        report = check_on(BATTERY, self.decaying(**constants))
        assert report.holds
        assert said in str(report)

    @pytest.mark.parametrize(("l2", "l1", "b"), [(0.1, 0, 0.1), (0.1, 0.05, 0.1), (0, 0.05, 0.02)])
    def test_of_one_layer_with_its_biases(self, l2, l1, b):
        """As where a single layer has a regulariser."""

        def backprop(weights, biases, x, y):
            found = everything(weights, biases, x, y)
            found["nabla_w"][0] = found["nabla_w"][0] + l2 * weights[0] + l1 * np.sign(weights[0])
            found["nabla_b"][0] = found["nabla_b"][0] + b * biases[0]
            return found["nabla_b"], found["nabla_w"]

        report = check_on(BATTERY, backprop)
        assert report.holds, report
        assert f"{b} b to nabla_b of layer 2, the biases are penalised too" in str(report)
        assert "layer 3" not in "".join(report.told)

    def test_over_m(self):
        def backprop(weights, biases, x, y):
            return self.decaying(l2=0.5 / x.shape[1])(weights, biases, x, y)

        assert "0.5/m w is added" in str(check_on(BATTERY, backprop))

    def test_over_m_with_lambda_1_beside_a_fault(self):
        """Of one example that adds w itself, as updated weights do."""
        fault = Pass(names=NABLAS, bp2=lambda s, l: s.back(l) * s.a[l],
                     bp4=lambda s, l: (s.delta[l] @ s.a[l - 1].T + s.w[l]) / s.m)  # fmt: skip
        report = check_backprop(fault, *one())
        assert [v.equation for v in report.violations] == ["BP2"]
        assert "1/m w is added" in str(report)

    @pytest.mark.parametrize("sizes", [(2, 3, 1), (3, 2)])
    @pytest.mark.parametrize("over", [lambda s: 1, lambda s: s.m], ids=["", "over m"])
    @pytest.mark.parametrize("of", [lambda w: 0.1 * w, lambda w: 0.05 * np.sign(w)])
    @pytest.mark.parametrize("dtype", [float, np.float32])
    def test_of_few_weights_beside_a_wrong_error(self, sizes, over, of, dtype):
        """Copies of one example leave room for what is added, where two examples do not."""
        fault = Pass(
            names=NABLAS,
            dtype=dtype,
            bp1=lambda s, l: a_minus_y(s, l).astype(dtype),
            bp4=lambda s, l: s.delta[l] @ s.a[l - 1].T / s.m + of(s.w[l]) / over(s),
        )
        report = check_backprop(fault, *one(sizes, 2))
        assert {v.equation for v in report.violations} == {"BP1"}
        assert "is added to nabla_w" in str(report)

    @pytest.mark.parametrize("times", [lambda s: 2, lambda s: s.m], ids=["twice", "sums"])
    @pytest.mark.parametrize("equation", ["BP1", "BP2"])
    @pytest.mark.parametrize("l1", [0, 0.02])
    @pytest.mark.parametrize("dtype", [float, np.float32])
    def test_beside_a_factor_and_a_fault(self, times, equation, l1, dtype):
        lines = {
            "BP1": {"bp1": lambda s, l: s.a[l]},
            "BP2": {"bp1": lambda s, l: s.error(l).astype(dtype), "bp2": lambda s, l: s.back(l)},
        }
        fault = Pass(
            names=NABLAS,
            dtype=dtype,
            bp3=lambda s, l: times(s) * s.delta[l].mean(axis=1, keepdims=True),
            bp4=lambda s, l: (
                times(s) * s.delta[l] @ s.a[l - 1].T / s.m
                + (l1 * np.sign(s.w[l]) if l1 else 0.1 * s.w[l])
            ),
            **lines[equation],
        )
        report = check_backprop(fault, *one((4, 5, 4, 3)))
        assert {v.equation for v in report.violations} == {equation}
        assert "is added to nabla_w" in str(report)

    def test_beside_sums_of_the_biases(self):
        """They are the fault: the weights are averaged, and show what is added."""
        fault = Pass(names=NABLAS, bp3=lambda s, l: s.delta[l].sum(axis=1, keepdims=True),
                     bp4=lambda s, l: (s.delta[l] @ s.a[l - 1].T + 0.7 * s.w[l]) / s.m)  # fmt: skip
        report = check_backprop(fault, *one())
        assert {v.equation for v in report.violations} == {"BP3"}

    def test_beside_a_sum(self):
        report = check_backprop(self.decaying(l2=0.1, times=7.0), *one())
        assert report.status == 2
        assert "weight decay" in str(report)

    def test_said_beforehand(self):
        assert check_backprop(self.decaying(l2=0.1), *one(), penalty=Penalty(0.1)).told == (
            check_backprop(self.decaying(), *one()).told
        )

    @pytest.mark.parametrize(
        ("constants", "broken", "said"),
        [
            ({}, {"BP4"}, "nabla_w lacks the 0.1 w of the penalty that was told"),
            ({"l2": 0.2}, {"BP4"}, "nabla_w has 0.2 w, and the penalty that was told makes 0.1 w"),
            ({"l2": 0.1, "l1": 0.05}, {"BP4"}, "nabla_w has 0.05 sign(w), and the penalty that"),
            ({"l1": 0.1}, {"BP4"}, "nabla_w lacks the 0.1 w of the penalty that was told"),
            ({"l2": 0.1, "b": 0.1}, {"BP3"}, "nabla_b has 0.1 b, and the penalty that was told"),
        ],
    )
    def test_another_than_was_told_is_broken(self, constants, broken, said):
        report = check_on(BATTERY, self.decaying(**constants), penalty=Penalty(0.1))
        assert {v.equation for v in report.violations} == broken
        assert all(said in v.diagnosis for v in report.violations)
        assert not any("depends on the others" in text for text in report.told)
        n = report.violations[0].detail.partition("came ")[2]
        came, expected = (float(s.split(" ")[0].strip(",")) for s in n.split(", expected "))
        assert report.violations[0].residual == pytest.approx(abs(came - expected), rel=1e-3)

    def test_another_over_m_than_was_told_is_broken(self):
        def backprop(weights, biases, x, y):
            return self.decaying(l2=0.1 / x.shape[1])(weights, biases, x, y)

        report = check_on(BATTERY, backprop, penalty=Penalty(0.1))
        assert {v.equation for v in report.violations} == {"BP4"}
        says = "nabla_w has 0.1/m w, and the penalty that was told makes 0.1 w"
        assert all(v.diagnosis == says for v in report.violations)

    def test_in_one_layer_of_them_is_broken(self):
        def backprop(weights, biases, x, y):
            found = self.decaying(l2=0.1)(weights, biases, x, y)
            found[1][-1] -= 0.1 * weights[-1]
            return found

        report = check_backprop(backprop, *one(), penalty=Penalty(0.1))
        assert [v.place for v in report.violations] == [f"BP4 at layer {one()[0].L}"]
        assert "lacks the 0.1 w" in report.violations[0].diagnosis

    @pytest.mark.parametrize("over", [lambda m: 1, lambda m: m])
    @pytest.mark.parametrize("which", [0, -1])
    def test_in_some_layers_only(self, over, which):
        def backprop(weights, biases, x, y):
            nabla_b, nabla_w = self.decaying()(weights, biases, x, y)
            nabla_w[which] = nabla_w[which] + 0.3 / over(x.shape[1]) * weights[which]
            return nabla_b, nabla_w

        report = check_on(BATTERY, backprop)
        assert report.holds
        l = range(2, 5)[which]
        shown = "0.3/m" if over(7) == 7 else "0.3"
        assert f"{shown} w is added to nabla_w of layer {l}, as weight decay" in str(report)

    @pytest.mark.parametrize(
        ("constants", "broken", "said"),
        [
            ({"l2": -0.1}, {"BP4"}, "nabla_w has -0.1 w: the sign of the decay is wrong"),
            ({"l1": -0.1}, {"BP4"}, "nabla_w has -0.1 sign(w): the sign of the decay is wrong"),
            ({"l2": 0.1, "b": -0.1}, {"BP3"}, "nabla_b has -0.1 b: the sign of the decay is"),
        ],
    )
    def test_with_the_wrong_sign_is_broken(self, constants, broken, said):
        report = check_on(BATTERY, self.decaying(**constants))
        assert {v.equation for v in report.violations} == broken
        assert all(said in v.diagnosis for v in report.violations)
        assert not any("-0.1" in text for text in report.told)

    def test_with_the_wrong_sign_over_m_or_beside_what_was_told(self):
        def backprop(weights, biases, x, y):
            return self.decaying(l2=-0.1 / x.shape[1])(weights, biases, x, y)

        for penalty in (Penalty(), Penalty(0.1)):
            report = check_on(BATTERY, backprop, penalty=penalty)
            assert {v.equation for v in report.violations} == {"BP4"}
            assert all("nabla_w has -0.1/m w" in v.diagnosis for v in report.violations)
            assert all("the sign of the decay is wrong" in v.diagnosis for v in report.violations)

    def test_with_the_wrong_sign_in_one_layer(self):
        def backprop(weights, biases, x, y):
            nabla_b, nabla_w = self.decaying(l2=0.1)(weights, biases, x, y)
            nabla_w[-1] = nabla_w[-1] - 0.2 * weights[-1]
            return nabla_b, nabla_w

        report = check_backprop(backprop, *one())
        assert [v.place for v in report.violations] == [f"BP4 at layer {one()[0].L}"]
        assert "has -0.1 w: the sign of the decay is wrong" in report.violations[0].diagnosis
        assert any("0.1 w is added to nabla_w of layer 2" in text for text in report.told)

    def test_a_wrong_one_is_broken(self):
        f = in_form(lambda b, w: (b, [v + 0.1 * v.sum() for v in w]))
        assert check_backprop(f, *one()).status == 1

    @pytest.mark.parametrize("rate", [0.01, 0.1, 0.5, 1.0, 3.0])
    def test_updated_weights_are_told(self, rate):
        def backprop(weights, biases, x, y):
            found = everything(weights, biases, x, y)
            return (
                [b - rate * g for b, g in zip(biases, found["nabla_b"], strict=True)],
                [w - rate * g for w, g in zip(weights, found["nabla_w"], strict=True)],
            )

        for report in (check_backprop(backprop, *one()), check_on(BATTERY, backprop)):
            assert (report.status, report.violations) == (2, ())
            [problem] = report.problems
            assert f"updated weights and biases, with a learning rate of {rate:g}:" in problem
            assert "is added" not in str(report)


class TestSumsBesideAFault:
    """Sums for averages are told once, and what is wrong besides is at its equation alone."""

    @pytest.mark.parametrize(
        ("place", "fault"),
        [
            (
                ("BP3", 3),
                {
                    "bp3": lambda s, l: (
                        s.delta[l] @ np.eye(s.m, 1 if l == 3 else s.m).sum(1, keepdims=True)
                    )
                },
            ),
            (("BP4", 2), {"bp4": lambda s, l: s.delta[l] @ (abs(s.x) if l == 2 else s.a[l - 1]).T}),
            (("BP4", 3), {"bp4": lambda s, l: s.delta[l] @ s.a[l - 1].T / (s.m if l == 3 else 1)}),
            (
                ("BP2", 2),
                {"bp2": lambda s, l: s.back(l) * (s.a[l] * (1 - s.a[l]) if l > 2 else 1)},
            ),
        ],
        ids=["BP3", "BP4 at layer 2", "BP4 at layer 3", "BP2"],
    )
    @pytest.mark.parametrize("several", [True, False])
    def test_it_is_alone(self, place, fault, several):
        sums = {
            "bp3": lambda s, l: s.delta[l].sum(axis=1, keepdims=True),
            "bp4": lambda s, l: s.delta[l] @ s.a[l - 1].T,
        }
        summed = Pass(names=NABLAS, **sums | fault)
        report = (
            check_on(BATTERY, summed) if several else check_backprop(summed, *one((4, 6, 5, 3)))
        )
        assert {(v.equation, v.layer) for v in report.violations} == {place}

    @pytest.mark.parametrize(
        "of", [lambda d: d, np.sum, lambda d: d.sum(axis=0)], ids=["delta", "no axis", "axis=0"]
    )
    def test_biases_of_another_shape(self, of):
        """What is there of the gradients is right up to m, but a bias has none."""
        plain = Pass(
            names=NABLAS,
            bp3=lambda s, l: of(s.delta[l]),
            bp4=lambda s, l: s.delta[l] @ s.a[l - 1].T,
        )
        report = check_backprop(plain, *one((4, 6, 5, 3)))
        assert report.status == 1
        assert {(v.equation, v.layer) for v in report.violations} == {("BP3", l) for l in (2, 3, 4)}

    @pytest.mark.parametrize("letter", ["nabla_b", "nabla_w"])
    def test_sums_of_one_kind_alone_are_no_convention(self, letter):
        """Averages of the weights beside sums of the biases are the fault itself."""
        report = check_backprop(changed([letter], by=lambda v, x, y: v * x.shape[1]), *one())
        equation = "BP3" if letter == "nabla_b" else "BP4"
        assert {v.equation for v in report.violations} == {equation}


class TestFactorOfTheCost:
    """A cost that is twice the one told, or its mean over the outputs, is told once, and what is
    wrong besides is at its equation alone."""

    @staticmethod
    def times(c, names, **lines):
        return Pass(names=names, bp1=lambda s, l: c(s) * s.error(l), **lines)

    @pytest.mark.parametrize("names", [NABLAS, EVERYTHING], ids=["gradients", "everything"])
    @pytest.mark.parametrize(
        ("equation", "fault"),
        [
            ("BP2", {"bp2": lambda s, l: s.back(l) * s.a[l]}),
            ("BP3", {"bp3": lambda s, l: 3 * s.delta[l].mean(axis=1, keepdims=True)}),
            ("BP4", {"bp4": lambda s, l: s.delta[l] @ abs(s.a[l - 1]).T / (s.m + 3)}),
        ],
        ids=["BP2", "BP3", "BP4"],
    )
    def test_it_is_alone(self, equation, fault, names):
        report = check_backprop(self.times(lambda s: 2, names, **fault), *one())
        assert {v.equation for v in report.violations} == {equation}
        assert "those of 2 times the cost" in report.told[0]

    @pytest.mark.parametrize("m", [2, 6])
    def test_what_is_like_one_in_a_batch_is_none(self, m):
        """m/(m - 1) is 2 for two examples, and m/n_L for six and five outputs."""
        few = Pass(names=NABLAS, bp4=lambda s, l: s.delta[l] @ s.a[l - 1].T / (s.m - 1 or 1))
        report = check_backprop(few, *one((4, 5, 5), m))
        assert {v.equation for v in report.violations} == {"BP4"}
        assert "times the cost" not in str(report)

    def test_by_the_number_of_outputs(self):
        fault = {"bp2": lambda s, l: s.back(l) * s.a[l]}
        report = check_backprop(self.times(lambda s: 2 / len(s.y), NABLAS, **fault), *one())
        assert {v.equation for v in report.violations} == {"BP2"}
        assert "judged divided by 2/n_L" in report.told[0]

    def test_beside_sums_of_the_biases(self):
        """The weights show the factor, and not the biases, whose m is their own."""
        summed = {"bp3": lambda s, l: s.delta[l].sum(axis=1, keepdims=True)}
        report = check_backprop(self.times(lambda s: 2, NABLAS, **summed), *one((4, 5, 2), 3))
        assert {v.equation for v in report.violations} == {"BP3"}

    @pytest.mark.parametrize("times", [2, 1 / 3])
    def test_beside_a_delta_without_it(self, times):
        wrong = Pass(
            names=("delta", *NABLAS),
            bp3=lambda s, l: times * s.delta[l].mean(axis=1, keepdims=True),
            bp4=lambda s, l: times * s.delta[l] @ abs(s.a[l - 1] + 1).T / s.m,
        )
        report = check_backprop(wrong, *one())
        assert {v.equation for v in report.violations} == {"BP4"}

    def test_where_layer_L_is_right_there_is_none(self):
        report = check_backprop(Pass(names=NABLAS, bp2=lambda s, l: 2 * by_a(s, l)), *one())
        assert {v.equation for v in report.violations} == {"BP2"}
        assert "times the cost" not in str(report)

    def test_twice_sums_with_the_wrong_sign(self):
        """No learning rate is as large."""
        report = check_backprop(changed(by=lambda v, x, y: -2 * v * x.shape[1]), *one())
        assert {v.equation for v in report.violations} == {"BP1"}

    def test_sums_with_the_wrong_sign(self):
        """What is summed is told, and the sign is BP1."""
        summed = changed(["nabla_w"], by=lambda v, x, y: -v * x.shape[1])
        report = check_backprop(lambda *given: {"nabla_w": summed(*given)[1]}, *one())
        assert [v.equation for v in report.violations] == ["BP1"]
        assert "summed over the examples and not averaged" in report.told[0]
        assert "depends on the others" not in str(report)


class TestDeltaOfTheAverage:
    """Where delta holds the 1/m already, that is told, and a fault is at its equation alone."""

    @pytest.mark.parametrize("decay", [0, 0.1])
    @pytest.mark.parametrize(
        ("equation", "fault"),
        [
            ("BP1", lambda s, l: (s.a[l] - s.y) / s.m),
            ("BP2", lambda s, l: s.back(l)),
            ("BP3", lambda s, l: abs(s.delta[l]).sum(axis=1, keepdims=True)),
            ("BP4", lambda s, l: s.delta[l] @ abs(s.a[l - 1] + 1).T),
        ],
    )
    def test_it_is_alone(self, equation, fault, decay):
        lines = {
            "bp1": lambda s, l: s.error(l) / s.m,
            "bp3": lambda s, l: s.delta[l].sum(axis=1, keepdims=True),
            "bp4": lambda s, l: s.delta[l] @ s.a[l - 1].T,
            equation.lower(): fault,
        }
        bp4 = lines.pop("bp4")
        decayed = Pass(bp4=lambda s, l: bp4(s, l) + decay * s.w[l], **lines)
        report = check_backprop(decayed, *one())
        assert {v.equation for v in report.violations} == {equation}
        assert "delta holds the 1/m of the average already" in str(report)
        assert ("0.1 w is added" in str(report)) == bool(decay and equation != "BP4")

    def test_twice_delta_of_two_examples_is_none(self):
        """There 2/m is 1, and of one example it is 2."""
        wrong = Pass(bp4=lambda s, l: 2 * s.delta[l] @ s.a[l - 1].T / s.m)
        report = check_backprop(wrong, *one(m=2))
        assert {v.equation for v in report.violations} == {"BP4"}
        assert "holds the 1/m" not in str(report)


class TestForms:
    """Arrays in another order or shape are no broken equation: it says what to return."""

    @pytest.mark.parametrize(
        ("form", "said"),
        [
            (lambda b, w: (w, b), "the other way round"),
            (lambda b, w: w, "return {'nabla_w': nabla_w} or (None, nabla_w)"),
            (lambda b, w: list(zip(b, w, strict=True)), "a pair (nabla_b, nabla_w) for each"),
            (lambda b, w: list(zip(w, b, strict=True)), "a pair (nabla_w, nabla_b) for each"),
            (lambda b, w: (w[0], b[0], w[1], b[1]), "one layer after the other: return two lists"),
            (
                lambda b, w: (w[0].T, b[0].T, w[1].T, b[1][:, 0]),
                "(nabla_w.T, nabla_b) of one layer after the other: return two lists",
            ),
            (
                lambda b, w: (w[1], b[1], w[0], b[0]),
                "of one layer after the other, from the last one down: return two lists",
            ),
            (lambda b, w: (*w, *b), "these are all nabla_w, then all nabla_b: return two lists"),
            (lambda b, w: (*b, *w), "these are all nabla_b, then all nabla_w: return two lists"),
            (
                lambda b, w: (*[v.T for v in w], *[v.ravel() for v in b]),
                "these are all nabla_w.T, then all nabla_b: return two lists",
            ),
            (
                lambda b, w: (w[1].T, b[1].T, w[0].T, b[0].T),
                "(nabla_w.T, nabla_b) of one layer after the other, from the last one down",
            ),
            (lambda b, w: (b[::-1], w[::-1]), "from layer L down"),
            (lambda b, w: (b, [v.T for v in w]), "rows=True"),
            (lambda b, w: None, "a function that updates the two lists through from_update"),
            (lambda b, w: (0.5, {"dW1": w[0]}), "from_params"),
        ],
    )
    def test_a_problem(self, form, said):
        report = check_backprop(in_form(form), *one())
        assert report.status == 2
        assert not report.violations
        assert said in report.problems[0]

    @pytest.mark.parametrize(
        "form",
        [
            lambda b, w: (w, b),
            lambda b, w: w,
            lambda b, w: (b[::-1], w[::-1]),
            lambda b, w: (b, [v.T for v in w]),
        ],
    )
    def test_on_the_battery(self, form):
        """Also where layers of one shape make it look like wrong numbers."""
        report = check_on(BATTERY, in_form(form))
        assert (report.status, report.violations, len(report.problems)) == (2, (), 1)

    @pytest.mark.parametrize("form", [lambda w: {"nabla_w": w}, lambda w: (None, w)])
    def test_the_gradients_of_the_weights_alone(self, form):
        """Both forms that are named for them are taken."""
        report = check_on(BATTERY, in_form(lambda b, w: form(w)))
        assert report.holds
        assert "nabla_b was not returned: BP3 was not tested" in report.remarks

    def test_no_gradients_of_biases(self):
        [problem] = check_on(BATTERY, in_form(lambda b, w: ([], w))).problems
        assert "got an empty list: if there is none, return None in its place" in problem

    @pytest.mark.parametrize("sizes", [(4, 4, 4), (4, 4, 4, 4), (4, 6, 4, 6)])
    @pytest.mark.parametrize("factor", [1, 2])
    def test_lists_from_the_last_layer_on_equal_widths(self, sizes, factor):
        """There no shape shows it, and the numbers do; wrong ones are judged as they came."""
        network = Network(list(sizes), [sigmoid] * (len(sizes) - 1))
        random = np.random.default_rng(0)
        x, y = random.standard_normal((4, 7)), random.random((sizes[-1], 7))
        right = matrices(network)

        def backprop(*given):
            found = right(*given)
            nabla_w = found["nabla_w"][::-1]
            return found["nabla_b"][::-1], [factor * nabla_w[0], *nabla_w[1:]]

        report = check_backprop(backprop, network, x, y)
        assert report.form == (factor == 1)
        assert not report.holds
        assert ("from layer L down to 2" in str(report)) == (factor == 1)

    @pytest.mark.parametrize("form", [np.ravel, np.transpose])
    def test_flat_biases(self, form):
        report = check_on(BATTERY, in_form(lambda b, w: ([form(v) for v in b], w)))
        assert report.holds
        assert "nabla_b is flat" in str(report)

    @pytest.mark.parametrize("name", ["dW{}", "W{}"])
    def test_names(self, name):
        def form(b, w):
            named = {name.format(l): v for l, v in enumerate(w, 1)}
            return named | {name.replace("W", "b").format(l): v for l, v in enumerate(b, 1)}

        assert check_on(BATTERY, in_form(form)).holds


class TestAdapters:
    """A dictionary of parameters, rows, labels, sums; a step that updates in place."""

    @pytest.mark.parametrize("total", [False, True])
    def test_from_params(self, total):
        def loss(params, x, y):
            weights = [params[f"W{l}"].T for l in (1, 2, 3)]
            biases = [params[f"b{l}"][:, None] for l in (1, 2, 3)]
            found = everything(weights, biases, x.T, y.T)
            m = len(x) if total else 1
            grads = {f"dW{l}": m * g.T for l, g in enumerate(found["nabla_w"], 1)}
            return 0.5, grads | {f"db{l}": m * g.ravel() for l, g in enumerate(found["nabla_b"], 1)}

        assert check_on(BATTERY, from_params(loss, rows=True, flat=True, total=total)).holds

    def test_from_params_of_small_letters(self):
        def grads(params, x, y):
            numbers = range(1, 4)
            found = everything(
                [params[f"w{l}"] for l in numbers], [params[f"b{l}"] for l in numbers], x, y
            )
            named = {f"dw{l}": g for l, g in enumerate(found["nabla_w"], 1)}
            return named | {f"db{l}": g for l, g in enumerate(found["nabla_b"], 1)}

        assert check_on(BATTERY, from_params(grads)).holds

    def test_labels(self):
        def loss(params, x, labels):
            found = everything(
                [params["W1"], params["W2"], params["W3"]],
                [params["b1"], params["b2"], params["b3"]],
                x,
                np.eye(len(params["b3"]))[:, labels],
                last=lambda a, y: a - y,
            )
            grads = {f"dW{l}": g for l, g in enumerate(found["nabla_w"], 1)}
            return grads | {f"db{l}": g for l, g in enumerate(found["nabla_b"], 1)}

        assert check_on(CLASSIFIERS, from_params(loss, labels=True)).holds

    @pytest.mark.parametrize("names", [("square",), ("square", "rectangular", "one example")])
    def test_biases_with_one_axis(self, names):
        """Of a column b[:, None] makes three axes: where widths are equal, nothing is raised."""

        def of_flat(weights, biases, x, y):
            a = [x]
            for w, b in zip(weights, biases, strict=True):
                a.append(sigmoid(w @ a[-1] + b[:, None]))
            delta, back = (a[-1] - y) * a[-1] * (1 - a[-1]), []
            for l in range(len(weights) - 1, -1, -1):
                back.append((delta.mean(axis=1), delta @ a[l].T / x.shape[1]))
                delta = weights[l].T @ delta * a[l] * (1 - a[l])
            return tuple(map(list, zip(*back[::-1], strict=True)))

        report = check_on([c for c in BATTERY if c.name in names], of_flat)
        assert report.status == 2
        assert not report.violations
        assert "flat=True" in str(report)

    def test_three_axes_of_nabla_w_alone_are_BP4(self):
        """Where nabla_b has its shape, the biases were taken as they are."""
        each = changed(("nabla_w",), by=lambda v, x, y: np.tile(v, (x.shape[1], 1, 1)))
        assert {v.equation for v in check_on(BATTERY, each).violations} == {"BP4"}

    def test_labels_for_columns_are_told(self):
        """So that nobody takes the IndexError for the end."""

        def of_labels(weights, biases, x, y):
            return np.eye(len(biases[-1]))[:, y]

        report = check_on(BATTERY, of_labels)
        assert report.status == 2
        assert sum("y.argmax(axis=0)" in text for text in report.remarks) == 1

    def test_what_it_returns_is_asked_for(self):
        with pytest.raises(TypeError, match="f: expected a dictionary of gradients, got float"):
            from_params(lambda *given: 0.5)(*_given())
        with pytest.raises(ValueError, match=r"dW1, db1, .* for each layer, got v1"):
            from_params(lambda *given: {"v1": 0})(*_given())
        with pytest.raises(ValueError, match="got an empty dictionary"):
            from_params(lambda *given: {})(*_given())

    @pytest.mark.parametrize("rate", [1.0, 0.01, 2.0**20])
    def test_from_update(self, rate):
        def train(weights, biases, x, y):
            found = everything(weights, biases, x, y)
            for l, (nabla_b, nabla_w) in enumerate(
                zip(found["nabla_b"], found["nabla_w"], strict=True)
            ):
                biases[l] -= rate * nabla_b
                weights[l] -= rate * nabla_w

        assert check_on(BATTERY, from_update(train, rate)).holds

    def test_rate(self):
        with pytest.raises(ValueError, match="above 0"):
            from_update(print, 0)


def _given():
    network, x, y = one()
    return network.weights, network.biases, x, y


def less_its_mean(error):
    return error - error.mean(axis=1, keepdims=True)


def less_means_of_pairs(error):
    pairs = (error[:, i : i + 2] for i in range(0, error.shape[1], 2))
    return np.hstack([less_its_mean(pair) for pair in pairs])


def over_the_examples(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


ERRORS_OF_ALL = {
    "softmax over the examples": (
        relu,
        softmax,
        log_likelihood,
        lambda a, y, z: over_the_examples(z) - y,
    ),
    "softmax less its mean": (
        sigmoid,
        softmax,
        log_likelihood,
        lambda a, y, z: less_its_mean(a - y),
    ),
    "less means of pairs": (
        sigmoid,
        softmax,
        log_likelihood,
        lambda a, y, z: less_means_of_pairs(a - y),
    ),
    "less its mean": (
        relu,
        sigmoid,
        quadratic,
        lambda a, y, z: less_its_mean((a - y) * a * (1 - a)),
    ),
}
"""Activations, a cost, and an error that depends on the other examples of the batch."""


class TestGradientsAlone:
    """An average that is wrong is BP3 and BP4, not BP1."""

    @pytest.mark.parametrize(("which", "name"), [(-1, "last"), (0, "first")])
    @pytest.mark.parametrize("m", [2, 4, 7, 40])
    def test_one_example_counts(self, which, name, m):
        wrong = Pass(
            names=NABLAS,
            bp3=lambda s, l: s.delta[l][:, [which]] / s.m,
            bp4=lambda s, l: s.delta[l][:, [which]] @ s.a[l - 1][:, [which]].T / s.m,
        )
        report = check_backprop(wrong, *one(m=m))
        assert {v.equation for v in report.violations} == {"BP3", "BP4"}
        assert all(f"only the {name} example" in v.diagnosis for v in report.violations)

    def test_an_error_that_depends_on_the_other_examples(self):
        def through_updated(weights, biases, x, y):
            right = everything(weights, biases, x, y)["nabla_w"]
            updated = {
                l: w - 0.5 * g for l, (w, g) in enumerate(zip(weights, right, strict=True), 2)
            }

            def back(s, l):
                return updated[l + 1].T @ s.delta[l + 1] * sigmoid.prime(s.z[l])

            return Pass(names=NABLAS, bp2=back)(weights, biases, x, y)

        report = check_on(BATTERY, through_updated)
        assert {v.place for v in report.violations} == {"BP2 at layer 3", "BP2 at layer 2"}

    @pytest.mark.parametrize("way", ERRORS_OF_ALL)
    def test_an_error_of_the_whole_batch_is_BP1_alone(self, way):
        """Nothing superfluous on any network, nor on all; delta would show which numbers it is."""
        hidden, output, cost, error = ERRORS_OF_ALL[way]
        wrong = Pass(
            hidden,
            output,
            NABLAS,
            bp1=lambda s, l: error(s.a[l], s.y, s.z[l]),
        )
        cases = battery(hidden, output, cost)
        some = ("saturated", "narrow", "inactive")
        alone = [check_backprop(wrong, c.network, c.x, c.y) for c in cases if c.name in some]
        for report in (*alone, check_on(cases, wrong)):
            assert {v.place for v in report.violations} == {"BP1 at layer 4"}
            assert any("return delta" in asked for asked in report.asks)

    def test_means_of_chunks_of_another_size_are_averages(self):
        """Examples of the last chunk count more, and what each of them sends is right."""

        def weights(m):
            ends = [min(2, m - start) for start in range(0, m, 2) for _ in range(min(2, m - start))]
            return m / np.array(ends) / len(range(0, m, 2))

        counted = Pass(
            relu,
            names=NABLAS,
            bp3=lambda s, l: (weights(s.m) * s.delta[l]).mean(axis=1, keepdims=True),
            bp4=lambda s, l: (weights(s.m) * s.delta[l]) @ s.a[l - 1].T / s.m,
        )
        report = check_on(battery(relu, sigmoid, quadratic), counted)
        assert not report.problems
        assert {v.equation for v in report.violations} == {"BP3", "BP4"}


def test_a_product_for_nabla_b_is_told_by_its_shape():
    """On several networks too, one of which is so narrow that its shape is right."""
    product = Pass(names=NABLAS, bp3=lambda s, l: s.delta[l] @ s.a[l - 1].T / s.m)
    report = check_on(battery(sigmoid, sigmoid, quadratic), product)
    assert {v.equation for v in report.violations} == {"BP3"}
    assert all("it has the shape of nabla_w" in v.diagnosis for v in report.violations)


class TestDepth:
    """The battery has as many layers of weights as the function takes."""

    @pytest.mark.parametrize("layers", [1, 2, 4])
    def test_so_many(self, layers):
        cases = battery(sigmoid, sigmoid, quadratic, layers=layers)
        assert {len(case.network.weights) for case in cases} == {layers}
        assert check_on(cases, in_form(lambda b, w: (b, w))).holds

    def test_without_biases(self):
        cases = battery(sigmoid, sigmoid, quadratic, biases=False)
        assert not any(b.any() for case in cases for b in case.network.biases)


class TestNumericalGradients:
    """Differences of the cost are told for what they are, and nothing is judged."""

    @pytest.mark.parametrize("h", [1e-4, 1e-5, 1e-6])
    @pytest.mark.parametrize("sides", [1, 2])
    @pytest.mark.parametrize("m", [1, 7])
    def test_they_are_refused(self, h, sides, m):
        network, x, y = one(m=m)

        def backprop(weights, biases, x, y):
            def cost(array, place, by):
                was, array[place] = array[place], array[place] + by
                a = everything(weights, biases, x, y)["a"][-1]
                array[place] = was
                return ((a - y) ** 2).sum() / (2 * x.shape[1])

            def slopes(array):
                g = np.zeros_like(array)
                for at in np.ndindex(array.shape):
                    back = -h if sides == 2 else 0.0
                    g[at] = (cost(array, at, h) - cost(array, at, back)) / (sides * h)
                return g

            return [[slopes(v) for v in arrays] for arrays in (biases, weights)]

        report = check_backprop(backprop, network, x, y)
        assert report.status == 2
        (problem,) = report.problems
        assert "as numerical gradients are" in problem
        assert "update" not in str(report)


def with_biases(of, form=lambda nabla_b, nabla_w: (nabla_b, nabla_w), bp2=by_a):
    """The textbook's gradients in some form, where biases are made of those that were given."""

    def backprop(w, b, x, y):
        return form(*Pass(names=NABLAS, bp2=bp2)(w, [np.full_like(v, of(v)) for v in b], x, y))

    return backprop


NONE = {
    "None": lambda nabla_b, nabla_w: (None, nabla_w),
    "zeros": lambda nabla_b, nabla_w: ([0 * v for v in nabla_b], nabla_w),
    "empty": lambda nabla_b, nabla_w: ([], nabla_w),
    "a None for each": lambda nabla_b, nabla_w: ([None for _ in nabla_b], nabla_w),
    "a dictionary": lambda nabla_b, nabla_w: {f"dW{l}": v for l, v in enumerate(nabla_w)},
}
SHARED = {
    "a number": lambda nabla_b, nabla_w: ([v.sum() for v in nabla_b], nabla_w),
    "full": lambda nabla_b, nabla_w: ([np.full_like(v, v.sum()) for v in nabla_b], nabla_w),
}


class TestOtherBiases:
    """No biases, one for all neurons of a layer, or biases in w: a network that was not told."""

    @pytest.mark.parametrize("bp2", [by_a, lambda s, l: s.back(l)])
    @pytest.mark.parametrize("form", NONE.values(), ids=NONE)
    def test_none(self, form, bp2):
        report = check_on(BATTERY, with_biases(lambda _: 0, form, bp2))
        assert (report.status, report.violations) == (2, ())
        (problem,) = report.problems
        assert "return None in its place" in problem or "return (None, nabla_w)" in problem

    @pytest.mark.parametrize("form", SHARED.values(), ids=SHARED)
    @pytest.mark.parametrize(
        ("which", "of"),
        [("first", lambda b: b[0, 0]), ("last", lambda b: b[-1, 0]), ("mean", lambda b: b.mean())],
    )
    def test_shared(self, which, of, form):
        report = check_on(BATTERY, with_biases(of, form))
        assert (report.status, report.violations) == (2, ())
        assert f"one bias for all of its neurons, the{'ir' * (which == 'mean')} {which}" in str(
            report
        )

    @pytest.mark.parametrize("of", [lambda _: 0, lambda b: b[0, 0]])
    def test_where_each_neuron_has_a_gradient_it_is_a_fault(self, of):
        report = check_on(BATTERY, with_biases(of))
        assert report.status == 1
        assert {v.equation for v in report.violations} >= {"forward a"}

    def test_a_layer_alone_without_biases_is_a_fault(self):
        """Where the other layers have one neuron each, theirs would pass for shared ones."""

        def z(s, l):
            return s.w[l] @ s.a[l - 1] + (l > 2) * s.b[l]

        def bp3(s, l):
            return (l > 2) * s.delta[l].mean(axis=1, keepdims=True)

        cases = [c for c in battery(sigmoid, sigmoid, quadratic) if c.name in ("square", "narrow")]
        report = check_on(cases, Pass(names=NABLAS, bp2=by_a, z=z, bp3=bp3))
        assert report.status == 1
        assert ("forward a", 2) in {(v.equation, v.layer) for v in report.violations}

    @pytest.mark.parametrize("form", [
        lambda b, w: [np.hstack(pair) for pair in zip(w, b, strict=True)],
        lambda b, w: (None, [np.hstack(pair) for pair in zip(b, w, strict=True)]),
        lambda b, w: {"nabla_w": [np.hstack(pair) for pair in zip(w, b, strict=True)]},
        lambda b, w: [np.hstack(pair).T for pair in zip(w, b, strict=True)],
    ])  # fmt: skip
    def test_folded(self, form):
        report = check_on(BATTERY, in_form(form))
        assert (report.status, report.violations) == (2, ())
        assert "the biases are folded into them" in str(report)

    @pytest.mark.parametrize("form", [
        lambda b, w: (b[::-1], w),
        lambda b, w: (b, w[::-1]),
        lambda b, w: list(zip(b, w, strict=True))[::-1],
    ])  # fmt: skip
    def test_from_the_last(self, form):
        report = check_on(BATTERY, in_form(form))
        assert (report.status, report.violations) == (2, ())
        assert "layer L down to 2" in str(report) or "from the last one down" in str(report)
