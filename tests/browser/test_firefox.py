"""Debian's Firefox beside Chromium: pages fit, everyone can use them, the what-ifs answer."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache, partial
from pathlib import Path

import firefox
import pytest
from conftest import ROOT, by_hand
from gates import THEMES, WIDTHS, inaccessible, kinds, sideways, unreachable
from test_what_ifs import page_of

from proofs.lessons.whatifs import WHATIFS

HTML = ROOT / "build/html"
SHOTS = ROOT / "build/screenshots"
"""Where the screenshots go, to be looked at."""

DETACHED = """[...document.querySelectorAll("article msup, article msubsup")].filter(all => {
  const [base, ...marks] = [...all.children].map(e => e.getBoundingClientRect());
  const above = marks.at(-1);
  return base.height > 0 && (above.bottom < base.top || above.left - base.right > base.height);
}).map(all => all.textContent.trim())"""
"""Exponents and primes that stand clear of what they belong to."""

MOVED = """async name => {
  const box = document.querySelector(`[data-what-if="${name}"]`);
  const later = () => new Promise(done => setTimeout(done, 500));
  const seen = () => {
    const rest = box.cloneNode(true);
    rest.querySelectorAll(".slider").forEach(slider => slider.remove());
    return rest.innerHTML;
  };
  await later();  // it is drawn for the first time
  const before = seen(), slider = box.querySelector("input[type=range]");
  slider.value = slider.value === slider.max ? slider.min : slider.max;
  for (const kind of ["input", "change"])
    slider.dispatchEvent(new window.Event(kind, { bubbles: true }));
  await later();
  return seen() !== before;
}"""
"""Whether a what-if shows something else beside its sliders after the first was moved."""

STUCK = """["input", "change"].forEach(
  kind => window.addEventListener(kind, event => event.stopImmediatePropagation(), true))"""
"""Nothing hears that a slider was moved."""


THEME = """(() => {
  const [red, green, blue] = getComputedStyle(document.body).backgroundColor.match(/\\d+/g);
  return Number(red) + Number(green) + Number(blue) < 384 ? "dark" : "light";
})()"""
"""Whether the page is lit from behind."""


def colours(tab: firefox.Tab) -> list[str]:
    """What is too pale to be read."""
    return inaccessible(tab, "color-contrast")


LOOKS = [
    ("light", "desk", inaccessible),
    ("light", "phone", partial(inaccessible, colours=False)),
    ("dark", "phone", colours),
    pytest.param("dark", "desk", colours, marks=by_hand),
]
"""Each theme at each width, and what axe is asked there: colours take it the longest."""

PLANTED = "fault => document.querySelector('h1').insertAdjacentHTML('afterend', fault)"


@pytest.fixture(scope="session")
def tabs() -> Iterator[Callable[[str], firefox.Tab]]:
    """A tab of Firefox in a theme; without one there is nothing to look at, which is no success."""
    if not firefox.program():
        pytest.fail("Firefox is not on PATH; on Debian: apt install firefox-esr")
    with ExitStack() as open_tabs:
        yield cache(lambda theme: open_tabs.enter_context(firefox.firefox(theme)))


@pytest.fixture
def tab(tabs: Callable[[str], firefox.Tab]) -> firefox.Tab:
    """A tab in the light theme."""
    return tabs("light")


def opened(tab: firefox.Tab, file: Path, width: str, theme: str = "light") -> None:
    """Go to a page, and keep how it looks."""
    tab.goto(file.as_uri(), WIDTHS[width])
    tab.screenshot(SHOTS / f"{file.stem}-{width}-{theme}.png")


class TestFirefox:
    """What holds in Chromium holds in the other engine that a reader on Debian has."""

    @pytest.mark.parametrize(("theme", "width", "asked"), LOOKS)
    @pytest.mark.parametrize("name", kinds(HTML))
    def test_pages_that_have_every_kind_of_element(
        self,
        tabs: Callable[[str], firefox.Tab],
        name: str,
        theme: str,
        width: str,
        asked: Callable[[firefox.Tab], list[str]],
    ) -> None:
        tab = tabs(theme)
        opened(tab, HTML / f"{name}.html", width, theme)
        assert tab.evaluate("innerWidth") == WIDTHS[width]
        assert tab.evaluate(THEME) == theme
        assert sideways(tab) == []
        assert unreachable(tab) == []
        assert asked(tab) == []

    @pytest.mark.parametrize("name", ["bp2", "slopes"])
    def test_exponents_stand_by_their_letters(self, tab: firefox.Tab, name: str) -> None:
        opened(tab, HTML / f"{name}.html", "desk")
        assert tab.evaluate("document.querySelectorAll('article msup').length") > 0
        assert tab.evaluate(DETACHED) == []

    @pytest.mark.parametrize("name", WHATIFS)
    def test_what_ifs_answer(self, tab: firefox.Tab, name: str) -> None:
        opened(tab, HTML / page_of(HTML, name), "phone")
        assert tab.evaluate(MOVED, name)


class TestFaultsAreSeen:
    """The same gates close in Firefox too."""

    @pytest.mark.parametrize(
        ("gate", "fault"),
        [
            (sideways, '<p style="width: 700px">wide</p>'),
            (unreachable, '<div style="overflow-x: auto"><p style="width: 900px">wide</p></div>'),
            (inaccessible, '<img src="_static/favicon.svg">'),
            (
                lambda tab: tab.evaluate(DETACHED),
                "<math><msup><mi>a</mi><mo style='transform: translateY(-5em)'>′</mo></msup>",
            ),
        ],
    )
    def test_planted(self, tab: firefox.Tab, gate, fault: str) -> None:
        tab.goto((HTML / "softmax.html").as_uri(), 390)
        before = gate(tab)
        tab.evaluate(PLANTED, fault)
        assert len(gate(tab)) > len(before) == 0

    @pytest.mark.parametrize("theme", THEMES)
    def test_what_is_pale_in_one_theme(
        self, tabs: Callable[[str], firefox.Tab], theme: str
    ) -> None:
        tab = tabs(theme)
        tab.goto((HTML / "softmax.html").as_uri(), 390)
        grey = {"light": "#d0d0d0", "dark": "#3a3a3a"}[theme]
        tab.evaluate(PLANTED, f'<p style="color: {grey}">pale</p>')
        assert [found for found in colours(tab) if "pale" in found]

    @pytest.mark.parametrize("name", WHATIFS)
    def test_a_what_if_that_stands_still(self, tab: firefox.Tab, name: str) -> None:
        tab.goto((HTML / page_of(HTML, name)).as_uri(), 390)
        tab.evaluate(STUCK)
        assert not tab.evaluate(MOVED, name)

    def test_what_it_cannot_do_is_said(self, tab: firefox.Tab) -> None:
        with pytest.raises(RuntimeError, match="nothing is not defined"):
            tab.evaluate("nothing")
