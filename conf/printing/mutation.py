"""The record of the mutation run: what was measured, on which text, and whether it is enough."""

import hashlib
import json
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
RECORD = ROOT / "conf/records/mutation.json"
EQUIVALENT = ROOT / "conf/records/equivalent.toml"
JUDGES = ("claims", "tests", "build")

STATEMENTS, FORMULAS, DEFINITIONS, PAGES = "statements", "formulas", "definitions", "pages"
CHECKER, REST = "the checker", "the rest of the package"
KINDS = {
    "proofs/network/equations.py": FORMULAS,
    "proofs/measuring/one_number.py": DEFINITIONS,
    "proofs/network/network.py": DEFINITIONS,
    "proofs/network/activations.py": DEFINITIONS,
    "proofs/network/costs.py": DEFINITIONS,
}
ENOUGH = 0.95
"""What share of all mutants must be killed; of statements, formulas and definitions, all."""

Row = dict[str, Any]
"""Of one file: its digest, how many mutants were judged, who killed how many, and the survivors.

If it is a sample, `of` says of how many.
"""


def kind(path: str) -> str:
    """What is mutated: a statement, a formula, a definition, a page, or something else."""
    folders = {"docs": PAGES, "derivations": STATEMENTS, "checker": CHECKER, "adapters": CHECKER}
    return KINDS.get(path) or folders.get(Path(path).parent.name, REST)


def sources(root: Path = ROOT) -> list[Path]:
    """The modules of the package, without the tests that it brings along."""
    files = sorted((root / "proofs").rglob("*.py"))
    return [file for file in files if not file.name.startswith("test_")]


def paths(root: Path = ROOT) -> list[str]:
    """What is changed on purpose: the modules of the package, then the pages."""
    files = [*sources(root), *sorted((root / "docs").glob("*.md"))]
    return [file.relative_to(root).as_posix() for file in files]


def digest(text: str) -> str:
    """The text of a file as a short number: a row of the record says which text it is about."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def read(file: Path = RECORD) -> dict[str, Row]:
    """The record: a row for each file."""
    record: dict[str, Row] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return record


def merge(path: str, row: Row, file: Path = RECORD) -> None:
    """Put the row of a file into the record, in the place of an earlier one."""
    record = dict(sorted({**read(file), path: row}.items()))
    file.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def row_of(
    version: str, fates: list[tuple[Row, str]], earlier: Row | None = None, total: int = 0
) -> Row:
    """The row of a file: where each mutant is and who killed it, nobody if it survived.

    With an earlier row, the mutants are those that survived then.
    """
    row: Row = {"digest": version, "mutants": len(fates), **dict.fromkeys(JUDGES, 0)}
    row |= {"of": total} if total > len(fates) and not earlier else {}
    row = {**row, **(earlier or {}), "survivors": [place for place, killer in fates if not killer]}
    for killer in filter(None, (killer for _, killer in fates)):
        row[killer if killer in JUDGES else "tests"] += 1
    return row


def reasons(file: Path = EQUIVALENT) -> dict[tuple[str, str, str], str]:
    """Why mutants are the same program in other words, by file, line before and line after."""
    listed = tomllib.loads(file.read_text(encoding="utf-8"))["mutant"]
    return {(m["file"], m["before"], m["after"]): m["reason"] for m in listed}


def sorted_out(path: str, row: Row, known: dict[Any, str]) -> tuple[list[Row], list[Row]]:
    """The survivors of a file that nothing explains, and those that are equivalent, explained."""
    places = [{"file": path, **survivor} for survivor in row["survivors"]]
    explained = [{**m, "reason": known.get((path, m["before"], m["after"]))} for m in places]
    return [m for m in explained if not m["reason"]], [m for m in explained if m["reason"]]


def share(rows: list[Row]) -> float:
    """What share of the mutants that can be told from the original is killed.

    Each one of a sample stands for as many as there are to one that was judged.
    """
    killed = sum(weight(row) * sum(int(row[judge]) for judge in JUDGES) for row in rows)
    different = sum(weight(row) * (row["mutants"] - row["equivalent"]) for row in rows)
    return killed / different if different else 0.0


def weight(row: Row) -> float:
    """How many mutants one that was judged stands for: one, or more in a sample."""
    return of_all(row) / max(1, int(row["mutants"]))


def of_all(row: Row) -> int:
    """How many mutants of a file there are, judged or not."""
    return int(row["of"] if "of" in row else row["mutants"])


def percent(rows: list[Row]) -> str:
    """That share, rounded down: 100 % is all of them."""
    return f"{int(1000 * share(rows)) / 10:g} %"


def counted(record: dict[str, Row], known: dict[Any, str]) -> dict[str, Row]:
    """The rows with their equivalent mutants counted."""
    return {
        path: {**row, "file": path, "equivalent": len(sorted_out(path, row, known)[1])}
        for path, row in record.items()
    }


def missed(rows: dict[str, Row], wanted: list[str]) -> list[str]:
    """Which targets the rows of the wanted files miss."""
    short = []
    for name in (STATEMENTS, FORMULAS, DEFINITIONS):
        of_it = [path for path in wanted if kind(path) == name]
        if not set(of_it) <= {path for path, row in rows.items() if "of" not in row}:
            short.append(
                f"some {name} have not been changed yet, and the share that is caught counts only "
                "those that have"
            )
        elif share([rows[path] for path in of_it]) < 1:
            short.append(f"{name}: {percent([rows[path] for path in of_it])}")
    everything = [rows[path] for path in wanted if path in rows]
    return short + ([f"everything: {percent(everything)}"] if share(everything) < ENOUGH else [])
