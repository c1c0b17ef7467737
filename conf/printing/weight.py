"""The record of what pages weigh with MathML and with MathJax, and how a page shows it."""

import json
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

RECORD = Path(__file__).parents[1] / "records/weight.json"
COLUMNS = {
    "this site, first visit": ("MathML", "first"),
    "this site, after the home page": ("MathML", "further"),
    "MathJax, first visit": ("MathJax", "first"),
    "of that for speech": ("MathJax", "speech"),
    "MathJax, after the home page": ("MathJax", "further"),
}


def markdown(record: dict[str, Any]) -> str:
    """A line for each page, in KiB."""
    lines = [f"| KiB | {' | '.join(COLUMNS)} |", "|---" + "|---:" * len(COLUMNS) + "|"]
    for name, row in record["pages"].items():
        kib = [f"{row[which][what] / 1024:.0f}" for which, what in COLUMNS.values()]
        lines.append(f"| [](/{name}.md) | {' | '.join(kib)} |")
    return "\n".join([*lines, "", f"Measured with MathJax {record['version']}."])


class Weight(SphinxDirective):
    """```{weight}: what pages weigh, with MathML and with MathJax."""

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(RECORD))
        text = markdown(json.loads(RECORD.read_text(encoding="utf-8")))
        return [nodes.container("", *self.parse_text_to_nodes(text), classes=["weight"])]


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("weight", Weight)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
