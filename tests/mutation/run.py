"""Change the project on purpose, one place at a time, and see whether anything notices.

    python tests/mutation/run.py [-n PROCESSES] [PART OF A PATH ...]

A change to the package is a mutant of one module, a change to a page a mutant of one page.
Everything happens in copies; with the package unchanged they all must pass, which is tried first.
A server has the package loaded and every claim checked; each mutant is a fork of it that loads the
changed module and what depends on it anew.
A whole run writes its outcome to conf/mutation.json; the exit status is 1 if it misses the target.
"""

import argparse
import ast
import contextlib
import gc
import json
import multiprocessing
import os
import select
import shutil
import signal
import sys
import tempfile
import time
import tomllib
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from operators import Mutant, mutants
from pages import build, page_mutants

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "conf"))

from mutation import COLUMNS, RECORD, digest, percent, share, sources  # noqa: E402 - see above

PARTS = ("conf", "docs", "proofs", "tests", "noxfile.py", "pyproject.toml", "README.md")
ENOUGH = 0.95
"""What share of all mutants must be killed; of statements, formulas and definitions, all."""

STATEMENTS, FORMULAS, DEFINITIONS = "statements", "formulas", "definitions"
KINDS = {
    "proofs/equations.py": FORMULAS,
    "proofs/measure.py": DEFINITIONS,
    "proofs/network.py": DEFINITIONS,
    "proofs/activations.py": DEFINITIONS,
    "proofs/costs.py": DEFINITIONS,
}
JUDGES = {
    "__init__": "package",
    "__main__": "command survivors",
    "activations": "activations survivors network measure equations",
    "arrays": "network survivors",
    "cases": "survivors measure evaluate claims! tolerance",
    "checking": "survivors symbolic claims! tolerance",
    "claim": "survivors claims!",
    "claims": "survivors claims!",
    "costs": "costs survivors measure equations",
    "derivations": "claims! survivors notation",
    "descent": "survivors digits",
    "equations": "equations survivors claims!",
    "evaluate": "evaluate survivors claims!",
    "figures": "figures",
    "formal": "formal",
    "hypotheses": "survivors claims!",
    "ledger": "survivors command",
    "measure": "measure survivors equations",
    "network": "network survivors equations",
    "notation": "notation survivors symbolic claims!",
    "rewrite": "symbolic survivors claims!",
    "rounding": "survivors claims! tolerance",
    "symbolic": "symbolic survivors claims!",
}
"""Who is asked about a mutant of a module, in this order: tests, or every claim ("claims!")."""


@dataclass(frozen=True)
class Fate:
    """What became of a mutant: who killed it, nobody if it survived, and in how many seconds."""

    mutant: Mutant
    killer: str
    seconds: float


# In the fork: load what is changed, ask the judges.


def judged(mutant: Mutant) -> str:
    """Who kills the mutant; empty if nobody does."""
    if mutant.path.startswith("docs"):
        return build() or tested(["survivors"], "")
    name = mutant.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    forget(name)
    tag = claim_at(mutant)
    part = "derivations" if "derivations" in name else name.rpartition(".")[2]
    for judge in JUDGES[{"proofs": "__init__"}.get(part, part)].split():
        killer = claimed(name, tag) if judge == "claims!" else tested([judge], tag)
        if killer:
            return killer
    return ""


def forget(name: str) -> None:
    """Unload a module and all that imports it, so that they are loaded anew from the copy."""
    stale = {name}
    while more := {n for n in loaded() if IMPORTED[n] & stale} - stale - {"proofs"}:
        stale |= more
    for module in stale & loaded():
        del sys.modules[module]
        parent, _, child = module.rpartition(".")
        if parent in sys.modules and hasattr(sys.modules[parent], child):
            delattr(sys.modules[parent], child)
    for package in loaded():
        if hasattr(sys.modules[package], "__path__"):
            sys.modules[package].__path__ = [str(Path.cwd() / package.replace(".", "/"))]


def loaded() -> set[str]:
    """The modules of the package that are loaded."""
    return {name for name in sys.modules if name.split(".")[0] == "proofs"}


def claim_at(mutant: Mutant) -> str:
    """The tag of the claim that a line belongs to, if it belongs to one."""
    tree = ast.parse((ROOT / mutant.path).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        is_claim = isinstance(node, ast.Call) and ast.unparse(node.func) == "Claim"
        if is_claim and node.lineno < mutant.line <= (node.end_lineno or 0):
            return str(ast.literal_eval(node.args[0]))
    return ""


def claimed(name: str, tag: str) -> str:
    """The first claim that no longer holds: the one that was changed, its module's, or any."""
    try:
        from proofs import checking
        from proofs.claims import CLAIMS, find, verdict

        module = import_module(name)
        own = [c.tag for c in getattr(module, "CLAIMS", ())] if "derivations" in name else CLAIMS
        for one in [tag] if tag else own:
            if not verdict(one).holds:
                return "claims"
        for claim in CLAIMS.values():
            if tag in claim.depends and not checking.symbolic(claim, find).holds:
                return "claims"
    except Exception:
        traceback.print_exc()
        return "claims"
    return ""


def tested(files: Iterable[str], tag: str) -> str:
    """The first test that fails; of tests that are about one claim, only those about this one."""
    import pytest

    class Plugin:
        failed = "tests"

        def pytest_collection_modifyitems(self, items: list[Any]) -> None:
            about = [getattr(item, "callspec", None) for item in items]
            items[:] = [
                item
                for item, spec in zip(items, about, strict=True)
                if not (tag and spec and spec.params.get("tag", tag) != tag)
            ]

        def pytest_runtest_logreport(self, report: Any) -> None:
            if report.failed:
                self.failed = report.nodeid.split("::", 1)[1]

    plugin = Plugin()
    names = [f"tests/test_{file}.py" for file in files]
    options = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--assert=plain"]
    try:
        status = pytest.main([*options, *names], plugins=[plugin])
    except BaseException:
        traceback.print_exc()
        return "tests"
    return plugin.failed if status else ""


# In a worker: one copy of the project, one fork for each mutant.


def settled(mutant: Mutant, limit: float) -> Fate:
    """The fate of a mutant, in the copy of this worker."""
    file = Path.cwd() / mutant.path
    kept = file.read_text(encoding="utf-8")
    file.write_text(mutant.source, encoding="utf-8")
    started = time.monotonic()
    reader, writer = os.pipe()
    if not (child := os.fork()):
        os.setpgid(0, 0)
        silence = os.open(os.environ.get("MUTATION_LOG", os.devnull), os.O_WRONLY | os.O_CREAT)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        try:
            os.write(writer, f"{judged(mutant)}\n".encode())
        except BaseException as error:
            os.write(writer, f"{type(error).__name__}\n".encode())
        sys.stderr.flush()
        os._exit(0)
    os.close(writer)
    ready, _, _ = select.select([reader], [], [], limit)
    killer = os.read(reader, 9999).decode().strip("\n") if ready else "timeout"
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(reader)
    file.write_text(kept, encoding="utf-8")
    return Fate(mutant, killer, time.monotonic() - started)


def enter(folders: Any) -> None:
    """Make a copy of the project this worker's own."""
    folder = folders.get()
    os.chdir(folder)
    sys.path.insert(0, folder)
    os.environ["PYTHONPATH"] = folder


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


def imports(name: str, path: Path) -> set[str]:
    """The modules of the package that a module imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("proofs"):
            found |= {str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def modules(root: Path) -> dict[str, Path]:
    """The modules of the package by name."""
    files = sources(root)
    names = [f.relative_to(root).with_suffix("").as_posix().replace("/", ".") for f in files]
    return {name.removesuffix(".__init__"): f for name, f in zip(names, files, strict=True)}


IMPORTED = {name: imports(name, path) for name, path in modules(ROOT).items()}


def main() -> int:
    """Run, record and report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("-n", type=int, default=2, metavar="PROCESSES")
    parser.add_argument("--record", type=Path, help="where to write the outcome of this run")
    parser.add_argument("part", nargs="*", help="only paths that contain one of these")
    args = parser.parse_args()
    os.environ |= {"OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    sys.dont_write_bytecode = True
    with tempfile.TemporaryDirectory(prefix="mutation") as folder:
        base = copied(Path(folder, "base"))
        paths = [path.relative_to(ROOT).as_posix() for path in modules(ROOT).values()]
        paths += [f"docs/{page.name}" for page in sorted((ROOT / "docs").glob("*.md"))]
        paths = [p for p in paths if not args.part or any(part in p for part in args.part)]
        load(base, pages=any(p.startswith("docs") for p in paths))
        context = multiprocessing.get_context("fork")
        folders = context.Queue()
        for n in range(args.n):
            folders.put(copied(Path(folder, str(n))))
        with context.Pool(args.n, enter, [folders]) as pool:
            fates = list(watched(pool, paths))
    outcome = summed(fates)
    print(report(outcome))
    target = args.record or (None if args.part else RECORD)
    if target:
        target.write_text(json.dumps(outcome, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return int(outcome["missed"] != [])


def load(base: str, pages: bool) -> None:
    """Load everything that mutants share, and check every claim, once."""
    os.chdir(base)
    sys.path.insert(0, base)
    for name in ("pytest", "hypothesis", "matplotlib.figure", "sklearn.datasets", "rich.progress"):
        import_module(name)
    for name in modules(Path(base)):
        if not name.endswith("__main__"):
            import_module(name)
    claims = import_module("proofs.claims")
    wrong = [claims.verdict(tag).objection for tag in claims.CLAIMS]
    if any(wrong):
        raise SystemExit("\n".join(filter(None, wrong)))
    if pages:
        import_module("sphinx.cmd.build")
        build()
    gc.collect()
    gc.freeze()  # collecting what is shared would copy it into every fork


def watched(pool: Any, paths: list[str]) -> Iterator[Fate]:
    """The fate of every mutant; first every path unchanged, which must survive."""
    plain = [Mutant(p, 0, "", "", (ROOT / p).read_text(encoding="utf-8")) for p in paths]
    waiting = [pool.apply_async(settled, (mutant, 900.0)) for mutant in plain]
    generated = pool.map_async(of, paths, 1)
    limits = {}
    for fate in [job.get() for job in waiting]:
        if fate.killer:
            raise SystemExit(f"{fate.mutant.path} fails without a change: {fate.killer}")
        limits[fate.mutant.path] = 60 + 5 * fate.seconds
        print(f"{fate.mutant.path} passes in {fate.seconds:.1f} s", file=sys.stderr, flush=True)
    found = [mutant for some in generated.get() for mutant in some]
    jobs = [pool.apply_async(settled, (mutant, limits[mutant.path])) for mutant in found]
    for n, job in enumerate(jobs, 1):
        fate = job.get()
        if not fate.killer:
            line = f"{fate.mutant.path}:{fate.mutant.line}"
            print(f"survived {line}: {fate.mutant.before} => {fate.mutant.after}", file=sys.stderr)
        if n % 100 == 0:
            print(f"{n} of {len(jobs)}", file=sys.stderr, flush=True)
        yield fate


def of(path: str) -> list[Mutant]:
    """The mutants of a module or a page."""
    return page_mutants(ROOT, path) if path.startswith("docs") else mutants(ROOT, path)


def kind(path: str) -> str:
    """What is mutated: a statement, a formula, a definition, or something else."""
    if path.startswith("docs"):
        return "pages"
    return STATEMENTS if "derivations/" in path else KINDS.get(path, "other")


def summed(fates: list[Fate]) -> dict[str, Any]:
    """The record: scores, survivors, equivalent mutants with their reasons."""
    listed = tomllib.loads((Path(__file__).parent / "equivalent.toml").read_text(encoding="utf-8"))
    reasons = {(e["file"], e["before"], e["after"]): e["reason"] for e in listed.get("mutant", [])}
    rows: dict[str, Counter[str]] = {}
    survivors, equivalent = [], []
    for fate in fates:
        m = fate.mutant
        row = rows.setdefault(m.path, Counter(mutants=0, claims=0, tests=0, build=0, equivalent=0))
        row["mutants"] += 1
        place = {"file": m.path, "line": m.line, "before": m.before, "after": m.after}
        if fate.killer:
            row[fate.killer if fate.killer in ("claims", "build") else "tests"] += 1
        elif reason := reasons.get((m.path, m.before, m.after)):
            row["equivalent"] += 1
            equivalent.append({**place, "reason": reason})
        else:
            survivors.append(place)
    table = [{"file": path, "kind": kind(path), **row} for path, row in sorted(rows.items())]
    missed = [
        f"{name}: {percent(of_it) if of_it else 'not measured'}"
        for name in (STATEMENTS, FORMULAS, DEFINITIONS)
        if not (of_it := [row for row in table if row["kind"] == name]) or share(of_it) < 1
    ]
    missed += [f"everything: {percent(table)}"] if share(table) < ENOUGH else []
    return {
        "sources": digest(ROOT),
        "modules": table,
        "missed": missed,
        "survivors": survivors,
        "equivalent": equivalent,
    }


def report(outcome: dict[str, Any]) -> str:
    """The record, to read."""
    rows = outcome["modules"]
    everything = {c: sum(row[c] for row in rows) for c in COLUMNS} | {"file": "everything"}
    lines = [f"{'':32}" + "".join(f"{c:>11}" for c in (*COLUMNS, "killed"))]
    for row in [*rows, everything]:
        numbers = "".join(f"{row[c]:>11}" for c in COLUMNS)
        lines.append(f"{row['file']:32}{numbers}{percent([row]):>11}")
    for name in ("survivors", "equivalent"):
        lines += ["", name]
        for m in outcome[name]:
            lines.append(f"{m['file']}:{m['line']}: {m['before']} => {m['after']}")
            lines += [f"    {m['reason']}"] if "reason" in m else []
    return "\n".join([*lines, "", *(f"missed the target: {m}" for m in outcome["missed"])])


if __name__ == "__main__":
    sys.exit(main())
