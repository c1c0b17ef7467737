"""What other libraries answer, printed from the record that `nox -s others` keeps.

Whether a slope is right is judged here, against the function itself.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxRole

from printing.claims import ClaimDirective
from printing.domain import note
from proofs.lessons.kinks import KINKS, Kink
from proofs.lessons.pictures.figures import POSITIVE, Picture, Sheet
from proofs.mistakes.catalogue import WILD

RECORD = Path(__file__).parent.parent / "records/others.json"
Row = dict[str, Any]
"""One answer: library, version, question, answer, how."""

COUNT = "4096 errors of 1, "
CHECKS = {
    "the smallest relative error of every entry that it notices": "notices",
    "a right gradient": "right",
    "a right gradient, float32": "in float32",
    "relu at 0 with slope 0, a right gradient": "at a kink",
    "0 where the gradient is 5e-6": "tiny",
    "one of 10,000 entries 10 % too large, noticed in 5 draws": "one entry",
    "a gradient of shape (1,) for 10 numbers": "shape",
    "wrong passes accepted": "passes",
}
"""What checkers are asked, and the head of its column."""
SMALLEST, *_, ACCEPTED = CHECKS
SAID = "what it says about pass 02, which breaks BP1"


class IncompleteError(Exception):
    """An entry of the record that is not there, or one too many, in words."""


def read() -> list[Row]:
    """The answers, after a count of them: an entry that was taken out is missed.

    Raises IncompleteError.
    """
    return _counted(RECORD.read_text(encoding="utf-8"))


@cache
def _counted(text: str) -> list[Row]:
    record = json.loads(text)
    for name, of in record["families"].items():
        there = sum(family(row) == name for row in record["answers"])
        if there != of["answers"]:
            raise IncompleteError(
                f"conf/records/others.json has {there} answers of {name}, which gave "
                f"{of['answers']}; run nox -s others -- {name.split()[0]}"
            )
    return list(record["answers"])


def family(row: Row) -> str:
    """Library and version."""
    return f"{row['library']} {row['version']}".strip()


def about(question: str) -> list[Row]:
    """All answers to a question. Raises IncompleteError if nobody was asked."""
    rows = [row for row in read() if row["question"] == question]
    if not rows:
        raise IncompleteError(f"conf/records/others.json has no answer about {question!r}")
    return rows


def asked(text: str) -> Row:
    """The entry of LIBRARY VERSION: QUESTION. Raises IncompleteError if there is none."""
    name, _, question = text.partition(": ")
    for row in about(question):
        if family(row) == name:
            return row
    raise IncompleteError(f"conf/records/others.json: {name} has no {question!r}")


def shown(answer: Any) -> str:
    """An answer in a few characters: numbers of four digits side by side, a refusal as it is."""
    if isinstance(answer, list):
        return " ".join(map(shown, answer))
    return f"{answer + 0.0:.4g}" if isinstance(answer, int | float) else str(answer)


# Slopes.


def slopes() -> Iterator[str]:
    """A row for each kink or tie: the slopes there are, and who answers what."""
    yield from head("At", "Slopes there", "Answered")
    for question, kink in KINKS.items():
        yield line(question, interval(kink), "; ".join(grouped(question, kink)))


def interval(kink: Kink) -> str:
    """The one-sided slopes by each number, and by all at once where that is one number."""
    every = np.eye(len(kink.at))
    text = ", ".join(dict.fromkeys(between(kink.sides(direction)) for direction in every))
    together = between(kink.sides(np.ones(len(kink.at))))
    tied = len(kink.at) > 1 and "to" in text and "to" not in together
    return f"{text}, together {together}" if tied else text


def between(sides: tuple[float, float]) -> str:
    """The slopes to the left and right, as one number where they are one or only one exists."""
    there = sorted({shown(round(side, 8)) for side in sides if side == side}, key=float)
    return " to ".join(there)


def grouped(question: str, kink: Kink) -> Iterator[str]:
    """Each answer with the libraries that give it; those that are no slope of the function last."""
    rows = [row for row in about(question) if not isinstance(row["answer"], str)]
    one = {shown(row["answer"]): row for row in rows}  # many give the same answer
    wrong = {answer: no_slope(row, kink) for answer, row in one.items()}
    for answer in sorted(wrong, key=lambda answer: (bool(wrong[answer]), answer)):
        who = listed(row for row in rows if shown(row["answer"]) == answer)
        mark = f" (✗ {wrong[answer]})" if wrong[answer] else ""
        yield f"**{answer}**{mark}: {who}"


def no_slope(row: Row, kink: Kink) -> str:
    """Why an answer is not between the slopes; nothing if it is."""
    answer = np.array([float(number) for number in row["answer"]])
    if np.isnan(answer).any():
        return "not a number"
    direction = kink.outside(answer)
    if direction is None:
        return ""
    here = "the slope" if len(answer) == 1 else f"along ({', '.join(map(shown, direction))}) it"
    return f"{here} is {between(kink.sides(direction))}"


def listed(rows: Iterable[Row]) -> str:
    """Libraries in a row, with the version where one of several answers otherwise."""
    rows = list(rows)
    every = {row["library"]: versions(row["library"]) for row in rows}
    found = []
    for library, its in groupby(rows, key=lambda row: row["library"]):
        here = [row["version"] for row in its]
        found.append(library if set(here) == every[library] else f"{library} {' and '.join(here)}")
    return ", ".join(found)


def versions(library: str) -> set[str]:
    """The versions of a library in the record."""
    return {row["version"] for row in read() if row["library"] == library}


# Counting to 4096.


def counts() -> Iterator[str]:
    """A row for each library, as last asked: what stops and at what number, and what does not."""
    yield from head("Library", "Stops at", "Goes on to")
    rows = [r for r in read() if r["question"].startswith(COUNT) and isinstance(r["answer"], float)]
    for library in dict.fromkeys(row["library"] for row in rows):
        reached: dict[str, list[str]] = {}
        for row in rows:
            if family(row) == last(library):
                at = f"{row['answer']:,.0f} in {form(row)}" if row["answer"] < 4096 else ""
                reached.setdefault(what(row), []).append(at)
        stops: dict[str, list[str]] = {}
        for operation, at_each in reached.items():
            stops.setdefault(" and ".join(filter(None, at_each)), []).append(operation)
        fine = "; ".join(stops.pop("", []))
        at_first = sorted(stops, key=len, reverse=True)
        stopped = ". ".join(f"**{at}**: {'; '.join(stops[at])}" for at in at_first)
        yield line(last(library), stopped, f"**4,096**: {fine}")


def last(library: str) -> str:
    """A library in its last version in the record."""
    return [family(row) for row in read() if row["library"] == library][-1]


def form(row: Row) -> str:
    """The format in which ones are added up."""
    return str(row["question"].removeprefix(COUNT).split(": ")[0])


def what(row: Row) -> str:
    """What reads the shared number, as code where it is some."""
    name = str(row["question"].split(": ", 1)[1])
    return re.sub(r"\S*[_.\[(]\S*", lambda code: f"`{code[0]}`", name)


# Gradient checkers.


def checkers() -> Iterator[str]:
    """A row for each checker, a column for each question."""
    yield from head("Checker", *CHECKS.values())
    for name, its in asked_by():
        answers = {row["question"]: cell(row["answer"]) for row in its}
        if ACCEPTED in answers:
            answers[ACCEPTED] += f" of {len(WILD)}"
        yield line(name, *(answers.get(question, "") for question in CHECKS))


def asked_by() -> Iterator[tuple[str, list[Row]]]:
    """The checkers by name and way of asking, with the answers of each."""
    rows = [row for row in read() if row["question"] in {*CHECKS, SAID}]
    ways: dict[str, list[list[Row]]] = {}
    for (_, how), its in groupby(rows, key=lambda row: (family(row), row["how"])):
        ways.setdefault(how, []).append(list(its))
    for how, every in ways.items():
        # Two versions that answer the same are one row.
        same = len({json.dumps([row["answer"] for row in rows]) for rows in every}) == 1
        for rows in every[:1] if same else every:
            name = rows[0]["library"] if same and len(every) > 1 else family(rows[0])
            yield f"{name}, `{how}`", rows


def cell(answer: Any) -> str:
    """An answer of a checker: what should have been accepted or rejected stands as it is."""
    return f"{answer:.0e}" if isinstance(answer, float) else str(answer)


def says() -> Iterator[str]:
    """What each checker says about the same wrong pass, of its own words the first few."""
    yield from head("Checker", "What it says")
    for name, its in asked_by():
        for row in its:
            if row["question"] == SAID:
                yield line(name, f"`{begun(row['answer'])}`" if row["answer"] else "nothing")


def begun(answer: str, kept: int = 160) -> str:
    """The first words of an answer, of which as many characters are kept: whole ones, if cut."""
    return answer if len(answer) < kept else f"{answer[:kept].rsplit(' ', 1)[0]} …"


# Computer algebra, and a complex step through NumPy.


def matrices() -> Iterator[str]:
    """A row for each derivative by a matrix symbol: what SymPy says, and what the numbers say."""
    yield from head("Derivative of", "asked as", "SymPy says", "right?")
    for row in read():
        question = row["question"]
        if question.startswith("derivative of ") and ", " not in question.replace("[0, 0]", ""):
            # A transpose is a prime, which would become the end of a quotation.
            yield line(
                re.sub(r"'(?!s )", "′", question.removeprefix("derivative of ")),
                f"`{row['how']}`",
                f"`{row['answer']}`",
                judged(question),
            )


def judged(question: str) -> str:
    """Whether SymPy's derivative is, for matrices of size 3, what pushing each number gives."""
    answers = [about(f"{question}, {part}")[0]["answer"] for part in ("at n = 3", "measured")]
    if isinstance(answers[0], str):
        return "no answer"
    came, true = (np.array(answer, dtype=float) for answer in answers)
    right = came.shape == true.shape and np.allclose(came, true, rtol=1e-6, atol=0)
    return "✓" if right else "✗"


def through() -> Iterator[str]:
    """Which functions of NumPy a complex step passes through, by what comes out."""
    yield from head("A complex step", "through")
    found: dict[str, list[str]] = {}
    for row in read():
        name = row["question"].removeprefix("a complex step through ")
        if name != row["question"]:
            found.setdefault(
                passed(row["answer"], about(f"the slope of {name}")[0]["answer"]), []
            ).append(name)
    for kind, names in found.items():
        yield line(kind, ", ".join(f"`{name}`" for name in names))


def passed(answer: Any, slope: float) -> str:
    """What became of a complex step, in words."""
    if isinstance(answer, str):
        return f"is {answer.replace('refused: ', 'refused with ')}"
    if abs(answer - slope) <= 1e-5 * abs(slope):
        return "is right"
    return (
        "is silently 0" if answer == 0 else f"is silently {shown(answer / slope)} times the truth"
    )


def head(*names: str) -> list[str]:
    """The head of a table in Markdown."""
    return [f"| {' | '.join(names)} |", "|---" * len(names) + "|"]


def line(*cells: str) -> str:
    """A row of a table in Markdown; a bar within a cell would end it."""
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


# Versions, and answers in the running text.


def kept() -> Iterator[str]:
    """All that was asked, with versions; what no longer answers says so."""
    read()
    record = json.loads(RECORD.read_text(encoding="utf-8"))["families"]
    yield "Asked: " + ", ".join(name for name, of in record.items() if not of["kept"]) + "."
    gone = [f"{name} ({of['kept']})" for name, of in record.items() if of["kept"]]
    if gone:
        yield f"\nNo longer installed, the last answers kept: {', '.join(gone)}."


class Answered(SphinxRole):
    """{answered}`LIBRARY VERSION: QUESTION`: one answer from the record, in the running text."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        try:
            found = shown(asked(self.text)["answer"])
        except IncompleteError as error:
            note(self.env, self.env.docname, *self.get_source_info(), str(error))
            return [], []
        return [nodes.inline("", found, proved=True)], []


# Pictures.


def ladder() -> Picture:
    """The smallest error that each checker notices, on a scale of powers of ten."""
    found = [
        (shortened(its[0]), errors[0])
        for _, its in asked_by()
        if (errors := [row["answer"] for row in its if row["question"] == SMALLEST])
    ]
    rows = [(name, error) for name, error in found if isinstance(error, float)]
    sheet, left, step = Sheet(34 + 24 * len(rows)), 176, 12.5
    for power in range(0, -13, -4):
        sheet.text((left - power * step, 12), f"10^{{−{-power}}}" if power else "1", size=11)
    for place, (name, error) in enumerate(sorted(rows, key=lambda row: -row[1])):
        y, end = 38 + 24 * place, left - step * np.log10(error)
        sheet.text((8, y), name, align="left", size=11)
        sheet.bar(left, end, y, fill=POSITIVE, opacity=0.5)
    told = ", ".join(f"{name} {error:.0e}" for name, error in rows)
    return sheet.picture(f"Bars: the smallest relative error that a checker notices. {told}.")


def shortened(row: Row) -> str:
    """A checker in a few words: its library, and what is set where it was asked in two ways."""
    setting = re.search(r"fast_mode=True|float\d+|method='cs'", row["how"])
    words = {"fast_mode=True": "fast mode", "method='cs'": "complex step"}
    return ", ".join([row["library"], *([words.get(setting[0], setting[0])] if setting else [])])


TABLES: dict[str, Callable[[], Iterator[str]]] = {
    "slopes": slopes,
    "counts": counts,
    "checkers": checkers,
    "says": says,
    "matrices": matrices,
    "through": through,
    "kept": kept,
}


CLASSES = {"checkers": "checkers", "kept": "kept"}
"""How a table is set that is not one of many words, which a phone shows row by row."""


class PrintOthers(ClaimDirective):
    """```{others} NAME: a table of what other libraries answer, or the picture `ladder`."""

    def run(self) -> list[nodes.Node]:
        name = self.arguments[0]
        self.env.note_dependency(str(RECORD))
        if name not in {*TABLES, "ladder"}:
            self.note(f"there is no table {name}; the tables are {', '.join(TABLES)}")
            return []
        try:
            if name == "ladder":
                svg = nodes.raw("", ladder().svg, format="html")
                return [nodes.container("", svg, classes=["picture"])]
            table = self.prose("\n".join(TABLES[name]()), "others")
            table["classes"].append(CLASSES.get(name, "in-words"))
            return [table]
        except IncompleteError as error:
            self.note(str(error))
            return []


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("others", PrintOthers)
    app.add_role("answered", Answered())
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
