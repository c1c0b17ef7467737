"""Tables of what others answer come from the record, whole, and slopes are judged as printed."""

import json
import re

import numpy as np
import pytest
from printing import others

from proofs import backprop
from proofs.mistakes.catalogue import WILD


@pytest.fixture
def record(monkeypatch, tmp_path):
    """A copy of the record that a test may spoil."""
    copy = tmp_path / "others.json"
    copy.write_text(others.RECORD.read_text("utf-8"), "utf-8")
    monkeypatch.setattr(others, "RECORD", copy)
    return copy


def changed(record, change):
    found = json.loads(record.read_text("utf-8"))
    change(found)
    record.write_text(json.dumps(found), "utf-8")


class TestComplete:
    """An entry that is deleted is missed, with the family that gave it."""

    @pytest.mark.parametrize("name", others.TABLES)
    def test_every_table_is_refused_without_it(self, record, name):
        changed(record, lambda found: found["answers"].pop(0))
        with pytest.raises(others.IncompleteError, match=r"answers of torch 2.13.0, which gave"):
            list(others.TABLES[name]())

    def test_a_question_that_nobody_answers_is_refused(self):
        with pytest.raises(others.IncompleteError, match="no answer about 'relu at 7'"):
            others.about("relu at 7")


class TestSlopes:
    """Each row has the slopes there are, and who answers what; ✗ where no choice explains it."""

    def row(self, question):
        return next(line for line in others.slopes() if line.startswith(f"| {question} |"))

    def test_a_choice_is_shown_as_one(self):
        row = self.row("relu at 0")
        assert "| 0 to 1 |" in row
        assert "✗" not in row

    def test_a_tie_says_what_the_shares_add_up_to(self):
        assert "| 0 to 1, together 1 |" in self.row("maximum of two equal numbers")

    def test_what_is_no_choice_is_marked_with_the_slope_that_tells(self):
        row = self.row("maximum of two equal numbers")
        assert "**0 0** (✗ along (1, 1) it is 1): mygrad" in row

    def test_a_changed_answer_is_judged_anew(self, record):
        def mend(found):
            for row in found["answers"]:
                if row["library"] == "mygrad" and row["question"].startswith("maximum of two"):
                    row["answer"] = [1.0, 0.0]

        changed(record, mend)
        assert "✗" not in self.row("maximum of two equal numbers")

    def test_versions_that_differ_stand_apart(self):
        row = self.row("clamp to [0, 1] at 1")
        assert "torch 2.14.1" in row
        assert "torch 2.13.0" in row


class TestMatrices:
    """A derivative that is answered is right or wrong; one that is handed back is neither."""

    def judged(self, derivative):
        rows = [text for text in others.matrices() if text.startswith(f"| {derivative} |")]
        return [row.split(" | ")[-1].removesuffix(" |") for row in rows]

    def test_each_kind(self):
        kinds = [self.judged(what) for what in ("Trace(A)", "log(det A)", "det A")]
        assert kinds == [["✓"], ["✗"], ["no answer"]]


class TestCounts:
    """Which line is safe is found in the row of one's library, in one of two places."""

    def cells(self, library):
        [row] = [row for row in others.counts() if row.startswith(f"| {library} ")]
        return row.split(" | ")[1:]

    def test_what_stops_is_told_from_what_does_not(self):
        stops, fine = self.cells("torch")
        assert stops.startswith("**256 in bfloat16 and 2,048 in float16**: layer norm, bias; ")
        assert fine.startswith("**4,096**: RMS norm, weight; ")
        assert "; linear, bias;" in fine
        assert "layer norm" not in fine

    def test_one_format_may_stop_alone(self):
        stops, fine = self.cells("TensorFlow")
        assert stops.endswith(". **256 in bfloat16**: `bias_add`")
        assert "bias_add" not in fine

    def test_a_changed_answer_moves(self, record):
        def spoil(found):
            for row in found["answers"]:
                if row["library"] == "MLX" and row["question"].endswith("bfloat16: repeat"):
                    row["answer"] = 256.0

        changed(record, spoil)
        stops, fine = self.cells("MLX")
        assert "repeat" in stops
        assert "repeat" not in fine

    def test_code_is_set_as_code(self):
        said = "\n".join(others.counts())
        code = "`einsum('ij->j')`", "`w[index]`", "`.grad` in a loop"
        assert all(name in said for name in code)
        assert ": sum over axis 0;" in said


class TestCheckers:
    """A count has what it is of beside it, and what the page says of a checker is its answer."""

    def test_passes_are_of_so_many(self):
        last = [text.removesuffix(" |").split(" | ")[-1] for text in others.checkers()][2:]
        counts = [entry for entry in last if entry]
        assert len(counts) > 5
        assert all(re.fullmatch(rf"\d+ of {len(WILD)}", entry) for entry in counts)

    def answers(self, question):
        return {(row["library"], row["how"]): row["answer"] for row in others.about(question)}

    def test_two_wrong_passes_and_a_right_one_look_right_from_their_gradients(self):
        broken = {wrong.name: {equation for equation, _ in wrong.broken()} for wrong in WILD}
        assert broken["24"] == set()
        assert "purity" in broken["44"]
        case = next(wrong for wrong in WILD if wrong.name == "51").setting.case()
        wrong = {wrong.name: wrong for wrong in WILD}["51"]
        found = wrong.backprop()(case.network.weights, case.network.biases, case.x, case.y)
        true = backprop(case.network, case.x, case.y)
        assert all(map(np.allclose, found["nabla_w"], true.nabla_w.values()))
        for (library, how), names in self.answers("wrong passes accepted, by name").items():
            accepted = set(names.split(", "))
            match library, how:
                case "OpenMDAO", _:
                    assert accepted == {"14"}
                case "this project", _:
                    assert accepted == {"24"}
                case "JAX", _ if "float32" in how:
                    assert accepted > {"24", "44", "51"}
                case _:
                    assert accepted == {"24", "44", "51"}

    def test_who_notices_the_tiny_gradient(self):
        tiny = self.answers("0 where the gradient is 5e-6")
        noticed = {library for (library, _), answer in tiny.items() if answer == "rejected"}
        assert noticed - {"this project"} == {"SciPy", "TensorFlow", "autograd", "OpenMDAO"}

    def test_a_complex_step_raises_no_false_alarm_about_the_layer(self):
        right = self.answers("a right gradient")
        assert right["OpenMDAO", "problem.check_partials(method='cs')"] == "accepted"
        assert right["OpenMDAO", "problem.check_partials()"] == "rejected"


class TestKept:
    """What no longer installs is said to be so, with the reason."""

    def test_it_is_named(self, record):
        def refuse(found):
            found["families"]["mygrad 2.5.0"]["kept"] = "No matching distribution found"

        changed(record, refuse)
        told = "\n".join(others.kept())
        assert "No longer installed" in told
        assert "mygrad 2.5.0 (No matching distribution found)" in told


class TestFirstWords:
    """What a checker says is cut after a whole word, and that it was cut is seen."""

    def test_a_long_answer(self):
        assert others.begun("one two thr", kept=11) == "one two …"

    def test_a_short_one(self):
        assert others.begun("one two thr") == "one two thr"

    def test_on_the_page(self):
        cut = [line for line in others.says() if "…" in line]
        assert len(cut) > 5
