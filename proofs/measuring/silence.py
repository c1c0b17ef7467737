"""Where somebody's code runs again, it prints nothing more and does not end Python."""

import io
from contextlib import ContextDecorator, redirect_stdout
from types import TracebackType


class ExitedError(RuntimeError):
    """Somebody's code ends Python where it runs again."""


class silent(redirect_stdout[io.StringIO], ContextDecorator):
    """While it runs, what is printed goes nowhere, and `sys.exit` is an error as others are."""

    def __init__(self) -> None:
        super().__init__(io.StringIO())

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        super().__exit__(kind, error, trace)
        if isinstance(error, SystemExit):
            raise ExitedError(f"sys.exit({error.code!r})").with_traceback(trace) from error
