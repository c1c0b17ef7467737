"""Somebody's code does not end Python, and prints nothing more where it runs again."""

import io
import os
from collections.abc import Callable, Iterator
from contextlib import ContextDecorator, contextmanager, redirect_stdout
from contextvars import ContextVar
from threading import Lock
from types import TracebackType
from typing import Any


class ExitedError(RuntimeError):
    """Somebody's code ends Python."""


_CHECKS = Lock()
_WITHIN: ContextVar[bool] = ContextVar("within", default=False)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """While it runs in a thread, other threads wait: what stands for NumPy stands there for all.

    But for a check within a check, for which that of the outer one counts, in whichever thread.
    """
    if _WITHIN.get():
        yield
        return
    with _CHECKS:
        within = _WITHIN.set(True)
        try:
            yield
        finally:
            _WITHIN.reset(within)


class unending(ContextDecorator):
    """While it runs, `sys.exit` and `os._exit` are errors as others are.

    A process that the code starts as a copy of its own may end as it likes.
    """

    def __init__(self) -> None:
        self._before: list[Callable[[int], Any]] = []

    def __enter__(self) -> "unending":
        real, here = os._exit, os.getpid()
        self._before.append(real)

        def instead(code: int) -> Any:
            if os.getpid() != here:
                real(code)
            raise ExitedError(f"os._exit({code!r})")

        os._exit = instead  # type: ignore[assignment]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os._exit = self._before.pop()  # type: ignore[assignment]
        if isinstance(error, SystemExit):
            raise ExitedError(f"sys.exit({error.code!r})").with_traceback(trace) from error


class silent(unending):
    """The same, and what is printed goes nowhere."""

    def __init__(self) -> None:
        super().__init__()
        self._nowhere = redirect_stdout(io.StringIO())

    def __enter__(self) -> "silent":
        self._nowhere.__enter__()
        super().__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._nowhere.__exit__(kind, error, trace)
        super().__exit__(kind, error, trace)
