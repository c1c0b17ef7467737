"""Pairs in the words of others: arguments by their names, methods of one object, pairs of W."""

from types import SimpleNamespace

import numpy as np
import pytest

from proofs import check_layer, check_model

draw = np.random.default_rng(0).standard_normal


def scaled_forward(x, w, b, by=2.0):
    return by * (x @ w) + b


def scaled_backward(dout, inputs, w, by):
    """Without b, which stands before `by` in the forward pass."""
    return by * dout @ w.T, by * inputs.T @ dout, dout.sum(axis=0)


def another_backward(dout, inputs, w, by):
    dx, dw, db = scaled_backward(dout, inputs, w, by)
    return dx + by, dw, db


class TestArgumentsByName:
    """A backward pass that is handed no cache gets what has the name of what forward was given,
    defaults included, and for what has another name the inputs in their order."""

    GIVEN = draw((5, 3)), draw((3, 2)), draw(2)

    @pytest.mark.parametrize("more", [(), (3.0,)])
    def test_right(self, more):
        report = check_layer(scaled_forward, scaled_backward, *self.GIVEN, *more)
        assert report.holds
        assert [row.quantity for row in report.rows] == ["dx", "dw", "db"]

    def test_by_keyword(self):
        assert check_layer(scaled_forward, scaled_backward, *self.GIVEN, by=4.0).holds

    def test_wrong(self):
        report = check_layer(scaled_forward, another_backward, *self.GIVEN)
        assert [row.quantity for row in report.violations] == ["dx"]

    def test_words_are_looked_for_in_it(self):
        def forgetting_backward(dout, inputs, w, by):
            return by * dout @ w.T, inputs.T @ dout, dout.sum(axis=0)

        (wrong,) = check_layer(scaled_forward, forgetting_backward, *self.GIVEN).violations
        assert any("it is 1/2 times" in said for said in wrong.says)


class Handing:
    """A layer that keeps nothing: its forward pass returns what its backward pass needs."""

    def __init__(self, n, m, wrong=1.0):
        self.W, self.wrong = draw((n, m)) / 2, wrong
        self.dW = np.zeros((n, m))

    def forward(self, x):
        h = np.tanh(x @ self.W)
        return h, (x, h)

    def backward(self, dout, cache):
        x, h = cache
        dz = dout * (1 - h**2)
        self.dW += self.wrong * x.T @ dz
        return dz @ self.W.T


class Returned(Handing):
    def __init__(self, n, m, wrong=1.0):
        super().__init__(n, m, wrong)
        del self.dW

    def backward(self, dout, saved_tensors):
        x, h = saved_tensors
        dz = dout * (1 - h**2)
        return dz @ self.W.T, {"W": self.wrong * x.T @ dz}


class Kept(Handing):
    """The cache is kept, and whoever calls backward hands it over."""

    def forward(self, x):
        h, self.cache = super().forward(x)
        return h


class Half:
    def forward(self, x, y):
        return ((x - y) ** 2).sum() / 2, (x, y)

    def backward(self, cache):
        x, y = cache
        return x - y


class Trained(Half):
    """With weights, which its backward pass changes, and it changes its cache."""

    def __init__(self):
        self.W = draw((3, 3))

    def forward(self, x, y):
        loss, (z, y) = super().forward(x @ self.W, y)
        return loss, (x, z, y)

    def backward(self, cache, lr):
        x, d, y = cache
        d -= y
        self.W -= lr * x.T @ d


class Beside:
    """A loss beside what it is of; its backward pass asks for nothing."""

    def forward(self, x, y):
        self.p = 1 / (1 + np.exp(-x))
        self.y = y
        return self.p, ((self.p - y) ** 2).sum() / 2

    def backward(self):
        return (self.p - self.y) * self.p * (1 - self.p)


class TestCachesOfObjects:
    """What a layer's forward pass hands to its backward pass is no output."""

    @pytest.mark.parametrize("kind", [Handing, Returned, Kept])
    @pytest.mark.parametrize("wrong", [1.0, 2.0])
    def test_alone(self, kind, wrong):
        report = check_layer(kind(3, 2, wrong), draw((5, 3)))
        found = {row.quantity: row.holds for row in report.rows}
        assert found == {"dx": True, "dW": wrong == 1}

    @pytest.mark.parametrize("kind", [Half, Trained, Beside])
    def test_a_loss(self, kind):
        assert check_layer(kind(), draw((5, 3)), draw((5, 3))).holds

    @pytest.mark.parametrize("wrong", [1.0, 2.0])
    def test_one_layer_at_several_times(self, wrong):
        """Each call of its backward pass answers the one whose cache it is given."""

        def step(net, x, y):
            (cell, cost), caches = net, []
            for _ in range(3):
                x, cache = cell.forward(x)
                caches.append(cache)
            loss, cache = cost.forward(x, y)
            sent = cost.backward(cache)
            for cache in reversed(caches):
                sent = cell.backward(sent, cache)
            return loss

        report = check_model(step, [Handing(3, 3, wrong), Half()], draw((5, 3)), draw((5, 3)))
        assert {row.quantity for row in report.violations} == (set() if wrong == 1 else {"dW"})
        assert len({row.place for row in report.rows if row.quantity == "dW"}) == 3


class Optimiser:
    """What some pass from layer to layer: it carries the error, and counts."""

    def __init__(self, error):
        self.error, self.count = error, 0


class WithMomentum:
    """A layer that is updated with momentum, and counts."""

    def __init__(self, wrong=1.0):
        self.W, self.v, self.count, self.wrong = draw((3, 2)), np.zeros((3, 2)), np.zeros(1), wrong

    def forward(self, x):
        self.x = x
        return x @ self.W

    def backward(self, d, lr):
        sent = d @ self.W.T
        self.v = 0.9 * self.v + self.wrong * self.x.T @ d
        self.count += 1
        self.W = self.W - lr * self.v
        return sent


class TestMomenta:
    """What forward does not read is no parameter, though backward changes it."""

    @pytest.mark.parametrize("wrong", [1.0, 2.0])
    def test_a_layer(self, wrong):
        report = check_layer(WithMomentum(wrong), draw((5, 3)))
        found = {row.quantity: row.holds for row in report.rows}
        assert found == {"dx": True, "dW": wrong == 1}

    @pytest.mark.parametrize("wrong", [1.0, 2.0])
    def test_a_model(self, wrong):
        def step(net, x, y):
            left = net[0].forward(x) - y
            net[0].backward(left, 0.1)
            return (left**2).sum() / 2

        report = check_model(step, [WithMomentum(wrong)], draw((5, 3)), draw((5, 2)))
        assert {row.quantity for row in report.violations} == (set() if wrong == 1 else {"dW"})


class Carried:
    def __init__(self, n, m, wrong=1.0):
        self.W, self.wrong = draw((n, m)), wrong

    def forward(self, x):
        self.x = x
        return x @ self.W

    def backward(self, optimiser):
        dW = self.wrong * self.x.T @ optimiser.error
        optimiser.error, optimiser.count = optimiser.error @ self.W.T, optimiser.count + 1
        return dW


class TestErrorsThatAreCarried:
    """Backward passes of something that carries the error are called as often as the step does."""

    @pytest.mark.parametrize("wrong", [1.0, 2.0])
    def test_as_a_whole(self, wrong):
        def step(net, x, y):
            for layer in net.layers:
                x = layer.forward(x)
            optimiser = Optimiser(x - y)
            grads = [layer.backward(optimiser) for layer in net.layers[::-1]]
            assert optimiser.count == 2
            return ((x - y) ** 2).sum() / 2, grads

        net = SimpleNamespace(layers=[Carried(3, 4), Carried(4, 2, wrong)])
        report = check_model(step, net, draw((5, 3)), draw((5, 2)))
        assert {row.quantity: row.holds for row in report.rows} == {
            "dW[0]": True,
            "dW[1]": wrong == 1,
        }


class Normed:
    """A layer whose backward pass is called gradient, and whose backward is the update."""

    def __init__(self, wrong=1.0):
        self.alpha, self.wrong, self.seen = draw(3), wrong, np.zeros(3)
        self.a_gradient = np.zeros(3)

    def forward(self, x):
        if self.seen.sum() == 0:
            self.seen = x.mean(axis=0)
        self.x = x
        return np.tanh(x) * self.alpha

    def gradient(self, eta):
        self.a_gradient = self.wrong * (eta * np.tanh(self.x)).sum(axis=0)
        return eta * self.alpha * (1 - np.tanh(self.x) ** 2)

    def backward(self, rate):
        self.alpha -= rate * self.a_gradient


class Called:
    """A layer whose forward pass is called as the layer is."""

    def __init__(self, n, m, wrong=1.0):
        self.weights, self.wrong = draw((n, m)), wrong
        self.weights_grad = np.zeros((n, m))

    def __call__(self, x):
        self.cache = x
        return np.tanh(x @ self.weights)

    def backward(self, gradients):
        gradients = gradients * (1 - self(self.cache) ** 2)
        self.weights_grad += self.wrong * self.cache.T @ gradients
        return gradients @ self.weights.T


class ForwardAgain(Called):
    """Its backward pass computes the forward pass once more."""

    def forward(self, x):
        return super().__call__(x)

    __call__ = forward


class TestCalledLayers:
    """The forward pass may be what happens where the layer itself is called."""

    @pytest.mark.parametrize("wrong", [1.0, 2.0])
    def test_alone(self, wrong):
        report = check_layer(Called(3, 2, wrong), draw((5, 3)))
        found = {row.quantity: row.holds for row in report.rows}
        assert found == {"dx": True, "dweights": wrong == 1}

    @pytest.mark.parametrize("kind", [Called, ForwardAgain])
    @pytest.mark.parametrize("wrong", [1.0, 2.0])
    def test_in_a_model(self, wrong, kind):
        def step(net, x, y):
            for layer in net:
                x = layer(x)
            left = x - y
            sent = left
            for layer in net[::-1]:
                sent = layer.backward(sent)
            return (left**2).sum() / 2

        net = [kind(3, 4, wrong), kind(4, 2)]
        report = check_model(step, net, draw((5, 3)), draw((5, 2)))
        first, second = (f"[{n}] ({kind.__name__})" for n in range(2))
        bad = [] if wrong == 1 else [(first, "dweights")]
        assert [(row.place, row.quantity) for row in report.violations] == bad
        assert {row.place for row in report.rows} >= {first, second}
        assert type(net[0]) is kind
        assert not net[0].weights_grad.any()


class TestMethodsOfOneObject:
    """Two methods are the passes of their object, which keeps parameters and begins anew."""

    @pytest.mark.parametrize("wrong", [1.0, 2.0])
    def test_of_any_name(self, wrong):
        layer = Normed(wrong)
        report = check_layer(layer.forward, layer.gradient, draw((5, 3)))
        assert {row.quantity: row.holds for row in report.rows} == {
            "dx": True,
            "dalpha": wrong == 1,
        }
        assert not layer.seen.any()
        assert {row.place for row in report.rows} == {"Normed"}

    def test_words_are_looked_for_in_it(self):
        class Slope(Normed):
            def gradient(self, eta):
                self.a_gradient = (eta * np.tanh(self.x)).sum(axis=0)
                return eta * (1 - np.tanh(self.x) ** 2)

        layer = Slope()
        (wrong,) = check_layer(layer.forward, layer.gradient, draw((5, 3))).violations
        assert any("alpha is left out" in said for said in wrong.says)

    def test_that_are_bound_and_keep_nothing(self):
        class Both:
            def double(self, x):
                return 2 * x

            def halved(self, d, x):
                return 2 * d

        assert check_layer(Both().double, Both().halved, draw(3)).holds


class Paired:
    """Parameters that stand in dictionaries beside their gradients."""

    def __init__(self, wrong=1.0):
        self.W, self.b = {"val": draw((3, 2)), "grad": 0}, {"val": draw(2), "grad": np.zeros(2)}
        self.wrong = wrong

    def forward(self, x):
        self.x = x
        return x @ self.W["val"] + self.b["val"]

    def backward(self, d):
        self.W["grad"] = self.wrong * self.x.T @ d
        self.b["grad"] = d.sum(axis=0)
        return d @ self.W["val"].T


class Returning(Paired):
    def backward(self, d):
        return super().backward(d), self.W["grad"], self.b["grad"]


class TestAParameterBesideItsGradient:
    """A dictionary of an array and of "grad" is a parameter, by the name of the dictionary."""

    @pytest.mark.parametrize("kind", [Paired, Returning])
    @pytest.mark.parametrize("wrong", [1.0, 2.0])
    def test_is_judged(self, kind, wrong):
        layer = kind(wrong)
        report = check_layer(layer, draw((5, 3)))
        found = {row.quantity: row.holds for row in report.rows}
        assert found == {"dx": True, "dW": wrong == 1, "db": True}
        assert layer.W["grad"] == 0
