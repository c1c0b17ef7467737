"""Symmetric matrices: how a gradient is split between a number and its mirror image is a choice.

S[i, j] and S[j, i] are one number. Half of its gradient may stand at both places, or all of it in
one triangle, as NumPy's Cholesky reads only one; books let all of it stand at both. None of this
holds for a weight that is symmetric by chance: its layer reads all of its numbers.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from proofs.checker.call import Call
from proofs.measuring.jacobian import EPS, Forward, mirrored
from proofs.measuring.leaves import Path, replaced
from proofs.measuring.tangents import NotDifferentiableError

TOGETHER = (
    "{}, {}: {} is symmetric, so each number and its mirror image are one, and their gradient is "
    "right together; how it is split between the two places is a convention{}"
)
BOTH = " (here all of it stands at both places: count it once where it is passed on)"


def as_symmetric(call: Call) -> Iterator[tuple[Call, str]]:
    """The call with its symmetric inputs moved as such, and what is said if it is right so.

    An input counts as symmetric if it is, and if the forward pass takes it for that: then what
    comes out does not change where a number moves and its mirror image the other way.
    """
    if not isinstance(call.forward, Forward):
        return
    paths = [path for path in call.gradients if _equal(call.forward.floats[path], 1)]
    paths = [path for path in paths if _taken_for_symmetric(call, path)]
    if paths:
        yield _folded(call, paths, mirrored), ""
    # Twice a gradient whose diagonal is 0 is a plain factor.
    paths = [path for path in paths if np.diagonal(call.came(path), 0, -2, -1).any()]
    if paths:
        yield _folded(call, paths, _once), BOTH


def remark(call: Call, path: Path, more: str) -> str:
    """What is said of a gradient that is right for symmetric changes."""
    quantity = call.quantity(path)
    return TOGETHER.format(call.name, quantity, quantity[1:], more)


def _equal(x: Any, sign: int) -> bool:
    """Whether matrices are symmetric, up to rounding."""
    if x.ndim < 2 or x.shape[-1] != x.shape[-2] or x.shape[-1] == 1:
        return False
    return bool(abs(x - sign * np.swapaxes(x, -1, -2)).max(initial=0) <= 64 * EPS * abs(x).max())


NEARBY = 2.0**-10
"""So far from the input, in parts of its largest number, is looked at what is not symmetric."""


def _taken_for_symmetric(call: Call, path: Path) -> bool:
    """Whether only the symmetric part of an input tells, also for inputs nearby that are not.

    What is factored, inverted, or has its determinant taken, counts as symmetric where the input
    makes it so: its code reads one triangle, or people write its gradient for that.
    """
    x, random = call.forward.floats[path], np.random.default_rng(0)
    near = x + NEARBY * abs(x).max() * random.uniform(-1, 1, x.shape)
    forward = replace(call.forward, args=replaced(call.forward.args, {path: near}))
    push = random.standard_normal((FEW, *x.shape))
    pushes = np.concatenate([push - np.swapaxes(push, -1, -2), mirrored(push)])
    try:
        outs, _ = forward.pushed({path: pushes}, symmetric=True)
    except NotDifferentiableError:
        return _equal(call.came(path), 1)
    except Exception:  # the user's own check that it is symmetric, as a rule
        return True
    moved = [o.t for o in outs if o.t is not None]
    return all(abs(t[:FEW]).max(initial=0) <= SAME * abs(t[FEW:]).max(initial=0) for t in moved)


FEW, SAME = 3, 1e-10


def _once(gradient: Any) -> Any:
    """The same where all of it stands at both places, counted once."""
    diagonal = gradient * np.eye(gradient.shape[-1])
    return mirrored(gradient + diagonal) / 2


def _folded(call: Call, paths: list[Path], of: Callable[[Any], Any]) -> Call:
    shapes = {path: call.forward.floats[path].shape for path in paths}

    def fold(gradients: Mapping[Path, Any]) -> dict[Path, Any]:
        return {path: of(np.reshape(g, shapes[path])) if path in shapes else g
                for path, g in gradients.items()}  # fmt: skip

    forward = replace(call.forward, symmetric=frozenset(paths))
    return replace(call, forward=forward, gradients=fold(call.gradients), fold=fold, reruns=[],
                   notes={})  # fmt: skip
