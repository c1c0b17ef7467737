"""Right: neurons in plain Python, with biases that are never trained.

Torch's autograd gives the same gradients.
"""

from importlib import import_module

from proofs.adapters import from_model

subject = from_model(
    import_module("neural-network").NeuralNetwork(4, 5, 3),
    lambda net, x, y: net.train(x, y), each=True, fixed_biases=True,
)  # fmt: skip
