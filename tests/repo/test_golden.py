"""What is written down is compared with what is said, and written anew by `pytest --accept`."""

import subprocess
import sys

import pytest
from golden import Golden
from sites import ROOT


@pytest.fixture
def file(tmp_path):
    file = tmp_path / "said.txt"
    file.write_text("one\n    1\n\ntwo\n    2\n")
    return file


class TestCompared:
    """Any difference fails and leaves the file as it was."""

    def test_the_same(self, file):
        said = Golden(file, accepted=False)
        said.part("one\n    1")
        said.only(["one", "two"])

    @pytest.mark.parametrize("part", ["one\n    2", "one", "three\n    1"])
    def test_another_part(self, file, part):
        before = file.read_text()
        with pytest.raises(AssertionError, match=r"pytest --accept writes it to said\.txt"):
            Golden(file, accepted=False).part(part)
        assert file.read_text() == before

    @pytest.mark.parametrize("names", [["one"], ["two", "one"], ["one", "two", "three"]])
    def test_other_names(self, file, names):
        with pytest.raises(AssertionError):
            Golden(file, accepted=False).only(names)

    def test_no_file(self, tmp_path):
        with pytest.raises(AssertionError):
            Golden(tmp_path / "none.txt", accepted=False).part("one")


class TestAccepted:
    """What is said is written, and what nobody says any more is taken out."""

    def test_written(self, file):
        said = Golden(file, accepted=True)
        said.part("three\n    3")
        said.part("one\n    4")
        said.only(["three", "one"])
        assert file.read_text() == "three\n    3\n\none\n    4\n"

    def test_what_is_said_already_changes_nothing(self, file):
        before = file.read_text()
        said = Golden(file, accepted=True)
        said.part("two\n    2")
        said.only(["one", "two"])
        assert file.read_text() == before


def test_not_by_several_processes_at_once():
    """Each would write what the others have not said yet."""
    command = [sys.executable, "-m", "pytest", "--accept", "-n", "2", __file__, "-k", "nothing"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert told.returncode == 4
    assert "--accept writes files, one process at a time: without -n" in told.stderr
