"""Where layers that are objects leave their gradients: returned, private, or nowhere to be seen."""

import numpy as np
import pytest
from sources import module_of

from proofs import check_layer, check_model

SOURCE = '''
import numpy as np

class Dense:
    def __init__(self, n, m, wrong):
        draw = np.random.default_rng(n).standard_normal
        self.W, self.b, self.wrong = draw((n, m)), draw(m), wrong

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def gradients(self, delta):
        return self.wrong * self.x.T @ delta, delta.sum(axis=0)

class Returned(Dense):
    def backward(self, delta):
        dW, db = self.gradients(delta)
        return delta @ self.W.T, dW, db

class KeptToo(Dense):
    def backward(self, delta):
        self.dW, self.db = self.gradients(delta)
        return delta @ self.W.T, self.dW, self.db

class Dictionary(Dense):
    def backward(self, delta):
        dW, db = self.gradients(delta)
        found = {"W": dW, "b": db}
        return delta @ self.W.T, found

class Private(Dense):
    def backward(self, delta):
        self._dW, self._db = self.gradients(delta)
        return delta @ self.W.T

class PrivateWeights:
    def __init__(self, n, m, wrong):
        draw = np.random.default_rng(n).standard_normal
        self._W, self._b, self.wrong = draw((n, m)), draw(m), wrong

    def forward(self, x):
        self.x = x
        return x @ self._W + self._b

    def backward(self, delta):
        self.dW, self.db = self.wrong * self.x.T @ delta, delta.sum(axis=0)
        return delta @ self._W.T

class Copied(Dense):
    """A copy of the weights has no gradient of its own."""

    def forward(self, x):
        self.x, self._W = x, self.W.copy()
        return x @ self.W + self.b

    def backward(self, delta):
        self.dW, self.db = self.gradients(delta)
        return delta @ self._W.T

class Hidden(Dense):
    def backward(self, delta):
        self.store = self.gradients(delta)
        return delta @ self.W.T

class Square:
    def forward(self, x, y):
        self.left = x - y
        return (self.left**2).sum() / 2

    def backward(self):
        return self.left

def step(net, x, y):
    for layer in net[:-1]:
        x = layer.forward(x)
    loss, delta = net[-1].forward(x, y), net[-1].backward()
    for layer in net[-2::-1]:
        delta = layer.backward(delta)
        delta = delta[0] if isinstance(delta, tuple) else delta
    return loss
'''

draw = np.random.default_rng(0).standard_normal
X, Y = draw((6, 4)), draw((6, 3))


THEIRS = module_of(SOURCE)


@pytest.mark.parametrize("wrong", [1, 2])
class TestFound:
    """Each gradient is compared, wherever it is left, and no right one is called wrong."""

    @pytest.mark.parametrize(
        "kind", ["Returned", "KeptToo", "Dictionary", "Private", "PrivateWeights", "Copied"]
    )
    def test_in_a_layer_and_in_a_model(self, kind, wrong):
        kind = getattr(THEIRS, kind)
        layer = check_layer(kind(4, 3, wrong), X)
        net = [kind(4, 5, wrong), kind(5, 3, wrong), THEIRS.Square()]
        model = check_model(THEIRS.step, net, X, Y)
        assert len(layer.rows) == 3
        found = [{v.quantity.replace("_", "") for v in report.violations}
                 for report in (layer, model)]  # fmt: skip
        assert found == [{"dW"} if wrong > 1 else set()] * 2
        assert "no gradient was found" not in f"{layer}{model}"

    def test_what_is_not_found_is_said(self, wrong):
        layers = [THEIRS.Hidden(4, 3, wrong), THEIRS.Square()]
        for report in (check_layer(layers[0], X), check_model(THEIRS.step, layers, X, Y)):
            assert report.holds
            assert "no gradient was found for W, b" in str(report)


@pytest.mark.parametrize("name", ["dLd{}", "dL_d{}", "dloss_d{}", "dJd{}", "dE_d_{}", "d_cost_d{}"])
@pytest.mark.parametrize("factor", [1.0, 2.0])
def test_a_gradient_by_what_is_differentiated(name, factor):
    """The gradient of W may be called dLdW, as a quotient is read."""

    class Dense:
        def __init__(self):
            self.W = np.arange(6.0).reshape(3, 2)

        def forward(self, x):
            self.x = x
            return x @ self.W

        def backward(self, dLdZ):
            setattr(self, name.format("W"), factor * self.x.T @ dLdZ)
            return dLdZ @ self.W.T

    layer = Dense()
    setattr(layer, name.format("W"), np.zeros((3, 2)))
    report = check_layer(layer, np.arange(12.0).reshape(4, 3) / 7)
    assert [v.quantity for v in report.violations] == ["dW"] * (factor != 1)
    assert {row.quantity for row in report.rows} == {"dW", "dx"}
