"""`check_model` on steps that hand their gradients to an optimizer, and return their loss alone."""

import sys
from textwrap import indent

import numpy as np
import pytest
from sources import module_of

from proofs.checker import opened
from proofs.checker.check_model import check_model

pytestmark = pytest.mark.usefixtures("no_words")

GRADIENTS = """
    h = np.tanh(x @ {W} + {b})
    d = h @ {V} + {c} - y
    loss = 0.5 * (d**2).sum()
    dV, dc = h.T @ d, d.sum(0)
    da = d @ {V}.T * (1 - h**2)
    dW, db = x.T @ da, da.sum(0)
"""
NAMES = "WbVc"
OBJECT = f"""
import numpy as np

class Net:
    def __init__(self):
        draw = np.random.default_rng(0).standard_normal
        self.W, self.b, self.V, self.c = draw((3, 4)), np.zeros(4), draw((4, 2)), np.zeros(2)
        self.gW, self.gV = np.zeros((3, 4)), np.zeros((4, 2))

    def step(self, x, y):
{indent(GRADIENTS.format(**{name: f"self.{name}" for name in NAMES}), "    ")}
        UPDATE
        return loss
"""
FUNCTION = f"""
import numpy as np

def adam(params, grads, m, v):
    new = {{}}
    for name, g in grads.items():
        m[name], v[name] = 0.9 * m[name] + 0.1 * g, 0.99 * v[name] + 0.01 * g**2
        new[name] = params[name] - 0.01 * m[name] / (np.sqrt(v[name]) + 1e-8)
    return new

def step(params, m, v, x, y):
{GRADIENTS.format(**{name: f"params['{name}']" for name in NAMES})}
    grads = {{"W": dW, "b": db, "V": dV, "c": dc}}
    UPDATE
"""
ADAGRAD = "self.gW += dW**2; self.gV += dV**2; self.W -= dW / np.sqrt(self.gW + 1e-8); "
OWN = {
    "AdaGrad for weights, descent for biases": ADAGRAD
    + "self.V -= dV / np.sqrt(self.gV + 1e-8); self.b -= 0.1 * db; self.c -= 0.1 * dc",
    "a rate for each": "self.W -= 0.1 * dW; self.b -= 0.2 * db; self.V -= dV; self.c -= 2 * dc",
    "signs": "for p, g in zip(vars(self).values(), (dW, db, dV, dc)): p -= 0.1 * np.sign(g)",
    "descent": "for p, g in zip(vars(self).values(), (dW, db, dV, dc)): p -= 0.1 * g",
    "decay": "for p, g in zip(vars(self).values(), (dW, db, dV, dc)): p -= 0.1 * (g + p)",
}
PASSED_ON = {
    "Adam, new parameters returned": "return loss, adam(params, grads, m, v)",
    "RMSProp in place": "\n    ".join([
        "for name, p in params.items():",
        "    v[name] += 0.1 * grads[name] ** 2",
        "    p -= 0.1 * grads[name] / np.sqrt(v[name] + 1e-8)",
        "return loss",
    ]),
    "descent in place": "for name, p in params.items(): p -= 0.1 * grads[name]\n    return loss",
}  # fmt: skip
DATA = np.random.default_rng(1).standard_normal((5, 3)), np.ones((5, 2))


def report_of(source, update, fault="sum"):
    """The report on a step with that update, and with a db that is a sum or, wrongly, a mean."""
    module = module_of(source.replace("UPDATE", update).replace("da.sum(0)", f"da.{fault}(0)"))
    if source is OBJECT:
        return check_model(module.Net().step, *DATA)
    params = {"W": np.eye(3, 4), "b": np.zeros(4), "V": np.ones((4, 2)), "c": np.zeros(2)}
    m, v = ({name: np.zeros_like(x) for name, x in params.items()} for _ in range(2))
    return check_model(module.step, params, m, v, *DATA)


class TestVariables:
    """The gradients are what variables of the step, or of the optimizer, come to, where no rate
    shows in what every array is changed by; a wrong one is flagged alone."""

    @pytest.mark.parametrize(
        ("source", "update"),
        [*((OBJECT, each) for each in OWN.values()),
         *((FUNCTION, each) for each in PASSED_ON.values())],
        ids=[*OWN, *PASSED_ON],
    )  # fmt: skip
    def test_judged(self, source, update):
        right, wrong = (report_of(source, update, fault) for fault in ("sum", "mean"))
        assert right.holds
        assert len(right.rows) == 4
        assert {row.quantity.split(".")[-1].removeprefix("d") for row in wrong.violations} == {"b"}

    def test_which_variables(self):
        own = report_of(OBJECT, OWN["a rate for each"]).remarks
        assert any(said.endswith("they are what dW, db, dV, dc in step came to") for said in own)
        adam = report_of(FUNCTION, PASSED_ON["Adam, new parameters returned"]).remarks
        assert any(said.endswith("they are what grads in adam came to") for said in adam)


CLOSURE = f"""
import numpy as np

def made():
    draw = np.random.default_rng(0).standard_normal
    W, b, V, c = draw((3, 4)), np.zeros(4), draw((4, 2)), np.zeros(2)
    params = W, b, V, c
    moments = [np.zeros_like(p) for p in params]

    def step(x, y):
{indent(GRADIENTS.format(W="W", b="b", V="V", c="c"), "    ")}
        UPDATE
        for p, g, v in zip(params, (dW, db, dV, dc), moments):
            v += 0.1 * g**2
            p -= 0.1 * g / np.sqrt(v + 1e-8)
        return loss

    return step
"""


class TestClosure:
    """A step need not be given what it learns: its code has names for it."""

    @pytest.mark.parametrize(("fault", "wrong"), [("sum", []), ("mean", ["db"])])
    def test_judged(self, fault, wrong):
        step = module_of(CLOSURE, ("UPDATE", ""), ("da.sum", f"da.{fault}")).made()
        report = check_model(step, *DATA)
        assert [row.quantity for row in report.violations] == wrong
        assert {row.quantity for row in report.rows} == {"dW", "db", "dV", "dc"}

    def test_nothing_of_a_parameter_of_zeros_is_a_decay(self):
        step = module_of(CLOSURE, ("UPDATE", "db += abs(db)")).made()
        assert [row.quantity for row in check_model(step, *DATA).violations] == ["db"]

    def test_a_decay_that_is_added_is_no_fault(self):
        step = module_of(CLOSURE, ("UPDATE", "dW += 0.01 * W")).made()
        report = check_model(step, *DATA)
        assert not report.violations
        (said,) = report.problems
        assert said.startswith("dW: right but for being changed (0.01 times the parameter")


MODEL = """
import numpy as np

class Net:
    def __init__(self):
        draw = np.random.default_rng(0).standard_normal
        self.W, self.b, self.V = draw((3, 4)), np.zeros(4), draw((4, 2))

    def forward(self, x):
        self.x, self.h = x, np.tanh(x @ self.W + self.b)
        return self.h @ self.V

    def backward(self, d):
        da = d @ self.V.T * (1 - self.h**2)
        return [self.x.T @ da, da.sum(0), self.h.T @ d]

class Adam:
    def __init__(self, params):
        self.params, self.v = params, [np.zeros_like(p) for p in params]

    def step(self, grads):
        for n, g in enumerate(grads):
            self.v[n] = 0.9 * self.v[n] + 0.1 * g**2
            self.params[n] -= 0.1 * g / np.sqrt(self.v[n] + 1e-8)

net = Net()
adam = Adam([net.W, net.b, net.V])

def train(net, adam, x, y):
    d = net.forward(x) - y
    adam.step(net.backward(d))
    return 0.5 * (d**2).sum()

def of_the_script(x, y):
    return train(net, adam, x, y)
"""


class TestAnOptimizerBeside:
    """A model whose backward pass returns the gradients of its own arrays is no layer, and an
    optimizer that keeps these arrays as well moves with it, and stays as it was."""

    @pytest.mark.parametrize("given", [True, False])
    @pytest.mark.parametrize(("fault", "wrong"), [("sum", []), ("mean", ["db"])])
    def test_judged(self, given, fault, wrong):
        own = module_of(MODEL, ("da.sum", f"da.{fault}"))
        step, args = (own.train, (own.net, own.adam)) if given else (own.of_the_script, ())
        report = check_model(step, *args, *DATA)
        assert [row.quantity for row in report.violations] == wrong
        assert {row.quantity for row in report.rows} == {"dW", "db", "dV"}
        assert not any(map(np.any, own.adam.v))
        assert own.adam.params[0] is own.net.W


LAYERS = """
import numpy as np

def linear_forward(x, w):
    return x @ w, (x, w)

def linear_backward(d, cache):
    x, w = cache
    return d @ w.T, x.T @ d

def step(params, v, x, y):
    h, first = linear_forward(x, params["W"])
    out, second = linear_forward(np.tanh(h), params["V"])
    grads = {}
    d, grads["V"] = linear_backward(out - y, second)
    _, grads["W"] = linear_backward(d * (1 - np.tanh(h)**2), first)
    loss = 0.5 * np.sum((out - y)**2)
    END
"""
DESCENT = "for k, g in grads.items(): params[k] = params[k] - 0.1 * g / np.sqrt(g**2 + 1e-8)\n    "


class TestLayers:
    """So it is where a step calls layers: the sum over the readers of a parameter is compared with
    what a variable holds."""

    @pytest.mark.parametrize("end", [DESCENT + "return loss", DESCENT + "return loss, params"])
    @pytest.mark.parametrize(
        ("old", "new", "wrong"),
        [("", "", set()), ("x.T @ d", "2 * x.T @ d", {("linear 1", "dw"), ("linear 2", "dw")}),
         ('d, grads["V"]', 'd, grads["W"]', {("parameter V", "sum")})],
    )  # fmt: skip
    def test_judged(self, end, old, new, wrong):
        own = module_of(LAYERS, ("END", end), (old, new))
        params = {"W": np.eye(3, 4) + 0.1, "V": np.ones((4, 2))}
        report = check_model(own.step, params, {}, *DATA)
        assert {(row.place, row.quantity) for row in report.violations} == wrong

    def test_only_the_layers_are_judged(self):
        own = module_of(LAYERS, ("END", "del grads; return loss"))
        params = {"W": np.eye(3, 4) + 0.1, "V": np.ones((4, 2))}
        report = check_model(own.step, params, {}, *DATA)
        assert not report.violations
        (said,) = report.problems
        assert "let it return the gradients" in said


LISTS = """
import numpy as np

class Network:
    def __init__(self):
        draw = np.random.default_rng(0).standard_normal
        self.weights, self.biases = [draw((4, 3)), draw((2, 4))], [draw((4, 1)), draw((2, 1))]

    def step(self, x, y):
        (W, V), (b, c) = self.weights, self.biases
        h = np.tanh(W @ x.T + b)
        d = V @ h + c - y.T
        da = V.T @ d * (1 - h**2)
        nabla_b, nabla_w = [da.sum(1, keepdims=True), d.sum(1, keepdims=True)], [da @ x, d @ h.T]
        for kept, nabla in ((self.weights, nabla_w), (self.biases, nabla_b)):
            for n, g in enumerate(nabla):
                kept[n] = kept[n] - 0.1 * np.sign(g)
        return 0.5 * (d**2).sum()
"""


class TestLists:
    """Gradients may stand in lists that are called as those of the arrays are."""

    @pytest.mark.parametrize(("fault", "wrong"), [("sum", []), ("mean", ["dbiases[0]"])])
    def test_judged(self, fault, wrong):
        own = module_of(LISTS, ("da.sum", f"da.{fault}"))
        report = check_model(own.Network().step, *DATA)
        assert [row.quantity for row in report.violations] == wrong
        assert len(report.rows) == 4


ONE_NUMBER = """
import numpy as np

class Neuron:
    def __init__(self):
        self.w, self.b, self.v = np.array([0.5, -0.2, 0.1]), 0.0, np.zeros(3)

    def step(self, x, y):
        d = x @ self.w + self.b - y.sum(1)
        dw, db = d @ x, d.sum()
        self.v = self.v + dw**2
        self.w = self.w - 0.1 * dw / np.sqrt(self.v + 1e-8)
        self.b = self.b - db / 8 / db * db
        return 0.5 * (d**2).sum()
"""


EXAMPLES = """
import numpy as np
from dataclasses import dataclass

@dataclass
class Gradients:
    W: np.ndarray
    V: np.ndarray

    def update(self, net):
        net.W, net.V = net.W - 0.1 * np.sign(self.W), net.V - 0.1 * np.sign(self.V)

class Net:
    def __init__(self):
        draw = np.random.default_rng(0).standard_normal
        self.W, self.V = draw((4, 3)), draw((2, 4))

    def of_one(self, x, y):
        h = np.tanh(self.W @ x)
        d = self.V @ h - y
        return (d**2).sum() / 2, np.outer(self.V.T @ d * (1 - h**2), x), np.outer(d, h)

    def step(self, xs, ys):
        loss, gW, gV = 0, np.zeros((4, 3)), np.zeros((2, 4))
        for x, y in zip(xs, ys):
            own, dW, dV = self.of_one(x, y)
            loss, gW = loss + own, gW + dW
            gV = gV + dV
        UPDATE
        return loss
"""


class TestExamples:
    """Of two variables for an array, as of one example and of all, the right one counts; and a
    class of gradients may have methods."""

    @pytest.mark.parametrize(
        "update",
        ["self.W, self.V = self.W - np.sign(gW), self.V - np.sign(gV)",
         "grads = Gradients(gW, gV); del gW, gV, dW, dV; grads.update(self)"],
    )  # fmt: skip
    @pytest.mark.parametrize(("old", "new", "wrong"), [("", "", []), ("gV + dV", "dV", ["dV"])])
    def test_judged(self, update, old, new, wrong):
        own = module_of(EXAMPLES, ("UPDATE", update), (old, new), name="examples")
        report = check_model(own.Net().step, *DATA)
        assert [row.quantity for row in report.violations] == wrong
        assert len(report.rows) == 2


class TestOneNumber:
    """What a single number is changed by shows no rate beside arrays; a variable its gradient."""

    @pytest.mark.parametrize(("fault", "wrong"), [("sum", []), ("mean", ["db"])])
    def test_judged(self, fault, wrong):
        own = module_of(ONE_NUMBER, ("d.sum()", f"d.{fault}()"))
        report = check_model(own.Neuron().step, *DATA)
        assert [row.quantity for row in report.violations] == wrong
        assert {row.quantity for row in report.rows} == {"dw", "db"}


class TestNoVariables:
    """What an optimizer moves by a state of its own is not compared, and that is said; a wrong
    gradient of another array is flagged alone."""

    INLINE = """
        self.gW += (x.T @ da) ** 2; self.gV += (h.T @ d) ** 2
        self.W -= x.T @ da / np.sqrt(self.gW + 1e-8); self.V -= h.T @ d / np.sqrt(self.gV + 1e-8)
        self.b -= 0.1 * da.sum(0); self.c -= 0.1 * d.sum(0); del dV, dW, db, dc
"""

    def test_is_not_called_wrong(self):
        report = report_of(OBJECT, self.INLINE.strip())
        assert {row.quantity: row.holds for row in report.rows} == {"db": True, "dc": True}
        assert [said[:16] for said in report.problems] == ["V: not compared,", "W: not compared,"]

    def test_two_rates_of_as_many_are_not_told_from_a_factor(self):
        update = "self.W -= 0.1 * x.T @ da; self.b -= 0.2 * da.sum(0); del dV, dW, db, dc"
        report = report_of(OBJECT, update)
        assert not report.violations
        assert [said[:2] for said in report.problems] == ["b:"]


class TestAfterAnUpdate:
    """Parameters that come back after an update are no gradients: those are what variables hold,
    or are asked for."""

    MOVED = "return loss, {k: p - 0.1 * np.sign(CAME) for k, p in params.items()}"

    def test_in_variables(self):
        update = self.MOVED.replace("CAME", "grads[k]")
        right, wrong = (report_of(FUNCTION, update, fault) for fault in ("sum", "mean"))
        assert right.holds
        assert [row.quantity for row in wrong.violations] == ["dparams.b"]

    def test_however_far(self):
        """The first step of Adam is as long for small parameters."""
        update = "return loss, {k: params[k] - 9 * np.sign(g) for k, g in grads.items()}"
        right, wrong = (report_of(FUNCTION, update, fault) for fault in ("sum", "mean"))
        assert right.holds
        assert [row.quantity for row in wrong.violations] == ["dparams.b"]

    def test_asked_for(self):
        report = report_of(
            FUNCTION, "del grads, dV, dW, db, dc; " + self.MOVED.replace("CAME", "p + 1")
        )
        assert not report.violations
        (said,) = report.problems
        assert "let it return the gradients instead" in said


class TestBeside:
    """What looks at the code of the user at the same time goes on as it was."""

    @pytest.mark.parametrize("update", [OWN["signs"], "return loss, {'W': dW, 'b': db}"])
    def test_a_profile_function_is_restored(self, update):
        def own(*_):
            pass

        sys.setprofile(own)
        try:
            assert not report_of(OBJECT, update).violations
            assert sys.getprofile() is own
        finally:
            sys.setprofile(None)

    def test_nothing_is_looked_at_where_gradients_come(self, monkeypatch):
        monkeypatch.setattr(opened, "variables", None)
        update = "return loss, {'W': dW, 'b': db, 'V': dV, 'c': dc}"
        assert report_of(OBJECT, update).holds
        assert report_of(OBJECT, OWN["descent"]).holds


BY_NAME = """
import numpy as np

class Net:
    def __init__(self):
        draw = np.random.default_rng(0).standard_normal
        self.W, self.V = draw((3, 4)), draw((4, 2))
        self.sums = {"W": np.zeros((3, 4)), "V": np.zeros((4, 2))}

    def pass_through(self, x, y):
        h = np.tanh(x @ self.W)
        d = h @ self.V - y
        return 0.5 * (d**2).sum(), {"W": x.T @ (d @ self.V.T * (1 - h**2)), "V": h.T @ d}

    def update(self, grads):
        for name, g in grads.items():
            self.sums[name] = self.sums[name] + g**2
            moved = 0.1 * g / np.sqrt(self.sums[name] + 1e-8)
            setattr(self, name, getattr(self, name) - moved)

    def step(self, x, y):
        loss, grads = self.pass_through(x, y)
        self.update(grads)
        return loss
"""


class TestNoGradient:
    """An array that the loss reads and that the step does not move, as where its gradient is 0, is
    compared where a variable holds a gradient of it, and named where none does."""

    def test_of_zeros(self):
        own = module_of(BY_NAME, ('"W": x.T', '"W": 0 * x.T'))
        assert [row.quantity for row in check_model(own.Net().step, *DATA).violations] == ["dW"]

    def test_frozen(self):
        own = module_of(BY_NAME, ('"W": x.T @ (d @ self.V.T * (1 - h**2)), ', ""))
        report = check_model(own.Net().step, *DATA)
        assert [row.quantity for row in report.rows] == ["dV"]
        assert report.holds
        assert any(said.endswith("does not change with it: W") for said in report.remarks)

    def test_frozen_beside_descent(self):
        report = report_of(OBJECT, OWN["descent"].replace("(dW, ", "(0 * dW, "))
        assert report.holds
        assert len(report.rows) == 4


class TestLossAfterwards:
    """A loss that is computed after an update, or in the second of two, moves with the states of
    the optimizer, which are no parameters: nothing is called wrong."""

    @pytest.mark.parametrize(
        "end",
        ["loss, _ = self.pass_through(x, y)", "loss, _ = self.pass_through(x, y); self.update(_)"],
    )
    def test_is_asked_for(self, end):
        own = module_of(BY_NAME, ("        return loss\n", f"        {end}\n        return loss\n"))
        with pytest.raises(TypeError, match="let it return its loss and its gradients"):
            check_model(own.Net().step, *DATA)
