"""Right for its cost, the sum of the squares, twice what is quadratic here.

Torch's autograd of that cost gives the same gradients.
"""

from proofs import linear, relu
from proofs.adapters import from_loop

subject = from_loop("tensor/two_layer_net_numpy.py", activations=[relu, linear], total=True)
