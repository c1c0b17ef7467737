"""Whoever types a question or a name into the search box is led to the answer, on the disk too."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from gates import WIDTHS, copied, visit
from playwright.sync_api import Browser, expect

Search = Callable[..., list[tuple[str, str]]]


LINKS = "all => all.map(a => [a.innerText, a.getAttribute('href') ?? ''])"


@pytest.fixture(scope="module")
def search(browser: Browser, html: Path) -> Iterator[Search]:
    """Types words into the box of the home page; what is found, heading and link, best first.

    After the first time that is the box beside the results, as readers have it.
    """
    with visit(browser, (html / "index.html").as_uri(), WIDTHS["desk"]) as seen:

        def found(typed: str, site: Path = html) -> list[tuple[str, str]]:
            if not seen.page.url.startswith(site.as_uri()):
                seen.page.goto((site / "index.html").as_uri())
            box = seen.page.get_by_role("search").get_by_role("textbox", name="Search").first
            box.fill(typed)
            with seen.page.expect_navigation():
                box.press("Enter")
            # It says how many it has found when it has shown the last.
            expect(seen.page.locator(".search-summary")).not_to_be_empty(timeout=30_000)
            links = seen.page.locator("ul.search > li > a:first-child")
            return [tuple(link) for link in links.evaluate_all(LINKS)]

        yield found


REPORTED = {
    "why sum over k": "why-sum-over-k",
    "why does nielsen sum over all output neurons": "why-sum-over-k",
    "37": "why-sum-over-k.html#equation-37",
    "equation 37": "why-sum-over-k.html#equation-37",
    "BP2": "bp2.html#equation-bp2",
    "derivative of softmax": "questions-costs.html#what-is-the-derivative",
    "vanishing gradient": ("slopes", "questions-checking.html#why-do-the-gradients"),
    "hadamard product": ("questions-sums", "notation", "symbols"),
    "loss is nan": "stable-forms",
    "transpose vs inverse weights": ("bp2", "questions-sums"),
    "chain rule multiple variables": ("questions-sums", "why-sum-over-k"),
    "dead relu": "questions-costs.html#is-my-relu-dead",
    "my gradient check fails": ("check", "questions-checking"),
    "batch size bias gradient": "questions-checking",
    "pytorch": "check-class.html#scikit-learn-pytorch-jax",
    "what is delta": ("questions-costs", "error", "symbols", "notation", "bp1"),
    "what is sigma prime": ("questions-costs", "symbols", "notation", "bp1"),
    "dW shape mismatch": "questions-sums",
    "softmax derivative": "questions-costs.html#what-is-the-derivative",
    "why transpose": ("bp2", "questions-sums"),
}
"""The twenty searches of a new reader, and the page, or one of the pages, that comes first."""

FURTHER = {
    "relu derivative at 0": ("questions-checking", "questions-costs", "two-slopes"),
    "dying relu": "questions-costs.html#is-my-relu-dead",
    "relu dead": "questions-costs.html#is-my-relu-dead",
    "gradient wrong": "check",
    "my gradient is wrong": "check",
    "from pytorch": "check-class.html#scikit-learn-pytorch-jax",
    "jax": "check-class.html#scikit-learn-pytorch-jax",
    "loss not decreasing": "questions-checking.html#my-loss-does-not-decrease",
    "network does not learn": "questions-checking.html#my-loss-does-not-decrease",
    "softmax does not learn": "questions-costs.html#how-can-i-see-at-once",
    "my softmax network does not learn": (
        "questions-costs.html#how-can-i-see-at-once",
        "questions-checking.html#my-loss-does-not-decrease",
    ),
    "several variables chain rule": ("questions-sums", "why-sum-over-k"),
    "eq BP4": "bp3-bp4.html#equation-bp4",
    "(38)": "why-sum-over-k.html#equation-38",
    "softmax overflow": ("stable-forms", "questions-costs"),
    "cross entropy vs log likelihood": ("softmax-costs", "softmax-costs", "cross-entropy"),
    "check_backprop": ("api", "package", "check"),
    "temperature": ("softmax", "softmax"),
    "cost of backprop forward passes": ("questions-checking", "algorithm"),
    "gradcheck passes but wrong": "what-checkers-let-pass",
    "bfloat16 gradient too small": "where-a-sum-stops",
    "max tie gradient": "two-slopes",
    "teach a class": "exercises.html#a-lesson-plan",
    "slides": "exercises.html#a-lesson-plan",
    "operands could not be broadcast": "questions-sums.html#dw-has-the-wrong-shape",
    "exploding gradient": "slopes",
    "difference between BCE and cross entropy": "cross-entropy",
    "backprop from scratch numpy": "autograd",
    "what does nabla mean": "symbols",
    "kronecker delta": "symbols",
    "how to check my backprop": "check",
    "mean squared error gradient": ("error", "bp1"),
    "gradient of loss with respect to weights": "bp3-bp4",
    "why is my gradient twice as large": "questions-checking",
    "matrix form of backprop": ("algorithm", "bp1", "bp2"),
    "maxpool tie": "two-slopes",
    "softmax in hidden layer": "softmax-inside",
}
"""More: of other libraries, a teacher's, and what a learner types who has no name for it."""


def first_page(found: list[tuple[str, str]], wanted: str | tuple[str, ...]) -> bool:
    """Whether the first result is one of the pages, or the very place, that was wanted."""
    link, places = found[0][1], (wanted,) if isinstance(wanted, str) else wanted
    return any(link.startswith(p) if "#" in p else link.split(".html")[0] == p for p in places)


class TestSearches:
    """What people type leads to the page that answers, before everything else."""

    @pytest.mark.parametrize(("typed", "wanted"), (REPORTED | FURTHER).items())
    def test_first(self, search: Search, typed: str, wanted: str | tuple[str, ...]) -> None:
        found = search(typed)
        assert first_page(found, wanted), [link for _, link in found[:4]]

    def test_each_has_an_excerpt_with_its_words_marked(self, browser: Browser, html: Path) -> None:
        with visit(browser, f"{(html / 'search.html').as_uri()}?q=vanishing", 1280) as seen:
            items = seen.page.locator("ul.search > li").all()
            assert items
            for item in items[:3]:
                assert len(item.locator("p.context").inner_text()) > 20  # the reason of a claim
            assert seen.page.locator("mark").count() > 0
            cut = [item.locator("p.context").inner_text().strip("\n ") for item in items]
            assert any(text.endswith("…") for text in cut)  # and does not end in mid-sentence

    @pytest.mark.parametrize("script", [True, False])
    def test_on_a_phone(self, browser: Browser, html: Path, script: bool) -> None:
        """A link in the bar leads to a box that is as wide as the page, and finds."""
        with browser.new_context(
            viewport={"width": WIDTHS["phone"], "height": 800},
            java_script_enabled=script,
            has_touch=True,
            is_mobile=True,
        ) as context:
            page = context.new_page()
            page.goto((html / "bp2.html").as_uri())
            page.get_by_role("link", name="Search").tap()
            box = page.get_by_role("searchbox", name="Search for")
            assert box.bounding_box()["width"] > 240
            assert box.bounding_box()["height"] > 32
            box.fill("dead relu")
            page.get_by_role("button", name="Go").last.tap()
            page.wait_for_url("**q=dead+relu*")
            if script:
                expect(page.locator(".search-summary")).to_contain_text("dead relu")
                assert box.input_value() == "dead relu"

    def test_nothing_found_is_said(self, browser: Browser, html: Path) -> None:
        with visit(browser, f"{(html / 'search.html').as_uri()}?q=xylophone", 1280) as seen:
            assert "Nothing for" in seen.page.locator(".search-summary").inner_text()

    def test_without_scripts_there_are_lists(self, browser: Browser, html: Path) -> None:
        with browser.new_context(java_script_enabled=False) as context:
            page = context.new_page()
            page.goto((html / "search.html").as_uri())
            links = page.locator("article a").evaluate_all(
                "a => a.map(e => e.getAttribute('href'))"
            )
        assert {"questions.html", "genindex.html"} <= set(links)


def test_a_question_that_is_lost_is_noticed(search: Search, html: Path, tmp_path: Path) -> None:
    """Without its words another page comes first."""
    copy = copied(html, tmp_path / "html", "_static/places.js")
    places = copy / "_static/places.js"
    text = places.read_text(encoding="utf-8")
    assert "why-sum-over-k" in text
    places.write_text(text.replace('"page":"why-sum-over-k"', '"page":"other"'), encoding="utf-8")
    assert not first_page(search("equation 37", copy), REPORTED["equation 37"])
