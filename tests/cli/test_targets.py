"""What a target may be: a notebook, a file in a package, a class; what is said of the others."""

import json

import pytest

from proofs.checker.calling import notebook
from proofs.cli import claims as command
from tests.cli import test_check_command as commands
from tests.cli.test_check_command import ONE, places, textbook


@pytest.fixture
def run(tmp_path, capsys, monkeypatch):
    """The status, the remarks and the places of violations of a target in a folder of files."""
    monkeypatch.chdir(tmp_path)

    def run(target, files, *options):
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
        status = command.main(["check", target, "--json", *options])
        return status, json.loads(capsys.readouterr().out)

    return run


@pytest.fixture
def refused(tmp_path, capsys, monkeypatch):
    """What is said of a target that cannot be checked, with status 2 and no traceback."""
    monkeypatch.chdir(tmp_path)

    def refused(target, files, *options):
        for name, text in files.items():
            (tmp_path / name).write_text(text, encoding="utf-8")
        with pytest.raises(SystemExit) as stopped:
            command.main(["check", target, *options])
        assert stopped.value.code == 2
        err = capsys.readouterr().err
        assert "Traceback" not in err
        return " ".join(err.split("error: ", 1)[1].split())

    return refused


def ipynb(*cells):
    """The text of a notebook with these code cells, and some words between them."""
    words = {"cell_type": "markdown", "source": ["# This is (no Python"]}
    code = [{"cell_type": "code", "source": cell.splitlines(keepends=True)} for cell in cells]
    return json.dumps({"cells": [words, *code], "nbformat": 4})


class TestNotebook:
    """The code cells run in one namespace; what is not Python is skipped, with a remark."""

    def test_it_holds(self, run):
        head, body = textbook().split("calls = []")
        status, found = run(
            "nb.ipynb:backprop", {"nb.ipynb": ipynb(head, "calls = []" + body)}, *ONE
        )
        assert status == 0
        assert "skipped" not in str(found["remarks"])

    def test_it_is_wrong(self, run):
        cells = ipynb("%matplotlib inline\n!pip install x", textbook(BP1="a[-1] - y"))
        status, found = run("nb.ipynb:backprop", {"nb.ipynb": cells}, *ONE)
        assert status == 1
        assert places(found) == [("BP1", 4)]
        assert found["remarks"][0] == (
            "lines of the notebook that are no Python were skipped: 2, "
            "the first: %matplotlib inline"
        )

    def test_the_line_of_an_error_is_theirs(self, run):
        cells = ipynb("x = 1", "def backprop(w, b, x, y):\n    raise KeyError(3)")
        _, found = run("nb.ipynb:backprop", {"nb.ipynb": cells}, *ONE)
        assert "(in backprop, nb.ipynb, code cell 2, line 2)" in found["problems"][0]

    @pytest.mark.parametrize(
        ("source", "python", "left_out"),
        [
            ("x = (7\n  % 4)", "x = (7\n  % 4)", []),
            ("if x:\n    !ls\ny = 1", "if x:\n    pass\ny = 1", ["    !ls"]),
            ("%%time\nx = 1", "pass\nx = 1", ["%%time"]),
            ("%%bash\nls -l", "", ["%%bash", "ls -l"]),
            ("backprop?", "pass", ["backprop?"]),
        ],
    )
    def test_what_is_skipped(self, tmp_path, source, python, left_out):
        file = tmp_path / "nb.ipynb"
        file.write_text(ipynb(source), encoding="utf-8")
        assert notebook.cells(file) == [(python, left_out)]

    def test_a_training_step(self, tmp_path, capfd):
        """A function example() beside it may stand in another cell; what is wrong is quoted."""
        step = (
            "def step(P, x, y):\n"
            "    d = np.tanh(x @ P['w']) - y\n"
            "    return (d * d).sum() / 2, {'w': x.T @ d}"
        )
        example = (
            "def example():\n"
            "    x = np.arange(9.0).reshape(3, 3) / 9\n"
            "    return {'w': x + 1}, np.sin(5 * x), x"
        )
        cells = ipynb("import numpy as np\n%matplotlib inline", step, example)
        (tmp_path / "nb.ipynb").write_text(cells, encoding="utf-8")
        assert command.main(["check", f"{tmp_path}/nb.ipynb:step"]) == 1
        said = capfd.readouterr().out
        assert "np.tanh(x @ P['w']) is taken as 1 (line 2)" in said
        assert "lines are counted in each cell" in said
        assert "skipped: 1, the first: %matplotlib inline" in said

    def test_no_such_name(self, refused):
        message = refused("nb.ipynb:backprop", {"nb.ipynb": ipynb("def back_prop(): ...")})
        assert message.endswith(
            "nb.ipynb has no backprop; it has back_prop (did you mean back_prop?)"
        )

    def test_its_functions_are_listed_where_none_is_named(self, refused):
        cells = ipynb(
            "%matplotlib inline\nimport math", "def help_it(): ...", "def backward(): ..."
        )
        message = refused("nb.ipynb", {"nb.ipynb": cells})
        assert "nb.ipynb:backward, got " in message
        assert message.endswith("nb.ipynb, which has help_it, backward")

    def test_it_is_no_notebook(self, refused):
        message = refused("nb.ipynb:backprop", {"nb.ipynb": "{}"})
        assert "expected a Jupyter notebook with cells" in message

    def test_a_cell_raises(self, refused):
        message = refused("nb.ipynb:backprop", {"nb.ipynb": ipynb("x = 1", "1 / 0")})
        assert message.endswith("code cell 2 raised ZeroDivisionError: division by zero")

    def test_a_cell_raises_that_is_not_needed(self, run):
        """As one that reads data which are not there, or plots with what is not installed."""
        cells = ipynb(textbook(), "import no_such_library", "open('no such data')")
        status, found = run("nb.ipynb:backprop", {"nb.ipynb": cells}, *ONE)
        assert status == 0
        assert "code cell 2 raised ModuleNotFoundError" in str(found["remarks"])

    def test_it_runs_in_its_folder(self, run):
        files = {
            "sub/data.txt": "4",
            "sub/nb.ipynb": ipynb("int(open('data.txt').read())", textbook()),
        }
        status, found = run("sub/nb.ipynb:backprop", files, *ONE)
        assert status == 0
        assert "raised" not in str(found["remarks"])

    def test_a_class_in_it_may_be_a_dataclass(self, run):
        head = "from dataclasses import dataclass\n@dataclass\nclass A:\n    x: 'int'\n"
        assert run("nb.ipynb:backprop", {"nb.ipynb": ipynb(head, textbook())}, *ONE)[0] == 0


class TestNamesLeftOut:
    """A file alone is answered with what is in it, a method alone with how it gets its object."""

    def test_a_file_alone(self, refused):
        message = refused("net.py", {"net.py": "def f(): ...\nclass Net: ...\ndef backprop(): ..."})
        assert "such as net.py:backprop, got net.py, which has f, Net, backprop" in message

    def test_a_file_that_is_not_there(self, refused):
        assert refused("net.py", {}).endswith("such as mynet.py:backprop, got net.py")

    def test_a_method_of_a_class(self, refused):
        source = "class Net:\n    def train_step(self, x, y): ...\n"
        message = refused("net.py:Net.train_step", {"net.py": source})
        assert "from_model(Net(...), lambda net, x, y: net.train_step(x, y))" in message

    def test_a_static_method_is_a_function(self, run):
        source = f"{textbook()}\nclass Net:\n    backprop = staticmethod(backprop)\n"
        assert run("net.py:Net.backprop", {"net.py": source}, *ONE)[0] == 0


class TestWaysToName:
    """A file may be named as pytest does, or as the shell completes it."""

    @pytest.mark.parametrize(
        "target", ["mynet.py::backprop", "./mynet:backprop", "./mynet.py:backprop"]
    )
    def test_a_function(self, run, target):
        assert run(target, {"mynet.py": textbook()}, *ONE)[0] == 0

    def test_a_method(self, run):
        files = {"mynet.py": textbook() + commands.TestTargets.CLASS}
        assert run("mynet.py::Net::of_a_batch", files, *ONE)[0] == 0

    def test_of_a_dictionary(self, run):
        """Which adapter takes it is said."""
        _, found = run("mynet.py:f", {"mynet.py": "def f(params, x, y): return {}\n"}, *ONE)
        assert any(
            "with W1, b1, ... through proofs.adapters.from_params" in t for t in found["remarks"]
        )

    @pytest.mark.parametrize("of_a_package", [True, False])
    def test_relative_imports(self, run, of_a_package):
        """The folder of the package is found, with __init__.py or without."""
        head, body = textbook().split("calls = []")
        files = {
            "nets/parts/helpers.py": "HERE = 1\n",
            "nets/mine/mynet.py": f"from ..parts.helpers import HERE\n{head}calls = []{body}",
        }
        if of_a_package:
            files |= {f"nets/{name}__init__.py": "" for name in ("", "parts/", "mine/")}
        assert run("nets/mine/mynet.py:backprop", files, *ONE)[0] == 0

    def test_a_file_that_is_nearly_there(self, refused):
        message = refused("mynte.py:backprop", {"mynet.py": textbook()})
        assert message.endswith("there is no file mynte.py (did you mean mynet.py?)")

    @pytest.mark.parametrize("place", ["nowhere.mynet", "./nowhere", "mynet.txt"])
    def test_no_such_module(self, refused, place):
        message = refused(f"{place}:backprop", {"mynet.txt": ""})
        assert f"there is no module {place}" in message

    def test_a_name_that_is_nearly_there(self, refused):
        message = refused("mynet.py:backpop", {"mynet.py": textbook()})
        assert message.endswith("(did you mean backprop?)")

    def test_a_member_of_what_has_none(self, refused):
        message = refused("mynet.py:nets.first", {"mynet.py": "nets = [1]"})
        assert message.endswith("mynet.py has nets, a list, and that has no first")


class TestLoading:
    """What ends a file while it is loaded is said with its line, and with its last words."""

    def test_it_raises(self, refused):
        message = refused("mynet.py:f", {"mynet.py": "import numpy\n1 / 0\n"})
        assert message.endswith(
            "loading it raised ZeroDivisionError: division by zero (in <module>, line 2)"
        )

    def test_no_python(self, refused):
        message = refused("mynet.py:f", {"mynet.py": "def f(:\n"})
        assert message.endswith("loading it raised SyntaxError: invalid syntax (mynet.py, line 1)")

    def test_it_reads_the_command_line(self, refused):
        source = (
            "import argparse\np = argparse.ArgumentParser()\np.add_argument('lr')\np.parse_args()"
        )
        message = refused("mynet.py:f", {"mynet.py": source})
        assert "SystemExit: 2 (in <module>, line 4); it printed last: " in message
        assert message.endswith("the following arguments are required: lr")

    def test_it_reads_no_arguments_of_ours(self, run):
        source = "import argparse\nargparse.ArgumentParser().parse_args()\n" + textbook()
        assert run("mynet.py:backprop", {"mynet.py": source}, *ONE)[0] == 0


class TestClasses:
    """Only a class with .backprop is a network; its own cost is the one that it is checked for."""

    @pytest.mark.parametrize("name", ["backward_step", "backpropagation", "compute_gradients"])
    @pytest.mark.parametrize("target", ["Net", "net"])
    def test_near_misses_are_named(self, refused, name, target):
        """And the class is not called: its first line would end the process."""
        source = f"""
import os
class Net:
    def __init__(self, *given):
        if given: os._exit(7)
    def {name}(self, x, y): ...
net = Net()
"""
        message = refused(f"mynet.py:{target}", {"mynet.py": source})
        assert f"it has .{name}, and not .backprop" in message
        assert f"net.{name}(x, y))" in message

    @pytest.mark.parametrize(
        ("target", "made", "call"),
        [("Net", "Net(...)", "net.fit(x, y)"), ("net", "net", "net.fit(x, y)"),
         ("Bare", "Bare(...)", "net.train(x, y)")],
    )  # fmt: skip
    def test_the_line_that_is_to_be_written(self, refused, target, made, call):
        """It names the object and its method, and how the result is named to the command."""
        net = "class Net:\n    def fit(self, X, y): ...\nclass Bare: ...\nnet = Net()\n"
        message = refused(f"net.py:{target}", {"net.py": net})
        assert f"subject = from_model({made}, lambda net, x, y: {call})" in message
        assert "from proofs.adapters import from_model" in message
        assert "and name subject instead" in message

    def test_a_script_without_a_function(self, refused):
        message = refused("net.py", {"net.py": "x = y = 1\n"})
        assert "such as net.py:backprop" in message
        assert "subject = from_loop('net.py', names=('x', 'y'))" in message
        assert "name that file and :subject" in message

    COSTS = """
class CrossEntropyCost: ...
class WithCost(Net):
    def __init__(self, sizes):
        super().__init__(sizes)
        self.cost = COST
"""

    @pytest.mark.parametrize("cost", ["CrossEntropyCost", "CrossEntropyCost()", "'cross_entropy'"])
    def test_its_own_cost(self, run, cost):
        source = (
            textbook(BP1="a[-1] - y")
            + commands.TestTargets.CLASS
            + self.COSTS.replace("= COST", f"= {cost}")
        )
        assert run("mynet.py:WithCost", {"mynet.py": source}, *ONE)[0] == 0

    OWN_COSTS = """
class Logs:
    @staticmethod
    def fn(a, y):
        return np.sum(np.nan_to_num(-y * np.log(a) - (1 - y) * np.log(1 - a)))
class Turned:
    def __call__(self, y_true, y_pred):
        return -(y_true * np.log(y_pred + 1e-12) + (1 - y_true) * np.log(1 - y_pred + 1e-12)).mean()
class Half:
    def forward(self, a, y):
        return ((a - y) ** 2).mean()
class Cubes:
    def fn(self, a, y):
        return np.sum(abs(a - y) ** 3)
"""

    @pytest.mark.parametrize(
        ("cost", "BP1", "status"),
        [
            ("Logs", "a[-1] - y", 0),
            ("Logs.fn", "a[-1] - y", 0),
            ("Turned()", "a[-1] - y", 0),
            ("Turned", "a[-1] - y", 0),
            ("Half()", "(a[-1] - y) * a[-1] * (1 - a[-1])", 0),
            ("Logs", "(a[-1] - y) * a[-1] * (1 - a[-1])", 1),
            ("Half()", "a[-1] - y", 1),
            ("Cubes()", "a[-1] - y", 2),
        ],
    )
    def test_its_own_cost_is_known_by_its_values(self, run, cost, BP1, status):
        """Whatever its class is called; another one blames nothing, and is asked for."""
        source = textbook(BP1=BP1) + commands.TestTargets.CLASS + self.OWN_COSTS
        source += self.COSTS.replace("= COST", f"= {cost}")
        found = run("mynet.py:WithCost", {"mynet.py": source}, *ONE)
        assert found[0] == status
        assert places(found[1]) == [("BP1", 4)] * (status == 1)
        assert any("--cost names one" in text for text in found[1]["problems"]) == (status == 2)

    def test_a_cost_that_is_not_known_is_remarked(self, run):
        source = textbook() + commands.TestTargets.CLASS
        source += self.COSTS.replace("= COST", "= print")
        status, found = run("mynet.py:WithCost", {"mynet.py": source}, *ONE)
        assert status == 0
        [said] = [remark for remark in found["remarks"] if "is not known" in remark]
        assert said.startswith("its .cost, print,")

    def test_the_cost_that_is_told_comes_first(self, run):
        source = textbook(BP1="a[-1] - y") + commands.TestTargets.CLASS
        source += self.COSTS.replace("= COST", "= 'cross_entropy'")
        status, found = run("mynet.py:WithCost", {"mynet.py": source}, *ONE, "--cost", "quadratic")
        assert (status, places(found)) == (1, [("BP1", 4)])
