"""The wrong equations of a page, in one table: what people write, why, and what refutes it."""

import re
from collections.abc import Sequence

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from printing import claims
from printing.domain import facts
from printing.folds import folded
from printing.formal import formal_note
from proofs.witnesses.checking import Rejection

HEAD = ("What people write", "Why they believe it", "What refutes it")
SHORT = 6
"""A counterexample is told to this many digits: a number with fewer is told in full."""

NUMBERS = re.compile(r"left side (\S+), right side (\S+) at (.*?); (.*)", re.DOTALL)


class PrintRefutations(claims.ClaimDirective):
    """```{refutations} TAG ...: the wrong equations of claims, each with its counterexample.

    Without tags, those of the claims that are printed above it on the page.
    """

    required_arguments = 0
    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        tags = self.tags() if self.arguments else self.printed_above()
        facts(self.env).refuted += tags
        rows = [
            self.cells(rejection, [h.name for h in found.claim.hypotheses])
            for found in map(self.checked, tags)
            for rejection in found.rejections
        ]
        if not rows and (tags or not self.arguments):
            self.note("there is no wrong equation to refute")
        return [table(HEAD, rows)]

    def cells(self, rejection: Rejection, usual: Sequence[str]) -> list[list[nodes.Node]]:
        """The cells of a wrong equation; it assumes what the true one does, and what it names."""
        wrong = rejection.refutation
        where = " ".join(h.text for h in wrong.hypotheses if h.name not in usual)
        return [
            [crossed(wrong.statement)],
            [self.prose(f"“{wrong.misconception}”", "misconception")],
            [
                *self.contradicted(rejection.detail, where),
                *formal_note(wrong.name),
                *self.mended(wrong.page),
            ],
        ]

    def contradicted(self, detail: str, assuming: str) -> list[nodes.Node]:
        """The two numbers, which open to where they were found and what is assumed there."""
        numbers, where = contradiction(detail)
        inside = [self.prose(assuming, "hypothesis")] if assuming else []
        inside += [self.prose(where, "where")] if where else []
        if not inside:
            return [self.prose(numbers, "counterexample")]
        line = nodes.inline("", "", *self.parse_inline(numbers)[0], classes=["counterexample"])
        return [folded([line], *inside)]

    def mended(self, page: str) -> list[nodes.Node]:
        """A link to the page that mends the misconception, if it is another one."""
        elsewhere = page != self.env.docname and page in self.env.found_docs
        return [self.prose(f"Why: {{doc}}`/{page}`.", "mended")] if elsewhere else []


def crossed(statement: object) -> nodes.Element:
    """An equation that is crossed out, to the eye and to the ear."""
    heard = nodes.inline("", "Wrong: ", classes=["heard"])
    paragraph = nodes.paragraph("", "", heard, classes=["heard"])
    return nodes.container("", paragraph, claims.unnumbered(statement), classes=["crossed"])


def contradiction(detail: str) -> tuple[str, str]:
    """The two numbers in words, and where they were found."""
    match = NUMBERS.fullmatch(detail)
    if match is None:
        return f"{detail}.", ""
    left, right, place, network = match.groups()
    true, false = map(rounded, (left, right))
    if true == false:  # they differ in later digits
        true, false = left, right
    text = f"**{true}** is true, **{false}** is what it gives."
    return re.sub(r"(?<!\w)-(?=\d)", "−", text), f"At {place}; {network}."


def rounded(number: str) -> str:
    """A number to three digits; one that is as short as those done by hand stays as it is."""
    digits = number.lstrip("-").partition("e")[0].replace(".", "").strip("0")
    return number if len(digits) < SHORT else f"{float(number) + 0.0:.3g}"


def table(head: tuple[str, ...], rows: list[list[list[nodes.Node]]]) -> nodes.Element:
    """A table with cells of any content."""
    group = nodes.tgroup("", *(nodes.colspec(colwidth=1) for _ in head), cols=len(head))
    titles = [nodes.entry("", nodes.paragraph("", words)) for words in head]
    group += nodes.thead("", nodes.row("", *titles))
    body = [nodes.row("", *(nodes.entry("", *cell) for cell in row)) for row in rows]
    group += nodes.tbody("", *body)
    return nodes.container("", nodes.table("", group), classes=["refutations"], proved=True)


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_directive("refutations", PrintRefutations)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
