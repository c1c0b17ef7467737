"""Old addresses: a page that was renamed or merged leads on to where its content is now."""

from functools import partial
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.osutil import relative_uri
from sphinx.util.typing import ExtensionMetadata


def redirects(app: Sphinx) -> list[tuple[str, dict[str, str], str]]:
    """Write a page for each old address; it works from the disk and without scripts.

    Sphinx, which gets none of them to write, would make the theme's navigation for each.
    """
    builder = app.builder
    for old, new in app.config.moved.items():
        page, _, anchor = new.partition("#")
        if old in app.env.found_docs or page not in app.env.found_docs:
            continue  # a site of few pages; that the whole site has them is tested
        context = {
            "pagename": old,
            "title": app.env.titles[page].astext(),
            "target": builder.get_relative_uri(old, page) + (f"#{anchor}" if anchor else ""),
            "pathto": partial(pathto, builder.get_target_uri(old)),
        }
        text = builder.templates.render("moved.html", context)
        Path(app.outdir, builder.get_target_uri(old)).write_text(text, encoding="utf-8")
    return []


def pathto(here: str, there: str, _resource: int = 0) -> str:
    """The way from one file of the site to another, as templates ask for it."""
    return relative_uri(here, there)


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_config_value("moved", {}, "html", [dict])
    app.connect("html-collect-pages", redirects)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
