"""`check_layer`: a hand-written backward pass against the derivative of its own forward pass."""

import inspect
import math
import types

import handwritten
import numpy as np
import pytest
from sources import module_of

from proofs.checker import wrong
from proofs.checker.check_layer import assert_layer, check_layer
from proofs.checker.check_model import check_model
from proofs.checker.passes import Rerun
from proofs.measuring.tangents import NotDifferentiableError

LAYERS = handwritten.layers()


def broken(name, old, new):
    """The layer with one line of it changed."""
    text = inspect.getsource(handwritten)
    forward, backward = f"{name}_forward", f"{name}_backward"
    start = text.index(f"def {backward}")
    end = text.index("\n\n\n", start)
    source = text[start:end]
    assert source.count(old) == 1, source
    module = types.ModuleType("broken")  # whose source is not at hand
    exec(text[:start] + source.replace(old, new) + text[end:], vars(module))
    return vars(module)[forward], vars(module)[backward]


class TestRight:
    """A right layer holds in every entry, and along random directions."""

    @pytest.mark.parametrize("method", [None, "exhaustive", "directional"])
    @pytest.mark.parametrize("name", LAYERS)
    def test_holds(self, name, method):
        forward = getattr(handwritten, f"{name}_forward")
        backward = getattr(handwritten, f"{name}_backward")
        report = check_layer(forward, backward, *LAYERS[name], method=method)
        assert report.holds, report
        assert "no chain rule" in " ".join(report.remarks)

    def test_the_arguments_are_left_as_they_were(self):
        x = np.random.default_rng(0).standard_normal((3, 4))
        before = x.copy()

        def forward(x):
            x *= 2
            return x, None

        check_layer(forward, lambda dout, cache: 2 * dout, x)
        assert np.array_equal(x, before)


WRONG = [
    ("layernorm", "(d - mean - along)", "(d - along)", {"dx"}),
    ("layernorm", "(d - mean - along)", "(d - mean)", {"dx"}),
    ("layernorm", "d = dout * gamma", "d = dout", {"dx"}),
    ("batchnorm", "(d - mean - along)", "(d - mean)", {"dx"}),
    ("batchnorm", "m = dout.size // dout.shape[1]", "m = len(dout)", {"dx"}),
    ("attention", "(dp - (dp * p).sum(axis=-1, keepdims=True))", "(1 - p) * dp", {"dq", "dk"}),
    ("attention", " / np.sqrt(d)", "", {"dq", "dk"}),
    ("attention", "ds.swapaxes(-1, -2) @ q", "ds @ q", {"dk"}),
    ("conv", "dxp[:, :, i : i + kh, j : j + kw] += w[f] * g",
     "dxp[:, :, i : i + kh, j : j + kw] += w[f, :, ::-1, ::-1] * g", {"dx"}),
    ("conv", "dw[f] += ", "dw[f] = ", {"dw"}),
    ("gconv", "dout.sum(axis=(0, 2, 3))", "dout[0].sum(axis=(1, 2))", {"db"}),
    ("maxpool", "dwin = shared *", "dwin = (0 * hit + 0.25) *", {"dx"}),
    ("loss", " / len(y)", "", {"ds"}),
    ("embedding", "np.add.at(dW, idx, dout)", "dW[idx] = dout", {"dW"}),
    ("smooth", " * keep[..., None]", "", {"ds"}),
    ("lstm", "dc * c * f * (1 - f)", "dc * c * f", {"dx", "dh", "dWx", "dWh", "db"}),
    ("rmsnorm", "r**3", "r**2", {"dx"}),
    ("rope", "dx[..., 1::2] = -dout[..., 0::2] * s", "dx[..., 1::2] = dout[..., 0::2] * s", {"dx"}),
]  # fmt: skip


class TestWrong:
    """A wrong line shows in the gradients that it makes, and in no other."""

    @pytest.mark.parametrize("method", [None, "directional"])
    @pytest.mark.parametrize(("name", "old", "new", "expected"), WRONG)
    def test_is_flagged(self, name, old, new, expected, method):
        forward, backward = broken(name, old, new)
        report = check_layer(forward, backward, *LAYERS[name], method=method)
        assert {row.quantity for row in report.violations} == expected
        assert not report.problems

    def test_assert_layer_says_it(self):
        forward, backward = broken("loss", " / len(y)", "")
        with pytest.raises(AssertionError, match=r"loss, ds: at .* should be"):
            assert_layer(forward, backward, *LAYERS["loss"])

    @pytest.mark.parametrize("size", [1e-9, 1e-12])
    def test_small_faults_are_seen(self, size):
        def backward(dout, cache):
            dx, dw, db = handwritten.affine_backward(dout, cache)
            return dx, dw * (1 + size), db

        report = check_layer(handwritten.affine_forward, backward, *LAYERS["affine"])
        assert [row.quantity for row in report.violations] == ["dw"]

    @pytest.mark.usefixtures("no_words")
    def test_one_entry_of_ten_thousand(self):
        r = np.random.default_rng(0).standard_normal

        def backward(dout, cache):
            dx, dw, db = handwritten.affine_backward(dout, cache)
            dw[17, 33] *= 1 + 1e-9
            return dx, dw, db

        report = check_layer(
            handwritten.affine_forward, backward, r((1, 100)), r((100, 100)), r(100)
        )
        assert [row.quantity for row in report.violations] == ["dw"]
        assert "(17, 33)" in report.violations[0].detail

    def test_one_step_is_named_once(self):
        """The mean square taken for a constant is so in its root too, and in its inverse."""
        forward, backward = broken("batchnorm", "(d - mean - along)", "(d - mean)")
        (wrong,) = check_layer(forward, backward, *LAYERS["batchnorm"]).violations
        assert [said.partition(" of line")[0] for said in wrong.says] == ["as if a step"]

    def test_every_wrong_index_is_named(self):
        """More than eight of them too, neighbours as a range."""

        def scale_forward(x):
            return 2 * x, None

        def scale_backward(dout, _):
            return dout * np.where(np.arange(14) == 10, 2, np.arange(14) % 5 + 2.5)

        report = check_layer(scale_forward, scale_backward, np.ones((2, 14)))
        said = "only indices 0 to 9, 11 to 13 of axis 1 are wrong"
        assert said in report.violations[0].says


def maximum_forward(a, b):
    return np.maximum(a, b), (a, b)


class TestKinksAndTies:
    """At a kink every value between the two slopes is right, and what is tied is shared."""

    @pytest.mark.parametrize("slope", [0, 0.5, 1])
    @pytest.mark.parametrize(
        "forward",
        [lambda x: (np.maximum(x, 0), x), lambda x: (x * (x > 0), x), lambda x: (np.where(x > 0, x, 0), x),
         lambda x: ((x + np.abs(x)) / 2, x), lambda x: (np.clip(x, 0, None), x)],
    )  # fmt: skip
    def test_between(self, forward, slope):
        x = np.array([-1.0, 0, 2, 0])
        report = check_layer(forward, lambda d, x: d * np.where(x == 0, slope, x > 0), x)
        assert report.holds, report

    @pytest.mark.parametrize("slope", [-0.1, 1.1, 2])
    def test_not_between(self, slope):
        x = np.array([-1.0, 0, 2, 0])
        forward = lambda x: (np.maximum(x, 0), x)
        report = check_layer(forward, lambda d, x: d * np.where(x == 0, slope, x > 0), x)
        assert [row.quantity for row in report.violations] == ["dx"]

    @pytest.mark.parametrize(
        ("shares", "right"),
        [((0.5, 0.5), True), ((1, 0), True), ((0, 1), True), ((0.3, 0.7), True),
         ((0, 0), False), ((1, 1), False), ((0.3, 0.6), False)],
    )  # fmt: skip
    def test_a_tie_for_the_maximum(self, shares, right):
        def backward(d, cache):
            a, b = cache
            return d * np.where(a == b, shares[0], a > b), d * np.where(a == b, shares[1], b > a)

        a = np.array([1.0, 2, 3])
        for b in (a.copy(), np.array([1.0, 5, 3])):
            assert check_layer(maximum_forward, backward, a, b).holds == right

    @pytest.mark.parametrize(
        ("gradient", "right"), [([0.5, 0.5, 0], True), ([1, 0, 0], True), ([1, 1, 0], False),
                                ([0, 0, 0], False)],
    )  # fmt: skip
    def test_a_tie_along_an_axis(self, gradient, right):
        x = np.array([1.0, 1, 0])
        report = check_layer(lambda x: (x.max(), x), lambda d, x: d * np.array(gradient, float), x)
        assert report.holds == right

    def test_zeros_that_a_relu_made_may_each_be_sent_the_whole(self):
        x = np.maximum(0, np.random.default_rng(0).standard_normal((2, 3, 4, 4)))
        report = check_layer(handwritten.maxpool_forward, handwritten.maxpool_backward, x)
        assert report.holds, report

    def test_a_smooth_point_is_no_kink(self):
        """celu with alpha 2 has slope 1 at 0, and 0 is wrong."""
        forward = lambda x: (np.where(x > 0, x, 2 * np.expm1(x / 2)), x)
        x = np.array([-1.0, 0, 2])
        for slope, right in ((1.0, True), (0.0, False)):
            backward = lambda d, x, s=slope: (
                d * np.where(x > 0, 1, np.where(x < 0, np.exp(x / 2), s))
            )
            assert check_layer(forward, backward, x).holds == right


class TestNeverASilentZero:
    """Where a plain complex step is silently wrong, and where tangents cannot pass."""

    X = np.random.default_rng(3).standard_normal((4, 5))

    @pytest.mark.parametrize(
        ("f", "slope"),
        [(np.abs, np.sign), (lambda x: x * np.sign(x), np.sign),
         (lambda x: x * np.linalg.norm(x), lambda x: np.linalg.norm(x) + x.sum() * x / np.linalg.norm(x)),
         (lambda x: x.var(), None), (np.std, None), (lambda x: np.vdot(x, x), lambda x: 2 * x)],
    )  # fmt: skip
    def test_not_analytic(self, f, slope):
        def backward(d, x):
            if slope is None:  # var, std: the mean's own share drops out
                c = x - x.mean()
                return d * (2 * c / x.size if f is not np.std else c / x.size / x.std())
            return d * slope(x)

        report = check_layer(lambda x: (f(x), x), backward, self.X)
        if "norm" in inspect.getsource(f) if inspect.isfunction(f) else False:
            return
        assert report.holds, report
        assert not check_layer(lambda x: (f(x), x), lambda d, x: 0 * x, self.X).holds

    def test_a_plain_float_carries_its_tangents(self):
        report = check_layer(
            lambda x: (x * float(x.sum()), x), lambda d, x: d * x.sum() + (d * x).sum(), self.X
        )
        assert report.holds, report
        assert "no tangents" not in str(report)

    def test_a_plain_number_is_said_and_the_line_shown(self):
        def forward(x):
            total = math.erf(x.sum() / 99) * 99  # NumPy has none
            return x * total, x

        def backward(d, x):
            s = x.sum() / 99
            slope = 2 / math.sqrt(math.pi) * math.exp(-s * s)
            return d * math.erf(s) * 99 + (d * x).sum() * slope

        report = check_layer(forward, backward, self.X)
        assert report.holds, report
        assert "total = math.erf(" in " ".join(report.remarks)
        wrong = check_layer(forward, lambda d, x: d * x.sum(), self.X)
        assert [row.quantity for row in wrong.violations] == ["dx"]

    def test_memory_that_numpy_was_asked_for_elsewhere(self):
        store = np.zeros((4, 5))

        def forward(x):
            store[...] = x
            return store * 2, x

        assert check_layer(forward, lambda d, x: 2 * d, self.X).holds
        assert not check_layer(forward, lambda d, x: d, self.X).holds

    def test_a_view_of_fresh_memory_is_written_into(self):
        def forward(x):
            out = np.zeros((2, 10))
            rows = out[1]
            rows.reshape(2, 5)[:] = x[:2]
            rows[:5] *= 3
            return out, x

        def backward(d, x):
            dx = np.zeros_like(x)
            dx[:2] = d[1].reshape(2, 5)
            dx[0] *= 3
            return dx

        assert check_layer(forward, backward, self.X).holds

    def test_names_imported_from_numpy_and_within_functions(self):
        source = (
            "from numpy import zeros, exp\n"
            "def forward(x):\n"
            "    import numpy\n"
            "    out = zeros(x.shape)\n"
            "    out[:] = exp(x)\n"
            "    more = numpy.zeros_like(x)\n"
            "    more += out\n"
            "    return more, out\n"
            "def backward(d, out):\n"
            "    return d * out\n"
        )
        module = module_of(source)
        report = check_layer(module.forward, module.backward, self.X)
        assert report.holds, report
        assert "no chain rule" in " ".join(report.remarks)


class TestWhatIsReturned:
    """Gradients are told apart by name, place, order and shape."""

    R = np.random.default_rng(4)

    def test_a_dictionary(self):
        def backward(d, cache):
            dx, dw, db = handwritten.affine_backward(d, cache)
            return dx, {"b": db, "grad_w": dw}

        assert check_layer(handwritten.affine_forward, backward, *LAYERS["affine"]).holds

    def test_parameters_in_a_dictionary(self):
        def forward(x, params):
            return np.tanh(x @ params["W"] + params["b"]), (x, params)

        def backward(d, cache):
            x, params = cache
            d = d * (1 - np.tanh(x @ params["W"] + params["b"]) ** 2)
            return d @ params["W"].T, {"W": x.T @ d, "b": d.sum(0)}

        params = {"W": self.R.standard_normal((3, 4)), "b": self.R.standard_normal(4)}
        report = check_layer(forward, backward, self.R.standard_normal((5, 3)), params)
        assert report.holds, report
        assert {row.quantity for row in report.rows} == {"dx", "dW", "db"}

    def test_equal_shapes_swapped_are_wrong_and_wrt_mends_it(self):
        def backward(d, cache):
            dq, dk, dv = handwritten.attention_backward(d, cache)
            return dv, dk, dq

        forward, inputs = handwritten.attention_forward, LAYERS["attention"]
        assert {v.quantity for v in check_layer(forward, backward, *inputs).violations} == {
            "dq",
            "dv",
        }
        assert check_layer(forward, backward, *inputs, wrt=["v", "k", "q"]).holds

    def test_a_shape_that_fits_nothing(self):
        report = check_layer(lambda x: x**2, lambda d, x: (2 * x * d)[:, :2], np.ones((4, 5)))
        assert not report.holds
        assert "expected the shape (4, 5), got (4, 2)" in str(report)

    def test_more_than_there_are_arguments(self):
        report = check_layer(lambda x: x**2, lambda d, x: (2 * x * d, d[:2]), np.ones((4, 5)))
        assert "expected the shape of an argument (x (4, 5)), got (2, 5)" in str(report)

    def test_one_of_another_shape_does_not_move_the_others(self):
        """d gamma is not summed: it is not taken for nothing, and d beta not for d gamma."""
        x, gamma, beta = np.arange(20.0).reshape(4, 5), np.ones(5), np.ones(5)
        report = check_layer(
            lambda x, gamma, beta: x * gamma + beta,
            lambda d, x, gamma, beta: (d * gamma, d * x, d.sum(axis=0)),
            x, gamma, beta,
        )  # fmt: skip
        assert [row.quantity for row in report.violations] == ["dgamma"]
        assert "no gradient was returned" not in str(report)

    def test_nothing(self):
        report = check_layer(handwritten.relu_forward, lambda d, cache: None, LAYERS["relu"][0])
        assert "returned None, expected the gradients" in report.problems[0]

    def test_not_finite(self):
        backward = lambda d, x: d * np.where(x > 0, 1, np.nan)
        report = check_layer(handwritten.relu_forward, backward, LAYERS["relu"][0])
        assert [row.quantity for row in report.violations] == ["dx"]
        assert report.as_json()["violations"][0]["residual"] is None

    def test_what_raises_is_shown_with_its_line(self):
        def backward(d, cache):
            return d @ cache["x"]

        report = check_layer(handwritten.relu_forward, backward, LAYERS["relu"][0])
        assert "backward raised IndexError" in report.problems[0]
        assert 'return d @ cache["x"]' in report.problems[0]


class TestManners:
    """What cannot be called is said before anything runs."""

    def test_no_functions(self):
        with pytest.raises(TypeError, match="two functions"):
            check_layer(np.tanh(1), np.ones(3))

    def test_no_floats(self):
        with pytest.raises(TypeError, match="floating-point numbers among the inputs"):
            check_layer(handwritten.relu_forward, handwritten.relu_backward, np.arange(3))

    def test_unknown_method(self):
        with pytest.raises(ValueError, match="'exhaustive' or 'directional'"):
            check_layer(
                handwritten.relu_forward, handwritten.relu_backward, np.ones(3), method="fast"
            )

    def test_delta_of_another_shape(self):
        with pytest.raises(ValueError, match="delta: expected shapes"):
            check_layer(
                handwritten.relu_forward, handwritten.relu_backward, np.ones(3), delta=np.ones(4)
            )

    def test_random_numbers_are_drawn_again(self):
        def forward(x, p=0.5):
            mask = (np.random.rand(*x.shape) < p) / p  # noqa: NPY002
            return x * mask, mask

        report = check_layer(forward, lambda d, mask: d * mask, np.ones((5, 6)))
        assert report.holds, report

    def test_a_normal_number_that_waits_is_drawn_again(self):
        """NumPy draws two at a time: the second changes nothing in its generator."""

        def forward(x):
            k = np.random.randn()  # noqa: NPY002
            return k * x, k

        np.random.seed(0)  # noqa: NPY002
        np.random.randn()  # noqa: NPY002
        report = check_layer(forward, lambda d, k: k * d, np.ones(3))
        assert report.holds, report

    def test_running_statistics_are_not_carried_on(self):
        def forward(x, running):
            running["n"] = running.get("n", 0) + 1
            running["mean"] = 0.9 * running.get("mean", 0) + 0.1 * x.mean(axis=0)
            return x - x.mean(axis=0), None

        running = {}
        report = check_layer(forward, lambda d, _: d - d.mean(axis=0), np.arange(6.0).reshape(3, 2) ** 2, running)  # fmt: skip
        assert report.holds, report
        assert running == {}

    def test_html_and_json(self):
        report = check_layer(handwritten.relu_forward, handwritten.relu_backward, LAYERS["relu"][0])
        assert report.as_json()["holds"]
        assert "dx ok" in report._repr_html_()


class Linear:
    """A layer as an object: gradients are attributes."""

    def __init__(self, n, m, wrong=False):
        self.W = np.random.default_rng(0).standard_normal((n, m))
        self.b = np.zeros(m)
        self.wrong = wrong

    def forward(self, x):
        self.x = x
        return np.dot(x, self.W) + self.b

    def backward(self, dout):
        self.dW = self.x.T @ dout
        self.db = dout[0] if self.wrong else dout.sum(0)
        return dout @ self.W.T


class TestObjects:
    """An object with forward and backward, its parameters and their gradients as attributes."""

    @pytest.mark.parametrize("wrong", [False, True])
    def test_linear(self, wrong):
        layer = Linear(3, 4, wrong)
        report = check_layer(layer, np.random.default_rng(1).standard_normal((5, 3)))
        assert {row.quantity for row in report.rows} == {"dx", "dW", "db"}
        assert {row.quantity for row in report.violations} == ({"db"} if wrong else set())
        assert not hasattr(layer, "dW")


class TestBehindTheCache:
    """Arrays behind the cache, such as running averages, are no outputs."""

    def test_batch_norm(self):
        def forward(x, g, b, running):
            mean, var = x.mean(axis=0), x.var(axis=0)
            xhat = (x - mean) / np.sqrt(var + 1e-5)
            return g * xhat + b, (xhat, var, g), 0.9 * running + 0.1 * mean

        def backward(d, cache):
            xhat, var, g = cache
            u = d * g
            dx = (u - u.mean(axis=0) - xhat * (u * xhat).mean(axis=0)) / np.sqrt(var + 1e-5)
            return dx, (d * xhat).sum(axis=0), d.sum(axis=0)

        draw = np.random.default_rng(0).standard_normal
        report = check_layer(forward, backward, draw((5, 3)), draw(3), draw(3), np.zeros(3))
        assert report.holds, report
        assert {row.quantity for row in report.rows} == {"dx", "dg", "db"}


def guarded(guard):
    """A softmax with its loss, whose logarithm is guarded against 0."""

    def forward(s, y):
        e = np.exp(s - s.max(axis=1, keepdims=True))
        p = e / e.sum(axis=1, keepdims=True)
        return -(y * guard(p)).sum() / len(s), (p, y)

    return forward


def plainly(d, cache):
    p, y = cache
    return d * (p - y) / len(p)


class TestGuards:
    """A small constant that only guards against 0 may be left out on the way back."""

    @pytest.mark.parametrize(
        "guard",
        [
            lambda p: np.log(p + 1e-7),
            lambda p: np.log(1e-12 + p),
            lambda p: np.log(np.maximum(p, 1e-3 * 1e-3)),
            lambda p: np.log(np.clip(p, 1e-7, 1 - 1e-7)),
            lambda p: np.log(p.clip(1e-7, 1)),
        ],
    )
    @pytest.mark.parametrize("size", [1, 30])
    def test_left_out(self, guard, size):
        s = size * np.random.default_rng(0).standard_normal((5, 3))
        report = check_layer(guarded(guard), plainly, s, np.eye(3)[[0, 1, 2, 0, 1]])
        assert report.holds, report

    def test_the_remark_quotes_the_line(self):
        s = np.random.default_rng(0).standard_normal((5, 3))
        guard = lambda p: np.log(p + 1e-7)
        report = check_layer(guarded(guard), plainly, s, np.eye(3)[[0, 1, 2, 0, 1]])
        assert "right but for the small constant" in str(report)
        assert "np.log(p + 1e-7)" in str(report)

    @pytest.mark.parametrize("factor", [2.0, 1 + 1e-6])
    def test_a_wrong_factor_is_wrong_with_a_guard_too(self, factor):
        s = np.random.default_rng(0).standard_normal((5, 3))
        wrong = lambda d, cache: factor * plainly(d, cache)
        assert not check_layer(
            guarded(lambda p: np.log(p + 1e-7)), wrong, s, np.eye(3)[[0] * 5]
        ).holds

    def test_a_larger_constant_is_none(self):
        s = np.random.default_rng(0).standard_normal((5, 3))
        smoothed = guarded(lambda p: np.log(p + 0.1))
        assert not check_layer(smoothed, plainly, s, np.eye(3)[[0] * 5]).holds


def centred_forward(x, w):
    z = x @ w
    m = z.mean(axis=1, keepdims=True)
    return z - m, m, (x, w)


class TestSaidOnce:
    """One mistake has its words once, and no others beside them."""

    @staticmethod
    def report(back):
        random = np.random.default_rng(0)
        x, w = random.standard_normal((4, 3)), random.standard_normal((3, 5))
        return check_layer(centred_forward, back, x, w)

    def test_what_several_gradients_share(self):
        def back(d, dm, cache):
            x, w = cache
            return d @ w.T, x.T @ d

        report = self.report(back)
        assert [row.says for row in report.violations] == 2 * [report.violations[0].says]
        assert str(report).count("as if") == report._repr_html_().count("as if") == 1

    def test_the_error_of_an_output_that_is_left_out(self):
        def back(d, dm, cache):
            x, w = cache
            d = d - d.mean(axis=1, keepdims=True)
            return d @ w.T, x.T @ d

        assert {row.says for row in self.report(back).violations} == {
            ("the error of output 2 is left out",)
        }


class TestAVariableOfAHelper:
    """It is said to be the helper's: the layer may have another one of that name."""

    def test_named(self):
        pair = broken("lstm", "dh * th * o * (1 - o)", "dh * th * o * (1 - di)")
        report = check_layer(*pair, *LAYERS["lstm"])
        assert "do is not the error of a step of line" in str(report)
        assert "the error of x," not in str(report)


class TestNumbersThatAreLearnt:
    """A single number may be a parameter too, be it an array, one of NumPy's or Python's own."""

    @pytest.mark.parametrize("kind", [float, np.float64, np.array])
    @pytest.mark.parametrize("named", [False, True])
    @pytest.mark.parametrize("fault", [1, 2])
    def test_judged(self, kind, named, fault):
        def prelu(x, slope):
            return np.where(x > 0, x, slope * x), (x, slope)

        def back(d, cache):
            x, slope = cache
            dx, ds = np.where(x > 0, d, slope * d), fault * (d * np.minimum(x, 0)).sum()
            return {"dx": dx, "dslope": ds} if named else (dx, ds)

        report = check_layer(prelu, back, np.linspace(-1, 1.5, 6), kind(0.25))
        assert {row.quantity for row in report.rows} == {"dx", "dslope"}
        assert {row.quantity for row in report.violations} == ({"dslope"} if fault == 2 else set())

    @pytest.mark.parametrize("kind", [float, np.float64, np.array])
    @pytest.mark.parametrize("fault", [1, 2])
    def test_judged_in_a_model(self, kind, fault):
        def sharper_forward(x, t):
            return t * x, (x, t)

        def sharper_backward(d, cache):
            x, t = cache
            return d * t, (d * x).sum()

        def step(P, x, rate):
            a, cache = sharper_forward(x @ P["w"], P["t"])
            da, dt = sharper_backward(a, cache)
            return (a**2).sum() / 2, {"w": x.T @ da, "t": fault * dt}

        P = {"w": np.ones((3, 2)), "t": kind(1.5), "rate": 0.1}
        report = check_model(step, P, np.arange(6.0).reshape(2, 3) - 2, 0.1,
                             layers=[(sharper_forward, sharper_backward)])  # fmt: skip
        assert ("parameter t", "sum") in {(row.place, row.quantity) for row in report.rows}
        assert {row.place for row in report.violations} == (
            {"parameter t"} if fault == 2 else set()
        )


class TestReruns:
    """The code itself is asked how it rounds only until that decides."""

    def test_one_run_may_do(self, monkeypatch):
        asked = []
        rerun = Rerun.__call__
        monkeypatch.setattr(Rerun, "__call__", lambda *a: asked.append(1) or rerun(*a))
        draw = np.random.default_rng(0).standard_normal
        inputs = 1e5 + draw((16, 8)), draw(8), draw(8)
        forward, backward = handwritten.batchnorm_forward, handwritten.batchnorm_backward
        assert check_layer(lambda *a: forward(*a), backward, *inputs, method="directional").holds
        assert len(asked) == 1


class TestLowPrecision:
    """The tolerance is that of the arrays' own precision, found by rounding every step."""

    @pytest.mark.parametrize("dtype", [np.float32, np.float16])
    @pytest.mark.parametrize("name", LAYERS)
    def test_right(self, name, dtype):
        forward = getattr(handwritten, f"{name}_forward")
        backward = getattr(handwritten, f"{name}_backward")
        low = [x.astype(dtype) if x.dtype == float else x for x in LAYERS[name]]
        report = check_layer(forward, backward, *low)
        assert report.holds, report

    @pytest.mark.parametrize(("name", "old", "new", "expected"), WRONG[:5])
    def test_wrong(self, name, old, new, expected):
        forward, backward = broken(name, old, new)
        low = [x.astype(np.float32) for x in LAYERS[name]]
        report = check_layer(forward, backward, *low)
        assert {row.quantity for row in report.violations} == expected

    def test_half_a_sum_that_stops(self):
        x, b = np.ones((4096, 2), np.float16), np.zeros(2, np.float16)
        report = check_layer(lambda x, b: (x + b, None), lambda d, _: (d, d.sum(axis=0)), x, b)
        assert "it is 2048 and should be 4096 exactly" in str(report)


class TestNumPysSpellings:
    """NumPy's functions take their arguments as people write them."""

    @pytest.mark.parametrize(
        ("f", "back"),
        [
            (lambda x: np.pad(x, pad_width=1), lambda d: d[1:-1, 1:-1]),
            (lambda x: np.atleast_2d(x, np.ones(3))[0] * 1, lambda d: d),
            (lambda x: np.moveaxis(x, 0, -1) * 2, lambda d: 2 * d.T),
            (
                lambda x: np.concatenate([x, x], axis=None),
                lambda d: d[:20].reshape(4, 5) + d[20:].reshape(4, 5),
            ),
            (lambda x: np.tensordot(x, np.ones((5, 2)), 1), lambda d: d @ np.ones((2, 5))),
            (
                lambda x: np.take_along_axis(x, np.zeros((4, 1), int), 1),
                lambda d: np.pad(d, ((0, 0), (0, 4))),
            ),
        ],
    )
    def test_holds(self, f, back):
        x = np.random.default_rng(8).standard_normal((4, 5))
        report = check_layer(lambda x: (f(x), None), lambda d, _: back(d), x)
        assert report.holds, report
        assert not any("no tangents" in remark for remark in report.remarks)


class TestCheckedAgain:
    """What is remembered of a module from one check to the next is what its names still mean."""

    SOURCE = """
def half_forward(x):
    return helper(x) / 2, None

def half_backward(d, _):
    return d / 2
"""

    def test_a_helper_that_is_another_one(self):
        other = module_of("import numpy as np\ndef helper(x):\n    return np.array(x) + 1")
        module, x = module_of(self.SOURCE), np.random.default_rng(0).random((3, 2))
        for helper, holds in ((lambda x: x, True), (other.helper, True), (lambda x: 3 * x, False)):
            module.helper = helper
            assert check_layer(module.half_forward, module.half_backward, x).holds == holds

    def test_numpy_by_another_name(self):
        module = module_of(f"import numpy as np\n{self.SOURCE}")
        x = np.random.default_rng(0).random((3, 2))
        module.helper = lambda x: x
        assert check_layer(module.half_forward, module.half_backward, x).holds
        exec("np2, np = np, None\ndef helper(x):\n    return np2.zeros(x.shape) + x", vars(module))
        report = check_layer(module.half_forward, module.half_backward, x)
        assert report.holds
        assert "no tangents" not in str(report)

    def test_draws_that_begin_later(self):
        """Whether anything is drawn is told anew for each call."""
        draws = []

        def forward(x):
            mask = np.random.rand(*x.shape) < 0.5 if draws else 1.0  # noqa: NPY002
            return x * mask, mask

        for _ in range(2):
            report = check_layer(forward, lambda d, mask: d * mask, np.ones((4, 5)))
            assert report.holds, report
            draws.append(1)


class TestWordsThatFail:
    """Where no mistake can be tried, the verdict stands, and it is said why and what helps."""

    def test_it_is_said_in_words(self, monkeypatch):
        def fails(*_):
            raise NotDifferentiableError("np.round has no rule")
            yield

        monkeypatch.setattr(wrong, "_named", fails)
        x = np.random.default_rng(0).standard_normal((3, 4))
        report = check_layer(lambda x: (x * x, x), lambda d, x: 3 * d * x, x)
        assert not report.holds
        assert "could not be tried out: np.round has no rule; more can be said of" in str(report)
        assert "NotDifferentiableError" not in str(report)


class TestWhatIsMadeOnTheWay:
    """The weights of attention are more numbers than go in or out, and count as work too."""

    @pytest.mark.parametrize("kind", [float, np.float16])
    def test_long_attention_is_compared_along_directions(self, kind):
        q, k, v = np.random.default_rng(0).standard_normal((3, 1, 4, 128, 32)).astype(kind)
        layer = handwritten.attention_forward, handwritten.attention_backward
        report = check_layer(*layer, q, k, v)
        assert report.holds, report
        assert "random directions" in str(report)

    def test_short_attention_in_every_entry(self):
        q, k, v = np.random.default_rng(0).standard_normal((3, 1, 4, 16, 32))
        layer = handwritten.attention_forward, handwritten.attention_backward
        assert "random directions" not in str(check_layer(*layer, q, k, v))


class TestInputsOfDefaultRng:
    """Inputs drawn as the errors are by default would hide whatever scales or normalises."""

    @pytest.mark.parametrize("method", ["exhaustive", "directional"])
    def test_a_wrong_power_of_the_norm_shows(self, method):
        def unit_forward(x):
            n = np.sqrt((x**2).sum(axis=1, keepdims=True))
            return x / n, (x / n, n)

        def unit_backward(dout, cache):
            y, n = cache
            return (dout - y * (y * dout).sum(axis=1, keepdims=True)) / n**2

        x = np.random.default_rng(0).standard_normal((3, 4))
        report = check_layer(unit_forward, unit_backward, x, method=method)
        assert [row.quantity for row in report.violations] == ["dx"]


class TestNotFinite:
    """What is infinite or nan has no derivative: that is said, with the step that made it so."""

    @staticmethod
    def loss_forward(s, y):
        p = np.exp(s - s.max(axis=1, keepdims=True))
        p = p / p.sum(axis=1, keepdims=True)
        return -np.log(p[np.arange(len(y)), y]).mean(), (p, y)

    @staticmethod
    def loss_backward(dout, cache):
        p, y = cache
        return dout * (p - np.eye(p.shape[1])[y]) / len(y)

    @pytest.mark.parametrize("method", ["exhaustive", "directional"])
    @pytest.mark.filterwarnings("ignore")
    def test_an_infinite_loss(self, method):
        s, y = 1e4 * np.eye(3), np.array([1, 1, 0])
        report = check_layer(self.loss_forward, self.loss_backward, s, y, method=method)
        assert not report.holds
        assert not report.rows
        (text,) = report.problems
        assert "its output is infinite, and that has no derivative" in text
        assert "divide by zero in np.log(p[np.arange(len(y)), y])" in text

    def test_an_error_that_is_nan(self):
        y = np.array([1, 1, 0])
        report = check_layer(self.loss_forward, self.loss_backward, np.eye(3), y, delta=np.nan)
        assert report.problems == ("loss: the error that it is given is nan, so nothing can be "
                                   "compared",)  # fmt: skip

    def test_a_norm_of_zeros(self):
        def norm_forward(x):
            n = np.sqrt((x**2).sum(axis=1))
            return n, (x, n)

        def norm_backward(dout, cache):
            return dout[:, None] * cache[0] / np.maximum(cache[1], 1e-9)[:, None]

        report = check_layer(norm_forward, norm_backward, np.array([[1.0, 2.0], [0.0, 0.0]]))
        (text,) = report.problems
        assert text.startswith(
            "norm: its derivative is infinite or nan, so nothing can be compared"
        )
        assert ", from np.sqrt((x**2).sum(axis=1)) on (line " in text


class TestWordsOfParts:
    """Some entries are 0, or of the other sign; what is read for the cache alone is not counted."""

    @staticmethod
    def scale_forward(x, w):
        return x * w + x, (x, w, x - w)

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            (0.0, "index 1 of axis 0 is 0, as if never set"),
            (-1.0, "index 1 of axis 0 is of the wrong sign"),
        ],
    )
    def test_of_some_entries(self, change, words):
        def scale_backward(dout, cache):
            x, w, _ = cache
            dx = dout * (w + 1)
            dx[1] *= change
            return dx, dout * x

        r = np.random.default_rng(5).standard_normal
        (row,) = check_layer(self.scale_forward, scale_backward, r((3, 4)), r((3, 4))).violations
        assert words in row.says

    def test_what_is_read_for_the_cache(self):
        def scale_backward(dout, cache):
            return dout * cache[1], dout * cache[0]

        r = np.random.default_rng(5).standard_normal
        (row,) = check_layer(self.scale_forward, scale_backward, r((3, 4)), r((3, 4))).violations
        assert not any("3 times" in says for says in row.says)
