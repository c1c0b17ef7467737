"""Right: layer objects with sigmoid and the binary cross-entropy in one.

Torch's autograd gives the same gradients.
"""

from Activation import ReLU
from Layer import Dense
from Loss import BinaryCrossEntropy

from proofs import cross_entropy, relu, sigmoid
from proofs.adapters import from_layers

subject = from_layers(
    [Dense(4, 5), ReLU(), Dense(5, 3), BinaryCrossEntropy()], [relu, sigmoid], cross_entropy
)
