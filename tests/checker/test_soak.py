"""The soak in small: correct networks hold, the same networks with one number off do not."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from soak import drawn, judged

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


def _run(*options):
    script = Path(__file__).parents[1] / "soak.py"
    done = subprocess.run(
        [sys.executable, script, "6", "--jobs", "1", *options],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stdout


def test_the_command_is_green():
    status, said = _run("--seed", "10")
    assert status == 0
    assert "all             6 networks,      0 flagged" in said
    assert "of its tolerance" in said


def test_the_same_command_can_go_red():
    status, said = _run("--seed", "10", "--fault", "1e-6")
    assert status == 1
    assert "6 flagged" in said
