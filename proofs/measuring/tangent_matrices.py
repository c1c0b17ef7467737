"""How tangents go through NumPy's linear algebra: inverses, determinants, factors, norms."""

import sys
from collections.abc import Callable
from typing import Any, cast

import numpy as np

from proofs.measuring import tangent_rules as rules
from proofs.measuring import tangents
from proofs.measuring.callsites import site
from proofs.measuring.tangents import Dual, NotDifferentiableError, made, rounds


def _turned(x: Any) -> Any:
    return np.swapaxes(x, -1, -2)


def _moved(x: Any) -> Any:
    """The tangents of a matrix; in a run for which it is symmetric, their symmetric part."""
    if x.t is None or not tangents.NOW.symmetric:
        return x.t
    return (x.t + _turned(x.t)) / 2


def _inv(x: Any) -> Any:
    v, t = rounds(np.linalg.inv(rounds(x.v))), _moved(x)
    return made(v, None if t is None else -v @ t @ v)


def _det(x: Any) -> Any:
    v, t = np.linalg.det(rounds(x.v)), _moved(x)
    back = _turned(np.linalg.inv(rounds(x.v))) * v[..., None, None]
    return made(v, None if t is None else (t * back).sum((-2, -1)))


def _slogdet(x: Any) -> Any:
    result, t = np.linalg.slogdet(rounds(x.v)), _moved(x)
    back = _turned(np.linalg.inv(rounds(x.v)))
    t = None if t is None else (t * back).sum((-2, -1))
    return type(result)(result[0], made(result[1], t))


def _solve(a: Any, b: Any) -> Any:
    return rules.matmul(_inv(a) if isinstance(a, Dual) else np.linalg.inv(a), b)


def _pinv(x: Any, *rest: Any, **how: Any) -> Any:
    _whole(how)
    v, p = x.v, np.linalg.pinv(x.v, *rest, **how)
    if x.t is None:
        return Dual(p)
    if not np.allclose(v @ p @ v, v):
        raise NotDifferentiableError(
            "np.linalg.pinv that takes small singular values for 0 has no rule"
        )
    back = _turned(x.t)
    left, right = np.eye(v.shape[-1]) - p @ v, np.eye(v.shape[-2]) - v @ p
    return made(p, left @ back @ _turned(p) @ p + p @ _turned(p) @ back @ right - p @ x.t @ p)


def _lstsq(a: Any, b: Any, rcond: Any = None) -> Any:
    """The solution of full rank: where there are more than one, which is the shortest jumps."""
    found, rest, rank, sizes = np.linalg.lstsq(tangents.plain(a), tangents.plain(b), rcond)
    if rank < min(np.shape(a)):
        raise NotDifferentiableError(
            "np.linalg.lstsq, where there is no single solution, has no rule"
        )
    inverse = _pinv(a) if isinstance(a, Dual) else np.linalg.pinv(a)
    found = rules.matmul(inverse, b)
    if rest.size:
        off = b - rules.matmul(a, found)
        rest = (off * off).sum(axis=0).reshape(rest.shape)
    return found, rest, rank, _svd(a, compute_uv=False) if isinstance(a, Dual) else sizes


def _power(x: Any, n: int) -> Any:
    if n < 0:
        return _power(_inv(x), -n)
    result = Dual(np.broadcast_to(np.eye(x.shape[-1]), x.shape).copy())
    for _ in range(n):
        result = rules.matmul(result, x)
    return result


# Of symmetric matrices, of which one triangle is read.


def _from_triangle(x: Any, lower: bool = True) -> Any:
    """The tangents of the symmetric matrix whose lower triangle, or upper one, is read."""
    t = _moved(x)
    if t is None:
        return None
    t = np.tril(t) if lower else _turned(np.triu(t))
    return t + _turned(np.tril(t, -1))


def _cholesky(x: Any, /, *, upper: bool = False) -> Any:
    t = _from_triangle(x, not upper)
    v = rounds(np.linalg.cholesky(rounds(x.v if not upper else _turned(x.v))))
    if t is not None:
        back = np.linalg.inv(v)
        inner = back @ t @ _turned(back)
        t = v @ (np.tril(inner) - inner * np.eye(v.shape[-1]) / 2)
    low = made(v, t)
    return low.swapaxes(-1, -2) if upper else low


def _eigh(x: Any, UPLO: str = "L") -> Any:
    t, eigh = _from_triangle(x, UPLO in "Ll"), cast("Any", np.linalg.eigh)
    result = eigh(rounds(x.v), UPLO)
    w, v = result
    if t is None:
        return type(result)(Dual(w), Dual(v))
    inner = _turned(v) @ t @ v
    sizes, gaps = made(w, np.diagonal(inner, axis1=-2, axis2=-1)), _gaps(w)
    if not np.isfinite(gaps).all():
        tangents.NOW.equal.append(site(sys._getframe()))  # noqa: SLF001
        return type(result)(sizes, _any_of_them(v, x))
    return type(result)(sizes, made(v, v @ (inner * gaps)))


def _any_of_them(v: Any, x: Any) -> Any:
    """Vectors that are not the only ones: what is made of them may have a derivative, not they."""

    def refused(_: Any) -> Any:
        raise NotDifferentiableError(
            "equal eigenvalues or singular values have no vectors of their own: any turn of them "
            "would do as well, so that they have no derivative"
        )

    return Dual(v, None, x, refused)


def _gaps(w: Any) -> Any:
    """1 / (w_j - w_i), and 0 on the diagonal."""
    return _one_over(w[..., None, :] - w[..., :, None])


def _one_over(gaps: Any) -> Any:
    eye = np.eye(gaps.shape[-1])
    with np.errstate(divide="ignore"):
        return 1 / (gaps + eye) - eye


# Factors.


def _whole(how: dict[str, Any]) -> None:
    if how.get("hermitian"):
        raise NotDifferentiableError("hermitian=True, of which one triangle is read, has no rule")


def _svd(x: Any, full_matrices: bool = True, compute_uv: bool = True, **how: Any) -> Any:
    _whole(how)
    result: Any = np.linalg.svd(rounds(x.v), full_matrices=False)
    u, s, vh = result
    v, inner = _turned(vh), None if x.t is None else _turned(u) @ x.t @ _turned(vh)
    sizes = made(s, None if inner is None else np.diagonal(inner, axis1=-2, axis2=-1))
    if inner is not None and not np.isfinite(_gaps(s)).all():
        tangents.NOW.equal.append(site(sys._getframe()))  # noqa: SLF001
    if not compute_uv:
        return sizes
    if full_matrices and u.shape != vh.shape:
        raise NotDifferentiableError("np.linalg.svd with full_matrices=True has no rule")
    if inner is None:
        return type(result)(Dual(u), sizes, Dual(vh))
    gaps, other = _gaps(s * s), _turned(inner)
    column, row = s[..., None, :], s[..., :, None]
    if not np.isfinite(gaps).all() or not s.all():
        return type(result)(_any_of_them(u, x), sizes, _any_of_them(vh, x))
    du = u @ (gaps * (inner * column + row * other))
    dv = v @ (gaps * (row * inner + other * column))
    du += (x.t @ v - u @ inner) / column
    dv += (_turned(x.t) @ u - v @ other) / column
    return type(result)(made(u, du), sizes, made(vh, _turned(dv)))


def _qr(x: Any, mode: str = "reduced") -> Any:
    result: Any = np.linalg.qr(rounds(x.v))
    q, r = result
    if mode != "reduced" or x.shape[-2] < x.shape[-1]:
        raise NotDifferentiableError("np.linalg.qr has a rule for mode='reduced' of tall matrices")
    if x.t is None:
        return type(result)(Dual(q), Dual(r))
    moved = x.t @ np.linalg.inv(r)
    inner = _turned(q) @ moved
    turn = np.tril(inner, -1) - _turned(np.tril(inner, -1))
    return type(result)(made(q, q @ turn + moved - q @ inner), made(r, (inner - turn) @ r))


# Norms.


def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:  # noqa: A002
    """The norm of vectors, or of matrices."""
    matrix = np.size(axis) == 2 if axis is not None else x.ndim == 2
    if ord in (None, "fro") or (ord == 2 and not matrix):
        return _root(rules.total(x * x, axis, keepdims), x, axis, keepdims)
    if matrix and ord in (2, "nuc") and axis is None and not keepdims:
        sizes = _svd(x, compute_uv=False)
        return sizes[0] if ord == 2 else rules.total(sizes)
    if not matrix and ord in (np.inf, -np.inf):
        return rules.largest(abs(x), axis, keepdims, 1 if ord > 0 else -1)
    if not matrix and isinstance(ord, int | float) and ord != 0:
        size = rules.total(abs(x) ** ord if ord != 1 else abs(x), axis, keepdims)
        return size if ord == 1 else size ** (1.0 / ord)
    raise NotDifferentiableError(f"np.linalg.norm with ord={ord!r} has no rule")


def _root(squares: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    """The root of a sum of squares; from 0 on it grows by the norm of what is added."""
    zero = squares.v == 0
    if x.t is None or not zero.any():
        return np.sqrt(squares)
    tangents.NOW.ties += 1
    behind = tuple(a + 1 for a in rules.axes_of(axis, x.ndim))
    grows = tangents.NOW.side * np.sqrt((x.t * x.t).sum(behind, keepdims=keepdims))
    v = np.sqrt(squares.v)
    return made(v, np.where(zero, grows, squares.t / (2 * np.where(zero, 1.0, v))))


MATRICES: dict[Any, Callable[..., Any]] = {
    np.linalg.inv: _inv,
    np.linalg.pinv: _pinv,
    np.linalg.det: _det,
    np.linalg.slogdet: _slogdet,
    np.linalg.solve: _solve,
    np.linalg.lstsq: _lstsq,
    np.linalg.matrix_power: _power,
    np.linalg.cholesky: _cholesky,
    np.linalg.eigh: _eigh,
    np.linalg.eigvalsh: lambda x, UPLO="L": _eigh(x, UPLO)[0],
    np.linalg.svd: _svd,
    np.linalg.qr: _qr,
    np.linalg.norm: norm,
}
"""By the function of NumPy that was called."""
