"""Cases that were handed in, each with what is right: the verdict, its places and its words."""

from functools import partial

import numpy as np
import pytest
from textbook import NABLAS, Pass, by_a

from proofs import Network, check_backprop, check_on, cross_entropy, quadratic, sigmoid, softmax
from proofs.checker.battery import battery
from proofs.measuring.cases import Case
from proofs.network.activations import leaky_relu, linear, relu
from proofs.network.costs import guarded, log_likelihood

SIZES = [4, 5, 3]
AVERAGES = {(equation, l) for equation in ("BP3", "BP4") for l in (2, 3)}


def batch(m):
    random = np.random.default_rng(0)
    return random.standard_normal((4, m)), random.random((3, m))


def deltas(*given):
    """a and delta of the textbook, layer by layer."""
    found = Pass()(*given)
    return [given[2], *found["a"]], found["delta"]


def counting(counts):
    """A pass in which examples count as `counts(m)` says."""
    return Pass(
        names=NABLAS,
        bp3=lambda s, l: (s.delta[l] * counts(s.m)).sum(axis=1, keepdims=True),
        bp4=lambda s, l: (s.delta[l] * counts(s.m)) @ s.a[l - 1].T,
    )


def places(report):
    return {(v.equation, v.layer) for v in report.violations}


UNEVEN = {
    "the last example is not counted": lambda m: (np.arange(m) < m - 1) / m,
    "only the last example is counted, divided by m": lambda m: (np.arange(m) == m - 1) / m,
    "each example is averaged with what came before": lambda m: 0.5 ** np.arange(m, 0, -1),
}


class TestALoopThatCountsUnevenly:
    """BP3 and BP4 are wrong, and not BP1: what each example sends is right."""

    @pytest.mark.parametrize("m", [4, 9])
    @pytest.mark.parametrize("says", UNEVEN)
    def test_from_the_gradients_alone(self, says, m):
        report = check_backprop(counting(UNEVEN[says]), Network(SIZES), *batch(m))
        assert places(report) == AVERAGES
        assert all(says in v.diagnosis for v in report.violations)

    def test_an_error_that_is_weighted_stays_with_BP1(self):
        """The same alone and in the batch."""

        weighted = Pass(names=NABLAS, bp1=lambda s, l: (1 + s.x[0] ** 2) * s.error(l))
        report = check_backprop(weighted, Network(SIZES), *batch(4))
        assert places(report) == {("BP1", 3)}


def error_at_the_end(error):
    """A pass for sigmoids with this error at the output."""
    return Pass(names=NABLAS, bp1=lambda s, l: error(s.a[l], s.y))


def guard(e):
    return lambda a, y: ((1 - y) / (1 - a + e) - y / (a + e)) * a * (1 - a)


LABELS = np.array([[0, 1, 1, 0, 1, 0], [1, 1, 0, 0, 0, 1], [0, 0, 1, 1, 0, 1]])
OWN_COSTS = {
    "1e-08 is added inside the logarithms": guard(1e-8),
    "1e-12 is added inside the logarithms": guard(1e-12),
    "y ln a counts 2.5 times": lambda a, y: (1 - y) * a - 2.5 * y * (1 - a),
    "y ln a counts 2, 1, 0.5 times": lambda a, y: (
        (1 - y) * a - np.array([[2.0], [1.0], [0.5]]) * y * (1 - a)
    ),
}


class TestACostWithOtherLogarithms:
    """A guard and a `pos_weight` are right for their own cost: a remark says which."""

    @pytest.mark.parametrize("says", OWN_COSTS)
    def test_it_holds_with_a_remark(self, says):
        x, _ = batch(6)
        network = Network(SIZES, sigmoid, cross_entropy)
        report = check_backprop(error_at_the_end(OWN_COSTS[says]), network, x, LABELS)
        assert report.holds
        assert report.remarks[0].startswith(says)

    @staticmethod
    def decaying(error, over_m):
        """A pass with this error, whose cost holds weight decay."""
        plain = error_at_the_end(error)

        def backprop(weights, biases, x, y):
            nabla_b, nabla_w = plain(weights, biases, x, y)
            c = 0.3 / x.shape[1] if over_m else 0.3
            return nabla_b, [g + c * w for g, w in zip(nabla_w, weights, strict=True)]

        return backprop

    @pytest.mark.parametrize("over_m", [True, False])
    @pytest.mark.parametrize("says", OWN_COSTS)
    def test_beside_weight_decay(self, says, over_m):
        x, _ = batch(6)
        network = Network(SIZES, sigmoid, cross_entropy)
        report = check_backprop(self.decaying(OWN_COSTS[says], over_m), network, x, LABELS)
        assert report.holds
        assert any(text.startswith(says) for text in report.told)
        assert any(text.startswith("0.3/m w" if over_m else "0.3 w") for text in report.told)

    def test_another_slope_beside_weight_decay(self):
        def backprop(weights, biases, x, y):
            (w2, w3), (b2, b3), m = weights, biases, x.shape[1]
            z = w2 @ x + b2
            slope = np.where(z > 0, 1, 0.2)
            d3 = sigmoid(w3 @ (z * slope) + b3) - y
            d2 = w3.T @ d3 * slope
            nabla_b = [d.mean(axis=1, keepdims=True) for d in (d2, d3)]
            return nabla_b, [(d2 @ x.T + 0.3 * w2) / m, (d3 @ (z * slope).T + 0.3 * w3) / m]

        network = Network(SIZES, [leaky_relu, sigmoid], cross_entropy)
        report = check_backprop(backprop, network, batch(6)[0], LABELS)
        assert report.holds
        assert {"0.3/m w", "the slope below 0 is 0.2"} <= {
            start for text in report.told for start in ("0.3/m w", "the slope below 0 is 0.2")
            if text.startswith(start)
        }  # fmt: skip

    def test_beside_weight_decay_on_several_networks(self):
        cases = [c for c in battery(sigmoid, output=sigmoid, cost=cross_entropy) if c.network.L < 5]
        report = check_on(cases, self.decaying(guard(1e-8), True), targets="multi-hot")
        assert report.holds
        assert any("1e-08 is added inside the logarithms" in text for text in report.told)
        assert any(text.startswith("0.3/m w") for text in report.told)

    @pytest.mark.parametrize("wrong", [1e-6, 1.0])
    def test_a_fault_beside_both_is_at_its_equation(self, wrong):
        x, _ = batch(6)
        network = Network(SIZES, sigmoid, cross_entropy)
        both = self.decaying(guard(1e-8), True)

        def backprop(weights, biases, x, y):
            nabla_b, nabla_w = both(weights, biases, x, y)
            return [(1 + wrong) * nabla_b[0], nabla_b[1]], nabla_w

        assert places(check_backprop(backprop, network, x, LABELS)) == {("BP3", 2)}

    @pytest.mark.parametrize(
        ("error", "y"),
        [
            (lambda a, y: guard(1e-8)(a, y) * (1 + 1e-9), LABELS),
            (lambda a, y: (1 - y) * a + y * (1 - a), LABELS),
            (lambda a, y: 2.5 * (a - y), np.ones_like(LABELS)),
        ],
    )
    def test_a_fault_beside_it_does_not(self, error, y):
        """Nor does a factor where every target is 1, which a weight would explain."""
        x, _ = batch(6)
        network = Network(SIZES, sigmoid, cross_entropy)
        assert not check_backprop(error_at_the_end(error), network, x, y).holds

    def test_only_of_logarithms(self):
        with pytest.raises(ValueError, match="expected cross_entropy or log_likelihood"):
            guarded(quadratic, 1e-8)


class TestAGradientReadOffAnUpdate:
    """By hand: (w - w_new) / rate is right up to the rounding of w / rate, which it shows."""

    @staticmethod
    def read_off(rate, wrong=0.0):
        def backprop(weights, biases, x, y):
            nabla = average(weights, biases, x, y)
            nabla[1][0][0, 0] *= 1 + wrong
            return [
                [(v - (v - rate * g)) / rate for v, g in zip(of, gradients, strict=True)]
                for of, gradients in zip((biases, weights), nabla, strict=True)
            ]

        return check_backprop(backprop, Network(SIZES), *batch(6))

    @pytest.mark.parametrize("rate", [1.0, 0.1, 0.01, 0.001])
    def test_it_is_right(self, rate):
        report = self.read_off(rate)
        assert report.holds
        assert rate > 0.01 or f"at a learning rate of {rate:g}" in report.remarks[0]

    @pytest.mark.parametrize("wrong", [1e-6, 1e-3])
    def test_a_fault_is_seen(self, wrong):
        assert places(self.read_off(0.01, wrong)) == {("BP4", 2)}

    @pytest.mark.parametrize("rate", [1.0, 0.5, 0.1])
    @pytest.mark.parametrize("seed", [0, 30, 59])
    def test_averaged_models_with_a_dead_relu(self, seed, rate):
        """Each example trains a model of its own; seed 30 leaves few numbers that show the rate."""
        each = Pass(relu, linear, names=NABLAS)

        def backprop(weights, biases, x, y):
            columns = zip(x.T[:, :, None], y.T[:, :, None], strict=True)
            nablas = [each(weights, biases, *column) for column in columns]
            return [
                [
                    (v - np.mean([v - rate * n[k][l] for n in nablas], axis=0)) / rate
                    for l, v in enumerate(of)
                ]
                for k, of in enumerate((biases, weights))
            ]

        random = np.random.default_rng(seed)
        x, y = random.standard_normal((3, 5)), random.standard_normal((2, 5))
        network = Network([3, 5, 2], [relu, linear], quadratic, seed)
        assert check_backprop(backprop, network, x, y).holds


class TestAPenaltyThatOneNetworkDoesNotShow:
    """What most networks show is taken off where there are too few numbers to tell."""

    def test_a_constant_in_the_biases_is_BP3_alone(self):
        penalised = Pass(
            names=("a", "delta", *NABLAS),
            bp3=lambda s, l: s.delta[l].mean(axis=1, keepdims=True) + 0.1,
            bp4=lambda s, l: s.delta[l] @ s.a[l - 1].T / s.m + 0.1 * s.w[l],
        )
        some = "narrow", "square", "rectangular"
        cases = [c for c in battery(sigmoid, sigmoid, quadratic) if c.name in some]
        report = check_on(cases, penalised)
        assert {v.equation for v in report.violations} == {"BP3"}
        assert report.told[0].startswith("0.1 w is added to nabla_w")
        assert all("one constant is added" in v.diagnosis for v in report.violations)


class TestADecayThatIsSummed:
    """`reg * W.sum()` where `reg * W` belongs is a constant in every weight's gradient."""

    def test_it_is_named(self):
        def backprop(weights, biases, x, y):
            nabla_b, nabla_w = average(weights, biases, x, y)
            return nabla_b, [n + 0.1 * w.sum() for n, w in zip(nabla_w, weights, strict=True)]

        report = check_backprop(backprop, Network(SIZES), *batch(6))
        assert places(report) == {("BP4", 2), ("BP4", 3)}
        assert all("reg * W.sum()" in v.diagnosis for v in report.violations)


class TestAForwardPassWithoutBiases:
    """It is named where z is not returned, too."""

    def test_by_the_gradients(self):
        def backprop(weights, biases, x, y):
            return average(weights, [0 * b for b in biases], x, y)

        x, y = batch(6)
        report = check_backprop(backprop, Network(SIZES), x, y)
        assert all("the biases are missing" in v.diagnosis for v in report.violations)
        assert places(report) == {("forward a", 2), ("BP1", 3)}


class TestADecayBesideAFault:
    """Across the activations of a few examples nabla_w shows it, so the fault alone is blamed."""

    @staticmethod
    def decayed(fault):
        without = {
            "the biases are missing": {
                "z": lambda s, l: s.w[l] @ s.a[l - 1] + s.b[l] * (l > 2),
            },
            "sigma'(z^l) is missing": {"bp2": lambda s, l: s.back(l)},
        }
        constant = 0.1 * (fault == "one constant is added")

        def average(s, l):
            m = 1 if fault == "a sum over the examples" and l == 3 else s.m
            return s.delta[l] @ s.a[l - 1].T / m + s.w[l] / 10 / s.m

        return Pass(
            names=NABLAS,
            bp3=lambda s, l: s.delta[l].mean(axis=1, keepdims=True) + constant,
            bp4=average,
            **without.get(fault, {}),
        )

    @pytest.mark.parametrize(
        ("fault", "broken"),
        [
            ("the biases are missing", {("forward a", 2)}),
            ("sigma'(z^l) is missing", {("BP2", 2)}),
            ("a sum over the examples", {("BP4", 3)}),
            ("one constant is added", {("BP3", 2), ("BP3", 3)}),
        ],
    )
    def test_both_are_named(self, fault, broken):
        report = check_backprop(self.decayed(fault), Network(SIZES), *batch(6))
        assert places(report) == broken
        assert all(fault in v.diagnosis for v in report.violations)
        assert "w is added to nabla_w, as weight decay does" in report.told[0]

    def test_several_networks_say_the_same(self):
        """Also where only one of them shows the fault."""

        def backprop(weights, *given):
            fault = "sigma'(z^l) is missing" if weights[0].shape == (5, 4) else ""
            return self.decayed(fault)(weights, *given)

        cases = [Case(Network([4, n, 3]), *batch(6)) for n in (5, 6)]
        report = check_on(cases, backprop)
        assert places(report) == {("BP2", 2)}
        assert "0.1/m w is added to nabla_w" in report.told[0]

    def test_of_l1_over_m(self):
        def backprop(weights, biases, x, y):
            m = x.shape[1]
            b, w = self.decayed("sigma'(z^l) is missing")(weights, biases, x, y)
            return b, [n + (np.sign(v) - v) / 10 / m for n, v in zip(w, weights, strict=True)]

        report = check_backprop(backprop, Network(SIZES), *batch(6))
        assert places(report) == {("BP2", 2)}
        assert "0.1/m sign(w)" in report.told[0]


def average(weights, biases, x, y):
    """The right gradients."""
    return counting(lambda m: np.full(m, 1 / m))(weights, biases, x, y)


class TestGradientsThatWereBounded:
    """Clipped, or an update of Adam's: no equation can be blamed, and what to return is said."""

    @staticmethod
    def report(change, backprop=average):
        def changed(*given):
            return [[change(g) for g in of] for of in backprop(*given)]

        return check_backprop(changed, Network(SIZES), *batch(6))

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            (lambda g: np.clip(g, -0.02, 0.02), "clipped at 0.02"),
            (lambda g: g * min(1, 0.02 / np.linalg.norm(g)), "scaled to a length of 0.02"),
            (lambda g: g / np.linalg.norm(g), "scaled to a length of 1"),
            (lambda g: g / (abs(g) + 1e-8), "the first step of Adam"),
            (lambda g: 0.1 * g / (np.sqrt(0.1 * g * g) + 1e-8), "RMSProp"),
        ],
    )
    def test_it_is_refused(self, change, said):
        report = self.report(change)
        assert (report.status, report.violations) == (2, ())
        assert said in report.problems[0]

    def test_one_array_that_is_scaled_is_a_fault(self):
        def wrong(*given):
            nabla_b, nabla_w = average(*given)
            return nabla_b, [0.5 * nabla_w[0], nabla_w[1]]

        assert self.report(lambda g: g, wrong).violations

    def test_equal_numbers_of_saturated_neurons_were_not_clipped(self):
        def tanh_instead(weights, biases, x, y):
            a = np.tanh(weights[0] @ x + biases[0])
            d = 1 / (1 + np.exp(-(weights[1] @ a + biases[1]))) - y
            e = weights[1].T @ d * (1 - a * a)
            m = y.shape[1]
            return [np.mean(v, axis=1)[:, None] for v in (e, d)], [e @ x.T / m, d @ a.T / m]

        huge = next(c for c in battery(sigmoid, sigmoid, quadratic, layers=2) if c.name == "huge")
        report = check_backprop(tanh_instead, huge.network, huge.x, huge.y)
        assert not any("clipped" in problem for problem in report.problems)

    def test_of_signs_nothing_else_is_said(self):
        report = self.report(lambda g: 0.01 * np.sign(g))
        assert report.form
        assert "all are 0.01 or -0.01" in report.problems[0]

    def test_a_fault_beside_it_is_not_hidden(self):
        def wrong(*given):
            nabla_b, nabla_w = average(*given)
            return nabla_b, [2 * nabla_w[0], nabla_w[1]]

        report = self.report(lambda g: np.clip(g, -0.02, 0.02), wrong)
        assert report.status == 1
        assert "clipped at 0.02, and are not the right ones clipped" in report.problems[0]


class TestClippedTogether:
    """One norm over all arrays is clipped, by a round number: no equation is broken by that."""

    @staticmethod
    def clipped(most, which=slice(None), added=0.0):
        def backprop(*given):
            nabla_b, nabla_w = average(*given)
            some = [nabla_b, nabla_w][which]
            length = np.sqrt(sum((g * g).sum() for of in some for g in of))
            for of in some:
                for g in of:
                    g *= min(1, most / (length + added))
            return nabla_b, nabla_w

        return backprop

    @pytest.mark.parametrize("which", [slice(None), slice(0, 1), slice(1, 2)])
    @pytest.mark.parametrize("added", [0.0, 1e-6])
    def test_it_is_refused(self, which, added):
        report = check_backprop(self.clipped(0.02, which, added), Network(SIZES), *batch(6))
        assert (report.status, report.violations) == (2, ())
        assert "scaled together to a length of 0.02" in report.problems[0]

    def test_a_length_that_nobody_types_is_a_factor(self):
        report = check_backprop(self.clipped(0.0234567), Network(SIZES), *batch(6))
        assert report.scaled

    @pytest.mark.parametrize("where", ["BP1", "BP2"])
    @pytest.mark.parametrize("alone", [True, False])
    def test_errors_that_are_clipped_are_named(self, where, alone):
        network, (x, y) = Network([4, 5, 3]), batch(6)

        def last(s, l):
            return np.clip(by_a(s, l), -0.01, 0.01)

        def first(s, l):
            return by_a(s, l) * min(1, 0.02 / np.linalg.norm(by_a(s, l)))

        names = NABLAS if alone else ("delta", *NABLAS)
        clipped = Pass(names=names, **({"bp1": last} if where == "BP1" else {"bp2": first}))
        x, y = np.random.default_rng(0).standard_normal((4, 6)), np.eye(3)[:, [0, 1, 2, 0, 1, 2]]
        (violation,) = check_backprop(clipped, network, x, y).violations
        assert violation.equation == where
        how = "clipped at 0.01" if where == "BP1" else "scaled to a length of 0.02"
        assert f"delta is {how}: " in violation.diagnosis


class TestTargetsThatDoNotSumToOne:
    """Of softmax with a - y it is said for which targets it is right, where these are others."""

    @staticmethod
    def backprop(weights, biases, x, y):
        (w,), (b,) = weights, biases
        delta = softmax(w @ x + b) - y
        return [delta.mean(axis=1, keepdims=True)], [delta @ x.T / x.shape[1]]

    @pytest.mark.parametrize(("y", "said"), [([1.0, 1, 0], True), ([0.2, 0.8, 0], False)])
    def test_it_is_said(self, y, said):
        network = Network([2, 3], softmax, log_likelihood)
        y = np.array(y)[:, None] * np.ones((1, 4))
        report = check_backprop(self.backprop, network, np.random.default_rng(0).random((2, 4)), y)
        assert ('these are others (battery(..., targets="soft")' in str(report)) == said
        assert report.holds != said

    def test_on_the_battery_it_is_said_once(self):
        cases = battery(sigmoid, softmax, log_likelihood, layers=1)
        said = [text for text in check_on(cases, self.backprop).remarks if "sum to 1" in text]
        assert len(said) == 1
        assert "left out" in said[0]


class TestOneNumberForOneNeuron:
    """The gradient of the one bias of a layer may be a plain number, as a sum of all gives it."""

    @staticmethod
    def backprop(weights, biases, x, y, kind=float, times=1):
        (w2, w3), (b2, b3), m = weights, biases, x.shape[1]
        a2 = sigmoid(w2 @ x + b2)
        delta3 = sigmoid(w3 @ a2 + b3) - y
        delta2 = w3.T @ delta3 * a2 * (1 - a2)
        nabla_b = [delta2.mean(axis=1, keepdims=True), kind(times * np.mean(delta3))]
        return nabla_b, [delta2 @ x.T / m, delta3 @ a2.T / m]

    @pytest.mark.parametrize("kind", [float, np.float64, np.array, np.atleast_1d])
    def test_it_is_taken(self, kind):
        x, y = batch(6)
        network = Network([4, 5, 1], sigmoid, cross_entropy)
        assert check_backprop(partial(self.backprop, kind=kind), network, x, y[:1]).holds
        found = check_backprop(partial(self.backprop, kind=kind, times=2), network, x, y[:1])
        assert places(found) == {("BP3", 3)}


class TestSumsWithoutBiases:
    """A fault beside sums is told alone, and no error is said to depend on other examples."""

    def test_in_a_network_without_biases(self):
        def backprop(weights, biases, x, y):
            w2, w3 = weights
            a2 = sigmoid(w2 @ x)
            a3 = sigmoid(w3 @ a2)
            delta3 = (a3 - y) * a3 * (1 - a3)
            delta2 = w3.T @ delta3 * a2
            return {"nabla_w": [delta2 @ x.T, delta3 @ a2.T]}

        network = Network(SIZES)
        network = network.with_arrays(network.weights, [0 * b for b in network.biases])
        report = check_backprop(backprop, network, *batch(6))
        assert places(report) == {("BP2", 2)}
        assert any("summed over the examples" in text for text in report.remarks)
        assert "depends on the others" not in str(report)
