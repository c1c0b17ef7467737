"""The gradients as a whole against the definition: what a gradient checker sees.

It sees that something is wrong and not what: one wrong line shows in every layer below it.
Beside the equations one by one it is a second opinion, for none of them occurs in it.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace

import numpy as np

from proofs.checker.calling.observe import Observation
from proofs.checker.calling.precision import DOUBLE
from proofs.checker.judging.by_definition import Inputs, with_ours
from proofs.checker.judging.numbers import Numbers
from proofs.checker.judging.residuals import at_a_kink, bp3, bp4, underflow
from proofs.checker.report import Cell, worse
from proofs.measuring import directions
from proofs.measuring.every_number import MEMORY, blocks
from proofs.measuring.one_pass import MEMORY as MOST
from proofs.network.arrays import Array

RARE = 1e-12
"""A smaller probability is not told apart from this one."""


def smeared(n: Numbers, memory: int = MEMORY) -> Iterator[tuple[int, Cell]]:
    """nabla_b^l and nabla_w^l of each layer against a push of every b^l and w^l, C watched.

    A layer where C has no derivative, at a kink or where it overflows, is left out, and so is what
    is off behind outputs so small that a push underflows there.
    """
    with np.errstate(all="ignore"):
        ours = n if n.delta else with_ours(n)
        measure, lost = blocks(n.network, n.a[1], n.y, memory), _are_lost(n)
        for l in n.network.layers:
            cells = []
            for letter, equation, came in (("b", bp3, n.nabla_b), ("w", bp4, n.nabla_w)):
                if l not in came:
                    continue
                measured = measure(letter, l)
                off, allowed = abs(came[l] - measured), equation(ours, l).allowed
                if np.isfinite(measured).all() and np.isfinite(allowed).all():
                    cell = _worst(off, allowed)
                    cells += [cell] if cell.holds or not lost else []
            if cells:
                yield l, worse(cells[0], cells[-1])


def smeared_along(n: Numbers, memory: int = MOST) -> tuple[dict[int, Cell], float]:
    """The same along `n.directions` random directions of every b^l and of every w^l.

    Where C or a square of how it moves overflows, a block is left out.
    Beside the cells: the probability that of some block one entry went unnoticed which is wrong
    by as much as the root mean square of the block.
    """
    # In the precision that they came in, which its rounding is taken from.
    kind = np.float32 if n.eps > np.finfo(float).eps else np.float64
    gradients = (
        [of[l].astype(kind, copy=False) for l in n.network.layers] for of in (n.nabla_b, n.nabla_w)
    )
    network = n.network
    memory = min(memory, MOST) if network.cost.of is None else memory
    found = directions.directional(
        network.weights,
        network.biases,
        list(network.sigma.values()),
        network.cost,
        n.a[1],
        n.y,
        *gradients,
        directions=n.directions,
        memory=memory,
    )
    cells: dict[int, Cell] = {}
    missed, lost = 0.0, _are_lost(n)
    for probe in found.probes:
        name, own = {"b": ("nabla_b", n.nabla_b), "w": ("nabla_w", n.nabla_w)}[probe.letter]
        beside = np.linalg.norm(n.off.get((name, probe.layer), np.zeros(1)))
        # What was taken off again has left its rounding in each number, and their squares add.
        more = float(directions.SPREAD * n.eps / 2 * beside / np.sqrt(3))
        cell = Cell(probe.residual, probe.tolerance + more)
        if not np.isfinite([probe.tolerance, *probe.measured]).all() or (lost and not cell.holds):
            continue
        cells[probe.layer] = worse(cells.get(probe.layer, cell), cell)
        block = own[probe.layer]
        if block.any():
            missed = max(missed, probe.missed(float(np.sqrt(np.mean(block**2)))))
    return cells, missed


def _are_lost(n: Numbers) -> bool:
    """Whether pushes of a weight may be lost behind some output: it is a product with a push."""
    a = abs(n.a[n.network.L])
    return bool(((a != 0) & (a < underflow(DOUBLE))).any())


def _worst(off: Array, allowed: Array) -> Cell:
    off = np.where(np.isnan(off), np.inf, off)
    at = np.argmax(off / np.maximum(allowed, np.finfo(float).tiny))
    return Cell(float(off.flat[at]), float(np.broadcast_to(allowed, off.shape).flat[at]))


def as_a_whole(
    given: Inputs, first: Observation, directions: int, wrong: Collection[int] = ()
) -> tuple[dict[int, Cell], str]:
    """Its gradients as a whole, without its z and a, since they are to be those of the cost.

    In the layers whose gradients are known to be wrong no coarser array makes up for that.
    """
    cells, how = _as_fine(given, first, directions)
    if all(cell.holds for cell in cells.values()) or first.eps == first.coarsest:
        return cells, how
    # What they are made of may have been as coarse as the coarsest array.
    coarsely = replace(first, eps=first.coarsest)
    loose, how = _as_fine(given, coarsely, directions)
    return {
        l: cell if cell.holds or l in wrong else loose.get(l, cell) for l, cell in cells.items()
    }, how


def _as_fine(given: Inputs, first: Observation, directions: int) -> tuple[dict[int, Cell], str]:
    """The same, each array by its own rounding."""
    # Half of a layer's gradient says nothing of all of it.
    half = {l for name, l in first.misshapen if name not in ("z", "a", "delta")}
    n = given.gradients(first, directions)
    if half:
        b, w = ({l: v for l, v in of.items() if l not in half} for of in (n.nabla_b, n.nabla_w))
        n = replace(n, nabla_b=b, nabla_w=w)
    if at_a_kink(n):
        return {}, ""
    if not directions:
        return dict(smeared(n, given.memory)), ""
    if any(len(of) < n.network.L - 1 for of in (n.nabla_b, n.nabla_w)):
        return {}, ""
    cells, missed = smeared_along(n, given.memory)
    rare = f"{missed:.1g}" if missed > RARE else f"below {RARE:g}"
    return cells, (
        f"directional: {directions} random directions for each b and w; one entry that is wrong by "
        f"the root mean square of its block is missed with probability {rare}"
    )
