"""Who notices a mutant: claims, tests, or the build of the pages."""

import ast
import contextlib
import os
import shutil
import sys
import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

BESIDE = {"adapters": "frameworks", "__init__.py": "repo", "__main__.py": "cli"}
"""Who else is asked about a folder of the package, or who is asked about a file on top of it."""

CLAIMED = ("network", "measuring", "claims", "witnesses")
"""The folders that every claim is about."""


ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "conf"))

from printing.mutation import paths  # noqa: E402 - see above


@dataclass(frozen=True)
class Mutant:
    """A changed source file."""

    path: str
    line: int
    before: str
    after: str
    source: str


def module(path: str) -> str:
    """The name of the module that a path of the package holds."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@cache
def imports(path: Path) -> set[str]:
    """The modules of the package that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("proofs"):
            found |= {str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


IMPORTED = {module(path): imports(ROOT / path) for path in paths() if path.startswith("proofs")}


def judges_of(path: str) -> list[str]:
    """Who is asked about a path: tests/X judges proofs/X, first the file of the same name, then
    those that import the module.

    Tests, by their files as in `tests_of`, or every claim ("claims!"), or the site ("build!").
    """
    if path.startswith("docs"):
        return ["build!", "witnesses/survivors"]
    room = path.split("/")[1]
    folders = [name for name in (room, BESIDE.get(room, "")) if (ROOT / "tests" / name).is_dir()]
    tests = [test for name in folders if name for test in (ROOT / "tests" / name).glob("test_*.py")]
    own = f"test_{Path(path).stem}"
    tests.sort(key=lambda test: (test.stem != own, module(path) not in imports(test), test))
    named = [f"{test.parent.name}/{test.stem.removeprefix('test_')}" for test in tests]
    return [*named, *(["claims!"] if room in CLAIMED else []), "network/frozen"]


def judged(mutant: Mutant, original: str) -> str:
    """Who kills the mutant of a file that was the original; empty if nobody does."""
    name, tag = "", ""
    if not mutant.path.startswith("docs"):
        name, tag = module(mutant.path), claim_at(mutant.line, original)
        forget(name)
    for judge in judges_of(mutant.path):
        if judge == "build!":
            killer = built()
        else:
            killer = claimed(name, tag) if judge == "claims!" else tested([judge], tag)
        if killer:
            return killer
    return ""


def forget(name: str) -> None:
    """Unload a module and all that imports it, so that they are loaded anew from the copy."""
    stale = {name}
    while more := {n for n in loaded() if IMPORTED[n] & stale} - stale - {"proofs"}:
        stale |= more
    for gone in stale & loaded():
        del sys.modules[gone]
        parent, _, child = gone.rpartition(".")
        if parent in sys.modules and hasattr(sys.modules[parent], child):
            delattr(sys.modules[parent], child)
    for package in loaded():
        if hasattr(sys.modules[package], "__path__"):
            folder = Path.cwd() / package.replace(".", "/")
            sys.modules[package].__path__ = [str(folder)]
            sys.modules[package].__file__ = str(folder / "__init__.py")


def loaded() -> set[str]:
    """The modules of the package that are loaded."""
    return {name for name in sys.modules if name.split(".")[0] == "proofs"}


def claim_at(line: int, source: str) -> str:
    """The tag of the claim that a line belongs to, if it belongs to one."""
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and ast.unparse(node.func) == "Claim"):
            continue
        if node.lineno < line <= (node.end_lineno or 0):
            return str(ast.literal_eval(node.args[0]))
    return ""


def claimed(name: str, tag: str) -> str:
    """The first claim that no longer holds: the one that was changed, its module's, or any."""
    try:
        from proofs.claims import CLAIMS, find
        from proofs.witnesses import checking, verdict

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


def tests_of(judge: str) -> str:
    """The file of a judge that is tests, such as frameworks/torch."""
    folder, _, name = judge.rpartition("/")
    return f"tests/{folder}/test_{name}.py".replace("//", "/")


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
    names = [tests_of(file) for file in files]
    options = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--assert=plain"]
    try:
        status = pytest.main([*options, *names], plugins=[plugin])
    except BaseException:
        traceback.print_exc()
        return "tests"
    return plugin.failed if status else ""


def built() -> str:
    """Build the pages in this process, what did not change from before; "build" if it fails.

    Cells do not run: none of the changes is in a cell.
    """
    from sphinx.cmd.build import build_main

    doctrees = Path.cwd() / "build" / "mutated"
    clean = Path(os.environ.setdefault("MUTATION_DOCTREES", str(doctrees)))
    if clean != doctrees:
        shutil.rmtree(doctrees, ignore_errors=True)
        shutil.copytree(clean, doctrees)
    options = ["-b", "dummy", "-q", "-W", "-n", "-c", "conf", "-D", "nb_execution_mode=off"]
    options += ["-D", "suppress_warnings=myst-nb.lexer", "-d", str(doctrees)]
    try:
        with contextlib.redirect_stderr(sys.stderr):
            failed = bool(build_main([*options, "docs", str(doctrees / "out")]))
    except SystemExit as stopped:
        failed = bool(stopped.code)
    return "build" if failed else ""
