"""Tangents go through NumPy's functions as the numbers themselves do."""

import numpy as np
import pytest
from sources import module_of

from proofs.checker.check_layer import check_layer
from proofs.measuring import tangent_functions
from proofs.measuring.jacobian import Forward, along, by_differences, certified
from proofs.measuring.tangents import NotDifferentiableError

random = np.random.default_rng(0)
x, y = random.standard_normal((2, 6))
A, B = random.standard_normal((4, 4)), random.standard_normal((4, 3))
S = A @ A.T + 4 * np.eye(4)
T = random.standard_normal((2, 3, 4))
GAPS = np.where(A > 1, np.nan, A)

RULES = """
np.fft.irfft(np.fft.rfft(x) * np.fft.rfft(y))
np.fft.ifft(np.fft.fft(x) * np.fft.fft(y)).real
np.real(np.fft.fft2(A))
np.abs(np.fft.rfft(x)) ** 2
np.fft.fft(x).imag
(np.fft.rfft(x) * np.conj(np.fft.rfft(y))).real
np.angle(np.fft.rfft(x))[1:3]
np.fft.irfft(np.fft.rfft(A, axis=0) ** 2, axis=0, n=4)
np.fft.fftshift(x) * x
(np.zeros(6, complex) + x * np.exp(1j * np.arange(6))).real
(x.astype(complex) * 1j * y).imag
np.linalg.cholesky(S)
np.linalg.cholesky(S, upper=True)
np.linalg.eigh(S)[0]
np.linalg.eigh(S)[1]
np.linalg.eigvalsh(S, UPLO="U")
np.linalg.svd(A)[1]
np.linalg.svd(B, full_matrices=False)[0]
np.linalg.svd(B.T, full_matrices=False)[0]
np.linalg.svd(B, full_matrices=False)[2]
np.linalg.svd(B, compute_uv=False)
np.linalg.qr(B)[0]
np.linalg.qr(A)[1]
np.linalg.pinv(B)
np.linalg.matrix_power(A, 3)
np.linalg.matrix_power(S, -2)
np.linalg.norm(A, 2)
np.linalg.norm(A, "nuc")
np.linalg.norm(A, 3, axis=1)
A / np.linalg.norm(A, axis=1, keepdims=True)
np.linalg.slogdet(S)[1]
np.linalg.solve(S, B)
np.linalg.vector_norm(A, axis=1) + np.linalg.matrix_norm(A)
np.linalg.trace(A) * np.linalg.outer(x, y) + np.linalg.svdvals(A)[0]
np.einsum("...ij,jk->...ik", T, A)
np.einsum("...i,...i->...", A, A)
np.einsum("ij,jk", A, A)
np.einsum(A, [0, 1], A, [1, 2], [0, 2])
np.einsum(T, [..., 0], A, [0, 1])
np.einsum("ii->i", A)
np.sort(x) * np.arange(6)
np.partition(x, 2)[:3].sum()
np.median(A, axis=1)
np.median(x[:5])
np.percentile(x, 30)
np.quantile(A, [0.25, 0.75], axis=0, keepdims=True)
np.nanmean(G, axis=0)
np.nanmax(G, axis=0) + np.nanmin(G, axis=0)
np.nanstd(G, axis=0, ddof=1)
np.nanprod(G, axis=0)
np.unique(x) * np.arange(6)
np.bincount(np.array([0, 1, 1, 2, 0, 3]), weights=x)
np.where(x > 0, np.where(x > 1, x, x**2), np.exp(x))
np.convolve(x, y, "same") + np.correlate(x, y, "same")
np.cumsum(A, axis=1)
np.cumprod(A, axis=1)
np.cumprod(A)
np.maximum.accumulate(A, axis=1)
np.multiply.accumulate(A, axis=0)
np.logaddexp.reduce(A, axis=1)
np.logaddexp.accumulate(x)
np.add.reduceat(x, [0, 2, 4])
np.logaddexp2(x, y) + np.copysign(x, y)
np.arcsinh(x) + np.arctanh(x / 10) + np.arccosh(2 + x**2)
np.sinc(x) + np.degrees(x) + np.radians(y)
np.sinc(x - x[0])
np.tensordot(T, A, axes=([2], [0]))
np.kron(A, A)
np.roll(A, 1, axis=0) * A
np.pad(A, 1, mode="reflect")
np.pad(A, ((1, 0), (0, 2)), mode="edge")
np.pad(A, 1, mode="mean")
np.pad(A, 1, constant_values=3.0)
np.take_along_axis(A, np.argsort(A, axis=1), axis=1)
np.interp(x, np.linspace(-3, 3, 7), np.arange(7.0) ** 2)
np.interp(np.linspace(0, 1, 5), np.array([0.0, 0.5, 1.0]), x[:3])
np.trapezoid(A, dx=0.5, axis=1)
np.trapezoid(x, np.sort(y))
np.cov(A) + np.cov(A, rowvar=False, bias=True)
np.meshgrid(x, y)[0] * np.meshgrid(x, y)[1]
np.meshgrid(x, y, indexing="ij")[0]
np.max(A, axis=1, where=A > -5, initial=-9.0)
np.mean(A, axis=1, where=A > -0.5)
np.std(A, axis=0, where=A > -1.5)
np.divide(1.0, x, out=np.zeros_like(x), where=x > 0)
np.lib.stride_tricks.as_strided(x, (4, 3), (8, 8)) @ np.ones(3)
np.compress([1, 0, 1, 1], A, axis=0)
np.extract(A > 0, A)
np.diff(x, prepend=1.0) * np.diff(x, append=y[:1])
np.diff(A, axis=0, prepend=B.T[:1])
np.ediff1d(A, to_begin=x, to_end=2.0)
np.average(A, axis=1, weights=x[:4] ** 2, keepdims=True) * A
A / np.ptp(A, axis=1, keepdims=True)
np.interp([-1.0, 0.5, 9.0], [0.0, 1.0, 2.0], x[:3], left=0.0, right=0.0)
np.percentile(A, [10, 30])
np.piecewise(x, [x < 1, x < 0], [lambda t: t**2, lambda t: t**3])
np.piecewise(x, x < 0, [lambda t, n: t**n, lambda t, n: n * t], 2)
np.choose([0, 1, 1, 0, 1, 0], [x, y])
sum(m.sum() for m in np.meshgrid(x, y[:2], sparse=True))
np.einsum("NK,KM->NM", A, A)
np.prod(A, axis=1, initial=2.0, where=A > 0)
np.linalg.eigvalsh(A, "l")
np.unique(A, axis=0) * A
np.insert(x, [1, 4], y[:2])
np.insert(x, 2, 1.0) * np.insert(np.ones(4), [0, 2, 2], y[:3])
np.insert(A, 1, x[:4], axis=1)
np.insert(x, [0, 3], [y[0], y[1]])
np.block([[A, B], [B.T, np.eye(3)]])
np.block([x, np.array([2.0]), y[0]])
np.block([[[A]], [[A**2]]])
np.polyval(x, y)
np.polyval([1.0, 2.0, 3.0], A)
np.polyadd(x, y[:3]) * np.polysub(y[:2], x)
np.polymul(x, np.concatenate([[0.0], y]))
np.polyder(x, 2)
np.polyint(x, 2) * np.polyint(x, 2, k=[3.0, 4.0]) + np.polyint(x, 2, k=y[0])
np.poly(x)
np.vander(x, 4)
np.vander(x, increasing=True)
np.polyfit(x, y, 2)
np.polyfit(y, A[:, [0, 1, 2, 3, 0, 1]].T, 1, w=x)
np.linalg.lstsq(B, A)[0]
np.linalg.lstsq(B, x[:4])[0] * np.linalg.lstsq(B, x[:4])[1]
np.linalg.lstsq(B, A)[1] * np.linalg.lstsq(B.T, x[:3])[0]
np.linalg.lstsq(B, np.ones(4))[3]
set_to(np.zeros((4, 4)), lambda b: np.cumsum(A, axis=0, out=b))
set_to(np.zeros((2, 6)), lambda b: np.stack([x, y], out=b))
set_to(np.zeros((6, 6)), lambda b: np.outer(x, y, out=b))
set_to(x.copy(), lambda b: b.sort()) * np.arange(6)
set_to(x * 2, lambda b: np.asarray(b, dtype=float).__setitem__(0, 5.0))
set_to(x * 2, lambda b: b.astype(float, copy=False).__setitem__(0, 5.0))
set_to(A.copy(), lambda b: np.fill_diagonal(b, 0.0))
set_to(np.zeros(3), lambda b: np.add.at(b, [0, 1, 1, 2, 0, 2], x * y))
""".strip().splitlines()

REFUSED = {
    "set_to(np.ones(3), lambda b: np.multiply.at(b, [0, 1], x[:2]))": "multiply.at has no rule",
    "np.interp(0.5, np.sort(x), y)": "no rule for the places of its values",
    "np.pad(A, 1, mode='median')": "np.pad with mode='median' has no rule",
    "np.var(np.fft.rfft(x))": "np.var of complex numbers has no rule",
    "np.maximum(np.fft.rfft(x), 0)": "np.maximum of complex numbers has no rule",
    "np.linalg.eigvals(A)": "np.linalg.eigvals has no rule",
    "np.quantile(x, 0.3, method='nearest')": "method='linear' alone",
    "np.histogram(np.arange(6.0), 3, weights=x)[0]": "np.histogram has no rule",
    "np.gradient(y, x)": "np.gradient has a rule for its first argument alone",
    "np.interp(x, [0.0, 1.0], [0.0, 2.0], period=3.0)": "with a period has no rule",
    "np.average(x, returned=True)[0]": "with returned=True has no rule",
    "np.linspace(x[0], x[1], 5)": "np.linspace has no rule",
    "np.linalg.lstsq(np.outer(x, y), x)[0]": "no single solution, has no rule",
    "np.polyfit(x, y, 1, full=True)[0]": "np.polyfit with full=True or cov=True has no rule",
    "np.poly(A)": "np.poly of a matrix has no rule",
    "np.roots(x)": "np.roots has no rule",
    "np.linalg.norm(A, 1)": "np.linalg.norm with ord=1 has no rule",
}


def set_to(b, change):
    """An array that is changed in place."""
    change(b)
    return b


def forward(rule):
    """A forward pass of somebody's that is an expression."""
    names = {"np": np, "set_to": set_to}
    source = f"def f(x, y, A, B, S, T, G):\n    return {rule}\n"
    exec(compile(source, "strangers.py", "exec"), names)
    return Forward(names["f"], (x, y, A, B, S, T, GAPS))


class TestTangents:
    """Along a random direction a result moves as differences of its values say."""

    @pytest.mark.parametrize("rule", RULES)
    def test_each(self, rule):
        """Everything that moves the result is among the directions."""
        run = forward(rule)
        directions = {path: random.standard_normal(v.shape) for path, v in run.floats.items()}
        (wanted,) = by_differences(run, directions, 2.0**-11)
        (came,), _ = along(run, {path: d[None] for path, d in directions.items()})
        assert np.allclose(came[0], wanted, rtol=1e-6, atol=1e-7 * abs(wanted).max())

    @pytest.mark.parametrize("rule", REFUSED)
    def test_what_has_no_rule_is_said(self, rule):
        """A derivative is never dropped in silence."""
        run = forward(rule)
        with pytest.raises(NotDifferentiableError, match=REFUSED[rule]):
            along(run, {path: np.ones((1, *v.shape)) for path, v in run.floats.items()})

    def test_as_strided_by_its_own_name(self):
        """Imported from where it is, too."""
        module = module_of(
            "from numpy.lib.stride_tricks import as_strided\n"
            "def f(x):\n    return as_strided(x, (4, 3), (8, 8)) @ [1.0, 2.0, 3.0]\n"
        )
        (came,), _ = along(Forward(module.f, (x,)), {(0,): np.eye(6)})
        assert np.array_equal(came[2], [3.0, 2.0, 1.0, 0.0])


class TestViewsThatAreWrittenInto:
    """A view shares tangents with what it is seen of, as it shares numbers."""

    @pytest.mark.parametrize(
        "view", ["np.split(b, 2)[0]", "np.flip(b)", "np.unstack(b.reshape(2, 3))[0]",
                 "np.einsum('ii->i', b[:4].reshape(2, 2))",
                 "np.lib.stride_tricks.as_strided(b, (3,), (8,))"],
    )  # fmt: skip
    def test_each(self, view):
        """Written into, and read after what it is seen of was written into."""
        for rule in (
            f"set_to(np.zeros(6), lambda b: {view}.__setitem__(0, x[0]))",
            f"set_to(x * 1.0, lambda b: {view}.__setitem__(0, 2.0))",
            f"(lambda b: ({view}, b.__setitem__(slice(None), x))[0] * 1.0)(np.zeros(6))",
            f"(lambda b: ({view}, b.__setitem__(0, 2.0))[0] * 1.0)(x * 1.0)",
        ):
            run = forward(rule)
            (moved,), _ = along(run, {(0,): np.eye(6)[:1]})
            (wanted,) = by_differences(run, {(0,): np.eye(6)[0]})
            assert np.allclose(moved[0], wanted)

    def test_parts_of_complex_numbers(self):
        set_both = "setattr(z, 'real', x), z.imag.__setitem__(slice(None), x**2)"
        run = forward(f"set_to(np.zeros(6, complex), lambda z: ({set_both})).imag")
        (moved,), _ = along(run, {(0,): np.ones((1, 6))})
        assert np.allclose(moved[0], 2 * x)


class TestAResult:
    """A result shares no tangents with what it was made of, which stays when it is written into."""

    @pytest.mark.parametrize(
        "made", ["x + 1.0", "1.0 + x", "x - 1.0", "+x", "x + np.zeros(6)", "np.remainder(x, 99.0)",
                 "np.fmod(x, 99.0)", "np.maximum(x, -99.0)", "x.sum(axis=())", "x.clip(None, 99.0)",
                 "np.multiply.reduce(x.reshape(1, 6))", "np.where(x > 99, 0.0, x)",
                 "np.nan_to_num(x)", "np.atleast_1d(x) + 0.0", "x.repeat(1)", "np.sort(x)[::-1]",
                 "np.real(x.astype(complex))", "np.cumsum(x)", "np.concatenate([x])"],
    )  # fmt: skip
    def test_is_its_own(self, made):
        run = forward(f"(lambda b: (b.__setitem__(0, 5.0), b + x)[1])({made})")
        (moved,), _ = along(run, {(0,): np.ones((1, 6))})
        (wanted,) = by_differences(run, {(0,): np.ones(6)})
        assert np.allclose(moved[0], wanted)


class TestALostDerivative:
    """Where tangents say that nothing moves, another engine is asked whether that is so."""

    def test_is_seen(self, monkeypatch):
        """A gradient of zeros is not confirmed by having nothing to be compared with."""
        monkeypatch.setattr(tangent_functions, "LINEAR", tangent_functions.LINEAR - {np.tril})
        lost = tangent_functions.ON_VALUES | {np.tril}
        monkeypatch.setattr(tangent_functions, "ON_VALUES", lost)
        report = check_layer(lambda A: (np.tril(A), A), lambda delta, A: 0 * delta, A)
        assert not report.holds
        assert "two ways of taking the derivative of the forward pass disagree" in str(report)


class TestComplexSteps:
    """A complex step goes through with all that was asked for, or another engine is asked."""

    @pytest.mark.parametrize(
        "rule",
        ["x.clip(min=0.0, max=1.0)", "np.clip(x, min=0.0)", "np.var(A, axis=0, where=A > -1)",
         "np.var(A, axis=1, mean=np.zeros((4, 1)))", "np.vecdot(A, A)", "np.full(3, x[0])",
         "np.full_like(x, x[0])", "np.linspace(x[0], x[1], 3)",
         "np.lib.stride_tricks.as_strided(x, (4, 3), (8, 8))",
         "set_to(np.zeros(6), lambda b: np.clip(x, 0, 1, out=b))"],
    )  # fmt: skip
    def test_each(self, rule):
        """It agrees with differences."""
        run = forward(rule)
        direction = {path: random.standard_normal(v.shape) for path, v in run.floats.items()}
        value, _ = certified(run, direction, [np.ones(n) for n in run_shapes(run)])
        (moved,) = by_differences(run, direction, 2.0**-11)
        assert np.isclose(value, moved.sum(), rtol=1e-6)


class TestNormOfZeros:
    """The norm of a row of zeros has a kink: every gradient of length up to 1 is right there."""

    @pytest.mark.parametrize(
        ("rule", "moved"),
        [("np.linalg.norm(x, axis=1)", (5.0, 0.6)), ("x.std(axis=1)", (0.5, -0.5))],
    )
    def test_both_sides(self, rule, moved):
        """It grows by the norm of what is added, on either side."""
        rows, pushed = np.array([[0.0, 0.0], [3.0, 4.0]]), np.array([[[3.0, 4.0], [1.0, 0.0]]])
        run = forward(rule).function
        norm = Forward(lambda r: run(r, *[None] * 6), (rows,))
        (up,), met = along(norm, {(0,): pushed})
        (down,), _ = along(norm, {(0,): pushed}, -1)
        assert met.ties
        assert np.allclose((up[0], down[0]), (moved, (-moved[0], moved[1])))


class TestComplexNumbersOfTheUsers:
    """A complex step through code that uses complex numbers itself says so: its parts mix."""

    def both_ways(self, rule):
        """Along ones: what another engine says, which one that was, and what tangents say."""
        run = forward(rule)
        direction = {path: np.ones(v.shape) for path, v in run.floats.items()}
        value, engine = certified(run, direction, [np.ones(n) for n in run_shapes(run)])
        (came,), _ = along(run, {path: d[None] for path, d in direction.items()})
        return value, engine, came.sum()

    @pytest.mark.parametrize(
        "rule",
        ["((x[::2] + 1j * x[1::2]) * np.exp(1j * y[:3])).real",
         "(np.zeros(6, complex) + x * y).real"],
    )  # fmt: skip
    def test_each(self, rule):
        """Another engine is asked then."""
        value, engine, came = self.both_ways(rule)
        assert engine == "differences of order 8"
        assert np.isclose(value, came, rtol=1e-9)

    @pytest.mark.parametrize(
        "rule",
        ["np.where(x > 0, x, 0.1 * x).reshape(2, 3) @ A[:3]", "np.outer(x, y).var(axis=1)",
         "sum(np.split(x * y, 2)) * np.tril(A)[3, :3]",
         "np.take_along_axis(A, np.argpartition(A, 2, axis=1)[:, 2:], axis=1)"],
    )  # fmt: skip
    def test_what_numpy_returns_bare_is_none_of_them(self, rule):
        """`np.where` and `np.outer` return arrays of NumPy's own type."""
        value, engine, came = self.both_ways(rule)
        assert engine == "the complex step"
        assert np.isclose(value, came, rtol=1e-12)


class TestNoExamples:
    """A batch of no examples has no entries, and its weights have a gradient of zeros."""

    def test_is_compared_in_every_entry(self):
        """Nothing is said of tangents that do not get through."""
        report = check_layer(
            lambda x, W: (x @ W, (x, W)),
            lambda delta, cache: (delta @ cache[1].T, cache[0].T @ delta),
            np.zeros((0, 4)), B,
        )  # fmt: skip
        assert report.holds
        assert "no tangents" not in str(report)


class TestEqualNumbersInOrder:
    """Which of equal numbers stands at which place of a sorted array is open."""

    x = np.array([1.0, 0.0, 0.0, 2.0, 0.0])

    @staticmethod
    def shared(delta, x):
        """The median's, shared by all that equal it."""
        return delta * (x == np.median(x)) / (x == np.median(x)).sum()

    @staticmethod
    def by_rank(delta, x):
        """That of the third in order, by an order of its own."""
        return delta * (np.arange(5) == np.lexsort((np.arange(5), x))[2])

    @pytest.mark.parametrize("backward", ["shared", "by_rank"])
    @pytest.mark.parametrize("forward", [np.median, lambda x: np.sort(x)[2]])
    @pytest.mark.parametrize("factor", [1, 2, -1])
    def test_each(self, backward, forward, factor):
        """A share of it, or all of it to one of them, is right; more is not."""
        back = getattr(self, backward)
        report = check_layer(
            lambda x: (forward(x), x), lambda delta, x: factor * back(delta, x), self.x
        )
        assert report.holds == (factor == 1), str(report)


def run_shapes(run):
    """The shapes of what comes out."""
    return [np.shape(out) for out in run.run({})]
