"""`check_model`: which line of a model's backward pass is wrong?"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from time import process_time
from types import MethodType, ModuleType
from typing import Any

import numpy as np

from proofs.adapters import slots
from proofs.adapters.layers import (
    gradient_of,
    is_frozen,
    learnt_numbers,
    methods_of,
    parameters_of,
    plain_numbers,
    takes_delta,
    without_gradient,
)
from proofs.adapters.slots import undecorated
from proofs.checker.averaged import AVERAGED, counted, examples, parameters_read
from proofs.checker.call import Call
from proofs.checker.changed_later import without_clipped_sums
from proofs.checker.check_layer import budget_of, explained
from proofs.checker.gradients import Misfit, names_of
from proofs.checker.judged_whole import (
    LOOP,
    SECONDS,
    UNMOVED,
    UNREAD,
    UPDATED,
    WHOLE,
    are_parameters,
    hidden_gradients,
    judged_whole,
    not_finite,
)
from proofs.checker.layer_report import LayerReport, Row, joined, with_constants
from proofs.checker.left_from_before import left_from_before
from proofs.checker.objects import holds, layer_objects
from proofs.checker.one_by_one import with_its_parameters
from proofs.checker.opened import OWN_UPDATES, of_its_own_arrays, opened
from proofs.checker.own_tensors import OwnTensors, own_tensors
from proofs.checker.passes import (
    FROZEN_LAYER,
    PLAIN,
    UNSEEN,
    Rerun,
    outputs,
    own_of,
    raised,
    refused,
)
from proofs.checker.returned import loss_of, losses_in_a_row, with_single_loss
from proofs.checker.step_gradients import (
    beside_the_loss,
    compared_with_nothing,
    gradients_returned,
    of_their_shapes,
)
from proofs.checker.unlisted import (
    with_its_arrays,
    with_its_buffers,
    with_its_names,
    with_its_objects,
)
from proofs.checker.watch import Methods, Pair, Seen, Watch, copies, pairs_by_name
from proofs.checker.watch_frameworks import check_framework_model, framework_layers
from proofs.checker.which_loss import loss_first_of
from proofs.checker.which_operation import at_operations
from proofs.checker.whole_step import unmoved, unread
from proofs.checker.wires import FROZEN, NOBODY, judge_wires, whole_holds
from proofs.measuring.callsites import theirs
from proofs.measuring.detached import detaching
from proofs.measuring.jacobian import Forward
from proofs.measuring.kept import put_back_after
from proofs.measuring.leaves import Path, leaves, numbers, replaced
from proofs.measuring.own_numpy import reachable
from proofs.measuring.random_state import RandomState
from proofs.measuring.silence import one_at_a_time, silent

WORK = 2.0**26
"""Numbers that may be computed to compare every entry of every layer; shared among them."""


TENSORS = "the gradients that the tensors keep were compared with the loss of the step"
LAYERS_ALONE = "; only the layers were judged"
READ_OFF = (
    "the gradients were read off the layers; other arrays that the step returns were not compared"
)
WHOLE_HOLDS = {
    True: "not the error of that place, but the gradients of all parameters are those of the loss",
    False: (
        "not that of the layer alone, as where weight decay is added in it, but the gradients of "
        "all parameters are those of the loss"
    ),
}
DECAYS = {
    True: "not what its readers send back alone, as its layer adds the weight decay of the loss",
    False: "not that of the layer alone, as it adds the weight decay of the loss",
}
ZEROED = (
    "no tensor has a gradient when the step ends, and no update along one is seen: let it end with "
    "the gradients of its loss, before they are set to zero"
)
NEVER = "{}: its backward pass was never called, so its parameters were not compared"
UNNEEDED = (
    "{}: its backward pass was never called, and need not be: no parameter moves what it reads"
)
CALLED_NONE = "expected the step to call one of the layers {}, none was called"
NOT_RETURNED = (
    "the step returns no gradients of the parameters that it is given; only the layers were "
    "judged: let it return the gradients, and not the parameters after an update"
)
RETURNED_NO_LOSS = (
    "the step returned no loss: expected a single number among what it returns, as in "
    "lambda net, x, y: (net.loss(x, y), net.gradient(x, y))"
)
NO_ERRORS = (
    "the backward passes of {} take something else than the error of what forward returned, or "
    "more, so what enters each of them is not known"
)


@one_at_a_time()
def check_model(
    step: Callable[..., Any],
    params: Any,
    *data: Any,
    layers: Any = None,
    method: str | None = None,
    seed: int = 0,
    progress: Callable[[int, int, str], None] | None = None,
    detached: Sequence[str] = (),
) -> LayerReport:
    """The report of a model's backward pass: which layer, or which wire between layers, is wrong.

    `step(params, *data)` is the user's own training step without the update: it returns the loss
    and the gradients, kept as `params` are. It runs once and is watched. Each layer is judged with
    the delta that it was really given; each number that is read, an output of a layer or a
    parameter, by the sum over its readers. So one wrong line shows at its own place. What an update
    does with the gradients, by which dictionary and with which sign, is not judged.

    `layers` says what the layers are: a module, or a list of pairs (forward, backward); by default
    all functions named x_forward and x_backward that the step can reach. Objects with methods
    forward and backward, wherever they are kept in `params` or `data`, are layers too, as are those
    of the object that the step is a method of, and those that it has a name for: their gradients
    are read off attributes (dW, W_grad, grads["W"]), or off the change of the weights where
    backward takes a learning rate; the step need return the loss alone. Without layers, a step may
    be a method of an object that keeps its arrays, return dW for an array W of its script, or take
    its parameters one by one; gradients that it hands to an optimizer, and does not return, are
    read off its updates, or off variables of its functions. Its parameters may be tensors of an
    automatic differentiation of one's own, which keep a gradient beside their numbers: then the
    operation that sends back something wrong is named.
    In torch and JAX the layers are the hand-written ones: the classes of `torch.autograd.Function`
    and the functions of `jax.custom_vjp` that the step can reach, or that `layers` lists; each is
    judged with the delta that the framework gave it, and the wires are the framework's own.
    `method` and `detached` as for `check_layer`. `progress(n, of, place)` is called before each
    layer.

    Raises TypeError where `step` is no function or no layer is found, ValueError for an unknown
    `method`.
    """
    slots.require_no_module("params", params)
    with put_back_after(step), detaching(detached) as met:
        report = _checked(step, (params, *data), layers, method, seed, progress)
        left = left_from_before(step, (params, *data)) if report.rows else ()
        report = replace(report, remarks=(*report.remarks, *left))
    return with_constants(report, met)


def _checked(
    step: Any, args: tuple[Any, ...], layers: Any, method: str | None, seed: int, progress: Any
) -> LayerReport:
    """The report, whatever is left behind by the runs of the step."""
    budget = budget_of(method)
    if callable(step) and (found := framework_layers(step, layers)):
        return check_framework_model(step, args, found, method, seed)
    _require_function(step)
    while isinstance(step, partial) and step.args:
        step, args = partial(step.func, **step.keywords), (*step.args, *args)
    step, args = with_its_objects(step, args)
    if layers is None and (own := own_tensors(step, args)):
        return _of_tensors(own, seed, budget)
    for listed in (with_its_arrays, with_its_parameters, with_its_buffers, with_its_names):
        step, args = listed(step, args)
    try:
        step, args, said = _opened(step, args)
    except Exception as error:
        return refused("the step", error)
    args = _with_learnt(step, args)
    params, data = args[0], args[1:]
    pairs = _pairs(step, layers)
    if not pairs and layers is None and not any(map(holds, args)):
        return judged_whole(step, args, seed, budget, said)
    watch = Watch(step, pairs, args)
    watch.state = RandomState(step)
    try:
        result = watch.run(args)
    except Exception as error:
        return raised("the step", error)
    if not watch.calls and layers is None:
        with theirs():  # it may not take copies of what it keeps
            step, params, more = opened(step, params, data, holding=True)
            args, said = (params, *args[1:]), (*said, *more)
        return judged_whole(step, args, seed, budget, said, _why_none(watch))
    if not watch.calls:
        raise TypeError(_why_none(watch))
    if anew := _with_arrays(watch, args):
        state, args, watch = watch.state, anew, Watch(step, pairs, anew)
        watch.state, watch.heard = state, True
        result = watch.run(args)
    report = _of_watched(watch, args, result, said, seed, budget if method else None, progress)
    return _with_its_own_arrays(report, step, args, seed, budget) if report.holds else report


def _of_tensors(own: OwnTensors, seed: int, budget: float) -> LayerReport:
    """The report on a step that learns tensors of an automatic differentiation of its own."""
    if not own.learnt:
        return LayerReport((), (ZEROED,))
    said = (OWN_UPDATES.format(own.rate),) if own.rate else ()
    report = judged_whole(own.on_arrays, own.args, seed, budget, said, seconds=0.0)
    if report.violations:
        told = at_operations(own, report, seed, process_time() + SECONDS)
        report = told or judged_whole(own.on_arrays, own.args, seed, budget, said)
    remarks = tuple(TENSORS if said == WHOLE else said for said in report.remarks)
    return replace(report, rows=tuple(map(_at_its_holder, report.rows)), remarks=remarks)


def _at_its_holder(row: Row) -> Row:
    """A row on a tensor, at the place of what keeps it: layers[0] has dW for dlayers[0].W."""
    holder, _, name = row.quantity[1:].rpartition(".")
    return replace(row, place=holder, quantity=f"d{name}") if holder else row


def _with_arrays(watch: Watch, args: tuple[Any, ...]) -> tuple[Any, ...]:
    """The arguments once more, numbers of Python that layers learn as arrays; none if none are."""
    own, found = copies(args), False
    for before, after in zip(own, watch.given, strict=True):
        pairs = zip(layer_objects(before), layer_objects(after), strict=False)
        for (_, layer), (_, then) in pairs:
            names = learnt_numbers(layer, then)
            vars(layer).update({name: np.array(vars(layer)[name]) for name in names})
            found |= bool(names)
    return own if found else ()


def _with_its_own_arrays(
    report: LayerReport, step: Any, args: tuple[Any, ...], seed: int, budget: float
) -> LayerReport:
    """The report on layers that hold, with that on arrays which their model keeps beside them."""
    until = process_time() + SECONDS
    try:
        own = of_its_own_arrays(step, args, of_their_shapes, seed, budget, until)
    except Exception as error:
        own = LayerReport((), (), refused("the step as a whole", error).problems)
    if own.rows:
        report = replace(report, remarks=tuple(r for r in report.remarks if r != READ_OFF))
    return joined([report, own])


def _opened(
    step: Callable[..., Any], args: tuple[Any, ...]
) -> tuple[Callable[..., Any], tuple[Any, ...], tuple[str, ...]]:
    """The step on the arrays of the object that it is given, or that it is a method of."""
    if isinstance(step, MethodType):
        with suppress(Exception):  # then it is told of the method as it is
            found = _opened(step.__func__, (step.__self__, *args))
            own = found[1][0]
            if own is not step.__self__ and not (leaves(args[:1]) and unread(*found[:2])):
                return found
    params, *data = args
    if methods_of(type(params)) and takes_delta(params) and any(map(holds, data)):
        return step, args, ()  # it is one layer among others
    step, params, said = opened(step, params, tuple(data))
    return step, (params, *data), said


def _why_none(watch: Watch) -> str:
    """Why no call of a layer can be judged."""
    asking = [name for name in watch.names if name in watch.glue]
    text, names = (NO_ERRORS, asking) if asking else (CALLED_NONE, watch.names)
    return text.format(", ".join(names))


def _of_watched(
    watch: Watch, args: tuple[Any, ...], result: Any, said: tuple[str, ...], seed: int,
    budget: float | None, progress: Any,
) -> LayerReport:  # fmt: skip
    """The report on a step that ran and called layers, and on what it returned."""
    params = args[0]
    step, result = with_single_loss(watch.step, result)
    watch.step, result, more = loss_first_of(step, args, result, seed, watch)
    watch.loss = loss_of(result)
    if watch.loss is None:
        return LayerReport((), (RETURNED_NO_LOSS,))
    if said_of := not_finite(watch.step, args, watch.loss):
        return LayerReport((), (said_of,))
    gradients, loose = gradients_returned(result, params)
    where: tuple[str, ...] = ()
    kept = bool(leaves((params,))) and (not gradients or are_parameters(args, gradients))
    if kept:
        gradients, found = hidden_gradients(watch.step, args)
        loose, where = [], found
    rows, remarks, silent = judge_wires(watch, args, gradients, seed)
    if kept and not gradients:
        rows = [row for row in rows if not row.place.startswith("parameter ")]
    in_a_row = losses_in_a_row(result) and _trained(watch)
    of_others = not all(row.holds for row in rows) and (in_a_row or watch.updated(args))
    rows = [row for row in rows if row.holds or not of_others]
    reports = [*_layers(watch, args, seed, budget, silent, progress)]
    purity, rows = _purity(watch, args, rows, seed)
    lost = tuple(row.head for row in rows if np.isnan(row.residual))
    rows = [row for row in rows if not np.isnan(row.residual)]
    ends = [Row("parameters", "shape", np.inf, 0.0, misfit.says) for misfit in loose]
    remarks = [*said, *more, *where, *remarks, *compared_with_nothing(result, gradients)]
    remarks += [NEVER.format(name) for name in sorted(watch.unanswered)]
    if not leaves((params,)):
        ends, remarks = [], [*remarks, *_beside_the_layers(watch, result)]
    if kept and not gradients:
        lost = (*lost, NOT_RETURNED)
    if of_others:
        lost = (*lost, LOOP if in_a_row else UPDATED.format(LAYERS_ALONE))
    report = joined([*reports, purity, LayerReport((*rows, *ends), lost, tuple(remarks))])
    if watch.examples == 1 and (m := examples(watch, report.violations)) > 1:
        watch.examples, watch.averaged = m, parameters_read(watch, params)
        other = _of_watched(watch, args, result, said, seed, budget, progress)
        if len(other.violations) < len(report.violations):
            return replace(other, remarks=(AVERAGED.format(m), *more, *other.remarks))
        watch.examples, watch.averaged = 1, set()
    if _nothing_read(rows) and unread(step, args):
        return LayerReport((), (UNREAD,))
    if any(NOBODY in row.says for row in rows) and unmoved(watch.step, args):
        layers = tuple(row for row in report.rows if row.holds or row.quantity != "sum")
        return replace(report, rows=layers, problems=(*report.problems, UNMOVED))
    report = _with_decay_in_layers(without_clipped_sums(report, watch, params, gradients))
    of_parameters = _parameters_own(watch, params)
    wires_alone = all(row.quantity == "sum" or (row.place, row.quantity) in of_parameters
                      for row in report.violations)  # fmt: skip
    if report.holds or not wires_alone or not whole_holds(watch, args, gradients, seed):
        return report
    return _harmless(report, report.violations, WHOLE_HOLDS)


def _layers(
    watch: Watch, args: tuple[Any, ...], seed: int, budget: float | None, silent: Any, progress: Any
) -> Iterator[LayerReport]:
    """The report on each call of a layer; those of wrong ones share the time for words."""
    until, unmoved_by_any = process_time() + SECONDS, _of_data_alone(watch, args)
    budget = WORK / len(watch.calls) if budget is None else budget
    for n, seen in enumerate(watch.calls):
        if progress:
            progress(n, len(watch.calls), seen.place)
        if n in unmoved_by_any:
            yield LayerReport((), (), (UNNEEDED.format(seen.place),))
        else:
            counts = counted(watch, n, seen)
            yield _layer(seen, seed + n, budget, [p for m, p in silent if m == n], until, counts)


def _of_data_alone(watch: Watch, args: tuple[Any, ...]) -> set[int]:
    """The calls without a way back whose inputs are the same for other parameters."""
    params = leaves(args[:1])
    waiting = [n for n, seen in enumerate(watch.calls)
               if not seen.answered and not isinstance(seen.pair, Methods)]  # fmt: skip
    if not waiting or not params:
        return set()
    others = replaced(args, {path: x / 2 + 1 / 4 for path, x in params.items()})
    again = Watch(watch.step, watch.pairs, others)
    again.state, again.heard = watch.state, True
    try:
        again.run(others)
    except Exception:  # it does not take them: then nothing is known of what it reads
        return set()
    if len(again.calls) != len(watch.calls):
        return set()
    pairs = {n: zip(leaves(watch.calls[n].args).values(), leaves(again.calls[n].args).values(),
                    strict=True) for n in waiting}  # fmt: skip
    return {n for n, arrays in pairs.items() if all(np.array_equal(*each) for each in arrays)}


def _parameters_own(watch: Watch, params: Any) -> set[tuple[str, str]]:
    """Where a layer's own gradient is that of a parameter, as it stands: place and quantity."""
    named = [names_of(leaves(seen.args), seen.called) for seen in watch.calls]
    return {
        (watch.calls[n].place, f"d{named[n][path]}") for n, path in parameters_read(watch, params)
    }


def _nothing_read(rows: Sequence[Row]) -> bool:
    """Whether no parameter has a reader, and some have an error."""
    wrong = [row for row in rows if row.place.startswith("parameter ") and not row.holds]
    return bool(wrong) and all(NOBODY in row.says for row in wrong)


def _with_decay_in_layers(report: LayerReport) -> LayerReport:
    """A report in which the weight decay that a layer adds is that of the loss."""
    rows = {(row.place, row.quantity): row for row in report.violations}
    both = [each for row in rows.values() if (each := _adds_decay(row, rows))]
    return _harmless(report, [row for each in both for row in each], DECAYS)


def _adds_decay(row: Row, rows: Mapping[tuple[str, str], Row]) -> tuple[Row, ...]:
    """A layer's gradient, and its parameter's, if what the one has too much the other lacks."""
    name = row.quantity.removeprefix("d")
    whole = rows.get((f"parameter {row.place}.{name}", "sum"))
    added = [s.removesuffix(f" times {name} is added") for s in row.says]
    lacks = f"gradient is {added[0] if added else ''} times the parameter itself: it is not counted"
    return (row, whole) if whole and any(lacks in said for said in whole.says) else ()


def _harmless(report: LayerReport, some: Sequence[Row], why: Mapping[bool, str]) -> LayerReport:
    """A report in which some rows are right after all, and why: for a sum and for others."""
    said = tuple(f"{row.place}, {row.quantity}: {why[row.quantity == 'sum']}" for row in some)
    rows = tuple(replace(row, residual=0.0) if row in some else row for row in report.rows)
    return replace(report, rows=rows, remarks=(*report.remarks, *said))


def assert_model(step: Callable[..., Any], params: Any, *data: Any, **options: Any) -> None:
    """Raise AssertionError with the report unless every layer and wire of the model is right."""
    report = check_model(step, params, *data, **options)
    if not report.holds:
        raise AssertionError(f"\n{report}")


def _require_function(step: Any) -> None:
    if not callable(step):
        raise TypeError(f"expected a function step(params, *data), got {type(step).__name__}")


def _pairs(step: Any, layers: Any) -> list[Pair]:
    if layers is None or isinstance(layers, ModuleType):
        return pairs_by_name(reachable(step) if layers is None else [vars(layers)])
    return [_pair(each) for each in layers if not holds(each)]


def _pair(each: Any) -> Pair:
    if isinstance(each, tuple | list) and len(each) in (2, 3) and all(map(callable, each[-2:])):
        forward, backward = each[-2:]
        title = each[0] if len(each) == 3 else forward.__name__.replace("_forward", "")
        return Pair(str(title), forward, backward)
    raise TypeError(f"layers: expected pairs (forward, backward), got {each!r}")


def _with_learnt(step: Callable[..., Any], args: tuple[Any, ...]) -> tuple[Any, ...]:
    """The arguments, single numbers among the parameters as arrays if they are given gradients."""
    single, state = numbers(args[:1]), RandomState(step)
    if not single:
        return args
    try:
        with silent():
            result = step(*copies(args))
    except Exception:  # it is called again, and then that is told
        return args
    finally:
        state.restore()
    parts = result if isinstance(result, tuple | list) else (result,)
    given = {path for part in parts for path in (*leaves((part,)), *numbers((part,)))}
    given |= {(*path[:-1], undecorated(path[-1])) for path in given if isinstance(path[-1], str)}
    return (*replaced(args[:1], {p: x for p, x in single.items() if p in given}), *args[1:])


def _beside_the_layers(watch: Watch, result: Any) -> tuple[str, ...]:
    """Where the parameters are the layers' own: whether the step returned other gradients."""
    own = [gradient_of(layer, name) for _, layer in watch.layers for name in parameters_of(layer)]
    own += watch.ends.values()
    given = [x for part in beside_the_loss(result) for x in leaves((part,)).values()]
    if all(any(np.array_equal(x, g, equal_nan=True) for g in own if g is not None) for x in given):
        return () if given else tuple(_without_gradient(watch))
    return (READ_OFF,)


def _trained(watch: Watch) -> bool:
    """Whether the step changed parameters that layers keep."""
    return any(
        not np.array_equal(x, parameters_of(then).get(name, x))
        for before, after in zip(watch.args, watch.given, strict=True)
        for (_, layer), (_, then) in zip(layer_objects(before), layer_objects(after), strict=False)
        for name, x in parameters_of(layer).items()
    )


def _same_at(path: Path, layer: Any, then: Any) -> bool:
    with suppress(Exception):  # it is no longer there
        return np.array_equal(slots.at(layer, path), slots.at(then, path))
    return False


def _without_gradient(watch: Watch) -> Iterator[str]:
    """The arrays that layers keep, that the step leaves as they are, and that get no gradient."""
    for before, after in zip(watch.args, watch.given, strict=True):
        pairs = zip(layer_objects(before), layer_objects(after), strict=False)
        for (place, layer), (_, then) in pairs:
            if is_frozen(layer):
                yield FROZEN_LAYER.format(place)
            names = [slots.dotted(path) for path in without_gradient(layer)
                     if _same_at(path, layer, then)]  # fmt: skip
            if names:
                yield UNSEEN.format(place, ", ".join(names))
            if plain := [*plain_numbers(layer)]:
                yield PLAIN.format(place, " and ".join(plain))


def _layer(
    seen: Seen,
    seed: int,
    budget: float,
    silent: Sequence[Path],
    until: float,
    counts: Mapping[Path, float],
) -> LayerReport:
    """The report on a call; its errors are divided by `counts` before a gradient is compared."""
    if not seen.answered:
        text = f"its backward pass was never called{FROZEN}"
        return LayerReport((Row(seen.place, "backward", np.inf, 0.0, text),))
    if seen.misled:
        expected, got = seen.misled
        text = f"{seen.place}: not judged, for its output has the shape {expected}, the error {got}"
        return LayerReport((), (), (text,))
    floats = leaves(seen.args)
    gradients = {path: np.asarray(g) for path, g in seen.gradients.items()}
    gradients |= {path: np.zeros(floats[path].shape) for path in silent if path in floats}
    run = Forward(seen.forward, seen.args, seen.how, outputs, seen.state)
    called = seen.called
    again = Rerun(run, seen.backward, seen.deltas, called, None, *own_of(seen.backward))

    def rerun(eps: float, random: np.random.Generator) -> Any:
        return again(eps, random) | {path: gradients[path] for path in silent}

    def judged(m: float, loose: list[Misfit]) -> LayerReport:
        some = {path: g for path, g in gradients.items() if counts.get(path, 1.0) == m}
        deltas = seen.deltas if m == 1 else tuple(np.asarray(d) / m for d in seen.deltas)
        call = Call(seen.place, run, deltas, some, called, rerun, loose, backward=seen.backward,
                    plainly=again)  # fmt: skip
        return explained(call, seed, budget, until)

    first, *others = dict.fromkeys(counts.get(path, 1.0) for path in gradients) or (1.0,)
    return joined([judged(first, seen.loose), *(judged(m, []) for m in others)])


def _purity(
    watch: Watch, args: tuple[Any, ...], rows: list[Row], seed: int
) -> tuple[LayerReport, list[Row]]:
    """Layers that change the delta they are given: wrong where somebody reads it afterwards."""
    changed = [seen for seen in watch.calls if seen.changed]
    if not changed:
        return LayerReport(), rows
    if all(row.holds for row in rows):
        said = [f"{seen.place}: backward changes the delta that it is given" for seen in changed]
        return LayerReport((), (), tuple(said)), rows
    harmful = [
        seen
        for seen in changed
        if not all(
            row.holds for row in _wires(watch, args, seed, [s for s in changed if s is not seen])
        )
    ]
    shielded = _wires(watch, args, seed, changed)
    if not harmful or not all(row.holds for row in shielded):
        return LayerReport(), rows
    text = "it changes the delta that it is given, and another reads it afterwards"
    return LayerReport(
        tuple(Row(seen.place, "delta", np.inf, 0.0, text) for seen in harmful)
    ), shielded


def _wires(watch: Watch, args: tuple[Any, ...], seed: int, shielded: Sequence[Seen]) -> list[Row]:
    """The wires once more, the changes that some layers make to their deltas being hidden."""
    result = watch.run(args, shielded)
    return judge_wires(watch, args, gradients_returned(result, args[0])[0], seed)[0]
