"""Questions on the chain rule: where sums come from, and which of their terms are zero."""

from math import prod

import numpy as np

from proofs.claims.derivations.chain import Curve
from proofs.claims.derivations.paths import sum_over_paths
from proofs.lessons.answers.answer import Answer
from proofs.measuring.cases import Case, founding_case, running_case, small_case
from proofs.measuring.one_number import h
from proofs.network import Network
from proofs.network.equations import backprop


def why_sum_over_k() -> Answer:
    """Softmax at z = (1, 2, 3), target (1, 0, 0), quadratic cost: (37), (38) and a push."""
    case = founding_case()
    terms = (case.nabla_a * case.jacobian(2)[:, :, 0]).T  # row j, column k
    return {
        "only the term $k$ that is $j$, (38)": terms.diagonal(),
        "sum over all $k$, (37)": terms.sum(axis=1),
        "push each $z_j$ and measure": case.delta(2)[:, 0],
    }


def is_the_sum_from_the_cost() -> Answer:
    """f = x x + x y with x = 2 t and y = t t, at t = 1: no sum over k, but two routes."""
    curve = Curve(np.array([1.0]))
    through = {
        name: curve.partial((name, 0), ("t", 0)) * curve.partial(("f", 0), (name, 0))
        for name in "xy"
    }
    return {
        "through $x$": through["x"],
        "through $y$": through["y"],
        "both added": through["x"] + through["y"],
        "push $t$ and measure": curve.partial(("f", 0), ("t", 0)),
    }


def why_does_the_sum_stay_in_bp2() -> Answer:
    """The running network: how many of the derivatives inside and between layers are not zero."""
    case = running_case()
    inside = case.partial(("a", 4), ("z", 4))[:, :, 0]
    between = case.partial(("z", 4), ("z", 3))[:, :, 0]
    return {
        "from $z^L$ to $a^L$": f"{np.count_nonzero(inside)} of {inside.size} are not zero",
        "from $z^3$ to $z^4$": f"{np.count_nonzero(between)} of {between.size} are not zero",
    }


def why_add_at_a_fork() -> Answer:
    """Neuron 1 of layer 2 of the small network feeds two outputs: what comes back from each."""
    case = small_case()
    slope, w, delta = case.sigma_prime(2)[0, 0], case.network.w[3], case.delta(3)[:, 0]
    back = w[:, 0] * delta * slope
    return {
        "back through each of the two": back,
        "added": back.sum(),
        "push $z$ and measure": case.delta(2)[0, 0],
    }


def why_sum_over_paths() -> Answer:
    """A 2-3-4-2 network: one weight of layer 2, its paths to the cost, and BP4."""
    case = Case(Network([2, 3, 4, 2]), [[1.0], [-0.5]], [[1.0], [0.0]])
    added = sum_over_paths(case, 2)[0, 0, 0]
    return {
        "paths from that weight to the cost": prod(case.network.sizes[2:]),
        "their rates, multiplied along each and added": added,
        "backpropagated, (BP4)": backprop(case.network, case.x, case.y).nabla_w[2][0, 0],
    }


def why_is_y_no_variable() -> Answer:
    """The running network: the cost when a target is pushed, and when a weight is."""
    case = running_case()
    a, y = case.value("a", 4)[:, 0], case.y[:, 0]
    by_y = case.network.cost.value(a, y + 1j * h * np.array([1, 0])).imag / h
    by_w = case.partial(("a", 4), ("w", 4))[:, 0, 0, 0]
    return {
        "cost, when the target $y_1$ is pushed": by_y,
        "cost, when a weight is pushed": case.partial(("C", 4), ("w", 4))[0, 0, 0],
        "of that, through the outputs": (case.nabla_a[:, 0] * by_w).sum(),
    }


ANSWERS = (
    why_sum_over_k,
    is_the_sum_from_the_cost,
    why_does_the_sum_stay_in_bp2,
    why_add_at_a_fork,
    why_sum_over_paths,
    why_is_y_no_variable,
)
