"""The same in JAX."""

import jax
import jax.numpy as jnp

from proofs import check_layer


@jax.custom_vjp
def softmax(s):
    p = jnp.exp(s - s.max(axis=-1, keepdims=True))
    return p / p.sum(axis=-1, keepdims=True)


def softmax_forward(s):
    p = softmax(s)
    return p, p


def softmax_backward(p, dout):
    # should be p * (dout - (dout * p).sum(axis=-1, keepdims=True))
    return (p * (1 - p) * dout,)


softmax.defvjp(softmax_forward, softmax_backward)

report = check_layer(softmax, jnp.array([[0.0, 1.0, 2.0]]))
print(report)
assert not report.holds
