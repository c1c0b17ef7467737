"""Questions on products: where the transpose comes from, and which product it is."""

import numpy as np

from proofs.lessons.answers.answer import Answer, apart, wrong_by
from proofs.measuring.cases import Case, running_case
from proofs.network import Network
from proofs.network.equations import backprop, bp1, bp2, bp4


def square_case() -> Case:
    """A 3-3-3-3 network, in which every product of its matrices has a shape that fits."""
    return Case(Network([3, 3, 3, 3]), [[0.5], [-1.0], [2.0]], [[1.0], [0.0], [0.0]])


def why_entry_by_entry() -> Answer:
    """BP1 of the running network as a product of matrices, and entry by entry."""
    case = running_case()
    nabla_a, slopes = case.nabla_a[:, 0], case.sigma_prime(4)[:, 0]
    diagonal = np.diag(slopes)
    return {
        "multiplications with the matrix": diagonal.size,
        "multiplications entry by entry": slopes.size,
        "difference of the results": abs(diagonal @ nabla_a - bp1(nabla_a, slopes)).max(),
    }


def do_shapes_decide() -> Answer:
    """Three products for a hidden error whose shapes all fit, against the error measured."""
    case = square_case()
    w, delta, slopes, measured = (
        case.network.w[4],
        case.delta(4),
        case.sigma_prime(3),
        case.delta(3),
    )
    return {
        "without the transpose": wrong_by((w @ delta) * slopes, measured),
        r"without $\sigma'$": wrong_by(w.T @ delta, measured),
        "(BP2)": wrong_by(bp2(w, delta, slopes), measured),
    }


def why_not_the_inverse() -> Answer:
    """A hidden error of a square network, sent back by the inverse and by the transpose."""
    case = square_case()
    w, delta, slopes = case.network.w[4], case.delta(4), case.sigma_prime(3)
    return {
        "with the inverse": (np.linalg.inv(w) @ delta * slopes)[:, 0],
        "with the transpose, (BP2)": bp2(w, delta, slopes)[:, 0],
        "push and measure": case.delta(3)[:, 0],
    }


def why_the_transpose() -> Answer:
    """The weighted inputs of layer 2 move: how fast the cost moves, read off at each layer."""
    case = running_case()
    speed = {2: np.array([[1.0], [-2.0], [0.5], [1.5], [-1.0]])}
    for l in (3, 4):
        speed[l] = case.network.w[l] @ (case.sigma_prime(l - 1)[:, [0]] * speed[l - 1])
    return {
        f"errors times speeds, layer {l}": (case.delta(l)[:, [0]] * speed[l]).sum()
        for l in (2, 3, 4)
    }


def why_j_before_k() -> Answer:
    """Push one weight of the running network, row 2 and column 5 of layer 3, and see what moves."""
    case = running_case()
    moved = case.partial(("z", 3), ("w", 3))[:, 1, 4, 0]
    (neuron,) = np.flatnonzero(moved)
    carried = np.flatnonzero(case.value("a", 2)[:, 0] == moved[neuron])
    return {
        "it leads to neuron": int(neuron) + 1,
        "it carries the activation of neuron": int(carried[0]) + 1,
    }


def which_outer_product() -> Answer:
    """The gradient of the weights of layer 3, in both orders, for one example."""
    case = running_case()
    a, delta, measured = (
        case.value("a", 2)[:, 0],
        case.delta(3)[:, 0],
        case.partial(("C", 4), ("w", 3))[:, :, 0],
    )
    return {
        "shape of the weights": case.network.w[3].shape,
        "shape of outer(a, delta)": np.outer(a, delta).shape,
        "shape of outer(delta, a)": np.outer(delta, a).shape,
        "outer(delta, a) against measured": apart(np.outer(delta, a), measured),
    }


def which_layout() -> Answer:
    """The same network with examples as rows and weights transposed: what changes."""
    case = running_case()
    columns = backprop(case.network, case.x, case.y)
    a, delta = case.value("a", 2).T, columns.delta[3].T  # an example is a row now
    rows = a.T @ delta / len(delta)
    return {
        "gradient with examples as columns": columns.nabla_w[3].shape,
        "gradient with examples as rows": rows.shape,
        "difference after transposing": abs(rows.T - bp4(a.T, delta.T)).max(),
    }


ANSWERS = (
    why_entry_by_entry,
    do_shapes_decide,
    why_the_transpose,
    why_not_the_inverse,
    why_j_before_k,
    which_outer_product,
    which_layout,
)
