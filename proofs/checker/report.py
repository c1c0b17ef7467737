"""What the check of a backward pass came to: for people, for notebooks, for programs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from math import isfinite
from typing import Any

from proofs.checker.naming import Diagnosis

EQUATIONS = ("forward z", "forward a", "BP1", "BP2", "BP3", "BP4", "purity")
"""In the order of the algorithm."""

GRADIENTS = "gradients"
"""The row below the equations: nabla_b and nabla_w as a whole against the definition."""


@dataclass(frozen=True)
class Cell:
    """One equation at one layer: its worst residual for its tolerance."""

    residual: float
    tolerance: float

    @property
    def holds(self) -> bool:
        """Whether the residual is within the tolerance."""
        return self.residual <= self.tolerance


@dataclass(frozen=True)
class Violation:
    """An equation that a backward pass breaks at a layer; purity is broken at no layer."""

    equation: str
    layer: int | None
    residual: float
    tolerance: float
    diagnoses: tuple[Diagnosis, ...] = ()
    detail: str = ""
    """The worst number, and on which network."""

    @property
    def diagnosis(self) -> str:
        """What it looks like, as far as something fits."""
        return "; or ".join(d.says for d in self.diagnoses)

    @property
    def pages(self) -> tuple[str, ...]:
        """The pages that mend the misconception."""
        return tuple(dict.fromkeys(d.page for d in self.diagnoses if d.page))

    @property
    def place(self) -> str:
        """The equation and the layer."""
        return self.equation if self.layer is None else f"{self.equation} at layer {self.layer}"

    def __str__(self) -> str:
        text = f"{self.place}: {self.detail}"
        text += f"\n    {self.diagnosis}" if self.diagnosis else ""
        return text + (f"\n    read: {', '.join(self.pages)}" if self.pages else "")


@dataclass(frozen=True)
class Report:
    """Which of the equations a backward pass breaks, at which layer, by how much."""

    L: int
    cells: dict[tuple[str, int], Cell]
    """Every equation and layer that was tested, and the gradients of each layer as a whole."""
    violations: tuple[Violation, ...] = ()
    problems: tuple[str, ...] = ()
    """What kept it from being tested: it raised, hung, or returned nothing of use."""
    remarks: tuple[str, ...] = ()
    """What could not be told, what it printed, how it was tested."""
    cases: int = 1
    """On how many networks it was tried."""

    @property
    def holds(self) -> bool:
        """True if no equation is broken and nothing kept them from being tested."""
        return not self.violations and not self.problems

    def as_json(self) -> dict[str, Any]:
        """The report for programs; JSON has no name for what is infinite, so that is null."""
        return {
            "holds": self.holds,
            "violations": [
                {
                    "equation": v.equation,
                    "layer": v.layer,
                    "residual": _number(v.residual),
                    "tolerance": _number(v.tolerance),
                    "diagnosis": v.diagnosis,
                    "pages": list(v.pages),
                    "detail": v.detail,
                }
                for v in self.violations
            ],
            "gradients": [
                {
                    "layer": l,
                    "holds": c.holds,
                    "residual": _number(c.residual),
                    "tolerance": c.tolerance,
                }
                for (row, l), c in self.cells.items()
                if row == GRADIENTS
            ],
            "cases": self.cases,
            "problems": list(self.problems),
            "remarks": list(self.remarks),
        }

    @property
    def summary(self) -> str:
        """The outcome in a line."""
        if self.holds:
            return f"Every equation holds, on {_count(self.cases, 'network')}."
        parts = (
            [f"Broken: {', '.join(v.place for v in self.violations)}"] if self.violations else []
        )
        parts += [_count(len(self.problems), "problem")] if self.problems else []
        return f"{'; '.join(parts)}."

    def grid(self) -> list[list[str]]:
        """A row for each equation, a column for each layer: ok, WRONG, or nothing if not tested."""
        layers = range(2, self.L + 1)
        return [[e, *(self._cell(e, l) for l in layers)] for e in (*EQUATIONS[:-1], GRADIENTS)]

    def _cell(self, equation: str, l: int) -> str:
        wrong = [v for v in self.violations if (v.equation, v.layer) == (equation, l)]
        if wrong:
            return f"WRONG {wrong[0].residual:.0e}"
        cell = self.cells.get((equation, l))
        if equation == GRADIENTS and cell and not cell.holds:
            return f"off {cell.residual:.0e}"
        return "ok" if cell else ""

    def __str__(self) -> str:
        head = ["", *(f"layer {l}" for l in range(2, self.L + 1))]
        rows = [head, *self.grid()]
        widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
        lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
        said = [str(v) for v in self.violations]
        said += [f"problem: {p}" for p in self.problems] + [f"remark: {r}" for r in self.remarks]
        return "\n".join([*lines, "", *said, *([""] if said else []), self.summary])

    def _repr_html_(self) -> str:
        """The grid equation by layer, then what each violation looks like."""
        layers = "".join(f"<th scope=col>layer {l}</th>" for l in range(2, self.L + 1))
        rows = "".join(
            f"<tr><th scope=row>{equation}</th>{''.join(map(_html_cell, cells))}</tr>"
            for equation, *cells in self.grid()
        )
        items = "".join(f"<li>{_html(v)}</li>" for v in self.violations)
        items += "".join(f"<li>{escape(t)}</li>" for t in (*self.problems, *self.remarks))
        return (
            '<div class="backprop-report"><table><thead><tr><th scope=col>equation</th>'
            f"{layers}</tr></thead><tbody>{rows}</tbody></table>"
            f"<p>{escape(self.summary)}</p>{f'<ul>{items}</ul>' if items else ''}</div>"
        )


def _number(value: float) -> float | None:
    return value if isfinite(value) else None


def _html_cell(text: str) -> str:
    kind = "untested" if not text else "holds" if text == "ok" else "wrong"
    return f'<td class="{kind}">{text}</td>'


def _html(v: Violation) -> str:
    text = f"<strong>{escape(v.place)}</strong>: {escape(v.detail)}"
    text += f"<br>{escape(v.diagnosis)}" if v.diagnosis else ""
    links = ", ".join(f'<a href="{page}.html">{page}</a>' for page in v.pages)
    return text + (f" ({links})" if links else "")


def _count(n: int, what: str) -> str:
    return f"{n} {what}{'' if n == 1 else 's'}"


def worse(one: Cell, other: Cell) -> Cell:
    """The cell whose residual is larger for its tolerance."""
    return other if other.residual * one.tolerance > one.residual * other.tolerance else one


def merged(reports: Sequence[Report]) -> Report:
    """The reports of several networks as one: the worst of each, and what explains all of it."""
    cells: dict[tuple[str, int], Cell] = {}
    violations: dict[tuple[str, int | None], Violation] = {}
    for report in reports:
        for place, cell in report.cells.items():
            cells[place] = worse(cells.get(place, cell), cell)
        for v in report.violations:
            violations[v.equation, v.layer] = _both(violations.get((v.equation, v.layer)), v)
    return Report(
        max(r.L for r in reports),
        cells,
        in_order(violations.values()),
        tuple(dict.fromkeys(p for r in reports for p in r.problems)),
        tuple(dict.fromkeys(remark for r in reports for remark in r.remarks)),
        sum(r.cases for r in reports),
    )


def _both(old: Violation | None, new: Violation) -> Violation:
    """Of two violations of one equation the first, with the diagnoses that fit both."""
    if old is None:
        return new
    common = tuple(d for d in old.diagnoses if d in new.diagnoses)
    silent = not old.diagnoses or not new.diagnoses
    kept = (old.diagnoses or new.diagnoses) if silent else common
    return Violation(old.equation, old.layer, old.residual, old.tolerance, kept, old.detail)


def in_order(violations: Iterable[Violation]) -> tuple[Violation, ...]:
    """In the order of the algorithm: forward from layer 2 on, then from the last layer back."""

    def rank(v: Violation) -> tuple[int, int]:
        back = -1 if v.equation.startswith("BP") else 1
        return EQUATIONS.index(v.equation), back * (v.layer or 0)

    return tuple(sorted(violations, key=rank))
