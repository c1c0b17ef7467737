"""Guards against 0 and against overflow in a right pass: a or z is clipped, or an epsilon is added.

Where they act, they change what comes by about that epsilon, and what goes back is the slope at the
clipped number. That follows no cost, and is no mistake of an equation: so it is told apart.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np

from proofs.checker.calling.observe import Observation
from proofs.checker.judging.by_definition import Inputs
from proofs.checker.judging.coarse import CLEARLY
from proofs.checker.judging.left_over import LEAST
from proofs.checker.judging.other_cost import GUARDS, LARGEST, as_they_came, flat
from proofs.checker.judging.residuals import of_gradients
from proofs.network import Network
from proofs.network.activations import Activation, sigmoid, softmax, tanh
from proofs.network.arrays import Array
from proofs.network.costs import Cost, cross_entropy
from proofs.network.fused import cost_of_z, fusible

BOUNDS = (*map(float, range(8, 21)), 25.0, 30.0, 32.0, 35.0, 36.0, 40.0, 45.0, 50.0, 60.0)
"""Where people clip z; a sigmoid clipped further out is one that is not, in doubles."""

BENT = (sigmoid, tanh)
"""Activations whose z people clip."""

Guarded = tuple[Network, str]

IN_Z = "z is clipped at {0:g} and -{0:g} before sigma"
IN_A = "a is clipped at {0:.3g} and 1 - {0:.3g}"
IN_DELTA = "a is clipped at {0:.3g} and 1 - {0:.3g} in delta^L"
ADDED = "{0:.3g} is added to a (1 - a), which delta^L is divided by"
IN_SUM = "{0:.3g} is added to the sum that softmax divides by"
SAYS = (
    "{}: right wherever that guard does not act; where it acts it is judged with it, and is the "
    "derivative of no cost"
)


def guarded_networks(network: Network, x: Array, y: Array, seen: Observation) -> Iterator[Guarded]:
    """Networks with a guard that gradients show, if they show one, and what to say of it."""
    came, plain = as_they_came(seen), Inputs(network, x, y)
    size = sum(w.size for w in network.weights) * x.shape[1]
    if size > LARGEST or not came.size or not np.isfinite(came).all():
        return
    n = plain.gradients(seen)
    allowed = np.concatenate([r.allowed.ravel() for r in of_gradients(n)])

    def off(given: Inputs) -> tuple[float, bool]:
        """How far it is off at most, and whether it came times a constant, as a sum does."""
        right = flat(given, seen, given.bare)
        c = float((came * right).sum() / max((right * right).sum(), np.finfo(float).tiny))
        scaled = abs(c - 1) > LEAST
        return float((abs(came / (c if scaled else 1) - right) / allowed).max()), scaled

    far, _ = off(plain)
    for other, says in _candidates(network, plain):
        given = Inputs(other, x, y)
        near, scaled = off(given)
        if near * CLEARLY < far and (scaled or given.explain(seen)):
            yield other, SAYS.format(says)


def _candidates(network: Network, given: Inputs) -> Iterator[Guarded]:
    """Networks with a guard that acts on these examples, each of the ways that people write it."""
    z, a, _ = given.exactly
    bent = [l for l in network.layers if network.sigma[l] in BENT]
    most = max((abs(z[l]).max() for l in bent), default=0.0)
    for bound in BOUNDS:
        if bound < most:
            yield from _of_bound(network, dict.fromkeys(BENT, bound), IN_Z.format(bound))
    least = min(np.minimum(abs(a[l]), 1 - abs(a[l])).min() for l in {*bent, network.L})
    for epsilon in GUARDS:
        if epsilon > least:
            bounds = {
                sigmoid: float(np.log1p(-epsilon) - np.log(epsilon)),
                tanh: float(np.arctanh(1 - epsilon)),
            }
            yield from _of_bound(network, bounds, IN_A.format(epsilon)) if bent else ()
            yield from _clipped_at_the_output(network, epsilon)
        yield from _added_at_the_output(network, epsilon)


def _of_bound(network: Network, bounds: dict[Activation, float], says: str) -> Iterator[Guarded]:
    """z is clipped, which clips a as well: in the hidden layers, at the output, or in both."""
    L = network.L
    hidden = any(network.sigma[l] in bounds for l in range(2, L))
    output = network.sigma[L] is sigmoid
    for inner, of_a, of_delta in product((True, False), repeat=3):
        if (inner or of_delta) and inner <= hidden and of_a <= of_delta <= output:
            sigma = {
                l: _within(s, bounds[s]) if (inner if l < L else of_a) and s in bounds else s
                for l, s in network.sigma.items()
            }
            cost = network.cost
            if of_delta and (fusible(cost, sigmoid) or not of_a):
                cost = replace(cost, of_z=_of_clipped(cost_of_z(cost, sigmoid), bounds[sigmoid]))
            yield _made(network, list(sigma.values()), cost), says


def _of_clipped(of_z: Callable[[Any, Array], Any], bound: float) -> Callable[[Any, Array], Any]:
    return lambda z, y: of_z(_clipped(z, bound), y)


def _clipped_at_the_output(network: Network, epsilon: float) -> Iterator[Guarded]:
    """a^L is clipped in delta^L alone, or in the output of softmax."""
    cost, sigma, L = network.cost, list(network.sigma.values()), network.L

    def inside(a: Any) -> Any:
        return _clipped(a, 1 - epsilon, epsilon)

    in_delta = Cost(
        f"{cost.name}, clipped",
        value=lambda a, y: cost.value(inside(a), y),
        gradient=lambda a, y: cost.gradient(inside(a), y),
        domain=cost.domain,
    )
    if network.sigma[L].range == (0, 1):
        yield _made(network, sigma, in_delta), IN_DELTA.format(epsilon)
    if network.sigma[L] is softmax:
        yield from _of_softmax(network, lambda z: inside(softmax(z)), IN_A.format(epsilon))


def _of_softmax(network: Network, own: Callable[[Array], Array], says: str) -> Iterator[Guarded]:
    """softmax is guarded, and delta^L is that less y; the a that is returned may be without."""
    cost = network.cost
    if fusible(cost, softmax):
        of_z = cost_of_z(cost, softmax)

        def more(z: Array, y: Array) -> Array:
            return (own(z) - softmax(z)) * cost.targets(y).sum(axis=0) * cost.counts(y)

        guarded = replace(cost, of_z=lambda z, y: of_z(z, y) + _along(z, more(z.real, y)))
        for last in (softmax, replace(softmax, value=own)):
            yield _made(network, [*list(network.sigma.values())[:-1], last], guarded), says


def _added_at_the_output(network: Network, epsilon: float) -> Iterator[Guarded]:
    """(a - y)/(a (1 - a) + epsilon), times a (1 - a); or the sum that softmax divides by."""
    cost = network.cost
    if network.sigma[network.L] is softmax:

        def own(z: Any) -> Any:
            e = np.exp(z - z.real.max(axis=0))
            return e / (e.sum(axis=0) + epsilon)

        yield from _of_softmax(network, own, IN_SUM.format(epsilon))
    if network.sigma[network.L] is sigmoid and cost is cross_entropy:

        def slope(a: Array, y: Array) -> Array:
            return (a - y) / (a * (1 - a) + epsilon)

        added = Cost(
            f"{cost.name}, guarded",
            value=lambda a, y: cost.value(a.real, y) + _along(a, slope(a.real, y)),
            gradient=slope,
            domain=cost.domain,
        )
        yield _made(network, list(network.sigma.values()), added), ADDED.format(epsilon)


def _along(v: Any, slope: Array) -> Any:
    """What a push of v moves by this slope, and nothing besides."""
    return ((v - v.real) * slope).sum(axis=0)


def _clipped(v: Any, high: float, low: float | None = None) -> Any:
    """v between the two, and a push of it as it was."""
    return v - v.real + np.clip(v.real, -high if low is None else low, high)


def _within(sigma: Activation, bound: float) -> Activation:
    """An activation of z clipped at a bound, whose slope beyond is the one that it has there."""
    return replace(
        sigma,
        name=f"{sigma}, z clipped at {bound:g}",
        value=lambda z: sigma(_clipped(z, bound)),
        slope=lambda z: sigma.prime(_clipped(z, bound)),
    )


def _made(network: Network, sigma: list[Activation], cost: Cost) -> Network:
    return Network.from_arrays(network.weights, network.biases, sigma, cost)
