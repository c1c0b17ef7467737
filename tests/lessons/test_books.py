"""Other books: six backward passes in six notations, each equal to ours."""

import inspect

import numpy as np
import pytest
from strategies import EPS, ROUNDINGS

from proofs.lessons import books
from proofs.lessons.answers import ANSWERS
from proofs.lessons.books import BOOKS
from proofs.measuring.cases import Case
from proofs.network import Network
from proofs.network.activations import relu, softmax
from proofs.network.costs import log_likelihood
from proofs.network.equations import backprop

FAULTS = {
    "goodfellow": ("g = W[k].T @ g", "g = W[k].T @ np.sign(g)"),
    "d2l": ("dJ_dh1 * relu.prime(z1)", "dJ_dh1 * relu.prime(h1 - 1)"),
    "cs231n": ("dscores /= N", "dscores /= 1"),
    "bishop": ("delta = z[3] - t", "delta = t - z[3]"),
    "parr_and_howard": ("- np.outer(p, p)", ""),
    "ufldl": ("delta[l + 1], a[l])", "delta[l + 1], z.get(l, a[1]))"),
}
"""One line of each book, and what somebody might write instead."""


def case_of(sizes, seed):
    """A network that all books can write, with a batch of five."""
    random = np.random.default_rng(seed)
    network = Network(sizes, [relu, relu, softmax], log_likelihood, seed)
    x = random.standard_normal((sizes[0], 5))
    return Case(network, x, np.eye(sizes[-1])[:, random.integers(sizes[-1], size=5)])


def largest_difference(book, case):
    """Over all weights and biases, to our own backward pass."""
    ours = backprop(case.network, case.x, case.y)
    found = book.gradients(case)
    assert [(w.shape, b.shape) for w, b in found] == [
        (ours.nabla_w[l].shape, ours.nabla_b[l].shape) for l in case.network.layers
    ]
    return max(
        max(abs(w - ours.nabla_w[l]).max(), abs(b - ours.nabla_b[l]).max())
        for l, (w, b) in enumerate(found, 2)
    )


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.name)
class TestEveryBook:
    """It computes the gradients that we compute, whatever the widths."""

    @pytest.mark.parametrize("sizes", [[3, 5, 4, 2], [2, 3, 3, 3], [4, 1, 2, 5]], ids=str)
    def test_equal_gradients(self, book, sizes):
        for seed in range(3):
            assert largest_difference(book, case_of(sizes, seed)) < ROUNDINGS * EPS

    def test_it_changes_nothing_of_ours(self, book):
        case = case_of([3, 5, 4, 2], 0)
        before = [w.copy() for w in case.network.weights]
        book.gradients(case)
        assert all(map(np.array_equal, before, case.network.weights))


class TestAWrongLineIsSeen:
    """One wrong line in one book, and its numbers are no longer ours."""

    @pytest.mark.parametrize("name", FAULTS)
    def test_in(self, name, monkeypatch):
        old, new = FAULTS[name]
        source = inspect.getsource(books)
        assert source.count(old) == 1
        spoiled = {"__name__": "spoiled"}
        exec(compile(source.replace(old, new), books.__file__, "exec"), spoiled)
        right = [
            largest_difference(book, case_of([3, 5, 4, 2], 0)) < ROUNDINGS * EPS for book in BOOKS
        ]
        wrong = [
            largest_difference(book, case_of([3, 5, 4, 2], 0)) > 1e-3 for book in spoiled["BOOKS"]
        ]
        assert all(right)
        assert [list(FAULTS)[n] for n in np.flatnonzero(wrong)] == [name]


class TestThePage:
    """It shows one weight by six books and by a push."""

    def test_one_weight(self):
        found = np.array(list(ANSWERS["one_weight_in_six_books"]().values()))
        assert len(found) == 7
        assert abs(found - found[-1]).max() < 1e-16 < abs(found[-1])
