"""Where tangents do not get through somebody's forward pass: derivatives from its values alone."""

from typing import Any

import numpy as np

from proofs.checker.call import DIRECTIONS, Call
from proofs.checker.layer_report import LayerReport, Row
from proofs.measuring.jacobian import certified

NOTICED = 1e-6
"""The relative error below which differences of high order tell nothing."""


def judged_by_values(
    call: Call, why: str, loose: tuple[Row, ...], random: np.random.Generator
) -> LayerReport:
    """Each gradient along random directions, by the complex step or by differences."""
    rows, engines = [], set()
    try:
        for path in call.gradients:
            row, engine = _row(call, path, random)
            rows.append(row)
            engines.add(engine)
    except Exception as error:
        text = f"{call.name}: the forward pass cannot be differentiated: {why} ({error!r})"
        return LayerReport(loose, (text,))
    how = " and ".join(sorted(engines))
    remark = (
        f"{call.name}: no tangents get through its forward pass ({why}), so it was compared along "
        f"{DIRECTIONS} random directions by {how}"
    )
    if "differences of order 8" in engines:
        remark += f"; errors of less than {NOTICED:g} of a gradient go unseen"
    return LayerReport((*rows, *loose), (), (remark,))


def _row(call: Call, path: Any, random: np.random.Generator) -> tuple[Row, str]:
    x, came, deltas = call.forward.floats[path], call.came(path), call.in_double
    worst, engine = None, ""
    for _ in range(DIRECTIONS):
        d = random.standard_normal(x.shape)
        want, engine = certified(call.forward, {path: d}, deltas)
        got, size = float((d * came).sum()), float((abs(d) * abs(came)).sum()) + abs(want)
        least = NOTICED if engine.startswith("differences") else 0.0
        unit = max(least, 64 * call.format.eps)
        off = abs(got - want) if np.isfinite(want) and np.isfinite(got) else np.inf
        detail = f"along a random direction it comes to {got:.6g} and should come to {want:.6g}"
        row = Row(call.name, call.quantity(path), off, unit * size, detail)
        if worst is None or row.residual * worst.tolerance > worst.residual * row.tolerance:
            worst = row
    assert worst is not None
    return worst, engine
