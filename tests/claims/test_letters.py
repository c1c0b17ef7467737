"""Notation: one list says what every letter means, and every formula carries it."""

import numpy as np
import pytest
from sympy import Eq, Symbol

from proofs.claims import CLAIMS
from proofs.claims.letters import LETTERS, unknown, written
from proofs.claims.notation import latex
from proofs.measuring.cases import Case, running_case
from proofs.network.equations import backprop

STATEMENTS = {
    f"{tag}{number or ''}": statement
    for tag, claim in CLAIMS.items()
    for number, statement in enumerate(
        (claim.statement, *(wrong.statement for wrong in claim.refutations))
    )
}


class TestOneSource:
    """Every letter of every claim, true or wrong, is in the list, once."""

    @pytest.mark.parametrize("name", STATEMENTS)
    def test_a_claim_uses_no_other_letter(self, name):
        assert unknown(latex(STATEMENTS[name])) == []

    def test_another_letter_is_noticed(self):
        assert unknown(latex(Eq(Symbol("C"), Symbol("psi") + Symbol("W")))) == ["W", r"\psi"]

    def test_no_letter_has_two_meanings(self):
        signs = [latex for sign in LETTERS for latex in sign.signs]
        assert sorted(signs) == sorted(set(signs))

    def test_words_are_not_letters(self):
        assert written(r"\frac{\partial C}{\partial z_\text{out}}") == [r"\partial", "C", "z"]

    def test_a_bracket_is_the_kronecker_delta_only_with_two_indices(self):
        assert written("[j = k]") == ["[", "j", "k"]
        assert written("[0, 1]") == []


class TestEveryRow:
    """A letter is defined by a claim that has it, and its code gives an array of its shape."""

    @pytest.mark.parametrize("sign", [s for s in LETTERS if s.defined], ids=lambda s: s.name)
    def test_the_claim_has_the_letter(self, sign):
        claim = CLAIMS[sign.defined]
        text = latex(claim.statement) + "".join(h.text for h in claim.hypotheses)
        assert set(sign.signs) & set(written(text))

    @pytest.mark.parametrize("sign", [s for s in LETTERS if s.code], ids=lambda s: s.name)
    def test_the_code_has_the_shape(self, sign):
        case, l = running_case(), 3
        x, y = case.x, case.y
        if sign.name == "diagonal matrix of slopes":
            x, y = x[:, :1], y[:, :1]  # np.diag is for one example
        names = {
            "np": np,
            "backprop": backprop,
            "case": Case(case.network, x, y),
            "network": case.network,
            "forward": case.network.forward(x),
            "L": case.network.L,
        } | {"x": x, "y": y, "l": l}
        value = eval(sign.code, names)
        if sign.shape is not None:
            sizes = {"n_1": 3, "n_{l-1}": 5, "n_l": 4, "n_L": 2, "m": x.shape[1], "1": 1}
            assert np.shape(value) == tuple(sizes[size] for size in sign.shape)
