"""Numbers on the command line that no network has."""

import os
import subprocess
import sys

import pytest

from tests.cli.test_check_command import ONE, textbook

COMMAND = [sys.executable, "-m", "proofs", "check", "mynet.py:backprop"]


@pytest.fixture
def folder(tmp_path):
    """A folder with a backward pass that is right."""
    (tmp_path / "mynet.py").write_text(textbook(), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "options",
    [
        ("--sizes", "1000000000,1000000000"),
        ("--batch", "1000000000"),
        ("--layers", "1000000000"),
        ("--sizes", "3,0"),
        ("--sizes", "9" * 5000 + ",2"),
        ("--batch", "9" * 5000),
        ("--layers", "0"),
        ("--l2", "inf"),
        ("--l1", "nan"),
    ],
)
def test_they_are_refused(folder, options):
    """Before any memory is asked for: status 2, the option, no traceback."""
    done = subprocess.run(
        [*COMMAND, *options], cwd=folder, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    assert options[0] in done.stderr.split("error: ", 1)[1]


def test_the_encoding_of_a_terminal_is_not_that_of_their_function(folder):
    """What it prints is no error of it where the terminal is narrow."""
    (folder / "mynet.py").write_text(textbook() + "print('\\u2207C')\n", encoding="utf-8")
    world = {**os.environ, "PYTHONIOENCODING": "ascii:backslashreplace"}
    done = subprocess.run([*COMMAND, *ONE], cwd=folder, env=world, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
