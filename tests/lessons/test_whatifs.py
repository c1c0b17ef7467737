"""The what-ifs: what they start from is true, and their scripts stay small and ask for nothing."""

import re

import numpy as np
import pytest
from sites import ROOT
from strategies import assert_close

from proofs import check_backprop
from proofs.lessons.whatifs import (
    WHATIFS,
    demon,
    one_line_wrong,
    sigmoid_to_softmax,
    temperature,
)
from proofs.measuring.cases import Case, running_case
from proofs.mistakes.catalogue import descent, textbook
from proofs.network.activations import sigmoid, softmax
from proofs.network.equations import backprop

STATIC = ROOT / "conf/static"
SCRIPTS = [*WHATIFS, "what-if"]
Z = np.random.default_rng(0).normal(scale=3, size=(4, 20))

every_script = pytest.mark.parametrize("name", SCRIPTS)
every_slip = pytest.mark.parametrize("slip", one_line_wrong.SLIPS)
shares = pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 1.0])


class TestBlend:
    """Between sigmoid and softmax lies an activation whose neurons hear a share of the others."""

    @pytest.mark.parametrize(("share", "end"), [(0.0, sigmoid), (1.0, softmax)])
    def test_its_ends(self, share, end):
        blend = sigmoid_to_softmax.blend(share)
        assert_close(blend(Z), end(Z))
        assert_close(blend.jacobian(Z), end.jacobian(Z))

    @shares
    def test_its_jacobian(self, share):
        """As measured, at every share."""
        for z in Z.T:
            case = sigmoid_to_softmax.as_case(z, sigmoid_to_softmax.Y, share)
            assert_close(case.jacobian(2), case.partial(("a", 2), ("z", 2)))

    @shares
    def test_local_only_without_the_others(self, share):
        moved = np.count_nonzero(sigmoid_to_softmax.blend(share).jacobian(Z[:, :1]))
        assert moved == (4 if share == 0 else 16)

    @shares
    def test_does_not_overflow(self, share):
        z = np.array([[1000.0, -1000.0], [0.0, -1000.0], [-1000.0, -999.0]])
        with np.errstate(over="raise", invalid="raise"):
            blend = sigmoid_to_softmax.blend(share)
            assert np.isfinite(blend(z)).all()
            assert np.isfinite(blend.jacobian(z)).all()


class TestSigmoidToSoftmax:
    """The terms of (37) add up to the error that a push measures; (38) keeps one of them."""

    @shares
    def test_the_terms(self, share):
        for z in Z.T:
            found = sigmoid_to_softmax.moment(z, sigmoid_to_softmax.Y, share)
            case = sigmoid_to_softmax.as_case(z, sigmoid_to_softmax.Y, share)
            assert_close(np.sum(found["terms"], axis=1), case.delta(2)[:, 0])
            assert_close(found["delta"], case.delta(2)[:, 0])
            assert_close(found["alone"], np.diagonal(found["terms"]))

    def test_its_other_numbers(self):
        case = sigmoid_to_softmax.as_case([1.0, -2.0], [0.0, 1.0], 0.25)
        found = sigmoid_to_softmax.moment([1.0, -2.0], [0.0, 1.0], 0.25)
        assert_close(found["a"], case.value("a", 2)[:, 0])
        assert found["C"] == case.value("C", 2)[0]
        assert_close(found["jacobian"], case.partial(("a", 2), ("z", 2))[:, :, 0])

    def test_what_its_script_starts_from(self):
        """The founding question's z and y with a fourth neuron, the second followed."""
        start = sigmoid_to_softmax.start()
        check = start.pop("check")
        assert start == {
            "z": [1.0, 2.0, 3.0, 0.0],
            "y": [1.0, 0.0, 0.0, 0.0],
            "share": 0.0,
            "range": [-4.0, 4.0],
            "pushed": 1,
        }
        assert check["result"] == sigmoid_to_softmax.moment(*check["arguments"])
        assert 0 < check["arguments"][2] < 1

    def test_what_is_followed_first(self):
        """With softmax the single term has the wrong sign there."""
        first = sigmoid_to_softmax.PUSHED - 1
        found = sigmoid_to_softmax.moment(sigmoid_to_softmax.Z, sigmoid_to_softmax.Y, 1)
        assert found["delta"][first] * found["alone"][first] < 0


class TestTemperature:
    """A common factor c of the weighted inputs, from equal outputs to one that has everything."""

    def test_plain_softmax(self):
        """The shares 1/8, 2/8 and 5/8 that the page works out by hand."""
        assert_close(np.array(temperature.outputs(temperature.z(), 1.0)), np.array([1, 2, 5]) / 8)

    def test_the_proportions(self):
        """(83-r): of two outputs, the proportion of their exponentials, to the power c."""
        for c in temperature.SHOWN:
            a = temperature.outputs(temperature.z(), c)
            assert a[2] / a[0] == pytest.approx(5.0**c, rel=1e-12)

    def test_its_limits(self):
        low, high = (temperature.outputs(temperature.z(), c) for c in (1e-6, 1e6))
        assert np.ptp(low) < 1e-5
        assert high == [0, 0, 1]

    def test_what_its_script_starts_from(self):
        start = temperature.start()
        check = start["check"]
        assert check["result"] == temperature.outputs(*check["arguments"])
        assert_close(np.exp(start["z"]), np.array(temperature.EXPONENTIALS))


class TestDemon:
    """Slope times push is what the cost really changes by, while the push is small."""

    @pytest.mark.parametrize("equation", demon.LETTERS)
    def test_half_the_push_is_a_quarter_of_the_gap(self, equation):
        letter, place = demon.LETTERS[equation], demon.SHOWN[equation]

        def gap(push):
            return demon.change(letter, place, push) - push * demon.slope(equation, place)

        assert gap(0.01) / gap(0.005) == pytest.approx(4, rel=0.05)

    def test_a_bias_and_its_weighted_input(self):
        """BP3: the same slope, and the same change for every push."""
        for place in ((2, 1), (3, 4), (4, 2)):
            assert demon.slope("BP3", place) == demon.slope("BP2", place)
            assert demon.change("b", place, 0.7) == pytest.approx(demon.change("z", place, 0.7))

    def test_neurons_are_counted_from_1(self):
        """The last of a layer is n_l; in the arrays it stands at n_l - 1."""
        case, found = demon.case(), demon.gradients()
        assert demon.slope("BP2", (3, 4)) == found.delta[3][3, 0]
        assert demon.slope("BP3", (3, 2)) == found.nabla_b[3][1, 0]
        assert demon.slope("BP4", (3, 4, 2)) == found.nabla_w[3][3, 1]
        C, w = ("C", 4), ("w", 3)
        assert demon.change("w", (3, 4, 2), 0.5) == case.change(C, w, 0.5)[3, 1, 0]

    def test_what_its_script_starts_from(self):
        case, start = demon.case(), demon.start()
        network, found = case.network, backprop(case.network, case.x, case.y)
        assert (start["x"], start["y"]) == (list(case.x[:, 0]), list(case.y[:, 0]))
        for l in network.layers:
            assert np.array_equal(start["w"][str(l)], network.w[l])
            assert np.array_equal(start["b"][str(l)], network.b[l][:, 0])
            assert np.array_equal(start["slopes"]["z"][str(l)], found.delta[l][:, 0])
            assert np.array_equal(start["slopes"]["b"][str(l)], found.nabla_b[l][:, 0])
            assert np.array_equal(start["slopes"]["w"][str(l)], found.nabla_w[l])
        for push in start["check"]:
            assert push["change"] == demon.change(*push["arguments"])

    def test_it_is_the_running_network(self):
        """On its first example."""
        case = running_case()
        assert demon.case().network.sizes == [3, 5, 4, 2]
        assert np.array_equal(demon.case().x, case.x[:, :1])


class TestOneLineWrong:
    """Each wrong line breaks the one equation it computes, and the cost falls all the same."""

    @every_slip
    def test_the_grid(self, slip):
        """Broken are the cells that `check_backprop` finds, all along the training."""
        start, backprop = one_line_wrong.case(), one_line_wrong.backprop(slip)
        for n, network in enumerate(descent(backprop, start, steps=60)):
            if n % 20 == 0:
                grid = one_line_wrong.grid(Case(network, start.x, start.y), backprop)
                lit = {
                    (equation, l)
                    for equation, row in grid.items()
                    for l, off in row.items()
                    if off > one_line_wrong.ROUNDING
                }
                report = check_backprop(backprop, network, start.x, start.y)
                assert lit == {(v.equation, v.layer) for v in report.found}
                assert {equation for equation, _ in lit} == {one_line_wrong.equation(slip)}

    def test_the_right_pass(self):
        falling, grid = one_line_wrong.train(one_line_wrong.RIGHT)
        assert len(falling) == one_line_wrong.STEPS + 1  # the script is compared at each of them
        assert max(off for row in grid.values() for off in row.values()) < one_line_wrong.ROUNDING
        assert falling[-1] < falling[0] / 100

    def test_what_its_script_starts_from(self):
        start, case = one_line_wrong.start(), one_line_wrong.case()
        assert (start["x"], start["y"]) == (case.x.tolist(), case.y.tolist())
        for l in case.network.layers:
            assert start["w"][str(l)] == case.network.w[l].tolist()
            assert start["b"][str(l)] == case.network.b[l][:, 0].tolist()
        assert (start["rate"], start["rates"], start["steps"]) == (1.0, [0.1, 1.2], 300)
        assert [slip["name"] for slip in start["slips"]] == ["right", *one_line_wrong.SLIPS]
        assert {c["arguments"][0] for c in start["check"]} == {"01", "28", "36"}
        for check in start["check"]:
            costs, grid = one_line_wrong.train(*check["arguments"])
            assert check["result"] == one_line_wrong.plain(costs, grid)
            assert 10 < check["arguments"][2] < 30

    def test_the_last_cost_is_told(self):
        found = one_line_wrong.plain([3.0, 2.0, 1.0], {"BP1": {4: 0.5}})
        assert found == {"cost": 1.0, "grid": {"BP1": {"4": 0.5}}}

    @every_slip
    def test_the_cost_falls(self, slip):
        falling, _ = one_line_wrong.train(slip)
        assert falling[-1] < falling[0] / 3

    def test_two_end_lower_than_the_right_pass(self):
        """Those that add where they should average, as the page says."""
        right = one_line_wrong.train(one_line_wrong.RIGHT)[0][-1]
        ends = {slip: one_line_wrong.train(slip)[0][-1] for slip in one_line_wrong.SLIPS}
        assert [slip for slip, end in ends.items() if end < right] == ["33", "39"]

    @staticmethod
    def end(backprop, case, rate):
        """The cost after 300 steps."""
        *_, last = descent(backprop, case, rate, steps=300)
        return last.average_cost(case.x, case.y)

    @every_slip
    def test_rounding_does_not_decide(self, slip):
        """At every rate on offer the end is that of a start one rounding error away, to 1e-9."""
        start, backprop = one_line_wrong.case(), one_line_wrong.backprop(slip)
        for rate in one_line_wrong.RATES:
            ends = [self.end(backprop, c, rate) for c in (start, *start.rounded[:3])]
            assert np.ptp(ends) < 1e-9

    def test_beyond_them_it_does(self):
        start, backprop = one_line_wrong.case(), one_line_wrong.backprop("16")
        ends = [self.end(backprop, c, 2.0) for c in (start, *start.rounded[:3])]
        assert np.ptp(ends) > 1e-6

    @every_slip
    def test_the_code_that_is_shown_is_the_code_that_runs(self, slip):
        source = textbook(one_line_wrong.lines(slip))
        assert all(line in source for line in one_line_wrong.code(slip))
        for line in one_line_wrong.SLIPS[slip].lines.values():
            assert all(part.strip() in source for part in line.splitlines())

    @every_slip
    def test_its_wrong_lines_are_marked(self, slip):
        [marked] = [s for s in one_line_wrong.start()["slips"] if s["name"] == slip]
        lines = [marked["code"][i].strip() for i in marked["wrong"]]
        [wrong] = one_line_wrong.SLIPS[slip].lines.values()
        assert lines == [line.strip() for line in wrong.splitlines()]


class TestScripts:
    """Small, plain, and content with what is in the page."""

    @every_script
    def test_under_15_kib(self, name):
        assert (STATIC / f"{name}.js").stat().st_size < 15 * 1024

    @every_script
    def test_asks_for_nothing(self, name):
        text = (STATIC / f"{name}.js").read_text(encoding="utf-8")
        text = text.replace("http://www.w3.org/2000/svg", "")
        forbidden = r"https?:|\bfetch\(|XMLHttpRequest|\bimport\b|\bexport\b|WebSocket|Worker"
        assert not re.search(forbidden, text)

    @every_script
    def test_lives_under_a_strict_policy(self, name):
        """No code out of text, and no markup out of text."""
        text = (STATIC / f"{name}.js").read_text(encoding="utf-8")
        assert not re.search(r"\beval\(|new Function|innerHTML|outerHTML|document\.write", text)

    @every_script
    def test_reads_no_clock_and_rolls_no_dice(self, name):
        text = (STATIC / f"{name}.js").read_text(encoding="utf-8")
        assert not re.search(r"Math\.random|Date\b|requestAnimationFrame|animate\(", text)

    def test_nothing_moves_by_itself(self):
        style = (STATIC / "what-if.css").read_text(encoding="utf-8")
        assert not re.search(r"transition|animation|@keyframes", style)
