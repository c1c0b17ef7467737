"""Gradients that were clipped, rounded or divided by their own size before they came.

Value clipping, np.round and the first step of Adam or RMSProp change numbers one by one; what is
left shows no equation any more, so that none can be blamed, and nothing is judged.
"""

from collections.abc import Iterator

import numpy as np

from proofs.checker.calling.observe import Observation
from proofs.checker.factors import NUMBER, read
from proofs.checker.judging.by_definition import GRADIENTS, Inputs, in_a_column
from proofs.checker.judging.numbers import Numbers
from proofs.checker.judging.one_constant import as_they_came
from proofs.checker.judging.residuals import NEARLY, Residual, bp3, bp4
from proofs.network.arrays import Array

LEAST = 0.01
"""By this part of itself two numbers at least were above a bound: less is rounding."""

FEW = 4
"""By fewer different numbers nothing is said of how they were rounded."""

SIGNS = (
    "the gradients are right but all are {0:.6g} or -{0:.6g}, as their signs are, or where all are "
    "clipped there: return them before that"
)

SHORTENED = "the gradients are right but rounded to {} {}: return them before that"

TOGETHER = (
    "the gradients are right but scaled together to a length of {:g}: return them before that"
)

SOME = 64
"""So many numbers are looked at first."""

MOST_DECIMALS = 10
"""What was rounded to more is hardly read by a person."""


class BoundedError(Exception):
    """The gradients of a later call were bounded; the message says how."""


def bounded(given: Inputs, seen: Observation) -> str:
    """How right gradients were bounded, if they were, and what to return; "" if not."""
    came, right = as_they_came(seen), in_a_column(given.exactly, seen)
    most = abs(came).max(initial=0)
    told = (came != 0) & (right != 0)
    if told.sum() < 2 or not np.isfinite(right).all():
        return ""
    apart = np.ptp(abs(right[told])) > LEAST * abs(right).max()
    if (abs(came[told]) == most).all() and told.sum() > FEW and apart:
        return SIGNS.format(most) if np.array_equal(np.sign(came), np.sign(right)) else ""
    if how := _clipped_together(came, right):
        return how
    # Adam's eps, which is added to the size.
    eps = np.median(most * abs(right[told] / came[told]) - abs(right[told]))
    alone = most * right / (abs(right) + max(eps, 0))
    if np.ptp(abs(right[told])) > abs(right).max() / 2 and np.allclose(came, alone, NEARLY**0.5, 0):
        return (
            "the gradients are right but each number is divided by its own size, as in the first "
            "step of Adam or RMSProp: return them before that, or take plain gradient descent for "
            "the check"
        )
    n = given.gradients(seen)
    return _of_length(n) or _of_one_length(n)


def bounded_with(given: Inputs, seen: Observation, free: Observation) -> str:
    """The same of gradients that hold a penalty, where `free` is what was observed less that."""
    came = as_they_came(seen)
    right = in_a_column(given.exactly, free) + came - as_they_came(free)
    if how := _clipped_together(came, right):
        return how
    length = _typed_length(came, right)
    return TOGETHER.format(length) if length else ""


def _clipped_together(came: Array, right: Array) -> str:
    """That all numbers were clipped at one number, the largest that came; "" if not."""
    most = abs(came).max(initial=0)
    above = abs(right) > (1 + LEAST) * most
    if above.sum() > 1 and np.allclose(came, np.clip(right, -most, most), NEARLY, 0):
        return f"the gradients are right but clipped at {most:.6g}: return them before that"
    return ""


def clipped_at(seen: Observation) -> float:
    """The number at which wrong gradients were clipped, if they came alone and show it; else 0.

    Nothing is read off them then: they are neither delta nor delta times an activation.
    """
    most = abs(as_they_came(seen)).max(initial=0)
    own = (seen.numbers.get(name, {}).items() for name in GRADIENTS)
    # In one layer saturated neurons make numbers equal too.
    layers = {l for of in own for l, v in of if (abs(v) == most).any()}
    shown = len(layers) > 1 and not seen.numbers.keys() & {"z", "a", "delta"}
    return float(most) if 0 < most < np.inf and shown and typed(most) else 0.0


def _of_one_length(n: Numbers) -> str:
    """That all arrays together were scaled to a length that somebody types; "" if not.

    Or all of one kind, where those of the other are right.
    """
    kinds = [[bp3(n, l) for l in n.nabla_b], [bp4(n, l) for l in n.nabla_w]]
    together = [r for kind in kinds for r in kind]
    for some in (together, *kinds):
        most = some and _typed_length(
            came := np.concatenate([np.ravel(r.came) for r in some]),
            right := np.concatenate([np.ravel(r.expected) for r in some]),
        )
        if most and _by_sizes(came, right, n):
            continue
        if most and all(r.holds for r in together if not any(r is one for one in some)):
            return TOGETHER.format(most)
    return ""


def _by_sizes(came: Array, right: Array, n: Numbers) -> bool:
    """Whether the factor between these is made of the sizes, as 1/2 or 1/m: that is no length."""
    c = float(np.linalg.norm(came) / np.linalg.norm(right))
    return any(terms < NUMBER for _, terms in read(c, n, None, n.eps))


def _typed_length(came: Array, right: Array) -> float:
    """The length to which all of these were shortened by one factor, if it is a round number."""
    length, was = np.linalg.norm(came), np.linalg.norm(right)
    if not 0 < length < was * (1 - LEAST) < np.inf:
        return 0.0
    if abs(came / length - right / was).max() > NEARLY:
        return 0.0
    # PyTorch adds 1e-6 to the length that it divides by.
    lengths = map(float, (length, length * (1 + 1e-6 / was)))
    return next((float(f"{most:.4g}") for most in lengths if typed(most)), 0.0)


def clipped(r: Residual) -> Iterator[str]:
    """At what number and to what length one array may have been clipped."""
    most = abs(r.came).max(initial=0)
    below = np.clip(r.expected, -most, most)
    above = abs(r.expected) > (1 + LEAST) * most
    if most > 0 and typed(most) and above.any() and abs(r.came - below).max() <= NEARLY * most:
        yield f"clipped at {most:.4g}"
    if r.came.size > 1 and (length := _typed_length(r.came, r.expected)):
        yield f"scaled to a length of {length:g}"


def typed(number: float) -> bool:
    """Whether it has four digits at most, but for rounding."""
    return bool(np.isclose(number, float(f"{number:.4g}"), NEARLY, 0))


def _of_length(n: Numbers) -> str:
    """That arrays were scaled to one length, and no other of their kind is longer; "" if not.

    A single one may be off by a factor: there the length must be a number that somebody types.
    """
    scaled: list[Array] = []
    longer = False
    for own, equation in ((n.nabla_b, bp3), (n.nabla_w, bp4)):
        right = {l: equation(n, l).expected for l in own}
        length = {l: float(np.linalg.norm(v)) for l, v in own.items()}
        was = {l: float(np.linalg.norm(v)) for l, v in right.items()}
        if not all(length[l] > 0 < was[l] < np.inf for l in own):
            return ""
        if not all(np.allclose(own[l] / length[l], right[l] / was[l], 0, NEARLY) for l in own):
            return ""
        longer = longer or any(length[l] > was[l] * (1 + LEAST) for l in own)
        of_it = [own[l] for l in own if abs(length[l] / was[l] - 1) > LEAST]
        if of_it and max(length.values()) > np.linalg.norm(of_it[0]) * (1 + NEARLY):
            return ""
        scaled += of_it
    if longer and len(scaled) < len(n.nabla_b) + len(n.nabla_w):
        return ""  # to make some longer is no clipping, and to do so to all of one kind a fault
    most = [float(np.linalg.norm(v)) for v in scaled]
    if not most or not np.allclose(most, most[0], NEARLY, 0):
        return ""
    if len(most) == 1 and not (scaled[0].size > 1 and typed(most[0])):
        return ""
    return (
        f"the gradients are right but scaled to a length of {most[0]:.6g}: return them before that"
    )


def shortened(given: Inputs, seen: Observation) -> str:
    """How right gradients were rounded to decimals, if they were, and what to return; "" if not."""
    came, right = as_they_came(seen), in_a_column(given.exactly, seen)
    few = len(np.unique(came[:SOME])) < FEW and len(np.unique(came)) < FEW
    if few or not (np.isfinite(came).all() and np.isfinite(right).all()):
        return ""
    for how, short, most in (("decimals", np.round, 1.0), ("digits", _to_digits, 10 * abs(right))):
        for digits in range(1, MOST_DECIMALS + 1):
            if (came[:SOME] == short(came[:SOME], digits)).all() and (
                np.array_equal(came, short(came, digits)) and (short(right, digits) != right).any()
            ):
                step = 10.0**-digits * most
                if (abs(came - right) <= step / 2 * (1 + NEARLY)).all():
                    return SHORTENED.format(digits, how)
    return ""


def _to_digits(v: Array, digits: int) -> Array:
    """Each number rounded to so many digits."""
    return np.array([float(f"{e:.{digits - 1}e}") for e in v])
