"""What a claim consists of."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sympy import Abs, Add, Expr, Mul, Pow, Rational, Sum, Symbol, exp

from proofs.claims.algebra import Definitions
from proofs.claims.notation import Eq
from proofs.network.arrays import Array


def squared(size: Expr) -> Expr:
    """The square of a product of magnitudes and lengths."""
    return Mul(*(f.args[0] ** 2 if isinstance(f, Abs) else f**2 for f in Mul.make_args(size)))


def not_negative(expr: Expr) -> bool:
    """Whether it is seen at once that a number is not negative, as a sum of squares is not."""
    if isinstance(expr, Add | Mul):
        return all(map(not_negative, expr.args))
    if isinstance(expr, Sum):
        return not_negative(expr.function)
    if isinstance(expr, Pow):
        return bool(expr.exp.is_even or expr.exp == Rational(1, 2))
    return bool(isinstance(expr, exp | Abs) or expr.is_nonnegative)


Formula = Callable[[Any, int], Array]
"""A formula of `proofs.network.equations` on the numbers of a case, at a layer."""


@dataclass(frozen=True)
class Hypothesis:
    """What a claim assumes: it narrows the symbolic setting and the measured cases alike."""

    name: str
    text: str
    """In words, Markdown; $...$ for symbols."""
    holds: Callable[[Any, dict[Symbol, int]], bool]
    """Whether a case satisfies it, given which layers l and L are."""
    definitions: Definitions = field(default_factory=dict)
    """What its symbols are defined as."""
    reduce: Callable[[Expr], Expr] = lambda expr: expr
    """What it lets one simplify, such as the sum of the targets to 1."""


@dataclass(frozen=True)
class Refutation:
    """A wrong equation that people believe. The check of its claim must reject it."""

    name: str
    misconception: str
    statement: Eq
    hypotheses: tuple[Hypothesis, ...]
    page: str
    """The page that mends the misconception, by its file name without ending."""


@dataclass(frozen=True)
class Claim:
    """An equation of the book, with all that is needed to check it.

    Its definition is its left side: delta and every partial derivative is measured by pushing one
    number and running the network forward.
    """

    tag: str
    """Its number, which is the book's where the book has one."""
    title: str
    statement: Eq
    """As printed, in SymPy."""
    reason: str
    """Why it holds, Markdown; (tag) refers to another claim."""
    hypotheses: tuple[Hypothesis, ...] = ()
    formula: Formula | None = None
    shown: Callable[..., Any] | None = None
    """The function of `proofs.network.equations` that the formula runs and the page shows."""
    after: str = ""
    """The tag of the line before, if the claim is a step of a derivation."""
    by: tuple[str, ...] = ()
    """What turns the line before into this one, tags of claims; "-29" reads (29) backwards,
    `chain:a^L` is the chain rule through those activations, "differentiate" differentiates it."""
    refutations: tuple[Refutation, ...] = ()
    definition: bool = False
    """True if it says what its left side means, so that there is nothing to prove."""
    order: int = 0
    """For an approximate equation: both sides differ by a term of this order in the step."""
    rest: Expr | None = None
    """For an inequality: the right side minus the left one (their squares, if the left side is a
    magnitude), in a form that cannot be negative, such as a sum of squares."""
    axiom: bool = False
    """True if the symbolic witness takes it from SymPy instead of deriving it."""
    cases: tuple[Any, ...] = ()
    """Where it is measured, if not on the standard networks."""

    @property
    def sizes(self) -> tuple[Expr, ...]:
        """What must not be negative for the statement to follow from its equation."""
        if self.rest is None:
            return ()
        left, right = self.statement.args
        return (self.rest, right) if isinstance(left, Abs) else (self.rest,)

    @property
    def equation(self) -> Eq:
        """The statement; of an inequality, the equation with its rest, from which it follows."""
        if self.rest is None:
            return self.statement
        left, right = self.statement.args
        if isinstance(left, Abs):
            left, right = squared(left), squared(right)
        return Eq(left + self.rest, right)

    @property
    def depends(self) -> tuple[str, ...]:
        """The tags of the claims that its derivation uses."""
        named = (self.after, *(name.lstrip("-").partition(":")[0] for name in self.by))
        return tuple(dict.fromkeys(tag for tag in named if tag not in ("", "differentiate")))
