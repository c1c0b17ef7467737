"""How words meet truth: the Sphinx extension that prints what the package has checked."""

import os
import sys
from types import SimpleNamespace
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


def without_kernels() -> None:
    """Before myst_nb is loaded: leave out its own ways to run cells, for which `cells` stands in.

    They come with a database and the client of a kernel, which take longer to load than a page
    to read.
    """
    if hasattr(os, "fork"):  # elsewhere a kernel runs them
        for name in ("Cache", "Direct", "Inline"):
            unused: Any = SimpleNamespace(**{f"NotebookClient{name}": None})
            sys.modules[f"myst_nb.core.execute.{name.lower()}"] = unused


def setup(app: Sphinx) -> dict[str, Any]:
    for module in MODULES:
        app.setup_extension(f"{__name__}.{module}")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
