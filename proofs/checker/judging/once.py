"""What is asked again of the same numbers is computed once.

Slopes at the same z are asked for by every delta that may have come back there.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache, wraps
from typing import Any

import numpy as np

from proofs.network.arrays import Array

KEPT = 512
"""So many results of a function are kept, those that were asked for last."""

LARGEST = 2**12
"""Arrays of more numbers are computed anew, where that takes longer than to ask."""


@dataclass(frozen=True)
class _Asked:
    """What a function was asked of: the numbers of its arrays count, and not which arrays."""

    key: tuple[Any, ...]
    given: tuple[Any, ...] = field(compare=False)


def once(of: Callable[..., Array]) -> Callable[..., Array]:
    """The same function of arrays and of what can be hashed, which keeps what it gave.

    What it gives is shared, and so read-only.
    """

    @lru_cache(KEPT)
    def kept(asked: _Asked) -> Array:
        found = of(*asked.given)
        found.flags.writeable = False
        return found

    @wraps(of)
    def asked_for(*given: Any) -> Array:
        arrays = [v for v in given if isinstance(v, np.ndarray)]
        if sum(v.size for v in arrays) > LARGEST:
            return of(*given)
        key = (*((v.shape, v.dtype.char, v.tobytes()) if isinstance(v, np.ndarray) else v
                 for v in given),)  # fmt: skip
        return kept(_Asked(key, given))

    return asked_for
