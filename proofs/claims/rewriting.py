"""One step of a derivation: the line before, rewritten by what the step appeals to."""

from collections.abc import Callable
from typing import Any

from sympy import Expr, Indexed, Sum

from proofs.claims.algebra import fresh, index, normal, replaced
from proofs.claims.notation import Average, Entries, Eq, Letter, Partial, i, j, k, l, over, p, q
from proofs.claims.tried import derivative

Rewriting = Callable[[Expr], Expr]


def through(middle: Callable[[Any], Entries], layer: Any) -> Rewriting:
    """The chain rule as a rewriting: du/dv becomes the sum over k of du/dm_k dm_k/dv.

    `middle` is the letter m whose neurons the dependence of u on v goes through.
    """

    def chain(e: Expr) -> Expr | None:
        if type(e) is not Partial:
            return None
        u, v = e.args
        n = index()
        m = middle(layer)[n]
        return Sum(Partial(u, m) * Partial(m, v), over(n, layer))

    return lambda expr: replaced(expr, chain)


def applied(statement: Eq, backwards: bool = False) -> Rewriting:
    """An equation as a rewriting, left side to right side (or back), at any layer and indices."""
    pattern, result = reversed(statement.args) if backwards else statement.args

    def instance(e: Expr) -> Expr | None:
        found: dict[Any, Any] = {}
        return _at(result, found) if _matches(pattern, e, found) else None

    return lambda expr: replaced(expr, instance)


def _matches(pattern: Any, e: Any, found: dict[Any, Any]) -> bool:
    if isinstance(pattern, Letter):
        if not isinstance(e, Letter) or pattern.letter != e.letter:
            return False
        if l not in pattern.layer.free_symbols:
            return bool(pattern.layer == e.layer)
        here = e.layer - (pattern.layer - l)
        return bool(found.setdefault(l, here) == here)
    if pattern in {i, j, k, p, q}:
        return bool(found.setdefault(pattern, e) == e)
    if not pattern.args:
        return bool(pattern == e)
    return (
        type(pattern) is type(e)
        and len(pattern.args) == len(e.args)
        and all(_matches(a, b, found) for a, b in zip(pattern.args, e.args, strict=True))
    )


def _at(expr: Expr, found: dict[Any, Any]) -> Expr:
    letters = {s: s.moved(found) for s in expr.atoms(Letter)}
    return fresh(expr).xreplace({**found, **letters})


def differentiated(expr: Expr) -> Expr:
    """The derivatives of all that is written out in the letters it depends on.

    The derivative of an average is the average of the derivatives.
    """

    def taken(e: Expr) -> Expr | None:
        if isinstance(e, Partial) and isinstance(e.args[0], Average):
            return Average(Partial(e.args[0].args[0], e.args[1]))
        written_out = isinstance(e, Partial) and not isinstance(e.args[0], Indexed)
        return derivative(normal(e.args[0]), e.args[1]) if written_out else None

    return replaced(expr, taken)
