"""The lesson stands in front: with all folds closed, a page of the proofs is short."""

from pathlib import Path

import pytest
from gates import WIDTHS, visit
from playwright.sync_api import Browser, Page

BEFORE = {"why-sum-over-k": 10405, "bp1": 6352, "bp2": 8440, "bp3-bp4": 6676}
"""Their heights at a desk when the certificate of each equation was printed beside it."""

HEIGHT = "document.documentElement.scrollHeight"


@pytest.fixture
def page(browser: Browser, html: Path):
    """Opens a page of the site from the disk."""

    def opened(name: str, width: str = "desk") -> Page:
        seen = visit(browser, (html / f"{name}.html").as_uri(), WIDTHS[width])
        opened_pages.append(seen)
        return seen.__enter__().page

    opened_pages: list = []
    yield opened
    for seen in opened_pages:
        seen.__exit__(None, None, None)


@pytest.mark.parametrize("name", BEFORE)
def test_a_page_of_the_proofs(page, name: str) -> None:
    assert page(name).evaluate(HEIGHT) <= 0.6 * BEFORE[name]


@pytest.mark.parametrize("width", WIDTHS)
def test_a_certificate_takes_no_height(page, width: str) -> None:
    """A claim that is closed is as high as its formula, to the margin of a line."""
    shown = page("bp2", width)
    heights = shown.evaluate(
        """() => [...document.querySelectorAll("div.claim")]
        .filter(claim => !claim.querySelector(":scope > .hypothesis"))
        .map(claim => [claim, claim.querySelector(".math")]
          .map(box => box.getBoundingClientRect().height))"""
    )
    assert heights
    assert all(claim - formula < 2 for claim, formula in heights), heights


def test_an_open_one_is_seen(page) -> None:
    """What opens takes room, so that the measurement above can fail."""
    shown = page("bp2")
    before = shown.evaluate(HEIGHT)
    shown.locator(".certificate > summary").first.click()
    assert shown.evaluate(HEIGHT) > before + 40
    shown.locator(".certificate > summary").first.press("Enter")
    assert shown.evaluate(HEIGHT) == before


ABOVE = """() => {
  const title = document.querySelector("article h1"), text = new Range();
  text.selectNodeContents(title);
  const bar = document.querySelector(".mobile-header").getBoundingClientRect().bottom;
  return text.getBoundingClientRect().top - Math.max(bar, 0);
}"""
"""The gap above the title, in pixels: to the top of the window, or to the bar that is there."""


@pytest.mark.parametrize("width", WIDTHS)
def test_a_title_stands_off_the_edge(page, width: str) -> None:
    shown = page("bp2", width)
    assert shown.evaluate(ABOVE) >= 12
    shown.add_style_tag(content="article h1 { padding: 0 !important }")
    assert shown.evaluate(ABOVE) < 12
