"""Backward passes with one wrong line, as people reported them, and the textbook's without it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from textwrap import indent
from typing import Any

import numpy as np

from proofs.measuring.cases import Case
from proofs.network import Network
from proofs.network.activations import Activation, linear, relu, sigmoid, softmax
from proofs.network.arrays import Array
from proofs.network.costs import Cost, cross_entropy, log_likelihood, quadratic

Backprop = Callable[[list[Array], list[Array], Array, Array], Any]
"""backprop(weights, biases, x, y), lists from layer 2 to L."""

LINES = {
    "forward z": "z[l] = w[l] @ a[l - 1] + b[l]",
    "forward a": "a[l] = sigma[l](z[l])",
    "BP2": "delta[l] = (w[l + 1].T @ delta[l + 1]) * sigma[l].prime(z[l])",
    "BP3": "nabla_b[l] = delta[l].mean(axis=1, keepdims=True)",
    "BP4": "nabla_w[l] = delta[l] @ a[l - 1].T / m",
}
"""The lines of the textbook's backward pass, by the equation that each of them computes."""

BP1_LINES = {
    (sigmoid, quadratic): "delta[L] = (a[L] - y) * sigma[L].prime(z[L])",
    (sigmoid, cross_entropy): "delta[L] = a[L] - y",
    (softmax, log_likelihood): "delta[L] = a[L] * y.sum(axis=0) - y",
    (relu, quadratic): "delta[L] = (a[L] - y) * sigma[L].prime(z[L])",
    (linear, quadratic): "delta[L] = (a[L] - y) * sigma[L].prime(z[L])",
}
"""The line for BP1, by output activation and cost."""

BP2_FULL = """\
back = w[l + 1].T @ delta[l + 1]
delta[l] = np.einsum("kx,kjx->jx", back, sigma[l].jacobian(z[l]))"""
"""The line for BP2 where a hidden layer is not local."""


def textbook(lines: dict[str, str]) -> str:
    """The source of a backward pass with these lines."""
    return f"""\
def backprop(weights, biases, x, y):
    L, m = len(weights) + 1, x.shape[1]
    w, b = dict(enumerate(weights, start=2)), dict(enumerate(biases, start=2))
    z, a, delta, nabla_b, nabla_w = {{}}, {{1: x}}, {{}}, {{}}, {{}}
    for l in range(2, L + 1):
{indent(lines["forward z"], 8 * " ")}
{indent(lines["forward a"], 8 * " ")}
{indent(lines["BP1"], 4 * " ")}
    for l in range(L - 1, 1, -1):
{indent(lines["BP2"], 8 * " ")}
    for l in range(2, L + 1):
{indent(lines["BP3"], 8 * " ")}
{indent(lines["BP4"], 8 * " ")}
    found = {{"z": z, "a": a, "delta": delta, "nabla_b": nabla_b, "nabla_w": nabla_w}}
    return {{name: [of[l] for l in range(2, L + 1)] for name, of in found.items()}}
"""


@dataclass(frozen=True)
class Setting:
    """What a backward pass is written for: the shape of a network, its activations and cost."""

    sizes: tuple[int, ...] = (4, 6, 5, 3)
    m: int = 7
    inner: tuple[Activation, ...] = (sigmoid, sigmoid)
    output: Activation = sigmoid
    cost: Cost = quadratic
    targets: str = "one-hot"
    shift: float = 0.0
    """What is added to the biases of the output layer."""

    def case(self, seed: int = 0) -> Case:
        """A network of this kind, with inputs and targets."""
        drawn = Network(self.sizes, [*self.inner, self.output], self.cost, seed)
        *biases, last = drawn.biases
        network = drawn.with_arrays(drawn.weights, [*biases, last + self.shift])
        random = np.random.default_rng(seed)
        x = random.standard_normal((self.sizes[0], self.m))
        return Case(network, x, targets(self.targets, self.sizes[-1], self.m, random))

    def lines(self) -> dict[str, str]:
        """The right lines for this setting."""
        bp2 = LINES["BP2"] if all(f.local for f in self.inner) else BP2_FULL
        return {**LINES, "BP1": BP1_LINES[self.output, self.cost], "BP2": bp2}


def targets(kind: str, n: int, m: int, random: np.random.Generator) -> Array:
    """Targets (n, m) of a kind: "one-hot", "multi-hot" with two ones, or "free" in (0, 1)."""
    if kind == "free":
        return random.uniform(0.05, 0.95, (n, m))
    ones = {"one-hot": 1, "multi-hot": 2}[kind]
    return np.array([random.permutation(np.arange(n) < ones) for _ in range(m)], dtype=float).T


RECTANGULAR = Setting()
"""All sizes distinct, and different from m."""
SQUARE = Setting(sizes=(5, 5, 5, 5), m=5)
"""As many neurons in every layer as examples: here a wrong index computes instead of crashing."""
SOFTMAX = Setting(output=softmax, cost=log_likelihood)
CROSS_ENTROPY = Setting(cost=cross_entropy)
RELU = Setting(inner=(relu, relu))
ONE_OUTPUT = Setting(sizes=(4, 6, 5, 1), targets="free")


def _one_tanh(z: Array) -> Array:
    return np.concatenate([np.tanh(z[:1]), sigmoid(z[1:])])


def _one_tanh_prime(z: Array) -> Array:
    return np.concatenate([1 - np.tanh(z[:1]) ** 2, sigmoid.prime(z[1:])])


one_tanh = Activation("sigmoid with one tanh neuron", _one_tanh, _one_tanh_prime)
"""The book's exercise on a single modified neuron."""


@dataclass(frozen=True)
class Wrong:
    """A backward pass with one wrong line, and what that line breaks."""

    name: str
    misconception: str
    breaks: str
    """Such as `BP1@L, BP2@hidden`: equations, each at all layers, the hidden ones, L, L-1, 3."""
    lines: dict[str, str] = field(hash=False)
    """The wrong line, by the line it stands in place of."""
    setting: Setting = RECTANGULAR
    source: str = ""
    """Where it was reported."""
    hides: str = ""
    """The part of `breaks` that the gradients do not show."""

    def source_code(self) -> str:
        """The textbook's backward pass with the wrong line."""
        return textbook({**self.setting.lines(), **self.lines})

    def backprop(self) -> Backprop:
        """The backward pass as a new function, which remembers no earlier call."""
        return run(self.source_code(), self.setting)

    def broken(self, breaks: str = "") -> set[tuple[str, int]]:
        """The equations and layers it breaks; purity has no layer and counts as layer 0."""
        L = len(self.setting.sizes)
        named = {"all": range(2, L + 1), "hidden": range(2, L), "L": [L], "L-1": [L - 1]}
        found = set()
        for part in filter(None, (breaks or self.breaks).split(", ")):
            equation, _, where = part.partition("@")
            layers = named.get(where) or [int(l) for l in where.split("+") if l] or [0]
            found |= {(equation, l) for l in layers}
        return found


def run(code: str, setting: Setting) -> Backprop:
    """The function that the source of a backward pass defines, in a setting."""
    sigma = dict(enumerate([*setting.inner, setting.output], start=2))
    names: dict[str, Any] = {"np": np, "sigma": sigma, "softmax": softmax, "memory": {}}
    exec(code, names)
    return names["backprop"]


def descent(
    backprop: Backprop, case: Case, rate: float = 0.5, steps: int = 300
) -> Iterator[Network]:
    """The network of a case at the start and after each step by what backprop returns."""
    network = case.network
    for step in range(steps + 1):
        yield network
        if step == steps:
            return
        w, b = ([v.copy() for v in values] for values in (network.weights, network.biases))
        gradients = backprop(w, b, case.x.copy(), case.y.copy())
        weights, biases = (
            [value - rate * nabla for value, nabla in zip(values, gradients[name], strict=True)]
            for name, values in (("nabla_w", network.weights), ("nabla_b", network.biases))
        )
        network = network.with_arrays(weights, biases)


def costs(
    backprop: Backprop, case: Case, rate: float = 0.5, steps: int = 300, every: int = 1
) -> Array:
    """The average cost at the start of `descent` and after each step, or each `every`-th."""
    networks = islice(descent(backprop, case, rate, steps), 0, None, every)
    return np.array([network.average_cost(case.x, case.y) for network in networks])


WILD = (
    Wrong(
        "01",
        "The derivative of softmax is a (1 - a), as for the sigmoid.",
        "BP1@L",
        {"BP1": "delta[L] = -y / a[L] * a[L] * (1 - a[L])"},
        SOFTMAX,
        "SebLague PR#5; libnd4j #440; RoboticsClubIITJ PR#153",
    ),
    Wrong(
        "02",
        "The error at the output is output minus target, whatever the cost.",
        "BP1@L",
        {"BP1": "delta[L] = a[L] - y"},
        source="Bot-Academy PR#3; jiexunsee #1",
    ),
    Wrong(
        "03",
        "BP1 always has a factor sigma', even with the cross-entropy that cancels it.",
        "BP1@L",
        {"BP1": "delta[L] = (a[L] - y) * sigma[L].prime(z[L])"},
        CROSS_ENTROPY,
        "mnielsen PR#77; DLPython #17; tinyml #1",
    ),
    Wrong(
        "04",
        "sigma' is taken of the activation instead of the weighted input.",
        "BP1@L, BP2@hidden",
        {
            "BP1": "delta[L] = (a[L] - y) * sigma[L].prime(a[L])",
            "BP2": "delta[l] = (w[l + 1].T @ delta[l + 1]) * sigma[l].prime(a[l])",
        },
        source="neural2d #40; dragen1860 #217",
    ),
    Wrong(
        "06",
        "The error is target minus output, but the step still goes down the gradient.",
        "BP1@L",
        {"BP1": "delta[L] = (y - a[L]) * sigma[L].prime(z[L])"},
        source="Grokking #37",
    ),
    Wrong(
        "07",
        "The square is differentiated, the half in front of it forgotten.",
        "BP1@L",
        {"BP1": "delta[L] = 2 * (a[L] - y) * sigma[L].prime(z[L])"},
        source="caffe #6814; dlib #1169; Open-Deep-ML #54",
    ),
    Wrong(
        "12",
        "Softmax is applied in the network and once more in the loss.",
        "forward a@L, BP1@L",
        {"forward a": "a[l] = sigma[l](z[l]) if l < L else softmax(softmax(z[l]))"},
        SOFTMAX,
        "tflearn PR#562; lightning-bolts #654; SciCo #2; tensorflow_cookbook #86",
    ),
    Wrong(
        "14",
        "Softmax needs no shift: exp is never too large.",
        "forward a@L",
        {"forward a": "e = np.exp(z[l])\na[l] = sigma[l](z[l]) if l < L else e / e.sum(axis=0)"},
        Setting(output=softmax, cost=log_likelihood, shift=1000.0),
        "deeplearning4j #6039; uTensor #175",
    ),
    Wrong(
        "47",
        "A column minus a row is a column: broadcasting turns the target into the batch's mean.",
        "BP1@L",
        {"BP1": "delta[L] = (a[L].T - y[0]).mean(axis=1, keepdims=True).T * sigma[L].prime(z[L])"},
        ONE_OUTPUT,
        "pytorch #19699; TALENT #92; DeepSets #1",
    ),
    Wrong(
        "51",
        "The error is computed in the very array that holds the output.",
        "forward a@L",
        {"BP1": "delta[L] = a[L]\ndelta[L] -= y"},
        SOFTMAX,
        "the CS231n case study, where it does no harm",
        hides="forward a@L",
    ),
    Wrong(
        "65",
        "Softmax with categorical cross-entropy: output minus target, even with two labels.",
        "BP1@L",
        {"BP1": "delta[L] = a[L] - y"},
        Setting(output=softmax, cost=log_likelihood, targets="multi-hot"),
        "a - y needs targets that sum to one",
    ),
    Wrong(
        "16",
        "sigma' belongs to the output layer alone.",
        "BP2@hidden",
        {"BP2": "delta[l] = w[l + 1].T @ delta[l + 1]"},
        source="makeyourownnn #88; SO 53287032; ujjwalkarn PR#16",
    ),
    Wrong(
        "17",
        "The error goes back through the weights as they are, not transposed.",
        "BP2@hidden",
        {"BP2": "delta[l] = (w[l + 1] @ delta[l + 1]) * sigma[l].prime(z[l])"},
        SQUARE,
        "Grokking; dominhhai #19",
    ),
    Wrong(
        "19",
        "sigma' is taken at the layer that the error comes from.",
        "BP2@hidden",
        {"BP2": "delta[l] = (w[l + 1].T @ delta[l + 1]) * sigma[l + 1].prime(z[l + 1])"},
        SQUARE,
        "dennybritz PR#3",
    ),
    Wrong(
        "20",
        "The weights may be updated on the way back, before the error has passed through them.",
        "purity, BP2@hidden",
        {
            "BP2": "w[l + 1] -= 0.5 * delta[l + 1] @ a[l].T / m\n"
            "delta[l] = (w[l + 1].T @ delta[l + 1]) * sigma[l].prime(z[l])"
        },
        source="joelgrus #31; CodingTrain #72; kim-marcel #7; louisjc #1",
    ),
    Wrong(
        "21",
        "What goes back from the output is output minus target, not the error.",
        "BP2@L-1",
        {
            "BP2": "sent = a[L] - y if l == L - 1 else delta[l + 1]\n"
            "delta[l] = (w[l + 1].T @ sent) * sigma[l].prime(z[l])"
        },
        source="SO 53287032",
    ),
    Wrong(
        "22",
        "The product with sigma' is a product of matrices.",
        "BP2@hidden",
        {"BP2": "delta[l] = (w[l + 1].T @ delta[l + 1]) @ sigma[l].prime(z[l])"},
        SQUARE,
        "seen where m is the width",
    ),
    Wrong(
        "23",
        "A unit of a ReLU layer is active if its activation is at least zero: that is all of them.",
        "BP2@hidden",
        {"BP2": "delta[l] = (w[l + 1].T @ delta[l + 1]) * (a[l] >= 0)"},
        RELU,
        "Grokking #9, #13, #56",
    ),
    Wrong(
        "24",
        "Nothing is wrong: for a ReLU, a > 0 says the same as z > 0.",
        "",
        {"BP2": "delta[l] = (w[l + 1].T @ delta[l + 1]) * (a[l] > 0)"},
        RELU,
        "sklearn #14244; deepnet #9",
    ),
    Wrong(
        "28",
        "= for +=: of all paths back to a neuron only the last is kept.",
        "BP2@hidden",
        {
            "BP2": "for k in range(len(delta[l + 1])):\n"
            "    back = w[l + 1][[k]].T * delta[l + 1][k]\n"
            "delta[l] = back * sigma[l].prime(z[l])"
        },
        source="CS231n's warning",
    ),
    Wrong(
        "56",
        "One neuron became a tanh neuron; its derivative is still that of the sigmoid.",
        "BP2@3",
        {"BP2": "delta[l] = (w[l + 1].T @ delta[l + 1]) * sigma[2].prime(z[l])"},
        Setting(inner=(sigmoid, one_tanh)),
        "Nielsen's exercise on a modified neuron",
    ),
    Wrong(
        "30",
        "The gradient of the bias is the error of each example, not averaged.",
        "BP3@all",
        {"BP3": "nabla_b[l] = delta[l]"},
        source="jimfleming #1; CV 373163; mlpack PR#3679",
    ),
    Wrong(
        "33",
        "The examples are added up for the biases and averaged for the weights.",
        "BP3@all",
        {"BP3": "nabla_b[l] = delta[l].sum(axis=1, keepdims=True)"},
        source="kvfrans #5",
    ),
    Wrong(
        "45",
        "[zeros] * L is L arrays; it is one array, L times.",
        "BP3@hidden",
        {
            "BP3": "nabla_b = nabla_b or dict.fromkeys(range(2, L + 1), np.zeros((len(b[2]), 1)))\n"
            "nabla_b[l][:] = delta[l].mean(axis=1, keepdims=True)"
        },
        SQUARE,
        "Python's aliasing",
    ),
    Wrong(
        "36",
        "The outer product is taken the other way round.",
        "BP4@all",
        {"BP4": "nabla_w[l] = a[l - 1] @ delta[l].T / m"},
        SQUARE,
        "Grokking PR#22, #71; fengdu78 #21",
    ),
    Wrong(
        "37",
        "The gradient of a weight takes the activation that the weight leads to.",
        "BP4@all",
        {"BP4": "nabla_w[l] = delta[l] @ a[l].T / m"},
        SQUARE,
        "stanford_dl_ex #15",
    ),
    Wrong(
        "39",
        "A product of matrices averages over the examples; it adds.",
        "BP4@all",
        {"BP4": "nabla_w[l] = delta[l] @ a[l - 1].T"},
        source="hunkim #173; ageron #179",
    ),
    Wrong(
        "42",
        "The last layer's weights are given output minus target instead of the error.",
        "BP4@L",
        {"BP4": "nabla_w[l] = (a[L] - y if l == L else delta[l]) @ a[l - 1].T / m"},
        source="SO 59399842",
    ),
    Wrong(
        "44",
        "Gradients are added to those of the call before.",
        "purity, BP3@all, BP4@all",
        {
            "BP3": "nabla_b = memory.setdefault('b', {})\n"
            "nabla_b[l] = nabla_b.get(l, 0) + delta[l].mean(axis=1, keepdims=True)",
            "BP4": "nabla_w = memory.setdefault('w', {})\n"
            "nabla_w[l] = nabla_w.get(l, 0) + delta[l] @ a[l - 1].T / m",
        },
        source="a forgotten zero_grad",
    ),
    Wrong(
        "48",
        "Biases without a second axis are added along the examples.",
        "forward z@all",
        {"forward z": "z[l] = w[l] @ a[l - 1] + b[l].ravel()"},
        SQUARE,
        "shape folklore",
    ),
)
"""Those of the reports that can be run; the one named 24 is right and must stay clean."""
