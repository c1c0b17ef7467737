"""`check_layer`: is a hand-written backward pass the derivative of its own forward pass?"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial, wraps
from inspect import Parameter, Signature
from time import process_time
from types import FunctionType
from typing import Any

import numpy as np

from proofs.adapters import jax_layer, torch_layer
from proofs.adapters.foreign import OtherDrawsError
from proofs.adapters.layers import (
    HANDED,
    asked_inputs,
    awake,
    from_object,
    gives_a_loss,
    is_frozen,
    is_tensor,
    kind_of,
    of_one_object,
    parameters_of,
    plain_numbers,
    set_anew,
    takes_delta,
    uncompiled,
    unread,
    with_arrays,
    without_gradient,
)
from proofs.adapters.slots import dotted
from proofs.checker.call import Call
from proofs.checker.gradients import declared
from proofs.checker.layer_report import LayerReport, joined, with_constants
from proofs.checker.layers import BUDGET, BUT_FOR, judge, without_guards
from proofs.checker.objects import layer_objects
from proofs.checker.passes import (
    FROZEN_LAYER,
    NOTHING,
    PLAIN,
    UNSEEN,
    Rerun,
    observed,
    raised,
    refused,
    sends_back,
    several,
    split,
    together,
)
from proofs.checker.symmetric import as_symmetric, remark
from proofs.checker.whole_numbers import probed
from proofs.measuring.callsites import theirs, where_raised
from proofs.measuring.detached import detaching
from proofs.measuring.jacobian import EPS, Forward
from proofs.measuring.kept import put_back_after
from proofs.measuring.leaves import Path, leaves, numbers, replaced
from proofs.measuring.precision import DOUBLE, NAMES, format_of
from proofs.measuring.silence import one_at_a_time, silent, unending


@one_at_a_time()
def check_layer(
    forward: Any,
    backward: Any = None,
    *inputs: Any,
    wrt: Sequence[Any] | None = None,
    delta: Any = None,
    method: str | None = None,
    seed: int = 0,
    name: str | None = None,
    detached: Sequence[str] = (),
    **how: Any,
) -> LayerReport:
    """The report of a layer's backward pass, judged by the derivative of its own forward pass.

    `forward(*inputs, **how)` returns `(out, cache)`, or several outputs and a cache;
    `backward(delta, cache)` returns the gradients: J^T delta for each input that is an array of
    floating-point numbers, or, where none is an array, a number. Without a cache it is called as
    `backward(delta, *inputs)`.

    `wrt` names the inputs in the order of the gradients, where neither their names nor their order
    and shapes tell. `delta` is the error of the output (upstream gradient), by default random.
    `method` is "exhaustive" or "directional"; by default every entry is compared where that is not
    too much work. Nothing that is passed in is changed.

    A backward pass that asks for the inputs alone, by the names that `forward` gives them, is the
    gradient of a cost, or a slope: the error of every output is 1 then.

    `detached` has the texts of those expressions or lines of the forward pass, as they stand in the
    code, which are constants on purpose, as behind a stop_gradient.

    Or `forward` is a whole layer and the inputs follow: an object with `forward` and `backward`, a
    `torch.autograd.Function`, a function of `jax.custom_vjp`; or a function of torch, `backward`
    being None, whose backward pass is torch's own. The two functions may take tensors of torch.

    Raises TypeError where it cannot be called, ValueError where `wrt`, `delta`, `method` or
    `detached` do not fit.
    """
    with put_back_after(forward, backward), detaching(detached) as met:
        report = _checked(forward, backward, inputs, how, wrt, delta, method, seed, name)
    return with_constants(report, met)


def _checked(
    forward: Any, backward: Any, inputs: tuple[Any, ...], how: Any, wrt: Any, delta: Any,
    method: str | None, seed: int, name: str | None,
) -> LayerReport:  # fmt: skip
    """The report, by what the layer is."""
    budget, forward = budget_of(method), uncompiled(forward)
    kind = kind_of(forward, (backward, *inputs) if backward is None else ())
    if not kind and callable(forward) and callable(backward) and any(map(is_tensor, inputs)):
        as_theirs = partial(sends_back, backward)
        forward = torch_layer.as_function(forward, lambda result: split(result)[0], as_theirs)
        backward, kind = None, "Function"
    if not kind and (layer := of_one_object(forward, backward)) is not None:
        return _of_object(layer, inputs, how, wrt, delta, seed, budget, name)
    if kind in ("Function", "custom_vjp", "object"):
        inputs = (*(() if backward is None else (backward,)), *inputs)
    if kind == "object":
        return _of_object(forward, inputs, how, wrt, delta, seed, budget, name)
    if kind:
        return _framework(forward, kind, inputs, delta, seed, budget, name)
    if not callable(forward) or not callable(backward):
        raise TypeError(
            "expected check_layer(forward, backward, *inputs) with two functions, got "
            f"{type(forward).__name__} and {type(backward).__name__}"
        )
    more = (seed, budget, name or _title(forward))
    ones = _ones(forward, backward, inputs, how) if delta is None else None
    if ones is not None:
        said = SLOPES.format(_title(backward))
        slope = without_error(backward)
        report = _of_pair(forward, slope, inputs, how, wrt, ones, *more, said)
        if report.holds or len(inputs) > 1:
            return report
        usual = _of_pair(forward, backward, inputs, how, wrt, delta, *more)
        return usual if usual.holds else report
    return _of_pair(forward, backward, inputs, how, wrt, delta, *more)


SLOPES = (
    "{} asks for no error, but for what the function is given: it is compared with how the sum of "
    "all that comes out changes"
)


def _ones(forward: Any, backward: Any, inputs: Any, how: Any) -> Any:
    """An error of 1 for every output, where backward asks for the inputs alone, by their names.

    So do the gradient of a cost and the slope of a function. None for anything else.
    """
    known, asked = ([p.name for p in declared(f) or ()] for f in (forward, backward))
    if not asked or asked != known[: len(asked)]:
        return None
    try:
        with silent():
            result = forward(*replaced(inputs, {}), **how)
    except Exception:  # that is told when it is judged
        return None
    outs, _, has_cache = split(result)
    return None if has_cache else np.ones(np.shape(outs[0]))[()]


def without_error(backward: Callable[..., Any]) -> Callable[..., Any]:
    """A backward pass that asks for inputs alone, as one that is given an error before them."""
    n = len(declared(backward) or ())

    @wraps(backward)
    def asking(_: Any, *inputs: Any) -> Any:
        return backward(*inputs[:n])

    every = Parameter("given", Parameter.VAR_POSITIONAL)
    asking.__signature__ = Signature([every])  # type: ignore[attr-defined]
    asking.of_another = without_error  # type: ignore[attr-defined]
    return asking


def _of_object(
    given: Any, inputs: Any, how: Any, wrt: Any, delta: Any, seed: int, budget: float, name: Any
) -> LayerReport:
    """An object with forward and backward, whose parameters are inputs, too."""
    title = name or type(given).__name__
    delta = 1.0 if delta is None and not takes_delta(given) else delta
    layer = with_arrays(awake(given, inputs, how), inputs, how)
    anew = set_anew(layer, inputs, how) | unread(layer, inputs, how)
    forward, backward, parameters = from_object(layer, anew)
    if not gives_a_loss(given) and _mixes(given, forward, (*inputs, parameters), how):
        raise TypeError(
            f"{title}: expected backward(delta), or a loss whose backward takes nothing or what "
            "forward takes; got one that takes some of both. Say which is the error with two "
            "functions, as in check_layer(forward, backward, *inputs)"
        )
    inputs, said = (*inputs, parameters), []
    if _takes_the_first_alone(forward, backward, inputs, how):
        forward = _with_one_output(forward)
        said.append(FIRST_ALONE.format(title))
    within = [at for at, x in layer_objects(layer) if x is not layer and parameters_of(x)]
    if within:
        said.append(WITHIN.format(title, ", ".join(within)))
    if is_frozen(layer):
        said.append(FROZEN_LAYER.format(title))
    if rest := set(map(dotted, without_gradient(layer))) - anew:
        said.append(UNSEEN.format(title, ", ".join(sorted(rest))))
    if plain := [*plain_numbers(layer)]:
        said.append(PLAIN.format(title, " and ".join(plain)))
    return _of_pair(forward, backward, inputs, how, wrt, delta, seed, budget, title, *said)


def _mixes(layer: Any, forward: Callable[..., Any], inputs: tuple[Any, ...], how: Any) -> bool:
    """Whether backward asks for an input and another thing, which is no error where less comes out.

    So does a loss that is given the outputs once more, by another name, beside the labels.
    """
    asked = asked_inputs(layer)
    if not takes_delta(layer):
        return True
    if all(n in (None, HANDED) for n in asked):
        return False
    try:
        with silent():
            return np.ndim(forward(*replaced(inputs, {}), **how)[0]) < np.ndim(inputs[0])
    except Exception:  # its forward pass raises, and that is told
        return False


def _of_pair(
    forward: Any, backward: Any, inputs: Any, how: Any, wrt: Any, delta: Any, seed: int,
    budget: float, title: str, *said: str,
) -> LayerReport:  # fmt: skip
    """Two functions; `said` is what is to be remarked of any gradients."""
    if not leaves(inputs):  # numbers of Python's own have gradients, too, where there is no array
        inputs = replaced(inputs, numbers(inputs))
    call, report = observed(forward, backward, inputs, how, title, wrt, delta, seed)
    if call is None:
        return report
    if call.gradients:
        report = replace(report, remarks=(*report.remarks, *said))

    def again(arrays: dict[Path, Any], deltas: list[Any]) -> Call:
        own = call.forward.args
        low = {p: x.astype(leaves(own)[p].dtype) for p, x in arrays.items()}
        kinds = [np.asarray(d).dtype for d in call.deltas]
        sent = [d.astype(kind)[()] for d, kind in zip(deltas, kinds, strict=True)]
        with silent():
            probe, _ = observed(forward, backward, replaced(own, low), how, title, wrt, sent, seed)
        assert probe is not None
        return probe

    judged = explained(call, seed, budget)
    if not judged.holds and _holds_one_by_one(call, again, seed):
        report = replace(report, remarks=(*report.remarks, ONE_BY_ONE.format(title)))
    if m := _averages_over(call, judged):
        names = [row.quantity for row in judged.violations]
        each = "are averages" if len(names) > 1 else "is an average"
        averages = AVERAGES.format(title, " and ".join(names), each, m)
        if _of_all_parameters(call, judged, m):
            rows = tuple(row for row in judged.rows if row.holds)
            judged = replace(judged, rows=rows, problems=(*judged.problems, averages))
        else:
            report = replace(report, remarks=(*report.remarks, averages))
    return joined([report, judged, _in_whole_numbers(call, again)])


def _averages_over(call: Call, judged: LayerReport) -> int:
    """How many examples there are, if what is wrong is nothing but averaged over them; else 0."""
    said = {row.says[0].partition(" times")[0] if row.says else "" for row in judged.violations}
    shapes = [set(np.shape(delta)) for delta in call.deltas]
    common = set.intersection(*shapes) if shapes else set()
    return next((m for m in common if m > 1 and said == {f"it is 1/{m}"}), 0)


def _of_all_parameters(call: Call, judged: LayerReport, m: int) -> bool:
    """Whether inputs, which have a place for each of m examples, are right, and nothing else is."""
    shapes = {call.quantity(path): np.shape(g) for path, g in call.gradients.items()}
    return all(row.holds == (m in shapes.get(row.quantity, ())) for row in judged.rows)


def _takes_the_first_alone(
    forward: Callable[..., Any], backward: Callable[..., Any], inputs: tuple[Any, ...], how: Any
) -> bool:
    """Whether a layer of several outputs fails on their errors, and takes that of the first."""

    def fails(errors: Callable[[Any, Any], Any]) -> bool:
        result = forward(*replaced(inputs, {}), **how)
        try:
            sends_back(backward, result, errors(result[0], result), inputs)
        except Exception:
            return True
        return False

    try:
        with silent():
            outs = forward(*replaced(inputs, {}), **how)[0]
            return (
                several(outs)
                and len(outs) > 1
                and fails(lambda outs, result: together([0.0 * out for out in outs], result))
                and not fails(lambda outs, _: [0.0 * outs[0]])
            )
    except Exception:  # its forward pass raised or ended, and that is told when it is judged
        return False


def _with_one_output(forward: Callable[..., Any]) -> Callable[..., Any]:
    """A layer's forward pass with the first of its outputs alone."""

    @wraps(forward)
    def first(*given: Any, **how: Any) -> Any:
        outs, cache = forward(*given, **how)
        return outs[0], cache

    first.__wrapped__ = forward.__wrapped__  # type: ignore[attr-defined]
    return first


def assert_layer(forward: Any, backward: Any = None, *inputs: Any, **options: Any) -> None:
    """Raise AssertionError with the report unless the layer's backward pass is right."""
    report = check_layer(forward, backward, *inputs, **options)
    if not report.holds:
        raise AssertionError(f"\n{report}")


def explained(call: Call, seed: int, budget: float, until: float = np.inf) -> LayerReport:
    """The judgement of a call, with words for what is wrong."""
    try:
        report = judge(call, seed, budget)
        if not report.holds:
            call, report = _without_casts(call, report, seed, budget)
        if not report.holds:
            call, report = _as_symmetric(call, report, seed, budget)
    except Exception as error:
        return refused(f"{call.name}: called again, one of its passes", error)
    if report.holds:
        return report
    if _other_in_double(call):
        return LayerReport((), (OTHER_NUMBERS.format(call.name),))
    from proofs.checker.wrong import in_words
    from proofs.checker.wrong_edits import whole_repair

    if anew := _anew(call):
        return LayerReport((), (anew,))
    rows = report.rows
    for each in _for_words(call, report):
        rows = tuple(row if row.holds or row.says else in_words(each, row, until) for row in rows)
        if all(row.holds or row.says for row in rows):
            break
    differ = len({row.says for row in rows if not row.holds}) > 1 and process_time() < until
    if differ and (says := whole_repair(call)):
        rows = tuple(row if row.holds else replace(row, says=(says,)) for row in rows)
    return replace(report, rows=rows)


def _for_words(call: Call, report: LayerReport) -> Iterator[Call]:
    """A call as it is, and without its guards: what is left out besides a wrong factor hides it.

    Where other gradients leave a guard out, those that are wrong do so too.
    """
    excused = any(BUT_FOR in said for said in report.remarks)
    if not excused:
        yield call
    if found := without_guards(call):
        yield found[0]
    if excused:
        yield call


def _without_casts(
    call: Call, report: LayerReport, seed: int, budget: float
) -> tuple[Call, LayerReport]:
    """A pass on doubles as it is without its casts to a coarser format, and how that is judged.

    With them, it may be off by the rounding of that format.
    """
    if not isinstance(call.plainly, Rerun) or call.rerun is None or call.format.eps > EPS:
        return call, report
    with theirs():
        uncast = call.rerun(0.0, np.random.default_rng(0))
        form = max(map(format_of, call.plainly.casts), key=lambda form: form.eps, default=DOUBLE)
        if form == DOUBLE or call.gradients.keys() - uncast.keys():
            return call, report
        plain = replace(call, gradients={p: uncast[p] for p in call.gradients}, reruns=[])
        call = replace(call, form=form, reruns=[])
        bare, cast = judge(plain, seed, budget), judge(call, seed, budget)
        with_casts = {(row.place, row.quantity): row for row in cast.rows}
        rows = tuple(with_casts.get((row.place, row.quantity), row) if row.holds else row
                     for row in bare.rows)  # fmt: skip
        if sum(row.holds for row in rows) > sum(row.holds for row in report.rows):
            said = AS_CAST.format(call.name, NAMES.get(form.name, form.name))
            bare = replace(bare, remarks=(*bare.remarks, said))
        return call if bare.holds else plain, replace(bare, rows=rows)
    return call, report


def _as_symmetric(
    call: Call, report: LayerReport, seed: int, budget: float
) -> tuple[Call, LayerReport]:
    """The judgement with symmetric inputs taken as such, where it is better, and of which call."""
    best = call
    for other, more in as_symmetric(call):
        best, judged = other if best is call else best, judge(other, seed, budget)
        rows = {row.quantity: row for row in judged.rows}
        better = [r for r in report.violations if rows.get(r.quantity, r).holds]
        paths = {call.quantity(path): path for path in call.gradients}
        said = [remark(call, paths[row.quantity], more) for row in better]
        # What is wrong both ways is said of the symmetric matrix, by the first convention.
        new = [row if row.holds or (row not in better and more) else rows.get(row.quantity, row)
               for row in report.rows]  # fmt: skip
        report = replace(report, rows=tuple(new), remarks=(*report.remarks, *said))
    return best, report


WITHIN = (
    "{}: the gradients of the layers within it were not compared: {}; check_model does that for "
    "the step of a model"
)
ANEW = (
    "{}: two calls with the same inputs give different numbers, so nothing can be compared: let it "
    "draw from a generator with a seed that is made outside, or from np.random"
)


OTHER_NUMBERS = (
    "{}: in double precision its forward pass gives other numbers than in its own, as where "
    "strides are given in bytes; so nothing is said of its backward pass: make them of x.strides "
    "or x.itemsize, or write np.lib.stride_tricks.sliding_window_view"
)


AS_CAST = (
    "{}: as if in {}, which it casts to: the rounding of that is no fault, and without it every "
    "number is compared in double precision"
)


OTHER_DRAWS = (
    "{}: in double precision it draws other random numbers than in its own; so nothing is said of "
    "its backward pass: give it float64"
)


def _other_in_double(call: Call) -> bool:
    """Whether steps counted in bytes make other numbers of it in the precision of the judgement."""
    if call.format.eps <= EPS or not isinstance(call.forward, Forward):
        return False
    run = call.forward
    known = [run.function, *(x for names in run.modules.globals for x in names.values())]
    if not any("as_strided" in x.__code__.co_names for x in known if isinstance(x, FunctionType)):
        return False
    try:
        own, double = run.run({}), run.run(run.floats)
    except Exception:  # that is said where it is judged
        return False
    near = np.sqrt(call.format.eps)
    pairs = [(np.asarray(a, float), np.asarray(b, float)) for a, b in zip(own, double, strict=True)]
    return any(
        a.shape != b.shape
        or bool((abs(a - b) > near * max(1e-300, np.nanmax(abs(b), initial=0))).any())
        for a, b in pairs
    )


def _anew(call: Call) -> str:
    """What is said where two runs of a forward pass differ, what it draws being drawn again."""
    if not isinstance(call.forward, Forward):
        return ""
    try:
        one, other = ([np.array(out) for out in call.forward.wide().run({})] for _ in range(2))
    except Exception as error:
        return raised(f"{call.name}: called again, forward", error).problems[0]
    same = (np.array_equal(a, b, equal_nan=True) for a, b in zip(one, other, strict=True))
    return "" if all(same) else ANEW.format(call.name)


def budget_of(method: str | None) -> float:
    """How many numbers a method may compute to compare every entry.

    Raises ValueError for a method that there is not.
    """
    budgets = {None: BUDGET, "exhaustive": np.inf, "directional": 0.0}
    if method not in budgets:
        raise ValueError(f"method: expected 'exhaustive' or 'directional', got {method!r}")
    return budgets[method]


def _title(forward: Callable[..., Any]) -> str:
    title = getattr(forward, "__name__", type(forward).__name__)
    return title.removesuffix("_naive").removesuffix("_forward") or title


FIRST_ALONE = (
    "{}: its backward pass takes one error, that of the first of its outputs: the others were "
    "given none"
)
ONE_BY_ONE = (
    "{}: with an error at one output alone, whichever it is, every equation holds: if it is given "
    "no others, as by a cost of the one right class, say so with delta="
)
AVERAGES = (
    "{}: {} {} over {} examples: that is right where the errors that it is given are "
    "those of single examples, not yet divided by their number; check_model tells, for a step"
)
FEW = 16
"""At most this many outputs are each given an error alone."""


def _holds_one_by_one(call: Call, again: Callable[..., Call], seed: int) -> bool:
    """Whether a backward pass that is wrong is right for an error at any one of the outputs."""
    if len(call.deltas) != 1 or not 1 < np.size(call.deltas[0]) <= FEW:
        return False
    shape = np.shape(call.deltas[0])
    alone = np.eye(np.prod(shape, dtype=int)).reshape(-1, *shape)
    try:
        return all(judge(again({}, [delta]), seed, np.inf).holds for delta in alone)
    except Exception:  # it takes no such error
        return False


def _in_whole_numbers(call: Call, again: Callable[..., Call]) -> LayerReport:
    """What ones show in a format of low precision."""
    try:
        return LayerReport(tuple(probed(call, again)))
    except Exception:  # ones are no input for it
        return LayerReport()


def _framework(
    layer: Any, kind: str, inputs: Any, delta: Any, seed: int, budget: float, name: str | None
) -> LayerReport:
    """A layer of torch or JAX."""
    observe = unending()((jax_layer if kind == "custom_vjp" else torch_layer).observe)
    title = name or str(getattr(layer, "__name__", kind))

    def call_of(given: Any, delta: Any) -> Call:
        seen = observe(layer, given, delta, seed)
        forward: Any = seen.forward
        return Call(title, forward, seen.deltas, seen.gradients, seen.names, seen.rerun,
                    fused=seen.fused, form=seen.form)  # fmt: skip

    def again(arrays: dict[Path, Any], deltas: list[Any]) -> Call:
        given = list(inputs)
        for path, x in arrays.items():
            given[path[0]] = given[path[0]].new_tensor(x)
        outs = call.deltas
        first = given[next(iter(arrays))[0]]
        return call_of(
            tuple(given), tuple(first.new_tensor(d) for d, _ in zip(deltas, outs, strict=True))
        )

    try:
        call = call_of(inputs, delta)
    except OtherDrawsError:
        return LayerReport((), (OTHER_DRAWS.format(title),))
    except Exception as error:
        if where_raised(error) is None and not isinstance(error, RuntimeError):
            raise  # it was not called as it can be
        return raised(f"{title}: one of its passes", error)
    if not call.gradients:
        return LayerReport((), (NOTHING.format(title),))
    with silent():
        probes = _in_whole_numbers(call, again) if kind != "custom_vjp" else LayerReport()
        return joined([explained(call, seed, budget), probes])
