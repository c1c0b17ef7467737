"""`python -m proofs check`: somebody else's backward pass, run in a process of its own."""

import json
import re
import subprocess
import sys
import time
import types
from pathlib import Path
from textwrap import dedent

import pytest

from proofs import Network, log_likelihood, relu, softmax, tanh
from proofs.checker.calling.child import Own
from proofs.cli import check as check_command
from proofs.cli import claims as command

TEXTBOOK = '''
"""A backward pass as people write it, for sigmoids and the quadratic cost."""

import os
import subprocess
import sys
import time

import numpy as np

calls = []


def sigma(z):
    return 1 / (1 + np.exp(-z))


def sigma_prime(z):
    return sigma(z) * (1 - sigma(z))


def backprop(weights, biases, x, y):
    calls.append(x)
    a, z = [x], []
    for w, b in zip(weights, biases):
        z.append(w @ a[-1] + b)
        a.append(sigma(z[-1]))
    delta = BP1
    nabla_b, nabla_w = [], []
    for l in reversed(range(len(weights))):
        nabla_b.insert(0, delta.mean(axis=1, keepdims=True))
        nabla_w.insert(0, delta @ a[l].T / x.shape[1])
        if l > 0:
            delta = BP2
    RETURN
'''
LINES = {
    "BP1": "(a[-1] - y) * sigma_prime(z[-1])",
    "BP2": "(weights[l].T @ delta) * sigma_prime(z[l - 1])",
    "RETURN": "return nabla_b, nabla_w",
}
ONE = ("--batch", "5")
"""One network instead of the battery, where one is enough."""


def textbook(**lines):
    """The source of a backward pass, with lines of it replaced."""
    source = TEXTBOOK
    for name, line in {**LINES, **lines}.items():
        source = source.replace(f" {name}\n", f" {line}\n")
    return source


@pytest.fixture
def check(tmp_path, capsys):
    """Run the command on a file with this source: its exit status and what it printed."""

    def check(source, *options, name="backprop"):
        file = tmp_path / "mynet.py"
        file.write_text(source, encoding="utf-8")
        status = command.main(["check", f"{file}:{name}", *options])
        return types.SimpleNamespace(status=status, **capsys.readouterr()._asdict())

    return check


@pytest.fixture
def found(check):
    """The JSON that the command prints, and its exit status as "status"."""

    def found(source, *options, **choices):
        result = check(source, "--json", *options, **choices)
        return {**json.loads(result.out), "status": result.status}

    return found


@pytest.fixture
def refused(tmp_path, capsys):
    """What the command says where there is nothing that can be checked."""

    def refused(target, *options, source=""):
        (tmp_path / "mynet.py").write_text(source, encoding="utf-8")
        with pytest.raises(SystemExit) as stopped:
            command.main(["check", target.replace("FILE", str(tmp_path / "mynet.py")), *options])
        assert stopped.value.code == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith("usage: python -m proofs check")
        return " ".join(err.split("error: ", 1)[1].split())

    return refused


def ends(pid):
    """Whether a process ends before long."""
    status = Path("/proc", str(pid), "stat")
    for _ in range(100):
        # One that has ended is a zombie until somebody asks for its status.
        if not status.exists() or status.read_text().split()[2] == "Z":
            return True
        time.sleep(0.1)
    return False


def places(found):
    return [(v["equation"], v["layer"]) for v in found["violations"]]


class TestRight:
    """A backward pass that is right holds, on the whole battery: status 0."""

    def test_report(self, check):
        result = check(textbook())
        assert result.status == 0
        assert result.err == ""
        assert result.out.endswith("Every equation holds, on 14 networks.\n")

    def test_json(self, found):
        result = found(textbook())
        assert result["status"] == 0
        assert result["holds"] is True
        assert result["violations"] == result["problems"] == []
        assert result["cases"] == 14

    @pytest.mark.parametrize("nabla_b", ["[0 * b for b in biases]", "None", "[]"])
    def test_without_biases(self, found, nabla_b):
        """Their gradients are zeros or none at all; with biases zeros are wrong."""
        source = textbook(RETURN=f"return {nabla_b}, nabla_w")
        result = found(source, "--no-biases")
        assert (result["status"], result["violations"]) == (0, [])
        assert not any("nabla_b was not returned" in text for text in result["remarks"])
        if "biases" in nabla_b:
            assert [v["equation"] for v in found(source)["violations"]] == ["BP3"] * 3


class TestWrong:
    """A wrong line is named by its equation and its layers: status 1."""

    WRONG = textbook(BP2="(weights[l].T @ delta)")

    def test_report(self, check):
        result = check(self.WRONG)
        assert result.status == 1
        assert result.out.endswith("Broken: BP2 at layer 3, BP2 at layer 2.\n")
        assert "on every network" in result.out

    def test_json(self, found):
        result = found(self.WRONG)
        assert {"holds", "violations", "cases", "problems", "remarks"} <= set(result)
        assert result["status"] == 1
        assert result["holds"] is False
        assert places(result) == [("BP2", 3), ("BP2", 2)]
        for violation in result["violations"]:
            assert {"equation", "layer", "residual", "tolerance", "diagnosis"} <= set(violation)
            assert violation["residual"] > violation["tolerance"] > 0

    def test_the_help_names_each_part_of_the_json(self, found):
        result = found(self.WRONG)
        told = re.search(r'--json prints ({.*?"remarks"})', check_command.EPILOG, re.S)[1]
        lists = {key: result[key][0] for key in ("violations", "gradients")}
        names = {*result, *(name for each in lists.values() for name in each)} - {"status"}
        assert set(re.findall(r'"(\w+)"', told)) == names

    def test_it_says_on_which_networks(self, found):
        only_square = "(weights[l] @ delta if weights[l].shape[1] == len(delta) else "
        only_square += "weights[l].T @ delta) * sigma_prime(z[l - 1])"
        result = found(textbook(BP2=only_square))
        assert places(result) == [("BP2", 3), ("BP2", 2)]
        assert all(v["detail"].endswith("; broken on square") for v in result["violations"])

    def test_one_network_is_named(self, found):
        details = [v["detail"] for v in found(self.WRONG, *ONE)["violations"]]
        assert not [d for d in details if "every network" in d]
        assert all("; broken on 4-6-5-3 " in d for d in details)

    def test_a_mapping_with_more_in_it(self, found):
        everything = "return dict(z=z, a=a, nabla_b=nabla_b, nabla_w=nabla_w)"
        line = "a[-1] = np.clip(a[-1], 0.45, 0.55); delta = (a[-1] - y) * sigma_prime(z[-1])"
        result = found(textbook(RETURN=everything).replace(f"delta = {LINES['BP1']}", line), *ONE)
        assert ("forward a", 4) in places(result)


class TestDepth:
    """What holds with two hidden layers is tried with none, one and four."""

    def test_it_is_wrong_there(self, check):
        three = "(weights[l].T @ delta) * (sigma_prime(z[l - 1]) if len(weights) == 3 else 1)"
        result = check(textbook(BP2=three))
        assert result.status == 1
        assert "with two hidden layers it holds" in result.out
        assert "BP2 at layer 5" in result.out
        assert check(textbook(BP2=three), "--layers", "3").status == 0

    def test_it_takes_no_other(self, check):
        three = (
            "weights_1, weights_2, weights_3 = weights; delta = (a[-1] - y) * sigma_prime(z[-1])"
        )
        result = check(textbook().replace(f"delta = {LINES['BP1']}", three))
        assert result.status == 0
        assert "not tested with other numbers of layers: it raised ValueError" in result.out
        assert result.out.endswith("on 11 networks.\n")

    TWO = "weights_1, weights_2 = weights; delta = (a[-1] - y) * sigma_prime(z[-1])"

    def test_one_network_of_as_many_as_it_takes(self, check):
        two = textbook().replace(f"delta = {LINES['BP1']}", self.TWO)
        for options in (("--batch", "5"), ("--batch", "5", "--layers", "2")):
            result = check(two, *options)
            assert result.status == 0
            assert "on 1 network." in result.out
        assert check(two, "--batch", "5", "--layers", "3").status == 2
        one = textbook().replace("    calls.append(x)", "    (w,) = weights")
        result = check(one, "--batch", "5")
        assert result.status == 0
        assert "it takes 1 layer of weights (--layers 1)" in result.out

    @pytest.mark.parametrize(
        ("returned", "says"),
        [
            ("w[0], b[0], w[1], b[1]", "these are (nabla_w, nabla_b) of one layer after the other"),
            (
                "w[0].T, b[0], w[1].T, b[1]",
                "the other: return two lists, ([db1, ...], [dW1.T, ...]) (on every network)",
            ),
            ("w[0], 1.0, b[1]", "each a list from layer 2 to L; got tuple"),
        ],
    )
    def test_what_it_returns_on_as_many_is_what_is_told(self, check, returned, says):
        """And not that it cannot unpack three."""
        two = textbook(RETURN=f"b, w = nabla_b, nabla_w; return {returned}")
        result = check(two.replace(f"delta = {LINES['BP1']}", self.TWO))
        assert result.status == 2
        assert "it takes 2 layers of weights (--layers 2)" in result.out
        assert says in result.out
        assert "unpack" not in result.out

    def test_biases_with_one_axis_fit_no_number_of_layers(self, check):
        """Of one layer of columns b[:, None] makes numbers that fit nothing."""
        result = check(
            dedent("""
            import numpy as np

            def backprop(weights, biases, x, y):
                a = [x]
                for w, b in zip(weights, biases):
                    a.append(1 / (1 + np.exp(-w @ a[-1] - b[:, None])))
                d, back = (a[-1] - y) * a[-1] * (1 - a[-1]), []
                for w, before in zip(weights[::-1], a[-2::-1]):
                    back.insert(0, (d.mean(axis=1), d @ before.T / x.shape[1]))
                    d = w.T @ d * before * (1 - before)
                return [b for b, _ in back], [w for _, w in back]
            """)
        )
        assert result.status == 2
        assert "Broken" not in result.out
        assert "it takes" not in result.out
        assert "flat=True" in result.out


class TestWhateverItDoes:
    """What it does besides is reported, and never reaches the terminal or the other cases."""

    def test_it_raises(self, found):
        result = found(textbook(RETURN="raise KeyError('w')"), *ONE)
        assert result["status"] == 2
        assert re.match("it raised KeyError: 'w'", result["problems"][0])

    def test_it_exits(self, found):
        result = found(textbook(RETURN="sys.exit(0)"), *ONE)
        assert "it raised SystemExit: 0" in result["problems"][0]

    def test_it_ends_the_process(self, found):
        result = found(textbook(RETURN="os._exit(0)"), *ONE)
        assert result["status"] == 2
        assert "it ended the process, with status 0" in result["problems"][0]

    def test_it_crashes_the_process(self, found):
        crash = "import ctypes; ctypes.string_at(0)"
        result = found(textbook(RETURN=crash), *ONE)
        assert "it crashed the process, SIGSEGV" in result["problems"][0]

    def test_it_hangs_on_one_network(self, found):
        hang = "time.sleep(600 if x.shape[1] == 4 else 0); return nabla_b, nabla_w"
        result = found(textbook(RETURN=hang), "--timeout", "40")
        assert result["status"] == 1
        (problem,) = result["problems"]
        assert problem.startswith("it did not return within ")
        assert problem.endswith(" seconds, its share of timeout = 40 (on square)")
        assert result["violations"] == []
        assert result["cases"] == 11

    def test_it_hangs_without_letting_python_run(self, found):
        hang = "import ctypes; ctypes.PyDLL(None).sleep(600)"
        result = found(textbook(RETURN=hang), *ONE, "--timeout", "2")
        assert "it did not return within " in result["problems"][0]

    def test_what_it_started_ends_with_it(self, found, tmp_path):
        note = tmp_path / "pid"
        start = "p = subprocess.Popen(['sleep', '600']); "
        start += f"open({str(note)!r}, 'w').write(str(p.pid)); time.sleep(600)"
        found(textbook(RETURN=start), *ONE, "--timeout", "3")
        assert ends(int(note.read_text()))

    def test_it_ends_the_process_on_one_network(self, found):
        end = "os._exit(3) if x.shape[1] == 4 else None; return nabla_b, nabla_w"
        result = found(textbook(RETURN=end, BP1="(y - a[-1]) * sigma_prime(z[-1])"))
        assert result["problems"] == ["it ended the process, with status 3 (on square)"]
        assert places(result) == [("BP1", 4)]

    def test_it_ends_the_process_after_it_has_answered(self, found):
        later = "import threading; threading.Timer(0.2, os._exit, [5]).start(); "
        late = later + "time.sleep(0.15); return nabla_b, nabla_w"
        result = found(textbook(RETURN=late), *ONE)
        assert result["status"] == 1
        assert "it ended the process, with status 5" in json.dumps(result)

    @pytest.mark.parametrize(
        "say",
        [
            "print('a lot')",
            "sys.stderr.write('a lot\\n')",
            "os.write(1, b'a lot\\n')",
            "os.write(2, b'a lot\\n')",
            "subprocess.run(['echo', 'a lot'])",
            "sys.__stdout__.write('a lot\\n')",
        ],
    )
    def test_it_prints(self, check, say):
        result = check(textbook(RETURN=f"{say}; return nabla_b, nabla_w"), "--json", *ONE)
        assert result.status == 0
        assert result.err == ""
        (said,) = [r for r in json.loads(result.out)["remarks"] if "print" in r]
        assert "a lot" in said

    def test_it_prints_without_end(self, found):
        shout = "while True: os.write(1, b'a' * 100)"
        result = found(textbook(RETURN=shout), *ONE, "--timeout", "2")
        assert "it did not return within " in result["problems"][0]
        (said,) = [remark for remark in result["remarks"] if "it printed" in remark]
        assert len(said) < 200

    def test_it_prints_when_loaded(self, found, monkeypatch):
        monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)
        result = found("print('welcome')\nimport os; os.write(1, b'again')\n" + textbook(), *ONE)
        assert result["status"] == 0
        assert [r for r in result["remarks"] if "when loaded it printed 2 lines" in r], result

    def test_it_asks_for_input(self, found):
        result = found(textbook(RETURN="return input()"), *ONE)
        assert "it raised EOFError" in result["problems"][0]

    def test_it_needs_the_main_thread(self, found):
        line = "import signal; signal.signal(signal.SIGALRM, signal.SIG_IGN); "
        assert found(textbook(RETURN=line + LINES["RETURN"]), *ONE)["status"] == 0

    def test_it_closes_everything(self, found):
        result = found(textbook(RETURN="os.closerange(0, 99); return nabla_b, nabla_w"), *ONE)
        assert "it ended the process" in result["problems"][0]

    def test_it_forks(self, found):
        assert found(textbook(RETURN="os.fork(); return nabla_b, nabla_w"))["status"] == 0

    def test_it_starts_processes(self, found):
        line = "import multiprocessing; multiprocessing.get_context('fork').Pool(1).map(abs, [1]); "
        assert found(textbook(RETURN=line + LINES["RETURN"]), *ONE)["status"] == 0

    def test_shapes_are_wrong(self, found):
        result = found(textbook(RETURN="return [b[1:] for b in nabla_b], nabla_w"), *ONE)
        assert result["status"] == 1
        assert places(result) == [("BP3", 4), ("BP3", 3), ("BP3", 2)]

    def test_nan(self, found):
        result = found(textbook(BP1="(a[-1] - y) * np.nan"), *ONE)
        assert result["status"] == 1
        assert ("BP1", 4) in places(result)
        assert result["violations"][0]["residual"] is None

    def test_lists_of_ints(self, found):
        line = "return [b.astype(int).tolist() for b in nabla_b], [w.tolist() for w in nabla_w]"
        result = found(textbook(RETURN=line), *ONE)
        assert result["status"] == 1
        assert places(result)

    @pytest.mark.parametrize("what", ["None", "3", "nabla_b", "'gradient'", "{}", "lambda: 0"])
    def test_something_else(self, found, what):
        result = found(textbook(RETURN=f"return {what}"), *ONE)
        assert result["status"] == 2
        assert "expected (nabla_b, nabla_w), or a mapping" in result["problems"][0]

    def test_it_changes_its_input(self, found):
        result = found(textbook(RETURN="weights[1] -= 0.1; return nabla_b, nabla_w"), *ONE)
        assert places(result) == [("purity", 3)]

    def test_it_remembers(self, found):
        result = found(textbook(RETURN="return [b * len(calls) for b in nabla_b], nabla_w"), *ONE)
        assert "purity" in [equation for equation, _ in places(result)]


class TestShapes:
    """Where arrays do not fit, it is said once, with their shapes; the same line is one problem."""

    @pytest.mark.parametrize(
        "line", ["a[-1].T @ w + b", "(w @ a[-1]) + b.ravel()", "(w @ a[-1] + b) @ w"]
    )
    def test_one_problem(self, found, line):
        source = textbook().replace("w @ a[-1] + b", line)
        result = found(source)
        assert result["violations"] == []
        number = next(n for n, text in enumerate(source.split("\n"), 1) if line in text)
        # Where all widths are m, shapes fit, or another line is the first that does not.
        [problem] = result["problems"]
        assert f"(in backprop, line {number}) (on rectangular, one example, saturated" in problem
        assert result["status"] == 2
        [shapes] = [text for text in result["remarks"] if "(n_out, n_in)" in text]
        assert shapes.startswith("w of layer 2 has shape (n_out, n_in) = (6, 4), and x has one ")
        assert "from_params(f, rows=True)" in shapes

    def test_two_lines_are_two_problems(self, found):
        wide = "raise ValueError('one') if len(x) > 4 else 0"
        source = textbook().replace("    a, z = [x], []", f"    {wide}\n    x / w\n    a, z = 0")
        problems = found(source)["problems"]
        assert len(problems) == 2
        assert any("ValueError: one" in text for text in problems)


class TestTargets:
    """A file or a module, and in it a function, a class like the book's, or a model."""

    CLASS = """
class Net:
    def __init__(self, sizes):
        self.sizes = sizes
        self.weights = [np.ones((n, m)) / m for m, n in zip(sizes, sizes[1:])]
        self.biases = [np.ones((n, 1)) for n in sizes[1:]]

    def backprop(self, x, y):
        return backprop(self.weights, self.biases, x, y)

    @staticmethod
    def of_a_batch(weights, biases, x, y):
        return backprop(weights, biases, x, y)

net = Net([4, 5, 3])
"""

    def test_a_module(self, tmp_path, monkeypatch, capsys):
        (tmp_path / "backward_pass.py").write_text(textbook(), encoding="utf-8")
        monkeypatch.chdir(tmp_path)
        assert command.main(["check", "backward_pass:backprop", *ONE]) == 0
        assert "on 1 network." in capsys.readouterr().out

    def test_a_file_that_imports_its_neighbour(self, check, tmp_path):
        (tmp_path / "backward_pass.py").write_text(textbook(), encoding="utf-8")
        assert check("from backward_pass import backprop", *ONE).status == 0

    def test_a_file_with_a_dataclass(self, check):
        head = "from dataclasses import dataclass\n@dataclass\nclass A:\n    x: int\n"
        assert check(head + textbook(), *ONE).status == 0

    def test_a_method(self, check):
        assert check(textbook() + self.CLASS, *ONE, name="Net.of_a_batch").status == 0

    def test_a_class_on_the_battery(self, check):
        assert check(textbook() + self.CLASS, name="Net").out.endswith("on 14 networks.\n")

    def test_a_class_that_is_wrong(self, found):
        wrong = textbook(BP1="a[-1] - y")
        assert places(found(wrong + self.CLASS, *ONE, name="Net")) == [("BP1", 4)]

    def test_an_object_on_its_own_network(self, check):
        result = check(textbook() + self.CLASS, name="net")
        assert result.status == 0
        assert result.out.endswith("on 2 networks.\n")

    def test_an_object_that_is_wrong(self, found):
        result = found(textbook(BP1="a[-1] - y") + self.CLASS, name="net")
        assert places(result) == [("BP1", 3)]
        assert "on every network" in result["violations"][0]["detail"]

    def test_an_object_with_another_cost(self, check):
        fused = textbook(BP1="a[-1] - y") + self.CLASS
        assert check(fused, "--cost", "cross_entropy", name="net").status == 0

    def test_what_an_adapter_made(self, check):
        adapted = "\nfrom proofs.adapters import from_book\nsubject = from_book(net)\n"
        assert check(textbook() + self.CLASS + adapted, name="subject").status == 0

    def test_a_scikit_learn_model(self, check):
        model = """
import numpy as np
from sklearn.neural_network import MLPClassifier
x = np.random.default_rng(0).standard_normal((20, 4))
model = MLPClassifier((6, 5), activation="tanh")
model.partial_fit(x, x[:, :3].argmax(axis=1), classes=range(3))
"""
        assert check(model, name="model").status == 0


class TestNetworks:
    """The battery, or one network."""

    @pytest.fixture
    def chosen(self):
        """The cases that the command would check on."""

        def chosen(*options):
            args = check_command._parser().parse_args(["mynet.py:backprop", *options])
            return list(check_command._cases(args, None))

        return chosen

    def test_the_battery(self, chosen):
        cases = chosen("--hidden", "relu", "--output", "softmax", "--cost", "log_likelihood")
        assert [case.name for case in cases][:3] == ["rectangular", "square", "one example"]
        assert "inactive" in [case.name for case in cases]
        names = [sigma.name for sigma in cases[0].network.sigma.values()]
        assert names == ["relu", "relu", "softmax"]
        assert cases[0].network.cost.name == "log_likelihood"

    def test_one_network(self, chosen):
        (case,) = chosen("--sizes", "4,6,3", "--batch", "9", "--hidden", "tanh")
        assert case.network.sizes == [4, 6, 3]
        assert case.x.shape == (4, 9)
        assert [sigma.name for sigma in case.network.sigma.values()] == ["tanh", "sigmoid"]

    def test_one_network_of_so_many_layers(self, chosen):
        (case,) = chosen("--batch", "5", "--layers", "5")
        assert case.network.sizes == [4, 6, 5, 6, 5, 3]
        (case,) = chosen("--batch", "5", "--layers", "1")
        assert case.network.sizes == [4, 3]

    def test_an_activation_for_each_hidden_layer(self, chosen):
        (case,) = chosen("--sizes", "4,6,5,3", "--hidden", "tanh,relu")
        names = [sigma.name for sigma in case.network.sigma.values()]
        assert names == ["tanh", "relu", "sigmoid"]

    def test_one_network_by_itself(self, chosen):
        """With widths that all differ, and differ from the number of examples."""
        (case,) = chosen("--cost", "cross_entropy", "--batch", "1")
        assert case.name.endswith("binary cross-entropy cost, 1 example")
        (case,) = chosen("--sizes", "4,6,5,3")
        assert case.name.endswith("quadratic cost, 7 examples")
        for widths in (set(case.network.sizes), set(chosen("--batch", "7")[0].network.sizes)):
            assert len(widths - {7}) == 4

    @pytest.mark.parametrize(
        ("options", "names"),
        [
            ((), ["relu", "tanh", "softmax"]),
            (("--hidden", "tanh"), ["tanh", "tanh", "softmax"]),
            (("--hidden", "tanh,relu"), ["tanh", "relu", "softmax"]),
            (("--output", "sigmoid"), ["relu", "tanh", "sigmoid"]),
        ],
    )
    def test_the_targets_own_network(self, options, names):
        """On a batch and on one example, with other activations where it is told so."""
        network = Network([3, 4, 2, 5], [relu, tanh, softmax], cost=log_likelihood)
        own = Own(network.weights, network.biases, ["relu", "tanh", "softmax"], "log_likelihood")
        args = check_command._parser().parse_args(["mynet.py:net", *options])
        several, single = check_command._cases(args, own)
        assert (several.x.shape, single.x.shape) == ((3, 7), (3, 1))
        for case in (several, single):
            assert [sigma.name for sigma in case.network.sigma.values()] == names
            assert case.network.cost is log_likelihood
            assert all((case.network.w[l] == network.w[l]).all() for l in network.layers)

    def test_the_seed(self, chosen):
        first, again, other = (chosen("--seed", n)[0] for n in "112")
        assert (first.x == again.x).all()
        assert (first.x != other.x).all()

    def test_the_seed_of_one_network(self, chosen):
        first, other = (chosen(*ONE, "--seed", n)[0] for n in "12")
        assert (first.network.w[2] != other.network.w[2]).all()
        assert (first.x != other.x).all()


class TestDefaults:
    """What is not said: sigmoids, the quadratic cost, the battery, a minute for a call."""

    def test_all_of_them(self):
        assert vars(check_command._parser().parse_args(["net.py:f"])) == {
            **dict.fromkeys(("hidden", "output", "cost", "sizes", "batch", "method")),
            **dict.fromkeys(("layers", "targets", "class_weights", "pos_weight", "mean")),
            "smoothing": 0.0,
            "guard": 0.0,
            "no_biases": False,
            "l1": 0.0,
            "l2": 0.0,
            "target": "net.py:f",
            "seed": 0,
            "memory": 2**28,
            "timeout": 60.0,
            "json": False,
            "detached": [],
        }

    @pytest.mark.parametrize("option", ["--batch", "--memory"])
    def test_at_least_one(self, option, refused):
        assert getattr(check_command._parser().parse_args(["f", option, "1"]), option[2:]) == 1
        assert option in refused("FILE:f", option, "0")

    def test_a_seed_may_be_0(self, refused):
        assert check_command._parser().parse_args(["f", "--seed", "0"]).seed == 0
        assert "--seed" in refused("FILE:f", "--seed", "-1")

    def test_json_is_indented_by_two(self, check):
        assert check(textbook(), "--json", *ONE).out.splitlines()[1].startswith('  "')


class TestMethods:
    """The size decides between every entry and random directions, unless told."""

    @pytest.mark.parametrize("options", [(), ("--exhaustive",)])
    def test_every_entry(self, found, options):
        remarks = found(textbook(), *ONE, *options)["remarks"]
        assert not [r for r in remarks if r.startswith("directional")]

    def test_directions(self, found):
        remarks = found(textbook(), *ONE, "--directional")["remarks"]
        assert [r for r in remarks if r.startswith("directional: 4 random directions")]

    def test_memory(self, found, refused):
        assert found(textbook(), *ONE, "--memory", "100000")["holds"]
        message = refused("FILE:backprop", *ONE, "--memory", "1", source=textbook())
        assert "memory: expected a whole number of at least" in message

    def test_not_both(self, refused):
        message = refused("FILE:backprop", "--exhaustive", "--directional", source=textbook())
        assert "not allowed with argument" in message


class TestRefused:
    """Status 2, and one message, where there is nothing that can be checked."""

    @pytest.mark.parametrize("target", ["mynet.py", "mynet.py:", ":backprop"])
    def test_no_name(self, refused, target):
        message = refused(target)
        assert "expected MODULE:FUNCTION or FILE.py:FUNCTION" in message
        assert message.endswith(f"got {target}")

    def test_no_file(self, refused):
        assert "there is no file nowhere.py" in refused("nowhere.py:backprop")

    def test_no_module(self, refused):
        message = refused("nowhere:backprop")
        assert "there is no module nowhere; a file is named with its ending" in message

    def test_no_such_name(self, refused):
        message = refused("FILE:backward", source="def forward(): ...\ndef _helper(): ...")
        assert message.endswith("mynet.py has no backward; it has forward")

    def test_nothing_to_call(self, refused):
        message = refused("FILE:backprop", source="backprop = 3")
        assert "expected a function backprop(weights, biases, x, y)" in message
        assert "got int; below it write: from proofs.adapters import from_model" in message

    def test_it_raises_when_loaded(self, refused):
        message = refused("FILE:backprop", source="raise RuntimeError('no data')")
        assert message.endswith("loading it raised RuntimeError: no data (in <module>, line 1)")

    def test_it_is_no_python(self, refused):
        assert "loading it raised SyntaxError" in refused("FILE:backprop", source="def backprop(:")

    def test_it_ends_the_process_when_loaded(self, refused):
        message = refused("FILE:backprop", source="import os; os._exit(7)")
        assert message.endswith("it ended the process, with status 7")

    def test_it_hangs_when_loaded(self, refused):
        slow = "import time; time.sleep(600)"
        message = refused("FILE:backprop", "--timeout", "1", source=slow)
        assert "it could not be loaded within 1 seconds; put what runs long under" in message

    def test_a_torch_model(self, refused):
        model = "class Sequential:\n    __module__ = 'torch.nn'\nmodel = Sequential()"
        assert "proofs.adapters.from_torch(model, loss)" in refused("FILE:model", source=model)

    def test_a_cost_that_does_not_fit(self, refused):
        options = ["--output", "tanh", "--cost", "cross_entropy"]
        message = refused("FILE:backprop", *options, source=textbook())
        assert "got tanh, whose outputs lie in (-1, 1)" in message

    def test_several_activations_for_the_battery(self, refused):
        message = refused("FILE:backprop", "--hidden", "tanh,relu", source=textbook())
        assert "--hidden: expected one activation for the battery, got tanh, relu" in message

    def test_sizes_of_another_number_of_layers(self, refused):
        message = refused("FILE:backprop", "--sizes", "4,3", "--layers", "2", source=textbook())
        assert "--sizes: expected 3 widths, for --layers 2, got 4,3" in message

    def test_sizes_for_an_object(self, refused):
        source = textbook() + TestTargets.CLASS
        message = refused("FILE:net", "--sizes", "2,3", source=source)
        assert "--sizes: expected none" in message

    @pytest.mark.parametrize(
        ("option", "value", "expected"),
        [
            ("--sizes", "3", "at least two whole numbers"),
            ("--output", "sigmoid,tanh", "expected one name"),
            ("--output", "sine", "expected names among sigmoid"),
            ("--timeout", "0", "expected a number of seconds above 0"),
            ("--timeout", "soon", "expected a number of seconds above 0"),
            ("--batch", "0", "a whole number of at least 1"),
            ("--l2", "-1", "expected a finite number of at least 0"),
            ("--l1", "-0.1", "expected a finite number of at least 0"),
            ("--guard", "-0.1", "expected a finite number of at least 0"),
            ("--smoothing", "-0.1", "expected a number from 0 to 1"),
            ("--smoothing", "1.1", "expected a number from 0 to 1"),
        ],
    )
    def test_an_option(self, refused, option, value, expected):
        message = refused("FILE:backprop", option, value, source=textbook())
        assert message.startswith(f"argument {option}: ")
        assert expected in message


class TestProgress:
    """A bar on a terminal, by rich or plain; nothing elsewhere."""

    CASES = tuple(types.SimpleNamespace(name=name) for name in ("square", "huge"))

    def test_elsewhere_nothing(self, capsys):
        assert tuple(check_command._with_progress(self.CASES)) == self.CASES
        assert capsys.readouterr().err == ""

    @pytest.mark.parametrize("rich", [True, False])
    def test_on_a_terminal(self, capsys, monkeypatch, rich):
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
        monkeypatch.setattr(check_command, "RICH", rich)
        assert tuple(check_command._with_progress(self.CASES)) == self.CASES
        out, err = capsys.readouterr()
        assert out == ""
        assert "Checking" in err
        if not rich:
            assert "Checking 2 of 2: huge" in err
            assert err.endswith("\r")


class TestProcess:
    """As people run it."""

    def run(self, *arguments, **options):
        command = [sys.executable, "-m", "proofs", "check", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False, **options)

    @pytest.mark.parametrize(
        ("lines", "status"), [({}, 0), ({"BP1": "a[-1] - y"}, 1), ({"RETURN": "os._exit(0)"}, 2)]
    )
    def test_status(self, tmp_path, lines, status):
        (tmp_path / "mynet.py").write_text(textbook(**lines), encoding="utf-8")
        result = self.run("mynet.py:backprop", *ONE, cwd=tmp_path)
        assert (result.returncode, result.stderr) == (status, "")

    def test_nothing_is_left_behind_when_it_is_killed(self, tmp_path):
        note = tmp_path / "pid"
        hang = f"open({str(note)!r}, 'w').write(str(os.getpid())); time.sleep(600)"
        (tmp_path / "mynet.py").write_text(textbook(RETURN=hang), encoding="utf-8")
        command = [sys.executable, "-m", "proofs", "check", "mynet.py:backprop"]
        with subprocess.Popen(command, cwd=tmp_path) as process:
            while not (note.exists() and note.read_text()):
                time.sleep(0.05)
            process.kill()
        assert ends(int(note.read_text()))

    def test_status_2(self, tmp_path):
        result = self.run("mynet.py:backprop", cwd=tmp_path)
        assert (result.returncode, result.stdout) == (2, "")

    def test_help(self):
        result = self.run("--help")
        assert result.returncode == 0
        assert "MODULE:FUNCTION or FILE.py:FUNCTION" in result.stdout

    @pytest.mark.parametrize("columns", [50, 120])
    def test_help_is_as_wide_as_the_terminal(self, columns, monkeypatch):
        monkeypatch.setenv("COLUMNS", str(columns))
        lines = self.run("--help").stdout.splitlines()
        assert max(map(len, lines)) <= columns
        assert max(map(len, lines)) > columns - 12
