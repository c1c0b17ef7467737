"""What one network of the battery guesses, and the others know, is not said."""

import numpy as np
import pytest
from textbook import NABLAS, Pass, a_minus_y

from proofs import check_on
from proofs.checker.battery import battery
from proofs.network.activations import linear, relu, sigmoid, softmax, tanh
from proofs.network.costs import log_likelihood, quadratic


def some(cases, *names):
    """The networks that the guess is about, and some others."""
    return [case for case in cases if case.name in ("rectangular", "square", *names)]


def shares(z, axis=0):
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def made(
    sigma=np.tanh,
    prime=lambda a: 1 - a * a,
    output=lambda z: z,
    of_b=lambda d: d.mean(axis=1, keepdims=True),
    of_w=lambda d, a: d @ a.T / d.shape[1],
    back=lambda w, d: w.T @ d,
    added=lambda v: 0 * v,
):
    """A backward pass for a - y at the output, and what may be wrong with it."""
    return Pass(
        sigma,
        output,
        NABLAS,
        bp1=a_minus_y,
        bp2=lambda s, l: back(s.w[l + 1], s.delta[l + 1]) * prime(s.a[l]),
        bp3=lambda s, l: of_b(s.delta[l]) + added(s.b[l]),
        bp4=lambda s, l: of_w(s.delta[l], s.a[l - 1]) + added(s.w[l]),
    )


def counted(which, divided=True):
    """Gradients of some of the examples alone."""

    def over(d):
        return d.shape[1] if divided else max(d[:, which].shape[1], 1)

    return made(
        of_b=lambda d: d[:, which].sum(axis=1, keepdims=True) / over(d),
        of_w=lambda d, a: d[:, which] @ a[:, which].T / over(d),
    )


@pytest.mark.parametrize("which", [slice(-1, None), slice(0, 1), slice(1, None), slice(0, -1)])
def test_examples_that_are_not_counted_are_no_bp1(which):
    """With one output or one example an error that is 0 looks the same."""
    cases = some(battery(tanh, linear, quadratic), "one example", "narrow")
    report = check_on(cases, counted(which))
    assert {v.equation for v in report.violations} == {"BP3", "BP4"}
    assert not any(text.startswith("BP1, or") for text in report.told)


def test_a_penalty_on_biases_that_are_all_0_on_one_network():
    cases = some(battery(tanh, linear, quadratic), "raw inputs", "one example")
    report = check_on(cases, made(added=lambda v: 0.01 * np.sign(v)))
    assert "sign(w) is added to nabla_w" in str(report)
    penalised = made(added=lambda v: 0.02 * v)
    report = check_on(cases, penalised)
    assert report.holds
    assert "0.02 b to nabla_b" in str(report)


def test_few_networks_show_no_learning_rate():
    wrong = made(lambda z: np.maximum(z, 0), lambda a: a > 0, lambda z: shares(z, axis=1))
    report = check_on(battery(relu, softmax, log_likelihood)[:5], wrong)
    assert ("BP1", 4) in {(v.equation, v.layer) for v in report.violations}
    assert "learning rate" not in str(report)


def test_a_factor_next_to_1_is_no_update():
    """Of one neuron with one behind it any other weight gives a multiple, and any factor fits."""
    wrong = made(back=lambda w, d: w.T @ d * (1 + 1e-9))
    report = check_on(some(battery(tanh, linear, quadratic), "narrow"), wrong)
    assert {v.equation for v in report.violations} == {"BP2"}
    assert "updated" not in str(report)


def test_one_number_that_is_off_is_no_update():
    """A sigmoid that is clipped far below rounding leaves it."""
    clipped = made(
        lambda z: np.clip(sigmoid(z), 1e-12, 1 - 1e-12),
        lambda a: a * (1 - a),
    )
    report = check_on(battery(sigmoid, linear, quadratic)[:5], clipped)
    assert "updated" not in str(report)
