"""A factor read as what it is made of: 1/2, 1 or 2 times the sizes of the network and the batch."""

from collections.abc import Iterator
from itertools import combinations, product

import numpy as np

from proofs.checker.judging.numbers import Numbers
from proofs.checker.judging.residuals import close

FAR = {"m": 1, "n_L": 2, "valid": 2, "n_1": 3, "n_l": 3}
"""How far-fetched a size is: of two that fit, the nearer one is told."""

NUMBER = 99
"""The terms of a factor that is no product of known sizes: it is told only if no other fits."""

TIMES = {
    "2": "a square without its 1/2",
    "m": "a sum over the examples, not their average",
    "1/m": "the average over the examples is taken once more",
    "n_L": "summed over the outputs as well",
    "1/n_L": "averaged over the outputs as well",
    "n_1": "summed over the inputs as well",
    "1/n_1": "divided by the number of inputs",
    "n_l": "summed over the neurons of this layer as well",
    "1/n_l": "divided by the number of neurons of this layer",
    "valid": "a sum over the examples that have a target",
    "1/valid": "an average over the examples that have a target",
}
"""What each part of a factor says; `valid` counts the examples whose targets are not all 0."""

SHORT = {
    ("2", ()): "it is twice as large",
    ("1/2", ()): "it is half as large",
    ("", ("m",)): "it is ⟨m⟩ times as large: a sum over the examples, not their average",
    ("", ("1/m",)): "it is ⟨m⟩ times too small: the average is taken twice",
    ("", ("1/n_L",)): "it is ⟨n_L⟩ times too small: an average over the outputs",
    (
        "2",
        ("1/n_L",),
    ): "it is 2/n_L times as large (⟨n_L⟩): the mean of the squares over the outputs, "
    "not half their sum",
}
"""The commonest factors; ⟨m⟩ stands for m = 7, say, when it is told of one network."""


def read(c: float, n: Numbers, l: int | None, eps: float) -> Iterator[tuple[str, int]]:
    """In words what the factor c may be, and of how many terms; the simplest first.

    `l` is the layer it was found in, None for all of them at once.
    Without a name it is told as a number.
    """
    found = [
        (_said(half, parts), bool(half) + sum(FAR[p.removeprefix("1/")] for p in parts))
        for half, parts, value in _products(sizes(n, l))
        if abs(c / value - 1) < close(eps)
    ]
    for other, says in ((n.m - 1, "m - 1"), (n.m + 1, "m + 1")):
        if abs(c * other / n.m - 1) < close(eps):
            found.append((f"it is divided by {says} instead of ⟨m⟩", 2))
    if abs(c + 1) < close(eps):
        found.append(("the sign is wrong", 0))
    yield from sorted(found, key=lambda f: f[1])
    yield f"it is {c:.6g} times what it should be", NUMBER


def sizes(n: Numbers, l: int | None) -> dict[str, int]:
    """The sizes that a factor may hold."""
    found = {"m": n.m, "n_L": n.width(n.network.L), "n_1": n.width(1)}
    if l not in (None, n.network.L):
        found["n_l"] = n.width(l)
    valid = int((n.y != 0).any(axis=0).sum())
    if 0 < valid < n.m:
        found["valid"] = valid
    return found


def usual(n: Numbers, c: float) -> Iterator[tuple[str, float, int]]:
    """The factors of a cost that c may be: as it is written, without m, and to which power m.

    Twice a half square, a sum over the examples, the average over the outputs, or more of them.
    """
    of = {name: sizes(n, None)[name] for name in ("m", "n_L")}
    for half, parts, value in _products(of):
        power = int("m" in parts)
        told = set(parts) <= {"m", "1/n_L"} and (half != "1/2" or not parts)
        if told and abs(c / value - 1) < close(n.eps):
            yield _written(half, parts), value / n.m**power, power


def _products(of: dict[str, int]) -> Iterator[tuple[str, tuple[str, ...], float]]:
    """Half, once or twice a product of at most two sizes to the power 1 or -1."""
    for few in range(3):
        for names in combinations(of, few):
            for powers in product((1, -1), repeat=few):
                parts = tuple(
                    name if p > 0 else f"1/{name}" for name, p in zip(names, powers, strict=True)
                )
                value = float(np.prod([of[k] ** p for k, p in zip(names, powers, strict=True)]))
                for half, times in (("", 1.0), ("2", 2.0), ("1/2", 0.5)):
                    if times * value != 1:  # a factor of 1 says nothing, whatever it is made of
                        yield half, parts, times * value


def _said(half: str, parts: tuple[str, ...]) -> str:
    if (half, parts) in SHORT:
        return SHORT[half, parts]
    factor = _written(half, parts)
    values = ", ".join(f"⟨{p.removeprefix('1/')}⟩" for p in parts)
    reasons = ", ".join(TIMES[p] for p in (half, *parts) if p in TIMES)
    return f"it is {factor} times as large ({values}): {reasons}"


def _written(half: str, parts: tuple[str, ...]) -> str:
    above = [p for p in (half, *parts) if p and not p.startswith("1/")]
    below = [p.removeprefix("1/") for p in (half, *parts) if p.startswith("1/")]
    over = f"/{below[0]}" if len(below) == 1 else f"/({' '.join(below)})" if below else ""
    return (" ".join(above) or "1") + over
