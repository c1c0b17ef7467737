"""A training step in torch or JAX, watched: each hand-written layer with the error it was given.

The wires between the layers are the framework's own. A `torch.autograd.Function` and a function of
`jax.custom_vjp` are where a backward pass is written by hand, and those are judged.
"""

import copy
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import wraps
from inspect import getattr_static, unwrap
from typing import Any

import numpy as np

from proofs.adapters.layers import kind_of, uncompiled
from proofs.checker.check_layer import check_layer
from proofs.checker.layer_report import LayerReport, joined
from proofs.measuring.callsites import is_library
from proofs.measuring.own_numpy import reachable
from proofs.measuring.silence import silent


@dataclass
class Use:
    """One call of a layer: what it was given, and the error that was sent back to it."""

    layer: Any
    args: tuple[Any, ...]
    key: Any = None
    """What ties the call of backward to that of forward."""
    delta: tuple[Any, ...] | None = None


def framework_layers(step: Callable[..., Any], layers: Any) -> list[Any]:
    """The Functions of torch and the custom_vjp's of JAX in a list, or that a step can reach."""
    given = layers if isinstance(layers, list | tuple) else None
    every = given if given is not None else [x for m in reachable(step) for x in m.values()]
    every = [uncompiled(x) for x in every]
    found = {id(x): x for x in every if kind_of(x, ()) in ("Function", "custom_vjp") and _own(x)}
    return list(found.values())


def _own(layer: Any) -> bool:
    """Whether it is the user's, not one that a framework brings with it."""
    inner = getattr(layer, "forward" if isinstance(layer, type) else "fun", None)
    code = getattr(unwrap(inner) if inner else None, "__code__", None)
    return code is not None and not is_library(code.co_filename)


def check_framework_model(
    step: Callable[..., Any], args: tuple[Any, ...], layers: Sequence[Any], method: Any, seed: int
) -> LayerReport:
    """The step runs once on copies; every call of a layer is judged with the error it was given.

    A loss that the step returns and has not sent back is sent back; of one of JAX the gradient with
    respect to the first argument is taken.
    """
    uses: list[Use] = []
    with ExitStack() as watched:
        for layer in layers:
            watch = _watch_function if isinstance(layer, type) else _watch_custom_vjp
            watched.enter_context(watch(layer, uses))
        result = step(*copy.deepcopy(args))
        loss = _loss(result)
        if loss is not None and all(use.delta is None for use in uses):
            loss.backward()
        elif not uses and _is_loss_of_jax(result):
            import jax

            jax.grad(step)(*copy.deepcopy(args))
    if not uses:
        names = ", ".join(map(_name, layers))
        raise TypeError(f"expected the step to call one of the layers {names}, none was called")
    return joined([*_judged(uses, method, seed)])


def _judged(uses: Sequence[Use], method: Any, seed: int) -> Iterator[LayerReport]:
    for n, use in enumerate(uses):
        same = [other for other in uses if other.layer is use.layer]
        number = f" {next(k for k, other in enumerate(same, 1) if other is use)}"
        place = _name(use.layer) + (number if len(same) > 1 else "")
        if use.delta is None:
            yield LayerReport((), (), (f"{place}: its backward pass was never called",))
            continue
        delta = use.delta if len(use.delta) > 1 else use.delta[0]
        with silent():  # the step has printed what it prints
            report = check_layer(
                use.layer, *use.args, delta=delta, method=method, seed=seed + n, name=place
            )
        yield report


def _name(layer: Any) -> str:
    return str(getattr(layer, "__name__", None) or type(layer).__name__)


def _loss(result: Any) -> Any:
    """A tensor of torch that can be sent back, among what a step returned."""
    parts: Iterable[Any] = result if isinstance(result, tuple | list) else (result,)
    return next((x for x in parts if getattr(x, "requires_grad", False) and x.ndim == 0), None)


def _is_loss_of_jax(result: Any) -> bool:
    """Whether a step returned a loss of JAX alone, of which no gradient was taken."""
    return type(result).__module__.split(".")[0] in ("jax", "jaxlib") and np.shape(result) == ()


@contextmanager
def _watch_function(layer: Any, uses: list[Use]) -> Iterator[None]:
    """A Function whose calls are noted while it runs."""
    import torch

    def noted(x: Any) -> Any:
        return x.detach().clone() if torch.is_tensor(x) else x

    # Where forward takes no context, setup_context does.
    with_context = layer.setup_context is torch.autograd.Function.setup_context
    entry = "forward" if with_context else "setup_context"

    def enter(context: Any, *given: Any) -> None:
        if all(use.key is not context for use in uses):  # else as a part of another's pass
            uses.append(Use(layer, tuple(map(noted, given if with_context else given[0])), context))

    def back(context: Any, *deltas: Any) -> None:
        use = next((u for u in uses if u.layer is layer and u.key is context), None)
        if use is not None:
            use.delta = tuple(map(noted, deltas))

    notes = {entry: enter, "backward": back}
    with _attributes(layer, {name: _noting(layer, name, note) for name, note in notes.items()}):
        yield


def _noting(layer: Any, name: str, note: Callable[..., None]) -> Any:
    """A method of a class that takes note of its context and what comes with that, and then runs.

    It is a method of a class or of none, as it was.
    """
    own = getattr_static(layer, name)
    function = getattr(own, "__func__", own)
    of_class = isinstance(own, classmethod)

    @wraps(function)
    def noting(*given: Any, **how: Any) -> Any:
        note(*given[of_class:])
        return function(*given, **how)

    return (classmethod if of_class else staticmethod)(noting)


@contextmanager
def _watch_custom_vjp(layer: Any, uses: list[Use]) -> Iterator[None]:
    """A function of jax.custom_vjp whose calls are noted; nothing is compiled while it runs."""
    import jax

    forward, backward = layer.fwd, layer.bwd

    def enter(*given: Any) -> Any:
        if not any(isinstance(x, jax.core.Tracer) for x in given):
            uses.append(Use(layer, given))
        return forward(*given)

    def back(*given: Any) -> Any:
        waiting = [u for u in reversed(uses) if u.layer is layer and u.delta is None]
        if waiting and not isinstance(given[-1], jax.core.Tracer):
            waiting[0].delta = (given[-1],)
        return backward(*given)

    with jax.disable_jit(), _attributes(layer, {"fwd": enter, "bwd": back}):
        yield


@contextmanager
def _attributes(x: Any, values: dict[str, Any]) -> Iterator[None]:
    """While it runs, some attributes of x are others."""
    before = {name: vars(x)[name] for name in values if name in vars(x)}
    for name, value in values.items():
        setattr(x, name, value)
    try:
        yield
    finally:
        for name in values:
            if name in before:
                setattr(x, name, before[name])
            else:
                delattr(x, name)
