"""A picture of how the errors of a network shrink, or do not, from layer to layer going back."""

import numpy as np

from proofs.lessons.pictures.figures import INK, MUTED, NEGATIVE, POSITIVE, WIDTH, Picture, Sheet
from proofs.measuring.cases import Case
from proofs.network import Network
from proofs.network.activations import Activation, relu, sigmoid, tanh
from proofs.network.arrays import Array
from proofs.network.equations import backprop

LAYERS, NEURONS, EXAMPLES = 11, 30, 50
LINES = {sigmoid: NEGATIVE, tanh: INK, relu: POSITIVE}
"""The hidden activations that are compared, each with its colour."""


def lengths(hidden: Activation) -> Array:
    """The length of delta^l for l = 2..L, averaged over examples, with tanh outputs.

    Every layer is as wide, weights and biases are drawn as `Network` draws them.
    """
    random = np.random.default_rng(0)
    network = Network([NEURONS] * LAYERS, [hidden] * (LAYERS - 2) + [tanh])
    x, y = random.standard_normal((2, NEURONS, EXAMPLES))
    case = Case(network, x, np.tanh(y))
    delta = backprop(network, case.x, case.y).delta
    return np.array([np.linalg.norm(delta[l], axis=0).mean() for l in network.layers])


def errors_by_layer() -> Picture:
    """The length of delta^l, layer by layer, for hidden layers of sigmoid, tanh and ReLU."""
    sheet, top, bottom, left, right = Sheet(270), 40.0, 212.0, 52.0, 270.0
    drawn = {f: lengths(f) / lengths(f)[-1] for f in LINES}
    decades = int(np.ceil(-np.log10(min(d.min() for d in drawn.values()))))

    def point(l: int, length: float) -> tuple[float, float]:
        across = left + (l - 2) / (LAYERS - 2) * (right - left)
        return across, top - np.log10(length) / decades * (bottom - top)

    for decade in range(decades + 1):
        _, y = point(2, 10.0**-decade)
        sheet.line((left - 8, y), (right + 8, y), line=MUTED, opacity=0.35, width=0.7)
        sheet.text((left - 14, y), f"10^{{−{decade}}}" if decade else "1", align="right")
    for f, colour in LINES.items():
        places = [point(l, length) for l, length in enumerate(drawn[f], start=2)]
        sheet.line(*places, line=colour, width=1.6)
        for place in places:
            sheet.circle(place, 2.4, fill=colour)
    for l in range(2, LAYERS + 1):
        sheet.text((point(l, 1)[0], 230), str(l))
    _ends(sheet, {f: point(2, drawn[f][0])[1] for f in LINES}, right + 16)
    sheet.text((8, 14), "length of δ^l, where the output has 1", align="left")
    sheet.text(((left + right) / 2, 254), "layer l")
    said = "; ".join(
        f"{f}: {drawn[f][0]:.1e} of it is left at layer 2, {drawn[f][-2]:.2f} one layer back"
        for f in LINES
    )
    return sheet.picture(
        f"The length of the error delta^l of each layer l from 2 to {LAYERS}, on a logarithmic "
        f"scale, divided by that at the output, for three kinds of hidden layers. {said}."
    )


def _ends(sheet: Sheet, heights: dict[Activation, float], x: float) -> None:
    """What the lines are called, from the highest to the lowest at layer 2, with their colours."""
    for n, f in enumerate(sorted(heights, key=lambda f: heights[f])):
        y = 56 + 24 * n
        sheet.line((x, y), (x + 16, y), line=LINES[f], width=1.6)
        sheet.text((min(x + 22, WIDTH - 40), y), "ReLU" if f is relu else f.name, align="left")


PICTURES = {errors_by_layer.__name__: errors_by_layer}
"""The pictures that a page can ask for by name."""
