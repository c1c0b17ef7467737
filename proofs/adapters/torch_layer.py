"""A layer of torch: its own forward pass differentiated by torch's tangents in float64.

A `torch.autograd.Function` is taken apart: its forward pass runs outside autograd, so that nothing
of its backward pass is believed. For a plain function of torch the backward pass is torch's own.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from inspect import Parameter, Signature, signature
from typing import Any

import numpy as np

from proofs.adapters.foreign import Foreign, Observed, OtherDrawsError, filled
from proofs.measuring.leaves import Path
from proofs.measuring.precision import Format
from proofs.measuring.rounded_steps import EPS

OF_A_GRADIENT = ("", "d", "d_", "grad_", "g_", "g")
"""What people put before the name of an input, for its gradient."""


class Context:
    """What a Function's forward pass writes on, outside autograd."""

    def __init__(self, n: int) -> None:
        self.needs_input_grad = (True,) * n
        self.saved_tensors: tuple[Any, ...] = ()

    def save_for_backward(self, *tensors: Any) -> None:
        """Keep tensors."""
        self.saved_tensors = tensors

    def mark_non_differentiable(self, *tensors: Any) -> None:
        """Of no consequence here."""

    def mark_dirty(self, *tensors: Any) -> None:
        """Of no consequence here."""

    def set_materialize_grads(self, value: bool) -> None:
        """Of no consequence here."""


def observe(layer: Any, inputs: tuple[Any, ...], delta: Any, seed: int) -> Observed:
    """The layer called once on copies of its inputs, forward and back."""
    import torch

    function = _is_function(layer)
    places = [n for n, x in enumerate(inputs) if torch.is_tensor(x) and x.is_floating_point()]
    if not places:
        raise TypeError("expected a tensor of floating-point numbers among the inputs, got none")
    leaves = [x.detach().clone().requires_grad_(n in places) if torch.is_tensor(x) else x
              for n, x in enumerate(inputs)]  # fmt: skip
    state = torch.get_rng_state()
    out = layer.apply(*leaves) if function else layer(*leaves)
    draws = None if torch.equal(torch.get_rng_state(), state) else state
    every = out if isinstance(out, tuple) else (out,)
    outs = [o for o in every if _is_floating(o)]
    random = torch.Generator().manual_seed(seed + 1991)  # an example starts with 0
    drawn = [torch.randn(o.shape, generator=random, dtype=torch.double).to(o.dtype) for o in outs]
    deltas = drawn if delta is None else list(delta) if isinstance(delta, tuple) else [delta]
    if len(deltas) == len(every):  # those of other outputs are none
        pairs = [(d, o) for d, o in zip(deltas, every, strict=True) if _is_floating(o)]
        deltas = [torch.zeros_like(o) if d is None else d for d, o in pairs]
    asked = [leaves[n] for n in places]
    came = torch.autograd.grad(outs, asked, deltas, allow_unused=True)
    floats: dict[Path, Any] = {(n,): _double(inputs[n]) for n in places}
    # A Function that returns None says that it has no gradient; an input without use has one of 0.
    gradients: dict[Path, Any] = {
        (n,): np.zeros(floats[n,].shape) if g is None else _double(g)
        for n, g in zip(places, came, strict=True)
        if g is not None or not function
    }
    forward = _forward(layer, inputs, places, floats, draws)
    coarsest = max((x.dtype for x in (*asked, *outs)), key=lambda dtype: torch.finfo(dtype).eps)
    info = torch.finfo(coarsest)
    form = Format(str(coarsest).removeprefix("torch."), info.eps, info.smallest_normal)
    if draws is not None and not _alike(outs, forward.value({}), info.eps):
        raise OtherDrawsError
    given = [d.double() for d in deltas]

    def rerun(eps: float, noise: np.random.Generator) -> Mapping[Path, Any]:
        return _rounded(layer, inputs, places, given, eps, noise, draws)

    whole = {"wholly": True} if not function and info.eps > 1e-10 else {}
    names = _names(layer, len(inputs))
    return Observed(
        forward, tuple(map(_double, deltas)), gradients, names, form, rerun, bool(whole)
    )


def _alike(outs: Sequence[Any], in_double: Sequence[Any], eps: float) -> bool:
    """Whether outputs are the same in double precision, but for rounding."""
    pairs = ((_double(o), v) for o, v in zip(outs, in_double, strict=True))
    return all(np.allclose(o, v, rtol=0, atol=eps**0.5 * abs(v).max(initial=0)) for o, v in pairs)


def as_function(
    forward: Callable[..., Any],
    outputs: Callable[[Any], tuple[Any, ...]],
    sends_back: Callable[[Any, tuple[Any, ...], tuple[Any, ...]], Any],
) -> Any:
    """Functions on tensors as a Function.

    `outputs` gives the outputs of what `forward` returned, and `sends_back` the gradients, from
    what it returned, the errors of the outputs, and the inputs: a tensor or an array for each
    input, or a dictionary of them by the names of the inputs.
    Raises TypeError, when it is called, where the outputs are no tensors, or gradients are neither.
    """
    import torch

    def forth(ctx: Any, *given: Any) -> Any:
        ctx.given, ctx.result = given, forward(*given)
        outs = outputs(ctx.result)
        for out in outs:
            if not torch.is_tensor(out):
                raise TypeError(f"forward: expected tensors as outputs, got {_called(out)}")
        return outs if len(outs) > 1 else outs[0]

    def back(ctx: Any, *deltas: Any) -> Any:
        sent = sends_back(ctx.result, deltas, ctx.given)
        if isinstance(sent, Mapping):
            sent = _in_order(sent, list(own.parameters))
        sent = tuple(sent) if isinstance(sent, tuple | list) else (sent,)
        for g in sent:
            if not (g is None or torch.is_tensor(g) or isinstance(g, np.ndarray)):
                raise TypeError(
                    f"backward: expected a tensor for each input, or None, got {_called(g)}"
                )
        sent = tuple(torch.from_numpy(g.copy()) if isinstance(g, np.ndarray) else g for g in sent)
        return sent + (None,) * (len(ctx.given) - len(sent))

    own = signature(forward)
    ctx = Parameter("ctx", Parameter.POSITIONAL_ONLY)
    positional = [p.replace(kind=ctx.kind, default=p.empty) for p in own.parameters.values()]
    forth.__signature__ = Signature([ctx, *positional])  # type: ignore[attr-defined]
    passes = {"forward": staticmethod(forth), "backward": staticmethod(back)}
    name = getattr(forward, "__name__", "layer").removesuffix("_forward")
    return type(name, (torch.autograd.Function,), passes)


def _in_order(sent: Mapping[Any, Any], names: Sequence[str]) -> tuple[Any, ...]:
    """Gradients, one for each input, of a dictionary by their names, as x, dx or grad_x."""
    known = {f"{before}{name}": n for n, name in enumerate(names) for before in OF_A_GRADIENT}
    if others := [key for key in sent if key not in known]:
        raise TypeError(
            f"backward: expected a dictionary by the names of the inputs, {', '.join(names)}, "
            f"got {', '.join(map(repr, others))} among its keys"
        )
    found = {known[key]: g for key, g in sent.items()}
    return tuple(found.get(n) for n in range(len(names)))


def _called(value: Any) -> str:
    """The type of a value, in words."""
    return f"{type(value).__module__}.{type(value).__name__}".removeprefix("builtins.")


def _is_function(layer: Any) -> bool:
    return isinstance(layer, type)


def _is_floating(out: Any) -> bool:
    """Whether an output is a tensor that has an error."""
    return hasattr(out, "is_floating_point") and out.is_floating_point()


def _double(x: Any) -> Any:
    return x.detach().double().numpy()


def _names(layer: Any, n: int) -> list[str]:
    try:
        named = list(signature(layer.forward if _is_function(layer) else layer).parameters)
    except (TypeError, ValueError):
        named = []
    own_context = _is_function(layer) and named[:1] == ["ctx"]
    named = named[1:] if own_context else named
    return [named[k] if k < len(named) else f"argument {k + 1}" for k in range(n)]


def _call(
    layer: Any, args: Any, draws: Any = None, context: Context | None = None
) -> tuple[Any, ...]:
    """What a layer's own forward pass puts out, outside autograd if it is a Function.

    `draws` is the state of torch's generator from which it drew, as for dropout, and draws again.
    """
    if draws is not None:
        import torch

        torch.set_rng_state(draws)
    if not _is_function(layer):
        from torch.nn.attention import SDPBackend, sdpa_kernel

        with sdpa_kernel(SDPBackend.MATH):  # the kernel whose steps can be seen
            out = layer(*args)
    elif "ctx" in signature(layer.forward).parameters:
        out = layer.forward(context or Context(len(args)), *args)
    else:
        out = layer.forward(*args)
        if context is not None:
            layer.setup_context(context, args, out)
    return tuple(out) if isinstance(out, tuple) else (out,)


@contextmanager
def _in_double() -> Iterator[None]:
    """While it runs, tensors that are made without a type are doubles, as the inputs are."""
    import torch

    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.double)
    try:
        yield
    finally:
        torch.set_default_dtype(before)


def _forward(
    layer: Any, inputs: tuple[Any, ...], places: list[int], floats: Any, draws: Any
) -> Foreign:
    import torch

    at = tuple(torch.from_numpy(floats[n,].copy()) for n in places)

    def outs(*values: Any) -> tuple[Any, ...]:
        with _in_double():
            every = _call(layer, filled(inputs, places, values), draws)
        return tuple(filter(_is_floating, every))

    def value(arrays: Mapping[Path, Any]) -> list[Any]:
        given = [torch.from_numpy(np.array(arrays.get((n,), floats[n,]))) for n in places]
        return [_double(o) for o in outs(*given)]

    def jvp(tangents: Mapping[Path, Any], shift: float = 0.0, noise: Any = None) -> list[Any]:
        if noise is not None:
            with _rounding(EPS, noise.random):
                return jvp(tangents, shift)
        K = len(next(iter(tangents.values())))
        ts = tuple(
            torch.from_numpy(np.array(tangents.get((n,), np.zeros((K, *floats[n,].shape)))))
            for n in places
        )

        def one(*t: Any) -> Any:
            moved = tuple(x + shift * each for x, each in zip(at, t, strict=True))
            return torch.func.jvp(outs, moved, t)[1]

        try:
            moved = torch.func.vmap(one)(*ts)
        except Exception:  # what vmap has no rule for is done one after the other
            each = [one(*(t[k] for t in ts)) for k in range(K)]
            moved = tuple(torch.stack([e[o] for e in each]) for o in range(len(each[0])))
        return [_double(m) for m in moved]

    return Foreign(floats, value, jvp)


MOVES = ("view", "reshape", "transpose", "expand", "detach", "t.", "permute", "clone", "select",
         "slice", "zeros", "ones", "empty", "alias", "split", "squeeze", "masked_fill", "copy",
         "rand", "neg", "abs", "threshold")  # fmt: skip
"""Operations that no format rounds."""
SUMS = ("sum", "mean", "mm", "bmm", "matmul", "dot")
"""Operations whose terms are rounded, too."""


def _off(x: Any, eps: float, random: Any) -> Any:
    """The numbers, each moved by up to half a rounding; a double by one, for half of it is none."""
    import torch

    eps = 2 * eps if eps <= EPS else eps
    if not torch.is_tensor(x) or not x.is_floating_point():
        return x
    if x.is_meta or x._is_zerotensor():  # noqa: SLF001 - a shape, or zeros without memory
        return x
    moved = 1 + eps * (random.random(tuple(x.shape)) - 0.5)
    return x * torch.from_numpy(np.asarray(moved)).to(x.dtype)


def _rounding(eps: float, random: Any) -> Any:
    """A mode in which every result is off by a random rounding, and so is every term of a sum."""
    from torch.utils._python_dispatch import TorchDispatchMode

    class Rounding(TorchDispatchMode):
        def __torch_dispatch__(
            self, func: Any, types: Any, args: Any = (), kwargs: Any = None
        ) -> Any:
            name = func.__name__
            if name.startswith(SUMS):
                args = tuple(_off(x, eps, random) for x in args)
            out = func(*args, **(kwargs or {}))
            if any(s in name for s in MOVES):
                return out
            return (
                tuple(_off(x, eps, random) for x in out)
                if isinstance(out, tuple)
                else _off(out, eps, random)
            )

    return Rounding()


def _rounded(
    layer: Any,
    inputs: tuple[Any, ...],
    places: list[int],
    deltas: Any,
    eps: float,
    random: Any,
    draws: Any,
) -> Mapping[Path, Any]:
    """The gradients in float64 with inputs and steps rounded at random to a unit."""
    import torch

    mode = _rounding(eps, random)
    moved = [_off(inputs[n].detach().double(), eps, random) for n in places]
    given = [_off(d, eps, random) for d in deltas]
    if _is_function(layer):
        context = Context(len(inputs))
        with mode, torch.no_grad(), _in_double():
            outs = _call(layer, filled(inputs, places, moved), draws, context)
            rest = iter(given)
            back = layer.backward(context, *(next(rest) if _is_floating(o) else None for o in outs))
        back = back if isinstance(back, tuple) else (back,)
        # As autograd does, what is larger than its input is summed to its size.
        came = [None if back[n] is None else back[n].sum_to_size(inputs[n].shape)
                for n in places]  # fmt: skip
    else:
        leaves = [x.requires_grad_() for x in moved]
        with mode, _in_double():
            outs = _call(layer, filled(inputs, places, leaves), draws)
            sent = [o for o in outs if _is_floating(o)]
            came = list(torch.autograd.grad(sent, leaves, given, allow_unused=True))
    return {
        (n,): np.zeros(tuple(inputs[n].shape)) if g is None else _double(g)
        for n, g in zip(places, came, strict=True)
    }
