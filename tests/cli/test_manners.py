"""The command as people run it, where it is not left to finish."""

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

FULL = Path("/dev/full")

COMMAND = [sys.executable, "-m", "proofs"]

HOLDS = """
import numpy as np

def backprop(weights, biases, x, y):
    {line}
"""


@pytest.fixture
def mynet(tmp_path):
    """The command that checks a function with this line, run in its folder."""

    def mynet(line, *options):
        (tmp_path / "mynet.py").write_text(HOLDS.format(line=line), encoding="utf-8")
        return {"args": [*COMMAND, "check", "mynet.py:backprop", *options], "cwd": tmp_path}

    return mynet


STARTED = "import time; open('started', 'w').close(); time.sleep(600)"

LOADS = f"""
try:
    {STARTED}
except KeyboardInterrupt as error:
    raise ImportError from error
"""


def interrupted(args, cwd):
    """The exit status and the message, if Ctrl-C comes once something has started."""
    # Where these tests run in the background of a shell, Ctrl-C would be ignored.
    heard = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    process = subprocess.Popen(
        args, cwd=cwd, text=True, stderr=subprocess.PIPE, preexec_fn=heard, start_new_session=True
    )
    while not (cwd / "started").exists():
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)  # a terminal tells all that it started
    _, err = process.communicate(timeout=60)
    return process.returncode, err


def run(args, **options):
    return subprocess.run(args, text=True, stderr=subprocess.PIPE, check=False, **options)


class TestNoTraceback:
    """One line says why it ended, and the status is not that of a broken equation."""

    @pytest.mark.parametrize("beside", ["", "\n\ndef example():\n    backprop(0, 0, 0, 0)"])
    def test_ctrl_c(self, mynet, tmp_path, beside):
        """Of a function, and of a model with its example."""
        hang = mynet(STARTED.replace("started", str(tmp_path / "started")) + beside)
        assert interrupted(**hang) == (130, "python -m proofs: interrupted\n")

    def test_ctrl_c_while_it_loads(self, tmp_path):
        """NumPy makes an ImportError of it."""
        (tmp_path / "numpy.py").write_text(LOADS)
        ended = interrupted([*COMMAND, "check", "mynet.py:backprop"], tmp_path)
        assert ended == (130, "python -m proofs: interrupted\n")

    @pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
    def test_a_narrow_encoding(self, mynet, encoding):
        """What it lacks is written as an escape, a lone surrogate in UTF-8 too."""
        bad = mynet("raise ValueError('a \u2260 b \\udc80')", "--batch", "2")
        env = {**os.environ, "PYTHONIOENCODING": encoding}
        done = run(**bad, stdout=subprocess.PIPE, env=env, encoding=encoding)
        assert (done.returncode, done.stderr) == (2, "")
        assert "udc80" in done.stdout

    def test_a_closed_pipe(self):
        """As in `| head -1`."""
        reading, writing = os.pipe()
        os.close(reading)
        done = run([*COMMAND, "--claim", "BP3"], stdout=writing)
        os.close(writing)
        assert (done.returncode, done.stderr) == (141, "")

    def test_no_output(self, mynet):
        """As after `>&-`: the exit status alone tells."""
        bad = mynet("return 0", "--batch", "2")
        done = run(**bad, preexec_fn=partial(os.close, 1))
        assert (done.returncode, done.stderr) == (2, "")

    @pytest.mark.skipif(not FULL.exists(), reason="no disk that is always full")
    def test_a_full_disk(self):
        with FULL.open("w") as full:
            done = run([*COMMAND, "--claim", "BP3"], stdout=full)
        assert done.returncode == 2
        assert done.stderr.startswith("python -m proofs: the report could not be written: ")
        assert done.stderr.count("\n") == 1

    def test_more_than_fits_the_memory(self, mynet):
        huge = mynet("return 0", "--sizes", "100000000,100000000")
        done = run(**huge, stdout=subprocess.PIPE)
        assert (done.returncode, done.stdout) == (2, "")
        assert "does not fit into memory" in done.stderr
        assert "Traceback" not in done.stderr
