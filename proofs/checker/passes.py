"""One call of a pair of functions: how they are called, and what each returned."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from inspect import Parameter, Signature, signature, unwrap
from types import FunctionType, MethodType
from typing import Any

import numpy as np

from proofs.adapters.layers import Called, is_cache, methods_of
from proofs.checker.call import Call
from proofs.checker.gradients import declared, learnt, matched, names
from proofs.checker.layer_report import LayerReport
from proofs.measuring.callsites import ends_in_ours, is_ours, said_where, why
from proofs.measuring.jacobian import Forward
from proofs.measuring.leaves import Path, copied, leaves, replaced
from proofs.measuring.own_numpy import OwnNumPy, seen_as
from proofs.measuring.precision import coarser, coarsest
from proofs.measuring.random_state import RandomState, drawn_apart
from proofs.measuring.rounded_steps import Noise, Rounded, adopt_with, rounded
from proofs.measuring.silence import ExitedError, silent, unending

FROZEN_LAYER = "{}: its parameters were not compared, being frozen by an attribute of it"
UNSEEN = "{}: no gradient was found for {}"
PLAIN = (
    "{}: {} not compared, being plain numbers: keep each as an array of the shape of its gradient"
)
NOTHING = "{}: backward returned None, expected the gradients"
NO_GRADIENT = (
    "{}: no gradient was found: let backward return them, or keep them as attributes that are "
    "called dx, dW, grad_W or grads['W']"
)


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
    return tuple(x for out in outs for x in (out if several(out) else (out,)))


def together(
    each: Sequence[Any], result: Any, join: Callable[[Any, Any], Any] | None = None
) -> list[Any]:
    """What was taken apart, joined where the outputs of a result stand together."""
    rest, outs = iter(each), split(result)[0]
    return [(join or _as_one)([next(rest) for _ in out], out) if several(out) else next(rest)
            for out in outs]  # fmt: skip


def several(out: Any) -> bool:
    """Whether an output is several arrays that stand together."""
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


def by_name(
    forward: Callable[..., Any], backward: Callable[..., Any], errors: int, how: Mapping[str, Any]
) -> Callable[..., Any]:
    """A backward pass that is handed no cache, but what forward was given, as one that asks for
    all of that in its order.

    It gets by name what has a name of forward's arguments, and for the others the rest in order.
    """
    known = [p.name for p in declared(forward) or ()]
    asked = [p.name for p in (declared(backward) or ())[errors:]
             if p.name in known or p.default is p.empty]  # fmt: skip
    others = [name for name in asked if name not in known]
    same = asked == known[: len(asked)] or len(others) == len(asked)
    if same or len(others) > len({*known} - {*asked}):
        return backward

    @wraps(backward)
    def asking(*given: Any) -> Any:
        bound = signature(forward).bind(*given[errors:], **how)
        bound.apply_defaults()
        rest = (x for name, x in bound.arguments.items() if name not in asked)
        values = {name: bound.arguments[name] if name in known else next(rest) for name in asked}
        return backward(*given[:errors], **values)

    every = Parameter("given", Parameter.VAR_POSITIONAL)
    asking.__signature__ = Signature([every])  # type: ignore[attr-defined]
    asking.of_another = lambda own: by_name(forward, own, errors, how)  # type: ignore[attr-defined]
    return asking


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
    return is_cache(first)


def _kind(x: Any) -> str:
    return f"an array of {x.dtype}" if isinstance(x, np.ndarray) else type(x).__name__


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
        came = ", ".join(dict.fromkeys(_kind(x) for x in inputs)) or "no inputs"
        raise TypeError(
            f"expected an array of floating-point numbers among the inputs, got {came}; "
            "whole numbers have no derivative: say x.astype(float), or 3.0 for 3"
        )
    try:
        with unending():
            result = forward(*kept, **replaced((how,), {})[0])
        outs = outputs(result)
    except Exception as error:
        return None, raised(f"{title}: forward", error)
    deltas = _deltas(outs, delta, seed)
    given = together([copied(d) for d in deltas], result)
    if not split(result)[2]:
        backward = by_name(forward, backward, len(given), how)
    same = [copied(d) for d in given]
    try:
        with unending():
            returned = sends_back(backward, result, given, kept)
    except Exception as error:
        return None, raised(f"{title}: backward", error)
    state.note_draws()
    inputs = replaced(inputs, learnt(returned, inputs, called, wrt))
    gradients, loose = matched(returned, leaves(inputs), called, wrt)
    numbers = {path: np.array(g) for path, g in gradients.items()}  # the next run may change them
    run = Forward(forward, inputs, how, outputs, state)
    rerun = Rerun(run, backward, deltas, called, wrt, *own_of(backward))
    call = Call(title, run, tuple(deltas), numbers, called, rerun, loose, backward=backward,
                plainly=rerun)  # fmt: skip
    remarks = tuple(_remarks(title, call, same, given))
    return call, LayerReport((), _nothing(title, returned, call), remarks)


def refused(what: str, error: Exception) -> LayerReport:
    """What is said where the user's code raised when it ran again; an error of ours is raised.

    Below a line of the user's, which had run before, it is told for what it is.
    """
    if is_ours(error):
        raise error
    if ends_in_ours(error):
        return LayerReport((), (f"{what} was not judged: {why(error)}",))
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
    if anew := getattr(backward, "of_another", None):
        return own, anew

    def with_method(other: FunctionType) -> Callable[..., Any]:
        @wraps(backward)
        def bound(delta: Any, called: Called, *more: Any) -> Any:
            name = (methods_of(type(called.layer)) or ("", own.__name__))[1]
            setattr(called.layer, name, MethodType(other, called.layer))
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
    casts: set[Any] = field(default_factory=set)
    """The types that the code asked for, of which none was made."""

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
        noise.casts = self.casts

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
        return {path: np.array(g, float).view(np.ndarray) for path, g in gradients.items()}
