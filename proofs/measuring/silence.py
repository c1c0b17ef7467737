"""What somebody's code prints is said once: where it runs again, nothing is."""

import io
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout


@contextmanager
def silent() -> Iterator[None]:
    """While it runs, what is printed goes nowhere."""
    with redirect_stdout(io.StringIO()):
        yield
