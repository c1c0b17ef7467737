"""Precision that was lost on the way is found out: right code in few digits is right."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from styles import matrices, with_error
from textbook import NABLAS, Pass, a_minus_y, by_a

from proofs import Network, check_backprop, check_on
from proofs.adapters import activation_of
from proofs.checker.battery import battery
from proofs.checker.calling.precision import held, rounded, unit, units
from proofs.checker.judging.noise import CALLS
from proofs.checker.judging.residuals import SINGLE
from proofs.checker.report import GRADIENTS
from proofs.measuring.cases import Case
from proofs.network.activations import leaky_relu, linear, relu, sigmoid, softmax, tanh
from proofs.network.costs import cross_entropy, log_likelihood, quadratic


def case(hidden=sigmoid, sizes=(4, 6, 5, 3), m=7, output=sigmoid, cost=quadratic):
    """A network, its inputs and its targets, none of them round numbers."""
    random = np.random.default_rng(2)
    network = Network(list(sizes), [hidden] * (len(sizes) - 2) + [output], cost, seed=3)
    x = random.standard_normal((sizes[0], m))
    y = np.eye(sizes[-1])[:, random.integers(sizes[-1], size=m)]
    y = y if cost is quadratic and output is sigmoid else 0.9 * y + 0.1 / sizes[-1]
    return Case(network, x, y)


CASE = case()
EVERYTHING = matrices(CASE.network)


def gradients(*given):
    """The gradients alone."""
    found = EVERYTHING(*given)
    return [found[name] for name in NABLAS]


def checked(backprop, case=CASE):
    """The report on a case."""
    return check_backprop(backprop, case.network, case.x, case.y)


def bfloat16(array):
    """Rounded as bfloat16 is, and doubles again."""
    return rounded(np.asarray(array, float), 8)


def half(array):
    """Rounded as half precision is, and doubles again."""
    return array.astype(np.float16).astype(float)


def single(array):
    """Rounded as single precision is, and doubles again."""
    return array.astype(np.float32).astype(float)


FORMATS = {"single precision": single, "half precision": half, "bfloat16": bfloat16}
every_format = pytest.mark.parametrize("name", FORMATS)


def of_single(back=np.float32, mask=np.float32, labels=np.float32):
    """A right pass for rectifiers in single precision; what is named is of another type."""
    return Pass(
        relu,
        dtype=np.float32,
        bp1=lambda s, l: (s.a[l] - s.y.astype(labels)) * s.a[l] * (1 - s.a[l]),
        bp2=lambda s, l: s.back(l) * (s.z[l] > 0).astype(mask),
        bp3=lambda s, l: s.delta[l].sum(axis=1, keepdims=True, dtype=back) / s.m,
        bp4=lambda s, l: (s.delta[l] @ s.a[l - 1].T).astype(back) / s.m,
    )


FUSED = [
    (softmax, log_likelihood), (sigmoid, cross_entropy), (linear, quadratic)
]  # fmt: skip
"""Where a - y is the error at the output."""


def in_single_but_y(network, dtype=np.float32, error=lambda a, y: a - y):
    """A right pass in single precision, where a - y is in doubles, as y is, and all after it."""
    return Pass(
        output=network.sigma[network.L],
        names=("delta", *NABLAS),
        dtype=dtype,
        bp1=lambda s, l: error(s.a[l], s.y),
        bp2=by_a,
    )


class TestDigits:
    """A double that was rounded has zeros at its end."""

    @pytest.mark.parametrize(("few", "dtype"), [(24, np.float32), (11, np.float16)])
    def test_they_are_those_of_the_format(self, few, dtype):
        array = np.random.default_rng(0).standard_normal(50)
        assert (rounded(array, few) == array.astype(dtype)).all()
        assert unit(few) == np.finfo(dtype).eps
        assert held(rounded(array, few), few).all()
        assert not held(array, few).any()

    def test_an_array_speaks_for_itself(self):
        fine = np.random.default_rng(0).standard_normal(5)
        found = units({("a", 2): fine, ("a", 3): single(fine), ("a", 4): np.zeros(5)})
        assert found["a", 2] == unit(53)
        assert found["a", 3] == unit(24)


class TestLabelsInDoubles:
    """y is in doubles, as np.eye(n)[labels] is: so is every error, though all before is single."""

    @pytest.mark.parametrize(("fault", "places"), [(0, set()), (1e-3, {("BP4", 2)})])
    def test_the_gradients_alone(self, fault, places):
        network = case(relu)

        def backprop(*given):
            found = of_single(back=float, labels=float)(*given)
            found["nabla_w"][0].flat[abs(found["nabla_w"][0]).argmax()] *= 1 + fault
            return [found[name] for name in NABLAS]

        report = checked(backprop, network)
        assert {(v.equation, v.layer) for v in report.violations} == places
        assert "as if in single precision: what was not returned" in report.told or fault

    @pytest.mark.parametrize(("output", "cost"), FUSED)
    @pytest.mark.parametrize("hidden", [0, 1])
    @pytest.mark.parametrize("m", [1, 6])
    def test_any_number_of_layers(self, output, cost, hidden, m):
        """With none between x and the error there is no activation that a gradient holds."""
        here = case(sizes=(*(4, 5, 3)[: hidden + 1], 3), m=m, output=output, cost=cost)
        right = in_single_but_y(here.network)
        for names in (NABLAS, ("delta", *NABLAS), ("delta",), ("nabla_w",)):
            report = checked(lambda *g, names=names: {k: right(*g)[k] for k in names}, here)
            assert report.holds

    @pytest.mark.parametrize("m", [1, 6])
    def test_inputs_of_several_sizes(self, m):
        """Each is moved by less than single precision sees of it, beside whatever others."""
        here = case(sizes=(4, 3), m=m, output=softmax, cost=log_likelihood)
        here = Case(here.network, here.x * [[1], [1e-3], [1e-4], [1e-5]], here.y)
        right = in_single_but_y(here.network)
        assert checked(lambda *g: {"nabla_w": right(*g)["nabla_w"]}, here).holds

    @pytest.mark.parametrize("fault", [1e-3, 1e-1])
    @pytest.mark.parametrize("entry", [True, False])
    @pytest.mark.parametrize("letter", NABLAS)
    def test_a_fault_beside_it_is_seen(self, fault, entry, letter):
        here = case(sizes=(4, 3), output=softmax, cost=log_likelihood)
        right = in_single_but_y(here.network)

        def backprop(*given):
            found = right(*given)
            found[letter][0][(0, 0) if entry else ...] *= 1 + fault
            return [found[name] for name in NABLAS]

        equation = {"nabla_b": "BP3", "nabla_w": "BP4"}[letter]
        assert equation in {v.equation for v in checked(backprop, here).violations}

    @pytest.mark.parametrize(
        "wrong",
        [lambda a, y: y - a, lambda a, y: (a - y) * a * (1 - a), lambda a, y: np.sign(a - y)],
        ids=["the sign", "a slope too many", "the sign alone"],
    )
    def test_a_wrong_pass_in_doubles_is_in_doubles(self, wrong):
        """It moves smoothly with x, however far, or not even where every format does."""
        here = case(sizes=(4, 5, 3), output=softmax, cost=log_likelihood)
        wrong_pass = in_single_but_y(here.network, float, wrong)
        report = checked(lambda *g: [wrong_pass(*g)[k] for k in NABLAS], here)
        assert {v.equation for v in report.violations} == {"BP1"}
        assert "as if in" not in str(report)

    def test_doubles_have_to_be_right_to_their_last_digits(self):
        """What moves with every digit of x is in doubles, however much it looks like rounding."""
        here = case(sizes=(4, 3), output=softmax, cost=log_likelihood)
        right = matrices(here.network)
        noise = 1 + 1e-8 * np.random.default_rng(1).standard_normal((3, 4))

        def backprop(*given):
            found = right(*given)
            return found["nabla_b"], [found["nabla_w"][0] * noise]

        assert [v.place for v in checked(backprop, here).violations] == ["BP4 at layer 2"]


class TestInputs:
    """Inputs that are rounded first: the pass is judged by what it went by, to the last digit."""

    @every_format
    @pytest.mark.parametrize("pair", [True, False])
    def test_x(self, name, pair):
        right = gradients if pair else EVERYTHING
        report = checked(lambda w, b, x, y: right(w, b, FORMATS[name](x), y))
        assert report.holds
        assert f"as if in {name}: x" in report.told

    @every_format
    def test_weights(self, name):
        report = checked(lambda w, b, x, y: gradients([FORMATS[name](v) for v in w], b, x, y))
        assert report.holds
        assert f"as if in {name}: w of layer 2, w of layer 3, w of layer 4" in report.told

    def test_one_of_them(self):
        report = checked(lambda w, b, x, y: gradients([w[0], single(w[1]), w[2]], b, x, y))
        assert report.holds
        assert "as if in single precision: w of layer 3" in report.told

    @every_format
    @pytest.mark.parametrize("what", ["w", "b", "x", "wbx"])
    @pytest.mark.parametrize("constant", ["m", "2", "2/3"])
    def test_a_sum_or_twice_the_cost_on_them(self, name, what, constant):
        """Right up to that constant, as without any rounding."""

        def backprop(w, b, x, y):
            to = FORMATS[name]
            w = [to(v) for v in w] if "w" in what else w
            b = [to(v) for v in b] if "b" in what else b
            found = gradients(w, b, to(x) if "x" in what else x, y)
            times = {"m": x.shape[1], "2": 2, "2/3": 2 / 3}[constant]
            return [[times * v for v in of] for of in found]

        report = checked(backprop)
        assert not report.violations
        assert report.scaled
        assert f"as if in {name}: " in " ".join(report.told)

    @pytest.mark.parametrize("times", [1, 7])
    @pytest.mark.parametrize("wrong", [1e-6, 1e-3, 1.0])
    def test_a_fault_beside_it_is_seen_alone(self, wrong, times):
        def backprop(w, b, x, y):
            nabla_b, nabla_w = gradients(w, b, single(x), y)
            nabla_b, nabla_w = ([times * v for v in of] for of in (nabla_b, nabla_w))
            nabla_w[1] = nabla_w[1] * (1 + wrong)
            return nabla_b, nabla_w

        report = checked(backprop)
        places = [(v.equation, v.layer) for v in report.violations]
        assert places == [("BP1", 4)] * (times > 1) + [("BP4", 3)]


class TestOnTheWay:
    """Numbers in few digits that were cast up, added to zeros, averaged or masked are right."""

    @every_format
    @pytest.mark.parametrize("letter", ["z", "a", "delta", *NABLAS])
    def test_one_letter(self, name, letter):
        def backprop(*given):
            found = EVERYTHING(*given)
            return found | {letter: [FORMATS[name](v) for v in found[letter]]}

        report = checked(backprop)
        assert report.holds
        assert f"as if in {name}: {letter}" in report.told

    def test_errors_on_the_way_back(self):
        """delta is rounded, and goes on in doubles."""

        def rounded_error(s, l):
            return half(by_a(s, l))

        assert checked(Pass(bp1=rounded_error, bp2=rounded_error)).holds

    def test_summed_into_zeros(self):
        one = matrices(CASE.network, dtype=np.float32)

        def backprop(weights, biases, x, y):
            nabla = [np.zeros(v.shape) for v in (*biases, *weights)]
            for i in range(x.shape[1]):
                found = one(weights, biases, x[:, [i]], y[:, [i]])
                nabla = [
                    old + new
                    for old, new in zip(nabla, found["nabla_b"] + found["nabla_w"], strict=True)
                ]
            nabla = [v / x.shape[1] for v in nabla]
            return nabla[: len(biases)], nabla[len(biases) :]

        report = checked(backprop)
        assert report.holds
        assert "as if in single precision: what was not returned" in report.told

    @pytest.mark.parametrize(("sizes", "m"), [((4, 6, 5, 3), 6), ((3, 5, 2), 1), ((5, 4, 4, 1), 6)])
    @pytest.mark.parametrize("back", [np.float32, np.float64])
    @pytest.mark.parametrize("mask", [np.float32, np.float64])
    @pytest.mark.parametrize("pair", [True, False])
    def test_a_mask_or_an_average_in_doubles(self, sizes, m, back, mask, pair):
        here = case(relu, sizes, m)
        right = of_single(back, mask)
        found = (lambda *g: [right(*g)[name] for name in NABLAS]) if pair else right
        assert checked(found, here).holds

    def test_weights_in_half_and_sums_in_single_precision(self):
        one = matrices(CASE.network, dtype=np.float32)

        def backprop(w, b, x, y):
            return one([half(v) for v in w], [half(v) for v in b], half(x), y)

        report = checked(backprop)
        assert report.holds
        assert any(said.startswith("as if in half precision: x, w of") for said in report.told)


class TestNothingElseIsLoosened:
    """Beside a coarse array every fault of 1e-6 in a fine one is seen, where it is."""

    @pytest.mark.parametrize("name", FORMATS)
    @pytest.mark.parametrize("coarse", ["z", "a", "delta", "nabla_b"])
    @pytest.mark.parametrize("entry", [True, False])
    def test_a_small_fault(self, name, coarse, entry):
        def backprop(*given):
            found = EVERYTHING(*given)
            found[coarse] = [FORMATS[name](v) for v in found[coarse]]
            found["nabla_w"][1][(0, 0) if entry else ...] *= 1 + 1e-6
            return found

        report = checked(backprop)
        assert [(v.equation, v.layer) for v in report.violations] == [("BP4", 3)]
        assert [report.cells[GRADIENTS, l].holds for l in (2, 3, 4)] == [True, False, True]

    @pytest.mark.parametrize("entry", [True, False])
    def test_of_gradients_alone(self, entry):
        def backprop(*given):
            nabla_b, nabla_w = gradients(*given)
            nabla_w[1][(0, 0) if entry else ...] *= 1 + 1e-6
            return [single(v) for v in nabla_b], nabla_w

        report = checked(backprop)
        assert [(v.equation, v.layer) for v in report.violations] == [("BP4", 3)]
        assert [report.cells[GRADIENTS, l].holds for l in (2, 3, 4)] == [True, False, True]

    @pytest.mark.parametrize("coarse", ["z", "a", "delta", "nabla_b"])
    def test_the_row_gradients(self, coarse):
        """It is the second opinion on the others: in full precision, where they came in that."""

        def backprop(*given):
            found = EVERYTHING(*given)
            found[coarse][1] = half(found[coarse][1])
            return found

        report = checked(backprop)
        tolerance = {l: c.tolerance for (row, l), c in report.cells.items() if row == "gradients"}
        assert report.holds
        assert max(tolerance[2], tolerance[4]) < 1e-12
        assert (tolerance[3] > 1e-6) == (coarse == "nabla_b")

    def test_small_whole_numbers_are_exact(self):
        """They need few digits whatever holds them, so that they show nothing."""
        network = Network.from_arrays(
            [np.array([[3.0, 5], [7, 11]]), np.array([[13.0, 17]])],
            [np.zeros((2, 1)), np.zeros((1, 1))],
            [relu, relu],
            quadratic,
        )
        right = matrices(network)

        def backprop(*given):
            found = right(*given)
            found["nabla_w"][0][0, 0] += 4
            return found

        report = check_backprop(backprop, network, [[1.0], [2.0]], [[1.0]])
        assert [(v.equation, v.layer) for v in report.violations] == [("BP4", 2)]


class TestTypes:
    """Whatever holds real numbers is read."""

    @pytest.mark.parametrize(
        "kind",
        [
            lambda v: v + 0j,
            lambda v: v.astype(object),
            lambda v: np.array([[Decimal(float(e)) for e in row] for row in v]),
            lambda v: [[Fraction(float(e)) for e in row] for row in v],
            lambda v: v.astype(np.longdouble),
        ],
        ids=["complex", "object", "Decimal", "Fraction", "longdouble"],
    )
    def test_it_is_right(self, kind):
        report = checked(lambda *given: [[kind(v) for v in of] for of in gradients(*given)])
        assert report.holds
        assert not [said for said in report.told if "as if" in said]

    def test_one_object_of_equal_layers(self):
        here = case(sizes=(4, 4, 4, 4), m=4)
        right = matrices(here.network)

        def backprop(*given):
            found = right(*given)
            return [np.array(found[name], dtype=object) for name in NABLAS]

        assert checked(backprop, here).holds

    @pytest.mark.parametrize("name", ["detach", "bfloat16"])
    def test_a_tensor_with_a_gradient(self, name):
        """It says no to NumPy until it is detached, and in bfloat16 until it is a float."""

        class Tensor:
            def __init__(self, values, at):
                self.values, self.shape, self.at = values, values.shape, at

            def detach(self):
                return Tensor(self.values, "bfloat16" if name == "bfloat16" else "detached")

            def cpu(self):
                return self

            def float(self):
                return self.values.astype(np.float32)

            def reshape(self, *shape):
                return Tensor(self.values.reshape(*shape), self.at)

            def __array__(self, *_, **__):
                if self.at == "bfloat16":
                    raise TypeError("Got unsupported ScalarType BFloat16")
                if self.at != "detached":
                    raise RuntimeError("Can't call numpy() on Tensor that requires grad.")
                return self.values

        as_kept = bfloat16 if name == "bfloat16" else np.asarray
        report = checked(
            lambda *given: [[Tensor(as_kept(v), "") for v in of] for of in gradients(*given)]
        )
        assert report.holds
        assert bool([s for s in report.told if "bfloat16" in s]) == (name == "bfloat16")


class TestNoUpdate:
    """A sum of numbers in single precision over m was not read off an update at the rate m."""

    @pytest.mark.parametrize("m", [3, 5, 6])
    def test_the_rate_is_not_told(self, m):
        some = case(relu, m=m, sizes=(3, 8, 7, 3))
        one = matrices(some.network, dtype=np.float32)

        def averaged(weights, biases, x, y):
            columns = range(x.shape[1])
            found = [one(weights, biases, x[:, [i]], y[:, [i]]) for i in columns]
            arrays = (zip(*(f[name] for f in found), strict=True) for name in NABLAS)
            return [[np.sum(vs, axis=0, dtype=float) / len(vs) for vs in of] for of in arrays]

        report = checked(averaged, some)
        assert report.holds
        assert "single precision" in str(report)
        assert "learning rate" not in str(report)

    def test_nor_where_inputs_are_large(self):
        """There steps are larger than weights, and lose no digit."""
        (raw,) = (c for c in battery(relu, softmax, log_likelihood) if c.name == "raw inputs")

        right = Pass(
            relu,
            softmax,
            NABLAS,
            np.float32,
            bp1=lambda s, l: s.a[l] - s.y.astype(np.float32),
            bp2=lambda s, l: s.back(l) * ((s.a[l] > 0) * 1.0),
        )

        report = checked(right, raw)
        assert report.holds
        assert "learning rate" not in str(report)


def rounded_on_the_way(network, to, error, fault=1.0):
    """A right pass whose activations are rounded, and all else is in doubles, as y is."""
    return Pass(
        network.sigma[2],
        network.sigma[network.L],
        z=lambda s, l: to(s.w[l] @ s.a[l - 1] + s.b[l]),
        a=lambda s, l: to(s.of(l)(s.z[l])),
        bp1=lambda s, l: error(s.a[l], s.y),
        bp4=lambda s, l: s.delta[l] @ s.a[l - 1].T / s.m * (fault if l == 3 else 1.0),
    )


KINDS = {
    "softmax": (softmax, log_likelihood, lambda a, y: a - y),
    "sigmoid": (sigmoid, cross_entropy, lambda a, y: a - y),
    "quadratic": (sigmoid, quadratic, lambda a, y: (a - y) * a * (1 - a)),
}
RETURNED = [NABLAS, ("delta", *NABLAS), ("z", "a", "delta", *NABLAS)]


def alive(hidden, output, cost, m, seed):
    """A network of some widths; layers of one or two rectifiers are often dead but for one."""
    random = np.random.default_rng(seed)
    sizes = [*random.integers(1, 6, size=3), random.integers(2, 5)]
    network = Network([int(n) for n in sizes], [hidden] * 2 + [output], cost, seed=seed)
    y = np.eye(sizes[-1])[:, random.integers(sizes[-1], size=m)]
    return Case(network, random.standard_normal((sizes[0], m)), y)


def few_alive(biases):
    """One example, and hidden rectifiers that these biases keep alive or dead."""
    here = case(relu, (3, 4, 3), 1, softmax, log_likelihood)
    w, b = here.network.weights, here.network.biases
    own = [np.array(biases, float), b[1]]
    network = Network.from_arrays(w, own, [relu, softmax], log_likelihood)
    return Case(network, here.x, here.y)


class TestChance:
    """Rounding that no array shows is off by chance, anew near each input; a fault is off alike."""

    # More examples take longer: in each format with one kind of output.
    DRAWS = (
        *((1, name, kind) for name in FORMATS for kind in KINDS),
        *((12, name, kind) for name, kind in zip(FORMATS, KINDS, strict=True)),
    )
    HIDDEN = (relu, leaky_relu, tanh, sigmoid, linear)

    @pytest.mark.parametrize("draw", range(len(DRAWS)))
    @pytest.mark.parametrize("which", range(len(HIDDEN)), ids=map(str, HIDDEN))
    def test_it_is_right(self, draw, which):
        m, name, kind = self.DRAWS[draw]
        output, cost, error = KINDS[kind]
        here = alive(self.HIDDEN[which], output, cost, m, seed=m)
        right = rounded_on_the_way(here.network, FORMATS[name], error)
        # Each way to return it meets each format, each output and each activation.
        names = RETURNED[(draw // 3 + draw + which) % len(RETURNED)]
        report = checked(lambda *g: {k: right(*g)[k] for k in names}, here)
        assert report.holds, report

    def test_later_calls_are_rounded_as_the_first(self):
        """Only the first is called near its inputs, to see how it rounds."""
        here = alive(tanh, softmax, log_likelihood, 7, seed=7)
        right, calls = rounded_on_the_way(here.network, single, lambda a, y: a - y), []

        def backprop(*given):
            calls.append(given)
            return [right(*given)[name] for name in NABLAS]

        assert checked(backprop, here).eps == SINGLE
        assert len(calls) < 2 * CALLS

    @pytest.mark.parametrize("pair", [True, False])
    def test_one_live_neuron(self, pair):
        """Then every entry is off by one factor, as by a fault, and by another near the inputs."""
        here = few_alive([[-9], [-9], [1.5], [-9]])
        right = rounded_on_the_way(here.network, single, lambda a, y: a - y)
        names = NABLAS if pair else ("delta", *NABLAS)
        assert checked(lambda *g: {k: right(*g)[k] for k in names}, here).holds

    @pytest.mark.parametrize("pair", [True, False])
    def test_no_live_neuron(self, pair):
        """Then the biases of the outputs alone move what is rounded."""
        here = few_alive([[-9], [-9], [-9], [-9]])
        right = rounded_on_the_way(here.network, single, lambda a, y: a - y)
        names = NABLAS if pair else ("delta", *NABLAS)
        assert checked(lambda *g: {k: right(*g)[k] for k in names}, here).holds

    @pytest.mark.parametrize(("name", "fault"), [("single precision", 1e-5), ("bfloat16", 0.1)])
    @pytest.mark.parametrize(("hidden", "entry"), [(relu, True), (tanh, False)], ids=str)
    @pytest.mark.parametrize("names", RETURNED)
    def test_a_fault_beside_it_is_told(self, name, fault, hidden, entry, names):
        if name == "bfloat16" and "delta" not in names:
            return  # two digits do not tell whose fault it is
        here = case(hidden, (4, 6, 5, 3), 7, softmax, log_likelihood)

        right = matrices(here.network)(here.network.weights, here.network.biases, here.x, here.y)
        largest = np.unravel_index(abs(right["nabla_w"][1]).argmax(), (5, 6))

        off = np.ones((5, 6))
        off[largest if entry else ...] += fault

        wrong = rounded_on_the_way(here.network, FORMATS[name], lambda a, y: a - y, off)
        report = checked(lambda *g: {k: wrong(*g)[k] for k in names}, here)
        assert [v.place for v in report.violations] == ["BP4 at layer 3"]


class TestDoubts:
    """What is off by a sixteenth and more, and by no more than rounding coarser than in single
    precision may come to, is neither right nor wrong; where it is off by less it is right."""

    @pytest.mark.parametrize("name", ["half precision", "bfloat16"])
    @pytest.mark.parametrize("seed", range(3))
    @pytest.mark.parametrize("fault", [False, True])
    def test_z_for_a(self, fault, seed, name):
        bp4 = lambda s, l: s.delta[l] @ (s.z if fault and l > 2 else s.a)[l - 1].T / s.m  # noqa: E731
        backprop = Pass(tanh, names=NABLAS, bp4=bp4)
        random = np.random.default_rng(seed)
        network = Network([4, 6, 5, 4, 3], [tanh, tanh, tanh, sigmoid], seed=seed)
        x, y = random.standard_normal((4, 7)), random.random((3, 7))

        report = check_backprop(
            lambda *given: [[FORMATS[name](v) for v in of] for of in backprop(*given)],
            *(network, x, y),
        )
        assert not report.violations
        assert report.status == (2 if fault else 0)
        assert any("may or may not explain" in said for said in report.problems) == fault
        assert report.unseen <= 1 / 16

    @pytest.mark.parametrize(
        ("backprop", "broken"),
        [
            (Pass(output=softmax, names=NABLAS, dtype=np.float16), set()),
            (
                Pass(output=softmax, bp1=lambda s, l: a_minus_y(s, l) * s.a[l] * (1 - s.a[l])),
                {"BP1"},
            ),
        ],
    )
    def test_where_other_networks_decide_it_is_not_said(self, backprop, broken):
        """On huge inputs the errors of softmax are whole numbers, as if rounded."""
        report = check_on(battery(sigmoid, softmax, quadratic), backprop)
        assert {v.equation for v in report.found} == broken
        assert not report.problems


def gelu(z):
    """By tanh, as a person writes it: far below 0 the sum in the bracket is almost nothing."""
    kind = z.dtype.type if z.dtype == np.float32 else float
    by_tanh = np.tanh(kind(np.sqrt(2 / np.pi)) * (z + kind(0.044715) * z**3))
    return z * (1 + by_tanh) / 2


def elu(z):
    """With the 1 taken off that is almost all of exp(z) near 0."""
    return np.where(z > 0, z, np.exp(np.minimum(z, 0)) - 1)


def swish(z):
    """z times a gate."""
    return z / (1 + np.exp(-z))


class TestOwnActivations:
    """What cancels in an activation of one's own is not known, so that it may lose what it has."""

    @pytest.mark.parametrize("function", [gelu, elu, swish])
    @pytest.mark.parametrize(("m", "names"), list(zip((6, 1, 6), RETURNED, strict=True)))
    def test_in_single_precision(self, function, m, names):
        sigma = activation_of(function)
        here = case(sigma, (4, 6, 5, 3), m, softmax, log_likelihood)
        # Far below 0, near 0, and far above it.
        own = [np.array([[-5.0], [-4], [-1e-3], [1e-3], [4], [0]]), *here.network.biases[1:]]
        layers = [sigma, sigma, softmax]
        network = Network.from_arrays(
            [here.network.weights[0] / 10, *here.network.weights[1:]], own, layers, log_likelihood
        )

        right = Pass(
            function,
            softmax,
            names,
            np.float32,
            bp1=a_minus_y,
            bp2=lambda s, l: s.back(l) * sigma.prime(s.z[l].astype(float)),
        )
        report = check_backprop(right, network, here.x, here.y)
        assert report.holds, report


class TestShortened:
    """Gradients that were rounded to decimals, as for print, are in no format, and not judged."""

    @pytest.mark.parametrize("digits", [2, 4, 8])
    @pytest.mark.parametrize("names", RETURNED)
    def test_to_decimals(self, digits, names):
        def backprop(*given):
            found = EVERYTHING(*given)
            found |= {k: [np.round(v, digits) for v in found[k]] for k in NABLAS}
            return {k: found[k] for k in names}

        report = checked(backprop)
        assert report.form
        said = f"the gradients are right but rounded to {digits} decimals: return them before that"
        assert report.problems == (said,)
        assert "as if in" not in str(report)

    def test_to_digits(self):
        def short(v):
            return np.vectorize(lambda e: float(f"{e:.3g}"))(v)

        report = checked(lambda *given: [[short(v) for v in of] for of in gradients(*given)])
        assert "rounded to 3 digits" in str(report)

    def test_wrong_ones_are_judged(self):
        def backprop(*given):
            nabla_b, nabla_w = gradients(*given)
            return nabla_b, [np.round(2 * v, 4) for v in nabla_w]

        assert checked(backprop).violations


@pytest.mark.parametrize("change", [np.sign, abs], ids=["the sign of w", "|w|"])
@pytest.mark.parametrize("names", RETURNED[:2])
def test_a_wrong_formula_is_no_precision(change, names):
    """BP2 with something else for w gives numbers in doubles, and nothing else is said of them."""

    def back(s, l):
        return (change(s.w[l + 1]).T @ s.delta[l + 1]) * s.a[l] * (1 - s.a[l])

    report = checked(Pass(names=names, bp2=back))
    assert {v.equation for v in report.violations} == {"BP2"}
    assert "as if in" not in str(report)


class TestOnSeveralNetworks:
    """What a saturated network is too few numbers to show of a format, the others show for it."""

    CASES = tuple(
        case
        for case in battery(sigmoid, sigmoid, cross_entropy, targets="one-hot")
        if case.name in ("saturated", "rectangular", "square")
    )

    def backprop(self, spot, fault=1.0):
        """A right pass that takes one thing in single precision, and gives gradients alone."""

        def cast(name, v):
            return v.astype(np.float32) if name == spot else v

        return Pass(
            names=NABLAS,
            bp1=lambda s, l: cast("outputs", s.a[l]) - s.y,
            bp2=lambda s, l: cast("sent", s.back(l)) * cast("slope", s.a[l] * (1 - s.a[l])) * fault,
        )

    @pytest.mark.parametrize("spot", ["outputs", "sent", "slope"])
    def test_a_right_one_holds(self, spot):
        report = check_on(self.CASES, self.backprop(spot))
        assert report.holds, report
        assert "as if in single precision: what was not returned" in str(report)

    @pytest.mark.parametrize("spot", ["none", "sent", "slope"])
    def test_a_fault_shows(self, spot):
        assert not check_on(self.CASES, self.backprop(spot, 1 + 1e-4)).holds

    def test_a_saturated_one_holds_alone(self):
        """Its rounding is far below the tolerance, and still that of no doubles."""
        saturated = [case for case in self.CASES if case.name == "saturated"]
        assert check_on(saturated, self.backprop("slope")).holds


class TestOneCoarseArray:
    """A coarse array loosens nothing but itself, and that by no more than it can be off."""

    @staticmethod
    def going_through(times, form, layer=0):
        right = with_error(lambda a, z, y: (a - y) * a * (1 - a))

        def backprop(*given):
            nabla_b, nabla_w = right(*given)
            nabla_b[layer] = (times * nabla_b[layer]).astype(form)
            return nabla_b, nabla_w

        return backprop

    @pytest.mark.parametrize(
        ("times", "form"),
        [(-1, "f2"), (2, "f2"), (0, "f2"), (1.2, "f2"), (2, "f4"), (1.0001, "f4")],
    )
    def test_a_fault_of_it_is_seen(self, times, form):
        for seed, sizes in enumerate(([4, 5, 3], [4, 6, 5, 3])):
            random = np.random.default_rng(seed)
            x, y = random.standard_normal((sizes[0], 6)), random.random((sizes[-1], 6))
            network = Network(sizes, sigmoid, quadratic, seed)
            report = check_backprop(self.going_through(times, form), network, x, y)
            assert [v.place for v in report.violations] == ["BP3 at layer 2"]
            assert check_backprop(self.going_through(1, form), network, x, y).holds


class TestAFormatOfAFew:
    """What a few networks of a wrong pass show of a format that no array has is no remark."""

    def test_in_doubles(self):
        def error(a, z, y):
            e = np.exp(z - z.max(axis=0))
            a = e / e.sum(axis=0)
            return (a - y) * a * (1 - a)

        report = check_on(battery(sigmoid, softmax, log_likelihood)[:6], with_error(error))
        assert {v.place for v in report.violations} == {"BP1 at layer 4"}
        assert "as if in" not in str(report)
