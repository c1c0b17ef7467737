"""Pictures: drawn by matplotlib from the package's numbers, handed out as SVG for the page.

A picture takes its ink, its font and its colours from the page, so it follows the theme.
It holds no ids, so any number of them may stand on one page.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO
from itertools import pairwise, product
from math import isqrt
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import numpy as np

from proofs.measuring.cases import RUNNING_SIZES, Case, founding_case, running_case
from proofs.network import Network
from proofs.network.activations import Activation, sigmoid, softmax
from proofs.network.arrays import Array, own_array
from proofs.network.equations import backprop, bp1, bp1_full

if TYPE_CHECKING:
    from matplotlib.patches import Patch

INK, MUTED, POSITIVE, NEGATIVE, HIGHLIGHT = (f"#0a0b0{n}" for n in range(5))
"""What matplotlib is told, to be replaced by what the page says."""

PAGE_COLOURS = {
    INK: "currentColor",
    MUTED: "var(--proofs-muted, #6b7785)",
    POSITIVE: "var(--proofs-positive, #1b6ca8)",
    NEGATIVE: "var(--proofs-negative, #b3401a)",
    HIGHLIGHT: "var(--proofs-highlight, #ffe9a0)",
}

WIDTH = 360
"""Units across every picture: one is a pixel on a phone, and up to `ZOOM` pixels at a desk."""
ZOOM = 1.35

Point = tuple[float, float]


@dataclass(frozen=True)
class Picture:
    """A picture as inline SVG, and in words for those who do not see it."""

    svg: str
    alt: str

    def _repr_html_(self) -> str:
        """What a cell shows: not an image file, which could not see the page's colours."""
        return f'<div class="picture">{self.svg}</div>'


class Sheet:
    """A sheet to draw on, WIDTH units wide, the origin at the top left, y pointing down."""

    def __init__(self, height: float) -> None:
        from matplotlib.figure import Figure

        self.figure = Figure(figsize=(WIDTH / 72, height / 72))
        self.figure.patch.set_visible(False)
        self.axes = self.figure.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(height, 0))
        self.axes.set_axis_off()

    def box(self, at: Point, size: Point, corner: float = 0, **pen: Any) -> None:
        """A rectangle of that size whose top left corner is `at`."""
        from matplotlib.patches import FancyBboxPatch

        style = f"round,pad=0,rounding_size={corner}" if corner else "square,pad=0"
        self._draw(FancyBboxPatch(at, *size, boxstyle=style), **pen)

    def polygon(self, *corners: Point, **pen: Any) -> None:
        """A closed polygon."""
        from matplotlib.patches import Polygon

        self._draw(Polygon(corners), **pen)

    def circle(self, centre: Point, radius: float, **pen: Any) -> None:
        """A circle."""
        from matplotlib.patches import Circle

        self._draw(Circle(centre, radius), **pen)

    def line(self, *points: Point, gap: float = 0, head: float = 0, **pen: Any) -> None:
        """A line that keeps a `gap` from both its ends, with an arrow head of that size, if any."""
        from matplotlib.patches import PathPatch
        from matplotlib.path import Path

        corners = np.array(points, float)
        first, last = (d / np.hypot(*d) for d in np.diff(corners, axis=0)[[0, -1]])
        corners[0] += gap * first
        corners[-1] -= gap * last
        tip, across = corners[-1].copy(), 0.45 * head * np.array([-last[1], last[0]])
        corners[-1] -= head * last
        colour, opacity = pen.pop("line", INK), pen.get("opacity", 1)
        self._draw(PathPatch(Path(corners)), line=colour, **pen)
        if head:
            wings = (tuple(corners[-1] + across), tuple(corners[-1] - across))
            self.polygon(tuple(tip), *wings, fill=colour, opacity=opacity)

    def text(
        self, at: Point, words: str, size: float = 12, align: str = "center", **font: Any
    ) -> None:
        """Words whose middle line is at the height of `at`; z_1 and w^3_{jk} as in the book."""
        x, y = at
        style: dict[str, Any] = {"color": INK, "va": "baseline", "ha": align, **font}
        self.axes.text(x, y + 0.35 * size, words, size=size, clip_on=False, **style)

    def bar(self, start: float, end: float, y: float, height: float = 13, **pen: Any) -> None:
        """A horizontal bar between two places, its middle at height y."""
        self.box((min(start, end), y - height / 2), (abs(end - start), height), **pen)

    def row(self, y: float, name: str, number: str, **font: Any) -> None:
        """What stands left and right of a bar."""
        self.text((8, y), name, align="left", **font)
        self.text((WIDTH - 8, y), number, align="right", **font)

    def weights(self, layers: list[list[Point]], gap: float) -> None:
        """A faint line for each weight between the neurons of one layer and the next."""
        for before, after in pairwise(layers):
            for p, q in product(before, after):
                self.line(p, q, gap=gap, line=MUTED, opacity=0.35, width=0.8)

    def node(self, centre: Point, words: str = "", radius: float = 13, **pen: Any) -> None:
        """A neuron, or another quantity that arrows lead to."""
        self.circle(centre, radius, line=INK, **pen)
        self.text(centre, words)

    def chip(self, centre: Point, words: str, width: float = 36) -> None:
        """A label that stays readable above lines."""
        x, y = centre
        at, size = (x - width / 2, y - 10), (width, 20)
        self.box(at, size, corner=4, fill=HIGHLIGHT, line=MUTED, width=0.6)
        self.text(centre, words)

    def picture(self, alt: str) -> Picture:
        """The finished picture."""
        import matplotlib as mpl

        out = StringIO()
        with mpl.rc_context({"svg.fonttype": "none", "savefig.bbox": "standard"}):
            self.figure.savefig(out, format="svg")
        return Picture(_clean(out.getvalue(), alt), alt)

    def _draw(
        self,
        patch: "Patch",
        fill: str | None = None,
        line: str | None = None,
        width: float = 1,
        opacity: float = 1,
    ) -> None:
        patch.set(
            facecolor=(fill, opacity) if fill else "none",
            edgecolor=(line, opacity if not fill else 1) if line else "none",
            linewidth=width,
            clip_on=False,
        )
        self.axes.add_patch(patch)


def _clean(svg: str, alt: str) -> str:
    """The shapes and words that matplotlib wrote, without anything that a page has already."""
    drawn = ElementTree.fromstring(svg)
    root = ElementTree.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": drawn.attrib["viewBox"],
            "role": "img",
            "aria-label": alt,
            "style": f"max-width: {ZOOM * WIDTH:.0f}px; overflow: visible",
        },
    )
    for element in drawn.iter():
        tag = element.tag.rpartition("}")[2]
        if tag not in ("path", "text"):
            continue
        style = re.sub(r"font-family: [^;]*; ", "", element.attrib["style"])
        for placeholder, colour in PAGE_COLOURS.items():
            style = style.replace(placeholder, colour)
        places = {key: " ".join(element.attrib.get(key, "").split()) for key in ("d", "x", "y")}
        kept = {key: value for key, value in places.items() if value}
        _typeset(ElementTree.SubElement(root, tag, {**kept, "style": style}), element.text or "")
    return ElementTree.tostring(root, encoding="unicode")


SMALL = 0.8
"""The size of what is lowered or raised: near 10 pixels on a phone."""

APART = 0.1
"""How many em stand between a slanted letter and what would touch it."""

_PIECES = re.compile(
    r"([_^])(?:\{(.+?)\}|(.))"  # a mark, and what it lowers or raises
    r"|(?<![^\W_])([^\W\d_])(?![^\W_])"  # a lone letter
    r"|((?:[^\W_]{2,}|\d|[^\w^′])+|′)"  # other words; a prime, which stands off its letter
)


def _typeset(element: ElementTree.Element, words: str) -> None:
    """Write words as the book does: lone letters in italics, what follows _ and ^ small."""
    level, back, above = 0.0, 0.0, ""
    for mark, long, short, letter, plain in _PIECES.findall(words):
        piece, height = long or short or letter or plain, {"_": 0.27, "^": -0.45}.get(mark, 0.0)
        span = ElementTree.SubElement(element, "tspan")
        if height != level:
            span.set("dy", f"{(height - level) / (SMALL if mark else 1):.3g}em")
        if mark == "_" and above:  # w^3_{jk}: below what is raised, not behind it
            span.set("dx", f"-{_width(above):.3g}em")
            back = APART + max(0.0, SMALL * (_width(above) - _width(piece)))
        elif piece == "′":
            span.set("dx", f"{APART}em")
        elif back:
            span.set("dx", f"{back:.3g}em")
            back = 0.0
        if mark:
            span.set("font-size", f"{SMALL:.0%}")
        if letter or (mark and piece.isalpha()):
            span.set("font-style", "italic")
        span.text = piece
        level, above = height, piece if mark == "^" else ""


def _width(small: str) -> float:
    """About how many em a few letters and digits take in most fonts."""
    return sum(0.25 if letter in "ijl" else 0.56 for letter in small)


def signed(value: float, digits: int = 3) -> str:
    """A number with its sign, as print has it: +0.197, −0.022; what rounds to zero is 0."""
    text = f"{value:+.{digits}f}".replace("-", "−")
    return text if any(digit in text for digit in "123456789") else "0"


def colour_of(value: float) -> str:
    """Blue where something grows, orange where it shrinks, grey where nothing happens."""
    return POSITIVE if value > 0 else NEGATIVE if value < 0 else MUTED


def _jacobians(z: object) -> dict[Activation, Array]:
    column = own_array("z", z, (3,))[:, None]
    return {f: f.jacobian(column)[:, :, 0] for f in (sigmoid, softmax)}


def two_jacobians(z: object = (1, 2, 3)) -> Picture:
    """The matrices da_k/dz_j of sigmoid and of softmax at three weighted inputs z, side by side."""
    sheet, cell, top = Sheet(236), 46, 57
    J = _jacobians(z)
    largest = max(abs(m).max() for m in J.values())
    for left, (f, matrix) in zip((26, 218), J.items(), strict=True):
        title = f"{f}: {'diagonal' if f.local else 'full'}"
        sheet.text((left + 1.5 * cell, 14), title, size=13, weight="bold")
        for i in range(3):
            sheet.text((left + (i + 0.5) * cell, top - 13), f"z_{i + 1}")
            sheet.text((left - 14, top + (i + 0.5) * cell), f"a_{i + 1}")
        for k, j in product(range(3), repeat=2):
            value, (x, y) = matrix[k, j], (left + j * cell, top + k * cell)
            pen: dict[str, Any] = {"line": MUTED, "width": 0.5}
            if value:
                pen = {"fill": colour_of(value), "opacity": 0.08 + 0.4 * abs(value) / largest}
            sheet.box((x + 1.5, y + 1.5), (cell - 3, cell - 3), corner=3, **pen)
            sheet.text(
                (x + cell / 2, y + cell / 2), signed(value), size=11, color=INK if value else MUTED
            )
    sheet.text((WIDTH / 2, 220), "Row k is the output a_k, column j the z_j that is pushed.")
    return sheet.picture(
        "Two 3 by 3 matrices side by side, da_k/dz_j in row k and column j. "
        + " ".join(
            f"{f}, {np.count_nonzero(m)} of {m.size} not zero: "
            + "; ".join(" ".join(map(signed, row)) for row in m)
            + "."
            for f, m in J.items()
        )
    )


def routes(z: object = (1, 2, 3), j: int = 2) -> Picture:
    """All routes from z_j to the cost C: one through sigmoid, one for each output in softmax."""
    if j not in (1, 2, 3):
        raise ValueError(f"j: expected 1, 2 or 3, got {j}")
    sheet, J = Sheet(236), _jacobians(z)
    largest = max(abs(m).max() for m in J.values())
    faint: dict[str, Any] = {"line": MUTED, "opacity": 0.3}
    for left, (f, matrix) in zip((0, 186), J.items(), strict=True):
        zs, as_ = ([(left + x, y) for y in (58, 112, 166)] for x in (22, 98))
        C = (left + 156, 112)
        title = f"{f}: {_counted(matrix[:, j - 1])}"
        sheet.text((left + 90, 14), title, size=13, weight="bold")
        # The routes that start at z_j come last, above the others.
        for i, k in sorted(product(range(3), repeat=2), key=lambda pair: pair[0] == j - 1):
            if value := matrix[k, i]:
                width = 0.8 + 4.5 * abs(value) / largest
                pen = {"line": colour_of(value)} if i == j - 1 else faint
                sheet.line(zs[i], as_[k], gap=14, head=6 + width, width=width, **pen)
        for k in range(3):
            pen = {"line": INK, "width": 1.4} if matrix[k, j - 1] else faint
            sheet.line(as_[k], C, gap=14, head=7, **pen)
            sheet.node(zs[k], f"z_{k + 1}", fill=HIGHLIGHT if k == j - 1 else None)
            sheet.node(as_[k], f"a_{k + 1}")
        sheet.node(C, "C")
    sheet.text((WIDTH / 2, 202), f"Only z_{j} is pushed. The wider the arrow from z_{j} to a_k,")
    sheet.text((WIDTH / 2, 219), "the faster a_k grows (blue) or shrinks (orange).")
    return sheet.picture(
        f"Arrows from each z_j to the outputs a_k and on to the cost C, those from z_{j} marked. "
        + " ".join(
            f"{f}: {_counted(m[:, j - 1])} to C, "
            f"with da_k/dz_{j} = {', '.join(map(signed, m[:, j - 1]))} for k = 1, 2, 3."
            for f, m in J.items()
        )
    )


def _counted(slopes: Array) -> str:
    count = np.count_nonzero(slopes)
    return f"{count} route" if count == 1 else f"{count} routes"


def delta_terms() -> Picture:
    """The terms of (37) for softmax at z = (1, 2, 3), added up, beside what (38) keeps of them."""
    case = founding_case()
    J, nabla_a = case.jacobian(case.depth), case.nabla_a
    terms = (nabla_a * J[:, :, 0]).T
    delta, alone = bp1_full(nabla_a, J)[:, 0], bp1(nabla_a, np.einsum("jjx->jx", J))[:, 0]
    ends = np.cumsum(terms, axis=1)
    place = _scale((84, 288), ends, alone)
    sheet, row, wrong = Sheet(430), 20, np.sign(alone) != np.sign(delta)
    for j in range(3):
        top, starts = 16 + 128 * j, [0, *ends[j]]
        sheet.text((8, top), f"j = {j + 1}", size=13, align="left", weight="bold")
        sheet.line((place(0), top + 12), (place(0), top + 112), line=MUTED, width=0.7)
        for k in range(3):
            y = top + (k + 1) * row
            colour, end = colour_of(terms[j, k]), place(ends[j, k])
            kept: dict[str, Any] = {"line": colour, "width": 1.5} if k == j else {}
            sheet.line((end, y), (end, y + row), line=MUTED, width=0.7)
            sheet.bar(place(starts[k]), end, y, fill=colour, opacity=0.4, **kept)
            sheet.row(y, f"k = {k + 1}", signed(terms[j, k], 4))
        sheet.bar(place(0), place(delta[j]), top + 4 * row, fill=colour_of(delta[j]))
        sheet.row(top + 4 * row, f"sum: δ_{j + 1}", signed(delta[j], 4), weight="bold")
        sheet.bar(place(0), place(alone[j]), top + 5 * row, line=colour_of(alone[j]), width=1.5)
        sheet.row(top + 5 * row, "by (38)", signed(alone[j], 4))
        if wrong[j]:
            side = np.sign(delta[j])
            at = place(0) + 8 * side, top + 5 * row
            sheet.text(at, "wrong sign", align="right" if side < 0 else "left", weight="bold")
    sheet.text((WIDTH / 2, 402), "Each term ∂C/∂a_k · ∂a_k/∂z_j of (37) starts where the last")
    sheet.text((WIDTH / 2, 419), "one ended. (38) keeps the outlined term alone, k = j.")
    parts = "; ".join(
        f"for j = {j + 1} they are {', '.join(signed(t, 4) for t in terms[j])} and add up to "
        f"delta_{j + 1} = {signed(delta[j], 4)}, where (38) says {signed(alone[j], 4)}"
        + (", which has the wrong sign" if wrong[j] else "")
        for j in range(3)
    )
    return sheet.picture(f"The three terms k = 1, 2, 3 of (37) as bars: {parts}.")


def _scale(room: Point, *numbers: Array) -> Callable[[float], float]:
    """Where on the sheet a number lies, when zero and all `numbers` are to find room."""
    everything = np.concatenate([[0.0], *map(np.ravel, numbers)])
    low, high = everything.min(), everything.max()
    unit = (room[1] - room[0]) / ((high - low) or 1)
    return lambda number: float(room[0] + unit * (number - low))


def _neurons(sizes: list[int], x: list[float], middle: float, step: float) -> list[list[Point]]:
    """The places of the neurons, layer by layer; layer l stands at x[l - 1]."""
    return [
        [(x[l], middle + step * (i - (n - 1) / 2)) for i in range(n)] for l, n in enumerate(sizes)
    ]


def network_picture(j: int = 2, k: int = 4) -> Picture:
    """The weight w^3_jk of the running network: from neuron k of layer 2 to neuron j of layer 3."""
    sizes = RUNNING_SIZES
    if not (1 <= j <= sizes[2] and 1 <= k <= sizes[1]):
        raise ValueError(
            f"j and k: expected 1 <= j <= {sizes[2]} and 1 <= k <= {sizes[1]}, got j={j} and k={k}"
        )
    sheet, layers = Sheet(294), _neurons(sizes, [36, 132, 228, 324], middle=108, step=43)
    start, end = layers[1][k - 1], layers[2][j - 1]
    sheet.weights(layers, gap=12)
    sheet.line(start, end, gap=12, head=10, line=POSITIVE, width=2.6)
    for l, layer in enumerate(layers, start=1):
        for i, place in enumerate(layer, start=1):
            fill = HIGHLIGHT if place in (start, end) else None
            sheet.node(place, str(i), radius=12, fill=fill)
        sheet.text((layer[0][0], 222), f"l = {l}")
    sheet.text((layers[0][0][0], 238), "input")
    sheet.text((layers[-1][0][0], 238), "output")
    sheet.text((start[0], start[1] + 21), f"k = {k}")
    sheet.text((end[0], end[1] - 21), f"j = {j}")
    sheet.chip(((start[0] + end[0]) / 2, (start[1] + end[1]) / 2), f"w^3_{{{j}{k}}}")
    sheet.text((WIDTH / 2, 266), f"w^3_{{jk}} with j = {j} and k = {k}: the weight")
    sheet.text((WIDTH / 2, 283), "to neuron j of layer 3 from neuron k of layer 2")
    widths = ", ".join(map(str, sizes))
    return sheet.picture(
        f"A network of {len(sizes)} layers with {widths} neurons, every neuron joined to all of "
        f"the next layer. One arrow is marked: the weight w^3_jk with j = {j} and k = {k}, "
        f"to neuron {j} of layer 3 from neuron {k} of layer 2."
    )


def backward_flow() -> Picture:
    """Where each of the four equations acts: BP1 at the output, BP2 between layers, BP3 and BP4."""
    case = running_case()
    delta = {l: d[:, 0] for l, d in backprop(case.network, case.x, case.y).delta.items()}
    largest, L = max(abs(d).max() for d in delta.values()), case.depth
    sheet, x, C = Sheet(404), [30.0, 108.0, 186.0, 264.0], (336.0, 130.0)
    top, turn = 32.0, 260.0
    layers = _neurons(case.network.sizes, x, middle=C[1], step=35)
    sheet.weights(layers, gap=11)
    sheet.node(C, "C")
    for l, (here, layer) in enumerate(zip(x, layers, strict=True), start=1):
        onward = [(x[l], top)] if l < L else [(C[0], top), C]
        sheet.text((here, top), f"a^{l}")
        sheet.line((here, top), *onward, gap=15, head=7)
        for d, place in zip(delta.get(l, [0.0] * len(layer)), layer, strict=True):
            tint = 0.15 + 0.55 * float(np.sqrt(abs(d) / largest)) if d else 1.0
            sheet.node(place, radius=11, fill=colour_of(d) if d else None, opacity=tint)
    for l in range(L, 1, -1):
        here, came = x[l - 1], [(x[l], turn)] if l < L else [C, (C[0], turn)]
        sheet.line(*came, (here, turn), gap=15, head=7, width=1.8)
        sheet.chip(((here + came[-1][0]) / 2, turn - 19), "BP2" if l < L else "BP1")
        sheet.text((here, turn), f"δ^{l}")
        for name, letter, at in (("BP3", "b", (here, 344)), ("BP4", "w", (here - 39, 298))):
            sheet.line((here, turn), (at[0], at[1] - 10), gap=12 if letter == "b" else 13, head=6)
            sheet.chip(at, name)
            sheet.text((at[0], at[1] + 21), f"∂C/∂{letter}^{l}")
    sheet.text((8, 10), "forward", align="left", weight="bold")
    sheet.text((8, turn - 19), "backward", align="left", weight="bold")
    sheet.text((WIDTH / 2, 393), "Neurons are tinted by their error δ^l_j: blue +, orange −.")
    errors = ", ".join(signed(d) for d in delta[L])
    return sheet.picture(
        f"Above the network, arrows lead forward from a^1 to a^{L} and to the cost C. Below it, "
        f"arrows lead backward: BP1 from C to delta^{L}, BP2 from there step by step to delta^2. "
        "From each delta^l one arrow leads to BP3, which gives dC/db^l below the neurons of layer "
        "l, and one to BP4, which gives dC/dw^l below the weights that enter layer l. "
        f"The neurons are tinted by their errors on one example; at the output these are {errors}."
    )


def digit_and_errors(network: Network, image: object, target: object) -> Picture:
    """A square image and its errors at the output: by formula, measured, and by (38) where wrong.

    `image` holds the inputs in 0..1, row by row, and `target` one number for each output.
    """
    x, y = (np.asarray(numbers).reshape(-1, 1) for numbers in (image, target))
    case = Case(network, x, y)
    L, local = case.depth, network.sigma[case.depth].local
    delta, measured = backprop(network, case.x, case.y).delta[L][:, 0], case.delta(L)[:, 0]
    alone = bp1(case.nabla_a, np.einsum("jjx->jx", case.jacobian(L)))[:, 0]
    place = _scale((152, 298), delta, measured, delta if local else alone)
    sheet, row = Sheet(max(44 + 20 * len(delta), 236)), 20
    wanted, said = case.y.argmax(), case.value("a", L).argmax()
    _pixels(sheet, (8, 28), 104, case.x[:, 0])
    sheet.text((60, 12), "input", weight="bold")
    sheet.text((60, 148), f"target {wanted}, output {said}")
    sheet.text((WIDTH - 8, 12), f"error δ^{L}_j of each output", align="right", weight="bold")
    for j, d in enumerate(delta):
        level = 38 + j * row
        sheet.bar(place(0), place(d), level, fill=colour_of(d), opacity=0.5)
        _measured(sheet, (place(measured[j]), level))
        if not local:
            _diagonal_only(sheet, (place(alone[j]), level))
        sheet.text((130, level), str(j))
        sheet.text((WIDTH - 8, level), signed(d), align="right")
    sheet.line((place(0), 28), (place(0), 28 + row * len(delta)), line=MUTED, width=0.7)
    sheet.bar(10, 26, 180, fill=MUTED, opacity=0.5)
    sheet.text((34, 180), "formula (BP1)" if local else "formula (37)", align="left")
    _measured(sheet, (18, 202))
    sheet.text((34, 202), "measured", align="left")
    if not local:
        _diagonal_only(sheet, (18, 224))
        sheet.text((34, 224), "by (38)", align="left")
    # As the eye would judge: half a unit of the sheet is half a pixel on a phone.
    meet = all(abs(place(m) - place(d)) < 0.5 for m, d in zip(measured, delta, strict=True))
    return sheet.picture(
        f"The input as an image; its target is output {wanted}, the largest output is {said}. "
        f"A bar for the error delta^{L}_j of each output: {_listed(delta)}. "
        f"A tick marks each measured error, {'' if meet else 'not always '}at the end of its bar."
        + ("" if local else f" A hollow diamond marks what (38) says: {_listed(alone)}.")
    )


def _listed(numbers: Array) -> str:
    return ", ".join(f"{j}: {signed(number)}" for j, number in enumerate(numbers))


def _pixels(sheet: Sheet, at: Point, size: float, image: Array) -> None:
    """A square image, row by row, 0 clear and 1 in full ink."""
    side = isqrt(len(image))
    if side**2 != len(image):
        raise ValueError(f"image: expected a square number of inputs, got {len(image)}")
    cell = size / side
    for i, grey in enumerate(image):
        corner = at[0] + i % side * cell, at[1] + i // side * cell
        sheet.box(corner, (cell, cell), fill=INK, opacity=float(np.clip(grey, 0, 1)))
    sheet.box(at, (size, size), line=MUTED, width=0.7)


def _measured(sheet: Sheet, at: Point) -> None:
    """The mark of a measured number."""
    sheet.line((at[0], at[1] - 9), (at[0], at[1] + 9), width=1.8)


def _diagonal_only(sheet: Sheet, at: Point) -> None:
    """The mark of what (38) says: a hollow diamond."""
    (x, y), r = at, 5
    sheet.polygon((x - r, y), (x, y - r), (x + r, y), (x, y + r), line=INK)


PICTURES = {
    draw.__name__: draw
    for draw in (two_jacobians, routes, delta_terms, network_picture, backward_flow)
}
"""The pictures that a page can ask for by name."""
