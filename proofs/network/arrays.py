"""What comes in from outside, turned into arrays of our own or refused in plain words."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


class OfParts:
    """Equal if made of the very same functions and of equal names and numbers.

    So it can be compared and hashed, whatever the objects that stand for functions do.
    """

    name: str

    def _parts(self) -> tuple[Any, ...]:
        return tuple(id(v) if callable(v) else v for v in vars(self).values())

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self._parts() == other._parts()

    def __hash__(self) -> int:
        return hash(self.name)


def own_array(name: str, value: object, shape: tuple[int | None, ...], hint: str = "") -> Array:
    """A read-only float64 copy of `value`; None in `shape` stands for any size of at least 1.

    Raises TypeError if `value` does not hold real numbers, ValueError for a wrong shape or for
    NaN and infinity. The caller's array is never changed and never aliased.
    """
    try:
        array = np.asarray(value)
    except ValueError:
        raise ValueError(
            f"{name}: expected an array of shape {_in_words(shape)}, got rows of unequal length"
        ) from None
    if array.dtype.kind not in "fiub":
        raise TypeError(
            f"{name}: expected real numbers, got {type(value).__name__} with dtype {array.dtype}"
        )
    fits = array.ndim == len(shape) and all(
        have > 0 if want is None else have == want
        for have, want in zip(array.shape, shape, strict=True)
    )
    if not fits:
        raise ValueError(
            f"{name}: expected shape {_in_words(shape)}, got {array.shape}. {hint}".rstrip(" ")
        )
    array = np.array(array, dtype=float)
    if not np.isfinite(array).all():
        where = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        raise ValueError(f"{name}: expected finite numbers, got {array[where]} at index {where}")
    array.flags.writeable = False
    return array


def _in_words(shape: tuple[int | None, ...]) -> str:
    return "(" + ", ".join("m" if n is None else str(n) for n in shape) + ")"


def as_list(name: str, value: object, what: str) -> list[Any]:
    """The members of a list or tuple; raises TypeError for anything else, a string included."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return list(value)
    raise TypeError(f"{name}: expected {what}, got {value!r}")


def whole_number(name: str, value: object, least: int) -> int:
    """A whole number of at least `least`; raises ValueError for anything else."""
    if isinstance(value, int | np.integer) and value >= least:
        return int(value)
    raise ValueError(f"{name}: expected a whole number of at least {least}, got {value!r}")


def columns(name: str, value: object, rows: int) -> Array:
    """Examples as columns: an array of shape (rows, m). Raises as `own_array` does."""
    hint = f"Examples are columns; one example is {name}.reshape({rows}, 1)."
    return own_array(name, value, (rows, None), hint)
