"""What a check costs: calls, work and memory are bounded, whatever the network."""

import importlib
import subprocess
import sys
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from strategies import EPS
from styles import NABLAS, matrices
from textbook import Pass, by_a

from proofs import (
    Network,
    backprop,
    check_backprop,
    check_on,
    cross_entropy,
    relu,
    sigmoid,
    softmax,
)
from proofs.checker.calling import room
from proofs.checker.calling.observe import Observation
from proofs.checker.judging import bounded, by_definition, coarse, one_constant, residuals
from proofs.checker.judging.by_definition import SAMPLES, Inputs, with_ours
from proofs.checker.judging.left_over import Penalty
from proofs.checker.judging.numbers import ALIVE, numbers
from proofs.checker.judging.residuals import bp3, bp4
from proofs.checker.report import Violation
from proofs.measuring import clock
from proofs.measuring.cases import Case

module = importlib.import_module("proofs.checker.as_told")
which_equation = importlib.import_module("proofs.checker.which_equation")


def batch(network, m):
    """Inputs and targets."""
    random = np.random.default_rng(0)
    return random.standard_normal((network.sizes[0], m)), random.random((network.sizes[-1], m))


def gradients(network):
    """A right pass that returns nothing but the gradients."""
    right = matrices(network)
    return lambda *given: [right(*given)[name] for name in NABLAS]


class TestCallsOfAFault:
    """A fault that no rounding makes is told by few calls, and each example alone is asked once."""

    @pytest.mark.parametrize(
        "line",
        [
            {"bp1": lambda s, l: 2 * by_a(s, l)},
            {"bp2": lambda s, l: -by_a(s, l)},
            {"bp3": lambda s, l: s.delta[l].sum(axis=1, keepdims=True)},
        ],
    )
    def test_of_a_fault(self, line):
        network, asked = Network([3, 5, 2], seed=1), []
        wrong = Pass(names=NABLAS, **line)

        def backprop(w, b, x, y):
            asked.append(x.shape[1])
            return wrong(w, b, x, y)

        assert not check_backprop(backprop, network, *batch(network, 7)).holds
        assert asked.count(1) == 7
        assert len(asked) < 7 + 8


class TestRoundedAnew:
    """Delta is taken to move as far as it does when every w, b, x and y is rounded anew."""

    @staticmethod
    def rounded(network, x, y, eps, random):
        def anew(v):
            return v * (1 + eps * random.uniform(-1, 1, v.shape))

        w, b = ([anew(v) for v in values] for values in (network.weights, network.biases))
        return backprop(network.with_arrays(w, b), anew(x), anew(y)).delta

    @pytest.mark.parametrize("hidden", [sigmoid, softmax])
    def test_by_so_much(self, hidden, monkeypatch):
        monkeypatch.setattr(by_definition, "SAMPLES", 200)
        network = Network([3, 5, 4, 4, 2], [hidden, sigmoid, hidden, sigmoid], seed=1)
        x, y = batch(network, 2)
        n = numbers(network, x, y, {}, 1e-6)
        right = backprop(network, x, y).delta
        ours = by_definition._rounded_anew(n, right)
        random = np.random.default_rng(1)
        really = [self.rounded(network, x, y, 1e-6, random) for _ in range(200)]
        for l in network.layers:
            spread = np.std([one[l] - right[l] for one in really], axis=0)
            assert ours[l].std(axis=0) == pytest.approx(spread, rel=0.4)


class TestParts:
    """Examples are computed in parts: as many at a time as the memory allows, with one answer."""

    NETWORK = Network([6, 5, 4, 3], sigmoid, seed=1)

    def test_the_answer_is_the_same(self):
        x, y = batch(self.NETWORK, 9)
        whole = with_ours(numbers(self.NETWORK, x, y, {}, EPS))
        of_two = 2 * SAMPLES * ALIVE * 6
        parts = with_ours(numbers(self.NETWORK, x, y, {}, EPS, memory=of_two), of_two)
        for name in ("z", "a", "delta"):
            for l, v in getattr(whole, name).items():
                assert getattr(parts, name)[l] == pytest.approx(v, rel=1e-12)
        for at, v in whole.off.items():
            assert parts.off[at].shape == v.shape
            if at[0] != "delta":  # other random numbers
                assert parts.off[at] == pytest.approx(v, rel=1e-12)


class TestOnce:
    """What is expected of a call is computed once, and serves all that is asked of it."""

    @pytest.fixture
    def estimated(self, monkeypatch):
        """How many examples there were whenever rounding was estimated."""
        seen = []
        of_all = by_definition.with_ours

        def counted(n, *memory):
            seen.append(n.m)
            return of_all(n, *memory)

        monkeypatch.setattr(by_definition, "with_ours", counted)
        return seen

    def test_for_the_first_call_and_for_no_later_one_that_is_right_without(self, estimated):
        network = Network([3, 5, 2], seed=1)
        assert check_backprop(gradients(network), network, *batch(network, 7)).holds
        assert estimated == [7]

    @pytest.mark.parametrize("hidden", [sigmoid, relu])
    @pytest.mark.parametrize("method", ["directional", "exhaustive"])
    def test_for_many_examples_only_where_each_number_or_a_kink_needs_it(
        self, method, hidden, estimated
    ):
        network = Network([3, 5, 2], [hidden, sigmoid], seed=1)
        given = batch(network, by_definition.MANY)
        assert check_backprop(gradients(network), network, *given, method=method).holds
        needed = method == "exhaustive" or hidden is relu
        assert estimated == needed * [by_definition.MANY]

    def test_many_examples_with_a_fault_are_judged_with_an_estimate(self, estimated):
        network = Network([3, 5, 2], seed=1)
        wrong = Pass(names=NABLAS, bp2=lambda s, l: s.back(l))
        given = batch(network, by_definition.MANY)
        report = check_backprop(wrong, network, *given, method="directional")
        assert {v.equation for v in report.violations} == {"BP2"}
        assert by_definition.MANY in estimated

    @pytest.mark.parametrize("bp2", [by_a, lambda s, l: s.back(l)])
    def test_a_pass_is_judged_once_beside_a_penalty_that_was_told(self, bp2, monkeypatch):
        judged = []
        of_it = module._findings
        monkeypatch.setattr(module, "_findings", lambda *g: judged.append(1) or of_it(*g))
        decayed = Pass(
            names=NABLAS,
            bp2=bp2,
            bp4=lambda s, l: s.delta[l] @ s.a[l - 1].T / s.m + 0.1 * s.w[l],
        )
        network = Network([3, 5, 2], seed=1)
        how = {"penalty": Penalty(0.1)}
        assert check_backprop(decayed, network, *batch(network, 7), **how).holds == (bp2 is by_a)
        assert len(judged) == 1

    def test_of_inputs_that_differ_it_is_not_that_of_others(self):
        network = Network([3, 5, 2], seed=1)
        x, y = batch(network, 7)
        given = Inputs(network, x, y)
        assert given.gradients(Observation()).m == 7
        assert replace(given, x=x[:, :3], y=y[:, :3]).gradients(Observation()).m == 3


class TestSurely:
    """Gradients that are right without an estimate of rounding are right with one."""

    @staticmethod
    def without_and_with():
        """Both answers for gradients that are off by more and more of what is allowed."""
        network = Network([3, 5, 4, 2], [relu, sigmoid, sigmoid], seed=1)
        given = Inputs(network, *batch(network, 6))
        n = replace(given.gradients(Observation()), nabla_b=network.b, nabla_w=network.w)
        right = {"nabla_b": bp3, "nabla_w": bp4}
        right = {name: [of(n, l) for l in network.layers] for name, of in right.items()}
        for part in (0, 0.01, 0.1, 0.9, 1.1):
            off = {
                name: {r.layer: r.expected + part * r.allowed for r in of}
                for name, of in right.items()
            }
            yield given.surely(Observation(off)), given.explain(Observation(off))

    def test_and_some_are_right_with_one_alone(self):
        answers = list(self.without_and_with())
        assert answers[0] == (True, True)
        assert (False, True) in answers
        assert answers[-1] == (False, False)

    def test_an_estimate_too_large_would_show(self, monkeypatch):
        monkeypatch.setattr(by_definition, "NOT_ESTIMATED", 100.0)
        assert (True, False) in self.without_and_with()


class TestCalls:
    """A right pass is called four times, a wrong one not much more often, whatever the size."""

    NETWORK = Network([300, 340, 10], seed=1)
    """Of more than 10^5 parameters."""

    def called(self, change, m=6):
        right, calls = gradients(self.NETWORK), []

        def backprop(*given):
            calls.append(given[2].shape[1])
            return change(*right(*given))

        report = check_backprop(backprop, self.NETWORK, *batch(self.NETWORK, m))
        return report, calls

    def test_of_a_right_one(self):
        report, calls = self.called(lambda b, w: (b, w))
        assert report.holds
        assert calls == [6, 6, 6, 3]

    def test_of_a_right_one_with_many_examples(self):
        """What is kept shows in two calls with few of them, too."""
        report, calls = self.called(lambda b, w: (b, w), m=600)
        assert report.holds
        assert calls == [600, 600, 64, 64, 32]

    @pytest.mark.parametrize("kept", ["first", "by x", "m", "sum"])
    def test_what_is_kept_from_a_call_with_many_examples_shows(self, kept):
        right, known = matrices(network := Network([4, 5, 3], seed=1)), {}

        def backprop(w, b, x, y):
            if kept in ("first", "by x"):
                w, b = known.setdefault(x.tobytes() if kept == "by x" else "", (w, b))
            nablas = [right(w, b, x, y)[name] for name in NABLAS]
            if kept == "m":
                m = known.setdefault("m", x.shape[1])
                nablas = [[v * x.shape[1] / m for v in of] for of in nablas]
            if kept == "sum":
                before = known.get("sum", [[0, 0], [0, 0]])
                nablas = [
                    [u + v for u, v in zip(*pair, strict=True)]
                    for pair in zip(nablas, before, strict=True)
                ]
                known["sum"] = nablas
            return nablas

        report = check_backprop(backprop, network, *batch(network, 600))
        own = kept in ("first", "by x")
        assert report.holds == own
        assert ("the same for other weights" in str(report)) == own
        assert [v.equation for v in report.violations] == ["purity"] * (not own)

    def test_of_one_that_is_off_alike(self):
        """By one part of each number, as no rounding is: few calls near the inputs show that."""
        report, calls = self.called(lambda b, w: (b, [1.01 * v for v in w]), m=1)
        assert [v.place for v in report.violations] == ["BP4 at layer 3", "BP4 at layer 2"]
        assert len(calls) < 20

    def test_one_example_has_no_fewer(self):
        assert self.called(lambda b, w: (b, w), m=1)[1] == [1, 1, 1]

    def test_of_a_wrong_one(self):
        report, calls = self.called(lambda b, w: ([v + 1 for v in b], w))
        assert not report.holds
        assert len(calls) <= 120

    def test_with_a_gradient_for_each_bias_none_of_them_is_set_to_0(self):
        """A network without biases, or with one for a layer, has no such gradients."""
        network, seen = Network([4, 5, 3]), []
        wrong = Pass(names=NABLAS, bp2=lambda s, l: s.back(l) * s.a[l])

        def backprop(weights, biases, x, y):
            seen.append(any(b.any() for b in biases))
            return wrong(weights, biases, x, y)

        assert check_backprop(backprop, network, *batch(network, 6)).violations
        assert all(seen)


class TestWorkOfAFault:
    """What a fault looks like is found out with a part of many numbers, and holds for all."""

    NETWORK = Network([300, 340, 10], seed=1)
    SIZE = sum(v.size for v in (*NETWORK.weights, *NETWORK.biases))
    FAULTS = {  # noqa: RUF012
        "no sigma prime": {"bp2": lambda s, l: s.back(l)},
        "1 %": {"bp4": lambda s, l: 1.01 * s.delta[l] @ s.a[l - 1].T / s.m},
        "a - y": {"bp1": lambda s, l: s.a[l] - s.y},
        "rolled": {"bp4": lambda s, l: np.roll(s.delta[l], 1, axis=0) @ s.a[l - 1].T / s.m},
    }

    def check(self, fault, m=1):
        wrong = Pass(names=NABLAS, **self.FAULTS.get(fault, {}))
        return check_backprop(wrong, self.NETWORK, *batch(self.NETWORK, m))

    @pytest.fixture
    def looked_at(self, monkeypatch):
        """How many numbers were solved for, sorted, computed or judged, by what did that."""
        seen = dict.fromkeys(("lstsq", "qr"), 0)

        def counted(module, name, size):
            of = getattr(module, name)

            def it(*given, **more):
                seen[name] = seen.get(name, 0) + size(*given)
                return of(*given, **more)

            monkeypatch.setattr(module, name, it)

        for name in ("lstsq", "qr"):
            counted(np.linalg, name, lambda A, *_: len(A))
        for name in ("median", "unique"):
            counted(np, name, lambda v, *_: np.size(v))
        counted(residuals, "compared", lambda *given: given[3].size)
        for where in (coarse, one_constant, bounded):
            counted(where, "in_a_column", lambda *_: self.SIZE)
        return seen

    @pytest.mark.parametrize("fault", FAULTS)
    def test_of_one_example(self, fault, looked_at):
        assert not self.check(fault).holds
        times = {name: size / self.SIZE for name, size in looked_at.items()}
        assert times["lstsq"] + times["qr"] < 3
        assert sum(times.values()) < 50

    def test_one_number_of_all_is_not_left_out(self):
        def wrong(*given):
            b, w = gradients(self.NETWORK)(*given)
            return b, [w[0] + 0.1 * self.NETWORK.w[2] + self.one, w[1] + 0.1 * self.NETWORK.w[3]]

        for one in (0.0, 1e-3):
            self.one = np.zeros(self.NETWORK.w[2].shape)
            self.one[17, 233] = one
            report = check_backprop(wrong, self.NETWORK, *batch(self.NETWORK, 3))
            assert report.holds == (one == 0)
            assert report.penalty is not None

    @pytest.mark.parametrize("of", [np.array, np.sign])
    def test_a_penalty_on_many_weights_is_no_fault(self, of):
        """Its constant is known to the last digit, and what is left is as coarse as what came."""
        decayed = Pass(
            names=NABLAS,
            bp4=lambda s, l: s.delta[l] @ s.a[l - 1].T / s.m + 0.1 * of(s.w[l]),
        )
        report = check_backprop(decayed, self.NETWORK, *batch(self.NETWORK, 600))
        assert report.holds
        assert "0.1" in str(report.penalty)


class TestMemory:
    """`memory` bounds what the check takes beside numbers of the size of the user's own."""

    NETWORK = Network([100, 20, 10], seed=1)

    def peak(self, m, method, memory):
        given = gradients(self.NETWORK), self.NETWORK, *batch(self.NETWORK, m)
        tracemalloc.start()
        try:
            assert check_backprop(*given, method=method, memory=memory).holds
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    @pytest.mark.parametrize("method", ["exhaustive", "directional"])
    def test_in_both_modes(self, method):
        m, memory = (24, 2**18) if method == "exhaustive" else (600, 2**21)
        their_own = 8 * m * sum(self.NETWORK.sizes) + 8 * 2 * 100 * 30
        assert self.peak(m, method, memory) < 8 * their_own + 4 * memory

    LARGE = Network([300, 340, 10], seed=1)

    @pytest.mark.parametrize(
        "line",
        [
            {"bp2": lambda s, l: s.back(l)},
            {"bp4": lambda s, l: 1.01 * s.delta[l] @ s.a[l - 1].T / s.m},
            {"bp4": lambda s, l: np.roll(s.delta[l], 1, axis=0) @ s.a[l - 1].T / s.m},
            {"bp4": lambda s, l: s.delta[l] @ s.a[l - 1].T / s.m + 0.1},
        ],
    )
    def test_of_a_wrong_pass(self, line):
        """Arrays of 30 examples, each with its own gradients, are not kept side by side."""
        wrong, memory = Pass(names=NABLAS, **line), 2**24
        given = wrong, self.LARGE, *batch(self.LARGE, 30)
        tracemalloc.start()
        try:
            assert check_backprop(*given, memory=memory).violations
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        their_own = sum(v.nbytes for v in (*self.LARGE.weights, *self.LARGE.biases))
        assert peak < memory + 32 * their_own


class TestTime:
    """`timeout` bounds the whole check, and `progress` is told how far it is."""

    NETWORK = Network([3, 5, 2], seed=1)

    @pytest.fixture
    def now(self, monkeypatch):
        """A clock that stands still unless it is moved."""
        now = [0.0]
        monkeypatch.setattr(clock, "monotonic", lambda: now[0])
        return now

    def slow(self, now, calls):
        right = gradients(self.NETWORK)

        def backprop(*given):
            calls.append(now[0])
            now[0] += 20
            return right(*given)

        return backprop

    @pytest.mark.parametrize(("timeout", "called"), [(10, 1), (30, 2), (50, 3), (100, 4)])
    def test_of_the_whole_check(self, now, timeout, called):
        calls = []
        backprop = self.slow(now, calls)
        report = check_backprop(backprop, self.NETWORK, *batch(self.NETWORK, 7), timeout=timeout)
        late = f"it was not tested whole within timeout = {timeout} seconds"
        assert len(calls) == called
        assert report.problems == (() if called == 4 else (late,))

    def test_what_was_tested_by_then_is_told(self, now):
        report = check_backprop(
            self.slow(now, []), self.NETWORK, *batch(self.NETWORK, 7), timeout=50
        )
        assert ("BP4", 2) in report.cells

    def test_what_is_only_late_is_undecided(self, now):
        """A right pass is not called wrong for it: the exit status is 2."""
        args = self.NETWORK, *batch(self.NETWORK, 7)
        for timeout in (10, 30, 50):
            assert check_backprop(self.slow(now, []), *args, timeout=timeout).status == 2
        cases = [Case(*args, name) for name in "ab"]
        for timeout in (50, 120):
            report = check_on(cases, self.slow(now, []), timeout=timeout)
            assert report.problems
            assert report.status == 2

    def test_what_was_cut_short_says_so(self, now):
        """Beside what is wrong, too: what more would have been found is not known."""

        def late(timeout):
            calls = []
            slow = self.slow(now, calls)

            def wrong(*given):
                b, w = slow(*given)
                return b, [w[0], 2 * w[1]]

            args = wrong, self.NETWORK, *batch(self.NETWORK, 7)
            report = check_backprop(*args, timeout=timeout)
            return len(calls), any(p.startswith("it was not tested whole") for p in report.problems)

        every, is_late = late(10_000)
        assert not is_late
        # The last call is made before the time is up, and nothing comes after it.
        cut = range(every - 1)
        assert [late(20 * n + 10) for n in cut] == [(n + 1, True) for n in cut]

    def test_what_is_wrong_by_then_is_told(self, now):
        """Its equation stands in the report, without words if there was no time for them."""

        def late(timeout):
            wrong = Pass(names=NABLAS, bp2=lambda s, l: s.back(l))

            def slow(*given):
                now[0] += 20
                return wrong(*given)

            args = slow, self.NETWORK, *batch(self.NETWORK, 7)
            return check_backprop(*args, timeout=timeout)

        # With the first example alone it is known.
        for n in range(4, 15):
            report = late(20 * n + 10)
            assert [(v.equation, v.layer) for v in report.violations] == [("BP2", 2)], n
            assert report.problems == (
                f"it was not tested whole within timeout = {20 * n + 10} seconds",
            )
            assert report.status == 1

    def test_our_own_work_is_no_longer_than_a_part_of_it(self, now, monkeypatch):
        """Whatever takes long asks the clock: in each round of it, the verdict stands by then."""
        network = Network([300, 340, 10], seed=1)
        wrong = Pass(names=NABLAS, bp4=lambda s, l: 1.01 * s.delta[l] @ s.a[l - 1].T / s.m)
        told = []
        given = wrong, network, *batch(network, 3)
        check_backprop(*given, progress=lambda what, *_: told.append(what))
        assert {"what is left over", "every equation", "what it looks like"} <= set(told)

    def test_several_networks_that_were_cut_short_say_so(self, now):
        """Each was tested, and the last calls, with the guard that they all show, came too late."""
        network = Network([3, 5, 2], cost=cross_entropy, seed=1)
        x, y = batch(network, 7)

        def guarded(w, b, x, y):
            now[0] += 20
            a = [x]
            for w_l, b_l in zip(w, b, strict=True):
                a.append(1 / (1 + np.exp(-(w_l @ a[-1] + b_l))))
            slopes = [v * (1 - v) for v in a[1:]]
            delta = [((1 - y) / (1 - a[2] + 1e-9) - y / (a[2] + 1e-9)) * slopes[1]]
            delta = [(w[1].T @ delta[0]) * slopes[0], *delta]
            means = [d.mean(axis=1, keepdims=True) for d in delta]
            return means, [d @ v.T / x.shape[1] for d, v in zip(delta, a, strict=False)]

        cases = [Case(network, x, y, "a"), Case(network, -x, y, "b")]
        whole = check_on(cases, guarded, timeout=10_000)
        assert whole.holds
        report = check_on(cases, guarded, timeout=now[0] - 30)
        assert "it was not tested whole within timeout" in str(report)
        assert report.status == 2

    def test_of_calls_that_ask_what_is_alike_on_all_networks(self, now, monkeypatch):
        calls = []
        cases = [Case(self.NETWORK, *batch(self.NETWORK, 7), name) for name in "ab"]
        suspected = Violation("BP4", 2, 1.0, 0.1)
        monkeypatch.setattr(which_equation, "off_alike", lambda found: [suspected])
        report = check_on(cases, self.slow(now, calls), timeout=170)
        assert len(calls) == 2 * 4 + 1
        assert "it was not tested whole within timeout = 170 seconds" in report.problems
        assert not report.violations
        assert report.status == 2

    def test_of_several_networks(self, now):
        """Each gets an even part of what is left."""
        calls = []
        cases = [Case(self.NETWORK, *batch(self.NETWORK, 7), name) for name in "ab"]
        report = check_on(cases, self.slow(now, calls), timeout=50)
        assert len(calls) <= 3
        assert any("(on every network)" in p or "on b" in p for p in report.problems)

    def test_our_own_work(self, now):
        """It is looked at the clock between the parts of it."""
        told = []

        def progress(*what):
            told.append(what)
            now[0] += 20

        given = gradients(self.NETWORK), self.NETWORK, *batch(self.NETWORK, 7)
        report = check_backprop(*given, timeout=50, progress=progress)
        assert len(told) == 3
        assert not report.holds

    @pytest.mark.parametrize("method", ["exhaustive", "directional"])
    def test_progress(self, method):
        told = []
        given = gradients(self.NETWORK), self.NETWORK, *batch(self.NETWORK, 7)
        check_backprop(*given, method=method, progress=lambda *what: told.append(what))
        assert all(0 <= done < of for _, done, of in told)
        expected = "every w of layer 3" if method == "exhaustive" else "random directions"
        assert expected in {what for what, _, _ in told}


class TestMemoryOfTheirProcess:
    """What somebody else's code takes is limited, or it is said that it is not."""

    def test_more_is_refused(self):
        code = "import sys; sys.path[:] = {!r}; from proofs.checker.calling import room; "
        code += "print(room.limit(2**28)); bytearray(2**29)"
        done = subprocess.run(
            [sys.executable, "-c", code.format(sys.path)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stdout == "True\n"
        assert "MemoryError" in done.stderr

    def test_where_it_cannot_be(self, monkeypatch):
        assert not room.limit(0)
        monkeypatch.setattr(room, "resource", None)
        assert not room.limit(2**28)
