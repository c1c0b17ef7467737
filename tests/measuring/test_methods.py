"""Every entry, or random directions: chosen by estimated work, unless told."""

import tracemalloc
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from strategies import EPS

from proofs import Network, backprop, check_backprop, cross_entropy
from proofs.checker import as_told
from proofs.checker.judging.numbers import numbers
from proofs.checker.judging.residuals import bp4_along
from proofs.measuring.cases import Case, running_case, standard_cases
from proofs.measuring.every_number import PRODUCT, work


def right(case: Case):
    """A right backward pass for the network of a case."""

    def run(weights, biases, x, y):
        network = case.network.with_arrays(weights, biases)
        z, a = network.forward(x)
        found = backprop(network, x, y)
        returned = {"z": z, "a": {l: a[l] for l in network.layers}, "delta": found.delta}
        return {**returned, "nabla_b": found.nabla_b, "nabla_w": found.nabla_w}

    return run


def spoiled(case: Case, letter: str, l: int):
    """The same with one entry of one gradient off by a millionth."""

    def run(*given):
        found = right(case)(*given)
        wrong = found[letter][l].copy()
        wrong[-1, -1] *= 1 + 1e-6
        return {**found, letter: {**found[letter], l: wrong}}

    return run


class TestDirectionsSeeWhatEntriesSee:
    """Along random directions right code holds, and one wrong entry among all does not."""

    @pytest.mark.parametrize("case", standard_cases()[::5], ids=lambda case: case.name)
    def test_right_code_holds(self, case):
        report = check_backprop(right(case), case.network, case.x, case.y, method="directional")
        assert report.holds, report

    @pytest.mark.parametrize("l", [2, 3, 4])
    def test_a_wrong_entry_is_found_and_then_named(self, l):
        case = running_case()
        wrong = spoiled(case, "nabla_w", l)
        found = check_backprop(wrong, case.network, case.x, case.y, method="directional")
        by_entry = check_backprop(wrong, case.network, case.x, case.y, method="exhaustive")
        assert [(v.equation, v.layer) for v in found.violations] == [("BP4", l)]
        assert found.violations == by_entry.violations

    def test_the_gradients_as_a_whole_show_it_too(self):
        case = running_case()
        wrong = spoiled(case, "nabla_b", 3)
        report = check_backprop(wrong, case.network, case.x, case.y, method="directional")
        assert not report.cells["gradients", 3].holds
        assert report.cells["gradients", 2].holds

    def test_no_array_of_the_shape_of_w_is_compared(self):
        case = running_case()
        found = right(case)(case.network.weights, case.network.biases, case.x, case.y)
        n = numbers(case.network, case.x, case.y, found, EPS, directions=3)
        assert bp4_along(n, 3).came.shape == (3, 1)


def shapes(sizes):
    """What is known of a network without its numbers."""
    pairs = list(pairwise(sizes))
    weights = [np.broadcast_to(0.0, (n, k)) for k, n in pairs]
    return SimpleNamespace(
        sizes=sizes, weights=weights, biases=[np.broadcast_to(0.0, (n, 1)) for _, n in pairs]
    )


class TestTheWorkDecidesUnlessTold:
    """Small networks are tested entry by entry, large ones along directions; the report says so."""

    def remarks(self, case, **options):
        return check_backprop(right(case), case.network, case.x, case.y, **options).remarks

    def test_a_small_network_is_tested_entry_by_entry(self):
        assert self.remarks(running_case()) == ()

    @pytest.mark.parametrize("bound", ["LARGEST", "WORK"])
    def test_a_large_one_along_directions(self, monkeypatch, bound):
        case = running_case()
        count = sum(v.size for v in (*case.network.weights, *case.network.biases))
        size = {"LARGEST": count, "WORK": work(case.network.sizes, 6)}[bound]
        monkeypatch.setattr(as_told, bound, size)
        assert self.remarks(case) == ()
        monkeypatch.setattr(as_told, bound, size - 1)
        (remark,) = self.remarks(case)
        assert remark.startswith("directional: 4 random directions")
        assert self.remarks(case, method="exhaustive") == ()

    @pytest.mark.parametrize(
        ("sizes", "m", "directions"),
        [
            ([784, 100, 10], 32, 0),
            ([64, 30, 10], 100, 0),
            ([784, 100, 10], 5000, 4),
            ([256] * 8, 16, 4),
            ([3072, 1024, 1024, 10], 1, 4),
            ([64] * 11, 64, 4),
        ],
    )
    def test_what_pushes_would_take_decides(self, sizes, m, directions):
        """The same network with more examples, deeper with no more weights, or one example."""
        assert as_told._directions(None, shapes(sizes), np.zeros((sizes[0], m))) == directions

    def test_the_work_is_that_of_every_push_through_the_layers_above(self):
        """Products of matrices count where there are many of them, the cost as one more layer."""
        assert work([2, 3, 4], 5) == 5 * (9 * (4 + 4) + 16 * 4)
        last, middle, first = 2 * (PRODUCT + 1) * 2, 2 * PRODUCT * (2 + 2), 2 * (PRODUCT + 2 + 4)
        assert work([1, 1, PRODUCT, 2], 1) == last + middle + first

    def test_the_report_states_how_probably_a_wrong_entry_is_missed(self):
        (remark,) = self.remarks(running_case(), method="directional")
        assert remark.endswith("is missed with probability below 1e-12")

    def test_another_method_is_refused(self):
        case = running_case()
        with pytest.raises(ValueError, match=r"expected .exhaustive. or .directional., got 'fast'"):
            self.remarks(case, method="fast")


class TestMemoryOfManyExamples:
    """Beside the inputs and what the function itself takes, a check of 5,000 images keeps little.

    The inputs are there twice, since the function gets its own: 784 numbers for each example. Each
    of two networks has 110 weighted inputs, activations and errors of each example.
    """

    def test_5000_images(self):
        network, m = Network([784, 100, 10], cost=cross_entropy), 5000
        random = np.random.default_rng(0)
        x, y = random.random((784, m)), np.eye(10)[:, random.integers(0, 10, m)]

        def in_numpy(w, b, x, y):
            hidden = 1 / (1 + np.exp(-(w[0] @ x + b[0])))
            delta = 1 / (1 + np.exp(-(w[1] @ hidden + b[1]))) - y
            back = (w[1].T @ delta) * hidden * (1 - hidden)
            means = [d.mean(axis=1, keepdims=True) for d in (back, delta)]
            return means, [back @ x.T / x.shape[1], delta @ hidden.T / x.shape[1]]

        tracemalloc.start()
        assert check_backprop(in_numpy, network, x, y).holds
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 8 * m * (2 * 784 + 2 * 3 * 110 + 5 * 100)


class TestGradientsAlone:
    """Directions need both gradients; what is not returned is not judged."""

    @pytest.mark.parametrize("left_out", ["nabla_b", "nabla_w"])
    def test_one_of_them_is_not_enough_for_the_gradients_as_a_whole(self, left_out):
        case = running_case()

        def some(*given):
            return {k: v for k, v in right(case)(*given).items() if k != left_out}

        report = check_backprop(some, case.network, case.x, case.y, method="directional")
        assert report.holds
        assert ("gradients", 2) not in report.cells

    def test_nor_is_one_without_a_layer(self):
        case = running_case()

        def misshapen(*given):
            found = right(case)(*given)
            nabla_w = {l: v.T if l == 4 else v for l, v in found["nabla_w"].items()}
            return {**found, "nabla_w": nabla_w}

        report = check_backprop(misshapen, case.network, case.x, case.y, method="directional")
        assert [v.place for v in report.violations] == ["BP4 at layer 4"]
        assert ("gradients", 2) not in report.cells

    def test_a_zero_gradient_is_no_trouble(self):
        network = Network.from_arrays([np.zeros((2, 2))], [np.zeros((2, 1))])
        case = Case(network, [[1.0], [0.0]], [[0.5], [0.5]])
        assert check_backprop(right(case), network, case.x, case.y, method="directional").holds
