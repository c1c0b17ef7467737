"""Activations and costs of the user's own that options name, as FILE.py:FUNCTION."""

import argparse
from collections.abc import Callable
from typing import Any

import numpy as np

from proofs.adapters import activation_of, cost_of
from proofs.checker.calling.observe import told, where
from proofs.checker.calling.target import UnusableTargetError, load, split, subject
from proofs.network.activations import Activation
from proofs.network.costs import Cost

LARGE = 1000.0
"""An exponential of it overflows."""


def load_own(args: argparse.Namespace) -> None:
    """Put the functions in the place of their names.

    Their file is loaded here, and not in a process of its own: they are called at every push.
    Raises ValueError for what is no activation or cost.
    """
    if args.hidden:
        args.hidden = [_loaded("--hidden", own, _activation, Activation) for own in args.hidden]
    args.output = _loaded("--output", args.output, _activation, Activation)
    args.cost = _loaded("--cost", args.cost, cost_of, Cost)


def brought_along(target: str) -> tuple[list[Activation], Cost]:
    """The activations and the cost of the network that a target brings along, where one is own."""
    network = subject(load(target)).network  # type: ignore[attr-defined]
    return [*network.sigma.values()], network.cost


def _activation(function: Any) -> Activation:
    """An activation for the battery, where some weighted inputs are large.

    Raises ValueError for one that overflows there.
    """
    found = activation_of(function)
    z = LARGE * np.array([[1.0, -1.0, 0.5], [-1.0, 1.0, 1.0]])
    if not np.isfinite(a := found(z)).all():
        raise ValueError(
            f"{found} gives {a[~np.isfinite(a)][0]} for weighted inputs of {LARGE:g} and "
            f"-{LARGE:g}, as the battery has them too: np.logaddexp(0, z) stands for "
            "np.log(1 + np.exp(z)), and softmax is taken of z - z.max(axis=0)"
        )
    return found


def _loaded(option: str, own: Any, made: Callable[[Any], Any], kind: type) -> Any:
    """What an option names; an object of that kind is taken as it is."""
    if not isinstance(own, str):
        return own
    try:
        function = load(own)
        return function if isinstance(function, kind) else made(function)
    except (UnusableTargetError, ValueError) as wrong:
        raise ValueError(f"{option} {own}: {wrong}") from wrong
    except Exception as error:
        name = split(own)[1]
        raise ValueError(f"{option} {own}: {name} raised {told(error)}{where(error)}") from error
