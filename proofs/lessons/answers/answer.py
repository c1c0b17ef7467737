"""What an answer is."""

from collections.abc import Mapping

import numpy as np

from proofs.network.arrays import Array

Answer = Mapping[str, object]
"""What is compared, in words (Markdown), and the number, array, shape or finding that goes with
it; the last one settles the question."""


def apart(one: Array, other: Array) -> float:
    """How far two arrays are apart, as a share of the size of the second."""
    return float(np.linalg.norm(one - other) / np.linalg.norm(other))


def wrong_by(one: Array, right: Array) -> str:
    """The same in words, in percent."""
    return f"wrong by {apart(one, right):.2%}"
