"""What is changed in the pages: an equation typed, a tag wrong, a directive or a reference gone."""

import re
from pathlib import Path

from judges import Mutant

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
