"""The graph of claims: what each rests on, drawn from `Claim.depends` and linked to every place.

The directive leaves a placeholder, which is filled in when all pages are read and all places known.
A claim's witnesses are read from the claim; that they hold is checked wherever it is printed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from html import escape
from itertools import accumulate, combinations, pairwise
from statistics import fmean
from typing import Any, cast

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.domains.math import MathDomain
from sphinx.environment import BuildEnvironment

from printing.claims import ClaimDirective
from proofs.claims import CLAIMS
from proofs.claims.claim import Claim
from proofs.witnesses.formal import THEOREMS

Uses = Mapping[str, tuple[str, ...]]
"""The claims by tag, each with the claims that it uses."""
Place = tuple[str, int]
"""A tag and a row: the claim itself in its own row, its trunk in the rows above."""
Lines = dict[Place, list[Place]]
"""Every place, with those in the next row that a line leads to."""
Point = tuple[float, float]

WIDTH, HEIGHT = 45, 24
"""The size of a node."""
APART = 6
"""What is left free between two places of a row."""
LINE = 8
"""What a line needs that passes a row."""
BETWEEN = 42
"""What is left free between two rows."""
COLUMN = 728
"""How wide a row may be before it becomes two: a wider picture would have to shrink its letters."""
SWEEPS = 40
MARGIN = 4

KINDS = {
    "run": "symbolic, measured, printed and run",
    "proved": "symbolic and measured",
    "granted": "measured; the symbolic witness takes it for granted",
    "definition": "a definition",
}
"""The kinds of nodes, each with its witnesses in words."""


def kind(claim: Claim) -> str:
    """Which witnesses a claim has."""
    if claim.definition:
        return "definition"
    if claim.axiom:
        return "granted"
    return "run" if claim.formula else "proved"


def shown(claim: Claim) -> str:
    """The classes of a node: its kind, and whether there is a theorem for it."""
    return f"{kind(claim)} formal" if claim.tag in THEOREMS else kind(claim)


def checked_by(claim: Claim) -> str:
    """The witnesses of a claim."""
    return KINDS[kind(claim)] + (", proved in Coq" if claim.tag in THEOREMS else "")


def dependencies(claims: Mapping[str, Claim]) -> Uses:
    """What each claim uses, of the claims drawn."""
    return {tag: tuple(d for d in c.depends if d in claims) for tag, c in claims.items()}


# The layout. Rows count from the bottom; a claim stands above all that it uses. All lines that lead
# to one claim join in a trunk above it, with a place of its own in each row that it passes.


@dataclass(frozen=True)
class Layout:
    """Where every node is, and the way of every edge: down, from a claim to one that it uses."""

    size: Point
    nodes: dict[str, Point]
    """Centres."""
    edges: dict[tuple[str, str], list[Point]]
    """The middle of each row on the way, from the claim to the used one."""
    alone: float
    """The height at which to say that the lowest row has no edges; 0 if there is none."""


def levels(uses: Uses) -> dict[str, int]:
    """The row of each claim: the longest way down, or just below its first user if that is short.

    Raises `CycleError` if claims rest on one another.
    """
    order = list(TopologicalSorter(uses).static_order())
    users = {tag: [user for user in uses if tag in uses[user]] for tag in order}
    level: dict[str, int] = {}
    for tag in order:
        level[tag] = max((level[used] + 1 for used in uses[tag]), default=0)
    for tag in reversed(order):
        if users[tag] and len(uses[tag]) <= len(users[tag]):
            level[tag] = min(level[user] for user in users[tag]) - 1
    return narrowed(uses, level)


def narrowed(uses: Uses, level: dict[str, int]) -> dict[str, int]:
    """The rows, the upper half of each that is too wide moved to a new row above it."""
    row = 0
    while row <= max(level.values(), default=-1):
        tags = [tag for tag in level if level[tag] == row]
        passing = {used for tag in uses for used in uses[tag] if level[used] < row < level[tag]}
        width = len(tags) * (WIDTH + APART) + len(passing) * (LINE + APART)
        if width <= COLUMN or len(tags) == 1:
            row += 1
            continue
        moved = tags[len(tags) // 2 :]
        level = {tag: n + (n > row or tag in moved) for tag, n in level.items()}
    return level


def arrange(uses: Uses) -> Layout:
    """The layout of all claims; those that have no edge stand in a row of their own, the lowest."""
    alone = [t for t in uses if not uses[t] and all(t not in used for used in uses.values())]
    tied = {tag: used for tag, used in uses.items() if tag not in alone}
    level = levels(tied)
    down: Lines = {(tag, level[tag]): [] for tag in tied}
    for tag in tied:
        for used in tied[tag]:
            down[tag, level[tag]].append((used, level[tag] - 1))
            down |= {(used, row): [(used, row - 1)] for row in range(level[used] + 1, level[tag])}
    rows = ordered(down)
    widths = {p: APART + (WIDTH if p[1] == level[p[0]] else LINE) for p in down}
    total = max([sum(widths[p] for p in row) for row in rows] + [len(alone) * (WIDTH + APART)])
    x = columns(rows, down, widths, total)

    def point(column: float, row: float) -> Point:
        y = MARGIN + HEIGHT / 2 + (len(rows) - 1 - row) * (HEIGHT + BETWEEN)
        return round(MARGIN + column, 1), round(y, 1)

    first = (total - (len(alone) - 1) * (WIDTH + APART)) / 2
    placed = {tag: point(first + n * (WIDTH + APART), -1) for n, tag in enumerate(alone)}
    placed |= {tag: point(x[tag, level[tag]], level[tag]) for tag in tied}
    ways = {
        (tag, used): [point(x[used, row], row) for row in range(level[used], level[tag])]
        for tag in tied
        for used in tied[tag]
    }
    _, lowest = point(0, -1 if alone else 0)
    return Layout(
        (total + 2 * MARGIN, lowest + HEIGHT / 2 + MARGIN),
        placed,
        {(tag, used): [placed[tag], *reversed(way)] for (tag, used), way in ways.items()},
        lowest - HEIGHT if alone else 0,
    )


def turned(lines: Lines) -> Lines:
    """The lines from their other ends."""
    back: Lines = {place: [] for place in lines}
    for place in lines:
        for end in lines[place]:
            back[end].append(place)
    return back


def ordered(down: Lines) -> list[list[Place]]:
    """The rows, the lowest first, each in an order in which few lines cross.

    Up and down the rows, each place goes to the mean of those it is tied to in the row before;
    then neighbours swap as long as that undoes a crossing. The best of all sweeps is kept.
    """
    up = turned(down)
    rows: list[list[Place]] = [[] for _ in range(1 + max((row for _, row in down), default=-1))]
    for place in down:
        rows[place[1]].append(place)
    x: dict[Place, float] = {}

    def settle(row: list[Place]) -> None:
        x.update({place: (n + 0.5) / len(row) for n, place in enumerate(row)})

    def undone(p: Place, q: Place) -> int:
        ends = [(x[a], x[b]) for lines in (down, up) for a in lines[p] for b in lines[q]]
        return sum((a > b) - (a < b) for a, b in ends)

    for row in rows:
        settle(row)
    best, fewest = [list(row) for row in rows], crossings(down, x)
    for sweep in range(SWEEPS):
        near = up if sweep % 2 else down
        for row in reversed(rows) if sweep % 2 else rows:
            row.sort(key=lambda p: fmean([x[q] for q in near[p]] or [x[p]]))
            settle(row)
        swapped = True
        while swapped:
            swapped = False
            for row in rows:
                for n in range(len(row) - 1):
                    if undone(row[n], row[n + 1]) > 0:
                        row[n : n + 2] = row[n + 1], row[n]
                        settle(row)
                        swapped = True
        if crossings(down, x) < fewest:
            best, fewest = [list(row) for row in rows], crossings(down, x)
    return best


def crossings(down: Lines, x: Mapping[Place, float]) -> int:
    """How many pairs of lines cross between two rows."""
    lines = [(p[1], x[p], x[q]) for p in down for q in down[p]]
    return sum(
        a[0] == b[0] and (a[1] - b[1]) * (a[2] - b[2]) < 0 for a, b in combinations(lines, 2)
    )


def columns(
    rows: list[list[Place]], down: Lines, widths: Mapping[Place, float], total: float
) -> dict[Place, float]:
    """Where each place is from left to right: near those it is tied to, in the order of its row."""
    up = turned(down)
    x = {p: total / 2 for row in rows for p in row}
    for sweep in range(SWEEPS):
        for row in reversed(rows) if sweep % 2 else rows:
            near = {p: [x[q] for q in down[p] + up[p]] for p in row}
            x |= spread(row, {p: fmean(near[p] or [x[p]]) for p in row}, widths, total)
    return x


def spread(
    row: list[Place], wanted: Mapping[Place, float], widths: Mapping[Place, float], total: float
) -> dict[Place, float]:
    """A row in this order, each place as near to where it is wanted as the widths allow.

    Places that would overlap become a block, which goes where its places are wanted on average.
    """
    ends = list(accumulate(widths[p] for p in row))
    middle = {p: end - widths[p] / 2 for p, end in zip(row, ends, strict=True)}
    blocks: list[tuple[list[Place], float]] = []
    for place in row:
        block, shift = [place], wanted[place] - middle[place]
        while blocks and blocks[-1][1] >= shift:
            block = blocks.pop()[0] + block
            shift = fmean(wanted[p] - middle[p] for p in block)
        blocks.append((block, shift))
    room = total - ends[-1]
    return {p: middle[p] + min(max(shift, 0), room) for block, shift in blocks for p in block}


# The drawing: its colours are the page's, and it holds no ids.


def draw(claims: Mapping[str, Claim], links: Mapping[str, str]) -> str:
    """The graph as HTML: a legend, the picture in its scroll box, and the same in words."""
    used = dependencies(claims)
    layout = arrange(used)
    # By rows, so that the keyboard goes the way the eye goes; its edges lie with each node.
    order = sorted(claims, key=lambda tag: layout.nodes[tag][::-1])
    picture = "\n".join(
        "".join(
            [
                f'<g class="{shown(claims[tag])}">',
                *(edge(tag, to, layout.edges[tag, to]) for to in used[tag]),
                f'<a href="{escape(links[tag])}"><title>{escape(name(claims[tag]))}</title>',
                node(kind(claims[tag]), tag, layout.nodes[tag]),
                "</a></g>",
            ]
        )
        for tag in order
    )
    legend = "\n".join(f"<li>{sample(k)} {meaning}</li>" for k, meaning in KINDS.items())
    legend += f"\n<li>{sample('proved formal', 'BP')} bold: also proved in Coq</li>"
    listed = "\n".join(
        f"<li>{link(tag, links)} {escape(claims[tag].title)} ({checked_by(claims[tag])}): uses "
        f"{', '.join(link(to, links) for to in used[tag]) or 'no other'}</li>"
        for tag in claims
    )
    across, down = layout.size
    if layout.alone:
        words = "these use no other claim, and none uses them"
        picture += f'\n<text x="{across / 2:g}" y="{layout.alone:g}" class="alone">{words}</text>'
    return f"""<div class="claim-graph">
<ul class="legend">
{legend}
<li><svg viewBox="0 0 47 26" aria-hidden="true"><path d="M2 13H44m-6-3.5l6 3.5l-6 3.5"/></svg>
from a claim to one that it uses; lines to the same claim join</li>
</ul>
<section class="scroll" tabindex="0" aria-label="Graph of the claims">
<svg viewBox="0 0 {across:g} {down:g}">
{picture}
</svg>
</section>
<details>
<summary>The graph in words</summary>
<ul>
{listed}
</ul>
</details>
</div>
"""


def name(claim: Claim) -> str:
    """What a node is called: tag, title and witnesses."""
    order = ", to first order" if claim.order else ""
    return f"({claim.tag}) {claim.title}: {checked_by(claim)}{order}"


def link(tag: str, links: Mapping[str, str]) -> str:
    """A link to a claim in the list."""
    return f'<a href="{escape(links[tag])}">({escape(tag)})</a>'


def node(kind: str, words: str, at: Point) -> str:
    """A node; its kind shows in its shape and border, not only in its colour."""
    x, y = at
    text = f'<text x="{x:g}" y="{y + 4:g}">{escape(words)}</text>'
    outer = box(x, y, WIDTH, HEIGHT, HEIGHT / 2 if kind == "definition" else 4)
    return outer + (box(x, y, WIDTH - 5, HEIGHT - 5, 2.5) if kind == "run" else "") + text


def box(x: float, y: float, width: float, height: float, corner: float) -> str:
    """A rectangle around a point."""
    at = f'x="{x - width / 2:g}" y="{y - height / 2:g}"'
    return f'<rect {at} width="{width:g}" height="{height:g}" rx="{corner:g}"/>'


def sample(kind: str, tag: str = "") -> str:
    """A node of a kind, for the legend."""
    size = f"0 0 {WIDTH + 2} {HEIGHT + 2}"
    shape = node(kind, tag, (WIDTH / 2 + 1, HEIGHT / 2 + 1))
    return f'<svg viewBox="{size}" aria-hidden="true"><g class="{kind}">{shape}</g></svg>'


def edge(tag: str, used: str, way: list[Point]) -> str:
    """An edge: a curve between two rows, straight through the rows that it passes."""
    half, bend = HEIGHT / 2, BETWEEN / 2
    path = f"M{way[0][0]:g} {way[0][1] + half:g}"
    for (x, y), (to_x, to_y) in pairwise(way):
        top = to_y - half
        path += f"C{x:g} {y + half + bend:g} {to_x:g} {top - bend:g} {to_x:g} {top:g}"
        path += f"V{to_y + half:g}" if (to_x, to_y) != way[-1] else "m-3.5 -6l3.5 6l3.5 -6"
    return f'<path data-from="{escape(tag)}" data-to="{escape(used)}" d="{path}"/>'


# In the page.


class claim_graph(nodes.General, nodes.Element):
    """Where the graph will stand."""


class PrintGraph(ClaimDirective):
    """```{claim-graph}: all claims, each with an arrow to every claim that it uses."""

    required_arguments = 0

    def run(self) -> list[nodes.Node]:
        try:
            levels(dependencies(CLAIMS))
        except CycleError as error:
            circle = " uses ".join(f"({tag})" for tag in reversed(error.args[1]))
            self.note(f"claims rest on one another: {circle}")
            return []
        self.env.metadata[self.env.docname]["claim-graph"] = True
        return [claim_graph()]


def rewrite(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """The pages with a graph, whose links may change when any page does."""
    return [page for page in sorted(env.metadata) if "claim-graph" in env.metadata[page]]


def fill(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the graph in its place."""
    places = list(doctree.findall(claim_graph))
    if places:
        equations = cast(MathDomain, app.env.get_domain("math")).equations
        links = {
            tag: app.builder.get_relative_uri(docname, equations[tag][0])
            + "#"
            + nodes.make_id(f"equation-{tag}")
            for tag in CLAIMS
        }
        for place in places:
            place.replace_self(nodes.raw("", draw(CLAIMS, links), format="html"))


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_node(claim_graph)
    app.add_directive("claim-graph", PrintGraph)
    app.connect("env-updated", rewrite)
    app.connect("doctree-resolved", fill)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
