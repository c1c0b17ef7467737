"""Which activations and which cost a backward pass was written for, where no option says so."""

import argparse
import math
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import product
from operator import itemgetter

import numpy as np

from proofs.adapters import activation_of, cost_of
from proofs.adapters.functions import what_cancels
from proofs.checker.battery import require_finite
from proofs.checker.calling.observe import Observation
from proofs.checker.naming import UNTOLD, selu
from proofs.measuring.cases import Case
from proofs.network import Network
from proofs.network.activations import ACTIVATIONS, Activation, leaky, sigmoid, softmax
from proofs.network.arrays import Array
from proofs.network.costs import COSTS, Cost
from proofs.network.equations import backprop
from proofs.network.layers.smaller import gelu_backward

Choice = tuple[Activation, Activation, Cost]
"""The activation of the hidden layers, that of the output, and the cost."""

OPTIONS = ("hidden", "output", "cost")

ALIKE = 1e-6
"""So far the cosine of two gradients may be from 1: of numbers in half precision it is less."""

ROUNDED = 1e-15
"""What is nearer is as near: the first of several choices is taken, linear before a rectifier."""

FEWEST = 3
"""Fewer numbers than these are proportional to others by chance."""


OWN = "FILE.py:FUNCTION ({})"
"""How an option names what has no name here, and what it seems to be."""

SLOPE = 1e-4
"""By this part the slope of a leaky rectifier may be off, in single precision too."""


@cache
def _activations_of_own() -> tuple[Activation, ...]:
    """What people use in hidden layers that has no name here."""
    functions = {name.partition(",")[0]: f for name, f in UNTOLD.items() if name != "GELU"}
    functions |= {
        "ReLU6": lambda z: np.clip(z, 0, 6),
        "hard tanh": lambda z: np.clip(z, -1, 1),
        "hard sigmoid": lambda z: np.clip(z / 6 + 0.5, 0, 1),
        "hard sigmoid by 0.2 z + 0.5": lambda z: np.clip(0.2 * z + 0.5, 0, 1),
        "hard swish": lambda z: z * np.clip(z / 6 + 0.5, 0, 1),
        "SELU by 1.0507 and 1.67326": lambda z: selu(z, 1.0507, 1.67326),
    }
    with np.errstate(all="ignore"):
        known = [activation_of(f, OWN.format(name)) for name, f in functions.items()]
    return (*known, _gelu())


def _gelu() -> Activation:
    """z times the share of a normal distribution below z; no tangent gets through math.erf."""
    share = np.vectorize(lambda z: math.erfc(-z / math.sqrt(2)) / 2, otypes=[float])

    def slope(z: Array) -> Array:
        return gelu_backward(np.ones_like(z), z, share(z))

    def value(z: Array) -> Array:
        a = z.real * share(z.real)
        return a + 1j * slope(z.real) * z.imag if np.iscomplexobj(z) else a

    return Activation(OWN.format("GELU by erf"), value, slope, cancels=what_cancels)


@cache
def _costs_of_own() -> tuple[Cost, ...]:
    """Costs of regression that have no name here."""

    def huber(a: Array, y: Array) -> Array:
        off = np.abs(a - y)
        return np.where(off < 1, off**2 / 2, off - 0.5).sum(axis=0)

    functions = {
        "absolute": lambda a, y: np.abs(a - y).sum(axis=0),
        "Huber": huber,
        "log-cosh": lambda a, y: np.logaddexp(a - y, y - a).sum(axis=0),
    }
    return tuple(cost_of(f, OWN.format(name)) for name, f in functions.items())


def shown(
    seen: Observation, case: Case, args: argparse.Namespace, activations: Sequence[Activation]
) -> Choice | None:
    """The choice for which the gradients of the last layer are those that came; None for none.

    They need the whole forward pass and BP1, and no other equation of a hidden layer; they may
    be off by a constant, such as 1/m. `activations` are those of hidden layers that are tried.
    """
    network, L = case.network, case.network.L
    came = [seen.numbers.get(letter, {}).get(L) for letter in ("nabla_b", "nabla_w")]
    best: Choice | None = None
    least = 0, ALIKE
    # The last layer is a network by itself, whose inputs are a^{L-1}.
    own = network.weights[-1:], network.biases[-1:]
    lasts = [(*head, Network.from_arrays(*own, *head)) for head in _fitting(args)]
    for hidden, a in _before_the_last(case, activations):
        for output, cost, last in lasts:
            with np.errstate(all="ignore"):
                right = backprop(last, a, case.y)
            off = [
                _apart(its, ours)
                for its, ours in zip(came, (right.nabla_b[2], right.nabla_w[2]), strict=True)
                if its is not None and ours.size >= FEWEST
            ]
            # One of them may be wrong, and where both fit it is no chance: a sign has few values.
            fits = [part for part in off if part < ALIKE]
            if fits and (-len(fits), max(fits)) < least:
                best, least = (hidden, output, cost), (-len(fits), max(fits))
    return best


def hidden_shown(
    seen: Observation, case: Case, activations: Sequence[Activation]
) -> list[Activation]:
    """The hidden activations that one example shows, whatever is wrong with delta^L, best first.

    nabla_w^L is then delta^L times the row a^{L-1}, (BP4).
    """
    L = case.network.L
    came = seen.numbers.get("nabla_w", {}).get(L)
    if came is None or L == 2 or came.shape[1] < FEWEST:
        return []
    off = [(_apart(came, came @ a @ a.T), h) for h, a in _before_the_last(case, activations)]
    return [
        hidden for _, hidden in sorted((one for one in off if one[0] < ALIKE), key=itemgetter(0))
    ]


def leak_shown(seen: Observation, case: Case) -> list[Activation]:
    """The leaky rectifier whose slope one example shows at layer 2; [] if it shows none.

    nabla_b^3 is delta^3 then, and nabla_w^3 delta^3 times the row a^2, (BP4).
    """
    b, w = (seen.numbers.get(letter, {}).get(3) for letter in ("nabla_b", "nabla_w"))
    if b is None or w is None or not b.any():
        return []
    a, z = w.T @ b / (b * b).sum(), case.network.w[2] @ case.x + case.network.b[2]
    below, above = (a / z)[z < 0], (a / z)[z > 0]
    slope = float(np.median(below)) if below.size else np.nan
    if not (np.allclose(above, 1, rtol=SLOPE) and np.allclose(below, slope, rtol=SLOPE)):
        return []
    short = float(f"{slope:.3g}")
    return [leaky(short if np.isclose(short, slope, rtol=SLOPE) else slope)]


def usual() -> list[Activation]:
    """The hidden activations that are tried where none was told."""
    return [*(sigma for sigma in ACTIVATIONS.values() if sigma.local), *_activations_of_own()]


def heads(args: argparse.Namespace, network: Network) -> list[tuple[Activation, Cost]]:
    """The outputs and costs of classifiers, of what was not told; of one output no softmax."""
    usual = [(softmax, COSTS["log_likelihood"]), (sigmoid, COSTS["cross_entropy"])]
    usual = usual[len(network.biases[-1]) == 1 :]
    fitting = list(_fitting(args))
    return [] if args.output and args.cost else [head for head in usual if head in fitting]


def _before_the_last(
    case: Case, activations: Sequence[Activation]
) -> Iterator[tuple[Activation, Array]]:
    """Each hidden activation, and a^{L-1} for it."""
    network = case.network
    for hidden in activations:
        a = case.x
        with np.errstate(all="ignore"):
            for w, b in zip(network.weights[:-1], network.biases[:-1], strict=True):
                a = hidden(w @ a + b)
        yield hidden, a


def _fitting(args: argparse.Namespace) -> Iterator[tuple[Activation, Cost]]:
    """All outputs and costs that fit together, of what was not told."""
    bent = [sigma for sigma in ACTIVATIONS.values() if not sigma.smooth]
    straight = [sigma for sigma in ACTIVATIONS.values() if sigma.smooth]
    outputs = [args.output] if args.output else [*straight, *bent]
    costs = [args.cost] if args.cost else [*COSTS.values(), *_costs_of_own()]
    for output, cost in product(outputs, costs):
        try:
            require_finite(output, cost)
        except ValueError:
            continue
        yield output, cost


def _apart(one: Array, other: Array) -> float:
    """How far the cosine of two arrays is from 1, whatever their sign; infinite for zeros."""
    with np.errstate(all="ignore"):
        cosine = abs(np.vdot(one, other)) / (np.linalg.norm(one) * np.linalg.norm(other))
    return max(float(1 - cosine), ROUNDED) if np.isfinite(cosine) else np.inf


def in_options(choice: Choice, args: argparse.Namespace, assumed: Choice) -> str:
    """What of a choice was not told and is not what was assumed, as options."""
    told = (args.hidden, args.output, args.cost)
    its: list[Activation | Cost] = [*choice]
    new = zip(OPTIONS, its, told, assumed, strict=True)
    return " ".join(
        f"--{name} {of.name}" for name, of, said, one in new if not said and of is not one
    )


def is_a_mistake_too(choice: Choice, assumed: Choice) -> bool:
    """Whether a slope that was forgotten at the output looks the same as this choice."""
    return choice[:2] == assumed[:2] and choice[1] is not softmax
