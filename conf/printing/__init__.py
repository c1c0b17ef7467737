"""How words meet truth: the Sphinx extension that prints what the package has checked."""

from typing import Any

from sphinx.application import Sphinx

MODULES = [
    *(
        "domain",
        "folds",
        "guard",
        "kept",
        "claims",
        "ledger",
        "refutations",
        "graph",
        "grid",
        "formal",
    ),
    *("answers", "exercises", "puzzles", "selfcheck", "whatif", "legend", "symbols", "score"),
    *("citations", "downloads", "wheel", "listing", "mathml", "moved", "search", "navigation"),
    *("by_hand", "numbers", "others", "cells", "docstrings"),
]
"""The modules of this folder that bring directives, roles or events of their own."""


def setup(app: Sphinx) -> dict[str, Any]:
    for module in MODULES:
        app.setup_extension(f"{__name__}.{module}")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
