"""The step once more, each layer replaced by what it returned: what do its readers send back?"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from proofs.adapters.layers import OUTPUTS, SENT, keep, put_gradients
from proofs.checker.call import DIRECTIONS
from proofs.checker.gradients import name_of
from proofs.checker.kept_parameters import shares
from proofs.checker.passes import together
from proofs.checker.returned import duals, loss_of
from proofs.checker.watch import Methods, Pair, Seen, Watch, copies, everyone
from proofs.measuring.callsites import why
from proofs.measuring.jacobian import WITH_TANGENTS
from proofs.measuring.leaves import Path, leaves, replaced
from proofs.measuring.own_numpy import seen_as
from proofs.measuring.silence import silent
from proofs.measuring.tangents import Dual, is_floating

SET = (
    "{}: its sum was not compared, for {} reads it as its attribute {}, and what that sends back "
    "is not known; hand it over as an argument of forward to have it compared"
)


@dataclass
class Wire:
    """A number, or an array of them, that is read: an output of a layer, or a parameter."""

    key: tuple[Any, ...]
    place: str
    value: Any
    came: Any
    """The error that the step gives it."""
    directions: Any = None
    parts: dict[str, Any] = field(default_factory=dict)
    """What each reader sends back, along each direction."""
    size: Any = 0.0
    moved: Any = 0.0
    """How far rounding moves what should come, where the code between the layers makes it large."""
    deaf: bool = False
    """Whether a layer reads it that was not asked for its error, or gave one of another shape."""


@dataclass
class Listening:
    """One run of a step in which some wires move, each along directions of its own.

    What each reader sends back is added to the parts of the wires that it reads.
    """

    watch: Watch
    some: Sequence[Wire]
    unsent: set[tuple[int, Path]] = field(default_factory=set)
    """The inputs of calls that are read but were sent nothing at all."""
    calls: int = 0
    """How many of the watched calls of layers there were so far."""
    every: Counter[Pair] = field(default_factory=Counter)
    """How many calls of each layer there were so far, of those that are not watched too."""
    unheard: list[str] = field(default_factory=list)
    """What is to be said of wires that a layer reads from an attribute that somebody has set."""
    left: list[Any] = field(default_factory=list)
    """What calls have left in their layers: those that are not watched, and outputs."""

    @cached_property
    def slots(self) -> dict[Any, slice]:
        """Which of all tangents are those of a wire."""
        return {
            wire.key: slice(n * DIRECTIONS, (n + 1) * DIRECTIONS)
            for n, wire in enumerate(self.some)
        }

    @cached_property
    def places(self) -> dict[tuple[Pair | None, int], int]:
        """Which of the watched calls a call of a layer is, or is like: that has its tangents."""
        own = {seen.key: n for n, seen in enumerate(self.watch.calls)}
        like = ((c.key, c.like.key) for c in self.watch.repeated if c.like)
        return own | {key: own[answered] for key, answered in like if answered in own}

    @cached_property
    def kept(self) -> Mapping[tuple[str, str], Sequence[tuple[Seen, Any]]]:
        """What each call of a layer sent to a parameter that the layer keeps."""
        return shares(self.watch)

    def run(self, args: tuple[Any, ...]) -> list[str]:
        """Run the step; what is to be said where no tangents get through."""
        watch, said, loss = self.watch, [], None
        given = self._moved(args)
        if watch.state is not None:
            watch.state.restore()
        others = watch.replaced(given, self._forward, self._backward)
        try:
            with silent(), np.errstate(all="ignore"), seen_as(WITH_TANGENTS, watch.modules), others:
                loss = loss_of(watch.step(*given))
        except Exception as error:
            said.append(f"between the layers no tangents get through ({why(error)})")
            for wire in self.some:
                wire.deaf |= self.calls < len(watch.calls) or not wire.parts
        if isinstance(loss, Dual) and loss.t is not None:
            self._sends("the loss", loss.t, np.ones(loss.shape))
        else:
            _read_off(self.some, watch.loss)
        return [*said, *self.unheard]

    def _moved(self, args: tuple[Any, ...]) -> tuple[Any, ...]:
        """The step's arguments; what a model keeps takes tangents, for the step may add to it."""
        params = {path: self._carrying(("param", path), x) for path, x in leaves(args[:1]).items()}
        own = {id(x): Dual(np.array(x, float)) for x in self.watch.arrays}
        own |= {id(x): self._carrying(("own", *key), x) for key, x in self.watch.own.items()}
        return replaced(copies(args, own), params)

    def _carrying(self, key: tuple[Any, ...], value: Any) -> Dual:
        """A number with the tangents of its wire, if it is one of those that move."""
        if key not in self.slots:
            return Dual(np.array(value, float))
        t, at = np.zeros((DIRECTIONS * len(self.some), *np.shape(value))), self.slots[key]
        t[at] = self.some[at.start // DIRECTIONS].directions
        return Dual(np.array(value, float), t)

    def _forward(self, pair: Pair) -> Callable[..., Any]:
        def again(*given: Any, **how: Any) -> Any:
            key = pair, self.every[pair]
            self.every[pair] += 1
            if key not in self.places:  # it calls the layers that are watched, or stands aside
                out = pair.forward(*given, **how)
                self.left += vars(pair.layer).values() if isinstance(pair, Methods) else ()
                return out
            n, seen = self.places[key], self.watch.calls[self.places[key]]
            if seen.key == key:
                self.calls += 1
                self.every.update(each.pair for each in everyone(seen.inner))
                self._reads(n, seen, given)
                if isinstance(pair, Methods):
                    self._hears_nothing_of(pair.layer, seen)
            outs = [self._carrying(("out", n, o), out) if is_floating(np.asarray(out).dtype)
                    else out for o, out in enumerate(seen.outs)]  # fmt: skip
            if isinstance(pair, Methods) and sum(c.pair == pair for c in self.watch.calls) == 1:
                vars(pair.layer).update({name: outs[o] for name, o in seen.set_to.items()})
                self.left += outs
            if seen.keeps[0] and isinstance(pair, Methods):
                keep(pair.layer, OUTPUTS, outs[0])
                return None
            return _as_returned(seen, outs)

        return again

    def _backward(self, pair: Pair) -> Callable[..., Any]:
        def again(*given: Any, **how: Any) -> Any:
            every = (*given, *how.values())
            mine = [c for c in reversed(self.watch.calls) if c.pair == pair and c.answered]
            seen = next((c for c in mine if any(g is c.cache for g in every)), None)
            seen = seen or next(iter(mine), None)
            if seen is None:
                return pair.backward(*given, **how)
            if isinstance(pair, Methods):
                put_gradients(pair.layer, {key[1]: _constant(gradient)
                                           for key, sent in self.kept.items()
                                           for call, gradient in sent if call is seen})  # fmt: skip
            if seen.keeps[1] and isinstance(pair, Methods):
                keep(pair.layer, SENT, _constant(seen.sent))
                return None
            return _constant(seen.sent)

        return again

    def _reads(self, n: int, seen: Seen, given: tuple[Any, ...]) -> None:
        """What a call of a layer sends back to the wires that it reads."""
        for key, sent in self.kept.items():
            for _, gradient in (each for each in sent if each[0] is seen):
                if ("own", *key) in self.slots:
                    t = self._carrying(("own", *key), gradient).t
                    self._sends(f"{seen.place} {key[1]}", t, gradient)
        for path, x in duals(given):
            if x.t is None or not x.t.any():
                continue
            if path in seen.gradients:
                reader = f"{seen.place} {name_of(path, seen.called)}"
                is_error = (n, path) not in self.watch.averaged
                self._sends(reader, x.t, seen.gradients[path], is_error)
            elif not seen.answered or seen.loose:
                self._mark_deaf(x.t)
            else:
                self.unsent.add((n, path))

    def _hears_nothing_of(self, layer: Any, seen: Seen) -> None:
        """What somebody has set a layer's state to is read by it, and sent back another way."""
        own = seen.args[-1]
        for name, x in vars(layer).items():
            known = name in own or any(x is each for each in self.left)
            if isinstance(x, Dual) and x.t is not None and not known:
                places = [wire.place for wire in self._mark_deaf(x.t)]
                self.unheard += [SET.format(place, seen.place, name) for place in places]

    def _sends(self, reader: str, t: Any, gradient: Any, is_error: bool = False) -> None:
        """Errors may be those of single examples, m times the derivatives of an average."""
        flat, m = t.reshape(len(t), -1), self.watch.examples
        for wire, at in zip(self.some, self.slots.values(), strict=True):
            if (own := flat[at]).any():
                wants_error = wire.key[0] == "out" and bool(wire.value.ndim)
                counts = m ** (wants_error - is_error) if m > 1 else 1
                g = counts * np.asarray(gradient, float).ravel()
                wire.parts[reader] = wire.parts.get(reader, 0.0) + own @ g
                wire.size = wire.size + abs(own) @ abs(g)

    def _mark_deaf(self, t: Any) -> list[Wire]:
        """The wires that move something which is read by what sends nothing that is known."""
        moved = [wire for wire, at in zip(self.some, self.slots.values(), strict=True)
                 if t[at].any()]  # fmt: skip
        for wire in moved:
            wire.deaf = True
        return moved


def _as_returned(seen: Seen, outs: list[Any]) -> Any:
    if isinstance(seen.result, tuple) and len(seen.result) > 1:
        given = together(outs, seen.result, lambda each, out: type(out)(each))
        return (*given, *seen.result[len(given) :])
    return (outs[0],) if isinstance(seen.result, tuple) else outs[0]


def _constant(x: Any) -> Any:
    """What a layer sent back, as numbers that no push moves."""
    if isinstance(x, dict):
        return {key: _constant(item) for key, item in x.items()}
    if isinstance(x, list | tuple):
        return getattr(x, "_make", type(x))(_constant(item) for item in x)
    return Dual(np.array(x, float)) if isinstance(x, np.ndarray | np.floating | float) else x


def _read_off(some: Sequence[Wire], loss: Any) -> None:
    """Where the loss was read off an attribute, the output that it equals is the loss itself."""
    for wire in some:
        if not wire.parts and not wire.value.ndim and loss is not None and wire.value == loss:
            wire.parts["the loss"] = wire.directions.copy()
