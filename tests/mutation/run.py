"""Change the project on purpose, one place at a time, and see whether anything notices.

    python tests/mutation/run.py [-n PROCESSES] [--sample N] [--again] [PART OF A PATH ...]

A change to the package is a mutant of one module, a change to a page a mutant of one page.
Everything happens in copies; with the package unchanged they all must pass, which is tried first.
A server has the package loaded and every claim checked; each mutant is a fork of it that loads the
changed module and what depends on it anew.
The row of a file goes into conf/records/mutation.json when its last mutant is judged; the exit
status is 1 if the record misses the target.
"""

import argparse
import contextlib
import gc
import multiprocessing
import os
import resource
import select
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from judges import ROOT, Mutant, built, judged, judges_of, module
from printing.mutation import (
    JUDGES,
    Row,
    counted,
    digest,
    merge,
    missed,
    paths,
    percent,
    read,
    reasons,
    row_of,
)

PARTS = ("conf", "docs", "proofs", "tests", "noxfile.py", "pyproject.toml", "README.md")
DIED = "its process"
"""The killer of a mutant that ends its own process, or computes longer than its limit."""

HANGS = 1800.0
"""Seconds after which a mutant that neither ends nor computes is given up."""


@dataclass(frozen=True)
class Fate:
    """What became of a mutant: who killed it, nobody if it survived, and its processor seconds."""

    mutant: Mutant
    killer: str
    seconds: float


# In a worker: one copy of the project, one fork for each mutant.


def enter(folders: Any) -> None:
    """Make a copy of the project this worker's own."""
    folder = folders.get()
    os.chdir(folder)
    sys.path.insert(0, folder)
    os.environ["PYTHONPATH"] = folder


def of(path: str) -> list[Mutant]:
    """The mutants of a module or a page."""
    from operators import mutants
    from pages import page_mutants

    here = Path.cwd()
    return page_mutants(here, path) if path.startswith("docs") else mutants(here, path)


def settled(mutant: Mutant, limit: float) -> Fate:
    """The fate of a mutant, in the copy of this worker; the limit is in processor seconds.

    Time on the clock would count a busy machine as a kill.
    """
    file = Path.cwd() / mutant.path
    original = file.read_text(encoding="utf-8")
    file.write_text(mutant.source, encoding="utf-8")
    reader, writer = os.pipe()
    if not (child := os.fork()):
        os.setpgid(0, 0)
        silence = os.open(os.environ.get("MUTATION_LOG", os.devnull), os.O_WRONLY | os.O_CREAT)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        resource.setrlimit(resource.RLIMIT_CPU, (int(limit), int(limit)))
        try:
            os.write(writer, f"{judged(mutant, original)}\n".encode())
        except BaseException as error:
            os.write(writer, f"{type(error).__name__}\n".encode())
        sys.stderr.flush()
        os._exit(0)
    os.close(writer)
    ready, _, _ = select.select([reader], [], [], HANGS)
    answer = os.read(reader, 9999).decode() if ready else ""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)
    _, _, used = os.wait4(child, 0)
    os.close(reader)
    file.write_text(original, encoding="utf-8")
    return Fate(mutant, answer.strip("\n") if answer else DIED, used.ru_utime + used.ru_stime)


# The whole run.


def copied(folder: Path) -> str:
    """A copy of the project."""
    for part in PARTS:
        source, target = ROOT / part, folder / part
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "*.vo*"))
        else:
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
    return str(folder)


def main() -> int:
    """Run, record and report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("-n", type=int, default=2, metavar="PROCESSES")
    parser.add_argument(
        "--again", action="store_true", help="only what survived the last run on these very files"
    )
    parser.add_argument(
        "--sample", type=int, metavar="N", help="only so many mutants of each file, drawn at random"
    )
    parser.add_argument("part", nargs="*", help="only paths that contain one of these")
    args = parser.parse_args()
    os.environ |= {"OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    sys.dont_write_bytecode = True
    chosen = [p for p in paths() if not args.part or any(part in p for part in args.part)]
    for path in chosen:
        if not judges_of(path):
            raise SystemExit(f"no test imports {path}; name its judges in tests/mutation/judges.py")
    with tempfile.TemporaryDirectory(prefix="mutation") as folder:
        texts = {path: (ROOT / path).read_text(encoding="utf-8") for path in chosen}
        earlier = {
            path: row
            for path, row in read().items()
            if args.again and path in texts and row["digest"] == digest(texts[path])
        }
        if args.again:
            texts = {path: texts[path] for path in earlier if earlier[path]["survivors"]}
            if not texts:
                raise SystemExit("nothing to judge again: none of it survived, or it has changed")
        load(copied(Path(folder, "base")), pages=any(p.startswith("docs") for p in texts))
        context = multiprocessing.get_context("fork")
        folders = context.Queue()
        for n in range(args.n):
            folders.put(copied(Path(folder, str(n))))
        with context.Pool(args.n, enter, [folders]) as pool:
            for path, total, fates in watched(pool, list(texts), earlier, args.sample):
                settled = [(place(fate.mutant), fate.killer) for fate in fates]
                merge(path, row_of(digest(texts[path]), settled, earlier.get(path), total))
    rows = counted(read(), reasons())
    print(report([rows[path] for path in texts]))
    short = missed(rows, paths())
    print("", *(f"missed the target: {m}" for m in short), sep="\n")
    return int(short != [])


def load(base: str, pages: bool) -> None:
    """Load everything that mutants share, and check every claim, once."""
    os.chdir(base)
    sys.path.insert(0, base)
    for name in ("pytest", "hypothesis", "matplotlib.figure", "sklearn.datasets", "rich.progress"):
        import_module(name)
    for path in paths(Path(base)):
        if path.startswith("proofs") and not path.endswith("__main__.py"):
            import_module(module(path))
    from proofs.claims import CLAIMS
    from proofs.witnesses import verdict

    wrong = [verdict(tag).objection for tag in CLAIMS]
    if any(wrong):
        raise SystemExit("\n".join(filter(None, wrong)))
    if pages:
        import_module("sphinx.cmd.build")
        built()
    gc.collect()
    gc.freeze()  # collecting what is shared would copy it into every fork


def watched(
    pool: Any, chosen: list[str], earlier: dict[str, Row], size: int | None
) -> Iterator[tuple[str, int, list[Fate]]]:
    """Of each path, how many mutants there are and the fates of those that are judged.

    First every path is judged unchanged, which must survive.

    Where there is an earlier row, only what survived then is judged.
    """
    plain = [Mutant(path, 0, "", "", Path(path).read_text(encoding="utf-8")) for path in chosen]
    waiting = [pool.apply_async(settled, (mutant, 900.0)) for mutant in plain]
    generated = pool.map_async(of, chosen, 1)
    limits = {}
    for fate in [job.get() for job in waiting]:
        if fate.killer:
            raise SystemExit(f"{fate.mutant.path} fails without a change: {fate.killer}")
        limits[fate.mutant.path] = 60 + 5 * fate.seconds
        print(f"{fate.mutant.path} passes in {fate.seconds:.1f} s", file=sys.stderr, flush=True)
    jobs, totals = {}, {}
    for path, found in zip(chosen, generated.get(), strict=True):
        totals[path] = len(found)
        if path in earlier:
            found = [m for m in found if place(m) in earlier[path]["survivors"]]
        found = sample(found, size)
        jobs[path] = [pool.apply_async(settled, (mutant, limits[path])) for mutant in found]
    for path, its_jobs in jobs.items():
        print(f"{path}: {len(its_jobs)} mutants", file=sys.stderr, flush=True)
        yield path, totals[path], [told(job.get()) for job in its_jobs]


def sample(found: list[Mutant], size: int | None) -> list[Mutant]:
    """So many of the mutants, the same ones in every run, and all of them in a larger sample."""
    drawn = set(sorted(found, key=lambda mutant: digest(mutant.source))[:size])
    return [mutant for mutant in found if mutant in drawn]


def place(mutant: Mutant) -> Row:
    """A mutant as the record keeps it."""
    return {"line": mutant.line, "before": mutant.before, "after": mutant.after}


def told(fate: Fate) -> Fate:
    """The fate, told to whoever watches if the mutant survived or did not come to an end."""
    if fate.killer in ("", DIED):
        line = f"{fate.mutant.path}:{fate.mutant.line}: {fate.mutant.before}"
        print(f"{fate.killer or 'survived'} {line} => {fate.mutant.after}", file=sys.stderr)
    return fate


def report(rows: list[Row]) -> str:
    """The rows, to read."""
    columns = ("mutants", *JUDGES, "equivalent")
    lines = [f"{'':32}" + "".join(f"{c:>11}" for c in (*columns, "killed"))]
    for row in rows:
        numbers = "".join(f"{row[c]:>11}" for c in columns)
        lines.append(f"{row['file']:32}{numbers}{percent([row]):>11}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
