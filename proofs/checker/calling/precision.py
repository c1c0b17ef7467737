"""Arrays of whatever type as doubles, and the unit of rounding that their numbers show.

A number that has been a float32 is a double with 29 zeros at its end: that stays to be seen when
it has been cast up, added to zeros or multiplied by a mask.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from proofs.measuring.precision import format_of
from proofs.measuring.tangents import is_floating
from proofs.network.arrays import Array

DOUBLE = float(np.finfo(float).eps)

DIGITS = {8: "bfloat16", 11: "half precision", 24: "single precision"}
"""The binary digits of the formats that doubles are searched for, the coarsest first."""

TELLING = {8: 2, 11: 2, 24: 1}
"""So many numbers that need more than half of a format's digits show it: one may fit the shorter
by chance."""

SOME = 2**12
"""Numbers that are looked at together."""

Place = tuple[str, int]
"""A letter and a layer."""


def as_array(value: Any) -> Array:
    """A value as an array, a tensor of torch's detached; raises what NumPy raises."""
    if hasattr(value, "detach"):
        value = value.detach().cpu()
        try:
            return np.asarray(value)
        except TypeError:  # NumPy has no bfloat16
            return np.asarray(value.float())
    return np.asarray(value)


def real(array: Array) -> Array | None:
    """An array in double precision; None if its members are no real numbers."""
    if array.dtype.kind in "fiub" or is_floating(array.dtype):
        return array.astype(float)
    if array.dtype.kind == "O":
        try:
            members = [complex(e) for e in array.flat if not isinstance(e, str | bytes)]
        except (TypeError, ValueError, OverflowError):
            return None
        if len(members) < array.size:
            return None
        array = np.array(members).reshape(array.shape)
    if array.dtype.kind == "c" and not array.imag.any():
        return array.real.astype(float)
    return None


def in_single_precision(c: float) -> float:
    """The number of single precision that is nearest to c."""
    return float(np.float32(c))


def units(arrays: Mapping[Place, Array]) -> dict[Place, float]:
    """The unit of rounding of each array: that of its type, or a coarser one that it shows."""
    found = {
        at: max(DOUBLE, format_of(a.dtype).eps if is_floating(a.dtype) else DOUBLE)
        for at, a in arrays.items()
    }
    doubles = {at: a.astype(float, copy=False) for at, a in arrays.items() if is_floating(a.dtype)}
    # What the longest of the formats does not hold, none does.
    doubles = {at: a for at, a in doubles.items() if all_held(a, max(DIGITS))}
    for few in DIGITS if doubles else ():
        fine = {at: a for at, a in doubles.items() if found[at] < unit(few)}
        those = {at: a for at, a in fine.items() if all_held(a, few)}
        if _telling(those.values(), few) >= TELLING[few]:
            found |= dict.fromkeys(those, unit(few))
    return found


def unit(few: int) -> float:
    """From 1 to the next number of this many binary digits."""
    return 2.0 ** (1 - few)


def digits(eps: float) -> int:
    """The binary digits of the format with this unit."""
    return 1 - round(np.log2(eps))


def name(eps: float) -> str:
    """The format with this unit, in words."""
    return DIGITS.get(digits(eps), "")


def held(a: Array, few: int) -> Array:
    """Which numbers have no more binary digits."""
    with np.errstate(all="ignore"):
        scaled = np.frexp(a)[0] * 2.0**few
    return (scaled == np.round(scaled)) | ~np.isfinite(a)


def all_held(a: Array, few: int) -> bool:
    """Whether no number has more binary digits; mostly one of the first tells."""
    flat = a.ravel()
    return all(held(flat[i : i + SOME], few).all() for i in range(0, flat.size, SOME))


def rounded(a: Array, few: int) -> Array:
    """The nearest numbers of this many binary digits, however small."""
    fraction, exponent = np.frexp(a)
    return np.ldexp(np.round(fraction * 2.0**few) / 2.0**few, exponent)


def _telling(arrays: Iterable[Array], few: int) -> int:
    """How many different numbers need more than half of the format's digits."""
    numbers = np.concatenate([np.zeros(0), *(abs(a[np.isfinite(a)]) for a in arrays)])
    return len(np.unique(numbers[~held(numbers, few // 2)]))
