"""A derivative that SymPy takes is compared with a push before it is believed."""

import pytest
from sympy import Dummy, KroneckerDelta, MatrixSymbol, OneMatrix, Sum, Symbol, exp

from proofs.claims import tried
from proofs.claims.algebra import unspecified
from proofs.claims.notation import j, k, l, over, sigma, width, z
from proofs.claims.tried import WrongDerivativeError, derivative

i = Dummy("i", integer=True, nonnegative=True)
softmax = exp(z(l)[k]) / Sum(exp(z(l)[i]), over(i, l))
H, c = unspecified("H"), unspecified("c")

RIGHT = {
    "an elementwise function": sigma(z(l)[k], l),
    "softmax": softmax,
    "an unspecified function of a sum": H(Sum(c(sigma(z(l)[i], l)), over(i, l))),
    "a square": Sum(z(l)[i] ** 2, over(i, l)),
}


WRONG = {
    "nothing comes back": lambda right: right * 0,
    "a factor is lost": lambda right: right / 2,
    "the sign is lost": lambda right: -right,
    "a term is added": lambda right: right + 1,
}


class TestRight:
    """Right derivatives pass, each of them tried at two widths."""

    @pytest.mark.parametrize("expr", RIGHT.values(), ids=RIGHT)
    def test_it_is_what_sympy_says(self, expr, monkeypatch):
        tries = []
        compare = tried.compare
        monkeypatch.setattr(
            tried, "compare", lambda *args: (tries.append(args[-1].width), compare(*args))
        )
        assert derivative(expr, z(l)[j]) == expr.diff(z(l)[j])
        assert tries == [2, 3]


class TestPlanted:
    """A wrong rule turns it red, with both numbers."""

    @pytest.mark.parametrize("change", WRONG.values(), ids=WRONG)
    @pytest.mark.parametrize("expr", RIGHT.values(), ids=RIGHT)
    def test_it_is_refused(self, expr, change, monkeypatch):
        rule = tried.by_rules

        def planted(e, v):
            found = rule(e, v)
            return change(found) if e is expr else found  # the rules inside are right

        monkeypatch.setattr(tried, "by_rules", planted)
        with pytest.raises(WrongDerivativeError, match="where a push gives"):
            derivative(expr, z(l)[j])

    def test_the_jacobian_cut_to_its_diagonal_is_refused(self, monkeypatch):
        whole = softmax.diff(z(l)[j])
        cut = next(term for term in whole.args if term.could_extract_minus_sign() is False)
        monkeypatch.setattr(tried, "by_rules", lambda e, v: cut)
        with pytest.raises(WrongDerivativeError):
            derivative(softmax, z(l)[j])


class TestIndices:
    """A rule that is wrong for equal indices alone, or for different ones alone, is refused."""

    @pytest.mark.parametrize("lost", [KroneckerDelta(j, k), 1 - KroneckerDelta(j, k)])
    def test_it_is_refused(self, lost, monkeypatch):
        found = softmax.diff(z(l)[j])
        monkeypatch.setattr(tried, "by_rules", lambda e, v: found * (1 - lost))
        with pytest.raises(WrongDerivativeError):
            derivative(softmax, z(l)[j])

    @pytest.mark.parametrize("place", [k + 1, 2 * k, k + 3])
    def test_a_computed_place_is_a_place_of_its_own(self, place):
        assert derivative(z(l)[place] ** 2, z(l)[j]) != 0


class TestMatrices:
    """No matrix is differentiated, and nothing by a matrix: SymPy's rules for them drop terms."""

    n = Symbol("n", integer=True, positive=True)
    v = MatrixSymbol("v", n, 1)

    def test_by_a_matrix(self):
        with pytest.raises(TypeError, match="expected numbers"):
            derivative((OneMatrix(1, self.n) * self.v)[0, 0], self.v)

    def test_of_a_matrix(self):
        with pytest.raises(TypeError, match="expected numbers"):
            derivative(self.v, width(l))


class TestWitness:
    """The symbolic witness takes every derivative this way."""

    @pytest.mark.parametrize("module", ["algebra", "rewriting"])
    def test_no_other_derivative_is_taken(self, module):
        import inspect
        from importlib import import_module

        source = inspect.getsource(import_module(f"proofs.claims.{module}"))
        assert "derivative(" in source
        assert ".diff(" not in source
