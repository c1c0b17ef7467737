"""The 1,797 real handwritten digits that scikit-learn ships, on a network of 64-30-10 neurons."""

from functools import cache

import numpy as np
import pytest
from sklearn.datasets import load_digits

from proofs.claims import find
from proofs.measuring.cases import Case
from proofs.network import Network
from proofs.network.activations import sigmoid, softmax
from proofs.network.costs import log_likelihood, quadratic
from proofs.network.descent import descend
from proofs.network.equations import backprop
from proofs.witnesses.checking import reject

DIGITS = load_digits()
X, Y, LABELS = DIGITS.data.T / 16, np.eye(10)[DIGITS.target].T, DIGITS.target
SEEN = 1500

RATES = {(sigmoid, quadratic): 3.0, (softmax, log_likelihood): 0.5}
both = pytest.mark.parametrize(("output", "cost"), RATES, ids=str)


@cache
def trained(output, cost):
    """A network of the book's size, after 30 epochs on the first 1,500 digits."""
    network = Network([64, 30, 10], [sigmoid, output], cost)
    return descend(network, X[:, :SEEN], Y[:, :SEEN], RATES[output, cost], epochs=30, batch=10)


class TestDigits:
    """The equations train a network that reads digits, and hold on every one of them."""

    @both
    def test_it_reads_digits_it_has_not_seen(self, output, cost):
        answers = trained(output, cost).forward(X[:, SEEN:]).a[3].argmax(axis=0)
        assert (answers == LABELS[SEEN:]).mean() > 0.88

    @both
    def test_measured_and_formula_agree_on_every_digit(self, output, cost):
        network = trained(output, cost)
        case, gradients = Case(network, X, Y), backprop(network, X, Y)
        for l in (2, 3):
            measured, formula = case.delta(l), gradients.delta[l]
            assert measured.shape == (network.sizes[l - 1], 1797)
            assert abs(measured - formula).max() <= 1e-12 * abs(formula).max()

    @both
    def test_the_gradients_agree_too(self, output, cost):
        network = trained(output, cost)
        case, gradients = (
            Case(network, X[:, :20], Y[:, :20]),
            backprop(network, X[:, :20], Y[:, :20]),
        )
        for l in (2, 3):
            for letter, nabla in (("w", gradients.nabla_w), ("b", gradients.nabla_b)):
                measured = case.partial(("C", 3), (letter, l)).mean(axis=-1).reshape(nabla[l].shape)
                assert abs(measured - nabla[l]).max() <= 1e-12 * abs(nabla[l]).max()

    @both
    def test_38_is_rejected_where_the_output_is_not_local(self, output, cost):
        (refutation,) = find("38").refutations
        case = Case(trained(output, cost), X[:, :10], Y[:, :10])
        assert reject(refutation, [case]).rejected == (output is softmax)


class TestDescend:
    """Descent steps against the gradient, batch by batch, and leaves its network alone."""

    def test_one_step_by_hand(self):
        network = Network([64, 5, 10])
        after = descend(network, X[:, :10], Y[:, :10], rate=0.5, epochs=1, batch=10)
        gradients = backprop(network, X[:, :10], Y[:, :10])
        for l in network.layers:
            assert after.w[l] == pytest.approx(network.w[l] - 0.5 * gradients.nabla_w[l], rel=1e-13)
            assert after.b[l] == pytest.approx(network.b[l] - 0.5 * gradients.nabla_b[l], rel=1e-13)

    def test_an_incomplete_batch_counts(self):
        network = Network([64, 10])
        whole, part = (descend(network, X[:, :m], Y[:, :m], 1.0, 1, 10) for m in (10, 11))
        assert (whole.w[2] != part.w[2]).any()

    def test_repeats_itself(self):
        first, again = (descend(Network([64, 10]), X, Y, 1.0, 1, 100) for _ in range(2))
        assert (first.w[2] == again.w[2]).all()

    def test_another_seed_takes_the_examples_in_another_order(self):
        def after(**seed):
            return descend(Network([64, 10]), X[:, :20], Y[:, :20], 1.0, 1, 1, **seed).w[2]

        assert (after() == after(seed=0)).all()
        assert (after() != after(seed=1)).any()

    def test_no_epoch_changes_nothing(self):
        network = Network([64, 10])
        assert descend(network, X, Y, 1.0, 0, 100) is network

    @pytest.mark.parametrize(
        ("settings", "words"),
        [
            ({"batch": 0}, ["batch", "0"]),
            ({"batch": -1}, ["batch", "-1"]),
            ({"epochs": -1}, ["epochs", "-1"]),
            ({"rate": float("nan")}, ["rate", "nan"]),
        ],
        ids=str,
    )
    def test_settings_that_train_nothing_are_refused(self, settings, words):
        settings = {"rate": 1.0, "epochs": 1, "batch": 10} | settings
        with pytest.raises(ValueError, match=r"expected") as caught:
            descend(Network([64, 10]), X[:, :20], Y[:, :20], **settings)
        assert all(word in str(caught.value) for word in words)
