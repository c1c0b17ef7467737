"""What a backward pass keeps from one call to the next: a later one is then wrong."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from proofs.checker.calling.observe import Observation
from proofs.checker.judging.gradients_alone import of, with_ours
from proofs.checker.judging.residuals import at_a_kink, bp3, bp4
from proofs.checker.report import Violation
from proofs.network import Network
from proofs.network.arrays import Array

NUDGE = 0.1
"""By up to this part of itself a weight or bias differs in a later call."""

Call = Callable[[Sequence[Array], Sequence[Array], Array, Array], Observation]


def kept(call: Call, network: Network, x: Array, y: Array, eps: float) -> Iterator[Violation]:
    """Later calls with other weights and biases that are wrong, where the first ones were right.

    One has the same examples, as after a step of training; one has fewer, as a last batch.
    `eps` is the rounding unit of what came from the first ones.
    """
    other, few = _nudged(network), (x.shape[1] + 1) // 2
    for m, which in ((x.shape[1], "the same examples"), (few, f"{few} of the examples")):
        seen = call(other.weights, other.biases, x[:, :m], y[:, :m])
        text = f"a later call, with other weights and biases and {which}, "
        if seen.problem:
            yield Violation("purity", None, np.inf, 0.0, (), text + seen.problem)
            return
        off, allowed = _worst(other, x[:, :m], y[:, :m], replace(seen, eps=max(seen.eps, eps)))
        if off > allowed:
            why = "is wrong where the first was right: something is kept from the first"
            yield Violation("purity", None, off, allowed, (), text + why)
            return


def _nudged(network: Network) -> Network:
    random = np.random.default_rng(0)
    w, b = (
        [v * (1 + NUDGE * random.uniform(-1, 1, v.shape)) for v in values]
        for values in (network.weights, network.biases)
    )
    return Network.from_arrays(w, b, list(network.sigma.values()), network.cost)


@np.errstate(all="ignore")
def _worst(network: Network, x: Array, y: Array, seen: Observation) -> tuple[float, float]:
    """The gradient that is farthest off for its rounding, and how far it may be."""
    own = {name: seen.numbers.get(name, {}) for name in ("nabla_b", "nabla_w")}
    n = with_ours(of(seen, network, x, y, own))
    found = [bp3(n, l) for l in n.nabla_b] + [bp4(n, l) for l in n.nabla_w]
    unknown = not all(np.isfinite(r.expected).all() for r in found)
    if not found or unknown or at_a_kink(n):
        return 0.0, 0.0
    worst = max(found, key=lambda r: float(r.excess.max()))
    return worst.residual, worst.tolerance
