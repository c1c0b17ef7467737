"""Right: a dense layer with softmax, its last one.

Torch's autograd gives the same gradients.
"""

from softmax import Softmax

from proofs import log_likelihood, softmax
from proofs.adapters import from_layers

subject = from_layers([Softmax(4, 3)], softmax, log_likelihood, each=True)
