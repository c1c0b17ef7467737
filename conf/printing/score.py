"""The record of the mutation run on the page that says how the site is proved."""

from collections.abc import Iterator
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from printing.mutation import (
    CHECKER,
    DEFINITIONS,
    EQUIVALENT,
    FORMULAS,
    JUDGES,
    PAGES,
    RECORD,
    REST,
    ROOT,
    STATEMENTS,
    Row,
    counted,
    digest,
    kind,
    missed,
    of_all,
    paths,
    percent,
    read,
    reasons,
    sorted_out,
)

ORDER = (STATEMENTS, FORMULAS, DEFINITIONS, CHECKER, REST, PAGES)
HEADS = ("Changes", "Caught", "By claims", "By tests", "By the build", "Equivalent")


def parts(
    record: dict[str, Row], known: dict[Any, str], current: dict[str, str]
) -> Iterator[tuple[str, list[str]]]:
    """The record in Markdown, `current` being the digest of each file as it is now.

    First the sums, without a title, then what is folded under one.
    """
    rows = counted({path: row for path, row in record.items() if path in current}, known)
    short, missing = missed(rows, list(current)), [f"`{p}`" for p in current if p not in rows]
    remark = ["", f"Not finished: {'; '.join(short)}."] if short else []
    yield "", [*sums(rows), *remark]
    unknown, same = (
        [m for path, row in rows.items() for m in sorted_out(path, row, known)[n]] for n in (0, 1)
    )
    if missing:
        yield f"Not measured yet: {len(missing)} files", [", ".join(missing) + "."]
    yield f"Not caught: {len(unknown) or 'none'}", listed(unknown)
    yield f"Equivalent, the same program in other words: {len(same) or 'none'}", listed(same)


def sums(rows: dict[str, Row]) -> list[str]:
    """A line for each kind of file, and one for all of them."""
    of = {name: [row for path, row in rows.items() if kind(path) == name] for name in ORDER}
    lines = [line(name, its) for name, its in of.items() if its]
    return [*head("What is changed", *HEADS), *lines, line("all of these", list(rows.values()))]


def head(*names: str) -> list[str]:
    """The head of a table in Markdown."""
    return [f"| {' | '.join(names)} |", "|---" * len(names) + "|"]


def line(name: str, its: list[Row]) -> str:
    """The sums over some rows: how many changes of how many, who caught them, which share."""
    counts = [sum(row[column] for row in its) for column in ("mutants", *JUDGES, "equivalent")]
    total = sum(of_all(row) for row in its)
    changes = f"{counts[0]} of {total}" if total > counts[0] else str(total)
    return f"| {' | '.join(map(str, [name, changes, percent(its), *counts[1:]]))} |"


def listed(mutants: list[Row]) -> list[str]:
    """Where each mutant is, what was changed, and the reason if there is one."""
    return [
        f"- `{m['file']}`, line {m['line']}: "
        f"{quoted(m['before'])} became {quoted(m['after'])}. {m['reason'] or ''}"
        for m in mutants
    ]


def quoted(source: str) -> str:
    """A line of source as code."""
    return f"`` {source} ``" if source else "nothing"


class MutationScore(SphinxDirective):
    """```{mutation-score}: what share of deliberate mistakes is caught, and which are not."""

    def run(self) -> list[nodes.Node]:
        for file in (RECORD, EQUIVALENT):
            self.env.note_dependency(str(file))
        current = {path: digest((ROOT / path).read_text(encoding="utf-8")) for path in paths()}
        return [self.part(*part) for part in parts(read(), reasons(), current)]

    def part(self, title: str, lines: list[str]) -> nodes.Element:
        """A part of the record, folded if it has a title."""
        text = self.parse_text_to_nodes("\n".join(lines))
        if not title:
            return nodes.container("", *text, classes=["mutation"])
        heading = nodes.title("", title)
        classes = ["source", "mutation"]
        return nodes.admonition("", heading, *text, classes=classes, collapsible="closed")


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("mutation-score", MutationScore)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
