"""Symmetric matrices: how a gradient is split between a number and its mirror image is a choice.

S[i, j] and S[j, i] are one number. Half of its gradient may stand at both places, or all of it in
one triangle, as NumPy's Cholesky reads only one; books let all of it stand at both.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np

from proofs.checker.call import Call
from proofs.measuring.jacobian import EPS, Forward, mirrored
from proofs.measuring.leaves import Path

TOGETHER = (
    "{}, {}: {} is symmetric, so each number and its mirror image are one, and their gradient is "
    "right together; how it is split between the two places is a convention{}"
)
BOTH = " (here all of it stands at both places: count it once where it is passed on)"


def as_symmetric(call: Call) -> Iterator[tuple[Call, str]]:
    """The call with its symmetric inputs moved as such, and what is said if it is right so.

    An input counts as symmetric if it is, and the forward pass reads one triangle of it alone, or
    its gradient says so.
    """
    if not isinstance(call.forward, Forward):
        return
    paths = [path for path in call.gradients if _equal(call.forward.floats[path], 1)]
    paths = [path for path in paths if _says_so(call.came(path)) or _reads(call.forward, path)]
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


def _says_so(gradient: Any) -> bool:
    """Whether a gradient is symmetric, or all of it stands in one triangle."""
    one = [not part(gradient, k).any() for part, k in ((np.triu, 1), (np.tril, -1))]
    return _equal(gradient, 1) or one[0] != one[1]


def _reads(forward: Forward, path: Path) -> bool:
    """Whether one triangle of an input, or of a multiple of it, is read alone."""
    x = forward.floats[path]
    push = np.arange(1.0, x.size + 1).reshape(1, *x.shape)
    with suppress(Exception):  # it takes no tangents
        return any(_moves_as(t, push) for t in forward.pushed({path: push})[1].triangles)
    return False


def _moves_as(t: Any, push: Any) -> bool:
    """Whether each matrix moves as one of those that are pushed, but for a factor."""
    if t.shape[-2:] != push.shape[-2:]:
        return False
    of, to = (m.reshape(-1, m.shape[-1] ** 2) for m in (t, push))
    sizes = np.linalg.norm(of, axis=1)[:, None] * np.linalg.norm(to, axis=1)
    return bool(np.isclose(abs(of @ to.T), sizes, rtol=1e-12).any(axis=1).all())


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
