"""Guards against 0 and against overflow in a right pass: a or z is clipped, or an epsilon is added.

Where they act, they change what comes by about that epsilon, and what goes back is the slope at the
clipped number. That follows no cost, and is no mistake of an equation: so it is told apart.
The epsilon is solved for: with the right one all numbers hold.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import numpy as np

from proofs.checker.calling.observe import Observation
from proofs.checker.judging.beyond import FEW, Call
from proofs.checker.judging.by_definition import Inputs
from proofs.checker.judging.gradients_alone import activations
from proofs.checker.judging.guarded import Way, ways
from proofs.checker.judging.one_constant import Came, all_that_came, shortened
from proofs.checker.judging.other_cost import LARGEST
from proofs.checker.judging.residuals import spread, underflow
from proofs.network import Network
from proofs.network.arrays import Array

SAYS = (
    "{}: right wherever that guard does not act; where it acts it is judged with it, and is the "
    "derivative of no cost"
)

Guarded = tuple[Network, str]

Told = tuple[int, Network, str]
"""In how many characters its number can be written, the network, and what is said of it."""


def guarded_networks(network: Network, x: Array, y: Array, seen: Observation) -> list[Guarded]:
    """Networks with a guard with which all gradients hold, and what to say; the roundest first."""
    if not (came := _gradients(Inputs(network, x, y), seen)):
        return []
    told = (_told(way, came) for way in ways(network, "a" in seen.numbers))
    found = sorted((one for one in told if one), key=lambda one: one[0])
    return [(other, says) for _, other, says in found]


def beside_a_fault(
    network: Network, x: Array, y: Array, seen: Observation, call: Call
) -> list[Guarded]:
    """The same, where some numbers alone show it: those of the last layer, or activations."""
    given = Inputs(network, x, y)
    if not (whole := _gradients(given, seen)):
        return []
    some = list(enumerate([*_of_the_last_layer(whole, seen), *_activations(given, seen, call)]))
    found = (
        (i, _told(way, came)) for way in ways(network, "a" in seen.numbers) for i, came in some
    )
    # What the most numbers show comes first.
    told = sorted(((i, *one) for i, one in found if one), key=lambda each: each[:2])
    return [(other, says) for _, _, other, says in told]


def _gradients(given: Inputs, seen: Observation) -> Came | None:
    size = sum(w.size for w in given.network.weights) * given.x.shape[1]
    if size > LARGEST:
        return None
    came = all_that_came(given, seen)
    known = came.came.size and np.isfinite([*came.came, *came.right]).all()
    return came if known else None


def _of_the_last_layer(whole: Came, seen: Observation) -> Iterator[Came]:
    """The gradients of layer L, which no fault behind it has touched, together and alone."""
    L = whole.given.network.L
    places = [(k, l) for k in ("nabla_b", "nabla_w") for l in seen.numbers.get(k, {})]
    which = np.repeat(places, [seen.numbers[k][l].size for k, l in places], axis=0)
    last = which[:, 1] == str(L)
    for mask in (last, *(last & (which[:, 0] == k) for k in ("nabla_b", "nabla_w"))):
        if mask.sum() > 1 < whole.given.y.size:  # one number is what some epsilon gives
            yield replace(whole, some=mask, seen=None)


def _activations(given: Inputs, seen: Observation, call: Call) -> Iterator[Came]:
    """The activations that came, or those that the nabla_w of single examples hold."""
    own = seen.numbers.get("a", {})
    if not own:
        singles = {i: _of_one(given, call, i) for i in range(min(FEW, given.x.shape[1]))}
        # Where no error comes back, nabla_w holds nothing.
        some = [i for i, a in singles.items() if a]
        given = replace(given, x=given.x[:, some], y=given.y[:, some])
        shown = set.intersection(*(set(singles[i]) for i in some)) if some else ()
        own = {l: np.hstack([singles[i][l] for i in some]) for l in sorted(shown)}
    if own:
        n = given.of(seen, {})
        size = {
            l: spread(n, n.width(l - 1)) * (abs(own[l]) + n.off["a", l]) + underflow(n.eps)
            for l in own
        }

        def of(other: Inputs) -> Array:
            return _flat({l: other.exactly[1][l] for l in own})

        yield Came(given, _flat(own), _flat(size), of)


def _of_one(given: Inputs, call: Call, i: int) -> dict[int, Array]:
    x, y = given.x[:, [i]], given.y[:, [i]]
    seen = call(x, y)
    return {} if seen.problem else activations(replace(given, x=x, y=y).of(seen, seen.numbers))


def _flat(arrays: dict[int, Array]) -> Array:
    return np.concatenate([a.ravel() for a in arrays.values()])


def _told(way: Way, came: Came) -> Told | None:
    """The network that gives what came, with its number of the fewest digits, if one does."""
    epsilon = came.solved(way.of)
    if epsilon is None:
        return None
    own = []
    for text, number, back in way.said:
        of = partial(_with, way, back)
        t = shortened(number(epsilon), partial(_holds, came, of))
        own.append((len(repr(t)), t, of, SAYS.format(text.format(t))))
    length, t, of, says = min(own, key=lambda one: one[0])
    return (length, of(t), says) if came.tells(t, of) else None


def _holds(came: Came, of: Callable[[float], Network], t: float) -> bool:
    return came.explained(of(t))


def _with(way: Way, back: Callable[[float], float], t: float) -> Network:
    """The network with a guard that is told by this number."""
    return way.of(back(t))
