"""`check_model` on training steps as people write them: what they print, return and change."""

import types

import numpy as np
import pytest

from proofs.checker.check_model import check_model

SOURCE = """
import math
import numpy as np

def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)

def step(params, X, y, reg=0.1):
    W1, b1, W2, b2 = params["W1"], params["b1"], params["W2"], params["b2"]
    N = X.shape[0]
    h = np.maximum(0, X.dot(W1) + b1)
    scores = h.dot(W2) + b2
    p = softmax(scores)
    loss = -np.log(p[np.arange(N), y]).mean()
    loss += 0.5 * reg * (np.sum(W1 * W1) + np.sum(W2 * W2))
    dscores = p.copy()
    dscores[np.arange(N), y] -= 1
    dscores /= N
    grads = {}
    grads["W2"] = h.T.dot(dscores) + reg * W2
    grads["b2"] = dscores.sum(axis=0)
    dh = dscores.dot(W2.T)
    dh[h <= 0] = 0
    grads["W1"] = X.T.dot(dh) + reg * W1
    grads["b1"] = dh.sum(axis=0)
    return loss, grads
"""
FAULT = ("    dh[h <= 0] = 0\n", "")


def report_on(*changes):
    """The report on the step, some of its lines changed."""
    source = SOURCE
    for old, new in changes:
        assert source.count(old) == 1, old
        source = source.replace(old, new)
    module = types.ModuleType("strangers")
    exec(source, module.__dict__)
    random = np.random.default_rng(1)
    params = {
        "W1": random.standard_normal((5, 7)),
        "b1": random.standard_normal(7),
        "W2": random.standard_normal((7, 3)),
        "b2": random.standard_normal(3),
    }
    X, y = random.standard_normal((6, 5)), random.integers(3, size=6)
    return check_model(module.step, params, X, y)


def wrong(report):
    return {row.quantity for row in report.violations}


RETURN = "    return loss, grads\n"
PLAIN = {
    "float(loss)": (RETURN, "    return float(loss), grads\n"),
    "item()": (RETURN, "    return loss.item(), grads\n"),
    "%": (RETURN, '    print("loss %.4f of %s" % (loss, p))\n' + RETURN),
    "format": (
        RETURN,
        '    print("{:.3f}".format(loss), f"{loss:6.2f}", round(loss, 2))\n' + RETURN,
    ),
    "round": (RETURN, "    print(round(loss, 2))\n" + RETURN),
    "is it a float?": (RETURN, "    assert isinstance(float(loss), float)\n" + RETURN),
    "math": (
        "    loss = -np.log(p[np.arange(N), y]).mean()\n",
        "    loss = -sum(math.log(q[k]) for q, k in zip(p, y)) / N\n",
    ),
}


class TestPlainNumbers:
    """A loss may be printed, rounded for the eye or returned as Python's float."""

    @pytest.mark.parametrize("change", PLAIN.values(), ids=PLAIN)
    def test_right_and_wrong(self, change):
        right = report_on(change)
        assert right.holds, right
        assert "no tangents" not in str(right)
        assert wrong(report_on(change, FAULT)) == {"dW1", "db1"}


class TestWhatItChanges:
    """A step may update its weights in place, or overwrite its data: it is judged as it began."""

    UPDATE = (RETURN, "    X *= 0\n    for k in grads:\n        params[k] -= grads[k]\n" + RETURN)

    def test_right_and_wrong(self):
        right = report_on(self.UPDATE)
        assert right.holds, right
        assert "confirmed" in str(right)
        assert wrong(report_on(self.UPDATE, FAULT)) == {"dW1", "db1"}

    def test_a_fault_that_another_run_with_other_weights_would_hide(self):
        """Rounding is not sampled with the weights that the step has updated meanwhile."""
        slight = ('grads["W2"] = h.T.dot(dscores)', 'grads["W2"] = 1.01 * h.T.dot(dscores)')
        assert wrong(report_on(self.UPDATE, slight)) == {"dW2"}


class TestValuesAlone:
    """Where no tangent gets through, differences tell only what two lengths of a step agree on."""

    CHANGE = (
        "    h = np.maximum(0, X.dot(W1) + b1)\n",
        "    h = np.vectorize(lambda v: max(v, 0.0))(X.dot(W1) + b1)\n",
    )

    def test_a_kink_within_the_longest_step(self):
        right = report_on(self.CHANGE)
        assert right.holds, right
        assert "differences of order 8" in str(right)
        assert wrong(report_on(self.CHANGE, FAULT)) == {"dW1", "db1"}

    def test_values_that_jump_everywhere(self):
        change = (
            self.CHANGE[0],
            self.CHANGE[1] + "    h = np.vectorize(lambda v: v + int(1e9 * v) % 2)(h)\n",
        )
        report = report_on(change)
        assert not report.violations
        assert "cannot be differentiated" in report.problems[0]
