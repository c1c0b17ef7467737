"""`check_model` on training steps as people write them: what they print, return and change."""

import numpy as np
import pytest
from sources import module_of

from proofs.checker.check_layer import check_layer
from proofs.checker.check_model import check_model

SOURCE = """
import math
import numpy as np

def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)

def step(params, X, y, reg=0.1):
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    N = X.shape[0]
    h = np.maximum(0, X.dot(W1) + b1)
    scores = h.dot(W2) + b2
    p = softmax(scores)
    loss = -np.log(p[np.arange(N), y]).mean()
    loss += 0.5 * reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
    dscores = p.copy()
    dscores[np.arange(N), y] -= 1
    dscores /= N
    grads = {}
    grads["W2"] = h.T.dot(dscores) + reg * W2
    grads["b2"] = dscores.sum(axis=0)
    dh = dscores.dot(W2.T)
    dh[h <= 0] = 0
    grads["W1"] = X.T.dot(dh) + reg * W1
    grads["b1"] = dh.sum(axis=0)
    return loss, grads
"""
FAULT = ("    dh[h <= 0] = 0\n", "")


def report_on(*changes):
    """The report on the step, some of its lines changed."""
    module = module_of(SOURCE, *changes)
    random = np.random.default_rng(1)
    params = {
        "W1": random.standard_normal((5, 7)),
        "b1": random.standard_normal(7),
        "W2": random.standard_normal((7, 3)),
        "b2": random.standard_normal(3),
    }
    X, y = random.standard_normal((6, 5)), random.integers(3, size=6)
    return check_model(module.step, params, X, y)


def wrong(report):
    return {row.quantity for row in report.violations}


RETURN = "    return loss, grads\n"
PLAIN = {
    "float(loss)": (RETURN, "    return float(loss), grads\n"),
    "item()": (RETURN, "    return loss.item(), grads\n"),
    "%": (RETURN, '    print("loss %.4f of %s" % (loss, p))\n' + RETURN),
    "format": (
        RETURN,
        '    print("{:.3f}".format(loss), f"{loss:6.2f}", round(loss, 2))\n' + RETURN,
    ),
    "round": (RETURN, "    print(round(loss, 2))\n" + RETURN),
    "round(float(loss))": (RETURN, "    return round(float(loss), 3), grads\n"),
    "np.round": (RETURN, "    return np.round(loss, 3), grads\n"),
    "np.around": (
        RETURN,
        "    print(np.around(p, 2).max())\n    return np.around(loss, 3), grads\n",
    ),
    "its own round": (RETURN, "    return loss.round(3), grads\n"),
    "is it a float?": (RETURN, "    assert isinstance(float(loss), float)\n" + RETURN),
    "math": (
        "    loss = -np.log(p[np.arange(N), y]).mean()\n",
        "    loss = -sum(math.log(q[k]) for q, k in zip(p, y)) / N\n",
    ),
}


class TestPlainNumbers:
    """A loss may be printed, rounded for the eye or returned as Python's float."""

    @pytest.mark.parametrize("change", PLAIN.values(), ids=PLAIN)
    def test_right_and_wrong(self, change):
        right = report_on(change)
        assert right.holds, right
        assert "no tangents" not in str(right)
        assert wrong(report_on(change, FAULT)) == {"dW1", "db1"}


class TestALossThatNothingMoves:
    """A loss that was made a text or a whole number is no fault of the gradients: that is said."""

    @pytest.mark.parametrize("loss", ['float(f"{loss:.3f}")', "int(1000 * loss) / 1000"])
    def test_what_to_do_is_said(self, loss):
        report = report_on((RETURN, f"    return {loss}, grads\n"))
        assert not report.violations
        assert "let the step return the loss itself" in report.problems[0]

    @pytest.mark.parametrize("loss", ['float("%.3f" % loss)', "np.floor(loss)"])
    def test_with_layers(self, loss):
        module = module_of(LOSS.replace("return loss,", f"return {loss},"))
        x, w, y = np.random.default_rng(0).standard_normal((3, 3, 3))
        report = check_model(module.step, {"w": w}, x, y)
        assert not report.violations
        assert "let the step return the loss itself" in report.problems[0]

    def test_a_layer_that_rounds(self):
        x = np.random.default_rng(0).standard_normal((3, 4))
        report = check_layer(lambda x: (np.round(x), None), lambda d, _: d, x)
        assert "nothing that comes out changes with it" in str(report)


class TestWhatItChanges:
    """A step may update its weights in place, or overwrite its data: it is judged as it began."""

    UPDATE = (RETURN, "    X *= 0\n    for k in grads:\n        params[k] -= grads[k]\n" + RETURN)

    def test_right_and_wrong(self):
        right = report_on(self.UPDATE)
        assert right.holds, right
        assert "confirmed" in str(right)
        assert wrong(report_on(self.UPDATE, FAULT)) == {"dW1", "db1"}

    def test_a_fault_that_another_run_with_other_weights_would_hide(self):
        """Rounding is not sampled with the weights that the step has updated meanwhile."""
        slight = ('grads["W2"] = h.T.dot(dscores)', 'grads["W2"] = 1.01 * h.T.dot(dscores)')
        assert wrong(report_on(self.UPDATE, slight)) == {"dW2"}


class TestValuesAlone:
    """Where no tangent gets through, differences tell only what two lengths of a step agree on."""

    CHANGE = (
        "    h = np.maximum(0, X.dot(W1) + b1)\n",
        "    h = np.vectorize(lambda v: max(v, 0.0))(X.dot(W1) + b1)\n",
    )

    def test_a_kink_within_the_longest_step(self):
        right = report_on(self.CHANGE)
        assert right.holds, right
        assert "differences of order 8" in str(right)
        assert wrong(report_on(self.CHANGE, FAULT)) == {"dW1", "db1"}

    def test_values_that_jump_everywhere(self):
        change = (
            self.CHANGE[0],
            self.CHANGE[1] + "    h = np.vectorize(lambda v: v + int(1e9 * v) % 2)(h)\n",
        )
        report = report_on(change)
        assert not report.violations
        assert "cannot be differentiated" in report.problems[0]


class TestWhatItReturns:
    """The loss may stand anywhere, beside other numbers; what is compared with nothing is said."""

    ACCURACY = "(p.argmax(1) == y).mean()"
    FOUR = 'grads["W1"], grads["b1"], grads["W2"], grads["b2"]'

    @pytest.mark.parametrize(
        "returned",
        [
            f"{ACCURACY}, loss, grads",
            f"loss, grads, {ACCURACY}",
            f"loss, {ACCURACY}, {FOUR}",
            f"{ACCURACY}, {FOUR}, loss",
            '{"loss": loss, "grads": grads}',
            f'{{"accuracy": {ACCURACY}, "loss": loss, **grads}}',
            "grads, loss",
        ],
    )
    def test_right_and_wrong(self, returned):
        change = (RETURN, f"    return {returned}\n")
        right = report_on(change)
        assert right.holds, right
        assert wrong(report_on(change, FAULT)) == {"dW1", "db1"}

    @pytest.mark.parametrize(
        ("returned", "said"),
        [
            (f"loss, grads, {ACCURACY}", "set aside: 0.166667"),
            (f"{ACCURACY}, loss, grads", "set aside: 0.166667"),
            (f'{{"loss": loss, "accuracy": {ACCURACY}, **grads}}', "aside: accuracy 0.166667"),
            (f'loss, {{**grads, "accuracy": {ACCURACY}}}', "set aside: accuracy 0.166667"),
        ],
    )
    def test_an_accuracy_beside_it_is_said_to_be_set_aside(self, returned, said):
        report = report_on((RETURN, f"    return {returned}\n"))
        assert report.holds, report
        assert said in str(report)
        assert "aside" not in str(report_on())

    def test_which_number_is_the_loss_is_said_where_it_is_not_the_first(self):
        change = (RETURN, f"    return {self.ACCURACY}, loss, grads\n")
        assert "is taken for the loss" in str(report_on(change))
        assert "is taken for the loss" not in str(report_on())

    def test_what_belongs_to_no_parameter_is_said(self):
        right = report_on((RETURN, '    grads["junk"] = np.ones(3)\n' + RETURN))
        assert right.holds, right
        assert "as no array of parameters is left for it: junk" in str(right)

    @pytest.mark.parametrize(
        ("change", "got"),
        [
            (("h.T.dot(dscores) + reg * W2", "(h.T.dot(dscores) + reg * W2).T"), "(3, 7)"),
            (("dh.sum(axis=0)", "dh.sum()"), "()"),
        ],
        ids=["transposed", "the sum over all"],
    )
    def test_a_gradient_of_another_shape(self, change, got):
        report = report_on(change)
        assert len(report.violations) == 1
        assert f"got {got}" in report.violations[0].detail

    @pytest.mark.parametrize(
        ("change", "what"),
        [
            ((RETURN, "    yield loss, grads\n"), "generator"),
            ((RETURN, "    return grads\n"), "dict with W2, b2, W1, b1"),
        ],
        ids=["generator", "no loss"],
    )
    def test_what_it_returned_is_said_where_it_cannot_be_judged(self, change, what):
        with pytest.raises(TypeError, match=f"the step returned {what}"):
            report_on(change)


SCORES = "    scores = h.dot(W2) + b2\n"


class TestWhatItDraws:
    """Masks of dropout are drawn again as they were; where they cannot be, nothing is compared."""

    MASK = (
        SCORES,
        "    mask = np.random.rand(*h.shape) < 0.5\n    h = h * 2 * mask\n" + SCORES,
    )
    BACK = (FAULT[0], "    dh *= 2 * mask\n" + FAULT[0])

    def test_right_and_wrong(self):
        right = report_on(self.MASK, self.BACK)
        assert right.holds, right
        assert wrong(report_on(self.MASK)) == {"dW1", "db1"}

    def test_a_generator_made_anew_at_each_call(self):
        anew = self.MASK[1].replace(
            "np.random.rand(*h.shape)", "np.random.default_rng().random(h.shape)"
        )
        report = report_on((self.MASK[0], anew), self.BACK)
        assert not report.rows
        assert "two calls with the same inputs give different numbers" in report.problems[0]


BOOK = """
import numpy as np

class Embedding:
    def __init__(self, W):
        self.params, self.grads = [W], [np.zeros_like(W)]

    def forward(self, places):
        self.places = places
        return self.params[0][places]

    def backward(self, dout):
        dW, = self.grads
        dW[...] = 0
        np.add.at(dW, self.places, dout)

class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b
        self.params = [self.W, self.b]

    def forward(self, x):
        self.x = x
        return x @ self.W + self.params[1]

    def backward(self, dout):
        self.grads = [self.x.T @ dout, dout.sum(axis=0)]
        return dout @ self.W.T

class SoftmaxWithLoss:
    params, grads = [], []

    def forward(self, x, t):
        e = np.exp(x - x.max(axis=1, keepdims=True))
        self.y, self.t = e / e.sum(axis=1, keepdims=True), t
        return -np.log(self.y[np.arange(len(t)), t]).mean()

    def backward(self, dout=1):
        dx = self.y.copy()
        dx[np.arange(len(self.t)), self.t] -= 1
        return dx * dout / len(self.t)

class Model:
    def __init__(self):
        random = np.random.default_rng(0)
        draw = random.standard_normal
        self.layers = [Embedding(draw((6, 4))), Affine(draw((4, 5)), draw(5))]
        self.last = SoftmaxWithLoss()

    def forward(self, x, t):
        for layer in self.layers:
            x = layer.forward(x)
        return self.last.forward(x, t)

    def backward(self):
        dout = self.last.backward()
        for layer in reversed(self.layers):
            dout = layer.backward(dout)
        self.grads = [g for layer in self.layers for g in layer.grads]

def step(model, x, t):
    loss = model.forward(x, t)
    model.backward()
    return loss, model.grads
"""


class TestTwoLists:
    """Layers that keep their parameters and the gradients of them as two lists."""

    @staticmethod
    def report(old="", new=""):
        module = module_of(BOOK, (old, new))
        x, t = np.array([0, 2, 2, 5]), np.array([1, 0, 4, 2])
        return check_model(module.step, module.Model(), x, t)

    def test_right(self):
        report = self.report()
        assert report.holds, report
        quantities = {(row.place, row.quantity) for row in report.rows}
        assert ("layers[0] (Embedding)", "dparams[0]") in quantities
        assert {("layers[1] (Affine)", "dW"), ("layers[1] (Affine)", "db")} <= quantities

    @pytest.mark.parametrize(
        ("old", "new", "expected"),
        [
            ("np.add.at(dW, self.places, dout)", "dW[self.places] += dout", "dparams[0]"),
            ("dout.sum(axis=0)]", "dout.mean(axis=0)]", "db"),
            ("[self.x.T @ dout,", "[2 * self.x.T @ dout,", "dW"),
            ("dout @ self.W.T", "-dout @ self.W.T", "dx"),
        ],
    )
    def test_wrong(self, old, new, expected):
        assert wrong(self.report(old, new)) == {expected}

    def test_other_gradients_that_the_step_returns(self):
        """They are compared where there is one for each parameter, else that is said."""
        twice = self.report("loss, model.grads", "loss, [2 * g for g in model.grads]")
        assert {row.quantity for row in twice.violations} == {"sum"}
        assert "it is 2 times what its reader sends back" in str(twice)
        some = self.report("loss, model.grads", "loss, [2 * g for g in model.grads[1:]]")
        assert some.holds
        assert "were not compared" in str(some)
        assert "were not compared" not in str(self.report())


LOSS = """
import numpy as np

def linear_forward(x, w):
    return x @ w, (x, w)

def linear_backward(grad, cache):
    x, w = cache
    return grad @ w.T, x.T @ grad

def square_forward(x, y):
    return ((x - y) ** 2).sum() / 2, (x, y)

def square_backward(cache):
    x, y = cache
    return x - y

def step(params, x, y):
    out, c = linear_forward(x, params["w"])
    loss, last = square_forward(out, y)
    _, dw = linear_backward(square_backward(last), c)
    return loss, {"w": dw}
"""


class TestALossThatAsksForItsCacheAlone:
    """The error of a loss is 1, so its backward pass need not be told."""

    @pytest.mark.parametrize(("slope", "expected"), [("x - y", set()), ("2 * (x - y)", {"dx"})])
    def test_right_and_wrong(self, slope, expected):
        module = module_of(LOSS.replace("return x - y", f"return {slope}"))
        x, w, y = np.random.default_rng(0).standard_normal((3, 3, 3))
        assert wrong(check_model(module.step, {"w": w}, x, y)) == expected


DECAYS = """
import numpy as np

class Affine:
    def __init__(self, n, m):
        self.W, self.b = np.linspace(-1, 1, n * m).reshape(n, m), np.zeros(m)
        self.dW = self.db = None

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        self.dW = self.x.T @ dout
        self.db = dout.sum(axis=0)
        return dout @ self.W.T

class Net:
    def __init__(self):
        self.first, self.last, self.reg = Affine(4, 5), Affine(5, 3), 0.1

def step(net, x, y):
    h = np.tanh(net.first.forward(x))
    off = net.last.forward(h) - y
    loss = (off**2).sum() / 2
    loss += net.reg / 2 * ((net.first.W**2).sum() + (net.last.W**2).sum())
    net.first.backward(net.last.backward(off) * (1 - h**2))
    net.grads = {}
    for name in ("first", "last"):
        layer = getattr(net, name)
        net.grads[name] = layer.dW + net.reg * layer.W
        net.grads[name + " b"] = layer.db
    return loss, net.grads
"""
IN_THE_LOSS = "    loss += net.reg / 2 * ((net.first.W**2).sum() + (net.last.W**2).sum())\n"
BOTH = {("parameter first (Affine).W", "sum"), ("parameter last (Affine).W", "sum")}
IN_THE_GRADIENT = "layer.dW + net.reg * layer.W"


class TestWeightDecayOfObjects:
    """Weight decay belongs to the loss and to the gradients, wherever layers keep either."""

    @staticmethod
    def report(*changes):
        module = module_of(DECAYS, *changes)
        draw = np.random.default_rng(0).standard_normal
        return check_model(module.step, module.Net(), draw((6, 4)), draw((6, 3)))

    @pytest.mark.parametrize(
        "changes",
        [
            (),
            (("return loss, net.grads", "return loss"),),
            ((IN_THE_LOSS, ""), (IN_THE_GRADIENT, "layer.dW")),
            (
                ("self.x.T @ dout", "self.x.T @ dout + 0.1 * self.W"),
                (IN_THE_GRADIENT, "layer.dW"),
            ),
            (
                ("net.grads = {}", "net.first.W -= 0.1 * (net.first.dW + net.reg * net.first.W)"),
                ("        net.grads[name] = layer.dW + net.reg * layer.W\n", ""),
                ('        net.grads[name + " b"] = layer.db\n', ""),
                ("return loss, net.grads", "return loss"),
                (" + (net.last.W**2).sum()", ""),
            ),
        ],
        ids=["returned", "kept", "neither", "in the layer", "in the update"],
    )
    def test_right(self, changes):
        report = self.report(*changes)
        assert report.holds, report
        assert "no tangents" not in str(report)

    @pytest.mark.parametrize("returned", ["loss, net.grads", "loss"])
    def test_in_the_loss_alone(self, returned):
        report = self.report(
            (IN_THE_GRADIENT, "layer.dW"), ("return loss, net.grads", f"return {returned}")
        )
        assert {(row.place, row.quantity) for row in report.violations} == BOTH
        assert "0.1 times the parameter itself: it is not counted" in str(report)

    def test_in_the_gradients_alone(self):
        report = self.report((IN_THE_LOSS, ""))
        assert {(row.place, row.quantity) for row in report.violations} == BOTH
        assert "0.1 times the parameter itself is added" in str(report)

    def test_in_a_layer_alone(self):
        report = self.report(
            (IN_THE_LOSS, ""),
            ("self.x.T @ dout", "self.x.T @ dout + 0.1 * self.W"),
            (IN_THE_GRADIENT, "layer.dW"),
        )
        assert {row.quantity for row in report.violations} == {"dW"}
        assert "0.1 times W is added" in str(report)

    @pytest.mark.parametrize(
        ("old", "new", "flagged"),
        [("* (1 - h**2)", "* (1 - h)", {("after first (Affine)", "sum")}),
         ("self.db = dout.sum(axis=0)", "self.db = dout.mean(axis=0)",
          {("first (Affine)", "db"), ("last (Affine)", "db")})],
    )  # fmt: skip
    def test_in_the_loss_and_a_layer_with_a_fault_beside_it(self, old, new, flagged):
        report = self.report(
            ("self.x.T @ dout", "self.x.T @ dout + 0.1 * self.W"),
            (IN_THE_GRADIENT, "layer.dW"),
            (old, new),
        )
        assert {(row.place, row.quantity) for row in report.violations} == flagged


SVM = """
import numpy as np

def pool_forward(x):
    return x.mean(axis=1), x.shape

def pool_backward(dout, shape):
    return np.repeat(dout[:, None], shape[1], axis=1) / shape[1]

def step(params, x, y):
    h, cache = pool_forward(x * params["g"])
    s = h @ params["W"] + params["b"]
    margins = np.maximum(0, s - s[np.arange(len(y)), y][:, None] + 1)
    margins[np.arange(len(y)), y] = 0
    loss = margins.sum() / len(y)
    ds = (margins > 0) / len(y)
    ds[np.arange(len(y)), y] -= (margins > 0).sum(axis=1) / len(y)
    dx = pool_backward(ds @ params["W"].T, cache)
    return loss, {"W": h.T @ ds, "b": ds.sum(axis=0), "g": (dx * x).sum(axis=(0, 1))}
"""


class TestWhatCancelsInTheLoss:
    """A gradient that is 0 because shares of all examples cancel is right."""

    @pytest.mark.parametrize("seed", range(4))
    def test_right(self, seed):
        module = module_of(SVM)
        random, y = np.random.default_rng(seed), np.array([0, 1, 2, 2, 1, 0])
        params = {"W": random.random((4, 3)) / 20, "b": np.zeros(3), "g": np.ones(4)}
        report = check_model(module.step, params, random.random((6, 5, 4)), y, seed=seed)
        assert report.holds, report
        assert "not the error of that place" not in str(report)


CHARACTERS = """
import numpy as np

def step(model, inputs, targets, before):
    Wxh, Whh, Why, by = model["Wxh"], model["Whh"], model["Why"], model["by"]
    xs, hs, ps, loss = {}, {-1: np.copy(before)}, {}, 0
    for t in range(len(inputs)):
        xs[t] = np.zeros((4, 1))
        xs[t][inputs[t]] = 1
        hs[t] = np.tanh(Wxh @ xs[t] + Whh @ hs[t - 1])
        e = np.exp(Why @ hs[t] + by)
        ps[t] = e / e.sum()
        loss += -np.log(ps[t][targets[t], 0])
    dWxh, dWhh, dWhy, dby = (np.zeros_like(w) for w in (Wxh, Whh, Why, by))
    later = np.zeros_like(before)
    for t in reversed(range(len(inputs))):
        dy = np.copy(ps[t])
        dy[targets[t]] -= 1
        dWhy += dy @ hs[t].T
        dby += dy
        draw = (1 - hs[t] ** 2) * (Why.T @ dy + later)
        dWxh += draw @ xs[t].T
        dWhh += draw @ hs[t - 1].T
        later = Whh.T @ draw
    return loss, dWxh, dWhh, dWhy, dby, hs[len(inputs) - 1]
"""


class TestCharacters:
    """A step may return, beside all gradients, the state that the next one begins with."""

    @staticmethod
    def report(old="", new=""):
        module = module_of(CHARACTERS, (old, new))
        draw = np.random.default_rng(0).standard_normal
        shapes = {"Wxh": (5, 4), "Whh": (5, 5), "Why": (4, 5), "by": (4, 1)}
        model = {name: draw(shape) / 2 for name, shape in shapes.items()}
        return check_model(module.step, model, [0, 3, 2], [3, 2, 1], draw((5, 1)))

    def test_right(self):
        report = self.report()
        assert report.holds, report
        assert "one of shape (5, 1)" in str(report)

    def test_a_loop_that_overwrites_is_named(self):
        report = self.report("dby += dy", "dby = dy")
        assert wrong(report) == {"dby"}
        assert "runs 3 times, and only the first counts" in str(report)

    def test_wrong(self):
        assert wrong(self.report("Why.T @ dy + later", "Why.T @ dy")) == {"dWxh", "dWhh"}


ENCODER = """
import numpy as np

class Linear:
    def __init__(self, n, m, seed):
        self.params = {"W": np.random.default_rng(seed).standard_normal((n, m))}
        self.grads = {"W": np.zeros((n, m))}

    def forward(self, x):
        self.x = x
        return x @ self.params["W"]

    def backward(self, d):
        self.grads["W"] += self.x.reshape(-1, self.x.shape[-1]).T @ d.reshape(-1, d.shape[-1])
        return d @ self.params["W"].T

class Model:
    def __init__(self):
        self.emb = np.random.default_rng(1).standard_normal((6, 4))
        self.demb = np.zeros_like(self.emb)
        self.one, self.two = Linear(4, 5, 2), Linear(5, 3, 3)

    def forward(self, tokens):
        self.tokens = tokens
        self.h = np.tanh(self.one.forward(self.emb[tokens]))
        return self.two.forward(self.h.mean(axis=1))

    def backward(self, d):
        d = self.two.backward(d)[:, None] / self.h.shape[1]
        d = self.one.backward(d * (1 - self.h**2))
        np.add.at(self.demb, self.tokens, d)

def step(model, tokens, y):
    off = model.forward(tokens) - y
    model.backward(off)
    return (off**2).sum() / 2
"""


class TestAParameterOfTheModel:
    """What a model keeps besides its layers, such as an embedding, is judged."""

    @staticmethod
    def report(old="", new=""):
        module = module_of(ENCODER.replace(old, new) if old else ENCODER)
        tokens = np.array([[0, 1, 1, 5], [2, 2, 3, 0]])
        return check_model(module.step, module.Model(), tokens, np.ones((2, 3)))

    def test_right(self):
        report = self.report()
        assert report.holds, report
        assert "no tangents" not in str(report)
        assert "parameter Model.emb" in {row.place for row in report.rows}

    def test_wrong(self):
        report = self.report("np.add.at(self.demb, self.tokens, d)", "self.demb[self.tokens] += d")
        assert [row.place for row in report.violations] == ["parameter Model.emb"]


AT_THE_END = """
import numpy as np

class Dense:
    def __init__(self, n, k):
        self.W, self.b = np.random.default_rng(n).standard_normal((n, k)), np.zeros(k)

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, d):
        self.dW, self.db = self.x.T @ d, d.sum(0)
        return d @ self.W.T

class Net:
    def __init__(self):
        self.layers = [Dense(4, 5), Dense(5, 3)]

def step(net, x, y):
    for layer in net.layers:
        x = layer.forward(x)
    d = (x - y) / len(y)
    for layer in net.layers[::-1]:
        d = layer.backward(d)
    END
    return LOSS
"""


class TestWhatAStepEndsWith:
    """A gradient that a layer keeps, and that the step changes afterwards."""

    @staticmethod
    def report(end="pass", also=""):
        source = AT_THE_END.replace("END", f"for layer in net.layers: {end}", 1)
        source = source.replace("LOSS", f"0.5 * ((x - y) ** 2).sum() / len(y){also}")
        module = module_of(source)
        draw = np.random.default_rng(0).standard_normal
        return check_model(module.step, module.Net(), draw((6, 4)), draw((6, 3)))

    def test_nothing_is_said_where_it_does_not(self):
        report = self.report()
        assert report.holds
        assert "ends with another gradient" not in str(report)

    @pytest.mark.parametrize("end", ["layer.dW = 2 * layer.dW", "layer.dW *= 0"])
    def test_it_is_said_and_not_blamed(self, end):
        """An optimiser may have done it."""
        report = self.report(end)
        assert report.holds
        assert "(Dense).W: the step ends with another gradient" in str(report)

    TWO_LISTS = ", [layer.dW for layer in net.layers], [layer.db for layer in net.layers]"

    def test_two_lists_of_other_shapes_are_read(self):
        assert self.report(also=self.TWO_LISTS).holds

    def test_where_they_are_returned_they_are_judged(self):
        report = self.report("layer.dW = 2 * layer.dW", self.TWO_LISTS)
        assert not report.holds
