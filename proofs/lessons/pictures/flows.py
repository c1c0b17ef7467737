"""Flows: paths through a network, the graph of a computation, and the three doors."""

from itertools import pairwise, product

import numpy as np

from proofs.lessons.by_hand import small_case
from proofs.lessons.pictures.figures import (
    HIGHLIGHT,
    INK,
    MUTED,
    NEGATIVE,
    POSITIVE,
    WIDTH,
    Picture,
    Sheet,
    signed,
)
from proofs.lessons.pictures.small import plain
from proofs.measuring.cases import running_case


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
    a, z, y = (float(case.value(n, l)[0, 0]) for n, l in (("a", 3), ("z", 3), ("y", 3)))
    slope, gap = float(case.sigma_prime(3)[0, 0]), a - y
    steps = [
        ("z", z, None),
        ("σ", a, slope),
        ("− y", gap, 1.0),
        ("½ ( )²", gap**2 / 2, gap),
    ]
    sheet, x, level = Sheet(226), [38.0, 132.0, 226.0, 320.0], 92.0
    back, backward = 1.0, [1.0]
    for _, _, local in reversed(steps[1:]):
        back *= local or 1.0
        backward.insert(0, back)
    for n, (name, value, local) in enumerate(steps):
        if n:
            sheet.line((x[n - 1], level), (x[n], level), gap=25, head=7)
            sheet.chip(((x[n - 1] + x[n]) / 2, level - 30), f"×{plain(local or 0)}", width=38)
        sheet.node((x[n], level), name, radius=24)
        sheet.text((x[n], level - 42), plain(value), color=POSITIVE, weight="bold")
        sheet.text((x[n], level + 43), plain(backward[n]), color=NEGATIVE, weight="bold")
    sheet.line((x[3], level + 60), (x[0], level + 60), head=8, line=NEGATIVE, width=1.6)
    sheet.text((8, 14), "forward: values", align="left", color=POSITIVE)
    sheet.text((WIDTH - 8, 14), "cost of this output", align="right", size=11)
    sheet.text((8, 176), "backward: derivatives of C", align="left", color=NEGATIVE)
    sheet.text((WIDTH / 2, 212), "Each step knows its own slope; the way back multiplies.")
    return sheet.picture(
        "A chain of steps: the weighted input, the sigmoid, minus the target, half its square. "
        f"Forward values: {', '.join(plain(v) for _, v, _ in steps)}. Local slopes: "
        f"{', '.join(plain(s) for _, _, s in steps[1:] if s is not None)}. Backward: "
        f"{', '.join(map(plain, backward))}; the first is the error of the neuron."
    )


def door_sum() -> Picture:
    """The first door: many routes from z_j to C, of which one is marked."""
    sheet = Sheet(170)
    z, outs, C = (50.0, 85.0), [(180.0, y) for y in (35.0, 85.0, 135.0)], (310.0, 85.0)
    for k, out in enumerate(outs):
        pen = {"line": POSITIVE, "width": 3.0} if k == 1 else {"line": MUTED, "width": 2.0}
        sheet.line(z, out, gap=26, head=10, **pen)
        sheet.line(out, C, gap=26, head=10, **pen)
        sheet.node(out, f"a_{k + 1}", radius=22)
    sheet.node(z, "z_2", radius=22, fill=HIGHLIGHT)
    sheet.node(C, "C", radius=22)
    return sheet.picture("Three routes from z_2 to the cost, one through each output.")


def door_check() -> Picture:
    """The second door: the grid of the checker, one cell of it red."""
    sheet, rows = Sheet(170), ("BP1", "BP2", "BP3", "BP4")
    for (r, name), column in product(enumerate(rows), range(3)):
        wrong = (r, column) == (1, 1)
        at, size = (110 + 80.0 * column, 8 + 39.0 * r), (70.0, 31.0)
        sheet.box(
            at, size, corner=5, fill=NEGATIVE if wrong else POSITIVE, opacity=0.3 if wrong else 0.12
        )
        sheet.text(
            (at[0] + 35, at[1] + 15),
            "✗" if wrong else "✓",
            size=18,
            color=NEGATIVE if wrong else INK,
        )
        if not column:
            sheet.text((90, at[1] + 15), name, size=18, align="right", weight="bold")
    return sheet.picture("A table of the four equations and three layers; one cell is wrong.")


def door_teach() -> Picture:
    """The third door: an equation, with the mark that it was checked."""
    sheet = Sheet(170)
    sheet.box((30, 20), (300, 84), corner=8, line=INK, width=1.6)
    sheet.text((WIDTH / 2, 62), "δ = ∂C/∂z", size=26)
    sheet.text((WIDTH / 2, 136), "✓ symbols  ✓ numbers  ✓ proof", size=18, color=POSITIVE)
    return sheet.picture("An equation on a board, marked as checked three ways.")


PICTURES = {
    draw.__name__: draw for draw in (all_paths, local_slopes, door_sum, door_check, door_teach)
}
"""The pictures that a page can ask for by name."""
