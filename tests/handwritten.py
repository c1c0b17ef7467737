"""Layers and models as people write them in NumPy for a course; they know of no checker."""

import numpy as np

# Layers: x_forward(x, ...) -> out, cache; x_backward(dout, cache) -> gradients.


def affine_forward(x, w, b):
    return x.reshape(len(x), -1).dot(w) + b, (x, w)


def affine_backward(dout, cache):
    x, w = cache
    flat = x.reshape(len(x), -1)
    return dout.dot(w.T).reshape(x.shape), flat.T.dot(dout), dout.sum(axis=0)


def relu_forward(x):
    return np.maximum(0, x), x


def relu_backward(dout, x):
    return dout * (x > 0)


def conv_forward(x, w, b, pad=1):
    N, _, H, W = x.shape
    F, _, kh, kw = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    out = np.zeros((N, F, H + 2 * pad - kh + 1, W + 2 * pad - kw + 1))
    for f in range(F):
        for i in range(out.shape[2]):
            for j in range(out.shape[3]):
                out[:, f, i, j] = (xp[:, :, i : i + kh, j : j + kw] * w[f]).sum(axis=(1, 2, 3)) + b[
                    f
                ]
    return out, (xp, w, pad)


def conv_backward(dout, cache):
    xp, w, pad = cache
    kh, kw = w.shape[2:]
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    for f in range(len(w)):
        for i in range(dout.shape[2]):
            for j in range(dout.shape[3]):
                g = dout[:, f, i, j].reshape(-1, 1, 1, 1)
                dxp[:, :, i : i + kh, j : j + kw] += w[f] * g
                dw[f] += (xp[:, :, i : i + kh, j : j + kw] * g).sum(axis=0)
    return dxp[:, :, pad:-pad, pad:-pad], dw, dout.sum(axis=(0, 2, 3))


def gconv_forward(x, w, b, stride=2, groups=2):
    """Grouped, with stride, by windows."""
    N = len(x)
    F, c, kh, kw = w.shape
    win = np.lib.stride_tricks.sliding_window_view(x, (kh, kw), axis=(2, 3))
    win = win[:, :, ::stride, ::stride]
    win = win.reshape(N, groups, c, *win.shape[2:])
    wg = w.reshape(groups, F // groups, c, kh, kw)
    out = np.einsum("ngcijhw,gfchw->ngfij", win, wg)
    return out.reshape(N, F, *out.shape[3:]) + b[:, None, None], (x, win, wg, stride)


def gconv_backward(dout, cache):
    x, win, wg, stride = cache
    G, f, c, kh, kw = wg.shape
    d = dout.reshape(len(x), G, f, *dout.shape[2:])
    dw = np.einsum("ngcijhw,ngfij->gfchw", win, d).reshape(G * f, c, kh, kw)
    dwin = np.einsum("ngfij,gfchw->ngcijhw", d, wg).reshape(*x.shape[:2], *dout.shape[2:], kh, kw)
    dx = np.zeros(x.shape)
    for i in range(dout.shape[2]):
        for j in range(dout.shape[3]):
            s, t = i * stride, j * stride
            dx[:, :, s : s + kh, t : t + kw] += dwin[:, :, i, j]
    return dx, dw, dout.sum(axis=(0, 2, 3))


def maxpool_forward(x, k=2):
    N, C, H, W = x.shape
    win = x[:, :, : H // k * k, : W // k * k].reshape(N, C, H // k, k, W // k, k)
    return win.max(axis=(3, 5)), (x, win)


def maxpool_backward(dout, cache):
    x, win = cache
    hit = win == win.max(axis=(3, 5), keepdims=True)
    shared = hit / hit.sum(axis=(3, 5), keepdims=True)  # of equal numbers each gets its part
    dwin = shared * dout[:, :, :, None, :, None]
    dx = np.zeros(x.shape)
    N, C, h, k, w, _ = win.shape
    dx[:, :, : h * k, : w * k] = dwin.reshape(N, C, h * k, w * k)
    return dx


def batchnorm_forward(x, gamma, beta, eps=1e-5):
    """Over examples and places, for each channel."""
    axes = (0, *range(2, x.ndim))
    shape = (1, -1, *(1,) * (x.ndim - 2))
    mean = x.mean(axis=axes, keepdims=True)
    var = x.var(axis=axes, keepdims=True)
    xhat = (x - mean) / np.sqrt(var + eps)
    return gamma.reshape(shape) * xhat + beta.reshape(shape), (
        xhat,
        gamma.reshape(shape),
        var + eps,
    )


def batchnorm_backward(dout, cache):
    xhat, gamma, v = cache
    axes = (0, *range(2, dout.ndim))
    m = dout.size // dout.shape[1]
    d = dout * gamma
    mean = d.sum(axis=axes, keepdims=True) / m
    along = xhat * (d * xhat).sum(axis=axes, keepdims=True) / m
    return (d - mean - along) / np.sqrt(v), (dout * xhat).sum(axis=axes), dout.sum(axis=axes)


def softmax(s):
    e = np.exp(s - s.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def loss_forward(s, y):
    n = np.arange(len(y))
    top = s.max(axis=1, keepdims=True)
    logz = np.log(np.exp(s - top).sum(axis=1, keepdims=True)) + top
    return -(s - logz)[n, y].mean(), (np.exp(s - logz), y)


def loss_backward(dout, cache):
    p, y = cache
    ds = p.copy()
    ds[np.arange(len(y)), y] -= 1
    return dout * ds / len(y)


def embedding_forward(idx, W):
    return W[idx], (idx, W.shape)


def embedding_backward(dout, cache):
    idx, shape = cache
    dW = np.zeros(shape)
    np.add.at(dW, idx, dout)
    return dW


def linear_forward(x, w):
    return x @ w, (x, w)


def linear_backward(dout, cache):
    x, w = cache
    return dout @ w.T, np.einsum("bti,btj->ij", x, dout)


def unembed_forward(x, W):
    return x @ W.T, (x, W)


def unembed_backward(dout, cache):
    x, W = cache
    return dout @ W, np.einsum("btv,btd->vd", dout, x)


def layernorm_forward(x, gamma, beta, eps=1e-5):
    mu = x.mean(axis=-1, keepdims=True)
    var = x.var(axis=-1, keepdims=True)
    xhat = (x - mu) / np.sqrt(var + eps)
    return gamma * xhat + beta, (xhat, gamma, np.sqrt(var + eps))


def layernorm_backward(dout, cache):
    xhat, gamma, sd = cache
    d = dout * gamma
    mean = d.mean(axis=-1, keepdims=True)
    along = xhat * (d * xhat).mean(axis=-1, keepdims=True)
    axes = tuple(range(dout.ndim - 1))
    return (d - mean - along) / sd, (dout * xhat).sum(axis=axes), dout.sum(axis=axes)


def rmsnorm_forward(x, g, eps=1e-6):
    r = 1 / np.sqrt(np.mean(x**2, axis=-1, keepdims=True) + eps)
    return x * r * g, (x, r, g)


def rmsnorm_backward(dout, cache):
    x, r, g = cache
    d = dout * g
    dx = r * d - x * r**3 * np.mean(d * x, axis=-1, keepdims=True)
    return dx, (dout * x * r).sum(axis=tuple(range(x.ndim - 1)))


def rope_forward(x, base=10000.0):
    T, d = x.shape[-2:]
    angle = np.arange(T)[:, None] * base ** (-np.arange(0, d, 2) / d)
    c, s = np.cos(angle), np.sin(angle)
    out = np.empty_like(x)
    out[..., 0::2] = x[..., 0::2] * c - x[..., 1::2] * s
    out[..., 1::2] = x[..., 0::2] * s + x[..., 1::2] * c
    return out, (c, s)


def rope_backward(dout, cache):
    c, s = cache
    dx = np.empty_like(dout)
    dx[..., 0::2] = dout[..., 0::2] * c + dout[..., 1::2] * s
    dx[..., 1::2] = -dout[..., 0::2] * s + dout[..., 1::2] * c
    return dx


def attention_forward(q, k, v):
    T, d = q.shape[-2:]
    s = q @ k.swapaxes(-1, -2) / np.sqrt(d)
    s = np.where(np.tri(T) == 0, -np.inf, s)
    p = softmax(s)
    return p @ v, (q, k, v, p)


def attention_backward(dout, cache):
    q, k, v, p = cache
    d = q.shape[-1]
    dv = p.swapaxes(-1, -2) @ dout
    dp = dout @ v.swapaxes(-1, -2)
    ds = p * (dp - (dp * p).sum(axis=-1, keepdims=True)) / np.sqrt(d)
    return ds @ k, ds.swapaxes(-1, -2) @ q, dv


def sigmoid(x):
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, e) / (1 + e)


def swiglu_forward(x, w, v):
    a, g = x @ w, x @ v
    s = sigmoid(a)
    return a * s * g, (x, w, v, a, g, s)


def swiglu_backward(dout, cache):
    x, w, v, a, g, s = cache
    da = dout * g * s * (1 + a * (1 - s))
    dg = dout * a * s
    return da @ w.T + dg @ v.T, np.einsum("bti,btj->ij", x, da), np.einsum("bti,btj->ij", x, dg)


def smooth_forward(s, y, eps=0.1, ignore=-100):
    """Categorical cross-entropy with label smoothing; places with y = ignore do not count."""
    K = s.shape[-1]
    top = s.max(axis=-1, keepdims=True)
    logz = np.log(np.exp(s - top).sum(axis=-1, keepdims=True)) + top
    keep = y != ignore
    t = np.full(s.shape, eps / K)
    b, i = np.nonzero(keep)
    t[b, i, y[b, i]] += 1 - eps
    return (((logz - s) * t).sum(axis=-1) * keep).sum() / keep.sum(), (np.exp(s - logz), t, keep)


def smooth_backward(dout, cache):
    p, t, keep = cache
    return dout * (p - t) * keep[..., None] / keep.sum()


def lstm_forward(x, h, c, Wx, Wh, b):
    H = h.shape[1]
    a = x @ Wx + h @ Wh + b
    i, f, o = (sigmoid(a[:, k * H : (k + 1) * H]) for k in range(3))
    g = np.tanh(a[:, 3 * H :])
    cn = f * c + i * g
    return o * np.tanh(cn), cn, (x, h, c, Wx, Wh, i, f, o, g, cn)


def lstm_backward(dh, dc, cache):
    x, h, c, Wx, Wh, i, f, o, g, cn = cache
    th = np.tanh(cn)
    dc = dc + dh * o * (1 - th**2)
    di, df = dc * g * i * (1 - i), dc * c * f * (1 - f)
    do, dg = dh * th * o * (1 - o), dc * i * (1 - g**2)
    da = np.hstack([di, df, do, dg])
    return da @ Wx.T, da @ Wh.T, dc * f, x.T @ da, h.T @ da, da.sum(axis=0)


# Models: a step(params, x, y) -> loss, gradients.


def conv_net(P, x, y):
    z1, c1 = conv_forward(x, P["w1"], P["b1"])
    n1, c2 = batchnorm_forward(z1, P["g1"], P["h1"])
    a1, c3 = relu_forward(n1)
    z2, c4 = gconv_forward(a1, P["w2"], P["b2"])
    a2, c5 = relu_forward(z2)
    p, c6 = maxpool_forward(a2)
    s, c7 = affine_forward(p, P["w3"], P["b3"])
    loss, c8 = loss_forward(s, y)

    G = {}
    ds = loss_backward(1.0, c8)
    dp, G["w3"], G["b3"] = affine_backward(ds, c7)
    da2 = maxpool_backward(dp, c6)
    dz2 = relu_backward(da2, c5)
    da1, G["w2"], G["b2"] = gconv_backward(dz2, c4)
    dn1 = relu_backward(da1, c3)
    dz1, G["g1"], G["h1"] = batchnorm_backward(dn1, c2)
    _, G["w1"], G["b1"] = conv_backward(dz1, c1)
    return loss, G


def heads(x, h):
    B, T, D = x.shape
    return x.reshape(B, T, h, D // h).transpose(0, 2, 1, 3)


def merged(x):
    B, h, T, d = x.shape
    return x.transpose(0, 2, 1, 3).reshape(B, T, h * d)


def transformer(P, idx, y, h=2):
    """A pre-norm block between a tied embedding and its transpose."""
    x0, c0 = embedding_forward(idx, P["wte"])
    n1, c1 = layernorm_forward(x0, P["g1"], P["h1"])
    q, cq = linear_forward(n1, P["wq"])
    k, ck = linear_forward(n1, P["wk"])
    v, cv = linear_forward(n1, P["wv"])
    rq, crq = rope_forward(heads(q, h))
    rk, crk = rope_forward(heads(k, h))
    o, ca = attention_forward(rq, rk, heads(v, h))
    z, co = linear_forward(merged(o), P["wo"])
    x1 = x0 + z
    n2, c2 = layernorm_forward(x1, P["g2"], P["h2"])
    m, cm = swiglu_forward(n2, P["wg"], P["wu"])
    u, cd = linear_forward(m, P["wd"])
    x2 = x1 + u
    n3, c3 = layernorm_forward(x2, P["g3"], P["h3"])
    s, cu = unembed_forward(n3, P["wte"])
    loss, cl = smooth_forward(s, y)

    G = {}
    ds = smooth_backward(1.0, cl)
    dn3, G["wte"] = unembed_backward(ds, cu)
    dx2, G["g3"], G["h3"] = layernorm_backward(dn3, c3)
    dm, G["wd"] = linear_backward(dx2, cd)
    dn2, G["wg"], G["wu"] = swiglu_backward(dm, cm)
    dx1, G["g2"], G["h2"] = layernorm_backward(dn2, c2)
    dx1 = dx1 + dx2
    do, G["wo"] = linear_backward(dx1, co)
    drq, drk, dv = attention_backward(heads(do, h), ca)
    dq, dk = rope_backward(drq, crq), rope_backward(drk, crk)
    d1, G["wq"] = linear_backward(merged(dq), cq)
    d2, G["wk"] = linear_backward(merged(dk), ck)
    d3, G["wv"] = linear_backward(merged(dv), cv)
    dx0, G["g1"], G["h1"] = layernorm_backward(d1 + d2 + d3, c1)
    dx0 = dx0 + dx1
    G["wte"] += embedding_backward(dx0, c0)
    return loss, G


def lstm_net(P, x, y):
    N, T, _ = x.shape
    H = len(P["Wh"])
    h, c, caches = np.zeros((N, H)), np.zeros((N, H)), []
    for t in range(T):
        h, c, cache = lstm_forward(x[:, t], h, c, P["Wx"], P["Wh"], P["b"])
        caches.append(cache)
    s, cs = affine_forward(h, P["V"], P["d"])
    loss, cl = loss_forward(s, y)

    G = {name: np.zeros_like(w) for name, w in P.items()}
    dh, G["V"], G["d"] = affine_backward(loss_backward(1.0, cl), cs)
    dc = np.zeros((N, H))
    for t in reversed(range(T)):
        _, dh, dc, dWx, dWh, db = lstm_backward(dh, dc, caches[t])
        G["Wx"] += dWx
        G["Wh"] += dWh
        G["b"] += db
    return loss, G


# Inputs.


def example(model, seed=5):
    """Parameters and data for a model."""
    r = np.random.default_rng(seed).standard_normal
    if model == "conv_net":
        P = {"w1": r((4, 2, 3, 3)) / 3, "b1": r(4), "g1": r(4), "h1": r(4)}
        P |= {"w2": r((4, 2, 3, 3)) / 3, "b2": r(4), "w3": r((4, 3)) / 2, "b3": r(3)}
        return P, r((3, 2, 6, 6)), np.array([0, 2, 1])
    if model == "transformer":
        D, V, M = 8, 7, 12
        sizes = {"wte": (V, D), "wq": (D, D), "wk": (D, D), "wv": (D, D), "wo": (D, D)}
        sizes |= {"wg": (D, M), "wu": (D, M), "wd": (M, D)}
        sizes |= dict.fromkeys(("g1", "h1", "g2", "h2", "g3", "h3"), (D,))
        idx = np.array([[1, 2, 3, 2, 0], [4, 4, 0, 6, 5]])
        y = np.array([[2, 3, 2, 0, -100], [4, 0, 6, 5, 1]])
        return {name: r(size) / 2 for name, size in sizes.items()}, idx, y
    H = 4
    P = {"Wx": r((3, 4 * H)) / 2, "Wh": r((H, 4 * H)) / 2, "b": r(4 * H), "V": r((H, 3)), "d": r(3)}
    return P, r((3, 5, 3)), np.array([0, 2, 1])


def layers(seed=0):
    """Inputs for each layer."""
    r = np.random.default_rng(seed).standard_normal
    y = np.array([0, 2, 1, 2])
    qkv = [r((2, 2, 4, 6)) for _ in range(3)]
    return {
        "affine": [r((4, 2, 3)), r((6, 5)), r(5)],
        "relu": [r((4, 5))],
        "conv": [r((2, 3, 5, 5)), r((2, 3, 3, 3)), r(2)],
        "gconv": [r((2, 4, 7, 6)), r((4, 2, 3, 3)), r(4)],
        "maxpool": [r((2, 3, 5, 4))],
        "batchnorm": [r((3, 4, 2, 2)) * 3 + 2, r(4), r(4)],
        "loss": [r((4, 3)), y],
        "embedding": [np.array([[0, 2, 2], [3, 0, 1]]), r((5, 3))],
        "linear": [r((2, 3, 4)), r((4, 5))],
        "unembed": [r((2, 3, 4)), r((5, 4))],
        "layernorm": [r((2, 4, 6)) * 3 + 2, r(6), r(6)],
        "rmsnorm": [r((2, 3, 6)), r(6)],
        "rope": [r((2, 4, 6))],
        "attention": qkv,
        "swiglu": [r((2, 3, 4)), r((4, 5)), r((4, 5))],
        "smooth": [r((2, 2, 3)), np.array([[0, -100], [1, 2]])],
        "lstm": [r((2, 3)), r((2, 4)), r((2, 4)), r((3, 16)) / 2, r((4, 16)) / 2, r(16)],
    }
