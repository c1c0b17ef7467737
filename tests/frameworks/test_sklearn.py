"""scikit-learn's own backward pass."""

import warnings

import numpy as np
import pytest
from agreement import assert_agrees, broken, case_of
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.neural_network import _multilayer_perceptron as inside

from proofs.adapters import from_sklearn
from proofs.checker.battery import battery
from proofs.checker.check_backprop import check_backprop
from proofs.checker.which_equation import check_on
from proofs.network import Network
from proofs.network.activations import linear, relu, sigmoid, softmax, tanh
from proofs.network.costs import cross_entropy, log_likelihood, quadratic

ACTIVATIONS = {"identity": linear, "logistic": sigmoid, "tanh": tanh, "relu": relu}


def data(dtype=float, outputs=3):
    random = np.random.default_rng(0)
    return random.standard_normal((20, 4)).astype(dtype), random.standard_normal((20, outputs))


def classifier(dtype=float, **choices):
    """Three classes: a softmax."""
    x, y = data(dtype)
    model = MLPClassifier((6, 5), random_state=0, **choices)
    return model.partial_fit(x, y.argmax(axis=1), classes=range(3))


def multilabel(**choices):
    """Three labels, each present or not: a sigmoid for each."""
    x, y = data()
    return MLPClassifier((6, 5), random_state=0, **choices).partial_fit(
        x, (y > 0).astype(int), classes=range(3)
    )


def binary(**choices):
    """Two classes: one sigmoid."""
    x, y = data()
    return MLPClassifier((6, 5), random_state=0, **choices).partial_fit(
        x, y.argmax(axis=1) > 0, classes=[False, True]
    )


def regressor(**choices):
    return MLPRegressor(hidden_layer_sizes=(6, 5), random_state=0, **choices).partial_fit(*data())


class TestRight:
    """It is right, in every combination of activation, output and loss that it has."""

    @pytest.mark.parametrize("activation", ACTIVATIONS)
    @pytest.mark.parametrize("make", [classifier, binary, multilabel, regressor])
    def test_every_quantity(self, make, activation):
        subject = from_sklearn(make(activation=activation))
        found = assert_agrees(subject, case_of(subject.network), np.float64)
        assert found == {"a", "delta", "nabla_b", "nabla_w"}

    def test_in_float32(self):
        subject = from_sklearn(classifier(np.float32))
        assert_agrees(subject, case_of(subject.network), np.float32)

    def test_on_another_network_and_another_depth(self):
        subject = from_sklearn(classifier(activation="tanh"))
        network = Network([3, 4, 2], [tanh, softmax], log_likelihood)
        assert_agrees(subject, case_of(network), np.float64)

    def test_the_penalty_is_left_out(self):
        subject = from_sklearn(classifier(alpha=10.0))
        assert_agrees(subject, case_of(subject.network), np.float64)


class TestNetwork:
    """The network is the model as it is."""

    @pytest.mark.parametrize(
        ("make", "output", "cost"),
        [
            (classifier, softmax, log_likelihood),
            (multilabel, sigmoid, cross_entropy),
            (regressor, linear, quadratic),
        ],
    )
    def test_its_weights_activations_and_cost(self, make, output, cost):
        model = make(activation="tanh")
        network = from_sklearn(model).network
        assert network.sizes == [4, 6, 5, 3]
        assert list(network.sigma.values()) == [tanh, tanh, output]
        assert network.cost == cost
        assert all(map(np.array_equal, network.weights, [w.T for w in model.coefs_]))

    def test_its_outputs_are_the_predictions(self):
        model, (x, _) = classifier(), data()
        a = from_sklearn(model).network.forward(x.T).a[4]
        assert abs(a.T - model.predict_proba(x)).max() < 1e-14

    def test_the_model_is_left_alone(self):
        model = classifier(alpha=0.5)
        before = [w.copy() for w in (*model.coefs_, *model.intercepts_)]
        subject = from_sklearn(model)
        assert_agrees(
            subject, case_of(Network([4, 6, 5, 3], [relu, relu, softmax], log_likelihood)), float
        )
        assert model.alpha == 0.5
        assert all(map(np.array_equal, (*model.coefs_, *model.intercepts_), before))


class TestRefused:
    """What is not supported is an error that says what is."""

    def test_another_model(self):
        with pytest.raises(
            TypeError, match="MLPClassifier or MLPRegressor, got LogisticRegression"
        ):
            from_sklearn(LogisticRegression())

    def test_a_model_that_is_not_fitted(self):
        with pytest.raises(ValueError, match=r"expected a fitted MLPClassifier.*call fit"):
            from_sklearn(MLPClassifier())

    def test_another_loss(self):
        x, y = data()
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            model = MLPRegressor(hidden_layer_sizes=(3,), loss="poisson").partial_fit(x, abs(y))
        with pytest.raises(ValueError, match=r"log_loss with softmax, got poisson with exp"):
            from_sklearn(model)


class TestReport:
    """The report holds for scikit-learn, and names the equation of a fault planted in it."""

    def test_the_page_shows_this(self):
        x, y = data()
        y = y.argmax(axis=1)
        # [on the page]
        model = MLPClassifier((6, 5), activation="tanh", solver="lbfgs", alpha=1).fit(x, y)
        subject = from_sklearn(model)
        report = check_backprop(subject, subject.network, x.T, np.eye(3)[:, y])
        # [to here]
        assert report.holds

    @pytest.mark.parametrize("activation", ACTIVATIONS)
    @pytest.mark.parametrize("make", [multilabel, regressor])
    def test_it_holds_on_the_whole_battery(self, make, activation):
        subject = from_sklearn(make(activation=activation))
        chosen = (ACTIVATIONS[activation], subject.network.sigma[4], subject.network.cost)
        assert check_on(battery(*chosen), subject).holds

    def test_softmax_holds_but_for_targets_that_no_label_gives(self):
        """It takes a - y for delta^L, which needs targets that sum to 1."""
        cases = battery(tanh, softmax, log_likelihood)
        reports = {
            c.name: check_on([c], from_sklearn(classifier(activation="tanh"))) for c in cases
        }
        assert [name for name, report in reports.items() if not report.holds] == [
            "multi-hot targets"
        ]
        (violation,) = reports["multi-hot targets"].violations
        assert violation.place == "BP1 at layer 4"

    def test_a_derivative_of_z_where_it_has_a(self, monkeypatch):
        def wrong(a, delta):
            delta *= np.exp(-a) / (1 + np.exp(-a)) ** 2

        monkeypatch.setitem(inside.DERIVATIVES, "logistic", wrong)
        subject = from_sklearn(classifier(activation="logistic"))
        assert broken(subject) == ["BP2 at layer 3", "BP2 at layer 2"]

    def test_a_mean_that_is_a_sum(self, monkeypatch):
        def wrong(self, layer, sw_sum, activations, deltas, coef_grads, intercept_grads):
            coef_grads[layer] = activations[layer].T @ deltas[layer]
            intercept_grads[layer] = np.sum(deltas[layer], axis=0) / sw_sum

        monkeypatch.setattr(MLPClassifier, "_compute_loss_grad", wrong)
        subject = from_sklearn(classifier())
        assert broken(subject) == ["BP4 at layer 4", "BP4 at layer 3", "BP4 at layer 2"]
