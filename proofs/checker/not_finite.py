"""Numbers that are infinite or nan have no derivative: which they are, and where they became so."""

import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from proofs.checker.call import Call
from proofs.checker.wrong_case import Steps
from proofs.measuring.callsites import is_library, site
from proofs.measuring.jacobian import Forward
from proofs.measuring.random_state import drawn_apart

OUTPUT = "{}: its output is {}, and that has no derivative, so nothing can be compared{}"
NONE = "{}: its derivative is infinite or nan, so nothing can be compared{}"
SENT_IN = "{}: the error that it is given is {}, so nothing can be compared"
LOSS = (
    "the loss is {}, and that has no derivative, so nothing can be compared{}; start from smaller "
    "weights, or give other examples"
)


def what(arrays: Sequence[Any]) -> str:
    """Whether nan, or else an infinite number, is among some arrays; nothing if neither is."""
    flat = np.concatenate([np.ravel(np.asarray(x, float)) for x in arrays])
    return "nan" if np.isnan(flat).any() else "infinite" if np.isinf(flat).any() else ""


def on_the_way(run: Callable[[], Any]) -> str:
    """The steps of a run, in words, in which NumPy says that a number became infinite or nan."""
    met: dict[str, None] = {}

    def note(kind: str, _: int) -> None:
        here = site(sys._getframe(1))  # noqa: SLF001
        if not is_library(here.code.co_filename):
            met[f"{kind} in {here.text or 'a step'} (line {here.line})"] = None

    old = np.geterrcall()
    with np.errstate(divide="call", over="call", invalid="call"):
        np.seterrcall(note)
        try:
            run()
        finally:
            np.seterrcall(old)
    return f"; NumPy reports {', then '.join([*met][:3])}" if met else ""


def no_derivative(call: Call) -> str:
    """Why a layer has no derivative here: the error that it is given, its output, or a step."""
    forward = call.forward
    if said := what(call.in_double):
        return SENT_IN.format(call.name, said)
    if said := what(forward.run(forward.floats)):
        if not isinstance(forward, Forward):
            return OUTPUT.format(call.name, said, "")
        steps = on_the_way(lambda: forward.function(*forward.wide().args, **forward.how))
        return OUTPUT.format(call.name, said, steps)
    return NONE.format(call.name, _first_step(forward) if isinstance(forward, Forward) else "")


def _first_step(forward: Forward) -> str:
    """The first step whose derivative is infinite or nan, in words."""
    random, steps = drawn_apart(0), Steps()
    forward.pushed({p: random.standard_normal((1, *x.shape)) for p, x in forward.floats.items()},
                   composite=steps)  # fmt: skip
    lost = (here for here, v, t in steps.met if np.isfinite(v).all() and not np.isfinite(t).all())
    return next((f", from {here.text} on (line {here.line})" for here in lost), "")
