"""The value of a printed equation on arrays."""

import numpy as np
import pytest
from sympy import Eq, Sum, asin

from proofs.claims import find
from proofs.claims.algebra import component
from proofs.claims.notation import L, a, delta, j, k, l, over, y
from proofs.network.activations import sigmoid, tanh
from proofs.witnesses.evaluate import evaluate, table

N = {1: 2, 2: 4, 3: 3}
M = 5


class Numbers:
    """Random numbers for every letter and every derivative: no network ties them together."""

    depth = 3

    class network:
        sigma = {2: sigmoid, 3: tanh}  # noqa: RUF012 - never changed

    def __init__(self):
        self.random, self.known = np.random.default_rng(0), {}

    def draw(self, key, shape):
        return self.known.setdefault(key, self.random.uniform(0.1, 0.9, shape))

    def shape(self, letter, layer):
        return {"C": (), "w": (N[layer], N.get(layer - 1))}.get(letter, (N[layer],))

    def value(self, letter, layer):
        layer = layer or 3
        m = 1 if letter in "wb" else M
        return self.draw((letter, layer), (*self.shape(letter, layer), m))

    def delta(self, layer):
        return self.partial(("C", 3), ("z", layer))

    def partial(self, of, by):
        return self.draw((of, by), (*self.shape(*of), *self.shape(*by), M))


HERE = Numbers()
AT = {l: 2, L: 3}
# Each letter at layer 2 unless its name says otherwise; C and y belong to layer 3.
V = {
    "w": HERE.value("w", 2)[:, :, 0],
    "w3": HERE.value("w", 3)[:, :, 0],
    "b": HERE.value("b", 2),
    "a1": HERE.value("a", 1),
    "a": HERE.value("a", 2),
    "a3": HERE.value("a", 3),
    "z": HERE.value("z", 2),
    "z3": HERE.value("z", 3),
    "y": HERE.value("y", 3),
    "Ca3": HERE.partial(("C", 3), ("a", 3)),
    "Cz3": HERE.partial(("C", 3), ("z", 3)),
    "Cz": HERE.partial(("C", 3), ("z", 2)),
    "Cw": HERE.partial(("C", 3), ("w", 2)),
    "a3z3": HERE.partial(("a", 3), ("z", 3)),
    "z3z": HERE.partial(("z", 3), ("z", 2)),
}
RIGHT = {
    "z": lambda v: np.einsum("jk,kx->jx", v["w"], v["a1"]) + v["b"],
    "23": lambda v: 1 / (1 + np.exp(-np.einsum("jk,kx->jx", v["w"], v["a1"]) - v["b"])),
    "25": lambda v: 1 / (1 + np.exp(-np.einsum("jk,kx->jx", v["w"], v["a1"]) - v["b"])),
    "29": lambda v: v["Cz"],
    "37": lambda v: np.einsum("kx,kjx->jx", v["Ca3"], v["a3z3"]),
    "38": lambda v: np.einsum("jx,jjx->jx", v["Ca3"], v["a3z3"]),
    "BP1": lambda v: v["Ca3"] / np.cosh(v["z3"]) ** 2,
    "BP1a": lambda v: v["Ca3"] / np.cosh(v["z3"]) ** 2,
    "33": lambda v: v["Ca3"] / np.cosh(v["z3"]) ** 2,
    "J": lambda v: np.einsum("kjx,kx->jx", v["a3z3"], v["Ca3"]),
    "J2": lambda v: np.einsum("kx,kjx->kjx", v["a"], np.eye(4)[:, :, None] - v["a"][None]),
    "S": lambda v: v["a3"] * (v["Ca3"] - np.einsum("kx,kx->x", v["Ca3"], v["a3"])),
    "S-LL": lambda v: np.einsum("jx,kx->jx", v["a3"], v["y"]) - v["y"],
    "84": lambda v: v["a3"] - v["y"],
    "41": lambda v: np.einsum("kx,kjx->jx", v["Cz3"], v["z3z"]),
    "45": lambda v: np.einsum("kj,kx->jx", v["w3"], v["Cz3"]) * sigmoid.prime(v["z"]),
    "BP2": lambda v: np.einsum("kj,kx->jx", v["w3"], v["Cz3"]) * sigmoid.prime(v["z"]),
    "34": lambda v: np.einsum("kj,kx->jx", v["w3"], v["Cz3"]) * sigmoid.prime(v["z"]),
    "zb": lambda v: np.eye(4)[:, :, None],
    "zw": lambda v: np.einsum("ij,kx->ijkx", np.eye(4), v["a1"]),
    "BP3": lambda v: v["Cz"],
    "BP4": lambda v: np.einsum("kx,jx->jkx", v["a1"], v["Cz"]),
    "32": lambda v: np.einsum("kx,jx->jkx", v["a1"], v["Cz"]),
    "BP3m": lambda v: np.einsum("jx->j", v["Cz"])[:, None] / M,
    "BP4m": lambda v: np.einsum("kx,jx->jk", v["a1"], v["Cz"])[..., None] / M,
}


class TestRightSides:
    """The right side as printed is the einsum that a reader would write for it."""

    @pytest.mark.parametrize("tag", RIGHT)
    def test_einsum(self, tag):
        want = RIGHT[tag](V)
        # Columns and matrices are worked out whole, and once more entry by entry.
        for statement in (find(tag).statement, component(find(tag).statement)):
            got = table(statement.rhs, statement, HERE, AT)
            assert got == pytest.approx(np.broadcast_to(want, got.shape), rel=1e-14, abs=1e-15)
            assert got.shape[:-1] == want.shape[:-1]

    def test_the_left_side_of_the_gradient(self):
        parts = component(find("BP4").statement)
        assert (table(parts.lhs, parts, HERE, AT) == V["Cw"]).all()


class TestSums:
    """A sum runs from its first index to its last, and over its own layer."""

    def test_over_each_layer(self):
        for layer in (2, 3):
            parts = Eq(y[j], Sum(a(layer)[k], over(k, layer)), evaluate=False)
            want = HERE.value("a", layer).sum(axis=0)
            assert table(parts.rhs, parts, HERE, AT)[0] == pytest.approx(want)

    @pytest.mark.parametrize(("first", "less"), [(1, 1), (0, 2), (2, 1)])
    def test_bounds(self, first, less):
        limits = (k, first, over(k, L)[2] + 1 - less)
        parts = Eq(y[j], Sum(a(L)[k], limits), evaluate=False)
        want = V["a3"][first : N[3] + 1 - less].sum(axis=0)
        assert table(parts.rhs, parts, HERE, AT)[0] == pytest.approx(want)

    def test_a_bound_index_may_have_the_name_of_a_free_one(self):
        parts = Eq(delta(L)[j], y[j] * Sum(a(L)[j], over(j, L)), evaluate=False)
        want = V["y"] * V["a3"].sum(axis=0)
        assert table(parts.rhs, parts, HERE, AT) == pytest.approx(want)


class TestUnknown:
    """What has no value on arrays says so by name."""

    def test_a_function_nobody_taught(self):
        with pytest.raises(TypeError, match="asin cannot be evaluated"):
            evaluate(asin(y[j]), HERE, {**AT, j: 0})
