"""What learners ask, answered by numbers: a module for each page of questions."""

from collections.abc import Callable

from proofs.lessons.answers import (
    batch,
    chain_rule,
    checking,
    error,
    lesson,
    other_books,
    products,
    shapes,
    slow_learning,
    softmax,
)
from proofs.lessons.answers.answer import Answer

ANSWERS: dict[str, Callable[[], Answer]] = {
    answer.__name__: answer
    for module in (
        chain_rule,
        products,
        error,
        batch,
        softmax,
        shapes,
        checking,
        other_books,
        slow_learning,
        lesson,
    )
    for answer in module.ANSWERS
}
"""Every answer by its name, in the order of the pages."""
