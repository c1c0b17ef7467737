"""Which activations and which cost a backward pass was written for, where no option says so."""

import argparse
from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np

from proofs.checker.battery import require_finite
from proofs.checker.calling.observe import Observation
from proofs.measuring.cases import Case
from proofs.network import Network
from proofs.network.activations import ACTIVATIONS, Activation, softmax
from proofs.network.arrays import Array
from proofs.network.costs import COSTS, Cost
from proofs.network.equations import backprop

Choice = tuple[Activation, Activation, Cost]
"""The activation of the hidden layers, that of the output, and the cost."""

OPTIONS = ("hidden", "output", "cost")

ALIKE = 1e-6
"""So far the cosine of two gradients may be from 1: of numbers in half precision it is less."""

FEWEST = 3
"""Fewer numbers than these are proportional to others by chance."""


def shown(seen: Observation, case: Case, args: argparse.Namespace) -> Choice | None:
    """The choice for which the gradients of the last layer are those that came; None for none.

    They need the whole forward pass and BP1, and no other equation of a hidden layer; they may
    be off by a constant, such as 1/m.
    """
    network, L = case.network, case.network.L
    came = [seen.numbers.get(letter, {}).get(L) for letter in ("nabla_b", "nabla_w")]
    best: Choice | None = None
    least = ALIKE
    for hidden, a in _before_the_last(case, args.hidden):
        for output, cost in _fitting(args):
            # The last layer is a network by itself, whose inputs are a^{L-1}.
            last = Network.from_arrays(network.weights[-1:], network.biases[-1:], output, cost)
            right = backprop(last, a, case.y)
            for its, ours in zip(came, (right.nabla_b[2], right.nabla_w[2]), strict=True):
                if its is not None and ours.size >= FEWEST and (off := _apart(its, ours)) < least:
                    best, least = (hidden, output, cost), off
    return best


def hidden_shown(seen: Observation, case: Case) -> Activation | None:
    """The hidden activation that one example shows, whatever is wrong with delta^L; None for none.

    nabla_w^L is then delta^L times the row a^{L-1}, (BP4).
    """
    L = case.network.L
    came = seen.numbers.get("nabla_w", {}).get(L)
    if came is None or L == 2:
        return None
    best, least = None, ALIKE
    for hidden, a in _before_the_last(case):
        if (off := _apart(came, came @ a @ a.T)) < least:
            best, least = hidden, off
    return best


def _before_the_last(
    case: Case, told: Sequence[Activation] | None = None
) -> Iterator[tuple[Activation, Array]]:
    """Each hidden activation that was not ruled out, and a^{L-1} for it."""
    network = case.network
    for hidden in told or [sigma for sigma in ACTIVATIONS.values() if sigma.local]:
        a = case.x
        for w, b in zip(network.weights[:-1], network.biases[:-1], strict=True):
            a = hidden(w @ a + b)
        yield hidden, a


def _fitting(args: argparse.Namespace) -> Iterator[tuple[Activation, Cost]]:
    """All outputs and costs that fit together, of what was not told."""
    outputs = [args.output] if args.output else ACTIVATIONS.values()
    for output, cost in product(outputs, [args.cost] if args.cost else COSTS.values()):
        try:
            require_finite(output, cost)
        except ValueError:
            continue
        yield output, cost


def _apart(one: Array, other: Array) -> float:
    """How far the cosine of two arrays is from 1, whatever their sign; infinite for zeros."""
    with np.errstate(all="ignore"):
        cosine = abs(np.vdot(one, other)) / (np.linalg.norm(one) * np.linalg.norm(other))
    return float(1 - cosine) if np.isfinite(cosine) else np.inf


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
