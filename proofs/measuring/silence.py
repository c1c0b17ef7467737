"""Where somebody's code runs again, it prints nothing more and does not end Python."""

import io
from contextlib import ContextDecorator, redirect_stdout
from types import TracebackType


class silent(redirect_stdout[io.StringIO], ContextDecorator):
    """While it runs, what is printed goes nowhere, and `sys.exit` is a RuntimeError."""

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
            said = f"it ends Python with sys.exit({error.code!r})"
            raise RuntimeError(said).with_traceback(trace) from error
