"""Which slope somebody's code takes where there are two: a convention, and worth a remark."""

from typing import Any

import numpy as np

CLOSE = 1e-6
"""How far from a side, in parts of the jump, a slope is still taken for that side's."""


def which_slope(came: Any, left: Any, right: Any, least: Any) -> str:
    """Where the slope jumps by more than `least`: how often, and from which side it was taken.

    `left` and `right` are what either side of a kink or tie gives for `came`; empty if nothing
    jumps, or if something else came.
    """
    came, left, right, least = np.broadcast_arrays(came, left, right, least)
    jumps = abs(right - left) > least
    if not jumps.any():
        return ""
    share = (came - left)[jumps] / (right - left)[jumps]
    if not ((share > -CLOSE) & (share < 1 + CLOSE)).all():
        return ""
    sides = {"left": abs(share) < CLOSE, "right": abs(share - 1) < CLOSE}
    taken = next((f"the slope from the {side}" for side, at in sides.items() if at.all()), "")
    if not taken and (sides["left"] | sides["right"]).all():
        taken = "sometimes the slope from the left, sometimes that from the right"
    if not taken and np.ptp(share) < CLOSE:
        taken = f"the slope {share[0]:.3g} of the way from the left to the right"
    times = {1: "once"}.get(int(jumps.sum()), f"{jumps.sum()} times")
    return f"the slope jumps {times}; what came takes {taken or 'slopes between the two sides'}"
