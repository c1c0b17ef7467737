"""Every page, at a desk and on a phone, light and dark, as a reader opens it: from the disk."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from gates import (
    SETTLED,
    THEMES,
    WATCH,
    WIDTHS,
    Visit,
    dangling,
    foreign,
    inaccessible,
    pages,
    shifts,
    sideways,
    unreachable,
    visit,
)
from playwright.sync_api import Browser, Page, Route

BUILD = Path(__file__).parents[2] / "build"
PAGES = pages(BUILD / "html")


@pytest.fixture(scope="module", params=[(n, w) for n in PAGES for w in WIDTHS], ids="-".join)
def place(request: pytest.FixtureRequest) -> tuple[str, str]:
    """A page and a width."""
    return request.param


@pytest.fixture(scope="module")
def seen(browser: Browser, html: Path, place: tuple[str, str]) -> Iterator[Visit]:
    """The page, opened."""
    name, width = place
    with visit(browser, (html / f"{name}.html").as_uri(), WIDTHS[width]) as seen:
        yield seen


class TestEveryPage:
    """A page loads in peace, fits its window, and everyone can use all of it."""

    def test_it_asks_nobody_for_anything(self, seen: Visit) -> None:
        assert seen.requests
        assert foreign(seen) == []

    def test_the_console_is_silent(self, seen: Visit) -> None:
        assert seen.messages == []

    def test_its_scripts_run(self, seen: Visit) -> None:
        """The policy in its head keeps out strangers, not the site's own scripts, on disk too."""
        assert seen.page.evaluate("document.body.dataset.theme") == "auto"
        assert not seen.page.evaluate("document.documentElement.classList.contains('no-js')")

    def test_its_links_lead_somewhere(self, seen: Visit, html: Path) -> None:
        """Also those in pictures, and those that a script has made."""
        assert dangling(seen.page, html) == []

    def test_nothing_moves(self, seen: Visit) -> None:
        assert shifts(seen.page) == []

    def test_the_page_does_not_scroll_sideways(self, seen: Visit) -> None:
        assert sideways(seen.page) == []

    def test_what_scrolls_is_reached_by_the_keyboard(self, seen: Visit) -> None:
        assert unreachable(seen.page) == []

    @pytest.mark.parametrize("theme", THEMES)
    def test_axe_finds_nothing(self, seen: Visit, theme: str, place: tuple[str, str]) -> None:
        """And a picture of the page is kept for human eyes.

        The dark differs in its colours alone, so that only contrast is asked for twice.
        """
        seen.page.emulate_media(color_scheme=theme)
        picture = BUILD / "screenshots" / f"{'-'.join(place)}-{theme}.jpg"
        seen.page.screenshot(path=picture, full_page=True, quality=70)
        assert inaccessible(seen.page, *["color-contrast"] * (theme == "dark")) == []


def spoiled(html: Path, folder: Path, old: str, new: str) -> str:
    """The address of a page in a copy of the site, with a fault."""
    for file in html.iterdir():
        if file.name == "_static":
            (folder / file.name).symlink_to(file)
    text = (html / "why-sum-over-k.html").read_text(encoding="utf-8")
    assert old in text
    page = folder / "why-sum-over-k.html"
    page.write_text(text.replace(old, new), encoding="utf-8")
    return page.as_uri()


LATE = 1000
"""Milliseconds by which something comes late."""

UNPACKED_LATE = f"""
const load = FontFaceSet.prototype.load;
FontFaceSet.prototype.load = async function (...font) {{
  await new Promise(done => setTimeout(done, {LATE}));
  return load.apply(this, font);
}};
"""


FIRST_PAINT = """() => new Promise(done => new PerformanceObserver(list => {
  for (const { name, startTime } of list.getEntries())
    if (name === "first-contentful-paint") done(startTime);
}).observe({ type: "paint", buffered: true }))"""
"""When the first words or formulas were painted."""


class TestALateFont:
    """No formula is painted before its font, so that none can move when it comes."""

    NAME = "bp2"

    @pytest.fixture
    def page(self, browser: Browser) -> Iterator[Page]:
        """A tab that notes what moves."""
        with browser.new_context(viewport={"width": 1280, "height": 844}) as context:
            page = context.new_page()
            page.add_init_script(WATCH)
            yield page

    def painted(self, page: Page, address: str) -> float:
        """Open a page; the milliseconds until something was painted."""
        page.goto(address)
        painted = page.evaluate(FIRST_PAINT)
        page.evaluate(SETTLED)
        return float(painted)

    def test_it_comes_with_the_style(self, page: Page, html: Path) -> None:
        """So that nothing is asked for after it."""
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.resource_type))
        self.painted(page, (html / f"{self.NAME}.html").as_uri())
        assert "stylesheet" in asked
        assert "font" not in asked
        assert page.evaluate("document.fonts.check('1em \"Proofs Math\"')")

    def test_on_a_slow_line(self, page: Page, address: str) -> None:
        def late(route: Route) -> None:
            page.wait_for_timeout(LATE)
            route.continue_()

        page.route("**/proofs-math.css*", late)
        assert self.painted(page, f"{address}/{self.NAME}.html") > LATE
        assert shifts(page) == []

    def test_on_a_slow_machine(self, page: Page, html: Path) -> None:
        """Where it takes long to unpack the font, from the disk too."""
        page.add_init_script(UNPACKED_LATE)
        assert self.painted(page, (html / f"{self.NAME}.html").as_uri()) > LATE
        assert shifts(page) == []

    def test_painted_at_once_it_would_move(self, page: Page, html: Path, tmp_path: Path) -> None:
        """The same page whose script does not wait for the font."""
        copy = tmp_path / "html"
        copy.mkdir()
        shutil.copy(html / f"{self.NAME}.html", copy)
        shutil.copytree(html / "_static", copy / "_static")
        script = copy / "_static/theme.js"
        before, waiting, _ = script.read_text(encoding="utf-8").partition("// No formula")
        assert waiting
        script.write_text(before, encoding="utf-8")
        self.painted(page, (copy / f"{self.NAME}.html").as_uri())
        assert any("<math" in moved for moved in shifts(page))


class TestFaultsAreSeen:
    """Each gate can close: a planted fault is found by the gate that is there for it."""

    @pytest.fixture
    def faulty(self, browser: Browser, html: Path, tmp_path: Path) -> Iterator:
        """Opens the founding question on a phone, with a text in it replaced by another."""
        opened = []

        def open_with(old: str, new: str, theme: str = "light") -> Visit:
            address = spoiled(html, tmp_path, old, new)
            opened.append(visit(browser, address, WIDTHS["phone"], color_scheme=theme))
            return opened[-1].__enter__()

        yield open_with
        for context in opened:
            context.__exit__(None, None, None)

    def test_a_stranger_and_the_policy(self, faulty) -> None:
        """The policy stops the request, and the console says so."""
        seen = faulty("</body>", '<script src="https://cdn.example/x.js"></script></body>')
        assert "violates the following Content Security Policy" in seen.messages[0]

    def test_a_stranger_without_the_policy(self, faulty) -> None:
        stranger = '<meta name="x" content="default-src'
        seen = faulty('<meta http-equiv="Content-Security-Policy" content="default-src', stranger)
        assert foreign(seen) == []
        seen.page.evaluate("new Image().src = 'https://cdn.example/x.png'")
        assert foreign(seen) == ["https://cdn.example/x.png"]

    def test_a_script_in_the_page(self, faulty) -> None:
        seen = faulty("</body>", "<script>document.title = 'mine'</script></body>")
        assert "Executing inline script violates" in seen.messages[0]
        assert seen.page.title() != "mine"

    def test_links_that_lead_nowhere(self, faulty, html: Path) -> None:
        """To a page, to a place on this page or another, and within a picture."""
        links = '<a href="bp9.html"></a><a href="#nowhere"></a><a href="bp2.html#equation-39"></a>'
        picture = '<svg><path clip-path="url(#gone)"/></svg>'
        right = '<a href="bp2.html#equation-bp2"></a><a href="#"></a><a href="https://a.example">'
        seen = faulty("<h1>", f"{links}{picture}{right}</a><h1>")
        wrong = ["bp9.html", "#nowhere", "bp2.html#equation-39", "#gone"]
        assert dangling(seen.page, html) == wrong

    def test_a_late_picture(self, faulty) -> None:
        seen = faulty("<h1>", '<div class="late"></div><h1>')
        seen.page.evaluate("document.querySelector('.late').style.height = '200px'")
        seen.page.evaluate(SETTLED)
        assert "The sum, written out" in shifts(seen.page)[-1]  # what stands below it

    def test_a_line_too_wide(self, faulty) -> None:
        seen = faulty("<h1>", '<p style="width: 500px" id="wide">wide</p><h1>')
        size, wide = sideways(seen.page)
        assert size.endswith("px wide")
        assert 'id="wide"' in wide

    def test_a_box_without_a_stop(self, faulty) -> None:
        box = '<div style="overflow-x: auto"><div style="width: 900px">wide</div></div>'
        [found] = unreachable(faulty("<h1>", box + "<h1>").page)
        assert found.startswith('<div style="overflow-x: auto">')

    @pytest.mark.parametrize("theme", THEMES)
    def test_a_pale_word(self, faulty, theme: str) -> None:
        [found] = inaccessible(faulty("<h1>", '<p style="color: #7a7a7a">pale</p><h1>', theme).page)
        assert found.startswith("color-contrast: ")

    def test_a_picture_without_words(self, faulty) -> None:
        picture = '<img src="_static/favicon.svg"><h1>'
        [found] = inaccessible(faulty("<h1>", picture).page)
        assert found.startswith("image-alt: ")
