"""How exact the derivatives are by which a layer is judged."""

import handwritten
import numpy as np
import pytest
from bench import kinds

from proofs.checker.passes import observed
from proofs.measuring.sent_back import sent_back
from proofs.measuring.tangent_rules import SLOPES

EPS = np.finfo(float).eps

pytestmark = pytest.mark.skipif(
    np.finfo(np.longdouble).eps > EPS / 64, reason="long doubles are doubles"
)


class LongDoubles:
    """NumPy, whose zeros are long doubles."""

    def __getattr__(self, name):
        return getattr(np, name)

    def zeros(self, shape):
        return np.zeros(shape, np.longdouble)


class TestErrorOfTheDerivative:
    """For each kind of layer that is timed, no entry of the derivative is off by more than 20 eps.

    Of the sum of the sizes of its terms, or of a hundredth of the largest such sum: where a slope
    itself goes through 0, as that of GELU at -0.75, every formula in doubles loses digits.
    """

    @pytest.mark.parametrize("kind", kinds.KINDS)
    def test_beside_its_formula_in_long_double(self, kind, monkeypatch):
        forward, backward, *inputs = kinds.KINDS[kind]
        call, _ = observed(forward, backward, tuple(inputs), {}, kind, None, None, 0)
        found, _ = sent_back(call.forward, call.in_double, list(call.gradients))
        assert len(found) == len(inputs)
        for module in (handwritten, kinds):
            monkeypatch.setattr(module, "np", LongDoubles())
        given, deltas = (
            [np.asarray(v, np.longdouble)[()] for v in of] for of in (inputs, call.deltas)
        )
        long, _ = observed(forward, backward, tuple(given), {}, kind, None, deltas, 0)
        for path, sent in found.items():
            expected = long.gradients[path]
            assert expected.dtype == np.longdouble
            size = np.maximum(sent.size, 1e-2 * sent.size.max())
            assert (abs(sent.low - expected) <= 20 * EPS * size).all()


class TestNearTheEnds:
    """Close to 1 no slope of an inverse function loses digits, though 1 - x^2 would."""

    @pytest.mark.parametrize("name", ["arcsin", "arccos", "arctanh", "arccosh"])
    def test_beside_long_doubles(self, name):
        (slope,) = SLOPES[name]
        x = 1 + (1 if name == "arccosh" else -1) * 10.0 ** -np.arange(1, 15)
        expected = slope(x.astype(np.longdouble), None)
        assert (abs(slope(x, None) - expected) <= 4 * EPS * abs(expected)).all()
