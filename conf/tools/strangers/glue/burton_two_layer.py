"""Right: one hidden layer of ReLU, softmax, examples in rows, whole-number labels.

Torch's autograd gives the same gradients.
"""

from neural_net import TwoLayerNet

from proofs import log_likelihood, relu, softmax
from proofs.adapters import from_model

subject = from_model(TwoLayerNet(4, 5, 3, 0.5), TwoLayerNet.loss, [relu, softmax], log_likelihood)
