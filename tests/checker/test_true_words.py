"""What is said of a wrong layer or step is true of it, or nothing is said."""

import tracemalloc

import numpy as np
import pytest
from sources import module_of

from proofs.checker import wrong, wrong_edits, wrong_lines
from proofs.checker.check_layer import check_layer
from proofs.checker.check_model import check_model
from proofs.checker.wrong_factors import powers

draw = np.random.default_rng(0).standard_normal


def words(report):
    """All that is said of what is wrong."""
    return {line for row in report.violations for line in row.says}


class TestSeveralOutputs:
    """Outputs that a forward pass returns as one tuple are told apart, of whatever shapes."""

    @staticmethod
    def forward(x, w):
        h = np.tanh(x * w)
        return (h, h * w), (x, w, h)

    @staticmethod
    def uneven(x, w):
        h = np.tanh(x * w)
        return (h, (h * w).sum(axis=1)), (x, w, h)

    @staticmethod
    def backward(deltas, cache, counted=True):
        first, second = deltas
        second = second.reshape(len(second), -1)
        x, w, h = cache
        dh = (first + counted * second * w) * (1 - h**2)
        return dh * w, dh * x + second * h

    @pytest.mark.parametrize("forward", [forward, uneven])
    def test_right(self, forward):
        report = check_layer(forward, self.backward, draw((5, 4)), draw((5, 4)))
        assert report.holds, report
        assert "changes the delta" not in str(report)

    @pytest.mark.parametrize("forward", [forward, uneven])
    def test_the_one_whose_error_is_forgotten_is_named(self, forward):
        def back(deltas, cache):
            return self.backward(deltas, cache, counted=False)

        report = check_layer(forward, back, draw((5, 4)), draw((5, 4)))
        assert "the error of output 2 is left out" in words(report)
        assert "index along axis 0" not in str(report)

    def test_a_delta_that_is_given(self):
        x, w = draw((2, 5, 4))
        deltas = draw((5, 4)), draw(5)
        assert check_layer(self.uneven, self.backward, x, w, delta=deltas).holds
        assert check_layer(self.forward, self.backward, x, w, delta=draw((2, 5, 4))).holds
        with pytest.raises(ValueError, match="delta: expected shapes"):
            check_layer(self.uneven, self.backward, x, w, delta=draw((5, 4)))

    def test_a_delta_that_is_changed_is_said(self):
        def back(deltas, cache):
            found = self.backward(deltas, cache)
            deltas[0][...] = 0
            return found

        report = check_layer(self.forward, back, *draw((2, 5, 4)))
        assert "changes the delta" in str(report)

    @pytest.mark.parametrize("outputs", ["(h, h * w)", "(h, (h * w).sum(axis=1))"])
    def test_in_a_model(self, outputs):
        module = module_of(
            f"""
import numpy as np

def cell_forward(x, w):
    h = np.tanh(x * w)
    return {outputs}, (x, w, h)

def cell_backward(deltas, cache):
    first, second = deltas
    second = second.reshape(len(second), -1)
    x, w, h = cache
    dh = (first + second * w) * (1 - h**2)
    return dh * w, dh * x + second * h

def step(params, x):
    (h, s), cache = cell_forward(x, params["w"])
    loss = ((h**2).sum() + (s**2).sum()) / 2
    dx, dw = cell_backward((h, s), cache)
    return loss, {{"w": dw}}
"""
        )
        report = check_model(module.step, {"w": draw((5, 4))}, draw((5, 4)))
        assert report.holds, report
        assert len(report.rows) == 5


AFFINE = """
import numpy as np

def affine_forward(x, w, b):
    z = x @ w + b
    return FORM, (x, w)

def affine_backward(dout, cache):
    x, w = cache
    return dout @ w.T, x.T @ dout, dout.sum(axis=0)
"""
FORMS = {
    "np.maximum(0, z)": "the slope of np.maximum(0, z) is taken as 1 (line 6)",
    "np.where(z > 0, z, 0)": "the slope of np.where(z > 0, z, 0) is taken as 1 (line 6)",
    "np.clip(z, -1, 1)": "the slope of np.clip(z, -1, 1) is taken as 1 (line 6)",
    "abs(z)": "the slope of abs(z) is taken as 1 (line 6)",
    "z / (1 + np.arange(4))": "the division by 1 + np.arange(4) in z / (1 + np.arange(4)) is",
    "z * (z > 0)": "the factor z > 0 of z in z * (z > 0) is left out (line 6:",
}


class TestKinks:
    """A slope of a kink that is missing is named, also behind a product of matrices."""

    @staticmethod
    def report(source, seed):
        module, random = module_of(source), np.random.default_rng(seed)
        inputs = [random.standard_normal(shape) for shape in ((5, 6), (6, 4), 4)]
        return check_layer(module.affine_forward, module.affine_backward, *inputs)

    @pytest.mark.parametrize("seed", range(3))
    @pytest.mark.parametrize("form", FORMS)
    def test_named(self, form, seed):
        report = self.report(AFFINE.replace("FORM", form), seed)
        assert {row.quantity for row in report.violations} == {"dx", "dw", "db"}
        [said] = words(report)
        assert FORMS[form] in said

    def test_numbers_that_are_set(self):
        source = AFFINE.replace("    return FORM", "    z[z < 0] = 0\n    return z")
        [said] = words(self.report(source, 0))
        assert said == "the error passes through z[z < 0], as if it had not been set (line 6)"


class TestAMaskThatIsAnInput:
    """An input that only chooses, as a mask does, may be said to be flipped."""

    def test_flipped(self):
        mask = np.where(np.tri(4) > 0, 0.0, -1e9)

        def forward(s, mask):
            e = np.exp(s + mask - (s + mask).max(axis=1, keepdims=True))
            p = e / e.sum(axis=1, keepdims=True)
            return p, (s, mask)

        def back(d, cache):
            s, mask = cache
            p, _ = forward(s, mask.T)
            return p * (d - (d * p).sum(axis=1, keepdims=True)), None

        report = check_layer(forward, back, draw((4, 4)), mask)
        assert "mask is not transposed" in words(report)


WHOLE = """
import numpy as np

def step(params, x, y):
    z1 = x @ params["W1"] + params["b1"]
    a1 = np.tanh(z1)
    z2 = a1 @ params["W2"] + params["b2"]
    e = np.exp(z2 - z2.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    n = np.arange(len(y))
    loss = -np.log(p[n, y]).mean()
    dz2 = p.copy()
    dz2[n, y] -= 1
    dz2 /= len(y)
    da1 = dz2 @ params["W2"].T
    dz1 = da1 * (1 - a1**2)
    grads = {"W1": x.T @ dz1, "b1": dz1.sum(axis=0), "W2": a1.T @ dz2, "b2": dz2.sum(axis=0)}
    return loss, grads
"""


class TestTheLine:
    """The first line whose number is not the error that it should be is quoted, in a step too."""

    @staticmethod
    def report(old, new):
        assert old in WHOLE
        shapes = {"W1": (4, 5), "b1": 5, "W2": (5, 3), "b2": 3}
        params = {name: draw(shape) for name, shape in shapes.items()}
        step = module_of(WHOLE.replace(old, new)).step
        return check_model(step, params, draw((6, 4)), np.arange(6) % 3)

    def test_right(self):
        assert self.report("", "").holds

    def test_quoted(self, monkeypatch):
        # Where there is time, the change that mends it is found, and is said instead.
        monkeypatch.setattr(wrong_edits, "SECONDS", 0.0)
        line = 'da1 = dz2 @ params["W2"][:, ::-1].T'
        report = self.report('da1 = dz2 @ params["W2"].T', line)
        [said] = words(report)
        assert said.startswith(f"line 15: {line}: da1 is not the error of a1, at (")

    def test_a_number_that_is_changed_in_place(self):
        said = words(self.report("dz2[n, y] -= 1", "dz2[n, y] -= 0.9"))
        quoted = "after line 14: dz2 /= len(y): dz2 is not the error of z2, at ("
        assert any(each.startswith(quoted) for each in said)

    def test_nothing_is_said_where_no_line_explains_it(self):
        report = self.report(
            'grads = {"W1": x.T @ dz1,', 'grads = {"W1": np.cos(x.T @ dz1 * (1 + x.T @ dz1)),'
        )
        assert words(report) == set()

    def test_a_factor_too_many_is_named(self):
        report = self.report(
            'grads = {"W1": x.T @ dz1,', 'grads = {"W1": x.T @ dz1 * (1 + x.T @ dz1),'
        )
        (said,) = words(report)
        assert "x.T @ dz1 in place of x.T @ dz1 * (1 + x.T @ dz1), in line " in said


BESIDE_A_GUARD = """
import numpy as np

def step(P, x, scale):
    h = x @ P["W"]
    m, s = h @ P["M"], h @ P["S"]
    p = 1 / (1 + np.exp(-scale * (m + np.exp(s))))
    loss = -np.log(1 - p + 1e-12).sum() + (m**2).sum() - s.sum() + np.exp(s).sum()
    dz = scale * p
    dm = dz + 2 * m
    ds = dz * np.exp(s) - (1 - np.exp(s))
    dh = dm @ P["M"].T + ds @ P["S"].T
    return loss, {"W": x.T @ dh, "M": h.T @ dm, "S": h.T @ ds}
"""


class TestBesideAGuard:
    """Where right gradients leave out a guard, a wrong one is told from what is right without it,
    and no line is named for the guard's sake, or for what rounding makes of it."""

    @pytest.mark.parametrize("scale", [0.7, 6.0])
    def test_the_fault_alone_is_named(self, scale, monkeypatch):
        if scale > 1:
            monkeypatch.setattr(wrong_edits, "SECONDS", 0.0)
        source = BESIDE_A_GUARD.replace("- (1 - np.exp(s))", "+ (1 - np.exp(s))")
        x = np.random.default_rng(0).standard_normal((6, 3))
        params = {"W": np.eye(3), "M": np.eye(3, 2), "S": np.eye(3, 2)[::-1] / 2}
        report = check_model(module_of(source).step, params, x, scale)
        assert {row.quantity for row in report.violations} == {"dW", "dS"}
        assert any("but for the small constant" in said for said in report.remarks)

        (said,) = words(report)
        mended = "right with - (1 - np.exp(s)) in place of + (1 - np.exp(s)), in line 11"
        assert (mended if scale < 1 else "line 11: ds =") in said
        assert "line 10" not in said


class TestLargeInputs:
    """Words are looked for in little memory, or not at all."""

    def test_a_long_input(self, monkeypatch):
        """All its numbers pushed at once would take 300 MB."""
        monkeypatch.setattr(wrong, "GUESSES", (powers, wrong_lines.lines))

        def back(d, x):
            return 2 * d * x + d * np.roll(x, 1) ** 2

        tracemalloc.start()
        try:
            report = check_layer(lambda x: ((np.tanh(x) ** 2).sum(), x), back, draw(6000))
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert not report.holds
        assert peak < 150e6


class TestAnotherSize:
    """A gradient of another size is said to be one, by whatever name it comes."""

    @pytest.mark.parametrize("wrt", [None, ["x", "w"]])
    def test_of_a_layer(self, wrt):
        def back(d, cache):
            x, w = cache
            dx, dw = d @ w.T, (x.T @ d).sum()
            return (dx, dw) if wrt else {"dx": dx, "dw": dw}

        report = check_layer(
            lambda x, w: (x @ w, (x, w)), back, draw((4, 3)), draw((3, 2)), wrt=wrt
        )
        [row] = report.violations
        assert (row.quantity, row.detail) == ("dw", "expected the shape (3, 2), got ()")

    def test_of_an_object(self):
        source = OBJECTS.replace("dout.sum(axis=0)", "dout.sum()").replace("FIRST", "data")
        module = module_of(source)
        report = check_model(module.layers, module.Net(), draw((6, 4)), np.arange(6) % 3)
        assert {row.quantity for row in report.violations} == {"db"}


DECAYED = """
import numpy as np

def affine_forward(x, w):
    return x @ w, (x, w)

def affine_backward(dout, cache):
    x, w = cache
    return dout @ w.T, x.T @ dout

def step(params, x, y):
    out, cache = affine_forward(x, params["w"])
    off = out - y
    loss = (off**2).sum() / 2 + PENALTY
    dx, dw = affine_backward(off, cache)
    return loss, {"w": dw + (GRADIENT)}
"""
SQUARES, SIZES = '0.05 * (params["w"]**2).sum()', '0.1 * abs(params["w"]).sum()'
ITSELF, AND_NONE = "the parameter itself", ", and the loss has no such term"
IN_THE_LOSS = "the loss has a weight decay, whose gradient is 0.1 times {}: {}"
DECAYS = [
    (SQUARES, "0", IN_THE_LOSS.format(ITSELF, "it is not counted")),
    (SQUARES, '0.05 * params["w"]', IN_THE_LOSS.format(ITSELF, "0.05 times is counted")),
    (SQUARES, '-0.1 * params["w"]', IN_THE_LOSS.format(ITSELF, "-0.1 times is counted")),
    (SIZES, "0", IN_THE_LOSS.format("its sign", "it is not counted")),
    ("0", '0.1 * params["w"]', f"0.1 times {ITSELF} is added{AND_NONE}"),
    ("0", '0.1 * np.sign(params["w"])', f"0.1 times its sign is added{AND_NONE}"),
    ('(params["w"]**4).sum()', '4 * params["w"]**3 + 0.1 * params["w"]',
     f"0.1 times {ITSELF} is added"),
]  # fmt: skip


class TestWeightDecay:
    """It is said what the loss has of it, and how much of that counts."""

    @pytest.mark.parametrize(("penalty", "gradient", "said"), DECAYS)
    def test_said(self, penalty, gradient, said):
        source = DECAYED.replace("PENALTY", penalty).replace("GRADIENT", gradient)
        report = check_model(
            module_of(source).step, {"w": draw((4, 3))}, draw((6, 4)), draw((6, 3))
        )
        [row] = report.violations
        assert (row.place, row.says) == ("parameter w", (said,))


OBJECTS = """
import numpy as np

class Dense:
    def __init__(self, n, m):
        self.W, self.b = np.linspace(-1, 1, n * m).reshape(n, m), np.zeros(m)

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, dout):
        self.dW, self.db = self.x.T @ dout, dout.sum(axis=0)
        return dout @ self.W.T

class Net:
    def __init__(self):
        self.first, self.last = Dense(4, 5), Dense(5, 3)

class Bare:
    def __init__(self):
        self.W = np.linspace(-1, 1, 12).reshape(4, 3)

def softmax_loss(scores, y):
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    n = np.arange(len(y))
    loss, accuracy = -np.log(p[n, y]).mean(), (p.argmax(axis=1) == y).mean()
    p[n, y] -= 1
    return loss, accuracy, p / len(y)

def layers(net, x, y):
    h = np.tanh(net.first.forward(x))
    loss, accuracy, d = softmax_loss(net.last.forward(h), y)
    data = loss
    loss = loss + 0.05 * sum((layer.W**2).sum() for layer in (net.first, net.last))
    net.first.backward(net.last.backward(d) * (1 - h**2))
    for layer in (net.first, net.last):
        layer.dW = layer.dW + 0.1 * layer.W
    return FIRST, loss

def whole(net, x, y):
    data, accuracy, d = softmax_loss(x @ net.W, y)
    loss = data + 0.05 * (net.W**2).sum()
    return FIRST, loss, {"W": x.T @ d + 0.1 * net.W}
"""


class TestWhichNumberIsTheLoss:
    """Of several numbers that come before the loss none is taken for it, wherever weights are."""

    @pytest.mark.parametrize("first", ["accuracy", "data", "100 * accuracy, data"])
    @pytest.mark.parametrize(("step", "net"), [("layers", "Net"), ("whole", "Bare")])
    def test_right(self, step, net, first):
        module = module_of(OBJECTS.replace("FIRST", first))
        x, y = draw((6, 4)), np.arange(6) % 3
        report = check_model(getattr(module, step), getattr(module, net)(), x, y)
        assert report.holds, report
        assert "is taken for the loss" in str(report)


class TestOneAndSeveral:
    """One number is spoken of as one."""

    def test_one_that_no_output_depends_on(self):
        report = check_layer(lambda x: (x[1:] ** 2, x), lambda d, x: 2 * x * np.r_[1, d], draw(5))
        [said] = words(report)
        assert said.startswith("1 number that no output depends on (")
        assert said.endswith(") is sent an error, at (0,)")

    def test_one_index(self):
        def back(d, x):
            d = 2 * x * d
            d[1] *= 3
            return d

        assert "index 1 of axis 0 is 3 times what it should be" in words(
            check_layer(lambda x: (x**2, x), back, draw((4, 3)))
        )

    def test_several_axes(self):
        report = check_layer(
            lambda x: (x**2, x),
            lambda d, x: 2 * x * np.pad(d[:1, :1], ((0, 3), (0, 2))),
            draw((4, 3)),
        )
        assert any("index along axes 0 and 1 of delta counts" in said for said in words(report))


PRINTS = """
import numpy as np

def affine_forward(x, w):
    print("forward")
    return x @ w, (x, w)

def affine_backward(dout, cache):
    print("backward")
    x, w = cache
    return dout @ w.T, FACTOR * x.T @ dout

class Dense:
    def __init__(self):
        self.W = np.linspace(-1, 1, 12).reshape(4, 3)

    def forward(self, x):
        print("forward")
        self.x = x
        return x @ self.W

    def backward(self, dout):
        print("backward")
        self.dW = FACTOR * self.x.T @ dout
        return dout @ self.W.T

def pairs(params, x, y):
    out, cache = affine_forward(x, params["w"])
    off = out - y
    print("loss")
    return (off**2).sum() / 2, {"w": affine_backward(off, cache)[1]}

def objects(layers, x, y):
    off = layers[0].forward(x) - y
    print("loss")
    layers[0].backward(off)
    return (off**2).sum() / 2

def numbers(params, x, y):
    off = x @ params["w"] + params["b"] - y
    print("loss")
    return (off**2).sum() / 2, {"w": FACTOR * x.T @ off, "b": off.sum()}

def bare(layer, x, y):
    off = x @ layer.W - y
    print("loss")
    return (off**2).sum() / 2, {"W": FACTOR * x.T @ off}
"""
CHECKS = {
    "a pair": lambda m, x, y: check_layer(m.affine_forward, m.affine_backward, x, draw((4, 3))),
    "an object": lambda m, x, y: check_layer(m.Dense(), x),
    "pairs": lambda m, x, y: check_model(m.pairs, {"w": draw((4, 3))}, x, y),
    "objects": lambda m, x, y: check_model(m.objects, [m.Dense()], x, y),
    "numbers": lambda m, x, y: check_model(m.numbers, {"w": draw((4, 3)), "b": 0.3}, x, y),
    "bare": lambda m, x, y: check_model(m.bare, m.Dense(), x, y),
}


class TestWhatIsPrinted:
    """What the user's code prints is printed once, however often it runs."""

    @pytest.mark.parametrize("factor", [1, 2, "np.array([[1], [2], [1], [1]])"])
    @pytest.mark.parametrize("kind", CHECKS)
    def test_once(self, kind, factor, capsys):
        module = module_of(PRINTS.replace("FACTOR", str(factor)))
        report = CHECKS[kind](module, draw((5, 4)), draw((5, 3)))
        assert report.holds == (factor == 1)
        said = capsys.readouterr().out.split()
        assert said
        assert len(said) == len(set(said))
