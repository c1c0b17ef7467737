"""What an exercise consists of: a function to be written, and a check that it is right."""

import ast
import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from textwrap import dedent
from typing import Any

import numpy as np

Check = Callable[[Callable[..., Any]], None]

EXERCISES: dict[str, "Exercise"] = {}
"""All of them by name, in the order of the book."""


@dataclass(frozen=True)
class Exercise:
    """A function whose docstring is the task and whose body is the solution."""

    source: str
    """Where the book asks it."""
    hint: str
    claims: tuple[str, ...]
    """The tags of what the solution rests on."""
    solution: Callable[..., Any]
    check: Check
    """Raises AssertionError, with words, if a function is not a solution."""
    level: int
    """How hard it is: 1 is one line, 2 takes a step of thought, 3 takes several."""

    @property
    def name(self) -> str:
        """That of the function."""
        return self.solution.__name__

    @property
    def signature(self) -> str:
        """How the function is called."""
        return f"{self.name}({ast.unparse(self._tree().args)})"

    @property
    def task(self) -> str:
        """What is asked, in Markdown."""
        return dedent("    " + (self.solution.__doc__ or "")).strip()

    @property
    def brief(self) -> str:
        """What is asked and in which chapter, in a line without marks."""
        chapter = re.split("[,:]", self.source)[0]
        return f"{re.sub('[*`]', '', self.task.splitlines()[0])} ({chapter})"

    @property
    def stub(self) -> str:
        """The function with its body left out, which is what the reader is given."""
        function = self._tree()
        function.body = [function.body[0], *ast.parse("raise NotImplementedError").body]
        return ast.unparse(function)

    @property
    def answer(self) -> str:
        """The function without what the reader knows already, its docstring."""
        function = self._tree()
        function.body = function.body[1:]
        return ast.unparse(function)

    def _tree(self) -> ast.FunctionDef:
        """The source of the function, without decorators and types."""
        function = ast.parse(dedent(inspect.getsource(self.solution))).body[0]
        assert isinstance(function, ast.FunctionDef)
        function.decorator_list, function.returns = [], None
        for argument in function.args.args:
            argument.annotation = None
        return function


def exercise(
    source: str, hint: str, claims: tuple[str, ...], check: Check, level: int
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make an exercise of its solution."""

    def register(solution: Callable[..., Any]) -> Callable[..., Any]:
        EXERCISES[solution.__name__] = Exercise(source, hint, claims, solution, check, level)
        return solution

    return register


def agree(got: object, want: object, what: str = "the answer") -> None:
    """Both hold the same numbers, in the same shape, to nine digits; a wrong formula does not."""
    expected = np.asarray(want, float)
    if got is None:
        raise AssertionError(f"{what}: expected an array of shape {expected.shape}, got nothing")
    array = np.asarray(got, float)
    shapes = f"{what}: expected shape {expected.shape}, got {array.shape}"
    assert array.shape == expected.shape, shapes
    error = abs(array - expected)
    allowed = 1e-9 * max(abs(expected).max(initial=0.0), 1e-300)
    place = np.unravel_index(np.argmax(error), error.shape) if error.size else ()
    detail = f"{what}: expected {expected[place]:.6g}, got {array[place]:.6g}"
    where = f" at index {tuple(int(i) for i in place)}" if place else ""
    assert (error <= allowed).all(), detail + where


def easiest_first() -> list[Exercise]:
    """In an order in which they can be done: those of one level as in the book."""
    return sorted(EXERCISES.values(), key=lambda exercise: exercise.level)


def as_file() -> str:
    """All stubs in one file, each with its test: `pytest exercises.py` checks what you write."""
    parts = [f'"""{_HEAD}"""\n\nimport numpy as np\n\nfrom proofs.lessons.exercises import check']
    for exercise in easiest_first():
        name = exercise.name
        parts += [exercise.stub, f"def test_{name}():\n    check({name})"]
    return "\n\n\n".join(parts) + "\n"


_HEAD = """Write each function, then run: pytest exercises.py

The package `proofs` must be installed. Columns are examples, layers are counted as in the book.
"""
