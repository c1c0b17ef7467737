"""Cells run in a copy of the process that reads their page, where the package is imported already.

A kernel would import it again for every page, which takes longer than all cells together.
"""

import hashlib
import json
import os
import sys
import traceback
from collections.abc import Generator, Sequence
from contextlib import closing, redirect_stderr, redirect_stdout
from io import StringIO
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from myst_nb.core import execute
from myst_nb.core.execute.base import NotebookClientBase
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_output
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata
from traitlets import Type
from traitlets.config import Config

from printing.kept import keep

Given = tuple[list[NotebookNode], dict[str, Any]]
"""The outputs of a cell, and the error that ended it, as notebooks have them."""


class Stream(StringIO):
    """Where a cell prints to: what it writes is an output in its place among the others."""

    def __init__(self, name: str, outputs: list[NotebookNode]) -> None:
        super().__init__()
        self.name, self.outputs = name, outputs

    def write(self, text: str) -> int:
        if self.outputs and self.outputs[-1].get("name") == self.name:
            self.outputs[-1].text += text
        else:
            self.outputs.append(new_output("stream", name=self.name, text=text))
        return len(text)


class Displayed(DisplayPublisher):
    """Where `display` in a cell leads to."""

    def publish(self, data: Any, metadata: Any = None, *_: Any, **__: Any) -> None:
        found = new_output("display_data", data, metadata=metadata or {})
        self.shell.outputs.append(found)


class Result(DisplayHook):
    """Where the value of the last expression of a cell leads to."""

    def write_output_prompt(self) -> None:
        """No `Out[1]:` before it."""

    def finish_displayhook(self) -> None:
        """No empty line after it."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        count = {"execution_count": self.prompt_count, "metadata": md_dict or {}}
        shell: Any = self.shell
        shell.outputs.append(new_output("execute_result", format_dict, **count))


class Shell(InteractiveShell):
    """Runs cells as a notebook does, and keeps what each of them gives."""

    display_pub_class = Type(Displayed)
    displayhook_class = Type(Result)
    outputs: list[NotebookNode]

    def run(self, source: str) -> Given:
        """What a cell gives."""
        self.outputs = []
        out, err = Stream("stdout", self.outputs), Stream("stderr", self.outputs)
        with redirect_stdout(out), redirect_stderr(err):
            end = super().run_cell(source, store_history=True)
        return self.outputs, said(end.error_before_exec or end.error_in_exec)

    def _showtraceback(self, *_: Any) -> None:
        """Nothing is printed: the build tells it."""


def said(error: BaseException | None) -> dict[str, Any]:
    """An error as notebooks have it; nothing if there is none."""
    if error is None:
        return {}
    lines = "".join(traceback.format_exception(error)).splitlines()
    return {"ename": type(error).__name__, "evalue": str(error), "traceback": lines}


def run(sources: Sequence[str], folder: str, there: Connection) -> None:
    """Run the cells of a page in turn, in a folder, and send what each gives."""
    os.chdir(folder)
    sys.path.insert(0, "")  # a cell may import what lies beside the page
    shell = Shell.instance(config=Config(HistoryManager={"enabled": False}))
    for source in sources:
        there.send(shell.run(source))


def answers(sources: Sequence[str], folder: str, seconds: float) -> Generator[Given, None, None]:
    """What each cell gives; an error also if it takes too long, or ends the process."""
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


def executed(nb: NotebookNode, folder: str, seconds: float) -> CellExecutionError | None:
    """Run the cells of a notebook and put their outputs into it, up to the first that fails."""
    code = [cell for cell in nb.cells if cell.cell_type == "code"]
    with closing(answers([cell.source for cell in code], folder, seconds)) as given:
        for cell, (outputs, error) in zip(code, given, strict=False):
            cell.outputs = outputs
            if error:
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
