"""Right with the mean squared error and sigmoids.

Torch's autograd gives the same gradients.
"""

from functions.activation_funcs import Sigmoid
from functions.loss_funcs import MSE
from models.ann.ann import ArtificialNeuralNetwork

from proofs.adapters import from_model

subject = from_model(
    ArtificialNeuralNetwork((4, 5, 3), [Sigmoid(), Sigmoid()], MSE()),
    ArtificialNeuralNetwork._backward,
)
