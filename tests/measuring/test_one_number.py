"""The numeric witness: derivatives from the definition."""

import ast
import inspect

import numpy as np
import pytest
from hypothesis import assume, given
from strategies import cases, slope

from proofs.measuring import one_number as measure
from proofs.measuring.cases import Case
from proofs.network import Network
from proofs.network.activations import softplus
from proofs.network.costs import log_likelihood


def forward(case, moved, change):
    """Every z and a, and C, when the letter `moved` of a layer is changed by `change`."""
    network, a, found = case.network, case.x, {}
    for l in network.layers:
        w = network.w[l] + (change if moved == ("w", l) else 0)
        b = network.b[l] + (change if moved == ("b", l) else 0)
        z = w @ a + b + (change if moved == ("z", l) else 0)
        a = network.sigma[l](z) + (change if moved == ("a", l) else 0)
        found["z", l], found["a", l] = z, a
    found["C", network.L] = network.cost.value(a, case.y)
    return found


def layer_of(case, letter, l):
    """The shape of a letter at a layer, without the examples."""
    return {"w": case.network.w[l].shape}.get(letter, (case.network.sizes[l - 1],))


def differences(case, of, by):
    """d(of)/d(by), one real difference for each entry of `by`, and the bounds on their errors."""
    shape = layer_of(case, *by)
    found, errors = [], []
    for place in np.ndindex(*shape):
        unit = np.zeros(shape if by[0] == "w" else (*shape, 1))
        unit[place] = 1
        value, error = slope(lambda s, unit=unit: forward(case, by, s * unit)[of])
        found.append(value)
        errors.append(error)
    return tuple(
        np.moveaxis(np.array(part), 0, -2).reshape(*part[0].shape[:-1], *shape, part[0].shape[-1])
        for part in (found, errors)
    )


def away_from_kinks(case):
    """Whether no kinked activation stands where a difference may step over its kink."""
    z = case.network.forward(case.x).z
    return all(f.smooth or abs(z[l]).min() > 0.05 for l, f in case.network.sigma.items())


class TestPartial:
    """partial(of, by) is the derivative that a real difference sees, within its error."""

    def agrees(self, case, of, by):
        assume(away_from_kinks(case))
        want, error = differences(case, of, by)
        got = case.partial(of, by)
        assert got.shape == want.shape
        assert (abs(got - want) <= error).all()

    @pytest.mark.parametrize("letter", "zabw")
    @given(case=cases())
    def test_cost_by_every_letter_of_every_layer(self, letter, case):
        for l in case.network.layers:
            self.agrees(case, ("C", case.depth), (letter, l))

    @given(case=cases())
    def test_a_by_z(self, case):
        for l in case.network.layers:
            self.agrees(case, ("a", l), ("z", l))

    @pytest.mark.parametrize("letter", "za")
    @given(case=cases(layers=3))
    def test_z_by_the_layer_before(self, letter, case):
        for l in case.network.layers[:-1]:
            self.agrees(case, ("z", l + 1), (letter, l))

    @pytest.mark.parametrize("letter", "bw")
    @given(case=cases())
    def test_z_by_the_parameters_of_its_layer(self, letter, case):
        for l in case.network.layers:
            self.agrees(case, ("z", l), (letter, l))

    @given(case=cases(layers=3))
    def test_the_output_by_the_first_weights(self, case):
        self.agrees(case, ("a", case.depth), ("w", 2))

    @given(case=cases(layers=3))
    def test_a_difference_would_see_a_slip(self, case):
        """The bounds are narrow: an error of a millionth of the largest entry is outside."""
        assume(away_from_kinks(case))
        want, error = differences(case, ("a", 2), ("z", 2))
        largest = np.unravel_index(abs(want).argmax(), want.shape)
        assume(abs(want[largest]) > 0.1)
        wrong = case.partial(("a", 2), ("z", 2))[largest] * (1 + 1e-6)
        assert abs(wrong - want[largest]) > error[largest]


class TestZero:
    """What does not depend on a letter has the derivative 0 by it, exactly."""

    @given(cases())
    def test_a_weighted_input_ignores_the_parameters_of_other_neurons(self, case):
        for l in case.network.layers:
            n = case.network.sizes[l - 1]
            elsewhere = ~np.eye(n, dtype=bool)
            assert (case.partial(("z", l), ("b", l))[elsewhere] == 0).all()
            assert (case.partial(("z", l), ("w", l))[elsewhere] == 0).all()

    @given(cases())
    def test_a_local_activation_ignores_other_weighted_inputs(self, case):
        for l, f in case.network.sigma.items():
            elsewhere = ~np.eye(case.network.sizes[l - 1], dtype=bool)
            assert not f.local or (case.partial(("a", l), ("z", l))[elsewhere] == 0).all()

    def test_a_saturated_layer_still_moves(self):
        network = Network.from_arrays([[[1.0]]], [[[0.0]]])
        slope = Case(network, [[300.0]], [[0.0]]).partial(("a", 2), ("z", 2))
        assert slope == pytest.approx(np.exp(-300), rel=1e-15, abs=0)


class TestExact:
    """Nothing is subtracted, so nothing is lost: the derivative is right to rounding."""

    @pytest.mark.parametrize("z", [-40.0, -25.0, -10.0, 0.0, 10.0, 40.0])
    def test_log_of_a_small_softplus(self, z):
        # C = -ln a with a = ln(1 + e^z), so dC/dz = -1 / ((1 + e^-z) a).
        network = Network.from_arrays([[[1.0]]], [[[z]]], softplus, log_likelihood)
        truth = -1 / ((1 + np.exp(-z)) * np.logaddexp(0, z))
        assert Case(network, [[0.0]], [[1.0]]).delta(2) == pytest.approx(truth, rel=1e-14, abs=0)


class TestChange:
    """change(of, by, step) is what the forward pass says when one number grows by a real step."""

    @pytest.mark.parametrize("letter", "zabw")
    @given(case=cases())
    def test_one_entry_at_a_time(self, letter, case):
        step, of = 2.0**-3, ("C", case.depth)
        # The logarithms of a cost end where an activation reaches 1.
        assume(letter != "a" or (case.value("a", case.depth) + step < 1).all())
        for l in case.network.layers:
            got = case.change(of, (letter, l), step)
            shape = layer_of(case, letter, l)
            for place in np.ndindex(*shape):
                unit = np.zeros(shape if letter == "w" else (*shape, 1))
                unit[place] = step
                want = forward(case, (letter, l), unit)[of] - forward(case, (letter, l), 0)[of]
                size = abs(forward(case, (letter, l), 0)[of]).max()
                assert got[place] == pytest.approx(want, rel=1e-12, abs=100 * 2.0**-52 * (1 + size))


class TestNoChainRule:
    """The witness knows none of what it witnesses."""

    tree = ast.parse(inspect.getsource(measure))

    def test_it_imports_the_forward_pass_alone(self):
        modules = {n.module for n in ast.walk(self.tree) if isinstance(n, ast.ImportFrom)}
        modules |= {
            name.name for n in ast.walk(self.tree) if isinstance(n, ast.Import) for name in n.names
        }
        assert modules <= {"collections.abc", "numpy", "proofs.network.arrays", "proofs.network"}

    def test_it_reads_no_derivative(self):
        attributes = {n.attr for n in ast.walk(self.tree) if isinstance(n, ast.Attribute)}
        assert attributes.isdisjoint({"prime", "full", "jacobian", "gradient", "smooth", "local"})
