"""What somebody's code detaches on purpose: expressions whose results count as constants.

NumPy has no stop_gradient to write down, so the text of the expression says which is meant.
"""

import ast
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from types import FrameType

from proofs.measuring.callsites import Site, is_library

NOW: dict[str, bool] = {}
"""The expressions of the check that is going on, as Python spells them, and which were met."""


@contextmanager
def detaching(texts: str | Sequence[str]) -> Iterator[dict[str, bool]]:
    """Within it the expressions with these texts, or those of lines with them, are constants.

    Yields which of them are met. Raises ValueError for a text that is no line of Python.
    """
    before = dict(NOW)
    for text in [texts] if isinstance(texts, str) else texts:
        if not isinstance(text, str) or not _spelt(text):
            raise ValueError(
                f"detached: expected the text of an expression of the forward pass, got {text!r}"
            )
        NOW[_spelt(text)] = False
    met = NOW.copy()
    try:
        yield met
    finally:
        met.update(NOW)
        NOW.clear()
        NOW.update(before)


def is_detached(frame: FrameType | None) -> bool:
    """Whether a step is made within one of those expressions, or on one of those lines.

    It may be one of a function that is called there.
    """
    found = False
    while frame is not None:
        if not is_library(frame.f_code.co_filename):
            here = Site(frame.f_code, frame.f_lasti)
            for text in (_spelt(here.expression), _spelt(here.whole_line)):
                if text in NOW:
                    found = NOW[text] = True
        frame = frame.f_back
    return found


@cache
def _spelt(text: str) -> str:
    """A line or an expression as Python spells it, whatever its spaces, brackets and remarks."""
    for source in (text.strip(), f"({text.strip()}\n)"):  # what covers several lines had brackets
        with suppress(SyntaxError):
            return ast.unparse(ast.parse(source))
    return ""
