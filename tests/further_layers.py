"""Further kinds of layers and models as people write them in NumPy; they know of no checker."""

import numpy as np


def softmax(s, axis=-1):
    e = np.exp(s - s.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


# graph convolution
def gcn_forward(H, W, A):
    d = A.sum(1)
    S = A / np.sqrt(d[:, None] * d[None, :])
    Z = S @ H @ W
    return np.maximum(Z, 0), (S, H, W, Z)


def gcn_backward(dout, cache):
    S, H, W, Z = cache
    dZ = dout * (Z > 0)
    dH = S.T @ dZ @ W.T
    dW = (S @ H).T @ dZ
    return dH, dW


# dilated convolution 1d
def dconv_forward(x, w, b, dilation=2):
    N, _C, L = x.shape
    F, _, k = w.shape
    span = (k - 1) * dilation
    out = np.zeros((N, F, L - span))
    for j in range(k):
        out += np.einsum("ncl,fc->nfl", x[:, :, j * dilation : j * dilation + L - span], w[:, :, j])
    return out + b[None, :, None], (x, w, dilation)


def dconv_backward(dout, cache):
    x, w, dilation = cache
    L, k = x.shape[2], w.shape[2]
    span = (k - 1) * dilation
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    for j in range(k):
        at = slice(j * dilation, j * dilation + L - span)
        dx[:, :, at] += np.einsum("nfl,fc->ncl", dout, w[:, :, j])
        dw[:, :, j] = np.einsum("nfl,ncl->fc", dout, x[:, :, at])
    return dx, dw, dout.sum(axis=(0, 2))


# deformable sampling 1d: linear interpolation at learnt places
def deform_forward(x, offset):
    L = x.shape[1]
    p = np.clip(np.arange(L) + offset, 0, L - 1.001)
    i = np.floor(p).astype(int)
    f = p - i
    rows = np.arange(len(x))[:, None]
    out = x[rows, i] * (1 - f) + x[rows, i + 1] * f
    return out, (x, i, f, p, rows, offset)


def deform_backward(dout, cache):
    x, i, f, _p, rows, offset = cache
    L = x.shape[1]
    dx = np.zeros_like(x)
    np.add.at(dx, (rows, i), dout * (1 - f))
    np.add.at(dx, (rows, i + 1), dout * f)
    raw = np.arange(L) + offset
    inside = (raw > 0) & (raw < L - 1.001)
    doffset = dout * (x[rows, i + 1] - x[rows, i]) * inside
    return dx, doffset.sum(0)


# group norm
def groupnorm_forward(x, gamma, beta, G=2, eps=1e-5):
    N, C, H, W = x.shape
    g = x.reshape(N, G, C // G * H * W)
    mu = g.mean(-1, keepdims=True)
    var = g.var(-1, keepdims=True)
    std = np.sqrt(var + eps)
    xhat = ((g - mu) / std).reshape(x.shape)
    out = xhat * gamma[None, :, None, None] + beta[None, :, None, None]
    return out, (xhat, gamma, std, G)


def groupnorm_backward(dout, cache):
    xhat, gamma, std, G = cache
    N, _C, _H, _W = dout.shape
    dgamma = (dout * xhat).sum((0, 2, 3))
    dbeta = dout.sum((0, 2, 3))
    d = (dout * gamma[None, :, None, None]).reshape(N, G, -1)
    h = xhat.reshape(N, G, -1)
    dx = (d - d.mean(-1, keepdims=True) - h * (d * h).mean(-1, keepdims=True)) / std
    return dx.reshape(dout.shape), dgamma, dbeta


# weight norm
def weightnorm_forward(x, v, g):
    norm = np.linalg.norm(v, axis=0)
    w = v * (g / norm)
    return x @ w, (x, v, g, norm, w)


def weightnorm_backward(dout, cache):
    x, v, g, norm, w = cache
    dw = x.T @ dout
    dg = (dw * v).sum(0) / norm
    dv = dw * (g / norm) - v * (g * dg / norm**2)
    return dout @ w.T, dv, dg


# spectral norm (power iteration with u fixed)
def spectral_forward(x, W, u):
    v = W.T @ u
    v = v / np.linalg.norm(v)
    sigma = u @ W @ v
    return x @ (W / sigma).T, (x, W, u, v, sigma)


def spectral_backward(dout, cache):
    x, W, u, v, sigma = cache
    dWbar = dout.T @ x
    dsigma = -(dWbar * W).sum() / sigma**2
    dW = dWbar / sigma + dsigma * np.outer(u, v)
    return dout @ W / sigma, dW, dsigma * (W @ v)


# bilinear
def bilinear_forward(a, b, W):
    return np.einsum("ni,oij,nj->no", a, W, b), (a, b, W)


def bilinear_backward(dout, cache):
    a, b, W = cache
    da = np.einsum("no,oij,nj->ni", dout, W, b)
    db = np.einsum("no,oij,ni->nj", dout, W, a)
    dW = np.einsum("no,ni,nj->oij", dout, a, b)
    return da, db, dW


# capsule squash with one routing step
def squash(s):
    n2 = (s**2).sum(-1, keepdims=True)
    return s * (n2 / (1 + n2) / np.sqrt(n2))


def squash_backward(dv, s):
    n2 = (s**2).sum(-1, keepdims=True)
    n = np.sqrt(n2)
    k = n / (1 + n2)
    dk = (1 - n2) / (1 + n2) ** 2
    return dv * k + s * (dk / n) * (dv * s).sum(-1, keepdims=True)


def capsule_forward(uhat, iterations=3):
    b = np.zeros(uhat.shape[:2])
    trace = []
    for _t in range(iterations):
        c = softmax(b, axis=1)
        s = np.einsum("ij,ijd->jd", c, uhat)
        v = squash(s)
        trace.append((c, s, v))
        b = b + np.einsum("ijd,jd->ij", uhat, v)
    return v, (uhat, trace)


def capsule_backward(dout, cache):
    uhat, trace = cache
    duhat = np.zeros_like(uhat)
    db = np.zeros(uhat.shape[:2])
    dv = dout
    for t in reversed(range(len(trace))):
        c, s, v = trace[t]
        if t < len(trace) - 1:
            duhat += np.einsum("ij,jd->ijd", db, v)
            dv = np.einsum("ij,ijd->jd", db, uhat)
        ds = squash_backward(dv, s)
        duhat += np.einsum("ij,jd->ijd", c, ds)
        dc = np.einsum("jd,ijd->ij", ds, uhat)
        dsoft = c * (dc - (dc * c).sum(1, keepdims=True))
        db = db + dsoft if t < len(trace) - 1 else dsoft
    return duhat


# CRF negative log-likelihood by forward algorithm
def logsumexp(a, axis):
    m = a.max(axis=axis, keepdims=True)
    return np.squeeze(m + np.log(np.exp(a - m).sum(axis=axis, keepdims=True)), axis)


def crf_forward(E, T, y):
    alphas = [E[0]]
    for t in range(1, len(E)):
        alphas.append(logsumexp(alphas[-1][:, None] + T, 0) + E[t])
    logZ = logsumexp(alphas[-1], 0)
    score = E[np.arange(len(y)), y].sum() + T[y[:-1], y[1:]].sum()
    return logZ - score, (E, T, y, alphas, logZ)


def crf_backward(dout, cache):
    E, T, y, alphas, logZ = cache
    L, K = E.shape
    beta = np.zeros((L, K))
    for t in range(L - 2, -1, -1):
        beta[t] = logsumexp(T + E[t + 1] + beta[t + 1], 1)
    p = np.exp(np.stack(alphas) + beta - logZ)
    dE = p.copy()
    dE[np.arange(L), y] -= 1
    dT = np.zeros_like(T)
    for t in range(L - 1):
        dT += np.exp(alphas[t][:, None] + T + E[t + 1] + beta[t + 1] - logZ)
    np.add.at(dT, (y[:-1], y[1:]), -1)
    return dout * dE, dout * dT


# Gaussian mixture loss (diagonal)
def gmm_forward(x, logits, mu, logs):
    logpi = logits - logsumexp(logits, 0)
    z = (x[:, None] - mu) / np.exp(logs)
    ll = logpi + (-0.5 * z**2 - logs - 0.5 * np.log(2 * np.pi)).sum(-1)
    lse = logsumexp(ll, 1)
    return -lse.mean(), (x, logits, mu, logs, z, ll, lse)


def gmm_backward(dout, cache):
    x, logits, _mu, logs, z, ll, lse = cache
    r = np.exp(ll - lse[:, None]) / len(x) * dout
    pi = softmax(logits, 0)
    dlogits = -(r.sum(0) - pi * r.sum())
    dmu = -(r[:, :, None] * z / np.exp(logs)).sum(0)
    dlogs = -(r[:, :, None] * (z**2 - 1)).sum(0)
    dx = (r[:, :, None] * z / np.exp(logs)).sum(1)
    return dx, dlogits, dmu, dlogs


# NeRF positional encoding
def posenc_forward(x, L=4):
    f = 2.0 ** np.arange(L) * np.pi
    a = x[..., None] * f
    return np.concatenate([x, np.sin(a).reshape(len(x), -1), np.cos(a).reshape(len(x), -1)], -1), (
        a,
        f,
        x.shape,
    )


def posenc_backward(dout, cache):
    a, f, shape = cache
    _n, d = shape
    ds = dout[:, d : d + a[0].size].reshape(a.shape)
    dc = dout[:, d + a[0].size :].reshape(a.shape)
    da = ds * np.cos(a) - dc * np.sin(a)
    return dout[:, :d] + (da * f).sum(-1)


# GRU
def gru_forward(x, h, Wx, Wh, b):
    H = h.shape[1]
    gx, gh = x @ Wx + b, h @ Wh
    z = sigmoid(gx[:, :H] + gh[:, :H])
    r = sigmoid(gx[:, H : 2 * H] + gh[:, H : 2 * H])
    n = np.tanh(gx[:, 2 * H :] + r * gh[:, 2 * H :])
    return (1 - z) * n + z * h, (x, h, Wx, Wh, z, r, n, gh)


def gru_backward(dout, cache):
    x, h, Wx, Wh, z, r, n, gh = cache
    H = h.shape[1]
    dz = dout * (h - n) * z * (1 - z)
    dn = dout * (1 - z) * (1 - n**2)
    dr = dn * gh[:, 2 * H :] * r * (1 - r)
    dgx = np.concatenate([dz, dr, dn], 1)
    dgh = np.concatenate([dz, dr, dn * r], 1)
    dh = dout * z + dgh @ Wh.T
    return dgx @ Wx.T, dh, x.T @ dgx, h.T @ dgh, dgx.sum(0)


# selective scan (Mamba)
def ssm_forward(x, dt, A, B, C):
    L, D = x.shape
    h = np.zeros((D, A.shape[1]))
    hs, ys = [h], []
    for t in range(L):
        a = np.exp(dt[t][:, None] * A)
        h = a * h + (dt[t] * x[t])[:, None] * B[t]
        hs.append(h)
        ys.append(h @ C[t])
    return np.stack(ys), (x, dt, A, B, C, hs)


def ssm_backward(dout, cache):
    x, dt, A, B, C, hs = cache
    dx, ddt, dA = np.zeros_like(x), np.zeros_like(dt), np.zeros_like(A)
    dB, dC = np.zeros_like(B), np.zeros_like(C)
    dh = np.zeros_like(A)
    for t in reversed(range(len(x))):
        a = np.exp(dt[t][:, None] * A)
        dh = dh + dout[t][:, None] * C[t]
        dC[t] = dout[t] @ hs[t + 1]
        da = dh * hs[t] * a
        dA += da * dt[t][:, None]
        u = (dh * B[t]).sum(1)
        ddt[t] = (da * A).sum(1) + u * x[t]
        dx[t] = u * dt[t]
        dB[t] = (dt[t] * x[t]) @ dh
        dh = dh * a
    return dx, ddt, dA, dB, dC


# mixture of experts, top k
def moe_forward(x, Wg, We, k=2):
    s = x @ Wg
    top = np.argsort(-s, axis=1)[:, :k]
    st = np.take_along_axis(s, top, 1)
    g = softmax(st, 1)
    y = np.einsum("nd,edo->neo", x, We)
    yt = np.take_along_axis(y, top[:, :, None], 1)
    return (g[:, :, None] * yt).sum(1), (x, Wg, We, top, g, yt)


def moe_backward(dout, cache):
    x, Wg, We, top, g, yt = cache
    dg = (dout[:, None] * yt).sum(-1)
    dst = g * (dg - (dg * g).sum(1, keepdims=True))
    ds = np.zeros((len(x), Wg.shape[1]))
    np.put_along_axis(ds, top, dst, 1)
    dy = np.zeros((len(x), We.shape[0], We.shape[2]))
    np.put_along_axis(dy, top[:, :, None], g[:, :, None] * dout[:, None], 1)
    dWe = np.einsum("nd,neo->edo", x, dy)
    dx = ds @ Wg.T + np.einsum("neo,edo->nd", dy, We)
    return dx, x.T @ ds, dWe


# VQ loss: codebook + commitment
def vq_forward(z, E, beta=0.25):
    d2 = ((z[:, None] - E) ** 2).sum(-1)
    i = d2.argmin(1)
    q = E[i]
    loss = (1 + beta) * ((q - z) ** 2).mean()
    return loss, (z, E, i, beta)


def vq_backward(dout, cache):
    z, E, i, beta = cache
    diff = 2 * (1 + beta) * (E[i] - z) / z.size * dout
    dE = np.zeros_like(E)
    np.add.at(dE, i, diff)
    return -diff, dE


# CTC
def ctc_forward(logits, target, blank=0):
    T = len(logits)
    logp = logits - logsumexp(logits, 1)[:, None]
    ext = [blank]
    for c in target:
        ext += [c, blank]
    S = len(ext)
    NEG = -1e30
    alpha = np.full((T, S), NEG)
    alpha[0, 0] = logp[0, ext[0]]
    alpha[0, 1] = logp[0, ext[1]]
    for t in range(1, T):
        for s in range(S):
            terms = [alpha[t - 1, s]]
            if s > 0:
                terms.append(alpha[t - 1, s - 1])
            if s > 1 and ext[s] != blank and ext[s] != ext[s - 2]:
                terms.append(alpha[t - 1, s - 2])
            alpha[t, s] = logsumexp(np.array(terms), 0) + logp[t, ext[s]]
    ll = np.logaddexp(alpha[-1, -1], alpha[-1, -2])
    return -ll, (logits, logp, ext, alpha, ll, blank)


def ctc_backward(dout, cache):
    logits, logp, ext, alpha, ll, blank = cache
    T, S = alpha.shape
    beta = np.full((T, S), -1e30)
    beta[-1, -1] = beta[-1, -2] = 0.0
    for t in range(T - 2, -1, -1):
        for s in range(S):
            terms = [beta[t + 1, s] + logp[t + 1, ext[s]]]
            if s + 1 < S:
                terms.append(beta[t + 1, s + 1] + logp[t + 1, ext[s + 1]])
            if s + 2 < S and ext[s + 2] != blank and ext[s] != ext[s + 2]:
                terms.append(beta[t + 1, s + 2] + logp[t + 1, ext[s + 2]])
            beta[t, s] = logsumexp(np.array(terms), 0)
    occ = np.exp(alpha + beta - ll)
    p = np.zeros_like(logits)
    for s in range(S):
        p[:, ext[s]] += occ[:, s]
    return dout * (np.exp(logp) - p)


# VQ with a straight-through estimator: wrong on purpose
def st_forward(z, E):
    i = ((z[:, None] - E) ** 2).sum(-1).argmin(1)
    return E[i], (i, E.shape)


def st_backward(dout, cache):
    _i, shape = cache
    return dout, np.zeros(shape)


# straight-through written as z + stop(q - z)
def linear_forward(x, w):
    return x @ w, (x, w)


def linear_backward(dout, cache):
    x, w = cache
    return dout @ w.T, x.T @ dout


# Models.


def mean_square(out, y):
    d = out - y
    return 0.5 * (d**2).mean(), d / d.size


def gru_net(P, x, y):
    h = np.zeros((x.shape[0], 5))
    caches = []
    for t in range(x.shape[1]):
        h, c = gru_forward(x[:, t], h, P["Wx"], P["Wh"], P["b"])
        caches.append(c)
    out, co = linear_forward(h, P["V"])
    loss, d = mean_square(out, y)
    G = {k: np.zeros_like(v) for k, v in P.items()}
    dh, G["V"] = linear_backward(d, co)
    for c in reversed(caches):
        _, dh, dWx, dWh, db = gru_backward(dh, c)
        G["Wx"] += dWx
        G["Wh"] += dWh
        G["b"] += db
    return loss, G


def gcn_net(P, x, y, A):
    h1, c1 = gcn_forward(x, P["W1"], A)
    h2, c2 = gcn_forward(h1, P["W2"], A)
    h3 = h2 + h1
    out, c3 = linear_forward(h3, P["V"])
    loss, d = mean_square(out, y)
    dh3, dV = linear_backward(d, c3)
    dh1, dW2 = gcn_backward(dh3, c2)
    dh1 = dh1 + dh3
    _, dW1 = gcn_backward(dh1, c1)
    return loss, {"W1": dW1, "W2": dW2, "V": dV}


def moe_net(P, x, y):
    e, _c0 = posenc_forward(x, 2)
    m, c1 = moe_forward(e, P["Wg"], P["We"])
    w, c2 = weightnorm_forward(m, P["v"], P["g"])
    loss, d = mean_square(w, y)
    loss = loss + 0.05 * np.sum(P["v"] ** 2)
    dm, dv, dg = weightnorm_backward(d, c2)
    dv = dv + 0.1 * P["v"]
    _de, dWg, dWe = moe_backward(dm, c1)
    return loss, {"Wg": dWg, "We": dWe, "v": dv, "g": dg}


def ssm_net(P, x, y):
    dt0, c0 = linear_forward(x, P["Wdt"])
    dt = np.log1p(np.exp(dt0))
    B, cb = linear_forward(x, P["WB"])
    C, cc = linear_forward(x, P["WC"])
    A = -np.exp(P["logA"])
    s, cs = ssm_forward(x, dt, A, B, C)
    out, co = linear_forward(s * sigmoid(x), P["V"])
    loss, d = mean_square(out, y)
    dgate, dV = linear_backward(d, co)
    ds = dgate * sigmoid(x)
    _dx, ddt, dA, dB, dC = ssm_backward(ds, cs)
    _, dWdt = linear_backward(ddt * sigmoid(dt0), c0)
    _, dWB = linear_backward(dB, cb)
    _, dWC = linear_backward(dC, cc)
    return loss, {"Wdt": dWdt, "WB": dWB, "WC": dWC, "logA": dA * A, "V": dV}


def crf_net(P, x, y):
    h, c1 = dconv_forward(x, P["w"], P["b"], 1)
    e, c2 = linear_forward(h[0].T, P["V"])
    loss, c3 = crf_forward(e, P["T"], y)
    de, dT = crf_backward(1.0, c3)
    dhT, dV = linear_backward(de, c2)
    _, dw, db = dconv_backward(dhT.T[None], c1)
    return loss, {"w": dw, "b": db, "V": dV, "T": dT}
