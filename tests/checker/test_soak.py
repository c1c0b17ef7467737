"""The soak in small: correct networks hold, the same networks with one number off do not."""

import datetime
import sys
from collections import Counter

import numpy as np
import pytest
import soak
from attacks import ATTACKS, BATCHES, HANDED
from soak import drawn, judged

from proofs.checker.report import Report, Violation

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


def test_long_doubles_may_put_a_number_past_a_kink():
    """Where doubles give exactly 0; it was a false alarm."""
    trial = drawn(2000324)
    assert (trial.kind, trial.style) == ("kinks", "long_double")
    assert not judged(trial).flagged


def test_one_number_may_show_single_precision():
    """Where all others are 0; it was a false alarm."""
    trial = drawn(9000971)
    assert (trial.style, trial.returned) == ("single", "lists of numbers")
    assert not judged(trial).flagged


def test_an_output_at_a_kink_is_what_it_is_there():
    """The cost's slope was taken at some roundings from it; it was a false alarm."""
    trial = drawn(9600557)
    assert trial.kind == "kinks"
    assert not judged(trial).flagged


def test_the_example_that_shows_the_precision_has_an_error():
    """The first has none: its gradients are 0, which no format rounds; it was a false alarm."""
    trial = drawn(32001358)
    assert trial.style == "summed_in_doubles"
    assert not trial.case.y[:, 0].any()
    assert not judged(trial).flagged


def test_a_later_call_is_judged_by_the_inputs_that_it_rounds():
    """As the first is; it was a false alarm where the first does not show that x is rounded."""
    trial = drawn(9800785)
    assert trial.style == "inputs_in_single"
    assert not judged(trial).flagged


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
