"""What the search finds: questions under their headings, and equations by their numbers."""

from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform


class Findable(SphinxTransform):
    """Runs before the index is collected from a page."""

    default_priority = 800

    def apply(self, **kwargs: Any) -> None:
        for index in self.document.findall(addnodes.index):
            if isinstance(title := index.previous_sibling(), nodes.title):
                # The words lead to the heading, which has a lasting address, not to "index-0".
                lead(index, title.parent["ids"][0])
        for equation in list(self.document.findall(nodes.math_block)):
            if tag := equation.get("label"):
                entry = ("single", f"({tag})", equation["ids"][0], "main", None)
                place = equation.parent
                place.insert(place.index(equation), addnodes.index(entries=[entry]))


def lead(index: addnodes.index, anchor: str) -> None:
    """Have words of the index lead to an anchor."""
    index["entries"] = [(kind, word, anchor, *rest) for kind, word, _, *rest in index["entries"]]


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_transform(Findable)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
