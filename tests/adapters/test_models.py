"""Models of any making: whatever holds the weights, wherever the gradients show, in one line."""

from operator import mul
from types import SimpleNamespace

import numpy as np
import pytest

from proofs.adapters import from_layers, from_model, slots
from proofs.checker.check_backprop import check_backprop
from proofs.network.activations import relu, sigmoid, softmax, tanh
from proofs.network.costs import cross_entropy, log_likelihood, quadratic

RANDOM = np.random.default_rng(5)
X, LABELS = RANDOM.standard_normal((4, 7)), RANDOM.integers(3, size=7)
ONE_HOT = np.eye(3)[:, LABELS]


def drawn(*shape):
    return RANDOM.standard_normal(shape) / 2


def by_hand(w1, b1, w2, b2, x, error):
    """Gradients of a sigmoid net by rows, weights (n_in, n_out): `error` of its outputs' z."""
    h = sigmoid(x @ w1 + b1)
    d2 = error(h @ w2 + b2)
    d1 = d2 @ w2.T * h * (1 - h)
    return x.T @ d1, d1.sum(axis=0), h.T @ d2, d2.sum(axis=0)


def squares(y):
    return lambda z: (sigmoid(z) - y) * sigmoid(z) * (1 - sigmoid(z)) / len(y)


def report(subject, y=ONE_HOT):
    return check_backprop(subject, subject.network, X, y)


class Held:
    """A class whose weights stand where `put` leaves them and whose gradients where `give` does."""

    lr = 0.1

    def __init__(self, put=None):
        self.W1, self.b1, self.W2, self.b2 = drawn(4, 5), drawn(5), drawn(5, 3), drawn(1, 3)

    def gradients(self, x, y):
        return by_hand(self.W1, self.b1, self.W2, self.b2, x, squares(y))

    def loss(self, x, y):
        named = dict(zip(("W1", "b1", "W2", "b2"), self.gradients(x, y), strict=True))
        return 0.5, named

    def backward(self, x, y):
        dw1, db1, dw2, db2 = self.gradients(x, y)
        return dw2, db2, dw1, db1

    def keep(self, x, y):
        self.dW1, self.db1, self.dW2, self.db2 = self.gradients(x, y)

    def kept_and_returned(self, x, y):
        self.keep(x, y)
        return {"W1": self.dW1, "b1": self.db1, "W2": self.dW2, "b2": self.db2}

    def train(self, x, y):
        for name, g in zip(("W1", "b1", "W2", "b2"), self.gradients(x, y), strict=True):
            getattr(self, name)[...] -= self.lr * g.reshape(getattr(self, name).shape)
        return self

    def anew(self, x, y):
        named = zip(("W1", "b1", "W2", "b2"), self.gradients(x, y), strict=True)
        return {name: getattr(self, name) - 0.5 * g for name, g in named}


class Single(Held):
    """Its weights are kept in single precision, and gradients in double take them there."""

    def __init__(self, lr):
        super().__init__()
        self.lr = lr
        for name in ("W1", "b1", "W2", "b2"):
            setattr(self, name, getattr(self, name).astype(np.float32))

    def one_by_one(self, x, y):
        for n in range(len(x)):
            self.train(x[n : n + 1], y[n : n + 1])

    def halved(self, x, y):
        old = self.W2.copy()
        self.train(x, y)
        self.W2[...] = (self.W2 + old) / 2


class Momentum(Held):
    """Its second step would be larger than its first."""

    def __init__(self):
        super().__init__()
        self.velocity = [0.0] * 4

    def train(self, x, y):
        self.velocity = [0.9 * v - self.lr * g for v, g in
                         zip(self.velocity, self.gradients(x, y), strict=True)]  # fmt: skip
        self.W1, self.b1, self.W2, self.b2 = (
            p + v.reshape(p.shape)
            for p, v in zip((self.W1, self.b1, self.W2, self.b2), self.velocity, strict=True)
        )


class TestWhereTheGradientsShow:
    """Returned by name or by shape, beside the weights, or as the change of the weights."""

    @pytest.mark.parametrize(
        "way", ["loss", "gradients", "backward", "keep", "kept_and_returned", "train"]
    )
    def test_found(self, way):
        assert report(from_model(Held(), lambda net, x, y: getattr(net, way)(x, y))).holds

    def test_new_weights_with_a_rate(self):
        assert report(from_model(Held(), lambda net, x, y: net.anew(x, y), rate=0.5)).holds

    def test_an_update_begins_at_rest(self):
        assert report(from_model(Momentum(), lambda net, x, y: net.train(x, y))).holds

    @pytest.mark.parametrize("lr", [0.1, 0.01])
    def test_an_update_in_single_precision_is_judged_by_that(self, lr):
        for how in ({}, {"rate": lr}):
            found = report(from_model(Single(lr), lambda net, x, y: net.train(x, y), **how))
            assert found.holds
            assert "as if in single precision: nabla_b, nabla_w" in found.told

    def test_steps_in_a_row_are_told_in_it_too(self):
        (problem,) = report(from_model(Single(0.1), Single.one_by_one)).problems
        assert "its weights do not move as in one step" in problem

    def test_a_fault_in_it_shows(self):
        found = report(from_model(Single(0.1), Single.halved, rate=0.1))
        assert {(v.equation, v.layer) for v in found.violations} == {("BP4", 3)}

    def test_nowhere(self):
        subject = from_model({"W": drawn(3, 4)}, lambda net, x, y: 0.5)
        assert "say rate=" in str(report(subject))

    @pytest.mark.parametrize("way", ["loss", "keep", "train"])
    def test_a_fault_is_at_its_equation(self, way):
        class Wrong(Held):
            def gradients(self, x, y):
                dw1, db1, dw2, db2 = super().gradients(x, y)
                return dw1, db1, dw2, 2 * db2

        found = report(from_model(Wrong(), lambda net, x, y: getattr(net, way)(x, y)))
        assert [v.place for v in found.violations] == ["BP3 at layer 3"]

    def test_what_one_call_leaves_behind_is_there_at_the_next(self):
        class Adding(Held):
            def keep(self, x, y):
                old = [getattr(self, name, 0.0) for name in ("dW1", "db1", "dW2", "db2")]
                self.dW1, self.db1, self.dW2, self.db2 = (
                    a + b for a, b in zip(old, self.gradients(x, y), strict=True)
                )

        assert report(from_model(Adding(), lambda net, x, y: net.keep(x, y))).status == 1

    def test_gradients_that_are_set_to_0_after_the_update_are_not_read(self):
        class Cleared(Held):
            def train(self, x, y):
                super().train(x, y)
                self.dW1, self.db1, self.dW2, self.db2 = (0.0 * g for g in self.gradients(x, y))

        assert report(from_model(Cleared(), lambda net, x, y: net.train(x, y) and None)).holds

    def test_the_model_stays_as_it_is(self):
        net = Held()
        before = net.W1.copy()
        report(from_model(net, lambda net, x, y: net.train(x, y)))
        assert np.array_equal(net.W1, before)


class TestShapesThatDoNotFit:
    """The shapes that are told are those before the adapter, which turns what lies otherwise."""

    def test_no_transpose_in_a_class_with_rows(self):
        class Wrong(Held):
            def loss(self, x, y):
                h = sigmoid(x @ self.W1 + self.b1)
                return 0.5, (squares(y)(h @ self.W2 + self.b2) @ self.W2) * h * (1 - h)

        (shapes,) = [
            text
            for text in report(from_model(Wrong(), Wrong.loss, sigmoid, quadratic)).told
            if "(n_out, n_in)" in text
        ]
        assert "before an adapter turns them" in shapes


class Lists:
    """As in the book, with a filler before layer 2, and buffers beside the weights."""

    def __init__(self):
        self.weights, self.biases = (
            [None, drawn(5, 4), drawn(3, 5)],
            [None, drawn(5, 1), drawn(3, 1)],
        )
        self.weights_gradients, self.biases_gradients = [None] * 3, [None] * 3
        self.prev_weights = [None, np.zeros((5, 4)), np.zeros((3, 5))]

    def backward(self, x, y):
        w, b = self.weights, self.biases
        found = by_hand(w[1].T, b[1].T, w[2].T, b[2].T, x.T, squares(y.T))
        self.weights_gradients[1:] = [found[0].T, found[2].T]
        self.biases_gradients[1:] = [found[1][:, None], found[3][:, None]]


class Number:
    """A number with a gradient, as an autograd of one's own has them."""

    def __init__(self, data):
        self.data, self.grad = data, 0.0


def neurons(n, k, bias=True):
    """A layer as a list of neurons whose last weight is the bias."""
    return [{"weights": list(drawn(k + bias)), "output": 0.0} for _ in range(n)]


def trained(net, x, y, rate=2.0**20):
    """One step on one example, number by number."""
    inputs = [list(x)]
    for layer in net:
        for neuron in layer:
            *w, b = neuron["weights"]
            neuron["output"] = sigmoid(sum(k * v for k, v in zip(w, inputs[-1], strict=True)) + b)
        inputs.append([neuron["output"] for neuron in layer])
    delta = [(a - t) * a * (1 - a) for a, t in zip(inputs[-1], y, strict=True)]
    for layer, given in zip(reversed(net), reversed(inputs[:-1]), strict=True):
        sent = [sum(n["weights"][k] * d for n, d in zip(layer, delta, strict=True)) * a * (1 - a)
                for k, a in enumerate(given)]  # fmt: skip
        for neuron, d in zip(layer, delta, strict=True):
            moved = [*(d * a for a in given), d]
            neuron["weights"] = [
                w - rate * g for w, g in zip(neuron["weights"], moved, strict=True)
            ]
        delta = sent


class TestWhereTheWeightsAre:
    """Attributes, lists with fillers, neurons, numbers with gradients; shared arrays; no biases."""

    @pytest.mark.parametrize(
        "held",
        [
            lambda w, b: {"weights1": w[0], "bias1": b[0], "weights2": w[1], "bias2": b[1]},
            lambda w, b: {"w_1": w[0], "w_2": w[1], "b_1": b[0], "b_2": b[1]},
            lambda w, b: {"W": w, "b": b},
            lambda w, b: [{"W": v, "b": u} for v, u in zip(w, b, strict=True)],
            lambda w, b: {"one": {"W": w[0], "b": b[0]}, "two": {"W": w[1], "b": b[1]}},
            lambda w, b: list(zip(w, b, strict=True)),
            lambda w, b: {"W": dict(enumerate(w, 1)), "b": dict(enumerate(b, 1))},
            lambda w, b: SimpleNamespace(fc1=SimpleNamespace(weight=w[0], bias=b[0]),
                                         fc2=SimpleNamespace(weight=w[1], bias=b[1])),
            lambda w, b: {"W": np.array([*w, None], object)[:2], "b": np.array([*b, None], object)},
        ],
    )  # fmt: skip
    def test_containers(self, held):
        """The gradients come in the same container, one of them wrong, beside the loss."""
        w, b = [drawn(4, 5), drawn(5, 3)], [drawn(5), drawn(3)]

        def step(net, x, y):
            read = [slots.read(net, path) for path, shape in slots.places(net).items() if shape]
            (w1, w2), (b1, b2) = ([v for v in read if v.ndim == n] for n in (2, 1))
            dw1, db1, dw2, db2 = by_hand(w1, b1, w2, b2, x, squares(y))
            return 0.5, held([dw1, dw2], [db1, 2 * db2])

        assert [v.place for v in report(from_model(held(w, b), step)).violations] == [
            "BP3 at layer 3"
        ]

    @pytest.mark.parametrize("by_rows", [True, False])
    def test_square_weights(self, by_rows):
        """Which way they lie, only the step tells: it takes rows, or it takes columns."""
        net = {"W1": drawn(4, 4), "b1": drawn(4), "W2": drawn(4, 4), "b2": drawn(4)}
        y = RANDOM.random((4, 7))

        def step(net, x, y):
            if by_rows:
                return by_hand(net["W1"], net["b1"], net["W2"], net["b2"], x, squares(y))
            found = by_hand(net["W1"].T, net["b1"], net["W2"].T, net["b2"], x.T, squares(y.T))
            return [g.T for g in found]

        assert report(from_model(net, step), y).holds

    @pytest.mark.parametrize("by_rows", [True, False])
    @pytest.mark.parametrize("told", [True, False])
    def test_square_weights_that_lie_the_unusual_way(self, by_rows, told):
        """A step on rows with weights (n_out, n_in), or on columns with (n_in, n_out)."""
        net = {"W1": drawn(4, 4), "b1": drawn(4), "W2": drawn(4, 4), "b2": drawn(4)}
        y = RANDOM.random((4, 7))

        def step(net, x, y):
            w1, w2 = (net["W1"].T, net["W2"].T) if by_rows else (net["W1"], net["W2"])
            x, y = (x, y) if by_rows else (x.T, y.T)
            found = by_hand(w1, net["b1"], w2, net["b2"], x, squares(y))
            return [g.T if by_rows else g for g in found]

        assert report(from_model(net, step, rows=by_rows if told else None), y).holds

    def test_a_gradient_of_square_weights_that_is_turned_is_bp4(self):
        net = {"W1": drawn(4, 4), "b1": drawn(4), "W2": drawn(4, 4), "b2": drawn(4)}

        def step(net, x, y):
            dw1, db1, dw2, db2 = by_hand(*net.values(), x, squares(y))
            return dw1.T, db1, dw2.T, db2

        wrong = report(from_model(net, step), RANDOM.random((4, 7)))
        assert {v.equation for v in wrong.violations} == {"BP4"}

    def test_columns_are_found_where_the_step_takes_no_rows(self):
        """Weights (n_in, n_out), as in w.T @ x + b."""
        net = {"W1": drawn(4, 5), "b1": drawn(5, 1), "W2": drawn(5, 3), "b2": drawn(3, 1)}

        def step(net, x, y):
            h = sigmoid(net["W1"].T @ x + net["b1"])
            found = by_hand(net["W1"], net["b1"].T, net["W2"], net["b2"].T, x.T, squares(y.T))
            return [g if g.ndim == 2 else g[:, None] for g in found] if h.any() else None

        assert report(from_model(net, step)).holds

    def test_rows_are_found_where_the_step_takes_no_columns(self):
        """Weights (n_out, n_in), so that only the step tells."""
        net = {"W1": drawn(5, 4), "b1": drawn(5), "W2": drawn(3, 5), "b2": drawn(3)}

        def step(net, x, y):
            found = by_hand(net["W1"].T, net["b1"], net["W2"].T, net["b2"], x, squares(y))
            return [g.T for g in found]

        assert report(from_model(net, step)).holds

    @pytest.mark.parametrize("turned", [True, False])
    def test_an_hourglass_lies_as_its_biases_say(self, turned):
        """Of 3 to 5 to 3 numbers the weights fit either way, the biases one way in their order."""
        net = {"W1": drawn(5, 3), "b1": drawn(5), "W2": drawn(3, 5), "b2": drawn(1, 3)}
        if turned:
            net["W1"], net["W2"] = net["W1"].T.copy(), net["W2"].T.copy()
        network = from_model(net, print).network
        assert network.sizes == [3, 5, 3]
        assert np.array_equal(network.b[2].ravel(), net["b1"])

    @pytest.mark.parametrize("by_rows", [True, False])
    def test_the_weights_of_one_output_as_a_vector(self, by_rows):
        net = {"W1": drawn(4, 5), "W2": drawn(5)}
        if not by_rows:
            net["W1"] = net["W1"].T.copy()
        y = RANDOM.random((1, 7))

        def step(net, x, y):
            w1, x, y = (net["W1"], x, y) if by_rows else (net["W1"].T, x.T, y.T)
            dw1, _, dw2, _ = by_hand(w1, 0, net["W2"][:, None], 0, x, squares(y))
            return {"W1": dw1 if by_rows else dw1.T, "W2": dw2[:, 0]}

        subject = from_model(net, step)
        assert subject.network.sizes == [4, 5, 1]
        assert report(subject, y).holds

    def test_a_bias_called_w0(self):
        net = {"W": drawn(4, 5), "w0": drawn(1, 5), "V": drawn(5, 3), "v0": drawn(1, 3)}
        network = from_model(net, lambda net, x, y: by_hand(*net.values(), x, squares(y))).network
        assert network.sizes == [4, 5, 3]
        assert np.array_equal(network.b[2].ravel(), net["w0"].ravel())

    def test_data_that_a_model_keeps_are_no_weights(self):
        class Trainer(Held):
            def __init__(self):
                self.X_train, self.labels = drawn(20, 4), drawn(20, 3)
                super().__init__()

        assert report(from_model(Trainer(), lambda net, x, y: net.train(x, y))).holds

    def test_lists(self):
        assert report(from_model(Lists(), lambda net, x, y: net.backward(x, y))).holds

    def test_neurons_with_folded_biases(self):
        net = [neurons(5, 4), neurons(3, 5)]
        assert report(from_model(net, trained, each=True, folded=-1, rate=2.0**20)).holds

    @pytest.mark.parametrize("folded", [0, -1])
    def test_folded_biases(self, folded):
        def step(net, x, y):
            w1, w2 = (np.roll(w, -1, axis=1) if folded == 0 else w for w in net)
            dw1, db1, dw2, db2 = by_hand(w1[:, :-1].T, w1[:, -1], w2[:, :-1].T, w2[:, -1], x.T,
                                         squares(y.T))  # fmt: skip
            found = np.c_[dw1.T, db1], np.c_[dw2.T, db2]
            return [np.roll(g, 1, axis=1) if folded == 0 else g for g in found]

        assert report(from_model([drawn(5, 5), drawn(3, 6)], step, folded=folded)).holds

    def test_an_autograd_of_ones_own(self):
        net = {name: [[Number(v) for v in row] for row in drawn(n, k)]
               for name, n, k in (("w1", 5, 4), ("w2", 3, 5))}  # fmt: skip

        def step(net, x, y):
            w1, w2 = (np.array([[v.data for v in row] for row in w]) for w in net.values())
            dw1, _, dw2, _ = by_hand(w1.T, 0, w2.T, 0, x, squares(y))
            for w, g in zip(net.values(), (dw1.T, dw2.T), strict=True):
                for row, of in zip(w, g, strict=True):
                    for v, each in zip(row, of, strict=True):
                        v.grad = each

        found = report(from_model(net, step))
        assert found.holds
        assert "nabla_b was not returned" in str(found)

    def test_biases_that_are_never_trained(self):
        def step(net, x, y):
            dw1, _, dw2, _ = net.gradients(x, y)
            net.W1, net.W2 = net.W1 - net.lr * dw1, net.W2 - net.lr * dw2

        found = report(from_model(Held(), step))
        assert found.status == 2
        assert not found.found
        assert "fixed_biases=True" in str(found)
        assert report(from_model(Held(), step, fixed_biases=True)).holds

    def test_biases_that_are_still_0_are_drawn(self):
        """So that a forward pass without them shows."""

        class Without(Held):
            def __init__(self):
                super().__init__()
                self.b1, self.b2 = np.zeros(5), np.zeros((1, 3))

            def gradients(self, x, y):
                return by_hand(self.W1, 0, self.W2, self.b2, x, squares(y))

        found = report(from_model(Without(), lambda net, x, y: net.keep(x, y)))
        assert [v.place for v in found.violations] == ["forward a at layer 2"]

    @pytest.mark.parametrize("labels", [None, True])
    def test_labels_and_a_sum(self, labels):
        """That a step takes labels shows where it takes no columns; that it is a sum does not."""

        def step(net, x, labels):
            return by_hand(*net, x, lambda z: softmax(z.T).T - np.eye(3)[labels])

        net = [drawn(4, 5), drawn(5), drawn(5, 3), drawn(3)]
        held = from_model(net, step, [sigmoid, softmax], log_likelihood, labels=labels, total=True)
        assert report(held).holds

    def test_a_module_is_no_model(self):
        with pytest.raises(TypeError, match=r"got the module numpy: give a dictionary"):
            from_model(np, print)

    def test_those_that_do_not_fit_are_asked_for(self):
        with pytest.raises(ValueError, match=r"fit each other.*say which they are, as in weights="):
            from_model({"a": drawn(4, 5), "c": drawn(2, 2)}, print)

    @pytest.mark.parametrize("shape", [(4, 3), (3, 4)])
    def test_one_layer_lies_as_its_biases_say(self, shape):
        """Weights alone fit both ways."""
        network = from_model({"W": drawn(*shape), "b": drawn(3)}, print).network
        assert network.sizes == [4, 3]
        assert network.b[2].any()

    def test_by_their_numbers(self):
        """Where they were not made in the order of the layers."""
        net = {"W1": drawn(4, 5), "W3": drawn(6, 3), "W2": drawn(5, 6),
               "b1": drawn(5), "b3": drawn(3), "b2": drawn(6)}  # fmt: skip
        network = from_model(net, print).network
        assert network.sizes == [4, 5, 6, 3]
        assert np.array_equal(network.b[3].ravel(), net["b2"])

    def test_named(self):
        net = {
            "cache": drawn(9, 9),
            "U": drawn(4, 5),
            "p": drawn(5),
            "V": drawn(5, 3),
            "q": drawn(3),
        }

        def step(net, x, y):
            return by_hand(net["U"], net["p"], net["V"], net["q"], x, squares(y))

        assert report(from_model(net, step, weights=["U", "V"], biases=["p", "q"])).holds


def alone(net, x, y):
    """One step on one example in plain lists, number by number; the last weight is the bias."""
    assert isinstance(x, list)
    assert isinstance(y, list)
    given, outputs = x, []
    for layer in net:
        outputs.append([*given, 1])
        given = [sigmoid(sum(map(mul, neuron, outputs[-1]))) for neuron in layer]
    delta, found = [(a - t) * a * (1 - a) for a, t in zip(given, y, strict=True)], []
    for layer, inputs in zip(reversed(net), reversed(outputs), strict=True):
        found.insert(0, [[d * a for a in inputs] for d in delta])
        delta = [sum(n[k] * d for n, d in zip(layer, delta, strict=True)) * a * (1 - a)
                 for k, a in enumerate(inputs[:-1])]  # fmt: skip
    return found


class TestTheFormOfTheData:
    """Lists where the weights are lists, a row for an example, targets without an axis."""

    def test_lists_of_numbers(self):
        net = [drawn(5, 5).tolist(), drawn(3, 6).tolist()]
        assert report(from_model(net, alone, each=True, folded=-1)).holds

    def test_an_example_that_is_a_row(self):
        def step(net, x, y):
            dw1, db1, dw2, db2 = net.gradients(x.reshape(1, 4) if x.ndim < 2 else x, y)
            assert x.shape == (1, 4)
            return dw1, db1, dw2, db2

        assert report(from_model(Held(), step, each=True)).holds

    def test_a_step_for_one_example_says_what_to_say(self):
        def step(net, x, y):
            (_,), (_,) = x.shape, y.shape
            return net.gradients(x[None], y[None])

        with pytest.raises(ValueError, match="takes one: say each=True"):
            from_model(Held(), step)
        assert report(from_model(Held(), step, each=True)).holds

    def test_layers_that_take_a_row(self):
        class Row(Dense):
            """Without a sum in the gradient of the biases, and with an update."""

            def forward(self, inputs):
                super().forward(inputs)
                return self.output

            def backward(self, output_error, learning_rate):
                sent = output_error @ self.weights.T
                self.weights -= learning_rate * self.inputs.T @ output_error
                self.biases -= learning_rate * output_error
                return sent

        class Active(Relu):
            def backward(self, output_error, learning_rate):
                super().backward(output_error)

        net = [Row(4, 5), Active(), Row(5, 3), Active()]
        assert report(from_layers(net, relu, quadratic, each=True)).holds

    @pytest.mark.parametrize("column", [True, False])
    def test_targets_of_one_output(self, column):
        """As y_pred[:, 0] - y; less a column they would spread into (m, m)."""
        net = {"W1": drawn(4, 5), "b1": drawn(5), "W2": drawn(5), "b2": np.zeros(1)}
        if column:
            net["W2"] = net["W2"][:, None].copy()

        def step(net, x, y):
            h = sigmoid(x @ net["W1"] + net["b1"])
            a = sigmoid(h @ net["W2"].ravel() + net["b2"])
            d = (a - y) * a * (1 - a) / len(y)
            back = np.outer(d, net["W2"]) * h * (1 - h)
            return {"W1": x.T @ back, "b1": back.sum(axis=0), "W2": h.T @ d, "b2": d.sum()}

        assert report(from_model(net, step), RANDOM.random((1, 7))).holds


class TestPrivateNames:
    """_weights and __weights are found as weights are, and _dw beside them."""

    @pytest.mark.parametrize("before", ["_", "_Layer__"])
    def test_found(self, before):
        class Layer:
            def __init__(self, n, k):
                for name, value in (("weights", drawn(k, n)), ("bias", drawn(k, 1))):
                    setattr(self, before + name, value)
                self.output = drawn(k, 7)  # as a first call leaves it
                setattr(self, f"{before}output", drawn(k, 7))

        def step(net, x, y):
            first, second = ((getattr(v, f"{before}weights"), getattr(v, f"{before}bias"))
                             for v in net)  # fmt: skip
            found = by_hand(first[0].T, first[1].T, second[0].T, second[1].T, x.T, squares(y.T))
            for layer, dw, db in zip(net, found[::2], found[1::2], strict=True):
                setattr(layer, f"{before}dw", dw.T)
                setattr(layer, f"{before}db", db[:, None])

        assert report(from_model([Layer(4, 5), Layer(5, 3)], step)).holds


class TestWhatIsToBeSaid:
    """Where something has to be said, the message has the words."""

    @pytest.mark.parametrize("turned", [True, False])
    def test_folded(self, turned):
        net = [drawn(5, 5), drawn(3, 6)]
        with pytest.raises(ValueError, match=r"the biases among them: say folded=0.*folded=-1"):
            from_model([w.T for w in net] if turned else net, print)

    def test_a_vector_of_all_gradients(self):
        def step(net, x, y):
            return np.concatenate([g.ravel() for g in net.gradients(x, y)])

        said = str(report(from_model(Held(), step)))
        assert "a vector of 43 numbers, as many as all weights and biases: return" in said

    @pytest.mark.parametrize("rate", [None, 0.1])
    def test_steps_in_a_row(self, rate):
        def fit(net, x, y):
            for some in range(len(x)):
                net.train(x[some : some + 1], y[some : some + 1])

        found = report(from_model(Held(), fit, rate=rate))
        assert not found.violations
        assert "say each=True" in str(found)

    def test_a_last_example_that_alone_counts_is_no_step_in_a_row(self):
        def step(net, x, y):
            net.train(x[-1:], y[-1:])

        assert report(from_model(Held(), step, rate=0.1)).violations

    def test_a_rate_that_is_not_used(self):
        def step(net, x, y):
            for name, g in zip(("W1", "b1", "W2", "b2"), net.gradients(x, y), strict=True):
                getattr(net, name)[...] -= g.reshape(getattr(net, name).shape)

        found = report(from_model(Held(), step))
        assert not found.violations
        assert "move alike whatever its learning rate is: say rate=1" in str(found)
        assert report(from_model(Held(), step, rate=1)).holds


# Layers.


class Dense:
    """Rows, gradients as attributes of some spelling."""

    def __init__(self, n, k):
        self.weights, self.biases = drawn(n, k), drawn(1, k)

    def forward(self, inputs):
        self.inputs, self.output = inputs, inputs @ self.weights + self.biases

    def backward(self, dvalues):
        self.dweights = self.inputs.T @ dvalues
        self.dbiases = dvalues.sum(axis=0, keepdims=True)
        self.dinputs = dvalues @ self.weights.T


class Relu:
    def forward(self, inputs):
        self.output = np.maximum(0, inputs)

    def backward(self, dvalues):
        self.dinputs = dvalues * (self.output > 0)


class Loss:
    """Softmax and cross-entropy in one."""

    def forward(self, inputs, y_true):
        self.output = softmax(inputs.T).T

    def backward(self, y_pred, y_true):
        self.dinputs = (y_pred - y_true) / len(y_pred)


class Flipped(Loss):
    """The arguments of backward the other way round."""

    def backward(self, y_true, y_pred):
        self.dinputs = (y_pred - y_true) / len(y_pred)


class Columns:
    """Columns, one example at a time; backward updates."""

    def __init__(self, k, n):
        self.w, self.bias = drawn(n, k), drawn(n, 1)

    def forward(self, x):
        self.x = x
        return self.w @ x + self.bias

    def backprop(self, output_gradient, learning_rate):
        sent = self.w.T @ output_gradient
        self.w -= learning_rate * output_gradient @ self.x.T
        self.bias -= learning_rate * output_gradient
        return sent


class Tanh:
    def forward(self, x):
        self.a = np.tanh(x)
        return self.a

    def backprop(self, output_gradient, learning_rate):
        return output_gradient * (1 - self.a**2)


class Returning:
    """Backward returns the gradients beside the error."""

    def __init__(self, n, k):
        self.W, self.b = drawn(n, k), drawn(k)

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        return dout @ self.W.T, self.x.T @ dout, dout.sum(axis=0)


class Filled(Returning):
    """Two lists side by side, the gradients written into theirs; methods of other names."""

    forward = backward = None

    def __init__(self, n, k):
        self.params, self.grads = [drawn(n, k), drawn(k)], [np.zeros((n, k)), np.zeros(k)]

    def forward_pass(self, x):
        self.x = x
        return x @ self.params[0] + self.params[1]

    def backward_pass(self, dout):
        self.grads[0][...], self.grads[1][...] = self.x.T @ dout, dout.sum(axis=0)
        return dout @ self.params[0].T


class Spelled(Dense):
    """Another spelling of the gradients."""

    def backward(self, dvalues):
        self.grad_weights, self.grad_biases = self.inputs.T @ dvalues, dvalues.sum(axis=0)
        return dvalues @ self.weights.T


class Short(Dense):
    """Gradients called by one letter."""

    def backward(self, dvalues):
        self.grad_w = self.inputs.T @ dvalues
        self.grad_b = dvalues.sum(axis=0, keepdims=True)
        return dvalues @ self.weights.T


class Training(Relu):
    """It is told whether this is training."""

    def forward(self, inputs, training):
        assert training is True
        super().forward(inputs)


class Eta(Dense):
    """Its error is called as a learning rate may be."""

    def backward(self, eta):
        self.w_gradient, self.b_gradient = self.inputs.T @ eta, eta.sum(axis=0)
        return eta @ self.weights.T


class OfOutputs(Loss):
    """What it calls dvalues are its outputs, beside the targets."""

    def backward(self, dvalues, y_true):
        self.dinputs = (dvalues - y_true) / len(dvalues)


class Optional(Dense):
    """Its forward pass may be called without inputs, and then takes those that it had."""

    def forward(self, inputs=None, verbose=False):
        super().forward(self.inputs if inputs is None else inputs)
        return self.output


class TestLayers:
    """A list of layer objects: any spelling, with a loss or without, gradients or updates."""

    @pytest.mark.parametrize("loss", [Loss, Flipped, OfOutputs])
    def test_with_a_loss(self, loss):
        net = [Dense(4, 5), Training(), Dense(5, 3), loss()]
        assert report(from_layers(net, [relu, softmax], log_likelihood)).holds

    @pytest.mark.parametrize("dense", [Returning, Filled, Spelled, Short, Eta, Optional])
    def test_ways_to_keep_the_gradients(self, dense):
        net = [dense(4, 5), Relu(), dense(5, 3), Loss()]
        assert report(from_layers(net, [relu, softmax], log_likelihood)).holds

    def test_that_update(self):
        net = [Columns(4, 5), Tanh(), Columns(5, 3), Tanh()]
        assert report(from_layers(net, tanh, quadratic, each=True)).holds

    def test_one_example_at_a_time_in_rows(self):
        """Without a loss the last layer is given dC/da of one example, an average over one."""

        class One(Dense):
            def __init__(self, n, k):
                self.weights, self.biases = drawn(n, k), drawn(k)

            def forward(self, inputs):
                self.inputs, self.output = inputs, inputs @ self.weights + self.biases

            def backward(self, dvalues):
                self.dweights, self.dbiases = np.outer(self.inputs, dvalues), dvalues
                self.dinputs = self.weights @ dvalues

        net = [One(4, 5), Relu(), One(5, 3), Relu()]
        assert report(from_layers(net, relu, quadratic, each=True)).holds

    @pytest.mark.parametrize("cleared", [True, False])
    def test_that_add_up_over_calls(self, cleared):
        """The loop that would clear them is the adapter's."""

        class Adding(Dense):
            def __init__(self, n, k):
                super().__init__(n, k)
                self.seen = []
                self.grads = {"weights": np.zeros((n, k)), "biases": np.zeros((1, k))}

            def forward(self, inputs):
                self.seen.append(inputs)
                return inputs @ self.weights + self.biases

            def backward(self, dvalues):
                self.grads["weights"] += self.seen[0].T @ dvalues
                self.grads["biases"] += dvalues.sum(axis=0, keepdims=True)
                return dvalues @ self.weights.T

            def zero_grad(self):
                self.seen.clear()

        net = [Adding(4, 5), Relu(), Adding(5, 3), Relu()]
        if not cleared:  # as they are after a call
            net[0].backward(np.zeros((9, 5)) + net[0].forward(np.ones((9, 4))))
        assert report(from_layers(net, relu, quadratic)).holds

    @pytest.mark.parametrize("sizes", [(4, 5, 3), (4, 4, 4)])
    def test_in_rows_whose_weights_are_n_out_by_n_in(self, sizes):
        class Turned(Dense):
            def __init__(self, n, k):
                self.weights, self.biases = drawn(k, n), drawn(1, k)

            def forward(self, inputs):
                self.inputs, self.output = inputs, inputs @ self.weights.T + self.biases

            def backward(self, dvalues):
                self.dweights, self.dbiases = dvalues.T @ self.inputs, dvalues.sum(axis=0)
                self.dinputs = dvalues @ self.weights

        net = [Turned(*sizes[:2]), Relu(), Turned(*sizes[1:]), Relu()]
        assert report(from_layers(net, relu, quadratic), RANDOM.random((sizes[2], 7))).holds

    @pytest.mark.parametrize("sizes", [(4, 5, 3), (4, 4, 4)])
    def test_in_columns_whose_weights_are_n_in_by_n_out(self, sizes):
        class Columns(Dense):
            def __init__(self, n, k):
                self.weights, self.biases = drawn(n, k), drawn(k, 1)

            def forward(self, inputs):
                self.inputs, self.output = inputs, self.weights.T @ inputs + self.biases

            def backward(self, dvalues):
                self.dweights, self.dbiases = self.inputs @ dvalues.T, dvalues.sum(axis=1)
                self.dinputs = self.weights @ dvalues

        net = [Columns(*sizes[:2]), Relu(), Columns(*sizes[1:]), Relu()]
        assert report(from_layers(net, relu, quadratic), RANDOM.random((sizes[2], 7))).holds

    def test_that_have_no_weights_before_their_first_call(self):
        class Late(Dense):
            def __init__(self):
                self.weights = None

        with pytest.raises(ValueError, match=r"call forward once"):
            from_layers([Late(), Relu()], relu)

    def test_a_fault_is_at_its_equation(self):
        class Wrong(Dense):
            def backward(self, dvalues):
                super().backward(dvalues)
                self.dbiases = self.dbiases * 2

        net = [Wrong(4, 5), Relu(), Dense(5, 3), Loss()]
        found = report(from_layers(net, [relu, softmax], log_likelihood))
        assert [v.place for v in found.violations] == ["BP3 at layer 2"]

    def test_a_fault_in_a_gradient_of_a_short_name(self):
        class Wrong(Short):
            def backward(self, dvalues):
                sent = super().backward(dvalues)
                self.grad_b = self.grad_b * 2
                return sent

        net = [Wrong(4, 5), Relu(), Dense(5, 3), Loss()]
        found = report(from_layers(net, [relu, softmax], log_likelihood))
        assert [v.place for v in found.violations] == ["BP3 at layer 2"]

    def test_after_a_call_too(self):
        """What a call has left is not taken for weights."""
        net = [Short(4, 5), Relu(), Short(5, 3), Loss()]
        net[0].grad_w, net[0].grad_b = np.zeros((4, 5)), np.zeros((1, 5))
        assert report(from_layers(net, [relu, softmax], log_likelihood)).holds

    def test_a_gradient_that_is_not_found_is_told_with_the_names_there_are(self):
        class Odd(Dense):
            def backward(self, dvalues):
                self.thing = self.inputs.T @ dvalues
                return dvalues @ self.weights.T

        found = report(
            from_layers([Odd(4, 5), Relu(), Odd(5, 3), Loss()], [relu, softmax], log_likelihood)
        )
        (problem,) = found.problems
        assert "none beside the weights (they have" in str(problem)
        assert "0.thing" in str(problem)

    def test_what_is_no_layer(self):
        with pytest.raises(TypeError, match="methods forward and backward, got int"):
            from_layers([3], sigmoid, cross_entropy)

    def test_a_loss_is_no_activation(self):
        """It is the last of the layers, which the message says."""
        with pytest.raises(TypeError, match=r"got an object .*, Loss; .*\[\*layers, loss\]"):
            from_layers([Dense(4, 3), Relu()], Loss())
