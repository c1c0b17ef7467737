"""What the check of a backward pass came to: for people, for notebooks, for programs."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from math import ceil, floor, inf, isfinite, log10
from typing import Any

from proofs.checker.calling import precision
from proofs.checker.calling.observe import LETTERS
from proofs.checker.explained import explained
from proofs.checker.judging.constants import A_CONSTANT
from proofs.checker.judging.guards import Guard
from proofs.checker.judging.left_over import Penalty
from proofs.checker.naming import Diagnosis

EQUATIONS = ("forward z", "forward a", "BP1", "BP2", "BP3", "BP4", "purity")
"""In the order of the algorithm."""

PERCENT = 0.01
"""More is said in percent."""

NOT_RETURNED = "what was not returned"

GRADIENTS = "gradients"
"""The row below the equations: nabla_b and nabla_w as a whole against the definition."""

BROKEN_ON = "; broken on "

BOUNDED = "the gradients are right but "
"""So begins what is said of gradients that were clipped."""


@dataclass(frozen=True)
class Cell:
    """One equation at one layer: its worst residual, measured against its tolerance."""

    residual: float
    tolerance: float
    least: float = 0.0
    """By this part of the largest number of its array, a number may be off unseen."""

    @property
    def holds(self) -> bool:
        """Whether the residual is within the tolerance."""
        return bool(self.residual <= self.tolerance)


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
    cases: tuple[str, ...] = ()
    """The networks on which it is broken, by name; () if there is only one."""
    sizes: tuple[tuple[str, int], ...] = ()
    """m, n_L and so on, of the network whose numbers are shown."""
    alone: bool = False
    """A single number is not 0: any factor would fit, so none is told."""
    set_aside: tuple[Diagnosis, ...] = ()
    """Readings of a factor that fit here and not in all layers: other networks may decide."""
    ordinary: bool = True
    """Whether a number was expected that is easy to read, neither 0 nor next to nothing."""

    @property
    def at(self) -> tuple[str, int | None]:
        """The equation and the layer."""
        return self.equation, self.layer

    @property
    def said(self) -> tuple[Diagnosis, ...]:
        """The diagnoses that are told: formulas that fit, or else the simplest factor."""
        fitting = [d for d in self.diagnoses if not (self.alone and d.terms)]
        fitting = [d for d in fitting if not d.vague] or fitting
        least = min((d.terms for d in fitting), default=0)
        return tuple(d for d in fitting if d.terms <= least)

    @property
    def diagnosis(self) -> str:
        """What it looks like, as far as something fits."""
        by_cases: dict[tuple[str, ...], list[str]] = {}
        for d in self.said:
            by_cases.setdefault(d.cases, []).append(d.says)
        text = "; ".join(
            (f"on {', '.join(cases)}: " if cases else "") + "; or ".join(says)
            for cases, says in by_cases.items()
        )
        for name, size in self.sizes:
            text = text.replace(f"⟨{name}⟩", f"{name} = {size}")
        return re.sub("⟨(.+?)⟩", r"\1", re.sub(r" \((⟨\w+⟩(, )?)+\)", "", text))

    @property
    def pages(self) -> tuple[str, ...]:
        """The pages that mend the misconception."""
        return tuple(dict.fromkeys(d.page for d in self.said if d.page))

    @property
    def place(self) -> str:
        """The equation and the layer."""
        return self.equation if self.layer is None else f"{self.equation} at layer {self.layer}"

    def as_json(self) -> dict[str, Any]:
        """The violation for programs."""
        return {
            "equation": self.equation,
            "layer": self.layer,
            "residual": _number(self.residual),
            "tolerance": _number(self.tolerance),
            "diagnosis": self.diagnosis,
            "pages": list(self.pages),
            "detail": self.detail,
            "cases": list(self.cases),
        }

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
    scale: Violation | None = None
    """The one constant up to which all gradients are right, if there is one."""
    scaled: tuple[Violation, ...] = ()
    """Where that constant comes in: equations that hold but for it, and no violations."""
    form: bool = False
    """Whether what came has another form, other layers or other activations than were told."""
    name: str = ""
    """Of the network, if it is one of several."""
    penalty: Violation | None = None
    """What the gradients contain besides those of the network's cost, such as weight decay."""
    decay: Penalty | None = None
    """The same, as the penalty to pass to `check_backprop`."""
    asks: tuple[str, ...] = ()
    """What to return so that it shows which equation it is, where one is broken."""
    coarse: dict[str, float] = field(default_factory=dict)
    """What was judged by coarser rounding than that of doubles, and its unit."""

    parts: dict[tuple[str, int], tuple[float, float]] = field(default_factory=dict)
    """By what part of itself each coarse gradient is off as a whole, and its rounding unit."""
    guards: tuple[Guard, ...] = ()
    """Guards against 0 or overflow that it was judged with, which are among the remarks."""
    without: "Report | None" = None
    """The report without them."""
    undecided: bool = False
    """Whether its problems blame nothing: what cannot be told apart, or came too late."""

    @property
    def told(self) -> tuple[str, ...]:
        """The remarks, with the penalty that was found in front."""
        found = self.penalty
        said = [found.diagnosis or "a penalty, a different one on each network"] if found else []
        return (*said, *self._precision(), *self.remarks, *self.asks)

    @property
    def eps(self) -> float:
        """The rounding unit of what was not returned, where that is coarser than what was."""
        return self.coarse.get(NOT_RETURNED, 0.0)

    @property
    def unseen(self) -> float:
        """The part of the largest number of an array that a fault must exceed to be seen for sure.

        0 if all that it computed was in double precision, from whatever inputs.
        """
        parts = [c.least for (row, _), c in self.cells.items() if row != GRADIENTS]
        computed = self.coarse.keys() & {*LETTERS, NOT_RETURNED}
        return max(parts, default=0.0) if computed else 0.0

    def _precision(self) -> Iterator[str]:
        """What was judged by coarser rounding, and what may hide behind that."""
        by_format: dict[str, list[str]] = {}
        for what, unit in self.coarse.items():
            by_format.setdefault(precision.name(unit), []).append(what)
        yield from (f"as if in {of}: {', '.join(what)}" for of, what in by_format.items())
        if self.unseen and not self.found:
            yield (
                f"in that precision a fault below {_upwards(self.unseen)} of the largest number of "
                "an array may not be seen"
            )

    @property
    def found(self) -> tuple[Violation, ...]:
        """Every equation that does not hold as it stands: broken, or right up to the constant."""
        return (*self.violations, *self.scaled)

    @property
    def holds(self) -> bool:
        """True if every equation holds as it stands and nothing kept them from being tested."""
        return not self.found and not self.problems

    @property
    def status(self) -> int:
        """The exit status: 0 if every equation holds, 1 if one is broken.

        2 if nothing could be tested or decided, or if the gradients are right up to one constant.
        """
        if self.holds:
            return 0
        tested = bool(self.cells) or bool(self.violations)
        open_ = self.undecided and not self.violations
        return 2 if self.scaled or self.form or open_ or not tested else 1

    def as_json(self) -> dict[str, Any]:
        """The report for programs; JSON has no name for what is infinite, so that is null."""
        return {
            "holds": self.holds,
            "violations": [v.as_json() for v in self.violations],
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
            "scale": self.scale.diagnosis if self.scale else None,
            "scaled": [v.as_json() for v in self.scaled],
            "cases": self.cases,
            "unseen": _number(self.unseen),
            "problems": list(self.problems),
            "remarks": list(self.told),
        }

    @property
    def summary(self) -> str:
        """The outcome in a line."""
        if self.holds:
            return f"Every equation holds, on {counted(self.cases, 'network')}."
        where = ", ".join(v.place for v in self.found)
        if self.scaled:
            # Whether 2 m times the book's cost is another cost or a mistake, only they can know.
            said = (self.scale and self.scale.diagnosis) or "a different one on each network"
            return f"Right up to one constant, which comes in at {where}: {said}."
        parts = [f"Broken: {where}"] if self.violations else []
        parts += [counted(len(self.problems), "problem")] if self.problems else []
        return f"{'; '.join(parts)}."

    def grid(self) -> list[list[str]]:
        """A row for each equation, a column for each layer: ok, WRONG, or nothing if not tested."""
        layers = range(2, self.L + 1)
        return [[e, *(self._cell(e, l) for l in layers)] for e in (*EQUATIONS[:-1], GRADIENTS)]

    def _cell(self, equation: str, l: int) -> str:
        wrong = [v for v in self.found if v.at == (equation, l)]
        if wrong:
            return "scaled" if self.scaled else f"WRONG {wrong[0].residual:.0e}"
        cell = self.cells.get((equation, l))
        if equation == GRADIENTS and cell and not cell.holds:
            return f"off {cell.residual:.0e}"
        return "ok" if cell else ""

    def __str__(self) -> str:
        head = ["", *(f"layer {l}" for l in range(2, self.L + 1))]
        rows = [head, *self.grid()]
        widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
        lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
        said = [str(v) for v in self.found]
        said += [f"problem: {p}" for p in self.problems] + [f"remark: {r}" for r in self.told]
        return "\n".join([*lines, "", *said, *([""] if said else []), self.summary])

    def _repr_html_(self) -> str:
        """The grid equation by layer, then what each violation looks like."""
        layers = "".join(f"<th scope=col>layer {l}</th>" for l in range(2, self.L + 1))
        rows = "".join(
            f"<tr><th scope=row>{equation}</th>{''.join(map(_html_cell, cells))}</tr>"
            for equation, *cells in self.grid()
        )
        items = "".join(f"<li>{_html(v)}</li>" for v in self.found)
        items += "".join(f"<li>{escape(t)}</li>" for t in (*self.problems, *self.told))
        return (
            '<div class="backprop-report"><table><thead><tr><th scope=col>equation</th>'
            f"{layers}</tr></thead><tbody>{rows}</tbody></table>"
            f"<p>{escape(self.summary)}</p>{f'<ul>{items}</ul>' if items else ''}</div>"
        )


def _upwards(part: float) -> str:
    """A number to one digit, and not less than it is."""
    if part > PERCENT:
        return f"{ceil(100 * min(part, 1.0))}%"
    step = 10.0 ** floor(log10(part)) if isfinite(part) else 1.0
    return f"{ceil(part / step) * step:.0e}"


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


def counted(n: int, what: str) -> str:
    """So many of something, in the singular for one."""
    return f"{n} {what}{'' if n == 1 else 's'}"


def worse(one: Cell, other: Cell) -> Cell:
    """The cell whose residual is larger for its tolerance, which sees what either of them sees."""
    found = other if other.residual * one.tolerance > one.residual * other.tolerance else one
    return replace(found, least=min(one.least, other.least))


def farther(one: Cell, other: Cell) -> Cell:
    """Of two that are off the one that is farther off, as people read it, or else the worse."""
    if one.holds or other.holds:
        return worse(one, other)
    found = max(one, other, key=lambda cell: (cell.residual, -cell.tolerance))
    return replace(found, least=min(one.least, other.least))


def merged(reports: Sequence[Report]) -> Report:
    """The reports of several networks as one, whatever their order: the worst of each cell.

    Of each violation it shows the numbers of one network, and each diagnosis stays with the
    networks that it fits.
    """
    cells: dict[tuple[str, int], Cell] = {}
    violations: dict[tuple[str, int | None], list[Violation]] = {}
    for report in reports:
        for place, cell in report.cells.items():
            cells[place] = farther(cells.get(place, cell), cell)
        for v in report.found:
            violations.setdefault(v.at, []).append(v)
    found = in_order(read_alike(as_one(found, len(reports)) for found in violations.values()))
    scales = [replace(r.scale, sizes=()) for r in reports if r.scale and r.scaled]
    only_scaled = not any(r.violations for r in reports)
    penalties = [r.penalty for r in reports if r.penalty]
    return Report(
        max(r.L for r in reports),
        cells,
        () if only_scaled else found,
        _problems(reports),
        tuple(dict.fromkeys(remark for r in reports for remark in r.remarks)),
        sum(r.cases for r in reports),
        as_one(scales, len(reports)) if scales and only_scaled else None,
        found if only_scaled else (),
        form=any(r.form for r in reports),
        undecided=all(r.undecided for r in reports if r.problems),
        penalty=as_one(penalties, len(reports)) if penalties else None,
        asks=tuple(dict.fromkeys(asked for r in reports for asked in r.asks)),
        coarse=_coarsest(reports),
    )


def _coarsest(reports: Sequence[Report]) -> dict[str, float]:
    """What any report judged by coarser rounding, by the coarsest of its units.

    A format that no array shows, and only a few networks of a pass that is wrong, is no format.
    """
    rare = any(r.found for r in reports) and 2 * sum(r.eps > 0 for r in reports) <= len(reports)
    found: dict[str, float] = {}
    for r in reports:
        for what, unit in r.coarse.items():
            if not (what == NOT_RETURNED and rare):
                found[what] = max(unit, found.get(what, 0.0))
    if any(what.startswith(A_CONSTANT) for what in found):
        # What is no 1/m on one network was taken for it by chance on the others.
        found = {what: unit for what, unit in found.items() if not what.startswith("1/m")}
    return dict(sorted(found.items(), key=lambda pair: pair[0] == NOT_RETURNED))


def _problems(reports: Sequence[Report]) -> tuple[str, ...]:
    """Each problem once, and on which networks it came up.

    Two that differ by numbers, or by what is shown of an array, are one: the first is shown, or
    one that says more.
    """
    where: dict[str, list[str]] = {}
    shown: dict[str, str] = {}
    for report in reports:
        for problem in report.problems:
            kind = _kind(problem)
            said = shown.setdefault(kind, problem)
            shown[kind] = max(said, problem, key=lambda text: text.count(".T"))
            where.setdefault(kind, []).extend([report.name] * bool(report.name))
    return tuple(
        f"{shown[kind]} (on {_places(names, len(reports))})" if names else shown[kind]
        for kind, names in where.items()
    )


def _kind(problem: str) -> str:
    """A problem without what differs from network to network.

    Of an error its type and the line of their code are left.
    """
    if raised := re.fullmatch(r"it raised (\w+).*(\(in .*line \d+\))", problem, re.DOTALL):
        return " ".join(raised.groups())
    if problem.startswith(BOUNDED):
        return problem  # the number is what it says
    what, got, value = problem.partition("; got ")
    what = what.replace(".T", "")  # no square network shows which way it lies
    return re.sub(r"(?<![\w.])\d[\d.e+-]*", "#", what) + got + value.partition(" ")[0]


def _places(names: Sequence[str], networks: int) -> str:
    return "every network" if len(names) == networks > 1 else ", ".join(names)


def as_one(found: Sequence[Violation], networks: int) -> Violation:
    """The violations of one equation at one layer as one.

    The numbers shown are of one of the networks that the first diagnosis fits, ordinary ones if
    there are any.
    """
    found = sorted(found, key=lambda v: (v.cases, v.detail))
    first, diagnoses = explained([(v.cases, v.diagnoses + v.set_aside) for v in found])
    shown = min((found[i] for i in first), key=lambda v: (not v.ordinary, _size(v)))
    cases = tuple(dict.fromkeys(case for v in found for case in v.cases))
    # One that was merged before has it said already.
    detail = shown.detail.partition(BROKEN_ON)[0]
    if cases:
        here = f"on {shown.cases[0]}: " if len(cases) > 1 and detail else ""
        detail = f"{here}{detail}{BROKEN_ON}{_places(cases, networks)}"
    alone = all(v.alone for v in found)
    return replace(
        shown, diagnoses=diagnoses, set_aside=(), detail=detail, cases=cases, alone=alone
    )


def read_alike(wrong: Iterable[Violation]) -> list[Violation]:
    """The same, where one factor at all layers of an equation is read alike at all of them."""
    wrong = list(wrong)
    said: dict[str, list[set[str]]] = {}
    for v in wrong:
        said.setdefault(v.equation, []).append({d.says for d in v.diagnoses if d.terms})
    of_all = {equation: set.intersection(*texts) for equation, texts in said.items()}

    def alike(v: Violation) -> Violation:
        shared = of_all[v.equation]
        kept = tuple(d for d in v.diagnoses if not (shared and d.terms) or d.says in shared)
        aside = tuple(d for d in v.diagnoses if d not in kept)
        return replace(v, diagnoses=kept, set_aside=aside)

    return [alike(v) for v in wrong]


def _size(v: Violation) -> float:
    """How far from ordinary numbers it is: those of 0.1 and 10 are easier to read than 1e-13."""
    return abs(log10(v.residual)) if 0 < v.residual < inf else inf


def in_order(violations: Iterable[Violation]) -> tuple[Violation, ...]:
    """In the order of the algorithm: forward from layer 2 on, then from the last layer back."""

    def rank(v: Violation) -> tuple[int, int]:
        back = -1 if v.equation.startswith("BP") else 1
        return EQUATIONS.index(v.equation), back * (v.layer or 0)

    return tuple(sorted(violations, key=rank))
