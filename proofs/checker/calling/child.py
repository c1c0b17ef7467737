"""A process of its own for somebody else's code: it may print, crash, hang or end the process."""

import contextlib
import io
import os
import pickle
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import IO, Any, Self

from proofs.checker.calling import room
from proofs.checker.calling.observe import (
    HUNG,
    MOST_SAID,
    Observation,
    about,
    legible,
    observe,
    told,
    where,
)
from proofs.checker.calling.target import Maker, UnusableTargetError, load, subject
from proofs.network.activations import ACTIVATIONS
from proofs.network.arrays import Array
from proofs.network.costs import COSTS

START = 120.0
"""Seconds that a process may take to start, before any of their code runs."""

GLANCE = 0.2
"""Seconds after which it is looked at whether the process is still there."""

PROGRAM = (
    "import sys; sys.path[:] = {path!r}; "
    "from proofs.checker.calling.child import serve; serve(*sys.argv[1:])"
)
"""What the process runs: it finds the same modules as this one."""


@dataclass(frozen=True)
class Own:
    """The network that an object brings along, by the names of its activations and its cost.

    Those that are the user's own have none: no message could carry them.
    """

    weights: list[Array]
    biases: list[Array]
    activations: list[str]
    cost: str


@dataclass(frozen=True)
class Loaded:
    """The target is ready to be called."""

    own: Own | None
    cost: str | None = None
    """The name of the cost that a class says it has."""
    bounded: bool = True
    """Whether its memory is limited."""


@dataclass(frozen=True)
class Failed:
    """The target cannot be used, and why."""

    why: str


class Child:
    """The process in which a target runs; started again when a call has ended it.

    `timeout` is for loading the target, in seconds; `has_biases` is as in `observe.observe`.
    Entering raises UnusableTargetError if there is nothing to check.
    """

    def __init__(self, target: str, timeout: float, has_biases: bool = True) -> None:
        self.target, self.timeout, self.has_biases = target, timeout, has_biases
        self.own: Own | None = None
        self.cost: str | None = None
        self.bounded = True
        """Whether the memory of the process is limited."""
        self.said = ""
        """What it printed while it was loaded."""
        self._process: subprocess.Popen[bytes] | None = None

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
        """As `observe.observe`, but it is the target that is called, over there."""
        try:
            if self._process is None:
                self._start()
                self._new_text()  # what loading prints was heard the first time
            self._ask((list(weights), list(biases), x, y, None, self.has_biases))
            seen = self._answer(timeout, HUNG.format(about(timeout)))
        except UnusableTargetError as problem:
            return Observation(problem=str(problem), said=self._new_text())
        assert isinstance(seen, Observation)
        return replace(seen, said=(seen.said + self._new_text())[:MOST_SAID])

    def _start(self) -> None:
        self._printed.write_text("")
        self._read = 0
        program = PROGRAM.format(path=sys.path)
        with self._printed.open("ab") as printed:
            self._process = subprocess.Popen(
                [sys.executable, "-c", program, self.target, str(self._printed)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=printed,
                start_new_session=True,
            )
        assert self._process.stdout is not None
        self._answers = received(self._process.stdout)
        self._answer(START, "the process did not start")
        loaded = self._answer(
            self.timeout,
            f"it could not be loaded within {self.timeout:g} seconds; put what runs long under "
            'if __name__ == "__main__"',
        )
        if isinstance(loaded, Failed):
            raise UnusableTargetError(loaded.why)
        self.own, self.cost, self.bounded = loaded.own, loaded.cost, loaded.bounded

    def _ask(self, question: object) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):  # it ended after its last answer: no other will come
            sent(self._process.stdin, question)

    def _answer(self, timeout: float, too_late: str) -> Any:
        """The next answer; raises UnusableTargetError if none comes, and ends the process."""
        assert self._process is not None
        latest, ended = time.monotonic() + timeout, False
        while not ended:
            ended = self._process.poll() is not None
            # What it sent before it ended may still be on the way.
            with contextlib.suppress(Empty):
                answer = self._answers.get(timeout=max(0.0, min(GLANCE, latest - time.monotonic())))
                if answer is not None:
                    return answer
                ended = True
            if time.monotonic() > latest:
                break
        why = _ended(self._process) if ended else too_late
        self._stop()
        raise UnusableTargetError(why)

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if hasattr(os, "killpg"):
            # The processes that it started go with it.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        for pipe in (process.stdin, process.stdout):
            assert pipe is not None
            with contextlib.suppress(OSError):
                pipe.close()
        process.wait()

    def _new_text(self) -> str:
        """What was written to its standard output and error since it was last asked."""
        with self._printed.open(encoding="utf-8", errors="replace") as file:
            file.seek(self._read)
            text = file.read(MOST_SAID)
            self._read = file.seek(0, os.SEEK_END)
        return text


def _ended(process: subprocess.Popen[bytes]) -> str:
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(10)
    status = process.returncode
    if status is None:
        return "it cut the connection to its process"
    if status < 0:
        return f"it crashed the process, {signal.Signals(-status).name}"
    return f"it ended the process, with status {status}"


# Messages, each a pickle.


def sent(file: IO[bytes], message: object) -> None:
    """Send a message."""
    pickle.dump(message, file)
    file.flush()


def received(file: IO[bytes], at_end: Callable[[], object] = lambda: None) -> SimpleQueue[Any]:
    """The messages as they come in, and None after the last; then `at_end` is called."""
    queue: SimpleQueue[Any] = SimpleQueue()

    def read() -> None:
        with contextlib.suppress(EOFError, OSError, ValueError, pickle.UnpicklingError):
            while True:
                queue.put(pickle.load(file))
        queue.put(None)
        at_end()

    threading.Thread(target=read, daemon=True).start()
    return queue


# What runs in the other process.


def serve(target: str, printed: str) -> None:
    """Load the target, say how that went, and answer with an Observation of each call."""
    # The pipes are put where their code does not look for them, and nothing is in their place.
    questions, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    silence, file = os.open(os.devnull, os.O_RDONLY), os.open(printed, os.O_WRONLY | os.O_APPEND)
    for here, there in ((silence, 0), (file, 1), (file, 2)):
        os.dup2(here, there)
    for stream in (sys.stdout, sys.stderr):  # here, whatever a terminal can show
        assert isinstance(stream, io.TextIOWrapper)
        # A line is in the file when it is printed, also if the process ends without a word.
        stream.reconfigure(encoding="utf-8", errors="backslashreplace", line_buffering=True)
    # When the command is gone, however it ended, this process ends too.
    asked = received(questions, at_end=lambda: os._exit(1))
    this, bounded = os.getpid(), room.limit(room.half())
    sys.argv[:] = [target]  # as if it had been started alone, for one that reads its arguments
    sent(answers, "started")
    try:
        called = subject(load(target))
    except UnusableTargetError as problem:
        sent(answers, Failed(str(problem)))
        return
    except BaseException as error:
        sent(answers, Failed(f"loading it raised {told(error)}{where(error)}{_last(printed)}"))
        return
    cost = called.cost() if isinstance(called, Maker) else None
    _flushed()
    sent(answers, Loaded(_own(called), cost, bounded))
    while True:
        # Here no time runs out: the other side ends this process.
        seen = observe(called, *asked.get())
        if os.getpid() != this:
            os._exit(0)  # it has forked, and one answer is enough
        _flushed()
        sent(answers, seen)


def _flushed() -> None:
    """Write out what was printed."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(ValueError, OSError):  # it may have been closed
            stream.flush()


def _last(printed: str) -> str:
    """What it printed last, such as a usage error before it left."""
    _flushed()
    lines = Path(printed).read_text("utf-8", errors="replace").strip().splitlines()
    return f"; it printed last: {legible(lines[-1])}" if lines else ""


def _own(called: Any) -> Own | None:
    network = getattr(called, "network", None)
    if network is None:
        return None
    names = [_name(sigma, ACTIVATIONS) for sigma in network.sigma.values()]
    return Own(network.weights, network.biases, names, _name(network.cost, COSTS))


def _name(x: Any, ours: Mapping[str, Any]) -> str:
    """The name of one of ours, "" for another, whatever it is called."""
    name: str = x.name
    return name if ours.get(name) is x else ""
