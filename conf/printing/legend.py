"""Notation at hand: each formula carries what its letters mean, and none has an unknown one."""

import re
from collections.abc import Sequence
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from printing.claims import ClaimDirective
from printing.domain import note
from printing.folds import fold_line
from printing.guard import RELATION, inside, parents
from proofs.claims.letters import GROUPS, Sign, unknown
from proofs.claims.terms import Term, legend


def explained(math: nodes.Element) -> str:
    """A line for each sign of a formula, in plain text: what it means, then its shape and code.

    Empty where a formula cannot be a stop of the keyboard, being part of a link, a title or the
    line of a fold, and for what a cell prints, whose letters are its own.
    """
    within = nodes.reference | nodes.title | fold_line
    if inside(math, "cell_output") or any(isinstance(p, within) for p in parents(math)):
        return ""
    return "\n".join(line(*row) for row in legend(math.astext(), math.get("number") or ""))


def line(sign: Sign, written: str, its: Sequence[Term]) -> str:
    """What a sign means, then the array that it is at each layer of the formula, then code."""
    if sign.shape is None and not sign.defined:
        return f"{written}  {sign.name}"  # an index says enough by its name
    words = f"{written}  {sign.name}: {in_words(sign.meaning)}."
    return " ".join([words, *(f"Here {described(written, term)}." for term in its)])


def described(written: str, term: Term) -> str:
    """A term of a formula: its shape as it stands there, and its array in Python."""
    layer = plain(f"^{{{term.layer}}}")
    name = f"{ {'′': 'σ′(z', 'Σ': 'Σ′(z'}.get(written, written) }{layer}"
    name += ")" if "(" in name else ""
    name += " transposed" if term.transposed else ""
    kind = "is an entry of" if term.entry else "is"
    return f"{name} {kind} {' × '.join(map(plain, term.shape))}: {term.code}"


def in_words(meaning: str) -> str:
    """A meaning without the marks of Markdown, its symbols as plain text."""
    text = re.sub(r"\$([^$]*)\$", lambda found: plain(found[1]), meaning)
    return text.replace("\\", "").replace("*", "").removesuffix(".")


def plain(size: str) -> str:
    """A symbol in plain text: n_{l - 1} as nₗ₋₁, n_L as n_L; there is no small capital below."""
    size = size.replace(" ", "").replace(r"\sigma", "σ").replace("'", "′")
    below = str.maketrans("l123456789+-", "ₗ₁₂₃₄₅₆₇₈₉₊₋")
    above = str.maketrans("lL123456789+-", "ˡᴸ¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
    size = re.sub(r"\^\{?([lL\d+-]+)\}?", lambda found: found[1].translate(above), size)

    def lowered(found: re.Match[str]) -> str:
        if "L" in found[1]:
            return "_L" if found[1] == "L" else f"_({found[1]})"
        return found[1].translate(below)

    return re.sub(r"_\{?([lL\d+-]+)\}?", lowered, size)


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
    """```{letters} GROUP: a row for each letter of a group; a column that is empty is left out."""

    def run(self) -> list[nodes.Node]:
        group = self.arguments[0]
        if group not in GROUPS:
            self.note(f"there is no group {group} of letters; the groups are {', '.join(GROUPS)}")
            return []
        rows = [HEAD, *map(cells, GROUPS[group])]
        columns = [column for column in zip(*rows, strict=True) if any(column[1:])]
        head, *lines = (f"| {' | '.join(line)} |" for line in zip(*columns, strict=True))
        table = self.prose("\n".join([head, "|---" * len(columns) + "|", *lines]), "notation")
        for math in table.findall(nodes.math):
            math["proved"] = True  # the bracket with its two indices is no relation
        return [table]


HEAD = ("Symbol", "In words", "Shape", "In the code", "Defined")


def cells(sign: Sign) -> tuple[str, ...]:
    """A row of the table of letters, in Markdown."""
    sizes = [n if n.isdigit() else f"${n}$" for n in sign.shape or ()]
    shape = "" if sign.shape is None else " × ".join(sizes) or "a number"
    code = f"`{sign.code}`" if sign.code else ""
    defined = f"({sign.defined})" if sign.defined else ""
    return f"${sign.printed}$", f"**{sign.name}**: {sign.meaning}", shape, code, defined


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("letters", PrintLetters)
    app.connect("doctree-read", guard)
    app.add_js_file("legend.js", loading_method="defer")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
