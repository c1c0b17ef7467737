"""The exercises of the book as functions to be written, each with its check and its solution."""

from collections.abc import Callable
from typing import Any

from proofs.lessons.exercises import backward, costs, shares
from proofs.lessons.exercises.exercise import EXERCISES, Exercise, as_file, easiest_first

__all__ = [
    "EXERCISES",
    "Exercise",
    "as_file",
    "backward",
    "check",
    "costs",
    "easiest_first",
    "shares",
]


def check(answer: Callable[..., Any]) -> None:
    """Check a function against the exercise of its name; AssertionError says what is wrong."""
    name = getattr(answer, "__name__", "")
    if name not in EXERCISES:
        raise KeyError(f"there is no exercise {name!r}; there are {', '.join(EXERCISES)}")
    EXERCISES[name].check(answer)
