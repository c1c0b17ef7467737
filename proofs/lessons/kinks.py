"""The functions at whose kinks and ties libraries are asked for a slope, each in NumPy.

A slope at a kink is a convention.
What may be answered is measured here, from the function alone: along every direction the slope has
to lie between the two one-sided slopes, and where the function is smooth these are one number.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import numpy as np

from proofs.network.arrays import Array

Function = Callable[[Array], np.floating]
"""A function of n numbers, given as a vector, with one number as its value."""

STEPS = 2.0 ** -np.arange(10, 20)
"""How far the function is followed to either side of the point, in steps that halve."""
ROUNDING = 1e-5
"""How far from the interval an answer may be, relative to the larger slope: several libraries
answer in single precision, and some round the two constants of selu to six digits."""


@dataclass(frozen=True)
class Kink:
    """A function and the point at which its slope is asked for."""

    function: Function
    at: tuple[float, ...]

    def sides(self, direction: Array) -> tuple[float, float]:
        """The slopes from the left and from the right along a direction (n,)."""
        return -self.slope(-direction), self.slope(direction)

    def slope(self, direction: Array) -> float:
        """The one-sided slope along a direction (n,); infinite or nan where there is none.

        Quotients at steps that halve, extrapolated to the step 0 (Richardson's way).
        """
        at = np.array(self.at)
        with np.errstate(all="ignore"):
            here = self.function(at)
            quotients = np.array([(self.function(at + t * direction) - here) / t for t in STEPS])
            if abs(quotients[-1]) > 1.3 * abs(quotients[-2]):
                return float(np.copysign(np.inf, quotients[-1]))
            for order in range(1, 4):
                quotients = (2**order * quotients[1:] - quotients[:-1]) / (2**order - 1)
        return float(quotients[-1])

    def directions(self) -> Array:
        """The directions along which an answer is judged: all of entries -1, 0 and 1, as rows."""
        every = np.array(list(product((0.0, 1.0, -1.0), repeat=len(self.at))))
        return every[1:]

    def outside(self, answer: Array) -> Array | None:
        """A direction along which an answer (n,) is not between the two slopes, or None."""
        for direction in self.directions():
            sides = np.array(self.sides(direction))
            low, high = np.nanmin(sides), np.nanmax(sides)  # sqrt at 0 has one side only
            came = float(answer[direction != 0] @ direction[direction != 0])
            room = ROUNDING * max([1, *abs(sides[np.isfinite(sides)])])
            if not low - room <= came <= high + room:
                return direction
        return None


def relu(z: Array) -> Array:
    """max(z, 0), entry by entry."""
    return np.maximum(z, 0)


def clamp(z: Array, low: float, high: float) -> Array:
    """z where it is between the two ends, else the nearer end."""
    return np.minimum(np.maximum(z, low), high)


def elu(z: Array, alpha: float) -> Array:
    """z above 0, alpha (e^z - 1) below."""
    return np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0)))


def celu(z: Array, alpha: float) -> Array:
    """z above 0, alpha (e^(z/alpha) - 1) below: smooth at 0, which is what it was made for."""
    return np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0) / alpha))


def huber(z: Array) -> Array:
    """z^2/2 where |z| <= 1, |z| - 1/2 beyond."""
    return np.where(abs(z) <= 1, z * z / 2, abs(z) - 0.5)


def log_sigmoid(z: Array) -> Array:
    """ln sigma(z), where e^z is as good as 0 too."""
    return -np.logaddexp(0, -z)


SELU = 1.0507009873554805
SELU_ALPHA = 1.6732632423543772

KINKS = {
    "relu at 0": Kink(lambda x: relu(x)[0], (0.0,)),
    "relu written as maximum(x, 0), at 0": Kink(lambda x: relu(x)[0], (0.0,)),
    "relu written as where(x > 0, x, 0), at 0": Kink(lambda x: relu(x)[0], (0.0,)),
    "relu written as (x + |x|)/2, at 0": Kink(lambda x: (x[0] + abs(x[0])) / 2, (0.0,)),
    "maximum of two equal numbers": Kink(lambda x: max(x[0], x[1]), (1.0, 1.0)),
    "minimum of two equal numbers": Kink(lambda x: min(x[0], x[1]), (1.0, 1.0)),
    "fmax of two equal numbers": Kink(lambda x: max(x[0], x[1]), (1.0, 1.0)),
    "max of (1, 1, 0)": Kink(lambda x: x.max(), (1.0, 1.0, 0.0)),
    "max of (1, 1, 0) along an axis": Kink(lambda x: x.max(), (1.0, 1.0, 0.0)),
    "min of (1, 1, 2)": Kink(lambda x: x.min(), (1.0, 1.0, 2.0)),
    "max pooling of (1, 1)": Kink(lambda x: x.max(), (1.0, 1.0)),
    "the largest of sort (1, 1)": Kink(lambda x: np.sort(x)[-1], (1.0, 1.0)),
    "median of (1, 2, 2, 3)": Kink(lambda x: np.median(x), (1.0, 2.0, 2.0, 3.0)),
    "abs at 0": Kink(lambda x: abs(x[0]), (0.0,)),
    "abs written as sqrt(x * x), at 0": Kink(lambda x: abs(x[0]), (0.0,)),
    "clamp to [0, 1] at 0": Kink(lambda x: clamp(x, 0, 1)[0], (0.0,)),
    "clamp to [0, 1] at 1": Kink(lambda x: clamp(x, 0, 1)[0], (1.0,)),
    "leaky relu, slope 0.1, at 0": Kink(lambda x: np.where(x > 0, x, 0.1 * x)[0], (0.0,)),
    "elu, alpha 2, at 0": Kink(lambda x: elu(x, 2)[0], (0.0,)),
    "celu, alpha 2, at 0": Kink(lambda x: celu(x, 2)[0], (0.0,)),
    "selu at 0": Kink(lambda x: SELU * elu(x, SELU_ALPHA)[0], (0.0,)),
    "relu6 at 0": Kink(lambda x: clamp(x, 0, 6)[0], (0.0,)),
    "relu6 at 6": Kink(lambda x: clamp(x, 0, 6)[0], (6.0,)),
    "hardtanh at 1": Kink(lambda x: clamp(x, -1, 1)[0], (1.0,)),
    "hardtanh at -1": Kink(lambda x: clamp(x, -1, 1)[0], (-1.0,)),
    "hardsigmoid at 3": Kink(lambda x: clamp(x / 6 + 0.5, 0, 1)[0], (3.0,)),
    "hardswish at 3": Kink(lambda x: (x * clamp(x + 3, 0, 6) / 6)[0], (3.0,)),
    "hardswish at -3": Kink(lambda x: (x * clamp(x + 3, 0, 6) / 6)[0], (-3.0,)),
    "huber at its edge": Kink(lambda x: huber(x)[0], (1.0,)),
    "hinge, max(0, 1 - x), at 1": Kink(lambda x: relu(1 - x)[0], (1.0,)),
    "sqrt at 0": Kink(lambda x: np.sqrt(x[0]), (0.0,)),
    "norm of (0, 0)": Kink(lambda x: np.sqrt(x @ x), (0.0, 0.0)),
    "standard deviation of (2, 2, 2)": Kink(lambda x: x.std(), (2.0, 2.0, 2.0)),
    "product of (0, 2, 3)": Kink(lambda x: x.prod(), (0.0, 2.0, 3.0)),
    "last cumulative product of (0, 2, 3)": Kink(lambda x: x.prod(), (0.0, 2.0, 3.0)),
    "x ** y at (0, 2)": Kink(lambda x: np.power(x[0], x[1]), (0.0, 2.0)),
    "where(x > 0, sqrt(x), 0) at -1": Kink(lambda x: np.sqrt(relu(x))[0], (-1.0,)),
    "ln(sigmoid(x)) at -1000, as written": Kink(lambda x: log_sigmoid(x)[0], (-1000.0,)),
    "ln(sigmoid(x)) at -1000, as one function": Kink(lambda x: log_sigmoid(x)[0], (-1000.0,)),
    "logaddexp of two equal numbers": Kink(lambda x: np.logaddexp(x[0], x[1]), (1.0, 1.0)),
    "determinant of the singular (1, 2; 2, 4)": Kink(
        lambda x: x[0] * x[3] - x[1] * x[2], (1.0, 2.0, 2.0, 4.0)
    ),
    "sinc at 0": Kink(lambda x: np.sinc(x[0]), (0.0,)),
}
"""The questions, each with its function and its point."""
