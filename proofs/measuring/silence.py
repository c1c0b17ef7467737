"""What somebody's code prints is said once: where it runs again, nothing is."""

import io
from contextlib import ContextDecorator, redirect_stdout


class silent(redirect_stdout[io.StringIO], ContextDecorator):
    """While it runs, what is printed goes nowhere."""

    def __init__(self) -> None:
        super().__init__(io.StringIO())
