"""What MODULE:NAME, FILE.py:NAME or NOTEBOOK.ipynb:NAME stands for, as a backward pass.

Loading runs somebody else's code: `proofs.checker.calling.child` does it in a process of its own.
"""

import ast
import contextlib
import importlib
import importlib.util
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from proofs.adapters import Adapted, from_book, from_sklearn
from proofs.adapters.book import own_cost
from proofs.checker.calling import notebook
from proofs.network.arrays import Array
from proofs.network.costs import quadratic

SCRIPT = (
    "; if it is a script with one training loop, write another: from proofs.adapters import "
    "from_loop; subject = from_loop({!r}, names=('x', 'y')), with the names that it has for inputs "
    "and targets, and name that file and :subject"
)
"""What is said of a file without a function."""

SOME = 20
"""So many names are listed of those that there are."""

LIKELY = ("back", "grad", "step", "train", "net")
"""What the name of a backward pass has in it, the likeliest first."""


class UnusableTargetError(Exception):
    """There is nothing to check at a target, and why."""


def split(target: str) -> tuple[str, str]:
    """Where a target is, and its name there; FILE.py::NAME and ./FILE:NAME are as good."""
    place, _, name = target.rpartition(":")
    if "::" in target:
        place, _, name = target.partition("::")
        name = name.replace("::", ".")
    if not place or not name:
        like, there = _meant_in(Path(target))
        raise UnusableTargetError(
            f"expected MODULE:FUNCTION or FILE.py:FUNCTION, such as {like}, got {target}{there}"
        )
    if ("/" in place or "\\" in place) and Path(f"{place}.py").is_file():
        place = f"{place}.py"
    return place, name


def _meant_in(file: Path) -> tuple[str, str]:
    """A target in a file that was named alone, likely the one that is meant; what else is there."""
    if file.suffix not in (".py", notebook.ENDING) or not file.is_file():
        return "mynet.py:backprop", ""
    with contextlib.suppress(SyntaxError, ValueError):
        cells = notebook.cells(file) if file.suffix == notebook.ENDING else ()
        body = ast.parse("\n".join(source for source, _ in cells) or file.read_bytes()).body
        names = [x.name for x in body if isinstance(x, ast.FunctionDef | ast.ClassDef)]
        for name in (name for word in LIKELY for name in names if word in name.lower()):
            return f"{file}:{name}", f", which has {_listed(names)}"
    return f"{file}:backprop", "" if file.suffix == notebook.ENDING else SCRIPT.format(str(file))


def _listed(names: Sequence[str]) -> str:
    return ", ".join([*names[:SOME], *["…"] * (len(names) > SOME)])


def load(target: str) -> Any:
    """The object that a target names; raises UnusableTargetError, or whatever its code raises."""
    place, name = split(target)
    found: Any = _module(place)
    for part in name.split("."):
        if not hasattr(found, part) and not isinstance(found, type | ModuleType):
            raise UnusableTargetError(
                f"{place} has {name.rpartition(f'.{part}')[0]}, {_a(found)}, and that has no {part}"
            )
        if not hasattr(found, part):
            members = getattr(found, "__dict__", {}).items()
            own = [n for n, value in members if callable(value) and not n.startswith("_")]
            there = _listed(own) or "no functions"
            failed = notebook.raised(found) if isinstance(found, ModuleType) else ""
            raise UnusableTargetError(
                f"{place} has no {name}; it has {there}{_meant(part, own)}"
                + (f"; {failed}" if failed else "")
            )
        found = getattr(found, part)
    return found


def _a(found: object) -> str:
    kind = type(found).__name__
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def _meant(name: str, names: Iterable[str]) -> str:
    """A question after the name that comes nearest, if one is near."""
    near = get_close_matches(name, names, n=1)
    return f" (did you mean {near[0]}?)" if near else ""


@cache
def _module(place: str) -> ModuleType:
    file = Path(place)
    if not place.endswith((".py", notebook.ENDING)):
        sys.path.insert(0, str(Path.cwd()))
        if not _exists(place):
            raise UnusableTargetError(
                f"there is no module {place}; a file is named with its ending, as in {place}.py"
            )
        return importlib.import_module(place)
    if not file.is_file():
        others = [other.name for other in file.parent.glob(f"*{file.suffix}")]
        raise UnusableTargetError(f"there is no file {place}{_meant(file.name, others)}")
    # As if it had been run: its neighbours can be imported.
    sys.path.insert(0, str(file.resolve().parent))
    if place.endswith(notebook.ENDING):
        try:
            return notebook.run(file)
        except ValueError as error:
            raise UnusableTargetError(str(error)) from error
    depth = _depth(file)
    return _in_its_package(file, depth) if depth else _alone(file)


def _exists(module: str) -> bool:
    """Whether there is such a module; raises what its package raises."""
    if module.startswith(".") or "/" in module:
        return False
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module}.".startswith(f"{error.name}."):
            raise
        return False


def _depth(file: Path) -> int:
    """In how many folders that are packages a file lies, 0 if it imports nothing relative to them.

    A folder counts without __init__.py too where an import goes up so far.
    """
    tree = ast.parse(file.read_bytes(), str(file))
    level = max((n.level for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)), default=0)
    if not level:
        return 0
    folders = file.resolve().parents
    packages = next(n for n, folder in enumerate(folders) if not (folder / "__init__.py").is_file())
    return max(packages, level)


def _in_its_package(file: Path, depth: int) -> ModuleType:
    file = file.resolve()
    root = file.parents[depth]
    sys.path.insert(0, str(root))
    return importlib.import_module(".".join(file.relative_to(root).with_suffix("").parts))


def _alone(file: Path) -> ModuleType:
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
        try:
            return from_book(found)
        except TypeError as wrong:
            raise UnusableTargetError(str(wrong)) from wrong
    if isinstance(found, type) or not callable(found):
        came = f"the class {found.__name__}" if isinstance(found, type) else type(found).__name__
        raise UnusableTargetError(
            "expected a function backprop(weights, biases, x, y), a class like the book's, with "
            f".backprop(x, y), or what proofs.adapters makes of a model, got {came}{_nearly(found)}"
            f"; {_to_write(found)}"
        )
    if kind := _class_of(found):
        raise UnusableTargetError(
            f"{found.__name__} is a method of the class {kind}, and needs one of it: "
            f"{_lines(f'{kind}(...)', found.__name__)}; or write a function example() that returns "
            f"its arguments, {kind}(...) first"
        )
    result: Callable[..., Any] = found
    return result


def _class_of(found: Callable[..., Any]) -> str:
    """The class that a function is a method of, if it is asked for without an object."""
    if not isinstance(found, FunctionType) or found.__code__.co_varnames[:1] != ("self",):
        return ""
    *_, kind, _ = ("", *found.__qualname__.split("."))
    return "" if kind == "<locals>" else kind


def _nearly(found: object) -> str:
    """What is said of the methods that may be meant to be `backprop`."""
    names = list(_methods(found, ("back", "grad")))
    return f"; it has .{', .'.join(names)}, and not .backprop" if names else ""


def _methods(found: object, parts: Sequence[str]) -> Iterator[str]:
    """The public methods that have one of some parts in their names."""
    names = (name for name in dir(found) if callable(getattr(found, name, None)))
    return (n for n in names if n[0] != "_" and any(part in n.lower() for part in parts))


def _to_write(found: object) -> str:
    """The lines that make something of an object that the command takes."""
    back, train = _methods(found, ("back", "grad")), _methods(found, ("fit", "train", "step"))
    method = next(back, next(train, "train"))
    return _lines(f"{found.__name__}(...)" if isinstance(found, type) else "net", method)


def _lines(made: str, method: str) -> str:
    return (
        "below it write: from proofs.adapters import from_model; subject = from_model("
        f"{made}, lambda net, x, y: net.{method}(x, y)), and name subject instead"
    )


class Maker:
    """A class like the book's, made for the sizes that are asked for, once for each."""

    def __init__(self, kind: Callable[[list[int]], Any]) -> None:
        self.kind = kind
        self.made: dict[tuple[int, ...], Adapted] = {}

    def cost(self) -> str | None:
        """The name of the cost that its networks have; "?" stands before one that is not known."""
        try:
            net = self.kind([2, 3, 2])
            cost, own = own_cost(net), getattr(net, "cost", None)
        except Exception:  # the first call will tell why
            return None
        if cost is None and own is not None:
            return f"?{getattr(own, '__name__', type(own).__name__)}"
        return cost.name if cost else None

    def __call__(
        self, weights: Sequence[Array], biases: Sequence[Array], x: Array, y: Array
    ) -> Any:
        """(nabla_b, nabla_w) of the class on a network of these sizes."""
        sizes = (len(x), *map(len, biases))
        if sizes not in self.made:
            # Which cost it has shows in what it computes; the adapter need not know.
            self.made[sizes] = from_book(self.kind(list(sizes)), cost=quadratic)
        return self.made[sizes](weights, biases, x, y)
