"""Gradients that are right but for what was done with them afterwards."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from proofs.checker.call import Call
from proofs.checker.gradients import names_of
from proofs.checker.layer_report import LayerReport
from proofs.checker.own_updates import DIGITS, NEARLY, SHORT, WAYS, is_written
from proofs.checker.watch import Watch
from proofs.measuring.leaves import Path, leaves

CLIPPED = "clipped one by one at {:.6g}"
DECAYED = "{:.6g} times the parameter is added"
TOGETHER = "clipped to the length {:.6g} together"
NUMBERS = 2**20
"""So many numbers are pushed at once, about, to look at entries one by one."""

SENT = "{}: what the layers sent back, {}: let the step return the gradients before that"
RIGHT = "{}: right but for being changed ({}): let the step return the gradients before that"


def without_changed(report: LayerReport, call: Call, decayed: bool) -> LayerReport:
    """A report that calls no gradients wrong which are right but for being clipped, or, of a step
    that does not return them, `decayed`.
    """
    wrong = {row.quantity for row in report.violations}
    paths = {name: path for path in call.gradients if (name := call.quantity(path)) in wrong}
    how = {name: clipped(call, path) or (decayed and with_decay(call, path)) or ""
           for name, path in paths.items()}  # fmt: skip
    shown = {*how.values()}
    for name, path in paths.items():
        if (entirely := clipped(call, path, entirely=True)) in shown:
            how[name] = how[name] or entirely
    names = {said: [name for name in how if how[name] == said] for said in how.values() if said}
    said = [RIGHT.format(", ".join(those), changed) for changed, those in names.items()]
    rows = tuple(row for row in report.rows if not how.get(row.quantity))
    return replace(report, rows=rows, problems=(*report.problems, *said))


def clipped(call: Call, path: Path, entirely: bool = False) -> str:
    """At which number a gradient is clipped, if it is right but for that.

    It is a number as people write it, or several have met it, and they would go beyond it. Where
    they are clipped `entirely`, another gradient must show that.
    """
    g, random = call.came(path), np.random.default_rng(0)
    bound = float(abs(g).max(initial=0))
    met = abs(g) >= (1 - SHORT) * bound  # an update has cost it digits
    if not bound or met.all() != entirely or (met.sum() < 2 and not is_written(bound)):
        return ""
    below = np.zeros((1, WAYS, *g.shape))
    below[0][:, ~met] = random.standard_normal((WAYS, (~met).sum()))
    entries = np.flatnonzero(met)  # each alone, as one of a wrong sign is lost in their sum
    n = min(len(entries), max(WAYS, NUMBERS // g.size))
    beyond = np.zeros((1, n, g.size))
    beyond[0, np.arange(len(entries)) % n, entries] = np.sign(g.ravel()[entries])
    beyond = beyond.reshape(1, n, *g.shape)
    same = np.allclose(np.tensordot(below, g, g.ndim), _along(call, path, below), rtol=NEARLY)
    times = _along(call, path, beyond) / np.tensordot(beyond, g, g.ndim)
    same = same and times.min() >= 1 - NEARLY and times.max() > 1 + NEARLY
    return CLIPPED.format(bound) if same else ""


def with_decay(call: Call, path: Path) -> str:
    """How many times its parameter a gradient has too much, if that is all."""
    g, x = call.came(path), call.forward.floats[path]
    ways = np.random.default_rng(0).standard_normal((1, WAYS, *g.shape))
    with np.errstate(all="ignore"):
        times = (np.tensordot(ways, g, g.ndim) - _along(call, path, ways)) / np.tensordot(
            ways, x, x.ndim
        )
    same = x.size > 1 and 0 < times.min() < np.inf and np.allclose(times, times[0, 0], rtol=NEARLY)
    return DECAYED.format(times[0, 0]) if same else ""


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


def written_length(gradients: Iterable[Any]) -> float:
    """The length of all gradients together, if it is one that somebody wrote; else 0.

    A clip may add a small constant to the length that it divides by.
    """
    length = float(np.sqrt(sum(float(np.sum(np.square(g))) for g in gradients)))
    written = float(f"{length:.{DIGITS - 1}g}")
    return written if abs(written - length) <= SHORT * length else 0.0


def without_clipped_sums(
    report: LayerReport, watch: Watch, params: Any, gradients: Mapping[Path, Any]
) -> LayerReport:
    """The same of a step with layers: the gradients are what these sent back, clipped."""
    arrays, wrong = leaves((params,)), {row.place for row in report.violations}
    pairs = {}
    for path, name in names_of(arrays, ["params"]).items():
        sent = [g for seen in watch.calls for p, g in seen.gradients.items()
                if np.array_equal(leaves(seen.args)[p], arrays[path])]  # fmt: skip
        if sent and path in gradients and f"parameter {name}" in wrong:
            came = np.asarray(gradients[path], float)
            pairs[name] = came, [each for each in (*sent, sum(sent)) if each.shape == came.shape]
    how = {name: _cut(came, sent) for name, (came, sent) in pairs.items()}
    if length := written_length(gradients.values()):
        times = [{round(_factor(came, each), 6) for each in sent} for came, sent in pairs.values()]
        if any(0 < k < 1 for k in set.intersection(*times)) if times else False:
            how = dict.fromkeys(pairs, TOGETHER.format(length))
    names = {said: [name for name in how if how[name] == said] for said in how.values() if said}
    said = [SENT.format(", ".join(f"d{name}" for name in those), changed)
            for changed, those in names.items()]  # fmt: skip
    rows = [row for row in report.rows if not how.get(row.place.removeprefix("parameter "))]
    return replace(report, rows=tuple(rows), problems=(*report.problems, *said))


def _cut(came: Any, sent: Sequence[Any]) -> str:
    """At which number something sent was clipped, if that is what came."""
    most = float(abs(came).max(initial=0))
    cut = (np.allclose(np.clip(each, -most, most), came, rtol=1e-12, atol=0)
           and (abs(each) > most).any() for each in sent)  # fmt: skip
    return CLIPPED.format(most) if most and any(cut) else ""


def _factor(came: Any, sent: Any) -> float:
    """How many times something sent is what came; 0 if it is no multiple."""
    k = np.linalg.norm(came) / (np.linalg.norm(sent) or np.inf)
    return float(k) if np.allclose(k * sent, came, rtol=NEARLY) else 0.0
