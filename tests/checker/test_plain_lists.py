"""`check_model` on networks in plain Python, whose numbers stand in lists."""

import pytest
from sources import module_of

from proofs.checker.check_model import check_model

pytestmark = pytest.mark.usefixtures("no_words")

NET = """
import math

class Net:
    def __init__(self):
        self.w, self.b = [[0.3, -0.2], [0.5, 0.4], [-0.6, 0.1]], [0.1, 0.0, -0.2]
        self.v, self.c = [0.7, -0.4, 0.2], 0.1

    def step(self, x, y):
        h = [math.tanh(sum(w * a for w, a in zip(row, x)) + b) for row, b in zip(self.w, self.b)]
        d = sum(v * a for v, a in zip(self.v, h)) + self.c - y
        dv = [d * a for a in h]
        db = [d * v * (1 - a**2) for v, a in zip(self.v, h)]
        dw = [[e * a for a in x] for e in db]
        END
"""
ENDS = {
    "returned": 'return d**2 / 2, {"w": dw, "b": db, "v": dv, "c": d}',
    "kept": "self.dw, self.db, self.dv, self.dc = dw, db, dv, d; return d**2 / 2",
    "descent": """
        for j, row in enumerate(self.w):
            for i in range(len(row)):
                row[i] -= 0.1 * dw[j][i]
            self.b[j] -= 0.1 * db[j]
            self.v[j] -= 0.1 * dv[j]
        self.c -= 0.1 * d
        return d**2 / 2""",
    "signs": """
        dc = d
        for j, row in enumerate(self.w):
            self.w[j] = [w - 0.1 * g / abs(g) for w, g in zip(row, dw[j])]
        for name, g in (("b", db), ("v", dv)):
            setattr(self, name, [x - 0.1 * e / abs(e) for x, e in zip(getattr(self, name), g)])
        self.c -= 0.1 * dc / abs(dc)
        return d**2 / 2""",
}
FUNCTION = """
def step(w, b, v, x, y):
    h = [sum(each * a for each, a in zip(row, x)) + c for row, c in zip(w, b)]
    d = sum(each * a for each, a in zip(v, h)) - y
    db = [d * each for each in v]
    return d**2 / 2, [[e * a for a in x] for e in db], db, [d * a for a in h]
"""
NEURONS = """
import math

class Neuron:
    def __init__(self, weights):
        self.weights, self.bias = weights, 0.1

    def forward(self, x):
        self.x, self.a = x, math.tanh(sum(w * e for w, e in zip(self.weights, x)) + self.bias)
        return self.a

class Net:
    def __init__(self):
        self.layers = [[Neuron([0.3, -0.2]), Neuron([0.5, 0.4])], [Neuron([-0.6, 0.1])]]

    def step(self, x, y):
        for layer in self.layers:
            x = [neuron.forward(x) for neuron in layer]
        hidden, (out,) = self.layers
        out.delta = (out.a - y) * (1 - out.a**2)
        for w, neuron in zip(out.weights, hidden):
            neuron.delta = w * out.delta * (1 - neuron.a**2)
        for neuron in (*hidden, out):
            for n, e in enumerate(neuron.x):
                neuron.weights[n] -= 0.5 * neuron.delta * e
            neuron.bias -= 0.5 * neuron.delta
        return (out.a - y)**2 / 2
"""


class TestObjects:
    """Lists that an object keeps are learnt as arrays are; a wrong slope is flagged before it."""

    @pytest.mark.parametrize("end", ENDS)
    @pytest.mark.parametrize(
        ("slope", "wrong"), [("1 - a**2", set()), ("1 - a", {"dw", "db"})], ids=["right", "wrong"]
    )
    def test_judged(self, end, slope, wrong):
        own = module_of(NET, ("END", ENDS[end].strip()), ("1 - a**2", slope))
        report = check_model(own.Net().step, [0.5, -0.8], 1.0)
        assert {row.quantity for row in report.violations} == wrong
        assert {row.quantity for row in report.rows} == {"dw", "db", "dv", "dc"}

    @pytest.mark.parametrize(
        ("slope", "wrong"),
        [("1 - neuron.a**2", set()), ("1 - neuron.a", {"dweights[0]", "dbias[0]"})],
    )
    def test_neurons(self, slope, wrong):
        own = module_of(NEURONS, ("1 - neuron.a**2", slope))
        report = check_model(own.Net().step, [0.5, -0.8], 1.0)
        assert {row.quantity for row in report.violations} == wrong
        assert len(report.rows) == 4


class TestOneByOne:
    """Lists may be arguments one by one: none of them is left out."""

    @pytest.mark.parametrize(
        ("old", "new", "wrong"), [("", "", "-"), ("d * a for", "2 * d * a for", "v"),
                                  ("[d * each", "[-d * each", "wb")],
    )  # fmt: skip
    def test_judged(self, old, new, wrong):
        step = module_of(FUNCTION, (old, new)).step
        params = [[0.3, -0.2], [0.5, 0.4]], [0.1, -0.1], [0.7, -0.4]
        report = check_model(step, *params, [0.5, -0.8], 1.0)
        assert len(report.rows) == 8
        assert {row.quantity[1] for row in report.violations} == {*wrong} - {"-"}
