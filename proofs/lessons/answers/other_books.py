"""The numbers of the page on other books."""

from proofs.lessons.answers.answer import Answer
from proofs.lessons.books import BOOKS, book_case


def one_weight_in_six_books() -> Answer:
    """The gradient of the weight in row 2, column 5 of layer 3, by each book and by a push."""
    case = book_case()
    found = {f"{b.name}: {b.place}": b.gradients(case)[1][0][1, 4] for b in BOOKS}
    pushed = case.partial(("Cbar", 4), ("w", 3))[1, 4, 0]
    return found | {"Nielsen: $w^3_{jk}$, pushed and measured": pushed}


ANSWERS = (one_weight_in_six_books,)
