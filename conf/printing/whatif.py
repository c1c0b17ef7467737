"""What-ifs: a still picture, the package's numbers beside it, and the script that moves it.

Where scripts are off, or the script finds other numbers than the package, the picture stays.
"""

import json
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from printing.claims import ClaimDirective
from printing.domain import Facts, facts, pages
from printing.kept import once
from proofs.lessons.whatifs import WHATIFS


class WhatIf(ClaimDirective):
    """```{what-if} name: one of `proofs.lessons.whatifs`."""

    def run(self) -> list[nodes.Node]:
        name = self.arguments[0]
        if name not in WHATIFS:
            self.note(f"there is no what-if {name}; the what-ifs are {', '.join(WHATIFS)}")
            return []
        facts(self.env).whatifs.append(name)
        html = once(f"what-if {name}", lambda: still(name))
        return [nodes.raw("", html, format="html")]


def still(name: str) -> str:
    """The picture of a what-if as it stands before anybody moves it, and what moves it."""
    picture = WHATIFS[name].picture().svg
    # A script element ends at the first "</", also inside a string.
    numbers = json.dumps(WHATIFS[name].start(), separators=(",", ":")).replace("<", "\\u003c")
    return (
        f'<div class="what-if" data-what-if="{name}"><div class="picture">{picture}</div>'
        f'<script type="application/json">{numbers}</script></div>'
    )


def load(app: Sphinx, page: str, _template: str, _context: dict[str, Any], _doctree: Any) -> None:
    """Give a page the scripts and the style of its what-ifs, and no other page."""
    names = dict.fromkeys(pages(app.env).get(page, Facts()).whatifs)
    if names:
        app.add_css_file("what-if.css")
    for name in ["what-if", *names] if names else []:
        app.add_js_file(f"{name}.js", loading_method="defer")


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("what-if", WhatIf)
    app.connect("html-page-context", load)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
