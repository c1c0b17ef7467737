"""Each page on paper, printed as a reader does it: with scripts, in the dark, on A4."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import by_hand
from paper import (
    beyond_margins,
    left_behind,
    letters,
    printed_letters,
    shrunk,
    squeezed,
    text_of,
    texts,
)
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab
from pypdfium2 import PdfDocument
from sites import Page

FEW = ["index", "bp1"]
MANY = ["why-sum-over-k", "bp2", "bp3-bp4", "algorithm", "check", "how-proved"]
PAGES = [*FEW, *(pytest.param(name, marks=by_hand) for name in MANY)]
CHROME = [
    "Toggle",
    "Light / Dark",
    "Back to top",
    "On this page",
    "Next",
    "notebook",
    "¶",
    "Search",
]
"""Words of what is for the screen alone."""
SHEET = {"width": 160 * 96 // 25.4, "height": 257 * 96 // 25.4}
"""A sheet between its margins, in CSS pixels."""
DESK = {"width": 1280, "height": 720}


@pytest.fixture(scope="module")
def dark(browser: Browser) -> Iterator[Tab]:
    """A tab of a reader who likes it dark."""
    with browser.new_context(color_scheme="dark") as context:
        yield context.new_page()


def printed(tab: Tab, file: Path) -> Path:
    """What the tab shows, on paper."""
    tab.pdf(path=file, prefer_css_page_size=True, print_background=True, tagged=True, outline=True)
    return file


@pytest.fixture(scope="module", params=PAGES)
def name(request: pytest.FixtureRequest) -> str:
    """The name of a page."""
    return request.param


@pytest.fixture(scope="module")
def sheets(dark: Tab, html: Path, name: str, tmp_path_factory) -> Path:
    """The page, printed."""
    dark.goto((html / f"{name}.html").as_uri())
    return printed(dark, tmp_path_factory.mktemp("print") / f"{name}.pdf")


def lost(wanted: str, text: str) -> str:
    """Signs that are wanted more often than they are there."""
    return "".join((Counter(squeezed(wanted)) - Counter(squeezed(text))).elements())


def darkness(file: Path) -> float:
    """The share of dark pixels on the first sheet."""
    with PdfDocument(file) as pdf:
        pixels = pdf[0].render(grayscale=True).to_numpy()
    return float((pixels < 128).mean())


class TestAPageOnPaper:
    """A printed page has all that is read, and nothing that is clicked."""

    def test_its_text_is_all_there(self, sheets: Path, html, name) -> None:
        [article] = Page.read(html / f"{name}.html").all("article")
        text = "".join(texts(sheets))
        assert lost(text_of(article, "what-if"), text) == ""  # which a script has changed

    def test_its_formulas_are_all_there(self, sheets: Path, html, name) -> None:
        wanted = letters(Page.read(html / f"{name}.html"))
        assert wanted - printed_letters("".join(texts(sheets))) == {}

    def test_folded_answers_are_open(self, sheets: Path, html, name) -> None:
        """Paper cannot be unfolded."""
        text = squeezed("".join(texts(sheets)))
        for answer in Page.read(html / f"{name}.html").all("details", "answer"):
            for code in answer.all("pre"):
                assert squeezed(code.text) in text

    def test_nothing_is_cut_or_shrunk(self, sheets: Path) -> None:
        assert beyond_margins(sheets) == []
        assert not shrunk(sheets)

    def test_a_heading_is_not_left_behind(self, sheets: Path) -> None:
        assert left_behind(sheets) == []

    def test_nothing_is_for_the_screen(self, sheets: Path, html, name) -> None:
        text = "".join(texts(sheets))
        own = Page.read(html / f"{name}.html").all("article")[0].text
        assert [word for word in CHROME if word in text and word not in own] == []

    def test_the_paper_stays_white(self, sheets: Path) -> None:
        assert darkness(sheets) < 0.2

    def test_pictures_fit_a_sheet(self, dark: Tab, sheets: Path) -> None:
        """What is higher than a sheet would be sliced."""
        dark.emulate_media(media="print")
        dark.set_viewport_size(SHEET)
        heights = dark.locator("article svg").evaluate_all("all => all.map(e => e.clientHeight)")
        dark.emulate_media(media="null")
        dark.set_viewport_size(DESK)
        assert max(heights, default=0) < SHEET["height"]


class TestFaultsAreSeen:
    """Each question can be answered with no."""

    @pytest.fixture
    def spoiled(self, dark: Tab, html: Path, tmp_path: Path) -> Callable[..., Path]:
        """BP1 printed with another style, or with something else before its first paragraph."""

        def spoil(style: str = "", before: str = "") -> Path:
            dark.goto((html / "bp1.html").as_uri())
            dark.evaluate(
                """([style, before]) => {
                document.head.insertAdjacentHTML("beforeend", `<style>${style}</style>`);
                document.querySelector("article p").insertAdjacentHTML("beforebegin", before);
                }""",
                [style, before],
            )
            return printed(dark, tmp_path / "spoiled.pdf")

        return spoil

    def test_a_narrow_margin(self, spoiled) -> None:
        assert beyond_margins(spoiled("@page { margin: 5mm }")) != []

    def test_a_wide_line(self, spoiled) -> None:
        assert shrunk(spoiled(before='<p style="white-space: nowrap">' + "too wide " * 20 + "</p>"))

    def test_a_heading_alone(self, spoiled) -> None:
        cut = '<div style="break-before: page"></div>'
        file = spoiled(before=f"{cut}<h2>Alone</h2>{cut}")
        assert left_behind(file) == ["sheet 1: BP1: the error at the output", "sheet 2: Alone"]

    def test_a_hidden_equation(self, spoiled, html) -> None:
        wanted = letters(Page.read(html / "bp1.html"))
        text = "".join(texts(spoiled(".claim math { display: none }")))
        assert wanted - printed_letters(text) != {}

    def test_a_dark_sheet(self, spoiled) -> None:
        assert darkness(spoiled("body { background: #222 !important }")) > 0.2

    def test_the_way_to_the_next_page(self, spoiled) -> None:
        text = "".join(texts(spoiled(".related-pages { display: block !important }")))
        assert "Next" in text
