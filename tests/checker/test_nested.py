"""Parameters in dictionaries of dictionaries, lists of pairs and so on: each has its gradient."""

from typing import Any, NamedTuple

import numpy as np
import pytest

from proofs import check_layer

draw = np.random.default_rng(0).standard_normal
ARRAYS = draw((4, 3)), draw(3), draw((3, 3)), draw(3)
X = draw((5, 4))


class Dense(NamedTuple):
    W: Any
    b: Any


KINDS = {
    "a list of pairs": lambda W1, b1, W2, b2: [(W1, b1), (W2, b2)],
    "a pair of lists": lambda W1, b1, W2, b2: ([W1, W2], [b1, b2]),
    "a list of dictionaries": lambda W1, b1, W2, b2: [{"W": W1, "b": b1}, {"W": W2, "b": b2}],
    "a dictionary of lists": lambda W1, b1, W2, b2: {"W": [W1, W2], "b": [b1, b2]},
    "dictionaries": lambda *p: {"first": {"W": p[0], "b": p[1]}, "last": {"W": p[2], "b": p[3]}},
    "named tuples": lambda W1, b1, W2, b2: [Dense(W1, b1), Dense(W2, b2)],
}


def taken_out(p):
    """The four arrays, whatever they are kept in."""
    one, two = p.values() if isinstance(p, dict) else p
    if isinstance(one, dict):
        return (*one.values(), *two.values())
    return (one[0], one[1], two[0], two[1]) if np.ndim(one[1]) == 1 else (
        one[0], two[0], one[1], two[1])  # fmt: skip


def through(x, p):
    W1, b1, W2, b2 = taken_out(p)
    h = np.tanh(x @ W1 + b1)
    return h @ W2 + b2, (x, h, p)


def back(delta, cache, kind, wrong):
    x, h, p = cache
    W1, _, W2, _ = taken_out(p)
    dz = delta @ W2.T * (1 - h**2)
    return dz @ W1.T, KINDS[kind](x.T @ dz, dz.sum(0), wrong * h.T @ delta, wrong * delta.sum(0))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("wrong", [1, 2])
class TestEachIsCompared:
    """Nothing is left out, and what is wrong is wrong by a name that no other has."""

    def test_in_a_layer(self, kind, wrong):
        theirs = lambda d, c: back(d, c, kind, wrong)  # noqa: E731
        report = check_layer(through, theirs, X, KINDS[kind](*ARRAYS))
        assert not report.problems
        assert len({row.quantity for row in report.rows}) == 5
        assert len(report.violations) == (2 if wrong > 1 else 0)


class TestAGuard:
    """A small constant that one parameter's gradient leaves out excuses no other of its name."""

    @pytest.mark.parametrize("wrong", [1, 2])
    def test_right_and_wrong(self, wrong):
        def scaled(x, p):
            guarded = x * p["first"]["W"] + 1e-10
            return np.log(guarded) + x * p["last"]["W"], (x, p)

        def sent(delta, cache):
            x, p = cache
            return {"first": {"W": delta / p["first"]["W"]}, "last": {"W": wrong * delta * x}}

        x, p = abs(draw(4)), {name: {"W": abs(draw(4))} for name in ("first", "last")}
        report = check_layer(scaled, sent, x, p)
        assert "right but for the small constant" in str(report)
        assert [v.quantity for v in report.violations] == (["dlast.W"] if wrong > 1 else [])
