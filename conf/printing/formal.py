"""The formal witness on the pages: what Coq proved, by the record in `proofs.witnesses.formal`.

The build stops if the record does not fit the sources; Coq itself is not needed.
"""

import re
from collections.abc import Iterator
from typing import Any, ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import OptionSpec

from printing.folds import folded
from proofs.witnesses.formal import AXIOMS, FALSE, FURTHER, THEOREMS, Theorem, theorems, verify

FALSELY = "Proved false by computer: "
"""Beside a wrong equation, where nobody has heard of Coq yet."""


def formal_note(about: str) -> list[nodes.Node]:
    """The theorem for a claim's tag or a refutation's name, folded; nothing if there is none."""
    name = {**THEOREMS, **FALSE}.get(about)
    if name is None:
        return []
    return [proof(theorems()[name], FALSELY if about in FALSE else "Proved in Coq: ")]


def proof(theorem: Theorem, proved: str) -> nodes.Element:
    """A theorem behind one line that can be opened: its statement, and what it assumes."""
    statement = "\n".join(theorem.statement)
    return folded(
        [nodes.Text(proved), nodes.literal("", theorem.name)],
        nodes.literal_block(statement, statement, language="coq"),
        nodes.paragraph(
            "",
            "",
            nodes.emphasis("", "Assumed:"),
            *letters(f" {theorem.assumed} Proof in "),
            nodes.literal("", f"proofs/witnesses/formal/{theorem.file}"),
            nodes.Text("."),
        ),
        kind="formal",
    )


def letters(text: str) -> Iterator[nodes.Node]:
    """Words in which z_j and z'_k are letters with an index, and `names` are code."""
    for part in re.split(r"(`[^`]+`|\b\w′?_\w\b)", text.replace("'", "′")):
        letter, _, index = part.partition("_")
        if part.startswith("`"):
            yield nodes.literal("", part.strip("`"))
        elif index:
            yield nodes.emphasis("", letter)
            yield nodes.subscript("", index)
        else:
            yield nodes.Text(part)


class PrintTheorems(SphinxDirective):
    """```{formal} NAME ...: theorems that are no equation of the book, folded; all if none."""

    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[OptionSpec] = {}

    def run(self) -> list[nodes.Node]:
        names = self.arguments[0].split() if self.arguments else list(FURTHER)
        unknown = [name for name in names if name not in theorems()]
        if unknown:
            raise self.error(f"there is no formal theorem {', '.join(unknown)}")
        return [proof(theorems()[name], "Proved in Coq: ") for name in names]


class PrintAxioms(SphinxDirective):
    """```{formal-axioms}: what every theorem rests on, in words."""

    def run(self) -> list[nodes.Node]:
        items = [
            nodes.list_item(
                "", nodes.paragraph("", f"{words} (", nodes.literal("", name), nodes.Text(")."))
            )
            for name, words in AXIOMS.items()
        ]
        return [nodes.bullet_list("", *items)]


def stop(app: Sphinx) -> None:
    """End the build before it begins if what is recorded is not what stands in the sources."""
    wrong = verify()
    if wrong:
        # An exception would drown the message in a traceback and ask to report a bug in Sphinx.
        raise SystemExit("\n".join(["", "Proof failed!", *wrong]))


def setup(app: Sphinx) -> dict[str, Any]:
    app.setup_extension("printing.folds")
    app.add_directive("formal", PrintTheorems)
    app.add_directive("formal-axioms", PrintAxioms)
    app.connect("builder-inited", stop)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
