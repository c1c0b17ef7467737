"""A training step that runs once and is watched: what each layer was given, and what it sent back.

The user's functions are replaced by ones that take notes, wherever their modules name them.
"""

import copy
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from inspect import signature
from types import FunctionType
from typing import Any

import numpy as np

from proofs.adapters import slots
from proofs.adapters.layers import (
    OUTPUTS,
    SENT,
    Called,
    asked_inputs,
    changed,
    from_object,
    gives_a_loss,
    kept,
    methods_of,
    parameters_of,
    set_anew,
    takes_delta,
    unread,
    without_cache,
    without_gradients,
    woken,
)
from proofs.checker.gradients import Misfit, learnt, matched, names, without_ones
from proofs.checker.objects import as_it_is, holds, layer_objects, methods_replaced
from proofs.checker.passes import apart, cache_first, split
from proofs.checker.returned import loss_of
from proofs.measuring.callsites import theirs
from proofs.measuring.leaves import Path, copied, is_array, leaves, replaced
from proofs.measuring.own_numpy import Closure, Modules, renamed
from proofs.measuring.random_state import RandomState
from proofs.measuring.shared_memory import deep
from proofs.measuring.silence import silent, unending


@dataclass(frozen=True)
class Pair:
    """A layer's two functions."""

    name: str
    forward: Callable[..., Any]
    backward: Callable[..., Any]


@dataclass(frozen=True)
class Methods(Pair):
    """The two methods of a layer that is an object; the same object of another run is its equal."""

    forward: Callable[..., Any] = field(compare=False)
    backward: Callable[..., Any] = field(compare=False)
    layer: Any = field(compare=False)


_FORWARD = re.compile(r"forward|fwd|fprop")
_BACK = {
    "forward": ("backward", "backprop", "back"),
    "fwd": ("bwd", "backward"),
    "fprop": ("bprop",),
}


def pairs_by_name(modules: Sequence[dict[str, Any]]) -> list[Pair]:
    """Functions x_forward and x_backward, or named likewise, of the user's modules."""
    found: dict[int, Pair] = {}
    for module in modules:
        for name, f in list(module.items()):
            word = _FORWARD.search(name) if isinstance(f, FunctionType) else None
            for back in _BACK[word.group()] if word else ():
                b = module.get(name.replace(word.group(), back))  # type: ignore[union-attr]
                if isinstance(b, FunctionType) and word and name != word.group():
                    title = re.sub(rf"_?{word.group()}_?", "", name, count=1).removesuffix("_naive")
                    found.setdefault(id(f), Pair(title or name, f, b))
                    break
    return list(found.values())


@dataclass
class Seen:
    """One call of a layer, as it was seen."""

    pair: Pair
    args: tuple[Any, ...]
    how: dict[str, Any]
    state: RandomState
    originals: tuple[Any, ...]
    """What was passed, itself: its identity ties a backward call to it."""
    forward: Callable[..., Any]
    """Forward and backward as they are judged, an object's parameters among their arguments."""
    backward: Callable[..., Any]
    result: Any = None
    keeps: tuple[bool, bool] = (False, False)
    """Whether forward, and backward, return nothing and keep the result as an attribute."""
    cache: Any = None
    outs: tuple[Any, ...] = ()
    errors: int = 1
    """How many arguments of backward are errors of outputs, some of which may stand together."""
    inner: list["Seen"] = field(default_factory=list)
    deltas: tuple[Any, ...] = ()
    returned: Any = None
    """The gradients, those of an object's parameters among them."""
    sent: Any = None
    """What the step was given of them."""
    answered: bool = False
    changed: bool = False
    """Whether backward changed the delta that it was given."""
    place: str = ""
    key: tuple[Pair | None, int] = (None, 0)
    """The layer, and how many calls of it came before."""
    set_to: dict[str, int] = field(default_factory=dict)
    """The attributes of an object that are one of its outputs, and which one."""
    of_a_model: bool = False
    """Whether backward was given what forward was, or what it returned, in place of errors."""
    like: "Seen | None" = None
    """The call of the same with the same that was answered, where this one was not."""

    @property
    def gradients(self) -> dict[Path, Any]:
        """What it sent back, by the input that it belongs to."""
        return self._matched[0]

    @property
    def loose(self) -> list[Misfit]:
        """Gradients that fit no input."""
        return self._matched[1]

    @property
    def misled(self) -> tuple[Any, Any] | None:
        """The shapes of an output and of the error that was given for it, where they differ.

        A single number is the error of every output.
        """
        pairs = zip(map(np.shape, self.outs), map(np.shape, self.deltas), strict=False)
        return next(
            ((o, d) for o, d in pairs if without_ones(d) not in ((), without_ones(o))), None
        )

    @property
    def unsummed(self) -> bool:
        """Whether an object without parameters leaves adding up a gradient to what calls it."""
        if not self.loose or not isinstance(self.pair, Methods) or parameters_of(self.pair.layer):
            return False
        parts = self.returned if isinstance(self.returned, tuple) else (self.returned,)
        shapes = [x.shape for x in leaves(self.args).values() if x.ndim]
        return any(
            np.ndim(g) > len(s) and np.shape(g)[-len(s) :] == s for g in parts for s in shapes
        )

    @property
    def called(self) -> list[str]:
        """The names of its arguments."""
        return names(self.forward, self.args)

    @property
    def _matched(self) -> tuple[dict[Path, Any], list[Misfit]]:
        return matched(self.returned, leaves(self.args), self.called, None)


class Watch:
    """The notes of one run of a step."""

    def __init__(self, step: Callable[..., Any], pairs: Sequence[Pair], args: Any = ()) -> None:
        self.step, self.pairs, self.args = step, pairs, args
        every = [*pairs, *(pair for pair, _ in _objects(args))]
        self.kept = (*args, getattr(step, "model", None))
        """What may keep functions: what the step is given, and the object that it is a step of."""
        self.modules = Modules(step, *(f for p in every for f in (p.forward, p.backward)))
        self.names = [pair.name for pair in every]
        self.calls: list[Seen] = []
        self.state: RandomState | None = None
        self.layers: list[tuple[Methods, Any]] = []
        """The objects of the last run."""
        self.loss: Any = None
        """What the step returned as the loss."""
        self.given: tuple[Any, ...] = ()
        """What the last run was given, as it left it."""
        self.result: Any = None
        """What it returned."""
        self.objects: list[tuple[Methods, Any]] = []
        """Everything with a forward and a backward pass, as it left it, models among them."""
        self.arrays = [slots.at(x, path) for x in args for path in slots.places(x)
                       if holds(x) and ... not in path]  # fmt: skip
        self.arrays = [x for x in self.arrays if is_array(x)]
        """The arrays that objects keep."""
        self.own = dict(own_parameters(args))
        """The parameters that layers keep themselves."""
        self.ends: dict[tuple[str, str], Any] = {}
        """The gradients of those that the step ends with."""
        self.unanswered: set[str] = set()
        """Layers that are objects with parameters, whose backward pass was never called."""
        self.glue: set[str] = set()
        """Objects that are no layers: their backward takes something else than an error."""
        self.heard = False
        """Whether it has run, and what it prints was printed."""
        self._open: list[Seen] = []
        self._back: list[Pair] = []
        """The layers whose backward pass runs."""
        self._shielded: set[tuple[Pair | None, int]] = set()
        self._aside: set[tuple[Pair | None, int]] | None = None
        self.anew = False
        """Whether a layer was called once more with other parameters of its own."""
        self.repeated: list[Seen] = []
        """The calls that are like one that was answered, as where a loss is computed again."""
        self.examples = 1
        """What all errors are multiplied by: how many examples, if they are of single examples."""
        self.averaged: set[tuple[int, Path]] = set()
        """The inputs of calls whose gradients are averages over the examples then."""

    def run(self, args: tuple[Any, ...], shielded: Iterable[Seen] = ()) -> Any:
        """What the step returns for copies of the arguments.

        The changes that `shielded` calls of an earlier run make to their deltas are hidden.
        """
        result = self._run(args, shielded)
        every = [*everyone(self.calls)]
        if not self.glue:
            self.unanswered = set(_unanswered(every))
        odd = {s.pair.name for s in every if not _is_layer(s) and not _once_more(s, every)}
        odd |= {seen.pair.name for outer in every for seen in outer.inner if seen.unsummed}
        if odd:
            self.glue |= odd
            result = self._run(args, shielded)
        every = [*everyone(self.calls)]
        for seen in every:
            seen.like = _answered_like(seen, every)
        self.repeated = [seen for seen in every if seen.like]
        if self._aside is None:
            self._aside = self._set_aside(args, every)
        inner = _innermost(self.calls)
        self.calls = [s for s in inner if not s.like and s.key not in self._aside]
        _name(self.calls)
        return result

    def _set_aside(self, args: tuple[Any, ...], every: Sequence[Seen]) -> set[Any]:
        """Which calls are code between the layers: those once more, but functions of the loss.

        A function that is given what backward passes have changed, new weights, is not forgotten.
        """
        more = [seen for seen in every if not seen.like and _once_more(seen, every)]
        functions = [seen for seen in more if not isinstance(seen.pair, Methods)]
        others = self._otherwise(args, backward=True)[1] if functions else {}
        forgotten = {seen.key for seen in functions if _same(seen.args, others.get(seen.key))}
        forgotten = forgotten if forgotten and self._otherwise(args, forgotten)[0] else set()
        aside = [seen for seen in more if seen.key not in forgotten]
        self.anew = any(_of_others(s, c) for s in aside for c in every if c.pair == s.pair)
        return {seen.key for seen in aside}

    def updated(self, args: tuple[Any, ...]) -> bool:
        """Whether the loss is one of other parameters: of what backward passes have changed."""
        return self.anew or self._otherwise(args, backward=True)[0]

    def _otherwise(
        self, args: tuple[Any, ...], calls: Collection[Any] = (), backward: bool = False
    ) -> tuple[bool, dict[Any, Any]]:
        """Whether the loss is another one if these calls, or every backward pass, return something
        else; and what each call is given then."""
        given: dict[Any, Any] = {}
        every: Counter[Pair] = Counter()

        def forwards(pair: Pair) -> Callable[..., Any]:
            def other(*own: Any, **how: Any) -> Any:
                key = pair, every[pair]
                every[pair] += 1
                given[key] = replaced(own, {})
                returned = pair.forward(*own, **how)
                return _something_else(returned) if key in calls else returned

            return other

        def backwards(pair: Pair) -> Callable[..., Any]:
            def other(*own: Any, **how: Any) -> Any:
                returned = pair.backward(*own, **how)
                return _something_else(returned) if backward else returned

            return other

        if self.state is not None:
            self.state.restore()
        copied = copies(args)
        with silent(), self.replaced(copied, forwards, backwards), theirs():
            return bool(loss_of(self.step(*copied)) != loss_of(self.result)), given
        return not backward, {}

    def _run(self, args: tuple[Any, ...], shielded: Iterable[Seen]) -> Any:
        self.calls, self._open, self._back = [], [], []
        self._shielded = {seen.key for seen in shielded}
        if self.state is not None:
            self.state.restore()
        self.given = copies(args)
        again = silent() if self.heard else unending()
        self.heard = True
        with again, self.replaced(self.given, self._forward, self._backward) as self.layers:
            self.result = self._as_it_stands(self.step(*self.given))
        self.objects = list(_objects(self.given))
        return self.result

    def _as_it_stands(self, result: Any) -> Any:
        """What a step returned, which its next run may change; but arrays that it was given."""
        given = [slots.at(x, p) for x in self.given for p in slots.places(x) if ... not in p]
        own, arrays = {id(x) for x in given}, leaves((result,))
        return replaced((result,), {p: x for p, x in arrays.items() if id(x) in own})[0]

    @contextmanager
    def replaced(
        self, given: Any, forward: Callable[[Pair], Any], backward: Callable[[Pair], Any]
    ) -> Iterator[list[tuple["Methods", Any]]]:
        """While it runs, the layers are others: functions, and methods of the objects `given`."""
        layers = [each for each in _objects(given) if each[0].name not in self.glue]
        others = [(layer, forward(pair), backward(pair)) for pair, layer in layers]
        named = [*self.modules.globals, *_tables(self.modules.globals, (*given, *self.kept))]
        pairs = [pair for pair in self.pairs if pair.name not in self.glue]
        functions = replaced_by(pairs, named, forward, backward)
        # A step may also use the objects that it was given by the names that its module has.
        copied = {id(x): c for x, c in zip(_kept(self.args), _kept(given), strict=True)}
        with renamed(copied, self.modules.globals), functions, methods_replaced(others):
            yield layers

    def _forward(self, pair: Pair) -> Callable[..., Any]:
        def watched(*args: Any, **how: Any) -> Any:
            if self._back and self._back[-1] == pair:  # its backward pass computes it once more
                return pair.forward(*args, **how)
            state = RandomState(pair.forward, pair.backward)
            given, asked = replaced(args, {}), replaced((how,), {})[0]
            seen = Seen(pair, given, asked, state, args, pair.forward, pair.backward)
            layer = pair.layer if isinstance(pair, Methods) else None
            own, held = as_it_is(layer), dict(vars(layer)) if layer is not None else {}
            before = [c for c in everyone(self.calls) if c.pair == pair]
            seen.key = (pair, len(before))
            (self._open[-1].inner if self._open else self.calls).append(seen)
            self._open.append(seen)
            try:
                seen.result = pair.forward(*args, **how)
            finally:
                self._open.pop()
            if layer is not None:
                _know(seen, own, layer, held)
                seen.keeps = (seen.result is None, False)
                out = kept(layer, OUTPUTS) if seen.result is None else seen.result
                out, seen.cache = without_cache(layer, out)
                outs = out if isinstance(out, tuple) else (out,)
            else:
                outs, seen.cache, _ = split(seen.result)
            seen.outs, seen.errors = tuple(copied(out) for out in apart(outs)), len(outs)
            if layer is not None:
                at = {id(out): n for n, out in enumerate(apart(outs)) if is_array(out)}
                seen.set_to = {name: at[id(x)] for name, x in vars(layer).items() if id(x) in at}
            return seen.result

        return watched

    def _backward(self, pair: Pair) -> Callable[..., Any]:
        def backward(*args: Any, **how: Any) -> Any:
            given = _positional(pair.backward, args, how)
            seen = _answers(pair, given, self.calls)
            if seen is None:
                return pair.backward(*args, **how)
            layer = pair.layer if isinstance(pair, Methods) else None
            at = slice(0, 0)
            if layer is None or takes_delta(layer):
                at = _where_deltas(pair, seen, given)
            if layer is None and _of_a_model(seen, given, at):
                seen.of_a_model = seen.answered = True
                return pair.backward(*args, **how)
            seen.deltas = tuple(copied(d) for d in _one_by_one(given[at], seen)) or tuple(
                np.ones(np.shape(o)) for o in seen.outs
            )
            if layer is None and _of_all_calls(seen, self.calls):
                seen.of_a_model = seen.answered = True
                return pair.backward(*args, **how)
            if seen.key in self._shielded:
                given = (*given[: at.start], *map(copied, given[at]), *given[at.stop :])
            own: tuple[Any, ...] = ()
            if layer is not None and not seen.inner:
                back, more = seen.backward, _beside(layer, given, at)
                seen.backward = lambda *args: back(*args, *copy.deepcopy(more))
                own = gradients_of(seen, layer)
            self._open.append(seen)  # what it calls is a part of it
            self._back.append(pair)
            try:
                returned = pair.backward(*given)
            finally:
                self._open.pop()
                self._back.pop()
            if returned is None and layer is not None:
                seen.keeps = (seen.keeps[0], True)
                returned = copied(kept(layer, SENT))
            pairs = zip(seen.deltas, _one_by_one(given[at], seen), strict=False)
            seen.changed = any(
                is_array(d) and not np.array_equal(d, g, equal_nan=True) for d, g in pairs
            )
            seen.sent, seen.answered = replaced((returned,), {})[0], True
            parts = seen.sent if isinstance(seen.sent, tuple) else (seen.sent,)
            seen.returned = (*parts, *own) if own else seen.sent
            if single := learnt(seen.returned, seen.args, seen.called, None):
                seen.args = replaced(seen.args, single)
            return None if seen.keeps[1] else returned

        return backward


def copies(args: tuple[Any, ...], others: Mapping[int, Any] | None = None) -> tuple[Any, ...]:
    """The arguments, all of them copied, objects that hold layers among them.

    Wherever such an object has one of the arrays whose identities are given, it has the other.
    """
    memo = dict(others or {})
    return tuple(deep(x, memo) if holds(x) else replaced((x,), {})[0] for x in args)


def own_parameters(args: tuple[Any, ...]) -> Iterator[tuple[tuple[str, str], Any]]:
    """The parameters that objects keep themselves, by the names of both.

    Not those that two layers keep, or that the step is given besides; what a model and one of its
    layers keep is the layer's.
    """
    found = [((pair.name, name), x, holds_layers(layer)) for pair, layer in _objects(args)
             for name, x in parameters_of(layer).items()]  # fmt: skip
    given = [id(x) for x in leaves(args).values()]
    inner = [id(x) for _, x, outer in found if not outer] + given
    yield from ((key, x) for key, x, outer in found if not outer and inner.count(id(x)) == 1)
    yield from ((key, x) for key, x, outer in found if outer and id(x) not in inner)


def holds_layers(layer: Any) -> bool:
    """Whether an object with a forward and a backward pass holds others: it is a model."""
    return any(other is not layer for _, other in layer_objects(layer))


def _know(seen: Seen, before: Any, layer: Any, held: Mapping[str, Any]) -> None:
    """What a layer that is an object did in a call, as two functions and its parameters."""
    own = woken(before, as_it_is(layer))
    told = own is before and not changed(held, layer) & parameters_of(own).keys()
    fresh = set() if told else set_anew(own, seen.args, seen.how)
    fresh |= unread(own, seen.args, seen.how)
    seen.forward, seen.backward, parameters = from_object(own, fresh)
    seen.args = (*seen.args, *replaced((parameters,), {}))


def gradients_of(seen: Seen, layer: Any) -> tuple[Any, ...]:
    """The gradients of an object's parameters by this one call of backward; none if it fails."""
    own = as_it_is(layer)
    without_gradients(own)
    called = Called(own, seen.args[:-1], copy.deepcopy(seen.cache))
    try:
        with silent():
            *_, gradients = seen.backward(*copy.deepcopy(seen.deltas), called)
    except Exception:  # it is not called as a layer is
        return ()
    return (gradients,)


def _is_layer(seen: Seen) -> bool:
    """Whether what backward was given, or an object's asks for, is the error of its output."""
    if not isinstance(seen.pair, Methods):
        return not seen.of_a_model
    if not seen.answered or (seen.returned is seen.sent and not seen.inner):
        return False
    expected, given = ([np.shape(x) for x in xs] for xs in (seen.outs, seen.deltas))
    layer = seen.pair.layer
    shapes = {shape for path, shape in slots.places(layer).items() if ... not in path}
    if seen.loose and not seen.gradients and {np.shape(g.came) for g in seen.loose} <= shapes:
        return False  # a model, which returns the gradients of its own arrays and no error
    return expected == given and (takes_delta(layer) or (gives_a_loss(layer) and expected == [()]))


def _unanswered(every: Sequence[Seen]) -> Iterator[str]:
    """The names of the layers with parameters of which no call was answered."""
    for seen in every:
        own = [c for c in every if c.pair == seen.pair]
        if isinstance(seen.pair, Methods) and not any(c.answered for c in own):
            layer = seen.pair.layer
            if parameters_of(layer) and not holds_layers(layer):
                yield seen.pair.name


def _once_more(seen: Seen, every: Sequence[Seen]) -> bool:
    """Whether a layer was called once more than it was asked for an error, as on other data.

    Such a call is code between the layers, which tangents go through; but where a function's call
    is a part of the loss, its backward pass was forgotten.
    """
    own = (c for c in every if c.pair == seen.pair)
    return not seen.answered and any(c.answered for c in own)


def _answered_like(seen: Seen, every: Sequence[Seen]) -> Seen | None:
    """The call that was answered and has the same inputs and outputs, where this one was not."""
    if seen.answered:
        return None
    own = (c for c in every if c.pair == seen.pair and c.answered)
    return next((c for c in own if _alike(c, seen)), None)


def _of_others(one: Seen, other: Seen) -> bool:
    """Whether two calls of an object had other parameters."""
    own = [s.args[-1] for s in (one, other) if isinstance(s.pair, Methods) and s.args]
    if len(own) < 2 or not all(isinstance(found, dict) for found in own):
        return False
    return any(name in own[1] and not np.array_equal(x, own[1][name]) for name, x in own[0].items())


def _alike(one: Seen, other: Seen) -> bool:
    return _same((one.args, one.outs), (other.args, other.outs))


def _same(one: Any, other: Any) -> bool:
    """Whether two have the same arrays; what is not known is taken for the same."""
    first, second = ([*leaves((of,)).values()] for of in (one, other))
    return other is None or (len(first) == len(second) and all(map(np.array_equal, first, second)))


def _something_else(returned: Any) -> Any:
    """What was returned, with other numbers in it."""
    return replaced((returned,), {p: 1.5 * x + 0.5 for p, x in leaves((returned,)).items()})[0]


def _objects(given: Any) -> Iterator[tuple[Methods, Any]]:
    """The layers that are objects, each with a name of its own."""
    seen: set[int] = set()
    taken: dict[str, int] = {}
    for n, x in enumerate(given, start=1):
        for name, layer in layer_objects(x, seen=seen):
            other = f"{name} of argument {n}"
            own = name if taken.setdefault(name, n) == n else other
            forward, backward = methods_of(type(layer)) or ("", "")
            yield Methods(own, getattr(layer, forward), getattr(layer, backward), layer), layer


def _kept(given: Any) -> list[Any]:
    """The objects that hold layers, and the layers."""
    layers = [layer for x in given for _, layer in layer_objects(x)]
    return [*(x for x in given if holds(x)), *layers]


def _tables(modules: Sequence[dict[str, Any]], kept: Sequence[Any]) -> list[dict[str, Any]]:
    """Where functions stand besides: tables of modules and classes, and attributes of objects."""
    objects = [x for each in kept for x in slots.holders(each) if hasattr(x, "__dict__")]
    named = [x for module in modules for x in list(module.values())]
    kinds = {kind for x in objects for kind in type(x).__mro__}
    kinds |= {x for x in named if isinstance(x, type)}
    found = [*named, *(x for kind in kinds for x in list(vars(kind).values())), *map(vars, objects)]
    tables = [x for x in found if isinstance(x, dict) and type(x) is not Closure]
    return list({id(x): x for x in tables}.values())


@contextmanager
def replaced_by(
    pairs: Sequence[Pair],
    modules: Sequence[dict[str, Any]],
    forward: Callable[[Pair], Any],
    backward: Callable[[Pair], Any],
) -> Iterator[None]:
    """While it runs, the functions of the pairs are others, by whatever name they are called."""
    others = {id(p.forward): forward(p) for p in pairs} | {
        id(p.backward): backward(p) for p in pairs
    }
    with renamed(others, modules):
        yield


def _positional(
    function: Callable[..., Any], args: tuple[Any, ...], how: dict[str, Any]
) -> tuple[Any, ...]:
    return tuple(signature(function).bind(*args, **how).args) if how else args


def everyone(calls: Sequence[Seen]) -> Iterator[Seen]:
    """Calls, and those within them."""
    for seen in calls:
        yield seen
        yield from everyone(seen.inner)


def _answers(pair: Pair, given: tuple[Any, ...], calls: Sequence[Seen]) -> Seen | None:
    """The call that a backward call answers: by its cache, by arrays it shares, or the last."""
    mine = [c for c in reversed(list(everyone(calls))) if c.pair == pair and c.outs]
    waiting = [c for c in mine if not c.answered]
    for one in (*waiting, *mine):
        if one.cache is not None and any(g is one.cache for g in given):
            return one
    for one in waiting:
        if any(g is x for g in given for x in _arrays_of(one)):
            return one
    return next(iter(waiting), None)


def _arrays_of(seen: Seen) -> Iterator[Any]:
    cache = seen.cache if isinstance(seen.cache, tuple | list) else ()
    yield from (x for x in (*seen.originals, *cache) if isinstance(x, np.ndarray))


def _one_by_one(given: tuple[Any, ...], seen: Seen) -> tuple[Any, ...]:
    """The errors that a layer was given, one for each output."""
    each = apart(given)
    stacked = len(each) == 1 < len(seen.outs) and np.shape(each[0])[:1] == (len(seen.outs),)
    return tuple(each[0]) if stacked else each


def _where_deltas(pair: Pair, seen: Seen, given: tuple[Any, ...]) -> slice:
    n = seen.errors
    asked = asked_inputs(pair.layer) if isinstance(pair, Methods) else []
    if None in asked and any(its is not None for its in asked):
        return slice(asked.index(None), asked.index(None) + n)
    if cache_first(pair.backward):
        return slice(1, 1 + n)
    if len(given) == 1 and given[0] is seen.cache:
        return slice(0, 0)
    return slice(0, n)


def _of_a_model(seen: Seen, given: tuple[Any, ...], at: slice) -> bool:
    """Whether errors are what forward was given, or outputs beside more than a cache.

    So the two passes of a whole model are called: backward(A1, A2, W2, X, Y). What stands beside
    errors and a cache may be where it leaves gradients: backward(dout, cache, grads).
    """
    if seen.cache is not None and any(x is seen.cache for x in given) and len(given) > at.stop + 1:
        return True
    returned = seen.result if isinstance(seen.result, tuple) else (seen.result,)
    outputs = returned if len(given) > 2 else ()
    return any(d is x for d in given[at] for x in (*seen.originals, *outputs))


def _of_all_calls(seen: Seen, calls: Sequence[Seen]) -> bool:
    """Whether one backward pass is given what all calls of a function came to, in rows.

    As that of an episode, whose policy ran step by step.
    """
    every = [c for c in everyone(calls) if c.pair == seen.pair]
    rows = {np.shape(d)[:1] for d in seen.deltas}
    return len(every) > 1 and seen.misled is not None and rows == {(len(every),)}


def _beside(layer: Any, given: tuple[Any, ...], at: slice) -> list[Any]:
    """What a backward pass was given beside errors and what forward was given."""
    asked = asked_inputs(layer)
    inputs = {n for n, its in enumerate(asked) if its is not None}
    return [x for n, x in enumerate(given) if n >= at.stop and n not in inputs]


def _innermost(calls: Sequence[Seen]) -> Iterator[Seen]:
    """Where one layer calls others, the others, if their backward passes were called; else it."""
    for seen in calls:
        if seen.inner and all(c.answered or c.like for c in everyone(seen.inner)):
            yield from _innermost(seen.inner)
        else:
            yield seen


def _name(calls: Sequence[Seen]) -> None:
    for seen in calls:
        same = [c for c in calls if c.pair == seen.pair]
        number = f" {next(n for n, c in enumerate(same, start=1) if c is seen)}"
        seen.place = seen.pair.name + (number if len(same) > 1 else "")
