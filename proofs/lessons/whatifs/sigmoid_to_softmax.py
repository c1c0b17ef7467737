"""From sigmoid to softmax: the terms of (37) that come in as locality is dropped."""

from itertools import product
from typing import Any

import numpy as np

from proofs.lessons.pictures.figures import (
    HIGHLIGHT,
    INK,
    MUTED,
    WIDTH,
    Picture,
    Point,
    Sheet,
    colour_of,
    signed,
)
from proofs.measuring.cases import Case
from proofs.network import Network
from proofs.network.activations import Activation
from proofs.network.arrays import Array
from proofs.network.costs import quadratic
from proofs.network.equations import bp1, bp1_full

Z = (1.0, 2.0, 3.0, 0.0)
"""The founding question's z = (1, 2, 3), with a fourth neuron."""
Y = (1.0, 0.0, 0.0, 0.0)
RANGE = (-4.0, 4.0)
PUSHED = 2
"""The j whose terms are shown first: (38) has the wrong sign there."""


def blend(share: float) -> Activation:
    """a_k = exp z_k / (exp z_k + (1 - share) + share * sum over i != k of exp z_i).

    Each neuron hears that share of the others: sigmoid at 0, softmax at 1.
    """

    def parts(z: Array) -> tuple[Array, Array]:
        """exp z_k, and the rest of the denominator, both divided by the largest term in it."""
        largest = z.real.max(axis=0) if share else z.real
        shift = np.maximum(largest, 0) if share < 1 else largest
        e = np.exp(z - shift)
        others = (1 - np.eye(len(z))) @ e
        return e, (1 - share) * np.exp(-np.maximum(shift, 0)) + share * others

    def value(z: Array) -> Array:
        e, rest = parts(z)
        return e / (e + rest)

    def jacobian(z: Array) -> Array:
        e, rest = parts(z)
        a, diagonal = e / (e + rest), np.eye(len(z))[:, :, None]
        heard = -share * e[None, :] / (e + rest)[:, None]
        return a[:, None] * np.where(diagonal, (rest / (e + rest))[:, None], heard)

    return Activation(f"blend {share:g}", value, full=jacobian, range=(0, 1))


def moment(z: object, y: object, share: float) -> dict[str, Any]:
    """All numbers of the what-if: K outputs with weighted inputs z, targets y, quadratic cost.

    `a` and `C`; `jacobian` [k][j] = da_k/dz_j; `terms` [j][k] of (37); `delta` [j], their sums;
    `alone` [j], the one term that (38) keeps.
    """
    case = as_case(z, y, share)
    J, nabla_a = case.jacobian(2), case.nabla_a
    return {
        "a": case.value("a", 2).ravel().tolist(),
        "C": float(case.value("C", 2)[0]),
        "jacobian": J[:, :, 0].tolist(),
        "terms": (nabla_a * J[:, :, 0]).T.tolist(),
        "delta": bp1_full(nabla_a, J).ravel().tolist(),
        "alone": bp1(nabla_a, np.einsum("jjx->jx", J)).ravel().tolist(),
    }


def as_case(z: object, y: object, share: float) -> Case:
    """The output layer alone, as a network that passes z on unchanged."""
    column = np.reshape(np.asarray(z, float), (-1, 1))
    n = len(column)
    network = Network.from_arrays([np.eye(n)], [np.zeros((n, 1))], blend(share), quadratic)
    return Case(network, column, np.reshape(np.asarray(y, float), (-1, 1)))


def start() -> dict[str, Any]:
    """What the script starts from, and what it must compute there before it may."""
    arguments = (Z, Y, 0.5)
    return {
        "z": list(Z),
        "y": list(Y),
        "share": 0.0,
        "range": list(RANGE),
        "pushed": PUSHED - 1,
        "check": {"arguments": list(arguments), "result": moment(*arguments)},
    }


def picture() -> Picture:
    """The routes from one z_j and its terms of (37): sigmoid above, softmax below."""
    sheet, j = Sheet(396), PUSHED - 1
    found = {name: moment(Z, Y, share) for name, share in (("sigmoid", 0), ("softmax", 1))}
    for top, (name, numbers) in zip((0, 192), found.items(), strict=True):
        terms = numbers["terms"][j]
        count = np.count_nonzero(terms)
        title = f"{name}: {count} term{'s' if count > 1 else ''} of (37) for j = {PUSHED}"
        sheet.text((8, top + 14), title, size=13, align="left", weight="bold")
        _routes(sheet, (16, top + 46), np.array(numbers["jacobian"]), j)
        _terms(sheet, top + 42, terms, numbers["alone"][j], j)
    sheet.text((WIDTH / 2, 386), "Outlined: the only term that (38) keeps, k = j.")
    return sheet.picture(
        f"Arrows from z_{PUSHED} to the outputs a_k, and the terms of (37) as bars. "
        + " ".join(
            f"{name}: the terms k = 1 to {len(Z)} are "
            f"{', '.join(signed(t, 4) for t in n['terms'][j])}; they add up to delta_{PUSHED} = "
            f"{signed(n['delta'][j], 4)}, where (38) says {signed(n['alone'][j], 4)}."
            for name, n in found.items()
        )
    )


def _routes(sheet: Sheet, at: Point, J: Array, pushed: int) -> None:
    """An arrow from each z_j to each a_k that it moves, those of the pushed one above."""
    x, y = at
    zs, as_ = ([(x + across, y + 38 * i) for i in range(len(J))] for across in (0, 96))
    for i, k in sorted(product(range(len(J)), repeat=2), key=lambda pair: pair[0] == pushed):
        if slope := J[k, i]:
            width = 0.8 + 16 * abs(slope)
            pen = {"line": colour_of(slope)} if i == pushed else {"line": MUTED, "opacity": 0.3}
            sheet.line(zs[i], as_[k], gap=14, head=6 + width, width=width, **pen)
    for i, (z, a) in enumerate(zip(zs, as_, strict=True)):
        sheet.node(z, f"z_{i + 1}", fill=HIGHLIGHT if i == pushed else None)
        sheet.node(a, f"a_{i + 1}")


def _terms(sheet: Sheet, top: float, terms: list[float], alone: float, j: int) -> None:
    """The terms, each starting where the last ended, their sum, and what (38) keeps."""
    ends = np.cumsum([0.0, *terms])
    # The same scale in both halves: from the terms of softmax, which spread more.
    spread = np.cumsum([0.0, *moment(Z, Y, 1)["terms"][j]])
    low, high = min(*spread, alone), max(*spread, alone)

    def place(number: float) -> float:
        return float(np.interp(number, (low, high), (196, 286)))

    sheet.line((place(0), top - 10), (place(0), top + 114), line=MUTED, width=0.7)
    for k, term in enumerate(terms):
        y = top + 20 * k
        outline: dict[str, Any] = {"line": colour_of(term), "width": 1.5} if k == j else {}
        sheet.text((144, y), f"k = {k + 1}", align="left")
        sheet.bar(place(ends[k]), place(ends[k + 1]), y, fill=colour_of(term), opacity=0.4)
        sheet.bar(place(ends[k]), place(ends[k + 1]), y, **outline)
        sheet.text((WIDTH - 8, y), signed(term, 4), align="right", color=INK if term else MUTED)
    y = top + 20 * len(terms)
    total = float(ends[-1])
    sheet.bar(place(0), place(total), y, fill=colour_of(total))
    sheet.text((144, y), f"δ_{j + 1}", align="left", weight="bold")
    sheet.text((WIDTH - 8, y), signed(total, 4), align="right", weight="bold")
    sheet.bar(place(0), place(alone), y + 20, line=colour_of(alone), width=1.5)
    sheet.text((144, y + 20), "by (38)", align="left")
    sheet.text((WIDTH - 8, y + 20), signed(alone, 4), align="right")
