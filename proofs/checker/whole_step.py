"""A training step without layers that could be told apart: its gradients against its own loss."""

from collections.abc import Callable, Mapping
from inspect import unwrap
from types import FunctionType
from typing import Any

import numpy as np

from proofs.checker.call import Call
from proofs.checker.changed_later import without_changed, written_length
from proofs.checker.check_layer import explained
from proofs.checker.gradients import Misfit, name_of
from proofs.checker.layer_report import LayerReport, Row, joined
from proofs.checker.other_code import with_code_of
from proofs.checker.own_updates import (
    NEARLY,
    WAYS,
    Starts,
    Step,
    to_the_loss,
)
from proofs.checker.passes import Rerun, outputs
from proofs.checker.returned import duals, loss_of
from proofs.measuring.jacobian import Forward, along
from proofs.measuring.leaves import Path, leaves, replaced
from proofs.measuring.random_state import RandomState
from proofs.measuring.silence import silent

Gradients = Callable[[Any, Any], tuple[dict[Path, Any], list[Misfit]]]


def whole_step(
    step: Step,
    args: tuple[Any, ...],
    gradients_of: Gradients,
    seed: int,
    budget: float,
    until: float = 0.0,
    hidden: bool = False,
) -> LayerReport:
    """Each gradient that a step returns against the derivative of the loss that it returns.

    Words for all that is wrong are looked for `until` a time of `time.process_time`.
    """
    params, state = args[0], RandomState(step)

    # Each on copies: a step that updates its weights leaves others to the next.
    def loss(*args: Any) -> Any:
        carried = any(True for _ in duals(args))  # made anew for each run, and told by identity
        return loss_of(step(*(args if carried else replaced(args, {}))))

    own = unwrap(step)  # what its arrays and parameters are found by stands around it

    def backward_of(other: Step) -> Callable[..., list[Any]]:
        def backward(_: Any, params: Any, *data: Any) -> list[Any]:
            state.restore()
            with with_code_of(own, other):
                found, _ = gradients_of(step(*replaced((params, *data), {})), params)
            return [found[path] for path in leaves((params,)) if path in found]

        return backward

    loss.__wrapped__ = step  # type: ignore[attr-defined]
    with silent():
        gradients, loose = gradients_of(step(*replaced(args, {})), params)
    arrays = {path: np.array(g) for path, g in gradients.items()}  # the next run may change them
    names = ["params", *(f"data {n}" for n in range(1, len(args)))]
    run = Forward(loss, args, {}, outputs, state)
    known = own if isinstance(own, FunctionType) else None
    rerun = Rerun(run, backward_of(own), (1.0,), names, None, known, backward_of)
    call = Call("step", run, (1.0,), arrays, names, rerun, loose, plainly=rerun)
    report = without_changed(explained(call, seed, budget, until), call, hidden)
    given = {*gradients, *(misfit.path for misfit in loose)}
    missing = [name_of(path, ["params"]) for path in leaves((params,)) if path not in given]
    rows = [Row("step", f"d{name}", np.inf, 0.0, "no gradient was returned") for name in missing]
    return joined([report, LayerReport(tuple(rows))])


def shown_rate(step: Step, args: tuple[Any, ...], returned: Mapping[Path, Any]) -> float:
    """The learning rate at which a step returns its parameters, x - rate dC/dx; 0 if it does not.

    Of a single number there is only one direction, and what it is right up to says nothing.
    """
    floats = leaves(args[:1])
    misshapen = any(np.shape(g) != np.shape(floats[path]) for path, g in returned.items())
    if misshapen or sum(map(np.size, returned.values())) < 2:
        return 0.0
    moved = {path: np.asarray(floats[path] - g, float) for path, g in returned.items()}
    return max(_common_factor(step, args, moved), 0.0)


def clipped_to(step: Step, args: tuple[Any, ...], gradients: Mapping[Path, Any]) -> float:
    """The length to which all gradients of a step are cut, if it is a written one; else 0.

    What is divided by a whole number is no clip.
    """
    written = written_length(gradients.values())
    if not written:
        return 0.0
    arrays = {path: np.asarray(g, float) for path, g in gradients.items()}
    factor = _common_factor(step, args, arrays)
    cut = 0 < factor < 1 and abs(1 / factor - round(1 / factor)) > NEARLY
    return written if cut else 0.0


def _common_factor(step: Step, args: tuple[Any, ...], arrays: Mapping[Path, Any]) -> float:
    """How many times the gradients of the loss some arrays are together, 0 if there is no such
    factor: along any direction it is the same.
    """
    run, random = to_the_loss(step, args), np.random.default_rng(0)
    ways = {path: random.standard_normal((WAYS, *x.shape)) for path, x in run.floats.items()}
    ways = {path: way if path in arrays else 0 * way for path, way in ways.items()}
    try:
        ((loss,), _) = run.pushed(ways)
    except Exception:  # its own words are said where it is run
        return 0.0
    along = sum(np.tensordot(ways[path], x, x.ndim) for path, x in arrays.items())
    with np.errstate(all="ignore"):
        factors = along / np.asarray(loss.t, float).ravel()
    same = np.isfinite(factors).all() and np.allclose(factors, factors[0], rtol=NEARLY)
    return float(factors[0]) if same else 0.0


def unread(step: Step, args: tuple[Any, ...]) -> bool:
    """Whether other parameters make no difference: the step reads others than those given."""
    state, losses = RandomState(step), []
    try:
        for least in (1.0, 0.5):  # not one factor: what is normalised does not feel that
            state.restore()
            others = {path: (x if x.any() else x + 1 - least)
                      * (np.linspace(least, 1, x.size).reshape(x.shape) if x.size > 1 else least)
                      for path, x in leaves(args[:1]).items()}  # fmt: skip
            params = replaced(args[:1], others)
            with silent():
                losses.append(loss_of(step(*params, *replaced(args[1:], {}))))
    except Exception:  # it reads them, and will not have others
        return False
    return losses[0] is not None and bool(np.array_equal(*losses))


def unmoved(step: Step, args: tuple[Any, ...]) -> bool:
    """Whether no array moves the loss by tangents: it is rounded, or came out of a text."""
    random = np.random.default_rng(0)
    run = to_the_loss(step, args)
    directions = {path: random.standard_normal((1, *x.shape)) for path, x in run.floats.items()}
    try:
        return bool(directions) and not np.any(along(run, directions)[0][0])
    except Exception:  # its own words are said where it is run
        return False


def updated(step: Step, args: tuple[Any, ...], gradients: Mapping[Path, Any]) -> bool:
    """Whether every gradient of a step moves its loss: it is that of other parameters.

    It moves with the parameters as well then, while the gradients are held: where an error on the
    way to the loss has the numbers of a gradient, it does not.
    """
    arrays = [np.asarray(g, float) for g in gradients.values() if np.any(g)]
    run, random = to_the_loss(step, args), np.random.default_rng(0)
    ways = {path: np.zeros((len(arrays) + 1, *x.shape)) for path, x in run.floats.items()}
    for path in leaves(args[:1]):
        ways[path][-1] = random.standard_normal(ways[path].shape[1:])
    try:
        ((loss,), _) = run.pushed(ways, composite=Starts(arrays))
    except Exception:  # its own words are said where it is run
        return False
    return bool(arrays) and loss.t is not None and bool(loss.t.all())
