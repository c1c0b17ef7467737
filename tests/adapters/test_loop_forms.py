"""Training loops whose arguments, last bias and numbers of examples have no usual form."""

import importlib.util

import numpy as np
import pytest

from proofs.adapters import from_loop
from proofs.checker.check_backprop import check_backprop
from proofs.network.activations import linear, relu, sigmoid, tanh
from proofs.network.costs import cross_entropy, quadratic

RANDOM = np.random.default_rng(0)
X, Y = RANDOM.standard_normal((3, 7)), RANDOM.random((2, 7))
LABELS = np.array([[1.0, 0, 0, 1, 1, 0, 1]])

FIT = """
import numpy as np

def train({head}):
    random = np.random.default_rng(1)
    W1, b1 = random.normal(size=(X.shape[1], hidden)), np.zeros(hidden)
    W2, b2 = random.normal(size=(hidden, y.shape[1])), np.zeros(y.shape[1])
    for _ in range(epochs):
        h = 1 / (1 + np.exp(-(X @ W1 + b1)))
        p = 1 / (1 + np.exp(-(h @ W2 + b2)))
        e = (p - y) * p * (1 - p) / len(X)
        g = e @ W2.T * h * (1 - h)
        W2 -= lr * h.T @ e
        b2 -= lr * e.sum(axis=0)
        W1 -= lr * X.T @ g
        b1 -= lr * g.sum(axis=0)
"""

ONE_OUTPUT = """
import numpy as np

def train(x, t, hidden=4, eta=0.5):
    random = np.random.default_rng(1)
    total = {zero}
    V, a = random.normal(size=(x.shape[1], hidden)), np.zeros(hidden)
    {w}, c = random.normal(size=hidden), {zero}
    for _ in range(100):
        h = 1 / (1 + np.exp(-(x @ V + a)))
        p = 1 / (1 + np.exp(-(h @ {w} + c)))
        total += 0.5 * np.sum((p - t) ** 2)
        e = (p - t) / len(t)
        g = np.outer(e, {w}) * h * (1 - h)
        {w} -= eta * h.T @ e
        c -= eta * e.sum()
        V -= eta * x.T @ g
        a -= eta * g.sum(axis=0)
"""

SCRIPT = """
import numpy as np

N, D_in, H, D_out = {numbers}
x, y = np.random.randn({made}), np.random.randn(N, D_out)
w1, w2 = np.random.randn(D_in, H), np.random.randn(H, D_out)
learning_rate = 1e-6
for t in range(500):
    h = x.dot(w1)
    r = np.maximum(h, 0)
    d = (r.dot(w2) - y) / N
    g2 = r.T.dot(d)
    d = d.dot(w2.T)
    d[h < 0] = 0
    w1 -= learning_rate * x.T.dot(d)
    w2 -= learning_rate * g2
"""


def module(folder, source):
    """A module with this source."""
    file = folder / "theirs.py"
    file.write_text(source)
    spec = importlib.util.spec_from_file_location("theirs", file)
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


class TestArguments:
    """They are given by place or by name, as the function itself takes them."""

    @pytest.fixture
    def train(self, tmp_path):
        return module(tmp_path, FIT.format(head="X, y, hidden=4, lr=0.5, epochs=100")).train

    @pytest.mark.parametrize("args", [(), (X.T,), (X.T, Y.T)])
    def test_by_name(self, train, args):
        named = dict(list({"X": X.T, "y": Y.T}.items())[len(args) :], hidden=6)
        subject = from_loop(train, *args, **named)
        assert subject.network.sizes == [3, 6, 2]
        assert check_backprop(subject, subject.network, X, Y).holds

    def test_the_data_need_not_come_first(self, tmp_path):
        head = "hidden, lr, X, y, epochs=9"
        subject = from_loop(module(tmp_path, FIT.format(head=head)).train, 4, 0.5, X.T, Y.T)
        assert check_backprop(subject, subject.network, X, Y).holds

    def test_one_that_nobody_takes(self, train):
        with pytest.raises(TypeError, match=r"train\(X, y, hidden.*unexpected.* 'hiden'"):
            from_loop(train, X.T, Y.T, hiden=6)


class TestOneOutput:
    """Its weights may be a vector of any usual name, and its bias a plain number."""

    @pytest.mark.parametrize("zero", ["0", "0.0", "np.zeros(1)"])
    @pytest.mark.parametrize("w", ["w", "w2"])
    def test_it_is_found(self, tmp_path, zero, w):
        train = module(tmp_path, ONE_OUTPUT.format(zero=zero, w=w)).train
        subject = from_loop(train, X.T, LABELS[0], cost=cross_entropy)
        assert subject.network.sizes == [3, 4, 1]
        assert check_backprop(subject, subject.network, X, LABELS).holds

    def test_a_fault_in_its_bias(self, tmp_path):
        source = ONE_OUTPUT.format(zero="0", w="w").replace("e.sum()", "e.mean()")
        subject = from_loop(module(tmp_path, source).train, X.T, LABELS[0], cost=cross_entropy)
        found = check_backprop(subject, subject.network, X, LABELS)
        assert [v.place for v in found.violations] == ["BP3 at layer 3"]

    def test_weights_that_are_not_found_are_told(self, tmp_path):
        train = module(tmp_path, ONE_OUTPUT.format(zero="0", w="w")).train
        with pytest.raises(ValueError, match=r"one for each of its weights V, w, got 3"):
            from_loop(train, X.T, LABELS[0], activations=[tanh, tanh, sigmoid])


LOGISTIC = """
import numpy as np

def optimize(w, b, X, Y, learning_rate=0.1):
    for i in range(100):
        a = 1 / (1 + np.exp(-(w.T @ X + b)))
        dw = X @ (a - Y).T / X.shape[1]
        db = np.mean(a - Y)
        w = w - learning_rate * dw
        b = b - learning_rate * db
"""


class TestOneNeuron:
    """Logistic regression may begin with weights that are 0."""

    @pytest.mark.parametrize("named", [{}, {"names": ("X", "Y")}])
    @pytest.mark.parametrize("b", [0, 0.0])
    def test_it_is_found(self, tmp_path, b, named):
        train = module(tmp_path, LOGISTIC).optimize
        subject = from_loop(train, np.zeros((3, 1)), b, X, LABELS, cost=cross_entropy, **named)
        found = check_backprop(subject, subject.network, X, LABELS)
        assert found.holds
        assert ("BP3", 2) in found.cells


class TestHowManyExamples:
    """A number that is that of a script's examples is that of ours, unless it is a width too."""

    def check(self, folder, source):
        file = folder / "alone.py"
        file.write_text(source)
        subject = from_loop(str(file), activations=[relu, linear], cost=quadratic)
        return check_backprop(subject, subject.network, X, Y)

    def test_it_is_ours(self, tmp_path):
        source = SCRIPT.format(numbers="64, 3, 5, 2", made="N, D_in")
        assert self.check(tmp_path, source).holds
        found = self.check(tmp_path, source.replace("d[h < 0]", "d[h < -0.5]"))
        assert [v.place for v in found.violations] == ["BP2 at layer 2"]

    def test_a_width_stays(self, tmp_path):
        source = SCRIPT.format(numbers="5, 3, 5, 2", made="N, D_in")
        assert self.check(tmp_path, source).status == 2
