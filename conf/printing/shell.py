"""The shell that cells run in: as in a notebook, and what each of them gives is kept."""

import traceback
from contextlib import redirect_stderr, redirect_stdout
from importlib import import_module
from io import StringIO
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from nbformat import NotebookNode
from nbformat.v4 import new_output
from traitlets import Type

# Cells run in copies of this process: what IPython loads when a shell starts, and what nbformat
# compiles when it checks a first output, is there already for all of them.
for name in "application completer completerlib crashhandler logger magics oinspect".split():
    import_module(f"IPython.core.{name}")
new_output("stream")

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
