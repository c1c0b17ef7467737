"""scikit-learn: the slopes that its network and its losses take at kinks."""

import numpy as np
from asking import attempt, tell
from sklearn._loss.loss import AbsoluteError, HuberLoss
from sklearn.neural_network._base import DERIVATIVES

ZERO = np.zeros(1)


def relu():
    """What is left of an error of 1 at a neuron of MLPClassifier whose activation is 0."""
    delta = np.ones((1, 1))
    DERIVATIVES["relu"](np.zeros((1, 1)), delta)
    return delta[0]


def huber():
    """The slope of a Huber loss of quantile 1, whose edge is then at the largest error, 1."""
    loss = HuberLoss(quantile=0.9)
    loss.closs.delta = 1.0
    return loss.gradient(y_true=ZERO, raw_prediction=np.ones(1))


SLOPES = {
    "relu at 0": (relu, "DERIVATIVES['relu'](a, delta)"),
    "abs at 0": (
        lambda: AbsoluteError().gradient(y_true=ZERO, raw_prediction=ZERO),
        "AbsoluteError().gradient(y_true=0, raw_prediction=x)",
    ),
    "huber at its edge": (huber, "HuberLoss, delta 1: .gradient(y_true=0, raw_prediction=x)"),
}
"""What is called, and how it is printed."""

if __name__ == "__main__":
    for question, (call, how) in SLOPES.items():
        tell(question, attempt(call), how)
