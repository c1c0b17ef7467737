"""How tangents go through NumPy's polynomials: lists of coefficients, the highest power first."""

from collections.abc import Callable
from typing import Any

import numpy as np

from proofs.measuring.tangents import Dual, NotDifferentiableError, plain


def _row(p: Any) -> Any:
    return np.atleast_1d(p if isinstance(p, Dual) else np.asarray(p))


def _value(p: Any, x: Any) -> Any:
    x = x if isinstance(x, Dual) else np.asarray(x)
    total: Any = 0.0 * x
    for coefficient in _row(p):
        total = total * x + coefficient
    return total


def _sum(p: Any, q: Any) -> Any:
    p, q = _row(p), _row(q)
    zeros = np.zeros(abs(len(p) - len(q)))
    if len(p) < len(q):
        return np.concatenate([zeros, p]) + q
    return p + np.concatenate([zeros, q])


def _product(p: Any, q: Any) -> Any:
    """Without the zeros in front, as NumPy's."""
    kept = len(np.polymul(plain(p), plain(q)))
    return np.convolve(_row(p), _row(q))[-kept:]


def _derivative(p: Any, m: int = 1) -> Any:
    p = _row(p)
    for _ in range(m):
        p = p[:-1] * np.arange(len(p) - 1, 0, -1)
    return p


def _integral(p: Any, m: int = 1, k: Any = None) -> Any:
    p, k = _row(p), np.zeros(m) if k is None else _row(k)
    for n in range(m):
        constant = k[n : n + 1] if len(k) > 1 else k
        p = np.concatenate([p / np.arange(len(p), 0, -1), constant])
    return p


def _of_roots(roots: Any) -> Any:
    if roots.ndim != 1:
        raise NotDifferentiableError("np.poly of a matrix has no rule")
    p: Any = np.ones(1)
    for root in roots:
        p = np.concatenate([p, np.zeros(1)]) - np.concatenate([np.zeros(1), p * root])
    return p


def _powers(x: Any, N: int | None = None, increasing: bool = False) -> Any:
    powers: list[Any] = [0.0 * x + 1.0]
    for _ in range(1, len(x) if N is None else N):
        powers.append(powers[-1] * x)
    return np.stack(powers if increasing else powers[::-1], axis=1)[:, :N]


def _fit(x: Any, y: Any, deg: int, rcond: Any = None, full: bool = False, w: Any = None,
         cov: Any = False) -> Any:  # fmt: skip
    if full or cov:
        raise NotDifferentiableError("np.polyfit with full=True or cov=True has no rule")
    rows, w = np.vander(x, deg + 1), np.ones(len(x)) if w is None else w
    rows, y = rows * np.reshape(w, (-1, 1)), (y.T * w).T
    # As NumPy does, so that no power counts for nothing; the solution does not depend on it.
    scale = np.sqrt((plain(rows) ** 2).sum(axis=0))
    return (np.linalg.lstsq(rows / scale, y, rcond)[0].T / scale).T


POLYNOMIALS: dict[Any, Callable[..., Any]] = {
    np.polyval: _value,
    np.polyadd: _sum,
    np.polysub: lambda p, q: _sum(p, -_row(q)),
    np.polymul: _product,
    np.polyder: _derivative,
    np.polyint: _integral,
    np.poly: _of_roots,
    np.vander: _powers,
    np.polyfit: _fit,
}
"""By the function of NumPy that was called."""
