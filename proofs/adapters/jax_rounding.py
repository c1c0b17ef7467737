"""A function of JAX with every step rounded at random: its jaxpr, evaluated step by step."""

from collections.abc import Callable
from typing import Any

from proofs.measuring.rounded_steps import Noise

EXACT = frozenset(
    "neg abs sign max min reduce_max reduce_min broadcast_in_dim reshape transpose squeeze slice "
    "dynamic_slice gather concatenate rev select_n convert_element_type stop_gradient copy "
    "split iota expand_dims pad".split()
)
"""Operations that no format rounds."""
SUMS = frozenset(("reduce_sum", "dot_general", "conv_general_dilated", "cumsum", "add_any"))
"""Operations whose terms are rounded, too."""
INNER = ("jaxpr", "call_jaxpr", "fun_jaxpr")
"""Under which names an operation that is a function of its own has its steps."""


def rounded(f: Callable[..., Any], noise: Noise) -> Callable[..., list[Any]]:
    """The function on arrays, its results as a list, every step rounded."""
    import jax

    def run(*args: Any) -> list[Any]:
        closed = jax.make_jaxpr(f)(*args)
        return _evaluated(closed.jaxpr, closed.consts, args, noise)

    return run


def _evaluated(jaxpr: Any, consts: Any, args: Any, noise: Noise) -> list[Any]:
    known = dict(zip([*jaxpr.constvars, *jaxpr.invars], [*consts, *args], strict=True))

    def read(v: Any) -> Any:
        return v.val if hasattr(v, "val") else known[v]

    for step in jaxpr.eqns:
        name, given = step.primitive.name, [read(v) for v in step.invars]
        inner = next((step.params[key] for key in INNER if key in step.params), None)
        if inner is not None and name not in ("scan", "while", "cond"):
            bare, own = getattr(inner, "jaxpr", inner), getattr(inner, "consts", ())
            outs = _evaluated(bare, own, given, noise)
        else:
            given = [_off(x, noise) for x in given] if name in SUMS else given
            bound = step.primitive.get_bind_params(step.params)
            functions, params = bound if isinstance(bound, tuple) else ((), bound)
            outs = step.primitive.bind(*functions, *given, **params)
            outs = outs if step.primitive.multiple_results else [outs]
            outs = outs if name in EXACT else [_off(x, noise) for x in outs]
        known.update(zip(step.outvars, outs, strict=True))
    return [read(v) for v in jaxpr.outvars]


def _off(x: Any, noise: Noise) -> Any:
    """The numbers, each moved by a rounding."""
    import jax.numpy as jnp
    import numpy as np

    x = jnp.asarray(x)
    return jnp.asarray(noise(np.asarray(x))) if x.dtype == jnp.float64 else x
