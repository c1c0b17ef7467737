"""Activations and costs of the user's own, named to the command as FILE.py:FUNCTION."""

import json

import pytest

from proofs.cli import claims as command
from tests.cli.test_check_command import places

NET = """
import numpy as np
from proofs.network.activations import tanh as ours

def swish(z):
    return z / (1 + np.exp(-z))

def swish_prime(z):
    s = 1 / (1 + np.exp(-z))
    return s + z * s * (1 - s)

def mean_square(a, y):
    print("called")
    return np.mean((a - y) ** 2)

def only_if(z):
    return z if z > 0 else 0

def softplus(z):
    return np.log(1 + np.exp(z))

def squared(a, y):
    return np.sum((a - y) ** 2) ** 2

def backprop(weights, biases, x, y, slope=swish_prime):
    zs, a = [], [x]
    for w, b in zip(weights, biases):
        zs.append(w @ a[-1] + b)
        a.append(swish(zs[-1]))
    delta, m = 2 * (zs[-1] - y) / len(y), x.shape[1]
    nabla_b, nabla_w = [], []
    for l in range(len(weights) - 1, -1, -1):
        nabla_b.insert(0, delta.mean(axis=1, keepdims=True))
        nabla_w.insert(0, delta @ a[l].T / m)
        if l:
            delta = (weights[l].T @ delta) * slope(zs[l - 1])
    return nabla_b, nabla_w

def wrong(weights, biases, x, y):
    return backprop(weights, biases, x, y, lambda z: swish_prime(swish(z)))
"""
TOLD = ["--hidden", "net.py:swish", "--output", "linear", "--cost", "net.py:mean_square"]


@pytest.fixture
def run(tmp_path, capsys, monkeypatch):
    """The status of a command on net.py, or another file, and what it prints."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "net.py").write_text(NET)

    def run(target, *options, file="net.py"):
        try:
            status = command.main(["check", f"{file}:{target}", *options])
        except SystemExit as stopped:
            status = stopped.code
        return status, capsys.readouterr()

    return run


class TestOwn:
    """--hidden, --output and --cost take a function of the user's own beside the names."""

    def test_it_holds(self, run):
        status, said = run("backprop", "--json", *TOLD)
        assert status == 0, said.out
        assert json.loads(said.out)["cases"] > 10
        assert "called" in said.err

    def test_a_slope_of_theirs_that_is_wrong(self, run):
        status, said = run("wrong", "--json", "--sizes", "4,6,5,3", *TOLD)
        assert status == 1
        assert set(places(json.loads(said.out))) == {("BP2", 2), ("BP2", 3)}

    def test_an_object_of_ours_is_taken_as_it_is(self, run):
        options = ["--sizes", "4,5,3", "--hidden", "net.py:ours", *TOLD[2:]]
        status, said = run("backprop", "--json", *options)
        assert status == 1
        assert ("forward a", 2) in places(json.loads(said.out))

    @pytest.mark.parametrize(
        ("option", "own", "says"),
        [
            ("--hidden", "net.py:only_if", "for an if on one number, NumPy has np.where"),
            ("--hidden", "net.py:softplus", "softplus gives inf for weighted inputs of 1000"),
            ("--hidden", "net.py:swich", "net.py has no swich; it has"),
            ("--output", "nott.py:swish", "there is no file nott.py (did you mean net.py?)"),
            ("--cost", "net.py:squared", "the cost of each example, or their average or sum"),
            ("--cost", "net.py:swish", "net.py:swish: swish raised TypeError: swish() takes 1"),
            ("--hidden", "swish", "or FILE.py:FUNCTION, a NumPy function of your own"),
            ("--cost", "huber", "or FILE.py:FUNCTION, a NumPy function of your own"),
        ],
    )
    def test_what_is_none(self, run, option, own, says):
        status, said = run("backprop", option, own)
        assert status == 2
        assert says in " ".join(said.err.split())
        assert "Traceback" not in said.err


class TestWhatANetworkBringsAlong:
    """What an adapter made has its own activations and its own cost, which need no option."""

    ADAPTED = """
from proofs.adapters import activation_of, cost_of, from_model
from proofs.network.activations import leaky

def sigmoid(z):
    # of the name of another one
    return 1 / (1 + np.exp(-z / 10))

def adapted(hidden, slope, output="linear", cost=mean_square):
    random = np.random.default_rng(1)
    model = {"W1": random.standard_normal((4, 3)), "W2": random.standard_normal((2, 4))}

    def step(net, x, y):
        z = net["W1"] @ x
        a = net["W2"] @ hidden(z)
        delta = 2 * (a - y) / len(y) / x.shape[1]
        return net["W2"].T @ delta * slope(z) @ x.T, delta @ hidden(z).T

    return from_model(model, step, [activation_of(hidden), activation_of(lambda z: z)],
                      cost_of(cost))

ours = adapted(swish, swish_prime)
namesake = adapted(sigmoid, lambda z: sigmoid(z) * (1 - sigmoid(z)) / 10)
leaking = adapted(lambda z: np.where(z > 0, z, z / 7), lambda z: np.where(z > 0, 1, 1 / 7))
wrong = adapted(swish, lambda z: swish_prime(swish(z)))
summed = from_model(
    [np.ones((2, 3))], lambda w, x, y: [(w[0] @ x - y) @ x.T], activation_of(lambda z: z)
)
mute = from_model({"W": np.ones((2, 3))}, lambda net, x, y: None)
"""

    @pytest.fixture
    def checked(self, run, tmp_path):
        # Under a name of its own, as what is loaded here stays loaded.
        (tmp_path / "brought.py").write_text(NET + self.ADAPTED)
        return lambda name, *options: run(name, *options, file="brought.py")

    @pytest.mark.parametrize("name", ["ours", "namesake", "leaking"])
    def test_it_holds(self, checked, name):
        status, said = checked(name)
        assert status == 0, said

    def test_a_slope_that_is_wrong(self, checked):
        status, said = checked("wrong", "--json")
        assert status == 1, said
        assert places(json.loads(said.out)) == [("BP2", 2)]

    def test_what_the_adapter_says_is_enough(self, checked):
        """How a function would be called is no matter of somebody who named an adapted model."""
        status, said = checked("mute")
        assert status == 2
        assert "say rate=" in said.out
        assert "example()" not in said.out

    def test_a_sum_is_told_with_what_to_say(self, checked):
        status, said = checked("summed")
        assert status == 2
        assert "say total=True" in said.out
