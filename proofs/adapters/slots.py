"""Where a model keeps its numbers: arrays, lists of numbers, neurons, tensors of its own making.

A model is anything: a dictionary, a list of layers, an object that holds others. A place in it is a
path of attributes, keys and indices; ... stands for every item of a list of neurons.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import takewhile
from types import ModuleType
from typing import Any

import numpy as np

from proofs.adapters.adapted import UnreadError
from proofs.measuring.callsites import is_library
from proofs.measuring.leaves import is_array
from proofs.network.arrays import Array

Path = tuple[Any, ...]

MOST_LAYERS = 32
"""More matrices than these in one array are data, as images are."""


def places(
    x: Any, seen: set[int] | None = None, by_layer: bool = False
) -> dict[Path, tuple[int, ...]]:
    """The shape of every array or list of numbers within x, by its path; each array once.

    Neurons, a list of things with at most a row of numbers each, are taken together: their rows
    are a matrix. An array of square matrices may be taken `by_layer`.
    """
    seen = set() if seen is None else seen
    shape = _shape(x)
    if shape is not None or id(x) in seen:
        new = id(x) not in seen
        seen.add(id(x))
        return {(): shape} if shape is not None and (new or shape == ()) else {}
    seen.add(id(x))
    within = [(key, _numbers(key, item, seen, by_layer)) for key, item in _items(x)]
    within = _by_layer(within) if by_layer else within
    kept = [of for _, of in within]
    if isinstance(x, list) and len(x) > 0 and _neurons(x, kept):
        return {(..., *path): (len(x), *shape) for path, shape in kept[0].items()}
    return {(key, *path): shape for key, of in within for path, shape in of.items()}


def _numbers(key: Any, item: Any, seen: set[int], by_layer: bool) -> dict[Path, tuple[int, ...]]:
    """Where numbers are within an item; a bias may be a whole number before any training."""
    return {(): ()} if type(item) is int and is_bias((key,)) else places(item, seen, by_layer)


def _by_layer(
    within: list[tuple[Any, dict[Path, tuple[int, ...]]]],
) -> list[tuple[Any, dict[Path, tuple[int, ...]]]]:
    """The same, with arrays of square matrices, and biases beside them, taken layer by layer."""
    stacks = {of[()] for _, of in within if len(of.get((), ())) == 3}
    stacks = {shape for shape in stacks if shape[0] <= MOST_LAYERS and shape[1] == shape[2]}

    def layers(of: dict[Path, tuple[int, ...]]) -> dict[Path, tuple[int, ...]]:
        n, *rest = of.get((), ()) or (0,)
        if any(n == m and rest in ([k, k], [k], [k, 1], [1, k]) for m, k, _ in stacks):
            return {(l,): tuple(rest) for l in range(n)}
        return of

    return [(key, layers(of)) for key, of in within]


def _neurons(x: list[Any], kept: list[dict[Path, tuple[int, ...]]]) -> bool:
    shapes = kept[0].values()
    rows = any(len(shape) == 1 for shape in shapes) and all(len(shape) < 2 for shape in shapes)
    return rows and all(of == kept[0] for of in kept) and not any(map(_is_whole, x))


def _shape(x: Any) -> tuple[int, ...] | None:
    """The shape of an array, a tensor, a number, or a list of them; None for anything else."""
    if _is_whole(x) or isinstance(x, float):
        return tuple(np.shape(x))
    if names := names_of_tensor(x):
        return np.shape(getattr(x, names[0]))
    if isinstance(x, list) and x and not any(_is_whole(item) and np.ndim(item) for item in x):
        shapes = {_shape(item) for item in x}
        if len(shapes) == 1 and None not in shapes and not isinstance(x[0], dict):
            return (len(x), *(shapes.pop() or ()))
    return None


def _is_whole(x: Any) -> bool:
    return is_array(x) or is_foreign(x)


def is_foreign(x: Any) -> bool:
    """Whether it is an array of floating-point numbers of torch or JAX."""
    home = type(x).__module__.split(".")[0]
    return home in ("torch", "jax", "jaxlib") and "float" in str(getattr(x, "dtype", ""))


def alike(value: Any, like: Any) -> Any:
    """NumPy's numbers in the form of others: a list, or an array of another framework."""
    if isinstance(like, list):
        return np.asarray(value).tolist()
    if not is_foreign(like):
        return value
    dtype = like.dtype if np.asarray(value).dtype.kind == "f" else None
    if type(like).__module__.startswith("torch"):
        return sys.modules["torch"].as_tensor(np.array(value), dtype=dtype)
    return sys.modules["jax"].numpy.asarray(value, dtype=dtype)


def _is_tensor(x: Any) -> bool:
    return names_of_tensor(x) is not None


VALUES = ("data", "value", "val", "array", "cached_data", "_data")
GRADIENTS = ("grad", "gradient", "derivative", "adjoint")
"""How the tensors of people's own automatic differentiation call their numbers and gradients."""


def names_of_tensor(x: Any) -> tuple[str, str] | None:
    """How a number or an array with a gradient, as an autograd of one's own has them, calls both;
    None for anything else."""
    gradient = next((name for name in GRADIENTS if hasattr(x, name)), None)
    if gradient is None or is_foreign(x):
        return None
    kept = {name: getattr(x, name, None) for name in VALUES}
    named = (n for n, v in kept.items() if isinstance(v, int | float) or is_array(v))
    value = next(named, None)
    return (value, gradient) if value else None


def _items(x: Any) -> Iterable[tuple[Any, Any]]:
    if isinstance(x, list | tuple | np.ndarray):
        return enumerate(x) if not isinstance(x, np.ndarray) or x.dtype == object else ()
    if isinstance(x, dict):
        return list(x.items())
    file = getattr(getattr(type(x), "__init__", None), "__code__", None)
    theirs = hasattr(x, "__dict__") and not isinstance(x, type) and not callable_alone(x)
    return list(vars(x).items()) if theirs and not (file and is_library(file.co_filename)) else ()


def require_no_module(name: str, x: Any) -> None:
    """Raise TypeError for a module, whose functions always take its own numbers."""
    if isinstance(x, ModuleType):
        raise TypeError(
            f"{name}: expected what holds the weights, got the module {x.__name__}: give a "
            "dictionary of those that it names, and a step that puts them there, "
            f"vars({x.__name__}).update(the dictionary), before it calls {x.__name__}"
        )


def callable_alone(x: Any) -> bool:
    """Whether it is a function or a module: no home of weights."""
    return type(x).__name__ in ("function", "method", "module", "builtin_function_or_method")


def at(x: Any, path: Path) -> Any:
    """What stands at a path that goes through no list of neurons."""
    for key in path:
        x = x[key] if isinstance(x, list | tuple | dict | np.ndarray) else getattr(x, key)
    return x


def pattern(x: Any, path: Path) -> Any:
    """The plain numbers in a list, or the foreign array, at a path; None for anything else."""
    n = path.index(...) if ... in path else len(path)
    found = at(x, path[:n])
    if n < len(path):
        return pattern(found[0], path[n + 1 :])
    first = found
    while isinstance(first, list):
        first = first[0]
    listed = isinstance(found, list) and isinstance(first, int | float)
    return found if listed or is_foreign(found) else None


def read(x: Any, path: Path = (), gradient: bool = False) -> Array:
    """The numbers at a path, in double precision; of tensors, their gradients if asked for."""
    if ... in path:
        n = path.index(...)
        return np.array([read(item, path[n + 1 :], gradient) for item in at(x, path[:n])])
    found = at(x, path)
    if isinstance(found, list):
        return np.array([read(item, (), gradient) for item in found])
    if names := names_of_tensor(found):
        found = getattr(found, names[gradient])
    if is_foreign(found) and hasattr(found, "detach"):
        found = found.detach().cpu().double().numpy()
    return np.array(found, float)


def write(x: Any, path: Path, value: Array) -> None:
    """Put numbers at a path: into the very array that is there, since others may share it."""
    if ... in path:
        n = path.index(...)
        for item, own in zip(at(x, path[:n]), value, strict=True):
            write(item, path[n + 1 :], own)
        return
    holder, found = at(x, path[:-1]), at(x, path)
    if isinstance(found, list):
        for n, own in enumerate(value):
            write(found, (n,), own)
    elif is_foreign(found) and hasattr(found, "at"):  # of JAX, which changes none
        put(holder, path[-1], found.at[...].set(value))
    elif is_foreign(found):
        found.data[...] = alike(value, found)
    elif names := names_of_tensor(found):
        write(found, names[:1], value)
    elif is_array(found):
        found[...] = value
    else:
        put(holder, path[-1], value.item() if value.size == 1 else value)


def put(holder: Any, key: Any, value: Any) -> None:
    """Set an item or an attribute."""
    if isinstance(holder, list | dict):
        holder[key] = value
    else:
        setattr(holder, key, value)


def holders(x: Any, seen: set[int] | None = None) -> Iterator[Any]:
    """Everything within x that has names: dictionaries and objects."""
    seen = set() if seen is None else seen
    if id(x) not in seen and _shape(x) is None:
        seen.add(id(x))
        if not isinstance(x, list | tuple | np.ndarray):
            yield x
        for _, item in _items(x):
            yield from holders(item, seen)


def numbers_of(x: Any) -> dict[str, Any]:
    """The names under which a dictionary or an object, or its class, keeps a number: in lower case
    and as they are written."""
    found = x if isinstance(x, dict) else {n: getattr(type(x), n, None) for n in dir(type(x))}
    found = found | getattr(x, "__dict__", {})
    return {
        str(name).lower(): name
        for name, value in found.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }


# What a call computed.


def gradients(
    returned: Any, model: Any, paths: Sequence[Path]
) -> dict[Path, tuple[Any, Path, bool]]:
    """Where the gradient of what stands at each path is, as arguments of `read`.

    Of a tensor, beside its data; or in what a step returned, or beside the weights.
    """
    if paths and all(_has_gradient(model, path) for path in paths):
        return {path: (model, path, True) for path in paths}
    came = matching(returned, model, paths)
    if came:
        return {path: (returned, q, False) for path, q in came.items()}
    kept = places(model, by_layer=_are_layers(model, paths))
    found = {path: _gradient_among([*kept], path) for path in paths}
    # What is only called a gradient may be that of something else.
    found = {path: q for path, q in found.items() if q is None or undecorated(name(q)) == name(path)
             or _squeezed(kept[q]) == _squeezed(read(model, path).shape)}  # fmt: skip
    kept_there = {path: (model, q, False) for path, q in found.items() if q is not None}
    nearest = {} if kept_there else _nearest(returned, model, paths)
    return kept_there or {path: (returned, q, False) for path, q in nearest.items()}


def matching(returned: Any, model: Any, paths: Sequence[Path]) -> dict[Path, Path]:
    """Where in what a step returned something of each path stands: by name, or all by shape.

    The model itself, and the arrays at these paths, are not meant.
    """
    if returned is model:
        return {}
    came = _came(returned, model, paths)
    named = {p: [q for q in came if _same_name(q, p)] for p in paths}
    shapes = {path: read(model, path).shape for path in paths}
    if any(named.values()):
        best = {p: max(q, key=lambda q: _in_common(q, p)) for p, q in named.items() if q}
        return {p: _list_of(q, came, shapes[p]) for p, q in best.items()}
    for alike in (tuple, _squeezed):
        wanted = [alike(shape) for shape in came.values()]
        fit = [o for o in _orders(model, paths) if [alike(shapes[p]) for p in o] == wanted]
        if len(fit) > 1:
            raise UnreadError(
                "it returned arrays without names, and more than one order fits their shapes: "
                f"return a dictionary with the names {', '.join(map(short, paths))}"
            )
        if fit:
            return dict(zip(fit[0], came, strict=True))
    found: dict[Path, Path] = {}
    for path in paths:
        shape = _squeezed(shapes[path])
        fitting = (q for q in came if q not in found.values() and _squeezed(came[q]) == shape)
        q = next(fitting, None)
        if q is None:
            return {}
        found[path] = q
    return found


def _list_of(q: Path, came: Mapping[Path, tuple[int, ...]], shape: tuple[int, ...]) -> Path:
    """The list that holds all rows of an array one by one, where q is one of them; else q."""
    rows = [came[o] for o in came if o[:-1] == q[:-1]]
    return q[:-1] if isinstance(q[-1], int) and (len(rows), *rows[0]) == shape else q


def _came(returned: Any, model: Any, paths: Sequence[Path]) -> dict[Path, tuple[int, ...]]:
    """The shapes of what was returned, but for the arrays at these paths themselves."""
    theirs = [at(model, path) for path in paths if ... not in path]  # held: ids are used again
    own = set(map(id, theirs))
    every = places(returned, by_layer=_are_layers(model, paths))
    return {q: shape for q, shape in every.items()
            if ... in q or id(at(returned, q)) not in own}  # fmt: skip


def _nearest(returned: Any, model: Any, paths: Sequence[Path]) -> dict[Path, Path]:
    """As many arrays as there are paths in the one order that most fit, where some have another
    shape than they should have."""
    came = {} if returned is model else _came(returned, model, paths)

    def fitting(order: Sequence[Path]) -> int:
        pairs = zip(order, came.values(), strict=True)
        return sum(_squeezed(read(model, path).shape) == _squeezed(shape) for path, shape in pairs)

    fit = sorted((o for o in _orders(model, paths) if len(o) == len(came)), key=fitting)
    told = fit and fitting(fit[-1]) > max(len(came) / 2 - 1, *map(fitting, fit[:-1]), 0)
    return dict(zip(fit[-1], came, strict=True)) if told else {}


def _orders(model: Any, paths: Sequence[Path]) -> list[list[Path]]:
    """The orders in which people return what belongs to all paths, weights and then biases.

    As the model keeps them, layer by layer, and either kind first.
    """
    w, b = paths[: len(paths) // 2], paths[len(paths) // 2 :]
    pairs = list(zip(w, b, strict=False))
    orders = [
        [path for path in places(model, by_layer=_are_layers(model, paths)) if path in paths],
        [path for pair in pairs for path in pair],
        [*w, *b],
        [path for pair in pairs for path in pair[::-1]],
        [*b, *w],
    ]
    unlike = {tuple(order): order for order in orders if len(order) == len(paths)}
    return list(unlike.values())


def _are_layers(model: Any, paths: Sequence[Path]) -> bool:
    """Whether one of these paths leads to a part of an array, a layer of several."""
    return any(path and ... not in path and is_array(at(model, path[:-1])) for path in paths)


def _same_name(q: Path, path: Path) -> bool:
    """Whether q is called as a path is, or as its gradient, and has the same place in a list."""
    n, m = ([key for key in p if isinstance(key, int)] for p in (q, path))
    own = public(name(path))
    same = own in (public(name(q)), undecorated(name(q))) and own != ""
    return same and n[len(n) - len(m) :] == m


def _in_common(q: Path, path: Path) -> int:
    """How many keys before their names two paths have in common, counted from there."""
    return together(_before_name(q)[::-1], _before_name(path)[::-1])


def together(q: Path, path: Path) -> int:
    """How many keys two paths have in common, counted from the model."""
    pairs = zip(q, path, strict=False)
    return len(list(takewhile(lambda pair: pair[0] == pair[1], pairs)))


def _before_name(path: Path) -> Path:
    return path[: max((n for n, key in enumerate(path) if isinstance(key, str)), default=0)]


def _squeezed(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(n for n in shape if n > 1) or (0,)


def _has_gradient(x: Any, path: Path) -> bool:
    """Whether a tensor with a gradient of its own stands at a path, or numbers of that kind."""
    n = path.index(...) if ... in path else len(path)
    found = at(x, path[:n])
    if n < len(path):
        return bool(found) and _has_gradient(found[0], path[n + 1 :])
    while isinstance(found, list) and found:
        found = found[0]
    return _is_tensor(found)


def _gradient_among(kept: Sequence[Path], path: Path) -> Path | None:
    """The path of a gradient, by its whole name, or by a short one that nothing else has."""
    whole = next((q for q in kept if is_gradient_of(q, path)), None)
    if whole is not None or not (path and isinstance(path[-1], str)):
        return whole
    called = ((*path[:-1], short) for short in shortened(path[-1]))
    return next((q for p in called if p not in kept for q in kept if is_gradient_of(q, p)), None)


def is_gradient_of(path: Path, other: Path) -> bool:
    """Whether a path is, by its name, that of the gradient of what stands at another."""
    bare = tuple(key for key in path if str(key).lower() not in _GRADIENTS)
    if bare and bare != path and other in (bare, (*bare[:-1], undecorated(str(bare[-1])))):
        return True
    differ = [(a, b) for a, b in zip(path, other, strict=False) if a != b]
    if (
        len(path) != len(other)
        or len(differ) != 1
        or not all(isinstance(k, str) for k in differ[0])
    ):
        return False
    own, of = differ[0]
    short = own.lower() in ("g", "d") and of in _NUMBERS
    return undecorated(own) == public(of) or own.lower() in _GRADIENTS or short


# Names.


def public(text: str) -> str:
    """A name without what makes it private: W of _W, and of __W within a class."""
    return _PRIVATE.sub("", text)


def number(path: Path) -> int:
    """The number at the end of a name: 2 of W2; 0 if there is none."""
    found = re.search(r"\d+$", name(path))
    return int(found.group()) if found else 0


def dotted(path: Path) -> str:
    """A path in words."""
    return ".".join("*" if key is ... else str(key) for key in path)


def short(path: Path) -> str:
    """The name nearest to the numbers, with the indices after it."""
    return name(path) + "".join(f"[{key}]" for key in path if isinstance(key, int))


def name(path: Path) -> str:
    """The name nearest to the numbers, w1 of w1.v and of w1.data too."""
    last, before = ([key for key in reversed(path) if isinstance(key, str)] + ["", ""])[:2]
    return before if last in _NUMBERS and _PARAMETER.fullmatch(public(before)) else last


def is_bias(path: Path) -> bool:
    """Whether it is called as a bias is."""
    return bool(_BIAS.fullmatch(public(name(path))))


_BIAS = re.compile(r"(?i)b(ias(es)?)?_?\d*")
_PARAMETER = re.compile(r"(?i)(w|b|theta|kernel|weights?|bias(es)?)[a-z]{0,2}_?\d*")
_NUMBERS = ("v", "val", "value", "data", "arr", "array")
"""How people call the numbers of an object that has a gradient too."""


_PRIVATE = re.compile(r"^(?:_[A-Za-z]\w*?__|_+)(?=.)")
_GRADIENTS = ("grad", "grads", "gradients")
_DECORATED = re.compile(
    r"^(?:d_?(?:loss|l|j|cost|c|error|err|e)_?d|gradients?|grads?|nabla|delta|d|g)_?(?=.)"
    r"|[_.]?(?:grads?|gradients?|diffs?|bar|upd|updates?)$|_g$",
    re.I,
)


def shortened(text: str) -> tuple[str, ...]:
    """The letters that a gradient may have for a longer name: grad_w beside weights."""
    kinds = {"w": ("weight", "weights", "kernel"), "b": ("bias", "biases", "beta"),
             "a": ("alpha",), "g": ("gamma",)}  # fmt: skip
    called = public(text).lower()
    letter = next((letter for letter, names in kinds.items() if called in names), "")
    return (letter, letter.upper()) if letter else ()


def undecorated(text: str) -> str:
    """A name without what makes it that of a gradient: W of dW, dLdW, grad_W, W_grad."""
    return _DECORATED.sub("", public(text), count=1)


def without_companions(found: dict[Path, Any]) -> Iterator[Path]:
    """The paths that are not, by their names, something of another beside it: dW, prev_W of W."""
    for path in found:
        if any(str(key).lower() in _GRADIENTS for key in path):
            continue
        others = (p for p in found if p[:-1] == path[:-1] or name(p) != name(path))
        if not any(_is_beside(path, p) and found[p] == found[path] for p in others):
            yield path


def _is_beside(path: Path, other: Path) -> bool:
    """Whether a path is, by its name, something of what stands at another."""
    if path[:-1] == other[:-1] and undecorated(name(path)) in shortened(name(other)):
        return name(path) not in shortened(name(other))
    return _is_of(name(path), name(other))


def _is_of(text: str, other: str) -> bool:
    """Whether a name is another one with a word before or after it."""
    return bool(other) and other in text and bool(re.search("[A-Za-z]", text.replace(other, "", 1)))
