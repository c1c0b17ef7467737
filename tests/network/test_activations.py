"""The activations and how they move."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mp, mpf
from strategies import ANY, EPS, LOCAL, assert_close, slope

from proofs.measuring.one_number import h
from proofs.network.activations import ACTIVATIONS, leaky, sigmoid, softmax, softplus, tanh

every = pytest.mark.parametrize("f", ANY, ids=str)

columns = st.lists(
    # Further from 0 than any difference steps, as two activations have a kink there.
    st.floats(-8, 8).filter(lambda v: abs(v) > 0.01),
    min_size=1,
    max_size=4,
).map(lambda v: np.array(v).reshape(-1, 1))


class TestJacobian:
    """J[k, j] is da_k/dz_j."""

    @every
    @given(z=columns)
    def test_complex_step(self, f, z):
        n = len(z)
        measured = f(z + 1j * h * np.eye(n)).imag / h  # column j: a when z_j is pushed
        assert_close(f.jacobian(z)[:, :, 0], measured)

    @every
    @given(z=columns)
    def test_real_difference(self, f, z):
        measured, error = slope(lambda s: f(z + s * np.eye(len(z))))
        assert (abs(f.jacobian(z)[:, :, 0] - measured) <= error).all()

    @every
    def test_each_example_has_its_own(self, f):
        z = np.random.default_rng(0).standard_normal((3, 4))
        for x in range(4):
            assert_close(f.jacobian(z)[:, :, x], f.jacobian(z[:, [x]])[:, :, 0])


class TestLocal:
    """An activation is local exactly when its Jacobian is diagonal."""

    @every
    def test_diagonal(self, f):
        z = np.array([[0.3], [-1.2], [2.0]])
        measured = f(z + 1j * h * np.eye(3)).imag / h
        off_diagonal = measured[~np.eye(3, dtype=bool)]
        assert f.local == (off_diagonal == 0).all()

    @pytest.mark.parametrize("f", LOCAL, ids=str)
    def test_prime_is_the_diagonal(self, f):
        z = np.array([[0.3], [-1.2], [2.0]])
        assert (f.jacobian(z)[:, :, 0] == np.diagflat(f.prime(z))).all()


LIMITS = {  # a and da/dz at z = -1000 and at z = 1000
    "sigmoid": ((0, 0), (1, 0)),
    "tanh": ((-1, 0), (1, 0)),
    "relu": ((0, 0), (1000, 1)),
    "leaky_relu": ((-10, 0.01), (1000, 1)),
    "linear": ((-1000, 1), (1000, 1)),
    "softplus": ((0, 0), (1000, 1)),
    "softmax": ((0, 0), (1, 0)),
}


class TestRange:
    """A smooth activation comes as near to both ends of its range as one likes."""

    @pytest.mark.parametrize("f", [f for f in ACTIVATIONS.values() if f.smooth], ids=str)
    def test_ends(self, f):
        for end, a in zip(f.range, f(np.array([[-1e9], [1e9]]))[:, 0], strict=True):
            assert a == (np.copysign(1e9, end) if np.isinf(end) else end)


class TestKinks:
    """The two rectifiers bend at z = 0; their slope there is taken to be the one below it."""

    def test_which(self):
        assert {f.name for f in ACTIVATIONS.values() if not f.smooth} == {"relu", "leaky_relu"}

    @pytest.mark.parametrize("below", [0.0, 0.01, 0.2])
    def test_slope_at_0(self, below):
        assert leaky(below).prime(np.zeros((1, 1))) == below


class TestComplex:
    """Softplus is ln(1 + e^z) at complex z too, not only a tiny step off the real line."""

    @pytest.mark.parametrize("z", [-1 + 0.5j, 0.7 - 1.2j, -3 - 2j])
    def test_softplus(self, z):
        assert_close(softplus(np.array([[z]])), np.log(1 + np.exp(np.array([[z]]))))


class TestOneNumber:
    """Code that goes number by number may call them too."""

    @pytest.mark.parametrize("f", [f for f in LOCAL if f in ACTIVATIONS.values()], ids=str)
    @pytest.mark.parametrize("z", [0.3, -100.0])
    def test_a_plain_number(self, f, z):
        assert float(f(z)) == f(np.array([[z]]))[0, 0]


class TestStable:
    """At |z| = 1000 nothing overflows, nothing warns, and the limit comes out."""

    @pytest.mark.parametrize("f", ACTIVATIONS.values(), ids=str)
    def test_limits(self, f):
        z = np.array([[-1000.0], [1000.0]])
        for (value, rate), a, J in zip(
            LIMITS[f.name], f(z)[:, 0], np.diagonal(f.jacobian(z)[:, :, 0]), strict=True
        ):
            assert a == value
            assert rate == J

    @every
    def test_pushed_along_the_imaginary_axis(self, f):
        pushed = f(np.array([[-1000.0], [1000.0]]) + 1j * h)
        assert np.isfinite(pushed).all()

    @every
    @pytest.mark.parametrize("z", [-40.0, -30.0, -5.0, 0.0, 5.0, 40.0])
    def test_a_push_leaves_the_value(self, f, z):
        """a(z + ih) has the real part a(z) to full relative precision: a cost may take its log."""
        column = np.array([[z], [0.5]])
        a = f(column)
        assert (abs(f(column + 1j * h).real - a) <= 8 * EPS * abs(a)).all()


class TestSmallSlopes:
    """A slope that is small is not 0, and is right in every digit."""

    def test_sigmoid_past_37(self):
        a = sigmoid(np.array([40.0]))
        assert (a * (1 - a) == 0).all()
        assert (sigmoid.prime(np.array([40.0])) > 0).all()

    @pytest.mark.parametrize("z", [-700, -40, -1, 0, 1, 37, 40, 700])
    def test_digits(self, z):
        with mp.workdps(50):
            e = mp.exp(-abs(mpf(z)))
            truth = {sigmoid: e / (1 + e) ** 2, softplus: 1 / (1 + mp.exp(-mpf(z)))}
        for f, exact in truth.items():
            assert abs(f.prime(np.array([float(z)]))[0] / float(exact) - 1) <= 4 * EPS

    @pytest.mark.parametrize("z", [-300, -20, -1, 0, 1, 20, 300])
    def test_digits_of_tanh(self, z):
        with mp.workdps(50):
            exact = float(mp.sech(mpf(z)) ** 2)
        assert abs(tanh.prime(np.array([float(z)]))[0] / exact - 1) <= 4 * EPS


class TestSoftmax:
    """Softmax is a distribution that does not notice a shift of all z."""

    @given(z=columns)
    def test_sums_to_1(self, z):
        assert_close(softmax(z).sum(axis=0), np.ones(1))
        assert (softmax(z) > 0).all()

    @given(z=columns, shift=st.integers(-1000, 1000))
    def test_shift(self, z, shift):
        # z + shift is rounded, by up to half an eps of 1000, before softmax sees it.
        assert_close(softmax(z + shift), softmax(z), roundings=2 * 1010)

    @given(z=columns)
    def test_moving_one_z_leaves_the_sum(self, z):
        assert_close(softmax.jacobian(z).sum(axis=0), np.zeros((len(z), 1)))

    @given(z=columns)
    def test_moving_all_z_moves_nothing(self, z):
        assert_close(softmax.jacobian(z).sum(axis=1), np.zeros((len(z), 1)))
