"""Right with its leaky rectifier, of slope 0.05 below 0.

Torch's autograd gives the same gradients.
"""

from functions.activation_funcs import LeakyReLu, Sigmoid
from functions.loss_funcs import MSE
from models.ann.ann import ArtificialNeuralNetwork

from proofs import sigmoid
from proofs.adapters import activation_of, from_model

subject = from_model(
    ArtificialNeuralNetwork((4, 5, 3), [LeakyReLu(), Sigmoid()], MSE()),
    ArtificialNeuralNetwork._backward, [activation_of(LeakyReLu().function), sigmoid],
)  # fmt: skip
