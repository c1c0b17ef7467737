"""Activations and costs of the user's own that options name, as FILE.py:FUNCTION."""

import argparse
from collections.abc import Callable
from typing import Any

from proofs.adapters import activation_of, cost_of
from proofs.checker.calling.observe import told, where
from proofs.checker.calling.target import UnusableTargetError, load, split
from proofs.network.activations import Activation
from proofs.network.costs import Cost


def load_own(args: argparse.Namespace) -> None:
    """Put the functions in the place of their names.

    Their file is loaded here, and not in a process of its own: they are called at every push.
    Raises ValueError for what is no activation or cost.
    """
    if args.hidden:
        args.hidden = [_loaded("--hidden", own, activation_of, Activation) for own in args.hidden]
    args.output = _loaded("--output", args.output, activation_of, Activation)
    args.cost = _loaded("--cost", args.cost, cost_of, Cost)


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
