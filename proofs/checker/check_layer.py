"""`check_layer`: is a hand-written backward pass the derivative of its own forward pass?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial, wraps
from inspect import Parameter, unwrap
from types import FunctionType, MethodType
from typing import Any

import numpy as np

from proofs.adapters import jax_layer, torch_layer
from proofs.adapters.foreign import OtherDrawsError
from proofs.adapters.layers import (
    Called,
    awake,
    from_object,
    gives_a_loss,
    is_tensor,
    kind_of,
    set_anew,
    takes_delta,
    without_gradient,
)
from proofs.checker.call import Call
from proofs.checker.gradients import declared, learnt, matched, names
from proofs.checker.layer_report import LayerReport, joined
from proofs.checker.layers import BUDGET, judge
from proofs.checker.symmetric import as_symmetric, remark
from proofs.checker.whole_numbers import probed
from proofs.measuring.callsites import is_ours, said_where, theirs, where_raised
from proofs.measuring.jacobian import EPS, Forward, along
from proofs.measuring.leaves import Path, copied, leaves, replaced
from proofs.measuring.own_numpy import OwnNumPy, seen_as
from proofs.measuring.precision import DOUBLE, NAMES, Format, coarser, coarsest, format_of
from proofs.measuring.random_state import RandomState, drawn_apart
from proofs.measuring.rounded_steps import Noise, Rounded, adopt_with, rounded
from proofs.measuring.silence import ExitedError, silent, unending


def check_layer(
    forward: Any,
    backward: Any = None,
    *inputs: Any,
    wrt: Sequence[Any] | None = None,
    delta: Any = None,
    method: str | None = None,
    seed: int = 0,
    name: str | None = None,
    **how: Any,
) -> LayerReport:
    """The report of a layer's backward pass, judged by the derivative of its own forward pass.

    `forward(*inputs, **how)` returns `(out, cache)`, or several outputs and a cache;
    `backward(delta, cache)` returns the gradients: J^T delta for each input that is an array of
    floating-point numbers. Without a cache it is called as `backward(delta, *inputs)`.

    `wrt` names the inputs in the order of the gradients, where neither their names nor their order
    and shapes tell. `delta` is the error of the output (upstream gradient), by default random.
    `method` is "exhaustive" or "directional"; by default every entry is compared where that is not
    too much work. Nothing that is passed in is changed.

    Or `forward` is a whole layer and the inputs follow: an object with `forward` and `backward`, a
    `torch.autograd.Function`, a function of `jax.custom_vjp`; or a function of torch, `backward`
    being None, whose backward pass is torch's own. The two functions may take tensors of torch.

    Raises TypeError where it cannot be called, ValueError where `wrt`, `delta` or `method` do not
    fit.
    """
    budget, rest, first = budget_of(method), set[str](), False
    kind = kind_of(forward, (backward, *inputs) if backward is None else ())
    if not kind and callable(forward) and callable(backward) and any(map(is_tensor, inputs)):
        as_theirs = partial(sends_back, backward)
        forward = torch_layer.as_function(forward, lambda result: split(result)[0], as_theirs)
        backward, kind = None, "Function"
    if kind in ("Function", "custom_vjp", "object"):
        inputs = (*(() if backward is None else (backward,)), *inputs)
    if kind == "object":
        name = name or type(forward).__name__
        if not takes_delta(forward) and not gives_a_loss(forward):
            raise TypeError(
                f"{name}: expected backward(delta), or a loss whose backward takes nothing or what "
                "forward takes; got one that takes some of both. Say which is the error with two "
                "functions, as in check_layer(forward, backward, *inputs)"
            )
        delta = 1.0 if delta is None and not takes_delta(forward) else delta
        layer = awake(forward, inputs, how)
        anew = set_anew(layer, inputs, how)
        forward, backward, parameters = from_object(layer, anew)
        inputs, rest = (*inputs, parameters), set(without_gradient(layer)) - anew
        if _takes_the_first_alone(forward, backward, inputs, how):
            forward, first = _with_one_output(forward), True
    elif kind:
        return _framework(forward, kind, inputs, delta, seed, budget, name)
    if not callable(forward) or not callable(backward):
        raise TypeError(
            "expected check_layer(forward, backward, *inputs) with two functions, got "
            f"{type(forward).__name__} and {type(backward).__name__}"
        )
    title = name or _title(forward)
    call, report = observed(forward, backward, inputs, how, title, wrt, delta, seed)
    if call is None:
        return report
    if first:
        report = replace(report, remarks=(*report.remarks, FIRST_ALONE.format(title)))
    if rest and call.gradients:
        said = f"{title}: no gradient was found for {', '.join(sorted(rest))}"
        report = replace(report, remarks=(*report.remarks, said))

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
    return joined([report, judged, _in_whole_numbers(call, again)])


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
                _several(outs)
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
        if not report.holds and (form := _cast_to(call)):
            call = replace(call, form=form, reruns=[])
            report = judge(call, seed, budget)
            said = AS_CAST.format(call.name, NAMES.get(form.name, form.name))
            report = replace(report, remarks=(*report.remarks, said))
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
    rows = tuple(row if row.holds else in_words(call, row, until) for row in report.rows)
    if len({row.says for row in rows if not row.holds}) > 1 and (says := whole_repair(call)):
        rows = tuple(row if row.holds else replace(row, says=(says,)) for row in rows)
    return replace(report, rows=rows)


def _cast_to(call: Call) -> Format | None:
    """The coarsest format that a forward pass on doubles casts its numbers to, if it casts any."""
    if not isinstance(call.forward, Forward) or call.format.eps > EPS:
        return None
    ones = {path: np.ones((1, *x.shape)) for path, x in call.forward.floats.items()}
    with theirs():
        met = along(call.forward, ones)[1].dtypes
        return max(map(format_of, met), key=lambda form: form.eps, default=DOUBLE) if met else None
    return None


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


NOTHING = "{}: backward returned None, expected the gradients"
NO_GRADIENT = (
    "{}: no gradient was found: let backward return them, or keep them as attributes that are "
    "called dx, dW, grad_W or grads['W']"
)
ANEW = (
    "{}: two calls with the same inputs give different numbers, so nothing can be compared: let it "
    "draw from a generator with a seed that is made outside, or from np.random"
)


OTHER_NUMBERS = (
    "{}: in double precision its forward pass gives other numbers than in its own, as where "
    "strides are given in bytes; so nothing is said of its backward pass: give it float64"
)


AS_CAST = "{}: as if in {}, which its forward pass casts to: what is smaller than that is not seen"


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


# One call of a pair of functions.


def split(result: Any) -> tuple[tuple[Any, ...], Any, bool]:
    """The outputs and the cache of what a forward pass returned, and whether there is a cache.

    The cache comes last; or it is a tuple or dictionary with arrays behind it, running averages.
    """
    if isinstance(result, tuple) and len(result) > 1:
        held = [n for n, x in enumerate(result) if n and isinstance(x, tuple | dict)]
        at = held[0] if held and not isinstance(result[-1], tuple | dict | list) else -1
        return result[:at], result[at], True
    return (result[0] if isinstance(result, tuple) else result,), None, False


def outputs(result: Any) -> tuple[Any, ...]:
    """The outputs alone, one by one."""
    return apart(split(result)[0])


def apart(outs: Sequence[Any]) -> tuple[Any, ...]:
    """Outputs, or their errors, one by one, those too that stand together: ((h, c), cache)."""
    return tuple(x for out in outs for x in (out if _several(out) else (out,)))


def together(
    each: Sequence[Any], result: Any, join: Callable[[Any, Any], Any] | None = None
) -> list[Any]:
    """What was taken apart, joined where the outputs of a result stand together."""
    rest, outs = iter(each), split(result)[0]
    return [(join or _as_one)([next(rest) for _ in out], out) if _several(out) else next(rest)
            for out in outs]  # fmt: skip


def _several(out: Any) -> bool:
    return isinstance(out, tuple | list) and bool(out) and all(hasattr(x, "shape") for x in out)


def _as_one(deltas: list[Any], _: Any) -> Any:
    """The errors of outputs that stand together: an array of them all where their shapes agree."""
    same = len({np.shape(d) for d in deltas}) == 1
    return np.stack(deltas) if same else tuple(deltas)


def sends_back(
    backward: Callable[..., Any], result: Any, deltas: Sequence[Any], args: Sequence[Any]
) -> Any:
    """What backward returns, called as its arguments ask for."""
    _, cache, has_cache = split(result)
    if not has_cache:
        takes = _takes(backward)
        return backward(*deltas, *args[: max(0, takes - len(deltas))])
    if cache_first(backward):  # a loss may ask for no error: its own is 1
        return backward(cache, *(deltas if _takes(backward) > 1 else ()))
    if isinstance(cache, tuple) and _takes(backward) == len(deltas) + len(cache) > len(deltas) + 1:
        return backward(*deltas, *cache)
    return backward(*deltas, cache)


def _takes(function: Callable[..., Any]) -> int:
    asked = declared(function)
    if asked is None:
        return 2
    if any(p.kind is Parameter.VAR_POSITIONAL for p in asked):
        return 10**6
    return sum(p.default is Parameter.empty and p.kind is not Parameter.KEYWORD_ONLY for p in asked)


def cache_first(backward: Callable[..., Any]) -> bool:
    """Whether a backward pass takes its cache before the deltas, told by the name."""
    first = next((p.name for p in declared(backward) or ()), "")
    return first.lower() in ("cache", "ctx", "saved", "res", "residuals", "ca")


def observed(
    forward: Callable[..., Any],
    backward: Callable[..., Any],
    inputs: tuple[Any, ...],
    how: dict[str, Any],
    title: str,
    wrt: Sequence[Any] | None,
    delta: Any,
    seed: int,
) -> tuple[Call | None, LayerReport]:
    """Forward and backward run once on copies: the call, and what is to be said of it already."""
    state, kept = RandomState(forward, backward), replaced(inputs, {})
    arrays, called = leaves(inputs), names(forward, inputs)
    if not arrays:
        raise TypeError("expected an array of floating-point numbers among the inputs, got none")
    try:
        with unending():
            result = forward(*kept, **replaced((how,), {})[0])
        outs = outputs(result)
    except Exception as error:
        return None, raised(f"{title}: forward", error)
    deltas = _deltas(outs, delta, seed)
    given = together([copied(d) for d in deltas], result)
    same = [copied(d) for d in given]
    try:
        with unending():
            returned = sends_back(backward, result, given, kept)
    except Exception as error:
        return None, raised(f"{title}: backward", error)
    state.note_draws()
    inputs = replaced(inputs, learnt(returned, inputs, called, wrt))
    gradients, loose = matched(returned, leaves(inputs), called, wrt)
    numbers = {path: np.asarray(g) for path, g in gradients.items()}
    run = Forward(forward, inputs, how, outputs, state)
    rerun = Rerun(run, backward, deltas, called, wrt, *own_of(backward))
    call = Call(title, run, tuple(deltas), numbers, called, rerun, loose, backward=backward,
                plainly=rerun)  # fmt: skip
    remarks = tuple(_remarks(title, call, same, given))
    return call, LayerReport((), _nothing(title, returned, call), remarks)


def refused(what: str, error: Exception) -> LayerReport:
    """What is said where the user's code raised when it ran again; an error of ours is raised."""
    if is_ours(error):
        raise error
    return raised(what, error)


def raised(what: str, error: Exception) -> LayerReport:
    """The report on something that raised an error."""
    kind = "ends Python by" if isinstance(error, ExitedError) else f"raised {type(error).__name__}:"
    return LayerReport((), (f"{what} {kind} {error}{said_where(error)}",))


def _nothing(title: str, returned: Any, call: Call) -> tuple[str, ...]:
    """That there is no gradient to compare, if there is none."""
    if returned is None:
        return (NOTHING.format(title),)
    if call.gradients or call.loose:
        return ()
    return (NO_GRADIENT.format(title),)


def _remarks(title: str, call: Call, deltas: Sequence[Any], given: Sequence[Any]) -> Any:
    given_back = {*call.gradients, *(misfit.path for misfit in call.loose)}
    missing = [p for p in call.forward.floats if p not in given_back]
    if missing and call.gradients:
        listed = ", ".join(call.quantity(p)[1:] for p in missing)
        yield f"{title}: no gradient was returned for {listed}"
    if any(
        not (np.asarray(d).tobytes() == np.asarray(g).tobytes() or np.array_equal(d, g))
        for d, g in zip(apart(deltas), apart(given), strict=True)
    ):
        yield f"{title}: backward changes the delta that it is given"
    given_in = coarsest([*call.forward.inputs, *call.deltas])
    if call.format.eps > given_in.eps:
        sent = {call.quantity(path): x for path, x in call.gradients.items()}
        yield from (f"{title}: as if in {said}" for said in coarser(sent, given_in))


def _deltas(outs: Sequence[Any], delta: Any, seed: int) -> list[Any]:
    """The errors of the outputs: as given, or random ones of the outputs' own precision."""
    if delta is None:
        random = drawn_apart(seed)
        drawn = [np.asarray(random.standard_normal(np.shape(o))) for o in outs]
        return [d.astype(_dtype(o)) if np.ndim(o) else d.astype(_dtype(o))[()]
                for d, o in zip(drawn, outs, strict=True)]  # fmt: skip
    several = isinstance(delta, tuple | list) or (len(outs) > 1 and np.ndim(delta))
    given = list(delta) if several else [delta]
    expected, got = [np.shape(o) for o in outs], [np.shape(d) for d in given]
    if got != expected:
        raise ValueError(f"delta: expected shapes {expected}, got {got}")
    return given


def _dtype(out: Any) -> Any:
    from proofs.measuring.tangents import is_floating

    dtype = np.asarray(out).dtype
    return dtype if is_floating(dtype) else np.dtype(float)


def own_of(backward: Callable[..., Any]) -> tuple[FunctionType | None, Callable[..., Any]]:
    """The user's function behind a backward pass, and what makes a backward pass of another one."""
    own = unwrap(backward)
    if not isinstance(own, FunctionType):
        return None, lambda other: other
    if own is backward:
        return own, lambda other: other

    def with_method(other: FunctionType) -> Callable[..., Any]:
        @wraps(backward)
        def bound(delta: Any, called: Called, *more: Any) -> Any:
            setattr(called.layer, own.__name__, MethodType(other, called.layer))
            return backward(delta, called, *more)

        return bound

    return own, with_method


@dataclass(frozen=True)
class Rerun:
    """The gradients once more, every step of forward and backward rounded at random to a unit."""

    run: Forward
    backward: Callable[..., Any]
    deltas: Sequence[Any]
    called: Sequence[str]
    """The names of the arguments."""
    wrt: Sequence[Any] | None = None
    own: FunctionType | None = None
    """The user's function that the gradients come of."""
    with_own: Callable[[Any], Callable[..., Any]] = lambda own: own
    """The backward pass, where that function is another."""

    def gradients(self, own: Any, args: tuple[Any, ...], deltas: Sequence[Any]) -> dict[Path, Any]:
        """The gradients of other inputs and errors, if the user's function were another."""
        run = self.run
        if run.random is not None:
            run.random.restore()
        given = replaced(args, {path: np.array(x, float) for path, x in leaves(args).items()})
        with silent(), np.errstate(all="ignore"):
            result = run.function(*given, **replaced((dict(run.how),), {})[0])
            sent = together([copied(d) for d in deltas], result)
            returned = sends_back(self.with_own(own), result, sent, given)
        return matched(returned, run.floats, self.called, self.wrt)[0]

    def __call__(self, eps: float, random: np.random.Generator) -> dict[Path, Any]:
        """The gradients, by the input that they belong to."""
        run, noise = self.run, Noise(eps, random)

        def moved(x: Any) -> Any:
            if isinstance(x, tuple):
                return tuple(map(moved, x))
            return rounded(noise(np.asarray(x, float)), noise)

        if run.random is not None:
            run.random.restore()
        args = replaced(run.args, {path: moved(x) for path, x in run.floats.items()})
        own = OwnNumPy(adopt_with(noise), Rounded)
        with silent(), np.errstate(all="ignore"), seen_as(own, run.modules):
            result = run.function(*args, **replaced((dict(run.how),), {})[0])
            deltas = [moved(d) for d in together(self.deltas, result)]
            returned = sends_back(self.backward, result, deltas, args)
        gradients, _ = matched(returned, run.floats, self.called, self.wrt)
        return {path: np.asarray(g, float).view(np.ndarray) for path, g in gradients.items()}
