"""Every derivative from the definition, fast."""

import ast
import inspect
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from strategies import EPS, cases

from proofs.measuring import complex_parts as pushed
from proofs.measuring import every_number as module
from proofs.measuring.cases import softplus_share
from proofs.measuring.every_number import ALIVE, Measured, block, exhaustive
from proofs.measuring.one_number import h
from proofs.network import Network
from proofs.network.activations import Activation, relu, sigmoid, softmax, softplus, tanh
from proofs.network.costs import cross_entropy, log_likelihood, quadratic
from proofs.network.equations import backprop


def batch(network, m, seed=0):
    """Inputs and one-hot targets."""
    random = np.random.default_rng(seed)
    x = random.random((network.sizes[0], m))
    return x, np.eye(network.sizes[-1])[:, random.integers(network.sizes[-1], size=m)]


def distance(got, want):
    """The norm of the difference of all gradients, relative to the norm of what is wanted."""
    pairs = [(p[l], q[l]) for p, q in zip(got, want, strict=True) for l in q]
    assert all(p.shape == q.shape for p, q in pairs)
    away = sum(((p - q) ** 2).sum() for p, q in pairs)
    return np.sqrt(away / sum((q**2).sum() for _, q in pairs))


class TestDefinition:
    """It is what the slow measurement of one number after the other says."""

    @given(cases())
    def test_every_letter_of_every_layer(self, case):
        got = exhaustive(case.network, case.x, case.y)
        C, magnitudes = ("C", case.depth), case.magnitudes
        for l in case.network.layers:
            for letter, found in zip("zbw", (got.delta, got.nabla_b, got.nabla_w), strict=True):
                want, size = (c.partial(C, (letter, l)) for c in (case, magnitudes))
                if letter != "z":
                    want, size = want.mean(axis=-1), size.mean(axis=-1)
                shape = (len(want), -1)
                assert found[l].shape == want.reshape(shape).shape
                away = abs(found[l] - want.reshape(shape))
                assert (away <= 100 * EPS * size.reshape(shape)).all()

    @pytest.mark.parametrize(
        ("activations", "cost"),
        [
            (sigmoid, quadratic),
            ([tanh, softmax], log_likelihood),
            ([relu, softmax], log_likelihood),
            ([softplus, softmax], log_likelihood),
            ([softmax, softplus_share], quadratic),
        ],
        ids=str,
    )
    def test_the_exact_gradient_of_a_network_for_digits(self, activations, cost):
        network = Network([784, 30, 10], activations, cost)
        x, y = batch(network, 1)
        assert distance(exhaustive(network, x, y), backprop(network, x, y)) < 1e-14

    def test_a_network_of_79510_parameters(self):
        network = Network([784, 100, 10])
        x, y = batch(network, 1)
        assert distance(exhaustive(network, x, y), backprop(network, x, y)) < 1e-14

    def test_ten_layers(self):
        network = Network([12] * 11, tanh)
        x, y = batch(network, 3)
        assert distance(exhaustive(network, x, y), backprop(network, x, y)) < 1e-14

    def test_an_output_that_has_rounded_to_1(self):
        network = Network.from_arrays([[[1.0], [-1.0]]], [[[0.0], [0.0]]], sigmoid, cross_entropy)
        # delta = a - y, where a rounds to 1 and to 0.
        found = exhaustive(network, [[50.0]], [[0.0], [1.0]])
        assert found.delta[2] == pytest.approx(np.array([[1.0], [-1.0]]), rel=1e-14)

    def test_a_layer_that_is_local_in_name_only(self):
        # The shortcut for local activations goes by what moves, not by what an activation says.
        liar = Activation("liar", softmax.value, slope=sigmoid.slope)
        network = Network([4, 3, 2], [liar, sigmoid])
        honest = Network([4, 3, 2], [softmax, sigmoid])
        x, y = batch(network, 5)
        assert distance(exhaustive(network, x, y), backprop(honest, x, y)) < 1e-14

    def test_an_activation_with_a_slope_for_each_neuron(self):
        slopes = np.array([[0.1], [0.2], [0.3]])
        network = Network(
            [4, 3, 3],
            Activation(
                "own slopes",
                lambda z: np.where(z.real > 0, z, slopes * z),
                slope=lambda z: np.where(z > 0, 1.0, slopes),
            ),
        )
        x, y = batch(network, 5)
        assert distance(exhaustive(network, x, y), backprop(network, x, y)) < 1e-14


class TestTiny:
    """A push is as far from underflow behind small activations as behind large ones."""

    def test_a_small_activation_before_a_small_output(self):
        network = Network.from_arrays(
            [[[1.0]], [[1.0], [2.0]]], [[[0.0]], [[-640.0], [1.0]]], [softplus, softplus_share]
        )
        x = np.array([[-30.0]])
        measured = block(network, x, [[1.0], [0.0]], ("w", 3))
        wanted = backprop(network, x, [[1.0], [0.0]]).nabla_w[3]
        assert np.allclose(measured, wanted, rtol=1e-12, atol=0)


class TestPlanted:
    """A single wrong number stands out, where it is; a fault in the engine does too."""

    network = Network([5, 4, 3], [sigmoid, softmax], log_likelihood)
    x, y = batch(network, 6)

    @pytest.mark.parametrize("part", range(3))
    @pytest.mark.parametrize("l", [2, 3])
    def test_one_wrong_entry(self, part, l):
        found, claimed = (
            exhaustive(self.network, self.x, self.y),
            backprop(self.network, self.x, self.y),
        )
        claimed[part][l][1, 0] *= 1 + 1e-9
        away = abs(claimed[part][l] - found[part][l]) > 1e-13
        assert away[1, 0]
        assert away.sum() == 1

    @pytest.mark.parametrize("function", [np.exp, np.multiply, np.divide, np.add])
    def test_a_wrong_rule(self, function, monkeypatch):
        right = pushed.RULES[function]

        def wrong(*operands):
            result = right(*operands)
            return pushed.Pushed(result.real, result.imag * 1.001)

        monkeypatch.setitem(pushed.RULES, function, wrong)
        got = exhaustive(self.network, self.x, self.y)
        assert distance(got, backprop(self.network, self.x, self.y)) > 1e-5

    def test_a_shortcut_where_others_move(self, monkeypatch):
        monkeypatch.setattr(module._Passes, "_moves_alone", lambda self, l: True)
        network = Network([5, 4, 3], [softmax, sigmoid])
        got, want = exhaustive(network, self.x, self.y), backprop(network, self.x, self.y)
        assert distance(got[:2], want[:2]) < 1e-14
        assert distance(got[2:], want[2:]) > 0.01


class TestBlock:
    """One letter and layer alone is the same numbers."""

    network = Network([4, 5, 3], [tanh, softplus_share])
    x, y = batch(network, 6)

    @pytest.mark.parametrize("by", [(letter, l) for letter in "zbw" for l in (2, 3)])
    def test_is_what_the_whole_says(self, by):
        letter, l = by
        whole = exhaustive(self.network, self.x, self.y)["zbw".index(letter)][l]
        assert (block(self.network, self.x, self.y, by) == whole).all()

    @pytest.mark.parametrize("by", [("a", 2), ("w", 1), ("w", 4), ("zb", 2)])
    def test_an_unknown_part(self, by):
        with pytest.raises(ValueError, match="by: expected z, b or w and a layer from 2 to 3"):
            block(self.network, self.x, self.y, by)


class TestMemory:
    """The passes in work stay below the bytes allowed, and say the same."""

    @pytest.mark.parametrize("activations", [sigmoid, softplus, softmax, softplus_share], ids=repr)
    @pytest.mark.parametrize("memory", [2**19, 2**22])
    def test_bound(self, activations, memory):
        network = Network([30, 20, 25, 15], activations)
        passes = module._Passes(network, *batch(network, 10), memory)
        passes.block("z", 2)  # what NumPy loads at first use is no part of a block
        tracemalloc.start()
        answer = sum(passes.block(letter, l).nbytes for letter in "zbw" for l in network.layers)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak - answer <= memory

    @pytest.mark.parametrize("memory", [60 * ALIVE, 2**17, 2**19, 2**22])
    @pytest.mark.parametrize("activations", [sigmoid, softmax])
    def test_small_blocks_say_the_same(self, activations, memory):
        network = Network([60, 8, 5], activations)
        x, y = batch(network, 3)
        small, large = exhaustive(network, x, y, memory), exhaustive(network, x, y)
        assert distance(small, large) < 1e-14

    def test_too_little(self):
        network = Network([60, 8, 5])
        with pytest.raises(ValueError, match=f"memory: .* at least {60 * ALIVE}, got 1000"):
            exhaustive(network, *batch(network, 3), memory=1000)


class TestInputs:
    """Inputs are never changed, and refused in plain words."""

    def test_unchanged(self):
        network = Network([3, 2])
        x, y = batch(network, 2)
        before = x.copy(), y.copy()
        exhaustive(network, x, y)
        assert (x == before[0]).all()
        assert (y == before[1]).all()

    def test_wrong_shape(self):
        with pytest.raises(ValueError, match=r"x: expected shape \(3, m\)"):
            exhaustive(Network([3, 2]), np.zeros((2, 1)), np.zeros((2, 1)))

    def test_an_activation_that_writes_into_its_input(self):
        def halved(z):
            z *= 0.5
            z[z.real < 0] = 0
            return z

        network = Network([3, 4, 2], [Activation("halved", lambda z: halved(z.copy())), sigmoid])
        writes = Network([3, 4, 2], [Activation("writes", halved), sigmoid])
        x, y = batch(network, 2)
        fixed = exhaustive(network, x, y)
        own = module._Passes(network, x, y, module.MEMORY)
        own.network = writes
        got = Measured(*({l: own.block(p, l) for l in (2, 3)} for p in "zbw"))
        assert distance(got, fixed) == 0


class TestNoChainRule:
    """Neither the measurement nor its arithmetic knows what it is to witness."""

    @pytest.mark.parametrize("source", [module, pushed])
    def test_it_imports_the_forward_pass_alone(self, source):
        tree = ast.parse(inspect.getsource(source))
        modules = {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
        assert not {m for m in modules if m.startswith("proofs.")} - {
            "proofs.network.arrays",
            "proofs.network.fused",
            "proofs.measuring.one_number",
            "proofs.network",
            "proofs.measuring.complex_parts",
            "proofs.measuring.clock",
        }

    @pytest.mark.parametrize("source", [module, pushed])
    def test_it_reads_no_derivative(self, source):
        tree = ast.parse(inspect.getsource(source))
        attributes = {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
        assert attributes.isdisjoint({"prime", "full", "jacobian", "gradient", "smooth", "local"})

    def test_each_push_is_a_forward_pass_of_its_own(self, monkeypatch):
        """As many activations are computed as there are pushes, never one for a whole row."""
        seen = {2: 0, 3: 0}

        def counting(l):
            def value(z):
                seen[l] += np.size(z.imag) if np.iscomplexobj(z) else 0
                return sigmoid.value(z)

            return Activation("counting", value, slope=sigmoid.slope)

        network = Network([7, 5, 3], [counting(2), counting(3)])
        block(network, *batch(network, 1), ("w", 2))
        # 5 pushes of z^2 to see that each moves a^2_j alone, then 35 pushes, of 3 outputs each.
        assert seen == {2: 5 * 5 + 5 * 7, 3: 3 * 35}
        assert h == 2.0**-70
