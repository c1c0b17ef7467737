"""Flows: paths through a network, the graph of a computation, and the three doors."""

from itertools import pairwise, product

import numpy as np

from proofs.lessons.pictures.figures import (
    HIGHLIGHT,
    INK,
    MUTED,
    NEGATIVE,
    POSITIVE,
    WIDTH,
    Picture,
    Point,
    Sheet,
    signed,
)
from proofs.lessons.pictures.small import plain
from proofs.measuring.cases import running_case, small_case
from proofs.network.equations import backprop


def all_paths() -> Picture:
    """All paths from one neuron of layer 2 of the running network to the cost, one marked."""
    case = running_case()
    sizes = case.network.sizes
    x, middle = (30.0, 130.0, 230.0, 330.0), 116.0
    layers = [[(x[0], middle)]]
    layers += [
        [(x[n], middle + 50 * (i - (s - 1) / 2)) for i in range(s)]
        for n, s in ((1, sizes[2]), (2, sizes[3]))
    ]
    layers.append([(x[3], middle)])
    rates = _rates()
    sheet, marked = Sheet(280), np.unravel_index(abs(rates).argmax(), rates.shape)
    sheet.weights(layers, gap=14)
    route = [layers[0][0], layers[1][marked[0]], layers[2][marked[1]], layers[3][0]]
    for start, end in pairwise(route):
        sheet.line(start, end, gap=15, head=8, line=POSITIVE, width=2.4)
    for n, layer in enumerate(layers):
        for i, place in enumerate(layer, start=1):
            words = "C" if n == 3 else "1" if n == 0 else str(i)
            sheet.node(place, words, fill=HIGHLIGHT if place in route else None)
    for n, words in enumerate(("layer 2", "layer 3", "layer 4", "cost")):
        sheet.text((x[n], 230), words)
    sheet.text(
        (WIDTH / 2, 254),
        f"{rates.size} paths. The marked one contributes {signed(rates[marked], 4)},",
    )
    sheet.text((WIDTH / 2, 271), f"all of them together {signed(rates.sum(), 4)}.")
    return sheet.picture(
        f"From neuron 1 of layer 2 arrows lead to all {sizes[2]} neurons of layer 3, from each of "
        f"them to both of layer 4, and on to the cost: {rates.size} paths. One is marked; it "
        f"contributes {signed(rates[marked], 4)} of the sum {signed(rates.sum(), 4)}."
    )


def _rates() -> np.ndarray:
    """What each path from a^2_1 to C multiplies up to: row n_3, column n_4; one example."""
    case = running_case()
    first = case.partial(("a", 3), ("a", 2))[:, 0, 0]
    then = case.partial(("a", 4), ("a", 3))[:, :, 0]
    last = case.partial(("C", 4), ("a", 4))[:, 0]
    return np.asarray(first[:, None] * then.T * last)


def local_slopes() -> Picture:
    """Output neuron 1 of the small network as a graph of single steps, forward and back."""
    case = small_case()
    found = backprop(case.network, case.x, case.y)
    w, b, delta = case.network.w[3][0], float(case.network.b[3][0, 0]), found.delta[3][0, 0]
    before, z = case.value("a", 2)[:, 0], float(case.value("z", 3)[0, 0])
    a, y, slope = case.value("a", 3)[0, 0], case.y[0, 0], case.sigma_prime(3)[0, 0]
    sheet, ends = Sheet(404), [(206.0, 146.0), (272.0, 146.0), (334.0, 146.0)]
    products, inputs = [(122.0, 84.0), (122.0, 206.0)], [54.0, 114.0, 176.0, 236.0]
    said = []

    def step(at: Point, name: str, value: float, back: float, said_as: str, left: int = 0) -> None:
        sheet.node(at, name, radius=15)
        above = at[0] - left, at[1] - 22
        sheet.text(above, plain(value), color=POSITIVE, size=11, weight="bold")
        sheet.text((at[0], at[1] + 23), plain(back), color=NEGATIVE, size=11, weight="bold")
        said.append(f"{said_as} {plain(value)}, back {plain(back)}")

    def edge(start: Point, end: Point, slope: float | None = None) -> None:
        sheet.line(start, end, gap=16, head=6)
        if slope is not None:
            middle = (0.5 * (start[0] + end[0]), 0.5 * (start[1] + end[1]))
            sheet.box((middle[0] - 17, middle[1] - 8), (34, 16), corner=4, fill=HIGHLIGHT)
            sheet.text(middle, f"×{plain(slope)}", size=10)

    for k, times in enumerate(products):
        for at, slope_here in ((inputs[2 * k], w[k]), (inputs[2 * k + 1], before[k])):
            edge((28.0, at), times, slope_here)
        edge(times, ends[0])
        step((28.0, inputs[2 * k]), f"a_{k + 1}", before[k], delta * w[k], f"a_{k + 1}")
        back = found.nabla_w[3][0, k]
        step((28.0, inputs[2 * k + 1]), f"w_{{1{k + 1}}}", w[k], back, f"w_1{k + 1}")
        step(times, "×", w[k] * before[k], delta, "product")
    edge((88.0, 300.0), ends[0])
    step((88.0, 300.0), "b_1", b, found.nabla_b[3][0, 0], "b_1", left=10)  # beside its arrow
    edge(ends[0], ends[1], slope)
    edge(ends[1], ends[2], a - y)
    step(ends[0], "+", z, delta, "their sum, z,")
    step(ends[1], "σ", a, a - y, "sigmoid")
    step(ends[2], "C", (a - y) ** 2 / 2, 1.0, "half the squared gap to the target")
    sheet.text((8, 10), "forward: values", align="left", color=POSITIVE, weight="bold")
    words = "backward: derivatives of C", "yellow: slopes of the steps"
    sheet.text((WIDTH - 8, 10), words[0], align="right", color=NEGATIVE, weight="bold")
    sheet.text((WIDTH - 8, 27), words[1], align="right", size=11)
    sheet.text((WIDTH / 2, 342), "Sums pass on what arrives, products times the other")
    sheet.text((WIDTH / 2, 359), "factor, the sigmoid times its slope.")
    sheet.text((WIDTH / 2, 386), f"At the sum arrives δ_1 = {plain(delta)}, the error.")
    return sheet.picture(
        "A graph of steps: two activations, each times a weight, and a bias are added up; then "
        f"the sigmoid, whose slope is {plain(slope)}, and the cost. {'; '.join(said)}. What "
        "arrives at the sum is the error of the neuron."
    )


def algorithm_steps() -> Picture:
    """The algorithm on three layers: what is computed from what, and what is kept for later."""
    sheet, up, down, low = Sheet(330), 52.0, 156.0, 256.0
    a, z, C = {1: 26.0, 2: 142.0, 3: 258.0}, {2: 92.0, 3: 208.0}, 332.0
    for l in (2, 3):
        sheet.line((a[l - 1], up), (z[l], up), gap=14, head=6, width=1.6)
        sheet.line((z[l], up), (a[l], up), gap=14, head=6, width=1.6)
        # Kept on the way forward: z for the slope, a for the gradient of the weights.
        sheet.line((z[l], up), (z[l], down), gap=15, head=6, line=POSITIVE, width=1.4)
        sheet.line((a[l - 1], up), (a[l - 1] + 18, low), gap=15, head=6, line=POSITIVE, width=1.4)
        came = [(C, up), (C, down)] if l == 3 else [(z[3], down)]
        sheet.line(*came, (z[l], down), gap=16, head=7, line=NEGATIVE, width=1.8)
        at_w, at_b = (a[l - 1] + 18, low), (z[l] + 16, low)
        for at, name in ((at_w, "BP4"), (at_b, "BP3")):
            sheet.line((z[l], down), at, gap=15, head=6, line=NEGATIVE, width=1.4)
            sheet.chip((at[0], low + 28), name)
        sheet.text(at_w, f"∂C/∂w^{l}")
        sheet.text(at_b, f"∂C/∂b^{l}")
    sheet.line((a[3], up), (C, up), gap=14, head=6, width=1.6)
    for l in (1, 2, 3):
        sheet.node((a[l], up), f"a^{l}")
    for l in (2, 3):
        sheet.node((z[l], up), f"z^{l}")
        sheet.node((z[l], down), f"δ^{l}", fill=HIGHLIGHT)
    sheet.node((C, up), "C")
    sheet.chip((0.5 * (z[3] + C) + 8, down), "BP1")
    sheet.chip((z[3] - 35, down), "BP2")  # to the right of the arrow that comes down from a^2
    sheet.text((8, 14), "forward", align="left", weight="bold")
    sheet.text((WIDTH - 8, down + 24), "backward", align="right", weight="bold", color=NEGATIVE)
    words = "Blue: what the forward pass keeps. BP1 and BP2 take"
    sheet.text((WIDTH / 2, 306), words, color=POSITIVE, size=11)
    sheet.text((WIDTH / 2, 322), "the slope at z, BP4 the activation.", color=POSITIVE, size=11)
    return sheet.picture(
        "Forward, left to right: a^1, z^2, a^2, z^3, a^3, and the cost C. Backward, right to "
        "left: BP1 leads from C to delta^3, and BP2 from there to delta^2. From each z^l, which "
        "was kept, an arrow leads down to delta^l. Below, BP3 takes delta^l alone and gives "
        "dC/db^l; BP4 takes delta^l and the kept a^(l-1) and gives dC/dw^l."
    )


DOOR, DOOR_LETTERS = 244, 34
"""How high the picture of a door is, and its letters: a phone shows it at a third of its size."""


def door_sum() -> Picture:
    """The first door: many routes from z_j to C, of which one is marked."""
    sheet = Sheet(DOOR)
    z, outs, C = (48.0, 122.0), [(180.0, y) for y in (42.0, 122.0, 202.0)], (312.0, 122.0)
    for k, out in enumerate(outs):
        pen = {"line": POSITIVE, "width": 6.0} if k == 1 else {"line": MUTED, "width": 3.0}
        sheet.line(z, out, gap=42, head=16, **pen)
        sheet.line(out, C, gap=42, head=16, **pen)
    named = {f"a_{k + 1}": out for k, out in enumerate(outs)} | {"z_2": z, "C": C}
    for name, at in named.items():
        sheet.circle(at, 36, line=INK, width=2, fill=HIGHLIGHT if at == z else None)
        sheet.text(at, name, size=DOOR_LETTERS)
    return sheet.picture("Three routes from z_2 to the cost, one through each output.")


def door_check() -> Picture:
    """The second door: the grid of the checker, one cell of it red."""
    sheet, rows = Sheet(DOOR), ("BP1", "BP2", "BP3", "BP4")
    for (r, name), column in product(enumerate(rows), range(3)):
        wrong = (r, column) == (1, 1)
        at, size = (108 + 86.0 * column, 4 + 60.0 * r), (76.0, 50.0)
        tint = {"fill": NEGATIVE, "opacity": 0.3} if wrong else {"fill": POSITIVE, "opacity": 0.12}
        sheet.box(at, size, corner=8, **tint)
        middle, colour = (at[0] + 38, at[1] + 25), NEGATIVE if wrong else INK
        sheet.text(middle, "✗" if wrong else "✓", size=DOOR_LETTERS, color=colour)
        if not column:
            at = (92, middle[1])
            sheet.text(at, name, size=DOOR_LETTERS, align="right", weight="bold")
    return sheet.picture("A table of the four equations and three layers; one cell is wrong.")


def door_teach() -> Picture:
    """The third door: an equation, with the marks that it was checked."""
    sheet = Sheet(DOOR)
    sheet.box((20, 6), (320, 92), corner=12, line=INK, width=2.5)
    sheet.text((WIDTH / 2, 54), "δ = ∂C/∂z", size=42)
    for n, way in enumerate(("symbols", "numbers", "proof")):
        at = (100, 128 + 46 * n)
        sheet.text(at, f"✓ {way}", size=DOOR_LETTERS, align="left", color=POSITIVE)
    return sheet.picture("An equation on a board, marked as checked three ways.")


PICTURES = {
    draw.__name__: draw
    for draw in (all_paths, local_slopes, algorithm_steps, door_sum, door_check, door_teach)
}
"""The pictures that a page can ask for by name."""
