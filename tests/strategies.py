"""Networks, batches and the ways to compare numbers that the tests share."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from hypothesis import strategies as st

from proofs.measuring.cases import Case, softplus_share
from proofs.network import Network
from proofs.network.activations import ACTIVATIONS, Activation
from proofs.network.arrays import Array
from proofs.network.costs import COSTS, Cost

EPS = float(np.finfo(float).eps)

ROUNDINGS = 100
"""More than the roundings between an input and a cost in any network drawn here."""

ANY = (*ACTIVATIONS.values(), softplus_share)
LOCAL = tuple(f for f in ANY if f.local)
NOT_LOCAL = tuple(f for f in ANY if not f.local)


def fits(output: Activation, cost: Cost) -> bool:
    """Whether the cost is finite on everything that the output can be."""
    return cost.domain[0] <= output.range[0] and output.range[1] <= cost.domain[1]


@st.composite
def networks(
    draw: Any,
    hidden: Sequence[Activation] = ANY,
    output: Sequence[Activation] = ANY,
    costs: Sequence[Cost] = tuple(COSTS.values()),
    layers: int = 2,
) -> Network:
    """Networks of at least so many layers, 1 to 5 neurons wide, each layer with its activation."""
    sizes = draw(st.lists(st.integers(1, 5), min_size=layers, max_size=5))
    inner = [draw(st.sampled_from(hidden)) for _ in sizes[2:]]
    pairs = [(f, cost) for f in output for cost in costs if fits(f, cost)]
    last, cost = draw(st.sampled_from(pairs))
    if not last.local and cost.domain[1] == 1:
        sizes[-1] = max(sizes[-1], 2)  # a lone share is exactly 1, the end of the cost's domain
    return Network(sizes, [*inner, last], cost, draw(st.integers(0, 10**6)))


@st.composite
def cases(
    draw: Any,
    hidden: Sequence[Activation] = ANY,
    output: Sequence[Activation] = ANY,
    costs: Sequence[Cost] = tuple(COSTS.values()),
    layers: int = 2,
    targets: Sequence[str] = ("one-hot", "distribution", "free"),
) -> Case:
    """A network with a batch of 1 to 4 inputs, and targets of one of the kinds."""
    network = draw(networks(hidden, output, costs, layers))
    random = np.random.default_rng(draw(st.integers(0, 10**6)))
    m, n = draw(st.integers(1, 4)), network.sizes[-1]
    match draw(st.sampled_from(targets)):
        case "one-hot":
            y = np.eye(n)[:, random.integers(n, size=m)]
        case "distribution":
            y = random.dirichlet(np.ones(n), m).T
        case _:
            y = random.uniform(0.05, 0.95, (n, m))
    return Case(network, random.standard_normal((network.sizes[0], m)), y)


def assert_close(got: Array, want: Array, roundings: float = ROUNDINGS) -> None:
    """Equal up to so many roundings of numbers of that size, or of 1 if they are smaller."""
    allowed = roundings * EPS * np.maximum(1, abs(np.asarray(want)))
    assert np.shape(got) == np.shape(want)
    assert (abs(got - want) <= allowed).all(), f"{got} is not {want}"


def slope(f: Any, step: float = 2.0**-12) -> tuple[Array, Array]:
    """f'(0) from real values of f alone, and a bound on the error of that number.

    Richardson's R(s) = (4 D(s) - D(2s)) / 3 of central differences D errs by O(s^4), so it is
    nearer to f'(0) than to R(2s); each value of f carries at most ROUNDINGS roundings.
    """

    def central(s: float) -> Array:
        return (f(s) - f(-s)) / (2 * s)

    def richardson(s: float) -> Array:
        return (4 * central(s) - central(2 * s)) / 3

    size = np.maximum(1, np.max([abs(f(step)), abs(f(-4 * step))], axis=0))
    rounding = 2 * ROUNDINGS * EPS * size / step
    return richardson(step), abs(richardson(step) - richardson(2 * step)) + rounding
