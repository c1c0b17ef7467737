"""How sources are cited: by a short name that says which one it is, such as [CV 496351].

Numbers would change whenever a source is added, and say nothing to the reader.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from docutils import nodes
from pybtex.plugin import register_plugin
from pybtex.style.formatting.unsrt import Style
from pybtex.style.labels import BaseLabelStyle
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator


class Shorthand(BaseLabelStyle):
    """The label of a source is its field `shorthand`."""

    def format_labels(self, sorted_entries: Iterable[Any]) -> Iterator[str]:
        return (entry.fields["shorthand"] for entry in sorted_entries)


class ByShorthand(Style):
    """References in the order of the file, labelled with their shorthand."""

    default_label_style = Shorthand


def visit_citation(self: HTML5Translator, node: nodes.citation) -> None:
    HTML5Translator.visit_citation(self, node)
    # docutils puts it into a list, but gives it a role that is not for members of lists.
    self.body[-1] = self.body[-1].replace('role="doc-biblioentry"', 'role="listitem"')


def depart_citation(self: HTML5Translator, node: nodes.citation) -> None:
    HTML5Translator.depart_citation(self, node)


def setup(app: Sphinx) -> dict[str, Any]:
    register_plugin("pybtex.style.formatting", "shorthand", ByShorthand)
    app.add_node(nodes.citation, override=True, html=(visit_citation, depart_citation))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
