"""Where the book's equations are: a table from its numbers to the pages, made from the claims."""

import re

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from printing.claims import ClaimDirective
from proofs.claims import CLAIMS

BOOKS = re.compile(r"(BP)?(\d+)a?")
"""A tag that is a number or a name of the book's own."""


def book_order(tag: str) -> tuple[int, int, str]:
    """Where the book has an equation: BP1 to BP4 stand between (29) and (33)."""
    match = BOOKS.fullmatch(tag)
    assert match
    named, number = match.groups()
    # BP1, BP1a before (30); BP2 after it; BP3 before (31); BP4 before (32).
    after = {"1": 29, "2": 30, "3": 30, "4": 31}
    return (after[number], 1 + int(number), tag) if named else (int(number), 0, tag)


class PrintNumbers(ClaimDirective):
    """```{equation-numbers}: a row for each equation that the book numbers, with its place."""

    required_arguments = 0

    def run(self) -> list[nodes.Node]:
        tags = sorted(filter(BOOKS.fullmatch, CLAIMS), key=book_order)
        rows = [f"| ({tag}) | {CLAIMS[tag].title} |" for tag in tags]
        return [self.prose("\n".join(["| Number | What it says |", "|---|---|", *rows]), "numbers")]


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_directive("equation-numbers", PrintNumbers)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
