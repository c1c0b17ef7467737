"""JAX: its slopes at kinks and ties, how far it counts in low precision, and its check_grads."""

import jax
import jax.numpy as jnp
import numpy as np
import passes
from asking import attempt, slopes, tell
from jax.test_util import check_grads

SLOPES = {
    "relu at 0": "jax.nn.relu(x)[0]",
    "relu written as maximum(x, 0), at 0": "jnp.maximum(x, 0)[0]",
    "relu written as where(x > 0, x, 0), at 0": "jnp.where(x > 0, x, 0)[0]",
    "relu written as (x + |x|)/2, at 0": "((x + jnp.abs(x)) / 2)[0]",
    "maximum of two equal numbers": "jnp.maximum(x[0], x[1])",
    "minimum of two equal numbers": "jnp.minimum(x[0], x[1])",
    "fmax of two equal numbers": "jnp.fmax(x[0], x[1])",
    "max of (1, 1, 0)": "x.max()",
    "max of (1, 1, 0) along an axis": "x.max(axis=0)",
    "min of (1, 1, 2)": "x.min()",
    "max pooling of (1, 1)": "jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, (2,), (2,), 'VALID')[0]",
    "the largest of sort (1, 1)": "jnp.sort(x)[-1]",
    "median of (1, 2, 2, 3)": "jnp.median(x)",
    "abs at 0": "jnp.abs(x)[0]",
    "abs written as sqrt(x * x), at 0": "jnp.sqrt(x * x)[0]",
    "clamp to [0, 1] at 0": "jnp.clip(x, 0, 1)[0]",
    "clamp to [0, 1] at 1": "jnp.clip(x, 0, 1)[0]",
    "leaky relu, slope 0.1, at 0": "jax.nn.leaky_relu(x, 0.1)[0]",
    "elu, alpha 2, at 0": "jax.nn.elu(x, 2)[0]",
    "celu, alpha 2, at 0": "jax.nn.celu(x, 2.0)[0]",
    "selu at 0": "jax.nn.selu(x)[0]",
    "relu6 at 0": "jax.nn.relu6(x)[0]",
    "relu6 at 6": "jax.nn.relu6(x)[0]",
    "hardtanh at 1": "jax.nn.hard_tanh(x)[0]",
    "hardtanh at -1": "jax.nn.hard_tanh(x)[0]",
    "hardsigmoid at 3": "jax.nn.hard_sigmoid(x)[0]",
    "hardswish at 3": "jax.nn.hard_swish(x)[0]",
    "hardswish at -3": "jax.nn.hard_swish(x)[0]",
    "hinge, max(0, 1 - x), at 1": "jax.nn.relu(1 - x)[0]",
    "sqrt at 0": "jnp.sqrt(x)[0]",
    "norm of (0, 0)": "jnp.linalg.norm(x)",
    "standard deviation of (2, 2, 2)": "jnp.std(x)",
    "product of (0, 2, 3)": "jnp.prod(x)",
    "last cumulative product of (0, 2, 3)": "jnp.cumprod(x)[-1]",
    "x ** y at (0, 2)": "x[0] ** x[1]",
    "where(x > 0, sqrt(x), 0) at -1": "jnp.where(x > 0, jnp.sqrt(x), 0)[0]",
    "ln(sigmoid(x)) at -1000, as written": "jnp.log(jax.nn.sigmoid(x))[0]",
    "ln(sigmoid(x)) at -1000, as one function": "jax.nn.log_sigmoid(x)[0]",
    "logaddexp of two equal numbers": "jnp.logaddexp(x[0], x[1])",
    "sinc at 0": "jnp.sinc(x)[0]",
    "determinant of the singular (1, 2; 2, 4)": "jnp.linalg.det(x.reshape(2, 2))",
}

COUNTS = {
    "broadcasting": "jnp.zeros((4096, 8), s.dtype) + s",
    "linear, bias": "jnp.zeros((4096, 8), s.dtype) @ jnp.zeros((8, 8), s.dtype) + s",
    "matrix product": "jnp.ones((4096, 1), s.dtype) @ s[None]",
    "einsum": "jnp.einsum('i,j->ij', jnp.ones(4096, s.dtype), s)",
    "vmap": "jax.vmap(lambda one: one * s)(jnp.ones(4096, s.dtype))",
    "repeat": "jnp.repeat(s[None], 4096, axis=0)",
    "w[index]": "s[None][jnp.zeros(4096, int)]",
    "take": "jnp.take(s[None], jnp.zeros(4096, int), axis=0)",
    "take_along_axis": "jnp.take_along_axis(s[None], jnp.zeros((4096, 8), int), axis=0)",
    "a loop with lax.scan": "jax.lax.scan(lambda c, one: (c, one * s), 0.0, jnp.ones(4096, s.dtype))[1]",
    "convolution, kernel": (
        "jax.lax.conv_general_dilated("
        "jnp.ones((1, 1, 4096), s.dtype), s[:, None, None], (1,), 'VALID')"
    ),
}
"""What is done with eight shared numbers s; each of them gets 4096 errors of 1 back."""
SUMS = {
    ".at[0].add": "jnp.zeros(1, t).at[jnp.zeros(4096, int)].add(jnp.ones(4096, t))[0]",
    "segment_sum": "jax.ops.segment_sum(jnp.ones(4096, t), jnp.zeros(4096, int), 1)[0]",
    "sum": "jnp.ones(4096, t).sum()",
    "cumsum": "jnp.cumsum(jnp.ones(4096, t))[-1]",
}
"""Sums of 4096 ones in a type t, which are the backward passes of the above."""


def gradient(function, at):
    """The gradient at a point."""
    return jax.grad(function)(jnp.array(at, dtype=float))


def count(how, dtype):
    """The gradient of the first of eight shared numbers, to which 4096 errors of size 1 come back."""
    function = eval(f"lambda s: {how}", {"jax": jax, "jnp": jnp})
    return float(jax.grad(lambda s: function(s).sum())(jnp.ones(8, dtype))[0])


def counts():
    """Count to 4096 in every way, in both types of low precision."""
    for dtype in (jnp.bfloat16, jnp.float16):
        name = jnp.dtype(dtype).name
        for what, how in COUNTS.items():
            tell(f"4096 errors of 1, {name}: {what}", attempt(lambda: count(how, dtype)), how)
        for what, how in SUMS.items():
            names = {"jax": jax, "jnp": jnp, "t": dtype}
            tell(f"4096 errors of 1, {name}: {what}", attempt(lambda: float(eval(how, names))), how)


def accepts(cost, gradient, x):
    """What check_grads objects."""
    like = jax.ShapeDtypeStruct(x.shape, jnp.asarray(x).dtype)

    @jax.custom_vjp
    def own(x):
        one = jax.ShapeDtypeStruct((), x.dtype)
        return jax.pure_callback(lambda x: cost(np.asarray(x)).astype(x.dtype), one, x)

    def backward(x, sent):
        came = gradient(np.asarray(x))
        return (sent * jnp.asarray(came, dtype=like.dtype),)

    own.defvjp(lambda x: (own(x), x), backward)
    try:
        check_grads(own, (jnp.asarray(x),), order=1, modes=["rev"])
    except Exception as error:
        return str(error) or type(error).__name__
    return ""


def bfloat16():
    """Whether a right gradient passes in bfloat16."""
    x = jnp.array([0.5, 1.0], jnp.bfloat16)
    answer = attempt(lambda: check_grads(jnp.tanh, (x,), order=1, modes=["rev"]))
    tell("a right gradient, bfloat16", answer or "accepted", "check_grads(f, x, 1, ['rev'])")


if __name__ == "__main__":
    counts()
    passes.ask(accepts, "check_grads(f, x, 1, ['rev']), float32", single=False)
    bfloat16()
    jax.config.update("jax_enable_x64", True)
    passes.ask(accepts, "check_grads(f, x, 1, ['rev']), float64", single=False)
    slopes(gradient, SLOPES, {"jax": jax, "jnp": jnp})
