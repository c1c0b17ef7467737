"""Every misconception that can be named is named where the textbook's program is made to have it.

They stand in named.txt: the equation and what is said of it, a wrong line, and where that is said.
`pytest --accept` writes anew where; read its diff.
"""

import math
import re
from dataclasses import dataclass, replace

import numpy as np
import pytest
from sites import ROOT
from strategies import EPS
from styles import matrices
from textbook import NABLAS, Pass

from proofs import Network, check_backprop
from proofs.checker.judging.numbers import Numbers, numbers
from proofs.checker.judging.residuals import Residual, residuals
from proofs.checker.naming import FORMULAS, diagnoses
from proofs.measuring.cases import Case, softplus_share
from proofs.mistakes.catalogue import (
    CROSS_ENTROPY,
    LINES,
    ONE_OUTPUT,
    RECTANGULAR,
    RELU,
    SOFTMAX,
    SQUARE,
    Setting,
    textbook,
)
from proofs.network.activations import ACTIVATIONS, linear, relu, sigmoid, softmax, tanh
from proofs.network.arrays import Array
from proofs.network.costs import COSTS, cross_entropy, log_likelihood

NAMED = ROOT / "tests/checker/named.txt"
SETTINGS = {
    "rectangular": RECTANGULAR,
    "square": SQUARE,
    "as many examples as neurons": Setting((3, 4, 4, 2), 4, (tanh, tanh)),
    "rectified": RELU,
    "cross-entropy": CROSS_ENTROPY,
    "one example": Setting(m=1),
    "one output": ONE_OUTPUT,
    "softmax": SOFTMAX,
    "softmax everywhere": Setting((4, 4, 4, 4), 4, (softmax, softmax), softmax, log_likelihood),
    "asymmetric": Setting((3, 4, 4, 4), 5, (softplus_share,) * 2, softplus_share, log_likelihood),
    "linear": Setting((3, 2, 4, 2), 3, (linear, tanh), linear),
    "rectified output": Setting(output=relu, targets="multi-hot"),
    "free targets": Setting((4, 3, 3), 5, (tanh,), cost=cross_entropy, targets="free"),
}
"""In one network a wrong line computes, in another it crashes or happens to be right."""

RIGHT = LINES | {
    "BP1": "delta[L] = times(g, sigma[L].jacobian(z[L]))",
    "BP2": "delta[l] = times(w[l + 1].T @ delta[l + 1], sigma[l].jacobian(z[l]))",
}
"""The textbook's lines, for every network; g is dC/da."""


def times(back: Array, jacobian: Array) -> Array:
    """The sum over k of back_k da_k/dz_j, for each example."""
    return np.einsum("kx,kjx->jx", back, jacobian)


def diagonal(jacobian: Array) -> Array:
    """da_j/dz_j, for each example."""
    return np.einsum("jjx->jx", jacobian)


def run(case: Case, lines: dict[str, str]) -> Numbers:
    """The numbers of a backward pass with these lines."""
    n = case.network
    names = {
        "np": np,
        "math": math,
        "sigma": n.sigma,
        "cost": n.cost,
        "times": times,
        "diagonal": diagonal,
    }
    names |= ACTIVATIONS | COSTS
    first = "g = cost.gradient(a[L], y)\n"
    exec(textbook(lines | {"BP1": first + lines["BP1"]}), names)
    found = names["backprop"](n.weights, n.biases, case.x, case.y)
    own = {letter: dict(enumerate(found[letter], start=2)) for letter in found}
    return numbers(n, case.x, case.y, own, EPS)


CASES = {name: setting.case() for name, setting in SETTINGS.items()}
TEXTBOOK = {name: run(case, RIGHT) for name, case in CASES.items()}


def wrong(name: str, equation: str, line: str) -> list[tuple[Residual, Numbers]]:
    """Where an equation does not hold any more when this line stands in the program."""
    try:
        with np.errstate(all="ignore"):
            n = run(CASES[name], RIGHT | {equation: line})
    except Exception:  # these arrays do not fit together
        return []
    right = TEXTBOOK[name]
    for letter in ("z", "a", "delta", "nabla_b", "nabla_w"):
        its_own, ours = getattr(n, letter), getattr(right, letter)
        if any(its_own[l].shape != ours[l].shape for l in ours):
            return []
    return [(r, n) for r in residuals(n) if r.equation == equation and not r.holds]


def words(template: str, n: Numbers, l: int) -> str:
    """What is said at a layer of a network."""
    known = {"l - 2": l - 2, "l - 1": l - 1, "l": l, "l + 1": l + 1, "l + 2": l + 2}
    known |= {"m": n.m, "m - 1": n.m - 1}
    known |= {"sigma": n.network.sigma[l], "n_L": n.width(n.network.L)}
    return re.sub("<(.+?)>", lambda found: str(known[found[1]]), template)


@dataclass(frozen=True)
class Named:
    """An entry of named.txt."""

    equation: str
    says: str
    line: str
    page: str
    where: str

    def __str__(self) -> str:
        lines = (*self.line.splitlines(), f"{self.page or 'no page'}; {self.where}")
        return "\n    ".join([f"{self.equation}: {self.says}", *lines])

    def found(self) -> "Named":
        """The entry, as it is: where this is said, and the page that it sends to."""
        pages, places = set(), []
        for name in CASES:
            layers = []
            for r, n in wrong(name, self.equation, self.line):
                said = words(self.says, n, r.layer)
                here = [d.page for d in diagnoses(r, n) if d.says == said]
                layers += [str(r.layer)] * bool(here)
                pages |= set(here)
            places += [f"{name} {' '.join(layers)}"] if layers else []
        return replace(self, page=" ".join(sorted(pages)), where="; ".join(places))


def entries() -> list[Named]:
    """All of named.txt."""
    found = []
    for part in NAMED.read_text(encoding="utf-8").split("\n\n"):
        head, *lines = part.splitlines()
        *code, last = [line.removeprefix("    ") for line in lines]
        equation, says = head.split(": ", 1)
        page, _, where = last.partition("; ")
        found.append(Named(equation, says, "\n".join(code), page.replace("no page", ""), where))
    return found


ENTRIES = entries()


class TestWhatIsNamed:
    """A wrong line is named by what is wrong with it, at each layer where its numbers tell."""

    @pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: f"{e.equation}: {e.says}")
    def test_it_is_said(self, entry, golden):
        found = entry.found()
        assert found.where
        golden("named.txt").part(str(found), lines=str(found).count("\n"))

    @pytest.mark.parametrize("name", CASES)
    def test_nothing_else_can_be(self, name):
        """Every wrong formula that is tried on the numbers of a network stands in named.txt."""
        n = TEXTBOOK[name]
        for equation, formulas in FORMULAS.items():
            known = [e for e in ENTRIES if e.equation == equation]
            for l in n.network.layers:
                if equation not in ("BP1", "BP2") or (equation == "BP1") == (l == n.network.L):
                    with np.errstate(all="ignore"):
                        tried = {says for says, _, _ in formulas(n, l)}
                    assert tried <= {words(e.says, n, l) for e in known}

    @pytest.mark.parametrize("name", CASES)
    def test_nothing_is_wrong_with_the_textbook(self, name):
        assert all(r.holds for r in residuals(TEXTBOOK[name]))


class TestWhatIsNoNumber:
    """Overflow, and a division by 0, are named where one number has them."""

    def said(self, equation, z, came, sigma=sigmoid, cost=cross_entropy):
        """What is said of one layer at these weighted inputs, of which this is what came."""
        n = Network.from_arrays([np.eye(2)], [np.zeros((2, 1))], sigma, cost)
        case = Case(n, np.reshape(z, (2, 1)), [[0.0], [1.0]])
        own = {"z": {2: case.value("z", 2)}}
        zero = np.zeros((2, 1))
        r = Residual(equation, 2, np.reshape(came, (2, 1)), zero, zero, zero)
        return [d.says for d in diagnoses(r, numbers(n, case.x, case.y, own, EPS))]

    DIVIDED = (
        "a number is divided by 0, or log(0) is taken, where an output has rounded to 0 or 1: "
        "use the form in which cost and activation have been put together"
    )

    @pytest.mark.parametrize(
        ("z", "said"),
        [((40, 1), True), ((1, -40), True), ((30, 1), False), ((1, -30), False), ((0, 0), False)],
    )
    def test_an_output_that_is_0_or_1(self, z, said):
        assert self.said("BP1", z, (np.inf, 1.0)) == [self.DIVIDED] * said

    def test_only_at_the_output(self):
        assert self.said("BP4", (40, 1), (np.nan, 1.0)) == []
        assert self.said("forward a", (40, 1), (np.nan, 1.0)) == []

    def test_every_number_may_be_none(self):
        assert self.said("BP1", (40, 1), (np.nan, np.nan)) == [self.DIVIDED]

    @pytest.mark.parametrize("equation", ["forward a", "BP1"])
    def test_exp_overflows(self, equation):
        said = self.said(equation, (0, -800), (1.0, np.nan))
        assert said[-1] == "exp overflows at z = 800: take exp(-|z|)"
        assert self.said("BP3", (0, -800), (1.0, np.nan)) == []

    def test_softmax_is_shifted(self):
        said = self.said("forward a", (0, 81), (1.0, np.nan), softmax, log_likelihood)
        shift = "subtract the largest z of each example first"
        assert said == [f"exp overflows at z = 81, as in single precision: {shift}"]

    def test_not_at_80(self):
        assert self.said("forward a", (0, 80), (1.0, np.nan), softmax, log_likelihood) == []


class TestNearlyIsNotNamed:
    """A wrong formula explains what came to the last digits, or it is not what was done."""

    @pytest.mark.parametrize("scale", [1e-4, 1.0, 1e4])
    @pytest.mark.parametrize(("off", "said"), [(1e-14, True), (1e-10, False)])
    def test_something_added(self, scale, off, said):
        """Weight decay, and beside it a little of something else."""
        n = TEXTBOOK["rectangular"]
        n = replace(n, delta={l: scale * d for l, d in n.delta.items()})
        expected = n.delta[2] @ n.a[1].T / n.m
        else_ = off * scale * np.cos(np.arange(24)).reshape(6, 4)
        came = expected + 0.01 * scale * n.network.w[2] + else_
        r = Residual("BP4", 2, came, expected, expected, 1e-20 * abs(expected))
        assert (len(diagnoses(r, n)) > 0) == said

    @pytest.mark.parametrize("scale", [1e-4, 1.0, 1e4])
    @pytest.mark.parametrize(("off", "said"), [(1e-14, True), (1e-10, False)])
    def test_a_factor(self, scale, off, said):
        n = TEXTBOOK["rectangular"]
        expected = scale * n.delta[2].mean(axis=1, keepdims=True)
        came = -expected + off * abs(expected).max() * np.cos(np.arange(6))[:, None]
        r = Residual("BP3", 2, came, expected, expected, 1e-20 * abs(expected))
        assert ("the sign is wrong" in [d.says for d in diagnoses(r, n)]) == said


class TestSomeNeuronsAreWrong:
    """Where other neurons are right, those that are wrong are counted and the first three named."""

    def said(self, *excess):
        """What is said of BP3 at layer 2, where each neuron is off by so many tolerances."""
        n = TEXTBOOK["rectangular"]
        right = n.delta[2].mean(axis=1, keepdims=True)
        allowed = np.full_like(right, 0.25)
        came = np.array(excess)[:, None] * allowed
        return [d.says for d in diagnoses(Residual("BP3", 2, came, 0 * came, 0 * came, allowed), n)]

    def test_one(self):
        """What is off by the tolerance itself is right."""
        assert self.said(0, 1, 0, 1.5, 1, 0) == ["1 of 6 neurons are wrong, namely 4"]

    def test_three(self):
        assert self.said(0, 2, 9, 0.5, 0, 3) == ["3 of 6 neurons are wrong, namely 2, 3, 6"]

    def test_more(self):
        assert self.said(2, 2, 9, 1.5, 0, 1) == ["4 of 6 neurons are wrong, namely 1, 2, 3, ..."]

    def test_all_of_which_nothing_is_known(self):
        assert self.said(2, 3, 9, 1.5, 4, 7) == []


def test_what_belongs_to_an_example_is_spread_along_the_neurons():
    """Where there are as many examples as neurons, a row for a column is right on the diagonal."""
    network = Network([5, 5, 5], [sigmoid, sigmoid])
    random = np.random.default_rng(0)
    x, y = random.standard_normal((5, 5)), random.random((5, 5))

    def back(s, l):
        t = s.x.sum(axis=0)
        return (s.back(l) + (t - t[:, None])) * s.a[l] * (1 - s.a[l])

    wrong = Pass(names=("delta", *NABLAS), bp2=back)
    (found,) = check_backprop(wrong, network, x, y).violations
    assert found.place == "BP2 at layer 2"
    assert "wrong exactly where the neuron and the example have different" in found.diagnosis
    assert "broadcast along the neurons" in found.diagnosis


class TestSoftmaxOfOneOutput:
    """It is 1 whatever comes in, and its error 0: no state is to blame, and nothing else shows."""

    X, Y = np.random.default_rng(0).standard_normal((4, 5)), np.array([[0.0, 1, 1, 0, 1]])

    def test_gradients_alone(self):
        network = Network([4, 3, 1])

        def none(w, b, x, y):
            return [np.zeros_like(v) for v in b], [np.zeros_like(v) for v in w]

        (found,) = check_backprop(none, network, self.X, self.Y).violations
        assert found.place == "BP1 at layer 3"
        assert "softmax were taken of the one output" in found.diagnosis

    def test_gradients_of_zeros_were_not_kept(self):
        network = Network([4, 3, 1], [sigmoid, softmax], log_likelihood)

        def right(*given):
            found = matrices(network)(*given)
            return found["nabla_b"], found["nabla_w"]

        report = check_backprop(right, network, self.X, np.ones((1, 5)))
        assert report.holds
        assert not any("gives the same" in said for said in report.told)
