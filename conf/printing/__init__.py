"""How words meet truth: the Sphinx extension that prints what the package has checked."""

from typing import Any

from sphinx.application import Sphinx

MODULES = [
    *("answers", "citations", "claims", "downloads", "exercises", "formal", "graph", "grid"),
    *("legend", "listing", "mathml", "others", "puzzles", "score", "search", "selfcheck"),
    *("streams", "weight", "whatif", "by_hand", "numbers"),
]
"""The modules of this folder that bring directives, roles or events of their own."""


def setup(app: Sphinx) -> dict[str, Any]:
    for module in MODULES:
        app.setup_extension(f"{__name__}.{module}")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
