"""Words for a wrong line that is told by where the forward pass reads a number."""

import numpy as np
import pytest
from sources import module_of

from proofs.checker.check_layer import check_layer

SOURCE = """
import numpy as np

def tanh_net_forward(x, w):
    h = np.ones_like(x[:, 0])
    hs = [h]
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] + h @ w)
        hs.append(h)
    return h, (x, w, hs)

def tanh_net_backward(dh, cache):
    x, w, hs = cache
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for t in reversed(range(x.shape[1])):
        dz = dh * (1 - hs[t + 1] ** 2)
        dx[:, t] = dz
        dw += hs[t].T @ dz
        dh = dz @ w.T
    return dx, dw

def conv_forward(x, w):
    m, n, k = x.shape[0], x.shape[1], len(w)
    out = np.zeros((m, n - k + 1, w.shape[1]))
    for i in range(n - k + 1):
        out[:, i] = x[:, i : i + k] @ w
    return out, (x, w)

def conv_backward(dout, cache):
    x, w = cache
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for i in range(dout.shape[1]):
        dx[:, i : i + len(w)] += dout[:, i] @ w.T
        dw += x[:, i : i + len(w)].T @ dout[:, i]
    return dx, dw

def attend_forward(q, enc):
    s = enc @ q
    e = np.exp(s - s.max())
    p = e / e.sum()
    return np.concatenate([p @ enc, q]), (q, enc, p)

def attend_backward(dout, cache):
    q, enc, p = cache
    dc, dq = dout[: len(q)], dout[len(q) :].copy()
    dp = enc @ dc
    denc = np.outer(p, dc)
    ds = p * (dp - p @ dp)
    denc += np.outer(ds, q)
    dq += enc.T @ ds
    return dq, denc

def gate_forward(x):
    s = np.tanh(x)
    return x * s + s, (x, s)

def gate_backward(dout, cache):
    x, s = cache
    return dout * (s + x * (1 - s * s) + (1 - s * s))
"""

R = np.random.default_rng(0).standard_normal
INPUTS = {
    "tanh_net": (R((2, 4, 3)), R((3, 3))),
    "conv": (R((2, 6)), R((3, 4))),
    "attend": (R(3), R((5, 3))),
    "gate": (R((2, 3)),),
}
LAST = "only the last counts, as with = for +="
MISTAKES = [
    ("tanh_net", "dw += hs[t].T @ dz", "dw = hs[t].T @ dz", "dw",
     "h @ w runs 4 times, and only the first counts, as with = for +="),
    ("conv", "dw += x[", "dw = x[", "dw", "only the last index along axis 1 of delta counts"),
    ("conv", "] += dout[:, i] @ w.T", "] = dout[:, i] @ w.T", "dx",
     f"of several places along axis 1 that read one number {LAST}"),
    ("attend", "denc += np.outer(ds, q)", "denc = np.outer(ds, q)", "denc",
     "enc is read 2 times, and only enc @ q counts, as with = for +="),
    ("attend", "    denc += np.outer(ds, q)\n", "", "denc", "as if enc @ q were a constant"),
    ("attend", "ds = p * (dp - p @ dp)", "ds = p * dp", "dq", "as if e.sum() were a constant"),
    ("gate", "x * (1 - s * s) + ", "", "dx",
     "as if s in x * s were a constant"),
    ("gate", "dout * (s + ", "dout * (", "dx", "x is read 2 times, and only np.tanh(x) counts"),
]  # fmt: skip


def layer(kind, old="", new=""):
    """The two functions of a layer, a line of the second changed."""
    module = module_of(SOURCE, (old, new))
    return vars(module)[f"{kind}_forward"], vars(module)[f"{kind}_backward"]


class TestWhereANumberIsRead:
    """Which reading of a number is not counted, or which operand of a step was held constant."""

    @pytest.mark.parametrize("kind", INPUTS)
    def test_right(self, kind):
        assert check_layer(*layer(kind), *INPUTS[kind]).holds

    @pytest.mark.parametrize(("kind", "old", "new", "quantity", "said"), MISTAKES)
    def test_named(self, kind, old, new, quantity, said):
        report = check_layer(*layer(kind, old, new), *INPUTS[kind])
        rows = {row.quantity: row for row in report.violations}
        assert any(said in words for words in rows[quantity].says), report
