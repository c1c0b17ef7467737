"""Backward passes that people reported, wrong and right, built anew from what their threads say.

Each is the textbook's pass with one line replaced: exactly that equation is flagged, and a word of
what is wrong is said. A right one is right for its own cost, layers and habits.
"""

import numpy as np
import pytest
from textbook import EVERYTHING, NABLAS, Pass, by_a

from proofs import Network, check_backprop, quadratic, sigmoid, softplus, tanh
from proofs.network.activations import Activation, leaky_relu

SIZES, M = (4, 6, 5, 3), 7
RANDOM = np.random.default_rng(3)
X, Y = RANDOM.standard_normal((4, M)), np.eye(3)[:, [0, 1, 2, 0, 1, 2, 0]]


def passed(hidden=sigmoid, alone=False, **lines):
    """The report on the textbook's pass with other lines."""
    network = Network(list(SIZES), [hidden, hidden, sigmoid], quadratic)
    return check_backprop(
        Pass(hidden, names=NABLAS if alone else EVERYTHING, **lines), network, X, Y
    )


HIDDEN, ALL = (2, 3), (2, 3, 4)

WRONG = {
    "the slope is taken at the incoming error": (
        tanh, "BP2", HIDDEN, "at the error that comes back",
        {"bp2": lambda s, l: 1 - np.tanh(s.back(l)) ** 2},
    ),
    "below 0 the slope is returned, not times the error": (
        leaky_relu, "BP2", HIDDEN, "the slope is alone",
        {"bp2": lambda s, l: np.where(s.z[l] > 0, s.back(l), 0.01)},
    ),
    "the derivative of relu for a leaky one": (
        leaky_relu, "BP2", HIDDEN, "slope is that of relu",
        {"bp2": lambda s, l: s.back(l) * (s.z[l] > 0)},
    ),
    "1 + tanh^2": (
        tanh, "BP2", HIDDEN, "slope of tan",
        {"bp2": lambda s, l: s.back(l) * (1 + s.a[l] ** 2)},
    ),
    "-tanh^2": (
        tanh, "BP2", HIDDEN, "the 1 is missing", {"bp2": lambda s, l: -s.back(l) * s.a[l] ** 2},
    ),
    "the weight stands for the activation": (
        sigmoid, "BP4", ALL, "the weight stands where the a",
        {"bp4": lambda s, l: s.delta[l].mean(1, keepdims=True) * s.w[l]},
    ),
    "x is multiplied in twice": (
        sigmoid, "BP4", ALL, "squared",
        {"bp4": lambda s, l: s.delta[l] @ (s.a[l - 1] ** 2).T / s.m},
    ),
    "relu by the sign of the gradient": (
        tanh, "BP2", HIDDEN, "negative in the error is set to 0",
        {"bp2": lambda s, l: np.maximum(s.back(l), 0)},
    ),
    "normalised inputs in the gradient alone": (
        sigmoid, "BP4", (2,), "x is normalised",
        {"bp4": lambda s, l: s.delta[l] @ (
            s.x / abs(s.x).sum(0) if l == 2 else s.a[l - 1]).T / s.m},
    ),
    "standardised inputs in the gradient alone": (
        sigmoid, "BP4", (2,), "x is normalised",
        {"bp4": lambda s, l: s.delta[l] @ (
            (s.x - s.x.mean(0)) / s.x.std(0) if l == 2 else s.a[l - 1]).T / s.m},
    ),
    "one constant for every bias": (
        sigmoid, "BP3", ALL, "one constant",
        {"bp3": lambda s, l: s.delta[l].mean(1, keepdims=True) + 0.1},
    ),
    "the bias from the gradient of the weights": (
        sigmoid, "BP3", ALL, "from nabla_w",
        {"bp3": lambda s, l: (s.delta[l] @ s.a[l - 1].T / s.m).sum(1, keepdims=True)},
    ),
    "the bias summed to one number": (
        sigmoid, "BP3", ALL, "has no axis=1", {"bp3": lambda s, l: s.delta[l].sum() / s.m},
    ),
    "sent back through the weights before and after their update, and added": (
        sigmoid, "BP2", HIDDEN, "added twice",
        {"bp2": lambda s, l: (
            (2 * s.w[l + 1] - 0.01 * s.delta[l + 1] @ s.a[l].T / s.m).T @ s.delta[l + 1]
            * sigmoid.prime(s.z[l]))},
    ),
    "the bias summed over the neurons too": (
        sigmoid, "BP3", ALL, "summed over the neurons too",
        {"bp3": lambda s, l: np.full((len(s.delta[l]), 1), s.delta[l].sum() / s.m)},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
class TestWrong:
    """Flagged exactly, and named, whether z, a and delta are returned or not."""

    @pytest.mark.parametrize("alone", [False, True])
    def test_flagged_and_named(self, name, alone):
        hidden, equation, layers, said, lines = WRONG[name]
        report = passed(hidden, alone, **lines)
        assert {(v.equation, v.layer) for v in report.violations} == {(equation, l) for l in layers}
        assert all(said in v.diagnosis for v in report.violations)


@pytest.mark.parametrize("alone", [False, True])
class TestTwoFaults:
    """Two layers with a factor each: each is read in its own layer."""

    def test_each_is_named(self, alone):
        report = passed(
            alone=alone,
            bp4=lambda s, l: s.delta[l] @ s.a[l - 1].T / s.m * (2 if l == 3 else 1),
            bp3=lambda s, l: s.delta[l].mean(1, keepdims=True) * (5 if l == 2 else 1),
        )
        said = {v.place: v.diagnosis for v in report.violations}
        assert said == {
            "BP3 at layer 2": "it is 5 times what it should be",
            "BP4 at layer 3": "it is twice as large",
        }


@pytest.mark.parametrize("alone", [False, True])
class TestRight:
    """As people write it, and right."""

    def test_naive_forms(self, alone):
        assert passed(alone=alone, a=lambda s, l: 1 / (1 + np.exp(-s.z[l])), bp2=by_a).holds

    def test_the_slope_of_softplus_from_its_output(self, alone):
        assert passed(softplus, alone, bp2=lambda s, l: s.back(l) * (1 - np.exp(-s.a[l]))).holds

    def test_a_penalty_is_named(self, alone):
        report = passed(
            alone=alone, bp4=lambda s, l: s.delta[l] @ s.a[l - 1].T / s.m + 0.1 * s.w[l]
        )
        assert report.holds
        assert "weight decay" in str(report)

    def test_delta_that_holds_the_average(self, alone):
        assert passed(
            alone=alone,
            bp1=lambda s, l: s.error(l) / s.m,
            bp3=lambda s, l: s.delta[l].sum(1, keepdims=True),
            bp4=lambda s, l: s.delta[l] @ s.a[l - 1].T,
        ).holds


class TestUpdatedBefore:
    """Weights that are updated before delta goes back through them, example by example."""

    @pytest.mark.parametrize("m", [1, 7])
    def test_named_on_a_batch_too(self, m):
        def one(w, b, x, y, rate=0.5):
            a2 = sigmoid(w[0] @ x + b[0])
            a3 = sigmoid(w[1] @ a2 + b[1])
            delta3 = (a3 - y) * a3 * (1 - a3)
            new = w[1] - rate * delta3 @ a2.T
            delta2 = new.T @ delta3 * a2 * (1 - a2)
            return [delta2, delta3], [delta2 @ x.T, delta3 @ a2.T]

        def online(w, b, x, y):
            found = [one(w, b, x[:, [i]], y[:, [i]]) for i in range(x.shape[1])]
            return tuple(
                [sum(v) / x.shape[1] for v in zip(*f, strict=True)]
                for f in zip(*found, strict=True)
            )

        report = check_backprop(online, Network([4, 6, 3]), X[:, :m], Y[:, :m])
        (violation,) = report.violations
        assert violation.place == "BP2 at layer 2"
        assert "updated before" in violation.diagnosis


class TestCalledTwice:
    """Inner errors that are never set to 0: the second call is told as one."""

    def test_no_factor_is_read(self):
        kept = {}

        def added(s, l):
            kept[l, s.m] = kept.get((l, s.m), 0) + s.error(l)
            return kept[l, s.m]

        report = passed(bp1=added, bp2=added)
        errors = [v for v in report.violations if v.equation != "purity"]
        assert {v.place for v in errors} == {"BP1 at layer 4", "BP2 at layer 3", "BP2 at layer 2"}
        assert all("in the second call" in v.diagnosis for v in errors)
        assert "n_L" not in str(report)


class TestLayerNormInside:
    """A layer of one's own, as an Activation with its whole Jacobian."""

    @staticmethod
    def parts(z):
        off = z - z.mean(0)
        root = np.sqrt((off * off).mean(0) + 1e-5)
        return off / root, root

    def jacobian(self, z):
        n, root = self.parts(z)
        return (np.eye(len(z))[:, :, None] - 1 / len(z) - n[:, None] * n[None] / len(z)) / root

    @pytest.mark.parametrize("alone", [False, True])
    @pytest.mark.parametrize(("times", "said"), [(1, ""), (2, "a mean is subtracted twice")])
    def test_its_mean(self, times, said, alone):
        layernorm = Activation("layernorm", lambda z: self.parts(z)[0], full=self.jacobian)

        def back(s, l):
            n, root = self.parts(s.z[l])
            g = s.back(l)
            return (g - times * g.mean(0) - n * (g * n).mean(0)) / root

        report = passed(layernorm, alone, bp2=back)
        assert {v.equation for v in report.violations} == ({"BP2"} if said else set())
        assert all(said in v.diagnosis for v in report.violations)
