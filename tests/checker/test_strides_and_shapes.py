"""Words for what goes wrong in shapes: strides, dilations, reshapes, and numbers that are alike."""

import numpy as np
import pytest
from sources import module_of

from proofs.checker import wrong, wrong_edits
from proofs.checker.check_layer import check_layer

SOURCE = """
import numpy as np

def conv_forward(x, w, stride, dil):
    pad, k = 1, w.shape[2]
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    e = (k - 1) * dil + 1
    n = (xp.shape[2] - e) // stride + 1
    out = np.zeros((len(x), len(w), n, n))
    for i in range(n):
        for j in range(n):
            hs, ws = i * stride, j * stride
            patch = xp[:, :, hs : hs + e : dil, ws : ws + e : dil]
            out[:, :, i, j] = np.tensordot(patch, w, axes=([1, 2, 3], [1, 2, 3]))
    return out, (xp, w, stride, dil)

def conv_backward(dout, cache):
    xp, w, stride, dil = cache
    pad, k = 1, w.shape[2]
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            hs, ws, d = i * stride, j * stride, dout[:, :, i, j]
            patch = xp[:, :, hs : hs + k * dil : dil, ws : ws + k * dil : dil]
            dw += np.tensordot(d, patch, axes=(0, 0))
            back = np.tensordot(d, w, axes=1)
            dxp[:, :, hs : hs + k * dil : dil, ws : ws + k * dil : dil] += back
    return dxp[:, :, pad:-pad, pad:-pad], dw

def heads_forward(x, w, nh):
    B, T, D = x.shape
    return (x @ w).reshape(B, T, nh, D // nh).transpose(0, 2, 1, 3), (x, w)

def heads_backward(dout, cache):
    x, w = cache
    dq = dout.transpose(0, 2, 1, 3).reshape(x.shape)
    return dq @ w.T, np.einsum("btd,bte->de", x, dq)

def turned_forward(x):
    return 2 * x.T, x.shape

def turned_backward(dout, shape):
    return 2 * dout.T

def split(x, nh):
    T, D = x.shape
    return x.reshape(T, nh, D // nh).transpose(1, 0, 2)

def attention_forward(x, wq, wk, wv, nh):
    q, k, v = split(x @ wq, nh), split(x @ wk, nh), split(x @ wv, nh)
    s = q @ k.transpose(0, 2, 1) / np.sqrt(q.shape[2])
    p = np.exp(s - s.max(-1, keepdims=True))
    p /= p.sum(-1, keepdims=True)
    return (p @ v).transpose(1, 0, 2).reshape(x.shape), (x, wq, wk, wv, q, k, v, p, nh)

def attention_backward(dout, cache):
    x, wq, wk, wv, q, k, v, p, nh = cache
    d, dh = split(dout, nh), q.shape[2]
    dp = d @ v.transpose(0, 2, 1)
    ds = p * (dp - (dp * p).sum(-1, keepdims=True)) / np.sqrt(dh)
    dq, dk, dv = ds @ k, ds.transpose(0, 2, 1) @ q, p.transpose(0, 2, 1) @ d
    dq = dq.transpose(1, 0, 2).reshape(x.shape)
    dk = dk.transpose(1, 0, 2).reshape(x.shape)
    dv = dv.transpose(1, 0, 2).reshape(x.shape)
    return dq @ wq.T + dk @ wk.T + dv @ wv.T, x.T @ dq, x.T @ dk, x.T @ dv
"""
draw = np.random.default_rng(0).standard_normal
IMAGES, KERNELS = draw((3, 2, 7, 7)), draw((4, 2, 3, 3))
TOKENS, SQUARES = draw((5, 8)), [draw((8, 8)) for _ in range(3)]
INPUTS = {
    "stride": ("conv", IMAGES, KERNELS, 2, 1),
    "dilation": ("conv", IMAGES, KERNELS, 1, 2),
    "heads": ("heads", draw((2, 3, 4)), draw((4, 4)), 2),
    "turned": ("turned", draw((3, 4))),
    "attention": ("attention", TOKENS, *SQUARES, 2),
}
READ = "xp[:, :, hs : hs + k * dil : dil, ws : ws + k * dil : dil]\n            dw"
WRITTEN = "dxp[:, :, hs : hs + k * dil : dil, ws : ws + k * dil : dil]"


def sliced(rows, columns):
    """The two slices of the convolution's backward pass, others."""
    own = ("hs : hs + k * dil : dil", "ws : ws + k * dil : dil")
    return [(old, old.replace(own[0], rows).replace(own[1], columns)) for old in (READ, WRITTEN)]


WRONG = [
    ("stride", sliced("i : i + k", "j : j + k"), {"dx", "dw"},
     "with i * stride:i * stride + k in place of i:i + k and j * stride:j * stride + k in place"),
    ("dilation", sliced("hs : hs + k", "ws : ws + k"), {"dx", "dw"},
     "with hs:hs + k * dil:dil in place of hs:hs + k and ws:ws + k * dil:dil in place of ws"),
    ("dilation", sliced("hs : hs + k", "ws : ws + k")[1:], {"dx"},
     "with hs:hs + k * dil:dil in place of hs:hs + k and ws:ws + k * dil:dil in place of ws"),
    ("heads", [("dout.transpose(0, 2, 1, 3)", "dout")], {"dx", "dw"},
     "delta is only reshaped, where transpose(0, 2, 1, 3) belongs"),
    ("turned", [("2 * dout.T", "2 * dout.reshape(shape)")], {"dx"},
     "it is only reshaped, where transpose(1, 0) belongs"),
    ("attention", [("dv = dv.transpose(1, 0, 2)", "dv = dv")], {"dx", "dwv"},
     "dv.swapaxes(0, 1).reshape(x.shape) in place of dv.reshape"),
    ("attention", [(" / np.sqrt(dh)", "")], {"dx", "dwq", "dwk"},
     "(nh is 2 here, and so is the root of dh: another size would tell which)"),
]  # fmt: skip


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    """A change is looked for until it is found, however busy the machine is."""
    monkeypatch.setattr(wrong_edits, "SECONDS", 20.0)
    monkeypatch.setattr(wrong, "SECONDS", 20.0)


class TestShapes:
    """A stride or a dilation that is forgotten in all lines of a loop, and a reshape in the place
    of a transpose, are named; where two numbers are the same, both are."""

    @staticmethod
    def report_on(name, *changes):
        layer, *inputs = INPUTS[name]
        module = module_of(SOURCE, *changes)
        passes = (getattr(module, f"{layer}_{way}") for way in ("forward", "backward"))
        return check_layer(*passes, *inputs)

    @pytest.mark.parametrize("name", INPUTS)
    def test_right(self, name):
        assert self.report_on(name).holds

    @pytest.mark.parametrize(("name", "changes", "wrong", "words"), WRONG)
    def test_is_named(self, name, changes, wrong, words):
        report = self.report_on(name, *changes)
        assert {row.quantity for row in report.violations} == wrong
        assert all(words in row.says[0] for row in report.violations), str(report)
