"""Questions on the pages: every wrong answer names a wrong equation, and is refuted."""

import re

import pytest
from printing import selfcheck
from printing.refutations import contradiction, rounded
from sites import ROOT

from proofs.lessons.misreadings import MISREADINGS, rejections

PAGES = sorted((ROOT / "docs").glob("*.md"))
QUESTION = re.compile(r"^```\{self-check\} .+\n((?:.+\n)+?)```$", re.MULTILINE)


class TestMisreadings:
    """A misreading is wrong on one of the standard networks, and on a page."""

    @pytest.mark.parametrize("wrong", MISREADINGS, ids=lambda wrong: wrong.name)
    def test_each_is_rejected(self, wrong):
        assert rejections()[wrong.name].rejected

    @pytest.mark.parametrize("wrong", MISREADINGS, ids=lambda wrong: wrong.name)
    def test_each_is_asked_for(self, wrong):
        asked = [
            page.stem for page in PAGES if f'wrong "{wrong.name}": ' in page.read_text("utf-8")
        ]
        assert asked
        assert wrong.page in {page.stem for page in PAGES}


class TestAnswers:
    """An answer is right by a claim, or wrong by a refutation; nothing else is an answer."""

    def test_right(self):
        found = selfcheck.answer("right (37): The sum: all of it.")
        assert (found.tag, found.text, found.wrong) == ("37", "The sum: all of it.", False)

    def test_wrong(self):
        found = selfcheck.answer('wrong (38) "(38) without locality": One term.')
        assert found.wrong
        assert selfcheck.refuted(found).rejected

    def test_wrong_by_a_misreading(self):
        found = selfcheck.answer('wrong "errors that go forward": From layer 2 on.')
        assert selfcheck.refuted(found).rejected

    @pytest.mark.parametrize(
        "line",
        [
            "right: No claim.",
            "right (BP9): No such claim.",
            'right (38) "(38) without locality": A refutation.',
            "wrong (38): No refutation.",
            "maybe (38): Neither.",
            "right (38) [torch 2.14.1: relu at 0 = 0]: A claim and a record.",
            "The sum.",
        ],
    )
    def test_what_cannot_be_checked(self, line):
        assert selfcheck.answer(line) is None

    def test_a_reason(self):
        lines = ["right (37): The sum.", ": All of it", ": counts.", "wrong (38): No refutation."]
        right, other = selfcheck.answers(lines)
        assert (right.text, right.reason) == ("The sum.", "All of it counts.")
        assert other == "wrong (38): No refutation."

    def test_by_what_a_library_answered(self):
        found = selfcheck.answer("wrong [torch 2.14.1: relu at 0 = 0]: Never.")
        assert (found.asked, found.record, found.wrong) == ("torch 2.14.1: relu at 0", "0", True)

    def test_a_refutation_that_is_none(self):
        assert selfcheck.refuted(selfcheck.answer('wrong (38) "no such": Words.')) is None
        assert selfcheck.refuted(selfcheck.answer('wrong "no such": Words.')) is None


class TestPages:
    """The answers on the pages are right or refuted."""

    @pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
    def test_no_question_ends_its_own_fence(self, page):
        """With a backtick in it a line opens no directive, and is printed as it stands."""
        asked = re.findall(
            r"^```\{self-check\}(.+)$", page.read_text(encoding="utf-8"), re.MULTILINE
        )
        assert [question for question in asked if "`" in question] == []

    @pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
    def test_every_answer(self, page):
        for block in QUESTION.findall(page.read_text(encoding="utf-8")):
            answers = list(selfcheck.answers(block.splitlines()))
            assert all(isinstance(a, selfcheck.Answer) for a in answers), block
            assert all(a.reason.endswith((".", "?", ")")) for a in answers), block
            assert {a.wrong for a in answers} == {True, False}
            wrong = [a for a in answers if a.wrong and not a.asked]
            assert all(selfcheck.refuted(a).rejected for a in wrong), block


class TestNumbers:
    """The numbers against a wrong answer are such that a reader can see their size at once."""

    @pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
    def test_none_is_a_power_of_ten(self, page):
        asked = map(selfcheck.answer, page.read_text(encoding="utf-8").splitlines())
        wrong = [a for a in asked if a and a.wrong and not a.asked]
        told = {a.name: contradiction(selfcheck.refuted(a).detail)[0] for a in wrong}
        assert {name: said for name, said in told.items() if "e-" in said} == {}

    def test_short_numbers_are_told_in_full(self):
        assert rounded("-0.05") == "-0.05"
        assert rounded("0.046875") == "0.046875"
        assert rounded("0.0940015") == "0.094"


class TestRecords:
    """An answer that stands by a record says what the record says, or the build stops."""

    QUESTION = """```{self-check} Is it 0?
right [torch 2.14.1: relu at 0 = ANSWER]: Yes.
: It was asked.
wrong (38) "(38) without locality": No.
: It was not.
```"""

    def test_what_was_asked_is_shown(self, build):
        done = build(self.QUESTION.replace("ANSWER", "0"))
        assert done.status == 0, done.message
        page = (done.html / "index.html").read_text(encoding="utf-8")
        assert "torch 2.14.1 was asked for “relu at 0”" in page

    def test_another_answer_stops_the_build(self, build):
        done = build(self.QUESTION.replace("ANSWER", "1"))
        assert done.status
        assert "the page says 1, the record 0" in done.message

    def test_an_unknown_question_stops_the_build(self, build):
        done = build(self.QUESTION.replace("relu at 0", "relu at night"))
        assert "no answer about 'relu at night'" in done.message
