"""Questions at the end of a page, whose wrong answers are refuted by a counterexample."""

import re
from typing import NamedTuple

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from printing.claims import ClaimDirective, unnumbered
from proofs.claims import CLAIMS
from proofs.lessons.misreadings import rejections
from proofs.witnesses import verdict
from proofs.witnesses.checking import Rejection

LINE = re.compile(
    r'(?P<kind>right|wrong)(?: \((?P<tag>[\w-]+)\))?(?: "(?P<name>.+?)")?: (?P<text>.+)'
)


class Answer(NamedTuple):
    """An answer: right by a claim, or wrong by a refutation of a claim or a misreading."""

    text: str
    tag: str
    name: str = ""

    @property
    def wrong(self) -> bool:
        """Whether a counterexample refutes it."""
        return bool(self.name)


def answer(line: str) -> Answer | None:
    """What a line of the directive says; None if it says nothing that can be checked.

    right (TAG): text, or wrong (TAG) "refutation": text, or wrong "misreading": text.
    """
    match = LINE.fullmatch(line)
    if not match or (match["kind"] == "wrong") != bool(match["name"]):
        return None
    known = match["tag"] in CLAIMS or (match["tag"] is None and match["name"] is not None)
    return Answer(match["text"], match["tag"] or "", match["name"] or "") if known else None


def refuted(answer: Answer) -> Rejection | None:
    """The counterexample to a wrong answer; None if there is no such wrong equation."""
    if not answer.tag:
        return rejections().get(answer.name)
    found = {r.refutation.name: r for r in verdict(answer.tag).rejections}
    return found.get(answer.name)


class SelfCheck(ClaimDirective):
    """```{self-check} QUESTION: an answer a line, `right (TAG): ...`, `wrong (TAG) "NAME": ...`."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        answers = []
        for line in filter(None, self.content):
            if parsed := answer(line):
                answers.append(parsed)
            else:
                self.note(f"no answer that can be checked: {line!r}")
        if len({a.wrong for a in answers}) < 2:
            self.note("a question has a right answer and a wrong one")
        question = self.prose(self.arguments[0], "question")
        shown = [self.refutation(a) if a.wrong else self.confirmation(a) for a in answers]
        return [nodes.container("", question, *shown, classes=["self-check"])]

    def confirmation(self, answer: Answer) -> nodes.Element:
        """The right answer: the claim that says so."""
        claim = self.checked(answer.tag).claim
        reason = self.prose(f"**Yes.** ({answer.tag}): {claim.reason}", "reason")
        return self.folded(answer, unnumbered(claim.statement), reason)

    def refutation(self, answer: Answer) -> nodes.Element:
        """A wrong answer: the equation that it comes to, and what contradicts it."""
        found = refuted(answer)
        if found is None or not found.rejected:
            self.note(f'nothing contradicts the wrong answer "{answer.name}"')
            return nodes.container()
        wrong = found.refutation
        elsewhere = wrong.page != self.env.docname and wrong.page in self.env.found_docs
        why = f" Why: {{doc}}`/{wrong.page}`." if elsewhere else ""
        because = self.prose(f"**No**: {found.detail}.{why}", "counterexample")
        equation = unnumbered(wrong.statement)
        return self.folded(answer, nodes.container("", equation, because, classes=["refutation"]))

    def folded(self, answer: Answer, *inside: nodes.Node) -> nodes.Element:
        """An answer that opens, without a script, to what is to be said of it."""
        text, _ = self.parse_inline(answer.text)
        title = nodes.title("", "", *text)
        return nodes.admonition(
            "", title, *inside, classes=["answer"], collapsible="closed", proved=True
        )


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_directive("self-check", SelfCheck)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
