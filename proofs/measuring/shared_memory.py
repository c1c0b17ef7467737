"""Deep copies in which an array that shows a part of another, as a view, still does."""

import copy
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided


def deep(x: Any, memo: dict[int, Any], of: Iterable[Any] = (), put: Collection[int] = ()) -> Any:
    """A deep copy that has what `memo` says in the place of the arrays `of`, by their identity.

    A view is one of that, or of the copy, then, unless it is among those `put` there.
    """
    before = dict(memo)
    made = copy.deepcopy(x, memo)
    visited = memo.get(id(memo), ())  # where deepcopy keeps what it has copied
    arrays = {id(y): y for y in (*of, *visited) if type(y) is np.ndarray and y.dtype != object}
    views = [*_views([*arrays.values()], put)]
    if not views:
        return made
    memo.clear()
    memo.update(before)
    for part, whole in views:
        memo[id(part)] = _same_part(memo.setdefault(id(whole), whole.copy()), part, whole)
    return copy.deepcopy(x, memo)


def _views(arrays: list[Any], put: Collection[int]) -> Iterator[tuple[Any, Any]]:
    """The arrays that show parts of another one, each with that."""
    of_one: dict[int, list[Any]] = defaultdict(list)
    for x in arrays:
        of_one[id(x if x.base is None else x.base)].append(x)
    for some in of_one.values():
        wholes = [x for x in some if x.flags.c_contiguous]
        if len(some) < 2 or not wholes:
            continue
        whole = max(wholes, key=lambda x: (x.size, id(x) in put))
        for x in some:
            if x is not whole and x.dtype == whole.dtype and id(x) not in put and x.size:
                at = _places(x, whole)
                if at.min() >= 0 and at.max() < whole.size:
                    yield x, whole


def _places(part: Any, whole: Any) -> Any:
    """Where in the row of numbers of a whole those of its part stand."""
    first = (part.ctypes.data - whole.ctypes.data) // whole.itemsize
    at = np.full(part.shape, first)
    for axis, stride in enumerate(part.strides):
        steps = np.arange(part.shape[axis]) * (stride // whole.itemsize)
        at += steps.reshape(-1, *(1,) * (part.ndim - axis - 1))
    return at


def _same_part(other: Any, part: Any, whole: Any) -> Any:
    """The part of another whole; of one with tangents, a copy that has them."""
    at = _places(part, whole)
    if type(other) is np.ndarray and other.flags.c_contiguous and other.dtype == part.dtype:
        return as_strided(other.reshape(-1)[at.flat[0] :], part.shape, part.strides)
    return other.reshape(-1)[at]
