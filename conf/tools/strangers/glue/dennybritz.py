"""Right for its cost, a sum over the examples with 0.01/2 times the sum of the squared weights.

Torch's autograd of that cost gives the same gradients.
"""

import numpy as np
from ann_classification import build_model

from proofs import log_likelihood, softmax, tanh
from proofs.adapters import from_loop

subject = from_loop(
    build_model, np.eye(2), [0, 1], 5,
    activations=[tanh, softmax], cost=log_likelihood, rate=0.01, total=True,
)  # fmt: skip
