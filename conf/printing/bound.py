"""What no claim runs is checked before pages are read; a check that fails stops the build."""

from typing import Any

from sphinx.application import Sphinx

from proofs.lessons.bound import CHECKS


def check_functions(*_: Any) -> None:
    """End the build with the sentences that are not true."""
    wrong = [f"no longer true: {check.__doc__}" for check in CHECKS if not check()]
    if wrong:
        raise SystemExit("\n".join(["", "Proof failed!", *wrong]))


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("env-before-read-docs", check_functions)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
