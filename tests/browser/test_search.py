"""Whoever types a question or a name into the search box is led to the answer, on the disk too."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from gates import WIDTHS, visit
from playwright.sync_api import Browser, expect

Search = Callable[..., list[tuple[str, str]]]


@pytest.fixture
def search(browser: Browser, html: Path) -> Search:
    """Types words into the box of the home page; what is found, heading and link, best first."""

    def found(typed: str, site: Path = html) -> list[tuple[str, str]]:
        with visit(browser, (site / "index.html").as_uri(), WIDTHS["desk"]) as seen:
            box = seen.page.get_by_role("search").get_by_role("textbox", name="Search")
            box.fill(typed)
            box.press("Enter")
            # It says how many it has found when it has shown the last.
            expect(seen.page.locator(".search-summary")).not_to_be_empty()
            links = seen.page.locator("ul.search > li > a:first-child").all()
            return [(a.inner_text(), a.get_attribute("href") or "") for a in links]

    return found


class TestQuestions:
    """A question is found under its own heading, before everything else."""

    @pytest.mark.parametrize(
        ("typed", "heading", "link"),
        [
            (
                "why sum over k",
                "Questions on sums, transposes and shapes > Why sum over k in the proof of BP1",
                "questions-sums.html#why-sum-over-k-in-the-proof-of-bp1",
            ),
            (
                "dW shape mismatch",
                "Questions on sums, transposes and shapes > dW has the wrong shape",
                "questions-sums.html#dw-has-the-wrong-shape",
            ),
            (
                "softmax derivative",
                "> What is the derivative of softmax?",
                "questions-costs.html#what-is-the-derivative-of-softmax",
            ),
            ("why transpose", "BP2: the error one layer earlier", "bp2.html"),
            (
                "Vanishing gradient",
                "> Why do the gradients of early layers vanish?",
                "questions-checking.html#why-do-the-gradients",
            ),
        ],
    )
    def test_first(self, search: Search, typed: str, heading: str, link: str) -> None:
        found, href = search(typed)[0]
        assert heading in found
        assert href.startswith(link)

    @pytest.mark.parametrize(
        ("typed", "second"),
        [
            ("why sum over k", "why-sum-over-k.html#"),
            ("why transpose", "questions-sums.html#why-the-transpose-of-the-weights"),
        ],
    )
    def test_the_page_and_the_question(self, search: Search, typed: str, second: str) -> None:
        """What both a page and a question answer leads to both."""
        assert search(typed)[1][1].startswith(second)


@pytest.mark.parametrize(
    ("typed", "link"),
    [
        ("delta", "notation.html#"),
        ("sigma_prime", "notation.html#"),
        ("softmax", "softmax.html#"),
        ("(38)", "why-sum-over-k.html#equation-38"),
        ("38", "why-sum-over-k.html#equation-38"),
        ("BP2", "bp2.html#equation-bp2"),
        ("check_backprop", "package.html#proofs.checker.which_equation.check_backprop"),
        ("bp2_full", "package.html#proofs.network.equations.bp2_full"),
        ("Network", "package.html#module-proofs.network"),
        ("cross_entropy", "package.html#costs"),
        ("leaky_relu", "package.html#activations"),
    ],
)
def test_names_and_numbers(search: Search, typed: str, link: str) -> None:
    """Letters, equations by their numbers, and the public names of the package."""
    assert search(typed)[0][1].startswith(link)


def test_a_question_that_is_lost_is_noticed(search: Search, html: Path, tmp_path: Path) -> None:
    """Without its words in the index another page comes first."""
    copy = shutil.copytree(html, tmp_path / "html")
    index = copy / "searchindex.js"
    text = index.read_text(encoding="utf-8")
    assert text.count('"dw shape mismatch":') == 1
    lost = text.replace('"dw shape mismatch":', '"something else":')
    index.write_text(lost, encoding="utf-8")
    assert "dW has the wrong shape" not in search("dW shape mismatch", copy)[0][0]
