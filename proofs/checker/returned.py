"""What a step returned: its loss, and what carries tangents."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from proofs.measuring.leaves import Path, is_array
from proofs.measuring.tangents import Dual

LOSSES = ("loss", "cost", "total_loss", "j")


def parts_of(result: Any) -> list[Any]:
    """What a step returned, part by part; in a dictionary the loss has a name, and comes first."""
    if isinstance(result, tuple | list):
        return list(result)
    if not isinstance(result, dict):
        return [result]
    key = next((k for k in result if str(k).lower() in LOSSES), None)
    if key is None:
        return [result]
    rest = {k: x for k, x in result.items() if k != key}
    nested = any(isinstance(x, dict | list | tuple) for x in rest.values())
    return [result[key], *(rest.values() if nested else [rest])]


def single_numbers(result: Any) -> list[Any]:
    """The single numbers among what a step returned."""
    kinds = int | float | np.generic | np.ndarray | Dual
    return [x for x in parts_of(result) if isinstance(x, kinds) and not np.ndim(getattr(x, "v", x))]


def loss_of(result: Any) -> Any:
    """The loss among what a step returned: the first single number."""
    return next(iter(single_numbers(result)), None)


def losses_in_a_row(result: Any) -> bool:
    """Whether a step returned several numbers in a list or an array, as a training loop does."""
    inner = result.values() if isinstance(result, dict) else result
    parts = [result, *(inner if isinstance(result, dict | tuple) else ())]
    return any((isinstance(x, list) and len(x) > 1 and len(single_numbers(x)) == len(x))
               or (isinstance(x, np.ndarray) and x.dtype.kind == "f" and x.ndim == 1 and x.size > 1)
               for x in parts)  # fmt: skip


def with_single_loss(step: Callable[..., Any], result: Any) -> tuple[Callable[..., Any], Any]:
    """A step and its result, a number in the place of an array of one, as e.T @ e is.

    That is its loss where it returns no single number.
    """
    sizes = [x.size if is_array(x) else 0 for x in parts_of(result)]
    if loss_of(result) is not None or 1 not in sizes:
        return step, result
    at = sizes.index(1)

    def loss_first(result: Any) -> tuple[Any, ...]:
        parts = parts_of(result)
        return parts[at].reshape(()), *parts[:at], *parts[at + 1 :]

    def with_its_loss(*args: Any) -> Any:
        return loss_first(step(*args))

    with_its_loss.__wrapped__ = step  # type: ignore[attr-defined]
    return with_its_loss, loss_first(result)


def duals(x: Any, path: Path = ()) -> Iterator[tuple[Path, Dual]]:
    """What carries tangents within something, by its path."""
    if isinstance(x, Dual):
        yield path, x
    elif isinstance(x, dict):
        for key, item in x.items():
            yield from duals(item, (*path, key))
    elif isinstance(x, list | tuple):
        for n, item in enumerate(x):
            yield from duals(item, (*path, n))
