"""How the command ends where it is not left to finish: in one line, and never with a traceback."""

import io
import os
import signal
import sys
from collections.abc import Callable
from importlib import import_module

INTERRUPTED, PIPE_CLOSED, UNUSABLE = 130, 141, 2
"""Exit statuses: as the shell counts Ctrl-C and a closed pipe, and as argparse does a slip."""


def well_mannered() -> int:
    """The exit status of the command, whatever becomes of its output.

    What the encoding of the terminal lacks is written as an escape.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        status = _loaded()()
        if sys.stdout:  # None after `>&-`
            sys.stdout.flush()
    except KeyboardInterrupt:
        return _ended("interrupted", INTERRUPTED)
    except BrokenPipeError:
        _close_output()
        return PIPE_CLOSED
    except MemoryError:
        return _ended("this network does not fit into memory: choose smaller --sizes", UNUSABLE)
    except OSError as error:
        _close_output()
        return _ended(f"the report could not be written: {error.strerror or error}", UNUSABLE)
    return status


def _loaded() -> Callable[[], int]:
    """The command; Ctrl-C before it is there would be a traceback, or an ImportError of NumPy's."""
    heard = signal.getsignal(signal.SIGINT)
    if heard is signal.default_int_handler:
        signal.signal(signal.SIGINT, lambda *_: os._exit(_ended("interrupted", INTERRUPTED)))
    main: Callable[[], int] = import_module("proofs.cli.claims").main
    signal.signal(signal.SIGINT, heard)
    return main


def _ended(why: str, status: int) -> int:
    sys.stderr.write(f"python -m proofs: {why}\n")
    return status


def _close_output() -> None:
    """Let Python's own last flush go nowhere, for it would fail once more."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
