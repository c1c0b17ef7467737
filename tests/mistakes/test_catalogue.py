"""The broken and the correct backward passes that the checker is tried on are what they say."""

import numpy as np
import pytest
from strategies import assert_close
from styles import RETURNED, STYLES, returning
from wild import INVENTED

from proofs.measuring.cases import running_case, standard_cases
from proofs.mistakes.catalogue import BP2_FULL, LINES, WILD, costs, descent, run, textbook
from proofs.network.equations import backprop

EVERY = (*WILD, *INVENTED)
SETTINGS = list(dict.fromkeys(wrong.setting for wrong in EVERY))
HARMLESS = {wrong.name for wrong in EVERY if not wrong.broken()}

every = pytest.mark.parametrize("wrong", EVERY, ids=lambda wrong: wrong.name)


def called(function, case):
    """What a function returns for copies of a case's arrays."""
    weights, biases = ([v.copy() for v in vs] for vs in (case.network.weights, case.network.biases))
    with np.errstate(all="ignore"):
        return function(weights, biases, case.x.copy(), case.y.copy())


def _same(found, case):
    wanted = backprop(case.network, case.x, case.y)
    return all(
        found[name][l - 2].shape == getattr(wanted, name)[l].shape
        and np.allclose(found[name][l - 2], getattr(wanted, name)[l], rtol=1e-9, atol=1e-12)
        for name in ("nabla_b", "nabla_w")
        for l in case.network.layers
    )


class TestOneWrongLine:
    """Each is the textbook's backward pass but for the lines of the equations that it breaks."""

    @pytest.mark.parametrize("setting", SETTINGS, ids=repr)
    def test_the_textbook_is_right(self, setting):
        case = setting.case()
        found = called(run(textbook(setting.lines()), setting), case)
        wanted = backprop(case.network, case.x, case.y)
        for l in case.network.layers:
            assert_close(found["delta"][l - 2], wanted.delta[l])
            assert_close(found["nabla_b"][l - 2], wanted.nabla_b[l])
            assert_close(found["nabla_w"][l - 2], wanted.nabla_w[l])

    @every
    def test_only_known_lines_are_changed(self, wrong):
        assert set(wrong.lines) <= {*LINES, "BP1"}
        for name, line in wrong.lines.items():
            assert wrong.setting.lines()[name] != line

    @every
    def test_the_gradient_is_wrong(self, wrong):
        """Unless nothing is broken, nothing of it reaches the gradients, or it takes two calls."""
        case, function = wrong.setting.case(), wrong.backprop()
        called(function, case)
        again = called(function, case)
        assert _same(again, case) == (wrong.name in HARMLESS or wrong.hides == wrong.breaks)

    @every
    def test_a_new_function_remembers_nothing(self, wrong):
        case = wrong.setting.case()
        one, other = (called(wrong.backprop(), case)["nabla_w"] for _ in range(2))
        for w, again in zip(one, other, strict=True):
            np.testing.assert_array_equal(w, again)

    def test_names_are_unique(self):
        assert len({wrong.name for wrong in EVERY}) == len(EVERY)

    def test_a_line_for_every_kind_of_hidden_layer(self):
        lines = [wrong.setting.lines()["BP2"] for wrong in EVERY]
        assert {LINES["BP2"], BP2_FULL} == set(lines)


class TestStyles:
    """However a correct backward pass is written, and in whatever it returns, it is correct."""

    @pytest.mark.parametrize("name", STYLES)
    def test_is_right(self, name):
        precision = 1e-4 if name == "single" else 1e-9
        for case in standard_cases()[1:60:7]:
            found = called(STYLES[name](case.network), case)
            wanted = backprop(case.network, case.x, case.y)
            for l in case.network.layers:
                for letter in ("nabla_b", "nabla_w"):
                    got, want = found[letter][l - 2], getattr(wanted, letter)[l]
                    assert abs(got - want).max() <= precision * max(1, abs(want).max())

    @pytest.mark.parametrize("name", RETURNED)
    def test_hands_back(self, name):
        case = running_case()
        found = called(returning(STYLES["matrices"], RETURNED[name])(case.network), case)
        lists = found.values() if isinstance(found, dict) else found
        assert all(len(values) in (3, 4) for values in lists)


class TestAFallingCostProvesNothing:
    """Wrong code trains, some of it better than right code."""

    def test_the_right_gradient(self):
        for setting in SETTINGS:
            found = costs(run(textbook(setting.lines()), setting), setting.case(), steps=60)
            assert len(found) == 61
            assert found[-1] < found[0]

    def test_most_wrong_gradients_too(self):
        """Those of the right shape and kept finite, but for the one that goes uphill."""
        trained = {}
        for wrong in WILD:
            if wrong.name not in {"14", "30"}:
                case = wrong.setting.case(3)
                start, *_, end = descent(wrong.backprop(), case, steps=300)
                before, after = (net.average_cost(case.x, case.y) for net in (start, end))
                trained[wrong.name] = after < before
        assert [name for name, falls in trained.items() if not falls] == ["01", "06", "48"]
        assert sum(trained.values()) == 25
