"""A process of its own for somebody else's code: it may print, crash, hang or end the process."""

import contextlib
import os
import signal
import sys
import tempfile
import threading
from dataclasses import dataclass, replace
from multiprocessing import connection, get_context, parent_process
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from proofs.arrays import Array
from proofs.observe import Observation, observe
from proofs.target import UnusableTargetError, load, subject

START = 120.0
"""Seconds that a process may take to start, before any of their code runs."""

MOST_SAID = 10_000
"""So many characters of what is printed are kept."""


@dataclass(frozen=True)
class Own:
    """The network that an object brings along, by the names of its activations and its cost."""

    weights: list[Array]
    biases: list[Array]
    activations: list[str]
    cost: str


@dataclass(frozen=True)
class Loaded:
    """The target is ready to be called."""

    own: Own | None


@dataclass(frozen=True)
class Failed:
    """The target cannot be used, and why."""

    why: str


class Child:
    """The process in which a target runs; started again when a call has ended it.

    `timeout` is for loading the target, in seconds.
    Entering raises UnusableTargetError if there is nothing to check.
    """

    def __init__(self, target: str, timeout: float) -> None:
        self.target, self.timeout = target, timeout
        self.own: Own | None = None
        self.said = ""
        """What it printed while it was loaded."""
        self._process: Any = None

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self._printed = Path(self._folder.name, "printed")
        try:
            self._start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        self.said = self._new_text()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._stop()
        self._folder.cleanup()

    def observe(
        self, backprop: object, weights: Any, biases: Any, x: Array, y: Array, timeout: float
    ) -> Observation:
        """As `proofs.observe.observe`, but it is the target that is called, over there."""
        try:
            if self._process is None:
                self._start()
                self._new_text()  # what loading prints was heard the first time
            with contextlib.suppress(OSError):  # it ended after its last answer; so no answer comes
                self._pipe.send((list(weights), list(biases), x, y))
            seen = self._answer(timeout, f"it did not return within {timeout:g} seconds")
        except UnusableTargetError as problem:
            return Observation(problem=str(problem), said=self._new_text())
        assert isinstance(seen, Observation)
        return replace(seen, said=(seen.said + self._new_text())[:MOST_SAID])

    def _start(self) -> None:
        context = get_context("spawn")
        self._printed.write_text("")
        self._read = 0
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(
            target=_serve, args=(self.target, theirs, str(self._printed))
        )
        self._process.start()
        theirs.close()
        self._answer(START, "the process did not start")
        loaded = self._answer(
            self.timeout,
            f"it could not be loaded within {self.timeout:g} seconds; put what runs long under "
            'if __name__ == "__main__"',
        )
        if isinstance(loaded, Failed):
            raise UnusableTargetError(loaded.why)
        self.own = loaded.own

    def _answer(self, timeout: float, too_late: str) -> Any:
        """The next message; raises UnusableTargetError if none comes, and ends the process."""
        ready = connection.wait([self._pipe, self._process.sentinel], timeout)
        try:
            if self._pipe.poll():
                return self._pipe.recv()
        except (EOFError, OSError):
            pass  # it has ended
        if ready:
            self._process.join(10)
            too_late = _ended(self._process.exitcode)
        self._stop()
        raise UnusableTargetError(too_late)

    def _stop(self) -> None:
        if self._process is None:
            return
        if self._process.pid is not None and hasattr(os, "killpg"):
            # The processes that it started go with it.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.join()
        self._pipe.close()
        self._process = None

    def _new_text(self) -> str:
        """What was written to its standard output and error since it was last asked."""
        with self._printed.open(encoding="utf-8", errors="replace") as file:
            file.seek(self._read)
            text = file.read(MOST_SAID)
            self._read = file.seek(0, os.SEEK_END)
        return text


def _ended(status: int | None) -> str:
    if status is None:
        return "it cut the connection to its process"
    if status < 0:
        return f"it crashed the process, {signal.Signals(-status).name}"
    return f"it ended the process, with status {status}"


# What runs in the other process.


def _serve(target: str, pipe: Connection, printed: str) -> None:
    if hasattr(os, "setsid"):
        os.setsid()
    threading.Thread(target=_follow, daemon=True).start()
    file = os.open(printed, os.O_WRONLY | os.O_APPEND)
    os.dup2(file, 1)
    os.dup2(file, 2)
    pipe.send("started")
    try:
        called = subject(load(target))
        pipe.send(Loaded(_own(called)))
    except UnusableTargetError as problem:
        pipe.send(Failed(str(problem)))
        return
    except BaseException as error:
        pipe.send(Failed(f"loading it raised {type(error).__name__}: {error}"))
        return
    with contextlib.suppress(EOFError):  # the other side has gone
        while True:
            weights, biases, x, y = pipe.recv()
            # Here no time runs out: the other side ends this process.
            seen = observe(called, weights, biases, x, y, timeout=None)
            sys.stdout.flush()
            sys.stderr.flush()
            pipe.send(seen)


def _follow() -> None:
    """End with the command, however that ends."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _own(called: Any) -> Own | None:
    network = getattr(called, "network", None)
    if network is None:
        return None
    names = [sigma.name for sigma in network.sigma.values()]
    return Own(network.weights, network.biases, names, network.cost.name)
