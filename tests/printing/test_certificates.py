"""What is known of an equation stands behind one mark; what it assumes, where it changes."""

import re
from dataclasses import replace

import pytest
from printing.claims import assumed
from sites import place_of, rest

from proofs.claims import CLAIMS
from proofs.witnesses import verdict
from proofs.witnesses.formal import THEOREMS


@pytest.fixture
def page(build, claims):
    """A page with these lines, built."""

    def built(*lines):
        text = "\n\n".join(lines)
        steps = " ".join(re.findall(r"\{derivation\} (.*)", text)).split()
        others = rest(text + "".join(map(place_of, steps)), claims)
        done = build(None, index=f"# Page\n\n{text}\n", rest=others)
        assert done.status == 0, done.message
        return done.page("index").all("article")[0]

    return built


class TestTheMark:
    """Beside the number of an equation stands how often it was checked."""

    @pytest.mark.parametrize("tag", ["37", "BP1", "local"])
    def test_it_counts_the_witnesses(self, page, tag):
        [mark] = page(f"```{{claim}} {tag}\n```").all("summary")[:1]
        ways = len(verdict(tag).witnesses) + (tag in THEOREMS)
        assert mark.text == f"✓ checked {ways} ways"

    def test_a_definition_is_called_one(self, page):
        assert page("```{claim} 29\n```").all("summary")[0].text == "definition"

    def test_it_is_closed_and_needs_no_script(self, page):
        [fold] = page("```{claim} BP1\n```").all("details", "certificate")
        assert "open" not in fold.attributes
        assert not fold.all("script")

    def test_it_opens_all_that_is_known(self, page):
        [fold] = page("```{claim} BP1\n```").all("details", "certificate")
        for part in ("Assumed:", "Symbolic:", "Measured:", "Printed and run:", "Proved in Coq:"):
            assert part in fold.text
        assert "python -m proofs --claim BP1" in fold.text

    def test_a_step_has_the_same_mark(self, page):
        [step] = page("```{derivation} 37\n```").all("li", "claim")
        [fold] = step.all("details", "certificate")
        assert fold.parent is step
        assert step.all("div", "reason")[0].text


class TestAssumptions:
    """An assumption is stated once a section, before the equation from which it holds."""

    LOCAL = CLAIMS["38"].hypotheses[0].text.split(":")[0]

    def said(self, article):
        """What is assumed in front of equations, outside folds."""
        notes = article.all("div", "hypothesis")
        return [note.text for note in notes if note.parent.tag != "details"]

    def test_it_is_said_once(self, page, claims):
        claims["37"] = replace(CLAIMS["37"], hypotheses=CLAIMS["38"].hypotheses)
        found = self.said(page("## One\n\n```{claim} 38\n```\n\n```{claim} 37\n```"))
        assert len(found) == 1
        assert found[0].startswith(f"Assumed up to (37): {self.LOCAL}")

    def test_what_the_next_equation_does_not_assume_is_assumed_of_one(self, page):
        found = self.said(page("## One\n\n```{claim} 38\n```\n\n```{claim} BP1\n```"))
        assert [text.partition(":")[0] for text in found] == ["Assumed", "Assumed"]

    def test_a_new_section_says_it_again(self, page):
        text = "## One\n\n```{claim} 38\n```\n\n## Two\n\n```{claim} local\n```"
        assert len(self.said(page(text))) == 2

    def test_what_a_word_means_is_said_once_a_page(self, page, claims):
        claims["36"] = replace(CLAIMS["36"], hypotheses=CLAIMS["S"].hypotheses)
        claims["37"] = replace(CLAIMS["37"], hypotheses=CLAIMS["84"].hypotheses)
        first, second = self.said(page("## One\n\n```{claim} 36\n```\n\n```{claim} 37\n```"))
        assert "is softmax: exponentials" in first
        assert "is softmax. The cost is the categorical cross-entropy" in second
        assert "log-likelihood): minus the sum" in second

    def test_the_same_of_several_layers_is_one_sentence(self):
        words = assumed(CLAIMS["35"])
        assert words.count("One function") == 1
        assert words.endswith("each $z^{L - 2}_k$, $z^{L - 1}_k$ and $z^{L}_k$ by itself.")

    def test_different_ones_stay_apart(self):
        for claim in CLAIMS.values():
            if claim.tag != "35":
                assert assumed(claim).endswith(" ".join(h.text for h in claim.hypotheses))

    def test_another_assumption_is_said(self, page):
        assert CLAIMS["BP1"].hypotheses != CLAIMS["38"].hypotheses
        found = self.said(page("## One\n\n```{claim} 38\n```\n\n```{claim} BP1\n```"))
        assert len(found) == 2

    def test_nothing_is_said_where_nothing_is_assumed(self, page):
        assert self.said(page("## One\n\n```{claim} 37\n```")) == []


class TestTheLedger:
    """What was checked stands in one closed fold."""

    def test_it_lists_what_is_printed_above(self, page):
        article = page("```{derivation} 36 37\n```", "```{ledger}\n```")
        [fold] = article.all("details", "checked")
        assert fold.all("summary")[0].text == "What was checked"
        rows = [row.all("td")[0].text for row in fold.all("tr")[1:]]
        assert rows == ["(36)", "(37)"]

    def test_a_section_called_so_folds_whole(self, page):
        article = page(
            "```{claim} 37\n```", "## What was checked\n\n```{ledger} 37\n```\n\nA word on it."
        )
        [fold] = article.all("details", "checked")
        assert fold.get("id") == "what-was-checked"
        assert "A word on it." in fold.text
        assert article.all("h2") == []


class TestRefutations:
    """The wrong equations of a page stand in one table, crossed out."""

    def test_a_row_for_each(self, page):
        article = page("```{derivation} 37 38\n```", "```{refutations}\n```")
        [table] = article.all("table")
        heads = [cell.text for cell in table.all("th")]
        assert heads == ["What people write", "Why they believe it", "What refutes it"]
        wrong = [r for tag in ("37", "38") for r in CLAIMS[tag].refutations]
        rows = table.all("tr")[1:]
        assert len(rows) == len(wrong)
        for row, refutation in zip(rows, wrong, strict=True):
            assert row.all("div", "crossed")[0].text.startswith("Wrong:")
            assert refutation.misconception.replace("'", "’") in row.text
            numbers = [number.text for number in row.all("strong")]
            assert len(set(numbers)) == 2

    def test_nothing_to_refute_is_noted(self, build):
        assert any(
            problem.endswith("there is no wrong equation to refute")
            for problem in build("```{refutations} 37\n```").problems
        )
