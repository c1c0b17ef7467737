"""Questions: each in the asker's words, with its source, and a number that the build computes."""

import re

import numpy as np
import pytest
from sites import ROOT

from proofs.lessons.answers import ANSWERS, error, lesson, other_books, slow_learning
from proofs.measuring.cases import Case
from proofs.network import Network
from proofs.network.activations import leaky_relu, relu, sigmoid, tanh

PAGES = {
    file.stem: file.read_text(encoding="utf-8")
    for file in sorted((ROOT / "docs").glob("questions-*.md"))
}
QUESTIONS = {
    heading: body
    for text in PAGES.values()
    for heading, _, body in (part.partition("\n") for part in text.split("\n## ")[1:])
    if heading != "Check yourself"
}


@pytest.mark.parametrize("heading", QUESTIONS)
class TestEveryQuestion:
    """It is asked in somebody's words, answered briefly, and ends in a number and a proof."""

    def test_its_parts(self, heading):
        body = QUESTIONS[heading]
        assert heading.endswith("?")
        asked, answer, proof = re.fullmatch(
            r"\s*```\{index\} ! [^\n]+\n```\n\n((?:> [^\n]+\n)+)\n(.+?)\n"
            r"```\{answer\} \w+\n```\n\n((?:[^\n]+\n)+)",
            body,
            re.DOTALL,
        ).groups()
        assert "{cite}" in asked + answer
        assert re.search(r"\]\([\w#-]+\.md[\w#-]*\)|\{eq\}", proof)
        assert len(proof.splitlines()) > 1 or ":" in proof, "what the numbers say"
        assert answer.count("\n") <= 6
        assert len(answer.split()) < 100


class TestAllOfThem:
    """There are fifty and more on three pages; no answer is lost."""

    def test_fifty(self):
        assert len(QUESTIONS) >= 50

    def test_no_page_is_long(self):
        for name, text in PAGES.items():
            assert len(text.split()) < 3000, name

    def test_each_answer_is_on_one_page(self):
        named = re.findall(r"```\{answer\} (\w+)", "".join(PAGES.values()))
        of_other_pages = {
            answer.__name__
            for answer in (*lesson.ANSWERS, *other_books.ANSWERS, *slow_learning.ANSWERS)
        }
        assert sorted(named) == sorted(set(ANSWERS) - of_other_pages)


def numbers(name):
    """What an answer found, in its order, as arrays."""
    return [np.asarray(found) for found in ANSWERS[name]().values()]


def agree(one, other, decimals=4):
    """Whether numbers agree, rounded as a page of a book would."""
    return np.array_equal(np.round(one, decimals), np.round(other, decimals))


class TestTheChainRule:
    """Sums over routes: all of them, one of them, and what a push says."""

    def test_the_founding_question(self):
        alone, full, pushed = numbers("why_sum_over_k")
        assert agree(full, [-0.1198, -0.0430, 0.1628])
        assert agree(alone, [-0.0745, 0.0452, 0.1481])
        assert np.sign(alone[1]) != np.sign(pushed[1])
        assert agree(full, pushed, 15)

    def test_a_cost_without_a_sum(self):
        """f = (2t)^2 + 2t t^2, so that df/dt = 8t + 6t^2."""
        x, y, both, pushed = numbers("is_the_sum_from_the_cost")
        assert (x, y, both, pushed) == (10, 4, 14, 8 + 6)

    def test_what_is_zero(self):
        inside, between = ANSWERS["why_does_the_sum_stay_in_bp2"]().values()
        assert inside.startswith("2 of 4 ")
        assert between.startswith("8 of 8 ")

    def test_a_fork(self):
        back, added, pushed = numbers("why_add_at_a_fork")
        assert agree(back, [0.05625, 0.01875], 15)
        assert agree(added, pushed, 15)
        assert not agree(back.mean(), pushed, 6)

    def test_paths(self):
        paths, added, backward = numbers("why_sum_over_paths")
        assert paths == 4 * 2
        assert agree(added, backward, 15)
        assert added != 0

    def test_the_target(self):
        by_y, by_w, through = numbers("why_is_y_no_variable")
        assert by_y != 0
        assert agree(by_w, through, 14)


class TestProducts:
    """The transpose, the entry-by-entry product and the order of indices."""

    def test_entry_by_entry(self):
        matrix, entries, difference = numbers("why_entry_by_entry")
        assert matrix == entries**2
        assert difference == 0

    def test_shapes_do_not_decide(self):
        *wrong, right = ANSWERS["do_shapes_decide"]().values()
        assert right == "wrong by 0.00%"
        assert all(float(each[9:-1]) > 10 for each in wrong)

    def test_one_speed_at_every_layer(self):
        speeds = np.array(numbers("why_the_transpose"))
        assert len(speeds) == 3
        assert np.ptp(speeds) < 1e-15 < abs(speeds[0])

    def test_not_the_inverse(self):
        inverse, transpose, pushed = numbers("why_not_the_inverse")
        assert agree(transpose, pushed, 14)
        assert abs(inverse - pushed).max() > abs(pushed).max() / 2

    def test_row_and_column(self):
        assert [int(n) for n in numbers("why_j_before_k")] == [2, 5]

    def test_the_outer_product(self):
        weights, one, other, difference = ANSWERS["which_outer_product"]().values()
        assert weights == other == one[::-1]
        assert difference < 1e-15

    def test_the_layout(self):
        columns, rows, difference = ANSWERS["which_layout"]().values()
        assert columns == rows[::-1]
        assert difference < 1e-15


class TestTheError:
    """Where it is defined, and what happens without a slope."""

    def test_defined_at_the_activation(self):
        at_z, at_a, difference = numbers("why_at_the_weighted_input")
        assert at_z == 3  # one a layer
        assert at_a == 2 + 3 + 3  # on the way back, for each bias, for each weight
        assert difference < 1e-16

    def test_definition_and_theorem(self):
        definition, theorem = numbers("is_the_error_defined_twice")
        assert agree(definition, theorem, 14)

    def test_without_the_last_slope(self):
        quadratic, entropy = ANSWERS["may_the_last_slope_go"]().values()
        assert float(quadratic[9:-1]) > 100
        assert entropy == "wrong by 0.00%"

    def test_without_a_hidden_slope(self):
        right, wrong = numbers("may_a_hidden_slope_go")
        assert right < 1e-14
        assert wrong > 0.5

    def test_doubled_in_one_layer(self):
        """A gradient that is twice too large in one layer alone is no gradient either."""
        assert error.asymmetry(lambda a: 2 * a * (1 - a)) > 1e-2

    def test_the_sigmoid(self):
        assert agree(numbers("at_z_or_at_a"), [0.1050, 0.1050, 0.2072, -2])

    def test_tanh(self):
        right, of_z, plus, pushed = numbers("tanh_from_its_output")
        assert agree(right, pushed, 15)
        assert min(abs(of_z - pushed), abs(plus - pushed)) > 0.03

    def test_the_rectifier(self):
        strict, loose = ANSWERS["relu_from_its_output"]().values()
        assert strict == "0 of 1000"
        assert 400 < int(loose.split()[0]) < 600

    def test_a_dead_rectifier(self):
        z, error, pushed, gradient, leaky = numbers("is_my_relu_dead")
        assert z.max() < 0
        assert not any(map(np.any, (error, pushed, gradient)))
        assert np.all(leaky != 0)

    def test_the_promise_of_a_gradient(self):
        right, long, flipped, wrong = numbers("does_a_step_keep_its_promise")
        assert agree(right, 1, 3)
        assert agree(flipped, -1, 3)
        assert long < 0
        assert 0 < wrong < 0.5


class TestBatchesAndBiases:
    """What is averaged, and a bias as a weight."""

    def test_sum_and_average(self):
        total, average, batch = numbers("sum_or_average")
        assert agree(total, 6 * average, 14)
        assert agree(average, batch, 14)

    def test_the_mean_of_the_squares(self):
        half, full, ratio, factor = numbers("mean_over_the_outputs")
        assert np.allclose(ratio, factor, rtol=1e-12)
        assert agree(factor * half, full, 12)

    def test_weight_decay(self):
        alone, decayed, pushed, bias, bias_pushed = numbers("weight_decay")
        assert agree(decayed, pushed, 14)
        assert abs(alone - pushed) > 0.005
        assert agree(bias, bias_pushed, 14)

    def test_products_are_averaged(self):
        """Errors of opposite sign meet inputs of opposite sign."""
        of_averages, of_products, pushed = numbers("average_what")
        a = 1 / (1 + np.exp(-0.5))
        assert of_averages == 0
        assert agree(of_products, (a - 1) * a * (1 - a), 14)
        assert agree(of_products, pushed, 14)

    def test_a_row_of_ones(self):
        column, bias = numbers("where_is_the_bias_gradient")
        assert agree(column, bias, 14)

    def test_shapes_of_biases(self):
        assert list(ANSWERS["bias_of_a_batch"]().values()) == [(4, 1), (4, 6), (4, 1)]

    def test_a_bias_of_zero(self):
        bias, gradient = numbers("bias_of_zero")
        assert bias == 0
        assert abs(gradient) > 0.01


class TestSoftmax:
    """What cancels, what does not, and what overflows."""

    def test_its_derivative(self):
        jacobian = [
            [0.0819, -0.0220, -0.0599],
            [-0.0220, 0.1848, -0.1628],
            [-0.0599, -0.1628, 0.2227],
        ]
        assert agree(numbers("softmax_derivative"), jacobian)

    def test_with_log_likelihood(self):
        gradient, full, short = numbers("softmax_with_log_likelihood")
        assert agree(full, short, 14)
        assert agree(short, [0.0900 - 1, 0.2447, 0.6652])
        assert gradient[0] < -11

    def test_with_the_quadratic_cost(self):
        diagonal, full, pushed = numbers("softmax_with_quadratic_cost")
        assert agree(full, pushed, 14)
        assert not agree(diagonal, pushed, 1)

    def test_errors_add_up_to_nothing(self):
        pushed, full, diagonal = map(float, ANSWERS["why_do_softmax_errors_cancel"]().values())
        assert abs(pushed) < 1e-15
        assert abs(full) < 1e-4
        assert diagonal == 0.1188

    def test_pairs(self):
        found = list(map(float, ANSWERS["sigmoid_or_softmax"]().values()))
        assert found[:3] == [0, 0, 0]
        assert found[3] > 0.5

    def test_the_slope_at_the_output(self):
        assert agree(numbers("where_did_the_slope_go"), [0.0066, 0.9933])

    def test_the_other_slopes(self):
        """One output: one factor for all layers. Two: a factor for each, and a mixture before."""
        found = numbers("which_slopes_stay")
        one, two = found[:4], found[4:]
        assert all(np.allclose(ratio, one[3][0, 0], rtol=1e-12) for ratio in one)
        assert np.allclose(two[0], two[3], rtol=1e-12)
        assert np.ptp(two[0]) > 1
        assert all(np.ptp(ratio) > 0.1 for ratio in two[1:3])

    def test_the_complement(self):
        right, wrong, pushed = numbers("minus_of_the_complement")
        assert agree(right, pushed, 12)
        assert wrong[0] == -right[0]
        assert wrong[1] == right[1]

    def test_smoothed_labels(self):
        target, one_hot, smoothed, pushed = numbers("smoothed_labels")
        assert target.sum() == pytest.approx(1)
        assert agree(smoothed, pushed, 12)
        assert not agree(one_hot, pushed, 1)

    def test_padding(self):
        wrong, right, pushed = numbers("padded_examples")
        assert not right.any()
        assert not pushed.any()
        assert wrong.sum() == pytest.approx(1)

    def test_the_maximum(self):
        naive, shifted = numbers("why_minus_the_maximum")
        assert np.isnan(naive).all()
        assert agree(shifted, [0.0900, 0.2447, 0.6652])

    def test_fused(self):
        a, product, fused = numbers("why_fuse_output_and_cost")
        assert (a, fused) == (1, 1)
        assert np.isnan(product)


class TestShapes:
    """What NumPy refuses, and what it lets pass."""

    def test_dw(self):
        w, a, delta, none, wrong, right = ANSWERS["why_does_dw_not_fit"]().values()
        assert none == "does not fit"
        assert right == w == wrong[::-1]
        assert (delta[0], a[0]) == w

    def test_a_vector_has_no_transpose(self):
        vector, number, column, matrix = ANSWERS["why_does_transpose_nothing"]().values()
        assert (vector, number) == ("(3,), (3,)", ())
        assert (column, matrix) == ("(3, 1), (1, 3)", (3, 3))

    def test_broadcasting(self):
        shape, spread, average, right = ANSWERS["why_is_the_loss_flat"]().values()
        assert shape == (3, 3)
        assert agree(spread, average, 14)
        assert not agree(spread, right, 1)


class TestCheckingAndTraining:
    """Steps, precision, passes and the order of updates."""

    def test_the_kink(self):
        convention, central, beside, still = numbers("relu_at_zero")
        assert (convention, central, beside) == (0, 0.5, 1)
        assert still == pytest.approx(0.5, abs=1e-4)

    def test_steps(self):
        *errors, best = map(float, ANSWERS["which_step"]().values())
        assert best == 1e-6
        assert min(errors) == errors[2] < 1e-8
        assert errors[0] > 1e-6
        assert errors[-1] > 1e-4

    def test_precision(self):
        single, double = map(float, ANSWERS["which_precision"]().values())
        assert double < 1e-8 < 1e-6 < single

    def test_passes(self):
        parameters, passes, backward, deep = ANSWERS["why_not_finite_differences"]().values()
        assert (parameters, passes) == ("23,860", "23,861")
        assert backward.startswith("2.01")
        assert deep == "2.89"

    def test_vanishing(self):
        slope, ten, errors = numbers("why_does_it_vanish")
        assert slope == 0.25
        assert ten == 2.0**-20
        assert 0 < errors < 1e-3

    def test_half_the_rate_is_half_as_wrong(self):
        *early, old = (float(f[9:-1]) for f in ANSWERS["old_weights_or_new"]().values())
        assert old == 0
        assert early[0] == pytest.approx(2 * early[1], abs=0.02)
        assert early[1] == pytest.approx(2 * early[2], abs=0.02)


def random_case(seed):
    """A random network of one to six neurons a layer, some of them mere chains, with a batch."""
    random = np.random.default_rng(seed)
    layers = random.integers(3, 8)
    sizes = [1] * layers if seed % 2 else random.integers(1, 7, layers).tolist()
    hidden = random.choice([sigmoid, tanh, relu, leaky_relu], layers - 2) if seed % 3 else []
    activations = [*hidden, *[sigmoid] * (layers - 1 - len(hidden))]
    network = Network(sizes, activations, seed=seed)
    x, y = random.standard_normal((sizes[0], 4)), random.uniform(0, 1, (sizes[-1], 4))
    return Case(network, x, y)


def exceeds(case, slope=None):
    """Whether the error of some layer and example is longer than it may be, but for rounding."""
    return any(
        (
            slow_learning.lengths(case, l)
            > slow_learning.most_that_comes_back(case, l, slope) * (1 + 1e-12)
        ).any()
        for l in case.network.layers
    )


class TestHowMuchErrorComesBack:
    """No error is longer than slopes at their steepest and the norms of weights allow."""

    @pytest.mark.parametrize("seed", range(60))
    def test_it_holds_on_random_networks(self, seed):
        assert not exceeds(random_case(seed))

    def test_half_the_steepest_slope_is_too_little(self):
        """The planted fault: an eighth for sigmoids, on the very networks above."""
        sigmoids = [random_case(seed) for seed in range(0, 60, 3)]
        assert sum(exceeds(case, 1 / 8) for case in sigmoids) > 5
        assert not any(exceeds(case, 1 / 4) for case in sigmoids)

    def test_it_is_reached(self):
        """Sigmoids at their steepest in a chain lose nothing but three quarters a layer."""
        network = Network.from_arrays([[[2.0]]] * 4, [[[-1.0]]] * 4)
        case = Case(network, [[0.5]], [[0.0]])
        assert slow_learning.lengths(case, 2) == pytest.approx(
            slow_learning.most_that_comes_back(case, 2), rel=1e-14
        )

    def test_the_steepest_slopes(self):
        z = np.linspace(-8, 8, 4001)
        for sigma in (sigmoid, tanh, relu, leaky_relu):
            assert sigma.prime(z).max() == slow_learning.steepest(sigma)

    def test_on_the_page(self):
        found = numbers("how_much_error_comes_back")
        assert len(found) == 8
        assert all(0 < length < most for length, most in zip(found[::2], found[1::2], strict=True))
        _, six, eleven, with_tanh = found[1::2]
        assert eleven < six / 50
        assert with_tanh > 1  # longer than any delta^L here, so no limit at all


class TestWhatACheckDoesNotSee:
    """Half precision, and networks that are blind."""

    def test_half_precision(self):
        single, half, whole, stopped = ANSWERS["half_precision"]().values()
        assert float(single) < 1e-6 < 1e-4 < float(half) < 1e-2
        assert (whole, stopped) == (4096, 2048)

    def test_a_check_that_passes(self):
        one, six, symmetric, others = ANSWERS["my_check_passes"]().values()
        assert one == symmetric == "wrong by 0.00%"
        assert six == "wrong by 500.00%"
        assert float(others[9:-1]) > 10

    def test_a_neuron_and_a_layer(self):
        """Weights of length 1.1 shrink one neuron's error and lengthen the layer's."""
        weights, norm, ahead, neuron, layer = numbers("one_neuron_or_a_layer")
        assert weights == pytest.approx(1.1)
        assert norm == pytest.approx(4.4)
        assert neuron < ahead < layer
