"""Cells run in a copy of the process that reads their page, where the package is imported already.

A kernel would import it again for every page, which takes longer than all cells together.
"""

import hashlib
import json
import os
import re
import sys
from collections.abc import Generator, Sequence
from contextlib import closing, suppress
from importlib import import_module
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from myst_nb.core import execute
from myst_nb.core.execute.base import NotebookClientBase
from nbformat import NotebookNode, from_dict
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from printing.kept import keep

if TYPE_CHECKING:
    from nbclient.exceptions import CellExecutionError

    from printing.shell import Given

IMPORTED = re.compile(r"^(?:import|from) ([\w.]+)", re.MULTILINE)


def prepare(sources: Sequence[str]) -> None:
    """Import what cells will import, once for all pages: they run in copies of this process.

    What cannot be imported here, the cell says.
    """
    for name in IMPORTED.findall("\n".join(sources)):
        with suppress(Exception):
            import_module(name)


def run(sources: Sequence[str], folder: str, there: Connection) -> None:
    """Run the cells of a page in turn, in a folder, and send what each gives."""
    from traitlets.config import Config

    from printing.shell import Shell

    os.chdir(folder)
    sys.path.insert(0, "")  # a cell may import what lies beside the page
    shell = Shell.instance(config=Config(HistoryManager={"enabled": False}))
    for source in sources:
        there.send(shell.run(source))


def answers(sources: Sequence[str], folder: str, seconds: float) -> Generator["Given", None, None]:
    """What each cell gives; an error also if it takes too long, or ends the process."""
    from printing.shell import said  # with IPython, which a build may not need

    prepare(sources)
    here, there = Pipe(duplex=False)
    process = get_context("fork").Process(target=run, args=(sources, folder, there))
    process.start()
    there.close()
    try:
        for _ in sources:
            ended = here.poll(seconds)
            yield here.recv() if ended else ([], said(TimeoutError(f"after {seconds:g} seconds")))
    except EOFError:
        yield [], said(ChildProcessError("the cell has ended its process"))
    finally:
        process.kill()
        process.join()


def executed(nb: NotebookNode, folder: str, seconds: float) -> "CellExecutionError | None":
    """Run the cells of a notebook and put their outputs into it, up to the first that fails."""
    code = [cell for cell in nb.cells if cell.cell_type == "code"]
    with closing(answers([cell.source for cell in code], folder, seconds)) as given:
        for cell, (outputs, error) in zip(code, given, strict=False):
            cell.outputs = outputs
            if error:
                from nbclient.exceptions import CellExecutionError  # with the client of a kernel

                return CellExecutionError.from_cell_and_msg(cell, error)
    return None


class KeptCells(NotebookClientBase):  # type: ignore[misc]  # myst_nb ships no types
    """What the cells of a page gave is kept in a file, until a source changes."""

    def start_client(self) -> None:
        """Fill the notebook with what its cells give, or gave in an earlier build."""
        nb: NotebookNode = self.notebook
        nb.metadata["language_info"] = {"name": "python", "pygments_lexer": "ipython3"}
        code = [cell for cell in nb.cells if cell.cell_type == "code"]
        for count, cell in enumerate(code, start=1):
            cell.execution_count = count
        name = hashlib.sha256("\0".join(cell.source for cell in code).encode()).hexdigest()[:16]
        file = Path(self.nb_config.execution_cache_path, "cells", name)
        if file.exists():
            for cell, given in zip(code, json.loads(file.read_text("utf-8")), strict=True):
                cell.outputs = from_dict(given)
            return
        failure = executed(nb, str(self.path.parent), self.nb_config.execution_timeout)
        if failure:
            message = f"Executing notebook failed: {type(failure).__name__}\n{failure}"
            self.logger.warning(message, subtype="exec")
            return
        keep(file, json.dumps([cell.outputs for cell in code]))


def setup(app: Sphinx) -> ExtensionMetadata:
    if hasattr(os, "fork"):  # elsewhere a kernel runs them
        execute.NotebookClientCache = KeptCells
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
