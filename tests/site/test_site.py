"""The site as a reader gets it, built as `nox -s docs` does, and builds of spoiled copies."""

import ast
import functools
import json
import os
import pickle
import re
from collections import defaultdict
from itertools import pairwise
from types import SimpleNamespace
from urllib.parse import unquote, urlsplit

import pytest
from docutils.nodes import make_id
from printing import by_hand
from printing.mathml import mathml
from printing.symbols import too_early
from sites import (
    FEW,
    ROOT,
    Page,
    clean,
    copied,
    edit,
    files,
    of_today,
    once,
    page_with,
    place_of,
    rest,
    sphinx,
    write,
)

from proofs.claims import CLAIMS
from proofs.claims.notation import latex
from proofs.lessons.by_hand import CASES, worked
from proofs.lessons.exercises import EXERCISES
from proofs.lessons.misreadings import MISREADINGS
from proofs.lessons.whatifs import WHATIFS
from proofs.mistakes.blind_spots import BLIND, seen
from proofs.mistakes.catalogue import WILD

PAGES = sorted(file.stem for file in (ROOT / "docs").glob("*.md"))
SCRIPTS_OF_WHATIFS = {f"_static/{name}.js" for name in ("what-if", *WHATIFS)}
MOVED = ast.literal_eval(
    re.search(
        r"^moved = (\{.*?^\})", (ROOT / "conf/conf.py").read_text("utf-8"), re.MULTILINE | re.DOTALL
    )[1]
)
"""Old addresses, and where they lead."""
GENERATED = {"404", "genindex", "search"}
"""Pages that Sphinx writes, without words of ours."""

EXPLAINING = [
    name
    for name in PAGES
    if re.search(
        r"^(```\{(derivation|answer)\}|## Check yourself|# .*\n(.*\n)*```\{claim\} .*\n```)",
        (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
]
"""Pages that prove something, answer, or ask; the home page only announces."""

every_page = pytest.mark.parametrize("name", PAGES)
every_claim = pytest.mark.parametrize("tag", CLAIMS)


@pytest.fixture(scope="session")
def again(tmp_path_factory):
    """The same site from elsewhere: the one that `nox -s docs` built, or a build like that."""
    if of_today(ROOT):
        return ROOT / "build/html"
    return once(tmp_path_factory, "again", lambda f: clean(f, "-j", "auto", seed=1))


@pytest.fixture(scope="session")
def site(html):
    """Every page of the site by its name."""
    return {file.stem: Page.read(file) for file in sorted(html.glob("*.html"))}


@pytest.fixture(scope="session")
def found(html):
    """The places that the search knows."""
    text = (html / "_static/places.js").read_text(encoding="utf-8")
    return json.loads(text.removeprefix("const PLACES = ").removesuffix(";\n"))


@functools.cache
def equation_places(html):
    """For each claim, the pages on which it has its place."""
    pages = {file.stem: Page.read(file) for file in html.glob("*.html")}
    return {
        tag: [name for name, page in pages.items() if make_id(f"equation-{tag}") in page.ids]
        for tag in CLAIMS
    }


class TestTheSourceOfACheck:
    """Under every claim stands how it is stated, run and tested, from the very files."""

    @every_claim
    def test_a_claim(self, html, site, tag):
        [name] = equation_places(html)[tag]
        place = site[name].ids[make_id(f"equation-{tag}")]
        while not (place.tag == "li" or "claim" in place.classes):
            place = place.parent
        [folded] = [d for d in place.all("details") if "source" in d.classes]
        file, *more = [code.raw for code in folded.all("code") if not within(code, "highlight")]
        blocks = [block.raw.strip() for block in folded.all("pre")]
        assert f'"{tag}"' in blocks[0]
        assert blocks[0].splitlines()[-2].strip() in (ROOT / file).read_text(encoding="utf-8")
        if CLAIMS[tag].shown:
            assert blocks[1] in (ROOT / more[0]).read_text(encoding="utf-8")
        assert blocks[-1] in (ROOT / "proofs/witnesses/test_claims.py").read_text(encoding="utf-8")
        assert more[-1] == f"python -m proofs --claim {tag}"


class TestTheBooksNumbers:
    """Promise 1: every claim stands under its tag, once, and every reference leads there."""

    @every_claim
    def test_a_claim_has_its_place(self, html, site, tag):
        [name] = equation_places(html)[tag]
        place = site[name].ids[make_id(f"equation-{tag}")]
        [number] = place.all("span", "eqno")
        assert number.text == f"({tag})¶"
        [equation] = place.all("math")
        assert equation.get("display") == "block"

    @every_claim
    def test_it_is_printed_from_the_claim(self, html, tag):
        [name] = equation_places(html)[tag]
        text = (html / f"{name}.html").read_text(encoding="utf-8")
        assert printed(CLAIMS[tag].statement) in text

    def test_every_number_of_chapter_2_is_found(self):
        page = (ROOT / "docs/where-in-nielsen.md").read_text("utf-8")
        elsewhere = set(re.findall(r"\((\d+)\)", page))
        assert {str(n) for n in range(23, 54)} <= elsewhere | set(CLAIMS)

    def test_no_other_equation_has_a_number(self, site):
        numbers = [n.text for page in site.values() for n in page.all("span", "eqno")]
        announced = ["BP1a", "BP2", "BP3", "BP4"]  # on the home page, without a link of their own
        assert sorted(n.strip("()¶") for n in numbers) == sorted([*CLAIMS, *announced])

    def test_references(self, html, site):
        found = 0
        for name, page in site.items():
            for link in page.all("a", "internal"):
                path, _, fragment = link.get("href").partition("#")
                if not fragment.startswith("equation-"):
                    continue
                tag = link.text.strip("()")
                assert link.text == f"({tag})"
                assert fragment == make_id(f"equation-{tag}")
                assert [path.removesuffix(".html") or name] == equation_places(html)[tag]
                found += bool(path)
        assert found > 20

    def test_the_page_that_is_named_beside_a_reference(self, html):
        named = re.compile(r"\{eq\}`([^`]+)`[^.\n{]* on the page \[[^\]]*\]\(([\w-]+)\.md")
        found = [
            (*at, equation_places(html)[at[0]])
            for name in PAGES
            for at in named.findall((ROOT / f"docs/{name}.md").read_text("utf-8"))
        ]
        assert [at for at in found if at[1:2] != tuple(at[2])] == []
        assert len(found) > 20

    def test_the_references_of_bp1(self, site):
        links = {a.text: a.get("href") for a in site["bp1"].all("a", "internal")}
        assert links["(36)"] == "why-sum-over-k.html#equation-36"
        assert links["(30)"] == "#equation-30"


class TestEveryClaim:
    """Promise 2: no claim without its witnesses on a page, nor without a row of the ledger."""

    def test_the_ledger_of_all(self, site):
        [ledger] = site["how-proved"].all("div", "ledger")
        rows = [[cell.text for cell in row.all("td")] for row in ledger.all("tr")[1:]]
        assert [row[0] for row in rows] == [f"({tag})" for tag in CLAIMS]
        for row, claim in zip(rows, CLAIMS.values(), strict=True):
            assert row[1] == claim.title.replace("'", "’") or "$" in claim.title
            assert all(row[2:4])
            assert bool(row[4]) == bool(claim.formula)
            assert "fails" not in row

    def test_what_each_rests_on(self, site):
        """Every claim is listed with a link, and with links to those that it uses."""
        [listed] = site["how-proved"].all("div", "claim-graph")
        links = [[a.text for a in item.all("a")] for item in listed.all("li")]
        found = {of[0]: of[1:] for of in links}
        used = {f"({tag})": [f"({d})" for d in claim.depends] for tag, claim in CLAIMS.items()}
        assert found.keys() == used.keys()
        for tag, others in used.items():
            assert found[tag][-len(others) :] == others or not others

    def test_no_page_shows_what_is_no_claim(self, site):
        """Every display is a claim, or a wrong one that is called so, or comes out of a cell.

        Or it is a claim with numbers put in, as it is worked out of the claim anew.
        """
        true = {shown(said) for c in CLAIMS.values() for said in (c.statement, c.equation)}
        refutations = [r for c in CLAIMS.values() for r in c.refutations] + [*MISREADINGS]
        wrong = {shown(r.statement) for r in refutations}
        for name, page in site.items():
            put_in = worked_out(name)
            for block in page.all("div", "equation"):
                if within(block, "worked"):
                    assert block.text in put_in, name
                elif not within(block, "cell_output"):
                    assert block.text in (wrong if within(block, "crossed") else true), name

    def test_a_display_that_says_worked_is_not_believed(self):
        """The class alone lets nothing pass: what a page asks for is worked out."""
        [first, *_] = found = worked_out("bp1")
        assert len(found) == 2
        assert first.startswith("δ")
        assert worked_out("how-proved") == set()


def worked_out(name):
    """The letters and numbers of the equations whose numbers a page asks for."""
    source = ROOT / "docs" / f"{name}.md"
    text = source.read_text(encoding="utf-8") if source.exists() else ""
    found = set()
    for tags, lines in re.findall(r"^```\{worked\} (.+)\n((?::.*\n)*)", text, re.MULTILINE):
        options = dict(re.findall(r"^:(\w+): *(.*)$", lines, re.MULTILINE))
        case, at = CASES[options.get("case", "small")](), by_hand.place(options.get("at", ""))
        for tag in tags.split():
            it = worked(CLAIMS[tag].statement, case, terms="terms" in options, **at)
            found.add(Page(mathml(by_hand.aligned(it), block=True)).root.text)
    return found


@functools.cache
def printed(statement):
    """An equation as a page prints it."""
    return mathml(latex(statement), block=True)


def shown(statement):
    """The letters of an equation on a page."""
    return Page(printed(statement)).root.text


def ancestors(element):
    """The elements that an element is in, innermost first."""
    while element := element.parent:
        yield element


def within(element, kind):
    """Whether an element is in one of a class."""
    return any(kind in e.classes for e in ancestors(element))


class TestRefutations:
    """Promise 7: every wrong equation is on a page, with the counterexample that rejects it."""

    @pytest.mark.parametrize("tag", [tag for tag, c in CLAIMS.items() if c.refutations])
    def test_each_is_on_a_page(self, html, tag):
        for wrong in CLAIMS[tag].refutations:
            found = refuted_places(html)[shown(wrong.statement)]
            assert found, f"{wrong.name} is on no page"
            for row in found:
                true, false = contradicted(row)
                assert true != false

    def test_the_page_that_mends_it_exists(self):
        assert {r.page for claim in CLAIMS.values() for r in claim.refutations} <= set(PAGES)

    def test_the_founding_one(self, site):
        [row] = [
            row
            for row in refuted_rows(site["why-sum-over-k"])
            if row.all("div", "equation")[0].text == shown(CLAIMS["38"].statement)
        ]
        assert "softmax at z = (1, 2, 3), y = (1, 0, 0)" in row.text
        true, false = contradicted(row)
        assert true == pytest.approx(-0.0430, abs=1e-4)
        assert false == pytest.approx(0.0452, abs=1e-4)


def refuted_rows(page):
    """The rows of the tables of wrong equations."""
    return [row for table in page.all("div", "refutations") for row in table.all("tr")[1:]]


@functools.cache
def refuted_places(html):
    """For each equation that begins rows of those tables, the rows on all pages."""
    found = defaultdict(list)
    for file in html.glob("*.html"):
        for row in refuted_rows(Page.read(file)):
            found[row.all("div", "equation")[0].text].append(row)
    return found


def contradicted(place):
    """The true number and the wrong one, where a wrong equation is refuted."""
    [reason] = place.all(kind="counterexample")
    return [float(number.text.replace("−", "-")) for number in reason.all("strong")]


class TestSelfChecks:
    """A page that explains something ends with questions; each wrong answer is refuted there."""

    MANY = 4
    """So many at most, or half as many as a page of questions has headings."""

    @pytest.mark.parametrize("name", EXPLAINING)
    def test_questions_and_answers(self, site, name):
        questions = site[name].all("div", "self-check")
        assert 2 <= len(questions) <= max(self.MANY, len(site[name].all("h2")) // 2)
        for question in questions:
            answers = question.all("details", "answer")
            said = [answer.all("div", "reason")[0].text for answer in answers]
            wrong = [a for a, text in zip(answers, said, strict=True) if text.startswith("Wrong.")]
            assert 0 < len(wrong) < len(answers)
            assert all(text.startswith(("Right.", "Wrong.")) for text in said)
            assert all(len(text.split()) > 5 for text in said)
            for answer in answers:
                if "was asked for" not in answer.text:
                    assert len(answer.all("div", "equation")) == 1
                    assert bool(answer.all("div", "crossed")) == (answer in wrong)
                if answer.all("div", "crossed"):
                    true, false = contradicted(answer)
                    assert true != false


class TestNoNetwork:
    """Promise 6: the site asks the network for nothing and works from file://."""

    LOADED = ("src", "srcset", "poster", "data", "action", "formaction", "background", "xlink:href")

    def test_elements(self, site):
        for name, page in site.items():
            for e in page.root:
                loaded = [e.get(attribute) for attribute in self.LOADED]
                if e.tag not in ("a", "area"):
                    loaded.append(e.get("href"))
                for address in filter(None, loaded):
                    assert not re.match(r"\s*(https?:|//)", address), f"{name}: <{e.tag}> {address}"
                assert e.get("type") != "module", f"{name}: modules are refused on file://"
                assert e.tag not in ("base", "iframe", "object", "embed"), f"{name}: <{e.tag}>"
                assert not re.search(r"url\(\s*['\"]?\s*(https?:|//)", e.get("style"))

    def test_styles(self, html, site):
        sheets = [file.read_text(encoding="utf-8") for file in html.rglob("*.css")]
        sheets += [e.raw for page in site.values() for e in page.all("style")]
        assert len(sheets) > 3
        for sheet in sheets:
            assert not re.search(r"url\(\s*['\"]?\s*(https?:|//)", sheet)
            assert not re.search(r"@import\s*(url\()?\s*['\"]?\s*(https?:|//)", sheet)

    def test_scripts(self, html, site):
        """No script asks for a page or a file, the search neither: on a disk it could not."""
        asking = re.compile(
            r"\bfetch\(|XMLHttpRequest|importScripts|\bimport\(|WebSocket|new Worker"
        )
        for name, page in site.items():
            for script in page.all("script"):
                assert not asking.search(script.raw), name
                source = urlsplit(script.get("src")).path
                if source:
                    text = (html / source).read_text(encoding="utf-8")
                    assert not asking.search(text), f"{name}: {source}"

    def test_every_address_is_a_file(self, html, site):
        for name, page in site.items():
            for e in page.root:
                for attribute in ("src", "href"):
                    address = urlsplit(e.get(attribute))
                    if not address.scheme and address.path:
                        assert not address.path.startswith("/"), f"{name}: {address.path}"
                        assert (html / unquote(address.path)).is_file(), f"{name}: {address.path}"

    def test_fonts_are_shipped(self, html):
        for sheet in html.rglob("*.css"):
            for address in re.findall(r"url\(['\"]?([^'\")]+)", sheet.read_text(encoding="utf-8")):
                if not address.startswith("data:"):
                    assert (sheet.parent / address.split("?")[0]).is_file(), f"{sheet}: {address}"


def silent(source):
    """Whether a cell only imports, defines, assigns and asserts, so that it has nothing to say."""
    quiet = ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef | ast.Assign | ast.Assert
    return all(isinstance(line, quiet) for line in ast.parse(source).body)


class TestEveryPage:
    """Every page can be found, read aloud and linked to."""

    def test_pages(self, site):
        assert set(site) == {*PAGES, *GENERATED, *MOVED}

    @pytest.mark.parametrize("old", MOVED)
    def test_an_old_address_leads_to_a_page(self, site, old):
        page, _, anchor = MOVED[old].partition("#")
        assert old not in PAGES
        assert page in PAGES
        assert not anchor or anchor in site[page].ids

    @every_page
    def test_title_and_description(self, site, name):
        titles = [t.text for t in site[name].all("title") if t.parent.tag == "head"]
        assert len(titles) == 1
        assert len(titles[0]) > 5
        descriptions = [m for m in site[name].all("meta") if m.get("name") == "description"]
        assert len(descriptions) == 1
        assert 40 <= len(descriptions[0].get("content")) <= 200

    def test_titles_and_descriptions_differ(self, site):
        titles = [site[name].all("title")[0].text for name in PAGES]
        assert len(set(titles)) == len(titles)

    @every_page
    def test_one_heading_of_the_first_order(self, site, name):
        assert len(site[name].all("h1")) == 1

    @every_page
    def test_headings_skip_no_order(self, site, name):
        [article] = site[name].all("article")
        orders = [int(e.tag[1]) for e in article if re.fullmatch("h[1-6]", e.tag)]
        assert all(b <= a + 1 for a, b in pairwise(orders))

    def test_ids_are_unique(self, site):
        for name, page in site.items():
            ids = [e.get("id") for e in page.root if e.get("id")]
            assert sorted(ids) == sorted(set(ids)), name

    def test_links_have_words(self, site):
        for name, page in site.items():
            for link in page.all("a"):
                words = link.text or link.get("aria-label") or link.get("title")
                pictures = [e.get("aria-label") or e.get("alt") for e in link]
                assert words or any(pictures), f"{name}: {link.attributes}"

    def test_links_lead_somewhere(self, html, site):
        for name, page in site.items():
            for link in page.all("a"):
                address = urlsplit(link.get("href"))
                assert link.attributes.get("href") is None or link.get("href"), name
                if address.scheme or not link.get("href"):
                    continue
                if address.path and not address.path.endswith(".html"):
                    assert (html / address.path).is_file(), f"{name}: {address.path}"
                    continue
                target = site[address.path.removesuffix(".html")] if address.path else page
                anchor = unquote(address.fragment)
                assert not anchor or anchor in target.ids, f"{name}: {link.get('href')}"

    @pytest.mark.parametrize("name", PAGES)
    def test_it_ends_with_the_way_on(self, name):
        """A sentence with a link, but for the list of questions, which is links."""
        text = (ROOT / f"docs/{name}.md").read_text(encoding="utf-8")
        ways = r"^(Next:|Back to|From here:|You have now seen) ?.*\[.+\]\(.+\)"
        assert name == "questions" or re.search(ways, text, re.MULTILINE)

    def test_two_clicks_from_home(self, site):
        def beyond(names):
            links = (a.get("href") for name in names for a in site[name].all("a"))
            paths = (urlsplit(href) for href in links)
            pages = (a.path for a in paths if not a.scheme and a.path.endswith(".html"))
            return {page.removesuffix(".html") for page in pages}

        first = beyond({"index"})
        assert set(PAGES) <= {"index"} | first | beyond(first)

    @every_page
    def test_cells_ran(self, site, name):
        source = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
        cells = site[name].all("div", "cell")
        assert len(cells) == source.count("```{code-cell}")
        for cell in cells:
            assert cell.all("div", "cell_input")
            names = silent(cell.all("pre")[0].raw)
            if not cell.all("div", "cell_output") and ("assert" in cell.text or names):
                continue  # what is asserted or only named needs no words
            [output] = cell.all("div", "cell_output")
            assert output.text or output.all("svg")
            assert not [e for e in output if {"stderr", "traceback"} & set(e.classes)]
            assert "Traceback" not in output.text

    def test_a_cell_that_ends_in_a_value_is_not_silent(self):
        assert silent("def f():\n    return 1\n")
        assert silent("x = 1\nassert x\n")
        assert not silent("x = 1\nx\n")
        assert not silent("print(1)\nx = 1\n")

    @every_page
    def test_pictures_have_words(self, site, name):
        source = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
        drawn = [p for p in site[name].all("div", "picture") if not within(p, "cell")]
        assert len(drawn) == sum(
            map(source.count, ("```{picture}", "```{what-if}", "```{others} ladder"))
        )
        pictures = [s for s in site[name].all("svg") if within(s, "picture") or within(s, "cell")]
        for picture in pictures:
            assert picture.get("role") == "img"
            assert len(picture.get("aria-label").split()) > 5
        assert all(image.get("alt") for image in site[name].all("img"))

    @every_page
    def test_nothing_unfinished(self, site, name):
        text = site[name].all("article")[0].text
        assert not re.search(r"TODO|FIXME|XXX|\{eq\}|```|\$\$|0x[0-9a-f]{6,}|np\.float64\(", text)


class TestWhatIfs:
    """A what-if is a still picture, the package's numbers, and a script on that page alone."""

    def test_each_is_on_a_page(self, site):
        boxes = [box for page in site.values() for box in page.all("div", "what-if")]
        assert sorted(box.get("data-what-if") for box in boxes) == sorted(WHATIFS)

    def test_the_picture_and_the_numbers_of_the_package(self, site):
        for page in site.values():
            for box in page.all("div", "what-if"):
                what = WHATIFS[box.get("data-what-if")]
                [picture], [numbers] = box.all("svg"), box.all("script")
                assert picture.get("aria-label") == what.picture().alt
                assert numbers.get("type") == "application/json"
                assert json.loads(numbers.raw) == json.loads(json.dumps(what.start()))

    def test_scripts_where_they_are_needed(self, site):
        """After the page is read, so that they find it, and the shared one first."""
        for name, page in site.items():
            here = [box.get("data-what-if") for box in page.all("div", "what-if")]
            loaded = [(s, urlsplit(s.get("src")).path) for s in page.all("script")]
            ours = [(s, path) for s, path in loaded if path in SCRIPTS_OF_WHATIFS]
            wanted = ["what-if", *here] if here else []
            assert [path for _, path in ours] == [f"_static/{n}.js" for n in wanted], name
            assert all("defer" in s.attributes for s, _ in ours)


def entries(page):
    """The contents beside a page: its entries, and for each the pages that are folded below it."""
    [tree] = [e for e in page.root if "sidebar-tree" in e.classes]
    first = [item for item in tree.all("li") if "toctree-l1" in item.classes]
    return {
        links[0]: links[1:] for item in first if (links := [a.get("href") for a in item.all("a")])
    }


def folded_away(page, below):
    """The pages below one in the contents that its own text does not lead to."""
    [article] = page.all("article")
    return sorted({*below} - {a.get("href") for a in article.all("a")})


class TestContents:
    """About twenty entries; what lies below one is found from its text too."""

    def test_about_twenty(self, site):
        assert 15 <= len(entries(site["index"])) <= 20

    def test_every_page_is_in_them_once(self, site):
        inside = [
            name for entry, below in entries(site["index"]).items() for name in (entry, *below)
        ]
        assert sorted(inside) == sorted(f"{name}.html" for name in PAGES if name != "index")

    def test_a_page_leads_to_those_below_it(self, site):
        for entry, below in entries(site["index"]).items():
            assert folded_away(site[entry.removesuffix(".html")], below) == [], entry

    def test_one_that_does_not_is_seen(self):
        listed = (
            '<li class="toctree-l1"><a href="a.html">A</a><ul><li><a href="b.html">B</a></li></ul>'
        )
        page = Page(f'<div class="sidebar-tree"><ul>{listed}</li></ul></div><article>A</article>')
        assert entries(page) == {"a.html": ["b.html"]}
        assert folded_away(page, ["b.html"]) == ["b.html"]


class TestSearch:
    """What people type into the search box leads to the answer, first of all results."""

    @pytest.mark.parametrize(
        ("typed", "name", "heading"),
        [
            ("why sum over k", "questions-sums", "Why sum over k in the proof of BP1"),
            ("why sum over k", "why-sum-over-k", "Why sum over all k?"),
            ("dW shape mismatch", "questions-sums", "dW has the wrong shape"),
            ("softmax derivative", "questions-costs", "What is the derivative of softmax?"),
            ("why transpose", "questions-sums", "Why the transpose of the weights"),
            ("why transpose", "bp2", "BP2"),
        ],
    )
    def test_a_question(self, found, site, typed, name, heading):
        """A place has the question among its words, and leads to the heading."""
        [place] = [
            place
            for place in found
            if place["page"] == name and typed.lower() in map(str.lower, place["words"])
        ]
        assert (place["title"] or place["top"]).startswith(heading)
        assert not place["anchor"] or place["anchor"] in site[name].ids

    def test_each_excerpt_says_something(self, found):
        """Whatever is found has words to be shown by, also where a section is only a table."""
        assert [(p["page"], p["title"]) for p in found if not p["text"].strip()] == []

    def test_there_is_no_other_index(self, html):
        """Sphinx's own, which no page asks, would take a second to make."""
        assert not (html / "searchindex.js").exists()

    def test_each_word_of_the_index_stands_by_itself(self, site):
        """Between semicolons they would hang on each other, and the search would know only one."""
        found = [link.text for link in site["genindex"].all("a")]
        assert len(found) > 100
        assert [word for word in found if ";" in word] == []


class TestReadingOrder:
    """From the front door to the end of BP4 no symbol is met before it is said what it means."""

    ORDER = ("index", "by-hand", "symbols", "error", "why-sum-over-k", "bp1", "bp2", "bp3-bp4")

    def test_every_symbol_is_introduced_before_it_is_used(self, html):
        def read(page):
            return pickle.loads((html.parent / f"doctrees/{page}.doctree").read_bytes())

        assert too_early(SimpleNamespace(get_doctree=read), self.ORDER) == []


class TestNotationAtHand:
    """Every formula says what its letters mean, unless it is part of a link or of a title."""

    @every_page
    def test_each_can_be_reached(self, site, name):
        [article] = site[name].all("article")
        for formula in [*article.all("span", "math"), *article.all("div", "equation")]:
            around = {e.tag for e in ancestors(formula)}
            if not within(formula, "cell_output") and not around & {"a", "summary", "h1", "h2"}:
                assert formula.get("tabindex") == "0"
                assert formula.get("aria-description")


class TestSameBytes:
    """Promise 5: two builds of the same sources are the same, byte by byte."""

    def test_wherever_and_however_built(self, html, again):
        one, other = files(html), files(again)
        assert set(one) == set(other)
        # A build in a checkout knows the day of the commit; it is in a hash of all settings, too.
        del one[".buildinfo"]
        day = re.compile(rb", sources of [\d-]{10}")
        assert [n for n in one if day.sub(b"", one[n]) != day.sub(b"", other[n])] == []

    def test_a_first_build_links_as_one_over_an_earlier_one(self, build):
        pages = []
        for _ in range(2):
            done = build("Words.", "-a")
            assert done.status == 0, done.message
            pages.append((done.html / "index.html").read_text(encoding="utf-8"))
        assert pages[0] == pages[1]
        assert re.search(r"mystnb\.\w+\.css\?v=", pages[0])

    def test_a_site_of_other_sources_is_not_taken(self, project):
        passed = project / "build/doctrees/passed"
        passed.parent.mkdir(parents=True)
        assert not of_today(project)
        passed.touch()
        assert of_today(project)
        os.utime(project / "conf/static/proofs.css", times=(passed.stat().st_mtime + 1,) * 2)
        assert not of_today(project)

    def test_no_place_on_this_machine(self, html):
        for name, data in files(html).items():
            for place in (str(html.parent), str(ROOT)):
                assert place.encode() not in data, f"{name} names {place}"


# The extension that writes the map does what Sphinx will no longer allow.
@pytest.mark.filterwarnings("ignore:'sphinx.environment.BuildEnvironment.app' is deprecated")
class TestWhereTheSiteHasAnAddress:
    """SITE_URL gives links to pages a card and robots a map; without it nothing names a host."""

    @pytest.fixture
    def hosted(self, build, monkeypatch):
        monkeypatch.setenv("SITE_URL", "https://host.example/proofs")
        done = build("Words.")
        assert done.status == 0, done.message
        return done.html

    def test_the_map(self, hosted):
        found = (hosted / "sitemap.xml").read_text(encoding="utf-8")
        assert "<loc>https://host.example/proofs/index.html</loc>" in found

    def test_the_card(self, hosted):
        meta = {
            m.get("property"): m.get("content")
            for m in Page.read(hosted / "index.html").all("meta")
        }
        assert meta["og:title"] == "Page"
        assert meta["og:url"] == "https://host.example/proofs/index.html"
        assert meta["og:image"].startswith("https://host.example/proofs/_images/")
        assert (hosted / meta["og:image"].removeprefix("https://host.example/proofs/")).is_file()

    def test_not_found_at_any_depth(self, hosted):
        page = Page.read(hosted / "404.html")
        addresses = [
            e.get("src") or e.get("href") for e in page.root if e.tag in ("a", "script", "link")
        ]
        for address in addresses:
            assert address.startswith(("/proofs/", "#", "https:")), address

    def test_for_language_models(self, hosted):
        assert "(https://host.example/proofs/index.html)" in (hosted / "llms.txt").read_text(
            "utf-8"
        )

    def test_without_an_address(self, html):
        assert not (html / "sitemap.xml").exists()
        assert "og:url" not in (html / "index.html").read_text(encoding="utf-8")
        listed = (html / "llms.txt").read_text(encoding="utf-8")
        assert all(f"({name}.html)" in listed for name in PAGES)
        addresses = [a.get("href") for a in Page.read(html / "404.html").all("a")]
        assert all(not address.startswith("/") for address in addresses)


# Spoiled copies, small where they can be.


def few_claims(project, tags):
    """Leave a few claims to the pages of a copy."""
    line = 'TAG = re.compile(r"'
    few = f"CLAIMS = {{tag: CLAIMS[tag] for tag in {tags}}}\n"
    edit(project / "conf/printing/claims.py", line, few + line)


def places(tags):
    """A page's source for the places of claims, and for their wrong versions."""
    return "\n\n".join(
        place_of(tag) + (f"\n\n```{{refutations}} {tag}\n```" if CLAIMS[tag].refutations else "")
        for tag in tags
    )


@pytest.fixture
def project(tmp_path):
    """A copy of conf/ and proofs/, without pages."""
    return copied(tmp_path, "conf", "proofs")


class TestAFalseClaimStopsTheBuild:
    """Promise 3: one readable message with page, line, tag and a counterexample."""

    @pytest.fixture
    def red(self, project):
        """Build one page of ours, its cells off; the problems of each claim, wherever it stands."""

        def build(page, *options):
            copied(project, f"docs/{page}.md")
            only = ("-D", f"root_doc={page}", "-D", "nb_execution_mode=off")
            done = sphinx(project, *only, *options)
            assert "Traceback" not in done.message, done.message
            assert "report" not in done.message
            assert done.status == 1
            assert not (done.html / f"{page}.html").exists()

            def problems(tag):
                told = [p.split(": ", 1) for p in done.problems if f": ({tag})" in p]
                assert told, f"nothing is told of ({tag})"
                assert [place for place, _ in told] == printing(page, tag), done.message
                return [problem for _, problem in told]

            return problems

        return build

    def test_a_false_statement_a_wrong_formula_and_a_true_refutation(self, project, red):
        """Also without -W."""
        derivation, equations = (
            project / "proofs/claims/derivations/bp1.py",
            project / "proofs/network/equations.py",
        )
        edit(derivation, 'Diagonal(slopes(L)) * column("nabla", L)),', 'column("nabla", L)),')
        edit(equations, "return nabla_a * sigma_prime", "return 2.001 * nabla_a * sigma_prime")
        transposed = "Partial(a(L)[j], z(L)[k]), over"
        edit(derivation, transposed, "Partial(a(L)[k], z(L)[j]), over")
        problems = red("bp1")
        for told in problems("33"):
            assert counterexample(told)
        for told in problems("BP1"):
            left, right = counterexample(told)
            assert right == pytest.approx(2.001 * left, rel=1e-4)
        for told in problems("J"):
            assert told.endswith('"the Jacobian without its transpose" was accepted')

    def test_a_wrong_definition(self, project, red):
        edit(
            project / "proofs/measuring/one_number.py",
            "1j * h).imag / h",
            "1j * h).imag / h * 1.001",
        )
        for told in red("bp1", "-W")("BP1"):
            left, right = counterexample(told)
            assert left == pytest.approx(1.001 * right, rel=1e-4)


def printing(page, tag):
    """Where a page of ours prints a claim: file and line of each directive and role."""
    lines = (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8").splitlines()
    directive = re.compile(r"```\{(claim|derivation|ledger|refutations|worked)\} ?(.*)")
    above, tags = [], []
    for line in lines:
        match = directive.match(line)
        # Without tags, a ledger and a table of wrong equations take what is printed above them.
        tags.append((match[2].split() or list(above)) if match else [])
        if match and match[1] in ("claim", "derivation"):
            above += tags[-1]
    role = f"{{claim}}`{tag}`"
    found = enumerate(zip(lines, tags, strict=True), 1)
    places = [n for n, (line, here) in found if tag in here or role in line]
    return [f"docs/{page}.md:{n}" for n in sorted({*places, *asking(lines, tag)})]


def asking(lines, tag):
    """The lines of questions whose right answer is a claim, and of exercises that rest on it."""
    start = None
    for n, line in enumerate(lines, 1):
        if line.startswith("```"):
            start = n if line.startswith("```{self-check}") else None
            names = line.split()[1:] if line.startswith("```{exercise}") else []
            yield from [n for name in names if tag in EXERCISES[name].claims]
        elif start and line.startswith(f"right ({tag}):"):
            yield start


def counterexample(told):
    """The two numbers of a counterexample, which differ."""
    found = re.search(r"is false: left side (\S+), right side (\S+) at \w", told)
    left, right = map(float, found.groups())
    assert left != right
    return left, right


class TestParallelReaders:
    """Promises 2 and 3 hold when the pages are read by two processes."""

    @pytest.fixture
    def built(self, project):
        """Eight claims on four pages and a page too many, one formula wrong, and its status."""
        tags = [*FEW, "BP1a"]
        few_claims(project, tags)
        pages = {f"page{n}": places(tags[n::4]) for n in range(4)} | {"page4": place_of(tags[0])}
        write(project, index="# Page\n\n```{toctree}\n:glob:\n\npage*\n```\n")
        write(project, **{name: f"# {name}\n\n{text}\n" for name, text in pages.items()})
        wrong = "return nabla_a + sigma_prime"
        edit(project / "proofs/network/equations.py", "return nabla_a * sigma_prime", wrong)
        return sphinx(project, "-j", "2")

    def test_what_each_finds_is_told_once(self, built):
        assert built.status == 1
        assert "Traceback" not in built.message
        assert "report" not in built.message
        false = "\n".join(p for p in built.problems if "is false: left side" in p)
        assert re.search(r"^docs/page2\.md:\d+: \(BP1\) is false", false, re.MULTILINE)
        assert re.search(r"^docs/page3\.md:\d+: \(BP1a\) is false", false, re.MULTILINE)
        assert f"docs/page4.md:3: claim ({FEW[0]}) already has its place, docs/page0.md:3" in (
            built.problems
        )
        assert len(built.problems) == len(set(built.problems))


class TestNothingStale:
    """Promise 4: a change in proofs/ reaches every page that shows it, its cells too."""

    CELL = """\
import numpy as np
from proofs import bp1
from proofs.claims import find
print(find("37").title, bp1.__doc__)
```

```{formula} BP1
"""

    def test_a_change_in_the_package(self, project):
        few_claims(project, ["37", "BP1"])
        write(
            project,
            index="# Page\n\n" + places(["BP1"]) + "\n\n```{toctree}\ncell\nsteps\n```",
            steps="# Steps\n\n```{derivation} 37\n```\n\n```{ledger} 37\n```\n",
            cell=page_with(self.CELL),
        )
        first = sphinx(project, "-W")
        assert (first.status, first.problems) == (0, []), first.message
        words = {name: first.page(name).all("article")[0].text for name in ("steps", "cell")}
        assert "The chain rule through every output" in words["steps"]
        assert "The chain rule through every output" in words["cell"]
        assert "with one route from" in words["steps"]

        edit(
            project / "proofs/claims/derivations/bp1.py",
            "The chain rule through every output",
            "Every road to Rome",
        )
        edit(
            project / "proofs/claims/derivations/bp1.py",
            "with one route from",
            "with one road from",
        )
        edit(
            project / "proofs/network/equations.py",
            "For a local activation,",
            "For a parochial activation,",
        )
        second = sphinx(project, "-W")
        assert second.status == 0, second.message
        words = {name: second.page(name).all("article")[0].text for name in ("steps", "cell")}
        assert "every output" not in words["steps"] + words["cell"]
        assert "Every road to Rome" in words["steps"]
        assert "with one road from" in words["steps"]
        assert "Every road to Rome" in words["cell"]
        assert words["cell"].count("For a parochial activation,") == 2  # printed, and the source
        assert "For a local activation," not in words["cell"]

    def test_a_cell_that_fails_fails_again(self, build, claims):
        for _ in range(2):
            done = build(None, index=page_with("1 / 0"), rest=rest("", claims))
            assert done.status
            assert (
                "docs/index.md: WARNING: Executing notebook failed: CellExecutionError"
                in done.message
            )
            assert "ZeroDivisionError" in done.message


class TestBrokenBackwardPasses:
    """The pages on checking show reports of the build, and keep the answers folded."""

    def test_the_story(self, site):
        """A report with one wrong cell, and after the line is mended none."""
        reports = site["check"].all("div", "backprop-report")
        wrong = [[e.parent.all("th")[0].text for e in r.all("td", "wrong")] for r in reports]
        assert wrong[0] == ["BP1", "gradients", "gradients"]
        assert wrong[1] == []

    def test_twelve_grids_as_their_lines_say(self, site):
        cards = site["twelve"].all("div", "puzzle")
        assert len(cards) == 12
        names = re.findall(r"\{puzzles\} (.*)", (ROOT / "docs/twelve.md").read_text())[0].split()
        broken = {wrong.name: wrong.broken() for wrong in WILD}
        for name, card in zip(names, cards, strict=True):
            marked = {
                (cells[0].text, l)
                for cells in (row.all("td") for row in card.all("tr"))
                for l, cell in enumerate(cells[1:], start=2)
                if cell.all("strong")
            }
            assert marked == {place for place in broken[name] if place[0] != "purity"}
            assert ("purity" in card.text) == (("purity", 0) in broken[name])

    def test_answers_are_folded(self, site):
        answers = site["twelve"].all("details")
        assert len(answers) == 12
        assert not any("open" in answer.attributes for answer in answers)
        assert all("- " in a.text and "+ " in a.text and "Source: " in a.text for a in answers)

    def test_blind_spots_are_those_of_the_package(self, site):
        [table] = site["wrong-and-falling"].all("div", "blind-spots")
        named = re.findall(
            r"\{blind-spots\} (.*)", (ROOT / "docs/wrong-and-falling.md").read_text()
        )[0].split()
        rows = [[cell.text for cell in row.all("td")] for row in table.all("tr")][1:]
        by_name = {wrong.name: wrong for wrong in WILD}
        for name, row in zip(named, rows, strict=True):
            believed = by_name[name].misconception.replace("sigma'", "σ′").replace("'", "’")
            assert row[0].startswith(believed)
            assert [cell == "blind" for cell in row[1:]] == [
                outcome == BLIND for outcome in seen(by_name[name]).values()
            ]

    def test_the_command_says_what_it_says(self, site):
        text = site["check-options"].root.text
        assert "usage: python -m proofs check" in text
        assert "Broken: BP1 at layer 4." in text

    @every_page
    def test_no_place_of_this_machine(self, site, name):
        assert "ipykernel" not in site[name].root.text

    def test_a_name_that_is_not_there(self, build):
        problems = build("```{puzzles} 01 99\n```").problems
        assert any(
            p.startswith("docs/index.md:3: there is no wrong backward pass 99") for p in problems
        )
