"""Right backward passes and batches on which the checker once cried wolf: the soak draws them."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
from styles import NABLAS, matrices

from proofs.measuring.cases import Case
from proofs.mistakes.catalogue import Backprop
from proofs.network import Network
from proofs.network.arrays import Array

# Precision that is lost on the way, and does not show in the type of what comes back.


def cast_up(network: Network) -> Backprop:
    """In float32, handed back as doubles, as a product with a mask of doubles is."""
    plain = matrices(network, dtype=np.float32)
    return lambda *given: {
        name: [v.astype(float) for v in values] for name, values in plain(*given).items()
    }


def summed_in_doubles(network: Network) -> Backprop:
    """Gradients of single examples in float32, added up in np.zeros and divided by m."""
    one = matrices(network, dtype=np.float32)

    def loop(weights: Any, biases: Any, x: Array, y: Array) -> dict[str, list[Array]]:
        m = x.shape[1]
        found = [one(weights, biases, x[:, [i]], y[:, [i]]) for i in range(m)]
        return {
            name: [
                sum(v, np.zeros(v[0].shape)) / m
                for v in zip(*(f[name] for f in found), strict=True)
            ]
            for name in NABLAS
        }

    return loop


def inputs_in_single(network: Network) -> Backprop:
    """x.astype(float32), and doubles from there on."""
    plain = matrices(network)
    return lambda w, b, x, y: plain(w, b, x.astype(np.float32).astype(float), y)


ATTACKS = {f.__name__: f for f in (cast_up, summed_in_doubles, inputs_in_single)}


# Numbers that are no arrays of floats.


def _of(number: Callable[[float], Any]) -> Callable[[dict[str, list[Array]]], Any]:
    def objects(value: Array) -> Array:
        made = np.empty(value.shape, dtype=object)
        for place in np.ndindex(value.shape):
            made[place] = number(float(value[place]))
        return made

    return lambda found: {name: [objects(v) for v in found[name]] for name in NABLAS}


HANDED = {
    "as objects": _of(float),
    "as fractions": _of(Fraction),
    "as decimals": _of(Decimal),
    "as complex numbers": _of(complex),
}


# Batches.


def _like(case: Case, x: Array, y: Array | None = None) -> Case:
    return Case(case.network, x, case.y if y is None else y, case.name)


def equal(case: Case) -> Case:
    """One example m times."""
    m = case.x.shape[1]
    return _like(case, np.repeat(case.x[:, :1], m, 1), np.repeat(case.y[:, :1], m, 1))


def alternating(case: Case) -> Case:
    """Two examples in turn."""
    which = np.arange(case.x.shape[1]) % min(2, case.x.shape[1])
    return _like(case, case.x[:, which], case.y[:, which])


BATCHES: dict[str, Callable[[Case], Case]] = {
    "as drawn": lambda case: case,
    "equal examples": equal,
    "two examples in turn": alternating,
    "inputs of zeros": lambda case: _like(case, 0 * case.x),
    "pixels": lambda case: _like(case, np.round(abs(case.x) * 100) % 256),
    "tiny inputs": lambda case: _like(case, case.x * 1e-200),
    "huge inputs": lambda case: _like(case, case.x * 1e150),
}
