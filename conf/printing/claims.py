"""How words meet truth: directives that print claims, checked while the page is read.

Whatever is wrong is noted with its page and line; when all pages are read, one message names all of
it and the build stops.
"""

import inspect
import os
import re
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, cast

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.domains.math import MathDomain
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective, SphinxRole
from sphinx.util.typing import OptionSpec

from printing.bound import untrue
from printing.domain import facts, note, pages
from printing.folds import folded
from printing.formal import formal_note
from printing.kept import drawn, reached
from printing.source import source_note
from proofs.claims import CLAIMS as CLAIMS  # other directives take them from here
from proofs.claims.claim import Claim, Hypothesis, Refutation
from proofs.claims.notation import latex
from proofs.lessons.pictures import PICTURES
from proofs.witnesses.checking import Verdict, Witness
from proofs.witnesses.formal import THEOREMS

TAG = re.compile(r"\((" + "|".join(map(re.escape, CLAIMS)) + r")\)")


def stop(app: Sphinx, env: BuildEnvironment) -> None:
    """End the build with one message for all that is wrong, and for claims that are on no page."""
    every = pages(env).values()
    wrong = untrue() + [text for its in every for text in its.faults]
    places: dict[str, str] = {}
    for tag, place in (found for its in every for found in its.claims):
        if places.setdefault(tag, place) != place:
            wrong.append(f"{place}: claim ({tag}) already has its place, {places[tag]}")
    wrong += [f"claim ({tag}) is on no page" for tag in CLAIMS if tag not in places]
    refuted = {tag for its in every for tag in its.refuted}
    wrong += [
        f"the wrong versions of claim ({tag}) are on no page"
        for tag, claim in CLAIMS.items()
        if claim.refutations and tag not in refuted
    ]
    if wrong:
        # An exception would drown the message in a traceback and ask to report a bug in Sphinx.
        raise SystemExit("\n".join(["", "Proof failed!", *wrong]))


class ClaimDirective(SphinxDirective):
    """What the directives share: claims by tag, equations with their number, prose."""

    required_arguments = 1
    final_argument_whitespace = True

    def tags(self) -> list[str]:
        """The tags in the argument that are claims; the others are noted."""
        tags = self.arguments[0].split()
        for tag in tags:
            if tag not in CLAIMS:
                self.note(f"there is no claim ({tag}); the claims are {', '.join(CLAIMS)}")
        return [tag for tag in tags if tag in CLAIMS]

    def printed_above(self) -> list[str]:
        """The claims that have their place on this page, above the directive."""
        return list(dict.fromkeys(tag for tag, _ in facts(self.env).claims))

    def note(self, text: str) -> None:
        """Remember what is wrong here."""
        note(self.env, self.env.docname, *self.get_source_info(), text)

    def checked(self, tag: str) -> Verdict:
        """The verdict on a claim; noted if it is not that the claim holds."""
        found = reached(self.config, tag)
        if not found.holds:
            self.note(found.objection)
        return found

    def equation(self, claim: Claim) -> nodes.math_block:
        """The statement of a claim with its tag, registered as the place that {eq} leads to."""
        node = unnumbered(claim.statement)
        node["number"] = claim.tag
        if "brief" not in self.options:
            node["label"] = claim.tag
            node["ids"] = [nodes.make_id(f"equation-{claim.tag}")]
            source, line = self.get_source_info()
            # Parallel readers do not see each other's equations, so that `stop` compares places.
            facts(self.env).claims.append((claim.tag, f"{os.path.relpath(source)}:{line}"))
            domain = cast(MathDomain, self.env.get_domain("math"))
            # The domain calls it a number; the book's numbers have letters in them.
            domain.equations[claim.tag] = (self.env.docname, claim.tag)  # type: ignore[assignment]
            self.state.document.note_explicit_target(node)
        self.set_source_info(node)
        return node

    def prose(self, text: str, kind: str) -> nodes.Element:
        """Markdown in a container of its own, each (tag) in it a link to that claim."""
        linked = TAG.sub(r"{eq}`\1`", text)
        return nodes.container("", *self.parse_text_to_nodes(linked), classes=[kind], proved=True)

    def proved(self, found: Verdict, *below: nodes.Node) -> list[nodes.Node]:
        """An equation, what is assumed, what stands below it, and the mark that opens its check."""
        claim = found.claim
        assumption = self.prose(assumed(claim), "hypothesis")
        assumption.attributes |= {"assumed": [h.text for h in claim.hypotheses], "tag": claim.tag}
        return [assumption, self.equation(claim), *below, self.mark(found)]

    def mark(self, found: Verdict) -> nodes.Element:
        """The mark beside an equation: how often it was checked, and behind it the certificate."""
        claim = found.claim
        return folded(
            [nodes.inline("", "", *words(found), classes=["mark"])],
            *([self.prose(assumed(claim), "hypothesis")] if claim.hypotheses else []),
            *([in_two_lines(claim.equation)] if claim.rest is not None else []),
            self.prose(witnesses(found), "witnesses"),
            *formal_note(claim.tag),
            source_note(claim),
            kind="certificate",
        )


def words(found: Verdict) -> list[nodes.Node]:
    """What the mark says; on a phone only the number is seen."""
    if found.claim.definition:
        return [nodes.Text("definition")]
    ways = len(found.witnesses) + (found.claim.tag in THEOREMS)
    before, after = (nodes.inline("", text, classes=["aside"]) for text in ("checked ", " ways"))
    return [nodes.Text("✓ "), before, nodes.Text(str(ways)), after]


def unnumbered(statement: Any) -> nodes.math_block:
    """An equation as a node that the guard knows to come from the package."""
    return displayed(latex(statement))


def in_two_lines(equation: Any) -> nodes.math_block:
    """An equation whose right side stands below its left one: a phone has no room for both."""
    left, right = latex(equation).split(" = ", 1)
    return displayed(rf"\begin{{aligned}} & {left} \\ &= {right} \end{{aligned}}")


def displayed(text: str) -> nodes.math_block:
    """LaTeX as a node that the guard knows to come from the package."""
    return nodes.math_block(text, text, number=None, label=None, proved=True)


def assumed(claim: Claim | Refutation) -> str:
    """The hypotheses, in words; empty if there are none."""
    return " ".join(["*Assumed:*", *sentences(claim.hypotheses)] if claim.hypotheses else [])


def sentences(hypotheses: tuple[Hypothesis, ...]) -> Iterator[str]:
    """The hypotheses in words; what is assumed of several layers is said once, of all of them."""
    alike: dict[str, list[str]] = {}
    for hypothesis in hypotheses:
        alike.setdefault(re.sub(r"\$.*?\$", "$", hypothesis.text), []).append(hypothesis.text)
    for texts in alike.values():
        pieces = zip(*(re.split(r"(\$.*?\$)", text) for text in texts), strict=True)
        yield "".join(listed(list(dict.fromkeys(piece))) for piece in pieces)


def listed(symbols: list[str]) -> str:
    """One symbol, or several as a sentence lists them: $z$, $a$ and $b$."""
    *first, last = symbols
    return f"{', '.join(first)} and {last}" if first else last


def witnesses(found: Verdict) -> str:
    """The witnesses and their numbers, a line for each."""
    if found.claim.definition:
        return "A definition: it says what its left side means, so there is nothing to prove."
    lines = {"Symbolic": found.symbolic.detail}
    if found.claim.order:
        cases = found.measured.cases
        lines["Measured"] = f"{found.measured.detail}, the worst of {cases} networks"
    else:
        lines["Measured"] = numbers(found.measured)
    if found.agreement:
        lines["Printed and run"] = numbers(found.agreement)
    return "\n".join(f"- **{name}**: {detail}." for name, detail in lines.items())


def numbers(witness: Witness) -> str:
    """Residual and tolerance of the worst entry."""
    where = f"in {witness.cases} cases" if witness.cases > 1 else "in 1 case"
    return f"{number(witness.residual)} apart at most, {number(witness.tolerance)} allowed, {where}"


def number(value: float) -> str:
    """A residual or a tolerance."""
    return f"{value:.1e}" if value else "0"


class PrintClaim(ClaimDirective):
    """```{claim} TAG: the equation and its mark; :brief: is the equation alone."""

    option_spec: ClassVar[OptionSpec] = {"brief": directives.flag}

    def run(self) -> list[nodes.Node]:
        found = [self.checked(tag) for tag in self.tags()]
        if "brief" in self.options:
            return [self.equation(f.claim) for f in found]
        return [nodes.container("", *self.proved(f), classes=["claim"]) for f in found]


class PrintDerivation(ClaimDirective):
    """```{derivation} TAG TAG ...: one step after the other, each with its reason below it."""

    def run(self) -> list[nodes.Node]:
        steps = nodes.enumerated_list(classes=["derivation"], enumtype="arabic", suffix=".")
        for found in map(self.checked, self.tags()):
            reason = self.prose(found.claim.reason, "reason")
            steps += nodes.list_item("", *self.proved(found, reason), classes=["claim"])
        return [steps]


def state_once(app: Sphinx, doctree: nodes.document) -> None:
    """State what claims assume where it changes, once a section, and not at every equation.

    What the next equations assume as well is assumed up to the last of them. What a word means,
    which stands behind a colon, is said once a page.
    """
    known: tuple[Any, frozenset[str]] = (state_once, frozenset())  # no section yet
    stated: nodes.Element | None = None
    explained: set[str] = set()
    for said in list(doctree.findall(is_assumption)):
        assert isinstance(said, nodes.Element) and said.parent  # noqa: PT018 - for mypy
        section, wanted = section_of(said), frozenset(said["assumed"])
        if wanted and (section is not known[0] or not wanted <= known[1]):
            known, stated = (section, wanted), said
            meanings = {text.partition(": ")[2] for text in said["assumed"]} - {""}
            for text in list(said.findall(nodes.Text)):
                short = shortened(text, meanings & explained)
                if short != text:
                    text.parent.replace(text, nodes.Text(short))
            explained |= meanings
            continue
        if stated and wanted:
            emphasis = next(stated.findall(nodes.emphasis))
            emphasis[0] = nodes.Text(f"Assumed up to ({said['tag']}):")
        said.parent.remove(said)


def shortened(text: str, known: Iterable[str]) -> str:
    """A text without the meanings that are known already."""
    for meaning in known:
        text = text.replace(f": {meaning}", ".")
    return text


def is_assumption(node: nodes.Node) -> bool:
    """Whether a node says what an equation assumes."""
    return isinstance(node, nodes.container) and "assumed" in node


def section_of(node: nodes.Node) -> nodes.Node | None:
    """The section below the title of the page that a node stands in; None for what precedes."""
    while node.parent is not None and not isinstance(node.parent, nodes.document):
        if isinstance(node, nodes.section) and isinstance(node.parent.parent, nodes.document):
            return node
        node = node.parent
    return None


class PrintFormula(ClaimDirective):
    """```{formula} TAG: the NumPy function that the claim is about, from the very file."""

    def run(self) -> list[nodes.Node]:
        blocks: list[nodes.Node] = []
        for tag in self.tags():
            shown = CLAIMS[tag].shown
            if shown is None:
                self.note(f"claim ({tag}) has no formula to show")
            else:
                source = inspect.getsource(shown)
                blocks.append(nodes.literal_block(source, source, language="python"))
        return blocks


class PrintPicture(ClaimDirective):
    """```{picture} name: a picture of the package, drawn now."""

    def run(self) -> list[nodes.Node]:
        name = self.arguments[0]
        if name not in PICTURES:
            self.note(f"there is no picture {name}; the pictures are {', '.join(PICTURES)}")
            return []
        svg = nodes.raw("", drawn(name).svg, format="html")
        return [nodes.container("", svg, classes=["picture"])]


class InlineClaim(SphinxRole):
    """{claim}`TAG`: the statement of a claim in the running text."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        source, line = self.get_source_info()
        if self.text not in CLAIMS:
            note(self.env, self.env.docname, source, line, f"there is no claim ({self.text})")
            return [], []
        found = reached(self.config, self.text)
        if not found.holds:
            note(self.env, self.env.docname, source, line, found.objection)
        return [nodes.math("", latex(found.claim.statement), proved=True)], []


def check_all_before(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Check every claim once, before parallel readers start, who would each do it again.

    Where few pages are read, it takes longer to check what they do not print.
    """
    if app.parallel > 1 and len(docnames) > len(env.found_docs) / 2:
        for tag in CLAIMS:
            reached(app.config, tag)


def setup(app: Sphinx) -> dict[str, Any]:
    for name, directive in {
        "claim": PrintClaim,
        "derivation": PrintDerivation,
        "formula": PrintFormula,
        "picture": PrintPicture,
    }.items():
        app.add_directive(name, directive)
    app.add_role("claim", InlineClaim())
    app.connect("env-before-read-docs", check_all_before)
    app.connect("doctree-read", state_once)
    app.connect("env-updated", stop)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
