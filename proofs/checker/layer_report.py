"""What the check of layers came to, in the names of the user's own code."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from math import isfinite
from typing import Any


@dataclass(frozen=True)
class Row:
    """One equation: what one layer sends to one of its inputs, or what one wire carries."""

    place: str
    """The layer, or the wire between layers, by the user's names."""
    quantity: str
    """Which gradient."""
    residual: float
    """How far off the worst number is, in its own units."""
    tolerance: float
    """How far rounding may move that number."""
    detail: str = ""
    """The worst number: what came, and what was expected."""
    says: tuple[str, ...] = ()
    """Wrong formulas that give, number for number, what came."""

    @property
    def holds(self) -> bool:
        """Whether rounding explains the difference."""
        return self.residual <= self.tolerance

    @property
    def head(self) -> str:
        """The place, and the worst number."""
        return f"{self.place}, {self.quantity}: {self.detail}".rstrip(": ")

    def __str__(self) -> str:
        return _listed([self])

    def as_json(self) -> dict[str, Any]:
        """The equation for programs; what is not finite is null."""
        return {
            "place": self.place,
            "quantity": self.quantity,
            "holds": self.holds,
            "residual": self.residual if isfinite(self.residual) else None,
            "tolerance": self.tolerance if isfinite(self.tolerance) else None,
            "detail": self.detail,
            "diagnosis": "; or ".join(self.says),
        }


@dataclass(frozen=True)
class LayerReport:
    """Which layer sends back something wrong, to which of its inputs, and what it looks like."""

    rows: tuple[Row, ...] = ()
    problems: tuple[str, ...] = ()
    """What kept an equation from being tested."""
    remarks: tuple[str, ...] = ()
    """How it was tested, and what could not be told."""

    @property
    def violations(self) -> tuple[Row, ...]:
        """The equations that do not hold."""
        return tuple(row for row in self.rows if not row.holds)

    def _mistakes(self) -> list[list[Row]]:
        """The violations, those that look like the same mistake together."""
        found: dict[tuple[str, ...], list[Row]] = {}
        for row in self.violations:
            found.setdefault(row.says or (row.place, row.quantity), []).append(row)
        return list(found.values())

    @property
    def holds(self) -> bool:
        """True if every equation holds and nothing kept one from being tested."""
        return not self.violations and not self.problems

    @property
    def summary(self) -> str:
        """The outcome in a line."""
        n = len(self.rows)
        if self.holds:
            return f"Every equation holds: {n} of {n}."
        wrong = [f"{row.place} {row.quantity}" for row in self.violations]
        parts = [f"Wrong: {', '.join(dict.fromkeys(wrong))}"] if wrong else []
        k = len(self.problems)
        parts += [f"{k} problem{'' if k == 1 else 's'}"] if k else []
        return f"{'; '.join(parts)}."

    def as_json(self) -> dict[str, Any]:
        """The report for programs."""
        return {
            "holds": self.holds,
            "violations": [row.as_json() for row in self.violations],
            "rows": [row.as_json() for row in self.rows],
            "problems": list(self.problems),
            "remarks": list(self.remarks),
        }

    def grid(self) -> list[list[str]]:
        """A line for each place: its name, then its quantities, each ok or WRONG."""
        lines: dict[str, list[str]] = {}
        for row in self.rows:
            verdict = "ok" if row.holds else "WRONG"
            lines.setdefault(row.place, []).append(f"{row.quantity} {verdict}")
        return [[place, *cells] for place, cells in lines.items()]

    def __str__(self) -> str:
        grid = self.grid()
        columns = max((len(line) for line in grid), default=0)
        widths = [max(len(line[i]) for line in grid if i < len(line)) for i in range(columns)]
        lines = ["  ".join(c.ljust(w) for c, w in zip(line, widths, strict=False)).rstrip()
                 for line in grid]  # fmt: skip
        said = [_listed(rows) for rows in self._mistakes()]
        said += [f"problem: {p}" for p in self.problems] + [f"remark: {r}" for r in self.remarks]
        return "\n".join([*lines, "", *said, *([""] if said else []), self.summary])

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th scope=row>{escape(place)}</th>{''.join(map(_cell, cells))}</tr>"
            for place, *cells in self.grid()
        )
        items = ["<br>".join(
            [f"<strong>{escape(row.place)}, {escape(row.quantity)}</strong>: {escape(row.detail)}"
             for row in rows] + list(map(escape, rows[0].says)))
                 for rows in self._mistakes()]  # fmt: skip
        items += [escape(text) for text in (*self.problems, *self.remarks)]
        listed = "".join(f"<li>{item}</li>" for item in items)
        return (
            f'<div class="backprop-report"><table><tbody>{rows}</tbody></table>'
            f"<p>{escape(self.summary)}</p>{f'<ul>{listed}</ul>' if listed else ''}</div>"
        )


def _listed(rows: Sequence[Row]) -> str:
    """Violations that look the same, and what they look like."""
    return "\n".join([*(row.head for row in rows), *(f"    {line}" for line in rows[0].says)])


def _cell(text: str) -> str:
    kind = "holds" if text.endswith(" ok") else "wrong"
    return f'<td class="{kind}">{escape(text)}</td>'


def joined(reports: Iterable[LayerReport]) -> LayerReport:
    """The reports of several layers as one; what all of them remark is said once."""
    reports = list(reports)
    return LayerReport(
        tuple(row for r in reports for row in r.rows),
        tuple(dict.fromkeys(p for r in reports for p in r.problems)),
        tuple(dict.fromkeys(remark for r in reports for remark in r.remarks)),
    )


COUNTS = "{}: counts as a constant, as detached says"
NOT_MET = (
    "detached: no step of the forward pass is {!r}: give the text of an expression, or of a line, "
    "as it stands in the NumPy code; torch and JAX have detach() and stop_gradient"
)


def with_constants(report: LayerReport, met: Mapping[str, bool]) -> LayerReport:
    """The report, with which expressions count as constants, or were not met."""
    constants = tuple(COUNTS.format(text) for text, seen in met.items() if seen)
    missing = tuple(NOT_MET.format(text) for text, seen in met.items() if not seen)
    problems, remarks = (*report.problems, *missing), (*report.remarks, *constants)
    return replace(report, problems=problems, remarks=remarks)


def times(ratio: float) -> str:
    """A factor as it is read; one that is nearly 1 by how much it is not."""
    near = abs(abs(ratio) - 1)
    if not 1e-14 < near <= 1e-5:  # what is nearer is the rounding of the ratio itself
        return f"{ratio:.6g}"
    one = f"1 {'+' if abs(ratio) > 1 else '-'} {near:.1e}"
    return one if ratio > 0 else f"-({one})"


def off_by(came: float, want: float, off: float, allowed: float) -> str:
    """How far apart two numbers are that look the same."""
    same = f"{came:.6g}" == f"{want:.6g}"
    return f", off by {off:.1e} where rounding explains {allowed:.1e}" if same else ""


def with_words(row: Row, says: Iterable[str]) -> Row:
    """The row with what it looks like."""
    return replace(row, says=tuple(dict.fromkeys((*row.says, *says))))
