"""Layers that people use: where the sum over all k is in them."""

from itertools import product
from typing import NamedTuple

import numpy as np

from proofs.lessons.pictures.figures import (
    HIGHLIGHT,
    MUTED,
    NEGATIVE,
    POSITIVE,
    WIDTH,
    Picture,
    Sheet,
)
from proofs.lessons.pictures.small import between, plain
from proofs.network.activations import softmax
from proofs.network.layers.attention import softmax_backward
from proofs.network.layers.cells import cell_backward
from proofs.network.layers.normalisation import normalise_backward
from proofs.network.layers.sharing import convolution_backward, residual_backward

COLUMNS = (64.0, 180.0, 296.0)


def one_row_of_attention() -> Picture:
    """One score of a head collects what all shares of its row send back."""
    scores = np.log([[1.0], [1.0], [2.0]])
    P, J = softmax(scores)[:, 0], softmax.jacobian(scores)[:, :, 0]
    dP = np.array([4.0, 0.0, 2.0])
    dS, of = softmax_backward(dP, P), 0
    sheet, top, bottom = Sheet(286), 66.0, 200.0
    start = (COLUMNS[of], bottom)
    for k, x in enumerate(COLUMNS):
        end = (x, top)
        sheet.line(end, start, gap=19, head=8, line=NEGATIVE, width=1.8)
        sheet.chip(between(start, end, 0.73), f"{plain(dP[k])} · {plain(J[k, of])}", width=76)
        sheet.node(end, f"P_{k + 1}", radius=17)
        sheet.text((x, top - 28), f"error {plain(dP[k])}", size=11, color=NEGATIVE)
        sheet.text((x, top - 46), f"share {plain(P[k])}", size=11)
    for k, x in enumerate(COLUMNS):
        fill = {"fill": HIGHLIGHT} if k == of else {"fill": MUTED, "opacity": 0.15}
        sheet.node((x, bottom), f"S_{k + 1}", radius=17, **fill)
    sheet.text((COLUMNS[of], bottom + 30), f"error {plain(dS[of])}", color=NEGATIVE, weight="bold")
    alone = plain(dP[of] * J[of, of])
    sheet.text((WIDTH / 2, 256), "Three arrows, added up. The first one alone, which is")
    sheet.text((WIDTH / 2, 273), f"the diagonal of the Jacobian, would have said {alone}.")
    arrows = ", ".join(f"{plain(dP[k])} times {plain(J[k, of])}" for k in range(3))
    return sheet.picture(
        f"Three shares P, {', '.join(map(plain, P))}, with the errors {', '.join(map(plain, dP))}. "
        f"From each an arrow leads back to the first score, with {arrows}. Together they are its "
        f"error, {plain(dS[of])}; the first arrow alone would be {alone}."
    )


def one_error_four_examples() -> Picture:
    """One example has an error after batch norm; before it, others have one too."""
    z = np.array([0.0, 0.0, 2.0, 2.0])
    zhat, given = z - z.mean(), np.array([4.0, 0.0, 0.0, 0.0])  # their spread is 1
    back = normalise_backward(given, zhat, np.array(1.0))
    parts = {
        "for itself": given,
        "the mean": np.full(4, -given.mean()),
        "the spread": -zhat * (given * zhat).mean(),
    }
    sheet, columns = Sheet(252), (140.0, 200.0, 260.0, 320.0)
    for x, number in zip(columns, range(1, 5), strict=True):
        sheet.text((x, 16), f"{number}", weight="bold")
    sheet.text((8, 16), "example", align="left")
    sheet.text((8, 46), "error after", align="left")
    sheet.text((8, 100), "sent back", align="left", weight="bold")
    rows = [(46.0, given), *zip((124.0, 154.0, 184.0), parts.values(), strict=True), (230.0, back)]
    for y, numbers in rows:
        for x, value in zip(columns, numbers, strict=True):
            if value:
                colour = NEGATIVE if value < 0 else POSITIVE
                sheet.circle((x, y), 13, line=MUTED, fill=colour, opacity=0.15)
            sheet.text((x, y), plain(value), weight="bold" if y in (46, 230) else "normal")
    for y, name in zip((124, 154, 184), parts, strict=True):
        sheet.text((8, y), name, align="left")
    sheet.line((8, 206), (WIDTH - 8, 206), line=MUTED)
    sheet.text((8, 230), "error before", align="left")
    said = "; ".join(f"{name} {', '.join(map(plain, value))}" for name, value in parts.items())
    return sheet.picture(
        f"Four examples of one neuron with values {', '.join(map(plain, z))}. Behind batch norm "
        f"their errors are {', '.join(map(plain, given))}. What is sent back has three parts: "
        f"{said}. Together the errors before it are {', '.join(map(plain, back))}."
    )


def kernel_going_back() -> Picture:
    """A kernel of two weights over four places: who read place 1, and with which weight."""
    w, given = np.array([2.0, 1.0]), np.array([1.0, 2.0, 3.0, 0.0])
    a = np.array([1.0, 2.0, 3.0, 4.0])
    back, _, _ = convolution_backward(given[None], a[None], w[None], np.ones(1))
    sheet, top, bottom, place = Sheet(264), 62.0, 178.0, 1
    inputs, outputs = (48.0, 136.0, 224.0, 312.0), (92.0, 180.0, 268.0)
    for p, q in product(range(3), range(2)):
        start, end = (inputs[p + q], bottom), (outputs[p], top)
        if p + q != place:
            sheet.line(start, end, gap=18, line=MUTED, opacity=0.5)
    for q, x in enumerate((outputs[place], outputs[place - 1])):
        sheet.line((x, top), (inputs[place], bottom), gap=18, head=8, line=NEGATIVE, width=1.8)
        sheet.chip(between((x, top), (inputs[place], bottom), 0.38), f"w_{q} = {plain(w[q])}", 52)
    for p, x in enumerate(outputs):
        sheet.node((x, top), f"z_{p}", radius=16)
        sheet.text((x, top - 28), f"error {plain(given[p])}", size=11, color=NEGATIVE)
    for i, x in enumerate(inputs):
        fill = {"fill": HIGHLIGHT} if i == place else {"fill": MUTED, "opacity": 0.15}
        sheet.node((x, bottom), f"a_{i}", radius=16, **fill)
        weight = "bold" if i == place else "normal"
        sheet.text((x, bottom + 28), plain(back[0, i]), color=NEGATIVE, weight=weight)
    sheet.text((WIDTH / 2, 236), "Counted from 0. Forward, w_0 stands left of w_1; but seen")
    sheet.text((WIDTH / 2, 253), "from a_1 the left reader used w_1: the kernel is flipped.")
    return sheet.picture(
        f"Four inputs, three outputs, a kernel of {plain(w[0])} and {plain(w[1])}. The outputs "
        f"have the errors {', '.join(map(plain, given[:3]))}. Input 1 was read by output 0 with "
        f"weight w_1 and by output 1 with weight w_0, and collects {plain(back[0, place])}; "
        f"the inputs together have {', '.join(map(plain, back[0]))}."
    )


def residual_stream() -> Picture:
    """A stream that is read by a block and by the sum after it."""
    given, doubling = np.array([3.0]), np.array([[2.0]])
    back = float(residual_backward(given, np.zeros(1), doubling)[0])
    block = Reader("F_k", "the block", float(given[0]), (2.0,))
    stream = Reader("+", "the sum", float(given[0]), (1.0,))
    sheet = Sheet(252)
    sheet.line(LEFT, RIGHT, gap=19, head=8, line=MUTED)
    return _two_readers(sheet, "z_j", "The stream", (block, stream), back)


def cell_with_two_readers() -> Picture:
    """A cell of an LSTM, read by the output of its time and by the next cell."""
    o, f, now, later = 0.5, 0.75, 4.0, 8.0
    back = float(cell_backward(*map(np.array, (now, later, 0.0, o, f))))
    output = Reader("a_j", "its own output", now, (o, 1.0))
    after = Reader("u_j", "the next cell", later, (f,))
    return _two_readers(Sheet(252), "c_j", "The cell", (output, after), back)


class Reader(NamedTuple):
    """What has read a number: its error, and the factors on the way back."""

    symbol: str
    name: str
    error: float
    factors: tuple[float, ...]

    @property
    def sent(self) -> float:
        """What comes back from it."""
        return self.error * float(np.prod(self.factors))

    @property
    def product(self) -> str:
        """The same written out."""
        return f"{' · '.join(map(plain, (self.error, *self.factors)))} = {plain(self.sent)}"


LEFT, RIGHT, READ = (64.0, 78.0), (296.0, 78.0), (180.0, 188.0)
"""Where two readers stand, and what they have read."""


def _two_readers(
    sheet: Sheet, symbol: str, name: str, readers: tuple[Reader, Reader], back: float
) -> Picture:
    """What comes back to a number, `back`, from the two that have read it."""
    for at, reader in zip((LEFT, RIGHT), readers, strict=True):
        sheet.line(at, READ, gap=19, head=8, line=NEGATIVE, width=1.8)
        sheet.chip(between(at, READ, 0.42), reader.product, width=100)
        sheet.node(at, reader.symbol, radius=17)
        sheet.text((at[0], at[1] - 46), reader.name)
        sheet.text((at[0], at[1] - 28), f"error {plain(reader.error)}", size=11, color=NEGATIVE)
    sheet.node(READ, symbol, radius=17, fill=HIGHLIGHT)
    together = f"{' + '.join(plain(reader.sent) for reader in readers)} = {plain(back)}"
    sheet.text((WIDTH / 2, READ[1] + 34), f"error {together}", color=NEGATIVE, weight="bold")
    ways = "; ".join(
        f"{r.name} has the error {plain(r.error)} and sends back {r.product}" for r in readers
    )
    return sheet.picture(f"{name} has two readers: {ways}. Its error is {together}.")


DRAWN = (
    one_row_of_attention,
    one_error_four_examples,
    kernel_going_back,
    residual_stream,
    cell_with_two_readers,
)
PICTURES = {draw.__name__: draw for draw in DRAWN}
"""The pictures that a page can ask for by name."""
