"""Ask other libraries, each in an environment of its own, and record or compare their answers.

`python conf/tools/others/measure.py [LIBRARY ...] [--check]`; `nox -s others` calls it.
"""

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from proofs.lessons.kinks import KINKS

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
FAMILIES: dict[str, dict[str, Any]] = tomllib.loads((HERE / "families.toml").read_text("utf-8"))
RECORD = ROOT / "conf/records/others.json"
ENVIRONMENTS = ROOT / "build/others"
HOUR = 3600

Row = dict[str, Any]
"""One answer: library, version, question, answer, how."""
Key = tuple[str, ...]
"""What tells one answer from all others: library, version, question and how it was asked."""


class NoAnswerError(Exception):
    """A family that cannot be installed or asked, with the reason."""


def key(row: Row) -> Key:
    """What an answer is an answer to."""
    return row["library"], row["version"], row["question"], row["how"]


def named(family: str) -> tuple[str, str]:
    """The library and the version in the name of a family; this project has none."""
    library, _, version = family.rpartition(" ")
    return (library, version) if version[:1].isdigit() else (family, "")


def measured(family: str) -> list[Row]:
    """The answers of a family, from an environment that is made for it and deleted again.

    Raises NoAnswerError if it cannot be installed or its script fails.
    """
    place = ENVIRONMENTS / family.replace(" ", "-")
    try:
        return asked(family, installed(place, FAMILIES[family]["requires"]))
    finally:
        shutil.rmtree(place, ignore_errors=True)


def installed(place: Path, requires: list[str]) -> Path:
    """A Python in a new environment in which these are installed."""
    subprocess.run([sys.executable, "-m", "venv", "--clear", place], check=True)
    python = place / "bin/python"
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    done = within_the_hour(
        [*pip, *requires], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    if done.returncode:
        told = re.findall(r"^ERROR: (.*)", done.stderr, re.MULTILINE) or ["pip gives no reason"]
        raise NoAnswerError(re.sub(r"\S*://\S*", "", told[-1]))
    return python


def asked(family: str, python: Path) -> list[Row]:
    """What the script of a family tells, run by a Python that has the family."""
    library, version = named(family)
    # One thread: sums are added up in the same order everywhere.
    alone = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    done = within_the_hour(
        [python, HERE / f"ask/with_{FAMILIES[family]['ask']}.py"],
        input=json.dumps({question: kink.at for question, kink in KINKS.items()}),
        env=os.environ | alone | {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0"},
        stdout=subprocess.PIPE,
        text=True,
    )
    if done.returncode < 0:
        killed = signal.Signals(-done.returncode).name
        raise NoAnswerError(f"it installs, but its script is killed by {killed}")
    if done.returncode:
        raise NoAnswerError(f"it installs, but its script ends with status {done.returncode}")
    lines = [line for line in done.stdout.splitlines() if line.startswith('{"question"')]
    return [{"library": library, "version": version, **json.loads(line)} for line in lines]


def within_the_hour(command: list[Any], **options: Any) -> "subprocess.CompletedProcess[str]":
    """A command that has ended; NoAnswerError if it does not, which says so and nothing else."""
    try:
        return subprocess.run(command, timeout=HOUR, check=False, **options)
    except subprocess.TimeoutExpired:
        raise NoAnswerError("it does not end within an hour") from None


def read() -> Row:
    """The record: for each family how many answers it gave and, if it no longer answers, why."""
    return (
        json.loads(RECORD.read_text("utf-8"))
        if RECORD.exists()
        else {"families": {}, "answers": []}
    )


def write(record: Row) -> None:
    """Write the record, one answer a line, in the order of the families and of their questions."""
    order = list(FAMILIES)
    families = dict(sorted(record["families"].items(), key=lambda item: order.index(item[0])))
    rows = sorted(record["answers"], key=lambda row: order.index(family(row)))
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    head = ",\n".join(f"{json.dumps(name)}: {json.dumps(of)}" for name, of in families.items())
    RECORD.write_text(f'{{"families": {{\n{head}\n}},\n"answers": [\n{lines}\n]}}\n', "utf-8")


def family(row: Row) -> str:
    """The family that an answer is from."""
    return f"{row['library']} {row['version']}".strip()


def merged(record: Row, name: str, rows: list[Row]) -> Row:
    """The record with the answers of a family in place of its old ones."""
    others = [row for row in record["answers"] if family(row) != name]
    families = record["families"] | {name: {"answers": len(rows), "kept": ""}}
    return {"families": families, "answers": others + rows}


def kept(record: Row, name: str, why: str) -> Row:
    """The record with a note that a family no longer answers, its last answers left as they are."""
    was = record["families"].get(name, {"answers": 0})
    return record | {"families": record["families"] | {name: {**was, "kept": why}}}


def changes(old: list[Row], new: list[Row]) -> Iterator[str]:
    """Every answer that is not what it was, with both values."""
    was, now = ({key(row): row["answer"] for row in rows} for rows in (old, new))
    for asked in sorted(was.keys() | now.keys()):
        before, after = (json.dumps(of[asked]) if asked in of else "no answer" for of in (was, now))
        if before != after:
            library, version, question, how = asked
            name = f"{library} {version}".strip()
            yield f"{name}, {question} [{how}]: was {before}, is {after}"


def check(names: list[str], ask: Callable[[str], list[Row]] = measured) -> list[str]:
    """What changed since the record, over these families."""
    record = read()
    found: list[str] = []
    for name in names:
        try:
            found += changes([row for row in record["answers"] if family(row) == name], ask(name))
        except NoAnswerError as error:
            if not record["families"].get(name, {}).get("kept"):
                found.append(f"{name} no longer answers: {error}")
    return found


def record_all(names: list[str], ask: Callable[[str], list[Row]] = measured) -> None:
    """Ask these families and write what they answer, after each: an hour's work is not lost."""
    for name in names:
        print(name, flush=True)
        try:
            rows = ask(name)
            write(merged(read(), name, rows))
        except NoAnswerError as error:
            print(f"  no answer, its last ones are kept: {error}")
            write(kept(read(), name, str(error)))


def wanted(libraries: list[str]) -> list[str]:
    """The families of these libraries, or all of them."""
    known = {library.lower(): library for library in (named(name)[0] for name in FAMILIES)}
    unknown = [library for library in libraries if library.lower() not in known]
    if unknown:
        sys.exit(f"there is no {', '.join(unknown)}; the libraries are {', '.join(known.values())}")
    asked = [library.lower() for library in libraries]
    return [name for name in FAMILIES if not asked or named(name)[0].lower() in asked]


def main() -> int:
    """Record, or compare and fail if an answer changed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("libraries", nargs="*", help="such as torch; all of them if none is named")
    parser.add_argument("--check", action="store_true", help="only compare with the record")
    options = parser.parse_args()
    names = wanted(options.libraries)
    if not options.check:
        record_all(names)
        return 0
    changed = check(names)
    print("\n".join(changed) or "every answer is what it was")
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main())
