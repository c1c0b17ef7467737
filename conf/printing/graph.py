"""What each claim rests on: the claims in levels, each linked to those that it uses."""

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from printing import claims
from printing.domain import facts, listing
from printing.folds import folded
from proofs.claims.claim import Claim
from proofs.witnesses.formal import THEOREMS


def levels(known: Mapping[str, Claim]) -> list[list[str]]:
    """The tags in levels: a claim uses only claims of the levels before its own."""
    order = TopologicalSorter({tag: claim.depends for tag, claim in known.items()})
    order.prepare()
    found = []
    while order.is_active():
        ready = set(order.get_ready())
        found.append([tag for tag in known if tag in ready])
        order.done(*ready)
    return found


def line(claim: Claim) -> str:
    """A claim with its witnesses and what it uses, in Markdown."""
    uses = ", ".join(f"({tag})" for tag in claim.depends)
    return f"- ({claim.tag}) {claim.title} ({checked_by(claim)}){': uses ' + uses if uses else ''}"


def checked_by(claim: Claim) -> str:
    """The witnesses of a claim, in words."""
    if claim.definition:
        return "a definition"
    ways = ["measured"] if claim.axiom else ["symbolic", "measured"]
    ways += ["printed and run"] if claim.formula else []
    ways += ["proved in Coq"] if claim.tag in THEOREMS else []
    return ", ".join(ways)


class PrintGraph(claims.ClaimDirective):
    """```{claim-graph}: all claims by level, each with links to the claims that it uses."""

    required_arguments = 0

    def run(self) -> list[nodes.Node]:
        try:
            found = levels(claims.CLAIMS)
        except CycleError as error:
            circle = " uses ".join(f"({tag})" for tag in reversed(error.args[1]))
            self.note(f"claims rest on one another: {circle}")
            return []
        facts(self.env).lists.add("claims")
        text = [f"**Level {n}**\n\n{self.level(tags)}" for n, tags in enumerate(found, start=1)]
        listed = self.prose("\n\n".join(text), "claim-graph")
        return [folded(f"All {len(claims.CLAIMS)} claims, in {len(found)} levels", listed)]

    def level(self, tags: list[str]) -> str:
        """The claims of a level."""
        return "\n".join(line(claims.CLAIMS[tag]) for tag in tags)


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_directive("claim-graph", PrintGraph)
    app.connect("env-updated", listing("claims", lambda its: (tag for tag, _ in its.claims)))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
