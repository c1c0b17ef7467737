"""The ledger: a row for each claim with what every witness found."""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util.typing import ExtensionMetadata

from printing import claims
from printing.folds import fold, folded
from proofs.witnesses.checking import Verdict
from proofs.witnesses.formal import THEOREMS
from proofs.witnesses.ledger import Entry, cells

TITLE = "What was checked"
HEAD = (
    *("Number", "Claim", "Symbolic", "Measured"),
    *("Printed and run", "Wrong rejected", "Formal"),
)


class PrintLedger(claims.ClaimDirective):
    """```{ledger} TAG ...: what was checked, folded; `all` for every claim of the site.

    Without tags, the claims that are printed above it on the page.
    """

    required_arguments = 0
    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        everything = self.arguments == ["all"]
        if everything:
            tags = list(claims.CLAIMS)
        else:
            tags = self.tags() if self.arguments else self.printed_above()
        rows = "\n".join(map(self.row, tags))
        lines = f"| {' | '.join(HEAD)} |\n{'|---' * len(HEAD)}|\n{rows}"
        table = self.prose(lines, "ledger")
        return [table] if everything else [folded(TITLE, table, kind="checked")]

    def row(self, tag: str) -> str:
        """The row of a claim."""
        return ledger_row(self.checked(tag))


def ledger_row(found: Verdict) -> str:
    """A row of the ledger, in Markdown: that of the command, with a link and the formal witness."""
    tag, _, *witnesses, title = cells(Entry(found.claim, found))
    formal = "proved" if tag in THEOREMS else ""
    return f"| ({tag}) | {title} | {' | '.join(witnesses)} | {formal} |".replace("<=", "≤")


class FoldSection(SphinxTransform):
    """A section that is called like the ledger folds whole, and leaves the list of contents."""

    default_priority = 790  # before the index is collected

    def apply(self, **kwargs: object) -> None:
        for place in list(self.document.findall(fold)):
            section = place.parent
            named = isinstance(section, nodes.section) and section[0].astext() == TITLE
            if "checked" in place["classes"] and named:
                place.extend(child for child in section.children[1:] if child is not place)
                place["ids"] += section["ids"]
                place["names"] += section["names"]
                section.replace_self(place)


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_directive("ledger", PrintLedger)
    app.add_transform(FoldSection)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
