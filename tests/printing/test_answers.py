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
