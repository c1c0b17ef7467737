"""`check_model`: one wrong line of a model's backward pass shows at its place and nowhere else."""

import inspect
from functools import cache

import handwritten
import numpy as np
import pytest
from sources import module_of

from proofs.checker.check_model import assert_model, check_model

SOURCE = inspect.getsource(handwritten)
MODELS = ["conv_net", "transformer", "lstm_net"]


def model(name, old="", new=""):
    """The module of the models, with one line changed: in the model itself if it stands there."""
    start = SOURCE.index(f"def {name}(")
    end = SOURCE.index("\n\n\n", start)
    text = SOURCE
    if old:
        own = SOURCE[start:end]
        head = SOURCE if old not in own else own
        assert head.count(old) >= 1, old
        text = (
            SOURCE.replace(own, own.replace(old, new)) if head is own else SOURCE.replace(old, new)
        )
    return module_of(text)


@cache
def reported(name, old, new):
    """The report on a model with one line changed, and its words, while its source is at hand."""
    report = check_model(getattr(model(name, old, new), name), *handwritten.example(name))
    return report, str(report)


def wrong(report):
    """Where a report sees something wrong, and in which quantity."""
    return {(row.place, row.quantity) for row in report.violations}


class TestRight:
    """A right model holds in every layer and at every wire."""

    @pytest.mark.parametrize("name", MODELS)
    @pytest.mark.parametrize("seed", range(4))
    def test_holds(self, name, seed):
        report = check_model(
            getattr(handwritten, name), *handwritten.example(name, seed), seed=seed
        )
        assert report.holds, report

    @pytest.mark.parametrize(("name", "equations"), [("conv_net", 32), ("transformer", 60), ("lstm_net", 51)])  # fmt: skip
    def test_every_layer_and_wire_is_judged(self, name, equations):
        report = check_model(getattr(handwritten, name), *handwritten.example(name))
        assert len(report.rows) == equations

    def test_along_directions(self):
        step, example = handwritten.transformer, handwritten.example("transformer")
        assert check_model(step, *example, method="directional").holds

    def test_parameters_and_functions_are_left_as_they_were(self):
        P, *data = handwritten.example("lstm_net")
        before = {k: v.copy() for k, v in P.items()}
        functions = dict(vars(handwritten))
        check_model(handwritten.lstm_net, P, *data)
        assert all(np.array_equal(P[k], before[k]) for k in P)
        assert all(vars(handwritten)[k] is f for k, f in functions.items())


FAULTS = [
    ("conv_net", " - along) / np.sqrt(v)", ") / np.sqrt(v)", {("batchnorm", "dx")}),
    ("conv_net", "(d - mean - along) / np.sqrt(v)", "(d - along) / np.sqrt(v)", {("batchnorm", "dx")}),
    ("conv_net", "m = dout.size // dout.shape[1]", "m = len(dout)", {("batchnorm", "dx")}),
    ("conv_net", "+= w[f] * g", "+= w[f, :, ::-1, ::-1] * g", {("conv", "dx")}),
    ("conv_net", "+= w[f] * g", "+= w[f].swapaxes(1, 2) * g", {("conv", "dx")}),
    ("conv_net", "dxp[:, :, pad:-pad, pad:-pad]", "dxp[:, :, : -2 * pad, : -2 * pad]", {("conv", "dx")}),
    ("conv_net", "dw[f] += (xp", "dw[f] = (xp", {("conv", "dw")}),
    ("conv_net", "return dx, dw, dout.sum(axis=(0, 2, 3))", "return dx, dw, dout[0].sum(axis=(1, 2))", {("gconv", "db")}),
    ("conv_net", "dwin = shared *", "dwin = (0 * hit + 0.25) *", {("maxpool", "dx")}),
    ("conv_net", "return dout * ds / len(y)", "return dout * ds", {("loss", "ds")}),
    ("transformer", "(d - mean - along) / sd", "(d - along) / sd",
     {("layernorm 1", "dx"), ("layernorm 2", "dx"), ("layernorm 3", "dx")}),
    ("transformer", "(dout * xhat).sum(axis=axes), dout", "(dout * xhat).sum(axis=0), dout",
     {("layernorm 1", "dgamma"), ("layernorm 2", "dgamma"), ("layernorm 3", "dgamma")}),
    ("transformer", "d = dout * gamma\n    mean = d.mean", "d = dout\n    mean = d.mean",
     {("layernorm 1", "dx"), ("layernorm 2", "dx"), ("layernorm 3", "dx")}),
    ("transformer", "ds = p * (dp - (dp * p).sum(axis=-1, keepdims=True))", "ds = p * (1 - p) * dp",
     {("attention", "dq"), ("attention", "dk")}),
    ("transformer", "keepdims=True)) / np.sqrt(d)\n    return ds", "keepdims=True))\n    return ds",
     {("attention", "dq"), ("attention", "dk")}),
    ("transformer", "q, k, v, p = cache\n    d = q.shape[-1]",
     "q, k, v, p = cache\n    d = q.shape[-1]\n    p = softmax(q @ k.swapaxes(-1, -2) / np.sqrt(d))",
     {("attention", "dq"), ("attention", "dk"), ("attention", "dv")}),
    ("transformer", "ds.swapaxes(-1, -2) @ q", "ds @ q", {("attention", "dk")}),
    ("transformer", "rope_backward(drk, crk)", "drk", {("rope 2", "backward")}),
    ("transformer", "dx[..., 0::2] = dout[..., 0::2] * c + dout[..., 1::2] * s\n"
     "    dx[..., 1::2] = -dout[..., 0::2] * s",
     "dx[..., 0::2] = dout[..., 0::2] * c - dout[..., 1::2] * s\n"
     "    dx[..., 1::2] = dout[..., 0::2] * s", {("rope 1", "dx"), ("rope 2", "dx")}),
    ("transformer", 'G["wte"] += embedding', 'G["wte"] = embedding', {("parameter wte", "sum")}),
    ("transformer", "dx1 = dx1 + dx2", "dx1 = dx1", {("after linear 4", "sum"), ("after embedding", "sum")}),
    ("transformer", "np.add.at(dW, idx, dout)", "dW[idx] = dout", {("embedding", "dW")}),
    ("transformer", "da = dout * g * s * (1 + a * (1 - s))", "da = dout * g * s * (1 - s)",
     {("swiglu", "dx"), ("swiglu", "dw")}),
    ("transformer", "(p - t) * keep[..., None] /", "(p - t) /", {("smooth", "ds")}),
    ("transformer", "d1 + d2 + d3", "d1 + d2", {("after layernorm 1", "sum")}),
    ("transformer", "d1 + d2 + d3", "d1 + d2 + 2 * d3", {("after layernorm 1", "sum")}),
    ("lstm_net", 'G["Wh"] += dWh', 'G["Wh"] = dWh', {("parameter Wh", "sum")}),
    ("lstm_net", "dc = dc + dh * o * (1 - th**2)", "dc = dc + dh * o * (1 - cn**2)",
     {(f"lstm {t}", f"d{q}") for t in range(1, 6) for q in ("x", "h", "c", "Wx", "Wh", "b")}),
    ("lstm_net", "_, dh, dc, dWx", "_, dh, _, dWx",
     {(f"after lstm {t}", "sum") for t in range(1, 5)}),
    ("lstm_net", "dc * c * f * (1 - f)", "dc * c * f",
     {(f"lstm {t}", f"d{q}") for t in range(1, 6) for q in ("x", "h", "Wx", "Wh", "b")}),
    ("lstm_net", "reversed(range(T)):\n        _", "reversed(range(1, T)):\n        _", {("lstm 1", "backward")}),
]  # fmt: skip


class TestWrong:
    """Each fault is flagged exactly: at its place, in its quantity, and nowhere else."""

    @pytest.mark.parametrize(("name", "old", "new", "expected"), FAULTS)
    def test_is_flagged_exactly(self, name, old, new, expected):
        report, _ = reported(name, old, new)
        found = wrong(report)
        assert not report.problems, report
        assert found, "nothing was flagged"
        assert found <= expected, report
        assert {place for place, _ in found} == {place for place, _ in expected} or len(
            expected
        ) > 6

    def test_who_is_not_counted(self):
        _, said = reported("transformer", "dx1 = dx1 + dx2", "dx1 = dx1")
        assert "not counted: layernorm 3 x" in said

    def test_assert_model_shows_the_report(self):
        module = model("lstm_net", 'G["Wh"] += dWh', 'G["Wh"] = dWh')
        with pytest.raises(AssertionError, match="parameter Wh, sum"):
            assert_model(module.lstm_net, *handwritten.example("lstm_net"))


def lin_forward(x, w):
    return x @ w, (x, w)


def lin_backward(d, cache):
    x, w = cache
    return d @ w.T, x.T @ np.broadcast_to(d, (4, 2))


def scale_forward(x, v):
    return x * v, (x, v)


def scale_backward(d, cache):
    x, v = cache
    return d * v, (d * x).sum(axis=0)


def rows_backward(d, cache):
    return (lambda dx, dv: (dx[:1], dv))(*scale_backward(d, cache))


def each_forward(x):
    return (x**2).sum(axis=1), x


def each_backward(d, x):
    return np.reshape(d, (-1, 1)) * 2 * x


class TestShapes:
    """An error of another shape is said where it comes from, and of nobody who is given it."""

    @staticmethod
    def report(scale_back=scale_backward, one=1.0):
        def step(P, x):
            z, c1 = lin_forward(x, P["w"])
            a, c2 = scale_forward(z, P["v"])
            cost, c3 = each_forward(a)
            G = {}
            da = each_backward(one / len(x), c3)
            dz, G["v"] = scale_back(da, c2)
            _, G["w"] = lin_backward(dz, c1)
            return cost.mean(), G

        layers = [(lin_forward, lin_backward), (scale_forward, scale_back),
                  (each_forward, each_backward)]  # fmt: skip
        P = {"w": np.ones((3, 2)), "v": np.array([1.0, 2.0])}
        return check_model(step, P, np.arange(12.0).reshape(4, 3) - 5, layers=layers)

    def test_a_single_number_is_the_error_of_every_output(self):
        assert self.report().holds
        assert wrong(self.report(one=2.0)) == {("after each", "sum")}

    def test_who_is_given_it_is_not_judged(self):
        report = self.report(rows_backward)
        assert wrong(report) == {("scale", "dx")}
        assert "lin: not judged, for its output has the shape (4, 2), the error (1, 2)" in str(
            report
        )


class TestTheWiring:
    """What stands between the layers is differentiated too."""

    def test_the_same_wrong_error_sent_to_two_is_the_gradient_of_neither(self):
        def step(P, x):
            z, c1 = scale_forward(x, P["v"])
            a, c2 = scale_forward(x, P["u"])
            out = 0.3 * z + 0.7 * a
            return (out**2).sum() / 2, {"v": scale_backward(out, c1)[1],
                                        "u": scale_backward(out, c2)[1]}  # fmt: skip

        P = {"v": np.array([1.0, 2.0]), "u": np.array([-1.0, 0.5])}
        report = check_model(step, P, np.arange(8.0).reshape(4, 2) - 3,
                             layers=[(scale_forward, scale_backward)])  # fmt: skip
        assert wrong(report) == {("after scale 1", "sum"), ("after scale 2", "sum")}
        assert "this is the gradient of" not in str(report)

    def test_weight_decay_in_the_loss_and_not_in_the_gradient(self):
        source = "loss, c8 = loss_forward(s, y)"
        module = model(
            "conv_net", source, source + '\n    loss = loss + 0.1 * (P["w3"] ** 2).sum()'
        )
        report = check_model(module.conv_net, *handwritten.example("conv_net"))
        assert wrong(report) == {("parameter w3", "sum")}
        assert "weight decay, whose gradient is 0.2 times the parameter itself: it is not" in str(
            report
        )

    def test_weight_decay_in_both(self):
        module = model("conv_net", 'loss, c8 = loss_forward(s, y)',
                       'loss, c8 = loss_forward(s, y)\n    loss = loss + 0.1 * (P["w3"] ** 2).sum()')  # fmt: skip
        right = module.conv_net

        def step(P, x, y):
            loss, G = right(P, x, y)
            G["w3"] += 0.2 * P["w3"]
            return loss, G

        report = check_model(step, *handwritten.example("conv_net"), layers=module)
        assert report.holds, report

    def test_a_delta_changed_in_place_is_said_where_it_harms(self):
        module = model("transformer", "x, w = cache\n    return dout @ w.T, np.einsum",
                       "x, w = cache\n    dout *= 2\n    return dout @ w.T / 2, 0.5 * np.einsum")  # fmt: skip
        report = check_model(module.transformer, *handwritten.example("transformer"))
        assert wrong(report) == {("linear 4", "delta"), ("linear 5", "delta")}, report

    def test_a_delta_changed_in_place_is_only_remarked_where_it_does_no_harm(self):
        module = model("conv_net", "return dout * (x > 0)", "dout *= x > 0\n    return dout")
        report = check_model(module.conv_net, *handwritten.example("conv_net"))
        assert report.holds, report
        assert "relu 1: backward changes the delta that it is given" in report.remarks

    def test_a_layer_made_of_layers(self):
        source = (
            SOURCE + "\n\ndef pair_forward(x, w, b):\n    z, c1 = affine_forward(x, w, b)\n"
            "    a, c2 = relu_forward(z)\n    return a, (c1, c2)\n"
            "def pair_backward(d, cache):\n    return affine_backward(relu_backward(d, cache[1]), cache[0])\n"
            "def net(P, x, y):\n    a, c = pair_forward(x, P['w'], P['b'])\n    loss, cl = loss_forward(a, y)\n"
            "    dx, dw, db = pair_backward(loss_backward(1.0, cl), c)\n    return loss, {'w': dw, 'b': db}\n"
        )
        module = module_of(source)
        r = np.random.default_rng(0).standard_normal
        report = check_model(module.net, {"w": r((4, 3)), "b": r(3)}, r((5, 4)), np.array([0, 1, 2, 0, 1]))  # fmt: skip
        assert report.holds, report
        assert {"affine", "relu", "loss"} <= {row.place for row in report.rows}

    def test_pairs_from_a_list(self):
        report = check_model(
            handwritten.lstm_net,
            *handwritten.example("lstm_net"),
            layers=[("cell", handwritten.lstm_forward, handwritten.lstm_backward)],
        )
        assert report.holds, report
        assert "cell 5" in {row.place for row in report.rows}


EXCHANGED = """
import numpy as np

def affine_forward(x, w):
    return x @ w, (x, w)

def affine_backward(d, cache):
    x, w = cache
    return d @ w.T, x.T @ d

def relu_forward(x):
    return np.maximum(x, 0), x

def relu_backward(d, x):
    return d * (x > 0)

def half_forward(x):
    return x * np.array([0.5, 0, 2]), None

def half_backward(d, cache):
    return d * np.array([0.5, 0, 2])

def step(P, x, y):
    h, c1 = affine_forward(x, P["w"])
    r, c2 = relu_forward(h)
    m, c3 = half_forward(r)
    s, c4 = affine_forward(m, P["v"])
    loss = ((s - y) ** 2).sum() / 2 + 0.1 * np.sum([np.sum(w**2) for w in P.values()])
    dm, dv = affine_backward(s - y, c4)
    dr = relu_backward(dm, c2)
    dh = half_backward(dr, c3)
    _, dw = affine_backward(dh, c1)
    return loss, {"w": dw + 0.2 * P["w"], "v": dv + 0.2 * P["v"]}
"""


BY_NAME = """
import numpy as np

def dense_forward(x, w):
    return x @ w, (x, w)

def dense_backward(dout, cache):
    x, w = cache
    return dout @ w.T, x.T @ dout

def relu_forward(x):
    return np.maximum(x, 0), x

def relu_backward(dout, cache):
    return dout * (cache > 0)

BACK = {"relu": relu_backward}

class Net:
    forwards, backwards = {"relu": relu_forward}, {"relu": relu_backward}

    def __init__(self, w1, w2):
        self.params = {"w1": w1, "w2": w2}
        self.forth, self.back = self.forwards["relu"], self.backwards["relu"]

    def step(self, x, y):
        h, c1 = dense_forward(x, self.params["w1"])
        h, c2 = relu_forward(h)
        h, c3 = dense_forward(h, self.params["w2"])
        left = h - y
        dh, dw2 = dense_backward(left, c3)
        _, dw1 = dense_backward(BACK_OF_RELU(dh, c2), c1)
        return (left**2).sum() / 2, {"w1": dw1, "w2": dw2}
"""
"""A net that takes the backward pass of its rectifier from where it keeps it."""


class TestFunctionsKeptElsewhere:
    """A pass that is called from a table or an attribute is seen as one that is called by name."""

    @pytest.mark.parametrize(
        "kept", ["relu_backward", 'BACK["relu"]', "self.back", 'self.backwards["relu"]']
    )
    def test_is_seen(self, kept):
        random = np.random.default_rng(0)
        shapes = (3, 4), (4, 2), (5, 3), (5, 2)
        w1, w2, x, y = (random.standard_normal(shape) for shape in shapes)
        theirs = module_of(BY_NAME.replace("BACK_OF_RELU", kept))
        report = check_model(theirs.Net.step, theirs.Net(w1, w2), x, y)
        assert report.holds, report
        assert ("relu", "dx") in {(row.place, row.quantity) for row in report.rows}


class TestTheWhole:
    """Where all gradients of parameters are right, the order of two steps back is a remark."""

    def report_of(self, old="", new=""):
        module = module_of(EXCHANGED, (old, new))
        draw = np.random.default_rng(0).standard_normal
        return check_model(
            module.step, {"w": draw((4, 3)), "v": draw((3, 2))}, draw((5, 4)), draw((5, 2))
        )

    def test_exchanged(self):
        report = self.report_of()
        assert report.holds, report
        assert "not the error of that place, but the gradients of all parameters are" in str(report)

    @pytest.mark.parametrize("factor", ["2", "(1 + 1e-9)"])
    def test_a_fault_beside_it_is_seen(self, factor):
        report = self.report_of("return loss, {", f"dw = {factor} * dw\n    return loss, {{")
        assert ("parameter w", "sum") in wrong(report)

    def test_an_axis_of_one_is_of_no_consequence(self):
        report = self.report_of('"v": dv + 0.2 * P["v"]}', '"v": (dv + 0.2 * P["v"])[None]}')
        assert report.holds, report


class TestManners:
    """What cannot be watched is said."""

    def test_no_layers(self):
        with pytest.raises(TypeError, match="expected the step to call one of the layers"):
            check_model(lambda P: 0.0, {"w": np.ones(3)})

    def test_a_module_for_the_parameters(self):
        with pytest.raises(TypeError, match=r"got the module handwritten: give a dictionary"):
            check_model(lambda module, x: 0.5, handwritten, np.ones(3))

    def test_a_step_that_raises(self):
        def step(P):
            handwritten.relu_forward(P["v"])

        report = check_model(step, {"w": np.ones(3)})
        assert "the step raised KeyError" in report.problems[0]
        assert 'handwritten.relu_forward(P["v"])' in report.problems[0]

    def test_a_missing_gradient(self):
        def step(P, x, y):
            loss, G = handwritten.lstm_net(P, x, y)
            del G["b"]
            return loss, G

        report = check_model(step, *handwritten.example("lstm_net"))
        assert wrong(report) == {("parameter b", "sum")}
        assert "no gradient was returned" in str(report)

    def test_progress(self):
        seen = []
        check_model(
            handwritten.lstm_net,
            *handwritten.example("lstm_net"),
            progress=lambda *now: seen.append(now),
        )
        assert seen[0] == (0, 7, "lstm 1")
        assert len(seen) == 7


WORDS = [
    ("conv_net", "(d - mean - along) / np.sqrt(v)", "(d - along) / np.sqrt(v)", "as if x.mean(axis=axes, keepdims=True) were a constant"),
    ("conv_net", " - along) / np.sqrt(v)", ") / np.sqrt(v)", "as if x.var(axis=axes, keepdims=True) were a constant (line"),
    ("conv_net", "+= w[f] * g", "+= w[f, :, ::-1, ::-1] * g", "w is flipped along axes 2 and 3"),
    ("conv_net", "dxp[:, :, pad:-pad, pad:-pad]", "dxp[:, :, : -2 * pad, : -2 * pad]", "it is shifted by 1 along axes 2 and 3"),
    ("conv_net", "dw[f] += (xp", "dw[f] = (xp", "only the last index along axes 2 and 3 of delta counts, as with = for +="),
    ("conv_net", "return dout * ds / len(y)", "return dout * ds", "it is 3 times what it should be"),
    ("transformer", "(d - mean - along) / sd", "(d - along) / sd", "the mean is not taken off"),
    ("transformer", "d = dout * gamma\n    mean = d.mean", "d = dout\n    mean = d.mean", "gamma is left out"),
    ("transformer", "ds = p * (dp - (dp * p).sum(axis=-1, keepdims=True))", "ds = p * (1 - p) * dp",
     "the Jacobian of softmax was cut to its diagonal: the sum over k was dropped"),
    ("transformer", "np.add.at(dW, idx, dout)", "dW[idx] = dout", "only the last counts, as with = for +="),
    ("transformer", "(p - t) * keep[..., None] /", "(p - t) /", "numbers that no output depends on"),
    ("transformer", "d1 + d2 + d3", "d1 + d2 + 2 * d3", "linear 3 x is counted twice"),
    ("transformer", 'G["wte"] += embedding', 'G["wte"] = embedding', "not counted: unembed W"),
    ("lstm_net", "dc = dc + dh * o * (1 - th**2)", "dc = dc + dh * o * (1 - cn**2)",
     "the slope of np.tanh(cn) is taken as 1 - x^2"),
    ("lstm_net", "dc * c * f * (1 - f)", "dc * c * f", "where it is called for the second time"),
    ("lstm_net", "_, dh, dc, dWx", "_, dh, _, dWx", "it is 0, but lstm 2 c sends something back"),
]  # fmt: skip


class TestWords:
    """What is wrong is named where a wrong formula gives, number for number, what came."""

    @pytest.mark.parametrize(("name", "old", "new", "words"), WORDS)
    def test_named(self, name, old, new, words):
        _, said = reported(name, old, new)
        assert words in said


class TestNothingRightIsNamed:
    """The report blames no gradient that is right, and no reader that sends nothing."""

    def test_a_tie_beside_a_wrong_gradient_blames_no_other(self):
        """What tied numbers add up to is off because dw is."""

        def step(params, x):
            w, b = params["w"], params["b"]
            s = w @ x + b
            loss = s.sum() + np.max(np.zeros(2) * s)
            return loss, {"w": 2 * np.outer(np.ones(2), x), "b": np.ones(2)}

        report = check_model(step, {"w": np.eye(2), "b": np.zeros(2)}, np.array([1.0, 2.0]))
        assert [row.quantity for row in report.violations] == ["dw"]

    def test_a_reader_that_sends_nothing_back_is_not_said_to(self):
        """An = for += where the first step begins at 0, so that its own share is 0."""

        def cell_forward(x, h, w):
            return x + h * w, (h, w)

        def cell_backward(dout, cache):
            h, w = cache
            return dout, dout * w, dout * h

        def step(params, xs):
            h, caches = np.zeros(2), []
            for x in xs:
                h, cache = cell_forward(x, h, params["w"])
                caches.append(cache)
            dh = h - 1
            for cache in reversed(caches):
                _, dh, dw = cell_backward(dh, cache)
            return ((h - 1) ** 2).sum() / 2, {"w": dw}

        report = check_model(step, {"w": np.array([0.5, 2.0])}, np.arange(6.0).reshape(3, 2) + 1)
        said = "it is 0, but cell 2 w, cell 3 w send something back"
        said += ", as with = for += where cell 1 w sends 0"
        assert [row.says for row in report.violations] == [(said,)]


class TestAnInfiniteLoss:
    """It has no derivative: the loss is said to be infinite, and where it became so, once."""

    @pytest.mark.parametrize("layers", [True, False])
    @pytest.mark.filterwarnings("ignore")
    def test_is_said_once(self, layers):
        source = """
import numpy as np
def affine_forward(x, w):
    return x @ w, (x, w)
def affine_backward(d, cache):
    return d @ cache[1].T, cache[0].T @ d
def step(w, x, y):
    s, cache = affine_forward(x, w)
    a = 1 / (1 + np.exp(-s))
    loss = -np.mean(y * np.log(a) + (1 - y) * np.log(1 - a))
    return loss, affine_backward((a - y) / a.size, cache)[1]
"""
        if not layers:
            source = source.replace("affine", "f").replace("f_forward", "f").replace("f_backward", "g")  # fmt: skip
        module = module_of(source)
        x, y = np.eye(3), np.array([[0.0], [1.0], [1.0]])
        report = check_model(module.step, np.full((3, 1), -1e4), x, y)
        (text,) = report.problems
        assert not report.rows
        assert text.startswith("the loss is nan, and that has no derivative")
        assert "NumPy reports overflow in np.exp(-s) (line 9), then divide by zero in np.log(a)" in text  # fmt: skip


class TestOneEntryOfAWire:
    """Where one number explains what is off along every direction, it is named."""

    @pytest.mark.parametrize("size", [1e-9, 1e-3, 10.0])
    def test_is_named(self, size):
        right = handwritten.lstm_net
        params, *data = handwritten.example("lstm_net")

        def step(params, *data):
            loss, grads = right(params, *data)
            name = next(iter(grads))
            grads[name][(-1,) * grads[name].ndim] += size
            return loss, grads

        report = check_model(step, params, *data, layers=handwritten)
        name = next(iter(right(params, *data)[1]))
        place = tuple(n - 1 for n in np.shape(params[name]))
        (row,) = report.violations
        assert row.place == f"parameter {name}"
        assert row.detail.startswith(f"only at {place}: it is ")


class TestWhatHasNoDerivative:
    """Where what should come is infinite or nan, that is a problem, and no line is blamed."""

    def test_a_root_of_zero_in_the_loss(self):
        """The user's own gradient of a row of zeros is 0, and right."""

        def line_forward(x, W):
            return x @ W, (x, W)

        def line_backward(delta, cache):
            return delta @ cache[1].T, cache[0].T @ delta

        def step(params, x):
            h, cache = line_forward(x, params["W"])
            n = np.sqrt((h**2).sum(1))
            dh = np.divide(h, n[:, None], out=np.zeros_like(h), where=n[:, None] > 0)
            return n.sum(), {"W": line_backward(dh, cache)[1]}

        x, W = np.array([[1.0, 2.0], [0.0, 0.0]]), np.array([[1.0, -1.0], [0.5, 2.0]])
        report = check_model(step, {"W": W}, x, layers=[(line_forward, line_backward)])
        assert not report.violations
        assert report.problems == (
            "after line, sum: it cannot be compared, as what comes back from the loss is infinite "
            "or nan",
            "parameter W, sum: it cannot be compared, as what comes back from the loss is infinite "
            "or nan",
        )
