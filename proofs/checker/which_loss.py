"""Which of several single numbers that a step returned is its loss."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from proofs.adapters.layers import gradient_of, parameters_of
from proofs.checker.returned import parts_of, single_numbers
from proofs.checker.step_gradients import gradients_returned
from proofs.checker.watch import Watch, copies
from proofs.measuring.jacobian import Forward, along
from proofs.measuring.leaves import Path, leaves, replaced
from proofs.measuring.random_state import RandomState, drawn_apart
from proofs.measuring.tangents import Dual

NOT_FIRST = (
    "{:.6g} is taken for the loss, although it is not the first single number that the step returns"
)


def loss_first_of(
    step: Any, args: tuple[Any, ...], result: Any, seed: int, watch: Watch | None = None
) -> tuple[Any, Any, tuple[str, ...]]:
    """A step and its result, the loss first among the single numbers, and what is to be said.

    Of several single numbers, an accuracy among them, the loss is the one that grows along the
    gradients as they say; else the first that changes with the parameters at all. A `watch`
    knows the parameters that layers keep, and their gradients.
    """
    params, unchanged = leaves(args[:1]), (step, result, ())
    held = dict(kept_gradients(watch)) if watch else {}
    own = (
        {key: np.asarray(x, float) for key, x in watch.own.items() if key in held} if watch else {}
    )
    if len(single_numbers(result)) < 2 or not (params or own):
        return unchanged
    random, every = drawn_apart(seed), params | own
    directions = {path: random.standard_normal((1, *x.shape)) for path, x in every.items()}

    def on_arrays(arrays: Mapping[Path, Any], *data: Any) -> Any:
        others = {id(watch.own[key]): arrays[key] for key in own} if watch else {}
        if watch:  # what else its layers keep takes tangents, too
            others = {id(x): Dual(np.array(x, float)) for x in watch.arrays} | others
        first, *_ = replaced(copies(args[:1], others), {path: arrays[path] for path in params})
        return step(first, *data)

    on_arrays.__wrapped__ = step  # type: ignore[attr-defined]
    random_state = RandomState(step)
    run = Forward(
        on_arrays, (every, *args[1:]), {}, lambda r: tuple(single_numbers(r)), random_state
    )
    try:
        slopes = [float(t[0]) for t in along(run, {(0, p): d for p, d in directions.items()})[0]]
    except Exception:  # it is not known which; the first is as good as any
        return unchanged
    gradients = {
        (0, *path[1:]): g for path, g in gradients_returned(result, args[0])[0].items()
    } | held
    terms = [(directions[path].ravel(), np.ravel(g)) for path, g in gradients.items()]
    sums = [(float(d @ g), float(abs(d) @ abs(g))) for d, g in terms if d.size == g.size]
    want, size = (sum(each) for each in zip(*sums, strict=True)) if sums else (0.0, 0.0)
    fitting = [n for n, t in enumerate(slopes) if t and abs(t - want) <= 1e-3 * size]
    at = next(iter([*fitting, *(n for n, t in enumerate(slopes) if t)]), 0)

    def loss_first(*args: Any) -> Any:
        returned = step(*args)
        loss = single_numbers(returned)[at]
        return (loss, *(x for x in parts_of(returned) if x is not loss))

    loss_first.__wrapped__ = step  # type: ignore[attr-defined]
    loss = single_numbers(result)[at]
    parts = (loss, *(x for x in parts_of(result) if x is not loss))
    return (loss_first, parts, (NOT_FIRST.format(float(loss)),)) if at else unchanged


def kept_gradients(watch: Watch) -> Iterator[tuple[tuple[str, str], Any]]:
    """The gradients that layers keep of their own parameters, by the names of both."""
    for pair, layer in watch.layers:
        for name in parameters_of(layer):
            gradient = gradient_of(layer, name)
            if (pair.name, name) in watch.own and gradient is not None:
                yield (pair.name, name), gradient
