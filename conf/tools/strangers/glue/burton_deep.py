"""Right: two hidden layers of ReLU and softmax, in single precision as it is by default.

Torch's autograd gives the same gradients.
"""

from cs231n.classifiers.fc_net import FullyConnectedNet

from proofs import log_likelihood, relu, softmax
from proofs.adapters import from_model

subject = from_model(
    FullyConnectedNet([5, 6], 4, 3, weight_scale=0.5),
    FullyConnectedNet.loss, [relu, relu, softmax], log_likelihood,
)  # fmt: skip
