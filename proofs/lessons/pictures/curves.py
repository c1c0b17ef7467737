"""Curves: the sigmoid and its slope, and the two costs of one sigmoid output."""

from collections.abc import Callable

import numpy as np

from proofs.lessons.pictures.figures import MUTED, NEGATIVE, POSITIVE, Picture, Point, Sheet
from proofs.network.activations import sigmoid
from proofs.network.arrays import Array
from proofs.network.costs import Cost, cross_entropy, quadratic

REACH = 6.0
"""The weighted inputs that are shown: from minus this to this."""


def _axes(sheet: Sheet, top: float, bottom: float, most: float) -> Callable[[float, float], Point]:
    left, right = 40.0, 348.0

    def at(z: float, value: float) -> Point:
        across = (z + REACH) / (2 * REACH)
        return left + (right - left) * across, bottom - (bottom - top) * value / most

    sheet.line(at(-REACH, 0), at(REACH, 0), line=MUTED, width=0.8)
    sheet.line(at(0, 0), at(0, most), line=MUTED, width=0.8)
    for z in (-6, -3, 0, 3, 6):
        sheet.text((at(z, 0)[0], bottom + 14), str(z).replace("-", "−"))
    sheet.text((right, bottom + 30), "weighted input z", align="right")
    return at


def _curve(
    sheet: Sheet, at: Callable[[float, float], Point], values: Callable[[Array], Array], line: str
) -> None:
    z = np.linspace(-REACH, REACH, 121)
    heights = np.ravel(values(z[None]))
    points = [at(float(x), float(v)) for x, v in zip(z, heights, strict=True)]
    sheet.line(*points, line=line, width=2.2)


def sigmoid_and_slope() -> Picture:
    """The sigmoid, and how steep it is at each weighted input."""
    sheet = Sheet(250)
    at = _axes(sheet, 20, 200, 1.0)
    for height in (0.25, 0.5, 1.0):
        sheet.line(at(-REACH, height), at(REACH, height), line=MUTED, width=0.5, opacity=0.4)
        sheet.text((34, at(0, height)[1]), f"{height:g}", align="right")
    _curve(sheet, at, sigmoid, POSITIVE)
    _curve(sheet, at, sigmoid.prime, NEGATIVE)
    sheet.text(at(3.2, 0.86), "σ", color=POSITIVE, size=14)
    sheet.text(at(1.9, 0.24), "σ′", color=NEGATIVE, size=14)
    steep, flat = (float(sigmoid.prime(np.array([[z]]))[0, 0]) for z in (0.0, REACH))
    return sheet.picture(
        f"The sigmoid rises from 0 to 1. Its slope is {steep:g} at z = 0, which is the most, and "
        f"falls to {flat:.4f} at z = 6 and z = -6."
    )


def two_costs() -> Picture:
    """The error of one sigmoid output with target 0, for the quadratic cost and cross-entropy."""
    sheet = Sheet(250)
    at = _axes(sheet, 32, 200, 1.0)
    sheet.text((8, 10), "error δ of the output", align="left")
    for height in (0.5, 1.0):
        sheet.line(at(-REACH, height), at(REACH, height), line=MUTED, width=0.5, opacity=0.4)
        sheet.text((34, at(0, height)[1]), f"{height:g}", align="right")

    def error(cost: Cost) -> Callable[[Array], Array]:
        target = np.zeros((1, 121))
        return lambda z: cost.gradient(sigmoid(z), target[:, : z.shape[1]]) * sigmoid.prime(z)

    _curve(sheet, at, error(cross_entropy), POSITIVE)
    _curve(sheet, at, error(quadratic), NEGATIVE)
    sheet.text(at(2.4, 0.72), "cross-entropy", color=POSITIVE, align="left")
    sheet.text(at(2.6, 0.2), "quadratic", color=NEGATIVE, align="left")
    far = np.array([[REACH]])
    slow, fast = (float(error(cost)(far)[0, 0]) for cost in (quadratic, cross_entropy))
    return sheet.picture(
        "The error of one sigmoid output whose target is 0, over its weighted input. With the "
        f"cross-entropy it keeps growing, to {fast:.3f} at z = 6; with the quadratic cost it rises "
        f"and falls again, to {slow:.4f}."
    )


PICTURES = {draw.__name__: draw for draw in (sigmoid_and_slope, two_costs)}
"""The pictures that a page can ask for by name."""
