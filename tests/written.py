"""Files that hold what the project said when somebody last read it: parts with a blank between."""

from collections.abc import Iterable
from pathlib import Path


def parts(file: Path) -> dict[str, str]:
    """The parts of a file, each by its first line."""
    text = file.read_text(encoding="utf-8").rstrip("\n")
    return {part.splitlines()[0]: part for part in text.split("\n\n")}


def write(file: Path, parts: Iterable[str]) -> None:
    """Write it anew."""
    file.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
