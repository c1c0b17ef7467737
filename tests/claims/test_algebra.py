"""The symbolic witness: equality for every width, in one normal form."""

from dataclasses import replace

import pytest
from sympy import Eq, KroneckerDelta, Sum, Symbol, exp

from proofs.claims import CLAIMS, find
from proofs.claims.algebra import (
    component,
    difference,
    indices_fit,
    interpret,
    normal,
    setting,
    total,
    unfold,
)
from proofs.claims.hypotheses import (
    cross_entropy,
    elementwise,
    local,
    over_one_denominator,
    quadratic,
    softmax,
)
from proofs.claims.notation import (
    C,
    L,
    Letter,
    Part,
    Partial,
    a,
    along,
    b,
    delta,
    extent,
    i,
    j,
    k,
    l,
    over,
    p,
    part,
    q,
    w,
    width,
    y,
    z,
)
from proofs.witnesses.checking import symbolic

n = width(L)


def eq(left, right):
    """An equation that SymPy leaves as it is."""
    return Eq(left, right, evaluate=False)


def same(left, right):
    """Whether two expressions have one normal form."""
    return normal(left - right) == 0


class TestWhatALetterStandsFor:
    """z^l is written out where weights, biases or the layer before occur, and is a letter else."""

    @pytest.mark.parametrize("other", [w(l)[j, k], b(l)[j], a(l - 1)[j], z(l - 1)[j]], ids=str)
    def test_written_out(self, other):
        assert z(l).label in setting(eq(a(l)[j], other), ())

    @pytest.mark.parametrize("other", [z(l)[j], a(l)[k], a(l + 1)[j], w(l + 2)[j, k]], ids=str)
    def test_a_letter(self, other):
        assert z(l).label not in setting(eq(a(l)[j], other), ())

    def test_the_activation_always(self):
        assert a(l).label in setting(eq(z(l)[j], b(l)[j]), ())


class TestNormalForm:
    """Two expressions that are equal for every width, by the laws of sums, look the same."""

    def test_names_of_bound_indices_do_not_matter(self):
        assert same(Sum(y[k], over(k, L)), Sum(y[i], over(i, L)))
        assert same(
            Sum(w(l)[j, k] * Sum(y[i] * y[k], over(i, L)), over(k, l - 1)),
            Sum(w(l)[j, p] * Sum(y[q] * y[p], over(q, L)), over(p, l - 1)),
        )

    def test_names_of_free_indices_do(self):
        assert not same(y[j], y[k])
        assert not same(Sum(w(l)[j, k], over(k, l - 1)), Sum(w(l)[i, k], over(k, l - 1)))

    def test_sums_are_linear(self):
        assert same(
            Sum(y[k] * (y[j] + 2 * a(L)[k]), over(k, L)),
            y[j] * Sum(y[k], over(k, L)) + 2 * Sum(y[k] * a(L)[k], over(k, L)),
        )

    def test_widths_matter(self):
        assert not same(Sum(y[k], over(k, L)), Sum(y[k], over(k, L - 1)))

    @pytest.mark.parametrize("limits", [(0, n - 2), (1, n - 1), (0, n), (1, n)], ids=str)
    def test_one_term_more_or_less_matters(self, limits):
        assert not same(Sum(y[k], (k, *limits)), Sum(y[k], over(k, L)))

    def test_order_of_summation_does_not_matter(self):
        term = w(L)[k, i] * a(L)[k] * a(L - 1)[i]
        assert same(
            Sum(Sum(term, over(k, L)), over(i, L - 1)), Sum(Sum(term, over(i, L - 1)), over(k, L))
        )

    def test_it_is_normal(self):
        for claim in CLAIMS.values():
            for side in component(claim.statement).args:
                assert normal(normal(side)) == normal(side)


class TestNoCapture:
    """An index that is put into a sum keeps its meaning."""

    def test_the_square_of_a_sum(self):
        s = Sum(y[k], over(k, L))
        assert same(s * s, Sum(Sum(y[i] * y[k], over(k, L)), over(i, L)))
        assert not same(s * s, Sum(y[k] ** 2, over(k, L)))

    def test_one_lambda_used_twice(self):
        def inner(m):
            return total(lambda i: y[i] * w(L)[m, i], L)

        nested = total(lambda m: inner(m) * inner(j), L)
        assert same(nested, Sum(inner(k), over(k, L)) * inner(j))

    def test_a_free_index_under_a_bound_one_of_its_name(self):
        # d/da_k of the sum over k of a_k^2 is 2 a_k: the k outside is not the k inside.
        cost = Sum(a(L)[k] ** 2, over(k, L))
        assert normal(normal(cost).diff(a(L)[k])) == 2 * a(L)[k]

    def test_one_letter_met_inside_a_sum_and_outside(self):
        # Both become the same sum, with one index; inside it stands under another sum.
        square = {y.label: lambda m: total(lambda i: w(L)[m, i], L)}
        twice = interpret(Sum(y[j] * y[k] * y[j], over(k, L)), square)
        apart = Sum(w(L)[j, i], over(i, L)) ** 2 * Sum(w(L)[k, i], over(i, L), over(k, L))
        assert same(twice, apart)

    def test_every_definition_gives_its_sums_indices_of_their_own(self):
        def bound(expr):
            return {limit[0] for e in expr.atoms(Sum) for limit in e.limits}

        for claim in CLAIMS.values():
            for hypothesis in claim.hypotheses:
                for letter, make in hypothesis.definitions.items():
                    indices = (
                        len(letter.axes) if isinstance(letter, Part) else isinstance(letter, Letter)
                    )
                    places = (j, k, i, q)[:indices]
                    assert not bound(make(*places)) & bound(make(*places))

    def test_what_was_put_into_a_sum_that_was_set_apart(self):
        # The sum inside has the height that the one outside had when it was given its name.
        letters = {y.label: lambda m: total(lambda i: w(L)[m, i], L)}
        inside = unfold(Sum(w(L)[j, k] * y[k], over(k, L)), letters)
        assert same(inside, Sum(w(L)[j, k] * w(L)[k, i], over(i, L), over(k, L)))

    def test_nested_sums_of_one_name(self):
        inside = Sum(y[k], over(k, L))
        assert same(Sum(y[k] * inside, over(k, L)), inside * inside)


class TestOneDenominator:
    """Where fractions are added up, a sum of exponentials stays the sum that it is."""

    one = total(lambda i: exp(z(L)[i]), L)
    two = total(lambda i: exp(2 * z(L)[i]), L)

    @pytest.mark.parametrize("inside", [lambda of: of, lambda of: 1 + of, lambda of: 1 / (1 - of)])
    def test_the_sum_of_squares_is_no_square_of_the_sum(self, inside):
        wrong = eq(inside(1 / self.two), inside(n / self.one**2))
        assert difference(wrong, (cross_entropy,)) != 0

    def test_what_is_in_lowest_terms_is_left_as_it_is(self):
        assert over_one_denominator(1 / self.one) == normal(1 / self.one)


class TestKroneckerDelta:
    """[j = k] picks a term out of the sum that holds it, if the sum holds it."""

    def test_collapses(self):
        assert normal(Sum(KroneckerDelta(j, k) * y[k], over(k, L))) == y[j]

    def test_collapses_in_a_nested_sum(self):
        term = KroneckerDelta(j, k) * KroneckerDelta(k, i) * w(L)[k, i]
        assert normal(Sum(Sum(term, over(i, L)), over(k, L))) == w(L)[j, j]

    def test_equal_indices_are_interchangeable(self):
        assert same(KroneckerDelta(j, k) * y[k], KroneckerDelta(j, k) * y[j])
        assert same(KroneckerDelta(j, k) ** 2, KroneckerDelta(j, k))
        assert same(
            KroneckerDelta(i, j) * KroneckerDelta(j, k), KroneckerDelta(i, k) * KroneckerDelta(j, k)
        )

    def test_is_not_1(self):
        assert not same(KroneckerDelta(j, k), 1)

    @pytest.mark.parametrize("limits", [(0, n - 2), (1, n - 1)], ids=["last", "first"])
    def test_a_sum_that_leaves_a_neuron_out_is_another_sum(self, limits):
        assert not same(Sum(KroneckerDelta(j, k) * y[k], (k, *limits)), y[j])

    def test_an_index_of_one_layer_does_not_run_over_another(self):
        statement = eq(a(l)[j], Sum(KroneckerDelta(j, k) * a(l)[k], over(k, l + 1)))
        assert difference(statement) != 0


class TestEveryWidth:
    """An equation holds when it holds for every n; true for n = 1 is not true."""

    terms = Partial(C, a(L)[k]) * Partial(a(L)[k], z(L)[j])
    one_term = eq(delta(L)[j], Partial(C, a(L)[j]) * Partial(a(L)[j], z(L)[j]))

    def test_38_without_locality(self):
        assert difference(self.one_term) != 0
        assert difference(self.one_term, (local(L),)) == 0

    def test_the_jacobian_transposed(self):
        wrong = Partial(C, a(L)[k]) * Partial(a(L)[j], z(L)[k])
        assert difference(eq(delta(L)[j], Sum(wrong, over(k, L)))) != 0

    def test_the_weights_not_transposed(self):
        wrong = Partial(C, z(l + 1)[k]) * w(l + 1)[j, k] * Partial(a(l)[j], z(l)[j])
        assert difference(eq(delta(l)[j], Sum(wrong, over(k, l + 1))), (local(l),)) != 0

    @pytest.mark.parametrize("limits", [(0, n - 2), (1, n - 1)], ids=["last", "first"])
    @pytest.mark.parametrize(
        "hypotheses", [(), (local(L),), (softmax(L),)], ids=["any", "local", "softmax"]
    )
    def test_37_without_one_neuron(self, limits, hypotheses):
        assert difference(eq(delta(L)[j], Sum(self.terms, over(k, L))), hypotheses) == 0
        assert difference(eq(delta(L)[j], Sum(self.terms, (k, *limits))), hypotheses) != 0

    def test_a_constant_factor_matters(self):
        assert difference(eq(delta(L)[j], 2 * Sum(self.terms, over(k, L)))) != 0


class TestInterpret:
    """In the setting of a claim every derivative is taken and no letter for one is left."""

    @pytest.mark.parametrize(
        "tag", ["29", "J2", "37", "38", "BP1", "33", "30", "S", "84", "41", "BP2", "BP3", "32"]
    )
    def test_nothing_is_left_to_derive(self, tag):
        statement = component(find(tag).statement)
        definitions = setting(statement, find(tag).hypotheses)
        for side in statement.args:
            result = interpret(side, definitions)
            assert not result.has(Partial)
            letters = {getattr(s, "letter", "") for s in result.free_symbols}
            assert "delta" not in letters

    def test_a_later_letter_does_not_move_an_earlier_one(self):
        assert difference(eq(Partial(z(l)[j], a(l)[k]), 0)) == 0

    def test_a_letter_moves_itself_alone(self):
        assert difference(eq(Partial(z(l)[j], z(l)[k]), KroneckerDelta(j, k))) == 0

    def test_the_cost_moves_with_every_output_through_a_bias(self):
        statement = eq(Partial(C, b(L)[j]), Partial(C, a(L)[j]) * Partial(a(L)[j], z(L)[j]))
        assert difference(statement, (elementwise(L),)) == 0
        assert difference(statement) != 0

    def test_the_quadratic_cost(self):
        assert difference(eq(Partial(C, a(L)[j]), a(L)[j] - y[j]), (quadratic,)) == 0
        assert difference(eq(Partial(C, a(L)[j]), y[j] - a(L)[j]), (quadratic,)) != 0
        assert difference(eq(Partial(C, a(L)[j]), a(L)[j] - y[j])) != 0


class TestSteps:
    """A line that is true but does not follow from the line before, by what it names, falls."""

    @pytest.mark.parametrize(
        ("tag", "by"),
        [
            ("37", ("chain:z^L",)),
            ("37", ()),
            ("38", ("J1",)),
            ("38", ()),
            ("39", ("J2",)),
            ("30", ()),
            ("S", ("J1",)),
            ("42", ("29",)),
            ("45", ("zw",)),
            ("BP3", ("chain:z^l", "zw", "-29")),
            ("BP3", ("chain:z^l", "zb")),
            ("BP4", ("chain:z^l", "zb", "-29")),
            ("44", ("43",)),
        ],
    )
    def test_wrong_reason(self, tag, by):
        claim = replace(find(tag), by=by)
        assert difference(claim.statement, claim.hypotheses) == 0
        assert "does not follow" in symbolic(claim, find).detail

    @pytest.mark.parametrize(("tag", "after"), [("38", "41"), ("BP1", "37"), ("45", "40")])
    def test_wrong_line_before(self, tag, after):
        assert "does not follow" in symbolic(replace(find(tag), after=after), find).detail

    def test_a_false_line_says_what_is_left(self):
        wrong = replace(find("38"), hypotheses=())
        assert "leaves" in symbolic(wrong, find).detail


LAYERS = [
    pytest.param(refutation, id=f"{tag}: {refutation.name}")
    for tag, claim in CLAIMS.items()
    for refutation in claim.refutations
    if refutation.statement.has(Part)
]


class TestLayersLookedAtByThemselves:
    """Their sums run along axes; outside of an axis a letter is zero."""

    N, W = Symbol("N"), Symbol("W")
    a, kernel, words = part("a", N), part("w", W), part("v", N)

    def test_a_sum_of_ones_is_the_width(self):
        assert normal(Sum(1, along(k, self.N))) == extent(self.N)
        assert normal(Sum(y[j], over(k, L))) == n * y[j]

    @pytest.mark.parametrize("sign", [1, -1])
    def test_a_shifted_delta_picks_one_place(self, sign):
        delta = KroneckerDelta(i, p + sign * q)
        assert same(Sum(self.kernel[q] * delta, along(q, self.W)), self.kernel[sign * (i - p)])

    def test_only_where_a_letter_ends(self):
        """Without a factor that is zero outside, the place might not exist."""
        alone = Sum(KroneckerDelta(i, p + q), along(q, self.W))
        assert normal(alone).has(Sum)
        assert normal(self.a[i] * alone) != self.a[i]

    @pytest.mark.parametrize("place", [p + 2 * q, p * q], ids=str)
    def test_what_may_fall_between_two_places_stays_a_sum(self, place):
        assert normal(Sum(self.kernel[q] * KroneckerDelta(i, place), along(q, self.W))).has(Sum)

    def test_an_unknown_map_of_places_stays_a_sum(self):
        picked = Sum(KroneckerDelta(i, self.words[p]) * self.a[p], along(p, self.N))
        assert normal(picked).has(Sum)
        assert not same(picked, self.a[i])

    def test_letters_of_different_axes_are_different(self):
        assert part("a", self.N) != part("a", self.W)

    def test_an_index_on_two_axes_does_not_fit(self):
        assert not indices_fit(eq(self.a[k], self.kernel[k]))
        assert not indices_fit(eq(self.a[k], Sum(self.a[j], along(j, self.W))))

    @pytest.mark.parametrize("refutation", LAYERS)
    def test_a_wrong_equation_leaves_a_remainder(self, refutation):
        assert difference(refutation.statement, refutation.hypotheses) != 0
