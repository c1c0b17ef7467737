"""A battery of networks: what a wrong backward pass hides from one of them, another one sees.

On one example a sum is a mean; on symmetric weights a transpose changes nothing.
So each function below builds one case, and its docstring says what the other cases are blind to.
All have at least three outputs, no z at a kink and, unless told, two hidden layers and biases that
are not 0.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle, islice

import numpy as np

from proofs.measuring.cases import Case
from proofs.network import Network
from proofs.network.activations import Activation
from proofs.network.arrays import Array, whole_number
from proofs.network.costs import Cost

FLAT = 30.0
"""How far out a saturated neuron sits: there sigma' is about 1e-13, and not 0 in any precision."""

STEEP = 12.0
"""As far as an output may go up where the cost has 1/(1 - a): float32 still knows 1 - a."""

HUGE = 1000.0
"""The exponential of it overflows."""

KINK = 0.01
"""No z of a rectifier comes closer to 0, so that rounding to float32 cannot carry it across."""


TARGETS = ("one-hot", "soft", "multi-hot")
"""What a backward pass may be written for; each of them includes those before it."""


def battery(
    hidden: Activation,
    output: Activation,
    cost: Cost,
    seed: int = 0,
    *,
    layers: int = 3,
    targets: str | None = None,
    biases: bool = True,
) -> tuple[Case, ...]:
    """Cases for a backward pass written for these activations and this cost.

    `layers` is how many layers of weights each network has, `targets` the widest that it gets:
    "one-hot" (one label each), "soft" (they sum to 1) or "multi-hot", which is also the default.
    Without `biases` they are all 0, for a backward pass that has none.
    A rectifier in the hidden layers adds the case `inactive`.
    Raises ValueError if the cost is not finite on all outputs, or for a seed below 0.
    """
    require_finite(output, cost)
    whole_number("seed", seed, 0)
    whole_number("layers", layers, 1)
    if targets not in (None, *TARGETS):
        raise ValueError(f"targets: expected one of {', '.join(TARGETS)}, got {targets!r}")
    builders = [rectangular, square, one_example, saturated, huge]
    builders += [soft_targets] * (targets != "one-hot")
    builders += [multi_hot_targets] * (targets in (None, "multi-hot"))
    if not hidden.smooth and layers > 1:
        builders.append(inactive)
    return tuple(
        next(
            _clear(
                build,
                Draw(
                    hidden,
                    output,
                    cost,
                    np.random.default_rng([seed, BUILDERS.index(build)]),
                    layers,
                    biases,
                ),
            )
        )
        for build in builders
    )


def _without_biases(case: Case) -> Case:
    n = case.network
    zero = [np.zeros_like(b) for b in n.biases]
    network = Network.from_arrays(n.weights, zero, list(n.sigma.values()), n.cost)
    return Case(network, case.x, case.y, case.name)


def require_finite(output: Activation, cost: Cost) -> None:
    """Raise ValueError unless the cost is finite on everything that the output can be."""
    if not (cost.domain[0] <= output.range[0] and output.range[1] <= cost.domain[1]):
        raise ValueError(
            f"cost and activation: {cost.name} expected outputs in {_interval(cost.domain)}, "
            f"got {output.name}, whose outputs lie in {_interval(output.range)}"
        )


def _interval(ends: tuple[float, float]) -> str:
    return f"({ends[0]:g}, {ends[1]:g})"


@dataclass(frozen=True)
class Draw:
    """What was chosen, and the source of all random numbers of a case."""

    hidden: Activation
    output: Activation
    cost: Cost
    random: np.random.Generator
    layers: int = 3
    biases: bool = True

    def network(self, first: int, *inner: int) -> Network:
        """A network of so many layers of weights, Gaussian as `Network` draws it.

        The widths are `first`, as many of the inner ones as it takes, over again if there are too
        few, and the last.
        """
        *between, last = inner
        sizes = [first, *islice(cycle(between), self.layers - 1), last]
        activations = [self.hidden] * (len(sizes) - 2) + [self.output]
        return Network(sizes, activations, self.cost, int(self.random.integers(2**32)))

    def inputs(self, network: Network, m: int) -> Array:
        """m standard normal inputs, shape (n_1, m)."""
        return self.random.standard_normal((network.sizes[0], m))

    def one_hot(self, network: Network, m: int) -> Array:
        """m targets that are 1 in one place and 0 elsewhere, shape (n_L, m)."""
        n = network.sizes[-1]
        return np.eye(n)[:, self.random.integers(n, size=m)]


def _clear(build: Callable[[Draw], Case], draw: Draw) -> Iterator[Case]:
    """The case as often as it is drawn with rectifiers that are away from the kink and not dead."""
    while True:
        case = build(draw) if draw.biases else _without_biases(build(draw))
        network = case.network
        kinked = [case.value("z", l) for l in network.layers if not network.sigma[l].smooth]
        if all(abs(z).min() > KINK and z.max() > KINK for z in kinked):
            yield case


def _with_layer(network: Network, l: int, w: Array, b: Array) -> Network:
    """The network with other weights and biases at layer l."""
    weights, biases = {**network.w, l: w}, {**network.b, l: b}
    sigma = list(network.sigma.values())
    return Network.from_arrays(list(weights.values()), list(biases.values()), sigma, network.cost)


def _stretched(network: Network, l: int, x: Array, most: float) -> Network:
    """The network with w^l and b^l multiplied so that the largest |z^l| is `most`."""
    factor = most / abs(network.forward(x).z[l]).max()
    return _with_layer(network, l, factor * network.w[l], factor * network.b[l])


def _shifted(network: Network, l: int, shift: dict[int, float]) -> Network:
    """The network with the biases of some neurons of layer l moved."""
    b = network.b[l].copy()
    for j, by in shift.items():
        b[j] += by
    return _with_layer(network, l, network.w[l], b)


def rectangular(draw: Draw) -> Case:
    """All sizes differ, from each other and from m.

    On square layers, or with m = n, a width stands in for another or for m and nothing shows;
    here an index or an axis out of place crashes or changes a number.
    """
    network = draw.network(4, 6, 5, 3)
    return Case(network, draw.inputs(network, 7), draw.one_hot(network, 7), "rectangular")


def square(draw: Draw) -> Case:
    """All sizes and m are equal, the weights are not symmetric.

    Elsewhere a missing transpose, a product for a Hadamard product or a bias along the wrong axis
    crashes and is mended until it runs; here it runs and is wrong.
    """
    network = draw.network(4, 4, 4, 4)
    return Case(network, draw.inputs(network, 4), draw.one_hot(network, 4), "square")


def one_example(draw: Draw) -> Case:
    """A batch of one column: what is squeezed, flattened or divided by m - 1 shows only here."""
    network = draw.network(4, 6, 5, 3)
    return Case(network, draw.inputs(network, 1), draw.one_hot(network, 1), "one example")


def saturated(draw: Draw) -> Case:
    """Hidden neurons and outputs at the flat ends of their activations.

    Elsewhere an activation or a probability that is clipped or guarded by an epsilon looks right.
    """
    network = draw.network(5, 7, 4, 3)
    x = draw.inputs(network, 6)
    L = network.L
    for l in range(2, L):
        network = _stretched(network, l, x, FLAT)
    if draw.output.local:
        top = STEEP if draw.cost.domain[1] == 1 else FLAT
        network = _shifted(_stretched(network, L, x, 3), L, {0: top, 1: -FLAT})
    else:
        # A softmax that is flat in every example would have no error anywhere.
        network = _shifted(_stretched(network, L, x, STEEP / 2), L, {1: -FLAT})
    return Case(network, x, draw.one_hot(network, 6), "saturated")


def huge(draw: Draw) -> Case:
    """Weighted inputs of about 1000 and -1000, where the result is an ordinary number.

    Elsewhere an exponential that is not shifted by the largest z does not overflow.
    """
    network = draw.network(5, 4, 6, 3)
    x = draw.inputs(network, 8)
    for l in network.layers:
        network = _shifted(network, l, _far(network, l))
        if l < network.L:
            # Divided by what the neuron now sends, so that the next z is not huge by accident.
            sent = np.maximum(1, abs(network.forward(x).a[l]).max(axis=1))
            network = _with_layer(network, l + 1, network.w[l + 1] / sent, network.b[l + 1])
    return Case(network, x, draw.one_hot(network, 8), "huge")


def _far(network: Network, l: int) -> dict[int, float]:
    """By how much each neuron of layer l is moved: not to where the cost is infinite."""
    if not network.sigma[l].local:
        # Softmax depends on differences alone: all of its z are moved.
        return dict.fromkeys(range(network.sizes[l - 1]), HUGE)
    low, high = network.cost.domain if l == network.L else (-np.inf, np.inf)
    up = {0: HUGE} if high == np.inf else {}
    return up | ({1: -HUGE} if low == -np.inf else {})


def inactive(draw: Draw) -> Case:
    """Rectifiers below 0: some in most examples, and in the last example the whole of layer 2.

    Elsewhere no error dies out on its way back.
    """
    network = draw.network(6, 5, 4, 3)
    x = draw.inputs(network, 7)
    # n_1 > n_2, so that some input gives any z^2 that is asked for.
    x[:, [-1]] = np.linalg.pinv(network.w[2]) @ (-1 - network.b[2])
    return Case(network, x, draw.one_hot(network, 7), "inactive")


def soft_targets(draw: Draw) -> Case:
    """Targets between 0 and 1 that sum to 1: one that is rounded, or only looked up, shows."""
    network = draw.network(3, 6, 4, 5)
    y = draw.random.dirichlet(np.ones(5), 7).T
    return Case(network, draw.inputs(network, 7), y, "soft targets")


def multi_hot_targets(draw: Draw) -> Case:
    """Targets with two ones: a formula that needs their sum to be 1, such as a - y, shows."""
    network = draw.network(5, 3, 6, 4)
    y = draw.random.permuted(np.tile([[1.0], [1.0], [0.0], [0.0]], 7), axis=0)
    return Case(network, draw.inputs(network, 7), y, "multi-hot targets")


BUILDERS = (
    rectangular,
    square,
    one_example,
    saturated,
    huge,
    soft_targets,
    multi_hot_targets,
    inactive,
)
"""In the order of their seeds."""
