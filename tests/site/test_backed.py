"""A sentence that says always, all, any, never, every or only says why it may.

`backed.txt` has a row for each of them, `page | how it begins | what backs it`:

    claim TAG     a claim that the page prints or refers to
    answer NAME   numbers that the page computes
    picture NAME  drawn from numbers that are checked
    record NAME   what other libraries answered, as the page's table shows it
    cell          code that the page runs
    test NAME     a class or function of the tests
    cited         a source that the sentence or its paragraph names
    words         nothing is asserted: an instruction, a definition, a figure of speech

A sentence that itself refers to a claim or a source, or that ends in a colon before what the page
computes, needs no row.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sites import ROOT

ROWS = Path(__file__).parent / "backed.txt"
UNIVERSAL = re.compile(
    r"\b(always|never|all|any|every|only)\b|\bcosts (?:as|about|no|the|more|less|\d)|\d times\b",
    re.I,
)
FENCE = re.compile(r"^(`{3,}|:{3,})([^\n]*)\n(.*?)^\1\s*$", re.S | re.M)
COMPUTED = re.compile(
    r"\{(claim|derivation|refutations|answer|picture|code-cell|grid|what-if|formula|worked)"
)
BEGINS = 48
"""So many characters of a sentence are enough to know it by."""


def paragraphs(page: str) -> Iterator[tuple[str, bool]]:
    """The paragraphs of a page in our words, and whether what follows is computed."""
    body = re.sub(r"\A---.*?\n---\n", "", page, flags=re.S)

    def shrunk(fence: re.Match[str]) -> str:
        inside = fence[3] if "admonition" in fence[2] else ""
        return f"\n\n{inside}\n\n" if inside else f"\n\n\x00{fence[2]}\n\n"

    blocks = [block.strip() for block in FENCE.sub(shrunk, body).split("\n\n") if block.strip()]
    for block, after in zip(blocks, [*blocks[1:], ""], strict=True):
        if not block.startswith(("\x00", "#", ">", "```", "Next:")) and not re.fullmatch(
            r"\*.*\?\*", block
        ):
            yield block, after.startswith("\x00") and bool(COMPUTED.search(after))


def sentences(page: str) -> Iterator[str]:
    """Those that say something of all, and neither ask nor refer nor announce what is computed."""
    for block, computed in paragraphs(page):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", " ".join(block.split()))
        plain = plain.replace("*Why sum over all k?*", "the founding page")
        parts = re.split(r"(?<=[.;?!])\s+(?=[A-Z*`$({-])|\s+\|\s+", plain)
        for part in (part.strip("| ") for part in parts):
            announced = part.endswith(":") and computed
            refers = "{eq}" in part or "{cite}" in part or "{claim}" in part
            if UNIVERSAL.search(part) and not (announced or refers or part.endswith("?")):
                yield part


def rows() -> list[tuple[str, ...]]:
    """What is written down: page, beginning, backing."""
    lines = ROWS.read_text(encoding="utf-8").splitlines()
    return [tuple(map(str.strip, line.split(" | "))) for line in lines if line]


PAGES = {
    file.stem: file.read_text(encoding="utf-8") for file in sorted((ROOT / "docs").glob("*.md"))
}
FOUND = [(name, part[:BEGINS].strip()) for name, page in PAGES.items() for part in sentences(page)]


def backs(page: str, backing: str) -> bool:
    """Whether the page has what is said to back its sentence."""
    kind, _, name = backing.partition(" ")
    match kind:
        case "claim":
            listed = re.findall(r"```\{(?:claim|derivation|ledger)\} ([^\n]+)", page)
            return name in " ".join(listed).split() or f"{{eq}}`{name}`" in page
        case "answer" | "picture" | "record":
            return f"```{{{kind.replace('record', 'others')}}} {name}\n" in page
        case "cell":
            return "```{code-cell}" in page
        case "cited":
            return "{cite}" in page
        case "test":
            files = (ROOT / "tests").rglob("*.py")
            return any(
                re.search(rf"(class|def) {name}\b", f.read_text(encoding="utf-8")) for f in files
            )
    return backing == "words"


class TestEverySentenceOfThatKind:
    """It has a row, and the row names what the page really has."""

    def test_has_a_row(self):
        """Back the sentence and add the line, or say less: 'usually', 'here', 'in this network'."""
        known = {row[:2] for row in rows()}
        missing = [
            f"{name} | {begins} | ?" for name, begins in FOUND if (name, begins) not in known
        ]
        assert missing == []

    def test_no_row_is_left_over(self):
        assert [row for row in rows() if row[:2] not in set(FOUND)] == []

    def test_no_row_is_written_twice(self):
        assert len(rows()) == len({row[:2] for row in rows()})

    @pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row[0]}: {row[1][:20]}")
    def test_what_backs_it_is_there(self, row):
        page, _, backing = row
        assert backs(PAGES[page], backing)


class TestPlanted:
    """A sentence that nobody backed is seen, and backing that is not there is refused."""

    @pytest.mark.parametrize(
        "sentence",
        [
            "Every sigmoid saturates.",
            "A gradient costs about three forward passes.",
            "It is 5 times as fast.",
            "The cost never rises.",
        ],
    )
    def test_a_new_sentence(self, sentence):
        assert list(sentences(f"# Page\n\nFirst.\n{sentence}\n")) == [sentence]

    @pytest.mark.parametrize(
        "page",
        [
            "Here is every number:\n\n```{answer} numbers\n```\n",
            "Every step follows, {eq}`37`.",
            "> Every word is theirs.",
            "Is every number right?",
            "```{code-cell}\nprint('every')\n```",
        ],
    )
    def test_what_needs_no_row(self, page):
        assert list(sentences(page)) == []

    @pytest.mark.parametrize(
        "backing",
        [
            "claim 99",
            "answer none",
            "picture none",
            "record none",
            "cell",
            "cited",
            "test Nobody",
            "trust",
        ],
    )
    def test_backing_that_is_not_there(self, backing):
        assert not backs("# Page\n\nEvery word.\n", backing)
