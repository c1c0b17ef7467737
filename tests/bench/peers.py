"""The checks that are compared: the same network, the same gradient, one function each.

Every network is of sigmoid layers with the quadratic cost, and one example.
A check returns the error that it reached: the norm of what it found minus the exact gradient,
relative to the gradient's; None where the check keeps its numbers to itself.
"""

from collections.abc import Callable
from functools import cached_property, partial

import numpy as np

from proofs import Network, backprop, check_backprop
from proofs.measuring.one_number import h

FEW = 400
"""So many parameters are checked by the peers that would take minutes, and the time is scaled."""


class Problem:
    """A network, an example, and its gradient, also as one long vector: weights, then biases."""

    def __init__(self, sizes: list[int]) -> None:
        self.network = Network(sizes)
        random = np.random.default_rng(0)
        self.x, self.y = random.random((sizes[0], 1)), np.eye(sizes[-1])[:, :1]

    @cached_property
    def gradients(self):
        """What the four equations say."""
        return backprop(self.network, self.x, self.y)

    @cached_property
    def arrays(self):
        """Weights, then biases, as arrays that may be written to."""
        return [array.copy() for array in (*self.network.weights, *self.network.biases)]

    @cached_property
    def gradient(self):
        """The exact gradient as a vector."""
        _, nabla_b, nabla_w = self.gradients
        return np.concatenate(
            [g[l].ravel() for g in (nabla_w, nabla_b) for l in self.network.layers]
        )

    @property
    def parameters(self) -> int:
        """How many weights and biases there are."""
        return sum(array.size for array in self.arrays)

    def parts(self, vector):
        """A vector as arrays, without a copy."""
        places = np.cumsum([0, *(array.size for array in self.arrays)])
        return [
            vector[start : start + array.size].reshape(array.shape)
            for start, array in zip(places, self.arrays, strict=False)
        ]

    def cost(self, vector):
        """The cost of a vector of real or complex parameters."""
        arrays, a = self.parts(vector), self.x
        half = len(arrays) // 2
        for w, b in zip(arrays[:half], arrays[half:], strict=True):
            a = 1 / (1 + np.exp(-(w @ a + b)))
        return ((a - self.y) ** 2).sum() / 2

    def error(self, found):
        """How far a vector is from the first numbers of the gradient, relative to their norm."""
        exact = self.gradient[: len(found)]
        return float(np.linalg.norm(found - exact) / np.linalg.norm(exact))


def learners(weights, biases, x, y):
    """A backward pass as people write it."""
    a = [x]
    for w, b in zip(weights, biases, strict=True):
        a.append(1 / (1 + np.exp(-(w @ a[-1] + b))))
    delta = [(a[-1] - y) * a[-1] * (1 - a[-1])]
    for w, of_layer in zip(weights[:0:-1], a[-2:0:-1], strict=True):
        delta.insert(0, w.T @ delta[0] * of_layer * (1 - of_layer))
    m = x.shape[1]
    nabla_w = [d @ before.T / m for d, before in zip(delta, a, strict=False)]
    return [d.mean(axis=1, keepdims=True) for d in delta], nabla_w


def ours(problem, method, backprop=learners):
    """Ours, as its users call it, which beside the gradients looks at every equation."""
    report = check_backprop(
        backprop, problem.network, problem.x, problem.y, method=method, timeout=600
    )
    assert report.holds, report


def naive_loop(problem):
    """One number after the other by a complex step, with one forward pass each."""
    vector = np.concatenate([array.ravel() for array in problem.arrays]).astype(complex)
    found = np.empty(len(vector))
    for i in range(len(vector)):
        vector[i] += 1j * h
        found[i] = problem.cost(vector).imag / h
        vector[i] -= 1j * h
    return problem.error(found)


def scipy_cs(problem):
    """scipy's approx_derivative with the complex step."""
    from scipy.optimize._numdiff import approx_derivative

    vector = np.concatenate([array.ravel() for array in problem.arrays])
    return problem.error(approx_derivative(problem.cost, vector, method="cs"))


def scipy_check_grad(problem):
    """scipy's check_grad, a forward difference."""
    from scipy.optimize import check_grad

    vector = np.concatenate([array.ravel() for array in problem.arrays])
    away = check_grad(problem.cost, lambda _: problem.gradient, vector)
    return float(away / np.linalg.norm(problem.gradient))


def numdifftools_gradient(problem):
    """numdifftools' Gradient, an extrapolated difference; of a few parameters."""
    import numdifftools

    vector = np.concatenate([array.ravel() for array in problem.arrays])
    few = min(FEW, len(vector))

    def cost(some):
        vector[:few] = some
        return problem.cost(vector)

    return problem.error(numdifftools.Gradient(cost)(vector[:few].copy()))


def torch_gradcheck(problem, fast):
    """torch.autograd.gradcheck."""
    import torch

    arrays = [torch.tensor(array, requires_grad=True) for array in problem.arrays]
    x, y, half = torch.tensor(problem.x), torch.tensor(problem.y), len(arrays) // 2

    def cost(*arrays):
        a = x
        for w, b in zip(arrays[:half], arrays[half:], strict=True):
            a = torch.sigmoid(w @ a + b)
        return ((a - y) ** 2).sum() / 2

    assert torch.autograd.gradcheck(cost, arrays, fast_mode=fast)


def jax_check_grads(problem):
    """jax.test_util.check_grads, compiled, reverse mode."""
    import jax
    import jax.numpy as jnp
    from jax.test_util import check_grads

    def cost(arrays, x, y):
        a, half = x, len(arrays) // 2
        for w, b in zip(arrays[:half], arrays[half:], strict=True):
            a = jax.nn.sigmoid(w @ a + b)
        return ((a - y) ** 2).sum() / 2

    with jax.enable_x64(True):
        compiled = _compiled(problem, jax.jit(cost))
        x, y = jnp.asarray(problem.x), jnp.asarray(problem.y)
        arrays = [jnp.asarray(array) for array in problem.arrays]
        check_grads(lambda arrays: compiled(arrays, x, y), (arrays,), order=1, modes=["rev"])


def _compiled(problem, function):
    """The same compiled function for each run on a problem."""
    if not hasattr(problem, "compiled"):
        problem.compiled = function
    return problem.compiled


def autograd_check_grads(problem):
    """autograd.test_util.check_grads, reverse mode."""
    import autograd.numpy
    from autograd.test_util import check_grads

    half = len(problem.arrays) // 2

    def cost(arrays):
        a = problem.x
        for w, b in zip(arrays[:half], arrays[half:], strict=True):
            a = 1 / (1 + autograd.numpy.exp(-(autograd.numpy.dot(w, a) + b)))
        return autograd.numpy.sum((a - problem.y) ** 2) / 2

    check_grads(cost, modes=["rev"], order=1)(list(problem.arrays))


Check = Callable[[Problem], float | None]

EVERY: dict[str, Check] = {
    "`check_backprop`, exhaustive": partial(ours, method="exhaustive"),
    "naive loop, complex step": naive_loop,
    "torch gradcheck, slow": partial(torch_gradcheck, fast=False),
    "scipy approx_derivative, cs": scipy_cs,
    "scipy check_grad": scipy_check_grad,
    "numdifftools Gradient": numdifftools_gradient,
}
"""Checks of every parameter; ours first."""

RANDOM: dict[str, Check] = {
    "`check_backprop`, directional": partial(ours, method="directional"),
    "torch gradcheck, fast": partial(torch_gradcheck, fast=True),
    "jax check_grads": jax_check_grads,
    "autograd check_grads": autograd_check_grads,
}
"""Checks in random directions; ours first."""

SAMPLED = {"numdifftools Gradient"}
