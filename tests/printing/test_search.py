"""What an excerpt of a search says: words, as they are read on the page."""

import pytest
from docutils import nodes
from printing.search import said
from sphinx import addnodes


def reference(domain, kind, target):
    text = nodes.literal("", target)
    return addnodes.pending_xref("", text, refdomain=domain, reftype=kind, reftarget=target)


CODE = nodes.container("", nodes.paragraph("", "became z ** 3"), classes=["mutation"])
DISPLAY = nodes.math_block("", r"\begin{aligned} z &= 1 \end{aligned}")


class TestExcerpts:
    """They hold what is read, and nothing that only a program reads."""

    @pytest.mark.parametrize(
        ("part", "read"),
        [
            (nodes.Text("a sum"), "a sum"),
            (nodes.math("", r"\delta"), "delta"),
            (reference("math", "eq", "37"), "(37)"),
            (reference("cite", "p", "cv496351"), ""),
            (DISPLAY, ""),
            (CODE, ""),
        ],
    )
    def test_a_part(self, part, read):
        assert said(part) == read

    def test_a_sentence(self):
        parts = [nodes.Text("See "), reference("math", "eq", "37"), nodes.Text(".")]
        assert said(nodes.paragraph("", "", *parts)) == "See (37)."

    def test_a_sentence_that_ends_with_a_source(self):
        parts = [nodes.Text("They ask "), reference("cite", "p", "cv496351"), nodes.Text(".")]
        assert said(nodes.paragraph("", "", *parts)) == "They ask."
