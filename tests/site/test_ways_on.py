"""Each page ends with a way on: its last paragraph links to another page."""

import re

import pytest
from test_backed import FENCE, PAGES

LINK = re.compile(r"\]\(([\w-]+)\.md(?:#[\w-]+)?\)")


def ways_on(page: str) -> list[str]:
    """The pages that the last paragraph links to."""
    paragraphs = [part for part in FENCE.sub("", page).split("\n\n") if part.strip()]
    return LINK.findall(paragraphs[-1])


class TestWaysOn:
    """Nobody is left at the foot of a page without knowing where to go."""

    @pytest.mark.parametrize("name", PAGES)
    def test_a_page(self, name):
        assert [way for way in ways_on(PAGES[name]) if way != name]
        assert set(ways_on(PAGES[name])) <= set(PAGES)

    @pytest.mark.parametrize(
        "end", ["That is all.", "Next: softmax", "[a place](#here)\n\nThat is all."]
    )
    def test_a_page_without_one_is_seen(self, end):
        assert ways_on(f"# Page\n\nSee [BP1](bp1.md).\n\n{end}\n\n```{{ledger}}\n```\n") == []

    def test_one_is_found(self):
        assert ways_on("# Page\n\nNext: [BP1](bp1.md#the-equation)\n\n```{ledger}\n```\n") == [
            "bp1"
        ]
