"""Checks of functions that cells call and that no claim runs; every build makes them."""

from math import erf, sqrt

import numpy as np

from proofs.measuring.cases import Case, running_case
from proofs.mistakes.catalogue import RECTANGULAR, costs, run, textbook
from proofs.network.arrays import Array
from proofs.network.descent import descend
from proofs.network.layers.smaller import below


def descend_steps_down_the_gradient() -> bool:
    """One step moves every weight and bias by minus the rate times its measured derivative."""
    case = running_case()
    after = descend(case.network, case.x, case.y, rate=0.5, epochs=1, batch=case.x.shape[1])
    return all(
        np.allclose(case.network.w[l] - after.w[l], 0.5 * _gradient(case, "w", l))
        and np.allclose((case.network.b[l] - after.b[l])[:, 0], 0.5 * _gradient(case, "b", l))
        for l in case.network.layers
    )


def _gradient(case: Case, letter: str, l: int) -> Array:
    return case.partial(("C", case.depth), (letter, l)).mean(axis=-1)


def costs_begin_where_training_begins() -> bool:
    """The first of the costs that a descent records is that of the network it starts from."""
    case = RECTANGULAR.case()
    first = costs(run(textbook(RECTANGULAR.lines()), RECTANGULAR), case, steps=1)[0]
    return bool(np.isclose(first, case.value("Cbar", case.depth)[0], rtol=1e-9))


def below_is_the_share_below() -> bool:
    """The share of a normal distribution that lies below z is what the error function says."""
    z = np.linspace(-4.0, 4.0, 17)
    return np.allclose(below(z), [(1 + erf(number / sqrt(2))) / 2 for number in z], atol=1e-12)


CHECKS = (
    descend_steps_down_the_gradient,
    costs_begin_where_training_begins,
    below_is_the_share_below,
)
"""Each says whether its sentence, the docstring, is true."""
