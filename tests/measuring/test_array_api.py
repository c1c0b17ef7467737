"""Arrays of other frameworks, with NumPy's own standard functions in the part of a framework."""

from types import SimpleNamespace

import numpy as np
import pytest

from proofs.measuring.cases import softplus_share
from proofs.measuring.complex_parts import Pushed
from proofs.measuring.frameworks import OPERATORS, Elsewhere, Home, brought
from proofs.network.activations import ACTIVATIONS
from proofs.network.costs import COSTS

Z = np.array([[0.5, -1.0, 2.0], [0.25, 3.0, -0.5]])


def there(array):
    """An array that lives elsewhere."""
    return Elsewhere(np.asarray(array), np)


def same(found, wanted):
    """It has stayed there, and holds the same."""
    assert isinstance(found, Elsewhere)
    assert found.xp is np
    assert np.array_equal(found.array, wanted)
    assert found.array.dtype == np.asarray(wanted).dtype


class TestOneSourceForAll:
    """What is written with NumPy's functions computes there what it computes here."""

    @pytest.mark.parametrize("sigma", [*ACTIVATIONS.values(), softplus_share], ids=repr)
    @pytest.mark.parametrize("z", [Z, Z + 1e-3j], ids=["real", "complex"])
    def test_an_activation(self, sigma, z):
        same(sigma(there(z)), sigma(z))

    @pytest.mark.parametrize("cost", COSTS.values(), ids=repr)
    @pytest.mark.parametrize("a", [abs(Z) / 4, abs(Z) / 4 + 1e-3j], ids=["real", "complex"])
    def test_a_cost(self, cost, a):
        y = np.array([[0.0, 1.0, 0.25], [1.0, 0.0, 0.75]])
        same(cost.value(there(a), there(y)), cost.value(a, y))

    @pytest.mark.parametrize("function", OPERATORS, ids=str)
    def test_an_operator(self, function):
        if function.nin == 1:
            same(function(there(Z)), function(Z))
            return
        one, other = (Z, Z.T) if function is np.matmul else (abs(Z), abs(Z) + 1)
        same(function(there(one), there(other)), function(one, other))
        same(function(there(one), other), function(one, other))
        same(function(one, there(other)), function(one, other))
        if function is not np.matmul:
            same(function(there(abs(Z)), np.float64(2)), function(abs(Z), 2.0))
            same(function(2, there(abs(Z))), function(2, abs(Z)))

    @pytest.mark.parametrize("name", ["sum", "max", "min", "mean", "any", "all"])
    def test_a_reduction(self, name):
        for how in ({}, {"axis": 0}, {"axis": 1, "keepdims": True}):
            same(getattr(there(Z), name)(**how), getattr(Z, name)(**how))

    def test_functions_of_several(self):
        same(np.where(there(Z > 0), there(Z), 0.0), np.where(Z > 0, Z, 0.0))
        same(np.concatenate([there(Z), there(Z)], axis=1), np.concatenate([Z, Z], axis=1))
        same(np.arctan2(there(Z), 2.0 + there(abs(Z))), np.arctan2(Z, 2.0 + abs(Z)))

    def test_in_place(self):
        found = before = there(Z)
        found += 1
        same(found, Z + 1)
        same(before, Z)


class TestArray:
    """It is looked at as an array is."""

    def test_its_form(self):
        assert (there(Z).shape, there(Z).ndim, len(there(Z))) == ((2, 3), 2, 2)
        same(there(Z).reshape(3, 2), Z.reshape(3, 2))
        same(there(Z)[:, None, there(0)], Z[:, None, 0])
        assert bool(there(True))
        assert not there(False)
        assert int(there(7)) == 7
        assert brought(there(Z)) == brought(Z) == Z.tolist()

    def test_its_parts(self):
        for z in (Z, Z + 2j):
            assert np.iscomplexobj(there(z)) == np.iscomplexobj(z)
            for part in (np.real, np.imag):
                same(part(there(z)), part(z))
            same(there(z).real, z.real)
            same(there(z).imag, z.imag)

    def test_it_stays_where_it_lives(self):
        with pytest.raises(TypeError, match="an array of numpy is not turned into one of NumPy"):
            np.asarray(there(Z))

    def test_what_the_framework_does_not_have(self):
        with pytest.raises(TypeError, match=r"np\.median has no counterpart in numpy"):
            np.median(Elsewhere(Z, SimpleNamespace(__name__="numpy")))
        with pytest.raises(TypeError, match=r"np\.add\.reduce has no counterpart in numpy"):
            np.add.reduce(there(Z))
        with pytest.raises(TypeError, match=r"np\.add with where has no counterpart in numpy"):
            np.add(there(Z), 1, where=Z > 0)

    def test_what_is_made_of_arrays_decides_itself(self):
        """A pushed number there is a pushed number."""
        p = Pushed(there(Z), there(Z))
        for found in (np.exp(p), there(Z) * p, p * there(Z), p + 1.0):
            assert isinstance(found, Pushed)
            assert isinstance(found.real, Elsewhere)

    def test_of_a_stranger_it_knows_nothing(self):
        class Stranger:
            __array_ufunc__ = None

        with pytest.raises(TypeError):
            there(Z) + Stranger()


class TestHome:
    """All arrays are brought to where the weights live, in the weights' type of numbers."""

    def test_numpy(self):
        home = Home(np.ones(2, np.float32))
        assert (home.xp, home.dtype, home.placed) == (np, "float32", {})
        assert home.put(np.ones(3)).dtype == np.float32
        assert home.take("x", np.ones(3)).dtype == np.float32

    def test_an_array_of_another_framework_beside_numpys(self):
        words = "x: expected a NumPy array, as the weights are, got SimpleNamespace"
        with pytest.raises(TypeError, match=words):
            Home(np.ones(2)).take("x", SimpleNamespace(dtype="torch.float64"))

    @pytest.mark.parametrize("array", [np.ones(2, int), np.ones(2, complex), [1.0], "x"], ids=str)
    def test_numbers_of_another_type(self, array):
        with pytest.raises(TypeError, match="x: expected an array of float32 or float64, got "):
            Home(np.ones(2)).take("x", array)

    def test_a_framework_with_devices(self):
        """What comes from it is not noted for derivatives, and NumPy's arrays are brought there."""
        home = Home(np.ones(2))
        home.xp = SimpleNamespace(
            asarray=lambda array, device: ("brought", device, array.dtype),
            astype=lambda array, kind: (array, kind),
            float64="its float64",
        )
        home.placed = {"device": "cuda:0"}
        assert home.put(np.ones(2, np.float32)).array == ("brought", "cuda:0", np.float64)
        assert home.take("x", np.ones(2)).array == ("brought", "cuda:0", np.float64)
        bare = SimpleNamespace(dtype="torch.float32")
        noted = SimpleNamespace(dtype="torch.float32", detach=lambda: bare)
        assert home.take("x", noted).array == (bare, "its float64")
        right = SimpleNamespace(dtype="torch.float64")
        assert home.take("x", right).array is right
