"""What every gradient checker is asked: a cost of some numbers, with a gradient right or wrong.

A checker is a function accepts(cost, gradient, x) that returns what it objects, "" for nothing.
Costs and gradients are NumPy functions of a vector, as somebody's own code is.
"""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
from asking import tell

from proofs.mistakes.catalogue import WILD, Wrong
from proofs.network import Network

Function = Callable[[Any], Any]
Accepts = Callable[[Function, Function, Any], str]

W = np.random.default_rng(0).standard_normal((10, 10)) / 3
X = np.random.default_rng(1).standard_normal(10)


def layer(x: Any) -> Any:
    """The cost that most is asked about: what a layer of tanh neurons adds up to."""
    return np.tanh(W.astype(x.dtype) @ x).sum()


def right(x: Any) -> Any:
    """Its gradient."""
    w = W.astype(x.dtype)
    return w.T @ (1 - np.tanh(w @ x) ** 2)


def ask(accepts: Accepts, how: str, single: bool = True, whole: bool = True) -> None:
    """Tell how a checker does on each question.

    `single` says whether it may be asked in float32, `whole` whether about whole networks.
    """
    np.random.seed(0)  # some checkers draw directions from NumPy's own generator
    tell("the smallest relative error of every entry that it notices", smallest(accepts), how)
    tell("a right gradient", word(accepts(layer, right, X)), how)
    if single:
        tell("a right gradient, float32", word(accepts(layer, right, X.astype(np.float32))), how)
    tell(
        "relu at 0 with slope 0, a right gradient", word(accepts(relu_sum, zero, np.zeros(4))), how
    )
    tell("0 where the gradient is 5e-6", word(accepts(lambda x: 5e-6 * x.sum(), zero, X)), how)
    seen = sum(bool(accepts(sines, one_off, draw(seed))) for seed in range(5))
    tell("one of 10,000 entries 10 % too large, noticed in 5 draws", seen, how)
    tell("a gradient of shape (1,) for 10 numbers", word(accepts(sum10, ones1, X)), how)
    if whole:
        zoo(accepts, how)


def word(objection: str) -> str:
    """A verdict in a word."""
    return "rejected" if objection else "accepted"


def smallest(accepts: Accepts) -> float | str:
    """The smallest power of ten by which every entry may be too large and most of 5 draws notice."""
    if accepts(layer, right, X):
        return "rejects the right one too"
    noticed: float | str = "none"
    for power in range(1, 13):
        error = 10.0**-power

        def larger(x: Any, error: float = error) -> Any:
            return right(x) * x.dtype.type(1 + error)

        if sum(bool(accepts(layer, larger, X)) for _ in range(5)) < 3:
            break
        noticed = error
    return noticed


def relu_sum(x: Any) -> Any:
    """What relu neurons add up to."""
    return np.maximum(x, 0).sum()


def zero(x: Any) -> Any:
    """A gradient of zeros."""
    return np.zeros_like(x)


def sines(x: Any) -> Any:
    """A cost of many numbers, in which each has a gradient of its own."""
    return np.sin(x).sum()


def one_off(x: Any) -> Any:
    """Its gradient, one entry of which is 10 % too large."""
    found = np.cos(x)
    found[7] *= 1.1
    return found


def draw(seed: int) -> Any:
    """Ten thousand numbers; also the seed of a checker that draws directions."""
    np.random.seed(seed)
    return np.random.default_rng(seed).uniform(-1, 1, 10_000)


def sum10(x: Any) -> Any:
    """The sum of ten numbers."""
    return x.sum()


def ones1(x: Any) -> Any:
    """A gradient of one number, which broadcasting would make ten."""
    return np.ones(1, x.dtype)


def zoo(accepts: Accepts, how: str) -> None:
    """How many of the wrong passes of the catalogue are accepted, and what is said about one."""
    objections = {wrong.name: accepts(*problem(wrong)) for wrong in WILD}
    accepted = [name for name, objection in objections.items() if not objection]
    tell("wrong passes accepted", len(accepted), how)
    tell("wrong passes accepted, by name", ", ".join(accepted) or "none", how)
    tell("what it says about pass 02, which breaks BP1", said(objections["02"]), how)


def said(objection: str) -> str:
    """The first sentence of an objection, at most 160 characters of it."""
    return " ".join(re.sub(r"[-=+|*]{2,}", "", objection).split())[:160]


def problem(wrong: Wrong) -> tuple[Function, Function, Any]:
    """The right cost of a network as a function of its parameters, and what a pass returns."""
    case = wrong.setting.case()
    network = case.network
    shapes = [v.shape for v in (*network.weights, *network.biases)]
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])
    half = len(shapes) // 2

    def parts(x: Any) -> list[Any]:
        pieces = np.split(np.asarray(x, dtype=float), ends[:-1])
        return [piece.reshape(shape) for piece, shape in zip(pieces, shapes, strict=True)]

    def cost(x: Any) -> Any:
        arrays, activations = parts(x), list(network.sigma.values())
        moved = Network.from_arrays(arrays[:half], arrays[half:], activations, network.cost)
        return x.dtype.type(moved.average_cost(case.x, case.y))

    def gradient(x: Any) -> Any:
        arrays = parts(x)
        found = wrong.backprop()(arrays[:half], arrays[half:], case.x.copy(), case.y.copy())
        came = [*found["nabla_w"], *found["nabla_b"]]
        return np.concatenate([np.ravel(c) for c in came]).astype(x.dtype)

    start = np.concatenate([v.ravel() for v in (*network.weights, *network.biases)])
    return cost, gradient, start
