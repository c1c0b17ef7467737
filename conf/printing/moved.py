"""Old addresses: a page that was renamed or merged leads on to where its content is now."""

from collections.abc import Iterator
from typing import Any

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata


def redirects(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """A page for each old address; it works from the disk and without scripts."""
    for old, new in app.config.moved.items():
        page, _, anchor = new.partition("#")
        if old in app.env.found_docs or page not in app.env.found_docs:
            continue  # a site of few pages; that the whole site has them is tested
        target = app.builder.get_relative_uri(old, page) + (f"#{anchor}" if anchor else "")
        title = app.env.titles[page].astext()
        yield old, {"title": title, "target": target}, "moved.html"


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_config_value("moved", {}, "html", [dict])
    app.connect("html-collect-pages", redirects)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
