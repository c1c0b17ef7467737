"""One call of a backward pass that we did not write, whatever it does.

It gets copies, what it prints is caught, it may raise, hang or return anything:
all of that is written down, and nothing of it escapes.
"""

import contextlib
import contextvars
import io
import re
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from proofs.adapters.adapted import LEARNING_RATE, UnreadError
from proofs.checker.calling.conventions import (
    another_form,
    as_columns,
    folded,
    of_more_axes,
    spelled,
)
from proofs.checker.calling.precision import DOUBLE, Place, as_array, real, units
from proofs.measuring.callsites import where_raised
from proofs.measuring.tangents import is_floating
from proofs.network.arrays import Array

Backprop = Callable[[list[Array], list[Array], Array, Array], object]
"""backprop(weights, biases, x, y): lists from layer 2 to L, examples as columns."""

LETTERS = ("z", "a", "delta", "nabla_b", "nabla_w")
"""What a backward pass may return, in the order of the algorithm."""

MOST_SAID = 10_000
"""So many characters of what is printed are kept."""

LONGEST = 500
"""So many characters of a message are shown."""

EXPECTED = (
    "expected (nabla_b, nabla_w), or a mapping with any of z, a, delta, nabla_b, nabla_w, "
    "each a list from layer 2 to L"
)


@dataclass(frozen=True)
class Misshapen:
    """An array that cannot be compared: what was expected and came, and what that looks like."""

    text: str
    looks_like: tuple[str, ...] = ()


@dataclass(frozen=True)
class Observation:
    """What one call returned, and what else it did."""

    numbers: dict[str, dict[int, Array]] = field(default_factory=dict)
    """By letter and layer, in double precision; of the right shape, perhaps not finite."""
    misshapen: dict[Place, Misshapen] = field(default_factory=dict)
    """What was wrong with an array that is not among the numbers."""
    units: dict[Place, float] = field(default_factory=dict)
    """The rounding unit that each array shows."""
    eps: float = DOUBLE
    """The rounding unit of what it did not return: of the finest array, if nothing else shows."""
    changed: tuple[str, ...] = ()
    """Which of its inputs it changed."""
    problem: str = ""
    """Why there are no numbers at all."""
    said: str = ""
    """What it printed."""
    flat: bool = False
    """Whether it gave some nabla_b as a row or a flat array instead of a column."""
    form: bool = False
    """Whether the problem is that they came in another form, and not that they are wrong."""
    beside: dict[Place, Array] = field(default_factory=dict)
    """What larger numbers its gradients were rounded beside: a penalty, or weights of an update."""
    rate: float = 0.0
    """The learning rate at which its gradients seem to have been read off an update, if so."""

    @property
    def coarsest(self) -> float:
        """The rounding unit of its coarsest numbers."""
        return max([self.eps, *self.units.values()])


Call = Callable[[Array, Array], Observation]
"""A backward pass, called with inputs and targets and observed."""


def observe(
    backprop: Backprop,
    weights: Sequence[Array],
    biases: Sequence[Array],
    x: Array,
    y: Array,
    timeout: float | None = 60.0,
    has_biases: bool = True,
) -> Observation:
    """Call `backprop(weights, biases, x, y)` once, for at most `timeout` seconds.

    None sets no limit; then it is called in this very thread.
    Unless it `has_biases`, an empty nabla_b is none.
    """
    given = ([w.copy() for w in weights], [b.copy() for b in biases], x.copy(), y.copy())
    kept = [*given[0]], [*given[1]], *given[2:]
    returned, problem, said = limited(lambda: backprop(*given), timeout)
    changed = tuple(_changed(given, kept, (weights, biases, x, y)))
    if problem:
        return Observation(changed=changed, problem=problem, said=said)
    form = another_form(returned, [w.shape for w in weights], [b.shape for b in biases])
    if form:
        return Observation(changed=changed, problem=form, said=said, form=True)
    try:
        letters = by_letter(returned, len(weights) + 1, has_biases)
    except (TypeError, ValueError) as wrong:
        return Observation(changed=changed, problem=str(wrong), said=said)
    except Exception as error:  # what it returned is an object with a will of its own
        problem = f"{EXPECTED}; got {type(returned).__name__}, which raised {told(error)}"
        return Observation(changed=changed, problem=problem, said=said)
    shapes = [getattr(v, "shape", ()) for v in letters.get("nabla_w", {}).values()]
    if form := folded(shapes, [w.shape for w in weights]):
        return Observation(changed=changed, problem=form, said=said, form=True)
    if more := of_more_axes(letters, [len(b) for b in biases]):
        return Observation(changed=changed, problem=more, said=said)
    given_b = letters.get("nabla_b", {})
    columns = as_columns(given_b, [len(b) for b in biases])
    letters = {**letters, "nabla_b": columns} if columns else letters
    flat = any(columns[l] is not given_b[l] and len(columns[l]) > 1 for l in columns)
    numbers, misshapen, shown = taken(letters, [len(b) for b in biases], x.shape)
    return Observation(
        numbers,
        misshapen,
        shown,
        min(shown.values(), default=DOUBLE),
        changed,
        said=said,
        flat=flat,
        beside=_beside(returned, weights, biases),
    )


def _beside(
    returned: object, weights: Sequence[Array], biases: Sequence[Array]
) -> dict[tuple[str, int], Array]:
    """What gradients read off an update at this rate were rounded beside: w / rate."""
    rate = returned.get(LEARNING_RATE) if isinstance(returned, Mapping) else None
    return {} if rate is None else beside(weights, biases, rate)


def beside(
    weights: Sequence[Array], biases: Sequence[Array], rate: float
) -> dict[tuple[str, int], Array]:
    """What gradients are rounded beside that were read off an update: w / rate and b / rate."""
    pairs = (("nabla_w", weights), ("nabla_b", biases))
    return {(name, l): abs(v / rate) for name, of in pairs for l, v in enumerate(of, start=2)}


def _changed(given: Any, kept: Any, were: Any) -> Iterator[str]:
    """Which of the weights, biases, x and y that were `given` are not what they were.

    `kept` are the very arrays, which a list may hold no longer.
    """
    for name, now, own, then in zip(("weights", "biases"), given, kept, were, strict=False):
        if len(now) != len(then):
            yield f"the list of {name}"
        pairs = zip(now if len(now) == len(then) else own, own, then, strict=True)
        for l, (held, array, before) in enumerate(pairs, start=2):
            if not (_same(array, before) and (held is array or _same(held, before))):
                yield f"{name} of layer {l}"
    pairs = zip("xy", given[2:], were[2:], strict=True)
    yield from (name for name, array, before in pairs if not _same(array, before))


def _same(now: object, then: Array) -> bool:
    return isinstance(now, np.ndarray) and np.array_equal(now, then)


class _Ear(io.StringIO):
    """Hears what is printed, also after it was told to close."""

    def close(self) -> None:
        """It stays open: a function may close what it takes for the standard output."""


def in_this_context(backprop: Backprop) -> Backprop:
    """The function with the context variables as they are here, also where a thread calls it.

    NumPy's error state is one of them.
    """
    context = contextvars.copy_context()
    # A copy for each call: one that hangs does not leave the context.
    return lambda *given: context.copy().run(backprop, *given)


HUNG = "it did not return within {} seconds"


def limited(call: Callable[[], object], timeout: float | None) -> tuple[object, str, str]:
    """What a call returns, why it did not, and what it printed.

    It runs in a thread, the one way to go on without it when it hangs; in this one if it may.
    """
    result: list[object] = []
    raised: list[str] = []
    said = _Ear()

    def run() -> None:
        try:
            result.append(call())
        except BaseException as error:
            unread = isinstance(error, UnreadError)
            raised.append(str(error) if unread else f"it raised {told(error)}{where(error)}")

    with (
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(said),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        if timeout is None:
            run()
        else:
            thread = threading.Thread(target=run, daemon=True)
            thread.start()
            thread.join(timeout)
    for returned in result:
        return returned, "", said.getvalue()[:MOST_SAID]
    late = HUNG.format(about(timeout or 0))
    return None, "".join(raised) or late, said.getvalue()[:MOST_SAID]


def about(seconds: float) -> str:
    """A time in two digits: what is left of a limit is a little less than the limit."""
    return f"{float(f'{seconds:.2g}'):g}"


def first_of(lines: Sequence[str]) -> str:
    """How many lines there are, and the beginning of the first."""
    first = legible(lines[0])[:60]
    return f"one line: {first}" if len(lines) == 1 else f"{len(lines)} lines, the first: {first}"


def legible(text: str) -> str:
    """A text of theirs without control characters, addresses and more than LONGEST."""
    text = re.sub(r" at 0x[0-9a-fA-F]+", "", text)
    text = re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", lambda control: ascii(control[0])[1:-1], text)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def told(error: BaseException) -> str:
    """An error by its kind and message, if it has one to give."""
    try:
        return legible(f"{type(error).__name__}: {error}")
    except Exception:
        return f"{type(error).__name__}, which has no message"


def where(error: BaseException) -> str:
    """The last line of theirs that was reached; of a notebook with its cell."""
    place = where_raised(error)
    if place is None:
        return ""
    file = place.code.co_filename
    cell = f"{file}, " if "code cell" in file else ""
    return f" (in {place.code.co_name}, {cell}line {place.line})"


# What it returned, made into arrays.


def by_letter(returned: object, L: int, has_biases: bool = True) -> dict[str, dict[int, object]]:
    """What was returned, by letter and layer; raises TypeError or ValueError if it is neither."""
    if hasattr(returned, "_asdict"):
        returned = returned._asdict()
    if not isinstance(returned, Mapping) and getattr(returned, "__dict__", {}).keys() & set(
        LETTERS
    ):
        returned = vars(returned)
    if isinstance(returned, Sequence) and not isinstance(returned, str) and len(returned) == 2:
        returned = dict(zip(("nabla_b", "nabla_w"), returned, strict=True))
    if isinstance(returned, Mapping):
        returned = spelled(returned) or returned
    if not isinstance(returned, Mapping):
        raise TypeError(f"{EXPECTED}; got {_described(returned)}")
    known = {name: returned[name] for name in LETTERS if returned.get(name) is not None}
    b = known.get("nabla_b")
    if known.keys() > {"nabla_b"} and (_holds_none(b) or (not has_biases and _is_empty(b))):
        del known["nabla_b"]
    if not known:
        raise ValueError(
            f"{EXPECTED}; got a mapping with {', '.join(map(str, returned)) or 'none'}"
        )
    return {name: _layers(name, value, L) for name, value in known.items()}


def _is_empty(value: object) -> bool:
    return isinstance(value, Sized) and len(value) == 0


def _holds_none(value: object) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(one is None for one in value)


def _layers(name: str, value: object, L: int) -> dict[int, object]:
    """The members of a list by layer; a list of activations may begin with the input."""
    if isinstance(value, Mapping):
        value = _by_key(name, value, range(2, L + 1))
    try:
        members = list(value)  # type: ignore[call-overload]
    except TypeError:
        raise TypeError(f"{name}: expected a list, got {_described(value)}") from None
    if name in ("z", "a", "delta") and len(members) == L:
        members = members[1:]
    if len(members) != L - 1:
        came = len(members) or "an empty list: if there is none, return None in its place"
        raise ValueError(
            f"{name}: expected {L - 1} arrays, one for each of the layers 2..{L}, got {came}"
        )
    return dict(enumerate(members, start=2))


def _by_key(name: str, value: Mapping[object, object], layers: range) -> list[object]:
    if not set(value) <= {1, *layers}:
        keys = legible(", ".join(map(repr, value)))
        raise ValueError(f"{name}: expected the layers 2..{layers[-1]} as keys, got {keys}")
    return [value[l] for l in layers if l in value]


def taken(
    letters: dict[str, dict[int, object]], sizes: Sequence[int], of_x: tuple[int, ...]
) -> tuple[dict[str, dict[int, Array]], dict[Place, Misshapen], dict[Place, float]]:
    """The arrays that have the shape they should, what is wrong with the others, their units."""
    before = dict(enumerate((of_x[0], *sizes), start=1))
    numbers: dict[str, dict[int, Array]] = {name: {} for name in letters}
    misshapen: dict[Place, Misshapen] = {}
    kept = {}
    for name, layers in letters.items():
        for l, value in layers.items():
            n = before[l]
            shapes = {"nabla_b": (n, 1), "nabla_w": (n, before[l - 1])}
            wanted = shapes.get(name, (n, of_x[1]))
            try:
                array = as_array(value)
            except Exception as error:
                misshapen[name, l] = Misshapen(f"expected shape {wanted}, got no array: {error}")
                continue
            doubles = real(array) if array.shape == wanted else None
            if doubles is None:
                text = f"expected real numbers of shape {wanted}, got {array.dtype} {array.shape}"
                misshapen[name, l] = Misshapen(
                    text, tuple(_looks_like(name, array.shape, n, before[l - 1], of_x[1]))
                )
                continue
            kept[name, l] = array if is_floating(array.dtype) else doubles
            numbers[name][l] = doubles
    return numbers, misshapen, units(kept)


def _described(value: object) -> str:
    text = legible(repr(value))
    return f"{type(value).__name__} {text[:60]}{'…' if len(text) > 60 else ''}"


def _looks_like(name: str, shape: tuple[int, ...], n: int, k: int, m: int) -> Iterator[str]:
    """What an array of another shape may be, of a layer of n neurons after one of k."""
    if name == "nabla_b" and shape == (n, m) and m > 1:
        yield "it is delta itself, not averaged over the examples"
    if name == "nabla_b" and shape == (n, k) and k > 1:
        yield "it has the shape of nabla_w: nabla_b takes no product with a^{l-1}"
    if name == "nabla_b" and np.prod(shape) == 1 and n > 1:
        yield "it is one number for the whole layer, as a sum gives it that has no axis=1"
    elif len(shape) == 2 and shape[0] != n and shape[1] == n:
        yield "it is transposed"
