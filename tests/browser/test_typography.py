"""Pages set for proofs: lines that read well, tags in a column, reasons below their steps."""

from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest
from playwright.sync_api import Browser, Page

DESK, PHONE = 1280, 390
CORE = [
    "index",
    "by-hand",
    "symbols",
    "why-sum-over-k",
    "bp1",
    "bp2",
    "bp3-bp4",
    "algorithm",
    "check",
]
DERIVATIONS = ["why-sum-over-k", "bp2", "bp3-bp4", "algorithm", "cross-entropy", "softmax-costs"]

LINES = """() => {
const seen = e => e.checkVisibility() && !e.closest("table, .what-if, .derivation, .door");
const plain = [...document.querySelectorAll("article p")].filter(p => seen(p)
  && !p.querySelector("math, br"));
return plain.flatMap(p => {
  const lines = new Map(), words = document.createTreeWalker(p, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) for (let i = 0; i < words.currentNode.length; i++) {
    const range = new Range();
    range.setStart(words.currentNode, i);
    range.setEnd(words.currentNode, i + 1);
    const [box] = range.getClientRects();
    const y = box && Math.round(box.bottom / 8);  // code in a line stands a little higher
    if (box) lines.set(y, (lines.get(y) ?? 0) + 1);
  }
  return [...lines.values()].slice(0, -1);
}).filter(length => length > 20);
}"""
"""How many letters stand on each line of running text that is followed by another line.

The three doors of the home page stand side by side, each in a column of its own.
"""

TAGS = """() => [...document.querySelectorAll("ol.derivation")].map(
  steps => [...steps.querySelectorAll(":scope > li .eqno")].map(tag => {
    const range = new Range();
    range.selectNode(tag.firstChild);  // without the link that appears beside it
    return Math.round(range.getBoundingClientRect().right + tag.lastChild.offsetWidth);
  })
)"""
"""Where the tags of each derivation end."""

REASONS = """() => [...document.querySelectorAll("ol.derivation > li")].map(step => {
const box = query => step.querySelector(`:scope > ${query}`)?.getBoundingClientRect();
const equation = box(":is(.math-wrapper, .math)"), reason = box(".reason");
return reason.top >= equation.bottom - 1 ? "below" : "elsewhere";
})"""
"""Where the reason of each step stands, seen from its equation."""


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Page]:
    """A tab whose window can be made wide and narrow."""
    with browser.new_context() as context:
        yield context.new_page()


@pytest.fixture
def opened(tab: Page, html: Path):
    """Opens a page in a window of a width, with more style if a fault is to be planted."""

    def open_page(name: str, width: int, style: str = "") -> Page:
        tab.set_viewport_size({"width": width, "height": 900})
        tab.goto((html / f"{name}.html").as_uri())
        if style:
            tab.add_style_tag(content=style)
        return tab

    return open_page


class TestTheMeasure:
    """At a desk a line of running text has 60 to 75 letters."""

    @pytest.mark.parametrize("name", CORE)
    def test_a_page(self, opened, name: str) -> None:
        lengths = opened(name, DESK).evaluate(LINES)
        assert len(lengths) > 5
        assert 60 <= median(lengths) <= 75
        assert max(lengths) <= 80  # where the letters are narrow

    @pytest.mark.parametrize(("width", "wrong"), [("none", 76), ("20em", 45)])
    def test_another_width_is_seen(self, opened, width: str, wrong: int) -> None:
        style = f"article p:not(.admonition-title) {{ max-width: {width} !important }}"
        middle = median(opened("why-sum-over-k", DESK, style).evaluate(LINES))
        assert (middle >= wrong) if width == "none" else (middle <= wrong)


class TestTags:
    """The numbers of a derivation's steps stand in a column."""

    @pytest.mark.parametrize("name", DERIVATIONS)
    @pytest.mark.parametrize("width", [DESK, PHONE])
    def test_they_end_at_one_edge(self, opened, name: str, width: int) -> None:
        derivations = opened(name, width).evaluate(TAGS)
        assert derivations
        for edges in derivations:
            assert max(edges) - min(edges) <= 1

    def test_a_tag_out_of_line_is_seen(self, opened) -> None:
        style = "ol.derivation > li:first-child .eqno { margin-inline-end: 5px }"
        [edges] = opened("why-sum-over-k", DESK, style).evaluate(TAGS)
        assert max(edges) - min(edges) == 5


class TestReasons:
    """A reason stands below its step, on a wide screen and on a narrow one."""

    @pytest.mark.parametrize("name", DERIVATIONS)
    @pytest.mark.parametrize("width", [DESK, PHONE])
    def test_where_it_stands(self, opened, name: str, width: int) -> None:
        assert set(opened(name, width).evaluate(REASONS)) == {"below"}

    def test_a_reason_above_is_seen(self, opened) -> None:
        style = "ol.derivation > li { display: flex !important; flex-direction: column-reverse }"
        assert "elsewhere" in opened("why-sum-over-k", DESK, style).evaluate(REASONS)


class TestAnswers:
    """What is compared keeps its words whole beside its numbers, and a distance from the edge."""

    NARROW = """() => [...document.querySelectorAll("div.answer")].flatMap(box => {
    const edge = box.getBoundingClientRect().left + 8;
    return [...box.querySelectorAll("dt")].map(e => [e, e.getBoundingClientRect()])
      .filter(([, place]) => place.left < edge || place.width < 96).map(([e]) => e.textContent);
    })"""

    @pytest.mark.parametrize("width", [DESK, PHONE])
    def test_each_label(self, opened, width: int) -> None:
        tab = opened("questions-sums", width)
        assert tab.locator("div.answer dt").count() > 20
        assert tab.evaluate(self.NARROW) == []

    @pytest.mark.parametrize(
        "style",
        [
            "div.answer.container { padding-inline: 0 }",
            "div.answer dl { grid-template-columns: 2rem auto !important }",
        ],
    )
    def test_a_squeezed_one_is_seen(self, opened, style: str) -> None:
        assert opened("questions-sums", PHONE, style).evaluate(self.NARROW) != []


class TestPunctuationAndNumbers:
    """A line does not break within a number or a shape."""

    BROKEN = """() => [...document.querySelectorAll(".unbroken")]
      .filter(e => e.getClientRects().length > 1).map(e => e.textContent)"""

    @pytest.mark.parametrize("width", [DESK, PHONE])
    def test_each_is_on_one_line(self, opened, width: int) -> None:
        tab = opened("bp2", width)
        assert tab.locator(".unbroken").count() > 10
        assert tab.evaluate(self.BROKEN) == []

    def test_a_broken_one_is_seen(self, opened) -> None:
        style = ".unbroken { white-space: normal }"
        assert opened("bp2", PHONE, style).evaluate(self.BROKEN) != []


class TestEdges:
    """At a desk all blocks begin at one line and end at one of four.

    Text; formulas, pictures and folds; the column; code and tables, which need the margin too.
    """

    ENDS = """() => [...document.querySelectorAll(
        "article section > :not(section, h1, h2, h3, .doors), article .cell > div")]
      .filter(e => e.checkVisibility() && e.offsetHeight && !e.parentElement.closest("details, li"))
      .map(e => e.getBoundingClientRect()).map(box => [box.left, box.right].map(Math.round))"""

    @pytest.mark.parametrize("name", [*CORE, "twelve", "questions-softmax", "wrong-and-falling"])
    def test_a_page(self, opened, name: str) -> None:
        begins, ends = map(set, zip(*opened(name, DESK).evaluate(self.ENDS), strict=True))
        assert len(begins) == 1
        assert ends <= {984, 1032, 1128, 1176}

    @pytest.mark.parametrize(
        "style", [".cell { width: 100% !important }", ".cell div { margin: 9px }"]
    )
    def test_a_box_that_ends_elsewhere_is_seen(self, opened, style: str) -> None:
        found = opened("index", DESK, style).evaluate(self.ENDS)
        begins, ends = map(set, zip(*found, strict=True))
        assert len(begins) > 1 or ends - {984, 1032, 1176}


class TestOnAPhone:
    """A table of words says what its cells are."""

    HEADS = """() => [...document.querySelectorAll("article :is(.refutations, .in-words) th")]
      .filter(e => !e.checkVisibility() || e.getBoundingClientRect().height < 10).length"""

    @pytest.mark.parametrize("name", ["bp2", "what-cannot-be-said"])
    def test_the_headings_of_a_table_of_words_stay(self, opened, name: str) -> None:
        tab = opened(name, PHONE)
        tab.evaluate("() => document.querySelectorAll('details').forEach(e => e.open = true)")
        heads = tab.locator("article :is(.refutations, .in-words) thead")
        assert heads.count() > 0
        assert tab.evaluate(self.HEADS) == 0
        assert heads.first.evaluate("e => getComputedStyle(e).clipPath") == "none"


class TestOutputsOnAPhone:
    """What a cell puts out is read without scrolling: a report is made of sentences."""

    CUT = """() => [...document.querySelectorAll("article .cell_output :is(pre, .backprop-report)")]
      .filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.innerText.slice(0, 60))"""

    @pytest.mark.parametrize("name", ["check", "check-layer", "what-cannot-be-said", "slopes"])
    def test_a_page(self, opened, name: str) -> None:
        tab = opened(name, PHONE)
        assert tab.locator(".cell_output :is(pre, .backprop-report)").count() > 0
        assert tab.evaluate(self.CUT) == []

    def test_a_long_line_is_seen(self, opened) -> None:
        style = "article .cell_output pre { white-space: pre !important }"
        assert opened("check", PHONE, style).evaluate(self.CUT) != []


class TestHeadings:
    """The link beside a heading, which nobody sees yet, takes no line, however full the last is."""

    TAKEN = """() => [...document.querySelectorAll("article :is(h1, h2, h3)")].filter(heading => {
    const link = heading.querySelector(".headerlink"), high = heading.offsetHeight;
    link.style.display = "none";
    const without = heading.offsetHeight;
    link.style.display = "";
    return without < high;
    }).map(heading => heading.innerText)"""

    @pytest.mark.parametrize(
        ("name", "width"),
        [("questions-checking", PHONE), ("softmax-costs", PHONE), ("transformer", DESK)],
    )
    def test_on_a_page(self, opened, name: str, width: int) -> None:
        assert opened(name, width).evaluate(self.TAKEN) == []

    def test_a_link_in_a_line_of_its_own_is_seen(self, opened) -> None:
        style = "article :is(h1, h2, h3) > .headerlink { display: block }"
        assert opened("softmax-costs", PHONE, style).evaluate(self.TAKEN) != []


class TestCells:
    """The frame around the code of a cell is as wide as the code."""

    OFF = """() => [...document.querySelectorAll(".cell_input")].filter(e => e.checkVisibility())
      .map(e => [e, e.querySelector("pre")].map(box => box.getBoundingClientRect().right))
      .filter(([frame, code]) => Math.abs(frame - code) > 2)"""

    @pytest.mark.parametrize("width", [DESK, PHONE])
    def test_on_a_page(self, opened, width: int) -> None:
        tab = opened("error", width)
        assert tab.locator(".cell_input").count() > 0
        assert tab.evaluate(self.OFF) == []

    def test_a_narrow_frame_is_seen(self, opened) -> None:
        style = (
            ":root article .cell_input { width: 80% } .cell_input > div { width: 125% !important }"
        )
        assert opened("error", DESK, style).evaluate(self.OFF) != []


class TestCrossedOut:
    """What is crossed out has its mark, and a line so pale that its indices can be read."""

    # The last number of the strongest colour: of an opaque one that is its blue.
    LINES = """() => [...document.querySelectorAll("article :is(.crossed math, .struck)")]
      .map(e => Math.max(...[...getComputedStyle(e).backgroundImage.matchAll(/([0-9.]+)\\)/g)]
        .map(found => +found[1])))"""

    @pytest.mark.parametrize("name", ["bp2", "why-sum-over-k"])
    def test_on_a_page(self, opened, name: str) -> None:
        tab = opened(name, DESK)
        lines = tab.evaluate(self.LINES)
        assert lines
        assert all(0.2 < line < 0.5 for line in lines), lines
        mark = "e => getComputedStyle(e, '::before').content"
        assert tab.locator(".crossed div.math").first.evaluate(mark).startswith('"✗"')


class TestLabels:
    """No label of a picture lies on an arrow, and none is wider than the box behind it."""

    COVERED = """() => [...document.querySelectorAll("article .picture svg")].flatMap(svg => {
    const shapes = [...svg.querySelectorAll("path, text")], text = e => e.tagName === "text";
    const filled = e => getComputedStyle(e).fill !== "none";
    const box = e => e.getBoundingClientRect();
    const within = (x, y, b, m) =>
      x > b.left + m && x < b.right - m && y > b.top + m && y < b.bottom - m;
    const crossed = (label, path) => {
      const b = box(label), seat = path.getScreenCTM();
      const above = shapes.slice(shapes.indexOf(path), shapes.indexOf(label))
        .filter(e => !text(e) && filled(e)).map(box);
      for (let s = 0; s <= path.getTotalLength(); s += 2) {
        const { x, y } = path.getPointAtLength(s).matrixTransform(seat);
        if (within(x, y, b, 2.5) && !above.some(cover => within(x, y, cover, -1))) return true;
      }
    };
    const tight = (label, path) => {
      const b = box(label), p = box(path);
      return p.height < 30 && p.width > 20 && p.width < 200 && p.right < b.right + 1
        && within((b.left + b.right) / 2, (b.top + b.bottom) / 2, p, 0);
    };
    return shapes.filter(text).filter(label => shapes.some(e => !text(e)
      && (filled(e) ? tight(label, e) : crossed(label, e)))).map(e => e.textContent);
    })"""

    @pytest.mark.parametrize("name", ["by-hand", "bp2", "autograd", "transformer", "one-weight"])
    def test_on_a_page(self, opened, name: str) -> None:
        tab = opened(name, DESK)
        assert tab.locator(".picture text").count() > 10
        assert tab.evaluate(self.COVERED) == []

    @pytest.mark.parametrize(
        "style", ["text { transform: translateY(24px) }", "text { font-size: 20px !important }"]
    )
    def test_a_covered_one_is_seen(self, opened, style: str) -> None:
        assert opened("by-hand", DESK, f".picture {style}").evaluate(self.COVERED) != []
