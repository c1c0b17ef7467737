"""`check_model` on layers that are objects, as course work writes them."""

import numpy as np
import pytest
from sources import module_of

from proofs.checker.check_layer import check_layer
from proofs.checker.check_model import check_model

SOURCE = '''
import numpy as np

class Dense:
    def __init__(self, n, m, seed):
        self.W = np.random.default_rng(seed).standard_normal((n, m)) / 2
        self.b = np.zeros(m)
        self.dW, self.db = np.zeros_like(self.W), np.zeros_like(self.b)

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        self.dW = self.x.T @ dout
        self.db = dout.sum(axis=0)
        return dout @ self.W.T

class Updated(Dense):
    """Its backward pass changes the weights and keeps no gradient."""

    def backward(self, dout, learning_rate):
        dx = dout @ self.W.T
        self.W -= learning_rate * self.x.T @ dout
        self.b -= learning_rate * dout.sum(axis=0)
        return dx

class Tanh:
    def forward(self, x):
        self.y = np.tanh(x)
        return self.y

    def backward(self, dout):
        return dout * (1 - self.y**2)

class Dropout:
    def forward(self, x, training=True):
        self.mask = (np.random.rand(*x.shape) < 0.8) / 0.8 if training else 1.0
        return x * self.mask

    def backward(self, dout):
        return dout * self.mask

class SquaredError:
    def forward(self, pred, y):
        return np.mean((pred - y) ** 2)

    def backward(self, pred, y):
        return 2 * (pred - y) / y.size

class SoftmaxLoss:
    def forward(self, s, y):
        e = np.exp(s - s.max(axis=1, keepdims=True))
        self.p, self.y = e / e.sum(axis=1, keepdims=True), y
        return -np.log(self.p[np.arange(len(y)), y]).mean()

    def backward(self):
        d = self.p.copy()
        d[np.arange(len(d)), self.y] -= 1
        return d / len(d)

class Cell:
    """One step of a recurrence; its gradients are added up over the steps."""

    def __init__(self, n, seed):
        W, U = np.random.default_rng(seed).standard_normal((2, n, n)) / 2
        self.params = {"W": W, "U": U}
        self.grads = {name: np.zeros_like(w) for name, w in self.params.items()}
        self.kept = []

    def forward(self, x, h):
        new = np.tanh(x @ self.params["W"] + h @ self.params["U"])
        self.kept.append((x, h, new))
        return new

    def backward(self, dh):
        x, h, new = self.kept.pop()
        da = dh * (1 - new**2)
        self.grads["W"] += x.T @ da
        self.grads["U"] += h.T @ da
        return da @ self.params["W"].T, da @ self.params["U"].T

class Net:
    def __init__(self, loss, dense=Dense):
        self.layers = [dense(3, 5, 0), Tanh(), Dropout(), dense(5, 4, 1)]
        self.loss = loss

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, d, *rate):
        for layer in reversed(self.layers):
            d = layer.backward(d, *rate) if isinstance(layer, Dense) else layer.backward(d)
        return d

class Lazy:
    """Parameters and caches made at the first call, gradients added up."""

    def __init__(self, m):
        self.m, self.W, self.dW, self.kept = m, None, None, []

    def forward(self, x):
        if self.W is None:
            self.W = np.random.randn(x.shape[1], self.m)
            self.dW = np.zeros_like(self.W)
        self.kept.append(x)
        return x @ self.W

    def backward(self, dout):
        for x in self.kept:
            self.dW += x.T @ dout
        return dout @ self.W.T

class Keeps(Dense):
    """It keeps all it computes, and the gradients of it, as attributes."""

    def forward(self, x):
        self.z = super().forward(x)
        return np.tanh(self.z)

    def backward(self, dout):
        self.dz = dout * (1 - np.tanh(self.z) ** 2)
        self.dx = super().backward(self.dz)
        return self.dx

def classifier(net, x, y):
    loss = net.loss.forward(net.forward(x), y)
    net.backward(net.loss.backward())
    return loss

def regression(net, x, y):
    pred = net.forward(x)
    loss = net.loss.forward(pred, y)
    net.backward(net.loss.backward(pred, y))
    return loss

def updated(net, x, y):
    pred = net.forward(x)
    loss = net.loss.forward(pred, y)
    net.backward(net.loss.backward(pred, y), 0.1)
    return loss

def recurrent(net, x, y):
    cell, dense, loss = net
    h = np.zeros((x.shape[1], x.shape[2]))
    for t in range(len(x)):
        h = cell.forward(x[t], h)
    value = loss.forward(dense.forward(h), y)
    dh = dense.backward(loss.backward())
    for t in range(len(x)):
        _, dh = cell.backward(dh)
    return value

def example(step):
    random = np.random.default_rng(3)
    x, labels = random.standard_normal((6, 3)), np.array([0, 3, 1, 1, 2, 0])
    if step == "classifier":
        return Net(SoftmaxLoss()), x, labels
    if step == "regression":
        return Net(SquaredError()), x, random.standard_normal((6, 4))
    if step == "updated":
        return Net(SquaredError(), Updated), x, random.standard_normal((6, 4))
    net = [Cell(3, 0), Dense(3, 4, 1), SoftmaxLoss()]
    return net, random.standard_normal((4, 6, 3)), labels
'''
STEPS = ["classifier", "regression", "updated", "recurrent"]


def report_of(step, old="", new=""):
    """The report of a step, one line of the module being changed."""
    assert not old or SOURCE.count(old) >= 1, old
    module = module_of(SOURCE.replace(old, new, 1) if old else SOURCE)
    return check_model(getattr(module, step), *module.example(step))


class TestRight:
    """A right model of objects holds, every layer and every wire between them."""

    @pytest.mark.parametrize("step", STEPS)
    def test_holds(self, step):
        report = report_of(step)
        assert report.holds, report

    def test_layers_are_named_by_where_they_are_kept(self):
        places = {row.place for row in report_of("classifier").rows}
        assert {"layers[0] (Dense)", "loss (SoftmaxLoss)", "after layers[2] (Dropout)"} <= places

    def test_weights_are_judged(self):
        judged = {(row.place, row.quantity) for row in report_of("updated").rows}
        assert {("layers[0] (Updated)", "dW"), ("layers[3] (Updated)", "db")} <= judged

    def test_sums_over_uses_are_judged(self):
        judged = {(row.place, row.quantity) for row in report_of("recurrent").rows}
        assert ("parameter [0] (Cell).U", "sum") in judged

    @pytest.mark.parametrize(
        ("step", "body"),
        [
            ("classifier", "return classifier(net, x, y)"),
            ("recurrent", "return recurrent([cell, dense, loss], x, y)"),
        ],
    )
    def test_the_step_may_use_the_names_of_its_module(self, step, body):
        """As in a script whose functions use its global layers."""
        module = module_of(f"{SOURCE}\ndef by_name(_, x, y):\n    {body}")
        module.net, x, y = module.example(step)
        if step == "recurrent":
            module.cell, module.dense, module.loss = module.net
        report = check_model(module.by_name, module.net, x, y)
        assert report.holds
        assert len(report.rows) == len(report_of(step).rows)

    def test_the_model_is_left_as_it_was(self):
        module = module_of(SOURCE)
        net, x, y = module.example("updated")
        before = net.layers[0].W.copy()
        check_model(module.updated, net, x, y)
        assert np.array_equal(net.layers[0].W, before)
        assert set(vars(net.layers[1])) == set()


class TestLazy:
    """Parameters that are there only after the first call are judged, too."""

    @pytest.mark.parametrize("fault", [1, 2])
    def test_judged(self, fault):
        module = module_of(SOURCE.replace("self.dW += x.T", f"self.dW += {fault} * x.T"))
        layer = module.Lazy(3)
        report = check_layer(layer, np.random.default_rng(0).standard_normal((5, 4)))
        assert {row.quantity for row in report.rows} == {"dW", "dx"}
        assert report.holds == (fault == 1)
        assert layer.W is None

    @pytest.mark.parametrize("fault", [1, 2])
    @pytest.mark.parametrize("unset", ["self.W is None", "not hasattr(self, 'W')"])
    def test_judged_in_a_model(self, fault, unset):
        text = SOURCE.replace("self.dW += x.T", f"self.dW += {fault} * x.T")
        if "has" in unset:
            text = text.replace("self.m, self.W, self.dW, self.kept = m, None, None, []",
                                "self.m, self.kept = m, []")  # fmt: skip
        module = module_of(text.replace("self.W is None", unset))
        net = [module.Lazy(3), module.SquaredError()]

        def step(net, x, y):
            layer, loss = net
            pred = layer.forward(x)
            layer.backward(loss.backward(pred, y))
            return loss.forward(pred, y)

        random = np.random.default_rng(0)
        report = check_model(step, net, random.standard_normal((5, 4)), random.random((5, 3)))
        assert ("[0] (Lazy)", "dW") in {(row.place, row.quantity) for row in report.rows}
        assert {row.quantity for row in report.violations} == ({"dW"} if fault == 2 else set())


class TestCalledBefore:
    """What a layer keeps from a call before is none of its parameters."""

    def test_a_layer(self):
        module = module_of(SOURCE)
        layer, x = module.Keeps(3, 2, 0), np.ones((4, 3))
        first = check_layer(layer, x)
        layer.backward(layer.forward(x))
        again = check_layer(layer, x)
        assert first.holds
        assert again.grid() == first.grid() == [["Keeps", "dW ok", "db ok", "dx ok"]]

    def test_a_model(self):
        module = module_of(SOURCE)
        net, x, y = (
            module.Net(module.SquaredError(), module.Keeps),
            np.ones((6, 3)),
            np.zeros((6, 4)),
        )
        first = check_model(module.regression, net, x, y)
        module.regression(net, x, y)
        again = check_model(module.regression, net, x, y)
        assert first.holds
        assert again.grid() == first.grid()


class TestSetAnew:
    """Weights that a forward pass casts, clips or reshapes are parameters still."""

    @pytest.mark.parametrize(
        "sets", ["self.W.astype(x.dtype)", "np.clip(self.W, -0.5, 0.5)", "self.W.reshape(3, 2)"]
    )
    def test_they_are_judged(self, sets):
        text = SOURCE.replace("self.x = x\n", f"self.x = x; self.W = {sets}\n")
        assert text != SOURCE
        module = module_of(text.replace("self.dW = self.x.T @ d", "self.dW = 2 * self.x.T @ d"))
        random = np.random.default_rng(0)
        layer, x = module.Dense(3, 2, 0), random.standard_normal((4, 3))
        assert [v.quantity for v in check_layer(layer, x).violations] == ["dW"]

        def step(net, x, y):
            off = net[0].forward(x) - y
            net[0].backward(off)
            return (off**2).sum() / 2

        report = check_model(step, [module.Dense(3, 2, 0)], x, random.random((4, 2)))
        assert [v.quantity for v in report.violations] == ["dW"]


FAULTS = [
    ("classifier", "self.dW = self.x.T @ dout", "self.dW = self.x.T @ dout / 2",
     {("layers[0] (Dense)", "dW"), ("layers[3] (Dense)", "dW")}),
    ("classifier", "return dout * (1 - self.y**2)", "return dout * (1 - self.y)",
     {("layers[1] (Tanh)", "dx")}),
    ("classifier", "return dout * self.mask", "return dout", {("layers[2] (Dropout)", "dx")}),
    ("classifier", "return d / len(d)", "return d", {("loss (SoftmaxLoss)", "ds")}),
    ("regression", "return 2 * (pred - y) / y.size", "return (pred - y) / y.size",
     {("loss (SquaredError)", "dpred")}),
    ("updated", "self.b -= learning_rate * dout.sum(axis=0)",
     "self.b -= learning_rate * dout.mean(axis=0)",
     {("layers[0] (Updated)", "db"), ("layers[3] (Updated)", "db")}),
    ("updated", "dx = dout @ self.W.T\n        self.W -= learning_rate * self.x.T @ dout",
     "self.W -= learning_rate * self.x.T @ dout\n        dx = dout @ self.W.T",
     {("layers[0] (Updated)", "dx"), ("layers[3] (Updated)", "dx")}),
    ("recurrent", 'self.grads["U"] += h.T @ da', 'self.grads["U"] = h.T @ da',
     {("parameter [0] (Cell).U", "sum")}),
    ("recurrent", "_, dh = cell.backward(dh)", "_, dh = cell.backward(dh)\n        dh = dh / 2",
     {("after [0] (Cell) 1", "sum"), ("after [0] (Cell) 2", "sum"), ("after [0] (Cell) 3", "sum")}),
]  # fmt: skip


class TestWrong:
    """One wrong line is flagged at its place, and nowhere else."""

    @pytest.mark.parametrize(("step", "old", "new", "places"), FAULTS)
    def test_is_flagged_exactly(self, step, old, new, places):
        report = report_of(step, old, new)
        assert {(row.place, row.quantity) for row in report.violations} == places, report

    def test_an_overwritten_gradient_has_words(self):
        [row] = report_of("recurrent", 'self.grads["U"] += h.T', 'self.grads["U"] = h.T').violations
        assert "as with = for += where [0] (Cell) 1 U sends 0" in str(row)
        [row] = report_of("recurrent", 'self.grads["W"] += x.T', 'self.grads["W"] = x.T').violations
        assert "4 readers, only [0] (Cell) 1 W is counted: = for +=" in str(row)


KEPT = '''
import numpy as np

class Dense:
    """Its methods return nothing."""

    def __init__(self, n, m, seed):
        self.weights = np.random.default_rng(seed).standard_normal((n, m))
        self.biases = np.zeros((1, m))

    def forward(self, inputs):
        self.inputs = inputs
        self.output = inputs @ self.weights + self.biases

    def backward(self, dvalues):
        self.dweights = self.inputs.T @ dvalues
        self.dbiases = dvalues.sum(axis=0, keepdims=True)
        self.dinputs = dvalues @ self.weights.T

class Softmax:
    def forward(self, inputs):
        e = np.exp(inputs - inputs.max(axis=1, keepdims=True))
        self.output = e / e.sum(axis=1, keepdims=True)

class Loss:
    """It returns a number for each example, and its backward pass divides by how many they are."""

    def calculate(self, output, y):
        return np.mean(self.forward(output, y))

    def forward(self, y_pred, y_true):
        return -np.log(np.clip(y_pred, 1e-7, 1 - 1e-7))[range(len(y_true)), y_true]

class SoftmaxAndLoss:
    """What its backward pass takes is its own output."""

    def __init__(self):
        self.activation, self.loss = Softmax(), Loss()

    def forward(self, inputs, y_true):
        self.activation.forward(inputs)
        self.output = self.activation.output
        return self.loss.calculate(self.output, y_true)

    def backward(self, dvalues, y_true):
        self.dinputs = dvalues.copy()
        self.dinputs[range(len(dvalues)), y_true] -= 1
        self.dinputs = self.dinputs / len(dvalues)

def step(net, x, y):
    first, last, loss = net
    first.forward(x)
    last.forward(np.tanh(first.output))
    value = loss.forward(last.output, y)
    loss.backward(loss.output, y)
    last.backward(loss.dinputs)
    first.backward(last.dinputs * (1 - np.tanh(first.output) ** 2))
    return value
'''


class TestNothingReturned:
    """Layers whose methods return nothing, and a loss that is handed its own output."""

    def report_of(self, old="", new=""):
        module = module_of(KEPT, (old, new))
        net = [module.Dense(3, 4, 0), module.Dense(4, 3, 1), module.SoftmaxAndLoss()]
        x = np.random.default_rng(2).standard_normal((5, 3))
        return check_model(module.step, net, x, np.array([0, 2, 1, 1, 0]))

    def test_right(self):
        report = self.report_of()
        assert report.holds, report
        assert {row.place for row in report.rows} == {
            "[0] (Dense)", "[1] (Dense)", "after [0] (Dense)", "after [1] (Dense)"}  # fmt: skip

    @pytest.mark.parametrize(
        ("old", "new", "places"),
        [
            ("self.dinputs / len(dvalues)", "self.dinputs", {("after [1] (Dense)", "sum")}),
            ("dvalues.sum(axis=0", "dvalues.mean(axis=0",
             {("[0] (Dense)", "dbiases"), ("[1] (Dense)", "dbiases")}),
            ("(1 - np.tanh(first.output) ** 2)", "(1 - first.output**2)",
             {("after [0] (Dense)", "sum")}),
        ],
    )  # fmt: skip
    def test_wrong(self, old, new, places):
        report = self.report_of(old, new)
        assert {(row.place, row.quantity) for row in report.violations} == places, report

    def test_what_cannot_be_told_is_refused(self):
        module = module_of(KEPT)
        with pytest.raises(TypeError, match="some of both"):
            check_layer(module.SoftmaxAndLoss(), np.ones((2, 3)), np.array([0, 1]))


class TestTheLoss:
    """A loss read off an attribute is the output of its layer; its guard may be left out."""

    def test_holds(self):
        source = SOURCE.replace("-np.log(self.p[", "-np.log(1e-7 + self.p[")
        module = module_of(source.replace("return loss\n", "net.kept = loss\n    return loss\n"))
        before = module.SoftmaxLoss.forward

        def forward(self, s, y):
            self.value = before(self, s, y)
            return self.value

        module.SoftmaxLoss.forward = forward

        def step(net, x, y):
            module.classifier(net, x, y)
            return net.loss.value

        report = check_model(step, *module.example("classifier"))
        assert report.holds, report
        assert "right but for the small constant" in str(report)

    def test_a_guard_in_a_loss_that_is_no_layer(self):
        module = module_of(SOURCE)

        def step(net, x, y):
            s = net.forward(x)
            e = np.exp(s - s.max(axis=1, keepdims=True))
            p = e / e.sum(axis=1, keepdims=True)
            net.backward((p - y) / len(x))
            return -(y * np.log(p + 1e-8)).sum() / len(x)

        net, x, labels = module.example("classifier")
        report = check_model(step, net, x, np.eye(4)[labels])
        assert report.holds, report
        assert "after layers[3] (Dense), sum: right but for the small constant" in str(report)


class TestCorrelation:
    """A correlation conjugates its second array; the complex step that confirms must not."""

    @pytest.mark.parametrize("of", ["numpy", "scipy"])
    def test_holds(self, of):
        def forward(x, w):
            if of == "numpy":
                return np.correlate(x, w), (x, w)
            from scipy import signal

            return signal.correlate(x, w, "valid"), (x, w)

        def backward(d, cache):
            x, w = cache
            return np.convolve(d, w), np.correlate(x, d)

        draw = np.random.default_rng(0).standard_normal
        report = check_layer(forward, backward, draw(7), draw(3))
        assert report.holds, report
        assert "complex step" in str(report)


class TestOneLayer:
    """`check_layer` takes a loss that asks for no delta, and a layer that changes its weights."""

    @pytest.mark.parametrize("name", ["SoftmaxLoss", "SquaredError"])
    def test_a_loss(self, name):
        module = module_of(SOURCE)
        step = {"SoftmaxLoss": "classifier", "SquaredError": "regression"}[name]
        y = module.example(step)[-1]
        s = np.random.default_rng(0).standard_normal((6, 4))
        assert check_layer(getattr(module, name)(), s, y).holds

    def test_updated(self):
        module = module_of(SOURCE)
        report = check_layer(module.Updated(3, 4, 0), np.ones((2, 3)))
        assert report.holds
        assert {row.quantity for row in report.rows} == {"dx", "dW", "db"}


class Sum:
    """It takes a list and sends back a list; its parameters and gradients are in dictionaries."""

    def __init__(self, wrong=False):
        self.parameters, self.gradients = {"scale": np.array([2.0, 3.0])}, {"scale": np.zeros(2)}
        self.wrong = wrong

    def forward(self, X):
        self.X = X
        return (X[0] + X[1] ** 2) * self.parameters["scale"]

    def backward(self, dY):
        one, other = self.X
        self.gradients["scale"] += (dY * (one + other**2)).sum(axis=0)
        d = dY * self.parameters["scale"]
        return [d, d * other if self.wrong else 2 * d * other]


class TestNames:
    """The two methods may have other names; the first layer may send nothing back."""

    @pytest.mark.parametrize(
        ("forward", "backward"),
        [("forward", "backprop"), ("forward_pass", "backward_pass"), ("fprop", "bprop")],
    )
    @pytest.mark.parametrize("wrong", ["", " / 2"])
    def test_other_names(self, forward, backward, wrong):
        source = SOURCE.replace(".forward(", f".{forward}(").replace(
            "def forward(", f"def {forward}("
        )
        source = source.replace(".backward(", f".{backward}(")
        source = source.replace("def backward(", f"def {backward}(")
        source = source.replace(
            "learning_rate * self.x.T @ dout", f"learning_rate * self.x.T @ dout{wrong}"
        )
        module = module_of(source)
        report = check_model(module.updated, *module.example("updated"))
        found = {(row.place, row.quantity) for row in report.violations}
        assert found == ({(f"layers[{n}] (Updated)", "dW") for n in (0, 3)} if wrong else set())
        assert ("layers[0] (Updated)", "dW") in {(row.place, row.quantity) for row in report.rows}

    def test_nothing_is_sent_back(self):
        source = SOURCE.replace(
            "return dout @ self.W.T", "return dout @ self.W.T if len(self.W) > 3 else None"
        )
        module = module_of(source)
        report = check_model(module.classifier, *module.example("classifier"))
        assert report.holds, report
        assert ("layers[0] (Dense)", "dW") in {(row.place, row.quantity) for row in report.rows}


class Above:
    def __init__(self):
        self.w, self.b = np.eye(4, 3), np.ones(3)

    def forward(self, x):
        self.x = x
        return x @ self.w + self.b

    def backward(self, d):
        self._own(d)
        return d @ self.w.T

    def _own(self, d):
        self.gw, self.gb = self.x.T @ d, d.sum(axis=0)


class Below(Above):
    half = 1

    def forward(self, x):
        self.a = np.tanh(super().forward(x))
        return self.a

    def backward(self, d):
        return super().backward(d * (1 - self.a**2) / self.half)


class Beside(Above):
    def backward(self, d):
        return d @ self.w.T


class TestClassesAbove:
    """A gradient may be set first by a method of a class above, or by one that backward calls."""

    X = np.random.default_rng(0).standard_normal((5, 4))

    @pytest.mark.parametrize("half", [1, 2])
    def test_is_compared(self, half):
        layer = Below()
        layer.half = half
        rows = {row.quantity: row.holds for row in check_layer(layer, None, self.X).rows}
        assert rows == dict.fromkeys(("dw", "db", "dx"), half == 1)

    def test_a_method_that_is_never_called_sets_none(self):
        report = check_layer(Beside(), None, self.X)
        assert {row.quantity for row in report.rows} == {"dx"}


class TestOneErrorAlone:
    """A softmax that takes the error of one output alone is told from a wrong one."""

    SOURCE = """
import numpy as np

class Softmax:
    def forward(self, z):
        self.p = np.exp(z) / np.exp(z).sum()
        return self.p

    def backward(self, dout):
        for k, d in enumerate(dout):
            if d:
                return d * self.p[k] * ((np.arange(len(dout)) == k) - self.p)
"""

    @pytest.mark.parametrize(("old", "new"), [("", ""), (" - self.p)", ")")])
    def test_is_said(self, old, new):
        layer = module_of(self.SOURCE, (old, new)).Softmax()
        z = np.array([0.3, -0.2, 0.9])
        report = check_layer(layer, z)
        assert not report.holds
        assert ("with an error at one output alone" in str(report)) != bool(old)
        assert check_layer(layer, z, delta=np.array([0.0, 2.0, 0.0])).holds != bool(old)


class TestOneErrorOfTwo:
    """A cell that returns its state too, whose backward pass takes the error of its output."""

    SOURCE = """
import numpy as np

class Cell:
    def __init__(self):
        self.U = np.arange(6.0).reshape(3, 2) / 5

    def forward(self, x, h):
        self.x, self.z = x, x @ self.U + h
        return np.tanh(self.z), self.z

    def backward(self, dout):
        dz = dout * (1 - np.tanh(self.z) ** 2)
        self.dU = np.einsum("bi,bj->ij", self.x, dz)
        return dz @ self.U.T, dz
"""

    @pytest.mark.parametrize(("old", "new"), [("", ""), ("return dz @", "return 2 * dz @")])
    def test_is_judged(self, old, new):
        layer = module_of(self.SOURCE, (old, new)).Cell()
        report = check_layer(layer, np.ones((4, 3)) / 3, np.zeros((4, 2)))
        assert {row.quantity for row in report.rows} == {"dx", "dh", "dU"}
        assert {row.quantity for row in report.violations} == ({"dx"} if old else set())
        assert any("takes one error, that of the first" in remark for remark in report.remarks)


class TestSpelledOut:
    """Gradients of any usual name are compared; an array that has none is said."""

    SOURCE = """
import numpy as np

class Dense:
    def __init__(self):
        self.weights, self.bias = np.ones((3, 2)), np.ones(2)
        self.w_gradient, self.b_gradient = np.zeros((3, 2)), np.zeros(2)

    def forward(self, x):
        self.x = x
        return x @ self.weights + self.bias

    def backward(self, eta):
        self.w_gradient = self.x.T @ eta
        self.b_gradient = eta.sum(axis=0)
        return eta @ self.weights.T
"""

    def test_are_compared(self):
        report = check_layer(module_of(self.SOURCE).Dense(), np.ones((4, 3)))
        assert {row.quantity for row in report.rows} == {"dx", "dweights", "dbias"}
        assert report.holds

    def test_what_has_none_is_said(self):
        odd = self.SOURCE.replace("b_gradient", "moved")
        report = check_layer(module_of(odd).Dense(), np.ones((4, 3)))
        assert {row.quantity for row in report.rows} == {"dx", "dweights"}
        assert "Dense: no gradient was found for bias, moved" in report.remarks


class TestNothingToCompare:
    """A layer whose backward pass shows no gradient is a problem, and does not hold."""

    SOURCE = """
import numpy as np

class Forgetful:
    def __init__(self):
        self.w = np.ones((3, 2))

    def forward(self, x):
        self.x = x
        return x @ self.w

    def backward(self, dout):
        dw = self.x.T @ dout
        dx = dout @ self.w.T
"""

    def test_is_said(self):
        report = check_layer(module_of(self.SOURCE).Forgetful(), np.ones((4, 3)))
        assert not report.holds
        (problem,) = report.problems
        assert "no gradient was found: let backward return them, or keep them as" in problem


class TestDictionaries:
    """Parameters and gradients in dictionaries, inputs and what is sent back in lists."""

    @pytest.mark.parametrize("wrong", [False, True])
    def test_holds(self, wrong):
        X = list(np.random.default_rng(0).standard_normal((2, 3, 2)))
        report = check_layer(Sum(wrong), X)
        assert {row.quantity for row in report.rows} == {"dX[0]", "dX[1]", "dscale"}
        assert {row.quantity for row in report.violations} == ({"dX[1]"} if wrong else set())


class TestManners:
    """What cannot be judged is said."""

    def test_a_step_without_a_loss(self):
        module = module_of(SOURCE)
        net, x, _ = module.example("classifier")
        report = check_model(
            lambda net, x: (net.forward(x), net.backward(np.ones((6, 4))))[0], net, x
        )
        assert not report.holds
        assert "returned no loss" in str(report)


class Slotted:
    """A layer that has no dictionary of attributes."""

    __slots__ = ("W", "dW", "x")

    def __init__(self):
        self.W = np.eye(3, 2)

    def forward(self, x):
        self.x = x
        return x @ self.W

    def backward(self, delta):
        self.dW = self.x.T @ delta
        return delta @ self.W.T


class TestSlots:
    """A layer whose attributes cannot be others for a while is refused, with what to do."""

    def test_a_layer(self):
        with pytest.raises(TypeError, match=r"Slotted: expected .* take that out of the class"):
            check_layer(Slotted(), np.ones((4, 3)))

    def test_among_what_a_step_is_given(self):
        def step(layers, x):
            out = layers[0].forward(x)
            return (out**2).sum() / 2, layers[0].backward(out)

        with pytest.raises(TypeError, match=r"Slotted: expected .* take that out of the class"):
            check_model(step, [Slotted()], np.ones((4, 3)))


class Short:
    """A layer whose gradients are called by one letter, its parameters by whole words."""

    def __init__(self, factor=1.0):
        self.weights, self.bias, self.factor = np.eye(3, 2) + 0.5, np.ones((1, 2)), factor

    def forward(self, x):
        self.x = x
        return x @ self.weights + self.bias

    def backward(self, dout):
        self.grad_w = self.x.T @ dout
        self.grad_b = self.factor * dout.sum(axis=0, keepdims=True)
        return dout @ self.weights.T


class TestShortNames:
    """grad_w beside weights, and grad_b beside bias, are their gradients."""

    @pytest.mark.parametrize(("factor", "wrong"), [(1.0, []), (2.0, ["dbias"])])
    def test_they_are_judged(self, factor, wrong):
        report = check_layer(Short(factor), np.random.default_rng(0).standard_normal((4, 3)))
        assert {"dx", "dweights", "dbias"} == {row.quantity for row in report.rows}
        assert [row.quantity for row in report.violations] == wrong


class Half:
    """A layer of weights whose gradient is `part` of the right one."""

    def __init__(self, seed, part=1.0):
        self.W, self.part = np.random.default_rng(seed).standard_normal((3, 3)), part

    def forward(self, x):
        self.x = x
        return x @ self.W

    def backward(self, d):
        self.dW = self.part * self.x.T @ d
        return d @ self.W.T


class TestTwoModels:
    """A generator and a critic, or a network and its target, are told apart where both are lists
    of the same layers."""

    X = np.random.default_rng(5).standard_normal((4, 3))

    @staticmethod
    def both(first, second, x):
        out = second[0].forward(first[0].forward(x))
        first[0].backward(second[0].backward(out))
        return (out**2).sum() / 2

    @staticmethod
    def target(net, frozen, x):
        left = net[0].forward(x) - frozen[0].forward(x + 1)
        net[0].backward(left)
        return (left**2).sum() / 2

    def test_right(self):
        assert check_model(self.both, [Half(0)], [Half(1)], self.X).holds
        assert check_model(self.target, [Half(0)], [Half(1)], self.X).holds

    def test_wrong_in_the_second(self):
        report = check_model(self.both, [Half(0)], [Half(1, part=0.5)], self.X)
        assert {v.place for v in report.violations} == {"[0] (Half) of argument 2"}
        report = check_model(self.target, [Half(0, part=0.5)], [Half(1)], self.X)
        assert {v.place for v in report.violations} == {"[0] (Half)"}
