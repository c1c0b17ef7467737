"""Arrays of other frameworks, on which NumPy's functions act where the arrays live.

Activations and costs are written with `np.exp`, `np.where` and the like.
On an `Elsewhere` these names reach the framework's own functions, by the array API standard
(https://data-apis.org/array-api), so that the same source runs on the arrays of PyTorch and JAX,
on any device and in any number of pieces; nothing is turned into a NumPy array.
"""

import operator
from collections.abc import Callable
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from proofs.network.arrays import Array

OPERATORS: dict[Any, Callable[..., Any]] = {
    np.add: operator.add,
    np.subtract: operator.sub,
    np.multiply: operator.mul,
    np.divide: operator.truediv,
    np.matmul: operator.matmul,
    np.power: operator.pow,
    np.negative: operator.neg,
    np.absolute: abs,
    np.greater: operator.gt,
    np.greater_equal: operator.ge,
    np.less: operator.lt,
    np.less_equal: operator.le,
    np.equal: operator.eq,
    np.not_equal: operator.ne,
}
"""Operators take plain numbers too, which functions of the standard need not."""

STANDARD = {"arctan2": "atan2", "concatenate": "concat", "amax": "max", "amin": "min"}
"""What the standard calls otherwise than NumPy."""


def _reduction(name: str) -> Callable[..., "Elsewhere"]:
    def method(self: "Elsewhere", axis: Any = None, keepdims: bool = False) -> "Elsewhere":
        return self.then(getattr(self.xp, name), axis=axis, keepdims=keepdims)

    method.__doc__ = f"As `numpy.{name}`, along an axis or all."
    return method


class Elsewhere(NDArrayOperatorsMixin):
    """An array of a framework `xp` that follows the array API standard."""

    def __init__(self, array: Any, xp: ModuleType) -> None:
        self.array, self.xp = array, xp

    def then(self, function: Callable[..., Any], *args: Any, **how: Any) -> "Elsewhere":
        """The result of a function of the framework on the array."""
        return Elsewhere(function(self.array, *args, **how), self.xp)

    sum, max, min, mean = map(_reduction, ("sum", "max", "min", "mean"))
    any, all = map(_reduction, ("any", "all"))

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape."""
        return tuple(self.array.shape)

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    @property
    def real(self) -> "Elsewhere":
        """The real parts."""
        return self.then(self.xp.real) if np.iscomplexobj(self) else self

    @property
    def imag(self) -> "Elsewhere":
        """The imaginary parts."""
        return self.then(self.xp.imag) if np.iscomplexobj(self) else self * 0

    def reshape(self, *shape: int) -> "Elsewhere":
        """The same numbers in another shape."""
        return self.then(self.xp.reshape, shape)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, place: Any) -> "Elsewhere":
        return self.then(operator.getitem, _bare(place))

    def __bool__(self) -> bool:
        return bool(self.array)

    def __int__(self) -> int:
        return int(self.array)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        raise TypeError(
            f"an array of {self.xp.__name__} is not turned into one of NumPy; use functions "
            "such as np.exp, np.where and np.sum"
        )

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **how: Any) -> Any:
        if not all(map(_bottom, map(type, inputs))):
            return NotImplemented
        how.pop("out", None)  # `p += q` gives the name p to what is returned
        if method != "__call__" or how:
            what = f".{method}" if method != "__call__" else f" with {', '.join(how)}"
            raise TypeError(f"np.{ufunc.__name__}{what} has no counterpart in {self.xp.__name__}")
        function = OPERATORS.get(ufunc) or self._named(ufunc.__name__)
        return Elsewhere(function(*map(_bare, inputs)), self.xp)

    def __array_function__(self, function: Any, types: Any, args: Any, how: Any) -> Any:
        if not all(map(_bottom, types)):
            return NotImplemented
        if function is np.iscomplexobj:
            return self.xp.isdtype(self.array.dtype, "complex floating")
        if function in (np.real, np.imag):
            return self.real if function is np.real else self.imag
        return Elsewhere(self._named(function.__name__)(*map(_bare, args), **how), self.xp)

    def _named(self, name: str) -> Callable[..., Any]:
        function = getattr(self.xp, STANDARD.get(name, name), None)
        if function is None:
            raise TypeError(f"np.{name} has no counterpart in {self.xp.__name__}")
        return function


def _bottom(kind: type) -> bool:
    """Whether an operand holds numbers itself; others, like `Pushed`, are made of such."""
    return not hasattr(kind, "__array_function__") or kind in (Elsewhere, np.ndarray)


def _bare(operand: Any) -> Any:
    if isinstance(operand, Elsewhere):
        return operand.array
    if isinstance(operand, list | tuple):
        return type(operand)(map(_bare, operand))
    return operand.item() if isinstance(operand, np.generic) else operand


class Home:
    """Where arrays live: the framework, the type of their numbers, and the device."""

    def __init__(self, array: Any) -> None:
        self.dtype = dtype_of("weights", array)
        if hasattr(array, "__array_namespace__"):
            self.xp = array.__array_namespace__()
        else:
            from array_api_compat import array_namespace

            self.xp = array_namespace(array)
        # NumPy has one device; JAX brings what has none yet to the devices of what it meets.
        named = not self.xp.__name__.startswith(("numpy", "jax"))
        self.placed = {"device": array.device} if named else {}

    def put(self, array: Array) -> Any:
        """A NumPy array brought to where the others live."""
        array = np.asarray(array, self.dtype)
        if self.xp is np:
            return array
        return Elsewhere(self.xp.asarray(array, **self.placed), self.xp)

    def take(self, name: str, array: Any) -> Any:
        """An array of the framework, for NumPy's functions; NumPy's own are brought there."""
        dtype = dtype_of(name, array)
        if isinstance(array, np.ndarray):
            return self.put(array)
        if self.xp is np:
            raise TypeError(
                f"{name}: expected a NumPy array, as the weights are, got {type(array).__name__}"
            )
        # PyTorch would note every step, to differentiate it.
        array = array.detach() if hasattr(array, "detach") else array
        if dtype != self.dtype:
            array = self.xp.astype(array, getattr(self.xp, self.dtype))
        return Elsewhere(array, self.xp)


def dtype_of(name: str, array: Any) -> str:
    """float32 or float64; raises TypeError for any other type of number."""
    dtype = _name(getattr(array, "dtype", type(array).__name__))
    if dtype not in ("float32", "float64"):
        raise TypeError(f"{name}: expected an array of float32 or float64, got {dtype}")
    return dtype


@cache
def _name(dtype: Any) -> str:
    return str(dtype).rpartition(".")[2]


def brought(array: Any) -> Any:
    """A few numbers as Python's."""
    return (array.array if isinstance(array, Elsewhere) else array).tolist()
