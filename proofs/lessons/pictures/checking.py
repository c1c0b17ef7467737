"""Pictures about checking: costs that fall along wrong gradients, and how small a push may be."""

from functools import cache

import numpy as np

from proofs.lessons.pictures.figures import INK, MUTED, NEGATIVE, POSITIVE, Picture, Point, Sheet
from proofs.measuring.cases import running_case
from proofs.measuring.one_number import run as run_forward
from proofs.mistakes.catalogue import RECTANGULAR, WILD, Backprop, costs, run, textbook
from proofs.network.arrays import Array
from proofs.network.equations import backprop

STEPS = 300

CURVES = {
    "06": "sign flipped",
    "28": "one path of all",
    "16": "σ′ only at the end",
    "02": "no σ′ at the end",
}
"""Backward passes from the wild, by name, in the words of the picture."""


@cache
def trained() -> dict[str, Array]:
    """The cost after 0..300 steps, along the right gradient and along wrong ones, from one start.

    The network and its batch are those of `RECTANGULAR`, with seed 3.
    """
    case = RECTANGULAR.case(seed=3)
    passes: dict[str, Backprop] = {"right": run(textbook(RECTANGULAR.lines()), RECTANGULAR)}
    passes |= {CURVES[w.name]: w.backprop() for w in WILD if w.name in CURVES}
    return {words: costs(found, case, steps=STEPS) for words, found in passes.items()}


def cost_curves() -> Picture:
    """How the cost falls along the right gradient, and along those of wrong backward passes."""
    sheet, left, right, top, bottom = Sheet(288), 34.0, 226.0, 24.0, 244.0
    curves = trained()
    most = max(float(curve.max()) for curve in curves.values())

    def at(step: int, cost: float) -> Point:
        return left + (right - left) * step / STEPS, bottom - (bottom - top) * cost / most

    sheet.text((left - 8, 10), "cost", align="left", weight="bold")
    sheet.line((left, top - 4), (left, bottom), (right, bottom), line=MUTED, width=0.8)
    sheet.text((left - 8, bottom), "0", align="right")
    for step in (0, STEPS // 2, STEPS):
        sheet.text((at(step, 0)[0], bottom + 14), str(step))
    sheet.text((at(STEPS // 2, 0)[0], bottom + 32), "steps of gradient descent")
    for words, curve in curves.items():
        colour, width = (POSITIVE, 2.4) if words == "right" else (NEGATIVE, 1.3)
        points = [at(step, cost) for step, cost in enumerate(curve)][::3]
        sheet.line(*points, line=colour, width=width)
        weight = "bold" if words == "right" else "normal"
        sheet.text((right + 6, points[-1][1]), words, align="left", weight=weight)
    ends = "; ".join(f"{words}: {curve[-1]:.3f}" for words, curve in curves.items())
    return sheet.picture(
        f"Curves of the cost over {STEPS} steps of gradient descent from the same start, at "
        f"{curves['right'][0]:.3f}. Where they end: {ends}. All wrong ones but one fall, and some "
        "end below the right one."
    )


@cache
def errors() -> tuple[Array, dict[str, Array]]:
    """Step sizes, and the relative error of dC/dw^3_11 at each, by three ways to push.

    The network is the running one; the error is against BP4.
    """
    case = running_case()
    w, exact = case.network.w[3], backprop(case.network, case.x, case.y).nabla_w[3][0, 0]

    def cost(push: float) -> float:
        weights = [v.copy() for v in case.network.weights]
        weights[1][0, 0] = w[0, 0] + push
        moved = case.network.with_arrays(weights, case.network.biases)
        return moved.average_cost(case.x, case.y)

    def imaginary(h: float) -> float:
        z = case.value("z", 3).astype(complex)
        z[0] += 1j * h * case.value("a", 2)[0]
        return float(
            run_forward(case.network, ("z", 3), z, ("C", case.depth), case.y).mean().imag / h
        )

    def one_sided(h: float) -> float:
        return (cost(h) - cost(0)) / h

    def two_sided(h: float) -> float:
        return (cost(h) - cost(-h)) / (2 * h)

    sizes = 2.0 ** -np.arange(1, 67)
    ways = {"one-sided": one_sided, "two-sided": two_sided, "imaginary": imaginary}
    return sizes, {
        name: np.array([abs(way(h) / exact - 1) for h in sizes]) for name, way in ways.items()
    }


def step_sizes() -> Picture:
    """The error of a derivative against the size of the push, real or imaginary."""
    sheet, left, right, top, bottom = Sheet(292), 44.0, 262.0, 26.0, 246.0
    sizes, found = errors()
    lowest = 17

    def at(h: float, error: float) -> Point:
        # An error of exactly 0 is drawn at the lowest line.
        digits = min(lowest, -np.log10(max(error, 10.0**-lowest)))
        across = np.log(h / sizes[0]) / np.log(sizes[-1] / sizes[0])
        return float(left + (right - left) * across), float(top + (bottom - top) * digits / lowest)

    sheet.text((8, 10), "relative error", align="left", weight="bold")
    sheet.line((left, top), (left, bottom), (right, bottom), line=MUTED, width=0.8)
    for digits in (0, 4, 8, 12, 16):
        y = at(sizes[0], 10.0**-digits)[1]
        sheet.line((left, y), (right, y), line=MUTED, width=0.5, opacity=0.4)
        sheet.text((left - 6, y), f"10^{{−{digits}}}" if digits else "1", align="right")
    for digits in (5, 10, 15):
        sheet.text((at(10.0**-digits, 0)[0], bottom + 14), f"10^{{−{digits}}}")
    sheet.text(((left + right) / 2, bottom + 33), "size of the push, smaller to the right")
    pens = {
        "one-sided": (NEGATIVE, 1.3),
        "two-sided": (INK, 1.3),
        "imaginary": (POSITIVE, 2.4),
    }
    for name, error in found.items():
        colour, width = pens[name]
        points = [at(h, min(e, 1.0)) for h, e in zip(sizes, error, strict=True)]
        sheet.line(*points, line=colour, width=width)
    levels = {"one-sided": 0.6, "two-sided": 8.0, "imaginary": 15.6}
    for name, level in levels.items():
        y = top + (bottom - top) * level / lowest
        sheet.line((right + 6, y), (right + 20, y), line=pens[name][0], width=pens[name][1])
        sheet.text((right + 24, y), name, align="left")
    best = "; ".join(
        f"{name}: {_short(error.min())} at a push of {sizes[error.argmin()]:.0e}"
        for name, error in found.items()
    )
    return sheet.picture(
        "The relative error of a derivative against the size of the push. The curves of the one-"
        "sided and the two-sided difference fall, reach a lowest point and rise again; that of the "
        f"imaginary push falls and stays down. The least errors are, {best}. At the smallest push, "
        f"{sizes[-1]:.0e}, the imaginary one errs by {_short(found['imaginary'][-1])}, "
        f"the one-sided by {_short(found['one-sided'][-1])}."
    )


def _short(error: float) -> str:
    return f"{error:.0e}" if 0 < error < 0.1 else f"{error:.1g}"


PICTURES = {draw.__name__: draw for draw in (cost_curves, step_sizes)}
"""The pictures that a page can ask for by name."""
