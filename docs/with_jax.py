"""A custom_vjp in JAX, and which equation it breaks."""

import jax
import jax.numpy as jnp
import numpy as np

from proofs import check_backprop, log_likelihood, sigmoid, softmax
from proofs.adapters import from_jax


@jax.custom_vjp
def activation(z):
    return 1 / (1 + jnp.exp(-z))


activation.defvjp(
    lambda z: (activation(z), activation(z)),
    lambda a, error: (error * (1 - a),),  # should be error * a * (1 - a)
)


def loss(params, x, y):  # examples are rows here
    (w2, b2), (w3, b3) = params
    z = activation(x @ w2 + b2) @ w3 + b3
    return -(y * jax.nn.log_softmax(z)).sum(axis=1).mean()


random = np.random.default_rng(0)
params = [
    (jnp.array(random.standard_normal((4, 5))), jnp.zeros(5)),
    (jnp.array(random.standard_normal((5, 3))), jnp.zeros(3)),
]
subject = from_jax(loss, params, [sigmoid, softmax], log_likelihood)

x, y = random.standard_normal((4, 7)), np.eye(3)[:, random.integers(3, size=7)]
report = check_backprop(subject, subject.network, x, y)
assert report.summary == "Broken: BP2 at layer 2."
