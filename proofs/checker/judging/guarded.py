"""Networks with a guard against 0 or overflow, in each of the ways that people write one."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import product
from typing import Any, NamedTuple

import numpy as np

from proofs.checker.judging.one_constant import HIGHEST, rounded
from proofs.network import Network
from proofs.network.activations import Activation, sigmoid, softmax, softplus, tanh
from proofs.network.arrays import Array
from proofs.network.costs import (
    Cost,
    cross_entropy,
    guarded,
    guarded_in_one,
    log_likelihood,
)
from proofs.network.fused import cost_of_z, fusible

ACTS = (
    ": right wherever that guard does not act; where it acts it is judged with it, and is the "
    "derivative of no cost"
)
IN_LOG = (
    "{0:.3g} is added inside the logarithms: right for a cost with that (guarded, --guard), and "
    "wrong for one without"
)
IN_ONE_LOG = (
    "{{0:.3g}} is added inside the logarithm of {} alone: right for a cost with that, and wrong "
    "for one without"
)
IN_Z = "z is clipped at {0:g} and -{0:g} before sigma" + ACTS
IN_A = "a is clipped at {0:.3g} and 1 - {0:.3g}" + ACTS
IN_SOFTPLUS = (
    "where z is above {0:g} or below -{0:g}, softplus or its slope is replaced by what it nearly is"
    + ACTS
)
IN_DELTA = "a is clipped at {0:.3g} and 1 - {0:.3g} in delta^L" + ACTS
ADDED = "{0:.3g} is added to a (1 - a), which delta^L is divided by" + ACTS
IN_SUM = "{0:.3g} is added to the sum that softmax divides by" + ACTS

Sigma = Callable[[float], Activation]
"""An activation that is guarded by an epsilon."""

SOFTPLUS = (
    (False, False, "clipped"),
    (True, False, "one"),
    (True, False, "own"),
    (True, False, "clipped"),
    (True, True, "clipped"),
    (True, True, "own"),
)
"""Whether a is z above a bound, and what it is at the bound below it; which slope is taken."""


class Clip(NamedTuple):
    """An activation of clipped z, and at which z an epsilon clips it."""

    sigma: Sigma
    bound: Callable[[float], float]


class Said(NamedTuple):
    """How a guard is told: in which words, by which number made of its epsilon, and back."""

    text: str
    number: Callable[[float], float] = float
    back: Callable[[float], float] = float


def _z_of(t: float) -> float:
    """Where a sigmoid is so far from 0 or 1."""
    return float(np.log1p(-t) - np.log(t))


def _a_of(z: float) -> float:
    return float(1 / (1 + np.exp(z)))


def _z_of_tanh(t: float) -> float:
    return float(np.log(2 - t) - np.log(t)) / 2


def _a_of_tanh(z: float) -> float:
    return float(2 / (1 + np.exp(2 * z)))


@dataclass(frozen=True)
class Way:
    """A way to guard: any network with an epsilon, and in which words people may tell it."""

    kind: tuple[object, ...]
    of: Callable[[Network, float], Network] = field(compare=False)
    said: Sequence[Said] = field(compare=False)
    bounds: Callable[[Network], Mapping[int, float]] | None = field(default=None, compare=False)
    """Between which z of which layers the largest guard does nothing, if it clips z."""

    def acts(self, network: Network, z: Mapping[int, Array]) -> bool:
        """Whether some guard of this kind moves anything where these are the weighted inputs."""
        return self.bounds is None or any(
            abs(z[l]).max() > bound for l, bound in self.bounds(network).items()
        )

    def on(self, network: Network) -> "Guarded":
        """This network with any epsilon."""
        return Guarded(self, network)

    def near(self, t: float) -> Iterator[float]:
        """The epsilons near t that are told by few digits."""
        yield from (one.back(n) for one in self.said for n in rounded(one.number(t)))


@dataclass(frozen=True)
class Guarded:
    """A network that is guarded in some way by the epsilon that it is called with."""

    way: Way
    network: Network

    def __call__(self, epsilon: float) -> Network:
        return self.way.of(self.network, epsilon)


def ways(network: Network, tells_a: bool) -> Iterator[Way]:
    """The ways that people write it; `tells_a` is whether the outputs have come as well."""
    if network.cost in (cross_entropy, log_likelihood):
        yield Way((IN_LOG,), _in_logarithms, [Said(IN_LOG)])
    if network.cost is cross_entropy:
        for of_a, text in ((True, IN_ONE_LOG.format("a")), (False, IN_ONE_LOG.format("1 - a"))):
            yield Way((text,), partial(_in_one_logarithm, of_a), [Said(text)])
    kinds = {network.sigma[l] for l in network.layers} & {sigmoid, tanh}
    of_z = Said(IN_Z, _z_of_tanh, _a_of_tanh) if kinds == {tanh} else Said(IN_Z, _z_of, _a_of)
    by_a, by_z, both = [Said(IN_A)], [of_z], [Said(IN_A), of_z]
    for flat in (False, True):
        own: dict[Activation, Clip] = {
            sigmoid: Clip(partial(_clipped_sigma, sigmoid, _z_of, flat), _z_of),
            tanh: Clip(partial(_clipped_sigma, tanh, _z_of_tanh, flat), _z_of_tanh),
        }
        by_either = both if len(kinds) < 2 else by_a
        yield from _of_activations(network, own, by_either, tells_a, (flat,))
        if len(kinds) == 2:
            of_both = own | {tanh: Clip(partial(_clipped_sigma, tanh, _z_of, flat), _z_of)}
            yield from _of_activations(network, of_both, by_z, tells_a, (flat,))
    for how in SOFTPLUS:
        at_z = {softplus: Clip(partial(_softplus_within, *how), _z_of)}
        yield from _of_activations(network, at_z, [Said(IN_SOFTPLUS, _z_of, _a_of)], tells_a, how)
    yield from _at_the_output(network, tells_a)


def _of_activations(
    network: Network,
    own: Mapping[Activation, Clip],
    said: Sequence[Said],
    tells_a: bool,
    how: tuple[object, ...],
) -> Iterator[Way]:
    """z is clipped, which clips a as well: in the hidden layers or one of them, at the output, or
    in both."""
    L = network.L
    hidden = [l for l in range(2, L) if network.sigma[l] in own]
    output = network.sigma[L] is sigmoid and sigmoid in own
    inners: list[bool | int] = [*[True][: len(hidden)], False, *(hidden if len(hidden) > 1 else [])]
    for inner, of_a, of_delta in product(inners, (True, False), (True, False)):
        acts = (inner or of_delta) and of_a <= of_delta <= output
        # Where only gradients came, nothing depends on the outputs.
        if acts and (of_a or tells_a or not of_delta):
            where = inner, of_a, of_delta
            alone = "" if isinstance(inner, bool) else f" in layer {inner} of the hidden ones alone"
            words = [one._replace(text=one.text.replace(ACTS, alone + ACTS)) for one in said]
            kind = *(one.text for one in words), *how, *where
            yield Way(kind, partial(_guarded, own, where), words, partial(_bounds, own, where))


Where = tuple[bool | int, bool, bool]
"""Whether all hidden layers are guarded, or which; whether the output is; whether delta^L is."""


def _bounds(own: Mapping[Activation, Clip], where: Where, network: Network) -> dict[int, float]:
    inner, _, of_delta = where
    hidden = [l for l in range(2, network.L) if inner in (True, l) and network.sigma[l] in own]
    bounds = {l: own[network.sigma[l]].bound(HIGHEST) for l in hidden}
    return bounds | ({network.L: _z_of(HIGHEST)} if of_delta else {})


def _guarded(own: Mapping[Activation, Clip], where: Where, network: Network, t: float) -> Network:
    """The network with a guard."""
    inner, of_a, of_delta = where
    L, cost = network.L, network.cost
    sigma = {
        l: own[s].sigma(t) if (inner in (True, l) if l < L else of_a) and s in own else s
        for l, s in network.sigma.items()
    }
    if of_delta and (fusible(cost, sigmoid) or not of_a):
        cost = replace(cost, of_z=_of_clipped(cost_of_z(cost, sigmoid), _z_of(t)))
    return network.with_functions(list(sigma.values()), cost)


def _of_clipped(of_z: Callable[[Any, Array], Any], bound: float) -> Callable[[Any, Array], Any]:
    return lambda z, y: of_z(_clipped(z, bound), y)


def _at_the_output(network: Network, tells_a: bool) -> Iterator[Way]:
    """a^L is clipped in delta^L alone, or the output of softmax is guarded, or a denominator."""
    cost, last = network.cost, network.sigma[network.L]
    if last.range == (0, 1):
        yield Way((IN_DELTA,), _in_delta, [Said(IN_DELTA)])
    if last is softmax and fusible(cost, softmax):
        for says, own in ((IN_A, _clipped_softmax), (IN_SUM, _softmax_of_more)):
            for returned in (False, True)[: 1 + tells_a]:
                kind = (says, "softmax", returned)
                yield Way(kind, partial(_of_softmax, own, returned), [Said(says)])
    if last is sigmoid and cost is cross_entropy:
        yield Way((ADDED,), _added, [Said(ADDED)])


def _in_logarithms(network: Network, t: float) -> Network:
    return network.with_functions(cost=guarded(network.cost, t))


def _in_one_logarithm(of_a: bool, network: Network, t: float) -> Network:
    return network.with_functions(cost=guarded_in_one(t, of_a))


def _in_delta(network: Network, t: float) -> Network:
    cost = network.cost

    def inside(a: Any) -> Any:
        return _clipped(a, 1 - t, t)

    clipped = Cost(
        f"{cost.name}, clipped",
        value=lambda a, y: cost.value(inside(a), y),
        gradient=lambda a, y: cost.gradient(inside(a), y),
        domain=cost.domain,
    )
    return network.with_functions(cost=clipped)


def _clipped_softmax(t: float, z: Any) -> Any:
    return _clipped(softmax(z), 1 - t, t)


def _softmax_of_more(t: float, z: Any) -> Any:
    e = np.exp(z - z.real.max(axis=0))
    return e / (e.sum(axis=0) + t)


def _of_softmax(
    own: Callable[[float, Any], Any], returned: bool, network: Network, t: float
) -> Network:
    """softmax is guarded, and delta^L is that less y; the a that is returned may be without."""
    cost = network.cost
    of_z = cost_of_z(cost, softmax)

    def more(z: Array, y: Array) -> Array:
        return (own(t, z) - softmax(z)) * cost.targets(y).sum(axis=0) * cost.counts(y)

    with_more = replace(cost, of_z=lambda z, y: of_z(z, y) + _along(z, more(z.real, y)))
    last = replace(softmax, value=partial(own, t)) if returned else softmax
    return network.with_functions([*list(network.sigma.values())[:-1], last], with_more)


def faults(network: Network) -> list[Network]:
    """The network with a or y counted once more in delta^L: c a - y and a - c y are faults."""
    cost, last = network.cost, network.sigma[network.L]
    of_z = cost_of_z(cost, last)

    def more(v: Callable[[Array, Array], Array]) -> Cost:
        return replace(cost, of_z=lambda z, y: of_z(z, y) + _along(z, v(z.real, y)))

    return [network.with_functions(cost=more(v)) for v in (lambda z, y: last(z), lambda z, y: y)]


def _added(network: Network, t: float) -> Network:
    """(a - y)/(a (1 - a) + epsilon), times a (1 - a)."""
    cost = network.cost

    def slope(a: Array, y: Array) -> Array:
        return (a - y) / (a * (1 - a) + t)

    added = Cost(
        f"{cost.name}, guarded",
        value=lambda a, y: cost.value(a.real, y) + _along(a, slope(a.real, y)),
        gradient=slope,
        domain=cost.domain,
    )
    return network.with_functions(cost=added)


def _along(v: Any, slope: Array) -> Any:
    """What a push of v moves by this slope, and nothing besides."""
    return ((v - v.real) * slope).sum(axis=0)


def _clipped(v: Any, high: float, low: float | None = None) -> Any:
    """v between the two, and a push of it as it was."""
    return v - v.real + np.clip(v.real, -high if low is None else low, high)


def _clipped_sigma(
    sigma: Activation, bound: Callable[[float], float], flat: bool, t: float
) -> Activation:
    return _within(sigma, bound(t), flat)


def _within(sigma: Activation, bound: float, flat: bool = False) -> Activation:
    """An activation of z clipped at a bound, whose slope beyond is the one there, or 0."""

    def kept(z: Array) -> Array:
        return (abs(z) <= bound) if flat else np.ones(z.shape)

    return _sloped(
        sigma,
        lambda z: sigma(np.clip(z, -bound, bound)),
        lambda z: sigma.prime(np.clip(z, -bound, bound)) * kept(z),
        f"z clipped at {bound:g}",
    )


def _sloped(
    sigma: Activation, value: Callable[[Array], Array], slope: Callable[[Array], Array], how: str
) -> Activation:
    """An activation with a slope that need not be its derivative."""

    def of(z: Array) -> Array:
        a = value(z.real)
        return a + (z - z.real) * slope(z.real) if np.iscomplexobj(z) else a

    return replace(sigma, name=f"{sigma}, {how}", value=of, slope=slope)


def _softplus_within(straight: bool, below: bool, slope: str, t: float) -> Activation:
    """Softplus with e^z taken of z within a bound, beyond which a is z, and the slope 1 perhaps."""
    bound = _z_of(t)

    def value(z: Array) -> Array:
        a = softplus(np.maximum(z, -bound) if below else z)
        return np.where(z > bound, z, a) if straight else a

    def its_slope(z: Array) -> Array:
        if slope == "clipped":
            return sigmoid(np.clip(z, -bound, bound))
        return np.where((z > bound) & (slope == "one"), 1.0, sigmoid(z))

    return _sloped(softplus, value, its_slope, f"within {bound:g}")
