"""Fifteen more kinds of layers as people write them in NumPy; they know of no checker."""

import numpy as np


def sig(z):
    return 1 / (1 + np.exp(-z))


# Group norm.


def gn_forward(x, gamma, beta, G=2, eps=1e-5):
    N, C, H, W = x.shape
    xg = x.reshape(N, G, C // G * H * W)
    mu = xg.mean(-1, keepdims=True)
    var = xg.var(-1, keepdims=True)
    inv = 1 / np.sqrt(var + eps)
    xh = ((xg - mu) * inv).reshape(x.shape)
    return gamma[None, :, None, None] * xh + beta[None, :, None, None], (xh, gamma, inv, G)


def gn_backward(dout, cache):
    xh, gamma, inv, G = cache
    N, _C, _H, _W = dout.shape
    dbeta = dout.sum((0, 2, 3))
    dgamma = (dout * xh).sum((0, 2, 3))
    dxh = (dout * gamma[None, :, None, None]).reshape(N, G, -1)
    xhg = xh.reshape(N, G, -1)
    m = xhg.shape[-1]
    dx = inv / m * (m * dxh - dxh.sum(-1, keepdims=True) - xhg * (dxh * xhg).sum(-1, keepdims=True))
    return dx.reshape(dout.shape), dgamma, dbeta


# Depthwise conv.


def dw_forward(x, w, b):
    _N, _C, H, W = x.shape
    k = w.shape[-1]
    p = k // 2
    xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    out = np.zeros_like(x)
    for i in range(k):
        for j in range(k):
            out += xp[:, :, i : i + H, j : j + W] * w[None, :, i, j, None, None]
    return out + b[None, :, None, None], (xp, w, p)


def dw_backward(dout, cache):
    xp, w, p = cache
    _N, _C, H, W = dout.shape
    k = w.shape[-1]
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    for i in range(k):
        for j in range(k):
            dxp[:, :, i : i + H, j : j + W] += dout * w[None, :, i, j, None, None]
            dw[:, i, j] = (dout * xp[:, :, i : i + H, j : j + W]).sum((0, 2, 3))
    return dxp[:, :, p:-p, p:-p], dw, dout.sum((0, 2, 3))


# Gru over time.


def gru_forward(xs, h0, W, U, b):
    H = h0.shape[1]
    hs = [h0]
    cache = []
    for t in range(xs.shape[0]):
        x, h = xs[t], hs[-1]
        a = x @ W + b
        u = h @ U
        z = sig(a[:, :H] + u[:, :H])
        r = sig(a[:, H : 2 * H] + u[:, H : 2 * H])
        n = np.tanh(a[:, 2 * H :] + r * u[:, 2 * H :])
        hn = (1 - z) * h + z * n
        cache.append((x, h, z, r, n, u[:, 2 * H :]))
        hs.append(hn)
    return np.stack(hs[1:]), (cache, W, U)


def gru_backward(dhs, c):
    cache, W, U = c
    dW = np.zeros_like(W)
    dU = np.zeros_like(U)
    db = np.zeros(W.shape[1])
    dxs = np.zeros((len(cache), *cache[0][0].shape))
    dh = 0
    for t in reversed(range(len(cache))):
        x, h, z, r, n, un = cache[t]
        dh = dh + dhs[t]
        dn = dh * z
        dz = dh * (n - h)
        dhp = dh * (1 - z)
        dan = dn * (1 - n * n)
        dr = dan * un
        dun = dan * r
        daz = dz * z * (1 - z)
        dar = dr * r * (1 - r)
        da = np.concatenate([daz, dar, dan], 1)
        du = np.concatenate([daz, dar, dun], 1)
        dW += x.T @ da
        dU += h.T @ du
        db += da.sum(0)
        dxs[t] = da @ W.T
        dh = dhp + du @ U.T
    return dxs, dh, dW, dU, db


# Layer scale + residual.


def ls_forward(x, w, g):
    y = np.maximum(x @ w, 0)
    return x + g * y, (x, w, g, y)


def ls_backward(d, c):
    x, w, g, y = c
    dy = d * g * (y > 0)
    return d + dy @ w.T, x.T @ dy, (d * y).sum(0)


# Gated mlp.


def glu_forward(x, Wg, Wu, Wd):
    a = x @ Wg
    u = x @ Wu
    s = sig(a)
    h = a * s * u
    return h @ Wd, (x, Wg, Wu, Wd, a, u, s, h)


def glu_backward(d, c):
    x, Wg, Wu, Wd, a, u, s, h = c
    dWd = h.T @ d
    dh = d @ Wd.T
    du = dh * a * s
    da = dh * u * (s + a * s * (1 - s))
    return da @ Wg.T + du @ Wu.T, x.T @ da, x.T @ du, dWd


# Cross attention.


def softmax(x, axis=-1):
    e = np.exp(x - x.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def xa_forward(x, m, Wq, Wk, Wv):
    q = x @ Wq
    k = m @ Wk
    v = m @ Wv
    p = softmax(q @ k.transpose(0, 2, 1) / np.sqrt(q.shape[-1]))
    return p @ v, (x, m, Wq, Wk, Wv, q, k, v, p)


def xa_backward(d, c):
    x, m, Wq, Wk, Wv, q, k, v, p = c
    dv = p.transpose(0, 2, 1) @ d
    dp = d @ v.transpose(0, 2, 1)
    ds = p * (dp - np.sum(dp * p, -1, keepdims=True)) / np.sqrt(q.shape[-1])
    dq = ds @ k
    dk = ds.transpose(0, 2, 1) @ q
    return (
        dq @ Wq.T,
        dk @ Wk.T + dv @ Wv.T,
        np.einsum("bti,btj->ij", x, dq),
        np.einsum("bti,btj->ij", m, dk),
        np.einsum("bti,btj->ij", m, dv),
    )


# Alibi.


def al_forward(q, k, v, slope):
    T = q.shape[-2]
    dist = np.arange(T)[None, :] - np.arange(T)[:, None]
    s = np.einsum("htd,hsd->hts", q, k) / np.sqrt(q.shape[-1]) + slope[:, None, None] * dist
    s = np.where(dist > 0, -np.inf, s)
    p = softmax(s)
    return np.einsum("hts,hsd->htd", p, v), (q, k, v, p, dist)


def al_backward(d, c):
    q, k, v, p, dist = c
    dv = np.einsum("hts,htd->hsd", p, d)
    dp = np.einsum("htd,hsd->hts", d, v)
    ds = p * (dp - (dp * p).sum(-1, keepdims=True))
    dslope = (ds * dist).sum((1, 2))
    ds = ds / np.sqrt(q.shape[-1])
    return np.einsum("hts,hsd->htd", ds, k), np.einsum("hts,htd->hsd", ds, q), dv, dslope


# Log softmax loss.

Y = np.array([0, 2, 1, 3, 0])


def nll_forward(x):
    z = x - x.max(1, keepdims=True)
    lp = z - np.log(np.exp(z).sum(1, keepdims=True))
    return -lp[np.arange(len(Y)), Y].sum() / len(Y), lp


def nll_backward(d, lp):
    g = np.exp(lp)
    g[np.arange(len(Y)), Y] -= 1
    return d * g / len(Y)


# Hinge.


def hinge_forward(s):
    n = len(Y)
    m = s - s[np.arange(n), Y][:, None] + 1
    m[np.arange(n), Y] = 0
    m = np.maximum(m, 0)
    return m.sum() / n, (m,)


def hinge_backward(d, c):
    (m,) = c
    n = len(Y)
    g = (m > 0).astype(float)
    g[np.arange(n), Y] = -g.sum(1)
    return d * g / n


# Embedding bag.

IDX = np.array([[0, 3, 3], [2, 1, 0], [4, 4, 4], [1, 0, 2]])


def bag_forward(E):
    return E[IDX].mean(1), E.shape


def bag_backward(d, shape):
    dE = np.zeros(shape)
    np.add.at(dE, IDX, d[:, None, :] / IDX.shape[1])
    return dE


# Upsampling.


def up_forward(x, w):
    y = x.repeat(2, axis=2).repeat(2, axis=3) * w
    return y, (x, w, y)


def up_backward(d, c):
    x, w, _y = c
    N, C, H, W = x.shape
    u = x.repeat(2, axis=2).repeat(2, axis=3)
    return (d * w).reshape(N, C, H, 2, W, 2).sum((3, 5)), (d * u).sum()


# Prelu.


def pr_forward(x, a):
    return np.where(x > 0, x, a * x), (x, a)


def pr_backward(d, c):
    x, a = c
    return np.where(x > 0, d, a * d), (d * np.where(x > 0, 0, x)).sum(0)


# Weight norm.


def wn_forward(x, v, g):
    n = np.linalg.norm(v, axis=0)
    w = g * v / n
    return x @ w, (x, v, g, n, w)


def wn_backward(d, c):
    x, v, g, n, w = c
    dw = x.T @ d
    dg = (dw * v).sum(0) / n
    dv = g / n * (dw - v * (dw * v).sum(0) / n**2)
    return d @ w.T, dv, dg


# Pixel shuffle.


def ps_forward(x, w):
    N, C, H, W = x.shape
    y = (
        (x * w)
        .reshape(N, C // 4, 2, 2, H, W)
        .transpose(0, 1, 4, 2, 5, 3)
        .reshape(N, C // 4, 2 * H, 2 * W)
    )
    return y, (x, w)


def ps_backward(d, c):
    x, w = c
    N, C, H, W = x.shape
    g = d.reshape(N, C // 4, H, 2, W, 2).transpose(0, 1, 3, 5, 2, 4).reshape(N, C, H, W)
    return g * w, (g * x).sum()


# Instance norm.


def in_forward(x, g, b, eps=1e-5):
    mu = x.mean((2, 3), keepdims=True)
    xc = x - mu
    v = (xc**2).mean((2, 3), keepdims=True)
    s = np.sqrt(v + eps)
    xh = xc / s
    return g[:, None, None] * xh + b[:, None, None], (xc, xh, s, g)


def in_backward(d, c):
    xc, xh, s, g = c
    m = xc.shape[2] * xc.shape[3]
    dxh = d * g[:, None, None]
    ds = (-dxh * xc / s**2).sum((2, 3), keepdims=True)
    dv = ds / (2 * s)
    dxc = dxh / s + 2 * xc * dv / m
    dx = dxc - dxc.mean((2, 3), keepdims=True)
    return dx, (d * xh).sum((0, 2, 3)), d.sum((0, 2, 3))
