"""How sources are cited: by a short name that says which one it is, such as [CV 496351].

Numbers would change whenever a source is added, and say nothing to the reader.
"""

import functools
from collections.abc import Iterable, Iterator
from importlib import metadata
from typing import Any

from pybtex import plugin
from pybtex.plugin import register_plugin
from pybtex.style.formatting.unsrt import Style
from pybtex.style.labels import BaseLabelStyle
from sphinx.application import Sphinx
from sphinxcontrib.bibtex import plugin as bibtex


class Shorthand(BaseLabelStyle):
    """The label of a source is its field `shorthand`."""

    def format_labels(self, sorted_entries: Iterable[Any]) -> Iterator[str]:
        return (entry.fields["shorthand"] for entry in sorted_entries)


class ByShorthand(Style):
    """References in the order of the file, labelled with their shorthand."""

    default_label_style = Shorthand


def setup(app: Sphinx) -> dict[str, Any]:
    # What is installed stays so; for each citation it would be read from the disk once more.
    modules: list[Any] = [plugin, bibtex]
    for module in modules:
        module.entry_points = functools.cache(metadata.entry_points)
    register_plugin("pybtex.style.formatting", "shorthand", ByShorthand)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
