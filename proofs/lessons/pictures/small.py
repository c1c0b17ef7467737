"""The small network with its numbers: forward ones in blue, backward ones in orange."""

from itertools import product

from proofs.lessons.by_hand import short
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
)
from proofs.measuring.cases import small_case
from proofs.network.equations import backprop

COLUMNS, ROWS = (28.0, 156.0, 284.0), (64.0, 196.0)
"""Where the layers and the neurons stand."""


def plain(value: float) -> str:
    """A number as it stands on the page: ln 3, 0.75, −0.05."""
    return short(value).replace("\\", "").replace("-", "−")


def between(start: Point, end: Point, share: float) -> Point:
    """The point that lies that share of the way from start to end."""
    return start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])


def small_forward() -> Picture:
    """The small network after the forward pass: weights, biases, weighted inputs, activations."""
    sheet, said = _network(backward=False)
    sheet.text((WIDTH / 2, 266), "In each circle the activation; above or below it the weighted")
    sheet.text((WIDTH / 2, 283), "input z and the bias b; on each arrow the weight.")
    return sheet.picture(f"Two inputs, two hidden neurons, two outputs, forward. {said}")


def small_backward() -> Picture:
    """The small network after the backward pass: errors, and the gradient of every weight."""
    sheet, said = _network(backward=True)
    sheet.text((WIDTH / 2, 266), "Orange: beside each circle the error, which is also the")
    sheet.text((WIDTH / 2, 283), "gradient of the bias; on each arrow that of the weight.")
    return sheet.picture(f"The same network, with the backward numbers in orange. {said}")


def _network(backward: bool) -> tuple[Sheet, str]:
    case, said = small_case(), []
    found = backprop(case.network, case.x, case.y)
    sheet, colour = Sheet(296), NEGATIVE if backward else INK
    for l, j, k in product((2, 3), range(2), range(2)):
        start, end = (COLUMNS[l - 2], ROWS[k]), (COLUMNS[l - 1], ROWS[j])
        sheet.line(start, end, gap=23, head=7, line=MUTED)
    for l, j, k in product((2, 3), range(2), range(2)):
        start, end = (COLUMNS[l - 2], ROWS[k]), (COLUMNS[l - 1], ROWS[j])
        number = plain((found.nabla_w if backward else case.network.w)[l][j, k])
        x, y = between(start, end, 0.36 if j != k else 0.5)
        sheet.box((x - 26, y - 9), (52, 18), corner=4, fill=HIGHLIGHT, line=MUTED, width=0.6)
        sheet.text((x, y), number, size=11, color=colour)
        said.append(f"{'dC/dw' if backward else 'w'}^{l}_{j + 1}{k + 1} = {number}")
    for l, j in product((1, 2, 3), range(2)):
        x, y = COLUMNS[l - 1], ROWS[j]
        number = plain(case.value("a", l)[j, 0])
        sheet.circle((x, y), 22, line=INK, fill=POSITIVE, opacity=0.12)
        sheet.text((x, y), number, color=POSITIVE, weight="bold")
        said.append(f"a^{l}_{j + 1} = {number}")
        if l > 1:
            z, b, d = case.value("z", l)[j, 0], case.network.b[l][j, 0], found.delta[l][j, 0]
            # Outside, where no arrow comes or goes.
            if backward:
                sheet.text((x, y + (33 if j else -32)), f"δ = {plain(d)}", color=NEGATIVE)
            else:
                at, size = y + (33 if j else -32), 11
                sheet.text((x - 4, at), f"z = {plain(z)}", align="right", size=size, color=POSITIVE)
                sheet.text((x + 4, at), f"b = {plain(b)}", align="left", size=size)
            said.append(f"delta^{l}_{j + 1} = {plain(d)}" if backward else f"z = {plain(z)}")
    for j, y in enumerate(ROWS):
        sheet.text((WIDTH - 4, y), f"y = {plain(case.y[j, 0])}", align="right", size=11)
    for l, words in enumerate(("input", "hidden", "output"), start=1):
        sheet.text((COLUMNS[l - 1], 14), words, weight="bold")
    return sheet, ", ".join(said) + "."


def fan_out() -> Picture:
    """One column of the weights: forward it spreads a push, backward it collects the errors."""
    case = small_case()
    w, delta = case.network.w[3], case.delta(3)[:, 0]
    collected = (w.T @ delta)[0]
    sheet = Sheet(330)
    for top, backward in ((14.0, False), (172.0, True)):
        colour = NEGATIVE if backward else POSITIVE
        title = "backward: collected" if backward else "forward: spread"
        sheet.text((8, top), title, align="left", weight="bold")
        start, ends = (40.0, top + 70), [(190.0, top + 38), (190.0, top + 104)]
        for k, end in enumerate(ends):
            route = (end, start) if backward else (start, end)
            sheet.line(*route, gap=20, head=8, line=colour, width=1.8)
            sheet.chip(between(start, end, 0.5), plain(w[k, 0]), width=30)
            push = f"δ = {plain(delta[k])}" if backward else f"moves by {plain(w[k, 0])}"
            sheet.node(end, f"{k + 1}", radius=16)
            sheet.text((end[0], end[1] + 27), push, size=11, color=colour)
        sheet.node(start, "1", radius=16, fill=HIGHLIGHT)
        words = f"collects {plain(collected)}" if backward else "push by 1"
        sheet.text((start[0], start[1] + 28), words, size=11, color=colour)
        _matrix(sheet, (258.0, top + 40), w, backward)
    sheet.text((WIDTH / 2, 322), "The same two arrows, the same two numbers: column 1.")
    parts = " and ".join(f"{plain(w[k, 0])} times {plain(delta[k])}" for k in range(2))
    return sheet.picture(
        f"Two panels. Forward, hidden neuron 1 is pushed by 1, and the arrows with the weights "
        f"{plain(w[0, 0])} and {plain(w[1, 0])} move the two neurons of the next layer. Backward, "
        f"the same two arrows bring {parts} back to neuron 1, together {plain(collected)}. Beside "
        "each panel stands the weight matrix with its column 1 tinted."
    )


def _matrix(sheet: Sheet, at: Point, w: object, backward: bool) -> None:
    rows: list[list[float]] = [[float(v) for v in row] for row in w]  # type: ignore[attr-defined]
    sheet.box((at[0] + 2, at[1] - 2), (36, 72), corner=4, fill=HIGHLIGHT, line=MUTED, width=0.6)
    for k, row in enumerate(rows):
        for j, v in enumerate(row):
            weight = "bold" if j == 0 else "normal"
            sheet.text((at[0] + 20 + 40 * j, at[1] + 16 + 36 * k), plain(v), weight=weight)
    for x, inward in ((at[0] - 4, 6), (at[0] + 84, -6)):
        ends = ((x + inward, at[1] - 6), (x, at[1] - 6), (x, at[1] + 74), (x + inward, at[1] + 74))
        sheet.line(*ends)
    arrow = ((at[0] + 20, at[1] + 78), (at[0] + 20, at[1] + 94))
    sheet.line(
        *(arrow if backward else arrow[::-1]), head=6, line=NEGATIVE if backward else POSITIVE
    )
    sheet.text((at[0] + 30, at[1] + 88), "add" if backward else "column j", size=11, align="left")


def pairing() -> Picture:
    """One number, found in two places: errors times speeds, before and after the weights."""
    case = small_case()
    w, delta = case.network.w[3], case.delta(3)[:, 0]
    speed = case.x[::-1, 0]  # any speeds would do; these become others
    ahead, back = w @ speed, w.T @ delta
    sheet = Sheet(236)
    left, right, up, down = 86.0, 274.0, 66.0, 150.0
    sheet.text((left, 14), "this layer", weight="bold")
    sheet.text((right, 14), "next layer", weight="bold")
    for x, y, name, numbers, colour in (
        (left, up, "speeds", speed, POSITIVE),
        (right, up, "speeds", ahead, POSITIVE),
        (left, down, "collected", back, NEGATIVE),
        (right, down, "errors", delta, NEGATIVE),
    ):
        sheet.box((x - 66, y - 24), (132, 44), corner=6, fill=colour, opacity=0.1, line=MUTED)
        sheet.text((x, y - 11), name, size=11)
        sheet.text((x, y + 7), ", ".join(map(plain, numbers)), color=colour, weight="bold")
    sheet.line((left + 66, up), (right - 66, up), gap=4, head=8, line=POSITIVE, width=1.8)
    sheet.text((WIDTH / 2, up - 12), "w")
    sheet.line((right - 66, down), (left + 66, down), gap=4, head=8, line=NEGATIVE, width=1.8)
    sheet.text((WIDTH / 2, down + 17), "w^T")
    for x, speeds, errors in ((left, speed, back), (right, ahead, delta)):
        products = f"{plain((speeds * errors).sum())}"
        sheet.text((x, 108), f"products add up to {products}", size=11)
    sheet.text((WIDTH / 2, 200), "Forward, speeds go through the weights. Back, errors are")
    sheet.text((WIDTH / 2, 217), "collected by the transpose, and the total is the same.")
    return sheet.picture(
        f"Speeds {', '.join(map(plain, speed))} go forward through the weights and become "
        f"{', '.join(map(plain, ahead))}. Errors {', '.join(map(plain, delta))} come back through "
        f"the transpose, which collects {', '.join(map(plain, back))}. Their products with the "
        f"speeds, added up, are {plain((speed * back).sum())} at both layers."
    )


PICTURES = {draw.__name__: draw for draw in (small_forward, small_backward, fan_out, pairing)}
"""The pictures that a page can ask for by name."""
