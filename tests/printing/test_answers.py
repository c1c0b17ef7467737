"""Answers: the numbers of a question, each beside its words."""

import numpy as np
import pytest
from printing.answers import ANSWERS


class TestRoom:
    """Where numbers are many, they stand below their words on a phone."""

    @pytest.mark.parametrize(
        ("numbers", "many"), [(np.ones(3), False), (np.array([0.08193, -0.02203, -0.05989]), True)]
    )
    def test_many(self, build, monkeypatch, numbers, many):
        def question():
            """Three numbers."""
            return {"a row": numbers}

        monkeypatch.setitem(ANSWERS, "question", question)
        [box] = build("```{answer} question\n```").page("index").all("div", "answer")
        assert ("many" in box.get("class").split()) == many


class TestAWrongAnswerStopsTheBuild:
    """One message names the page, the line and the answer."""

    def test_an_unknown_one_and_one_that_fails(self, build, monkeypatch):
        monkeypatch.setitem(ANSWERS, "why_does_transpose_nothing", lambda: 1 / 0)
        done = build("```{answer} nobody\n```\n\n```{answer} why_does_transpose_nothing\n```")
        assert done.status
        unknown, failing = done.problems
        assert unknown.startswith("docs/index.md:3: there is no answer nobody; the answers are why")
        assert failing == (
            "docs/index.md:6: the answer why_does_transpose_nothing does not compute, "
            "ZeroDivisionError: division by zero"
        )

    def test_what_a_page_shows(self, build):
        [block] = build("```{answer} at_z_or_at_a\n```").page("index").all("div", "answer")
        assert [dd.text for dd in block.all("dd")] == ["0.105", "0.105", "0.2072", "-2"]
        [code] = block.all("pre")
        assert "def at_z_or_at_a() -> Answer:" in code.text
