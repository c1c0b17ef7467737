"""The report on a step in which no layers are told apart, and what is to be said instead of one."""

from collections.abc import Mapping
from dataclasses import replace
from functools import wraps
from time import process_time
from types import MethodType
from typing import Any

import numpy as np

from proofs.checker.layer_report import LayerReport
from proofs.checker.not_finite import LOSS, on_the_way, what
from proofs.checker.opened import opened
from proofs.checker.passes import raised, refused
from proofs.checker.returned import loss_of, losses_in_a_row, with_single_loss
from proofs.checker.step_gradients import (
    compared_with_nothing,
    gradients_returned,
    of_their_shapes,
    of_two_losses,
)
from proofs.checker.unlisted import with_all_that_it_names
from proofs.checker.watch import copies
from proofs.checker.which_loss import loss_first_of
from proofs.checker.whole_step import clipped_to, shown_rate, unmoved, unread, updated, whole_step
from proofs.measuring.kept import put_back_after
from proofs.measuring.leaves import Path, leaves, replaced
from proofs.measuring.silence import silent, unending
from proofs.measuring.tangents import value

WHOLE = "no layers were found: the gradients were compared as a whole with the loss of the step"
UNREAD = (
    "the step reads none of the parameters that it is given, which are copies: let it use them, or "
    "give the object that has them, as in check_model(lambda net, x, y: net.loss(x, y), net, x, y)"
)
UNMOVED = (
    "what the loss reads was not compared: the loss that the step returns is rounded, or made of a "
    "text or a whole number, so that nothing changes it a little; let the step return the loss "
    "itself, and round what is printed"
)
UPDATED = (
    "the step computes a loss after it has changed its parameters, and what its gradients are of "
    "is another{}: let it return the loss of before, or not change them"
)
WEIGHTS = (
    "the step returned its parameters after an update, at a learning rate of {:.6g}: let it return "
    "the gradients instead"
)
AFTER_UPDATE = (
    "the step returned its parameters after an update, as by Adam or with a momentum: let it "
    "return the gradients instead"
)
NEXT = 0.25
"""Of what is next to an array: how far away it is, as a part of its length."""
CLIPPED = (
    "all gradients are of the right direction, and cut to the length {:.6g} together: let the step "
    "return them as they are before they are clipped, or clip at a larger length"
)
LOOP = (
    "if what it returned are the losses of several steps in a row, let it take one, as with "
    "epochs=1"
)
RETURNED = "the step returned {}: without layers, let it return its loss and its gradients"
NO_LOSS = (
    "the step gives gradients, and returns no loss that they are of: let it return that too, a "
    "single number, as in lambda net, x, y: (net.loss(x, y), net.gradients(x, y))"
)
NO_LAYERS = (
    "expected layers as functions x_forward and x_backward that the step can reach, "
    "layers=[(forward, backward), ...], objects with methods forward and backward that the step is "
    "given or has a name for, or a step that returns its loss and its gradients; found none"
)
SECONDS = 10.0
"""How much of the processor's time words are looked for, for all that is wrong."""


def judged_whole(
    step: Any,
    args: tuple[Any, ...],
    seed: int,
    budget: float,
    said: tuple[str, ...],
    otherwise: str = NO_LAYERS,
    seconds: float = SECONDS,
) -> LayerReport:
    """A step in which no layers are told apart, where it returns a loss and gradients."""
    step = _on_a_copy(step) if isinstance(step, MethodType) else step
    own, told = step, getattr(step, "unclear", None)
    heard = otherwise is not NO_LAYERS  # it ran to look for layers, and printed what it prints
    try:
        with silent() if heard else unending():
            result = replaced((step(*copies(args)),), {})[0]
    except Exception as error:
        return raised("the step", error)
    step, result = with_single_loss(step, result)
    if loss_of(result) is None and hasattr(step, "model"):
        raise TypeError(NO_LOSS)
    if loss_of(result) is None or not any(gradients_returned(result, args[0])):
        known_places = ((step, args), with_all_that_it_names(own, args))
        for known, (model, *data) in known_places if loss_of(result) is not None else ():
            with put_back_after(own):
                found = opened(known, model, tuple(data), plain=True)
            if found[0] is not known:
                args = (found[1], *data)
                return judged_whole(found[0], args, seed, budget, found[2], "", seconds)
        loop = f"; {LOOP}" if losses_in_a_row(result) else ""
        raise TypeError(f"{otherwise}; {RETURNED.format(_in_words(result))}{loop}")
    if two := of_two_losses(result, args[0]):
        return LayerReport((), (two,))
    step, result, more = loss_first_of(step, args, result, seed)
    if said_of := not_finite(step, args, loss_of(result)):
        return LayerReport((), (said_of,))
    gradients, _ = gradients_returned(result, args[0])
    try:
        report = whole_step(step, args, of_their_shapes, seed, budget, hidden=told is not None)
        if not report.holds and (instead := _instead(step, args, gradients)):
            return LayerReport((), (instead,))
        after = report.violations and told is None and are_parameters(args, gradients)
        kept = getattr(own, "kept", False) and not any(row.holds for row in report.rows)
        if after or kept:
            hidden = _hidden(own, args)
            if hidden[0] is not own:
                return judged_whole(*hidden[:2], seed, budget, hidden[2], "", seconds)
        if after:
            return LayerReport((), (AFTER_UPDATE,))
        if report.violations and seconds:  # words are looked for where nothing else is to be said
            until = process_time() + seconds
            report = whole_step(step, args, of_their_shapes, seed, budget, until, told is not None)
    except Exception as error:
        return refused("the step, called again,", error)
    said = (WHOLE, *said, *more, *compared_with_nothing(result, gradients), *report.remarks)
    return replace(report, problems=(*report.problems, *(told or ())), remarks=said)


def _on_a_copy(method: MethodType) -> Any:
    """A method whose object is the same in each run, and is left as it is."""

    @wraps(method)
    def on_a_copy(*given: Any) -> Any:
        return method.__func__(*copies((method.__self__,)), *given)

    return on_a_copy


def are_parameters(args: tuple[Any, ...], returned: Mapping[Path, Any]) -> bool:
    """Whether what a step returned are its parameters after an update: next to them, or all off by
    one number, as Adam moves them at first.
    """
    floats = leaves(args[:1])
    pairs = [(g, floats[path]) for path, g in returned.items() if np.shape(g) == floats[path].shape]
    if not pairs or len(pairs) < len(returned):
        return False
    off = np.concatenate([abs(g - x).ravel() for g, x in pairs])
    alike = np.mean(off[off > 0] > (1 - NEXT) * off.max(initial=0)) > 1 - NEXT
    near = [np.linalg.norm(g - x) <= NEXT * np.linalg.norm(x) for g, x in pairs if x.any()]
    return bool(off.size > len(pairs) and alike) or (bool(near) and all(near))


def _hidden(step: Any, args: tuple[Any, ...]) -> tuple[Any, tuple[Any, ...], tuple[str, ...]]:
    """A step whose gradients are other things than what it returns, or keeps as such."""
    model, of_model = getattr(step, "model", args[0]), getattr(step, "__wrapped__", step)
    own = of_model if hasattr(step, "model") else step
    found, params, said = opened(own, model, args[1:], plain=True, hidden=True)
    return (step if found is own else found), (params, *args[1:]), said


def hidden_gradients(step: Any, args: tuple[Any, ...]) -> tuple[dict[Path, Any], tuple[str, ...]]:
    """The gradients of the parameters that a step is given, where it returns none of them, and how
    they were found; none if they were not.
    """
    found, learnt, said = opened(step, args[0], args[1:], plain=True, hidden=True)
    if learnt is args[0]:
        return {}, ()
    keys = {id(x): key for key, x in learnt.items()}
    with silent():
        *_, grads = found(*copies((learnt, *args[1:])))
    arrays = leaves(args[:1]).items()
    return {path: grads[keys[id(x)]] for path, x in arrays if id(x) in keys}, said


def _instead(step: Any, args: tuple[Any, ...], gradients: Any) -> str:
    """What is to be said in place of a verdict on gradients that are not those of the loss."""
    if updated(step, args, gradients):
        return UPDATED.format("")
    if rate := shown_rate(step, args, gradients):
        return WEIGHTS.format(rate)
    if most := clipped_to(step, args, gradients):
        return CLIPPED.format(most)
    if unread(step, args):
        return UNREAD
    return UNMOVED if unmoved(step, args) else ""


@silent()
def not_finite(step: Any, args: tuple[Any, ...], loss: Any) -> str:
    """What is to be said of a loss that is infinite or nan."""
    said = what([value(loss)])
    return said and LOSS.format(said, on_the_way(lambda: step(*copies(args))))


def _in_words(result: Any) -> str:
    """What kind of thing a step returned."""
    if isinstance(result, tuple | list):
        return f"a {type(result).__name__} of {', '.join(type(x).__name__ for x in result)}"
    keys = ", ".join(map(str, result)) if isinstance(result, dict) else ""
    return f"{type(result).__name__}{f' with {keys}' if keys else ''}"
