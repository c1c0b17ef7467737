"""A NumPy of its own for the user's modules, so that the arrays that they make can take tangents.

NumPy itself is not touched: in the modules that the user's function can reach, and in imports that
run inside them, the name of NumPy stands for a stand-in whose new arrays are adopted.
"""

import builtins
import math
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache, partial
from types import FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

from proofs.measuring.callsites import is_library
from proofs.measuring.tangent_functions import as_strided, bilinear

MAKERS = frozenset(
    "zeros empty ones full zeros_like empty_like ones_like full_like array copy asarray asanyarray "
    "ascontiguousarray asfortranarray float64 float32 float16 double single half longdouble "
    "linspace arange eye identity fromiter".split()
)
"""What makes an array, or takes one for granted."""


OF_LISTS = frozenset("sum mean prod max min amax amin var std cumsum dot".split())
"""What takes a list of numbers for an array."""


class OwnNumPy(ModuleType):
    """NumPy, but `adopt(real, args, how)` makes what it would make."""

    def __init__(self, adopt: Callable[..., Any], kind: type) -> None:
        super().__init__("numpy")
        self.__dict__.update(_adopt=adopt, ndarray=_standing("ndarray", kind), _kind=kind)

    def __getattr__(self, name: str) -> Any:
        real, adopt = getattr(np, name), self.__dict__["_adopt"]
        if real is np.lib:
            real = _stand_in(real, adopt, self.__dict__["_kind"])
        elif name in MAKERS:
            real = adopted(real, adopt)
        elif name in OF_LISTS:
            real = _of_lists(real, adopt)
        elif name in ("c_", "r_"):
            real = _SideBySide(name, real)
        self.__dict__[name] = real  # it is asked for at every step
        return real


class _SideBySide:
    """`np.c_` and `np.r_`, whose places are arrays that may take tangents."""

    def __init__(self, name: str, real: Any) -> None:
        self.name, self.real = name, real

    def __getitem__(self, items: Any) -> Any:
        items = items if isinstance(items, tuple) else (items,)
        if not any(hasattr(x, "__array_function__") and type(x) is not np.ndarray for x in items):
            return self.real[items]
        if any(isinstance(x, str) for x in items):
            raise TypeError("np.c_ and np.r_ with directives: use np.concatenate")
        items = tuple(self.real[x] if isinstance(x, slice) else x for x in items)
        if self.name == "c_":
            return np.concatenate([_column(x) for x in items], axis=-1)
        return np.concatenate([np.reshape(x, -1) if np.ndim(x) < 1 else x for x in items])


def _column(x: Any) -> Any:
    return np.reshape(x, (-1, 1)) if np.ndim(x) < 2 else x


class _Within(ModuleType):
    """A module in which some things are others."""

    def __init__(self, real: ModuleType, other: Callable[[Any], Any]) -> None:
        super().__init__(real.__name__)
        self.__dict__.update(_real=real, _other=other)

    def __getattr__(self, name: str) -> Any:
        return self.__dict__["_other"](getattr(self.__dict__["_real"], name))


class _Arrays(type):
    """`isinstance(x, np.ndarray)` is true of what stands for an array, too."""

    kind: type

    def __instancecheck__(cls, x: Any) -> bool:
        return isinstance(x, np.ndarray | cls.kind)

    def __call__(cls, *args: Any, **how: Any) -> Any:
        return np.ndarray(*args, **how)

    def __getattr__(cls, name: str) -> Any:
        return getattr(np.ndarray, name)


class _Floats(type):
    """Python's float, but what stands for a single number is handed on: `return float(loss)`."""

    kind: Any

    def __instancecheck__(cls, x: Any) -> bool:
        return isinstance(x, float) or (isinstance(x, cls.kind) and not np.ndim(x))

    def __call__(cls, *args: Any) -> Any:
        one = args[0] if args else None
        return one.reshape(()) if isinstance(one, cls.kind) else float(*args)

    def __getattr__(cls, name: str) -> Any:
        return np.dtype(float) if name == "dtype" else getattr(float, name)


@cache
def _standing(name: str, kind: type) -> type:
    """What stands for a type; made once, as a new type makes Python slow for a while."""
    return (_Arrays if name == "ndarray" else _Floats)(name, (), {"kind": kind})


def _of_one_number(real: Any, kind: type) -> Any:
    """One of the functions of math, where NumPy has it too."""
    other = getattr(np, real.__name__, None) if callable(real) else None
    if other is None:
        return real

    def run(*args: Any) -> Any:
        carried = len(args) == 1 and isinstance(args[0], kind)
        return other(args[0].reshape(())) if carried else real(*args)

    return run


def adopted(real: Any, adopt: Callable[..., Any]) -> Any:
    """One of NumPy's functions, or types, whose result is adopted."""

    def make(*args: Any, **how: Any) -> Any:
        return adopt(real, args, how)

    make.__name__ = getattr(real, "__name__", "make")
    if isinstance(real, type):
        return _Type(real.__name__, (), {"real": real, "make": staticmethod(make)})
    return make


def _of_lists(real: Any, adopt: Callable[..., Any]) -> Any:
    """One of NumPy's functions, which is handed lists as arrays."""

    def run(x: Any, *args: Any, **how: Any) -> Any:
        listed = isinstance(x, list | tuple)
        return real(adopt(np.asarray, (x,), {}) if listed else x, *args, **how)

    return run


class _Type(type):
    """A type of numbers that still names a dtype where one is asked for."""

    real: Any
    make: Any

    def __call__(cls, *args: Any, **how: Any) -> Any:
        return cls.make(*args, **how)

    def __getattr__(cls, name: str) -> Any:
        if name == "dtype":
            return np.dtype(cls.real)
        return getattr(cls.real, name)

    def __instancecheck__(cls, x: Any) -> bool:
        return isinstance(x, cls.real)

    def __eq__(cls, other: Any) -> bool:
        return bool(other is cls or np.dtype(cls.real) == other)

    def __hash__(cls) -> int:
        return hash(cls.real)


# Whose modules.


class Closure(dict[str, Any]):
    """The variables that a function has from the functions around it; they can be set here."""

    def __init__(self, function: FunctionType) -> None:
        self.code = function.__code__
        self.cells = dict(zip(self.code.co_freevars, function.__closure__ or (), strict=True))
        for name, cell in self.cells.items():
            with suppress(ValueError):  # not set yet
                super().__setitem__(name, cell.cell_contents)

    def __setitem__(self, name: str, value: Any) -> None:
        self.cells[name].cell_contents = value
        super().__setitem__(name, value)


def reachable(*functions: Any) -> list[dict[str, Any]]:
    """The globals of the user's modules that some functions can reach by names, and closures."""
    found: dict[int, dict[str, Any]] = {}
    waiting = list(functions)
    while waiting:
        x = waiting.pop()
        # A module such as torch.classes has an answer to any name.
        closed = None if isinstance(x, ModuleType) else getattr(x, "__closure__", None)
        names = _globals(x)
        new = {id(names): names} if names is not None and id(names) not in found else {}
        if isinstance(x, FunctionType) and closed and id(closed) not in found:
            new[id(closed)] = Closure(x)
        found |= new
        if isinstance(x, FunctionType) and hasattr(x, "__wrapped__"):
            waiting.append(x.__wrapped__)
        values = [v for each in new.values() for v in list(each.values())]
        waiting += [x for v in values for x in (v, type(v)) if is_theirs(x)]
    return list(found.values())


def _globals(x: Any) -> dict[str, Any] | None:
    if isinstance(x, ModuleType):
        return vars(x)
    if isinstance(x, MethodType):
        x = x.__func__
    if hasattr(x, "__globals__"):
        x = getattr(x, "__wrapped__", x)
        return getattr(x, "__globals__", None)
    home = sys.modules.get(getattr(x, "__module__", None) or type(x).__module__)
    # A function of NumPy by itself, as np.tanh, reaches nobody's module: NumPy's is left alone.
    return vars(home) if home and home is not np else None


def is_theirs(x: Any) -> bool:
    """Whether it is the user's: a module, function or class outside the installed libraries."""
    if isinstance(x, ModuleType):
        # A module may name a file that there is not, as torch.ops does; its package does not.
        package = sys.modules.get(vars(x).get("__name__", "").partition(".")[0])
        file = getattr(package, "__file__", None) or vars(x).get("__file__")
    elif isinstance(x, FunctionType):
        file = x.__code__.co_filename
    elif isinstance(x, type):
        file = getattr(sys.modules.get(x.__module__), "__file__", None)
    else:
        return False
    return file is not None and not is_library(file)


class Modules:
    """The user's modules that some functions can reach, and the names that they have for NumPy."""

    globals: list[dict[str, Any]]
    of_numpy: list[tuple[dict[str, Any], str, Any]]
    generators: list[np.random.Generator]
    """The generators of random numbers that they name."""

    def __init__(self, *functions: Any) -> None:
        known = KNOWN.get(tuple(map(id, functions)))
        if known is not None and known.still():
            self.globals, self.of_numpy = known.globals, known.of_numpy
            self.generators = known.generators
            return
        self.globals = reachable(*functions)
        self.of_numpy = [
            (names, name, x)
            for names in self.globals
            for name, x in list(names.items())
            if _of_numpy(x)
        ]
        self.generators = [x for names in self.globals for x in names.values()
                           if isinstance(x, np.random.Generator)]  # fmt: skip
        if not any(isinstance(names, Closure) for names in self.globals):
            while len(KNOWN) >= 16:
                del KNOWN[next(iter(KNOWN))]
            KNOWN[tuple(map(id, functions))] = _Known(functions, self)


class _Known:
    """What was found, as long as the names of the modules mean what they meant."""

    def __init__(self, functions: Any, found: Modules) -> None:
        self.globals, self.of_numpy = found.globals, found.of_numpy
        self.generators = found.generators
        # Kept alive, so that nothing else gets the identity of one of them.
        self.kept = [functions, [x for each in self.globals for x in each.values() if _is_code(x)]]
        self.was = self._now()

    def _now(self) -> list[Any]:
        return [(tuple(each), tuple(map(id, each.values())), tuple(map(type, each.values())))
                for each in self.globals]  # fmt: skip

    def still(self) -> bool:
        """Whether all names mean the same things."""
        return self._now() == self.was


KNOWN: dict[tuple[int, ...], _Known] = {}


def _is_code(x: Any) -> bool:
    return isinstance(x, ModuleType | FunctionType | type) or callable(x)


@contextmanager
def seen_as(own: OwnNumPy, modules: Modules) -> Iterator[None]:
    """While it runs, NumPy is `own` in the modules, by any name, and in what they import."""
    adopt, kind, changed = own.__dict__["_adopt"], own.__dict__["_kind"], modules.of_numpy
    floats = [n for n in modules.globals if not isinstance(n, Closure) and "float" not in n]
    theirs = {id(names) for names in modules.globals}
    real_import = builtins.__import__

    def from_within(name: str, names: Any = None, *rest: Any, **how: Any) -> Any:
        module = real_import(name, names, *rest, **how)
        if id(names) not in theirs:
            return module
        return own if module is np else _stand_in(module, adopt, kind)

    try:
        builtins.__import__ = from_within  # type: ignore[assignment]
        for names, name, x in changed:
            names[name] = own if x is np else _stand_in(x, adopt, kind)
        for names in floats:
            names["float"] = _standing("float", kind)
        yield
    finally:
        builtins.__import__ = real_import
        for names, name, x in changed:
            names[name] = x
        for names in floats:
            names.pop("float", None)


def _of_numpy(x: Any) -> bool:
    lib = np.lib.stride_tricks
    if any(x is one for one in (np, math, np.lib, lib, lib.as_strided)):
        return True
    if getattr(x, "__module__", None) == "math":
        return True
    name = getattr(x, "__name__", None)
    if not isinstance(name, str):
        return False
    if name in MAKERS and getattr(np, name, None) is x:
        return True
    return _from_scipy(x)


def _from_scipy(x: Any) -> bool:
    home = getattr(x, "__module__", None) or getattr(x, "__name__", None) or ""
    if isinstance(x, ModuleType):
        return x.__name__ in ("scipy", "scipy.special", "scipy.signal")
    return isinstance(home, str) and home.startswith("scipy.") and x.__name__ in SCIPY


def _stand_in(x: Any, adopt: Callable[..., Any], kind: type) -> Any:
    """What stands for a thing of NumPy's, SciPy's or math's; anything else is itself."""
    if not _of_numpy(x):
        return x
    if isinstance(x, ModuleType):
        return _Within(x, partial(_stand_in, adopt=adopt, kind=kind))
    if x is np.lib.stride_tricks.as_strided:
        return as_strided
    if getattr(x, "__module__", None) == "math":
        return _of_one_number(x, kind)
    if x.__name__ not in SCIPY:
        return adopted(x, adopt)
    return SCIPY[x.__name__] or bilinear(x)


# SciPy's functions that are written in Python and ask for plain arrays.


def softmax(x: Any, axis: Any = None) -> Any:
    """e^x over the sum of e^x along an axis."""
    e = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return e / np.sum(e, axis=axis, keepdims=True)


def logsumexp(x: Any, axis: Any = None, keepdims: bool = False, **how: Any) -> Any:
    """The logarithm of the sum of e^x along an axis."""
    top = np.max(x, axis=axis, keepdims=True)
    r = np.log(np.sum(np.exp(x - top), axis=axis, keepdims=True)) + top
    return r if keepdims else np.sum(r, axis=axis)


def log_softmax(x: Any, axis: Any = None) -> Any:
    """The logarithm of softmax."""
    return x - logsumexp(x, axis, keepdims=True)


SCIPY: dict[str, Any] = {"softmax": softmax, "logsumexp": logsumexp, "log_softmax": log_softmax}
SCIPY |= dict.fromkeys(("convolve", "correlate", "convolve2d", "correlate2d", "fftconvolve"))
"""What stands for them; None for those that are linear in each of two arrays."""


@contextmanager
def renamed(others: dict[int, Any], modules: Sequence[dict[str, Any]]) -> Iterator[None]:
    """While it runs, the names in the modules of some things, by their identity, mean others."""
    changed = [(m, name, f) for m in modules for name, f in list(m.items()) if id(f) in others]
    try:
        for module, name, f in changed:
            module[name] = others[id(f)]
        yield
    finally:
        for module, name, f in changed:
            module[name] = f
