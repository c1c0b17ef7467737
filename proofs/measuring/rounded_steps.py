"""How far rounding moves a result: the user's own code, run again with every step off at random.

This is Monte Carlo arithmetic: each result, and each term of a sum, is moved at random by up to
half an eps of its size.
"""

from typing import Any

import numpy as np

from proofs.measuring.tangents import is_floating

EPS = float(np.finfo(float).eps)
EXACT = frozenset(
    "maximum minimum negative absolute sign positive conjugate fabs fmax fmin".split()
)
"""Operations that no format rounds."""


class Noise:
    """The rounding of one run: its unit, and a store of chances that is read at random places."""

    def __init__(self, eps: float, random: np.random.Generator) -> None:
        # In double precision a factor near 1 is a double too, and half a rounding would be none.
        most = 0.5 if eps > EPS else 1.0
        self.chances = 1 + eps * random.uniform(-most, most, 2**14)
        self.random = random
        self.at = 0
        self.casts: set[Any] = set()
        """The types that the code casts to, none of which is made: see `_doubles`."""

    def __call__(self, x: Any) -> Any:
        if not isinstance(x, np.ndarray | np.floating) or x.dtype.kind != "f":
            return x
        if not isinstance(x, np.ndarray) or not x.ndim:
            return x * self._next(1)[0]
        return x * self._next(x.size).reshape(x.shape)

    def _next(self, n: int) -> Any:
        if n > self.chances.size // 2:
            start = self.random.integers(self.chances.size)
            return np.resize(np.roll(self.chances, start), n)
        if self.at + n > self.chances.size:
            self.at = int(self.random.integers(self.chances.size - n))
        self.at += n
        return self.chances[self.at - n : self.at]


class Rounded(np.ndarray):
    """Numbers whose every further use is rounded at random."""

    noise: Noise | None = None

    def __array_finalize__(self, parent: Any) -> None:
        self.noise = getattr(parent, "noise", None)

    def __array_ufunc__(
        self, ufunc: Any, method: str, *inputs: Any, out: Any = None, **how: Any
    ) -> Any:
        noise = next((x.noise for x in (*inputs, *(out or ())) if isinstance(x, Rounded)), None)
        assert noise is not None
        bare = [_bare(x) for x in inputs]
        if (method == "reduce" and ufunc is np.add) or ufunc is np.matmul:
            bare = [noise(x) for x in bare]
        if method == "at":
            ufunc.at(bare[0], *bare[1:])
            np.copyto(bare[0], noise(bare[0]))
            return None
        where = how.pop("where", True) if out is not None else True
        how = {name: _doubles(x, noise) for name, x in how.items()}
        result = getattr(ufunc, method)(*bare, **how)
        result = result if ufunc.__name__ in EXACT else noise(result)
        if out is None:
            return rounded(result, noise)
        np.copyto(_bare(out[0]), result, where=_bare(where))
        return out[0]

    def __array_function__(self, function: Any, types: Any, args: Any, how: Any) -> Any:
        result = super().__array_function__(function, types, args, how)
        products = (np.einsum, np.dot, np.tensordot, np.convolve)
        noise = self.noise
        if function in products and noise is not None and isinstance(result, np.ndarray):
            moved, out = noise(_bare(result)), how.get("out")
            if out is None:
                return rounded(moved, noise)
            np.copyto(_bare(out), moved)
            return out
        return result

    def astype(self, dtype: Any, *args: Any, **how: Any) -> Any:
        """Itself for numbers of any precision: how coarse they are is chosen from outside."""
        if self.noise is not None and _doubles(dtype, self.noise) is float:
            return self.copy()
        return _bare(self).astype(dtype)

    def __round__(self, digits: int | None = None) -> Any:
        return _bare(self).round(digits or 0)

    def __getitem__(self, place: Any) -> Any:
        part = super().__getitem__(place)
        return part if self.noise is None else rounded(part, self.noise)


def rounded(x: Any, noise: Noise) -> Any:
    """An array, or a floating-point number, whose further use is rounded."""
    if isinstance(x, np.floating) or (isinstance(x, np.ndarray) and x.dtype.kind == "f"):
        view = np.asarray(x).view(Rounded)
        view.noise = noise
        return view
    return x


def adopt_with(noise: Noise) -> Any:
    """How a maker of arrays makes them in a run with this noise."""

    def adopt(real: Any, args: Any, how: dict[str, Any]) -> Any:
        doubles = [_doubles(x, noise) if n else x for n, x in enumerate(args)]
        named = {name: _doubles(x, noise) for name, x in how.items()}
        if _holds(args):
            real = np.float64 if _doubles(real, noise) is float else real
            return rounded(real(*doubles, **named), noise)
        made = real(*args, **how)  # a constant is what it was cast to
        floating = isinstance(made, np.ndarray | np.generic) and is_floating(made.dtype)
        return rounded(made.astype(float) if floating else made, noise)

    return adopt


def _holds(items: Any) -> bool:
    return any(isinstance(x, Rounded) or (isinstance(x, list | tuple) and _holds(x)) for x in items)


def _doubles(x: Any, noise: Noise) -> Any:
    """The type of doubles for any type of floating-point numbers, which is noted; else itself."""
    if not isinstance(x, type | np.dtype | str):
        return x
    try:
        kind = np.dtype(x)
    except TypeError:  # an order, or a way to cast
        return x
    if not is_floating(kind):
        return x
    noise.casts.add(kind)
    return float


def _bare(x: Any) -> Any:
    return x.view(np.ndarray) if isinstance(x, Rounded) else x
