"""What the gradients alone say of delta and of the activations, one example at a time."""

from dataclasses import replace

import numpy as np
import pytest
from strategies import EPS
from styles import matrices
from textbook import NABLAS, Pass, by_a

from proofs import (
    Network,
    backprop,
    check_backprop,
    check_on,
    cross_entropy,
    log_likelihood,
    quadratic,
    relu,
    sigmoid,
    softmax,
)
from proofs.checker.battery import battery
from proofs.checker.judging.gradients_alone import (
    CannotTellError,
    Findings,
    _readings,
    activations,
    told,
)
from proofs.checker.judging.numbers import Numbers, numbers
from proofs.checker.judging.residuals import Residual

pytestmark = pytest.mark.filterwarnings("ignore:invalid value", "ignore:divide by zero")


def one(x: float = 0.5) -> Numbers:
    """What a right backward pass returns of one example."""
    network = Network([2, 3, 3, 2], sigmoid, seed=1)
    x, y = np.full((2, 1), x), np.array([[0.0], [1.0]])
    found = backprop(network, x, y)
    own = {"nabla_b": dict(found.nabla_b), "nabla_w": dict(found.nabla_w)}
    return numbers(network, x, y, own, EPS)


class TestOneExampleInDoubt:
    """Where one example may break either of two equations, the others show which it is."""

    def test_a_sign_that_rounding_has_lost(self):
        """Of a saturated output delta is next to nothing: its absolute value may be delta too."""
        (case,) = (c for c in battery(sigmoid, sigmoid, quadratic) if c.name == "saturated")
        wrong = Pass(names=NABLAS, bp3=lambda s, l: abs(s.delta[l]).mean(1, keepdims=True))
        report = check_on([case], wrong)
        assert {v.equation for v in report.violations} == {"BP3"}
        assert not any("it is BP4, or BP3" in text for text in report.told)


class TestDelta:
    """On one example nabla_b is delta, and nabla_w is delta times the activations."""

    @pytest.mark.parametrize("x", [0.5, 1.0])
    def test_it_stands_there_twice(self, x):
        n = one(x)
        for l in n.network.layers:
            by_biases, by_weights = _readings(n, l)
            for delta, unit in (by_biases, by_weights):
                assert delta == pytest.approx(n.nabla_b[l])
                assert unit == EPS

    def test_weights_of_zeros_say_nothing(self):
        n = one(0.0)
        assert len(list(_readings(n, 2))) == 1
        assert len(list(_readings(n, 3))) == 2

    def test_one_of_them_is_enough(self):
        n = one()
        assert len(list(_readings(replace(n, nabla_b={}), 3))) == 1
        assert len(list(_readings(replace(n, nabla_w={}), 3))) == 1


class TestActivations:
    """Where nabla_b is delta, nabla_w has the activations that were used."""

    def test_of_every_hidden_layer(self):
        n = one()
        found = activations(n)
        assert set(found) == {2, 3}
        assert all(found[l] == pytest.approx(n.a[l]) for l in found)

    @pytest.mark.parametrize("scale", [1.0, 1e-9, 1e9])
    @pytest.mark.parametrize(("off", "known"), [(1e-8, {2, 3}), (1e-4, {2})])
    def test_not_where_nabla_w_is_no_outer_product(self, scale, off, known):
        n = one()
        w, b = n.nabla_w[4] * scale, n.nabla_b[4] * scale
        w = w * (1 + off * np.eye(2, 3))
        n = replace(n, nabla_w={**n.nabla_w, 4: w}, nabla_b={**n.nabla_b, 4: b})
        assert set(activations(n)) == known

    @pytest.mark.parametrize("number", [0.0, np.nan, np.inf])
    @pytest.mark.parametrize("letter", ["nabla_b", "nabla_w"])
    def test_not_where_delta_says_nothing(self, letter, number):
        n = one()
        spoiled = {**getattr(n, letter), 4: np.full_like(getattr(n, letter)[4], number)}
        known = {2, 3} if (letter, number) == ("nabla_w", 0.0) else {2}
        assert set(activations(replace(n, **{letter: spoiled}))) == known

    @pytest.mark.parametrize("letter", ["nabla_b", "nabla_w"])
    def test_not_where_one_is_not_there(self, letter):
        n = one()
        left = {l: v for l, v in getattr(n, letter).items() if l != 4}
        assert set(activations(replace(n, **{letter: left}))) == {2}


class TestABatchAlone:
    """One equation may be wrong in it, or both averages; what is more cannot be told."""

    def found(self, *broken):
        zero = np.zeros((1, 1))
        wrong = [Residual(equation, 2, zero + 1, zero, zero, zero) for equation in broken]
        return Findings(one(), tuple(wrong), ("before",))

    def test_nothing_is_wrong(self):
        assert told(self.found(), "why").unclear == ("before",)

    @pytest.mark.parametrize("broken", [["BP1"], ["BP3"], ["BP3", "BP4"]])
    def test_what_is_told(self, broken):
        assert told(self.found(*broken), "why").unclear == ("before", "why")

    def test_what_is_not(self):
        with pytest.raises(CannotTellError, match="why, and the gradients of a batch are wrong"):
            told(self.found("BP1", "BP3"), "why")
        with pytest.raises(CannotTellError):
            told(self.found("BP3", "BP4"), "why", both=False)
        assert told(self.found("BP4"), "why", both=False).unclear == ("before", "why")


@pytest.mark.parametrize("reduced", [np.sum, np.mean])
def test_one_bias_gradient_for_a_layer_is_bp3_alone(reduced):
    """Also where an example has only inactive neurons, and nabla_b alone holds its delta."""
    cases = [case for case in battery(relu, sigmoid, quadratic) if case.name == "inactive"]
    right = matrices(cases[0].network)

    def backprop(*given):
        found = right(*given)
        return [np.full_like(b, reduced(b)) for b in found["nabla_b"]], found["nabla_w"]

    report = check_on(cases, backprop)
    assert {v.equation for v in report.violations} == {"BP3"}


class TestAveragedOnTheWayBack:
    """A mean over the examples within BP2 is BP2, and not an average of a layer's gradients."""

    def test_a_layer_that_is_summed_is_an_average_that_is_not_taken(self):
        """One that is m times as large in both gradients: BP3 and BP4, and not BP2."""
        lines = {
            "bp3": lambda s, l: s.delta[l].sum(1, keepdims=True) / (s.m if l == s.L else 1),
            "bp4": lambda s, l: s.delta[l] @ s.a[l - 1].T / (s.m if l == s.L else 1),
        }
        case = battery(sigmoid, sigmoid, quadratic)[0]
        report = check_on([case], Pass(names=NABLAS, **lines))
        assert {v.equation for v in report.violations} == {"BP3", "BP4"}

    def test_by_the_gradients(self):
        averaged = Pass(names=NABLAS, bp2=lambda s, l: by_a(s, l) / s.m)
        report = check_on(battery(sigmoid, sigmoid, quadratic)[:4], averaged)
        assert {(v.equation, v.layer) for v in report.found} == {("BP2", 2), ("BP2", 3)}
        assert "the average is taken twice" in report.violations[0].diagnosis

    def test_an_average_of_one_layer_is_not(self):
        wrong = Pass(
            names=NABLAS,
            bp3=lambda s, l: s.delta[l].mean(1, keepdims=True) / (s.m if l == 3 else 1),
            bp4=lambda s, l: s.delta[l] @ s.a[l - 1].T / s.m / (s.m if l == 3 else 1),
        )
        report = check_on(battery(sigmoid, sigmoid, quadratic)[:4], wrong)
        assert {(v.equation, v.layer) for v in report.found} == {("BP3", 3), ("BP4", 3)}


def test_a_mean_over_the_outputs_is_no_length_to_which_gradients_were_scaled():
    """A length of a few digits may be chance, where the factor is known."""
    mean = Pass(names=NABLAS, bp1=lambda s, l: (s.a[l] - s.y) / len(s.y))
    (wide,) = (c for c in battery(sigmoid, sigmoid, cross_entropy) if c.name == "wide")
    report = check_on([wide], mean)
    assert not report.problems
    assert "an average over the outputs" in report.scale.diagnosis


class TestASmallFactorInSinglePrecision:
    """Of the error, it breaks BP1, though the deltas that a batch shows are off by rounding each.

    They are not taken for examples of which each counts otherwise.
    """

    @pytest.mark.parametrize("part", [0.99997, 0.99996])
    @pytest.mark.parametrize("seed", [0, 5, 24])
    def test_at_the_output(self, part, seed):
        sizes, m = [5, 5, 7, 5, 6], 10
        activations = [sigmoid] * (len(sizes) - 2) + [softmax]
        network = Network(sizes, activations, log_likelihood, seed=seed)
        random = np.random.default_rng(seed)
        x = random.standard_normal((sizes[0], m))
        y = np.eye(sizes[-1])[:, random.integers(sizes[-1], size=m)]

        def less(s, l):
            return np.float32(part) * (s.a[l] - s.y.astype(np.float32))

        wrong = Pass(output=softmax, names=NABLAS, dtype=np.float32, bp1=less, bp2=by_a)
        found = check_backprop(wrong, network, x, y).violations
        assert [(v.equation, v.layer) for v in found] == [("BP1", network.L)]


class TestWeightsAlone:
    """Without biases nabla_w alone holds delta: a fault is at its equation there too."""

    FAULTS = (
        ("BP1", 4, {"bp1": lambda s, l: s.a[l] - s.y}),
        ("BP2", 2, {"bp2": lambda s, l: s.back(l) * (s.a[l] * (1 - s.a[l]) if l > 2 else 1)}),
        ("BP4", 4, {"bp4": lambda s, l: s.delta[l] @ (s.z if l == 4 else s.a)[l - 1].T / s.m}),
        ("BP4", 3, {"bp4": lambda s, l: s.delta[l] @ (s.z if l == 3 else s.a)[l - 1].T / s.m}),
        ("BP4", 2, {"bp4": lambda s, l: s.delta[l] @ (s.a[l - 1] ** (1 + (l == 2))).T / s.m}),
    )

    @pytest.mark.parametrize("n_L", [1, 3])
    @pytest.mark.parametrize("which", range(len(FAULTS)))
    @pytest.mark.parametrize("m", [1, 7])
    def test_a_fault_is_at_its_equation(self, which, n_L, m):
        equation, l, fault = self.FAULTS[which]
        network = Network([4, 6, 5, n_L], sigmoid, seed=3)
        network = network.with_arrays(network.weights, [0 * b for b in network.biases])
        random = np.random.default_rng(0)
        alone = Pass(names=("nabla_w",), **fault)
        report = check_backprop(
            alone, network, random.standard_normal((4, m)), random.random((n_L, m))
        )
        assert {(v.equation, v.layer) for v in report.violations} == {(equation, l)}
