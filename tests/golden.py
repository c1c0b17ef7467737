"""Files that hold what the project said when somebody last read it: parts with a blank between.

A test says a part, or all of a file, and fails where that is not what is written down.
`pytest --accept` writes down what is said now; read the diff before it is committed.
"""

from collections.abc import Iterable
from pathlib import Path


class Golden:
    """A file that is compared with what is said, or written anew if that is `accepted`."""

    def __init__(self, file: Path, accepted: bool) -> None:
        self.file, self.accepted = file, accepted

    @property
    def parts(self) -> list[str]:
        """The parts of the file."""
        text = self.file.read_text(encoding="utf-8").strip("\n") if self.file.exists() else ""
        return [part for part in text.split("\n\n") if part]

    def part(self, said: str, lines: int = 1) -> None:
        """One part, known by its first line, or by more of them."""
        parts = {tuple(part.splitlines()[:lines]): part for part in self.parts}
        name = tuple(said.splitlines()[:lines])
        if self.accepted:
            self.write((parts | {name: said}).values())
        else:
            assert parts.get(name) == said, f"pytest --accept writes it to {self.file.name}"

    def only(self, names: Iterable[str]) -> None:
        """No other parts, and these in this order."""
        parts, names = {part.splitlines()[0]: part for part in self.parts}, list(names)
        if self.accepted:
            self.write(parts[name] for name in names)
        else:
            assert [part.splitlines()[0] for part in self.parts] == names

    def write(self, parts: Iterable[str]) -> None:
        """Write the file anew."""
        self.file.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
