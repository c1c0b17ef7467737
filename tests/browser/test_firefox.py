"""Debian's Firefox beside Chromium: pages fit, everyone can use them, the what-ifs answer."""

from collections.abc import Iterator
from pathlib import Path

import firefox
import pytest
from conftest import ROOT
from gates import WIDTHS, inaccessible, kinds, sideways, unreachable
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


PLANTED = "fault => document.querySelector('h1').insertAdjacentHTML('afterend', fault)"


@pytest.fixture(scope="session")
def tab() -> Iterator[firefox.Tab]:
    """A tab of Firefox; without one there is nothing to look at, which is no success."""
    if not firefox.program():
        pytest.fail("Firefox is not on PATH; on Debian: apt install firefox-esr")
    with firefox.firefox() as tab:
        yield tab


def opened(tab: firefox.Tab, file: Path, width: str) -> None:
    """Go to a page, and keep how it looks."""
    tab.goto(file.as_uri(), WIDTHS[width])
    tab.screenshot(SHOTS / f"{file.stem}-{width}.png")


class TestFirefox:
    """What holds in Chromium holds in the other engine that a reader on Debian has."""

    @pytest.mark.parametrize("width", WIDTHS)
    @pytest.mark.parametrize("name", kinds(HTML))
    def test_pages_that_have_every_kind_of_element(
        self, tab: firefox.Tab, name: str, width: str
    ) -> None:
        opened(tab, HTML / f"{name}.html", width)
        assert tab.evaluate("innerWidth") == WIDTHS[width]
        assert sideways(tab) == []
        assert unreachable(tab) == []
        if width == "desk":  # it takes the longest, and a phone has the same elements
            assert inaccessible(tab) == []

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

    @pytest.mark.parametrize("name", WHATIFS)
    def test_a_what_if_that_stands_still(self, tab: firefox.Tab, name: str) -> None:
        tab.goto((HTML / page_of(HTML, name)).as_uri(), 390)
        tab.evaluate(STUCK)
        assert not tab.evaluate(MOVED, name)

    def test_what_it_cannot_do_is_said(self, tab: firefox.Tab) -> None:
        with pytest.raises(RuntimeError, match="nothing is not defined"):
            tab.evaluate("nothing")
