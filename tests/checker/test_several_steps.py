"""Training loops: several steps in a row, and what a step carries on to the next."""

import numpy as np
import pytest
from sources import module_of

from proofs import check_model

pytestmark = pytest.mark.usefixtures("no_words")

FIT = """
import numpy as np

class LogisticRegression:
    def __init__(self):
        self.w, self.b = np.zeros(3) + 0.1, np.zeros(1)

    def fit(self, X, y, epochs=3, lr=0.1):
        losses = []
        for _ in range(epochs):
            p = 1 / (1 + np.exp(-(X @ self.w + self.b)))
            losses.append(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))
            d = (p - y) / len(y)
            self.w -= lr * X.T @ d
            self.b -= lr * d.sum()
        return losses
"""

LAYERS = """
import numpy as np

class Dense:
    def __init__(self, i, o):
        self.W, self.b = np.random.default_rng(i).standard_normal((i, o)), np.zeros(o)

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, d, lr):
        dx = d @ self.W.T
        self.W -= lr * self.x.T @ d
        self.b -= lr * d.sum(0)
        return dx

class Network:
    def __init__(self):
        self.layers = [Dense(3, 4), Dense(4, 1)]

    def fit(self, X, y, epochs=3, lr=0.1):
        history = []
        for _ in range(epochs):
            out = X
            for layer in self.layers:
                out = layer.forward(out)
            history.append(np.mean((out[:, 0] - y) ** 2))
            d = 2 * (out - y[:, None]) / len(y)
            for layer in reversed(self.layers):
                d = layer.backward(d, lr)
        return history
"""

CARRIED = """
import numpy as np

class RNN:
    def __init__(self):
        draw = np.random.RandomState(0).randn
        self.U, self.W, self.V = draw(5, 4) * 0.4, draw(5, 5) * 0.4, draw(4, 5) * 0.4
        self.h, self.lr = np.zeros(5), 0.1

    def train_chunk(self, x, y):
        T, hs, p, loss = len(x), {-1: self.h}, {}, 0.0
        for t in range(T):
            hs[t] = np.tanh(self.U[:, x[t]] + self.W @ hs[t - 1])
            z = self.V @ hs[t]
            e = np.exp(z - z.max())
            p[t] = e / e.sum()
            loss -= np.log(p[t][y[t]])
        dU, dW, dV = np.zeros_like(self.U), np.zeros_like(self.W), np.zeros_like(self.V)
        dnext = np.zeros_like(self.h)
        for t in range(T - 1, -1, -1):
            dz = p[t].copy()
            dz[y[t]] -= 1
            dV += np.outer(dz, hs[t])
            da = (self.V.T @ dz + dnext) * (1 - hs[t] ** 2)
            dU[:, x[t]] += da
            dW += np.outer(da, hs[t - 1])
            dnext = self.W.T @ da
        for P, dP in zip((self.U, self.W, self.V), (dU, dW, dV)):
            P -= self.lr * dP
        self.h = hs[T - 1]
        return loss
"""
RANDOM = np.random.default_rng(0)
X, Y = RANDOM.standard_normal((6, 3)), (RANDOM.random(6) > 0.5) * 1.0
LOOP = "losses of several steps in a row"


def wrong(report):
    return {v.quantity for v in report.violations}


class TestSeveralStepsInARow:
    """Losses of several steps are no loss: it is said that one step is to be taken."""

    @pytest.mark.parametrize("change", [("", ""), ("d = (p - y)", "d = p * (p - y)")])
    @pytest.mark.parametrize("result", ["losses", "np.array(losses)", "{'loss_history': losses}"])
    def test_it_is_said(self, change, result):
        own = module_of(FIT, change, ("return losses", f"return {result}"))
        with pytest.raises(TypeError, match=LOOP):
            check_model(own.LogisticRegression().fit, X, Y)

    def test_it_is_said_of_layers(self):
        report = check_model(module_of(LAYERS).Network().fit, X, Y)
        assert not report.violations
        assert any(LOOP in problem for problem in report.problems)

    @pytest.mark.parametrize("source", [FIT, LAYERS])
    def test_one_step_is_judged(self, source):
        own = module_of(source, ("epochs=3", "epochs=1"))
        model = own.LogisticRegression if source is FIT else own.Network
        assert check_model(model().fit, X, Y).holds

    @pytest.mark.parametrize(
        ("old", "new", "blamed"),
        [("lr * X.T @ d", "lr * X.T @ (d * p)", {"dw"}), ("d.sum()", "d.mean()", {"db"})],
    )
    def test_a_fault_in_one_step(self, old, new, blamed):
        own = module_of(FIT, ("epochs=3", "epochs=1"), (old, new))
        assert wrong(check_model(own.LogisticRegression().fit, X, Y)) == blamed


class TestAStateThatAStepCarriesOn:
    """An array that the step sets anew, whatever it was, is a state and no parameter."""

    ARGS = [0, 1, 3, 2, 1, 1], [1, 3, 2, 1, 1, 0]

    def test_right(self):
        report = check_model(module_of(CARRIED).RNN().train_chunk, *self.ARGS)
        assert report.holds
        assert {row.quantity for row in report.rows} == {"dU", "dW", "dV"}
        assert any(said.startswith("h: ") for said in report.remarks)

    @pytest.mark.parametrize(
        ("old", "new", "blamed"),
        [("dU[:, x[t]] += da", "dU[:, x[t]] = da", {"dU"}),
         ("@ dz + dnext", "@ dz", {"dU", "dW"}),
         ("dV += np.outer(dz, hs[t])", "dV += np.outer(p[t], hs[t])", {"dV"})],
    )  # fmt: skip
    def test_wrong(self, old, new, blamed):
        own = module_of(CARRIED, (old, new))
        assert wrong(check_model(own.RNN().train_chunk, *self.ARGS)) == blamed

    @pytest.mark.parametrize("holds", [True, False])
    def test_two_states(self, holds):
        """One of them is what the other is made of, as the cell of an LSTM."""

        class Net:
            def __init__(self):
                draw = np.random.default_rng(0).standard_normal
                self.W, self.b, self.state = (
                    draw((3, 4)) / 2,
                    np.zeros(4),
                    (np.zeros(4), np.zeros(4)),
                )

            def train(self, xs, y, lr=0.1):
                (h, c), steps = self.state, []
                for x in xs:
                    a = np.tanh(x @ self.W + self.b)
                    c = 0.5 * c + a
                    h = np.tanh(c)
                    steps.append((x, a))
                e, dW, db = h - y, np.zeros_like(self.W), np.zeros_like(self.b)
                self.state, dc = (h, c), e * (1 - h**2)
                for x, a in reversed(steps):
                    da = dc * (1 - a**2)
                    dW, db, dc = dW + np.outer(x, da), db + da, 0.5 * dc
                self.W -= lr * dW
                self.b -= lr * (db if holds else db**2)
                return 0.5 * np.sum(e**2)

        report = check_model(Net().train, X, np.ones(4))
        assert report.holds == holds
        assert wrong(report) == (set() if holds else {"db"})
