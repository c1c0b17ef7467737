"""Gradients that were clipped, or divided by their own size, before they came: nothing is judged.

Value clipping and the first step of Adam or RMSProp change numbers one by one; what is left shows
no equation any more, so that none can be blamed.
"""

import numpy as np

from proofs.checker.calling.observe import Observation
from proofs.checker.judging.by_definition import Inputs
from proofs.checker.judging.other_cost import as_they_came, flat
from proofs.checker.judging.residuals import NEARLY

LEAST = 0.01
"""By this part of itself two numbers at least were above a bound: less is rounding."""


def bounded(given: Inputs, seen: Observation) -> str:
    """How right gradients were bounded, if they were, and what to return; "" if not."""
    came, right = as_they_came(seen), flat(given, seen)
    most = abs(came).max(initial=0)
    told = (came != 0) & (right != 0)
    if told.sum() < 2 or not np.isfinite(right).all():
        return ""
    above = abs(right) > (1 + LEAST) * most
    if above.sum() > 1 and np.allclose(came, np.clip(right, -most, most), NEARLY, 0):
        return f"the gradients are right but clipped at {most:.6g}: return them before that"
    # Adam's eps, which is added to the size.
    eps = np.median(most * abs(right[told] / came[told]) - abs(right[told]))
    alone = most * right / (abs(right) + max(eps, 0))
    if np.ptp(abs(right[told])) > abs(right).max() / 2 and np.allclose(came, alone, NEARLY**0.5, 0):
        return (
            "each number is the gradient divided by its own size, as in the first step of Adam or "
            "RMSProp: return the gradients, or take plain gradient descent for the check"
        )
    return ""
