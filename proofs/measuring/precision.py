"""The format that numbers are kept in: its unit of rounding, its smallest number."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from proofs.measuring.tangents import is_floating


@dataclass(frozen=True)
class Format:
    """A format of floating-point numbers, such as bfloat16."""

    name: str
    eps: float
    """From 1 to the next number."""
    tiny: float
    """The smallest number above 0."""


DOUBLE = Format("float64", float(np.finfo(float).eps), 5e-324)


@cache
def format_of(dtype: Any) -> Format:
    """Of a type of NumPy's, or of one that another library has brought to NumPy."""
    if dtype == np.float64:
        return DOUBLE
    one, eps = np.ones((), dtype), 1.0
    while one + np.asarray(eps / 2, dtype) != one:
        eps /= 2
    tiny = 1.0
    while np.asarray(tiny / 2, dtype).astype(float) != 0:
        tiny /= 2
    return Format(dtype.name, eps, tiny)


def coarsest(arrays: Iterable[Any]) -> Format:
    """The coarsest format among arrays; float64 where there is none."""
    formats = [format_of(x.dtype) for x in arrays if hasattr(x, "dtype") and is_floating(x.dtype)]
    return max([DOUBLE, *formats], key=lambda form: form.eps)


NAMES = {"float32": "single precision", "float16": "half precision"}


def coarser(arrays: Mapping[str, Any], than: Format) -> Iterator[str]:
    """The arrays that are kept in a format of fewer digits than another, by the format."""
    found: dict[Format, list[str]] = {}
    for name, x in arrays.items():
        if is_floating(x.dtype) and (form := format_of(x.dtype)).eps > than.eps:
            found.setdefault(form, []).append(name)
    yield from (f"{NAMES.get(f.name, f.name)}: {', '.join(names)}" for f, names in found.items())
