"""Broken backward passes to diagnose, and the networks that do not notice them."""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from printing.claims import ClaimDirective
from printing.kept import once
from proofs.checker.check_backprop import check_backprop
from proofs.checker.report import Report
from proofs.mistakes.blind_spots import BLIND, CRASHES, NETWORKS, SEEN, seen
from proofs.mistakes.catalogue import RECTANGULAR, WILD, Wrong, textbook

WRONG = {wrong.name: wrong for wrong in WILD}


class BrokenDirective(ClaimDirective):
    """What the directives share: wrong backward passes by name."""

    def wrong(self) -> list[Wrong]:
        """Those in the argument that there are; the others are noted."""
        names = self.arguments[0].split()
        for name in names:
            if name not in WRONG:
                self.note(f"there is no wrong backward pass {name}; there are {', '.join(WRONG)}")
        return [WRONG[name] for name in names if name in WRONG]


class PrintTextbook(ClaimDirective):
    """```{textbook}: the backward pass that each wrong line was planted in."""

    required_arguments = 0

    def run(self) -> list[nodes.Node]:
        source = textbook(RECTANGULAR.lines())
        return [nodes.literal_block(source, source, language="python")]


class PrintPuzzles(BrokenDirective):
    """```{puzzles} NAME NAME ...: the report on each, with what is wrong folded under it."""

    def run(self) -> list[nodes.Node]:
        puzzles = [self.puzzle(n, wrong) for n, wrong in enumerate(self.wrong(), start=1)]
        return [nodes.container("", *puzzles, classes=["puzzles"])]

    def puzzle(self, n: int, wrong: Wrong) -> nodes.Element:
        """A card: what the pass is written for, the grid, and the answer."""
        return self.prose(once(f"puzzle {n} {wrong.name}", lambda: card(n, wrong)), "puzzle")


def card(n: int, wrong: Wrong) -> str:
    """What stands on it, in Markdown."""
    case = wrong.setting.case()
    report = check_backprop(wrong.backprop(), case.network, case.x, case.y)
    lines = [f"**{n}.** {written_for(wrong)}", "", *grid(report)]
    lines += [f"*purity*: {v.detail}." for v in report.violations if v.equation == "purity"]
    return "\n".join([*lines, "", *answer(wrong, report)])


COSTS = {"cross_entropy": "binary cross-entropy", "log_likelihood": "categorical cross-entropy"}
"""The costs that have another name in the field than in the code."""


def written_for(wrong: Wrong) -> str:
    """The network of a pass, in words."""
    setting = wrong.setting
    widths = ", ".join(map(str, setting.sizes))
    hidden = " and ".join(dict.fromkeys(f.name for f in setting.inner))
    return (
        f"{widths} neurons, {setting.m} examples; {hidden} inside, {setting.output} at the output; "
        f"{COSTS.get(setting.cost.name, f'{setting.cost} cost')}."
    ).replace("_", " ")


def grid(report: Report) -> list[str]:
    """The equations by layer as a table in Markdown."""
    head = ["equation", *(f"layer {l}" for l in range(2, report.L + 1))]
    rows = [[row[0], *map(marked, row[1:])] for row in report.grid()]
    return [
        f"| {' | '.join(head)} |",
        "|---" * len(head) + "|",
        *(f"| {' | '.join(row)} |" for row in rows),
        "",
    ]


def marked(cell: str) -> str:
    """A cell without its number, strong where something is wrong."""
    word = cell.partition(" ")[0]
    return f"**{word}**" if word == "WRONG" else word


def answer(wrong: Wrong, report: Report) -> list[str]:
    """What is wrong, folded: the misconception, the line, and what the report makes of it."""
    right = wrong.setting.lines()
    changes = [
        f"{sign} {line}"
        for name, new in wrong.lines.items()
        for sign, text in (("-", new), ("+", right[name]))
        for line in text.splitlines()
    ]
    looks = dict.fromkeys(d for v in report.found for d in v.diagnoses)
    says = "; or ".join(dict.fromkeys(v.diagnosis for v in report.found if v.diagnosis))
    pages = dict.fromkeys(d.page for d in looks if d.page)
    return [
        ":::{admonition} What is wrong",
        ":collapsible: closed",
        "",
        f"*“{primed(wrong.misconception)}”*",
        "",
        "```diff",
        *changes,
        "```",
        "",
        f"The report: “{primed(says)}”." if says else "The report names no formula that fits.",
        "".join(f" See {{doc}}`{page}`." for page in pages),
        f"Source: {wrong.source}.",
        ":::",
    ]


class PrintBlindSpots(BrokenDirective):
    """```{blind-spots} NAME NAME ...: which test networks do not see these."""

    def run(self) -> list[nodes.Node]:
        names = " ".join(wrong.name for wrong in self.wrong())
        return [self.prose(once(f"blind {names}", lambda: table(self.wrong())), "blind-spots")]


def table(wrongs: list[Wrong]) -> str:
    """A row for each wrong pass, a column for each network, in Markdown."""
    head = ["What was believed", *NETWORKS]
    rows = [[believed(wrong), *map(said, seen(wrong).values())] for wrong in wrongs]
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def believed(wrong: Wrong) -> str:
    """The misconception, and the equations that it breaks."""
    equations = dict.fromkeys(part.partition("@")[0] for part in wrong.breaks.split(", "))
    return f"{primed(wrong.misconception)} ({', '.join(equations)})"


def primed(words: str) -> str:
    """What a terminal shows as sigma': its prime would become the end of a quotation."""
    return words.replace("sigma'", "σ′")


def said(outcome: str) -> str:
    """A cell of the table."""
    return {SEEN: "sees it", BLIND: "**blind**", CRASHES: "crashes"}[outcome]


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("puzzles", PrintPuzzles)
    app.add_directive("textbook", PrintTextbook)
    app.add_directive("blind-spots", PrintBlindSpots)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
