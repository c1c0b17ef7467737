"""What a step is given, it may also reach another way: by a name of its script, or held in it."""

from functools import partial

import numpy as np
import pytest
from sources import module_of

from proofs import check_model

NAMES = """
import numpy as np

draw = np.random.RandomState(0).randn
W1, w2 = draw(5, 8), draw(5)
model = {"W1": W1, "W2": w2}

def sigmoid(x):
    return 1 / (1 + np.exp(-x))

def policy(x):
    h = model["W1"] @ x
    h[h < 0] = 0
    return sigmoid(model["W2"] @ h), h

def gradients(xs, hs, errors):
    dh = np.outer(errors, w2)
    dh[hs <= 0] = 0
    return {"W1": dh.T @ xs, "W2": hs.T @ errors}

def episode(model, xs, ys, rewards):
    hs, errors, loss = [], [], 0.0
    for x, y, r in zip(xs, ys, rewards):
        p, h = policy(x)
        hs.append(h)
        loss -= r * (y * np.log(p) + (1 - y) * np.log(1 - p))
        errors.append((p - y) * r)
    return loss, gradients(np.vstack(xs), np.vstack(hs), np.array(errors))

xs, ys, rewards = [draw(8) for _ in range(6)], [1, 0, 1, 1, 0, 0], draw(6)
"""

METHOD = """
import numpy as np

class Net:
    def __init__(self, sizes):
        self.shapes = [*zip(sizes[:-1], sizes[1:])]
        self.theta = np.random.RandomState(0).randn(sum(a * b + b for a, b in self.shapes))

    def unpack(self, theta):
        parts, i = [], 0
        for a, b in self.shapes:
            parts.append((theta[i : i + a * b].reshape(a, b), theta[i + a * b : i + a * b + b]))
            i += a * b + b
        return parts

    def cost(self, theta, X, Y):
        parts, acts, grads = self.unpack(theta), [X], []
        for W, b in parts:
            acts.append(1 / (1 + np.exp(-(acts[-1] @ W + b))))
        J = 0.5 * np.sum((acts[-1] - Y) ** 2)
        d = acts[-1] - Y
        for l in range(len(parts) - 1, -1, -1):
            d = d * acts[l + 1] * (1 - acts[l + 1])
            grads = [(acts[l].T @ d).ravel(), d.sum(0), *grads]
            d = d @ parts[l][0].T
        return J, np.concatenate(grads)

def loss_fn(params, x, y, reg=0.0):
    h = np.tanh(x @ params["W1"])
    e = h @ params["W2"] - y
    loss = 0.5 * np.sum(e**2) + reg * np.sum(params["W1"] ** 2)
    dW1 = x.T @ (e @ params["W2"].T * (1 - h**2))
    return loss, {"W2": h.T @ e, "W1": dW1 + 2 * reg * params["W1"]}
"""
RANDOM = np.random.default_rng(0)
X, Y = RANDOM.standard_normal((6, 3)), RANDOM.standard_normal((6, 2))
PARAMS = {"W1": RANDOM.standard_normal((3, 4)), "W2": RANDOM.standard_normal((4, 2))}


def wrong(report):
    return {v.quantity for v in report.violations}


class TestByItsName:
    """A function of the script that reads a parameter by its name reads the one that is judged."""

    @pytest.mark.parametrize(
        ("old", "new", "blamed"),
        [("", "", set()), ("dh[hs <= 0] = 0", "", {"dW1"}),
         ("hs.T @ errors", "hs.T @ -errors", {"dW2"})],
    )  # fmt: skip
    def test_right_and_wrong(self, old, new, blamed):
        own = module_of(NAMES, (old, new))
        report = check_model(own.episode, own.model, own.xs, own.ys, own.rewards)
        assert wrong(report) == blamed
        assert report.holds == (not blamed)
        assert {row.quantity for row in report.rows} == {"dW1", "dW2"}
        assert own.model["W1"] is own.W1


class TestAMethodThatIsGivenItsParameters:
    """The parameters are what the method is given, where its object has others that it does not
    read."""

    @pytest.mark.parametrize(
        ("old", "new"), [("", ""), ("d.sum(0), *grads", "d.mean(0), *grads")]
    )  # fmt: skip
    def test_right_and_wrong(self, old, new):
        net = module_of(METHOD, (old, new)).Net([3, 4, 2])
        report = check_model(net.cost, net.theta, X, np.tanh(Y))
        assert report.holds == (old == "")
        assert bool(report.violations) == (old != "")


class TestPartial:
    """Arguments that a partial holds are arguments like others."""

    @pytest.mark.parametrize(
        ("old", "new", "blamed"), [("", "", set()), ("+ 2 * reg", "+ reg", {"dW1"})]
    )
    def test_right_and_wrong(self, old, new, blamed):
        step = partial(module_of(METHOD, (old, new)).loss_fn, reg=0.1)
        for report in (check_model(step, PARAMS, X, Y), check_model(partial(step, PARAMS), X, Y)):
            assert wrong(report) == blamed
            assert report.holds == (not blamed)


class TestADictionaryByItsName:
    """A step that returns a gradient for each array of a dictionary that it has a name for."""

    @pytest.mark.parametrize("given", ["x, y", "x"])
    @pytest.mark.parametrize(
        ("old", "new", "blamed"),
        [("", "", set()), ('"W2": h.T @ e', '"W2": 2 * h.T @ e', {"dW2"})],
    )
    def test_right_and_wrong(self, given, old, new, blamed):
        own = module_of(METHOD, (old, new))
        vars(own).update(params=PARAMS, y=Y)
        exec(f"step = lambda {given}: loss_fn(params, x, y)", vars(own))
        report = check_model(own.step, X, *([Y] if given == "x, y" else []))
        assert wrong(report) == blamed
        assert report.holds == (not blamed)
        assert {row.quantity for row in report.rows} == {"dW1", "dW2"}
        assert own.params is PARAMS


class TestALossThatIsNormalised:
    """Other parameters are not multiples alone, which a loss of directions does not feel."""

    @pytest.mark.parametrize("factor", [1, 2])
    def test_right_and_wrong(self, factor):
        def step(z):
            n = np.linalg.norm(z)
            return z.sum() / n, factor * (1 - z * z.sum() / n**2) / n

        report = check_model(step, RANDOM.standard_normal(4))
        assert bool(report.violations) == (factor == 2)
        assert not report.problems


class TestMomentaBesideTheParameters:
    """What the loss does not read has no gradient, and takes none that is returned in order."""

    @pytest.mark.parametrize("first", ["gw", "weights"])
    @pytest.mark.parametrize("factor", [1, 2])
    def test_right_and_wrong(self, first, factor):
        class Net:
            def __init__(self):
                draw = np.random.default_rng(0).standard_normal
                arrays = {"gw": np.zeros((3, 2)), "weights": draw((3, 2))}
                for name in (first, *arrays):
                    setattr(self, name, arrays[name])
                self.biases = np.zeros(2)

            def backprop(self, x, y):
                e = x @ self.weights + self.biases - y
                return 0.5 * np.sum(e**2), [factor * x.T @ e], [e.sum(axis=0)]

        report = check_model(Net().backprop, X, Y)
        assert wrong(report) == ({"dweights"} if factor == 2 else set())
        assert {row.quantity for row in report.rows} == {"dweights", "dbiases"}
