"""The list of letters on a page, and what a formula says of its letters."""

import re
from dataclasses import replace

from sites import ROOT, place_of
from sympy import Eq, Symbol

from proofs.claims import CLAIMS
from proofs.claims.letters import GROUPS


class TestGroups:
    """The list is printed in groups, so that a sign is found; no column of a table is empty."""

    def test_the_page_prints_each(self):
        page = (ROOT / "docs/symbols.md").read_text("utf-8")
        assert re.findall(r"\{letters\} (\w+)", page) == [*GROUPS]

    def test_columns(self, build):
        done = build("```{letters} network\n```\n\n```{letters} attention\n```")
        heads = [
            [cell.text for cell in table.all("th")]
            for box in done.page("index").all("div", "notation")
            for table in box.all("table")
        ]
        assert heads == [
            ["Symbol", "In words", "Shape", "In the code", "Defined"],
            ["Symbol", "In words", "Defined"],
        ]

    def test_another_group_is_noted(self, build):
        [problem] = build("```{letters} weather\n```").problems
        assert "there is no group weather of letters; the groups are network, der" in problem


class TestAtHand:
    """A formula says what its letters mean, to the pointer, the keyboard and the screen reader."""

    def test_in_the_line_and_displayed(self, build):
        link = "[$z_j$](https://example.org)"
        page = build(f"Neuron $k$, or {link}.\n\n## Weights $w$").page("index")
        inline, linked, titled = page.all("article")[0].all("span", "math")
        assert inline.get("aria-description") == "k  a neuron"
        assert (inline.get("tabindex"), inline.get("role")) == ("0", "group")
        for part_of_something in (linked, titled):
            assert not part_of_something.get("tabindex")

    def test_a_letter_that_nobody_explains_stops_the_build(self, build):
        done = build("Now let $\\psi_j$ be something.")
        assert done.status
        [problem] = done.problems
        assert problem.startswith(r"docs/index.md:3: $\psi_j$ has the sign \psi, which stands for")

    def test_also_in_a_claim(self, build, claims):
        equation = Eq(Symbol("vartheta"), CLAIMS["BP1"].statement.rhs, evaluate=False)
        claims["BP1"] = replace(CLAIMS["BP1"], statement=equation)
        done = build(place_of("BP1"))
        assert any(r"has the sign \vartheta" in problem for problem in done.on("index"))
