"""What MODULE:NAME or FILE.py:NAME stands for, as a backward pass.

Loading runs somebody else's code: `proofs.checker.calling.child` does it in a process of its own.
"""

import importlib
import importlib.util
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from proofs.adapters import Adapted, from_book, from_sklearn
from proofs.network.arrays import Array
from proofs.network.costs import quadratic


class UnusableTargetError(Exception):
    """There is nothing to check at a target, and why."""


def split(target: str) -> tuple[str, str]:
    """Where a target is, and its name there."""
    place, _, name = target.rpartition(":")
    if not place or not name:
        raise UnusableTargetError(
            f"expected MODULE:FUNCTION or FILE.py:FUNCTION, such as mynet.py:backprop, got {target}"
        )
    return place, name


def load(target: str) -> Any:
    """The object that a target names; raises UnusableTargetError, or whatever its code raises."""
    place, name = split(target)
    found: Any = _module(place)
    for part in name.split("."):
        if not hasattr(found, part):
            there = ", ".join(n for n, value in vars(found).items() if _is_own(value, n))
            raise UnusableTargetError(f"{place} has no {name}; it has {there or 'no functions'}")
        found = getattr(found, part)
    return found


def _is_own(value: object, name: str) -> bool:
    return callable(value) and not name.startswith("_")


def _module(place: str) -> ModuleType:
    if not place.endswith(".py"):
        sys.path.insert(0, str(Path.cwd()))
        if importlib.util.find_spec(place) is None:
            raise UnusableTargetError(
                f"there is no module {place}; a file is named with its ending, as in {place}.py"
            )
        return importlib.import_module(place)
    file = Path(place)
    if not file.is_file():
        raise UnusableTargetError(f"there is no file {place}")
    # As if it had been run: its neighbours can be imported.
    sys.path.insert(0, str(file.resolve().parent))
    name = file.stem if file.stem not in sys.modules else f"checked_{file.stem}"
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def subject(found: Any) -> Callable[..., Any]:
    """The backward pass of what was found: a function, or what an adapter makes of it.

    A class like the book's is asked for a network of each size.
    Raises UnusableTargetError for what cannot be called.
    """
    frameworks = {kind.__module__.split(".")[0] for kind in type(found).__mro__}
    if isinstance(found, Adapted):
        return found
    if "torch" in frameworks:
        raise UnusableTargetError(
            "a torch model needs its loss: name the result of "
            "proofs.adapters.from_torch(model, loss) instead"
        )
    if "sklearn" in frameworks:
        return from_sklearn(found)
    if isinstance(found, type) and hasattr(found, "backprop"):
        return Maker(found)
    if hasattr(found, "backprop"):
        return from_book(found)
    if not callable(found):
        raise UnusableTargetError(
            "expected a function backprop(weights, biases, x, y), a class like the book's, or what "
            f"proofs.adapters makes of a model, got {type(found).__name__}"
        )
    result: Callable[..., Any] = found
    return result


class Maker:
    """A class like the book's, made for the sizes that are asked for, once for each."""

    def __init__(self, kind: Callable[[list[int]], Any]) -> None:
        self.kind = kind
        self.made: dict[tuple[int, ...], Adapted] = {}

    def __call__(
        self, weights: Sequence[Array], biases: Sequence[Array], x: Array, y: Array
    ) -> Any:
        """(nabla_b, nabla_w) of the class on a network of these sizes."""
        sizes = (len(x), *map(len, biases))
        if sizes not in self.made:
            # Which cost it has shows in what it computes; the adapter need not know.
            self.made[sizes] = from_book(self.kind(list(sizes)), cost=quadratic)
        return self.made[sizes](weights, biases, x, y)
