"""Equations worked out with short numbers, each against what a push measures."""

from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata, OptionSpec

from printing.claims import ClaimDirective, displayed
from proofs.lessons.by_hand import CASES, Worked, worked

ROUNDING = 1e-12
"""Far above the rounding of numbers near 1, far below the last digit that is printed."""


def place(text: str) -> dict[str, int]:
    """Where an equation is worked out: "l=2 j=1"."""
    return {name: int(n) for name, n in (part.split("=") for part in text.split())}


class PrintWorked(ClaimDirective):
    """```{worked} TAG: the equation with the numbers of a case put in, at one place.

    `:case:` small, sigmoid or softmax; `:at:` l=2 j=1; `:terms:` writes the sum out and strikes
    the terms that vanish.
    """

    option_spec: ClassVar[OptionSpec] = {
        "case": directives.unchanged,
        "at": place,
        "terms": directives.flag,
    }

    def run(self) -> list[nodes.Node]:
        case = CASES[self.options.get("case", "small")]()
        at: dict[str, int] = self.options.get("at", {})
        blocks: list[nodes.Node] = []
        for claim in [self.checked(tag).claim for tag in self.tags()]:
            found = worked(claim.statement, case, terms="terms" in self.options, **at)
            if not found.off < ROUNDING:
                self.note(f"({claim.tag}) is not what a push measures: {found.off:.1e} apart")
            blocks.append(displayed(aligned(found)))
        return [nodes.container("", *blocks, classes=["worked"])]


def aligned(found: Worked) -> str:
    """The three lines under each other; what says the same twice is said once."""
    left, right = found.symbols.split(" = ", 1)
    lines = [right, *dict.fromkeys((found.numbers, found.result))]
    return rf"\begin{{aligned}} {left} &= " + r" \\ &= ".join(lines) + r" \end{aligned}"


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_directive("worked", PrintWorked)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
