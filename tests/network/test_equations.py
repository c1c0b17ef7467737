"""The four equations as NumPy runs them, and backprop, which chains them."""

import inspect
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from sklearn.datasets import load_digits
from sklearn.neural_network import MLPClassifier
from strategies import EPS, LOCAL, NOT_LOCAL, cases

from proofs.claims import find, notation
from proofs.measuring.cases import Case, softplus_share
from proofs.network import Network, equations
from proofs.network.activations import linear, relu, sigmoid, softmax, tanh
from proofs.network.costs import cross_entropy, log_likelihood, quadratic
from proofs.network.equations import backprop
from proofs.witnesses.checking import measured


def agrees(tag, formula, case, l):
    """Whether a formula gives what the left side of a claim is measured to be, at a layer."""
    witness = measured(
        replace(find(tag), formula=formula), [(case, {notation.l: l, notation.L: case.depth})]
    )
    assert "does not run" not in witness.detail, witness.detail
    return witness.holds


def disagreements(case, backward=backprop):
    """Each quantity and layer at which a backward pass is not what is measured."""
    formulas = {
        ("delta", "29"): lambda c, l: backward(c.network, c.x, c.y).delta[l],
        ("nabla_b", "BP3m"): lambda c, l: backward(c.network, c.x, c.y).nabla_b[l],
        ("nabla_w", "BP4m"): lambda c, l: backward(c.network, c.x, c.y).nabla_w[l][:, :, None],
    }
    return {
        (name, l)
        for (name, tag), formula in formulas.items()
        for l in case.network.layers
        if not agrees(tag, formula, case, l)
    }


class TestBackprop:
    """Backprop returns delta of every example and the gradients of the average cost."""

    @given(cases())
    def test_any_network(self, case):
        assert not disagreements(case)

    @given(cases(hidden=NOT_LOCAL, layers=3))
    def test_hidden_layers_that_are_not_local(self, case):
        assert not disagreements(case)

    @given(cases(output=[softmax], costs=[quadratic]))
    def test_softmax_with_the_quadratic_cost(self, case):
        assert not disagreements(case)

    @given(cases(hidden=[relu], layers=4))
    def test_relu(self, case):
        assert not disagreements(case)

    @given(cases())
    def test_keyed_by_layer_2_to_L(self, case):
        gradients = backprop(case.network, case.x, case.y)
        for part in gradients:
            assert sorted(part) == list(case.network.layers)


class TestOneEquation:
    """BP1 to BP4 on one example are the derivatives they are called after."""

    @given(cases(output=LOCAL))
    def test_bp1(self, case):
        assert agrees(
            "29", lambda c, l: equations.bp1(c.nabla_a, c.sigma_prime(l)), case, case.depth
        )

    @given(cases())
    def test_bp1_full(self, case):
        assert agrees(
            "29", lambda c, l: equations.bp1_full(c.nabla_a, c.jacobian(l)), case, case.depth
        )

    @given(cases(hidden=LOCAL, layers=3))
    def test_bp2(self, case):
        def formula(c, l):
            return equations.bp2(c.network.w[l + 1], c.delta(l + 1), c.sigma_prime(l))

        assert agrees("29", formula, case, 2)

    @given(cases(layers=3))
    def test_bp2_full(self, case):
        def formula(c, l):
            return equations.bp2_full(c.network.w[l + 1], c.delta(l + 1), c.jacobian(l))

        assert agrees("29", formula, case, 2)

    def test_bp3_and_bp4_average_over_the_examples(self):
        a, delta = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[10.0, 30.0]])
        assert (equations.bp3(delta) == [[20.0]]).all()
        assert (equations.bp4(a, delta) == [[35.0, 75.0]]).all()


MUTATIONS = {
    # name: the line as it is, the line as someone got it wrong, where it must be seen
    "BP1 times 2.001": ("return nabla_a * sigma_prime", "return nabla_a * sigma_prime * 2.001"),
    "BP1 without sigma'": ("return nabla_a * sigma_prime", "return nabla_a"),
    "BP1 with sigma' twice": ("return nabla_a * sigma_prime", "return nabla_a * sigma_prime**2"),
    "BP1 added": ("return nabla_a * sigma_prime", "return nabla_a + sigma_prime"),
    "BP1 negated": ("return nabla_a * sigma_prime", "return -nabla_a * sigma_prime"),
    "BP1 of y - a": (
        "network.cost.gradient(a[L], y)",
        "-network.cost.gradient(a[L], y)",
    ),
    "BP1 with sigma' at a": ("sigma[L].prime(z[L]))", "sigma[L].prime(a[L]))"),
    "(37) without the transpose": ('"kx,kjx->jx"', '"kx,jkx->jx"'),
    "(37) cut to the diagonal": ('"kx,kjx->jx", nabla_a, J', '"jx,jjx->jx", nabla_a, J'),
    "(37) summed over all": (
        '"kx,kjx->jx", nabla_a, J)',
        '"kx,kjx->jx", nabla_a * 0 + nabla_a.sum(axis=0), J)',
    ),
    "BP2 times 2.001": ("(w.T @ delta) * sigma_prime", "(w.T @ delta) * sigma_prime * 2.001"),
    "BP2 without the transpose": ("(w.T @ delta)", "(w @ delta)"),
    "BP2 with the inverse": ("(w.T @ delta)", "(np.linalg.inv(w) @ delta)"),
    "BP2 without sigma'": ("(w.T @ delta) * sigma_prime", "(w.T @ delta)"),
    "BP2 with sigma' twice": ("(w.T @ delta) * sigma_prime", "(w.T @ delta) * sigma_prime**2"),
    "BP2 with sigma' before the weights": (
        "(w.T @ delta) * sigma_prime",
        "w.T @ (delta * sigma_prime)",
    ),
    "BP2 with sigma' at a": ("sigma[l].prime(z[l]))", "sigma[l].prime(a[l]))"),
    "BP2 with sigma' of the next layer's z": ("sigma[l].prime(z[l]))", "sigma[l].prime(z[l + 1]))"),
    "BP2 with the weights of its own layer": ("bp2(w[l + 1], delta", "bp2(w[l], delta"),
    "BP2 with the error of the output": (
        "bp2(w[l + 1], delta[l + 1], sigma[l].prime",
        "bp2(w[l + 1], delta[L], sigma[l].prime",
    ),
    "BP2 without the transpose, not local": ("bp1_full(w.T @ delta, J)", "bp1_full(w @ delta, J)"),
    "BP2 without the Jacobian": ("return bp1_full(w.T @ delta, J)", "return w.T @ delta"),
    "BP3 times 2.001": (
        "delta.mean(axis=1, keepdims=True)",
        "delta.mean(axis=1, keepdims=True) * 2.001",
    ),
    "BP3 summed": ("delta.mean(axis=1, keepdims=True)", "delta.sum(axis=1, keepdims=True)"),
    "BP3 over the neurons": (
        "delta.mean(axis=1, keepdims=True)",
        "delta.mean(axis=0, keepdims=True).mean() + 0 * delta[:, :1]",
    ),
    "BP3 of the first example": ("delta.mean(axis=1, keepdims=True)", "delta[:, :1]"),
    "BP4 times 2.001": ("delta @ a.T / delta.shape[1]", "delta @ a.T / delta.shape[1] * 2.001"),
    "BP4 summed": ("delta @ a.T / delta.shape[1]", "delta @ a.T"),
    "BP4 divided by the neurons": ("delta @ a.T / delta.shape[1]", "delta @ a.T / delta.shape[0]"),
    "BP4 transposed": ("delta @ a.T / delta.shape[1]", "a @ delta.T / delta.shape[1]"),
    "BP4 with the layer's own a": ("bp4(a[l - 1], delta[l])", "bp4(a[l], delta[l])"),
    "BP4 with z": ("bp4(a[l - 1], delta[l])", "bp4(z.get(l - 1, a[1]), delta[l])"),
    "BP4 with the input": ("bp4(a[l - 1], delta[l])", "bp4(a[1], delta[l])"),
    "BP4 of the absolute error": ("bp4(a[l - 1], delta[l])", "bp4(a[l - 1], abs(delta[l]))"),
    "BP3 of the output's error": ("bp3(delta[l])", "bp3(delta[L])"),
}

BREAKS = {"BP1": "delta", "(37)": "delta", "BP2": "delta", "BP3": "nabla_b", "BP4": "nabla_w"}


def mutant(line, wrong):
    """Backprop from the source of proofs.network.equations with one line changed."""
    source = inspect.getsource(equations)
    assert source.count(line) == 1, f"proofs.network.equations no longer has one {line!r}"
    names = {"__name__": "proofs.network.equations"}
    exec(source.replace(line, wrong), names)
    return names["backprop"]


class TestMutations:
    """A backward pass with any one line wrong disagrees, in the quantity that the line computes.

    All layers have 4 neurons, as have the batches: no shape gives a mistake away.
    """

    @staticmethod
    @cache
    def square(output):
        random = np.random.default_rng(4)
        network = Network([4, 4, 4, 4, 4], [tanh, softplus_share, sigmoid, output], seed=4)
        return Case(network, random.standard_normal((4, 6)), random.uniform(0, 1, (4, 6)))

    @pytest.mark.parametrize("output", [sigmoid, softplus_share])
    def test_right_lines_agree(self, output):
        assert not disagreements(self.square(output))

    @pytest.mark.parametrize("name", MUTATIONS)
    def test_is_seen(self, name):
        outputs, wrong = (sigmoid, softplus_share), mutant(*MUTATIONS[name])
        found = set.union(*(disagreements(self.square(output), wrong) for output in outputs))
        assert BREAKS[name.split()[0]] in {quantity for quantity, _ in found}

    @pytest.mark.parametrize("name", [n for n in MUTATIONS if n.startswith(("BP3", "BP4"))])
    def test_the_other_equations_stay_right(self, name):
        found = disagreements(self.square(sigmoid), mutant(*MUTATIONS[name]))
        assert {quantity for quantity, _ in found} == {BREAKS[name.split()[0]]}

    def test_an_error_of_a_billionth_is_seen(self):
        wrong = mutant("return nabla_a * sigma_prime", "return nabla_a * sigma_prime * (1 + 1e-12)")
        assert ("delta", 5) in disagreements(self.square(sigmoid), wrong)


DIGITS = load_digits()
X, LABELS = DIGITS.data / 16, DIGITS.target


class TestScikitLearn:
    """An independent implementation has the same gradients, on 1,797 real digits, 64-30-10.

    One step of its plain gradient descent, at rate 1, moves the weights by minus the gradient.
    """

    @staticmethod
    def one_step(activation, y):
        peer = MLPClassifier(
            (30,),
            activation,
            solver="sgd",
            alpha=0,
            batch_size=len(X),
            learning_rate_init=1.0,
            momentum=0,
            random_state=0,
        )
        peer.partial_fit(X, y, classes=range(10))
        before = [p.copy() for p in (*peer.coefs_, *peer.intercepts_)]
        peer.partial_fit(X, y)
        after = (*peer.coefs_, *peer.intercepts_)
        gradients = [p - q for p, q in zip(before, after, strict=True)]
        return before[:2], before[2:], gradients[:2], gradients[2:], before

    @pytest.mark.parametrize(
        ("name", "hidden"),
        [("logistic", sigmoid), ("tanh", tanh), ("relu", relu), ("identity", linear)],
    )
    @pytest.mark.parametrize("output", [softmax, sigmoid], ids=str)
    def test_gradients(self, name, hidden, output):
        one_hot = np.eye(10, dtype=int)[LABELS]
        # Labels mean softmax and log-likelihood there, indicator columns sigmoid and cross-entropy.
        y, cost = (LABELS, log_likelihood) if output is softmax else (one_hot, cross_entropy)
        w, b, nabla_w, nabla_b, _ = self.one_step(name, y)
        network = Network.from_arrays(
            [m.T for m in w], [v[:, None] for v in b], [hidden, output], cost
        )
        ours = backprop(network, X.T, one_hot.T)
        _, a = network.forward(X.T)
        for l in (2, 3):
            # Sums of 1,797 terms after sums of 30 and 64, and the weights' own rounding.
            terms = len(X) + 30 + 64
            size_w = abs(ours.delta[l]) @ abs(a[l - 1]).T / len(X)
            size_b = abs(ours.delta[l]).mean(axis=1)
            off_w = abs(ours.nabla_w[l] - nabla_w[l - 2].T)
            off_b = abs(ours.nabla_b[l][:, 0] - nabla_b[l - 2])
            assert (off_w <= EPS * (terms * size_w + 2 * abs(network.w[l]))).all()
            assert (off_b <= EPS * (terms * size_b + 2 * abs(network.b[l][:, 0]))).all()
