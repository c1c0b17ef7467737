"""The gradients as a whole against the definition: what a gradient checker sees.

It sees that something is wrong and not what: one wrong line shows in every layer below it.
Beside the equations one by one it is a second opinion, for none of them occurs in it.
"""

from collections.abc import Iterator

import numpy as np

from proofs.arrays import Array
from proofs.exhaustive import MEMORY, block
from proofs.inferred import with_ours
from proofs.report import Cell, worse
from proofs.residuals import bp3, bp4
from proofs.theirs import Numbers


def smeared(n: Numbers, memory: int = MEMORY) -> Iterator[tuple[int, Cell]]:
    """nabla_b^l and nabla_w^l of each layer against a push of every b^l and w^l, C watched.

    A layer where C has no derivative, at a kink or where it overflows, is left out.
    """
    with np.errstate(all="ignore"):
        ours = with_ours(n)
        for l in n.network.layers:
            cells = []
            for letter, equation, came in (("b", bp3, n.nabla_b), ("w", bp4, n.nabla_w)):
                if l not in came:
                    continue
                measured = block(n.network, n.a[1], n.y, (letter, l), memory)
                off, allowed = abs(came[l] - measured), equation(ours, l).allowed
                if np.isfinite(measured).all() and np.isfinite(allowed).all():
                    cells.append(_worst(off, allowed))
            if cells:
                yield l, worse(cells[0], cells[-1])


def _worst(off: Array, allowed: Array) -> Cell:
    off = np.where(np.isnan(off), np.inf, off)
    excess = np.where(off == 0, 0, off / np.maximum(allowed, np.finfo(float).tiny))
    at = np.argmax(excess)
    return Cell(float(off.flat[at]), float(np.broadcast_to(allowed, off.shape).flat[at]))
