"""Questions on shapes: arrays that do not fit, and arrays that fit although they should not."""

import numpy as np

from proofs.lessons.answers.answer import Answer
from proofs.measuring.cases import running_case


def why_does_dw_not_fit() -> Answer:
    """The shapes on both sides of (BP4) in layer 3 of the running network."""
    case = running_case()
    a, delta = case.value("a", 2), case.delta(3)
    return {
        "`w`": case.network.w[3].shape,
        "`a`, of the layer before": a.shape,
        "`delta`": delta.shape,
        "`delta @ a`": "does not fit" if delta.shape[1] != a.shape[0] else (delta @ a).shape,
        "`a @ delta.T`": (a @ delta.T).shape,
        "`delta @ a.T`": (delta @ a.T).shape,
    }


def why_does_transpose_nothing() -> Answer:
    """Shapes of products of a vector and of a column with their transposes."""
    vector = np.array([1.0, 2.0, 3.0])
    column = vector.reshape(3, 1)
    return {
        "a vector `v`, and `v.T`": f"{vector.shape}, {vector.T.shape}",
        "`np.dot(v, v.T)`": np.dot(vector, vector.T).shape,
        "a column `c`, and `c.T`": f"{column.shape}, {column.T.shape}",
        "`np.dot(c, c.T)`": np.dot(column, column.T).shape,
    }


def why_is_the_loss_flat() -> Answer:
    """Outputs (m, 1) minus targets (m,): the gradient that comes out, beside the right one."""
    outputs, targets = np.array([[0.2], [0.5], [0.9]]), np.array([0.0, 1.0, 1.0])
    spread = outputs - targets
    return {
        "shape of the difference": spread.shape,
        "its gradient with respect to the outputs": spread.mean(axis=1),
        "outputs minus the *average* target": outputs[:, 0] - targets.mean(),
        "outputs minus their targets": outputs[:, 0] - targets,
    }


ANSWERS = (why_does_dw_not_fit, why_does_transpose_nothing, why_is_the_loss_flat)
