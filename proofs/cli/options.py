"""Options of the command line that choose a network, read from text."""

import argparse
import math
import threading
from collections.abc import Callable, Iterable
from typing import TypeVar

from proofs.network.activations import ACTIVATIONS, Activation, leaky
from proofs.network.costs import COSTS, Cost

T = TypeVar("T")


class InParagraphs(argparse.HelpFormatter):
    """Help whose paragraphs and options are as wide as the terminal, whatever that is."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=8)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        paragraphs = text.strip().split("\n\n")
        return "\n\n".join(
            super(InParagraphs, self)._fill_text(p, width, indent) for p in paragraphs
        )


def listed(names: Iterable[str]) -> str:
    """Names, with commas between them."""
    return ", ".join(names)


def expected(what: str, came: str) -> argparse.ArgumentTypeError:
    """The error that argparse shows beside the name of the option."""
    return argparse.ArgumentTypeError(f"expected {what}, got {came!r}")


DIGITS = 4000
"""No number of more digits than Python reads."""


def whole(least: int) -> Callable[[str], int]:
    """The reader of a whole number of at least `least`."""

    def read(text: str) -> int:
        if not text.isdecimal() or len(text) > DIGITS or int(text) < least:
            raise expected(f"a whole number of at least {least}", text)
        return int(text)

    return read


def sizes(text: str) -> list[int]:
    """The widths n_1 to n_L, as in 3,5,4,2."""
    parts = [n.strip() for n in text.split(",")]
    found = [int(n) if n.isdecimal() and len(n) <= DIGITS else 0 for n in parts]
    if len(found) < 2 or min(found) < 1:
        raise expected("at least two whole numbers of at least 1, such as 3,5,4,2", text)
    return found


def activations(text: str) -> list[Activation]:
    """Activations by name, as in sigmoid,softmax."""
    return [_activation(name.strip()) for name in text.split(",")]


OWN = ", or FILE.py:FUNCTION, a NumPy function of your own"


def _activation(text: str, beside: str = "") -> Activation:
    """An activation by name; leaky_relu:0.2 has that slope below 0."""
    name, _, slope = text.partition(":")
    if name == "leaky_relu" and slope:
        return leaky(finite(slope))
    if text not in ACTIVATIONS:
        raise expected(f"names among {listed(ACTIVATIONS)}{beside}", text)
    return ACTIVATIONS[text]


def activation(text: str) -> Activation:
    """One activation by name."""
    return _one(activations(text), text)


def _one(found: list[T], text: str) -> T:
    if len(found) > 1:
        raise expected("one name", text)
    return found[0]


def own_or_activations(text: str) -> list[Activation | str]:
    """Activations by name, and FILE.py:FUNCTION as it stands: that is loaded later."""
    names = [name.strip() for name in text.split(",")]
    return [name if _is_own(name) else _activation(name, OWN) for name in names]


def own_or_activation(text: str) -> Activation | str:
    """One of them."""
    return _one(own_or_activations(text), text)


def own_or_cost(text: str) -> Cost | str:
    """A cost by name, or FILE.py:FUNCTION as it stands."""
    return text if _is_own(text) else cost(text, OWN)


def _is_own(name: str) -> bool:
    return ":" in name and not name.startswith("leaky_relu:")


def cost(text: str, beside: str = "") -> Cost:
    """A cost by name."""
    if text not in COSTS:
        raise expected(f"one of {listed(COSTS)}{beside}", text)
    return COSTS[text]


def number(what: str, holds: Callable[[float], bool]) -> Callable[[str], float]:
    """The reader of a number of which something holds."""

    def read(text: str) -> float:
        """The number in a text; an error says what was expected of it."""
        try:
            found = float(text)
        except ValueError:
            found = math.nan
        if not holds(found):
            raise expected(what, text)
        return found

    return read


finite = number("a finite number", math.isfinite)
at_least_0 = number("a finite number of at least 0", lambda x: 0 <= x < math.inf)
share = number("a number from 0 to 1", lambda x: 0 <= x <= 1)
seconds = number("a number of seconds above 0", lambda x: 0 < x < threading.TIMEOUT_MAX)


def weights(text: str) -> list[float]:
    """Numbers above 0, as in 1,2,0.5."""
    found = [finite(part) for part in text.split(",")]
    if min(found) <= 0:
        raise expected("numbers above 0, such as 1,2,0.5", text)
    return found
