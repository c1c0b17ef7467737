"""Wrong: y - a of the output is sent back through the weights, without the slope of the sigmoid.

Read in its train, which is that of Tariq Rashid's book.
"""

from simple_neural_net import neuralNetwork

from proofs.adapters import from_model

subject = from_model(neuralNetwork(4, 5, 3, 0.3), neuralNetwork.train)
