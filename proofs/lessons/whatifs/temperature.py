"""Temperature: the outputs of softmax(c z) as bars, while c moves."""

from typing import Any

import numpy as np

from proofs.lessons.pictures.figures import INK, MUTED, POSITIVE, WIDTH, Picture, Sheet
from proofs.network.activations import softmax

EXPONENTIALS = (1.0, 2.0, 5.0)
"""Of the weighted inputs: softmax makes 1/8, 2/8 and 5/8 of them."""
SHOWN = (0.1, 1.0, 3.0, 10.0)
"""The factors c of the still picture."""
RANGE = (-3.0, 3.0)
"""Of the exponent of 2 that a slider offers for c."""


def z() -> list[float]:
    """The weighted inputs."""
    return np.log(EXPONENTIALS).tolist()


def outputs(z: object, c: float) -> list[float]:
    """softmax(c z), the outputs at temperature 1/c."""
    column = np.reshape(np.asarray(z, float), (-1, 1))
    return softmax(c * column).ravel().tolist()


def start() -> dict[str, Any]:
    """What the script starts from, and what it must compute there before it may."""
    arguments = ([0.3, -1.2, 2.0], 1.7)
    return {
        "z": z(),
        "range": list(RANGE),
        "check": {"arguments": list(arguments), "result": outputs(*arguments)},
    }


def picture() -> Picture:
    """The outputs for four factors, a group of bars each."""
    sheet, bottom, height, told = Sheet(196), 150.0, 110.0, []
    sheet.text((8, 16), "outputs of softmax(c z)", align="left", weight="bold")
    for n, c in enumerate(SHOWN):
        left, found = 14 + 87 * n, outputs(z(), c)
        sheet.line((left - 4, bottom), (left + 72, bottom), line=MUTED, width=0.7)
        for k, a in enumerate(found):
            x = left + 24 * k
            sheet.box((x, bottom - height * a), (19, height * a), fill=POSITIVE)
            sheet.text((x + 9.5, bottom - height * a - 8), f"{a:.2f}", size=11)
            sheet.text((x + 9.5, bottom + 12), f"a_{k + 1}", size=11)
        sheet.text((left + 34, bottom + 34), f"c = {c:g}", color=INK)
        told.append(f"c = {c:g}: {', '.join(f'{a:.2f}' for a in found)}")
    assert left + 72 < WIDTH
    return sheet.picture(
        "Bars for the three outputs of softmax of c times z, where the exponentials of z are "
        f"{', '.join(f'{e:g}' for e in EXPONENTIALS)}. {'; '.join(told)}."
    )
