"""Right: an engine of its own on single numbers.

Torch's autograd gives the same gradients.
"""

from micrograd.nn import MLP

from proofs import linear, relu
from proofs.adapters import from_model

subject = from_model(
    MLP(4, [5, 3]),
    lambda net, x, y: [net.zero_grad(),
                       sum((a - t) ** 2 / 2 for a, t in zip(net(x), y)).backward()],
    [relu, linear], each=True,
)  # fmt: skip
