"""A claimed gradient in random directions."""

import ast
import inspect
import subprocess
import sys
import tracemalloc
from dataclasses import replace
from math import erf, log, pi, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import cases

from proofs.measuring import directions as directional
from proofs.measuring import frameworks as elsewhere
from proofs.measuring import one_pass as carried
from proofs.measuring.cases import Case, softplus_share
from proofs.measuring.directions import Probe, Probing, bp4, check, missed_by_a_product
from proofs.network import Network
from proofs.network.activations import relu, sigmoid, softmax, tanh
from proofs.network.costs import cross_entropy, log_likelihood, quadratic
from proofs.network.equations import backprop


def batch(network, m, seed=0):
    """Inputs and one-hot targets."""
    random = np.random.default_rng(seed)
    x = random.random((network.sizes[0], m))
    return x, np.eye(network.sizes[-1])[:, random.integers(network.sizes[-1], size=m)]


def in_type(case, dtype):
    """The arguments of `directional` for a case, everything computed in a type of numbers."""
    network = case.network
    w, b = ([array.astype(dtype) for array in p] for p in (network.weights, network.biases))
    x, y = case.x.astype(dtype), case.y.astype(dtype)
    a, z, m, L = {1: x}, {}, dtype(x.shape[1]), network.L
    for l in network.layers:
        z[l] = w[l - 2] @ a[l - 1] + b[l - 2]
        a[l] = network.sigma[l](z[l])
    nabla_a = network.cost.gradient(a[L], y)
    delta = {L: np.einsum("kx,kjx->jx", nabla_a, network.sigma[L].jacobian(z[L])).astype(dtype)}
    for l in range(L - 1, 1, -1):
        back = w[l - 1].T @ delta[l + 1]
        delta[l] = np.einsum("kx,kjx->jx", back, network.sigma[l].jacobian(z[l])).astype(dtype)
    nabla_b = [delta[l].sum(axis=1, keepdims=True) / m for l in network.layers]
    nabla_w = [delta[l] @ a[l - 1].T / m for l in network.layers]
    sigma = list(network.sigma.values())
    deltas = [delta[l] for l in network.layers]
    return (w, b, sigma, network.cost, x, y, nabla_b, nabla_w), deltas


class TestHolds:
    """The right gradient is never refused."""

    @given(case=cases(), seed=st.integers(0, 10**6), together=st.booleans())
    def test_in_float64(self, case, seed, together):
        args, delta = in_type(case, np.float64)
        found = directional.directional(*args, delta=delta, seed=seed, together=together)
        assert found.holds, found

    @given(case=cases(), seed=st.integers(0, 10**6), together=st.booleans())
    def test_in_float32(self, case, seed, together):
        args, delta = in_type(case, np.float32)
        found = directional.directional(*args, delta=delta, seed=seed, together=together)
        assert found.holds, found

    @given(case=cases(), gain=st.sampled_from([3, 10, 100]), seed=st.integers(0, 10**6))
    def test_with_weights_that_saturate(self, case, gain, seed):
        weights = [gain * w for w in case.network.weights]
        network = case.network.with_arrays(weights, case.network.biases)
        with np.errstate(all="ignore"):
            args, delta = in_type(Case(network, case.x, case.y), np.float64)
            if all(np.isfinite(array).all() for array in (*args[6], *args[7], *delta)):
                assert directional.directional(*args, delta=delta, seed=seed).holds

    def test_what_ran_in_float32_beside_a_network_in_float64(self):
        network = Network([5, 4, 3], [tanh, softmax], log_likelihood)
        x, y = batch(network, 4)
        case = Case(network, x, y)
        (_, _, _, _, _, _, nabla_b, nabla_w), _ = in_type(case, np.float32)
        assert check(network, x, y, nabla_b, nabla_w).holds

    def test_a_gradient_of_zeros(self):
        network = Network.from_arrays(
            [-np.ones((2, 3)), np.ones((2, 2))], [[[-1]] * 2, [[-1]] * 2], relu
        )
        x, y = np.ones((3, 2)), np.ones((2, 2))
        gradients = backprop(network, x, y)
        assert not gradients.nabla_w[2].any()
        assert check(network, x, y, gradients.nabla_b, gradients.nabla_w).holds

    def test_a_kink_where_every_slope_is_right(self):
        network = Network.from_arrays([[[1.0]], [[1.0]]], [[[0.0]], [[0.5]]], [relu, sigmoid])
        x, y = [[0.0]], [[0.0]]
        gradients = backprop(network, x, y)
        slope = sigmoid.prime(np.array([[0.5]])) * sigmoid(np.array([[0.5]]))
        for other in (0, 1, 0.5):
            nabla_b = {2: other * slope, 3: gradients.nabla_b[3]}
            found = check(network, x, y, nabla_b, gradients.nabla_w)
            assert found.holds
            assert found.kinks == 1

    def test_functions_of_ones_own(self):
        network = Network([5, 4, 3], [tanh, tanh], quadratic)
        x, y = batch(network, 4)
        g = backprop(network, x, y)
        claims = [list(g.nabla_b.values()), list(g.nabla_w.values())]
        own = [np.tanh, lambda z: 1 - 2 / (1 + np.exp(2 * z))]
        args = (network.weights, network.biases, own, lambda a, y: ((a - y) ** 2).sum(axis=0) / 2)
        assert directional.directional(*args, x, y, *claims).holds
        claims[1][0][2, 1] *= 1.001
        assert [p.layer for p in directional.directional(*args, x, y, *claims).flagged] == [2]


class TestTolerance:
    """What is allowed is what rounding does in this very network, times a margin."""

    HIDDEN = ((sigmoid, np.float32), *((s, float) for s in (sigmoid, tanh, relu, softmax)))

    def margin(self, hidden, output, cost, dtype):
        """How many times what was off on average is allowed, for each block."""
        found = []
        for seed in range(2):
            network = Network([30, 20, 12, 6], [hidden, softplus_share, output], cost, seed)
            args, delta = in_type(Case(network, *batch(network, 8, seed)), dtype)
            probes = directional.directional(*args, delta=delta, directions=60).probes
            off = [np.subtract(p.claimed, p.measured) / p.tolerance for p in probes]
            found.append(np.mean(np.square(off), axis=1))
        return np.mean(found, axis=0) ** -0.5

    @pytest.mark.parametrize(
        ("output", "cost"),
        [(sigmoid, quadratic), (softmax, quadratic), (sigmoid, cross_entropy)],
    )
    @pytest.mark.parametrize(("hidden", "dtype"), HIDDEN)
    def test_the_margin(self, hidden, output, cost, dtype):
        """8 deviations of what is off at most: no rounding goes its whole way."""
        margin = self.margin(hidden, output, cost, dtype)
        assert margin.min() > 11
        assert margin.max() < 36

    @pytest.mark.parametrize(("hidden", "dtype"), HIDDEN)
    def test_where_two_programs_are_right(self, hidden, dtype):
        """Softmax and log-likelihood may come in one step, or in two that lose more."""
        margin = self.margin(hidden, softmax, log_likelihood, dtype)
        # 120 directions tell a deviation to 6 %, and each processor rounds in its own order.
        assert margin.min() > 25 * (1 - 3 * 0.06)
        assert margin.max() < 72

    def test_equal_examples_round_alike(self):
        """Their rounding errors add up, so that the average of 40 is as uncertain as one."""
        network = Network([30, 20, 6], [sigmoid, sigmoid], quadratic, seed=1)
        x, y = batch(network, 1)
        one, many = (
            np.array([p.tolerance for p in directional.directional(*args, directions=60).probes])
            for m in (1, 40)
            for args, _ in [in_type(Case(network, x.repeat(m, 1), y.repeat(m, 1)), float)]
        )
        assert ((many > one / 2) & (many < 2 * one)).all()


class TestPlanted:
    """A wrong number is seen, in its block and in no other."""

    network = Network([7, 5, 4, 3], [softplus_share, tanh, softmax], log_likelihood)
    x, y = batch(network, 6)

    def claims(self):
        g = backprop(self.network, self.x, self.y)
        return {"z": g.delta, "b": g.nabla_b, "w": g.nabla_w}

    def check(self, claims, **options):
        delta = [claims["z"][l] for l in self.network.layers]
        return check(self.network, self.x, self.y, claims["b"], claims["w"], delta=delta, **options)

    @pytest.mark.parametrize("letter", "zbw")
    @pytest.mark.parametrize("l", [2, 3, 4])
    def test_one_wrong_entry(self, letter, l):
        claims = self.claims()
        claims[letter][l][1, 0] += 1e-8
        found = self.check(claims)
        assert [(p.letter, p.layer) for p in found.flagged] == [(letter, l)]
        assert found.flagged[0].missed(1e-8) < 1e-5
        assert not self.check(claims, together=True).holds
        assert "WRONG" in str(found)

    def test_two_wrong_entries_that_random_signs_would_cancel_half_the_time(self):
        claims = self.claims()
        claims["w"][3][0, 0] += 1e-8
        claims["w"][3][0, 1] += 1e-8
        for seed in range(50):
            assert [p.layer for p in self.check(claims, seed=seed, directions=2).flagged] == [3]

    @pytest.mark.parametrize("wrong", [lambda g: -g, lambda g: 2 * g, lambda g: 0 * g, np.flip])
    def test_a_whole_block(self, wrong):
        claims = self.claims()
        claims["w"][4] = wrong(claims["w"][4])
        assert [(p.letter, p.layer) for p in self.check(claims).flagged] == [("w", 4)]

    def test_a_transposed_block(self):
        network = Network([4, 4, 4])
        x, y = batch(network, 4)
        g = backprop(network, x, y)
        g.nabla_w[2][:] = g.nabla_w[2].T
        assert [p.layer for p in check(network, x, y, g.nabla_b, g.nabla_w).flagged] == [2]

    @pytest.mark.parametrize("number", [np.nan, np.inf])
    def test_what_is_no_number_never_holds(self, number):
        claims = self.claims()
        claims["w"][3][0, 0] = number
        (probe,) = self.check(claims).flagged
        assert (probe.letter, probe.layer, probe.residual) == ("w", 3, np.inf)

    def test_in_float32(self):
        args, _ = in_type(Case(self.network, self.x, self.y), np.float32)
        args[7][1][2, 3] += 1e-3
        assert [p.layer for p in directional.directional(*args).flagged] == [3]

    def test_a_fused_gradient_where_the_output_has_rounded_to_1(self):
        network = Network.from_arrays([[[1.0], [-1.0]]], [[[0.0], [0.0]]], sigmoid, cross_entropy)
        x, y = np.array([[50.0]]), np.array([[0.0], [1.0]])
        right = np.array([[1.0], [-1.0]])
        assert check(network, x, y, [right], [50 * right]).holds
        assert not check(network, x, y, [right], [50 * right * (1 + 1e-9)]).holds


class TestMissed:
    """The probability of missing a single wrong entry is what is stated."""

    @pytest.mark.parametrize("t", [1e-12, 1e-6, 1e-3])
    def test_small_thresholds(self, t):
        assert missed_by_a_product(t) == pytest.approx(2 * t / pi * (1.116 - log(t)), rel=1e-3)

    @pytest.mark.parametrize("t", [0.01, 0.1, 1.0, 3.0])
    def test_a_million_products(self, t):
        u, v = np.random.default_rng(0).standard_normal((2, 1_000_000))
        share = (abs(u * v) <= t).mean()
        assert missed_by_a_product(t) == pytest.approx(share, abs=4 * sqrt(share / 1e6))

    @pytest.mark.parametrize("directions", [1, 2])
    @pytest.mark.parametrize("letter", ["b", "w"])
    def test_the_share_of_seeds_that_miss(self, letter, directions):
        network = Network([3, 2])
        x, y = batch(network, 8)
        g = backprop(network, x, y)
        part = {"b": g.nabla_b, "w": g.nabla_w}[letter]
        size = next(p.tolerance for p in check(network, x, y, *g[1:]).probes if p.letter == letter)
        e = (3 if letter == "b" else 30) * size
        part[2][1, 0] += e
        stated, missed = [], 0
        for seed in range(600):
            found = check(network, x, y, *g[1:], directions=directions, seed=seed)
            (probe,) = (p for p in found.probes if p.letter == letter)
            stated.append(probe.missed(e))
            missed += probe.holds
        expected = sum(stated)
        assert abs(missed - expected) < 5 * sqrt(expected)

    def test_the_table_states_it(self):
        probe = Probe("w", 2, (2.0, 2.0), (2.0, 2.0), 1e-9)
        assert probe.norm == 2
        assert f"{probe.missed(2e-6):.0e}  holds" in str(Probing((probe,)))
        assert "1e-06 of its block's norm" in str(Probing((probe,)))

    def test_what_is_not_wrong_is_never_seen(self):
        assert Probe("w", 2, (0.0,), (0.0,), 0.0).missed(0) == 1

    def test_directions_multiply(self):
        one, two = (Probe("b", 2, (0.0,) * q, (0.0,) * q, 1e-3) for q in (1, 2))
        assert one.missed(1.0) == pytest.approx(erf(1e-3 / sqrt(2)))
        assert two.missed(-1.0) == pytest.approx(one.missed(1.0) ** 2)


class TestBP4:
    """nabla_w against its own a and delta, without the matrix of their products."""

    random = np.random.default_rng(0)
    a, delta = random.random((40, 6)), random.standard_normal((30, 6))

    def test_holds(self):
        for seed in range(50):
            assert bp4(self.a, self.delta, self.delta @ self.a.T / 6, seed=seed).holds

    @pytest.mark.parametrize(
        ("n", "k", "m", "margin"), [(20, 30, 8, 39), (60, 5, 3, 23), (2, 2, 1, 14)]
    )
    def test_the_margin(self, n, k, m, margin):
        """How many times what was off on average is allowed, where the sum is NumPy's average."""
        found = []
        for seed in range(4):
            random = np.random.default_rng(seed)
            a, delta = random.standard_normal((k, m)), random.standard_normal((n, m))
            average = np.mean([np.outer(delta[:, x], a[:, x]) for x in range(m)], axis=0)
            probe = bp4(a, delta, average, directions=60, seed=seed)
            off = np.subtract(probe.claimed, probe.measured) / probe.tolerance
            found.append(np.mean(np.square(off)))
        assert np.mean(found) ** -0.5 == pytest.approx(margin, rel=0.2)

    def test_in_float32(self):
        a, delta = self.a.astype(np.float32), self.delta.astype(np.float32)
        assert bp4(a, delta, delta @ a.T / np.float32(6)).holds

    @pytest.mark.parametrize("e", [1e-9, -1.0])
    def test_one_wrong_entry(self, e):
        wrong = self.delta @ self.a.T / 6
        wrong[3, 4] += e
        probe = bp4(self.a, self.delta, wrong)
        assert not probe.holds
        assert probe.missed(e) < 1e-5

    def test_shapes(self):
        with pytest.raises(ValueError, match=r"nabla_w: expected shape \(30, 40\), got \(40, 30\)"):
            bp4(self.a, self.delta, self.a @ self.delta.T)


class TestSize:
    """It reads the weights once and keeps no copy of them."""

    def test_memory_of_a_million_parameters(self):
        network = Network([500, 2000, 10])
        x, y = batch(network, 1)
        g = backprop(network, x, y)
        tracemalloc.start()
        assert check(network, x, y, g.nabla_b, g.nabla_w).holds
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < network.w[2].nbytes

    def test_a_hundred_million_parameters_in_less_than_8_gib(self):
        """Two layers, of which the second has one wrong weight."""
        code = """
import resource
import numpy as np
from proofs import quadratic, tanh
from proofs.measuring.directions import directional
n, random = 7_072, np.random.default_rng(0)
w = [random.random((n, n)) for _ in range(2)]
for each in w:
    each -= 0.5
    each /= np.sqrt(n)
*b, x, y = (random.random((n, 1)) for _ in range(4))
a = [x]
for l in range(2):
    a.append(np.tanh(w[l] @ a[l] + b[l]))
delta = [(a[2] - y) * (1 - a[2] ** 2)]
delta.insert(0, w[1].T @ delta[0] * (1 - a[1] ** 2))
g = [delta[l] @ a[l].T for l in range(2)]
g[1][1234, 5678] += 1e-6
found = directional(w, b, [tanh] * 2, quadratic, x, y, delta, g, directions=1)
print(*(f"{p.letter}{p.layer}" for p in found.flagged))
print(sum(each.size for each in w), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
"""
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        flagged, parameters, peak = done.stdout.split()
        assert flagged == "w3", done.stderr
        assert int(parameters) > 10**8
        assert int(peak) < 8 * 2**30


class TestMemory:
    """Examples go through in parts that fit the memory; what is measured is the same."""

    def measured(self, case, delta=False, **options):
        args, deltas = in_type(case, np.float64)
        return directional.directional(*args, delta=deltas if delta else None, **options)

    @pytest.mark.parametrize("together", [False, True])
    @pytest.mark.parametrize("output", [sigmoid, softmax])
    def test_parts_measure_what_the_whole_does(self, together, output):
        network = Network([5, 4, 3], [sigmoid, output])
        case = Case(network, *batch(network, 23))
        whole, parts = (
            self.measured(case, delta=True, together=together, memory=memory)
            for memory in (2**25, 1)
        )
        assert whole.holds
        assert parts.holds
        for one, other in zip(whole.probes, parts.probes, strict=True):
            np.testing.assert_allclose(other.measured, one.measured, rtol=1e-12)
            assert other.tolerance < 4 * one.tolerance

    def test_a_wrong_gradient_shows_in_parts(self):
        network = Network([5, 4, 3])
        args, _ = in_type(Case(network, *batch(network, 23)), np.float64)
        args[-1][0] = args[-1][0] * (1 + 1e-9)
        flagged = directional.directional(*args, memory=1).flagged
        assert [(p.letter, p.layer) for p in flagged] == [("w", 2)]

    def test_no_array_is_larger_than_the_memory(self, monkeypatch):
        """And the memory does not grow with the batch: only the numbers of parts do."""
        sizes = []
        push = carried.Pass._push
        monkeypatch.setattr(
            carried.Pass, "_push", lambda s, b, a: sizes.append(a.nbytes) or push(s, b, a)
        )
        network = Network([50, 4, 3])
        self.measured(Case(network, *batch(network, 300)), memory=2**18)
        assert max(sizes) * 4 < 2**18
        assert len(sizes) > 3 * 4


class TestManyExamples:
    """Many examples are run without samples of their rounding where the gradients hold even so."""

    M = directional.MANY

    @pytest.fixture
    def args(self):
        network = Network([5, 4, 3], [relu, softmax], log_likelihood)
        return in_type(Case(network, *batch(network, self.M)), np.float64)[0]

    @pytest.fixture
    def sampled(self, monkeypatch):
        """Of each run, whether it had samples."""
        runs, run = [], carried.Pass.run
        monkeypatch.setattr(
            carried.Pass, "run", lambda *given: runs.append(given[-1]) or run(*given)
        )
        return runs

    def test_what_is_right_is_measured_alike_and_allowed_no_more(self, args, sampled, monkeypatch):
        found = directional.directional(*args)
        monkeypatch.setattr(directional, "MANY", self.M + 1)
        other = directional.directional(*args)
        assert sampled == [False, True]
        for one, with_samples in zip(found.probes, other.probes, strict=True):
            np.testing.assert_allclose(one.measured, with_samples.measured, rtol=1e-12)
            assert one.holds
            assert one.tolerance < with_samples.tolerance
        assert found.kinks == other.kinks

    def test_nothing_is_computed_that_only_samples_ask_for(self):
        """The cost of z^L is known at once: no a^L is asked for, and no cost of it."""
        network = Network([5, 4, 3], sigmoid, cross_entropy)
        args, _ = in_type(Case(network, *batch(network, self.M)), np.float64)
        seen = []
        noted = replace(sigmoid, value=lambda z: seen.append(len(z)) or sigmoid(z))
        cost = replace(cross_entropy, value=lambda a, y: seen.append("cost") or a)
        args = (*args[:2], [noted] * 2, cost, *args[4:])
        assert directional.directional(*args).holds
        assert seen == [4]

    def test_what_does_not_hold_is_judged_by_samples(self, args, sampled):
        args[-1][0] = args[-1][0] * (1 + 1e-9)
        flagged = directional.directional(*args).flagged
        assert sampled == [False, True]
        assert [(p.letter, p.layer) for p in flagged] == [("w", 2)]


class TestSharedValues:
    """All pushes share the values that they push: these are computed once, not for each."""

    def test_sigma_meets_each_value_once(self):
        network = Network([5, 4, 3])
        seen = []

        def value(z):
            seen.append((z.real.size, z.imag.size))
            return sigmoid(z)

        value.__module__ = type(sigmoid).__module__  # one of the package's own
        args, _ = in_type(Case(network, *batch(network, 7)), np.float64)
        args = (*args[:2], [replace(sigmoid, value=value)] * 2, *args[3:])
        assert directional.directional(*args, directions=4).holds
        samples = 4
        assert seen[0] == (4 * samples * 7, 8 * 4 * samples * 7)
        assert seen[1] == (3 * samples * 7, 16 * 3 * samples * 7)


class TestPush:
    """So small that its square is lost in rounding, so large that what is small is not lost."""

    @pytest.mark.parametrize(("dtype", "h"), [(np.float64, 2.0**-70), (np.float32, 2.0**-40)])
    def test_a_power_of_two(self, dtype, h):
        home = elsewhere.Home(np.ones(2, dtype))
        passes = carried.Pass(home, None, 1.0, False, carried.MEMORY, [], None)
        assert passes.h == h
        assert passes.least == np.finfo(dtype).smallest_subnormal / h
        assert dtype(h) ** 2 * 2.0**10 < np.finfo(dtype).eps

    def test_matrices_are_read_in_blocks_of_rows(self, monkeypatch):
        """Which changes nothing but the time it takes."""
        w, x = np.arange(35.0).reshape(7, 5), np.arange(10.0).reshape(5, 2)
        for cached, calls in ((5, 7), (10, 4), (34, 2), (35, 1), (1, 7)):
            seen = []
            monkeypatch.setattr(carried, "CACHED", cached)
            monkeypatch.setattr(carried, "np", _Counted(seen))
            product, squares = carried.products(w, x, x)
            assert np.array_equal(product, w @ x)
            assert np.array_equal(squares, (w * w) @ x)
            assert len(seen) == 2 * calls


class _Counted:
    """NumPy, that notes every product of matrices."""

    def __init__(self, seen):
        self.seen = seen

    def __getattr__(self, name):
        return getattr(np, name)

    def matmul(self, one, other, out):
        self.seen.append(one.shape)
        return np.matmul(one, other, out=out)


class TestInputs:
    """What does not fit is refused in plain words, and nothing is changed."""

    network = Network([3, 2, 2])
    x, y = batch(network, 4)
    claims = backprop(network, x, y)[1:]

    def arguments(self, **changes):
        n = self.network
        arguments = {
            "weights": n.weights,
            "biases": n.biases,
            "activations": list(n.sigma.values()),
            "cost": n.cost,
            "x": self.x,
            "y": self.y,
            "nabla_b": list(self.claims[0].values()),
            "nabla_w": list(self.claims[1].values()),
        }
        return arguments | changes

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"nabla_w": []}, "nabla_w: expected one for each of the layers 2..3, got 0"),
            ({"weights": []}, "weights: expected one for each"),
            ({"activations": [tanh]}, "activations: expected one for each of the layers 2..3"),
            ({"x": np.ones((4, 4))}, r"weights of layer 2: expected shape \(n, 4\), got \(2, 3\)"),
            ({"y": np.ones((2, 3))}, r"y: expected shape \(2, 4\), got \(2, 3\)"),
            ({"nabla_b": [np.ones(2)] * 2}, r"nabla_b of layer 2: expected shape \(2, 1\)"),
            ({"delta": [np.ones((2, 1))] * 2}, r"delta of layer 2: expected shape \(2, 4\)"),
            ({"directions": 0}, "directions: expected a whole number of at least 1, got 0"),
        ],
    )
    def test_wrong_shapes(self, changes, message):
        with pytest.raises(ValueError, match=message):
            directional.directional(**self.arguments(**changes))

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"nabla_w": [np.ones((2, 3), int), np.ones((2, 2))]}, "float32 or float64, got int64"),
            ({"weights": "w"}, "weights: expected a list of arrays"),
        ],
    )
    def test_wrong_types(self, changes, message):
        with pytest.raises(TypeError, match=message):
            directional.directional(**self.arguments(**changes))

    def test_nothing_changes(self):
        arguments = self.arguments()
        before = {k: np.copy(v) for k, v in arguments.items() if k in "xy"}
        directional.directional(**arguments)
        assert all((before[k] == arguments[k]).all() for k in before)


class TestNoChainRule:
    """The measurement knows none of what it is to witness."""

    @pytest.mark.parametrize("module", [directional, carried, elsewhere])
    def test_it_reads_no_derivative(self, module):
        tree = ast.parse(inspect.getsource(module))
        attributes = {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
        assert attributes.isdisjoint({"prime", "full", "jacobian", "gradient", "slope", "local"})
        modules = {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
        assert "proofs.network.equations" not in modules
