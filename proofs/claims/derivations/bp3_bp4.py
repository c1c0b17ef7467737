"""BP3 and BP4, the gradients: the chain rule again, and again all terms but one vanish."""

from typing import Any

import numpy as np
from sympy import KroneckerDelta, Sum

from proofs.claims.claim import Claim, Formula, Refutation
from proofs.claims.hypotheses import elementwise, square
from proofs.claims.notation import (
    CBAR,
    Average,
    C,
    Eq,
    Partial,
    a,
    b,
    column,
    delta,
    i,
    j,
    k,
    l,
    matrix,
    over,
    sigma_prime,
    w,
    z,
)
from proofs.network.arrays import Array
from proofs.network.equations import bp3, bp4


def _by_example(formula: Formula) -> Formula:
    """A formula for batches, on batches of one example: its average is then over one."""

    def of_each(case: Any, l: int) -> Array:
        return np.stack([formula(alone, l) for alone in case.examples()], axis=-1)

    return of_each


def _bp3(case: Any, l: int) -> Array:
    return bp3(case.delta(l))[:, 0]


def _bp4(case: Any, l: int) -> Array:
    return bp4(case.value("a", l - 1), case.delta(l))


_BP3 = Eq(Partial(C, b(l)[j]), delta(l)[j])
_BP4 = Eq(Partial(C, w(l)[j, k]), a(l - 1)[k] * delta(l)[j])

CLAIMS = (
    Claim(
        "zb",
        "What a bias moves",
        Eq(Partial(z(l)[i], b(l)[j]), KroneckerDelta(i, j)),
        "Differentiate (z): bias $j$ enters $z_j$, once, and no other weighted input.",
        by=("z", "differentiate"),
    ),
    Claim(
        "BP3-1",
        "The chain rule through every weighted input",
        Eq(Partial(C, b(l)[j]), Sum(Partial(C, z(l)[i]) * Partial(z(l)[i], b(l)[j]), over(i, l))),
        "The chain rule (chain), with one route through each weighted input $z_i$ of the layer.",
        by=("chain:z^l",),
    ),
    Claim(
        "BP3-2",
        "The errors of the layer",
        Eq(Partial(C, b(l)[j]), Sum(delta(l)[i] * Partial(z(l)[i], b(l)[j]), over(i, l))),
        "The definition (29), read backwards.",
        after="BP3-1",
        by=("-29",),
    ),
    Claim(
        "BP3",
        "The gradient of a bias",
        _BP3,
        "By (zb) the derivative is one where $i$ is $j$ and zero for every other $i$.",
        formula=_by_example(_bp3),
        after="BP3-2",
        by=("zb",),
        refutations=(
            Refutation(
                "an extra sigma'",
                "Every step backward multiplies by the derivative of the activation.",
                Eq(Partial(C, b(l)[j]), delta(l)[j] * sigma_prime(z(l)[j], l)),
                (elementwise(l),),
                "bp3-bp4",
            ),
        ),
    ),
    Claim(
        "31",
        "BP3 as columns",
        Eq(column("nabla_b", l), column("delta", l)),
        "Row $j$ of this equation is (BP3).",
        after="BP3",
    ),
    Claim(
        "zw",
        "What a weight moves",
        Eq(Partial(z(l)[i], w(l)[j, k]), KroneckerDelta(i, j) * a(l - 1)[k]),
        "Differentiate (z): weight $jk$ enters $z_j$, multiplied by $a_k$, and no other.",
        by=("z", "differentiate"),
    ),
    Claim(
        "BP4-1",
        "The chain rule through every weighted input",
        Eq(
            Partial(C, w(l)[j, k]),
            Sum(Partial(C, z(l)[i]) * Partial(z(l)[i], w(l)[j, k]), over(i, l)),
        ),
        "The chain rule (chain), with one route through each weighted input $z_i$ of the layer.",
        by=("chain:z^l",),
    ),
    Claim(
        "BP4-2",
        "The errors of the layer",
        Eq(Partial(C, w(l)[j, k]), Sum(delta(l)[i] * Partial(z(l)[i], w(l)[j, k]), over(i, l))),
        "The definition (29), read backwards.",
        after="BP4-1",
        by=("-29",),
    ),
    Claim(
        "BP4",
        "The gradient of a weight",
        _BP4,
        "By (zw) the derivative is $a^{l-1}_k$ where $i$ is $j$ and zero for every other $i$.",
        formula=_by_example(_bp4),
        after="BP4-2",
        by=("zw",),
        refutations=(
            Refutation(
                "the activation of the wrong layer",
                "Error and activation in BP4 belong to the same layer.",
                Eq(Partial(C, w(l)[j, k]), a(l)[k] * delta(l)[j]),
                (square(l - 1, l),),
                "bp3-bp4",
            ),
            Refutation(
                "the outer product transposed",
                "Which of the two factors is the row does not matter.",
                Eq(Partial(C, w(l)[j, k]), a(l - 1)[j] * delta(l)[k]),
                (square(l - 1, l),),
                "bp3-bp4",
            ),
        ),
    ),
    Claim(
        "32",
        "BP4 as an outer product",
        Eq(matrix(l, "nabla_w"), column("delta", l) * column("a", l - 1).T),
        "Row $j$, column $k$ of this equation is (BP4): error out, times activation in.",
        after="BP4",
    ),
    Claim(
        "BP3m",
        "The gradient of a bias, for a batch",
        Eq(Partial(CBAR, b(l)[j]), Average(delta(l)[j])),
        "The derivative of an average (A1) is the average of the derivatives, each by (BP3).",
        formula=lambda case, l: bp3(case.delta(l)),
        shown=bp3,
        by=("A1", "differentiate", "BP3"),
    ),
    Claim(
        "BP4m",
        "The gradient of a weight, for a batch",
        Eq(Partial(CBAR, w(l)[j, k]), Average(a(l - 1)[k] * delta(l)[j])),
        "The derivative of an average (A1) is the average of the derivatives, each by (BP4).",
        formula=lambda case, l: _bp4(case, l)[..., None],
        shown=bp4,
        by=("A1", "differentiate", "BP4"),
        refutations=(
            Refutation(
                "the product of the averages",
                "For a batch, put the average activation and the average error into BP4.",
                Eq(Partial(CBAR, w(l)[j, k]), Average(a(l - 1)[k]) * Average(delta(l)[j])),
                (),
                "algorithm",
            ),
        ),
    ),
)
