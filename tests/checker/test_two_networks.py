"""Two networks that play against each other: two objects that are layers, or two losses."""

import numpy as np
import pytest
from sources import module_of

from proofs import check_model

OBJECTS = """
import numpy as np

class Generator:
    def __init__(self, n, m):
        self.W, self.b = np.random.RandomState(0).randn(n, m), np.zeros(m)

    def forward(self, z):
        self.z, self.out = z, np.tanh(z @ self.W + self.b)
        return self.out

    def backward(self, dout):
        da = dout * (1 - self.out**2)
        self.dW, self.db = self.z.T @ da, da.sum(0)
        return da @ self.W.T

class Discriminator:
    def __init__(self, n):
        self.W, self.b = np.random.RandomState(1).randn(n, 1), np.zeros(1)

    def forward(self, x):
        self.x, self.p = x, 1 / (1 + np.exp(-(x @ self.W + self.b)))
        return self.p

    def backward(self, dout):
        dz = dout * self.p * (1 - self.p)
        self.dW, self.db = self.x.T @ dz, dz.sum(0)
        return dz @ self.W.T

def generator_step(G, D, z):
    p = D.forward(G.forward(z))
    G.backward(D.backward(-1 / p / len(z)))
    return -np.mean(np.log(p))

def discriminator_step(D, G, real, z):
    fake = G.forward(z)
    p = D.forward(real)
    loss = -np.mean(np.log(p))
    D.backward(-1 / p / len(real))
    dW, db = D.dW, D.db
    p = D.forward(fake)
    loss -= np.mean(np.log(1 - p))
    D.backward(1 / (1 - p) / len(fake))
    D.dW, D.db = D.dW + dW, D.db + db
    return loss
"""

FUNCTION = """
import numpy as np

def sigmoid(x):
    return 1 / (1 + np.exp(-x))

def step(params, real, z):
    G, D = params["G"], params["D"]
    fake = np.tanh(z @ G["W"] + G["b"])
    p, q = sigmoid(real @ D["W"] + D["b"]), sigmoid(fake @ D["W"] + D["b"])
    dp, dq = (p - 1) / len(p), q / len(q)
    of_D = {"W": real.T @ dp + fake.T @ dq, "b": dp.sum(0) + dq.sum(0)}
    da = (q - 1) / len(q) @ D["W"].T * (1 - fake**2)
    of_G = {"W": z.T @ da, "b": da.sum(0)}
    return -np.mean(np.log(p) + np.log(1 - q)), -np.mean(np.log(q)), of_D, of_G

def of_D(D, G, real, z):
    return step({"G": G, "D": D}, real, z)[::2]

def of_G(G, D, real, z):
    return step({"G": G, "D": D}, real, z)[1::2]
"""
RANDOM = np.random.default_rng(0)
REAL, Z = RANDOM.standard_normal((5, 4)), RANDOM.standard_normal((5, 3))


def wrong(report):
    return {(v.place, v.quantity) for v in report.violations}


class TestTwoObjects:
    """The first argument, too, is a layer among others, and a fault is flagged where it stands."""

    @pytest.mark.parametrize(
        ("old", "new", "of_G", "of_D"),
        [("", "", set(), set()),
         ("1 - self.out**2", "1 - self.out", {("Generator", n) for n in ("dW", "db", "dz")}, set()),
         ("D.dW + dW", "D.dW", set(), {("parameter Discriminator.W", "sum")}),
         ("1 / (1 - p) / len(fake)", "1 / p / len(fake)", set(),
          {("after Discriminator 2", "sum")})],
    )  # fmt: skip
    def test_right_and_wrong(self, old, new, of_G, of_D):
        own = module_of(OBJECTS, (old, new))
        G, D = own.Generator(3, 4), own.Discriminator(4)
        assert wrong(check_model(own.generator_step, G, D, Z)) == of_G
        assert wrong(check_model(own.discriminator_step, D, G, REAL, Z)) == of_D


class TestTwoLosses:
    """Which gradients are those of which loss is not guessed: it is said what to return."""

    def params(self):
        draw = np.random.default_rng(1).standard_normal
        return {"W": draw((3, 4)), "b": draw(4)}, {"W": draw((4, 1)), "b": draw(1)}

    def test_it_is_said(self):
        G, D = self.params()
        report = check_model(module_of(FUNCTION).step, {"G": G, "D": D}, REAL, Z)
        assert not report.violations
        (said,) = report.problems
        assert said.startswith("the step returned 2 single numbers and 2 dictionaries with W, b")

    @pytest.mark.parametrize(
        ("old", "new", "flagged"),
        [("", "", (set(), set())), ("q / len(q)\n", "(q - 1) / len(q)\n", ({"dW", "db"}, set())),
         ("1 - fake**2", "1 - fake", (set(), {"dW", "db"}))],
    )  # fmt: skip
    def test_one_by_one(self, old, new, flagged):
        own, (G, D) = module_of(FUNCTION, (old, new)), self.params()
        reports = check_model(own.of_D, D, G, REAL, Z), check_model(own.of_G, G, D, REAL, Z)
        for report, quantities in zip(reports, flagged, strict=True):
            found = {v.quantity.replace("params.", "") for v in report.violations}
            assert found == quantities
