"""A battery of networks: what a wrong backward pass hides from one of them, another one sees.

On one example a sum is a mean; on symmetric weights a transpose changes nothing.
So each function below builds one case, and its docstring says what the other cases are blind to.
None has a z at a kink; `narrow` alone has one output, `raw` alone biases that are 0.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count, cycle, islice

import numpy as np

from proofs.measuring.cases import Case
from proofs.network import Network
from proofs.network.activations import Activation
from proofs.network.arrays import Array, whole_number
from proofs.network.costs import Cost
from proofs.network.equations import backprop

FLAT = 30.0
"""How far out a saturated neuron sits: there sigma' is about 1e-13, and not 0 in any precision."""

STEEP = 12.0
"""As far as an output may go up where the cost has 1/(1 - a): float32 still knows 1 - a."""

HUGE = 1000.0
"""The exponential of it overflows."""

KINK = 0.01
"""No z comes closer to a kink, so that rounding to float32 cannot carry it across."""


TRIES = 1000
"""So often a case is drawn, to be away from kinks."""

PAST = 1.1
"""So many times as large is what would lie at a kink."""

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

    `layers` is how many layers of weights each network has; `depths` has other numbers of them.
    `targets` are the widest that it gets: "one-hot" (one label each), "soft" (they sum to 1) or
    "multi-hot" (zeros and ones).
    Without it they are as wide as the cost allows: any numbers, where it is finite for all outputs.
    Without `biases` they are all 0, for a backward pass that has none.
    A rectifier in the hidden layers adds the case `inactive`.
    Raises ValueError if the cost is not finite on all outputs, or for a seed below 0.
    """
    require_finite(output, cost)
    whole_number("seed", seed, 0)
    whole_number("layers", layers, 1)
    if targets not in (None, *TARGETS):
        raise ValueError(f"targets: expected one of {', '.join(TARGETS)}, got {targets!r}")
    left_out = {
        soft_targets: targets == "one-hot",
        multi_hot_targets: targets in ("one-hot", "soft"),
        free_targets: targets is not None or cost.domain != (-np.inf, np.inf),
        inactive: hidden.smooth or layers == 1,
    }
    return tuple(
        _drawn(build, hidden, output, cost, [seed, n], layers, biases, targets)
        for n, build in enumerate(BUILDERS)
        if not left_out.get(build)
    )


DEPTHS = {1: "no hidden layer", 2: "one hidden layer", 5: "four hidden layers"}
"""Layers of weights that the battery does not have unless it is told."""


def depths(
    hidden: Activation, output: Activation, cost: Cost, seed: int = 0, *, biases: bool = True
) -> tuple[Case, ...]:
    """The case `rectangular` with no hidden layer, one and four.

    For a backward pass that takes any number of layers: one that reads w[-2] is right with three.
    Raises ValueError as `battery` does.
    """
    require_finite(output, cost)
    whole_number("seed", seed, 0)
    found = {k: _drawn(rectangular, hidden, output, cost, [seed, 0], k, biases) for k in DEPTHS}
    return tuple(Case(c.network, c.x, c.y, DEPTHS[k]) for k, c in found.items())


def _drawn(
    build: "Callable[[Draw], Case]",
    hidden: Activation,
    output: Activation,
    cost: Cost,
    seed: list[int],
    layers: int,
    biases: bool,
    targets: str | None = None,
) -> Case:
    random = np.random.default_rng(seed)
    return next(_clear(build, Draw(hidden, output, cost, random, layers, biases, targets)))


def _without_biases(network: Network) -> Network:
    zero = [np.zeros_like(b) for b in network.biases]
    return network.with_arrays(network.weights, zero)


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
    targets: str | None = None

    def network(self, first: int, *inner: int) -> Network:
        """A network of this many layers of weights, Gaussian as `Network` draws it.

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
    """The case as often as it is drawn with rectifiers that are away from the kink and not dead.

    And one that is not, where kinks are so close together that none comes away from them.
    """
    for left in count(-TRIES):
        case = build(draw)
        if not draw.biases:
            case = Case(_without_biases(case.network), case.x, case.y, case.name)
        if not left or (_away(case.network, case.x).all() and _alive(case)):
            yield case


def _away(network: Network, x: Array) -> Array:
    """Of each example whether no z is near a kink, shape (m,)."""
    z = network.forward(x).z
    far = [
        abs(network.sigma[l].from_kink(z[l])) > KINK
        for l in network.layers
        if not network.sigma[l].smooth
    ]
    return np.logical_and.reduce([np.ones(x.shape[1], bool), *(f.all(axis=0) for f in far)])


def _alive(case: Case) -> bool:
    """Whether rectifiers let an error through to each layer."""
    network = case.network
    if all(sigma.smooth for sigma in network.sigma.values()):
        return True
    return all(d.any() for d in backprop(network, case.x, case.y).delta.values())


def _with_layer(network: Network, l: int, w: Array, b: Array) -> Network:
    """The network with other weights and biases at layer l."""
    weights, biases = {**network.w, l: w}, {**network.b, l: b}
    return network.with_arrays(list(weights.values()), list(biases.values()))


def _stretched(network: Network, l: int, x: Array, most: float) -> Network:
    """The network with w^l and b^l multiplied so that the largest |z^l| is `most`, or past a kink
    that lies there.
    """
    if (
        not network.sigma[l].smooth
        and (abs(abs(np.array(network.sigma[l].kinks)) - most) < KINK).any()
    ):
        most *= PAST
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
    """Rectifiers below their lowest kink: some in most examples, in the last all of layer 2.

    Elsewhere no error dies out on its way back.
    """
    network = draw.network(6, 5, 4, 3)
    x = draw.inputs(network, 7)
    # n_1 > n_2, so that some input gives any z^2 that is asked for.
    x[:, [-1]] = np.linalg.pinv(network.w[2]) @ (min(draw.hidden.kinks) - 1 - network.b[2])
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


def narrow(draw: Draw) -> Case:
    """One input, one neuron in a hidden layer, one output, two examples.

    Elsewhere an axis of length 1 that is squeezed away, or a binary classifier of its own, is not
    met. A softmax of one neuron has no error, so that it gets two.
    """
    inner, last = (1 if activation.local else 2 for activation in (draw.hidden, draw.output))
    network = draw.network(1, 3, inner, last)
    y = np.eye(last)[:, [0, -1]]
    if last == 1 and draw.targets in (None, "multi-hot"):
        y[:] = [0, 1]  # for the others one output is always 1
    return Case(network, draw.inputs(network, 2), y, "narrow")


def wide(draw: Draw) -> Case:
    """More than 32 examples and neurons: what is done in blocks, or for this many alone, shows."""
    network = draw.network(10, 33, 8, 12)
    x = draw.inputs(network, 400)
    away = _away(network, x)
    x = x[:, away if away.sum() > 32 else away | True][:, :40]
    return Case(network, x, draw.one_hot(network, 40), "wide")


def raw(draw: Draw) -> Case:
    """Whole numbers up to 1000 as they were read in, half of them 0, and one example twice.

    A weight and all biases are 0 too. Elsewhere no number is exactly 0 and no gradient is large:
    what is skipped, divided by or clipped shows here.
    """
    network = draw.network(8, 6, 7, 5)
    w = network.w[2].copy()
    w[0, 0] = 0
    network = _without_biases(_with_layer(network, 2, w, network.b[2]))
    x = draw.random.integers(1, 1001, (8, 6)) * draw.random.permuted([[0, 1]] * 24).reshape(8, 6)
    x[:, -1] = x[:, 0]
    return Case(_stretched(network, 2, x, 3), x, draw.one_hot(network, 6), "raw inputs")


def free_targets(draw: Draw) -> Case:
    """Targets of about 100 and -100, as in regression: what is clipped to [0, 1] shows."""
    network = draw.network(3, 6, 4, 2)
    y = 100 * draw.random.standard_normal((2, 5))
    return Case(network, draw.inputs(network, 5), y, "free targets")


BUILDERS = (
    rectangular,
    square,
    one_example,
    saturated,
    huge,
    soft_targets,
    multi_hot_targets,
    inactive,
    narrow,
    wide,
    raw,
    free_targets,
)
"""In the order of their seeds."""
