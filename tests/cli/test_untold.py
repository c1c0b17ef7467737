"""A backward pass that is checked without a word of its activations and its cost."""

import json

import pytest

from proofs.cli import claims as command
from tests.cli.test_check_command import ONE, places

NET = """
import math

import numpy as np

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

def relu(z):
    return np.maximum(0, z)

def softmax(z):
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)

def leaky(z):
    return np.where(z > 0, z, 0.2 * z)

def elu(z):
    return np.where(z > 0, z, np.exp(np.minimum(z, 0)) - 1)

def selu(z):
    return 1.0507009873554805 * np.where(z > 0, z, 1.6732632423543772 * np.expm1(np.minimum(z, 0)))

def short_selu(z):
    return 1.0507 * np.where(z > 0, z, 1.67326 * (np.exp(np.minimum(z, 0)) - 1))

def share(z):
    return (1 + np.vectorize(math.erf)(z / math.sqrt(2))) / 2

def gelu(z):
    return z * share(z)

def gelu_slope(z):
    return share(z) + z * np.exp(-z * z / 2) / math.sqrt(2 * math.pi)

def softplus(z):
    return np.logaddexp(0, z)

def mish(z):
    return z * np.tanh(softplus(z))

def mish_slope(z):
    return np.tanh(softplus(z)) + z * sigmoid(z) / np.cosh(softplus(z))**2

def softsign(z):
    return z / (1 + abs(z))

def hard_tanh(z):
    return np.clip(z, -1, 1)

def hard_sigmoid(z):
    return np.clip(z / 6 + 0.5, 0, 1)

def relu6(z):
    return np.clip(z, 0, 6)

def half(z):
    return np.tanh(z).astype(np.float16)

SLOPE = {{sigmoid: lambda a: a * (1 - a), np.tanh: lambda a: 1 - a**2, relu: lambda a: a > 0}}

def backprop(weights, biases, x, y):
    hidden, output = {hidden}, {output}
    a = [x]
    for w, b in zip(weights, {biases}):
        a.append((output if len(a) == len(weights) else hidden)(w @ a[-1] + b))
    delta, m, nabla_b, nabla_w = {delta}, x.shape[1], [], []
    for l in reversed(range(len(weights))):
        nabla_b.insert(0, delta.sum(axis=1, keepdims=True) / {m})
        nabla_w.insert(0, delta @ a[l].T / {m})
        delta = ({back} @ delta) * {slope}
    return {returned}
"""
RIGHT = {
    "hidden": "sigmoid",
    "output": "sigmoid",
    "delta": "(a[-1] - y) * SLOPE[sigmoid](a[-1])",
    "slope": "SLOPE[hidden](a[l])",
    "m": "m",
    "biases": "biases",
    "back": "weights[l].T",
    "returned": "nabla_b, nabla_w",
}


@pytest.fixture
def check(tmp_path, capsys):
    """The report on such a pass with some of it replaced, and the exit status."""

    def check(*options, **parts):
        file = tmp_path / "mynet.py"
        file.write_text(NET.format(**{**RIGHT, **parts}))
        here = f"{file}:backprop"
        status = command.main(["check", here, "--json", "--timeout", "600", *options])
        return json.loads(capsys.readouterr().out) | {"status": status}

    return check


LINEAR = {"hidden": "np.tanh", "slope": "(1 - a[l]**2)", "output": "(lambda z: z)"}
CLASSIFIER = {"output": "softmax", "delta": "a[-1] - y"}
SLOPE_OF_SELU = "np.where(a[l] > 0, 1.0507009873554805, a[l] + 1.7580993408473766)"
SLOPE_OF_SHORT_SELU = "np.where(a[l] > 0, 1.0507, a[l] + 1.0507 * 1.67326)"
SLOPE_OF_GELU = "(gelu_slope(weights[l - 1] @ a[l - 1] + biases[l - 1]) if l else 1)"
SLOPE_OF_MISH = SLOPE_OF_GELU.replace("gelu", "mish")
OF_SOFTMAX = "--output softmax --cost log_likelihood"
WITH_A = {"returned": "{'nabla_b': nabla_b, 'nabla_w': nabla_w, 'a': a[1:]}"}
RELU = CLASSIFIER | {"hidden": "relu"}
TANH = CLASSIFIER | {"hidden": "np.tanh"}
LEAKY = CLASSIFIER | {"hidden": "leaky", "slope": "np.where(a[l] > 0, 1, 0.2)"}


class TestRight:
    """A right pass for other activations is not called wrong: it is said which they are."""

    @pytest.mark.parametrize(
        ("parts", "options"),
        [
            (CLASSIFIER, OF_SOFTMAX),
            (CLASSIFIER | {"hidden": "np.tanh"}, f"--hidden tanh {OF_SOFTMAX}"),
            (CLASSIFIER | {"hidden": "relu"}, f"--hidden relu {OF_SOFTMAX}"),
            ({"hidden": "relu"}, "--hidden relu"),
            ({"output": "(lambda z: z)", "delta": "a[-1] - y"}, "--output linear"),
            (
                {"output": "np.tanh", "delta": "(a[-1] - y) * (1 - a[-1]**2)", "hidden": "np.tanh"},
                "--hidden tanh --output tanh",
            ),
        ],
    )
    def test_it_is_said_what_to_say(self, check, parts, options):
        found = check(*ONE, **parts)
        assert (found["status"], found["violations"]) == (2, [])
        [problem] = found["problems"]
        assert f"those of {options}," in problem
        assert check(*ONE, *options.split(), **parts)["status"] == 0

    @pytest.mark.parametrize(
        ("parts", "options"),
        [
            (
                CLASSIFIER | {"hidden": "leaky", "slope": "np.where(a[l] > 0, 1, 0.2)"},
                f"--hidden leaky_relu:0.2 {OF_SOFTMAX}",
            ),
            (LINEAR | {"delta": "np.clip(a[-1] - y, -1, 1)"}, "--cost FILE.py:FUNCTION (Huber)"),
            (LINEAR | {"delta": "np.sign(a[-1] - y)"}, "--cost FILE.py:FUNCTION (absolute)"),
            (LINEAR | {"delta": "np.tanh(a[-1] - y)"}, "--cost FILE.py:FUNCTION (log-cosh)"),
            (
                CLASSIFIER | {"hidden": "elu", "slope": "np.where(a[l] > 0, 1, 1 + a[l])"},
                f"--hidden FILE.py:FUNCTION (ELU) {OF_SOFTMAX}",
            ),
            (
                LINEAR | {"hidden": "selu", "slope": SLOPE_OF_SELU, "delta": "a[-1] - y"},
                "--hidden FILE.py:FUNCTION (SELU) --output linear",
            ),
            (
                CLASSIFIER | {"hidden": "short_selu", "slope": SLOPE_OF_SHORT_SELU},
                f"--hidden FILE.py:FUNCTION (SELU by 1.0507 and 1.67326) {OF_SOFTMAX}",
            ),
            (
                CLASSIFIER | {"hidden": "gelu", "slope": SLOPE_OF_GELU},
                f"--hidden FILE.py:FUNCTION (GELU by erf) {OF_SOFTMAX}",
            ),
            (
                LINEAR | {"hidden": "gelu", "slope": SLOPE_OF_GELU, "delta": "a[-1] - y"},
                "--hidden FILE.py:FUNCTION (GELU by erf) --output linear",
            ),
            (
                CLASSIFIER | {"hidden": "mish", "slope": SLOPE_OF_MISH},
                f"--hidden FILE.py:FUNCTION (Mish) {OF_SOFTMAX}",
            ),
            (
                CLASSIFIER | {"hidden": "softsign", "slope": "(1 - abs(a[l]))**2"},
                f"--hidden FILE.py:FUNCTION (softsign) {OF_SOFTMAX}",
            ),
            (
                CLASSIFIER | {"hidden": "hard_tanh", "slope": "(abs(a[l]) < 1)"},
                f"--hidden FILE.py:FUNCTION (hard tanh) {OF_SOFTMAX}",
            ),
            (
                CLASSIFIER | {"hidden": "hard_sigmoid", "slope": "(abs(a[l] - 0.5) < 0.5) / 6"},
                f"--hidden FILE.py:FUNCTION (hard sigmoid) {OF_SOFTMAX}",
            ),
            (
                LINEAR | {"hidden": "relu", "slope": "(a[l] > 0)", "delta": "np.sign(a[-1] - y)"},
                "--hidden relu --output linear --cost FILE.py:FUNCTION (absolute)",
            ),
        ],
    )
    def test_what_has_no_name_here_is_named_too(self, check, parts, options):
        found = check(*ONE, **parts)
        assert (found["status"], found["violations"]) == (2, [])
        assert options in found["problems"][0]

    def test_in_half_precision_it_is_no_normalisation(self, check):
        found = check(**LINEAR | {"hidden": "half", "delta": "a[-1] - y"})
        assert (found["status"], found["violations"]) == (2, [])
        assert "those of --hidden tanh --output linear," in found["problems"][0]

    def test_on_the_battery(self, check):
        found = check(**CLASSIFIER)
        assert (found["status"], found["violations"]) == (2, [])
        assert OF_SOFTMAX in found["problems"][0]

    def test_where_it_saturates_another_network_shows_it(self, check):
        cut_off = {"hidden": "relu6", "slope": "((a[l] > 0) & (a[l] < 6))"}
        found = check("--layers", "2", **CLASSIFIER | cut_off)
        assert (found["status"], found["violations"]) == (2, [])
        assert f"--hidden FILE.py:FUNCTION (ReLU6) {OF_SOFTMAX}" in found["problems"][0]

    @pytest.mark.parametrize(
        ("delta", "option"),
        [
            ("(1 - y) * a[-1] - 3 * y * (1 - a[-1])", "--pos-weight"),
            ("a[-1] - 0.9 * y - 0.05", "--smoothing"),
        ],
    )
    def test_what_is_in_the_cost_besides(self, check, delta, option):
        found = check(*ONE, delta=delta, hidden="np.tanh")
        assert (found["status"], found["violations"]) == (2, [])
        assert "--hidden tanh --cost cross_entropy" in found["problems"][0]
        assert any(option in remark for remark in found["remarks"])

    def test_what_was_told_is_not_asked_again(self, check):
        found = check(*ONE, "--output", "softmax", **CLASSIFIER)
        assert (found["status"], found["violations"]) == (2, [])
        assert "those of --cost log_likelihood," in found["problems"][0]

    def test_in_single_precision(self, check):
        found = check(*ONE, **CLASSIFIER | {"delta": "(a[-1] - y).astype('f')"})
        assert (found["status"], found["violations"]) == (2, [])


class TestWrong:
    """What is wrong with the right activations is blamed, and nothing beside it."""

    def test_a_line_of_another_network(self, check):
        found = check(*ONE, **CLASSIFIER | {"hidden": "np.tanh", "slope": "SLOPE[sigmoid](a[l])"})
        assert found["status"] == 1
        assert places(found) == [("BP2", 3), ("BP2", 2)]
        assert any(f"--hidden tanh {OF_SOFTMAX}" in remark for remark in found["remarks"])

    def test_a_slope_that_is_missing_at_the_output_looks_like_another_cost(self, check):
        found = check(delta="a[-1] - y")
        assert found["status"] == 1
        assert places(found) == [("BP1", 4)]
        assert any("--cost cross_entropy every equation" in remark for remark in found["remarks"])

    def test_beside_a_fault_at_the_output_the_hidden_layers_show(self, check):
        found = check(*ONE, hidden="np.tanh", delta="(a[-1] - y) * a[-1]")
        assert (found["status"], places(found)) == (1, [("BP1", 4)])
        assert any("--hidden tanh" in remark for remark in found["remarks"])

    def test_a_sum_for_an_average_with_other_hidden_layers(self, check):
        found = check(*ONE, hidden="relu", output="(lambda z: z)", delta="a[-1] - y", m="1")
        assert (found["status"], found["violations"]) == (2, [])
        assert any("--hidden relu --output linear" in remark for remark in found["remarks"])

    def test_what_was_told_is_believed(self, check):
        options = ("--hidden", "sigmoid", "--output", "sigmoid", "--cost", "quadratic")
        found = check(*ONE, *options, hidden="np.tanh")
        assert found["status"] == 1
        assert ("forward a", 2) in places(found)

    def test_of_what_is_not_known_it_is_said_that_it_was_not_told(self, check):
        soft = {"hidden": "np.arctan", "slope": "np.cos(a[l]) ** 2"}
        found = check(*ONE, **CLASSIFIER | soft)
        assert (found["status"], found["violations"][0]["equation"]) == (1, "forward a")
        assert any("none that is known here fits" in remark for remark in found["remarks"])
        told = check(*ONE, "--hidden", "tanh", *OF_SOFTMAX.split(), **CLASSIFIER | soft)
        assert not any("none that is known here fits" in remark for remark in told["remarks"])

    def test_of_a_classifier(self, check):
        found = check(*ONE, **RELU | {"delta": "(a[-1] - y) * a[-1] * (1 - a[-1])"})
        assert (found["status"], places(found)) == (1, [("BP1", 4)])
        assert "a slope a (1 - a) that has cancelled" in found["violations"][0]["diagnosis"]
        assert any(f"--hidden relu {OF_SOFTMAX}" in remark for remark in found["remarks"])

    def test_neither_is_right(self, check):
        found = check(*ONE, delta="a[-1] ** 2 + y")
        assert (found["status"], places(found)) == (1, [("BP1", 4)])
        assert not any("--" in remark for remark in found["remarks"])

    def test_a_sum_for_an_average_beside_it(self, check):
        found = check(*ONE, **CLASSIFIER | {"m": "1"})
        assert found["status"] == 2
        assert found["scale"] is not None
        assert any(OF_SOFTMAX in remark for remark in found["remarks"])


class TestInPart:
    """Some of it was told: that is believed, and the rest is read off, whatever is wrong."""

    @pytest.mark.parametrize(
        ("parts", "told", "rest", "returned"),
        [
            (RELU, OF_SOFTMAX, "--hidden relu", {}),
            (RELU, "--cost log_likelihood", "--hidden relu --output softmax", {}),
            (LEAKY, OF_SOFTMAX, "--hidden leaky_relu:0.2", WITH_A),
        ],
    )
    def test_a_slope_that_is_missing(self, check, parts, told, rest, returned):
        found = check("--layers", "2", *told.split(), **parts | {"slope": "1"} | returned)
        assert (found["status"], places(found)) == (1, [("BP2", 2)])
        assert any(remark.endswith(f"not told: {rest}") for remark in found["remarks"])

    def test_in_two_hidden_layers(self, check):
        found = check(*ONE, *OF_SOFTMAX.split(), **RELU | {"slope": "1"})
        assert (found["status"], places(found)) == (1, [("BP2", 3), ("BP2", 2)])

    @pytest.mark.parametrize(
        ("parts", "told", "rest", "returned"),
        [
            (RELU, "", f"--hidden relu {OF_SOFTMAX}", {}),
            (RELU, OF_SOFTMAX, "--hidden relu", WITH_A),
            (RELU, "--output softmax", "--hidden relu --cost log_likelihood", {}),
            (RELU, "--cost log_likelihood", "--hidden relu --output softmax", WITH_A),
            (RELU, "--hidden relu", OF_SOFTMAX, {}),
            (TANH, "", f"--hidden tanh {OF_SOFTMAX}", WITH_A),
            (LEAKY, "", f"--hidden leaky_relu:0.2 {OF_SOFTMAX}", {}),
        ],
    )
    def test_a_transpose_that_is_missing_raises_on_most_networks(
        self, check, parts, told, rest, returned
    ):
        found = check("--layers", "2", *told.split(), **parts | {"back": "weights[l]"} | returned)
        assert (found["status"], places(found)) == (1, [("BP2", 2)])
        [problem] = found["problems"]
        assert "mismatch" in problem
        assert any(remark.endswith(f"not told: {rest}") for remark in found["remarks"])

    def test_what_cannot_be_read_off_but_has_a_name(self, check):
        returned = WITH_A["returned"].replace("nabla_w,", "[w**2 for w in nabla_w],")
        parts = RELU | {"delta": "(a[-1] - y) ** 2", "returned": returned}
        found = check("--layers", "2", *OF_SOFTMAX.split(), **parts)
        assert ("forward a", 2) in places(found)
        assert "if that is meant, say --hidden relu" in found["remarks"]
        found = check("--layers", "2", **parts)
        assert "if that is meant, say --hidden relu --output softmax" in found["remarks"]


def test_no_network_is_guessed_where_the_pass_is_refused(check):
    """One bias for all neurons of a layer is another network, whatever its activations."""
    found = check(
        biases="[np.full(b.shape, b[0, 0]) for b in biases]",
        returned="[np.full(g.shape, g.sum()) for g in nabla_b], nabla_w",
    )
    assert (found["status"], found["violations"]) == (2, [])
    assert "each layer has one bias for all of its neurons" in str(found["problems"])
    assert "judged as" not in str(found["remarks"])
