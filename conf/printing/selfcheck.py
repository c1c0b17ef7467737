"""Questions at the end of a page, whose wrong answers are refuted by a counterexample.

What other libraries do follows from no claim: there an answer stands by what one of them answered.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import NamedTuple

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from printing.claims import ClaimDirective, unnumbered
from printing.folds import folded
from printing.kept import reached
from printing.others import IncompleteError, asked, shown
from printing.refutations import contradiction, crossed
from proofs.claims import CLAIMS
from proofs.lessons.misreadings import rejections
from proofs.witnesses import verdict
from proofs.witnesses.checking import Rejection, Verdict

LINE = re.compile(
    r"(?P<kind>right|wrong)(?: \((?P<tag>[\w-]+)\))?"
    r'(?: "(?P<name>.+?)")?(?: \[(?P<asked>.+) = (?P<record>.+)\])?: (?P<text>.+)'
)

REASON = ": "
"""What the line below an answer begins with that says why it is right or wrong."""


class Answer(NamedTuple):
    """An answer: right by a claim, wrong by a refutation or a misreading, or either by a record."""

    text: str
    wrong: bool
    tag: str = ""
    name: str = ""
    asked: str = ""
    """LIBRARY VERSION: QUESTION."""
    record: str = ""
    """What that library answered."""
    reason: str = ""
    """Why it is right or wrong, in a sentence."""


def answer(line: str) -> Answer | None:
    """What a line of the directive says; None if it says nothing that can be checked.

    right (TAG): text, or wrong (TAG) "refutation": text, or wrong "misreading": text; both kinds
    may stand by what a library answered, [LIBRARY VERSION: QUESTION = ANSWER], instead.
    """
    match = LINE.fullmatch(line)
    if not match:
        return None
    kind, *rest = match.group("kind", "tag", "name", "asked", "record")
    tag, name, asked, record = (part or "" for part in rest)
    wrong = kind == "wrong"
    said = wrong == bool(name) and (tag in CLAIMS if tag else wrong)
    known = not (tag or name) if asked else said
    return Answer(match["text"], wrong, tag, name, asked, record) if known else None


def answers(lines: Iterable[str]) -> Iterator[Answer | str]:
    """The answers that the lines give, each with its reason; or a line that gives none."""
    last: Answer | None = None
    for line in filter(None, lines):
        if last and line.startswith(REASON):
            last = last._replace(reason=f"{last.reason} {line.removeprefix(REASON)}".strip())
            continue
        if last:
            yield last
        last = answer(line)
        if last is None:
            yield line
    if last:
        yield last


def refuted(answer: Answer, on: Callable[[str], Verdict] = verdict) -> Rejection | None:
    """The counterexample to a wrong answer; None if there is no such wrong equation."""
    if not answer.tag:
        return rejections().get(answer.name)
    found = {r.refutation.name: r for r in on(answer.tag).rejections}
    return found.get(answer.name)


class SelfCheck(ClaimDirective):
    """```{self-check} QUESTION: an answer a line, `right (TAG): ...`, `wrong (TAG) "NAME": ...`.

    The line below an answer, `: ...`, says why it is right or wrong.
    """

    has_content = True

    def run(self) -> list[nodes.Node]:
        found = []
        for each in answers(self.content):
            if isinstance(each, Answer):
                found.append(each)
            else:
                self.note(f"no answer that can be checked: {each!r}")
        if len({a.wrong for a in found}) < 2:
            self.note("a question has a right answer and a wrong one")
        question = self.prose(self.arguments[0], "question")
        return [nodes.container("", question, *map(self.choice, found), classes=["self-check"])]

    def choice(self, answer: Answer) -> nodes.Element:
        """An answer that opens to the reason, and below it to what was checked."""
        inside = (
            self.recorded(answer)
            if answer.asked
            else self.refutation(answer)
            if answer.wrong
            else self.confirmation(answer)
        )
        verdict = "Wrong" if answer.wrong else "Right"
        reason = self.prose(f"**{verdict}.** {answer.reason}", "reason")
        text, _ = self.parse_inline(answer.text)
        return folded(text, reason, *inside, kind="answer")

    def recorded(self, answer: Answer) -> list[nodes.Node]:
        """What a library was asked, how, and what it answered."""
        try:
            row = asked(answer.asked)
        except IncompleteError as error:
            self.note(str(error))
            return []
        came = shown(row["answer"])
        if came != answer.record:
            self.note(f"{answer.asked}: the page says {answer.record}, the record {came}")
        name, _, question = answer.asked.partition(": ")
        said = f"{name} was asked for “{question}”, as `{row['how']}`, and answered **{came}**."
        return [folded("What was measured", self.prose(said, "because"), kind="numbers")]

    def confirmation(self, answer: Answer) -> list[nodes.Node]:
        """The right answer: the claim that says so."""
        claim = self.checked(answer.tag).claim
        because = self.prose(f"({answer.tag}): {claim.reason}", "because")
        inside = (unnumbered(claim.statement), because)
        return [folded("The equation", *inside, kind="numbers")]

    def refutation(self, answer: Answer) -> list[nodes.Node]:
        """A wrong answer: the equation that it comes to, and what contradicts it."""
        found = refuted(answer, partial(reached, self.config))
        if found is None or not found.rejected:
            self.note(f'nothing contradicts the wrong answer "{answer.name}"')
            return []
        equation = crossed(found.refutation.statement)
        because = self.prose(" ".join(contradiction(found.detail)), "counterexample")
        return [folded("The numbers", equation, because, kind="numbers refutation")]


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_directive("self-check", SelfCheck)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
