"""Right for the categorical cross-entropy, summed over the examples, on targets with one label.

Torch's autograd of that cost gives the same gradients.
"""

import numpy as np
from mlfromscratch.supervised_learning.multilayer_perceptron import MultilayerPerceptron

from proofs import log_likelihood, sigmoid, softmax
from proofs.adapters import from_loop

subject = from_loop(
    MultilayerPerceptron(5).fit, np.eye(4), np.eye(4, 3),
    activations=[sigmoid, softmax], cost=log_likelihood, total=True,
)  # fmt: skip
