"""Words meet truth: small pages through the extension of conf/, each with one planted fault."""

import json
import re
import runpy
import shutil
import sys
from dataclasses import replace
from types import SimpleNamespace

import pytest
from sites import FEW, ROOT, files, page_with, place_of, rest, write
from sphinx.cmd.build import build_main
from sympy import Eq

from proofs.claims import CLAIMS
from proofs.lessons.whatifs import WHATIFS
from proofs.witnesses import verdict


def pages_of(texts):
    """A page for each text, by name."""
    return {f"page{n}": f"# Page\n\n{text}\n" for n, text in enumerate(texts)}


class TestAPageWithoutFault:
    """Nothing is wrong with a page that prints claims and names symbols."""

    def test_it_passes(self, build):
        done = build(f"The error $\\delta^L_j$ of {{eq}}`37`, in 3.14 lines.\n\n{place_of('BP1')}")
        assert (done.status, done.message) == (0, "")


class TestEveryDisplayedEquationIsAClaim:
    """Promise 1: a displayed equation that is typed by hand fails the build, with file and line."""

    TYPED = (
        ("$$\na + b\n$$", 3),
        ("Words.\n\n$$a + b$$", 5),
        ("$$a + b$$ (label)", 3),
        ("```{math}\na + b\n```", 3),
        ("```{math}\n:label: mine\na + b\n```", 3),
        ("```{eval-rst}\n.. math:: a + b\n```", 4),
        ("> $$a + b$$", 3),
        ("- one\n- $$a + b$$", 4),
        ("```{note}\n$$\na + b\n$$\n```", 4),
        ("```{raw} html\n<math><mi>a</mi></math>\n```", 3),
        ("<math display='block'><mi>a</mi></math>", 3),
        ("<div>\n<math><mi>a</mi></math>\n</div>", 3),
        ("An inline <math><mi>a</mi></math> in words.", 3),
    )

    def test_typed_on_a_page(self, build):
        pages = pages_of(text for text, _ in self.TYPED)
        done = build("Words.", **pages)
        assert done.status
        for name, (text, line) in zip(pages, self.TYPED, strict=True):
            [problem] = done.on(name)
            assert problem.startswith(f"docs/{name}.md:{line}: "), text
            assert "typed by hand" in problem

    IN_CELLS = (
        "from IPython.display import Math\nMath(r'a = b')",
        "from IPython.display import Latex\nLatex(r'$$a = b$$')",
        "from IPython.display import Markdown\nMarkdown('$$a = b$$')",
        "import IPython\nIPython.display.Math('a')",
        r"print(r'\frac{a}{b}')",
    )

    @pytest.mark.parametrize("tags", ["", ":tags: [remove-input]\n\n"])
    def test_typed_in_a_cell(self, build, tags):
        pages = {f"page{n}": page_with(cell, tags) for n, cell in enumerate(self.IN_CELLS)}
        # The guard reads the cell; that it would run is of no account.
        done = build("Words.", "-D", "nb_execution_mode=off", **pages)
        assert done.status
        for name in pages:
            [problem] = done.on(name)
            place, _, text = problem.partition(": ")
            assert text == "a cell types an equation by hand; print what the package returns"
            assert 7 <= int(place.split(":")[1]) <= 9 + tags.count("\n")  # in the cell

    def test_each_is_named(self, build):
        done = build("$$a$$\n\nWords.\n\n$$b$$")
        assert [p.split(": ")[0] for p in done.problems] == ["docs/index.md:3", "docs/index.md:7"]


class TestEveryInlineRelationIsAClaim:
    """Promise 1: inline mathematics may name symbols; a relation needs a role."""

    RELATIONS = (
        *("a=b", r"\delta \approx 0", "a < b", "a > b", r"a \leq b", r"a \ge b", r"a \ne b"),
        *(r"a \equiv b", r"a \simeq b", r"a \propto b", "a ≤ b", "a ≈ b"),
    )

    def test_typed(self, build):
        done = build("\n\n".join(f"Words, and ${relation}$." for relation in self.RELATIONS))
        assert done.status
        assert done.problems == [
            f"docs/index.md:{n}: the relation ${relation}$ is typed by hand; use {{claim}}`TAG`"
            for n, relation in zip(range(3, 99, 2), self.RELATIONS, strict=False)
        ]

    def test_wherever_it_stands(self, build):
        texts = "# On $a=b$", "| x |\n|---|\n| $a=b$ |", "{math}`a=b`", "*in $a=b$ stress*"
        pages = pages_of(texts)
        done = build("Words.", **pages)
        assert done.status
        for name in pages:
            [problem] = done.on(name)
            assert "the relation $a=b$ is typed by hand" in problem

    def test_symbols_may_be_named(self, build):
        symbols = r"$\sigma'$, $w^3_{jk}$, $\nabla_a C$, $L - 1$ and $\left(w\right)$"
        assert build(f"Words, and {symbols}.").status == 0

    def test_a_role_prints_the_claim(self, build):
        done = build("So {claim}`38`, in words.")
        assert done.status == 0, done.message
        [inline] = done.page("index").all("math")
        [block] = (
            b for b in done.page("rest").all("div", "equation") if "(38)" in b.get("aria-label")
        )
        assert inline.text == block.all("math")[0].text

    def test_a_comma_stays_with_its_formula(self, build):
        done = build("So {claim}`38`, in words.")
        [inline] = done.page("index").all("span", "math")
        assert inline.text.endswith(",")
        assert inline.parent.text.startswith("So ")
        assert inline.parent.text.endswith(", in words.")

    def test_a_role_with_an_unknown_tag(self, build):
        done = build("Words.\n\nSo {claim}`BP9`, in words.")
        assert done.problems == ["docs/index.md:5: there is no claim (BP9)"], done.message


class TestEveryComputedNumberComesFromACell:
    """Promise 1: a number with more than two decimals is computed, not typed."""

    def test_typed(self, build):
        texts = "The sign of -0.0430 is wrong.", "| x |\n|---|\n| 0.1628 |", "So $z$ is $0.1628$."
        pages = pages_of(texts)
        done = build("Words.", **pages)
        assert done.status
        for name in pages:
            [problem] = done.on(name)
            assert "is typed by hand; let a cell compute it" in problem

    def test_not_computed(self, build):
        words = "An 8 by 8 picture, 1,797 times, in 0.25 s."
        assert build(f"{words} `np.round(0.1628)`").status == 0

    def test_what_a_cell_prints_in_pieces(self, build, claims):
        """However it is cut, which is a matter of time."""
        pieces = "import sys, time\nfor piece in ('a', '\\nb', ' c\\n\\n'):\n"
        pieces += "    sys.stdout.write(piece)\n    sys.stdout.flush()\n    time.sleep(0.1)"
        done = build(None, index=page_with(pieces), rest=rest("", claims))
        assert done.status == 0, done.message
        [output] = done.page("index").all("div", "cell_output")
        assert output.all("pre")[0].raw == "a\nb c\n"

    def test_a_cell_may_show_it(self, build, claims):
        page = page_with("print(1 / 7)")
        done = build(None, index=page, rest=rest("", claims))
        assert "[myst-nb.lexer]" not in done.message
        assert done.status == 0, done.message
        [output] = done.page("index").all("div", "cell_output")
        assert output.text == "0.14285714285714285"


class TestTheBooksNumbers:
    """Promise 1: a claim stands under its tag, and {eq} leads to it from any page."""

    def test_number_and_link(self, build):
        done = build(f"By {{eq}}`37` and {{eq}}`BP1`.\n\n{place_of('BP1')}")
        assert done.status == 0, done.message
        page = done.page("index")
        links = {a.text: a.get("href") for a in page.all("a", "internal") if "#eq" in a.get("href")}
        assert links == {"(37)": "rest.html#equation-37", "(BP1)": "#equation-bp1"}
        assert "(BP1)" in page.ids["equation-bp1"].text
        assert "(37)" in done.page("rest").ids["equation-37"].text

    def test_a_tag_in_a_reason_is_a_link(self, build, claims):
        steps = "# Page\n\n```{derivation} 36 37\n```"
        done = build(None, index=steps, rest=rest(place_of("36") + place_of("37"), claims))
        assert done.status == 0, done.message
        steps = done.page("index").all("ol", "derivation")[0].all("li", "claim")
        assert [s.all("span", "eqno")[0].text[:4] for s in steps] == ["(36)", "(37)"]
        assert "rest.html#equation-29" in [a.get("href") for a in steps[0].all("a")]

    def test_an_unknown_tag_in_a_reference(self, build):
        done = build("Words, and {eq}`BP9`.")
        assert done.status
        assert "docs/index.md:3: WARNING: equation not found: BP9" in done.message

    def test_an_announcement_is_no_place(self, build):
        places = "\n\n".join(place_of(tag) for tag in FEW if tag != "BP1")
        done = build(None, index="# Page\n\n```{claim} BP1\n:brief:\n```\n\n" + places)
        assert done.status
        assert "claim (BP1) is on no page" in done.problems
        assert "claim (38) is on no page" not in done.problems


class TestClaimsAndPagesMatch:
    """Promise 2: no claim without a page, no page with a claim that does not exist."""

    def test_a_claim_on_no_page(self, build):
        done = build(None, index="# Page\n\n" + "\n\n".join(map(place_of, FEW[:-1])))
        assert done.status
        assert "claim (BP1) is on no page" in done.problems
        assert "claim (38) is on no page" not in done.problems

    def test_an_unknown_tag(self, build):
        directives = "claim", "derivation", "ledger", "refutations", "formula"
        done = build("\n\n".join(f"```{{{name}}} BP9\n```" for name in directives))
        assert done.status
        assert done.problems == [
            f"docs/index.md:{line}: there is no claim (BP9); the claims are {', '.join(FEW)}"
            for line in (3, 6, 9, 12, 15)
        ]

    def test_a_claim_with_two_places(self, build):
        done = build(f"{place_of('BP1')}\n\n{place_of('BP1')}")
        assert done.status
        assert done.problems == [
            "docs/index.md:6: claim (BP1) already has its place, docs/index.md:3"
        ]

    def test_a_claim_with_places_on_two_pages(self, build, claims):
        done = build(None, index=f"# Page\n\n{place_of('BP1')}", rest=rest("", claims))
        assert done.status
        [problem] = done.problems
        assert problem.endswith("claim (BP1) already has its place, docs/index.md:3")
        assert problem.startswith("docs/rest.md:")

    def test_wrong_equations_on_no_page(self, build):
        done = build(None, index="# Page\n\n" + "\n\n".join(map(place_of, FEW)))
        assert done.status
        assert done.problems == [
            f"the wrong versions of claim ({tag}) are on no page"
            for tag in FEW
            if CLAIMS[tag].refutations
        ]

    def test_a_formula_that_there_is_not(self, build):
        done = build("```{formula} 38\n```")
        assert done.problems == ["docs/index.md:3: claim (38) has no formula to show"]

    def test_a_picture_that_there_is_not(self, build):
        done = build("```{picture} nothing\n```")
        [problem] = done.problems
        assert problem.startswith("docs/index.md:3: there is no picture nothing; ")
        assert ", backward_flow" in problem

    def test_a_what_if_that_there_is_not(self, build):
        done = build("```{what-if} nothing\n```")
        [problem] = done.problems
        assert problem.startswith("docs/index.md:3: there is no what-if nothing; ")
        assert problem.endswith(f"; the what-ifs are {', '.join(WHATIFS)}")

    def test_what_is_not_a_picture(self, build):
        names = "latex", "np", "__doc__"
        done = build("\n\n".join(f"```{{picture}} {name}\n```" for name in names))
        for problem, line, name in zip(done.problems, (3, 6, 9), names, strict=True):
            assert problem.startswith(f"docs/index.md:{line}: there is no picture {name}; ")


class TestAFalseClaimStopsTheBuild:
    """Promise 3: one readable message with page, line, tag and a counterexample."""

    def spoil(self, claims, tag, **parts):
        claims[tag] = replace(claims[tag], **parts)

    def test_wherever_it_is_printed(self, build, claims):
        true = claims["BP1"].statement
        self.spoil(claims, "BP1", statement=Eq(true.lhs, 2 * true.rhs, evaluate=False))
        directives = "claim", "derivation", "ledger", "refutations"
        pages = pages_of(f"Words.\n\n```{{{name}}} BP1\n```" for name in directives)
        done = build(None, index="# Page\n", **pages)
        assert done.status == 1
        for name in pages:
            [problem] = [p for p in done.on(name) if "has its place" not in p]
            assert problem.startswith(f"docs/{name}.md:5: (BP1) is false: left side ")
        assert "Traceback" not in done.message
        assert "report" not in done.message

    def test_in_the_running_text(self, build, claims):
        true = claims["38"].statement
        self.spoil(claims, "38", statement=Eq(true.lhs, 2 * true.rhs, evaluate=False))
        done = build(None, index="# Page\n\nWords, and {claim}`38`.")
        assert done.problems[0].startswith("docs/index.md:3: (38) is false: left side ")

    def test_a_wrong_formula(self, build, claims):
        right = claims["BP1"].formula
        self.spoil(claims, "BP1", formula=lambda case, l: 2.001 * right(case, l))
        done = build(place_of("BP1"))
        assert done.status
        [problem] = done.on("index")
        place, _, found = problem.partition(": (BP1) is false: left side ")
        assert place == "docs/index.md:3"
        left, right = (float(n) for n in found.split(" at ")[0].split(", right side "))
        assert right == pytest.approx(2.001 * left, rel=1e-4)

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda right: lambda case, l: right(case, l) @ right(case, l),
            lambda right: lambda case, l: right(case, l)[:-1],
            lambda right: lambda case, l: nothing,  # noqa: F821
            lambda right: lambda case, l: None,
        ],
        ids=["matrix product", "shape", "misspelt", "nothing"],
    )
    def test_a_formula_that_does_not_run(self, build, claims, spoil):
        self.spoil(claims, "BP1", formula=spoil(claims["BP1"].formula))
        done = build(place_of("BP1"))
        assert "Traceback" not in done.message, done.message
        assert "report" not in done.message
        [problem] = done.on("index")
        assert problem.startswith("docs/index.md:3: (BP1) is false: ")

    def test_a_step_that_does_not_follow(self, build, claims):
        self.spoil(claims, "38", by=())
        done = build(place_of("38"))
        assert done.on("index") == [
            "docs/index.md:3: (38) is false: it does not follow from (37) by ()"
        ]

    def test_the_transpose_dropped(self, build, claims):
        """BP2 with w for its transpose, which most shapes refuse."""
        claims["BP2"] = CLAIMS["BP2"]

        def formula(case, l):
            return case.network.w[l + 1] @ case.delta(l + 1) * case.sigma_prime(l)

        self.spoil(claims, "BP2", formula=formula)
        [problem] = build(place_of("BP2")).on("index")
        assert problem.startswith("docs/index.md:3: (BP2) is false")

    def test_a_hypothesis_dropped(self, build, claims):
        """The founding mistake: (38) for softmax."""
        self.spoil(claims, "38", hypotheses=())
        [problem] = build(place_of("38")).on("index")
        assert problem.startswith("docs/index.md:3: (38) is false: left side ")

    def test_a_wrong_equation_that_is_true(self, build, claims):
        [wrong] = claims["38"].refutations
        true = replace(wrong, statement=claims["37"].statement)
        self.spoil(claims, "38", refutations=(true,))
        done = build(place_of("38"))
        assert done.on("index") == [
            'docs/index.md:3: (38): the wrong equation "(38) without locality" was accepted'
        ]

    def test_without_strictness(self, conf, claims, here, capfd):
        right = claims["BP1"].formula
        self.spoil(claims, "BP1", formula=lambda case, l: 2.001 * right(case, l))
        write(here, index="# Page\n\n" + "\n\n".join(map(place_of, FEW)))
        with pytest.raises(SystemExit, match=r"docs/index\.md:\d+: \(BP1\) is false"):
            build_main(["-c", str(conf.folder), "-d", "doctrees", "docs", "html"])
        assert not (here / "html" / "index.html").exists()


class TestRefutations:
    """Promise 7: each wrong equation stands on the page with what contradicts it."""

    def test_they_are_printed(self, build):
        done = build("```{refutations} BP1 38\n```")
        assert done.status == 0, done.message
        [table] = done.page("index").all("div", "refutations")
        printed = table.all("tr")[1:]
        found = [r for tag in ("BP1", "38") for r in verdict(tag).rejections]
        assert len(printed) == len(found) == 3
        for block, rejection in zip(printed, found, strict=True):
            assert rejection.refutation.misconception in block.text
            left, right, place = re.fullmatch(
                r"left side (\S+), right side (\S+) at (.*)", rejection.detail
            ).groups()
            [counterexample] = block.all(kind="counterexample")
            said = [float(b.text.replace("−", "-")) for b in counterexample.all("strong")]
            assert said == pytest.approx([float(left), float(right)], rel=5e-3)
            [where] = block.all("div", "where")
            assert where.text == f"At {place}."
            [crossed] = block.all("div", "crossed")
            assert crossed.text.startswith("Wrong: ")
            assert len(crossed.all("math")) == 1
            assert not block.all(kind="eqno")  # a wrong equation has no number

    def test_without_tags_those_printed_above(self, build):
        done = build(f"{place_of('38')}\n\n```{{refutations}}\n```\n\n{place_of('BP1')}")
        assert done.status == 0, done.message
        [table] = done.page("index").all("div", "refutations")
        assert len(table.all("tr")[1:]) == len(CLAIMS["38"].refutations)


class TestWhatIsShown:
    """Promise 2: what a page shows of a claim is what the package holds, every witness with it."""

    def test_the_formula_is_the_very_source(self, build):
        done = build("```{formula} BP1\n```")
        assert done.status == 0, done.message
        [code] = done.page("index").all("pre")
        source = (ROOT / "proofs/network/equations.py").read_text(encoding="utf-8")
        assert code.raw in source
        assert code.raw.startswith("def bp1(")

    def test_a_verdict_is_kept_until_a_source_changes(self, build, here):
        """The folder bears the digest of all sources, as that of the cells does."""
        option = "-D", f"ledger_kept={here / 'kept'}"
        first = build("```{ledger} all\n```", *option).page("index").root.text
        assert {file.name for file in (here / "kept").iterdir()} == set(FEW)
        file = here / "kept" / "BP1"
        said = json.loads(file.read_text(encoding="utf-8"))
        said["witnesses"]["measured"]["residual"] = 3e-99
        file.write_text(json.dumps(said), encoding="utf-8")
        again = build("```{ledger} all\n```\n\nMore words.", *option).page("index").root.text
        assert ("3e-99" in first, "3e-99" in again) == (False, True)

    @pytest.mark.parametrize("tag", FEW)
    def test_a_kept_verdict_is_the_verdict(self, conf, tag):
        kept = sys.modules["printing.kept"]
        assert kept.read(tag, kept.written(verdict(tag))) == verdict(tag)

    def test_a_claim_that_does_not_hold_is_not_kept(self, build, here, claims):
        claims["38"] = replace(claims["38"], hypotheses=())
        done = build("```{ledger} all\n```", "-D", f"ledger_kept={here / 'kept'}")
        assert "Proof failed!" in done.message
        assert "38" not in {file.name for file in (here / "kept").iterdir()}

    def test_the_ledger_has_a_row_for_each_claim(self, build):
        done = build("```{ledger} all\n```")
        assert done.status == 0, done.message
        rows = [[c.text for c in r.all("td")] for r in done.page("index").all("tr")[1:]]
        assert [row[0] for row in rows] == [f"({tag})" for tag in FEW]
        assert [row[1] for row in rows] == [CLAIMS[tag].title for tag in FEW]
        for tag, row in zip(FEW, rows, strict=True):
            assert row[2]
            assert row[3] == "definition" if CLAIMS[tag].definition else " ≤ " in row[3]
            assert bool(row[4]) == bool(CLAIMS[tag].formula)
            count = len(CLAIMS[tag].refutations)
            assert row[5] == (f"{count} of {count}" if count else "")

    def test_a_claim_with_its_witnesses(self, build):
        done = build("\n\n".join(map(place_of, FEW)))
        assert done.status == 0, done.message
        for tag, block in zip(FEW, done.page("index").all("div", "claim"), strict=True):
            [certificate] = block.all("details", "certificate")
            [witnesses] = certificate.all("div", "witnesses")
            for name in ("Symbolic", "Measured"):
                assert (name in witnesses.text) != CLAIMS[tag].definition
            assert ("Printed and run" in witnesses.text) == bool(CLAIMS[tag].formula)
            ways = len(witnesses.all("li")) + len(certificate.all("details", "formal"))
            mark = "definition" if CLAIMS[tag].definition else f"✓ checked {ways} ways"
            assert certificate.all("summary")[0].text == mark
            assert len(certificate.all("div", "hypothesis")) == bool(CLAIMS[tag].hypotheses)

    def test_what_is_assumed_is_read_without_opening_anything(self, build):
        """Where it changes: an equation that assumes no more than the one above it is silent."""
        done = build("\n\n".join(map(place_of, FEW)))
        said = set()
        for tag, block in zip(FEW, done.page("index").all("div", "claim"), strict=True):
            folded = [e for fold in block.all("details") for e in fold]
            seen = [h.text for h in block.all("div", "hypothesis") if h not in folded]
            wanted = {h.text for h in CLAIMS[tag].hypotheses}
            assert len(seen) == (not wanted <= said), tag
            assert all(re.match(r"Assumed(?: up to \([^)]+\))?: ", text) for text in seen)
            said = wanted or said

    def test_a_picture_has_words(self, build):
        done = build("```{picture} two_jacobians\n```")
        assert done.status == 0, done.message
        [picture] = done.page("index").all("div", "picture")[0].all("svg")
        assert picture.get("role") == "img"
        assert len(picture.get("aria-label").split()) > 5


TOCTREE = "```{toctree}\n:glob:\n\n*\n```\n"


class CommandError(Exception):
    """What nox raises."""


def as_it_is(function=None, **_):
    """`nox.session`, plain or with options, on a function that is to be called."""
    return function or as_it_is


@pytest.fixture
def nox(conf, here, claims, monkeypatch):
    """The sessions of the noxfile in an empty project, with sphinx-build in this process."""
    unchanged = SimpleNamespace(options=SimpleNamespace(), Session=object, session=as_it_is)
    unchanged.project = SimpleNamespace(load_toml=lambda _: {}, dependency_groups=lambda *_: [])
    monkeypatch.setitem(sys.modules, "nox", unchanged)
    shutil.copytree(conf.folder, here / "conf")
    sessions = runpy.run_path(str(ROOT / "noxfile.py"))
    ran = []

    class Session:
        posargs = ()

        def install(self, *packages):
            pass

        def run(self, command, *options, env):
            ran.append((command, *options))
            if command == "sphinx-build" and build_main(list(options)):
                raise CommandError

    def docs(*posargs):
        session = Session()
        session.posargs = posargs
        sessions["docs"](session)

    return SimpleNamespace(docs=docs, ran=ran)


FAULTS = {
    "a warning": ("and {eq}`BP9`", "equation not found: BP9"),
    "a typed equation": ("$$a = b$$", "a displayed equation is typed by hand"),
}

CHANGES = {
    "a title": {"more": "# Another title\n"},
    "words, and the place of a claim": {
        "index": "# Page\n\nOther words.\n\n" + TOCTREE,
        "more": "# More\n\n" + place_of("BP1"),
        "rest": "?",
    },
    "a page that is gone": {"more": ""},
}


class TestNothingStale:
    """Promise 4: a build that failed leaves nothing that lets the next one pass."""

    def pages(self, here, claims, text):
        write(here, index=f"# Page\n\n{text}\n", rest=rest("", claims))

    def attempt(self, docs):
        """True if the session passes."""
        try:
            docs()
        except (CommandError, SystemExit):
            return False
        return True

    @pytest.mark.parametrize("fault", FAULTS)
    def test_what_failed_fails_again(self, nox, here, claims, capfd, fault):
        text, message = FAULTS[fault]
        self.pages(here, claims, text)
        for _ in range(2):
            with pytest.raises((CommandError, SystemExit)) as failure:
                nox.docs()
            assert message in capfd.readouterr().err + str(failure.value)

    def test_sphinx_alone_would_pass(self, build, claims):
        """Why the noxfile clears what a failed build left."""
        pages = {"index": "# Page\n\nand {eq}`BP9`\n", "rest": rest("", claims)}
        assert build(None, **pages).status
        assert build(None).status == 0

    @pytest.mark.parametrize("fault", FAULTS)
    def test_a_fault_after_a_build_that_passed(self, nox, here, claims, fault):
        for text, passes in [("Words.", [1]), (FAULTS[fault][0], [0, 0]), ("Words.", [1])]:
            self.pages(here, claims, text)
            assert [self.attempt(nox.docs) for _ in passes] == passes

    def test_only_what_changed_is_read_again(self, nox, here, claims, capfd):
        self.pages(here, claims, "Words.")
        nox.docs()
        write(here, index="# Page\n\nOther words.\n")
        capfd.readouterr()
        nox.docs()
        assert "0 added, 1 changed, 0 removed" in capfd.readouterr().out
        assert "Other words." in (here / "build/html/index.html").read_text(encoding="utf-8")

    @pytest.mark.parametrize("change", CHANGES)
    def test_after_a_change_the_site_is_that_of_a_clean_build(self, nox, here, claims, change):
        write(
            here,
            index="# Page\n\nWords.\n\n" + TOCTREE,
            more="# More\n\nOf it.\n",
            reader="# Reader\n\nSee {eq}`BP1`.\n",
            rest=rest("", claims),
        )
        nox.docs()
        for name, text in CHANGES[change].items():
            if text:
                write(here, **{name: rest(place_of("BP1"), claims) if text == "?" else text})
            else:
                (here / f"docs/{name}.md").unlink()
        nox.docs()
        changed = files(here / "build/html")
        shutil.rmtree(here / "build")
        nox.docs()
        assert changed == files(here / "build/html")

    def test_serving_never_counts_as_a_build_that_passed(self, nox, here, claims):
        self.pages(here, claims, "Words.")
        nox.docs()
        nox.docs("--serve")
        assert nox.ran[-1][0] == "sphinx-autobuild"
        assert {"proofs", "conf"} <= set(nox.ran[-1])
        self.pages(here, claims, FAULTS["a warning"][0])
        assert build_main(list(nox.ran[0][1:]))  # what autobuild runs
        assert not self.attempt(nox.docs)

    def test_it_is_strict_and_ends_with_the_path(self, nox, here, claims, capfd):
        self.pages(here, claims, "Words.")
        for _ in range(2):
            nox.docs()
            last = capfd.readouterr().out.splitlines()[-1]
            assert last == "build/html/index.html"
            assert (here / last).exists()
        [of_the_first] = nox.ran  # nothing has changed before the second
        assert {"-W", "-n"} <= set(of_the_first)

    def test_what_python_compiles_meanwhile_is_none_of_it(self, nox, here, claims, capfd):
        """A file in which it begins to has another ending for a moment."""
        self.pages(here, claims, "Words.")
        begun = here / "conf/__pycache__/settings.cpython-311.pyc.140234"
        begun.parent.mkdir(exist_ok=True)
        begun.touch()
        nox.docs()
        begun.unlink()
        capfd.readouterr()
        nox.docs()
        assert "nothing has changed" in capfd.readouterr().out

    def test_what_else_it_is_made_of(self, nox, here, claims, monkeypatch):
        """The environment counts as a source; and a site that is gone is built anew."""
        self.pages(here, claims, "Words.")
        for name in ("", "book.pdf", "book.pdf"):
            monkeypatch.setenv("SITE_PDF", name)
            nox.docs()
            found = (here / "build/html/index.html").read_text(encoding="utf-8")
            assert ("book.pdf" in found) == bool(name)
            if name:
                shutil.rmtree(here / "build/html")
