"""A training step without layers that could be told apart: its gradients against its own loss."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from inspect import unwrap
from types import FunctionType
from typing import Any

import numpy as np

from proofs.adapters import slots
from proofs.adapters.layers import as_given
from proofs.checker.call import Call
from proofs.checker.check_layer import explained
from proofs.checker.gradients import Misfit, name_of
from proofs.checker.layer_report import LayerReport, Row, joined
from proofs.checker.objects import layer_objects
from proofs.checker.other_code import with_code_of
from proofs.checker.passes import Rerun, outputs
from proofs.checker.returned import (
    duals,
    loss_of,
    losses_in_a_row,
    parts_of,
    single_numbers,
)
from proofs.checker.unlisted import returned_names
from proofs.measuring.jacobian import Forward, along
from proofs.measuring.leaves import Path, is_array, leaves, replaced
from proofs.measuring.random_state import RandomState
from proofs.measuring.silence import silent

Step = Callable[..., Any]
Gradients = Callable[[Any, Any], tuple[dict[Path, Any], list[Misfit]]]

WAYS = 4
"""A learning rate must be the same along this many random directions."""

DIGITS, SHORT = 3, 1e-5
"""A learning rate of so few digits is meant, where the loss shows it but for a small constant."""

NO_GRADIENT = "arrays of the model that got no gradient: {}"

NEARLY = 1e-4
"""By up to this part of itself; weights in single precision have lost more digits of an update."""


def opened(
    step: Step, model: Any, data: tuple[Any, ...], holding: bool = False
) -> tuple[Step, Any, tuple[str, ...]]:
    """A step on an object that is no layer and holds none, as one on a dictionary of its arrays.

    One `holding` layers too, where none of them takes the error of its output alone.

    Its parameters are the arrays that it gives a gradient, returned by name or kept beside them;
    a remark names those that it gives none. Anything else is left as it is.
    """
    if not _has_attributes(model) or (_inner(model) and not holding):
        return step, model, ()
    paths = [path for path in slots.places(model) if _is_array(model, path)]
    paths += [path for path in slots.places(model) if _is_number(model, path)]
    shorts = [slots.short(path) for path in paths]
    named = {
        short if shorts.count(short) == 1 else slots.dotted(path): path
        for short, path in zip(shorts, paths, strict=True)
    }
    arrays = {key: np.asarray(slots.at(model, path)) for key, path in named.items()}
    single = {key: path for key, path in named.items() if _is_number(model, path)}
    several = [path for key, path in named.items() if key not in single]

    def run(params: Mapping[str, Any], *data: Any) -> tuple[Any, Any]:
        # Wherever the object has one of them, it has the new one; its buffers take what those do.
        given, own = (*params.values(), *leaves(data).values()), arrays.values()
        buffers = {id(x): as_given(x, given, own) for x in own if x.dtype.kind == "f"}
        net = deepcopy(model, buffers | {id(arrays[key]): x for key, x in params.items()})
        for key, path in single.items():
            if key in params:
                slots.put(slots.at(net, path[:-1]), path[-1], params[key][()])
        return step(net, *data), net

    def gradients(returned: Any, net: Any) -> dict[str, Any]:
        found = slots.gradients(returned, net, several)
        grads = {key: slots.at(*found[path][:2]) for key, path in named.items() if path in found}
        return grads | _of_numbers(single, returned, model, net, step)

    def on_arrays(params: Mapping[str, Any], *data: Any) -> Any:
        returned, net = run(params, *data)
        if not all(is_array(x) for x in params.values()):
            return returned  # with tangents, or complex: for the sake of the loss
        grads = gradients(returned, net)
        others = (x for x in single_numbers(returned) if not any(x is g for g in grads.values()))
        return (*others, grads)

    def by_its_updates(rate: float) -> Step:
        def updating(params: Mapping[str, Any], *data: Any) -> Any:
            before = {key: x.copy() for key, x in params.items()}
            returned, net = run(params, *data)
            if not all(is_array(x) for x in params.values()):
                return returned
            after = {key: np.asarray(slots.at(net, named[key])) for key in before}
            moved = {key: (x - (after[key] if after[key].shape == x.shape else x)) / rate
                     for key, x in before.items()}  # fmt: skip
            return (*single_numbers(returned), moved)

        return _of_model(updating, step, model)

    on_arrays = _of_model(on_arrays, step, model)
    with silent():
        returned, net = run(*replaced((arrays, *data), {}))
        if leaves((returned,)) and not slots.matching(returned, net, several):
            read = [named[key] for key in _read(on_arrays, arrays, data) if key not in single]
            several = read if slots.matching(returned, net, read) else several
        given = gradients(returned, net)
        none = given or losses_in_a_row(returned)
        shown = OwnRate() if none else own_rate(by_its_updates(1.0), arrays, data)
    if shown.rate:
        learnt = {key: arrays[key] for key in shown.read}
        said = (OWN_UPDATES.format(shown.rate), *map(CARRIED.format, shown.carried))
        return by_its_updates(shown.rate), learnt, said
    if not given:
        return step, model, ()
    alone = [*slots.without_companions({path: slots.at(model, path).shape for path in several})]
    rest = [key for key, path in named.items() if key not in given and path in alone]
    said = (NO_GRADIENT.format(", ".join(rest)),) if rest else ()
    return on_arrays, {key: x for key, x in arrays.items() if key in given}, said


def _is_number(model: Any, path: slots.Path) -> bool:
    """Whether it is a plain number that an object keeps as an attribute."""
    named = ... not in path and isinstance(path[-1], str)
    return named and isinstance(slots.at(model, path), float)


def _is_single(x: Any) -> bool:
    return isinstance(x, float) or (is_array(x) and not x.ndim)


def _of_numbers(
    single: Mapping[str, slots.Path], returned: Any, model: Any, net: Any, step: Step
) -> dict[str, Any]:
    """The gradients of plain numbers, returned or kept by name: dw0 is that of w0.

    What stands there as it did before the step, as a dt beside t, is none.
    """
    if not single:
        return {}
    before = vars(model)
    found = {name: x for name, x in vars(net).items()
             if _is_single(x) and slots.undecorated(name) != name
             and x != before.get(name)}  # fmt: skip
    for part in parts_of(returned):
        found |= part if isinstance(part, dict) else {}
    if isinstance(returned, tuple):
        found |= zip(returned_names(step), returned, strict=False)
    grads = {slots.undecorated(str(n)): x for n, x in found.items() if _is_single(x)}
    return {key: grads[key] for key in single if key in grads}


def _has_attributes(model: Any) -> bool:
    """Whether it is an object that keeps things, and no dictionary or list of them."""
    return hasattr(model, "__dict__") and not isinstance(model, dict | list | tuple)


def _inner(model: Any) -> list[Any]:
    """The layers that a model holds, but itself."""
    return [layer for _, layer in layer_objects(model) if layer is not model]


OWN_UPDATES = (
    "the step returns no gradients: they are what it changes its arrays by, divided by a learning "
    "rate of {:.6g}, which shows in most of them"
)


CARRIED = "{}: not compared, being a state: what the step sets it to is on the way to the loss"


def of_its_own_arrays(
    step: Step, args: tuple[Any, ...], gradients: Gradients, seed: int, budget: float, until: float
) -> LayerReport:
    """The report on the arrays that a model keeps beside its layers, the step taken as a whole."""
    model, *data = args
    inner = _inner(model)
    if not inner or not _has_attributes(model):
        return LayerReport()
    of_layers = {id(slots.at(layer, path)) for layer in inner for path in slots.places(layer)
                 if ... not in path}  # fmt: skip
    kept = [slots.at(model, path) for path in slots.places(model) if _is_array(model, path)]
    if all(id(x) in of_layers for x in (*kept, *filter(is_array, vars(model).values()))):
        return LayerReport()  # the step need not run once more
    on_arrays, arrays, _ = opened(step, model, tuple(data), holding=True)
    given = {} if arrays is model else arrays
    own = {key: x for key, x in given.items() if id(x) not in of_layers}
    used = of_layers | {id(x) for x in own.values()}
    shapes = {(name,): x.shape for name, x in vars(model).items() if is_array(x)}
    rest = [
        name for (name,) in slots.without_companions(shapes) if id(vars(model)[name]) not in used
    ]
    said = (NO_GRADIENT.format(", ".join(rest)),) if rest else ()
    if not own:
        return LayerReport((), (), said)

    def on_own(params: Mapping[str, Any], *data: Any) -> Any:
        others = {key: x.copy() for key, x in arrays.items() if key not in own}
        result = on_arrays({**others, **params}, *data)
        if not all(is_array(x) for x in params.values()):
            return result
        *numbers, grads = result
        return (*numbers, {key: g for key, g in grads.items() if key in own})

    on_own.__wrapped__ = on_arrays  # type: ignore[attr-defined]
    report = whole_step(on_own, (own, *data), gradients, seed, budget, until)
    return replace(report, remarks=(*said, *report.remarks))


def _of_model(on_arrays: Step, step: Step, model: Any) -> Step:
    """A step on arrays that says whose step it is, and of which object."""
    on_arrays.__wrapped__, on_arrays.model = step, model  # type: ignore[attr-defined]
    return on_arrays


@dataclass(frozen=True)
class OwnRate:
    """What a step changes its arrays by: a learning rate, times gradients."""

    rate: float = 0.0
    """The one at which most arrays move along the gradient of the loss; 0 if none moves so."""
    read: tuple[str, ...] = ()
    """The arrays that move and that the loss reads."""
    carried: tuple[str, ...] = ()
    """Those, too, but states: what they are after the step was on the way to its loss."""


def own_rate(updating: Step, arrays: Mapping[str, Any], data: tuple[Any, ...]) -> OwnRate:
    """The learning rate that a step shows. A step `updating` returns x - (x after it), for each
    array x.
    """
    moved = updating(*replaced((arrays, *data), {}))[-1]
    own = {key: x for key, x in arrays.items() if np.any(moved[key]) and x.dtype.kind == "f"}
    run, random = _to_the_loss(updating, (own, *data)), np.random.default_rng(0)
    ways = {path: np.zeros((WAYS * len(own), *x.shape)) for path, x in run.floats.items()}
    places = {key: slice(WAYS * n, WAYS * (n + 1)) for n, key in enumerate(own)}
    for key, x in own.items():
        ways[0, key][places[key]] = random.standard_normal((WAYS, *x.shape))
    try:
        ((loss,), _) = run.pushed(ways)
        slopes = np.asarray(loss.t, float).ravel()
    except Exception:  # its own words are said where it is run
        return OwnRate()
    read = [key for key in own if slopes[places[key]].any()]
    rates = {}
    for key in read:
        along = np.tensordot(ways[0, key][places[key]], moved[key], own[key].ndim)
        with np.errstate(all="ignore"):
            each = along / slopes[places[key]]
        if each[0] > 0 and np.allclose(each, each[0], rtol=NEARLY):
            rates[key] = float(each[0])
    alike = [[key for key, other in rates.items() if abs(rate - other) <= NEARLY * rate]
             for rate in rates.values()]  # fmt: skip
    most = max(alike, key=len, default=[])
    rate = _sharpened(run, {key: moved[key] for key in most}) if most else 0.0
    others = {key: own[key] - moved[key] for key in read if key not in most}
    carried = _carried(run, others) if rate and others else ()
    return OwnRate(rate, tuple(key for key in read if key not in carried), carried)


def _read(step: Step, arrays: Mapping[str, Any], data: tuple[Any, ...]) -> list[str]:
    """The arrays of a model that the loss of its step reads, which no momentum is."""
    run, random = _to_the_loss(step, (arrays, *data)), np.random.default_rng(0)
    ways = {path: np.zeros((len(arrays), *x.shape)) for path, x in run.floats.items()}
    floats = [key for key in arrays if (0, key) in ways]
    for n, key in enumerate(floats):
        ways[0, key][n] = random.standard_normal(arrays[key].shape)
    try:
        ((loss,), _) = run.pushed(ways)
        return [key for n, key in enumerate(floats) if loss.t.ravel()[n]]
    except Exception:  # its own words are said where it is run
        return []


def _carried(run: Forward, after: Mapping[str, Any]) -> tuple[str, ...]:
    """Which arrays were on the way to the loss as they are after a step: states, carried on.

    No loss reads what its own gradient has changed.
    """

    def on_the_way(x: Any) -> bool:
        ways = {path: np.zeros((1, *other.shape)) for path, other in run.floats.items()}
        ((loss,), _) = run.pushed(ways, composite=_Starts([x]))
        return loss.t is not None and bool(np.any(loss.t))

    return tuple(key for key, x in after.items() if np.any(x) and on_the_way(x))


def _sharpened(run: Forward, moved: Mapping[str, Any]) -> float:
    """The learning rate to the last digit, of arrays that move along the gradient.

    Along that no digits cancel; and the fewer an update has cost an array, the more it counts.
    Single numbers alone, which always do, show none but a written one: 0 otherwise.
    """
    ways = {path: np.zeros((len(moved), *x.shape)) for path, x in run.floats.items()}
    for n, (key, x) in enumerate(moved.items()):
        ways[0, key][n] = x
    ((loss,), _) = run.pushed(ways)
    lost = [float(np.square(run.floats[0, key]).max() + np.square(x).max())
            for key, x in moved.items()]  # fmt: skip
    squares = [float(np.square(x).sum()) for x in moved.values()]
    rate = float(np.sum(np.divide(squares, lost)) / np.sum(np.divide(loss.t.ravel(), lost)))
    written = float(f"{rate:.{DIGITS}g}")
    if abs(written - rate) <= SHORT * rate:
        return written
    return rate if any(np.size(x) > 1 for x in moved.values()) else 0.0


def _is_array(model: Any, path: slots.Path) -> bool:
    return ... not in path and is_array(slots.at(model, path))


def whole_step(
    step: Step,
    args: tuple[Any, ...],
    gradients_of: Gradients,
    seed: int,
    budget: float,
    until: float = 0.0,
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
    report = explained(call, seed, budget, until)
    given = {*gradients, *(misfit.path for misfit in loose)}
    missing = [name_of(path, ["params"]) for path in leaves((params,)) if path not in given]
    rows = [Row("step", f"d{name}", np.inf, 0.0, "no gradient was returned") for name in missing]
    return joined([report, LayerReport(tuple(rows))])


def _to_the_loss(step: Step, args: tuple[Any, ...]) -> Forward:
    """A step as what leads from its arrays to its loss."""
    return Forward(step, args, {}, lambda result: (loss_of(result),), RandomState(step))


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

    A clip may add a small constant to the length that it divides by. What is divided by a whole
    number is no clip.
    """
    length = float(np.sqrt(sum(float(np.sum(np.square(g))) for g in gradients.values())))
    written = float(f"{length:.{DIGITS - 1}g}")
    if not length or abs(written - length) > SHORT * length:
        return 0.0
    arrays = {path: np.asarray(g, float) for path, g in gradients.items()}
    factor = _common_factor(step, args, arrays)
    cut = 0 < factor < 1 and abs(1 / factor - round(1 / factor)) > NEARLY
    return written if cut else 0.0


def _common_factor(step: Step, args: tuple[Any, ...], arrays: Mapping[Path, Any]) -> float:
    """How many times the gradients of the loss some arrays are together, 0 if there is no such
    factor: along any direction it is the same.
    """
    run, random = _to_the_loss(step, args), np.random.default_rng(0)
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
            others = {path: x * np.linspace(least, 1, x.size).reshape(x.shape) if x.size > 1
                      else x * least for path, x in leaves(args[:1]).items()}  # fmt: skip
            params = replaced(args[:1], others)
            with silent():
                losses.append(loss_of(step(*params, *replaced(args[1:], {}))))
    except Exception:  # it reads them, and will not have others
        return False
    return losses[0] is not None and bool(np.array_equal(*losses))


def unmoved(step: Step, args: tuple[Any, ...]) -> bool:
    """Whether no array moves the loss by tangents: it is rounded, or came out of a text."""
    random = np.random.default_rng(0)
    run = _to_the_loss(step, args)
    directions = {path: random.standard_normal((1, *x.shape)) for path, x in run.floats.items()}
    try:
        return bool(directions) and not np.any(along(run, directions)[0][0])
    except Exception:  # its own words are said where it is run
        return False


@dataclass(frozen=True)
class _Starts:
    """Where the tangents of a run start: at the steps that come to some arrays, one for each."""

    arrays: list[Any]

    def through(self, here: Any, v: Any, t: Any) -> Any:
        """The tangents of what a step came to."""
        for n, x in enumerate(self.arrays):
            if x.shape == v.shape and np.allclose(v, x, rtol=1e-9, atol=0):
                t = np.zeros_like(t)
                t[n] = 1
        return t


def updated(step: Step, args: tuple[Any, ...], gradients: Mapping[Path, Any]) -> bool:
    """Whether every gradient of a step moves its loss: it is that of other parameters.

    It moves with the parameters as well then, while the gradients are held: where an error on the
    way to the loss has the numbers of a gradient, it does not.
    """
    arrays = [np.asarray(g, float) for g in gradients.values() if np.any(g)]
    run, random = _to_the_loss(step, args), np.random.default_rng(0)
    ways = {path: np.zeros((len(arrays) + 1, *x.shape)) for path, x in run.floats.items()}
    for path in leaves(args[:1]):
        ways[path][-1] = random.standard_normal(ways[path].shape[1:])
    try:
        ((loss,), _) = run.pushed(ways, composite=_Starts(arrays))
    except Exception:  # its own words are said where it is run
        return False
    return bool(arrays) and loss.t is not None and bool(loss.t.all())
