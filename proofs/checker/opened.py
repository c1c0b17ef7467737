"""A step of a model as one on a dictionary of the arrays that the model keeps."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, replace
from functools import cached_property
from inspect import signature, unwrap
from itertools import islice
from typing import Any

import numpy as np

from proofs.adapters import slots
from proofs.adapters.layers import RATES, as_given
from proofs.checker.in_variables import Place, gradients_in, places, told, variables
from proofs.checker.layer_report import LayerReport
from proofs.checker.objects import layer_objects
from proofs.checker.one_by_one import is_listed
from proofs.checker.own_updates import NEARLY, Step, own_rate, slopes
from proofs.checker.returned import losses_in_a_row, parts_of, single_numbers
from proofs.checker.unlisted import ids_of_arrays, is_data, returned_names
from proofs.checker.whole_step import Gradients, whole_step
from proofs.measuring.leaves import is_array, leaves, replaced
from proofs.measuring.shared_memory import deep
from proofs.measuring.silence import silent

BESIDE = "beside "
NO_GRADIENT = "arrays of the model that got no gradient: {}"
OWN_UPDATES = (
    "the step returns no gradients: they are what it changes its arrays by, divided by a learning "
    "rate of {:.6g}, which shows in most of them"
)
ANOTHER_RATE = (
    "{} is {:.6g}: if that is the learning rate, each gradient is {:.6g} times that of the loss"
)
OWN_VARIABLES = (
    "the step returns no gradients, and what it does with them is not judged: they are what {} "
    "came to"
)
NOT_COMPARED = "not compared, as no gradient shows, or the loss does not change with it: {}"
CARRIED = "{}: not compared, being a state: what the step sets it to is on the way to the loss"
MOVED = (
    "{}: not compared, as the step changes it and no gradient of it is known: let it return that"
)
UNCLEAR = (
    "{}: not compared, as what the step changes it by may be more than a gradient, as with a "
    "momentum or a rate of its own: let it return the gradients"
)

Found = Callable[[Any, Any, Mapping[str, Any], Mapping[Place, Any]], dict[str, Any]]
"""Gradients: of what a step returned, of the model after it, of its arrays before, of variables."""
Opened = tuple[Step, Any, tuple[str, ...]]
"""A step, what it is given first, and remarks."""


@dataclass(frozen=True)
class OnArrays:
    """A step of a model, and where the model keeps arrays and numbers, by name."""

    step: Step
    model: Any
    named: Mapping[str, slots.Path]

    @cached_property
    def arrays(self) -> dict[str, Any]:
        """The arrays, and the numbers and lists of numbers as arrays."""
        return {key: self.of(self.model, key) for key in self.named}

    @cached_property
    def single(self) -> dict[str, slots.Path]:
        """Where the plain numbers are."""
        return {key: p for key, p in self.named.items() if _is_number(self.model, p)}

    @cached_property
    def several(self) -> dict[str, slots.Path]:
        """Where the arrays are."""
        return {key: p for key, p in self.named.items() if key not in self.single}

    def of(self, model: Any, key: str) -> Any:
        """An array of a model of this kind."""
        path = self.named[key]
        return slots.at(model, path) if _is_array(model, path) else slots.read(model, path)

    def run(self, params: Mapping[str, Any], *data: Any) -> tuple[Any, Any]:
        """What the step returns with other arrays in its model, and the model after it."""
        # Wherever the object has one of them, it has the new one; its buffers take what those do.
        given, own = (*params.values(), *leaves(data).values()), self.arrays.values()
        buffers = {id(x): as_given(x, given, own) for x in own if x.dtype.kind == "f"}
        put = {id(self.arrays[k]): x for k, x in params.items()}
        net = deep(self.model, buffers | put, own, put)
        for key in params:
            if not _is_array(self.model, self.named[key]):
                _put(net, self.named[key], params[key])
        return self.step(net, *data), net

    def by(self, gradients: Found, noted: bool = False) -> Step:
        """The step on a dictionary of its arrays, which returns gradients that are found so."""
        nothing: AbstractContextManager[dict[Place, Any]] = nullcontext({})

        def on_arrays(params: Mapping[str, Any], *data: Any) -> Any:
            if not all(is_array(x) for x in params.values()):
                return self.run(params, *data)[0]  # with tangents, or complex: for its loss
            before = {key: x.copy() for key, x in params.items()}
            with variables(self.model, self.named) if noted else nothing as held:
                returned, net = self.run(params, *data)
            grads = gradients(returned, net, before, held)
            others = [x for x in single_numbers(returned)
                      if not any(x is g for g in grads.values())]  # fmt: skip
            return (*others, grads)

        on_arrays.__wrapped__, on_arrays.model = self.step, self.model  # type: ignore[attr-defined]
        return on_arrays

    def loss(self) -> Step:
        """The step on a dictionary of its arrays, for its loss alone."""
        return self.by(lambda *_: {})

    def updating(self, rate: float = 1.0) -> Step:
        """The step, what it changes its arrays by being gradients times a learning rate."""

        def moved(_: Any, net: Any, before: Mapping[str, Any], __: Any) -> dict[str, Any]:
            after = {key: self.of(net, key) for key in before}
            return {key: (x - (after[key] if after[key].shape == x.shape else x)) / rate
                    for key, x in before.items()}  # fmt: skip

        return self.by(moved)


def opened(
    step: Step, model: Any, data: tuple[Any, ...], holding: bool = False, plain: bool = False,
    hidden: bool = False,
) -> Opened:  # fmt: skip
    """A step on an object that is no layer and holds none, as one on a dictionary of its arrays.

    One `holding` layers too, where none of them takes the error of its output alone; and of a
    `plain` dictionary or list. Its parameters are the arrays that it gives a gradient, returned by
    name or kept beside them, unless those are another thing and its gradients `hidden`; a remark
    names those that it gives none. Anything else is left as it is.
    """
    kept = _has_attributes(model) or (plain and isinstance(model, dict | list | tuple))
    if not kept or (_inner(model) and not holding):
        return step, model, ()
    step, model = _with_sharing(step, model, data)
    own = OnArrays(step, model, _named(model, numbers=_has_attributes(model)))
    several = [*own.several.values()]
    with silent():
        returned, net = own.run(*replaced((own.arrays, *data), {}))
        came = slots.matching(returned, net, several)
        if leaves((returned,)) and not came:
            found = slopes(own.loss(), own.arrays, data, [*own.several], 1)
            read = [own.named[key] for key in found.read] if found else []
            came = slots.matching(returned, net, read)
            several = read if came else several

        def gradients(returned: Any, net: Any, *_: Any) -> dict[str, Any]:
            found = slots.gradients(returned, net, several)
            grads = {k: _array_at(*found[p][:2]) for k, p in own.named.items() if p in found}
            return grads | _of_numbers(own.single, returned, model, net, step)

        given = {} if hidden else gradients(returned, net)
        if not given:
            return (step, model, ()) if losses_in_a_row(returned) else _hidden(own, data, net)
    shapes = {path: own.arrays[key].shape for key, path in own.named.items() if path in several}
    alone = [*slots.without_companions(shapes)]
    rest = [key for key, path in own.named.items() if key not in given and path in alone
            and not str(path[0]).startswith(BESIDE)]  # fmt: skip
    said = (NO_GRADIENT.format(", ".join(rest)),) if rest else ()
    on_arrays = own.by(gradients)
    on_arrays.kept = not came  # type: ignore[attr-defined]
    return on_arrays, {key: x for key, x in own.arrays.items() if key in given}, said


def _moved(step: Step, model: Any, data: tuple[Any, ...]) -> tuple[str, ...]:
    """The arrays that the loss reads and a step changes, but for states that it carries on."""
    own = OnArrays(step, model, _named(model, numbers=False))
    with silent():
        shown = own_rate(own.updating(), own.arrays, data)
    return (*shown.read, *shown.unclear)


def _with_sharing(step: Step, model: Any, data: tuple[Any, ...]) -> tuple[Step, Any]:
    """A step and its model, with the objects that it is given beside, and that keep arrays of that
    model too, as an optimizer does: one does not move without the other.
    """
    beside = {n: x for n, x in enumerate(data)
              if _has_attributes(x) and ids_of_arrays(x) & ids_of_arrays(model)}  # fmt: skip

    def on_both(every: dict[str, Any], *given: Any) -> Any:
        return step(every["model"], *(every.get(f"{BESIDE}{n}", x) for n, x in enumerate(given)))

    on_both.__wrapped__ = step  # type: ignore[attr-defined]
    both = {"model": model} | {f"{BESIDE}{n}": x for n, x in beside.items()}
    return (on_both, both) if beside else (step, model)


def _hidden(own: OnArrays, data: tuple[Any, ...], net: Any) -> Opened:
    """The step, with gradients by what it changes its arrays by, or as variables of it hold them,
    whichever shows more right ones.
    """
    shown = own_rate(own.updating(), own.arrays, data)
    moved = _moved_in(own, net, own.several)
    still = [key for key in own.several if key not in moved and not is_data(key)]
    resting = slopes(own.loss(), own.arrays, data, still, 1) if still else None
    frozen = resting.read if resting else []
    clear = shown.rate and not (shown.unclear or frozen) and shown.right == len(shown.read)
    least = max(shown.right - bool(shown.unclear or frozen), 0)
    found = None if clear else _in_variables(own, data, net, least)
    if not found and not shown.rate:
        return own.step, own.model, ()
    updating = own.updating(shown.rate or 1.0)
    updating.unclear = tuple(map(UNCLEAR.format, shown.unclear))  # type: ignore[attr-defined]
    said = (OWN_UPDATES.format(shown.rate), *_another_rate(own, data, shown.rate),
            *map(CARRIED.format, shown.carried))  # fmt: skip
    step, arrays, said = found or (updating, {k: own.arrays[k] for k in shown.read}, said)
    # A state of an optimizer has the shape of what it is of.
    shapes = {own.arrays[key].shape for key in arrays}
    known = {*arrays, *shown.carried, *shown.unclear}
    rest = [*frozen, *(key for key in moved if own.arrays[key].shape not in shapes)]
    rest = [key for key in rest if key not in known and not key.startswith(BESIDE)]
    return step, arrays, (*said, *([NOT_COMPARED.format(", ".join(rest))] if rest else []))


def _another_rate(own: OnArrays, data: tuple[Any, ...], rate: float) -> list[str]:
    """What is to be said where the model, or an argument of its step, names another rate."""
    named = dict(getattr(own.model, "__dict__", {}))
    for given in ((own.model, *data), data):
        with suppress(Exception):  # it does not take that
            bound = signature(unwrap(own.step)).bind(*given)
            bound.apply_defaults()
            named |= bound.arguments
    rates = {n: x for n, x in named.items() if n.lower() in RATES and isinstance(x, float) and x}
    if not rate or any(abs(x - rate) <= NEARLY * rate for x in rates.values()):
        return []
    return [ANOTHER_RATE.format(name, x, rate / x) for name, x in islice(rates.items(), 1)]


def _moved_in(own: OnArrays, net: Any, keys: Iterable[str]) -> list[str]:
    """Those arrays that are others in the model after the step."""
    return [key for key in keys if not np.array_equal(own.arrays[key], own.of(net, key))]


def _in_variables(own: OnArrays, data: tuple[Any, ...], net: Any, right: int) -> Opened | None:
    """The step, with gradients that its variables hold, if more than so many of those are right."""
    found = slopes(own.loss(), own.arrays, data, [*own.arrays])
    if found is None:
        return None
    with variables(own.model, own.named) as held:
        own.run(*replaced((own.arrays, *data), {}))
    for keys in (found.read, _moved_in(own, net, found.read)):  # what is frozen may have none
        named = {key: own.named[key] for key in keys}
        where, more = places(held, own.model, named, found)
        if more > right:
            break
    else:
        return None

    def gradients(_: Any, __: Any, ___: Any, held: Mapping[Place, Any]) -> dict[str, Any]:
        return {key: gradients_in(held, place, own.model, {key: named[key]})[key]
                for key, place in where.items()}  # fmt: skip

    keeping = own.by(gradients, noted=True)
    keeping.unclear = ()  # type: ignore[attr-defined]
    said = (OWN_VARIABLES.format(told(where, held)),)
    return keeping, {key: own.arrays[key] for key in where}, said


def _named(model: Any, numbers: bool) -> dict[str, slots.Path]:
    """Where a model keeps arrays, or lists if there are none, and numbers, by names that tell them
    apart.
    """
    paths = [path for path in slots.places(model) if _is_array(model, path)]
    paths = paths or [path for path in slots.places(model) if numbers and _is_listed(model, path)]
    paths += [path for path in slots.places(model) if numbers and _is_number(model, path)]
    shorts = [slots.short(path) for path in paths]
    return {
        short if shorts.count(short) == 1 else slots.dotted(path): path
        for short, path in zip(shorts, paths, strict=True)
    }


def _put(model: Any, path: slots.Path, x: Any) -> None:
    """Put numbers, which may carry tangents, where a model keeps them in lists or one by one."""
    if ... in path:
        n = path.index(...)
        for k, item in enumerate(slots.at(model, path[:n])):
            _put(item, path[n + 1 :], x[k])
    else:
        slots.put(slots.at(model, path[:-1]), path[-1], _in_lists(x))


def _in_lists(x: Any) -> Any:
    return [_in_lists(x[n]) for n in range(len(x))] if x.ndim else x[()]


def _array_at(x: Any, path: slots.Path) -> Any:
    """A gradient that is an array, or a list of numbers as one."""
    found = None if ... in path else slots.at(x, path)
    return found if is_array(found) else slots.read(x, path)


def _is_listed(model: Any, path: slots.Path) -> bool:
    """Whether plain numbers are kept in a list, or one by one in a list of neurons."""
    if ... in path:
        n = path.index(...)
        first = slots.at(model, path[:n])[0]
        return isinstance(slots.at(first, path[n + 1 :]), float) or _is_listed(first, path[n + 1 :])
    return is_listed(slots.at(model, path))


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


def _is_array(model: Any, path: slots.Path) -> bool:
    return ... not in path and is_array(slots.at(model, path))


def of_its_own_arrays(
    step: Step, args: tuple[Any, ...], gradients: Gradients, seed: int, budget: float, until: float
) -> LayerReport:
    """The report on the arrays that a model keeps beside its layers, the step taken as a whole."""
    model, *data = args
    inner = _inner(model)
    if not inner or not _has_attributes(model):
        return LayerReport()
    of_layers = set[int]().union(*map(ids_of_arrays, inner))
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
    lost = [key for key in _moved(step, model, tuple(data)) if key in rest] if rest else []
    rest = [name for name in rest if name not in lost]
    said = (NO_GRADIENT.format(", ".join(rest)),) if rest else ()
    if not own:
        return LayerReport((), tuple(map(MOVED.format, lost)), said)

    def on_own(params: Mapping[str, Any], *data: Any) -> Any:
        others = {key: x.copy() for key, x in arrays.items() if key not in own}
        result = on_arrays({**others, **params}, *data)
        if not all(is_array(x) for x in params.values()):
            return result
        *numbers, grads = result
        return (*numbers, {key: g for key, g in grads.items() if key in own})

    on_own.__wrapped__ = on_arrays  # type: ignore[attr-defined]
    hidden = hasattr(on_arrays, "unclear")
    report = whole_step(on_own, (own, *data), gradients, seed, budget, until, hidden)
    problems = (*report.problems, *map(MOVED.format, lost))
    return replace(report, problems=problems, remarks=(*said, *report.remarks))
