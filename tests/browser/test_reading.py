"""A new reader on a phone without network: from the founding question to BP4, by keyboard alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from gates import WIDTHS, cut, visit
from playwright.sync_api import Browser, Page

WAY = ["why-sum-over-k", "bp1", "bp2", "bp3-bp4"]
"""The founding question, and where its last line and those of the next pages lead."""

FOCUS = "[document.activeElement.closest('article') !== null, document.activeElement.href ?? '']"


def walked(page: Page, target: str) -> bool:
    """Press tab until a link of the text leads to a page, then enter; False if none does."""
    stops = page.locator("a[href], button, summary, input, select, [tabindex='0']").count()
    for _ in range(stops + 1):
        page.keyboard.press("Tab")
        in_the_text, link = page.evaluate(FOCUS)
        if in_the_text and link.endswith(f"/{target}.html"):
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return True
    return False


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def phone(request: pytest.FixtureRequest, browser: Browser, html: Path) -> Iterator[Page]:
    """A phone without network at the founding question, with scripts and without."""
    size = {"width": WIDTHS["phone"], "height": 844}
    with browser.new_context(
        viewport=size, offline=True, java_script_enabled=request.param
    ) as context:
        page = context.new_page()
        page.goto((html / f"{WAY[0]}.html").as_uri())
        yield page


class TestANewReader:
    """Every page of the proofs leads to the next, and shows its equation, whatever is missing."""

    def test_the_way_from_the_founding_question_to_bp4(self, phone: Page) -> None:
        failed = []
        phone.on("requestfailed", lambda request: failed.append(request.url))
        for target in WAY[1:]:
            assert walked(phone, target), f"no key leads from {phone.url} to {target}"
        assert phone.url.endswith(f"/{WAY[-1]}.html")
        tag = phone.locator(".eqno", has_text="(BP4)").first
        tag.scroll_into_view_if_needed()
        assert tag.bounding_box()["x"] < WIDTHS["phone"]
        assert phone.locator("#equation-bp4 math").bounding_box()["width"] > 50
        assert failed == []

    def test_a_link_that_no_key_reaches_is_seen(self, phone: Page) -> None:
        phone.evaluate("document.querySelectorAll('article a').forEach(a => { a.tabIndex = -1 })")
        assert not walked(phone, "bp1")


class TestTheFrontDoor:
    """Three doors, each with its picture, and what no book has, without scrolling at a desk."""

    FOLD = """() => [...document.querySelectorAll(".door, .doors + p")]
      .map(e => Math.round(e.getBoundingClientRect().bottom))"""
    PICTURES = "doors => doors.filter(door => door.querySelector('svg')).length"

    def test_the_first_screen(self, browser: Browser, html: Path) -> None:
        with visit(browser, (html / "index.html").as_uri(), WIDTHS["desk"]) as seen:
            bottoms = seen.page.evaluate(self.FOLD)
            assert len(bottoms) == 4
            assert max(bottoms) < seen.page.evaluate("innerHeight")
            assert seen.page.locator(".door").evaluate_all(self.PICTURES) == 3


class TestTheLegend:
    """What the symbols of a formula mean is said at the edge of the window farther from it."""

    @pytest.mark.parametrize(("block", "edge"), [("start", "bottom"), ("end", "top")])
    def test_it_covers_nothing_that_is_read(
        self, browser: Browser, html: Path, block: str, edge: str
    ) -> None:
        with visit(browser, (html / "bp2.html").as_uri(), WIDTHS["desk"]) as seen:
            formula = seen.page.locator("#equation-bp2 .equation")
            formula.evaluate("(e, block) => e.scrollIntoView({ block })", block)
            formula.focus()
            style = formula.evaluate(
                """e => [getComputedStyle(e, "::after")].map(legend =>
                ({ content: legend.content, top: legend.top, bottom: legend.bottom }))[0]"""
            )
            assert "weight" in style["content"]
            assert style[edge] == "0px"


class TestNothingIsCutOff:
    """Equations are seen whole, at a desk code and tables too, and what is folded as well."""

    @pytest.mark.parametrize(
        ("name", "width"),
        [
            ("bp2", "phone"),
            ("slopes", "phone"),
            ("sum-over-examples", "phone"),
            ("sum-over-examples", "desk"),
        ],
    )
    def test_a_page(self, browser: Browser, html: Path, name: str, width: str) -> None:
        with visit(browser, (html / f"{name}.html").as_uri(), WIDTHS[width]) as seen:
            assert cut(seen.page) == []

    @pytest.mark.parametrize(
        ("style", "width"),
        [
            ("div.math math { font-size: 2em !important }", "phone"),
            ("article pre { white-space: pre !important; width: 30rem }", "desk"),
            ("article .table-wrapper { width: 30rem !important }", "desk"),
        ],
    )
    def test_one_that_is_cut_is_seen(
        self, browser: Browser, html: Path, style: str, width: str
    ) -> None:
        with visit(browser, (html / "bp2.html").as_uri(), WIDTHS[width]) as seen:
            seen.page.add_style_tag(content=style)
            assert cut(seen.page) != []
