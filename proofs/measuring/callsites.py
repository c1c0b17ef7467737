"""Where in the user's own code a step was made: the frame, and the text of the expression."""

import contextlib
import linecache
import re
import sys
import sysconfig
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dis import opname
from pathlib import Path
from types import CodeType, FrameType, TracebackType
from typing import Any, NamedTuple

_OURS = str(Path(__file__).parent.parent)
_CELL = re.compile(r"<ipython-input|ipykernel_\d+")
"""In the names of the files that notebooks make of their cells."""
_LIBRARIES = (
    sysconfig.get_paths()["stdlib"],
    *{sysconfig.get_paths()[kind] for kind in ("purelib", "platlib")},
)


class Site(NamedTuple):
    """A place in somebody's code: the code object and the instruction in it."""

    code: CodeType
    instruction: int

    @property
    def line(self) -> int:
        """The number of the line."""
        return next(iter(self._lines()))

    @property
    def text(self) -> str:
        """The source of the expression, or of its whole line if it covers several."""
        first, last, start, end = list(self.code.co_positions())[self.instruction // 2]
        line = linecache.getline(self.code.co_filename, first or 0)
        return line.strip() if first != last or start is None or end is None else self.expression

    @property
    def expression(self) -> str:
        """The source of the expression, however many lines it covers; empty where it is unknown."""
        first, last, start, end = list(self.code.co_positions())[self.instruction // 2]
        if first is None or last is None or start is None or end is None:
            return ""
        lines = [linecache.getline(self.code.co_filename, n) for n in range(first, last + 1)]
        after = len(lines[-1].encode()) - end
        source = "".join(lines).encode()
        return source[start : len(source) - after].decode(errors="replace").strip()

    @property
    def whole_line(self) -> str:
        """The source of its line."""
        return linecache.getline(self.code.co_filename, self.line).strip()

    def _lines(self) -> list[int]:
        first = list(self.code.co_positions())[self.instruction // 2][0]
        return [first or self.code.co_firstlineno]

    def __str__(self) -> str:
        file = self.code.co_filename
        name = "a cell" if _CELL.search(file) else Path(file).name
        return f"{name}, line {self.line}: {self.whole_line}".rstrip(": ")


def is_library(filename: str) -> bool:
    """Whether a file belongs to this package, to Python or to an installed library."""
    return (
        filename.startswith(("<frozen", "<__array_function__", _OURS, *_LIBRARIES))
        or "site-packages" in filename
        or "dist-packages" in filename
    )


def site(frame: FrameType | None) -> Site:
    """The innermost place that is the user's, from a frame outwards."""
    while frame is not None and frame.f_back is not None and is_library(frame.f_code.co_filename):
        frame = frame.f_back
    assert frame is not None
    return Site(frame.f_code, frame.f_lasti)


_REMAINDERS = (6, 19)
"""The arguments of the instruction for %, and for %=."""


def is_printing(frame: FrameType) -> bool:
    """Whether a frame is putting numbers into a text: "%.3f" % loss asks for a plain number.

    Whatever stands for an array has a % of its own, so that of a text is the only other one.
    """
    code, at = frame.f_code.co_code, frame.f_lasti
    return opname[code[at]] == "BINARY_OP" and code[at + 1] in _REMAINDERS


def where_raised(error: BaseException) -> Site | None:
    """The user's innermost line on the way to an error."""
    found, trace = None, error.__traceback__
    while isinstance(trace, TracebackType):
        if not is_library(trace.tb_frame.f_code.co_filename):
            found = Site(trace.tb_frame.f_code, trace.tb_lasti)
        trace = trace.tb_next
    return found


@contextmanager
def theirs() -> Iterator[None]:
    """Within it an error on the way to which a line of the user's or of a library stands is none.

    One that comes of this package alone is a fault of it, and goes on.
    """
    try:
        yield
    except Exception as error:
        if is_ours(error):
            raise


def is_ours(error: BaseException) -> bool:
    """Whether no line but this package's stands on the way to an error, and it is no refusal."""
    trace = error.__traceback__
    if type(error).__module__.startswith("proofs."):
        return False
    while isinstance(trace, TracebackType):
        file = trace.tb_frame.f_code.co_filename
        if not file.startswith(_OURS) and file != contextlib.__file__:
            return False
        trace = trace.tb_next
    return True


def ends_in_ours(error: BaseException) -> bool:
    """Whether the innermost line on the way to an error is this package's, and it is no refusal.

    What somebody has asked NumPy to raise at infinities and nan is raised for them.
    """
    asked = isinstance(error, FloatingPointError | Warning)
    trace = error.__traceback__
    while isinstance(trace, TracebackType) and trace.tb_next is not None:
        trace = trace.tb_next
    inner = trace.tb_frame.f_code.co_filename if trace is not None else ""
    return (
        inner.startswith(_OURS) and not asked and not type(error).__module__.startswith("proofs.")
    )


def said_where(error: BaseException) -> str:
    """The same in words, to be put behind what is said of the error; nothing if there is none."""
    place = where_raised(error)
    return f", at {place}" if place else ""


def why(error: BaseException) -> str:
    """Why a step of the user's could not be followed, and where; a fault of ours as such."""
    refusal = type(error).__module__.startswith("proofs.")
    what = f"{OURS}{error!r}" if ends_in_ours(error) else str(error) if refusal else repr(error)
    return what + said_where(error)


OURS = "a fault of this package, please report it with the line: "


@contextmanager
def profiled(noted: Callable[[FrameType, str, Any], None]) -> Iterator[None]:
    """Within it `noted` is called at each call and return; a profiler that runs goes on after."""
    before: Any = sys.getprofile()
    sys.setprofile(noted)
    try:
        yield
    finally:
        sys.setprofile(None)
        if callable(before):
            sys.setprofile(before)
        elif before is not None:
            before.enable()  # cProfile's own object is no function
