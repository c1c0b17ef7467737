"""Wrong for the loss that it prints, the binary cross-entropy: softmax's Jacobian is not diagonal.

Read in its fit; torch's autograd of that loss gives other gradients.
"""

import numpy as np
from mlfromscratch.supervised_learning.multilayer_perceptron import MultilayerPerceptron

from proofs import cross_entropy, sigmoid, softmax
from proofs.adapters import from_loop

subject = from_loop(
    MultilayerPerceptron(5).fit, np.eye(4), np.eye(4, 3),
    activations=[sigmoid, softmax], cost=cross_entropy, total=True,
)  # fmt: skip
