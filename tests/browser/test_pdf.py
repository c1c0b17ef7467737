"""The whole site as one PDF: complete, in order, within its margins, and its links stay in it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pdf
import pytest
from conftest import by_hand
from paper import (
    FRONT,
    beyond_margins,
    boxes,
    headings,
    left_behind,
    links,
    lost_formulas,
    lost_links,
    lost_tags,
    lost_text,
    misplaced,
    outline,
    places,
    reading_order,
    shrunk,
    squeezed,
    texts,
)
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab
from sites import Page

pytestmark = by_hand
"""Chromium prints the whole site three times for these tests."""


@pytest.fixture(scope="module")
def book(html: Path) -> Path:
    """The PDF that `nox -s pdf` made of this site."""
    made = pdf.PDF.is_file() and pdf.PDF.stat().st_mtime > (html / "index.html").stat().st_mtime
    assert made, "the PDF of this site is not made; nox -s pdf makes it"
    return pdf.PDF


@pytest.fixture(scope="module")
def pages(html: Path) -> list[Page]:
    """The pages of the site in reading order."""
    return [Page.read(html / f"{name}.html") for name in reading_order(html)]


class TestTheBook:
    """The PDF reads like a chapter."""

    def test_every_heading_of_every_page_is_in_the_outline_in_order(self, book, html) -> None:
        pages_of_the_site = {
            file.stem
            for file in html.glob("*.html")
            if "moved.js" not in file.read_text("utf-8")  # an old address that leads on
        }
        assert set(reading_order(html)) == pages_of_the_site - {"404", "search"}
        assert misplaced(book, html) == []

    def test_every_page_begins_a_sheet(self, book, pages) -> None:
        chapters = [entry for entry in outline(book) if entry.level == 0]
        assert len(chapters) == len(pages) + 2  # the contents and the answers
        above = [sign for e in chapters for sign, box in boxes(book)[e.sheet - 1] if box[1] > e.top]
        assert above == []
        assert len({entry.sheet for entry in chapters}) == len(chapters)

    def test_the_text_is_there_to_the_last_letter(self, book, html) -> None:
        """What would stand outside of a sheet is cut."""
        assert lost_text(book, html) == []

    def test_the_equations_are_there_with_their_numbers(self, book, html) -> None:
        assert lost_formulas(book, html) == []
        assert lost_tags(book, html) == []

    def test_nothing_stands_in_the_margins(self, book) -> None:
        assert beyond_margins(book) == []
        assert not shrunk(book, FRONT)

    def test_a_heading_is_not_left_behind(self, book) -> None:
        assert left_behind(book) == []

    def test_links_lead_to_places_in_it_or_out_into_the_web(self, book) -> None:
        assert len(links(book)) > 1000
        assert lost_links(book) == []

    def test_links_lead_into_the_chapter_that_they_name(self, book, html, pages) -> None:
        starts = {e.title: e.sheet for e in outline(book) if e.level == 0}
        sheets = [(starts[headings(p)[0]], n) for p, n in zip(pages, reading_order(html), strict=1)]
        sheets = sorted([*sheets, (starts["Answers"], "answers")])
        for place, sheet in places(book).items():
            chapter = [name for start, name in sheets if start <= sheet][-1]
            assert re.match(rf"#{re.escape(chapter)}(--|$)", place), place

    def test_the_contents_tell_the_sheet(self, book, html) -> None:
        where = places(book)
        before = texts(book)[: where["#index"] - 1]
        [first] = [n for n, text in enumerate(before) if text.split()[1:2] == ["Contents"]]
        contents = "".join(before[first:])
        for name in [*reading_order(html)[:-1], "answers", "genindex"]:
            title = "Index" if name == "genindex" else name.title()
            if name != "answers":
                title = headings(Page.read(html / f"{name}.html"))[0]
            assert f"{squeezed(title)}{where['#' + name]}" in squeezed(contents), title

    def test_the_index_tells_the_sheet(self, book) -> None:
        assert "undefined" not in texts(book)[-1]
        assert re.search(r"vanishing gradient, \d+", "".join(texts(book)))

    def test_solutions_are_not_beside_their_exercise(self, book) -> None:
        answers = places(book)["#answers"]
        solution = "return np.diag(sigma_prime[:, 0]) @ nabla_a"
        assert [n > answers for n, text in enumerate(texts(book), 1) if solution in text] == [True]

    def test_only_what_is_read_is_printed(self, book) -> None:
        text = "".join(texts(book))
        for chrome in ("Toggle", "Back to top", "On this page", "The source of this check", "¶"):
            assert chrome not in text


@pytest.fixture
def tab(browser: Browser) -> Iterator[Tab]:
    """A page that shows the book before it is printed."""
    with browser.new_context(java_script_enabled=False) as fresh:
        tab = fresh.new_page()
        pdf.bind(tab)
        yield tab


class TestFaultsAreSeen:
    """Each question can be answered with no."""

    def test_in_a_spoiled_book(self, tab: Tab, html, tmp_path) -> None:
        tab.evaluate(
            """() => {
            const [bp1, bp2] = ["bp1", "bp2"].map(name => document.getElementById(name));
            bp1.before(bp2);
            document.querySelector("#symbols math").remove();
            const slopes = document.getElementById("slopes");
            slopes.innerHTML = slopes.innerHTML.replaceAll("(sig-4)", "");  // it is mentioned, too
            document.querySelector("#exercises h1 + p").style.marginLeft = "-9rem";
            const first = document.querySelector("#symbols p");
            first.insertAdjacentHTML("beforebegin", '<p style="width: 60rem; max-width: none">'
              + "A line that is wider than the sheet it stands on. ".repeat(3) + "</p>"
              + '<a href="my_backprop.py">a file</a>'
              + '<div style="break-before: page"></div><h2>Alone</h2>'
              + '<div style="break-before: page">and its text</div>');
            }"""
        )
        file = tmp_path / "spoiled.pdf"
        pdf.printed(tab).save(file)
        assert misplaced(file, html) == ["One neuron, all its arrows"]  # the first of BP2
        assert lost_formulas(file, html) == ["symbols: k"]
        assert lost_tags(file, html) == ["slopes: (sig-4)¶"]
        assert shrunk(file, FRONT)
        assert [found.partition(":")[0] for found in lost_text(file, html)] == ["exercises"]
        assert [found.partition(": ")[2] for found in left_behind(file)] == ["Alone"]
        assert [place.rpartition("/")[2] for place in lost_links(file)] == ["my_backprop.py"]

    def test_a_link_that_leads_nowhere_stops_the_print(self, tab: Tab, monkeypatch) -> None:
        monkeypatch.setattr(pdf, "bind", lambda page: page.evaluate("bp2.remove()"))
        with pytest.raises(LookupError, match=r"links that lead nowhere in the PDF: #bp2, #bp2--"):
            pdf.book(tab)
