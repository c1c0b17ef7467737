"""The equations print in the hand of the book."""

import pytest

from proofs.claims import CLAIMS, find
from proofs.claims.notation import C, L, Letter, Partial, a, delta, j, k, l, latex, over, w, y

PRINTED = {
    "23": r"a^{l}_{j} = \sigma(\sum_{k} w^{l}_{jk} a^{l - 1}_{k} + b^{l}_{j})",
    "25": r"a^{l} = \sigma(w^{l} a^{l - 1} + b^{l})",
    "29": r"\delta^{l}_{j} = \frac{\partial C}{\partial z^{l}_{j}}",
    "33": r"\delta^{L} = \Sigma'(z^{L}) \nabla_{a} C",
    "36": r"\delta^{L}_{j} = \frac{\partial C}{\partial z^{L}_{j}}",
    "37": r"\delta^{L}_{j} = \sum_{k} \frac{\partial C}{\partial a^{L}_{k}} "
    r"\frac{\partial a^{L}_{k}}{\partial z^{L}_{j}}",
    "38": r"\delta^{L}_{j} = \frac{\partial C}{\partial a^{L}_{j}} "
    r"\frac{\partial a^{L}_{j}}{\partial z^{L}_{j}}",
    "BP1": r"\delta^{L}_{j} = \frac{\partial C}{\partial a^{L}_{j}} "
    r"\sigma'(z^{L}_{j})",
    "BP1a": r"\delta^{L} = \nabla_{a} C \odot \sigma'(z^{L})",
    "BP2": r"\delta^{l} = ((w^{l + 1})^{T} \delta^{l + 1}) "
    r"\odot \sigma'(z^{l})",
    "BP3": r"\frac{\partial C}{\partial b^{l}_{j}} = \delta^{l}_{j}",
    "BP4": r"\frac{\partial C}{\partial w^{l}_{jk}} = a^{l - 1}_{k} \delta^{l}_{j}",
    "45": r"\delta^{l}_{j} = \sum_{k} w^{l + 1}_{kj} \delta^{l + 1}_{k} "
    r"\sigma'(z^{l}_{j})",
    "J": r"\delta^{L} = (J^{L})^{T} \nabla_{a} C",
    "J2": r"\frac{\partial a^{l}_{k}}{\partial z^{l}_{j}} = "
    r"a^{l}_{k} ([j = k] - a^{l}_{j})",
    "S-LL": r"\delta^{L}_{j} = a^{L}_{j} \sum_{k} y_{k} - y_{j}",
    "32": r"\frac{\partial C}{\partial w^{l}} = \delta^{l} (a^{l - 1})^{T}",
    "sig-4": r"\frac{\partial a^{l}_{j}}{\partial z^{l}_{j}} \le \frac{1}{4}",
    "bound": r"\left|{\delta^{l}_{j}}\right| \le \left|{\sigma'(z^{l}_{j})}\right| "
    r"\sqrt{\sum_{k} (w^{l + 1}_{kj})^{2}} \sqrt{\sum_{k} (\delta^{l + 1}_{k})^{2}}",
    "S-own": r"\frac{\partial a^{L}_{j}}{\partial z^{L}_{j}} = a^{L}_{j} \sum_{k \neq j} a^{L}_{k}",
    "S-off": r"\frac{\partial a^{L}_{k}}{\partial z^{L}_{j}} = - a^{L}_{j} a^{L}_{k} "
    r"\quad (k \neq j)",
    "S-sum": r"\sum_{j} \delta^{L}_{j} = 0",
    "84": r"\delta^{L}_{j} = a^{L}_{j} - y_{j}",
}


class TestBookHand:
    """Each equation prints exactly as written here."""

    @pytest.mark.parametrize("tag", PRINTED)
    def test_exactly(self, tag):
        assert latex(find(tag).statement) == PRINTED[tag]

    @pytest.mark.parametrize("tag", CLAIMS)
    def test_no_trace_of_sympy(self, tag):
        statements = [find(tag).statement, *(r.statement for r in find(tag).refutations)]
        for statement in statements:
            text = latex(statement)
            assert text.count("{") == text.count("}")
            for foreign in (r"\sum_{k=", r"\delta_{", r"\limits", r"\mathbf", "1_{", "_{-"):
                assert foreign not in text

    def test_the_error_is_the_only_delta(self):
        assert r"\delta" not in latex(find("J2").statement)
        assert latex(delta(L)[j]) == r"\delta^{L}_{j}"

    def test_letters(self):
        assert latex(w(l + 1)[j, k]) == r"w^{l + 1}_{jk}"
        assert latex(a(l - 1)[k]) == r"a^{l - 1}_{k}"
        assert latex(y[j]) == r"y_{j}"
        assert latex(Partial(C, y[j])) == r"\frac{\partial C}{\partial y_{j}}"

    def test_a_sum_runs_over_the_whole_layer(self):
        index, first, last = over(k, l)
        assert (index, first, last) == (k, 0, Letter("n", l) - 1)
