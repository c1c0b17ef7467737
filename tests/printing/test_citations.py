"""Sources: cited by a name that says which one it is, and listed on one page."""

import re

import pytest
from sites import ROOT

BIB = (ROOT / "conf/records/references.bib").read_text(encoding="utf-8")
KEYS = re.findall(r"^@\w+\{(\w+),", BIB, re.MULTILINE)
PAGES = {f.stem: f.read_text(encoding="utf-8") for f in sorted((ROOT / "docs").glob("*.md"))}
CITED = {
    key for text in PAGES.values() for keys in re.findall(r"\{cite\}`([^`]+)`", text)
    for key in keys.split(",")
}  # fmt: skip


class TestEverySource:
    """Each has a short name of its own, an address or a place, and a page that cites it."""

    def test_keys_and_short_names_differ(self):
        names = re.findall(r"shorthand = \{(.*)\},", BIB)
        assert len(KEYS) == len(set(KEYS)) == len(names) == len(set(names))

    @pytest.mark.parametrize("key", KEYS)
    def test_is_cited(self, key):
        assert key in CITED

    def test_no_page_links_to_a_source_past_the_list(self):
        """A link to the outside is a citation, so that one page lists them all."""
        linked = {name: re.findall(r"\]\(https?://[^)]*\)", text) for name, text in PAGES.items()}
        assert {name: links for name, links in linked.items() if links} == {}


class TestAWrongCitationStopsTheBuild:
    """A key that the list does not have is named with its page and line."""

    def test_an_unknown_key(self, build):
        done = build("As someone said {cite}`nobody2000`.")
        assert done.status
        assert 'index.md:3: WARNING: could not find bibtex key "nobody2000"' in done.message
