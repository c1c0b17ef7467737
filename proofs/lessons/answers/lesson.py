"""What the lesson shows behind its folds."""

from sympy import IndexedBase, Sum, Symbol, symbols

from proofs.claims.algebra import unspecified
from proofs.lessons.answers.answer import Answer


def what_computer_algebra_finds() -> Answer:
    """The derivative of a sum of unknown functions with respect to one of their arguments."""
    n = Symbol("n", integer=True, positive=True)
    j, k = symbols("j k", integer=True)
    z, c, sigma = IndexedBase("z"), unspecified("c"), unspecified("sigma")
    cost = Sum(c(sigma(z[k])), (k, 1, n))
    return {
        "the cost, a sum over all outputs": str(cost),
        "its derivative with respect to $z_j$": str(cost.diff(z[j])),
    }


ANSWERS = (what_computer_algebra_finds,)
