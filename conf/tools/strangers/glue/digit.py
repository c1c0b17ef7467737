"""Wrong: backprop sets what its update divides by the batch size, so only the last example counts.

Its gradients are those of the last example over m, to all digits.
"""

from network import Network

from proofs import log_likelihood, sigmoid, softmax
from proofs.adapters import from_model

subject = from_model(
    Network([4, 5, 3], sigmoid, sigmoid.prime, ""),
    lambda net, x, y: [(net.feedforward(x[:, [n]]), net.backprop(y[:, [n]]))
                       for n in range(len(x.T))],
    [sigmoid, softmax], log_likelihood, total=True,
)  # fmt: skip
