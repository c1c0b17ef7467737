"""An epsilon or a clip in the cost, where outputs are saturated."""

import numpy as np
import pytest

from proofs import Network, check_backprop, cross_entropy, log_likelihood, sigmoid, softmax
from proofs.checker.judging.saturated import SAYS
from proofs.checker.which_equation import check_on
from proofs.measuring.cases import Case

EPSILONS = (1e-6, 1e-7, 1e-8, 1e-12)


def of_sigmoid(z):
    return 1 / (1 + np.exp(-z))


def of_softmax(z):
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)


class Pass:
    """A backward pass in some precision with delta^L = error(a, y), as its own line has it."""

    def __init__(self, error, output=of_sigmoid, dtype=float, delta=False):
        self.error, self.output, self.dtype, self.delta = error, output, dtype, delta

    def __call__(self, weights, biases, x, y):
        (w1, w2), (b1, b2), (x, y) = (
            [v.astype(self.dtype) for v in of] for of in (weights, biases, (x, y))
        )
        hidden = of_sigmoid(w1 @ x + b1)
        delta = self.error(self.output(w2 @ hidden + b2), y)
        back = (w2.T @ delta) * hidden * (1 - hidden)
        means = [d.mean(axis=1, keepdims=True) for d in (back, delta)]
        found = {"nabla_b": means, "nabla_w": [d @ v.T / x.shape[1] for d, v in
                 ((back, x), (delta, hidden))]}  # fmt: skip
        return {**found, "delta": [back, delta]} if self.delta else found


def within(e, other):
    """-y/(a + e) + (1 - y)/(1 - a + other), times sigma'."""

    def error(a, y):
        first = np.where(y == 0, 0, -y / (a + a.dtype.type(e)))
        second = np.where(y == 1, 0, (1 - y) / (1 - a + a.dtype.type(other)))
        return (first + second) * a * (1 - a)

    return error


def chosen(e):
    """The same of -y ln(a + e) behind softmax."""

    def error(a, y):
        g = -y / (a + a.dtype.type(e))
        return a * (g - (g * a).sum(axis=0))

    return error


def clipped_away(e):
    """The slope of a clipped a, which is 0 where the clip acts, behind softmax."""

    def error(a, y):
        within = np.clip(a, e, 1 - e)
        g = -y / within * (within == a)
        return a * (g - (g * a).sum(axis=0))

    return error


def case(steep, seed, categorical=False):
    """A network whose outputs are as saturated as its last weights are steep."""
    kinds = (softmax, log_likelihood) if categorical else (sigmoid, cross_entropy)
    network = Network([4, 5, 3], [sigmoid, kinds[0]], kinds[1], seed=seed)
    w = [network.w[2], steep * network.w[3]]
    random = np.random.default_rng(seed)
    x, labels = random.standard_normal((4, 6)), random.integers(0, 3, 6)
    y = np.eye(3)[:, labels] if categorical else random.integers(0, 2, (3, 6))
    return Case(network.with_arrays(w, network.biases), x, y, f"{steep}")


def checked(f, it):
    return check_backprop(f, it.network, it.x, it.y)


@pytest.mark.parametrize("delta", [False, True])
class TestOneLogarithm:
    """An epsilon in one logarithm alone is found, and the pass is right for that cost."""

    @pytest.mark.parametrize(("e", "other", "which"), [(1e-6, 0, "a"), (0, 1e-6, "1 - a")])
    def test_found(self, e, other, which, delta):
        report = checked(Pass(within(e, other), delta=delta), case(3, 0))
        assert report.holds, report
        assert f"1e-06 is added inside the logarithm of {which} alone" in report.told[0]

    def test_in_both_it_is_one_guard(self, delta):
        report = checked(Pass(within(1e-6, 1e-6), delta=delta), case(3, 0))
        assert report.holds
        assert "1e-06 is added inside the logarithms: " in report.told[0]


@pytest.mark.parametrize("delta", [False, True])
@pytest.mark.parametrize("dtype", [np.float32, float])
class TestNeverBlamed:
    """With any epsilon, in any precision, it holds or ends as a problem that says what to do."""

    @pytest.mark.parametrize(("e", "seed"), [*zip(EPSILONS, (0, 1, 0, 1), strict=True)])
    @pytest.mark.parametrize("categorical", [False, True])
    def test_saturated(self, categorical, e, seed, dtype, delta):
        error, output = (chosen(e), of_softmax) if categorical else (within(e, e), of_sigmoid)
        report = checked(Pass(error, output, dtype, delta), case(25, seed, categorical))
        assert report.status in (0, 2), report
        assert not report.violations
        assert report.holds or "a - y" in report.problems[0] or "double" in report.problems[0]

    @pytest.mark.parametrize("e", EPSILONS[:-1])
    def test_a_slope_of_0_where_a_clip_acts(self, e, dtype, delta):
        report = checked(Pass(clipped_away(e), of_softmax, dtype, delta), case(12, 1, True))
        assert report.status in (0, 2), report


class TestFaultsAreBlamed:
    """What is wrong elsewhere too, or by more than is taken away, is a fault."""

    @pytest.mark.parametrize(
        "error",
        [
            lambda a, y: (a - y) * a * (1 - a),
            lambda a, y: 0.5 * (a - y),
            lambda a, y: y - a,
            lambda a, y: a - 0.9 * y,
        ],
    )
    def test_where_some_outputs_are_not_saturated(self, error):
        for steep in (3, 25):
            report = checked(Pass(error), case(steep, 0))
            assert [v.equation for v in report.found] == ["BP1"], report

    @pytest.mark.parametrize("delta", [False, True])
    @pytest.mark.parametrize("steep", [3, 12, 25])
    def test_the_diagonal_of_softmax_alone(self, steep, delta):
        """No logarithm is near 0 where the wanted output is near 1, and the others miss all."""
        cut = Pass(lambda a, y: -y * (1 - a), of_softmax, delta=delta)
        report = checked(cut, case(steep, 0, categorical=True))
        assert "BP1" in {v.equation for v in report.found}, report

    def test_on_another_network_it_shows(self):
        """One network cannot tell it, and the other does: then both show it."""
        cases = [case(25, 1), case(1, 0)]
        f = Pass(lambda a, y: np.where(abs(a - y) > 0.9, 0, a - y) * np.where(y == 1, 1, 0.9))
        report = check_on(cases, f)
        assert report.status == 1
        assert report.violations

    def test_what_is_said_names_the_outputs(self):
        report = checked(Pass(chosen(1e-6), of_softmax), case(25, 1, categorical=True))
        assert report.problems == (SAYS,)
        assert report.status == 2


class TestAnInfiniteCost:
    """A guard with which the cost would be infinite is none, and raises nothing."""

    def test_of_a_guard_in_single_precision(self):
        network = Network([3, 5, 2], cost=cross_entropy, seed=1)
        w, b = ([of[2], 20 * of[3]] for of in (network.w, network.b))
        random = np.random.default_rng(0)
        x, y = random.standard_normal((3, 6)), random.integers(0, 2, (2, 6)).astype(float)

        def error(a, y):
            e = np.float32(1e-8)
            return ((1 - y) / (1 - a + e) - y / (a + e)) * a * (1 - a)

        network = Network.from_arrays(w, b, sigmoid, cross_entropy)
        report = check_backprop(Pass(error, dtype=np.float32), network, x, y)
        assert not report.holds
