"""How the tests build sites, the real one and small ones with a planted fault, and read them."""

import functools
import os
import runpy
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
FEW = ("29", "chain", "local", "36", "37", "38", "BP1")
"""The claims that small pages print; more would only take longer."""

VOID = {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}


def copied(folder: Path, *parts: str) -> Path:
    """A project that a test may spoil: these parts of the real one in a folder of their own.

    With what is compiled, which is of the same time as its source, and compiled again if that is
    edited.
    """
    for part in parts:
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, folder / part)
        else:
            (folder / part).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / part, folder / part)
    return folder


def write(project: Path, **pages: str) -> None:
    """The pages of a project, by their names without ending."""
    (project / "docs").mkdir(exist_ok=True)
    for name, text in pages.items():
        (project / "docs" / f"{name}.md").write_text(text, encoding="utf-8")


def place_of(tag: str) -> str:
    """A page's source for the place of a claim."""
    return f"```{{claim}} {tag}\n```"


def rest(text: str, claims: Mapping[str, Any]) -> str:
    """A page with the place of every claim that has none in a text, and all wrong equations."""
    tags = [tag for tag in claims if place_of(tag) not in text]
    wrong = [f"```{{refutations}} {tag}\n```" for tag, c in claims.items() if c.refutations]
    return "---\norphan: true\n---\n# Rest\n\n" + "\n\n".join([*map(place_of, tags), *wrong])


def page_with(source: str, tags: str = "") -> str:
    """A page with a cell, from its first line."""
    head = "---\nfile_format: mystnb\nkernelspec: {name: python3, display_name: Python 3}\n---\n"
    return f"{head}# Page\n\n```{{code-cell}}\n{tags}{source}\n```\n"


def edit(file: Path, old: str, new: str) -> int:
    """Plant a fault: replace a text that occurs once; the line where it stands."""
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times in {file}"
    file.write_text(text.replace(old, new), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def files(folder: Path) -> dict[str, bytes]:
    """What a folder holds, byte by byte."""
    found = (file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in found}


@dataclass
class Build:
    """How a build ended and what it left."""

    status: int
    message: str
    html: Path

    @property
    def problems(self) -> list[str]:
        """The lines of the message that tells what is wrong, without its heading."""
        _, heading, lines = self.message.partition("Proof failed!\n")
        return lines.splitlines() if heading else []

    def on(self, name: str) -> list[str]:
        """Those of the lines that are about a page."""
        return [line for line in self.problems if line.startswith(f"docs/{name}.md:")]

    def page(self, name: str) -> "Page":
        """A page that was built, as it is now."""
        return Page((self.html / f"{name}.html").read_text(encoding="utf-8"))


def of_today(project: Path) -> bool:
    """Whether `nox -s docs` has built the site of a project as its sources are now."""
    passed = project / "build/doctrees/passed"
    parts = [file for part in ("conf", "docs", "proofs") for file in (project / part).rglob("*")]
    newest = max(f.stat().st_mtime for f in parts if "__pycache__" not in f.parts and f.is_file())
    return passed.exists() and newest < passed.stat().st_mtime


@functools.cache
def kept_verdicts(project: Path) -> Path | None:
    """Where that build kept its verdicts on the claims; None if it is not of today."""
    if not of_today(project):
        return None
    before = list(sys.path)  # conf.py adds to it
    folder = runpy.run_path(str(project / "conf/conf.py"))["ledger_kept"]
    sys.path[:] = before
    return Path(folder)


def sphinx(project: Path, *options: str, seed: int = 0) -> Build:
    """Build a project's docs/ into html/ with its own conf/ and proofs/, in a new process."""
    command = [sys.executable, "-m", "sphinx", "-c", "conf", "-n", "-d", "doctrees"]
    # The project comes before the installed package, in the cells too.
    env = os.environ | {"PYTHONPATH": str(project), "PYTHONHASHSEED": str(seed)}
    done = subprocess.run(
        [*command, *options, "docs", "html"],
        cwd=project,
        env=env,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return Build(done.returncode, done.stderr, project / "html")


def sphinx_here(project: Path, conf: Path, *options: str) -> Build:
    """Build a project's docs/ into html/ strictly, in this process and with its modules."""
    from sphinx.cmd.build import build_main

    # A test may spoil a claim while the sources stay as they are.
    command = ["-c", str(conf), "-W", "-n", "-d", "doctrees", "-D", "ledger_kept=", *options]
    with chdir(project), redirect_stdout(StringIO()), redirect_stderr(StringIO()) as said:
        try:
            status, end = build_main([*command, "docs", "html"]), ""
        except SystemExit as stopped:
            status, end = 1, str(stopped)
    return Build(status, said.getvalue() + end, project / "html")


def once(factory: pytest.TempPathFactory, name: str, build: Callable[[Path], str]) -> Path:
    """What `build` leaves in a folder, built once for all workers: the one who makes it builds."""
    shared = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    folder, ended = shared / name, shared / f"{name}.ended"
    try:
        folder.mkdir()
    except FileExistsError:
        deadline = time.monotonic() + 600
        while not ended.exists():
            assert time.monotonic() < deadline, f"the build in {folder} does not end"
            time.sleep(0.1)
    else:
        try:
            (shared / f"{name}.message").write_text(build(folder), encoding="utf-8")
        finally:
            ended.touch()
    assert (shared / f"{name}.message").read_text(encoding="utf-8") == ""
    return folder / "html"


def clean(folder: Path, *options: str, seed: int) -> str:
    """A clean build of everything; what is wrong with it."""
    project = copied(folder, "conf", "docs", "proofs", "pyproject.toml", "README.md", "LICENSE")
    if verdicts := kept_verdicts(ROOT):  # tests/claims reaches them again
        shutil.copytree(verdicts, project / verdicts.relative_to(ROOT))
    done = sphinx(project, "-W", *options, seed=seed)
    return "" if done.status == 0 else done.message or "no message"


@dataclass(eq=False)
class Element:
    """An element of a page."""

    tag: str
    attributes: dict[str, str | None]
    parent: "Element | None" = None
    content: "list[Element | str]" = field(default_factory=list)

    @property
    def text(self) -> str:
        """All text in it, in one line."""
        return " ".join(self.raw.split())

    @property
    def raw(self) -> str:
        """All text in it, as it stands."""
        return "".join(part if isinstance(part, str) else part.raw for part in self.content)

    @property
    def classes(self) -> list[str]:
        """Its classes."""
        return (self.attributes.get("class") or "").split()

    def get(self, name: str) -> str:
        """An attribute; empty if it is not there."""
        return self.attributes.get(name) or ""

    def __iter__(self) -> "Iterator[Element]":
        """Every element in it, in the order of the page."""
        left = self.content[::-1]
        while left:
            part = left.pop()
            if isinstance(part, Element):
                yield part
                left += part.content[::-1]

    def all(self, tag: str = "", kind: str = "") -> "list[Element]":
        """The elements in it with a tag and of a class."""
        return [e for e in self if tag in ("", e.tag) and (not kind or kind in e.classes)]


class Page(HTMLParser):
    """An HTML file as a tree."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.root = self.here = Element("", {})
        self.feed(html)
        self.close()

    @classmethod
    @functools.cache
    def read(cls, file: Path) -> "Page":
        """The tree of a file, read once."""
        return cls(file.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, dict(attrs), self.here)
        self.here.content.append(element)
        if tag not in VOID:
            self.here = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.here.content.append(Element(tag, dict(attrs), self.here))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self.here.tag == tag, f"<{self.here.tag}> is closed by </{tag}>, {self.getpos()}"
        assert self.here.parent
        self.here = self.here.parent

    def handle_data(self, data: str) -> None:
        self.here.content.append(data)

    def all(self, tag: str = "", kind: str = "") -> list[Element]:
        """The elements with a tag and of a class."""
        return self.root.all(tag, kind)

    @functools.cached_property
    def ids(self) -> dict[str, Element]:
        """The elements that a link can lead to."""
        return {e.get("id"): e for e in self.root if e.get("id")}
