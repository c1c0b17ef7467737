"""How much processor time the project takes beside one of its revisions, in turn, by medians.

`--tests` runs the whole tests too, `--rounds 5` measures more often than three times, and `--write`
keeps the table in conf/records/speed.md, unless the times of one thing differ by more than a factor
of two: then something else had the machine.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "conf/records/speed.md"
MOST_APART = 2.0
"""By what factor the longest time of a thing may exceed its shortest, or no median is kept."""

ALONE = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
SITE = "-m sphinx -q -c conf -d build/doctrees docs build/html".split()
PAGE = "docs/bp2.md"
CALLS = """
from time import process_time
from proofs import check_backprop, Network
import numpy as np
def backprop(w, b, x, y):
    a, n = [x], len(w)
    for l in range(n):
        a.append(1 / (1 + np.exp(-(w[l] @ a[-1] + b[l]))))
    delta = [(a[n] - y) * a[n] * (1 - a[n])]
    for l in range(n - 1, 0, -1):
        delta.insert(0, (w[l].T @ delta[0]) * a[l] * (1 - a[l]))
    m = x.shape[1]
    means = [d.mean(axis=1, keepdims=True) for d in delta]
    return means, [d @ a[l].T / m for l, d in enumerate(delta)]
network, random = Network([3, 5, 4, 2]), np.random.default_rng(0)
x, y = random.standard_normal((3, 6)), random.random((2, 6))
start = process_time()
for _ in range({calls}):
    assert check_backprop(backprop, network, x, y).holds
print((process_time() - start) / {calls})
"""
Task = Callable[[Path], float]
"""Seconds of processor time that something takes in a folder with the project."""


def processor(folder: Path, *arguments: str) -> float:
    """Seconds that Python and all it starts spend on the processor."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run(folder, *arguments)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def run(folder: Path, *arguments: str) -> str:
    """What Python prints in a folder; its errors, if it fails."""
    environment = {**os.environ, **ALONE, "PYTHONPATH": str(folder), "PYTHONHASHSEED": "0"}
    command = [sys.executable, *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed in {folder}:\n{done.stdout}{done.stderr}")
    return done.stdout


def cold(folder: Path) -> float:
    """The whole site, of which nothing was built before."""
    shutil.rmtree(folder / "build", ignore_errors=True)
    return processor(folder, *SITE)


def prose(folder: Path) -> float:
    """The site again, after one sentence was added to one page."""
    with (folder / PAGE).open("a", encoding="utf-8") as page:
        page.write("\nOne sentence more.\n")
    return processor(folder, *SITE)


def calls(count: int) -> Task:
    """One call of `check_backprop` out of so many, where nothing was called before."""
    return lambda folder: float(run(folder, "-c", CALLS.format(calls=count)))


TASKS: dict[str, Task] = {
    "`from proofs.claims import CLAIMS`": lambda folder: processor(
        folder, "-c", "from proofs.claims import CLAIMS"
    ),
    "`check_backprop`, the first call": calls(1),
    "`check_backprop`, one of 100 calls": calls(100),
    "`python -m proofs`": lambda folder: processor(folder, "-m", "proofs"),
    "the site, cold": cold,
    "the site, one page's prose changed": prose,  # after the one before
}
TESTS: dict[str, Task] = {
    "the tests": lambda folder: processor(folder, "-m", "pytest", "-q", "-p", "no:cacheprovider")
}


def measured(tasks: Mapping[str, Task], folders: Sequence[Path], rounds: int) -> list[list[float]]:
    """For each task and each folder in turn the times of all rounds."""
    times: list[list[float]] = [[] for _ in tasks for _ in folders]
    for _ in range(rounds):
        pairs = ((task, folder) for task in tasks.values() for folder in folders)
        for found, (task, folder) in zip(times, pairs, strict=True):
            found.append(task(folder))
    return times


def table(names: Sequence[str], times: Sequence[Sequence[float]], revision: str) -> str:
    """The medians side by side, in Markdown."""
    rows = [
        f"| {name} | {_time(median(before))} | {_time(median(now))} "
        f"| {median(now) / median(before):.2f} |"
        for name, before, now in zip(names, times[::2], times[1::2], strict=True)
    ]
    head = f"| processor time | {revision} | now | ratio |\n|---|---|---|---|"
    return "\n".join([head, *rows]) + "\n"


def apart(names: Sequence[str], times: Sequence[Sequence[float]]) -> list[str]:
    """What took at one time more than twice as long as at another."""
    return [
        f"{name}: {_time(min(found))} to {_time(max(found))}"
        for n, name in enumerate(names)
        for found in times[2 * n : 2 * n + 2]
        if max(found) > MOST_APART * min(found)
    ]


def _time(seconds: float) -> str:
    return f"{seconds:.3g} s" if seconds >= 0.1 else f"{seconds * 1e3:.3g} ms"


def copies(revision: str, folder: Path) -> list[Path]:
    """The project at a revision, and as it is now, each in a folder of its own."""
    then, now = folder / "then", folder / "now"
    command = ["git", "archive", revision]
    done = subprocess.run(command, cwd=ROOT, capture_output=True)
    if done.returncode:
        raise SystemExit(done.stderr.decode())
    with tarfile.open(fileobj=BytesIO(done.stdout)) as archive:
        # Python 3.11 has filters since 3.11.4, and 3.14 asks for one.
        archive.extractall(then, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
    left = shutil.ignore_patterns(".*", "build", "node_modules", "__pycache__")
    shutil.copytree(ROOT, now, ignore=left)
    return [then, now]


def main() -> None:
    """Measure, print, and write if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--against", metavar="REV", required=True, help="a revision, as for git")
    parser.add_argument("--tests", action="store_true", help="the whole tests too")
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured")
    parser.add_argument("--write", action="store_true", help="keep it in conf/records/speed.md")
    args = parser.parse_args()
    tasks = TASKS | (TESTS if args.tests else {})
    with tempfile.TemporaryDirectory() as folder:
        times = measured(tasks, copies(args.against, Path(folder)), args.rounds)
    text = table(list(tasks), times, args.against)
    print(text)
    if busy := apart(list(tasks), times):
        raise SystemExit("\n".join(["Something else had the machine, so nothing is kept:", *busy]))
    if args.write:
        TABLE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
