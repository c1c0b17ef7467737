"""The symbolic witness: an equation holds for every width at once, or it does not.

A *setting* says what each letter stands for: a^l in terms of z^l, z^{l+1} in terms of a^l, C in
terms of the outputs.
Where the hypotheses of a claim leave something open, the setting puts an unspecified function.
SymPy then differentiates through the setting; both sides are brought to one normal form.
"""

from collections.abc import Callable, Iterable
from functools import cache, cached_property, lru_cache
from itertools import permutations
from typing import Any

from sympy import (
    Add,
    Dummy,
    Expr,
    Function,
    Indexed,
    Inverse,
    KroneckerDelta,
    MatrixExpr,
    Mul,
    Pow,
    Sum,
    Symbol,
    Tuple,
    exp,
    expand,
    log,
    nan,
    sympify,
)
from sympy.matrices.expressions.matexpr import MatrixElement

from proofs.claims.notation import (
    CBAR,
    STEP,
    Average,
    C,
    Change,
    Entries,
    Eq,
    L,
    Letter,
    Part,
    Partial,
    Step,
    a,
    along,
    b,
    j,
    k,
    over,
    w,
    y,
    z,
)
from proofs.claims.tried import by_rules, derivative

Definitions = dict[Symbol, Callable[..., Expr]]


class Unspecified(Function):
    """A function of which nothing is known; it has no value that SymPy could look for."""

    is_real = True
    is_zero = None

    def _should_evalf(self, *_: Any) -> int:
        return -1

    def _eval_derivative(self, x: Any) -> Expr:
        rates = enumerate((by_rules(arg, x) for arg in self.args), start=1)
        return Add(*(self.fdiff(n) * rate for n, rate in rates if rate))


@cache
def unspecified(name: str) -> Any:
    """A function of which nothing is known but that it has partial derivatives name_1, name_2."""

    def fdiff(self: Any, argindex: int = 1) -> Expr:
        return unspecified(f"{name}_{argindex}")(*self.args)

    return type(name, (Unspecified,), {"fdiff": fdiff})


def index() -> Dummy:
    """A fresh bound index: SymPy would capture one that is used twice."""
    return Dummy("i", integer=True, nonnegative=True)


class Total(Sum):
    """A sum over neurons, as it is given; what it depends on is found once, not at every step."""

    is_commutative = True
    is_number = False
    is_real = True
    is_zero = None  # SymPy would ask every part of it

    def __new__(cls, term: Expr, *limits: Any) -> "Total":
        return Expr.__new__(cls, term, *limits)

    def _eval_derivative(self, x: Any) -> Expr | None:
        """As Sum's, term by term, without asking of each result whether it is 0."""
        body, limit, *others = self.args
        bounds = {s for bound in limit[1:] for s in bound.free_symbols}
        inside = None if others or x in bounds else by_rules(body, x)
        return super()._eval_derivative(x) if inside is None else Total(inside, limit)

    @property
    def free_symbols(self) -> set[Any]:
        return set(self._free)

    @cached_property
    def _free(self) -> set[Any]:
        body, *limits = self.args
        bounds = {s for limit in limits for bound in limit[1:] for s in bound.free_symbols}
        return (body.free_symbols | bounds) - {limit[0] for limit in limits}


def total(term: Callable[[Symbol], Expr], layer: Any) -> Sum:
    """The sum of term(i) over all neurons i of a layer."""
    i = index()
    return Total(term(i), Tuple(*over(i, layer)))


def added(term: Callable[..., Expr], axis: Any, *others: Any) -> Sum:
    """The sum of term(i, ...) over all places i of an axis, and of further ones."""
    i = index()
    inner = added(lambda *n: term(i, *n), *others) if others else term(i)
    return Total(inner, Tuple(*along(i, axis)))


def any_cost(*outputs: Entries) -> Definitions:
    """That the cost is some function of every number of the outputs."""
    return {C: _cost_of_parts(*outputs)}


@cache
def _cost_of_parts(*outputs: Any) -> Callable[[], Expr]:
    H = unspecified("H")

    def all_of(output: Any) -> Expr:
        if isinstance(output, Part):
            return unspecified(f"c{output.letter}")(output)
        c = unspecified(f"c{output.label.letter}")
        return added(lambda *n: c(*n, output[n]), *output.label.axes)

    return lambda: H(*map(all_of, outputs))


def _differentiated_by(statement: Any) -> list[Any]:
    """What a statement differentiates the cost by, if it belongs to no layer that has a number."""
    variables = (v for u, v in (e.args for e in statement.atoms(Partial)) if u == C)
    found = {v.base if isinstance(v, Indexed) else v for v in variables}
    return sorted((v for v in found if isinstance(getattr(v, "label", v), Part)), key=str)


def setting(statement: Any, hypotheses: Iterable[Any]) -> Definitions:
    """What each letter of a statement stands for under the hypotheses, in its most general form.

    a^l_k = g(z_k, sum of s(z_i)), so that every a_k depends on every z_j; z^l affine in a^{l-1};
    C = H(sum of c(a_k, y_k)), or of c(k, v_k) with v the last a or z if the layers are hidden ones.
    """
    letters = {s for s in statement.atoms(Letter) if s.letter != "n" and not isinstance(s, Part)}
    layers = {s.layer for s in letters if s.letter != "y"}
    definitions: Definitions = {}
    for layer in layers:
        definitions[a(layer).label] = _any_activation(layer)
        if letters & {base.label for base in (w(layer), b(layer), a(layer - 1), z(layer - 1))}:
            definitions[z(layer).label] = _affine(layer)
    if layers:
        definitions[C] = _any_cost(letters, layers)
    elif parts := _differentiated_by(statement):
        definitions[C] = _cost_of_parts(*parts)
    definitions[CBAR] = _average_cost
    for hypothesis in hypotheses:
        definitions.update(hypothesis.definitions)
    return definitions


@cache
def _any_activation(layer: Any) -> Callable[[Symbol], Expr]:
    g, s = unspecified("g"), unspecified("s")
    return lambda k: g(z(layer)[k], total(lambda i: s(z(layer)[i]), layer))


@cache
def _affine(layer: Any) -> Callable[[Symbol], Expr]:
    return lambda k: total(lambda i: w(layer)[k, i] * a(layer - 1)[i], layer - 1) + b(layer)[k]


def _any_cost(letters: set[Letter], layers: set[Expr]) -> Callable[[], Expr]:
    if L in layers:
        return _cost_of_outputs
    last = max(layers, key=lambda layer: int(layer.subs(dict.fromkeys(layer.free_symbols, 0))))
    middle = a(last) if a(last).label in letters else z(last)
    return _cost_of(middle, last)


def _average_cost() -> Expr:
    return Average(C)


def _cost_of_outputs() -> Expr:
    H, c = unspecified("H"), unspecified("c")
    return H(total(lambda i: c(a(L)[i], y[i]), L))


@cache
def _cost_of(middle: Entries, last: Any) -> Callable[[], Expr]:
    H, c = unspecified("H"), unspecified("c")
    return lambda: H(total(lambda i: c(i, middle[i]), last))


def component(statement: Eq) -> Eq:
    """Row j (and column k) of an equation between columns (matrices); others pass unchanged."""
    if not isinstance(statement.lhs, MatrixExpr):
        return statement
    place = (j, sympify(0)) if statement.lhs.shape[1] == 1 else (j, k)
    left, right = (_without_matrices(side[place]) for side in statement.args)
    return Eq(left, right)


def _without_matrices(expr: Expr) -> Expr:
    def indexed(element: MatrixElement) -> Expr:
        parent, (row, col) = element.parent, element.indices
        if isinstance(parent, Inverse):
            return Entries(Letter("w_inv", parent.arg.args[0].layer))[row, col]
        layer = parent.args[0].layer
        match parent.args[0].letter:
            case "nabla":
                return Partial(C, a(layer)[row])
            case "nabla_b":
                return Partial(C, b(layer)[row])
            case "nabla_w":
                return Partial(C, w(layer)[row, col])
            case "J":
                return Partial(a(layer)[row], z(layer)[col])
            case "w":
                return w(layer)[row, col]
        return Entries(parent.args[0])[row]

    return replaced(expr, lambda e: indexed(e) if isinstance(e, MatrixElement) else None)


def interpret(expr: Expr, definitions: Definitions) -> Expr:
    """The expression with every derivative taken and every letter replaced by what it stands for.

    delta^l_j is dC/dz^l_j, by definition (29).
    """
    return _interpreted(expr, frozenset(definitions.items()))


@cache
def _interpreted(expr: Expr, definitions: frozenset[Any]) -> Expr:
    def by_definition(e: Expr) -> Expr | None:
        if isinstance(e, Indexed) and e.base.label.letter == "delta":
            e = Partial(C, z(e.base.label.layer)[e.indices])
        if isinstance(e, Change):
            # To first order, which is all that an approximate equation claims.
            return _derivative(*e.args, definitions) * STEP
        if isinstance(e, Step):
            return STEP
        return _derivative(*e.args, definitions) if isinstance(e, Partial) else None

    return _normal(unfold(replaced(expr, by_definition), dict(definitions)))


@cache
def _derivative(u: Expr, v: Expr, definitions: frozenset[Any]) -> Expr:
    label = v.base.label if isinstance(v, Indexed) else v
    upstream = {s: d for s, d in definitions if s != label}
    return derivative(_normal(unfold(u, upstream)), v)


def replaced(expr: Expr, change: Callable[[Expr], Expr | None]) -> Expr:
    """The expression with every part for which `change` has an answer replaced by that answer.

    An indexed letter is one part: its letter is not looked at on its own.
    """
    known: dict[Expr, Expr] = {}

    def of(e: Expr) -> Expr:
        if e not in known:
            new = change(e)
            known[e] = _of_parts(e) if new is None else new
        return known[e]

    def _of_parts(e: Expr) -> Expr:
        if not e.args or isinstance(e, Indexed):
            return e
        if isinstance(e, Partial):
            # What is differentiated by is a variable, not a value to be replaced.
            return e.func(of(e.args[0]), e.args[1])
        return _made_of(e, [*map(of, e.args)])

    return of(expr)


def _made_of(expr: Expr, parts: list[Expr]) -> Expr:
    """The expression with other parts; itself if they are its own, for SymPy would look at all."""
    same = all(new is old for new, old in zip(parts, expr.args, strict=True))
    return expr if same else expr.func(*parts)


def unfold(expr: Expr, definitions: Definitions) -> Expr:
    """The expression with its letters replaced by their definitions until none is left.

    A definition gives its sums bound indices of their own, as `total` does. A letter with its
    indices is unfolded once, so that only copies of one sum share an index, and no sum contains
    itself.
    """
    known: dict[Expr, Expr] = {}

    def definition(e: Expr) -> Expr | None:
        make = definitions.get(e.base.label if isinstance(e, Indexed) else e)
        if make is None:
            return None
        if e not in known:
            known[e] = replaced(make(*(e.indices if isinstance(e, Indexed) else ())), definition)
        return known[e]

    return replaced(set_apart(expr), definition)


def fresh(expr: Expr) -> Expr:
    """Every bound index renamed to one of its own, so that nothing put inside is captured."""
    return _renamed(expr, fresh, lambda *_: index())


@lru_cache(maxsize=2**14)
def set_apart(expr: Expr) -> Expr:
    """The expression with names for its bound indices that are in no normal form.

    They say how high a sum stands over others, so that a sum within a sum has another; what is
    put inside gets names of its own, and all of it a normal form.
    """

    def name(e: Expr, n: int) -> Symbol:
        own = _bound_index("s", _height(e), n)
        # One that is free in it is bound further out, where something was put inside since.
        return index() if own in e.args[0].free_symbols else own

    return _renamed(expr, set_apart, name)


def _renamed(
    expr: Expr, inside: Callable[[Expr], Expr], name: Callable[[Expr, int], Symbol]
) -> Expr:
    """The expression, each sum with a name for its n-th index, and so what is inside."""
    if not _height(expr):
        return expr
    if not isinstance(expr, Sum):
        return _made_of(expr, [*map(inside, expr.args)])
    body, *limits = expr.args
    new = {limit[0]: name(expr, n) for n, limit in enumerate(limits)}
    return Total(inside(body).xreplace(new), *(limit.xreplace(new) for limit in limits))


def normal(expr: Expr) -> Expr:
    """The normal form: products expanded, sums split, Kronecker deltas summed, indices renamed.

    Every index is taken to be in the range of its layer.
    """
    return _normal(set_apart(expr))


@lru_cache(maxsize=2**14)
def _normal(expr: Expr) -> Expr:
    if not expr.args or isinstance(expr, Indexed):
        return expr
    if isinstance(expr, Sum):
        body, *limits = expr.args
        body = _normal(body)
        for limit in limits:
            body = Add(*(_normal_sum(term, limit) for term in Add.make_args(body)))
        return body
    expr = _made_of(expr, [*map(_normal, expr.args)])
    if isinstance(expr, Average):
        return Add(*map(_normal_average, Add.make_args(expr.args[0])))
    if isinstance(expr, exp):
        expr = Mul(*map(exp, Add.make_args(expr.args[0])))
    if isinstance(expr, log):
        # What a logarithm is taken of is positive.
        expr = expand(expr, deep=False, force=True)
    if not isinstance(expr, Add | Mul | Pow):
        return expr
    # The parts are in normal form already, so that only this level is left to expand.
    if isinstance(expr, Pow) or (isinstance(expr, Mul) and any(map(_is_sum, expr.args))):
        expr = expand(expr, deep=False)
    return Add(*map(_at_equal_indices, Add.make_args(expr)))


def _is_sum(factor: Expr) -> bool:
    """Whether a factor is a sum of terms or a power of one, such as a denominator."""
    return isinstance(factor.base if isinstance(factor, Pow) else factor, Add)


def _normal_average(term: Expr) -> Expr:
    number, rest = term.as_coeff_Mul()
    return number * Average(rest)


def _at_equal_indices(term: Expr) -> Expr:
    """[j = k] f(k) is [j = k] f(j)."""
    for delta in [f for f in Mul.make_args(term) if isinstance(f, KroneckerDelta)]:
        first, second = delta.args
        term = delta * (term / delta).xreplace({second: first})
    return term


def _normal_sum(term: Expr, limit: Any) -> Expr:
    i = limit[0]
    outside, inside = term.as_independent(i, as_Add=False)
    if inside == 1:
        return expand(outside * (limit[2] - limit[1] + 1), deep=False)
    factors = Mul.make_args(inside)
    deltas = [factor for factor in factors if isinstance(factor, KroneckerDelta)]
    for delta in (delta for delta in deltas if i not in delta.args and delta.has(i)):
        place = _shifted(delta, i)
        found = None if place is None else _at_one_place(outside, inside / delta, place, limit)
        # An unknown map of places, such as [v_i = j], picks whatever it picks.
        return found if found is not None else outside * _with_canonical_indices(inside, [limit])
    if deltas and limit[1] == 0 and isinstance(limit[2] + 1, Letter):
        # Over the whole layer: [j = k] picks the one term k = j, whatever j is.
        first, second = deltas[0].args
        picked = second if first == i else first
        return _normal(outside * (inside / deltas[0]).xreplace({i: picked}))
    limits = [limit]
    for nested in [f for f in Mul.make_args(inside) if isinstance(f, Sum)]:
        # Sums over connected products have no order of their own: they become one sum.
        own = nested.xreplace({n: index() for n, *_ in nested.limits})
        inside *= own.function / nested
        limits += own.limits
    return outside * _with_canonical_indices(inside, limits)


def _shifted(delta: KroneckerDelta, i: Symbol) -> Expr | None:
    """Where [i + j = k] is one, which is at i = k - j; None if it is not of that form."""
    left_over = expand(delta.args[0] - delta.args[1])
    place = i - left_over * left_over.coeff(i)
    return place if left_over.coeff(i) ** 2 == 1 and not expand(place).has(i) else None


def _at_one_place(outside: Expr, body: Expr, place: Expr, limit: Any) -> Expr | None:
    """The sum over i of [i = place] f(i) is f(place), if f is zero outside of the axis of i.

    So it is, by hypothesis, if f has a factor like w_i, a letter of a layer looked at by itself.
    """
    ends = any(
        isinstance(f, Indexed) and isinstance(f.base.label, Part) and limit[0] in f.indices
        for f in Mul.make_args(body)
    )
    return _normal(outside * body.xreplace({limit[0]: expand(place)})) if ends else None


def _with_canonical_indices(body: Expr, limits: list[Any]) -> Sum:
    """The sum with its indices named such that the outcome does not depend on their order."""
    height = _height(body)
    names = [_bound_index("i", height, position) for position in range(len(limits))]

    def named(order: tuple[Any, ...]) -> Sum:
        new = dict(zip((limit[0] for limit in order), names, strict=True))
        return Total(body.xreplace(new), *(limit.xreplace(new) for limit in order))

    sums = [named(order) for order in permutations(limits)]
    return min(sums, key=lambda e: e.sort_key()) if len(sums) > 1 else sums[0]


@cache
def _bound_index(letter: str, height: int, position: int) -> Dummy:
    return Dummy(f"{letter}{height}_{position}", integer=True, nonnegative=True)


@cache
def _height(expr: Expr) -> int:
    """How many sums are nested in an expression."""
    inner = max(map(_height, expr.args), default=0)
    return inner + 1 if isinstance(expr, Sum) else inner


def difference(statement: Eq, hypotheses: Iterable[Any] = ()) -> Expr:
    """Left side minus right side under the hypotheses, in normal form: 0 if the equation holds.

    A difference that is not 0 is what keeps the equation from holding; it is not a number if an
    index stands at one layer and runs over another, or over a part of one.
    """
    hypotheses = tuple(hypotheses)
    statement = component(statement)
    if not indices_fit(statement):
        return nan
    definitions = setting(statement, hypotheses)
    lhs, rhs = (interpret(side, definitions) for side in statement.args)
    for hypothesis in hypotheses:
        lhs, rhs = hypothesis.reduce(lhs), hypothesis.reduce(rhs)
    return reduced(lhs - rhs, hypotheses) if lhs != rhs else sympify(0)


def indices_fit(statement: Eq) -> bool:
    """Whether each index stands at one layer only, and each sum runs over all neurons of it."""
    layers: dict[Symbol, Expr] = {}

    def fit(expr: Expr) -> bool:
        if isinstance(expr, Indexed):
            places = enumerate(expr.indices)
            return all(_is_at(index, expr.base.label.runs_over(n), layers) for n, index in places)
        if isinstance(expr, Sum):
            return all(_is_whole(limit, layers) for limit in expr.limits) and fit(expr.function)
        if isinstance(expr, KroneckerDelta):
            first, second = expr.args
            return first not in layers or _is_at(second, layers[first], layers)
        return all(map(fit, expr.args))

    return all(map(fit, statement.args))


def _is_at(index: Expr, layer: Expr, layers: dict[Symbol, Expr]) -> bool:
    return bool(not index.is_Symbol or layers.setdefault(index, layer) == layer)


def _is_whole(limit: Any, layers: dict[Symbol, Expr]) -> bool:
    index, first, last = limit
    width = last + 1
    layers.pop(index, None)
    return bool(first == 0 and isinstance(width, Letter) and _is_at(index, width.layer, layers))


def reduced(expr: Expr, hypotheses: Iterable[Any]) -> Expr:
    """The normal form, with what the hypotheses allow replaced."""
    expr = normal(expr)
    for hypothesis in hypotheses:
        expr = expand(hypothesis.reduce(expr))
    return expr
