"""Every output with every cost: the claim about its error, or why there is none."""

from proofs.claims.notation import L, a, delta, j, y
from proofs.network.activations import Activation, linear, sigmoid, softmax
from proofs.network.costs import Cost, cross_entropy, log_likelihood, quadratic

OUTPUTS = (softmax, sigmoid, linear)

GRID = {
    (linear, quadratic): "68",
    (sigmoid, quadratic): "sig-Q",
    (softmax, quadratic): "S-Q",
    (sigmoid, cross_entropy): "66",
    (softmax, cross_entropy): "S-CE",
    (sigmoid, log_likelihood): "sig-LL",
    (softmax, log_likelihood): "84",
}
"""The tag of the claim about the error of each pair that has one."""


def outside(output: Activation, cost: Cost) -> float | None:
    """An activation that the output can have and the cost has no finite value at, if there is one.

    It is taken from the lower half of what the output can be outside the cost's domain.
    """
    low, _ = output.range
    return None if cost.domain[0] <= low else max(low, cost.domain[0] - 1)


def is_difference(tag: str) -> bool:
    """Whether the claim says that the error is the output minus the target."""
    from proofs.claims import find

    statement = find(tag).statement
    return bool(statement.lhs == delta(L)[j] and statement.rhs == a(L)[j] - y[j])
