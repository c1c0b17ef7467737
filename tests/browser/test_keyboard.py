"""The core path by keyboard alone: each stop is seen, none is a trap, formulas are few stops."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from conftest import ROOT, by_hand
from gates import SETTLED, WIDTHS, visit
from playwright.sync_api import Browser, Page, expect

CORE = re.search(
    r":caption: The proofs\n\n(.*?)\n```", (ROOT / "docs/index.md").read_text("utf-8"), re.DOTALL
)
PAGES = ["index", *(CORE.group(1).split() if CORE else []), "wrong-and-falling"]
"""The home page and the proofs, in reading order, and the what-if that stands elsewhere."""

STOPS = """() => {
const can = "a[href], button, input, select, textarea, summary, [tabindex]";
window.stops = [...document.querySelectorAll(can)].filter(e => e.tabIndex >= 0
  && !e.disabled && e.checkVisibility({ visibilityProperty: true })
  && (e.type !== "radio" || e.checked));
return stops.length;
}"""
"""Notes everything that the tab key should reach, in the order of the page; how much that is."""

HERE = """() => {
const e = document.activeElement;
const style = getComputedStyle(e);
const box = e.getBoundingClientRect();
const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0
  && style.opacity !== "0";
return {
  number: stops.indexOf(e),
  name: e.outerHTML.slice(0, 100),
  seen: ring && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
};
}"""
"""Where the focus is: its number among the stops, and whether a reader sees it."""


def walk(page: Page) -> list[str]:
    """What is wrong on a walk with the tab key from the beginning of a page to its end."""
    wrong = []
    for number in range(page.evaluate(STOPS)):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if here["number"] != number:
            return [*wrong, f"stop {number} is {here['name']}, number {here['number']}"]
        if not here["seen"]:
            wrong.append(f"not seen: {here['name']}")
    page.keyboard.press("Tab")
    end = page.evaluate(HERE)
    return wrong if end["number"] in (-1, 0) else [*wrong, f"after the last stop: {end['name']}"]


def unfold(page: Page) -> None:
    """Open everything that is folded."""
    page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true; })")
    page.evaluate(SETTLED)


@pytest.fixture
def opened(browser: Browser, html: Path) -> Iterator[Callable[..., Page]]:
    """Opens a page of the site."""
    visits = []

    def open_page(name: str, width: str = "desk", site: Path = html) -> Page:
        visits.append(visit(browser, (site / f"{name}.html").as_uri(), WIDTHS[width]))
        return visits[-1].__enter__().page

    yield open_page
    for seen in visits:
        seen.__exit__(None, None, None)


WALKED = [p if p in ("index", "bp3-bp4") else pytest.param(p, marks=by_hand) for p in PAGES]
"""The home page, and the page of the proofs that has every kind of stop."""


class TestEveryPage:
    """From the first stop, which leads past the menu, to the last."""

    @pytest.mark.parametrize("name", WALKED)
    def test_a_walk_at_a_desk(self, opened: Callable[..., Page], name: str) -> None:
        """With everything unfolded."""
        page = opened(name)
        unfold(page)
        assert walk(page) == []

    @pytest.mark.parametrize("name", WALKED)
    def test_a_walk_in_a_narrow_window(self, opened: Callable[..., Page], name: str) -> None:
        """As a window is that shows the page four times as large; the menus come in and go."""
        assert walk(opened(name, "phone")) == []

    @pytest.mark.parametrize("name", PAGES)
    def test_past_the_menu(self, opened: Callable[..., Page], name: str) -> None:
        page = opened(name)
        page.keyboard.press("Tab")
        expect(page.locator(":focus")).to_have_text("Skip to content")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('article') !== null")


class TestFoldedPages:
    """The pages below an entry of the contents are opened by the keyboard, at either width."""

    @pytest.mark.parametrize("width", ["desk", "phone"])
    @pytest.mark.parametrize("key", ["Enter", "Space"])
    def test_open_and_close(self, opened: Callable[..., Page], width: str, key: str) -> None:
        page = opened("error", width)
        entry = page.locator(".sidebar-tree a", has_text="The algorithm")
        below = page.locator(".sidebar-tree a", has_text="The same as autograd")
        expect(below).to_be_hidden()
        page.evaluate(STOPS)
        entry.focus()
        page.keyboard.press("Tab")
        assert page.evaluate(HERE)["seen"]
        switch = page.get_by_role("switch", name="Pages below The algorithm")
        expect(switch).to_be_focused()
        page.keyboard.press(key)
        expect(below).to_be_visible()
        page.keyboard.press("Tab")
        expect(below).to_be_focused()
        page.keyboard.press("Shift+Tab")
        page.keyboard.press(key)
        expect(below).to_be_hidden()

    def test_by_a_click(self, opened: Callable[..., Page]) -> None:
        """On the arrow, as before."""
        page = opened("error")
        page.locator(".sidebar-tree li", has_text="The algorithm").locator(".icon").click(
            force=True
        )
        expect(page.locator(".sidebar-tree a", has_text="The same as autograd")).to_be_visible()

    def test_what_no_key_opens_is_seen(self, opened: Callable[..., Page]) -> None:
        page = opened("error")
        page.add_style_tag(content=".toctree-checkbox { display: none !important }")
        page.locator(".sidebar-tree a", has_text="The algorithm").focus()
        page.keyboard.press("Tab")
        expect(page.locator(":focus")).to_have_text("Softmax")


SHOWN = """() => {
const e = document.activeElement;
const legend = getComputedStyle(e, "::after");
return legend.visibility === "visible" && legend.display === "block" && legend.content !== "none"
  ? e.getAttribute("aria-description") : "nothing";
}"""
"""What is shown of the letters of the formula that has the focus."""

FORMULAS = ":is(.math, .equation)[aria-description]"


class TestFormulas:
    """Every formula is reached, and yet they are few stops of the tab key."""

    @pytest.mark.parametrize("name", PAGES)
    def test_one_stop_in_each_section(self, opened: Callable[..., Page], name: str) -> None:
        page = opened(name)
        assert page.evaluate(
            f"""() => {{
            const formulas = [...document.querySelectorAll("{FORMULAS}")];
            const parts = formulas.map(f => f.closest("section, details"));
            const stops = formulas.filter(f => f.tabIndex === 0);
            return stops.length === new Set(parts).size && formulas.length > stops.length;
            }}"""
        )

    def test_arrows_lead_to_each(self, opened: Callable[..., Page]) -> None:
        """From the first to the last and back; each shows what its letters mean."""
        page = opened("bp2")
        unfold(page)
        formulas = page.locator(FORMULAS)
        words = formulas.evaluate_all("all => all.map(e => e.getAttribute('aria-description'))")
        assert len(words) > 60
        formulas.first.focus()

        def pressing(key: str) -> list[str]:
            return [(page.keyboard.press(key), page.evaluate(SHOWN))[1] for _ in words[1:]]

        assert pressing("ArrowRight") == words[1:]
        assert pressing("ArrowLeft") == words[-2::-1]

    def test_the_stop_stays_where_the_reader_was(self, opened: Callable[..., Page]) -> None:
        """Back in a section by tab, the focus is on the formula that was left."""
        page = opened("bp2")
        page.locator(FORMULAS).first.focus()
        page.keyboard.press("ArrowRight")
        left = page.evaluate(SHOWN)
        for key in ("Tab", "Shift+Tab"):
            page.keyboard.press(key)
        assert page.evaluate(SHOWN) == left

    def test_a_wide_equation_scrolls(self, opened: Callable[..., Page]) -> None:
        """On a tiny phone the arrow keys belong to what does not fit, a stop of its own."""
        page = opened("algorithm", "phone")
        page.set_viewport_size({"width": 280, "height": 653})
        wide = page.locator(".equation[aria-description]").filter(visible=True)
        [first, *_] = [e for e in wide.all() if e.evaluate("e => e.scrollWidth > e.clientWidth")]
        expect(first).to_have_attribute("tabindex", "0")
        first.focus()
        page.keyboard.press("ArrowRight")
        scrolled = """async () => {
        for (let frame = 0; frame < 100 && !document.activeElement.scrollLeft; frame++)
          await new Promise(requestAnimationFrame);
        return document.activeElement.scrollLeft;
        }"""
        assert page.evaluate(scrolled) > 0

    def test_without_scripts(self, browser: Browser, html: Path) -> None:
        """Then the tab key stops at every one."""
        with browser.new_context(java_script_enabled=False) as context:
            page = context.new_page()
            page.goto((html / "bp2.html").as_uri())
            formulas = page.locator(FORMULAS).all()
            assert {f.get_attribute("tabindex") for f in formulas} == {"0"}


class TestFaultsAreSeen:
    """A walk notices what a keyboard-only reader would."""

    @pytest.mark.parametrize(
        ("fault", "found"),
        [
            ("e.style.outline = 'none'", "not seen: <button"),
            ("e.style.opacity = 0", "not seen: <button"),
            ("Object.assign(e.style, { position: 'fixed', left: '-99px' })", "not seen: <button"),
            ("e.tabIndex = 1", "stop 0 is <button"),
            ("e.onkeydown = () => false", "is <button"),
        ],
    )
    def test_on_a_page(self, opened: Callable[..., Page], fault: str, found: str) -> None:
        """A ring taken away, a stop out of sight, a stop out of order, a trap."""
        page = opened("symbols")
        plant = """const e = document.createElement("button");
        e.append("planted");
        document.querySelector("h1").after(e);"""
        page.evaluate(f"() => {{ {plant} {fault}; }}")
        [wrong] = walk(page)
        assert found in wrong
