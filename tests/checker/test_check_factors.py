"""Words for a factor that is lost or another, for a constant that differs, an inner derivative."""

import numpy as np
import pytest
from sources import module_of

from proofs.checker.check_layer import check_layer

SOURCE = """
import numpy as np

def sigmoid(x):
    return 1 / (1 + np.exp(-x))

def lstm_forward(x, prev_h, prev_c, Wx, Wh, b):
    H = prev_h.shape[1]
    a = x.dot(Wx) + prev_h.dot(Wh) + b
    i = sigmoid(a[:, :H])
    f = sigmoid(a[:, H:2 * H])
    o = sigmoid(a[:, 2 * H:3 * H])
    g = np.tanh(a[:, 3 * H:])
    next_c = f * prev_c + i * g
    next_h = o * np.tanh(next_c)
    cache = (x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c)
    return next_h, next_c, cache

def lstm_backward(dnext_h, dnext_c, cache):
    x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c = cache
    th = np.tanh(next_c)
    dc = dnext_c + dnext_h * o * (1 - th ** 2)
    do = dnext_h * th
    df = dc * prev_c
    di = dc * g
    dg = dc * i
    dprev_c = dc * f
    da = np.hstack((di * i * (1 - i), df * f * (1 - f), do * o * (1 - o), dg * (1 - g ** 2)))
    dx = da.dot(Wx.T)
    dprev_h = da.dot(Wh.T)
    dWx = x.T.dot(da)
    dWh = prev_h.T.dot(da)
    db = da.sum(axis=0)
    return dx, dprev_h, dprev_c, dWx, dWh, db

def gru_forward(x, h, Wz, Wr, Wn, Uz, Ur, Un):
    z = sigmoid(x @ Wz + h @ Uz)
    r = sigmoid(x @ Wr + h @ Ur)
    hu = h @ Un
    n = np.tanh(x @ Wn + r * hu)
    out = (1 - z) * n + z * h
    return out, (x, h, Wz, Wr, Wn, Uz, Ur, Un, z, r, hu, n)

def gru_backward(dout, cache):
    x, h, Wz, Wr, Wn, Uz, Ur, Un, z, r, hu, n = cache
    dz = dout * (h - n)
    dn = dout * (1 - z)
    dh = dout * z
    dan = dn * (1 - n ** 2)
    dr = dan * hu
    dhu = dan * r
    daz = dz * z * (1 - z)
    dar = dr * r * (1 - r)
    dx = daz @ Wz.T + dar @ Wr.T + dan @ Wn.T
    dh = dh + daz @ Uz.T + dar @ Ur.T + dhu @ Un.T
    return (dx, dh, x.T @ daz, x.T @ dar, x.T @ dan, h.T @ daz, h.T @ dar, h.T @ dhu)

def gelu_forward(x):
    t = np.tanh(0.7978845608 * (x + 0.044715 * x ** 3))
    return 0.5 * x * (1 + t), (x, t)

def gelu_backward(dout, cache):
    x, t = cache
    inner = 0.7978845608 * (1 + 3 * 0.044715 * x ** 2)
    return dout * (0.5 * (1 + t) + 0.5 * x * (1 - t ** 2) * inner)

def tanh_gelu_forward(x):
    c = np.sqrt(2 / np.pi)
    return 0.5 * x * (1 + np.tanh(c * (x + 0.044715 * x ** 3))), x

def tanh_gelu_backward(dout, x):
    c = np.sqrt(2 / np.pi)  # again
    t = np.tanh(c * (x + 0.044715 * x ** 3))
    return dout * (0.5 * (1 + t) + 0.5 * x * (1 - t ** 2) * c * (1 + 3 * 0.044715 * x ** 2))

def batchnorm_forward(x, gamma, beta):
    std = np.sqrt(x.var(axis=0) + 1e-5)
    xh = (x - x.mean(axis=0)) / std
    return gamma * xh + beta, (xh, gamma, std)

def batchnorm_backward(dout, cache):
    xh, gamma, std = cache
    n = len(dout)
    dx = gamma / std / n * (n * dout - dout.sum(axis=0) - xh * (dout * xh).sum(axis=0))
    return dx, (dout * xh).sum(axis=0), dout.sum(axis=0)

def attention_forward(x, Wq, Wk, Wv):
    q, k, v = x @ Wq, x @ Wk, x @ Wv
    s = q @ k.T / np.sqrt(q.shape[1])
    e = np.exp(s - s.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return p @ v, (x, Wq, Wk, Wv, q, k, v, p)

def attention_backward(dout, cache):
    x, Wq, Wk, Wv, q, k, v, p = cache
    dv = p.T @ dout
    dp = dout @ v.T
    ds = p * (dp - (dp * p).sum(axis=1, keepdims=True)) / np.sqrt(q.shape[1])
    dq = ds @ k
    dk = ds.T @ q
    return dq @ Wq.T + dk @ Wk.T + dv @ Wv.T, x.T @ dq, x.T @ dk, x.T @ dv

def leaky_forward(x):
    return np.where(x > 0, x, 0.01 * x), x

def leaky_backward(dout, x):
    return dout * np.where(x > 0, 1, 0.01)

def softplus_forward(x):
    return np.log(1 + np.exp(x)), x

def softplus_backward(dout, x):
    return dout * sigmoid(x)

def rms_forward(x, g, eps=1e-2):
    r = 1 / np.sqrt((x ** 2).mean(axis=-1, keepdims=True) + eps)
    return x * r * g, (x, r, g)

def rms_backward(dout, cache):
    x, r, g = cache
    d = dout * g
    dx = r * d - x * r ** 3 * (d * x).mean(axis=-1, keepdims=True)
    return dx, (dout * x * r).sum(axis=0)

def gate_forward(x, w):
    l = x @ w
    e = np.exp(l - l.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return p, (x, w, p)

def gate_backward(dout, cache):
    x, w, p = cache
    dl = p * (dout - (dout * p).sum(axis=1, keepdims=True))
    return dl @ w.T, x.T @ dl

def dense_forward(x, w):
    a = 1.0 / (1.0 + np.exp(-(x @ w)))
    return a, (x, w, a)

def dense_backward(dout, cache):
    x, w, a = cache
    dz = dout * a * (1 - a)
    return dz @ w.T, x.T @ dz

def swish_forward(x, w):
    z = x @ w
    return z / (1 + np.exp(-z)), (x, w, z)

def swish_backward(dout, cache):
    x, w, z = cache
    s = 1 / (1 + np.exp(-z))
    dz = dout * (s + z * s * (1 - s))
    return dz @ w.T, x.T @ dz

def softmax(x, axis=-1):
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)

def mix_forward(q, k, v):
    out = 0
    for n in range(2):
        a = softmax(q[n] @ k.T)
        out = out + softmax(v, axis=0).sum() * a @ v
    return out, (q, k, v)

def mix_backward(dout, cache):
    q, k, v = cache
    total, dq = softmax(v, axis=0).sum(), np.zeros(q.shape)
    for n in range(2):
        a = softmax(q[n] @ k.T)
        da = total * dout @ v.T
        dq[n] = a * (da - (da * a).sum(axis=1, keepdims=True)) @ k
    return dq, None, None

def centred_forward(x):
    xc = x - np.mean(x, axis=0)
    sd = np.sqrt(np.mean(xc ** 2, axis=0) + 0.1)
    return xc / sd, (xc, sd)

def centred_backward(dout, cache):
    xc, sd = cache
    n = len(xc)
    dxc = dout / sd
    dxc += 2 / n * xc * (-np.sum(dout * xc, axis=0) / (2 * sd ** 3))
    return dxc - dxc.mean(axis=0)
"""
draw = np.random.default_rng(0).standard_normal
INPUTS = {
    "tanh_gelu": (draw((4, 5)),),
    "batchnorm": (draw((6, 4)), 1 + draw(4) / 4, draw(4)),
    "attention": (draw((5, 3)), draw((3, 4)), draw((3, 4)), draw((3, 4))),
    "lstm": (draw((3, 2)), draw((3, 3)), draw((3, 3)), draw((2, 12)), draw((3, 12)), draw(12)),
    "gru": (draw((4, 5)), draw((4, 3)), *(draw((5, 3)) / 2 for _ in "zrn"),
            *(draw((3, 3)) / 2 for _ in "zrn")),
    "gelu": (draw((5, 7)),),
    "leaky": (draw((5, 7)),),
    "softplus": (draw((5, 7)),),
    "rms": (draw((4, 6)), draw(6)),
    "gate": (draw((4, 3)), draw((3, 5))),
    "dense": (draw((4, 3)), draw((3, 5))),
    "swish": (draw((4, 3)), draw((3, 5))),
    "mix": (draw((2, 4, 3)), draw((5, 3)), draw((5, 3))),
    "centred": (draw((4, 3)),),
}  # fmt: skip


def report_on(name, old="", new=""):
    """The report on a cell, one line of its backward pass changed."""
    head, tail = SOURCE.split(f"def {name}_backward")
    assert old in tail
    text = f"{head}def {name}_backward{tail.replace(old, new, 1)}"
    module = module_of(text)
    forward, backward = (getattr(module, f"{name}_{which}") for which in ("forward", "backward"))
    return check_layer(forward, backward, *INPUTS[name])


NAMED = [
    ("lstm", "dprev_c = dc * f", "dprev_c = dc", {"dprev_c"}, "the factor f of prev_c in f * prev_c is left out"),
    ("lstm", "dprev_c = dc * f", "dprev_c = dc * i", {"dprev_c"}, "the slope of prev_c in f * prev_c is taken as i"),
    ("lstm", "dg = dc * i", "dg = dc * f", {"dx", "dprev_h", "dWx", "dWh", "db"}, "the slope of g in i * g is taken as f"),
    ("lstm", "di * i * (1 - i), df * f * (1 - f)", "df * f * (1 - f), di * i * (1 - i)",
     {"dx", "dprev_h", "dWx", "dWh", "db"}, "blocks 1 and 2 of 4 along axis 1 stand in each other's place"),
    ("lstm", "do = dnext_h * th", "do = dnext_h * next_c", {"dx", "dprev_h", "dWx", "dWh", "db"},
     "the slope of o in o * np.tanh(next_c) is taken as next_c"),
    ("gru", "dz = dout * (h - n)", "dz = dout * (n - h)", {"dx", "dh", "dWz", "dUz"},
     " sign"),
    ("gru", "dh = dout * z", "dh = dout * (1 - z)", {"dh"}, "the slope of h in z * h is taken as 1 - z"),
    ("gru", "dr = dan * hu", "dr = dan * h", {"dx", "dh", "dWr", "dUr"}, "the slope of r in r * hu is taken as h"),
    ("gru", "dhu = dan * r", "dhu = dan", {"dh", "dUn"}, "the factor r of hu in r * hu is left out"),
    ("gelu", "3 * 0.044715", "0.044715", {"dx"}, "what goes through x in x ** 3 is counted 0.333333 times"),
    ("gelu", "inner = 0.7978845608", "inner = 0.8", {"dx"}, "is counted 1.00265 times"),
    ("gelu", "inner = 0.7978845608 * (1 + 3 * 0.044715 * x ** 2)", "inner = 1", {"dx"}, "is left out (line"),
    ("leaky", "0.01)", "0.1)", {"dx"}, "as if 0.01 in leaky_forward were 0.1, as in leaky_backward"),
    ("gate", "(dout - (dout * p).sum(axis=1, keepdims=True))", "(1 - p) * dout", {"dx", "dw"},
     "the slope of the softmax in e / e.sum(axis=1, keepdims=True) (line"),
    ("dense", "a * (1 - a)", "(1 - a)", {"dx", "dw"},
     "the slope of the sigmoid in 1.0 / (1.0 + np.exp(-(x @ w))) (line"),
    ("swish", "z * s * (1 - s)", "s * (1 - s)", {"dx", "dw"},
     "the slope of the SiLU in z / (1 + np.exp(-z)) (line"),
    ("mix", "a * (da - (da * a).sum(axis=1, keepdims=True)) @ k", "(a * (1 - a) * da) @ k", {"dq"},
     "the Jacobian of softmax was cut to its diagonal: the sum over k was dropped"),
    ("mix", "return dq, None", "dq[1] *= 3\n    return dq, None", {"dq"},
     "index 1 of axis 0 is 3 times what it should be"),
    ("centred", "dxc += 2 / n", "dxc += 1 / n", {"dx"}, "what goes through xc in xc ** 2 is counted 0.5 times"),
    ("rms", "(d * x).mean", "(d * x).sum", {"dx"}, "a sum stands for the mean in"),
    ("rms", "x * r ** 3", "x * r ** 2", {"dx"}, "what goes through r is divided by r once too often"),
    ("rms", "x * r ** 3", "x * r ** 5", {"dx"}, "what goes through r is multiplied by r twice too often"),
    ("batchnorm", "gamma / std / n *", "gamma / std ** 2 / n *", {"dx"}, "it is divided by std once too often"),
    ("batchnorm", "xh * (dout * xh).sum(axis=0))", "xh * (dout * xh).sum(axis=0) / std)", {"dx"},
     "what goes through std is divided by std once too often"),
    ("tanh_gelu", "c = np.sqrt(2 / np.pi)  # again", "c = np.sqrt(2 * np.pi)", {"dx"},
     "as if np.sqrt(2 / np.pi) in tanh_gelu_forward were np.sqrt(2 * np.pi), as in tanh_gelu_backward"),
    ("tanh_gelu", "c = np.sqrt(2 / np.pi)  # again", "c = 0.8", {"dx"},
     "as if np.sqrt(2 / np.pi) in tanh_gelu_forward were 0.8, as in tanh_gelu_backward"),
    ("lstm", "do = dnext_h * th", "do = dnext_h * np.tanh(prev_c)", {"dx", "dprev_h", "dWx", "dWh", "db"},
     "it would be right with next_c in place of prev_c, in line"),
    ("lstm", "df = dc * prev_c", "df = dc * np.tanh(prev_c)", {"dx", "dprev_h", "dWx", "dWh", "db"},
     "df = dc * np.tanh(prev_c): df is not the error of f, at"),
    ("lstm", "da = np.hstack((di *", "di, df = df, di\n    da = np.hstack((di *", {"dx", "dprev_h", "dWx", "dWh", "db"},
     "the error of f stands for the error of i; and the error of i stands for the error of f"),
    ("lstm", "da = np.hstack((di * i * (1 - i), df * f * (1 - f),", "da = np.hstack((df * f * (1 - f), di * i * (1 - i),",
     {"dx", "dprev_h", "dWx", "dWh", "db"}, "da is not the error of a, at"),
    ("attention", "dv = p.T @ dout", "dv = p @ dout", {"dx", "dWv"}, "it would be right with p.T @ dout in place of p @ dout, in line"),
    ("attention", "dk = ds.T @ q", "dk = ds @ q", {"dx", "dWk"}, "it would be right with ds.T @ q in place of ds @ q, in line"),
    ("attention", "(dp * p).sum(axis=1, keepdims=True)", "(dp * p).sum(axis=0, keepdims=True)", {"dx", "dWq", "dWk"},
     "it would be right with (dp * p).sum(axis=-1, keepdims=True) in place of (dp * p).sum(axis=0,"),
]  # fmt: skip


class TestNamed:
    """What was lost, or taken for something else, is quoted from the user's own forward pass."""

    @pytest.mark.parametrize(("name", "old", "new", "wrong", "words"), NAMED)
    def test_named(self, name, old, new, wrong, words):
        report = report_on(name, old, new)
        assert {row.quantity for row in report.violations} == wrong
        assert words in str(report)

    @pytest.mark.parametrize("name", INPUTS)
    def test_right(self, name):
        assert report_on(name).holds

    def test_two_mistakes_at_once_are_given_no_words(self):
        report = report_on("lstm", "dprev_c = dc * f", "dprev_c = dc * f * i + 0.3 * dnext_h")
        [row] = report.violations
        assert row.says == ()

    def test_the_code_is_left_as_it_was(self):
        module = module_of(SOURCE)
        before = module.leaky_forward.__code__
        check_layer(module.leaky_forward, lambda d, x: d * np.where(x > 0, 1, 0.2), draw((3, 4)))
        assert module.leaky_forward.__code__ is before


def test_the_functions_of_others_stay_as_they_are():
    """A number is tried in a copy of a function: another thread may be calling the function."""
    seen = set()

    def leaky_forward(x):
        seen.add(leaky_forward.__code__)
        return np.where(x > 0, x, 0.01 * x), x

    def leaky_backward(dout, x):
        return dout * np.where(x > 0, 1, 0.1)

    x = np.random.default_rng(0).standard_normal((3, 4))
    report = check_layer(leaky_forward, leaky_backward, x)
    assert "as if 0.01 in leaky_forward were 0.1, as in leaky_backward" in str(report)
    assert len(seen) == 1
