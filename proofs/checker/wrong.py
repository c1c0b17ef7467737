"""Words for what is wrong, without knowing the layer."""

from typing import Any


def in_words(call: Any, row: Any) -> Any:
    """The row, with what it looks like."""
    return row
