"""Precision that is lost on the way, of an input.

A backward pass that rounds x to single precision and then goes on in doubles is right, for that x.
So what it rounds is found out, and it is judged by the numbers that it went by, in full.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from proofs.checker.calling.observe import Observation
from proofs.checker.calling.precision import DIGITS, held, rounded, unit
from proofs.checker.judging.by_definition import Inputs, at_places, in_a_column
from proofs.checker.judging.residuals import Residual, of_gradients
from proofs.network.arrays import Array

FAR = 100
"""A gradient that is off by more units of a format is not explained by rounding to it."""

CLEAR = 1 / 16
"""Nearer to 1 a constant is none, and numbers further from what it makes of them show none."""

CLEARLY = 10
"""For an input that was rounded to be the reason, gradients come nearer by this factor."""

MANY = 2**14
"""Of more numbers a part is looked at first."""

SOME = 2**10
"""So many are then drawn."""

SLACK = 2.0
"""By this factor the median of those may be another than that of all."""


@dataclass(frozen=True)
class _Gradients:
    """Numbers of all gradients, a column: as they should be and as they came, and how far that
    may be off; and those of other inputs."""

    given: Inputs
    right: Array
    came: Array
    allowed: Array
    of: Callable[[Inputs], Array]
    wrong: Array
    """Which of them are looked at: they are off."""
    largest: float
    """The largest of all that should have come."""

    def some(self, seen: Observation) -> "_Gradients | None":
        """A part of many of them, drawn from all and from those that are wrong; None if few."""
        if self.came.size <= MANY:
            return None
        random = np.random.default_rng(0)
        drawn = [random.choice(of, SOME) for of in (self.came.size, np.flatnonzero(self.wrong))]
        places = np.unique(np.concatenate(drawn))
        return replace(
            self,
            right=self.right[places],
            came=self.came[places],
            allowed=self.allowed[places],
            wrong=self.wrong[places],
            of=lambda given: at_places(given.exactly, seen, places),
        )

    def nearer(self, slack: float = 1.0) -> Iterator[Inputs]:
        """The inputs, some of them rounded, with which what is wrong comes much nearer."""
        came, wrong = self.came, self.wrong
        off = np.median(abs(came - self.right)[wrong])
        for digits in reversed(DIGITS):
            if off <= slack * FAR * unit(digits) * self.largest:
                left = []
                every = list(self.likely(digits))
                for what in every:  # one after the other: each is a network
                    v = self.of(with_rounded(self.given, what, digits))
                    left.append(np.median(abs(came - _constant(v, came) * v)[wrong]))
                at = int(np.argmin(left))
                best = with_rounded(self.given, every[at], digits)
                if best.what and left[at] < slack * off / CLEARLY:
                    yield best

    def likely(self, digits: int) -> Iterator[tuple[str, ...]]:
        """The inputs that may have been rounded, the likeliest first."""
        yield self.used(digits)
        yield ("x",)
        yield tuple(_inputs(self.given))

    def used(self, digits: int) -> tuple[str, ...]:
        """The inputs that seem rounded: the gradients have moved as if they were."""
        plain = self.of(self.given)
        c = _constant(plain, self.came)
        moves = {}
        for name in _inputs(self.given):
            other = with_rounded(self.given, (name,), digits)
            if other is not self.given:
                moves[name] = c * (self.of(other) - plain)
        if not moves:
            return ()
        weight = 1 / (self.allowed + 1e-3 * unit(digits) * self.largest)
        # A constant was read off numbers that are off, so it may be off as well.
        A = np.stack([*moves.values(), *[self.right] * (c != 1)], axis=1) * weight[:, None]
        share = np.linalg.lstsq(A, (self.came - self.right) * weight, rcond=None)[0]
        return tuple(name for name, s in zip(moves, share, strict=False) if s > 1 / 2)


def as_rounded(given: Inputs, seen: Observation) -> Inputs:
    """The inputs, with those rounded for which most gradients are right; as they are if none are.

    Most, since something else may be wrong beside that.
    """
    with np.errstate(all="ignore"):
        right, came, allowed = _gradients(given, seen)
        known = np.isfinite(right).all() and np.isfinite(allowed).all() and np.isfinite(came).all()
        wrong = ~(abs(came - right) <= allowed)
        if not known or not came.any() or not wrong.any():
            return given
        largest = float(abs(right).max())
        whole = _Gradients(
            given, right, came, allowed, lambda other: in_a_column(other.exactly, seen), wrong,
            largest,
        )  # fmt: skip
        some = whole.some(seen)
        if some and next(some.nearer(SLACK), None) is None:
            return given  # nor will they be all together
        for best in whole.nearer():
            anew, _, wide = _gradients(best, seen)
            still = ~(abs(came - anew) <= wide)
            # One number that is wrong may be explained, and many right ones not any more.
            if still[wrong].sum() <= wrong.sum() / 2 and still.sum() <= wrong.sum():
                return best
    return given


def _inputs(given: Inputs) -> dict[str, Array]:
    w = {f"w of layer {l}": w for l, w in given.network.w.items()}
    b = {f"b of layer {l}": b for l, b in given.network.b.items()}
    return {"x": given.x, "y": given.y, **w, **b}


def with_rounded(given: Inputs, what: tuple[str, ...], digits: int) -> Inputs:
    """The inputs with some of them rounded; itself if that changes nothing."""
    kept = _inputs(given)
    now = {k: rounded(v, digits) if k in what else v for k, v in kept.items()}
    changed = tuple(k for k in what if not held(kept[k], digits).all())
    if not changed:
        return given
    w, b = ([now[f"{letter} of layer {l}"] for l in given.network.layers] for letter in "wb")
    network = given.network.with_arrays(w, b)
    return replace(given, network=network, x=now["x"], y=now["y"], what=changed, digits=digits)


def _gradients(given: Inputs, seen: Observation) -> tuple[Array, Array, Array]:
    """nabla_b and nabla_w of all layers in one column: as they should be, as they came, how far.

    What came may be one constant times what it should be, as a sum for an average is.
    """
    found = of_gradients(given.gradients(seen))
    columns = ([f.ravel() for f in part] for part in zip(*map(_parts, found), strict=True))
    right, came, allowed = (np.concatenate(c) for c in columns) if found else (np.zeros(0),) * 3
    c = _constant(right, came)
    return c * right, came, abs(c) * allowed


def _constant(right: Array, came: Array) -> float:
    """About how many times as they should be most numbers came: 1, unless it clearly is another."""
    size = abs(right).max(initial=0)
    told = abs(right) > CLEAR * size
    if not told.any():
        return 1.0
    c = float(np.median(came[told] / right[told]))
    alike = np.mean(abs(came - c * right) <= CLEAR * abs(c) * size) > 1 / 2
    return c if alike and abs(c - 1) > CLEAR else 1.0


def _parts(r: Residual) -> tuple[Array, Array, Array]:
    return r.expected, r.came, np.broadcast_to(r.allowed, r.came.shape)
