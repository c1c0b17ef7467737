"""The same backward pass as six books write it, each in its own letters and layout.

Two hidden layers of rectifiers, softmax outputs, the log-likelihood: every one of the books can do
that. A function takes and returns what its book would; `BOOKS` translates.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from proofs.measuring.cases import Case, running_case
from proofs.network.activations import relu, softmax
from proofs.network.arrays import Array
from proofs.network.costs import log_likelihood

Pair = tuple[Array, Array]
"""The gradients of the weights and of the biases of a layer."""


def goodfellow(W: list[Array], b: list[Array], x: Array, y: Array) -> list[Pair]:
    """Algorithms 6.3 and 6.4: a is what we call z, h is what we call a, g is the gradient."""
    h, a = [x], []
    for k in (0, 1, 2):
        a.append(b[k] + W[k] @ h[k])
        h.append(softmax(a[k]) if k == 2 else relu(a[k]))
    g = -y / h[3]  # the gradient with respect to the output
    gradients = []
    for k in (2, 1, 0):
        # From the output of the layer to what enters its activation.
        g = (np.diag(h[3]) - np.outer(h[3], h[3])) @ g if k == 2 else g * relu.prime(a[k])
        gradients.append((np.outer(g, h[k]), g))
        g = W[k].T @ g
    return gradients[::-1]


def d2l(W: list[Array], b: list[Array], x: Array, y: Array) -> list[Pair]:
    """o is the output before any activation; softmax is part of the loss, and there is no delta."""
    z1 = W[0] @ x + b[0]
    h1 = relu(z1)
    z2 = W[1] @ h1 + b[1]
    h2 = relu(z2)
    o = W[2] @ h2 + b[2]

    dJ_do = softmax(o) - y
    dJ_dh2 = W[2].T @ dJ_do
    dJ_dz2 = dJ_dh2 * relu.prime(z2)
    dJ_dh1 = W[1].T @ dJ_dz2
    dJ_dz1 = dJ_dh1 * relu.prime(z1)
    return [
        (np.outer(dJ_dz1, x), dJ_dz1),
        (np.outer(dJ_dz2, h1), dJ_dz2),
        (np.outer(dJ_do, h2), dJ_do),
    ]


def cs231n(W: list[Array], b: list[Array], X: Array, y: Array) -> list[Pair]:
    """Examples are rows, weights lead from rows to columns, y holds the number of the class."""
    N = len(X)
    hidden1 = np.maximum(0, X.dot(W[0]) + b[0])
    hidden2 = np.maximum(0, hidden1.dot(W[1]) + b[1])
    scores = hidden2.dot(W[2]) + b[2]
    probs = np.exp(scores) / np.sum(np.exp(scores), axis=1, keepdims=True)

    dscores = probs.copy()
    dscores[range(N), y] -= 1
    dscores /= N
    dhidden2 = dscores.dot(W[2].T)
    dhidden2[hidden2 <= 0] = 0
    dhidden1 = dhidden2.dot(W[1].T)
    dhidden1[hidden1 <= 0] = 0
    return [
        (X.T.dot(dhidden1), np.sum(dhidden1, axis=0, keepdims=True)),
        (hidden1.T.dot(dhidden2), np.sum(dhidden2, axis=0, keepdims=True)),
        (hidden2.T.dot(dscores), np.sum(dscores, axis=0, keepdims=True)),
    ]


def bishop(w: list[Array], x: Array, t: Array) -> list[Array]:
    """a is what we call z, z is what we call a; column 0 of w is the bias, whose input is 1."""
    z, a = [np.append(1, x)], []
    for layer in (0, 1, 2):
        a.append(w[layer] @ z[layer])
        z.append(softmax(a[2]) if layer == 2 else np.append(1, relu(a[layer])))
    delta = z[3] - t
    derivatives = [np.outer(delta, z[2])]
    for layer in (1, 0):
        # The unit that is always 1 has no error to send back.
        delta = relu.prime(a[layer]) * (w[layer + 1][:, 1:].T @ delta)
        derivatives.append(np.outer(delta, z[layer]))
    return derivatives[::-1]


def parr_and_howard(W: list[Array], b: list[Array], x: Array, y: Array) -> list[Pair]:
    """A gradient is a row, and each step multiplies a Jacobian from the right."""
    z1 = W[0] @ x + b[0]
    a1 = relu(z1)
    z2 = W[1] @ a1 + b[1]
    a2 = relu(z2)
    p = softmax(W[2] @ a2 + b[2])

    dC_dp = -(y / p)[np.newaxis, :]
    dC_dz3 = dC_dp @ (np.diag(p) - np.outer(p, p))
    dC_dz2 = dC_dz3 @ W[2] @ np.diag(relu.prime(z2))
    dC_dz1 = dC_dz2 @ W[1] @ np.diag(relu.prime(z1))
    return [
        (dC_dz1.T * x, dC_dz1),
        (dC_dz2.T * a1, dC_dz2),
        (dC_dz3.T * a2, dC_dz3),
    ]


def ufldl(W: dict[int, Array], b: dict[int, Array], x: Array, y: Array) -> dict[int, Pair]:
    """W[l] leads from layer l to layer l + 1, so that its gradient has the error of l + 1."""
    a, z = {1: x}, {}
    for l in (1, 2, 3):
        z[l + 1] = W[l] @ a[l] + b[l]
        a[l + 1] = softmax(z[4]) if l == 3 else relu(z[l + 1])
    delta = {4: -(y - a[4])}
    for l in (3, 2):
        delta[l] = (W[l].T @ delta[l + 1]) * relu.prime(z[l])
    return {l: (np.outer(delta[l + 1], a[l]), delta[l + 1]) for l in (1, 2, 3)}


# Translation: into the layout of a book, and back into ours, averaged over the batch.


def by_example(case: Case, book: Callable[[Array, Array], list[Pair]]) -> list[Pair]:
    """The average of what a book computes for one example after the other."""
    found = [book(x, y) for x, y in zip(case.x.T, case.y.T, strict=True)]
    return [
        (np.mean([w for w, _ in layer], axis=0), np.mean([b.reshape(-1, 1) for _, b in layer], 0))
        for layer in zip(*found, strict=True)
    ]


def _flat(case: Case) -> list[Array]:
    return [b[:, 0] for b in case.network.biases]


def _of_vectors(book: Callable[..., list[Pair]]) -> Callable[[Case], list[Pair]]:
    """For books that have an example as a vector and weights as we have them."""
    return lambda case: by_example(case, lambda x, y: book(case.network.weights, _flat(case), x, y))


def _of_rows(case: Case) -> list[Pair]:
    weights, biases = ([array.T for array in arrays] for arrays in _arrays(case))
    found = cs231n(weights, biases, case.x.T, case.y.argmax(axis=0))
    return [(w.T, b.T) for w, b in found]


def _of_absorbed_biases(case: Case) -> list[Pair]:
    w = [np.hstack([b, w]) for w, b in zip(*_arrays(case), strict=True)]
    return by_example(case, lambda x, t: [(d[:, 1:], d[:, 0]) for d in bishop(w, x, t)])


def _of_layers_from(case: Case) -> list[Pair]:
    W, b = (dict(enumerate(arrays, 1)) for arrays in (case.network.weights, _flat(case)))
    return by_example(case, lambda x, y: list(ufldl(W, b, x, y).values()))


def _arrays(case: Case) -> tuple[list[Array], list[Array]]:
    return case.network.weights, case.network.biases


class Book(NamedTuple):
    """A book: its name, and the gradients of a case as it computes them, in our layout."""

    name: str
    gradients: Callable[[Case], list[Pair]]
    place: str
    """Where it has the gradient of the weight in row 2, column 5 of our layer 3."""


BOOKS = (
    Book("Goodfellow, Bengio and Courville", _of_vectors(goodfellow), "of `W[1]`, at `[1, 4]`"),
    Book("Dive into Deep Learning", _of_vectors(d2l), "`dJ_dz2`, times `h1`, at `[1, 4]`"),
    Book("CS231n", _of_rows, "of `W[1]`, at `[4, 1]`"),
    Book("Bishop", _of_absorbed_biases, "of `w[1]`, at `[1, 5]`"),
    Book("Parr and Howard", _of_vectors(parr_and_howard), "of `W[1]`, at `[1, 4]`"),
    Book("UFLDL", _of_layers_from, "of `W[2]`, at `[1, 4]`"),
)


def book_case() -> Case:
    """The running network with rectifiers, softmax and the log-likelihood."""
    return running_case(activations=[relu, relu, softmax], cost=log_likelihood)
