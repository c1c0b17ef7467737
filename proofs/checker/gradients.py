"""Which argument each returned gradient belongs to: by name, by place, or by order and shape."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from inspect import Parameter, signature
from types import FunctionType, SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from proofs.adapters.slots import undecorated
from proofs.measuring.leaves import Path, fields_of, is_record, leaves, numbers, replaced


class Misfit(NamedTuple):
    """A gradient whose shape is that of no argument, or of another than its place says."""

    path: Path | None
    """The argument that it was meant for, where its place says."""
    says: str
    came: Any = None
    """What came."""


@lru_cache(64)
def _declared(function: Callable[..., Any]) -> list[Parameter]:
    return list(signature(function).parameters.values())


def declared(function: Callable[..., Any]) -> list[Parameter] | None:
    """The arguments that a function declares, or None where it does not say."""
    of = _declared if isinstance(function, FunctionType) else _declared.__wrapped__
    try:
        return of(function)
    except (TypeError, ValueError):
        return None


def names(function: Callable[..., Any], args: Sequence[Any]) -> list[str]:
    """The names of the arguments, as the function declares them."""
    asked = declared(function) or []
    positional = [p.name for p in asked if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    rest = next((p.name for p in asked if p.kind is Parameter.VAR_POSITIONAL), "argument ")
    return [positional[n] if n < len(positional) else f"{rest}{n + 1}" for n in range(len(args))]


def name_of(path: Path, names: Sequence[str]) -> str:
    """An array by the name of its argument, or by its key within it."""
    keys = [str(key) for key in path[1:] if isinstance(key, str)]
    numbers = [f"[{key}]" for key in path[1:] if isinstance(key, int)]
    return (keys[-1] if keys else names[path[0]]) + "".join(numbers)


def names_of(paths: Iterable[Path], names: Sequence[str]) -> dict[Path, str]:
    """The name of each array, with all keys where another has the same name."""
    short = {path: name_of(path, names) for path in paths}
    alike: dict[str, list[int]] = {}
    for path, name in short.items():
        alike.setdefault(name, []).append(path[0])
    return {
        path: name
        if len(found := alike[name]) == 1
        else ".".join(map(str, (names[path[0]], *path[1:])[len(set(found)) == 1 :]))
        for path, name in short.items()
    }


def matched(
    returned: Any, arrays: Mapping[Path, Any], names: Sequence[str], wrt: Sequence[Any] | None
) -> tuple[dict[Path, Any], list[Misfit]]:
    """Each gradient by the path of its argument, and those that fit none.

    `wrt` names the arguments in the order of the gradients where neither order nor names tell.
    """
    parts = tuple(map(_as_dictionary, returned)) if type(returned) in (list, tuple) else returned
    found, loose = _found(_as_dictionary(parts), arrays, names, wrt)
    odd = {path: g for path, g in found.items() if np.size(g) != np.size(arrays[path])}
    loose += [Misfit(path, f"expected the shape {np.shape(arrays[path])}, got {np.shape(g)}", g)
              for path, g in odd.items()]  # fmt: skip
    return {path: g for path, g in found.items() if path not in odd}, loose


def _as_dictionary(part: Any) -> Any:
    """What keeps gradients by name, as a dictionary of them; anything else as it is."""
    if isinstance(part, SimpleNamespace):
        return vars(part)
    return fields_of(part) if is_record(part) else part


def _found(
    returned: Any, arrays: Mapping[Path, Any], names: Sequence[str], wrt: Sequence[Any] | None
) -> tuple[dict[Path, Any], list[Misfit]]:
    if wrt is not None:
        return _as_told(returned, arrays, names, wrt)
    alike, returned = _built_alike(returned, arrays)
    if alike:
        arrays = {path: x for path, x in arrays.items() if path not in alike}
        more, loose = _found(returned, arrays, names, None)
        return alike | more, loose
    found: dict[Path, Any] = {}
    named = {key: gradient for key, gradient in _named(returned) if gradient is not None}
    unknown = []
    for key, gradient in named.items():
        path = _by_name(key, arrays, names)
        if path is not None and path not in found:
            found[path] = gradient
        else:
            unknown.append(gradient)
    free = [path for path in arrays if path not in found]
    fits = [g for g in unknown if len(free) == 1 and np.shape(g) == np.shape(arrays[free[0]])]
    if len(fits) == 1:  # the one argument that is left, by another name
        found[free[0]] = fits[0]
    listed = _listed(returned)
    at_places = _by_place(listed, arrays, len(names))
    if at_places is not None:
        return found | at_places, []
    return _in_order(listed, arrays, names, found)


def _built_alike(returned: Any, arrays: Mapping[Path, Any]) -> tuple[dict[Path, Any], Any]:
    """What is built as an argument is, of parts within parts, by path; and what is left."""
    if found := _as_argument(returned, arrays):
        return found, ()
    rest = []
    for part in returned if isinstance(returned, tuple) else ():
        if alike := _as_argument(part, {p: x for p, x in arrays.items() if p not in found}):
            found |= alike
        else:
            rest.append(part)
    return found, tuple(rest) if found else returned


def _as_argument(part: Any, arrays: Mapping[Path, Any]) -> dict[Path, Any]:
    """What has the same keys, by the paths within the argument that has them."""
    given = {_keys(path): g for path, g in (leaves((part,)) | numbers((part,))).items()}
    for n in dict.fromkeys(p[0] for p, x in arrays.items() if len(p) > 2 or _in_a_list(p, x)):
        own = {path: _keys(path) for path in arrays if path[0] == n}
        if given.keys() >= set(own.values()):
            return {path: given[keys] for path, keys in own.items()}
    return {}


def _in_a_list(path: Path, x: Any) -> bool:
    """Whether it is one of the numbers that a list of Python's own is of."""
    return len(path) == 2 and isinstance(path[1], int) and not np.ndim(x)


def _keys(path: Path) -> Path:
    return tuple(undecorated(key) if isinstance(key, str) else key for key in path[1:])


def learnt(
    returned: Any, args: tuple[Any, ...], names: Sequence[str], wrt: Sequence[Any] | None
) -> dict[Path, Any]:
    """The single numbers among the arguments that are given a gradient as well, as arrays."""
    single = numbers(args)
    if not single or any(misfit.path for misfit in matched(returned, leaves(args), names, wrt)[1]):
        return {}
    found, _ = matched(returned, leaves(replaced(args, single)), names, wrt)
    return {path: x for path, x in single.items() if path in found and not np.shape(found[path])}


def _as_told(
    returned: Any, arrays: Mapping[Path, Any], names: Sequence[str], wrt: Sequence[Any]
) -> tuple[dict[Path, Any], list[Misfit]]:
    listed = [g for _, g in _named(returned)] or _listed(returned)
    if len(listed) != len(wrt):
        raise ValueError(f"wrt: expected {len(listed)} names, one a gradient, got {len(wrt)}")
    found: dict[Path, Any] = {}
    for name, gradient in zip(wrt, listed, strict=True):
        path = (name,) if isinstance(name, int) else _by_name(str(name), arrays, names)
        if path is None or path not in arrays:
            known = ", ".join(name_of(p, names) for p in arrays)
            raise ValueError(f"wrt: expected names among {known}, got {name!r}")
        if gradient is not None:
            found[path] = gradient
    return found, []


def _named(returned: Any) -> Iterator[tuple[str, Any]]:
    for part in returned if isinstance(returned, list | tuple) else (returned,):
        if isinstance(part, dict):
            yield from ((str(key), gradient) for key, gradient in part.items())


def _listed(returned: Any) -> list[Any]:
    parts = returned if isinstance(returned, list | tuple) else (returned,)
    return [part for part in parts if not isinstance(part, dict)]


def _by_name(key: str, arrays: Mapping[Path, Any], names: Sequence[str]) -> Path | None:
    for wanted in (key, undecorated(key)):
        for path in arrays:
            if name_of(path, names).lower() == wanted.lower():
                return path
    return None


def _by_place(listed: Sequence[Any], arrays: Mapping[Path, Any], n: int) -> dict[Path, Any] | None:
    """One for each argument, None for what has none: as an autograd.Function returns them."""
    if len(listed) != n:
        return None
    fits = all(
        g is None or ((k,) in arrays and arrays[k,].shape == np.shape(g))
        for k, g in enumerate(listed)
    )
    return {(k,): g for k, g in enumerate(listed) if g is not None} if fits else None


def _in_order(
    listed: Sequence[Any], arrays: Mapping[Path, Any], names: Sequence[str], found: dict[Path, Any]
) -> tuple[dict[Path, Any], list[Misfit]]:
    """Each takes the next argument of its shape; else any that is left, of its shape or size."""
    left, waiting = [p for p in arrays if p not in found], []
    listed = [g for part in listed for g in _flat(part)]
    misshapen = _misshapen([g for g in listed if g is not None], arrays, left)
    if misshapen:
        given = dict(zip(left, (g for g in listed if g is not None), strict=True))
        right = {path: g for path, g in given.items() if path not in misshapen}
        return found | right, [Misfit(*each, given[each[0]]) for each in misshapen.items()]
    if len([g for g in listed if g is not None]) < len(left):  # what is learnt from has none
        left.sort(key=lambda path: as_target(name_of(path, names)))
    at = 0
    for g in (g for g in listed if g is not None):
        fits = [k for k in range(at, len(left)) if arrays[left[k]].shape == np.shape(g)]
        if fits:
            found[left[fits[0]]], at = g, fits[0] + 1
        else:
            waiting.append(g)
    loose = []
    for g in waiting:
        free = [p for p in left if p not in found]
        shape = np.shape(g)
        path = next((p for p in free if arrays[p].shape == shape), None)
        path = path or next(
            (p for p in free if without_ones(arrays[p].shape) == without_ones(shape)), None
        )
        if path is None and any(np.array_equal(g, other) for other in found.values()):
            continue  # an attribute keeps it as well
        if path is None:
            expected = ", ".join(f"{name_of(p, names)} {arrays[p].shape}" for p in free or arrays)
            says = f"expected the shape of an argument ({expected}), got {shape}"
            loose.append(Misfit(None, says, g))
        else:
            found[path] = g
    return found, loose


def _flat(part: Any) -> list[Any]:
    """The parts of a list, or of a list of lists; a list of numbers is one part."""
    within = part.values() if isinstance(part, dict) else part
    several = isinstance(part, list | tuple | dict) and any(
        isinstance(g, np.ndarray | list | tuple | dict) for g in within
    )
    return [g for each in within for g in _flat(each)] if several else [part]


TARGETS = "t target label truth true actual expected gt real".split()


def as_target(name: str) -> int:
    """How far a name is that of what an output is compared with; y may be either."""
    words = [word.rstrip("s") for word in name.lower().split("_")]
    return 2 * bool({*words} & {*TARGETS}) or int(name == "y")


def _misshapen(
    listed: Sequence[Any], arrays: Mapping[Path, Any], left: Sequence[Path]
) -> dict[Path, str]:
    """Where there is one gradient for each argument: those of a shape that none of them asks for.

    None of them: where two are exchanged, each has the shape of the other's argument.
    """
    if len(listed) != len(left):
        return {}
    pairs = [(path, arrays[path].shape, np.shape(g)) for path, g in zip(left, listed, strict=True)]
    odd = [each for each in pairs if without_ones(each[1]) != without_ones(each[2])]
    if {without_ones(want) for _, want, _ in odd} & {without_ones(got) for _, _, got in odd}:
        return {}
    return {path: f"expected the shape {want}, got {got}" for path, want, got in odd}


def without_ones(shape: Sequence[int]) -> tuple[int, ...]:
    """Axes of length 1 are of no consequence where an error or a gradient is taken off."""
    return tuple(n for n in shape if n != 1)
