"""What each claim rests on is listed level by level, no more and no less, with links."""

import re
from dataclasses import replace

import pytest
from printing import graph
from sites import place_of, rest

from proofs.claims import CLAIMS


def rests_on(tag, *others):
    """The claims, if one of them used others as well."""
    return CLAIMS | {tag: replace(CLAIMS[tag], by=(*CLAIMS[tag].by, *others))}


class TestLevels:
    """A claim stands one level above the highest claim that it uses."""

    def test_every_claim_once(self):
        assert sorted(tag for level in graph.levels(CLAIMS) for tag in level) == sorted(CLAIMS)

    def test_a_claim_uses_lower_levels_only(self):
        height = {tag: n for n, level in enumerate(graph.levels(CLAIMS)) for tag in level}
        for tag, claim in CLAIMS.items():
            used = [height[other] for other in claim.depends]
            assert height[tag] == (max(used) + 1 if used else 0)

    def test_a_new_dependency_lifts_a_claim(self):
        height = [n for n, level in enumerate(graph.levels(CLAIMS)) if "BP4" in level]
        [lifted] = [n for n, tags in enumerate(graph.levels(rests_on("46", "BP4"))) if "46" in tags]
        assert lifted == height[0] + 1


class TestLines:
    """A line tells tag, title, witnesses, and what is used."""

    @pytest.mark.parametrize("tag", CLAIMS)
    def test_it_names_what_is_used(self, tag):
        text = graph.line(CLAIMS[tag]).partition(": uses ")[2]
        assert text == ", ".join(f"({other})" for other in CLAIMS[tag].depends)

    def test_the_witnesses(self):
        assert "(symbolic, measured, printed and run, proved in Coq)" in graph.line(CLAIMS["BP2"])
        assert "(a definition)" in graph.line(CLAIMS["29"])


class TestInThePage:
    """The directive."""

    def test_claims_that_use_one_another_stop_the_build(self, build, claims):
        claims["36"] = replace(CLAIMS["36"], after="38")
        problems = build("```{claim-graph}\n```").problems
        [circle] = [p.partition(" one another: ")[2] for p in problems if " one another: " in p]
        assert re.findall(r"\((\w+)\)", circle)[1:] in (
            ["36", "38", "37"],
            ["38", "37", "36"],
            ["37", "36", "38"],
        )

    def test_it_is_written_anew_when_a_claim_has_moved(self, build, claims):
        """And only then: words that change leave it as it is."""
        del claims["BP1"]  # it uses one that is not among the few

        def built(**pages):
            done = build(None, **pages)
            assert done.status == 0, done.message
            [link] = [a.get("href") for a in done.page("index").all("a") if a.text == "(38)"]
            return (done.html / "index.html").stat().st_mtime_ns, link

        def more(*parts):
            return "\n\n".join(["---\norphan: true\n---\n# More", *parts])

        index, places = "# Page\n\n```{claim-graph}\n```\n", place_of("38")
        first, link = built(index=index, more=more("Words."), rest=rest("", claims))
        assert link.startswith("rest.html#")
        assert built(more=more("Other words.")) == (first, link)
        second, link = built(more=more("Words.", places), rest=rest(places, claims))
        assert second > first
        assert link.startswith("more.html#")
