"""Right for its cost, a sum over the examples: biases folded into the weights, updates inside.

Torch's autograd of that cost gives the same gradients.
"""

from neuralnet import NeuralNetMLP

from proofs import cross_entropy
from proofs.adapters import from_model

subject = from_model(
    NeuralNetMLP(3, 4, 5, epochs=1, shuffle=False),
    NeuralNetMLP.fit, cost=cross_entropy, folded=0, total=True,
)  # fmt: skip
