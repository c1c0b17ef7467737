"""Notation at hand: each formula carries what its letters mean, and none has an unknown one."""

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from printing.claims import RELATION, ClaimDirective, inside, note, parents
from proofs.claims.letters import LETTERS, Sign, legend, unknown


def explained(math: nodes.Element) -> str:
    """A line for each letter of a formula, in plain text: name, place, shape, code.

    Empty where a formula cannot be a stop of the keyboard, being part of a link or a title, and
    for what a cell prints, whose letters are its own.
    """
    within = nodes.reference | nodes.title
    if inside(math, "cell_output") or any(isinstance(p, within) for p in parents(math)):
        return ""
    return "\n".join(f"{letters}  {described(sign)}" for sign, letters in legend(math.astext()))


def described(sign: Sign) -> str:
    """What is known of a letter, in a line of plain text."""
    place = f" ({sign.defined})" if sign.defined else ""
    parts = [f"{sign.name}{place}", " × ".join(map(plain, sign.shape or ())), sign.code]
    return ", ".join(filter(None, parts))


def plain(size: str) -> str:
    """A width in plain text: n_{l-1} as nₗ₋₁; there is no small L."""
    below = str.maketrans("l1-", "ₗ₁₋")
    return re.sub(r"_\{?([l1-]+)\}?", lambda index: index[1].translate(below), size)


def guard(app: Sphinx, doctree: nodes.document) -> None:
    """Note every letter that the list does not have."""
    for kind in (nodes.math, nodes.math_block):
        for math in doctree.findall(kind):
            # A relation needs no name: where it may not stand, it is noted as a relation.
            missing = [s for s in unknown(math.astext()) if not RELATION.fullmatch(s)]
            if missing and not inside(math, "cell_output"):
                place = next((n for n in (math, *parents(math)) if n.line), math)
                text = (
                    f"${math.astext()}$ has the sign {', '.join(missing)}, which stands for "
                    "nothing; say what it means in proofs/claims/letters.py"
                )
                note(app.env, app.env.docname, place.source, place.line, text)


class PrintLetters(ClaimDirective):
    """```{letters}: a row for each letter of the site."""

    required_arguments = 0

    def run(self) -> list[nodes.Node]:
        head = ("Letter", "In words", "Shape", "In the code", "Defined")
        lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|", *map(row, LETTERS)]
        table = self.prose("\n".join(lines), "notation")
        for math in table.findall(nodes.math):
            math["proved"] = True  # the bracket with its two indices is no relation
        return [table]


def row(sign: Sign) -> str:
    """A row of the table of letters, in Markdown."""
    sizes = [n if n.isdigit() else f"${n}$" for n in sign.shape or ()]
    shape = "" if sign.shape is None else " × ".join(sizes) or "a number"
    code = f"`{sign.code}`" if sign.code else ""
    defined = f"({sign.defined})" if sign.defined else ""
    words = f"**{sign.name}**: {sign.meaning}"
    return f"| ${sign.printed}$ | {words} | {shape} | {code} | {defined} |"


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("letters", PrintLetters)
    app.connect("doctree-read", guard)
    app.add_js_file("legend.js", loading_method="defer")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
