"""One line wrong: which equation it breaks, at which layers, and a cost that falls all the same."""

import re
from dataclasses import replace
from functools import cache
from textwrap import dedent, indent
from typing import Any

import numpy as np

from proofs.lessons.pictures.figures import INK, MUTED, NEGATIVE, WIDTH, Picture, Point, Sheet
from proofs.measuring.cases import Case
from proofs.mistakes.catalogue import WILD, Backprop, Setting, descent, run, textbook
from proofs.network.activations import softmax
from proofs.network.arrays import Array
from proofs.network.costs import log_likelihood
from proofs.network.equations import bp1_full, bp2, bp3, bp4

SETTING = Setting(sizes=(4, 4, 4, 4), m=6, output=softmax, cost=log_likelihood)
"""All layers alike: a missing transpose does not even crash there."""
SEED, RATE, STEPS = 2, 1.0, 300
RATES = (0.1, 1.2)
"""The learning rates on offer: above them a wrong line throws the network about so wildly that
rounding decides where it lands, and two right programs differ."""

SLIPS = {w.name: w for w in WILD if w.name in ("01", "16", "17", "28", "33", "36", "37", "39")}
"""One for BP1, and those for BP2, BP3 and BP4 that such a network runs without a complaint."""
RIGHT = "right"

Grid = dict[str, dict[int, float]]
"""For each equation and each layer it runs at, by how much its line is off."""

ROUNDING = 1e-9
"""What is less than this share off is right: rounding reaches about 1e-15."""


def case() -> Case:
    """The network before training, with its examples."""
    return SETTING.case(SEED)


def lines(slip: str) -> dict[str, str]:
    """The lines of the textbook's pass, one of them wrong unless all are right."""
    return SETTING.lines() | (SLIPS[slip].lines if slip != RIGHT else {})


@cache
def backprop(slip: str) -> Backprop:
    """The backward pass with that line."""
    return run(textbook(lines(slip)), SETTING)


def code(slip: str) -> list[str]:
    """What a page shows of its source: from BP1 to BP4."""
    source = textbook(lines(slip))
    first, last = source.index(indent(lines(slip)["BP1"], "    ")), source.index("    found =")
    return dedent(source[first:last]).rstrip().splitlines()


def train(slip: str, rate: float = RATE, steps: int = STEPS) -> tuple[list[float], Grid]:
    """The average cost before each step and after the last, and the grid after the last."""
    start = case()
    networks = list(descent(backprop(slip), start, rate, steps))
    costs = [network.average_cost(start.x, start.y) for network in networks]
    return costs, grid(Case(networks[-1], start.x, start.y), backprop(slip))


def grid(case: Case, backprop: Backprop) -> Grid:
    """How far each line is from its equation, given the pass's own inputs to that line."""
    network, L = case.network, case.depth
    found = backprop(network.weights, network.biases, case.x, case.y)
    delta, nabla_b, nabla_w = (
        dict(enumerate(found[name], start=2)) for name in ("delta", "nabla_b", "nabla_w")
    )
    back = {l: bp2(network.w[l + 1], delta[l + 1], case.sigma_prime(l)) for l in range(2, L)}
    return {
        "BP1": {L: off(delta[L], bp1_full(case.nabla_a, case.jacobian(L)))},
        "BP2": {l: off(delta[l], back[l]) for l in back},
        "BP3": {l: off(nabla_b[l], bp3(delta[l])) for l in network.layers},
        "BP4": {l: off(nabla_w[l], bp4(case.value("a", l - 1), delta[l])) for l in network.layers},
    }


def off(line: Array, equation: Array) -> float:
    """The largest difference, as a share of the largest entry."""
    return float(abs(line - equation).max() / abs(equation).max())


def equation(slip: str) -> str:
    """The equation that a wrong line breaks."""
    return SLIPS[slip].breaks.partition("@")[0]


def words(slip: str) -> str:
    """What the person who writes the line believes."""
    return SLIPS[slip].misconception.replace("sigma'", "σ′")


def start() -> dict[str, Any]:
    """What the script starts from, and what it must reach before it may."""
    network, check = case().network, [("01", RATE, 20), ("28", RATE, 20), ("36", RATE, 20)]
    right = code(RIGHT)
    return {
        "x": case().x.tolist(),
        "y": case().y.tolist(),
        "w": {str(l): w.tolist() for l, w in network.w.items()},
        "b": {str(l): b.ravel().tolist() for l, b in network.b.items()},
        "rate": RATE,
        "rates": list(RATES),
        "steps": STEPS,
        "rounding": ROUNDING,
        "slips": [
            {"name": RIGHT, "equation": "", "words": "Nothing is wrong.", "code": code(RIGHT)},
            *(
                {"name": s, "equation": equation(s), "words": words(s), "code": code(s)}
                | {"wrong": [i for i, line in enumerate(code(s)) if line not in right]}
                | {"right": [line for line in right if line not in code(s)]}
                for s in SLIPS
            ),
        ],
        "check": [{"arguments": list(c), "result": plain(*train(*c))} for c in check],
    }


def plain(costs: list[float], found: Grid) -> dict[str, Any]:
    """What `train` found, as JSON has it."""
    return {
        "cost": costs[-1],
        "grid": {e: {str(l): r for l, r in row.items()} for e, row in found.items()},
    }


def picture() -> Picture:
    """For each wrong line: where it breaks its equation, and the cost while it trains."""
    row, told = 66, []
    sheet, (right, _) = Sheet(46 + row * len(SLIPS)), train(RIGHT)
    for x, title in ((8, "what is believed"), (172, "and broken"), (WIDTH - 92, "and the cost")):
        sheet.text((x, 12), title, align="left", weight="bold")
    for n, slip in enumerate(SLIPS):
        top, (costs, found) = 30 + row * n, train(slip)
        for i, line in enumerate(_folded(words(slip))):
            sheet.text((8, top + 6 + 14 * i), line, align="left", size=11)
        _grid(sheet, (172, top), found)
        _curves(sheet, (WIDTH - 92, top), right, costs)
        *lit, last = (str(l) for l, r in found[equation(slip)].items() if r > ROUNDING)
        places = f"layers {', '.join(lit)} and {last}" if lit else f"layer {last}"
        told.append(
            f"{words(slip)} {equation(slip)} is broken at {places}, and the cost "
            f"goes from {costs[0]:.2f} to {costs[-1]:.3f}."
        )
    sheet.text((228, 26 + row * len(SLIPS)), "l = 2  3  4", size=11)
    drawn = sheet.picture(
        "For each wrong line a grid of the four equations by the layers 2 to 4, a broken one "
        f"filled, and the cost over {STEPS} steps beside that of the right pass, which ends at "
        f"{right[-1]:.3f}. " + " ".join(told)
    )
    # The article is no letter of the book.
    article = r'<tspan font-style="italic">([Aa])</tspan>(?=<tspan> [a-z]{2})'
    return replace(drawn, svg=re.sub(article, r"<tspan>\1</tspan>", drawn.svg))


def _folded(words: str, width: int = 26) -> list[str]:
    """Words in lines of at most some letters."""
    lines = [""]
    for word in words.split():
        if len(lines[-1]) + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _grid(sheet: Sheet, at: Point, found: Grid) -> None:
    """Rows BP1 to BP4, columns the layers; a broken one is filled."""
    (left, top), pitch = at, 14
    for i, (name, cells) in enumerate(found.items()):
        y = top + pitch * i
        sheet.text((left, y + pitch / 2 - 1), name, size=11, align="left")
        for l, residual in cells.items():
            broken = residual > ROUNDING
            pen: dict[str, Any] = {"fill": NEGATIVE} if broken else {"line": MUTED, "width": 0.7}
            sheet.box((left + 30 + 18 * (l - 2), y), (16, pitch - 3), corner=2, **pen)


def _curves(sheet: Sheet, at: Point, right: list[float], wrong: list[float]) -> None:
    """The cost of the right pass, thin, and that of the wrong one."""
    (left, top), (width, height) = at, (84, 52)
    most = 1.1 * max(right[0], *wrong)
    sheet.box((left, top), (width, height), line=MUTED, width=0.6)
    for costs, pen in ((right, {"line": INK}), (wrong, {"line": NEGATIVE, "width": 2})):
        # One point in five is enough for so small a curve.
        x = np.linspace(left, left + width, len(costs))[::5]
        y = top + height * (1 - np.array(costs)[::5] / most)
        sheet.line(*zip(x.tolist(), y.tolist(), strict=True), **pen)
