"""The graph of claims shows what each uses, no more and no less, and leads to all of them."""

from dataclasses import replace
from graphlib import CycleError
from importlib import import_module
from itertools import combinations
from urllib.parse import urldefrag
from xml.etree import ElementTree

import pytest
from sites import ROOT, copied, files, sphinx, sphinx_here

from proofs.claims import CLAIMS

SETTINGS = """
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from printing import claims
from proofs.witnesses.checking import Verdict, Witness

yes = Witness(True, "")  # that the claims hold is tested elsewhere
claims.verdict = lambda tag: Verdict(claims.CLAIMS[tag], yes, yes, None, ())
extensions = ["myst_parser", "printing.claims", "printing.graph", "printing.mathml"]
source_suffix = {".md": "markdown"}  # or it would be added to the default of later builds
html_math_renderer = "mathml"
math_numfig = False
math_eqref_format = "({number})"
"""


@pytest.fixture(scope="module")
def graph():
    """The extension."""
    with pytest.MonkeyPatch.context() as patch:
        claims = import_module("printing.claims")
        patch.setattr(claims, "verdict", claims.verdict)  # the settings put another in its place
        yield import_module("printing.graph")


def picture(graph, claims=CLAIMS):
    """The picture as XML."""
    html = graph.draw(claims, {tag: f"page.html#{tag}" for tag in claims})
    return ElementTree.fromstring(html).find("section/svg")


def edges(drawn):
    """From where to where the edges lead."""
    return [(path.get("data-from"), path.get("data-to")) for path in drawn.iter("path")]


def rests_on(tag, *others, claims=CLAIMS):
    """The claims, if one of them used others as well."""
    return claims | {tag: replace(claims[tag], by=(*claims[tag].by, *others))}


class TestDrawing:
    """What is drawn is what the claims say."""

    def test_the_edges_are_the_dependencies(self, graph):
        known = {(t, d) for t, c in CLAIMS.items() for d in c.depends}
        assert sorted(edges(picture(graph))) == sorted(known)

    def test_a_dependency_is_a_claim(self):
        assert {d for c in CLAIMS.values() for d in c.depends} <= CLAIMS.keys()

    def test_the_nodes_are_the_claims(self, graph):
        texts = ["".join(a.find("text").itertext()) for a in picture(graph).iter("a")]
        assert sorted(texts) == sorted(CLAIMS)

    def test_a_node_is_named_by_tag_title_and_witnesses(self, graph):
        names = {a.get("href"): a.find("title").text for a in picture(graph).iter("a")}
        assert names["page.html#BP2"] == (
            "(BP2) The error one layer earlier: symbolic, measured, printed and run, proved in Coq"
        )
        for tag, claim in CLAIMS.items():
            assert names[f"page.html#{tag}"].startswith(f"({tag}) {claim.title}: ")

    def test_a_new_dependency_is_drawn(self, graph):
        more = edges(picture(graph, rests_on("BP4", "BP1")))
        assert set(more) - set(edges(picture(graph))) == {("BP4", "BP1")}

    def test_the_list_says_the_same(self, graph):
        html = graph.draw(CLAIMS, {tag: f"page.html#{tag}" for tag in CLAIMS})
        items = ElementTree.fromstring(html).findall("details/ul/li")
        listed = [[a.get("href").partition("#")[2] for a in item.iter("a")] for item in items]
        drawn = edges(picture(graph))
        assert [tags[0] for tags in listed] == list(CLAIMS)
        assert sorted((t, d) for t, *used in listed for d in used) == sorted(drawn)

    def test_every_kind_is_in_the_legend_and_differs_in_more_than_colour(self, graph):
        html = graph.draw(CLAIMS, dict.fromkeys(CLAIMS, ""))
        legend = [
            ("".join(li.itertext()).strip()) for li in ElementTree.fromstring(html).iter("li")
        ]
        assert legend[: len(graph.KINDS)] == list(graph.KINDS.values())
        assert {graph.kind(c) for c in CLAIMS.values()} == graph.KINDS.keys()
        css = (ROOT / "conf/static/proofs.css").read_text(encoding="utf-8")
        for kind in ("definition", "granted"):
            assert (
                "stroke-dasharray" in css.partition(f".claim-graph .{kind} rect")[2].split("}")[0]
            )
        assert graph.node("run", "", (0, 0)).count("<rect") == 2
        assert graph.node("proved", "", (0, 0)).count("<rect") == 1


class TestLayout:
    """The picture is legible."""

    @pytest.fixture
    def layout(self, graph):
        return graph.arrange(graph.dependencies(CLAIMS))

    def test_every_edge_leads_down(self, layout):
        for way in layout.edges.values():
            assert [y for _, y in way] == sorted({y for _, y in way})

    def test_an_edge_joins_its_claims(self, layout):
        for (tag, used), way in layout.edges.items():
            assert (way[0], way[-1]) == (layout.nodes[tag], layout.nodes[used])

    def test_nodes_do_not_touch(self, graph, layout):
        for (x, y), (to_x, to_y) in combinations(layout.nodes.values(), 2):
            assert abs(x - to_x) > graph.WIDTH or abs(y - to_y) > graph.HEIGHT

    def test_no_edge_runs_through_a_node(self, graph, layout):
        for way in layout.edges.values():
            for x, y in way[1:-1]:
                row = [at for at, height in layout.nodes.values() if height == y]
                assert all(abs(x - at) > graph.WIDTH / 2 for at in row)

    def test_nothing_is_cut_off(self, graph, layout):
        width, height = layout.size
        for x, y in layout.nodes.values():
            assert graph.WIDTH / 2 < x < width - graph.WIDTH / 2
            assert graph.HEIGHT / 2 < y < height - graph.HEIGHT / 2

    def test_it_fits_the_column(self, layout):
        assert layout.size[0] <= 736  # Furo's; a wider picture would have to shrink its letters

    def test_claims_without_edges_have_a_row_of_their_own(self, layout):
        tied = {tag for edge in layout.edges for tag in edge}
        lowest = max(y for _, y in layout.nodes.values())
        assert {tag for tag, (_, y) in layout.nodes.items() if y == lowest} == CLAIMS.keys() - tied

    def test_claims_that_use_one_another_have_no_layout(self, graph):
        with pytest.raises(CycleError):
            graph.arrange(graph.dependencies(rests_on("36", "BP1")))

    @pytest.mark.parametrize("few", [[], ["46"], ["46", "47"], ["29", "36"], list(CLAIMS)[:20]])
    def test_any_number_of_claims_can_be_drawn(self, graph, few):
        claims = {tag: CLAIMS[tag] for tag in few}
        assert len(list(picture(graph, claims).iter("a"))) == len(few)


HALF = len(CLAIMS) // 2
WRONG = " ".join(tag for tag, claim in CLAIMS.items() if claim.refutations)


def pages(project, first, second):
    """Pages in two folders: the claims of two, and the graph."""
    for name, text in {
        "index": "```{toctree}\nmore/second\nmore/graph\n```\n```{derivation} " + " ".join(first),
        "more/second": "```{derivation} " + " ".join(second),
        "more/graph": f"```{{refutations}} {WRONG}\n```\n```{{claim-graph}}",
    }.items():
        file = project / "docs" / f"{name}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        new = f"# Page\n\n{text}\n```\n"
        if not file.exists() or file.read_text(encoding="utf-8") != new:
            file.write_text(new, encoding="utf-8")


def started(project):
    """A project with the real extensions, whose claims are taken to hold."""
    copied(project, "conf")
    (project / "conf" / "conf.py").write_text(SETTINGS, encoding="utf-8")
    pages(project, list(CLAIMS)[:HALF], list(CLAIMS)[HALF:])
    return project


@pytest.fixture
def project(graph, tmp_path):
    """A project that a test may change."""
    return started(tmp_path)


@pytest.fixture(scope="module")
def site(graph, tmp_path_factory):
    """The build of a project that nobody changes."""
    return built(started(tmp_path_factory.mktemp("graph")))


def built(project):
    """The build of a project, which must succeed without a warning."""
    build = sphinx_here(project, project / "conf")
    assert build.status == 0, build.message
    return build


def leads_to(build):
    """The page and anchor that every node leads to, by its tag."""
    (scroll,) = build.page("more/graph").all("section", "scroll")
    return {a.all("text")[0].text: urldefrag(a.get("href")) for a in scroll.all("a")}


class TestInThePage:
    """The graph in a built site."""

    def test_every_node_leads_to_its_claim(self, site):
        links = leads_to(site)
        assert links.keys() == CLAIMS.keys()
        first, second = site.page("index").ids, site.page("more/second").ids
        for n, (tag, (page, anchor)) in enumerate((t, links[t]) for t in CLAIMS):
            assert page == ("../index.html" if n < HALF else "second.html")
            assert f"({tag})" in (first if n < HALF else second)[anchor].text

    def test_a_claim_that_moves_takes_its_link_along(self, project):
        html = built(project).html / "more/graph.html"
        assert '"../index.html#equation-bp1"' in html.read_text(encoding="utf-8")
        first = [tag for tag in list(CLAIMS)[:HALF] if tag != "BP1"]
        pages(project, first, ["BP1", *list(CLAIMS)[HALF:]])
        built(project)
        assert '"second.html#equation-bp1"' in html.read_text(encoding="utf-8")
        assert '"../index.html#equation-bp1"' not in html.read_text(encoding="utf-8")

    def test_it_is_the_same_in_every_build(self, site, project):
        again = sphinx(project, "-W", "-j", "2", seed=1)
        assert again.status == 0, again.message
        assert files(again.html)["more/graph.html"] == files(site.html)["more/graph.html"]

    def test_it_needs_no_script_and_scrolls_by_keyboard(self, site):
        (graph,) = site.page("more/graph").all("div", "claim-graph")
        assert not graph.all("script")
        (scroll,) = graph.all("section", "scroll")
        assert scroll.get("tabindex") == "0"
        assert scroll.get("aria-label")

    def test_claims_that_use_one_another_stop_the_build(self, project, monkeypatch):
        monkeypatch.setitem(CLAIMS, "36", replace(CLAIMS["36"], after="38"))
        assert sphinx_here(project, project / "conf").problems == [
            "docs/more/graph.md:5: claims rest on one another: (37) uses (36) uses (38) uses (37)"
        ]
