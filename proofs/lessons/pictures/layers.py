"""Layers that people use: where the sum over all k is in them."""

import numpy as np

from proofs.lessons.pictures.figures import (
    HIGHLIGHT,
    MUTED,
    NEGATIVE,
    WIDTH,
    Picture,
    Sheet,
)
from proofs.lessons.pictures.small import between, plain
from proofs.network.activations import softmax
from proofs.network.layers.attention import softmax_backward

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


PICTURES = {draw.__name__: draw for draw in (one_row_of_attention,)}
"""The pictures that a page can ask for by name."""
