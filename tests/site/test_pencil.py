"""A number that the words of a page work out stands in a cell of that page, which computes it."""

import re
from collections.abc import Iterator

import pytest
from test_backed import PAGES, paragraphs

CELL = re.compile(r"^```\{code-cell\}[^\n]*\n(.*?)^```", re.S | re.M)
NUMBER = re.compile(r"(?<![\w.^-])[-−]?(\d+(?:,\d{3})*(?:\.\d+)?)(?:/(\d+))?(?![\w%])")
WORKED_OUT = re.compile(
    r"\b(which is|gets?|becomes?|together|comes? to|the (?:result|slope|error|product) is|"
    r"is [^.]{0,12}product)\b[^.;]{0,25}?\d",
    re.I,
)
"""How a sentence begins to say what comes out."""


def numbers(text: str) -> set[float]:
    """The numbers in a text, without their signs, which a cell may write as an operation."""
    found = [match.groups() for match in NUMBER.finditer(text)]
    return {float(n.replace(",", "")) / float(below or 1) for n, below in found}


def computed(page: str) -> set[float]:
    """The numbers that the cells of a page have in them."""
    return {n for cell in CELL.findall(page) for n in numbers(cell)}


def worked_out(page: str) -> Iterator[str]:
    """The sentences that come to a number."""
    for block in (block for block, _ in paragraphs(page) if not block.startswith("|")):
        plain = re.sub(r"(\{\w+\})?`[^`]*`|\$[^$]*\$", "", " ".join(block.split()))
        yield from filter(WORKED_OUT.search, re.split(r"(?<=[.;?!:])\s+", plain))


def unbound(page: str) -> list[str]:
    """The sentences with a number that no cell has."""
    return [s for s in worked_out(page) if not numbers(s) <= computed(page)]


class TestPencil:
    """A number that is changed by hand is to be changed where it is computed too."""

    @pytest.mark.parametrize("name", PAGES)
    def test_every_number_is_in_a_cell(self, name):
        assert unbound(PAGES[name]) == []

    @pytest.mark.parametrize("wrong", ["So it gets 4 and 1, which is 5.1.", "A 3 becomes −3.5:"])
    def test_another_number_is_noticed(self, wrong):
        page = "So it gets 4 and 1, which is 5.\n\n```{code-cell}\nassert 4 + 1 == 5, 3\n```\n"
        assert unbound(page) == []
        assert unbound(page + "\n" + wrong) == [wrong]

    def test_pages_have_such_sentences(self):
        assert sum(1 for page in PAGES.values() for _ in worked_out(page)) > 25
