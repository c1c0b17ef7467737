"""How sources are cited: by a short name that says which one it is, such as [CV 496351].

Numbers would change whenever a source is added, and say nothing to the reader.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from pybtex.plugin import register_plugin
from pybtex.style.formatting.unsrt import Style
from pybtex.style.labels import BaseLabelStyle
from sphinx.application import Sphinx


class Shorthand(BaseLabelStyle):
    """The label of a source is its field `shorthand`."""

    def format_labels(self, sorted_entries: Iterable[Any]) -> Iterator[str]:
        return (entry.fields["shorthand"] for entry in sorted_entries)


class ByShorthand(Style):
    """References in the order of the file, labelled with their shorthand."""

    default_label_style = Shorthand


def setup(app: Sphinx) -> dict[str, Any]:
    register_plugin("pybtex.style.formatting", "shorthand", ByShorthand)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
