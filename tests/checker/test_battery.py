"""The battery: each case has the property it is named for, and sees a bug that others miss."""

import types
from functools import cache

import numpy as np
import pytest
from styles import matrices

from proofs.checker import violations
from proofs.checker.battery import DEPTHS, FLAT, KINK, STEEP, battery, depths
from proofs.checker.check_backprop import check_backprop
from proofs.measuring.cases import softplus_share
from proofs.network import Network
from proofs.network.activations import ACTIVATIONS, leaky_relu, linear, relu, sigmoid, softmax, tanh
from proofs.network.costs import COSTS, cross_entropy, log_likelihood, quadratic
from proofs.network.equations import backprop

ALL = (*ACTIVATIONS.values(), softplus_share)
PAIRS = [
    (output, cost)
    for output in ALL
    for cost in COSTS.values()
    if cost.domain[0] <= output.range[0] and output.range[1] <= cost.domain[1]
]


@cache
def named(*choice):
    """The battery of a choice, by name."""
    return {case.name: case for case in battery(*choice)}


@pytest.fixture(params=ALL, ids=repr)
def choices(request):
    """The batteries of a hidden activation, for each output activation and cost, and these."""
    return [
        types.SimpleNamespace(hidden=request.param, output=output, cost=cost, cases=found)
        for output, cost in PAIRS
        for found in [named(request.param, output, cost)]
    ]


class TestEveryCase:
    """Two hidden layers, three outputs, biases, save where the lack of one is the point."""

    def test_it_has_the_chosen_activations_and_cost(self, choices):
        for chosen in choices:
            for case in chosen.cases.values():
                *hidden, output = case.network.sigma.values()
                assert hidden == [chosen.hidden] * 2
                assert output == chosen.output
                assert case.network.cost == chosen.cost

    def test_two_hidden_layers_and_at_least_three_outputs(self, choices):
        for chosen in choices:
            for case in chosen.cases.values():
                assert case.network.L == 4
                few = case.name in ("narrow", "free targets")
                assert (case.network.sizes[-1] >= 3) is not few

    def test_no_bias_is_0_save_where_all_are(self, choices):
        for chosen in choices:
            for name, case in chosen.cases.items():
                zeros = [b == 0 for b in case.network.biases]
                assert all(z.all() if name == "raw inputs" else not z.any() for z in zeros)

    def test_at_least_two_examples_save_where_one_is_the_point(self, choices):
        for chosen in choices:
            for name, case in chosen.cases.items():
                assert (case.x.shape[1] >= 2) is (name != "one example")

    def test_no_z_is_at_a_kink(self, choices):
        for chosen in choices:
            for case in chosen.cases.values():
                for l in case.network.layers:
                    if not case.network.sigma[l].smooth:
                        assert abs(case.value("z", l)).min() > KINK

    @pytest.mark.filterwarnings("error::RuntimeWarning")
    def test_the_unfused_formulas_stay_finite(self, choices):
        for chosen in choices:
            for case in chosen.cases.values():
                gradients = backprop(case.network, case.x, case.y)
                for l in case.network.layers:
                    for array in (gradients.delta[l], gradients.nabla_b[l], gradients.nabla_w[l]):
                        assert np.isfinite(array).all()
                assert np.isfinite(case.value("C", 4)).all()

    def test_not_all_is_dead(self, choices):
        """Somewhere in every layer there is an error to get wrong."""
        for chosen in choices:
            for case in chosen.cases.values():
                gradients = backprop(case.network, case.x, case.y)
                assert abs(gradients.delta[4]).max() > 1e-4
                assert all(gradients.delta[l].any() for l in case.network.layers)


class TestTheCases:
    """Each case has the property that it is named for."""

    def test_which_there_are(self, choices):
        for chosen in choices:
            expected = ["rectangular", "square", "one example", "saturated", "huge"]
            expected += ["soft targets", "multi-hot targets"]
            expected += [] if chosen.hidden.smooth else ["inactive"]
            expected += ["narrow", "wide", "raw inputs"]
            expected += ["free targets"] if chosen.cost == quadratic else []
            assert list(chosen.cases) == expected

    def test_rectangular(self, choices):
        for chosen in choices:
            case = chosen.cases["rectangular"]
            sizes = [*case.network.sizes, case.x.shape[1]]
            assert len(set(sizes)) == len(sizes)

    def test_square(self, choices):
        for chosen in choices:
            case = chosen.cases["square"]
            assert len({*case.network.sizes, case.x.shape[1]}) == 1
            for w in case.network.weights:
                assert abs(w - w.T).max() > 0.1

    def test_one_example(self, choices):
        for chosen in choices:
            assert chosen.cases["one example"].x.shape[1] == 1

    def test_saturated(self, choices):
        for chosen in choices:
            case = chosen.cases["saturated"]
            for l in (2, 3):
                assert abs(case.value("z", l)).max() == pytest.approx(FLAT)
            z = case.value("z", 4)
            assert (z[1] < -20).all()
            if chosen.output.local:
                top = STEEP if chosen.cost.domain[1] == 1 else FLAT
                assert (z[0] > top - 4).all()
            else:  # the others share what is left
                assert np.ptp(z[[0, 2]], axis=0).max() <= STEEP

    def test_saturated_is_within_reach_of_float32(self, choices):
        for chosen in choices:
            case = chosen.cases["saturated"]
            a = case.value("a", 4).astype(np.float32)
            low, high = chosen.cost.domain
            assert ((low < a) & (a < high)).all()

    def test_huge(self, choices):
        for chosen in choices:
            z = chosen.cases["huge"].value("z", 2)
            assert (z[0] > 900).all()
            assert (z > 900).all() if not chosen.hidden.local else (z[1] < -900).all()
            with np.errstate(over="ignore"):
                assert np.isinf(np.exp(z[0])).all()

    @pytest.mark.parametrize("cost", [log_likelihood, cross_entropy, quadratic])
    def test_all_logits_of_a_softmax_are_huge(self, cost):
        case = named(sigmoid, softmax, cost)["huge"]
        assert (case.value("z", 4) > 900).all()
        assert (case.value("a", 4) > 1e-6).all()

    def test_huge_outputs_where_the_cost_is_finite_there(self):
        z = named(sigmoid, linear, quadratic)["huge"].value("z", 4)
        assert (z[0] > 900).all()
        assert (z[1] < -900).all()
        z = named(sigmoid, sigmoid, cross_entropy)["huge"].value("z", 4)
        assert abs(z).max() < 30

    @pytest.mark.parametrize("hidden", [relu, leaky_relu])
    def test_inactive(self, hidden):
        case = named(hidden, softmax, log_likelihood)["inactive"]
        assert (case.value("z", 2)[:, -1] < -0.5).all()
        for l in (2, 3):
            below = case.value("z", l)[:, :-1] < 0
            assert below.any()
            assert not below.all()

    def test_soft_targets(self, choices):
        for chosen in choices:
            y = chosen.cases["soft targets"].y
            assert np.allclose(y.sum(axis=0), 1, rtol=0, atol=1e-12)
            assert ((y > 0) & (y < 1)).all()
            assert (y.max(axis=0) < 0.99).all()

    def test_multi_hot_targets(self, choices):
        for chosen in choices:
            y = chosen.cases["multi-hot targets"].y
            assert set(np.unique(y)) == {0, 1}
            assert (y.sum(axis=0) == 2).all()

    def test_narrow(self, choices):
        for chosen in choices:
            case = chosen.cases["narrow"]
            inner, last = (1 if f.local else 2 for f in (chosen.hidden, chosen.output))
            assert case.network.sizes == [1, 3, inner, last]
            assert case.x.shape == (1, 2)
            assert case.y.tolist() == ([[0, 1]] if last == 1 else [[1, 0], [0, 1]])

    @pytest.mark.parametrize("targets", ["one-hot", "soft"])
    def test_one_output_for_targets_that_sum_to_1(self, targets):
        [case] = [
            c for c in battery(tanh, sigmoid, quadratic, targets=targets) if c.name == "narrow"
        ]
        assert case.y.tolist() == [[1, 1]]

    def test_wide(self, choices):
        for chosen in choices:
            case = chosen.cases["wide"]
            assert case.x.shape[1] > 32
            assert min(case.network.sizes) > 7
            assert max(case.network.sizes) > 32

    def test_raw_inputs(self, choices):
        for chosen in choices:
            case = chosen.cases["raw inputs"]
            assert (case.x == case.x.round()).all()
            assert (case.x == 0).sum() >= 18
            assert case.x.max() > 900
            assert (case.x[:, 0] == case.x[:, -1]).all()
            assert case.network.w[2][0, 0] == 0

    def test_free_targets(self, choices):
        for chosen in choices:
            if chosen.cost == quadratic:
                y = chosen.cases["free targets"].y
                assert y.min() < -50
                assert y.max() > 50

    def test_free_targets_are_left_out_where_others_are_asked_for(self):
        cases = battery(tanh, linear, quadratic, targets="multi-hot")
        assert "free targets" not in [case.name for case in cases]

    def test_all_others_are_one_hot(self, choices):
        for chosen in choices:
            for name, case in chosen.cases.items():
                if "targets" not in name and name != "narrow":
                    assert (np.sort(case.y, axis=0)[-1] == 1).all()
                    assert (case.y.sum(axis=0) == 1).all()


class TestDepths:
    """What is right with two hidden layers is tried with none, one and four."""

    def test_how_many(self):
        cases = depths(relu, softmax, log_likelihood)
        assert {len(c.network.weights): c.name for c in cases} == DEPTHS
        for case in cases:
            *hidden, output = case.network.sigma.values()
            assert set(hidden) <= {relu}
            assert output == softmax

    def test_the_shapes_are_those_of_rectangular(self):
        for case in depths(sigmoid, sigmoid, quadratic):
            assert (case.network.sizes[0], case.network.sizes[-1], case.x.shape[1]) == (4, 3, 7)

    def test_without_biases(self):
        assert not any(
            b.any() for c in depths(tanh, tanh, quadratic, biases=False) for b in c.network.biases
        )


class TestSeed:
    """The same seed gives the same battery, another seed another."""

    def test_same(self):
        first, again = (battery(tanh, softmax, quadratic, 3) for _ in range(2))
        for one, two in zip(first, again, strict=True):
            assert (one.x == two.x).all()
            assert (one.y == two.y).all()
            assert all(map(np.array_equal, one.network.weights, two.network.weights))

    def test_the_first_is_taken_if_none_is_given(self):
        first, given = battery(tanh, softmax, quadratic), battery(tanh, softmax, quadratic, 0)
        assert all((one.x == two.x).all() for one, two in zip(first, given, strict=True))

    def test_other(self):
        first, other = (battery(tanh, softmax, quadratic, seed) for seed in (3, 4))
        for one, two in zip(first, other, strict=True):
            assert (one.network.w[3] != two.network.w[3]).all()

    @pytest.mark.parametrize("seed", range(20))
    def test_properties_do_not_hang_on_the_seed(self, seed):
        usual = [(relu, softmax, log_likelihood), (sigmoid, sigmoid, cross_entropy)]
        for choice in usual:
            for case in battery(*choice, seed):
                gradients = backprop(case.network, case.x, case.y)
                assert all(gradients.delta[l].any() for l in case.network.layers)


class TestRefused:
    """A cost that is not finite on the outputs has no battery."""

    def test_pair(self):
        with pytest.raises(ValueError, match=r"cross_entropy expected outputs in \(0, 1\)") as why:
            battery(sigmoid, tanh, cross_entropy)
        with pytest.raises(ValueError, match="cross_entropy expected outputs"):
            depths(sigmoid, tanh, cross_entropy)
        assert "got tanh, whose outputs lie in (-1, 1)" in str(why.value)

    def test_seed(self):
        with pytest.raises(ValueError, match="seed: expected a whole number of at least 0, got -1"):
            battery(sigmoid, sigmoid, quadratic, -1)


# Bugs, each the textbook's backward pass with one line of it done otherwise.


def textbook(network, x, y, **otherwise):
    """(nabla_b, nabla_w) as people write it; `otherwise` replaces single steps of it."""
    right = {
        "read": lambda x: x,
        "target": lambda y: y,
        "activation": lambda sigma, z: sigma(z),
        "error": lambda network, a, y: network.cost.gradient(a, y),
        "back": lambda w, d: w.T @ d,
        "mean": lambda delta, a, network: a[1].shape[1],
    }
    step = types.SimpleNamespace(**{**right, **otherwise})
    x, y = step.read(x), step.target(y)
    a, z = {1: x}, {}
    for l in network.layers:
        z[l] = network.w[l] @ a[l - 1] + network.b[l]
        a[l] = step.activation(network.sigma[l], z[l])
    nabla_a, J = step.error(network, a[4], y), network.sigma[4].jacobian(z[4])
    delta = {4: np.einsum("kx,kjx->jx", nabla_a, J)}
    for l in (3, 2):
        delta[l] = step.back(network.w[l + 1], delta[l + 1]) * network.sigma[l].prime(z[l])
    m = step.mean(delta, a, network)
    nabla_b = [delta[l].sum(axis=1, keepdims=True) / m for l in network.layers]
    return nabla_b, [delta[l] @ a[l - 1].T / m for l in network.layers]


def seen(bug, case):
    """Whether the bug crashes, or returns something else than the true gradient."""
    true = backprop(case.network, case.x, case.y)
    try:
        with np.errstate(all="ignore"):
            wrong = bug(case.network, case.x, case.y)
    except (ValueError, IndexError):
        return True
    for got, want in zip(wrong, (true.nabla_b, true.nabla_w), strict=True):
        for g, l in zip(got, case.network.layers, strict=True):
            if np.shape(g) != want[l].shape or not np.allclose(g, want[l], rtol=1e-9, atol=1e-12):
                return True
    return False


def until_it_runs(w, d):
    """The transpose put where the shapes ask for it, which is how it gets there."""
    return w @ d if w.shape[1] == len(d) else w.T @ d


def squeezed(x):
    return x.squeeze()


def clipped(network, a, y):
    """A probability kept off 0, so that no logarithm of it is infinite."""
    return network.cost.gradient(np.clip(a, 1e-7, 1 - 1e-7), y)


def unshifted(sigma, z):
    """Softmax without its maximum subtracted; any other activation as it is."""
    return np.exp(z) / np.exp(z).sum(axis=0) if sigma is softmax else sigma(z)


def living(delta, a, network):
    """The mean over those examples alone that reach the output."""
    return np.count_nonzero(a[2].any(axis=0))


BUGS = {
    "the transpose, where the shapes do not ask for it": (
        {"square"},
        {"back": until_it_runs},
    ),
    "a batch of one loses its axis": ({"one example", "narrow"}, {"read": squeezed}),
    "probabilities are clipped": ({"saturated"}, {"error": clipped}),
    "softmax overflows": ({"huge"}, {"activation": unshifted}),
    "dead examples do not count": ({"inactive"}, {"mean": living}),
    "targets are rounded to the nearest class": (
        {"soft targets"},
        {"target": lambda y: np.where(y.sum(axis=0) > 1.5, y, y == y.max(axis=0))},
    ),
    "targets are scaled to sum to 1": (
        {"multi-hot targets"},
        {"target": lambda y: y / y.sum(axis=0)},
    ),
}


class TestBlindSpots:
    """Without a case of the battery, a bug gets through that people really write."""

    @pytest.fixture
    def cases(self):
        return battery(relu, softmax, log_likelihood)

    def test_the_textbook_gets_through(self, cases):
        assert not [case.name for case in cases if seen(textbook, case)]

    @pytest.mark.parametrize(("where", "otherwise"), BUGS.values(), ids=BUGS)
    def test_only_this_case_sees_it(self, cases, where, otherwise):
        def bug(*given):
            return textbook(*given, **otherwise)

        assert {case.name for case in cases if seen(bug, case)} == where

    def test_a_width_for_m_shows_wherever_the_sizes_differ(self, cases):
        def bug(*given):
            return textbook(*given, mean=lambda delta, a, network: len(a[1]))

        blind = {case.name for case in cases if not seen(bug, case)}
        assert blind == {"square"}

    def test_a_sum_for_a_mean_shows_on_more_than_one_example(self, cases):
        def bug(*given):
            return textbook(*given, mean=lambda delta, a, network: 1)

        blind = {case.name for case in cases if not seen(bug, case)}
        assert blind == {"one example"}

    @pytest.mark.parametrize("cost", [quadratic, log_likelihood])
    def test_networks_that_are_too_small_see_nothing(self, cost):
        """What the battery is for: symmetric weights hide the transpose, one output the softmax."""
        w = np.array([[1.0, 2.0], [2.0, -1.0]])
        network = Network.from_arrays([w, w, w], [np.ones((2, 1))] * 3, [tanh, tanh, softmax], cost)
        x, y = np.array([[1.0, -1.0], [0.5, 2.0]]), np.eye(2)
        case = types.SimpleNamespace(network=network, x=x, y=y)
        assert not seen(lambda *given: textbook(*given, back=until_it_runs), case)


# Small faults, put where somebody who wants to hide one would put it.

CHOICES = [(sigmoid, sigmoid, quadratic), (relu, softmax, log_likelihood)]


def most(arrays):
    return max(abs(v).max() for v in arrays)


def twice(columns):
    return len(np.unique(columns, axis=1).T) < columns.shape[1]


WHERE = {
    "one output": lambda w, b, x, y: len(y) == 1,
    "two outputs": lambda w, b, x, y: len(y) == 2,
    "an even number of outputs": lambda w, b, x, y: len(y) % 2 == 0,
    "more than 10 outputs": lambda w, b, x, y: len(y) > 10,
    "no hidden layer": lambda w, b, x, y: len(w) == 1,
    "one hidden layer": lambda w, b, x, y: len(w) == 2,
    "more than two hidden layers": lambda w, b, x, y: len(w) > 3,
    "a layer of one neuron": lambda w, b, x, y: min(map(len, b)) == 1,
    "one input": lambda w, b, x, y: len(x) == 1,
    "a layer wider than 7": lambda w, b, x, y: max(map(len, b)) > 7,
    "a layer of at least 32": lambda w, b, x, y: max(map(len, b)) >= 32,
    "more than 8 inputs": lambda w, b, x, y: len(x) > 8,
    "widths that grow": lambda w, b, x, y: len(b[0]) > len(x),
    "widths that shrink": lambda w, b, x, y: len(b[0]) < len(x),
    "equal widths": lambda w, b, x, y: len(set(map(len, [x, *b]))) == 1,
    "one example": lambda w, b, x, y: x.shape[1] == 1,
    "two examples": lambda w, b, x, y: x.shape[1] == 2,
    "three to six examples": lambda w, b, x, y: 3 <= x.shape[1] <= 6,
    "more than 8 examples": lambda w, b, x, y: x.shape[1] > 8,
    "more than 32 examples": lambda w, b, x, y: x.shape[1] > 32,
    "a batch of tens": lambda w, b, x, y: x.shape[1] % 10 == 0,
    "more examples than inputs": lambda w, b, x, y: x.shape[1] > len(x),
    "fewer examples than inputs": lambda w, b, x, y: x.shape[1] < len(x),
    "an exact 0 in x": lambda w, b, x, y: (x == 0).any(),
    "whole numbers in x": lambda w, b, x, y: (x == x.round()).all(),
    "no x below 0": lambda w, b, x, y: x.min() >= 0,
    "|x| above 4": lambda w, b, x, y: most([x]) > 4,
    "|x| above 100": lambda w, b, x, y: most([x]) > 100,
    "two equal examples": lambda w, b, x, y: twice(x),
    "a weight that is 0": lambda w, b, x, y: any((v == 0).any() for v in w),
    "a weight above 3": lambda w, b, x, y: most(w) > 3,
    "biases all 0": lambda w, b, x, y: not any(v.any() for v in b),
    "a bias above 10": lambda w, b, x, y: most(b) > 10,
    "targets below 0": lambda w, b, x, y: y.min() < 0,
    "targets above 1": lambda w, b, x, y: y.max() > 1,
    "targets between 0 and 1": lambda w, b, x, y: ((y > 0) & (y < 1)).any(),
    "targets of two ones": lambda w, b, x, y: (y == 1).sum(axis=0).max() == 2,
    "targets that are all 0": lambda w, b, x, y: not y.any(axis=0).all(),
    "the same label twice": lambda w, b, x, y: twice(y),
    "another label each": lambda w, b, x, y: not twice(y),
}
NEEDS = {
    "one output": sigmoid,
    "targets below 0": sigmoid,
    "targets above 1": sigmoid,
    "targets that are all 0": sigmoid,
}
"""The output that a condition is met with: softmax has no such network, or no such targets."""


def clipped(most):
    return lambda found: [np.clip(v, -most, most) for v in found]


def shortened(most):
    return lambda found: [
        v * min(1, most / np.sqrt(sum((g**2).sum() for g in found))) for v in found
    ]


CLIPPED = {
    **{f"gradients clipped to {most}": clipped(most) for most in (0.1, 0.5, 1, 2)},
    **{f"their length clipped to {most}": shortened(most) for most in (0.5, 1, 5)},
}


def spoiled(name, l, part):
    """One entry of one layer's gradients, or all of them, off by a part of themselves."""

    def spoil(found, size):
        found[name][l][part] *= 1 + size

    return spoil


def heavier(found, size):
    """The first example counts for a little more."""
    m = found["a"][0].shape[1]
    for l, (d, a) in enumerate(zip(found["delta"], found["a"], strict=False)):
        found["nabla_b"][l] += size * d[:, :1] / m
        found["nabla_w"][l] += size * d[:, :1] @ a[:, :1].T / m


SPOILED = {
    "an entry of nabla_b": spoiled("nabla_b", 0, (0, 0)),
    "an entry of nabla_w": spoiled("nabla_w", 1, (0, 0)),
    "all of nabla_b": spoiled("nabla_b", 2, ...),
    "all of nabla_w": spoiled("nabla_w", 0, ...),
    "an example": heavier,
}
SMALL = 1e-9
"""Of what it should be; larger ones show all the more, and 1e-12 is below what sums round to."""


class TestSmallFaults:
    """Each condition is met by a case of the battery or of `depths`, and there 1e-9 shows."""

    @pytest.fixture(params=CHOICES, ids=["sigmoid", "softmax"])
    def cases(self, request):
        return (*battery(*request.param), *depths(*request.param))

    @pytest.fixture
    def holds(self, monkeypatch):
        """Whether a backward pass holds on a case; what is wrong need not be named."""
        monkeypatch.setattr(violations, "diagnoses", lambda *given: ())

        def holds(case, spoil):
            def backprop(*given):
                found = matrices(case.network)(*given)
                spoil(found)
                return found["nabla_b"], found["nabla_w"]

            return check_backprop(backprop, case.network, case.x, case.y).holds

        return holds

    def test_each_condition_is_met_and_not_by_all(self, cases):
        output = cases[0].network.sigma[4]
        for name, where in WHERE.items():
            met = [bool(where(c.network.weights, c.network.biases, c.x, c.y)) for c in cases]
            assert any(met) is (NEEDS.get(name, output) == output), name
            assert not all(met), name

    def test_nothing_is_clipped(self, cases):
        for name, clip in CLIPPED.items():
            found = [backprop(c.network, c.x, c.y) for c in cases]
            arrays = [[*g.nabla_b.values(), *g.nabla_w.values()] for g in found]
            assert any(most(map(np.subtract, clip(g), g)) > 1e-3 * most(g) for g in arrays), name

    @pytest.mark.parametrize("name", ["narrow", "wide", "raw inputs", "free targets"])
    def test_a_part_of_all(self, name, holds):
        case = named(*CHOICES[0])[name]
        assert not holds(case, lambda found: spoiled("nabla_w", -1, ...)(found, SMALL))

    @pytest.mark.parametrize("fault", SPOILED)
    def test_a_part_of(self, fault, holds):
        one = named(*CHOICES[0])["rectangular"]
        assert not holds(one, lambda found: SPOILED[fault](found, SMALL))

    def test_right_ones_hold_at_every_depth(self, holds):
        assert all(holds(case, lambda found: None) for case in depths(*CHOICES[1]))


class TestAllTargets0:
    """A binary classifier whose examples all have the label 0 is told what is wrong with it."""

    def test_a_factor(self):
        network = Network([2, 3, 1])

        def doubled(*given):
            found = matrices(network)(*given)
            return found["nabla_b"], [2 * w for w in found["nabla_w"]]

        x = np.random.default_rng(0).standard_normal((2, 4))
        report = check_backprop(doubled, network, x, np.zeros((1, 4)))
        assert "twice as large" in str(report)
