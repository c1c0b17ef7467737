"""A layer of JAX, a function of `jax.custom_vjp`: its forward pass differentiated in float64."""

from collections.abc import Mapping
from inspect import signature, unwrap
from typing import Any

import numpy as np

from proofs.adapters.foreign import Foreign, Observed, filled
from proofs.adapters.jax_rounding import rounded
from proofs.measuring.leaves import Path
from proofs.measuring.precision import Format
from proofs.measuring.random_state import drawn_apart
from proofs.measuring.rounded_steps import Noise


def observe(f: Any, inputs: tuple[Any, ...], delta: Any, seed: int) -> Observed:
    """The function called once, forward and back."""
    import jax
    import jax.numpy as jnp

    bound = signature(f.fun).bind(*inputs)
    bound.apply_defaults()
    inputs, fixed = bound.args, sorted(f.nondiff_argnums)
    moving = [n for n in range(len(inputs)) if n not in fixed]
    places = [n for n in moving if jnp.issubdtype(jnp.asarray(inputs[n]).dtype, jnp.floating)]
    out, back = jax.vjp(lambda *x: f(*filled(inputs, places, x)), *(inputs[n] for n in places))
    random = drawn_apart(seed)
    u = jnp.asarray(random.standard_normal(out.shape) if delta is None else delta, out.dtype)
    came = back(u)
    floats: dict[Path, Any] = {(n,): np.asarray(inputs[n], float) for n in places}

    def value(arrays: Mapping[Path, Any]) -> list[Any]:
        with jax.enable_x64(True):
            given = [jnp.asarray(arrays.get((n,), floats[n,]), jnp.float64) for n in places]
            return [np.asarray(f.fun(*filled(inputs, places, given)), float)]

    def jvp(tangents: Mapping[Path, Any], shift: float = 0.0, noise: Any = None) -> list[Any]:
        K = len(next(iter(tangents.values())))
        with jax.enable_x64(True):
            at = tuple(jnp.asarray(floats[n,], jnp.float64) for n in places)
            ts = tuple(
                jnp.asarray(tangents.get((n,), np.zeros((K, *floats[n,].shape)))) for n in places
            )

            def one(*t: Any) -> Any:
                moved = tuple(x + shift * each for x, each in zip(at, t, strict=True))
                return jax.jvp(lambda *x: f.fun(*filled(inputs, places, x)), moved, t)[1]

            every = jax.vmap(one)
            made = [every(*ts)] if noise is None else rounded(every, noise)(*ts)
            return [np.asarray(each, float) for each in made]

    def rerun(eps: float, random: np.random.Generator) -> Mapping[Path, Any]:
        noise = Noise(eps, random)

        def back(u: Any, *x: Any) -> list[Any]:
            kept = f.fwd(*filled(inputs, places, x))[1]
            sent = dict(zip(moving, f.bwd(*(inputs[n] for n in fixed), kept, u), strict=True))
            return [jnp.zeros(floats[n,].shape) if sent[n] is None else sent[n] for n in places]

        with jax.enable_x64(True):
            given = [jnp.asarray(noise(x)) for x in (np.asarray(u, float), *floats.values())]
            sent = rounded(back, noise)(*given)
        return {(n,): np.asarray(g, float) for n, g in zip(places, sent, strict=True)}

    info = jnp.finfo(out.dtype)
    form = Format(str(out.dtype), float(info.eps), float(info.tiny))
    known = getattr(getattr(unwrap(f.fun), "__code__", None), "co_varnames", ())
    names = [*known[: len(inputs)], *(f"argument {n + 1}" for n in range(len(known), len(inputs)))]
    gradients: dict[Path, Any] = {
        (n,): np.asarray(g, float) for n, g in zip(places, came, strict=True)
    }
    forward = Foreign(floats, value, jvp)
    deltas = (np.asarray(u, float),)
    return Observed(forward, deltas, gradients, names, form, rerun, fused=False)
