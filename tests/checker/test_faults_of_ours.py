"""An error of this package, below a line of the user's, is not said to be theirs."""

import numpy as np
import pytest

from proofs import check_layer, check_model
from proofs.checker import check_layer as check_layer_module
from proofs.measuring import tangents


def forward(x):
    return x[[0, 2, 2]] ** 2, x


def backward(delta, x):
    dx = np.zeros_like(x)
    np.add.at(dx, [0, 2, 2], 2 * delta * x[[0, 2, 2]])
    return dx


def steps(x):
    out, cache = forward(x)
    return (out**3).sum(), backward(3 * out**2, cache)


PAIRS = [(forward, backward)]


class TestOurOwnFault:
    """The innermost line decides: ours is a fault of ours, theirs and NumPy's are theirs."""

    @pytest.mark.parametrize("check", [
        lambda: check_layer(forward, backward, np.arange(3.0)),
        lambda: check_model(steps, np.arange(3.0)),
        lambda: check_model(lambda x: steps(x[[2, 1, 0]])[0], np.arange(3.0), layers=PAIRS),
    ])  # fmt: skip
    def test_is_said_to_be_ours(self, check, monkeypatch):
        monkeypatch.setattr(tangents, "_behind_first", None)
        text = str(check())
        assert "a fault of this package, please report it with the line: TypeError" in text
        assert "at test_faults_of_ours.py, line" in text

    def test_in_the_second_call(self, monkeypatch):
        monkeypatch.setattr(check_layer_module, "judge", lambda *_: forward(tangents.Dual([])))
        (text,) = check_layer(forward, backward, np.arange(3.0)).problems
        assert text.startswith("forward: called again, one of its passes was not judged: a fault")

    def test_theirs(self):
        calls = []

        def once(x):
            calls.append(1)
            if len(calls) > 1:
                raise ValueError("not again")
            return x**2, x

        (text,) = check_layer(once, lambda delta, x: 2 * delta * x, np.arange(3.0)).problems
        assert "ValueError: not again" in text
        assert "a fault of this package" not in text
