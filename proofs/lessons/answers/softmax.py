"""Questions on softmax and cross-entropy: what cancels, what does not, what overflows."""

import numpy as np

from proofs.lessons.answers.answer import Answer
from proofs.measuring.cases import Case, founding_case
from proofs.measuring.one_number import h
from proofs.network import Network
from proofs.network.activations import linear, sigmoid, softmax
from proofs.network.arrays import Array
from proofs.network.costs import cross_entropy, log_likelihood, quadratic
from proofs.network.equations import backprop, bp1_full

Z, Y = np.array([[1.0], [2.0], [3.0]]), np.array([[1.0], [0.0], [0.0]])


def output(activation: object, cost: object) -> Case:
    """A layer of three outputs with z = (1, 2, 3) and target (1, 0, 0)."""
    network = Network.from_arrays([np.eye(3)], [np.zeros((3, 1))], activation, cost)  # type: ignore[arg-type]
    return Case(network, Z, Y)


def softmax_derivative() -> Answer:
    """The Jacobian of softmax at z = (1, 2, 3), row by row."""
    J = softmax.jacobian(Z)[:, :, 0]
    return {f"$a_{k + 1}$, when $z_1$, $z_2$, $z_3$ is pushed": J[k] for k in range(3)}


def softmax_with_log_likelihood() -> Answer:
    """The error at a softmax output with the categorical cross-entropy, in two ways."""
    case = output(softmax, log_likelihood)
    return {
        "gradient of the cost": case.nabla_a[:, 0],
        "through the whole Jacobian, (37)": bp1_full(case.nabla_a, case.jacobian(2))[:, 0],
        "output minus target, (84)": (case.value("a", 2) - Y)[:, 0],
    }


def softmax_with_quadratic_cost() -> Answer:
    """Quadratic cost: errors with the diagonal of the Jacobian, with all of it, and measured."""
    case = founding_case()
    a = case.value("a", 2)
    return {
        r"with $a$ times one minus $a$ as the slope": ((a - Y) * a * (1 - a))[:, 0],
        "with the whole Jacobian, (37)": bp1_full(case.nabla_a, case.jacobian(2))[:, 0],
        "push each $z$ and measure": case.delta(2)[:, 0],
    }


def why_do_softmax_errors_cancel() -> Answer:
    """The sum of the errors: of the true ones, and of those from the diagonal alone."""
    case = founding_case()
    a = case.value("a", 2)
    shifted = case.network.cost.value(softmax(Z + 1j * h), Y).imag / h
    return {
        "push all $z$ together by the same and measure": shifted[0],
        "sum of the errors, whole Jacobian": f"{case.delta(2).sum():.4f}",
        "sum of the errors, diagonal alone": f"{((a - Y) * a * (1 - a)).sum():.4f}",
    }


def sigmoid_or_softmax() -> Answer:
    """How far the error is from a - y, for four pairs of output and cost."""
    pairs = {
        "sigmoid with binary cross-entropy": (sigmoid, cross_entropy),
        "softmax with categorical cross-entropy": (softmax, log_likelihood),
        "linear with quadratic cost": (linear, quadratic),
        "softmax with quadratic cost": (softmax, quadratic),
    }
    cases = {name: output(*pair) for name, pair in pairs.items()}
    return {
        name: f"{abs(case.delta(2) - (case.value('a', 2) - Y)).max():.3f}"
        for name, case in cases.items()
    }


def where_did_the_slope_go() -> Answer:
    """One sigmoid output that is wrong with confidence: z = 5, target 0, and two costs."""
    errors = {}
    for cost in (quadratic, cross_entropy):
        network = Network.from_arrays([[[1.0]]], [[[0.0]]], sigmoid, cost)
        errors[cost.name] = Case(network, [[5.0]], [[0.0]]).delta(2)[0, 0]
    return {
        "error with the quadratic cost": errors["quadratic"],
        "error with the binary cross-entropy": errors["cross_entropy"],
    }


def minus_of_the_complement() -> Answer:
    """The derivative of the binary cross-entropy with respect to an output of 0.75."""
    a, y = np.array([[0.75, 0.75]]), np.array([[0.0, 1.0]])
    first, second = -y / a, (1 - y) / (1 - a)
    return {
        "with the minus of the chain rule, targets 0 and 1": (first + second)[0],
        "without it": (first - second)[0],
        "push $a$ and measure": cross_entropy.value(a + 1j * h, y).imag / h,
    }


def smoothed_labels() -> Answer:
    """Softmax with categorical cross-entropy, a tenth of the label spread over all classes."""
    smoothed = 0.9 * Y + 0.1 / len(Y)
    case = Case(output(softmax, log_likelihood).network, Z, smoothed)
    a = case.value("a", 2)
    return {
        "the smoothed target": smoothed[:, 0],
        "output minus one-hot label, wrong": (a - Y)[:, 0],
        "output minus smoothed target": (a - smoothed)[:, 0],
        "push each $z$ and measure": case.delta(2)[:, 0],
    }


def padded_examples() -> Answer:
    """A padded position, whose target is a column of zeros: what is sent back from it."""
    case = Case(output(softmax, log_likelihood).network, Z, np.zeros_like(Y))
    a, y = case.value("a", 2), case.y
    return {
        "output minus target, wrong": (a - y)[:, 0],
        "output times the sum of the targets, minus target": (a * y.sum(axis=0) - y)[:, 0],
        "push each $z$ and measure": case.delta(2)[:, 0],
    }


def which_slopes_stay() -> Answer:
    """By how much cross-entropy multiplies each error, with one output and with two."""
    found: dict[str, object] = {}
    for sizes, name in (([3, 5, 4, 1], "one output"), ([3, 5, 4, 2], "two outputs")):
        quadratic_errors, entropy_errors, slopes = _errors(sizes)
        for l in (4, 3, 2):
            found[f"{name}, layer {l}: errors grow by"] = entropy_errors[l] / quadratic_errors[l]
        found[rf"{name}: one over $\sigma'$ there"] = 1 / slopes
    return found


def _errors(sizes: list[int]) -> tuple[dict[int, Array], dict[int, Array], Array]:
    """The errors of one example with either cost, and the slopes at the outputs."""
    x, y = np.array([[0.5], [-1.0], [2.0]]), np.zeros((sizes[-1], 1))
    of_quadratic, of_entropy = (
        backprop(Network(sizes, sigmoid, cost), x, y).delta for cost in (quadratic, cross_entropy)
    )
    z = Network(sizes, sigmoid).forward(x).z
    return of_quadratic, of_entropy, sigmoid.prime(z[4])


def why_minus_the_maximum() -> Answer:
    """Softmax at z = (1000, 1001, 1002), as defined and after a shift."""
    z = np.array([[1000.0], [1001.0], [1002.0]])
    with np.errstate(over="ignore", invalid="ignore"):
        naive = np.exp(z) / np.exp(z).sum()
    shifted = np.exp(z - z.max())
    return {
        "as it is defined": naive[:, 0],
        "after subtracting the maximum": (shifted / shifted.sum())[:, 0],
    }


def why_fuse_output_and_cost() -> Answer:
    """A sigmoid output at z = 40 with target 0: two factors, and their product in one formula."""
    z, y = np.array([40.0]), np.array([0.0])
    a = 1 / (1 + np.exp(-z))
    with np.errstate(divide="ignore", invalid="ignore"):
        product = (a - y) / (a * (1 - a)) * (a * (1 - a))
    return {
        "the activation": a[0],
        r"gradient of the cost, times $\sigma'$": product[0],
        "output minus target": (a - y)[0],
    }


ANSWERS = (
    softmax_derivative,
    softmax_with_log_likelihood,
    softmax_with_quadratic_cost,
    why_do_softmax_errors_cancel,
    sigmoid_or_softmax,
    where_did_the_slope_go,
    minus_of_the_complement,
    which_slopes_stay,
    why_minus_the_maximum,
    why_fuse_output_and_cost,
    smoothed_labels,
    padded_examples,
)
