"""Gradients that are right but for what was done with them afterwards."""

from dataclasses import replace
from typing import Any

import numpy as np

from proofs.checker.call import Call
from proofs.checker.layer_report import LayerReport
from proofs.checker.own_updates import NEARLY, WAYS, is_written
from proofs.measuring.leaves import Path

CLIPPED = "clipped one by one at {:.6g}"
DECAYED = "{:.6g} times the parameter is added"
RIGHT = "{}: right but for being changed ({}): let the step return the gradients before that"


def without_changed(report: LayerReport, call: Call, decayed: bool) -> LayerReport:
    """A report that calls no gradients wrong which are right but for being clipped, or, of a step
    that does not return them, `decayed`.
    """
    wrong = {row.quantity for row in report.violations}
    paths = {name: path for path in call.gradients if (name := call.quantity(path)) in wrong}
    how = {name: clipped(call, path) or (decayed and with_decay(call, path)) or ""
           for name, path in paths.items()}  # fmt: skip
    names = {said: [name for name in how if how[name] == said] for said in how.values() if said}
    said = [RIGHT.format(", ".join(those), changed) for changed, those in names.items()]
    rows = tuple(row for row in report.rows if not how.get(row.quantity))
    return replace(report, rows=rows, problems=(*report.problems, *said))


def clipped(call: Call, path: Path) -> str:
    """At which number a gradient is clipped, if it is right but for that.

    It is a number as people write it, or several have met it, and they would go beyond it.
    """
    g, random = call.came(path), np.random.default_rng(0)
    bound = float(abs(g).max(initial=0))
    met = abs(g) == bound
    if not bound or met.all() or (met.sum() < 2 and not is_written(bound)):
        return ""
    ways = np.zeros((2, WAYS, *g.shape))
    ways[0][:, ~met] = random.standard_normal((WAYS, (~met).sum()))
    ways[1][:, met] = np.sign(g[met]) * (1 + random.random((WAYS, met.sum())))
    (below, beyond), (came, least) = _along(call, path, ways), np.tensordot(ways, g, g.ndim)
    same = np.allclose(came, below, rtol=NEARLY) and (beyond > (1 + NEARLY) * least).all()
    return CLIPPED.format(bound) if same else ""


def with_decay(call: Call, path: Path) -> str:
    """How many times its parameter a gradient has too much, if that is all."""
    g, x = call.came(path), call.forward.floats[path]
    ways = np.random.default_rng(0).standard_normal((1, WAYS, *g.shape))
    with np.errstate(all="ignore"):
        times = (np.tensordot(ways, g, g.ndim) - _along(call, path, ways)) / np.tensordot(
            ways, x, x.ndim
        )
    same = x.size > 1 and times.min() > 0 and np.allclose(times, times.flat[0], rtol=NEARLY)
    return DECAYED.format(times.flat[0]) if same else ""


def _along(call: Call, path: Path, ways: Any) -> Any:
    """The derivatives of the loss along some directions of one array; nan if it has none."""
    run = call.forward
    flat = ways.reshape(-1, *run.floats[path].shape)
    every = {p: np.zeros((len(flat), *x.shape)) for p, x in run.floats.items()} | {path: flat}
    try:
        ((loss,), _) = run.pushed(every)
        return np.asarray(loss.t, float).reshape(ways.shape[:2])
    except Exception:  # its own words are said where it is judged
        return np.full(ways.shape[:2], np.nan)
