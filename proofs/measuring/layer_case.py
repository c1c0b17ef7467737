"""Cases for claims about one layer: a chain of steps, and derivatives by pushing one number.

As in `one_number`, a push is imaginary, and no chain rule occurs in a derivative that is measured.
"""

from collections.abc import Callable, Mapping
from functools import cached_property
from math import prod
from typing import Any, NamedTuple

import numpy as np

from proofs.measuring.one_number import Place, h
from proofs.measuring.rounding import eight_times, moved
from proofs.network.arrays import Array


class Step(NamedTuple):
    """A letter, the earlier letters that it is computed from, and how."""

    letter: str
    reads: tuple[str, ...]
    compute: Callable[..., Array]
    """On arrays whose first axes are left alone; it must be analytic."""


def half_squares(output: str, axes: int = 1) -> Step:
    """The cost, half the squared distance of an output and the targets y over its last axes."""

    def half(a: Array, y: Array) -> Array:
        return ((a - y) ** 2).sum(axis=tuple(range(-axes, 0))) / 2

    return Step("C", (output, "y"), half)


class LayerCase:
    """The numbers of a layer on several examples that have nothing to do with each other.

    `given` has what the layer reads, an example in each row of the first axis.
    The last step is the cost, C, one number for an example.
    """

    def __init__(
        self,
        name: str,
        steps: tuple[Step, ...],
        given: Mapping[str, Array],
        fixed: Mapping[str, Array] | None = None,
        sizes: Mapping[str, int] | None = None,
    ) -> None:
        self.name, self.steps, self.given = name, steps, dict(given)
        self.fixed = dict(fixed or {})
        """What is the same for all examples, and exact: masks, labels, places."""
        self.sizes = dict(sizes or {})
        """How many places each axis has."""
        self.numbers = self._run({**self.given, **self.fixed})
        self._partials: dict[tuple[str, str], Array] = {}

    @property
    def depth(self) -> int:
        """How many steps a number goes through, for the tolerance."""
        return len(self.steps)

    def __getitem__(self, letter: str) -> Array:
        """The numbers of a letter, examples first; "dS" has the measured derivatives of C."""
        if letter in self.numbers:
            return self.numbers[letter]
        return np.moveaxis(self.partial(("C", 0), (letter[1:], 0)), -1, 0)

    def value(self, letter: str, layer: int) -> Array:
        """The numbers of a letter, examples last."""
        return np.moveaxis(self.numbers[letter], 0, -1)

    def partial(self, of: Place, by: Place) -> Array:
        """d(of)/d(by), measured: the shape of `of`, that of `by`, then the examples."""
        key = of[0], by[0]
        if key not in self._partials:
            self._partials[key] = self._measured(*key)
        return self._partials[key]

    def _measured(self, of: str, by: str) -> Array:
        value = self.numbers[by]
        shape = value.shape[1:]
        # Every number of `by` is pushed in turn and alone, in a run of its own.
        pushes = np.eye(prod(shape)).reshape(-1, 1, *shape)
        out = self._run({by: value + 1j * h * pushes}, of)
        rate = out.imag / h * np.ones((len(pushes), *self.numbers[of].shape))
        return np.moveaxis(rate, (0, 1), (-2, -1)).reshape(*rate.shape[2:], *shape, len(value))

    def _run(self, start: Mapping[str, Array], until: str = "") -> Any:
        """All numbers that follow from those given; or one letter, with what else is known."""
        found = dict(start)
        for letter, reads, compute in self.steps:
            if letter not in start and (not until or found.keys() & set(reads)):
                known = found if not until else {**self.numbers, **found}
                found[letter] = compute(*(known[name] for name in reads))
        return found.get(until, self.numbers[until]) if until else found

    @cached_property
    def magnitudes(self) -> "Magnitudes":
        """The same numbers by magnitude."""
        return Magnitudes(self)

    @cached_property
    def rounded(self) -> "list[LayerCase]":
        """The same case 8 times, every number given moved by about one rounding error."""
        return eight_times(self._moved)

    def _moved(self, random: np.random.Generator) -> "LayerCase":
        given = {letter: moved(value, random) for letter, value in self.given.items()}
        return LayerCase(self.name, self.steps, given, self.fixed, self.sizes)


def made_of(steps: tuple[Step, ...]) -> Callable[[Any, Any], bool]:
    """Whether a case is a layer of these steps, as a hypothesis asks."""
    return lambda case, at: getattr(case, "steps", None) is steps


def drawn(**shapes: tuple[int, ...]) -> dict[str, Array]:
    """Three examples of each letter, random."""
    random = np.random.default_rng(0)
    return {letter: random.standard_normal((3, *shape)) for letter, shape in shapes.items()}


def backward_of(back: Callable[..., Array], *letters: str) -> Callable[[LayerCase, int], Array]:
    """A backward function as the formula of a claim; "dS" is the error of S, measured."""
    return lambda case, l: np.moveaxis(back(*(case[letter] for letter in letters)), 0, -1)


class Magnitudes:
    """The numbers of a layer by magnitude: for a derivative, what is added up before it cancels."""

    def __init__(self, case: LayerCase) -> None:
        self.case, self.sizes = case, case.sizes
        self._rates: dict[tuple[str, str], Array] = {}

    def value(self, letter: str, layer: int) -> Array:
        """The magnitude of a letter."""
        return abs(self.case.value(letter, layer))

    def partial(self, of: Place, by: Place) -> Array:
        """d(of)/d(by), shaped as that of the case, the rates of all steps by magnitude."""
        numbers = self.case.numbers
        m, *shape = numbers[by[0]].shape
        sizes = {by[0]: np.eye(prod(shape))[:, None] * np.ones((m, 1))}
        for letter, reads, compute in self.case.steps:
            through = [name for name in dict.fromkeys(reads) if name in sizes]
            if letter not in sizes and through:
                sizes[letter] = sum(
                    np.einsum("axo,bxa->bxo", self._rate(letter, name, reads, compute), sizes[name])
                    for name in through
                )
        above = numbers[of[0]].shape[1:]
        size = sizes.get(of[0], np.zeros((prod(shape), m, prod(above))))
        return np.moveaxis(size, (0, 1), (-2, -1)).reshape(*above, *shape, m)

    def _rate(self, letter: str, by: str, reads: tuple[str, ...], compute: Any) -> Array:
        """How fast one step follows each number that it reads, by magnitude."""
        if (letter, by) not in self._rates:
            numbers = self.case.numbers
            m, *shape = numbers[by].shape
            pushes = 1j * h * np.eye(prod(shape)).reshape(-1, 1, *shape)
            out = compute(*(numbers[n] + pushes if n == by else numbers[n] for n in reads))
            rate = abs(out.imag / h) * np.ones((len(pushes), *numbers[letter].shape))
            self._rates[letter, by] = rate.reshape(len(pushes), m, -1)
        return self._rates[letter, by]
