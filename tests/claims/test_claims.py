"""Every claim holds, by each of its witnesses, and every way of spoiling it is rejected."""

import inspect
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from mpmath import mp, mpf
from printing.kept import written
from sites import ROOT, kept_verdicts
from strategies import LOCAL, cases
from sympy import Rational

from proofs.claims import CLAIMS, find
from proofs.claims.derivations.chain import Curve
from proofs.claims.hypotheses import quadratic as quadratic_cost
from proofs.claims.notation import Part
from proofs.measuring.cases import Case, founding_case, softplus_share, standard_cases
from proofs.network import Network, equations
from proofs.network.activations import ACTIVATIONS, softmax
from proofs.network.costs import Cost, cross_entropy, log_likelihood, quadratic
from proofs.witnesses import check, verdict
from proofs.witnesses.checking import agreement, instances, measured, reject, some, symbolic

every_claim = pytest.mark.parametrize("tag", CLAIMS)
with_formula = pytest.mark.parametrize("tag", [t for t, c in CLAIMS.items() if c.formula])


def changed(claim, change):
    """The claim with another right side; 0 is made 1, for twice 0 is the same."""
    left, right = claim.statement.args
    right = change(right if right != 0 else right + 1)
    return replace(claim, statement=type(claim.statement)(left, right, evaluate=False))


def numeric(claim, most=3):
    """The numeric witnesses of a claim, on a few cases."""
    everywhere = instances(claim.statement, claim.hypotheses, claim.cases or standard_cases())
    found = some(everywhere, most)
    witnesses = {"measured": measured(claim, found)}
    return witnesses | ({"agreement": agreement(claim, found)} if claim.formula else {})


def fallen(claim, most=3):
    """The numeric witnesses that a claim does not have on its side."""
    return {name for name, witness in numeric(claim, most).items() if not witness.holds}


# One claim after the other, so that no two workers reach the same verdict.
@pytest.mark.parametrize("tag", CLAIMS, scope="class")
class TestEveryClaim:
    """A claim holds: each of its witnesses says so, and each of its refutations is rejected."""

    def test_it_holds(self, tag):
        assert verdict(tag).holds, verdict(tag).objection
        assert verdict(tag).objection == ""

    def test_a_build_has_reached_the_same(self, tag):
        """`nox -s docs` has its sets in another order; tests/site starts from what it kept."""
        if verdicts := kept_verdicts(ROOT):  # without them tests/site compares two builds
            kept = (verdicts / tag).read_text(encoding="utf-8")
            assert written(verdict(tag)) == kept

    def test_it_has_its_witnesses(self, tag):
        formula = {"agreement"} if find(tag).formula else set()
        assert set(verdict(tag).witnesses) == {"symbolic", "measured"} | formula

    def test_it_was_measured_somewhere(self, tag):
        for witness in verdict(tag).witnesses.values():
            assert witness is verdict(tag).symbolic or witness.cases >= 1
            assert witness.residual <= witness.tolerance

    def test_each_refutation_is_rejected_with_a_counterexample(self, tag):
        rejections = verdict(tag).rejections
        assert [r.refutation for r in rejections] == list(find(tag).refutations)
        for rejection in rejections:
            assert rejection.rejected
            assert re.search(r"left side \S+, right side \S+", rejection.detail)

    def test_each_refutation_names_the_page_that_mends_it(self, tag):
        pages = {page.stem for page in (Path(__file__).parents[2] / "docs").glob("*.md")}
        for refutation in find(tag).refutations:
            assert refutation.misconception
            assert refutation.page in pages

    def test_it_is_found_under_its_tag(self, tag):
        assert find(tag).tag == tag


def test_an_unknown_tag_names_the_known_ones():
    with pytest.raises(KeyError, match=r"no claim \(BP5\).*BP1, .*BP4"):
        find("BP5")


class TestEquationsAreClaims:
    """Each formula that backprop runs is claimed, and each of the four has a refutation."""

    def test_every_formula_is_shown_by_a_claim(self):
        formulas = {f for name, f in vars(equations).items() if name.startswith("bp")}
        assert formulas <= {claim.shown for claim in CLAIMS.values()}

    @pytest.mark.parametrize("tag", ["BP1", "BP2", "BP3", "BP4"])
    def test_a_checker_that_cannot_fail_proves_nothing(self, tag):
        assert find(tag).refutations


class TestDerivations:
    """A derivation leads from claims to others, never in a circle."""

    @every_claim
    def test_never_in_a_circle(self, tag):
        above, reached = [tag], set()
        while above:
            used = set(find(above.pop()).depends) - {"differentiate"}
            above += used - reached
            reached |= used
        assert tag not in reached

    @every_claim
    def test_its_reason_refers_to_claims(self, tag):
        for used in re.findall(r"\((\w[\w-]*)\)", find(tag).reason):
            assert used in CLAIMS

    @pytest.mark.parametrize("tag", [t for t, c in CLAIMS.items() if c.after or c.by])
    def test_a_step_that_appeals_to_something_else_does_not_follow(self, tag):
        claim = find(tag)
        # (30) rewrites nothing but the gradient of the quadratic cost; z stands for another line.
        other = replace(claim, by=("30", *claim.by[1:])) if claim.by else replace(claim, after="z")
        witness = symbolic(other, find)
        assert not witness.holds
        assert "does not follow" in witness.detail

    def test_a_step_by_the_wrong_claim_does_not_follow(self):
        for by in (("J1",), ("J2",), ("-29",), ("Q",), ("chain:z^L",)):
            witness = symbolic(replace(find("38"), by=by), find)
            assert not witness.holds
            assert "does not follow from (37)" in witness.detail


class TestSpoiledFormula:
    """A formula that is not the equation's is rejected by both witnesses that run it."""

    @with_formula
    def test_times_2_001(self, tag):
        claim = find(tag)
        wrong = replace(claim, formula=lambda case, l: claim.formula(case, l) * 2.001)
        assert fallen(wrong) == {"measured", "agreement"}

    def test_the_objection_shows_both_numbers(self):
        claim = find("BP1")
        wrong = replace(claim, formula=lambda case, l: claim.formula(case, l) * 2.001)
        assert re.match(
            r"\(BP1\) is false: left side \S+, right side \S+ at j", check(wrong).objection
        )

    @with_formula
    def test_one_entry_off_by_a_billionth(self, tag):
        claim = find(tag)

        def formula(case, l):
            value = np.array(claim.formula(case, l))
            # Rounded, so that of equal entries it is always the same one.
            value[np.unravel_index(abs(value).round(6).argmax(), value.shape)] *= 1 + 1e-9
            return value

        assert fallen(replace(claim, formula=formula)) == {"measured", "agreement"}

    @with_formula
    def test_in_single_precision(self, tag):
        claim = find(tag)

        def formula(case, l):
            return claim.formula(case, l).astype(np.float32).astype(float)

        assert fallen(replace(claim, formula=formula)) == {"measured", "agreement"}

    @pytest.mark.parametrize("axis", [0, 1])
    def test_one_number_for_a_row_of_them(self, axis):
        claim = find("BP1")

        def formula(case, l):
            return claim.formula(case, l).mean(axis=axis, keepdims=True)

        assert fallen(replace(claim, formula=formula)) == {"measured", "agreement"}

    def test_other_numbers_each_time(self):
        """A formula that does not repeat itself can't blame rounding for what it is off."""
        claim, random = find("37"), np.random.default_rng(0)

        def formula(case, l):
            return claim.formula(case, l) * random.normal(1, 1e-3)

        assert fallen(replace(claim, formula=formula)) == {"measured", "agreement"}


class TestSpoiledStatement:
    """A statement that is not the equation is rejected by algebra and by numbers."""

    @every_claim
    @pytest.mark.parametrize(
        "change",
        [lambda rhs: 2 * rhs, lambda rhs: -rhs],
        ids=["doubled", "negated"],
    )
    def test_numbers_contradict_it(self, tag, change):
        claim = find(tag)
        # Where a formula runs, what is printed is compared with what is run.
        assert ("agreement" if claim.formula else "measured") in fallen(changed(claim, change))

    # An approximate equation is, to the algebra, the exact one that it is the first order of.
    @pytest.mark.parametrize("tag", [t for t, c in CLAIMS.items() if not c.order])
    def test_algebra_contradicts_it(self, tag):
        detail = symbolic(changed(find(tag), lambda rhs: -rhs), find).detail
        assert "leaves" in detail or detail.endswith("may be negative")

    @pytest.mark.parametrize("tag", ["37", "41", "45"])
    def test_a_sum_without_its_first_term(self, tag):
        def without_first(expr):
            index, first, last = expr.limits[0]
            return expr.func(expr.function, (index, first + 1, last))

        wrong = changed(find(tag), without_first)
        assert ("agreement" if wrong.formula else "measured") in fallen(wrong)
        assert not symbolic(wrong, find).holds


PARTS = {part.letter for claim in CLAIMS.values() for part in claim.statement.atoms(Part)}
"""The letters that only a layer looked at by itself has."""

DROPPED = [
    pytest.param(tag, hypothesis, id=f"{tag}-{hypothesis.name}")
    for tag, claim in CLAIMS.items()
    if not claim.axiom  # the chain rule itself is SymPy's
    for hypothesis in claim.hypotheses
]
EXACT = [case for case in DROPPED if not find(case.values[0]).order]


QUARTIC = Case(
    Network(
        [2, 3],
        ACTIVATIONS["linear"],
        Cost("quartic", lambda a, y: ((a - y) ** 4).sum(axis=0), lambda a, y: 4 * (a - y) ** 3),
    ),
    [[1.0], [2.0]],
    [[1.0], [0.0], [0.5]],
)
"""Linear outputs with a cost that is not quadratic."""


class TestDroppedHypothesis:
    """No hypothesis is idle: without any one of them the claim falls."""

    def without(self, tag, hypothesis):
        claim = find(tag)
        left = tuple(h for h in claim.hypotheses if h is not hypothesis)
        return replace(claim, hypotheses=left)

    @pytest.mark.parametrize(("tag", "hypothesis"), EXACT)
    def test_algebra_leaves_a_remainder(self, tag, hypothesis):
        witness = symbolic(self.without(tag, hypothesis), find)
        assert not witness.holds
        assert "leaves" in witness.detail

    @pytest.mark.parametrize(("tag", "hypothesis"), DROPPED)
    # y / a and ln a at a <= 0
    @pytest.mark.filterwarnings("ignore:divide by zero", "ignore:invalid value", "ignore:overflow")
    def test_numbers_contradict_it(self, tag, hypothesis):
        # Of the package's costs the quadratic alone is finite on linear outputs.
        other = (QUARTIC,) if tag in ("68", "69", "70") and hypothesis is quadratic_cost else ()
        claim = replace(self.without(tag, hypothesis), cases=other)
        if tag == "25":  # sigma of a column is defined for softmax too: here algebra alone objects
            assert not fallen(claim, most=40)
        else:
            assert any(self.contradicted(claim, most) for most in (5, 40))

    @staticmethod
    def contradicted(claim, most):
        try:
            return bool(fallen(claim, most))
        except TypeError as error:  # there is no sigma' to put in
            return "expected a local activation" in str(error)
        except KeyError as missing:  # nor a factor c, a layer 0, or the letters of another
            return missing.args[0] in ("c", 0, *PARTS)


def holds(tag, case):
    """The claim is measured, on all layers of a case that satisfies its hypotheses."""
    claim = find(tag)
    found = list(instances(claim.statement, claim.hypotheses, [case]))
    assert found, f"{case.name} does not satisfy the hypotheses of ({tag})"
    assert measured(claim, found).holds, measured(claim, found).detail
    if claim.formula:
        assert agreement(claim, found).holds, agreement(claim, found).detail


class TestForward:
    """(z), (a), (23), (25): each activation is sigma of the weighted sum plus the bias."""

    @pytest.mark.parametrize("tag", ["z", "a", "23", "25"])
    @given(case=cases(LOCAL, LOCAL))
    def test_any_network(self, tag, case):
        holds(tag, case)


class TestError:
    """(29), (36), (40): the error is the derivative of the cost in the weighted input."""

    @pytest.mark.parametrize("tag", ["29", "36", "40"])
    @given(case=cases())
    def test_any_network(self, tag, case):
        holds(tag, case)


class TestCost:
    """(27), (A1), (26), (A2): the cost is an average over examples of functions of the outputs."""

    @pytest.mark.parametrize("tag", ["27", "26"])
    @given(case=cases(costs=[quadratic]))
    def test_quadratic(self, tag, case):
        holds(tag, case)

    @pytest.mark.parametrize("tag", ["A1", "A2"])
    @given(case=cases())
    def test_any_cost(self, tag, case):
        holds(tag, case)


class TestChainRule:
    """(chain): along every route from t to f, the rates multiply; over the routes, they add."""

    @pytest.mark.parametrize("t", [-2.0, 0.25, 10.0])
    def test_by_hand(self, t):
        # f = x^2 + x y on x = 2t, y = t^2 is 4 t^2 + 2 t^3.
        case = Curve(np.array([t]))
        assert case.partial(("f", 0), ("t", 0)) == pytest.approx(8 * t + 6 * t**2, rel=1e-14)
        holds("chain", case)

    def test_a_product_alone_is_refuted_at_a_place_one_can_compute(self):
        (rejection,) = verdict("chain").rejections
        assert rejection.detail.startswith("left side 78, right side 42 at t = 3; ")


class Test37:
    """(37): delta_j is the sum over every output k of dC/da_k da_k/dz_j, for any activation."""

    @given(cases())
    def test_any_network(self, case):
        holds("37", case)

    @given(cases(output=[softmax], costs=[quadratic]))
    def test_softmax(self, case):
        holds("37", case)


class Test38:
    """(38): one term is left of (37) when each a_k depends on its own z_k alone."""

    @given(cases(output=LOCAL))
    def test_local_outputs(self, case):
        holds("38", case)

    def test_false_for_softmax_even_in_the_sign(self):
        """z = (1, 2, 3), y = e_1, quadratic cost: the second slot has the wrong sign."""
        with mp.workdps(30):
            e = [mp.exp(mpf(z)) for z in (1, 2, 3)]
            a = [v / sum(e) for v in e]
            gradient = [a[0] - 1, a[1], a[2]]
            true = [sum(gradient[k] * a[k] * ((j == k) - a[j]) for k in range(3)) for j in range(3)]
            diagonal = [gradient[j] * a[j] * (1 - a[j]) for j in range(3)]
        assert [round(float(v), 4) for v in true] == [-0.1198, -0.0430, 0.1628]
        assert [round(float(v), 4) for v in diagonal] == [-0.0745, 0.0452, 0.1481]
        case = founding_case()
        assert case.delta(2)[:, 0] == pytest.approx([float(v) for v in true], rel=1e-14)
        cut = case.nabla_a * np.diagonal(case.jacobian(2)[:, :, 0])[:, None]
        assert cut[:, 0] == pytest.approx([float(v) for v in diagonal], rel=1e-14)
        assert np.sign(case.delta(2)[1, 0]) == -np.sign(cut[1, 0])

    def test_the_refutation_fails_on_that_very_case(self):
        (refutation,) = find("38").refutations
        rejection = reject(refutation, [founding_case()])
        assert rejection.rejected
        assert "softmax at z = (1, 2, 3)" in rejection.detail

    @given(cases(output=LOCAL))
    def test_the_refutation_is_not_rejected_where_locality_holds(self, case):
        (refutation,) = find("38").refutations
        assert not reject(refutation, [case]).rejected


class TestLocal:
    """(local), (J1): the Jacobian of a layer is diagonal when its activation is local."""

    @pytest.mark.parametrize("tag", ["local", "J1"])
    @given(case=cases(LOCAL, LOCAL))
    def test_local_layers(self, tag, case):
        holds(tag, case)


class TestJ2:
    """(J2): the Jacobian of softmax is a_k ([j = k] - a_j)."""

    @given(cases(output=[softmax]))
    def test_softmax_output(self, case):
        holds("J2", case)

    @given(cases(hidden=[softmax], layers=3))
    def test_softmax_hidden(self, case):
        holds("J2", case)


class TestBP1:
    """(BP1), in four forms: the error at the output is dC/da sigma'(z), neuron by neuron."""

    @pytest.mark.parametrize("tag", ["39", "BP1", "BP1a", "33"])
    @given(case=cases(output=LOCAL))
    def test_local_outputs(self, tag, case):
        holds(tag, case)


class TestQuadratic:
    """(Q), (30): for the quadratic cost dC/da is a - y, and delta is (a - y) sigma'(z)."""

    @given(cases(costs=[quadratic]))
    def test_gradient(self, case):
        holds("Q", case)

    @given(cases(output=LOCAL, costs=[quadratic]))
    def test_error(self, case):
        holds("30", case)


class TestJ:
    """(J): the error at the output is the Jacobian's transpose times the gradient."""

    @given(cases())
    def test_any_network(self, case):
        holds("J", case)

    @given(cases(output=[softplus_share]))
    def test_a_jacobian_that_is_not_symmetric(self, case):
        holds("J", case)


class TestS:
    """(S): at a softmax output no term of (37) is zero."""

    @given(cases(output=[softmax]))
    def test_any_cost(self, case):
        holds("S", case)


class TestLL:
    """(LL): the gradient of the log-likelihood is -y / a."""

    @given(cases(costs=[log_likelihood]))
    def test_any_output(self, case):
        holds("LL", case)


class TestSLL:
    """(S-LL): softmax with log-likelihood has the error a times the sum of the targets, minus y."""

    @given(cases(output=[softmax], costs=[log_likelihood]))
    def test_any_targets(self, case):
        holds("S-LL", case)


class Test84:
    """(84): that error is a - y when the targets sum to 1."""

    @given(cases(output=[softmax], costs=[log_likelihood], targets=["one-hot", "distribution"]))
    def test_targets_that_sum_to_1(self, case):
        holds("84", case)

    @given(cases(output=[softmax], costs=[log_likelihood], targets=["free"]))
    def test_others_are_outside_the_hypotheses(self, case):
        claim = find("84")
        inside = list(instances(claim.statement, claim.hypotheses, [case]))
        assert bool(inside) == bool((abs(case.y.sum(axis=0) - 1) < 1e-9).all())


class TestBP2:
    """(41) to (45), (BP2), (34), (35): the error goes back through the transposed weights."""

    @pytest.mark.parametrize("tag", ["41", "42", "za", "BP2J"])
    @given(case=cases(layers=3))
    def test_any_network(self, tag, case):
        holds(tag, case)

    @pytest.mark.parametrize("tag", ["43", "44", "45", "BP2", "34"])
    @given(case=cases(hidden=LOCAL, layers=3))
    def test_local_hidden_layers(self, tag, case):
        holds(tag, case)

    @given(cases(LOCAL, LOCAL, layers=4))
    def test_three_layers_at_once(self, case):
        holds("35", case)


class TestBP3:
    """(zb), (BP3-1) to (BP3m): the gradient in a bias is the error of its neuron."""

    @pytest.mark.parametrize("tag", ["zb", "BP3-1", "BP3-2", "BP3", "31", "BP3m"])
    @given(case=cases())
    def test_any_network(self, tag, case):
        holds(tag, case)


class TestBP4:
    """(zw), (BP4-1) to (BP4m): the gradient in a weight is activation in times error out."""

    @pytest.mark.parametrize("tag", ["zw", "BP4-1", "BP4-2", "BP4", "32", "BP4m"])
    @given(case=cases())
    def test_any_network(self, tag, case):
        holds(tag, case)


class TestPaths:
    """(53) to (53-3): the derivative is the sum over all paths, shared or not."""

    @pytest.mark.parametrize("tag", ["53", "53-1"])
    @given(case=cases(hidden=LOCAL, layers=4))
    def test_all_paths(self, tag, case):
        holds(tag, case)

    @pytest.mark.parametrize("tag", ["53-2", "53-3"])
    @given(case=cases(layers=3))
    def test_through_the_next_layer(self, tag, case):
        holds(tag, case)


class TestSmallSteps:
    """(46) to (52): a difference is a derivative times a step, up to the order that is claimed."""

    @pytest.mark.parametrize("tag", ["46", "47", "48", "49", "50", "51", "52"])
    def test_one_order_more_is_not_true(self, tag):
        claim = find(tag)
        assert claim.order == (1 if tag == "46" else 2)
        assert fallen(replace(claim, order=claim.order + 1)) == {"measured"}

    @pytest.mark.parametrize("tag", ["46", "47", "48", "49", "50", "51", "52"])
    def test_a_rate_off_by_a_thousandth_is_seen(self, tag):
        claim = find(tag)
        wrong = changed(claim, lambda rhs: rhs * (1 + Rational(1, 1000)))
        assert fallen(wrong) == {"measured"}


class TestTheAlgorithm:
    """B1 to B3: a wrong line anywhere in `backprop` makes a claim false."""

    LINES = (
        ("delta[l] = bp2(", "delta[l] = 2 * bp2("),
        ("delta[l] = bp2_full(", "delta[l] = 2 * bp2_full("),
        ("sigma[l].prime(z[l])", "sigma[l].prime(a[l])"),
        ("bp4(a[l - 1], delta[l])", "bp4(z[l], delta[l])"),
        ("bp3(delta[l])", "bp3(delta[l]) * 2"),
        ("range(L - 1, 1, -1)", "range(L - 1, 2, -1)"),
    )

    @pytest.mark.parametrize(("line", "wrong"), LINES)
    def test_a_wrong_line(self, line, wrong):
        source = inspect.getsource(equations.backprop)
        assert line in source
        names = vars(equations).copy()
        exec(source.replace(line, wrong), names)
        formulas = [lambda c, l: names["backprop"](c.network, c.x, c.y).delta[l]]
        formulas += [lambda c, l: names["backprop"](c.network, c.x, c.y).nabla_b[l]]
        formulas += [lambda c, l: names["backprop"](c.network, c.x, c.y).nabla_w[l][..., None]]
        claims = [
            replace(find(tag), formula=formula)
            for tag, formula in zip(("B1", "B2", "B3"), formulas, strict=True)
        ]
        assert not all(check(claim).holds for claim in claims)


class TestCoverage:
    """The standard networks hold every activation with every cost that it may have."""

    def test_outputs_and_costs(self):
        pairs = {(c.network.sigma[c.depth], c.network.cost) for c in standard_cases()}
        for f in (*ACTIVATIONS.values(), softplus_share):
            assert (f, quadratic) in pairs
        assert (softmax, log_likelihood) in pairs
        assert (softmax, cross_entropy) in pairs
