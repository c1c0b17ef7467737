"""What is changed in the pages: an equation typed, a tag wrong, a directive or a reference gone."""

import contextlib
import os
import re
import shutil
import sys
from pathlib import Path

from operators import Mutant

FENCE = re.compile(
    r"^```\{(claim|derivation|ledger|refutations|formula|picture|graph|mutation-score)\}.*?^```\n",
    re.MULTILINE | re.DOTALL,
)
ROLE = re.compile(r"\{(?:eq|claim)\}`[^`]+`")


def page_mutants(root: Path, path: str) -> list[Mutant]:
    """Every mutant of a page."""
    text = (root / path).read_text(encoding="utf-8")
    heading = re.search(r"^# .*\n", text, re.MULTILINE)
    if not heading:
        return []
    typed = ("\n$$b = a$$\n", "\nSo $b = a$.\n")
    changes = [(heading.end(), heading.end(), equation) for equation in typed]
    for fence in FENCE.finditer(text):
        changes.append((*fence.span(), ""))
        first = fence[0].splitlines()[0]
        if not first.endswith("}"):
            end = fence.start() + len(first)
            changes.append((end, end, "x"))
    changes += [(role.end() - 1, role.end() - 1, "x") for role in ROLE.finditer(text)]
    return [_changed(path, text, *change) for change in changes]


def _changed(path: str, text: str, start: int, end: int, new: str) -> Mutant:
    line = text[:start].count("\n") + 1
    before = text[start:end].strip() or text.splitlines()[line - 1]
    after = new.strip() if end > start or "\n" in new else before + new
    one = [" ".join(part.split()) for part in (before if new != "" or end > start else "", after)]
    return Mutant(path, line, one[0], one[1], text[:start] + new + text[end:])


def build() -> str:
    """Build the pages in this process, what did not change from before; "build" if it fails.

    Cells do not run: none of the changes is in a cell.
    """
    from sphinx.cmd.build import build_main

    doctrees = Path.cwd() / "build" / "mutated"
    clean = Path(os.environ.setdefault("MUTATION_DOCTREES", str(doctrees)))
    if clean != doctrees:
        shutil.rmtree(doctrees, ignore_errors=True)
        shutil.copytree(clean, doctrees)
    options = ["-b", "dummy", "-q", "-W", "-n", "-c", "conf", "-D", "nb_execution_mode=off"]
    options += ["-D", "suppress_warnings=myst-nb.lexer"]
    try:
        with contextlib.redirect_stderr(sys.stderr):
            status = build_main([*options, "-d", str(doctrees), "docs", str(doctrees / "out")])
    except SystemExit as stopped:
        status = stopped.code
    return "build" if status else ""
