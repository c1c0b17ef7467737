"""The demon: it pushes one number of the running network and watches the cost."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from proofs.lessons.pictures.figures import (
    INK,
    MUTED,
    POSITIVE,
    WIDTH,
    Picture,
    Point,
    Sheet,
    signed,
)
from proofs.measuring.cases import Case, running_case
from proofs.network.arrays import Array
from proofs.network.equations import Gradients, backprop

LETTERS = {"BP1": "z", "BP2": "z", "BP3": "b", "BP4": "w"}
"""What the demon pushes to watch each equation."""
Place = tuple[int, ...]
"""l, j and, for a weight, k, in the book's numbers: counted from 1."""
SHOWN: dict[str, Place] = {
    "BP1": (4, 1),
    "BP2": (3, 3),
    "BP3": (4, 2),
    "BP4": (4, 1, 4),
}
"""What is pushed first."""
FARTHEST = 2.0


@cache
def case() -> Case:
    """The running network on the first of its examples, so that C is the cost of one."""
    return next(running_case().examples())


@cache
def gradients() -> Gradients:
    """What the four equations say about it."""
    return backprop(case().network, case().x, case().y)


def slope(equation: str, place: Place) -> float:
    """dC/dz^l_j, dC/db^l_j or dC/dw^l_jk, by that equation."""
    found, letter, (l, *index) = gradients(), LETTERS[equation], place
    side = {"z": found.delta, "b": found.nabla_b, "w": found.nabla_w}[letter]
    return float(side[l][_entry(index)[:2]])


def change(letter: str, place: Place, step: float) -> float:
    """How much C really changes when z^l_j, b^l_j or w^l_jk grows by the step: forward passes."""
    l, *index = place
    return float(case().change(("C", case().depth), (letter, l), step)[_entry(index)])


def _entry(index: list[int]) -> tuple[int, ...]:
    """Neurons, counted from 1, as an entry of the one example."""
    return (*(n - 1 for n in index), 0)


def start() -> dict[str, Any]:
    """What the script starts from: the network, what the equations say, and pushes to agree on."""
    network, found = case().network, gradients()
    pushes = [(LETTERS[equation], place, FARTHEST) for equation, place in SHOWN.items()]
    return {
        "x": case().x.ravel().tolist(),
        "y": case().y.ravel().tolist(),
        "w": _lists(network.w),
        "b": {str(l): b.ravel().tolist() for l, b in network.b.items()},
        "slopes": {
            "z": {str(l): d.ravel().tolist() for l, d in found.delta.items()},
            "b": {str(l): d.ravel().tolist() for l, d in found.nabla_b.items()},
            "w": _lists(found.nabla_w),
        },
        "shown": {equation: list(place) for equation, place in SHOWN.items()},
        "farthest": FARTHEST,
        "check": [{"arguments": list(push), "change": change(*push)} for push in pushes],
    }


def _lists(matrices: dict[int, Array]) -> dict[str, list[list[float]]]:
    return {str(l): matrix.tolist() for l, matrix in matrices.items()}


def picture() -> Picture:
    """For one push of each equation: the real change of C, and the straight line of its slope."""
    sheet, told = Sheet(372), []
    for n, (equation, place) in enumerate(SHOWN.items()):
        left, top = (8 + 180 * (n % 2), 14 + 172 * (n // 2))
        letter, (l, *index) = LETTERS[equation], place
        neurons = "".join(map(str, index))
        pushes = np.linspace(-FARTHEST, FARTHEST, 21)
        real = [change(letter, place, float(push)) for push in pushes]
        by_slope = slope(equation, place) * pushes
        title = f"{equation}: push {letter}^{l}_{{{neurons}}}"
        _panel(sheet, (left, top), title, pushes, [real, by_slope])
        told.append(
            f"{equation}, pushing {letter}^{l}_{neurons} by {FARTHEST:g}: "
            f"C changes by {signed(real[-1], 4)}, slope times push is {signed(by_slope[-1], 4)}."
        )
    sheet.line((60, 360), (90, 360), line=POSITIVE, width=2.4)
    sheet.text((96, 360), "the real change of C", align="left")
    sheet.line((226, 360), (256, 360), line=INK, width=1)
    sheet.text((262, 360), "slope × push", align="left")
    return sheet.picture(
        "Four small plots, one for each equation: the real change of C against the push, and the "
        "straight line that the equation gives; they touch where the push is small. "
        + " ".join(told)
    )


def _panel(
    sheet: Sheet, at: Point, title: str, pushes: Array, curves: Sequence[Sequence[float] | Array]
) -> None:
    """The real change as a thick curve, the straight line of the slope as a thin one."""
    (left, top), width, height = at, WIDTH / 2 - 24, 120
    most = max(abs(number) for curve in curves for number in curve)
    x = np.interp(pushes, (-FARTHEST, FARTHEST), (left, left + width))
    sheet.text((left + width / 2, top), title, weight="bold")
    sheet.box((left, top + 14), (width, height), line=MUTED, width=0.6)
    middle = top + 14 + height / 2
    sheet.line((left, middle), (left + width, middle), line=MUTED, width=0.6)
    sheet.line(
        (left + width / 2, top + 14), (left + width / 2, top + 14 + height), line=MUTED, width=0.6
    )
    pens: list[dict[str, Any]] = [{"line": POSITIVE, "width": 2.4}, {"line": INK}]
    for curve, pen in zip(curves, pens, strict=True):
        y = middle - np.asarray(curve) / most * (height / 2 - 6)
        sheet.line(*zip(x.tolist(), y.tolist(), strict=True), **pen)
    sheet.text((left, top + 14 + height + 12), signed(-FARTHEST, 0), size=11, align="left")
    sheet.text((left + width, top + 14 + height + 12), signed(FARTHEST, 0), size=11, align="right")
