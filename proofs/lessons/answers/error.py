"""Questions on the error delta and the derivative sigma' of the activation function."""

from collections.abc import Callable

import numpy as np

from proofs.lessons.answers.answer import Answer, apart, wrong_by
from proofs.measuring.cases import Case, running_case
from proofs.measuring.one_number import h
from proofs.network import Network
from proofs.network.activations import Activation, leaky_relu, linear, relu, sigmoid, tanh
from proofs.network.arrays import Array
from proofs.network.costs import cross_entropy, quadratic
from proofs.network.equations import backprop, bp1, bp2, bp3, bp4


def why_at_the_weighted_input() -> Answer:
    """The running network, four layers: the error at z and at a, counting uses of the slope."""
    case = running_case()
    w, uses = case.network.w, {"z": 0, "a": 0}

    def slopes(l: int, at: str) -> Array:
        uses[at] += 1
        return case.sigma_prime(l)

    delta = {4: bp1(case.nabla_a, slopes(4, "z"))}
    for l in (3, 2):
        delta[l] = bp2(w[l + 1], delta[l + 1], slopes(l, "z"))
    by_delta = {l: (bp3(delta[l]), bp4(case.value("a", l - 1), delta[l])) for l in delta}

    e = {4: case.nabla_a}
    for l in (3, 2):
        e[l] = w[l + 1].T @ (e[l + 1] * slopes(l + 1, "a"))
    by_e = {
        l: (bp3(e[l] * slopes(l, "a")), bp4(case.value("a", l - 1), e[l] * slopes(l, "a")))
        for l in e
    }
    return {
        r"uses of $\sigma'$ with the error at $z$": uses["z"],
        r"uses of $\sigma'$ with the error at $a$": uses["a"],
        "gradients differ at most by": max(
            float(abs(one - other).max())
            for l in e
            for one, other in zip(by_delta[l], by_e[l], strict=True)
        ),
    }


def is_the_error_defined_twice() -> Answer:
    """One example of the running network: (29), measured by a push, and (BP1), computed."""
    case = running_case()
    return {
        "the definition: push $z$, measure the cost": case.delta(4)[:, 0],
        "(BP1): a product of two factors": bp1(case.nabla_a, case.sigma_prime(4))[:, 0],
    }


def may_the_last_slope_go() -> Answer:
    """The error a - y at sigmoid outputs, against the measured errors of two costs."""
    case = running_case()
    shortcut = case.value("a", 4) - case.y
    other = Case(running_case(cost=cross_entropy).network, case.x, case.y)
    return {
        "output minus target, quadratic cost": wrong_by(shortcut, case.delta(4)),
        "output minus target, binary cross-entropy": wrong_by(shortcut, other.delta(4)),
    }


def may_a_hidden_slope_go() -> Answer:
    """The derivative of a gradient is a symmetric matrix; two backward passes, tried on that."""
    return {
        r"asymmetry with $\sigma'$ in the hidden layer": asymmetry(lambda a: a * (1 - a)),
        "asymmetry without it": asymmetry(np.ones_like),
    }


def asymmetry(slope: Callable[[Array], Array]) -> float:
    """||J - J^T|| / ||J||, J the derivative of what a 2-3-2 network claims to be its gradient."""
    x, y = np.array([[0.5], [-1.0]]), np.array([[1.0], [0.0]])
    weights = np.concatenate([w.ravel() for w in Network([2, 3, 2]).weights])

    def claimed(weights: Array) -> Array:
        w2, w3 = weights[:6].reshape(3, 2), weights[6:].reshape(2, 3)
        a2 = sigmoid(w2 @ x)
        a3 = sigmoid(w3 @ a2)
        delta3 = (a3 - y) * a3 * (1 - a3)
        delta2 = (w3.T @ delta3) * slope(a2)
        return np.concatenate([(delta2 @ x.T).ravel(), (delta3 @ a2.T).ravel()])

    pushes = 1j * h * np.eye(weights.size)
    J = np.array([claimed(weights + push).imag / h for push in pushes]).T
    return apart(J.T, J)


def at_z_or_at_a() -> Answer:
    """The derivative of the sigmoid at z = 2, written in four ways."""
    z = np.array([2.0])
    a = sigmoid(z)
    return {
        r"$\sigma'$ at $z$": sigmoid.prime(z)[0],
        "$a$ times one minus $a$": (a * (1 - a))[0],
        r"$\sigma'$ at $a$, wrong": sigmoid.prime(a)[0],
        "$z$ times one minus $z$, wrong": (z * (1 - z))[0],
    }


def tanh_from_its_output() -> Answer:
    """The derivative of tanh at z = 0.5: three formulas, and a push."""
    z = np.array([0.5])
    a = tanh(z)
    return {
        "one minus $a^2$, of the output": (1 - a**2)[0],
        "one minus $z^2$, of the weighted input, wrong": (1 - z**2)[0],
        "one plus $a^2$, wrong": (1 + a**2)[0],
        "push $z$ and measure": tanh(z + 1j * h).imag[0] / h,
    }


def relu_from_its_output() -> Answer:
    """The derivative of ReLU, read off its output a with > and with >=, for 1000 inputs."""
    z = np.random.default_rng(0).standard_normal(1000)
    a = relu(z)
    right = relu.prime(z)
    return {
        "`a > 0` is wrong for": f"{(right != (a > 0)).sum()} of {z.size}",
        "`a >= 0` is wrong for": f"{(right != (a >= 0)).sum()} of {z.size}",
    }


def is_my_relu_dead() -> Answer:
    """A neuron with the bias -5, on four examples: its error and gradients, ReLU or leaky."""
    cases = {sigma: _one_hidden_neuron(sigma) for sigma in (relu, leaky_relu)}
    gradients = {sigma: backprop(case.network, case.x, case.y) for sigma, case in cases.items()}
    leaky = gradients[leaky_relu]
    return {
        "its weighted input, for each example": cases[relu].value("z", 2)[0],
        "its error with ReLU, (BP2)": gradients[relu].delta[2][0],
        "the same, pushed and measured": cases[relu].delta(2)[0],
        "gradient of its two weights": gradients[relu].nabla_w[2],
        "the same with a leaky ReLU": leaky.nabla_w[2],
    }


def _one_hidden_neuron(sigma: Activation) -> Case:
    """It adds up its inputs and subtracts 5; the output passes on what it gets."""
    network = Network.from_arrays([[[1, 1]], [[1]]], [[[-5]], [[0]]], [sigma, linear], quadratic)
    return Case(network, [[1, 0, 1, 2], [0, 1, 1, 1]], [[1, 1, 1, 1]])


ANSWERS = (
    why_at_the_weighted_input,
    is_the_error_defined_twice,
    may_the_last_slope_go,
    may_a_hidden_slope_go,
    at_z_or_at_a,
    tanh_from_its_output,
    relu_from_its_output,
    is_my_relu_dead,
)
