"""Wrong: `loss_prime` of its CrossEntropy returns the average loss and not the derivative.

Read in its loss_funcs.py, where the author notes that it does not work.
"""

from functions.activation_funcs import Sigmoid
from functions.loss_funcs import CrossEntropy
from models.ann.ann import ArtificialNeuralNetwork

from proofs import cross_entropy
from proofs.adapters import from_model

subject = from_model(
    ArtificialNeuralNetwork((4, 5, 3), [Sigmoid(), Sigmoid()], CrossEntropy()),
    ArtificialNeuralNetwork._backward, cost=cross_entropy,
)  # fmt: skip
