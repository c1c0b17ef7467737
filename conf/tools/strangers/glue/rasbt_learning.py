"""Right for its cost, a mean of squares without 1/2, twice what is quadratic here.

Torch's autograd of that cost gives the same gradients.
"""

from neuralnet import NeuralNetMLP

from proofs.adapters import from_model

subject = from_model(NeuralNetMLP(4, 5, 3), lambda net, x, y: net.backward(x, *net.forward(x), y))
