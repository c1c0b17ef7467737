"""Backward passes of public repositories: what the record says of each, and when it turns red."""

import ast
import json
import subprocess

import pytest
from strangers import measure

NAMES = list(measure.STRANGERS)
GLUE = sorted((measure.HERE / "glue").glob("*.py"))
LONGEST = 300
"""A line of glue has at most so many characters."""


@pytest.fixture(scope="module")
def record():
    return measure.read()


class TestRecord:
    """Each repository of the table is recorded, with the glue that lies beside it."""

    def test_it_names_all_of_them(self, record):
        assert list(record) == NAMES

    def test_each_verdict_is_what_is_true_of_that_code(self, record):
        assert not [name for name, row in record.items() if not measure.agrees(row)]

    @pytest.mark.parametrize("name", NAMES)
    def test_the_glue_has_as_many_lines_as_are_recorded(self, record, name):
        lines = measure.lines(name)
        assert len(lines) == record[name]["lines"]
        assert all(len(line) <= LONGEST for line in lines)

    def test_most_are_whole_with_a_line_for_each_check(self, record):
        whole, *others = measure.summary(record)
        repositories, most = (int(word) for word in whole.split() if word.isdigit())
        assert repositories == 24
        assert most >= 20
        assert others[-2:] == ["not fetched: none", "not as is true: none"]

    def test_every_file_of_glue_belongs_to_one(self):
        assert {file.stem for file in GLUE} <= set(NAMES)

    @pytest.mark.parametrize("name", NAMES)
    def test_each_is_pinned_to_a_commit(self, name):
        assert len(measure.STRANGERS[name]["commit"]) == 40
        assert bool(measure.glue(name)) != ("asked" in measure.STRANGERS[name])


@pytest.mark.parametrize("file", GLUE, ids=lambda file: file.stem)
class TestGlue:
    """It says what is right or wrong in that code, and where that is known from."""

    def test_it_says_so_first(self, file):
        text = ast.get_docstring(ast.parse(file.read_text("utf-8")))
        first, _, known = text.partition("\n\n")
        assert first.startswith(("Right", "Wrong"))
        true = measure.STRANGERS[file.stem]["truth"]
        assert first.startswith("Wrong") == (true == "not checked" or isinstance(true, list))
        assert known.strip()


class TestLines:
    """Statements are counted, those within functions too; imports and docstrings are none."""

    def test_of_a_function(self):
        source = '"""Right."""\nimport net\n\ndef step(x):\n    """It."""\n    return net.f(x)\n'
        assert len(measure.lines_of(source + "subject = step\n")) == 3


class TestCheck:
    """`nox -s strangers -- --check` names each verdict that changed, with both."""

    def test_the_same_verdicts_pass(self, record, capsys):
        assert measure.run(NAMES, True, lambda name: dict(record[name])) == 0
        assert capsys.readouterr().out.endswith("every verdict is what it was\n")

    @pytest.mark.parametrize(
        "change",
        [
            {"verdict": "broken"},
            {"at": ["BP1 at layer 3"]},
            {"words": ["another word"]},
            {"lines": 2},
            {"verdict": "not fetched", "words": ["no network"]},
        ],
        ids=str,
    )
    def test_a_changed_one_fails(self, record, capsys, change):
        name = NAMES[1]
        assert measure.run([name], True, lambda name: record[name] | change) == 1
        told = capsys.readouterr().out
        assert told.splitlines()[-1].startswith(f"{name}: was {{")

    def test_what_is_not_fetched_is_listed_and_is_not_whole(self, record):
        row = record[NAMES[0]] | {"verdict": "not fetched"}
        told = list(measure.summary({NAMES[0]: row}))
        assert told[0] == "1 repositories, 0 whole with at most a line for each check"
        assert told[-2] == f"not fetched: {measure.STRANGERS[NAMES[0]]['repository']}"

    def test_what_is_not_fetched_agrees_with_nothing(self, record):
        row = record[NAMES[0]] | {"verdict": "not fetched", "at": []}
        assert not measure.agrees(row)

    def test_another_equation_does_not_agree(self, record):
        row = record["extorc"] | {"at": ["BP1 at layer 3", "BP2 at layer 2"]}
        assert measure.agrees(record["extorc"])
        assert not measure.agrees(row)


class TestMeasuring:
    """A repository is copied at its commit, judged in a process of its own, and not kept."""

    @pytest.fixture
    def theirs(self, tmp_path, monkeypatch):
        """A repository among mirrors, a line of glue for it, and the folder of these."""
        git = tmp_path / "mirrors/somebody+net/repo"
        git.mkdir(parents=True)
        who = ["-c", "user.name=n", "-c", "user.email=e"]
        (git / "net.py").write_text(THEIRS, "utf-8")
        for words in (["init", "-q"], ["add", "."], [*who, "commit", "-qm", "net"]):
            subprocess.run(["git", *words], cwd=git, check=True)
        told = subprocess.run(
            ["git", "rev-parse", "HEAD"], cwd=git, check=True, capture_output=True, text=True
        )
        stranger = {"repository": "somebody/net", "commit": told.stdout.strip()}
        stranger |= {"files": ["net.py"], "truth": ["BP4"], "stand_ins": ["absent.part"]}
        monkeypatch.setitem(measure.STRANGERS, "somebody", stranger)
        file = tmp_path / "somebody.py"
        file.write_text("import net\nsubject = net.adapted\n", "utf-8")
        monkeypatch.setattr(measure, "glue", lambda name: file)
        return tmp_path / "mirrors"

    def test_a_fault_is_named(self, theirs):
        row = measure.measured("somebody", theirs)
        assert (row["verdict"], row["lines"]) == ("broken", 1)
        assert {at.partition(" at")[0] for at in row["at"]} == {"BP4"}
        assert row["words"] == ["it is twice as large"]
        assert measure.agrees(row)

    def test_one_that_is_no_longer_there_is_not_fetched(self, theirs):
        measure.STRANGERS["somebody"]["commit"] = "0" * 40
        row = measure.measured("somebody", theirs)
        assert row["verdict"] == "not fetched"
        assert not measure.agrees(row)

    def test_one_that_cannot_be_loaded_is_not_checked(self, theirs):
        measure.STRANGERS["somebody"]["stand_ins"] = []
        row = measure.measured("somebody", theirs)
        assert row["verdict"] == "not checked"
        assert "absent" in row["words"][0]

    def test_no_mirror_of_it(self, tmp_path):
        row = measure.measured(NAMES[0], tmp_path)
        assert row["words"] == ["there is no copy of it among the mirrors"]


THEIRS = """
import absent.part
from proofs import Network, backprop
from proofs.adapters import Adapted

def wrong(w, b, x, y):
    found = backprop(Network.from_arrays(w, b), x, y)
    return list(found.nabla_b.values()), [2 * v for v in found.nabla_w.values()]

adapted = Adapted(Network([3, 4, 2]), wrong)
"""


def test_the_record_is_json_with_one_verdict_a_line():
    lines = measure.RECORD.read_text("utf-8").splitlines()[1:-1]
    assert [json.loads(line.rstrip(","))["name"] for line in lines] == NAMES
