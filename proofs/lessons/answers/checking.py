"""Questions on checking and on cost: which step, which precision, how many passes, which order."""

from typing import Any

import numpy as np

from proofs.lessons.answers.answer import Answer, apart, wrong_by
from proofs.measuring.cases import Case, running_case
from proofs.network import Network
from proofs.network.activations import relu, sigmoid
from proofs.network.arrays import Array
from proofs.network.equations import backprop, bp2, bp4


def relu_at_zero() -> Answer:
    """The derivative of ReLU at zero, by convention and by a central difference of any step."""

    def central(z: float, step: float) -> float:
        return float((relu(np.array(z + step)) - relu(np.array(z - step))) / (2 * step))

    beside = 1e-7
    return {
        "by convention": float(relu.prime(np.array([0.0]))[0]),
        "central difference, any step": min(central(0, step) for step in STEPS),
        "just right of it, at $z$ of a ten-millionth": float(relu.prime(np.array([beside]))[0]),
        f"central difference there, step {STEPS[0]:.0e}": central(beside, STEPS[0]),
    }


STEPS = (1e-2, 1e-4, 1e-6, 1e-8, 1e-12)


def central_difference(step: float, dtype: Any) -> Array:
    """dC/dw of every weight of layer 4 of the running network, everything in that precision."""
    case = running_case()
    numbers = case.value("a", 3), case.network.w[4], case.network.b[4], case.y
    a, w, b, y = (array.astype(dtype) for array in numbers)

    def cost(w: Array) -> Array:
        a4 = 1 / (1 + np.exp(-(w @ a + b)))
        return ((a4 - y) ** 2).sum(axis=0).mean() / dtype(2)

    pushes = dtype(step) * np.eye(w.size, dtype=dtype).reshape(-1, *w.shape)
    differences = [(cost(w + push) - cost(w - push)) / dtype(2 * step) for push in pushes]
    return np.array(differences, float).reshape(w.shape)


def which_step() -> Answer:
    """Relative error of central differences in double precision, for five steps."""
    right = _gradient()
    wrong = {step: apart(central_difference(step, np.float64), right) for step in STEPS}
    best = min(wrong, key=lambda step: wrong[step])
    found = {f"step {step:.0e}": f"{error:.0e}" for step, error in wrong.items()}
    return found | {"the best of these steps": f"{best:.0e}"}


def which_precision() -> Answer:
    """The smallest relative error of a central difference, in single and in double precision."""
    right = _gradient()
    steps = 10.0 ** np.arange(-7, 0)
    best = {
        dtype: min(apart(central_difference(step, dtype), right) for step in steps)
        for dtype in (np.float32, np.float64)
    }
    return {
        "float32, the best of seven steps": f"{best[np.float32]:.0e}",
        "float64, the best of seven steps": f"{best[np.float64]:.0e}",
    }


def _gradient() -> Array:
    case = running_case()
    return backprop(case.network, case.x, case.y).nabla_w[4]


def half_precision() -> Answer:
    """The gradient of the running network in lower precision, and a sum that stops growing."""
    total = np.float16(0)
    for one in np.ones(4096, np.float16):
        total += one
    return {
        "float32: relative error of a right gradient": f"{_rounded_gradient(np.float32):.0e}",
        "float16: relative error of a right gradient": f"{_rounded_gradient(np.float16):.0e}",
        "one, added 4096 times in float32": int(np.ones(4096, np.float32).sum()),
        "one, added 4096 times in float16": int(total),
    }


def _rounded_gradient(dtype: Any) -> float:
    """How far (BP4) of layer 4 is off if each number is rounded to that precision."""
    case = running_case()
    a, w, b, y = (
        array.astype(dtype)
        for array in (case.value("a", 3), case.network.w[4], case.network.b[4], case.y)
    )
    out = 1 / (1 + np.exp(-(w @ a + b)))
    delta = (out - y) * out * (1 - out)
    return apart((delta @ a.T / dtype(a.shape[1])).astype(float), _gradient())


def my_check_passes() -> Answer:
    """Two wrong lines, each on a network that cannot see it and on one that can."""
    case = running_case()
    a, delta = case.value("a", 3), case.delta(4)
    one = delta[:, :1] @ a[:, :1].T
    square = Case(Network([4, 4, 4]), np.eye(4)[:, :2], np.eye(4)[:, :2])
    w, back, slopes = square.network.w[3], square.delta(3), square.sigma_prime(2)
    even = (w + w.T) / 2
    return {
        "a sum for an average, one example": wrong_by(one, bp4(a[:, :1], delta[:, :1])),
        "a sum for an average, six examples": wrong_by(delta @ a.T, bp4(a, delta)),
        "no transpose, symmetric weights": wrong_by(even @ back * slopes, bp2(even, back, slopes)),
        "no transpose, other weights": wrong_by(w @ back * slopes, bp2(w, back, slopes)),
    }


def does_a_step_keep_its_promise() -> Answer:
    """What the cost really falls by in one step, over what the gradient promises."""
    case = running_case()
    network = case.network
    gradient = backprop(network, case.x, case.y).nabla_w
    slopes = {l: case.sigma_prime(l) for l in network.layers}
    no_slope = bp4(case.value("a", 3), case.delta(4) / slopes[4])

    def kept(direction: dict[int, Array], rate: float) -> float:
        weights = [w - rate * direction[l] for l, w in network.w.items()]
        moved = network.with_arrays(weights, network.biases)
        before, after = (n.average_cost(case.x, case.y) for n in (network, moved))
        promised = rate * sum((g**2).sum() for g in direction.values())
        return float((before - after) / promised)

    return {
        "right gradient, learning rate 0.001": kept(gradient, 0.001),
        "right gradient, learning rate 1000": kept(gradient, 1000),
        "its sign flipped, learning rate 0.001": kept({l: -g for l, g in gradient.items()}, 0.001),
        r"no $\sigma'$ at the output, learning rate 0.001": kept(gradient | {4: no_slope}, 0.001),
    }


def why_not_finite_differences() -> Answer:
    """Forward passes for the gradient of a 784-30-10 network, by (46) and by backpropagation."""
    network = Network([784, 30, 10])
    parameters = sum(w.size + b.size for w, b in zip(network.weights, network.biases, strict=True))
    return {
        "weights and biases": f"{parameters:,}",
        "forward passes with finite differences": f"{parameters + 1:,}",
        "backpropagation costs as much as": f"{forward_passes(network):.2f} forward passes",
        "and with ten layers of 100 neurons": f"{forward_passes(Network([100] * 10)):.2f}",
    }


def forward_passes(network: Network) -> float:
    """The multiplications of a whole gradient, in forward passes: one forward, and one backward."""
    forward = sum(w.size for w in network.weights)
    backward = forward + forward - network.w[2].size  # (BP4), and (BP2) but for layer 2
    return 1 + backward / forward


def why_does_it_vanish() -> Answer:
    """Sizes of the errors in a network of ten sigmoid layers, and the largest slope there is."""
    network = Network([10] * 11)
    random = np.random.default_rng(0)
    delta = backprop(network, random.standard_normal((10, 1)), np.eye(10)[:, [0]]).delta
    return {
        r"largest $\sigma'$ there is": float(sigmoid.prime(np.array([0.0]))[0]),
        "ten of them, multiplied": float(sigmoid.prime(np.array([0.0]))[0] ** 10),
        "error at layer 2, over that at the output": float(
            np.linalg.norm(delta[2]) / np.linalg.norm(delta[11])
        ),
    }


def old_weights_or_new() -> Answer:
    """(BP2) with weights that were updated too early: how wrong, for three learning rates."""
    case = running_case()
    gradients = backprop(case.network, case.x, case.y)
    w, delta, slopes = case.network.w[4], case.delta(4), case.sigma_prime(3)
    early = {
        rate: bp2(w - rate * gradients.nabla_w[4], delta, slopes) for rate in (0.5, 0.25, 0.125)
    }
    wrong = {
        f"new weights, learning rate {rate:g}": wrong_by(each, case.delta(3))
        for rate, each in early.items()
    }
    return wrong | {"old weights": wrong_by(bp2(w, delta, slopes), case.delta(3))}


ANSWERS = (
    relu_at_zero,
    which_step,
    which_precision,
    half_precision,
    my_check_passes,
    does_a_step_keep_its_promise,
    why_not_finite_differences,
    why_does_it_vanish,
    old_weights_or_new,
)
