"""The soak in small: correct networks hold, the same networks with one number off do not."""

import datetime
import sys
from collections import Counter

import numpy as np
import pytest
import soak
from attacks import ATTACKS, BATCHES, HANDED
from soak import HOW, _defined, drawn, judged

from proofs.checker.report import Report, Violation
from proofs.measuring.cases import Case, softplus_share
from proofs.network import Network

SEEDS = range(40)
AWAY_FROM_KINKS = [seed for seed in SEEDS if drawn(seed).kind != "kinks"]
"""At a kink a number may be off a little: any slope between the two sides is right."""


@pytest.mark.parametrize("seed", SEEDS)
def test_a_correct_network_holds(seed):
    trial = drawn(seed)
    outcome = judged(trial)
    assert not outcome.flagged, f"{trial}: {outcome.says}"
    assert outcome.ratio <= 1


@pytest.mark.parametrize("seed", AWAY_FROM_KINKS)
def test_with_one_number_off_it_does_not(seed):
    assert judged(drawn(seed), fault=1e-6).flagged


CRIED_WOLF = {
    2000324: ("long_double", "long doubles put a number past a kink, where doubles give exactly 0"),
    9000971: ("single", "one number shows single precision, where all others are 0"),
    9600557: ("unfused", "an output at a kink is what it is there, not some roundings from it"),
    9800785: ("inputs_in_single", "a later call rounds its inputs, and the first does not show it"),
    32001358: ("summed_in_doubles", "the first example has no error, so it shows no precision"),
    32001484: ("long_double", "a later call divides by an output that is 0 with other weights"),
    32010556: ("inputs_in_single", "random directions do not show that x is rounded"),
    32011679: ("single", "gradients that are all 0 do not show their format"),
    32009035: ("ours", "a gradient of the weights times huge inputs overflows"),
    50009077: ("bias_as_weight", "what huge inputs leave of a sigmoid's digits is at most all"),
    60017560: ("bias_as_weight", "where x is rounded otherwise, the shares of one are 0 over 0"),
    50012135: ("pushes", "of a later call an output is 1e-300, and its products underflow"),
    32020222: ("example_by_example", "what is added up overflows, and its sum does not"),
    32003602: ("matrices", "the squares of what is added up overflow"),
    72001693: ("column_order", "a push times a small a behind a small output has underflowed"),
    72004694: ("pushes", "rounding in a batch chose another slope at a kink than in one example"),
    81004387: ("summed_in_doubles", "outputs cancel, so that rounding is far below its tolerance"),
    51007593: ("long_double", "a move of z by less than one rounding was rounded away"),
    102008093: ("pushes", "nabla_b and nabla_w of one example are not made of the same delta"),
    130004614: (
        "summed_in_doubles",
        "single examples show their precision, and their sum does not",
    ),
    710009503: ("summed_in_doubles", "rounding in one layer looks like a penalty of 1e-8 there"),
    800004988: ("summed_in_doubles", "rounding of few numbers looks like a penalty and a factor"),
    840403585: (
        "single",
        "a share of 1e-87 underflows, which puts a number onto a kink",
    ),
    850604608: ("summed_in_doubles", "rounding of four numbers looks like penalties of one layer"),
    850600407: ("jacobians", "of a later call a share of e^-729 cannot be measured"),
    860002321: ("long_double", "rounding decides the sign of 1e134 that is left of 1e150"),
    860094590: ("bias_as_weight", "a push of 1e-169 is lost behind an output of 1e-237"),
    891003301: ("summed_in_doubles", "errors of 1e-17 are others with other biases"),
    891014994: ("single", "in a later call an output is 0 in single precision, and 0 over 0 nan"),
    891070441: ("long_double", "rounding decides which of two numbers of 1e150 softmax takes"),
    890000125: ("summed_in_doubles", "along directions single examples were not asked for theirs"),
    710005603: ("inputs_in_single", "where outputs are saturated, other biases change nothing"),
    896007874: ("column_order", "errors of 1e-16 have few digits, and nothing was rounded to them"),
    896010874: ("rows", "a slope at a kink may be off by any part of the largest number"),
}
"""Seeds of false alarms: the style, and what the checker did not know."""


@pytest.mark.parametrize("method", soak.METHODS)
@pytest.mark.parametrize("seed", CRIED_WOLF)
def test_what_was_a_false_alarm_is_none(seed, method):
    trial = drawn(seed)
    assert trial.style == CRIED_WOLF[seed][0]
    assert not judged(trial, method=method).flagged


@pytest.mark.parametrize(("style", "right"), [("matrices", True), ("single", False)])
def test_a_style_is_drawn_only_where_it_is_right(style, right):
    """In single precision e^-98 has two digits, so that a share of it is off by 5e-3."""
    network = Network.from_arrays([np.eye(2)], [np.zeros((2, 1))], softplus_share)
    case = Case(network, np.array([[-98.0], [-99.0]]), np.zeros((2, 1)))
    off = HOW[style](network)(network.weights, network.biases, case.x, case.y)["a"][-1]
    assert np.allclose(off, case.value("a", 2), rtol=1e-3) == right
    assert _defined(case, style) == right
    assert not judged(drawn(210020140), method="exhaustive").flagged  # such shares were drawn


def test_all_kinds_are_drawn():
    trials = [drawn(seed) for seed in range(200)]
    kinds = Counter(trial.kind for trial in trials)
    assert set(kinds) == {"plain", "large", "saturated", "kinks"}
    kinked = [t.case for t in trials if t.kind == "kinks"]
    at_0 = [
        (case.value("z", l) == 0).any()
        for case in kinked
        for l in case.network.layers
        if not case.network.sigma[l].smooth
    ]
    assert np.mean(at_0) > 0.5


def test_a_seed_is_a_trial():
    assert str(drawn(7)) == str(drawn(7))
    assert (drawn(7).case.x == drawn(7).case.x).all()


def test_attacks_are_drawn():
    """Every third trial has a style, a form or a batch on which the checker once cried wolf."""
    trials = [drawn(seed) for seed in range(1, 400, 3)]
    assert {t.style for t in trials} >= set(ATTACKS)
    assert {t.returned for t in trials} >= set(HANDED)
    assert {t.batch for t in trials} == set(BATCHES)


@pytest.mark.parametrize(
    ("seed", "batch"),
    [(9300001, "huge"), (9400720, "huge"), (9401383, "huge"), (9300130, "tiny")],
)
@pytest.mark.parametrize("method", soak.METHODS)
def test_inputs_of_any_size(seed, batch, method):
    """They were false alarms: the square of a push h a_k counts; squares over- or underflow."""
    trial = drawn(seed)
    assert trial.batch == f"{batch} inputs"
    assert not judged(trial, method=method).flagged


def _run(capsys, monkeypatch, *options):
    monkeypatch.setattr(sys, "argv", ["soak.py", "6", "--jobs", "1", "--seed", "10", *options])
    status = soak.main()
    return status, capsys.readouterr().out


def _patched(monkeypatch, holds):
    """The checker says the same of everything."""
    says = () if holds else (Violation("BP1", 2, 1.0, 0.0),)
    report = Report(2, {}, says)
    monkeypatch.setattr(soak, "check_backprop", lambda *_, **__: report)


def test_the_command_is_green(capsys, monkeypatch):
    status, said = _run(capsys, monkeypatch)
    assert status == 0
    assert "12 networks,      0 flagged" in said
    assert "of its tolerance" in said


def test_the_same_command_can_go_red(capsys, monkeypatch):
    _patched(monkeypatch, holds=False)
    status, said = _run(capsys, monkeypatch)
    assert status == 1
    assert said.count("FLAGGED") == 12


def test_faults_are_seen(capsys, monkeypatch):
    status, said = _run(capsys, monkeypatch, "--fault", "1e-6")
    assert status == 0
    assert "12 flagged" in said


def test_a_fault_that_is_not_seen_has_a_reason(capsys, monkeypatch):
    _patched(monkeypatch, holds=True)
    status, said = _run(capsys, monkeypatch, "--fault", "1e-6", "--method", "exhaustive")
    assert status == 1
    assert "NO REASON" in said


def test_the_date_is_a_seed(capsys, monkeypatch):
    _patched(monkeypatch, holds=False)
    _, said = _run(capsys, monkeypatch, "--today")
    today = datetime.datetime.now(tz=datetime.UTC).strftime("%y%m%d")
    assert f"seed {today}0" in said
