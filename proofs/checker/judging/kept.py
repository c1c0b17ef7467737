"""What a backward pass keeps from one call to the next: a later one is then wrong."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from proofs.checker.calling.observe import Observation
from proofs.checker.judging.gradients_alone import of, with_ours
from proofs.checker.judging.numbers import Numbers
from proofs.checker.judging.residuals import at_a_kink, bp3, bp4
from proofs.checker.report import Violation
from proofs.network import Network
from proofs.network.activations import leaky_relu, linear, relu
from proofs.network.arrays import Array

NUDGE = 0.1
"""By up to this part of itself a weight or bias differs in a later call."""

SATURATED = 12.0
"""Beyond such a weighted input a sigmoid has a slope below 1e-5."""

OWN = (
    "it gives the same for other weights and biases: it goes by weights of its own, or by what it "
    "kept from the first call"
)

Call = Callable[[Sequence[Array], Sequence[Array], Array, Array], Observation]


def kept(
    call: Call, network: Network, x: Array, y: Array, first: Observation
) -> Violation | str | None:
    """What is wrong with later calls with other weights, after a `first` that was right.

    One has the same examples, as after a step of training; one has fewer, as a last batch.
    A function that gives the same again may go by weights of its own, and one that fails may be
    written for so many examples: those are remarks.
    """
    other, few = _nudged(network), (x.shape[1] + 1) // 2
    for m, which in ((x.shape[1], "the same examples"), (few, f"{few} of the examples")):
        seen = call(other.weights, other.biases, x[:, :m], y[:, :m])
        if _same(seen, first):
            return OWN
        text = f"a later call, with other weights and biases and {which}, "
        if seen.problem:
            return text + seen.problem
        seen = replace(seen, eps=max(seen.eps, first.coarsest))
        off, allowed = _worst(other, x[:, :m], y[:, :m], seen)
        if off > allowed:
            text += (
                "is wrong where the first was right: something is kept from the first, or is wrong "
                "only where the weights are not as special as in the first"
            )
            return Violation("purity", None, off, allowed, (), text)
    return None


def _same(seen: Observation, first: Observation) -> bool:
    def gradients(of_it: Observation) -> dict[tuple[str, int], bytes]:
        kept = ((name, of_it.numbers.get(name, {})) for name in ("nabla_b", "nabla_w"))
        return {(name, l): v.tobytes() for name, layers in kept for l, v in layers.items()}

    return bool(gradients(seen)) and gradients(seen) == gradients(first)


def _nudged(network: Network) -> Network:
    random = np.random.default_rng(0)
    w, b = (
        [v * (1 + NUDGE * random.uniform(-1, 1, v.shape)) for v in values]
        for values in (network.weights, network.biases)
    )
    return Network.from_arrays(w, b, list(network.sigma.values()), network.cost)


def _saturated(n: Numbers) -> bool:
    """Whether some slope is so small that what a pass computed on the way must be known."""
    straight = (relu, leaky_relu, linear)
    return any(
        abs(z).max() > SATURATED for l, z in n.z.items() if n.network.sigma[l] not in straight
    )


@np.errstate(all="ignore")
def _worst(network: Network, x: Array, y: Array, seen: Observation) -> tuple[float, float]:
    """The gradient that is farthest off for its rounding, and how far it may be."""
    own = {name: seen.numbers.get(name, {}) for name in ("nabla_b", "nabla_w")}
    n = with_ours(of(seen, network, x, y, own))
    found = [bp3(n, l) for l in n.nabla_b] + [bp4(n, l) for l in n.nabla_w]
    unknown = not all(np.isfinite(r.expected).all() for r in found)
    if not found or unknown or at_a_kink(n) or _saturated(n):
        return 0.0, 0.0
    worst = max(found, key=lambda r: float(r.excess.max()))
    return worst.residual, worst.tolerance
