"""Wrong: in the derivative of its Swish a bracket is closed too late, after the quotient.

Read in its activation_funcs.py; central differences of its own function give other slopes.
"""

from functions.activation_funcs import Sigmoid, Swish
from functions.loss_funcs import MSE
from models.ann.ann import ArtificialNeuralNetwork

from proofs import sigmoid
from proofs.adapters import activation_of, from_model

subject = from_model(
    ArtificialNeuralNetwork((4, 5, 3), [Swish(), Sigmoid()], MSE()),
    ArtificialNeuralNetwork._backward, [activation_of(Swish().function), sigmoid],
)  # fmt: skip
