"""What a backward pass adds to the gradients, or multiplies them by: its own cost, or an update.

Weight decay, L1, a sum for an average, and weights that were updated instead of gradients returned
all have one form, in every layer at once::

    nabla_w = c dC/dw + l2 w + l1 sign(w)        nabla_b = c dC/db + b b + b1 sign(b)

Its constants are solved for, and named only if every number then fits.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, islice
from typing import Any

import numpy as np

from proofs.checker.calling.observe import Observation
from proofs.checker.calling.precision import Place, in_single_precision
from proofs.checker.judging.by_definition import Inputs
from proofs.checker.judging.numbers import Numbers
from proofs.checker.judging.one_constant import LEAST
from proofs.checker.judging.other_cost import fraction
from proofs.checker.judging.residuals import NEARLY, at_a_kink, bp3, bp4, close
from proofs.measuring.clock import tick
from proofs.network import Network
from proofs.network.arrays import Array

MODELS = (
    "", "l2", "l1", "l2 b", "l2 l1", "l1 b1", "l1 b", "l2 b1", "l2 l1 b", "l2 l1 b1",
    "l2 l1 b b1", "layers", "layers b",
)  # fmt: skip
"""What is added, beside the factor c; the simplest comes first. `layers`: an l2 for each."""

BESIDE_TOLD = (*MODELS, "b", "b1")
"""The same beside a penalty that was told, where a single layer may lack it too. Untold, one on
biases alone is a fault: nobody means it."""

EACH = "each"
"""Whatever counts of an l2, an l1 and, beside one of them, a b for each layer: tried last."""

MOST_LACKING = 64
"""So many choices of layers that lack a penalty that was told are tried, the smallest first."""

ROWS = 8
"""So many rows of a layer are looked at before the others."""

SLACK = 4.0
"""Tolerances that a number may be off: the constants have a rounding of their own."""

LARGEST = 100.0
"""No term is larger than what came by more."""


Constant = float | dict[int, float]
"""A constant of a penalty: of all layers, or by layer."""


@dataclass(frozen=True)
class Penalty:
    """A penalty that the cost holds: l2/2 the sum of w^2, l1 the sum of |w|.

    `b` says the l2 of the biases, `b1` their l1. Each may be a mapping from layer to its constant.
    Over m: `Penalty(l2=lambda_ / m)`, where m is the number of examples; with `over_m` the
    constants are divided by the m of each call.
    """

    l2: Constant = 0.0
    l1: Constant = 0.0
    b: Constant = 0.0
    over_m: bool = False
    b1: Constant = 0.0

    def of_w(self, w: Array, l: int) -> Array:
        """Its derivative with respect to w^l."""
        l2, l1, *_ = self.at(l)
        return l2 * w + l1 * np.sign(w)

    def of_b(self, b: Array, l: int) -> Array:
        """Its derivative with respect to b^l."""
        *_, l2, l1 = self.at(l)
        return l2 * b + l1 * np.sign(b)

    def at(self, l: int) -> tuple[float, float, float, float]:
        """The constants of layer l: l2, l1, b and b1."""
        l2, l1, b, b1 = (k.get(l, 0.0) if isinstance(k, dict) else k for k in self.constants)
        return l2, l1, b, b1

    @property
    def constants(self) -> tuple[Constant, Constant, Constant, Constant]:
        """l2, l1, b and b1, as they were given."""
        return self.l2, self.l1, self.b, self.b1

    def times(self, c: float) -> "Penalty":
        """The penalty c times as large."""
        return replace(self._each(lambda k: c * k), over_m=False)

    def of(self, m: int) -> "Penalty":
        """The penalty on a batch of m examples."""
        return self.times(1 / m) if self.over_m else self

    @property
    def in_single_precision(self) -> "Penalty":
        """The penalty with its constants in single precision."""
        return self._each(in_single_precision)

    def _each(self, of: Callable[[float], float]) -> "Penalty":
        l2, l1, b, b1 = (
            {l: of(each) for l, each in k.items()} if isinstance(k, dict) else of(k)
            for k in self.constants
        )
        return Penalty(l2, l1, b, self.over_m, b1)

    @property
    def by_sign(self) -> tuple["Penalty", "Penalty"]:
        """Its parts that are no less than 0, and those that are."""
        return self._each(lambda k: max(k, 0.0)), self._each(lambda k: min(k, 0.0))

    @property
    def negative(self) -> bool:
        """Whether a part of it is below 0: a cost that falls as weights grow is no penalty."""
        return bool(self.by_sign[1])

    def __bool__(self) -> bool:
        return any(any(k.values()) if isinstance(k, dict) else k for k in self.constants)


@dataclass(frozen=True)
class LeftOver:
    """The constants of the form above; `delta` is the factor of what came as delta."""

    c: float
    penalty: Penalty = field(default_factory=Penalty)
    delta: float = 1.0

    @property
    def tells(self) -> bool:
        """Whether anything is left over: a penalty, a factor, or both, as in an update."""
        return bool(self.penalty) or self.scaled or self.delta_is_else

    @property
    def updated(self) -> bool:
        """Whether what came are updated weights and biases: w less a multiple of the gradient."""
        l2, l1, b, b1 = self.penalty.constants
        if isinstance(l2, dict) or isinstance(b, dict):
            return False
        return self.c < 0 and not l1 and not b1 and np.allclose([l2, b], 1, rtol=1e-6)

    @property
    def rewards(self) -> bool:
        """Whether large weights are rewarded: the gradients are right, the penalty's sign is not.

        Where all is turned round, c is below 0 as well.
        """
        return self.c > 0 and not self.scaled and self.penalty.negative

    @property
    def delta_is_else(self) -> bool:
        """Whether delta comes with a factor of its own, beside gradients that are right."""
        return not np.isclose([self.delta, self.delta], [1, self.c], rtol=LEAST).any()

    @property
    def scaled(self) -> bool:
        """Whether the gradients are right up to a factor; a sign alone is a fault."""
        return not np.isclose(abs(self.c), 1, rtol=LEAST)


def free(seen: Observation, network: Network, penalty: Penalty) -> Observation:
    """What was observed, less what a penalty adds to the gradients."""
    if not penalty:
        return seen
    own, beside = dict(seen.numbers), dict(seen.beside)
    added = {
        "nabla_w": {l: penalty.of_w(w, l) for l, w in network.w.items()},
        "nabla_b": {l: penalty.of_b(b, l) for l, b in network.b.items()},
    }
    for letter in added.keys() & own.keys():
        own[letter] = {l: g - added[letter][l] for l, g in own[letter].items()}
        # One for its own addition, one for our subtraction.
        beside |= {
            (letter, l): beside.get((letter, l), 0) + 2 * abs(k) for l, k in added[letter].items()
        }
    return replace(seen, numbers=own, beside=beside)


@np.errstate(all="ignore")
def decays(n: Numbers) -> list[Penalty]:
    """The penalties on the weights that gradients of few examples may hold, whatever the errors.

    Across their activations nabla_w = delta a^T/m + l2 w + l1 sign(w) has nothing of delta. A layer
    that shows no constants, since its BP4 or what enters it is wrong, may have those of the others.
    """
    shown = {l: c for l in n.nabla_w if (c := _decay(n, l)) is not None}
    if not any(map(any, shown.values())):
        return []
    found = {l: np.array(c) for l, c in shown.items()}
    size = max(float(abs(n.nabla_w[l]).max() / abs(n.network.w[l]).max()) for l in found)

    def plain(k: float) -> float:
        near = max(NEARLY**1.5, 4 * n.eps * size / abs(k)) if k else 0
        return 0.0 if abs(k) <= close(n.eps) * size else fraction(float(k), near)

    l2, l1 = np.median(list(found.values()), axis=0)
    if not np.allclose(list(found.values()), (l2, l1), rtol=NEARLY, atol=close(n.eps) * size):
        of_layers = Penalty({l: plain(l2) for l, (l2, _) in found.items()})
        return [] if of_layers.negative else [of_layers]
    l2, l1 = plain(l2), plain(l1)
    return [] if min(l2, l1) < 0 else [Penalty(l2, l1, b) for b in (0.0, l2)]


def _decay(n: Numbers, l: int) -> tuple[float, float] | None:
    """The l2 and l1 of a layer of which what is left across its activations is made, if it is."""
    a, w, g = n.a[l - 1], n.network.w[l], n.nabla_w[l]
    inverse = np.linalg.pinv(a)
    free = len(g) * (len(a) - round(float((inverse.T * a).sum())))

    def across(v: Array) -> Array:
        return v - (v @ a) @ inverse

    off, left = close(n.eps) * abs(g).max(), across(g)
    if free > 0 and abs(left).max() <= off:
        return 0.0, 0.0
    every = np.arange(len(g))
    # What is made of neither in a few rows is not in all.
    for rows in (np.argsort(abs(left).max(axis=1))[-ROWS:], every):
        A = np.stack([across(v).ravel() for v in (w[rows], np.sign(w[rows]))], axis=1)
        came = left[rows].ravel()
        c = np.linalg.lstsq(A, came, rcond=None)[0]
        if not ((A @ c - came) ** 2).sum() <= 2 * came.size * off**2:
            return None
    for some in ([0], [1], [0, 1]):
        c, _, rank, _ = np.linalg.lstsq(A[:, some], came, rcond=None)
        told = rank == len(c) and free > 2 * len(c)
        if told and abs(A[:, some] @ c - came).max() <= off:
            l2, l1 = (float(c[some.index(k)]) if k in some else 0.0 for k in (0, 1))
            return l2, l1
    return None


def of_observed(
    given: Inputs, seen: Observation, right: bool = False, told: bool = False
) -> LeftOver | None:
    """The same of what was observed, where it has all gradients, or all those of the weights; and
    how delta is scaled.

    Nothing is left over where they are `right`; `told` says that a penalty was told and taken off.
    """
    ours = given.gradients(seen)
    layers = given.network.L - 1
    whole = len(ours.nabla_w) == layers and len(ours.nabla_b) in (0, layers)
    if not whole or at_a_kink(ours):
        return None
    at = "left over", int(told)
    if not right and at not in ours.judged:
        ours.judged[at] = left_over(ours, told)
    found: LeftOver | None = LeftOver(1.0) if right else ours.judged[at]
    if found is None or not _tells(ours):
        return None
    return replace(found, delta=_factor_of_delta(ours, seen.numbers.get("delta", {})))


def _tells(ours: Numbers) -> bool:
    """Whether two outputs or examples have an error: with one, any delta^L is right but for c."""
    delta = abs(ours.delta[ours.network.L])
    return bool((delta > NEARLY * delta.max()).sum() > 1)


def _factor_of_delta(ours: Numbers, came: dict[int, Array]) -> float:
    """The factor between its delta and delta, the same at all layers; 1 if there is none."""
    if len(came) < ours.network.L - 1:
        return 1.0
    theirs, right = (np.concatenate([of[l].ravel() for l in came]) for of in (came, ours.delta))
    d = float((theirs * right).sum() / (right * right).sum())
    off = max(abs(came[l] - d * ours.delta[l]).max() / abs(came[l]).max() for l in came)
    return d if off <= close(ours.eps) else 1.0


def left_over(ours: Numbers, told: bool = False) -> LeftOver | None:
    """The constants that give every number of nabla_b and nabla_w; None if no such form does.

    `ours` has gradients of all weights, and of all biases or of none; no kink; and delta as it is
    defined.
    """
    with np.errstate(all="ignore"):
        rows = _Rows(ours, "bw" if ours.nabla_b else "w")
        if not rows.known:
            return None
        some = [f"layer{l}" for l in ours.network.layers]
        lacking = (" ".join(c) for k in range(1, len(some)) for c in combinations(some, k))
        models = (*BESIDE_TOLD, *islice(lacking, MOST_LACKING)) if told else (*MODELS, EACH)
        if found := rows.solved(models):
            return found
        # The biases may be wrong in another way, and the weights right but for a penalty.
        found = _Rows(ours, "w").solved(("", "l2", "l1", "l2 l1"))
        return found if found and abs(found.c - 1) < NEARLY else None


KINDS = (("layer", "w", np.array), ("sign", "w", np.sign), ("bias", "b", np.array))
"""What a penalty may add to one layer: its name, the letter, and what of it."""

SOME = 2**9
"""So many numbers of an array are looked at first: what does not fit them does not fit all."""

BLOCK = 2**16
"""So many numbers are looked at together."""

Part = tuple[Array, Array, Array]
"""What may be added in columns, what came, and its rounding: a number in each row."""


class _Rows:
    """All numbers of all layers, one in each row; those of some letters alone."""

    def __init__(self, ours: Numbers, letters: str) -> None:
        self.ours = ours
        network = ours.network
        self.by = {"b": network.b, "w": network.w}
        of = {"b": bp3, "w": bp4}
        self.found = {(of_, l): of[of_](ours, l) for l in network.layers for of_ in letters}
        self.size = sum(r.came.size for r in self.found.values())
        self.largest = max(float(abs(r.came).max(initial=0)) for r in self.found.values())
        signs = [np.sign(b) for b in network.b.values()] if "b" in letters else []
        # Of one sign it is a constant, which no penalty adds.
        self.mixed = abs(sum(s.sum() for s in signs)) != sum(abs(s).sum() for s in signs)
        self.few = self._few() if self.size > SOME * len(self.found) else []

    @property
    def known(self) -> bool:
        """Whether all numbers are finite, and some are not 0."""
        finite = (np.isfinite(v).all() for r in self.found.values() for v in (r.came, r.allowed))
        return bool(self.largest) and all(finite)

    def _few(self) -> list[tuple[Place, Any]]:
        """Where numbers stand that are looked at first: some of each array, and the worst."""
        random = np.random.default_rng(0)
        few: list[tuple[Place, Any]] = []
        for at, r in self.found.items():
            picked = random.choice(r.came.size, min(SOME, r.came.size), replace=False)
            few += [(at, np.unravel_index(picked, r.came.shape)), (at, _as_index(r.place))]
        return few

    def _blocks(self) -> Iterator[tuple[Place, Any]]:
        """Where all numbers stand, a few rows of an array together."""
        for at, r in self.found.items():
            most = max(1, BLOCK // r.came.shape[1])
            starts = range(0, len(r.came), most)
            yield from ((at, slice(start, start + most)) for start in starts)

    def parts(self, names: Sequence[str], where: Iterable[tuple[Place, Any]]) -> Iterator[Part]:
        """The rows of these places."""
        for at, p in where:
            tick("what is left over", 0, 1)
            r = self.found[at]
            allowed = np.broadcast_to(r.allowed, r.came.shape)
            columns = [self._column(name, at, p).ravel() for name in names]
            yield np.stack(columns, axis=1), r.came[p].ravel(), allowed[p].ravel()

    def _column(self, name: str, at: Place, p: Any) -> Array:
        letter, l = at
        v = self.by[letter][l][p]
        if name == "c":
            return self.found[at].expected[p]
        kinds = {f"{kind}{l}": of for kind, its, of in KINDS if its == letter}
        kinds |= {"l2": np.array, "l1": np.sign} if letter == "w" else {"b": np.array}
        kinds |= {"b1": np.sign} if letter == "b" and self.mixed else {}
        return np.asarray(kinds[name](v)) if name in kinds else np.zeros_like(v)

    def solved(self, models: Sequence[str]) -> LeftOver | None:
        """What the first of the models that fit gives."""
        every = ["c", *_names(EACH, self.ours), "b1"]  # all that any of them holds
        if not self.may_fit(every):
            return None
        return next(filter(None, (_solved(model, self) for model in models)), None)

    def weight(self, came: Array, allowed: Array) -> Array:
        """How much a number counts: the less, the more it may be off."""
        eps = self.ours.eps
        return 1 / np.maximum(allowed + eps * abs(came), eps**2 * self.largest)

    def may_fit(self, names: Sequence[str]) -> bool:
        """Whether a few of the numbers fit, whatever the constants are; False says no."""
        if not self.few:
            return True
        A, came, allowed = map(np.concatenate, zip(*self.parts(names, self.few), strict=True))
        weight = self.weight(came, allowed)
        scale = abs(A * weight[:, None]).max(axis=0)
        scale = np.where(scale > 0, scale, 1)
        x = np.linalg.lstsq(A * weight[:, None] / scale, came * weight, rcond=None)[0] / scale
        off, tolerance = A @ x - came, _tolerance(A, x, came, allowed, self.ours)
        # Constants with which each number is within its tolerance leave no more than these do.
        return not ((off * weight) ** 2).sum() > 2 * ((tolerance * weight) ** 2).sum()

    def least_squares(self, names: Sequence[str]) -> Array | None:
        """The constants of the columns that come nearest; None where a column is empty, or others
        make it up."""
        scale, most = np.zeros(len(names)), np.zeros(len(names))
        for A, came, allowed in self.parts(names, self._blocks()):
            scale = np.maximum(scale, abs(A * self.weight(came, allowed)[:, None]).max(axis=0))
            most = np.maximum(most, abs(A).max(axis=0))
        if not scale.all():
            return None
        x = np.zeros(len(names))
        for _ in range(2):  # what is left of the first time makes up for its rounding
            R = np.zeros((0, len(names) + 1))
            for A, came, allowed in self.parts(names, self._blocks()):
                weight = self.weight(came, allowed)
                rows = np.column_stack([A * weight[:, None] / scale, (came - A @ x) * weight])
                R = np.asarray(np.linalg.qr(np.vstack([R, rows]), mode="r"))
            rounded = float(np.finfo(float).eps) * max(self.size, len(names))
            solved, _, rank, _ = np.linalg.lstsq(R[:, :-1], R[:, -1], rcond=rounded)
            x = x + solved / scale
            # Columns that cancel fit anything.
            if rank < len(names) or (most * abs(x)).max() > LARGEST * self.largest:
                return None
        return x

    def counts(self, names: Sequence[str], x: Array) -> tuple[Array, bool]:
        """Which of the constants are more than rounding, and whether they give what came.

        A number that they do not give is among the first that are looked at from now on.
        """
        counts, fits = np.zeros(len(names), bool), True
        for at, p in self._blocks():
            ((A, came, allowed),) = self.parts(names, [(at, p)])
            tolerance = _tolerance(A, x, came, allowed, self.ours)
            counts |= (abs(A * x) > 10 * tolerance[:, None]).any(axis=0)
            excess = abs(A @ x - came) / tolerance
            if not (excess <= 1).all():
                fits = False
                worst = np.unravel_index(np.argmax(excess), self.found[at].came[p].shape)
                place = (worst[0] + p.start, *worst[1:])
                self.few += [(at, _as_index(place))] if self.few else []
        return counts, fits


def _as_index(place: Sequence[Any]) -> tuple[Array, ...]:
    return tuple(np.array([i]) for i in place)


def _tolerance(A: Array, x: Array, came: Array, allowed: Array, n: Numbers) -> Array:
    """How far each number may be off what the constants give."""
    own: Array = SLACK * (abs(x[0]) * allowed + 8 * n.eps * (abs(A) @ abs(x) + abs(came)))
    return own


def _solved(model: str, rows: _Rows) -> LeftOver | None:
    n = rows.ours
    names = ["c", *_names(model, n)]
    if not rows.may_fit(names):
        return None
    if model == EACH:  # first with all of them, then with those that count
        x = rows.least_squares(names)
        if x is None or rows.size < 4 * len(names):
            return None
        counted = rows.counts(names, x)[0]
        names = [name for name, counts in zip(names, counted, strict=True) if counts]
        if names[:1] != ["c"] or not all(map(_with_weights(names), n.network.layers)):
            return None
        if any(map(_too_few(names, n.network), n.network.layers)):
            return None
    x = rows.least_squares(names)
    if x is None or rows.size < 4 * len(names):
        return None
    # What is smaller in a layer by itself is rounding, for nobody writes such a constant; and so is
    # what is small beside a factor of nearly 1.
    rounded = model == EACH or close(n.eps) < abs(x[0] - 1) < NEARLY
    if rounded and (abs(x[1:]) < NEARLY).any():
        return None
    counted, fits = rows.counts(names, x)
    return (
        _named(dict(zip(names, map(float, x), strict=True)), n) if counted.all() and fits else None
    )


def _with_weights(names: Sequence[str]) -> Callable[[int], bool]:
    """Whether the biases of a layer are penalised only where its weights are."""
    return lambda l: f"bias{l}" not in names or f"layer{l}" in names or f"sign{l}" in names


def _too_few(names: Sequence[str], network: Network) -> Callable[[int], bool]:
    """Whether the numbers of a layer are so few that its own constants fit whatever is off."""

    def too_few(l: int) -> bool:
        own = sum(f"{kind}{l}" in names for kind, _, _ in KINDS)
        return network.w[l].size + network.b[l].size < 4 * own

    return too_few


def _named(of: dict[str, float], n: Numbers) -> LeftOver:
    """The constants as a penalty."""

    def constant(kind: str, whole: str) -> Constant:
        by_layer = {l: of[f"{kind}{l}"] for l in n.network.layers if f"{kind}{l}" in of}
        return by_layer or of.get(whole, 0.0)

    l2, l1, b = constant("layer", "l2"), constant("sign", "l1"), constant("bias", "b")
    return LeftOver(of["c"], Penalty(l2, l1, b, b1=of.get("b1", 0.0)))


def _names(model: str, n: Numbers) -> Iterator[str]:
    for name in model.split():
        kinds = ["layer"] if name == "layers" else [kind for kind, _, _ in KINDS]
        by_layer = [f"{kind}{l}" for kind in kinds for l in n.network.layers]
        yield from by_layer if name in ("layers", EACH) else [name]
