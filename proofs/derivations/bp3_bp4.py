"""BP3 and BP4, the gradients: the chain rule again, and again all terms but one vanish."""

from collections.abc import Callable

import numpy as np
from sympy import Eq, KroneckerDelta

from proofs.arrays import Array
from proofs.claim import Claim
from proofs.equations import bp3, bp4
from proofs.notation import C, Partial, a, b, delta, i, j, k, l, w, z



def _by_example(formula: Callable[..., Array], *columns: Array) -> Array:
    """The formula for a batch, applied to each example alone: its average is over one."""
    m = columns[0].shape[1]
    parts = [formula(*(c[:, [x]] for c in columns)) for x in range(m)]
    return np.stack([part.squeeze(axis=1) if formula is bp3 else part for part in parts], axis=-1)


CLAIMS = (
    Claim(
        "zb",
        "What a bias moves",
        Eq(Partial(z(l)[i], b(l)[j]), KroneckerDelta(i, j)),
        "Differentiate (z): bias $j$ enters $z_j$, once, and no other weighted input.",
        by=("z", "differentiate"),
    ),
    Claim(
        "BP3",
        "The gradient in a bias",
        Eq(Partial(C, b(l)[j]), delta(l)[j]),
        "The chain rule (chain) through the weighted inputs $z^l_i$, the definition (29) read "
        "backwards, and (zb), which leaves the term $j$.",
        formula=lambda case, l: _by_example(bp3, case.delta(l)),
        shown=bp3,
        by=("chain:z^l", "zb", "-29"),
    ),
    Claim(
        "zw",
        "What a weight moves",
        Eq(Partial(z(l)[i], w(l)[j, k]), KroneckerDelta(i, j) * a(l - 1)[k]),
        "Differentiate (z): weight $jk$ enters $z_j$, multiplied by $a_k$, and no other.",
        by=("z", "differentiate"),
    ),
    Claim(
        "BP4",
        "The gradient in a weight",
        Eq(Partial(C, w(l)[j, k]), a(l - 1)[k] * delta(l)[j]),
        "The chain rule (chain) through the weighted inputs $z^l_i$, the definition (29) read "
        "backwards, and (zw), which leaves the term $j$.",
        formula=lambda case, l: _by_example(bp4, case.value("a", l - 1), case.delta(l)),
        shown=bp4,
        by=("chain:z^l", "zw", "-29"),
    ),
)
