"""What machines read first: the page for what is not there, and llms.txt."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from printing.domain import facts, pages


def not_found(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """404.html, which hosts show for an address without a page."""
    yield "404", {"title": "There is no such page"}, "404.html"


def reading_order(env: BuildEnvironment, page: str) -> Iterator[str]:
    """A page and those that follow it, as the lists of contents have them."""
    yield page
    for below in env.toctree_includes.get(page, []):
        yield from reading_order(env, below)


def describe(app: Sphinx, doctree: nodes.document) -> None:
    """Remember what the head of a page says about it."""
    found = [m["content"] for m in doctree.findall(nodes.meta) if "name" in m]
    facts(app.env).description = found[0] if found else ""


def llms(app: Sphinx, error: Exception | None) -> None:
    """llms.txt: every page with its address, as a notebook too, in reading order."""
    if error or app.builder.name != "html":
        return
    env, config = app.env, app.config
    known = pages(env)
    lines = [f"# {config.project}", "", f"> {known[config.root_doc].description}", ""]
    lines += [
        "No equation here is typed: each is printed from an object that the build checked.",
        "",
    ]
    for page in reading_order(env, config.root_doc):
        address = f"{config.html_baseurl}{app.builder.get_target_uri(page)}"
        source = f"{config.html_baseurl}_downloads/{page}.py"
        title = env.titles[page].astext()
        lines.append(f"- [{title}]({address}): {known[page].description} [As a script]({source})")
    Path(app.outdir, "llms.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("html-collect-pages", not_found)
    app.connect("doctree-read", describe)
    app.connect("build-finished", llms)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
