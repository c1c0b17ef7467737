"""Models whose parameters are tensors of an automatic differentiation of somebody's own.

Such a tensor keeps a number or an array beside its gradient; its class has the backward pass.
"""

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cached_property
from types import MethodType, SimpleNamespace
from typing import Any

import numpy as np

from proofs.adapters.layers import as_given
from proofs.adapters.slots import names_of_tensor
from proofs.checker.objects import holds, is_object, parts
from proofs.checker.own_updates import own_rate
from proofs.checker.returned import duals
from proofs.checker.unlisted import in_place_of, known_by_name, names_of
from proofs.measuring.leaves import is_array, leaves, replaced
from proofs.measuring.silence import silent

Step = Callable[..., Any]
Names = Mapping[type, tuple[str, str]]
"""How tensors of a class call their numbers, and their gradient."""


def tensors(x: Any, place: str = "", seen: set[int] | None = None) -> Iterator[tuple[str, Any]]:
    """Every tensor within x, with the place it is kept at; not those that a tensor is made of."""
    seen = set() if seen is None else seen
    if id(x) in seen:
        return
    seen.add(id(x))
    own = is_object(x)
    if own and names_of_tensor(x):
        yield place.lstrip("."), x
        return
    for key, item in parts(x, own):
        where = f"[{key}]" if isinstance(x, list | tuple) else f".{key}"
        yield from tensors(item, f"{place}{where}", seen)


def _holds_tensors(x: Any) -> bool:
    return next(tensors(x), None) is not None


@dataclass(frozen=True)
class OwnTensors:
    """A step, what holds the tensors that it learns, and what else it is given."""

    step: Step
    model: Any
    data: tuple[Any, ...]
    at: int | None
    """Where among its arguments the step takes the model; None if its code has names for it."""
    around: Mapping[str, Any]
    """What else its code has names for that holds tensors."""
    title: str
    """What it calls the model."""
    names: Names
    learnt: tuple[str, ...]
    """The places of the tensors that get a gradient."""
    rate: float = 0.0
    """The learning rate by which the gradients are read off an update; 0 if tensors keep them."""

    @cached_property
    def args(self) -> tuple[Any, ...]:
        """The arrays of the tensors by their places, and the data."""
        kept = self.kept(self.model)
        arrays = {name: number_of(kept[name], self.names) for name in self.learnt}
        return ({n: np.array(x, getattr(x, "dtype", float)) for n, x in arrays.items()}, *self.data)

    def kept(self, model: Any) -> dict[str, Any]:
        """The tensors of the model, or of a copy, by their places."""
        return {f"{self.title}{place}" if place[:1] in ("", "[") else place: t
                for place, t in tensors(model)}  # fmt: skip

    @property
    def on_arrays(self) -> Step:
        """The step on these: it returns what it returns, its loss among that, and the gradients of
        the tensors if the arrays are plain ones."""

        def on_arrays(params: Mapping[str, Any], *data: Any) -> tuple[Any, ...]:
            returned, kept = self.run(params, *data)
            if not all(map(is_array, params.values())):
                return returned
            return *returned, self.gradients(params, kept)

        on_arrays.__wrapped__, on_arrays.model = self.step, self.model  # type: ignore[attr-defined]
        return on_arrays

    def gradients(self, before: Mapping[str, Any], kept: Mapping[str, Any]) -> dict[str, Any]:
        """The gradients after a run, of which the numbers before it and the tensors are given."""
        if not self.rate:
            return {name: gradient_of(kept[name], self.names) for name in before}
        now = {name: number_of(kept[name], self.names) for name in before}
        return {name: (x - now[name]) / self.rate for name, x in before.items()}

    def run(self, params: Mapping[str, Any], *data: Any) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """What the step returns, numbers for tensors, and the tensors of the model after it; all
        of it on copies."""
        held = [x for x in data if _holds_tensors(x)]
        model, around, held = deepcopy((self.model, dict(self.around), held))
        copied = iter(held)
        rest = [next(copied) if _holds_tensors(x) else x for x in data]
        kept = self.kept(model)
        given = (*params.values(), *leaves(data).values(), *(x for _, x in duals(data)))
        for _, t in tensors((model, around, held)):  # both take tangents, where others do
            for name in _names(t, self.names):
                if is_array(x := getattr(t, name, None)):
                    setattr(t, name, as_given(x, given, (x,)))
        for name, x in params.items():  # copies, for an update may be in place
            set_number(kept[name], x.copy(), self.names)
        if self.at is None:
            around |= vars(model)
        else:
            rest.insert(self.at, model)
        with in_place_of({**self.around, **self._by_name}, around, self.step):
            returned = self.step(*rest)
        several = returned if isinstance(returned, tuple | list) else (returned,)
        return tuple(number_of(x, self.names) for x in several), kept

    @property
    def _by_name(self) -> dict[str, Any]:
        return {} if self.at is not None else vars(self.model)


def own_tensors(step: Any, args: tuple[Any, ...]) -> OwnTensors | None:
    """A step on tensors of somebody's own, which the first argument that holds some keeps, or the
    object that it is a method of, or what its code has a name for; None if there are none.

    Where layers are objects the tensors are theirs.
    """
    if any(map(holds, args)):
        return None
    if isinstance(step, MethodType) and _holds_tensors(step.__self__):
        step, args = step.__func__, (step.__self__, *args)
    at = next((n for n, x in enumerate(args) if _holds_tensors(x)), None)
    around = {name: x for name, x in known_by_name(step).items() if _holds_tensors(x)}
    if at is None and not around:
        return None
    model = SimpleNamespace(**around) if at is None else args[at]
    data = args if at is None else (*args[:at], *args[at + 1 :])
    every = dict(tensors((model, around, data)))
    names = {kind: found for t in every.values() if (found := names_of_tensor(t))
             for kind in type(t).__mro__ if kind.__module__ == type(t).__module__}  # fmt: skip
    called = names_of(step)
    title = called[at] if at is not None and at < len(called) else "params"
    own = OwnTensors(step, model, data, at, {} if at is None else around, title, names, ())
    try:
        with silent():
            _, kept = own.run({}, *replaced(data, {}))
    except Exception:  # it is called again, and then that is told
        return replace(own, learnt=tuple(own.kept(model)))
    gradients = {n: gradient_of(t, names) for n, t in kept.items()}
    learnt = tuple(n for n, g in gradients.items() if g is not None)
    if any(np.any(gradients[n]) for n in learnt):
        return replace(own, learnt=learnt)
    before = own.kept(model)
    moved = (n for n, t in kept.items()
             if np.any(number_of(t, names) != number_of(before[n], names)))  # fmt: skip
    return _of_updates(replace(own, learnt=tuple(moved))) or replace(own, learnt=learnt)


def _of_updates(own: OwnTensors) -> OwnTensors | None:
    """A step that ends with no gradients, being set to 0 again: they are read off its update.

    None if there is no update; it learns nothing if that is not along a gradient.
    """
    if not own.learnt:
        return None
    arrays, *data = own.args
    shown = own_rate(replace(own, rate=1.0).on_arrays, arrays, tuple(data))
    return replace(own, learnt=shown.read if shown.rate else (), rate=shown.rate)


def is_tensor(x: Any, names: Names) -> bool:
    """Whether it is a tensor of one of these classes, or of one that is made of them."""
    return any(kind in names for kind in type(x).__mro__)


def _names(x: Any, names: Names) -> tuple[str, str]:
    return next(names[kind] for kind in type(x).__mro__ if kind in names)


def number_of(x: Any, names: Names) -> Any:
    """The number or array of a tensor; anything else as it is."""
    return getattr(x, _names(x, names)[0]) if is_tensor(x, names) else x


def set_number(x: Any, number: Any, names: Names) -> None:
    """Give a tensor another number or array; its gradient is left as it is."""
    value, gradient = _names(x, names)
    before = getattr(x, gradient, None)
    setattr(x, value, number)
    if getattr(x, gradient, None) is not before:  # a property may drop it
        setattr(x, gradient, before)


def gradient_of(x: Any, names: Names) -> Any:
    """The gradient of a tensor; one that is a tensor itself is its numbers."""
    gradient = getattr(x, _names(x, names)[1], None)  # some have none, as inputs have
    return None if gradient is None else np.asarray(number_of(gradient, names), float)
