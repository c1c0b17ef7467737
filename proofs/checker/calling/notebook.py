"""The code of a Jupyter notebook, run cell by cell in one namespace."""

import ast
import builtins
import json
import linecache
import os
import re
import sys
from contextlib import chdir
from pathlib import Path
from types import ModuleType

ENDING = ".ipynb"

NO_PYTHON = re.compile(r"(\s*)([%!?].*|.*\?)")
"""A line for IPython alone: a magic, a shell command, a question."""

STILL_PYTHON = ("%%time", "%%timeit", "%%capture", "%%prun")
"""Magics for a whole cell below which Python goes on."""


def cells(file: Path) -> list[tuple[str, list[str]]]:
    """The source of each code cell, and the lines of it that were left out as no Python.

    Raises ValueError for a file that is no notebook, OSError for one that cannot be read.
    """
    try:
        found = json.loads(file.read_text(encoding="utf-8"))["cells"]
        sources = ["".join(cell["source"]) for cell in found if cell["cell_type"] == "code"]
    except (KeyError, TypeError, ValueError):
        raise ValueError(
            f"expected a Jupyter notebook with cells, got another file: {file}"
        ) from None
    return [_python(source) for source in sources]


def skipped(file: Path) -> list[str]:
    """A remark on the lines that were left out, if there are any."""
    lines = [line.strip() for _, left_out in cells(file) for line in left_out]
    if not lines:
        return []
    remark = f"lines of the notebook that are no Python were skipped: {len(lines)}, the first: "
    return [remark + lines[0][:60]]


def run(file: Path) -> ModuleType:
    """A module with what the code cells define, run in the notebook's folder.

    A cell that raises, as where its data are missing, is left as far as it came: what it raised is
    printed, and kept for `raised`.
    """
    # No window of a plot is to wait for somebody who closes it.
    os.environ.setdefault("MPLBACKEND", "Agg")
    module = ModuleType(f"notebook_{file.stem}")
    sys.modules[module.__name__] = module  # dataclasses look there
    module.__dict__["__file__"] = str(file)
    vars(builtins).setdefault("display", print)  # as in Jupyter
    sources = cells(file)
    with chdir(file.resolve().parent):
        for n, (source, _) in enumerate(sources, start=1):
            name = f"{file.name}, code cell {n}"
            # Reports quote its lines, as they do those of a file.
            linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
            try:
                exec(compile(source, name, "exec"), module.__dict__)
            except Exception as error:
                text = f"code cell {n} raised {type(error).__name__}: {error}"
                _RAISED.setdefault(module.__name__, text)
                sys.stdout.write(f"{text}\n")
    return module


_RAISED: dict[str, str] = {}


def raised(module: ModuleType) -> str:
    """What the first cell of a notebook raised that did, in words; "" if none did."""
    return _RAISED.get(module.__name__, "")


def _python(source: str) -> tuple[str, list[str]]:
    """A cell as it is where it is Python: there % is a remainder, and may begin a line."""
    lines = source.splitlines()
    try:
        ast.parse(source)
    except SyntaxError:
        if source.lstrip().startswith("%%") and source.split()[0] not in STILL_PYTHON:
            return "", lines
    else:
        return source, []
    matches = [NO_PYTHON.fullmatch(line) for line in lines]
    kept = [f"{m[1]}pass" if m else line for m, line in zip(matches, lines, strict=True)]
    return "\n".join(kept), [m[0] for m in matches if m]
