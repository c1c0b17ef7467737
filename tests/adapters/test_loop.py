"""Everything in one loop: training functions, methods called fit, scripts that train at once."""

import importlib.util
import textwrap

import numpy as np
import pytest

from proofs.adapters import from_loop, from_model
from proofs.checker.check_backprop import check_backprop
from proofs.network.activations import linear, relu, sigmoid, softmax, tanh
from proofs.network.costs import cross_entropy, log_likelihood

SOURCE = '''
import numpy as np

RATE = 0.01

def build(X, y, hidden, passes=1000):
    """All in one function, a sum over the examples, weight decay."""
    n = len(X)
    np.random.seed(0)
    W1, b1 = np.random.randn(X.shape[1], hidden), np.zeros((1, hidden))
    W2, b2 = np.random.randn(hidden, 3), np.zeros((1, 3))
    costs = []
    for k in range(3):
        costs.append(k)
    for i in range(passes):
        a = np.tanh(X.dot(W1) + b1)
        p = np.exp(a.dot(W2) + b2)
        p /= p.sum(axis=1, keepdims=True)
        p[range(n), y] -= 1
        dW2 = a.T.dot(p) + 0.1 * W2
        da = p.dot(W2.T) * (1 - a**2)
        W2 += -RATE * dW2
        b2 += -RATE * p.sum(axis=0, keepdims=True)
        W1 += -RATE * (X.T.dot(da) + 0.1 * W1)
        b1 += -RATE * da.sum(axis=0)
        if i > 2:
            return W1, b1
    return W1, b1

class Net:
    def __init__(self, hidden):
        self.hidden, self.learning_rate = hidden, 0.1

    def start(self, X, y):
        self.W, self.w0 = np.random.randn(X.shape[1], self.hidden), np.zeros((1, self.hidden))
        self.V, self.v0 = np.random.randn(self.hidden, y.shape[1]), np.zeros((1, y.shape[1]))

    def fit(self, X, y):
        self.start(X, y)
        epoch = 0
        while epoch < 1000:
            h = 1 / (1 + np.exp(-(X @ self.W + self.w0)))
            o = 1 / (1 + np.exp(-(h @ self.V + self.v0)))
            d = (o - y) * o * (1 - o) / len(X)
            back = d @ self.V.T
            self.V -= self.learning_rate * h.T @ d
            self.v0 -= self.learning_rate * d.sum(axis=0)
            d = back * h * (1 - h)
            self.W -= self.learning_rate * X.T @ d
            self.w0 -= self.learning_rate * d.sum(axis=0)
            epoch += 1
        return self

class Shuffled(Net):
    """Its weights are there before it is fitted; the data are shuffled and cut within the loop."""

    def __init__(self, hidden):
        super().__init__(hidden)
        self.start(np.ones((9, 4)), np.ones((9, 3)))

    def fit(self, X, y):
        data, targets, moved_W = X.copy(), y.copy(), np.zeros(self.W.shape)
        for epoch in range(50):
            order = np.random.permutation(len(y))
            data, targets = data[order], targets[order]
            for some in np.array_split(range(len(y)), 1):
                h = 1 / (1 + np.exp(-(data[some] @ self.W + self.w0)))
                o = 1 / (1 + np.exp(-(h @ self.V + self.v0)))
                d = (o - targets[some]) * o * (1 - o) / len(some)
                back = d @ self.V.T * h * (1 - h)
                moved_W = self.learning_rate * data[some].T @ back
                self.V -= self.learning_rate * h.T @ d
                self.v0 -= self.learning_rate * d.sum(axis=0)
                self.W -= moved_W
                self.w0 -= self.learning_rate * back.sum(axis=0)

class Adding(Net):
    """Its loop adds up what its last lines add to the weights."""

    def __init__(self, hidden):
        super().__init__(hidden)
        self.W, self.V = np.random.randn(4, hidden), np.random.randn(hidden, 3)

    def fit(self, X, y):
        to_V, to_W = np.zeros(self.V.shape), np.zeros(self.W.shape)
        for x, t in zip(X, y):
            h = 1 / (1 + np.exp(-(x @ self.W)))
            d = h @ self.V - t
            to_V += np.outer(h, d)
            to_W += np.outer(x, d @ self.V.T * h * (1 - h))
        self.V -= self.learning_rate * to_V / len(X)
        self.W -= self.learning_rate * to_W / len(X)

class Batches(Net):
    def started(self, X, y):
        self.start(X, y)
        return self

    def one_pass(self, X, y, batch):
        for i in range(0, len(X), batch):
            x, t = X[i:i + batch], y[i:i + batch]
            h = 1 / (1 + np.exp(-(x @ self.W + self.w0)))
            o = 1 / (1 + np.exp(-(h @ self.V + self.v0)))
            d = (o - t) * o * (1 - o) / len(x)
            back = d @ self.V.T * h * (1 - h)
            self.V -= self.learning_rate * h.T @ d
            self.v0 -= self.learning_rate * d.sum(axis=0)
            self.W -= self.learning_rate * x.T @ back
            self.w0 -= self.learning_rate * back.sum(axis=0)

    def fit(self, X, y, batch):
        self.start(X, y)
        for epoch in range(9):
            self.one_pass(X, y, batch)

class Late(Net):
    def fit(self, X, y):
        self.start(X, y)
        for x, t in zip(X, y):
            h = 1 / (1 + np.exp(-(x @ self.W + self.w0)))
            o = 1 / (1 + np.exp(-(h @ self.V + self.v0)))
            d = (o - t) * o * (1 - o)
            self.V -= self.learning_rate * h.T @ d
            d = d @ self.V.T * h * (1 - h)
            self.v0 -= self.learning_rate * (o - t) * o * (1 - o)
            self.W -= self.learning_rate * np.outer(x, d)
            self.w0 -= self.learning_rate * d
'''

SCRIPT = """
import numpy as np

N, D, H, K = 64, 4, 5, 3
x, y = np.random.randn(N, D), np.random.randn(N, K)
w1, w2 = np.random.randn(D, H), np.random.randn(H, K)
learning_rate = 1e-6
if __name__ == "__main__":
    for t in range(500):
        h = x.dot(w1)
        r = np.maximum(h, 0)
        p = r.dot(w2)
        print(t, np.square(p - y).sum())
        d = (p - y) / len(x)
        g2 = r.T.dot(d)
        d = d.dot(w2.T)
        d[h < 0] = 0
        w1 -= learning_rate * x.T.dot(d)
        w2 -= learning_rate * g2
"""

RANDOM = np.random.default_rng(0)
X, LABELS = RANDOM.standard_normal((4, 7)), RANDOM.integers(3, size=7)
ONE_HOT = np.eye(3)[:, LABELS]


@pytest.fixture(scope="module")
def theirs(tmp_path_factory):
    """A module of somebody's, in a file."""
    return module(tmp_path_factory.mktemp("theirs"), SOURCE)


def module(folder, source):
    """A module with this source."""
    file = folder / "theirs.py"
    file.write_text(source)
    spec = importlib.util.spec_from_file_location("theirs", file)
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def report(subject):
    return check_backprop(subject, subject.network, X, ONE_HOT)


class TestTheFirstPass:
    """The weights are put in before the loop; the gradient is how its first pass moves them."""

    def test_of_a_function(self, theirs):
        found = report(
            from_loop(theirs.build, X.T, LABELS, 5, activations=[tanh, softmax],
                      cost=log_likelihood, rate=0.01, labels=True, total=True)
        )  # fmt: skip
        assert found.holds
        assert "as weight decay does" in str(found)

    def test_of_a_method(self, theirs):
        net = theirs.Net(5)
        assert report(from_loop(net.fit, X.T, ONE_HOT.T)).holds
        assert not hasattr(net, "W")

    def test_data_that_the_loop_shuffles_are_no_weights(self, theirs):
        net = theirs.Shuffled(5)
        named = from_loop(net.fit, X.T, ONE_HOT.T, weights=["W", "V"], biases=["w0", "v0"])
        assert report(named).holds

    def test_of_a_script(self, tmp_path):
        file = tmp_path / "two_layers.py"
        file.write_text(SCRIPT)
        found = report(from_loop(str(file), activations=[relu, linear]))
        assert found.holds
        assert "nabla_b was not returned" in str(found)

    def test_a_script_of_other_names(self, tmp_path):
        file = tmp_path / "two_layers.py"
        file.write_text(SCRIPT.replace("x", "X"))
        with pytest.raises(ValueError, match="it names no x"):
            from_loop(str(file), activations=[relu, linear])

    def test_one_example_after_the_other(self, theirs):
        """Its update comes too early, which is BP2."""
        found = report(
            from_loop(theirs.Late(5).fit, X.T, ONE_HOT.T, activations=sigmoid, each=True)
        )
        assert [v.place for v in found.violations] == ["BP2 at layer 2"]

    @pytest.mark.parametrize("batch", [3, 7])
    def test_several_batches_in_a_pass(self, theirs, batch):
        """They are steps in a row, of which no one gradient can be read off: nothing is blamed."""
        loop = from_loop(theirs.Batches(5).fit, X.T, ONE_HOT.T, batch)
        model = from_model(theirs.Batches(5).started(X.T, ONE_HOT.T), lambda net, x, y:
                           net.one_pass(x, y, batch))  # fmt: skip
        for found in (report(loop), report(model)):
            assert not found.violations
            assert found.holds == (batch == 7)
            assert ("give it one batch of all examples" in str(found)) == (batch == 3)

    def test_a_loop_that_only_adds_up(self, theirs):
        """What it adds up are no weights; from_model takes the whole of such a step."""
        with pytest.raises(ValueError, match="give that to from_model"):
            from_loop(theirs.Adding(5).fit, X.T, ONE_HOT.T)
        net = theirs.Adding(5)
        assert report(from_model(net, lambda net, x, y: net.fit(x, y), [sigmoid, linear])).holds

    def test_no_loop(self, theirs):
        with pytest.raises(ValueError, match="expected a for or while loop"):
            from_loop(theirs.Net(5).start, X.T, ONE_HOT.T)


class TestFromNBackToN:
    """Weights of n to h to n numbers fit each other either way: only the loop tells which."""

    SOURCE = """
import numpy as np

def train(X, y):
    np.random.seed(1)
    V, W = np.random.randn(4, 3), np.random.randn(3, 4)
    b, c = np.zeros((1, 3)), np.zeros((1, 4))
    for i in range(10):
        h = 1 / (1 + np.exp(-(X @ V + b)))
        o = 1 / (1 + np.exp(-(h @ W + c)))
        d = (o - y) * o * (1 - o) / len(X)
        back = (d @ W.T) * h * (1 - h)
        W -= 0.1 * h.T @ d
        c -= 0.1 * d.sum(axis=0)
        V -= 0.1 * X.T @ back
        b -= 0.1 * back.sum(axis=0)
"""

    def test_an_autoencoder(self, tmp_path):
        x = RANDOM.standard_normal((4, 7))
        subject = from_loop(module(tmp_path, self.SOURCE).train, x.T, x.T, rate=0.1)
        assert subject.network.sizes == [4, 3, 4]
        assert check_backprop(subject, subject.network, x, x).holds


class TestWeightsThatAreCalledAlike:
    """Weights of one output are a vector, and in three lines from the net nobody says `weights`."""

    SOURCE = """
import numpy as np

def train(X, y):
    syn0, syn1 = np.random.randn(4, {0}), np.random.randn({0}, {1})
    syn2 = np.random.randn({1}, 1)
    while True:
        l1 = 1 / (1 + np.exp(-X.dot(syn0)))
        l2 = 1 / (1 + np.exp(-l1.dot(syn1)))
        l3 = 1 / (1 + np.exp(-l2.dot(syn2)))
        d3 = (y - l3) * l3 * (1 - l3)
        d2 = d3.dot(syn2.T) * l2 * (1 - l2)
        d1 = d2.dot(syn1.T) * l1 * (1 - l1)
        syn2 += l2.T.dot(d3)
        syn1 += l1.T.dot(d2)
        syn0 += X.T.dot(d1)
"""

    @pytest.mark.parametrize("widths", [(5, 3), (3, 3), (5, 1)])
    def test_the_last_ones_are_no_biases(self, tmp_path, widths):
        train = module(tmp_path, self.SOURCE.format(*widths)).train
        y = RANDOM.random((1, 7))
        subject = from_loop(train, X.T, y.T, rate=1, total=True)
        assert subject.network.sizes == [4, *widths, 1]
        assert check_backprop(subject, subject.network, X, y).holds

    def test_without_a_rate_it_is_said_that_it_may_be_1(self, tmp_path):
        train = module(tmp_path, self.SOURCE.format(5, 3)).train
        subject = from_loop(train, X.T, np.ones((7, 1)))
        found = check_backprop(subject, subject.network, X, np.ones((1, 7)))
        assert "rate=1 if it has none" in str(found)


class TestDataOfItsOwn:
    """A function without arguments, or a script, makes its data before the loop.

    What it computes of them there, such as how many examples there are, is that of ours.
    """

    SOURCE = """
import numpy as np

def main():
    X = np.random.rand(50, 4)
    X = X / X.max(axis=0)
    m, n = X.shape
    labels = np.arange(50) % 3
    T = np.zeros((len(X), 3))
    for n in range(50):
        T[n, labels[n]] = 1
    count = len(T)
    V, W = np.random.randn(4, 5), np.random.randn(5, 3)
    b, c = np.zeros(5), np.zeros(3)
    learning_rate = 0.1
    for i in range(10):
        h = 1 / (1 + np.exp(-(X @ V + b)))
        d = (1 / (1 + np.exp(-(h @ W + c))) - T) / m * len(X) / count
        back = (d @ W.T) * h * (1 - h)
        W -= learning_rate * h.T @ d
        c -= learning_rate * d.sum(axis=0)
        V -= learning_rate * X.T @ back
        b -= learning_rate * back.sum(axis=0)
"""

    def check(self, train):
        subject = from_loop(train, names=("X", "T"), cost=cross_entropy)
        return check_backprop(subject, subject.network, X, ONE_HOT)

    def test_a_function(self, tmp_path):
        assert self.check(module(tmp_path, self.SOURCE).main).holds

    def test_a_script(self, tmp_path):
        file = tmp_path / "alone.py"
        head, body = self.SOURCE.split("def main():")
        file.write_text(head + textwrap.dedent(body))
        assert self.check(str(file)).holds

    def test_data_that_are_imported(self, tmp_path):
        (tmp_path / "numbers_of_mine.py").write_text(
            "import numpy as np\nX, T = np.ones((50, 4)), np.ones((50, 3))"
        )
        _, _, lines = self.SOURCE.partition("    m, n = X.shape")
        lines = textwrap.dedent("    m, n = X.shape" + lines).replace("labels = ", "#")
        lines = lines.replace("T = np.zeros", "#").replace("for n in", "if not").replace("(50)", "")
        file = tmp_path / "alone.py"
        file.write_text("import numpy as np\nfrom numbers_of_mine import T, X\n" + lines)
        assert self.check(str(file)).holds

    def test_a_fault_is_at_its_equation(self, tmp_path):
        main = module(tmp_path, self.SOURCE.replace("h * (1 - h)", "h")).main
        assert [v.place for v in self.check(main).violations] == ["BP2 at layer 2"]

    def test_names_that_it_has_not(self, tmp_path):
        main = module(tmp_path, self.SOURCE).main
        with pytest.raises(ValueError, match=r"main has for its inputs and targets.*no x and no y"):
            from_loop(main, cost=cross_entropy)


class TestLists:
    """Where a function takes lists of numbers, it is given lists."""

    SOURCE = """
import math

def train(data, targets):
    rate = 0.5
    w1 = [[0.1 * (i - j) + 0.3 for j in range(4)] for i in range(5)]
    w2 = [[0.2 * (j - i) - 0.1 for j in range(5)] for i in range(3)]
    for epoch in range(100):
        for inputs, target in zip(data, targets):
            hidden = [1 / (1 + math.exp(-sum(w * a for w, a in zip(row, inputs)))) for row in w1]
            out = [1 / (1 + math.exp(-sum(w * a for w, a in zip(row, hidden)))) for row in w2]
            d2 = [(o - t) * o * (1 - o) for o, t in zip(out, target + [])]
            d1 = [sum(w2[k][j] * d2[k] for k in range(3)) * h * (1 - h)
                  for j, h in enumerate(hidden)]
            for k in range(3):
                for j in range(5):
                    w2[k][j] -= rate * d2[k] * hidden[j]
            for j in range(5):
                for i in range(4):
                    w1[j][i] -= rate * d1[j] * inputs[i]
"""

    def test_a_loop(self, tmp_path):
        train = module(tmp_path, self.SOURCE).train
        subject = from_loop(train, X.T.tolist(), ONE_HOT.T.tolist(), each=True)
        found = check_backprop(subject, subject.network, X, ONE_HOT)
        assert found.holds, str(found)
