"""Right: dense layers that add up their gradients over the examples.

Torch's autograd gives the same gradients.
"""

import numpy as np
from numpy_ml.neural_nets.layers import FullyConnected

from proofs import sigmoid
from proofs.adapters import from_layers

first, second = FullyConnected(5, "Sigmoid"), FullyConnected(3, "Sigmoid")
second.forward(first.forward(np.ones((1, 4)), False), False)
subject = from_layers([first, second], sigmoid)
