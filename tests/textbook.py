"""The textbook's backward pass, line by line: any line may be another, wrong or right."""

import numpy as np

from proofs.network.activations import sigmoid

NABLAS = ("nabla_b", "nabla_w")
EVERYTHING = ("z", "a", "delta", *NABLAS)


class Pass:
    """A pass for hidden layers and an output that returns `names`, the gradients alone as a pair.

    `lines` stand for lines of it, z, a, bp1 to bp4: functions of the pass and a layer.
    Weights, biases and x are of the type `dtype`.
    """

    def __init__(self, hidden=sigmoid, output=sigmoid, names=EVERYTHING, dtype=float, **lines):
        self.hidden, self.output, self.names = hidden, output, names
        self.dtype, self.lines = dtype, lines

    def __call__(self, weights, biases, x, y):
        self.x, self.y, self.m, self.L = x.astype(self.dtype), y, x.shape[1], len(weights) + 1
        self.w, self.b = (
            {l: v.astype(self.dtype) for l, v in enumerate(of, 2)} for of in (weights, biases)
        )
        self.z, self.a, self.delta, self.nabla_b, self.nabla_w = {}, {1: self.x}, {}, {}, {}
        for l in self.w:
            self.z[l] = self.line("z", l, lambda l: self.w[l] @ self.a[l - 1] + self.b[l])
            self.a[l] = self.line("a", l, lambda l: self.of(l)(self.z[l]).astype(self.dtype))
        for l in reversed(self.w):
            self.delta[l] = self.line("bp1" if l == self.L else "bp2", l, self.error)
            self.nabla_b[l] = self.line("bp3", l, lambda l: self.delta[l].mean(1, keepdims=True))
            self.nabla_w[l] = self.line(
                "bp4", l, lambda l: self.delta[l] @ self.a[l - 1].T / self.m
            )
        found = {name: [getattr(self, name)[l] for l in self.w] for name in self.names}
        return tuple(found.values()) if self.names == NABLAS else found

    def line(self, name, l, right):
        return self.lines[name](self, l) if name in self.lines else right(l)

    def of(self, l):
        """The activation of a layer."""
        return self.output if l == self.L else self.hidden

    def back(self, l):
        """What comes back to a hidden layer."""
        return self.w[l + 1].T @ self.delta[l + 1]

    def error(self, l):
        """BP1 of the quadratic cost, and BP2."""
        sent = a_minus_y(self, l) if l == self.L else self.back(l)
        if self.of(l).local:
            return sent * self.of(l).prime(self.z[l])
        return np.einsum("kx,kjx->jx", sent, self.of(l).jacobian(self.z[l]))


def a_minus_y(s, l):
    """BP1 where sigma' has cancelled."""
    return s.a[l] - s.y


def by_a(s, l):
    """BP1 of the quadratic cost, and BP2, where sigma' is a (1 - a)."""
    sent = a_minus_y(s, l) if l == s.L else s.back(l)
    return sent * s.a[l] * (1 - s.a[l])
