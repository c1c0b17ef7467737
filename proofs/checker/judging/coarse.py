"""Precision that is lost on the way: of an input, or of a number that was not returned.

A backward pass that rounds x to single precision and then goes on in doubles is right, for that x.
So what it rounds is found out, and it is judged by the numbers that it went by, in full.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from proofs.checker.calling.observe import Observation
from proofs.checker.calling.precision import DIGITS, DOUBLE, held, rounded, unit
from proofs.checker.judging.by_definition import GRADIENTS, Inputs
from proofs.checker.judging.numbers import Numbers
from proofs.checker.judging.residuals import LETTER, Residual, bp3, bp4
from proofs.network import Network
from proofs.network.arrays import Array

FAR = 100
"""A gradient that is off by more units of a format is not explained by rounding to it."""

CLEARLY = 10
"""For an input that was rounded to be the reason, gradients come nearer by this factor."""

BELOW_SINGLE, BELOW_HALF = 2.0**-31, 2.0**-15
"""By this part of itself a number moves unseen in a format, and seen in the next finer one."""

FAR_ENOUGH = 2.0**-3
"""By this part of itself a number moves seen in any."""

MOST = 0.75
"""Rounding that was not returned puts at least this part of the numbers off in which it would show,
or all but one, if there are more than two."""


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
        off = np.median(abs(came - right)[wrong])
        for digits in reversed(DIGITS):
            if off <= FAR * unit(digits) * abs(right).max():
                others = [
                    _rounded(given, what, digits) for what in _candidates(given, seen, digits)
                ]
                left = [np.median(abs(came - _right(other, seen))[wrong]) for other in others]
                at = int(np.argmin(left))
                if (best := others[at]).what and left[at] < off / CLEARLY:
                    anew, _, wide = _gradients(best, seen)
                    if np.median((abs(came - anew) / wide)[wrong]) <= 1:
                        return best
    return given


def _candidates(given: Inputs, seen: Observation, digits: int) -> Iterator[tuple[str, ...]]:
    """The inputs that may have been rounded, the likeliest first."""
    yield _used(given, seen, digits)
    yield ("x",)
    yield tuple(_inputs(given))


def _used(given: Inputs, seen: Observation, digits: int) -> tuple[str, ...]:
    """The inputs that seem rounded: the gradients have moved as if they were."""
    right, came, allowed = _gradients(given, seen)
    names = [name for name in _inputs(given) if _rounded(given, (name,), digits) is not given]
    moves = [_right(_rounded(given, (name,), digits), seen) - right for name in names]
    if not moves:
        return ()
    weight = 1 / (allowed + 1e-3 * unit(digits) * abs(right).max())
    A = np.stack(moves, axis=1) * weight[:, None]
    share = np.linalg.lstsq(A, (came - right) * weight, rcond=None)[0]
    return tuple(name for name, s in zip(names, share, strict=True) if s > 1 / 2)


def _inputs(given: Inputs) -> dict[str, Array]:
    w = {f"w of layer {l}": w for l, w in given.network.w.items()}
    b = {f"b of layer {l}": b for l, b in given.network.b.items()}
    return {"x": given.x, "y": given.y, **w, **b}


def _rounded(given: Inputs, what: tuple[str, ...], digits: int) -> Inputs:
    """The inputs with some of them rounded; itself if that changes nothing."""
    kept = _inputs(given)
    now = {k: rounded(v, digits) if k in what else v for k, v in kept.items()}
    changed = tuple(k for k in what if not held(kept[k], digits).all())
    if not changed:
        return given
    layers, sigma = given.network.layers, list(given.network.sigma.values())
    w, b = ([now[f"{letter} of layer {l}"] for l in layers] for letter in "wb")
    network = Network.from_arrays(w, b, sigma, given.network.cost)
    return replace(given, network=network, x=now["x"], y=now["y"], what=changed, digits=digits)


def _gradients(given: Inputs, seen: Observation) -> tuple[Array, Array, Array]:
    """nabla_b and nabla_w of all layers in one column: as they should be, as they came, how far."""
    found = _of_all(given.gradients(seen))
    columns = ([f.ravel() for f in part] for part in zip(*map(_parts, found), strict=True))
    right, came, allowed = (np.concatenate(c) for c in columns) if found else (np.zeros(0),) * 3
    return right, came, allowed


def _right(given: Inputs, seen: Observation) -> Array:
    """The first of these alone, for which no rounding is estimated."""
    return np.concatenate([r.expected.ravel() for r in _of_all(given.bare(seen))])


def _of_all(n: Numbers) -> list[Residual]:
    return [bp3(n, l) for l in n.nabla_b] + [bp4(n, l) for l in n.nabla_w]


def _parts(r: Residual) -> tuple[Array, Array, Array]:
    return r.expected, r.came, np.broadcast_to(r.allowed, r.came.shape)


def by_steps(call: Callable[..., Observation], given: Inputs, seen: Observation) -> float:
    """The rounding unit by whose steps a gradient of one example moves while x moves smoothly.

    A forward pass in single precision does not see the tenth digit of x. Its gradients may have as
    many digits as doubles have, where the targets are doubles; but they stand still, or jump.
    """
    if "nabla_b" not in seen.numbers and "delta" in seen.numbers:
        bare, call = call, lambda x, y: _delta_as_nabla_b(bare(x, y))
        seen = _delta_as_nabla_b(seen)
    with np.errstate(all="ignore"):
        if not _rough(call, given, replace(seen, eps=DOUBLE), BELOW_SINGLE):
            return DOUBLE
        if not _rough(call, given, replace(seen, eps=unit(24)), BELOW_HALF):
            return unit(24)
        return unit(11 if given.explain(replace(seen, eps=unit(11))) else 8)


def _delta_as_nabla_b(seen: Observation) -> Observation:
    """delta is nabla_b on one example."""
    return replace(seen, numbers={**seen.numbers, "nabla_b": seen.numbers.get("delta", {})})


def _rough(call: Callable[..., Observation], given: Inputs, seen: Observation, move: float) -> bool:
    """Whether numbers of a gradient that should move with x stand still or jump.

    Whatever a smooth function is, it moves twice as far with twice the step.
    """
    once, twice, far = (_moves(call, given, seen, k) for k in (move, 2 * move, FAR_ENOUGH))
    there = {_at(r): r.expected for r in _of_all(_moved(given, move).bare(seen))}
    for r in _of_all(given.gradients(seen)):
        if all((at := _at(r)) in each for each in (once, twice, far)):
            least = 2 * r.allowed + CLEARLY * seen.eps * abs(r.came)
            tells = (abs(there[at] - r.expected) > least) & (far[at] != 0)
            off = abs(twice[at] - 2 * once[at])
            smooth = (twice[at] != 0) & (off <= abs(twice[at]) / 4)
            if tells.any() and smooth[tells].mean() <= 1 / 2:
                return True
    return False


def _moves(
    call: Callable[..., Observation], given: Inputs, seen: Observation, move: float
) -> dict[tuple[str, int], Array]:
    """How far each gradient moves when each number of x moves by about this part of itself."""
    now = call(_moved(given, move).x, given.y).numbers
    return {
        (name, l): now[name][l] - g
        for name in GRADIENTS
        for l, g in seen.numbers.get(name, {}).items()
        if l in now.get(name, {})
    }


def _moved(given: Inputs, move: float) -> Inputs:
    x, random = given.x, np.random.default_rng(0)
    by = move * random.uniform(0.5, 1, x.shape)
    return replace(given, x=x * (1 + by) if x.any() else by)


def _at(r: Residual) -> tuple[str, int]:
    return LETTER[r.equation], r.layer


def only_rounding(r: Residual) -> bool:
    """Whether what does not hold looks like rounding: nearly all numbers are off, each anew.

    One entry that is wrong, one row or a whole block by one factor does not.
    """
    wrong = r.excess > 1
    told = wrong | (np.maximum(abs(r.expected), abs(r.came)) * unit(min(DIGITS)) > r.allowed)
    off, right = ((v / r.allowed)[told] for v in (r.came - r.expected, r.expected))
    factor = off @ right / (right @ right) if right.any() else 0.0
    anew = told.sum() == 1 or abs(off - factor * right).max() > 1
    return bool(anew and (told & ~wrong).sum() <= max((1 - MOST) * told.sum(), told.sum() > 2))
