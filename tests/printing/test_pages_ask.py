"""Questions, exercises and the nine pairs on small pages, each with one planted fault."""

from dataclasses import replace
from importlib import import_module

import pytest
from sympy import Eq

from proofs.claims import CLAIMS
from proofs.claims.notation import L, a, delta, j, y
from proofs.lessons import exercises
from proofs.lessons.exercises import EXERCISES
from proofs.lessons.grid import GRID

QUESTION = """```{{self-check}} Which terms of the sum count?
{}
```"""
RIGHT = "right (37): All of them."
WRONG = 'wrong (38) "(38) without locality": One.'


class TestAQuestion:
    """A question opens to a claim or to a counterexample, or the build stops."""

    def test_it_passes(self, build):
        done = build(QUESTION.format(f"{RIGHT}\n: Each has a part.\n{WRONG}\n: The others\n: too."))
        assert (done.status, done.message) == (0, "")
        right, wrong = done.page("index").all("details", "answer")
        [reason], [equation] = right.all("div", "reason"), right.all("details", "numbers")
        assert reason.text == "Right. Each has a part."
        assert "(37)" in equation.text
        [reason], [numbers] = wrong.all("div", "reason"), wrong.all("details", "refutation")
        assert reason.text == "Wrong. The others too."
        assert len(numbers.all("div", "crossed")) == 1
        [counterexample] = numbers.all("div", "counterexample")
        assert " is true, " in counterexample.text

    @pytest.mark.parametrize(
        ("answers", "problem"),
        [
            (RIGHT, "a question has a right answer and a wrong one"),
            (WRONG, "a question has a right answer and a wrong one"),
            (f"{RIGHT}\n{WRONG}\nperhaps", "no answer that can be checked: 'perhaps'"),
            (
                f'{RIGHT}\nwrong (38) "no such": One.',
                'nothing contradicts the wrong answer "no such"',
            ),
        ],
    )
    def test_a_fault(self, build, answers, problem):
        done = build(QUESTION.format(answers))
        assert done.problems == [f"docs/index.md:3: {problem}"], done.message


class TestAnExercise:
    """An exercise is printed with a solution that passes its check, or the build stops."""

    @pytest.fixture
    def one(self, conf, monkeypatch):
        """An exercise that rests on a claim that these pages print."""
        known = {"bias_gradient": replace(EXERCISES["bias_gradient"], claims=("37",))}
        monkeypatch.setattr(exercises.exercise, "EXERCISES", known)
        monkeypatch.setattr(import_module("printing.exercises"), "EXERCISES", known)
        return known

    def test_it_passes(self, build, one):
        done = build("```{exercise} bias_gradient\n```\n\n```{exercises}\n```")
        assert (done.status, done.message) == (0, "")
        page = done.page("index")
        hint, solution = page.all("details")
        assert one["bias_gradient"].hint in hint.text
        assert "return dz_db.T @ delta" in solution.text
        assert [link.get("href") for link in page.all("ul")[-1].all("a")][-1].endswith(
            "#exercise-bias-gradient"
        )
        assert one["bias_gradient"].brief in page.all("ul")[-1].text
        written = (done.html / "exercises.py").read_text(encoding="utf-8")
        assert "def bias_gradient(delta):" in written
        assert "return dz_db" not in written

    def test_an_unknown_name(self, build, one):
        done = build("```{exercise} no_such\n```")
        assert done.problems == [
            "docs/index.md:3: there is no exercise no_such; there are bias_gradient"
        ]

    def test_a_wrong_solution(self, build, one):
        def bias_gradient(delta):
            return 2 * delta

        one["bias_gradient"] = replace(one["bias_gradient"], solution=bias_gradient)
        [problem] = build("```{exercise} bias_gradient\n```").problems
        assert problem.startswith("docs/index.md:3: the solution of bias_gradient fails: layer 2")
        assert "expected" in problem


class TestTheNinePairs:
    """Each pair shows its error; a false one stops the build."""

    @pytest.fixture
    def nine(self, claims):
        """The claims that the pages know, those of the pairs among them."""
        claims.update({tag: CLAIMS[tag] for tag in GRID.values()})
        return claims

    def test_it_passes(self, build, nine):
        done = build("```{grid}\n```")
        assert done.status == 0, done.message
        [table] = done.page("index").all("table")
        cells = [cell.text for cell in table.all("td")]
        assert len(cells) == 12
        assert sum("a − y" in cell for cell in cells) == 3
        assert sum("not finite" in cell for cell in cells) == 2
        assert sum(f"({tag})" in cell for cell in cells for tag in GRID.values()) == len(GRID)

    def test_a_false_claim(self, build, nine):
        wrong = Eq(delta(L)[j], y[j] - a(L)[j])
        nine["68"] = replace(CLAIMS["68"], statement=wrong)
        done = build("```{grid}\n```")
        assert [p for p in done.problems if p.startswith("docs/index.md:3: (68) is false")]
