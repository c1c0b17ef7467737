"""Numbers with an imaginary push: NumPy's complex numbers, faster."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from strategies import ANY, EPS, LOCAL

from proofs.measuring.complex_parts import RULES, Pushed, pushed
from proofs.measuring.one_number import h
from proofs.network.activations import Activation
from proofs.network.costs import COSTS

REALS = arrays(float, (3, 4), elements=st.floats(-20, 20))
POSITIVE = arrays(float, (3, 4), elements=st.floats(2.0**-10, 20))


def plain(numbers):
    """The same numbers as one complex array."""
    return numbers.real + 1j * numbers.imag


def assert_same(got, want, size=1.0):
    """Equal to some roundings, the imaginary part against the pushes that went in."""
    got = pushed(got)
    assert got.shape == want.shape
    assert np.allclose(got.real, want.real, rtol=16 * EPS, atol=16 * EPS * size)
    assert np.allclose(got.imag, want.imag, rtol=16 * EPS, atol=16 * EPS * size * h)


ONE = {np.square, np.negative, np.positive, np.exp, np.log, np.log1p, np.tanh}


class TestFarAway:
    """Where a number is so large that something on the way overflows, the result does not."""

    @pytest.mark.parametrize("v", [-800.0, 800.0, 0.0])
    def test_tanh(self, v):
        with np.errstate(over="raise"):
            found = np.tanh(Pushed(np.array([v]), np.array([h])))
        assert found.real == np.sign(v)
        assert found.imag == (h if v == 0 else 0)


class TestRules:
    """Each rule is NumPy's complex function, to rounding."""

    @pytest.mark.parametrize("function", sorted(ONE, key=str))
    @given(v=POSITIVE, u=REALS)
    def test_of_one_number(self, function, v, u):
        p = Pushed(v, h * u)
        assert_same(function(p), function(plain(p)), size=np.exp(20))

    @pytest.mark.parametrize("function", sorted(set(RULES) - ONE - {np.power}, key=str))
    @given(v=REALS, u=REALS, w=POSITIVE, t=REALS)
    def test_of_two_numbers(self, function, v, u, w, t):
        p, q = Pushed(v, h * u), Pushed(w, h * t)
        for one, other in ((p, q), (p, w), (v, q), (p, 2.0), (2.0, q)):
            first = plain(one) if isinstance(one, Pushed) else one
            second = plain(other) if isinstance(other, Pushed) else other
            assert_same(function(one, other), function(first, second), size=2.0**40)

    @given(v=REALS, u=REALS)
    def test_a_square(self, v, u):
        assert_same(Pushed(v, h * u) ** 2, v * v + 2j * h * u * v, size=400)

    @given(w=REALS, v=REALS, u=REALS)
    def test_a_product_of_matrices(self, w, v, u):
        p = Pushed(v.T, h * u.T)
        assert_same(w @ p, w @ plain(p), size=1600)
        assert_same(w @ Pushed(np.zeros((4, 3)), p.imag), w @ (1j * p.imag), size=1600)

    def test_every_rule_is_tried(self):
        tried = {np.add, np.subtract, np.multiply, np.divide, np.power} | ONE
        assert set(RULES) == tried


class TestEverythingElse:
    """What has no rule is left to NumPy and right all the same."""

    p = Pushed(np.array([[0.5, -1.5], [2.0, 0.25]]), h * np.array([[1.0, 2.0], [-3.0, 0.5]]))

    @pytest.mark.parametrize("function", [np.sin, np.cosh, np.sqrt, np.expm1, np.reciprocal])
    def test_other_functions(self, function):
        assert_same(function(self.p), function(plain(self.p)))

    def test_logarithm_of_negative_numbers(self):
        assert_same(np.log(self.p), np.log(plain(self.p)), size=1 / h)

    def test_other_powers(self):
        assert_same(self.p**3, plain(self.p) ** 3)
        assert_same(2.0**self.p, 2.0 ** plain(self.p))

    def test_numbers_that_are_no_push(self):
        assert_same((self.p * 1j) * -1j, plain(self.p))
        assert_same(self.p + 1j, plain(self.p) + 1j)

    def test_functions_of_arrays(self):
        assert_same(np.concatenate([self.p, self.p]), np.concatenate([plain(self.p)] * 2))
        assert_same(np.where(self.p.real > 0, self.p, 1j), np.where(self.p.real > 0, self.p, 1j))
        assert_same(np.add.reduce(self.p), plain(self.p).sum(axis=0))

    def test_methods_and_attributes(self):
        assert_same(self.p.T, plain(self.p).T)
        assert_same(self.p.sum(axis=0, keepdims=True), plain(self.p).sum(axis=0, keepdims=True))
        assert np.iscomplexobj(self.p)
        assert (len(self.p), self.p.ndim, self.p.size) == (2, 2, 4)

    def test_writing_leaves_other_numbers_alone(self):
        shifted = self.p + 1.0
        shifted[shifted.real < 0] = 0
        shifted *= 2
        assert_same(shifted, 2 * np.array([[1.5 + 1j * h, 0], [3 - 3j * h, 1.25 + 0.5j * h]]))
        assert self.p.imag[0, 1] == 2 * h


class TestActivationsAndCosts:
    """Every activation and cost of the package runs on pushed numbers as on complex ones."""

    @pytest.mark.parametrize("f", ANY, ids=repr)
    @given(v=REALS, u=REALS)
    def test_activations(self, f: Activation, v, u):
        p = Pushed(v, h * u)
        assert_same(f(p), f(plain(p)), size=100)

    @pytest.mark.parametrize("cost", COSTS.values(), ids=repr)
    @given(a=arrays(float, (3, 4), elements=st.floats(0.01, 0.99)), u=REALS)
    def test_costs(self, cost, a, u):
        p, y = Pushed(a, h * u), np.eye(3)[:, [0, 1, 2, 1]]
        assert_same(cost.value(p, y), cost.value(plain(p), y), size=2.0**14)

    @pytest.mark.parametrize("f", ANY, ids=repr)
    def test_without_leaving_the_fast_arithmetic(self, f, monkeypatch):
        def refuse(self, dtype=None, copy=None):
            raise AssertionError("turned into a complex array")

        monkeypatch.setattr(Pushed, "__array__", refuse)
        f(Pushed(np.ones((3, 4)), h * np.ones((3, 4))))


class TestSharedPushes:
    """What acts on each number alone leaves all pushes as they are, and so costs what one would."""

    @pytest.mark.parametrize("f", LOCAL, ids=repr)
    def test_activations(self, f):
        p = Pushed(np.ones((3, 1, 4)), h * np.ones((3, 5, 4)))
        found = f(p)
        assert found.along is p.along
        assert np.shape(found.rate) in ((), (3, 1, 4))
        assert found.imag.shape == (3, 5, 4)
