"""Words for a wrong slope of an activation: of a function of the user's, or written where it is."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from inspect import CO_VARARGS, CO_VARKEYWORDS
from types import FunctionType
from typing import Any

import numpy as np

from proofs.checker.wrong_case import Case, Guess, matrix
from proofs.measuring.callsites import Site, site
from proofs.measuring.jacobian import jacobians
from proofs.measuring.own_numpy import reachable
from proofs.measuring.tangents import Composite, Dual
from proofs.network.layers.smaller import gate

Slope = Callable[[Any, Any], Any]
"""A slope, made of what goes in and what comes out."""
BENT: tuple[tuple[str, Slope], ...] = (
    ("1", lambda x, y: np.ones_like(y)),
    ("y, its own value", lambda x, y: y),
    ("1 - y", lambda x, y: 1 - y),
    ("y(1 - y), y its own value", lambda x, y: y * (1 - y)),
    ("1 - y^2, y its own value", lambda x, y: 1 - y * y),
    ("x(1 - x), x what goes in", lambda x, y: x * (1 - x)),
    ("1 - x^2, x what goes in", lambda x, y: 1 - x * x),
)
"""Slopes that are often taken for others."""

Called = tuple[dict[str, Any], str, list[Site]]
"""A function of the user's, by its module and its name, and from where it is called."""


def helpers(case: Case) -> Iterator[Guess]:
    """A function that the forward pass calls, with another Jacobian: cut, or of a wrong slope."""
    for module, name, sites in _called(case):
        bents: list[tuple[str, Callable[[Any, Dual], Any]]] = [
            (f"the Jacobian of {name} was cut to its diagonal: the sum over k was dropped", _cut)
        ]
        bents += [
            (f"the slope of {name} is taken as {says}", _sloped(slope)) for says, slope in BENT
        ]
        for says, bent in bents:
            for which, only in _which(sites):
                value = _with_helper(case, module, name, bent, only)
                if value is not None:
                    yield says + which, value


ORDINALS = ("first", "second", "third", "fourth")


def _which(sites: list[Site]) -> Iterator[tuple[str, Callable[[int, Site], bool]]]:
    """All calls, those of one line where there are several lines, each where there are few."""
    yield "", lambda n, here: True
    for one in dict.fromkeys(sites) if len(set(sites)) > 1 else ():
        if sites.count(one) > 1:
            yield f", where it is called in line {one.line}", lambda n, here, one=one: here == one  # type: ignore[misc]
    for k in range(min(len(sites), 4)) if len(sites) > 1 else ():
        yield f", where it is called for the {ORDINALS[k]} time", lambda n, here, k=k: n == k  # type: ignore[misc]


def _called(case: Case) -> list[Called]:
    """The functions of one argument that the forward pass calls."""
    found: list[Called] = []
    for module in reachable(case.call.forward.function):
        for name, f in list(module.items()):
            one = isinstance(f, FunctionType) and takes_one(f)
            if one and f is not case.call.forward.function and name.isidentifier():
                sites: list[Site] = []

                def counted(*args: Any, f: Any = f, sites: Any = sites, **how: Any) -> Any:
                    sites.append(site(sys._getframe(1)))  # noqa: SLF001
                    return f(*args, **how)

                with _replaced(module, name, counted):
                    case.call.forward.pushed({})
                if sites:
                    found.append((module, name, sites))
    return found


def takes_one(f: FunctionType) -> bool:
    """Whether a function asks for one argument alone, and takes none behind a star."""
    asked = f.__code__.co_argcount - len(f.__defaults__ or ())
    return asked == 1 and not f.__code__.co_flags & (CO_VARARGS | CO_VARKEYWORDS)


@contextmanager
def _replaced(module: dict[str, Any], name: str, other: Any) -> Iterator[None]:
    real, module[name] = module[name], other
    try:
        yield
    finally:
        module[name] = real


def _with_helper(
    case: Case,
    module: dict[str, Any],
    name: str,
    bent: Callable[[Any, Dual], Any],
    only: Callable[[int, Site], bool],
) -> Any:
    real, function, count = module[name], case.call.forward.function, [-1]

    def stand_in(x: Any, *rest: Any, **how: Any) -> Any:
        count[0] += 1
        asked = isinstance(x, Dual) and x.t is not None
        if not asked or not only(count[0], site(sys._getframe(1))):  # noqa: SLF001
            return real(x, *rest, **how)
        return bent(lambda one: real(one, *rest, **how), x)

    def counted(*args: Any, **how: Any) -> Any:
        count[0] = -1
        return function(*args, **how)

    forward = replace(case.call.forward, function=_Own(counted, function))
    with _replaced(module, name, stand_in):
        try:
            return matrix(replace(case.call, forward=forward), case.path) @ case.delta
        except Exception:  # it does not fit there
            return None


class _Own:
    """A function that is called in the place of another and is found in its module."""

    def __init__(self, call: Callable[..., Any], real: Callable[..., Any]) -> None:
        self.call, self.__globals__ = call, getattr(real, "__globals__", {})
        self.__module__ = real.__module__
        self.__wrapped__ = real

    def __call__(self, *args: Any, **how: Any) -> Any:
        return self.call(*args, **how)


def _cut(f: Callable[..., Any], x: Dual) -> Any:
    n = x.v.size
    y = f(Dual(x.v.copy(), np.eye(n).reshape(n, *x.v.shape)))
    if y.v.shape != x.v.shape:
        return f(x)
    return Dual(y.v, x.t * np.diagonal(y.t.reshape(n, n)).reshape(x.v.shape))


def _sloped(slope: Slope) -> Callable[[Any, Dual], Any]:
    def bent(f: Callable[..., Any], x: Dual) -> Any:
        y = f(x)
        return Dual(y.v, x.t * slope(x.v, y.v)) if y.v.shape == x.v.shape else y

    return bent


# Activations that are written where they are used, told by their values.


def _softmax(axis: int) -> Callable[[Any], Any]:
    def softmax(x: Any) -> Any:
        e = np.exp(x - x.max(axis=axis, keepdims=True))
        return e / e.sum(axis=axis, keepdims=True)

    return softmax


DIAGONAL: tuple[str, Slope] = ("p(1 - p): the sum over k was dropped", lambda x, y: y - y * y)
IN_PLACE: tuple[tuple[str, Callable[[Any], Any], tuple[tuple[str, Slope], ...]], ...] = (
    ("the sigmoid", gate, tuple(each for each in BENT if "y(1" not in each[0])),
    (
        "the SiLU",
        lambda x: x * gate(x),
        (
            ("s, s the sigmoid", lambda x, y: gate(x)),
            ("s + s(1 - s), s the sigmoid", lambda x, y: gate(x) * (2 - gate(x))),
            ("x s(1 - s), s the sigmoid", lambda x, y: y * (1 - gate(x))),
        ),
    ),
    ("the softmax", _softmax(-1), (DIAGONAL,)),
    ("the softmax", _softmax(0), (DIAGONAL,)),
)  # fmt: skip
"""Activations, and slopes that are taken for theirs."""


def composites(case: Case) -> Iterator[Guess]:
    """A sigmoid or a softmax of several steps, from a number on to what it comes to."""
    deltas = [np.asarray(d, float) for d in case.call.deltas]
    whole: Any = {case.path: tuple({} for _ in deltas)}
    _, met = jacobians(case.call.forward, deltas, whole, 1, sites=True)
    x = case.call.forward.floats[case.path]
    known: dict[Site | None, Any] = {None: x, **dict([*met.values.items()][:64])}
    for end, y in list(known.items())[1:]:
        for name, activation, slopes in IN_PLACE if y.ndim and y.size > 1 else ():
            with np.errstate(all="ignore"):
                same = {at: z for at, z in known.items() if z.shape == y.shape}
                start = [at for at, z in same.items() if np.allclose(activation(z), y, 1e-12, 0)]
            for says, slope in slopes if start else ():
                asked = Composite(start[0], end, slope)
                value = matrix(case.call, case.path, composite=asked, bare=case.path) @ case.delta
                text = f"{name} in {end.text} (line {end.line})" if end else name
                yield f"the slope of {text} is taken as {says}", value
