"""`python -m proofs check FILE.py:step` with `example()` beside it checks a model."""

import inspect
import json
import subprocess
import sys

import handwritten
import pytest

MODEL = inspect.getsource(handwritten)
BESIDE = "\n\nloud = example\n\n\ndef example():\n    print('loud')\n    return loud('lstm_net')\n"


@pytest.fixture
def run(tmp_path):
    """Write a model and run the command on it."""

    def command(source, *options):
        (tmp_path / "mine.py").write_text(source, encoding="utf-8")
        line = [
            sys.executable,
            "-m",
            "proofs",
            "check",
            f"{tmp_path / 'mine.py'}:lstm_net",
            *options,
        ]
        return subprocess.run(line, capture_output=True, text=True, check=False)

    return command


class TestCommand:
    """The report on the output, 0 if all holds, 1 if not, 2 if nothing can be checked."""

    def test_right(self, run):
        done = run(MODEL + BESIDE)
        assert done.returncode == 0, done.stderr
        assert "Every equation holds: 51 of 51." in done.stdout
        assert "loud" not in done.stdout

    def test_wrong_as_json(self, run):
        done = run(MODEL.replace('G["Wh"] += dWh', 'G["Wh"] = dWh') + BESIDE, "--json")
        assert done.returncode == 1
        found = json.loads(done.stdout)
        assert [(v["place"], v["quantity"]) for v in found["violations"]] == [
            ("parameter Wh", "sum")
        ]

    def test_detached(self, run):
        source = (
            "import numpy as np\n\n\ndef lstm_net(params, x, y):\n"
            "    out = x @ params['w']\n    target = 0.9 * out.max() + y\n"
            "    error = out - target\n    return (error**2).sum() / 2, {'w': x.T @ error}\n\n\n"
            "def example():\n    draw = np.random.default_rng(0).standard_normal\n"
            "    return {'w': draw((3, 1))}, draw((4, 3)), draw((4, 1))\n"
        )
        assert run(source).returncode == 1
        done = run(source, "--detached", "target = 0.9 * out.max() + y")
        assert done.returncode == 0, done.stdout + done.stderr
        assert "remark: target = 0.9 * out.max() + y: counts as a constant" in done.stdout
        no_step = source.replace("def example", "def other")
        done = run(no_step, "--detached", "out.max()")
        assert done.returncode == 2
        assert "--detached: of no use for backprop" in done.stderr

    def test_no_inputs(self, run):
        done = run(MODEL + "\n\ndef example():\n    return 3\n")
        assert done.returncode == 2
        assert "expected example() to return (params, *data)" in done.stderr

    def test_a_step_that_hangs_is_ended(self, run):
        source = MODEL.replace(
            "    N, T, _ = x.shape\n    H = len(P", "    while True:\n        pass\n    H = len(P"
        )
        done = run(source + BESIDE, "--timeout", "5")
        assert done.returncode == 2
        assert "took more than 5 s" in done.stdout

    def test_the_file_raises(self, run):
        done = run("import numpy\n1 / 0\n" + MODEL + BESIDE)
        assert done.returncode == 2
        assert done.stderr.endswith(
            "before a step, it raised ZeroDivisionError: division by zero (in <module>, line 2)\n"
        )

    def test_example_and_step_are_of_one_module(self, run):
        """The file is loaded once: what example() makes is of the classes that step knows."""
        source = MODEL.replace(
            "def lstm_net(P, x, y):",
            "class Here: ...\n\n\ndef lstm_net(P, x, y):\n    assert isinstance(MADE[0], Here)",
        )
        done = run(
            source
            + BESIDE.replace("    print('loud')", "    MADE.append(Here())")
            + "\n\nMADE = []\n"
        )
        assert done.returncode == 0, done.stderr + done.stdout

    def test_options_of_networks_are_refused(self, run):
        done = run(MODEL + BESIDE, "--sizes", "3,4,2", "--no-biases")
        assert done.returncode == 2
        assert "--no-biases, --sizes: of no use for a model" in " ".join(done.stderr.split())

    def test_without_example_it_is_said_how_a_step_is_checked(self, run):
        done = run(MODEL.replace("def example(", "def examples("))
        assert done.returncode == 2
        assert "a function example() beside it returns (params, *data)" in done.stdout
        assert "a single layer with proofs.check_layer" in done.stdout
