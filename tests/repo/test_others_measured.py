"""What other libraries answer is kept as it was measured, and compared with both values."""

import ast
import json
import re
from collections import Counter
from pathlib import Path

import pytest
from others import measure

FINDINGS = sorted((Path(__file__).parents[2] / "findings").glob("*.sh"))


@pytest.fixture(scope="module")
def record():
    return measure.read()


class TestRecord:
    """Each entry is one answer of one library in one version to one question, asked in one way."""

    def test_every_entry_has_the_same_parts(self, record):
        parts = {tuple(row) for row in record["answers"]}
        assert parts == {("library", "version", "question", "answer", "how")}

    def test_no_two_answer_the_same(self, record):
        counted = Counter(map(measure.key, record["answers"]))
        assert not [asked for asked, times in counted.items() if times > 1]

    def test_there_are_250_answers_of_14_libraries(self, record):
        assert len(record["answers"]) >= 250
        assert len({row["library"] for row in record["answers"]}) >= 14

    def test_a_family_has_as_many_as_it_gave(self, record):
        there = Counter(map(measure.family, record["answers"]))
        assert there == {name: of["answers"] for name, of in record["families"].items()}

    def test_every_family_was_asked(self, record):
        assert set(record["families"]) == set(measure.FAMILIES)

    @pytest.mark.parametrize("name", measure.FAMILIES)
    def test_every_slope_that_is_asked_for_is_answered(self, record, name):
        """A question that was added to a script is recorded with it."""
        script = measure.HERE / f"ask/with_{measure.FAMILIES[name]['ask']}.py"
        answered = {row["question"] for row in record["answers"] if measure.family(row) == name}
        for node in ast.parse(script.read_text("utf-8")).body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "SLOPES":
                asked = [k for k in ast.walk(node.value) if isinstance(k, ast.Dict)]
                assert {key.value for of in asked for key in of.keys} <= answered

    def test_an_answer_is_what_json_holds(self, record):
        def plain(answer):
            return all(map(plain, answer)) if isinstance(answer, list) else answer == answer

        assert all(plain(row["answer"]) for row in record["answers"])


class TestCheck:
    """`nox -s others -- --check` names each answer that changed, with both values."""

    NAME = "mygrad 2.5.0"

    def rows(self, record):
        return [dict(row) for row in record["answers"] if measure.family(row) == self.NAME]

    def test_the_same_answers_pass(self, record):
        assert measure.check([self.NAME], lambda name: self.rows(record)) == []

    def test_a_changed_answer_is_named_with_both_values(self, record):
        rows = self.rows(record)
        at = next(row for row in rows if row["question"] == "maximum of two equal numbers")
        at["answer"] = [0.5, 0.5]
        (line,) = measure.check([self.NAME], lambda name: rows)
        assert line == (
            "mygrad 2.5.0, maximum of two equal numbers [mg.maximum(x[0], x[1])]: "
            "was [0.0, 0.0], is [0.5, 0.5]"
        )

    def test_an_answer_that_is_gone_or_new_is_named(self, record):
        rows = self.rows(record)
        gone = rows.pop()
        new = gone | {"question": "another"}
        lines = measure.check([self.NAME], lambda name: [*rows, new])
        assert len(lines) == 2
        assert any(line.endswith("is no answer") for line in lines)
        assert any("was no answer" in line for line in lines)

    def test_the_command_fails_if_something_changed(self, monkeypatch, capsys):
        monkeypatch.setattr(measure, "check", lambda names: ["changed"])
        monkeypatch.setattr("sys.argv", ["measure.py", "mygrad", "--check"])
        assert measure.main() == 1
        assert capsys.readouterr().out == "changed\n"

    def test_an_unknown_library_is_told_with_those_there_are(self):
        with pytest.raises(SystemExit, match="there is no theano; the libraries are torch, JAX"):
            measure.wanted(["theano"])

    def test_a_library_stands_for_all_its_versions(self):
        assert measure.wanted(["torch"]) == ["torch 2.13.0", "torch 2.14.1"]


class TestNoLongerInstalled:
    """A library that no longer installs keeps its last answers, and the record says so."""

    def refuse(self, name):
        raise measure.NoAnswerError("No matching distribution found")

    def test_check_says_so(self):
        (line,) = measure.check(["mygrad 2.5.0"], self.refuse)
        assert line == "mygrad 2.5.0 no longer answers: No matching distribution found"

    def test_its_answers_are_kept(self, record, monkeypatch, tmp_path):
        copy = tmp_path / "others.json"
        copy.write_text(measure.RECORD.read_text("utf-8"), "utf-8")
        monkeypatch.setattr(measure, "RECORD", copy)
        measure.record_all(["mygrad 2.5.0"], self.refuse)
        now = measure.read()
        assert now["families"]["mygrad 2.5.0"]["kept"] == "No matching distribution found"
        assert now["answers"] == record["answers"]


class TestNothingThatCrashes:
    """Of a script that crashes or hangs the record says so, not on which question it did."""

    FAMILY = "mygrad 2.5.0"

    @pytest.fixture
    def python(self, tmp_path):
        """A program in place of Python, which answers one question and then does as it is told."""

        def program(then):
            path = tmp_path / "python"
            told = json.dumps({"question": "relu at 0", "answer": [0.0], "how": "relu(x)"})
            path.write_text(f"#!/bin/sh\necho '{told}'\n{then}\n", "utf-8")
            path.chmod(0o700)
            return path

        return program

    def test_what_ends_well_is_recorded(self, python):
        (row,) = measure.asked(self.FAMILY, python("exit 0"))
        assert (row["library"], row["question"]) == ("mygrad", "relu at 0")

    @pytest.mark.parametrize(
        ("then", "said"),
        [
            ("kill -SEGV $$", "it installs, but its script is killed by SIGSEGV"),
            ("exit 3", "it installs, but its script ends with status 3"),
            ("exec sleep 600", "it does not end within an hour"),
        ],
    )
    def test_what_crashes_or_hangs_leaves_the_record_as_it_was(
        self, python, monkeypatch, tmp_path, then, said
    ):
        copy = tmp_path / "others.json"
        copy.write_text(measure.RECORD.read_text("utf-8"), "utf-8")
        was = measure.read()
        monkeypatch.setattr(measure, "RECORD", copy)
        monkeypatch.setattr(measure, "HOUR", 1)
        measure.record_all([self.FAMILY], lambda name: measure.asked(name, python(then)))
        assert measure.read()["families"][self.FAMILY]["kept"] == said
        assert measure.read()["answers"] == was["answers"]


@pytest.mark.parametrize("script", FINDINGS, ids=lambda script: script.stem)
class TestFindings:
    """A finding is about pinned public packages, without this project, and fails if it changes."""

    def test_it_pins_what_it_installs(self, script):
        (line,) = re.findall(
            r'(?:pip" install|npm install|--include) (.*?) 2?>', script.read_text("utf-8")
        )
        packages = [word for word in re.split("[ ,]", line) if not word.startswith("-")]
        assert packages
        assert all(re.search(r"[^=@](==?|@)\d", package) for package in packages)

    def test_it_says_which_version_behaves_how(self, script):
        comment = re.match(r"#!/bin/sh\n((?:#.*\n)+)", script.read_text("utf-8"))[1]
        assert re.search(r" \d+(\.\d+)+: ", comment)
        assert "fails if it is no longer so" in comment

    def test_it_compares_what_it_saw(self, script):
        assert script.read_text("utf-8").endswith("diff -u expected seen\n")

    def test_it_leaves_this_project_out(self, script):
        assert "proofs" not in script.read_text("utf-8")
