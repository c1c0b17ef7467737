"""How long a check may take as a whole, and who is told how far it is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic

Progress = Callable[[str, int, int], None]
"""What is told: what is done, how many parts of it are, and of how many."""


class TimeIsUpError(Exception):
    """The check was not finished in time."""


_LATEST: ContextVar[float] = ContextVar("latest", default=float("inf"))
_TOLD: ContextVar[Progress | None] = ContextVar("told", default=None)


@contextmanager
def limited(seconds: float, progress: Progress | None = None) -> Iterator[None]:
    """What is done within takes at most so long, and no longer than what it is a part of."""
    latest = _LATEST.set(min(_LATEST.get(), monotonic() + seconds))
    told = _TOLD.set(progress or _TOLD.get())
    try:
        yield
    finally:
        _LATEST.reset(latest)
        _TOLD.reset(told)


def seconds_left() -> float:
    """The seconds that are left; raises TimeIsUpError if none are."""
    seconds = _LATEST.get() - monotonic()
    if seconds <= 0:
        raise TimeIsUpError("the time is up; a larger timeout= gives it more")
    return seconds


def tick(what: str, done: int, of: int) -> None:
    """Say how far it is; raises TimeIsUpError if no time is left."""
    seconds_left()
    told = _TOLD.get()
    if told is not None:
        told(what, done, of)
