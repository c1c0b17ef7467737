"""Pictures for the pages on what other libraries answer."""

from collections.abc import Callable

import numpy as np

from proofs.lessons.kinks import KINKS, Kink
from proofs.lessons.pictures.figures import (
    INK,
    MUTED,
    NEGATIVE,
    POSITIVE,
    WIDTH,
    Picture,
    Point,
    Sheet,
    colour_of,
    signed,
)
from proofs.network.arrays import Array

FUNCTIONS = {"relu": "relu at 0", "|x|": "abs at 0", "celu, alpha 2": "celu, alpha 2, at 0"}
"""What is drawn, by name, and the question that has the function."""


def two_slopes() -> Picture:
    """Three functions at 0 with the lines that touch them there: a fan, a fan, and a single one."""
    sheet, told = Sheet(196), []
    for place, (name, question) in enumerate(FUNCTIONS.items()):
        kink = KINKS[question]
        left, right = kink.sides(np.ones(1))
        middle = (60 + 120 * place, 108)
        sheet.text((middle[0], 16), name, size=13, weight="bold")
        _fan(sheet, middle, left, right)
        _curve(sheet, middle, kink)
        slopes = f"{signed(left, 0)} to {signed(right, 0)}" if left < right else signed(right, 0)
        sheet.text((middle[0], 172), f"slope {slopes}")
        told.append(f"{name}: slope {slopes}")
    return sheet.picture(
        "Three curves through 0, each with the straight lines that touch it there: a fan of them "
        f"below the corners of relu and |x|, a single one where celu is smooth. {'; '.join(told)}."
    )


def _fan(sheet: Sheet, middle: Point, left: float, right: float) -> None:
    """Lines with the slopes from the left one to the right one."""
    for slope in np.linspace(left, right, 5 if left < right else 1):
        x = 46 / np.hypot(1, slope)
        ends = [(middle[0] + s * x, middle[1] - s * slope * x) for s in (-1, 1)]
        sheet.line(*ends, line=MUTED, width=1, opacity=0.7)


def _curve(sheet: Sheet, middle: Point, kink: Kink) -> None:
    """The function to both sides of 0, and its point there."""
    x = np.linspace(-1.4, 1.4, 57)
    y = [float(kink.function(np.array([one]))) for one in x]
    points = [(middle[0] + 34 * a, middle[1] - 34 * b) for a, b in zip(x, y, strict=True)]
    sheet.line(*points, line=POSITIVE, width=2.4)
    sheet.circle(middle, 3.5, fill=INK)


def rounded(number: float, digits: int) -> float:
    """A number with that many binary digits, ties to even, as low precision keeps it."""
    if not number:
        return 0.0
    unit = 2.0 ** (np.floor(np.log2(abs(number))) - digits + 1)
    return float(np.round(number / unit) * unit)


def counting(digits: int, most: int) -> Array:
    """The sums of 1, 2, ... ones, each rounded to that many binary digits before the next."""
    sums = np.zeros(most + 1)
    for n in range(most):
        sums[n + 1] = rounded(sums[n] + 1, digits)
    return sums


def stopped_sum() -> Picture:
    """Ones added up one after the other, as they should grow and as they do with eight digits."""
    most = 640
    sums = counting(8, most)
    sheet, left, bottom, scale = Sheet(224), 52, 180, 0.45
    for value in (0, 256, 512):
        y = bottom - scale * value * 0.52
        sheet.text((left - 10, y), str(value), align="right")
        sheet.line((left, y), (left + scale * most, y), line=MUTED, width=0.5, opacity=0.6)
        sheet.text((left + scale * value, bottom + 16), str(value))
    ways = {"as counted": (np.arange(most + 1.0), MUTED), "in bfloat16": (sums, NEGATIVE)}
    for name, (way, colour) in ways.items():
        at = [(left + scale * n, bottom - scale * 0.52 * way[n]) for n in range(0, most + 1, 8)]
        sheet.line(*at, line=colour, width=2.4)
        sheet.text((at[-1][0] + 6, at[-1][1] - 10), name, align="right", color=colour)
    sheet.text((left + scale * most / 2, 214), "ones that were added")
    return sheet.picture(
        f"Two lines of a sum over the ones added to it: the count itself rises to {most}, the sum "
        f"in bfloat16 rises with it to {int(sums.max())} and stays there."
    )


def cut_jacobian() -> Picture:
    """The Jacobian of v / sum(v) as it is, beside what is left of it on its diagonal."""
    v = np.array([0.7, 1.1, 0.4])
    true = np.eye(3) / v.sum() - np.outer(v, np.ones(3)) / v.sum() ** 2
    cut = np.eye(3) / v.sum()
    sheet, cell, top = Sheet(222), 46, 50
    for left, title, matrix in ((26, "as it is", true), (218, "as it is printed", cut)):
        sheet.text((left + 1.5 * cell, 14), title, size=13, weight="bold")
        for k, j in np.ndindex(3, 3):
            value, (x, y) = matrix[k, j], (left + j * cell, top + k * cell)
            fill = {"fill": colour_of(value), "opacity": 0.3} if value else {}
            sheet.box(
                (x + 1.5, y + 1.5), (cell - 3, cell - 3), corner=3, line=MUTED, width=0.5, **fill
            )
            colour = INK if value else MUTED
            sheet.text((x + cell / 2, y + cell / 2), signed(value), size=11, color=colour)
    sheet.text((WIDTH / 2, 206), "Row k is an entry of v / sum(v), column j the v_j pushed.")
    return sheet.picture(
        "Two 3 by 3 matrices: the Jacobian of v over its sum, all of whose nine numbers differ "
        "from 0, and the one that SymPy prints, the identity over the sum, which is 0 off the "
        "diagonal. "
        + " ".join(
            f"{title}: {'; '.join(' '.join(map(signed, row)) for row in matrix)}."
            for title, matrix in (("As it is", true), ("As printed", cut))
        )
    )


PICTURES: dict[str, Callable[[], Picture]] = {
    draw.__name__: draw for draw in (two_slopes, stopped_sum, cut_jacobian)
}
"""Pictures by name."""
