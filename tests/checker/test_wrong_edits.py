"""The change of a backward pass that makes it right: one line of the user's, or two."""

import os
import sqlite3
import threading
from contextlib import closing

import numpy as np
import pytest
from sources import module_of

from proofs.checker import wrong, wrong_edits
from proofs.checker.check_layer import check_layer
from proofs.checker.check_model import check_model

SOURCE = """
from collections import namedtuple
import numpy as np

def bn_forward(x, gamma, beta, eps=1e-5):
    mu = x.mean(axis=0)
    istd = 1 / np.sqrt(x.var(axis=0) + eps)
    xhat = (x - mu) * istd
    return gamma * xhat + beta, (xhat, istd, gamma)

def bn_backward(dout, cache):
    xhat, istd, gamma = cache
    N = dout.shape[0]
    dxhat = dout * gamma
    dx = istd / N * (N * dxhat - dxhat.sum(axis=0) - xhat * (dxhat * xhat).sum(axis=0))
    return dx, (dout * xhat).sum(axis=0), dout.sum(axis=0)

def ln_forward(x, gamma, beta, eps=1e-5):
    xc = x - np.mean(x, axis=1, keepdims=True)
    std = np.sqrt(np.mean(xc**2, axis=1, keepdims=True) + eps)
    return gamma * (xc / std) + beta, (xc / std, std, gamma)

def ln_backward(dout, cache):
    xhat, std, gamma = cache
    D = dout.shape[1]
    dxhat = dout * gamma
    mean = np.sum(dxhat, axis=1, keepdims=True)
    dx = (D * dxhat - mean - xhat * np.sum(dxhat * xhat, axis=1, keepdims=True)) / D / std
    return dx, (dout * xhat).sum(axis=0), dout.sum(axis=0)

def loop_forward(x, U):
    h, hs = np.zeros(x.shape[1:]), []
    for each in x:
        hs.append((h, h := np.tanh(each + h @ U)))
    return np.stack([h for _, h in hs]), (U, hs)

def loop_backward(dout, cache):
    U, hs = cache
    dx = np.zeros_like(dout)
    def back(dU, dh):
        for t in reversed(range(len(hs))):
            prev, h = hs[t]
            dz = (dout[t] + dh) * (1 - h * h)
            dU += prev.T @ dz
            dx[t], dh = dz, dz @ U.T
        return dU
    dU = back(np.zeros_like(U), np.zeros_like(dout[0]))
    return dx, dU

Pair = namedtuple("Pair", "W V")

def pair_forward(x, theta):
    h = np.tanh(x @ theta.W)
    return h @ theta.V, (x, h, theta)

def pair_backward(dout, cache):
    x, h, theta = cache
    dz = dout @ theta.V.T * (1 - h**2)
    return dz @ theta.W.T, Pair(x.T @ dz, h.T @ dout)

WORDS = np.array([[0, 2], [2, 2], [1, 0]])

def words_forward(E):
    return E[WORDS] * E[WORDS].sum(1, keepdims=True), E

def words_backward(dout, E):
    dE = np.zeros_like(E)
    back = dout * E[WORDS].sum(1, keepdims=True) + (dout * E[WORDS]).sum(1, keepdims=True)
    np.add.at(dE, WORDS, back)
    return dE

def rnn_forward(x, h0, Wx, Wh, b):
    h, hs = h0, []
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ Wx + h @ Wh + b)
        hs.append(h)
    return np.stack(hs, axis=1), (x, h0, Wx, Wh, hs)

def rnn_backward(dout, cache):
    x, h0, Wx, Wh, hs = cache
    dx = np.zeros_like(x)
    dWx, dWh, db = np.zeros_like(Wx), np.zeros_like(Wh), np.zeros(len(Wh))
    dh_next = np.zeros_like(h0)
    for t in reversed(range(x.shape[1])):
        dh = dout[:, t] + dh_next
        dz = dh * (1 - hs[t] ** 2)
        prev = hs[t - 1] if t > 0 else h0
        dx[:, t] = dz @ Wx.T
        dWx += x[:, t].T @ dz
        dWh += prev.T @ dz
        db += dz.sum(axis=0)
        dh_next = dz @ Wh.T
    return dx, dh_next, dWx, dWh, db

def conv_forward(x, w, dilation=2):
    k = w.shape[2]
    n = x.shape[2] - dilation * (k - 1)
    out = 0
    for j in range(k):
        out = out + np.einsum("nci,fc->nfi", x[:, :, j * dilation : j * dilation + n], w[:, :, j])
    return out, (x, w, dilation)

def conv_backward(dout, cache):
    x, w, dilation = cache
    dx, dw, n = np.zeros_like(x), np.zeros_like(w), dout.shape[2]
    for j in range(w.shape[2]):
        dx[:, :, j * dilation : j * dilation + n] += np.einsum("nfi,fc->nci", dout, w[:, :, j])
        dw[:, :, j] = np.einsum("nfi,nci->fc", dout, x[:, :, j * dilation : j * dilation + n])
    return dx, dw

class Scale:
    def __init__(self):
        self.W = np.linspace(1, 2, 4)

    def forward(self, x):
        self.x = x
        return np.sin(x * self.W)

    def backward(self, dout):
        d = dout * np.cos(self.x * self.W)
        self.dW = (d * self.x).sum(axis=0)
        return d * self.W

def step(params, x, y):
    W, V = params
    h = np.tanh(x @ W)
    d = h @ V - y
    loss = (d**2).sum() / 2
    dV = h.T @ d
    dh = d @ V.T * (1 - h**2)
    return loss, (x.T @ dh, dV)
"""
draw = np.random.default_rng(4).standard_normal
INPUTS = {
    "bn": (draw((6, 4)), draw(4), draw(4)),
    "ln": (draw((6, 4)), draw(4), draw(4)),
    "conv": (draw((2, 3, 11)), draw((4, 3, 3))),
    "loop": (draw((3, 2, 2)), draw((2, 2))),
    "pair": (draw((3, 2)), (draw((2, 3)), draw((3, 3)))),
    "words": (draw((3, 2)),),
    "rnn": (draw((3, 4, 2)), draw((3, 5)), draw((2, 5)), draw((5, 5)), draw(5)),
}
EVERY = {"dx", "dh0", "dWx", "dWh", "db"}


def report_on(name, *changes):
    module = module_of(SOURCE, *changes)
    inputs = [module.Pair(*x) if isinstance(x, tuple) else x for x in INPUTS[name]]
    return check_layer(
        getattr(module, f"{name}_forward"), getattr(module, f"{name}_backward"), *inputs
    )


ONE = [
    ("loop", "dU += prev.T", "dU += h.T", {"dU"}, "prev in place of h, in line "),
    ("words", "dE = np.zeros_like(E)", "dE = np.ones_like(E)", {"dE"}, "np.zeros_like(E) in place of np.ones_like(E), in line "),
    ("pair", "h.T @ dout)", "dz.T @ dout)", {"dV"}, "h in place of dz, in line "),
    ("words", "np.add.at(dE, WORDS, back)", "dE[WORDS] += back", {"dE"}, "dE[WORDS] += by np.add.at, in line "),
    ("bn", "N * dxhat - dxhat", "dxhat - dxhat", {"dx"}, "the factor N on dxhat, in line "),
    ("conv", "dx[:, :, j * dilation : j * dilation + n]", "dx[:, :, j : j + n]", {"dx"},
     "j * dilation:j * dilation + n in place of j:j + n, in line "),
    ("conv", "x[:, :, j * dilation : j * dilation + n])", "x[:, :, j : j + n])", {"dw"},
     "j * dilation:j * dilation + n in place of j:j + n, in line "),
    ("rnn", "dh = dout[:, t] + dh_next", "dh = dout[:, t]", EVERY,
     "dh_next added to dout[:, t], in line "),
    ("rnn", "dh_next = dz @", "dh_next = dh @", EVERY, "dz in place of dh, in line "),
    ("rnn", "dh_next = dz @ Wh.T", "dh_next = dz @ Wh", EVERY, "dz @ Wh.T in place of dz @ Wh, in"),
    ("rnn", "        dh_next = dz @", "        dh_next += dz @", EVERY, "= in place of +=, in line "),
    ("rnn", "dWh += prev.T", "dWh += hs[t].T", {"dWh"}, "prev in place of hs[t], in line "),
    ("rnn", "hs[t - 1] if t > 0 else h0", "h0", {"dWh"}, ""),
    ("ln", "- mean - xhat * np.sum(dxhat * xhat, axis=1", "- mean - xhat * np.sum(dxhat * xhat, axis=0", {"dx"},
     "np.sum(dxhat * xhat, axis=-1, keepdims=True) in place of np.sum(dxhat * xhat, axis=0, keepdims=True)"),
]  # fmt: skip
TWO = [
    ("bn", ("dxhat = dout * gamma\n    dx = istd", "dxhat = dout\n    dx = istd"), ("- xhat * (dxhat", "+ xhat * (dxhat"),
     ("the factor gamma on", "- xhat * (dxhat * xhat).sum(axis=0) in place of + xhat")),
    ("bn", ("istd / N", "istd"), (" - dxhat.sum(axis=0)", ""),
     ("divided by N and the mean of N * dxhat", "along axis 0 taken off it, in line ")),
    ("bn", ("dx = istd / N", "dx = istd**2 / N"), (" - dxhat.sum(axis=0)", ""),
     (" divided by istd and the mean of N * dxhat", "along axis 0 taken off it")),
    ("ln", ("- mean - xhat * np.sum", "- mean - np.sum"), ("/ D / std", "/ D"), ("the factor xhat on", "divided by std")),
    ("ln", ("np.sum(dxhat, axis=1", "np.sum(dxhat, axis=0"), ("np.sum(dxhat * xhat, axis=1", "np.sum(dxhat * xhat, axis=0"),
     ("np.sum(dxhat, axis=-1, keepdims=True) in place of", "; and with np.sum(dxhat * xhat, axis=-1, keepdims=True)")),
]  # fmt: skip


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    """A change is looked for until it is found, however busy the machine is."""
    monkeypatch.setattr(wrong_edits, "SECONDS", 20.0)
    monkeypatch.setattr(wrong, "SECONDS", 20.0)


class TestOneChange:
    """All that it makes right is one mistake, and has one text."""

    @pytest.mark.parametrize(("name", "old", "new", "wrong", "words"), ONE)
    def test_is_named(self, name, old, new, wrong, words):
        report = report_on(name, (old, new))
        assert {row.quantity for row in report.violations} == wrong
        if words:
            (says,) = {row.says for row in report.violations}
            assert says[0].startswith("it would be right with ")
            assert words in says[0]

    def test_of_an_object(self):
        layer = module_of(SOURCE, ("d * self.x).sum", "d * self.W).sum")).Scale()
        report = check_layer(layer, draw((3, 4)))
        (row,) = report.violations
        assert row.quantity == "dW"
        assert "it would be right with self.x in place of self.W, in line " in str(row)

    def test_of_a_whole_step(self):
        module = module_of(SOURCE, ("dh = d @ V.T *", "dh = d @ V.T /"))
        report = check_model(module.step, (draw((3, 4)), draw((4, 2))), draw((5, 3)), draw((5, 2)))
        (row,) = report.violations
        assert "it would be right with d @ V.T * (1 - h ** 2) in place of d @ V.T / (1" in str(row)

    def test_what_is_right_by_chance_is_not_named(self):
        """All inputs are ones, so that a power of them makes no difference."""

        def square_forward(x):
            return x**2, x

        def square_backward(dout, x):
            return 3 * dout * x**2

        report = check_layer(square_forward, square_backward, np.ones((3, 4)))
        for row in report.violations:
            assert not any("would be right" in says for says in row.says)


class TestTwoChanges:
    """The compact formulas of normalisations go wrong in two places at once."""

    @pytest.mark.parametrize(("name", "one", "other", "words"), TWO)
    def test_are_named(self, name, one, other, words):
        report = report_on(name, one, other)
        (row,) = report.violations
        assert row.quantity == "dx"
        for each in words:
            assert each in row.says[0]


def test_a_function_of_another_keeps_its_code():
    """Changes are tried in copies, for another thread may be calling the function."""
    module, seen = module_of(SOURCE, ("dWh += prev.T", "dWh += hs[t].T  #")), set()
    code = module.rnn_backward.__code__
    watched = threading.Event()

    def watch():
        while not watched.is_set():
            seen.add(module.rnn_backward.__code__ is code)

    thread = threading.Thread(target=watch)
    thread.start()
    check_layer(module.rnn_forward, module.rnn_backward, *INPUTS["rnn"])
    watched.set()
    thread.join()
    assert seen == {True}


def test_no_change_ends_python():
    """NumPy's `add.at` does where shapes do not fit, so a sum of another shape is an error."""
    at = np.array([0, 0, 1, 1, 2, 2, 2, 2])

    def forward(x, w):
        return x[:, at] * (1 - w)[None, :, None], w

    def backward(dout, w):
        dx = np.zeros((2, 4, 3))
        np.add.at(dx, (slice(None), at), dout * w[None, :, None])
        return dx

    (row,) = check_layer(forward, backward, draw((2, 4, 3)), draw(8), wrt=["x"]).violations
    assert "it would be right with 1 - w in place of w, in line " in str(row)


def test_no_change_leaves_by_an_exit():
    """A pass that leaves Python where its numbers look wrong leaves a changed copy alone."""

    def backward(dout, x):
        slope = np.cos(x)
        dx = dout * slope * np.exp(x)
        if not np.allclose(slope, np.cos(x)) or not np.allclose(dx, dout * slope * np.exp(x)):
            raise SystemExit("these are wrong")
        return dx

    (row,) = check_layer(lambda x: (np.sin(x), x), backward, draw(3)).violations
    assert row.quantity == "dx"


def opens(dx, path, kept):
    """Leave something outside of Python, in one of several ways."""
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{dx.sum()}")


def goes_on_with_an_open_file(dx, path, kept):
    """Likewise."""
    kept.write(f"{dx.sum()}")


def prints(dx, path, kept):
    """Likewise."""
    print(dx.sum(), file=kept)


def saves(dx, path, kept):
    """Likewise."""
    np.save(path, dx)


def dumps(dx, path, kept):
    """Likewise."""
    dx.tofile(path)


def asks_the_system(dx, path, kept):
    """Likewise."""
    os.utime(path.parent, (float(abs(dx).sum()),) * 2)


def asks_a_database(dx, path, kept):
    """Likewise."""
    with closing(sqlite3.connect(path)) as base:
        base.execute("create table if not exists sums (x)")


def does_nothing(dx, path, kept):
    """Not so."""


@pytest.mark.parametrize(
    "leaves",
    [opens, goes_on_with_an_open_file, prints, saves, dumps, asks_the_system, asks_a_database,
     does_nothing],
)  # fmt: skip
def test_no_change_reaches_outside_of_python(leaves, tmp_path):
    """A pass that writes files is run as it is, and never with other numbers."""
    at, path = np.array([2, 0, 1, 1, 3, 0, 2, 2]), tmp_path / "x.npy"

    def forward(x, w):
        return x[:, at] * (1 - w)[None, :, None], w

    def backward(dout, w):
        dx = np.zeros((2, 4, 3))
        np.add.at(dx, (slice(None), at), dout * w[None, :, None])
        leaves(dx, path, kept)
        return dx

    with (tmp_path / "log").open("w", encoding="utf-8") as kept:
        report = check_layer(forward, backward, draw((2, 4, 3)), draw(8), wrt=["x"])
    (row,) = report.violations
    tried = [says for says in row.says if "it would be right with" in says]
    assert bool(tried) == (leaves is does_nothing), row.says


def places(n, turns):
    """Whole numbers below another, by a loop that another number would make endless."""
    i, found = 0, []
    while i != n:
        turns.append(i)
        if len(turns) > 10**5:
            pytest.fail("the loop does not end")
        found.append(i)
        i += 1
    return found


@pytest.mark.parametrize("helper", [True, False])
def test_no_change_makes_a_loop_endless(helper):
    """Where a loop ends by what is computed in it, or in a function that is called, none is made."""
    turns = []

    def by_itself(dout, x):
        dx, i = np.zeros_like(x), 0
        while i != len(x):
            turns.append(i)
            if len(turns) > 10**5:
                pytest.fail("the loop does not end")
            dx[i] = np.tanh(np.cos(x[i]) * dout[i] + 0.3 * x[i] ** 2)
            i += 1
        return dx

    def with_helper(dout, x):
        dx, n = np.zeros_like(x), x.size / 1
        for i in places(n, turns):
            dx[i] = np.tanh(np.cos(x[i]) * dout[i] + 0.3 * x[i] ** 2)
        return dx

    backward = with_helper if helper else by_itself
    report = check_layer(lambda x: (np.sin(x), x), backward, np.array([1.0, 2.0, 3.0]))
    assert [row.quantity for row in report.violations] == ["dx"]


class TestTheFirstForTheLast:
    """Of an index -1 that should be 0 the words are 0 in place of -1, not -0."""

    def test_it_is_named(self):
        source = """
import numpy as np
def run_forward(x, h):
    hs = [h]
    for each in x:
        hs.append(np.tanh(each * hs[-1]))
    return np.stack(hs[1:]), (x, hs)
def run_backward(dout, cache):
    x, hs = cache
    dx, dh = np.zeros_like(x), np.zeros_like(dout)
    for t in reversed(range(len(x))):
        dz = (dout[t] + dh[-1]) * (1 - hs[t + 1] ** 2)
        dx[t], dh = dz * hs[t], [dz * x[t], dz, dz]
    return dx, dh[0]
"""
        own, draw = module_of(source), np.random.default_rng(0).standard_normal
        report = check_layer(own.run_forward, own.run_backward, draw((4, 3)), draw(3))
        says = [text for row in report.violations for text in row.says]
        assert any("dh[0] in place of dh[-1]" in text or "0 in place of -1" in text
                   for text in says), says  # fmt: skip
        assert not any("-0" in text for text in says)


PRODUCTS = """
import numpy as np

random = np.random.default_rng(4)
U, W = random.standard_normal((3, 3)), random.standard_normal((3, 3))

def step(x, y):
    h = np.tanh(np.dot(U, x))
    e = W.dot(h) - y
    dW = np.dot(e, h.T)
    dh = W.T.dot(e)
    dU = np.dot((1 - h**2) * dh, x.T)
    return (e**2).sum() / 2, dU, dW
"""


class TestProductsInWords:
    """A transpose is found in np.dot and x.dot as in x @ y, in a step on arrays of its script."""

    @pytest.mark.parametrize(
        ("old", "new", "words"),
        [
            ("W.T.dot(e)", "W.dot(e)", "W.T.dot(e) in place of W.dot(e)"),
            ("np.dot(e, h.T)", "np.dot(e, h)", "np.dot(e, h.T) in place of np.dot(e, h)"),
            ("np.dot(e, h.T)", "np.dot(h, e.T)", ""),
            ("* dh, x.T)", "* dh, x)", "np.dot((1 - h ** 2) * dh, x.T)"),
        ],
    )
    def test_is_named(self, old, new, words):
        random = np.random.default_rng(5)
        theirs = module_of(PRODUCTS, (old, new))
        report = check_model(theirs.step, *random.standard_normal((2, 3, 3)))
        assert report.violations
        assert words in str(report)

    def test_the_step_is_as_it_was(self):
        theirs = module_of(PRODUCTS, ("W.T.dot(e)", "W.dot(e)"))
        before = theirs.step.__code__
        check_model(theirs.step, *np.random.default_rng(5).standard_normal((2, 3, 3)))
        assert theirs.step.__code__ is before
