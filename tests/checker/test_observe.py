"""One call of a function that we did not write: all that it does is seen, none of it escapes."""

import contextvars
import sys
import threading
import time
from collections import namedtuple
from types import SimpleNamespace

import numpy as np
import pytest
from styles import matrices

from proofs import Network, check_backprop
from proofs.checker.calling.observe import EXPECTED, LETTERS, observe
from proofs.measuring.cases import running_case

CASE = running_case()
RIGHT = matrices(CASE.network)


def observed(backprop, **options):
    """What one call on the running network came to."""
    network = CASE.network
    return observe(backprop, network.weights, network.biases, CASE.x, CASE.y, **options)


def returning(value):
    """A function that returns this."""
    return lambda *given: value


class TestTheCall:
    """It gets copies of lists from layer 2 to L, and of columns, that it may spoil."""

    def test_what_it_gets(self):
        seen = []
        observed(lambda *given: seen.extend(given))
        weights, biases, x, y = seen
        assert [w.shape for w in weights] == [(5, 3), (4, 5), (2, 4)]
        assert [b.shape for b in biases] == [(5, 1), (4, 1), (2, 1)]
        assert (x.shape, y.shape) == ((3, 6), (2, 6))
        assert all(v.flags.writeable for v in (*weights, *biases, x, y))

    def test_copies(self):
        before = [v.tobytes() for v in (*CASE.network.weights, *CASE.network.biases, CASE.x)]

        def spoil(weights, biases, x, y):
            for array in (*weights, *biases, x, y):
                array[...] = np.nan

        observed(spoil)
        after = [v.tobytes() for v in (*CASE.network.weights, *CASE.network.biases, CASE.x)]
        assert before == after

    def test_it_is_called_once(self):
        calls = []
        observed(lambda *given: calls.append(given))
        assert len(calls) == 1


class TestInputsItChanged:
    """Named one by one: the array, its layer, or the list."""

    @pytest.mark.parametrize(
        ("change", "name"),
        [
            (lambda w, b, x, y: w[1].__setitem__((0, 0), 9), "weights of layer 3"),
            (lambda w, b, x, y: b[2].__imul__(2), "biases of layer 4"),
            (lambda w, b, x, y: x.__iadd__(1), "x"),
            (lambda w, b, x, y: y.sort(), "y"),
            (lambda w, b, x, y: w.pop(), "the list of weights"),
            (lambda w, b, x, y: b.append(1), "the list of biases"),
            (lambda w, b, x, y: w.__setitem__(1, w[1] - 0.1), "weights of layer 3"),
            (lambda w, b, x, y: b.__setitem__(2, None), "biases of layer 4"),
            (lambda w, b, x, y: x.resize((6, 3), refcheck=False), "x"),
        ],
    )
    def test_seen(self, change, name):
        def backprop(*given):
            found = RIGHT(*given)
            change(*given)
            return found

        assert observed(backprop).changed == (name,)

    def test_seen_although_it_raised(self):
        def backprop(w, b, x, y):
            x += 1
            raise RuntimeError

        assert observed(backprop).changed == ("x",)

    def test_nothing_to_see(self):
        assert observed(RIGHT).changed == ()

    def test_a_list_of_copies_is_no_change(self):
        def backprop(w, b, x, y):
            w[:], b[:] = [v.copy() for v in w], [v.copy() for v in b]
            return RIGHT(w, b, x, y)

        assert observed(backprop).changed == ()


class TestProblems:
    """Whatever it raises, and however long it takes, is told in a line that names the place."""

    @pytest.mark.parametrize(
        "error",
        [ValueError("no"), KeyError("w"), SystemExit(2), KeyboardInterrupt(), MemoryError()],
    )
    def test_it_raises(self, error):
        def backprop(*given):
            raise error

        seen = observed(backprop)
        assert type(error).__name__ in seen.problem
        assert "in backprop, line" in seen.problem
        assert not seen.numbers

    def test_the_line_where_it_raised(self):
        """In a function of the same file that it calls."""

        def helper(x):
            return x["a"]

        assert "in helper, line" in observed(lambda w, b, x, y: helper(x)).problem

    def test_a_message_is_shown_as_a_terminal_can(self):
        def backprop(*given):
            raise ValueError(f"\x1b[31m {object()} " + "x" * 10**6)

        problem = observed(backprop).problem
        assert r"\x1b[31m <object object> xxx" in problem
        assert len(problem) < 600

    def test_what_never_returns_them_when_called(self):
        async def awaited(*given): ...

        def yielding(*given):
            yield 1

        for backprop, how in ((awaited, "async def"), (yielding, "yield")):
            assert f"a function with {how}" in observed(backprop).problem

    def test_keys_that_are_no_layers(self):
        found = RIGHT(CASE.network.weights, CASE.network.biases, CASE.x, CASE.y)
        from_0 = {**found, "nabla_w": dict(enumerate(found["nabla_w"]))}
        expected = "nabla_w: expected the layers 2..4 as keys, got 0, 1, 2"
        assert observed(returning(from_0)).problem == expected

    def test_it_raises_what_cannot_be_told(self):
        class SpeechlessError(Exception):
            def __str__(self):
                raise RuntimeError

        def backprop(*given):
            raise SpeechlessError

        assert "it raised SpeechlessError, which has no message" in observed(backprop).problem

    def test_it_returns_what_cannot_be_looked_at(self):
        class Hidden:
            def __getattr__(self, name):
                raise RuntimeError("private")

        assert observed(returning(Hidden())).problem.endswith(
            "got Hidden, which raised RuntimeError: private"
        )

    def test_it_closes_what_it_prints_to(self):
        def backprop(*given):
            sys.stdout.write("done")
            sys.stdout.close()
            return RIGHT(*given)

        seen = observed(backprop)
        assert (seen.problem, seen.said) == ("", "done")

    def test_without_a_limit_it_runs_in_this_thread(self):
        threads = []

        def backprop(*given):
            threads.append(threading.current_thread())
            return RIGHT(*given)

        observed(backprop)
        observed(backprop, timeout=None)
        assert [thread is threading.current_thread() for thread in threads] == [False, True]

    def test_it_recurses_for_ever(self):
        def backprop(*given):
            return backprop(*given)

        assert "RecursionError" in observed(backprop).problem

    def test_it_hangs(self):
        done = threading.Event()
        start = time.monotonic()
        seen = observed(lambda *given: done.wait(30), timeout=0.05)
        done.set()
        assert time.monotonic() - start < 20
        assert seen.problem == "it did not return within 0.05 seconds"

    @pytest.mark.parametrize(
        "value",
        [None, 1, "ab", range, (1, 2, 3), [], {}, np.ones((2, 3)), {"weights": 1}, (5, 6)],
        ids=repr,
    )
    def test_it_returns_something_else(self, value):
        seen = observed(returning(value))
        assert "expected" in seen.problem
        assert len(seen.problem) < 400

    def test_a_list_of_the_wrong_length(self):
        found = RIGHT(CASE.network.weights, CASE.network.biases, CASE.x, CASE.y)
        short = {**found, "nabla_w": found["nabla_w"][1:]}
        assert observed(returning(short)).problem == (
            "nabla_w: expected 3 arrays, one for each of the layers 2..4, got 2"
        )

    def test_what_is_no_list(self):
        assert observed(returning({"z": 5})).problem == "z: expected a list, got int 5"

    def test_nothing_in_a_mapping(self):
        assert observed(returning({})).problem == f"{EXPECTED}; got a mapping with none"
        assert observed(returning({"w": 1, 2: 3})).problem.endswith("a mapping with w, 2")

    def test_what_it_returned_is_shown_as_far_as_60_characters(self):
        assert observed(returning(10**59)).problem == f"{EXPECTED}; got int 1{59 * '0'}"
        assert observed(returning(10**60)).problem == f"{EXPECTED}; got int 1{59 * '0'}…"


class TestWhatItSays:
    """What it prints is caught, on both streams, and what it warns of is not heard."""

    def test_caught(self, capsys):
        def backprop(*given):
            sys.stdout.write("out ")
            sys.stderr.write("err")
            return RIGHT(*given)

        assert observed(backprop).said == "out err"
        assert capsys.readouterr() == ("", "")

    def test_warnings(self, recwarn):
        def backprop(*given):
            np.array([1.0]) / np.array([0.0])
            return RIGHT(*given)

        assert not observed(backprop).problem
        assert len(recwarn) == 0


class TestNumbers:
    """By letter and layer, in double precision, whatever container and type they came in."""

    def test_everything(self):
        seen = observed(RIGHT)
        assert set(seen.numbers) == set(LETTERS)
        for layers in seen.numbers.values():
            assert list(layers) == [2, 3, 4]
            assert all(v.dtype == np.float64 for v in layers.values())

    def test_a_pair(self):
        found = RIGHT(CASE.network.weights, CASE.network.biases, CASE.x, CASE.y)
        seen = observed(returning((found["nabla_b"], found["nabla_w"])))
        assert list(seen.numbers) == ["nabla_b", "nabla_w"]
        assert (seen.numbers["nabla_w"][3] == found["nabla_w"][1]).all()

    def test_a_named_tuple(self):
        found = RIGHT(CASE.network.weights, CASE.network.biases, CASE.x, CASE.y)
        Gradients = namedtuple("Gradients", found)
        assert set(observed(returning(Gradients(**found))).numbers) == set(LETTERS)
        assert set(observed(returning(SimpleNamespace(**found))).numbers) == set(LETTERS)

    def test_lists_of_numbers(self):
        """Flat biases too; rows of two lengths are none."""
        found = RIGHT(CASE.network.weights, CASE.network.biases, CASE.x, CASE.y)
        flat = [v.ravel().tolist() for v in found["nabla_b"]]
        seen = observed(returning((flat, [v.tolist() for v in found["nabla_w"]])))
        assert seen.flat
        assert not seen.misshapen
        assert observed(returning(([[[1], [1, 2]], *flat[1:]], found["nabla_w"]))).misshapen

    def test_dictionaries_by_layer(self):
        found = RIGHT(CASE.network.weights, CASE.network.biases, CASE.x, CASE.y)
        by_layer = {name: dict(enumerate(v[-3:], start=2)) for name, v in found.items()}
        by_layer["delta"] = dict(reversed(by_layer["delta"].items()))
        seen = observed(returning(by_layer))
        for l in (2, 3, 4):
            assert (seen.numbers["delta"][l] == found["delta"][l - 2]).all()

    def test_the_input_may_come_first(self):
        with_input = observed(RIGHT).numbers["a"]
        without = observed(lambda *g: {**RIGHT(*g), "a": RIGHT(*g)["a"][1:]}).numbers["a"]
        assert all((with_input[l] == without[l]).all() for l in (2, 3, 4))

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda v: v.ravel(),
            lambda v: v[0],
            lambda v: v[:, :, None],
            lambda v: v.T,
            lambda v: v + 1j,
            lambda v: np.where(v > 9, v, None),
            lambda v: np.where(v > 9, v, "1").astype(object),
            lambda v: v.astype(str),
            lambda v: None,
            lambda v: [[1.0], [1.0, 2.0]],
            lambda v: "nonsense",
        ],
    )
    def test_a_misshapen_array_is_named(self, spoil):
        def backprop(*given):
            found = RIGHT(*given)
            found["nabla_w"][1] = spoil(found["nabla_w"][1])
            return found

        seen = observed(backprop)
        assert list(seen.misshapen) == [("nabla_w", 3)]
        assert 3 not in seen.numbers["nabla_w"]
        assert {2, 4} <= set(seen.numbers["nabla_w"])

    @pytest.mark.parametrize(
        ("letter", "spoil", "looks_like"),
        [
            ("nabla_w", np.transpose, "it is transposed"),
            ("delta", np.transpose, "it is transposed"),
            ("nabla_w", lambda v: v[1:], ""),
            ("nabla_w", lambda v: v[:, 1:], ""),
            ("nabla_w", lambda v: np.ones((5, 4, 4)), ""),
            ("delta", np.ravel, ""),
            ("nabla_b", lambda v: v[1:, 0], ""),
            ("nabla_b", lambda v: np.ones((4, 6)), "it is delta itself, not averaged"),
            ("nabla_b", lambda v: np.ones((4, 7)), ""),
            ("nabla_b", lambda v: np.ones((4, 5)), "it has the shape of nabla_w"),
            ("nabla_b", np.sum, "it is one number for the whole layer"),
        ],
    )
    def test_what_it_looks_like(self, letter, spoil, looks_like):
        def backprop(*given):
            found = RIGHT(*given)
            found[letter][1] = spoil(found[letter][1])
            return found

        (misshapen,) = observed(backprop).misshapen.values()
        assert len(misshapen.looks_like) == bool(looks_like)
        assert "".join(misshapen.looks_like).startswith(looks_like)

    def test_results_are_copied(self):
        kept = RIGHT(CASE.network.weights, CASE.network.biases, CASE.x, CASE.y)
        seen = observed(returning(kept))
        before = seen.numbers["nabla_w"][3].copy()
        kept["nabla_w"][1][...] = 0
        assert (seen.numbers["nabla_w"][3] == before).all()


class TestPrecision:
    """The rounding unit is that of the coarsest numbers, also if they were turned to doubles."""

    @pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
    def test_of_its_arrays(self, dtype):
        assert observed(matrices(CASE.network, dtype=dtype)).eps == np.finfo(dtype).eps

    def test_longer_numbers_are_doubles_here(self):
        eps = np.finfo(np.float64).eps
        assert observed(matrices(CASE.network, dtype=np.longdouble)).eps == eps

    def test_floats_in_doubles(self):
        single = matrices(CASE.network, dtype=np.float32)

        def backprop(*given):
            return {n: [v.astype(float) for v in vs] for n, vs in single(*given).items()}

        assert observed(backprop).eps == np.finfo(np.float32).eps

    @pytest.mark.parametrize("round_number", [0.5, 3.0, 0.0, -1.25])
    def test_round_numbers_say_nothing(self, round_number):
        def backprop(w, b, x, y):
            return [np.full(v.shape, round_number) for v in b], [np.ones(v.shape) for v in w]

        assert observed(backprop).eps == np.finfo(np.float64).eps

    @pytest.mark.parametrize(
        ("few", "rounded", "eps_of"),
        [
            ([0.1, 0.0], np.float32, np.float32),
            ([0.1, 0.7], np.float16, np.float16),
            ([0.1, 0.1], np.float16, np.float64),
        ],
    )
    def test_one_number_is_enough(self, few, rounded, eps_of):
        """A double fits single precision by chance once in 2^29 times; short formats need two."""

        def backprop(w, b, x, y):
            found = [np.zeros(v.shape) for v in w]
            found[0][0, :2] = rounded(few)
            return [np.zeros(v.shape) for v in b], found

        assert observed(backprop).coarsest == np.finfo(eps_of).eps

    @pytest.mark.parametrize(("digits", "dtype"), [(12, np.float64), (13, np.float32)])
    def test_a_number_is_round_up_to_12_binary_digits(self, digits, dtype):
        def backprop(w, b, x, y):
            found = [np.zeros(v.shape) for v in w]
            found[0][0, :2] = 1 + 2.0 ** (1 - digits), 3 + 2.0 ** (2 - digits)
            return [np.zeros(v.shape) for v in b], found

        assert observed(backprop).eps == np.finfo(dtype).eps

    def test_a_coarse_array_is_coarse_alone(self):
        def backprop(*given):
            found = RIGHT(*given)
            found["nabla_w"][0] = found["nabla_w"][0].astype(np.float32).astype(float)
            return found

        seen = observed(backprop)
        single = float(np.finfo(np.float32).eps)
        assert seen.coarsest == single
        assert seen.eps == np.finfo(np.float64).eps
        assert [at for at, unit in seen.units.items() if unit == single] == [("nabla_w", 2)]


class TestTheCallersContext:
    """The function meets context variables and NumPy's error state as its caller set them."""

    def seen(self, look):
        """What a function that looks around sees when `check_backprop` calls it."""
        found = []

        def backprop(weights, biases, x, y):
            found.append(look())
            return biases, weights

        check_backprop(backprop, Network([2, 1]), [[1.0], [1.0]], [[1.0]])
        return set(found)

    def test_context_variables(self):
        variable = contextvars.ContextVar("variable", default=0)
        token = variable.set(7)
        try:
            assert self.seen(variable.get) == {7}
        finally:
            variable.reset(token)

    def test_error_state(self):
        with np.errstate(all="raise"):
            assert self.seen(lambda: np.geterr()["under"]) == {"raise"}
        with np.errstate(all="warn"):
            assert self.seen(lambda: np.geterr()["under"]) == {"warn"}


def test_a_named_pair_may_be_in_any_order():
    """Its names say which part is which."""
    pair = namedtuple("Gradients", "nabla_w nabla_b")

    def backprop(weights, biases, x, y):
        return pair([0 * w for w in weights], [0 * b for b in biases])

    given = [np.ones((3, 2))], [np.ones((3, 1))], np.ones((2, 1)), np.ones((3, 1))
    seen = observe(backprop, *given)
    assert seen.problem == ""
    assert seen.numbers["nabla_w"][2].shape == (3, 2)


@pytest.mark.parametrize(
    ("text", "said"), [("one", "one line: one"), ("one\ntwo", "2 lines, the first: one")]
)
def test_what_it_printed_is_said_in_the_singular_too(text, said):
    def backprop(*given):
        sys.stdout.write(text)
        return RIGHT(*given)

    case = running_case()
    report = check_backprop(backprop, case.network, case.x, case.y)
    assert f"it printed {said}" in report.remarks
