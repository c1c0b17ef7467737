"""A backward pass by hand: sigmoid neurons, softmax at the output, the quadratic cost."""

import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)


def output_error(a, y):
    return (a - y) * a * (1 - a)


def backprop(weights, biases, x, y):
    m = x.shape[1]  # examples are columns
    a, z = [x], []
    for w, b in zip(weights, biases, strict=True):
        z.append(w @ a[-1] + b)
        a.append(sigmoid(z[-1]) if len(z) < len(weights) else softmax(z[-1]))

    delta = [output_error(a[-1], y)]
    for w, s in zip(weights[:0:-1], a[-2:0:-1], strict=True):
        delta.insert(0, (w.T @ delta[0]) * s * (1 - s))

    nabla_b = [d.mean(axis=1, keepdims=True) for d in delta]
    nabla_w = [d @ before.T / m for d, before in zip(delta, a[:-1], strict=True)]
    return {"z": z, "a": a, "delta": delta, "nabla_b": nabla_b, "nabla_w": nabla_w}
