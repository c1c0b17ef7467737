"""Every page, at a desk and on a phone, light and dark, from a host and from the disk."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import weigh
from conftest import ROOT, by_hand
from gates import (
    SETTLED,
    THEMES,
    WATCH,
    WIDTHS,
    Visit,
    copied,
    cut,
    dangling,
    foreign,
    inaccessible,
    kinds,
    pages,
    shifts,
    sideways,
    unreachable,
    visit,
)
from playwright.sync_api import Browser, Page, Route

HTML = ROOT / "build/html"
PAGES, KINDS = pages(HTML), kinds(HTML)

MOVES = "something moves while it loads"


def without_scripts(page: Page) -> list[str]:
    """What the site's own scripts did not do; the policy in its head keeps out strangers only."""
    left = page.evaluate(
        """[document.body.dataset.theme === "auto" || "the theme is not set",
        !document.documentElement.classList.contains("no-js") || "the page says no-js"]"""
    )
    return [fault for fault in left if fault is not True]


def faults(seen: Visit, html: Path) -> dict[str, list[str]]:
    """What is wrong with an opened page, whatever its colours, by the question that was asked."""
    asked = {
        "it asks strangers for something": foreign(seen),
        "the console speaks": seen.messages,
        "its scripts do not run": without_scripts(seen.page),
        "its links lead nowhere": dangling(seen.page, html),
        MOVES: shifts(seen.page),
        "it scrolls sideways": sideways(seen.page),
        "the keyboard does not reach what scrolls": unreachable(seen.page),
    }
    return {question: found for question, found in asked.items() if found}


@pytest.fixture(scope="module")
def home(browser: Browser, address: str) -> weigh.Visit:
    """The first visit to the home page, weighed."""
    return weigh.weighed(browser, f"{address}/index.html")[0]


class TestEveryPage:
    """A page loads in peace, fits its window, is not heavy, and everyone can use all of it.

    Each is opened once at either width, and all questions are put to what was opened.
    """

    @pytest.mark.parametrize("name", PAGES)
    def test_at_a_desk_from_a_host(
        self, browser: Browser, html: Path, address: str, home: weigh.Visit, name: str
    ) -> None:
        with visit(browser, f"{address}/{name}.html", WIDTHS["desk"]) as seen:
            weight = weigh.of(seen.page.url, seen.requests)
            found = faults(seen, html)
            if found.keys() == {MOVES}:  # what comes in pieces from a busy host may, by chance
                seen.page.reload()
                seen.page.evaluate(SETTLED)
                found = faults(seen, html)
            assert found == {}
            assert cut(seen.page) == []
        assert weight.of("/styles/furo.css") > 0
        assert weigh.heavy(weight, home) == []

    @pytest.mark.parametrize("name", PAGES)
    def test_on_a_phone_from_the_disk(self, browser: Browser, html: Path, name: str) -> None:
        with visit(browser, (html / f"{name}.html").as_uri(), WIDTHS["phone"]) as seen:
            assert faults(seen, html) == {}
            assert inaccessible(seen.page, colours=False) == []
            assert cut(seen.page) == []

    @pytest.mark.parametrize(
        "name", [*KINDS, *(pytest.param(n, marks=by_hand) for n in PAGES if n not in KINDS)]
    )
    def test_every_kind_of_element(self, browser: Browser, html: Path, name: str) -> None:
        """At a desk, with the menus beside the text; the dark differs in its colours alone."""
        with visit(browser, (html / f"{name}.html").as_uri(), WIDTHS["desk"]) as seen:
            assert inaccessible(seen.page) == []
            seen.page.emulate_media(color_scheme="dark")
            assert inaccessible(seen.page, "color-contrast") == []


class TestKinds:
    """Every class that an element has is on one of the pages that are asked for each kind."""

    def test_each_is_on_a_page(self, tmp_path: Path) -> None:
        for name, classes in {"a": "x y", "b": "y", "c": "y z"}.items():
            (tmp_path / f"{name}.html").write_text(f'<p class="{classes}">')
        assert kinds(tmp_path) == ["a", "c"]

    def test_they_are_fewer(self) -> None:
        assert 2 * len(KINDS) < len(PAGES)


def spoiled(html: Path, folder: Path, old: str, new: str) -> str:
    """The address of a page in a copy of the site, with a fault."""
    page = copied(html, folder / "html", "why-sum-over-k.html") / "why-sum-over-k.html"
    text = page.read_text(encoding="utf-8")
    assert old in text
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

    NAME = "bp3-bp4"

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
        copy = copied(html, tmp_path / "html", f"{self.NAME}.html", "_static/theme.js")
        script = copy / "_static/theme.js"
        before, waiting, _ = script.read_text(encoding="utf-8").partition("// No formula")
        assert waiting
        script.write_text(before, encoding="utf-8")
        self.painted(page, (copy / f"{self.NAME}.html").as_uri())
        assert shifts(page) != []


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

    def test_scripts_that_are_kept_out(self, faulty) -> None:
        seen = faulty("script-src 'self'", "script-src 'none'")
        assert without_scripts(seen.page) == ["the theme is not set", "the page says no-js"]

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
        assert "<h1>Why sum over all k?" in shifts(seen.page)[-1]  # what stands below it

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
