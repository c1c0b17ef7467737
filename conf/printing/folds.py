"""Folds: a line that opens, without a script, to what stands behind it."""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator


class fold(nodes.General, nodes.Element):
    """What opens; its first child is the line that is always seen, a `fold_line`."""


class fold_line(nodes.TextElement):
    """The line of a fold."""


def folded(line: str | list[nodes.Node], *inside: nodes.Node, kind: str = "") -> fold:
    """Nodes behind a line, which is a text or nodes; whatever stands there is ours, not typed."""
    seen = fold_line("", line) if isinstance(line, str) else fold_line("", "", *line)
    return fold("", seen, *inside, classes=kind.split(), proved=True)


def fold_cells(app: Sphinx, doctree: nodes.document) -> None:
    """A cell whose option `:fold:` has a title opens from there."""
    for cell in list(doctree.findall(is_folded_cell)):
        assert isinstance(cell, nodes.Element) and cell.parent  # noqa: PT018 - for mypy
        around, place = cell.parent, cell.parent.index(cell)
        around[place] = folded(str(cell["cell_metadata"]["fold"]), cell, kind="code")


def is_folded_cell(node: nodes.Node) -> bool:
    """Whether a node is a cell with a title to fold it behind."""
    return isinstance(node, nodes.container) and "fold" in node.get("cell_metadata", {})


def open_fold(self: HTML5Translator, node: fold) -> None:
    self.body.append(self.starttag(node, "details"))


def close_fold(self: HTML5Translator, node: fold) -> None:
    self.body.append("</details>\n")


def open_line(self: HTML5Translator, node: fold_line) -> None:
    self.body.append(self.starttag(node, "summary", ""))


def close_line(self: HTML5Translator, node: fold_line) -> None:
    self.body.append("</summary>\n")


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_node(fold, html=(open_fold, close_fold))
    app.connect("doctree-read", fold_cells)
    app.add_node(fold_line, html=(open_line, close_line))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
