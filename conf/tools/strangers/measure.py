"""Check the backward passes of strangers, and record or compare what is said of them.

`python conf/tools/strangers/measure.py [NAME ...] [--check] [--mirrors DIR]`; `nox -s strangers`
calls it. Each repository is fetched at its commit into a temporary folder, and judged in a process
of its own; nothing of it is kept. With `--mirrors`, it is copied from DIR/owner+name/.../HEAD.
"""

import argparse
import ast
import json
import os
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
STRANGERS: dict[str, dict[str, Any]] = tomllib.loads((HERE / "strangers.toml").read_text("utf-8"))
RECORD = ROOT / "conf/records/strangers.json"
NOT_FETCHED = "not fetched"
SECONDS = 600
"""So many seconds one of them may take."""

STAND_IN = '''"""In the place of a module that is imported and not used by what is checked."""


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return lambda *args, **options: None
'''

Row = dict[str, Any]
"""What was said of one: its verdict, where, in which words; how many lines of glue it took, for
how many checks."""


class NotFetchedError(Exception):
    """A repository that cannot be had here, with the reason."""


def glue(name: str) -> Path | None:
    """The file with the lines of glue, or None where none are needed."""
    file = HERE / "glue" / f"{name}.py"
    return file if file.exists() else None


def lines_of(source: str) -> list[str]:
    """The statements of some glue, without imports and docstrings, each on one line."""
    nodes = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.stmt))
    own = (n for n in nodes if not isinstance(n, ast.Import | ast.ImportFrom))
    return [ast.unparse(n) for n in own if not _is_text(n)]


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def lines(name: str) -> list[str]:
    """The lines of glue that one takes."""
    file = glue(name)
    return lines_of(file.read_text("utf-8")) if file else []


def fetched(name: str, place: Path, mirrors: Path | None = None) -> None:
    """Put the files of one, as they are at its commit, into a folder.

    Raises NotFetchedError if they cannot be had.
    """
    stranger = STRANGERS[name]
    how, source = ["--filter=blob:none"], f"https://github.com/{stranger['repository']}"
    if mirrors is not None:
        how, source = ["--shared"], str(_mirror(mirrors, stranger["repository"]))
    _git("clone", "--quiet", "--no-checkout", *how, source, str(place))
    _git("-C", str(place), "checkout", "--quiet", stranger["commit"], "--", *stranger["files"])


def _mirror(mirrors: Path, repository: str) -> Path:
    folder = mirrors / repository.replace("/", "+")
    heads = (head.parent for head in folder.rglob("HEAD") if (head.parent / "objects").is_dir())
    found = next(heads, None)
    if found is None:
        raise NotFetchedError("there is no copy of it among the mirrors")
    return found


def _git(*words: str) -> None:
    quiet = os.environ | {"GIT_TERMINAL_PROMPT": "0"}
    done = subprocess.run(["git", *words], capture_output=True, text=True, check=False, env=quiet)
    if done.returncode:
        told = done.stderr.strip().splitlines() or ["git gives no reason"]
        raise NotFetchedError(told[-1])


def judged(name: str, place: Path) -> Row:
    """What the package says of one that lies in a folder."""
    stranger, own = STRANGERS[name], glue(name)
    for module in stranger.get("stand_ins", []):
        _stand_in(place / ".stand-ins", module)
    paths = [ROOT, place / ".stand-ins", place / stranger.get("path", "."), place]
    asked = [str(own)] if own else stranger["asked"]
    alone = {"PYTHONPATH": os.pathsep.join(map(str, paths)), "PYTHONHASHSEED": "0"}
    try:
        done = subprocess.run(
            [sys.executable, str(HERE / "judge.py"), *asked],
            cwd=place, env=os.environ | alone, capture_output=True, text=True, check=False,
            timeout=SECONDS,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return _row(name, "not checked", [], [f"it took more than {SECONDS} s"])
    if not done.stdout.strip():
        told = done.stderr.strip().splitlines() or ["it printed nothing"]
        return _row(name, "not checked", [], [told[-1]])
    report = json.loads(done.stdout)
    return _row(name, *said(report), report.get("checks", 1))


def _row(name: str, verdict: str, at: list[str], words: list[str], checks: int = 1) -> Row:
    row = {"name": name, "lines": len(lines(name)), "checks": checks}
    return {**row, "verdict": verdict, "at": at, "words": words}


def said(report: dict[str, Any]) -> tuple[str, list[str], list[str]]:
    """The verdict of a report, the equations it is about, and what it calls the mistake."""
    if report["violations"]:
        broken = report["violations"]
        return "broken", sorted(map(_where, broken)), _words(broken)
    if report.get("scale"):
        return "right up to a constant", [], [report["scale"]]
    if report["problems"]:
        return "not checked", [], report["problems"]
    return ("holds", [], []) if report["holds"] else ("not checked", [], report["remarks"])


def _where(violation: dict[str, Any]) -> str:
    if "place" in violation:
        return f"{violation['place']} {violation['quantity']}"
    return f"{violation['equation']} at layer {violation['layer']}"


def _words(broken: list[dict[str, Any]]) -> list[str]:
    return sorted({violation["diagnosis"] for violation in broken} - {""})


def _stand_in(place: Path, module: str) -> None:
    """Write an empty module, and the packages that it is in."""
    *packages, last = module.split(".")
    for package in packages:
        place /= package
        place.mkdir(parents=True, exist_ok=True)
        (place / "__init__.py").write_text(STAND_IN, "utf-8")
    place.mkdir(parents=True, exist_ok=True)
    (place / f"{last}.py").write_text(STAND_IN, "utf-8")


def agrees(row: Row) -> bool:
    """Whether a verdict is what is true of that code."""
    true = STRANGERS[row["name"]]["truth"]
    if isinstance(true, str):
        return bool(row["verdict"] == true)
    return row["verdict"] == "broken" and sorted({at.partition(" at layer")[0] for at in row["at"]}
                                                 ) == sorted(true)  # fmt: skip


def measured(name: str, mirrors: Path | None) -> Row:
    """One, fetched and judged."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "theirs"
        try:
            fetched(name, place, mirrors)
        except NotFetchedError as error:
            return _row(name, NOT_FETCHED, [], [str(error)])
        return judged(name, place)


def read() -> dict[str, Row]:
    """The record, by name."""
    rows = json.loads(RECORD.read_text("utf-8")) if RECORD.exists() else []
    return {row["name"]: row for row in rows}


def write(rows: dict[str, Row]) -> None:
    """Write the record, one verdict a line, in the order of the repositories."""
    ordered = (json.dumps(rows[name], ensure_ascii=False) for name in STRANGERS if name in rows)
    RECORD.write_text("[\n" + ",\n".join(ordered) + "\n]\n", "utf-8")


def changes(was: dict[str, Row], now: dict[str, Row]) -> Iterator[str]:
    """Each verdict that is not what it was, with both."""
    for name, row in now.items():
        before = was.get(name)
        if before != row:
            yield f"{name}: was {_brief(before)}, is {_brief(row)}"


def _brief(row: Row | None) -> str:
    return json.dumps({k: v for k, v in row.items() if k != "name"}) if row else "not there"


def table(rows: dict[str, Row]) -> Iterator[str]:
    """A line for each: how much glue, what is said, what is true, and whether the two agree."""
    for name, row in rows.items():
        stranger = STRANGERS[name]
        true = stranger["truth"]
        said_of = " ".join([row["verdict"], *row["at"]])
        cells = [
            stranger["repository"],
            name,
            f"{row['lines']} for {row['checks']}",
            said_of,
            true if isinstance(true, str) else " ".join(["broken", *true]),
            "agrees" if agrees(row) else "DIFFERS",
        ]
        yield "\t".join(cells)


def summary(rows: dict[str, Row]) -> Iterator[str]:
    """How many repositories are checked whole, with how much glue, and where the two differ."""
    of: dict[str, list[Row]] = {}
    for name, row in rows.items():
        of.setdefault(STRANGERS[name]["repository"], []).append(row)
    part = [r for r, some in of.items() if any("part" in STRANGERS[x["name"]] for x in some)]
    had = {r: some for r, some in of.items() if all(x["verdict"] != NOT_FETCHED for x in some)}
    more = [r for r, some in had.items() if any(x["lines"] > x["checks"] for x in some)]
    whole = [r for r in had if r not in (*more, *part)]
    yield f"{len(of)} repositories, {len(whole)} whole with at most a line for each check"
    yield f"with more lines: {', '.join(more) or 'none'}"
    yield f"in part: {', '.join(part) or 'none'}"
    yield f"not fetched: {', '.join(of.keys() - had.keys()) or 'none'}"
    yield f"not as is true: {', '.join(n for n, row in rows.items() if not agrees(row)) or 'none'}"


def main() -> int:
    """Record, or compare and fail if a verdict changed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="all of them if none is given")
    parser.add_argument("--check", action="store_true", help="only compare with the record")
    parser.add_argument("--mirrors", type=Path, help="a folder with copies of the repositories")
    options = parser.parse_args()
    names = options.names or list(STRANGERS)
    if unknown := set(names) - STRANGERS.keys():
        sys.exit(f"there is no {', '.join(sorted(unknown))}")
    return run(names, options.check, lambda name: measured(name, options.mirrors))


def run(names: list[str], check: bool, measure: Callable[[str], Row]) -> int:
    """Judge these, print the table, and record or compare; 1 if something changed."""
    now: dict[str, Row] = {}
    for name in names:
        now[name] = measure(name)
        print(*table({name: now[name]}), flush=True)
        if not check:
            write(read() | now)
    print("\n".join(summary(now)))
    if not check:
        return 0
    changed = list(changes(read(), now))
    print("\n".join(changed) or "every verdict is what it was")
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main())
