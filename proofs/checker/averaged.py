"""Errors of single examples: where 1/m stands in the gradients of layers, not in the loss's error.

So it is in the best known course: dZ = A - Y, and dW = dZ A^T / m. With the derivative of the
average cost each of these is off by a factor of m, and yet the gradients are right.
"""

from collections.abc import Sequence
from functools import reduce
from typing import Any

import numpy as np

from proofs.checker.layer_report import Row
from proofs.checker.watch import Seen, Watch
from proofs.measuring.leaves import Path, leaves

AVERAGED = (
    "errors are those of single examples, {0} times the derivatives of the average loss, and the "
    "layers average the gradients of their parameters: judged so"
)


def examples(watch: Watch, wrong: Sequence[Row]) -> int:
    """How many examples there are, if something is so many times too large; else 1.

    Or too small, where an error between layers is wrong as well: of errors of single examples one
    may be. That is the one size that all outputs have in common.
    """
    outs = [np.shape(out) for seen in watch.calls for out in seen.outs if np.ndim(out)]
    common = reduce(set.intersection, map(set, outs)) if outs else set()
    said = [text.partition(" times")[0] for row in wrong for text in row.says]
    between = any(row.place.startswith("after ") for row in wrong)
    ways = ("it is {}", "it is 1/{}")[: 1 + between]
    sizes = [m for m in common if m > 1 and any(way.format(m) in said for way in ways)]
    return sizes[0] if len(sizes) == 1 else 1


def parameters_read(watch: Watch, params: Any) -> set[tuple[int, Path]]:
    """The inputs of calls that are parameters, as they stand."""
    given = [*leaves((params,)).values()]
    return {
        (n, path)
        for n, seen in enumerate(watch.calls)
        for path, x in leaves(seen.args).items()
        if len(path) > 1 or any(np.array_equal(x, p) for p in given)
    }


def counted(watch: Watch, n: int, seen: Seen) -> dict[Path, float]:
    """By what the errors of a call are divided before each of its gradients is compared.

    A layer averages the gradients of its parameters; one that gives the loss sends back errors of
    single examples.
    """
    m, gives_the_loss = watch.examples, not any(map(np.ndim, seen.outs))

    def counts(path: Path) -> float:
        if gives_the_loss:
            return 1.0 if (n, path) in watch.averaged else 1 / m
        return float(m) if (n, path) in watch.averaged else 1.0

    return {path: counts(path) for path in leaves(seen.args)} if m > 1 else {}
