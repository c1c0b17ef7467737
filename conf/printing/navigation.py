"""The list of all pages beside each page, put together once and marked for each of them.

Sphinx would put it together again for every page, which takes longer than its text.
"""

import re
from functools import cache
from typing import Any, cast

from docutils.nodes import document
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment.adapters.toctree import global_toctree_for_doc
from sphinx.util.typing import ExtensionMetadata

NOWHERE = "search"
"""A page that the list does not hold, so that nothing is marked for it."""


def offer(
    app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: document | None
) -> None:
    """Give the theme the marked list, in the place of Sphinx's own."""
    if "toctree" not in context:
        return
    address = app.builder.get_relative_uri(NOWHERE, page)
    context["toctree"] = lambda **options: marked(unmarked(app, **options), address)


@cache
def unmarked(app: Sphinx, **options: Any) -> str:
    """The list, as on a page that it does not hold."""
    builder = cast(StandaloneHTMLBuilder, app.builder)
    pages = global_toctree_for_doc(app.env, NOWHERE, builder, tags=app.tags, **options)
    return builder.render_partial(pages)["fragment"]


def marked(pages: str, address: str) -> str:
    """The list as Sphinx marks it for a page: its own entry, and all that it lies in."""
    before, link, after = pages.partition(f'<a class="reference internal" href="{address}">')
    if not link:
        return pages
    around: list[int] = []
    for tag in re.finditer(r"<(/?)(?:ul|li)\b", before):
        if tag[1]:
            around.pop()
        else:
            around.append(tag.end())
    for end in reversed(around):
        classes = re.match(r' class="([^"]*)"', before[end:])
        names = f"{classes[1]} current" if classes else "current"
        before = (
            f'{before[:end]} class="{names}"{before[end + (classes.end() if classes else 0) :]}'
        )
    return before + link.replace("reference", "current reference").replace(address, "#") + after


def setup(app: Sphinx) -> ExtensionMetadata:
    app.connect("html-page-context", offer, priority=400)  # before the theme, which asks for it
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
