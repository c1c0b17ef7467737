"""Equations worked out on a page: right ones are printed, a wrong one stops the build."""

import re


def page(done):
    """What the one page became."""
    return (done.html / "index.html").read_text(encoding="utf-8")


class TestWorkedOnAPage:
    """The numbers that are put in come to what a push measures, or the build stops."""

    def test_a_right_one_is_printed(self, build):
        done = build("```{worked} BP1\n:at: j=1\n```")
        assert done.status == 0, done.message
        assert r"<mn>0.25</mn>" in page(done)

    def test_terms_that_vanish_are_struck_out(self, build):
        done = build("```{worked} 37\n:case: sigmoid\n:at: j=2\n:terms:\n```")
        assert page(done).count('class="struck"') == 2

    def test_a_wrong_one_stops_the_build(self, build):
        """(38) needs locality, which softmax has not."""
        done = build("```{worked} 38\n:case: softmax\n:at: j=2\n```")
        assert done.status
        assert "(38) is not what a push measures: 8.0e-02 apart" in done.message


class TestTheNumbersOfTheBook:
    """The table has every claim that the book numbers, BP1 to BP4 where the book has them."""

    def test_in_the_order_of_the_book(self, build):
        table = page(build("```{equation-numbers}\n```")).partition("What it says")[2]
        found = re.findall(r"\((29|BP1|36|37|38|local)\)", table.partition("</table>")[0])
        assert found == ["29", "BP1", "36", "37", "38"]
