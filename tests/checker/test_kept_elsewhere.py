"""Parameters and gradients are read wherever people keep them: named tuples, empty dictionaries."""

from typing import NamedTuple

import numpy as np
import pytest

from proofs import check_layer, check_model

draw = np.random.default_rng(0).standard_normal


class Theta(NamedTuple):
    W: np.ndarray
    b: np.ndarray


class TestNamedTuples:
    """The arrays of a named tuple are parameters, called as its fields are."""

    @pytest.mark.parametrize("wrong", [1.0, 1.5])
    def test_a_layer(self, wrong):
        def forward(x, theta):
            return np.tanh(x @ theta.W + theta.b), (x, theta)

        def backward(d, cache):
            x, theta = cache
            dz = d * (1 - np.tanh(x @ theta.W + theta.b) ** 2)
            return dz @ theta.W.T, Theta(x.T @ dz, wrong * dz.sum(0))

        report = check_layer(forward, backward, draw((5, 3)), Theta(draw((3, 2)), draw(2)))
        assert {row.quantity for row in report.rows} == {"dx", "dW", "db"}
        assert [row.quantity for row in report.violations] == (["db"] if wrong != 1 else [])

    @pytest.mark.parametrize("wrong", [1.0, 1.5])
    def test_a_step(self, wrong):
        def step(theta, x, y):
            e = x @ theta.W + theta.b - y
            return (e**2).mean(), Theta(wrong * 2 * x.T @ e / e.size, 2 * e.sum(0) / e.size)

        report = check_model(step, Theta(draw((3, 2)), draw(2)), draw((5, 3)), draw((5, 2)))
        assert [row.quantity for row in report.rows] == ["dW", "db"]
        assert [row.quantity for row in report.violations] == (["dW"] if wrong != 1 else [])


class Dense:
    def __init__(self):
        self.W, self.b = draw((3, 2)), draw(2)
        self.grads = {}

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b


class Filled(Dense):
    def backward(self, d):
        self.grads["dW"], self.grads["db"] = 2 * self.x.T @ d, d.sum(0)
        return d @ self.W.T


class Anew(Dense):
    def backward(self, d):
        self.grads = {"W": 2 * self.x.T @ d, "b": d.sum(0)}
        return d @ self.W.T


class TestGradientsInADictionary:
    """Which a layer makes empty, and fills in its backward pass."""

    @pytest.mark.parametrize("kind", [Filled, Anew])
    def test_are_found(self, kind):
        report = check_layer(kind(), draw((5, 3)))
        assert {row.quantity for row in report.rows} == {"dW", "db", "dx"}
        assert [row.quantity for row in report.violations] == ["dW"]
        assert not any("no gradient was found" in said for said in report.remarks)


class TestANumberOfNoAxes:
    """A parameter that is a single number is judged, and not said to be set aside."""

    def test_in_a_dictionary(self):
        def step(P, x, y):
            e = P["t"] * x - y
            return (e**2).mean(), {"t": (2 * e * x).mean()}

        report = check_model(step, {"t": np.array(0.3)}, draw(6), draw(6))
        assert [row.quantity for row in report.rows] == ["dt"]
        assert not any("set aside" in said for said in report.remarks)


class Pictures:
    """A convolution in single precision: copies of what it keeps are added up in another order."""

    def __init__(self):
        self.W = draw((3, 1, 3, 3)).astype(np.float32)

    def forward(self, x):
        self.seen = np.lib.stride_tricks.sliding_window_view(x, (3, 3), axis=(2, 3))
        return np.einsum("nchwij,ocij->nohw", self.seen, self.W)

    def backward(self, d):
        self.dW = np.einsum("nohw,nchwij->ocij", d, self.seen)


class Weights:
    def __init__(self):
        self.W = draw((48, 4)).astype(np.float32) / 7

    def forward(self, x):
        self.x = x
        return x.reshape(len(x), -1) @ self.W

    def backward(self, d):
        self.dW = self.x.reshape(len(d), -1).T @ d
        return (d @ self.W.T).reshape(self.x.shape)


class TestSinglePrecision:
    """A last digit is no other gradient than the layer's own."""

    def test_no_optimiser_is_suspected(self):
        def step(net, x):
            s = net[1].forward(net[0].forward(x))
            net[0].backward(net[1].backward(s))
            return (s**2).sum() / 2

        x = draw((3, 1, 6, 6)).astype(np.float32)
        report = check_model(step, [Pictures(), Weights()], x)
        assert report.holds, report
        assert "optimiser" not in str(report)


class Parameter:
    def __init__(self, data):
        self.data, self.grad = data, np.zeros_like(data)


class Boxed:
    """Its parameters are objects that have a gradient, to which each call adds."""

    def __init__(self, n, m, wrong):
        self.W, self.b, self.wrong = Parameter(draw((n, m))), Parameter(draw(m)), wrong

    def forward(self, x):
        self.x = x
        return x @ self.W.data + self.b.data

    def backward(self, d):
        self.W.grad += self.wrong * self.x.T @ d
        self.b.grad += d.sum(0)
        return d @ self.W.data.T


class Returning:
    """It keeps no gradient, and returns all of them by name."""

    def __init__(self, n, m, wrong):
        self.W, self.b, self.wrong = draw((n, m)), draw(m), wrong

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, d):
        return d @ self.W.T, {"W": self.wrong * self.x.T @ d, "b": d.sum(0)}


class InARow(Returning):
    """It returns them one after the other."""

    def backward(self, d):
        back, first = d @ self.W.T, self.wrong * self.x.T @ d
        return back, first, d.sum(0)

    @property
    def parameters(self):
        return self.x  # which only a call sets


class Error:
    """A loss that is given what is learnt from before what came."""

    def forward(self, y_true, y_pred):
        self.off = y_pred - y_true
        return (self.off**2).mean()

    def backward(self):
        return 2 * self.off / self.off.size


def two_layers(net, x, y):
    first, second, error = net
    h = np.tanh(first.forward(x))
    loss = error.forward(y, second.forward(h))
    back = second.backward(error.backward())
    first.backward((back[0] if isinstance(back, tuple) else back) * (1 - h**2))
    return loss


@pytest.mark.parametrize("wrong", [1.0, 1.5])
@pytest.mark.parametrize("kind", [Boxed, Returning, InARow])
class TestGradientsOfALayer:
    """In objects of the parameters, or returned beside the error: they are judged all the same."""

    def test_alone(self, kind, wrong):
        report = check_layer(kind(3, 2, wrong), draw((5, 3)))
        assert {row.quantity for row in report.rows} == {"dW", "db", "dx"}
        assert [row.quantity for row in report.violations] == (["dW"] if wrong != 1 else [])

    def test_in_a_model(self, kind, wrong):
        net = [kind(3, 4, 1.0), kind(4, 2, wrong), Error()]
        report = check_model(two_layers, net, draw((5, 3)), draw((5, 2)))
        assert [(row.place, row.quantity) for row in report.violations] == (
            [(f"[1] ({kind.__name__})", "dW")] if wrong != 1 else []
        )
        assert {"dW", "db"} <= {r.quantity for r in report.rows if r.place.startswith("[0]")}


class TestALossOfTargetsFirst:
    """Its one gradient is that of what came, wherever that stands."""

    @pytest.mark.parametrize("names", ["y, yhat", "target, out", "y_true, y_pred", "t, y", "y, t"])
    def test_right_and_wrong(self, names):
        first, second = names.split(", ")
        of = second if names != "y, t" else first
        other = first if of == second else second
        scope = {}
        code = f"def forward({names}):\n return (({of} - {other}) ** 2).mean(), {of} - {other}"
        exec(code, scope)
        for by in (2, -2):
            x = draw((3, 2)), draw((3, 2))
            report = check_layer(scope["forward"], lambda d, e, by=by: d * by * e / e.size, *x)
            assert [row.quantity for row in report.rows] == [f"d{of}"]
            assert report.holds == (by == 2)


class Product:
    """It leaves a gradient for each example, which whoever calls it adds up."""

    def forward(self, pair):
        self.a, self.b = pair
        return self.a @ self.b

    def backward(self, d):
        return d @ self.b.swapaxes(-1, -2), self.a.swapaxes(-1, -2) @ d


class Batched:
    def __init__(self, n, m, wrong):
        self.W, self.product, self.wrong = Parameter(draw((n, m))), Product(), wrong

    def forward(self, x):
        return self.product.forward([x, self.W.data])

    def backward(self, d):
        back, each = self.product.backward(d)
        self.W.grad += self.wrong * each.sum(0)
        return back


class TestAPartThatIsAddedUpOutside:
    """A layer is judged by what it makes of it."""

    @pytest.mark.parametrize("wrong", [1.0, 1.5])
    def test_right_and_wrong(self, wrong):
        net = [Batched(3, 4, 1.0), Batched(4, 2, wrong), Error()]
        report = check_model(two_layers, net, draw((2, 5, 3)), draw((2, 5, 2)))
        assert [(row.place, row.quantity) for row in report.violations] == (
            [("[1] (Batched)", "dW")] if wrong != 1 else []
        )
        assert {"dW", "dx"} <= {r.quantity for r in report.rows if r.place.startswith("[0]")}


class TestALayerOfLayers:
    """What is kept within it is not compared by `check_layer`, and that is said."""

    def test_is_said(self):
        class Block:
            def __init__(self):
                self.inner = [Boxed(3, 3, 1.5), Dense()]

            def forward(self, x):
                return x + self.inner[0].forward(x)

            def backward(self, d):
                return d + self.inner[0].backward(d)

        report = check_layer(Block(), draw((5, 3)))
        assert any("within it were not compared: inner[0] (Boxed);" in s for s in report.remarks)


class TestGradientsKeptAsTheParametersAre:
    """In a list of tuples, or in dictionaries within dictionaries, whose arrays differ in shape."""

    @pytest.mark.parametrize("wrong", [1.0, 1.5])
    @pytest.mark.parametrize("made", [list, lambda each: dict(enumerate(each))])
    def test_of_a_layer(self, made, wrong):
        def forward(x, layers):
            each = [layers[n] for n in range(2)]
            kept = [x]
            for W, b in each:
                kept.append(np.tanh(kept[-1] @ W + b))
            return kept[-1], (kept, each)

        def backward(d, cache):
            kept, each = cache
            found = []
            for (W, _), x, y in zip(each[::-1], kept[1::-1], kept[:0:-1], strict=True):
                dz = d * (1 - y**2)
                found.insert(0, (wrong * x.T @ dz, dz.sum(0)))
                d = dz @ W.T
            return d, made(found)

        layers = made([(draw((3, 4)), draw(4)), (draw((4, 2)), draw(2))])
        report = check_layer(forward, backward, draw((5, 3)), layers)
        assert len(report.rows) == 5
        assert len(report.violations) == (0 if wrong == 1 else 2)
