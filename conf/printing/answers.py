"""Answers on the pages: numbers computed while they are read by `proofs.lessons.answers`."""

import inspect
from typing import Any

import numpy as np
from docutils import nodes
from sphinx.application import Sphinx

from printing.claims import ClaimDirective
from printing.folds import folded
from proofs.lessons.answers import ANSWERS

MANY = 20
"""Numbers of more signs than this have no room beside their words on a phone."""


class PrintAnswer(ClaimDirective):
    """```{answer} NAME: what the function returns, on what, and its source, folded."""

    def run(self) -> list[nodes.Node]:
        name = self.arguments[0]
        if name not in ANSWERS:
            self.note(f"there is no answer {name}; the answers are {', '.join(ANSWERS)}")
            return []
        try:
            found = {words: shown(value) for words, value in ANSWERS[name]().items()}
        except Exception as error:
            self.note(f"the answer {name} does not compute, {type(error).__name__}: {error}")
            return []
        rows = self.prose("\n\n".join(f"{words}\n: `{n}`" for words, n in found.items()), "found")
        many = ["many"] * any(len(numbers) > MANY for numbers in found.values())
        return [nodes.container("", rows, source(name), classes=["answer", *many])]


def source(name: str) -> nodes.Element:
    """The function behind an answer, folded; its first line says which numbers these are."""
    code = inspect.getsource(ANSWERS[name])
    first = str(inspect.getdoc(ANSWERS[name])).partition("\n")[0].replace("`", "")
    listing = nodes.literal_block(code, code, language="python")
    return folded(f"In code: {first}", listing, kind="source")


def shown(found: object) -> str:
    """A number with four digits, an array with its numbers in a row, words as they are."""
    if isinstance(found, np.ndarray) and found.ndim:
        return "  ".join(map(shown, found.ravel()))
    if isinstance(found, float | np.floating | np.ndarray):
        return f"{float(found) + 0.0:.4g}"  # no minus before a zero
    return str(found)


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("answer", PrintAnswer)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
