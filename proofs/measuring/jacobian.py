"""J^T delta for somebody's own forward pass: what its backward pass should return, from tangents.

Every entry is computed by a tangent of its own; where an axis of the input touches only the equal
index of an output (examples, heads, channels), one tangent serves all indices of that axis.
"""

import math
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from proofs.measuring import complex_arrays, detached
from proofs.measuring.callsites import Site
from proofs.measuring.kept import Kept
from proofs.measuring.leaves import Path, leaves, replaced
from proofs.measuring.own_numpy import Modules, OwnNumPy, seen_as
from proofs.measuring.random_state import RandomState
from proofs.measuring.rounded_steps import EPS
from proofs.measuring.silence import silent
from proofs.measuring.tangent_functions import filled
from proofs.measuring.tangents import (
    Dual,
    Looking,
    NotDifferentiableError,
    is_floating,
    looking,
    plain,
)

ROOM = 2**21
"""Numbers in one array of tangents, at most."""
TOGETHER = 2**17
"""Tangents of several inputs share a run while their arrays stay below this."""


@dataclass(frozen=True)
class Forward:
    """Somebody's forward pass at one place: the function, what it was given, how it is split."""

    function: Callable[..., Any]
    args: tuple[Any, ...]
    how: Mapping[str, Any] = field(default_factory=dict)
    outs: Callable[[Any], tuple[Any, ...]] = lambda result: (result,)
    """The outputs among what it returns."""
    random: RandomState | None = None
    """The state of the random numbers when it was called, for dropout."""
    unguarded: bool | frozenset[Site] = False
    """Whether small constants that guard against 0 are left out."""
    guards: list[Site] = field(default_factory=list)
    """The steps where one was."""
    lifting: list[bool] = field(default_factory=list)
    """Holds something once the arrays that it keeps are to take tangents, as it writes into them.
    """
    symmetric: frozenset[Path] = frozenset()
    """The inputs that are symmetric matrices and move as such: a number with its mirror image."""

    @cached_property
    def modules(self) -> Modules:
        """The user's modules that the function can reach."""
        return self.random.modules if self.random else Modules(self.function)

    @cached_property
    def kept(self) -> Kept:
        """What the function keeps from call to call."""
        return Kept(self.function, modules=self.modules)

    @cached_property
    def floats(self) -> dict[Path, Any]:
        """The arrays that it can be differentiated with respect to, in double precision."""
        return {path: np.asarray(x, float) for path, x in leaves(self.args).items()}

    @cached_property
    def shapes(self) -> set[tuple[int, ...]]:
        """Their shapes, which the averages of an optimizer have, too."""
        return {x.shape for x in self.floats.values()}

    @cached_property
    def inputs(self) -> list[Any]:
        """The same in the precision that they came in."""
        return list(leaves(self.args).values())

    def run(self, arrays: Mapping[Path, Any], own: OwnNumPy | None = None) -> tuple[Any, ...]:
        """What comes out for other arrays at the places of the floats."""
        if self.random is not None:
            self.random.restore()
        args = replaced(self.args, arrays)
        how = replaced((dict(self.how),), {})[0] if self.how else {}
        with silent(), np.errstate(all="ignore"):
            if own is None:
                return self.outs(self.function(*args, **how))
            taking = carrying_nothing if own is WITH_TANGENTS else complex_arrays.carrying_nothing
            lifted, beside = taking if self.lifting else None, (*args, *how.values())
            state = self.kept.put_back(self.shapes, lifted, beside)
            with state, seen_as(own, self.modules):
                return self.outs(self.function(*args, **how))

    def pushed(
        self,
        tangents: Mapping[Path, Any],
        side: int = 1,
        root: Path | None = None,
        bare: Path | None = None,
        **how: Any,
    ) -> tuple[list[Any], Looking]:
        """The outputs for inputs with tangents, and what the run met.

        Of the `operands` that are asked for, `root` is the input whose readings are told apart,
        and `bare` the one whose tangents stand for those of what is held.
        """
        return self.with_state(lambda: self._pushed(tangents, side, root, bare, **how))

    def with_state(self, run: Callable[[], Any]) -> Any:
        """What a run comes to; if it writes into an array that it keeps, once more, with others."""
        try:
            return run()
        except (NotDifferentiableError, complex_arrays.NotAnalyticError) as error:
            if self.lifting:
                raise
            self.lifting.append(True)
            try:
                return run()
            except Exception:
                self.lifting.clear()
                raise error from None

    def _pushed(
        self, tangents: Mapping[Path, Any], side: int, root: Path | None, bare: Path | None,
        **how: Any,
    ) -> tuple[list[Any], Looking]:  # fmt: skip
        if how.get("sums"):
            how["sums"].terms.clear()
        # Copies, for a step may change both in place.
        tangents = {path: np.array(t) for path, t in self.directions(tangents).items()}
        duals = {path: Dual(x.copy(), tangents.get(path)) for path, x in self.floats.items()}
        if root is not None:
            how["operands"].root, how["operands"].readings = duals[root].v, 0
        if bare is not None and "composite" in how:
            how["composite"].held = duals[bare].v, duals[bare].t
        elif bare is not None:
            how["operands"].bare = duals[bare].t
        with looking(side, unguarded=self.unguarded, **how) as met:
            outs = self.run(duals, WITH_TANGENTS)
        self.guards.extend(met.guards or ())
        return [_output(out) for out in outs], met

    def directions(self, given: Mapping[Path, Any]) -> dict[Path, Any]:
        """Directions in which inputs move: of a symmetric matrix, the symmetric part."""
        return {p: mirrored(d) if p in self.symmetric else d for p, d in given.items()}

    def wide(self) -> "Forward":
        """The same in double precision."""
        return replace(self, args=replaced(self.args, self.floats))


def carrying_nothing(x: Any) -> Dual:
    """A copy of an array into which what has tangents can be written."""
    return Dual(x.copy())


def mirrored(x: Any) -> Any:
    """The symmetric part of matrices."""
    return (x + np.swapaxes(x, -1, -2)) / 2


def _output(out: Any) -> Dual:
    if isinstance(out, Dual):
        return out
    if isinstance(out, list | tuple) and any(isinstance(x, Dual) for x in out):
        return np.stack(list(out))  # type: ignore[return-value,arg-type,unused-ignore]
    return Dual(np.asarray(out))


OF_ENDS = ("linspace", "arange")
"""Makers that take numbers and no array."""
AT_LEAST_ROWS = ("ascontiguousarray", "asfortranarray")
"""What makes a row of a single number."""


def adopt(real: Any, args: Any, how: dict[str, Any]) -> Any:
    """What a maker of arrays makes in a run with tangents: room for them."""
    first, like = args[0] if args else None, real.__name__.endswith("_like")
    if real.__name__ == "copy":
        real, args, how = np.array, args[:1], {}  # in whatever order
    if isinstance(first, Dual):
        if like or real.__name__ in OF_ENDS:
            return real(*args, **how)
        dtype = how.get(
            "dtype", args[1] if len(args) > 1 and not isinstance(args[1], bool) else None
        )
        if dtype is not None and not is_floating(np.dtype(dtype)):
            return real(first.v, *args[1:], **how)
        same = first if dtype is None else first.astype(dtype, copy=False)
        same = first.copy() if real.__name__ == "array" else same
        more = how.get("ndmin", int(real.__name__ in AT_LEAST_ROWS)) - first.ndim
        return same.reshape((1,) * more + first.shape) if more > 0 else same
    if real.__name__ == "fromiter":
        args = (first := list(args[0]), *args[1:])
    if isinstance(first, list | tuple) and _holds(first):
        if like:
            return adopt(real, (plain(first), *args[1:]), how)
        return np.stack([adopt(np.array, (x,), {}) for x in first])
    of_its_kind = not like or is_floating(np.asarray(first).dtype)
    if real.__name__.startswith("full") and isinstance(args[-1], Dual) and of_its_kind:
        shape: Any = np.shape(args[0]) if like else first
        return filled(np.zeros(shape), args[-1])
    made = real(*args, **how)
    if not isinstance(made, np.ndarray) or not is_floating(made.dtype):
        complex_too = isinstance(made, np.ndarray) and made.dtype.kind == "c"
        return Dual(made) if complex_too else made
    return Dual(made.astype(float))


WITH_TANGENTS = OwnNumPy(adopt, Dual)
WITH_STEPS = OwnNumPy(complex_arrays.adopt, complex_arrays.Complex)
"""NumPy where arrays carry tangents, or complex steps."""


def _holds(items: Any) -> bool:
    return any(isinstance(x, Dual) or (isinstance(x, list | tuple) and _holds(x)) for x in items)


# Every entry.


def widest(forward: Forward, deltas: Sequence[Any]) -> int:
    """The largest array that goes in or comes out."""
    return max([1, *map(np.size, deltas), *(x.size for x in forward.floats.values())])


@dataclass(frozen=True)
class Jacobian:
    """The derivatives of all outputs with respect to one input, by a tangent for each block.

    `shared[n]` pairs each axis of the input that is not spelt out with its axis of output n; an
    output that the input does not move has NOWHERE for it, and None for its tangents.
    """

    shape: tuple[int, ...]
    spelt: tuple[int, ...]
    shared: tuple[dict[int, int], ...]
    tangents: tuple[Any, ...]

    def summed(self, terms: Callable[[int, Any], Any]) -> Any:
        """The sum over all numbers of all outputs of what `terms` makes of each derivative."""
        total = np.zeros(self.shape)
        for n, t in enumerate(self.tangents):
            if t is not None:
                total = total + self._spread(terms(n, t), self.shared[n])
        return total

    def _spread(self, values: Any, shared: dict[int, int]) -> Any:
        """The sum over the axes of an output, laid out as the input is."""
        keep = [shared[a] + 1 for a in sorted(shared)]
        drop = tuple(b for b in range(1, values.ndim) if b not in keep)
        summed = values.sum(axis=drop)
        left = [b for b in range(1, values.ndim) if b in keep]
        summed = summed.transpose(0, *(1 + left.index(b) for b in keep))
        lengths = [self.shape[a] for a in self.spelt]
        summed = summed.reshape((*lengths, *(self.shape[a] for a in sorted(shared))))
        order = [*self.spelt, *sorted(shared)]
        return summed.transpose(*(order.index(a) for a in range(len(self.shape))))


Apart = dict[Path, tuple[dict[int, int], ...]]


def jacobians(
    forward: Forward, deltas: Sequence[Any], shared: Apart, side: int = 1, **how: Any
) -> tuple[dict[Path, Jacobian], Looking]:
    """The derivatives of all outputs with respect to each input, looked at from one side."""
    floats, paths, all_met = forward.floats, list(shared), Looking()
    blocks: dict[Path, list[list[Any]]] = {path: [[] for _ in deltas] for path in paths}
    for run in _runs({p: block_of(floats[p].shape, shared[p]) for p in paths}, floats, deltas):
        K = sum(stop - start for _, start, stop in run)
        pushes, at = {}, 0
        for path, start, stop in run:
            t = np.zeros((K, *floats[path].shape))
            t[at : at + stop - start] = _basis(floats[path].shape, shared[path], start, stop)
            pushes[path], at = t, at + stop - start
        outs, met = forward.pushed(pushes, side, **how)
        all_met.ties += met.ties
        all_met.tied_away_from_zero |= met.tied_away_from_zero
        all_met.sites, all_met.curves, all_met.values = met.sites, met.curves, met.values
        at = 0
        for path, start, stop in run:
            for n, out in enumerate(outs):
                blocks[path][n].append(None if out.t is None else out.t[at : at + stop - start])
            at += stop - start
    return {p: _jacobian(floats[p].shape, shared[p], blocks[p], deltas) for p in paths}, all_met


def _jacobian(
    shape: tuple[int, ...], shared: tuple[dict[int, int], ...], blocks: Any, deltas: Sequence[Any]
) -> Jacobian:
    apart = set(shared[0]) if shared else set()
    spelt = tuple(a for a in range(len(shape)) if a not in apart)
    tangents: list[Any] = []
    for n, parts in enumerate(blocks):
        if NOWHERE in shared[n].values():
            tangents.append(None)
            continue
        empty = any(part is None for part in parts) or not parts
        tangents.append(np.zeros((block_of(shape, shared), *np.shape(deltas[n]))) if empty
                        else np.concatenate(parts) if len(parts) > 1 else parts[0])  # fmt: skip
    return Jacobian(shape, spelt, shared, tuple(tangents))


def block_of(shape: tuple[int, ...], shared: tuple[dict[int, int], ...]) -> int:
    """How many tangents spell out an input."""
    apart = shared[0] if shared else {}
    return math.prod(n for a, n in enumerate(shape) if a not in apart)


def _basis(shape: Any, shared: Any, start: int, stop: int) -> Any:
    """Tangents start to stop: one entry of the axes spelt out, every index of the others."""
    apart = shared[0] if shared else {}
    spelt = [n if a not in apart else 1 for a, n in enumerate(shape)]
    t = np.zeros((stop - start, math.prod(spelt)))
    t[np.arange(stop - start), np.arange(start, stop)] = 1.0
    t = t.reshape(stop - start, *spelt)
    return np.broadcast_to(t, (stop - start, *shape)) if apart else t


def _runs(
    blocks: Mapping[Path, int], floats: Mapping[Path, Any], deltas: Sequence[Any]
) -> Iterator[list[tuple[Path, int, int]]]:
    """Which tangents are pushed together: small inputs share a run, large ones are cut."""
    wide = max([1, *map(np.size, deltas), *(x.size for x in floats.values())])
    most, few = max(1, ROOM // wide), max(1, TOGETHER // wide)
    run: list[tuple[Path, int, int]] = []
    for path, K in blocks.items():
        if run and sum(stop - start for _, start, stop in run) + K > few:
            yield run
            run = []
        if most >= K:
            run.append((path, 0, K))
            continue
        yield from ([(path, start, min(start + most, K))] for start in range(0, K, most))
    if run:
        yield run


NOWHERE = -1


def axes_apart(
    forward: Forward,
    deltas: Sequence[Any],
    paths: Sequence[Path],
    budget: float = np.inf,
    anywhere: bool = False,
) -> Apart:
    """For each input the axes whose index i touches nothing but index i of an axis of the outputs.

    Told by random tangents that move half of the indices of an axis: those in which one binary
    digit is 0, then those in which it is 1. Any two indices differ in some digit, so that what one
    sends to the other shows. It is not asked where the answer takes an eighth of the budget, nor,
    unless `anywhere`, of axes that an output does not have.
    """
    floats = forward.floats
    none: Apart = {path: tuple({} for _ in deltas) for path in paths}
    tried = [
        (path, a, _halves(length))
        for path in paths
        if floats[path].size > 48
        for a, length in enumerate(floats[path].shape)
        if length > 1 and (anywhere or all(length in np.shape(d) for d in deltas))
    ]
    K = sum(len(halves) for _, _, halves in tried)
    entries = sum(floats[path].size for path in {path for path, _, _ in tried})
    if not tried or entries // 2 < K or K * widest(forward, deltas) > budget / 8:
        return none
    random, at = np.random.default_rng(0), 0
    pushes = {path: np.zeros((K, *floats[path].shape)) for path, _, _ in tried}
    for path, a, halves in tried:
        shape = floats[path].shape
        moved = halves.reshape(len(halves), *(n if b == a else 1 for b, n in enumerate(shape)))
        pushes[path][at : at + len(halves)] = moved * random.uniform(1, 2, shape)
        at += len(halves)
    outs, _ = forward.pushed(pushes)
    found: dict[Path, list[dict[int, int]]] = {path: [{} for _ in outs] for path in paths}
    at = 0
    for path, a, halves in tried:
        here = slice(at, at + len(halves))
        at += len(halves)
        axes = [
            _axis_of(None if o.t is None else o.t[here], halves, taken)
            for o, taken in zip(outs, found[path], strict=True)
        ]
        if all(b is not None for b in axes):
            for taken, b in zip(found[path], axes, strict=True):
                taken[a] = b  # type: ignore[assignment]
    return {path: tuple(each) for path, each in found.items()}


def _halves(length: int) -> Any:
    """For each binary digit, the indices in which it is 0, and those in which it is 1."""
    digits = np.arange(length) >> np.arange((length - 1).bit_length())[:, None] & 1
    return np.concatenate([digits == 0, digits == 1])


def _axis_of(t: Any, halves: Any, taken: dict[int, int]) -> int | None:
    """The axis of an output in which no tangent moves an index outside its own half."""
    if t is None or not t.any():
        return NOWHERE
    for b, length in enumerate(t.shape[1:]):
        if length == halves.shape[1] and b not in taken.values():
            moved = (np.moveaxis(t, b + 1, 1) != 0).reshape(*halves.shape, -1).any(-1)
            if not (moved & ~halves).any():
                return b
    return None


# Along directions.


def along(
    forward: Forward, directions: Mapping[Path, Any], side: int = 1, **how: Any
) -> tuple[list[Any], Looking]:
    """The derivative of every output along directions, which lie in the first axis of each."""
    K = len(next(iter(directions.values())))
    own = {path: np.array(d) for path, d in directions.items()}  # a step may change its inputs
    outs, met = forward.pushed(own, side, **how)
    return [np.zeros((K, *o.shape)) if o.t is None else o.t for o in outs], met


def by_complex_step(forward: Forward, direction: Mapping[Path, Any]) -> list[Any]:
    """The derivative of every output along one direction, without the chain rule."""
    direction = forward.directions(direction)

    def run() -> list[Any]:
        moved = {
            path: complex_arrays.carrying(x, direction.get(path, 0.0))
            for path, x in forward.floats.items()
        }
        return [complex_arrays.moved(out) for out in forward.run(moved, WITH_STEPS)]

    with warnings.catch_warnings():  # a step that is lost on the way tells nothing
        warnings.simplefilter("error", np.exceptions.ComplexWarning)
        found: list[Any] = forward.with_state(run)
    return found


WEIGHTS = (4 / 5, -1 / 5, 4 / 105, -1 / 280)
"""Of the central differences of order 8."""


def by_differences(
    forward: Forward, direction: Mapping[Path, Any], step: float = 2.0**-7
) -> list[Any]:
    """Likewise from values alone, to about ten digits where nothing jumps within the steps.

    Raises NotDifferentiableError where something is detached: its values move all the same.
    """
    if detached.NOW:
        raise NotDifferentiableError("differences see what is detached")
    direction = forward.directions(direction)

    def at(k: int) -> list[Any]:
        moved = {p: x + k * step * direction.get(p, 0.0) for p, x in forward.floats.items()}
        # Copies, for it may return a buffer that its next run writes into.
        return [np.array(out, float) for out in forward.run(moved)]

    pairs = [(w, at(k), at(-k)) for k, w in enumerate(WEIGHTS, start=1)]
    return [
        sum(w * (up[n] - down[n]) for w, up, down in pairs) / step for n in range(len(pairs[0][1]))
    ]


def certified(
    forward: Forward, direction: Mapping[Path, Any], deltas: Sequence[Any]
) -> tuple[float, str]:
    """delta times the derivative along a direction, by an engine that knows no chain rule."""
    try:
        moved = by_complex_step(forward, direction)
        if all(np.isfinite(m).all() for m in moved):
            return _dotted(moved, deltas), "the complex step"
    except Exception:  # noqa: S110, BLE001, RUF100 - whatever it is, the other engine is asked
        pass
    return _settled(forward, direction, deltas), "differences of order 8"


STEPS = (2.0**-7, 2.0**-10, 2.0**-13, 2.0**-16)
"""From long to short: a kink or a jump within one step lies outside of a shorter one."""
SAME = 1e-8
"""Up to which part of the numbers that are summed two steps agree."""


@np.errstate(all="ignore")  # such values settle nowhere
def _settled(forward: Forward, direction: Mapping[Path, Any], deltas: Sequence[Any]) -> float:
    """What differences give where two steps agree.

    Raises NotDifferentiableError where no two do.
    """
    before = None
    for step in STEPS:
        moved = by_differences(forward, direction, step)
        now = _dotted(moved, deltas)
        size = sum(float(abs(m * d).sum()) for m, d in zip(moved, deltas, strict=True))
        if before is not None and abs(now - before) <= SAME * size:
            return before
        before = now
    raise NotDifferentiableError("its values bend or jump within every step that was tried")


@np.errstate(all="ignore")
def _dotted(moved: Sequence[Any], deltas: Sequence[Any]) -> float:
    return float(sum((m * d).sum() for m, d in zip(moved, deltas, strict=True)))


__all__ = ["EPS", "Forward", "Jacobian", "NotDifferentiableError", "Site", "along",
           "axes_apart", "block_of", "by_complex_step", "by_differences", "certified", "jacobians",
           "widest"]  # fmt: skip
