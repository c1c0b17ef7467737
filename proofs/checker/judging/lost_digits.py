"""Activations that are written so that digits cancel: right beside 1, and not beside themselves.

(1 + tanh(z/2))/2 is a sigmoid, and 2 sigma(2z) - 1 is tanh, but where they are small they have lost
their digits to the 1; so has ln(1 + e^z) where e^z is small. No equation is broken by that.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from proofs.checker.calling.observe import Observation
from proofs.checker.report import Violation
from proofs.network import Network
from proofs.network.activations import sigmoid, softplus, tanh

MAY_LOSE = (sigmoid, tanh, softplus)
"""Activations whose usual formulas add or take away a 1."""

HOLDING = ("forward a", "BP1", "BP4")
"""What activations stand in as they are: there their digits are missed."""

LITTLE = 32
"""What is off by more roundings of 1 has not lost digits to it."""

SAYS = (
    "a number close to 0 has lost digits to a 1 that it was added to, as in (1 + tanh(z/2))/2, "
    "2 sigma(2z) - 1 or ln(1 + e^z): right to within rounding beside 1"
)


def with_lost_digits(
    network: Network, found: tuple[Violation, ...], seen: Observation
) -> Iterator[tuple[Network, str]]:
    """The network whose activations may have lost digits to a 1, if what is wrong is that little.

    Something else may be wrong besides.
    """
    may = any(s in MAY_LOSE for s in network.sigma.values())
    little = any(0 < v.residual <= LITTLE * seen.eps and v.equation in HOLDING for v in found)
    if may and little:
        sigma = [
            replace(s, cancels=np.ones_like) if s in MAY_LOSE else s for s in network.sigma.values()
        ]
        yield network.with_functions(sigma), SAYS
