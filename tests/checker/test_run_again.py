"""A layer is run again to be judged, on numbers that it has never seen: it may refuse them."""

import cProfile
import os
import sys
from collections import deque

import numpy as np
import pytest

from proofs.checker.check_layer import check_layer
from proofs.checker.check_model import check_model

x, W = (np.random.default_rng(0).standard_normal(shape) for shape in ((3, 4), (4, 2)))
ERRORS = {"an error": ValueError("not for me"), "the end of Python": SystemExit("not for me")}


class Stubborn:
    """A layer that runs so many times, and raises at one call or at each from then on."""

    def __init__(self, runs, error, once=False, factor=1.0):
        self.left, self.error, self.once, self.factor = runs, error, once, factor

    def _run(self):
        self.left -= 1
        if self.left == -1 or (self.left < 0 and not self.once):
            raise self.error

    def forward(self, x, W):
        """A layer with a sigmoid."""
        self._run()
        a = 1 / (1 + np.exp(-x @ W))
        return a, (x, W, a)

    def backward(self, delta, cache):
        """Its backward pass, times a factor."""
        self._run()
        x, W, a = cache
        dz = delta * a * (1 - a)
        return dz @ W.T * self.factor, x.T @ dz


def report_of(layer, dtype=float, **how):
    """What is said of it."""
    return check_layer(layer.forward, layer.backward, x.astype(dtype), W.astype(dtype), **how)


@pytest.mark.parametrize("error", ERRORS.values(), ids=ERRORS)
@pytest.mark.parametrize("method", ["exhaustive", "directional"])
class TestRefusals:
    """What the code raises where it runs again ends no check, and blames nothing that is right."""

    @pytest.mark.parametrize(("dtype", "once"), [(float, True), (np.float32, False)])
    @pytest.mark.parametrize("runs", [2, 3, 4, 5, 6, 9, 14, 20])
    def test_a_layer(self, error, method, dtype, once, runs):
        right = report_of(Stubborn(runs, error, once), dtype, method=method)
        assert not right.violations
        wrong = report_of(Stubborn(runs, error, once, factor=2), dtype, method=method)
        assert [row.quantity for row in wrong.violations] == ["dx"] or wrong.problems

    @pytest.mark.parametrize("runs", [4, 5, 6, 8, 12, 20, 30])
    def test_a_model(self, error, method, runs):
        def report(factor):
            layer = Stubborn(runs, error, factor=factor)
            forward, backward = layer.forward, layer.backward

            def step(params, x, y):
                out, cache = forward(x, params["W"])
                _, dW = backward(out - y, cache)
                return ((out - y) ** 2).sum() / 2, {"W": dW}

            pairs = [(forward, backward)]
            return check_model(step, {"W": W}, x, np.zeros((3, 2)), layers=pairs, method=method)

        assert not report(1.0).violations
        assert not report(2.0).holds


@pytest.mark.parametrize("error", ERRORS.values(), ids=ERRORS)
class TestAStepWithoutLayers:
    """Nor does a step in which no layers are found end its check."""

    def report(self, factor, error, refused):
        def step(params, x):
            if refused(params["W"]):
                raise error
            out = x @ params["W"]
            return (out**2).sum() / 2, {"W": factor * x.T @ out}

        return check_model(step, {"W": W}, x)

    def test_no_other_numbers(self, error):
        def refused(w):
            return not np.array_equal(getattr(w, "v", w), W)

        assert not self.report(1.0, error, refused).violations
        assert not self.report(2.0, error, refused).holds

    @pytest.mark.parametrize("runs", [2, 3, 4, 6])
    def test_no_more_than_so_often(self, error, runs):
        count = [0]

        def refused(_):
            count[0] += 1
            return count[0] >= runs

        assert not self.report(1.0, error, refused).violations
        count[0] = 0
        assert not self.report(2.0, error, refused).holds


ENDS = {"sys.exit(3)": lambda: sys.exit(3), "os._exit(3)": lambda: os._exit(3)}


@pytest.mark.parametrize("words", ENDS)
class TestCodeThatEndsPython:
    """At its very first call, too, a report says so, and at which line."""

    def test_a_layer(self, words):
        right = Stubborn(99, None)
        for forward, backward, which in (
            (lambda x, W: ENDS[words](), right.backward, "forward"),
            (right.forward, lambda delta, cache: ENDS[words](), "backward"),
        ):
            (said,) = check_layer(forward, backward, x, W, name="mine").problems
            assert said.startswith(f"mine: {which} ends Python by {words}, at test_run_again.py")

    def test_an_object(self, words):
        class Layer:
            def forward(self, x):
                ENDS[words]()

            def backward(self, delta):
                return delta

        (said,) = check_layer(Layer(), x).problems
        assert f"ends Python by {words}" in said

    def test_a_model(self, words):
        layer = Stubborn(99, None)

        def step(params, x):
            out, cache = layer.forward(x, params["W"])
            ENDS[words]()
            return out.sum(), {"W": layer.backward(np.ones_like(out), cache)[1]}

        for layers in ([(layer.forward, layer.backward)], None):
            (said,) = check_model(step, {"W": W}, x, layers=layers).problems
            assert said.startswith(f"the step ends Python by {words}, at test_run_again.py")

    def test_a_child_may_end(self, words):
        def forward(x):
            child = os.fork()
            if not child:
                os._exit(7)
            assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
            return 2 * x, None

        assert check_layer(forward, lambda delta, cache: 2 * delta, x).holds


class TestFaultsOfThisPackage:
    """What goes wrong here, and not in the code that is run again, is raised."""

    @pytest.mark.parametrize("name", ["reference.Noise", "layers.along", "passes.Noise"])
    def test_is_raised(self, monkeypatch, name):
        monkeypatch.setattr(f"proofs.checker.{name}", None)
        with pytest.raises(TypeError, match="'NoneType' object is not callable"):
            report_of(Stubborn(10**6, None, factor=1 + 1e-9))


class TestUnknownRounding:
    """Where a coarse code does not run on rounded numbers, the report says so."""

    def test_a_check_of_its_own(self):
        def forward(x):
            p = np.exp(x) / np.exp(x).sum(1, keepdims=True)
            if type(p) is not np.ndarray and not hasattr(p, "t"):
                raise TypeError("an array, please")
            return p, p

        def backward(delta, p):
            return p * (delta - (delta * p).sum(1, keepdims=True))

        report = check_layer(forward, backward, x.astype(np.float32))
        assert report.holds
        wrong = check_layer(forward, lambda d, p: p * (1 - p) * d, x.astype(np.float32))
        assert not wrong.holds
        assert not wrong.problems


class TestProfilers:
    """A check under a profiler says what it says otherwise, and the profiler goes on."""

    def test_cprofile(self):
        def backward(delta, cache):
            x, W = cache
            return delta @ W.T, x.T @ delta / 3

        def said():
            return str(check_layer(lambda x, W: (x @ W, (x, W)), backward, x, W))

        profile, plain = cProfile.Profile(), said()
        profile.enable()
        try:
            assert said() == plain
            assert "np.sum" not in plain
            going_on = sys.getprofile()
        finally:
            profile.disable()
        assert going_on is profile or sys.version_info >= (3, 12)


class TestDense:
    """A wrong layer in which every number touches every other costs about what a right one does."""

    def test_tangents(self):
        numbers = deque([0])  # a list would be put back after each run

        def forward(x, W):
            numbers[0] += np.size(getattr(x, "t", 0.0))
            return np.tanh(W @ x @ W), (x, W)

        def backward(delta, cache):
            x, W = cache
            dz = delta * (1 - np.tanh(W @ x @ W) ** 2)
            return W.T @ dz @ W.T, dz @ (x @ W).T

        def right(delta, cache):
            x, W = cache
            dz = delta * (1 - np.tanh(W @ x @ W) ** 2)
            return W.T @ dz @ W.T, dz @ (x @ W).T + (W @ x).T @ dz

        n = 48
        given = [np.random.default_rng(seed).standard_normal((n, n)) / n**0.5 for seed in (0, 1)]
        assert check_layer(forward, right, *given).holds
        once, numbers[0] = numbers[0], 0
        assert not check_layer(forward, backward, *given).holds
        assert numbers[0] < 2 * once


Y, V = (np.random.default_rng(n).standard_normal((n, 3)) for n in (3, 2))
PARAMS = {"W": W, "V": V}
KEPT = {"W": np.zeros((4, 2)), "V": np.zeros((2, 3))}


def backward_into(kept, x, h, W, V, d):
    """The gradients of two layers, in arrays that every run fills anew."""
    for array in kept.values():
        array.fill(0)
    kept["V"] += h.T @ d
    kept["W"] += x.T @ (d @ V.T * (1 - h**2))


class TestArraysThatAreFilledAnew:
    """Gradients in arrays that the next run fills are those of the run that returned them."""

    @pytest.mark.parametrize("wrong", [1.0, 2.0])
    def test_a_step(self, wrong):
        def step(params, x, y):
            h = np.tanh(x @ params["W"])
            d = h @ params["V"] - y
            backward_into(KEPT, x, h, *params.values(), d)
            KEPT["W"] *= wrong
            return (d**2).sum() / 2, KEPT

        report = check_model(step, PARAMS, x, Y)
        assert {row.quantity: row.holds for row in report.rows} == {"dW": wrong == 1, "dV": True}

    @pytest.mark.parametrize("wrong", [1.0, 2.0])
    def test_a_step_with_layers(self, wrong):
        def tanh_forward(z):
            h = np.tanh(z)
            return h, h

        def tanh_backward(dout, h):
            return dout * (1 - h**2)

        def step(params, x, y):
            h, cache = tanh_forward(x @ params["W"])
            d = h @ params["V"] - y
            KEPT["V"][:] = h.T @ d
            KEPT["W"][:] = wrong * x.T @ tanh_backward(d @ params["V"].T, cache)
            return (d**2).sum() / 2, KEPT

        pairs = [(tanh_forward, tanh_backward)]
        report = check_model(step, PARAMS, x, Y, layers=pairs)
        places = [row.place for row in report.violations]
        assert places == ([] if wrong == 1 else ["parameter W"])

    @pytest.mark.parametrize("wrong", [1.0, 2.0])
    def test_a_layer(self, wrong):
        def forward(x, W, V):
            h = np.tanh(x @ W)
            return h @ V, (x, h, W, V)

        def backward(d, cache):
            backward_into(KEPT, *cache, d)
            return {"W": KEPT["W"], "V": np.multiply(KEPT["V"], wrong, out=KEPT["V"])}

        report = check_layer(forward, backward, x, *PARAMS.values())
        assert {row.quantity: row.holds for row in report.rows} == {"dW": True, "dV": wrong == 1}
