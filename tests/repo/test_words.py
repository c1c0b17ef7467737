"""The words of the field: CONTRIBUTING says which, and what nobody writes instead of them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sites import ROOT

CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
TABLE = CONTRIBUTING.partition("\n## Words\n")[2].partition("\n## ")[0]
CELL = re.compile(r"(?<!\\)\|")
ROWS = [
    [cell.strip() for cell in CELL.split(line)[1:-1]]
    for line in TABLE.splitlines()
    if line.startswith("| ")
]
FORBIDDEN = {
    pattern.replace(r"\|", "|"): row[0]
    for row in ROWS[1:]
    for pattern in re.findall(r"`([^`]+)`", row[2])
}
"""Each pattern, and what we write instead."""


def in_markdown(text: str) -> str:
    """What a page says in our words: no code, no quotation, no front matter but its description."""
    text = re.sub(
        r"^```(?!\{(?:self-check|admonition))[^\n]*\n.*?^```\s*$", "", text, flags=re.S | re.M
    )
    return "\n".join(line for line in text.splitlines() if not line.startswith("> "))


def in_python(source: str) -> Iterator[str]:
    """The docstrings and the strings that hold words."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            yield " ".join(node.value.split())


def read() -> Iterator[tuple[str, str]]:
    """Everything that somebody reads, by the file it is in."""
    for file in [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md"]:
        yield file.name, in_markdown(file.read_text(encoding="utf-8"))
    yield "CONTRIBUTING.md", CONTRIBUTING.replace(TABLE, "")
    for file in sorted((ROOT / "proofs").rglob("*.py")):
        where = str(file.relative_to(ROOT))
        yield from ((where, words) for words in in_python(file.read_text(encoding="utf-8")))


def found(texts: Iterator[tuple[str, str]]) -> list[str]:
    """Each forbidden expression with its file, and what to write instead."""
    return [
        f"{where}: {match[0]!r}: write {instead!r}"
        for where, text in texts
        for pattern, instead in FORBIDDEN.items()
        for match in re.finditer(pattern, text, re.IGNORECASE)
    ]


class TestTheWordsOfTheField:
    """Nobody has to guess what a derivative 'by' something, or a letter, is."""

    def test_there_is_a_glossary(self):
        assert len(FORBIDDEN) > 15

    def test_nothing_forbidden_is_written(self):
        assert found(read()) == []

    @pytest.mark.parametrize(
        "planted",
        [
            "The derivative of the cost by the weight.",
            "The gradient in a weight.",
            "It has the slope below the line.",
            "An upper index is a layer.",
            "It has the sign turned.",
            "Whoever averages divides by m.",
            "This is softmax with the log-likelihood.",
        ],
    )
    def test_a_planted_one_is_found(self, planted):
        assert found(iter([("planted", planted)]))

    def test_code_and_quotations_are_left_alone(self):
        page = "Right.\n\n> Whoever asks.\n\n```{code-cell}\n# the gradient in a\n```\n"
        assert found(iter([("page", in_markdown(page))])) == []

    def test_a_docstring_is_read(self):
        source = 'def f():\n    """The gradient in\n    the weights."""\n'
        assert found(("f.py", words) for words in in_python(source))


def test_paths_are_there():
    """The glossary would pass if it read nothing."""
    names = {Path(where).name for where, _ in read()}
    assert {"bp2.md", "README.md", "naming.py"} <= names
