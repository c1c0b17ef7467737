"""Small whole numbers, which every format holds exactly: then nothing at all is tolerated.

Where a gradient is a sum of products of whole numbers, and the sum is one that the format holds,
what comes must be that number. A sum in low precision that stops (256 + 1 is 256 in bfloat16)
is found so, whatever the tolerance of real numbers would forgive.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from proofs.checker.call import Call
from proofs.checker.layer_report import Row
from proofs.measuring.precision import Format
from proofs.measuring.sent_back import Sent, sent_back

COARSE = 1e-4
"""Formats with a coarser unit are probed: float16, bfloat16."""
BUDGET = 2.0**26


def probed(call: Call, again: Callable[[dict[Any, Any], list[Any]], Call]) -> Iterator[Row]:
    """Rows for gradients that are exact where ones are sent back, and do not come out exactly.

    `again` observes the layer for other inputs and deltas.
    """
    if call.format.eps < COARSE:
        return
    ones = [np.ones(np.shape(d)) for d in call.deltas]
    same = dict(call.forward.floats)
    said: set[Any] = set()
    for inputs in (same, {path: np.ones(x.shape) for path, x in same.items()}):
        probe = again(inputs, ones)
        for path in probe.gradients:
            # Where numbers are tied, more than one answer is right.
            found = sent_back(probe.forward, ones, [path], BUDGET, tied=False)
            row = _exactly(probe, path, found[0][path]) if found else None
            if row is not None and path not in said:
                said.add(path)
                yield row


def _exactly(call: Call, path: Any, sent: Sent) -> Row | None:
    want, size = sent.low, sent.size
    whole = (want == np.round(want)) & (size == np.round(size)) & (size < 1 / call.format.eps**2)
    held = whole & (_held(want, call.format) == want)
    off = np.where(held, abs(call.came(path) - want), 0.0)
    if not off.any():
        return None
    at, form = np.unravel_index(int(np.argmax(off)), off.shape), call.format
    numbers = f"it is {call.came(path)[at]:.6g} and should be {want[at]:.6g} exactly"
    detail = f"ones are sent back: at {tuple(map(int, at))} {numbers}"
    stop = 2 / form.eps
    says = (f"a sum in {form.name} stops: {stop:g} + 1 is {stop:g} there; add up in float32",)
    return Row(call.name, call.quantity(path), float(off[at]), 0.0, detail, says)


def _held(x: Any, form: Format) -> Any:
    """The nearest numbers of a format, by its unit of rounding."""
    with np.errstate(all="ignore"):
        unit = form.eps * 2.0 ** np.floor(np.log2(np.maximum(abs(x), 1e-300)))
        return np.where(x == 0, 0.0, np.round(x / unit) * unit)
