"""The exercises: the stub that is given to the reader fails, the solution passes."""

import re
import subprocess
import sys
from collections import Counter

import numpy as np
import pytest
from sites import ROOT

from proofs.claims import CLAIMS
from proofs.lessons.exercises import EXERCISES, as_file, check
from proofs.lessons.exercises.exercise import agree
from proofs.network.costs import cross_entropy

every_exercise = pytest.mark.parametrize("exercise", EXERCISES.values(), ids=list(EXERCISES))

UNCHANGED = {"no_distribution", "direction", "non_locality", "inverse"}
"""Exercises whose answer is not a number that can be scaled: an example, a sign, or one of many."""


def run(code, name):
    """The function of that name in a piece of code."""
    names = {"np": np}
    exec(code, names)
    return names[name]


class TestEveryExercise:
    """The stub fails, the solution passes, and a wrong answer is told what was expected."""

    @every_exercise
    def test_it_is_told_in_a_line(self, exercise):
        """A teacher chooses by what is asked, and by the chapter that a class has read."""
        assert re.fullmatch(r"[A-Z][^`*\n]{30,90}\. \(Chapter [23]\)", exercise.brief)
        assert exercise.brief[:20] in re.sub("[*`]", "", exercise.task)

    @every_exercise
    def test_the_stub_fails(self, exercise):
        with pytest.raises(NotImplementedError):
            exercise.check(run(exercise.stub, exercise.name))

    @every_exercise
    def test_the_solution_passes(self, exercise):
        exercise.check(exercise.solution)

    @every_exercise
    def test_the_solution_as_shown_passes(self, exercise):
        check(run(exercise.answer, exercise.name))

    @every_exercise
    def test_a_function_that_returns_nothing_fails(self, exercise):
        with pytest.raises((AssertionError, TypeError)):
            exercise.check(lambda *args: None)

    @pytest.mark.parametrize("name", [name for name in EXERCISES if name not in UNCHANGED])
    def test_an_answer_off_by_a_millionth_fails(self, name):
        exercise = EXERCISES[name]

        def off(answer):
            if isinstance(answer, list | tuple):
                return type(answer)(map(off, answer))
            return answer * (1 + 1e-6)

        with pytest.raises(AssertionError, match=r"expected \S+, got \S+"):
            exercise.check(lambda *args: off(exercise.solution(*args)))

    @pytest.mark.parametrize(
        ("name", "wrong"),
        [
            ("no_distribution", lambda: np.zeros((3, 1))),
            ("no_distribution", lambda: np.zeros(3)),
            ("direction", lambda z, j, k: 1),
            ("direction", lambda z, j, k: -1),
            ("non_locality", lambda: (np.array([[0.0], [1.0]]), np.array([[0.0], [2.0]]))),
            ("non_locality", lambda: (np.array([[0.0], [1.0]]), np.array([[9.0], [1.0]]))),
            ("inverse", lambda a: a),
            ("inverse", lambda a: 2 * np.log(a)),
            ("diagonal_error_before", lambda s, w, d: s.mean() * (w.T @ d)),
            ("modified_neuron", lambda back, z, s, f, j: back * s(z)),
            ("mini_batch", lambda w, b, x, y: ([np.ones((5, 1))] * 3, w)),
            ("cross_entropy_cost", lambda a, y: -(a * np.log(y)).sum(axis=0)),
            ("least_cross_entropy", lambda y: 0 * y),
            ("with_quadratic_cost", lambda a, out, y: (out - y) @ a.T / 6),
            ("softmax_error", lambda a, y: a - y),
            ("softmax_gradients", lambda a, out, y: ((out - y).sum(1), (out - y) @ a.T)),
            ("limit", lambda z: (z == z.max(axis=0)).astype(float)),
            ("other_gradients", lambda first, x: first + 0 * x),
        ],
    )
    @pytest.mark.filterwarnings("ignore:divide by zero", "ignore:invalid value")
    def test_what_people_write_instead_fails(self, name, wrong):
        with pytest.raises(AssertionError):
            EXERCISES[name].check(wrong)

    @every_exercise
    def test_what_it_rests_on_is_claimed(self, exercise):
        assert exercise.claims
        assert set(exercise.claims) <= set(CLAIMS)
        assert exercise.hint
        assert exercise.source
        assert exercise.task

    @every_exercise
    def test_solution_and_stub_have_the_same_first_line(self, exercise):
        assert exercise.stub.splitlines()[0] == exercise.answer.splitlines()[0]
        assert exercise.stub.splitlines()[0] == f"def {exercise.signature}:"
        assert "raise NotImplementedError" in exercise.stub

    @every_exercise
    def test_the_task_is_the_docstring_as_it_reads(self, exercise):
        """No line of it is indented but what it quotes; the solution is shown without it."""
        first, *others = exercise.solution.__doc__.strip().splitlines()
        assert exercise.task.splitlines() == [
            first,
            *(line.removeprefix("    ") for line in others),
        ]
        assert first not in exercise.answer


class TestLeastCrossEntropy:
    """What the check takes for the least is no more than at any other output."""

    def test_it_is_the_least(self):
        y = np.linspace(0.05, 0.95, 19)
        least = EXERCISES["least_cross_entropy"].solution(y)
        for a in np.linspace(0.01, 0.99, 99):
            assert (least <= cross_entropy.value(np.full((1, 19), a), y[None]) + 1e-12).all()


class TestAgree:
    """A wrong answer is told where it is wrong, and by how much."""

    def test_shapes(self):
        with pytest.raises(AssertionError, match=r"expected shape \(2,\), got \(3,\)"):
            agree([1, 2, 3], [1, 2])

    def test_numbers(self):
        with pytest.raises(AssertionError, match=r"expected 2, got 3 at index \(1,\)"):
            agree([1, 3], [1, 2])

    def test_nan(self):
        with pytest.raises(AssertionError):
            agree([np.nan, 2], [1, 2])

    def test_an_unknown_name(self):
        with pytest.raises(KeyError, match="no exercise 'test_an_unknown_name'; there are diag"):
            check(self.test_an_unknown_name)


class TestTheFile:
    """A reader runs `pytest exercises.py`, and sees which answers are right."""

    def pytest(self, folder, text):
        (folder / "exercises.py").write_text(text, encoding="utf-8")
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "exercises.py"]
        done = subprocess.run(
            command, cwd=folder, capture_output=True, encoding="utf-8", check=False
        )
        return done.stdout

    def test_as_given_every_test_fails(self, tmp_path):
        n = len(EXERCISES)
        assert f"{n} failed in" in self.pytest(tmp_path, as_file())

    def test_the_easiest_stand_first(self):
        names = re.findall(r"^def test_(\w+)", as_file(), re.M)
        levels = [EXERCISES[name].level for name in names]
        assert len(levels) == len(EXERCISES)
        assert levels == sorted(levels)

    def test_with_the_solutions_every_test_passes(self, tmp_path):
        text = as_file()
        for exercise in EXERCISES.values():
            assert text.count(exercise.stub) == 1
            text = text.replace(exercise.stub, exercise.answer)
        assert f"{len(EXERCISES)} passed in" in self.pytest(tmp_path, text)

    def test_one_wrong_answer_is_named(self, tmp_path):
        stub = EXERCISES["slope_of_sigmoid"].stub
        wrong = stub.replace("raise NotImplementedError", "return a")
        said = self.pytest(tmp_path, as_file().replace(stub, wrong))
        assert "AssertionError: the answer: expected" in said


class TestPages:
    """Each exercise stands on one page."""

    def test_each_once(self):
        found = Counter()
        for page in (ROOT / "docs").glob("*.md"):
            for line in page.read_text(encoding="utf-8").splitlines():
                if line.startswith("```{exercise} "):
                    found.update(line.split()[1:])
        assert found == Counter(dict.fromkeys(EXERCISES, 1))


def asked(exercise):
    """With what a check calls an answer, and what the solution gives."""
    calls = []

    def spy(*given):
        found = exercise.solution(*given)
        calls.append(f"    {', '.join(map(brief, given))} -> {brief(found)}")
        return found

    exercise.check(spy)
    return "\n".join([exercise.name, *calls])


def brief(value):
    """A value: an array by its shape, its ends, its sum and its length; a function by its name."""
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(brief, value))}]"
    if callable(value):
        return getattr(value, "name", type(value).__name__)
    array = np.asarray(value, float)
    if array.ndim == 0:
        return f"{array:.4g}"
    ends = (array.flat[0], array.flat[-1], array.sum(), np.linalg.norm(array))
    return f"{array.shape} {' '.join(f'{number + 1e-9:.4f}' for number in ends)}"


class TestWhatIsAsked:
    """On which numbers an answer is tried, as asked.txt has them."""

    @every_exercise
    def test_as_written_down(self, exercise, golden):
        golden("asked.txt").part(asked(exercise))

    def test_of_nothing_else(self, golden):
        golden("asked.txt").only(EXERCISES)
