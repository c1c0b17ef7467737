"""Each equation by itself, tested with a backward pass's own inputs to it."""

from dataclasses import replace

import numpy as np
import pytest
from strategies import EPS
from styles import STYLES

from proofs import (
    Network,
    backprop,
    check_backprop,
    cross_entropy,
    linear,
    log_likelihood,
    quadratic,
    relu,
    sigmoid,
    softmax,
    softplus,
    tanh,
)
from proofs.checker.judging.numbers import Numbers, numbers
from proofs.checker.judging.residuals import PUSHED, of_each, residuals
from proofs.measuring.cases import Case, running_case, softplus_share, standard_cases
from proofs.network.fused import cost_of_z

EVERYTHING = ("z", "a", "delta", "nabla_b", "nabla_w")
GRADIENTS = ("delta", "nabla_b", "nabla_w")


def right(case: Case, given: tuple[str, ...] = EVERYTHING) -> Numbers:
    """What a right backward pass goes by, and returns of it what is given."""
    network = case.network
    z, a = network.forward(case.x)
    found = backprop(network, case.x, case.y)
    own = {"z": z, "a": {l: a[l] for l in network.layers}, **found._asdict()}
    return numbers(network, case.x, case.y, {name: own[name] for name in given}, EPS)


def broken(n: Numbers) -> set[tuple[str, int]]:
    return {(r.equation, r.layer) for r in residuals(n) if not r.holds}


class TestARightBackwardPassHasNoResidual:
    """Whatever the activations, the cost and the targets, rounding explains every residual."""

    @pytest.mark.parametrize("case", standard_cases(), ids=lambda case: case.name)
    def test_on_every_standard_network(self, case):
        assert broken(right(case)) == set()

    def test_where_every_equation_was_tested_at_every_layer(self):
        found = [(r.equation, r.layer) for r in residuals(right(running_case()))]
        assert found == [
            ("forward z", 2),
            ("forward a", 2),
            ("forward z", 3),
            ("forward a", 3),
            ("forward z", 4),
            ("forward a", 4),
            ("BP1", 4),
            ("BP3", 4),
            ("BP4", 4),
            ("BP2", 3),
            ("BP3", 3),
            ("BP4", 3),
            ("BP2", 2),
            ("BP3", 2),
            ("BP4", 2),
        ]


class TestHowMuchIsAllowed:
    """A residual may be so many roundings of its numbers, which depends on what is added up."""

    def allowed(self, equation, hidden, output, cost, given):
        """In roundings of the numbers that the equation gives: the median of 15 networks."""
        found = []
        for seed in range(15):
            random = np.random.default_rng(seed)
            network = Network([6, 5, 4, 3], [hidden, hidden, output], cost, seed)
            x, y = random.standard_normal((6, 5)), np.eye(3)[:, random.integers(3, size=5)]
            n = right(Case(network, x, y), given)
            found += [
                np.linalg.norm(r.allowed) / np.linalg.norm(r.expected) / EPS
                for r in residuals(n)
                if r.equation == equation
            ]
        return np.median(found)

    @pytest.mark.parametrize(
        ("output", "cost", "its_own", "ours"),
        [
            (sigmoid, quadratic, 274, 290),
            (softmax, quadratic, 223, 236),
            (sigmoid, cross_entropy, 155, 164),
            (softmax, log_likelihood, 122, 124),
        ],
    )
    def test_bp1(self, output, cost, its_own, ours):
        """More where its z and a are not known and ours stand in."""
        found = (self.allowed("BP1", sigmoid, output, cost, own) for own in (EVERYTHING, GRADIENTS))
        assert list(found) == pytest.approx([its_own, ours], rel=0.05)

    @pytest.mark.parametrize(
        ("hidden", "its_own", "ours"),
        [
            (sigmoid, 132, 143),
            (tanh, 82, 100),
            (relu, 47, 47),
            (softmax, 152, 151),
            (softplus_share, 116, 121),
        ],
    )
    def test_bp2(self, hidden, its_own, ours):
        """Less where sigma' is not found by subtracting from 1."""
        output = (softmax, log_likelihood)
        found = (self.allowed("BP2", hidden, *output, own) for own in (EVERYTHING, GRADIENTS))
        assert list(found) == pytest.approx([its_own, ours], rel=0.05)

    @pytest.mark.parametrize(("equation", "its_own", "ours"), [("BP3", 35, 35), ("BP4", 41, 77)])
    def test_the_gradients(self, equation, its_own, ours):
        output = (sigmoid, cross_entropy)
        found = (self.allowed(equation, sigmoid, *output, own) for own in (EVERYTHING, GRADIENTS))
        assert list(found) == pytest.approx([its_own, ours], rel=0.05)

    @pytest.mark.parametrize(
        ("hidden", "z", "a"),
        [(sigmoid, 49, 31), (tanh, 54, 33), (relu, 43, 48), (softmax, 33, 38)],
    )
    def test_the_forward_pass(self, hidden, z, a):
        output = (softmax, log_likelihood, EVERYTHING)
        found = (self.allowed(f"forward {letter}", hidden, *output) for letter in "za")
        assert list(found) == pytest.approx([z, a], rel=0.05)


class TestOneWrongNumberBreaksWhatItIsMadeBy:
    """A number that is off by 1e-9 of its size is seen where it is made, if all else follows it."""

    @pytest.mark.parametrize("l", [2, 3, 4])
    @pytest.mark.parametrize("letter", ["nabla_b", "nabla_w"])
    def test_in_a_gradient(self, letter, l):
        n = right(running_case())
        changed = {**getattr(n, letter), l: getattr(n, letter)[l] * (1 + 1e-9)}
        equation = {"nabla_b": "BP3", "nabla_w": "BP4"}[letter]
        assert broken(replace(n, **{letter: changed})) == {(equation, l)}

    def test_in_delta_of_the_last_layer_which_the_others_go_by(self):
        n = right(running_case())
        factor = 1 + 1e-9
        letters = {name: getattr(n, name) for name in ("delta", "nabla_b", "nabla_w")}
        everything = {k: {l: v * factor for l, v in of.items()} for k, of in letters.items()}
        assert broken(replace(n, **everything)) == {("BP1", 4)}

    def test_in_the_residual_and_its_place(self):
        n = right(running_case())
        delta = n.delta[4].copy()
        delta[1, 3] += 0.25
        found = next(r for r in residuals(replace(n, delta={**n.delta, 4: delta})) if not r.holds)
        assert (found.equation, found.place) == ("BP1", (1, 3))
        assert found.residual == pytest.approx(0.25)
        assert found.tolerance < 1e-12


class TestWhatIsNotANumberIsBlamedWhereItIsBorn:
    """An equation whose inputs are not finite is not judged."""

    @pytest.mark.parametrize("wrong", [np.nan, np.inf])
    def test_in_delta(self, wrong):
        n = right(running_case())
        nothing = {l: np.full_like(v, wrong) for l, v in n.delta.items()}
        gradients = {
            name: {l: np.full_like(v, wrong) for l, v in getattr(n, name).items()}
            for name in ("nabla_b", "nabla_w")
        }
        assert broken(replace(n, delta=nothing, **gradients)) == {("BP1", 4)}

    def test_in_the_activations_of_the_last_layer(self):
        n = right(running_case())
        a = {**n.a, 4: np.full_like(n.a[4], np.nan)}
        assert broken(replace(n, a=a, delta={}, nabla_b={}, nabla_w={})) == {("forward a", 4)}


class TestAtAKink:
    """At z = 0 the slope of ReLU is convention: any value from 0 to 1 is right, and no other."""

    def at(self, slope):
        network = Network.from_arrays(
            [[[1.0], [1.0]], [[1.0, 1.0]]], [[[0.0], [1.0]], [[0.0]]], [relu, sigmoid]
        )
        case = Case(network, [[0.0]], [[1.0]])
        n = right(case)
        delta = n.delta[2].copy()
        delta[0] = slope * network.w[3][0, 0] * n.delta[3][0]
        b, w = {**n.nabla_b, 2: delta}, {**n.nabla_w, 2: delta @ case.x.T}
        return replace(n, delta={**n.delta, 2: delta}, nabla_b=b, nabla_w=w)

    @pytest.mark.parametrize("slope", [0.0, 0.5, 1.0])
    def test_every_slope_between_is_accepted_and_counted(self, slope):
        n = self.at(slope)
        assert broken(n) == set()
        assert sum(r.kinks for r in residuals(n)) == 1

    @pytest.mark.parametrize("slope", [-0.001, 1.001])
    def test_no_other_is(self, slope):
        assert broken(self.at(slope)) == {("BP2", 2)}


class TestSaturation:
    """Where an output has rounded to 1, forms that do without 1 - a are right to the last digit."""

    def case(self, z, cost, output):
        network = Network.from_arrays([np.eye(3)], [np.zeros((3, 1))], output, cost)
        return Case(network, np.array([[z], [0.0], [-z]]), np.eye(3)[:, [2]])

    @pytest.mark.parametrize("z", [5.0, 30.0, 40.0, 800.0])
    @pytest.mark.parametrize(
        ("cost", "output"), [(cross_entropy, sigmoid), (log_likelihood, softmax)], ids=str
    )
    def test_a_minus_y_holds_however_far_it_goes(self, z, cost, output):
        case = self.case(z, cost, output)
        forward = case.network.forward(case.x)
        own = {"z": forward.z, "delta": {2: forward.a[2] - case.y}}
        assert broken(numbers(case.network, case.x, case.y, own, EPS)) == set()

    @pytest.mark.parametrize("z", [5.0, 30.0, 40.0, 800.0])
    def test_a_factor_2_does_not(self, z):
        case = self.case(z, cross_entropy, sigmoid)
        forward = case.network.forward(case.x)
        own = {"z": forward.z, "delta": {2: 2 * (forward.a[2] - case.y)}}
        assert broken(numbers(case.network, case.x, case.y, own, EPS)) == {("BP1", 2)}


class TestTheCostOfZ:
    """The cost as a function of z^L is the cost of sigma(z^L), finite where that is not."""

    @pytest.mark.parametrize(
        ("cost", "output"),
        [
            (cross_entropy, sigmoid),
            (log_likelihood, softmax),
            (log_likelihood, sigmoid),
            (log_likelihood, softplus),
            (quadratic, tanh),
            (quadratic, softplus_share),
        ],
        ids=str,
    )
    def test_it_is_the_same_function(self, cost, output):
        random = np.random.default_rng(0)
        z, y = random.standard_normal((4, 6)), random.uniform(0.05, 0.95, (4, 6))
        np.testing.assert_allclose(cost_of_z(cost, output)(z, y), cost.value(output(z), y))

    @pytest.mark.parametrize(
        ("cost", "output"), [(cross_entropy, sigmoid), (log_likelihood, softmax)], ids=str
    )
    def test_it_is_finite_at_a_thousand(self, cost, output):
        z, y = np.array([[1000.0], [-1000.0]]), np.array([[0.0], [1.0]])
        assert cost_of_z(cost, output)(z, y) == pytest.approx([2000.0])

    def test_far_below_0_the_logarithm_of_softplus_is_z(self):
        of_z = cost_of_z(log_likelihood, softplus)
        z, y = np.array([[-50.0, -700.0, -1e6]]), np.ones((1, 3))
        assert of_z(z, y) == pytest.approx([50.0, 700.0, 1e6])
        assert of_z(z + 1e-20j, y).imag / 1e-20 == pytest.approx(-1)


class TestPushesOfTheOutputs:
    """Pushes of z^L lie side by side: they share the values, and fit the cache."""

    @pytest.mark.parametrize(("n", "m"), [(3, 5), (300, 16)])
    def test_the_values_are_computed_once_for_many_pushes(self, n, m):
        random = np.random.default_rng(0)
        z, y = random.standard_normal((n, m)), random.random((n, m))
        real, imag = [], []

        def watched(z, y):
            real.append(z.real.size)
            imag.append(z.imag.size)
            return quadratic.value(sigmoid(z), y)

        delta = of_each(watched, z, y)
        right = (sigmoid(z) - y) * sigmoid.prime(z)
        np.testing.assert_allclose(delta, right, rtol=1e-12, atol=1e-15)
        assert set(real) == {n * m}
        assert max(imag) <= PUSHED
        assert sum(imag) == n * n * m
        assert len(real) <= n // (PUSHED // (n * m)) + 1


class TestWhatCannotBeMeasured:
    """A number that no push can measure blames nothing, and is told; those beside it are tested."""

    @staticmethod
    def report(wrong=0.0):
        """A share of e^-729 is 1, and its denominator is too small for a quotient of pushes."""
        w = [np.ones((1, 1)), np.array([[2.0], [1.0]])]
        b = [np.zeros((1, 1)), np.zeros((2, 1))]
        network = Network.from_arrays(w, b, [softplus_share, linear], quadratic)

        def delta_off(weights, biases, x, y):
            found = STYLES["jacobians"](network)(weights, biases, x, y)
            found["delta"][0] = found["delta"][0] + wrong * (x > 0)
            return found

        return check_backprop(delta_off, network, [[-729.0, 0.5]], np.zeros((2, 2)))

    def test_it_is_told(self):
        report = self.report()
        assert report.holds
        assert (
            "BP2, layer 2: 1 of its numbers could not be measured, as where something underflows "
            "on the way, and were not tested"
        ) in report.remarks

    def test_those_beside_it_are_tested(self):
        assert "BP2" in {v.equation for v in self.report(wrong=0.1).found}
