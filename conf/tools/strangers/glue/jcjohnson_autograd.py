"""Right for its cost, the sum of the squares, twice what is quadratic here: a ReLU of its own.

Torch's autograd of the same network with torch's ReLU gives the same gradients.
"""

from proofs import linear, relu
from proofs.adapters import from_loop

subject = from_loop(
    "autograd/two_layer_net_custom_function.py", activations=[relu, linear], total=True
)
