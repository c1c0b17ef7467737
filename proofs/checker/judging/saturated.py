"""Saturated outputs: there an epsilon or a clip in the cost takes the error away, and rounding too.

Written as (1 - y)/(1 - a + epsilon) times a (1 - a), delta^L is 0 where a rounds to 1, and the
error is lost. A guard whose number shows is solved for; what shows none is told by where it acts.
"""

import numpy as np

from proofs.checker.calling.observe import Call, Observation
from proofs.checker.judging.by_definition import Inputs
from proofs.checker.judging.gradients_alone import MOST_EXAMPLES
from proofs.checker.judging.one_constant import as_they_came
from proofs.network.arrays import Array
from proofs.network.costs import Cost, cross_entropy, log_likelihood

FAR = 1e-2
"""An output that is nearer to 0 or 1 is saturated."""

ALIKE = 1e-3
"""Elsewhere an epsilon that does not show moves delta^L by less than this part of it."""

WIDEST = FAR * ALIKE
"""An epsilon is at most so wide, and a clip."""

SAYS = (
    f"delta^L is less than it should be at outputs nearer to 0 or 1 than {FAR:g}, and right at "
    "all others: there an epsilon or a clip in the cost takes the error away, and so does 1 - a "
    "where it rounds to 0; it cannot be told from a fault. Compute delta^L as a - y, or check it "
    "on smaller weights, where no output is so close"
)


NAN = (
    "delta^L is nan at outputs that are 0 or 1 in its precision, and right at all others: there "
    "0 is divided by 0. Compute delta^L as a - y, or check it on smaller weights"
)


def lost_where_saturated(
    given: Inputs, seen: Observation, call: Call, average: bool = False, later: bool = False
) -> str:
    """That delta^L is too small where outputs are saturated, and right elsewhere; "" if not.

    `call` gives single examples, whose nabla_b is delta, where delta did not come; `average` asks
    besides that their average is what came. In a `later` call delta may be nan there, too: the
    examples of the first did not divide 0 by 0.
    """
    network, L = given.network, given.network.L
    if network.cost not in (cross_entropy, log_likelihood):
        return ""
    came = seen.numbers.get("delta", {}).get(L)
    if came is None:
        came = _one_by_one(given, call)
    if came is None or (average and not _is_average(given, seen, call)):
        return ""
    k = came.shape[1]
    _, a, delta = given.exactly
    output, right = a[L][:, :k], delta[L][:, :k]
    inside = _inside_a_logarithm(network.cost, output, given.y[:, :k])
    if not network.sigma[L].local:  # then the error of one output is that of all
        inside = np.broadcast_to(inside.min(axis=0), inside.shape)
    part = came / np.where(right == 0, 1, right)
    # By an epsilon it is inside/(inside + epsilon), and a clip moves a by as much as it is wide.
    less = (part >= -ALIKE) & (part <= 1 + ALIKE) & ((1 - part) * inside <= WIDEST)
    alike = abs(came - right) <= ALIKE * abs(right)
    little = abs(came - right) <= WIDEST  # so a clip near 1 takes away what is left of an error
    nan = np.isnan(came) & (inside < WIDEST) & later
    right_elsewhere = (less & (inside < FAR) | alike | little | nan).all()
    if not right_elsewhere or alike.all():
        return ""
    return NAN if nan.any() else SAYS


def _inside_a_logarithm(cost: Cost, a: Array, y: Array) -> Array:
    """The smaller one of a and 1 - a that a logarithm of the cost is taken of; 1 if neither is."""
    wanted = np.where(y > 0, a, 1.0)
    return np.minimum(wanted, np.where(y < 1, 1 - a, 1.0)) if cost == cross_entropy else wanted


def _is_average(given: Inputs, seen: Observation, call: Call) -> bool:
    """Whether the gradients that came are the average of those of all examples alone."""
    m = given.x.shape[1]
    if m > MOST_EXAMPLES:
        return False
    singles = [as_they_came(call(given.x[:, [i]], given.y[:, [i]])) for i in range(m)]
    came = as_they_came(seen)
    if any(one.shape != came.shape for one in singles):
        return False
    return bool(abs(np.mean(singles, axis=0) - came).max() <= ALIKE * abs(came).max())


def _one_by_one(given: Inputs, call: Call) -> Array | None:
    """delta^L of the first examples, each called alone."""
    L, found = given.network.L, []
    for i in range(min(given.x.shape[1], MOST_EXAMPLES)):
        one = call(given.x[:, [i]], given.y[:, [i]]).numbers.get("nabla_b", {}).get(L)
        if one is None:
            return None
        found.append(one)
    return np.hstack(found)
