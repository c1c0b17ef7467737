"""The exercises and problems on softmax, chapter 3."""

from collections.abc import Callable
from typing import Any

import numpy as np

from proofs.claims.derivations.temperature import sharpened
from proofs.lessons.exercises.exercise import agree, exercise
from proofs.measuring.cases import Case, running_case
from proofs.network.activations import sigmoid, softmax
from proofs.network.arrays import Array
from proofs.network.costs import log_likelihood

Answer = Callable[..., Any]


def _softmax_case() -> Case:
    return running_case(activations=[sigmoid, sigmoid, softmax], cost=log_likelihood)


def _check_no_distribution(answer: Answer) -> None:
    z = np.asarray(answer(), float)
    assert z.shape == (3, 1), f"expected weighted inputs of shape (3, 1), got {z.shape}"
    total = sigmoid(z).sum()
    assert total > 2, f"the three outputs add up to {total:.6g}, which is not more than 2"


@exercise(
    "Chapter 3, exercise: sigmoid outputs and probabilities",
    "Nothing ties the three neurons together.",
    ("79",),
    _check_no_distribution,
    level=1,
)
def no_distribution() -> Array:
    """Weighted inputs of three sigmoid neurons whose outputs add up to more than 2."""
    return np.array([[3.0], [3.0], [3.0]])


def _check_sign(answer: Answer) -> None:
    z = np.random.default_rng(0).standard_normal((4, 1))
    signs = np.sign(softmax.jacobian(z)[:, :, 0])
    for j, k in np.ndindex(4, 4):
        agree(answer(z, j, k), signs[j, k], f"output {j}, weighted input {k}")


@exercise(
    "Chapter 3, exercise: monotonicity of softmax",
    "Outputs share one whole: what one wins, the others lose.",
    ("S-own", "S-off"),
    _check_sign,
    level=1,
)
def direction(z: Array, j: int, k: int) -> int:
    """Whether output j of softmax rises (1) or falls (-1) when weighted input k grows."""
    return 1 if j == k else -1


def _check_non_locality(answer: Answer) -> None:
    one, other = (np.asarray(z, float) for z in answer())
    assert one.shape == other.shape == (2, 1), "expected two columns of shape (2, 1)"
    assert one[0, 0] == other[0, 0], "the first weighted inputs differ"
    a, b = softmax(one)[0, 0], softmax(other)[0, 0]
    assert abs(a - b) > 0.5, f"the first outputs are {a:.6g} and {b:.6g}: not 0.5 apart"


@exercise(
    "Chapter 3, exercise: non-locality of softmax",
    "Let the second weighted input do all the work.",
    ("S-off",),
    _check_non_locality,
    level=2,
)
def non_locality() -> tuple[Array, Array]:
    """Two columns of two weighted inputs: the same first input, but first outputs far apart.

    The outputs differ by more than half. With a local activation that would be impossible.
    """
    return np.array([[0.0], [-4.0]]), np.array([[0.0], [4.0]])


def _check_inverse(answer: Answer) -> None:
    a = softmax(np.random.default_rng(1).standard_normal((4, 3)))
    agree(softmax(np.asarray(answer(a), float)), a, "softmax of the answer")


@exercise(
    "Chapter 3, problem: inverting the softmax layer",
    "A shift of all weighted inputs changes nothing, so any constant will do; zero is one.",
    ("S-inv", "shift"),
    _check_inverse,
    level=2,
)
def inverse(a: Array) -> Array:
    """Weighted inputs whose softmax is `a`, for each column."""
    return np.log(a)


def _check_gradients(answer: Answer) -> None:
    case = _softmax_case()
    nabla_b, nabla_w = answer(case.value("a", 3), case.value("a", 4), case.y)
    by_bias = case.partial(("C", 4), ("b", 4)).mean(axis=-1)[:, None]
    agree(nabla_b, by_bias, "the gradient with respect to the biases")
    by_weight = case.partial(("C", 4), ("w", 4)).mean(axis=-1)
    agree(nabla_w, by_weight, "the gradient with respect to the weights")


@exercise(
    "Chapter 3, problem: derive the gradients of a softmax layer",
    "The error is all you need; the rest is the third and the fourth equation.",
    ("81", "82"),
    _check_gradients,
    level=2,
)
def softmax_gradients(a_before: Array, a: Array, y: Array) -> tuple[Array, Array]:
    """The gradients of biases and weights at softmax outputs, categorical cross-entropy.

    Targets are one-hot; both are averages over the examples.
    """
    delta = a - y
    return delta.mean(axis=1, keepdims=True), delta @ a_before.T / a.shape[1]


def _check_limit(answer: Answer) -> None:
    for z in ([[1.0], [3.0], [2.0]], [[2.0], [2.0], [1.0]], [[-1.0, 5.0], [-2.0, 5.0]]):
        column = np.array(z)
        agree(answer(column), sharpened(1e4)(column), f"at {z}")


@exercise(
    "Chapter 3, problem: where softmax comes from",
    "Look at the proportion of two outputs as the factor grows. What if two inputs are equal?",
    ("83", "83-r"),
    _check_limit,
    level=2,
)
def limit(z: Array) -> Array:
    """What softmax of c times z becomes as c grows without bound, for each column of z."""
    largest = z == z.max(axis=0)
    return largest / largest.sum(axis=0)


def _check_softmax_error(answer: Answer) -> None:
    case = _softmax_case()
    agree(answer(case.value("a", 4), case.y), case.delta(4))
    several = Case(case.network, case.x, np.ones_like(case.y))
    agree(answer(several.value("a", 4), several.y), several.delta(4), "with several labels")


@exercise(
    "Chapter 3, problem: backpropagation with softmax and categorical cross-entropy",
    "Put the gradient of the cost into the full sum. Do not assume what the targets add up to.",
    ("S-LL", "84"),
    _check_softmax_error,
    level=3,
)
def softmax_error(a: Array, y: Array) -> Array:
    """The error at softmax outputs with the categorical cross-entropy, for *any* targets.

    The book asks for targets that add up to one; an example with several labels does not.
    """
    return a * y.sum(axis=0) - y
