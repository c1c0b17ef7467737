"""How words meet truth: directives that print claims, checked while the page is read.

Whatever is wrong is noted with its page and line; when all pages are read, one message names all of
it and the build stops.
"""

import inspect
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, ClassVar, cast

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.domains.math import MathDomain
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective, SphinxRole
from sphinx.util.typing import OptionSpec

from printing.formal import formal_note
from printing.source import source_note
from proofs.claims import CLAIMS
from proofs.claims.claim import Claim, Refutation
from proofs.claims.notation import latex
from proofs.lessons.pictures import PICTURES
from proofs.witnesses import verdict
from proofs.witnesses.checking import Rejection, Verdict, Witness
from proofs.witnesses.formal import THEOREMS
from proofs.witnesses.ledger import Entry, cells

RELATION = re.compile(
    r"[=<>≤≥≈≠≡∼∝∈]|\\(approx|cong|coloneqq|doteq|equiv|geq?|geqslant|gg|gt|in|leq?|leqslant|ll|lt"
    r"|neq?|propto|sim|simeq)\b"
)
CELL = re.compile(r"^(`{3,})\{code-cell\}.*?^\1", re.MULTILINE | re.DOTALL)
TYPED_IN_CELL = re.compile(
    r"\b(HTML|Latex|Markdown|Math)\(|\\\\?(frac|sum|partial|sigma|delta|nabla)\b"
)
COMPUTED = re.compile(r"\d\.\d{3,}")
TAG = re.compile(r"\((" + "|".join(map(re.escape, CLAIMS)) + r")\)")


def note(env: BuildEnvironment, docname: str, source: str | None, line: Any, text: str) -> None:
    """Remember what is wrong with a page, until all pages are read."""
    place = f"{os.path.relpath(source or env.doc2path(docname))}:{line or 1}"
    # The metadata of a page is forgotten and merged with the page, also in a parallel build.
    env.metadata[docname].setdefault("wrong", []).append(f"{place}: {text}")


def stop(app: Sphinx, env: BuildEnvironment) -> None:
    """End the build with one message for all that is wrong, and for claims that are on no page."""
    wrong = [text for page in sorted(env.metadata) for text in env.metadata[page].get("wrong", [])]
    places: dict[str, str] = {}
    refuted: set[str] = set()
    for page in sorted(env.metadata):
        refuted.update(env.metadata[page].get("refuted", []))
        for tag, place in env.metadata[page].get("places", []):
            if places.setdefault(tag, place) != place:
                wrong.append(f"{place}: claim ({tag}) already has its place, {places[tag]}")
    wrong += [f"claim ({tag}) is on no page" for tag in CLAIMS if tag not in places]
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

    def note(self, text: str) -> None:
        """Remember what is wrong here."""
        note(self.env, self.env.docname, *self.get_source_info(), text)

    def checked(self, tag: str) -> Verdict:
        """The verdict on a claim; noted if it is not that the claim holds."""
        found = verdict(tag)
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
            places = self.env.metadata[self.env.docname].setdefault("places", [])
            places.append((claim.tag, f"{os.path.relpath(source)}:{line}"))
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


def unnumbered(statement: Any) -> nodes.math_block:
    """An equation as a node that the guard knows to come from the package."""
    text = latex(statement)
    return nodes.math_block(text, text, number=None, label=None, proved=True)


def assumed(claim: Claim | Refutation) -> str:
    """The hypotheses, in words."""
    return " ".join(["*Assumed:*", *(h.text for h in claim.hypotheses)] if claim.hypotheses else [])


def witnesses(found: Verdict) -> str:
    """The witnesses and their numbers, in a line."""
    if found.claim.definition:
        return "A definition."
    parts = [f"**Symbolic**: {found.symbolic.detail}."]
    if found.claim.order:
        worst = f"{found.measured.detail}, the worst of {found.measured.cases} networks"
        return f"{parts[0]} **Measured**: {worst}."
    parts.append(f"**Measured**: {numbers(found.measured)}.")
    if found.agreement:
        parts.append(f"**Printed and run**: {numbers(found.agreement)}.")
    return " ".join(parts)


def numbers(witness: Witness) -> str:
    """Residual and tolerance of the worst entry."""
    where = f"in {witness.cases} networks" if witness.cases > 1 else "in 1 case"
    return f"{number(witness.residual)} apart at most, {number(witness.tolerance)} allowed, {where}"


def number(value: float) -> str:
    """A residual or a tolerance."""
    return f"{value:.1e}" if value else "0"


class PrintClaim(ClaimDirective):
    """```{claim} TAG: the equation, its hypotheses and witnesses; :brief: is the equation alone."""

    option_spec: ClassVar[OptionSpec] = {"brief": directives.flag}

    def run(self) -> list[nodes.Node]:
        found = [self.checked(tag) for tag in self.tags()]
        if "brief" in self.options:
            return [self.equation(f.claim) for f in found]
        return [
            nodes.container(
                "",
                self.equation(f.claim),
                *([self.prose(assumed(f.claim), "hypothesis")] if f.claim.hypotheses else []),
                self.prose(witnesses(f), "witnesses"),
                *formal_note(f.claim.tag),
                source_note(f.claim),
                classes=["claim"],
            )
            for f in found
        ]


class PrintDerivation(ClaimDirective):
    """```{derivation} TAG TAG ...: one step after the other, each with its reason."""

    def run(self) -> list[nodes.Node]:
        steps = nodes.enumerated_list(classes=["derivation"], enumtype="arabic", suffix=".")
        for tag in self.tags():
            claim = self.checked(tag).claim
            reason = f"{claim.reason} {assumed(claim)}"
            parts: list[nodes.Node] = [self.equation(claim), self.prose(reason, "reason")]
            parts += [*formal_note(tag), source_note(claim)]
            steps += nodes.list_item("", *parts)
        return [steps]


class PrintLedger(ClaimDirective):
    """```{ledger} TAG TAG ...: a row for each claim with what every witness found; all if none."""

    required_arguments = 0
    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        tags = self.tags() if self.arguments else list(CLAIMS)
        rows = "\n".join(map(self.row, tags))
        head = (
            "Number",
            "Claim",
            "Symbolic",
            "Measured",
            "Printed and run",
            "Wrong rejected",
            "Formal",
        )
        lines = f"| {' | '.join(head)} |\n{'|---' * len(head)}|\n{rows}"
        return [self.prose(lines, "ledger")]

    def row(self, tag: str) -> str:
        """The row of a claim; as it was kept, if it held in a build from these very sources."""
        kept = Path(self.config.ledger_kept, tag)
        if self.config.ledger_kept and kept.exists():
            return kept.read_text(encoding="utf-8")
        found = self.checked(tag)
        row = ledger_row(found)
        if self.config.ledger_kept and found.holds:
            kept.parent.mkdir(parents=True, exist_ok=True)
            whole = kept.with_name(f"{tag}.{os.getpid()}")  # other readers see all of it or nothing
            whole.write_text(row, encoding="utf-8")
            whole.replace(kept)
        return row


def ledger_row(found: Verdict) -> str:
    """A row of the ledger, in Markdown: that of the command, with a link and the formal witness."""
    tag, _, *witnesses, title = cells(Entry(found.claim, found))
    formal = "proved" if tag in THEOREMS else ""
    return f"| ({tag}) | {title} | {' | '.join(witnesses)} | {formal} |".replace("<=", "≤")


class PrintRefutations(ClaimDirective):
    """```{refutations} TAG ...: the wrong equations of a claim, each with its counterexample."""

    def run(self) -> list[nodes.Node]:
        tags = self.tags()
        self.env.metadata[self.env.docname].setdefault("refuted", []).extend(tags)
        return [self.refutation(r) for tag in tags for r in self.checked(tag).rejections]

    def refutation(self, rejection: Rejection) -> nodes.Element:
        """One wrong equation: who believes it, and what contradicts it."""
        wrong = rejection.refutation
        elsewhere = wrong.page != self.env.docname and wrong.page in self.env.found_docs
        mended = f" Why: {{doc}}`/{wrong.page}`." if elsewhere else ""
        return nodes.container(
            "",
            self.prose(f"**False.** *“{wrong.misconception}”* {assumed(wrong)}", "misconception"),
            unnumbered(wrong.statement),
            self.prose(f"**Counterexample**: {rejection.detail}.{mended}", "counterexample"),
            *formal_note(wrong.name),
            classes=["refutation"],
        )


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
        svg = nodes.raw("", PICTURES[name]().svg, format="html")
        return [nodes.container("", svg, classes=["picture"])]


class InlineClaim(SphinxRole):
    """{claim}`TAG`: the statement of a claim in the running text."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        source, line = self.get_source_info()
        if self.text not in CLAIMS:
            note(self.env, self.env.docname, source, line, f"there is no claim ({self.text})")
            return [], []
        found = verdict(self.text)
        if not found.holds:
            note(self.env, self.env.docname, source, line, found.objection)
        return [nodes.math("", latex(found.claim.statement), proved=True)], []


def guard(app: Sphinx, doctree: nodes.document) -> None:
    """Note every equation, relation or computed number that was typed by hand."""
    for node, problem in typed_by_hand(doctree):
        place = next((n for n in (node, *parents(node)) if n.line), node)
        note(app.env, app.env.docname, place.source, place.line, problem)


def typed_by_hand(doctree: nodes.document) -> Iterable[tuple[nodes.Node, str]]:
    """What no claim and no cell vouches for, with the reason why it may not stand on a page."""
    for block in doctree.findall(nodes.math_block):
        if not block.get("proved") and not inside(block, "cell_output"):
            yield block, "a displayed equation is typed by hand; print a claim with ```{claim} TAG"
    for math in doctree.findall(nodes.math):
        if not math.get("proved") and RELATION.search(math.astext()):
            yield math, f"the relation ${math.astext()}$ is typed by hand; use {{claim}}`TAG`"
    for raw in doctree.findall(nodes.raw):
        if "<math" in raw.astext():
            yield raw, "a displayed equation is typed by hand; print a claim with ```{claim} TAG"
    for text in doctree.findall(nodes.Text):
        if COMPUTED.search(text) and not any(map(is_computed, parents(text))):
            problem = "is typed by hand; let a cell compute it"
            yield text, f"the number in {text.strip()!r} {problem}"


def is_computed(node: nodes.Element) -> bool:
    """Whether what stands in a node is code, an output, or what a directive of ours printed."""
    code = (nodes.FixedTextElement, nodes.literal, nodes.reference, addnodes.desc_signature)
    return isinstance(node, code) or node.get("proved") or "cell_output" in node.get("classes", ())


def parents(node: nodes.Node) -> Sequence[nodes.Element]:
    """The nodes that a node stands in, innermost first."""
    found = []
    while node.parent is not None:
        node = node.parent
        found.append(node)
    return found


def inside(node: nodes.Node, kind: str) -> bool:
    """Whether a node stands in a container of a class."""
    return any(kind in parent.get("classes", ()) for parent in parents(node))


def guard_cells(app: Sphinx, docname: str, content: list[str]) -> None:
    """Note every cell that types an equation, also one whose input the page hides."""
    for cell in CELL.finditer(content[0]):
        found = TYPED_IN_CELL.search(cell[0])
        if found:
            line = content[0].count("\n", 0, cell.start() + found.start()) + 1
            problem = "a cell types an equation by hand; print what the package returns"
            note(app.env, docname, None, line, problem)


def check_all_before(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Check every claim once, before parallel readers start, who would each do it again.

    Where few pages are read, it takes longer to check what they do not print.
    """
    if app.parallel > 1 and len(docnames) > len(env.found_docs) / 2:
        for tag in CLAIMS:
            verdict(tag)


def setup(app: Sphinx) -> dict[str, Any]:
    for name, directive in {
        "claim": PrintClaim,
        "derivation": PrintDerivation,
        "ledger": PrintLedger,
        "refutations": PrintRefutations,
        "formula": PrintFormula,
        "picture": PrintPicture,
    }.items():
        app.add_directive(name, directive)
    app.add_role("claim", InlineClaim())
    app.add_config_value("ledger_kept", "", "", [str])
    app.connect("env-before-read-docs", check_all_before)
    app.connect("source-read", guard_cells)
    app.connect("doctree-read", guard)
    app.connect("env-updated", stop)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
