"""A claim may say that something is no larger than something else; its reason is an equation."""

from dataclasses import replace

import pytest
from sympy import Abs, Rational, Sum, exp, sqrt

from proofs.claims import CLAIMS, find
from proofs.claims.claim import not_negative, squared
from proofs.claims.notation import AtMost, L, a, j, k, l, over, w, y
from proofs.measuring.cases import standard_cases
from proofs.witnesses.checking import instances, measured, some, symbolic

INEQUALITIES = [tag for tag, claim in CLAIMS.items() if claim.rest is not None]


def seen(claim):
    """Whether the measured witness holds, and what it says."""
    found = some(instances(claim.statement, claim.hypotheses, standard_cases()), 5)
    witness = measured(claim, found)
    return witness.holds, witness.detail


def bounded(claim, right):
    """The claim with another bound."""
    return replace(claim, statement=AtMost(claim.statement.lhs, right))


class TestFaultsAreSeen:
    """An inequality is refused if its bound is too low or its reason is wrong."""

    def test_there_are_some(self):
        assert {"sig-4", "tanh", "bound"} == set(INEQUALITIES)
        assert {tag for tag, c in CLAIMS.items() if isinstance(c.statement, AtMost)} == set(
            INEQUALITIES
        )

    @pytest.mark.parametrize("tag", INEQUALITIES)
    def test_a_bound_too_low(self, tag):
        """Numbers contradict the inequality itself."""
        claim = bounded(find(tag), find(tag).statement.rhs / 3)
        holds, detail = seen(claim)
        left, right = (float(part.split()[-1]) for part in detail.split(" at ")[0].split(", "))
        assert not holds
        assert left > right
        assert not symbolic(claim, find).holds

    @pytest.mark.parametrize("tag", INEQUALITIES)
    def test_a_bound_that_the_reason_does_not_give(self, tag):
        """It may be true, but it is not what was proved."""
        claim = bounded(find(tag), 3 * find(tag).statement.rhs)
        assert "leaves" in symbolic(claim, find).detail
        assert not seen(claim)[0]

    def test_a_rest_that_might_be_negative(self):
        """The equation holds, but nothing shows that the left side is the smaller one."""
        claim = replace(find("sig-4"), rest=Rational(1, 4) - a(l)[j] + a(l)[j] ** 2)
        assert symbolic(claim, find).detail == "a^l[j]**2 - a^l[j] + 1/4 may be negative"
        assert seen(claim)[0]

    def test_the_wrong_way_round(self):
        claim = find("sig-4")
        turned = AtMost(*reversed(claim.statement.args))
        assert not seen(replace(claim, statement=turned, rest=-claim.rest))[0]


class TestNotNegative:
    """Squares, exponentials and magnitudes are not negative, nor are sums and products of them."""

    @pytest.mark.parametrize(
        "expr",
        [a(L)[j] ** 2, 2 * y[j] ** 4 + 1, Abs(y[j]), exp(y[j]), Sum(y[k] ** 2, over(k, L))],
        ids=str,
    )
    def test_is_seen(self, expr):
        assert not_negative(expr)

    @pytest.mark.parametrize(
        "expr",
        [a(L)[j], -(y[j] ** 2), y[j] ** 3, y[j] ** 2 - 1, Sum(y[k], over(k, L)), y[j] * y[k] ** 2],
        ids=str,
    )
    def test_is_not_seen(self, expr):
        assert not not_negative(expr)

    def test_the_square_of_magnitudes_and_lengths(self):
        inner = Sum(w(l)[k, j] ** 2, over(k, l))
        assert squared(2 * Abs(y[j]) * sqrt(inner)) == 4 * y[j] ** 2 * inner
