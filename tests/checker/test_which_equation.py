"""Which equation did I break? What is promised of a backward pass that we did not write."""

import json
import re
import sys
import time
from functools import cache

import numpy as np
import pytest
from sites import ROOT, Page
from strategies import ANY, fits
from styles import RETURNED, STYLES, half, matrices, returning, unfused
from textbook import Pass
from wild import INVENTED

from proofs import Network, assert_backprop, backprop, check_backprop
from proofs.checker.battery import battery
from proofs.checker.judging.residuals import Residual
from proofs.checker.naming import PAGES
from proofs.checker.report import EQUATIONS
from proofs.checker.violations import _detail
from proofs.checker.which_equation import check_on
from proofs.measuring.cases import Case, running_case, softplus_share, standard_cases
from proofs.mistakes.catalogue import RECTANGULAR, WILD, run, textbook
from proofs.network.activations import relu, sigmoid, softmax, tanh
from proofs.network.costs import COSTS, cross_entropy, log_likelihood, quadratic

EVERY = {wrong.name: wrong for wrong in (*WILD, *INVENTED)}
every = pytest.mark.parametrize("wrong", EVERY.values(), ids=list(EVERY))


def checked(backprop, case, **options):
    """The report on a case."""
    return check_backprop(backprop, case.network, case.x, case.y, **options)


def flagged(report):
    """The equations and layers that are violated; purity is broken at no layer, written 0."""
    assert not report.problems
    return {(v.equation, 0 if v.equation == "purity" else v.layer) for v in report.found}


def gradients_alone(wrong):
    """The backward pass, as if it returned nothing but the gradients."""
    whole = wrong.backprop()

    def backprop(*given):
        found = whole(*given)
        return found["nabla_b"], found["nabla_w"]

    return backprop


def reported(wrong, alone=False):
    """The report on one of the wrong ones, in its setting."""
    return _reported(wrong, alone)


@cache  # which takes f(x), f(x, False) and f(x, alone=False) for three calls
def _reported(wrong, alone):
    return checked(gradients_alone(wrong) if alone else wrong.backprop(), wrong.setting.case())


class TestOneWrongLine:
    """One wrong line gives one equation, at the layers where it runs, and no other."""

    @every
    def test_exactly_what_it_breaks(self, wrong):
        report = reported(wrong)
        assert flagged(report) == wrong.broken()
        assert report.holds == (not wrong.broken())

    @every
    def test_on_another_network_too(self, wrong):
        assert flagged(checked(wrong.backprop(), wrong.setting.case(seed=1))) == wrong.broken()

    def test_the_benign_control_is_among_them(self):
        assert not EVERY["24"].broken()
        assert reported(EVERY["24"]).holds

    @pytest.mark.parametrize("setting", dict.fromkeys(w.setting for w in EVERY.values()), ids=repr)
    def test_the_textbook_holds(self, setting):
        assert checked(run(textbook(setting.lines()), setting), setting.case()).holds

    @pytest.mark.parametrize("factor", [2.001 / 2, -1, 0.0, 1 + 1e-10])
    def test_one_number_off(self, factor):
        """A single number of a single array, in any of the five lists."""
        case = running_case()
        equations = {
            "z": "forward z",
            "a": "forward a",
            "delta": None,
            "nabla_b": "BP3",
            "nabla_w": "BP4",
        }
        for letter, equation in equations.items():
            for l in case.network.layers:
                found = _spoiled(case, letter, l, factor)
                expected = equation or ("BP1" if l == case.network.L else "BP2")
                assert (expected, l) in flagged(found)
                if letter.startswith("nabla"):
                    assert flagged(found) == {(expected, l)}


def _spoiled(case, letter, l, factor):
    right = matrices(case.network)

    def backprop(*given):
        found = right(*given)
        found[letter][l - 1 if letter == "a" else l - 2][0, 0] *= factor
        return found

    return checked(backprop, case)


class TestGradientsAlone:
    """With (nabla_b, nabla_w) alone: the right equation, or the words that it cannot be told."""

    @every
    def test_never_a_wrong_equation(self, wrong):
        report = reported(wrong, alone=True)
        seen = wrong.broken() - wrong.broken(wrong.hides) if wrong.hides else wrong.broken()
        assert report.holds == (not seen)
        for v in report.found:
            place = (v.equation, 0 if v.equation == "purity" else v.layer)
            assert seen & {place, *_rivals(report, *place)}, f"{v} is not among {seen}"

    @every
    def test_what_is_not_told_is_said(self, wrong):
        report = reported(wrong, alone=True)
        found = {(v.equation, 0 if v.equation == "purity" else v.layer) for v in report.found}
        if found != wrong.broken() and wrong.name != "51":  # which leaves the gradients right
            assert re.search(r"cannot|differ|return (z|delta)", " ".join(_notes(report)))

    def test_most_are_told_exactly(self):
        told = [
            flagged(reported(w, alone=True)) == w.broken()
            for w in EVERY.values()
            if w.name != "48"  # not a single equation explains it, and the report says so
        ]
        assert np.mean(told) > 0.8

    def test_it_says_what_would_tell_more(self):
        wrong = EVERY["01"]
        assert "delta" in str(reported(wrong, alone=True))
        assert "delta was not returned" not in str(reported(wrong))


def _notes(report):
    return (*report.problems, *report.told)


def _rivals(report, equation, l):
    """What the report itself says it may be instead."""
    notes = " ".join(_notes(report))
    if equation == "BP1" and "BP1, or forward z or forward a of the last layer" in notes:
        yield from [("forward z", l), ("forward a", l)]
    if equation == "forward a" and "forward a, or forward z of the same layer" in notes:
        yield "forward z", l


class TestCorrectCode:
    """Correct code holds, however it is written and whatever it returns."""

    @pytest.mark.parametrize("style", STYLES)
    @pytest.mark.parametrize("returned", RETURNED)
    def test_every_style(self, style, returned):
        """Each on two of the standard networks, which are all met by some."""
        n = list(STYLES).index(style) + len(STYLES) * list(RETURNED).index(returned)
        for case in standard_cases()[n % 91 :: 91]:
            backprop = returning(STYLES[style], RETURNED[returned])(case.network)
            nothing = style == "pushes" and returned in {
                "activations and errors",
                "errors alone",
            }
            if not nothing:  # it knows the gradients alone
                report = checked(backprop, case)
                assert report.holds, f"{case.name}: {report}"

    @pytest.mark.parametrize("n", range(8))
    @pytest.mark.parametrize("output", ANY, ids=repr)
    def test_on_the_whole_battery(self, n, output):
        """Every pair of activations, and every output with each style, of each kind, and cost.

        Each pair has half of the cases.
        """
        style = ("matrices", "unfused", "rows", "single")[n % 4]
        returned = ("everything", "a pair")[n // 4]
        costs = [cost for cost in COSTS.values() if fits(output, cost)]
        hidden = ANY[(n + ANY.index(output)) % len(ANY)]
        for case in battery(hidden, output, costs[n % len(costs)])[n % 2 :: 2]:
            backprop = returning(STYLES[style], RETURNED[returned])(case.network)
            report = checked(backprop, case)
            assert report.holds, f"{case.name}, {case.network}: {report}"

    def test_half_precision_where_it_makes_sense(self):
        for output, cost in ((sigmoid, quadratic), (softmax, log_likelihood)):
            case = running_case(activations=[tanh, sigmoid, output], cost=cost)
            assert checked(half(case.network), case).holds

    def test_a_zero_is_a_kink(self):
        """A rectifier at z = 0 may take either slope, or one between; no other."""
        case = _at_a_kink()
        for slope, fine in ((0.0, True), (0.5, True), (1.0, True), (1.5, False), (-0.5, False)):
            report = checked(_with_slope_at_0(slope), case)
            assert report.holds == fine
            assert not fine or any("kink" in remark for remark in report.told)

    def test_one_example(self):
        case = next(running_case().examples())
        for returned in RETURNED:
            assert checked(returning(matrices, RETURNED[returned])(case.network), case).holds

    def test_one_layer(self):
        network = Network([3, 2], softmax, log_likelihood)
        case = Case(network, np.arange(6.0).reshape(3, 2), np.eye(2))
        for returned in RETURNED:
            assert checked(returning(matrices, RETURNED[returned])(network), case).holds


def _at_a_kink():
    """ReLU neurons with a weighted input of exactly 0."""
    network = Network.from_arrays(
        [np.eye(2), np.array([[1.0, -2.0], [3.0, 1.0]])], [np.zeros((2, 1))] * 2, [relu, sigmoid]
    )
    return Case(network, [[0.0, 1.0], [2.0, 0.0]], [[1.0, 0.0], [0.0, 1.0]])


def _with_slope_at_0(slope):
    setting = RECTANGULAR
    line = f"np.where(z[l] == 0, {slope}, z[l] > 0)"
    lines = {
        **setting.lines(),
        "forward a": "a[l] = np.maximum(z[l], 0) if l < L else sigma[2](z[l])",
        "BP1": "delta[L] = (a[L] - y) * a[L] * (1 - a[L])",
        "BP2": f"delta[l] = (w[l + 1].T @ delta[l + 1]) * {line}",
    }
    return run(textbook(lines), setting)


LOOKS_LIKE = {
    "the first neuron is skipped": "the first neuron k of the next layer is not counted",
    "targets off by one example": "shifted by one along the examples",
    "smoothed targets in the gradient alone": "smoothed",
    "01": "cut to its diagonal",
    "02": "sigma'.* is missing|a - y is not|cross-entropy",
    "03": "superfluous|twice|quadratic",
    "04": "taken at a",
    "06": "sign",
    "07": "twice as large",
    "12": "twice|second time",
    "14": "overflows",
    "the input is centred in place": "it is 0|x is normalised",
    "47": "average target",
    "51": "overwritten",
    "65": "a - y is not",
    "16": "sigma'.* is missing",
    "17": "not transposed",
    "19": "taken at z of layer",
    "20": "updated before",
    "21": "sent back instead of delta",
    "22": "matrix product",
    "23": "sigma'.* is missing",
    "28": "only the last neuron",
    "56": "slope is that of sigmoid|neurons are wrong, namely 1",
    "30": "not averaged",
    "33": "m( = [0-9]+)? times as large|width",
    "45": "of layer 4 is used instead|belongs to layer 4",
    "36": "transposed",
    "37": "a of layer . is used instead of a of layer",
    "39": "m( = [0-9]+)? times as large|width",
    "42": "is used instead of delta",
    "44": "twice as large",
    "48": "spread along the examples",
    "a clipped error": "clipped at 0.01",
    "a fixed dropout mask": "neurons are wrong, namely 1, 3, 5",
    "no bias at the output": "biases are missing",
    "softmax over the examples": "over the examples",
    "classes weighted in the gradient alone": "neurons are wrong, namely 2, 3",
    "averaged over the outputs": "average over the outputs",
    "a rectified output without its derivative": "sigma'.* is missing|a - y is not",
    "a dropout mask on the way back alone": "neurons are wrong, namely 1, 3, 5",
    "a stopped gradient": "it is 0",
    "a sign in one layer": "sign",
    "one layer counted twice": "twice as large",
    "tanh' of the weighted input": "1 - z.2",
    "tanh' of tanh": "taken at a",
    "the derivative of the sigmoid for softplus": "a .1 - a.",
    "a leaky rectifier that does not leak": "slope is that of relu",
    "softmax inside the network, one by one": "cut to its diagonal|a .1 - a.",
    "sigma' of the layer behind": "inside the bracket",
    "the output's error for every layer": "delta.L is sent back",
    "the inverse of the weights": "inverted",
    "a loss scale that stays in the biases": "1024",
    "decaying biases": "weight decay",
    "sigma' in the bias": "once more",
    "averaged over the neurons": "over the neurons",
    "only the first example counts for one bias": "first example",
    "a normalised gradient": "times what it should be",
    "layers swapped in the list": "another order|delta of layer",
    "momentum": "1.9",
    "the last example is lost": "it is 0|last example is not counted",
    "one example too few in the denominator": "m - 1",
    "divided by m twice": "too small|m = ",
    "a product of averages": "product of the averages",
    "weighted inputs for activations": "z of layer . is used instead of its a",
    "one weight, a thousandth off": "neurons are wrong, namely 2",
    "rounded to whole numbers": "it is 0",
}
"""A word of each diagnosis that fits; nothing may be said of those that are not here."""


def said(wrong):
    """What the report says of a wrong line: of all that it returns, then of the gradients alone."""
    lines = [wrong.name]
    for alone in (False, True):
        report = reported(wrong, alone)
        lines += ["    the gradients alone:" if alone else "    everything:"]
        lines += [f"        {v.place}: {v.diagnosis or '-'}" for v in report.found]
        lines += [f"        problem: {problem}" for problem in report.problems]
        lines += [f"        remark: {remark}" for remark in report.told]
    return "\n".join(re.sub(r", line \d+", ", some line", line) for line in lines)


ON_ONE_EXAMPLE = {"the last example is lost", "the input is centred in place"}
"""These look like something only if they are called with a single example."""


class TestDiagnosis:
    """A known wrong formula is named, a factor is read off, and what does not fit is not said."""

    @every
    def test_what_is_said_fits(self, wrong):
        for alone in (False, True):
            for v in reported(wrong, alone).found:
                for says in v.diagnosis.split("; or ") if v.diagnosis else ():
                    assert wrong.name in LOOKS_LIKE, says
                    assert re.search(LOOKS_LIKE[wrong.name], says), says

    def test_where_and_by_how_much(self):
        """A wrong number, its place counted from 1, and what was expected there."""
        case = EVERY["06"].setting.case()
        delta = backprop(case.network, case.x, case.y).delta[case.network.L]
        (violation,) = reported(EVERY["06"]).found
        found = re.match(
            r"came (\S+), expected (\S+) at neuron (\d), example (\d); off by", violation.detail
        )
        came, expected, neuron, example = map(float, found.groups())
        right = delta[int(neuron) - 1, int(example) - 1]
        assert (came, expected) == pytest.approx((-right, right), rel=1e-5)
        assert violation.residual == pytest.approx(2 * abs(right))

    @every
    def test_word_by_word(self, wrong, golden):
        golden("diagnoses.txt").part(said(wrong))

    def test_of_nothing_else(self, golden):
        golden("diagnoses.txt").only(EVERY)

    @pytest.mark.parametrize("name", [n for n in LOOKS_LIKE if n not in ON_ONE_EXAMPLE])
    def test_it_is_said(self, name):
        wrong = EVERY[name]
        report = reported(wrong)
        assert re.search(LOOKS_LIKE[name], " ".join(v.diagnosis for v in report.found))

    def test_most_reports_from_the_wild_are_named(self):
        unnamed = [w.name for w in WILD if w.broken() and w.name not in LOOKS_LIKE]
        assert unnamed == []

    def test_the_pages_it_sends_to_are_there(self):
        pages = {
            page for wrong in EVERY.values() for v in reported(wrong).found for page in v.pages
        } | set(PAGES.values())
        assert len(pages) > 6
        assert all((ROOT / "docs" / f"{page}.md").exists() for page in pages), pages

    def test_lost_digits_are_told_from_a_wrong_formula(self):
        """BP1 as a product of two factors, at an output that is 1 but for a few digits."""
        network = Network.from_arrays([np.eye(2)], [np.zeros((2, 1))], sigmoid, cross_entropy)
        case = Case(network, [[33.0], [1.0]], [[0.25], [1.0]])
        (violation,) = checked(unfused(network), case).found
        assert violation.equation == "BP1"
        assert "1 - a has lost its digits" in violation.diagnosis
        assert "stable-forms" in violation.pages
        assert checked(matrices(network), case).holds

    def test_noise_is_named_nothing(self):
        case, random = running_case(), np.random.default_rng(0)
        right = matrices(case.network)

        def noisy(*given):
            found = right(*given)
            for letter in ("delta", "nabla_b", "nabla_w"):
                found[letter] = [v + random.standard_normal(v.shape) for v in found[letter]]
            return found

        report = checked(noisy, case)
        assert not report.holds
        assert {v.diagnosis for v in report.found} == {""}


def _forward(weights, biases, x):
    network = Network.from_arrays(weights, biases)
    return list(network.forward(x).z.values())


class TestWhateverItDoes:
    """Code that crashes, hangs, prints or returns nonsense is reported, never propagated."""

    @pytest.mark.parametrize(
        ("backprop", "said"),
        [
            (lambda w, b, x, y: 1 / 0, "ZeroDivisionError"),
            (lambda w, b, x, y: sys.exit(3), "SystemExit"),
            (lambda w, b, x, y: None, "expected"),
            (lambda w, b, x, y: 5, "expected"),
            (lambda w, b, x, y: "nabla", "expected"),
            (lambda w, b, x, y: (b, w, x), "expected"),
            (lambda w, b, x, y: {}, "expected"),
            (lambda w, b, x, y: {"gradient": w}, "gradient"),
            (lambda w, b, x, y: {"z": _forward(w, b, x), "a": None}, "nothing to test"),
            (lambda w, b, x, y: (b[1:], w[1:]), "expected"),
            (lambda w, b, x: (b, w), "TypeError"),
            (lambda w, b, x, y: (_ for _ in ()).throw(KeyboardInterrupt), "KeyboardInterrupt"),
        ],
    )
    def test_a_problem(self, backprop, said):
        report = checked(backprop, running_case())
        assert not report.holds
        assert said in " ".join(report.problems)
        assert said in str(report)

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda v: v.T[:, :1],
            lambda v: v * np.nan,
            lambda v: v * np.inf,
            lambda v: v * 1j,
            lambda v: v.astype(str),
            lambda v: v.astype(str).astype(object),
            lambda v: None,
            lambda v: [[1], [2, 3]],
            lambda v: v[:0],
        ],
    )
    @pytest.mark.parametrize("letter", ["z", "a", "delta", "nabla_b", "nabla_w"])
    def test_one_array_of_nonsense(self, spoil, letter):
        """The others are still looked at."""
        case = running_case()
        right = matrices(case.network)

        def backprop(*given):
            found = right(*given)
            found[letter][-1] = spoil(found[letter][-1])
            return found

        report = checked(backprop, case)
        assert not report.holds
        expected = {
            "z": "forward z",
            "a": "forward a",
            "delta": "BP1",
            "nabla_b": "BP3",
            "nabla_w": "BP4",
        }
        assert flagged(report) == {(expected[letter], 4)}

    def test_flat_biases_are_read_and_told(self):
        case = running_case()
        right = matrices(case.network)

        def backprop(*given):
            found = right(*given)
            found["nabla_b"][-1] = found["nabla_b"][-1].ravel()
            return found

        report = checked(backprop, case)
        assert report.holds
        assert any("flat" in remark for remark in report.told)

    def test_lists_of_whole_numbers(self):
        case = running_case()

        def backprop(w, b, x, y):
            return [v.astype(int).tolist() for v in b], [v.astype(int).tolist() for v in w]

        assert not checked(backprop, case).holds

    def test_it_hangs(self):
        start = time.monotonic()
        report = checked(lambda w, b, x, y: time.sleep(30), running_case(), timeout=0.1)
        assert time.monotonic() - start < 20
        assert "it did not return within 0." in " ".join(report.problems)

    def test_it_hangs_on_one_case(self):
        def backprop(w, b, x, y):
            if x.shape[1] == 1:
                time.sleep(30)
            return matrices(running_case().network)(w, b, x, y)

        cases = [running_case(), next(running_case().examples())]
        report = check_on(cases, backprop, timeout=0.6)
        assert " seconds, its share of timeout = 0.6 (on " in " ".join(report.problems)

    def test_no_time_is_left_for_any(self):
        case = running_case()
        report = check_on([case] * 2, matrices(case.network), timeout=0.0)
        assert "was not tested whole within" in " ".join(report.problems)

    def test_the_limit_that_is_told_is_that_of_the_whole(self):
        """Not what is left of it for one network."""

        def slowly(cases):
            for one in cases:
                yield one
                time.sleep(0.3)

        case = running_case()
        report = check_on([case] * 2, matrices(case.network), timeout=0.2, watch=slowly)
        assert "not tested whole within timeout = 0.2 seconds" in " ".join(report.problems)

    def test_it_prints(self, capsys):
        case = running_case()
        right = matrices(case.network)

        def backprop(*given):
            sys.stdout.write("cost 0.5\n")
            sys.stderr.write("warning\n")
            return right(*given)

        report = checked(backprop, case)
        assert report.holds
        assert "cost 0.5" in " ".join(report.told)
        assert capsys.readouterr() == ("", "")

    def test_it_warns(self):
        case = running_case()
        right = matrices(case.network)

        def backprop(*given):
            np.log(np.zeros(1))
            return right(*given)

        assert checked(backprop, case).holds

    @pytest.mark.parametrize("which", range(4))
    def test_it_changes_its_inputs(self, which):
        case = running_case()
        before = [v.tobytes() for v in (*case.network.weights, *case.network.biases, case.x)]
        right = matrices(case.network)

        def backprop(*given):
            found = right(*given)
            target = given[which][0] if which < 2 else given[which]
            target += 1
            return found

        assert flagged(checked(backprop, case)) == {("purity", 0)}
        after = [v.tobytes() for v in (*case.network.weights, *case.network.biases, case.x)]
        assert before == after

    def test_it_fails_the_second_time(self):
        calls = []
        right = matrices(running_case().network)

        def backprop(*given):
            calls.append(1)
            return right(*given) if len(calls) < 2 else 1 / 0

        assert ("purity", 0) in flagged(checked(backprop, running_case()))

    def test_dictionaries_by_layer_are_welcome(self):
        case = running_case()
        right = matrices(case.network)

        def backprop(*given):
            found = right(*given)
            first = {"a": 1}
            return {
                name: dict(enumerate(values, start=first.get(name, 2)))
                for name, values in found.items()
            }

        assert checked(backprop, case).holds


class TestUnusableInput:
    """What cannot be checked at all is refused, in plain words."""

    @pytest.mark.parametrize(
        ("change", "error", "words"),
        [
            ({"backprop": 5}, TypeError, ["backprop", "function", "5"]),
            ({"x": np.ones(3)}, ValueError, ["x", "(3, m)", "(3,)"]),
            ({"x": np.ones((6, 3))}, ValueError, ["x", "(3, m)", "columns"]),
            ({"y": np.ones((2, 5))}, ValueError, ["6 columns", "5"]),
            ({"x": np.full((3, 6), np.nan)}, ValueError, ["finite", "nan"]),
            ({"x": "x"}, TypeError, ["real numbers"]),
        ],
    )
    def test_refused(self, change, error, words):
        case = running_case()
        given = {"backprop": matrices(case.network), "x": case.x, "y": case.y} | change
        with pytest.raises(error) as refusal:
            check_backprop(given["backprop"], case.network, given["x"], given["y"])
        for word in words:
            assert word in str(refusal.value)

    def test_a_cost_that_is_infinite(self):
        network = Network([2, 2], softplus_share, cross_entropy)
        network = Network.from_arrays(
            [[[0, 0], [0, 0]]], [[[1e6], [-1e6]]], softplus_share, cross_entropy
        )
        words = r"expected a finite cost, got inf for example 2: .*of softplus over its sum$"
        with pytest.raises(ValueError, match=words):
            check_backprop(matrices(network), network, [[1] * 3] * 2, [[1, 0, 0], [0, 1, 1]])


class TestReport:
    """A table for people, HTML for notebooks, JSON for programs; the same everywhere."""

    @pytest.fixture
    def report(self):
        return reported(EVERY["01"])

    def test_the_violation(self, report):
        (violation,) = report.found
        assert (violation.equation, violation.layer) == ("BP1", 4)
        assert violation.residual > violation.tolerance > 0
        assert "diagonal" in violation.diagnosis

    def test_what_has_another_shape_is_as_wrong_as_can_be(self):
        case = running_case()

        def backprop(*given):
            found = matrices(case.network)(*given)
            return {**found, "delta": [d.T for d in found["delta"]]}

        for violation in checked(backprop, case).found:
            assert (violation.residual, violation.tolerance) == (np.inf, 0)
            assert "expected real numbers of shape" in violation.detail

    def test_a_zero_has_no_sign(self):
        zero, one = np.array([[-0.0]]), np.array([[1.0]])
        for came, expected, text in (
            (zero, one, "came 0, expected 1 at j 1;"),
            (one, zero, "came 1, expected 0 at j 1;"),
        ):
            r = Residual("BP3", 2, came, expected, expected, 0 * one)
            assert _detail(r).startswith(text)

    @pytest.mark.parametrize(("left_out", "equation"), [("nabla_b", "BP3"), ("nabla_w", "BP4")])
    def test_what_was_not_returned_was_not_tested(self, left_out, equation):
        case = running_case()

        def backprop(*given):
            return {k: v for k, v in matrices(case.network)(*given).items() if k != left_out}

        report = checked(backprop, case)
        assert report.told == (f"{left_out} was not returned: {equation} was not tested",)

    def test_in_the_order_of_the_algorithm(self):
        wrong = EVERY["48"], EVERY["16"]
        layers = [[v.layer for v in reported(w).found] for w in wrong]
        assert layers == [[2, 3, 4], [3, 2]]

    def test_for_people(self, report):
        text = str(report)
        for equation in EQUATIONS[:-1]:
            assert re.search(f"^{equation} ", text, re.MULTILINE)
        assert "layer 2" in text
        assert "BP1 at layer 4" in text
        assert "diagonal" in text

    def test_for_a_notebook(self, report):
        rows = {
            row.all("th")[0].text: row.all("td") for row in Page(report._repr_html_()).all("tr")
        }
        assert set(EQUATIONS[:-1]) <= set(rows)
        wrong = [e for e in EQUATIONS[:-1] for cell in rows[e] if "wrong" in cell.classes]
        assert wrong == ["BP1"]

    def test_for_programs(self, report):
        found = json.loads(json.dumps(report.as_json(), allow_nan=False))
        assert found["holds"] is False
        (violation,) = found["violations"]
        assert violation["equation"] == "BP1"
        assert violation["layer"] == 4
        assert {"residual", "tolerance", "diagnosis"} <= set(violation)
        assert found["cases"] == 1

    def test_no_angle_bracket_of_theirs_gets_into_the_page(self):
        def backprop(*given):
            raise ValueError("<script>alert(1)</script>")

        assert "<script>" not in checked(backprop, running_case())._repr_html_()

    def test_in_a_test_suite(self, report):
        case = EVERY["01"].setting.case()
        with pytest.raises(AssertionError, match="BP1 at layer 4"):
            assert_backprop(EVERY["01"].backprop(), case.network, case.x, case.y)
        assert_backprop(matrices(case.network), case.network, case.x, case.y)

    def test_several_networks_make_one_report(self):
        wrong = EVERY["39"]
        cases = [wrong.setting.case(seed) for seed in range(3)]
        report = check_on(cases, wrong.backprop())
        assert report.cases == 3
        assert flagged(report) == wrong.broken()


class TestMeanWithinAnEquation:
    """A mean over the examples in sigma' is one wrong equation, also where a batch hides which."""

    @pytest.mark.parametrize("names", [("nabla_b", "nabla_w"), ("delta", "nabla_b", "nabla_w")])
    def test_bp2_alone(self, names):
        def back(s, l):
            slope = sigmoid.prime(s.z[l])
            return s.back(l) * (slope.mean(axis=1, keepdims=True) if l == 3 else slope)

        report = check_on(battery(sigmoid, sigmoid, quadratic), Pass(names=names, bp2=back))
        assert [v.place for v in report.violations] == ["BP2 at layer 3"]
        assert not report.problems
